"""Tables of a Word file: heads that come again, whole rows, merged cells, widths of the section."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..tagged_numbers import plain
from .grid import Place, is_subheading, placed
from .model import Cell, Figure, Row, Strip, Table, Tiles
from .widths import fitted, longest_words
from .word_body import EMU
from .word_fields import element
from .word_ink import Ink

#: A row with a longer text may break over pages: some programs cut off what is higher than a page.
_LONGEST_WHOLE = 1500
_ALIGN = {"right": "right", "middle": "center"}
_TILE_TITLE = 0.28
#: Signs of what is told of a table to those who cannot see it.
_LONGEST_TOLD = 250
#: What the inside of a cell loses on both sides, in twips.
_INSIDE = 140
#: What a picture in a cell leaves free beside it, in twips: some programs cut what fills the cell.
_BESIDE = 240


def grid(ink: Ink, table: Table, width: int) -> Any:
    """Return a table as wide as the text, in twips."""
    widths = _widths(ink, table, width)
    made = _bare(ink, "Table Dense" if table.dense else "Table Grid", widths, plain(table.caption))
    small = " Small" if table.dense else ""
    for rows, style in ((table.heads, f"Table Head{small}"), (table.rows, "")):
        whole = style or ("Table Small" if table.dense else "Table Text")
        places = placed(rows, len(widths))
        for number, row in enumerate(rows):
            under = f"Table Subhead{small}" if not style and is_subheading(row, len(widths)) else whole
            cells = _cells_of(places, number)
            written = _row(head=bool(style), whole=_is_short(row))
            for place, first in cells:
                written.append(_cell(ink, place, first, widths, under, middled=bool(style)))
            made.append(written)
    return made


def _widths(ink: Ink, table: Table, width: int) -> list[int]:
    """Return widths by their shares, but none that breaks a word."""
    size = ink.size("Table Head Small" if table.dense else "Table Head")
    needed = [word * size * 20 + _INSIDE if word else 0 for word in longest_words(table)]
    return shared(width, fitted(width, table.widths, needed))


def shared(width: int, shares: Sequence[float]) -> list[int]:
    """Return a width in whole parts by their shares; the last takes what rounding leaves."""
    parts = [round(width * share / sum(shares)) for share in shares]
    return [*parts[:-1], width - sum(parts[:-1])]


def tile_grid(ink: Ink, tiles: Tiles, width: int) -> Any:
    """Return rows of counts as a table: title, then number over word."""
    columns = max(len(tile.counts) for tile in tiles.rows)
    widths = shared(width, (_TILE_TITLE, *[(1 - _TILE_TITLE) / max(columns, 1)] * columns))
    made = _bare(ink, "Table Grid", widths, " ".join(plain(tile.title) for tile in tiles.rows))
    for tile in tiles.rows:
        row = _row(head=False, whole=True)
        row.append(_box(widths[0], [ink.paragraph("Tile Title", tile.title)], middle=True))
        blank = [("", "", "")] * (columns - len(tile.counts))
        for wide, (shade, n, word) in zip(widths[1:], (*tile.counts, *blank), strict=True):
            lines = [ink.paragraph("Tile Count", n), ink.paragraph("Tile Word", word)]
            row.append(_box(wide, lines, fill=ink.fills.get(shade, "")))
        made.append(row)
    return made


def strip_grid(ink: Ink, strip: Strip, width: int, height: int) -> Any:
    """Return figures side by side: pictures, captions, lines."""
    widths = shared(width, [1] * len(strip.figures))
    made = _bare(ink, "Table Bare", widths, "")
    inside = [(wide - _BESIDE) * EMU for wide in widths]
    made.append(
        _boxes(
            widths,
            [
                [ink.picture(figure.picture, figure.alt, wide, height)]
                for figure, wide in zip(strip.figures, inside, strict=True)
            ],
        )
    )
    made.append(_boxes(widths, [[ink.paragraph("Caption", figure.caption)] for figure in strip.figures]))
    if any(figure.lines for figure in strip.figures):
        made.append(_boxes(widths, [_lines(ink, figure) for figure in strip.figures]))
    return made


def _lines(ink: Ink, figure: Figure) -> list[Any]:
    return [ink.paragraph("Figure Text", line) for line in figure.lines or ("",)]


def _boxes(widths: Sequence[int], cells: Sequence[list[Any]]) -> Any:
    row = _row(head=False, whole=True)
    for wide, lines in zip(widths, cells, strict=True):
        row.append(_box(wide, lines))
    return row


def _bare(ink: Ink, style: str, widths: Sequence[int], told: str) -> Any:
    made, look, columns = element("w:tbl"), element("w:tblPr"), element("w:tblGrid")
    look.append(element("w:tblStyle", val=ink.ids[style]))
    look.append(element("w:tblW", w=sum(widths), type="dxa"))
    look.append(element("w:tblInd", w=0, type="dxa"))
    look.append(element("w:tblLayout", type="fixed"))
    if told:
        look.append(element("w:tblCaption", val=told[:_LONGEST_TOLD]))
    for wide in widths:
        columns.append(element("w:gridCol", w=wide))
    made.append(look)
    made.append(columns)
    return made


def _row(*, head: bool, whole: bool) -> Any:
    made, look = element("w:tr"), element("w:trPr")
    if whole:
        look.append(element("w:cantSplit"))
    if head:
        look.append(element("w:tblHeader"))
    made.append(look)
    return made


def _is_short(row: Row) -> bool:
    return all(len(plain(cell.text)) <= _LONGEST_WHOLE for cell in row)


def _cells_of(places: Sequence[Place], row: int) -> list[tuple[Place, bool]]:
    """Return the cells that a row shows in the order of columns, and whether each begins there."""
    found = [(place, place.row == row) for place in places if place.row <= row < place.row + place.cell.down]
    return sorted(found, key=lambda each: each[0].column)


def _cell(ink: Ink, place: Place, first: bool, widths: Sequence[int], style: str, *, middled: bool) -> Any:
    cell = place.cell if first else Cell()
    wide = sum(widths[place.column : place.column + place.cell.across])
    line = ink.paragraph(style, cell.text, align=_ALIGN.get(cell.align, ""), strong=cell.strong)
    merged = "" if place.cell.down == 1 else "restart" if first else "continue"
    fill = ink.fills.get(place.cell.shade or ("head" if middled else ""), "")
    return _box(wide, [line], across=place.cell.across, merged=merged, fill=fill, middle=middled)


def _box(
    width: int,
    lines: Sequence[Any],
    *,
    across: int = 1,
    merged: str = "",
    fill: str = "",
    middle: bool = False,
) -> Any:
    made, look = element("w:tc"), element("w:tcPr")
    look.append(element("w:tcW", w=width, type="dxa"))
    if across > 1:
        look.append(element("w:gridSpan", val=across))
    if merged:
        look.append(element("w:vMerge", val=merged))
    if fill:
        look.append(element("w:shd", val="clear", color="auto", fill=fill))
    if middle:
        look.append(element("w:vAlign", val="center"))
    made.append(look)
    for line in lines:
        made.append(line)
    return made
