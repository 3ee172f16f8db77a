"""Exponential smoothing with learned weights: whose forecast it is, and how it follows a history."""

from __future__ import annotations

import sys
import warnings
from dataclasses import astuple, replace

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from sapa_analysis import forecast
from sapa_analysis.forecasting import smoothing_table
from sapa_analysis.forecasting.smoothing import (
    LEAST_SHARE,
    forecast_known,
    forecast_weights,
    mean_square,
    smooth_ahead,
    smoothing_of,
    steady_slope,
)

few = settings(max_examples=min(25, settings.default.max_examples))
SCALES = ["growth", "log"]
a_scale = st.sampled_from(SCALES)
amounts = st.lists(st.floats(50, 5_000), min_size=1, max_size=12)
rates = st.lists(st.floats(-20, 20), min_size=1, max_size=12)
#: Histories that neither reach the floor nor explode.
tame = st.lists(st.floats(90, 110), min_size=1, max_size=12)
units = st.floats(1e-6, 1e6)
AMOUNT, RATE = smoothing_of("log"), smoothing_of("growth")


def ahead(path, scale="log", horizon=6, draws=None, figures=None, like=None):
    """Return the centre of a history; all its years have figures unless other ones are given."""
    path = np.array(path, dtype=float)
    draws = path[:, None] if draws is None else np.asarray(draws, dtype=float)
    own = path if scale == "growth" else np.diff(path)
    figures = own if figures is None else np.asarray(figures, dtype=float)
    return smooth_ahead(scale, path, draws, figures, horizon, like)


def series(values, scale="log"):
    return yearly(dict(enumerate(values, start=2024 - len(values))), scale=scale)


def smoothed(values, horizon, *, level, trend=None, start, slope=None):
    """Return level and slope smoothed by hand (Hyndman and others 2008, section 2.3.2)."""
    for value in values:
        error = value - start - (slope or 0.0)
        start += (slope or 0.0) + level * error
        slope = None if slope is None else slope + trend * error
    return np.array([start + (slope or 0.0) * year for year in range(1, horizon + 1)])


# whose forecast it is -------------------------------------------------------------------------------------


def of_statsmodels(values, horizon):
    """Return the median of an amount as anyone computes it from the shipped constants and its steady slope."""
    how, n, last = smoothing_table().loc["log"], len(values), values[-1]
    slope = (last - values[0] + how.prior_years * how.prior * last) / (n - 1 + how.prior_years)
    start = {"initial_level": values[0] - slope, "initial_trend": slope}
    model = ETSModel(np.array(values), error="add", trend="add", initialization_method="known", **start)
    shrunk = model.smooth([how.level, how.trend, *start.values()]).forecast(horizon)
    own = steady_slope("log", np.arange(n), np.array(values))
    line = last * (1 + own.slope * np.arange(1, horizon + 1))
    return (1 - own.weight) * shrunk + own.weight * line


@few
@given(st.lists(st.floats(50, 5_000), min_size=2, max_size=40), st.integers(1, 10))
def test_the_median_of_amounts_is_the_forecast_of_statsmodels(values, horizon):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = np.maximum(of_statsmodels(values, horizon), LEAST_SHARE * values[-1])
    plain = pd.Series(values, index=range(2024 - len(values), 2024))
    median = forecast(plain, horizon=horizon, seed=1).paths.median(axis=1).to_numpy()
    # the smoothed level is a sum of terms as large as the largest value
    assert median == pytest.approx(expected, rel=1e-9, abs=1e-9 * max(values))


def test_a_single_amount_is_smoothed_although_statsmodels_would_halt_its_slope():
    """Its state before a single year is overwritten (0.15): were that mended, the first law held there too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert of_statsmodels([100.0], 2) == pytest.approx(100 + 3 * 15 / 17 * np.array([1, 2]))
    found = forecast(pd.Series([100.0], index=[2023]), horizon=2, seed=1).paths.median(axis=1)
    assert found.to_numpy() == pytest.approx([103, 106])


@few
@given(st.lists(st.floats(-20, 20), min_size=1, max_size=40), st.integers(1, 10))
def test_the_median_of_growth_rates_is_the_forecast_of_statsmodels(values, horizon):
    how = smoothing_table().loc["growth"]
    start = (sum(values) + how.prior_years * how.prior) / (len(values) + how.prior_years)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = ETSModel(np.array(values), error="add", initialization_method="known", initial_level=start)
        shrunk = model.smooth([how.level, start]).forecast(horizon)
    own = steady_slope("growth", np.arange(len(values)), np.array(values))
    line = values[-1] + own.slope * np.cumsum(0.9 ** np.arange(1, horizon + 1))
    expected = (1 - own.weight) * shrunk + own.weight * line
    median = forecast(series(values, "growth"), horizon=horizon, seed=1).paths.median(axis=1).to_numpy()
    assert median == pytest.approx(expected, rel=1e-9, abs=1e-9 * max(map(abs, [*values, 1.0])))


@few
@given(amounts)
def test_level_and_slope_are_smoothed_as_the_book_says(values):
    """Whatever statsmodels does: three lines of recursion give the same."""
    slope = (values[-1] * (1 + 8 * 0.03) - values[0]) / (len(values) - 1 + 8)
    by_hand = smoothed(values, 6, level=0.85, trend=0.1, start=values[0] - slope, slope=slope)
    assert astuple(AMOUNT) == (0.85, 0.1, 0.03, 8, 0.09, 0.6)
    assert forecast_known(AMOUNT, np.array(values), 6, 0.03) == pytest.approx(by_hand, abs=1e-6)


@pytest.mark.parametrize("scale", SCALES)
def test_without_statsmodels_there_is_no_headline(monkeypatch, scale):
    """A median from elsewhere would bear the same name."""
    monkeypatch.setitem(sys.modules, "statsmodels.tsa.exponential_smoothing.ets", None)
    forecast_weights.cache_clear()
    with pytest.raises(ImportError, match=r"statsmodels\.tsa\.exponential_smoothing\.ets"):
        forecast(series([100.0, 110, 120], scale), horizon=2, seed=1)


@pytest.mark.parametrize(
    ("values", "scale", "medians", "spread"),
    [
        ([100.0], "log", [103, 106, 109], [9.1782, 13.2272, 16.4973]),
        ([90.0, 100, 120], "log", [125.6492, 133.4305, 141.2118], [10.7018, 16.4929, 21.7364]),
        ([8.0, 6, 7], "growth", [5.3247, 5.3247, 5.3247], [3.6519, 3.6519, 3.6519]),
    ],
)
def test_three_small_histories(values, scale, medians, spread):
    """Worked out on paper."""
    found = forecast(series(values, scale), horizon=3, seed=1).paths.median(axis=1)
    assert found.to_numpy() == pytest.approx(medians, abs=1e-4)
    assert ahead(values, scale, 3).spread == pytest.approx(spread, abs=1e-4)


# how it follows a history ---------------------------------------------------------------------------------


@few
@given(amounts, units)
def test_amounts_follow_the_unit(path, unit):
    plain, scaled = ahead(path), ahead(unit * np.array(path))
    np.testing.assert_allclose(scaled.point, unit * plain.point, rtol=1e-9)
    np.testing.assert_allclose(scaled.spread, unit * plain.spread, rtol=1e-6)


@few
@given(st.lists(st.tuples(st.floats(90, 110), st.floats(90, 110)), min_size=1, max_size=12), st.floats(-3, 3))
def test_a_forecast_of_amounts_is_linear_in_the_history(pairs, times):
    """Without a constant: shares of the years, also where the sum of two histories is none of amounts."""
    one, other = np.array(pairs).T
    parts = [forecast_known(AMOUNT, path, 6, 0.03) for path in (one, other, one + times * other)]
    assert parts[2] == pytest.approx(parts[0] + times * parts[1], abs=1e-9)
    weights, constant = forecast_weights(AMOUNT, len(one), 5, 0.03)
    assert constant.tolist() == [0.0] * 6
    assert weights @ one == pytest.approx(parts[0])


@few
@given(st.lists(st.tuples(st.floats(90, 110), st.floats(90, 110)), min_size=1, max_size=12))
def test_the_point_between_two_histories_lies_between_theirs(pairs):
    one, other = np.array(pairs).T
    middle = ahead((one + other) / 2).point
    assert middle == pytest.approx((ahead(one).point + ahead(other).point) / 2)


@few
@given(rates, st.floats(0.01, 100))
def test_growth_rates_keep_their_distances_to_the_pooled_rate(values, factor):
    """Stretched around it, and mirrored."""
    past, pooled = np.array(values), RATE.prior
    plain = ahead(past, "growth").point - pooled
    for times in (factor, -1.0):
        moved = ahead(pooled + times * (past - pooled), "growth").point - pooled
        np.testing.assert_allclose(moved, times * plain, rtol=0, atol=1e-9 * (1 + abs(times)))


@few
@given(rates, st.floats(-10, 10))
def test_growth_rates_and_their_pooled_rate_shift_together(values, shift):
    plain, moved = (forecast_known(RATE, np.array(values) + by, 4, RATE.prior + by) for by in (0.0, shift))
    assert moved == pytest.approx(plain + shift, abs=1e-9)


@few
@given(rates, st.integers(1, 30))
def test_growth_rates_stay_where_they_are_between_what_was_seen_or_pooled(values, horizon):
    point = ahead(values, "growth", horizon).point[:, 0]
    within = [*values, RATE.prior]
    assert min(within) - 1e-9 <= point[0] <= max(within) + 1e-9
    assert point == pytest.approx(np.full(horizon, point[0]))


@few
@given(st.floats(50, 5_000), st.floats(-100, 100), st.integers(2, 20))
def test_a_straight_line_goes_on_if_nothing_is_known_of_other_series(first, step, n):
    line = first + step * np.arange(n + 6)
    alone = replace(AMOUNT, prior_years=0.0)
    assert forecast_known(alone, line[:n], 6, 0.03) == pytest.approx(line[n:], abs=1e-8)


@few
@given(st.floats(50, 5_000), st.integers(1, 20))
def test_a_constant_stays_if_other_series_do_not_grow(level, n):
    assert forecast_known(AMOUNT, np.full(n, level), 6, 0.0) == pytest.approx(np.full(6, level))
    shrunk = forecast_known(RATE, np.full(n, level), 6, level)
    assert shrunk == pytest.approx(np.full(6, level))


@few
@given(st.integers(1, 40))
def test_the_slope_of_other_series_counts_less_the_longer_a_constant(n):
    """Its growth is 3 % at first and 3 % times 8 / (n + 7) of it at the start of smoothing later."""
    point = ahead(np.full(n, 100.0)).point[:, 0]
    assert (np.diff(point) > 0).all()
    assert point[0] - 100 <= 3.0 * 8 / (n + 7) + 1e-9


@few
@given(tame, st.floats(0.001, 0.05))
def test_growth_of_other_series_lifts_every_year(path, more):
    low, high = (forecast_known(AMOUNT, np.array(path), 6, 0.03 + by) for by in (0.0, more))
    assert (high > low).all()


@few
@given(st.lists(st.floats(-6, 6), min_size=1, max_size=12), st.integers(1, 30))
def test_amounts_stay_above_a_tenth_of_the_last(powers, horizon):
    """Even after a fall by twelve powers of ten."""
    past = 10.0 ** np.array(powers)
    point = ahead(past, horizon=horizon).point
    assert point.shape == (horizon, 1)
    assert np.isfinite(point).all()
    assert (point >= LEAST_SHARE * past[-1]).all()


def test_a_falling_line_ends_on_its_floor():
    assert ahead([1_000, 700, 420, 100], horizon=10).point[-1] == pytest.approx(10)


@pytest.mark.parametrize("scale", SCALES)
@few
@given(path=tame, horizon=st.integers(1, 29))
def test_a_longer_horizon_only_adds_years(scale, path, horizon):
    short, long = (ahead(path, scale, years) for years in (horizon, 30))
    np.testing.assert_allclose(long.point[:horizon], short.point, rtol=1e-12)
    np.testing.assert_allclose(long.spread[:horizon], short.spread, rtol=1e-9)


@few
@given(a_scale, st.floats(5, 95), st.integers(1, 5))
def test_a_single_year_is_enough(scale, value, versions):
    """Of amounts like series say the growth, rates return to theirs."""
    found = ahead([value], scale, draws=np.full((1, versions), value))
    assert found.point.shape == (6, versions)
    years, shrunk = np.arange(1.0, 7), (value + 4 * 3) / 5
    rate = np.full(6, shrunk + RATE.level * (value - shrunk))
    assert found.point[:, 0] == pytest.approx(value * (1 + 0.03 * years) if scale == "log" else rate)
    assert (found.spread > 0).all()


def test_two_years_share_the_slope_with_eight_of_other_series():
    """From 100 to 109: (9 + 8 * 0.03 * 109) / 9, no error to smooth in the first year, 109 - 103.9 after."""
    slope = (9 + 8 * 0.03 * 109) / 9
    error = 9 - slope
    first = 100 + slope + 0.85 * error + slope + 0.1 * error
    assert ahead([100, 109], horizon=2).point[:, 0] == pytest.approx([first, first + slope + 0.1 * error])


@few
@given(a_scale, tame)
def test_nothing_given_is_changed(scale, path):
    path, draws, figures = np.array(path), np.array(path)[:, None] * [1, 1.01], np.diff(path)
    kept = [given_to_it.copy() for given_to_it in (path, draws, figures)]
    smooth_ahead(scale, path, draws, figures, 3)
    assert all(np.array_equal(*pair) for pair in zip(kept, (path, draws, figures), strict=True))


# versions of the past -------------------------------------------------------------------------------------


@few
@given(a_scale, st.lists(st.lists(st.floats(5, 95), min_size=5, max_size=5), min_size=2, max_size=5))
def test_versions_of_the_past_never_mix(scale, versions):
    """Each has a point of its own; the unit of the error is that of the estimate."""
    draws = np.array(versions).T
    path = draws.mean(axis=1)
    together, sure = ahead(path, scale, draws=draws), ahead(path, scale)
    alone = [ahead(path, scale, draws=draws[:, [k]]).point for k in range(draws.shape[1])]
    np.testing.assert_allclose(together.point, np.hstack(alone), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(together.spread, sure.spread)


# the unit of the error ------------------------------------------------------------------------------------


@few
@given(a_scale, tame, st.integers(1, 12))
def test_the_spread_never_narrows_with_the_years_ahead(scale, path, horizon):
    spread = ahead(path, scale, horizon).spread
    assert spread.shape == (horizon,)
    assert (spread > 0).all()
    assert (np.diff(spread) >= 0).all()


@few
@given(tame, st.lists(st.floats(-5, 5), min_size=2, max_size=10), st.floats(1.1, 10))
def test_a_noisier_past_widens(path, steps, louder):
    """What the steps add in squares to the spread grows with their own."""
    still, quiet, loud = (ahead(path, figures=by * np.array(steps)).spread ** 2 for by in (0, 1, louder))
    assert loud - still == pytest.approx(louder**2 * (quiet - still), rel=1e-6, abs=1e-9)
    assert (quiet - still >= -1e-9).all()


@few
@given(st.integers(1, 9), st.floats(0.1, 10))
def test_steps_of_none_leave_the_prior_step_its_share(n, prior):
    """The prior step counts as one year, or as many as it is told."""
    assert mean_square(np.zeros(n), prior) == pytest.approx(prior**2 / (n + 1))
    assert mean_square(np.zeros(0), prior) == pytest.approx(prior**2)


def test_of_a_mean_step_half_is_noise():
    """Nine steps of 4: after half is taken for drift, 2 remain in each; the mirrored steps count as much."""
    assert mean_square(np.full(9, 4.0), 1.0) == pytest.approx((1 + 9 * 2**2) / 10)
    assert mean_square(np.full(9, -4.0), 1.0) == pytest.approx((1 + 9 * 2**2) / 10)


def test_six_tenths_of_the_slope_may_be_wrong():
    """A line from 100 by 10 a year, without noise of its own: the slope adds in squares, year by year."""
    found = ahead(100.0 + 10 * np.arange(9), figures=np.zeros(0))
    slope, years = np.diff(found.point[:2, 0])[0], np.arange(1, 7)
    expected = np.sqrt((0.09 * 180) ** 2 * years + (0.6 * slope * years) ** 2)
    assert found.spread == pytest.approx(expected)


def test_the_mean_of_few_growth_rates_is_itself_uncertain():
    """Around 3, as other series grow: the prior's 9 and squares of 32, over 4, doubled for three years."""
    spread = ahead(np.full(3, 3.0), "growth", figures=[-1, 3, 7]).spread
    assert spread**2 == pytest.approx(np.full(6, (9 + 32) / 4 * (1 + 3 / 3)))
