"""Several processes at one register, and processes that are killed at it: nothing is lost, nobody waits for ever."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from registers import DAY, LATER, files_of, issue, said

from sapa_analysis.core import lock
from sapa_analysis.core.errors import OutputError, RegisterError
from sapa_analysis.core.lock import held
from sapa_analysis.verdicts.register import complete_register, read_index, read_register

ROOT = Path(__file__).parents[2]
#: A process that issues the same verdicts on given days, once a file says go.
ISSUER = """
import os, sys, time
from datetime import date
from pathlib import Path
import pandas as pd
from sapa_analysis.core import SapaError
from sapa_analysis.verdicts import issue_verdicts
place, name, *days = sys.argv[1:]
verdicts, readings = (pd.read_pickle(Path(place, kind)) for kind in ("verdicts", "readings"))
Path(place, "ready-" + name).touch()
while not Path(place, "go").exists():
    time.sleep(0.001)
if name.isdecimal():  # killed when it has moved in so many files
    moves, real = [], os.replace
    def replace(old, new):
        if len(moves) == int(name):
            os._exit(9)
        real(old, moves.append(new) or new)
    os.replace = replace
    os.unlink = lambda path: os._exit(9)
for day in days:
    try:
        file = issue_verdicts(Path(place, "register"), verdicts, readings, area="sa_pa",
                              as_of=date.fromisoformat(day), issued=date(2024, 1, 5))
        print("issued", file.name)
    except SapaError as error:
        print("refused", error)
"""


@contextmanager
def issuer(place: Path, name: str, *days: str) -> Iterator[subprocess.Popen[str]]:
    place.mkdir(exist_ok=True)
    for kind, table in zip(("verdicts", "readings"), said(), strict=True):
        table.to_pickle(place / kind)
    words = [sys.executable, "-c", ISSUER, str(place), name, *days]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def await_ready(place: Path, **processes: subprocess.Popen[str]) -> None:
    while not all((place / f"ready-{name}").exists() for name in processes):
        assert all(process.poll() is None for process in processes.values())
        threading.Event().wait(0.01)


def test_four_processes_that_issue_at_once_leave_every_entry_and_one_of_what_all_said(tmp_path):
    days = [[f"2023-{month:02d}-{day:02d}" for month in (1, 2)] for day in (1, 2, 3, 4)]
    same = "2023-06-30"
    with (
        issuer(tmp_path, "a", same, *days[0]) as a,
        issuer(tmp_path, "b", same, *days[1]) as b,
        issuer(tmp_path, "c", same, *days[2]) as c,
        issuer(tmp_path, "d", same, *days[3]) as d,
    ):
        await_ready(tmp_path, a=a, b=b, c=c, d=d)
        (tmp_path / "go").touch()
        told = [process.communicate()[0].splitlines() for process in (a, b, c, d)]
    entries = read_index(tmp_path / "register")
    assert [row["entry"] for row in entries] == [str(number) for number in range(1, 10)]
    assert {row["as_of"] for row in entries} == {same, *(day for pair in days for day in pair)}
    lines = [line for text in told for line in text]
    assert sorted(line.split()[1] for line in lines if line.startswith("issued")) == sorted(
        f"{row['as_of']}.csv" for row in entries
    )
    assert len([line for line in lines if "stand there already" in line]) == 3


@pytest.fixture(scope="module")
def killed(tmp_path_factory, issued) -> dict[int, Path]:
    """Return registers at which an issue was killed after so many files; all processes run at once."""
    places = {number: tmp_path_factory.mktemp(f"killed-{number}") for number in range(5)}
    started = []
    for number, place in places.items():
        shutil.copytree(issued, place / "register")
        (place / "go").touch()
        context = issuer(place, str(number), "2024-01-01")
        started.append((context, context.__enter__()))
    for context, process in started:
        assert process.wait() == 9
        context.__exit__(None, None, None)
    return {number: place / "register" for number, place in places.items()}


#: Files moved in before the process is killed, and whether the entry then stands: the second file is the head.
MOVED = [(0, False), (1, False), (2, True), (3, True), (4, True)]


@pytest.mark.parametrize(("moved", "stands"), MOVED)
def test_an_issue_that_was_killed_between_two_files_is_nothing_or_is_completed(
    killed, issued, tmp_path, moved, stands
):
    register = Path(shutil.copytree(killed[moved], tmp_path / "register"))
    problems = []
    read_index(register, problems)
    if moved in (2, 3):
        assert [problem.file for problem in problems] == ["register/head.csv"]
        assert "its issue was cut off, or the line was deleted; `sapa issue` writes it there" in str(
            problems[0]
        )
        with pytest.raises(RegisterError, match="was cut off"):
            read_register(register)
        assert complete_register(register) == ["sa_pa/2024-01-01.csv"]
    else:
        assert problems == []
        assert complete_register(register) == []
    assert len(read_index(register)) == 3 + stands
    assert all(files_of(register)[file] == text for file, text in files_of(issued).items() if "/" in file)


@pytest.mark.parametrize(("moved", "stands"), MOVED)
def test_the_next_issue_completes_one_that_was_killed_and_clears_up(killed, tmp_path, moved, stands):
    register = Path(shutil.copytree(killed[moved], tmp_path / "register"))
    (register / "sa_pa/.2023-06-30.csv.swp").write_text("of an editor")
    issue(register, paths=(9.0, 9.5), issued=LATER)
    assert len(read_index(register)) == 4 + stands
    assert sorted(path.name for path in register.rglob(".*")) == [".2023-06-30.csv.swp", ".lock"]


@pytest.mark.parametrize("moved", [2, 3])
def test_who_says_the_same_again_after_a_kill_is_told_that_it_stands(killed, tmp_path, moved):
    register = Path(shutil.copytree(killed[moved], tmp_path / "register"))
    verdicts = {"as_of": DAY.replace(year=2024, month=1, day=1), "issued": LATER}
    with pytest.raises(RegisterError, match="stand there already"):
        issue(register, **verdicts)
    assert len(read_index(register)) == 4


def test_a_file_that_stands_where_a_killed_issue_would_write_is_not_overwritten(killed, tmp_path):
    register = Path(shutil.copytree(killed[2], tmp_path / "register"))
    (register / "sa_pa/2024-01-01.csv").write_text("by somebody else")
    with pytest.raises(RegisterError, match="some were dropped"):
        issue(register, issued=LATER, paths=(9.0, 9.5))
    assert (register / "sa_pa/2024-01-01.csv").read_text() == "by somebody else"


def test_who_waits_too_long_gets_one_clear_error_and_writes_nothing(register, monkeypatch):
    before = files_of(register)
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.05)
    with held(register / ".lock"), pytest.raises(OutputError) as caught:
        issue(register, paths=(9.0, 9.5), issued=LATER)
    assert "is held by another process, for more than 0.05 seconds; nothing was written" in str(caught.value)
    assert files_of(register) == before
    issue(register, paths=(9.0, 9.5), issued=LATER)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal")
def test_a_process_killed_with_the_lock_in_hand_lets_the_next_one_in(register, tmp_path):
    code = "import sys\nfrom pathlib import Path\nfrom sapa_analysis.core.lock import held\n"
    code += "with held(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    words = [sys.executable, "-c", code, str(register / ".lock")]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match="is held by another process"), held(register / ".lock", wait=0):
            pass
        process.kill()
        process.wait()
    issue(register, paths=(9.0, 9.5), issued=LATER)
    assert len(read_index(register)) == 4


def test_who_reads_while_another_issues_sees_the_register_before_or_after_it(register, monkeypatch):
    """The issue stops after its second file until the reader waits for the lock."""
    writes, waits, real, real_await = threading.Event(), threading.Event(), os.replace, lock._await
    moved = []

    def replace(old, new):
        real(old, new)
        moved.append(new)
        if len(moved) == 2:
            writes.set()
            assert waits.wait(60)

    def await_lock(*args):
        if writes.is_set():
            waits.set()
        real_await(*args)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(lock, "_await", await_lock)
    writer = threading.Thread(target=issue, args=(register,), kwargs={"paths": (9.0, 9.5), "issued": LATER})
    writer.start()
    assert writes.wait(60)
    entries = read_index(register)
    writer.join()
    assert len(entries) == 4


def test_a_register_in_a_folder_that_takes_no_lock_is_read_and_not_written(register, monkeypatch):
    (register / ".lock").mkdir()
    assert len(read_index(register)) == 3
    (register / "sa_pa/stray.csv").touch()
    with pytest.raises(RegisterError, match=r"sa_pa/stray\.csv"):
        read_index(register)
    with pytest.raises(OutputError, match=r"\.lock cannot be written"):
        issue(register, paths=(9.0, 9.5), issued=LATER)


def test_a_system_without_locks_is_one_clear_error(register, monkeypatch):
    def refuse(handle):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(lock, "_try", refuse)
    with pytest.raises(OutputError, match=r"\.lock cannot be locked: Function not implemented"):
        issue(register, paths=(9.0, 9.5), issued=LATER)
