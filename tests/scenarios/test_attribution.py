"""Causes of gaps and differences: parts that sum, whatever the order and the names."""

from dataclasses import replace
from itertools import permutations
from math import factorial

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import assume, given
from hypothesis import strategies as st

from sapa_analysis.core import Forecast, Link, NotAssessed, Target
from sapa_analysis.core.errors import SapaError
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.forecasting import derive_forecast
from sapa_analysis.scenarios import (
    apply_scenario,
    compare_scenarios,
    fair_shares,
    split_by_cause,
    split_gap,
)
from sapa_analysis.scenarios.adjustment import Adjustment, Scenario
from sapa_analysis.scenarios.attribution import at_median

WORDS = {"vi": "lý do", "en": "reason"}
NAMES = "abcdefgh"
amounts = st.floats(1.0, 1e6)
pairs = st.lists(st.tuples(amounts, amounts), min_size=4, max_size=12)


def fan(values, name, *, scale="log", years=(2023, 2024)):
    rows = [values] * len(years)
    observed = replace(yearly({2021: 10.0, 2022: 12.0}, indicator=name, scale=scale), unit=f"unit of {name}")
    return Forecast(observed, pd.DataFrame(rows, index=yearly_index(years), dtype=float), "naive")


def outcomes_of(drawn):
    """Return visits, spend and their product in units a thousand times as large."""
    parts = {
        "visits": fan([one for one, _ in drawn], "visits"),
        "spend": fan([two for _, two in drawn], "spend"),
    }
    revenue = replace(parts["visits"].observed, indicator_id="revenue", unit="bn")
    product = derive_forecast(revenue, parts, lambda at: at["visits"] * at["spend"] / 1000)
    return {**parts, "revenue": product}


def goal(value, *, indicator="revenue", **changed):
    row = {"id": f"goal.{indicator}", "indicator_id": indicator, "area": "sa_pa", "measure": "level",
           "end": 2024, "sense": "at_least", "value": value, "unit": "bn"}  # fmt: skip
    return Target.model_validate(row | changed)


def adjustment(effect, values, indicator):
    return Adjustment(indicator=indicator, effect=effect, values=values, bold=True, reason=WORDS, source="a page",
                      quality="C", impact="low")  # fmt: skip


def scenario(*parts, name="other"):
    return Scenario(name=name, label=WORDS, reason=WORDS, adjustments=parts)


# fair shares ----------------------------------------------------------------------------------------------


@st.composite
def games(draw, most=5):
    n = draw(st.integers(1, most))
    values = draw(st.lists(st.floats(-1e6, 1e6), min_size=2**n, max_size=2**n))
    return list(NAMES[:n]), values


def worth(values):
    return lambda at_work: values[sum(2 ** NAMES.index(name) for name in at_work)]


@given(games())
def test_shares_sum_to_the_whole_change(game):
    names, values = game
    shares = fair_shares(names, worth(values))
    assert sum(shares.values()) == pytest.approx(values[-1] - values[0], abs=1e-9 * 1e6)


@given(games(), st.randoms(use_true_random=False))
def test_shares_do_not_depend_on_the_order_of_the_causes(game, random):
    names, values = game
    other = names.copy()
    random.shuffle(other)
    first, second = fair_shares(names, worth(values)), fair_shares(other, worth(values))
    assert first == {name: pytest.approx(second[name], abs=1e-6) for name in names}


@given(games(most=4))
def test_a_share_is_the_mean_over_all_orders_of_what_a_cause_adds(game):
    names, values = game
    value = worth(values)
    by_hand = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            by_hand[name] += (value(before | {name}) - value(before)) / factorial(len(names))
    assert fair_shares(names, value) == {
        name: pytest.approx(each, abs=1e-6) for name, each in by_hand.items()
    }


@given(games(most=4))
def test_a_cause_that_comes_after_another_is_averaged_over_those_orders_only(game):
    names, values = game
    assume(len(names) > 1)
    value, by_hand, n = worth(values), dict.fromkeys(names, 0.0), 0
    for order in permutations(names):
        if order.index(names[0]) > order.index(names[1]):
            continue
        n += 1
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            by_hand[name] += value(before | {name}) - value(before)
    found = fair_shares(names, value, after=[(names[0], names[1])])
    assert found == {name: pytest.approx(each / n, abs=1e-6) for name, each in by_hand.items()}


def test_sets_that_cannot_be_are_never_asked_for():
    asked = []
    fair_shares(["day", "data"], lambda at: asked.append(at) or 0.0, after=[("day", "data")])
    assert asked == [frozenset(), frozenset({"day"}), frozenset({"day", "data"})]


@given(games(most=4), st.floats(-1e6, 1e6))
def test_a_cause_that_does_nothing_has_no_share_and_takes_none(game, level):
    names, values = game
    value = worth(values)
    shares = fair_shares([*names, "idle"], lambda at_work: value(at_work - {"idle"}))
    assert shares["idle"] == 0
    assert fair_shares(names, lambda at_work: level) == dict.fromkeys(names, 0)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_causes_that_do_the_same_have_equal_shares(one, both):
    shares = fair_shares(["a", "b"], lambda at_work: (0.0, one, both)[len(at_work)])
    assert shares["a"] == shares["b"] == pytest.approx(both / 2, abs=1e-9 * 1e6)


@pytest.mark.parametrize(
    ("names", "words"), [("aa", "a cause stands twice among a, a"), ("abcdefghi", "9 causes; at most 8")]
)
def test_causes_that_cannot_be_shared_out_are_refused(names, words):
    with pytest.raises(SapaError, match=words):
        fair_shares(list(names), lambda at_work: 0.0)


# where the whole is at its median -------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=60))
def test_parts_at_the_median_sum_to_the_median(drawn):
    one, two = (np.array(part) for part in zip(*drawn, strict=True))
    whole = one + two
    found = at_median(whole, {"one": one, "two": two, "whole": whole})
    assert found["whole"] == pytest.approx(np.median(whole), abs=1e-9 * 1e6)
    assert found["one"] + found["two"] == pytest.approx(found["whole"], abs=1e-9 * 1e6)


# the gap to a target --------------------------------------------------------------------------------------


@given(pairs, amounts, st.none() | amounts)
def test_volume_and_price_sum_to_the_gap_whatever_is_wanted(drawn, value, volume):
    outcomes = outcomes_of(drawn)
    wanted = None if volume is None else {"visits": volume}
    split = split_gap(outcomes, goal(value), volume="visits", price="spend", wanted=wanted).set_index("part")
    median = np.median(outcomes["revenue"].paths.loc["2024"])
    parts = split.loc[["visits", "spend"], "value"].sum()
    assert parts == pytest.approx(value - median, abs=1e-9 * max(value, median, 1e3))
    assert split.loc[["forecast", "target"], "value"].tolist() == [median, value]


@given(pairs, amounts, amounts)
def test_the_split_does_not_depend_on_which_factor_is_called_volume(drawn, value, volume):
    outcomes, wanted = outcomes_of(drawn), {"visits": volume}
    one = split_gap(outcomes, goal(value), volume="visits", price="spend", wanted=wanted)
    other = split_gap(outcomes, goal(value), volume="spend", price="visits", wanted=wanted)
    columns = ["value", "lower_80", "upper_80", "wanted"]
    pd.testing.assert_frame_equal(
        one.set_index("part")[columns],
        other.set_index("part").loc[one["part"], columns],
        rtol=1e-9,
        atol=1e-6,
    )


@given(pairs, amounts)
def test_in_equal_proportion_both_grow_by_the_same_factor(drawn, value):
    outcomes = outcomes_of([drawn[0]] * 4)  # one path, so that medians are levels
    split = split_gap(outcomes, goal(value), volume="visits", price="spend").set_index("part")
    factors = [split.loc[name, "wanted"] / outcomes[name].paths.iloc[1, 0] for name in ("visits", "spend")]
    assert factors[0] == pytest.approx(factors[1], rel=1e-9)
    assert split.loc["visits", "value"] == pytest.approx(split.loc["spend", "value"], abs=1e-6)
    assert set(split.loc[["visits", "spend"], "wanted_by"]) == {"equal"}


def test_a_gap_of_nothing_has_no_parts():
    outcomes = outcomes_of([(100.0, 20.0)] * 5)
    split = split_gap(outcomes, goal(2.0), volume="visits", price="spend", wanted={"visits": 100.0})
    assert (
        split.set_index("part")
        .loc[["visits", "spend"], ["value", "lower_80", "upper_80"]]
        .eq(0)
        .all(axis=None)
    )


def test_the_document_s_own_volume_is_wanted_before_that_of_another():
    goals = [goal(150.0, indicator="visits", document="other", id="other"),
             goal(120.0, indicator="visits", document="plan", id="plan"),
             goal(110.0, indicator="visits", document="plan", id="early", end=2023)]  # fmt: skip
    split = split_gap(
        outcomes_of([(100.0, 20.0)] * 5),
        goal(3.0, document="plan"),
        volume="visits",
        price="spend",
        wanted=goals,
    ).set_index("part")
    assert split.loc["visits", ["wanted", "wanted_by"]].tolist() == [pytest.approx(120.0), "plan"]
    # 120 visits that spend 25 each are 3.0 thousand
    assert split.loc["spend", ["wanted", "wanted_by"]].tolist() == [pytest.approx(25.0), "follows"]
    shares = split.loc[["visits", "spend"], "value"] / 1.0
    assert shares.round(3).tolist() == [0.45, 0.55]  # log 1.2 and log 1.25 of log 1.5


@pytest.mark.parametrize(
    ("changed", "kwargs", "words"),
    [
        ({"measure": "growth"}, {}, "only a level with one value has a gap; it is growth at_least"),
        ({"sense": "about"}, {}, "only a level with one value has a gap; it is level about"),
        ({"end": 2030}, {}, "revenue is forecast for 2023 to 2024, not for 2030"),
        ({}, {"price": "spent"}, '"spent" has no outcome; did you mean spend?'),
        ({}, {"price": "visits"}, "revenue is not visits times visits in every path"),
        ({}, {"wanted": {"revenue": 5.0}}, '"revenue" is neither volume nor price'),
        ({}, {"wanted": {"visits": -5.0}}, "visits: a wanted level of -5 is not above zero"),
        ({"value": -3.0}, {}, "-3 is not above zero, so no split into factors"),
    ],
)
def test_a_gap_that_cannot_be_split_is_refused_in_words(changed, kwargs, words):
    asked = {"volume": "visits", "price": "spend", **kwargs}
    with pytest.raises(SapaError, match=words):
        split_gap(outcomes_of([(100.0, 20.0), (110.0, 30.0)]), goal(**{"value": 3.0, **changed}), **asked)


# what a scenario changes, by cause ------------------------------------------------------------------------


effects = st.tuples(
    st.sampled_from(["visits", "spend"]), st.sampled_from(["multiply", "add"]), st.floats(0.5, 2)
)


@given(pairs, st.lists(effects, min_size=1, max_size=4))
def test_the_shares_of_the_adjustments_sum_to_the_difference(drawn, said):
    outcomes = outcomes_of(drawn)
    change = scenario(*(adjustment(effect, {2024: value}, name) for name, effect, value in said))
    shares = split_by_cause(outcomes, change, "revenue").query("kind == 'part'")["value"]
    both = {"base": outcomes, "other": apply_scenario(outcomes, change)}
    medians = compare_scenarios(both, "revenue").query("year == 2024")["median"]
    told = medians.iloc[1] - medians.iloc[0]
    scale = outcomes["revenue"].paths.abs().to_numpy().max()
    assert shares.sum() == pytest.approx(told, abs=1e-9 * max(scale, 1.0))


@given(pairs, st.floats(0.5, 2), st.floats(0.5, 2))
def test_the_shares_do_not_depend_on_the_order_of_factors(drawn, one, two):
    outcomes = outcomes_of(drawn)
    parts = [adjustment("multiply", {2024: one}, "visits"), adjustment("multiply", {2024: two}, "spend")]
    frames = [split_by_cause(outcomes, scenario(*order), "revenue") for order in (parts, parts[::-1])]
    columns = ["value", "lower_80", "upper_80"]
    first, second = (frame[frame["kind"] == "part"].set_index("of")[columns] for frame in frames)
    pd.testing.assert_frame_equal(first, second.loc[first.index], rtol=1e-9, atol=1e-9)


@given(pairs)
def test_a_scenario_that_changes_nothing_has_no_causes(drawn):
    still = scenario(adjustment("multiply", {2024: 1.0}, "visits"), adjustment("add", {2024: 0.0}, "spend"))
    shares = split_by_cause(outcomes_of(drawn), still, "revenue").query("kind == 'part'")
    assert (shares[["value", "lower_80", "upper_80"]] == 0).all(axis=None)


def test_equal_adjustments_have_equal_shares_and_others_none():
    outcomes = outcomes_of([(100.0, 20.0), (110.0, 30.0), (120.0, 25.0)])
    twice = adjustment("multiply", {2024: 1.1}, "visits")
    elsewhere, before = (
        adjustment("multiply", {2024: 2.0}, "spend"),
        adjustment("multiply", {2023: 2.0}, "visits"),
    )
    shares = split_by_cause(outcomes, scenario(twice, twice, elsewhere, before), "visits", year=2024)
    value = shares.query("kind == 'part'")["value"].tolist()
    assert value[:2] == pytest.approx([110 * 0.21 / 2] * 2)
    assert value[2:] == [0, 0]


def test_the_band_of_a_share_is_that_of_its_paths():
    """One cause: its share in each path is what the scenario changes there."""
    outcomes = outcomes_of([(100.0, 20.0), (110.0, 30.0), (120.0, 25.0), (90.0, 40.0)])
    half = scenario(adjustment("multiply", {2024: 1.5}, "visits"))
    row = split_by_cause(outcomes, half, "revenue").iloc[1]
    step = 0.5 * outcomes["revenue"].paths.loc["2024"]
    wanted = step.quantile([0.5, 0.1, 0.9]).tolist()
    assert row[["value", "lower_80", "upper_80"]].tolist() == pytest.approx(wanted)


def test_what_follows_by_a_link_is_shared_out_too():
    outcomes = outcomes_of([(100.0, 20.0)] * 3)
    outcomes["output"] = fan([50.0] * 3, "output")
    link = Link(of="visits", to="output", elasticity=0.5, sd=0.0, low=0.5, high=0.5)
    change = scenario(
        adjustment("multiply", {2024: 1.21}, "visits"), adjustment("add", {2024: 5.0}, "output")
    )
    value = split_by_cause(outcomes, change, "output", links=[link]).query("kind == 'part'")["value"]
    # 50 x 1.1 alone adds 5, and 55 x 1.1 after the addition 5.5: half way between
    assert value.tolist() == pytest.approx([5.25, 5.25])


def test_a_scenario_of_another_area_is_refused():
    change = scenario(adjustment("multiply", {2024: 1.1}, "visits")).model_copy(update={"area": "lao_cai"})
    with pytest.raises(SapaError, match="does not hold here: it argues from the numbers of lao_cai"):
        split_by_cause(outcomes_of([(100.0, 20.0)]), change, "revenue")


def test_without_an_adjustment_there_are_two_ends():
    outcomes = outcomes_of([(100.0, 20.0)])
    assert split_by_cause(outcomes, scenario(name="other"), "revenue")["part"].tolist() == ["base", "other"]


def test_what_cannot_be_shared_out_is_refused_in_words():
    outcomes = outcomes_of([(100.0, 20.0)])
    outcomes["poor"] = NotAssessed(None, "no_evidence", 1)
    many = scenario(*[adjustment("multiply", {2024: 1.1}, "visits")] * 9)
    for asked, words in (
        ((many, "revenue"), "9 causes; at most 8"),
        ((scenario(), "revnue"), '"revnue" has no outcome; did you mean revenue?'),
        ((scenario(), "poor"), r"poor has no forecast \(no_evidence\)"),
    ):
        with pytest.raises(SapaError, match=words):
            split_by_cause(outcomes, *asked)
