"""The columns of the annex: which years stand in it follows from the term and the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ...core import last_year_ended
from ...pipeline import Results
from .subjects import Aim, Subject, Term


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the annex: what it holds, of which year, and how wide it is beside the others."""

    kind: str
    year: int = 0
    width: float = 1.0


#: Widths in tenths of the width of a year.
_WIDTHS = {
    "number": 0.54, "name": 3.15, "unit": 0.85, "goal": 0.85, "before": 0.95, "done": 0.95, "plan": 0.85,
    "office": 0.65, "band": 1.05, "against": 0.65, "judged": 1.15, "lead": 2.0, "source": 0.74,
}  # fmt: skip


def columns_of(results: Results, subjects: Sequence[Subject], term: Term) -> list[Column]:
    """Return the columns of the annex in order.

    First the goal of the term, then each year of the term up to the one under review with its result, and
    before it the plan where a document sets one; of the year under review what the department expects of it,
    and our band.
    """
    aims = [aim for subject in subjects for aim in subject.aims]
    plans = sorted({aim.row.end for aim in aims if term.start <= aim.row.end < term.end})
    ended = last_year_ended(results.params.as_of)
    found = [
        _column("number"),
        _column("name"),
        _column("unit"),
        _column("goal", term.end),
        _column("before"),
    ]
    for year in range(term.start, term.end + 1):
        found += [_column("plan", year)] if year in plans else []
        if year < term.focus or (year == term.focus and year <= ended):
            found.append(_column("done", year))
        if year == term.focus and year > ended:
            found.append(_column("office", year))
    found.append(_column("band", term.focus))
    slots = [*plans, term.end]
    found += [_column("against", year) for year in slots] + [_column("judged", year) for year in slots]
    return [*found, _column("lead"), _column("source")]


def _column(kind: str, year: int = 0) -> Column:
    return Column(kind, year, _WIDTHS[kind])


def slots_of(subject: Subject, columns: Sequence[Column]) -> list[dict[int, Aim]]:
    """Return the goals of a subject by the year of their column, in as few rows as hold them.

    A goal of a year without a column stands at that of the term, and its cell tells its year. Of several
    goals for one year the first stands in the row, a restated one in a note.
    """
    years = [column.year for column in columns if column.kind in ("goal", "plan")]
    rows: list[dict[int, Aim]] = []
    for aim in subject.aims:
        year = aim.row.end if aim.row.end in years else years[0]
        if any(_repeats(aim, row.get(year)) for row in rows):
            continue
        row = next((row for row in rows if year not in row), None)
        if row is None:
            row = {}
            rows.append(row)
        row[year] = aim
    return rows


def _repeats(aim: Aim, other: Aim | None) -> bool:
    """Return whether a goal restates one that has a row, or sets the same value for the same year."""
    if other is None:
        return False
    same = aim.row.end == other.row.end
    equal = float(aim.verdict["value"]) == float(other.verdict["value"])
    return same and (
        aim.kind == "statement" or (equal and aim.verdict["measure"] == other.verdict["measure"])
    )


def restated(subject: Subject) -> list[Aim]:
    """Return the goals of a subject that only restate another one of the same year."""
    own = {aim.row.end for aim in subject.aims if aim.kind != "statement"}
    return [aim for aim in subject.aims if aim.kind == "statement" and aim.row.end in own]


def figures_of(results: Results, subject: Subject) -> dict[int, pd.Series]:
    """Return the published figure of each year as the series prefers it, also of the running year."""
    outcome = results.outcomes.get(str(subject.indicator.name))
    if outcome is None or outcome.observed is None:
        return {}
    observed = outcome.observed
    found = {year: observed.figure(year) for year in observed.observed_years}
    return {year: said for year, said in found.items() if said is not None}


def in_conflict(results: Results, subject: Subject, year: int) -> bool:
    """Return whether pages give different numbers for a whole year."""
    outcome = results.outcomes[str(subject.indicator.name)]
    assert outcome.observed is not None
    seen = outcome.observed.observations
    own = (seen["indicator_id"] == outcome.observed.indicator_id) & (seen["area"] == outcome.observed.area)
    whole = seen[own & (seen["year"] == year) & (seen["freq"] == "A")]
    return bool(whole["value"].nunique() > 1)
