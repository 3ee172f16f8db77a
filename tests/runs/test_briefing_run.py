"""The briefing of a small copy of the project: every notebook it runs, its files, its numbers.

The notebooks run in this process, one after the other: that of processes and kernels is in `test_batch.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from papermill.cli import papermill as command

from sapa_analysis.core import FORMATS, USUAL_PAPERS
from sapa_analysis.runs.briefing import run_briefing

pytest_plugins = ["shell", "workshop"]
ROOT = Path(__file__).parents[2]
#: What the briefing does not run: two that are for a hand at work, and one that takes longer than all the
#: others and has its sentence in the briefing.
ASIDE = {"00_start", "05_track_record", "06_explorer"}
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.usefixtures("no_kernel")
def test_plain_papermill_writes_the_briefing_where_it_is_told(small, tmp_path, monkeypatch):
    monkeypatch.chdir(small / "notebooks")
    notebook, copy, out = small / "notebooks/07_briefing.ipynb", tmp_path / "x.ipynb", tmp_path / "out"
    given = ["--no-progress-bar", "-p", "as_of", "2020-12-31", "-p", "out", str(out)]
    done = CliRunner().invoke(command, [str(notebook), str(copy), *given])
    assert done.exit_code == 0, done.exception
    assert (out / "briefing-vi.html").exists()


@pytest.fixture(scope="module")
def briefing(small, kernelless, tmp_path_factory):
    """Run the briefing of the small project: all notebooks, fewer times."""
    out, told = tmp_path_factory.mktemp("briefing"), []
    with kernelless() as patch:
        patch.chdir(small)
        folder, summary = run_briefing(root=small, out=str(out), on_event=told.append)
    return folder, summary, told


def test_the_briefing_runs_its_notebooks_and_tells_its_progress(briefing):
    folder, summary, told = briefing
    executed = [path.name for path in (folder / "notebooks").glob("*.ipynb")]
    assert sorted(name.split("-")[0] for name in executed) == [
        path.stem for path in NOTEBOOKS if path.stem not in ASIDE
    ]
    ended = [event for event in told if event["event"] == "ended"]
    assert [event["number"] for event in ended] == list(range(1, len(executed) + 1))
    assert {event["status"] for event in ended} == {"ok"}
    assert any("48" in sentence for sentence in summary)


def test_the_briefing_stands_in_both_languages_with_its_numbers(briefing):
    folder, _, _ = briefing
    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert names == {
        f"{stem}.{name}" for stem in USUAL_PAPERS for name in FORMATS if name != "xlsx" or "review" in stem
    } | {"results.csv", "results.json", "results.xlsx"}
    page = (folder / "briefing-vi.html").read_text(encoding="utf-8")
    numbers = {row["key"]: row for row in json.loads((folder / "results.json").read_text())["numbers"]}
    shown = re.findall(r'data-key="([^"]+)">([^<]+)</data>', page)
    assert len(shown) > 40
    for key, text in shown:
        assert text.strip() in (numbers.get(key) or numbers[f"briefing/{key}"])["texts"]["vi"]
