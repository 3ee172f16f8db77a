"""The register of issued verdicts: append-only, hashed, scored later.

A register is a folder: one file of verdicts per entry, and `index.csv`, in which the hash of each entry
includes the hash of the previous entry. Altering, deleting or reordering an entry breaks the chain.
"""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import Problem, RegisterError, last_year_ended, read_text, write_whole
from .progress_rules import FORECASTING

#: The folder of the register, relative to the project root, and its list of entries.
REGISTER, INDEX = "register", "index.csv"
_INDEX_COLUMNS = ("entry", "area", "as_of", "issued", "file", "sha256", "chain")
_WHOLE = ("start", "end", "latest_year", "n_years")
_NUMBERS = ("value", "value_high", "latest", "expected", "lower_80", "upper_80", "completion", "pace",
            "pace_percentile", "probability", "office", "stability")  # fmt: skip
#: The columns of an entry: those of a verdict, and the yes or no of each forecasting rule.
KEPT = ("id", "document", "clause", "indicator_id", "area", "measure", "sense", "value", "value_high",
        "unit", "field", "start", "end", "status", "reason", "probability", "expected", "lower_80",
        "upper_80", "latest_year", "latest", "latest_basis", "completion", "pace", "pace_unit",
        "pace_percentile", "office", "office_published", "n_years", "stability", "stability_grade",
        *FORECASTING)  # fmt: skip
#: A verdict issued more than this many days after its vintage counts as issued in hindsight.
_HINDSIGHT_DAYS = 31


def issue_verdicts(
    folder: Path | str,
    verdicts: pd.DataFrame,
    readings: pd.DataFrame,
    *,
    area: str,
    as_of: date,
    issued: date,
) -> Path:
    """Append the verdicts of one vintage to the register and return the path of their file.

    Parameters
    ----------
    folder : path
        The register.
    verdicts, readings : pandas.DataFrame
        As `judge_targets` and `read_rules` return them.
    area : str
        The area of the targets.
    as_of : datetime.date
        The vintage: the date whose knowledge counts.
    issued : datetime.date
        The day of issue.

    Raises
    ------
    RegisterError
        When the register is not valid, when `issued` is before `as_of`, or when the last entry of that area
        and vintage is identical.
    OutputError
        When the register cannot be written; then nothing is written.

    Examples
    --------
    >>> from datetime import date
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> from sapa_analysis.verdicts import issue_verdicts, judge_targets, read_register, read_rules
    >>> goals = pd.DataFrame([{"id": "plan.visits", "indicator_id": "visits", "area": "town",
    ...                        "unit": "visits", "measure": "level", "sense": "at_least", "end": 2021,
    ...                        "value": 160.0}])
    >>> verdicts, readings = judge_targets({}, goals), read_rules({}, goals)
    >>> with TemporaryDirectory() as folder:
    ...     file = issue_verdicts(folder, verdicts, readings, area="town", as_of=date(2020, 1, 15),
    ...                           issued=date(2020, 1, 20))
    ...     file.name, read_register(folder)[["id", "reason"]].to_dict("records")
    ('2020-01-15.csv', [{'id': 'plan.visits', 'reason': 'no_evidence'}])
    """
    folder = Path(folder)
    index = read_index(folder)
    if issued < as_of:
        raise RegisterError(f"issued {issued} lies before the day of the verdicts, {as_of}")
    before = [row for row in index if (row["area"], row["as_of"]) == (area, str(as_of))]
    text = _as_text(verdicts, readings)
    if before and before[-1]["sha256"] == _hash(text):
        raise RegisterError(f"the verdicts of {area} on {as_of} stand there already, with the same words")
    file = f"{area}/{as_of}{f'-{len(before) + 1}' if before else ''}.csv"
    row = {"entry": len(index) + 1, "area": area, "as_of": as_of, "issued": issued, "file": file}
    row |= {"sha256": _hash(text)}
    index.append({name: str(cell) for name, cell in row.items()})
    index[-1]["chain"] = _link(index[-1], index[-2]["chain"] if len(index) > 1 else "")
    write_whole({folder / file: text, folder / INDEX: _csv(list(_INDEX_COLUMNS), index)})
    return folder / file


def _as_text(verdicts: pd.DataFrame, readings: pd.DataFrame) -> str:
    votes = readings[(readings["shift"] == 0) & readings["rule"].isin(FORECASTING)]
    said = votes.pivot(index="id", columns="rule", values="on_track").reindex(columns=list(FORECASTING))
    table = verdicts.join(said.map(_yes_no), on="id")
    rows = [{name: _cell(name, row[name]) for name in KEPT} for row in table.to_dict("records")]
    return _csv(list(KEPT), rows)


def _yes_no(vote: Any) -> str:
    return "" if pd.isna(vote) else "yes" if vote else "no"


def _cell(name: str, value: Any) -> str:
    if pd.isna(value):
        return ""
    if name in _WHOLE:
        return str(int(value))
    digits = ".4f" if name in ("probability", "stability", "completion") else ".6g"
    return f"{value:{digits}}" if name in _NUMBERS else str(value)


def _csv(columns: list[str], rows: list[dict[str, str]]) -> str:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _link(row: dict[str, str], before: str) -> str:
    return _hash("\n".join([before, *(row[name] for name in _INDEX_COLUMNS[:-1])]))


def read_index(folder: Path | str) -> list[dict[str, str]]:
    """Return the entries of a register in order, after checking hashes and chain.

    Raises
    ------
    RegisterError
        With every entry that was altered, lost or moved.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.verdicts import REGISTER, read_index
    >>> entries = read_index(project_root() / REGISTER)
    >>> [(entry["entry"], entry["area"], entry["as_of"]) for entry in entries[:2]]
    [('1', 'sa_pa', '2023-01-15'), ('2', 'sa_pa', '2023-06-30')]
    """
    folder, problems = Path(folder), list[Problem]()
    if not (folder / INDEX).exists():
        return []
    text = read_text(folder / INDEX, problems)
    rows = list(csv.DictReader(io.StringIO(text or "", newline="")))
    before = ""
    for line, row in enumerate(rows, start=2):
        problems += [
            Problem(f"register/{INDEX}", line, *told) for told in _entry_problems(folder, row, line, before)
        ]
        before = row.get("chain") or ""
    if problems:
        raise RegisterError(problems)
    return rows


def _entry_problems(folder: Path, row: dict[str, str], line: int, before: str) -> list[tuple[str, str]]:
    if set(row) != set(_INDEX_COLUMNS) or None in row.values():
        return [("", f"wanted the columns {', '.join(_INDEX_COLUMNS)}")]
    found = []
    if row["entry"] != str(line - 1):
        found.append(
            ("entry", f'"{row["entry"]}" stands where {line - 1} was; an entry was dropped or moved')
        )
    if row["chain"] != _link(row, before):
        found.append(("chain", "does not follow from this entry and the one before; one of them was altered"))
    told: list[Problem] = []
    text = read_text(folder / row["file"], told)
    if text is None:
        found.append(("file", f"{row['file']} {told[0].message}"))
    elif _hash(text.replace("\r\n", "\n")) != row["sha256"]:
        found.append(("sha256", f"{row['file']} was altered after it had been issued"))
    return found


def read_register(folder: Path | str, *, area: str | None = None, until: date | None = None) -> pd.DataFrame:
    """Return every verdict of a register.

    Parameters
    ----------
    folder : path
        The register; a missing folder counts as empty.
    area : str, optional
        Only this area.
    until : datetime.date, optional
        Only entries whose `as_of` is not later.

    Returns
    -------
    pandas.DataFrame
        The columns `KEPT`, and overdue (whether the year due had ended), entry, as_of, issued, hindsight
        (whether it was issued more than 31 days after `as_of`). Where an area and vintage was issued more
        than once, the first issue: only that one is scored.

    Raises
    ------
    RegisterError
        As `read_index`.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.verdicts import REGISTER, read_register
    >>> issued = read_register(project_root() / REGISTER, area="sa_pa", until=date(2023, 6, 30))
    >>> issued.loc[issued["id"] == "congress-2020.tourist_arrivals", ["as_of", "probability", "status"]]
              as_of  probability    status
    53   2023-01-15       0.3365      even
    155  2023-06-30       0.2610  unlikely
    """
    folder = Path(folder)
    first = {(row["area"], row["as_of"]): row for row in reversed(read_index(folder))}
    chosen = [row for row in first.values() if area in (None, row["area"])]
    chosen = [row for row in chosen if until is None or date.fromisoformat(row["as_of"]) <= until]
    frames = [_entry(folder, row) for row in sorted(chosen, key=lambda row: (row["area"], row["as_of"]))]
    columns = [*KEPT, "overdue", "entry", "as_of", "issued", "hindsight"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _entry(folder: Path, row: dict[str, str]) -> pd.DataFrame:
    texts = pd.read_csv(folder / row["file"], dtype=str, keep_default_na=False).reindex(
        columns=list(KEPT), fill_value=""
    )
    numbers = {name: pd.to_numeric(texts[name]) for name in (*_NUMBERS, *_WHOLE)}
    as_of, issued = (date.fromisoformat(row[name]) for name in ("as_of", "issued"))
    late = (issued - as_of).days > _HINDSIGHT_DAYS
    overdue = numbers["end"] <= last_year_ended(as_of)
    table = texts.assign(**numbers, overdue=overdue, entry=int(row["entry"]), hindsight=late)
    return table.assign(as_of=as_of, issued=issued)
