"""The office's workbook, read and checked: all of it, or an error that tells every problem by its cell."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from ...core import Observations, digest_of
from .about import read_about, read_memory
from .checks import check_figures, check_goals
from .entered_figures import Figure, grid_figures, list_figures
from .entered_goals import Goal, goals_table, read_goals
from .entered_words import TABLES, read_causes, read_judgements, read_projects, said_table
from .forms import Table, find_tables, tell_comments
from .layout import CAUSES, FORMS, GOALS, GRID, JUDGEMENTS, LIST, MEMORY, PROJECTS, SECRET, words
from .model import Office
from .reading import Reading
from .sheet_cells import Sheet
from .spelling import folded
from .tables import Tables
from .told import Told
from .workbook_parts import read_workbook


def read_office(path: Path | str, tables: Tables, *, allow_internal: bool = False) -> Office:
    """Return what a workbook of the office holds.

    Nothing in it is executed: a formula counts with the result that is stored beside it.

    Parameters
    ----------
    path : path
        An .xlsx file made from a template (`template_file`).
    tables : Tables
        The tables of the project; its area must be that of the template.
    allow_internal : bool
        Read rows that are marked to stay in the house too; else they are refused.

    Returns
    -------
    Office
        Figures, goals, judgements, causes and projects; of an untouched template none. Rows that say the
        same are one.

    Raises
    ------
    OfficeError
        With every problem by sheet and cell, in Vietnamese. It tells nothing of what a secret row holds.

    Examples
    --------
    >>> from datetime import date
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.evidence import Tables, read_office, template_file
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> tables = Tables(evidence=project.evidence, indicators=project.indicators, areas=project.areas,
    ...                 documents=project.documents, targets=known_targets(project, params), area="sa_pa")
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "so_lieu.xlsx"
    ...     _ = path.write_bytes(template_file(tables, day=date(2023, 6, 30)))
    ...     office = read_office(path, tables)
    >>> office.name, str(office.day), len(office.figures)
    ('so_lieu.xlsx', '2023-06-30', 0)
    """
    path = Path(path)
    told = Told(path.name)
    sheets = {sheet.title: sheet for sheet in read_workbook(path, told)}
    memory = read_memory(sheets.pop(MEMORY, None), tables, told) if sheets else None
    if memory is None:
        told.refuse()
    named = _by_name(sheets, told)
    day, by = read_about(named.get("guide"), tables, told)
    reading = Reading(told, tables, path.name, day, by, memory or {})
    return _read(reading, named, allow_internal=allow_internal)


def _read(reading: Reading, named: Mapping[str, Sheet], *, allow_internal: bool) -> Office:
    told = reading.told
    found = _tables(named, told)
    _tell_comments(reading, found, named)
    goals, leads = read_goals(reading, found[GOALS.name]) if GOALS.name in found else ([], {})
    goals = check_goals(goals)
    figures = [*grid_figures(reading, found[GRID.name])] if GRID.name in found else []
    for form in (LIST, SECRET):
        figures += list_figures(reading, found[form.name]) if form.name in found else []
    said: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    if JUDGEMENTS.name in found:
        judged = read_judgements(reading, found[JUDGEMENTS.name], goals)
        figures, said["judgements"] = [*figures, *judged.figures], judged.judgements
    if CAUSES.name in found:
        said["causes"] = read_causes(reading, found[CAUSES.name])
    if PROJECTS.name in found:
        said["projects"] = read_projects(reading, found[PROJECTS.name])
    figures = check_figures(figures, goals, reading)
    if not allow_internal:
        _refuse_internal(found, told)
    told.refuse()
    return _office(reading, figures, goals, leads, said)


def _tables(named: Mapping[str, Sheet], told: Told) -> dict[str, Table]:
    """Return the forms that are whole, by name."""
    found: dict[str, Table] = {}
    for name in words()["sheets"]:
        forms = [form for form in FORMS if form.sheet == words()["sheets"][name]]
        if name in named and forms and not _is_unread(named[name].title, told):
            found |= {table.form.name: table for table in find_tables(named[name], forms, told)}
    return found


def _is_unread(sheet: str, told: Told) -> bool:
    """Return whether a sheet was not read at all, as one of a million rows."""
    return any(
        slip.sheet == sheet and slip.key in ("many_rows", "many_cells") for slip in told.slips.values()
    )


def _tell_comments(reading: Reading, found: Mapping[str, Table], named: Mapping[str, Sheet]) -> None:
    """Tell comments that hang elsewhere than on grey cells."""
    for sheet in named.values():
        tables = [table for table in found.values() if table.sheet is sheet]
        if tables:
            tell_comments(tables, sheet, set().union(*(_grey(table) for table in tables)), reading.told)
    guide = named.get("guide")
    if guide is not None:
        tell_comments([], guide, set(), reading.told)


def _grey(table: Table) -> set[tuple[int, int]]:
    """Return the cells on which a template puts comments: public figures, and goals."""
    if table.form is GOALS:
        return {(row, table.columns["goal"]) for row, _ in table.rows()}
    public = folded(words()["lines"]["public"])
    return {
        (row, column)
        for row, cells in (table.rows() if table.form is GRID else ())
        if "line" in cells and folded(cells["line"].text) == public
        for column in table.columns.values()
    }


def _refuse_internal(found: Mapping[str, Table], told: Told) -> None:
    """Tell how many rows stay in the house, and where they stand."""
    for table in found.values():
        rows = [row for row, cells in table.rows() if table.form is SECRET or "secret" in cells]
        if rows:
            told.whole("internal", table.sheet.title, count=len(rows), rows=_listed(rows))


def _listed(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:20]))
    return shown if len(rows) <= 20 else f"{shown} ... {rows[-1]}"


# sheets -------------------------------------------------------------------------------------------------


def _by_name(sheets: Mapping[str, Sheet], told: Told) -> dict[str, Sheet]:
    """Return the sheets of the form by their names in `words.yml`; tell what is lost, renamed or extra."""
    titles = words()["sheets"]
    found = {name: next((s for s in sheets.values() if folded(s.title) == folded(title)), None)
             for name, title in titles.items()}  # fmt: skip
    extra = [s for s in sheets.values() if not any(s is own for own in found.values())]
    for name in [name for name, sheet in found.items() if sheet is None]:
        near = difflib.get_close_matches(
            folded(titles[name]), [folded(s.title) for s in extra], n=1, cutoff=0.5
        )
        sheet = next((s for s in extra if near and folded(s.title) == near[0]), None)
        if sheet is None:
            told.whole("no_sheet", titles[name])
        else:
            told.whole("renamed_sheet", sheet.title, wanted=titles[name])
            extra.remove(sheet)
    for sheet in extra:
        if sheet.cells or sheet.has_objects:
            told.whole("extra_sheet", sheet.title)
    for sheet in filter(None, found.values()):
        if sheet.has_objects:
            told.whole("objects", sheet.title)
    return {name: sheet for name, sheet in found.items() if sheet is not None}


# what it holds ------------------------------------------------------------------------------------------


def _office(
    reading: Reading, figures: list[Figure], goals: list[Goal], leads: Mapping[str, str],
    said: Mapping[str, list[dict[str, Any]]],
) -> Office:  # fmt: skip
    columns = [*Observations.to_schema().columns, "where", "internal"]
    kinds = {name: str(column.dtype) for name, column in Observations.to_schema().columns.items()}
    table = pd.DataFrame([figure.row for figure in figures], columns=columns)
    tables = {
        "figures": table.astype({**kinds, "where": "str", "internal": bool}),
        "goals": goals_table(goals),
        **{name: said_table(rows, TABLES[name]) for name, rows in said.items()},
    }
    return Office(
        name=reading.file, area=reading.tables.area, day=reading.day, by=reading.by,
        leads=MappingProxyType(dict(leads)), digest=_digest(reading, leads, tables), **tables,
    )  # fmt: skip


def _digest(reading: Reading, leads: Mapping[str, str], tables: Mapping[str, pd.DataFrame]) -> str:
    """Return digits that follow from all that is held; names of files and cells are no content."""
    parts = {"area": reading.tables.area, "day": reading.day.isoformat(), "by": reading.by}
    parts["leads"] = json.dumps(sorted(leads.items()), ensure_ascii=False)
    for name, table in tables.items():
        places = ["where", "id"] if name == "figures" else ["where"]  # an id of a figure is its cell
        rows = table.drop(columns=places).astype(str).to_numpy().tolist()
        parts[name] = json.dumps(sorted(rows), ensure_ascii=False)
    return digest_of(parts.items())
