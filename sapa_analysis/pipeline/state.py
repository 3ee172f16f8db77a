"""States of a project: its tables and parameters on a day, in a git commit, or in a folder."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..core import Params, SapaError, last_day, load_params, open_store, project_root
from .project import Project, check_names, load_project

_PARAMS = "params/baseline.yml"
_DAY = re.compile(r"\d{4}(-\d{1,2}){0,2}")


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What one side of a comparison knows.

    Attributes
    ----------
    name : str
        The day, commit or folder, as it was asked for.
    project : Project
        The tables known on the day of `params`.
    params : Params
        Area, day and the rest.
    """

    name: str
    project: Project
    params: Params


def open_states(
    old: str, new: str, *, area: str | None = None, as_of: str | None = None, root: Path | str | None = None
) -> tuple[State, State]:
    """Return two states of the project: two days of its data, or two of commits and folders.

    A date is a day, an existing folder a folder, anything else a git commit. Commits and folders are read by
    today's code, both on one day.

    Parameters
    ----------
    old, new : str
        YYYY, YYYY-MM or YYYY-MM-DD; a folder that holds `data` (and `params`, else those of the project
        count); or a commit, as git names it.
    area : str, optional
        An area of both; that of the project's parameters by default.
    as_of : str, optional
        The day of commits and folders; that of the project's parameters by default. Days take none.
    root : path, optional
        Where the project lies; the current folder by default.

    Returns
    -------
    tuple of State
        The old one and the new one.

    Raises
    ------
    SapaError
        When a word is none of the three, a day stands beside a commit or folder, or one cannot be read.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_states
    >>> old, new = open_states("2023-01-15", "2023-06-30")
    >>> str(old.params.as_of), len(new.project.evidence) - len(old.project.evidence)
    ('2023-01-15', 31)
    """
    home = project_root(root)
    readers = [_reader(word, home) for word in (old, new)]
    days = [reader is None for reader in readers]
    if any(days) and not all(days):
        raise SapaError(f'"{old}" and "{new}" are not alike: a day is compared with a day only')
    if all(days) and as_of is not None:
        raise SapaError("two days are compared on these days; as_of is for commits and folders")
    own = load_params(home / _PARAMS)
    shared = {"area": area or own.area}
    if all(days):
        tables = load_project(home)
        return _state(old, tables, own, shared | {"as_of": old}), _state(
            new, tables, own, shared | {"as_of": new}
        )
    shared["as_of"] = as_of or str(own.as_of)
    first, second = (
        _state(word, *_read(word, reader), shared) for word, reader in zip((old, new), readers, strict=True)
    )
    return first, second


def _state(name: str, tables: Project, params: Params, values: dict[str, str]) -> State:
    chosen = params.with_values(**values)
    check_names(tables, chosen, chosen.core)
    return State(name, tables.as_of(chosen.as_of), chosen)


def _reader(word: str, home: Path) -> Callable[[], tuple[Project, Params]] | None:
    """Return what reads a folder or a commit; None for a day."""
    if _DAY.fullmatch(word):
        last_day(word)  # an error where the calendar has no such day
        return None
    if Path(word).is_dir():
        return lambda: _from_folder(Path(word).resolve(), home)
    named = _git(home, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{word}^{{commit}}")
    if named is None:
        raise SapaError(
            f'"{word}" is no day (YYYY, YYYY-MM or YYYY-MM-DD), no folder, and no commit of {home.as_posix()}'
        )
    commit = named.decode().strip()
    return lambda: _from_commit(commit, home)


def _read(word: str, reader: Callable[[], tuple[Project, Params]] | None) -> tuple[Project, Params]:
    assert reader is not None
    try:
        return reader()
    except SapaError as error:
        head = f'today\'s code cannot read "{word}":'
        raise SapaError(f"{head}\n{error}") from error


def _from_folder(folder: Path, home: Path) -> tuple[Project, Params]:
    if not (folder / "data/evidence").is_dir():
        raise SapaError(f"{folder.as_posix()} holds no data/evidence")
    if (folder / _PARAMS).is_file():
        return load_project(folder), load_params(folder / _PARAMS)
    with TemporaryDirectory() as place:
        shutil.copytree(folder / "data", Path(place, "data"))
        shutil.copytree(home / "params", Path(place, "params"))
        return _from_copy(Path(place), home)


def _from_commit(commit: str, home: Path) -> tuple[Project, Params]:
    packed = _git(home, "archive", "--format=tar", commit, "data", "params")
    if packed is None:
        raise SapaError(f"the commit {commit[:12]} holds no data and params")
    with TemporaryDirectory() as place:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(place, filter="data")
        if not Path(place, "data/evidence").is_dir() or not Path(place, _PARAMS).is_file():
            raise SapaError(f"the commit {commit[:12]} holds no data/evidence or no {_PARAMS}")
        return _from_copy(Path(place), home)


def _from_copy(place: Path, home: Path) -> tuple[Project, Params]:
    """Return what a copy holds; it is gone after that, so the project stands for its folder."""
    return replace(load_project(place), root=home, store=open_store(home)), load_params(place / _PARAMS)


def _git(home: Path, *words: str) -> bytes | None:
    """Return what git says; None where it refuses, or is not installed."""
    try:
        done = subprocess.run(["git", "-C", str(home), *words], capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
