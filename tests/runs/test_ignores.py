"""What a notebook declares it does not read, it does not read: the key of its runs leaves that out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sapa_analysis.runs.kernel import execute
from sapa_analysis.runs.key import ignores_of

pytest_plugins = ["loaded"]
pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
#: Soon computed, with a series, a forecast and targets.
QUICK = {"indicator": "grdp_growth", "area": "viet_nam", "as_of": "2017-06-30"}
GIVEN = {
    "01_evidence": QUICK, "02_trajectory": QUICK, "04_targets": {},
    "05_track_record": {"as_of": "2017-06-30", "area": "lao_cai"},
}  # fmt: skip


class Unread:
    """A scenario that nobody may look into; its name may be known, and the key holds that."""

    def __getattribute__(self, name):
        raise AssertionError("scenarios were read")


def test_the_notebooks_that_ignore_something_are_those_tried_here():
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if ignores_of(path)} == set(GIVEN)


@pytest.fixture
def opened_by(monkeypatch, no_kernel):
    """Return what lets notebooks open a project."""

    def put(project):
        monkeypatch.setattr("sapa_analysis.pipeline.open.load_project", lambda root, **_: project)

    return put


@pytest.mark.parametrize("notebook", [*GIVEN, "03_scenarios"])
def test_a_notebook_that_ignores_scenarios_runs_where_nobody_may_read_them(
    notebook, tables, visits, opened_by, said_in, tmp_path
):
    read = visits if notebook == "05_track_record" else tables
    opened_by(replace(read, scenarios={name: Unread() for name in read.scenarios}))

    def run():
        with said_in(date(2016, 6, 30)) if notebook == "05_track_record" else pytest.MonkeyPatch.context():
            execute(
                ROOT / f"notebooks/{notebook}.ipynb", tmp_path / "x.ipynb", GIVEN.get(notebook, QUICK), ROOT
            )

    if notebook in GIVEN:
        assert ignores_of(ROOT / f"notebooks/{notebook}.ipynb") == ("params/scenarios",)
        run()
    else:
        with pytest.raises(Exception, match="scenarios were read"):
            run()
