"""Verdicts on targets from forecasts: latest figure, required pace, probability, stability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..core import (
    NotAssessed,
    Outcome,
    Target,
    Verdicts,
    YearlySeries,
    as_targets,
    days_of,
    row_of,
    word_of,
    years_of,
)
from ..targets import Pace, required_pace
from .attainment import as_printed, check_fit, growth_of, half_width, known_value, values_in_paths
from .growth_benchmarks import MOST_YEARS, pace_percentile
from .stability import grade_stability, target_readings

#: Fields of a target that its verdict repeats.
_FACTS = (
    "id", "document", "clause", "indicator_id", "area", "field", "measure", "sense", "value", "value_high",
    "unit", "start", "end",
)  # fmt: skip


def judge_targets(
    outcomes: Mapping[str, Outcome],
    targets: pd.DataFrame | Iterable[Target],
    *,
    about_points: float = 1.0,
    about_relative: float = 0.02,
) -> pd.DataFrame:
    """Return the verdict on each target.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        All of one area; a missing indicator has no evidence.
    targets : iterable of Target, or pandas.DataFrame
        Targets, or rows of `core.Targets`.
    about_points, about_relative : float
        Tolerance of `about` where the document prints none: in percentage points for rates, as a share of
        the target for amounts.

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
        id  latest  expected  pace  probability    status
    0  old   140.0       NaN   NaN          NaN       met
    1  new   140.0    153.03   6.9          0.3  unlikely
    """
    chosen, rows = as_targets(targets), []
    check_fit(outcomes, chosen)
    for target in chosen:
        outcome = outcomes.get(target.indicator_id)
        half = half_width(target, about_points=about_points, about_relative=about_relative)
        stability = grade_stability(target_readings(target, outcome))
        rows.append({**target.model_dump(include=set(_FACTS)), **_stand(target, outcome, half), **stability})
    columns = Verdicts.to_schema().columns
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({name: str(column.dtype) for name, column in columns.items()})


def _stand(target: Target, outcome: Outcome | None, half: float) -> dict[str, Any]:
    observed = outcome.observed if outcome else None
    reason = outcome.reason if isinstance(outcome, NotAssessed) else "" if outcome else "no_evidence"
    stand = {
        **_latest(target, observed),
        **_pace(target, observed),
        **_office(target, observed),
        "completion": _completion(target, observed),
        "status": "not_assessed",
        "reason": "yes_no" if target.measure == "yes_no" else reason,
        "overdue": observed is not None and target.end <= observed.origin,
    }
    if outcome is None or observed is None or target.measure == "yes_no":
        return stand
    result = known_value(target, observed)
    if result is not None:
        status = "met" if target.attained(result, about=half)[0] else "missed"
        return {**stand, "status": status, "reason": ""}
    return {**stand, **_likelihood(target, outcome, half)}


def _latest(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    """Return the latest figure up to the year due; if there is none, the latest of all."""
    nothing = dict.fromkeys(["latest_source", "latest_url", "latest_published", "latest_cite_ok"], "")
    if observed is None or not observed.observed_years:
        empty = {"latest_year": None, "latest": None, "latest_basis": "", "n_years": 0, "gap": None}
        return {**empty, **nothing}
    years = observed.observed_years
    year = max((year for year in years if year <= target.end), default=years[-1])
    row = row_of(observed.table, year)
    comparable = target.measure == "level" or (target.measure == "growth" and observed.scale == "growth")
    return {
        "latest_year": year,
        "latest": float(row["best"]),
        "latest_basis": str(row["basis"]),
        "n_years": len(years),
        "gap": float(row["best"]) - target.value if comparable else None,
        **(_page(observed, year, float(row["best"])) or nothing),
    }


def _page(observed: YearlySeries, year: int, best: float) -> dict[str, str] | None:
    """Return the page that first printed the figure of a year, or None."""
    seen = observed.observations
    if seen.empty:
        return None
    said = seen[(seen["year"] == year) & (seen["implied"] == best)].sort_values(
        "published", key=days_of, kind="stable"
    )
    names = {"source_title": "latest_source", "source_url": "latest_url", "published": "latest_published"}
    names |= {"cite_ok": "latest_cite_ok"}
    return None if said.empty else {new: str(said[old].iloc[0]) for old, new in names.items()}


def _office(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    """Return the department's own estimate for the year due, from the latest page that gives one."""
    nothing = {"office": None, "office_published": ""}
    if observed is None or observed.observations.empty or target.measure not in ("level", "growth"):
        return nothing
    if (target.measure == "growth") != (observed.scale == "growth"):
        return nothing
    seen = observed.observations
    own = (seen["basis"] == "year") & (seen["kind"] == "estimate") & (seen["area"] == observed.area)
    said = seen[(seen["year"] == target.end) & own].sort_values("published", key=days_of, kind="stable")
    if said.empty:
        return nothing
    return {"office": float(said["implied"].iloc[-1]), "office_published": str(said["published"].iloc[-1])}


def _pace(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    nothing = dict.fromkeys(["pace", "pace_arithmetic", "pace_years", "pace_percentile"]) | {"pace_unit": ""}
    if observed is None or not observed.observed_years:
        return nothing
    pace = required_pace(target, _done(target, observed))
    if pace is None:
        return nothing
    return {
        "pace": pace.per_year,
        "pace_unit": pace.unit,
        "pace_arithmetic": pace.arithmetic,
        "pace_years": pace.years,
        "pace_percentile": _rarity(target, pace),
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


def _completion(target: Target, observed: YearlySeries | None) -> float | None:
    """Return the latest figure as a share of the target, as plan completion is computed in Viet Nam."""
    if observed is None or not observed.observed_years or target.value <= 0:
        return None
    own = observed.published[years_of(observed.published) <= target.end]
    if own.empty:
        return None
    if target.measure == "term_total":
        term = (years_of(own) >= (target.start or 0)) & (years_of(own) <= target.end)
        return float(own[term].sum()) / target.value
    plain = target.measure == "level" or (target.measure == "growth" and observed.scale == "growth")
    if not plain or target.sense in ("about", "between"):
        return None
    share = float(own.iloc[-1]) / target.value
    return max(0.0, 2 - share) if target.sense in ("less_than", "at_most") else share


def _likelihood(target: Target, outcome: Outcome, half: float) -> dict[str, Any]:
    values = values_in_paths(target, outcome)
    if values is None:
        return {"reason": outcome.reason if isinstance(outcome, NotAssessed) else "outside_years"}
    assert outcome.observed is not None  # as there are values
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
