"""The key of a run: what its result follows from. Equal keys are one run, whose copy is named by the key."""

from __future__ import annotations

import glob
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ..core import (
    Params,
    SapaError,
    commit_of,
    file_digests,
    load_params,
    nearest,
    package_digests,
    source_digest,
)
from ..evidence import Office
from ..pipeline import (
    check_known,
    check_values,
    defaults_of,
    given_choices,
    known_later,
    office_at,
    own_files,
)
from .sums import digest_of, digests_at, sha256_of

#: A notebook's name and its parameter values.
Job = tuple[str, Mapping[str, Any]]
#: Digits of the key in the name of a copy: two of a million runs meet once in 560 such folders.
_SHOWN = 12
#: Parameters that a name shows, in this order; and its most characters, far below what file systems take.
_IN_NAMES, _LONGEST = ("area", "indicator", "as_of", "lang"), 150
#: Folders whose files have a digest of their own in a row.
_FOLDERS = ("data", "params", "register")


@dataclass(frozen=True, slots=True)
class Task:
    """One run to be made: what it is given, what it reads, and where its copy will lie.

    Attributes
    ----------
    source : pathlib.Path
        The notebook.
    given, resolved : dict
        The parameters given, and all with which it runs: those of the notebook, and of `baseline.yml`.
    key : str
        SHA-256 of the notebook, the resolved parameters, the package and the files that it reads.
    digests : dict
        Digests of the parts; `inputs` is that of all files.
    files : dict
        SHA-256 of each file that the notebook reads, by its path in the project.
    ignores : tuple of str
        Files and folders that the notebook says it does not read.
    ignored : list of str
        The files among them. That they are there is part of the key, what they hold is not.
    name : str
        Name of the copy without ending.
    root, out : pathlib.Path
        The project, and the folder of the copy.
    commit : str
        That of the project, where it has one, with `+changes` when files differ from it.
    """

    source: Path
    given: dict[str, Any]
    resolved: dict[str, Any]
    key: str
    digests: dict[str, str]
    files: dict[str, str]
    ignores: tuple[str, ...]
    ignored: list[str]
    name: str
    root: Path
    out: Path
    commit: str

    @property
    def notebook(self) -> str:
        """The notebook's file name without ending."""
        return self.source.stem

    @property
    def copy(self) -> Path:
        """The executed copy."""
        return self.out / f"{self.name}.ipynb"

    @property
    def failed(self) -> Path:
        """The copy of a run that failed."""
        return self.out / f"{self.name}-failed.ipynb"

    @property
    def lock(self) -> Path:
        """The lock of whoever makes this run."""
        return self.out / f".{self.name}.lock"


class Inputs:
    """What the runs of one project follow from, looked at once.

    Parameters
    ----------
    root : pathlib.Path
        The project.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.runs.key import Inputs
    >>> inputs = Inputs(project_root())
    >>> days = ("2023", "2023-12-31")
    >>> short, long = (inputs.task(("04_targets", {"as_of": day}), Path("out")) for day in days)
    >>> short.name.rpartition("-")[0], short.resolved["n_paths"], short.key == long.key
    ('04_targets-sa_pa-2023-12-31-vi', 5000, True)
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def baseline(self) -> Params:
        """The parameters of the project."""
        return load_params(self.root / "params/baseline.yml")

    @cached_property
    def files(self) -> dict[str, str]:
        """The digest of every file that notebooks read."""
        return file_digests(self.root)

    @cached_property
    def commit(self) -> str:
        """The commit of the project, or nothing."""
        return commit_of(self.root)

    @cached_property
    def notebooks(self) -> dict[str, Path]:
        """The notebooks by name."""
        return {notebook.stem: notebook for notebook in sorted((self.root / "notebooks").glob("*.ipynb"))}

    @cached_property
    def _read(self) -> dict[tuple[str, ...], tuple[dict[str, str], dict[str, str], list[str]]]:
        return {}

    @cached_property
    def _known(self) -> dict[Path, tuple[dict[str, Any], str, tuple[str, ...]]]:
        return {}

    def _beside(self, notebook: Path) -> list[str]:
        """Return the files of a notebook's own that lie beside it and bear its name."""
        found = sorted(notebook.parent.glob(f"{glob.escape(notebook.stem)}.*"))
        return [path.relative_to(self.root).as_posix() for path in found if path != notebook]

    def _about(self, notebook: Path) -> tuple[dict[str, Any], str, tuple[str, ...]]:
        """Return a notebook's parameters, its digest, and what it ignores."""
        if notebook not in self._known:
            values = defaults_of(notebook)
            digest = hashlib.sha256(notebook.read_bytes()).hexdigest()
            self._known[notebook] = values, digest, ignores_of(notebook)
        return self._known[notebook]

    def _reads(self, ignores: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str], list[str]]:
        """Return the files that are not ignored, the digests of all and of each folder, and the others."""
        if ignores not in self._read:
            files = read_files(self.files, ignores)
            folders = {folder: digest_of(read_files(files, (), folder)) for folder in _FOLDERS}
            ignored = sorted(self.files.keys() - files.keys())
            self._read[ignores] = files, {"inputs": digest_of(files), **folders}, ignored
        return self._read[ignores]

    def names(self, notebook: Path) -> list[str]:
        """Return the parameters that a notebook takes."""
        return [*self._about(notebook)[0]]

    def check(self, job: Job) -> tuple[Path, dict[str, Any]]:
        """Return a job's notebook and its values as plain text and numbers.

        Raises
        ------
        SapaError
            When the notebook does not exist, or is none.
        ParamsError
            With every value that the notebook does not accept.
        OfficeError
            With all that is wrong in the workbook that it names.
        """
        name, parameters = job
        path = self.notebooks.get(name.removesuffix(".ipynb"))
        if path is None:
            raise SapaError(f'notebook "{name}" is unknown; {nearest(name, self.notebooks)}')
        values = {key: _plain(value) for key, value in parameters.items()}
        check_values(values, self.names(path), root=self.root)
        self._office({**self._about(path)[0], **values})
        return path, values

    def place_and_day(self, job: Job) -> tuple[str, date]:
        """Return the area of a run, and the day whose knowledge it uses."""
        path, given = self.check(job)
        values = {**self._about(path)[0], **given}
        return str(values.get("area") or self.baseline.area), self._day(values)

    def _day(self, values: Mapping[str, Any]) -> date:
        return self.baseline.with_values(as_of=values.get("as_of") or self.baseline.as_of).as_of

    def _office(self, values: Mapping[str, Any]) -> Office | None:
        """Return the workbook of the office that a run reads, checked, if it reads one."""
        if not values.get("office"):
            return None
        area = values.get("area") or self.baseline.area
        read = office_at(values["office"], area=area, root=self.root)
        check_known(read, self._day(values))
        return read

    def notices(self, tasks: Iterable[Task]) -> list[str]:
        """Return what of the office's workbooks has no effect on some of the runs, in words, each once."""
        read = [(self._office(task.resolved), task.resolved["as_of"]) for task in tasks]
        told = [known_later(office, date.fromisoformat(day)) for office, day in read if office]
        return [*dict.fromkeys(filter(None, told))]

    def task(self, job: Job, out: Path) -> Task:
        """Return a job with its key; see `check` for what is refused."""
        source, given = self.check(job)
        own, notebook, ignores = self._about(source)
        files, read, ignored = self._reads(ignores)
        own = {**own, **given}
        chosen = {name: value for name, value in given_choices(own).items() if name in Params.model_fields}
        params = self.baseline.with_values(**chosen)
        resolved = {**own, **params.model_dump(mode="json")}
        named = own_files(params.scenarios) if "scenarios" in own else []
        named += [own[name] for name in ("office", "template") if own.get(name)]
        named += self._beside(source)
        if named:
            files = {**files, **digests_at(self.root, named)}
            read = {**read, "inputs": digest_of(files)}
        digests = {"notebook_sha256": notebook, "package": source_digest(), **read}
        key = digest_of({"resolved": resolved, "ignored": ignored, **digests})
        words = [source.stem, *(str(resolved[name]) for name in _IN_NAMES if name in own)]
        name = f"{'-'.join(words)[:_LONGEST]}-{key[:_SHOWN]}"
        return Task(
            source, given, resolved, key, digests, files, ignores, ignored, name, self.root, out, self.commit
        )


def _plain(value: Any) -> Any:
    """Return a value as JSON and papermill can write it."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def ignores_of(notebook: Path) -> tuple[str, ...]:
    """Return the files and folders that a notebook declares it does not read, in its metadata."""
    said = json.loads(notebook.read_text(encoding="utf-8"))["metadata"].get("sapa", {})
    return tuple(said.get("ignores", ())) if isinstance(said, dict) else ()


def read_files(files: Mapping[str, str], ignores: Iterable[str], below: str = "") -> dict[str, str]:
    """Return the files that are not ignored, or of these those below a folder."""
    return {
        name: digest
        for name, digest in sorted(files.items())
        if not any(_lies_in(name, place) for place in ignores) and (not below or _lies_in(name, below))
    }


def _lies_in(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}/")


def tables_of(task: Task) -> dict[str, dict[str, str]]:
    """Return the files behind the digests of a task."""
    return {task.digests["inputs"]: task.files, task.digests["package"]: package_digests()}


def changed_since(task: Task) -> str:
    """Return the first file that is no longer what it was when the key was made, or nothing."""
    now = {**read_files(file_digests(task.root), task.ignores), "package": source_digest()}
    now |= digests_at(task.root, task.files.keys() - now.keys())  # scenarios of the reader's own
    then = {**task.files, "package": task.digests["package"]}
    if sha256_of(task.source) != task.digests["notebook_sha256"]:
        return task.source.name
    return next(iter(changed(then, now)), "")


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the names whose values differ, or that only one has, in order."""
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
