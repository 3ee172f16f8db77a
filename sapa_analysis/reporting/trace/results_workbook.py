"""Numbers and sources of the papers as a workbook for Excel; the same results give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ...core import without_clock
from ...evidence import is_office
from .results_files import COLUMNS, FORMULA_STARTS, OWN, results_rows
from .way import Page, Way

#: Excel's zero of time stands where a workbook tells when it was made.
_UNDATED = datetime(1980, 1, 1)
#: Widths of columns in characters: of keys and texts, of everything else.
_WIDTHS = {"key": 48, "text_vi": 26, "text_en": 26, "rounding": 24, "source": 70, "title": 70, "address": 60}
_USUAL = 14
#: Columns of the sheet of sources.
_SOURCES = ("paper", "number", "title", "day", "may_be_cited", "address")
#: Signs that a cell of Excel takes.
_MOST = 32_767


def results_xlsx(ways: Mapping[str, Way]) -> bytes:
    """Return a workbook with a sheet of numbers, as numbers, and a sheet of sources.

    A text that begins like a formula is marked as text, also for who edits it.
    """
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _UNDATED
    rows = [[row[name] for name in COLUMNS] for row in results_rows(ways)]
    _write(book.create_sheet("numbers"), COLUMNS, rows)
    _write(book.create_sheet("sources"), _SOURCES, list(_source_rows(ways.values())))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()  # `Workbook.save` would write the time
    return without_clock(made.getvalue())


def _source_rows(ways: Iterable[Way]) -> Iterator[list[Any]]:
    """Yield the pages of all numbers: by paper and number those that are numbered, then the others."""
    pages = list(dict.fromkeys(page for way in ways for page in way.pages))
    marked = [(paper, number, page) for page in pages for paper, number in page.marks]
    for paper, number, page in sorted(marked, key=lambda each: each[:2]):
        yield [paper, number, *_page(page)]
    for page in sorted((page for page in pages if not page.marks), key=lambda page: (page.title, page.url)):
        yield ["", None, *_page(page)]


def _page(page: Page) -> list[str]:
    return [page.title, page.published, page.cite_ok, OWN if is_office(page.url) else page.url]


def _write(sheet: Any, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(rows) + 1}"
    for place, name in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, _USUAL)
    sheet.append([_cell(name, sheet, bold=True) for name in heads])
    for row in rows:
        sheet.append([_cell(value, sheet) for value in row])


def _cell(value: Any, sheet: Any, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:_MOST]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_STARTS)
    if bold:
        cell.font = Font(bold=True)
    return cell
