"""Forecasting models that simulate paths.

Every model takes a `History` and returns paths on the scale of the model. The headline is
`exponential_smoothing`, statsmodels' ETS with weights, starts and errors learned on other series: fitted on
one short series, no model is best, and the models' own intervals are far too narrow (benchmarks/README.md).
The other models give a second opinion, each with its own spread.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core import Array, SapaError, Scale
from .error_law import draw_scores, paths_around
from .rate_trend import Figures, last_digit, look_ahead, paths_of
from .smoothing import LEAST_SHARE, Like, smooth_ahead, steady_slope

#: With few steps the spread is so uncertain that single paths, compounded, would explode: a drawn spread is
#: limited to this multiple of the observed one (0.1 % of the draws with eight steps, 3 % with three).
_MOST_SPREAD = 3.0


@dataclass(frozen=True, slots=True)
class History:
    """The past data that a model may use.

    Attributes
    ----------
    years : array of int, shape (n,)
        Years with a published figure, ascending.
    values : array of float, shape (n,)
        Their estimates, in the unit of the indicator.
    estimate : array of float, shape (m,)
        The estimate of every year from the first to the last of the history, gaps filled.
    scale : Scale
        Scale of the model.
    draws : array of float, shape (m, d), optional
        Versions of the estimate; the estimate alone when not given.
    published : Figures, optional
        The published figures, as they are; `values`, if not given.
    noise : array of float, shape (years, half the paths), optional
        Standard normal innovations of the last years ahead, correlated with those of other indicators.
    like : Like, optional
        Growth and step of similar series, for amounts only; all series pooled when not given.
    """

    years: NDArray[np.int64]
    values: Array
    estimate: Array
    scale: Scale
    draws: Array | None = None
    published: Figures | None = None
    noise: Array | None = None
    like: Like | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Paths on the scale of the model, years x paths, and the warnings of the fit.

    `from_draws` is true if path k already starts from version k of the past.
    """

    paths: Array
    health: tuple[str, ...] = ()
    from_draws: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """A forecasting model, the years it needs and why, and what it assumes."""

    simulate: Callable[[History, int, int, np.random.Generator], Fit]
    min_years: int
    needs: str
    assumes: str


def exponential_smoothing(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
    """Simulate around exponential smoothing with learned weights; errors as they were on other series.

    The slope of an amount is shrunk towards growth of similar series unless its figures are steady; that of a
    rate or level counts as far as it is signal, and fades.
    """
    draws = history.estimate[:, None] if history.draws is None else history.draws
    scale = history.scale
    if scale.name in ("logit", "level"):
        figures = history.published or Figures(history.years, history.values, last_digit(history.values))
        outlook = look_ahead(figures, float(history.values[-1]), draws[-1], scale, horizon)
        scores = draw_scores("amount", outlook.point, n_paths, rng, noise=history.noise)
        return Fit(paths_of(outlook, scale, scores), from_draws=True)
    own = history.values if scale.name == "growth" else _own_steps(history)
    told = history.values if history.published is None else history.published.values
    steady = steady_slope(scale.name, history.years, told)
    outlook = smooth_ahead(scale.name, history.estimate, draws, own, horizon, history.like, steady)
    paths = paths_around(outlook, scale, n_paths, rng, noise=history.noise)
    return Fit(paths, from_draws=True)


def _own_steps(history: History) -> Array:
    """Return the steps of an amount between observed years, each scaled to one year, in its unit."""
    return np.asarray(np.diff(history.values) / np.sqrt(np.diff(history.years)))


def _steps(history: History, drift: float) -> Array:
    """Return the steps between observed years on the model's scale, less the drift, scaled to one year."""
    gaps = np.diff(history.years)
    return np.asarray((np.diff(history.scale.to_model(history.values)) - gaps * drift) / np.sqrt(gaps))


def _sigma(steps: Array, freedom: int, n_paths: int, rng: np.random.Generator) -> Array:
    """Return draws of the yearly standard deviation given the steps (scaled inverse chi-squared)."""
    draws = np.sqrt(float(steps @ steps) / rng.chisquare(freedom, size=n_paths))
    return np.asarray(np.minimum(draws, _MOST_SPREAD * np.sqrt(float(steps @ steps) / freedom)))


def naive(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
    """Simulate a random walk without drift.

    The spread is that of the yearly steps, with its own uncertainty (Student-t in every year).
    """
    steps = _steps(history, 0.0)
    sigma = _sigma(steps, len(steps), n_paths, rng)
    noise = np.cumsum(rng.standard_normal((horizon, n_paths)), axis=0) * sigma
    return Fit(history.scale.to_model(history.estimate[-1]) + noise)


def linear_drift(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
    """Simulate a random walk around a straight line from the first observed year to the last.

    The line is straight in the unit of the indicator, so growth is not compounded. The spread, on the
    scale of the model, includes the uncertainty of the slope and of the spread itself.
    """
    slope = (history.values[-1] - history.values[0]) / float(history.years[-1] - history.years[0])
    line = history.estimate[-1] + slope * np.arange(1, horizon + 1)
    return Fit(_on_scale(history, line)[:, None] + _departures(history, horizon, n_paths, rng))


def _on_scale(history: History, line: Array) -> Array:
    """Convert a point forecast from the unit to the model's scale, with amounts kept above zero."""
    if history.scale.name == "log":
        line = np.maximum(line, LEAST_SHARE * history.estimate[-1])
    return history.scale.to_model(line)


def _departures(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Array:
    """Return the deviation of each path from a point forecast with drift: noise and a slope error."""
    z = history.scale.to_model(history.values)
    span = float(history.years[-1] - history.years[0])
    steps = _steps(history, float(z[-1] - z[0]) / span)
    sigma = _sigma(steps, len(steps) - 1, n_paths, rng)
    noise = np.cumsum(rng.standard_normal((horizon, n_paths)), axis=0)
    ahead = np.arange(1.0, horizon + 1)[:, None]
    return np.asarray(sigma * (noise + ahead * rng.standard_normal(n_paths) / np.sqrt(span)))


def theta(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
    """Simulate around the theta forecast: half the trend of all years, from a smoothed last level.

    The point forecast is statsmodels' `ThetaModel` in the unit of the indicator, as the method was published
    (Assimakopoulos and Nikolopoulos 2000): on logs its straight trend would compound. Statsmodels gives an
    interval but no paths, so the paths deviate from the point forecast like those of `linear_drift`.
    """
    line, caught = _theta(history.estimate, horizon)
    paths = _on_scale(history, line)[:, None] + _departures(history, horizon, n_paths, rng)
    return Fit(paths, caught)


def _theta(estimate: Array, horizon: int) -> tuple[Array, tuple[str, ...]]:
    from statsmodels.tsa.forecasting.theta import ThetaModel  # heavy: loaded when first needed

    if np.ptp(estimate) == 0:  # in a constant, statsmodels finds a trend
        return np.repeat(estimate[-1], horizon), ()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = np.asarray(ThetaModel(estimate, deseasonalize=False).fit().forecast(horizon, theta=2))
    return line, _health(caught)


def _fitted(build: Callable[[Array], Any]) -> Callable[..., Fit]:
    """Return a model that statsmodels fits on the model's scale and simulates from the last year on.

    Its own spread is far too narrow on short series (see the module). The warnings of its fit are kept.
    """

    def simulate(history: History, horizon: int, n_paths: int, rng: np.random.Generator) -> Fit:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                fit = build(history.scale.to_model(history.estimate)).fit(disp=False)
                paths = fit.simulate(horizon, anchor="end", repetitions=n_paths, rng=rng)
            except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
                raise SapaError(f"statsmodels cannot fit this series: {error}") from error
        paths = np.asarray(paths, dtype=float).reshape(horizon, n_paths)
        if not np.isfinite(paths).all():
            raise SapaError("statsmodels fits this series, but its paths are not finite")
        return Fit(paths, _health(caught))

    return simulate


def _health(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    return tuple(sorted({str(warning.message).split("\n")[0] for warning in caught}))


def _damped_trend(values: Array) -> Any:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # heavy, too

    return ETSModel(values, error="add", trend="add", damped_trend=True, initialization_method="estimated")


def _arima(values: Array) -> Any:
    from statsmodels.tsa.statespace.sarimax import SARIMAX  # heavy, too

    return SARIMAX(values, order=(0, 1, 1), trend="c")  # "c" is the drift once the series is differenced


def _components(level: str) -> Callable[[Array], Any]:
    def build(values: Array) -> Any:
        from statsmodels.tsa.statespace.structural import UnobservedComponents  # heavy, too

        return UnobservedComponents(values, level)

    return build


_ONE = "like series say the rest"
_STEPS = "a spread of its own needs at least two steps"
_LINE = "a line through two points leaves nothing to tell its spread from"
_TWO, _THREE, _SIX = (f"{n} parameters to fit" for n in ("two", "three", "six"))
#: Every model by name; a new one is one function and one line.
MODELS = {
    "exponential_smoothing": Model(
        exponential_smoothing, 1, _ONE, "level and slope are smoothed as in other series"
    ),
    "naive": Model(naive, 3, _STEPS, "next year is like the last"),
    "linear_drift": Model(linear_drift, 4, _LINE, "the line from the first figure to the last goes on"),
    "theta": Model(theta, 4, _LINE, "half the trend of all years goes on from the recent level"),
    "damped_trend": Model(_fitted(_damped_trend), 8, _SIX, "the latest trend goes on and fades"),
    "arima_011_drift": Model(_fitted(_arima), 5, _THREE, "a drift around a smoothed level"),
    "local_level": Model(_fitted(_components("llevel")), 4, _TWO, "the level wanders, without a trend"),
    "local_linear_trend": Model(_fitted(_components("lltrend")), 6, _THREE, "level and trend wander"),
}
#: The model behind `method="headline"`.
HEADLINE = "exponential_smoothing"
#: The method name of a forecast that follows the area above plus a premium (`simulation`), not a model.
PREMIUM = "premium"
