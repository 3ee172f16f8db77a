"""Yearly plans as measurements, with the error that earlier plans had against their outcomes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from ..core import Target, is_yearly_plan, last_day, targets_table

#: The suffix that distinguishes a plan from a statement of the indicator.
PLAN = ".plan"
#: Prior of fulfilment, in logs: a plan is met, with this standard deviation; it counts as two pairs.
_PRIOR_PAIRS, _PRIOR_SD = 2, 0.25
#: Logarithms that differ by less are equal: floating-point noise.
_NOISE = 1e-9


def read_plans(
    targets: Sequence[Target], statements: pd.DataFrame, indicators: Collection[str]
) -> pd.DataFrame:
    """Return yearly plans as statements, in the columns that a joint system reads.

    Parameters
    ----------
    targets : sequence of Target
        Targets of one area and those it lies in, as known at the vintage.
    statements : pandas.DataFrame
        Statements of an area and those it lies in (`system.read_all`); the whole-year ones are the outcomes.
    indicators : collection of str
        Indicators that plans may inform.

    Notes
    -----
    The logarithm of outcome over plan has one distribution in all areas of the table: its mean and spread are
    computed from the pairs known by then, shrunk towards a plan that is met.
    """
    chosen = _chosen(targets, indicators)
    if not chosen:
        return statements.iloc[:0]
    plans = targets_table(chosen)
    mean, sd = _fulfilment(plans, statements)
    years = plans["end"].astype("int64")
    reading = np.log(plans["value"].astype("float64")) + mean
    return pd.DataFrame(
        {
            "indicator_id": plans["indicator_id"] + PLAN,
            "member": plans["indicator_id"],
            "area": plans["area"],
            "period": years.astype(str),
            "value": plans["value"],
            "published": plans["published"],
            "source_title": plans["source_title"],
            "source_url": plans["source_url"],
            "year": years,
            "first": years,
            "form": "level",
            "basis": "",
            "reading": reading,
            "own_sd": sd,
            "shared_sd": 0.0,
            "sd": sd,
            "cause": "",
        }
    ).reset_index(drop=True)


def _chosen(targets: Sequence[Target], indicators: Collection[str]) -> list[Target]:
    return [
        target
        for target in targets
        if target.indicator_id in indicators
        and target.measure == "level"
        and target.value > 0
        and is_yearly_plan(target.end, target.published)
    ]


def plan_outcomes(
    targets: Sequence[Target], statements: pd.DataFrame, indicators: Collection[str], ended: int
) -> tuple[tuple[str, int, bool | None], ...]:
    """Return area and year of each yearly plan up to an ended year, and whether it was fulfilled.

    None stands for a plan without a known outcome of the whole year; the others are those from whose outcomes
    `read_plans` takes mean and spread. A plan that was repeated or raised counts once, as it was first
    published.

    Parameters
    ----------
    targets, statements, indicators
        As in `read_plans`.
    ended : int
        The last year that had ended.
    """
    first: dict[tuple[str, str, int], Target] = {}
    for target in sorted(_chosen(targets, indicators), key=lambda each: last_day(each.published)):
        first.setdefault((target.indicator_id, target.area, target.end), target)
    outcomes = _outcomes(statements)
    found = [
        (area, year, bool(outcomes[key] >= np.log(plan.value) - _NOISE) if key in outcomes else None)
        for key, plan in first.items()
        for _, area, year in [key]
        if year <= ended
    ]
    return tuple(sorted(found, key=lambda each: each[:2]))


def _outcomes(statements: pd.DataFrame) -> pd.Series:
    """Return the logarithm of each outcome: the mean of the statements about a whole year."""
    whole = statements[statements["basis"] == "year"]
    return whole.groupby(["member", "area", "year"])["reading"].mean()


def _fulfilment(plans: pd.DataFrame, statements: pd.DataFrame) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm of outcome over plan."""
    outcomes = _outcomes(statements)
    keys = zip(plans["indicator_id"], plans["area"], plans["end"].astype("int64"), strict=True)
    pairs = [
        outcomes[key] - np.log(value)
        for key, value in zip(keys, plans["value"], strict=True)
        if key in outcomes
    ]
    found, n = np.array(pairs, dtype=float), len(pairs)
    mean = float(found.sum()) / (n + _PRIOR_PAIRS)
    variance = (((found - mean) ** 2).sum() + _PRIOR_PAIRS * (_PRIOR_SD**2 + mean**2)) / (n + _PRIOR_PAIRS)
    return mean, float(np.sqrt(variance * (1 + 1 / (n + _PRIOR_PAIRS))))
