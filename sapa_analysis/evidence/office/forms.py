"""Where the forms stand on their sheets: heads, columns, rows; and what stands outside all of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from .layout import Form, words
from .number_words import CellError
from .periods import FIRST_YEAR, LAST_YEAR, read_year
from .sheet_cells import Area, Cell, Sheet
from .spelling import folded
from .told import Told, cell_name, shown_number

Column = str | int
#: Heads of a form that a row must hold to be its head row.
_LEAST_HEADS = 2
#: Merged areas of a sheet.
MOST_MERGED = 500
#: Rows of a sheet that hold something: an office fills in some hundreds.
MOST_FILLED = 2_000


@dataclass
class Table:
    """A form found on a sheet.

    Attributes
    ----------
    form : Form
        Which one.
    sheet : Sheet
        Where.
    head : int
        The row of its heads.
    columns : dict
        The column of each head by its name in `layout`; of a year by the year.
    last : int
        The last row that can belong to it.
    """

    form: Form
    sheet: Sheet
    head: int
    columns: dict[Column, int] = field(default_factory=dict)
    last: int = 0

    def rows(self) -> Iterator[tuple[int, dict[Column, Cell]]]:
        """Yield the rows with a filled cell: their number and the cells by column."""
        names = {column: name for name, column in self.columns.items()}
        for row, cells in sorted(self.sheet.by_row.items()):
            if self.head < row <= self.last:
                mine = {names[column]: cell for column, cell in cells.items() if column in names}
                if mine:
                    yield row, mine

    def holds(self, row: int, column: int) -> bool:
        """Return whether a cell belongs to the table, its heads included."""
        return self.head <= row <= self.last and column in self.columns.values()


def find_tables(sheet: Sheet, forms: list[Form], told: Told) -> list[Table]:
    """Return the forms of a sheet where all of them are whole; else nothing, and the problems told.

    Parameters
    ----------
    sheet : Sheet
        Read cells.
    forms : list of Form
        Those that the sheet has, in order.
    told : Told
        Receives lost and changed heads, and what stands outside the forms.
    """
    if len(sheet.by_row) > MOST_FILLED:
        count, limit = (shown_number(Decimal(number)) for number in (len(sheet.by_row), MOST_FILLED))
        told.whole("many_filled", sheet.title, count=count, limit=limit)
        return []
    found: dict[str, Table] = {}
    for row in sorted(sheet.by_row):
        form = _form_of(sheet, row, forms)
        if form is None:
            continue
        if form.name in found:
            told.cell(sheet.title, row, 1, "two_heads")
        else:
            found[form.name] = Table(form, sheet, row)
    for form in forms:
        if form.name not in found:
            told.whole("no_head", sheet.title, first=form.heads[0], count=len(form.heads))
    if len(found) < len(forms):
        return []
    tables = sorted(found.values(), key=lambda table: table.head)
    ends = [*(table.head - 1 for table in tables[1:]), 1_048_576]
    for table, end in zip(tables, ends, strict=True):
        table.last = _without_title(sheet, table.head, end)
    sound = [_read_heads(table, told) for table in tables]
    if not all(sound):
        return []
    _tell_outside(sheet, tables, told)
    _tell_merged(tables, told)
    return tables


def _form_of(sheet: Sheet, row: int, forms: list[Form]) -> Form | None:
    """Return the form whose heads stand in a row, or None."""
    said = {folded(cell.text) for cell in sheet.by_row[row].values() if cell.kind == "text"}
    best, most = None, 0.0
    for form in forms:
        heads = {folded(head) for head in form.heads}
        shared = len(heads & said)
        if shared >= max(_LEAST_HEADS, len(heads) / 2) and shared / len(heads | said) > most:
            best, most = form, shared / len(heads | said)
    return best


def _without_title(sheet: Sheet, head: int, end: int) -> int:
    """Return the last row before the title and help of the next table."""
    if end == 1_048_576:
        return end
    rows = sorted((row for row in sheet.by_row if head < row <= end), reverse=True)
    for row in rows:
        if not all(_is_ours(cell) for cell in sheet.by_row[row].values()):
            return row
        end = row - 1
    return end


def _read_heads(table: Table, told: Told) -> bool:
    """Find the columns of a table; return whether all are there."""
    names = {folded(words()["heads"][name]): name for name in table.form.columns if name != "years"}
    has_years = "years" in table.form.columns
    sound, strange = True, []
    for column, cell in sorted(table.sheet.by_row[table.head].items()):
        name: Column | None = names.get(folded(cell.text)) if cell.kind == "text" else None
        if name is None and has_years:
            name = _year(cell)
        if name is None:
            strange.append(column)
        elif name in table.columns:
            head = words()["heads"].get(name, name)
            told.cell(table.sheet.title, table.head, column, "two_columns", wanted=head)
            sound = False
        else:
            table.columns[name] = column
    missing = [name for name in table.form.columns if name != "years" and name not in table.columns]
    if has_years and not any(isinstance(name, int) for name in table.columns):
        told.cell(table.sheet.title, table.head, 1, "no_column", wanted=words()["errors"]["year_head"])
        sound = False
    _tell_heads(table, missing, strange, told)
    return sound and not missing and not strange


def _year(cell: Cell) -> int | None:
    try:
        return read_year(cell)
    except CellError:
        return None


def _tell_heads(table: Table, missing: list[str], strange: list[int], told: Told) -> None:
    """Pair heads that are missing with those that are unknown, the most alike first; tell the rest."""
    heads, sheet = words()["heads"], table.sheet
    cells = {column: sheet.cells[table.head, column] for column in strange}
    said = {column: folded(cell.text or f"{cell.number:f}") for column, cell in cells.items()}
    pairs = sorted(
        ((difflib.SequenceMatcher(None, folded(heads[name]), said[column]).ratio(), name, column)
         for name in missing for column in strange),
        key=lambda pair: (-pair[0], pair[2]),
    )  # fmt: skip
    for _, name, column in pairs:
        if name in missing and column in strange:
            told.cell(sheet.title, table.head, column, "changed_head", wanted=heads[name])
            missing, strange = [m for m in missing if m != name], [s for s in strange if s != column]
    for name in missing:
        told.whole("no_column", sheet.title, wanted=heads[name])
    for column in strange:
        if "years" in table.form.columns and re.search(r"\d{4}", said[column] or ""):
            told.cell(sheet.title, table.head, column, "year_range", first=FIRST_YEAR, last=LAST_YEAR)
        told.cell(sheet.title, table.head, column, "extra_column")


@cache
def template_texts() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return the texts that a template writes itself, and patterns of those with places to fill."""
    plain, patterns = set(), []
    for text in _leaves(words()["template"]):
        said = folded(text)
        if "{" in text:
            parts = re.split(r"\{[^}]*\}", said)
            if len("".join(parts).strip()) > 3:
                patterns.append(re.compile(".+".join(map(re.escape, parts))))
        else:
            plain.add(said)
    return frozenset(plain), tuple(patterns)


def _leaves(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for each in content:
            yield from _leaves(each)
    elif isinstance(content, str):
        yield content


def _is_ours(cell: Cell) -> bool:
    """Return whether a cell holds words of the template beside its tables: a title or help."""
    told = words()["template"]
    return cell.kind == "text" and folded(cell.text) in _titles(str(told["titles"]), str(told["help"]))


@cache
def _titles(*_: str) -> frozenset[str]:
    told = words()["template"]
    return frozenset(folded(text) for text in _leaves([told["titles"], told["help"]]))


def _tell_outside(sheet: Sheet, tables: list[Table], told: Told) -> None:
    for (row, column), cell in sheet.cells.items():
        if not any(table.holds(row, column) for table in tables) and not _is_ours(cell):
            told.cell(sheet.title, row, column, "outside")


def _tell_merged(tables: list[Table], told: Told) -> None:
    for table in tables:
        if len(table.sheet.merged) > MOST_MERGED:
            count, limit = shown_number(Decimal(len(table.sheet.merged))), shown_number(Decimal(MOST_MERGED))
            told.whole("many_merged", table.sheet.title, count=count, limit=limit)
            continue
        for area in table.sheet.merged:
            if _crosses(table, area) and not _is_pair(table, area):
                cells = f"{cell_name(area.top, area.left)}:{cell_name(area.bottom, area.right)}"
                told.cell(table.sheet.title, area.top, area.left, "merged", cells=cells)


def _crosses(table: Table, area: Area) -> bool:
    """Return whether merged cells, not all of them blank, lie in a table."""
    inside = area.bottom >= table.head and area.top <= table.last
    wide = any(area.left <= column <= area.right for column in table.columns.values())
    return (
        inside
        and wide
        and any(
            area.left <= column <= area.right
            for row, cells in table.sheet.by_row.items()
            if area.top <= row <= area.bottom
            for column in cells
        )
    )


def _is_pair(table: Table, area: Area) -> bool:
    """Return whether the name or unit of an indicator is merged over its two rows."""
    named = {table.columns.get("indicator"), table.columns.get("unit")}
    line = table.columns.get("line")
    if line is None or area.left != area.right or area.left not in named or area.bottom != area.top + 1:
        return False
    cells = [table.sheet.cells.get((row, line)) for row in (area.top, area.bottom)]
    lines = words()["lines"]
    return [cell and folded(cell.text) for cell in cells] == [
        folded(lines[name]) for name in ("public", "own")
    ]


def tell_hidden(table: Table, row: int, columns: Iterable[Column], told: Told) -> None:
    """Tell where cells that hold something are hidden, or struck through."""
    sheet = table.sheet
    for name in columns:
        column = table.columns[name]
        cell = sheet.cells.get((row, column))
        if sheet.hidden:
            told.cell(sheet.title, row, column, "hidden_sheet")
        elif row in sheet.hidden_rows:
            told.cell(sheet.title, row, column, "hidden_row")
        elif any(first <= column <= last for first, last in sheet.hidden_columns):
            told.cell(sheet.title, row, column, "hidden_column")
        elif cell is not None and cell.shown == "nothing":
            told.cell(sheet.title, row, column, "hidden_format")
        elif cell is not None and cell.struck:
            told.cell(sheet.title, row, column, "struck")


def tell_comments(tables: list[Table], sheet: Sheet, grey: set[tuple[int, int]], told: Told) -> None:
    """Tell of comments on cells that are not grey: none of ours hangs there."""
    for row, column in sheet.comments - grey:
        told.cell(sheet.title, row, column, "comment")
