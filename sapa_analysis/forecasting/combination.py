"""Headline method: the median of simple forecasts, with errors pooled over other series.

The point forecast is the median of five forecasts from the series' own history and a pooled drift, which has
more weight the shorter the history is. The error of year k is z * S[k]. S is computed from the series' yearly
steps and the disagreement of the members; z is a quantile of errors in units of S, pooled over the yearly
series of the M1 and M3 competitions (`error_quantiles.csv`, written by benchmarks/learn_errors.py). The
80 % intervals of a library's own models contain 44 to 90 % of outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from ..core import Array, Scale, shipped_table
from .point_forecasts import (
    POOLED_DAMPING,
    POOLED_GROWTH,
    members,
    members_of_rates,
    pooled_step,
    years_ahead,
)

#: Prior yearly step, from similar series: as a share of the last amount, or in percentage points of a growth
#: rate. It counts as one year of the series' own history.
PRIOR_STEP = {"log": 0.12, "growth": 3.0}
#: Half of the mean step of a short history counts as drift and half as noise.
_DRIFT_SHARE = 0.5
#: Fast growth seldom lasts: the spread of amounts is wider by 4 times their yearly growth, up to 0.25.
#: Without this, 80 % intervals covered 86 % for growth below 3 % a year and 63 % for growth above 15 %.
_GROWTH_WIDENS, _MOST_GROWTH = 4.0, 0.25
#: The mean of few growth rates is itself uncertain: their variance times 1 + 3 / n.
_MEAN_ERROR = 3.0
#: Rank correlation between the errors of two years in forecasts of growth rates (0.1 to 0.4 on M1 and M3).
_COMMON = 0.25
#: The growth to which a child's short history is shrunk is one quarter the parent's forecast, the rest the
#: pooled drift. The steps of the parent and of the premium (as large as the prior step: 0.116 for countries
#: among all, 0.131 for parks among all parks) count as three years. Chosen by benchmarks/hierarchies.py.
PARENT_SHARE, PARENT_YEARS = 0.25, 3.0
#: Pooled correlation of the yearly steps of child and parent (0.55 for countries, 0.34 for parks), and the
#: number of years of common history that it counts as.
POOLED_CORRELATION, CORRELATION_WEIGHT = 0.5, 16.0
#: In logs: no path falls below a hundredth of its point forecast.
_LEAST = np.log(0.01)


@dataclass(frozen=True, slots=True)
class Combined:
    """A point forecast and its spread.

    Attributes
    ----------
    point : array of float, shape (horizon, m)
        Per version of the past, in the unit of amounts and of growth rates.
    spread : array of float, shape (horizon,)
        The unit in which errors are measured, S[k].
    """

    point: Array
    spread: Array


@dataclass(frozen=True, slots=True)
class Like:
    """Growth and yearly step of similar series, for an amount, in logs.

    Attributes
    ----------
    growth : array of float, shape (horizon,)
        Growth in each year ahead.
    step : float
        The expected size of a yearly step, without drift.
    years : float
        Years of the series' own history that the step counts as.
    """

    growth: Array
    step: float
    years: float


def like_parent(estimate: Array, point: Array) -> Like:
    """Return growth and step that a short history borrows from its parent (province, country, all countries).

    The child's growth is not compared with the parent's in the same years: their common growth then continues
    for longer than the parent's own forecast says (docs/decisions).

    Parameters
    ----------
    estimate : array of float, shape (n,)
        The parent's estimate of every year to the last year of the child's history, in logs.
    point : array of float, shape (horizon,)
        The median of the parent's forecast after that year, in logs.
    """
    ahead = years_ahead(len(point))[:, 0]
    pooled = POOLED_GROWTH * POOLED_DAMPING**ahead
    forecast = np.diff(np.concatenate([estimate[-1:], point]))
    premium = PRIOR_STEP["log"]
    step = np.hypot(np.sqrt(_mean_square(np.diff(estimate), premium, 1.0)), premium)
    return Like(PARENT_SHARE * forecast + (1 - PARENT_SHARE) * pooled, float(step), PARENT_YEARS)


def step_correlation(child: Array, parent: Array) -> float:
    """Return the correlation of the yearly steps of child and parent, shrunk towards a pooled one.

    The correlation of n steps has weight n - 1, `POOLED_CORRELATION` has weight 16. Intended for the
    innovations of joint paths.

    Parameters
    ----------
    child, parent : array of float, shape (n,)
        The same years of both, on the model's scale. One year or constant steps give the pooled correlation.
    """
    away = [steps - steps.mean() if steps.size else steps for steps in (np.diff(child), np.diff(parent))]
    size = float(np.sqrt((away[0] @ away[0]) * (away[1] @ away[1])))
    if size == 0:
        return POOLED_CORRELATION
    seen, weight = float(away[0] @ away[1]) / size, len(away[0]) - 1
    return (weight * seen + CORRELATION_WEIGHT * POOLED_CORRELATION) / (weight + CORRELATION_WEIGHT)


def error_quantiles() -> pd.DataFrame:
    """Return the shipped table: kind (amount, rate), probability of a smaller error, ahead_1 to ahead_6."""
    return shipped_table("forecasting", "error_quantiles.csv")


def error_record() -> pd.DataFrame:
    """Return the coverage of such intervals on other series: kind, years, series, held_80, held_95.

    Estimated on one of the M1 and M3 yearly sets and tested on the other; percent of outcomes.

    Examples
    --------
    >>> from sapa_analysis.forecasting import error_record
    >>> error_record().query("kind == 'amount'")[["years", "series", "held_80"]].head(3)
       years  series  held_80
    0      1     826     82.4
    1      2     826     82.8
    2      3     826     81.3
    """
    return shipped_table("forecasting", "error_record.csv")


def record_like(years: int, scale: str) -> pd.Series:
    """Return the row of `error_record` for the longest history of at most `years` years.

    Examples
    --------
    >>> from sapa_analysis.forecasting import record_like
    >>> row = record_like(5, "log")
    >>> int(row["years"]), float(row["held_80"])
    (4, 81.9)
    """
    kind, table = "rate" if scale == "growth" else "amount", error_record()
    like = table[(table["kind"] == kind) & (table["years"] <= max(years, 1))]
    row: pd.Series = like.iloc[-1]
    return row


def combine(
    estimate: Array, draws: Array, steps: Array, scale: Scale, horizon: int, like: Like | None = None
) -> Combined:
    """Return the median of the member forecasts and the unit of its error.

    Parameters
    ----------
    estimate : array of float, shape (n,)
        The estimate of every year, in the unit of the indicator.
    draws : array of float, shape (n, m)
        Versions of the estimate.
    steps : array of float
        Yearly steps of amounts between years with a published figure, in their unit; for growth rates, the
        figures themselves.
    scale : Scale
        `log` or `growth`; for the other scales see `rate_trend`.
    horizon : int
        Years ahead.
    like : Like, optional
        Growth and step of similar series, for amounts only; all series pooled when not given.
    """
    past = np.column_stack([estimate, draws])
    past = past if scale.name == "log" else scale.to_model(past)
    stacked = np.stack(_members(past, scale.name, horizon, like))
    disagreement = stacked[:, :, 0].std(axis=0)
    own = _own_variance(steps, past[:, 0], scale.name, horizon, like)
    spread = np.sqrt(own + disagreement**2) * (_widening(past[:, 0], like) if scale.name == "log" else 1.0)
    return Combined(np.median(stacked[:, :, 1:], axis=0), spread)


def _members(past: Array, scale: str, horizon: int, like: Like | None) -> list[Array]:
    if scale == "log":
        return members(past, past[:, 0], horizon, None if like is None else like.growth)
    return members_of_rates(past, past[:, 0], horizon)


def _widening(estimate: Array, like: Like | None) -> float:
    pooled = POOLED_GROWTH if like is None else float(like.growth[0]) / POOLED_DAMPING
    growth = abs(pooled_step(np.log(estimate), pooled))
    return 1 + _GROWTH_WIDENS * min(float(growth), _MOST_GROWTH)


def _own_variance(steps: Array, estimate: Array, scale: str, horizon: int, like: Like | None) -> Array:
    """Return the variance of each year ahead from the series' own steps and a prior step."""
    prior, years = (PRIOR_STEP[scale], 1.0) if like is None else (like.step, like.years)
    if scale == "log":
        prior *= estimate[-1]
    n = len(steps)
    if scale == "growth":
        around = ((steps - steps.mean()) ** 2).sum() if n else 0.0
        return np.full(horizon, (prior**2 + around) / max(n, 1) * (1 + _MEAN_ERROR / max(n, 1)))
    return np.asarray(_mean_square(steps, prior, years) * np.arange(1, horizon + 1))


def _mean_square(steps: Array, prior: float, years: float) -> float:
    """Return the mean square of steps less half their mean, with a prior step that counts as `years`."""
    centred = steps - _DRIFT_SHARE * steps.mean() if steps.size else steps
    return float((years * prior**2 + centred @ centred) / (years + len(steps)))


def paths_around(
    combined: Combined,
    scale: Scale,
    n_paths: int,
    rng: np.random.Generator,
    *,
    noise: Array | None = None,
) -> Array:
    """Return paths on the scale of the model, years x paths; path k starts from version k of the past.

    Errors of amounts follow a random walk across the years (on M1 and M3 the rank correlation of
    errors k and l years ahead is sqrt(k / l) to 0.05); those of growth rates have a common factor. Paths come
    in pairs with errors of opposite sign. Above the point forecast an amount deviates in its unit, below it
    in logs, so no path is negative. The last years use the innovations of `noise`, if given.
    """
    kind = "rate" if scale.name == "growth" else "amount"
    scores = draw_scores(kind, len(combined.spread), n_paths, rng, noise)
    shift = _errors(scores, kind) * combined.spread[:, None]
    point = combined.point[:, np.arange(n_paths) % combined.point.shape[1]]
    if scale.name != "log":
        return np.asarray(point + shift)
    relative = np.maximum(shift / point, _LEAST)
    return np.asarray(np.log(point) + np.where(relative > 0, np.log1p(np.maximum(relative, 0)), relative))


def draw_scores(
    kind: str, horizon: int, n_paths: int, rng: np.random.Generator, noise: Array | None = None
) -> Array:
    """Return standard normal scores, years x paths, in pairs of opposite sign.

    Those of growth rates (`rate`) have a common factor, all others follow a random walk across the years. The
    last years use the innovations of `noise`, if given.
    """
    drawn = rng.standard_normal((horizon + 1, -(-n_paths // 2)))
    if noise is not None:
        drawn[-len(noise) :] = noise
    half = _rate_scores(drawn) if kind == "rate" else _walk_scores(drawn)
    return np.hstack([half, -half])[:, :n_paths]


def _walk_scores(noise: Array) -> Array:
    walk = np.cumsum(noise[1:], axis=0)
    return np.asarray(walk / np.sqrt(np.arange(1, len(walk) + 1))[:, None])


def _rate_scores(noise: Array) -> Array:
    return np.asarray(np.sqrt(_COMMON) * noise[0] + np.sqrt(1 - _COMMON) * noise[1:])


def _errors(scores: Array, kind: str) -> Array:
    """Convert standard normal scores to errors in units of the spread; beyond the table, use its last row."""
    table = error_quantiles()
    table = table[table["kind"] == kind]
    known = [NormalDist().inv_cdf((1 + p) / 2) for p in table["probability"]]
    ahead = [name for name in table.columns if name.startswith("ahead_")]
    rows = [table[ahead[min(k, len(ahead) - 1)]].to_numpy() for k in range(len(scores))]
    return np.array(
        [np.sign(row) * np.interp(np.abs(row), known, sizes) for row, sizes in zip(scores, rows, strict=True)]
    )
