"""Notebooks without a kernel: papermill does all that it does, the cells run in the process of the test."""

from __future__ import annotations

import atexit
import gc
import io
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, chdir, contextmanager
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.utils.capture import CapturedIO, capture_output
from nbformat import NotebookNode
from papermill.engines import NotebookExecutionManager
from traitlets.config import Config

QUIET = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
#: Options that notebooks set for themselves.
SHOWN = ("display.max_rows", "display.max_colwidth")


@pytest.fixture(scope="session")
def kernelless() -> Callable[[], AbstractContextManager[pytest.MonkeyPatch]]:
    """Return a context in which notebooks run in this process, many of them one after the other."""

    @contextmanager
    def context() -> Iterator[pytest.MonkeyPatch]:
        with pytest.MonkeyPatch.context() as patch:
            for engine in ("papermill.engines.NBClientEngine", "sapa_analysis.runs.kernel.Engine"):
                patch.setattr(f"{engine}.execute_managed_notebook", _execute)
            patch.setattr("sapa_analysis.runs.work.call_all", _in_turn)
            yield patch

    return context


@pytest.fixture
def no_kernel(kernelless: Callable[[], AbstractContextManager[object]]) -> Iterator[None]:
    """Let notebooks run in this process; in their cells warnings are errors."""
    with kernelless():
        yield


def _in_turn(
    function: Callable[..., Any], calls: Sequence[Any], *, jobs: int, executor: object = None
) -> Iterator[tuple[int, Any]]:
    for number, arguments in enumerate(calls):
        yield number, function(*arguments)


def _execute(notebook: NotebookExecutionManager, kernel_name: str, folder: str = ".", **_: Any) -> None:
    """Execute the cells until one fails."""
    main = sys.modules["__main__"]
    plt.close("all")  # a kernel knows no picture of another
    gc.freeze()  # IPython looks for circles of waste as it ends: among its own things, not all of the tests'
    shell = InteractiveShell.instance(config=QUIET)
    try:
        with (
            chdir(folder),
            pd.option_context(*(item for name in SHOWN for item in (name, pd.get_option(name)))),
        ):
            _show_nothing(shell)
            for place, cell in enumerate(notebook.nb.cells):
                if cell.cell_type == "code" and not _succeeds(shell, notebook, cell, place):
                    break
    finally:
        atexit.unregister(shell.atexit_operations)
        shell.atexit_operations()
        InteractiveShell.clear_instance()
        gc.unfreeze()
        sys.modules["__main__"] = main


def _show_nothing(shell: InteractiveShell) -> None:
    """Let the value of a cell be its output, as in a kernel, and not text on the console."""
    shell.displayhook.write_output_prompt = lambda: None
    shell.displayhook.write_format_data = lambda *_: None


def _succeeds(
    shell: InteractiveShell, notebook: NotebookExecutionManager, cell: NotebookNode, place: int
) -> bool:
    notebook.cell_start(cell, place)
    with capture_output() as said, warnings.catch_warnings():
        warnings.simplefilter("error")
        result = shell.run_cell(cell.source, store_history=True)
        drawn = plt.get_fignums()  # a kernel draws what a cell leaves open
        for number in drawn:
            plt.figure(number).savefig(io.BytesIO(), bbox_inches="tight", dpi=40)
        plt.close("all")
    pictures = [nbformat.v4.new_output("display_data", data={"image/png": str(number)}) for number in drawn]
    cell.execution_count, cell.outputs = result.execution_count, [*_outputs(shell, said, result), *pictures]
    if not result.success:
        notebook.cell_exception(cell, place)
    notebook.cell_complete(cell, place)
    return bool(result.success)


def _outputs(shell: InteractiveShell, said: CapturedIO, result: ExecutionResult) -> list[NotebookNode]:
    """Return what a kernel sends, but for its pictures."""
    found = [nbformat.v4.new_output("stream", name="stdout", text=said.stdout)] if said.stdout else []
    found += [nbformat.v4.new_output("display_data", data=shown.data) for shown in said.outputs]
    if result.result is not None:
        data, _ = shell.display_formatter.format(result.result)
        count = result.execution_count
        # what shows itself has sent its outputs already
        found += [nbformat.v4.new_output("execute_result", data=data, execution_count=count)] if data else []
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        name, said_so = type(error).__name__, str(error)
        found.append(nbformat.v4.new_output("error", ename=name, evalue=said_so, traceback=[said_so]))
    return found
