from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from sapa_analysis.core.scale import SCALES
from sapa_analysis.forecasting import point_forecasts
from sapa_analysis.forecasting.combination import (
    PRIOR_STEP,
    Combined,
    combine,
    error_quantiles,
    paths_around,
)

few = settings(max_examples=min(25, settings.default.max_examples))
#: Paths for claims about shares; their sampling error is computed where it counts.
MANY = 20_000
#: Rates and levels have a law of their own: test_rate_trend.py.
SCALE_NAMES = ["growth", "log"]
a_scale = st.sampled_from(SCALE_NAMES)
#: Values that both scales take.
values = st.lists(st.floats(5, 95), min_size=1, max_size=12)
amounts = st.lists(st.floats(50, 5_000), min_size=1, max_size=12)
units = st.floats(1e-6, 1e6)
STEPS = np.array([0.5, -0.2, 0.3, -0.4, 0.1])


def combined(path, scale="log", steps=STEPS, horizon=6, draws=None):
    path = np.array(path, dtype=float)
    draws = path[:, None] if draws is None else np.asarray(draws, dtype=float)
    return combine(path, draws, np.asarray(steps, dtype=float), SCALES[scale], horizon)


def around(point, spread, scale="log", n_paths=MANY, seed=0, horizon=6):
    """Return paths around a point forecast and a spread that are the same in every year."""
    both = Combined(np.full((horizon, 1), float(point)), np.full(horizon, float(spread)))
    return paths_around(both, SCALES[scale], n_paths, np.random.default_rng(seed))


def standing(scale):
    """Return a point forecast on which a scale stands, and a spread of a few percent of it."""
    return (200.0, 10.0) if scale == "log" else (0.7, 0.05)


def sizes(scale, probability):
    """Return errors as the table has them, a column of six years ahead."""
    table = error_quantiles()
    kind = "rate" if scale == "growth" else "amount"
    row = table[(table["kind"] == kind) & (table["probability"] == probability)]
    return row[[f"ahead_{year}" for year in range(1, 7)]].to_numpy()[0]


# the table ------------------------------------------------------------------------------------------------


def test_the_table_speaks_of_amounts_and_of_rates():
    table = error_quantiles()
    assert list(table) == ["kind", "probability", *(f"ahead_{year}" for year in range(1, 7))]
    assert list(table["kind"].unique()) == ["amount", "rate"]
    assert table.notna().all(axis=None)


@pytest.mark.parametrize("kind", ["amount", "rate"])
def test_errors_grow_with_their_probability_and_with_the_years_ahead(kind):
    table = error_quantiles()
    table = table[table["kind"] == kind].drop(columns="kind").to_numpy()
    probability, errors = table[:, 0], table[:, 1:]
    assert probability[0] == 0
    assert probability[-1] < 1
    assert (np.diff(probability) > 0).all()
    assert (errors[0] == 0).all()
    assert (np.diff(errors, axis=0) > 0).all()
    assert (np.diff(errors[1:], axis=1) > 0).all()


@pytest.mark.parametrize("kind", ["amount", "rate"])
def test_both_kinds_give_the_quantiles_that_intervals_are_read_at(kind):
    table = error_quantiles()
    assert {0.5, 0.8, 0.95} <= set(table.loc[table["kind"] == kind, "probability"])


# paths around a point forecast -----------------------------------------------------------------------------------


@few
@given(a_scale, st.integers(1, 9), st.integers(1, 41), st.integers(1, 5), st.integers(0, 99))
def test_paths_are_years_by_paths_and_those_of_their_seed(scale, horizon, n_paths, versions, seed):
    both = Combined(np.full((horizon, versions), 2.0), np.full(horizon, 0.1))
    first, again, other = (
        paths_around(both, SCALES[scale], n_paths, np.random.default_rng(s)) for s in (seed, seed, seed + 1)
    )
    assert first.shape == (horizon, n_paths)
    assert np.isfinite(first).all()
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@few
@given(st.floats(1e-6, 1e6), st.floats(0, 1e6), st.integers(1, 9), st.integers(0, 99))
def test_amounts_stay_above_a_hundredth_of_the_point_whatever_the_spread(point, times, horizon, seed):
    paths = around(point, times * point, n_paths=500, seed=seed, horizon=horizon)
    assert np.isfinite(paths).all()
    assert (SCALES["log"].to_unit(paths) >= 0.01 * point * (1 - 1e-9)).all()


@few
@given(a_scale, st.integers(1, 200), st.integers(0, 99))
def test_half_of_the_paths_lie_on_either_side_of_the_point(scale, pairs, seed):
    """They come in pairs: equal but for rounding, not for sampling."""
    point, spread = standing(scale)
    paths = around(point, spread, scale, 2 * pairs, seed)
    middle = np.log(point) if scale == "log" else point
    assert ((paths > middle).sum(axis=1) == pairs).all()
    assert ((paths < middle).sum(axis=1) == pairs).all()


@pytest.mark.parametrize("scale", SCALE_NAMES)
def test_the_median_of_the_paths_is_the_point(scale):
    """To rounding; of amounts to the square of the smallest error, since sides differ in second order."""
    point, spread = standing(scale)
    median = np.median(around(point, spread, scale, 2_000), axis=1)
    assert median == pytest.approx(np.full(6, np.log(point) if scale == "log" else point), abs=1e-6)


@few
@given(st.integers(0, 99))
def test_pairs_of_growth_rates_depart_to_either_side_by_as_much(seed):
    point, spread = standing("growth")
    paths = around(point, spread, "growth", 40, seed)
    assert paths[:, :20] + paths[:, 20:] == pytest.approx(np.full((6, 20), 2 * point))


@few
@given(st.integers(0, 99))
def test_amounts_depart_in_their_unit_upwards_and_in_logs_downwards(seed):
    paths = around(200, 60, "log", 40, seed)
    one, other = paths[:, :20], paths[:, 20:]
    upper, lower = np.maximum(one, other), np.minimum(one, other)
    assert np.exp(upper) - 200 == pytest.approx(200 * (np.log(200) - lower))


@pytest.mark.parametrize("scale", SCALE_NAMES)
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_intervals_are_point_and_table_times_spread(scale, level):
    """On either side lie half of the rest of 20,000 paths, to four standard errors."""
    point, spread = standing(scale)
    paths = around(point, spread, scale)
    away = (sizes(scale, level) * spread)[:, None]
    upper, lower = point + away, point - away
    if scale == "log":
        upper, lower = np.log(upper), np.log(point) - away / point
    tail = (1 - level) / 2
    tolerance = 4 * np.sqrt(tail * (1 - tail) / MANY)
    assert (paths > upper).mean(axis=1) == pytest.approx(tail, abs=tolerance)
    assert (paths < lower).mean(axis=1) == pytest.approx(tail, abs=tolerance)


@few
@given(a_scale, st.integers(0, 99))
def test_no_quantiles_of_paths_cross(scale, seed):
    """Those of a year ascend, and those of the years ahead lie around those of the years before."""
    point, spread = standing(scale)
    levels = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
    fan = np.quantile(around(point, spread, scale, 4_000, seed), levels, axis=1)
    assert (np.diff(fan, axis=0) > 0).all()
    # errors of the sixth year are a quarter to a half larger than those of the first: more than sampling
    assert (fan[:3, 5] < fan[:3, 0]).all()
    assert (fan[4:, 5] > fan[4:, 0]).all()


@few
@given(a_scale, st.floats(1.01, 20), st.integers(0, 99))
def test_twice_the_spread_is_twice_the_error_path_by_path(scale, times, seed):
    point, spread = standing(scale)
    middle = np.log(point) if scale == "log" else point
    narrow, wide = (around(point, s, scale, 200, seed) - middle for s in (spread, times * spread))
    assert (np.sign(narrow) == np.sign(wide)).all()
    assert (np.abs(narrow) <= np.abs(wide)).all()
    if scale != "log":
        assert wide == pytest.approx(times * narrow)


@few
@given(a_scale, st.integers(7, 12))
def test_beyond_the_table_errors_are_those_of_its_last_year(scale, horizon):
    """No path errs more than its last row says, nor less for lying further ahead."""
    point, spread = standing(scale)
    paths = around(point, spread, scale, 4_000, horizon=horizon)
    largest = np.exp(paths.max(axis=1)) - point if scale == "log" else paths.max(axis=1) - point
    assert largest[5:] == pytest.approx(sizes(scale, 0.99)[5] * spread)


def expected_rank_correlation(r):
    """Return the rank correlation of two normal variables with this correlation (Pearson 1907)."""
    return 6 / np.pi * np.arcsin(np.asarray(r) / 2)


def test_errors_of_amounts_go_together_as_in_a_random_walk():
    """The root of k / l, to four standard errors of 10,000 pairs."""
    found = spearmanr(around(*standing("log")), axis=1).statistic
    years = np.arange(1.0, 7)
    walk = np.sqrt(np.minimum.outer(years, years) / np.maximum.outer(years, years))
    assert found == pytest.approx(expected_rank_correlation(walk), abs=4 / np.sqrt(MANY / 2))
    assert found == pytest.approx(walk, abs=0.05)


def test_errors_of_growth_rates_share_one_cause():
    """A quarter between any two years, to four standard errors of 10,000 pairs."""
    found = spearmanr(around(*standing("growth"), "growth"), axis=1).statistic
    apart = found[~np.eye(6, dtype=bool)]
    assert apart == pytest.approx(expected_rank_correlation(0.25), abs=4 / np.sqrt(MANY / 2))
    assert apart == pytest.approx(0.25, abs=0.05)


# versions of the past -------------------------------------------------------------------------------------


@few
@given(a_scale, st.lists(st.floats(5, 95), min_size=1, max_size=6), st.integers(1, 20))
def test_path_k_departs_from_version_k(scale, ends, n_paths):
    """Without a spread, it is the point forecast of that version."""
    point = np.outer(np.arange(1, 4), ends)
    paths = paths_around(Combined(point, np.zeros(3)), SCALES[scale], n_paths, np.random.default_rng(0))
    expected = np.log(point) if scale == "log" else point
    np.testing.assert_allclose(paths, expected[:, np.arange(n_paths) % len(ends)])


@few
@given(a_scale, st.lists(st.lists(st.floats(5, 95), min_size=5, max_size=5), min_size=2, max_size=5))
def test_a_version_has_a_point_of_its_own(scale, versions):
    draws = np.array(versions).T
    path = draws.mean(axis=1)
    together = combined(path, scale, draws=draws).point
    alone = [combined(path, scale, draws=draws[:, [k]]).point for k in range(draws.shape[1])]
    np.testing.assert_allclose(together, np.hstack(alone), rtol=1e-9, atol=1e-9)


@few
@given(a_scale, st.lists(st.lists(st.floats(5, 95), min_size=5, max_size=5), min_size=2, max_size=5))
def test_what_is_uncertain_of_the_past_counts_once(scale, versions):
    """Versions move their paths; the unit of the error is that of the estimate."""
    draws = np.array(versions).T
    path = draws.mean(axis=1)
    both = [combined(path, scale, draws=given_to_it).spread for given_to_it in (draws, path[:, None])]
    np.testing.assert_allclose(*both)


@few
@given(a_scale, values)
def test_a_version_like_the_estimate_has_its_point(scale, path):
    one = combined(path, scale).point
    many = combined(path, scale, draws=np.repeat(np.array(path)[:, None], 4, axis=1)).point
    np.testing.assert_allclose(many, np.repeat(one, 4, axis=1))
    assert one.shape == (6, 1)


# point forecast and spread ----------------------------------------------------------------------------------------


@few
@given(amounts, units)
def test_amounts_follow_the_unit(path, unit):
    plain, scaled = combined(path), combined(unit * np.array(path), steps=unit * STEPS)
    # weights that smooth equally well may be one grid step apart
    np.testing.assert_allclose(scaled.point, unit * plain.point, rtol=1e-6)
    np.testing.assert_allclose(scaled.spread, unit * plain.spread, rtol=1e-6)


@few
@given(a_scale, values, st.integers(1, 12))
def test_the_spread_never_narrows_with_the_years_ahead(scale, path, horizon):
    spread = combined(path, scale, horizon=horizon).spread
    assert spread.shape == (horizon,)
    assert (spread > 0).all()
    if scale == "log":
        assert (np.diff(spread) > 0).all()


def test_members_that_disagree_widen_by_their_deviation():
    """A line of amounts up by 10 a year, and as wide again as its growth in logs says."""
    path = 100.0 + 10 * np.arange(9)
    stacked = np.stack(point_forecasts.members(path[:, None], path, 2))[:, :, 0]
    growth = (np.log(1.8) + 8 * point_forecasts.POOLED_GROWTH) / 16
    variance = (PRIOR_STEP["log"] * 180) ** 2 * np.array([1, 2]) + stacked.var(axis=0)
    assert combined(path, steps=[], horizon=2).spread == pytest.approx((1 + 4 * growth) * np.sqrt(variance))


@pytest.mark.parametrize("scale", SCALE_NAMES)
@few
@given(path=values, steps=st.lists(st.floats(-5, 5), min_size=2, max_size=10), louder=st.floats(1.1, 10))
def test_a_noisier_past_widens(scale, path, steps, louder):
    """What the steps add in squares to the spread grows with their own."""
    steps = np.array(steps)
    still, quiet, loud = (combined(path, scale, steps=steps * by).spread ** 2 for by in (0, 1, louder))
    assert loud - still == pytest.approx(louder**2 * (quiet - still), rel=1e-6, abs=1e-9)
    assert (quiet - still >= -1e-9).all()
    if np.ptp(steps) > 0.1:
        assert (loud > quiet).all()


def test_steps_of_a_constant_past_leave_half_the_prior_variance():
    """One step of none beside the prior one; after nine, a tenth is left: PRIOR_STEP counts as one year."""
    path, prior = np.full(4, 50.0), PRIOR_STEP["log"] * 50
    # like series grow by 3 % in each of 8 years, this one by none in 3: amounts are wider by 4 times that
    wider = (1 + 4 * 8 * 0.03 / 11) ** 2
    none, one, nine = (combined(path, steps=np.zeros(n), horizon=1).spread ** 2 for n in (0, 1, 9))
    assert none - one == pytest.approx([wider * prior**2 / 2])
    assert none - nine == pytest.approx([wider * prior**2 * 0.9])


@few
@given(st.floats(0.01, 0.2))
def test_fast_growth_widens_the_spread_of_amounts(growth):
    """Of two pasts with the same steps in the unit and the same last amount, as given."""
    slow, fast = (100 * np.exp(g * np.arange(-7.0, 1)) for g in (0.0, growth))
    widths = [combined(path, "log", steps=np.full(7, 5.0), horizon=1).spread[0] for path in (slow, fast)]
    assert widths[1] > widths[0] * (1 + 1.5 * growth)


def test_of_a_mean_step_half_is_noise():
    """Nine steps of 4: after half is taken for drift, 2 remain in each."""
    path, wider = np.full(4, 50.0), (1 + 4 * 8 * 0.03 / 11) ** 2
    still, moved = (combined(path, steps=np.full(9, step)).spread ** 2 for step in (0.0, 4.0))
    assert moved - still == pytest.approx(wider * 9 * 2**2 / 10 * np.arange(1, 7))


def test_the_mean_of_few_growth_rates_is_itself_uncertain():
    """Three rates 4 apart: the prior's 9 and their squares 32, over 3, twice for three years of history."""
    spread = combined(np.full(3, 3.0), "growth", steps=[-1, 3, 7]).spread
    assert spread**2 == pytest.approx(np.full(6, (9 + 32) / 3 * 2))


@few
@given(st.lists(st.floats(90, 110), min_size=8, max_size=12), st.floats(2, 50))
def test_a_spike_moves_the_median_less_than_the_straight_line(path, factor):
    """A first year that is off by a factor is one of the two points of the line."""
    off = np.array(path)
    off[0] *= factor
    straight = [point_forecasts.linear_drift(np.array(p)[:, None], 3) for p in (path, off)]
    middle = [combined(p).point[:3] for p in (path, off)]
    assert (np.abs(middle[1] - middle[0]) < np.abs(straight[1] - straight[0])).all()


@few
@given(a_scale, st.floats(5, 95), st.integers(1, 5), st.integers(1, 30))
def test_a_single_year_is_enough(scale, value, versions, n_paths):
    """Of amounts like series say the growth; growth rates return to theirs."""
    steps = [value] if scale == "growth" else []
    found = combined([value], scale, steps=steps, draws=np.full((1, versions), value))
    assert found.point.shape == (6, versions)
    expected = np.full(6, SCALES[scale].to_model(value))
    if scale == "log":
        expected = value * np.exp(
            point_forecasts.POOLED_GROWTH * point_forecasts.faded(6, point_forecasts.POOLED_DAMPING)[:, 0]
        )
    if scale == "growth":
        pooled = (value + 4 * point_forecasts.POOLED_RATE) / 5
        expected = pooled + point_forecasts.RATE_MEMORY ** point_forecasts.years_ahead(6)[:, 0] * (
            value - pooled
        )
    assert found.point[:, 0] == pytest.approx(expected)
    assert (found.spread > 0).all()
    paths = paths_around(found, SCALES[scale], n_paths, np.random.default_rng(0))
    assert np.isfinite(SCALES[scale].to_unit(paths)).all()


@few
@given(a_scale, values)
def test_nothing_given_is_changed(scale, path):
    path, draws, steps = np.array(path), np.array(path)[:, None] * [1, 1.01], STEPS.copy()
    kept = [given_to_it.copy() for given_to_it in (path, draws, steps)]
    found = combine(path, draws, steps, SCALES[scale], 3)
    both = replace(found, point=found.point.copy(), spread=found.spread.copy())
    paths_around(found, SCALES[scale], 5, np.random.default_rng(0))
    assert all(np.array_equal(*pair) for pair in zip(kept, (path, draws, steps), strict=True))
    assert np.array_equal(both.point, found.point)
    assert np.array_equal(both.spread, found.spread)


def test_a_steady_growth_goes_on_as_its_members_say():
    """Eleven years of 100 to 200 by 10: the middle lies between standing still and the straight line."""
    ahead = np.arange(1, 7)
    point = combined(100.0 + 10 * np.arange(11)).point[:, 0]
    assert (point > 200).all()
    assert (point <= 200 + 10 * ahead + 1e-9).all()
