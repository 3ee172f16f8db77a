"""One execution: our interpreter, an environment of ours, a failure in one line, a copy that keeps a part of a flood."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
import pytest
from hypothesis import given
from hypothesis import strategies as st
from papermill.engines import NotebookExecutionManager
from written import outputs_of, printed, write_notebook

from sapa_analysis.core.errors import OutputError
from sapa_analysis.runs import client as client_module
from sapa_analysis.runs import environment
from sapa_analysis.runs import kernel as kernel_module
from sapa_analysis.runs.client import Client, Kernel
from sapa_analysis.runs.environment import kernel_environment, make_folder, socket_prefix
from sapa_analysis.runs.kernel import RunError, Usage, execute
from sapa_analysis.runs.pool import call_all
from sapa_analysis.runs.record import MEDIA_TYPE

pytest_plugins = ["shell"]
LIMIT = 3000
DRAWS = "import matplotlib.pyplot as plt\nplt.plot([1, 3])\nplt.show()"


@dataclass(frozen=True)
class Ended:
    copy: Path
    result: Usage | Exception

    @property
    def said(self) -> str:
        assert isinstance(self.result, RunError)
        assert "\n" not in str(self.result)
        return str(self.result)


# what a run comes to --------------------------------------------------------------------------------------

BODIES = {
    "ends": ["import time, array\nbuffer = array.array('b', bytes(60_000_000))\nbegan = time.process_time()\n"
             "while time.process_time() < began + 0.3:\n    pass\nprint(seed)"],
    "raises": ["print('first')", "raise OSError(28, 'No space left on device', 'x.csv')", "print('second')"],
    "raises_lines": ["raise ValueError('one\\n  two' + 'x' * 5000)"],
    "exits": ["import os\nos._exit(3)"],
    "killed": ["import os\nos.kill(os.getpid(), 9)"],
    "lasts": ["import time\ntime.sleep(600)"],
}  # fmt: skip


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """Return what small notebooks come to, run side by side."""
    folder = tmp_path_factory.mktemp("ended")
    sources = {name: write_notebook(folder / f"{name}.ipynb", *bodies) for name, bodies in BODIES.items()}
    sources["draws"] = write_notebook(folder / "draws.ipynb", DRAWS, tags=["picture"])
    sources["draws_none"] = write_notebook(folder / "draws_none.ipynb", "print(1)", tags=["picture"])
    calls = [(folder, source, folder / f"{name}-copy.ipynb") for name, source in sources.items()]
    found = dict(call_all(run, calls, jobs=2))
    return {name: Ended(calls[place][2], found[place]) for place, name in enumerate(sources)}


def run(folder: Path, source: Path, copy: Path) -> Usage:
    limit = 3 if source.stem == "lasts" else None
    return execute(source, copy, {"seed": 8}, folder, about={"key": "ab"}, timeout=limit)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raises", "raises failed in cell 4: OSError: [Errno 28] No space left on device: 'x.csv'"),
        ("exits", "exits failed, its kernel stopped: exit status 3"),
        ("killed", "killed failed, its kernel stopped: signal 9"),
        ("lasts", "lasts was stopped: it took longer than 3 seconds"),
        ("draws_none", "draws_none failed in cell 3: it promises a picture and drew none"),
    ],
)
def test_a_failure_is_one_line_that_names_its_cause(ended, name, said):
    assert ended[name].said == said
    assert not isinstance(ended[name].result, OutputError)


def test_an_error_of_many_lines_or_words_is_one_short_line(ended):
    assert ended["raises_lines"].said.startswith("raises_lines failed in cell 3: ValueError: one two")
    assert len(ended["raises_lines"].said) < 400


def test_a_run_tells_what_it_took(ended):
    usage = ended["ends"].result
    assert usage.cpu > 0.3
    assert usage.peak_mb > 60
    assert usage.seconds > 0.3
    assert ended["raises"].result.usage.cpu > 0


def test_the_copy_of_a_run_that_failed_holds_what_it_had_come_to(ended):
    assert printed(ended["raises"].copy) == "first\n"
    content = json.loads(ended["raises"].copy.read_text(encoding="utf-8"))
    assert content["metadata"]["sapa"]["key"] == "ab"
    assert content["metadata"]["papermill"]["output_path"] == str(ended["raises"].copy)


def test_a_promised_picture_is_in_the_copy(ended):
    assert isinstance(ended["draws"].result, Usage)
    assert "image/png" in outputs_of(ended["draws"].copy)[-1][0]["data"]


def test_what_a_notebook_says_of_itself_stays_beside_what_is_said_of_its_run(tmp_path, no_kernel):
    source = write_notebook(tmp_path / "mine.ipynb", "pass", sapa={"ignores": ["params/scenarios"]})
    before = os.getcwd()
    execute(source, tmp_path / "copy.ipynb", {}, tmp_path, about={"key": "ab"})
    content = json.loads((tmp_path / "copy.ipynb").read_text(encoding="utf-8"))
    assert content["metadata"]["sapa"] == {"ignores": ["params/scenarios"], "key": "ab"}
    assert os.getcwd() == before


def test_a_copy_that_cannot_be_written_is_told_as_that(tmp_path, no_kernel):
    (tmp_path / "file").write_text("")
    source = write_notebook(tmp_path / "mine.ipynb", "pass")
    with pytest.raises(OutputError, match="cannot be written: "):
        execute(source, tmp_path / "file" / "copy.ipynb", {}, tmp_path)


@pytest.mark.parametrize(
    "error", [OSError(12, "Cannot allocate memory"), RuntimeError("Cannot allocate\nmemory")]
)
def test_a_kernel_that_cannot_start_is_no_copy_that_cannot_be_written(tmp_path, monkeypatch, error):
    async def no_room(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Client, "run", no_room)
    source = write_notebook(tmp_path / "mine.ipynb", "pass")
    with pytest.raises(RunError, match=r"mine failed, its kernel stopped: Cannot allocate memory$"):
        execute(source, tmp_path / "copy.ipynb", {}, tmp_path)


def test_a_kernel_that_ends_as_it_starts_is_told_with_its_last_words(tmp_path, monkeypatch):
    broken = tmp_path / "broken" / "ipykernel"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("")
    (broken / "kernelapp.py").write_text("raise ImportError('no such thing')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(broken.parent), os.environ.get("PYTHONPATH", "")]))
    source = write_notebook(tmp_path / "mine.ipynb", "pass")
    with pytest.raises(
        RunError, match=r"^mine failed, its kernel could not start: ImportError: no such thing$"
    ):
        execute(source, tmp_path / "copy.ipynb", {}, tmp_path)


def test_no_place_for_temporary_files_is_told_as_that(tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    source = write_notebook(tmp_path / "mine.ipynb", "pass")
    said = "its kernel stopped: no folder for temporary files can be written: No space left on device"
    with pytest.raises(RunError, match=f"^mine failed, {said}$"):
        execute(source, tmp_path / "copy.ipynb", {}, tmp_path)


def test_a_kernel_that_ends_without_a_word_is_told_with_its_status(tmp_path, monkeypatch):
    monkeypatch.setattr("sapa_analysis.runs.kernel.last_words", lambda folder: "")
    broken = tmp_path / "kept/ipykernel_launcher.py"
    broken.parent.mkdir()
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr("sapa_analysis.runs.kernel.server_for", lambda folder: None)
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))
    source = write_notebook(tmp_path / "mine.ipynb", "pass")
    with pytest.raises(RunError, match=r"^mine failed, its kernel could not start: exit status 3$"):
        execute(source, tmp_path / "copy.ipynb", {}, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="other limits there")
def test_a_place_with_hardly_any_room_is_no_place_for_temporary_files(tmp_path, monkeypatch):
    """A kernel's files begin to be written where a block is free, and end in the middle."""
    (tmp_path / "small").mkdir()
    (tmp_path / "large").mkdir()
    real = Path.write_bytes

    def write(path, content):
        if path.is_relative_to(tmp_path / "small") and len(content) > 4 * 4096:
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", write)
    monkeypatch.setattr(environment, "_usual", lambda: str(tmp_path / "small"))
    monkeypatch.setattr(environment, "_PLACES", (str(tmp_path / "large"),))
    assert Path(make_folder()).parent == tmp_path / "large"
    assert not list((tmp_path / "small").iterdir())


def test_an_error_keeps_what_a_run_took_on_its_way_from_a_worker():
    import pickle

    error = pickle.loads(pickle.dumps(RunError("mine failed", Usage(1.0, 0.5, 70.0))))
    assert (str(error), error.usage) == ("mine failed", Usage(1.0, 0.5, 70.0))


# what a kernel finds around it ----------------------------------------------------------------------------

LOOKS = """import os, sys, time, locale, tempfile
from pathlib import Path
print(sys.executable, seed, time.tzname[0], locale.getlocale()[1], hash("x"), open(os.devnull, "w").encoding)
print({name for value in [{3, 1}, {"b", "a", "c"}] for name in value}, f"{Path('đường').resolve().parent.name}")
print(os.environ["OMP_NUM_THREADS"], Path(tempfile.gettempdir()).parents[1] == Path(os.environ["HERE"]))"""
STARTS = "import builtins\nbuiltins.theirs = 1\nprint('theirs')"


@pytest.fixture
def usual(tmp_path, monkeypatch):
    """Return a project folder with spaces and letters, whose notebook prints what it finds and draws."""
    folder = tmp_path / "của tôi {x} và"
    source = write_notebook(folder / "mine.ipynb", LOOKS, DRAWS, "print('theirs' in dir(__builtins__))")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    return folder, source


def test_outputs_do_not_depend_on_the_environment_of_the_caller(usual, tmp_path, monkeypatch):
    folder, source = usual
    start = tmp_path / "user" / "profile_default" / "startup" / "mine.py"
    start.parent.mkdir(parents=True)
    start.write_text(STARTS)
    monkeypatch.setenv("PYTHONSTARTUP", str(start))
    theirs = {
        "MPLBACKEND": "agg", "LANG": "C", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7",
        "OMP_NUM_THREADS": "2", "IPYTHONDIR": str(tmp_path / "user"),
    }  # fmt: skip
    found = []
    for place, settings in (("a", {}), ("b", theirs)):
        monkeypatch.setenv("TMPDIR", str(tmp_path / place))
        monkeypatch.setenv("HERE", str(tmp_path / place))
        monkeypatch.setattr(tempfile, "tempdir", None)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        if settings:
            monkeypatch.delenv("HOME")
        execute(source, folder / f"{place}.ipynb", {"seed": 8}, folder)
        found.append(outputs_of(folder / f"{place}.ipynb"))
        assert list((tmp_path / place).iterdir()) == []
    assert found[0] == found[1]
    assert f"{sys.executable} 8 UTC " in printed(folder / "a.ipynb")
    assert "của tôi {x} và\n1 True\nFalse" in printed(folder / "a.ipynb")
    assert any("image/png" in out.get("data", {}) for cell in found[0] for out in cell)


@pytest.mark.more
def test_pictures_appear_under_plain_papermill_where_a_server_names_a_backend_that_shows_none(
    tmp_path, monkeypatch
):
    plot = "import pandas as pd\nfrom sapa_analysis.reporting.figures.style import new_figure, style\n" \
           "with style():\n    ax = new_figure().subplots()\n    ax.plot([1, 3])"  # fmt: skip
    source = write_notebook(
        tmp_path / "mine.ipynb", plot, f"import matplotlib\nmatplotlib.use('agg')\n{plot}"
    )
    found = []
    for backend in ("agg", "module://matplotlib_inline.backend_inline"):
        monkeypatch.setenv("MPLBACKEND", backend)
        papermill.execute_notebook(str(source), str(tmp_path / "copy.ipynb"), progress_bar=False)
        found.append(outputs_of(tmp_path / "copy.ipynb"))
    assert "image/png" in found[0][1][-1]["data"]
    assert found[0][1] == found[1][1]
    assert not any("image/png" in out.get("data", {}) for out in found[1][2])  # the notebook has chosen so


def test_a_run_works_where_nothing_of_the_user_can_be_written_and_temporary_names_are_long(
    tmp_path, monkeypatch
):
    theirs = tmp_path / "jupyter" / "kernels" / "python3"
    theirs.mkdir(parents=True)
    spec = {"argv": ["/bin/false", "{connection_file}"], "display_name": "theirs", "language": "python"}
    (theirs / "kernel.json").write_text(json.dumps(spec))
    long = tmp_path / ("x" * 104)
    long.mkdir()
    monkeypatch.setenv("JUPYTER_PATH", str(theirs.parents[1]))
    monkeypatch.setenv("HOME", "/proc")
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    flood = "import sys\nprint(sys.executable)\nfor line in range(60_000):\n    print(line, 'x' * 100)"
    source = write_notebook(tmp_path / "mine.ipynb", flood)
    execute(source, tmp_path / "copy.ipynb", {"seed": 8}, tmp_path)
    assert printed(tmp_path / "copy.ipynb").startswith(sys.executable)
    assert list(long.iterdir()) == []
    assert (tmp_path / "copy.ipynb").stat().st_size < 1.3 * client_module.MOST_OUTPUT
    assert "characters more were cut" in (tmp_path / "copy.ipynb").read_text(encoding="utf-8")


def test_the_kernels_that_a_user_has_registered_are_left_aside(tmp_path, monkeypatch):
    spec = {"argv": ["/bin/false", "{connection_file}"], "display_name": "theirs", "language": "python"}
    for variable, where in (("JUPYTER_PATH", ""), ("JUPYTER_DATA_DIR", "data"), ("IPYTHONDIR", "ipython")):
        folder = tmp_path / where / "kernels" / "python3"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(spec))
        monkeypatch.setenv(variable, str(tmp_path / where))
    assert Kernel(kernel_name="python3").kernel_spec.argv[0] == sys.executable


@given(
    st.dictionaries(st.sampled_from([*kernel_environment("/t"), "PYTHONSTARTUP", "LANGUAGE"]), st.just("x"))
)
def test_what_decides_over_outputs_is_ours_and_the_rest_the_callers(theirs):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ({"OPENBLAS_CORETYPE": "Haswell", "MINE": "1"} | theirs).items():
            patch.setenv(name, value)
        ours = kernel_environment("/t")
        patch.delenv("MPLBACKEND", raising=False)
    assert (ours["OPENBLAS_CORETYPE"], ours["MINE"]) == (theirs.get("OPENBLAS_CORETYPE", "Haswell"), "1")
    assert (ours["MPLBACKEND"], ours["TZ"]) == ("module://matplotlib_inline.backend_inline", "UTC")
    assert not {"PYTHONSTARTUP", "LANGUAGE"} & ours.keys()


@pytest.mark.skipif(os.name == "nt", reason="here kernels never use files")
@given(st.text(alphabet="xạ", max_size=70))
def test_a_kernels_sockets_are_files_with_a_path_that_fits(name):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        place = Path(folder, f"t{name}")
        place.mkdir()
        patch.setattr(tempfile, "tempdir", str(place))
        made = Path(make_folder())
        prefix = socket_prefix(f"{made}/500")
        assert prefix
        assert len(os.fsencode(f"{prefix}-5")) <= 103
        assert made.stat().st_mode & 0o77 == 0
        assert list(made.iterdir()) == []
        assert [*place.iterdir()] == ([made] if made.parent == place else [])
        made.rmdir()


@pytest.mark.more
def test_where_no_path_fits_a_kernel_uses_the_loopback(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel_module, "socket_prefix", lambda folder: "")
    source = write_notebook(tmp_path / "mine.ipynb", "print(seed)")
    execute(source, tmp_path / "copy.ipynb", {"seed": 8}, tmp_path)
    assert outputs_of(tmp_path / "copy.ipynb")[-1] == [
        {"name": "stdout", "output_type": "stream", "text": ["8\n"]}
    ]


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
        patch.setattr(client_module, "MOST_OUTPUT", LIMIT)
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
        patch.setattr(client_module, "MOST_OUTPUT", LIMIT)
        small = message("stream", name="stdout", text="small")
        outputs = received([*messages, message("clear_output", wait=wait), small])
    assert [out["text"] for out in outputs] == ["small"]


def test_every_cell_has_room_of_its_own(monkeypatch):
    monkeypatch.setattr(client_module, "MOST_OUTPUT", LIMIT)
    client = Client(NotebookExecutionManager(nbformat.v4.new_notebook(), progress_bar=False))
    flood = message("stream", name="stdout", text="x" * 2 * LIMIT)
    first, second = (received([flood], cell, client) for cell in (0, 1))
    assert [out.text for out in first] == [out.text for out in second]
    assert first[0].text == "x" * LIMIT
    assert "more were cut; a copy keeps 3,000 of each cell" in first[1].text
