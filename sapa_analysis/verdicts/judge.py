"""Verdicts on targets from forecasts: latest figure, required pace, probability, stability."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..core import (
    NotAssessed,
    Outcome,
    PlanLevel,
    Target,
    Verdicts,
    YearlySeries,
    as_targets,
    days_of,
    word_of,
    years_of,
    years_text,
)
from ..targets import Pace, own_pace, required_pace
from .attainment import (
    as_printed,
    fit_targets,
    growth_of,
    half_width,
    has_no_sense,
    is_own_plan,
    known_value,
    says_nothing,
    values_in_paths,
)
from .growth_benchmarks import MOST_YEARS, pace_percentile
from .published import published_figure
from .stability import grade_stability, target_readings

#: Fields of a target that its verdict repeats.
_FACTS = (
    "id", "document", "clause", "indicator_id", "area", "field", "measure", "sense", "value", "value_high",
    "unit", "start", "end", "sense_inferred", "printed",
)  # fmt: skip


def judge_targets(
    outcomes: Mapping[str, Outcome],
    targets: pd.DataFrame | Target | Iterable[Target],
    *,
    about_relative: float = 0.02,
    widest_points: float = np.inf,
    widest_factor: float = np.inf,
    shock_years: Collection[int] | Mapping[str, Collection[int]] = (),
) -> pd.DataFrame:
    """Return the verdict on each target.

    A plan that is itself the only level of its forecast gets no probability but the word `plan_only`, and how
    many earlier plans were fulfilled.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        All of one area; a missing indicator has no evidence.
    targets : Target, iterable of Target, or pandas.DataFrame
        Targets, or rows of `core.Targets`; a blank unit or area is that of the series.
    about_relative : float
        Tolerance of an amount that is `about`, where the document prints none, as a share of the target. A
        rate without a printed tolerance is not judged.
    widest_points, widest_factor : float
        With fewer than `core.THIN_YEARS` years of figures, an 80 % band wider than this says nothing, and the
        target is not judged: of a rate in percentage points, of an amount its upper end over its lower.
    shock_years : collection of int, or mapping of indicator id to it
        Years that are no normal ones, of all indicators or of each; told where an own pace holds any of them.

    Returns
    -------
    pandas.DataFrame
        One row per target, the columns of `core.Verdicts`, in the order of `targets`.

    Raises
    ------
    TargetsError
        When the unit or the area of a target differs from its series; such values are never compared.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> outcomes = {"visits": sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)}
    >>> goal = {"indicator_id": "visits", "area": "town", "unit": "visits", "measure": "level",
    ...         "sense": "at_least"}
    >>> goals = pd.DataFrame([{"id": "old", "end": 2019, "value": 135.0, **goal},
    ...                       {"id": "new", "end": 2021, "value": 160.0, **goal}])
    >>> verdicts = sapa.judge_targets(outcomes, goals)
    >>> verdicts[["id", "latest", "expected", "pace", "probability", "status"]].round(2)
        id  latest  expected  pace  probability status
    0  old   140.0       NaN   NaN          NaN    met
    1  new   140.0    157.84   6.9         0.43   even
    """
    chosen, rows = fit_targets(outcomes, as_targets(targets)), []
    widest = {"widest_points": widest_points, "widest_factor": widest_factor}
    for target in chosen:
        outcome = outcomes.get(target.indicator_id)
        half, name = half_width(target, about_relative=about_relative), target.indicator_id
        broken = shock_years.get(name, ()) if isinstance(shock_years, Mapping) else shock_years
        stand = _stand(target, outcome, half, widest) | _own_pace(target, outcome, broken)
        judged = stand["reason"] not in ("no_tolerance", "too_wide", "own_plan")
        stability = grade_stability(target_readings(target, outcome) if judged else [])
        rows.append({**target.model_dump(include=set(_FACTS)), **stand, **stability})
    columns = Verdicts.to_schema().columns
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({name: str(column.dtype) for name, column in columns.items()})


def _stand(
    target: Target, outcome: Outcome | None, half: float, widest: Mapping[str, float]
) -> dict[str, Any]:
    observed = outcome.observed if outcome else None
    reason = outcome.reason if isinstance(outcome, NotAssessed) else "" if outcome else "no_evidence"
    stand = {
        **published_figure(target, observed),
        **_pace(target, observed),
        **_office(target, observed),
        "status": "not_assessed",
        "reason": "yes_no" if target.measure == "yes_no" else reason,
        "overdue": observed is not None and target.end <= observed.ended,
        **dict.fromkeys(["plans_met", "plans_known"]),
        "plans_outcomes": "",
        "level_of_plans": observed is not None and observed.plan_level is not None,
    }
    if outcome is None or observed is None or target.measure == "yes_no":
        return stand
    if has_no_sense(target):
        return {**stand, "reason": "no_tolerance"}
    result = known_value(target, observed)
    if result is not None:
        status = "met" if target.attained(result, about=half)[0] else "missed"
        return {**stand, "status": status, "reason": ""}
    if is_own_plan(target, observed) and observed.plan_level is not None:
        return {**stand, **_plans(observed.plan_level), "status": "plan_only", "reason": "own_plan"}
    return {**stand, **_likelihood(target, outcome, half, widest)}


def _plans(level: PlanLevel) -> dict[str, Any]:
    """Return the earlier plans: how many were fulfilled, of how many known, and each with its area."""
    known = [kept for _, _, kept in level.outcomes if kept is not None]
    words = {None: "unknown", True: "met", False: "missed"}
    named = [f"{area} {year} {words[kept]}" for area, year, kept in level.outcomes]
    return {"plans_met": sum(known), "plans_known": len(known), "plans_outcomes": "; ".join(named)}


def _office(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    """Return the department's own estimate for the year due, from the latest page that gives one."""
    nothing = {"office": None, "office_bound": "", "office_published": ""}
    if observed is None or observed.observations.empty or target.measure not in ("level", "growth"):
        return nothing
    if (target.measure == "growth") != (observed.scale == "growth"):
        return nothing
    seen = observed.observations
    own = (seen["basis"] == "year") & (seen["kind"] == "estimate") & (seen["area"] == observed.area)
    said = seen[(seen["year"] == target.end) & own].sort_values("published", key=days_of, kind="stable")
    if said.empty:
        return nothing
    last = said.iloc[-1]
    told = {"office_bound": str(last["bound"]), "office_published": str(last["published"])}
    return {"office": float(last["value"]), **told}


def _pace(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    nothing = dict.fromkeys(["pace", "pace_arithmetic", "pace_years", "pace_percentile"])
    nothing |= {"pace_unit": "", "passed": False}
    if observed is None or not observed.observed_years or target.end <= observed.ended:
        return nothing
    if target.measure == "level" and target.sense not in ("about", "between"):
        done = _done(target, observed)
        if len(done) and target.attained(float(done.iloc[-1])).all():
            return nothing | {"passed": True}
    pace = required_pace(target, _done(target, observed))
    if pace is None:
        return nothing
    return {
        "pace": pace.per_year,
        "pace_unit": pace.unit,
        "pace_arithmetic": pace.arithmetic,
        "pace_years": pace.years,
        "pace_percentile": _rarity(target, pace),
        "passed": False,
    }


def _own_pace(target: Target, outcome: Outcome | None, shock_years: Collection[int]) -> dict[str, Any]:
    """Return the pace of the last observed years, beside the needed one and in its unit."""
    texts = ("own_pace_unit", "own_pace_years", "own_pace_shocks", "own_pace_unsettled")
    nothing = {"own_pace": None} | dict.fromkeys(texts, "")
    observed = outcome.observed if outcome else None
    if observed is None or target.end <= observed.origin:
        return nothing
    own = own_pace(target, observed.published, rates=observed.scale == "growth")
    if own is None:
        return nothing
    basis = observed.table["basis"].groupby(years_of(observed.table)).first()
    held = range(own.years[0], own.years[-1] + 1) if own.between else own.years
    return {
        "own_pace": own.per_year,
        "own_pace_unit": own.unit,
        "own_pace_years": years_text(held),
        "own_pace_shocks": years_text(year for year in held if year in shock_years),
        "own_pace_unsettled": years_text(year for year in own.years if basis[year] != "year"),
    }


def _done(target: Target, observed: YearlySeries) -> pd.Series:
    """Return the past yearly values; except for levels, estimates fill years without a figure."""
    table = observed.table.loc[: str(observed.observed_years[-1])]
    values = table["best"].where(table["best"].notna() | (target.measure == "level"), table["estimate"])
    if target.measure in ("growth", "term_mean_growth"):
        values = growth_of(values.to_frame(), observed.scale).iloc[:, 0]
    return values.dropna()


def _rarity(target: Target, pace: Pace) -> float | None:
    """Return the percentage of past episodes elsewhere with less than the required pace."""
    one_sided = target.sense not in ("about", "between") and target.measure != "growth"
    if pace.unit != "percent_a_year" or not one_sided or pace.years > MOST_YEARS:
        return None
    better = -1 if target.sense in ("at_most", "less_than") else 1
    return pace_percentile(pace.per_year, years=pace.years, better=better)


def _likelihood(target: Target, outcome: Outcome, half: float, widest: Mapping[str, float]) -> dict[str, Any]:
    values = values_in_paths(target, outcome)
    if values is None:
        return {"reason": outcome.reason if isinstance(outcome, NotAssessed) else "outside_years"}
    assert outcome.observed is not None  # as there are values
    if says_nothing(target, outcome, values, **widest):
        return {"reason": "too_wide"}
    printed = as_printed(target, outcome.observed, values)
    probability = float(target.attained(printed, about=half).mean())
    lower, median, upper = np.percentile(values, [10, 50, 90])
    return {
        "expected": median,
        "lower_80": lower,
        "upper_80": upper,
        "probability": probability,
        "status": word_of(probability),
        "reason": "",
    }
