"""Goals of the office: those that it adds or corrects, and who leads which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pydantic import ValidationError

from ...core import OFFICE, Target, Targets
from .entries import Entry, by_word
from .forms import Table, tell_hidden
from .layout import words
from .number_words import CellError
from .reading import Reading, as_text
from .sheet_cells import Cell
from .spelling import folded, plain
from .told import cell_name, quoted
from .written import day_text
from .written_goals import read_goal

_KEY = ("document", "clause", "indicator", "due")
_GREY = (*_KEY, "unit", "measure", "goal")


@dataclass(frozen=True)
class Goal:
    """A goal of the office and its row."""

    row: dict[str, Any]
    entry: Entry


def read_goals(reading: Reading, table: Table) -> tuple[list[Goal], dict[str, str]]:
    """Return the goals that the office adds or corrects, and the units in charge by target."""
    found: list[Goal] = []
    leads: dict[str, str] = {}
    rows = dict(table.rows())
    grey = _grey_rows(reading, rows)
    for row, cells in rows.items():
        entry = Entry(reading, table, row, cells)
        kept = grey.get(row)
        own = _own_columns(entry, kept)
        tell_hidden(table, row, own, reading.told)
        if not own and not entry.marked:
            continue
        _read_row(entry, kept, [name for name in own if name != "lead"], found, leads)
    return found, leads


def _grey_rows(reading: Reading, rows: Mapping[int, Mapping[Any, Cell]]) -> dict[int, Mapping[str, str]]:
    """Return what a template wrote into each row of a public goal, though its due year was written over."""
    known = {folded(key): texts for (kind, key), texts in reading.memory.items() if kind == "goal"}
    keys = {row: folded("|".join(as_text(cells.get(name)) for name in _KEY)) for row, cells in rows.items()}
    first = {key: row for row, key in reversed(keys.items()) if key in known}
    found: dict[int, Mapping[str, str]] = {row: known[key] for key, row in first.items()}
    left = [texts for key, texts in known.items() if key not in set(keys.values())]
    heads = words()["heads"]
    for row, cells in rows.items():
        said = {name: as_text(cells.get(name)) for name in _GREY}
        alike = [
            texts for texts in left if row not in found
            and all(folded(said[n]) == folded(texts.get(heads[n], "")) for n in _KEY if n != "due")
        ]  # fmt: skip
        if alike:
            best = max(alike, key=lambda texts: texts.get(heads["goal"], "") == said["goal"])
            left = [texts for texts in left if texts is not best]
            found[row] = best
    return found


def _own_columns(entry: Entry, kept: Mapping[str, str] | None) -> list[str]:
    """Return the columns of a row that the office filled in; a grey one that it blanked is told."""
    heads, found = words()["heads"], []
    for name in (str(column) for column in entry.table.columns if column != "secret"):
        grey = (kept or {}).get(heads[name])
        text = as_text(entry.cells.get(name))
        if grey and not text:
            entry.tell(name, "grey_goal")
        elif text and text != plain(grey or ""):
            found.append(name)
    return found


def _read_row(
    entry: Entry, kept: Mapping[str, str] | None, own: list[str], found: list[Goal], leads: dict[str, str]
) -> None:
    lead = entry.text("lead")
    if kept is not None and not own and not entry.marked:  # a public goal as it was: only who leads it
        target = _public(entry)
        if target is None:
            entry.tell("lead", "no_public_goal")
        elif lead:
            leads[target.id] = lead
        return
    row = _goal(entry, lead, kept)
    if row is None or (kept is None and _is_grey_elsewhere(entry, row)):
        return
    if kept is not None and entry.marked and lead:
        entry.tell("lead", "secret_lead")
    if not _says_again(entry, row):
        found.append(Goal(row, entry))
    if lead and not entry.secret:
        leads[row["id"]] = lead


def _is_grey_elsewhere(entry: Entry, row: dict[str, Any]) -> bool:
    """Tell a new row on a public goal that has a grey row of its own and another value."""
    reading = entry.reading
    heads, keys = words()["heads"], ("document", "indicator", "due", "measure")
    said = {name: folded(as_text(entry.cells.get(name))) for name in keys}
    said["measure"] = folded(words()["measures"][row["measure"]])
    for (kind, _), texts in reading.memory.items():
        grey = {name: folded(texts.get(heads[name], "")) for name in keys}
        grey["due"], said["due"] = _squeezed(grey["due"]), _squeezed(said["due"])
        if kind != "goal" or grey != said:
            continue
        public = _public(entry, row["measure"], anywhere=True)
        if public is not None and _same_goal(public, row):
            row["id"] = public.id
            return False
        place = _place_of(entry, texts)
        entry.tell("goal", "goal_is_public", text=quoted(texts.get(heads["goal"], "")), other=place)
        return True
    return False


def _place_of(entry: Entry, texts: Mapping[str, str]) -> str:
    """Return the cell of the goal in the grey row that holds texts."""
    heads, column = words()["heads"], entry.table.columns["goal"]
    for row, cells in entry.table.rows():
        if row != entry.row and all(as_text(cells.get(n)) == plain(texts.get(heads[n], "")) for n in _KEY):
            return cell_name(row, column)
    return str(heads["goal"])


def _same_goal(public: Target, row: Mapping[str, Any]) -> bool:
    names = ("measure", "start", "end", "sense", "sense_inferred", "value", "value_high", "tolerance")
    return all(getattr(public, name) == row[name] for name in names)


def _says_again(entry: Entry, row: Mapping[str, Any]) -> bool:
    """Return whether a row only repeats a public goal: nothing in it is the office's own."""
    public = {target.id: target for target in entry.reading.goals()}.get(row["id"])
    if public is None or entry.marked or entry.has("note", "published"):
        return False
    return _same_goal(public, row)


def _public(
    entry: Entry, measure: str | None = None, *, kept: Mapping[str, str] | None = None, anywhere: bool = False
) -> Target | None:
    """Return the public target of a row, or of what was grey in it: document, clause, indicator and years.

    `anywhere`: whatever its clause.
    """
    document = entry.reading.documents.find(as_text(entry.cells.get("document")))
    indicator = entry.reading.indicators.find(as_text(entry.cells.get("indicator")))
    measure = measure or {folded(word): own for own, word in words()["measures"].items()}.get(
        folded(as_text(entry.cells.get("measure"))), ""
    )
    due, clause = as_text(entry.cells.get("due")), as_text(entry.cells.get("clause"))
    due = (kept or {}).get(words()["heads"]["due"], due)
    found = [
        target for target in entry.reading.goals()
        if (target.document, target.indicator_id, _due_text(target)) == (document, indicator, _squeezed(due))
        and (anywhere or not clause or target.clause == clause)
    ]  # fmt: skip
    same = [target for target in found if target.measure == measure]
    return next(iter([*same, *found]), None)


def _squeezed(due: str) -> str:
    return re.sub(r"\D+", "-", due).strip("-")


def _due_text(target: Target) -> str:
    return f"{target.start}-{target.end}" if target.measure.startswith("term") else str(target.end)


def _goal(entry: Entry, lead: str, kept: Mapping[str, str] | None) -> dict[str, Any] | None:
    """Return a goal as a row of `core.Targets`, or None and what is wrong."""
    document, indicator = entry.document(), entry.indicator()
    missing = entry.missing("due", "goal")
    note, clause, day = entry.text("note"), entry.text("clause"), entry.day("published")
    due = entry.due("due") if "due" in entry.cells else None
    if None in (document, indicator, due, day) or missing or indicator is None or due is None or day is None:
        return None
    concept = entry.reading.indicator(indicator)
    measure = _measure(entry, concept, due)
    goal = _read_goal(entry, concept)
    if measure is None or goal is None:
        return None
    if _is_before(entry, str(document), due[1]):
        return None
    public = _public(entry, measure, kept=kept) or _public(entry, measure)  # what was kept may be damaged
    title = entry.reading.source("")
    growth = measure == "growth"
    row = {
        "id": public.id if public else f"office.goals.{entry.row}", "document": document,
        "clause": clause or (public.clause if public else ""),
        "indicator_id": indicator, "area": entry.reading.tables.area, "measure": measure,
        "start": due[1] if growth else due[0], "end": due[1], **goal, "unit": str(concept["unit"]),
        "printed": "", "field": str(concept["field"]), "unit_in_charge": lead,
        "published": day.isoformat(), "grade": "A", "cite_ok": "yes", "source_title": title,
        "source_url": OFFICE + title, "also_at": "", "note": note, "where": entry.where("goal"),
        "internal": entry.secret,
    }  # fmt: skip
    try:
        Target.model_validate(row)
    except ValidationError:
        entry.tell("goal", "goal_fields")
        return None
    return row


def _is_before(entry: Entry, document: str, end: int) -> bool:
    """Tell a year before that in which the document was published, and before all of its public goals."""
    day = str(entry.reading.tables.documents.loc[document, "published"])
    ends = [target.end for target in entry.reading.tables.targets if target.document == document]
    if not day[:4].isdecimal() or end >= min([int(day[:4]), *ends]):
        return False
    entry.tell("due", "due_before", text=end, day=day_text(day))
    return True


def _measure(entry: Entry, concept: pd.Series, due: tuple[int | None, int]) -> str | None:
    """Return how a goal is measured: what is chosen, else what is usual for the indicator and the years."""
    measure = entry.choice(
        "measure", by_word(words()["measures"]), _usual(entry, concept, is_term=due[0] is not None)
    )
    if measure is None:
        return None
    text = quoted(words()["measures"][measure])
    at = "measure" if "measure" in entry.cells else "due"
    grows = measure in ("growth", "term_mean_growth")
    if (grows and concept["unit"] != "percent") or (measure == "yes_no") != (concept["unit"] == "yes_no"):
        entry.tell(at, "measure_unit", text=text)
    elif measure.startswith("term") and due[0] is None:
        entry.tell(at, "measure_term", text=text)
    elif not measure.startswith("term") and due[0] is not None:
        entry.tell(at, "measure_year", text=text)
    else:
        return measure
    return None


def _usual(entry: Entry, concept: pd.Series, *, is_term: bool) -> str:
    """Return how documents measure the indicator over a year or a term, else what its kind asks for."""
    if concept["unit"] == "yes_no":
        return "yes_no"
    known = [t.measure for t in entry.reading.tables.targets if t.indicator_id == concept.name]
    same = [measure for measure in known if measure.startswith("term") == is_term]
    if same:
        return max(sorted(set(same)), key=same.count)
    grows = bool(concept["growth_of"])
    if is_term:
        return "term_mean_growth" if grows else "term_total"
    return "growth" if grows else "level"


def _read_goal(entry: Entry, concept: pd.Series) -> dict[str, Any] | None:
    cell = entry.cells["goal"]
    if cell.kind == "text" and not entry.is_sound("goal"):
        return None
    try:
        return read_goal(cell, str(concept["unit"]), str(concept["better"]))
    except CellError as error:
        entry.tell("goal", error.key, **error.holes)
        return None


def goals_table(goals: list[Goal]) -> pd.DataFrame:
    """Return goals as a table with the columns of `core.Targets`, `where` and `internal`."""
    columns = Targets.to_schema().columns
    table = pd.DataFrame([goal.row for goal in goals], columns=[*columns, "where", "internal"])
    kinds = {name: str(column.dtype) for name, column in columns.items()}
    return table.astype({**kinds, "where": "str", "internal": bool})
