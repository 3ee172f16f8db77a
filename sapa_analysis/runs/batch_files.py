"""The tables and the page of a batch, made from the rows of its journal and from its copies alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from ..core import SapaError
from ..reporting import about_results, run_index_page
from .key_numbers import RESULT_COLUMNS
from .record import read_records
from .workbook import workbook

Row = Mapping[str, Any]
#: Columns of `runs.csv`: those that users know, in their places, then those of the journal.
COLUMNS = ("run", "notebook", "parameters", "status", "error", "seconds", "copy", "headline", "name", "start",
           "cpu", "peak_mb", "surprise", "resolved", "version", "commit", "data", "params", "package", "key",
           "partial")  # fmt: skip
#: The tables and the page of a batch, as `batch_files` makes them.
TABLES = ("runs.csv", "failures.csv", "results.csv", "results.xlsx", "index.html")
#: Columns that hold JSON.
_AS_JSON = ("parameters", "resolved")


def batch_files(folder: Path, rows: Sequence[Row]) -> dict[str, bytes]:
    """Return the contents of the tables and the page of a batch, by file name.

    The same rows and copies give the same bytes, so they can be made again to see whether one was changed.

    Parameters
    ----------
    folder : pathlib.Path
        Where the copies lie.
    rows : sequence of mapping
        Rows of the journal in the order of the batch, see `current_rows`.

    Returns
    -------
    dict of str to bytes
        `runs.csv`; `failures.csv`, only if a run failed; `results.csv` and `results.xlsx`, the key results of
        every copy that can be read, with the number of its run in front; `index.html`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sapa_analysis.runs.batch_files import batch_files
    >>> row = {"run": "04_targets-4c1", "notebook": "04_targets", "status": "failed", "error": "no good"}
    >>> files = batch_files(Path("/nowhere"), [row])
    >>> list(files), files["runs.csv"].decode().splitlines()[1]
    (['runs.csv', 'failures.csv', 'index.html', 'results.csv', 'results.xlsx'],
     '1,04_targets,{},failed,no good,,,,04_targets-4c1,,,,,{},,,,,,,')
    """
    results = pd.DataFrame(_results(folder, rows), columns=["run", *RESULT_COLUMNS])
    texts = {**table_files(rows), "index.html": run_index_page(rows)}
    return {name: text.encode() for name, text in texts.items()} | as_files("results", results, rows)


def as_files(
    name: str,
    table: pd.DataFrame,
    rows: Sequence[Row],
    names: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> dict[str, bytes]:
    """Return key results as CSV and as XLSX, by file name; the latter says what they are, of which runs."""
    about = about_results(rows, table, names)
    return {f"{name}.csv": _csv(table).encode(), f"{name}.xlsx": workbook(table, about=about)}


def names_at(root: Path) -> dict[str, tuple[str, str]]:
    """Return the Vietnamese and English names of indicators by id; none where they cannot be read."""
    try:
        with (root / "data/indicators.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row["indicator_id"]: (row["name_vi"], row["name_en"]) for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError):
        return {}


def table_files(rows: Sequence[Row]) -> dict[str, str]:
    """Return those of `batch_files` that need no copy: `runs.csv`, and `failures.csv` if any failed."""
    table = runs_table(rows)
    failures = table[table["status"] == "failed"]
    return {"runs.csv": _csv(table)} | ({"failures.csv": _csv(failures)} if len(failures) else {})


def runs_table(rows: Sequence[Row]) -> pd.DataFrame:
    """Return one row per run with `COLUMNS`; `run` is its number in the order of the batch."""
    cells = [{**_cells(row), "run": number} for number, row in enumerate(rows, start=1)]
    return pd.DataFrame(cells, columns=list(COLUMNS), dtype=object)


def _cells(row: Row) -> dict[str, Any]:
    known = {name: "" if row.get(name) is None else row[name] for name in COLUMNS}
    known |= {name: _json(row.get(name) or {}) for name in _AS_JSON}
    known |= {
        name: round(row[name], 2) for name in ("seconds", "cpu", "peak_mb") if row.get(name) is not None
    }
    surprise = (row.get("surprise") or {}).get("probability") or {}
    return known | {
        "name": row.get("run", ""),
        "headline": " ".join(row.get("headline") or []),
        "surprise": surprise.get("points", ""),
    }


def _json(value: Any) -> str:
    """Return a value in one form, whether it comes from a run or from the journal."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _results(folder: Path, rows: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows, start=1):
        table = results_of(folder / row["copy"]) if row.get("copy") else None
        if table is not None:
            cells = table.reindex(columns=list(RESULT_COLUMNS)).astype(object)
            yield from ((number, *line) for line in cells.itertuples(index=False, name=None))


def results_of(copy: Path) -> pd.DataFrame | None:
    """Return the key results that an executed copy records, or None where it cannot be read or has none."""
    try:
        table = read_records(copy).get("results")
    except (OSError, SapaError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return table if isinstance(table, pd.DataFrame) else None


def _csv(table: pd.DataFrame) -> str:
    return str(table.to_csv(index=False, lineterminator="\n"))
