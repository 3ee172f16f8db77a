"""Many figures of one quantity to one law of its yearly values: exact, with figures that may be wrong.

The yearly values follow a random walk with drift on the model's scale; each figure is a measurement, a
linear form of them plus an error. The size of the steps is averaged over a grid under a prior. A figure may
be wrong: its error is then much larger. Which figures are, is summed exactly over all sets of at most two
(method note, section 1). Given both, all is Gaussian and in closed form; a test holds it equal to the exact
diffuse filter and smoother of statsmodels, which would be run once for every set and size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Points of the grid over the size of the steps, in standard deviations of its logarithm.
_GRID = np.linspace(-2.4, 2.4, 13)
#: The heaviest components that hold this much of the weight are kept, at most so many.
_HELD, _MOST_COMPONENTS = 0.999, 500
#: An exact figure still has this variance, so that two of them cannot contradict each other.
_EXACT = 1e-8


@dataclass(frozen=True, slots=True)
class Measurements:
    """Figures as linear forms of the yearly values, on the model's scale.

    Attributes
    ----------
    design : array, shape (n, years)
        What each figure measures: 1 at its year, or a difference, or the mean of a term.
    values : array, shape (n,)
        What was published.
    variance : array, shape (n,)
        Of each figure's own error.
    shared : array, shape (n, causes)
        How each figure moves with one standard deviation of an error that it has in common with others,
        such as the share of the year by September.
    """

    design: Array
    values: Array
    variance: Array
    shared: Array


@dataclass(frozen=True, slots=True)
class Prior:
    """What is assumed before any figure is seen, on the model's scale.

    Attributes
    ----------
    step, step_spread : float
        Median of the standard deviation of a yearly step, and the standard deviation of its logarithm; 0
        fixes it.
    drift, drift_sd : float
        Mean and standard deviation of the mean step.
    shock : float
        Standard deviation that a step into a shock year has besides.
    wrong, wrong_sd : float
        Chance that a figure is wrong, 0 turns it off; standard deviation that its error has besides.
    """

    step: float
    step_spread: float
    drift: float
    drift_sd: float
    shock: float
    wrong: float
    wrong_sd: float


@dataclass(frozen=True, slots=True)
class Posterior:
    """The law of the yearly values given all figures: a mixture of Gaussians.

    Attributes
    ----------
    weights : array, shape (k,)
        Of the components, summing to one.
    means, covariances : array, shape (k, years), (k, years, years)
        Of the components.
    wrong : array, shape (n,)
        Chance that each figure is wrong.
    influence : array, shape (n, years)
        By how much the mean of each year moves when a figure moves by one, which figures are wrong held.
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

        sds = np.sqrt(np.maximum(np.diagonal(self.covariances, axis1=1, axis2=2), _EXACT))
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
        used, place = np.unique(component, return_inverse=True)
        values, vectors = np.linalg.eigh(self.covariances[used])
        roots = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
        noise = rng.standard_normal((n, self.means.shape[1]))
        return np.asarray((self.means[component] + np.einsum("kab,kb->ka", roots[place], noise)).T)


def reconcile(measured: Measurements, prior: Prior, *, shock: NDArray[np.bool_]) -> Posterior:
    """Return the law of the yearly values.

    Parameters
    ----------
    measured : Measurements
        At least one figure of a level.
    prior : Prior
        See there.
    shock : array of bool, shape (years,)
        Which years are shock years; the step into such a year is freer.
    """
    grid = _GRID if prior.step_spread else np.zeros(1)
    fits = [_fit(measured, prior, prior.step * np.exp(prior.step_spread * z), shock) for z in grid]
    gains = [_gains(fit, prior) for fit in fits]
    log_weights = np.array(
        [fit.log_weight - z**2 / 2 + gain for fit, z, gain in zip(fits, grid, gains, strict=True)]
    )
    weights = _heaviest(np.exp(log_weights - log_weights.max()))
    sets = _sets(len(measured.values), prior)
    kept = [(fits[g], sets[s], weights[g, s]) for g, s in zip(*np.nonzero(weights), strict=True)]
    components = [_component(fit, which, len(shock)) for fit, which, _ in kept]
    share = np.array([weight for _, _, weight in kept])
    wrong = np.array([sum(w for _, which, w in kept if i in which) for i in range(len(measured.values))])
    means, covariances, influences = (np.array([part[k] for part in components]) for k in range(3))
    return Posterior(share, means, covariances, wrong, np.tensordot(share, influences, axes=1))


def _heaviest(weights: Array) -> Array:
    """Return the weights, the light ones zero, summing to one."""
    order = np.argsort(weights, axis=None)[::-1]
    held = np.cumsum(weights.ravel()[order])
    n = min(int(np.searchsorted(held, _HELD * held[-1])) + 1, _MOST_COMPONENTS)
    least = weights.ravel()[order[n - 1]] * (1 - 1e-6)  # of equals all or none, whatever the rounding
    kept = np.where(weights >= least, weights, 0.0)
    return np.asarray(kept / kept.sum())


@dataclass(frozen=True, slots=True)
class _Fit:
    """The law given one size of the steps, no figure wrong, and what is needed to let some be."""

    design: Array
    variance: Array
    wider: Array
    mean: Array
    covariance: Array
    residual: Array
    spread: Array
    log_weight: float


def _fit(measured: Measurements, prior: Prior, step: float, shock: NDArray[np.bool_]) -> _Fit:
    design = np.hstack([measured.design, measured.shared])
    variance = np.maximum(measured.variance, _EXACT)
    precision, linear, constant = _walk(prior, step, shock, design.shape[1])
    weighted = design.T / variance
    covariance = np.linalg.inv(precision + weighted @ design)
    covariance = (covariance + covariance.T) / 2
    mean = covariance @ (linear + weighted @ measured.values)
    residual = measured.values - design @ mean
    misfit = residual @ (residual / variance) + mean @ precision @ mean - 2 * linear @ mean
    volume = np.linalg.slogdet(covariance)[1] - np.log(variance).sum()
    spread = design @ covariance @ design.T
    wider = variance + prior.wrong_sd**2
    return _Fit(design, variance, wider, mean, covariance, residual, spread, constant + (volume - misfit) / 2)


def _walk(prior: Prior, step: float, shock: NDArray[np.bool_], size: int) -> tuple[Array, Array, float]:
    """Return precision, linear term and constant of the prior: steps of the years, then shared errors."""
    years = len(shock)
    steps = np.diff(np.eye(years, size), axis=0)
    law = np.diag(step**2 + prior.shock**2 * shock[1:]) + prior.drift_sd**2
    inverse = np.linalg.inv(law)
    drift = np.full(years - 1, prior.drift)
    precision = steps.T @ inverse @ steps
    precision[range(years, size), range(years, size)] = 1.0
    constant = -(np.linalg.slogdet(law)[1] + drift @ inverse @ drift) / 2
    return precision, steps.T @ inverse @ drift, float(constant)


def _sets(n: int, prior: Prior) -> list[tuple[int, ...]]:
    """Return every set of at most two figures, or none where no figure may be wrong."""
    if not prior.wrong:
        return [()]
    pairs = zip(*np.triu_indices(n, 1), strict=True)
    return [(), *((i,) for i in range(n)), *((int(i), int(j)) for i, j in pairs)]


def _gains(fit: _Fit, prior: Prior) -> Array:
    """Return the logarithm of each set's weight against the set of none."""
    if not prior.wrong:
        return np.zeros(1)
    odds = np.log(prior.wrong / (1 - prior.wrong)) + np.log(fit.variance / fit.wider) / 2
    change = 1 / fit.wider - 1 / fit.variance
    own, residual = 1 / change + np.diag(fit.spread), fit.residual
    single = odds - np.log(change * own) / 2 - residual**2 / own / 2
    i, j = np.triu_indices(len(odds), 1)
    cross = fit.spread[i, j]
    both = own[i] * own[j] - cross**2
    misfit = (
        own[j] * residual[i] ** 2 - 2 * cross * residual[i] * residual[j] + own[i] * residual[j] ** 2
    ) / both
    pair = odds[i] + odds[j] - np.log(change[i] * change[j] * both) / 2 - misfit / 2
    return np.concatenate([[0.0], single, pair])


def _component(fit: _Fit, which: tuple[int, ...], years: int) -> tuple[Array, Array, Array]:
    """Return mean, covariance and influence where the figures of a set are wrong."""
    at = list(which)
    reach = fit.design[at] @ fit.covariance
    change = np.diag(1 / (1 / fit.wider[at] - 1 / fit.variance[at])) + fit.spread[np.ix_(at, at)]
    pull = np.linalg.solve(change, reach) if at else reach
    covariance = fit.covariance - reach.T @ pull
    mean = fit.mean + pull.T @ fit.residual[at]
    variance = fit.variance.copy()
    variance[at] = fit.wider[at]
    influence = (fit.design / variance[:, None]) @ covariance
    return mean[:years], covariance[:years, :years], influence[:, :years]
