"""Posterior distribution of yearly values given all statements: a mixture of Gaussians."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core import Array

#: An exact measurement still has this variance, so that two of them cannot contradict each other.
EXACT = 1e-8


@dataclass(frozen=True, slots=True)
class Posterior:
    """The posterior distribution of the yearly values given all measurements: a mixture of Gaussians.

    Attributes
    ----------
    weights : array, shape (k,)
        Weights of the mixture components, summing to one.
    means, covariances : array, shape (k, years), (k, years, years)
        Of the mixture components; `years` are the unknowns of a `Law`.
    wrong : array, shape (n,)
        Probability that each measurement is wrong.
    influence : array, shape (n, years)
        Change in the mean of each year when a measurement changes by one, given which ones are wrong.
    """

    weights: Array
    means: Array
    covariances: Array
    wrong: Array
    influence: Array

    @property
    def mean(self) -> Array:
        """Mean of every year."""
        return np.asarray(self.weights @ self.means)

    @property
    def sd(self) -> Array:
        """Standard deviation of every year."""
        variances = np.diagonal(self.covariances, axis1=1, axis2=2) + (self.means - self.mean) ** 2
        return np.asarray(np.sqrt(self.weights @ variances))

    def quantiles(self, levels: list[float]) -> Array:
        """Return quantiles of every year, levels x years, by bisection of the mixture's distribution."""
        from scipy.special import ndtr  # heavy: loaded when first needed

        sds = np.sqrt(np.maximum(np.diagonal(self.covariances, axis1=1, axis2=2), EXACT))
        low = np.tile((self.means - 9 * sds).min(axis=0), (len(levels), 1))
        high = np.tile((self.means + 9 * sds).max(axis=0), (len(levels), 1))
        for _ in range(48):
            middle = (low + high) / 2
            below = np.einsum("k,lky->ly", self.weights, ndtr((middle[:, None] - self.means) / sds))
            high, low = np.where(below >= np.array(levels)[:, None], [middle, low], [high, middle])
        return np.asarray((low + high) / 2)

    def draws(self, n: int, rng: np.random.Generator) -> Array:
        """Return joint draws of the yearly values, years x draws."""
        component = rng.choice(len(self.weights), size=n, p=self.weights)
        noise = rng.standard_normal((n, self.means.shape[1]))
        drawn = self.means[component]
        for used in np.unique(component):
            covariance = self.covariances[used]
            least = EXACT**2 * covariance.diagonal().mean() * np.eye(len(covariance))
            root, at = np.linalg.cholesky(covariance + least), component == used
            drawn[at] += noise[at] @ root.T
        return np.asarray(drawn.T)
