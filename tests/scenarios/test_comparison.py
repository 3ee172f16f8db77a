"""Differences between scenarios, path by path, with bands of their own."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import Forecast, NotAssessed
from sapa_analysis.core.errors import SapaError
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.scenarios import apply_scenario, compare_scenarios, differences, scenario

YEARS = (2023, 2024, 2025)
NUMBERS = ["median", "lower_80", "upper_80"]
rows = st.lists(st.lists(st.floats(1, 1e6), min_size=5, max_size=5), min_size=3, max_size=3)
factors = st.floats(0.5, 2)


def outcome(values, *, scale="log"):
    observed = replace(yearly({2021: 10.0, 2022: 12.0}, indicator="visits", scale=scale), unit="visits")
    return Forecast(observed, pd.DataFrame(values, index=yearly_index(YEARS), dtype=float), "naive")


def under(base, **changes):
    more = scenario("more", bold=True, **changes)
    return {"base": {"visits": base}, "more": apply_scenario({"visits": base}, more)}


@given(rows)
def test_a_scenario_that_changes_nothing_differs_by_nothing(values):
    found = differences(under(outcome(values), visits={2024: "x 1"}), "visits")
    assert len(found) == 9
    assert (found[NUMBERS] == 0).all(axis=None)


@given(rows, factors)
def test_a_factor_is_the_same_percent_in_every_path_and_its_level_is_that_of_the_paths(values, factor):
    base = outcome(values)
    found = differences(under(base, visits={2024: f"x {factor:.6f}"}), "visits").set_index(["kind", "year"])
    percent = 100 * (float(f"{factor:.6f}") - 1)
    np.testing.assert_allclose(found.loc[("percent", 2024), NUMBERS].astype(float), percent, atol=1e-9)
    step = percent / 100 * base.paths.to_numpy()[1]
    wanted = np.percentile(step, [50, 10, 90])
    np.testing.assert_allclose(
        found.loc[("level", 2024), NUMBERS].astype(float), wanted, rtol=1e-9, atol=1e-6
    )
    assert (found.loc[[("level", 2023), ("percent", 2023), ("growth", 2023)], NUMBERS] == 0).all(axis=None)


@given(rows, factors)
def test_the_median_of_the_level_is_the_difference_that_scenarios_are_compared_by(values, factor):
    both = under(outcome(values), visits={2023: f"x {factor:.6f}", 2025: "+5"})
    told = compare_scenarios(both, "visits").query("scenario == 'more'")["difference"].to_numpy()
    found = differences(both, "visits").query("kind == 'level'")["median"].to_numpy()
    np.testing.assert_allclose(found, told, rtol=1e-12, atol=1e-9)


def test_growth_counts_from_the_past_of_the_path():
    both = under(outcome([[12.0] * 5, [12.0] * 5, [12.0] * 5]), visits={2023: "x 1.1"})
    growth = differences(both, "visits").query("kind == 'growth'").set_index("year")["median"]
    # from 12 in 2022: 10 percent up, then back down to where it was
    assert growth.tolist() == pytest.approx([10.0, 100 * (12 / 13.2 - 1), 0.0])


@pytest.mark.parametrize("scale", ["growth", "logit"])
def test_a_rate_differs_in_points_only(scale):
    found = differences(under(outcome([[10.0] * 5] * 3, scale=scale), visits={2024: "+2"}), "visits")
    assert found[["kind", "unit"]].drop_duplicates().to_numpy().tolist() == [["level", "points"]]
    assert found["median"].tolist() == [0.0, 2.0, 0.0]


def test_a_base_of_zero_has_no_percent():
    both = under(outcome([[0.0] * 5] * 3, scale="level"), visits={2024: "+2"})
    found = differences(both, "visits").set_index(["kind", "year"])
    assert found.loc["percent", NUMBERS].isna().all(axis=None)
    assert found.loc[("level", 2024), "median"] == 2.0


def test_scenarios_stand_in_their_order_without_the_baseline():
    base = outcome([[10.0] * 5] * 3)
    both = {"z": {"visits": base}, "base": {"visits": base}, "a": {"visits": base}}
    assert differences(both, "visits")["scenario"].drop_duplicates().tolist() == ["z", "a"]


def test_what_cannot_be_compared_is_told_in_words():
    base = outcome([[10.0] * 5] * 3)
    poor = {"visits": NotAssessed(None, "no_evidence", 1)}
    assert differences({"base": poor, "more": poor}, "visits").empty
    for both, indicator, words in (
        ({"bse": {"visits": base}}, "visits", 'the baseline "base" is not among the scenarios; did you mean bse'),
        ({"base": {"visits": base}}, "visit", '"visit" has no outcome; did you mean visits'),
        ({"base": {"visits": base}, "more": {"visits": replace(base, paths=base.paths.iloc[:2])}}, "visits",
         'scenario "more" does not hold the paths of the baseline'),
        ({"base": poor, "more": {"visits": base}}, "visits", "does not hold the paths of the baseline"),
    ):  # fmt: skip
        with pytest.raises(SapaError, match=words):
            differences(both, indicator)
