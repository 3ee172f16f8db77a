"""Numbers on a grid of lever positions, small enough to be sent: whole quanta, and factors where they do.

A page multiplies and adds as `Grid.at` does; nothing else is left to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core import Array, SapaError


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """A lever of a grid, and at which of its positions the grid has numbers.

    Attributes
    ----------
    lever : str
        An indicator.
    turns : tuple of float
        All positions in which it is offered: factors, or points.
    at : tuple of int
        Which of them the grid has.
    """

    lever: str
    turns: tuple[float, ...]
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Several numbers (quantiles of some years, or a chance) at every position of some levers.

    Attributes
    ----------
    axes : tuple of Axis
        The levers that no factor stands for.
    cells : numpy.ndarray
        Positions of each axis, then the numbers; in quanta, a float where nothing is rounded.
    quantum : float
        What one quantum is, in the unit of the numbers.
    shift : float
        What is added before a factor applies, and taken off after it: 100 for a growth in percent.
    factors : mapping of str to (turns, numpy.ndarray)
        Levers that multiply every number: their positions, and positions x numbers.
    alike : bool
        Whether the last two axes do the same: the numbers are the same when they change places.
    """

    axes: tuple[Axis, ...]
    cells: NDArray[Any]
    quantum: float = 1.0
    shift: float = 0.0
    factors: Mapping[str, tuple[tuple[float, ...], Array]] | None = None
    alike: bool = False

    @property
    def levers(self) -> list[str]:
        """The levers that move the numbers."""
        return [*(axis.lever for axis in self.axes), *(self.factors or {})]

    def at(self, turns: Mapping[str, float]) -> Array:
        """Return the numbers where levers are turned; a lever that is not named stays.

        Raises
        ------
        SapaError
            When a turn is none of the positions.
        """
        place = tuple(
            axis.at.index(_position(axis.lever, axis.turns, turns.get(axis.lever), axis.at))
            for axis in self.axes
        )
        found = self.cells[place] * self.quantum + self.shift
        for lever, (known, by) in (self.factors or {}).items():
            found = found * by[_position(lever, known, turns.get(lever))]
        return np.asarray(found - self.shift)

    def only(self, numbers: Sequence[int]) -> Grid:
        """Return the grid of some of its numbers."""
        kept = list(numbers)
        factors = {lever: (turns, by[:, kept]) for lever, (turns, by) in (self.factors or {}).items()}
        return replace(self, cells=self.cells[..., kept], factors=factors)

    def packed(self) -> dict[str, Any]:
        """Return the grid as plain lists: the differences of neighbours along every axis, which are small."""
        if not self.axes:
            cells: list[Any] = self.cells.tolist()
        else:
            steps = np.moveaxis(self.cells, -1, 0).astype(np.int64)
            for axis in range(1, steps.ndim):
                steps = np.diff(steps, axis=axis, prepend=0)
            if self.alike:
                steps = np.triu(steps)
            cells = steps.ravel().tolist()
        told: dict[str, Any] = {"c": cells}
        told |= {"a": [[axis.lever, list(axis.at)] for axis in self.axes], "q": self.quantum}
        told |= {"s": self.shift, "m": int(self.alike)}
        told["f"] = {lever: by.tolist() for lever, (_, by) in (self.factors or {}).items()}
        return told


def unpacked(told: Mapping[str, Any], positions: Mapping[str, Sequence[float]]) -> Grid:
    """Return the grid that `Grid.packed` wrote; the page does the same.

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.pipeline.lever_grid import Axis, Grid, unpacked
    >>> whole = Grid((Axis("visits", (0.9, 1.0, 1.1), (0, 1, 2)),), np.array([[90], [100], [110]]), 0.5)
    >>> whole.packed()["c"], unpacked(whole.packed(), {"visits": [0.9, 1.0, 1.1]}).at({"visits": 1.1})
    ([90, 10, 10], array([55.]))
    """
    axes = tuple(Axis(lever, tuple(positions[lever]), tuple(at)) for lever, at in told["a"])
    cells = np.array(told["c"], dtype=np.int64 if axes else float)
    if axes:
        cells = cells.reshape(-1, *(len(axis.at) for axis in axes))
        if told["m"]:
            cells = cells + np.swapaxes(np.triu(cells, 1), -1, -2)
        for axis in range(1, cells.ndim):
            cells = cells.cumsum(axis=axis)
        cells = np.moveaxis(cells, 0, -1)
    factors = {lever: (tuple(positions[lever]), np.array(by)) for lever, by in told["f"].items()}
    return Grid(axes, cells, told["q"], told["s"], factors, bool(told["m"]))


def neutral(turns: Sequence[float]) -> float:
    """Return the position that leaves a lever as it is: 1 of factors, 0 of points."""
    return 0.0 if min(turns) <= 0 else 1.0


def _position(
    lever: str, turns: Sequence[float], turn: float | None, among: Sequence[int] | None = None
) -> int:
    wanted = neutral(turns) if turn is None else turn
    near = int(np.argmin(np.abs(np.asarray(turns) - wanted)))
    if abs(turns[near] - wanted) > 1e-9 or (among is not None and near not in among):
        raise SapaError(f"{lever} {wanted:g} is no position of the grid")
    return near
