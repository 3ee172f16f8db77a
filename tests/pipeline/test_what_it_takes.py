"""What a target takes: every turn of a lever is replayed to the target, and a higher chance takes more."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import forecast_area, frontier, path_to, what_it_takes
from sapa_analysis.core.errors import SapaError
from sapa_analysis.core.formula import parse_formula
from sapa_analysis.core.link import Link
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.target import Target
from sapa_analysis.core.types import Forecast, NotAssessed
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.forecasting.derivation import Cumulated, Grown, derive_forecast
from sapa_analysis.pipeline.lever_search import REASONS
from sapa_analysis.reporting.language import texts
from sapa_analysis.scenarios.effect import apply_scenario
from sapa_analysis.scenarios.turned_lever import turn_levers
from sapa_analysis.verdicts.attainment import values_in_paths
from sapa_analysis.verdicts.growth_benchmarks import pace_percentile

pytest_plugins = ["loaded"]
YEARS = (2023, 2024, 2025)
PATHS = 60
chances = st.floats(0.05, 0.95)
senses = st.sampled_from(["at_least", "more_than", "at_most", "less_than"])
#: Measures of an indicator that a lever moves: indicator, lever, measure, a value within reach.
CASES = [
    ("visits", "visits", "level", st.floats(1.0, 9.0)),
    ("visits", "visits", "growth", st.floats(-50, 60)),
    ("visits", "visits", "term_total", st.floats(8.0, 30.0)),
    ("visits", "visits", "term_mean_growth", st.floats(-20, 30)),
    ("revenue", "spend", "level", st.floats(3.0, 30.0)),
    ("revenue", "visits", "term_total", st.floats(20.0, 90.0)),
    ("visits_growth", "visits", "growth", st.floats(-50, 60)),
    ("growth", "growth", "level", st.floats(-20, 40)),
    ("growth", "growth", "term_mean_growth", st.floats(-5, 20)),
    ("output", "growth", "level", st.floats(80, 200)),
    ("output", "growth", "term_mean_growth", st.floats(-5, 20)),
    ("per_head", "people", "level", st.floats(0.5, 3.0)),
    ("share", "share", "level", st.floats(5.0, 95.0)),
]


def fan(name, seed, *, scale="log", middle=3.0):
    rng = np.random.default_rng(seed)
    known = np.array([[0.8], [0.9]]) * middle * np.exp(rng.normal(size=(2, PATHS)) / 50)
    draws = dict(zip((2021, 2022), known.tolist(), strict=True))
    observed = yearly({2021: 0.8 * middle, 2022: 0.9 * middle}, indicator=name, scale=scale, draws=draws)
    paths = middle * np.exp(rng.normal(size=(3, PATHS)).cumsum(axis=0) / 10)
    return Forecast(observed, pd.DataFrame(paths, index=yearly_index(YEARS)), "naive")


def _world():
    found = {name: fan(name, seed) for seed, name in enumerate(("visits", "spend", "people"))}
    found["growth"] = fan("growth", 4, scale="growth", middle=6.0)
    found["share"] = fan("share", 5, scale="logit", middle=40.0)
    for name, formula in (("revenue", "visits * spend"), ("per_head", "visits / people")):
        text = parse_formula(formula)
        found[name] = derive_forecast(fan(name, 6).observed, {part: found[part] for part in text.names}, text)
    last = found["visits"].observed.draws.iloc[-1:]
    observed = fan("visits_growth", 7, scale="growth").observed
    found["visits_growth"] = derive_forecast(observed, {"visits": found["visits"]}, Grown("visits", last))
    base = pd.DataFrame(np.full((3, PATHS), 100.0), index=yearly_index(YEARS))
    observed = fan("output", 8, middle=110.0).observed
    found["output"] = derive_forecast(observed, {"growth": found["growth"]}, Cumulated("growth", base))
    return found


WORLD = _world()


def goal(indicator="visits", measure="level", sense="at_least", value=4.0, **changed):
    start = 2023 if measure.startswith("term") else None
    return Target.model_validate(
        target(measure, sense, value, indicator_id=indicator, start=start, id=f"plan.{indicator}") | changed
    )


def asked(wanted, **options):
    return what_it_takes(None, None, WORLD, wanted, **options)


@pytest.mark.parametrize(("indicator", "lever", "measure", "values"), CASES)
@settings(max_examples=12)
@given(data=st.data(), sense=senses, chance=chances)
def test_every_turn_is_replayed_to_the_target(indicator, lever, measure, values, data, sense, chance):
    wanted = goal(indicator, measure, sense, data.draw(values))
    [row] = asked(wanted, chances=[chance], levers=[lever]).to_dict("records")
    if row["reason"] == "out_of_reach":
        assert indicator == "share" or measure == "growth"
        return
    assert row["reason"] == ""
    assert row["replayed"] == pytest.approx(wanted.value, rel=1e-6, abs=1e-6)
    points = lever in ("growth", "share")
    assert math.isnan(row["factor"]) == points
    turn = row["points"] if points else row["factor"]
    scenario = turn_levers(WORLD, {lever: turn}, shape=row["shape"], until=2025)
    after = apply_scenario(WORLD, scenario)
    at = chance if sense in ("at_most", "less_than") else 1 - chance
    reached = np.quantile(values_in_paths(wanted, after[indicator]), at)
    assert reached == pytest.approx(wanted.value, rel=1e-6, abs=1e-6)
    assert after[lever].paths.iloc[-1].median() == pytest.approx(row["level"], rel=1e-12)


@pytest.mark.parametrize(("indicator", "lever", "measure"), [case[:3] for case in CASES])
@settings(max_examples=8)
@given(low=st.floats(0.1, 0.85), more=st.floats(0.05, 0.1))
def test_a_higher_chance_takes_more(indicator, lever, measure, low, more):
    base = np.median(values_in_paths(goal(indicator, measure), WORLD[indicator]))
    found = asked(goal(indicator, measure, value=float(base)), chances=[low, low + more], levers=[lever])
    column = "points" if lever in ("growth", "share") else "factor"
    sign = -1 if lever == "people" else 1
    assert (found["reason"] == "").all()
    assert sign * found[column].iloc[1] > sign * found[column].iloc[0]


@given(value=st.floats(1.0, 20.0), chance=chances)
def test_of_an_amount_the_factor_is_the_target_over_what_is_reached(value, chance):
    found = asked(goal(value=value), chances=[chance])
    reached = np.quantile(WORLD["visits"].paths.iloc[-1], 1 - chance)
    assert found["factor"].tolist() == [pytest.approx(value / reached, rel=1e-12)]
    level = found["level"].iloc[0]
    growth = 100 * ((level / (0.9 * 3.0)) ** (1 / 3) - 1)
    assert found["growth"].iloc[0] == pytest.approx(growth)
    assert found["rarer_than"].iloc[0] == pytest.approx(pace_percentile(growth, years=3))


def test_a_derived_target_offers_the_primary_quantities_that_raise_it():
    assert list(dict.fromkeys(asked(goal("revenue"))["lever"])) == ["visits", "spend"]
    assert asked(goal("per_head", value=2.0))["lever"].unique().tolist() == ["visits"]
    assert asked(goal("per_head", value=2.0, sense="at_most"))["lever"].unique().tolist() == ["visits"]
    found = asked(goal("per_head", value=2.0), levers=["visits", "people"])
    assert found["lever"].tolist() == ["visits", "visits", "people", "people"]
    assert found["chance"].tolist() == [0.5, 0.8, 0.5, 0.8]
    assert (found.set_index("lever")["factor"] > 1).tolist() == [True, True, False, False]
    falling = found.iloc[2]
    assert falling["rarer_than"] == pytest.approx(pace_percentile(falling["growth"], years=3, better=-1))
    assert asked(goal("share", value=45.0))["lever"].unique().tolist() == ["share"]


def test_a_step_does_not_move_a_mean_growth_but_the_default_shape_does():
    wanted = goal("visits", "growth", value=20.0)
    assert asked(wanted)["shape"].tolist() == ["year", "year"]
    assert asked(wanted, shape="step")["reason"].tolist() == ["moves_nothing", "moves_nothing"]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (goal(sense="about", tolerance=0.1), "two_sided"),
        (goal(sense="between", value_high=5.0), "two_sided"),
        (goal(measure="yes_no", unit="yes_no"), "yes_no"),
        (goal("rooms"), "no_forecast"),
        (goal("elsewhere"), "no_forecast"),
        (goal(end=2022), "ended"),
        (goal(end=2030), "outside_years"),
    ],
)
def test_why_no_lever_is_told(wanted, reason):
    outcomes = WORLD | {"rooms": NotAssessed(None, "no_evidence", 4)}
    tables = [
        what_it_takes(None, None, outcomes, wanted),
        path_to(None, None, outcomes, wanted),
        frontier(None, None, outcomes, wanted, levers=("visits", "spend")),
    ]
    for table in tables:
        assert table["reason"].unique().tolist() == [reason]
        assert reason in REASONS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_words(lang):
    assert set(texts(lang)["needed"]["reasons"]) == set(REASONS)


def test_what_a_lever_cannot_bring_is_out_of_reach():
    found = asked(goal("share", value=100.5))
    assert found["reason"].tolist() == ["out_of_reach"] * 2
    assert found[["points", "level", "replayed"]].isna().all(axis=None)
    past = asked(goal(measure="term_total", sense="at_most", value=2.0, start=2021))
    assert past["reason"].tolist() == ["out_of_reach"] * 2


def test_slips_are_told_in_words():
    with pytest.raises(SapaError, match=r"a chance of 0, 1\.5; wanted above 0 and below 1"):
        asked(goal(), chances=[0, 0.5, 1.5])
    with pytest.raises(
        SapaError, match=r'"visit" does not move plan\.revenue: revenue follows from visits, spend'
    ):
        asked(goal("revenue"), levers=["visit"])
    with pytest.raises(SapaError, match='"plan" is the id of a target of a project'):
        asked("plan")
    with pytest.raises(SapaError, match="wanted two levers and 2 points at least"):
        frontier(None, None, WORLD, goal("revenue"), levers=("visits", "visits"))


LINK = Link(area="sa_pa", of="revenue", to="growth", elasticity=0.3, sd=0.1, low=0.0, high=0.9)


@pytest.mark.parametrize(
    ("indicator", "measure"), [("growth", "growth"), ("output", "level"), ("output", "growth")]
)
@pytest.mark.parametrize("sense", ["at_least", "at_most"])
def test_a_link_makes_a_lever_of_what_is_followed(indicator, measure, sense):
    start = np.median(values_in_paths(goal(indicator, measure), WORLD[indicator]))
    wanted = goal(indicator, measure, sense, float(start) * 1.05)
    assert asked(wanted, links=[LINK])["lever"].unique().tolist() == ["growth"]
    with pytest.raises(SapaError, match=f"{indicator} (follows from growth;|has no lever but itself)"):
        asked(wanted, levers=["visits"])
    elsewhere = LINK.model_copy(update={"area": "lao_cai"})
    with pytest.raises(SapaError, match=f"{indicator} (follows from growth;|has no lever but itself)"):
        asked(wanted, levers=["visits"], links=[elsewhere])
    [row] = asked(wanted, levers=["spend"], links=[LINK], chances=[0.6]).to_dict("records")
    scenario = turn_levers(WORLD, {"spend": row["factor"]}, shape=row["shape"], until=2025)
    after = apply_scenario(WORLD, scenario, links=[LINK])
    reached = np.quantile(values_in_paths(wanted, after[indicator]), 0.4 if sense == "at_least" else 0.6)
    assert row["replayed"] == pytest.approx(wanted.value, rel=1e-6)
    assert reached == pytest.approx(wanted.value, rel=1e-6)
    mixes = frontier(None, None, WORLD, wanted, levers=("growth", "spend"), n=3, links=[LINK])
    assert (mixes["off"] <= 1e-6).all()


def test_the_rest_of_a_running_year_needs_more_than_the_year():
    known = WORLD["visits"]
    running = replace(known, observed=replace(known.observed, as_of=date(2023, 6, 30)))
    this_year = what_it_takes(None, None, {"visits": running}, goal(end=2023, value=4.0))
    left = 184 / 365
    np.testing.assert_allclose(1 + (this_year["rest_of_year"] - 1) * left, this_year["factor"])
    later = what_it_takes(None, None, {"visits": running}, goal(end=2024, value=4.0))
    assert later["rest_of_year"].isna().all()
    assert asked(goal(end=2023))["rest_of_year"].isna().all()  # no day is known


def test_a_year_that_has_ended_is_not_turned_even_if_no_figure_of_it_is_known():
    known = WORLD["visits"]
    late = {"visits": replace(known, observed=replace(known.observed, as_of=date(2024, 1, 15)))}
    this_year = what_it_takes(None, None, late, goal(end=2023))
    assert this_year["reason"].tolist() == ["ended", "ended"]
    path = path_to(None, None, late, goal(end=2025))
    assert path["year"].tolist() == [2024, 2025]
    assert path["factor"].iloc[0] - 1 == pytest.approx((path["factor"].iloc[1] - 1) / 2)
    start = known.paths.median(axis=1).iloc[0]
    assert path["growth"].iloc[0] == pytest.approx(100 * (path["level"].iloc[0] / start - 1))
    total = what_it_takes(None, None, late, goal(measure="term_total", value=12.0), chances=[0.5])
    factor = total["factor"].iloc[0]
    turned = known.paths.to_numpy() * np.array([[1], [factor], [factor]])
    assert np.median(turned.sum(axis=0)) == pytest.approx(12.0)


def test_a_known_target_is_named_by_its_id(tables, params):
    params = params.with_values(n_paths=200)
    base = forecast_area(tables, params)
    found = what_it_takes(tables, params, base, "congress-2020.tourism_revenue")
    assert found["lever"].unique().tolist() == ["tourist_arrivals", "spend_per_visit"]
    assert found["replayed"].tolist() == [pytest.approx(27_000, rel=1e-6)] * 4
    budget = what_it_takes(tables, params, base, "congress-2020.state_budget_revenue")
    assert budget["lever"].unique().tolist() == ["state_budget_revenue"]
    with pytest.raises(
        SapaError, match=r'no known target "congress-2020\.tourism_revenu" of sa_pa; did you mean'
    ):
        what_it_takes(tables, params, base, "congress-2020.tourism_revenu")


@pytest.mark.parametrize(("indicator", "lever", "measure"), [case[:3] for case in CASES])
def test_a_path_is_a_ramp_that_brings_the_target(indicator, lever, measure):
    base = float(np.median(values_in_paths(goal(indicator, measure), WORLD[indicator])))
    wanted = goal(indicator, measure, value=base * 1.05)
    path = path_to(None, None, WORLD, wanted, lever=lever, chance=0.6)
    assert path["year"].tolist() == list(YEARS)
    assert path["replayed"].tolist() == [pytest.approx(wanted.value, rel=1e-6)] * 3
    turns = path["points"] if lever in ("growth", "share") else path["factor"] - 1
    np.testing.assert_allclose(turns, turns.iloc[-1] * np.array([1, 2, 3]) / 3)
    if lever in ("visits", "spend"):
        levels = np.array([0.9 * 3.0, *path["level"]])
        np.testing.assert_allclose(path["growth"], 100 * (levels[1:] / levels[:-1] - 1))
        paces = 100 * ((levels[1:] / levels[0]) ** (1 / np.array([1, 2, 3])) - 1)
        np.testing.assert_allclose(path["pace"], paces)
        rarity = [pace_percentile(pace, years=n) for n, pace in enumerate(paces, start=1)]
        assert path["rarer_than"].tolist() == pytest.approx(rarity)


@settings(max_examples=10)
@given(value=st.floats(6.0, 30.0), chance=chances, n=st.integers(2, 6))
def test_a_frontier_trades_one_lever_for_the_other(value, chance, n):
    mixes = frontier(
        None,
        None,
        WORLD,
        goal("revenue", value=value),
        levers=("visits", "spend"),
        chance=chance,
        n=n,
        links=(),
    )
    assert len(mixes) == n
    assert (mixes["off"] <= 1e-6).all()
    whole = value / np.quantile(WORLD["revenue"].paths.iloc[-1], 1 - chance)
    assert mixes["factor_1"].iloc[[0, -1]].tolist() == [1.0, pytest.approx(whole)]
    assert mixes["factor_2"].iloc[[0, -1]].tolist() == [pytest.approx(whole), pytest.approx(1.0)]
    if abs(whole - 1) > 1e-6:
        upward = 1 if whole > 1 else -1
        assert (upward * mixes["factor_1"].diff().dropna() > 0).all()
        assert (upward * mixes["factor_2"].diff().dropna() < 0).all()
    np.testing.assert_allclose(mixes["factor_1"] * mixes["factor_2"], whole)
    nearest = mixes.loc[mixes["likeliest"], "entropy"]
    assert (nearest == mixes["entropy"].min()).all()


def test_without_visits_and_spend_behind_a_forecast_there_is_no_mix_of_them():
    [row] = frontier(None, None, WORLD, goal("output", value=130.0)).to_dict("records")
    assert (row["lever_1"], row["lever_2"]) == ("tourist_arrivals", "spend_per_visit")
    assert row["reason"] == "moves_nothing"


def test_a_lever_outside_all_paths_is_told():
    paths = WORLD["visits"].paths.to_numpy()[-1]
    last = int(WORLD["visits"].paths.index.year[-1])
    far = goal("visits", value=float(paths.max() * 2), end=last)
    row = what_it_takes(None, None, WORLD, far, chances=[0.5]).iloc[0]
    assert (row["word"], row["beyond"]) == ("outside", 0.0)
    near = what_it_takes(
        None, None, WORLD, goal("visits", value=float(np.median(paths)), end=last), chances=[0.5]
    )
    assert near["word"].tolist() == ["usual"]


def test_a_lever_of_itself_alone_is_told_so():
    with pytest.raises(
        SapaError, match=r'"visit" does not move plan\.visits: visits has no lever but itself'
    ):
        what_it_takes(None, None, WORLD, goal("visits", value=1.0), levers=["visit"])


def test_the_ends_of_a_frontier_are_the_levers_alone():
    wanted = goal("output", value=130.0)
    with pytest.raises(SapaError, match='"visits" does not move'):
        frontier(None, None, WORLD, wanted, levers=("growth", "visits"))
    alone = asked(goal("per_head", value=2.0), chances=[0.7], levers=["visits", "people"]).set_index("lever")
    mixes = frontier(
        None, None, WORLD, goal("per_head", value=2.0), levers=("visits", "people"), chance=0.7, n=3, links=()
    )
    assert mixes["factor_1"].iloc[-1] == pytest.approx(alone.loc["visits", "factor"])
    assert mixes["factor_2"].iloc[0] == pytest.approx(alone.loc["people", "factor"])
    assert mixes["level_1"].iloc[-1] == pytest.approx(alone.loc["visits", "level"])
    assert mixes["rarer_than_1"].iloc[-1] == pytest.approx(alone.loc["visits", "rarer_than"])
