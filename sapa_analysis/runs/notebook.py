"""One run: its notebook executed once, whole or not at all, with a row that says what it was made of."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from .. import __version__
from ..core import HeldError, OutputError, SapaError, held, write_whole
from ..verdicts import REGISTER, read_register
from .batch_files import as_files, names_at
from .journal import Row, append, entries_of, mentions
from .key import Task, changed_since, tables_of
from .record import read_records
from .resume import Past, look_up
from .sums import digest_of, sha256_of
from .surprise import surprise_of

if TYPE_CHECKING:
    from .kernel import Usage

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
    if not task.copy.exists() and not mentions(task.out, task.name):
        return None
    past = Past(entries_of(task.out).entries)
    row = look_up(task, past).row
    if row is not None:
        if task.name not in past.rows:
            append(task.out, row, tables_of(task))
        return row
    failed = past.rows.get(task.name)
    return failed if failed and failed["status"] == "failed" and _end_of(failed) >= since else None


def _end_of(row: Row) -> str:
    return (datetime.fromisoformat(row["start"]) + timedelta(seconds=row["seconds"] or 0.0)).isoformat()


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
        "ignored": task.ignored,
        "start": now(),
        "version": __version__,
        "commit": task.commit,
        "python": platform.python_version(),
        "platform": platform.platform(),
        **task.digests,
    }


def _made(task: Task, timeout: float | None) -> Row:
    """Execute a notebook; return its row, also if it failed."""
    partial, row, begun = _new_partial(task), row_of_task(task), time.perf_counter()
    try:
        try:
            used = _execute(task, partial, row, timeout)
            if name := changed_since(task):
                raise SapaError(f"{name} changed while the notebook ran; run it again")
            records = _records(partial)
            tables = _tables(task, records, row)
            row |= {**asdict(used), "status": "ok", "error": "", **_told(task, records, tables)}
        except OutputError as error:
            raise OutputError(str(error).replace(str(partial), str(task.copy))) from error
        except SapaError as error:
            took = {"seconds": time.perf_counter() - begun, "cpu": None, "peak_mb": None}
            row |= asdict(error.usage) if hasattr(error, "usage") else took
            return _failed(task, row, partial, str(error))
        row |= {"copy": task.copy.name, "partial": ""}
        digest = settle(partial, task.copy, row, tables)
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


def _execute(task: Task, partial: Path, row: Row, timeout: float | None) -> Usage:
    if name := changed_since(task):
        raise SapaError(f"{name} is another than the batch began with; run it again")
    # jsonschema works without it; importing it builds a grammar of addresses, two seconds in every process
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from .kernel import execute  # heavy: loaded when first needed

    return execute(task.source, partial, task.given, task.root, about=row, timeout=timeout)


def _records(partial: Path) -> Mapping[str, Any]:
    try:
        return read_records(partial)
    except SapaError:  # a notebook of the reader's own may have none
        return {}


def _tables(task: Task, records: Mapping[str, Any], row: Row) -> dict[str, bytes]:
    """Return the key results that a notebook recorded as the files that lie beside its copy."""
    results = records.get("results")
    if not isinstance(results, pd.DataFrame):
        return {}
    return as_files(task.name, results, [row], names_at(task.root))


def _told(task: Task, records: Mapping[str, Any], tables: Mapping[str, bytes]) -> Row:
    """Return what a notebook recorded for its row: its headline, and the files beside it and elsewhere."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in tables.items()}
    for path in map(Path, records.get("files", ())):
        if not (digest := sha256_of(path)):
            raise SapaError(f"{path} is missing, though {task.notebook} says that it wrote it")
        files[Path(os.path.relpath(path, task.out)).as_posix()] = digest
    return {"headline": headline_of(records), "files": files, "surprise": _surprise(task, records)}


def _surprise(task: Task, records: Mapping[str, Any]) -> Row | None:
    """Return what moved against the last edition, where the notebook recorded its key results."""
    results = records.get("results")
    if results is None:
        return None
    register = _register(task.root / REGISTER, task.resolved["area"], task.digests["register"])
    return surprise_of(results, register) if len(register) else None


@lru_cache(maxsize=16)
def _register(folder: Path, area: str, digest: str) -> pd.DataFrame:
    """Return what the register holds of an area; its digest says whether it is the same."""
    return read_register(folder, area=area)


def headline_of(records: Mapping[str, Any]) -> list[str]:
    """Return the sentences that a notebook recorded as its headline.

    Parameters
    ----------
    records : mapping of str to object
        What `read_records` found, by name.

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
    if row["partial"]:
        return {**row, "copy_sha256": settle(partial, task.failed, row)}
    task.failed.unlink(missing_ok=True)  # that of an earlier try is in no row that counts
    return row


def lost(task: Task, error: Exception) -> Row:
    """Return the row of a run that an executor lost, for example because its process was killed."""
    left = sorted(task.out.glob(f".{task.name}.*.ipynb"), key=lambda path: path.stat().st_mtime)
    row = row_of_task(task) | {"seconds": None, "cpu": None, "peak_mb": None}
    row = _failed(task, row, left[-1] if left else task.out / "none", f"{type(error).__name__}: {error}")
    append(task.out, row, tables_of(task))
    return row


def settle(partial: Path, final: Path, row: Row, beside: Mapping[str, bytes] = MappingProxyType({})) -> str:
    """Move a copy to its final path with its row and the path that papermill stored; return its SHA-256.

    With it come the files that lie beside it, all or none.
    """
    content = json.loads(partial.read_text(encoding="utf-8"))
    content["metadata"].setdefault("papermill", {})["output_path"] = str(final)
    about = {name: value for name, value in row.items() if name != "copy_sha256"}
    # without a journal it is all that says whether the copy is as it was written
    content["metadata"]["sapa"] = {**about, "content": digest_of([content["cells"], about])}
    files = {final.parent / name: table for name, table in beside.items()}
    write_whole({**files, final: json.dumps(content, ensure_ascii=False, indent=1) + "\n"})
    partial.unlink()
    return sha256_of(final)
