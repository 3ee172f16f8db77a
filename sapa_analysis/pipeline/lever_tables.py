"""Quantiles and chances at every position of the levers of a forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core import Array, Target, years_of
from ..verdicts import values_in_paths
from .lever_grid import Axis, Grid
from .lever_moves import Moves

#: What a fan shows of a year: ends of the 95 and 80 % intervals around the median.
QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)
#: Numbers of a grid are kept to a hundredth of the last decimal that is shown, or to this share if less.
_FINE, _SHARE = 2, 1e-7
#: Two levers do the same if their factors differ by no more than this share.
_EQUAL = 1e-12


def fan_grid(moves: Moves, decimals: int) -> Grid:
    """Return the quantiles of every year of a forecast, `QUANTILES` x years in a row, at all positions.

    Parameters
    ----------
    moves : Moves
        The forecast and its levers.
    decimals : int
        With which it is shown.
    """
    fixed, shift = moves.same_for_all, moves.shift
    axes = moves.axes([lever for lever in moves.levers if lever not in fixed])
    factors = {
        lever: (tuple(moves.turns[lever]), np.tile(by, (1, len(QUANTILES)))) for lever, by in fixed.items()
    }
    under = moves.under.paths.to_numpy()
    if not axes:
        return Grid((), quantiles(under), 1.0, shift, factors)
    alike = _alike(moves, axes)
    found = np.empty((*(len(axis.at) for axis in axes), len(QUANTILES) * len(under)))
    if moves.multiplies:
        for places, paths in _blocks(shift + under, moves.by, axes, alike=alike):
            found[places] = quantiles(paths - shift)
        _mirror(found, alike=alike)
    else:
        every = list(np.ndindex(found.shape[:-1]))
        for place, paths in zip(every, moves.paths_at([_turns(axes, each) for each in every]), strict=True):
            found[place] = quantiles(paths)
    quantum = _quantum(float(np.median(np.abs(under))), decimals)
    return Grid(axes, np.rint(found / quantum).astype(np.int64), quantum, shift, factors, alike)


def chance_grid(moves: Moves, target: Target, about_relative: float, *, without: Sequence[str] = ()) -> Grid:
    """Return the share of the paths that attain a target at all positions of the levers.

    Parameters
    ----------
    moves : Moves
        The forecast of its indicator, and the levers.
    target : Target
        A target that can be judged in paths.
    about_relative : float
        Half width of `about` for amounts, as a share of the target's value.
    without : sequence of str
        Levers that stay as they are.
    """
    axes = moves.axes([lever for lever in moves.levers if lever not in without])
    alike, n = _alike(moves, axes), moves.fan.paths.shape[1]
    found = np.full((*(len(axis.at) for axis in axes), 1), -1, dtype=np.int64)
    measure = _measure(moves, target)
    if measure is not None:
        base, by, shift = measure
        for places, values in _blocks(shift + base, by, axes, alike=alike):
            found[places] = _attaining(values - shift, moves, target, about_relative)[..., None]
        _mirror(found, alike=alike)
    # tried at both ends, as all that is quick
    for place in dict.fromkeys([(0,) * len(axes), (-1,) * len(axes)]):
        if found[place] != moves.attained_at(target, _turns(axes, place), about_relative):
            every = np.ndindex(found.shape[:-1])
            counts = [moves.attained_at(target, _turns(axes, each), about_relative) for each in every]
            found = np.array(counts).reshape(found.shape)
            break
    return Grid(axes, found, 1 / n, 0.0, {}, alike)


def quantiles(paths: Array) -> Array:
    """Return `QUANTILES` x years of paths (... x years x paths) in a row; as `numpy.quantile`, only faster.

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.pipeline.lever_tables import quantiles
    >>> quantiles(np.array([[3.0, 1.0, 2.0], [30.0, 10.0, 20.0]])).round(2)
    array([ 1.05, 10.5 ,  1.2 , 12.  ,  2.  , 20.  ,  2.8 , 28.  ,  2.95, 29.5 ])
    """
    ranked = np.sort(paths, axis=-1)
    last = ranked.shape[-1] - 1
    at = np.array(QUANTILES) * last
    low = np.floor(at).astype(int)
    below, above = ranked[..., low], ranked[..., np.minimum(low + 1, last)]
    found = np.swapaxes(below + (at - low) * (above - below), -1, -2)
    return np.asarray(found.reshape(*found.shape[:-2], -1))


def _measure(moves: Moves, target: Target) -> tuple[Array, dict[str, Array], float] | None:
    """Return a target's measure in every path, what each lever multiplies it by, and what is added before.

    There is one for levels, and for growth and its mean over a term where the forecast is of growth.
    """
    known, shift = moves.under.observed, moves.shift
    first = target.start if target.measure.startswith("term") and target.start else target.end
    term = range(first, 1 + target.end)
    grows = known.scale == "growth" and target.measure in ("growth", "term_mean_growth")
    if not moves.multiplies or not (grows or (target.measure == "level" and not shift)):
        return None
    values = values_in_paths(target, moves.under)
    if values is None:
        return None
    rows = np.isin(years_of(moves.fan.paths), list(term))
    by = {lever: each[:, rows].prod(axis=1) ** (1 / len(term)) for lever, each in moves.by.items()}
    return values, by, shift


def _attaining(values: Array, moves: Moves, target: Target, about_relative: float) -> NDArray[Any]:
    """Return how many measures of each row, as they are printed, attain a target."""
    decimals = moves.under.observed.decimals
    printed = values if decimals is None else values.round(decimals)
    half = about_relative * abs(target.value)
    return np.asarray(np.sum(target.attained(printed, about=half), axis=-1))


def _alike(moves: Moves, axes: Sequence[Axis]) -> bool:
    """Return whether the last two axes do the same to every path."""
    if len(axes) < 2 or not moves.multiplies or axes[-1].turns != axes[-2].turns:
        return False
    one, other = (moves.by[axis.lever][list(axis.at)] for axis in axes[-2:])
    return axes[-1].at == axes[-2].at and bool(np.allclose(one, other, rtol=_EQUAL, atol=0))


def _blocks(
    base: Array, by: Mapping[str, Array], axes: Sequence[Axis], *, alike: bool
) -> Iterator[tuple[tuple[slice | int, ...], Array]]:
    """Yield all positions of the first lever at those of the others: places, and positions x the rest.

    Of two levers that do the same, those of the second that lie before the first are left out.
    """
    if not axes:
        yield (), base
        return
    lead = base * by[axes[0].lever][list(axes[0].at)]
    for places in product(*(range(len(axis.at)) for axis in axes[1:])):
        if alike and len(places) > 1 and places[-2] > places[-1]:
            continue
        first = slice(0, places[0] + 1) if alike and len(places) == 1 else slice(None)
        found = lead[first]
        for axis, place in zip(axes[1:], places, strict=True):
            found = found * by[axis.lever][axis.at[place]]
        yield (first, *places), found


def _mirror(cells: NDArray[Any], *, alike: bool) -> None:
    """Fill in the other half of what is the same both ways."""
    if alike:
        first, second = np.tril_indices(cells.shape[-2], -1)
        cells[..., first, second, :] = cells[..., second, first, :]


def _turns(axes: Sequence[Axis], places: Sequence[int]) -> dict[str, float]:
    return {axis.lever: axis.turns[axis.at[place]] for axis, place in zip(axes, places, strict=True)}


def _quantum(size: float, decimals: int) -> float:
    fine = 10.0 ** -(decimals + _FINE)
    return max(fine, 10.0 ** floor(log10(size * _SHARE))) if size > 0 else fine
