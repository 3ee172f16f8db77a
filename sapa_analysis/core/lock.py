"""A lock that one process holds at a time; the system frees it when that process ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import OutputError

#: How long a process waits for the lock. An issue holds it for less than a second.
WAIT_SECONDS = 30.0
_PAUSE_SECONDS = 0.02

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _free(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _free(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


class HeldError(OutputError):
    """Another process, or another thread of this one, holds the lock."""


@contextmanager
def held(path: Path, *, wait: float | None = None, leave: bool = True) -> Iterator[None]:
    """Hold the lock of a file, which is empty and says nothing about who holds the lock.

    Parameters
    ----------
    path : path
        The file, made when it is missing, with its folder.
    wait : float, optional
        Seconds to wait for another process; `WAIT_SECONDS` by default.
    leave : bool
        Whether the file stays. Where it goes (not on Windows, which keeps a file that another has open), all
        who take the lock must say so.

    Returns
    -------
    context manager
        It gives nothing; the lock is held inside it.

    Raises
    ------
    HeldError
        When another process holds the lock all the time.
    OutputError
        When the file cannot be locked.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.core import held
    >>> with TemporaryDirectory() as folder:
    ...     with held(Path(folder, ".lock"), leave=False):
    ...         print([file.name for file in Path(folder).iterdir()])
    ...     print([file.name for file in Path(folder).iterdir()])
    ['.lock']
    []
    """
    until = time.monotonic() + (WAIT_SECONDS if wait is None else wait)
    handle = _open(path)
    try:
        _await(handle, path, WAIT_SECONDS if wait is None else wait)
        while not leave and not _lies_at(handle, path):  # who held it before has taken the file away
            os.close(handle)
            handle = _open(path)
            _await(handle, path, max(0.0, until - time.monotonic()))
        try:
            yield
        finally:
            if not leave:
                with suppress(OSError):
                    path.unlink()
            _free(handle)
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error


def _lies_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _await(handle: int, path: Path, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            return _try(handle)
        except (BlockingIOError, PermissionError) as error:  # the second is how Windows says it
            if time.monotonic() >= until:
                message = (
                    f"{path.name} is held by another process, for more than {wait:g} seconds; "
                    f"nothing was written: run the command again when that process has ended ({path})"
                )
                raise HeldError(message) from error
            time.sleep(_PAUSE_SECONDS)
        except OSError as error:
            raise OutputError(f"{path} cannot be locked: {error.strerror or error}") from error
