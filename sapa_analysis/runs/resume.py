"""What of a batch is done already, and why the rest is not: what differs from the newest earlier run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..core import package_digests
from .journal import Row
from .journal_line import SEAL, is_shaped, seal
from .key import Task, changed
from .sums import digest_of, sha256_of

#: done: its copy is the result. new: never run here. failed: the last try did. stale: it would differ.
State = Literal["done", "new", "failed", "stale"]
#: Files that a reason names; of more it gives the number of all.
_NAMED = 5
#: What a row has in every case; one without it is of another version.
_NEEDED = frozenset({"run", "notebook", "parameters", "resolved", "key", "ignored", "start", "seconds",
                     "status", "error", "copy", "files", "notebook_sha256", "package", "inputs"})  # fmt: skip
#: What changed where no file can be named.
_UNNAMED = {"package": "the package, a library or Python", "inputs": "a file of data, params or register"}


class Past:
    """The earlier runs of a folder, from the entries of its journal."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self.files: dict[str, dict[str, str]] = {}
        self.rows: dict[str, Row] = {}
        self.newest: dict[str, Row] = {}
        self.plan: list[str] | None = None
        for entry in entries:
            self.add(entry)

    def add(self, entry: Mapping[str, Any]) -> None:
        """Add an entry, which is newer than all before."""
        if {"files", "inputs"} <= entry.keys() and "run" not in entry:
            self.files[entry["inputs"]] = dict(entry["files"])
        elif "plan" in entry:
            self.plan = list(entry["plan"])
        elif entry.keys() >= _NEEDED:
            row = {name: value for name, value in entry.items() if name != SEAL}
            self.rows[row["run"]] = self.newest[_subject(row["notebook"], row["parameters"])] = row


def _subject(notebook: str, given: Mapping[str, Any]) -> str:
    return digest_of([notebook, {name: str(value) for name, value in given.items()}])


@dataclass(frozen=True)
class Found:
    """How a task stands.

    Attributes
    ----------
    state : {"done", "new", "failed", "stale"}
        See `State`.
    row : dict or None
        The row of a result that stands.
    why : list of str
        Why it does not.
    """

    state: State
    row: Row | None
    why: list[str]


def look_up(task: Task, past: Past) -> Found:
    """Return how a task stands: its result is the whole copy with its key, and the files that the run wrote.

    A copy that the journal does not know counts by what stands in its metadata.
    """
    row = past.rows.get(task.name)
    if row is None or row.get("key") != task.key:
        row = _row_in(task)
        if row is None:
            return _stale(task, past)
    elif row["status"] != "ok":
        return Found("failed", None, [str(row["error"])])
    elif sha256_of(task.copy) != row.get("copy_sha256"):
        word = "was changed" if task.copy.exists() else "is missing"
        return Found("stale", None, [f'"{task.copy.name}" {word}'])
    wrong = [name for name, digest in row["files"].items() if sha256_of(task.out / name) != digest]
    if wrong:
        return Found("stale", None, [f"{_few(wrong)}: missing or changed"])
    return Found("done", row, [])


def _row_in(task: Task) -> Row | None:
    """Return the row that a copy holds, if it is the whole copy of this task."""
    try:
        content = json.loads(task.copy.read_text(encoding="utf-8"))
        row = {**content["metadata"]["sapa"]}
        whole = row.pop("content") == digest_of([content["cells"], row])
        seal(row)  # it can be a line of the journal
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    own = {"run": task.name, "notebook": task.notebook, "resolved": task.resolved, "key": task.key,
           "status": "ok", "copy": task.copy.name, **task.digests}  # fmt: skip
    if not (whole and row.keys() >= _NEEDED and is_shaped(row) and own.items() <= row.items()):
        return None
    return {**row, "copy_sha256": sha256_of(task.copy)}


def _stale(task: Task, past: Past) -> Found:
    before = past.newest.get(_subject(task.notebook, task.given))
    if before is None:
        return Found("new", None, ["it was never run into this folder"])
    return Found("stale", None, differences(task, before, past.files))


def differences(task: Task, before: Row, files: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return what of a task differs from an earlier row: parameters, notebook, package, files."""
    old, new = before["resolved"], task.resolved
    told = [f"{name} was {_brief(old.get(name))}, is {_brief(new.get(name))}" for name in changed(old, new)]
    digests = task.digests
    if before["notebook_sha256"] != digests["notebook_sha256"]:
        told.append(f"{task.source.name} changed")
    for name, now in (("package", package_digests()), ("inputs", task.files)):
        if before[name] == digests[name]:
            continue
        then = files.get(before[name])
        which = [] if then is None else changed(then, now)
        told.append(f"{_few(which) or _UNNAMED[name]} changed")
    moved = sorted({*before["ignored"]} ^ {*task.ignored})
    return [*told, f"{_few(moved)}: new or gone"] if moved else told


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _few(names: list[str]) -> str:
    more = f", ... ({len(names)})" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
