"""Forecasts and targets to verdicts: value, gap, pace still needed, probability, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .schema import Forecast, NotAssessed, Verdicts, YearlySeries, row_of, word_of, years_of
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
        "status": "not_assessed",
        "reason": reason,
    }
    if target.measure == "yes_no":
        return {**stand, "reason": "yes_no"}
    if observed is not None and _is_known(target, observed):
        estimate = _measure(target, observed.table[["estimate"]], observed.scale)
        assert estimate is not None
        return {
            **stand,
            "status": "met" if target.attained(estimate, about=half)[0] else "missed",
            "reason": "",
        }
    if reason or not isinstance(outcome, Forecast):
        return stand
    return {**stand, **_likelihood(target, outcome, half)}


def _latest(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    if observed is None or not observed.observed_years:
        return {"latest_year": None, "latest": None, "latest_basis": "", "n_years": 0, "gap": None}
    years = observed.observed_years
    row = row_of(observed.table, years[-1])
    comparable = target.measure == "level" or (target.measure == "growth" and observed.scale == "growth")
    return {
        "latest_year": years[-1],
        "latest": float(row["estimate"]),
        "latest_basis": str(row["basis"]),
        "n_years": len(years),
        "gap": float(row["estimate"]) - target.value if comparable else None,
    }


def _pace(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    nothing = {"pace": None, "pace_unit": ""}
    if observed is None or not observed.observed_years:
        return nothing
    own = observed.table["estimate"][np.isin(years_of(observed.table), observed.observed_years)]
    if target.measure in ("growth", "term_mean_growth") and observed.scale != "growth":
        own = _growth(observed.table[["estimate"]], observed.scale)["estimate"].reindex(own.index).dropna()
    pace = required_pace(target, own)
    return {"pace": pace.per_year, "pace_unit": pace.unit} if pace else nothing


def _is_known(target: Target, observed: YearlySeries) -> bool:
    if target.end > observed.origin:
        return False
    needed = range(
        target.start if target.measure.startswith("term") and target.start else target.end, target.end + 1
    )
    basis = observed.table["basis"].groupby(years_of(observed.table)).first()
    return all(basis.get(year) == "year" for year in needed)


def _likelihood(target: Target, forecast: Forecast, half: float) -> dict[str, Any]:
    values = _measure(target, _worlds(forecast), forecast.observed.scale)
    if values is None:
        return {"reason": "outside_years"}
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


def _worlds(forecast: Forecast) -> pd.DataFrame:
    """Return past and future of every world: draw k goes on as path k."""
    past = forecast.observed.draws.loc[: str(forecast.observed.origin)]
    k = np.resize(np.arange(past.shape[1]), forecast.paths.shape[1])
    return pd.concat([past.iloc[:, k].set_axis(forecast.paths.columns, axis=1), forecast.paths])


def _measure(target: Target, worlds: pd.DataFrame, scale: str) -> np.ndarray | None:
    """Return the target's measure in every world, or None when a year lies outside them."""
    first = target.start if target.measure.startswith("term") and target.start else target.end
    wanted = pd.period_range(str(first), str(target.end), freq="Y")
    yearly = _growth(worlds, scale) if "growth" in target.measure else worlds
    if not wanted.isin(yearly.index).all():
        return None
    values = yearly.loc[wanted].to_numpy(dtype=float)
    if target.measure == "term_mean_growth":
        return np.asarray(100 * (np.prod(1 + values / 100, axis=0) ** (1 / len(wanted)) - 1))
    return np.asarray(values.sum(axis=0))


def _growth(worlds: pd.DataFrame, scale: str) -> pd.DataFrame:
    return worlds if scale == "growth" else worlds.pct_change().iloc[1:] * 100
