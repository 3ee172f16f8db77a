"""Laws of verdicts beyond the examples of test_verdicts.py."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, NotAssessed, assess_indicator, judge_targets
from sapa_analysis.core.errors import TargetsError
from sapa_analysis.core.likelihood import FROM_WORST, OPEN, OUTLOOKS, word_of
from sapa_analysis.core.types import YearlySeries
from sapa_analysis.core.verdict_table import Verdicts
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.pipeline import judge, known_targets
from sapa_analysis.verdicts.group import count_outlooks, group_verdicts

pytest_plugins = ["loaded"]
few = settings(max_examples=min(15, settings.default.max_examples))
PAST = {2020: 1.0, 2021: 1.5, 2022: 2.0, 2023: 2.5}
paths = st.lists(st.floats(0.1, 10), min_size=1, max_size=30)
goals = st.floats(0.1, 10)


def fan(values: Sequence[float], observed: YearlySeries | None = None) -> Forecast:
    """Return a forecast whose paths hold these values in 2024 and 2025."""
    paths = pd.DataFrame([list(values)] * 2, index=yearly_index([2024, 2025]))
    return Forecast(observed or yearly(PAST), paths, "naive")


def verdict(outcome: Forecast | NotAssessed, **row: object) -> pd.Series:
    return judge_targets({"tourist_arrivals": outcome}, pd.DataFrame([target(**row)])).iloc[0]


@few
@given(paths, goals, goals, st.sampled_from(["at_most", "less_than"]))
def test_a_higher_ceiling_is_never_less_likely(values, one, other, sense):
    low, high = (verdict(fan(values), sense=sense, value=v)["probability"] for v in sorted((one, other)))
    assert high >= low


@few
@given(paths, goals)
def test_at_least_and_less_than_share_all_paths(values, goal):
    shares = [
        verdict(fan(values), sense=sense, value=goal)["probability"] for sense in ("at_least", "less_than")
    ]
    assert sum(shares) == pytest.approx(1)


@few
@given(paths, goals, st.integers(-3, 3))
def test_a_verdict_does_not_depend_on_the_unit(values, goal, power):
    factor = 2.0**power  # exact in binary: no path changes its side
    past = yearly({year: value * factor for year, value in PAST.items()})
    plain = verdict(fan(values), value=goal)
    scaled = verdict(fan([value * factor for value in values], past), value=goal * factor)
    assert scaled["probability"] == plain["probability"]
    assert scaled["pace"] == pytest.approx(plain["pace"], abs=1e-9, nan_ok=True)
    assert scaled["passed"] == plain["passed"]
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


def test_about_is_read_in_shares_for_amounts_and_not_at_all_for_rates():
    def chance(unit: str, **tolerances: float) -> float:
        table = pd.DataFrame([target(sense="about", value=50.0, unit=unit)])
        outcome = {"tourist_arrivals": fan([48, 49, 50, 51, 52], yearly(PAST, unit=unit))}
        return float(judge_targets(outcome, table, **tolerances)["probability"].iloc[0])

    assert np.isnan(chance("percent", about_relative=0.04))
    assert chance("visits", about_relative=0.04) == 1.0
    assert chance("visits", about_relative=0.0) == 0.2


def test_growth_is_counted_from_draw_to_path():
    observed = yearly({2022: 2.0, 2023: 3.0}, draws={2022: [2.0, 2.0], 2023: [2.0, 4.0]})
    found = verdict(fan([3.0, 3.0], observed), measure="growth", value=10.0, end=2024)
    assert found["probability"] == 0.5  # +50 % in one path, -25 % in the other
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


def test_a_target_is_never_compared_with_figures_of_another_area_or_unit():
    other = yearly(PAST, area="sa_pa_ward", unit="persons")
    with pytest.raises(TargetsError) as caught:
        judge_targets(
            {"tourist_arrivals": fan([1.0], other)}, pd.DataFrame([target(where="data/targets.csv:7")])
        )
    assert [(p.file, p.line, p.column) for p in caught.value.problems] == [
        ("data/targets.csv", 7, "area"),
        ("data/targets.csv", 7, "unit"),
    ]
    assert "a bridge of the parameters" in str(caught.value)


@few
@given(st.floats(0.5, 20))
def test_the_pace_kept_for_the_years_left_attains_the_goal(goal):
    found = verdict(fan([1.0]), value=goal)
    assert found["passed"] == (goal <= 2.5)
    if found["passed"]:
        assert np.isnan(found["pace"])
        return
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
    assert judge(tables, {indicator: outcome}, known_targets(tables, params, indicator), params).empty


# years that have ended ------------------------------------------------------------------------------------


@few
@given(paths, goals)
def test_an_estimate_is_judged_by_the_draws_of_its_year_with_or_without_a_forecast(values, goal):
    draws = {year: [value] * len(values) for year, value in PAST.items()} | {2023: values}
    observed = yearly(PAST, bases={2023: "year_estimate"}, draws=draws)
    wanted = np.mean([value >= goal for value in values])
    for outcome in (fan(values[::-1], observed), NotAssessed(observed, "too_few_years", 5)):
        found = verdict(outcome, value=goal, end=2023)
        assert found["probability"] == pytest.approx(wanted)
        assert found["status"] == word_of(found["probability"])


@few
@given(goals, st.sampled_from(["at_least", "more_than", "at_most", "less_than"]))
def test_an_actual_of_an_ended_year_is_met_or_missed_whatever_the_forecast(goal, sense):
    known = [
        verdict(outcome, value=goal, end=2023, sense=sense)
        for outcome in (fan([99.0]), fan([0.0]), NotAssessed(yearly(PAST), "too_few_years", 5))
    ]
    assert {row["status"] for row in known} in ({"met"}, {"missed"})
    assert all(pd.isna(row["probability"]) for row in known)


# completion -----------------------------------------------------------------------------------------------


@few
@given(goals, st.sampled_from(["at_least", "at_most"]))
def test_a_completion_of_one_divides_the_attained_from_the_others(goal, sense):
    found = verdict(fan([1.0]), value=goal, end=2023, sense=sense)
    assert (found["completion"] >= 1) == (found["status"] == "met")


@few
@given(goals, st.integers(-3, 3), st.sampled_from(["at_least", "less_than"]))
def test_completion_does_not_depend_on_the_unit(goal, power, sense):
    factor = 2.0**power
    scaled = yearly({year: value * factor for year, value in PAST.items()})
    one, other = (
        verdict(fan([1.0]), value=goal, sense=sense),
        verdict(fan([1.0], scaled), value=goal * factor, sense=sense),
    )
    assert one["completion"] == pytest.approx(other["completion"])


@few
@given(st.integers(2019, 2023), st.integers(2024, 2026), goals)
def test_the_completion_of_a_total_is_the_sum_so_far(start, end, goal):
    found = verdict(fan([1.0]), measure="term_total", start=start, end=end, value=goal)
    assert found["completion"] == pytest.approx(sum(v for y, v in PAST.items() if y >= start) / goal)


def test_only_own_figures_count_towards_a_total():
    observed = yearly(PAST, bases={2022: "interpolated"})
    found = verdict(fan([1.0], observed), measure="term_total", start=2021, end=2025, value=10.0)
    assert found["completion"] == pytest.approx((1.5 + 2.5) / 10)


# groups ---------------------------------------------------------------------------------------------------

statuses = st.sampled_from(FROM_WORST)
parts = st.lists(statuses, min_size=1, max_size=6)


def grouped(*groups: list[str]) -> pd.DataFrame:
    """Return verdicts of one document with one group per list of statuses."""
    rows = [
        {"document": "d", "clause": str(place), "id": f"{place}.{part}", "status": status}
        for place, group in enumerate(groups, start=1)
        for part, status in enumerate(group)
    ]
    return pd.DataFrame(rows)


def stands(*groups: list[str]) -> list[str]:
    return group_verdicts(grouped(*groups))["status"].to_list()


@few
@given(parts)
def test_a_group_stands_where_its_weakest_part_stands(group):
    assert stands(group) == [FROM_WORST[min(map(FROM_WORST.index, group))]]


@few
@given(parts, statuses)
def test_another_part_never_improves_a_group_and_a_better_one_changes_nothing(group, added):
    [before], [after] = stands(group), stands([*group, added])
    assert FROM_WORST.index(after) <= FROM_WORST.index(before)
    assert after == (before if FROM_WORST.index(added) >= FROM_WORST.index(before) else added)


@few
@given(parts, st.data())
def test_a_part_that_gets_better_never_makes_its_group_worse(group, data):
    place = data.draw(st.integers(0, len(group) - 1))
    better = data.draw(st.sampled_from(FROM_WORST[FROM_WORST.index(group[place]) :]))
    [before], [after] = stands(group), stands([*group[:place], better, *group[place + 1 :]])
    assert FROM_WORST.index(after) >= FROM_WORST.index(before)


@few
@given(st.lists(parts, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_moves_no_group(groups, random):
    rows = grouped(*groups)
    order = list(rows.index)
    random.shuffle(order)
    columns = ["document", "clause"]
    ours, theirs = (
        group_verdicts(table).sort_values(columns, ignore_index=True)
        for table in (rows, rows.loc[order].reset_index(drop=True))
    )
    pd.testing.assert_frame_equal(ours, theirs)


@few
@given(st.lists(parts, min_size=1, max_size=5))
def test_groups_keep_their_order_and_count_every_part_once(groups):
    found = group_verdicts(grouped(*groups))
    assert found["clause"].to_list() == [str(place) for place in range(1, len(groups) + 1)]
    assert found["n_parts"].to_list() == [len(group) for group in groups]
    judged = [sum(status not in OPEN for status in group) for group in groups]
    assert found["n_assessed"].to_list() == judged


@few
@given(st.lists(statuses))
def test_the_outlooks_count_every_verdict_once(found):
    counts = count_outlooks(pd.Series(found, dtype="str"))
    assert list(counts) == list(OUTLOOKS)
    assert sum(counts.values()) == len(found)
    assert counts["not_assessed"] == found.count("not_assessed")


def test_grouping_leaves_the_verdicts_untouched(results):
    before = results.verdicts.copy(deep=True)
    groups = group_verdicts(results.verdicts)
    assert groups["n_parts"].sum() == len(before)
    pd.testing.assert_frame_equal(results.verdicts, before)


@few
@given(paths, goals)
def test_turning_sense_and_sign_together_changes_no_chance_and_sense_alone_turns_it_round(values, goal):
    plain = verdict(fan(values), value=goal)
    past = yearly({year: -value for year, value in PAST.items()}, scale="level")
    turned = fan([-value for value in values], past)
    assert verdict(turned, sense="at_most", value=-goal)["probability"] == plain["probability"]
    other = verdict(turned, sense="more_than", value=-goal)["probability"]
    assert other == pytest.approx(1 - plain["probability"])


# the own pace beside the needed one -----------------------------------------------------------------------


def paced(observed: YearlySeries, shock_years: Sequence[int] = (), **row: object) -> pd.Series:
    outcome = NotAssessed(observed, "too_few_years", 9)
    rows = pd.DataFrame([target(**{"unit": observed.unit} | row)])
    return judge_targets({"tourist_arrivals": outcome}, rows, shock_years=shock_years).iloc[0]


@few
@given(st.floats(-50, 150), st.floats(0.01, 1e7), st.integers(2010, 2021))
def test_the_own_pace_of_constant_growth_is_that_growth(growth, start, first):
    levels = {year: start * (1 + growth / 100) ** (year - first) for year in range(first, 2023)}
    rates = yearly(dict.fromkeys(levels, growth), scale="growth", unit="percent")
    found = [paced(yearly(levels)), paced(yearly(levels), measure="growth")]
    found += [paced(rates, measure=measure, start=2021) for measure in ("growth", "term_mean_growth")]
    for own in found:
        assert own["own_pace"] == pytest.approx(growth, rel=1e-9, abs=1e-9)
        assert own["own_pace_unit"] == "percent_a_year"


@few
@given(st.floats(0.01, 1e7), st.integers(2, 8))
def test_a_total_has_its_mean_amount_and_a_rate_its_change_in_points(amount, years):
    constant = dict.fromkeys(range(2023 - years, 2023), amount)
    own = paced(yearly(constant), measure="term_total", start=2021, value=10 * amount)
    assert (own["own_pace"], own["own_pace_unit"]) == (pytest.approx(amount), "visits_a_year")
    falling = yearly({year: 60 - 1.5 * (year - 2010) for year in constant}, scale="logit", unit="percent")
    own = paced(falling, sense="at_most", value=4.0)
    assert (own["own_pace"], own["own_pace_unit"]) == (pytest.approx(-1.5), "percentage_points_a_year")
    assert own["pace"] < 0


def test_an_own_pace_holds_the_shock_years_of_its_indicator_only():
    rising = yearly({year: 100.0 + year for year in range(2015, 2023)})
    assert paced(rising, shock_years=[2020, 2021])["own_pace_shocks"] == "2020–2021"
    assert (
        paced(rising, shock_years={"tourist_arrivals": [2021], "other": [2020]})["own_pace_shocks"] == "2021"
    )
    assert paced(rising, shock_years={"other": [2020]})["own_pace_shocks"] == ""


@few
@given(
    st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.integers(1, 8), st.sampled_from(["at_least", "at_most"]),
    st.sampled_from(["visits", "percent"]),
)  # fmt: skip
def test_the_needed_pace_kept_hits_the_goal_and_has_the_unit_of_the_own_one(level, goal, left, sense, unit):
    observed = yearly({2021: level / 1.1, 2022: level}, unit=unit)
    found = paced(observed, sense=sense, value=goal, end=2022 + left)
    assert pd.notna(found["own_pace"])
    assert found["passed"] == pd.isna(found["pace"])
    if not found["passed"]:
        assert found["own_pace_unit"] == found["pace_unit"]
        reached = level
        for _ in range(found["pace_years"]):
            reached += reached * found["pace"] / 100 if unit == "visits" else found["pace"]
        assert reached == pytest.approx(goal, rel=1e-9, abs=1e-9 * level)


def test_the_own_pace_names_its_years_and_what_is_no_normal_or_final_year_in_it():
    past = {2014: 9.0, 2016: 1.0, 2019: 2.0, 2020: 0.5, 2022: 4.0}
    bases = {2020: "part_year", 2022: "part_year"}
    own = paced(yearly(past, bases=bases), shock_years=[2013, 2020, 2021])
    assert own["own_pace"] == pytest.approx(100 * (2 ** (1 / 3) - 1))  # 2019 to 2022; 2016 is too old
    names = ["own_pace_years", "own_pace_shocks", "own_pace_unsettled"]
    assert own[names].to_list() == ["2019–2022", "2020–2021", "2022"]
    rates = yearly({2014: 9.0, 2019: 3.0, 2021: 5.0, 2022: 7.0}, scale="growth", unit="percent")
    own = paced(rates, shock_years=[2020], measure="term_mean_growth", start=2021)
    assert own["own_pace"] == pytest.approx(100 * ((1.03 * 1.05 * 1.07) ** (1 / 3) - 1))
    assert own[names].to_list() == ["2019, 2021–2022", "", ""]


@pytest.mark.parametrize(
    ("past", "row"),
    [({2022: 1.0}, {}), ({2010: 1.0, 2022: 2.0}, {}), ({2021: 0.0, 2022: 1.0}, {}), (PAST, {"end": 2023}),
     ({2022: 1.0}, {"measure": "term_total", "start": 2021}), (PAST, {"measure": "yes_no"})],
    ids=["one year", "too far apart", "from zero", "due", "one amount", "rating"],
)  # fmt: skip
def test_without_two_recent_years_or_a_year_left_there_is_no_own_pace(past, row):
    own = paced(yearly(past, scale="level"), **row)
    assert pd.isna(own["own_pace"])
    assert own[["own_pace_unit", "own_pace_years", "own_pace_shocks", "own_pace_unsettled"]].eq("").all()


def test_years_that_only_the_estimate_fills_make_no_own_pace():
    """What the model puts between two figures is no figure."""
    past = {2019: 2.0, 2020: 9.0, 2021: 9.0, 2022: 4.0}
    bases = {2020: "interpolated", 2021: "interpolated"}
    filled = yearly(past, bases=bases)
    assert paced(filled)["own_pace"] == pytest.approx(100 * (2 ** (1 / 3) - 1))
    assert paced(filled, measure="term_total", start=2019)["own_pace"] == 3.0
