"""The cells of the annex: bare numbers, their unit said once in a column of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ...core import last_year_ended
from ...pipeline import Results
from ..as_written import AS_IT_IS, Written, written
from ..language import forecasts, texts, unit_ending
from ..office import sign_in, sign_of
from ..office_said import Committee
from ..paper.model import Cell
from ..published import digits_shown, period_shown, rating_word, with_fraction
from ..tagged_numbers import Number, parts, tag, tag_quoted
from .cases import compared_only
from .phrases import compared, points, words_of
from .subjects import Aim, Subject, Term

_MILLION = 1_000_000
#: A year with so many times fewer goals than another one has no column of its own.
_HARDLY_ANY = 10
#: What stands in a goal before and after its number.
_SENSE = re.compile(
    r"^(?:(?:đạt|tỷ lệ|là) )*(?P<sense>(?:trên|dưới|không quá|khoảng|over|under|at most|about) )?"
)

Figure = Mapping[Any, Any] | pd.Series


def in_millions(subject: Subject) -> bool:
    """Return whether the numbers of a subject are counts of visits in millions."""
    visits = subject.indicator["unit"] == "visits"
    return bool(visits) and max(float(aim.verdict["value"]) for aim in subject.aims) >= _MILLION


def unit_shown(subject: Subject, lang: str) -> str:
    """Return the unit of a row; blank for a rating."""
    unit = str(subject.lead.verdict["unit"])
    if unit == "yes_no":
        return ""
    shown = unit_ending("million_visits" if in_millions(subject) else unit, lang).strip()
    return tag_quoted(shown, f"{subject.indicator.name}.unit.{lang}")


def bare(
    value: float, unit: str, key: str, lang: str, *, millions: bool, bound: str = "exact",
    written: Written = AS_IT_IS,
) -> str:  # fmt: skip
    """Return a printed number without its unit, with every digit and its bound."""
    if unit == "yes_no":
        return tag(rating_word(value, lang), key, value, unit)
    text = digits_shown(value / _MILLION if millions else value, written, lang)
    bounded = str(texts(lang)["bounds"][bound or "exact"])
    return bounded + with_fraction(tag(text, key, value, unit), written, key)


def goal_cell(aim: Aim | None, year: int, subject: Subject, lang: str) -> Cell:
    """Return the goal of a row: its number with "trên" or "dưới"; its year if the column is of another."""
    if aim is None:
        return Cell()
    verdict, goal = aim.verdict, aim.row.goal
    if verdict["unit"] == "yes_no" or sum(isinstance(part, Number) for part in parts(goal)) > 1:
        return Cell(goal, align="right")  # a rating, or from one value to another
    found, value = _SENSE.match(goal), _number(verdict, "value", f"{aim.row.id}.value", subject, lang)
    text = (found["sense"] or "" if found else "") + value + sign_in(goal)
    return Cell(text if aim.row.end == year else f"{text} ({aim.row.end})", align="right")


def _number(
    said: Figure, column: str, key: str, subject: Subject, lang: str, bound: str = "exact",
    written: Written = AS_IT_IS,
) -> str:  # fmt: skip
    value, unit, millions = float(said[column]), str(said["unit"]), in_millions(subject)
    return bare(value, unit, key, lang, millions=millions, bound=bound, written=written)


def figure_cell(said: Figure, subject: Subject, lang: str, *, year: int = 0, mark: str = "") -> Cell:
    """Return a published figure; with its year before the term, with its period if it is part of a year.

    A figure of the office has its sign.
    """
    indicator, period = subject.indicator, str(said["period"])
    key, told = f"{indicator.name}.{period}.published", []
    as_written = written(said, int(indicator["decimals"]))
    text = _number(said, "value", key, subject, lang, str(said["bound"]), as_written)
    if said["freq"] != "A":
        stock = str(indicator["nature"]) == "stock"
        shown = period_shown(period, str(said["freq"]), lang, through=str(said["through"]), stock=stock)
        told.append(tag_quoted(_without_year(shown, year), f"{key}.part"))
    elif not year:
        told.append(period)
    told += [str(words_of(lang)["annex"]["estimate"])] if said["kind"] == "estimate" else []
    return Cell(
        f"{text}{sign_of(said['source_url'])}{mark}" + (f" ({'; '.join(told)})" if told else ""),
        align="right",
    )


def _without_year(period: str, year: int) -> str:
    """Return a period without the year that the head of its column says."""
    return re.sub(rf"(?: năm | of |/){year}$", "", period) if year else period


def office_cell(aim: Aim | None, subject: Subject, lang: str) -> Cell:
    """Return what the department expects of the year due, as printed; blank where nothing is known."""
    if aim is None or pd.isna(aim.verdict["office"]):
        return Cell()
    key, bound = f"{aim.row.id}.office", str(aim.verdict["office_bound"])
    value = _number(aim.verdict, "office", key, subject, lang, bound)
    return Cell(value + sign_in(aim.row.office), align="right")


def with_newest(expected: Cell, subject: Subject, year: int, lang: str) -> Cell:
    """Return what is expected of the running year with its latest figure of some months, with their time."""
    if subject.newest is None or subject.newest["year"] != year:
        return expected
    newest = figure_cell(subject.newest, subject, lang, year=year)
    return replace(newest, text="; ".join(filter(None, (expected.text, newest.text))))


def band_cell(aims: Mapping[int, Aim], year: int, subject: Subject, lang: str) -> Cell:
    """Return our band of the year under review, else of the next year due, which is then told."""
    own = [aim for aim in aims.values() if aim.row.end == year and pd.notna(aim.verdict["expected"])]
    other = [aim for aim in aims.values() if pd.notna(aim.verdict["expected"])]
    aim = next(iter([*own, *other]), None)
    if aim is None or aim.row.status in ("met", "missed"):
        return Cell()
    columns = {"middle": "expected", "lower": "lower_80", "upper": "upper_80"}
    shown = forecasts(
        {name: aim.verdict[column] for name, column in columns.items()},
        str(aim.verdict["unit"]),
        int(subject.indicator["decimals"]),
        lang,
        keys={name: f"{aim.row.id}.{column}" for name, column in columns.items()},
        bare=tuple(columns),
    )
    text = f"{shown['lower']}–{shown['upper']}"
    return Cell(text if aim.row.end == year else f"{text} ({aim.row.end})", align="middle")


def against_cell(aim: Aim | None, ratio: tuple[int, int] | None, share: str, lang: str) -> Cell:
    """Return how the latest figure stands to a goal: in percent, or in points; in words for a total."""
    words = words_of(lang)["annex"]
    if aim is None or not compared(aim):
        return Cell()
    if share:
        return Cell(share, align="middle", ratio=ratio)
    verdict = aim.verdict
    if pd.isna(verdict["gap"]) or aim.row.end < verdict["latest_year"]:
        return Cell()
    if not str(verdict["unit"]).startswith("percent"):
        return Cell(str(words["fulfilled" if _fulfilled(verdict) else "short"]), align="middle")
    distance = points(verdict["gap"], lang)
    if distance == "0":
        return Cell(str(words["equal"]), align="middle")
    shown = tag(distance, f"{aim.row.id}.gap", verdict["gap"], "percentage_points")
    return Cell(str(words["plus" if verdict["gap"] > 0 else "minus"]).format(points=shown), align="middle")


def _fulfilled(verdict: pd.Series) -> bool:
    fewer = verdict["sense"] in ("less_than", "at_most")
    return bool(verdict["gap"] < 0 if fewer else verdict["gap"] >= 0)


def judged_cell(aim: Aim | None, lang: str) -> Cell:
    """Return the short judgement of a goal; blank where it is not assessed, nor compared at least."""
    if aim is not None and (only := compared_only(aim)):
        word, year = rating_word(aim.verdict["latest"], lang), aim.verdict["latest_year"]
        return Cell(
            str(texts(lang)["review_office"]["annex"][only]).format(word=word, year=year), align="middle"
        )
    if aim is None or aim.row.status == "not_assessed":
        return Cell()
    return Cell(aim.row.short, align="middle", shade=aim.row.outlook)


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
    "committee": 1.0,
}  # fmt: skip


#: Widths of columns beside those of the committee, which need room too.
_BESIDE = {"name": 2.7, "lead": 1.75, "office": 0.85, "judged": 1.1}


def columns_of(
    results: Results, subjects: Sequence[Subject], term: Term, committee: Committee | None = None
) -> list[Column]:
    """Return the columns of the annex in order.

    First the goal of the term, then each year of the term up to the one under review with its result, and
    before it the plan where a document sets one; of the year under review what the department expects of it,
    and our band. Where the committee judged, its words stand first, then the department's figure, then ours.
    """
    aims = [aim for subject in subjects for aim in subject.aims]
    plans = _plan_years(aims, term)
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
    band, slots = _column("band", term.focus), [*plans, term.end]
    against = [_column("against", year) for year in slots]
    own = [_column("judged", year) for year in slots]
    said = [] if committee is None else _judged_years(aims, slots, committee)
    if said:
        words = [_column("committee", year) for year in said]
        office = [column for column in found if column.kind == "office"]
        found = [column for column in found if column.kind != "office"]
        found += [*against, *words, *office, band, *own, _column("lead")]
        found = [replace(column, width=_BESIDE.get(column.kind, column.width)) for column in found]
    else:
        found += [band, *against, *own, _column("lead")]
    return [*found, _column("source")]


def _plan_years(aims: Sequence[Aim], term: Term) -> list[int]:
    """Return the years before the end of the term that have a column: not those with hardly any goal.

    Their cell in the column of the term tells their year.
    """
    n = Counter(aim.row.end for aim in aims if term.start <= aim.row.end < term.end)
    most = max(n.values(), default=0)
    return sorted(year for year in n if n[year] * _HARDLY_ANY > most)


def _judged_years(aims: Sequence[Aim], slots: Sequence[int], committee: Committee) -> list[int]:
    """Return the columns of goals in which the committee judged one."""
    said = {aim.row.end for aim in aims if aim.row.id in committee.words}
    return [year for year in slots if year in said or (year == slots[-1] and said - {*slots})]


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
    whole = own & (seen["year"] == year) & (seen["freq"] == "A")
    return bool(seen["value"][whole].nunique() > 1)
