"""Priors of yearly steps, by scale and for quantities that are steadier than visits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from .smoother import Prior

#: Probability that a published figure is wrong (method note, section 1).
WRONG = 0.08
#: Priors of the yearly steps, by scale. Logs: over 57 yearly series of visits the standard deviation of a
#: step was 0.10, that of its logarithm 0.43 (method note, section 1: 0.11); drift and the probability of a
#: wrong statement are from the same section. A shock year may change a quantity by half or more (Sa Pa's
#: arrivals changed by -1.0, -0.1 and +0.8 in logs in 2020 to 2022). The other scales have too few series to
#: learn from: wide guesses. Those of levels are for values of about ten: see `prior_of`.
PRIORS = {
    "log": Prior(0.11, 0.55, 0.045, 0.04, shock=0.6, wrong=WRONG, wrong_sd=0.18),
    "logit": Prior(0.15, 0.8, 0.0, 0.05, shock=0.3, wrong=WRONG, wrong_sd=0.5),
    "growth": Prior(2.0, 0.8, 0.0, 0.3, shock=6.0, wrong=WRONG, wrong_sd=3.0),
    "level": Prior(1.0, 1.2, 0.0, 0.3, shock=3.0, wrong=WRONG, wrong_sd=3.0),
}
#: Quantities with smaller steps and shocks than visits, by `steps` of indicators.csv. Population grows by
#: about one percent a year, output of a province or the nation by 3 to 14 (it kept growing in 2020 and 2021);
#: budget revenue is between.
STEADIER = {
    "people": replace(PRIORS["log"], step=0.012, drift=0.01, drift_sd=0.01, shock=0.0),
    "output": replace(PRIORS["log"], step=0.02, drift=0.065, drift_sd=0.03, shock=0.04),
    "budget": replace(PRIORS["log"], shock=0.15),
}


def size_of(values: Iterable[float]) -> float:
    """Return the root mean square of values of a level, in tens; 1 where all are zero or there is none.

    Errors and steps of a level are shares of it, so that they follow the unit: three communes, 127 criteria.

    Parameters
    ----------
    values : iterable of float
        The figures of a level.

    Examples
    --------
    >>> from sapa_analysis.series import size_of
    >>> size_of([30.0, 40.0]), size_of([])
    (3.5355339059327378, 1.0)
    """
    squares = np.square(np.asarray(list(values), dtype=float))
    return float(np.sqrt(squares.mean())) / 10 if squares.any() else 1.0


def prior_of(scale: str, values: Iterable[float]) -> Prior:
    """Return the prior of the yearly steps of figures with these values."""
    return sized(PRIORS[scale], size_of(values)) if scale == "level" else PRIORS[scale]


def sized(prior: Prior, size: float) -> Prior:
    """Return a prior of values so many times as large."""
    absolute = ("step", "drift", "drift_sd", "shock", "wrong_sd")
    return replace(prior, **{name: size * getattr(prior, name) for name in absolute})
