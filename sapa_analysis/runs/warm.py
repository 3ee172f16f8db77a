"""A process that has loaded the libraries once, and forks a kernel whenever it is told to (Linux only).

`forks` starts it and speaks with it, in lines of JSON. First it tells `{"ready"}`. `{"fork": number, argv,
cwd, env, said}` is answered by `{"fork": number, "pid"}` or `{"fork": number, "refused"}`, `{"signal": [pid,
number]}` by nothing; of each kernel that has ended it tells `{"ended": pid, status, cpu, peak_mb}`. When what
it reads ends, or its parent, it ends all kernels, removes the folder for temporary files, and ends. It never
has a second thread, a zmq context or a table.
"""

from __future__ import annotations

import builtins
import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

#: What kernels load beside our rooms; each brings what it needs. Nothing here may ask for the running kernel,
#: as `matplotlib_inline.backend_inline` does: there is none yet.
_LOADED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.pylabtools",
    "pandera.pandas",
    "pandas.io.formats.style",
    "scipy.stats",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "statsmodels.tsa.api",
    "sapa_analysis.runs.record",
)
#: New objects before Python looks for circles of waste, and rounds before it looks at older ones. Tables are
#: made of many objects without circles: with its 700 a tenth of a run's time goes into looking.
_COLLECTED = (50_000, 20, 20)
#: Seconds between looks whether the parent is still there.
_LOOK = 1.0
#: "Send me this signal when my parent ends", of <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1


def main(folder: str, parent: int) -> None:
    """Load, then fork kernels until there is no more to read; in a kernel, run it.

    Parameters
    ----------
    folder : str
        The folder for temporary files of this process and its kernels.
    parent : int
        The process that gives orders.
    """
    server = Server(folder, parent)
    server.load()
    order = server.serve()
    if order:
        server.leave()
        _become(order)


class Server:
    """What reads orders and watches kernels."""

    def __init__(self, folder: str, parent: int) -> None:
        self.folder, self.parent = folder, parent
        self.kernels: set[int] = set()
        self.unread = b""
        self.set: dict[str, str] = {}  # what libraries have put into the environment
        self.orders, self.answers = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(2, 1)  # what a library prints is no answer
        os.close(null)
        self.woken, self.waker = socket.socketpair()
        for end in (self.woken, self.waker):
            end.setblocking(False)
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # sent too when only the thread that has started us ends
        signal.signal(signal.SIGUSR1, lambda *_: self._end_if_alone())
        _send_at_death_of_parent(signal.SIGUSR1)
        self._end_if_alone()

    def load(self) -> None:
        """Load what kernels need, with the paths on which they look for it."""
        os.environ["JPY_PARENT_PID"] = str(os.getpid())  # ipykernel reads it when it is loaded
        before, paths = {*os.environ.items()}, [*sys.path]
        from IPython.core.shellapp import InteractiveShellApp

        InteractiveShellApp().init_path()  # type: ignore[no-untyped-call]
        gc.disable()  # what is loaded stays
        with _as_in_a_kernel():
            for name in _LOADED:
                importlib.import_module(name)
            _load_rooms()
        gc.enable()
        sys.path[:] = paths
        self.set = dict({*os.environ.items()} - before)
        gc.collect()
        gc.freeze()  # so that no collection of a kernel writes on memory that all share

    def serve(self) -> dict[str, Any]:
        """Obey until there is nothing more to read; return the order in a kernel, nothing in this process."""
        read_from: list[Any] = [self.orders, self.woken]
        try:
            self._answer(ready=True)
            while os.getppid() == self.parent:
                ready, _, _ = select.select(read_from, [], [], _LOOK)
                if self.woken in ready:
                    with suppress(BlockingIOError):
                        self.woken.recv(4096)
                    self._tell_ended()
                if self.orders in ready:
                    read = os.read(self.orders, 1 << 16)
                    if not read:
                        break
                    *lines, self.unread = (self.unread + read).split(b"\n")
                    for line in lines:
                        if order := self._obey(json.loads(line)):
                            return order
        except BrokenPipeError:
            pass
        self._end()
        return {}

    def leave(self) -> None:
        """Let go, in a kernel, of all that is this process's."""
        server = int(os.environ["JPY_PARENT_PID"])
        os.setsid()
        _send_at_death_of_parent(signal.SIGKILL)
        if os.getppid() != server:
            os._exit(1)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGUSR1):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.woken.detach(), self.waker.detach()
        os.closerange(3, max(map(int, os.listdir("/proc/self/fd"))) + 1)

    def _obey(self, order: dict[str, Any]) -> dict[str, Any]:
        if "signal" in order:
            pid, number = order["signal"]
            if pid in self.kernels:
                _signal(pid, number)
            return {}
        reason = _why_not(order["cwd"])
        if reason:
            self._answer(fork=order["fork"], refused=reason)
            return {}
        pid = os.fork()
        if not pid:
            order["env"] |= self.set | {"JPY_PARENT_PID": os.environ["JPY_PARENT_PID"]}
            return order
        self.kernels.add(pid)
        self._answer(fork=order["fork"], pid=pid)
        return {}

    def _tell_ended(self) -> None:
        for pid in [*self.kernels]:
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            _signal(pid, signal.SIGKILL)  # what it has started; its number is not free before the next line
            _, status, used = os.wait4(pid, 0)
            self.kernels.remove(pid)
            self._answer(
                ended=pid,
                status=os.waitstatus_to_exitcode(status),
                cpu=used.ru_utime + used.ru_stime,
                peak_mb=used.ru_maxrss * 1024 / 1e6,
            )

    def _answer(self, **answer: Any) -> None:
        os.write(self.answers, json.dumps(answer).encode() + b"\n")

    def _end_if_alone(self) -> None:
        if os.getppid() != self.parent:
            self._end()
            os._exit(0)

    def _end(self) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # it would end in the middle of this
        for pid in self.kernels:
            _signal(pid, signal.SIGKILL)
        for pid in self.kernels:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let libraries find what they look for when they are loaded: pandas shows 20 columns in a kernel."""
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


def _load_rooms() -> None:
    """Load all modules of the package but those of the command, and what these load when first used."""
    package = Path(importlib.import_module("sapa_analysis").__file__ or "").parent
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        if name.split(".")[1:2] not in (["cli"], ["runs"], ["__main__"]):
            importlib.import_module(name)
    from pandas import DataFrame
    from pandera.pandas import DataFrameSchema

    from sapa_analysis.core import FILE_TABLES, LANGUAGES
    from sapa_analysis.reporting import run_index_page

    for lang in LANGUAGES:
        run_index_page([], lang=lang)  # reads the words of the language
    for table in FILE_TABLES.values():
        table.to_schema()
    DataFrameSchema().validate(DataFrame())  # pandera loads a third of itself when it first validates


def _why_not(cwd: str) -> str:
    """Return what forbids to fork a kernel for a folder, if anything: a thread, a package of its own."""
    if len(os.listdir("/proc/self/task")) > 1:  # a fork would have a copy of their locks, and not of them
        return "threads"
    ours, theirs = Path(__file__).parents[1], Path(cwd, "sapa_analysis")
    if theirs.is_dir() and not theirs.samefile(ours):
        return "package"
    return ""


def _send_at_death_of_parent(number: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


def _signal(pid: int, number: int) -> None:
    """Send a signal to a kernel and to what it has started."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    with suppress(ProcessLookupError, PermissionError):  # none yet, when it has just been forked
        os.killpg(pid, number)


def _become(order: dict[str, Any]) -> None:
    """Run a kernel, in a process that is as one that has just been started for it."""
    os.chdir(order["cwd"])
    said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.close(said)
    os.environ.clear()
    os.environ.update(order["env"])
    tempfile.tempdir = None
    sys.argv = order["argv"]
    import numpy as np
    from ipykernel import kernelapp

    gc.set_threshold(*_COLLECTED)
    np.random.seed()  # noqa: NPY002  all kernels would draw the same from what numpy draws without a seed
    kernelapp.launch_new_instance()
