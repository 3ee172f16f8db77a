"""Verdicts: known outcomes, probabilities counted by hand, and plain reasons."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.schema import (
    FLOORS,
    FROM_WORST,
    OUTLOOKS,
    STATUSES,
    Forecast,
    NotAssessed,
    Verdicts,
    YearlySeries,
    yearly_index,
)
from sapa_analysis.verdicts import group_verdicts, judge_targets, word_of

YEARS = range(2018, 2023)


def series(values=(2.0, 3.0, 1.0, 1.5, 2.5), basis="year", scale="log", area="sa_pa", unit="visits"):
    index = yearly_index(list(YEARS)[-len(values) :])
    table = pd.DataFrame({"estimate": values, "sd": 0.0, "basis": basis, "best": values}, index=index)
    draws = pd.DataFrame(np.repeat(table[["estimate"]].to_numpy(), 4, axis=1), index=index)
    return YearlySeries("x", area, unit, scale, date(2023, 6, 30), table, pd.DataFrame(), draws)


def forecast(observed=None, **years):
    paths = pd.DataFrame(list(years.values()), index=yearly_index([int(year[1:]) for year in years]))
    return Forecast(observed or series(), paths, "naive")


def target(**cells):
    row = {
        "id": "t", "document": "d", "clause": "1", "indicator_id": "x", "area": "sa_pa", "measure": "level",
        "start": None, "end": 2023, "sense": "at_least", "value": 3.0, "value_high": None,
        "tolerance": None, "unit": "visits",
    }  # fmt: skip
    return pd.DataFrame([row | cells])


def judge(outcome, **cells):
    return judge_targets({"x": outcome} if outcome else {}, target(**cells)).iloc[0]


@given(probability=st.floats(0, 1))
def test_every_probability_has_one_word_and_words_rise_with_it(probability):
    word = word_of(probability)
    assert probability >= FLOORS[word]
    assert not [other for other, floor in FLOORS.items() if FLOORS[word] < floor <= probability]


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.9, "very_likely"), (0.66, "likely"), (0.33, "even"), (0.1, "unlikely"), (0.0999, "very_unlikely")],
)
def test_lower_edges_belong_to_the_word(probability, word):
    assert word_of(probability) == word


def test_the_probability_is_the_share_of_worlds_that_attain():
    verdict = judge(forecast(y2023=[2.0, 3.0, 3.5, 4.0]))
    assert verdict["probability"] == 0.75
    assert verdict["status"] == "likely"
    assert (verdict["latest"], verdict["latest_year"], verdict["gap"]) == (2.5, 2022, -0.5)
    assert verdict["pace"] == pytest.approx(20)


def test_more_than_is_not_at_least():
    assert judge(forecast(y2023=[3.0, 3.0, 3.0, 4.0]), sense="more_than")["probability"] == 0.25


@given(low=st.floats(0.5, 5), step=st.floats(0, 3))
def test_a_higher_goal_is_never_more_likely(low, step):
    outcome = forecast(y2023=[1.0, 2.0, 3.0, 4.0])
    assert judge(outcome, value=low + step)["probability"] <= judge(outcome, value=low)["probability"]


def test_a_mean_growth_joins_the_past_and_the_future_of_each_world():
    observed = series((10.0, 20.0), scale="growth", unit="percent")
    outcome = forecast(observed, y2023=[10.0, 40.0, 0.0, 30.0])
    verdict = judge(outcome, measure="term_mean_growth", start=2021, end=2023, value=15.0, unit="percent")
    by_hand = [100 * ((1.1 * 1.2 * (1 + g / 100)) ** (1 / 3) - 1) for g in (10, 40, 0, 30)]
    assert verdict["probability"] == np.mean([growth >= 15 for growth in by_hand])
    assert verdict["expected"] == pytest.approx(np.median(by_hand))


def test_a_total_adds_the_years_of_each_world():
    verdict = judge(
        forecast(y2023=[1.0, 2.0, 3.0, 4.0]), measure="term_total", start=2022, end=2023, value=5.0
    )
    assert verdict["probability"] == 0.5
    assert verdict["pace"] == pytest.approx(2.5)


@pytest.mark.parametrize(("value", "status"), [(2.5, "met"), (2.6, "missed")])
def test_a_year_that_has_ended_with_its_own_figure_is_known(value, status):
    assert judge(forecast(y2023=[1.0] * 4), end=2022, value=value)["status"] == status


def test_a_year_known_in_part_only_is_still_a_probability():
    verdict = judge(forecast(series(basis="part_year"), y2023=[1.0] * 4), end=2022)
    assert verdict["status"] == "very_unlikely"
    assert verdict["probability"] == 0


@pytest.mark.parametrize(
    ("outcome", "cells", "reason"),
    [
        (None, {}, "no_evidence"),
        (NotAssessed(None, "no_yearly_figure", 5), {}, "no_yearly_figure"),
        (NotAssessed(series((2.5,)), "too_few_years", 5), {}, "too_few_years"),
        (forecast(y2023=[1.0] * 4), {"measure": "yes_no"}, "yes_no"),
        (forecast(y2023=[1.0] * 4), {"end": 2030}, "outside_years"),
    ],
)
def test_what_cannot_be_judged_says_why(outcome, cells, reason):
    verdict = judge(outcome, **cells)
    assert (verdict["status"], verdict["reason"]) == ("not_assessed", reason)
    assert pd.isna(verdict["probability"])


def test_too_few_years_still_show_value_gap_and_pace():
    verdict = judge(NotAssessed(series((2.5,)), "too_few_years", 5))
    assert (verdict["latest"], verdict["gap"], verdict["n_years"]) == (2.5, -0.5, 1)
    assert verdict["pace"] == pytest.approx(20)


# how much of a target is reached -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "share"),
    [
        ({}, 2.5 / 3),
        ({"sense": "more_than", "value": 2.0}, 2.5 / 2),
        ({"sense": "at_most", "value": 2.0}, 2 - 2.5 / 2),
        ({"sense": "less_than", "value": 5.0}, 2 - 2.5 / 5),
        ({"sense": "at_most", "value": 2.5}, 1.0),
        ({"measure": "term_total", "start": 2021, "end": 2025, "value": 16.0}, (1.5 + 2.5) / 16),
        ({"measure": "term_total", "start": 2018, "end": 2020, "value": 12.0}, (2.0 + 3.0 + 1.0) / 12),
        ({"sense": "about"}, None),
        ({"sense": "between", "value_high": 4.0}, None),
        ({"measure": "yes_no"}, None),
        ({"measure": "growth"}, None),
        ({"measure": "term_mean_growth", "start": 2021}, None),
        ({"value": 0.0}, None),
        ({"value": -1.0}, None),
    ],
    ids=str,
)
def test_completion_is_the_share_of_the_target_that_the_latest_figure_is(cells, share):
    found = judge(forecast(y2023=[1.0] * 4), **cells)["completion"]
    assert pd.isna(found) if share is None else found == pytest.approx(share)


def test_the_completion_of_a_growth_is_told_where_growth_itself_is_published():
    observed = series((10.0, 20.0), scale="growth", unit="percent")
    found = judge(forecast(observed, y2023=[1.0] * 4), measure="growth", value=25.0, unit="percent")
    assert found["completion"] == pytest.approx(0.8)


@pytest.mark.parametrize("outcome", [None, NotAssessed(None, "no_evidence", 5)])
def test_without_a_figure_of_the_area_no_completion_is_told(outcome):
    assert pd.isna(judge(outcome)["completion"])


# years that have ended -----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.1, 2.5, 99.0])
def test_an_estimate_of_an_ended_year_is_never_met_nor_missed(value):
    for outcome in (
        forecast(series(basis="year_estimate"), y2023=[1.0] * 4),
        NotAssessed(series((2.5,), basis="year_estimate"), "too_few_years", 5),
    ):
        verdict = judge(outcome, end=2022, value=value)
        assert verdict["status"] not in ("met", "missed", "not_assessed")
        assert verdict["probability"] == (1.0 if value <= 2.5 else 0.0)


@pytest.mark.parametrize("basis", ["part_year", "interpolated", "carried_forward"])
def test_without_a_forecast_a_year_known_in_part_only_is_not_judged(basis):
    verdict = judge(NotAssessed(series((2.5,), basis=basis), "too_few_years", 5), end=2022, value=0.1)
    assert (verdict["status"], verdict["reason"]) == ("not_assessed", "too_few_years")
    assert pd.isna(verdict["probability"])


@pytest.mark.parametrize(("worst", "status"), [("year", "met"), ("year_estimate", "very_likely")])
def test_a_term_is_known_only_when_every_year_of_it_is(worst, status):
    observed = series((2.0, 2.0, 2.0), basis=[worst, "year", "year"])
    cells = {"measure": "term_total", "start": 2020, "end": 2022, "value": 5.0}
    assert judge(NotAssessed(observed, "too_few_years", 5), **cells)["status"] == status


# groups and counts ---------------------------------------------------------------------------------------


def test_a_target_without_a_clause_is_a_group_of_its_own():
    rows = pd.DataFrame({"document": "d", "clause": "", "id": ["a", "b"], "status": ["met", "missed"]})
    assert group_verdicts(rows)["status"].to_list() == ["met", "missed"]


def test_the_same_clause_of_two_documents_is_two_groups():
    rows = pd.DataFrame(
        {"document": ["d", "e"], "clause": "1", "id": ["a", "b"], "status": ["met", "missed"]}
    )
    groups = group_verdicts(rows).drop(columns=["probability", "at_most", "completion"])
    assert groups.to_dict("list") == {
        "document": ["d", "e"], "clause": ["1", "1"], "status": ["met", "missed"], "n_parts": [1, 1],
        "n_assessed": [1, 1],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        (["met", "met"], "met"),
        (["met", "likely"], "likely"),
        (["met", "not_assessed"], "not_assessed"),  # the other part may still fail
        (["even", "not_assessed"], "not_assessed"),
        (["missed", "not_assessed"], "missed"),  # the other part cannot save it
        (["unlikely", "not_assessed"], "unlikely"),
        (["not_assessed"], "not_assessed"),
    ],
)
def test_a_part_that_is_not_assessed_leaves_a_group_open_unless_another_decides_it(parts, status):
    rows = pd.DataFrame({"document": "d", "clause": "1", "id": list("ab")[: len(parts)], "status": parts})
    [group] = group_verdicts(rows).to_dict("records")
    assert (group["status"], group["n_parts"]) == (status, len(parts))
    assert group["n_assessed"] == sum(part != "not_assessed" for part in parts)


def test_every_word_belongs_to_one_outlook_and_has_one_place():
    counted = [status for statuses in OUTLOOKS.values() for status in statuses]
    assert sorted(counted) == sorted(STATUSES) == sorted(FROM_WORST)


def test_the_order_from_the_worst_is_that_of_the_probabilities():
    by_floor = sorted(FLOORS, key=lambda word: FLOORS[word])
    assert [word for word in FROM_WORST if word in FLOORS] == by_floor
    assert (FROM_WORST[0], FROM_WORST[-1]) == ("missed", "met")


def test_verdicts_hold_their_declared_columns():
    verdicts = judge_targets({"x": forecast(y2023=[1.0] * 4)}, target())
    assert list(verdicts.columns) == list(Verdicts.to_schema().columns)
