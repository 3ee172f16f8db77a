"""What the office says of a period stands in the place of what pages printed of it, from the day it is known."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office import figure, office

from sapa_analysis.core import EvidenceError
from sapa_analysis.evidence import Vintage, is_office, known_by, load_evidence, parted

few = settings(max_examples=min(20, settings.default.max_examples))
days = st.dates(date(2021, 1, 1), date(2023, 12, 31))
row = st.fixed_dictionaries(
    {
        "indicator_id": st.sampled_from(["rooms", "beds"]),
        "area": st.just("sa_pa"),
        "period": st.sampled_from(["2020", "2021"]),
        "freq": st.sampled_from(["A", "YTD"]),
        "unit": st.just("rooms"),
        "value": st.sampled_from([700.0, 712.0, 720.0]),
        "kind": st.sampled_from(["actual", "estimate"]),
        "grade": st.sampled_from(["A", "B"]),
        "bound": st.just("exact"),
        "published": st.one_of(st.just(""), days.map(str)),
        "source_url": st.sampled_from(["https://a.vn", "https://b.vn", "office:Báo cáo"]),
    }
)
tables = st.lists(row, min_size=1, max_size=12).map(pd.DataFrame)
NOTHING = pd.DataFrame({"published": []})


def vintage(evidence):
    concept = pd.DataFrame({"growth_of": "", "prices": "", "level": "town"}, index=["rooms", "beds"])
    places = pd.DataFrame({"level": ["town"], "parent": [""]}, index=["sa_pa"])
    covariates = pd.DataFrame({"published": pd.Series(dtype="str")})
    return Vintage(evidence=evidence, indicators=concept, areas=places, covariates=covariates)


def same_subject(row, other):
    return all(row[name] == other[name] for name in ("indicator_id", "area", "period", "freq"))


def counts(row, rows):
    """Return whether a row counts, told in words: one at a time, against each of the office's."""
    if is_office(row["source_url"]):
        return True
    own = [each for each in rows if is_office(each["source_url"]) and same_subject(row, each)]
    return not any(each["kind"] == "actual" or row["kind"] == "estimate" for each in own)


@few
@given(tables)
def test_a_figure_of_the_office_replaces_what_is_public_of_its_period(table):
    counting, gone = parted(table)
    rows = table.to_dict("records")
    wanted = [row for row in rows if counts(row, rows)]
    assert counting.to_dict("records") == wanted
    assert len(counting) + len(gone) == len(table)


@few
@given(tables, st.randoms())
def test_the_order_of_rows_does_not_matter(table, random):
    order = [*table.index]
    random.shuffle(order)
    counting = parted(table.loc[order])[0]
    pd.testing.assert_frame_equal(counting.sort_index(), parted(table)[0])


@few
@given(tables)
def test_without_figures_of_the_office_nothing_changes(table):
    public = table[~table["source_url"].map(is_office)]
    counting, gone = parted(public)
    assert counting is public
    assert gone.empty


@few
@given(tables, days, days)
def test_a_day_knows_what_it_knows_however_it_is_reached(table, first, second):
    early, late = sorted((first, second))
    project = vintage(table)
    direct, by_steps = project.as_of(early), project.as_of(late).as_of(early)
    pd.testing.assert_frame_equal(direct.evidence, by_steps.evidence)
    pd.testing.assert_frame_equal(direct.statements, by_steps.statements)
    assert direct.keyed() == by_steps.keyed()


@few
@given(tables, days)
def test_a_figure_of_the_office_counts_from_its_day_on(table, day):
    known = vintage(table).as_of(day).evidence
    pd.testing.assert_frame_equal(known.drop(columns="definition"), parted(known_by(table, day))[0])


@few
@given(tables)
def test_statements_of_an_open_day_hold_no_replaced_row(table):
    said = vintage(table).statements
    counting = parted(table)[0]
    assert set(said["value"]) == set(counting["value"])


def test_a_public_row_counts_until_the_day_before_the_office_speaks():
    page = figure("rooms", 2020, 700.0, "rooms", source_url="https://a.vn", published="2021-02-01")
    own = figure("rooms", 2020, 712.0, "rooms", published="2022-03-01")
    project = vintage(pd.DataFrame([page, own]))
    days = (date(2022, 3, 1) - timedelta(days=1), date(2022, 3, 1), None)
    assert [project.as_of(day).statements["value"].tolist() for day in days] == [[700.0], [712.0], [712.0]]


# the overlay of a workbook --------------------------------------------------------------------------------


def test_rows_of_a_workbook_keep_their_cells_and_lose_their_marks(root):
    own = office(
        [figure("tourist_arrivals", 2022, 2.6e6, "visits"), figure("rooms", 2022, 9, "rooms")]
    ).figures
    own = own[own["indicator_id"] == "tourist_arrivals"]
    evidence, plain = load_evidence(root / "data", overlay=own), load_evidence(root / "data")
    added = evidence[evidence["source_url"].map(is_office)]
    assert added[["id", "where"]].to_numpy().tolist() == [
        ["office.figures.tourist_arrivals.2022", "so_lieu.xlsx, trang Số liệu, ô F22:22"]
    ]
    assert [*evidence.columns] == [*plain.columns]
    pd.testing.assert_frame_equal(evidence.drop(added.index).reset_index(drop=True), plain)


def test_what_is_wrong_with_a_row_of_a_workbook_is_told_with_its_cell(root):
    own = office([figure("tourist_arrivals", 2022, 2.6e6, "people", grade="D")]).figures
    with pytest.raises(EvidenceError) as caught:
        load_evidence(root / "data", overlay=own)
    told = [(each.file, each.line, each.column) for each in caught.value.problems]
    assert told == [("so_lieu.xlsx, trang Số liệu, ô F22", 22, name) for name in ("grade", "unit")]


def test_no_page_of_a_file_has_the_address_of_the_office(project):
    project.change("data/evidence/tourism.csv", 3, source_url="office:Báo cáo")
    with pytest.raises(EvidenceError, match='"office:Báo cáo" is no web address'):
        load_evidence(project.data)


def test_a_correction_of_a_page_meets_no_figure_of_the_office(root):
    plain = load_evidence(root / "data")
    doubted = plain[plain["doubt_en"] != ""].iloc[[0]]
    own = doubted.assign(id="office.grid.F5", source_url="office:Báo cáo", internal=False, where="a.xlsx:5")
    both = load_evidence(root / "data", overlay=own.drop(columns="definition", errors="ignore"))
    assert both[both["where"] == "a.xlsx:5"]["doubt_en"].tolist() == [""]
