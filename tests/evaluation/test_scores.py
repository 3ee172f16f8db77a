from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from sapa_analysis.evaluation import reliability, scores
from sapa_analysis.evaluation.scores import LEVELS, coverage, crps, mase_scale, pinball, pit, smape, wis

few = settings()
# thousandths: two values are equal or clearly apart
values = st.floats(-1_000, 1_000).map(lambda value: round(value, 3))
ensembles = st.lists(values, min_size=1, max_size=30)
seven = st.lists(values, min_size=7, max_size=7).map(sorted)
factors = st.floats(0.01, 100)


def interval_score(y, lower, upper, alpha):
    """Equation 43 of Gneiting and Raftery (2007), written out."""
    return (upper - lower) + 2 / alpha * (lower - y) * (y < lower) + 2 / alpha * (y - upper) * (y > upper)


# points ---------------------------------------------------------------------------------------------------


def test_the_scaled_error_of_the_example_of_sktime():
    # docstring of sktime.performance_metrics.forecasting.mean_absolute_scaled_error
    history, actual, point = [5, 0.5, 4, 6, 3, 5, 2], np.array([3, -0.5, 2, 7, 2]), [2.5, 0.0, 2, 8, 1.25]
    assert np.abs(actual - point).mean() / mase_scale(history) == pytest.approx(0.18333333333333335)


@pytest.mark.parametrize("history", [[], [7.0], [7.0, 7.0, 7.0]])
def test_a_history_without_a_step_scales_nothing(history):
    assert np.isnan(mase_scale(history))


@few
@given(ensembles, factors, values)
def test_the_scale_follows_the_unit_and_forgets_the_level(history, factor, shift):
    assume(np.ptp(history) > 0)
    moved = mase_scale(np.array(history) * factor + shift)
    assert moved == pytest.approx(mase_scale(history) * factor, rel=1e-6)


@few
@given(values, values, factors)
def test_smape_lies_between_0_and_200_is_symmetric_and_has_no_unit(actual, point, factor):
    score = smape(actual, point)
    # 200 * x / x may be the next number above 200: x = 41.561
    assert 0 <= score <= 200 * (1 + 1e-15)
    assert score == smape(point, actual)
    assert smape(actual * factor, point * factor) == pytest.approx(score)


def test_smape_by_hand():
    assert smape([0, 100, 100, 0, -5], [0, 100, 50, 3, 5]) == pytest.approx([0, 0, 200 / 3, 200, 200])


# quantiles ------------------------------------------------------------------------------------------------


def test_the_pinball_loss_by_hand():
    assert pinball(10, [8, 12], [0.9, 0.9]) == pytest.approx([1.8, 0.2])
    assert pinball([10, 0], [[8], [8]], [0.25]) == pytest.approx(np.array([[0.5], [6.0]]))


@pytest.mark.parametrize("level", LEVELS)
def test_the_quantile_of_the_level_has_the_least_pinball_loss(level):
    sample = np.random.default_rng(0).normal(size=400)
    tried = np.linspace(-3, 3, 601)
    losses = pinball(sample, np.tile(tried[:, None, None], (1, 400, 1)), [level]).mean(axis=(1, 2))
    # 400 values lie up to 0.02 apart at the ends of the 95 % interval
    assert tried[losses.argmin()] == pytest.approx(np.quantile(sample, level), abs=0.1)


@few
@given(values, seven)
def test_wis_is_the_weighted_sum_of_the_interval_scores(actual, quantiles):
    alphas = np.array([0.05, 0.2, 0.5])
    ends = list(zip(quantiles[:3], quantiles[:3:-1], alphas, strict=True))
    intervals = sum(a / 2 * interval_score(actual, low, high, a) for low, high, a in ends)
    written_out = (abs(actual - quantiles[3]) / 2 + intervals) / (3 + 1 / 2)
    assert wis(actual, quantiles) == pytest.approx(written_out, rel=1e-9, abs=1e-9)


def test_wis_of_one_interval_as_scoringutils_has_it():
    # tests/testthat/test-interval_score.R of scoringutils 1.0: "wis works, 1 interval only"
    expected = np.array([2, 1, 3]) * 0.25 + [0, 1 - (-15), 22 - 3]
    assert wis([1, -15, 22], [[0, 2], [1, 2], [0, 3]], [0.25, 0.75]) == pytest.approx(expected)


@few
@given(values, values)
def test_wis_of_a_point_mass_is_the_absolute_error(actual, point):
    assert wis(actual, [point] * 7) == pytest.approx(abs(actual - point), abs=1e-9)


@few
@given(seven, st.floats(0.001, 100))
def test_an_interval_wider_than_needed_costs(quantiles, more):
    median = quantiles[3]
    wider = np.array(quantiles) + more * np.array([-1, -1, -1, 0, 1, 1, 1])
    assert wis(median, wider) > wis(median, quantiles)


@few
@given(st.floats(0.001, 100), st.floats(0.001, 100))
def test_a_miss_costs_more_the_farther_it_is(miss, more):
    quantiles = np.linspace(-1, 1, 7)
    assert wis(1 + miss + more, quantiles) > wis(1 + miss, quantiles) > wis(1, quantiles)


@few
@given(values, seven, factors, values)
def test_wis_follows_the_unit_and_forgets_the_level(actual, quantiles, factor, shift):
    score, q = wis(actual, quantiles), np.array(quantiles)
    assert wis(actual * factor, q * factor) == pytest.approx(score * factor, abs=1e-6)
    assert wis(actual + shift, q + shift) == pytest.approx(score, abs=1e-6)


def test_wis_nears_the_crps_with_many_levels():
    levels = np.arange(1, 1_000) / 1_000
    paths = np.random.default_rng(0).gamma(3, size=20_000)
    assert wis(4, np.quantile(paths, levels), levels) == pytest.approx(float(crps(4, paths)), rel=0.005)


# paths ---------------------------------------------------------------------------------------------------


@few
@given(values, ensembles)
def test_crps_is_the_slow_double_loop(actual, paths):
    to_actual = np.mean([abs(x - actual) for x in paths])
    between = np.mean([abs(x - other) for x in paths for other in paths])
    assert crps(actual, paths) == pytest.approx(to_actual - between / 2, abs=1e-9)


@pytest.mark.parametrize("actual", [-2.0, 0.0, 0.7, 3.0])
def test_crps_of_a_large_gaussian_sample_is_the_closed_form(actual):
    # Gneiting and Raftery (2007), section 4.2; at the mean of N(0, 1) it is (sqrt 2 - 1) / sqrt pi
    mean, sd = 0.5, 2.0
    z = (actual - mean) / sd
    closed = sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    sample = np.random.default_rng(0).normal(mean, sd, size=100_000)
    # the mean distance of 100 000 draws is off by about sd / sqrt(100 000) = 0.006
    assert crps(actual, sample) == pytest.approx(closed, abs=0.02)


def test_crps_of_the_example_of_properscoring():
    # README of properscoring: ps.crps_ensemble(0, np.random.RandomState(0).randn(1000))
    paths = np.random.RandomState(0).randn(1000)
    assert crps(0, paths) == pytest.approx(0.2297109370729622, rel=1e-12)


@few
@given(values, ensembles)
def test_crps_lies_between_zero_and_the_mean_distance(actual, paths):
    assert 0 <= crps(actual, paths) <= np.abs(np.array(paths) - actual).mean() + 1e-9


@few
@given(values, values, st.integers(1, 30))
def test_crps_of_a_point_mass_is_the_absolute_error(actual, point, n):
    assert crps(actual, [point] * n) == pytest.approx(abs(actual - point), abs=1e-9)


@few
@given(values, ensembles, factors, values, st.randoms(use_true_random=False))
def test_crps_follows_the_unit_and_forgets_the_level_and_the_order(actual, paths, factor, shift, random):
    score, x = crps(actual, paths), np.array(paths)
    assert crps(actual * factor, x * factor) == pytest.approx(score * factor, abs=1e-6)
    assert crps(actual + shift, x + shift) == pytest.approx(score, abs=1e-6)
    assert crps(actual, random.sample(paths, len(paths))) == pytest.approx(score, abs=1e-9)


def test_crps_rewards_the_spread_that_is_true():
    rng = np.random.default_rng(0)
    actual, shape = rng.normal(size=2_000), rng.normal(size=200)
    narrow, true, wide = (crps(actual, np.tile(shape * sd, (2_000, 1))).mean() for sd in (0.3, 1, 3))
    assert true < min(narrow, wide)


# calibration ----------------------------------------------------------------------------------------------


def test_coverage_counts_the_ends_as_inside():
    assert list(coverage([1, 2, 3, 4], 2, [2, 2, 3, 3])) == [0, 1, 1, 0]
    assert coverage(1, -np.inf, np.inf) == 1


@few
@given(values, ensembles)
def test_the_rank_counts_the_paths_below_and_half_of_the_equal(actual, paths):
    below, equal = sum(x < actual for x in paths), sum(x == actual for x in paths)
    assert pit(actual, paths) == pytest.approx((below + equal / 2) / len(paths))


@few
@given(values, ensembles)
def test_the_rank_turned_around_is_the_rest(actual, paths):
    assert pit(-actual, -np.array(paths)) == pytest.approx(1 - pit(actual, paths))


# shapes ---------------------------------------------------------------------------------------------------


@few
@given(st.lists(st.tuples(values, seven), min_size=1, max_size=5))
def test_many_cases_at_once_are_the_cases_one_by_one(cases):
    actual, rows = np.array([case[0] for case in cases]), np.array([case[1] for case in cases])
    for score in (wis, crps, pit):
        one_by_one = np.array([score(y, row) for y, row in zip(actual, rows, strict=True)])
        # a sum over a matrix may be taken in another order
        assert score(actual, rows) == pytest.approx(one_by_one, abs=1e-9)


def test_what_is_not_known_has_no_score():
    known = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    scores = [score(np.nan, known) for score in (wis, crps, pit)]
    scores += [score(1.0, [*known[:6], np.nan]) for score in (wis, crps, pit)]
    scores += [smape(np.nan, 1), smape(0, np.nan), coverage(np.nan, 0, 1), coverage(0, np.nan, 1)]
    assert np.isnan(scores).all()


@given(st.floats(0, 1), st.integers(0, 1))
def test_the_brier_score_of_one_half_is_a_quarter_and_certainty_is_0_or_1(probability, outcome):
    came = pd.Series([outcome])
    assert scores.brier(0.5, came).tolist() == [0.25]
    assert scores.brier(float(outcome), came).tolist() == [0.0]
    # turning sense and outcome together changes nothing
    turned = scores.brier(1 - probability, 1 - came)
    assert turned.tolist() == pytest.approx(scores.brier(probability, came).tolist())


# bins -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tenth", range(11))
def test_a_probability_on_an_edge_lies_in_the_bin_that_begins_there(tenth):
    cases = pd.DataFrame({"probability": [tenth / 10], "outcome": [1.0]})
    assert reliability(cases)["lower"].tolist() == [min(tenth, 9) / 10]
