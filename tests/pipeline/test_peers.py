"""The area beside its peers: shares of 2019, as known on a day, on one counting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import NotAssessed, assess_indicator
from sapa_analysis.core import last_day
from sapa_analysis.evidence import known_by, reference_years
from sapa_analysis.pipeline import peer_shares
from sapa_analysis.reporting import describe_peers, peers_table, plain
from sapa_analysis.reporting.figures import plot_peers

pytest_plugins = ["loaded"]
DAYS = ("2023-06-30", "2026-01-31")


@pytest.fixture(scope="module")
def visits(tables, params):
    few = params.with_values(n_paths=100)
    return {day: assess_indicator(tables, few.with_values(as_of=day), "tourist_arrivals") for day in DAYS}


def on(outcome, day):
    """Return what is known of the area, as if it were of another day."""
    return NotAssessed(replace(outcome.observed, as_of=day), "no_year_left", 3)


# laws -----------------------------------------------------------------------------------------------------


@given(st.dates(date(2010, 1, 1), date(2026, 12, 31)))
def test_no_share_of_a_peer_rests_on_a_page_of_a_later_day(tables, visits, day):
    shares = peer_shares(tables, on(visits[DAYS[1]], day))
    peers = shares[~shares["own"].astype(bool)]
    assert all(last_day(text) <= day for text in peers["published"])
    known = known_by(tables.reference, day)
    for row in peers.to_dict("records"):
        mine = known[(known["place"] == row["place"]) & (known["freq"] == "A")]
        assert row["base"] in mine.loc[mine["year"] == 2019, "value"].tolist()
        assert row["value"] in mine.loc[mine["year"] == row["year"], "value"].tolist()


@given(
    st.dictionaries(st.tuples(st.integers(2018, 2025), st.integers(0, 1)), st.integers(1, 90), max_size=12)
)
def test_no_share_goes_across_a_break_of_counting(tables, visits, values):
    one = tables.reference.query("place == 'ninh_binh' and freq == 'A'").iloc[0].to_dict()
    rows = [
        one | {"year": year, "series": series, "value": value * 1e5, "derived": False}
        for (year, series), value in values.items()
    ]
    reference = pd.DataFrame(rows, columns=tables.reference.columns).astype(tables.reference.dtypes)
    shares = peer_shares(replace(tables, reference=reference), on(visits[DAYS[1]], date(2026, 1, 31)))
    peers = shares[~shares["own"].astype(bool)]
    wanted = [
        value / values[2019, series]
        for (_, series), value in values.items()
        if (2019, series) in values and sum(other == series for _, other in values) > 1
    ]
    assert sorted(peers["share"]) == pytest.approx(sorted(100 * share for share in wanted))


# what is in the repository --------------------------------------------------------------------------------


@pytest.mark.parametrize("day", DAYS)
def test_shares_are_the_figures_over_those_of_2019_and_a_printed_figure_wins(tables, visits, day):
    shares = peer_shares(tables, visits[day])
    assert shares["share"].tolist() == pytest.approx((100 * shares["value"] / shares["base"]).tolist())
    printed = reference_years(known_by(tables.reference[~tables.reference["derived"]], day))
    both = shares.merge(printed, on=["place", "year"])
    assert both["value_x"].tolist() == both["value_y"].tolist()
    assert shares["own"].tolist() == sorted(shares["own"], reverse=True)


def test_the_area_is_shown_by_its_printed_figures(tables, visits):
    shares = peer_shares(tables, visits["2023-06-30"])
    own = shares[shares["own"]].set_index("year")
    assert own["value"].to_dict() == {2018: 2.5e6, 2019: 3.5e6, 2020: 1.2e6, 2022: 2.43e6}
    assert own["bound"].to_dict() == {2018: "about", 2019: "exact", 2020: "over", 2022: "over"}


def test_marks_follow_both_figures_of_a_share(tables, visits):
    shares = peer_shares(tables, visits["2026-01-31"]).set_index(["place", "year"])
    assert shares.loc[("quang_ninh", 2020), "bound"] == "under"  # of over 14 million
    assert shares.loc[("lam_dong", 2024), ["derived", "estimate"]].tolist() == [True, True]
    assert shares.loc[("khanh_hoa", 2023), ["bound", "derived", "estimate"]].tolist() == [
        "about",
        False,
        True,
    ]


def test_an_indicator_without_peers_shows_nothing(tables, params):
    outcome = assess_indicator(tables, params.with_values(n_paths=100, as_of="2026-01-31"), "forest_cover")
    shares = peer_shares(tables, outcome)
    assert shares.empty
    assert describe_peers(shares) == []
    assert peers_table(shares, tables.indicators.loc["forest_cover"]).empty
    assert peer_shares(tables, NotAssessed(None, "no_evidence", 3)).empty


# in words and on a picture --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("day", DAYS)
def test_the_names_on_the_picture_never_overlap_and_each_line_has_one(tables, visits, day, lang):
    shares = peer_shares(tables, visits[day])
    ax = plot_peers(shares, tables.indicators.loc["tourist_arrivals"], lang=lang)
    renderer = ax.get_figure().canvas.get_renderer()
    later = shares[shares["year"] > 2019]
    names = [text for text in ax.texts if any(text.get_text().startswith(n) for n in later[f"name_{lang}"])]
    assert len(names) == later["place"].nunique()
    boxes = [text.get_window_extent(renderer) for text in names]
    assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[:n])
    assert min(box.y0 for box in boxes) >= ax.get_window_extent(renderer).y0 - 6


def test_without_peers_the_picture_says_so(tables):
    empty = peer_shares(tables, NotAssessed(None, "no_evidence", 3))
    ax = plot_peers(empty, tables.indicators.loc["tourist_arrivals"], lang="en")
    assert [text.get_text() for text in ax.texts] == ["no other place has a figure to compare with"]


def test_the_table_and_the_sentence_tell_the_same(tables, visits):
    shares = peer_shares(tables, visits["2023-06-30"])
    table = peers_table(shares, tables.indicators.loc["tourist_arrivals"])
    assert list(table.columns) == ["Nơi", "2019", "2018", "2020", "2021", "2022"]
    assert table.iloc[0].tolist() == [
        "thị xã Sa Pa",
        "3,5 triệu lượt",
        "khoảng 71%",
        "trên 34%",
        "",
        "trên 69%",
    ]
    [told] = plain(describe_peers(shares))
    for words in ("Năm 2022", "trên 69%", "5 nơi khác", "49% (tỉnh Ninh Bình)", "157% (tỉnh Hà Giang)"):
        assert words in told
