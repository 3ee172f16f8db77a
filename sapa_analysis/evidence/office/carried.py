"""What an office has entered already, as rows of a new workbook."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from ...core import Target, as_targets, parse_period
from .grammar import Written, read_figure
from .layout import words
from .model import Office
from .number_words import CellError
from .sheet_cells import Cell
from .tables import Tables
from .template_looks import Entry
from .written import due_text, figure_text, goal_text, named, number_text, scaled_text

Row = dict[str | int, Entry]
_FRACTION = re.compile(r"(?<![\d/.,])(\d+)/(\d+)(?![\d/.,])")
#: Ids of figures that stand on the sheet of judgements begin so, and of those that stand in a list.
_JUDGED, _LISTED = "office.judgements.", ("office.list.", "office.secret.")
#: A share of a value by which arithmetic alone may change it.
_NOISE = 1e-9


@dataclass
class Carried:
    """Rows of an office by form.

    Attributes
    ----------
    grid : dict of str to Row
        The white row of an indicator.
    figures, secret : list of Row
        What has no place in the grid, and what stays in the house.
    goals : dict of str to Row
        Corrected or added targets by id.
    leads : mapping of str to str
        Units in charge by id of the target.
    judged : dict of (str, int) to list of Row
        Estimates and judgements by indicator and year.
    causes, projects : list of Row
        As they were written.
    """

    grid: dict[str, Row] = field(default_factory=dict)
    figures: list[Row] = field(default_factory=list)
    secret: list[Row] = field(default_factory=list)
    goals: dict[str, Row] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)
    judged: dict[tuple[str, int], list[Row]] = field(default_factory=lambda: defaultdict(list))
    causes: list[Row] = field(default_factory=list)
    projects: list[Row] = field(default_factory=list)


def carried(office: Office | None, tables: Tables, *, day: date | None = None) -> Carried:
    """Return everything that an office holds as rows of a workbook of a day, by default of its own day."""
    if office is None:
        return Carried()
    office = replace(office, day=day or office.day)
    found = Carried(leads=office.leads)
    figures = office.figures.assign(_judged=office.figures["id"].astype(str).str.startswith(_JUDGED))
    _carry_figures(found, figures[~figures["_judged"]], office, tables)
    _carry_goals(found, office, tables)
    _carry_judgements(found, figures[figures["_judged"]], office, tables)
    for row in office.causes.to_dict("records"):
        subject = named(tables, row["indicator_id"])[0] if row["indicator_id"] else _field(row["field"])
        what = words()["causes"].get(row["what"], row["what"])
        found.causes.append(
            _texts({"subject": subject, "what": what, "text": row["text"], **_dated(row, office)}, row)
        )
    for row in office.projects.to_dict("records"):
        names = ("title", "lead", "time", "progress", "obstacles")
        found.projects.append(_texts({**{name: row[name] for name in names}, **_dated(row, office)}, row))
    return found


def _field(name: str) -> str:
    return str(words()["fields"].get(name, name))


def _texts(cells: Mapping[str, Any], row: Mapping[Any, Any]) -> Row:
    """Return cells of a row with its note and its mark; blank ones are left out."""
    mark = words()["secret_mark"] if row["internal"] else ""
    every = {**cells, "note": row.get("note", ""), "secret": mark}
    return {name: Entry(value) for name, value in every.items() if value not in ("", None)}


def _day(published: Any, office: Office) -> date | None:
    """Return the day of a row where it is not that of the workbook."""
    day = date.fromisoformat(str(published)) if published else office.day
    return None if day == office.day else day


def _dated(row: Mapping[Any, Any], office: Office) -> dict[str, Any]:
    return {"published": _day(row["published"], office)}


# figures ------------------------------------------------------------------------------------------------


def _carry_figures(found: Carried, figures: pd.DataFrame, office: Office, tables: Tables) -> None:
    for row in figures.to_dict("records"):
        if not (_fits_grid(row) and _enter(found.grid.setdefault(row["indicator_id"], {}), row, office)):
            (found.secret if row["internal"] else found.figures).append(_listed(row, office, tables))
    found.grid = {indicator: line for indicator, line in found.grid.items() if line}


def _fits_grid(row: Mapping[Any, Any]) -> bool:
    listed = str(row["id"]).startswith(_LISTED)
    whole_year = row["freq"] == "A" and not row["through"]
    return whole_year and not listed and not row["internal"]


def _enter(line: Row, row: Mapping[Any, Any], office: Office) -> bool:
    """Enter a figure into the row of its indicator; return whether it has room beside the others."""
    cells = {
        "kind": kind_word(row), **_dated(row, office), "source": own_source(row, office), "note": row["note"],
    }  # fmt: skip
    shared: Row = {name: Entry(text) for name, text in cells.items() if text}
    year = int(row["period"])
    if line and (year in line or any(line.get(name) != shared.get(name) for name in cells)):
        return False
    line |= {**shared, year: Entry(figure_value(row))}
    return True


def own_source(row: Mapping[Any, Any], office: Office) -> str:
    """Return the source of a figure as it was written; blank where it is that of the whole workbook."""
    usual = words()["sources"]
    title = str(row["source_title"])
    return "" if title in (usual["by"].format(by=office.by), usual["none"]) else title


def _listed(row: Mapping[Any, Any], office: Office, tables: Tables) -> Row:
    name, unit = named(tables, row["indicator_id"])
    first, last = period_texts(row)
    cells = {
        "indicator": name, "unit": unit, "first": first, "last": last, "value": figure_value(row),
        "kind": kind_word(row),
        "published": _day(row["published"], office), "source": own_source(row, office), "note": row["note"],
    }  # fmt: skip
    return {name: Entry(value) for name, value in cells.items() if value not in ("", None)}


def period_texts(row: Mapping[Any, Any]) -> tuple[Any, Any]:
    """Return the columns Từ and Đến of a figure: a year, a month, or two days.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.carried import period_texts
    >>> for period, freq in (("2022", "A"), ("2022-Q2", "Q"), ("2022-05", "M"), ("2021/2025", "TERM")):
    ...     print(period_texts({"period": period, "freq": freq, "through": ""}))
    (2022, '')
    ('quý II/2022', '')
    ('tháng 5/2022', '')
    ('2021-2025', '')
    >>> period_texts({"period": "2022-01/2022-10", "freq": "YTD", "through": ""})
    ('10 tháng 2022', '')
    """
    period, freq, told = str(row["period"]), row["freq"], words()["periods"]
    if row["through"] or freq == "EVENT":
        span = parse_period(period, freq)
        return span.start, date.fromisoformat(row["through"]) if row["through"] else span.end
    year, _, rest = period.partition("-")
    if freq == "Q":
        return told["quarter"].format(quarter=("I", "II", "III", "IV")[int(rest[1]) - 1], year=year), ""
    if freq == "M":
        return told["month"].format(month=int(rest), year=year), ""
    if freq == "YTD" and "/" in period:
        return told["months"].format(months=int(period.rpartition("-")[2]), year=year), ""
    return int(period) if period.isdecimal() else period.replace("/", "-"), ""


def figure_value(row: Mapping[Any, Any]) -> Any:
    """Return a figure as it is entered: a number where it says all, a fraction, or words.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.carried import figure_value
    >>> row = {"value": 97.6, "digits": 3, "bound": "exact", "kind": "actual", "unit": "percent",
    ...        "statement": "97,6"}
    >>> figure_value(row), figure_value(row | {"bound": "over"})
    (97.6, 'trên 97,6')
    >>> figure_value(row | {"value": 4600 / 61, "digits": 3, "statement": "46/61"})
    '46/61'
    """
    value, whole = float(row["value"]), figure_text(row)
    if read := _said(row):
        is_number = read.words == number_text(value)
        return (int(value) if value.is_integer() else value) if is_number else read.words
    plain = number_text(value, int(row["digits"]))
    own = _fraction(row, value) or scaled_text(value, int(row["digits"])) or plain
    if own == whole and plain == number_text(value):
        return int(value) if value.is_integer() else value
    return whole.replace(plain, own)


def kind_word(row: Mapping[Any, Any]) -> str:
    """Return what the column of kinds says of a figure: of an estimate whose own words do not.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.carried import kind_word
    >>> row = {"value": 97.6, "bound": "exact", "kind": "estimate", "unit": "percent", "statement": "97,6"}
    >>> kind_word(row), kind_word(row | {"statement": "ước 97,6"})
    ('ước thực hiện', '')
    """
    read = _said(row)
    if read is None or read.kind or row["kind"] == "actual":
        return ""
    return next(str(word) for word, kind in reversed(words()["kinds"].items()) if kind == row["kind"])


def _said(row: Mapping[Any, Any]) -> Written | None:
    """Return what the words of a figure say, where they are those of a cell."""
    try:
        read = read_figure(Cell(1, 1, "text", str(row["statement"])), str(row["unit"]))
    except CellError:
        return None
    same = (float(read.value), read.bound) == (float(row["value"]), row["bound"])
    return read if same and read.kind in ("", row["kind"]) else None


def _fraction(row: Mapping[Any, Any], value: float) -> str:
    """Return the fraction of a percentage that its words hold."""
    for part, of in _FRACTION.findall(str(row["statement"])):
        if row["unit"] == "percent" and int(of) and abs(100 * int(part) / int(of) - value) <= _NOISE * 100:
            return f"{part}/{of}"
    return ""


# goals and judgements -----------------------------------------------------------------------------------


def _carry_goals(found: Carried, office: Office, tables: Tables) -> None:
    marks = dict(zip(office.goals["id"], office.goals["internal"], strict=True))
    for goal in as_targets(office.goals):
        internal, lead = bool(marks[goal.id]), office.leads.get(goal.id, goal.unit_in_charge)
        cells = {**goal_cells(goal, tables), "lead": lead, "published": _day(goal.published, office)}
        found.goals[goal.id] = _texts(cells, {"note": goal.note, "internal": internal})


def goal_cells(goal: Target, tables: Tables) -> dict[str, Any]:
    """Return what the columns of goals say of a target."""
    name, unit = named(tables, goal.indicator_id)
    due = due_text(goal)
    return {
        "document": str(tables.documents.loc[goal.document, "name_vi"]) if goal.document else "",
        "clause": int(goal.clause) if goal.clause.isdecimal() else goal.clause,
        "indicator": name, "unit": unit, "due": int(due) if due.isdecimal() else due,
        "measure": words()["measures"][goal.measure], "goal": goal_text(goal),
    }  # fmt: skip


def _carry_judgements(found: Carried, estimates: pd.DataFrame, office: Office, tables: Tables) -> None:
    for row in estimates.to_dict("records"):
        exact = figure_value(row) if _said(row) else figure_value({**row, "kind": "actual"})
        cells = {"estimated_by": own_source(row, office), "estimate": exact}
        day = _day(row["published"], office)
        entry = _texts({**cells, "estimated_on": day}, row)
        found.judged[row["indicator_id"], int(row["period"])].append(entry)
    for row in office.judgements.to_dict("records"):
        day = _day(row["published"], office)
        said = words()["judged"].get(row["judged"], row["judged"])
        entry = _texts({"judged": said, "judged_on": day}, row)
        if any(
            entry.items() <= known.items() for known in found.judged[row["indicator_id"], int(row["end"])]
        ):
            continue  # one judgement of several targets
        _join(found.judged[row["indicator_id"], int(row["end"])], entry)


def _join(rows: list[Row], entry: Row) -> None:
    """Add a judgement to the row of an estimate that has the same note and mark, or as a row of its own."""
    for row in rows:
        same = all(row.get(name) == entry.get(name) for name in ("note", "secret"))
        if same and "judged" not in row:
            row.update(entry)
            return
    rows.append(entry)
