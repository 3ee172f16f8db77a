"""The notice that an area has ended, in the few words that two pages have room for."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...core import Bridge, Params, last_day
from ...pipeline import Project, Results, find_successors
from ..language import day, name_shown, number, texts
from ..tagged_numbers import tag
from .names import indicator_inside, row_of


def has_ended(project: Project, params: Params) -> bool:
    """Return whether the area of a run no longer exists on its day."""
    until = str(row_of(project.areas, params.area)["valid_to"] or "")
    return bool(until) and last_day(until) < params.as_of


def boundary_notice(
    project: Project, results: Results, bridged: Mapping[str, Bridge], lang: str
) -> list[str]:
    """Return the notice if the area no longer exists on the day, with what followed it; otherwise none.

    Parameters
    ----------
    project, results
        As in `compose_briefing`.
    bridged : mapping of str to Bridge
        The bridges over which figures of a successor were used all the same.
    lang : {"vi", "en"}
        Language.
    """
    params = results.params
    area = row_of(project.areas, params.area)
    if not has_ended(project, params):
        return []
    words, successors = texts(lang)["brief"]["boundary"], find_successors(project, params.area)
    parts = [_bridge(project, bridge, lang) for bridge in bridged.values()]
    told = str(words["but"]).format(parts=", ".join(parts)) if parts else ""
    return [
        str(words["ended"]).format(
            area=area[f"name_{lang}"],
            ended=day(last_day(str(area["valid_to"])), lang),
            successors=_listed(successors, lang),
            but=told,
        )
    ]


def _listed(successors: pd.DataFrame, lang: str) -> str:
    return ", ".join(successors[f"name_{lang}"])


def _bridge(project: Project, bridge: Bridge, lang: str) -> str:
    factor = tag(
        number(bridge.factor, 2, lang), f"bridges.{bridge.indicator}.factor", bridge.factor, "factor"
    )
    return str(texts(lang)["brief"]["boundary"]["bridge"]).format(
        indicator=indicator_inside(row_of(project.indicators, bridge.indicator), lang),
        area=row_of(project.areas, bridge.of)[f"name_{lang}"],
        factor=factor,
    )


def bridges_used(project: Project, results: Results, lang: str) -> dict[str, Bridge]:
    """Return the bridges over which figures of another boundary came into these results, by indicator."""
    params = results.params
    carried = {
        name
        for outcome in results.outcomes.values()
        if outcome.observed is not None
        for name, area, _ in outcome.observed.support
        if area == params.area
    }
    names = dict(project.indicators.iterrows())
    return {
        name_shown(names[bridge.indicator], lang): bridge
        for bridge in params.bridges
        if bridge.to == params.area and f"{bridge.indicator}.bridge" in carried
    }
