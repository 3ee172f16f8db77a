"""Room on the two pages: about how high each part is, so that a list that can be cut fills what is left.

Heights are in points, of letters of 10 points on A4 with narrow margins; writers fit the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ..paper.model import (
    Block,
    Figure,
    Heading,
    Paragraph,
    Points,
    Row,
    Source,
    Sources,
    Strip,
    Table,
    Tiles,
)
from ..tagged_numbers import plain

#: Height of the text of a page; some of it is left for what cannot be foreseen.
PAGE = 815.0
#: What may be taken of the room that is left for what cannot be foreseen, on the first page and on both.
SPARE = 25.0
#: Height of the title with what stands beside it.
TITLE = 50.0
#: Letters in a line of the whole width: of running text, of tables, and of notes and sources.
_PROSE, _TABLE, _SMALL = 112.0, 122.0, 132.0
#: Heights of a line of running text, of a table, and of notes and sources.
_LINE, _ROW_LINE, _SMALL_LINE = 12.6, 11.0, 10.0
_HEADING, _GAP, _CELL, _BLOCK = 22.0, 3.5, 4.0, 8.0
_TILE, _PICTURE = 46.0, 108.0


def room_left(before: Iterable[Block], whole: Iterable[Block], after: Iterable[Block]) -> float:
    """Return the room that is left on two pages.

    Parameters
    ----------
    before : iterable of Block
        What stands before a part that is never torn apart.
    whole : iterable of Block
        That part: it leaves the rest of the first page blank where it does not fit there.
    after : iterable of Block
        All that follows.
    """
    first, own = TITLE + height(before), height(whole)
    blank = max(PAGE - first, 0.0) if first <= PAGE + SPARE < first + own else 0.0
    return 2 * PAGE + SPARE - first - blank - own - height(after)


def room_on_first(before: Iterable[Block], *, headings: int) -> float:
    """Return the room that is left on the first page, below its title, some blocks and headings."""
    return PAGE + SPARE - TITLE - height(before) - headings * _HEADING


def height(blocks: Iterable[Block]) -> float:
    """Return about how high some blocks are together."""
    return sum(_height(block) for block in blocks)


def _height(block: Block) -> float:
    match block:
        case Heading():
            return _HEADING
        case Paragraph(text, style):
            return _lines(text, _PROSE) * _LINE + _GAP + (_BLOCK if style == "notice" else 0)
        case Points(items):
            return sum(_lines(item, _PROSE - 3) * _LINE + _GAP for item in items)
        case Tiles(tiles):
            return len(tiles) * _TILE + _BLOCK
        case Table():
            rows = sum(row_height(row, block.widths) for row in (*block.heads, *block.rows))
            return rows + _BLOCK + sum(_lines(note, _SMALL) * _SMALL_LINE + _GAP for note in block.notes)
        case Strip(figures):
            return max(map(_figure, figures), default=0.0) + _BLOCK
        case Sources(items):
            return _sources(items) + _BLOCK
    return 0.0


def row_height(row: Row, widths: Sequence[float]) -> float:
    """Return about how high a row of a table is."""
    tall, column = 1, 0
    for cell in row:
        share = sum(widths[column : column + cell.across])
        tall = max(tall, math.ceil(_lines(cell.text, max(_TABLE * share - 1.5, 4)) / cell.down))
        column += cell.across
    return tall * _ROW_LINE + _CELL


def _figure(figure: Figure) -> float:
    lines = sum(_lines(line, _PROSE / 3) for line in figure.lines)
    return _PICTURE + (_lines(figure.caption, _PROSE / 3) + lines) * _LINE


def _sources(items: Iterable[Source]) -> float:
    """Return the height of sources in two columns."""
    return sum(_lines(item.text, _SMALL / 2 - 6) * _SMALL_LINE + 2 for item in items) / 2 + _SMALL_LINE


def _lines(text: str, letters: float) -> int:
    return max(1, math.ceil(len(plain(text)) / letters))
