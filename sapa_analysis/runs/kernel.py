"""Execution of one notebook in a kernel of our own; the only module that uses papermill.

The kernel is that of the interpreter that runs us; what it sends is kept up to a limit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill import PapermillExecutionError, execute_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.iorw import papermill_io
from traitlets import default
from traitlets.config import Config

from ..core import SapaError, write_whole
from .record import MEDIA_TYPE

#: Characters that a copy keeps of the output of one cell. Ours have at most a fifteenth of it; nobody reads
#: more than 50,000 lines, and editors fail on files not much larger.
MOST_OUTPUT = 5_000_000
#: Characters of the frame in which a notebook stores one output.
_FRAME = 150
#: Bytes that the path of a socket may have on every system: macOS takes 104 with a final zero, Linux 108.
_LONGEST_SOCKET = 103
#: Marks for papermill the copies that we write; it names engine and files by such words.
_OURS = "sapa-copy:"


class Kernel(AsyncKernelManager):
    """A kernel of the interpreter that runs us; kernels that the user has registered are left aside."""

    @default("kernel_spec_manager")
    def _without_those_of_the_user(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])


class Client(PapermillNotebookClient):  # type: ignore[misc]
    """A client that keeps a limited part of what a cell sends, and says in its place what was cut.

    Neither papermill nor nbclient has an option for it. Errors and records are always kept.
    """

    _cell, _room, _cut = -1, MOST_OUTPUT, 0
    _note: Any = None

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Add a message to the outputs of its cell, as far as there is room."""
        content = msg["content"]
        if msg["msg_type"] == "error" or MEDIA_TYPE in content.get("data", {}):
            return super().output(outs, msg, display_id, cell_index)
        if cell_index != self._cell or not outs or self.clear_before_next_output:
            self._cell, self._room, self._cut, self._note = cell_index, MOST_OUTPUT, 0, None
        text = content.get("text")
        size = _FRAME + len(json.dumps(content.get("data", text), ensure_ascii=False, default=str))
        if size <= self._room and not self._cut:
            self._room -= size
            return super().output(outs, msg, display_id, cell_index)
        if isinstance(text, str) and not self._cut:
            kept = {**msg, "content": {**content, "text": text[: self._room]}}
            super().output(outs, kept, display_id, cell_index)
            size -= self._room
        self._cut += size
        if self._note is None:
            note = {**msg, "header": {**msg["header"], "msg_type": "stream"}, "msg_type": "stream"}
            note["content"] = {"name": "stderr", "text": ""}
            self._note = super().output(outs, note, None, cell_index)
        said = f"about {self._cut:,} characters more were cut; a copy keeps {MOST_OUTPUT:,} of each cell"
        self._note["text"] = f"\n[{said}]\n"
        return None


class Engine(NBClientEngine):  # type: ignore[misc]
    """Our way of executing a notebook, known to papermill by name."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any) -> None:
        """Execute the cells in a new kernel."""
        with kernel_config() as config:
            client = Client(
                nb_man,
                kernel_name=kernel_name,
                kernel_manager_class=Kernel,
                config=config,
                timeout=None,
                shutdown_kernel="immediate",  # its state and late output are not needed
            )
            client.execute()


class Copies:
    """Writer of our copies; that one of them cannot be written is told apart from what a kernel cannot do."""

    @staticmethod
    def pretty_path(name: str) -> str:
        """Return the name of a copy for papermill's log."""
        return name

    @staticmethod
    def write(text: str, name: str) -> None:
        """Write a copy, whole or not at all."""
        write_whole({Path(name.removeprefix(_OURS)): text})


papermill_engines.register(_OURS, Engine)
papermill_io.register(_OURS, Copies())


@contextmanager
def kernel_config() -> Iterator[Config]:
    """Yield settings with which notebook and kernel communicate over private files, not an open port.

    Where no such file can be (Windows; no folder for temporary files, or one with a long name), they use
    ports of the loopback; a key keeps others out.
    """
    with ExitStack() as tidy:
        # on ports a kernel warns, each time, of listeners; on the loopback only an administrator can be one
        config = Config({"NotebookClient": {"extra_arguments": ["--IPKernelApp.log_level=ERROR"]}})
        try:
            folder = tidy.enter_context(TemporaryDirectory(prefix="sapa-", ignore_cleanup_errors=True))
        except OSError:
            folder = ""
        # without `ip` all kernels of a folder use the same files, and two at once get each other's messages
        path = f"{folder}/kernel"
        if os.name != "nt" and folder and len(os.fsencode(f"{path}-9")) <= _LONGEST_SOCKET:
            config = Config({"KernelManager": {"transport": "ipc", "ip": path}})
        yield config


def execute(source: Path, copy: Path, values: Mapping[str, Any], folder: Path) -> None:
    """Execute a notebook with values for its parameters, and write what it has become after each cell.

    Parameters
    ----------
    source, copy : pathlib.Path
        The notebook, and where its executed copy is written.
    values : mapping
        The parameters.
    folder : pathlib.Path
        Where its cells run.

    Raises
    ------
    OutputError
        When the copy cannot be written.
    SapaError
        When a cell fails, or the kernel cannot start, dies or does not answer.
    """
    try:
        execute_notebook(
            _without_fields(str(source)),
            _without_fields(f"{_OURS}{copy}"),
            dict(values),
            engine_name=_OURS,
            kernel_name="python3",
            language="python",
            cwd=str(folder),
            progress_bar=False,
        )
    except PapermillExecutionError as error:
        said = f"{error.ename}: {error.evalue}"
        raise SapaError(f"{source.stem} failed in cell {error.exec_count}: {said}") from error
    except SapaError:
        raise
    except Exception as error:  # whatever the kernel, or what speaks with it, cannot do
        raise SapaError(f"{source.stem} failed, its kernel stopped: {error}") from error


def _without_fields(path: str) -> str:
    """Return a path as papermill reads it: it takes {name} for a parameter."""
    return path.replace("{", "{{").replace("}", "}}")
