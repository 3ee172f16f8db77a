"""One run: its notebook executed once, whole or not at all, with a row that says what it was made of."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from .. import __version__
from ..core import HeldError, OutputError, SapaError, held, write_whole
from .journal import Row, append, entries_of
from .key import Task, changed_since, sha256_of, tables_of
from .pool import stopped_by
from .record import read_records
from .resume import Past, look_up

#: How a call ended: the run was made, its result stood already, or another process makes it at this moment.
Ending = Literal["ended", "reused", "busy"]


def perform(
    task: Task,
    fresh: bool,
    timeout: float | None,
    since: str,
    started: Callable[[Task], None] | None = None,
) -> tuple[Ending, Row]:
    """Make a run unless its result stands, and append its row to the journal of its folder.

    The unit of work of a batch: any executor can take it, also on another machine that shares the folders.

    Parameters
    ----------
    task : Task
        The run.
    fresh : bool
        Whether it is made although its result stands.
    timeout : float or None
        Seconds that one of its cells may take.
    since : str
        When the batch began: a run that failed later, in another process, is not tried again.
    started : callable, optional
        Called when the run begins.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    concurrent.futures.CancelledError
        When the batch is stopped.
    """
    with ExitStack() as lock:
        try:
            lock.enter_context(held(task.lock, wait=0, leave=False))
        except HeldError:
            return "busy", {}
        if not fresh and (row := _known(task, since)):
            return "reused", row
        if started:
            started(task)
        row = _made(task, timeout)
        append(task.out, row, tables_of(task))
        return "ended", row


def _known(task: Task, since: str) -> Row | None:
    past = Past(entries_of(task.out).entries)
    row = look_up(task, past).row
    if row is not None:
        if task.name not in past.rows:
            append(task.out, row, tables_of(task))
        return row
    failed = past.rows.get(task.name)
    return failed if failed and failed["status"] == "failed" and _end_of(failed) >= since else None


def _end_of(row: Row) -> str:
    return (datetime.fromisoformat(row["start"]) + timedelta(seconds=row["seconds"])).isoformat()


def now() -> str:
    """Return this moment as rows have it."""
    return datetime.now(UTC).isoformat()


def row_of_task(task: Task) -> Row:
    """Return what is known of a run before it begins."""
    return {
        "run": task.name,
        "notebook": task.notebook,
        "parameters": task.given,
        "resolved": task.resolved,
        "key": task.key,
        "start": now(),
        "version": __version__,
        "commit": commit_of(task.root),
        "python": platform.python_version(),
        "platform": platform.platform(),
        **task.digests,
    }


def _made(task: Task, timeout: float | None) -> Row:
    """Execute a notebook; return its row, also if it failed."""
    partial, stopped = _new_partial(task), threading.Event()
    row, begun = row_of_task(task), time.perf_counter()
    try:
        try:
            with stopped_by(stopped.set):
                used = _execute(task, partial, row, timeout)
            if name := changed_since(task):
                raise SapaError(f"{name} changed while the notebook ran; run it again")
            records = _records(partial)
            row |= {**used, "status": "ok", "error": "", **_told(task, records)}
        except OutputError:
            raise
        except SapaError as error:
            if stopped.is_set():
                raise CancelledError from error
            return _failed(task, row | _used(error, time.perf_counter() - begun), partial, str(error))
        row |= {"copy": task.copy.name, "partial": ""}
        digest = settle(partial, task.copy, row)
        task.failed.unlink(missing_ok=True)
        return {**row, "copy_sha256": digest}
    except OSError as error:
        raise OutputError(f"{task.copy} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _new_partial(task: Task) -> Path:
    try:
        handle, name = tempfile.mkstemp(dir=task.out, prefix=f".{task.name}.", suffix=".ipynb")
    except OSError as error:
        raise OutputError(f"{task.copy} cannot be written: {error.strerror or error}") from error
    os.close(handle)
    os.unlink(name)  # the name is ours, a file is there when there is something in it
    return Path(name)


def _execute(task: Task, partial: Path, row: Row, timeout: float | None) -> Row:
    if name := changed_since(task):
        raise SapaError(f"{name} is another than the batch began with; run it again")
    # jsonschema works without it; importing it builds a grammar of addresses, two seconds in every process
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from .kernel import execute  # heavy: loaded when first needed

    begun = time.perf_counter()
    used = execute(task.source, partial, task.given, task.root)
    return _used(used, time.perf_counter() - begun)


def _used(told: Any, seconds: float) -> Row:
    usage = getattr(told, "usage", told)
    return {
        "seconds": getattr(usage, "seconds", seconds),
        "cpu": getattr(usage, "cpu", None),
        "peak_mb": getattr(usage, "peak_mb", None),
    }


def _records(partial: Path) -> Mapping[str, Any]:
    try:
        return read_records(partial)
    except SapaError:  # a notebook of the reader's own may have none
        return {}


def _told(task: Task, records: Mapping[str, Any]) -> Row:
    """Return what a notebook recorded for its row: its headline, and the files that it wrote elsewhere."""
    files = {}
    for path in map(Path, records.get("files", ())):
        if not (digest := sha256_of(path)):
            raise SapaError(f"{path} is missing, though {task.notebook} says that it wrote it")
        files[Path(os.path.relpath(path, task.out)).as_posix()] = digest
    return {"headline": headline_of(records), "files": files, "surprise": None}


def headline_of(records: Mapping[str, Any]) -> list[str]:
    """Return the sentences that a notebook recorded as its headline.

    Examples
    --------
    >>> from sapa_analysis.runs import headline_of
    >>> headline_of({"headline": ["Forest cover: likely."], "verdicts": 1}), headline_of({})
    (['Forest cover: likely.'], [])
    """
    return list(records.get("headline", []))


def _failed(task: Task, row: Row, partial: Path, error: str) -> Row:
    """Return the row of a run that failed, and keep what there is of its copy."""
    row |= {"status": "failed", "error": " ".join(error.split()), "copy": "", "copy_sha256": "",
            "partial": task.failed.name if partial.exists() else "", "files": {}, "headline": [],
            "surprise": None}  # fmt: skip
    if partial.exists():
        settle(partial, task.failed, row)
    return row


def lost(task: Task, error: Exception) -> Row:
    """Return the row of a run that an executor lost, for example because its process was killed."""
    left = sorted(task.out.glob(f".{task.name}.*.ipynb"), key=lambda path: path.stat().st_mtime)
    row = _failed(task, row_of_task(task) | _used(None, 0.0), Path(), f"{type(error).__name__}: {error}")
    if left:
        row["partial"] = task.failed.name
        settle(left[-1], task.failed, row)
    append(task.out, row, tables_of(task))
    return row


def settle(partial: Path, final: Path, row: Row) -> str:
    """Move a copy to its final path with its row and the path that papermill stored; return its SHA-256."""
    content = json.loads(partial.read_text(encoding="utf-8"))
    content["metadata"].setdefault("papermill", {})["output_path"] = str(final)
    content["metadata"]["sapa"] = {name: value for name, value in row.items() if name != "copy_sha256"}
    write_whole({final: json.dumps(content, ensure_ascii=False, indent=1) + "\n"})
    partial.unlink()
    return sha256_of(final)


@cache
def commit_of(root: Path) -> str:
    """Return the commit of a project and whether files differ from it, or nothing where there is none."""
    try:
        top, commit = _git(root, "rev-parse", "--show-toplevel", "HEAD").split("\n")
        if not os.path.samefile(top, root):
            return ""
        return commit + ("+changes" if _git(root, "status", "--porcelain") else "")
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    return done.stdout.strip()
