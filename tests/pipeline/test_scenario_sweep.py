"""A sweep is what its scenarios are one by one, at once."""

from dataclasses import replace

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
from sapa_analysis.forecasting.derivation import Closed, Cumulated, Grown, derive_forecast
from sapa_analysis.pipeline.scenario_sweep import sweep
from sapa_analysis.scenarios.effect import apply_scenario
from sapa_analysis.scenarios.turned_lever import turn_levers
from sapa_analysis.scenarios.wide_forecast import grid_scenarios
from sapa_analysis.verdicts.attainment import attained_paths

YEARS = (2023, 2024, 2025)
PATHS = 40


def fan(name, seed, *, scale="log", middle=3.0, draws=PATHS):
    rng = np.random.default_rng(seed)
    known = np.array([[0.8], [0.9]]) * middle + rng.normal(size=(2, draws)) * middle / 50
    observed = yearly(
        {2021: 0.8 * middle, 2022: 0.9 * middle}, indicator=name, scale=scale,
        draws=dict(zip((2021, 2022), known.tolist(), strict=True)),
    )  # fmt: skip
    paths = middle + rng.normal(size=(3, PATHS)).cumsum(axis=0) * middle / 10
    return Forecast(observed, pd.DataFrame(paths, index=yearly_index(YEARS)), "naive")


def world(draws=PATHS):
    """Return fans of every kind: simulated, product, growth of a level, level of a growth, share of a whole."""
    found = {name: fan(name, seed, draws=draws) for seed, name in enumerate(("visits", "spend"))}
    found["growth"] = fan("growth", 3, scale="growth", middle=6.0, draws=draws)
    shares = {
        name: fan(name, seed, scale="logit", middle=50.0, draws=draws)
        for seed, name in enumerate(("a", "b"), 5)
    }
    found |= {name: derive_forecast(shares[name].observed, shares, Closed(name)) for name in shares}
    parts = {name: found[name] for name in ("visits", "spend")}
    found["revenue"] = derive_forecast(
        fan("revenue", 9, middle=9.0, draws=draws).observed, parts, parse_formula("visits * spend")
    )
    last = (
        found["visits"]
        .observed.draws.iloc[-1:, np.resize(np.arange(draws), PATHS)]
        .set_axis(range(PATHS), axis=1)
    )
    rate = fan("visits_growth", 10, scale="growth", draws=draws).observed
    found["visits_growth"] = derive_forecast(rate, {"visits": found["visits"]}, Grown("visits", last))
    base = pd.DataFrame(100.0 + np.arange(3 * PATHS).reshape(3, PATHS), index=yearly_index(YEARS))
    found["output"] = derive_forecast(
        fan("output", 11, middle=100.0, draws=draws).observed,
        {"growth": found["growth"]},
        Cumulated("growth", base),
    )
    return found


def goals():
    kinds = [
        ("revenue", "level", None, 9.0), ("revenue", "term_total", 2021, 40.0), ("visits", "growth", None, 4.0),
        ("output", "term_mean_growth", 2022, 5.0), ("growth", "level", None, 6.0), ("a", "level", None, 50.0),
    ]  # fmt: skip
    return [
        Target.model_validate(
            target(measure, value=value, id=f"{name}.{measure}", indicator_id=name, start=start)
        )
        for name, measure, start, value in kinds
    ]


def of_year(fan, year):
    return fan.paths.to_numpy()[years_of(fan.paths) == year][0]


def one_by_one(base, scenarios, targets, links):
    rows = {}
    for name, scenario in scenarios.items():
        after = apply_scenario(base, scenario, links=links)
        for indicator, outcome in after.items():
            table = outcome.summary((80,))
            for year, row in zip(years_of(table), table.to_dict("records"), strict=True):
                rows |= {(name, indicator, "", int(year), what): value for what, value in row.items()}
                own = of_year(base[indicator], year)
                upper = row["median"] >= np.median(own)
                gone = own >= row["median"] if upper else own <= row["median"]
                rows[name, indicator, "", int(year), "beyond"] = gone.mean()
        attained = attained_paths(after, targets)
        rows |= {
            (name, one.indicator_id, one.id, one.end, "probability"): attained[one.id].mean()
            for one in targets
        }
    return pd.Series(rows)


def compared(base, table, scenarios, links=()):
    keys = ["scenario", "indicator", "target", "year", "statistic"]
    found = table.set_index(keys)["value"]
    alone = one_by_one(base, scenarios, goals(), links)
    assert found.index.is_unique
    assert set(found.index) == set(alone.index)
    share = alone.index.get_level_values(-1) == "beyond"
    found = found.reindex(alone.index)
    np.testing.assert_allclose(found[~share], alone[~share], rtol=1e-9)
    # a median that equals a path but for its last bit lies on either side of it
    np.testing.assert_allclose(found[share], alone[share], atol=1.01 / PATHS)


@pytest.mark.parametrize("draws", [PATHS, 1, 20, 30])
@pytest.mark.parametrize("shape", ["step", "ramp", "year"])
def test_a_grid_is_its_scenarios_one_by_one(shape, draws):
    base = world(draws)
    grid = {"visits": [0.9, 1.0, 1.3], "growth": [-2.0, 0.0], "a": [0.0, 5.0]}
    table = sweep(base, grid, indicators=list(base), targets=goals(), shape=shape)
    compared(base, table, grid_scenarios(base, grid, shape=shape))


@settings(max_examples=15)
@given(
    turns=st.lists(st.tuples(st.floats(0.5, 2), st.floats(0.5, 2), st.floats(-3, 3)), min_size=1, max_size=5)
)
def test_a_list_of_scenarios_is_the_same_one_by_one(turns):
    base = world()
    scenarios = {
        f"{n}": turn_levers(
            base,
            dict(zip(("visits", "spend", "growth"), each, strict=True)),
            shape="ramp",
            until=2024,
            name=f"{n}",
        )
        for n, each in enumerate(turns)
    }
    compared(base, sweep(base, scenarios.values(), indicators=list(base), targets=goals()), scenarios)


@pytest.mark.parametrize("draws", [PATHS, 30])
@pytest.mark.parametrize("area", ["sa_pa", "lao_cai"])
def test_what_follows_by_a_link_follows_in_a_sweep(area, draws):
    base, grid = world(draws), {"visits": [0.9, 1.2], "spend": [1.0, 1.1], "growth": [0.0, 1.0]}
    link = Link(area=area, of="revenue", to="growth", elasticity=0.3, sd=0.1, low=0.0, high=0.9)
    table = sweep(base, grid, indicators=list(base), targets=goals(), links=[link])
    compared(base, table, grid_scenarios(base, grid), [link])
    output = table[
        (table["indicator"] == "output") & (table["statistic"] == "median") & (table["year"] == 2025)
    ]
    assert output["value"].nunique() == (8 if area == "sa_pa" else 2)


@pytest.mark.parametrize("draws", [PATHS, 30])
def test_what_a_scenario_states_does_not_follow(draws):
    base, grid = world(draws), {"visits": [0.9, 1.2], "growth": ["= 5", 1.0]}
    link = Link(area="sa_pa", of="revenue", to="growth", elasticity=0.3, sd=0.1, low=0.0, high=0.9)
    table = sweep(base, grid, indicators=list(base), targets=goals(), links=[link])
    compared(base, table, grid_scenarios(base, grid), [link])


@pytest.mark.parametrize("shape", ["step", "ramp", "year"])
def test_texts_are_levers_too(shape):
    base, grid = world(), {"visits": ["+10%", "growth +2", "= 3,5"], "growth": ["+2", 1.0]}
    table = sweep(base, grid, indicators=list(base), targets=goals(), shape=shape)
    compared(base, table, grid_scenarios(base, grid, shape=shape))
    told = table[(table["indicator"] == "revenue") & (table["statistic"] == "median")]
    assert told["visits"].unique().tolist() == ["+10%", "growth +2", "= 3,5"]
    same = told.pivot(index=["visits", "year"], columns="scenario", values="value")
    assert same.notna().sum(axis=1).tolist() == [2] * 9
    with pytest.raises(SapaError, match="may be so much more or so much of it"):
        sweep(base, {"visits": ["10%"]}, indicators="revenue")


def test_blocks_do_not_show(monkeypatch):
    base, grid = world(), {"visits": np.linspace(0.5, 2, 7), "spend": [0.8, 1.1]}
    whole = sweep(base, grid, indicators=["revenue", "visits"], targets=goals())
    monkeypatch.setattr("sapa_analysis.scenarios.wide_forecast._AT_ONCE", 3 * 3 * PATHS)
    pd.testing.assert_frame_equal(sweep(base, grid, indicators=["revenue", "visits"], targets=goals()), whole)


def test_the_baseline_is_one_of_the_points():
    base = world()
    table = sweep(base, {"visits": [1.0], "spend": [1.0]}, indicators="revenue")
    told = table.pivot(index="year", columns="statistic", values="value")
    expected = base["revenue"].summary((80,))
    np.testing.assert_allclose(told[expected.columns], expected, rtol=1e-14)
    assert table[["visits", "spend"]].eq(1.0).all(axis=None)
    assert table["area"].unique().tolist() == ["sa_pa"]
    assert table["unit"].unique().tolist() == ["visits", "share"]


def test_the_levers_of_a_grid_are_columns():
    table = sweep(
        world(), {"visits": [0.9, 1.1], "growth": [1.0, 2.0]}, indicators="revenue", targets=goals()
    )
    assert len(table[["visits", "growth"]].drop_duplicates()) == 4
    chances = table[table["statistic"] == "probability"]
    assert set(chances["target"]) == {goal.id for goal in goals()}
    assert chances["unit"].unique().tolist() == ["probability"]
    revenue = chances[(chances["target"] == "revenue.level") & (chances["growth"] == 1.0)]
    assert revenue.sort_values("visits")["value"].is_monotonic_increasing


def test_what_cannot_be_swept_is_told_in_words():
    base = world()
    with pytest.raises(SapaError, match='"revenues" is not forecast; did you mean revenue'):
        sweep(base, {"visits": [1.1]}, indicators="revenues")
    with pytest.raises(SapaError, match='"visit" is not forecast; did you mean visits'):
        sweep(base, {"visit": [1.1]}, indicators="revenue")
    with pytest.raises(SapaError, match="visits has no values"):
        sweep(base, {"visits": []}, indicators="revenue")
    with pytest.raises(SapaError, match="the grid has no lever"):
        sweep(base, {}, indicators="revenue")
    for values in (1.1, "+10%"):
        with pytest.raises(SapaError, match="visits: wanted a list of factors"):
            sweep(base, {"visits": values}, indicators="revenue")
    for turn in (0, -1.0, float("nan")):
        with pytest.raises(SapaError, match=r"visits: .* is no factor above zero"):
            sweep(base, {"visits": [1.1, turn]}, indicators="revenue")
    with pytest.raises(SapaError, match='"growth \\+1" stands twice in the grid'):
        sweep(base, {"growth": ["+1", 1.0]}, indicators="revenue")
    with pytest.raises(SapaError, match="revenue follows from visits, spend; adjust one of these"):
        sweep(base, {"revenue": [1.1]}, indicators="visits")
    twice = turn_levers(base, {"visits": 1.1}, shape="step", until=2025, name="more")
    with pytest.raises(SapaError, match='two scenarios are called "more"'):
        sweep(base, [twice, replace_name(twice)], indicators="visits")


def replace_name(scenario):
    return scenario.model_copy(update={"reason": {"en": "b", "vi": "b"}})


def test_targets_that_cannot_be_judged_have_no_row():
    base = world()
    late = [Target.model_validate(target(indicator_id="visits", end=2040))]
    table = sweep(base, {"visits": [1.1]}, indicators="visits", targets=late)
    assert table["target"].unique().tolist() == [""]
    unknown = [Target.model_validate(target(indicator_id="elsewhere"))]
    assert len(sweep(base, {"visits": [1.1]}, indicators="visits", targets=unknown)) == len(table)
    without = {**base, "rooms": replace(base["visits"], observed=base["visits"].observed)}
    assert len(sweep(without, {"visits": [1.1]}, indicators="rooms")) == len(table)


def test_a_lever_beyond_all_paths_is_told():
    base = world()
    table = sweep(base, {"visits": [1.0, 1.05, 10.0]}, indicators="visits")
    beyond = table[table["statistic"] == "beyond"].groupby("visits")["value"].max()
    assert beyond[1.0] == pytest.approx(0.5, abs=1.01 / PATHS)
    assert 0 < beyond[1.05] < beyond[1.0]
    assert beyond[10.0] == 0
