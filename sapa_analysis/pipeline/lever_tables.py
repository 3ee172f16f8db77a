"""Quantiles and chances at every position of the levers of a forecast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core import Array, Target, years_of
from ..verdicts import values_in_paths
from .lever_grid import Axis, Grid, neutral
from .lever_moves import Moves

#: What a fan shows of a year: ends of the 95 and 80 % intervals around the median.
QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)
#: Of three levers together every second position of the first is told, and every fourth of the others.
_COARSE = (2, 4, 4)
#: Numbers of a grid are kept to a hundredth of the last decimal that is shown, or to this share if less.
_FINE, _SHARE = 2, 1e-7
#: Two levers do the same if their factors differ by no more than this share.
_EQUAL = 1e-12

_Places = tuple[int, ...]
_Counted = Callable[[Mapping[str, float]], int]


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
    axes = _axes(moves, [lever for lever in moves.levers if lever not in fixed])
    factors = {
        lever: (tuple(moves.turns[lever]), np.tile(by, (1, len(QUANTILES)))) for lever, by in fixed.items()
    }
    if not axes:
        return Grid((), quantiles(moves.under.paths.to_numpy()), 1.0, shift, factors)
    alike, years = _alike(moves, axes), len(moves.fan.paths)
    found = np.empty((*(len(axis.at) for axis in axes), len(QUANTILES) * years))
    for places in _places(axes, alike=alike):
        [paths] = moves.paths_at([_turns(axes, places)])
        found[places] = quantiles(paths)
    _mirror(found, alike=alike)
    quantum = _quantum(float(np.median(np.abs(moves.under.paths))), decimals)
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
    axes = _axes(moves, [lever for lever in moves.levers if lever not in without])
    alike, quick = _alike(moves, axes), _quick_count(moves, target, about_relative)

    def slow(turns: Mapping[str, float]) -> int:
        return moves.attained_at(target, turns, about_relative)

    tried = [_turns(axes, places) for places in product(*({0, len(axis.at) - 1} for axis in axes))]
    count = quick if quick and all(quick(turns) == slow(turns) for turns in tried) else slow
    found = np.empty((*(len(axis.at) for axis in axes), 1), dtype=np.int64)
    for places in _places(axes, alike=alike):
        found[places] = count(_turns(axes, places))
    _mirror(found, alike=alike)
    return Grid(axes, found, 1 / moves.fan.paths.shape[1], 0.0, {}, alike)


def quantiles(paths: Array) -> Array:
    """Return `QUANTILES` x years of paths (years x paths) in a row; as `numpy.quantile`, only faster.

    Examples
    --------
    >>> import numpy as np
    from numpy.typing import NDArray
    >>> from sapa_analysis.pipeline.lever_tables import quantiles
    >>> quantiles(np.array([[3.0, 1.0, 2.0], [30.0, 10.0, 20.0]])).round(2)
    array([ 1.05, 10.5 ,  1.2 , 12.  ,  2.  , 20.  ,  2.8 , 28.  ,  2.95, 29.5 ])
    """
    ranked = np.sort(paths, axis=1)
    at = np.array(QUANTILES) * (ranked.shape[1] - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, ranked.shape[1] - 1)
    return np.asarray((ranked[:, low] + (at - low) * (ranked[:, high] - ranked[:, low])).T.ravel())


def _quick_count(moves: Moves, target: Target, about_relative: float) -> _Counted | None:
    """Return a count of the paths that attain a target, from what levers multiply its measure by.

    There is one for levels, and for growth and its mean over a term where the forecast is of growth.
    """
    known, shift = moves.under.observed, moves.shift
    term = range(
        target.start if target.measure.startswith("term") and target.start else target.end, 1 + target.end
    )
    grows = known.scale == "growth" and target.measure in ("growth", "term_mean_growth")
    if not moves.multiplies or not (grows or (target.measure == "level" and not shift)):
        return None
    values = values_in_paths(target, moves.under)
    if values is None:
        return None
    rows = np.isin(years_of(moves.fan.paths), list(term))
    by = {lever: each[:, rows].prod(axis=1) ** (1 / len(term)) for lever, each in moves.by.items()}
    half = about_relative * abs(target.value)

    def count(turns: Mapping[str, float]) -> int:
        found = shift + values
        for lever, turn in turns.items():
            found = found * by[lever][moves.turns[lever].index(turn)]
        found = found - shift
        printed = found if known.decimals is None else found.round(known.decimals)
        return int(np.sum(target.attained(printed, about=half)))

    return count


def _axes(moves: Moves, levers: Sequence[str]) -> tuple[Axis, ...]:
    """Return the axes of some levers: all positions, or of three some that lie evenly around the baseline."""
    steps = _COARSE if len(levers) == len(_COARSE) else (1,) * len(levers)
    found = []
    for lever, step in zip(levers, steps, strict=True):
        turns = moves.turns[lever]
        start = turns.index(neutral(turns)) % step
        found.append(Axis(lever, tuple(turns), tuple(range(start, len(turns), step))))
    return tuple(found)


def _alike(moves: Moves, axes: Sequence[Axis]) -> bool:
    """Return whether the last two axes do the same to every path."""
    if len(axes) < 2 or not moves.multiplies:
        return False
    one, other = (moves.by[axis.lever] for axis in axes[-2:])
    return axes[-1].turns == axes[-2].turns and bool(np.allclose(one, other, rtol=_EQUAL, atol=0))


def _places(axes: Sequence[Axis], *, alike: bool) -> Iterator[_Places]:
    for places in product(*(range(len(axis.at)) for axis in axes)):
        if not alike or places[-2] <= places[-1]:
            yield places


def _mirror(cells: NDArray[Any], *, alike: bool) -> None:
    """Fill in the other half of what is the same both ways."""
    if alike:
        first, second = np.tril_indices(cells.shape[-2], -1)
        cells[..., first, second, :] = cells[..., second, first, :]


def _turns(axes: Sequence[Axis], places: _Places) -> dict[str, float]:
    return {axis.lever: axis.turns[axis.at[place]] for axis, place in zip(axes, places, strict=True)}


def _quantum(size: float, decimals: int) -> float:
    fine = 10.0 ** -(decimals + _FINE)
    return max(fine, 10.0 ** floor(log10(size * _SHARE))) if size > 0 else fine
