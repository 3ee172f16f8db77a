"""Scores of forecasts against actual values: pure functions on arrays.

Each function scores case by case and keeps the shape of the actual values; means are computed where the
groups are known (`evaluation.accuracy`). Quantiles and paths are along the last axis. An unknown value (NaN)
gives an unknown score.

References
----------
Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation, JASA 102, 359-378.
Bracher, Ray, Gneiting and Reich (2021), Evaluating epidemic forecasts in an interval format, PLOS
Computational Biology 17, e1008618.
Hyndman and Koehler (2006), Another look at measures of forecast accuracy, International Journal of
Forecasting 22, 679-688.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..core import Array, one_thread

#: The median and the ends of the central 50, 80 and 95 % intervals.
LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def mase_scale(history: ArrayLike) -> float:
    """Return the mean absolute yearly step of the history, by which errors are divided.

    mean |y_t - y_(t-1)|, the in-sample error of the naive forecast (Hyndman and Koehler 2006, section 3).

    Parameters
    ----------
    history : array of float, shape (n,)
        Values of consecutive years up to the origin.

    Returns
    -------
    float
        In the unit of the history; NaN for fewer than two values or a constant history.
    """
    steps = np.abs(np.diff(np.asarray(history, dtype=np.float64)))
    scale = float(steps.mean()) if steps.size else np.nan
    return scale if scale != 0 else np.nan


def smape(actual: ArrayLike, point: ArrayLike) -> Array:
    """Return the symmetric absolute percentage error, 0 to 200 percent.

    200 |y - x| / (|y| + |x|), as in the M3 and M4 competitions; 0 where both are zero. Intended for amounts:
    Hyndman and Koehler (2006, section 2.2) show where it misleads.

    Parameters
    ----------
    actual, point : array of float
        Actual value and point forecast, in one unit; shapes broadcast.

    Returns
    -------
    array of float
        Percent, in the broadcast shape.
    """
    y, x = np.asarray(actual, dtype=np.float64), np.asarray(point, dtype=np.float64)
    size = np.abs(y) + np.abs(x)
    return np.asarray(200 * np.abs(y - x) / np.where(size == 0, 1, size))


def pinball(actual: ArrayLike, quantiles: ArrayLike, levels: ArrayLike = LEVELS) -> Array:
    """Return the pinball loss of each quantile.

    (1{y <= q} - p) (q - y) at the level p: the score that the true p-quantile minimises (Gneiting and
    Raftery 2007, section 6.1).

    Parameters
    ----------
    actual : array of float, shape (...)
        What happened.
    quantiles : array of float, shape (..., k)
        Forecast quantiles, in the unit of `actual`.
    levels : array of float, shape (k,)
        Their levels, 0 to 1.

    Returns
    -------
    array of float, shape (..., k)
        Losses, in the unit of `actual`.
    """
    below = np.asarray(quantiles, dtype=np.float64) - np.asarray(actual, dtype=np.float64)[..., None]
    p = np.asarray(levels, dtype=np.float64)
    return np.asarray(np.maximum((1 - p) * below, -p * below))


def wis(actual: ArrayLike, quantiles: ArrayLike, levels: ArrayLike = LEVELS) -> Array:
    """Return the weighted interval score.

    Twice the mean pinball loss over the levels, which are the median and the ends of K central intervals.
    This is (|y - m| / 2 + sum of (alpha_k / 2) IS_k) / (K + 1/2) of Bracher et al. (2021), where
    IS_k = (u - l) + (2 / alpha_k) (max(l - y, 0) + max(y - u, 0)) is the interval score of Gneiting and
    Raftery (2007, equation 43). It approaches the CRPS as the number of levels grows.

    Parameters
    ----------
    actual : array of float, shape (...)
        What happened.
    quantiles : array of float, shape (..., k)
        Forecast quantiles, in the unit of `actual`.
    levels : array of float, shape (k,)
        Their levels, symmetric about one half.

    Returns
    -------
    array of float, shape (...)
        In the unit of `actual`; the absolute error if all quantiles are equal.
    """
    return np.asarray(2 * pinball(actual, quantiles, levels).mean(axis=-1))


@one_thread
def crps(actual: ArrayLike, paths: ArrayLike) -> Array:
    """Return the continuous ranked probability score of the empirical distribution of the paths.

    E|X - y| - E|X - X'| / 2 (Gneiting and Raftery 2007, equation 21) with the means over all m paths and
    all m * m pairs. With sorted paths, the second mean is 2 / m^2 times the sum of (2 i - m - 1) x_(i),
    i = 1 to m: O(m log m).

    Parameters
    ----------
    actual : array of float, shape (...)
        What happened.
    paths : array of float, shape (..., m)
        Equally likely values, in the unit of `actual`.

    Returns
    -------
    array of float, shape (...)
        In the unit of `actual`; the absolute error for a single path.
    """
    away = np.sort(np.asarray(paths, dtype=np.float64) - np.asarray(actual, dtype=np.float64)[..., None])
    m = away.shape[-1]
    weights = (2 * np.arange(1, m + 1) - m - 1) / m**2
    # rounding may give a value slightly below zero
    return np.asarray(np.maximum(np.abs(away).mean(axis=-1) - away @ weights, 0))


def brier(probability: pd.Series | float, outcome: pd.Series) -> pd.Series:
    """Return the Brier score of each probability (Brier 1950): its squared distance to the outcome.

    Parameters
    ----------
    probability : pandas.Series or float
        Between 0 and 1.
    outcome : pandas.Series
        1 if it came, 0 if not.

    Returns
    -------
    pandas.Series
        0 (right and certain) to 1 (wrong and certain); always one half gives 0.25.

    Examples
    --------
    >>> brier(pd.Series([0.9, 0.26]), pd.Series([1, 1])).round(4).to_list()
    [0.01, 0.5476]
    """
    return (probability - outcome) ** 2


def coverage(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Array:
    """Return whether each interval, ends included, contains the actual value; the mean is the coverage.

    Parameters
    ----------
    actual, lower, upper : array of float
        Actual value and ends of the intervals, in one unit; shapes broadcast.

    Returns
    -------
    array of float
        1 if the interval contains it, 0 if not, in the broadcast shape.
    """
    y, low, high = (np.asarray(values, dtype=np.float64) for values in (actual, lower, upper))
    held = ((low <= y) & (y <= high)).astype(np.float64)
    return np.where(np.isnan(y) | np.isnan(low) | np.isnan(high), np.nan, held)


def pit(actual: ArrayLike, paths: ArrayLike) -> Array:
    """Return the rank of the actual value among the paths (probability integral transform).

    (paths below + half of the paths equal) / m. Over many calibrated forecasts the ranks are uniform; a peak
    in the middle indicates intervals that are too wide, peaks at the ends intervals that are too narrow.

    Parameters
    ----------
    actual : array of float, shape (...)
        What happened.
    paths : array of float, shape (..., m)
        Equally likely values, in the unit of `actual`.

    Returns
    -------
    array of float, shape (...)
        0 (below all paths) to 1 (above all).
    """
    away = np.asarray(paths, dtype=np.float64) - np.asarray(actual, dtype=np.float64)[..., None]
    # the sign of NaN is NaN, so unknown values stay unknown
    return np.asarray((1 - np.sign(away).mean(axis=-1)) / 2)
