"""Conditional paths: what is fixed is met in every path, what goes with it follows, nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import apply_scenario, forecast_area
from sapa_analysis.core.errors import SapaError
from sapa_analysis.core.yearly import years_of
from sapa_analysis.forecasting import condition
from sapa_analysis.forecasting.conditioning import Errors, shift_paths

pytest_plugins = ["loaded"]

#: What a value that is met exactly may be off by, as a share.
MET = 1e-9


@pytest.fixture(scope="module")
def paths(tables, params):
    return forecast_area(tables, params)


def middle(paths, name, year):
    return float(np.median(row(paths[name].paths, year)))


def row(paths, year):
    return paths.to_numpy()[years_of(paths) == year][0]


def assert_met(found, fixed, *, without_shocks=True) -> None:
    for name, years in fixed.items():
        for year, value in years.items():
            np.testing.assert_allclose(row(found[name].paths, year), value, rtol=MET)
            if without_shocks and found[name].without_shocks is not None:
                np.testing.assert_allclose(row(found[name].without_shocks, year), value, rtol=MET)


def assert_identities(fans) -> None:
    for without_shocks in (False, True):
        of = {
            name: (
                fan.without_shocks if without_shocks and fan.without_shocks is not None else fan.paths
            ).to_numpy()
            for name, fan in fans.items()
        }
        visits = of["tourist_arrivals"]
        np.testing.assert_allclose(visits * of["spend_per_visit"] / 1000, of["tourism_revenue"], rtol=MET)
        np.testing.assert_allclose(of["international_arrivals"] + of["domestic_arrivals"], visits, rtol=MET)
        np.testing.assert_allclose(1000 * of["grdp"] / of["population"], of["grdp_per_capita"], rtol=MET)
        growth = 100 * (visits[1:] / visits[:-1] - 1)
        np.testing.assert_allclose(growth, of["tourist_arrivals_growth"][1:], rtol=MET, atol=MET)


# what is fixed --------------------------------------------------------------------------------------------

#: What derives from a quantity that new shocks move and from one that they leave: people, or a share.
STEADY_PARTS = ("grdp_per_capita", "domestic_arrivals", "international_arrivals")
#: Which quantities, primary and derived, and at which quantile of their paths.
fixed_points = st.dictionaries(
    st.sampled_from(
        ["tourist_arrivals", "population", "state_budget_revenue", "grdp_growth", "international_share"]
    ),
    st.tuples(st.sampled_from([2023, 2024, 2025]), st.floats(0.1, 0.9)),
    min_size=1,
    max_size=3,
)


@settings(max_examples=min(15, settings.default.max_examples))
@given(fixed_points)
def test_fixed_values_are_met_in_every_path_and_identities_still_hold(paths, points):
    fixed = {
        name: {year: float(np.quantile(row(paths[name].paths, year), at))}
        for name, (year, at) in points.items()
    }
    found = condition(paths, fixed)
    assert list(found) == list(paths)
    assert_met(found, fixed)
    assert_identities(found)


@pytest.mark.parametrize("name", [*STEADY_PARTS, "tourism_revenue", "tourist_arrivals_growth", "grdp"])
def test_a_derived_quantity_may_be_fixed_too(paths, name):
    fixed = {name: {2024: middle(paths, name, 2024)}}
    found = condition(paths, fixed)
    assert_met(found, fixed, without_shocks=name not in STEADY_PARTS)
    assert_identities(found)


@pytest.mark.parametrize("name", STEADY_PARTS)
def test_a_quantity_with_a_part_that_no_shock_moves_is_met_in_every_without_new_shocks_path(paths, name):
    fixed = {name: {2024: middle(paths, name, 2024)}}
    assert_met(condition(paths, fixed), fixed)


def test_a_path_of_several_years_is_met(paths):
    fixed = {
        "tourist_arrivals": {year: middle(paths, "tourist_arrivals", year) for year in (2023, 2024, 2025)}
    }
    found = condition(paths, fixed)
    assert_met(found, fixed)
    assert_identities(found)


def test_several_conditions_that_fit_together_are_met_at_once(paths):
    fixed = {
        "tourist_arrivals": {2024: 3.5e6},
        "spend_per_visit": {2024: 4.0},
        "tourism_revenue": {2024: 14_000.0},
        "population": {2024: 70_000.0},
        "state_budget_revenue": {2025: 1_100.0},
    }
    found = condition(paths, fixed)
    assert_met(found, fixed)
    assert_identities(found)


def test_paths_under_a_scenario_can_be_conditioned(paths, tables):
    low = apply_scenario(paths, tables.scenarios["low"])
    fixed = {"tourism_revenue": {2025: middle(low, "tourism_revenue", 2025)}}
    found = condition(low, fixed)
    assert_met(found, fixed)
    assert_identities(found)
    assert {fan.scenario for fan in found.values()} == {"low"}


# what follows and what does not ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("tourist_arrivals", ["grdp", "grdp_growth", "grdp_per_capita", "population"]),
        (
            "population",
            ["grdp", "grdp_growth", "tourist_arrivals", "tourism_revenue", "state_budget_revenue"],
        ),
        ("grdp_growth", ["population", "tourist_arrivals", "tourism_revenue", "international_share"]),
    ],
)
def test_what_has_nothing_to_do_with_it_stays_bit_for_bit(paths, name, same):
    found = condition(paths, {name: {2023: float(np.quantile(row(paths[name].paths, 2023), 0.8))}})
    for other in same:
        np.testing.assert_array_equal(found[other].paths, paths[other].paths)
        if paths[other].without_shocks is not None:
            np.testing.assert_array_equal(found[other].without_shocks, paths[other].without_shocks)


@pytest.mark.parametrize(
    "name", ["tourist_arrivals", "tourism_revenue", "grdp_growth", "population", "state_budget_revenue"]
)
def test_what_is_fixed_at_its_median_moves_the_other_medians_little(paths, name):
    found = condition(paths, {name: {2024: middle(paths, name, 2024)}})
    for other, fan in paths.items():
        before, after = (fans[other].summary((80,)) for fans in (paths, found))
        width = before["upper_80"] - before["lower_80"]
        # a seventh of the interval: paths lean to one side, a median does not pass through a product
        assert ((after["median"] - before["median"]).abs() < width / 7).all(), (name, other)
        assert fan.paths.shape == found[other].paths.shape


def test_more_visits_bring_more_revenue_and_a_known_year_narrows_the_next(paths):
    few, many = (
        condition(
            paths,
            {"tourist_arrivals": {2024: float(np.quantile(row(paths["tourist_arrivals"].paths, 2024), at))}},
        )
        for at in (0.2, 0.8)
    )
    assert middle(few, "tourism_revenue", 2024) < middle(many, "tourism_revenue", 2024)
    assert middle(few, "tourist_arrivals", 2025) < middle(many, "tourist_arrivals", 2025)
    before, after = (
        np.log(row(fans["tourist_arrivals"].without_shocks, 2025)).std() for fans in (paths, many)
    )
    assert after < before


def test_no_condition_changes_nothing_and_the_input_stays(paths):
    for fixed in ({}, {"tourist_arrivals": {}}):
        found = condition(paths, fixed)
        assert all(found[name] is fan for name, fan in paths.items())
    before = {name: fan.paths.copy() for name, fan in paths.items()}
    condition(paths, {"tourist_arrivals": {2024: 3.0e6}})
    for name, fan in paths.items():
        np.testing.assert_array_equal(fan.paths, before[name])


# what cannot be -------------------------------------------------------------------------------------------


def test_every_problem_is_told_at_once(paths):
    fixed = {
        "tourist_arivals": {2024: 3e6},
        "tourist_arrivals": {2022: 3e6, 2024: 1e12, 2025: float("nan")},
        "population": {2024: 1.0},
        "spend_per_visit": {2024: (3.0, 4.0)},
    }
    with pytest.raises(SapaError) as caught:
        condition(paths, fixed)
    said = str(caught.value)
    assert said.startswith("no such condition: ")
    assert '"tourist_arivals" is not forecast; did you mean tourist_arrivals?' in said
    assert "tourist_arrivals: 2022 is not forecast; 2023 to 2025 are" in said
    assert "tourist_arrivals: 1,000,000,000,000 in 2024 lies outside every path" in said
    assert "tourist_arrivals: nan in 2025 lies outside every path" in said
    assert "population: 1 in 2024 lies outside every path" in said
    assert "spend_per_visit: wanted a number in 2024; found (3.0, 4.0)" in said


@pytest.mark.parametrize(
    "fixed",
    [
        {
            "tourist_arrivals": {2024: 3.5e6},
            "spend_per_visit": {2024: 4.0},
            "tourism_revenue": {2024: 20_000.0},
        },
        {
            "tourist_arrivals": {2024: 3.5e6},
            "domestic_arrivals": {2024: 3.4e6},
            "international_share": {2024: 20.0},
        },
        {"tourist_arrivals": {2023: 3.0e6, 2024: 3.3e6}, "tourist_arrivals_growth": {2024: 30.0}},
    ],
    ids=["product", "difference", "growth"],
)
def test_conditions_against_an_identity_are_one_error(paths, fixed):
    with pytest.raises(SapaError, match=r"^no path can meet these values together$"):
        condition(paths, fixed)


# the Gaussian oracle --------------------------------------------------------------------------------------

N = 20_000


def normal(covariance, seed=5):
    root = np.linalg.cholesky(np.array(covariance))
    return root @ np.random.default_rng(seed).standard_normal((len(root), N))


@pytest.mark.parametrize("correlation", [-0.8, 0.3, 0.95])
@pytest.mark.parametrize("value", [-1.0, 2.0])
def test_of_two_normal_quantities_one_has_the_textbook_law_given_the_other(correlation, value):
    x, y = normal([[1.0, correlation], [correlation, 1.0]])
    moved = shift_paths({"x": x[None], "y": y[None]}, lambda states: states["x"], np.array([value]))
    np.testing.assert_allclose(moved["x"], value, rtol=1e-9)
    # five standard errors: of a mean, of a slope times the value, of a variance
    assert moved["y"].mean() == pytest.approx(correlation * value, abs=5 * (1 + abs(value)) / np.sqrt(N))
    assert moved["y"].var() == pytest.approx(1 - correlation**2, abs=5 * np.sqrt(2 / N))


@pytest.mark.parametrize("error", [0.2, 1.0])
def test_a_figure_with_an_error_is_weighed_by_it(error):
    x, y = normal([[1.0, 0.6], [0.6, 1.0]])
    noise = error * np.random.default_rng(6).standard_normal((1, N))
    errors = Errors(noise, np.array([[[error**2]]]), np.ones(1), np.zeros(N, dtype=int))
    states = {"x": x[None], "y": y[None]}
    moved = shift_paths(states, lambda found: found["x"], np.array([1.5]), errors=errors)
    share, near = 1 / (1 + error**2), 5 * 2.5 / np.sqrt(N)
    assert moved["x"].mean() == pytest.approx(1.5 * share, abs=near)
    assert moved["x"].var() == pytest.approx(1 - share, abs=5 * np.sqrt(2 / N))
    assert moved["y"].mean() == pytest.approx(0.6 * 1.5 * share, abs=near)
    assert moved["y"].var() == pytest.approx(1 - 0.36 * share, abs=5 * np.sqrt(2 / N))


def test_each_path_is_moved_by_the_law_of_its_own_error():
    x, y = normal([[1.0, 0.6], [0.6, 1.0]])
    sds, law = np.array([0.2, 1.0]), np.arange(N) % 2
    noise = sds[law] * np.random.default_rng(6).standard_normal((1, N))
    states = {"x": x[None], "y": y[None]}
    both = Errors(noise, sds[:, None, None] ** 2, np.ones(2), law)
    moved = shift_paths(states, lambda found: found["x"], np.array([1.5]), errors=both)
    for k in range(2):
        alone = Errors(noise, sds[k : k + 1, None, None] ** 2, np.ones(1), np.zeros(N, dtype=int))
        one = shift_paths(states, lambda found: found["x"], np.array([1.5]), errors=alone)
        for name in states:
            np.testing.assert_allclose(moved[name][:, law == k], one[name][:, law == k], rtol=1e-12)


@pytest.mark.parametrize("factor", [4.0, 100.0])
def test_where_what_is_seen_varies_more_than_the_paths_a_figure_counts_for_more(factor):
    x, y = normal([[1.0, 0.6], [0.6, 1.0]])
    errors = Errors(
        0.5 * np.random.default_rng(6).standard_normal((1, N)),
        np.array([[[0.25]]]),
        np.array([factor]),
        np.zeros(N, dtype=int),
    )
    states = {"x": x[None], "y": y[None]}
    moved = shift_paths(states, lambda found: found["x"], np.array([1.5]), errors=errors)
    share = factor / (factor + 0.25)
    assert moved["x"].mean() == pytest.approx(1.5 * share, abs=5 * 2.5 / np.sqrt(N))
    assert moved["y"].mean() == pytest.approx(0.6 * 1.5 * share, abs=5 * 2.5 / np.sqrt(N))


def test_several_figures_give_the_textbook_law_of_the_rest():
    covariance = np.array([[1.0, 0.5, 0.4], [0.5, 1.0, -0.2], [0.4, -0.2, 1.0]])
    drawn, values = normal(covariance), np.array([1.0, -0.5])
    states = {"path": drawn[:2], "rest": drawn[2:]}
    moved = shift_paths(states, lambda found: found["path"], values)
    gain = covariance[2, :2] @ np.linalg.inv(covariance[:2, :2])
    np.testing.assert_allclose(moved["path"], values[:, None] * np.ones((2, N)), rtol=1e-9)
    assert moved["rest"].mean() == pytest.approx(gain @ values, abs=0.05)
    assert moved["rest"].var() == pytest.approx(1 - gain @ covariance[:2, 2], abs=5 * np.sqrt(2 / N))


def test_a_sum_of_amounts_is_met_although_it_is_no_linear_form():
    x, y = normal([[0.04, 0.01], [0.01, 0.09]])

    def total(states):
        return np.log(np.exp(states["x"]) + np.exp(states["y"]))

    moved = shift_paths({"x": x[None], "y": y[None]}, total, np.log([2.5]))
    np.testing.assert_allclose(np.exp(moved["x"]) + np.exp(moved["y"]), 2.5, rtol=1e-9)


def test_a_quantity_that_goes_with_nothing_seen_is_not_touched():
    x, y = normal([[1.0, 0.0], [0.0, 1.0]])
    states = {"x": x[None], "y": y[None]}
    assert shift_paths(states, lambda found: found["x"], np.array([1.0]))["y"] is states["y"]


def test_two_values_of_one_quantity_cannot_both_be_met():
    (x,) = normal([[1.0]])
    with pytest.raises(SapaError, match=r"^no path can meet these values together$"):
        shift_paths({"x": x[None]}, lambda found: found["x"][[0, 0]], np.array([0.0, 1.0]))
