"""An entry of the register: the text of issued verdicts, its hash, and the reading of its rows."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..core import Problem, nearest, tell
from .progress_rules import FORECASTING

_NUMBER = re.compile(r"-?([0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?|inf)")
#: Columns of an entry that hold whole numbers, and those that hold other numbers.
WHOLE = ("start", "end", "latest_year", "n_years", "plans_met", "plans_known")
NUMBERS = ("value", "value_high", "latest", "whole_year", "expected", "lower_80", "upper_80", "completion",
           "pace", "pace_percentile", "probability", "office", "stability")  # fmt: skip
#: The columns of an entry: those of a verdict, and the yes or no of each forecasting rule.
KEPT = ("id", "document", "clause", "indicator_id", "area", "measure", "sense", "value", "value_high",
        "unit", "field", "start", "end", "status", "reason", "probability", "expected", "lower_80",
        "upper_80", "latest_year", "latest", "latest_basis", "completion", "pace", "pace_unit",
        "pace_percentile", "office", "office_published", "n_years", "stability", "stability_grade",
        *FORECASTING)  # fmt: skip
#: What entries hold besides since decision 76: the figure as printed, and the decision whose rules made it.
ADDED = ("latest_period", "latest_bound", "whole_year", "office_bound", "decision")
#: Since decision 89, too: the constants behind the verdicts, each with the day from which it could be known,
#: and the earlier plans beside a plan that is known by itself only (decision 88).
TOLD = ("constants", "plans_met", "plans_known", "plans_outcomes")
#: The newest decision on what is published, converted, worded and withheld (`docs/decisions`).
DECISION = "89"


def entry_text(verdicts: pd.DataFrame, readings: pd.DataFrame, constants: pd.DataFrame | None = None) -> str:
    """Return the text of an entry: UTF-8 in NFC, LF, four digits of a probability."""
    votes = readings[(readings["shift"] == 0) & readings["rule"].isin(FORECASTING)]
    said = votes.pivot(index="id", columns="rule", values="on_track").reindex(columns=list(FORECASTING))
    table = verdicts.join(said.map(_yes_no), on="id").assign(decision=DECISION)
    table = table.assign(constants="" if constants is None else _named(constants))
    columns = (*KEPT, *ADDED, *TOLD)
    rows = [{name: _cell(name, row[name]) for name in columns} for row in table.to_dict("records")]
    return csv_text(columns, rows)


def _named(constants: pd.DataFrame) -> str:
    """Return constants in one cell, each with its day; without one where it rests on nothing."""
    told = zip(constants["name"], constants["known_from"], strict=True)
    return "; ".join(f"{name} {known}".strip() for name, known in told)


def _yes_no(vote: Any) -> str:
    return "" if pd.isna(vote) else "yes" if vote else "no"


def _cell(name: str, value: Any) -> str:
    if pd.isna(value):
        return ""
    if name in WHOLE:
        return str(int(value))
    digits = ".4f" if name in ("probability", "stability", "completion") else ".6g"
    if name in NUMBERS:
        return f"{value:{digits}}"
    return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as the text of a CSV file with LF line ends."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def digest(text: str) -> str:
    """Return the hash of a text; line ends of Windows and blank lines at the end do not count."""
    plain = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    return hashlib.sha256(plain.encode()).hexdigest()


def csv_rows(
    text: str, columns: Sequence[str], file: str, problems: list[Problem]
) -> list[tuple[int, dict[str, str]]] | None:
    """Return the rows of a CSV text with their lines, or None when it is no CSV file with these columns.

    A row with a wrong number of cells is told and stays, cut or filled up; blank lines are skipped.
    """
    reader, rows, start = csv.reader(io.StringIO(text, newline=""), strict=True), [], 1
    header: list[str] | None = None
    try:
        for cells in reader:
            if header is None:
                header = cells
                if told := _header_problems(header, columns):
                    tell(problems, *(Problem(file, start, "", message) for message in told))
                    return None
            elif cells:
                if len(cells) != len(header):
                    found = f"{len(cells)} cells under {len(header)} columns; restore the line as it was"
                    tell(problems, Problem(file, start, "", found))
                cells = [*cells, *[""] * len(header)][: len(header)]
                rows.append((start, dict(zip(header, cells, strict=True))))
            start = reader.line_num + 1
    except csv.Error:
        tell(problems, Problem(file, start, "", "the row that starts here is no CSV row"))
        return None
    return rows


def _header_problems(header: list[str], columns: Sequence[str]) -> list[str]:
    told = [f'column "{name}" stands twice' for name in dict.fromkeys(header) if header.count(name) > 1]
    told += [
        f'column "{name}" is unknown; {nearest(name, columns)}' for name in header if name not in columns
    ]
    return told + [f'column "{name}" is missing' for name in columns if name not in header]


def _columns(text: str) -> tuple[str, ...]:
    """Return the columns that an entry must have: those of its time, the latest that its header names."""
    header = set(text.partition("\n")[0].strip().split(","))
    if set(TOLD) & header:
        return (*KEPT, *ADDED, *TOLD)
    return (*KEPT, *ADDED) if set(ADDED) & header else KEPT


def check_entry(text: str, file: str, problems: list[Problem]) -> None:
    """Add what keeps a text from being an entry: no CSV, other columns, cells that are no numbers."""
    for line, row in csv_rows(text, _columns(text), file, problems) or []:
        for name in (*NUMBERS, *WHOLE):
            if row.get(name) and not _NUMBER.fullmatch(row[name]):
                tell(problems, Problem(file, line, name, f'"{row[name]}" is not a number'))


def entry_table(text: str) -> pd.DataFrame:
    """Return the verdicts of a sound entry, numbers as numbers."""
    rows = [row for _, row in csv_rows(text, _columns(text), "", []) or []]
    texts = pd.DataFrame(rows, columns=[*KEPT, *ADDED, *TOLD], dtype=str).fillna("")
    return texts.assign(**{name: pd.to_numeric(texts[name]) for name in (*NUMBERS, *WHOLE)})
