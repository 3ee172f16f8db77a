"""The journal of a folder of runs: rows appended as runs end, tables made of them, and what a kill leaves."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from ..core import HeldError, OutputError, held, write_whole
from .batch_files import TABLES, batch_files, table_files
from .journal_line import JOURNAL, Journal, current_rows, read_journal, seal

Row = dict[str, Any]
#: Hidden files of one run, from its lock to a copy in preparation; the group is the name of the run.
_OF_A_RUN = re.compile(r"\.+(.+-[0-9a-f]{12})\.")
#: Seconds to wait for another process that appends a row or writes the tables.
_WAIT = 300.0


def lock_of(folder: Path) -> AbstractContextManager[None]:
    """Return the lock of a folder, held for the moment in which its journal or tables are written."""
    return held(folder / f".{JOURNAL}.lock", wait=_WAIT, leave=False)


def entries_of(folder: Path) -> Journal:
    """Return the journal of a folder; one that is missing is empty.

    Raises
    ------
    OutputError
        When it cannot be read.
    """
    return read_journal(_content(folder / JOURNAL))


def mentions(folder: Path, run: str) -> bool:
    """Return whether the journal of a folder may hold a row of a run; its lines are not read one by one."""
    return f'"run":"{run}"'.encode() in _content(folder / JOURNAL)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror or error}") from error


def append(
    folder: Path, entry: Mapping[str, Any], tables: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    """Append an entry to the journal, and before it the files behind digests that are new there.

    It stands on the disk when this returns, or nothing of it does. A line that was cut off before goes.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the journal.
    entry : mapping
        A row or a plan; see `journal_line`.
    tables : mapping, optional
        Files by digest.

    Raises
    ------
    OutputError
        When it cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs.journal import append, entries_of
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("a", "b"):
    ...         append(Path(folder), {"run": name}, {"43258c": {"data/areas.csv": "8f3a"}})
    ...     [entry.get("run", "files") for entry in entries_of(Path(folder)).entries]
    ['files', 'a', 'b']
    """
    path = folder / JOURNAL
    with lock_of(folder):
        known = _content(path)
        kept = read_journal(known).size if known and not known.endswith(b"\n") else len(known)
        new = [
            {"inputs": digest, "files": files}
            for digest, files in (tables or {}).items()
            if f'"inputs":"{digest}","row":"'.encode() not in known
        ]
        text = "".join(f"{seal(each)}\n" for each in (*new, entry)).encode()
        try:
            _write_at(path, kept, text)
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error


def _write_at(path: Path, size: int, text: bytes) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        os.ftruncate(handle, size)
        os.lseek(handle, size, os.SEEK_SET)
        try:
            while text:
                text = text[os.write(handle, text) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def write_tables(folder: Path, rows: Iterable[Row] | None = None) -> None:
    """Write what is made from the journal: with rows in hand the tables only, else everything.

    Raises
    ------
    OutputError
        When it cannot be written; what stood there stays.
    """
    with lock_of(folder):
        known = current_rows(entries_of(folder).entries) if rows is None else [*rows]
        files = batch_files(folder, known) if rows is None else table_files(known)
        write_whole({folder / name: content for name, content in files.items()})
        if "failures.csv" not in files:
            (folder / "failures.csv").unlink(missing_ok=True)


def tidy(folder: Path) -> None:
    """Take away what killed processes left: copies in preparation and locks that nobody holds."""
    hidden = [path for path in folder.iterdir() if path.name.startswith(".")]
    runs: dict[str, list[Path]] = {}
    for path in hidden:
        if found := _OF_A_RUN.match(path.name):
            runs.setdefault(found[1], []).append(path)
    for name, left in runs.items():
        with suppress(HeldError), held(folder / f".{name}.lock", wait=0, leave=False):
            for path in left:
                if path.suffix != ".lock":  # its lock goes when it is released
                    path.unlink(missing_ok=True)
    with lock_of(folder):
        for path in hidden:
            if path.name.startswith(tuple(f".{name}." for name in TABLES)):
                path.unlink(missing_ok=True)
