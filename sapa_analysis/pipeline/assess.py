"""The complete run for one set of parameters: evidence, series, forecasts, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from ..core import (
    NO_YEAR_LEFT,
    Forecast,
    Keyed,
    NoEvidenceError,
    NotAssessed,
    Outcome,
    Params,
    Target,
    YearlySeries,
    apart,
    kept,
    years_of,
)
from ..forecasting import HEADLINE, MODELS, forecast_all
from ..scenarios import apply_scenario
from ..series import build_series
from ..verdicts import attained_paths, judge_targets, read_rules
from .area import families_of, forecast_member
from .asked import JUDGING, asked_of
from .horizon import last_year_ahead, until, with_horizon
from .kept_scenarios import left_out
from .known import known_targets, scenarios_of
from .project import Project, check_names

#: Outcomes of single indicators in memory: all targets of an area at two vintages. One has about 0.3 MB.
_KEPT = 128


@dataclass(frozen=True, eq=False)
class Results:
    """The results of one run.

    Attributes
    ----------
    params : Params
        The parameters of the run.
    outcomes : dict of str to Forecast or NotAssessed
        One per core indicator and per indicator of a target.
    verdicts : pandas.DataFrame
        One row per target; see `judge_targets`.
    targets : list of Target
        The judged targets.
    """

    params: Params
    outcomes: dict[str, Outcome]
    verdicts: pd.DataFrame
    targets: list[Target]

    def __repr__(self) -> str:
        told = self.verdicts["status"].ne("not_assessed").sum() if len(self.verdicts) else 0
        what = f"{len(self.outcomes)} indicators, {len(self.targets)} targets, {told} of them judged"
        return f"<Results of {self.params.area} as of {self.params.as_of}: {what}>"

    @property
    def attained(self) -> pd.DataFrame:
        """Which paths attain each target; see `attained_paths`."""
        return attained_paths(self.outcomes, self.targets, **tolerances(self.params))

    @property
    def readings(self) -> pd.DataFrame:
        """The reading of each target by each published rule; see `read_rules`."""
        return read_rules(self.outcomes, self.targets)


def assess_indicator(project: Project, params: Params, indicator: str) -> Outcome:
    """Return the forecast of one indicator, or the reason why there is none.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage, horizon, method and the rest.
    indicator : str
        An id of `indicators.csv`.

    Returns
    -------
    Forecast or NotAssessed

    Raises
    ------
    ParamsError
        When the indicator or the area is unknown.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> assess_indicator(project, params.with_values(n_paths=100), "grdp_growth")
    <Forecast grdp_growth of sa_pa [percent]: 2023 to 2025, 100 paths, premium, scenario base; 2025: 10.65
    (80 %: 5.251 to 16.75)>
    """
    check_names(project, params, [indicator])
    project = project.as_of(params.as_of)
    found = _ahead(project, with_horizon(project, params), indicator)
    if not isinstance(found, Forecast):
        return found
    last = last_year_ahead(project, params)
    if last <= found.observed.origin:
        return NotAssessed(found.observed, NO_YEAR_LEFT, years_needed(params))
    return until(found, last)


def _ahead(project: Project, params: Params, indicator: str) -> Outcome:
    if any(indicator in family.members for family in families_of(project, params)):
        joint = forecast_member(project, params, indicator)
        if joint is not None:
            return joint
    return apart(_alone(asked_of(project, params, indicator, without=JUDGING)))


@kept(size=_KEPT)
def _alone(asked: Keyed) -> Outcome:
    project, params, indicator = asked.things
    try:
        series = _series(project, params, indicator)
    except NoEvidenceError as error:
        said = project.statements_on([indicator], params.area)
        other = len(said) > 0 and bool((said["definition"] != "").all())
        reason = "other_definition" if other else "no_yearly_figure" if error.n_known else "no_evidence"
        return NotAssessed(None, reason, years_needed(params))
    alone = forecast_all({indicator: series}, params, project)
    return alone.get(indicator) or NotAssessed(series, "too_few_years", years_needed(params))


def compare_methods(
    project: Project,
    params: Params,
    indicator: str,
    methods: Iterable[str] = ("headline", "naive", "linear_drift", "theta"),
) -> pd.DataFrame:
    """Return the forecasts of several methods for the last year of the horizon, side by side.

    Parameters
    ----------
    project, params, indicator
        As in `assess_indicator`.
    methods : iterable of str
        Names of `forecasting.MODELS`, or `headline`.

    Returns
    -------
    pandas.DataFrame
        One row per method: year (the last), median, lower_80, upper_80 in the unit of the indicator,
        fit_health (warnings of the fit), and refused (why the method gives no forecast).

    Examples
    --------
    >>> from sapa_analysis.pipeline import compare_methods, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> compare_methods(project, params, "forest_cover", ["headline", "naive"])[["median", "refused"]].round()
              median                 refused
    method
    headline    67.0
    naive        NaN  too_few_years, needs 3
    """
    rows = {}
    for method in methods:
        outcome = assess_indicator(project, params.with_values(method=method), indicator)
        if isinstance(outcome, Forecast):
            summary = outcome.summary((80,))
            last = summary.iloc[-1][["median", "lower_80", "upper_80"]]
            rows[method] = {
                "year": int(years_of(summary)[-1]),
                **last,
                "fit_health": "; ".join(outcome.fit_health),
                "refused": "",
            }
        else:
            rows[method] = {"fit_health": "", "refused": f"{outcome.reason}, needs {outcome.needed}"}
    columns = ["year", "median", "lower_80", "upper_80", "fit_health", "refused"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("method")
    return table.astype({"year": "Int64"})


def years_needed(params: Params) -> int:
    """Return the number of years with a figure that a forecast needs.

    Parameters
    ----------
    params : Params
        Its `min_years`.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, years_needed
    >>> project, params = open_project(as_of="2023-06-30")
    >>> years_needed(params), years_needed(params.with_values(method="theta"))
    (1, 4)
    """
    return max(params.min_years, MODELS[HEADLINE if params.method == "headline" else params.method].min_years)


def _series(project: Project, params: Params, indicator: str) -> YearlySeries:
    return build_series(
        project.as_of(params.as_of),
        indicator,
        area=params.area,
        shock_years=params.shock_years,
        n_draws=params.n_paths,
        seed=params.seed,
    )


def assess_targets(
    project: Project, params: Params, *, known: Mapping[str, Outcome] | None = None
) -> Results:
    """Return the verdict on every target of the chosen documents, and the outcomes behind it.

    Parameters
    ----------
    project, params
        As in `assess_indicator`.
    known : mapping of str to Forecast or NotAssessed, optional
        Outcomes by indicator, already assessed with the same parameters.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = assess_targets(project, params.with_values(n_paths=100)).verdicts.query("unit == 'visits'")
    >>> visits[["indicator_id", "end", "value", "probability", "status"]].round(2)
                  indicator_id   end      value  probability         status
    12        tourist_arrivals  2023  3500000.0         0.27       unlikely
    53        tourist_arrivals  2025  5800000.0         0.02  very_unlikely
    54  international_arrivals  2025  1000000.0         0.02  very_unlikely
    """
    project = project.as_of(params.as_of)
    targets, known = known_targets(project, params), known or {}
    indicators = list(dict.fromkeys([*params.core, *(target.indicator_id for target in targets)]))
    outcomes = {name: known.get(name) or assess_indicator(project, params, name) for name in indicators}
    return Results(params, outcomes, judge(project, outcomes, targets, params), targets)


def judge(
    project: Project,
    outcomes: dict[str, Outcome],
    targets: pd.DataFrame | Iterable[Target],
    params: Params,
) -> pd.DataFrame:
    """Return the verdicts on targets with the tolerances of `params` and the shock years of each indicator.

    Parameters
    ----------
    project : Project
        The tables.
    outcomes : dict of str to Outcome
        Forecasts by indicator; a target whose indicator has none is not assessed.
    targets : pandas.DataFrame or iterable of Target
        The targets, or a table of them.
    params : Params
        The day, the tolerances and the shock years.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> output = assess_indicator(project, params.with_values(n_paths=100), "handicraft_output")
    >>> goals = known_targets(project, params, "handicraft_output")
    >>> verdicts = judge(project, {"handicraft_output": output}, goals, params)
    >>> verdicts[["end", "value", "expected", "probability", "status"]].round(2)
        end  value  expected  probability         status
    0  2023  260.0    222.17         0.09  very_unlikely
    """
    broken = {name: project.shock_years(name, params.shock_years) for name in outcomes}
    return judge_targets(outcomes, targets, shock_years=broken, **tolerances(params))


def tolerances(params: Params) -> dict[str, float]:
    """Return what the parameters say of tolerances and bands as keyword arguments of `judge_targets`."""
    return {name: getattr(params, name) for name in ("about_relative", "widest_points", "widest_factor")}


def under_scenarios(
    project: Project, params: Params, outcomes: Mapping[str, Outcome]
) -> dict[str, dict[str, Outcome]]:
    """Return the outcomes under each chosen scenario that holds for the area and day; see `left_out`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Which scenarios are compared, and the random seed.
    outcomes : mapping of str to Outcome
        Baselines by indicator, such as `forecast_area` returns.

    Examples
    --------
    >>> from sapa_analysis.pipeline import forecast_area, open_project, under_scenarios
    >>> project, params = open_project(as_of="2023-06-30")
    >>> base = forecast_area(project, params.with_values(n_paths=100))
    >>> ahead = under_scenarios(project, params, base)
    >>> [round(float(ahead[name]["tourist_arrivals"].paths.iloc[-1].median()) / 1e6, 2) for name in ahead]
    [3.14, 3.54, 4.07]
    """
    chosen = [project.scenarios[name] for name in params.scenarios if name in project.scenarios]
    check_names(project, params, (part.indicator for one in chosen for part in one.adjustments))
    without = left_out(project, params, outcomes)
    held = {name: each for name, each in scenarios_of(project, params).items() if name not in without}
    return {name: apply_scenario(outcomes, each, links=params.links) for name, each in held.items()}
