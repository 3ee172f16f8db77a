from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.forecasting.theta import ThetaModel

from sapa_analysis.forecasting import point_forecasts

few = settings(max_examples=min(25, settings.default.max_examples))
amounts = st.lists(st.floats(50, 5_000), min_size=1, max_size=12)
levels = st.lists(st.floats(-5_000, 5_000), min_size=1, max_size=12)
rates = st.lists(st.floats(-20, 20), min_size=1, max_size=12)
units = st.floats(1e-6, 1e6)
horizons = st.integers(1, 8)
#: Years of history, and how often the pooled drift then counts: 16 over the years, rounded up, at least twice.
COUNTS = {1: 16, 2: 8, 3: 6, 4: 4, 5: 4, 6: 3, 7: 3, 8: 2, 9: 2, 16: 2, 40: 2}


def theta(share):
    return lambda past, horizon: point_forecasts.theta(past, horizon, weight=0.3, share=share)


#: Centres that are linear in the past, and all point forecasts of amounts.
LINEAR = {
    "naive": point_forecasts.naive,
    "linear_drift": point_forecasts.linear_drift,
    "damped_drift": point_forecasts.damped_drift,
    "theta": theta(0.5),
    "theta_infinity": theta(1.0),
    "pooled_drift": lambda past, horizon: point_forecasts.pooled_drift(past, horizon, 0.0),
}
ALL = LINEAR | {
    "damped_log_drift": point_forecasts.damped_log_drift,
    "pooled_drift": lambda past, h: np.exp(
        point_forecasts.pooled_drift(np.log(past), h, point_forecasts.POOLED_GROWTH)
    ),
}
#: Every list of members, with what turns a list of positive numbers into a past of it.
MEMBERS = {
    "members": (point_forecasts.members, lambda values: values),
    "members_of_rates": (point_forecasts.members_of_rates, lambda values: values / 100 - 10),
}


def column(values):
    return np.array(values, dtype=float)[:, None]


def squared_errors(path, weights):
    """Return the sum of squared one-step errors of exponential smoothing, one for each weight."""
    level, total = path[0], 0.0
    for value in path:
        total = total + (value - level) ** 2
        level = level + weights * (value - level)
    return total


def stacked(name, past, path, horizon):
    return np.stack(MEMBERS[name][0](past, path, horizon))


# laws of each point forecast --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
@few
@given(amounts, units, horizons)
def test_a_point_follows_the_unit(name, values, unit, horizon):
    past = column(values)
    np.testing.assert_allclose(ALL[name](unit * past, horizon), unit * ALL[name](past, horizon), rtol=1e-9)


@pytest.mark.parametrize("name", LINEAR)
@few
@given(levels, st.floats(-5_000, 5_000), horizons)
def test_a_linear_point_follows_a_shift(name, values, shift, horizon):
    past = column(values)
    moved = LINEAR[name](past + shift, horizon)
    np.testing.assert_allclose(moved, LINEAR[name](past, horizon) + shift, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", LINEAR)
@few
@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=1, max_size=12), horizons)
def test_a_linear_point_of_a_sum_is_the_sum_of_the_point_forecasts(name, pairs, horizon):
    one, other = (column(values) for values in zip(*pairs, strict=True))
    parts = LINEAR[name](one, horizon) + LINEAR[name](other, horizon)
    np.testing.assert_allclose(LINEAR[name](one + other, horizon), parts, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ALL)
@few
@given(st.lists(st.lists(st.floats(50, 5_000), min_size=7, max_size=7), min_size=1, max_size=6), horizons)
def test_columns_are_computed_independently(name, versions, horizon):
    past = np.array(versions).T
    single = np.hstack([ALL[name](past[:, [k]], horizon) for k in range(past.shape[1])])
    np.testing.assert_allclose(ALL[name](past, horizon), single, rtol=1e-12)
    assert single.shape == (horizon, past.shape[1])


@pytest.mark.parametrize("name", ALL)
@few
@given(amounts, horizons)
def test_a_point_leaves_the_past_untouched(name, values, horizon):
    past = column(values)
    ALL[name](past, horizon)
    assert (past[:, 0] == values).all()


@pytest.mark.parametrize("name", LINEAR)
@few
@given(st.floats(-1_000, 1_000), st.integers(1, 12), horizons)
def test_a_linear_point_of_a_constant_is_the_constant(name, level, n, horizon):
    np.testing.assert_allclose(LINEAR[name](np.full((n, 1), level), horizon), level, rtol=1e-9)


@pytest.mark.parametrize("name", ALL)
@few
@given(amounts, st.integers(1, 7))
def test_a_longer_horizon_only_adds_years(name, values, horizon):
    past = column(values)
    assert (ALL[name](past, 8)[:horizon] == ALL[name](past, horizon)).all()


# drifts ---------------------------------------------------------------------------------------------------


def test_naive_repeats_the_last_value():
    assert point_forecasts.naive(np.array([[1.0, 5], [2, 7]]), 3).tolist() == [[2, 7]] * 3


def test_linear_drift_goes_on_from_the_first_value_through_the_last():
    past = np.array([[100.0, 9], [500, 8], [130, 5]])
    assert point_forecasts.linear_drift(past, 3) == pytest.approx(np.array([[145.0, 3], [160, 1], [175, -1]]))


def test_a_single_year_has_no_slope():
    assert point_forecasts.slope(column([5])).tolist() == [0]
    assert point_forecasts.linear_drift(column([5]), 2).tolist() == [[5], [5]]


def test_a_damped_step_is_nine_tenths_of_the_one_before():
    # 100, 110, 120: steps of 10 fade to 9, 8.1, 7.29
    assert point_forecasts.damped_drift(column([100, 110, 120]), 3)[:, 0] == pytest.approx(
        [129, 137.1, 144.39]
    )


def test_a_damped_rate_is_nine_tenths_of_the_one_before():
    # doubled every year: then 2 to the power of 0.9, of 0.81
    ahead = point_forecasts.damped_log_drift(column([1, 2, 4]), 2)[:, 0]
    assert ahead == pytest.approx([4 * 2**0.9, 4 * 2**1.71])


@few
@given(st.floats(0.01, 0.99), horizons)
def test_fading_steps_add_up_to_the_geometric_series(damping, horizon):
    closed = damping * (1 - damping ** point_forecasts.years_ahead(horizon)) / (1 - damping)
    np.testing.assert_allclose(point_forecasts.faded(horizon, damping), closed, rtol=1e-12)


@few
@given(horizons)
def test_steps_that_do_not_fade_add_up_to_the_years(horizon):
    assert (point_forecasts.faded(horizon, 1.0) == point_forecasts.years_ahead(horizon)).all()
    assert point_forecasts.years_ahead(horizon).shape == (horizon, 1)


# the pooled drift -----------------------------------------------------------------------------------------


@few
@given(st.floats(-100, 100), st.floats(-1, 1), horizons)
def test_after_a_single_year_the_pooled_drift_is_that_of_like_series(last, growth, horizon):
    expected = last + growth * point_forecasts.faded(horizon, point_forecasts.POOLED_DAMPING)
    np.testing.assert_allclose(point_forecasts.pooled_drift(column([last]), horizon, growth), expected)


@few
@given(st.floats(-1, 1), st.floats(-1, 1))
def test_the_pooled_drift_moves_to_the_own_mean_step_as_years_are_added(own, growth):
    """The weight of like series falls as 8 / (n - 1 + 8): all at first, a hundredth after 800 years."""
    left = []
    for n in (1, 2, 5, 9, 50, 793):
        past = column(own * np.arange(n))
        step = (
            float((point_forecasts.pooled_drift(past, 1, growth) - past[-1])[0, 0])
            / point_forecasts.POOLED_DAMPING
        )
        left.append(step - own)
    shares = [1, 8 / 9, 8 / 12, 8 / 16, 8 / 57, 8 / 800]
    assert left == pytest.approx([share * (growth - own) for share in shares], abs=1e-9)


@few
@given(levels, st.floats(-5_000, 5_000), st.floats(-10, 10), units)
def test_the_pooled_drift_follows_shift_and_unit(values, shift, growth, unit):
    past, plain = column(values), point_forecasts.pooled_drift(column(values), 4, growth)
    assert point_forecasts.pooled_drift(past + shift, 4, growth) == pytest.approx(plain + shift, abs=1e-6)
    np.testing.assert_allclose(point_forecasts.pooled_drift(past * unit, 4, growth * unit), plain * unit, rtol=1e-9,
                               atol=1e-9 * unit)  # fmt: skip


# theta ----------------------------------------------------------------------------------------------------


def of_statsmodels(path):
    """Return its weight, and its forecasts for theta 2 and infinity."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = ThetaModel(path, deseasonalize=False).fit()
        return (
            float(fit.params["alpha"]),
            fit.forecast(6).to_numpy(),
            fit.forecast(6, theta=np.inf).to_numpy(),
        )


@few
@given(st.integers(4, 30), st.integers(0, 1_000), st.sampled_from(["noise", "walk", "growth"]))
def test_theta_is_the_forecast_of_statsmodels(n, seed, kind):
    """With its weight to rounding; with our own to a thousandth of the range, or after smaller errors.

    Our weight is found to 1 in 10,000; the optimiser of statsmodels may stop before it.
    """
    noise = np.random.default_rng(seed).normal(0, 0.1, n)
    path = (
        100
        * {"noise": 1 + noise, "walk": np.exp(noise.cumsum()), "growth": np.exp(noise) * np.arange(1, n + 1)}[
            kind
        ]
    )
    theirs, *forecasts = of_statsmodels(path)
    ours = point_forecasts.smoothing_weight(path)
    assert squared_errors(path, ours) <= squared_errors(path, theirs) * (1 + 1e-6)
    for share, forecast in zip((0.5, 1.0), forecasts, strict=True):
        by_weight = [
            point_forecasts.theta(path[:, None], 6, weight=w, share=share)[:, 0] for w in (theirs, ours)
        ]
        assert by_weight[0] == pytest.approx(forecast, abs=1e-9 * np.ptp(path))
        if squared_errors(path, ours) > squared_errors(path, theirs) * (1 - 1e-6):
            assert by_weight[1] == pytest.approx(forecast, abs=1e-3 * np.ptp(path))


@few
@given(st.lists(st.floats(50, 5_000), min_size=1, max_size=30))
def test_no_other_weight_has_smaller_errors(values):
    # to 1 in 10,000 of the weight: near the least sum, squares of that are a hundredth of a millionth
    path = np.array(values)
    weight = point_forecasts.smoothing_weight(path)
    assert 0 <= weight <= 1
    assert squared_errors(path, weight) <= squared_errors(path, np.linspace(0, 1, 1_000)).min() * (1 + 1e-6)


@few
@given(levels, st.floats(0, 1))
def test_a_smoothed_level_is_a_weighted_mean_of_the_past(values, weight):
    """Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, section 8.1."""
    past, n = column(values), len(values)
    shares = weight * (1 - weight) ** np.arange(n - 1, -1, -1)
    shares[0] = (1 - weight) ** (n - 1)
    assert point_forecasts.smoothed(past, weight) == pytest.approx(shares @ past, abs=1e-8)


def test_smoothing_follows_the_data_or_their_first_value():
    past = column([1, 5, 3])
    assert point_forecasts.smoothed(past, 1.0).tolist() == [3]
    assert point_forecasts.smoothed(past, 0.0).tolist() == [1]
    assert point_forecasts.smoothed(past, 0.5).tolist() == [3]
    assert past[:, 0].tolist() == [1, 5, 3]


@pytest.mark.parametrize("past", [[100.0, 110], [100.0, 100, 100, 100, 150], [7.0, 7, 7]])
def test_where_all_weights_serve_as_well_the_last_value_is_not_ignored(past):
    assert point_forecasts.smoothing_weight(np.array(past)) == 1


def test_no_weight_is_the_limit_of_a_small_one():
    past = column([3.0, 5, 2, 4])
    none, small = (point_forecasts.theta(past, 3, weight=weight, share=1.0) for weight in (0.0, 1e-9))
    assert none == pytest.approx(small, rel=1e-6)


def test_a_straight_line_is_smoothed_with_full_weight():
    assert point_forecasts.smoothing_weight(np.arange(1.0, 10)) == 1


@few
@given(st.floats(-100, 100), st.floats(-10, 10), st.integers(2, 12), st.sampled_from([0.5, 1.0]))
def test_theta_carries_its_share_of_a_straight_line(first, step, n, share):
    past = column(first + step * np.arange(n))
    expected = past[-1] + share * step * point_forecasts.years_ahead(5)
    assert point_forecasts.theta(past, 5, weight=1.0, share=share) == pytest.approx(expected, abs=1e-8)


# members --------------------------------------------------------------------------------------------------


def repeats_of_pooled(name, n):
    """Return how many of the members are one and the same, the last one."""
    past = MEMBERS[name][1](np.random.default_rng(n).uniform(500, 2_000, n))[:, None]
    members = stacked(name, past, past[:, 0], 3)
    return len(members), int((members == members[-1]).all(axis=(1, 2)).sum())


@pytest.mark.parametrize(("n", "count"), COUNTS.items())
def test_the_pooled_drift_counts_more_the_shorter_the_past(n, count):
    assert repeats_of_pooled("members", n) == (5 + count, count)


def test_the_pooled_forecasts_of_rates_count_more_the_shorter_the_history():
    """Three of their own, and two pooled ones, each 6 / n times but at least once."""
    counted = {n: repeats_of_pooled("members_of_rates", n)[0] for n in (1, 2, 3, 5, 6, 40)}
    assert counted == {1: 15, 2: 9, 3: 7, 5: 7, 6: 5, 40: 5}


@few
@given(st.lists(st.floats(-6, 6), min_size=1, max_size=12), st.integers(1, 30))
def test_members_of_amounts_stay_above_zero(powers, horizon):
    """A tenth of the last amount is the least, even after a fall by twelve powers of ten."""
    past = column(10.0 ** np.array(powers))
    members = stacked("members", past, past[:, 0], horizon)
    assert (members >= point_forecasts.LEAST_SHARE * past[-1]).all()
    assert np.isfinite(members).all()


@few
@given(rates, st.integers(1, 30))
def test_growth_rates_return_to_what_was_seen_or_pooled(values, horizon):
    past = column(values)
    members = stacked("members_of_rates", past, past[:, 0], horizon)
    within = [*values, point_forecasts.POOLED_RATE]
    assert (members >= min(within) - 1e-9).all()
    assert (members <= max(within) + 1e-9).all()


@few
@given(rates)
def test_the_returning_rate_ends_where_the_pooled_one_stands(values):
    """The distance is multiplied by 0.4 a year: after 30 years a trillionth is left."""
    *_, pooled, returning = point_forecasts.members_of_rates(column(values), np.array(values), 30)
    assert returning[-1] == pytest.approx(pooled[-1], abs=1e-9)
    first = pooled[0] + point_forecasts.RATE_MEMORY * (values[-1] - pooled[0])
    assert returning[0] == pytest.approx(first, abs=1e-9)


@few
@given(rates, st.floats(0.01, 100))
def test_growth_rates_keep_their_distances_to_the_pooled_mean(values, factor):
    past = np.array(values)
    stretched = point_forecasts.POOLED_RATE + factor * (past - point_forecasts.POOLED_RATE)
    plain = stacked("members_of_rates", past[:, None], past, 4) - point_forecasts.POOLED_RATE
    wide = stacked("members_of_rates", stretched[:, None], stretched, 4) - point_forecasts.POOLED_RATE
    # two weights that smooth equally well may be one grid step apart
    np.testing.assert_allclose(wide, factor * plain, rtol=0, atol=1e-3 * factor * (1 + np.ptp(past)))


@few
@given(amounts, units)
def test_members_of_amounts_follow_the_unit(values, unit):
    past = column(values)
    scaled = stacked("members", unit * past, unit * past[:, 0], 5)
    np.testing.assert_allclose(scaled, unit * stacked("members", past, past[:, 0], 5), rtol=1e-6)


@pytest.mark.parametrize("name", MEMBERS)
@few
@given(versions=st.lists(st.lists(st.floats(50, 5_000), min_size=6, max_size=6), min_size=1, max_size=5))
def test_versions_of_the_past_never_mix(name, versions):
    past = MEMBERS[name][1](np.array(versions).T)
    path = past.mean(axis=1)
    single = [stacked(name, past[:, [k]], path, 4) for k in range(past.shape[1])]
    np.testing.assert_allclose(
        stacked(name, past, path, 4), np.concatenate(single, axis=2), rtol=1e-9, atol=1e-9
    )


@few
@given(st.floats(1, 1_000), st.floats(-1_000, 1_000))
def test_a_floor_binds_only_below_a_tenth_of_the_last(last, point):
    least = point_forecasts.floor(np.array([point]), np.array([last]))
    assert least == pytest.approx([max(point, last / 10)])
