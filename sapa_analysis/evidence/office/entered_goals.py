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
from .grammar import Written, read_figure
from .layout import words
from .number_words import CellError, spaced, without_met
from .reading import Reading, as_text
from .sheet_cells import Cell
from .spelling import folded, plain
from .told import quoted

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
    known = {folded(key): texts for (kind, key), texts in reading.memory.items() if kind == "goal"}
    for row, cells in table.rows():
        entry = Entry(reading, table, row, cells)
        kept = known.get(folded("|".join(as_text(cells.get(name)) for name in _KEY)))
        own = _own_columns(entry, kept)
        tell_hidden(table, row, own, reading.told)
        if not own and not entry.marked:
            continue
        _read_row(entry, kept, [name for name in own if name != "lead"], found, leads)
    return found, leads


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
    row = _goal(entry, lead)
    if row is None:
        return
    if kept is not None and entry.marked and lead:
        entry.tell("lead", "secret_lead")
    if not _says_again(entry, row):
        found.append(Goal(row, entry))
    if lead and not entry.secret:
        leads[row["id"]] = lead


def _says_again(entry: Entry, row: Mapping[str, Any]) -> bool:
    """Return whether a row only repeats a public goal: nothing in it is the office's own."""
    public = {target.id: target for target in entry.reading.goals()}.get(row["id"])
    if public is None or entry.marked or entry.has("note", "published"):
        return False
    names = ("measure", "start", "end", "sense", "sense_inferred", "value", "value_high", "tolerance")
    return all(getattr(public, name) == row[name] for name in names)


def _public(entry: Entry, measure: str | None = None) -> Target | None:
    """Return the public target of a row: that of the same document, clause, indicator and years."""
    document = entry.reading.documents.find(as_text(entry.cells.get("document")))
    indicator = entry.reading.indicators.find(as_text(entry.cells.get("indicator")))
    measure = measure or {folded(word): own for own, word in words()["measures"].items()}.get(
        folded(as_text(entry.cells.get("measure"))), ""
    )
    due, clause = as_text(entry.cells.get("due")), as_text(entry.cells.get("clause"))
    found = [
        target for target in entry.reading.goals()
        if (target.document, target.indicator_id, _due_text(target)) == (document, indicator, _squeezed(due))
        and (not clause or target.clause == clause)
    ]  # fmt: skip
    same = [target for target in found if target.measure == measure]
    return next(iter([*same, *found]), None)


def _squeezed(due: str) -> str:
    return re.sub(r"\D+", "-", due).strip("-")


def _due_text(target: Target) -> str:
    return f"{target.start}-{target.end}" if target.measure.startswith("term") else str(target.end)


def _goal(entry: Entry, lead: str) -> dict[str, Any] | None:
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
    public = _public(entry, measure)
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


def read_goal(cell: Cell, unit: str, better: str) -> dict[str, Any]:
    """Return what a written goal means: sense, value, value_high, tolerance, fraction, sense_inferred.

    Parameters
    ----------
    cell : Cell
        The goal as written.
    unit : str
        Unit of the indicator.
    better : {"more", "less", "none"}
        Which direction is an improvement: the sense of a bare number.

    Raises
    ------
    CellError
        When it is no goal.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.entered_goals import read_goal
    >>> from sapa_analysis.evidence.office.sheet_cells import Cell
    >>> goal = read_goal(Cell(1, 1, "text", "từ 8 đến 10%"), "percent", "more")
    >>> goal["sense"], goal["value"], goal["value_high"]
    ('between', 8.0, 10.0)
    >>> read_goal(Cell(1, 1, "text", "98"), "percent", "more")["sense_inferred"]
    'yes'
    """
    text = spaced(without_met(plain(cell.text)) if unit != "yes_no" else plain(cell.text))
    usual = {"more": "at_least", "less": "at_most"}.get(better, "about")
    high: Written | None = None
    tolerance: float | None = None
    inferred = "no"
    if cell.kind == "text" and (ends := _ends(text)):
        low, high = (_part(cell, each, unit) for each in ends)
        if high.value <= low.value:
            raise CellError("goal", text=quoted(text))
        sense = "between"
    elif cell.kind == "text":
        sense, rest = _sense(text)
        rest, _, half = (part.strip() for part in rest.partition("±"))
        low = _part(cell, rest, unit)
        if half:
            if sense not in ("", "about"):
                raise CellError("goal", text=quoted(text))
            sense, tolerance = "about", float(_part(cell, half, unit).value)
        if not sense:
            sense, inferred = usual, "yes"
    else:
        low, sense, inferred = read_figure(cell, unit), usual, "yes"
    if low.bound != "exact" or low.kind:
        raise CellError("goal", text=quoted(text))
    return {
        "sense": sense, "sense_inferred": inferred, "value": float(low.value),
        "value_high": float(high.value) if high else None, "tolerance": tolerance, "fraction": low.fraction,
    }  # fmt: skip


def _part(cell: Cell, text: str, unit: str) -> Written:
    try:
        read = read_figure(cell._replace(text=text), unit)
    except CellError as error:
        if error.key == "number" and not error.holes["hint"]:
            raise CellError("goal", text=quoted(plain(cell.text))) from None
        raise
    if read.bound != "exact" or read.kind or not text:
        raise CellError("goal", text=quoted(cell.text))
    return read


def _ends(text: str) -> tuple[str, str] | None:
    """Return the two ends of a range, or None where it is none."""
    said = re.fullmatch(r"(?i)từ (.+?) đến (.+)", text) or re.fullmatch(r"(\d[\d.,]*)\s*[-–]\s*(\d.*)", text)
    if said is None:
        return None
    low, high = said.groups()
    if re.fullmatch(r"[\d.,]+", low) and (unit := re.sub(r"^[\d.,\s]+", "", high)):
        low = f"{low} {unit}"  # từ 3 đến 4 triệu
    return low, high


def _sense(text: str) -> tuple[str, str]:
    """Return the sense that the words of a goal have, and the rest."""
    if found := re.fullmatch(r"(?i)(?:từ )?(.+) trở lên", text):
        return "at_least", found[1]
    if found := re.fullmatch(r"(?i)(?:từ )?(.+) trở xuống", text):
        return "at_most", found[1]
    known = words()["reader"]["senses"]
    for word in sorted(known, key=len, reverse=True):
        count = len(word.split())
        if folded(" ".join(text.split()[:count])) == folded(word):
            return str(known[word]), " ".join(text.split()[count:])
    return "", text


def goals_table(goals: list[Goal]) -> pd.DataFrame:
    """Return goals as a table with the columns of `core.Targets`, `where` and `internal`."""
    columns = Targets.to_schema().columns
    table = pd.DataFrame([goal.row for goal in goals], columns=[*columns, "where", "internal"])
    kinds = {name: str(column.dtype) for name, column in columns.items()}
    return table.astype({**kinds, "where": "str", "internal": bool})
