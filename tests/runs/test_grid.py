"""A batch file is read whole: grids, what is left out and added, and every problem with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import in_language
from sapa_analysis.core.errors import ParamsError, SapaError
from sapa_analysis.runs.grid import Entry, read_batch
from sapa_analysis.runs.jobs import run_jobs, run_notebook

ROOT = Path(__file__).parents[2]


def write(folder: Path, text: str) -> Path:
    path = folder / "batch.yml"
    path.write_text(text, encoding="utf-8")
    return path


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


def test_a_grid_varies_choices_of_the_file_and_tells_a_wrong_one_at_its_line(tmp_path):
    path = write(tmp_path, """reason: how much the choices matter
runs:
  - notebook: 02_trajectory
    parameters: {documents: "congress-2020; resolution-2023", premiums: {}}
    grid:
      shock_years: [[2020, 2021], "2020", []]
      gap_closing: [null, 0.4]
    exclude:
      - {shock_years: [2020, 2021], gap_closing: 0.4}
""")  # fmt: skip
    jobs = [values for _, values in read_batch(path, root=ROOT)]
    assert [(values["shock_years"], values["gap_closing"]) for values in jobs] == [
        ([2020, 2021], None), ("2020", None), ("2020", 0.4), ([], None), ([], 0.4)
    ]  # fmt: skip
    path = write(tmp_path, """reason: slips
runs:
  - notebook: [02_trajectory, 04_targets]
    parameters: {documents: congress-2021, premiums: {grdp: {step: 0}}}
    grid:
      shock_years: [[2020], soon]
      method: [theta, thet]
  - {notebook: 04_targets, parameters: {scenarios: low}}
""")  # fmt: skip
    with pytest.raises(ParamsError) as caught:
        read_batch(path, root=ROOT)
    found = {
        (problem.line, problem.column, problem.message.partition(";")[0]) for problem in caught.value.problems
    }
    assert {(line, said) for line, column, said in found if column.startswith("02_trajectory")} == {
        (4, '"congress-2021" is unknown'), (4, "is missing"), (4, "wanted more than 0.0"), (6, "found 'soon'"), (7, '"thet" is unknown')
    }  # fmt: skip
    assert [(line, said) for line, column, said in found if column == "04_targets scenarios"] == [
        (8, "unknown")
    ]


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
        (5, "did you mean tourist_arrivals?"),
        (5, "found 31; wanted a whole number, 0 to 30 years"),
        (7, "did you mean as_of?"),
        (7, "found 'fr'; wanted text, vi or en"),
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


SMALL = st.integers(0, 2)
VALUES = st.dictionaries(st.sampled_from("abc"), SMALL, min_size=1)


@given(
    st.dictionaries(st.sampled_from("abc"), st.lists(SMALL, min_size=1, max_size=3, unique=True)),
    st.integers(1, 3), st.lists(VALUES, max_size=3), st.lists(VALUES, max_size=2),
)  # fmt: skip
def test_the_runs_are_the_combinations_but_those_left_out_and_those_added(grid, notebooks, exclude, include):
    names = [f"n{place}" for place in range(notebooks)]
    whole, entry = (
        Entry(notebook=names, grid=grid),
        Entry(notebook=names, grid=grid, exclude=exclude, include=include),
    )
    every = [job for job, _ in whole.jobs()]
    assert len(every) == whole.count
    assert entry.count == whole.count + len(include) * notebooks
    kept = [job for job in every if not any(rule.items() <= job[1].items() for rule in exclude)]
    added = [(name, values) for values in include for name in names]
    assert [job for job, _ in entry.jobs()] == kept + added


def test_what_is_left_out_or_added_may_name_the_notebook(tmp_path):
    path = write(tmp_path, """
reason: to see
runs:
  - notebook: [04_targets, 02_trajectory]
    parameters: {as_of: 2023-06-30}
    grid: {lang: [vi, en]}
    exclude: [{notebook: 04_targets, lang: en}]
    include: [{notebook: 05_track_record, lang: en}, {lang: vi, seed: 3}]
""")  # fmt: skip
    assert [(name, values["lang"], values.get("seed")) for name, values in read_batch(path, root=ROOT)] == [
        ("04_targets", "vi", None), ("02_trajectory", "vi", None), ("02_trajectory", "en", None),
        ("05_track_record", "en", None), ("04_targets", "vi", 3), ("02_trajectory", "vi", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "line", "message"),
    [
        ("grid: {lang: [vi, en]}\n    exclude:\n      - {lang: vi}\n      - {lang: en}\n", 5,
         "exclude: it leaves out every run of this entry"),
        ("grid: {lang: [vi, en]}\n    exclude:\n      - {lang: vi}\n      - {lang: fr}\n", 7,
         "exclude 2: no combination of the grid has these values"),
        ("grid: {lang: [vi, en]}\n    exclude:\n      - lang: vi\n        langs: en\n", 7,
         "langs: unknown; did you mean lang?"),
        ("grid: {lang: [vi, en]}\n    exclude: [{}]\n", 5, "runs.0.exclude.0"),
        ("include:\n      - {lang: vi}\n      - {lang: fr}\n", 6, "04_targets lang: found 'fr'; wanted text, vi or en"),
        ("include:\n      - {notebook: 4_targets}\n", 5, "did you mean 04_targets?"),
        ("parameters:\n      lang: vi\n      sead: 1\n", 6, "04_targets sead: unknown; did you mean seed?"),
        ("parameters: {lang: vi}\n    gird: {}\n    gird: {}\n", 6, 'the key "gird" stands twice'),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_one_clear_message_with_its_line(tmp_path, entry, line, message):
    path = write(tmp_path, f"reason: x\nruns:\n  - notebook: 04_targets\n    {entry}")
    with pytest.raises(ParamsError) as caught:
        read_batch(path, root=ROOT)
    [problem] = caught.value.problems
    assert problem.line == line
    assert message in str(problem)
    assert in_language(problem.message, "vi") != problem.message


def test_what_is_unknown_in_several_notebooks_is_told_once(tmp_path):
    text = "reason: x\nruns:\n  - notebook: [01_evidence, 02_trajectory]\n    grid: {as_off: [1, 2], lang: [vi, en]}\n"
    with pytest.raises(ParamsError) as caught:
        read_batch(write(tmp_path, text), root=ROOT)
    assert [str(problem) for problem in caught.value.problems] == [
        "line 4, 01_evidence as_off: unknown; did you mean as_of?"
    ]


def test_two_runs_that_write_to_one_folder_are_refused_with_both_lines(tmp_path):
    text = "reason: x\nruns:\n  - {notebook: 07_briefing, parameters: {out: build/x}}\n"
    text += "  - notebook: 07_briefing\n    parameters: {out: build/x, seed: 1}\n"
    with pytest.raises(
        ParamsError, match=r"line 4, 07_briefing out: it writes to .*build/x as the run of line 3 does"
    ):
        read_batch(write(tmp_path, text), root=ROOT)
    twice = text.replace(", seed: 1", "")
    assert len(read_batch(write(tmp_path, twice), root=ROOT)) == 1


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
