"""A short history leans on its parent: the province of a town, all countries of a country."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import NotAssessed, SapaError, forecast
from sapa_analysis.forecasting.borrowing import (
    CORRELATION_WEIGHT,
    PARENT_SHARE,
    POOLED_CORRELATION,
    PREMIUM_STEP,
    like_parent,
    step_correlation,
)
from sapa_analysis.forecasting.smoothing import LEAST_SHARE, Like, mean_square, smooth_ahead, smoothing_of

few = settings(max_examples=min(25, settings.default.max_examples))
amounts = st.lists(st.floats(50, 5_000), min_size=1, max_size=12)
growths = st.floats(-0.2, 0.2)
units = st.floats(1e-3, 1e6)
POOLED = smoothing_of("log")
#: What all series pooled say, as a `Like`.
ALL = Like(POOLED.prior, POOLED.step)
TOWN = {2022: 90.0, 2023: 100.0}
PROVINCE = {year: 1_000 * 1.05**n + 20 * (n % 3) for n, year in enumerate(range(2009, 2024))}


def ahead(path, like=None):
    path = np.array(path, dtype=float)
    return smooth_ahead("log", path, path[:, None], np.diff(path), 6, like)


def ahead_of(past, n_paths=2_000, horizon=5, **asked):
    """Return the forecast of a province."""
    return forecast(yearly(past, area="province"), horizon=horizon, n_paths=n_paths, seed=1, **asked)


def steady(growth, years=15, start=100.0):
    return {2023 - n: start * np.exp(-growth * n) for n in reversed(range(years))}


# what a parent says ---------------------------------------------------------------------------------------


@few
@given(amounts, units)
def test_the_unit_of_the_parent_does_not_matter(path, unit):
    one, other = like_parent(np.log(path)), like_parent(np.log(path) + np.log(unit))
    assert one.growth == pytest.approx(other.growth, abs=1e-9)
    assert one.step == pytest.approx(other.step)


@few
@given(amounts)
def test_a_quarter_of_the_growth_is_the_slope_of_the_parent_and_all_series_are_the_rest(path):
    """Its slope a year, as the headline continues it, as a share of its last amount."""
    slope = np.diff(smooth_ahead("log", np.array(path), np.array(path)[:, None], np.zeros(0), 2).point[:, 0])[
        0
    ]
    like = like_parent(np.log(path))
    if slope > 0:  # no floor
        expected = PARENT_SHARE * slope / path[-1] + (1 - PARENT_SHARE) * POOLED.prior
        assert like.growth == pytest.approx(expected, abs=1e-9)


@few
@given(st.floats(-0.3, 0.3), st.integers(1, 30))
def test_a_parent_that_grows_faster_says_so(growth, years):
    """Of one year, nothing is known but what all series say."""
    slow, fast = (like_parent(by * np.arange(years)).growth for by in (growth, growth + 0.1))
    assert fast > slow or years == 1
    assert like_parent(np.zeros(1)).growth == pytest.approx(POOLED.prior)


@few
@given(st.lists(st.floats(-0.3, 0.3), min_size=2, max_size=10), st.floats(1.1, 5))
def test_a_noisier_parent_has_larger_steps_and_none_are_smaller_than_those_of_the_premium(steps, louder):
    steps = np.array(steps)
    quiet, loud = (like_parent(np.concatenate([[0.0], np.cumsum(by * steps)])).step for by in (1, louder))
    assert loud >= quiet > PREMIUM_STEP


def test_a_parent_of_one_year_steps_as_its_child():
    """Both by the step of the premium, at right angles."""
    assert like_parent(np.zeros(1)).step == pytest.approx(np.sqrt(2) * PREMIUM_STEP)


# what a child makes of it ---------------------------------------------------------------------------------


@few
@given(amounts)
def test_a_parent_that_says_what_all_series_say_changes_nothing(path):
    alone, borrowing = ahead(path), ahead(path, ALL)
    assert borrowing.point == pytest.approx(alone.point)
    assert borrowing.spread == pytest.approx(alone.spread)


@few
@given(st.floats(50, 5_000), growths)
def test_a_single_year_grows_as_like_series_do(value, growth):
    point = ahead([value], replace(ALL, growth=growth)).point[:, 0]
    assert point == pytest.approx(value * np.maximum(1 + growth * np.arange(1, 7), LEAST_SHARE))


@few
@given(amounts, growths, st.floats(0, 0.2))
def test_a_parent_that_grows_faster_never_lowers_the_point(path, growth, more):
    slow, fast = (ahead(path, replace(ALL, growth=growth + extra)).point for extra in (0, more))
    assert (fast >= slow * (1 - 1e-12)).all()


@few
@given(amounts, st.floats(1.1, 4))
def test_a_larger_step_of_the_parent_widens(path, times):
    narrow, wide = (ahead(path, replace(ALL, step=ALL.step * by)).spread for by in (1, times))
    assert (wide > narrow).all()


@few
@given(st.integers(0, 99))
def test_the_longer_the_history_the_less_its_parent_matters(seed):
    """Parents that grow and that shrink by a tenth a year: how far apart are their children in six years?"""
    steps = np.random.default_rng(seed).normal(0.02, 0.05, 79)
    path = 100 * np.exp(np.concatenate([[0.0], np.cumsum(steps)]))
    far = []
    for years in (1, 20, 80):
        up, down = (ahead(path[-years:], Like(g, 0.2)) for g in (0.1, -0.1))
        far.append(np.log(up.point / down.point).max())
    assert far[0] == pytest.approx(np.log(1.6 / 0.4))  # as far as their parents
    assert far[1] < 0.15
    assert far[2] < 0.06


@few
@given(st.integers(0, 99), st.floats(0.05, 0.5))
def test_a_long_history_keeps_its_own_spread(seed, step):
    """One year of the parent's beside 79 of its own."""
    steps = np.random.default_rng(seed).normal(0.0, 0.1, 79)
    path = 100 * np.exp(np.concatenate([[0.0], np.cumsum(steps)]))
    none, borrowing = (mean_square(np.diff(path) / path[-1], prior) for prior in (0.0, step))
    assert borrowing - none == pytest.approx(step**2 / 80)


# the correlation of joint paths --------------------------------------------------------------------------

pairs = st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=20).map(np.array)


@few
@given(pairs, st.floats(0.1, 10), st.floats(-3, 3))
def test_a_correlation_is_one_and_knows_no_unit(pair, times, shift):
    child, parent = pair.T
    rho = step_correlation(child, parent)
    assert -1 < rho < 1
    assert rho == pytest.approx(step_correlation(parent, child))
    assert rho == pytest.approx(step_correlation(times * child + shift, parent), abs=1e-6)


@pytest.mark.parametrize("child", [[1.0], [1.0, 2.0], [3.0, 3.0, 3.0], [1.0, 2.0, 3.0]])
def test_without_steps_that_differ_the_pooled_correlation_stands(child):
    assert step_correlation(np.array(child), np.arange(len(child)) ** 2.0) == POOLED_CORRELATION


@few
@given(st.integers(3, 60), st.integers(0, 99))
def test_a_child_that_moves_as_its_parent_is_known_by_the_length_of_their_history(years, seed):
    path = np.random.default_rng(seed).normal(size=years + 1)
    n = years - 1
    expected = (n + CORRELATION_WEIGHT * POOLED_CORRELATION) / (n + CORRELATION_WEIGHT)
    assert step_correlation(path, 2 * path) == pytest.approx(expected)


# forecasts ------------------------------------------------------------------------------------------------


@few
@given(units, units, st.integers(0, 99))
def test_units_do_not_matter(child, parent, seed):
    towns = (yearly({year: value * by for year, value in TOWN.items()}) for by in (1, child))
    parents = (ahead_of({year: value * by for year, value in PROVINCE.items()}) for by in (1, parent))
    first, second = (
        forecast(town, horizon=3, n_paths=30, seed=seed, parent=above).paths
        for town, above in zip(towns, parents, strict=True)
    )
    pd.testing.assert_frame_equal(first * child, second, rtol=1e-8)


def test_without_a_parent_nothing_changes():
    alone, named = (forecast(yearly(TOWN), horizon=3, seed=1, **given) for given in ({}, {"parent": None}))
    pd.testing.assert_frame_equal(alone.paths, named.paths)


def test_a_parent_moves_the_point_of_a_short_history_towards_its_growth():
    up, down = (
        forecast(yearly(TOWN), horizon=5, seed=1, parent=ahead_of(steady(growth))).paths.median(axis=1)
        for growth in (0.1, -0.1)
    )
    assert (up > down).all()
    assert up.iloc[-1] / down.iloc[-1] > 1.1


def test_only_the_past_of_the_parent_matters():
    """How far it is forecast does not, nor its paths: a longer horizon changes no earlier year of the child."""
    above = ahead_of(PROVINCE, horizon=8)
    cut = replace(above, paths=2 * above.paths.iloc[:3])
    first, second = (
        forecast(yearly(TOWN), horizon=3, n_paths=20, seed=1, parent=one) for one in (above, cut)
    )
    pd.testing.assert_frame_equal(first.paths, second.paths)
    longer = forecast(yearly(TOWN), horizon=8, n_paths=20, seed=1, parent=above)
    pd.testing.assert_frame_equal(longer.paths.iloc[:3], first.paths)


def test_new_shocks_of_the_parent_are_not_borrowed():
    """The child has its own: what the parent says is its paths without them."""
    shaken = ahead_of({**PROVINCE, 2020: 500.0}, shock_years=(2020,), shock_chance=0.9)
    without_shocks = replace(shaken, paths=shaken.without_shocks, without_shocks=None)
    first, second = (
        forecast(yearly(TOWN), horizon=3, n_paths=20, seed=1, shock_years=(2020,), parent=one).paths
        for one in (shaken, without_shocks)
    )
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("shock_years", [(2022, 2023), (2022,), (2020, 2021)])
def test_the_recovery_of_a_parent_is_not_taken_for_growth(shock_years):
    """All grow by 3 % but in the shock years, where half is gone: the child alone says nearly the same.

    Alone it is shrunk to 3 % that fade, and the parent's headline says as much to a percent; were the way back
    taken for growth, the first two would be off by 5 and 2 %.
    """
    past = {year: value * (0.5 if year in shock_years else 1) for year, value in steady(0.03).items()}
    town = yearly({year: value for year, value in past.items() if year >= 2018})
    asked = {"horizon": 5, "n_paths": 1_000, "seed": 1, "shock_years": shock_years, "shock_chance": 0.0}
    above = ahead_of(past, shock_years=shock_years, shock_chance=0.0)
    alone, borrowing = (forecast(town, **asked, parent=one).paths.median(axis=1) for one in (None, above))
    assert borrowing.to_numpy() == pytest.approx(alone.to_numpy(), rel=0.015)


def test_a_child_may_be_a_parent():
    province = forecast(
        yearly(TOWN, area="province"), horizon=5, seed=1, parent=ahead_of({2022: 9e6, 2023: 1e7})
    )
    assert (forecast(yearly({2023: 3.0}), horizon=5, seed=1, parent=province).paths > 0).all(axis=None)


@pytest.mark.parametrize(
    ("above", "says"),
    [
        (NotAssessed(None, "no_evidence", 1), r"parent has no forecast \(no_evidence\)"),
        (ahead_of(steady(0.1), horizon=2), "parent is forecast for 2 years; wanted 3 or more"),
        (ahead_of({2021: 5.0, 2022: 6.0}), "parent has origin 2022; wanted 2023"),
        (
            replace(ahead_of(TOWN), observed=yearly(TOWN, bases=dict.fromkeys(TOWN, "interpolated"))),
            "parent has no figure of its own",
        ),
        (
            forecast(yearly(TOWN, scale="level"), horizon=5, seed=1),
            r"parent has scale level; wanted amounts \(log\)",
        ),
    ],
)
def test_a_parent_that_does_not_fit_is_refused(above, says):
    with pytest.raises(SapaError, match=says):
        forecast(yearly(TOWN), horizon=3, seed=1, parent=above)


def test_every_problem_of_a_parent_is_told_at_once():
    above = forecast(yearly({2021: 5.0, 2022: 6.0}, scale="level"), horizon=2, seed=1)
    with pytest.raises(SapaError) as caught:
        forecast(yearly(TOWN, scale="logit"), "naive", horizon=3, n_paths=0, seed=1, parent=above)
    assert str(caught.value).split("; ") == [
        "naive borrows from no parent",
        "only the headline does",
        "the series has scale logit",
        "only amounts (log) borrow from a parent",
        "parent has scale level",
        "wanted amounts (log)",
        "parent has origin 2022",
        "wanted 2023",
        "parent is forecast for 2 years",
        "wanted 3 or more",
        "n_paths is 0",
        "wanted 1 to 1,000,000",
    ]


def test_a_parent_that_begins_in_the_break_is_refused():
    above = ahead_of({2022: 5.0, 2023: 6.0})
    with pytest.raises(SapaError, match="parent begins in 2022; wanted 2021, before the break, or earlier"):
        forecast(yearly({2021: 300.0} | TOWN), horizon=3, seed=1, shock_years=(2022, 2023), parent=above)
