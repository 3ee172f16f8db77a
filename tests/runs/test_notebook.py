"""One run: its copy appears whole or not at all, and what is wrong is one clear message."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sapa_analysis.cli.told import label_of
from sapa_analysis.core.errors import OutputError, ParamsError, SapaError
from sapa_analysis.runs.jobs import run_jobs, run_notebook

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[2]
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("saves", [0, 1])
def test_a_full_disk_is_one_clear_error_and_leaves_nothing(monkeypatch, tmp_path, saves):
    honest, count = Path.write_bytes, iter(range(1000))

    def write(self, content):
        if next(count) >= saves:
            honest(self, content[: len(content) // 2])
            raise FULL
        return honest(self, content)

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(OutputError, match="cannot be written: No space left on device") as caught:
        run_notebook("04_targets", {}, tmp_path / "new", root=ROOT)
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"horizon": 31}, "horizon: found 31; wanted a whole number, 0 to 30 years"),
        ({"horizon": 200}, "horizon: found 200; wanted"),
        ({"as_of": "soon"}, '"soon" is not a date'),
        ({"indicator": "tourist_arival"}, "did you mean tourist_arrivals?"),
        ({"area": "sapa"}, "did you mean sa_pa?"),
        ({"horizn": 3}, "horizn: unknown; did you mean horizon?"),
    ],
)
def test_what_a_notebook_does_not_take_stops_it_before_it_starts(tmp_path, values, message):
    with pytest.raises(ParamsError) as caught:
        run_notebook("02_trajectory", values, tmp_path / "new", root=ROOT)
    assert message in str(caught.value)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"as_of": "1900-01-01"}, "no figure of sa_pa had been published by 1900-01-01; the first is of"),
        (
            {"area": "muong_bo_commune"},
            'no figure of "muong_bo_commune" has been published; areas with figures:',
        ),
    ],
)
@pytest.mark.usefixtures("in_process")
def test_what_only_the_data_can_tell_is_one_clear_message(tmp_path, values, message):
    with pytest.raises(SapaError) as caught:
        run_notebook("04_targets", values, tmp_path, root=ROOT)
    assert message in str(caught.value)
    assert "Traceback" not in str(caught.value)
    [kept] = tmp_path.glob("*.ipynb")
    assert kept.name.endswith("-failed.ipynb")
    assert kept.name in str(caught.value)


def test_a_folder_that_cannot_be_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        run_notebook("04_targets", {}, tmp_path / "file" / "below", root=ROOT)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_unknown_notebook_names_the_nearest(tmp_path):
    with pytest.raises(SapaError, match="did you mean 02_trajectory"):
        run_notebook("02_trajectori", {}, tmp_path, root=ROOT)


def test_a_line_of_progress_names_notebook_indicator_and_day():
    given = {"indicator": "tourist_arrivals", "as_of": "2023-01-15", "seed": 3}
    named = "02_trajectory tourist_arrivals 2023-01-15"
    assert label_of({"notebook": "02_trajectory", "parameters": given}) == named
    more = given | {"shock_years": [2020, 2021], "method": None, "n_paths": 500}
    chosen = f"{named} shock_years=[2020, 2021] n_paths=500"
    assert label_of({"notebook": "02_trajectory", "parameters": more}) == chosen


def test_no_jobs_are_no_results(tmp_path):
    assert run_jobs([], tmp_path, root=ROOT) == []
