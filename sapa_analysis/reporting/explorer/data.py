"""What the page knows: numbers of every edition, and all words in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...core import LANGUAGES, Forecast, NotAssessed, Target, YearlySeries, targets_table, years_of
from ...pipeline import Explored
from ...scenarios import BASELINE
from ..figures.axes import dense_since
from ..figures.foot import name_sources, sources_in
from ..figures.forecast import years_told
from ..goals import goal, withheld_years
from ..language import day, document_name, indicator_name, reason, texts, unit_ending
from ..needed import is_met, needed_table, rows_of
from ..scenario_changes import target_names
from ..subject import indicator_row
from ..tagged_numbers import plain
from .codes import codes_of, opened

#: Digits that a number of the past keeps.
_DIGITS = 10
#: Years ahead after which a page thins them out: each is a grid of its own, and a province looks to 2050.
_FAR = 10
#: Letters of the sources in a row: they wrap in the page.
_WIDE = 10_000


def page_data(editions: Sequence[Explored]) -> dict[str, Any]:
    """Return all that the page knows of one area; `editions` in the order of their days, one at least."""
    last = editions[-1]
    indicators = last.project.indicators
    names = _offered(editions)
    area = {lang: str(last.project.areas.loc[last.params.area, f"name_{lang}"]) for lang in LANGUAGES}
    units = dict.fromkeys(
        [*(str(indicators.loc[name, "unit"]) for name in names), "million_visits", "percent"]
    )
    return {
        "area": area,
        "areaId": last.params.area,
        "start": str(last.params.as_of),
        "indicators": {name: _named(indicator_row(name, indicators)) for name in names},
        "main": list(last.params.core),
        "units": {unit: {lang: unit_ending(unit, lang) for lang in LANGUAGES} for unit in units},
        "positions": {name: turns for one in editions for name, turns in one.positions.items()},
        "editions": [_edition(one, names) for one in editions],
    }


def unforecast(editions: Sequence[Explored]) -> dict[str, list[str]]:
    """Return a line by language about each indicator of the last edition that has no forecast."""
    last = editions[-1]
    return {
        lang: [
            f"{indicator_name(indicator_row(name, last.project.indicators), lang)}: {_why(outcome, lang)}"
            for name, outcome in last.outcomes.items()
            if isinstance(outcome, NotAssessed)
        ]
        for lang in LANGUAGES
    }


def _offered(editions: Sequence[Explored]) -> list[str]:
    """Return the indicators that some edition forecasts, the core ones first."""
    last = editions[-1]
    known = [name for one in (last, *editions) for name in (*one.params.core, *one.outcomes)]
    forecast = {name for one in editions for name in one.levers}
    return [name for name in dict.fromkeys(known) if name in forecast]


def _named(indicator: pd.Series) -> dict[str, Any]:
    return {
        "name": {lang: indicator_name(indicator, lang) for lang in LANGUAGES},
        "unit": str(indicator["unit"]),
        "decimals": int(indicator["decimals"]),
        "points": str(indicator["scale"]) in ("logit", "growth"),
        "growth": str(indicator["scale"]) == "growth",
    }


def _edition(one: Explored, names: Sequence[str]) -> dict[str, Any]:
    grids: list[dict[str, Any]] = []
    places: dict[int, int] = {}

    def place(grid: Any, rows: Sequence[int] | None = None) -> int:
        if id(grid) not in places:
            places[id(grid)] = len(grids)
            grids.append(grid.only(rows).packed() if rows is not None else grid.packed())
        return places[id(grid)]

    asof, area = str(one.params.as_of), one.params.area
    return {
        "id": asof,
        "day": {lang: day(one.params.as_of, lang) for lang in LANGUAGES},
        "open": opened(one.params),
        "scenarios": [
            {"id": name, "label": dict(each.label), "reason": dict(each.reason), **codes_of(each, area, asof)}
            for name, each in one.scenarios.items()
        ],
        "indicators": {name: _indicator(one, name, place) for name in names},
        "targets": _targets(one, place),
        "grids": grids,
    }


def _indicator(one: Explored, name: str, place: Callable[..., int]) -> dict[str, Any]:
    outcome = one.outcomes.get(name)
    observed = outcome.observed if outcome is not None else None
    told: dict[str, Any] = {"history": [] if observed is None else _history(observed)}
    told["sources"] = {lang: _sources(observed, lang) for lang in LANGUAGES}
    if not isinstance(outcome, Forecast):
        return told | {"why": {lang: _why(outcome, lang) for lang in LANGUAGES}}
    mine = one.verdicts[one.verdicts["indicator_id"] == name] if len(one.verdicts) else one.verdicts
    goals = targets_table([target for target in one.targets if target.indicator_id == name])
    years = [int(year) for year in years_of(outcome.paths)]
    shown = _years_kept(years_told(outcome, goals, mine if len(mine) else None), outcome, goals["end"])
    level = {lang: str(texts(lang)["plans"]["level"]) for lang in LANGUAGES}
    if not shown:
        why = next(iter(withheld_years(mine).values()), "own_plan")
        wide = {lang: reason("too_wide", lang, name) for lang in LANGUAGES}
        return told | {"why": level if why == "own_plan" else wide, "withheld": True}
    at = [years.index(year) for year in shown]
    rows = [quantile * len(years) + row for quantile in range(5) for row in at]
    ended = outcome.observed.ended
    running = ended + 1 if outcome.observed.running is not None and ended + 1 in shown else None
    return told | {
        "years": shown,
        "ahead": [year > ended for year in shown],
        "running": running,
        "levers": one.levers[name] if any(year > ended for year in shown) else [],
        "coarse": len(one.levers[name]) > 2,
        "whiskers": observed is not None and observed.plan_level is not None,
        "fan": {each: place(one.fans[name, each], rows) for each in one.scenarios},
        "limits": one.limits(name)[:, at].tolist(),
        "note": level if outcome.observed.plan_level else dict.fromkeys(LANGUAGES, ""),
    }


def _years_kept(shown: Sequence[int], outcome: Forecast, due: Iterable[int]) -> list[int]:
    """Return the years that a page has: far ahead only every fifth, and those in which a goal is due."""
    near, wanted = outcome.observed.ended + _FAR, {*due, max(shown, default=0)}
    return [year for year in shown if year <= near or year % 5 == 0 or year in wanted]


def _why(outcome: Any, lang: str) -> str:
    if outcome is None:
        return reason("no_evidence", lang, "")
    n = 0 if outcome.observed is None else len(outcome.observed.observed_years)
    return plain(reason(outcome.reason, lang, "", n=n, needed=outcome.needed))


def _history(observed: YearlySeries) -> list[list[Any]]:
    """Return year, estimate, ends of its 80 % interval and basis, from the year on that a picture shows."""
    table = observed.table.loc[str(dense_since(observed)) :]
    columns = table[["estimate", "lower_80", "upper_80"]].to_numpy(dtype=float)
    return [
        [int(year), *(float(f"{value:.{_DIGITS}g}") for value in values), str(basis)]
        for year, values, basis in zip(years_of(table), columns, table["basis"], strict=True)
        if np.isfinite(values).all()
    ]


def _sources(observed: YearlySeries | None, lang: str) -> str:
    if observed is None:
        return str(texts(lang)["figure"]["no_figures"])
    used = observed.observations
    citable = used[used["cite_ok"] == "yes"] if "cite_ok" in used else used
    return name_sources(sources_in(citable, lang), observed.as_of, lang, width=_WIDE)


def _targets(one: Explored, place: Callable[..., int]) -> list[dict[str, Any]]:
    rows = {str(row["id"]): row for _, row in targets_table(one.targets).iterrows()}
    verdicts = {str(row["id"]): row for _, row in one.verdicts.iterrows()}
    indicators = one.project.indicators
    names = {lang: target_names(one.targets, indicators, lang) for lang in LANGUAGES}
    found = []
    for target in one.targets:
        if target.indicator_id in one.levers or _has_history(one, target):
            told = {lang: plain(names[lang][target.id]) for lang in LANGUAGES}
            found.append(_target(one, target, rows[target.id], verdicts.get(target.id), told, place))
    return found


def _target(
    one: Explored,
    target: Target,
    row: pd.Series,
    verdict: pd.Series | None,
    names: dict[str, str],
    place: Callable[..., int],
) -> dict[str, Any]:
    """Return a target in words, where it stands in the picture, and its chances or why there are none."""
    decimals = int(one.project.indicators["decimals"].get(target.indicator_id, 2))
    labels = {
        lang: plain(f"{document_name(target.document, lang)}: {goal(row, decimals, lang)}")
        for lang in LANGUAGES
    }
    told: dict[str, Any] = {
        "id": target.id,
        "indicator": target.indicator_id,
        "name": names,
        "label": labels,
        "value": None if target.unit == "yes_no" else target.value,
        "start": target.start if target.measure.startswith("term") else None,
        "end": target.end,
    }
    if (target.id, BASELINE) not in one.chances:
        return told | {"settled": {lang: _settled(verdict, lang) for lang in LANGUAGES}}
    grids = {name: one.chances[target.id, name] for name in one.scenarios}
    told["chance"] = {name: [place(grid) for grid in found] for name, found in grids.items()}
    told["moves"] = any(bool(np.ptp(grid.cells)) for found in grids.values() for grid in found)
    return told | {"needed": _needed(one, target)}


def _has_history(one: Explored, target: Target) -> bool:
    outcome = one.outcomes.get(target.indicator_id)
    return outcome is not None and outcome.observed is not None


def _settled(verdict: pd.Series | None, lang: str) -> str:
    """Return in a few words why a target has no chance that could move."""
    status = "not_assessed" if verdict is None else str(verdict["status"])
    return str(texts(lang)["short"][status])


def _needed(one: Explored, target: Target) -> list[dict[str, Any]]:
    """Return what a target takes: a row per lever and chance, in words, and the turn where there is one."""
    needed = one.needed[target.id]
    needed = needed if needed["lever"].any() else needed.head(1)  # one reason, whatever the chance
    tables = [
        plain(needed_table([needed], [target], one.project.indicators, lang=lang)) for lang in LANGUAGES
    ]
    cells = [[[str(cell) for cell in row] for row in table.to_numpy()] for table in tables]
    found = []
    for row, *told in zip(rows_of([needed]), *cells, strict=True):
        turn: float | None = row["points"] if pd.isna(row["factor"]) else row["factor"]
        turned = bool(row["lever"]) and not row["reason"] and row["shape"] == "step" and pd.notna(turn)
        found.append(
            {
                "lever": row["lever"],
                "met": is_met(row, target.sense),
                "turn": turn if turned else None,
                "cells": dict(zip(LANGUAGES, told, strict=True)),
            }
        )
    return found
