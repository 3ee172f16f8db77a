"""What is done is not done again, what is not is told with its reason, and nothing that was known is lost."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pandas as pd
import pytest
from cheap import hidden_in, rows_of, write_notebook
from click.testing import CliRunner

from sapa_analysis.cli import main
from sapa_analysis.core import package_digests
from sapa_analysis.runs.jobs import Failure, Run, run_jobs, run_notebook
from sapa_analysis.runs.journal_line import seal
from sapa_analysis.runs.key import Inputs
from sapa_analysis.runs.notebook import now, perform
from sapa_analysis.runs.plan import plan_jobs
from sapa_analysis.runs.sums import digest_of, sha256_of
from sapa_analysis.runs.verify import verify_runs

pytest_plugins = ["shell", "workshop"]
pytestmark = pytest.mark.usefixtures("no_kernel")
TWO = [("answers", {"seed": 1}), ("answers", {"seed": 2})]


def made(jobs, out, root, **how):
    """Run jobs; return the seeds of those that were executed, and the results."""
    events = []
    results = run_jobs(jobs, out, root=root, on_event=events.append, **how)
    ran = [event for event in events if event["event"] == "ended"]
    return [event["parameters"].get("seed", event["notebook"]) for event in ran], results


def state(jobs, out, root):
    plan = plan_jobs(jobs, out, root=root)
    return list(zip(plan["state"], plan["why"], strict=True))


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_second_unchanged_batch_runs_nothing_and_writes_the_same_bytes(workshop, tmp_path):
    assert made(TWO, tmp_path, workshop)[0] == [1, 2]
    before = files_of(tmp_path)
    ran, results = made(TWO, tmp_path, workshop)
    assert ran == []
    assert [type(result) for result in results] == [Run, Run]
    assert [result.records["headline"] for result in results] == [["seed 1"], ["seed 2"]]
    assert files_of(tmp_path) == before
    assert state(TWO, tmp_path, workshop) == [("done", ""), ("done", "")]


def test_the_table_of_a_run_lies_beside_its_copy_and_is_part_of_the_result(workshop, tmp_path):
    _, [run] = made([("counts", {"seed": 2})], tmp_path, workshop)
    for ending in (".csv", ".xlsx"):
        assert sha256_of(run.path.with_suffix(ending)) == run.row["files"][f"{run.path.stem}{ending}"]
    table = pd.read_csv(run.path.with_suffix(".csv"))
    pd.testing.assert_frame_equal(table, pd.read_excel(run.path.with_suffix(".xlsx")))
    assert table["value"].tolist() == pytest.approx([2 / 3, 2 / 3])
    joined = pd.read_csv(tmp_path / "results.csv")
    assert joined[[*table.columns]].equals(table)
    assert verify_runs(tmp_path, root=workshop).problems == []
    run.path.with_suffix(".xlsx").write_bytes(b"edited")
    [problem] = verify_runs(tmp_path, root=workshop).problems
    assert problem.file == f"{run.path.stem}.xlsx"
    assert made([("counts", {"seed": 2})], tmp_path, workshop)[0] == [2]
    assert verify_runs(tmp_path, root=workshop).problems == []


def test_however_choices_are_written_they_are_one_run_and_reach_the_notebook(workshop, tmp_path):
    forms = ["2020, 2021", "[2020, 2021]", [2020, 2021], (2020, 2021)]
    jobs = [("counts", {"shock_years": form, "n_paths": 500}) for form in forms]
    ran, results = made(jobs, tmp_path, workshop)
    assert ran == ["counts"]
    assert {result.path for result in results} == {results[0].path}
    assert "2020" in results[0].records["headline"][0]
    assert results[0].row["resolved"]["shock_years"] == [2020, 2021]
    assert made([("counts", {"shock_years": None, "n_paths": 5000})], tmp_path, workshop)[0] == ["counts"]
    assert made([("counts", {})], tmp_path, workshop)[0] == []


def test_fresh_runs_anew_and_the_newest_row_counts(workshop, tmp_path):
    made(TWO, tmp_path, workshop)
    assert made(TWO[:1], tmp_path, workshop, fresh=True)[0] == [1]
    assert [row["parameters"]["seed"] for row in rows_of(tmp_path)] == [1, 2, 1]
    assert made(TWO, tmp_path, workshop)[0] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("data/targets.csv", "sa_pa", "sa_pa", ""),
        ("data/targets.csv", "resolution", "resolution ", "data/targets.csv changed"),
        (
            "params/baseline.yml",
            "value: 5000",
            "value: 4000",
            "n_paths was 5000, is 4000; params/baseline.yml changed",
        ),
        ("params/scenarios/high.yml", "\n", "\n\n", "params/scenarios/high.yml changed"),
        ("notebooks/answers.ipynb", "seed {seed}", "seed: {seed}", "answers.ipynb changed"),
        ("params/batches/core.yml", "\n", "\n\n", ""),
    ],
)
def test_what_changed_makes_a_run_stale_and_is_named(own_workshop, tmp_path, file, old, new, why):
    root = own_workshop.root
    made(TWO, tmp_path, root)
    own_workshop.replace(file, old, new)
    assert state(TWO, tmp_path, root) == [("stale", why) if why else ("done", "")] * 2
    assert made(TWO[:1], tmp_path, root)[0] == ([1] if why else [])
    own_workshop.replace(file, new, old)
    assert made(TWO, tmp_path, root)[0] == []


def test_a_file_that_is_ignored_may_change_but_not_come_or_go(own_workshop, tmp_path):
    root, out = own_workshop.root, tmp_path / "out"
    write_notebook(root / "notebooks/answers.ipynb", "1 + 1", sapa={"ignores": ["params/scenarios"]})
    made(TWO[:1], out, root)
    own_workshop.write("params/scenarios/high.yml", "another")
    assert state(TWO[:1], out, root) == [("done", "")]
    own_workshop.write("params/scenarios/other.yml", "new")
    assert state(TWO[:1], out, root) == [("stale", "params/scenarios/other.yml: new or gone")]


def test_a_file_that_came_or_went_is_named_too(own_workshop, tmp_path):
    made(TWO[:1], tmp_path, own_workshop.root)
    own_workshop.write("params/scenarios/other.yml", "x")
    (own_workshop.data / "targets.csv").rename(own_workshop.data / "aims.csv")
    [(_, why)] = state(TWO[:1], tmp_path, own_workshop.root)
    assert why == "data/aims.csv, data/targets.csv, params/scenarios/other.yml changed"


def test_another_package_is_told_by_its_file_where_that_is_known(workshop, tmp_path, monkeypatch):
    made(TWO[:1], tmp_path, workshop)
    monkeypatch.setattr("sapa_analysis.runs.key.source_digest", lambda: "0" * 64)
    assert state(TWO[:1], tmp_path, workshop) == [("stale", "the package, a library or Python changed")]
    monkeypatch.setattr(
        "sapa_analysis.runs.resume.package_digests", lambda: package_digests() | {"sapa_analysis/x.py": "1"}
    )
    assert state(TWO[:1], tmp_path, workshop) == [("stale", "sapa_analysis/x.py changed")]


def test_other_parameters_are_new_and_a_failed_run_is_tried_again(workshop, tmp_path):
    jobs = [("fails", {}), *TWO[:1]]
    assert made(jobs, tmp_path, workshop)[0] == ["fails", 1]
    assert state([*jobs, TWO[1]], tmp_path, workshop) == [
        ("failed", "fails failed in cell 2: ValueError: no good"), ("done", ""),
        ("new", "it was never run into this folder"),
    ]  # fmt: skip
    ran, [failure, _] = made(jobs, tmp_path, workshop)
    assert ran == ["fails"]
    assert isinstance(failure, Failure)
    assert (tmp_path / failure.row["partial"]).is_file()


@pytest.mark.parametrize("change", ["flip", "cut", "gone"])
def test_a_copy_that_is_not_as_it_was_written_is_no_result(workshop, tmp_path, change):
    _, [first, _] = made(TWO, tmp_path, workshop)
    content = first.path.read_bytes()
    if change == "gone":
        first.path.unlink()
    else:
        first.path.write_bytes(content[:-9] if change == "cut" else bytes([content[0] ^ 1]) + content[1:])
    word = "is missing" if change == "gone" else "was changed"
    assert state(TWO, tmp_path, workshop)[0] == ("stale", f'"{first.path.name}" {word}')
    assert made(TWO, tmp_path, workshop)[0] == [1]
    assert made(TWO, tmp_path, workshop)[0] == []


def test_copies_without_a_journal_are_results_and_their_rows_come_back(workshop, tmp_path):
    made(TWO, tmp_path, workshop)
    rows, tables = rows_of(tmp_path), (tmp_path / "runs.csv").read_bytes()
    (tmp_path / "runs.jsonl").unlink()
    (tmp_path / "runs.csv").unlink()
    assert made(TWO, tmp_path, workshop)[0] == []
    assert rows_of(tmp_path) == rows
    assert (tmp_path / "runs.csv").read_bytes() == tables


#: How the row in a copy is changed, or a row of it; a run of which nothing stands is made.
EDITS = {
    "other run": lambda row: row | {"run": "other"},
    "other copy": lambda row: row | {"copy": "other.ipynb"},
    "other values": lambda row: row | {"resolved": {**row["resolved"], "horizon": 9}},
    "less": lambda row: {name: row[name] for name in ("key", "status", "files")},
    "no number": lambda row: row | {"seconds": "long", "error": None},
    "no JSON": lambda row: row | {"seconds": float("nan")},
    "no row": lambda row: [row],
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_copy_without_a_journal_is_no_result_where_its_row_is_not_its_own(workshop, tmp_path, edit):
    _, [first, _] = made(TWO, tmp_path, workshop)
    (tmp_path / "runs.jsonl").unlink()
    content = json.loads(first.path.read_text(encoding="utf-8"))
    row = EDITS[edit]({n: value for n, value in content["metadata"]["sapa"].items() if n != "content"})
    seals = {"content": digest_of([content["cells"], row])}
    content["metadata"]["sapa"] = {**row, **seals} if isinstance(row, dict) else row
    first.path.write_text(json.dumps(content), encoding="utf-8")
    assert made(TWO, tmp_path, workshop)[0] == [1]
    assert [row["run"] for row in rows_of(tmp_path)].count(first.row["run"]) == 1


def test_a_copy_without_a_journal_is_no_result_where_an_output_was_changed(workshop, tmp_path):
    _, [first, second] = made(TWO, tmp_path, workshop)
    (tmp_path / "runs.jsonl").unlink()
    text = first.path.read_text(encoding="utf-8")
    assert '"seed 1"' in text
    first.path.write_text(text.replace('"seed 1"', '"seed 9"'), encoding="utf-8")
    assert made(TWO, tmp_path, workshop)[0] == [1]
    assert first.path.read_text(encoding="utf-8") != text  # made again, at another time
    assert second.path.exists()


#: Lines that are sealed as ours are and hold something else, as another version or a hand may write them.
STRANGE = [
    {"run": "x"}, {"run": 5}, {"plan": 5}, {"plan": [[1]]}, {"inputs": "a"}, {"inputs": 3, "files": 3}, {"files": {}},
    {"run": "x", "notebook": 3, "parameters": [], "status": "ok"}, {"other": 1}, {},
]  # fmt: skip


@pytest.mark.parametrize("entry", STRANGE, ids=str)
def test_a_sealed_line_of_another_form_harms_nothing(workshop, tmp_path, entry):
    made(TWO, tmp_path, workshop)
    tables = (tmp_path / "runs.csv").read_bytes()
    with (tmp_path / "runs.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(f"{seal(entry)}\n")
    assert state(TWO, tmp_path, workshop) == [("done", "")] * 2
    assert made(TWO, tmp_path, workshop)[0] == []
    assert (tmp_path / "runs.csv").read_bytes() == tables


def test_an_altered_line_is_told_and_passed_over(workshop, tmp_path):
    made(TWO, tmp_path, workshop)
    path, told = tmp_path / "runs.jsonl", []
    path.write_bytes(path.read_bytes().replace(b'"seed 1"', b'"seed 3"') + b'{"torn')
    ran = run_jobs(TWO, tmp_path, root=workshop, on_event=told.append)
    notices = [event["message"] for event in told if event["event"] == "notice"]
    assert [notice.partition(": ")[2] for notice in notices] == [
        "it was changed, so it is passed over", "writing it was cut off, so it is passed over"
    ]  # fmt: skip
    assert [run.row["headline"] for run in ran] == [["seed 1"], ["seed 2"]]


def test_files_that_a_run_wrote_elsewhere_are_part_of_its_result(own_workshop, tmp_path):
    root, jobs = own_workshop.root, [("writes", {"seed": 5})]
    made(jobs, tmp_path, root)
    written = root / "build/written-5.txt"
    [(name, digest)] = rows_of(tmp_path)[0]["files"].items()
    assert (tmp_path / name).resolve() == written
    assert len(digest) == 64
    assert made(jobs, tmp_path, root)[0] == []
    for spoil in (written.unlink, lambda: written.write_text("6")):
        spoil()
        assert state(jobs, tmp_path, root) == [("stale", f"{name}: missing or changed")]
        assert made(jobs, tmp_path, root)[0] == [5]
        assert written.read_text() == "5"


def test_a_file_that_changes_while_a_notebook_runs_makes_it_fail(own_workshop, tmp_path):
    root = own_workshop.root
    body = (
        "from pathlib import Path\nwith Path('data/targets.csv').open('a') as file:\n    _ = file.write(' ')"
    )
    write_notebook(root / "notebooks/answers.ipynb", body)
    _, [failure] = made(TWO[:1], tmp_path, root)
    assert failure.error == "data/targets.csv changed while the notebook ran; run it again"
    assert [path.name for path in tmp_path.glob("*.ipynb")] == [failure.row["partial"]]


def test_the_partial_copy_of_a_failed_run_is_vouched_for_and_goes_with_its_row(own_workshop, tmp_path):
    root, jobs = own_workshop.root, [("fails", {})]
    _, [failure] = made(jobs, tmp_path, root)
    partial = tmp_path / failure.row["partial"]
    assert sha256_of(partial) == rows_of(tmp_path)[-1]["copy_sha256"]
    found = verify_runs(tmp_path, root=root)
    assert (found.problems, found.notices) == ([], [])
    partial.write_bytes(partial.read_bytes() + b" ")
    assert [problem.file for problem in verify_runs(tmp_path, root=root).problems] == [partial.name]
    task = Inputs(root).task(jobs[0], tmp_path)
    own_workshop.replace("data/targets.csv", "resolution", "resolution ")
    _, row = perform(task, True, None, now())  # of a batch that began before the change: it runs nothing
    assert (row["status"], row["partial"], partial.exists()) == ("failed", "", False)
    told = [problem.file for problem in verify_runs(tmp_path, root=root).problems]
    assert told == ["runs.csv", "failures.csv", "index.html"]  # they are renewed by the batch


def test_a_failure_stops_the_others_where_that_is_asked(workshop, tmp_path):
    jobs = [TWO[0], ("fails", {}), TWO[1]]
    ran, results = made(jobs, tmp_path, workshop, fail_fast=True)
    assert ran == [1, "fails"]
    assert [type(result) for result in results] == [Run, Failure]
    assert len((tmp_path / "runs.csv").read_text().splitlines()) == 3
    assert made(jobs, tmp_path, workshop)[0] == ["fails", 2]


def test_one_run_says_what_a_row_says_and_resumes(workshop, tmp_path):
    run = run_notebook("answers", {"seed": 3}, tmp_path, root=workshop)
    [row] = rows_of(tmp_path)
    kept = json.loads(run.path.read_text(encoding="utf-8"))["metadata"]["sapa"]
    assert len(kept.pop("content")) == 64
    assert kept == {name: value for name, value in row.items() if name not in ("copy_sha256", "row")}
    for name in ("key", "version", "commit", "python", "platform", "start", "seconds", "cpu", "peak_mb", "data",
                 "params", "register", "package", "notebook_sha256", "inputs", "resolved"):  # fmt: skip
        assert name in row
    again = run_notebook("answers", {"seed": 3}, tmp_path, root=workshop)
    assert (again.path, again.row["start"]) == (run.path, run.row["start"])
    assert sorted(os.listdir(tmp_path)) == sorted([run.path.name, "runs.jsonl"])


#: Writes of a batch of two new runs beside one that stands; the last number is more than there are.
WRITES = [*range(10), 1000]


@pytest.mark.parametrize("number", WRITES)
def test_a_disk_that_is_full_from_any_write_on_keeps_what_was_known(workshop, tmp_path, monkeypatch, number):
    """Writes of whole files and of the journal are counted; from one of them on, each writes half and fails."""
    out = tmp_path / "out"
    made(TWO[:1], out, workshop)
    known, writes = files_of(out), []

    def half(real):
        def write(place, content):
            writes.append(place)
            if len(writes) <= number:
                return real(place, content)
            real(place, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return write

    file = tmp_path / "three.yml"
    file.write_text("reason: x\nruns:\n  - {notebook: answers, grid: {seed: [1, 2, 3]}}\n")
    monkeypatch.chdir(workshop)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half(Path.write_bytes))
        patch.setattr(os, "write", half(os.write))
        result = CliRunner().invoke(main, ["batch", str(file), "--out", str(out)])
    full = len(writes) > number
    assert full == (number != WRITES[-1]), len(writes)
    assert result.exit_code == int(full)
    assert ("cannot be written: No space left on device" in result.output) == full
    assert "/.answers" not in result.output  # named is the copy, not what is hidden until it is whole
    assert "Traceback" not in result.output
    assert hidden_in(out) == []
    rows, stands = rows_of(out), {path.name for path in out.glob("answers-*.ipynb")}
    assert known.keys() <= files_of(out).keys()
    assert all(files_of(out)[name] == known[name] for name in known if name.endswith(".ipynb"))
    ran, results = made([("answers", {"seed": seed}) for seed in (1, 2, 3)], out, workshop)
    assert {result.path.name for result in results} >= stands
    assert len(ran) == 3 - len(stands)
    assert {row["run"] for row in rows} <= {result.row["run"] for result in results}
    assert len((out / "runs.csv").read_text().splitlines()) == 4
