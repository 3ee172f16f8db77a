"""The tables and the page of a batch, made from the rows of its journal and from its copies alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def batch_files(folder: Path, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the contents of `runs.csv`, `failures.csv` (if any failed), `results.csv`, `index.html`."""
    return table_files(rows)


def table_files(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return those of `batch_files` that need no copy: `runs.csv`, and `failures.csv` if any failed."""
    return {}
