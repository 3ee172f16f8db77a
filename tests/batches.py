"""A batch as it lies there when it has been run: copies, journal, tables; made without running anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sapa_analysis.runs.batch_files import batch_files
from sapa_analysis.runs.journal_line import JOURNAL, current_rows, read_journal, seal
from sapa_analysis.runs.key_numbers import RESULT_COLUMNS
from sapa_analysis.runs.record import MEDIA_TYPE

ABOUT = {"version": "0.3.0", "commit": "abc1234", "data": "d" * 64, "params": "e" * 64, "register": "f" * 64,
         "package": "a" * 64, "python": "3.11.9", "key": "0" * 64}  # fmt: skip


def row(name: str, **fields: Any) -> dict[str, Any]:
    """Return a row of a journal: a run of 02_trajectory that went well, but for the given fields."""
    return {
        "run": name, "notebook": "02_trajectory", "parameters": {"horizon": 3}, "status": "ok", "error": "",
        "resolved": {"horizon": 3, "lang": "vi", "as_of": "2024-01-15"}, "copy": f"{name}.ipynb", "partial": "",
        "files": {}, "start": "2026-11-30T02:30:00+00:00", "seconds": 6.543, "cpu": 5.1, "peak_mb": 210.25,
        "headline": ["Rừng: đạt."], "surprise": None, **ABOUT, **fields,
    }  # fmt: skip


def failed(name: str, **fields: Any) -> dict[str, Any]:
    """Return the row of a run that failed and left a partial copy."""
    partial = f"{name}-failed.ipynb"
    return row(name, status="failed", error="no good", copy="", partial=partial, headline=[]) | fields


def numbers(*values: float) -> pd.DataFrame:
    """Return key results with a value each."""
    about = {"area": "sa_pa", "as_of": "2024-01-15", "scenario": "base", "indicator": "x", "target": "",
             "document": "", "statistic": "median", "unit": "percent"}  # fmt: skip
    rows = [about | {"year": 2023 + place, "value": value} for place, value in enumerate(values)]
    return pd.DataFrame(rows, columns=list(RESULT_COLUMNS))


def copy_of(results: pd.DataFrame) -> str:
    """Return the text of an executed copy that recorded these key results."""
    stored = json.loads(results.to_json(orient="split", index=False))
    record = {"name": "results", "columns": stored["columns"], "rows": stored["data"]}
    return json.dumps({"cells": [{"outputs": [{"data": {MEDIA_TYPE: record}}]}], "metadata": {"sapa": {}}})


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_batch(
    folder: Path, rows: Sequence[Mapping[str, Any]], *, more: Sequence[Mapping[str, Any]] = ()
) -> Path:
    """Write copies, files, journal and tables of a batch; `more` are lines of the journal before its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [seal(entry) for entry in (*more, {"plan": [each["run"] for each in rows]})]
    for place, each in enumerate(rows):
        own = folder / (each["copy"] or each["partial"])
        own.write_text(copy_of(numbers(place + 0.5, place + 1.25)), encoding="utf-8")
        files = {}
        for name in each["files"]:
            (folder / name).write_text(f"file {name}\n", encoding="utf-8")
            files[name] = sha256(folder / name)
        lines.append(seal({**each, "copy_sha256": sha256(own), "files": files}))
    (folder / JOURNAL).write_bytes("".join(f"{line}\n" for line in lines).encode())
    renew(folder)
    return folder


def renew(folder: Path) -> None:
    """Make the tables of a batch from its journal and copies."""
    kept = current_rows(read_journal((folder / JOURNAL).read_bytes()).entries)
    for name, content in batch_files(folder, kept).items():
        (folder / name).write_bytes(content)
