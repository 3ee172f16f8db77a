"""One row of a form as the office filled it in: its cells as texts, days, choices, names; each slip told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from ...core import old_code, text_problem, today, unit_words
from .forms import Column, Table
from .grammar import Written, read_figure
from .layout import words
from .number_words import CellError
from .periods import Period, read_day, read_due, read_period, read_year, vietnamese
from .reading import Names, Reading, as_text
from .sheet_cells import Cell
from .spelling import folded, plain
from .told import cell_name, quoted, shown_number
from .unit_scale import bare_units

_T = TypeVar("_T")
#: Letters of a cell; of those that hold sentences.
_LONGEST, _LONGEST_TEXT = 1_000, 10_000
_SENTENCES = {"text", "progress", "obstacles", "note"}


class Entry:
    """A row of a form.

    Parameters
    ----------
    reading : Reading
        Receives the slips.
    table : Table
        Where it stands.
    row : int
        Its number.
    cells : mapping of Column to Cell
        The filled cells.
    secret : bool
        Whether the whole sheet stays in the house; a mark in the row does the same.
    """

    def __init__(
        self, reading: Reading, table: Table, row: int, cells: Mapping[Column, Cell], *, secret: bool = False
    ) -> None:
        self.reading, self.table, self.row, self.cells = reading, table, row, dict(cells)
        mark = self.cells.pop("secret", None)
        self.secret = secret or mark is not None
        if mark is not None and folded(mark.text) != folded(words()["secret_mark"]):
            self.tell("secret_mark", "secret_mark", mark)
        self.marked = mark is not None

    def tell(self, column: Column, key: str, cell: Cell | None = None, /, **holes: object) -> None:
        """Tell a slip of a column of the row."""
        at = cell.column if cell else self.table.columns[column]
        self.reading.told.cell(self.table.sheet.title, self.row, at, key, self.secret, **holes)

    def place(self, column: Column) -> str:
        """Return the name of a cell of the row."""
        return cell_name(self.row, self.table.columns[column])

    def where(self, column: Column) -> str:
        """Return file, sheet and cell, and the row after a colon, as the evidence names a row."""
        told = words()["reader"]["in_file"]
        place = told.format(file=self.reading.file, sheet=self.table.sheet.title, cell=self.place(column))
        return f"{place}:{self.row}"

    def id(self, column: Column) -> str:
        """Return the id of a row of the evidence that stands in a cell."""
        return f"office.{self.table.form.name}.{self.place(column)}"

    def has(self, *columns: Column) -> bool:
        """Return whether one of the columns is filled."""
        return any(column in self.cells for column in columns)

    def missing(self, *columns: str) -> bool:
        """Tell the columns that are blank; return whether there is one."""
        blank = [column for column in columns if column not in self.cells]
        for column in blank:
            self.tell(column, "is_missing", column=words()["heads"][column])
        return bool(blank)

    def text(self, column: Column) -> str:
        """Return the text of a cell; blank where it is none, and the slip told."""
        cell = self.cells.get(column)
        if cell is None or not self.is_sound(column):
            return ""
        if column in _SENTENCES and cell.kind == "text":
            return "\n".join(filter(None, map(plain, cell.text.splitlines())))
        return as_text(cell)

    def is_sound(self, column: Column) -> bool:
        """Tell what no text may hold; return whether the cell is free of it."""
        cell = self.cells[column]
        limit = _LONGEST_TEXT if column in _SENTENCES else _LONGEST
        if cell.kind in ("error", "boolean", "formula"):
            key = {"error": "error_value", "boolean": "boolean", "formula": "formula"}[cell.kind]
            self.tell(column, key, text=quoted(cell.text))
        elif problem := text_problem(cell.text):
            self.tell(column, "control", sign=problem.split()[0])
        elif len(cell.text) > limit:
            self.tell(column, "too_long", count=shown_number(Decimal(len(cell.text))),
                      limit=shown_number(Decimal(limit)))  # fmt: skip
        elif word := "" if cell.text.isascii() else old_code(plain(cell.text)):
            self.tell(column, "old_code", text=quoted(word))
        else:
            return True
        return False

    def choice(self, column: str, known: Mapping[str, str], default: str = "") -> str | None:
        """Return what a chosen word stands for, by the words; None where it is unknown."""
        if column not in self.cells:
            return default
        found = self._named(column, Names({word: word for word in known}), "no_choice")
        return None if found is None else known[found]

    def _named(self, column: str, names: Names, key: str) -> str | None:
        text = self.text(column)
        if not text:
            return None
        found = names.find(text)
        if found is None:
            self.tell(column, key, text=quoted(text), hint=names.hint(text))
        return found

    def indicator(self) -> str | None:
        """Return the id of the indicator that is named, and check the unit beside it."""
        if self.missing("indicator"):
            return None
        found = self._named("indicator", self.reading.indicators, "no_indicator")
        if found is not None:
            self.check_unit(found)
        return found

    def document(self) -> str | None:
        """Return the id of the document that is named."""
        if self.missing("document"):
            return None
        return self._named("document", self.reading.documents, "no_document")

    def subject(self) -> str | None:
        """Return the id of an indicator, or `field:` and a field."""
        if self.missing("subject"):
            return None
        return self._named("subject", self.reading.subjects, "no_subject")

    def check_unit(self, indicator: str) -> None:
        """Tell a unit that is not that of the indicator; a blank one is."""
        unit = str(self.reading.indicator(indicator)["unit"])
        if "unit" not in self.cells or (text := self.text("unit")) == "":
            return
        if folded(text) not in bare_units(unit):
            self.tell("unit", "unit", text=quoted(text), unit=unit_words("vi")[unit])

    def _read(self, column: Column, read: Callable[..., _T], *more: object, **named: object) -> _T | None:
        cell = self.cells[column]
        if cell.kind == "text" and not self.is_sound(column):
            return None
        try:
            return read(cell, *more, **named)
        except CellError as error:
            self.tell(column, error.key, **error.holes)
            return None

    def figure(self, column: Column, indicator: str) -> Written | None:
        """Return the figure of a cell; None where it is none."""
        return self._read(column, read_figure, str(self.reading.indicator(indicator)["unit"]))

    def year(self, column: str) -> int | None:
        """Return the year of a cell; None where it is none."""
        return self._read(column, read_year)

    def due(self, column: str) -> tuple[int | None, int] | None:
        """Return the years of a goal; None where they are none."""
        return self._read(column, read_due)

    def period(self, indicator: str) -> Period | None:
        """Return the period of a row of the list; None where it is none."""
        if "first" not in self.cells:
            self.tell(
                "first",
                "only_last" if "last" in self.cells else "is_missing",
                column=words()["heads"]["first"],
            )
            return None
        last = self.cells.get("last")
        if last is not None and last.kind == "text" and not self.is_sound("last"):
            return None
        return self._read("first", read_period, last, has_holidays=indicator in self.reading.holidays)

    def day(self, column: str) -> date | None:
        """Return the day of a cell, that of the workbook where it is blank; None where it is wrong."""
        if column not in self.cells:
            return self.reading.day
        found = self._read(column, read_day)
        if found is None:
            return None
        if found > today():
            self.tell(column, "day_to_come", text=vietnamese(found))
            return None
        if found > self.reading.day:
            label = words()["about"]["day"]
            self.tell(
                column, "day_after", text=vietnamese(found), day=vietnamese(self.reading.day), label=label
            )
            return None
        return found

    def is_checked(self) -> bool:
        """Return whether the note says that an odd figure was checked."""
        cell = self.cells.get("note")
        return cell is not None and folded(words()["reader"]["checked"]) in folded(cell.text)


def by_word(known: Mapping[str, str]) -> dict[str, str]:
    """Return choices by their words."""
    return {word: own for own, word in known.items()}
