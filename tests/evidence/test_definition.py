"""Figures of another definition stand apart from the series."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from factories import concepts, observation, vintage
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import DataError, project_root
from sapa_analysis.evidence import Vintage, load_definitions, merge_repeats, with_definitions
from sapa_analysis.pipeline import Project, assess_indicator, open_project
from sapa_analysis.series import build_series

pytest_plugins = ["loaded"]

#: Figures of Sa Pa until 2016 were counted otherwise, which a page of December 2017 shows.
OLD = {
    "definition": "old", "indicator_id": "tourist_arrivals", "area": "sa_pa", "until": "2016", "only_at": "",
    "published": "2017-12-06",
}  # fmt: skip
AREAS = pd.DataFrame(
    {"parent": ["", "lao_cai", "sa_pa"], "level": ["province", "district", "commune"]},
    index=["lao_cai", "sa_pa", "ward"],
)


def known(*rows: dict[str, object], as_of: str | None = None, **changed: str) -> Vintage:
    """Return what a day knows of these rows, with one other definition."""
    bare = vintage(*rows, indicators=concepts())
    definitions = pd.DataFrame([OLD | changed])
    marked = with_definitions(bare.evidence, definitions, bare.indicators, AREAS)
    tables = {"indicators": bare.indicators, "areas": AREAS, "covariates": bare.covariates}
    return Vintage(evidence=marked, definitions=definitions, **tables).as_of(as_of)


def marks(*rows: dict[str, object], **changed: str) -> list[str]:
    return known(*rows, **changed).evidence["definition"].tolist()


@given(
    values=st.lists(st.floats(1e4, 1e7), min_size=1, max_size=4),
    years=st.lists(st.integers(2000, 2016), min_size=4, max_size=4, unique=True),
)
def test_a_series_is_the_same_with_and_without_figures_of_another_definition(values, years):
    today = [observation("2017", 2.5e6), observation("2018", 2.6e6), observation("2019", 3.3e6)]
    old = [observation(str(year), value) for year, value in zip(years, values, strict=False)]
    with_old, without = (
        build_series(known(*rows, as_of="2020-06-30"), "tourist_arrivals", area="sa_pa", n_draws=50)
        for rows in ([*old, *today], today)
    )
    pd.testing.assert_frame_equal(with_old.table, without.table)
    pd.testing.assert_frame_equal(with_old.draws, without.draws)
    apart = with_old.observations.query("definition != ''")
    assert len(apart) == len(old)
    assert not apart[["used", "leads"]].any(axis=None)


@given(day=st.dates(date(2014, 1, 1), date(2027, 1, 1)))
def test_a_day_knows_no_definition_that_was_published_later(tables: Project, day: date):
    then = tables.as_of(day)
    assert set(then.evidence["definition"]) - {""} <= set(then.definitions["definition"])
    assert (then.definitions["published"] <= day.isoformat()).all()


def test_growth_across_a_change_of_counting_is_none():
    catalogue = pd.concat([concepts(), concepts(scale="growth", growth_of="tourist_arrivals")])
    catalogue.index = pd.Index(["tourist_arrivals", "tourist_arrivals_growth"])
    rates = [
        observation(period, 20, freq, indicator_id="tourist_arrivals_growth")
        for period, freq in [
            ("2016", "A"),
            ("2017", "A"),
            ("2018", "A"),
            ("2016/2019", "TERM"),
            ("2018/2020", "TERM"),
        ]
    ]
    pages = pd.DataFrame(rates)
    marked = with_definitions(pages, pd.DataFrame([OLD]), catalogue, AREAS)
    assert marked["definition"].tolist() == ["old", "old", "", "old", ""]


def test_an_area_takes_its_definition_to_the_areas_in_it_and_to_no_other():
    rows = [observation("2015", 1e6, area=area) for area in ("sa_pa", "ward", "lao_cai")]
    assert marks(*rows) == ["old", "old", ""]


def test_one_page_alone_can_count_otherwise():
    rows = [observation("2015", 1e6), observation("2022", 2e6, source_url="https://example.org/study")]
    assert marks(*rows, until="", only_at="https://example.org/study") == ["", "old"]


def test_a_number_under_two_definitions_is_two_statements():
    page, study = observation("2015", 1e6), observation("2015", 1e6, source_url="https://example.org/study")
    both = known(page, study, until="", only_at="https://example.org/study").evidence
    assert merge_repeats(both)["n_pages"].tolist() == [1, 1]


def test_before_it_was_known_the_old_count_was_the_series():
    rows = [observation(str(year), value) for year, value in [(2014, 6e5), (2015, 7e5), (2016, 1e6)]]
    before, after = (known(*rows, as_of=day).evidence for day in ("2017-12-05", "2017-12-06"))
    assert before["definition"].tolist() == ["", "", ""]
    assert after["definition"].tolist() == ["old"] * 3


def test_forest_cover_of_maps_says_nothing_of_the_official_rate():
    project, params = open_project(as_of="2023-06-30")
    cover = assess_indicator(project, params.with_values(n_paths=200), "forest_cover")
    assert cover.observed.observed_years == [2022]
    assert cover.observed.figure(2022)["value"] == 66.53
    assert 65 < cover.summary()["median"].loc["2023"] < 68
    assert sorted(cover.observed.observations.query("definition != ''")["value"]) == [49.81, 66.02]


def test_figures_of_another_definition_alone_are_a_reason_of_their_own():
    project, params = open_project(as_of="2023-01-15")
    assert assess_indicator(project, params, "forest_cover").reason == "other_definition"


def test_arrivals_of_sa_pa_begin_with_the_count_of_2017():
    project, params = open_project(as_of="2023-06-30")
    visits = assess_indicator(project, params.with_values(n_paths=200), "tourist_arrivals").observed
    assert visits.observed_years == [2017, 2018, 2019, 2020, 2021, 2022]


def test_a_folder_without_the_file_declares_none(tmp_path: Path):
    assert load_definitions(tmp_path).empty


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"until": "2016", "only_at": "https://example.org"}, "line 2, until: wanted a last year or only_at"),
        ({"until": "", "only_at": ""}, "line 2, until: wanted a last year or only_at"),
        ({"indicator_id": "tourist_arrival"}, "did you mean tourist_arrivals?"),
        ({"area": "sapa"}, "did you mean sa_pa"),
        ({"basis": "guessed"}, "guessed"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(tmp_path: Path, cells: dict[str, str], said: str):
    data = project_root() / "data"
    for name in ("indicators.csv", "areas.csv"):
        shutil.copy(data / name, tmp_path / name)
    table = pd.read_csv(data / "definitions.csv", dtype=str, keep_default_na=False).iloc[[1]].assign(**cells)
    table.to_csv(tmp_path / "definitions.csv", index=False)
    with pytest.raises(DataError) as caught:
        load_definitions(tmp_path)
    assert said in str(caught.value)
