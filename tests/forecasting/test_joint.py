"""One set of paths: identities hold in every one of them, shocks are shared, scenarios touch what they name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sapa_analysis import apply_scenario, forecast_area
from sapa_analysis.core.errors import ParamsError, SapaError
from sapa_analysis.core.params import Params
from sapa_analysis.core.yearly import years_of
from sapa_analysis.evidence import load_indicators
from sapa_analysis.scenarios import does_not_hold, load_scenarios
from sapa_analysis.scenarios.adjustment import Scenario

pytest_plugins = ["loaded"]

#: What products and quotients of the same paths may differ by.
SAME = 1e-9
LATER = date(2025, 6, 29)  # the day before the town ended
LOW = "params/scenarios/low.yml"


@pytest.fixture(scope="module")
def params(params):
    """Return the parameters of the project, three years ahead."""
    return params.with_values(horizon=3)


@pytest.fixture(scope="module")
def paths(tables, params):
    return forecast_area(tables, params)


@pytest.fixture(scope="module")
def later(tables, params):
    return forecast_area(tables, params.with_values(as_of=LATER))


def values(fans, *, without_shocks: bool):
    """Return the years that are forecast of all: each starts after its own last year."""
    first = str(max(fan.observed.origin for fan in fans.values()) + 1)
    return {
        name: (fan.without_shocks if without_shocks and fan.without_shocks is not None else fan.paths)
        .loc[first:]
        .to_numpy()
        for name, fan in fans.items()
    }


def assert_identities(fans) -> None:
    """Hold every identity in every path, with new shocks and without."""
    for without_shocks in (False, True):
        of = values(fans, without_shocks=without_shocks)
        close = {"rtol": SAME}
        np.testing.assert_allclose(
            of["tourist_arrivals"] * of["spend_per_visit"] / 1000, of["tourism_revenue"], **close
        )
        np.testing.assert_allclose(
            of["tourist_arrivals"] * (1 - of["international_share"] / 100), of["domestic_arrivals"], **close
        )
        np.testing.assert_allclose(1000 * of["grdp"] / of["population"], of["grdp_per_capita"], **close)
        if "international_arrivals" in of:
            both = of["international_arrivals"] + of["domestic_arrivals"]
            np.testing.assert_allclose(both, of["tourist_arrivals"], **close)
        visits, growth = of["tourist_arrivals"], of["tourist_arrivals_growth"]
        np.testing.assert_allclose(100 * (visits[1:] / visits[:-1] - 1), growth[1:], rtol=SAME, atol=SAME)


def begun(fan) -> set[tuple[int, int]]:
    """Return in which year of which path its path first leaves the without_shocks one."""
    apart = fan.paths.to_numpy() != fan.without_shocks.to_numpy()
    hit = np.flatnonzero(apart.any(axis=0))
    return set(zip(years_of(fan.paths)[apart[:, hit].argmax(axis=0)].tolist(), hit.tolist(), strict=True))


# identities -----------------------------------------------------------------------------------------------


def test_identities_hold_in_every_path(paths):
    assert "international_arrivals" in paths
    assert_identities(paths)


def test_identities_hold_in_every_path_of_a_later_day(later):
    assert_identities(later)


def test_what_is_derived_follows_from_others_in_every_edition(later, tables):
    derived = [name for name in later if tables.indicators.loc[name, "role"] == "derived"]
    assert [name for name in derived if not later[name].parts] == []


def test_identities_hold_in_every_path_of_every_scenario(paths, tables):
    held = [each for each in tables.scenarios.values() if not does_not_hold(paths, each)]
    assert {"low", "base", "high", "plan_2025", "real_spend_2019"} <= {each.name for each in held}
    for each in held:
        assert_identities(apply_scenario(paths, each))


def test_every_forecast_has_the_same_years_and_paths(paths, params):
    for fan in paths.values():
        assert fan.paths.shape == (params.horizon, params.n_paths)
        assert list(years_of(fan.paths)) == [2023, 2024, 2025]
        assert np.isfinite(fan.paths.to_numpy()).all()


def test_growth_of_output_in_constant_prices_makes_the_level_in_current_ones(paths):
    level, rate = (values(paths, without_shocks=False)[name] for name in ("grdp", "grdp_growth"))
    nominal = level[1:] / level[:-1]
    prices = nominal / (1 + rate[1:] / 100)
    # consumer prices of a year, in any path
    assert 0.9 < prices.min() < prices.max() < 1.3


# new shocks -----------------------------------------------------------------------------------------------


def test_new_shocks_begin_in_the_same_paths_and_years_for_visits_and_the_budget(paths):
    visits = begun(paths["tourist_arrivals"])
    assert len(visits) > 50
    assert begun(paths["state_budget_revenue"]) == visits
    for name in ("spend_per_visit", "tourism_revenue", "domestic_arrivals"):
        assert begun(paths[name]) == visits


def test_new_shocks_begin_in_the_same_paths_and_years_for_all(paths):
    wanted = begun(paths["tourist_arrivals"])
    shaken = {name: begun(fan) for name, fan in paths.items() if fan.without_shocks is not None}
    assert [name for name, found in shaken.items() if found != wanted] == []


def test_no_new_shock_begins_in_a_year_that_is_watched(paths):
    fan = paths["tourist_arrivals"]
    np.testing.assert_array_equal(fan.paths.iloc[0], fan.without_shocks.iloc[0])


def test_a_path_without_a_new_shock_is_without_shocks(paths):
    fan = paths["tourism_revenue"]
    quiet = [k for k in range(fan.paths.shape[1]) if k not in {path for _, path in begun(fan)}]
    np.testing.assert_array_equal(fan.paths[quiet], fan.without_shocks[quiet])


# scenarios ------------------------------------------------------------------------------------------------


def scenario(*adjustments) -> Scenario:
    words = {"vi": "lý do", "en": "reason"}
    parts = [
        {"indicator": indicator, "effect": effect, "values": change, "reason": words, "source": "s",
         "quality": "C", "impact": "low"}
        for indicator, effect, change in adjustments
    ]  # fmt: skip
    return Scenario.model_validate(
        {"name": "tried", "label": words, "reason": words, "adjustments": tuple(parts)}
    )


@pytest.mark.parametrize(
    "adjustments",
    [
        [],
        [("tourist_arrivals", "multiply", {2024: 1.0})],
        [("spend_per_visit", "add", {2023: 0.0, 2025: 0.0})],
        [("tourist_arrivals", "multiply", {2023: 1.0, 2040: 2.0}), ("poverty_rate", "add", {2024: 1.0})],
    ],
    ids=["nothing", "by_one", "plus_zero", "elsewhere"],
)
def test_a_scenario_that_changes_nothing_changes_nothing_bit_for_bit(paths, adjustments):
    after = apply_scenario(paths, scenario(*adjustments))
    assert list(after) == list(paths)
    for name, fan in paths.items():
        np.testing.assert_array_equal(after[name].paths, fan.paths)
        assert (after[name].without_shocks is None) == (fan.without_shocks is None)
        if fan.without_shocks is not None:
            np.testing.assert_array_equal(after[name].without_shocks, fan.without_shocks)
        assert after[name].scenario == "tried"
        assert after[name].method == fan.method


def test_what_derives_follows_a_scenario_and_nothing_else_does(paths):
    after = apply_scenario(paths, scenario(("tourist_arrivals", "multiply", {2024: 1.1})))
    moved = {name for name in paths if not after[name].paths.equals(paths[name].paths)}
    assert moved == {
        "tourist_arrivals", "tourism_revenue", "international_arrivals", "domestic_arrivals",
        "tourist_arrivals_growth",
    }  # fmt: skip
    for name in ("tourism_revenue", "international_arrivals", "domestic_arrivals"):
        ratio = (after[name].paths / paths[name].paths).to_numpy()
        np.testing.assert_allclose(ratio, np.array([[1.0], [1.1], [1.0]]) * np.ones_like(ratio), rtol=1e-12)


def test_a_higher_growth_rate_raises_output_from_its_year_on(paths):
    after = apply_scenario(paths, scenario(("grdp_growth", "add", {2024: 2.0})))
    for name in ("grdp", "grdp_per_capita"):
        ratio = (after[name].paths / paths[name].paths).to_numpy()
        np.testing.assert_array_equal(ratio[0], 1.0)
        growth = paths["grdp_growth"].paths.loc["2024"].to_numpy()
        np.testing.assert_allclose(ratio[1:], np.broadcast_to(1 + 2 / (100 + growth), ratio[1:].shape))
        assert (ratio[1:] < 1.03).all()
    np.testing.assert_array_equal(after["population"].paths, paths["population"].paths)


def test_adjusting_what_is_derived_is_refused_with_file_and_line(project):
    line = project.replace(LOW, "  - indicator: tourist_arrivals", "  - indicator: tourism_revenue")
    with pytest.raises(ParamsError) as caught:
        load_scenarios(project.root / "params/scenarios", indicators=load_indicators(project.data))
    told = [
        (problem.file, problem.line, problem.column, problem.message) for problem in caught.value.problems
    ]
    formula = "tourist_arrivals * spend_per_visit / 1000"
    message = f"tourism_revenue is derived ({formula}); adjust what it follows from"
    assert told == [(LOW, line, "indicator", message)]


@pytest.mark.parametrize("name", ["tourism_revenue", "grdp_per_capita", "domestic_arrivals", "grdp"])
def test_adjusting_what_is_derived_is_refused_when_it_is_applied(paths, name):
    with pytest.raises(SapaError, match=f"^scenario tried: {name} follows from .*; adjust one of these$"):
        apply_scenario(paths, scenario((name, "multiply", {2024: 1.1})))


# what makes the paths ------------------------------------------------------------------------------------


def test_every_path_starts_from_its_own_draw(paths):
    for name in ("grdp", "population"):
        fan = paths[name]
        known = fan.observed
        last = np.log(known.draws[years_of(known.draws) == known.origin].to_numpy()[0])
        ahead = np.log(fan.paths.to_numpy()[0])
        assert np.corrcoef(last, ahead)[0, 1] > 0.5


def test_a_longer_horizon_changes_none_of_the_years_before(tables, params: Params, paths):
    longer = forecast_area(tables, params.with_values(horizon=params.horizon + 2))
    for name, fan in paths.items():
        # the same sums in matrices of another shape
        np.testing.assert_allclose(
            longer[name].paths.iloc[: params.horizon], fan.paths, rtol=1e-9, err_msg=name
        )


def test_tourism_alone_is_foreseen_too(tables, params: Params):
    # the evidence of the town only, so that little is to be computed
    mine = tables.evidence[tables.evidence["area"] == "sa_pa"]
    alone = params.with_values(subjects={"tourism": ["tourist_arrivals"]}, n_paths=100)
    assert "tourist_arrivals" in forecast_area(replace(tables, evidence=mine), alone)
