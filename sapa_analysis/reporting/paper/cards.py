"""What a row of a table says when it stands alone, as a card on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..tagged_numbers import plain
from .grid import Place, placed
from .model import Table


def labels(table: Table) -> list[list[str]]:
    """Return the plain words above each column, from the outermost head to the innermost."""
    columns = len(table.widths)
    found: list[list[str]] = [[] for _ in range(columns)]
    for place in placed(table.heads, columns):
        for column in range(place.column, place.column + place.cell.across):
            found[column].append(plain(place.cell.text))
    return found


def label(words: Sequence[Sequence[str]], place: Place) -> str:
    """Return the head of a cell in a line: "Result – 2021"; that of several columns "Result – 2021, 2022".

    Parameters
    ----------
    words : sequence of sequence of str
        From `labels`.
    place : Place
        The cell.
    """
    own = words[place.column : place.column + place.cell.across]
    levels = [list(dict.fromkeys(_level(own, depth))) for depth in range(max(map(len, own), default=0))]
    return " – ".join(", ".join(level) for level in levels if level)


def _level(own: Sequence[Sequence[str]], depth: int) -> Iterator[str]:
    return (column[depth] for column in own if depth < len(column) and column[depth].strip())


def covering(places: Sequence[Place], rows: int) -> list[list[Place]]:
    """Return for each row the cells of rows above that cover a place in it, from left to right."""
    tall = sorted((place for place in places if place.cell.down > 1), key=lambda place: place.column)
    return [
        [place for place in tall if place.row < number < place.row + place.cell.down]
        for number in range(rows)
    ]
