"""The reference class: known when it was published, compared on one counting, printed before derived."""

from __future__ import annotations

import unicodedata
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import DataError, last_day, project_root
from sapa_analysis.evidence import known_by, load_reference, look_over_reference, reference_years

DATA = project_root() / "data"
REFERENCE = load_reference(DATA)
days = st.dates(date(2008, 1, 1), date(2027, 12, 31))

# laws -----------------------------------------------------------------------------------------------------

figures = st.fixed_dictionaries(
    {
        "year": st.integers(2018, 2020),
        "value": st.integers(1, 40).map(lambda n: n * 1e5),
        "kind": st.sampled_from(["actual", "estimate"]),
        "derived": st.booleans(),
        "published": st.sampled_from(["", "2019", "2020-05", "2021-01-19"]),
        "freq": st.sampled_from(["A", "A", "A", "YTD"]),
        "series": st.integers(0, 1),
    }
)


def table(rows: list[dict]) -> pd.DataFrame:
    named = {"place": "p", "indicator_id": "visits", "counting": "visits", "digits": 2, "source_url": "x"}
    return pd.DataFrame([named | row for row in rows])


@given(st.lists(figures, min_size=1, max_size=9), st.randoms())
def test_a_derived_figure_never_displaces_a_printed_one_and_the_order_of_rows_never_matters(rows, random):
    years = reference_years(table(rows))
    whole = [row for row in rows if row["freq"] == "A"]
    for found in years.to_dict("records"):
        mine = [row for row in whole if (row["year"], row["series"]) == (found["year"], found["series"])]
        printed = [row for row in mine if not row["derived"]]
        assert found["derived"] == (not printed)
        assert (found["kind"] == "actual") == any(row["kind"] == "actual" for row in printed or mine)
    assert len(years) == len({(row["year"], row["series"]) for row in whole})
    random.shuffle(rows)
    columns = ["year", "series", "value", "disputed"]
    assert reference_years(table(rows))[columns].equals(years[columns])


@given(days)
def test_nothing_published_after_the_day_is_seen(day):
    known = known_by(REFERENCE, day)
    assert all(last_day(text) <= day for text in known["published"])
    assert all(last_day(text) <= day for text in reference_years(known)["published"])


# what is in the repository --------------------------------------------------------------------------------


def test_every_place_has_its_names_in_both_languages():
    for row in REFERENCE.drop_duplicates("place").to_dict("records"):
        assert row["name_en"]
        assert not row["name_vi"].isascii(), row["name_vi"]
        assert unicodedata.is_normalized("NFC", row["name_vi"])


def test_every_figure_has_an_address_or_says_why_not():
    bare = REFERENCE[REFERENCE["source_url"] == ""]
    assert set(bare["place"]) == {"phu_yen"}
    assert all("no address" in note for note in bare["note"])


def test_derived_figures_are_marked_and_bear_the_page_of_the_printed_one():
    derived = REFERENCE[REFERENCE["derived"]]
    assert len(derived) == 21
    for row in derived.to_dict("records"):
        above = float(row["derived_from"].split(" / ")[0])
        printed = REFERENCE[(REFERENCE["place"] == row["place"]) & (REFERENCE["value"] == above)]
        assert set(printed["published"]) == {row["published"]}
        assert row["bound"] == "about"


def test_breaks_part_the_series_of_hoi_an_and_phu_quoc_only():
    parted = REFERENCE[REFERENCE["series"] > 0]
    assert parted.groupby("place")["year"].min().to_dict() == {"hoi_an": 2018, "phu_quoc": 2018}


def test_the_area_and_its_province_are_no_peers():
    assert not {"sa_pa", "lao_cai"} & set(REFERENCE["place"])


# bad input ------------------------------------------------------------------------------------------------


def told(project):
    problems = []
    load_reference(project.data, problems)
    return [f"{problem.file.removeprefix('data/reference/')} {problem}" for problem in problems]


def test_every_problem_of_the_three_files_is_told_at_once(project):
    visits = "data/reference/visits.csv"
    derived = project.find(visits, place="phu_quoc", period="2021")
    project.change(visits, derived, value="2450000")
    project.change(visits, project.find(visits, place="phu_yen", period="2014"), note="", unit="people")
    project.change(visits, project.find(visits, place="son_la"), place="sonla", published="2023-13")
    project.change("data/reference/places.csv", 2, place="lao_cai")
    project.change("data/reference/breaks.csv", 2, year="18")
    found = "\n".join(told(project))
    for words in (
        "derived_from: 5099870 / 2.1670 is not 2,450,000",
        "source_url: is blank, and the note does not say why",
        '"people" is unknown for tourist_arrivals',
        '"sonla" is no place of places.csv; did you mean son_la?',
        '"2023-13" is not a date',
        '"lao_cai" is an area of areas.csv; its figures belong to data/evidence',
        "breaks.csv line 2, year",
    ):
        assert words in found
    with pytest.raises(DataError):
        load_reference(project.data)


def test_a_derived_figure_rests_on_a_printed_one(project):
    visits = "data/reference/visits.csv"
    line = project.find(visits, place="ninh_binh", period="2010")
    project.change(visits, line, derived_from="9000000 / 3")
    assert told(project) == [
        f"visits.csv line {line}, derived_from: 9,000,000 is no printed figure of ninh_binh"
    ]


def test_a_row_that_stands_twice_is_told(project):
    rows = project.rows("data/reference/visits.csv")
    project.save("data/reference/visits.csv", [*rows, rows[0]])
    assert told(project) == [
        f"visits.csv line {len(rows) + 2}, row: stands twice: same place, period, value and page"
    ]


def test_a_file_that_is_no_table_of_the_class_is_told(project):
    project.write("data/reference/visit.csv", "a\n1\n")
    assert told(project) == ['visit.csv "visit" is no table of the reference class; did you mean visits?']


def test_a_project_needs_no_reference_class_and_no_break(project):
    (project.data / "reference/breaks.csv").unlink()
    assert load_reference(project.data)["series"].eq(0).all()
    for path in (project.data / "reference").iterdir():
        path.unlink()
    (project.data / "reference").rmdir()
    empty = load_reference(project.data)
    assert empty.empty
    assert list(empty.columns) == list(REFERENCE.columns)
    assert reference_years(empty).empty
    assert look_over_reference(empty) == []


def test_jumps_are_listed_and_not_refused():
    rows = [
        {"year": year, "value": value, "kind": "actual", "derived": False, "published": "2021", "freq": "A",
         "series": series, "where": f"a.csv:{line}"}
        for line, (year, value, series) in enumerate([(2017, 1e6, 0), (2018, 1.6e6, 0), (2019, 9e6, 1)], 2)
    ]  # fmt: skip
    assert [str(look) for look in look_over_reference(table(rows))] == [
        "line 3, value: 1,600,000 is 1.6 times the figure of 2017, on one counting"
    ]
    assert look_over_reference(table(rows), shock_years=[2018]) == []
