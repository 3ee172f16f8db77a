"""What each effect does to paths: zero is nothing, years count one way, and what is said is what comes out."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import Forecast, SapaError, last_year_ended, yearly_index
from sapa_analysis.forecasting import derive_forecast
from sapa_analysis.scenarios import Adjustment, Scenario, apply_scenario
from sapa_analysis.scenarios.anchor import share_left, steps

YEARS = (2023, 2024, 2025)
PAST = {2019: [8.0, 9.0, 10.0, 11.0], 2021: [4.0, 5.0, 6.0, 7.0], 2022: [6.0, 7.0, 8.0, 9.0]}
paths = st.lists(st.lists(st.floats(1, 1e6), min_size=4, max_size=4), min_size=3, max_size=3)
days = st.dates(date(2022, 12, 31), date(2023, 12, 30))
near = st.lists(st.lists(st.floats(5, 50), min_size=4, max_size=4), min_size=3, max_size=3)
percents = st.floats(-40, 60)
ahead = st.sampled_from([1, 2, 3])
ZERO = {"multiply": 1.0, "add": 0.0, "add_growth": 0.0}


def fan(rows, *, name="visits", scale="log", as_of=date(2023, 6, 30)):
    means = {year: float(np.mean(draws)) for year, draws in PAST.items()}
    observed = yearly(means, draws=PAST, indicator=name, scale=scale, as_of=as_of)
    table = pd.DataFrame(rows, index=yearly_index(YEARS), dtype=float)
    return Forecast(observed, table, "naive", without_shocks=table * 1.5)


def part(effect, values=None, *, indicator="visits", **more):
    given_years = {} if values is None else {"values": values}
    return Adjustment(indicator=indicator, effect=effect, bold=True, **given_years, **more)


def under(rows, *parts, shocks=True, **made):
    changed = apply_scenario({"visits": fan(rows, **made)}, Scenario(name="tried", adjustments=parts))[
        "visits"
    ]
    return (changed.paths if shocks else changed.without_shocks).to_numpy()


def growth(table):
    """Return the growth of each year in percent, the first from the draws of 2022."""
    levels = np.vstack([PAST[2022], table])
    return 100 * (levels[1:] / levels[:-1] - 1)


# nothing is nothing ---------------------------------------------------------------------------------------


@given(paths, st.sampled_from(sorted(ZERO)), st.sampled_from(["calendar", "ahead", "step", "ramp"]), days)
def test_no_change_is_no_difference_bit_for_bit_through_every_output(rows, effect, how, day):
    spend = fan(np.array(rows) * 2, name="spend", as_of=day)
    visits = fan(rows, as_of=day)
    named = replace(spend.observed, indicator_id="whole")
    whole = derive_forecast(named, {"visits": visits, "spend": spend}, lambda at: at["visits"] * at["spend"])
    values = {"calendar": dict.fromkeys(YEARS, ZERO[effect]), "ahead": dict.fromkeys((1, 2, 3), ZERO[effect])}
    more = {} if how in values else {"always": ZERO[effect], "shape": how}
    nothing = Scenario(name="nothing", adjustments=[part(effect, values.get(how), **more)])
    base = {"visits": visits, "spend": spend, "whole": whole}
    for name, after in apply_scenario(base, nothing).items():
        np.testing.assert_array_equal(after.paths, base[name].paths)
        np.testing.assert_array_equal(after.without_shocks, base[name].without_shocks)


# years ----------------------------------------------------------------------------------------------------


@given(
    paths, st.sampled_from(["multiply", "add", "add_growth", "growth", "replace", "hold"]), percents, ahead
)
def test_years_after_the_origin_are_calendar_years_where_the_whole_year_is_ahead(rows, effect, size, year):
    value = {"multiply": 1 + size / 100, "hold": 1 + size / 100, "replace": 50 + size}.get(effect, size)
    more = {"of_year": 2019} if effect == "hold" else {}
    end = date(2022, 12, 31)
    by_count = under(rows, part(effect, {year: value}, **more), as_of=end)
    by_calendar = under(rows, part(effect, {2022 + year: value}, **more), as_of=end)
    np.testing.assert_array_equal(by_count, by_calendar)


@given(paths, st.sampled_from(["multiply", "add", "add_growth"]), percents, days)
def test_in_the_running_year_only_what_is_left_changes(rows, effect, size, day):
    value = 1 + size / 100 if effect == "multiply" else size
    left = share_left(day, 2022)
    weighted = 1 + (value - 1) * left if effect == "multiply" else value * left
    by_count = under(rows, part(effect, {1: value, 2: value}), as_of=day)
    by_calendar = under(rows, part(effect, {2023: weighted, 2024: value}), as_of=day)
    np.testing.assert_allclose(by_count, by_calendar, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize(
    ("day", "origin", "left"),
    [(date(2023, 6, 30), 2022, 184 / 365), (date(2024, 6, 30), 2023, 184 / 366), (date(2022, 12, 31), 2022, 1.0),
     (date(2023, 12, 30), 2022, 1 / 365), (None, 2022, 1.0), (date(2022, 3, 1), 2022, 1.0)],
)  # fmt: skip
def test_the_share_of_the_running_year_that_is_left_is_counted_in_days(day, origin, left):
    assert share_left(day, origin) == pytest.approx(left, rel=1e-15)


@given(days, st.integers(1, 30))
def test_a_year_after_the_origin_is_counted_from_the_last_that_had_ended(day, year):
    observed = fan([[1.0] * 4] * 3, as_of=day).observed
    [step] = steps(part("add", {year: 1.0}), observed, 2060)
    assert step.year == last_year_ended(day) + year
    assert 0 < step.share <= 1
    assert year == 1 or step.share == 1


@given(paths, percents)
def test_always_is_every_year_ahead_as_a_whole(rows, size):
    factor = 1 + size / 100
    always = under(rows, part("multiply", always=factor))
    np.testing.assert_array_equal(always, np.array(rows) * factor)


@given(paths, percents)
def test_a_ramp_grows_evenly_to_the_whole_in_the_last_year(rows, size):
    ramp = under(rows, part("multiply", always=1 + size / 100, shape="ramp"))
    wanted = np.array([[1 + size / 300], [1 + size / 150], [1 + size / 100]])
    np.testing.assert_allclose(ramp, np.array(rows) * wanted, rtol=1e-12)
    levels = under(rows, part("replace", always=50.0, shape="ramp"))
    np.testing.assert_allclose(levels[0], np.array(rows[0]) + (50 - np.array(rows[0])) / 3, rtol=1e-9)
    np.testing.assert_array_equal(levels[2], 50.0)


# growth ---------------------------------------------------------------------------------------------------


@given(paths, percents, st.sampled_from(YEARS))
def test_growth_is_as_it_is_set_and_later_years_keep_their_own(rows, wanted, year):
    before, after = growth(rows), growth(under(rows, part("growth", {year: wanted})))
    at = YEARS.index(year)
    np.testing.assert_allclose(after[at], wanted, atol=1e-9)
    others = [place for place in range(3) if place != at]
    np.testing.assert_allclose(after[others], before[others], rtol=1e-9, atol=1e-7)


@given(near, st.floats(-9, 20), st.sampled_from(YEARS))
def test_points_of_growth_are_added_to_that_year_alone(rows, points, year):
    before, after = growth(rows), growth(under(rows, part("add_growth", {year: points})))
    wanted = np.zeros((3, 4))
    wanted[YEARS.index(year)] = points
    np.testing.assert_allclose(after - before, wanted, atol=1e-6)


def test_an_amount_that_shrinks_by_more_than_it_has_ends_at_nothing():
    assert under([[1.0] * 4] * 3, part("add_growth", {2023: -50}))[0].tolist() == [0.0] * 4


@given(paths, st.floats(-9, 9), st.floats(-9, 9))
def test_points_of_growth_add_up(rows, first, second):
    twice = under(rows, part("add_growth", {2024: first}), part("add_growth", {2024: second}))
    once = under(rows, part("add_growth", {2024: first + second}))
    np.testing.assert_allclose(twice, once, rtol=1e-9, atol=1e-9 * np.max(rows))


@given(paths, percents)
def test_years_before_a_change_of_growth_stay_bit_for_bit(rows, size):
    for effect in ("growth", "add_growth"):
        np.testing.assert_array_equal(under(rows, part(effect, {2025: size}))[:2], rows[:2])


@pytest.mark.parametrize("effect", ["growth", "add_growth"])
@pytest.mark.parametrize("scale", ["growth", "logit", "level"])
def test_a_rate_has_no_growth(effect, scale):
    with pytest.raises(SapaError, match="visits is no amount that grows; write points or a level"):
        under([[1.0] * 4] * 3, part(effect, {2024: 2.0}), scale=scale)


# a share of a past year -----------------------------------------------------------------------------------


@given(paths, st.floats(0, 2), st.sampled_from(sorted(PAST)), st.sampled_from([2024, 2]))
def test_a_path_is_held_at_a_share_of_its_own_past(rows, share, of, year):
    held = under(rows, part("hold", {year: share}, of_year=of))
    np.testing.assert_allclose(held[1], share * np.array(PAST[of]), rtol=1e-15)
    np.testing.assert_array_equal(held[[0, 2]], np.array(rows)[[0, 2]])


def test_a_share_of_a_year_that_is_ahead_is_one_of_the_baseline():
    rows = [[10.0, 20.0, 30.0, 40.0], [1.0] * 4, [1.0] * 4]
    np.testing.assert_allclose(
        under(rows, part("hold", {2025: 0.5}, of_year=2023))[2], [5.0, 10.0, 15.0, 20.0]
    )


def test_a_past_before_the_series_is_told():
    with pytest.raises(SapaError, match="the past of visits begins in 2019, after 2010"):
        under([[1.0] * 4] * 3, part("hold", {2024: 0.5}, of_year=2010))


# together -------------------------------------------------------------------------------------------------


@given(
    paths,
    st.lists(st.tuples(st.sampled_from(["multiply", "add", "add_growth"]), percents), min_size=2, max_size=4),
)
def test_changes_of_different_indicators_have_no_order(rows, changes):
    names = [f"one_{place}" for place in range(len(changes))]
    outcomes = {name: fan(rows, name=name) for name in names}
    parts = [
        part(effect, {2024: 1 + size / 100 if effect == "multiply" else size}, indicator=name)
        for name, (effect, size) in zip(names, changes, strict=True)
    ]
    one, other = (
        apply_scenario(outcomes, Scenario(name="tried", adjustments=some)) for some in (parts, parts[::-1])
    )
    for name in names:
        np.testing.assert_array_equal(one[name].paths, other[name].paths)


@given(paths, st.sampled_from(["multiply", "add", "growth", "add_growth", "replace", "hold"]), percents)
def test_paths_without_shocks_change_as_those_with_them(rows, effect, size):
    value = {"multiply": 1 + size / 100, "hold": 1 + size / 100, "replace": 50 + size}.get(effect, size)
    more = {"of_year": 2021} if effect == "hold" else {}
    change = part(effect, {2024: value}, **more)
    np.testing.assert_array_equal(under(rows, change, shocks=False), under(np.array(rows) * 1.5, change))
