"""Posterior distribution of yearly values given all statements: a mixture of Gaussians."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ..core import Array, evenly, stratified

#: A function of values, and of what belongs to each of them.
_Rising = Callable[[Array, Array, NDArray[np.int64]], Array]
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
        from scipy.special import ndtr  # heavy: loaded when first needed

        sds = np.sqrt(np.maximum(self.variances, EXACT))
        years = self.means.shape[1]
        level, year = np.repeat(levels, years), np.tile(np.arange(years), len(levels))

        def below(value: Array, level: Array, year: NDArray[np.int64]) -> Array:
            return np.asarray(self.weights @ ndtr((value - self.means[:, year]) / sds[:, year]) - level)

        span = ((self.means - 9 * sds).min(axis=0)[year], (self.means + 9 * sds).max(axis=0)[year])
        return _roots(below, *span, level, year).reshape(len(levels), years)

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


def _roots(rising: _Rising, low: Array, high: Array, level: Array, year: NDArray[np.int64]) -> Array:
    """Return where each element of a function is zero, between two ends (Chandrupatla 1997).

    These are the steps of `scipy.optimize.elementwise.find_root`, to the last bit (tested), without the
    frame around them, which takes most of its time.
    """
    found, active, at = np.full(len(low), np.nan), np.arange(len(low)), np.full(len(low), 0.5)
    least, digits = np.finfo(np.float64).smallest_normal, np.finfo(np.float64).eps
    x1, x2, x3 = low, high, high
    f1, f2 = rising(x1, level, year), rising(x2, level, year)
    f3 = f2
    for step in count():
        nearer = np.abs(f1) < np.abs(f2)
        best, miss = np.where(nearer, x1, x2), np.where(nearer, f1, f2)
        width, fine = np.abs(x2 - x1), np.abs(best) * (4 * digits) + 4 * least
        met = np.abs(miss) <= least
        best[(np.sign(f1) == np.sign(f2)) & ~met] = np.nan  # no root between the ends
        done = met | (width < fine) | np.isnan(best)
        if done.any():
            found[active[done]] = best[done]
            go_on = ~done
            active, level, year, at = active[go_on], level[go_on], year[go_on], at[go_on]
            x1, x2, x3, f1, f2, f3 = (each[go_on] for each in (x1, x2, x3, f1, f2, f3))
            width, fine = width[go_on], fine[go_on]
        if not len(active):
            break
        if step:
            at = _next_share((x1, x2, x3), (f1, f2, f3), 0.5 * fine / width)
        new = x1 + at * (x2 - x1)
        value = rising(new, level, year)
        same = np.sign(value) == np.sign(f1)
        x3, f3 = np.where(same, x1, x2), np.where(same, f1, f2)
        x2, f2 = np.where(same, x2, x1), np.where(same, f2, f1)
        x1, f1 = new, value
    return found


def _next_share(ends: tuple[Array, Array, Array], values: tuple[Array, Array, Array], least: Array) -> Array:
    """Return at which share of the interval to look next: by inverse interpolation, or in the middle."""
    (x1, x2, x3), (f1, f2, f3) = ends, values
    xi = (x1 - x2) / (x3 - x2)
    with np.errstate(divide="ignore", invalid="ignore"):
        phi = (f1 - f2) / (f3 - f2)
    alpha = (x3 - x1) / (x2 - x1)
    smooth = ((1 - np.sqrt(1 - xi)) < phi) & (phi < np.sqrt(xi))
    a, b, c, share = f1[smooth], f2[smooth], f3[smooth], np.full_like(alpha, 0.5)
    share[smooth] = a / (a - b) * c / (c - b) - alpha[smooth] * a / (c - a) * b / (b - c)
    return np.clip(share, least, 1 - least)
