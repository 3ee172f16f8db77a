"""A recovery beside its peers: nothing later than the day in fan or peers; the outcome changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import NotAssessed, assess_indicator
from sapa_analysis.core import LANGUAGES, last_day, years_of
from sapa_analysis.pipeline import peer_recovery
from sapa_analysis.pipeline.peer_recovery import _level
from sapa_analysis.reporting import describe_recovery, plain
from sapa_analysis.reporting.figures import plot_recovery

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
            outcome = assess_indicator(tables, mine, "tourist_arrivals")
            made[area, day] = peer_recovery(tables, mine, outcome)
    return made


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
    before = peer_recovery(then, mine, assess_indicator(then, mine, "tourist_arrivals"))
    now = found["sa_pa", day]
    pd.testing.assert_frame_equal(before.fan, now.fan)
    pd.testing.assert_frame_equal(before.peers, now.peers)
    assert before.level == now.level
    assert not before.own["after"].any()
    assert now.own["after"].all()
    assert len(now.own) > len(before.own)


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
    recovery = peer_recovery(tables, mine, assess_indicator(tables, mine, "tourist_arrivals"))
    assert (recovery.reason, len(recovery.fan)) == ("too_early", 0)
    assert plain(describe_recovery(recovery, area="Sa Pa", lang="en")) == [
        "On 30/6/2022 the break had not ended: there is no recovery to show."
    ]


@either
def test_without_a_gap_or_a_figure_that_is_all_that_is_said(lang, tables, asked):
    observed = assess_once(tables, asked)
    risen = observed.table["estimate"].where(observed.table.index.year != 2022, 1e7)
    high = replace(observed, table=observed.table.assign(estimate=risen))
    assert peer_recovery(tables, asked, NotAssessed(high, "no_year_left", 3)).reason == "no_gap"
    unbroken = asked.with_values(shock_years=[])
    for outcome in (NotAssessed(high, "no_year_left", 3), NotAssessed(None, "no_evidence", 3)):
        for given_years in (asked, unbroken):
            recovery = peer_recovery(tables, given_years, outcome)
            assert recovery.reason
            assert len(describe_recovery(recovery, area="Sa Pa", lang=lang)) == 1


@either
@pytest.mark.parametrize("area", AREAS)
def test_the_words_have_the_numbers_of_the_fan_and_say_what_the_law_was_learned_on(area, lang, found):
    recovery = found[area, date(2023, 6, 30)]
    told = plain(describe_recovery(recovery, area="Sa Pa", lang=lang))
    assert len(told) == 3
    for number in (recovery.level, *recovery.fan.iloc[-1][["median", "lower_80", "upper_80"]]):
        assert f"{number:.0f}%" in told[0]
    assert "37" in told[-1]
    assert "60" in told[-1]


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
