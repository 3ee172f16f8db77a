"""The notebooks run, each alone, and hand on what the briefing needs."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sapa_analysis.errors import OutputError, SapaError
from sapa_analysis.params import load_params
from sapa_analysis.records import read_records
from sapa_analysis.runs import run_briefing, run_notebook

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def briefing(tmp_path_factory):
    out = tmp_path_factory.mktemp("briefing")
    page, summary = run_briefing(out, root=ROOT, report=lambda line: None)
    return page, summary, sorted((out / "notebooks").glob("*.ipynb"))


def test_the_briefing_runs_the_five_subjects_and_the_targets(briefing):
    page, summary, executed = briefing
    assert page.name == "briefing-2023-06-30-vi.html"
    assert len(executed) == 6
    assert any("48" in sentence for sentence in summary)


def test_the_page_is_self_contained_and_complete(briefing):
    html = briefing[0].read_text(encoding="utf-8")
    assert html.count("<svg") == len(load_params(ROOT / "params/baseline.yml").subjects)
    for needle in ("<script", "<link", "src=", "@import", "url(http"):
        assert needle not in html
    rows = read_records(next(path for path in briefing[2] if path.name.startswith("04")))
    assert html.count('<tr class="') == len(rows["verdicts"]) + 2  # one line per document heads its targets
    assert len(rows["verdicts"]) == 57
    for sentence in rows["summary"]:
        assert sentence in html


def test_only_pages_that_may_be_cited_are_listed(briefing):
    html = briefing[0].read_text(encoding="utf-8")
    records = [read_records(path) for path in briefing[2] if path.name.startswith("02")]
    sources = pd.concat([record["sources"] for record in records])
    refused = set(sources.loc[sources["cite_ok"] == "no", "source_url"])
    assert refused
    assert not [url for url in refused if f'href="{url}"' in html]


def test_a_table_comes_back_from_a_notebook_in_its_own_order(briefing):
    records = read_records(next(path for path in briefing[2] if path.name.startswith("04")))
    assert list(records["table"].columns)[:3] == ["Nhóm", "Chỉ tiêu", "Mục tiêu"]


def test_plain_papermill_runs_the_trajectory_from_another_folder(tmp_path):
    target = tmp_path / "x.ipynb"
    command = [sys.executable, "-m", "papermill", str(ROOT / "notebooks/02_trajectory.ipynb"), str(target)]
    command += ["-p", "indicator", "tourism_revenue", "-p", "as_of", "2023-01-15", "--no-progress-bar"]
    subprocess.run(command, check=True, cwd=ROOT / "tests", capture_output=True)
    records = read_records(target)
    assert records["indicator"] == "tourism_revenue"
    assert records["sentences"]


def test_a_failing_notebook_says_why_and_where(tmp_path):
    with pytest.raises(
        SapaError, match=r'(?s)02_trajectory failed in cell \d+: ParamsError: .*"tourist_arival" is unknown'
    ):
        run_notebook("02_trajectory", {"indicator": "tourist_arival"}, tmp_path, root=ROOT)


def test_an_unknown_notebook_names_the_nearest(tmp_path):
    with pytest.raises(SapaError, match="did you mean 02_trajectory"):
        run_notebook("02_trajectori", {}, tmp_path, root=ROOT)


def test_a_folder_that_cannot_be_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        run_notebook("04_targets", {}, tmp_path / "file" / "below", root=ROOT)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stripped_short_and_has_one_parameters_cell(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in code]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in code) == 1
    assert max(len(source.splitlines()) for source in sources) <= 12
    assert not [source for source in sources if source.startswith(("def ", "for ", "class "))]
