"""The cells of a sheet, as they are stored: a formula counts with the result stored beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Literal, NamedTuple

from .strict_xml import MAIN, BrokenError, Walk, names
from .told import split_cell

Shown = Literal["", "percent", "day", "month", "nothing"]


class Look(NamedTuple):
    """How a style shows what a cell holds.

    Attributes
    ----------
    shown : {"", "percent", "day", "month", "nothing"}
        As what a number is shown.
    places : tuple of int, optional
        The least and the most decimals; None where the format does not fix them.
    struck : bool
        Whether it is struck through.
    """

    shown: Shown = ""
    places: tuple[int, int] | None = None
    struck: bool = False


class Cell(NamedTuple):
    """A filled cell.

    Attributes
    ----------
    row, column : int
        Counted from 1.
    kind : {"number", "text", "boolean", "error", "formula"}
        `formula` is one without a stored result.
    text : str
        What a text holds; of an error its name.
    number : decimal.Decimal
        What a number holds, to 15 digits, as Excel keeps it.
    shown : {"", "percent", "day", "month", "nothing"}
        How the number is shown: in percent, as a day, as a month without a day, or not at all.
    places : tuple of int, optional
        The least and the most decimals that its format shows; None where it fixes none.
    struck : bool
        Whether it, or a part of its text, is struck through.
    """

    row: int
    column: int
    kind: Literal["number", "text", "boolean", "error", "formula"]
    text: str = ""
    number: Decimal = Decimal(0)
    shown: Shown = ""
    places: tuple[int, int] | None = None
    struck: bool = False


class Area(NamedTuple):
    """A rectangle of cells, its ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Sheet:
    """A sheet: its cells, and what hides, merges or annotates them."""

    title: str
    hidden: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    comments: set[tuple[int, int]] = field(default_factory=set)
    has_objects: bool = False

    @cached_property
    def by_row(self) -> dict[int, dict[int, Cell]]:
        """The filled cells by row and column, once all are read."""
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in self.cells.items():
            rows.setdefault(row, {})[column] = cell
        return rows


_OF_SHEET = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr "
    "conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter "
    "rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing "
    "legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst"
)
_TEXT = {
    "is": names("t r rPh phoneticPr"), "si": names("t r rPh phoneticPr"), "r": names("rPr t"),
    "rPh": names("t"), "t": names(),
}  # fmt: skip
_CHILDREN = {
    "worksheet": names(_OF_SHEET), "sheetData": names("row"), "row": names("c extLst"),
    "c": names("f v is extLst"), "v": names(), "f": names(), "cols": names("col"),
    "mergeCells": names("mergeCell"), **_TEXT,
}  # fmt: skip
_ATTRIBUTES = {
    "row": names("r spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph"),
    "c": names("r s t cm vm ph"), "v": names(), "mergeCell": names("ref"), "t": names("space"),
    "col": names("min max width style hidden bestFit customWidth phonetic outlineLevel collapsed"),
}  # fmt: skip
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true")


def unescaped(text: str) -> str:
    r"""Return a text with the characters that a workbook writes as their numbers.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.sheet_cells import unescaped
    >>> unescaped("a_x0007_b"), unescaped("a_x005F_b")
    ('a\x07b', 'a_b')
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def shared_texts(part: str, content: bytes) -> list[tuple[str, bool]]:
    """Return the texts that cells share, in order, and whether a part of each is struck through.

    Raises
    ------
    BrokenError
        When the part is broken, or holds more or fewer than it says.
    """
    found: list[tuple[str, bool]] = []
    said: list[int] = []
    struck: list[bool] = []
    pieces: list[str] = []
    walk = Walk(part, MAIN, {"sst": names("si extLst"), **_TEXT}, {"t": _ATTRIBUTES["t"]})

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name == "sst" and "uniqueCount" in attributes:
            said.append(_whole(attributes["uniqueCount"], part))
        if name == "si":
            pieces.clear()
            struck.clear()
        elif name == "strike":
            struck.append(attributes.get("val", "1") in _TRUE)

    def end(name: str, text: str) -> None:
        if name == "t" and "rPh" not in walk.path:
            pieces.append(text)
        elif name == "si":
            found.append((unescaped("".join(pieces)), any(struck)))

    walk.begin, walk.end = begin, end
    walk.run(content)
    if said and said[0] != len(found):
        raise BrokenError(part)
    return found


def _whole(text: str, part: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise BrokenError(part)
    return int(text)


class SheetWalk:
    """Reads one sheet into a `Sheet`.

    Parameters
    ----------
    part : str
        Name of the part.
    sheet : Sheet
        Receives what is found.
    texts : list of tuple
        What `shared_texts` returned.
    looks : list of Look
        How cells are shown, by style.
    """

    def __init__(self, part: str, sheet: Sheet, texts: list[tuple[str, bool]], looks: list[Look]) -> None:
        self._part, self._sheet, self._texts, self._looks = part, sheet, texts, looks
        self._struck = False
        self._row = self._column = 0
        self._cell: dict[str, str] = {}
        self._formula, self._value, self._pieces = False, "", [""][:0]
        self._walk = Walk(part, MAIN, _CHILDREN, _ATTRIBUTES)
        self._walk.begin, self._walk.end = self._begin, self._end

    def run(self, content: bytes) -> None:
        """Read the bytes of the sheet.

        Raises
        ------
        BrokenError
            When they are no sound sheet.
        """
        self._walk.run(content)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif name == "f" and self._walk.path[-2:-1] == ["c"]:
            self._formula = True
        elif name == "mergeCell":
            self._sheet.merged.append(self._area(attributes.get("ref", "")))
        elif name == "col" and self._flag(attributes.get("hidden", "0")):
            ends = (_whole(attributes.get(end, ""), self._part) for end in ("min", "max"))
            self._sheet.hidden_columns.append((next(ends), next(ends)))
        elif name == "strike":
            self._struck = self._struck or attributes.get("val", "1") in _TRUE
        elif name in ("picture", "oleObjects", "controls"):
            self._sheet.has_objects = True

    def _begin_row(self, attributes: dict[str, str]) -> None:
        row = _whole(attributes["r"], self._part) if "r" in attributes else self._row + 1
        if row <= self._row or row > 1_048_576:
            raise BrokenError(self._part)
        self._row, self._column = row, 0
        if self._flag(attributes.get("hidden", "0")):
            self._sheet.hidden_rows.add(row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = split_cell(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
        if place is None or place[0] != self._row or place[1] <= self._column:
            raise BrokenError(self._part)
        self._column = place[1]
        self._cell, self._formula, self._value, self._pieces = attributes, False, "", []
        self._struck = False

    def _end(self, name: str, text: str) -> None:
        if name == "v":
            self._value = text
        elif name == "t" and "is" in self._walk.path and "rPh" not in self._walk.path:
            self._pieces.append(text)
        elif name == "c":
            look = self._look()
            cell = self._filled(look)
            if cell is not None:
                struck = self._struck or look.struck
                self._sheet.cells[cell.row, cell.column] = cell._replace(shown=look.shown, struck=struck)

    def _look(self) -> Look:
        style = _whole(self._cell.get("s", "0"), self._part)
        if style and style >= len(self._looks):
            raise BrokenError(self._part)
        return self._looks[style] if self._looks else Look()

    def _filled(self, look: Look) -> Cell | None:
        kind, place = self._cell.get("t", "n"), (self._row, self._column)
        if kind == "inlineStr":
            return _text(place, unescaped("".join(self._pieces)))
        if self._formula and not self._value and kind != "str":
            return Cell(*place, "formula")
        if not self._value and kind in ("n", "s", "str", "b", "e"):
            return None
        if kind == "s":
            number = _whole(self._value.strip(), self._part)
            if number >= len(self._texts):
                raise BrokenError(self._part)
            text, struck = self._texts[number]
            self._struck = self._struck or struck
            return _text(place, text)
        return self._simple(kind, place, look)

    def _simple(self, kind: str, place: tuple[int, int], look: Look) -> Cell | None:
        value = self._value.strip()
        if kind == "str":
            return _text(place, unescaped(self._value))
        if kind == "e":
            return Cell(*place, "error", value)
        if kind == "b" and value in ("0", "1"):
            return Cell(*place, "boolean", value)
        if kind == "n":
            return Cell(*place, "number", number=_number(value, self._part), places=look.places)
        raise BrokenError(self._part)

    def _area(self, text: str) -> Area:
        first, _, last = text.partition(":")
        begin, end = split_cell(first), split_cell(last or first)
        if begin is None or end is None or end[0] < begin[0] or end[1] < begin[1]:
            raise BrokenError(self._part)
        return Area(*begin, *end)

    def _flag(self, text: str) -> bool:
        if text not in (*_TRUE, "0", "false"):
            raise BrokenError(self._part)
        return text in _TRUE


def _text(place: tuple[int, int], text: str) -> Cell | None:
    return Cell(*place, "text", text) if text.strip() else None


def _number(text: str, part: str) -> Decimal:
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", text):
        raise BrokenError(part)
    try:
        value = float(text)
        return Decimal(f"{Decimal(format(value, '.15g')):f}").normalize() + 0
    except (InvalidOperation, OverflowError, ValueError):
        raise BrokenError(part) from None
