"""Batches of notebook runs from a YAML file, and the runs of the briefing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..core import (
    Lines,
    ParamsError,
    Problem,
    SapaError,
    label,
    load_params,
    project_root,
    read_yaml,
    tell,
    tell_invalid,
    write_whole,
)
from ..reporting import briefing_folder
from .notebook import Failure, Job, Report, Run, run_jobs, told

_COLUMNS = ("run", "notebook", "parameters", "status", "error", "seconds", "copy", "headline")
#: Runs of a batch: ten thousand of half a minute each take two cores two days; more is a slip in a grid.
_MOST_RUNS = 10_000


class Entry(BaseModel):
    """One entry of a batch: notebooks, fixed parameters, and a grid of which every combination is run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notebook: str | Annotated[list[str], Field(min_length=1)] = Field(description="one notebook or several")
    parameters: dict[str, Any] = Field(default_factory=dict, description="values that all runs share")
    grid: dict[str, Annotated[list[Any], Field(min_length=1)]] = Field(
        default_factory=dict, description="values of which each is run"
    )

    @property
    def notebooks(self) -> list[str]:
        """The notebooks, also if there is one."""
        return [self.notebook] if isinstance(self.notebook, str) else self.notebook

    @property
    def count(self) -> int:
        """The number of runs, equal ones counted each."""
        return len(self.notebooks) * prod(map(len, self.grid.values()))

    def jobs(self) -> Iterator[Job]:
        """Yield every notebook with every combination of the grid."""
        for notebook, values in product(self.notebooks, product(*self.grid.values())):
            yield notebook, {**self.parameters, **dict(zip(self.grid, values, strict=True))}


class Batch(BaseModel):
    """A batch file: its purpose and its runs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str = Field(min_length=1, pattern=r"\S", description="what the batch is for")
    runs: list[Entry] = Field(min_length=1, description="what is run")


def read_batch(path: Path | str, *, root: Path | str | None = None) -> list[Job]:
    """Return the runs of a batch file in order, without duplicates.

    Parameters
    ----------
    path : path
        A YAML file, see `params/batches/core.yml`.
    root : path, optional
        The project; by default that of the current folder.

    Raises
    ------
    ParamsError
        With every problem of the file: unknown keys, notebooks and values.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.runs import read_batch
    >>> jobs = read_batch(project_root() / "params/batches/core.yml")
    >>> len(jobs), jobs[0]
    (30, ('02_trajectory', {'as_of': '2023-01-15', 'indicator': 'grdp_growth'}))
    """
    problems: list[Problem] = []
    content, lines = read_yaml(Path(path), problems)
    if problems:
        raise ParamsError(problems)
    try:
        batch = Batch.model_validate(content)
    except ValidationError as error:
        known = {*Batch.model_fields, *Entry.model_fields}
        tell_invalid(error, problems, file=label(Path(path)), lines=lines, known=known)
        raise ParamsError(problems) from None
    _check_grids(batch, label(Path(path)), lines, problems)
    jobs = [] if problems else _jobs(batch, project_root(root), label(Path(path)), lines, problems)
    if problems:
        raise ParamsError(problems)
    return jobs


def _check_grids(batch: Batch, file: str, lines: Lines, problems: list[Problem]) -> None:
    """Tell what is given twice, and a batch of more runs than anybody means, before grids are expanded."""
    for place, entry in enumerate(batch.runs):
        for name in entry.grid.keys() & entry.parameters.keys():
            at = ("runs", place, "grid", name)
            message = "stands under parameters too; leave it in one of them"
            tell(problems, Problem(file, lines.get(at, 0), name, message))
    count = sum(entry.count for entry in batch.runs)
    if count > _MOST_RUNS:
        message = f"{count:,} runs; wanted at most {_MOST_RUNS:,}"
        tell(problems, Problem(file, lines.get(("runs",), 0), "runs", message))


def _jobs(batch: Batch, root: Path, file: str, lines: Lines, problems: list[Problem]) -> list[Job]:
    jobs: dict[str, Job] = {}
    for place, entry in enumerate(batch.runs):
        line = lines.get(("runs", place), 0)
        for job in entry.jobs():
            for column, message in told(job, root):
                tell(problems, Problem(file, line, f"{job[0]} {column or 'notebook'}", message))
            jobs.setdefault(json.dumps(job, sort_keys=True, default=str), job)
    return list(jobs.values())


def run_batch(
    path: Path | str,
    out: Path | str,
    *,
    root: Path | str | None = None,
    workers: int | None = None,
    report: Report = lambda done, total, name: None,
) -> pd.DataFrame:
    """Execute the runs of a batch file; write one row per run, and the failures to a separate file.

    Parameters
    ----------
    path : path
        The batch file.
    out : path
        Folder of `runs.csv`, `failures.csv` (only if there are any) and the executed copies.
    root, workers, report
        As for `run_jobs`.

    Returns
    -------
    pandas.DataFrame
        One row per run in the order of the file: run, notebook, parameters (JSON), status (ok or failed),
        error, seconds, copy (relative to `out`), headline.

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
    place = Path(out)
    results = run_jobs(read_batch(path, root=root), place, root=root, workers=workers, report=report)
    table = pd.DataFrame(
        [_row(number, result) for number, result in enumerate(results, start=1)], columns=list(_COLUMNS)
    )
    failures, kept = table[table["status"] == "failed"], place / "failures.csv"
    files = {place / "runs.csv": table} | ({kept: failures} if len(failures) else {})
    write_whole({name: frame.to_csv(index=False, lineterminator="\n") for name, frame in files.items()})
    if not len(failures):
        kept.unlink(missing_ok=True)
    return table


def _row(number: int, result: Run | Failure) -> tuple[Any, ...]:
    parameters = json.dumps(result.parameters, ensure_ascii=False, default=str)
    if isinstance(result, Failure):
        return number, result.notebook, parameters, "failed", result.error, None, "", ""
    headline = " ".join(headline_of(result.records))
    return (
        number,
        result.notebook,
        parameters,
        "ok",
        "",
        round(result.seconds, 2),
        result.path.name,
        headline,
    )


def headline_of(records: Mapping[str, Any]) -> list[str]:
    """Return the sentences that a notebook recorded as its headline.

    Examples
    --------
    >>> from sapa_analysis.runs import headline_of
    >>> headline_of({"headline": ["Forest cover: likely."], "verdicts": 1}), headline_of({})
    (['Forest cover: likely.'], [])
    """
    return list(records.get("headline", []))


def run_briefing(
    *,
    root: Path | str | None = None,
    as_of: str | None = None,
    lang: str = "vi",
    out: str = "",
    workers: int | None = None,
    report: Report = lambda done, total, name: None,
) -> tuple[Path, list[str]]:
    """Run all notebooks of the briefing; `07_briefing` writes it.

    Parameters
    ----------
    root : path, optional
        The project; by default that of the current folder.
    as_of : str, optional
        The vintage; by default that of `params/baseline.yml`.
    lang : {"vi", "en"}
        Language of the notebooks and of the headline; the briefing itself is written in all languages.
    out : str
        Folder of the briefing; see `briefing_folder`. The executed notebooks are kept in its `notebooks`.
    workers, report
        As for `run_jobs`.

    Returns
    -------
    tuple of pathlib.Path and list of str
        The folder, and the headline sentences.

    Raises
    ------
    SapaError
        When a notebook fails: with the first failure and the number of others.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs import run_briefing
    >>> with TemporaryDirectory() as folder:
    ...     run_briefing(as_of="2023-06-31", out=folder)
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 1 problem
      as_of: "2023-06-31" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD; found '2023-06-31'
    """
    folder = project_root(root)
    params = load_params(folder / "params/baseline.yml")
    params = params.with_values(as_of=as_of) if as_of else params
    place = briefing_folder(folder, params, out)
    shared = {"area": params.area, "as_of": str(params.as_of), "horizon": params.horizon, "seed": params.seed}
    shared["lang"] = lang
    jobs: list[Job] = [("07_briefing", {**shared, "out": str(place)}), ("04_targets", shared)]
    for indicator in params.core:
        without_horizon = {name: value for name, value in shared.items() if name != "horizon"}
        jobs.append(("01_evidence", {"indicator": indicator, **without_horizon}))
        jobs += [(name, {"indicator": indicator, **shared}) for name in ("02_trajectory", "03_scenarios")]
    results = run_jobs(jobs, place / "notebooks", root=folder, workers=workers, report=report)
    failures = [result.error for result in results if isinstance(result, Failure)]
    if failures:
        more = [f"and {len(failures) - 1} more"] if len(failures) > 1 else []
        raise SapaError("\n".join([failures[0], *more]))
    assert isinstance(results[0], Run)
    return place, headline_of(results[0].records)
