"""Execution of one notebook in a kernel of our own; the only module that uses papermill.

The kernel is that of the interpreter that runs us; what it sends is kept up to a limit. Each execution has a
thread with an event loop of its own, so that it can be stopped and leaves nothing open.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nbclient.exceptions import DeadKernelError
from papermill import PapermillExecutionError, execute_notebook
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.iorw import papermill_io, write_ipynb

from ..core import SapaError, write_whole
from .client import Client, Kernel, last_words
from .environment import kernel_environment, make_folder, socket_prefix
from .forks import Server, held, server_for
from .notebook_language import keep_language
from .pool import stopped_by
from .process import KernelProcess

#: Characters of the cause of a failure: one line of a table.
_MOST_SAID = 300
#: Marks for papermill what we read and write; it names engine and files by such words.
_OURS = "sapa-copy:"
#: The tag of a cell that always draws.
PICTURE = "picture"
#: Seconds for the last output of a cell to arrive; nbclient's own 4 are few on a busy machine.
_PATIENCE = 60


@dataclass(frozen=True)
class Usage:
    """What an execution took.

    Attributes
    ----------
    seconds : float
        By the clock.
    cpu : float, optional
        Processor seconds of the kernel and its children; None when the kernel ended unobserved.
    peak_mb : float, optional
        Most memory of the kernel in MB (10^6 bytes), on macOS what it held at its end; None when the kernel
        ended unobserved. A forked kernel counts what it shares with others in full.
    """

    seconds: float
    cpu: float | None
    peak_mb: float | None


class RunError(SapaError):
    """A notebook did not run to its end, or drew no picture where it promises one.

    Parameters
    ----------
    sentence : str
        What failed and why, in one line.
    usage : Usage
        What it took until then.
    """

    def __init__(self, sentence: str, usage: Usage) -> None:
        super().__init__(sentence)
        self.usage = usage

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.usage)


class Engine(NBClientEngine):  # type: ignore[misc]
    """Our way of executing a notebook, known to papermill by name."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Execute a notebook that tells of its run from the first time it is written."""
        execution = options["execution"]
        paths = {"input_path": str(execution.source), "output_path": str(execution.copy)}
        nb.metadata["papermill"].update(paths)
        if execution.about:
            nb.metadata["sapa"] = {**nb.metadata.get("sapa", {}), **execution.about}
        keep_language(nb)
        return super().execute_notebook(nb, kernel_name, folder=str(execution.folder), **options)

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, execution: Execution, **_: Any
    ) -> None:
        """Execute the cells in a new kernel."""
        # the loop that zmq can use on every system
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as loop:
            try:
                loop.run(execution.run(nb_man))
            except Exception:  # papermill writes a copy whose cell has failed, none whose kernel has
                write_ipynb(nb_man.nb, _without_fields(f"{_OURS}{execution.copy}"))
                raise


class Copies:
    """Reader of notebooks and writer of our copies, without papermill's changes of the working folder."""

    @staticmethod
    def pretty_path(name: str) -> str:
        """Return the name of a copy for papermill's log."""
        return name

    @staticmethod
    def read(name: str) -> str:
        """Return the content of a notebook."""
        return Path(name.removeprefix(_OURS)).read_text(encoding="utf-8")

    @staticmethod
    def write(text: str, name: str) -> None:
        """Write a copy, whole or not at all."""
        write_whole({Path(name.removeprefix(_OURS)): text})


papermill_engines.register(_OURS, Engine)
papermill_io.register(_OURS, Copies())


@dataclass
class Execution:
    """One execution of a notebook, in a thread of its own."""

    source: Path
    copy: Path
    values: Mapping[str, Any]
    folder: Path
    about: Mapping[str, Any]
    timeout: float | None
    #: What the kernel's process was and took; None before there is one.
    process: KernelProcess | None = None
    failure: BaseException | None = None
    _stop: Callable[[], object] | None = None
    _stopped: bool = False
    _late: bool = False
    _cell: Any | None = None
    _said: str = ""

    def start(self) -> None:
        """Execute the notebook; keep why it failed."""
        self._began = time.perf_counter()
        try:
            done = execute_notebook(
                _without_fields(f"{_OURS}{self.source}"),
                _without_fields(f"{_OURS}{self.copy}"),
                dict(self.values),
                engine_name=_OURS,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,  # once, at the end: nobody reads a copy that is hidden
                autosave_cell_every=0,
                execution=self,
            )
            self._check_pictures(done)
        except BaseException as error:
            self.failure = self._told(error)

    def stop(self) -> None:
        """End the kernel and the execution soon, from any thread."""
        self._stopped = True
        if stop := self._stop:
            with suppress(RuntimeError):  # its loop has been closed just now
                stop()

    @property
    def usage(self) -> Usage:
        """What it took until now."""
        seconds = time.perf_counter() - self._began
        return Usage(seconds, getattr(self.process, "cpu", None), getattr(self.process, "peak_mb", None))

    async def run(self, nb_man: NotebookExecutionManager) -> None:
        """Execute the cells in a new kernel."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task
        self._stop = partial(loop.call_soon_threadsafe, task.cancel)
        server = server_for(self.folder)
        private = server.new_folder() if server else make_folder()
        try:
            client = self._client(nb_man, private, server)
            async with asyncio.timeout(self.timeout) as clock:
                if self._stopped:
                    raise CancelledError
                try:
                    await client.run(str(self.folder), kernel_environment(private))
                finally:
                    self._late, self._cell = clock.expired(), client.at
        finally:
            self._stop = None
            self._said = last_words(private)
            if server:
                server.remove_folder(private)
            shutil.rmtree(private, ignore_errors=True)

    def _client(self, nb_man: NotebookExecutionManager, private: str, server: Server | None) -> Client:
        kernel = Kernel(kernel_name="python3", connection_file=f"{private}/kernel.json")
        if sockets := socket_prefix(private):
            # with the usual `ip` all kernels of a folder use the same files, and get each other's messages
            kernel.transport, kernel.ip = "ipc", sockets
        # on ports a kernel warns, each time, of listeners; on the loopback only an administrator can be one
        quiet = [] if sockets else ["--IPKernelApp.log_level=ERROR"]
        self.process = kernel.provisioner = KernelProcess(
            parent=kernel, kernel_spec=kernel.kernel_spec, kernel_id=str(uuid.uuid4())
        )
        self.process.server = server
        patience = {"timeout": None, "iopub_timeout": _PATIENCE, "raise_on_iopub_timeout": True}
        return Client(nb_man, km=kernel, extra_arguments=quiet, **patience)

    def _check_pictures(self, notebook: Any) -> None:
        for cell in notebook.cells:
            shown = (output.get("data", {}) for output in cell.get("outputs", []))
            if PICTURE in cell.metadata.get("tags", []) and not any("image/png" in data for data in shown):
                name, place = self.source.stem, cell.execution_count
                said = f"{name} failed in cell {place}: it promises a picture and drew none"
                raise RunError(said, self.usage)

    def _told(self, error: BaseException) -> BaseException:
        """Return an error with its cause in one line."""
        if isinstance(error, SapaError):
            return error
        if self._stopped:
            return CancelledError()
        return RunError(self._sentence(error), self.usage)

    def _sentence(self, error: BaseException) -> str:
        name, status = self.source.stem, self.process.status if self.process else None
        if self._late:
            return f"{name} was stopped: it took longer than {self.timeout:g} seconds"
        if isinstance(error, PapermillExecutionError):
            return f"{name} failed in cell {error.exec_count}: {_line(f'{error.ename}: {error.evalue}')}"
        if status is not None and self._cell is None:
            return f"{name} failed, its kernel could not start: {_line(self._said or _ending(status))}"
        if isinstance(error, DeadKernelError):
            return f"{name} failed, its kernel stopped: {_ending(status)}"
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return f"{name} failed, its kernel stopped: {_line(reason or type(error).__name__)}"


def execute(
    source: Path,
    copy: Path,
    values: Mapping[str, Any],
    folder: Path,
    *,
    about: Mapping[str, Any] = MappingProxyType({}),
    timeout: float | None = None,
) -> Usage:
    """Execute a notebook with values for its parameters, and write what it has become.

    Parameters
    ----------
    source, copy : pathlib.Path
        The notebook, and where its executed copy is written.
    values : mapping
        The parameters.
    folder : pathlib.Path
        Where its cells run.
    about : mapping
        What the copy tells of its run, under `sapa` in its metadata.
    timeout : float, optional
        Seconds that the run may take.

    Returns
    -------
    Usage

    Raises
    ------
    OutputError
        When the copy cannot be written.
    RunError
        When a cell fails or draws no picture where it promises one (tag `picture`), when time runs out, or
        the kernel cannot start, dies or does not answer. The copy is as it was then.
    concurrent.futures.CancelledError
        When the calls to which it belongs are stopped; see `call_all`.
    """
    execution = Execution(source, copy, values, folder, about, timeout)
    thread = threading.Thread(target=execution.start, name=f"sapa {source.stem}")
    with held(), stopped_by(execution.stop):
        thread.start()
        try:
            thread.join()
        finally:  # the caller may be stopped while it waits
            execution.stop()
            thread.join()
    if execution.failure:
        raise execution.failure
    return execution.usage


def _without_fields(path: str) -> str:
    """Return a path as papermill reads it: it takes {name} for a parameter."""
    return path.replace("{", "{{").replace("}", "}}")


def _line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST_SAID else f"{text[:_MOST_SAID]}..."


def _ending(status: int | None) -> str:
    if status is None:
        return "no answer"
    return f"signal {-status}" if status < 0 else f"exit status {status}"
