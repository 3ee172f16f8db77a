"""Own scenarios beside those of the files: kept by name, compared in every table, refused where unsound."""

import pytest

from sapa_analysis import Scenario, apply_scenario, assess_indicator, keep, scenario, under_scenarios
from sapa_analysis.core import LANGUAGES, ParamsError, SapaError
from sapa_analysis.pipeline import left_out, slips
from sapa_analysis.reporting import describe_slips

pytest_plugins = ["loaded"]


@pytest.fixture(scope="module")
def asked(params):
    return params.with_values(
        n_paths=100, scenarios=["low", "base"], subjects={"tourism": ["tourism_revenue"]}
    )


@pytest.fixture(scope="module")
def base(tables, asked):
    return {"tourism_revenue": assess_indicator(tables, asked, "tourism_revenue")}


def test_kept_scenarios_are_compared_after_those_chosen_in_the_order_given(tables, asked, base):
    dearer = scenario("spend +10 %", spend_per_visit="+10%")
    fewer = scenario("arrivals -5 %", tourist_arrivals="-5%")
    project, params = keep(tables, asked, dearer, fewer)
    assert params.scenarios == ["low", "base", "spend +10 %", "arrivals -5 %"]
    ahead = under_scenarios(project, params, base)
    assert list(ahead) == params.scenarios
    for name, factor in (("spend +10 %", 1.1), ("arrivals -5 %", 0.95)):
        ratio = ahead[name]["tourism_revenue"].paths / base["tourism_revenue"].paths
        assert ratio.to_numpy() == pytest.approx(factor, rel=1e-12)


def test_the_project_and_the_parameters_that_were_given_stay(tables, asked):
    before = dict(tables.scenarios), list(asked.scenarios)
    keep(tables, asked, scenario("more", spend_per_visit="+10%"))
    assert (tables.scenarios, asked.scenarios) == before


def test_a_kept_scenario_takes_the_place_of_an_earlier_one_of_its_name(tables, asked):
    project, params = keep(tables, asked, scenario("mine", spend_per_visit="+10%"))
    project, params = keep(project, params, scenario("mine", spend_per_visit="+20%"))
    assert params.scenarios == ["low", "base", "mine"]
    assert project.scenarios["mine"].adjustments[0].always == 1.2


def test_every_problem_of_kept_scenarios_is_told_at_once(tables, asked):
    derived = scenario("one", tourism_revenue="+10%")
    elsewhere = scenario("two", area="sa_pha", spend_per_visit="+10%")
    unknown = scenario("three", arrivals="+10%", length_of_stay="+10%")
    with pytest.raises(ParamsError) as caught:
        keep(tables, asked, derived, elsewhere, unknown, Scenario(name="base"))
    assert [(each.column, each.message) for each in caught.value.problems] == [
        ("base", "is the name of the baseline"),
        ("one", "tourism_revenue is derived; adjust what it follows from"),
        ("three", '"arrivals" is unknown; did you mean tourist_arrivals?'),
        ("three", '"length_of_stay" is unknown; there is no such lever: nothing follows from average_stay; its field '
                  "has tourist_arrivals, spend_per_visit, international_share"),
        ("two", '"sa_pha" is unknown; did you mean sa_pa?'),
    ]  # fmt: skip


def test_in_play_too_what_is_no_lever_is_told_so(base):
    with pytest.raises(SapaError, match='"length_of_stay" is unknown; there is no such lever'):
        apply_scenario(base, scenario("longer", length_of_stay="+10%"))


def test_what_is_no_scenario_is_told(tables, asked):
    with pytest.raises(ParamsError, match="wanted scenarios of your own; found 'low'"):
        keep(tables, asked, "low")


def test_a_kept_scenario_that_does_not_hold_is_left_out_with_its_reason(tables, asked, base):
    late = scenario("late", judged_on="2024-01-15", spend_per_visit="+10%")
    project, params = keep(tables, asked, late)
    assert left_out(project, params, base) == {
        "late": "its reasons were known on 2024-01-15, not yet on 2023-06-30"
    }
    assert "late" not in under_scenarios(project, params, base)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_kept_scenario_says_to_no_effect_is_told(tables, asked, base, lang):
    slip = scenario("slip", tourist_arrivals={2019: "+5%", 2024: "+500", 2025: "+5%", 2035: "+5%"})
    project, params = keep(tables, asked, slip)
    found = slips(project, params, base)
    told = describe_slips(found, project.scenarios, lang=lang)
    assert list(found) == ["slip"]
    assert len(told) == 2
    assert "2019, 2035" in told[0]
    assert "2024" in told[1]
    assert (told[0] == "slip: no forecast has 2019, 2035 ahead.") == (lang == "en")


def test_shipped_scenarios_say_nothing_in_vain(tables, asked, base):
    assert slips(tables, asked, base) == {}
