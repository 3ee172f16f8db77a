"""Attainment of targets in each path: the measure of a target, path by path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ..core import (
    NO_YEAR_LEFT,
    THIN_YEARS,
    Forecast,
    NotAssessed,
    Outcome,
    Problem,
    Target,
    TargetsError,
    YearlySeries,
    as_targets,
    note,
    years_of,
)


def fit_targets(outcomes: Mapping[str, Outcome], targets: Iterable[Target]) -> list[Target]:
    """Return targets, a blank unit or area as that of the series.

    Growth of an amount is in percent, whatever the unit of the amount.

    Raises
    ------
    TargetsError
        With every target whose id another has, or whose unit or area does not fit.
    """
    problems: list[Problem] = []
    ids: set[str] = set()
    fitted: list[Target] = []
    for target in targets:
        if target.id in ids:
            note(problems, target.where, "id", f'"{target.id}" stands more than once')
        ids.add(target.id)
        outcome = outcomes.get(target.indicator_id)
        observed = outcome.observed if outcome else None
        relative = "growth" in target.measure and observed is not None and observed.scale != "growth"
        blank: dict[str, str] = {}
        for column, found in (("unit", observed and observed.unit), ("area", observed and observed.area)):
            own = getattr(target, column)
            if not own:
                blank[column] = "percent" if relative and column == "unit" else found or ""
            elif found and own != found and not (relative and (column, own) == ("unit", "percent")):
                advice = "; figures of another area enter by a bridge of the parameters" * (column == "area")
                message = f'{target.id} has "{own}", its series "{found}"{advice}'
                note(problems, target.where, column, message)
        fitted.append(target.model_copy(update=blank) if any(blank.values()) else target)
    if problems:
        raise TargetsError(problems)
    return fitted


def half_width(target: Target, *, about_relative: float) -> float:
    """Return the tolerance of an `about` target for which the document prints none."""
    return about_relative * abs(target.value)


def has_no_sense(target: Target) -> bool:
    """Return whether no document says what attains a target: a share without sense and tolerance.

    Parameters
    ----------
    target : Target
        The target.

    Examples
    --------
    >>> from sapa_analysis.core import Target
    >>> from sapa_analysis.verdicts import has_no_sense
    >>> share = Target(id="mine", indicator_id="share_agriculture", area="sa_pa", measure="level", end=2025,
    ...                sense="about", value=16.58, unit="percent")
    >>> has_no_sense(share), has_no_sense(share.model_copy(update={"tolerance": 1.0}))
    (True, False)
    """
    return target.sense == "about" and target.tolerance is None and target.unit.startswith("percent")


def is_own_plan(target: Target, observed: YearlySeries | None) -> bool:
    """Return whether no figure tells the level of a series, and the target is one of the plans that do."""
    level = observed.plan_level if observed else None
    return level is not None and target.measure == "level" and (target.end, target.value) in level.plans


def says_nothing(
    target: Target, outcome: Outcome, values: np.ndarray, *, widest_points: float, widest_factor: float
) -> bool:
    """Return whether few figures leave a target's measure an 80 % band too wide to tell anything."""
    if outcome.observed is None or len(outcome.observed.observed_years) >= THIN_YEARS:
        return False
    lower, upper = np.percentile(values, [10, 90])
    if target.unit.startswith("percent"):
        return bool(upper - lower > widest_points)
    return bool(np.isfinite(widest_factor) and upper > widest_factor * max(lower, 0.0))


def attained_paths(
    outcomes: Mapping[str, Outcome],
    targets: pd.DataFrame | Target | Iterable[Target],
    *,
    about_relative: float = 0.02,
    widest_points: float = np.inf,
    widest_factor: float = np.inf,
) -> pd.DataFrame:
    """Return which paths attain each target, so that joint questions are counts of paths.

    Parameters
    ----------
    outcomes, targets, about_relative, widest_points, widest_factor
        As in `judge_targets`: a share, points and a factor.

    Returns
    -------
    pandas.DataFrame of bool
        Paths x ids of the targets that can be judged; the mean of a column is the probability. A target
        with a known result is attained in all paths or in none.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> outcomes = {"visits": sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)}
    >>> goal = {"indicator_id": "visits", "area": "town", "unit": "visits", "measure": "level",
    ...         "sense": "at_least"}
    >>> goals = pd.DataFrame([{"id": "2020", "end": 2020, "value": 150.0, **goal},
    ...                       {"id": "2021", "end": 2021, "value": 150.0, **goal}])
    >>> attained = sapa.verdicts.attained_paths(outcomes, goals)
    >>> attained.mean().round(2).to_dict(), round(float(attained.all(axis=1).mean()), 2)
    ({'2020': 0.43, '2021': 0.71}, 0.4)
    """
    columns, width = {}, _n_paths(outcomes)
    widest = {"widest_points": widest_points, "widest_factor": widest_factor}
    for target in fit_targets(outcomes, as_targets(targets)):
        outcome = outcomes.get(target.indicator_id)
        if has_no_sense(target) or is_own_plan(target, outcome.observed if outcome else None):
            continue
        half = half_width(target, about_relative=about_relative)
        values = known_value(target, outcome.observed) if outcome and outcome.observed else None
        if values is None and outcome is not None:
            values = values_in_paths(target, outcome)
            if values is not None and says_nothing(target, outcome, values, **widest):
                continue
            if values is not None and outcome.observed is not None:
                values = as_printed(target, outcome.observed, values)
        if values is not None:
            columns[target.id] = np.resize(target.attained(values, about=half), width)
    return pd.DataFrame(columns, index=pd.RangeIndex(width, name="path"))


def _n_paths(outcomes: Mapping[str, Outcome]) -> int:
    widths = {outcome.paths.shape[1] for outcome in outcomes.values() if isinstance(outcome, Forecast)}
    if len(widths) > 1:
        raise ValueError(f"forecasts of {sorted(widths)} paths have no paths in common")
    drawn = [one.observed.draws.shape[1] for one in outcomes.values() if one.observed is not None]
    return widths.pop() if widths else max(drawn, default=1)


def known_value(target: Target, observed: YearlySeries) -> np.ndarray | None:
    """Return the result of a target if all its years have ended and have a whole-year figure, else None.

    For growth computed from levels, the previous year needs such a figure too.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> from sapa_analysis.verdicts.attainment import known_value
    >>> visits = pd.Series([100, 110, 121], index=range(2017, 2020), name="visits", dtype=float)
    >>> goal = sapa.core.Target(id="mine", indicator_id="visits", area="town", measure="growth", end=2019,
    ...                         sense="at_least", value=8.0, unit="percent")
    >>> known_value(goal, sapa.forecasting.exact_series(visits)).round(6).tolist()
    [10.0]
    """
    if target.measure == "yes_no" or target.end > observed.origin:
        return None
    basis, term = observed.table["basis"].groupby(years_of(observed.table)).first(), term_of(target)
    compared = "growth" in target.measure and observed.scale != "growth"
    if not all(basis.get(year) == "year" for year in range(term[0] - compared, term[-1] + 1)):
        return None
    return _measure(target, observed.table[["best"]], observed.scale)


def values_in_paths(target: Target, outcome: Outcome) -> np.ndarray | None:
    """Return the target's measure in every path, or None if the paths lack one of its years.

    Parameters
    ----------
    target : Target
        The target.
    outcome : Outcome
        The forecast of its indicator and area.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> fan = sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)
    >>> goal = sapa.core.Target(id="mine", indicator_id="visits", area="town", measure="term_total",
    ...                         start=2019, end=2021, sense="at_least", value=400.0, unit="visits")
    >>> values = sapa.verdicts.values_in_paths(goal, fan)
    >>> values.shape, round(float((values >= 400).mean()), 2)
    ((2000,), 0.95)
    """
    if outcome.observed is None or target.measure == "yes_no":
        return None
    return _measure(target, _paths(outcome, outcome.observed), outcome.observed.scale)


def as_printed(target: Target, observed: YearlySeries, values: np.ndarray) -> np.ndarray:
    """Return measures as the indicator is printed, where they have its unit: 99.96 is published as 100.0."""
    own = "growth" not in target.measure or observed.scale == "growth"
    return values.round(observed.decimals) if own and observed.decimals is not None else values


def term_of(target: Target) -> range:
    """Return the years that a target covers."""
    first = target.start if target.measure.startswith("term") and target.start else target.end
    return range(first, target.end + 1)


def _paths(outcome: Outcome, observed: YearlySeries) -> pd.DataFrame:
    """Return past and future of every path: draw k of the past continues as path k.

    Without a forecast, only years with a figure or estimate of the whole year are kept; the others are blank.
    Where no year was left to forecast, all are kept.
    """
    past = observed.draws
    if isinstance(outcome, NotAssessed) and outcome.reason == NO_YEAR_LEFT:
        return past
    if isinstance(outcome, NotAssessed):
        whole = observed.table["basis"].isin(["year", "year_estimate"]).reindex(past.index).to_numpy()
        values = np.where(whole[:, None], past.to_numpy(), np.nan)
        return pd.DataFrame(values, index=past.index, columns=past.columns)
    k = np.resize(np.arange(past.shape[1]), outcome.paths.shape[1])
    return pd.concat([past.iloc[:, k].set_axis(outcome.paths.columns, axis=1), outcome.paths])


def _measure(target: Target, paths: pd.DataFrame, scale: str) -> np.ndarray | None:
    term = term_of(target)
    wanted = pd.period_range(str(term[0]), str(term[-1]), freq="Y")
    yearly = growth_of(paths, scale) if "growth" in target.measure else paths
    if not wanted.isin(yearly.index).all():
        return None
    values = yearly.loc[wanted].to_numpy(dtype=float)
    if np.isnan(values).any():
        return None
    if target.measure == "term_mean_growth":
        return np.asarray(100 * (np.prod(1 + values / 100, axis=0) ** (1 / len(wanted)) - 1))
    return np.asarray(values.sum(axis=0))


def growth_of(paths: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Return the yearly growth of levels in percent, or the values themselves if they are growth rates."""
    return paths if scale == "growth" else paths.pct_change(fill_method=None).iloc[1:] * 100
