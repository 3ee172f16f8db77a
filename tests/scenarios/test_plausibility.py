"""How far a scenario lies from the baseline: laws of the least tilt, and the words."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm

from sapa_analysis.core.errors import SapaError
from sapa_analysis.core.types import Forecast
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.scenarios.entropy import WORDS, plausibility, tilt
from sapa_analysis.scenarios.turned_lever import turn_levers

YEARS = (2023, 2024, 2025)
#: A standard normal sample without chance.
NORMAL = norm.ppf((np.arange(4_000) + 0.5) / 4_000)
rows = st.lists(st.lists(st.floats(1, 1e6), min_size=20, max_size=20), min_size=3, max_size=3)
shifts = st.floats(-2, 2)


def fan(values, *, indicator="tourist_arrivals", scale="log"):
    observed = yearly({2021: 10.0, 2022: 12.0}, indicator=indicator, scale=scale)
    paths = pd.DataFrame(values, index=yearly_index(YEARS[: len(values)]), dtype=float)
    return Forecast(observed, paths, "naive")


@given(share=st.floats(0.001, 0.999))
def test_of_two_values_the_tilt_is_the_entropy_of_a_coin(share):
    found = tilt(np.array([[0.0, 0.0, 1.0, 1.0]]), np.array([share]))
    entropy = share * math.log(2 * share) + (1 - share) * math.log(2 * (1 - share))
    assert found.entropy == pytest.approx(entropy, abs=1e-9)
    assert found.effective == pytest.approx(1 / (2 * share**2 + 2 * (1 - share) ** 2), rel=1e-6)


@given(shift=st.floats(-1.5, 1.5))
def test_in_a_gaussian_fan_a_shift_costs_half_its_square(shift):
    assert tilt(NORMAL[None], np.array([shift])).entropy == pytest.approx(shift**2 / 2, abs=0.01)


@given(values=rows, shift=shifts)
def test_the_entropy_is_zero_exactly_where_the_mean_stays(values, shift):
    states = np.log(np.array(values))
    assume((states.std(axis=1) > 0.01).all() and (shift == 0 or abs(shift) > 1e-3))
    found = tilt(states, states.mean(axis=1) + shift)
    assert (found.entropy == 0) == (shift == 0)
    assert (found.effective == 1) == (shift == 0)


@given(values=rows, shift=shifts, more=st.floats(1.01, 2))
def test_farther_costs_more(values, shift, more):
    states = np.log(np.array(values[:1]))
    assume(states.std() > 0.01 and abs(shift) > 1e-3)
    near, far = (tilt(states, states.mean(axis=1) + by) for by in (shift, shift * more))
    assert far.entropy > near.entropy or math.isinf(near.entropy)


@given(values=rows, by=st.tuples(shifts, shifts, shifts))
def test_several_levels_cost_no_less_than_each_of_them(values, by):
    states = np.log(np.array(values))
    wanted = states.mean(axis=1) + np.array(by)
    together = tilt(states, wanted).entropy
    assert all(together >= tilt(states[[n]], wanted[[n]]).entropy - 1e-7 for n in range(3))


def test_a_tilt_takes_no_more_than_all_weight_on_one_path():
    values = np.array([[0.0, 1.0, 2.0, 10.0]])
    assert tilt(values, np.array([9.999])).entropy == pytest.approx(math.log(4), abs=0.01)
    assert math.isinf(tilt(values, np.array([10.0])).entropy)
    assert math.isinf(tilt(np.array([[3.0, 3.0]]), np.array([3.1])).entropy)
    assert tilt(np.array([[3.0, 3.0]]), np.array([3.0])).entropy == 0
    corners = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # each mean has weights, both together have none
    assert math.isinf(tilt(corners, np.array([0.9, 0.9])).entropy)


@given(values=rows)
def test_the_baseline_itself_is_usual(values):
    base = fan(values)
    medians = dict(zip(YEARS, base.paths.median(axis=1), strict=True))
    found = plausibility(base, {"tourist_arrivals": medians})
    assert (found["entropy"] == 0).all()
    assert (found["effective"] == 1).all()
    assert (found["word"].iloc[:3] == "usual").all()
    assert (
        len(
            plausibility(
                base, turn_levers({"tourist_arrivals": base}, {}, shape="step", until=2025, name="no")
            )
        )
        == 0
    )


def test_a_scenario_and_its_levels_lie_equally_far():
    base = fan(np.exp(NORMAL[:3_999] * np.array([[0.1], [0.2], [0.3]]) + 10))
    turned = turn_levers({"tourist_arrivals": base}, {"tourist_arrivals": 1.2}, shape="step", until=2025)
    levels = {"tourist_arrivals": dict(zip(YEARS, 1.2 * base.paths.median(axis=1), strict=True))}
    given_levels = plausibility(base, levels)
    found = plausibility(base, turned)
    assert found["indicator"].tolist() == ["tourist_arrivals"] * 3 + ["all"]
    assert found["year"].tolist() == [2023, 2024, 2025, 2025]
    assert found["scenario"].unique().tolist() == ["tourist_arrivals x 1.2"]
    columns = ["level", "beyond", "entropy", "effective"]
    np.testing.assert_allclose(found[columns], given_levels[columns], rtol=1e-6)
    expected = 0.5 * (math.log(1.2) / np.array([0.1, 0.2, 0.3])) ** 2
    np.testing.assert_allclose(found["entropy"].iloc[1:3], expected[1:], rtol=0.02)


@pytest.mark.parametrize(
    ("share", "word"),
    [(0.3, "usual"), (0.08, "unusual"), (0.02, "rare"), (0.003, "very_rare"), (0.0, "outside")],
)
@pytest.mark.parametrize("side", [1, -1])
def test_the_word_follows_from_the_share_of_paths_that_go_so_far(share, word, side):
    base = fan([np.exp(NORMAL / 10)])
    level = math.exp(side * (norm.isf(share) if share else 5.0) / 10)
    [row] = plausibility(base, {"tourist_arrivals": {2023: level}}).to_dict("records")
    assert row["word"] == word in WORDS
    assert row["beyond"] == pytest.approx(share, abs=3e-4)
    assert math.isinf(row["entropy"]) == (word == "outside")


def test_several_levels_are_as_far_out_as_the_farthest_and_as_their_entropy():
    rng = np.random.default_rng(1)
    base = {
        name: fan([np.exp(rng.normal(size=4_000) / 10)], indicator=name)
        for name in ("visits", "spend", "nights")
    }
    unusual = math.exp(norm.isf(0.09) / 10)
    one, two, three = (
        plausibility(base, {name: {2023: unusual} for name in list(base)[:n]}).iloc[-1] for n in (1, 2, 3)
    )
    assert [each["word"] for each in (one, two, three)] == ["unusual", "unusual", "rare"]
    assert one["entropy"] < two["entropy"] < three["entropy"]
    assert one["beyond"] > two["beyond"] > three["beyond"]


def test_what_is_not_forecast_is_told_in_one_go():
    base = {"tourist_arrivals": fan([[1.0, 2.0]])}
    with pytest.raises(SapaError) as caught:
        plausibility(base, {"arrivals": {2023: 1.0}, "tourist_arrivals": {2030: 1.0}})
    assert '"arrivals" is not forecast' in str(caught.value)
    assert "tourist_arrivals: 2030 is not forecast; 2023 to 2023 are" in str(caught.value)


def test_a_level_at_the_end_of_its_scale_is_outside():
    base = fan([[1.0, 2.0, 3.0]])
    [row] = plausibility(base, {"tourist_arrivals": {2023: 0.0}}).to_dict("records")
    assert (row["beyond"], row["word"]) == (0.0, "outside")
    rates = replace(base, observed=yearly({2022: 12.0}, scale="logit"))
    assert plausibility(rates, {"tourist_arrivals": {2023: 2.0}})["entropy"].tolist() == [0.0]
