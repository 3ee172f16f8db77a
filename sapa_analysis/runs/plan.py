"""What a batch would do: its tasks, what is wrong with them, and what of them is done."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from ..core import OutputError, ParamsError, Problem, SapaError, project_root
from ..reporting import briefing_folder
from .journal import entries_of
from .key import Inputs, Job, Task
from .resume import Past, look_up


def plan_jobs(runs: Sequence[Job], out: Path | str, *, root: Path | str | None = None) -> pd.DataFrame:
    """Return what `run_jobs` would do, and why; nothing is run or written.

    Parameters
    ----------
    runs, out, root
        As for `run_jobs`.

    Returns
    -------
    pandas.DataFrame
        One row per run: run (its name), notebook, parameters, state (done, new, failed or stale), why.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs import plan_jobs
    >>> with TemporaryDirectory() as folder:
    ...     plan_jobs([("04_targets", {"seed": 7})], folder)[["notebook", "state", "why"]]
         notebook state                              why
    0  04_targets   new  it was never run into this folder
    """
    tasks = {task.name: task for task in tasks_of(runs, Path(out), project_root(root))}
    past = Past(entries_of(prepared(out)).entries)
    found = [(task, look_up(task, past)) for task in tasks.values()]
    rows = [(task.name, task.notebook, task.given, each.state, "; ".join(each.why)) for task, each in found]
    return pd.DataFrame(rows, columns=["run", "notebook", "parameters", "state", "why"])


def prepared(out: Path | str) -> Path:
    """Return the full path of a folder for copies, whether it is there or not."""
    return Path(out).resolve()


def prepare(out: Path) -> Path:
    """Make a folder for copies, and return its full path."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error
    if not os.access(out, os.W_OK):
        raise OutputError(f"{out} cannot be written: permission denied")
    return out.resolve()


def tasks_of(runs: Sequence[Job], out: Path, root: Path) -> list[Task]:
    """Return the tasks of a batch, or tell every problem of its runs."""
    inputs = Inputs(root)
    problems = [
        Problem(f"run {number}, {job[0]},", 0, column, message)
        for number, job in enumerate(runs, 1)
        for column, message in told(job, inputs)
    ]
    if problems:
        raise ParamsError(problems)
    tasks = [inputs.task(job, prepared(out)) for job in runs]
    for first, second, folder in overwriting(tasks, inputs):
        message = f"it writes to {folder} as run {first + 1} does; give each its own out"
        problems.append(Problem(f"run {second + 1}, {tasks[second].notebook},", 0, "out", message))
    if problems:
        raise ParamsError(problems)
    return tasks


def told(job: Job, inputs: Inputs) -> list[tuple[str, str]]:
    """Return what is wrong with a job: the parameter, or an empty text, and the message."""
    try:
        inputs.check(job)
    except SapaError as error:
        return [_place_and_message(problem) for problem in error.problems] or [("", str(error))]
    return []


def _place_and_message(problem: Problem) -> tuple[str, str]:
    if problem.file == "parameters":
        return problem.column, problem.message
    return "", f"{problem.file}, {problem}"


def overwriting(tasks: Sequence[Task], inputs: Inputs) -> Iterator[tuple[int, int, Path]]:
    """Yield two different runs that write their files to the same folder, and the folder."""
    found: dict[tuple[Path, Path], tuple[int, str]] = {}
    for number, task in enumerate(tasks):
        if "out" not in task.resolved:
            continue
        values = {name: task.resolved[name] for name in ("area", "as_of", "horizon", "seed")}
        own = {name: value for name, value in values.items() if name in inputs.names(task.source)}
        places = task.resolved["out"], task.resolved.get("office") or ""
        folder = briefing_folder(inputs.root, inputs.baseline.with_values(**own), *places)
        first, key = found.setdefault((task.source, folder.resolve()), (number, task.key))
        if key != task.key:
            yield first, number, folder
