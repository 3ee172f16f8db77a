"""Many figures of one quantity to one law of its yearly values: exact, with figures that may be wrong.

The yearly values follow a random walk with drift on the model's scale; each figure is a measurement, a
linear form of them plus an error. The size of the steps is averaged over a grid under a prior. A figure may
be wrong: its error is then much larger. Which figures are, is summed exactly over all sets of at most two
(method note, section 1). Given both, all is Gaussian and in closed form; a test holds it equal to the exact
diffuse filter and smoother of statsmodels, which would be run once for every set and size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core import Array
from .posterior import EXACT, Posterior

#: Points of the grid over the size of the steps, in standard deviations of its logarithm.
_GRID = np.linspace(-2.4, 2.4, 13)
#: The heaviest components that hold this much of the weight are kept, at most so many.
_HELD, _MOST_COMPONENTS = 0.999, 500
#: Pairs of wrong figures are formed of so many, those that seem wrong most.
_MOST_SUSPECTS = 60
#: The first and the second figure of each pair that may be wrong together.
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
_NO_PAIRS: Pairs = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


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
class Law:
    """A Gaussian law of the unknowns before any figure is seen, diffuse where nothing is assumed.

    Attributes
    ----------
    precision, linear : array, shape (unknowns, unknowns), (unknowns,)
        Inverse covariance, and that times the mean.
    log_weight : float
        Logarithm of its weight, its own normalising constant included.
    """

    precision: Array
    linear: Array
    log_weight: float


def smooth(measured: Measurements, prior: Prior, *, shock: NDArray[np.bool_]) -> Posterior:
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
    laws = [_walk(prior, prior.step * np.exp(prior.step_spread * z), shock, -(z**2) / 2) for z in grid]
    return mix(measured, laws, wrong=prior.wrong, wrong_sd=prior.wrong_sd)


def mix(
    measured: Measurements,
    laws: Sequence[Law],
    *,
    wrong: float,
    wrong_sd: float | Array,
    most: int = _MOST_COMPONENTS,
    level_laws: bool = False,
) -> Posterior:
    """Return the law of the unknowns given all figures, averaged over laws and over which figures are wrong.

    Parameters
    ----------
    measured : Measurements
        Figures as linear forms of the unknowns.
    laws : sequence of Law
        What the unknowns may follow, each with its weight.
    wrong : float
        Chance that a figure is wrong; 0 turns it off.
    wrong_sd : float or array of float, shape (n,)
        Standard deviation that the error of a wrong figure has besides.
    most : int
        Components kept at most.
    level_laws : bool
        The laws were drawn as likely as they are: they count alike, however well each fits.
    """
    wider = np.maximum(measured.variance, EXACT) + np.asarray(wrong_sd) ** 2
    fits = [_fit(measured, law, wider) for law in laws]
    pairs = _pairs(fits[0], wrong)
    sets = _sets(len(wider), pairs, wrong)
    log_weights = np.array([fit.log_weight + _gains(fit, pairs, wrong) for fit in fits])
    if level_laws:
        log_weights -= _log_sum(log_weights)[:, None]
    weights = _heaviest(np.exp(log_weights - log_weights.max()), most)
    kept = [(fits[g], sets[s], weights[g, s]) for g, s in zip(*np.nonzero(weights), strict=True)]
    components = [_component(fit, which, measured.design.shape[1]) for fit, which, _ in kept]
    share = np.array([weight for _, _, weight in kept])
    doubt = np.array([sum(w for _, which, w in kept if i in which) for i in range(len(measured.values))])
    means, covariances, influences = (np.array([part[k] for part in components]) for k in range(3))
    return Posterior(share, means, covariances, doubt, np.tensordot(share, influences, axes=1))


def log_evidence(measured: Measurements, law: Law, *, wrong: float, wrong_sd: float | Array) -> float:
    """Return how likely the figures are under a law, as a logarithm up to a constant; see `mix`."""
    fit = _fit(measured, law, np.maximum(measured.variance, EXACT) + np.asarray(wrong_sd) ** 2)
    return float(fit.log_weight + _log_sum(_gains(fit, _pairs(fit, wrong), wrong)[None])[0])


def _log_sum(logs: Array) -> Array:
    most = logs.max(axis=1)
    return np.asarray(most + np.log(np.exp(logs - most[:, None]).sum(axis=1)))


def _heaviest(weights: Array, most: int) -> Array:
    """Return the weights, the light ones zero, summing to one."""
    order = np.argsort(weights, axis=None)[::-1]
    held = np.cumsum(weights.ravel()[order])
    n = min(int(np.searchsorted(held, _HELD * held[-1])) + 1, most)
    least = weights.ravel()[order[n - 1]] * (1 - 1e-6)  # of equals all or none, whatever the rounding
    kept = np.where(weights >= least, weights, 0.0)
    return np.asarray(kept / kept.sum())


@dataclass(frozen=True, slots=True)
class _Fit:
    """The unknowns given one law, no figure wrong, and what is needed to let some be."""

    design: Array
    variance: Array
    wider: Array
    mean: Array
    covariance: Array
    residual: Array
    spread: Array
    log_weight: float


def _fit(measured: Measurements, law: Law, wider: Array) -> _Fit:
    design = np.hstack([measured.design, measured.shared])
    variance = np.maximum(measured.variance, EXACT)
    precision, linear = _with_causes(law, measured.shared.shape[1])
    weighted = design.T / variance
    covariance = np.linalg.inv(precision + weighted @ design)
    covariance = (covariance + covariance.T) / 2
    mean = covariance @ (linear + weighted @ measured.values)
    residual = measured.values - design @ mean
    misfit = residual @ (residual / variance) + mean @ precision @ mean - 2 * linear @ mean
    volume = np.linalg.slogdet(covariance)[1] - np.log(variance).sum()
    spread = design @ covariance @ design.T
    weight = law.log_weight + (volume - misfit) / 2
    return _Fit(design, variance, wider, mean, covariance, residual, spread, weight)


def _with_causes(law: Law, causes: int) -> tuple[Array, Array]:
    """Return precision and linear term with one more unknown per shared error, of variance one."""
    unknowns = len(law.linear)
    precision = np.eye(unknowns + causes)
    precision[:unknowns, :unknowns] = law.precision
    return precision, np.concatenate([law.linear, np.zeros(causes)])


def _walk(prior: Prior, step: float, shock: NDArray[np.bool_], log_weight: float) -> Law:
    """Return the law of years that step at random around a drift."""
    covariance = np.diag(step**2 + prior.shock**2 * shock[1:]) + prior.drift_sd**2
    steps = np.diff(np.eye(len(shock)), axis=0)
    return law_of_steps(steps, np.full(len(shock) - 1, prior.drift), covariance, log_weight)


def law_of_steps(steps: Array, drift: Array, covariance: Array, log_weight: float = 0.0) -> Law:
    """Return the law under which linear forms of the unknowns have a mean and a covariance.

    Parameters
    ----------
    steps : array of float, shape (n, unknowns)
        The linear forms; in other directions nothing is assumed.
    drift : array of float, shape (n,)
        Their means.
    covariance : array of float, shape (n, n)
        Their covariance.
    log_weight : float
        Logarithm of the weight of this law before any figure is seen.
    """
    inverse = np.linalg.inv(covariance)
    constant = -(np.linalg.slogdet(covariance)[1] + drift @ inverse @ drift) / 2
    return Law(steps.T @ inverse @ steps, steps.T @ inverse @ drift, log_weight + float(constant))


def _pairs(fit: _Fit, wrong: float) -> Pairs:
    """Return every pair of figures; of very many, those of the most surprising ones."""
    if not wrong:
        return _NO_PAIRS
    suspects = np.sort(np.argsort(-_gains(fit, _NO_PAIRS, wrong)[1:], kind="stable")[:_MOST_SUSPECTS])
    i, j = np.triu_indices(len(suspects), 1)
    return suspects[i], suspects[j]


def _sets(n: int, pairs: Pairs, wrong: float) -> list[tuple[int, ...]]:
    """Return every set of at most two of n figures, in the order of `_gains`."""
    if not wrong:
        return [()]
    return [(), *((i,) for i in range(n)), *zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)]


def _gains(fit: _Fit, pairs: Pairs, wrong: float) -> Array:
    """Return the logarithms of the weights against no figure wrong: of that, of each one, of each pair."""
    if not wrong:
        return np.zeros(1)
    odds = np.log(wrong / (1 - wrong)) + np.log(fit.variance / fit.wider) / 2
    change = 1 / fit.wider - 1 / fit.variance
    own, residual = 1 / change + np.diag(fit.spread), fit.residual
    single = odds - np.log(change * own) / 2 - residual**2 / own / 2
    i, j = pairs
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
