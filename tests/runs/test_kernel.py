"""Our kernel: the interpreter that runs us, sockets that fit, and a copy that keeps a limited part of a flood.

Only one test starts a kernel.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from papermill.engines import NotebookExecutionManager

from sapa_analysis.core.errors import OutputError, SapaError
from sapa_analysis.runs import kernel as kernel_module
from sapa_analysis.runs.kernel import Client, Kernel, kernel_config
from sapa_analysis.runs.notebook import run_notebook
from sapa_analysis.runs.record import MEDIA_TYPE

pytest_plugins = ["shell"]
ROOT = Path(__file__).parents[2]
LIMIT = 3000


def notebook(folder: Path, body: str, parameters: str = "seed: int = 7", name: str = "mine") -> Path:
    """Write a notebook of two cells into a project."""
    whole = json.loads((ROOT / "notebooks/04_targets.ipynb").read_text(encoding="utf-8"))
    cells = [
        {"cell_type": "code", "execution_count": None, "metadata": {"tags": tags}, "outputs": [], "source": text, "id": name}
        for name, tags, text in (("a", ["parameters"], parameters), ("b", [], body))
    ]  # fmt: skip
    path = folder / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**whole, "cells": cells}, indent=1), encoding="utf-8")
    return path


# the kernel -----------------------------------------------------------------------------------------------


def test_a_run_works_where_temporary_names_are_long_and_the_user_has_another_python(
    project, tmp_path, monkeypatch
):
    """Also from a folder whose name holds braces, which papermill takes for parameters."""
    theirs = tmp_path / "jupyter" / "kernels" / "python3"
    theirs.mkdir(parents=True)
    spec = {"argv": ["/bin/false", "{connection_file}"], "display_name": "theirs", "language": "python"}
    (theirs / "kernel.json").write_text(json.dumps(spec))
    long = tmp_path / ("x" * 104)
    long.mkdir()
    monkeypatch.setenv("JUPYTER_PATH", str(theirs.parents[1]))
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    notebook(project.root, "import sys\nimport sapa_analysis as sapa\nsapa.record(headline=[sys.executable, seed])\n"
                           "for line in range(60_000):\n    print(line, 'x' * 100)")  # fmt: skip
    run = run_notebook("mine", {"seed": 8}, tmp_path / "{seed} {out}", root=project.root)
    assert run.records == {"headline": [sys.executable, 8]}
    assert list(long.iterdir()) == []
    assert run.path.stat().st_size < 1.3 * kernel_module.MOST_OUTPUT
    assert "characters more were cut" in run.path.read_text(encoding="utf-8")


def test_the_kernels_that_a_user_has_registered_are_left_aside(tmp_path, monkeypatch):
    spec = {"argv": ["/bin/false", "{connection_file}"], "display_name": "theirs", "language": "python"}
    for variable, where in (("JUPYTER_PATH", ""), ("JUPYTER_DATA_DIR", "data"), ("IPYTHONDIR", "ipython")):
        folder = tmp_path / where / "kernels" / "python3"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(spec))
        monkeypatch.setenv(variable, str(tmp_path / where))
    assert Kernel(kernel_name="python3").kernel_spec.argv[0] == sys.executable


@pytest.mark.skipif(os.name == "nt", reason="here kernels never use files")
@given(st.text(alphabet="xạ", max_size=70))
def test_a_socket_is_a_file_with_a_path_that_fits_or_none(name):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        place = Path(folder, f"t{name}")
        place.mkdir()
        patch.setattr(tempfile, "tempdir", str(place))
        with kernel_config() as config:
            ip = config.KernelManager.get("ip", "")
            assert len(os.fsencode(f"{ip}-5")) <= 107
            assert bool(ip) == (len(os.fsencode(place)) + len("/sapa-12345678/kernel-5") <= 103)
            assert not ip or Path(ip).parent.is_dir()
        assert list(place.iterdir()) == []


def test_without_a_folder_for_temporary_files_a_kernel_uses_the_loopback(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    with kernel_config() as config:
        assert "KernelManager" not in config


# what a failure is called ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    "error", ["PermissionError(13, 'not yours', 'x.csv')", "OSError(28, 'No space left')"]
)
def test_an_error_of_the_system_in_a_cell_is_that_of_a_failing_cell(project, tmp_path, error):
    notebook(project.root, f"raise {error}")
    with pytest.raises(
        SapaError, match=r"mine failed in cell \d: (PermissionError|OSError): .*-failed"
    ) as caught:
        run_notebook("mine", {"seed": 1}, tmp_path / "out", root=project.root)
    assert not isinstance(caught.value, OutputError)
    assert "written" not in str(caught.value)


def test_a_kernel_that_cannot_start_is_no_output_that_cannot_be_written(project, tmp_path, monkeypatch):
    def no_room(*_, **__):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(Client, "execute", no_room)
    notebook(project.root, "pass")
    with pytest.raises(
        SapaError, match=r"mine failed, its kernel stopped: .*Cannot allocate memory"
    ) as caught:
        run_notebook("mine", {"seed": 1}, tmp_path / "out", root=project.root)
    assert not isinstance(caught.value, OutputError)
    assert [path.name.endswith("-failed.ipynb") for path in (tmp_path / "out").iterdir()] == [True]


# the flood ------------------------------------------------------------------------------------------------


def message(kind: str, **content: object) -> dict:
    return {
        "msg_type": kind,
        "content": content,
        "parent_header": {"msg_id": "1"},
        "header": {"msg_type": kind},
        "metadata": {},
    }


PRINTED = st.text(max_size=2 * LIMIT).map(lambda text: message("stream", name="stdout", text=text))
SHOWN = st.text(max_size=LIMIT).map(
    lambda text: message("display_data", data={"text/plain": text}, metadata={})
)
STORED = st.text(max_size=LIMIT).map(
    lambda text: message("display_data", data={MEDIA_TYPE: {"name": text}}, metadata={})
)
FAILED = st.just(message("error", ename="E", evalue="v", traceback=["t" * LIMIT]))
CLEARED = st.booleans().map(lambda wait: message("clear_output", wait=wait))


def received(messages: list[dict], cell: int = 0, client: Client | None = None) -> list[dict]:
    """Return the outputs of a cell that sends messages."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell() for _ in range(cell + 1)])
    client = client or Client(NotebookExecutionManager(nb, progress_bar=False))
    mine, client.clear_before_next_output = nb.cells[cell], False
    for sent in messages:
        client.process_message(sent, mine, cell)
    return mine.outputs


@given(st.lists(st.one_of(PRINTED, SHOWN, STORED, FAILED), max_size=12))
def test_a_copy_keeps_the_beginning_of_a_flood_and_every_record_and_error(messages):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel_module, "MOST_OUTPUT", LIMIT)
        patch.setattr(Client, "_room", LIMIT)
        outputs = received(messages)
    plain = received(messages)
    always = [out for out in plain if out.output_type == "error" or MEDIA_TYPE in out.get("data", {})]
    assert [out for out in outputs if out in always] == always
    notes = [out for out in outputs if "more were cut" in out.get("text", "")]
    assert len(notes) == (outputs != plain)
    kept = [out for out in outputs if out not in [*always, *notes]]
    assert sum(len(out["text"] if "text" in out else out.data["text/plain"]) for out in kept) <= LIMIT
    said = "".join(out.get("text") or "" for out in kept)
    assert "".join(out.get("text") or "" for out in plain).startswith(said)
    assert json.loads(
        nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs)]))
    )


@given(st.lists(st.one_of(PRINTED, SHOWN), max_size=6), st.booleans())
def test_what_a_cell_has_cleared_away_takes_no_room(messages, wait):
    """As a bar of progress does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel_module, "MOST_OUTPUT", LIMIT)
        small = message("stream", name="stdout", text="small")
        outputs = received([*messages, message("clear_output", wait=wait), small])
    assert [out["text"] for out in outputs] == ["small"]


def test_every_cell_has_room_of_its_own(monkeypatch):
    monkeypatch.setattr(kernel_module, "MOST_OUTPUT", LIMIT)
    client = Client(NotebookExecutionManager(nbformat.v4.new_notebook(), progress_bar=False))
    flood = message("stream", name="stdout", text="x" * 2 * LIMIT)
    first, second = (received([flood], cell, client) for cell in (0, 1))
    assert [out.text for out in first] == [out.text for out in second]
    assert first[0].text == "x" * LIMIT
    assert "more were cut; a copy keeps 3,000 of each cell" in first[1].text
