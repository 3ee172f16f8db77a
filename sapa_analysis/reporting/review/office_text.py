"""What the office wrote itself, word for word: results, shortcomings, causes, lessons, and its projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ...core import FIELDS
from ...evidence import Office
from ...pipeline import Project, Results
from ..language import name_shown, texts
from ..office_said import quoted, words_of
from ..paper.model import Block, Cell, Paragraph, Table
from ..tagged_numbers import capital

#: The columns of the table of projects, with their shares of the width.
_PROJECT = {"title": 0.3, "lead": 0.16, "time": 0.11, "progress": 0.22, "obstacles": 0.21}


def office_of(project: Project, results: Results) -> Office | None:
    """Return what the office's workbook holds that was known on the day of a run."""
    return project.as_of(results.params.as_of).office


def written(project: Project, results: Results, what: str, lang: str) -> list[Block]:
    """Return what the office wrote of a kind, by field: a line on who wrote it, then its own words.

    Nothing where it wrote nothing of that kind, so that the place stays marked as one to fill in.
    """
    rows = [row for _, row in _by_field(project, results, what)]
    if not rows:
        return []
    return [
        _attributed(project, results, lang),
        *(block for row in rows for block in _lines(project, row, lang)),
    ]


def results_written(project: Project, results: Results, lang: str) -> dict[str, list[Block]]:
    """Return what the office wrote of results, by field, each with a line on who wrote it."""
    found: dict[str, list[Block]] = {}
    for name, row in _by_field(project, results, "result"):
        found.setdefault(name, [_attributed(project, results, lang)]).extend(_lines(project, row, lang))
    return found


def _by_field(project: Project, results: Results, what: str) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """Yield the rows of a kind in the order of the fields, each with its field; then those of none."""
    office = office_of(project, results)
    rows = [] if office is None else office.causes[office.causes["what"] == what].to_dict("records")
    fields = {target.indicator_id: target.field for target in [*project.targets, *results.targets]}
    named = [(str(row["field"] or "") or fields.get(str(row["indicator_id"]), ""), row) for row in rows]
    order = {name: place for place, name in enumerate(FIELDS)}
    yield from sorted(named, key=lambda each: order.get(each[0], len(order)))


def _attributed(project: Project, results: Results, lang: str) -> Paragraph:
    """Return the line on who wrote what follows."""
    office, words = office_of(project, results), words_of(lang)["written"]
    by = quoted({"by": "" if office is None else office.by, "where": ""}, "about", "by")
    return Paragraph(str(words["by" if by else "by_office"]).format(by=by), "note")


def _lines(project: Project, row: Mapping[Any, Any], lang: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text as written, the first after what it is about, then its note."""
    words = words_of(lang)["written"]
    lines = [line for line in quoted(row, "causes", "text").split("\n") if line.strip()] or [""]
    about = _about(project, row, lang)
    yield Paragraph(str(words["of" if about else "bare"]).format(about=about, text=lines[0]))
    yield from map(Paragraph, lines[1:])
    if str(row["note"] or "").strip():
        yield Paragraph(str(words["note"]).format(note=quoted(row, "causes", "note")), "note")


def _about(project: Project, row: Mapping[Any, Any], lang: str) -> str:
    name = str(row["indicator_id"] or "")
    if name:
        indicator: pd.Series = project.indicators.loc[name]  # type: ignore[assignment]  # ids are unique
        return capital(name_shown(indicator, lang))
    return str(texts(lang)["fields"].get(row["field"], ""))


def projects_table(project: Project, results: Results, lang: str) -> list[Table]:
    """Return the projects of the office with lead, time, progress and obstacles; no table without any."""
    office = office_of(project, results)
    if office is None or office.projects.empty:
        return []
    words, rows = words_of(lang)["projects"], office.projects.to_dict("records")
    columns = [*_PROJECT, *(["note"] if office.projects["note"].fillna("").str.strip().any() else [])]
    weights = [_PROJECT.get(name, 0.14) for name in columns]
    heads = tuple(Cell(str(words["columns"][name]), strong=True, shade="head") for name in columns)
    return [
        Table(
            name="projects",
            caption=str(words["caption"]),
            heads=(heads,),
            rows=tuple(tuple(Cell(quoted(row, "projects", name)) for name in columns) for row in rows),
            widths=tuple(weight / sum(weights) for weight in weights),
            notes=(_attributed(project, results, lang).text.rstrip(":") + ".",),
            dense=True,
            sheet=True,
        )
    ]
