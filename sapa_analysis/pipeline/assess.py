"""The whole flow for one set of parameters: evidence, series, forecasts, verdicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from ..core import (
    Forecast,
    NoEvidenceError,
    NotAssessed,
    Outcome,
    Params,
    ParamsError,
    Problem,
    YearlySeries,
    nearest,
)
from ..evidence import known_by, merge_repeats
from ..forecasting import HEADLINE, MODELS, forecast_all
from ..scenarios import apply_scenario
from ..series import build_series
from ..verdicts import attained_paths, judge_targets, read_rules
from .area import families_of, forecast_area
from .project import Project


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What one run says.

    Attributes
    ----------
    params : Params
        What it was run with.
    outcomes : dict of str to Forecast or NotAssessed
        One per core indicator and per indicator of a target.
    verdicts : pandas.DataFrame
        One row per target; see `judge_targets`.
    targets : pandas.DataFrame
        The targets judged.
    """

    params: Params
    outcomes: dict[str, Outcome]
    verdicts: pd.DataFrame
    targets: pd.DataFrame

    @property
    def attained(self) -> pd.DataFrame:
        """In which paths each target is attained; see `attained_paths`."""
        return attained_paths(self.outcomes, self.targets, **tolerances(self.params))

    @property
    def readings(self) -> pd.DataFrame:
        """What each published rule says of each target; see `read_rules`."""
        return read_rules(self.outcomes, self.targets)


def assess_indicator(project: Project, params: Params, indicator: str) -> Outcome:
    """Return the forecast of one indicator, or why there is none.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, day, horizon, method and the rest.
    indicator : str
        An id of `indicators.csv`.

    Returns
    -------
    Forecast or NotAssessed

    Raises
    ------
    ParamsError
        When the indicator or the area is unknown.
    """
    check_names(project, params, [indicator])
    if any(indicator in family.members for family in families_of(project, params)):
        joint = forecast_area(project, params)
        if indicator in joint:
            return joint[indicator]
    try:
        series = _series(project, params, indicator)
    except NoEvidenceError as error:
        reason = "no_yearly_figure" if error.n_known else "no_evidence"
        return NotAssessed(None, reason, years_needed(params))
    alone = forecast_all(
        {indicator: series}, params, indicators=project.indicators, covariates=project.covariates
    )
    return alone.get(indicator) or NotAssessed(series, "too_few_years", years_needed(params))


def compare_methods(
    project: Project,
    params: Params,
    indicator: str,
    methods: Iterable[str] = ("headline", "naive", "linear_drift", "theta"),
) -> pd.DataFrame:
    """Return what several methods say of the last year ahead, side by side.

    Parameters
    ----------
    project, params, indicator
        As in `assess_indicator`.
    methods : iterable of str
        Names of `forecasting.MODELS`, or `headline`.

    Returns
    -------
    pandas.DataFrame
        One row per method: median, lower_80, upper_80 in the unit of the indicator, fit_health (what the fit
        warned about), and refused (why the method says nothing).
    """
    rows = {}
    for method in methods:
        outcome = assess_indicator(project, params.with_values(method=method), indicator)
        if isinstance(outcome, Forecast):
            last = outcome.summary((80,)).iloc[-1][["median", "lower_80", "upper_80"]]
            rows[method] = {**last, "fit_health": "; ".join(outcome.fit_health), "refused": ""}
        else:
            rows[method] = {"fit_health": "", "refused": f"{outcome.reason}, needs {outcome.needed}"}
    columns = ["median", "lower_80", "upper_80", "fit_health", "refused"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("method")


def years_needed(params: Params) -> int:
    """Return how many years with a figure a forecast needs."""
    return max(params.min_years, MODELS[HEADLINE if params.method == "headline" else params.method].min_years)


def _series(project: Project, params: Params, indicator: str) -> YearlySeries:
    return build_series(
        project.evidence,
        indicator,
        area=params.area,
        as_of=params.as_of,
        shock_years=params.shock_years,
        indicators=project.indicators,
        covariates=project.covariates,
        n_draws=params.n_paths,
        seed=params.seed,
    )


def known_targets(project: Project, params: Params, indicator: str | None = None) -> pd.DataFrame:
    """Return the targets of the chosen documents and area that were known on the day.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Day, area and documents.
    indicator : str, optional
        Only targets of this indicator.

    Returns
    -------
    pandas.DataFrame
        Rows of `core.Targets`, in the order of `params.documents`.
    """
    known = known_by(project.targets[project.targets["area"] == params.area], params.as_of)
    chosen = known[known["document"].isin(params.documents)]
    if indicator is not None:
        chosen = chosen[chosen["indicator_id"] == indicator]
    return chosen.sort_values("document", key=lambda ids: ids.map(params.documents.index), kind="stable")


def assess_targets(
    project: Project, params: Params, *, known: Mapping[str, Outcome] | None = None
) -> Results:
    """Return the verdict on every target of the chosen documents, and the outcomes it rests on.

    Parameters
    ----------
    project, params
        As in `assess_indicator`.
    known : mapping of str to Forecast or NotAssessed, optional
        Outcomes by indicator that were assessed with the same parameters before.
    """
    targets, known = known_targets(project, params), known or {}
    indicators = list(dict.fromkeys([*params.core, *targets["indicator_id"]]))
    outcomes = {name: known.get(name) or assess_indicator(project, params, name) for name in indicators}
    return Results(params, outcomes, judge(outcomes, targets, params), targets)


def judge(outcomes: dict[str, Outcome], targets: pd.DataFrame, params: Params) -> pd.DataFrame:
    """Return the verdicts on some targets under the tolerances of `params`."""
    return judge_targets(outcomes, targets, **tolerances(params))


def tolerances(params: Params) -> dict[str, float]:
    """Return how far from an `about` target still counts, as `judge_targets` takes it."""
    return {"about_points": params.about_points, "about_relative": params.about_relative}


def under_scenarios(
    project: Project, params: Params, outcomes: Mapping[str, Outcome]
) -> dict[str, dict[str, Outcome]]:
    """Return the outcomes under each chosen scenario, in the order of `params.scenarios`."""
    return {name: apply_scenario(outcomes, project.scenarios[name]) for name in params.scenarios}


def check_names(project: Project, params: Params, indicators: Iterable[str]) -> None:
    """Raise a ParamsError with every indicator, area, document and method that nobody knows."""
    named: list[tuple[str, str, Collection[str]]] = [
        ("indicator", word, list(project.indicators.index)) for word in indicators
    ]
    named += [("area", params.area, list(project.areas.index))]
    chosen = [*params.premiums, *params.plans_inform, *(bridge.indicator for bridge in params.bridges)]
    named += [("premiums, bridges or plans_inform", word, list(project.indicators.index)) for word in chosen]
    ends = [end for bridge in params.bridges for end in (bridge.of, bridge.to)]
    named += [("bridges", word, list(project.areas.index)) for word in ends]
    named += [("documents", word, list(project.documents.index)) for word in params.documents]
    named += [("scenarios", word, list(project.scenarios)) for word in params.scenarios]
    named += [("method", params.method, [*MODELS, "headline"])]
    unknown = [(column, word, known) for column, word, known in named if word not in known]
    if unknown:
        said = [(column, f'"{word}" is unknown; {nearest(word, known)}') for column, word, known in unknown]
        raise ParamsError([Problem("parameters", 0, column, message) for column, message in said])


def find_successors(project: Project, area: str) -> pd.DataFrame:
    """Return the rows of `areas.csv` of the areas that an area became."""
    became = [area in predecessors.split(";") for predecessors in project.areas["predecessors"]]
    return project.areas[became]


def successor_figures(project: Project, params: Params, indicators: Collection[str]) -> pd.DataFrame:
    """Return what was known of whole years of the areas that the area became, one row per statement.

    Their boundaries differ, so these figures stand beside the series and never enter it.
    """
    places = find_successors(project, params.area)
    chosen = project.evidence["area"].isin(places.index) & project.evidence["indicator_id"].isin(indicators)
    known = known_by(project.evidence[chosen & (project.evidence["freq"] == "A")], params.as_of)
    merged = merge_repeats(known).sort_values(["indicator_id", "area", "period", "published"], kind="stable")
    return merged.join(places[["name_vi", "name_en"]], on="area")


def pages_used(results: Results) -> pd.DataFrame:
    """Return the pages on which the results rest: source_title, source_url, published, cite_ok."""
    observed = [outcome.observed for outcome in results.outcomes.values() if outcome.observed is not None]
    columns = ["source_title", "source_url", "published", "cite_ok"]
    frames = [series.observations.loc[series.observations["used"], columns] for series in observed]
    pages = pd.concat(frames) if frames else pd.DataFrame(columns=columns)
    return pages.drop_duplicates(["source_title", "source_url"]).sort_values(["source_title", "source_url"])
