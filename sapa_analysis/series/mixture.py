"""Errors of figures that may be wrong, given the distribution of what they measure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..core import Array
from .measurement import as_measurements
from .posterior import EXACT
from .prior import WRONG
from .smoother import Law, log_evidence, wrong_sets

#: Sets of wrong figures with a smaller probability are left out.
_LEAST = 1e-6


def error_mixture(
    figures: pd.DataFrame, mean: Array, covariance: Array, *, wrong_sd: Array, wrong: float = WRONG
) -> tuple[Array, Array, float]:
    """Return which figures may be wrong, and the covariance of all errors in each case.

    Every set of at most two figures may be wrong. A set has the weight that the smoother gives it under a
    Gaussian prior of what the figures measure.

    Parameters
    ----------
    figures : pandas.DataFrame
        Rows of `Measured`: reading, own_sd, shared_sd and cause are used.
    mean, covariance : array of float, shape (n,) and (n, n)
        Of what the figures measure, on the scale of the readings, before any of them is known.
    wrong_sd : array of float, shape (n,)
        Additional standard deviation of the error of a wrong figure.
    wrong : float
        Probability that a figure is wrong, 0 for never.

    Returns
    -------
    weights : array of float, shape (sets,)
        Probability of each set, the empty one first.
    covariances : array of float, shape (sets, n, n)
        Covariance of the errors if the figures of the set are wrong.
    log_evidence : float
        Log likelihood of the figures under this prior, up to a constant.

    Examples
    --------
    A figure of 0.3 where 0.0 +- 0.1 was expected is as likely wrong as it is news:

    >>> import numpy as np
    >>> import pandas as pd
    >>> from sapa_analysis.series import error_mixture
    >>> figures = pd.DataFrame({"reading": [0.3], "own_sd": [0.02], "shared_sd": [0.0], "cause": [""]})
    >>> expected = np.array([0.0]), np.array([[0.1**2]])
    >>> weights, covariances, _ = error_mixture(figures, *expected, wrong_sd=np.array([0.18]))
    >>> weights.round(2).tolist(), np.sqrt(covariances[:, 0, 0]).round(3).tolist()
    ([0.47, 0.53], [0.02, 0.181])
    """
    values, vectors = np.linalg.eigh(covariance)
    n, root = len(figures), vectors * np.sqrt(np.maximum(values, 0.0))
    measured = as_measurements(figures, root, mean)
    prior = Law(np.eye(n), np.zeros(n), 0.0)
    found = wrong_sets(measured, prior, wrong=wrong, wrong_sd=wrong_sd)
    kept = {which: share for which, share in found.items() if share > _LEAST or not which}
    weights = np.array(list(kept.values()))
    own = np.tile(np.maximum(measured.variance, EXACT), (len(kept), 1))
    for k, which in enumerate(kept):
        own[k, list(which)] += wrong_sd[list(which)] ** 2
    together = measured.shared @ measured.shared.T
    evidence = log_evidence(measured, prior, wrong=wrong, wrong_sd=wrong_sd)
    return weights / weights.sum(), together + own[:, :, None] * np.eye(n), evidence
