"""Numbers sent on a grid of levers are those of a sweep, whatever the levers, before and after they are packed."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core.errors import SapaError
from sapa_analysis.core.formula import parse_formula
from sapa_analysis.core.link import Link
from sapa_analysis.core.target import Target
from sapa_analysis.core.types import Forecast
from sapa_analysis.core.yearly import yearly_index, years_of
from sapa_analysis.forecasting.derivation import Cumulated, derive_forecast
from sapa_analysis.pipeline.lever_grid import Grid, neutral, unpacked
from sapa_analysis.pipeline.lever_moves import Moves, topped
from sapa_analysis.pipeline.lever_tables import QUANTILES, chance_grid, fan_grid, quantiles
from sapa_analysis.pipeline.scenario_sweep import sweep
from sapa_analysis.scenarios import Scenario, apply_scenario, in_points, levers_of, levers_offered, scenario

YEARS, PATHS, DECIMALS = (2023, 2024, 2025), 40, 2
LINK = Link(of="revenue", to="growth", elasticity=0.3, sd=0.1, low=0.0, high=0.6)
SCENARIOS = {
    "base": Scenario(name="base"),
    "mine": scenario("mine", visits={2024: "growth +3"}, spend="-4%"),
    "stated": scenario("stated", visits={2024: "= 2.5"}, growth={2025: "= 7"}),
}
GOALS = [
    ("revenue", "level", None, 9.0, "at_least"), ("revenue", "term_total", 2023, 30.0, "more_than"),
    ("visits", "growth", None, 4.0, "at_least"), ("output", "level", None, 120.0, "at_most"),
    ("growth", "growth", None, 6.0, "more_than"), ("growth", "term_mean_growth", 2022, 5.0, "at_least"),
    ("rate", "level", None, 50.0, "less_than"),
]  # fmt: skip


def fan(name: str, seed: int, *, scale: str = "log", middle: float = 3.0) -> Forecast:
    rng = np.random.default_rng(seed)
    known = np.array([[0.8], [0.9]]) * middle + rng.normal(size=(2, PATHS)) * middle / 50
    observed = yearly(
        {2021: 0.8 * middle, 2022: 0.9 * middle}, indicator=name, scale=scale,
        draws=dict(zip((2021, 2022), known.tolist(), strict=True)),
    )  # fmt: skip
    paths = middle + rng.normal(size=(3, PATHS)).cumsum(axis=0) * middle / 10
    return Forecast(observed, pd.DataFrame(paths, index=yearly_index(YEARS)), "naive")


@cache
def world() -> dict[str, Forecast]:
    """Return fans of every kind: amounts, their product, a growth, the level that it leads to, a rate, a part."""
    found = {"visits": fan("visits", 1), "spend": fan("spend", 2)}
    found["growth"] = fan("growth", 3, scale="growth", middle=6.0)
    found["rate"] = fan("rate", 4, scale="logit", middle=50.0)
    parts = {name: found[name] for name in ("visits", "spend")}
    product = parse_formula("visits * spend")
    found["revenue"] = derive_forecast(fan("revenue", 5, middle=9.0).observed, parts, product)
    base = pd.DataFrame(100.0 + np.arange(3 * PATHS).reshape(3, PATHS), index=yearly_index(YEARS))
    output = fan("output", 6, middle=100.0).observed
    found["output"] = derive_forecast(output, {"growth": found["growth"]}, Cumulated("growth", base))
    parts = {name: found[name] for name in ("visits", "rate")}
    found["part"] = derive_forecast(fan("part", 7).observed, parts, parse_formula("visits * rate / 100"))
    return found


def goal(name: str, measure: str) -> Target:
    [(_, _, start, value, sense)] = [each for each in GOALS if each[:2] == (name, measure)]
    row = target(measure, value=value, id=f"{name}.{measure}", indicator_id=name, start=start, sense=sense)
    return Target.model_validate(row)


def moves_of(name: str, under: Scenario) -> Moves:
    base = world()
    shown = [*levers_offered(base[name], base, [LINK])]
    known = {lever: each for one in base.values() for lever, each in levers_of(one).items()}
    return Moves(base[name], under, {lever: known[lever] for lever in shown}, base, [LINK])


@cache
def grids(name: str, under: str) -> tuple[Grid, Grid]:
    """Return the grid of a fan, and as it arrives after a journey as JSON."""
    moves = moves_of(name, SCENARIOS[under])
    grid = fan_grid(moves, DECIMALS)
    return grid, unpacked(json.loads(json.dumps(grid.packed())), moves.turns)


@cache
def chances(name: str, measure: str, under: str) -> tuple[Grid, Grid]:
    moves = moves_of(name, SCENARIOS[under])
    grid = chance_grid(moves, goal(name, measure), 0.02)
    return grid, unpacked(json.loads(json.dumps(grid.packed())), moves.turns)


def points_of(data: st.DataObject, grid: Grid) -> dict[str, float]:
    turns = {axis.lever: [axis.turns[at] for at in axis.at] for axis in grid.axes}
    turns |= {lever: list(known) for lever, (known, _) in (grid.factors or {}).items()}
    return {lever: data.draw(st.sampled_from(each), label=lever) for lever, each in turns.items()}


def swept(name: str, under: str, turns: dict[str, float], targets: list[Target]) -> pd.DataFrame:
    rates = {lever: in_points(world()[lever]) for lever in turns}
    mine = topped(SCENARIOS[under], turns, rates, "all")
    return sweep(world(), [mine], indicators=name, targets=targets, links=[LINK])


@settings(max_examples=40)
@given(st.sampled_from(list(world())), st.sampled_from(list(SCENARIOS)), st.data())
def test_a_fan_of_the_grid_is_that_of_a_sweep(name, under, data):
    for grid in grids(name, under):
        turns = points_of(data, grid)
        table = swept(name, under, turns, []).set_index(["statistic", "year"])["value"]
        found = grid.at(turns).reshape(len(QUANTILES), -1)
        for row, statistic in {1: "lower_80", 2: "median", 3: "upper_80"}.items():
            tolerance = {"rtol": 0, "atol": 0.501 * grid.quantum} if grid.axes else {"rtol": 1e-9}
            factor = np.prod([by.max() for _, by in (grid.factors or {}).values()]) if grid.axes else 1.0
            if grid.axes:
                tolerance["atol"] *= max(1.0, float(factor))
            np.testing.assert_allclose(found[row], table[statistic].to_numpy(), **tolerance)


@settings(max_examples=40)
@given(st.sampled_from(GOALS), st.sampled_from(list(SCENARIOS)), st.data())
def test_a_chance_of_the_grid_is_that_of_a_sweep(of, under, data):
    name, measure = of[:2]
    for grid in chances(name, measure, under):
        turns = points_of(data, grid)
        table = swept(name, under, turns, [goal(name, measure)])
        [chance] = table.loc[table["statistic"] == "probability", "value"]
        assert grid.at(turns)[0] == pytest.approx(chance, abs=1e-12)


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=2, max_size=60))
def test_quantiles_are_those_of_numpy(rows):
    paths = np.array(rows).T
    np.testing.assert_allclose(
        quantiles(paths), np.quantile(paths, QUANTILES, axis=1).ravel(), rtol=1e-12, atol=1e-9
    )


def test_three_levers_go_in_larger_steps_and_two_that_do_the_same_are_sent_once():
    grid = grids("growth", "base")[0]
    assert [(axis.lever, len(axis.at)) for axis in grid.axes] == [("growth", 21), ("visits", 8), ("spend", 8)]
    assert grid.alike
    assert all(axis.turns.index(neutral(axis.turns)) in axis.at for axis in grid.axes)
    half = np.array(grid.packed()["c"]).reshape(-1, 21, 8, 8)
    assert not np.tril(half, -1).any()


def test_a_lever_that_multiplies_all_paths_is_a_factor():
    assert list(grids("revenue", "base")[0].factors) == ["visits", "spend"]
    assert not grids("revenue", "base")[0].axes
    assert (list(grids("part", "base")[0].factors), [axis.lever for axis in grids("part", "base")[0].axes]) == (
        ["visits"], ["rate"],
    )  # fmt: skip


def test_where_levers_do_not_multiply_every_point_is_computed(monkeypatch):
    monkeypatch.setattr(Moves, "multiplies", False)
    moves = moves_of("revenue", SCENARIOS["base"])
    monkeypatch.setattr("sapa_analysis.pipeline.lever_moves.lever_positions", lambda _: [0.5, 1.0, 2.0])
    grid = fan_grid(moves, DECIMALS)
    assert [len(axis.at) for axis in grid.axes] == [3, 3]
    turns = {"visits": 2.0, "spend": 0.5}
    median = swept("revenue", "base", turns, []).query("statistic == 'median'")["value"]
    np.testing.assert_allclose(grid.at(turns)[6:9], median, atol=grid.quantum)


def test_a_scenario_with_turns_on_top_is_one_after_the_other():
    base, turned = world(), topped(SCENARIOS["mine"], {"visits": 1.2}, {"visits": False})
    first = apply_scenario(base, SCENARIOS["mine"], links=[LINK])
    second = apply_scenario(
        first, topped(SCENARIOS["base"], {"visits": 1.2}, {"visits": False}), links=[LINK]
    )
    at_once = apply_scenario(base, turned, links=[LINK])
    for name in base:
        pd.testing.assert_frame_equal(at_once[name].paths, second[name].paths)


def test_a_turn_between_positions_is_refused():
    grid = grids("revenue", "base")[0]
    with pytest.raises(SapaError, match=r"visits 1\.07 is no position of the grid"):
        grid.at({"visits": 1.07})
    with pytest.raises(SapaError, match=r"visits 1\.05 is no position of the grid"):
        grids("growth", "base")[0].at({"visits": 1.05})


def test_the_years_of_a_fan_are_told_alone():
    grid = grids("part", "base")[0]
    last = [3 * row + 2 for row in range(len(QUANTILES))]
    turns = {"visits": 1.5, "rate": 2.0}
    np.testing.assert_array_equal(grid.only(last).at(turns), grid.at(turns)[last])
    assert years_of(world()["part"].paths)[2] == YEARS[2]
