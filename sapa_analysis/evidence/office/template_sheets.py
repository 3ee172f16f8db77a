"""The sheets of a template: titles, help, tables with choices, set up for print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .carried import Row
from .layout import GRID, LIST, SECRET, Form, words
from .template_looks import (
    BLANK,
    Entry,
    add_choices,
    keep_as_typed,
    needed_height,
    set_print,
    set_widths,
    write_head,
    write_lines,
    write_row,
)
from .template_memory import Memory
from .template_rows import rows_of
from .written import named

if TYPE_CHECKING:
    from datetime import date

    from openpyxl.worksheet.worksheet import Worksheet

    from .template import Content

#: Widths of the columns in letters; of a year, and of the columns beside the grid's years.
_WIDTHS = {
    "document": 44, "clause": 7, "indicator": 40, "unit": 13, "due": 11, "measure": 16, "goal": 15,
    "lead": 24, "published": 12, "note": 20, "secret": 6, "first": 15, "last": 12, "value": 17, "kind": 14,
    "source": 30, "year": 8, "estimated_by": 22, "estimate": 15, "estimated_on": 12, "judged": 16,
    "judged_on": 12, "subject": 38, "what": 22, "text": 70, "title": 44, "time": 16, "progress": 44,
    "obstacles": 32,
}  # fmt: skip
_GRID_WIDTHS = {
    "indicator": 36, "unit": 11, "line": 10, "years": 11.5, "kind": 11, "published": 11, "source": 16,
    "note": 16,
}  # fmt: skip
_RIGHT = {"value", "goal", "estimate", "years"}
_CENTRE = {
    "clause", "unit", "due", "published", "secret", "first", "last", "kind", "year", "estimated_on", "judged",
    "judged_on", "line", "measure",
}  # fmt: skip
#: Columns of numbers and times: they hold what is typed.
_TYPED = {"published", "estimated_on", "judged_on", "value", "goal", "estimate", "first", "last", "due"}
#: Rows of the list that a page has room for.
_PRINTED = 38
#: Rows for indicators that have no goal.
_FURTHER = 12


def write_form(sheet: Worksheet, form: Form, rows: Sequence[Row], memory: Memory, day: date) -> None:
    """Write a sheet that is one table."""
    told, red = words()["template"], form is SECRET
    row = write_lines(sheet, 1, [told["titles"][form.name]], "title")
    row = write_lines(sheet, row, told["help"][form.name], "warning" if red else "help")
    set_widths(sheet, [_WIDTHS[column] for column in form.columns])
    last = write_table(sheet, row, form, rows, memory, red=red)
    names = ["indicator", "subject", "title"]
    frozen = 1 + next(at for at, name in enumerate(form.columns) if name in names) if form.columns else 1
    sheet.freeze_panes = sheet.cell(row + 1, min(frozen + 1, 4))
    set_print(sheet, row, (last, len(form.columns)), day=day)


def write_table(
    sheet: Worksheet, row: int, form: Form, rows: Sequence[Row], memory: Memory, *, red: bool = False
) -> int:
    """Write the head of a form at a row and its rows below; return the last row."""
    write_head(sheet, row, form.heads, red=red)
    sides = [_side(column) for column in form.columns]
    for number, cells in enumerate(rows, row + 1):
        entries = [cells.get(column, BLANK) for column in form.columns]
        write_row(sheet, number, entries, sides)
        widths = [_width_of(sheet, at) for at in range(1, len(entries) + 1)]
        _set_height(sheet, number, entries, widths)
    below = range(row + 1, row + 1 + len(rows))
    for at, column in enumerate(form.columns, 1):
        if source := memory.choices(column):
            add_choices(sheet, below, at, source)
        if column in _TYPED:
            keep_as_typed(sheet, below, at)
    return below.stop - 1


def write_figures(sheet: Worksheet, content: Content, memory: Memory) -> None:
    """Write the sheet of figures: the grid of years, and below it the list."""
    told = words()["template"]
    row = write_lines(sheet, 1, [told["titles"]["figures"]], "title")
    row = write_lines(sheet, row, told["help"]["figures"], "help")
    row = write_lines(sheet, row, [told["titles"]["grid"]], "part")
    columns = _grid_columns(content)
    set_widths(sheet, [_grid_width(column) for column in columns])
    end = _write_grid(sheet, row, columns, content, memory)
    sheet.freeze_panes = sheet.cell(row + 1, GRID.columns.index("years") + 1)
    below = write_lines(sheet, end + 2, [told["titles"]["list"]], "part")
    below = write_lines(sheet, below, told["help"]["list"], "help")
    last = write_table(sheet, below, LIST, rows_of(LIST, content, memory), memory)
    printed = below + max(len(content.own.figures), _PRINTED)
    repeated = row if len(content.own.figures) <= _PRINTED else 0  # a list of two pages has heads of its own
    set_print(sheet, repeated, (min(printed, last), len(columns)), day=content.day)
    _break_before(sheet, end + 2)


def _grid_columns(content: Content) -> list[str | int]:
    columns: list[str | int] = []
    for column in GRID.columns:
        columns += content.years if column == "years" else [column]
    return columns


def _write_grid(
    sheet: Worksheet, row: int, columns: list[str | int], content: Content, memory: Memory
) -> int:
    """Write the grid: its head, the rows of each indicator, rows for further ones; return the last row."""
    heads = words()["heads"]
    write_head(sheet, row, [column if isinstance(column, int) else heads[column] for column in columns])
    sides = [_side(column) for column in columns]
    widths = [_grid_width(column) for column in columns]
    first = row + 1
    for indicator in content.indicators:
        for cells in _lines(indicator, columns, content, memory):
            row += 1
            entries = [cells.get(column, BLANK) for column in columns]
            write_row(sheet, row, entries, sides)
            _set_height(sheet, row, entries, widths)
    filled = row
    for _ in range(_FURTHER):
        row += 1
        blank = [Entry(words()["lines"]["own"]) if column == "line" else BLANK for column in columns]
        write_row(sheet, row, blank, sides)
    add_choices(sheet, range(filled + 1, row + 1), 1, memory.choices("indicator"))
    add_choices(sheet, range(filled + 1, row + 1), 2, memory.choices("unit"))
    for at, column in enumerate(columns, 1):
        if isinstance(column, int):
            keep_as_typed(sheet, range(first, row + 1), at)
        if column == "published":
            keep_as_typed(sheet, range(first, row + 1), at)
        if column in ("line", "kind", "secret"):
            add_choices(sheet, range(first, row + 1), at, memory.choices(str(column)))
    return row


def _lines(indicator: str, columns: list[str | int], content: Content, memory: Memory) -> list[Row]:
    """Return the grey and white row of an indicator; below a white one of an earlier day a free one."""
    name, unit = named(content.tables, indicator)
    lines = words()["lines"]
    grey: Row = dict.fromkeys(columns, Entry(public=True))
    grey |= {column: Entry(text, public=True) for column, text in (("indicator", name), ("unit", unit))}
    grey["line"] = Entry(lines["public"], public=True)
    for year in content.years:
        if shown := content.figures.get((indicator, year)):
            grey[year] = Entry(shown.text, public=True, told=shown.told)
            memory.remember("grid", name, str(year), shown.text)
    white: Row = {"indicator": Entry(name), "unit": Entry(unit), "line": Entry(lines["own"])}
    own = content.own.grid.get(indicator, {})
    return [grey, white | own, *([white] if "published" in own else [])]


def _side(column: str | int) -> str:
    if isinstance(column, int) or column in _RIGHT:
        return "right"
    return "center" if column in _CENTRE else "left"


def _grid_width(column: str | int) -> float:
    name = "years" if isinstance(column, int) else column
    return _GRID_WIDTHS.get(name, _WIDTHS.get(name, 0.0))


def _width_of(sheet: Worksheet, column: int) -> float:
    from openpyxl.utils import get_column_letter

    return float(sheet.column_dimensions[get_column_letter(column)].width)


def _set_height(sheet: Worksheet, row: int, entries: Sequence[Entry], widths: Sequence[float]) -> None:
    """Set the height of a row that is grey throughout; any other grows with what is typed."""
    texts = {str(each.value): width for each, width in zip(entries, widths, strict=True) if each.value}
    if texts and all(each.public for each in entries):
        sheet.row_dimensions[row].height = needed_height(texts)


def _break_before(sheet: Worksheet, row: int) -> None:
    from openpyxl.worksheet.pagebreak import Break

    sheet.row_breaks.append(Break(id=row - 1))
