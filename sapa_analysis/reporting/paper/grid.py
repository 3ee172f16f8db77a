"""Where the cells of a table stand: each row names its own cells only, not the places covered by others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .model import Cell, Row


@dataclass(frozen=True, slots=True)
class Place:
    """A cell and the row and column, from 0, of its upper left corner."""

    row: int
    column: int
    cell: Cell

    @property
    def is_alone(self) -> bool:
        """Whether it is one row high and one column wide."""
        return self.cell.down == self.cell.across == 1


def placed(rows: Sequence[Row], columns: int) -> list[Place]:
    """Return the place of every cell, by rows; where a row names too few cells, blank ones follow.

    Raises
    ------
    ValueError
        When a cell lies outside the table.
    """
    taken: set[tuple[int, int]] = set()
    found = []
    for number, row in enumerate(rows):
        waiting = list(row)
        for column in range(columns):
            if (number, column) in taken:
                continue
            cell = waiting.pop(0) if waiting else Cell()
            covered = {(number + down, column + across) for down in range(cell.down)
                       for across in range(cell.across)}  # fmt: skip
            if covered & taken or column + cell.across > columns or number + cell.down > len(rows):
                raise ValueError(f"row {number}, column {column}: the cell has no room")
            taken |= covered
            found.append(Place(number, column, cell))
        if waiting:
            raise ValueError(f"row {number} has {len(waiting)} cells too many")
    return found


def is_subheading(row: Row, columns: int) -> bool:
    """Return whether a row is a subheading: one cell across all columns."""
    return len(row) == 1 and row[0].across == columns > 1
