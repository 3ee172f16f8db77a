"""What a short history borrows from the area above: its growth, the size of its steps, their correlation."""

from __future__ import annotations

import numpy as np

from ..core import Array
from .smoothing import Like, forecast_weights, mean_square, smoothing_of

#: The growth to which a child's short history is shrunk is one quarter the parent's slope, the rest pooled.
#: The steps of the parent and of the premium (0.116 for countries among all, 0.131 for parks among all parks)
#: count as one year. Chosen by benchmarks/hierarchies.py.
PARENT_SHARE, PREMIUM_STEP = 0.25, 0.12
#: Pooled correlation of the yearly steps of child and parent (0.55 for countries, 0.34 for parks), and the
#: number of years of common history that it counts as.
POOLED_CORRELATION, CORRELATION_WEIGHT = 0.5, 16.0


def like_parent(estimate: Array) -> Like:
    """Return growth and step that a short history borrows from its parent (province, country, all countries).

    The parent's growth is its smoothed slope, which does not depend on how far it is forecast. The child's
    growth is not compared with the parent's in the same years: their common growth then continues for longer
    than the parent's own forecast says (docs/decisions).

    Parameters
    ----------
    estimate : array of float, shape (n,)
        The parent's estimate of every year to the last year of the child's history, in logs.
    """
    how, path = smoothing_of("log"), np.exp(estimate - estimate[-1])
    weights, _ = forecast_weights(how, len(path), 1, how.prior)
    ahead = weights @ path
    own = mean_square(np.diff(estimate), PREMIUM_STEP)
    growth = PARENT_SHARE * float(ahead[1] - ahead[0]) + (1 - PARENT_SHARE) * how.prior
    return Like(growth, float(np.sqrt(own + PREMIUM_STEP**2)))


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
