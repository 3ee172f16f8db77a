"""Where missing figures probably stand: known from a day on, and naming nothing that came later."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import DataError, last_day, project_root
from sapa_analysis.evidence import load_whereabouts
from sapa_analysis.pipeline import Project

pytest_plugins = ["loaded"]


@given(day=st.dates(date(2015, 1, 1), date(2027, 1, 1)))
def test_a_day_knows_no_place_that_was_published_later(tables: Project, day: date):
    known = tables.as_of(day).whereabouts
    assert all(text and last_day(text) <= day for text in known["published"])


def test_no_place_names_a_year_that_had_not_come(tables: Project):
    for row in tables.whereabouts.query("published != ''").to_dict("records"):
        words = " ".join(row[name] for name in ("name_vi", "name_en", "look_for", "note"))
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", words)]
        assert max(years, default=0) <= int(row["published"][:4]), row["where"]


def test_a_folder_without_the_file_has_none(tmp_path: Path):
    assert load_whereabouts(tmp_path).empty


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"indicators": "forest_cover;forest_cov"}, "did you mean forest_cover?"),
        ({"area": "sapa"}, "did you mean sa_pa"),
        ({"first_year": "2024", "last_year": "2019"}, "2019 is before first_year"),
        ({"published": "2020-13"}, "is not a date"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(tmp_path: Path, cells: dict[str, str], said: str):
    data = project_root() / "data"
    for name in ("indicators.csv", "areas.csv"):
        shutil.copy(data / name, tmp_path / name)
    table = pd.read_csv(data / "whereabouts.csv", dtype=str, keep_default_na=False).iloc[[0]].assign(**cells)
    table.to_csv(tmp_path / "whereabouts.csv", index=False)
    with pytest.raises(DataError) as caught:
        load_whereabouts(tmp_path)
    assert said in str(caught.value)
    assert "line 2" in str(caught.value)
