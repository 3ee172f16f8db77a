"""Chances under scenarios: counts of the same paths."""

import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import Forecast, SapaError, as_targets, yearly_index
from sapa_analysis.pipeline import chances

pytest_plugins = ["loaded"]
levels = st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 1e6)), min_size=4, max_size=20)


def under(values):
    observed = yearly(dict.fromkeys(range(2015, 2023), 10.0), indicator="tourist_arrivals", scale="log")
    paths = pd.DataFrame([values] * 3, index=yearly_index([2023, 2024, 2025]))
    return {"tourist_arrivals": Forecast(observed, paths, "naive")}


@given(drawn=levels, value=st.floats(1, 1e6))
def test_chances_and_paths_that_change_sides_are_counts(tables, params, drawn, value):
    before, after = ([pair[side] for pair in drawn] for side in (0, 1))
    goals = as_targets(pd.DataFrame([target(value=value)]))
    found = chances(tables, params, {"base": under(before), "other": under(after)}, goals).set_index(
        "scenario"
    )
    here, there = ([level >= value - 1e-9 * value for level in side] for side in (before, after))
    row = found.loc["other"]
    assert row["probability"] == pytest.approx(sum(there) / len(drawn))
    assert row["gained"] == sum(b and not a for a, b in zip(here, there, strict=True))
    assert row["lost"] == sum(a and not b for a, b in zip(here, there, strict=True))
    assert row["difference"] == pytest.approx(100 * (row["gained"] - row["lost"]) / len(drawn))
    assert found.loc["base", ["difference", "gained", "lost"]].tolist() == [0, 0, 0]


def test_a_target_that_cannot_be_judged_has_no_row(tables, params):
    goals = pd.DataFrame([target(value=5.0, end=2040)])
    assert chances(tables, params, {"base": under([1.0] * 4)}, goals).empty


def test_without_the_baseline_there_is_nothing_to_compare_with(tables, params):
    with pytest.raises(SapaError, match='the baseline "base" is not among the scenarios; did you mean bse'):
        chances(tables, params, {"bse": under([1.0] * 4)}, [])
