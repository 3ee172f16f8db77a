"""Forked kernels: the same outputs as of one that was started for itself, nothing kept from run to run, no orphan."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest
from written import ROOT, outputs_of, printed, write_notebook

from sapa_analysis.runs import forks, kernel
from sapa_analysis.runs.kernel import RunError, Usage, execute
from sapa_analysis.runs.pool import call_all

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
#: Times that a look is taken for what is to end or to begin, a tenth of a second apart.
LOOKS = 600


def in_turn(folder: Path, *sources: Path) -> list[Usage | Exception]:
    """Run notebooks one after the other, their kernels forked from one process."""
    calls = [(source, copy_of(source), {}, folder) for source in sources]
    found = dict(call_all(execute, calls, jobs=1))
    return [found[place] for place in range(len(sources))]


def copy_of(source: Path) -> Path:
    return source.with_name(f"{source.stem}-copy.ipynb")


def started_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(kernel, "server_for", lambda folder: None)


@pytest.fixture
def forked(monkeypatch):
    """Return the processes that have forked kernels, one for each kernel."""
    made, receive = [], forks.Server._receive

    def count(self, answer):
        made.extend([self] * ("pid" in answer))
        receive(self, answer)

    monkeypatch.setattr(forks.Server, "_receive", count)
    return made


# the same as a kernel of its own --------------------------------------------------------------------------

STATE = """import gc, json, locale, logging, os, resource, signal, sys, threading, warnings
import sapa_analysis as sapa
import matplotlib, matplotlib.pyplot as plt, numpy as np, pandas as pd
import pandera.pandas, scipy.stats, statsmodels.tsa.api
here = os.environ["TMPDIR"]
print(json.dumps({
    "path": sys.path, "argv": [word.replace(here, "") for word in sys.argv], "cwd": os.getcwd(),
    "environ": {name: value.replace(here, "") for name, value in os.environ.items() if name != "JPY_PARENT_PID"},
    "warnings": sorted(map(repr, warnings.filters)),
    "signals": {kind.name: repr(signal.getsignal(kind)).split(" at ")[0] for kind in signal.Signals},
    "mask": repr(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "files": len(os.listdir("/proc/self/fd")),
    "threads": [sorted(thread.name for thread in threading.enumerate()), len(os.listdir("/proc/self/task"))],
    "figures": [{name: repr(value) for name, value in dict.items(matplotlib.rcParams)}, matplotlib.get_backend()],
    "tables": [repr(pd.get_option(name)) for name in ("display.max_columns", "display.width", "display.max_rows")],
    "interpreter": [repr(sys.flags), sys.getrecursionlimit(), gc.isenabled(), hash("x"), sys.stdin.name],
    "process": [os.getsid(0) == os.getpid(), resource.getrlimit(resource.RLIMIT_NOFILE), locale.setlocale(locale.LC_ALL)],
    "main": sorted(vars(sys.modules["__main__"])), "builtins": sorted(vars(__builtins__)),
    "loggers": [repr(logging.root.handlers), logging.root.level],
    "numbers": [repr(np.get_printoptions()), np.geterr()],
}, sort_keys=True, indent=1))"""


@pytest.mark.more
def test_a_forked_kernel_is_as_one_that_was_started(tmp_path, monkeypatch, forked):
    source = write_notebook(tmp_path / "state.ipynb", STATE)
    execute(source, tmp_path / "forked.ipynb", {}, tmp_path)
    assert len(forked) == 1
    started_alone(monkeypatch)
    execute(source, tmp_path / "started.ipynb", {}, tmp_path)
    assert len(forked) == 1
    one, other = (json.loads(printed(tmp_path / f"{name}.ipynb")) for name in ("forked", "started"))
    assert one == other


@pytest.mark.more
@pytest.mark.slow
def test_a_notebook_has_the_same_outputs_forked_and_started(tmp_path, monkeypatch, forked):
    source = ROOT / "notebooks/02_trajectory.ipynb"
    execute(source, tmp_path / "forked.ipynb", {}, ROOT)
    assert len(forked) == 1
    started_alone(monkeypatch)
    execute(source, tmp_path / "started.ipynb", {}, ROOT)
    assert outputs_of(tmp_path / "forked.ipynb") == outputs_of(tmp_path / "started.ipynb")
    kinds = {
        kind for cell in outputs_of(tmp_path / "forked.ipynb") for out in cell for kind in out.get("data", {})
    }
    assert {"image/png", "text/html", "application/vnd.sapa.record+json"} <= kinds


# nothing is kept ------------------------------------------------------------------------------------------

CHANGES = """import builtins, os, random, sys, warnings
import matplotlib, numpy as np, pandas as pd
import sapa_analysis as sapa
from pathlib import Path
matplotlib.rcParams["figure.dpi"] = 7
pd.set_option("display.max_rows", 7)
np.random.seed(7), np.set_printoptions(precision=1), random.seed(7)
np.mean = builtins.mine = sapa.core.mine = 7
os.environ["MINE"] = "7"
os.chdir("/")
sys.path.insert(0, "/mine")
warnings.simplefilter("error")
Path(os.environ["TMPDIR"], "mine").write_text("7")"""
REPORTS = """import builtins, os, random, sys, tempfile, warnings
import matplotlib, numpy as np, pandas as pd
import sapa_analysis as sapa
from pathlib import Path
print([matplotlib.rcParams["figure.dpi"] == 7, pd.get_option("display.max_rows") == 7, np.mean == 7,
       np.get_printoptions()["precision"] == 1, hasattr(builtins, "mine"), hasattr(sapa.core, "mine"), "MINE" in os.environ,
       os.getcwd() == "/", "/mine" in sys.path, warnings.filters[0][0] == "error", Path(tempfile.gettempdir(), "mine").exists()])
print(np.random.random(), random.random())"""


def test_nothing_of_a_run_reaches_the_next(tmp_path, forked):
    changes = write_notebook(tmp_path / "a.ipynb", CHANGES)
    reports = [write_notebook(tmp_path / f"{name}.ipynb", REPORTS) for name in "bc"]
    assert [type(each) for each in in_turn(tmp_path, changes, *reports)] == [Usage] * 3
    assert len(forked) == 3
    (kept, drawn), (_, other) = (printed(copy_of(path)).splitlines() for path in reports)
    assert "True" not in kept
    assert not {*drawn.split()} & {*other.split()}


@pytest.mark.more
def test_another_environment_or_folder_gets_a_process_of_its_own(tmp_path, monkeypatch, forked):
    source = write_notebook(tmp_path / "mine.ipynb", "import os\nprint(os.environ.get('MINE'), os.getcwd())")
    with forks.held():
        for number, value in enumerate(["1", "2"]):
            monkeypatch.setenv("MINE", value)
            folder = tmp_path / value
            folder.mkdir()
            execute(source, tmp_path / f"{number}.ipynb", {}, folder)
            assert printed(tmp_path / f"{number}.ipynb") == f"{value} {folder}\n"
    assert len({*forked}) == 2


@pytest.mark.more
def test_a_folder_that_holds_another_package_gets_kernels_of_their_own(tmp_path, forked):
    package = tmp_path / "sapa_analysis" / "__init__.py"
    package.parent.mkdir()
    package.write_text("who = 'another'")
    source = write_notebook(tmp_path / "mine.ipynb", "import sapa_analysis\nprint(sapa_analysis.__file__)")
    execute(source, tmp_path / "forked.ipynb", {}, tmp_path)
    assert forked == []


# no orphan, no file ---------------------------------------------------------------------------------------

LASTS = [
    "import os, subprocess, tempfile\nchild = subprocess.Popen(['sleep', '600'])\nplace = tempfile.mkdtemp()",
    "from pathlib import Path\nPath(os.environ['BEGUN'], str(os.getpid())).touch()\nimport time\ntime.sleep(600)",
]
BATCH = """import sys
from pathlib import Path
from sapa_analysis.runs.kernel import execute
from sapa_analysis.runs.pool import call_all, stops_on_sigterm
folder = Path(sys.argv[1])
calls = [(folder / "mine.ipynb", folder / f"{name}.ipynb", {}, folder) for name in "ab"]
with stops_on_sigterm():
    for place, result in call_all(execute, calls, jobs=2):
        print(place, result, flush=True)
"""


@pytest.fixture
def batch(tmp_path, monkeypatch):
    """Return a command that runs two notebooks which do not end, and its folder for temporary files."""
    write_notebook(tmp_path / "mine.ipynb", *LASTS)
    for name in ("begun", "own"):
        (tmp_path / name).mkdir()
    settings = os.environ | {"BEGUN": str(tmp_path / "begun"), "TMPDIR": str(tmp_path / "own")}
    command = [sys.executable, "-W", "error", "-c", BATCH, str(tmp_path)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    hears = partial(
        signal.signal, signal.SIGINT, signal.SIG_DFL
    )  # also where the tests run in the background
    with subprocess.Popen(command, env=settings, text=True, preexec_fn=hears, **pipes) as process:
        yield process
        process.kill()


def until(reached) -> None:
    """Look until something is reached."""
    for _ in range(LOOKS):
        if reached():
            return
        time.sleep(0.1)
    pytest.fail("it was not reached")


def living(folder: Path) -> list[psutil.Process]:
    """Return the processes whose temporary files are in a folder, the command that started them apart."""
    found = []
    for process in psutil.process_iter():
        try:
            place = process.environ().get("TMPDIR", "")
            if place.startswith(f"{folder}/") and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def begun(tmp_path: Path) -> list[int]:
    return [int(path.name) for path in (tmp_path / "begun").iterdir()]


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGKILL,
        *(pytest.param(each, marks=pytest.mark.more) for each in (signal.SIGINT, signal.SIGTERM)),
    ],
)
def test_a_command_that_is_stopped_leaves_no_process_and_no_file(batch, tmp_path, number):
    own = tmp_path / "own"
    until(lambda: len(begun(tmp_path)) == 2)
    assert len(living(own)) >= 5  # what forks, two kernels, what each has started
    batch.send_signal(number)
    until(lambda: not living(own) and not list(own.iterdir()))
    said, _ = batch.communicate()
    assert "Warning" not in said
    assert batch.returncode
    for copy in tmp_path.glob("[ab].ipynb"):
        json.loads(copy.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", [pytest.param(signal.SIGKILL, marks=pytest.mark.more), signal.SIGINT])
def test_a_command_that_is_stopped_while_libraries_load_leaves_nothing(batch, tmp_path, number):
    own = tmp_path / "own"
    until(lambda: living(own))
    batch.send_signal(number)
    until(lambda: not living(own) and not list(own.iterdir()))


@pytest.mark.parametrize("what", [pytest.param("kernel", marks=pytest.mark.more), "server"])
def test_what_is_killed_costs_its_runs_and_leaves_nothing(batch, tmp_path, what):
    own = tmp_path / "own"
    until(lambda: len(begun(tmp_path)) == 2)
    kernels = begun(tmp_path)
    victim = kernels[0] if what == "kernel" else psutil.Process(kernels[0]).ppid()
    os.kill(victim, signal.SIGKILL)
    line = batch.stdout.readline()
    assert line[2:] == "mine failed, its kernel stopped: signal 9\n"
    if what == "kernel":
        assert {process.pid for process in living(own)} > {kernels[1]}
        batch.terminate()
    until(lambda: not living(own) and not list(own.iterdir()))


@pytest.mark.more
def test_a_worker_of_an_executor_keeps_what_it_has_loaded_until_it_ends(tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setenv("TMPDIR", str(own))
    source = write_notebook(tmp_path / "mine.ipynb", "import os\nprint(os.getppid())")
    calls = [(source, tmp_path / f"{name}.ipynb", {}, tmp_path) for name in "ab"]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        assert [type(result) for _, result in call_all(execute, calls, jobs=1, executor=executor)] == [
            Usage
        ] * 2
    assert printed(tmp_path / "a.ipynb") == printed(tmp_path / "b.ipynb")
    until(lambda: not living(own) and not list(own.iterdir()))


def test_where_none_can_be_forked_kernels_are_started(tmp_path, monkeypatch, forked):
    monkeypatch.setattr(forks, "_START", "raise SystemExit('no')")
    source = write_notebook(tmp_path / "mine.ipynb", "print(seed)")
    results = in_turn(tmp_path, source, source)
    assert [type(each) for each in results] == [Usage, Usage]
    assert forked == []
    assert results[0].cpu > 0


def test_a_limit_of_time_ends_a_run_that_waits_for_what_it_has_started(tmp_path):
    source = write_notebook(tmp_path / "mine.ipynb", "import os\nos.system('sleep 600')")
    with pytest.raises(RunError, match="took longer than 4 seconds"):
        execute(source, tmp_path / "copy.ipynb", {}, tmp_path, timeout=4)


@pytest.mark.more
def test_nothing_stays_open_after_many_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    source = write_notebook(tmp_path / "mine.ipynb", "print(seed)")
    in_turn(tmp_path, source)
    me = psutil.Process()
    before = (me.num_fds(), len(me.children(recursive=True)))
    in_turn(tmp_path, *[source] * 6)
    assert (me.num_fds(), len(me.children(recursive=True))) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine-copy.ipynb", "mine.ipynb"]
