"""Published progress rules: laws they share, their own thresholds, and what each does at the edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sapa_analysis.rules import (
    BANDS,
    FORECASTING,
    RULES,
    Course,
    completion_band,
    count_bands,
    germany,
    growth_ratio,
    plan_completion,
    sdg_index,
    unsd,
)

levels = st.floats(0.5, 1000)
histories = st.lists(levels, min_size=3, max_size=9)
anything = st.lists(st.sampled_from([-3.0, -1.0, 0.0, 1.0, 2.0, 5.0]), min_size=2, max_size=7)
directions = st.sampled_from([1, -1])


def course(values, goal, *, due=2025, base=None, better=1, start=2016, **changed):
    years = range(start, start + len(values))
    series = pd.Series([float(value) for value in values], index=list(years))
    return Course(series, start if base is None else base, due, goal, better, **changed)


def labels(one: Course) -> dict[str, str]:
    return {name: rule(one).label for name, rule in RULES.items()}


# laws -----------------------------------------------------------------------------------------------------


@given(histories, levels, directions, st.integers(-6, 6))
def test_units_do_not_matter(values, goal, better, power):
    factor = 2.0**power  # exact in binary
    assert labels(course(values, goal, better=better)) == labels(
        course([value * factor for value in values], goal * factor, better=better)
    )


@given(histories, levels, directions, st.integers(-200, 200))
def test_it_does_not_matter_when_it_is(values, goal, better, shift):
    moved = course(values, goal, better=better, start=2016 + shift, due=2025 + shift)
    assert labels(course(values, goal, better=better)) == labels(moved)


@given(levels, st.floats(-30, 30), st.integers(2, 7), st.integers(1, 5), directions)
def test_who_keeps_the_required_pace_is_on_track_everywhere(start, growth, done, left, better):
    assume(better * growth > 0.01)
    compound = [start * (1 + growth / 100) ** year for year in range(done + left + 1)]
    straight = [start + start * growth / 100 * year for year in range(done + left + 1)]
    assume(min(straight) > 0)
    for path, rules in ((compound, ("growth_ratio", "unsd")), (straight, ("sdg_index", "germany"))):
        seen = course(path[: done + 1], path[-1], due=2016 + done + left, better=better)
        assert all(RULES[name](seen).on_track for name in rules)


@given(histories, levels, levels, directions)
def test_a_harder_goal_never_turns_no_into_yes(values, one, other, better):
    easy, hard = sorted((one, other), reverse=better < 0)
    for rule in FORECASTING:
        said = [RULES[rule](course(values, goal, better=better)).on_track for goal in (easy, hard)]
        assert said != [False, True]


@given(histories, levels, directions)
def test_linear_rules_do_not_care_which_way_is_up(values, goal, better):
    mirrored = course([-value for value in values], -goal, better=-better)
    plain = course(values, goal, better=better)
    for rule in (sdg_index, germany):
        assert rule(plain).label == rule(mirrored).label


@given(anything, st.sampled_from([-3.0, 0.0, 1.0, 4.0]), directions, st.integers(2017, 2030))
def test_every_finite_course_gets_a_reading(values, goal, better, due):
    for name, rule in RULES.items():
        reading = rule(course(values, goal, better=better, due=due))
        votes = reading.on_track is not None
        assert votes == (name in FORECASTING and reading.label != "not_applicable")
        assert reading.label != "not_applicable" or reading.note
        assert reading.measure is None or not np.isnan(reading.measure)


@given(histories, levels, directions)
def test_who_has_reached_the_goal_is_on_track_everywhere(values, goal, better):
    assume(better * (values[-1] - goal) >= 0)
    assert all(RULES[rule](course(values, goal, better=better)).on_track for rule in FORECASTING)


def test_the_rules_that_vote_are_all_but_the_one_that_describes():
    assert set(RULES) - set(FORECASTING) == {"plan_completion"}


# thresholds as published ----------------------------------------------------------------------------------
# None of the sources prints a worked example with all its numbers; each case is made from the formula and the
# thresholds that the source states, and stands on an edge.


def compounding(ratio: float) -> Course:
    """Return a course of 100 whose goal takes 4 % a year over ten years, observed at a share of that."""
    return course(
        [100.0, *(100 * (1 + 0.04 * ratio) ** year for year in range(1, 5))], 100 * 1.04**10, due=2026
    )


@pytest.mark.parametrize(
    ("ratio", "label"),
    [
        (0.9501, "on_track"), (0.9499, "accelerate"), (0.6001, "accelerate"), (0.5999, "limited"),
        (0.0, "limited"), (-0.0001, "deteriorating"),
    ],
)  # fmt: skip
def test_growth_ratio_has_the_thresholds_of_open_sdg(ratio, label):
    # open-sdg/open-sdg, docs/progress-methodology.md, table "Ratio of observed over required growth rate"
    reading = growth_ratio(compounding(ratio))
    assert (reading.label, reading.measure) == (label, pytest.approx(ratio, abs=1e-9))
    assert reading.on_track == (ratio >= 0.95)


def test_growth_ratio_counts_a_fall_as_progress_where_less_is_better():
    # the same source: R = d x CAGR_i / |CAGR_T|
    halved = course([40.0, 36.0], 20.0, due=2026, better=-1)
    assert growth_ratio(halved).measure == pytest.approx((1 - 36 / 40) / (1 - 0.5**0.1))
    assert growth_ratio(course([40.0, 44.0], 20.0, due=2026, better=-1)).label == "deteriorating"


def test_growth_ratio_flips_the_direction_where_all_values_are_negative():
    # the same source, "Minimum data requirements", 2
    risen = growth_ratio(course([-40.0, -36.0], -20.0, due=2026))
    assert risen.measure == pytest.approx((1 - 36 / 40) / (1 - 0.5**0.1))


@pytest.mark.parametrize(("share", "label"), [(0.9501, "on_track"), (0.9499, "accelerate"), (0.1001, "accelerate"),
                                              (0.0999, "stagnation"), (-0.5, "stagnation")])  # fmt: skip
def test_unsd_has_the_thresholds_of_the_progress_chart(share, label):
    # UN Statistics Division, Progress Chart 2023, Technical Note: s = (projected - base) / (goal - base)
    end = 100 + share * 50
    seen = course([100.0, *(100 * (end / 100) ** (year / 10) for year in range(1, 4))], 150.0, due=2026)
    assert (unsd(seen).label, unsd(seen).measure) == (label, pytest.approx(share, abs=1e-9))


def test_unsd_leaves_out_rates_of_growth():
    assert unsd(course([5.0, 6.0], 8.0, growth_rate=True)).note == "growth_rate"
    assert growth_ratio(course([5.0, 6.0], 8.0, growth_rate=True)).on_track is not None


@pytest.mark.parametrize(("change", "label"), [(1.0, "on_track"), (0.99, "improving"), (0.5, "improving"),
                                               (0.49, "stagnating"), (0.0, "stagnating"), (-0.01, "decreasing")])  # fmt: skip
def test_sdg_index_compares_with_the_linear_change_that_is_needed(change, label):
    # SDSN, Sustainable Development Report, Methods Summary: 100 % and 50 % of the growth needed
    assert sdg_index(course([50.0, 50 + change, 50 + 2 * change], 60.0, due=2026)).label == label


@pytest.mark.parametrize(("miss", "label", "on_track"), [(0.0, "sun", True), (0.0499, "sun", True),
    (0.05, "slightly_cloudy", True), (0.20, "slightly_cloudy", True), (0.2001, "cloudy", False)])  # fmt: skip
def test_germany_carries_the_last_five_changes_on(miss, label, on_track):
    # dns-indikatoren.de/en/status: six data points; the miss is a share of what is left; both suns are "on track"
    values = [9.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0]  # the first figure lies before the last six
    goal = 5 + 4 / (1 - miss)
    reading = germany(course(values, goal, due=2026, base=2017))
    assert (reading.label, reading.on_track) == (label, on_track)
    assert reading.measure == pytest.approx(miss, abs=1e-9)


def test_germany_says_thunderstorm_where_nothing_moves_towards_the_goal():
    assert germany(course([5.0, 5.0, 5.0], 9.0)).label == "thunderstorm"
    assert germany(course([5.0, 4.0], 9.0)).note == "few_changes"


@pytest.mark.parametrize(
    ("value", "plan", "better", "band"),
    [(3.68, 3.5, 1, "exceeded"), (2.5, 2.5, 1, "met"), (95, 100, 1, "over_90"), (90, 100, 1, "below"),
     (24.0, 24.7, -1, "exceeded"), (26.0, 24.7, -1, "over_90"), (30.0, 24.7, -1, "below")],
)  # fmt: skip
def test_plan_completion_has_the_bands_of_vietnamese_reports(value, plan, better, band):
    assert plan_completion(course([value], plan, better=better)).label == band


def test_groups_are_counted_by_band():
    assert count_bands([1.05, 1.0, 0.95, 0.2, float("nan"), 0.3]) == dict(
        zip(BANDS, [1, 1, 1, 2], strict=True)
    )
    assert completion_band(0.1 + 0.2 + 0.7) == "met"


# edges ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", FORECASTING)
def test_without_an_observed_pace_or_a_year_left_no_rule_applies(rule):
    assert RULES[rule](course([1.0, 2.0], 3.0, base=2017)).note == "no_observed_pace"
    assert RULES[rule](course([1.0, 2.0], 3.0, due=2017)).note == "due_has_come"


@pytest.mark.parametrize("rule", FORECASTING)
def test_a_goal_equal_to_the_base_value_needs_no_tiny_number(rule):
    kept, lost = (RULES[rule](course([5.0, value], 5.0)) for value in (5.0, 4.0))
    assert (kept.on_track, lost.on_track) == (True, False)


@pytest.mark.parametrize("rule", ["growth_ratio", "unsd"])
@pytest.mark.parametrize(("values", "goal"), [([0.0, 5.0], 50.0), ([10.0, 9.0], 0.0), ([-2.0, -1.0], 4.0)])
def test_with_a_zero_or_a_change_of_sign_the_pace_is_linear(rule, values, goal):
    better = 1 if goal > values[0] else -1
    reading = RULES[rule](course(values, goal, due=2026, better=better))
    assert reading.note == "linear"
    assert reading.measure == pytest.approx((values[1] - values[0]) / (goal - values[0]) * 10)


def test_who_has_fallen_back_from_beyond_the_goal_is_never_on_track_by_compounding():
    fallen = course([100.0, 80.0], 90.0, due=2020)
    assert not growth_ratio(fallen).on_track
    assert unsd(fallen).note == "goal_is_behind"
    assert not sdg_index(fallen).on_track


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"better": 0}, "better is 0; wanted 1 or -1"),
        ({"base": 1999}, "values have no base year 1999"),
        ({"due": 2016}, "due 2016 does not lie after the base year 2016"),
        ({"values": []}, "at least one"),
        ({"values": [1.0, float("nan")]}, "figures of ascending years"),
    ],
)
def test_what_is_no_course_is_refused_with_its_reason(changed, message):
    given_values = changed.pop("values", [1.0, 2.0])
    with pytest.raises(ValueError, match=message):
        course(given_values, 3.0, **changed)
