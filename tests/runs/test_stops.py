"""Batches of real processes: stopped, killed, two at once, in other processes; every run is done once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from cheap import hidden_in, rows_of

from sapa_analysis.runs.jobs import Failure, Run, run_jobs, run_notebook
from sapa_analysis.runs.journal import lock_of
from sapa_analysis.runs.key import Inputs
from sapa_analysis.runs.notebook import lost
from sapa_analysis.runs.work import Work, silent

pytest_plugins = ["workshop"]
pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SEEDS = [1, 2, 3, 4]
#: A command that is started in the background hears no Ctrl-C, nor do its children.
HEARS = None if os.name == "nt" else partial(signal.signal, signal.SIGINT, signal.SIG_DFL)


def batch(root, out, *words, notebook="waits"):
    """Start `sapa batch` on as many runs as there are seeds."""
    file = out.parent / f"{notebook}.yml"
    file.write_text(f"reason: x\nruns:\n  - {{notebook: {notebook}, grid: {{seed: {SEEDS}}}}}\n")
    command = [
        sys.executable,
        "-m",
        "sapa_analysis.cli",
        "batch",
        str(file),
        "--out",
        str(out),
        "--json",
        *words,
    ]
    return subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, preexec_fn=HEARS,
    )  # fmt: skip


def events_of(text):
    return [json.loads(line) for line in text.splitlines()]


def told(events, kind):
    return [event["parameters"]["seed"] for event in events if event["event"] == kind]


def test_a_signal_that_comes_between_a_lock_and_its_with_leaves_no_lock_behind(tmp_path, monkeypatch):
    def interrupted(work, *_):
        torn = lock_of(work.out)
        torn.__enter__()
        raise KeyboardInterrupt

    monkeypatch.setattr(Work, "_pass", interrupted)
    monkeypatch.setattr("sapa_analysis.runs.journal._WAIT", 0.1)
    work = Work({}, tmp_path, silent)
    work.begin(tabled=True, fresh=False)
    work.tasks = {"x": None}
    with pytest.raises(KeyboardInterrupt):
        work.go(1, None, (False, None, ""), fail_fast=False)
    assert (tmp_path / "index.html").exists()
    assert hidden_in(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="other signals there")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(signal.SIGINT, 130, marks=pytest.mark.more),
        (signal.SIGTERM, 143),
        pytest.param(getattr(signal, "SIGKILL", 0), -9, marks=pytest.mark.more),
    ],
)
def test_a_stopped_batch_keeps_what_ended_and_the_same_command_makes_the_rest(
    workshop, tmp_path, number, code
):
    out = tmp_path / "out"
    with batch(workshop, out, "--jobs", "2") as process:
        seen = []
        for line in process.stdout:
            seen.append(json.loads(line))
            if sum(event["event"] == "started" for event in seen) == 3:
                break
        process.send_signal(number)
        rest, said = process.communicate()
        assert process.returncode == code, said
    events = seen + events_of(rest)
    ended = told(events, "ended")
    stands = [row["parameters"]["seed"] for row in rows_of(out)]
    assert 1 <= len(stands) < len(SEEDS)
    assert set(ended) <= set(stands)
    assert all(row["status"] == "ok" for row in rows_of(out))
    if number != signal.SIGKILL:
        done = events[-1].get("done", 0)  # it may have been stopped before it told of the last
        assert len(ended) <= done <= len(stands)
        assert said == f"stopped: {done} of 4 runs are done; the same command makes the others\n"
        assert events[-1] == {"event": "stopped", "done": done, "runs": 4}
        assert hidden_in(out) == []
        assert len((out / "runs.csv").read_text().splitlines()) == 1 + len(stands)
        assert (out / "index.html").exists()
    with batch(workshop, out, "--jobs", "1") as again:
        rest, said = again.communicate()
        assert (again.returncode, said) == (0, "")
    reused = told(events_of(rest), "reused")
    assert sorted(told(events_of(rest), "ended") + reused) == SEEDS
    # killed between its copy and its row, a run has a copy that says all
    assert {*reused} >= {*stands} if number == signal.SIGKILL else sorted(reused) == sorted(stands)
    assert sorted(row["parameters"]["seed"] for row in rows_of(out)) == SEEDS
    assert hidden_in(out) == []
    assert len((out / "runs.csv").read_text().splitlines()) == 5


@pytest.mark.more
def test_two_batches_at_once_share_the_work_and_end_with_the_same_tables(workshop, tmp_path):
    out = tmp_path / "out"
    with batch(workshop, out, "--jobs", "1") as one, batch(workshop, out, "--jobs", "1") as two:
        told_by = [events_of(process.communicate()[0]) for process in (one, two)]
        assert (one.returncode, two.returncode) == (0, 0)
    ended = [told(events, "ended") for events in told_by]
    assert sorted(ended[0] + ended[1]) == SEEDS
    assert all(ended)
    assert all(sorted(told(events, "ended") + told(events, "reused")) == SEEDS for events in told_by)
    assert sorted(row["parameters"]["seed"] for row in rows_of(out)) == SEEDS
    assert hidden_in(out) == []
    rows = (out / "runs.csv").read_text().splitlines()
    assert [row.split(",")[1:4] for row in rows[1:]] == [
        ["waits", f'"{{""seed"": {n}}}"', "ok"] for n in SEEDS
    ]


@pytest.mark.more
def test_one_run_started_twice_at_once_is_made_once(workshop, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(run_notebook, "waits", {"seed": 9}, tmp_path, root=workshop) for _ in range(2)]
        one, two = (call.result() for call in calls)
    assert (one.path, one.row) == (two.path, two.row)
    assert [row["parameters"] for row in rows_of(tmp_path)] == [{"seed": 9}]
    assert sorted(os.listdir(tmp_path)) == sorted([one.path.name, "runs.jsonl"])


@pytest.mark.more
def test_a_pool_of_processes_makes_the_runs(workshop, tmp_path):
    jobs = [("answers", {"seed": 1}), ("fails", {}), ("answers", {"seed": 2})]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        results = run_jobs(jobs, tmp_path, root=workshop, executor=pool)
    assert [type(result) for result in results] == [Run, Failure, Run]
    assert [row["status"] for row in rows_of(tmp_path)].count("ok") == 2
    assert hidden_in(tmp_path) == []


def test_what_an_executor_loses_is_a_failed_row_with_what_there_was_of_its_copy(workshop, tmp_path):
    task = Inputs(workshop).task(("answers", {"seed": 5}), tmp_path)
    (tmp_path / f".{task.name}.x1y2.ipynb").write_bytes(task.source.read_bytes())
    row = lost(task, RuntimeError("the worker\nis gone"))
    assert row["error"] == "RuntimeError: the worker is gone"
    assert (tmp_path / row["partial"]).is_file()
    assert [kept["status"] for kept in rows_of(tmp_path)] == ["failed"]
    [again] = run_jobs([("answers", {"seed": 5})], tmp_path, root=workshop)
    assert isinstance(again, Run)
    assert not (tmp_path / row["partial"]).exists()


def test_a_run_that_takes_too_long_is_a_failure_and_the_others_go_on(workshop, tmp_path):
    results = run_jobs([("waits", {}), ("fails", {})], tmp_path, root=workshop, timeout=0.5, jobs=1)
    assert [type(result) for result in results] == [Failure, Failure]
    assert "took longer than 0.5 seconds" in results[0].error
