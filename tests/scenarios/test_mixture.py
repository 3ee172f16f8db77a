"""Weighted scenarios: as many paths as each weighs, each path whole, and nothing else moved."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import apply_scenario, scenario
from sapa_analysis.core import Forecast, NotAssessed, SapaError, yearly_index
from sapa_analysis.forecasting import derive_forecast
from sapa_analysis.scenarios import combine_scenarios

weights = st.lists(st.floats(0.01, 1), min_size=1, max_size=4).map(
    lambda drawn: [w / max(1, sum(drawn)) for w in drawn]
)


def fan(name, n_paths, start=1.0):
    observed = yearly({2021: 10.0, 2022: 12.0}, indicator=name)
    rows = start + np.arange(2.0 * n_paths).reshape(2, n_paths)
    table = pd.DataFrame(rows, index=yearly_index([2023, 2024]))
    return Forecast(observed, table, "naive", without_shocks=table + 0.5)


def outcomes(n_paths):
    parts = {"visits": fan("visits", n_paths), "spend": fan("spend", n_paths, 5.0)}
    named = replace(parts["visits"].observed, indicator_id="revenue")
    return parts | {"revenue": derive_forecast(named, parts, lambda at: at["visits"] * at["spend"])}


def weighted(shares):
    """Return scenarios of which each multiplies visits by a factor of its own."""
    return [
        scenario(f"one {n}", visits=f"x {1 + (n + 1) / 10}", weight=share) for n, share in enumerate(shares)
    ]


def followed(mixed, base):
    """Return the place of the scenario that each path follows: 0 is the baseline."""
    ratio = (mixed["visits"].paths / base["visits"].paths).to_numpy()
    assert (np.ptp(ratio, axis=0) < 1e-9).all()
    return np.rint((ratio[0] - 1) * 10).astype(int)


@given(weights, st.integers(1, 300), st.integers(0, 9))
def test_each_scenario_has_its_share_of_the_paths_to_one_path(shares, n_paths, seed):
    base = outcomes(n_paths)
    counts = np.bincount(
        followed(combine_scenarios(base, weighted(shares), seed=seed), base), minlength=len(shares) + 1
    )
    wanted = np.array([1 - sum(shares), *shares]) * n_paths
    assert counts.sum() == n_paths
    assert (np.abs(counts - wanted) < 1 + 1e-6).all()


@given(weights, st.integers(2, 60))
def test_each_path_is_that_of_one_scenario_in_every_output_bit_for_bit(shares, n_paths):
    base, chosen = outcomes(n_paths), weighted(shares)
    mixed = combine_scenarios(base, chosen, seed=1)
    whose = followed(mixed, base)
    under = [base, *(apply_scenario(base, each) for each in chosen)]
    for name, after in mixed.items():
        for path, place in enumerate(whose):
            for table in ("paths", "without_shocks"):
                one = getattr(after, table).to_numpy()[:, path]
                np.testing.assert_array_equal(one, getattr(under[place][name], table).to_numpy()[:, path])


@given(weights, st.integers(2, 60))
def test_what_is_computed_from_others_stays_so_and_can_be_changed_again(shares, n_paths):
    mixed = combine_scenarios(outcomes(n_paths), weighted(shares), seed=1)
    product = mixed["visits"].paths * mixed["spend"].paths
    np.testing.assert_array_equal(mixed["revenue"].paths, product)
    dearer = apply_scenario(mixed, scenario("dearer", spend="+10%"))
    np.testing.assert_allclose(dearer["revenue"].paths, product * 1.1, rtol=1e-12)


def test_the_same_seed_draws_the_same_paths_and_another_one_others():
    base, chosen = outcomes(200), weighted([0.3, 0.3])
    first, again, other = (followed(combine_scenarios(base, chosen, seed=seed), base) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_whole_weight_is_the_scenario_and_none_the_baseline():
    base = outcomes(50)
    alone = combine_scenarios(base, weighted([1.0]))
    under = apply_scenario(base, weighted([1.0])[0])
    pd.testing.assert_frame_equal(alone["revenue"].paths, under["revenue"].paths, check_exact=True)
    pd.testing.assert_frame_equal(combine_scenarios(base, [])["revenue"].paths, base["revenue"].paths)


def test_where_nothing_is_forecast_nothing_is_mixed():
    base = outcomes(10) | {"nothing": NotAssessed(None, "no_evidence", 5)}
    assert combine_scenarios(base, weighted([0.5]))["nothing"] is base["nothing"]


def test_weights_that_cannot_be_are_told_together():
    one, other = weighted([0.7, 0.7])
    none = scenario("none", visits="+1%")
    with pytest.raises(SapaError) as caught:
        combine_scenarios(outcomes(10), [one, other, one, none])
    assert str(caught.value) == (
        "scenario none has no weight; scenario one 0 stands twice; the weights sum to 2.1; wanted at most 1"
    )
