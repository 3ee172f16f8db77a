"""What the office says in words: estimates of departments, the committee's judgements, causes, projects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from ...core import Target, last_day
from .entered_figures import Figure, observation
from .entered_goals import Goal
from .entries import Entry, by_word
from .forms import Table, tell_hidden
from .grammar import row_decimals
from .layout import words
from .model import CAUSE, JUDGEMENT, PROJECT
from .periods import vietnamese, year_period
from .reading import Reading

#: What a template writes into a row of judgements itself.
_NAMED = {"indicator", "unit", "year"}


@dataclass
class Judged:
    """Estimates, as figures, and judgements; the first word and cell of each target and day."""

    figures: list[Figure] = field(default_factory=list)
    judgements: list[dict[str, Any]] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)


def read_judgements(reading: Reading, table: Table, goals: Iterable[Goal]) -> Judged:
    """Return the estimates of departments and the judgements of the standing committee."""
    found = Judged()
    added = [Target.model_validate(goal.row) for goal in goals]
    for row, cells in table.rows():
        entry = Entry(reading, table, row, cells)
        content = [column for column in cells if column not in _NAMED]
        tell_hidden(table, row, content, reading.told)
        if not content:
            if "indicator" in cells:
                entry.indicator()
            continue
        indicator, year = entry.indicator(), _year(entry)
        entry.text("note")
        _tell_missing(entry)
        if indicator is None or year is None:
            continue
        if "estimate" in cells and (figure := _estimate(entry, indicator, year)):
            found.figures.append(figure)
        if "judged" in cells:
            said = _judgements(entry, indicator, year, added)
            _tell_two_words(entry, said, found)
            found.judgements += said
    return found


def _tell_missing(entry: Entry) -> None:
    """Tell what belongs to an estimate or a judgement that is not there."""
    if not entry.has("estimate", "judged"):
        entry.missing("estimate", "judged")
    if entry.has("estimated_on", "estimated_by"):
        entry.missing("estimate")
    if entry.has("judged_on"):
        entry.missing("judged")


def _year(entry: Entry) -> int | None:
    return None if entry.missing("year") else entry.year("year")


def _estimate(entry: Entry, indicator: str, year: int) -> Figure | None:
    written, day = entry.figure("estimate", indicator), entry.day("estimated_on")
    source = entry.text("estimated_by")
    if written is None or day is None:
        return None
    if written.kind == "actual":
        entry.tell("estimate", "two_kinds")
        return None
    period = year_period(year)
    if period.first > day:
        entry.tell("estimate", "estimate_ahead", year=year, day=vietnamese(day))
        return None
    return observation(entry, "estimate", indicator, written, period, kind="estimate", day=day, source=source,
                       decimals=row_decimals([written]))  # fmt: skip


def _judgements(entry: Entry, indicator: str, year: int, added: list[Target]) -> list[dict[str, Any]]:
    judged, day = entry.choice("judged", by_word(words()["judged"])), entry.day("judged_on")
    if judged is None or day is None:
        return []
    # what the office itself aims at it may judge on any day; a goal that it corrects was public before
    public = [target for target in entry.reading.goals() if _known(target, day)]
    aims = dict.fromkeys(t.id for t in (*public, *added) if (t.indicator_id, t.end) == (indicator, year))
    if not aims:
        entry.tell("year", "no_goal", year=year)
    said = {"indicator_id": indicator, "end": str(year), "judged": judged, "note": entry.text("note")}
    return [{"target": aim, **said, **_shared(entry, "judged", day)} for aim in aims]


def _tell_two_words(entry: Entry, said: Iterable[dict[str, Any]], found: Judged) -> None:
    """Tell two words of one day on one target; of different days the later counts."""
    for row in said:
        word, place = found.places.setdefault(
            (row["target"], row["published"]), (row["judged"], entry.place("judged"))
        )
        if word != row["judged"]:
            entry.tell("judged", "judged_twice", other=place)


def _known(target: Target, day: date) -> bool:
    return bool(target.published) and last_day(target.published) <= day


def _shared(entry: Entry, column: str, day: date) -> dict[str, Any]:
    return {"published": day.isoformat(), "where": entry.where(column), "internal": entry.secret}


def read_causes(reading: Reading, table: Table) -> list[dict[str, Any]]:
    """Return results, shortcomings, causes and lessons, each of an indicator or a field."""
    found = []
    for row, cells in table.rows():
        entry = Entry(reading, table, row, cells)
        tell_hidden(table, row, cells, reading.told)
        subject, note, day = entry.subject(), entry.text("note"), entry.day("published")
        what = None if entry.missing("what") else entry.choice("what", by_word(words()["causes"]))
        text = "" if entry.missing("text") else entry.text("text")
        if subject is None or what is None or not text or day is None:
            continue
        of_field = subject.startswith("field:")
        found.append({
            "indicator_id": "" if of_field else subject, "what": what, "text": text, "note": note,
            "field": subject.removeprefix("field:") if of_field else "",
            **_shared(entry, "text", day),
        })  # fmt: skip
    return found


def read_projects(reading: Reading, table: Table) -> list[dict[str, Any]]:
    """Return projects and tasks with their progress."""
    found = []
    for row, cells in table.rows():
        entry = Entry(reading, table, row, cells)
        tell_hidden(table, row, cells, reading.told)
        texts = {name: entry.text(name) for name in PROJECT}
        day = entry.day("published")
        if not entry.missing("title") and texts["title"] and day is not None:
            found.append({**texts, **_shared(entry, "title", day)})
    return found


def said_table(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """Return rows as a table of texts, each row once, with the columns that every table of an office has."""
    names = [*columns, "published", "where", "internal"]
    once = {tuple(row[name] for name in names if name != "where"): row for row in reversed(rows)}
    table = pd.DataFrame(list(reversed(once.values())), columns=names)
    return table.astype({**dict.fromkeys(names, "str"), "internal": bool})


TABLES = {"judgements": JUDGEMENT, "causes": CAUSE, "projects": PROJECT}
