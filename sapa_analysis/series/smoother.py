"""Exact smoother of one quantity from many measurements, some of which may be wrong.

The yearly values follow a random walk with drift on the model's scale. Each statement is a measurement: a
linear form of the yearly values plus an error. The step size is averaged over a grid under a prior. A
measurement may be wrong: its error is then much larger. The posterior sums exactly over all sets of at most
two wrong measurements (method note, section 1). Given step size and set, everything is Gaussian and in closed
form. A test compares it with the exact diffuse filter and smoother of statsmodels, which would have to run
once for every set and size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core import Array
from .posterior import EXACT, Posterior

#: Grid points of the step size, in standard deviations of its logarithm.
_GRID = np.linspace(-2.4, 2.4, 13)
#: Measurements that may be wrong at once.
_MOST_WRONG = 2
#: Mixture components kept: the largest ones that have this share of the weight together, and at most so many.
_HELD, _MOST_COMPONENTS = 0.999, 500
#: Pairs of wrong measurements are formed from at most so many, the most surprising ones.
_MOST_SUSPECTS = 60
#: The first and the second measurement of each pair that may be wrong together.
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
_NO_PAIRS: Pairs = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Measurements:
    """Published values as linear forms of the yearly values, on the model's scale.

    Attributes
    ----------
    design : array, shape (n, years)
        The linear form of each measurement: 1 at its year, or a difference, or the mean of a term.
    values : array, shape (n,)
        The published values.
    variance : array, shape (n,)
        Variance of each measurement's own error.
    shared : array, shape (n, causes)
        Effect on each measurement of one standard deviation of an error that it has in common with others,
        such as the share of the year by September.
    """

    design: Array
    values: Array
    variance: Array
    shared: Array


@dataclass(frozen=True, slots=True)
class Prior:
    """Prior of the yearly steps and of wrong measurements, on the model's scale.

    Attributes
    ----------
    step, step_spread : float
        Median of the standard deviation of a yearly step, and the standard deviation of its logarithm; 0
        fixes it.
    drift, drift_sd : float
        Mean and standard deviation of the mean step.
    shock : float
        Additional standard deviation of a step into a shock year.
    wrong, wrong_sd : float
        Probability that a measurement is wrong, 0 for never; additional standard deviation of its error.
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
    """A Gaussian prior distribution of the unknowns, diffuse where nothing is assumed.

    Attributes
    ----------
    forms, values : array, shape (n, unknowns), (n,)
        Linear forms of the unknowns, independent and each of variance one, and their means. Not the matrix of
        precisions: squaring the forms would cost half of the digits.
    log_weight : float
        Logarithm of its weight, including the normalising constant of the forms.
    """

    forms: Array
    values: Array
    log_weight: float


def smooth(measured: Measurements, prior: Prior, *, shock: NDArray[np.bool_]) -> Posterior:
    """Return the posterior distribution of the yearly values.

    Parameters
    ----------
    measured : Measurements
        At least one measurement of a level.
    prior : Prior
        Prior of steps and wrong measurements.
    shock : array of bool, shape (years,)
        Which years are shock years; the step into such a year has a larger variance.
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
    """Return the posterior of the unknowns, averaged over priors and over sets of wrong measurements.

    Parameters
    ----------
    measured : Measurements
        Linear forms of the unknowns.
    laws : sequence of Law
        Possible priors of the unknowns, each with its weight.
    wrong : float
        Probability that a measurement is wrong; 0 for never.
    wrong_sd : float or array of float, shape (n,)
        Additional standard deviation of the error of a wrong measurement.
    most : int
        Largest number of mixture components kept.
    level_laws : bool
        The priors were drawn with their posterior probability, so all count equally, however well each fits.
    """
    wider = np.maximum(measured.variance, EXACT) + np.asarray(wrong_sd) ** 2
    fits = [_fit(measured, law, wider) for law in laws]
    pairs = _pairs(fits[0], wrong)
    sets = _sets(len(wider), pairs, wrong)
    log_weights = np.array([fit.log_weight + _gains(fit, pairs, wrong) for fit in fits])
    if level_laws:
        log_weights -= _log_sum(log_weights)[:, None]
    weights = _heaviest(np.exp(log_weights - log_weights.max()), most)
    parts = [
        _components(fit, [sets[place] for place in np.flatnonzero(row)], measured.design.shape[1])
        for fit, row in zip(fits, weights, strict=True)
        if row.any()
    ]
    means, roots, influences = (np.concatenate([part[k] for part in parts]) for k in range(3))
    share = weights[weights > 0]
    wrong_in = np.zeros((len(sets), len(measured.values)))
    for which, row in zip(sets, wrong_in, strict=True):
        row[list(which)] = 1.0
    doubt = weights.sum(axis=0) @ wrong_in
    return Posterior(share, means, roots, doubt, np.tensordot(share, influences, axes=1))


def log_evidence(measured: Measurements, law: Law, *, wrong: float, wrong_sd: float | Array) -> float:
    """Return the log likelihood of the measurements under a prior, up to a constant; see `mix`."""
    fit = _fit(measured, law, np.maximum(measured.variance, EXACT) + np.asarray(wrong_sd) ** 2)
    return float(fit.log_weight + _log_sum(_gains(fit, _pairs(fit, wrong), wrong)[None])[0])


def wrong_sets(
    measured: Measurements, law: Law, *, wrong: float, wrong_sd: float | Array
) -> dict[tuple[int, ...], float]:
    """Return the probability of each set of wrong measurements under one prior; see `mix`."""
    fit = _fit(measured, law, np.maximum(measured.variance, EXACT) + np.asarray(wrong_sd) ** 2)
    pairs = _pairs(fit, wrong)
    gains = _gains(fit, pairs, wrong)
    shares = np.exp(gains - _log_sum(gains[None])[0])
    return dict(zip(_sets(len(measured.values), pairs, wrong), shares.tolist(), strict=True))


def _log_sum(logs: Array) -> Array:
    most = logs.max(axis=1)
    return np.asarray(most + np.log(np.exp(logs - most[:, None]).sum(axis=1)))


def _heaviest(weights: Array, most: int) -> Array:
    """Return the weights, with the small ones set to zero, summing to one."""
    order = np.argsort(weights, axis=None)[::-1]
    held = np.cumsum(weights.ravel()[order])
    n = min(int(np.searchsorted(held, _HELD * held[-1])) + 1, most)
    least = weights.ravel()[order[n - 1]] * (1 - 1e-6)  # equal weights: all or none, despite rounding
    kept = np.where(weights >= least, weights, 0.0)
    return np.asarray(kept / kept.sum())


@dataclass(frozen=True, slots=True)
class _Fit:
    """The posterior under one prior with no wrong measurement, and the terms that allow for wrong ones.

    The covariance of the unknowns is `root @ root.T`; `reach` is the design times the root.
    """

    design: Array
    variance: Array
    wider: Array
    mean: Array
    root: Array
    reach: Array
    residual: Array
    spread: Array
    log_weight: float


def _fit(measured: Measurements, law: Law, wider: Array) -> _Fit:
    """Solve the least squares problem of prior and measurements by orthogonal steps, unknowns and causes."""
    from scipy.linalg.lapack import dtrtri  # heavy: loaded when first needed

    design, variance = np.hstack([measured.design, measured.shared]), np.maximum(measured.variance, EXACT)
    n, (rows, own), causes = design.shape[1], law.forms.shape, measured.shared.shape[1]
    system = np.zeros((rows + causes + len(design), n + 1))
    system[:rows, :own], system[:rows, n] = law.forms, law.values
    system[rows : rows + causes, own:n] = np.eye(causes)  # each shared error has variance one
    system[rows + causes :] = np.column_stack([design, measured.values]) / np.sqrt(variance)[:, None]
    triangle = np.linalg.qr(system, mode="r")
    triangle *= np.sign(np.diag(triangle))[:, None]
    root, _ = dtrtri(triangle[:n, :n])
    mean, reach = root @ triangle[:n, n], design @ root
    misfit = (triangle[n:, n] ** 2).sum()
    volume = -2 * np.log(np.diag(triangle)[:n]).sum() - np.log(variance).sum()
    weight = law.log_weight + (volume - misfit) / 2
    residual = measured.values - design @ mean
    return _Fit(design, variance, wider, mean, root, reach, residual, reach @ reach.T, float(weight))


def _walk(prior: Prior, step: float, shock: NDArray[np.bool_], log_weight: float) -> Law:
    """Return the prior of a random walk with drift."""
    covariance = np.diag(step**2 + prior.shock**2 * shock[1:]) + prior.drift_sd**2
    steps = np.diff(np.eye(len(shock)), axis=0)
    return law_of_steps(steps, np.full(len(shock) - 1, prior.drift), covariance, log_weight)


def law_of_steps(steps: Array, drift: Array, covariance: Array, log_weight: float = 0.0) -> Law:
    """Return the prior under which linear forms of the unknowns have a given mean and covariance.

    Parameters
    ----------
    steps : array of float, shape (n, unknowns)
        The linear forms; in other directions the prior is diffuse.
    drift : array of float, shape (n,)
        Their means.
    covariance : array of float, shape (n, n)
        Their covariance.
    log_weight : float
        Logarithm of the prior weight of this `Law`.
    """
    factor = np.linalg.cholesky(covariance)
    scaled = np.linalg.solve(factor, np.column_stack([steps, drift]))
    return Law(scaled[:, :-1], scaled[:, -1], log_weight - float(np.log(np.diag(factor)).sum()))


def _pairs(fit: _Fit, wrong: float) -> Pairs:
    """Return every pair of measurements; if there are too many, only pairs of the most surprising ones."""
    if not wrong:
        return _NO_PAIRS
    suspects = np.sort(np.argsort(-_gains(fit, _NO_PAIRS, wrong)[1:], kind="stable")[:_MOST_SUSPECTS])
    i, j = np.triu_indices(len(suspects), 1)
    return suspects[i], suspects[j]


def _sets(n: int, pairs: Pairs, wrong: float) -> list[tuple[int, ...]]:
    """Return every set of at most two of n measurements, in the order of `_gains`."""
    if not wrong:
        return [()]
    return [(), *((i,) for i in range(n)), *zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)]


def _gains(fit: _Fit, pairs: Pairs, wrong: float) -> Array:
    """Return log weights relative to no wrong measurement: of none, of each single one, of each pair."""
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


def _components(fit: _Fit, sets: Sequence[tuple[int, ...]], years: int) -> tuple[Array, Array, Array]:
    """Return means, roots of the covariances and influences if the measurements of each set are wrong."""
    n, k = fit.design.shape[1], len(sets)
    held = np.array([[place < len(which) for place in range(_MOST_WRONG)] for which in sets])
    at = np.array([[*which, *[0] * (_MOST_WRONG - len(which))] for which in sets])
    both = held[:, :, None] & held[:, None, :]
    own = np.ones(at.shape)
    own[held] = 1 / (1 / fit.variance[at[held]] - 1 / fit.wider[at[held]])
    lost = own[:, :, None] * np.eye(_MOST_WRONG) - np.where(
        both, fit.spread[at[:, :, None], at[:, None, :]], 0.0
    )
    regained = np.linalg.inv(lost)
    reach = np.moveaxis((fit.root @ fit.reach.T)[:, at], 0, 1) * held[:, None, :]
    widened = reach @ np.linalg.cholesky(regained)
    means = fit.mean - (reach @ (regained @ (fit.residual[at] * held)[:, :, None]))[:, :, 0]
    roots = np.zeros((k, years, n + _MOST_WRONG))
    roots[:, :, :n], roots[:, :, n:] = fit.root[:years], widened[:, :years]
    variance = np.tile(fit.variance, (k, 1))
    variance[np.nonzero(held)[0], at[held]] = fit.wider[at[held]]
    covariance = fit.reach @ fit.root[:years].T + (fit.design @ widened) @ np.swapaxes(
        widened[:, :years], 1, 2
    )
    return means[:, :years], roots, covariance / variance[:, :, None]
