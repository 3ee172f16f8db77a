"""Own scenarios beside those of the files, and which of the chosen ones do not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..core import Outcome, Params, ParamsError, Problem, years_text
from ..scenarios import (
    BASELINE,
    Scenario,
    does_not_hold,
    ignored_years,
    unseen_changes,
    wrong_names,
)
from .known import scenarios_of
from .project import Project


def keep(project: Project, params: Params, *scenarios: Scenario) -> tuple[Project, Params]:
    """Return project and parameters with scenarios of your own, which every table and picture then compares.

    Parameters
    ----------
    project, params
        As `open_project` returns them; they stay as they are.
    *scenarios : Scenario
        In the order in which they are shown, after those already chosen. One with the name of an earlier one
        of your own takes its place.

    Raises
    ------
    ParamsError
        When a scenario has the name of the baseline, or an indicator or area is unknown or derived.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> more = sapa.scenario("spend +10 %", spend_per_visit="+10%")
    >>> project, params = sapa.keep(project, params.with_values(n_paths=100), more)
    >>> ahead = sapa.under_scenarios(project, params, sapa.forecast_area(project, params))
    >>> base, dearer = (ahead[name]["tourism_revenue"].paths.iloc[-1] for name in ("base", "spend +10 %"))
    >>> round(float((dearer / base).median()), 6)
    1.1
    """
    if strange := [one for one in scenarios if not isinstance(one, Scenario)]:
        raise ParamsError(
            [Problem("scenarios", 0, "", f"wanted scenarios of your own; found {strange[0]!r}")]
        )
    own = {scenario.name: scenario for scenario in scenarios}
    problems = [
        Problem("scenarios", 0, name, "is the name of the baseline") for name in own if name == BASELINE
    ]
    problems += [
        Problem("scenarios", 0, name, words)
        for name, scenario in own.items()
        for words in wrong_names(scenario, project.indicators, project.areas)
    ]
    if problems:
        raise ParamsError(problems)
    chosen = list(dict.fromkeys([*params.scenarios, *own]))
    return replace(project, scenarios=project.scenarios | own), params.with_values(scenarios=chosen)


def left_out(
    project: Project, params: Params, outcomes: Mapping[str, Outcome], *, elsewhere: bool = False
) -> dict[str, str]:
    """Return why each chosen scenario that does not hold here is not compared, by name.

    Parameters
    ----------
    project, params
        As in `assess_indicator`.
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    elsewhere : bool
        Whether those of another area are named too: to whoever asked for them they are news.

    Examples
    --------
    >>> from sapa_analysis.pipeline import forecast_area, left_out, open_project
    >>> project, params = open_project(as_of="2024-01-15")
    >>> base = forecast_area(project, params.with_values(n_paths=100))
    >>> left_out(project, params, base)
    {}
    >>> left_out(project, params.with_values(scenarios=["base", "foreign_fast"]), base)["foreign_fast"]
    'its changes by calendar year were judged on 2023-01-15, against a forecast that did not know 2023; judge
    them again, or write years after the origin'
    """
    chosen = {name: project.scenarios[name] for name in params.scenarios if name in project.scenarios}
    if not elsewhere:
        chosen = scenarios_of(project, params)
    words = {name: does_not_hold(outcomes, scenario, area=params.area) for name, scenario in chosen.items()}
    return {name: why for name, why in words.items() if why}


def slips(project: Project, params: Params, outcomes: Mapping[str, Outcome]) -> dict[str, list[str]]:
    """Return what each compared scenario says to no effect, by name: years without a forecast, tiny changes.

    Parameters
    ----------
    project, params
        As in `assess_indicator`.
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> slip = sapa.scenario("slip", tourist_arrivals={2019: "+5%", 2024: "+500", 2035: "+5%"})
    >>> project, params = sapa.keep(project, params.with_values(n_paths=100), slip)
    >>> sapa.pipeline.slips(project, params, sapa.forecast_area(project, params))["slip"]
    ['no forecast has 2019, 2035 ahead', 'tourist_arrivals of 2024 changes by 0.02 percent: no printed figure
    shows it']
    """
    without = left_out(project, params, outcomes)
    held = {name: each for name, each in scenarios_of(project, params).items() if name not in without}
    found = {}
    for name, scenario in held.items():
        ignored = ignored_years(outcomes, scenario)
        lines = [f"no forecast has {years_text(ignored)} ahead"] if ignored else []
        if told := [*lines, *unseen_changes(outcomes, scenario)]:
            found[name] = told
    return found
