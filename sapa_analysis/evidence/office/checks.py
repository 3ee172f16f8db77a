"""Figures and goals against what is possible, what is known, and one another."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ...core import unit_words
from ..statement_text import contradictions
from .entered_figures import Figure
from .entered_goals import Goal
from .periods import vietnamese
from .reading import Reading
from .sizes import check_sizes
from .told import shown_number

#: Units of what is counted one by one.
_COUNTS = {
    "visits", "persons", "communes", "households", "houses", "schools", "projects", "criteria", "targets",
    "groups", "establishments", "rooms", "pots", "organisations", "cells", "units", "yes_no",
}  # fmt: skip
#: What figures that must agree have in common.
_SAME = ("indicator_id", "period", "freq", "through", "kind")


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
    check_sizes(figures, goals, reading)
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
                value = Decimal(f"{goal.row[name]:.12g}")
                _check_limits(goal.entry, "goal", goal.row["indicator_id"], value)
                if goal.row["measure"] in ("level", "term_total"):
                    _check_whole(goal.entry, "goal", goal.row["indicator_id"], value)
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
    place = figure.entry, figure.column, figure.row["indicator_id"]
    _check_limits(*place, figure.written.value)
    if not figure.written.fraction:
        _check_whole(*place, figure.written.value)


def _check_whole(entry: Any, column: Any, indicator: str, value: Decimal) -> None:
    """Tell decimals in a count."""
    concept = entry.reading.indicator(indicator)
    if str(concept["unit"]) in _COUNTS and int(concept["decimals"]) == 0 and value % 1:
        said = {"text": shown_number(value), "number": shown_number(Decimal(f"{value:.0f}"))}
        entry.tell(column, "count", unit=unit_words("vi")[str(concept["unit"])], **said)


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
