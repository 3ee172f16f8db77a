"""The door of the panel: what is shown at first, and what an address asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from html import escape

import ipywidgets as widgets

from ...core import NotAssessed, Outcome, Params, SapaError
from ...pipeline import Project
from ..language import indicator_name, reason, texts
from ..subject import indicator_row
from ..tagged_numbers import plain
from .board import Panel, served
from .desk import Desk
from .saving import files_saved, name_of, opened
from .state import State, from_query


def scenario_panel(
    project: Project,
    params: Params,
    outcomes: Mapping[str, Outcome],
    indicator: str,
    *,
    lang: str = "vi",
    asked: str | None = None,
) -> widgets.Box:
    """Return a panel with which a reader turns levers and sees what they change, with the full model.

    It offers the indicators that are forecast, the scenarios that hold here, a slider for each lever, the
    chance that is wished for, and some choices of the model, which forecast everything anew. What is set can
    be saved below `build/scenarios`, opened again, copied as YAML or Python, and sent as a link.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage, horizon, method and the rest.
    outcomes : mapping of str to Forecast or NotAssessed
        Baselines by indicator, such as `forecast_area` and `assess_targets` return; those that are forecast
        are offered.
    indicator : str
        What is shown at first; where it has no forecast the panel says why and shows another.
    lang : {"vi", "en"}
        Language.
    asked : str, optional
        The query of a link, "indicator=tourism_revenue&l.tourist_arrivals=1.1"; by default that of the
        address under which Voilà shows the notebook.

    Returns
    -------
    ipywidgets.Box
        The panel; a sentence where nothing is forecast.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30", n_paths=1_000)
    >>> outcomes = sapa.forecast_area(project, params)
    >>> given = project, params, outcomes, "tourism_revenue"
    >>> panel = sapa.reporting.scenario_panel(*given, lang="en", asked="l.tourist_arrivals=1.1")
    >>> [slider.label for slider in panel.levers.children]
    ['+10%', 'as forecast']
    >>> panel.said[0]
    'Tourism revenue, 2025: median 17,000 billion VND, 80% band 8,000 to 32,000 billion VND; the baseline has
    16,000 billion VND, a difference of +10.0%.'
    """
    words, desk, told = texts(lang)["panel"], Desk(project, params, outcomes), ""
    first = _first(desk, indicator)
    if first is None:
        return widgets.VBox([widgets.HTML(f"<p>{escape(words['nothing'])}</p>")]).add_class("sapa-panel")
    if first.indicator != indicator:
        told = str(words["no_forecast"]).format(**_why_none(desk, indicator, lang))
    state, solved = first, desk
    try:
        state, solved = _asked(desk, _query() if asked is None else asked, first, str(words["link"]))
    except SapaError as error:
        told = str(words["mangled"]).format(why=error.in_language(lang))
    return Panel(desk, solved, state, lang, told)


def _query() -> str:
    return os.environ.get("QUERY_STRING", "") if served() else ""


def _first(desk: Desk, indicator: str) -> State | None:
    """Return what is shown at first: an indicator as forecast, or nothing where none is."""
    offered = desk.offered()
    return State(indicator if indicator in offered else offered[0]) if offered else None


def _asked(desk: Desk, query: str, first: State, where: str) -> tuple[State, Desk]:
    """Return what an address asks for, and the desk under its choices."""
    asked = from_query(query, where)
    solved = desk.solved(asked.choices) if asked.choices else desk
    for file in files_saved(desk.project):
        if asked.scenario == name_of(file) and (scenario := opened(desk.project, file, "en")[0]):
            solved.give(name_of(file), scenario)
    default = _first(solved, first.indicator)
    if default is None:
        raise SapaError(f"no figure of {solved.params.area} gives a forecast on {solved.params.as_of}")
    return solved.checked(asked, where, default.indicator), solved


def _why_none(desk: Desk, indicator: str, lang: str) -> dict[str, str]:
    outcome = desk.outcomes.get(indicator)
    code = outcome.reason if isinstance(outcome, NotAssessed) else "no_evidence"
    known = outcome.observed if isinstance(outcome, NotAssessed) else None
    n = len(known.observed_years) if known else 0
    needed = outcome.needed if isinstance(outcome, NotAssessed) else 0
    row = indicator_row(indicator, desk.project.indicators)
    return {
        "name": indicator_name(row, lang),
        "reason": plain(reason(code, lang, indicator, n=n, needed=needed)),
    }
