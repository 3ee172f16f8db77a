from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from sapa_analysis.forecasting.recovery import closing_rates
from sapa_analysis.forecasting.settings import Settings
from sapa_analysis.forecasting.shocks import (
    GAP_CLOSING,
    SHOCK_CHANCE,
    Bridged,
    bridge,
    bridged_years,
    close_gap,
    deepest_gap,
    new_shocks,
)

few = settings(max_examples=min(25, settings.default.max_examples))
#: Paths for claims about shares and means; their sampling error is computed where it counts.
MANY = 20_000
FIRST = 2010
closings = st.floats(0.05, 0.95)
levels = st.floats(-10, 10)
#: A history of 8 to 12 years, and the shock years in its middle: first and last place.
middles = st.integers(8, 12).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(1, n - 5), st.integers(1, 3)).map(
        lambda found: (found[0], found[1], found[1] + found[2] - 1)
    )
)


def years_of(n):
    return np.arange(FIRST, FIRST + n)


def shocks(*places):
    return [FIRST + place for place in places]


def run(first, last):
    return shocks(*range(first, last + 1))


def versions(values, times=2):
    """Return a history whose versions are all as the estimate."""
    return np.repeat(np.array(values, dtype=float)[:, None], times, axis=1)


def line(n, start=5.0, step=0.3):
    return start + step * np.arange(n)


def closing_gap(n, last, gap, closing):
    """Return what a gap of the year in place `last` leaves in every year after it."""
    since = np.arange(n) - last
    return np.where(since > 0, gap * (1 - closing) ** np.maximum(since, 0), 0.0)


def any_history(n, seed):
    """Return three versions of a history, of which none is like another."""
    return np.random.default_rng(seed).normal(5, 1, (n, 3))


def rates(n_paths, closing=GAP_CLOSING, seed=0):
    return closing_rates(Settings(1, n_paths, seed, gap_closing=closing))


def as_at(gap, n_paths=4, horizon=6, lead=0, end=0.0, seed=0, closing=GAP_CLOSING, versions=3):
    """Return paths without a break, and the same with this gap open at the origin."""
    paths = np.random.default_rng(99).normal(5, 1, (lead + horizon, n_paths))
    bridged = Bridged(
        np.zeros((3, versions)), lead, np.full(versions, end), np.full(versions, gap), np.zeros(3)
    )
    kept = paths.copy()
    closed = close_gap(paths, bridged, rates(n_paths, closing, seed))
    assert (paths == kept).all()
    return paths, closed


# which years are left out ---------------------------------------------------------------------------------


@few
@given(st.sets(st.integers(0, 9)))
def test_shock_years_after_the_first_normal_one_are_left_out(places):
    normal = [place for place in range(10) if place not in places]
    expected = [place in places and bool(normal) and place > normal[0] for place in range(10)]
    assert bridged_years(years_of(10), shocks(*places)).tolist() == expected


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, range])
def test_shock_years_may_stand_in_any_collection(kind):
    given_to_it = range(FIRST + 3, FIRST + 5) if kind is range else kind(shocks(3, 4))
    assert np.flatnonzero(bridged_years(years_of(8), given_to_it)).tolist() == [3, 4]


# bridging -------------------------------------------------------------------------------------------------


@few
@given(st.integers(1, 10), st.integers(0, 99), closings)
def test_without_shock_years_the_history_stays_as_published(n, seed, closing):
    history = any_history(n, seed)
    bridged = bridge(history, years_of(n), [1999, 2050], closing=closing)
    assert np.array_equal(bridged.normal, history)
    assert (bridged.lead, bridged.gap.tolist(), bridged.gaps.tolist()) == (0, [0, 0, 0], [0] * n)
    assert np.array_equal(bridged.end, history[-1])


@few
@given(st.integers(0, 99), st.sets(st.integers(0, 9)), closings)
def test_nothing_given_is_changed(seed, places, closing):
    history, years, given_to_it = any_history(10, seed), years_of(10), shocks(*places)
    bridge(history, years, given_to_it, closing=closing)
    assert np.array_equal(history, any_history(10, seed))
    assert np.array_equal(years, years_of(10))
    assert given_to_it == shocks(*places)


@few
@given(middles, st.integers(0, 99), closings)
def test_shock_years_lie_on_the_line_between_the_years_around(place, seed, closing):
    n, first, last = place
    clean = bridge(any_history(n, seed), years_of(n), run(first, last), closing=closing).normal
    around = clean[first - 1 : last + 2]
    assert np.diff(around, n=2, axis=0) == pytest.approx(np.zeros((len(around) - 2, 3)), abs=1e-9)


@few
@given(middles, st.integers(0, 99), closings)
def test_years_before_a_break_stay_as_published(place, seed, closing):
    n, first, last = place
    history = any_history(n, seed)
    clean = bridge(history, years_of(n), run(first, last), closing=closing).normal
    assert np.array_equal(clean[:first], history[:first])


@few
@given(middles, st.integers(0, 99), closings)
def test_the_gap_added_back_gives_the_published_years(place, seed, closing):
    """That of the last shock year is its distance to the bridge; each year after, a share of it closes."""
    n, first, last = place
    history = any_history(n, seed)
    bridged = bridge(history, years_of(n), run(first, last), closing=closing)
    gap = history[last] - bridged.normal[last]
    left = gap * (1 - closing) ** np.arange(n - last)[:, None]
    assert bridged.normal[last:] + left == pytest.approx(history[last:], abs=1e-9)
    assert bridged.gap == pytest.approx(left[-1], abs=1e-9)
    assert (bridged.lead, bridged.normal.shape) == (0, history.shape)


@few
@given(middles, st.integers(0, 99), closings)
def test_gaps_are_those_of_the_shock_years_on_the_estimate(place, seed, closing):
    n, first, last = place
    history = any_history(n, seed)
    bridged = bridge(history, years_of(n), run(first, last), closing=closing)
    shock = bridged_years(years_of(n), run(first, last))
    expected = np.where(shock, history[:, 0] - bridged.normal[:, 0], 0)
    assert bridged.gaps == pytest.approx(expected, abs=1e-9)


@few
@given(middles, st.lists(levels, min_size=3, max_size=3), closings, st.floats(-2, 2))
def test_a_straight_line_is_recovered_from_a_gap_that_closes(place, depths, closing, step):
    """To 1e-9, whatever happened within the break: only the gap of its last year lives on."""
    n, first, last = place
    history = line(n, step=step)
    broken = history + closing_gap(n, last, depths[-1], closing)
    broken[first : last + 1] += depths[-(last - first + 1) :]
    bridged = bridge(versions(broken), years_of(n), run(first, last), closing=closing)
    np.testing.assert_allclose(bridged.normal, versions(history), rtol=0, atol=1e-9)
    np.testing.assert_allclose(bridged.gap, depths[-1] * (1 - closing) ** (n - 1 - last), rtol=0, atol=1e-9)
    np.testing.assert_allclose(bridged.gaps[first : last + 1], broken[first : last + 1] - history[first : last + 1],
                               rtol=0, atol=1e-9)  # fmt: skip


@few
@given(levels, levels, closings, st.integers(1, 2), st.integers(1, 3))
def test_two_breaks_leave_the_line_too(one, other, closing, length, between):
    """The second falls before the gap of the first has closed."""
    n, end = 12, 1 + length
    second = end + between + 1
    history = line(n)
    broken = history + closing_gap(n, end, one, closing) + closing_gap(n, second, other, closing)
    broken[2 : end + 1] += one
    broken[second] += other
    bridged = bridge(versions(broken), years_of(n), [*run(2, end), FIRST + second], closing=closing)
    np.testing.assert_allclose(bridged.normal, versions(history), rtol=0, atol=1e-9)


@few
@given(st.integers(0, 99), middles, closings, st.floats(-5, 5), st.floats(0.1, 10))
def test_bridging_follows_shift_and_unit(seed, place, closing, shift, unit):
    n, first, last = place
    history = any_history(n, seed)
    plain, moved = (
        bridge(p, years_of(n), run(first, last), closing=closing) for p in (history, shift + unit * history)
    )
    assert moved.normal == pytest.approx(shift + unit * plain.normal, abs=1e-8)
    assert moved.gap == pytest.approx(unit * plain.gap, abs=1e-8)


@few
@given(st.integers(0, 99), middles, closings)
def test_versions_are_bridged_one_by_one(seed, place, closing):
    n, first, last = place
    history = any_history(n, seed)
    whole = bridge(history, years_of(n), run(first, last), closing=closing)
    for k in range(3):
        alone = bridge(history[:, [k]], years_of(n), run(first, last), closing=closing)
        assert whole.normal[:, [k]] == pytest.approx(alone.normal)
        assert whole.gap[[k]] == pytest.approx(alone.gap)


@few
@given(st.integers(0, 99), st.integers(2, 9), st.integers(1, 4), closings)
def test_where_the_origin_lies_in_a_break_the_history_ends_before_it(seed, normal, lead, closing):
    history = any_history(normal + lead, seed)
    bridged = bridge(history, years_of(normal + lead), run(normal, normal + lead + 5), closing=closing)
    assert bridged.lead == lead
    assert np.array_equal(bridged.normal, history[:normal])
    assert np.array_equal(bridged.end, history[-1])
    assert not bridged.gap.any()
    assert not bridged.gaps.any()


@few
@given(levels, closings, st.integers(1, 3))
def test_a_break_before_an_open_one_is_bridged_first(gap, closing, lead):
    n = 10
    broken = line(n) + closing_gap(n, 3, gap, closing)
    broken[3] += gap
    broken[-lead:] -= 2
    bridged = bridge(versions(broken), years_of(n), [FIRST + 3, *run(n - lead, n - 1)], closing=closing)
    np.testing.assert_allclose(bridged.normal, versions(line(n))[:-lead], rtol=0, atol=1e-9)
    assert (bridged.lead, bridged.gap.tolist()) == (lead, [0, 0])
    expected = np.zeros(n)
    expected[3] = gap
    assert bridged.gaps == pytest.approx(expected, abs=1e-9)


@few
@given(st.integers(0, 99), st.integers(1, 4), st.booleans(), closings)
def test_shock_years_before_the_first_normal_one_stay_as_published(seed, leading, later, closing):
    history, more = any_history(10, seed), shocks(7) if later else []
    one, other = (bridge(history, years_of(10), given_to_it, closing=closing)
                  for given_to_it in (more, [*run(0, leading - 1), *more]))  # fmt: skip
    assert np.array_equal(one.normal, other.normal)
    assert np.array_equal(other.normal[:leading], history[:leading])
    assert (one.lead, one.gap.tolist()) == (other.lead, other.gap.tolist())


@few
@given(st.integers(0, 99), st.integers(1, 9), closings)
def test_where_every_year_is_a_shock_year_none_is(seed, n, closing):
    history = any_history(n, seed)
    bridged = bridge(history, years_of(n), years_of(n), closing=closing)
    assert np.array_equal(bridged.normal, history)
    assert (bridged.lead, bridged.gap.any(), bridged.gaps.any()) == (0, False, False)


def test_a_gap_by_hand():
    """100, 60, 90, 100: of the gap of the second year 40 % is left in the third, 16 % in the fourth.

    g = 60 - (100 + 90 - 0.4 g) / 2, so g = -43.75; the third year is 90 + 17.5 without it.
    """
    bridged = bridge(versions([100, 60, 90, 100]), years_of(4), shocks(1), closing=0.6)
    assert bridged.normal[:, 0] == pytest.approx([100, 103.75, 107.5, 107])
    assert bridged.gap == pytest.approx([-7, -7])
    assert bridged.gaps == pytest.approx([0, -43.75, 0, 0])


# the gap that is still open -------------------------------------------------------------------------------


@few
@given(st.integers(1, 9), st.integers(1, 9))
def test_without_a_gap_paths_stay_as_they_are(n_paths, horizon):
    paths, closed = as_at(0.0, n_paths, horizon)
    assert np.array_equal(paths, closed)


@few
@given(st.floats(0.1, 10), st.booleans(), closings, st.integers(0, 99))
def test_an_open_gap_closes_in_every_path_at_a_rate_of_its_own(size, below, closing, seed):
    """Each year the same share of what is left: what is left goes on as a geometric series."""
    gap = -size if below else size
    paths, closed = as_at(gap, 50, 4, seed=seed, closing=closing)
    left = (closed - paths) / gap
    assert (left >= -1e-9).all()
    assert (left <= 1 + 1e-9).all()
    assert left == pytest.approx(left[0] ** np.arange(1, 5)[:, None], abs=1e-9)
    assert np.ptp(left[0]) > 0


@few
@given(st.floats(-10, 10), st.integers(1, 4), st.integers(0, 99))
def test_from_inside_a_break_paths_start_at_the_origin_and_close_to_those_without_it(end, lead, seed):
    paths, closed = as_at(0.0, 50, 30, lead=lead, end=end, seed=seed)
    gap, ahead = end - paths[lead - 1], paths[lead:]
    assert closed.shape == ahead.shape
    left = (closed - ahead) / gap
    # a year before its first year ahead, each path stood at the origin: the whole gap was open
    assert left == pytest.approx(left[0] ** np.arange(1, 31)[:, None], abs=1e-6)
    assert ((left[0] > 0) & (left[0] < 1)).all()
    assert (np.diff(np.abs(left), axis=0) <= 1e-9).all()
    slow = left[0] > 0.7
    assert closed[-1][~slow] == pytest.approx(ahead[-1][~slow], abs=1e-3)


@pytest.mark.parametrize("closing", [0.3, GAP_CLOSING, 0.8])
def test_the_gap_closes_by_that_share_in_the_mean(closing):
    """To four standard errors; the beta law has 5 as its sum: its variance is c (1 - c) / 6, 0.2 squared at 0.6."""
    paths, closed = as_at(-2.0, MANY, 1, closing=closing)
    rates = 1 - (closed - paths)[0] / -2
    deviation = np.sqrt(closing * (1 - closing) / 6)
    assert rates.mean() == pytest.approx(closing, abs=4 * deviation / np.sqrt(MANY))
    assert rates.std() == pytest.approx(deviation, rel=0.03)


def test_the_same_seed_closes_the_gap_alike():
    one, again, other = (as_at(1.0, 20, seed=seed)[1] for seed in (0, 0, 1))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


# the deepest gap ------------------------------------------------------------------------------------------


def deepest(gaps, scale="log", lead=0, history=None, paths=None, figures=None):
    n = len(gaps)
    history = np.zeros((n, 2)) if history is None else versions(history)
    bridged = Bridged(history[: n - lead], lead, history[-1], np.zeros(2), np.array(gaps, dtype=float))
    paths = np.zeros((lead + 2, 5)) if paths is None else paths
    own = np.ones(n, dtype=bool) if figures is None else np.array(figures)
    return deepest_gap(paths, history, bridged, figures=own, scale=scale)


@pytest.mark.parametrize("scale", ["log", "growth"])
def test_of_amounts_and_growth_only_a_fall_is_a_shock(scale):
    assert deepest([0, -1, 0, 3, -2], scale) == -2
    assert deepest([0, 1, 0, 3], scale) == 0
    assert deepest([0, 1], scale, figures=[False, True]) == 0


@pytest.mark.parametrize("scale", ["logit", "level"])
def test_elsewhere_the_largest_gap_counts_with_its_sign(scale):
    assert deepest([0, -1, 0, 3, -2], scale) == 3
    assert deepest([0, -4, 0, 3, -2], scale) == -4
    assert deepest([0, 0], scale) == 0


@pytest.mark.parametrize("scale", ["log", "level"])
def test_what_is_interpolated_in_a_shock_year_is_no_gap(scale):
    assert deepest([0, -5, -1], scale, figures=[True, False, True]) == -1
    assert deepest([0, -5, -1], scale, figures=[False] * 3) == 0


@few
@given(st.lists(st.floats(-5, -1), min_size=1, max_size=3), st.floats(-9, -0.1))
def test_a_break_that_is_still_open_counts_by_its_distance_to_the_median_path(falls, earlier):
    lead = len(falls)
    middle = np.arange(1.0, lead + 3)
    paths = middle[:, None] + np.array([-9.0, -1, 0, 1, 9])
    history = [0.0, 0, 0, *(middle[:lead] + falls)]
    assert deepest([0, earlier, 0, *[0] * lead], lead=lead, history=history, paths=paths) == pytest.approx(
        min([earlier, *falls])
    )


# new shocks -----------------------------------------------------------------------------------------------


def new(depth=-1.0, chance=SHOCK_CHANCE, closing=GAP_CLOSING, shape=(5, 200), seed=0):
    return new_shocks(shape, depth, chance=chance, closing=closing, rng=np.random.default_rng(seed))


def begun(added, closing):
    """Return what began in each year: what is added, less what is left of the year before."""
    return added - (1 - closing) * np.vstack([np.zeros(added.shape[1]), added[:-1]])


@few
@given(st.floats(-5, 5), closings, st.integers(0, 99))
def test_without_a_chance_or_a_depth_no_shock_comes(depth, closing, seed):
    assert not new(depth, 0.0, closing, seed=seed).any()
    assert not new(0.0, 1.0, closing, seed=seed).any()


@few
@given(st.floats(0.1, 5), st.booleans(), st.floats(0, 1), closings, st.integers(0, 99))
def test_a_new_shock_is_half_to_all_of_the_deepest_and_closes(size, below, chance, closing, seed):
    """Of its sign; a year later a share of it has closed."""
    depth = -size if below else size
    added = new(depth, chance, closing, seed=seed)
    share = begun(added, closing) / depth
    assert added.shape == (5, 200)
    assert (added * depth >= 0).all()
    assert ((np.abs(share) < 1e-9) | ((share >= 0.5 - 1e-9) & (share <= 1 + 1e-9))).all()


def test_what_is_certain_comes_in_every_path_and_year():
    assert (begun(new(chance=1.0), GAP_CLOSING) <= -0.5 + 1e-9).all()


@pytest.mark.parametrize("chance", [SHOCK_CHANCE, 0.2])
def test_shocks_come_in_a_year_by_their_chance(chance):
    """The share of paths spared until year h is (1 - chance)^h: to four standard errors of 20,000 paths."""
    came = begun(new(chance=chance, shape=(10, MANY)), GAP_CLOSING) < -0.4
    hit = np.logical_or.accumulate(came, axis=0).mean(axis=1)
    expected = 1 - (1 - chance) ** np.arange(1, 11)
    assert (np.abs(hit - expected) < 4 * np.sqrt(expected * (1 - expected) / MANY)).all()
    assert came.mean() == pytest.approx(chance, abs=4 * np.sqrt(chance / MANY / 10))


def test_new_shocks_are_three_quarters_of_the_deepest_in_the_mean():
    """Even between a half and all: to four standard errors of 20,000 paths."""
    found = new(chance=1.0, shape=(1, MANY))
    assert found.mean() == pytest.approx(-0.75, abs=4 * 0.5 / np.sqrt(12 * MANY))


def test_the_same_seed_brings_the_same_shocks():
    one, again, other = (new(chance=0.5, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@few
@given(closings, st.floats(-5, -1), st.floats(-5, -1))
def test_what_is_left_of_every_gap_adds_up_at_the_origin(closing, first, second):
    """Of two breaks with a normal year between; the line comes back, and with the gap the origin as published."""
    n, straight = 12, line(12)
    broken = straight.copy()
    for place, gap in ((5, first), (7, second)):
        broken[place] += gap
        broken += closing_gap(n, place, gap, closing)
    found = bridge(versions(broken), years_of(n), shocks(5, 7), closing=closing)
    assert found.normal[-1] + found.gap == pytest.approx(broken[-1:].repeat(2), abs=1e-9)
    assert found.gap[0] == pytest.approx(first * (1 - closing) ** 6 + second * (1 - closing) ** 4, abs=1e-9)


@pytest.mark.parametrize("lead", [1, 0])
def test_path_k_has_the_gap_of_draw_k(lead):
    """Column 0 is the estimate, the draws are those after it; there are more paths than draws."""
    ends = np.array([0.0, -1, -2, -3])
    bridged = Bridged(np.zeros((5, 4)), lead, ends, ends * (1 - lead), np.zeros(6))
    ahead = close_gap(np.zeros((lead + 2, 7)), bridged, rates(7))
    assert ahead[0] == pytest.approx(np.array([-1, -2, -3, -1, -2, -3, -1]) * (1 - rates(7)))


@few
@given(closings, st.integers(0, 99))
def test_rates_are_the_middles_of_equal_parts_of_the_beta_law(closing, seed):
    expected = beta.ppf((np.arange(9) + 0.5) / 9, 5 * closing, 5 * (1 - closing))
    assert np.sort(rates(9, closing, seed)) == pytest.approx(expected)
