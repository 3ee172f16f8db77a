"""The hidden sheet of a template: what was grey when it was written, and the lists of its drop-downs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ...core import Target, unit_words
from ..vintage import known_by
from .layout import MEMORY, words
from .tables import Tables
from .template_looks import in_quotes
from .written import named

if TYPE_CHECKING:
    from openpyxl import Workbook

#: What stands in A1 and B1: whose sheet it is, and the version of its form.
SIGN, VERSION = "sapa-office", 1
#: The first column of the lists; what is remembered stands left of it.
_LISTS = 6


class Memory:
    """What a template held, and where its choices stand.

    Parameters
    ----------
    tables : Tables
        The tables of the project.
    goals : sequence of Target
        Whose documents may be chosen.
    day : datetime.date
        The day of the template.
    """

    def __init__(self, tables: Tables, goals: Sequence[Target], day: date) -> None:
        told = words()
        self._first = (SIGN, VERSION, tables.area, day.isoformat())
        self._rows: list[tuple[str, str, str, str]] = []
        names = [named(tables, str(name)) for name in tables.indicators.index]
        papers = tables.documents[tables.documents["area"] == tables.area]
        used = {goal.document for goal in goals}
        known = [*known_by(papers, day).index, *(name for name in tables.documents.index if name in used)]
        self._lists = {
            "indicator": [name for name, _ in names],
            "unit": sorted({unit_words("vi")[str(unit)] for unit in tables.indicators["unit"]}),
            "document": list(dict.fromkeys(str(tables.documents.loc[name, "name_vi"]) for name in known)),
            "subject": [*told["fields"].values(), *(name for name, _ in names)],
        }
        self._short = {
            "kind": [*told["kinds"]],
            "measure": [*told["measures"].values()],
            "judged": [*told["judged"].values()],
            "what": [*told["causes"].values()],
            "line": [*told["lines"].values()],
            "secret": [told["secret_mark"]],
        }
        #: Name and unit of every indicator, in the order of the list.
        self.catalogue = names

    def remember(self, kind: str, key: str, head: str, text: str) -> None:
        """Keep what is written in grey."""
        self._rows.append((kind, key, head, text))

    def choices(self, column: str) -> str:
        """Return the source of the drop-down of a column; blank where it has none."""
        from openpyxl.utils import get_column_letter

        if column in self._short:
            return in_quotes(self._short[column])
        if not self._lists.get(column):
            return ""
        letter = get_column_letter(_LISTS + list(self._lists).index(column))
        return f"'{MEMORY}'!${letter}$2:${letter}${len(self._lists[column]) + 1}"

    def write(self, book: Workbook) -> None:
        """Write the sheet as the last of a workbook, hidden from the menus of Excel too."""
        sheet = book.create_sheet(MEMORY)
        sheet.sheet_state = "veryHidden"
        for row, cells in enumerate([self._first, *self._rows], 1):
            for column, text in enumerate(cells, 1):
                sheet.cell(row, column, text)
        for column, (name, choices) in enumerate(self._lists.items(), _LISTS):
            for row, text in enumerate([name, *choices], 1):
                sheet.cell(row, column, text)
