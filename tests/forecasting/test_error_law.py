"""The error law: its table, the paths that are drawn from it, and how it is learned."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from factories import yearly
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

import sapa_analysis
from sapa_analysis import forecast
from sapa_analysis.core.scale import SCALES
from sapa_analysis.forecasting.error_law import (
    _walk_scores,
    both_signs,
    error_quantiles,
    error_record,
    paths_around,
    record_like,
)
from sapa_analysis.forecasting.smoothing import Outlook

few = settings(max_examples=min(25, settings.default.max_examples))
#: Paths for claims about dependence; their sampling error is computed where it counts.
MANY = 20_000
KINDS = {"log": "amount", "growth": "rate"}
a_scale = st.sampled_from(sorted(KINDS))
AHEAD = [f"ahead_{year}" for year in range(1, 7)]


def around(point, spread, scale="log", n_paths=MANY, seed=0, horizon=6, noise=None):
    """Return paths around a point forecast and a spread that are the same in every year."""
    outlook = Outlook(np.full((horizon, 1), float(point)), np.full(horizon, float(spread)))
    return paths_around(outlook, SCALES[scale], n_paths, np.random.default_rng(seed), noise=noise)


def standing(scale):
    """Return a point forecast on which a scale stands, and a spread of a few percent of it."""
    return {"log": (200.0, 10.0), "growth": (3.0, 2.0)}[scale]


def middle_of(scale):
    point, _ = standing(scale)
    return np.log(point) if scale == "log" else point


def sizes(scale, probability):
    """Return errors as the table has them, a column of six years ahead."""
    table = error_quantiles()
    row = table[(table["kind"] == KINDS[scale]) & (table["probability"] == probability)]
    return row[AHEAD].to_numpy()[0]


# the table ------------------------------------------------------------------------------------------------


def test_the_table_speaks_of_amounts_and_of_rates():
    table = error_quantiles()
    assert list(table) == ["kind", "probability", *AHEAD]
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


def test_the_record_tells_each_kind_set_and_length_once():
    record = error_record()
    assert list(record) == ["kind", "set", "years", "series", "held_80", "held_95"]
    assert not record.duplicated(["kind", "set", "years"]).any()
    assert record.groupby(["kind", "years"])["set"].nunique().eq(4).all()
    assert record["held_80"].lt(record["held_95"]).all()
    assert record["held_95"].between(0, 100).all()


@pytest.mark.parametrize(("years", "row"), [(0, 1), (1, 1), (5, 4), (7, 6), (19, 12), (99, 20), (100, 100)])
def test_the_record_of_a_history_is_that_of_the_longest_that_is_no_longer(years, row):
    for scale, kind in KINDS.items():
        like = record_like(years, scale)
        assert set(like["years"]) == {row}
        assert set(like["kind"]) == {kind}
        assert len(like) == 4


# paths around a point forecast ----------------------------------------------------------------------------


@few
@given(a_scale, st.integers(1, 30), st.integers(1, 41), st.integers(1, 5), st.integers(0, 99))
def test_paths_are_years_by_paths_and_those_of_their_seed(scale, horizon, n_paths, versions, seed):
    outlook = Outlook(np.full((horizon, versions), 2.0), np.full(horizon, 0.1))
    first, again = (
        paths_around(outlook, SCALES[scale], n_paths, np.random.default_rng(seed)) for _ in range(2)
    )
    assert first.shape == (horizon, n_paths)
    assert np.isfinite(first).all()
    assert np.array_equal(first, again)


@few
@given(a_scale, st.integers(0, 99))
def test_another_seed_gives_other_paths(scale, seed):
    first, other = (around(*standing(scale), scale, 40, by) for by in (seed, seed + 1))
    assert not np.array_equal(first, other)


@few
@given(st.floats(1e-6, 1e6), st.floats(0, 1e6), st.integers(1, 9), st.integers(0, 99))
def test_amounts_stay_above_a_hundredth_of_the_point_whatever_the_spread(point, times, horizon, seed):
    paths = around(point, times * point, n_paths=500, seed=seed, horizon=horizon)
    assert np.isfinite(paths).all()
    assert (SCALES["log"].to_unit(paths) >= 0.01 * point * (1 - 1e-9)).all()


@few
@given(a_scale, st.integers(5, 200), st.integers(0, 99))
def test_as_many_paths_lie_on_either_side_of_the_point(scale, pairs, seed):
    """All but the two in the middle, which lie on it: so does the median, to the last digit."""
    paths, middle = around(*standing(scale), scale, 2 * pairs, seed), middle_of(scale)
    assert ((paths > middle).sum(axis=1) == pairs - 1).all()
    assert ((paths < middle).sum(axis=1) == pairs - 1).all()
    assert (np.median(paths, axis=1) == middle).all()


@few
@given(st.integers(0, 99))
def test_rates_depart_to_either_side_by_as_much(seed):
    point, spread = standing("growth")
    away = np.sort(around(point, spread, "growth", 40, seed) - point, axis=1)
    assert away == pytest.approx(-away[:, ::-1])


@few
@given(st.integers(0, 99))
def test_amounts_depart_in_their_unit_upwards_and_in_logs_downwards(seed):
    paths = np.sort(around(200, 60, "log", 40, seed), axis=1)
    assert np.exp(paths[:, 20:]) - 200 == pytest.approx(200 * (np.log(200) - paths[:, 19::-1]))


@few
@given(a_scale, st.sampled_from([0.5, 0.8, 0.95]), st.integers(0, 99))
def test_intervals_are_point_and_table_times_spread_whatever_the_seed(scale, level, seed):
    """On either side lies half of the rest, to one path of 2,000."""
    point, spread = standing(scale)
    paths = around(point, spread, scale, 2_000, seed)
    away = (sizes(scale, level) * spread)[:, None]
    upper, lower = point + away, point - away
    if scale == "log":
        upper, lower = np.log(upper), np.log(point) - away / point
    assert (paths > upper).mean(axis=1) == pytest.approx((1 - level) / 2, abs=1 / 2_000)
    assert (paths < lower).mean(axis=1) == pytest.approx((1 - level) / 2, abs=1 / 2_000)


@few
@given(a_scale, st.integers(0, 99))
def test_no_quantiles_of_paths_cross(scale, seed):
    """Those of a year ascend, and those of the years ahead lie around those of the years before."""
    levels = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
    fan = np.quantile(around(*standing(scale), scale, 2_000, seed), levels, axis=1)
    assert (np.diff(fan, axis=0) > 0).all()
    assert (np.diff(fan[:3], axis=1) < 0).all()
    assert (np.diff(fan[4:], axis=1) > 0).all()


@few
@given(a_scale, st.floats(1.01, 20), st.integers(0, 99))
def test_twice_the_spread_is_twice_the_error_path_by_path(scale, times, seed):
    point, spread = standing(scale)
    narrow, wide = (around(point, s, scale, 200, seed) - middle_of(scale) for s in (spread, times * spread))
    assert (np.sign(narrow) == np.sign(wide)).all()
    assert (np.abs(narrow) <= np.abs(wide)).all()
    if scale == "growth":
        assert wide == pytest.approx(times * narrow)


@few
@given(a_scale, st.integers(7, 30))
def test_beyond_the_table_errors_are_those_of_its_last_year(scale, horizon):
    """No path errs more than its last row says, nor less for lying further ahead."""
    point, spread = standing(scale)
    paths = around(point, spread, scale, 4_000, horizon=horizon)
    largest = np.exp(paths.max(axis=1)) - point if scale == "log" else paths.max(axis=1) - point
    assert largest[5:] == pytest.approx(np.full(horizon - 5, sizes(scale, 0.99)[5] * spread))


@few
@given(a_scale, st.integers(1, 29), st.integers(0, 99))
def test_a_longer_horizon_changes_no_earlier_year(scale, horizon, seed):
    short, long = (around(*standing(scale), scale, 40, seed, years) for years in (horizon, 30))
    assert np.array_equal(long[:horizon], short)


def expected_rank_correlation(r):
    """Return the rank correlation of two normal variables with this correlation (Pearson 1907)."""
    return 6 / np.pi * np.arcsin(np.asarray(r) / 2)


def test_errors_of_amounts_go_together_as_in_a_random_walk():
    """The root of k / l, to four standard errors of 10,000 pairs."""
    found = spearmanr(around(*standing("log"), "log"), axis=1).statistic
    years = np.arange(1.0, 7)
    walk = np.sqrt(np.minimum.outer(years, years) / np.maximum.outer(years, years))
    assert found == pytest.approx(expected_rank_correlation(walk), abs=4 / np.sqrt(MANY / 2))
    assert found == pytest.approx(walk, abs=0.05)


def test_errors_of_growth_rates_share_one_cause():
    """A quarter between any two years, to four standard errors of 10,000 pairs."""
    found = spearmanr(around(*standing("growth"), "growth"), axis=1).statistic
    apart = found[~np.eye(6, dtype=bool)]
    assert apart == pytest.approx(expected_rank_correlation(0.25), abs=4 / np.sqrt(MANY / 2))


@pytest.mark.parametrize("scale", sorted(KINDS))
def test_given_innovations_are_those_of_the_last_years(scale):
    """Those of other years stay; errors of the last year go with what was given for it."""
    noise = np.random.default_rng(5).standard_normal((2, 1_000))
    free, told = (around(*standing(scale), scale, 2_000, seed=1, noise=given) for given in (None, noise))
    assert np.array_equal(free[:4], told[:4])
    step = np.diff(told, axis=0)[-1] if scale == "log" else told[-1]
    assert spearmanr(step, np.append(noise[-1], -noise[-1])).statistic > 0.8
    assert abs(spearmanr(free[-1], np.append(noise[-1], -noise[-1])).statistic) < 0.1


# versions of the past -------------------------------------------------------------------------------------


@few
@given(a_scale, st.lists(st.floats(5, 95), min_size=1, max_size=6), st.integers(1, 20))
def test_path_k_departs_from_version_k(scale, ends, n_paths):
    """Without a spread, it is the point forecast of that version."""
    point = np.outer(np.arange(1, 4), ends)
    paths = paths_around(Outlook(point, np.zeros(3)), SCALES[scale], n_paths, np.random.default_rng(0))
    expected = np.log(point) if scale == "log" else point
    np.testing.assert_allclose(paths, expected[:, np.arange(n_paths) % len(ends)])


@few
@given(a_scale, st.lists(st.floats(50, 95), min_size=2, max_size=50, unique=True), st.integers(0, 99))
def test_versions_share_one_set_of_errors(scale, ends, seed):
    """Which path gets which depends on the versions; all of them are there once."""
    point = np.tile(np.array(ends), (3, 1))
    outlook, alone = (Outlook(p, np.full(3, 2.0)) for p in (point, np.full((3, 1), 70.0)))
    many, one = (paths_around(c, SCALES[scale], 100, np.random.default_rng(seed)) for c in (outlook, alone))
    of_path = point[:, np.arange(100) % len(ends)]
    many, one = (np.exp(many) - of_path, np.exp(one) - 70) if scale == "log" else (many - of_path, one - 70)
    upper = [np.sort(away, axis=1)[:, 51:] for away in (many, one)]  # downwards, amounts depart in logs
    assert upper[0] == pytest.approx(upper[1])


@few
@given(st.integers(1, 9), st.integers(1, 40))
def test_both_signs_are_pairs(rows, n_paths):
    half = np.random.default_rng(n_paths).standard_normal((rows, -(-n_paths // 2)))
    both = both_signs(half, n_paths)
    assert both.shape == (rows, n_paths)
    assert np.array_equal(both[:, half.shape[1] :], -half[:, : n_paths // 2])


def test_a_walk_has_variance_one_in_every_year():
    """To four standard errors of 20,000 squares, sqrt(2 / 20,000)."""
    scores = _walk_scores(np.random.default_rng(0).standard_normal((9, MANY)))
    assert scores.shape == (8, MANY)
    assert (scores**2).mean(axis=1) == pytest.approx(np.ones(8), abs=4 * np.sqrt(2 / MANY))


# how sure a probability is --------------------------------------------------------------------------------

PAST = dict(zip(range(2015, 2024), (100, 104, 99, 112, 120, 117, 131, 128, 140), strict=True))


def chances(observed):
    """Return the chance to pass each of five marks in three years, six seeds x years x marks."""
    marks = np.array([130.0, 140, 150, 165, 180])
    found = [forecast(observed, horizon=3, seed=seed).paths.to_numpy() for seed in range(6)]
    return np.array([(paths[:, :, None] > marks).mean(axis=1) for paths in found])


def test_the_chance_of_a_plain_series_does_not_depend_on_the_seed():
    assert chances(yearly(PAST)).std(axis=0, ddof=1).max() < 0.001


def test_the_chance_of_a_series_with_draws_hardly_depends_on_the_seed():
    """The last two years are uncertain by 3 and 6 %; of independent paths it would be a point."""
    noise = np.random.default_rng(0).standard_normal((2, 500))
    draws = {year: [value] * 500 for year, value in PAST.items()}
    draws |= {2022: list(128 * np.exp(0.03 * noise[0])), 2023: list(140 * np.exp(0.06 * noise[1]))}
    found = chances(yearly(PAST, draws=draws, sd={2022: 0.03, 2023: 0.06}))
    assert found.std(axis=0, ddof=1).max() < 0.005
    assert found.std(axis=0, ddof=1).max() > 0  # else the draws had no part in it


# how it is learned ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learning():
    """Return the script's module that learns the table; it is no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(sapa_analysis.__file__).parents[1] / "benchmarks")
        yield import_module("competitions")


def invented(seed, width, n=4_000, years=6):
    """Return errors that grow with the root of the years ahead."""
    drawn = np.abs(np.random.default_rng(seed).standard_t(4, (n, 1)))
    return width * drawn * np.sqrt(np.arange(1, years + 1))


def test_what_one_set_teaches_are_its_own_quantiles(learning):
    """Its errors grow as a power of the years, which is what the table is smoothed by."""
    errors = invented(1, 2.0)
    table = learning.learned({"one": errors}, "amount").set_index("probability")[AHEAD]
    own = np.quantile(errors, table.index, axis=0)
    assert table.to_numpy()[1:] == pytest.approx(own[1:], rel=0.01)
    assert (table.loc[0] == 0).all()


def test_sets_that_are_alike_teach_no_more_than_one(learning):
    """But for rounding, by which a quantile is the next of 4,000 errors."""
    one = invented(1, 2.0)
    alike, alone = (
        learning.learned(dict.fromkeys(names, one), "rate")[AHEAD].to_numpy() for names in ("abc", "a")
    )
    assert alike == pytest.approx(alone, rel=0.01)


def test_sets_that_differ_widen_beyond_their_pool(learning):
    sets = {"narrow": invented(1, 1.0), "wide": invented(2, 2.0)}
    pool = np.quantile(np.concatenate(list(sets.values())), 0.8, axis=0)
    table = learning.learned(sets, "amount").set_index("probability")[AHEAD]
    assert (table.loc[0.8] > 1.1 * pool).all()


def test_a_large_set_teaches_no_more_than_a_small_one(learning):
    """Whole, or a third of it; pooled by series, the 80 % quantile falls by an eighth."""
    narrow, wide = [invented(1, 1.0), invented(3, 1.2)], invented(2, 2.0)
    large, small = (
        learning.learned(dict(enumerate([*narrow, part])), "amount")
        .set_index("probability")
        .loc[0.5:0.9, AHEAD]
        for part in (wide, wide[::3])
    )
    assert small.to_numpy() == pytest.approx(large.to_numpy(), rel=0.05)


@few
@given(st.floats(0.01, 100))
def test_the_unit_of_errors_is_that_of_the_table(learning, times):
    sets = {"narrow": invented(1, 1.0, 100), "wide": invented(2, 2.0, 100)}
    plain, scaled = (
        learning.learned({name: by * sizes for name, sizes in sets.items()}, "amount")[AHEAD].to_numpy()
        for by in (1.0, times)
    )
    np.testing.assert_allclose(scaled, times * plain, rtol=1e-3, atol=1e-4 * (1 + times))
