"""Where the cells of a table stand: each row names its own cells only, not the places covered by others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..tagged_numbers import plain
from .model import Cell, Row, Table


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


#: Letters as wide as each thousandth of the size of the type; all others are taken as wide as a digit.
_LETTERS = {
    278: "ijlt/:;|'", 250: "., ", 333: "fr()[]-I!", 389: "sJ", 444: "aceoz?", 556: "FPSư",
    611: "ELTZ", 667: "BCR", 722: "wADGHKNOQUVXYĐ&", 778: "m", 833: "%", 889: "M", 944: "W",
}  # fmt: skip
_WIDE = {letter: width / 1000 for width, letters in _LETTERS.items() for letter in letters}
_DIGIT, _BOLD = 0.5, 1.08
#: Where a line may break, and the share of a table beyond which a word is broken in any case.
_BREAKS, _TOO_LONG = re.compile(r"(?<=[-–])|\s"), 0.4


def word_width(word: str, *, bold: bool = False) -> float:
    """Return the width of a word in sizes of its type.

    Examples
    --------
    >>> round(word_width("Nhóm"), 2), round(word_width("12.000"), 2)
    (2.44, 2.75)
    """
    plain_letters = (unicodedata.normalize("NFD", letter)[0] if letter != "ư" else letter for letter in word)
    return sum(_WIDE.get(letter, _DIGIT) for letter in plain_letters) * (_BOLD if bold else 1)


def lines_of(text: str, width: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes in a width in sizes of its type.

    Examples
    --------
    >>> lines_of("Phòng Văn hóa và Thông tin", 6), lines_of("Phòng Văn hóa và Thông tin", 20), lines_of("", 6)
    (3, 1, 1)
    """
    lines, taken, space = 1, 0.0, word_width(" ")
    for word in text.split():
        wide = word_width(word, bold=bold)
        if taken and taken + space + wide > width:
            lines, taken = lines + 1, 0.0
        taken += wide + (space if taken else 0)
        lines += int(taken // width)  # a word longer than a line
        taken = min(taken, width)
    return lines


def longest_words(table: Table) -> list[float]:
    """Return the width of the longest word of each column, in sizes of the type; of cells in one column."""
    found = [0.0] * len(table.widths)
    for rows, is_head in ((table.heads, True), (table.rows, False)):
        for place in placed(rows, len(found)):
            if place.cell.across == 1:
                bold = is_head or place.cell.strong
                words = _BREAKS.split(plain(place.cell.text))
                wide = max(word_width(word, bold=bold) for word in words)
                found[place.column] = max(found[place.column], wide)
    return found


def fitted(width: float, shares: Sequence[float], needed: Sequence[float]) -> list[float]:
    """Return widths by their shares; where a column would break a word, others that can give it room.

    Parameters
    ----------
    width : float
        Of the table.
    shares : sequence of float
        What each column is to have.
    needed : sequence of float
        What each must have, in the unit of `width`.

    Examples
    --------
    >>> fitted(100, (0.1, 0.5, 0.4), (20, 30, 30))
    [20.0, 43.333333333333336, 36.666666666666664]
    """
    wide = [width * share / sum(shares) for share in shares]
    least = [need if need <= width * _TOO_LONG else 0.0 for need in needed]
    missing = sum(max(need - own, 0) for need, own in zip(least, wide, strict=True))
    spare = sum(max(own - need, 0) for need, own in zip(least, wide, strict=True))
    if not missing or missing > spare:
        return wide
    return [
        float(need) if need > own else own - (own - need) * missing / spare
        for need, own in zip(least, wide, strict=True)
    ]
