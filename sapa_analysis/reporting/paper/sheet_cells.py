"""Cells of a workbook: numbers shown as printed, formulas of percentages, and text that is only text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from ..tagged_numbers import Number, parts, plain
from .model import FILLS, OWN_SIGN, SECRET_SIGN, Cell
from .number_formats import Shown, as_number, as_ratio

_FONT = "Times New Roman"
#: What begins a formula, or a text that some program takes for one.
_ACTIVE = ("=", "+", "-", "@", "\t")
#: Signs that a cell of Excel holds.
_LONGEST = 32_767
#: Years and whole numbers that stand alone are numbers even where they are words of a source.
_WHOLE = re.compile(r"[1-9]\d{0,3}")
_MARK = re.compile(r"sources\.\d+\.mark")
_ALIGN = {"middle": "center", "right": "right", "left": "left", "center": "center"}


@dataclass(frozen=True, slots=True)
class Written:
    """What a cell holds: its address, its number if it is one, and whether it is a formula."""

    address: str
    value: float | int | None = None
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks."""

    size: float
    strong: bool = False
    italic: bool = False
    align: str = "left"
    middle: bool = False

    def font(self) -> Any:
        """Return its font."""
        from openpyxl.styles import Font

        return Font(name=_FONT, size=self.size, bold=self.strong, italic=self.italic)

    def give(self, cell: Any, shade: str = "") -> None:
        """Give it to a cell, with the colour of a shade behind it."""
        from openpyxl.styles import Alignment, PatternFill

        cell.font = self.font()
        upright = "center" if self.middle else "top"
        cell.alignment = Alignment(_ALIGN[self.align], upright, wrap_text=True)
        if shade in FILLS:
            cell.fill = PatternFill("solid", fgColor=f"FF{FILLS[shade]}")


def address(row: int, column: int) -> str:
    """Return the address of a cell.

    Examples
    --------
    >>> address(5, 8)
    'H5'
    """
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{row}"


def write_cell(cell: Any, told: Cell, look: Look, of: tuple[Written, Written] | None, lang: str) -> Written:
    """Write a cell as a formula of two others, as a number, or as text, whichever shows what is printed."""
    look.give(cell, told.shade)
    if of is not None and of[0].value is not None and of[1].value is not None:
        values, cells = (of[0].value, of[1].value), (of[0].address, of[1].address)
        ratio = as_ratio(plain(told.text), values, cells, lang)
        if ratio is not None:
            cell.value, cell.number_format = ratio.formula, ratio.format
            return Written(cell.coordinate, ratio.value, formula=True)
    shown = number_in(told.text, lang)
    if shown is not None:
        cell.value, cell.number_format = shown.value, shown.format
        return Written(cell.coordinate, shown.value)
    if _WHOLE.fullmatch(plain(told.text)):
        cell.value, cell.number_format = int(plain(told.text)), "0"
        return Written(cell.coordinate, int(plain(told.text)))
    write_text(cell, plain(told.text))
    return Written(cell.coordinate)


def number_in(text: str, lang: str) -> Shown | None:
    """Return the number that a cell is written as, or None where it is text.

    The sign of a figure of the office is part of its format.
    """
    found = [part for part in parts(text) if not (isinstance(part, str) and not part.strip())]
    match found:
        case [Number() as signed, str() as sign] if sign in (OWN_SIGN, SECRET_SIGN):
            found = [replace(signed, text=signed.text + sign)]
    own = found[0] if len(found) == 1 else None
    if isinstance(own, Number) and own.text == plain(text) and not _MARK.fullmatch(own.key):
        return as_number(own, lang)
    return None


def write_text(cell: Any, text: str) -> None:
    """Write a text that no program takes for anything else: not for a formula, an error or a number."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text:
        return
    cell.value = text[: _LONGEST - 1] + "…" if len(text) > _LONGEST else text
    cell.data_type = "s"
    if text.startswith(_ACTIVE):
        cell.quotePrefix = True
