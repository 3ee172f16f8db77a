"""A recovery beside its peers: nothing later than the day in fan or peers; the outcome changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import import_module

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import NotAssessed, assess_indicator
from sapa_analysis.core import LANGUAGES, last_day, row_of, years_of
from sapa_analysis.forecasting import forecast, recovery_table
from sapa_analysis.pipeline import peer_recovery
from sapa_analysis.pipeline.peer_recovery import _break, _level
from sapa_analysis.reporting import describe_recovery, plain
from sapa_analysis.reporting.figures import plot_recovery
from sapa_analysis.reporting.language import day as shown_day
from sapa_analysis.reporting.language import texts

pytest_plugins = ["loaded"]
DAYS = (date(2023, 1, 15), date(2023, 6, 30), date(2024, 1, 15), date(2026, 1, 31))
AREAS = ("sa_pa", "lao_cai")
either = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture(scope="module")
def asked(params):
    return params.with_values(n_paths=200)


@pytest.fixture(scope="module")
def found(tables, asked):
    """Return the recovery of an area on a day, once for all tests."""
    made = {}
    for area in AREAS:
        for day in DAYS:
            mine = asked.with_values(area=area, as_of=day)
            made[area, day] = recovered(tables, mine)
    return made


def recovered(tables, params, indicator="tourist_arrivals"):
    return peer_recovery(tables, params, indicator, assess_indicator(tables, params, indicator))


def drawn(recovery, concept, lang):
    known = {"level": recovery.level, "base": recovery.base, "start": recovery.start, "area": "Sa Pa"}
    return plot_recovery(
        recovery.fan, recovery.peers, recovery.own, concept, **known, as_of=recovery.as_of, lang=lang
    )


# laws -----------------------------------------------------------------------------------------------------


def test_peers_rest_on_pages_of_the_day_and_the_outcome_says_which_of_its_pages_are_later(found):
    for (_, day), recovery in found.items():
        assert all(last_day(text) <= day for text in recovery.peers["published"])
        assert (recovery.peers["year"] >= recovery.start).all()
        assert not recovery.peers["own"].any()
        later = [last_day(text) > day for text in recovery.own["published"]]
        assert recovery.own["after"].tolist() == later


def test_ends_of_the_fan_are_nested_around_the_median_and_begin_after_the_break(found):
    order = ["lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95"]
    for recovery in found.values():
        assert (np.diff(recovery.fan[order], axis=1) >= 0).all()
        assert years_of(recovery.fan).tolist() == [recovery.start + ahead for ahead in (1, 2, 3)]
        assert (recovery.fan > 0).all().all()


def test_what_came_later_changes_neither_fan_nor_peers(tables, asked, found):
    day = date(2023, 6, 30)
    mine = asked.with_values(as_of=day)
    known = set(tables.as_of(day).evidence["id"])
    then = replace(tables, evidence=tables.evidence[tables.evidence["id"].isin(known)])
    before = recovered(then, mine)
    now = found["sa_pa", day]
    pd.testing.assert_frame_equal(before.fan, now.fan)
    pd.testing.assert_frame_equal(before.peers, now.peers)
    assert before.level == now.level
    assert not before.own["after"].any()
    assert now.own["after"].all()
    assert len(now.own) > len(before.own)


def test_fan_start_and_outcome_are_percent_of_one_estimate(tables, asked, found):
    for (_, day), recovery in found.items():
        estimate = 100 * recovery.own["value"] / recovery.own["share"]
        assert np.ptp(estimate) < 1e-6 * estimate.mean()
        assert (recovery.peers["share"] == 100 * recovery.peers["value"] / recovery.peers["base"]).all()
        assert (recovery.peers["base_year"] == recovery.base).all()
        assert day == recovery.as_of
    observed = assess_once(tables, asked)
    known = [float(row_of(observed.table, year)["estimate"]) for year in (2019, 2022)]
    mine = found["sa_pa", date(2023, 6, 30)]
    assert mine.level == pytest.approx(100 * known[1] / known[0])
    assert mine.own["share"].tolist() == pytest.approx((100 * mine.own["value"] / known[0]).tolist())


@given(st.sets(st.integers(1990, 2030), min_size=1), st.integers(1990, 2030))
def test_the_break_is_the_last_run_that_had_begun(breaks, last):
    first, end = _break(sorted(breaks), last)
    assert set(range(first, end + 1)) <= breaks
    assert not {first - 1, end + 1} & breaks
    begun = [year for year in breaks if year <= last]
    if begun:
        assert first <= last
        assert max(begun) <= end
    else:
        assert first == min(breaks)


@pytest.mark.parametrize("years", [[2020, 2021, 2022, 2024], [2003, 2020, 2021, 2022]])
def test_another_run_of_shock_years_changes_nothing(years, tables, asked, found):
    there = recovered(tables, asked.with_values(shock_years=years))
    here = found["sa_pa", date(2023, 6, 30)]
    assert (there.base, there.start, there.reason) == (2019, 2022, "")
    assert there.level == pytest.approx(here.level, rel=0.02)  # the past is estimated with the shock years
    pd.testing.assert_frame_equal(there.peers, here.peers)
    assert there.own["year"].tolist() == here.own["year"].tolist()


@given(st.floats(0.1, 10))
def test_the_gap_does_not_depend_on_the_unit(tables, asked, factor):
    observed = assess_once(tables, asked)
    scaled = replace(observed, table=observed.table.assign(estimate=observed.table["estimate"] * factor))
    level, reason = _level(observed, 2019, 2022)
    assert _level(scaled, 2019, 2022) == (pytest.approx(level), reason)


_SEEN = {}


def assess_once(tables, asked):
    if not _SEEN:
        _SEEN["series"] = assess_indicator(tables, asked, "tourist_arrivals").observed
    return _SEEN["series"]


# examples -------------------------------------------------------------------------------------------------


def test_before_the_break_has_ended_there_is_nothing_to_show_and_it_is_said(tables, asked):
    mine = asked.with_values(as_of=date(2022, 6, 30))
    recovery = recovered(tables, mine)
    assert (recovery.reason, len(recovery.fan)) == ("too_early", 0)
    assert plain(describe_recovery(recovery, area="Sa Pa", lang="en")) == [
        "On 30/6/2022 the break had not ended: there is no recovery to show."
    ]


@either
def test_without_a_gap_or_a_figure_that_is_all_that_is_said(lang, tables, asked):
    observed = assess_once(tables, asked)
    risen = observed.table["estimate"].where(observed.table.index.year != 2022, 1e7)
    high = replace(observed, table=observed.table.assign(estimate=risen))
    assert (
        peer_recovery(tables, asked, "tourist_arrivals", NotAssessed(high, "no_year_left", 3)).reason
        == "no_gap"
    )
    unbroken = asked.with_values(shock_years=[])
    for outcome in (NotAssessed(high, "no_year_left", 3), NotAssessed(None, "no_evidence", 3)):
        for given_years in (asked, unbroken):
            recovery = peer_recovery(tables, given_years, "tourist_arrivals", outcome)
            assert recovery.reason
            assert len(describe_recovery(recovery, area="Sa Pa", lang=lang)) == 1


REASONS = [
    ("schools_at_standard", "sa_pa", "no_break"),
    ("grdp_growth", "sa_pa", "rate"),
    ("grdp_growth", "lao_cai", "rate"),
    ("international_arrivals", "sa_pa", "no_figure"),  # 2022 was carried forward, no figure told it
]


@either
@pytest.mark.parametrize(("indicator", "area", "reason"), REASONS)
def test_the_reason_is_the_one_that_holds(indicator, area, reason, lang, tables, asked):
    recovery = recovered(tables, asked.with_values(area=area), indicator)
    assert (recovery.reason, recovery.fan.empty, recovery.own.empty) == (reason, True, True)
    assert np.isnan(recovery.level)
    wanted = texts(lang)["recovery"][reason].format(
        as_of=shown_day(recovery.as_of, lang), base=recovery.base, start=recovery.start, area="Sa Pa"
    )
    assert plain(describe_recovery(recovery, area="Sa Pa", lang=lang)) == [wanted]


def test_a_year_carried_over_is_no_level(tables, asked):
    observed = assess_once(tables, asked)
    assert _level(observed, 2019, 2022)[1] == ""
    for year in (2019, 2022):
        basis = observed.table["basis"].where(years_of(observed.table) != year, "none")
        blank = replace(observed, table=observed.table.assign(basis=basis))
        level, reason = _level(blank, 2019, 2022)
        assert (np.isnan(level), reason) == (True, "no_figure")


@either
def test_the_law_is_told_where_it_applies_and_else_that_the_gap_is_too_shallow(lang, found):
    words = texts(lang)["recovery"]
    for recovery in found.values():
        told = plain(describe_recovery(recovery, area="Sa Pa", lang=lang))
        shallow = words["shallow"].format(gap=f"{100 - recovery.level:.0f}%")
        assert (recovery.law > 0) == (recovery.level <= 82)
        assert (shallow in told) == (recovery.law == 0)
        assert any({"en": "Thailand", "vi": "Thái Lan"}[lang] in sentence for sentence in told) == (
            recovery.law > 0
        )
    assert {recovery.law > 0 for recovery in found.values()} == {True, False}


@either
def test_few_figures_are_not_called_a_shallow_gap(lang, found):
    words = texts(lang)["recovery"]
    shallow = found["lao_cai", date(2026, 1, 31)]
    for level, form in ((70.0, "few"), (82.0, "few"), (82.1, "shallow")):
        told = plain(describe_recovery(replace(shallow, level=level, law=0.0), area="Sa Pa", lang=lang))
        assert words[form].format(gap=f"{100 - level:.0f}%") in told


def test_the_fan_rests_on_years_with_a_figure_only(monkeypatch, tables, params):
    given = []

    def keeping(past, **how):
        given.append(past)
        return forecast(past, **how)

    monkeypatch.setattr(import_module("sapa_analysis.pipeline.peer_recovery"), "forecast", keeping)
    chosen = params.with_values(as_of="2023-06-30", n_paths=100)
    outcome = assess_indicator(tables, chosen, "tourism_revenue")
    made = peer_recovery(tables, chosen, "tourism_revenue", outcome)
    assert set(given[0].index) == {year for year in outcome.observed.observed_years if year <= 2022}
    assert 2020 not in given[0].index
    assert len(made.fan) == 3


@either
def test_later_years_of_other_places_are_set_against_the_median(lang, found):
    recovery = found["sa_pa", date(2026, 1, 31)]
    of_2024 = recovery.peers.query("year == 2024").set_index("place")["share"]
    median = recovery.fan["median"].loc["2024"]
    above = int((of_2024 > median).sum())
    told = plain(describe_recovery(recovery, area="Sa Pa", lang=lang))[1]
    known = {
        "above": above,
        "n": len(of_2024),
        "year": 2024,
        "base": 2019,
        "as_of": shown_day(recovery.as_of, lang),
    }
    known |= {"median": f"{median:.0f}%", "middle": f"{of_2024.median():.0f}%"}
    assert told == texts(lang)["recovery"]["peers_later"].format(**known)
    low = recovery.peers["share"].where(recovery.peers["place"] != of_2024.index[0], 1.0)
    fewer = plain(
        describe_recovery(replace(recovery, peers=recovery.peers.assign(share=low)), area="", lang=lang)
    )
    assert f"{above - 1} " in fewer[1]
    two = recovery.peers[recovery.peers["place"].isin(of_2024.index[:2])]
    few = describe_recovery(replace(recovery, peers=two), area="", lang=lang)
    assert len(few) == len(plain(describe_recovery(recovery, area="", lang=lang))) - 1


@either
def test_without_a_later_year_the_other_places_are_told_in_the_last_year_of_the_break(lang, found):
    recovery = found["sa_pa", date(2023, 6, 30)]
    assert recovery.peers["year"].max() == 2022
    told = plain(describe_recovery(recovery, area="Sa Pa", lang=lang))[1]
    ends = recovery.peers["share"].agg(["min", "max", "median"])
    assert "2022" in told
    assert all(f"{end:.0f}%" in told for end in ends)


def test_the_outcome_is_told_last_beside_median_and_interval_of_its_year(found):
    recovery = found["sa_pa", date(2023, 6, 30)]
    ends = recovery.fan.loc["2024", ["median", "lower_80", "upper_80"]]
    for share, side, band in (
        (ends["median"] + 1, "above", "inside"), (ends["median"] - 1, "below", "inside"),
        (ends["upper_80"] + 1, "above", "outside"), (ends["lower_80"] - 1, "below", "outside"),
    ):  # fmt: skip
        own = recovery.own.query("year == 2024").assign(share=share)
        told = plain(describe_recovery(replace(recovery, own=own), area="Sa Pa", lang="en"))[-1]
        assert told == (
            f"In hindsight, against the same level of 2019, Sa Pa reached {share:.0f}% in 2024 ({side} the median "
            f"of {ends['median']:.0f}%, {band} the 80% interval). What was published after 30/6/2023 changes no number of the forecast."
        )
    bare = describe_recovery(replace(recovery, own=recovery.own.iloc[:0]), area="Sa Pa", lang="en")
    assert not any("hindsight" in sentence for sentence in plain(bare))


@either
@pytest.mark.parametrize(
    ("day", "after", "notes"),
    [
        (DAYS[1], [True, True], ["came_after"]),
        (DAYS[2], [False, True], ["came_known", "came_after"]),
        (DAYS[3], [False, False], ["came_known"]),
    ],
)
def test_only_what_was_published_after_the_day_is_said_to_change_nothing(day, after, notes, lang, found):
    recovery = found["sa_pa", day]
    recovery = replace(recovery, own=recovery.own.assign(after=after))
    told = plain(describe_recovery(recovery, area="Sa Pa", lang=lang))[-1]
    for name in ("came_known", "came_after"):
        said = texts(lang)["recovery"][name].format(as_of=shown_day(day, lang), base=2019, start=2022)
        assert (said in told) == (name in notes)


@either
def test_the_key_says_of_what_each_colour_is_a_percentage(lang, found, tables):
    ax = drawn(found["sa_pa", date(2023, 6, 30)], tables.indicators.loc["tourist_arrivals"], lang)
    said = " ".join(text.get_text().replace("\n", " ") for text in ax.texts)
    key = texts(lang)["recovery"]["key"].splitlines()[-1].format(base=2019)
    assert key.count("2019") == 2
    assert key in said
    plt.close(ax.get_figure())


@either
@pytest.mark.parametrize("area", AREAS)
def test_the_words_have_the_numbers_of_the_fan_and_say_what_the_law_was_learned_on(area, lang, found):
    recovery = found[area, date(2023, 6, 30)]
    told = plain(describe_recovery(recovery, area="Sa Pa", lang=lang))
    assert len(told) == 4
    for number in (recovery.level, *recovery.fan.iloc[-1][["median", "lower_80", "upper_80"]]):
        assert f"{number:.0f}%" in told[0]
    learned = [f"{number:.0f}" for number in recovery_table().loc[0, ["provinces", "countries"]]]
    assert [number in told[2] for number in learned] == [area == "sa_pa"] * 2


@either
@pytest.mark.parametrize("day", [DAYS[1], DAYS[3]])
def test_the_outcome_is_drawn_last_in_a_mark_of_its_own_hollow_where_it_came_later(lang, day, found, tables):
    recovery = found["sa_pa", day]
    ax = drawn(recovery, tables.indicators.loc["tourist_arrivals"], lang)
    marks = [line for line in ax.lines if line.get_marker() == "D"]
    assert [line.get_ydata()[0] for line in marks] == recovery.own["share"].tolist()
    assert [line.get_markerfacecolor() == "white" for line in marks] == recovery.own["after"].tolist()
    assert min(line.get_zorder() for line in marks) > max(
        line.get_zorder() for line in ax.lines if line not in marks
    )
    said = " ".join(text.get_text() for text in ax.texts)
    assert all(name in said for name in recovery.peers[f"name_{lang}"])
    plt.close(ax.get_figure())


def test_a_picture_without_peers_and_outcome_is_the_fan_alone(found, tables):
    recovery = found["sa_pa", date(2023, 6, 30)]
    bare = replace(recovery, peers=recovery.peers.iloc[:0], own=recovery.own.iloc[:0])
    ax = drawn(bare, tables.indicators.loc["tourist_arrivals"], "en")
    assert len(ax.collections) == 3
    assert not [line for line in ax.lines if line.get_marker() == "D"]
    plt.close(ax.get_figure())
