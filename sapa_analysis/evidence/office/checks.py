"""Figures and goals against what is possible, what is known, and one another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from statistics import median
from typing import Any

from ...core import unit_words
from ..look import tenfold
from ..statement_text import contradictions
from .entered_figures import Figure
from .entered_goals import Goal
from .layout import words
from .periods import vietnamese
from .reading import Reading
from .told import quoted, shown_number

#: A percentage up to one among values of tens, ten at least, was meant as a share of one.
_TENS = 10.0
#: What figures that must agree have in common.
_SAME = ("indicator_id", "period", "freq", "through", "kind")
#: Slips of the point, of units and of thousands: ten times, a hundred times and so on.
_SLIPS = (1, 10, 100, 10_000, 100_000)


def check_figures(figures: list[Figure], goals: list[Goal], reading: Reading) -> list[Figure]:
    """Return figures, each once, and tell what cannot be or disagrees.

    Parameters
    ----------
    figures : list of Figure
        In the order of the workbook.
    goals : list of Goal
        Of the office.
    reading : Reading
        Receives the problems.
    """
    for figure in figures:
        _check_value(figure)
        _check_life(figure)
        if found := contradictions(figure.row):
            figure.entry.tell(figure.column, "note_says", what=found[0])
    _check_scale(figures, goals, reading)
    once = _once(figures)
    _check_agreement(once)
    return once


def check_goals(goals: list[Goal]) -> list[Goal]:
    """Return goals, each once, and tell values that cannot be and two rows about one goal."""
    found: dict[str, Goal] = {}
    keys: dict[tuple[Any, ...], Goal] = {}
    for goal in goals:
        for name in ("value", "value_high"):
            if goal.row[name] is not None:
                _check_limits(goal.entry, "goal", goal.row["indicator_id"], Decimal(f"{goal.row[name]:.12g}"))
        key = tuple(
            goal.row[name] for name in ("document", "indicator_id", "measure", "start", "end", "clause")
        )
        other = found.get(goal.row["id"]) or keys.get(key)
        if other is None:
            found[goal.row["id"]] = keys[key] = goal
        elif _content(goal.row, "id") != _content(other.row, "id"):
            goal.entry.tell("goal", "goal_twice", other=other.entry.place("goal"))
    return list(found.values())


def _content(row: Mapping[str, Any], *without: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"where", *without}}


def _check_value(figure: Figure) -> None:
    _check_limits(figure.entry, figure.column, figure.row["indicator_id"], figure.written.value)


def _check_limits(entry: Any, column: Any, indicator: str, value: Decimal) -> None:
    concept = entry.reading.indicator(indicator)
    lower, upper = float(concept["lower"]), float(concept["upper"])
    if concept["scale"] == "logit":
        lower, upper = max(lower, 0.0), min(upper, 100.0)
    if not lower <= float(value) <= upper:
        ends = {
            name: shown_number(Decimal(f"{end:.12g}")) for name, end in (("lower", lower), ("upper", upper))
        }
        entry.tell(
            column, "limits", text=shown_number(value), unit=unit_words("vi")[str(concept["unit"])], **ends
        )


def _check_life(figure: Figure) -> None:
    tables = figure.entry.reading.tables
    area = tables.areas.loc[tables.area]
    first, last = str(area["valid_from"] or "0001-01-01"), str(area["valid_to"] or "9999-12-31")
    if figure.period.last.isoformat() < first or figure.period.first.isoformat() > last:
        said = f"{vietnamese(figure.period.first)} - {vietnamese(figure.period.last)}"
        figure.entry.tell(
            figure.column, "life", text=said, area=area["name_vi"], first=_day(first), last=_day(last)
        )


def _day(text: str) -> str:
    return {"0001-01-01": "…", "9999-12-31": "…"}.get(text, "/".join(reversed(text.split("-"))))


# scale --------------------------------------------------------------------------------------------------


def _check_scale(figures: list[Figure], goals: list[Goal], reading: Reading) -> None:
    """Tell figures that seem to be a percentage as a fraction, or ten times what others let expect."""
    public = _public(reading)
    mine: dict[str, list[Figure]] = {}
    for figure in figures:
        mine.setdefault(figure.row["indicator_id"], []).append(figure)
    aims: dict[str, list[float]] = {}
    for indicator, value in (
        *((target.indicator_id, target.value) for target in reading.goals()),
        *((goal.row["indicator_id"], goal.row["value"]) for goal in goals if not goal.entry.secret),
    ):
        aims.setdefault(indicator, []).append(value)
    for indicator, own in mine.items():
        concept = reading.indicator(indicator)
        known = public.get(indicator, [])
        odd = [figure for figure in own if not figure.entry.is_checked() and not figure.written.fraction]
        shares = [f for f in odd if concept["scale"] == "logit"
                  and _is_share_of_one(f, [*_values(f, known, own), *aims.get(indicator, [])])]  # fmt: skip
        for figure in shares:
            percent = Decimal(f"{(figure.written.value * 100).normalize():f}")
            said = {"text": shown_number(figure.written.value), "percent": shown_number(percent)}
            checked = words()["reader"]["checked"]
            figure.entry.tell(figure.column, "percent_as_fraction", checked=checked, **said)
        for figure in odd if concept["scale"] != "growth" else ():
            if figure not in shares:
                _check_tenfold(figure, known, [f for f in _beside(figure, own) if f not in shares])


def _beside(figure: Figure, own: list[Figure]) -> list[Figure]:
    """Return the other figures of an indicator; beside one that may be told no secret ones."""
    return [f for f in own if f is not figure and (figure.entry.secret or not f.entry.secret)]


def _values(figure: Figure, known: list[tuple[int, float]], own: list[Figure]) -> list[float]:
    return [value for _, value in known] + [other.row["value"] for other in _beside(figure, own)]


def _public(reading: Reading) -> dict[str, list[tuple[int, float]]]:
    """Return the public figures of whole years of the area, by indicator."""
    tables = reading.tables
    mine = tables.evidence[(tables.evidence["area"] == tables.area) & (tables.evidence["freq"] == "A")]
    found: dict[str, list[tuple[int, float]]] = {}
    for name, period, value in zip(mine["indicator_id"], mine["period"], mine["value"], strict=True):
        if not math.isnan(value):
            found.setdefault(str(name), []).append((int(period), float(value)))
    return found


def _is_share_of_one(figure: Figure, others: Iterable[float]) -> bool:
    value, others = figure.written.value, [other for other in others if other > 1]
    written_so = figure.written.words.rstrip().endswith("%")
    return 0 < value <= 1 and not written_so and bool(others) and median(others) >= _TENS


def _check_tenfold(figure: Figure, known: list[tuple[int, float]], others: list[Figure]) -> None:
    value = figure.row["value"]
    if figure.row["freq"] != "A" or value <= 0:
        return
    yearly = [(int(f.row["period"]), f.row["value"]) for f in others if f.row["freq"] == "A"]
    by_year: dict[int, list[float]] = {}
    for year, other in (*known, *yearly):
        if other > 0:
            by_year.setdefault(year, []).append(other)
    year = int(figure.row["period"])
    typical = {at: median(values) for at, values in by_year.items()}
    for times in _SLIPS:
        for key, slipped in (("tenfold", value / times), ("tenth", value * times)):
            near = tenfold(slipped, by_year.get(year, []), typical, year)
            if near and (slipped > near) == (key == "tenfold"):
                beside = shown_number(Decimal(f"{Decimal(f'{near:.4g}'):f}"))
                said = {"text": quoted(figure.written.words), "times": shown_number(Decimal(10 * times))}
                figure.entry.tell(
                    figure.column, key, near=beside, checked=words()["reader"]["checked"], **said
                )
                return


# rows together ------------------------------------------------------------------------------------------


def _once(figures: list[Figure]) -> list[Figure]:
    """Return figures without those that say again all that an earlier one says."""
    found: dict[tuple[Any, ...], Figure] = {}
    for figure in figures:
        found.setdefault(tuple(_content(figure.row, "id", "digits").items()), figure)
    return list(found.values())


def _check_agreement(figures: list[Figure]) -> None:
    """Tell figures that differ about one time: results, or estimates of one day and source."""
    first: dict[tuple[Any, ...], Figure] = {}
    for figure in figures:
        row = figure.row
        key: tuple[Any, ...] = tuple(row[name] for name in _SAME)
        if row["kind"] == "estimate":
            key = (*key, row["published"], row["source_title"])
        other = first.setdefault(key, figure)
        if (row["value"], row["bound"]) != (other.row["value"], other.row["bound"]):
            sheet, cell = other.place
            place = cell if sheet == figure.place[0] else f"{cell} (trang {sheet})"
            figure.entry.tell(figure.column, "disagree", other=place)
