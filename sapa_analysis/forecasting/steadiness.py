"""How far a few figures advance in equal steps, so that their own slope is trusted.

Most slopes of three to eight years are chance; the figures of a programme rise by the same step every year.
Two things tell them apart, and the lesser counts: whether chance would make such a slope (Student's law), and
whether the steps are equal, which those of a long history with a clear trend need not be (decision 99).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..core import Array

#: Half counts where chance makes such a slope in one of twenty cases, on either side.
BY_CHANCE = 0.05
#: Half counts where steps differ from their mean by a quarter of it (standard deviation).
UNEQUAL = 0.25
#: A single step cannot be told from noise.
LEAST_FIGURES = 3
#: Equal steps of rates get smaller by this factor every year, the first included.
STEADY_FADING = 0.9
#: Figures more than so many years before the next one tell nothing of a pace, if enough stand after the gap.
LONGEST_GAP = 3
#: Years that the prior of a step counts as: next to none.
PRIOR_YEARS = 0.025


def last_run(years: NDArray[np.int64]) -> slice:
    """Return which figures tell of a pace: those after the last gap of more than three years, if three do.

    Parameters
    ----------
    years : array of int, shape (n,)
        Years with a figure, ascending.

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.forecasting.steadiness import last_run
    >>> [last_run(np.array(years)).start for years in ([2015, 2020, 2021, 2022], [2015, 2021, 2022])]
    [1, 0]
    """
    after = np.flatnonzero(np.diff(years) > LONGEST_GAP) + 1
    enough = after[after <= len(years) - LEAST_FIGURES]
    return slice(int(enough[-1]) if len(enough) else 0, None)


def steadiness(years: NDArray[np.int64], values: Array, step: float, *, unequal: float = UNEQUAL) -> float:
    """Return the share of its own slope that a path of figures has: 1 for equal steps, 0 for chance.

    Of n figures over T years m is the mean step and s its noise; t^2 = m^2 T / s^2 and r^2 = m^2 / s^2. The
    share is the lesser of t^4 / (t^4 + a^4) and r^4 / (r^4 + b^4), with a the quantile of Student's law for
    n - 2 degrees of freedom and b = 1 / `unequal`.

    Parameters
    ----------
    years : array of int, shape (n,)
        Years with a figure, ascending.
    values : array of float, shape (n,)
        The figures; of an amount, their logs.
    step : float
        Prior standard deviation of a step, which counts as a fortieth of a year.
    unequal : float
        The share of the mean step by which steps differ where half counts.

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.forecasting.steadiness import steadiness
    >>> years = np.array([2019, 2020, 2021, 2022])
    >>> paths = ([50.0, 54, 58, 62], [50.0, 53, 58, 62], [50.0, 49, 60, 62])
    >>> [round(steadiness(years, np.array(path), step=0.5), 2) for path in paths]
    [1.0, 0.5, 0.0]
    """
    run = last_run(years)
    years, values = years[run], values[run]
    n = len(values)
    if n < LEAST_FIGURES:
        return 0.0
    steps, gaps = np.diff(values), np.diff(years)
    span = float(gaps.sum())
    mean = float(steps.sum()) / span
    around = float(((steps - gaps * mean) ** 2 / gaps).sum())
    noise = float(PRIOR_YEARS * step**2 + around) / (PRIOR_YEARS + n - 2)
    if not mean * mean:  # as small a step as none
        return 0.0
    by_chance = _by_chance(n - 2) / span
    against = max(by_chance, 1 / unequal**2) * noise / (mean * mean)
    return 1 / (1 + against * against)


@cache
def _by_chance(freedom: int) -> float:
    """Return the square of the t value that chance exceeds so seldom."""
    from scipy.special import stdtrit  # heavy: loaded when first needed

    return float(stdtrit(freedom, 1 - BY_CHANCE / 2)) ** 2
