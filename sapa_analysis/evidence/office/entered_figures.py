"""Figures of the office: the white rows of the grid, the list below it, and what stays in the house."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core import OFFICE
from .entries import Entry
from .forms import Column, Table, tell_hidden
from .grammar import Written, digits_of, row_decimals
from .layout import SECRET, words
from .periods import Period, vietnamese, year_period
from .reading import Reading, as_text
from .sheet_cells import Cell
from .spelling import folded, plain

#: Columns of the grid and the list that hold something of the office.
_NAMED = {"indicator", "unit", "line"}


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure of the office, and the cell that it stands in.

    Attributes
    ----------
    row : dict
        As in `core.Observations`, with `where` and `internal`.
    entry : Entry
        The row of the workbook.
    column : str or int
        Its column.
    written : Written
        What was written.
    period : Period
        Of which time.
    """

    row: dict[str, Any]
    entry: Entry
    column: Column
    written: Written
    period: Period

    @property
    def place(self) -> tuple[str, str]:
        """Sheet and cell."""
        return self.entry.table.sheet.title, self.entry.place(self.column)


def observation(
    entry: Entry, column: Column, indicator: str, written: Written, period: Period, *, kind: str, day: date,
    source: str, decimals: int,
) -> Figure:  # fmt: skip
    """Return a figure as a row of the evidence."""
    title = entry.reading.source(source)
    row = {
        "id": entry.id(column), "indicator_id": indicator, "area": entry.reading.tables.area,
        "period": period.period, "freq": period.freq, "value": float(written.value),
        "unit": str(entry.reading.indicator(indicator)["unit"]), "kind": kind, "bound": written.bound,
        "digits": digits_of(written, decimals), "through": period.through, "published": day.isoformat(),
        "grade": "A", "cite_ok": "yes", "source_title": title, "source_url": OFFICE + title,
        "statement": written.words, "note": entry.text("note"), "where": entry.where(column),
        "internal": entry.secret,
    }  # fmt: skip
    return Figure(row, entry, column, written, period)


def is_in_time(entry: Entry, column: Column, period: Period, kind: str, day: date) -> bool:
    """Tell a result of a time that has not ended by its day, and any figure of one that has not begun."""
    said = {"text": _said(period), "day": vietnamese(day)}
    if period.first > day:
        entry.tell(column, "not_begun", **said)
    elif kind == "actual" and period.last > day:
        entry.tell(column, "not_ended", **said)
    else:
        return True
    return False


def _said(period: Period) -> str:
    if period.freq == "A":
        return f"năm {period.period}"
    return f"{vietnamese(period.first)} - {vietnamese(period.last)}"


# the grid -----------------------------------------------------------------------------------------------


def grid_figures(reading: Reading, table: Table) -> Iterator[Figure]:
    """Yield the figures of the grid; grey cells that were changed are told."""
    lines = {folded(word): name for name, word in words()["lines"].items()}
    above: tuple[int, dict[Column, Cell]] = (0, {})
    for row, cells in table.rows():
        line = lines.get(folded(cells["line"].text)) if "line" in cells else None
        if line is None:
            if set(cells) - {"line"} or "line" in cells:
                _tell_line(reading, table, row, cells)
        elif line == "public":
            _look_at_grey(reading, table, row, cells)
            above = (row, cells)
        else:
            yield from _own_figures(reading, table, row, _with_names(row, cells, above))
        if line != "public":
            above = (0, {})


def _tell_line(reading: Reading, table: Table, row: int, cells: Mapping[Column, Cell]) -> None:
    entry = Entry(reading, table, row, cells)
    names = words()["lines"]
    entry.tell("line", "no_line", public=names["public"], own=names["own"])


def _with_names(
    row: int, cells: dict[Column, Cell], above: tuple[int, dict[Column, Cell]]
) -> dict[Column, Cell]:
    """Return a white row with the name and unit of the grey one above, where it has none of its own."""
    grey = above[1] if above[0] == row - 1 else {}
    return {**{name: grey[name] for name in ("indicator", "unit", "secret") if name in grey}, **cells}


def _look_at_grey(reading: Reading, table: Table, row: int, cells: Mapping[Column, Cell]) -> None:
    entry = Entry(reading, table, row, cells)
    if entry.marked:
        entry.tell("secret", "secret_mark_grey")
    name = as_text(cells.get("indicator"))
    known = {folded(key): texts for (kind, key), texts in reading.memory.items() if kind == "grid"}
    kept = known.get(folded(name), {})
    heads: dict[Column, str] = {column: str(words()["heads"].get(column, column)) for column in table.columns}
    for column, head in heads.items():
        if column not in {*_NAMED, "secret"} and as_text(cells.get(column)) != plain(kept.get(head, "")):
            entry.tell(column, "grey")


def _own_figures(reading: Reading, table: Table, row: int, cells: dict[Column, Cell]) -> Iterator[Figure]:
    content = [column for column in cells if column not in _NAMED]
    entry = Entry(reading, table, row, cells)
    tell_hidden(table, row, content, reading.told)
    years = sorted(column for column in cells if isinstance(column, int))
    if not content:
        if "indicator" in cells:
            entry.indicator()
        return
    indicator = entry.indicator()
    kind = entry.choice("kind", {name: name for name in words()["kinds"]}, "thực hiện")
    source, day = entry.text("source"), entry.day("published")
    entry.text("note")
    for column in () if years else (c for c in content if c != "secret"):
        entry.tell(column, "not_wanted")
    if indicator is None:
        return
    read = {year: entry.figure(year, indicator) for year in years}
    decimals = row_decimals(each for each in read.values() if each)
    for year, written in read.items():
        if written is None or kind is None or day is None:
            continue
        period, said = year_period(year), written.kind or words()["kinds"][kind]
        if is_in_time(entry, year, period, said, day):
            yield observation(entry, year, indicator, written, period, kind=said, day=day,
                              source=source, decimals=decimals)  # fmt: skip


# the list -----------------------------------------------------------------------------------------------


def list_figures(reading: Reading, table: Table) -> Iterator[Figure]:
    """Yield the figures of the list, or of the sheet of secret ones."""
    secret = table.form is SECRET
    for row, cells in table.rows():
        entry = Entry(reading, table, row, cells, secret=secret)
        tell_hidden(table, row, cells, reading.told)
        figure = _listed(entry)
        if figure is not None:
            yield figure


def _listed(entry: Entry) -> Figure | None:
    indicator = entry.indicator()
    is_whole = not entry.missing("value")
    kind = entry.choice("kind", {name: name for name in words()["kinds"]}, "")
    day, source = entry.day("published"), entry.text("source")
    entry.text("note")
    period = entry.period(indicator or "")
    if indicator is None or not is_whole:
        return None
    written = entry.figure("value", indicator)
    if written is None or period is None or kind is None or day is None:
        return None
    said = words()["kinds"].get(kind, "")
    if written.kind and said and written.kind != said:
        entry.tell("value", "two_kinds")
        return None
    said = written.kind or said or "actual"
    if not is_in_time(entry, "first", period, said, day):
        return None
    return observation(entry, "value", indicator, written, period, kind=said, day=day, source=source,
                       decimals=row_decimals([written]))  # fmt: skip
