"""The key of a run differs exactly when something differs that its result follows from."""

from __future__ import annotations

from pathlib import Path

import pytest
import written
from cheap import write_notebook
from hypothesis import given
from hypothesis import strategies as st
from written import own_scenario

from sapa_analysis.core import file_digests, load_params
from sapa_analysis.core.errors import SapaError
from sapa_analysis.runs.jobs import run_jobs
from sapa_analysis.runs.key import Inputs, changed, changed_since, ignores_of
from sapa_analysis.runs.plan import overwriting, plan_jobs, tasks_of
from sapa_analysis.runs.sums import digest_of, sha256_of
from sapa_analysis.runs.verify import verify_runs

pytest_plugins = ["shell", "workshop"]
OUT = Path("out")
ROOT = Path(__file__).parents[2]
DIGESTS = st.sampled_from(["a" * 64, "b" * 64])
FILES = st.dictionaries(st.sampled_from(["data/a.csv", "data/b.csv", "params/scenarios/high.yml"]), DIGESTS)
VALUES = st.fixed_dictionaries(
    {}, optional={"seed": st.sampled_from([7, 20230115]), "as_of": st.sampled_from(["2023", "2023-12-31"]),
                  "lang": st.sampled_from(["vi", "en"]), "horizon": st.sampled_from([0, 1])}
)  # fmt: skip


@pytest.fixture(scope="module")
def baseline(workshop):
    return load_params(workshop / "params/baseline.yml")


def keyed(root, baseline, files, values, paths=5000):
    inputs = Inputs(root)
    inputs.files, inputs.baseline, inputs.commit = files, baseline.with_values(n_paths=paths), ""
    return inputs.task(("answers", values), OUT)


@given(FILES, FILES, VALUES, VALUES, st.sampled_from([(5000, 5000), (5000, 6000)]))
def test_two_keys_are_equal_exactly_when_files_and_resolved_parameters_are(
    workshop, baseline, files, others, values, other_values, paths
):
    one = keyed(workshop, baseline, files, values, paths[0])
    two = keyed(workshop, baseline, others, other_values, paths[1])
    written = {"seed": 20230115, "as_of": "2023-06-30", "lang": "vi", "horizon": 0}
    same = files == others and paths[0] == paths[1]
    for name, value in written.items():
        chosen = [each.get(name, value) for each in (values, other_values)]
        same &= len({"2023-12-31" if each == "2023" else each for each in chosen}) == 1
    assert (one.key == two.key) == same
    assert (one.name == two.name) == same


def keyless(inputs):
    """Return the same inputs, their files not yet looked at."""
    again = Inputs(inputs.root)
    again.baseline, again.commit, again._known = inputs.baseline, inputs.commit, inputs._known
    return again


@given(FILES, DIGESTS)
def test_a_file_that_a_notebook_ignores_is_not_part_of_its_key(workshop, baseline, files, digest):
    task = keyed(workshop, baseline, files, {})
    ignored = {name: each for name, each in files.items() if not name.startswith("params/scenarios/")}
    inputs = Inputs(workshop)
    inputs.files, inputs.baseline, inputs.commit = files, baseline, ""
    notebook = workshop / "notebooks/answers.ipynb"
    defaults, bytes_of, _ = inputs._about(notebook)
    inputs._known[notebook] = defaults, bytes_of, ("params/scenarios",)
    without = inputs.task(("answers", {}), OUT)
    assert without.files == ignored
    assert (without.key == task.key) == (ignored == files)
    inputs = keyless(inputs)
    inputs.files = {name: "c" * 64 if name not in ignored else each for name, each in files.items()}
    assert inputs.task(("answers", {}), OUT).key == without.key
    inputs = keyless(inputs)
    inputs.files = {**files, "params/scenarios/other.yml": digest}
    assert inputs.task(("answers", {}), OUT).key != without.key


def test_every_file_that_notebooks_read_is_in_the_key_and_no_other(own_workshop):
    before = Inputs(own_workshop.root).task(("answers", {}), OUT)
    own_workshop.write("params/batches/core.yml", "reason: another\n")
    own_workshop.write("data/.swp", "an editor")
    own_workshop.write("notes.md", "none of ours")
    assert Inputs(own_workshop.root).task(("answers", {}), OUT).key == before.key
    for name in ("data/targets.csv", "params/scenarios/high.yml", "params/baseline.yml"):
        text = own_workshop.read(name)
        own_workshop.write(name, text + "\n")
        assert Inputs(own_workshop.root).task(("answers", {}), OUT).key != before.key, name
        own_workshop.write(name, text)
    assert Inputs(own_workshop.root).task(("answers", {}), OUT).key == before.key
    write_notebook(own_workshop.root / "notebooks/answers.ipynb", "1 + 1")
    assert Inputs(own_workshop.root).task(("answers", {}), OUT).key != before.key


def test_scenarios_of_ones_own_are_part_of_the_key_and_a_changed_file_is_told(
    own_workshop, no_kernel, tmp_path
):
    root, path = own_workshop.root, "build/mine.yml"
    body = "import sapa_analysis as sapa\nsapa.record(headline=[str(scenarios)])"
    written.write_notebook(root / "notebooks/assumes.ipynb", body, parameters="scenarios: list = None")
    (root / "build").mkdir()
    own_workshop.write(path, own_scenario("mine"))
    job, other = ("assumes", {"scenarios": f"base, {path}"}), ("assumes", {"scenarios": "base"})
    first, without = (Inputs(root).task(each, OUT) for each in (job, other))
    assert first.files[path] == sha256_of(root / path)
    assert path not in without.files
    assert Inputs(root).task(("assumes", {"scenarios": ["base", path]}), OUT).key == first.key
    assert changed_since(first) == ""
    [run] = run_jobs([job], tmp_path, root=root)
    assert run.records["headline"] == [f"base, {path}"]
    assert plan_jobs([job], tmp_path, root=root)["state"].tolist() == ["done"]
    own_workshop.write(path, own_scenario("mine", "+11%"))
    assert Inputs(root).task(job, OUT).key != first.key
    assert Inputs(root).task(other, OUT).key == without.key
    assert changed_since(first) == path
    assert plan_jobs([job], tmp_path, root=root)[["state", "why"]].values.tolist() == [
        ["stale", f"{path} changed"]
    ]
    assert (path, "has changed since the runs") in [
        (each.file, str(each)) for each in verify_runs(tmp_path, root=root).notices
    ]
    (root / path).unlink()
    assert changed_since(first) == path
    assert (path, "is gone since the runs") in [
        (each.file, str(each)) for each in verify_runs(tmp_path, root=root).notices
    ]
    with pytest.raises(SapaError, match=f'"{path}" cannot be read'):
        Inputs(root).task(job, OUT)


def test_another_package_is_another_key(workshop, monkeypatch):
    before = Inputs(workshop).task(("answers", {}), OUT)
    monkeypatch.setattr("sapa_analysis.runs.key.source_digest", lambda: "0" * 64)
    assert Inputs(workshop).task(("answers", {}), OUT).key != before.key


def test_a_row_has_all_parameters_also_those_of_the_project(workshop, baseline):
    task = Inputs(workshop).task(("answers", {"as_of": "2023", "seed": 7}), OUT)
    assert task.given == {"as_of": "2023", "seed": 7}
    assert task.resolved == {
        **baseline.with_values(as_of="2023", seed=7).model_dump(mode="json"),
        "lang": "vi",
        "office": "",
    }


def test_a_name_is_notebook_words_and_the_first_digits_of_the_key(workshop):
    task = Inputs(workshop).task(("answers", {"lang": "en"}), OUT)
    assert task.name == f"answers-sa_pa-2023-06-30-en-{task.key[:12]}"


@given(
    st.dictionaries(st.text(max_size=3), st.integers()), st.dictionaries(st.text(max_size=3), st.integers())
)
def test_what_changed_is_nothing_exactly_where_two_tables_are_equal(old, new):
    assert (not changed(old, new)) == (old == new)
    assert (digest_of(old) == digest_of(new)) == (old == new)


def test_two_briefings_of_one_folder_are_refused_and_others_are_not():
    def pairs(*values):
        inputs = Inputs(ROOT)
        return [*overwriting([inputs.task(("07_briefing", each), OUT) for each in values], inputs)]

    assert [found[:2] for found in pairs({"lang": "vi"}, {"lang": "en"}, {"as_of": "2023-01-15"})] == [(0, 1)]
    assert [found[:2] for found in pairs({"out": "build/x"}, {"out": "build/../build/x", "seed": 2})] == [
        (0, 1)
    ]
    assert not pairs({"lang": "vi"}, {"lang": "en", "out": "build/y"}, {"lang": "vi"})
    with pytest.raises(SapaError, match=r"run 2, 07_briefing,.*\n  out: it writes to .* as run 1 does"):
        tasks_of([("07_briefing", {"lang": "vi"}), ("07_briefing", {"lang": "en"})], OUT, ROOT)


@pytest.mark.parametrize("notebook", sorted(ROOT.glob("notebooks/*.ipynb")), ids=lambda path: path.stem)
def test_what_a_notebook_ignores_is_there_and_is_no_more_than_the_scenarios(notebook):
    assert set(ignores_of(notebook)) <= {"params/scenarios"}
    assert any(name.startswith("params/scenarios/") for name in file_digests(ROOT))


def test_a_file_that_cannot_be_read_has_no_digest(tmp_path):
    assert sha256_of(tmp_path / "none") == ""
