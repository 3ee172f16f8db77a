"""Headline method for rates (percent between 0 and 100) and levels: the slope counts if it is signal.

Most slopes of three to eight years are noise: on real rates a straight line errs by a quarter to a half more
than the last figure does. A few are programmes that advance by the same step every year. What tells them
apart is the slope over its standard error, judged from the published figures themselves. Figures, slope and
errors are in points: in logits, a straight line slows down near 0 and 100. Only the edges are not straight:
the nearer one is, the smaller the error on its side.

The constants and `rate_errors.csv` come from real rates (benchmarks/learn_rates.py, decision 80).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import Array, Scale, shipped_table
from .error_law import errors_at
from .smoothing import Outlook
from .steadiness import STEADY_FADING, last_run, steadiness

#: Prior standard deviation of a yearly step: in points, PRIOR_SHARE * 100 sqrt(p (1 - p)); of a level,
#: PRIOR_LEVEL of the mean size of its figures; both with PRIOR_DIGITS units of the last printed digit.
PRIOR_SHARE, PRIOR_LEVEL, PRIOR_DIGITS = 0.01, 0.03, 2.0
#: Years that the prior counts as: next to nothing where steadiness is judged, one where errors are measured.
STEADY_YEARS, ERROR_YEARS = 0.025, 1.0
#: t^2 at which half of a slope counts.
HALF_WEIGHT = 8.0
#: A slope is multiplied by this factor every year, the first included; one of equal steps fades less.
FADING = 0.85
#: Steps that differ from their mean by this share of it (standard deviation) are half equal.
UNEQUAL_STEPS = 0.07
#: With n figures, the variance of errors is 1 + 2 / n times that of the steps: both are of few figures.
FEW_FIGURES = 2.0
#: The point forecast goes no nearer to an edge than this share of the distance of the last figure, unless its
#: steps are equal: a programme that comes to its end is there.
_LEAST_DISTANCE = 0.1
#: Figures are printed in one of these units of the last digit, or finer, which is as good as exact.
_DIGITS = (1.0, 0.1, 0.01, 0.001)
#: Finer than rounding in percent: at an edge there is no room left.
_NO_ROOM = 1e-9


@dataclass(frozen=True, slots=True)
class Figures:
    """The published figures of a rate or level, as they are.

    Attributes
    ----------
    years : array of int, shape (n,)
        Their years, ascending; years between may lack one.
    values : array of float, shape (n,)
        In the unit of the indicator.
    digit : float
        Unit of the last printed digit; 0 for exact values.
    """

    years: NDArray[np.int64]
    values: Array
    digit: float

    @property
    def recent(self) -> Figures:
        """Those that tell of a pace; see `last_run`."""
        run = last_run(self.years)
        return Figures(self.years[run], self.values[run], self.digit)


def rate_errors() -> pd.DataFrame:
    """Return the shipped table: probability that an error is smaller, and its size in units of the spread."""
    return shipped_table("forecasting", "rate_errors.csv")


def last_digit(values: Array) -> float:
    """Return the coarsest unit, of 1, 0.1, 0.01 and 0.001, that all figures are printed in; 0 if none is.

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.forecasting.rate_trend import last_digit
    >>> [last_digit(np.array(values)) for values in ([60.0, 64.0], [96.5, 97.0], [100 / 7])]
    [1.0, 0.1, 0.0]
    """
    units = (unit for unit in _DIGITS if np.abs(values / unit - np.round(values / unit)).max() < 1e-6)
    return next(units, 0.0)


def look_ahead(figures: Figures, estimate: float, ends: Array, scale: Scale, horizon: int) -> Outlook:
    """Return the point forecast and the spread of a rate or level.

    Parameters
    ----------
    figures : Figures
        The published figures, from which slope, weight and noise come.
    estimate : float
        The estimate in the year of the last figure. It lags behind a figure that a slope explains, since the
        series is estimated without one: as far as the slope counts, the forecast starts from the figure.
    ends : array of float, shape (m,)
        Versions of the value in the last year.
    scale : Scale
        Its ends are the edges.
    horizon : int
        Years ahead.

    Notes
    -----
    With the mean step m of n figures over T years, and a prior variance v of a step that counts as k years,
    the noise is s^2 = (k v + sum of squares of the steps less m) / (k + n - 2), t^2 = m^2 T / s^2, and the
    weight of the slope t^4 / (t^4 + c^2). One or two figures have no slope. The slope fades by 0.85 a year,
    by 0.9 as far as its steps are equal. The spread is that of the steps less the slope that counts; it grows
    with the square root of the years ahead.
    """
    figures = figures.recent
    mean, weight = weigh_slope(figures, scale)
    prior = float(np.sqrt(prior_variance(figures, scale)))
    equal = steadiness(figures.years, figures.values, prior, unequal=UNEQUAL_STEPS)
    line = (1 - equal) * fading_line(horizon, FADING) + equal * fading_line(horizon, STEADY_FADING)
    gain = weight * mean * line[:, None]
    ends = np.clip(ends + weight * (figures.values[-1] - estimate), scale.lower, scale.upper)
    room = np.where(gain > 0, scale.upper - ends, ends - scale.lower)
    most = 1 - _LEAST_DISTANCE * (1 - equal)
    point = ends + np.sign(gain) * np.minimum(np.abs(gain), most * np.maximum(room, 0.0))
    n = len(figures.values)
    steps, gaps = np.diff(figures.values), np.diff(figures.years)
    away = float((((steps - gaps * FADING * weight * mean) ** 2) / gaps).sum())
    noise = (ERROR_YEARS * prior_variance(figures, scale) + away) / (ERROR_YEARS + n - 1)
    spread = np.sqrt(noise * (1 + FEW_FIGURES / n) * np.arange(1.0, horizon + 1))
    return Outlook(point, spread, weight)


def weigh_slope(figures: Figures, scale: Scale) -> tuple[float, float]:
    """Return the mean yearly step of the figures and its weight, from signal against noise."""
    figures = figures.recent
    n, span = len(figures.values), int(figures.years[-1] - figures.years[0])
    if n < 3:  # a single step cannot be told from noise
        return 0.0, 0.0
    steps, gaps = np.diff(figures.values), np.diff(figures.years)
    mean = float(figures.values[-1] - figures.values[0]) / span
    around = float(((steps - gaps * mean) ** 2 / gaps).sum())
    noise = (STEADY_YEARS * prior_variance(figures, scale) + around) / (STEADY_YEARS + n - 2)
    signal, noise = (mean**2 * span) ** 2, (HALF_WEIGHT * noise) ** 2  # t^4 and c^2, both times s^4
    return mean, signal / (signal + noise) if signal else 0.0


@cache
def fading_line(horizon: int, fading: float) -> Array:
    """Return the sum of a unit step that fades, year by year: ETS(A,Ad,N) with known states, by statsmodels.

    The two years before lie on the same line: its errors are zero, its smoothing weights without effect.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # heavy: loaded when first needed

    line = ETSModel(
        np.array([-1.0, 0.0]),
        error="add",
        trend="add",
        damped_trend=True,
        initialization_method="known",
        initial_level=-1 - 1 / fading,
        initial_trend=1 / fading**2,
    )
    with np.errstate(divide="ignore", invalid="ignore"):  # its likelihood is without meaning: no error
        unit_steps = np.asarray(line.smooth([0.5, 0.1, fading]).forecast(horizon), dtype=float)
    unit_steps.flags.writeable = False
    return unit_steps


def prior_variance(figures: Figures, scale: Scale) -> float:
    """Return the prior variance of a yearly step, in squared units of the indicator; at an edge, none."""
    if scale.name == "logit":
        last = float(np.clip(figures.values[-1], scale.lower, scale.upper))
        own = (100 * PRIOR_SHARE) ** 2 * last / 100 * (1 - last / 100)
        hidden = min(figures.digit, last, 100 - last)  # all and nothing are what they are, however printed
    else:
        own, hidden = (PRIOR_LEVEL * float(np.abs(figures.values).mean())) ** 2, figures.digit
    return float(own + (PRIOR_DIGITS * hidden) ** 2)


def paths_of(outlook: Outlook, scale: Scale, scores: Array) -> Array:
    """Return paths on the scale of the model, years x paths; path k starts from version k of the past.

    Parameters
    ----------
    outlook : Outlook
        Point forecast and spread.
    scale : Scale
        Scale of the model; its ends are the edges.
    scores : array of float, shape (horizon, paths)
        Standard normal scores of every year.
    """
    n_paths = scores.shape[1]
    point = outlook.point[:, np.arange(n_paths) % outlook.point.shape[1]]
    error = errors_of(scores) * outlook.spread[:, None]
    if np.isinf(scale.lower):
        return scale.to_model(point + error)
    room = np.where(error > 0, scale.upper - point, point - scale.lower)
    return scale.to_model(point + bend(error, room))


def bend(error: Array, room: Array) -> Array:
    """Return errors that reach no edge: what is left of the room falls by the factor exp(-error / room)."""
    room = np.maximum(room, _NO_ROOM)
    return np.asarray(-np.sign(error) * room * np.expm1(-np.abs(error) / room))


def errors_of(scores: Array) -> Array:
    """Return errors in units of the spread for standard normal scores; beyond the table, its last row."""
    table = rate_errors()
    return errors_at(scores, table["probability"], table["size"])
