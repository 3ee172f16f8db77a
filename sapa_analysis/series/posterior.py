"""Posterior distribution of yearly values given all statements: a mixture of Gaussians."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core import Array, evenly, stratified

#: An exact measurement still has this variance, so that two of them cannot contradict each other.
EXACT = 1e-8


@dataclass(frozen=True, slots=True)
class Posterior:
    """The posterior distribution of the yearly values given all measurements: a mixture of Gaussians.

    Attributes
    ----------
    weights : array, shape (k,)
        Weights of the mixture components, summing to one.
    means : array, shape (k, years)
        Of the mixture components; `years` are the unknowns of a `Law`.
    roots : array, shape (k, years, sources)
        Their covariances, each as what independent errors of variance one add to the years: a covariance is
        `root @ root.T`.
    wrong : array, shape (n,)
        Probability that each measurement is wrong.
    influence : array, shape (n, years)
        Change in the mean of each year when a measurement changes by one, given which ones are wrong.
    """

    weights: Array
    means: Array
    roots: Array
    wrong: Array
    influence: Array

    @property
    def mean(self) -> Array:
        """Mean of every year."""
        return np.asarray(self.weights @ self.means)

    @property
    def variances(self) -> Array:
        """Variances of every year in each component, k x years."""
        return np.asarray(np.einsum("kys,kys->ky", self.roots, self.roots))

    @property
    def sd(self) -> Array:
        """Standard deviation of every year."""
        return np.asarray(np.sqrt(self.weights @ (self.variances + (self.means - self.mean) ** 2)))

    def quantiles(self, levels: list[float]) -> Array:
        """Return quantiles of every year, levels x years: the roots of the mixture's distribution."""
        from scipy.optimize import elementwise  # heavy: loaded when first needed
        from scipy.special import ndtr

        sds = np.sqrt(np.maximum(self.variances, EXACT))
        years = self.means.shape[1]
        level, year = np.repeat(levels, years), np.tile(np.arange(years), len(levels))

        def below(value: Array, level: Array, year: NDArray[np.int64]) -> Array:
            return np.asarray(self.weights @ ndtr((value - self.means[:, year]) / sds[:, year]) - level)

        span = ((self.means - 9 * sds).min(axis=0)[year], (self.means + 9 * sds).max(axis=0)[year])
        found = elementwise.find_root(below, span, args=(level, year))
        return np.asarray(found.x).reshape(len(levels), years)

    def draws(self, n: int, rng: np.random.Generator) -> Array:
        """Return joint draws of the yearly values, years x draws."""
        shares = evenly(rng.random(n)) * self.weights.sum()
        component = np.minimum(np.searchsorted(np.cumsum(self.weights), shares), len(self.weights) - 1)
        noise = stratified(rng.standard_normal((self.roots.shape[2], n))).T
        drawn = self.means[component]
        for used in np.unique(component):
            at = component == used
            drawn[at] += noise[at] @ self.roots[used].T
        return np.asarray(drawn.T)
