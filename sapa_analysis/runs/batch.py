"""Batches of notebook runs: a file of them, and the folder of their results."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

import pandas as pd

from .batch_files import runs_table
from .grid import read_batch
from .jobs import run_jobs
from .office_copy import with_office
from .work import OnEvent, silent


def run_batch(
    path: Path | str,
    out: Path | str,
    *,
    root: Path | str | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    fresh: bool = False,
    timeout: float | None = None,
    fail_fast: bool = False,
    office: str = "",
    allow_internal: bool = False,
    on_event: OnEvent = silent,
) -> pd.DataFrame:
    """Execute the runs of a batch file that are not done yet; write one row per run.

    Parameters
    ----------
    path : path
        The batch file.
    out : path
        Folder of `runs.csv`, `failures.csv` (only if there are any), `results.csv`, `index.html`, the journal
        `runs.jsonl` and the executed copies.
    root, jobs, executor, fresh, timeout, fail_fast, on_event
        As for `run_jobs`; the timeout is in seconds.
    office, allow_internal
        A workbook of the office that every run reads; see `with_office`.

    Returns
    -------
    pandas.DataFrame
        What stands in `runs.csv`, one row per run in the order of the file: run, notebook, parameters (JSON),
        status (ok or failed), error, seconds, copy (relative to `out`), headline, and how it was made.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs import run_batch
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.yml"
    ...     _ = file.write_text("{reason: try, runs: [{notebook: 02_trajectory, parameters: {horizont: 2}}]}")
    ...     run_batch(file, Path(folder) / "out")
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: mine.yml has 1 problem
      line 1, 02_trajectory horizont: unknown; did you mean horizon?
    """
    runs = with_office(read_batch(path, root=root), office, out, root=root, allow_internal=allow_internal)
    results = run_jobs(
        runs, out, root=root, jobs=jobs, executor=executor, fresh=fresh,
        timeout=timeout, fail_fast=fail_fast, on_event=on_event,
    )  # fmt: skip
    rows = {result.row["run"]: result.row for result in results}
    return runs_table([*rows.values()])
