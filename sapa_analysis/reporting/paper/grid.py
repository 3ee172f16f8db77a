"""Where the cells of a table stand: a covered place has no cell in its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..tagged_numbers import plain
from .model import Cell, Row, Table


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with its first row and column, and how many it covers inside the table."""

    cell: Cell
    row: int
    column: int
    down: int
    across: int


def placed(rows: Sequence[Row], columns: int) -> list[list[Placed]]:
    """Return the cells of each row with their places; what lies beyond the last column is left out.

    Examples
    --------
    >>> from sapa_analysis.reporting.paper.grid import placed
    >>> from sapa_analysis.reporting.paper.model import Cell
    >>> rows = ((Cell("a", down=2), Cell("b")), (Cell("c"),))
    >>> [[(each.cell.text, each.column) for each in row] for row in placed(rows, 2)]
    [[('a', 0), ('b', 1)], [('c', 1)]]
    """
    taken: set[tuple[int, int]] = set()
    found: list[list[Placed]] = []
    for number, row in enumerate(rows):
        column, own = 0, []
        for cell in row:
            while (number, column) in taken:
                column += 1
            if column >= columns:
                break
            across = _free((number, column), cell.across, columns, taken)
            down = max(min(cell.down, len(rows) - number), 1)
            own.append(Placed(cell, number, column, down, across))
            taken |= {(number + below, column + right) for below in range(down) for right in range(across)}
            column += across
        found.append(own)
    return found


def _free(place: tuple[int, int], wanted: int, columns: int, taken: set[tuple[int, int]]) -> int:
    """Return how many of the wanted columns are still free from a place on."""
    row, column = place
    end = min(column + max(wanted, 1), columns)
    return next((other - column for other in range(column + 1, end) if (row, other) in taken), end - column)


def is_subheading(row: Row, columns: int) -> bool:
    """Return whether a row is a heading inside the table: one cell across all of several columns."""
    return len(row) == 1 and columns > 1 and row[0].across >= columns


def labels(table: Table) -> list[list[str]]:
    """Return the plain words above each column, from the outermost head to the innermost."""
    columns = len(table.widths)
    found: list[list[str]] = [[] for _ in range(columns)]
    for row in placed(table.heads, columns):
        for each in row:
            for column in range(each.column, each.column + each.across):
                found[column].append(plain(each.cell.text))
    return found


def label(words: Sequence[Sequence[str]], each: Placed) -> str:
    """Return the head of a cell in a line: "Thực hiện – 2021"; of several columns "… 2021, 2022".

    Parameters
    ----------
    words : sequence of sequence of str
        From `labels`.
    each : Placed
        The cell.
    """
    own = words[each.column : each.column + each.across]
    levels = [list(dict.fromkeys(_level(own, depth))) for depth in range(max(map(len, own), default=0))]
    return " – ".join(", ".join(level) for level in levels if level)


def _level(own: Sequence[Sequence[str]], depth: int) -> Iterator[str]:
    return (column[depth] for column in own if depth < len(column) and column[depth].strip())


def covering(rows: Sequence[Sequence[Placed]]) -> list[list[Placed]]:
    """Return for each row the cells of rows above that cover a place in it, from left to right."""
    tall = [each for row in rows for each in row if each.down > 1]
    tall.sort(key=lambda each: each.column)
    return [
        [each for each in tall if each.row < number < each.row + each.down] for number in range(len(rows))
    ]
