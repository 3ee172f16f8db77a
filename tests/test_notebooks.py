"""The notebooks run by plain papermill, each alone and from anywhere, and hand on what a batch needs."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from papermill.cli import papermill as command

from sapa_analysis.runs.batch import run_briefing
from sapa_analysis.runs.record import read_records

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: What the briefing does not run: it takes longer than all the others and has its sentence in the briefing.
ASIDE = {"05_track_record"}
#: What a kernel itself warns of when it shuts down is not ours.
STRICT = "error,ignore::PendingDeprecationWarning"


@pytest.fixture
def papermill(tmp_path, monkeypatch) -> Callable[..., Result]:
    """Return papermill's own command, in a folder that is not the project's; in the kernel warnings are errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONWARNINGS", STRICT)

    def run(notebook: str, *given: str) -> Result:
        words = [str(ROOT / f"notebooks/{notebook}.ipynb"), "x.ipynb", "--no-progress-bar", *given]
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            return CliRunner().invoke(command, words)

    return run


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_plain_papermill_runs_every_notebook_from_another_folder(papermill, notebook, tmp_path):
    given = {
        "05_track_record": ["-p", "as_of", "2017-06-30", "-p", "area", "lao_cai"],
        "07_briefing": ["-p", "as_of", "2020-12-31", "-p", "out", str(tmp_path)],
    }
    done = papermill(notebook.stem, *given.get(notebook.stem, []))
    assert done.exit_code == 0, done.exception
    assert read_records(tmp_path / "x.ipynb")["headline"]


def test_plain_papermill_takes_parameters(papermill, tmp_path):
    done = papermill("02_trajectory", "-p", "indicator", "tourism_revenue", "-p", "as_of", "2023-01-15")
    assert done.exit_code == 0, done.exception
    records = read_records(tmp_path / "x.ipynb")
    assert records["indicator"] == "tourism_revenue"
    assert "2022" in records["headline"][0]


def test_plain_papermill_is_refused_what_a_notebook_does_not_take(papermill):
    given = ["-p", "as_off", "2023-01-15", "-p", "horizon", "200", "-p", "indicator", "tourist_arrival"]
    done = papermill("02_trajectory", *given)
    assert done.exit_code != 0
    for said in (
        "parameters has 3 problems",
        "as_off: unknown; did you mean as_of?",
        "horizon: found 200; wanted a whole number, 1 to 30 years",
        "did you mean tourist_arrivals?",
    ):
        assert said in str(done.exception)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["-p", "indicator", "upper_secondary_attainment"], "chưa có số liệu công bố"),
        (["-p", "indicator", "total_investment", "-p", "lang", "en"], "Not assessed"),
    ],
)
def test_a_trajectory_without_enough_figures_says_so(papermill, given, said, tmp_path):
    done = papermill("02_trajectory", *given)
    assert done.exit_code == 0, done.exception
    assert said in " ".join(read_records(tmp_path / "x.ipynb")["headline"])


@pytest.fixture(scope="module")
def briefing(module_project, tmp_path_factory):
    """Run the briefing of a copy of the project with one core indicator: all notebooks, fewer times."""
    shutil.copytree(ROOT / "notebooks", module_project.root / "notebooks")
    module_project.replace("params/baseline.yml", "    growth: [grdp_growth, grdp_per_capita]\n", "")
    module_project.replace("params/baseline.yml", "    budget: [state_budget_revenue]\n", "")
    module_project.replace("params/baseline.yml", "[tourist_arrivals, tourism_revenue]", "[tourist_arrivals]")
    out, told = tmp_path_factory.mktemp("briefing"), []
    folder, summary = run_briefing(
        root=module_project.root, out=str(out), report=lambda *progress: told.append(progress)
    )
    return folder, summary, told


def test_the_briefing_runs_its_notebooks_and_tells_its_progress(briefing):
    folder, summary, told = briefing
    executed = [path.name for path in (folder / "notebooks").glob("*.ipynb")]
    assert sorted(name.split("-")[0] for name in executed) == [
        path.stem for path in NOTEBOOKS if path.stem not in ASIDE
    ]
    assert [done for done, _, _ in told] == list(range(1, len(executed) + 1))
    assert any("48" in sentence for sentence in summary)


def test_the_briefing_stands_in_both_languages_with_its_numbers(briefing):
    folder, _, _ = briefing
    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert names == {
        "briefing-vi.html", "briefing-vi.docx", "briefing-en.html", "briefing-en.docx", "results.csv", "results.json"
    }  # fmt: skip
    page = (folder / "briefing-vi.html").read_text(encoding="utf-8")
    numbers = {row["key"]: row for row in json.loads((folder / "results.json").read_text())["numbers"]}
    shown = re.findall(r'data-key="([^"]+)">([^<]+)</data>', page)
    assert len(shown) > 100
    assert all(numbers[key]["text_vi"] == text for key, text in shown)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stripped_short_and_has_one_parameters_cell(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in code]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in code) == 1
    assert max(len(source.splitlines()) for source in sources) <= 12
    assert not [source for source in sources if source.startswith(("def ", "for ", "class "))]
    assert "open_project(" in sources[1]


def test_there_is_a_notebook_for_each_question():
    assert [path.stem for path in NOTEBOOKS] == [
        "01_evidence", "02_trajectory", "03_scenarios", "04_targets", "05_track_record", "07_briefing"
    ]  # fmt: skip
