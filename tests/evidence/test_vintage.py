from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core import DateError
from sapa_analysis.core.period import last_day
from sapa_analysis.evidence import load_evidence
from sapa_analysis.evidence.known_day import as_day
from sapa_analysis.evidence.national import national_growth
from sapa_analysis.evidence.repeats import STATEMENT, merge_repeats
from sapa_analysis.evidence.vintage import known_by

#: Tables are dear, and twelve rows of two values each are soon all alike.
few = settings(max_examples=min(20, settings.default.max_examples))
days = st.dates(date(2018, 1, 1), date(2026, 1, 1))
published = st.one_of(
    st.just(""), days.map(lambda day: f"{day:%Y}"), days.map(lambda day: f"{day:%Y-%m}"), days.map(str)
)
row = st.fixed_dictionaries(
    {
        "indicator_id": st.sampled_from(["tourist_arrivals", "grdp"]),
        "area": st.just("sa_pa"),
        "period": st.sampled_from(["2022", "2023"]),
        "freq": st.sampled_from(["A", "YTD"]),
        "unit": st.just("visits"),
        "value": st.sampled_from([1.0, 2.0]),
        "kind": st.sampled_from(["actual", "estimate"]),
        "grade": st.sampled_from(["A", "B", "C"]),
        "bound": st.sampled_from(["exact", "over", "about"]),
        "published": published,
        "source_url": st.sampled_from(["a", "b"]),
        "note": st.sampled_from(["x", "y"]),
    }
)
rows = st.lists(row, max_size=12)
some_rows = st.lists(row, min_size=1, max_size=12)


def make_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    names = [*STATEMENT, "kind", "grade", "bound", "published", "source_url", "note"]
    return pd.DataFrame(rows, columns=names)


def make_row(**changed: object) -> dict[str, object]:
    return {
        "indicator_id": "tourist_arrivals", "area": "sa_pa", "period": "2022", "freq": "A", "unit": "visits",
        "value": 2_500_000.0, "kind": "actual", "grade": "B", "bound": "exact", "published": "2023-01-05",
        "source_url": "a", "note": "",
    } | changed  # fmt: skip


# what a day knew ------------------------------------------------------------------------------------------


@given(rows, days, st.integers(0, 900))
def test_a_later_day_knows_all_that_an_earlier_day_knew(rows, day, more):
    table = make_table(rows)
    earlier, later = known_by(table, day), known_by(table, day + timedelta(days=more))
    assert set(earlier.index) <= set(later.index) <= set(known_by(table, None).index) == set(table.index)


@given(rows, days)
def test_asking_twice_what_a_day_knew_changes_nothing(rows, day):
    known = known_by(make_table(rows), day)
    pd.testing.assert_frame_equal(known_by(known, day), known)


@given(rows, days)
def test_a_day_knows_exactly_the_dated_rows_published_by_its_end(rows, day):
    table = make_table(rows)
    wanted = [row["published"] != "" and last_day(str(row["published"])) <= day for row in rows]
    pd.testing.assert_frame_equal(known_by(table, day), table[pd.Series(wanted, table.index, dtype=bool)])


@given(days)
def test_a_day_is_the_same_day_however_it_is_given(day):
    assert as_day(day) == as_day(str(day)) == as_day(datetime(day.year, day.month, day.day, 12)) == day
    assert as_day(pd.Timestamp(day)) == day
    assert as_day(f"{day:%Y-%m}") == last_day(f"{day:%Y-%m}")
    assert as_day(None) is None


@pytest.mark.parametrize(
    ("printed", "day", "known"),
    [
        ("2024", "2024-12-30", False),
        ("2024", "2024-12-31", True),
        ("2024-02", "2024-02-28", False),
        ("2024-02", "2024-02-29", True),
        ("2024-02-29", "2024-02-29", True),
        ("", "2026-01-01", False),
        ("", None, True),
    ],
)
def test_an_incomplete_date_counts_as_its_last_day_and_no_date_as_never(printed, day, known):
    assert len(known_by(make_table([make_row(published=printed)]), day)) == known


def test_an_empty_table_keeps_its_columns():
    empty = make_table([])
    assert list(known_by(empty, "2023-01-15").columns) == list(empty.columns)
    assert list(merge_repeats(empty).columns) == [*empty.columns, "n_pages"]


# which pages repeat one statement -------------------------------------------------------------------------


@few
@given(rows, days, st.lists(row, max_size=4))
def test_what_is_published_later_changes_nothing_that_a_day_knew(rows, day, further):
    later = [row | {"published": str(day + timedelta(days=1 + place))} for place, row in enumerate(further)]
    before = merge_repeats(known_by(make_table(rows), day))
    after = merge_repeats(known_by(make_table([*later, *rows]), day))
    pd.testing.assert_frame_equal(before, after, check_index_type=False, check_dtype=bool(rows))


@few
@given(some_rows, st.randoms())
def test_the_order_of_the_rows_never_matters(rows, random):
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(merge_repeats(make_table(rows)), merge_repeats(make_table(shuffled)))


@few
@given(some_rows)
def test_merging_twice_merges_no_further(rows):
    once = merge_repeats(make_table(rows)).drop(columns="n_pages")
    twice = merge_repeats(once)
    pd.testing.assert_frame_equal(twice.drop(columns="n_pages"), once)
    assert (twice["n_pages"] == 1).all()


@few
@given(rows)
def test_every_page_is_counted_once_and_every_statement_stands_once(rows):
    merged = merge_repeats(make_table(rows))
    assert merged["n_pages"].sum() == len(rows)
    assert len(merged) == len({tuple(row[name] for name in STATEMENT) for row in rows})
    assert not merged.duplicated(STATEMENT).any()


@few
@given(some_rows)
def test_the_firmest_kind_stands_with_its_best_grade_and_its_earliest_date(rows):
    for merged in merge_repeats(make_table(rows)).to_dict("records"):
        pages = [row for row in rows if all(row[name] == merged[name] for name in STATEMENT)]
        assert merged["kind"] == min(str(page["kind"]) for page in pages)
        firmest = [page for page in pages if page["kind"] == merged["kind"]]
        assert merged["grade"] == min(str(page["grade"]) for page in firmest)
        dates = [last_day(str(page["published"])) for page in firmest if page["published"]]
        assert (last_day(merged["published"]) == min(dates)) if dates else (merged["published"] == "")


@few
@given(some_rows)
def test_a_number_is_exact_only_where_every_page_prints_it_so(rows):
    for merged in merge_repeats(make_table(rows)).to_dict("records"):
        bounds = {row["bound"] for row in rows if all(row[name] == merged[name] for name in STATEMENT)}
        assert merged["bound"] in bounds
        assert (merged["bound"] == "exact") == (bounds == {"exact"})


def test_a_repeat_counts_once():
    pages = [make_row(source_url=url, published=day) for url, day in [("a", "2023-02"), ("b", "2023-01-05")]]
    merged = merge_repeats(make_table(pages))
    assert merged[["value", "published", "n_pages"]].to_numpy().tolist() == [[2_500_000.0, "2023-01-05", 2]]


def test_an_estimate_that_the_outcome_confirms_is_one_statement_known_since_the_outcome():
    estimate = make_row(kind="estimate", published="2022-12-20", grade="A", bound="over")
    merged = merge_repeats(make_table([estimate, make_row(source_url="b")]))
    assert merged[["kind", "grade", "published", "bound", "n_pages"]].to_numpy().tolist() == [
        ["actual", "B", "2023-01-05", "over", 2]
    ]


def test_other_values_periods_and_units_are_other_statements():
    others = [make_row(), make_row(value=2_430_000.0), make_row(period="2023"), make_row(unit="people")]
    assert len(merge_repeats(make_table(others))) == 4


@settings(max_examples=min(15, settings.default.max_examples))
@given(days)
def test_the_evidence_obeys_the_same_laws(evidence, day):
    known = known_by(evidence, day)
    merged = merge_repeats(known)
    assert merged["n_pages"].sum() == len(known)
    pd.testing.assert_frame_equal(merged, merge_repeats(known.sample(frac=1, random_state=1)))


@pytest.fixture(scope="module")
def evidence(root) -> pd.DataFrame:
    return load_evidence(root / "data")


# national growth ------------------------------------------------------------------------------------------


def grown(*rows: tuple[str, float, str]) -> pd.DataFrame:
    level = pd.DataFrame(rows, columns=["period", "value", "published"])
    level = level.assign(series="viet_nam_gdp_constant_2010_vnd_annual_gso")
    found = national_growth(level, pd.Index(["period", "value"]), rate="grdp_growth", nation="viet_nam")
    return found.set_index("period")["value"].round(6).to_dict()


def test_national_growth_is_from_one_year_to_the_next_only():
    assert grown(("2015", 100.0, ""), ("2016", 106.0, ""), ("2018", 120.0, ""), ("2019", 126.0, "")) == {
        "2016": 6.0,
        "2019": 5.0,
    }


def test_a_year_published_twice_grows_once_from_the_later_page():
    twice = ("2016", 106.0, "2017-01"), ("2016", 107.0, "2018-01")
    for pages in (twice, twice[::-1]):
        assert grown(("2015", 100.0, "2016"), *pages) == {"2016": 7.0}


# dates that say less than a day ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (("2020", "2020-01-15"), "2020-01-15"),
        (("", "2021"), "2021"),
        (("2020-03", "2020-02-29", ""), "2020-02-29"),
    ],
)
def test_a_statement_is_dated_by_the_page_that_surely_came_first(dates, first):
    page = {
        "indicator_id": "rooms", "area": "sa_pa", "period": "2019", "freq": "A", "unit": "rooms", "value": 700.0,
        "kind": "actual", "bound": "exact", "grade": "B",
    }  # fmt: skip
    for order in (dates, dates[::-1]):
        pages = [page | {"published": text, "source_url": str(n)} for n, text in enumerate(order)]
        assert merge_repeats(pd.DataFrame(pages))["published"].tolist() == [first]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change the zone of a process")
@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles"])
def test_a_moment_is_of_the_day_that_it_names_in_any_zone(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert [as_day(datetime(2023, 6, 30, hour)) for hour in (0, 12, 23)] == [date(2023, 6, 30)] * 3
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("day", [[2023], 2023, {"day": 1}])
def test_what_is_neither_a_date_nor_a_text_is_refused_in_our_words(day):
    with pytest.raises(DateError, match="is not a date; write YYYY"):
        as_day(day)
