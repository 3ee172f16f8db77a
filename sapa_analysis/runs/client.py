"""The client of a kernel of ours: it starts it, has cells executed, receives what they send, and ends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets import default

from .record import MEDIA_TYPE

#: Characters that a copy keeps of the output of one cell. Ours have at most a fifteenth of it; nobody reads
#: more than 50,000 lines, and editors fail on files not much larger.
MOST_OUTPUT = 5_000_000
#: Characters of the frame in which a notebook stores one output.
_FRAME = 150
#: Where a kernel writes what belongs to no cell, in its private folder.
_SAID = "said"


class Kernel(AsyncKernelManager):
    """A kernel of the interpreter that runs us; kernels that the user has registered are left aside."""

    @default("kernel_spec_manager")
    def _without_those_of_the_user(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])


class Client(NotebookClient):
    """What executes cells; it keeps a limited part of what each sends, and says in its place what was cut.

    Neither papermill nor nbclient has an option for it. Errors and records are always kept.

    Parameters
    ----------
    keeper : papermill.engines.NotebookExecutionManager
        Keeps the notebook, and writes it as cells begin and end.
    **options
        Of `nbclient.NotebookClient`.
    """

    #: The cell that runs, for what is said of a kernel that stops.
    at: Any = None
    _cell, _room, _cut = -1, MOST_OUTPUT, 0
    _note: Any = None

    def __init__(self, keeper: Any, **options: Any) -> None:
        super().__init__(keeper.nb, **options)
        self.keeper = keeper

    def process_message(self, *arguments: Any, **named: Any) -> Any:
        """Receive a message from the kernel; a long cell is written now and then while it runs."""
        output = super().process_message(*arguments, **named)
        self.keeper.autosave_cell()
        return output

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

    async def run(self, folder: str, environment: Mapping[str, str]) -> None:
        """Execute the cells in a new kernel until one fails; it is killed then, its state is not needed."""
        kernel: Any = self.km
        try:
            with Path(environment["TMPDIR"], _SAID).open("wb") as said:
                await self.async_start_new_kernel(cwd=folder, env=dict(environment), stdout=said, stderr=said)
            client = await self.async_start_new_kernel_client()
            for index, cell in enumerate(self.nb.cells):
                self.keeper.cell_start(cell, index)
                self.at = cell
                try:
                    await self.async_execute_cell(cell, index)
                except CellExecutionError as error:
                    self.keeper.cell_exception(cell, cell_index=index, exception=error)
                    return
                finally:
                    self.keeper.cell_complete(cell, cell_index=index)
            told: Any = await self.async_wait_for_reply(client.kernel_info())
            self.nb.metadata["language_info"] = told["content"]["language_info"]
            self.set_widgets_metadata()
        finally:
            await kernel.provisioner.end()
            if self.kc:
                self.kc.stop_channels()
            await kernel.cleanup_resources()


def last_words(folder: str) -> str:
    """Return the last line that a kernel has written past its notebook."""
    try:
        lines = Path(folder, _SAID).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line for line in reversed(lines) if line.strip()), "")
