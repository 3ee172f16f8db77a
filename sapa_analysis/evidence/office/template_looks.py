"""How a template looks: fonts, fills, widths, choices of a cell, print set-up, bytes without a clock."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from ...core import without_clock
from .layout import words

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FONT, _SIZE = "Times New Roman", 11
#: Fills: what is public, the head of a table, the head of what stays in the house.
_GREY, _HEAD, _RED = "E7E6E6", "DDEBF7", "C00000"
_GREY_TEXT, _LINE = "595959", "A6A6A6"
#: How a date is shown.
DATE_FORMAT = "dd/mm/yyyy"
_AS_TYPED = "@"
#: A4 and its margins in inches.
_A4, _MARGINS = 9, {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6, "header": 0.3, "footer": 0.3}
#: Size of a comment in pixels: its width, and the height of a line of so many letters.
_COMMENT_WIDTH, _COMMENT_LINE, _COMMENT_LETTERS = 420, 19, 58


#: Letters of a text to a digit of a column's width.
_NARROW = 1.07


@dataclass(frozen=True)
class Entry:
    """What stands in a cell.

    Attributes
    ----------
    value : object
        Text, number or day; None leaves the cell to the office.
    public : bool
        Whether it is public: grey.
    told : str
        Its comment.
    """

    value: Any = None
    public: bool = False
    told: str = ""


#: A cell for the office.
BLANK = Entry()


@cache
def _looks() -> dict[str, Any]:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    side = Side(style="thin", color=_LINE)
    return {
        "border": Border(side, side, side, side),
        "plain": Font(name=_FONT, size=_SIZE),
        "grey": Font(name=_FONT, size=_SIZE, color=_GREY_TEXT),
        "strong": Font(name=_FONT, size=_SIZE, bold=True),
        "light": Font(name=_FONT, size=_SIZE, bold=True, color="FFFFFF"),
        "help": Font(name=_FONT, size=_SIZE, italic=True, color="1F3864"),
        "warning": Font(name=_FONT, size=_SIZE, bold=True, color=_RED),
        "title": Font(name=_FONT, size=14, bold=True),
        "part": Font(name=_FONT, size=12, bold=True),
        "fill": {name: PatternFill("solid", fgColor=name) for name in (_GREY, _HEAD, _RED)},
        "head": Alignment(horizontal="center", vertical="center", wrap_text=True),
        "side": {
            side: Alignment(horizontal=side, vertical="center", wrap_text=True)
            for side in ("left", "center", "right")
        },
        "line": Alignment(vertical="center"),
    }


def new_book(area: str, day: date) -> Workbook:
    """Return a workbook without sheets, whose blank cells have the font of an office."""
    from openpyxl import Workbook

    told = words()["template"]
    book = Workbook()
    book.remove(book.active)
    book._named_styles["Normal"].font = _looks()["plain"]
    properties = book.properties
    properties.title, properties.creator = f"{told['book']} - {area}", told["author"]
    properties.language = "vi"
    properties.created = properties.modified = datetime(day.year, day.month, day.day)
    return book


def saved(book: Workbook) -> bytes:
    """Return the bytes of a workbook without a clock; `Workbook.save` would write the time."""
    from openpyxl.writer.excel import ExcelWriter

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()
    return without_clock(made.getvalue())


def write_lines(sheet: Worksheet, row: int, lines: Sequence[str], look: str) -> int:
    """Write lines that run on to the right, one a row; return the next row."""
    for line in lines:
        cell = sheet.cell(row, 1, line)
        cell.font, cell.alignment = _looks()[look], _looks()["line"]
        row += 1
    return row


def write_head(sheet: Worksheet, row: int, heads: Sequence[str | int], *, red: bool = False) -> None:
    """Write the head of a table."""
    looks = _looks()
    for column, head in enumerate(heads, 1):
        cell = sheet.cell(row, column, head)
        cell.font = looks["light" if red else "strong"]
        cell.fill, cell.border = looks["fill"][_RED if red else _HEAD], looks["border"]
        cell.alignment = looks["head"]
    sheet.row_dimensions[row].height = 33


def write_row(sheet: Worksheet, row: int, entries: Sequence[Entry], sides: Sequence[str]) -> None:
    """Write a row of a table; `sides` says to which side each column stands."""
    looks = _looks()
    for column, (entry, side) in enumerate(zip(entries, sides, strict=True), 1):
        cell = sheet.cell(row, column)
        cell.border, cell.alignment = looks["border"], looks["side"][side]
        cell.font = looks["grey" if entry.public else "plain"]
        if entry.public:
            cell.fill = looks["fill"][_GREY]
        if entry.value not in (None, ""):
            _write(cell, entry.value)
        if entry.told:
            cell.comment = _comment(entry.told)


def write_text(sheet: Worksheet, row: int, column: int, value: Any, look: str, *, grey: bool = False) -> None:
    """Write one cell of running text, wrapped."""
    looks = _looks()
    cell = sheet.cell(row, column)
    cell.font, cell.alignment = looks[look], looks["side"]["left"]
    if grey:
        cell.fill = looks["fill"][_GREY]
    _write(cell, value)


def frame(sheet: Worksheet, row: int, column: int, fill: str = "") -> None:
    """Draw the border of a cell, and fill it "grey" or "red"."""
    cell = sheet.cell(row, column)
    cell.border = _looks()["border"]
    if fill:
        cell.fill = _looks()["fill"][_GREY if fill == "grey" else _RED]


def _write(cell: Any, value: Any) -> None:
    """Write a value; a text that begins like a formula stays a text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, date):
        cell.number_format = DATE_FORMAT


def _comment(text: str) -> Any:
    from openpyxl.comments import Comment

    lines = sum(1 + len(line) // _COMMENT_LETTERS for line in text.split("\n"))
    return Comment(
        text, words()["template"]["author"], height=_COMMENT_LINE * (lines + 1), width=_COMMENT_WIDTH
    )


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set the widths of the columns in letters."""
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def keep_as_typed(sheet: Worksheet, rows: range, column: int) -> None:
    """Let cells hold what is typed: Excel of another country takes 96,8 for 968, and 3/4 for a day."""
    for row in rows:
        cell = sheet.cell(row, column)
        if cell.value is None or isinstance(cell.value, str):
            cell.number_format = _AS_TYPED


def add_choices(sheet: Worksheet, rows: range, column: int, source: str) -> None:
    """Give cells a list to choose from: a range of cells, or words with commas in quotes."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    told, letter = words()["template"]["choose"], get_column_letter(column)
    choices = DataValidation(
        type="list", formula1=source, allow_blank=True, showErrorMessage=True,
        errorTitle=told["title"], error=told["error"], sqref=f"{letter}{rows.start}:{letter}{rows.stop - 1}",
    )  # fmt: skip
    sheet.add_data_validation(choices)


def in_quotes(choices: Sequence[str]) -> str:
    """Return words as the source of a list."""
    return '"' + ",".join(choices) + '"'


def set_print(
    sheet: Worksheet, head: int, end: tuple[int, int], *, day: date, one_page: bool = False
) -> None:
    """Set a sheet up for print: A4 across, as wide as the paper, its head on every page."""
    from openpyxl.utils import get_column_letter

    page = sheet.page_setup
    page.orientation, page.paperSize = "landscape", _A4
    page.fitToWidth, page.fitToHeight = 1, int(one_page)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side, inches in _MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    if head:
        sheet.print_title_rows = f"{head}:{head}"
    sheet.print_area = f"A1:{get_column_letter(end[1])}{end[0]}"
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.left.text = f"{words()['about']['day']} {day:%d/%m/%Y}"
    sheet.oddFooter.right.text = words()["template"]["page"]


def needed_height(texts: Mapping[str, float], size: float = _SIZE) -> float:
    """Return the height in points of a row whose texts wrap within widths given in letters."""
    lines = max((_lines(text, width) for text, width in texts.items()), default=1)
    return max(lines, 1) * size * 1.3 + 2


def _lines(text: str, width: float) -> int:
    lines, room = 1, (width - 1) * _NARROW
    left = room
    for word in text.split():
        if len(word) + 1 > left and left < room:
            lines, left = lines + 1, room
        left -= len(word) + 1
    return lines
