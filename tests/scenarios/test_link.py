"""Links: what follows another quantity under a scenario, by how much, and what stays as it was."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sapa_analysis import forecast_area, scenario, under_scenarios
from sapa_analysis.core import (
    Forecast,
    Link,
    NotAssessed,
    ParamsError,
    SapaError,
    load_params,
    yearly_index,
    years_of,
)
from sapa_analysis.forecasting import Closed, derive_forecast
from sapa_analysis.forecasting.derivation import Cumulated
from sapa_analysis.pipeline import check_names
from sapa_analysis.scenarios import apply_scenario, elasticities, follow, stated_years

pytest_plugins = ["loaded"]

YEARS = (2023, 2024, 2025)
LINK = Link(of="visits", to="output", elasticity=0.2, sd=0.1, low=0.0, high=0.6)
grids = st.lists(st.lists(st.floats(1, 1e6), min_size=4, max_size=4), min_size=3, max_size=3)
rates = st.lists(st.lists(st.floats(-30, 40), min_size=4, max_size=4), min_size=3, max_size=3)
factors = st.floats(0.05, 20)
years = st.sampled_from(YEARS)


@st.composite
def laws(draw):
    low, high = sorted((draw(st.floats(0, 2)), draw(st.floats(2.01, 4))))
    mean = low + draw(st.floats(0.05, 0.95)) * (high - low)
    widest = ((mean - low) * (high - mean)) ** 0.5
    sd = draw(st.sampled_from([0.0]) | st.floats(0.01, 0.9)) * widest
    return Link(of="visits", to="output", elasticity=mean, sd=sd, low=low, high=high)


def fan(name, rows, *, scale="log", area="town", first=YEARS[0]):
    observed = replace(yearly({first - 2: 10.0, first - 1: 12.0}, indicator=name, scale=scale), area=area)
    index = yearly_index(range(first, first + len(rows)))
    return Forecast(observed, pd.DataFrame(rows, index=index, dtype=float), "naive")


def times(outcomes, name, by):
    """Return outcomes with one quantity multiplied, by a number or by one for each year."""
    paths = outcomes[name].paths
    by = (
        pd.Series(by, index=paths.index, dtype=float)
        if np.isscalar(by)
        else pd.Series(by).set_axis(paths.index)
    )
    return outcomes | {name: replace(outcomes[name], paths=paths.mul(by, axis=0))}


def pair(visits, output, **how):
    return {"visits": fan("visits", visits), "output": fan("output", output, **how)}


def same(one, other):
    np.testing.assert_array_equal(one.paths, other.paths)


# laws -----------------------------------------------------------------------------------------------------


@given(grids, rates, laws(), st.sampled_from(["log", "growth"]))
def test_without_a_change_nothing_moves_bit_for_bit(visits, output, link, scale):
    before = pair(visits, np.abs(output) + 1 if scale == "log" else output, scale=scale)
    after = follow(before, times(before, "visits", 1.0), [link])
    assert list(after) == list(before)
    for name, outcome in before.items():
        same(after[name], outcome)


@given(grids, grids, laws(), factors)
def test_an_amount_moves_by_the_ratio_to_the_power_of_the_paths_elasticity(visits, output, link, factor):
    before = pair(visits, output)
    after = follow(before, times(before, "visits", factor), [link])
    ratio = after["output"].paths / before["output"].paths
    np.testing.assert_allclose(ratio, np.tile(factor ** elasticities(link, 4), (3, 1)), rtol=1e-9)
    same(after["visits"], times(before, "visits", factor)["visits"])


@given(grids, grids, laws(), factors, factors)
def test_more_is_never_less(visits, output, link, one, other):
    before = pair(visits, output)
    less, more = (follow(before, times(before, "visits", by), [link]) for by in sorted((one, other)))
    assert (less["output"].paths <= more["output"].paths * (1 + 1e-12)).all(axis=None)


@given(grids, rates, laws(), factors, factors, st.sampled_from(["log", "growth"]))
def test_two_changes_one_after_the_other_are_their_product(visits, output, link, one, other, scale):
    before = pair(visits, np.abs(output) + 1 if scale == "log" else output, scale=scale)
    once = follow(before, times(before, "visits", one * other), [link])
    first = follow(before, times(before, "visits", one), [link])
    twice = follow(first, times(first, "visits", other), [link])
    np.testing.assert_allclose(twice["output"].paths, once["output"].paths, rtol=1e-9, atol=1e-9)


@given(grids, grids, laws(), factors, factors)
def test_an_adjustment_of_what_follows_and_the_link_may_change_places(visits, output, link, factor, own):
    before = pair(visits, output)
    moved = follow(before, times(times(before, "visits", factor), "output", own), [link])
    later = times(follow(before, times(before, "visits", factor), [link]), "output", own)
    np.testing.assert_allclose(moved["output"].paths, later["output"].paths, rtol=1e-12)


@given(grids, rates, laws(), st.lists(factors, min_size=3, max_size=3))
def test_a_growth_rate_moves_as_the_amount_behind_it(visits, growth, link, by):
    before = pair(visits, growth, scale="growth")
    after = follow(before, times(before, "visits", by), [link])
    levels = [(1 + each["output"].paths / 100).cumprod() for each in (before, after)]
    wanted = np.array(by)[:, None] ** elasticities(link, 4)
    # A fall to a thousandth is -99.9 %: three of its digits are lost in the rate.
    np.testing.assert_allclose(levels[1] / levels[0], wanted, rtol=1e-6)


@given(grids, rates, laws(), years, factors)
def test_years_before_the_change_stay_bit_for_bit(visits, growth, link, year, factor):
    before = pair(visits, growth, scale="growth")
    by = [factor if each == year else 1.0 for each in YEARS]
    after = follow(before, times(before, "visits", by), [link])
    early = years_of(before["output"].paths) < year
    np.testing.assert_array_equal(after["output"].paths[early], before["output"].paths[early])
    later = (
        years_of(before["output"].paths) > year + 1
    )  # the year after returns to the level, and then all is as it was
    np.testing.assert_array_equal(after["output"].paths[later], before["output"].paths[later])


@given(grids, rates, grids, laws(), factors)
def test_what_derives_from_it_holds_its_identity_in_every_path(visits, growth, people, link, factor):
    before = pair(visits, growth, scale="growth")
    base = pd.DataFrame(1000.0, index=yearly_index(YEARS), columns=range(4))
    level = derive_forecast(
        fan("level", people).observed, {"output": before["output"]}, Cumulated("output", base)
    )
    before |= {"people": fan("people", people), "level": level}
    rule = _PerHead()
    before["head"] = derive_forecast(
        fan("head", people).observed, {"level": level, "people": before["people"]}, rule
    )
    after = follow(before, times(before, "visits", factor), [link])
    grown = base * (1 + after["output"].paths / 100).cumprod()
    np.testing.assert_allclose(after["level"].paths, grown, rtol=1e-12)
    np.testing.assert_allclose(after["head"].paths, grown / after["people"].paths, rtol=1e-12)
    assert after["people"] is before["people"]


class _PerHead:
    def __call__(self, values):
        return values["level"] / values["people"]


@given(laws(), st.sampled_from([100, 501, 2000]))
def test_elasticities_are_those_of_the_law_and_the_same_whenever_asked(link, n):
    drawn = elasticities(link, n)
    assert ((drawn >= link.low) & (drawn <= link.high)).all()
    assert drawn.mean() == pytest.approx(link.elasticity, abs=0.02 * (link.high - link.low))
    assert drawn.std() == pytest.approx(link.sd, abs=0.05 * (link.high - link.low))
    elasticities.cache_clear()
    np.testing.assert_array_equal(elasticities(link, n), drawn)


# examples -------------------------------------------------------------------------------------------------


def test_a_tenth_more_visits_at_an_elasticity_of_a_half_adds_a_twentieth_less_a_little():
    link = Link(of="visits", to="output", elasticity=0.5, sd=0.0, low=0.5, high=0.5)
    before = pair([[100.0], [100.0], [100.0]], [[5.0], [5.0], [5.0]], scale="growth")
    after = follow(before, times(before, "visits", [1.0, 1.1, 1.1]), [link])
    assert after["output"].paths[0].round(3).tolist() == [5.0, 10.125, 5.0]


def test_years_that_only_one_of_them_has_stay():
    before = {"visits": fan("visits", [[1.0], [1.0]], first=2024), "output": fan("output", [[1.0]] * 3)}
    link = LINK.model_copy(update={"sd": 0.0})
    after = follow(before, times(before, "visits", 2.0), [link])
    assert after["output"].paths[0].round(3).tolist() == [1.0, 1.149, 1.149]
    early = {
        "visits": fan("visits", [[1.0]] * 3),
        "output": fan("output", [[5.0]], first=2025, scale="growth"),
    }
    after = follow(early, times(early, "visits", 2.0), [link])
    assert after["output"].paths[0].round(2).tolist() == [20.61]  # from the known level of 2024


def test_paths_without_new_shocks_move_by_their_own_ratio():
    before = pair([[1.0], [1.0], [1.0]], [[1.0], [1.0], [1.0]])
    quiet = {name: replace(each, without_shocks=2 * each.paths) for name, each in before.items()}
    visits = replace(
        quiet["visits"], paths=quiet["visits"].paths * 2, without_shocks=quiet["visits"].paths * 6
    )
    link = LINK.model_copy(update={"sd": 0.0})
    after = follow(quiet, quiet | {"visits": visits}, [link])["output"]
    assert (after.paths.iloc[0, 0], after.without_shocks.iloc[0, 0]) == pytest.approx((2**0.2, 2 * 3**0.2))
    one = {"visits": visits, "output": before["output"]}
    assert follow(quiet | {"output": before["output"]}, one, [link])["output"].without_shocks is None


def test_a_link_of_another_area_or_of_what_is_not_there_does_nothing():
    before = pair([[1.0]] * 3, [[1.0]] * 3)
    moved = times(before, "visits", 2.0)
    for link in (
        LINK.model_copy(update={"area": "elsewhere"}),
        LINK.model_copy(update={"of": "nights"}),
        LINK.model_copy(update={"to": "budget"}),
    ):
        assert follow(before, moved, [link])["output"] is before["output"]
    here = LINK.model_copy(update={"area": "town"})
    assert follow(before, moved, [here])["output"] is not before["output"]
    nothing = NotAssessed(None, "no_evidence", 1)
    assert follow(before | {"output": nothing}, moved | {"output": nothing}, [LINK])["output"] is nothing
    assert (
        follow(before | {"visits": nothing}, moved | {"visits": nothing}, [LINK])["output"]
        is before["output"]
    )


def test_from_nothing_there_is_no_ratio():
    before = pair([[0.0]] * 3, [[1.0]] * 3)
    moved = before | {"visits": replace(before["visits"], paths=before["visits"].paths + 5)}
    same(follow(before, moved, [LINK])["output"], before["output"])


def test_what_has_come_to_nothing_leaves_growth_a_number():
    rows = [[4.0, 5.0], [4.0, 5.0], [4.0, 5.0]]
    base = {"visits": fan("visits", rows), "growth": fan("growth", rows, scale="growth")}
    gone = times(base, "visits", [1.0, 0.0, 0.0])
    found = follow(base, gone, [LINK.model_copy(update={"to": "growth"})])["growth"].paths.to_numpy()
    np.testing.assert_array_equal(found, [[4.0, 5.0], [-100.0, -100.0], [4.0, 5.0]])


def test_two_links_to_one_quantity_multiply():
    before = pair([[1.0]] * 3, [[1.0]] * 3) | {"nights": fan("nights", [[1.0]] * 3)}
    links = [LINK.model_copy(update={"of": name, "sd": 0.0}) for name in ("visits", "nights")]
    after = follow(before, times(times(before, "visits", 2.0), "nights", 3.0), links)
    np.testing.assert_allclose(after["output"].paths, 6**0.2)


def test_shares_of_a_whole_and_levels_cannot_follow():
    before = pair([[1.0]] * 3, [[40.0]] * 3, scale="logit")
    with pytest.raises(
        SapaError, match=r"^output cannot follow another quantity: it is neither an amount nor a"
    ):
        follow(before, times(before, "visits", 2.0), [LINK])
    parts = {"output": before["output"], "rest": fan("rest", [[60.0]] * 3, scale="logit")}
    whole = before | {"output": derive_forecast(parts["output"].observed, parts, Closed("output"))}
    with pytest.raises(SapaError, match=r"^output cannot follow another quantity"):
        follow(whole, times(whole, "visits", 2.0), [LINK])


def test_what_is_derived_cannot_be_linked_only_what_it_follows_from():
    before = pair([[1.0]] * 3, [[5.0]] * 3, scale="growth")
    base = pd.DataFrame(1000.0, index=yearly_index(YEARS), columns=range(1))
    observed = fan("level", [[1.0]] * 3).observed
    before["level"] = derive_forecast(observed, {"output": before["output"]}, Cumulated("output", base))
    with pytest.raises(SapaError, match=r"^level follows from output; link visits to one of these$"):
        follow(before, times(before, "visits", 2.0), [LINK.model_copy(update={"to": "level"})])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"to": "visits"}, '"visits" needs no link to itself'),
        ({"low": 0.3}, "wanted an elasticity between low and high"),
        ({"high": 0.1}, "wanted an elasticity between low and high"),
        ({"sd": 0.3}, "wanted a smaller sd: no law between low and high is so wide around its mean"),
        ({"sd": 1e-9}, "wanted a wider sd, or 0 where the elasticity is known"),
        ({"low": -0.1}, "greater than or equal to 0"),
        ({"slope": 1}, "Extra inputs"),
    ],
)
def test_a_law_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Link(**LINK.model_dump() | change)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "sa_pa tourism_revenue grdp_growth stands more than once"),
        (
            {"of": "grdp_growth", "to": "state_budget_revenue"},
            "grdp_growth follows and is followed; a link has",
        ),
    ],
)
def test_links_that_repeat_or_form_a_chain_are_refused(tables, more, message):
    params = load_params(tables.root / "params/baseline.yml")
    links = [link.model_dump() for link in params.links]
    with pytest.raises(ParamsError, match=f"links: {message}"):
        params.with_values(links=[*links, links[0] | more])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"to": "grdp_grwth"}, "grdp_growth"),
        ({"of": "tourism_revnue"}, "tourism_revenue"),
        ({"area": "sapa"}, "sa_pa"),
    ],
)
def test_a_link_to_what_is_unknown_is_refused_with_the_nearest_name(tables, change, said):
    params = load_params(tables.root / "params/baseline.yml")
    links = [params.links[0].model_dump() | change]
    with pytest.raises(ParamsError, match=f"links: .* is unknown; did you mean {said}"):
        check_names(tables, params.with_values(links=links), [])


# in scenarios ---------------------------------------------------------------------------------------------


@given(grids, rates, laws(), factors)
def test_a_year_that_is_stated_stays_and_later_growth_still_follows(visits, growth, link, factor):
    before = pair(visits, growth, scale="growth")
    by = [1.0, factor, factor**2]
    after = follow(before, times(before, "visits", by), [link], stated={"output": {2024}})["output"].paths
    np.testing.assert_array_equal(after.iloc[:2], before["output"].paths.iloc[:2])
    wanted = (100 + before["output"].paths.iloc[2]) * factor ** elasticities(link, 4) - 100
    np.testing.assert_allclose(after.iloc[2], wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [("= 9", 9.0), ("+1 points", 107 * 1.1**0.2 - 100), ("x 1.1", 106.6 * 1.1**0.2 - 100)],
)
def test_what_a_scenario_states_is_not_moved_again(said, wanted):
    before = pair([[5.0]] * 3, [[6.0]] * 3, scale="growth")
    chosen = scenario("both", visits={2024: "+10%", 2025: "+10%"}, output={2024: said})
    link = LINK.model_copy(update={"sd": 0.0})
    linked = apply_scenario(before, chosen, links=[link])["output"].paths[0]
    assert linked.to_numpy() == pytest.approx([6.0, wanted, 6.0])
    assert stated_years(before, chosen) == ({"output": {2024}} if said == "= 9" else {})


def test_without_links_a_scenario_moves_only_what_it_names():
    before = pair([[5.0]] * 3, [[6.0]] * 3)
    after = apply_scenario(before, scenario("more", visits="+10%"))
    same(after["output"], before["output"])


@pytest.fixture(scope="module")
def town(tables):
    params = load_params(tables.root / "params/baseline.yml").with_values(n_paths=200)
    return forecast_area(tables, params), params.links


def test_output_of_the_town_follows_tourism_and_budget_revenue_does_not(town):
    base, links = town
    after = apply_scenario(base, scenario("more", tourist_arrivals="+20%"), links=links)
    ratio = {name: (after[name].paths / base[name].paths).to_numpy() for name in ("grdp", "grdp_per_capita")}
    wanted = np.tile(1.2 ** elasticities(links[0], 200), (len(base["grdp"].paths), 1))
    for each in ratio.values():
        np.testing.assert_allclose(each, wanted, rtol=1e-9)
    same(after["state_budget_revenue"], base["state_budget_revenue"])
    same(after["population"], base["population"])


def test_every_scenario_of_the_town_gives_a_path_the_same_elasticity(town):
    base, links = town
    drawn = []
    for change in ("+20%", "-15%"):
        after = apply_scenario(base, scenario("one", spend_per_visit=change), links=links)
        moved = {name: np.log(after[name].paths / base[name].paths) for name in ("grdp", "tourism_revenue")}
        drawn.append((moved["grdp"] / moved["tourism_revenue"]).iloc[-1])
    np.testing.assert_allclose(drawn[0], drawn[1], rtol=1e-6)
    np.testing.assert_allclose(drawn[0], elasticities(links[0], 200), rtol=1e-6)


def test_a_scenario_of_the_town_that_changes_nothing_changes_nothing_bit_for_bit(town):
    base, links = town
    for each in (scenario("none"), scenario("by one", tourist_arrivals="x 1")):
        after = apply_scenario(base, each, links=links)
        for name, fan in base.items():
            same(after[name], fan)


def test_scenarios_of_the_project_are_compared_with_its_links(tables):
    params = load_params(tables.root / "params/baseline.yml").with_values(n_paths=200)
    base = forecast_area(tables, params)
    high = under_scenarios(tables, params, base)["high"]
    unlinked = under_scenarios(tables, params.with_values(links=[]), base)["high"]
    assert (high["grdp_growth"].paths.to_numpy() != base["grdp_growth"].paths.to_numpy()).any()
    same(unlinked["grdp_growth"], base["grdp_growth"])
    same(high["tourism_revenue"], unlinked["tourism_revenue"])
    level = high["grdp"].paths / base["grdp"].paths
    grown = ((100 + high["grdp_growth"].paths) / (100 + base["grdp_growth"].paths)).cumprod()
    np.testing.assert_allclose(level, grown, rtol=1e-9)
