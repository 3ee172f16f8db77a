"""Scenarios of a spreadsheet: one change in each row, several rows to a scenario."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd
from pydantic import ValidationError

from ..core import ParamsError, Problem, in_words, label, loader, nearest, project_root, read_text, tell
from ..evidence import load_areas
from .adjustment import AHEAD, ANYWHERE, CALENDAR, Adjustment, Scenario, is_calendar
from .lever import hint, known_indicators
from .short_form import Change, plausible_problem, read_change, year_problem

_DEMANDED = ("scenario", "indicator", "change")
#: Columns that speak of a scenario as a whole: one row says them, the others agree or are blank.
_OF_SCENARIO = ("area", "judged_on", "weight", "label", "reason")
_COLUMNS = (*_DEMANDED, "start", "end", "shape", *_OF_SCENARIO, "source", "bold")
_SHAPES = ("constant", "linear", "step")
#: Effects of which a part of the way can be said without a baseline.
_IN_STEPS = ("multiply", "add", "add_growth")


@loader(ParamsError)
def read_scenario_table(
    path: Path,
    problems: list[Problem],
    *,
    indicators: pd.DataFrame | None = None,
    areas: pd.DataFrame | None = None,
) -> dict[str, Scenario]:
    r"""Return the scenarios of a table, CSV or XLSX (its first sheet), by name, in their order.

    Columns: scenario (its name), indicator, change ("+10%", as in `scenario`; a cell that the spreadsheet
    holds as a percentage is a change by it), start and end (years of the calendar, or 1, 2, ... after the
    origin; both blank: every year ahead), shape, and where they are wanted area, judged_on, weight, label,
    reason, source, and bold (`yes` where a change to less than half or more than twice is meant). Shapes are
    `constant` (blank: the same from start to end, or from start on), `linear` (growing evenly from start to
    the whole in end, and whole after it) and `step` (from start on).

    Parameters
    ----------
    path : path
        The file.
    problems : list of Problem, optional
        Receives every problem, instead of an error.
    indicators, areas : pandas.DataFrame, optional
        As `load_indicators` and `load_areas` return them; by default those of the project at hand.

    Raises
    ------
    ParamsError
        With every problem of every row.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import sapa_analysis as sapa
    >>> rows = "scenario,indicator,change,start,end,shape\nroad,tourist_arrivals,+12%,2024,2026,linear\n"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.csv")
    ...     _ = path.write_text(rows)
    ...     road = sapa.scenarios.read_scenario_table(path)["road"]
    >>> road.to_frame().head(4)[["year", "value"]]
       year  value
    0  2024   1.04
    1  2025   1.08
    2  2026   1.12
    3  2027   1.12
    """
    known = known_indicators() if indicators is None else indicators
    places = load_areas(project_root() / "data") if areas is None else areas
    found: list[Problem] = []
    rows = list(_rows(path, found))
    if not rows and not found:
        tell(found, Problem(label(path), 0, "", "has no row; wanted one for each change, below the headings"))
    parts: dict[str, list[Adjustment]] = {}
    own: dict[str, dict[str, Any]] = {}
    for line, row in rows:
        reader = _Row(label(path), line, row, known, places, found)
        if not (name := row["scenario"]):
            continue
        reader.agree(own.setdefault(name, {}))
        parts.setdefault(name, []).extend(reader.adjustments())
    made = {name: _scenario(name, parts[name], own[name], label(path), found) for name in own}
    tell(problems, *found)
    return {} if found else {name: scenario for name, scenario in made.items() if scenario}


def _scenario(
    name: str, parts: list[Adjustment], own: Mapping[str, Any], file: str, found: list[Problem]
) -> Scenario | None:
    try:
        return Scenario(name=name, adjustments=tuple(parts), **own)
    except ValidationError as error:
        told = [(".".join(map(str, item["loc"])), in_words(item)) for item in error.errors()]
        tell(found, *(Problem(file, 0, column, f'scenario "{name}": {words}') for column, words in told))
    return None


def _rows(path: Path, found: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells as text of every row that is not blank."""
    table = _sheet(path, found) if path.suffix.lower() == ".xlsx" else _csv(path, found)
    if not table:
        return
    heads, file = [head.strip().lower() for head in table[0]], label(path)
    tell(found, *_head_problems(heads, file))
    for line, cells in enumerate(table[1:], start=2):
        said = [cell.strip() for cell in cells]
        if any(said[len(heads) :]):
            message = "more cells than columns; a value with a comma stands in quotes"
            tell(found, Problem(file, line, "", message))
        if any(said):
            row = dict.fromkeys(_COLUMNS, "") | dict(zip(heads, said, strict=False))
            blank = [head for head in _DEMANDED if head in heads and not row[head]]
            tell(found, *(Problem(file, line, head, "is blank") for head in blank))
            yield line, row


def _head_problems(heads: list[str], file: str) -> Iterator[Problem]:
    for head in dict.fromkeys(filter(None, heads)):
        if head not in _COLUMNS:
            yield Problem(file, 1, head, f'"{head}" is no column; {nearest(head, _COLUMNS)}')
        elif heads.count(head) > 1:
            yield Problem(file, 1, head, "the column stands twice")
    yield from (Problem(file, 1, head, "is missing") for head in _DEMANDED if head not in heads)


def _csv(path: Path, found: list[Problem]) -> list[list[str]]:
    text = read_text(path, found)
    if text is None:
        return []
    first = text.partition("\n")[0]
    sign = max(",;\t", key=first.count)  # Excel writes semicolons where the comma is the mark of decimals
    return list(csv.reader(io.StringIO(text), delimiter=sign))


def _sheet(path: Path, found: list[Problem]) -> list[list[str]]:
    from openpyxl import load_workbook  # only who reads a workbook waits for it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, data_only=True)
    except OSError as error:
        tell(found, Problem(label(path), 0, "", f"cannot be read: {error.strerror or error}"))
        return []
    except (InvalidFileException, BadZipFile, KeyError, ValueError):
        tell(found, Problem(label(path), 0, "", "is no workbook; save it as XLSX or CSV"))
        return []
    return [[_cell(cell.value, str(cell.number_format)) for cell in row] for row in book.worksheets[0].rows]


def _cell(value: Any, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{100 * value:+.12g}%" if form.endswith("%") else f"{value:.15g}"
    return str(value)


class _Row:
    """One row of the table: its changes, with every problem told at its line."""

    def __init__(
        self,
        file: str,
        line: int,
        row: Mapping[str, str],
        indicators: pd.DataFrame,
        areas: pd.DataFrame,
        found: list[Problem],
    ) -> None:
        self.file, self.line, self.row, self.found = file, line, row, found
        self.indicators, self.areas = indicators, areas

    def tell(self, column: str, message: str) -> None:
        """Note a problem of a cell."""
        tell(self.found, Problem(self.file, self.line, column, message))

    def agree(self, own: dict[str, Any]) -> None:
        """Add what the row says of its scenario; tell what contradicts an earlier row."""
        for column in _OF_SCENARIO:
            said: Any = self.row[column]
            if not said:
                continue
            if column == "weight":
                said = self.number(said)
            if own.setdefault(column, said) != said:
                self.tell(
                    column, f'"{self.row[column]}" is not what an earlier row says; leave one of them blank'
                )
        area = self.row["area"]
        if area and area not in (*self.areas.index, ANYWHERE):
            self.tell("area", f'"{area}" is unknown; {nearest(area, [*self.areas.index, ANYWHERE])}')

    def number(self, said: str) -> float:
        """Return a weight; a share in percent is one too."""
        try:
            plain = said.replace("%", "").replace(",", ".")
            return float(plain) / (100 if "%" in said else 1)
        except ValueError:
            self.tell("weight", f'"{said}" is no number; write 4200000 or 0.9')
            return 1.0

    def adjustments(self) -> Iterator[Adjustment]:
        """Yield the adjustment of the row, unless something is wrong with it."""
        before = len(self.found)
        change, years, shape = self.change(), self.years(), self.shape()
        indicator = self.row["indicator"]
        if indicator and indicator not in self.indicators.index:
            self.tell("indicator", f'"{indicator}" is unknown; {hint(indicator, self.indicators)}')
        elif indicator and self.indicators.loc[indicator, "role"] == "derived":
            self.tell("indicator", f"{indicator} is derived; adjust what it follows from")
        if change and shape == "linear" and years and change.effect not in _IN_STEPS:
            self.tell("shape", "a level grows evenly only where the years are blank; write constant")
        if len(self.found) > before or change is None or not indicator:
            return
        own: dict[str, Any] = {"indicator": indicator, "effect": change.effect, "of_year": change.of_year}
        own |= {"source": self.row["source"], "bold": self.bold()}
        if not years:
            own |= {"always": change.value, "shape": "ramp" if shape == "linear" else "step"}
        else:
            own |= {"values": _values(change, *years, shape)}
        try:
            yield Adjustment(**own)
        except ValidationError as error:
            for words in dict.fromkeys(in_words(item) for item in error.errors()):
                self.tell("change", words)

    def change(self) -> Change | None:
        """Return the change of the row, or None and a problem."""
        if not self.row["change"]:
            return None
        try:
            change = read_change(self.row["change"])
        except ValueError as error:
            self.tell("change", str(error))
            return None
        if not self.bold() and (why := plausible_problem(change.effect, change.value)):
            self.tell("change", why)
        return change

    def bold(self) -> bool:
        """Return whether a change far from the baseline is meant."""
        said = self.row["bold"].lower()
        if said not in ("", "yes", "no"):
            self.tell("bold", f'"{said}" is neither yes nor no')
        return said == "yes"

    def shape(self) -> str:
        """Return the shape of the row."""
        shape = self.row["shape"].lower() or "constant"
        if shape not in _SHAPES:
            self.tell("shape", f'"{shape}" is no shape; {nearest(shape, _SHAPES)}')
        if shape == "step" and self.row["end"]:
            self.tell("end", "a step has no end; write constant")
        if shape == "linear" and self.row["start"] and not self.row["end"]:
            self.tell("end", "linear wants the year in which the whole is reached")
        return shape

    def years(self) -> tuple[int, int | None] | None:
        """Return first and last year; None for every year ahead, no last one where the change goes on."""
        read: dict[str, int] = {}
        for column in ("start", "end"):
            if not (said := self.row[column]):
                continue
            year = int(said) if said.isdecimal() else said
            if why := year_problem(year):
                self.tell(column, why)
            elif isinstance(year, int):
                read[column] = year
        if "end" in read and "start" not in read and not self.row["start"]:
            self.tell("start", "is blank; an end wants a start")
        if len(read) == 2 and (
            read["end"] < read["start"] or is_calendar(read["start"]) != is_calendar(read["end"])
        ):
            self.tell("end", f"{read['end']} does not follow {read['start']}")
        return (read["start"], read.get("end")) if "start" in read else None


def _values(change: Change, start: int, end: int | None, shape: str) -> dict[int, float]:
    """Return the values by year; what goes on goes to the last year that can be named."""
    most = (CALENDAR if is_calendar(start) else AHEAD)[1]
    last = most if end is None or shape == "linear" else end
    reached = end if shape == "linear" and end is not None else start
    steps = reached - start + 1
    found = {}
    for year in range(start, last + 1):
        share = min((year - start + 1) / steps, 1.0)
        whole = change.value
        factor = 1 + (whole - 1) * share if share < 1 else whole
        found[year] = factor if change.effect == "multiply" else whole * share
    return found
