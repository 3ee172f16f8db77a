"""Laws of verdicts beyond the examples of test_verdicts.py."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, NotAssessed, assess_indicator, judge, judge_targets, known_targets
from sapa_analysis.schema import Verdicts, YearlySeries, yearly_index

pytest_plugins = ["loaded"]
few = settings(max_examples=15)
PAST = {2020: 1.0, 2021: 1.5, 2022: 2.0, 2023: 2.5}
worlds = st.lists(st.floats(0.1, 10), min_size=1, max_size=30)
goals = st.floats(0.1, 10)


def fan(values: Sequence[float], observed: YearlySeries | None = None) -> Forecast:
    """Return a forecast whose worlds hold these values in 2024 and 2025."""
    paths = pd.DataFrame([list(values)] * 2, index=yearly_index([2024, 2025]))
    return Forecast(observed or yearly(PAST), paths, "naive")


def verdict(outcome: Forecast | NotAssessed, **row: object) -> pd.Series:
    return judge_targets({"tourist_arrivals": outcome}, pd.DataFrame([target(**row)])).iloc[0]


@few
@given(worlds, goals, goals, st.sampled_from(["at_most", "less_than"]))
def test_a_higher_ceiling_is_never_less_likely(values, one, other, sense):
    low, high = (verdict(fan(values), sense=sense, value=v)["probability"] for v in sorted((one, other)))
    assert high >= low


@few
@given(worlds, goals)
def test_at_least_and_less_than_share_all_worlds(values, goal):
    shares = [
        verdict(fan(values), sense=sense, value=goal)["probability"] for sense in ("at_least", "less_than")
    ]
    assert sum(shares) == pytest.approx(1)


@few
@given(worlds, goals, st.integers(-3, 3))
def test_a_verdict_does_not_depend_on_the_unit(values, goal, power):
    factor = 2.0**power  # exact in binary: no world changes its side
    past = yearly({year: value * factor for year, value in PAST.items()})
    plain = verdict(fan(values), value=goal)
    scaled = verdict(fan([value * factor for value in values], past), value=goal * factor)
    assert scaled["probability"] == plain["probability"]
    assert scaled["pace"] == pytest.approx(plain["pace"], abs=1e-9)
    assert scaled["gap"] == pytest.approx(plain["gap"] * factor, abs=1e-9)


@pytest.mark.parametrize(
    ("row", "share"),
    [
        ({"sense": "between", "value": 2.0, "value_high": 3.0}, 0.50),
        ({"sense": "about", "value": 3.0, "tolerance": 1.0}, 0.75),
        ({"sense": "about", "value": 3.0}, 0.25),
    ],
)
def test_between_and_about_count_both_sides(row, share):
    assert verdict(fan([1, 2, 3, 4]), **row)["probability"] == share


def test_about_is_read_in_points_for_rates_and_in_shares_for_amounts():
    def chance(unit: str, **tolerances: float) -> float:
        table = pd.DataFrame([target(sense="about", value=50.0, unit=unit)])
        outcome = {"tourist_arrivals": fan([48, 49, 50, 51, 52])}
        return float(judge_targets(outcome, table, **tolerances)["probability"].iloc[0])

    assert chance("percent", about_points=1.0, about_relative=0.0) == 0.6
    assert chance("visits", about_points=0.0, about_relative=0.04) == 1.0
    assert chance("visits", about_points=9.0, about_relative=0.0) == 0.2


def test_growth_is_counted_from_draw_to_path():
    observed = yearly({2022: 2.0, 2023: 3.0}, draws={2022: [2.0, 2.0], 2023: [2.0, 4.0]})
    found = verdict(fan([3.0, 3.0], observed), measure="growth", value=10.0, end=2024)
    assert found["probability"] == 0.5  # +50 % in one world, -25 % in the other
    assert found["expected"] == pytest.approx((50 - 25) / 2)
    assert np.isnan(found["gap"])  # a level is no growth


@pytest.mark.parametrize("basis", ["part_year", "interpolated", "carried_forward"])
def test_a_year_that_has_ended_without_its_own_figure_keeps_a_probability(basis):
    draws = {year: [value] * 4 for year, value in PAST.items()} | {2023: [2.0, 2.0, 2.0, 3.0]}
    observed = yearly(PAST, bases={2023: basis}, draws=draws)
    assert verdict(fan([1, 1, 1, 1], observed), value=2.5, end=2023)["probability"] == 0.25


def test_two_figures_suffice_when_the_year_itself_is_known():
    two = NotAssessed(yearly({2022: 2.0, 2023: 2.5}), "too_few_years", 5)
    assert verdict(two, value=2.0, end=2023)["status"] == "met"


def test_figures_of_another_area_are_not_shown_either():
    found = verdict(fan([1.0], yearly(PAST, area="sa_pa_ward")))
    assert pd.isna(found[["latest_year", "latest", "gap", "pace"]]).all()


@few
@given(st.floats(0.5, 20))
def test_the_pace_kept_for_the_years_left_attains_the_goal(goal):
    found = verdict(fan([1.0]), value=goal)
    assert found["pace_unit"] == "percent_a_year"
    assert 2.5 * (1 + found["pace"] / 100) ** 2 == pytest.approx(goal)


def test_judging_leaves_the_targets_untouched():
    rows = pd.DataFrame([target(id="a"), target(id="b", value=1.0)])
    before = rows.copy(deep=True)
    assert judge_targets({"tourist_arrivals": fan([2.0])}, rows)["id"].to_list() == ["a", "b"]
    pd.testing.assert_frame_equal(rows, before)


def test_without_targets_the_table_is_empty_but_whole():
    found = judge_targets({}, pd.DataFrame([target()]).iloc[:0])
    assert list(found.columns) == list(Verdicts.to_schema().columns)


def test_an_indicator_without_a_target_can_be_judged(tables, params):
    indicator = "average_stay"
    outcome = assess_indicator(tables, params, indicator)
    assert judge({indicator: outcome}, known_targets(tables, params, indicator), params).empty
