"""Results on disk, found again by the content that they follow from.

An entry is a pickle behind a seal: a keyed digest of its name and its bytes. The secret of the seal lies in
the user's own folder for the state of programs, apart from every project, and never leaves it. What another
user, machine or hand has written bears no seal of ours: it counts as absent and is never unpickled.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from .digests import digest_of, machine_digest, source_digest
from .errors import OutputError
from .lock import held

#: Bytes that a store keeps; the entries not used for the longest time go first. An area on one day has 10 to
#: 30 MB, all editions of two areas 300.
MOST_BYTES = 1_000_000_000
#: Share of it that is left when entries go, so that not every write has to clear.
_LEFT = 0.8
#: Share of it that one process writes before it counts again what all have written.
_UNCOUNTED = 0.01
#: Seconds that a process waits for another one's result. The longest, a track record, takes a minute.
_LONGEST_WAIT = 300.0
#: What an entry begins with; another number is another form.
_HEAD = b"sapa-store 1\n"
_SEAL = 32
#: Names another folder for all stores; `off` for none.
_CHOSEN = "SAPA_STORE"


class Store:
    """A folder of results by key.

    An entry that is damaged, was cut off or was not written by this user counts as absent. A store that
    cannot be written keeps nothing, and the results are the same.

    Parameters
    ----------
    folder : path
        Where the entries lie; made when the first is written.
    secret : bytes
        What seals the entries.
    most_bytes : int
        Bytes that are kept; each process may write a hundredth more before older entries go.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.core import Store
    >>> with TemporaryDirectory() as folder:
    ...     Store(Path(folder), b"mine").write("visits 2019", 3.2e6)
    ...     Store(Path(folder), b"mine").read("visits 2019")
    ...     Store(Path(folder), b"theirs").read("visits 2019")
    Traceback (most recent call last):
        ...
    KeyError: 'visits 2019'
    """

    def __init__(self, folder: Path, secret: bytes, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder, self._secret, self._most = folder, secret, most_bytes
        self._uncounted = float(most_bytes)

    def __reduce__(self) -> tuple[Any, ...]:
        # a store that travels with what it keeps leaves its secret behind
        return _reopened, (self.folder,)

    def read(self, key: str) -> Any:
        """Return what is kept under a key.

        Parameters
        ----------
        key : str
            What names the result.

        Raises
        ------
        KeyError
            When nothing is, or nothing that this user has written.
        """
        path = self._path(key)
        try:
            content = path.read_bytes()
            seal, body = content[len(_HEAD) : len(_HEAD) + _SEAL], content[len(_HEAD) + _SEAL :]
            if not content.startswith(_HEAD) or not hmac.compare_digest(seal, self._seal(key, body)):
                raise KeyError(key)
            value = pickle.loads(body)
        except KeyError:
            raise
        except Exception as error:  # unreadable for whatever reason is absent
            raise KeyError(key) from error
        with suppress(OSError):
            os.utime(path)
        return value

    def write(self, key: str, value: Any) -> None:
        """Keep a value under a key, whole or not at all.

        Parameters
        ----------
        key : str
            What names the result.
        value : object
            The result.
        """
        body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        if len(body) > self._most * _LEFT:
            return
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.writelines((_HEAD, self._seal(key, body), body))
                os.replace(temporary, path)
            finally:
                Path(temporary).unlink(missing_ok=True)
            self._uncounted += len(body)
            if self._uncounted >= self._most * _UNCOUNTED:
                self._clear()
                self._uncounted = 0.0

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Let nobody else write a key meanwhile, so that two who need the same result compute it once.

        Whoever has waited for long, or cannot lock, goes on all the same.

        Parameters
        ----------
        key : str
            What names the result.
        """
        path = self._path(key)
        with ExitStack() as until_then:
            with suppress(OutputError):
                lock = path.with_name(f".{path.name}.lock")
                until_then.enter_context(held(lock, wait=_LONGEST_WAIT, leave=False))
            yield

    def _path(self, key: str) -> Path:
        return self.folder / digest_of([("key", key), ("source", source_digest()), ("on", machine_digest())])

    def _seal(self, key: str, body: bytes) -> bytes:
        digest = hashlib.blake2b(key=self._secret, digest_size=_SEAL)
        digest.update(f"{self._path(key).name}\0".encode())
        digest.update(body)
        return digest.digest()

    def _clear(self) -> None:
        """Let the entries go that were not used for the longest time, if they are too many."""
        entries = []
        for entry in os.scandir(self.folder):
            if entry.name.endswith(".lock"):
                continue
            with suppress(OSError):  # another process may have let it go
                entries.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
        held = sum(size for _, size, _ in entries)
        if held <= self._most:
            return
        for _, size, path in sorted(entries):
            if held <= self._most * _LEFT:
                break
            with suppress(OSError):
                os.unlink(path)
                held -= size


def open_store(root: Path) -> Store | None:
    """Return the store of a project, `build/cache` or the folder that SAPA_STORE names.

    None with `SAPA_STORE=off`, and where the user has no folder of their own for the secret.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.

    Examples
    --------
    >>> from unittest.mock import patch
    >>> from sapa_analysis.core import open_store, project_root
    >>> with patch.dict("os.environ", {"SAPA_STORE": "off"}):
    ...     print(open_store(project_root()))
    None
    """
    chosen = os.environ.get(_CHOSEN, "")
    if chosen.lower() == "off":
        return None
    return _reopened(Path(chosen) if chosen else root / "build/cache")


def _reopened(folder: Path) -> Store | None:
    secret = _secret()
    return None if secret is None else Store(folder, secret)


@cache
def _secret() -> bytes | None:
    """Return the secret of this user, made when it is first asked for; None where it cannot be kept."""
    try:
        path = user_state_path("sapa-analysis") / "store.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(os.urandom(_SEAL))
            try:  # two processes may begin at once: the first one's holds
                os.link(temporary, path)
            except FileExistsError:
                pass
            except OSError:  # a file system without links
                os.replace(temporary, path)
            Path(temporary).unlink(missing_ok=True)
        secret = path.read_bytes()
    except (OSError, RuntimeError):
        return None
    return secret if len(secret) == _SEAL else None
