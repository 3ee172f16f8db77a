"""What a workbook says of itself: its hidden memory, and the area, day and office of its first sheet."""

from __future__ import annotations

from datetime import date

from ...core import old_code, text_problem, today, unit_words
from .forms import template_texts
from .layout import words
from .number_words import CellError
from .periods import read_day, vietnamese
from .reading import as_text
from .sheet_cells import Cell, Sheet
from .spelling import folded
from .tables import Tables
from .template_memory import SIGN, VERSION
from .told import Told, quoted

#: Letters of the name of an office.
_LONGEST_NAME = 200


def read_memory(
    sheet: Sheet | None, tables: Tables, told: Told
) -> dict[tuple[str, str], dict[str, str]] | None:
    """Return what a template remembers: texts by kind, key and head; None where it is no template of ours."""
    if sheet is None:
        told.whole("no_template")
        return None
    sign, version, area, day = (as_text(sheet.cells.get((1, column))) for column in range(1, 5))
    names = tables.areas["name_vi"].astype(str).to_dict()
    if sign != SIGN or not day:
        told.whole("memory_broken")
    elif version != str(VERSION):
        told.whole("other_version", found=version, wanted=VERSION)
    elif area != tables.area:
        told.whole("other_area", found=names.get(area, area), wanted=names[tables.area])
    else:
        return _remembered(sheet, told)
    return None


def _remembered(sheet: Sheet, told: Told) -> dict[tuple[str, str], dict[str, str]] | None:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row, cells in sorted(sheet.by_row.items()):
        kind, key, head, text = (as_text(cells.get(column)) for column in range(1, 5))
        if row == 1 or not (kind or key or head):
            continue
        if kind not in ("grid", "goal") or not key or not head:
            told.whole("memory_broken")
            return None
        found.setdefault((kind, key), {})[head] = text
    return found


def read_about(sheet: Sheet | None, tables: Tables, told: Told) -> tuple[date, str]:
    """Return the day and the office that the first sheet names, and check the rest of it."""
    if sheet is None:
        return today(), ""
    labels = {folded(label): name for name, label in words()["about"].items()}
    cells: dict[str, Cell | None] = {}
    rows: dict[str, int] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if column == 1 and (name := labels.get(folded(cell.text))) and name not in rows:
            rows[name], cells[name] = row, sheet.cells.get((row, 2))
    for label, name in words()["about"].items():
        if label not in rows:
            told.whole("no_label", sheet.title, label=name)
    _tell_guide(sheet, tables, set(rows.values()), told)
    if "area" in rows:
        wanted = str(tables.areas.loc[tables.area, "name_vi"])
        if folded(as_text(cells["area"])) != folded(wanted):
            told.cell(sheet.title, rows["area"], 2, "area_changed", wanted=wanted)
    day = _read_day(sheet, rows.get("day", 0), cells.get("day"), told)
    return day, _office_name(sheet, rows.get("by", 0), cells.get("by"), told)


def _office_name(sheet: Sheet, row: int, cell: Cell | None, told: Told) -> str:
    """Return the name of the office; blank where there is none."""
    if cell is None:
        return ""
    name = as_text(cell)
    if cell.kind != "text":
        told.cell(sheet.title, row, 2, "no_name")
    elif problem := text_problem(cell.text):
        told.cell(sheet.title, row, 2, "control", sign=problem.split()[0])
    elif word := "" if name.isascii() else old_code(name):
        told.cell(sheet.title, row, 2, "old_code", text=quoted(word))
    elif len(name) > _LONGEST_NAME:
        told.cell(sheet.title, row, 2, "too_long", count=len(name), limit=_LONGEST_NAME)
    else:
        return name
    return ""


def _read_day(sheet: Sheet, row: int, cell: Cell | None, told: Told) -> date:
    if not row:
        return today()
    if cell is None:
        told.cell(sheet.title, row, 2, "no_day", label=words()["about"]["day"])
        return today()
    try:
        day = read_day(cell)
    except CellError as error:
        told.cell(sheet.title, row, 2, error.key, **error.holes)
        return today()
    if day > today():
        told.cell(sheet.title, row, 2, "day_to_come", text=vietnamese(day))
    return day


def _tell_guide(sheet: Sheet, tables: Tables, labelled: set[int], told: Told) -> None:
    """Tell what was written on the first sheet beside the cells that are read."""
    texts, patterns = template_texts()
    ours = {folded(str(name)) for name in tables.indicators["name_vi"]}
    ours |= {folded(word) for word in (*unit_words("vi").values(), *words()["sheets"].values())} | texts
    for (row, column), cell in sheet.cells.items():
        if row in labelled and column <= 2:
            continue
        said = folded(cell.text)
        if cell.kind != "text" or (said not in ours and not any(p.fullmatch(said) for p in patterns)):
            told.cell(sheet.title, row, column, "outside")
