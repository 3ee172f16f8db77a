"""Verdicts: known outcomes, probabilities counted by hand, and plain reasons."""

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import observation, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core.errors import TargetsError
from sapa_analysis.core.likelihood import FLOORS, FROM_WORST, OUTLOOKS, STATUSES, word_of
from sapa_analysis.core.types import Forecast, NotAssessed, YearlySeries
from sapa_analysis.core.verdict_table import Verdicts
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.verdicts.attainment import attained_paths
from sapa_analysis.verdicts.group import group_verdicts, joint_chances
from sapa_analysis.verdicts.judge import judge_targets

few = settings(max_examples=min(15, settings.default.max_examples))
pytest_plugins = ["loaded"]
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


def test_the_probability_is_the_share_of_paths_that_attain():
    verdict = judge(forecast(y2023=[2.0, 3.0, 3.5, 4.0]))
    assert verdict["probability"] == 0.75
    assert verdict["status"] == "likely"
    assert (verdict["latest"], verdict["latest_year"], verdict["gap"]) == (2.5, 2022, -0.5)
    assert verdict["pace"] == pytest.approx(20)


def test_more_than_is_not_at_least():
    assert judge(forecast(y2023=[3.0, 3.0, 3.0, 4.0]), sense="more_than")["probability"] == 0.25


@few
@given(low=st.floats(0.5, 5), step=st.floats(0, 3))
def test_a_higher_goal_is_never_more_likely(low, step):
    outcome = forecast(y2023=[1.0, 2.0, 3.0, 4.0])
    assert judge(outcome, value=low + step)["probability"] <= judge(outcome, value=low)["probability"]


def test_a_mean_growth_joins_the_past_and_the_future_of_each_path():
    observed = series((10.0, 20.0), scale="growth", unit="percent")
    outcome = forecast(observed, y2023=[10.0, 40.0, 0.0, 30.0])
    verdict = judge(outcome, measure="term_mean_growth", start=2021, end=2023, value=15.0, unit="percent")
    by_hand = [100 * ((1.1 * 1.2 * (1 + g / 100)) ** (1 / 3) - 1) for g in (10, 40, 0, 30)]
    assert verdict["probability"] == np.mean([growth >= 15 for growth in by_hand])
    assert verdict["expected"] == pytest.approx(np.median(by_hand))


def test_a_total_adds_the_years_of_each_path():
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


@pytest.mark.parametrize(
    "row", [{"measure": "growth"}, {"measure": "term_mean_growth", "start": 2021}], ids=str
)
@pytest.mark.parametrize(
    ("before", "known"), [("year", True), ("part_year", False), ("year_estimate", False)]
)
def test_a_growth_off_levels_is_known_only_when_the_year_before_is(row, before, known):
    first = row.get("start", 2022) - 1
    observed = yearly({2020: 2.0, 2021: 2.5, 2022: 3.0}, bases={first: before})
    verdict = judge(forecast(observed, y2023=[1.0] * 4), end=2022, value=20.0, **row)
    assert (verdict["status"] in ("met", "missed")) == pd.isna(verdict["probability"]) == known


def test_a_growth_that_is_published_needs_no_year_before():
    observed = yearly({2021: 2.0, 2022: 3.0}, bases={2021: "part_year"}, scale="growth", unit="percent")
    verdict = judge(
        forecast(observed, y2023=[1.0] * 4), measure="growth", end=2022, unit="percent", value=3.0
    )
    assert verdict["status"] == "met"


@pytest.mark.parametrize(("end", "overdue"), [(2021, True), (2022, True), (2023, False)])
def test_a_target_is_overdue_once_its_year_has_ended_whether_or_not_a_result_is_known(end, overdue):
    for observed in (
        yearly({2021: 2.0, 2022: 3.0}),
        yearly({2021: 2.0, 2022: 3.0}, bases={2022: "part_year"}),
    ):
        assert judge(forecast(observed, y2023=[1.0] * 50), end=end)["overdue"] == overdue
    assert not judge(None, end=end)["overdue"]


# pages and estimates -------------------------------------------------------------------------------------


def printed(*rows, scale="log"):
    """Return figures of 2021 and 2022, and the pages that print them or expect something."""
    observed = yearly({2021: 2.0, 2022: 3.0}, scale=scale)
    pages = [
        observation(str(year), value, published=published, source_title=title, **changed)
        | {
            "year": year,
            "basis": basis,
            "used": True,
            "implied": value,
            "sd": 0.0,
            "wrong": 0.0,
            "share": 1.0,
        }
        | {"first": year, "form": "level", "leads": value == {2021: 2.0, 2022: 3.0}.get(year)}
        for year, value, basis, published, title, changed in rows
    ]
    return dataclasses.replace(observed, observations=pd.DataFrame(pages))


def test_the_latest_figure_is_told_with_the_page_that_printed_it_first():
    observed = printed(
        (2022, 3.0, "year", "2023-03", "second", {"cite_ok": "no"}),
        (2022, 3.0, "year", "2023-02-05", "first", {"source_url": "https://example.org/first"}),
        (2022, 2.9, "year", "2023-01-02", "another figure", {}),
        (2021, 2.0, "year", "2022-01-02", "another year", {}),
    )
    page = ["latest_source", "latest_url", "latest_published", "latest_cite_ok"]
    verdict = judge(forecast(observed, y2023=[1.0] * 4))
    assert verdict[page].to_list() == ["first", "https://example.org/first", "2023-02-05", "yes"]
    earlier = judge(forecast(observed, y2023=[1.0] * 4), end=2021)
    assert earlier["latest_source"] == "another year"


def test_an_incomplete_date_counts_as_its_last_day():
    observed = printed(
        (2022, 3.0, "year", "2023", "whole year", {}), (2022, 3.0, "year", "2023-05-01", "May", {})
    )
    assert judge(forecast(observed, y2023=[1.0] * 4))["latest_source"] == "May"
    expected = printed(
        (2023, 3.3, "year", "2023", "whole year", {"kind": "estimate"}),
        (2023, 3.1, "year", "2023-05-01", "May", {"kind": "estimate"}),
    )
    assert judge(forecast(expected, y2023=[1.0] * 4))["office"] == 3.3


def test_a_figure_that_no_page_prints_has_no_page():
    observed = printed((2022, 2.9, "year", "2023-02-05", "another figure", {}))
    verdict = judge(forecast(observed, y2023=[1.0] * 4))
    assert verdict["latest_source"] == verdict["latest_url"] == ""
    assert pd.isna(verdict["latest"])


@pytest.mark.parametrize(
    ("cells", "office"),
    [
        ({}, (3.4, "2023-10")),
        ({"end": 2022}, (2.8, "2022-12-20")),
        ({"end": 2024}, None),
        ({"measure": "growth"}, None),
        ({"measure": "term_total", "start": 2022}, None),
        ({"measure": "yes_no"}, None),
    ],
    ids=str,
)
def test_what_the_department_expects_of_the_year_due_is_what_its_latest_page_says(cells, office):
    estimate = {"kind": "estimate"}
    observed = printed(
        (2023, 3.4, "year", "2023-10", "October", estimate),
        (2023, 3.2, "year", "2023-07-05", "July", estimate),
        (2023, 9.9, "year", "2023-11-01", "another boundary", estimate | {"area": "sa_pa_ward"}),
        (2022, 2.8, "year", "2022-12-20", "estimate", estimate),
        (2022, 3.0, "year", "2023-02-05", "result", {}),
        (2023, 1.0, "part_year", "2023-11-01", "so far", {}),
    )
    verdict = judge(forecast(observed, y2023=[1.0] * 4), **cells)
    if office is None:
        assert pd.isna(verdict["office"])
        assert verdict["office_published"] == ""
    else:
        assert (verdict["office"], verdict["office_published"]) == office


# how rare the pace is ------------------------------------------------------------------------------------


def test_a_mean_growth_has_a_pace_in_both_readings():
    observed = yearly({2021: 10.0, 2022: 20.0}, scale="growth", unit="percent")
    cells = {"measure": "term_mean_growth", "start": 2021, "end": 2024, "value": 15.0, "unit": "percent"}
    verdict = judge(forecast(observed, y2023=[1.0] * 4), **cells)
    assert verdict["pace_years"] == 2
    assert verdict["pace_arithmetic"] == pytest.approx((4 * 15 - 30) / 2)
    assert verdict["pace"] == pytest.approx(100 * ((1.15**4 / (1.1 * 1.2)) ** 0.5 - 1))
    assert pd.isna(judge(forecast(y2023=[1.0] * 4))["pace_arithmetic"])


@few
@given(low=st.floats(0.1, 50), step=st.floats(0, 50), left=st.integers(1, 7))
def test_a_harder_goal_needs_a_rarer_pace(low, step, left):
    goals = [("at_least", low), ("at_least", low + step), ("at_most", low + step), ("at_most", low)]
    rows = [target(id=f"t{n}", end=2022 + left, sense=goal[0], value=goal[1]) for n, goal in enumerate(goals)]
    floor, higher, ceiling, lower = judge_targets({"x": forecast(y2023=[1.0] * 4)}, pd.concat(rows))[
        "pace_percentile"
    ]
    for easy, hard in ((floor, higher), (ceiling, lower)):  # none is told of a goal that is passed
        assert all(pd.isna(rarity) or 1 <= rarity <= 99 for rarity in (easy, hard))
        assert pd.isna(easy) or easy <= hard


@pytest.mark.parametrize(
    "cells",
    [
        {"end": 2030},
        {"end": 2022},
        {"sense": "about"},
        {"sense": "between", "value_high": 4.0},
        {"measure": "growth"},
        {"measure": "term_total", "start": 2022},
        {"value": -1.0},
    ],
    ids=str,
)
def test_where_no_pace_is_comparable_its_rarity_is_left_blank(cells):
    assert pd.isna(judge(forecast(y2023=[1.0] * 4), **cells)["pace_percentile"])


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
    Verdicts.validate(verdicts)


def test_the_verdicts_of_the_project_are_as_declared(results):
    Verdicts.validate(results.verdicts)


def test_without_any_forecast_the_draws_of_an_estimate_are_the_paths():
    observed = yearly({2022: 2.5}, bases={2022: "year_estimate"}, draws={2022: [1.0, 2.0, 3.0, 4.0]})
    outcomes, rows = (
        {"x": NotAssessed(observed, "too_few_years", 5)},
        target(end=2022, value=2.5, field="party"),
    )
    verdicts, attained = judge_targets(outcomes, rows), attained_paths(outcomes, rows)
    assert verdicts["probability"].to_list() == attained.mean().to_list() == [0.5]
    assert group_verdicts(verdicts, attained)["probability"].to_list() == [0.5]


def test_no_question_is_asked_about_a_field_without_targets():
    outcomes, rows = {"x": forecast(y2023=[1.0, 4.0])}, target(field="party")
    asked = joint_chances(judge_targets(outcomes, rows), attained_paths(outcomes, rows))
    assert asked["field"].to_list() == ["party", ""]
    assert (asked["n"] > 0).all()


def test_an_id_that_stands_twice_is_refused():
    goals = pd.concat([target(value=1.0), target(value=2.0)])
    with pytest.raises(TargetsError, match="stands more than once"):
        judge_targets({}, goals)
