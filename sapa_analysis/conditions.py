"""Worlds moved to agree with what was seen or assumed: every quantity follows as far as they go together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from .errors import SapaError

Array = NDArray[np.float64]

#: Rounds until worlds meet a value exactly, where what is looked at is no linear form of what moves.
_ROUNDS = 50
_MET = 1e-11
#: A correlation over n worlds below so many standard errors is chance: what it would move stays, bit for bit.
_CHANCE = 4.0


def shift_worlds(
    states: Mapping[str, Array],
    look: Callable[[Mapping[str, Array]], Array],
    values: Array,
    *,
    noise: Array | None = None,
    covariance: Array | None = None,
) -> dict[str, Array]:
    """Return states moved so that what is looked at has given values (Matheron's rule over an ensemble).

    Exact where all is Gaussian: the covariance of every state with what is seen carries the surprise over.

    Parameters
    ----------
    states : mapping of name to array of float, shape (years, worlds)
        On the scale of the model.
    look : callable
        What is seen in such states, figures x worlds, on the scale of the model.
    values : array of float, shape (figures,)
        What was published or is assumed.
    noise, covariance : array of float, shape (figures, worlds) and (figures, figures), optional
        A draw of the errors of the figures, and their law. Without them the values are met exactly.

    Raises
    ------
    SapaError
        When the values cannot all be met.
    """
    wanted = values[:, None] + (0.0 if noise is None else noise)
    seen = look(states)
    spread = np.atleast_2d(np.cov(seen)) + (0.0 if covariance is None else covariance)
    back = np.linalg.pinv(spread, hermitian=True)
    pull = {name: _reach(state, seen) @ back for name, state in states.items()}
    moved = dict(states)
    for _ in range(1 if covariance is not None else _ROUNDS):
        surprise = wanted - look(moved)
        if covariance is None and float(np.abs(surprise).max()) < _MET:
            return moved
        moved = {
            name: state + pull[name] @ surprise if pull[name].any() else state
            for name, state in moved.items()
        }
    if covariance is None:
        raise SapaError("no world can meet these values together")
    return moved


def _reach(state: Array, seen: Array) -> Array:
    """Return the covariance of each year of a state with what is seen; zero where it may be chance."""
    n = state.shape[1]
    around = seen - seen.mean(axis=1, keepdims=True)
    own = state - state.mean(axis=1, keepdims=True)
    covariance = own @ around.T / (n - 1)
    sizes = np.outer(own.std(axis=1, ddof=1), around.std(axis=1, ddof=1))
    related = np.abs(covariance) > _CHANCE / np.sqrt(n) * sizes
    return np.asarray(covariance * related.any(axis=1, keepdims=True))
