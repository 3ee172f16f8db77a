"""A lock that one process holds at a time; the system frees it when that process ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core import OutputError

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


@contextmanager
def held(path: Path, *, wait: float | None = None) -> Iterator[None]:
    """Hold the lock of a file; the file stays, empty, and says nothing about who holds the lock.

    Parameters
    ----------
    path : path
        The file, made when it is missing, with its folder.
    wait : float, optional
        Seconds to wait for another process; `WAIT_SECONDS` by default.

    Raises
    ------
    OutputError
        When the file cannot be locked, or another process holds the lock all the time.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.verdicts.lock import held
    >>> with TemporaryDirectory() as folder, held(Path(folder, ".lock")), held(Path(folder, ".lock"), wait=0):
    ...     pass
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.OutputError: .lock is held by another process, for more than 0 seconds; ...
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
    try:
        _await(handle, path, WAIT_SECONDS if wait is None else wait)
        try:
            yield
        finally:
            _free(handle)
    finally:
        os.close(handle)


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
                raise OutputError(message) from error
            time.sleep(_PAUSE_SECONDS)
        except OSError as error:
            raise OutputError(f"{path} cannot be locked: {error.strerror or error}") from error
