"""Many runs: what is done already stands, the rest is made side by side, and each is kept as it ends."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core import SapaError, project_root
from .journal import Row
from .key import Inputs, Job, Task
from .notebook import now
from .plan import prepare, prepared, tasks_of
from .record import read_records
from .work import OnEvent, Work, silent


@dataclass(frozen=True, slots=True)
class Run:
    """One executed notebook.

    Attributes
    ----------
    notebook : str
        File name without extension, as in `notebooks/`.
    parameters : dict
        The parameters of the run.
    path : pathlib.Path
        The executed copy.
    seconds : float
        Run time in seconds.
    row : dict
        All that the journal says of it.
    """

    notebook: str
    parameters: dict[str, Any]
    path: Path
    seconds: float
    row: Row

    @property
    def records(self) -> dict[str, Any]:
        """The named results that the copy holds; see `record`."""
        return read_records(self.path)


@dataclass(frozen=True, slots=True)
class Failure:
    """One notebook that failed, why, and its row in the journal."""

    notebook: str
    parameters: dict[str, Any]
    error: str
    row: Row


def run_jobs(
    runs: Sequence[Job],
    out: Path | str,
    *,
    root: Path | str | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    fresh: bool = False,
    timeout: float | None = None,
    fail_fast: bool = False,
    on_event: OnEvent = silent,
) -> list[Run | Failure]:
    """Execute many notebooks; those whose results stand in the folder already are not executed again.

    A failed or killed run does not affect the others. Each is a line of `runs.jsonl` as soon as it ends;
    `runs.csv`, `results.csv` and `index.html` are made from it, also when the batch is stopped.

    Parameters
    ----------
    runs : sequence of tuple
        Notebook and parameters of each run.
    out : path
        Folder for the executed copies.
    root : path, optional
        The project; by default that of the current folder.
    jobs : int, optional
        Number of runs at once; by default one per core.
    executor : concurrent.futures.Executor, optional
        What makes the runs in place of threads of this process: a pool of processes, or workers on other
        machines that share the folders. A folder is named in full then.
    fresh : bool
        Whether all are executed anew.
    timeout : float, optional
        Seconds that each run may take.
    fail_fast : bool
        Whether the first failure stops the others.
    on_event : callable
        Called with each event, a mapping with `event`: planned (runs, done), notice (message), started,
        reused and ended (run, its place in `runs`, notebook, parameters, and of those that ended status,
        error, seconds, number of those that ended, runs), stopped (done, runs). With an executor nobody
        tells what has started.

    Returns
    -------
    list of Run or Failure
        One per run, in order; those that a failure stopped are left out.

    Raises
    ------
    ParamsError
        With every run that has an unknown notebook or value, or whose files another overwrites; then nothing
        is started or written.
    OutputError
        When `out` cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs import run_jobs
    >>> jobs = [("02_trajectory", {"indicator": "grdp_growth"}), ("02_trajectori", {"horizon": 0})]
    >>> with TemporaryDirectory() as folder:
    ...     run_jobs(jobs, folder)
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: run 2, 02_trajectori, has 1 problem
      notebook "02_trajectori" is unknown; did you mean 02_trajectory?
    """
    tasks = tasks_of(runs, Path(out), project_root(root))
    work = Work({task.name: task for task in tasks}, prepare(Path(out)), on_event)
    _tell_notices(work, project_root(root))
    work.begin(tabled=True, fresh=fresh)
    work.go(jobs or os.cpu_count() or 1, executor, (fresh, timeout, now()), fail_fast=fail_fast)
    found = ((task, work.rows.get(task.name)) for task in tasks)
    return [_result(task, row) for task, row in found if row is not None and task.name in work.ended]


def run_notebook(
    name: str,
    parameters: Mapping[str, Any],
    out: Path | str,
    *,
    root: Path | str | None = None,
    fresh: bool = False,
    timeout: float | None = None,
    on_event: OnEvent = silent,
) -> Run:
    """Execute a notebook of the project with given parameters and keep the executed copy.

    The copy is named after the notebook, its parameters and the key of the run, so that no run overwrites
    another. It is written completely or not at all. One that stands there already with its key is the result.

    Parameters
    ----------
    name : str
        For example `02_trajectory`, with or without `.ipynb`.
    parameters : mapping
        Values for the notebook's parameters cell.
    out : path
        Folder for the executed copy.
    root, fresh, timeout, on_event
        As for `run_jobs`; the timeout is in seconds.

    Returns
    -------
    Run

    Raises
    ------
    ParamsError
        When the notebook does not accept these values; then nothing is started.
    SapaError
        When the notebook does not exist, or a cell fails; the partial copy is kept as `...-failed.ipynb`.
    OutputError
        When `out` cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs import run_notebook
    >>> with TemporaryDirectory() as folder:
    ...     run_notebook("02_trajectory", {"indicator": "grdp_grow", "horizon": 31}, folder)
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 2 problems
      horizon: found 31; wanted a whole number, 0 to 30 years
      indicator: "grdp_grow" is unknown; did you mean grdp_growth?
    """
    task = Inputs(project_root(root)).task((name, parameters), prepared(out))
    work = Work({task.name: task}, prepare(Path(out)), on_event)
    _tell_notices(work, project_root(root))
    work.begin(tabled=False, fresh=fresh)
    work.go(1, None, (fresh, timeout, now()), fail_fast=False)
    result = _result(task, work.rows[task.name])
    if isinstance(result, Failure):
        partial = task.out / result.row["partial"] if result.row["partial"] else None
        raise SapaError(f"{result.error} (see {partial})" if partial else result.error)
    return result


def _tell_notices(work: Work, root: Path) -> None:
    """Tell what of the office's workbooks has no effect on the runs."""
    for message in Inputs(root).notices(work.tasks.values()):
        work.tell("notice", message=message)


def _result(task: Task, row: Row) -> Run | Failure:
    if row["status"] != "ok":
        return Failure(task.notebook, task.given, row["error"], row)
    return Run(task.notebook, task.given, task.copy, row["seconds"], row)
