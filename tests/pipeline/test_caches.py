"""Caches see changed tables, cannot be poisoned, and hold only what matters; memory alone, without a store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sapa_analysis import forecast_area
from sapa_analysis.core import NotAssessed, Params
from sapa_analysis.evidence import content_of, vintage
from sapa_analysis.pipeline import (
    area,
    asked,
    assess,
    assess_indicator,
    assess_targets,
    build_area,
    load_project,
)
from sapa_analysis.series import build_series, joint
from sapa_analysis.series.statement import measured

pytest_plugins = ["loaded"]

#: Each choice that no forecast needs, as it stands nowhere in the project.
JUDGING = {
    "documents": ["congress-2020", "resolution-2023"],
    "scenarios": ["base"],
    "links": [],
    "editions": ["2024-01-15"],
    "widest_points": 20.0,
    "widest_factor": 5.0,
    "about_relative": 0.125,
}
#: Each choice that no series needs, likewise.
AHEAD = {"horizon": 4, "method": "naive", "min_years": 2, "gap_closing": 0.35, "shock_chance": 0.15}
#: An indicator whose yearly plans inform its series.
PLANNED = "state_budget_revenue"


@pytest.fixture(autouse=True)
def no_store(monkeypatch):
    """Let everything be solved here: the store would know it from another run."""
    monkeypatch.setenv("SAPA_STORE", "off")


@pytest.fixture(scope="session")
def tables():
    return replace(load_project(), store=None)


@pytest.fixture
def few(params):
    return params.with_values(
        n_paths=100, horizon=3, subjects={"budget": [PLANNED]}, documents=["resolution-2023"]
    )


@pytest.fixture
def solved(monkeypatch):
    """Return the families solved since, by their first quantity."""
    found = []
    build_joint = area.build_joint

    def build(vintage, family, *others, **more):
        found.append(family.primaries[0])
        return build_joint(vintage, family, *others, **more)

    monkeypatch.setattr(area, "build_joint", build)
    return found


def afresh(function, *asked):
    """Return an answer that no cache has seen."""
    for kept in (
        area._built,
        area._foreseen,
        area._correlated,
        assess._alone,
        joint._solved,
        joint._drawn,
        measured,
        vintage._narrowed,
        vintage._said,
    ):
        kept.cache_clear()
    return function(*asked)


def same(found: dict, other: dict) -> bool:
    """Return whether two sets of series or forecasts are alike to the last bit."""
    if found.keys() != other.keys():
        return False
    tables = ["table", "draws"] if hasattr(next(iter(found.values())), "draws") else ["paths"]
    return all(getattr(found[name], at).equals(getattr(other[name], at)) for name in found for at in tables)


def town(project, params):
    return build_area(project, params)["sa_pa"]


def province(project, params):
    return build_area(project, params)["lao_cai"]


# changed tables -------------------------------------------------------------------------------------------


def raise_figures(project):
    named = project.evidence["indicator_id"].isin(["tourist_arrivals", PLANNED])
    project.evidence.loc[named & project.evidence["area"].isin(["sa_pa", "lao_cai"]), "value"] *= 1.1


def raise_prices(project):
    project.covariates.loc[::2, "value"] *= 1.1


def free_growth(project):
    project.indicators.loc["tourist_arrivals", "scale"] = "level"


def raise_plans(project):
    project.targets[:] = [
        target.model_copy(update={"value": 1.1 * target.value}) if target.indicator_id == PLANNED else target
        for target in project.targets
    ]


def test_a_table_changed_in_place_is_seen_by_the_next_call(few):
    project, other = load_project(), load_project()
    asked = few.with_values(as_of="2024-01-15", horizon=2)
    assert PLANNED in asked.plans_inform
    seen = [town(project, asked)]
    for change in (raise_figures, raise_prices, raise_plans):
        change(project)
        change(other)
        seen.append(town(project, asked))
        assert not same(seen[-1], seen[-2])
    assert same(afresh(town, other, asked), seen[-1])
    wanted = forecast_area(other, asked)
    assert same(forecast_area(project, asked), wanted)


@pytest.mark.parametrize("change", [raise_figures, free_growth])
def test_a_table_changed_in_place_is_seen_on_the_plain_path(tables, change):
    project = replace(tables, evidence=tables.evidence.copy(), indicators=tables.indicators.copy())
    known = project.as_of("2023-06-30")
    before = build_series(known, "tourist_arrivals", area="sa_pa")
    change(known)
    after = build_series(known, "tourist_arrivals", area="sa_pa")
    assert not after.table.equals(before.table)
    change(project)
    assert build_series(project.as_of("2023-06-30"), "tourist_arrivals", area="sa_pa").table.equals(
        after.table
    )


def test_a_change_in_what_a_day_shows_leaves_the_project_and_other_days_as_they_are(tables):
    before = tables.as_of("2023-06-30").statements
    known = tables.as_of("2023-06-30")
    raise_figures(known)
    assert tables.as_of("2023-06-30").statements.equals(before)
    assert not known.statements.equals(before)


def test_a_table_changed_back_gives_the_first_answer(tables, few):
    project = replace(tables, evidence=tables.evidence.copy())
    before, values = town(project, few), project.evidence["value"].copy()
    raise_figures(project)
    town(project, few)
    project.evidence["value"] = values
    assert same(town(project, few), before)


def test_days_between_which_nothing_was_published_share_what_is_solved(tables, few):
    days = [few.with_values(area="lao_cai", as_of=f"2022-{day}") for day in ("10-31", "11-30", "12-30")]
    afresh(province, tables, days[0])
    found = [province(tables, day) for day in days]
    assert found[0]
    assert joint._solved.cache_info().misses < len(days) * len(area.families_of(tables, few))
    for day, series in zip(days, found, strict=True):
        assert same(afresh(province, tables, day), series)
        assert {each.as_of for each in series.values()} == {day.as_of}


def test_another_number_of_draws_or_seed_solves_nothing_again(tables, few):
    afresh(town, tables, few)
    once = joint._solved.cache_info().misses
    for change in ({"n_paths": 150}, {"seed": 7}):
        found = town(tables, few.with_values(**change))
        assert joint._solved.cache_info().misses == once
        assert same(afresh(town, tables, few.with_values(**change)), found)


@pytest.mark.parametrize("name", ["evidence", "indicators", "areas", "covariates", "definitions"])
def test_a_cell_of_any_table_changed_in_place_is_another_vintage(tables, name):
    known = replace(tables, **{name: getattr(tables, name).copy()})
    before = known.keyed()
    assert known.keyed() == before == tables.keyed()
    table = getattr(known, name)
    table.loc[table.index[-1], "name_vi" if name in ("indicators", "areas") else "published"] = "2011"
    assert known.keyed() != before
    assert known.as_of("2012").fingerprint() != tables.as_of("2012").fingerprint()
    assert known.as_of("2012").keyed() == replace(known.as_of("2012"), day=known.as_of("2012").day).keyed()


def test_the_content_of_statements_is_the_same_until_one_of_them_changes(tables):
    known = replace(tables, evidence=tables.evidence.copy())
    asked = ("tourist_arrivals",), "sa_pa"
    before = content_of(known.keyed(), *asked)
    other = known.evidence["indicator_id"] == "forest_cover"
    known.evidence.loc[other, "value"] *= 1.1
    assert content_of(known.keyed(), *asked) == before
    raise_figures(known)
    assert content_of(known.keyed(), *asked) != before


# poison ---------------------------------------------------------------------------------------------------


def test_what_the_caller_does_to_an_answer_changes_no_other_answer(tables, few):
    before, ahead = town(tables, few), forecast_area(tables, few)
    kept = {name: (known.table.copy(), known.draws.copy()) for name, known in before.items()}
    paths = {name: fan.paths.copy() for name, fan in ahead.items()}
    for known in before.values():
        known.table["estimate"] = 0.0
        known.draws.iloc[:] = 0.0
        known.observations["value"] = 0.0
    for fan in ahead.values():
        fan.paths.iloc[:] = 0.0
        fan.observed.table["best"] = 0.0
        for part in fan.parts.values():
            part.paths.iloc[:] = 0.0
    before.clear()
    ahead.clear()
    for name, known in town(tables, few).items():
        assert known.table.equals(kept[name][0])
        assert known.draws.equals(kept[name][1])
        assert known.observations.empty or (known.observations["value"] != 0).any()
    for name, fan in forecast_area(tables, few).items():
        assert fan.paths.equals(paths[name])
        assert not (fan.observed.table["best"] == 0).all()
    one = assess_indicator(tables, few, PLANNED)
    one.paths.iloc[:] = 0.0
    assert assess_indicator(tables, few, PLANNED).paths.equals(paths[PLANNED])


def test_statements_belong_to_the_caller(tables):
    mine = tables.statements
    mine["value"] = 0.0
    visits = tables.statements_on(["tourist_arrivals"], "sa_pa")
    visits["value"] = 0.0
    assert (tables.statements["value"] != 0).any()
    assert (tables.statements_on(["tourist_arrivals"], "sa_pa")["value"] != 0).all()


# what matters ---------------------------------------------------------------------------------------------


def test_what_is_said_to_matter_to_nothing_does(tables, few):
    assert set(JUDGING) | {"subjects"} == asked.JUDGING
    assert set(AHEAD) == asked.AHEAD
    base = afresh(forecast_area, tables, few)
    assert same(afresh(forecast_area, tables, few.with_values(**JUDGING)), base)
    series = afresh(town, tables, few)
    assert same(afresh(town, tables, few.with_values(**JUDGING | AHEAD)), series)
    assert not same(forecast_area(tables, few.with_values(**AHEAD)), base)


def test_other_targets_tolerances_or_scenarios_solve_nothing_again(tables, few, solved):
    afresh(forecast_area, tables, few)
    once = len(solved)
    assert once == len(area.families_of(tables, few))
    grouped = {"all": few.core}
    for change in (JUDGING, {"subjects": grouped}, AHEAD, {"method": "theta"}):
        forecast_area(tables, few.with_values(**change))
        town(tables, few.with_values(**change))
    assess_indicator(tables, few.with_values(**JUDGING), PLANNED)
    assert len(solved) == once


def test_tables_read_again_are_the_same_tables(tables, few, solved):
    town(tables, few)
    once = len(solved)
    again = load_project()
    town(again, few)
    town(replace(again, evidence=again.evidence.copy(deep=True)), few)
    assert len(solved) == once
    raise_figures(again)
    town(again, few)
    assert len(solved) > once


def test_every_choice_is_sorted():
    named = set(Params.model_fields)
    assert named >= asked.JUDGING | asked.AHEAD
    assert not asked.JUDGING & asked.AHEAD


def test_results_follow_their_outcomes(tables, few):
    known = {name: NotAssessed(None, "no_evidence", 1) for name in tables.indicators.index if name != PLANNED}
    results = assess_targets(tables, few.with_values(documents=["congress-2020"]), known=known)
    goal = "congress-2020.state_budget_revenue"
    before = results.attained[goal].mean()
    results.outcomes[PLANNED].paths.iloc[:] = 0.0
    assert 0 < before < 1
    assert results.attained[goal].mean() == 0


@pytest.mark.parametrize(
    "change", [{"shock_years": []}, {"seed": 7}, {"n_paths": 200}, {"as_of": "2024-01-15"}]
)
def test_a_series_of_its_own_follows_every_choice(tables, few, change):
    first = assess_indicator(tables, few, "handicraft_output").observed
    other = assess_indicator(tables, few.with_values(**change), "handicraft_output").observed
    assert not other.draws.equals(first.draws)
    assert assess_indicator(tables, few, "handicraft_output").observed.draws.equals(first.draws)
