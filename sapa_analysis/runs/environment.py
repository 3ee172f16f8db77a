"""What a kernel finds around it: our settings of its process, and a folder of its own for temporary files."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

#: What decides over outputs, and is ours. Threads: sums of several differ in their last digits. UTC: every
#: machine knows it, and what day it is in Viet Nam `core.today` tells without it.
_OURS = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
    ),
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8" if sys.platform == "linux" else "C",
}
#: What would run or show something of the user's: a start file, warnings, debugging, other words.
_NOT_OURS = ("PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONINSPECT", "PYTHONEXECUTABLE", "LANGUAGE")
#: Bytes that the path of a socket may have on every system: macOS takes 104 with a final zero, Linux 108.
_LONGEST_SOCKET = 103
#: Folders for temporary files of which the first that serves is used, after the user's.
_PLACES = ("XDG_RUNTIME_DIR", "/tmp", "/var/tmp")
#: Bytes that must be free there: each of the kernels that run at once takes one to four blocks of 4096.
_ROOM = 1_000_000


def kernel_environment(folder: str) -> dict[str, str]:
    """Return the environment of a kernel: the caller's, but for what would change its outputs.

    Parameters
    ----------
    folder : str
        Where it keeps temporary files, and IPython its profile, so that the user's start files do not run.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    return {**kept, **_OURS, "TMPDIR": folder, "IPYTHONDIR": f"{folder}/ipython"}


def socket_prefix(folder: str) -> str:
    """Return the beginning of the paths of a kernel's sockets, empty where no such file can be."""
    path = f"{folder}/s"
    return path if os.name != "nt" and len(os.fsencode(f"{path}-9")) <= _LONGEST_SOCKET else ""


def make_folder() -> str:
    """Make a folder for temporary files, with a path short enough for sockets if there is a place for it.

    Raises
    ------
    OSError
        When none can be written.
    """
    others = [os.environ.get(place, "") if place.isupper() else place for place in _PLACES]
    found: list[str] = []
    refused: OSError | None = None
    for place in dict.fromkeys([_usual(), *others]):
        if not os.path.isabs(place):
            continue
        try:
            folder = _new_folder(place)
        except OSError as error:
            refused = refused or error
            continue
        found.append(folder)
        if socket_prefix(f"{folder}/999") or os.name == "nt":
            break
    chosen = next((folder for folder in found if socket_prefix(f"{folder}/999")), found[0] if found else "")
    for folder in {*found} - {chosen}:
        shutil.rmtree(folder, ignore_errors=True)
    if not chosen:
        if refused is None:
            raise OSError("no folder for temporary files")
        raise OSError(f"no folder for temporary files can be written: {refused.strerror or refused}")
    return chosen


def _usual() -> str:
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return ""


def _new_folder(place: str) -> str:
    folder = tempfile.mkdtemp(prefix="sapa-", dir=place)
    try:
        probe = Path(folder, "room")
        probe.write_bytes(bytes(_ROOM))
        probe.unlink()
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder
