"""The tables of a paper as a workbook for Excel: the same cells as in Word, numbers as numbers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...core import SapaError, without_clock
from ..tagged_numbers import plain
from .grid import Place, fitted, is_subheading, lines_of, longest_words, placed, word_width
from .model import Paper, Sources, Table
from .sheet_cells import Look, Written, address, number_in, write_cell, write_text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Width of a sheet in characters: A4 across at the size of its type.
_WIDTH, _SIZE, _DENSE = 140.0, 11, 10
#: Characters of a column for a width of the size of the type, and of its edges; points of a line.
_CHARACTERS, _EDGES, _LINE = 0.184, 1.0, 1.32
#: Room for a number, whose letters programs take to be a little wider.
_ROOM = 1.1
_LONGEST_NAME = 31
#: A4 and its margins in inches.
_A4, _MARGINS = 9, {"left": 0.6, "right": 0.5, "top": 0.7, "bottom": 0.7, "header": 0.3, "footer": 0.3}


def has_sheets(paper: Paper) -> bool:
    """Return whether a paper has tables for Excel."""
    return any(isinstance(block, Table) and block.sheet for block in paper.blocks)


def workbook(paper: Paper) -> bytes:
    """Return the tables of a paper that are sheets as the bytes of an .xlsx file, the same each time.

    A last sheet lists the sources, where the paper does.

    Raises
    ------
    SapaError
        When no table of the paper is a sheet.
    """
    from openpyxl import Workbook

    tables = [block for block in paper.blocks if isinstance(block, Table) and block.sheet]
    if not tables:
        raise SapaError(f"the paper {paper.stem} has no table for Excel")
    book, formulas = Workbook(), {}
    book.remove(book.active)
    book._named_styles["Normal"].font = Look(_SIZE).font()  # its digits are the measure of columns
    lists = [block for block in paper.blocks if isinstance(block, Sources)]
    titles = [table.caption or table.name for table in tables]
    names = sheet_names([*titles, *(paper.words.get("sources", "") for _ in lists)])
    for table, name in zip(tables, names, strict=False):
        formulas[name] = _write_table(book.create_sheet(name), _marked(table, paper), paper)
    for sources, name in zip(lists, names[len(tables) :], strict=True):
        _write_sources(book.create_sheet(name), sources, paper)
    _set_properties(book, paper)
    return _saved(book, formulas)


def _marked(table: Table, paper: Paper) -> Table:
    """Return a table under the mark of a paper that must stay in the house, which a screen shows too."""
    if not paper.internal:
        return table
    return replace(table, caption="\n".join(part for part in (paper.mark, table.caption) if part))


def sheet_names(names: Sequence[str]) -> list[str]:
    """Return names that Excel takes for sheets: short, without the signs of paths, each once.

    A long caption gives its first clause, or the words of it for which there is room.

    Examples
    --------
    >>> sheet_names(["annex", "Annex", "a/b: c?", "Goals for 2025: latest result, goal and forecast"])
    ['annex', 'Annex 2', 'a b c', 'Goals for 2025']
    """
    found: list[str] = []
    for name in names:
        clean = _short_name(plain(name))
        taken, number, own = {each.lower() for each in found}, 1, clean
        while own.lower() in taken:
            number += 1
            own = f"{clean[: _LONGEST_NAME - len(f' {number}')]} {number}"
        found.append(own)
    return found


def _short_name(name: str) -> str:
    """Return the first clause of a name where it is long, up to the last word that has room."""
    if len(name) > _LONGEST_NAME:
        name = re.split(r"[:;,(–]", name)[0].strip() or name
    clean = " ".join(re.sub(r"[\[\]:*?/\\]", " ", name).split()).strip("'")
    if len(clean) > _LONGEST_NAME:
        clean = clean[: _LONGEST_NAME + 1].rpartition(" ")[0] or clean
    return clean[:_LONGEST_NAME].strip("' ") or "-"


def first_row(table: Table) -> int:
    """Return the row of a sheet, from 1, in which the head of a table begins."""
    return 2 if table.caption else 1


def _write_table(sheet: Worksheet, table: Table, paper: Paper) -> dict[str, float]:
    """Write a table; return what its formulas come to, by cell."""
    size, columns = (_DENSE if table.dense else _SIZE), len(table.widths)
    needed = [word * size * _CHARACTERS + _EDGES if word else 0 for word in _unbroken(table, paper.lang)]
    widths = fitted(_WIDTH, table.widths, needed)
    _set_widths(sheet, widths)
    if table.caption:
        _write_across(sheet, 1, table.caption, widths, Look(size + 2, strong=True, align="center"))
    first = first_row(table)
    below = first + len(table.heads)
    _write_rows(sheet, placed(table.heads, columns), first, widths, paper.lang, size, head=True)
    formulas = _write_rows(sheet, placed(table.rows, columns), below, widths, paper.lang, size, head=False)
    for number, row in enumerate(table.rows):
        if is_subheading(row, columns):
            sheet.cell(below + number, 1).font = Look(size, strong=True).font()
    end = below + len(table.rows)
    for number, note in enumerate(table.notes):
        _write_across(sheet, end + number, note, widths, Look(size, italic=True))
    frozen = table.named_by + 2 if table.named_by < 2 else 1
    sheet.freeze_panes = address(below, frozen)
    _set_print(sheet, paper, (first, below - 1), (end + len(table.notes) - 1, columns))
    return formulas


def _unbroken(table: Table, lang: str) -> list[float]:
    """Return the width of what no cell of each column may break, in sizes of the type: words and numbers.

    A number that has no room is shown as "###", whatever the height of its row.
    """
    found = longest_words(table)
    for place in placed(table.rows, len(found)):
        if place.cell.across == 1 and number_in(place.cell.text, lang) is not None:
            wide = word_width(plain(place.cell.text), bold=place.cell.strong) * _ROOM
            found[place.column] = max(found[place.column], wide)
    return found


def _write_rows(
    sheet: Worksheet, places: Sequence[Place], first: int, widths: Sequence[float], lang: str, size: int, *,
    head: bool,
) -> dict[str, float]:  # fmt: skip
    from openpyxl.styles import Border, Side

    side = Side(style="thin", color="7F7F7F")
    border, formulas = Border(side, side, side, side), {}
    written: dict[tuple[int, int], Written] = {}
    for place in sorted(places, key=lambda each: each.cell.ratio is not None):
        cell = sheet.cell(first + place.row, place.column + 1)
        cell.border = border
        look = Look(size, strong=place.cell.strong or head, align=place.cell.align, middle=head)
        if head and place.cell.align == "left":
            look = Look(size, strong=True, align="center", middle=True)
        told = replace(place.cell, shade=place.cell.shade or "head") if head else place.cell
        own = write_cell(cell, told, look, _ratio_cells(place, written), lang)
        for covered in _covered(place):
            written[covered] = own
        if own.formula:
            formulas[cell.coordinate] = float(own.value or 0)
    for place in places:
        if not place.is_alone:
            row, column = first + place.row, place.column + 1
            sheet.merge_cells(
                start_row=row, end_row=row + place.cell.down - 1,
                start_column=column, end_column=column + place.cell.across - 1,
            )  # fmt: skip
    _set_heights(sheet, places, first, widths, size)
    return formulas


def _ratio_cells(place: Place, written: dict[tuple[int, int], Written]) -> tuple[Written, Written] | None:
    if place.cell.ratio is None:
        return None
    found = [written.get((place.row, column)) for column in place.cell.ratio]
    upper, lower = found
    return (upper, lower) if upper is not None and lower is not None else None


def _covered(place: Place) -> list[tuple[int, int]]:
    cell = place.cell
    rows = range(place.row, place.row + cell.down)
    return [(row, place.column + across) for row in rows for across in range(cell.across)]


# how it looks ---------------------------------------------------------------------------------------------


def _write_across(sheet: Worksheet, row: int, text: str, widths: Sequence[float], look: Look) -> None:
    cell = sheet.cell(row, 1)
    write_text(cell, plain(text))
    look.give(cell)
    if len(widths) > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
    sheet.row_dimensions[row].height = _height(plain(text), sum(widths), look.size, strong=look.strong)


def _set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = round(width, 2)


def _set_heights(
    sheet: Worksheet, places: Sequence[Place], first: int, widths: Sequence[float], size: int
) -> None:
    """Set the height of every row: programs do not find that of merged cells, and some not that of others."""
    heights: dict[int, float] = {}
    tall = sorted(places, key=lambda each: each.cell.down)
    for place in tall:
        wide = sum(widths[place.column : place.column + place.cell.across])
        needed = _height(plain(place.cell.text), wide, size, strong=place.cell.strong)
        rows = range(place.row, place.row + place.cell.down)
        for row in rows:
            heights.setdefault(row, size * _LINE)
        heights[rows[-1]] += max(needed - sum(heights[row] for row in rows), 0)
    for row, height in heights.items():
        sheet.row_dimensions[first + row].height = round(height, 1)


def _height(text: str, width: float, size: float, *, strong: bool) -> float:
    """Return the height of a text in a column, in points."""
    most = max(width - _EDGES, 1) / (size * _CHARACTERS)
    lines = sum(lines_of(line, most, bold=strong) for line in text.split("\n"))
    return min(lines * size * _LINE, 400)  # Excel takes 409 points


def _set_print(sheet: Worksheet, paper: Paper, heads: tuple[int, int], end: tuple[int, int]) -> None:
    page = sheet.page_setup
    page.orientation, page.paperSize = "landscape", _A4
    page.fitToWidth, page.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side, inches in _MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    if heads[0] <= heads[1]:
        sheet.print_title_rows = f"{heads[0]}:{heads[1]}"
    sheet.print_area = f"A1:{address(*end)}"
    sheet.print_options.horizontalCentered = True
    words = _said(plain(paper.words.get("page", "{page}/{pages}")))
    said = words.replace("{page}", "&P").replace("{pages}", "&N")
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = _said(plain(paper.cut_off)), said
    if draft := plain(paper.words.get("draft", "")):
        sheet.oddHeader.right.text = _said(draft)
    if paper.internal:
        sheet.oddHeader.center.text = _said(plain(paper.mark))
        sheet.oddHeader.center.font = "Times New Roman,Bold"


def _said(text: str) -> str:
    """Return words for a footer, in which `&` begins a code."""
    return " ".join(text.split())[:100].replace("&", "&&")


def _write_sources(sheet: Worksheet, sources: Sources, paper: Paper) -> None:
    widths = [8.0, 82.0, 50.0]
    _set_widths(sheet, widths)
    title = "\n".join(part for part in (paper.mark, paper.words.get("sources", "")) if part)
    _write_across(sheet, 1, title, widths, Look(_SIZE + 2, strong=True))
    for row, source in enumerate(sources.items, 2):
        texts = (f"[{source.number}]", plain(source.text), plain(source.url))
        for column, text in enumerate(texts, 1):
            cell = sheet.cell(row, column)
            write_text(cell, text)
            Look(_SIZE).give(cell)
        high = max(
            _height(text, width, _SIZE, strong=False) for text, width in zip(texts, widths, strict=True)
        )
        sheet.row_dimensions[row].height = high
    sheet.freeze_panes = "A2"
    _set_print(sheet, paper, (1, 1), (len(sources.items) + 1, 3))


# the file -----------------------------------------------------------------------------------------------


def _set_properties(book: Workbook, paper: Paper) -> None:
    properties = book.properties
    properties.title, properties.creator = plain(paper.title)[:255], "sapa-analysis"
    properties.language = paper.lang
    properties.created = properties.modified = datetime(paper.as_of.year, paper.as_of.month, paper.as_of.day)


def _saved(book: Workbook, formulas: dict[str, dict[str, float]]) -> bytes:
    """Return the file without a clock; `Workbook.save` would write the time, and no result of a formula."""
    from openpyxl.writer.excel import ExcelWriter

    made, told = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(told, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
            values = formulas.get(book.sheetnames[int(number[1]) - 1], {}) if number else {}
            new.writestr(entry.filename, _with_results(content.decode(), values) if values else content)
    return without_clock(told.getvalue())


def _with_results(sheet: str, values: dict[str, float]) -> str:
    """Return a sheet whose formulas have results, for programs that show a file before they compute it."""

    def told(found: re.Match[str]) -> str:
        value: Any = values.get(found[2], "")
        return f"{found[1]}<v>{value:.15g}</v></c>" if value != "" else found[0]

    return re.sub(r'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)<v ?/?>(?:</v>)?</c>', told, sheet)
