"""Point forecasts in closed form: from histories (years x paths) to years ahead x paths.

Each function is one model's point forecast, computed for many versions of the past at once, so that the
uncertainty of a series enters path by path. A test compares those that replace a statsmodels fit with that
fit, if it is unique: among equally good weights statsmodels keeps its starting value.
"""

from __future__ import annotations

import numpy as np

from ..core import Array

#: A falling line has a floor at this share of the last amount: amounts stay above zero.
LEAST_SHARE = 0.1
#: A mean step that continues is multiplied by this factor every year.
DAMPING = 0.9
#: The pooled drift: yearly growth of similar series in logs, the years of history that it counts as, and its
#: damping. Estimated on the M1 and M3 yearly series cut to 1, 2, ... 20 years; see docs/decisions.
POOLED_GROWTH, POOLED_WEIGHT, POOLED_DAMPING = 0.03, 8.0, 0.95
#: The same for series that are growth rates themselves, in percentage points.
POOLED_RATE, POOLED_RATE_WEIGHT, RATE_MEMORY = 3.0, 4.0, 0.4
#: The pooled drift counts as two members, or in a history of n years as this over n if that is more.
_SHORT = 16
#: Among growth rates each pooled forecast counts once, or as this over n if that is more.
_SHORT_RATES = 6


def years_ahead(horizon: int) -> Array:
    """Return 1, 2, ... as a column."""
    return np.arange(1.0, horizon + 1)[:, None]


def faded(horizon: int, damping: float) -> Array:
    """Return the cumulated powers of `damping` as a column: the total effect of a fading unit step."""
    return np.cumsum(damping ** years_ahead(horizon), axis=0)


def slope(past: Array) -> Array:
    """Return the mean yearly step from the first year to the last, per path; zero for a single year."""
    return np.asarray((past[-1] - past[0]) / max(len(past) - 1, 1))


def naive(past: Array, horizon: int) -> Array:
    """Return the last value in every year."""
    return np.repeat(past[-1:], horizon, axis=0)


def linear_drift(past: Array, horizon: int) -> Array:
    """Return the straight line from the first value through the last."""
    return np.asarray(past[-1] + years_ahead(horizon) * slope(past))


def damped_drift(past: Array, horizon: int) -> Array:
    """Return the last value plus a mean step that fades by a tenth a year."""
    return np.asarray(past[-1] + faded(horizon, DAMPING) * slope(past))


def damped_log_drift(past: Array, horizon: int) -> Array:
    """Return the last amount growing at its mean rate, which fades by a tenth a year."""
    return np.asarray(np.exp(damped_drift(np.log(past), horizon)))


def pooled_drift(past: Array, horizon: int, growth: float) -> Array:
    """Return the last value plus a fading step: its own mean step, shrunk towards that of similar series.

    Parameters
    ----------
    past : array of float, shape (n, m)
        Values on the scale of the model.
    horizon : int
        Years ahead.
    growth : float
        Mean yearly step of similar series, on that scale.
    """
    return np.asarray(past[-1] + faded(horizon, POOLED_DAMPING) * pooled_step(past, growth))


def pooled_step(past: Array, growth: float) -> Array:
    """Return the mean yearly step, shrunk towards that of similar series."""
    n = len(past)
    return np.asarray((past[-1] - past[0] + POOLED_WEIGHT * growth) / (n - 1 + POOLED_WEIGHT))


def borrowed_drift(past: Array, growth: Array) -> Array:
    """Return the last value plus a fading step: its mean step, shrunk towards a forecast of similar series.

    Equal to `pooled_drift` if that forecast is a constant with the same damping.

    Parameters
    ----------
    past : array of float, shape (n, m)
        Values on the scale of the model.
    growth : array of float, shape (horizon,)
        Step of similar series in each year ahead, on that scale.
    """
    weight = POOLED_WEIGHT / (len(past) - 1 + POOLED_WEIGHT)
    own = faded(len(growth), POOLED_DAMPING) * slope(past)
    return np.asarray(past[-1] + (1 - weight) * own + weight * np.cumsum(growth)[:, None])


def smoothing_weight(estimate: Array) -> float:
    """Return the weight of simple exponential smoothing with the least squared one-step errors.

    Smoothing starts from the first value, as in statsmodels' `ThetaModel`; the weight is found on ever finer
    grids, to one part in 10,000. If several are equally good (two years, or a series that is constant until
    its last year), it is the largest, so that the last value is not ignored.
    """
    weights, width = np.linspace(0.0, 1.0, 101), 0.01
    best = _least_squares(estimate, weights)
    while width > 1e-4:
        weights, width = np.clip(np.linspace(best - width, best + width, 21), 0.0, 1.0), width / 10
        best = _least_squares(estimate, weights)
    return best


def _least_squares(estimate: Array, weights: Array) -> float:
    level, total = np.full(len(weights), estimate[0]), np.zeros(len(weights))
    for value in estimate:
        error = value - level
        total += error * error
        level += weights * error
    return float(weights[::-1][np.argmin(total[::-1])])


def smoothed(past: Array, weight: float) -> Array:
    """Return the level of exponential smoothing after the last year, per path."""
    level = past[0].copy()
    for values in past[1:]:
        level += weight * (values - level)
    return np.asarray(level)


def theta(past: Array, horizon: int, *, weight: float, share: float) -> Array:
    """Return the theta forecast: a smoothed level plus a share of the trend of all years.

    Parameters
    ----------
    past : array of float, shape (n, m)
        Values in the unit of the indicator.
    horizon : int
        Years ahead.
    weight : float
        Weight of the smoothing; see `smoothing_weight`.
    share : float
        (theta - 1) / theta: 0.5 for theta 2, 1 for theta infinity.

    Notes
    -----
    Assimakopoulos and Nikolopoulos (2000), in the form of Hyndman and Billah (2003).
    """
    n = len(past)
    time = np.arange(n) - (n - 1) / 2
    trend = time @ past / (float(time @ time) or 1.0)
    lag = (1 - (1 - weight) ** n) / weight if weight > 0 else n  # its limit
    return np.asarray(smoothed(past, weight) + share * trend * (years_ahead(horizon) - 1 + lag))


def floor(point: Array, last: Array) -> Array:
    """Return a point forecast of amounts with a floor at a tenth of the last amount."""
    return np.maximum(point, LEAST_SHARE * last)


def members(past: Array, estimate: Array, horizon: int, growth: Array | None = None) -> list[Array]:
    """Return five forecasts of amounts from their own history and, two or more times, the pooled drift.

    Parameters
    ----------
    past : array of float, shape (n, m)
        Amounts above zero, one column per path.
    estimate : array of float, shape (n,)
        The estimate from which the smoothing weight is computed.
    horizon : int
        Years ahead.
    growth : array of float, shape (horizon,), optional
        Yearly growth of similar series ahead, in logs; `POOLED_GROWTH`, fading, when not given.
    """
    weight = smoothing_weight(estimate)
    own = [
        naive(past, horizon),
        linear_drift(past, horizon),
        damped_log_drift(past, horizon),
        theta(past, horizon, weight=weight, share=0.5),
        theta(past, horizon, weight=weight, share=1.0),
    ]
    logs = np.log(past)
    drift = pooled_drift(logs, horizon, POOLED_GROWTH) if growth is None else borrowed_drift(logs, growth)
    pooled = np.exp(drift)
    return [floor(member, past[-1]) for member in [*own, *_repeated(pooled, len(past))]]


def _repeated(pooled: Array, n: int) -> list[Array]:
    return [pooled] * max(2, int(np.ceil(_SHORT / n)))


def members_of_rates(past: Array, estimate: Array, horizon: int) -> list[Array]:
    """Return forecasts of growth rates: last value, smoothed level, mean; and two pooled, once or more.

    Growth rates return to their mean: forecasts that continue a trend have twice the error (docs/decisions).
    """
    n, mean = len(past), past.mean(axis=0)
    pooled = (n * mean + POOLED_RATE_WEIGHT * POOLED_RATE) / (n + POOLED_RATE_WEIGHT)
    ends = [past[-1], smoothed(past, smoothing_weight(estimate)), mean]
    returning = pooled + RATE_MEMORY ** years_ahead(horizon) * (past[-1] - pooled)
    like = [naive(pooled[None, :], horizon), returning] * max(1, int(np.ceil(_SHORT_RATES / n)))
    return [*(naive(end[None, :], horizon) for end in ends), *like]
