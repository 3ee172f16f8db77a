"""Runs of notebooks, one or many: what they are given, their copies, and why one failed."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..core import OutputError, ParamsError, Problem, SapaError, nearest, project_root, write_whole
from ..pipeline import check_values, names_of
from .pool import call_all
from .record import read_records

#: A notebook's name and its parameter values.
Job = tuple[str, Mapping[str, Any]]
#: Callback after every finished run: number done, total, name of the run.
Report = Callable[[int, int, str], None]


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
    records : dict
        The named results that it stored; see `record`.
    seconds : float
        Run time in seconds.
    """

    notebook: str
    parameters: dict[str, Any]
    path: Path
    records: dict[str, Any]
    seconds: float


@dataclass(frozen=True, slots=True)
class Failure:
    """One notebook that failed, and why."""

    notebook: str
    parameters: dict[str, Any]
    error: str


def run_notebook(
    name: str, parameters: Mapping[str, Any], out: Path | str, *, root: Path | str | None = None
) -> Run:
    """Execute a notebook of the project with given parameters and keep the executed copy.

    The copy is named after the notebook and its parameters, so that no run overwrites another. It is written
    completely or not at all.

    Parameters
    ----------
    name : str
        For example `02_trajectory`, with or without `.ipynb`.
    parameters : mapping
        Values for the notebook's parameters cell.
    out : path
        Folder for the executed copy.
    root : path, optional
        The project; by default that of the current folder.

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
    folder = project_root(root)
    source, values = check_job((name, parameters), folder)
    target, partial, failed = _copies(_prepare(Path(out)), source.stem, values)
    began = time.perf_counter()
    try:
        _execute(source, partial, values, folder, failed)
        _settle(partial, target)
        failed.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return Run(source.stem, values, target, read_records(target), time.perf_counter() - began)


def _copies(out: Path, stem: str, values: Mapping[str, Any]) -> tuple[Path, Path, Path]:
    """Return the paths of the executed copy, of the copy in preparation, and of a failed copy."""
    target = out / f"{stem}-{_fingerprint(values)}.ipynb"
    return target, target.with_name(f".{target.name}"), target.with_stem(f"{target.stem}-failed")


def _execute(source: Path, partial: Path, values: dict[str, Any], folder: Path, failed: Path) -> None:
    # jsonschema works without it; importing it builds a grammar of addresses, two seconds in every process
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from .kernel import execute  # heavy: loaded when first needed

    try:
        execute(source, partial, values, folder)
    except OutputError:
        raise
    except SapaError as error:
        if not partial.exists():
            raise
        _settle(partial, failed)
        raise SapaError(f"{error} (see {failed})") from error


def _settle(partial: Path, final: Path) -> None:
    """Move a copy to its final path and correct the path that papermill stored in it."""
    content = json.loads(partial.read_text(encoding="utf-8"))
    content["metadata"]["papermill"]["output_path"] = str(final)
    write_whole({final: json.dumps(content, ensure_ascii=False, indent=1) + "\n"})
    partial.unlink()


def check_job(job: Job, root: Path) -> tuple[Path, dict[str, Any]]:
    """Return a job's notebook and its values as plain text and numbers.

    Raises
    ------
    SapaError
        When the notebook does not exist, or is none.
    ParamsError
        With every value that the notebook does not accept.
    """
    name, parameters = job
    known = {notebook.stem: notebook for notebook in (root / "notebooks").glob("*.ipynb")}
    path = known.get(name.removesuffix(".ipynb"))
    if path is None:
        raise SapaError(f'notebook "{name}" is unknown; {nearest(name, known)}')
    values = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in parameters.items()
    }
    check_values(values, names_of(path), root=root)
    return path, values


def _prepare(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error
    if not os.access(out, os.W_OK):
        raise OutputError(f"{out} cannot be written: permission denied")
    return out.resolve()


def _fingerprint(parameters: Mapping[str, Any]) -> str:
    words = "-".join(str(value) for key, value in parameters.items() if key in ("indicator", "as_of"))
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True, default=str).encode()).hexdigest()[:8]
    return f"{words}-{digest}" if words else digest


def run_jobs(
    jobs: Sequence[Job],
    out: Path | str,
    *,
    root: Path | str | None = None,
    workers: int | None = None,
    report: Report = lambda done, total, name: None,
) -> list[Run | Failure]:
    """Execute many notebooks side by side; a failed or killed one does not affect the others.

    Parameters
    ----------
    jobs : sequence of tuple
        Notebook and parameters of each run.
    out : path
        Folder for the executed copies.
    root : path, optional
        The project; by default that of the current folder.
    workers : int, optional
        Number of runs at once; by default one per core.
    report : callable
        Called after every run; see `Report`.

    Returns
    -------
    list of Run or Failure
        One per job, in order.

    Raises
    ------
    ParamsError
        With every job that has an unknown notebook or value; then nothing is started or written.
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
    folder = project_root(root)
    problems = [problem for number, job in enumerate(jobs, 1) for problem in _problems(number, job, folder)]
    if problems:
        raise ParamsError(problems)
    place = _prepare(Path(out))
    found: dict[int, Run | Failure] = {}
    calls = [(*job, place, folder) for job in jobs]
    for number, result in call_all(_run, calls, jobs=workers or os.cpu_count() or 1):
        if isinstance(result, Exception):
            found[number] = _failure(jobs[number], result)
        else:
            found[number] = result
        report(len(found), len(jobs), label_of(jobs[number]))
    return [found[number] for number in range(len(jobs))]


def _run(name: str, parameters: Mapping[str, Any], out: Path, root: Path) -> Run:
    return run_notebook(name, parameters, out, root=root)


def label_of(job: Job) -> str:
    """Return the name of a job for a line of progress."""
    chosen = (str(job[1][key]) for key in ("indicator", "as_of", "lang") if job[1].get(key))
    return " ".join([job[0], *chosen])


def _problems(number: int, job: Job, root: Path) -> list[Problem]:
    return [Problem(f"run {number}, {job[0]},", 0, column, message) for column, message in told(job, root)]


def told(job: Job, root: Path) -> list[tuple[str, str]]:
    """Return what is wrong with a job: the parameter, or an empty text, and the message."""
    try:
        check_job(job, root)
    except SapaError as error:
        return [_place_and_message(problem) for problem in error.problems] or [("", str(error))]
    return []


def _place_and_message(problem: Problem) -> tuple[str, str]:
    if problem.file == "parameters":
        return problem.column, problem.message
    return "", f"{problem.file}, {problem}"


def _failure(job: Job, error: Exception) -> Failure:
    said = str(error) if isinstance(error, SapaError) else f"{type(error).__name__}: {error}"
    return Failure(job[0].removesuffix(".ipynb"), dict(job[1]), said)
