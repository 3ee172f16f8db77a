"""The caller's side of the process that forks kernels: it starts when first needed, and ends with the runs.

Elsewhere than on Linux, and wherever it cannot start or has ended, kernels are started one by one.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .environment import kernel_environment, make_folder

#: Seconds for the process to end by itself.
_GRACE = 5.0
#: Seconds between looks at a kernel that is about to end.
_LOOK = 0.005
#: Our package is looked for where it was found here, last, as in a kernel; no other path of a kernel changes.
_START = (
    "import sys; home = sys.argv[1]; sys.path[:1] = []; sys.path.append(home); "
    "from sapa_analysis.runs.warm import main; sys.path.pop(); main(sys.argv[2], int(sys.argv[3]))"
)
_log = logging.getLogger(__name__)


class RefusedError(Exception):
    """No kernel was forked."""


class Forked:
    """A forked kernel, with what `subprocess.Popen` has of a process."""

    stdin = stdout = stderr = None

    def __init__(self, server: Server, pid: int) -> None:
        self.server, self.pid = server, pid
        self.returncode: int | None = None
        self.cpu: float | None = None
        self.peak_mb: float | None = None

    def poll(self) -> int | None:
        """Return the exit status, None while it runs."""
        return self.returncode

    def wait(self) -> int:
        """Wait until it has ended."""
        while self.returncode is None:
            time.sleep(_LOOK)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to it and to what it has started."""
        self.server.send(signal=[self.pid, number])


class Server:
    """The process that forks, for kernels of one environment that work in one folder."""

    def __init__(self, cwd: Path) -> None:
        self.settings = _settings(cwd)
        self.folder = make_folder()
        self.folders: set[str] = set()
        self.kernels: dict[int, Forked] = {}
        self.alive, self._ready = True, False
        self._lock = threading.Lock()
        self._made = 0
        self._asked: dict[int, Future[Forked]] = {}
        home = str(Path(__file__).parents[2])
        with Path(self.folder, "said").open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, home, self.folder, str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=cwd,
                env=kernel_environment(self.folder),
                start_new_session=True,  # Ctrl-C is for the caller
            )
        self._reader = threading.Thread(target=self._read, name="sapa forks", daemon=True)
        self._reader.start()

    def new_folder(self) -> str:
        """Make a folder for the temporary files of a kernel."""
        with self._lock:
            self._made += 1
            folder = f"{self.folder}/{self._made}"
            os.mkdir(folder, 0o700)
            self.folders.add(folder)
        return folder

    def remove_folder(self, folder: str) -> None:
        """Remove the folder of a kernel that has ended."""
        shutil.rmtree(folder, ignore_errors=True)
        with self._lock:
            self.folders.discard(folder)

    def fork(self, argv: list[str], cwd: str, env: Mapping[str, str], said: str) -> Future[Forked]:
        """Ask for a kernel; who does not want it any more cancels what is returned.

        Raises
        ------
        RefusedError
            Also later, when there is none: another way has to be found.
        """
        answer: Future[Forked] = Future()
        with self._lock:
            self._made += 1
            number = self._made
            self._asked[number] = answer
        self.send(fork=number, argv=argv, cwd=cwd, env=dict(env), said=said)
        if not self.alive:
            raise RefusedError
        return answer

    def kill(self) -> None:
        """End it at once; its kernels end with it."""
        self._process.kill()

    def send(self, **order: Any) -> None:
        """Send an order; one that has ended needs none."""
        with self._lock, suppress(OSError, ValueError):
            assert self._process.stdin
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout
        with suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._receive(json.loads(line))
        self.alive = False
        with self._lock:
            waiting = [*self._asked.values()]
        for answer in waiting:
            _settle(answer, RefusedError())
        for kernel in [*self.kernels.values()]:  # it was killed, and they with it, but not what they started
            if kernel.returncode is None:
                with suppress(OSError):
                    os.killpg(kernel.pid, signal.SIGKILL)
                kernel.returncode = -signal.SIGKILL

    def _receive(self, answer: dict[str, Any]) -> None:
        if "ready" in answer:
            self._ready = True
        elif "refused" in answer:
            _settle(self._asked.pop(answer["fork"]), RefusedError(answer["refused"]))
        elif "pid" in answer:
            kernel = self.kernels[answer["pid"]] = Forked(self, answer["pid"])
            if not _settle(self._asked.pop(answer["fork"]), kernel):
                kernel.send_signal(signal.SIGKILL)
        else:
            kernel = self.kernels.pop(answer["ended"])
            kernel.cpu, kernel.peak_mb = answer["cpu"], answer["peak_mb"]
            kernel.returncode = answer["status"]

    def close(self) -> None:
        """End it and its kernels; nothing stays behind."""
        process = self._process
        assert process.stdin
        assert process.stdout
        with suppress(OSError):
            process.stdin.close()
        if not self._ready:  # it has no kernel yet, and reads nothing while it loads
            process.kill()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join()
        process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _settle(answer: Future[Forked], result: Forked | RefusedError) -> bool:
    """Give an answer; return whether it is still wanted."""
    if not answer.set_running_or_notify_cancel():
        return False
    if isinstance(result, Forked):
        answer.set_result(result)
    else:
        answer.set_exception(result)
    return True


def _settings(cwd: Path) -> tuple[str, dict[str, str]]:
    return str(cwd), kernel_environment("")


class _Kept:
    """The one server of this process, and who needs it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.server: Server | None = None
        self.holders = 0
        self.failed = False

    def drop(self) -> None:
        with self.lock:
            server, self.server, self.failed = self.server, None, False
            if server:
                server.close()


_kept = _Kept()


def _forget() -> None:
    """Leave the server of the parent to it, in a process that was forked from it."""
    global _kept
    _kept = _Kept()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget)


@contextmanager
def held() -> Iterator[None]:
    """Let kernels inside be forked from one process; the last that leaves ends it."""
    with _kept.lock:
        _kept.holders += 1
    try:
        yield
    finally:
        with _kept.lock:
            _kept.holders -= 1
            if not _kept.holders:
                _kept.drop()


def keep() -> None:
    """Keep the process that forks until this one ends: a worker of an executor gets call after call."""
    with _kept.lock:
        if not _kept.holders:
            _kept.holders = 1
            atexit.register(_kept.drop)


def server_for(cwd: Path) -> Server | None:
    """Return the process that forks kernels for a folder, None where kernels are to be started one by one."""
    with _kept.lock:
        server = _kept.server
        if server and not (server.alive and server.settings == _settings(cwd)):
            if server.folders:
                return None
            has_ended = not server.alive
            _kept.drop()
            if has_ended:
                _log.debug("the process that forks kernels has ended")
                _kept.failed = True
        if _kept.failed or sys.platform != "linux":
            return None
        if not _kept.server:
            try:
                _kept.server = Server(cwd)
            except OSError as error:
                _log.debug("no process that forks kernels: %s", error)
                _kept.failed = True
        return _kept.server
