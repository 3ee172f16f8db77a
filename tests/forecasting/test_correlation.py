"""How indicators go together: little is believed of few years, and what is believed some law has."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.forecasting.correlation import common_noise, correlate_steps, matrix_of

NAMES = ("one", "two", "three", "four", "five")
walks = st.lists(st.integers(-50, 50).map(lambda value: value / 100), min_size=2, max_size=12)


def area(**logs):
    """Return series whose yearly values are exact, from their logarithms from 2001 on."""
    return {
        name: yearly({2001 + at: float(np.exp(value)) for at, value in enumerate(values)}, indicator=name)
        for name, values in logs.items()
    }


def as_table(pairs) -> pd.DataFrame:
    return pd.DataFrame(
        [(first, second, 9, value, value) for (first, second), value in pairs.items()],
        columns=["first", "second", "n", "raw", "correlation"],
    )


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], pd.DataFrame]:
    names = list(NAMES[: draw(st.integers(1, 5))])
    pairs = {pair: draw(st.integers(-100, 100)) / 100 for pair in combinations(names, 2)}
    return names, as_table(pairs)


# correlations ---------------------------------------------------------------------------------------------


@given(walks, walks)
def test_a_correlation_over_n_years_counts_as_n_of_n_and_ten(one, two):
    n = min(len(one), len(two)) - 1
    row = correlate_steps([area(one=one, two=two)], ["one", "two"], shock_years=[]).iloc[0]
    assert row["n"] == n
    steps = np.diff([one[: n + 1], two[: n + 1]], axis=1)
    if n < 3:
        assert np.isnan(row["raw"])
        assert row["correlation"] == 0
    elif (steps.std(axis=1) > 1e-6).all():
        # logarithms of exponentials, rounded twice
        assert row["raw"] == pytest.approx(np.corrcoef(steps)[0, 1], abs=1e-6)
        assert row["correlation"] == pytest.approx(row["raw"] * n / (n + 10))


def test_areas_are_pooled_each_around_its_own_mean():
    rough = np.cumsum([0.0, 0.1, -0.2, 0.3, -0.1])
    steep = rough + 2.0 * np.arange(5)
    alike = correlate_steps(
        [area(one=rough, two=rough), area(one=steep, two=rough)], ["one", "two"], shock_years=[]
    )
    assert alike["n"].tolist() == [4]
    assert alike["raw"].iloc[0] == pytest.approx(1.0)
    assert alike["correlation"].iloc[0] == pytest.approx(4 / 14)


@given(walks, walks, st.integers(1, 4), st.integers(1, 4))
def test_a_year_counts_once_however_many_areas_have_it(one, two, copies, more):
    alone, same = (
        correlate_steps([area(one=one, two=two)] * n, ["one", "two"], shock_years=[]).iloc[0]
        for n in (1, copies)
    )
    assert same["n"] == alone["n"]
    assert same["correlation"] == pytest.approx(alone["correlation"], abs=1e-6)
    longer = area(one=[*one, *[0.0] * more], two=[*two, *[0.0] * more])
    mixed = correlate_steps([area(one=one, two=two), longer], ["one", "two"], shock_years=[])
    assert mixed["n"].tolist() == [alone["n"] + more]


def test_two_years_in_many_areas_say_nothing():
    found = correlate_steps(
        [area(one=[0.0, 0.1, 0.3], two=[0.0, 0.2, 0.1])] * 5, ["one", "two"], shock_years=[]
    )
    assert found["n"].tolist() == [2]
    assert found["raw"].isna().all()
    assert found["correlation"].tolist() == [0.0]


def test_shock_years_and_unsure_years_are_not_compared():
    walk = np.cumsum([0.0, 0.1, -0.2, 0.3, -0.1, 0.2, 0.1])
    whole = area(one=walk, two=walk)
    without_shocks = correlate_steps([whole], ["one", "two"], shock_years=[2004])
    assert without_shocks["n"].tolist() == [4]  # neither into 2004 nor out of it
    apart = correlate_steps([whole], ["one", "two"], shock_years={"one": [2004], "two": [2007]})
    assert apart["n"].tolist() == [3]  # nor into 2007
    unsure = yearly(
        {2001 + at: float(np.exp(v)) for at, v in enumerate(walk)}, sd={2002: 0.2}, indicator="two"
    )
    assert correlate_steps([whole | {"two": unsure}], ["one", "two"], shock_years=[])["n"].tolist() == [4]


def test_an_indicator_that_no_area_has_goes_with_nothing():
    found = correlate_steps([area(one=[0.0, 0.1, 0.3, 0.2])], ["one", "two"], shock_years=[])
    assert found[["n", "correlation"]].to_numpy().tolist() == [[0, 0.0]]


# the matrix -----------------------------------------------------------------------------------------------


@given(tables())
def test_the_matrix_is_one_that_some_law_has(told):
    names, table = told
    matrix = matrix_of(table, names)
    np.testing.assert_allclose(np.diag(matrix), 1.0, atol=1e-12)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-12)
    # eigenvalues are lifted to a tenth, then scaled to a unit diagonal of at most their sum
    assert np.linalg.eigvalsh(matrix).min() > 0.1 / len(names) / 2
    np.linalg.cholesky(matrix)


@given(st.integers(-90, 90).map(lambda percent: percent / 100))
def test_a_single_correlation_stays_as_it_is(value):
    matrix = matrix_of(as_table({("one", "two"): value}), ["one", "two"])
    assert matrix[0, 1] == pytest.approx(value)


def test_names_that_stand_in_no_pair_are_independent():
    assert matrix_of(as_table({("one", "two"): 0.5}), ["two", "other"]).tolist() == [[1, 0], [0, 1]]


def test_of_no_name_there_is_an_empty_matrix():
    assert matrix_of(as_table({("one", "two"): 0.5}), []).shape == (0, 0)


# innovations ----------------------------------------------------------------------------------------------

MATRIX = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.1], [-0.3, 0.1, 1.0]])


def noise(matrix=MATRIX, *, names=NAMES[:3], place="sa_pa", horizon=3, n_paths=40, seed=1):
    return common_noise(matrix, names, area=place, horizon=horizon, n_paths=n_paths, seed=seed)


def test_innovations_are_standard_and_go_together_as_the_matrix_says():
    n = 40_000
    drawn = noise(horizon=1, n_paths=2 * n)
    found = np.array([drawn[name][0] for name in NAMES[:3]])
    # five standard errors of a mean, a variance and a correlation
    np.testing.assert_allclose(found.mean(axis=1), 0.0, atol=5 / np.sqrt(n))
    np.testing.assert_allclose(np.cov(found), MATRIX, atol=5 * np.sqrt(2 / n))


def test_years_are_independent():
    found = noise(horizon=2, n_paths=80_000)["one"]
    assert abs(np.corrcoef(found)[0, 1]) < 5 / np.sqrt(40_000)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(100, 121), st.integers(0, 5))
def test_a_longer_horizon_changes_none_of_the_years_before(one, more, n_paths, seed):
    short, long = (noise(horizon=years, n_paths=n_paths, seed=seed) for years in (one, one + more))
    for name in short:
        assert short[name].shape == (one, -(-n_paths // 2))
        np.testing.assert_array_equal(long[name][:one], short[name])


def test_one_more_indicator_at_the_end_changes_none_of_those_before():
    fewer, more = noise(MATRIX[:2, :2], names=NAMES[:2]), noise()
    for name in fewer:
        # the same sums, one addend of zero more
        np.testing.assert_allclose(more[name], fewer[name], rtol=1e-12)


def test_another_seed_or_area_has_other_innovations_and_the_same_has_the_same():
    one = noise()
    np.testing.assert_array_equal(noise()["three"], one["three"])
    assert not (noise(seed=2)["three"] == one["three"]).any()
    assert not (noise(place="lao_cai")["three"] == one["three"]).any()
