"""Headline method: exponential smoothing whose weights and starting slope were learned on other series.

Short series cannot tell their own smoothing weights: a fit on eight figures finds accidents. So the weights
and the slope to which a short history is shrunk are the same for all series of a scale (`smoothing.csv`,
chosen by benchmarks/learn_errors.py), and statsmodels' `ETSModel` smooths with them. docs/headline.md
computes a median in five lines.

References
----------
Hyndman, Koehler, Ord and Snyder (2008), Forecasting with exponential smoothing, Springer, chapter 2.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import Array, shipped_table
from .steadiness import LEAST_FIGURES, STEADY_FADING, last_run, steadiness

#: A falling line has a floor at this share of the last amount: amounts stay above zero.
LEAST_SHARE = 0.1
#: Prior standard deviation of equal steps: of amounts in logs, of growth rates in points.
STEADY_STEP = {"log": 0.01, "growth": 0.1}
#: So many steps of a steady path go on as they were.
RECENT_STEPS = 5
#: So many versions of a past are forecast one by one: the estimate, and itself where it is exact.
_FEW = 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """A point forecast and the unit of its error.

    Attributes
    ----------
    point : array of float, shape (horizon, m)
        Per version of the past, in the unit of the series.
    spread : array of float, shape (horizon,)
        The unit in which errors are measured, S[k], in the unit of the series.
    weight : float
        Weight of the own slope, from 0 to 1, where it has one.
    """

    point: Array
    spread: Array
    weight: float = 1.0


def smoothing_table() -> pd.DataFrame:
    """Return the shipped constants of exponential smoothing, one row per scale.

    Returns
    -------
    pandas.DataFrame
        By scale (`log`: amounts, `growth`: percent a year): the smoothing weights `level` and `trend`, 0 to
        1; `prior`, the slope of similar series as a share of the last amount a year, or their growth in
        percent a year, and `prior_years`, the years of history it counts as; `step`, the size of a yearly
        step of similar series as a share of the last amount, or in points, which counts as one year;
        `slope_error`, the share of the slope that may be wrong. Learned on the M1 and M3 yearly series,
        visits to American parks and GDP of countries.

    Examples
    --------
    >>> from sapa_analysis.forecasting import smoothing_table
    >>> smoothing_table().loc["log", ["level", "trend", "prior", "prior_years"]].tolist()
    [0.85, 0.1, 0.03, 8.0]
    """
    return shipped_table("forecasting", "smoothing.csv").set_index("scale")


@dataclass(frozen=True, slots=True)
class Smoothing:
    """The constants of one scale, as `smoothing_table` names them."""

    level: float
    trend: float
    prior: float
    prior_years: float
    step: float
    slope_error: float


@dataclass(frozen=True, slots=True)
class Like:
    """Growth and yearly step of similar series, for an amount.

    Attributes
    ----------
    growth : float
        Yearly growth, as a share of the last amount.
    step : float
        The expected size of a yearly step, without drift, as a share of the last amount.
    """

    growth: float
    step: float


@dataclass(frozen=True, slots=True)
class Steady:
    """The own slope a year (of an amount as a share of the last one, else in points), its weight, 0 to 1."""

    slope: float
    weight: float


def smooth_ahead(
    scale: str,
    estimate: Array,
    draws: Array,
    figures: Array,
    horizon: int,
    like: Like | None = None,
    steady: Steady | None = None,
) -> Outlook:
    """Return the forecast by exponential smoothing of an amount or a growth rate, and the unit of its error.

    Parameters
    ----------
    scale : {"log", "growth"}
        An amount, or a growth rate in percent a year.
    estimate : array of float, shape (n,)
        The estimate of every year, in the unit of the series.
    draws : array of float, shape (n, m)
        Versions of the estimate; the forecast is made from each.
    figures : array of float
        Of an amount, the steps between years with a published figure, each scaled to one year; of a growth
        rate, the published figures.
    horizon : int
        Years ahead.
    like : Like, optional
        Growth and step of similar series, for amounts only; all series pooled when not given.
    steady : Steady, optional
        The own slope and its weight; without weight when not given.
    """
    how = smoothing_of(scale)
    prior = how.prior if like is None else like.growth
    past = np.column_stack([estimate, draws])
    ahead = _ahead(how, past, horizon, prior)
    if steady is not None:
        rise = steady.slope * _line(scale, horizon + 1)[:, None]
        own = past[-1] * (1 + rise) if scale == "log" else past[-1] + rise
        ahead = (1 - steady.weight) * ahead + steady.weight * own
    if scale == "growth":
        spread = _spread_of_rates(how, estimate.mean(), figures)
        return Outlook(ahead[:horizon, 1:], np.full(horizon, spread))
    slope = ahead[1, 0] - ahead[0, 0]
    years = np.arange(1.0, horizon + 1)
    step = how.step if like is None else like.step
    noise = mean_square(figures, step * estimate[-1])
    spread = np.sqrt(noise * years + (how.slope_error * slope * years) ** 2)
    return Outlook(np.maximum(ahead[:horizon, 1:], LEAST_SHARE * past[-1, 1:]), spread)


def steady_slope(scale: str, years: NDArray[np.int64], values: Array) -> Steady:
    """Return the own slope of an amount or a growth rate, that of its last five steps, and its weight.

    Parameters
    ----------
    scale : {"log", "growth"}
        An amount, or a growth rate in percent a year.
    years : array of int, shape (n,)
        Years with a figure, ascending.
    values : array of float, shape (n,)
        The figures; amounts are above zero, in any unit.

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.forecasting import steady_slope
    >>> found = steady_slope("log", np.array([2020, 2021, 2022]), np.array([100.0, 110, 121]))
    >>> round(found.slope, 4), round(found.weight, 2)
    (0.0868, 1.0)
    """
    amount, recent = scale == "log", slice(-RECENT_STEPS - 1, None)
    if len(years) < LEAST_FIGURES:
        return Steady(0.0, 0.0)
    run = last_run(years)
    years, values = years[run], values[run]
    weight = steadiness(years, np.log(values) if amount else values, STEADY_STEP[scale])
    span = float(years[-1] - years[recent][0]) * (float(values[-1]) if amount else 1.0)
    return Steady(float(values[-1] - values[recent][0]) / span, weight)


def _line(scale: str, horizon: int) -> Array:
    """Return how many steps an own slope has made after so many years: that of a growth rate fades."""
    years = np.arange(1.0, horizon + 1)
    return years if scale == "log" else np.cumsum(STEADY_FADING**years)


@cache
def smoothing_of(scale: str) -> Smoothing:
    """Return the constants of one scale."""
    row = smoothing_table().loc[scale].astype(float)
    return Smoothing(**{str(name): value for name, value in row.to_dict().items()})


def _ahead(how: Smoothing, past: Array, horizon: int, prior: float) -> Array:
    """Return the forecasts of a few versions of a past one by one, of many by the weights of their years."""
    if past.shape[1] <= _FEW:
        return np.column_stack([forecast_known(how, version, horizon + 1, prior) for version in past.T])
    weights, constant = forecast_weights(how, len(past), horizon, prior)
    return np.asarray(weights @ past + constant[:, None])


@lru_cache(maxsize=256)
def forecast_weights(how: Smoothing, n: int, horizon: int, prior: float) -> tuple[Array, Array]:
    """Return the forecast as weights of the n years and a constant, one year more than the horizon.

    With given smoothing weights the forecast is linear in the history, so statsmodels' forecasts of unit
    histories forecast every version of a past.
    """
    constant = forecast_known(how, np.zeros(n), horizon + 1, prior)
    unit = [forecast_known(how, history, horizon + 1, prior) - constant for history in np.eye(n)]
    return np.column_stack(unit), constant


def forecast_known(how: Smoothing, history: Array, horizon: int, prior: float) -> Array:
    """Return statsmodels' forecast of one history in its unit, from given weights and a shrunk start.

    An amount starts on the line through its first year whose slope is the mean yearly step, shrunk towards
    `prior` times the last amount; a growth rate at its mean, shrunk towards `prior`.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # heavy: loaded when first needed

    n, known = len(history), {"initialization_method": "known"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # likelihoods, which unit histories do not have and nobody asks for
        if not how.trend:
            start = (history.sum() + how.prior_years * prior) / (n + how.prior_years)
            model = ETSModel(history, error="add", initial_level=start, **known)
            return np.asarray(model.smooth([how.level, start]).forecast(horizon))
        rise = history[-1] - history[0] + how.prior_years * prior * history[-1]
        slope = rise / (n - 1 + how.prior_years)
        start = history[0] - slope
        # statsmodels 0.15 halts the slope of a single year, so one year of the line stands before the first
        history, start = np.append(start, history), start - slope
        model = ETSModel(history, error="add", trend="add", initial_level=start, initial_trend=slope, **known)
        return np.asarray(model.smooth([how.level, how.trend, start, slope]).forecast(horizon))


def mean_square(steps: Array, prior: float) -> float:
    """Return the mean square of steps less half their mean, with a prior step that counts as one of them.

    Half of the mean step of a short history counts as drift and half as noise.
    """
    centred = steps - steps.mean() / 2 if steps.size else steps
    return float((prior**2 + centred @ centred) / (1 + len(steps)))


def _spread_of_rates(how: Smoothing, mean: float, figures: Array) -> float:
    """Return the spread of growth rates around their shrunk mean, wider by 3 / n, as that is uncertain."""
    n = len(figures)
    middle = (n * mean + how.prior_years * how.prior) / (n + how.prior_years)
    around = float(((figures - middle) ** 2).sum())
    return float(np.sqrt((how.step**2 + around) / (1 + n) * (1 + 3 / max(n, 1))))
