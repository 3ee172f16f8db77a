"""Forecasts and targets to verdicts: value, gap, pace still needed, probability, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .schema import (
    FROM_WORST,
    OUTLOOKS,
    Forecast,
    NotAssessed,
    Verdicts,
    YearlySeries,
    row_of,
    word_of,
    years_of,
)
from .targets import Target, required_pace

Outcome = Forecast | NotAssessed


def judge_targets(
    outcomes: Mapping[str, Outcome],
    targets: pd.DataFrame,
    *,
    about_points: float = 1.0,
    about_relative: float = 0.02,
) -> pd.DataFrame:
    """Return where each target stands.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        All of one area; an indicator that is absent has no evidence.
    targets : pandas.DataFrame
        Rows of `schema.Targets`.
    about_points, about_relative : float
        Half width of `about` where the document prints none: for rates in percentage points, for amounts
        as a share of the target.

    Returns
    -------
    pandas.DataFrame
        One row per target, the columns of `schema.Verdicts`, in the order of `targets`.
    """
    rows = []
    for row in targets.to_dict("records"):
        target = Target.model_validate(row)
        half = about_points if target.unit.startswith("percent") else about_relative * abs(target.value)
        rows.append({**_facts(row, target), **_stand(target, outcomes.get(target.indicator_id), half)})
    columns = Verdicts.to_schema().columns
    frame = pd.DataFrame(rows, columns=list(columns))
    return Verdicts.validate(frame.astype({name: str(column.dtype) for name, column in columns.items()}))


def _facts(row: Mapping[Any, Any], target: Target) -> dict[str, Any]:
    copied = ("id", "document", "clause", "indicator_id", "area", "measure", "sense", "value", "unit", "end")
    return {
        **{name: row[name] for name in copied},
        "value_high": target.value_high,
        "start": target.start,
    }


def _stand(target: Target, outcome: Outcome | None, half: float) -> dict[str, Any]:
    observed = outcome.observed if outcome else None
    reason = outcome.reason if isinstance(outcome, NotAssessed) else "" if outcome else "no_evidence"
    if observed is not None and observed.area != target.area:
        observed, reason = None, "other_area"
    stand = {
        **_latest(target, observed),
        **_pace(target, observed),
        "completion": _completion(target, observed),
        "status": "not_assessed",
        "reason": reason,
    }
    if target.measure == "yes_no":
        return {**stand, "reason": "yes_no"}
    if observed is not None and _is_known(target, observed):
        result = _measure(target, observed.table[["best"]], observed.scale)
        if result is not None:
            status = "met" if target.attained(result, about=half)[0] else "missed"
            return {**stand, "status": status, "reason": ""}
    if outcome is None or observed is None:
        return stand
    return {**stand, **_likelihood(target, outcome, observed, half)}


def _latest(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    """Return the last figure up to the year due; where there is none so early, the last one of all."""
    if observed is None or not observed.observed_years:
        return {"latest_year": None, "latest": None, "latest_basis": "", "n_years": 0, "gap": None}
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
    }


def _pace(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    nothing = {"pace": None, "pace_unit": ""}
    if observed is None or not observed.observed_years:
        return nothing
    own = observed.published
    if target.measure in ("growth", "term_mean_growth") and observed.scale != "growth":
        own = _growth(observed.table[["best"]], observed.scale)["best"].reindex(own.index).dropna()
    pace = required_pace(target, own)
    return {"pace": pace.per_year, "pace_unit": pace.unit} if pace else nothing


def _completion(target: Target, observed: YearlySeries | None) -> float | None:
    """Return how much of the target the latest figure is, as plans are reckoned in Viet Nam."""
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


def _is_known(target: Target, observed: YearlySeries) -> bool:
    if target.end > observed.origin:
        return False
    needed = range(
        target.start if target.measure.startswith("term") and target.start else target.end, target.end + 1
    )
    basis = observed.table["basis"].groupby(years_of(observed.table)).first()
    return all(basis.get(year) == "year" for year in needed)


def _likelihood(target: Target, outcome: Outcome, observed: YearlySeries, half: float) -> dict[str, Any]:
    values = _measure(target, _worlds(outcome, observed), observed.scale)
    if values is None:
        return {"reason": outcome.reason if isinstance(outcome, NotAssessed) else "outside_years"}
    probability = float(target.attained(values, about=half).mean())
    lower, median, upper = np.percentile(values, [10, 50, 90])
    return {
        "expected": median,
        "lower_80": lower,
        "upper_80": upper,
        "probability": probability,
        "status": word_of(probability),
        "reason": "",
    }


def _worlds(outcome: Outcome, observed: YearlySeries) -> pd.DataFrame:
    """Return past and future of every world: draw k goes on as path k.

    Without a forecast only years with a figure of the whole year can be judged; the others are blank.
    """
    past = observed.draws.loc[: str(observed.origin)]
    if isinstance(outcome, NotAssessed):
        whole = observed.table["basis"].isin(["year", "year_estimate"]).reindex(past.index).to_numpy()
        values = np.where(whole[:, None], past.to_numpy(), np.nan)
        return pd.DataFrame(values, index=past.index, columns=past.columns)
    k = np.resize(np.arange(past.shape[1]), outcome.paths.shape[1])
    return pd.concat([past.iloc[:, k].set_axis(outcome.paths.columns, axis=1), outcome.paths])


def _measure(target: Target, worlds: pd.DataFrame, scale: str) -> np.ndarray | None:
    """Return the target's measure in every world, or None when a year lies outside them."""
    first = target.start if target.measure.startswith("term") and target.start else target.end
    wanted = pd.period_range(str(first), str(target.end), freq="Y")
    yearly = _growth(worlds, scale) if "growth" in target.measure else worlds
    if not wanted.isin(yearly.index).all():
        return None
    values = yearly.loc[wanted].to_numpy(dtype=float)
    if np.isnan(values).any():
        return None
    if target.measure == "term_mean_growth":
        return np.asarray(100 * (np.prod(1 + values / 100, axis=0) ** (1 / len(wanted)) - 1))
    return np.asarray(values.sum(axis=0))


def _growth(worlds: pd.DataFrame, scale: str) -> pd.DataFrame:
    return worlds if scale == "growth" else worlds.pct_change(fill_method=None).iloc[1:] * 100


def group_verdicts(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return where each numbered group of targets stands: where its weakest part stands.

    A group is reached when all its parts are, so its chance is at most that of its weakest part; a part
    that is not assessed leaves the group open unless another part already decides it.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them; a target without a clause is a group of its own.

    Returns
    -------
    pandas.DataFrame
        One row per group in the order of its first target: document, clause, status, n_parts, n_assessed.
    """
    own = verdicts["clause"].where(verdicts["clause"] != "", verdicts["id"])
    rank = verdicts["status"].map(FROM_WORST.index)
    grouped = verdicts.assign(own=own, rank=rank, assessed=verdicts["status"] != "not_assessed").groupby(
        ["document", "own"], sort=False
    )
    groups = grouped.agg(
        clause=("clause", "first"),
        rank=("rank", "min"),
        n_parts=("id", "size"),
        n_assessed=("assessed", "sum"),
    ).reset_index()
    groups["status"] = [FROM_WORST[place] for place in groups["rank"]]
    return groups[["document", "clause", "status", "n_parts", "n_assessed"]]


def count_outlooks(statuses: pd.Series) -> dict[str, int]:
    """Return how many verdicts are likely, even, unlikely, not assessed (`schema.OUTLOOKS`)."""
    return {outlook: int(statuses.isin(words).sum()) for outlook, words in OUTLOOKS.items()}
