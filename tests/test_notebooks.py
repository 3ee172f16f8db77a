"""The notebooks run by plain papermill, each alone and from anywhere, and hand on what a batch needs."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from notebook_words import strange_in
from papermill.cli import papermill as command

from sapa_analysis.runs.key_numbers import RESULT_COLUMNS
from sapa_analysis.runs.record import read_records

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: What a kernel itself warns of when it shuts down is not ours.
STRICT = "error,ignore::PendingDeprecationWarning"
#: Soon computed: the nation has few figures, and no area above it.
QUICK = {"indicator": "grdp_growth", "area": "viet_nam", "as_of": "2017-06-30"}


@pytest.fixture
def papermill(tmp_path, monkeypatch) -> Callable[..., Result]:
    """Return papermill's own command, in a folder that is not the project's."""
    monkeypatch.chdir(tmp_path)

    def run(notebook: str, given: dict[str, Any]) -> Result:
        words = [word for name, value in given.items() for word in ("-p", name, str(value))]
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            return CliRunner().invoke(
                command, [str(ROOT / f"notebooks/{notebook}.ipynb"), "x.ipynb", "--no-progress-bar", *words]
            )

    return run


@pytest.mark.slow
def test_a_kernel_in_which_warnings_are_errors_runs_a_notebook_from_another_folder(
    papermill, monkeypatch, tmp_path
):
    monkeypatch.setenv("PYTHONWARNINGS", STRICT)
    done = papermill("02_trajectory", QUICK)
    assert done.exit_code == 0, done.exception
    assert read_records(tmp_path / "x.ipynb")["headline"]


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(
    ("notebook", "given", "said"),
    [
        ("01_evidence", {}, ""),
        ("02_trajectory", {"indicator": "tourism_revenue", "as_of": "2023-01-15"}, "2022"),
        ("02_trajectory", {"indicator": "upper_secondary_attainment"}, "chưa có số liệu công bố"),
        ("02_trajectory", {"indicator": "total_investment", "lang": "en"}, "Not assessed"),
        pytest.param("03_scenarios", {}, "", marks=pytest.mark.more),  # that of a briefing runs it too
        ("04_targets", {}, "48"),
        ("06_explorer", {"indicator": "tourism_revenue", "lang": "en", "n_paths": 500}, "Tourism revenue"),
        ("06_explorer", {"indicator": "upper_secondary_attainment", "n_paths": 500}, "không có dự báo"),
    ],
)
def test_plain_papermill_runs_every_notebook_from_another_folder(
    papermill, notebook, given, said, tmp_path, tables
):
    done = papermill(notebook, given)
    assert done.exit_code == 0, done.exception
    assert strange_in(tmp_path / "x.ipynb", given.get("lang", "vi"), tables) == []
    records = read_records(tmp_path / "x.ipynb")
    assert said in " ".join(records["headline"])
    assert records.get("indicator", "") == given.get("indicator", records.get("indicator", ""))
    assert records["results"].columns.tolist() == list(RESULT_COLUMNS)
    assert records["results"].empty == (
        given.get("indicator") in ("upper_secondary_attainment", "total_investment")
    )


@pytest.mark.usefixtures("no_kernel")
def test_plain_papermill_runs_the_track_record_of_visits(papermill, visits, said_in, monkeypatch, tmp_path):
    monkeypatch.setattr("sapa_analysis.pipeline.open.load_project", lambda root, **_: visits)
    with said_in(date(2016, 6, 30)):
        done = papermill("05_track_record", {"as_of": "2017-06-30", "area": "lao_cai"})
    assert done.exit_code == 0, done.exception
    records = read_records(tmp_path / "x.ipynb")
    assert len(records["scores"])
    assert set(records["results"]["area"]) == {"lao_cai"}


@pytest.mark.usefixtures("in_process")
def test_plain_papermill_is_refused_what_a_notebook_does_not_take(papermill):
    given = {"as_off": "2023-01-15", "horizon": 200, "indicator": "tourist_arrival"}
    done = papermill("02_trajectory", given)
    assert done.exit_code != 0
    for said in (
        "parameters has 3 problems",
        "as_off: unknown; did you mean as_of?",
        "horizon: found 200; wanted a whole number, 0 to 30 years",
        "did you mean tourist_arrivals?",
    ):
        assert said in str(done.exception)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stripped_short_and_has_one_parameters_cell(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in code]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in code) == 1
    opening = re.sub(r"(?s)open_project\(.*?\)", "open_project()", sources[1])  # it hands on every parameter
    assert max(len(source.splitlines()) for source in (opening, *sources[2:])) <= 12
    assert not [source for source in sources if source.startswith(("def ", "for ", "class "))]
    assert "open_project(" in sources[1]


def test_there_is_a_notebook_for_each_question():
    assert [path.stem for path in NOTEBOOKS] == [
        "00_start", "01_evidence", "02_trajectory", "03_scenarios", "04_targets", "05_track_record",
        "06_explorer", "07_briefing",
    ]  # fmt: skip
