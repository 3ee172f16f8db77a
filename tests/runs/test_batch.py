"""Many runs: the file is read whole, one row per run, a failing or killed run leaves the others alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.errors import OutputError, ParamsError, SapaError
from sapa_analysis.runs.batch import run_batch
from sapa_analysis.runs.grid import Entry, read_batch
from sapa_analysis.runs.notebook import headline_of
from sapa_analysis.runs.jobs import Failure, Run, run_jobs, run_notebook

ROOT = Path(__file__).parents[2]
DIES = "import os\nos.kill(os.getppid(), 9)"


def write(folder: Path, text: str) -> Path:
    path = folder / "batch.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def workshop(module_project):
    """Return a project with small notebooks: one answers, one fails, one kills its parent, one its kernel."""
    folder = module_project.root / "notebooks"
    folder.mkdir()
    whole = json.loads((ROOT / "notebooks/04_targets.ipynb").read_text(encoding="utf-8"))
    tagged = next(cell for cell in whole["cells"] if "parameters" in cell["metadata"].get("tags", []))
    bodies = {
        "answers": "import sapa_analysis as sapa\nsapa.record(headline=[f'seed {seed}'])",
        "fails": "raise ValueError('no good')",
        "dies": DIES,
        "ends": "import os\nos._exit(1)",
    }
    for name, body in bodies.items():
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": body}
        content = {**whole, "cells": [{**tagged, "id": "a"}, {**cell, "id": "b"}]}
        (folder / f"{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    return module_project.root


def test_the_shipped_batches_are_sound_and_cover_every_edition_of_every_core_subject():
    jobs = read_batch(ROOT / "params/batches/core.yml", root=ROOT)
    trajectories = [values for name, values in jobs if name == "02_trajectory"]
    assert len({(values["as_of"], values["indicator"]) for values in trajectories}) == 25
    assert len(jobs) == 30


def test_a_grid_is_every_combination_in_the_order_of_the_file_and_equal_runs_are_one(tmp_path):
    path = write(tmp_path, """
reason: to see
runs:
  - notebook: [04_targets, 02_trajectory]
    parameters: {as_of: 2023-06-30}
    grid: {lang: [vi, en], seed: [1, 2]}
  - {notebook: 04_targets, parameters: {as_of: 2023-06-30, lang: vi, seed: 1}}
""")  # fmt: skip
    jobs = read_batch(path, root=ROOT)
    assert [name for name, _ in jobs] == ["04_targets"] * 4 + ["02_trajectory"] * 4
    assert [(values["lang"], values["seed"]) for _, values in jobs[:4]] == [
        ("vi", 1), ("vi", 2), ("en", 1), ("en", 2)
    ]  # fmt: skip
    assert {values["as_of"] for _, values in jobs} == {"2023-06-30"}


def test_every_problem_of_a_batch_is_told_at_once_with_its_line(tmp_path):
    path = write(tmp_path, """reason: to see
runs:
  - notebook: 02_trajectori
  - notebook: 02_trajectory
    parameters: {indicator: tourist_arrival, horizon: 31}
  - notebook: 04_targets
    grid: {as_off: [2023-01-15], lang: [fr]}
""")  # fmt: skip
    with pytest.raises(ParamsError) as caught:
        read_batch(path, root=ROOT)
    said = str(caught.value)
    assert "batch.yml has 5 problems" in said
    for line, words in (
        (3, "did you mean 02_trajectory?"),
        (4, "did you mean tourist_arrivals?"),
        (4, "found 31; wanted a whole number, 0 to 30 years"),
        (6, "did you mean as_of?"),
        (6, "found 'fr'; wanted text, vi or en"),
    ):
        assert any(f"line {line}," in row and words in row for row in said.splitlines()), (line, words)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reason: x\nrun: []\n", "did you mean runs?"),
        ("reason: x\nruns: []\n", "line 2, runs: wanted at least 1 of them"),
        ("reason: x\nruns:\n  - notebook: []\n", "line 3, runs.0.notebook"),
        (
            "reason: x\nruns:\n  - notebook: 04_targets\n    grid: {lang: [vi], as_of: []}\n",
            "line 4, runs.0.grid.as_of",
        ),
        (
            "reason: x\nruns:\n  - {notebook: 04_targets, grid: {horizon: [1, .inf]}}\n",
            "line 3, runs.0.grid.horizon.1: wanted a finite number; found inf",
        ),
        ("reason: x\nruns:\n  - notebook: " + "[" * 3000, "line 3: not plain YAML: more than 50 levels"),
        ("reason: x\nruns:\n  - {notebook: 04_targets, gird: {lang: [vi]}}\n", "did you mean grid?"),
        ("reason: x\nruns: [", "not plain YAML"),
        ("runs:\n  - notebook: 04_targets\n", "reason: is missing"),
    ],
)
def test_a_file_that_is_no_batch_is_refused(tmp_path, text, message):
    with pytest.raises(ParamsError, match=r"batch\.yml") as caught:
        read_batch(write(tmp_path, text), root=ROOT)
    assert message in str(caught.value)


def test_a_name_under_parameters_and_grid_is_refused_at_its_line(tmp_path):
    text = "reason: x\nruns:\n  - notebook: 04_targets\n    parameters: {lang: vi, seed: 1, horizon: 2}\n"
    path = write(tmp_path, f"{text}    grid:\n      seed: [1]\n      lang: [en]\n")
    with pytest.raises(ParamsError) as caught:
        read_batch(path, root=ROOT)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(6, "seed"), (7, "lang")]
    assert "stands under parameters too" in str(caught.value)


@given(st.lists(st.integers(1, 6), max_size=4), st.integers(1, 3))
def test_a_batch_has_as_many_runs_as_it_counts(sizes, notebooks):
    names = [f"n{place}" for place in range(notebooks)]
    grid = {f"p{place}": list(range(size)) for place, size in enumerate(sizes)}
    entry = Entry(notebook=names, grid=grid)
    assert sum(1 for _ in entry.jobs()) == entry.count


def test_a_file_that_is_no_notebook_is_told_with_its_own_line_too(project, tmp_path):
    (project.root / "notebooks").mkdir()
    (project.root / "notebooks/broken.ipynb").write_text('{"cells":\n[,]}')
    path = write(tmp_path, "reason: x\nruns:\n  - notebook: broken\n")
    with pytest.raises(ParamsError, match=r"line 3, broken notebook: broken\.ipynb, line 2: is no notebook"):
        read_batch(path, root=project.root)
    with pytest.raises(ParamsError, match=r"broken\.ipynb, line 2: is no notebook"):
        run_jobs([("broken", {})], tmp_path / "out", root=project.root)
    with pytest.raises(SapaError, match=r"broken\.ipynb has 1 problem\n  line 2: is no notebook"):
        run_notebook("broken", {}, tmp_path / "out", root=project.root)
    with pytest.raises(SapaError, match="is unknown"):
        run_notebook("x" * 5000, {}, tmp_path / "out", root=project.root)
    assert not (tmp_path / "out").exists()


def test_a_grid_of_far_too_many_runs_is_refused_with_its_size_before_it_is_expanded(tmp_path, monkeypatch):
    monkeypatch.setattr(Entry, "jobs", lambda entry: pytest.fail("a grid was expanded"))
    seeds = str(list(range(1000)))
    text = f"reason: x\nruns:\n  - notebook: 04_targets\n    grid: {{seed: {seeds}, horizon: {seeds}, as_of: {seeds}}}\n"
    with pytest.raises(ParamsError, match=r"line 2, runs: 1,000,000,000 runs; wanted at most 10,000"):
        read_batch(write(tmp_path, text), root=ROOT)


@dataclass(frozen=True)
class Done:
    """What is left of a batch: its folder, its table, its runs as told, and its progress."""

    out: Path
    table: pd.DataFrame
    runs: list[Run | Failure]
    told: list[tuple[int, int]]


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
        table = run_batch(
            path, folder / "out", root=workshop, workers=2, report=lambda n, total, _: told.append((n, total))
        )
    return Done(folder / "out", table, runs, told)


def test_failing_and_killed_runs_are_rows_and_the_others_go_on(done):
    table, out = done.table, done.out
    assert table["status"].tolist() == ["ok", "failed", "failed", "failed", "ok"]
    assert "no good" in table["error"][1]
    assert "fails-" in table["error"][1]
    assert table["headline"].tolist() == ["seed 20230115", "", "", "", "seed 7"]
    assert table["error"][2] == "the process was killed"
    assert "Kernel died" in table["error"][3]
    assert done.told == [(n, 5) for n in (1, 2, 3, 4, 5)]
    written = pd.read_csv(out / "runs.csv", keep_default_na=False)
    assert written["run"].tolist() == [1, 2, 3, 4, 5]
    assert all((out / name).is_file() for name in written["copy"] if name)
    assert pd.read_csv(out / "failures.csv")["notebook"].tolist() == ["fails", "dies", "ends"]
    assert not [path.name for path in out.iterdir() if path.name.startswith(".")]
    assert sorted(path.name.split("-")[0] for path in out.glob("*-failed.ipynb")) == ["dies", "ends", "fails"]


def test_results_come_in_the_order_of_the_jobs(done):
    assert [type(run) for run in done.runs] == [Run, Failure, Failure, Failure, Run]
    assert headline_of(done.runs[-1].records) == ["seed 7"]


def test_an_executed_copy_knows_its_own_name_and_leaves_no_sockets(done, workshop):
    run = done.runs[-1]
    content = json.loads(run.path.read_text(encoding="utf-8"))
    assert content["metadata"]["papermill"]["output_path"] == str(run.path)
    assert not list(workshop.glob("kernel-ipc*"))


def test_failures_of_an_earlier_batch_do_not_stay(done, workshop, tmp_path, monkeypatch):
    (tmp_path / "failures.csv").write_text("stale")
    monkeypatch.setattr("sapa_analysis.runs.batch.run_jobs", lambda *_, **__: done.runs[:1])
    run_batch(write(tmp_path, "reason: x\nruns:\n  - notebook: answers\n"), tmp_path, root=workshop)
    assert (tmp_path / "runs.csv").exists()
    assert not (tmp_path / "failures.csv").exists()


def test_nothing_starts_when_one_job_is_wrong(workshop, tmp_path):
    with pytest.raises(ParamsError, match="did you mean seed"):
        run_jobs([("answers", {}), ("answers", {"sead": 1})], tmp_path / "out", root=workshop)
    assert not (tmp_path / "out").exists()


def test_every_wrong_job_is_told_at_once(workshop, tmp_path):
    with pytest.raises(ParamsError) as caught:
        run_jobs([("answer", {}), ("answers", {"sead": 1, "lang": "fr"})], tmp_path, root=workshop)
    for words in ("run 1, answer,", "did you mean answers?", "run 2, answers,", "did you mean seed?", "'fr'"):
        assert words in str(caught.value)


def test_a_folder_below_a_file_stops_a_batch_before_it_starts(workshop, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        run_jobs([("answers", {})], tmp_path / "file" / "below", root=workshop)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
