"""What is wrong in a workbook, in Vietnamese: every problem with its sheet and cell, in their order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...core import OfficeError, Problem, printable
from .layout import words

#: Problems of one kind on one sheet of which each is shown, and cells that the line on the others names.
_SHOWN, _NAMED = 3, 40
#: Signs of a quoted cell.
_LONGEST = 60


def column_name(column: int) -> str:
    """Return the letters of a column that is counted from 1.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.told import column_name
    >>> column_name(1), column_name(28)
    ('A', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, as F12."""
    return f"{column_name(column)}{row}"


def shown_number(value: Decimal) -> str:
    """Return a number as it is written in Viet Nam.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from sapa_analysis.evidence.office.told import shown_number
    >>> shown_number(Decimal("-1234.50"))
    '-1.234,50'
    """
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def quoted(text: str) -> str:
    """Return words of a cell short enough for a line, without what cannot be printed."""
    plain = " ".join(printable(text).split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def worded(key: str, secret: bool = False, /, **holes: object) -> str:
    """Return an error's words; of a secret row those that tell nothing of what it holds."""
    told: str | Mapping[str, str] = words()["errors"][key]
    if isinstance(told, str):
        return told.format(**holes)
    return told["secret"] if secret else told["said"].format(**holes)


@dataclass(frozen=True, slots=True)
class Slip:
    """A problem: its sheet (blank: the file), row and column (0: the sheet as a whole), kind and words."""

    sheet: str
    row: int
    column: int
    key: str
    message: str

    @property
    def place(self) -> str:
        """The cell, or nothing."""
        return cell_name(self.row, self.column) if self.row else ""


@dataclass
class Told:
    """The problems of a file as they are found; of one cell the first alone.

    Attributes
    ----------
    file : str
        Its name, without the folder.
    sheets : list of str
        Titles in the order of the file.
    """

    file: str
    sheets: list[str] = field(default_factory=list)
    slips: dict[tuple[Any, ...], Slip] = field(default_factory=dict)

    def whole(self, key: str, sheet: str = "", /, **holes: object) -> None:
        """Add a problem of the file or of a sheet."""
        slip = Slip(sheet, 0, 0, key, worded(key, **holes))
        self.slips.setdefault((sheet, slip.message), slip)

    def cell(
        self, sheet: str, row: int, column: int, key: str, secret: bool = False, /, **holes: object
    ) -> None:
        """Add a problem of a cell."""
        slip = Slip(sheet, row, column, key, worded(key, secret, **holes))
        self.slips.setdefault((sheet, row, column), slip)

    def ordered(self) -> list[Slip]:
        """Return the problems in the order of sheets, rows and columns; those of the file first."""
        place = {sheet: number for number, sheet in enumerate(self.sheets)}
        return sorted(
            self.slips.values(),
            key=lambda s: (place.get(s.sheet, -1 if not s.sheet else len(place)), s.sheet, s.row, s.column),
        )

    def refuse(self) -> None:
        """Raise all problems if there are any.

        Raises
        ------
        OfficeError
            With every problem by sheet and cell.
        """
        if slips := self.ordered():
            raise OfficeError(_report(self.file, slips), [_problem(self.file, slip) for slip in slips])


def _problem(file: str, slip: Slip) -> Problem:
    parts = (slip.sheet and f"trang {slip.sheet}", slip.place and f"ô {slip.place}")
    return Problem(file, slip.row, ", ".join(filter(None, parts)), slip.message)


def _line(slip: Slip) -> str:
    form = "cell" if slip.row else "sheet" if slip.sheet else "whole"
    return worded(form, sheet=slip.sheet, cell=slip.place, message=slip.message)


def _report(file: str, slips: Sequence[Slip]) -> str:
    kinds: dict[tuple[str, str], list[Slip]] = {}
    for slip in slips:
        kinds.setdefault((slip.sheet, slip.key) if slip.row else (slip.sheet, slip.message), []).append(slip)
    lines = [worded("file", file=file, count=shown_number(Decimal(len(slips))))]
    seen: dict[tuple[str, str], int] = {}
    for slip in slips:
        kind = (slip.sheet, slip.key) if slip.row else (slip.sheet, slip.message)
        alike, seen[kind] = kinds[kind], seen.get(kind, 0) + 1
        if seen[kind] <= _SHOWN or len(alike) == _SHOWN + 1:
            lines.append(_line(slip))
        if seen[kind] == _SHOWN and len(alike) > _SHOWN + 1:
            lines.append(_rest(alike[_SHOWN:]))
    return "\n".join(lines)


def _rest(slips: Sequence[Slip]) -> str:
    places = [slip.place for slip in slips]
    cells = ", ".join(places)
    if len(places) > _NAMED:
        cells = worded("more_cells", first=", ".join(places[:_NAMED]), last=places[-1])
    return worded("more", sheet=slips[0].sheet, count=shown_number(Decimal(len(slips))), cells=cells)


def split_cell(name: str) -> tuple[int, int] | None:
    """Return row and column of a cell's name, or None where it is none.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.told import split_cell
    >>> split_cell("AB12"), split_cell("12"), split_cell("XFE1")
    ((12, 28), None, None)
    """
    found = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", name)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column) if row <= 1_048_576 and column <= 16_384 else None
