"""Forecasting models as simulated worlds; the only door to statsmodels.

Every model takes a `History` and returns worlds on the scale of the model. Accuracy on 518 public yearly
tourism series, four years ahead (MASE): naive 3.01, linear drift 2.62, damped trend on logs 3.24, theta
2.73; 80 % intervals of drift with an estimation term held 80 %, of the damped trend 39 %, of theta 60 %
(method note, section 2). Hence linear drift carries the headline until a combination beats it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .scales import Scale

Array = NDArray[np.float64]

#: A straight line that falls is floored at this share of its last level, so that amounts stay above zero.
_LEAST_SHARE = 0.1
#: Few steps leave the spread so uncertain that, compounded, single worlds would run away: a spread of
#: more than this times the one seen is not drawn (0.1 % of the draws with eight steps, 3 % with three).
_MOST_SPREAD = 3.0


@dataclass(frozen=True, slots=True)
class History:
    """What a model may see of the past.

    Attributes
    ----------
    years : array of int, shape (n,)
        Years with a figure of their own, ascending.
    values : array of float, shape (n,)
        Their estimates, in the unit of the indicator.
    path : array of float, shape (m,)
        The estimate of every year from the first to the origin, gaps filled.
    scale : Scale
        Scale of the model.
    """

    years: NDArray[np.int64]
    values: Array
    path: Array
    scale: Scale


@dataclass(frozen=True, slots=True)
class Fit:
    """Worlds on the scale of the model, years x worlds, and what the fit warned about."""

    worlds: Array
    health: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A forecasting model, the years it needs, and what it assumes."""

    simulate: Callable[[History, int, int, np.random.Generator], Fit]
    min_years: int
    assumes: str


def _steps(history: History, drift: float) -> Array:
    """Return the steps between figures, less the drift, each scaled to one year."""
    gaps = np.diff(history.years)
    return (np.diff(history.scale.to_model(history.values)) - gaps * drift) / np.sqrt(gaps)


def _sigma(steps: Array, freedom: int, n_paths: int, rng: np.random.Generator) -> Array:
    """Return draws of the yearly standard deviation given the steps (scaled inverse chi-squared)."""
    draws = np.sqrt(float(steps @ steps) / rng.chisquare(freedom, size=n_paths))
    return np.asarray(np.minimum(draws, _MOST_SPREAD * np.sqrt(float(steps @ steps) / freedom)))


def naive(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
    """Simulate a random walk without drift: next year is like this one, give or take.

    The spread is that of the yearly steps, with its own uncertainty (Student-t in every year).
    """
    steps = _steps(history, 0.0)
    sigma = _sigma(steps, len(steps), n_paths, rng)
    noise = np.cumsum(rng.standard_normal((horizon, n_paths)), axis=0) * sigma
    return Fit(history.scale.to_model(history.path[-1]) + noise)


def linear_drift(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
    """Simulate a random walk around a straight line from the first figure to the last.

    The line is straight in the unit of the indicator, so growth is not compounded; the spread, on the
    scale of the model, includes the uncertainty of the slope and of the spread itself.
    """
    slope = (history.values[-1] - history.values[0]) / float(history.years[-1] - history.years[0])
    line = history.path[-1] + slope * np.arange(1, horizon + 1)
    return Fit(_centre(history, line)[:, None] + _departures(history, horizon, n_paths, rng))


def _centre(history: History, line: Array) -> Array:
    """Return a centre given in the unit on the scale of the model, amounts kept above zero."""
    if history.scale.name == "log":
        line = np.maximum(line, _LEAST_SHARE * history.path[-1])
    return history.scale.to_model(line)


def _departures(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Array:
    """Return how far each world departs from a centre that drifts: noise, and a slope of its own."""
    z = history.scale.to_model(history.values)
    span = float(history.years[-1] - history.years[0])
    steps = _steps(history, float(z[-1] - z[0]) / span)
    sigma = _sigma(steps, len(steps) - 1, n_paths, rng)
    noise = np.cumsum(rng.standard_normal((horizon, n_paths)), axis=0)
    ahead = np.arange(1, horizon + 1)[:, None]
    return np.asarray(sigma * (noise + ahead * rng.standard_normal(n_paths) / np.sqrt(span)))


def damped_trend(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
    """Simulate statsmodels' exponential smoothing with an additive damped trend, on the model's scale.

    Its own spread is far too narrow on short series (see the module); it stands beside the others as a
    second opinion about the centre.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # heavy: loaded when first needed

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = ETSModel(
            history.scale.to_model(history.path),
            error="add",
            trend="add",
            damped_trend=True,
            initialization_method="estimated",
        )
        fit = model.fit(disp=False)
        worlds = fit.simulate(horizon, anchor="end", repetitions=n_paths, rng=rng)
    return Fit(np.asarray(worlds, dtype=float).reshape(horizon, n_paths), _health(caught))


def _health(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    return tuple(sorted({str(warning.message).split("\n")[0] for warning in caught}))


def theta(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
    """Simulate around statsmodels' theta forecast: half the trend, from a smoothed last level.

    The centre is forecast in the unit of the indicator, as the method was published (Assimakopoulos and
    Nikolopoulos 2000; Hyndman and Billah 2003): on logs its straight trend would compound. statsmodels
    gives an interval but no worlds, so these depart from the centre as those of `linear_drift` do.
    """
    from statsmodels.tsa.forecasting.theta import ThetaModel  # heavy: loaded when first needed

    line, caught = np.full(horizon, history.path[-1]), []
    if np.ptp(history.path) > 0:  # statsmodels finds a trend in a constant: add_trend skips its intercept
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fit = ThetaModel(history.path, deseasonalize=False).fit()
            line = np.asarray(fit.forecast(horizon), dtype=float)
    worlds = _centre(history, line)[:, None] + _departures(history, horizon, n_paths, rng)
    return Fit(worlds, _health(caught))


#: Every model by name; a new one is one function and one line.
MODELS = {
    "naive": Model(naive, 3, "next year is like the last"),
    "linear_drift": Model(linear_drift, 4, "the straight line from the first figure to the last goes on"),
    "damped_trend": Model(damped_trend, 8, "the latest trend goes on and fades"),
    "theta": Model(theta, 4, "half the trend of all years goes on from the recent level"),
}
#: The model behind `method="headline"`.
HEADLINE = "linear_drift"
