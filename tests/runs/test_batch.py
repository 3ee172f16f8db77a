"""Many runs: one row per run, a failing or killed run leaves the others alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from sapa_analysis.core.errors import OutputError, ParamsError
from sapa_analysis.runs.batch import run_batch
from sapa_analysis.runs.jobs import Failure, Run, run_jobs
from sapa_analysis.runs.notebook import headline_of

pytest_plugins = ["workshop"]


@dataclass(frozen=True)
class Done:
    """What is left of a batch: its folder, its table, its runs as told, and its progress."""

    out: Path
    table: pd.DataFrame
    runs: list[Run | Failure]
    told: list[dict]


def write(folder: Path, text: str) -> Path:
    path = folder / "batch.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def done(workshop, tmp_path_factory) -> Done:
    """Run one batch of all notebooks of the workshop, one of them twice."""
    folder, runs, told = tmp_path_factory.mktemp("batch"), [], []
    path = write(folder, "reason: x\nruns:\n  - notebook: [answers, fails, dies, ends]\n"
                         "  - {notebook: answers, grid: {seed: [7]}}\n")  # fmt: skip

    def run_and_keep(*given, **options):
        runs.extend(run_jobs(*given, **options))
        return runs

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sapa_analysis.runs.batch.run_jobs", run_and_keep)
        table = run_batch(path, folder / "out", root=workshop, jobs=2, on_event=told.append)
    return Done(folder / "out", table, runs, told)


def test_failing_and_killed_runs_are_rows_and_the_others_go_on(done):
    table, out = done.table, done.out
    assert table["status"].tolist() == ["ok", "failed", "failed", "failed", "ok"]
    assert "no good" in table["error"][1]
    assert table["partial"][1].startswith("fails-")
    assert table["headline"].tolist() == ["seed 20230115", "", "", "", "seed 7"]
    assert "signal 9" in table["error"][2]
    assert "exit status 1" in table["error"][3]
    ends = [event for event in done.told if event["event"] == "ended"]
    assert [(event["number"], event["runs"]) for event in ends] == [(n, 5) for n in (1, 2, 3, 4, 5)]
    assert {event["run"] for event in done.told if event["event"] == "started"} == set(table["name"])
    written = pd.read_csv(out / "runs.csv", keep_default_na=False)
    assert written["run"].tolist() == [1, 2, 3, 4, 5]
    assert all((out / name).is_file() for name in written["copy"] if name)
    assert pd.read_csv(out / "failures.csv")["notebook"].tolist() == ["fails", "dies", "ends"]
    assert not [path.name for path in out.iterdir() if path.name.startswith(".")]
    assert sorted(path.name.split("-")[0] for path in out.glob("*-failed.ipynb")) == ["dies", "ends", "fails"]


def test_results_come_in_the_order_of_the_jobs(done):
    assert [type(run) for run in done.runs] == [Run, Failure, Failure, Failure, Run]
    assert headline_of(done.runs[-1].row) == ["seed 7"]


def test_an_executed_copy_knows_its_own_name_and_leaves_no_sockets(done, workshop):
    run = done.runs[-1]
    content = json.loads(run.path.read_text(encoding="utf-8"))
    assert content["metadata"]["papermill"]["output_path"] == str(run.path)
    assert not list(workshop.glob("kernel-ipc*"))


def test_nothing_starts_when_one_job_is_wrong(workshop, tmp_path):
    with pytest.raises(ParamsError, match="did you mean seed"):
        run_jobs([("answers", {}), ("answers", {"sead": 1})], tmp_path / "out", root=workshop)
    assert not (tmp_path / "out").exists()


def test_every_wrong_job_is_told_at_once(workshop, tmp_path):
    with pytest.raises(ParamsError) as caught:
        run_jobs([("answer", {}), ("answers", {"sead": 1, "lang": "fr"})], tmp_path, root=workshop)
    for words in ("run 1, answer,", "did you mean answers?", "run 2, answers,", "did you mean seed?", "'fr'"):
        assert words in str(caught.value)


def test_a_folder_that_may_not_be_written_stops_a_batch_before_it_starts(workshop, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)
    with pytest.raises(OutputError, match=r"cannot be written: permission denied"):
        run_jobs([("answers", {})], tmp_path, root=workshop)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_stops_a_batch_before_it_starts(workshop, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=r"file cannot be written: File exists"):
        run_jobs([("answers", {})], tmp_path / "file", root=workshop)


def test_a_folder_below_a_file_stops_a_batch_before_it_starts(workshop, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        run_jobs([("answers", {})], tmp_path / "file" / "below", root=workshop)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
