"""Batch files: notebooks, parameters, and grids of which every combination is run but for those left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..core import (
    Lines,
    ParamsError,
    Problem,
    label,
    nearest,
    project_root,
    read_yaml,
    tell,
    tell_invalid,
)
from .key import Inputs, Job
from .plan import overwriting, prepared, told

#: Runs of a batch: ten thousand of half a minute each take two cores two days; more is a slip in a grid.
_MOST_RUNS = 10_000
#: Where a run stands in its entry: the path of what adds it, empty for the grid.
Origin = tuple[str | int, ...]
_Values = Annotated[dict[str, Any], Field(min_length=1)]


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Entry(BaseModel):
    """One entry of a batch: notebooks, fixed parameters, and a grid of which every combination is run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notebook: Annotated[list[str], Field(min_length=1), BeforeValidator(_several)] = Field(
        description="one notebook or several"
    )
    parameters: dict[str, Any] = Field(default_factory=dict, description="values that all runs share")
    grid: dict[str, Annotated[list[Any], Field(min_length=1)]] = Field(
        default_factory=dict, description="values of which each is run"
    )
    exclude: list[_Values] = Field(
        default_factory=list, description="combinations left out: all in which these values stand"
    )
    include: list[_Values] = Field(
        default_factory=list, description="runs added: these values with the parameters"
    )

    @property
    def count(self) -> int:
        """The number of runs before any is left out, equal ones counted each."""
        return len(self.notebook) * (prod(map(len, self.grid.values())) + len(self.include))

    def combinations(self) -> Iterator[dict[str, Any]]:
        """Yield every notebook with every combination of the grid."""
        for notebook, values in product(self.notebook, product(*self.grid.values())):
            yield {"notebook": notebook, **self.parameters, **dict(zip(self.grid, values, strict=True))}

    def jobs(self) -> Iterator[tuple[Job, Origin]]:
        """Yield the runs: the combinations that are not left out, then those that are added."""
        for each in self.combinations():
            if not any(_matches(each, rule) for rule in self.exclude):
                yield _job(each), ()
        for place, added in enumerate(self.include):
            for notebook in self.notebook if "notebook" not in added else _several(added["notebook"]):
                yield _job({**self.parameters, **added, "notebook": notebook}), ("include", place)


def _job(values: Mapping[str, Any]) -> Job:
    return str(values["notebook"]), {name: value for name, value in values.items() if name != "notebook"}


def _matches(values: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    return all(name in values and str(values[name]) == str(value) for name, value in rule.items())


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
        With every problem of the file: unknown keys, notebooks and values, what is left out but never stood
        there, runs that overwrite each other's files.

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
    reader = _Reader(label(Path(path)), lines, problems)
    reader.check_grids(batch)
    jobs = [] if problems else reader.jobs(batch, project_root(root))
    if problems:
        raise ParamsError(problems)
    return jobs


class _Reader:
    """A batch file as it is read: the lines of its keys, and what is wrong."""

    def __init__(self, file: str, lines: Lines, problems: list[Problem]) -> None:
        self.file, self.lines, self.problems = file, lines, problems
        self._told: set[tuple[int, str, str]] = set()

    def tell(self, place: tuple[str | int, ...], column: str, message: str) -> None:
        """Add a problem at the line of the nearest key that stands in the file."""
        line = next((self.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.lines), 0)
        tell(self.problems, Problem(self.file, line, column, message))

    def check_grids(self, batch: Batch) -> None:
        """Tell what is given twice or left out in vain, and too many runs, before they are expanded."""
        count = sum(entry.count for entry in batch.runs)
        if count > _MOST_RUNS:
            self.tell(("runs",), "runs", f"{count:,} runs; wanted at most {_MOST_RUNS:,}")
        for place, entry in enumerate(batch.runs):
            for name in entry.grid.keys() & entry.parameters.keys():
                message = "stands under parameters too; leave it in one of them"
                self.tell(("runs", place, "grid", name), name, message)
            if count <= _MOST_RUNS:
                self._check_excludes(("runs", place), entry)

    def _check_excludes(self, at: tuple[str | int, ...], entry: Entry) -> None:
        combinations = [*entry.combinations()]
        known = ["notebook", *entry.parameters, *entry.grid]
        for number, rule in enumerate(entry.exclude):
            unknown = [name for name in rule if name not in known]
            for name in unknown:
                message = f"unknown; {nearest(name, known)}"
                self.tell((*at, "exclude", number, name), name, message)
            if not unknown and not any(_matches(each, rule) for each in combinations):
                message = "no combination of the grid has these values"
                self.tell((*at, "exclude", number), f"exclude {number + 1}", message)
        if entry.exclude and not any(True for _ in entry.jobs()):
            self.tell((*at, "exclude"), "exclude", "it leaves out every run of this entry")

    def jobs(self, batch: Batch, root: Path) -> list[Job]:
        """Return the runs in order, equal ones once, and tell what is wrong with them."""
        inputs, jobs = Inputs(root), dict[str, Job]()
        places: dict[str, tuple[str | int, ...]] = {}
        for place, entry in enumerate(batch.runs):
            for job, origin in entry.jobs():
                for column, message in told(job, inputs):
                    self._tell_once(("runs", place), origin, job[0], column, message)
                same = json.dumps(job, sort_keys=True, default=str)
                jobs.setdefault(same, job)
                places.setdefault(same, ("runs", place, *origin))
        if not self.problems:
            self._check_files([*jobs.values()], [*places.values()], inputs)
        return [*jobs.values()]

    def _tell_once(
        self, at: tuple[str | int, ...], origin: Origin, notebook: str, column: str, message: str
    ) -> None:
        """Tell what is wrong with a run at the line of its key, once for all notebooks and combinations."""
        key = column or "notebook"
        name = key.partition(".")[0]  # of a part of a mapping the parameter stands in the file
        candidates = ((*at, *origin, name), (*at, "grid", name), (*at, "parameters", name), (*at, name))
        where = next((each for each in candidates if each in self.lines), (*at, *origin))
        line = self.lines.get(where, 0)
        if (line, column, message) not in self._told:
            self._told.add((line, column, message))
            self.tell(where, f"{notebook} {key}", message)

    def _check_files(self, jobs: list[Job], places: list[tuple[str | int, ...]], inputs: Inputs) -> None:
        """Tell runs that would write to the same folder."""
        numbers = [place for place, job in enumerate(jobs) if "out" in inputs.names(inputs.check(job)[0])]
        tasks = [inputs.task(jobs[place], prepared(".")) for place in numbers]
        for first, second, folder in overwriting(tasks, inputs):
            line = self.lines.get(places[numbers[first]], 0)
            message = f"it writes to {folder} as the run of line {line} does; give each its own out"
            self.tell(places[numbers[second]], f"{tasks[second].notebook} out", message)
