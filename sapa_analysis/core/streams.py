"""Random streams: each is named by seed, purpose, area and indicator, and no two are alike."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from .types import Array


def stream(seed: int, purpose: str, area: str, indicator: str) -> np.random.Generator:
    """Return the random stream of one purpose.

    Parameters
    ----------
    seed : int
        Seed of the run: another one changes every stream.
    purpose : str
        What is drawn, such as `paths`.
    area, indicator : str
        For what; several joined by `+` where they are drawn together, blank where all share the stream.

    Examples
    --------
    >>> from sapa_analysis.core import stream
    >>> town, province = (stream(1, "paths", area, "grdp") for area in ("sa_pa", "lao_cai"))
    >>> town.standard_normal(2).round(2).tolist(), province.standard_normal(2).round(2).tolist()
    ([1.73, -0.6], [-1.32, 2.02])
    """
    name = "\n".join([purpose, area, indicator]).encode()
    return np.random.default_rng([seed, int.from_bytes(blake2b(name, digest_size=16).digest())])


def evenly(drawn: Array) -> Array:
    """Return shares of which each row has one in the middle of each of n equal parts of 0 to 1.

    The order within a row, and so its dependence on other rows, is that of the numbers given. A probability
    estimated from n such numbers is exact to 1 / n.

    Parameters
    ----------
    drawn : array of float, shape (..., n)
        Numbers of any continuous law.

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.core import evenly
    >>> evenly(np.array([[0.3, -2.0, 0.1, 7.0]])).tolist()
    [[0.625, 0.125, 0.375, 0.875]]
    """
    return np.asarray((_ranks(drawn) + 0.5) / drawn.shape[-1])


def stratified(drawn: Array, beside: Array | None = None) -> Array:
    """Return standard normal numbers, one in each of n equally likely strata of a row; see `evenly`.

    With an even number of ten or more the middle two are zero: the median of a row is then the point, to the
    last digit.

    Parameters
    ----------
    drawn : array of float, shape (..., n)
        Numbers of any continuous law.
    beside : array of float, the same shape, optional
        What the numbers are added to: they are then spread evenly over its small and its large values too, so
        that a probability of the sum has a small sampling error.

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.core import stratified
    >>> stratified(np.array([[0.3, -2.0, 0.1]])).round(2).tolist()
    [[0.97, -0.97, 0.0]]
    """
    n = drawn.shape[-1]
    if beside is None or not np.ptp(beside, axis=-1).any():
        return np.asarray(_strata(n)[_ranks(drawn)])
    rows = zip(drawn.reshape(-1, n), beside.reshape(-1, n), strict=True)
    return np.array([_strata(n)[_spread_ranks(*row)] for row in rows]).reshape(drawn.shape)


def _spread_ranks(drawn: Array, beside: Array) -> NDArray[np.int64]:
    """Return ranks of the one that are spread evenly over those of the other.

    Neighbours by the other form blocks of about sqrt(n); ranks within a block count first.
    """
    n, own = len(drawn), _ranks(drawn)
    order = np.argsort(_ranks(beside) // _block(n) * n + own)
    within = np.empty(n, dtype=np.int64)
    within[order] = _within(n)
    found = np.empty(n, dtype=np.int64)
    found[np.argsort(within * n + own)] = np.arange(n)
    return found


def _block(n: int) -> int:
    return max(round(math.sqrt(n)), 1)


@lru_cache(maxsize=16)
def _within(n: int) -> NDArray[np.int64]:
    """Return, block by block, the places within a block in an order that is common to all blocks."""
    sizes = np.bincount(np.arange(n) // _block(n))
    shares = np.concatenate([(np.arange(size) + 0.5) / size for size in sizes])
    return np.asarray(np.unique(shares, return_inverse=True)[1], dtype=np.int64)


def _ranks(drawn: Array) -> NDArray[np.int64]:
    order = _order(drawn)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(drawn.shape[-1]), order.shape), axis=-1)
    return ranks


def _order(drawn: Array) -> NDArray[np.int64]:
    """Return the stable order of each row; numbers that all differ have one order, which is found sooner."""
    order = np.argsort(drawn, axis=-1)
    rising = np.take_along_axis(drawn, order, axis=-1)
    if (rising[..., 1:] > rising[..., :-1]).all():
        return order
    return np.argsort(drawn, axis=-1, kind="stable")


@cache
def _strata(n: int) -> Array:
    """Return the middle of each of n equally likely strata of the standard normal law."""
    scores = np.array([NormalDist().inv_cdf((place + 0.5) / n) for place in range(n)])
    scores = (scores - scores[::-1]) / 2
    if n >= 10:
        scores[(n - 1) // 2 : n // 2 + 1] = 0.0
    return np.asarray(scores)
