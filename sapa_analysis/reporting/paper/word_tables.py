"""Tables of a Word file: heads that come again, whole rows, merged cells, widths of the section."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from itertools import count
from typing import TYPE_CHECKING, Any

from ..tagged_numbers import plain
from .grid import Place, fitted, is_subheading, longest_words, placed
from .model import Cell, Figure, Row, Strip, Table, Tiles, Turn
from .office_template import content_mark
from .word_fields import Ink, element, qualified

if TYPE_CHECKING:
    from docx.document import Document

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


#: A twentieth of a point, in which Word keeps lengths, in the unit of python-docx.
EMU = 635
_SIDES = ("top", "bottom", "left", "right")


class Body:
    """The body of a document from `{{content}}` on, at first empty."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._section: Any = document.sections[-1]._sectPr
        self._turn: Turn | None = None
        self._last: Any = None
        self._upright = self._measures()
        self._headings, self._tables = count(1), count(1)
        mark = content_mark(document)
        for old in [] if mark is None else [mark, *mark.itersiblings()]:
            if old is not self._section:
                old.getparent().remove(old)

    def next_heading(self) -> int:
        """Return the number of the next heading, by which it is bookmarked."""
        return next(self._headings)

    def next_table(self) -> int:
        """Return the number of the next table."""
        return next(self._tables)

    @property
    def width(self) -> int:
        """Width of the text, in twips."""
        self._open_section()
        measures = self._measures()
        return measures["w"] - measures["left"] - measures["right"]

    @property
    def height(self) -> int:
        """Height of the text, in twips."""
        self._open_section()
        measures = self._measures()
        return measures["h"] - measures["top"] - measures["bottom"]

    def add(self, *parts: Any) -> None:
        """Write paragraphs and tables at the end; a table must be followed by a paragraph."""
        for part in parts:
            self._open_section()
            self._section.addprevious(part)
            self._last = part

    def turn(self, turn: Turn) -> None:
        """Begin a new page with the next block."""
        self._turn = turn

    def _open_section(self) -> None:
        """End the section with the last paragraph where a turn waits, so that no blank line is added."""
        turn, self._turn = self._turn, None
        if turn is None:
            return
        if self._last is not None:
            self._last.find(qualified("w:pPr")).append(deepcopy(self._section))
            self._last = None
            for name in ("w:headerReference", "w:footerReference", "w:titlePg", "w:type"):
                for child in self._section.findall(qualified(name)):
                    self._section.remove(child)
        self._lay(turn.landscape)

    def _lay(self, landscape: bool) -> None:
        """Lay the page across or upright; the margins stay, as Decree 30 has them for both."""
        size = self._section.find(qualified("w:pgSz"))
        for name, other in (("w", "h"), ("h", "w")):
            size.set(qualified(f"w:{name}"), str(self._upright[other if landscape else name]))
        size.attrib.pop(qualified("w:orient"), None)
        if landscape:
            size.set(qualified("w:orient"), "landscape")

    def _measures(self) -> dict[str, int]:
        section = self._document.sections[-1]
        found = {"w": section.page_width, "h": section.page_height}
        found |= {side: getattr(section, f"{side}_margin") for side in _SIDES}
        return {name: round((length or 0) / EMU) for name, length in found.items()}

    def count_from_one(self, lines: Sequence[Any], style: str) -> None:
        """Give paragraphs a count of their own that begins with 1; the look of the numbers is the style's."""
        number = self._new_count(style)
        for line in lines if number else ():
            look = element("w:numPr")
            look.append(element("w:ilvl", val=0))
            look.append(element("w:numId", val=number))
            line.find(qualified("w:pPr")).insert(1, look)

    def _new_count(self, style: str) -> int:
        """Return the number of a new list like that of a style, 0 where the style has none."""
        path = "w:style[@w:styleId='{}']/w:pPr/w:numPr/w:numId/@w:val".format(style.replace("'", ""))
        found = self._document.styles.element.xpath(path)
        if not found:
            return 0
        numbering = self._document.part.numbering_part.element
        own = numbering.xpath(f"w:num[@w:numId='{int(found[0])}']/w:abstractNumId/@w:val")
        if not own:
            return 0
        made = numbering.add_num(int(own[0]))
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)
