"""A series and a target of one's own, from numbers to pictures, without an entry in any table."""

from dataclasses import replace

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sapa_analysis as sapa
from sapa_analysis.core import SENSES, TargetsError
from sapa_analysis.scenarios import compare_scenarios, differences, split_by_cause

ROOMS = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="rooms_sold", dtype=float)


@pytest.fixture(scope="module")
def fan():
    return sapa.forecast(ROOMS, n_paths=400)


@pytest.fixture(autouse=True)
def closed():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_a_forecast_needs_no_more_than_the_series(fan):
    assert fan.paths.index.year.tolist() == [2020, 2021, 2022]
    again = sapa.forecast(ROOMS, horizon=3, n_paths=400, seed=1)
    pd.testing.assert_frame_equal(fan.paths, again.paths, check_exact=True)


def test_a_target_is_judged_in_the_unit_of_its_series(fan):
    verdict = sapa.judge_targets({"rooms_sold": fan}, sapa.target("rooms_sold", 160, by=2021)).iloc[0]
    share = float((fan.paths.loc["2021"] >= 160).to_numpy().mean())
    assert verdict["probability"] == pytest.approx(share)
    assert verdict["status"] == sapa.core.word_of(share)
    assert (verdict["id"], verdict["unit"], verdict["document"]) == ("own.rooms_sold.2021.160", "", "own")


def test_growth_of_an_amount_is_in_percent(fan):
    goal = sapa.target("rooms_sold", 5, by=2022, measure="growth")
    verdict = sapa.judge_targets({"rooms_sold": fan}, goal).iloc[0]
    growth = 100 * (fan.paths.loc["2022"] / fan.paths.loc["2021"] - 1)
    assert verdict["unit"] == "percent"
    assert verdict["probability"] == pytest.approx((growth >= 5).mean())


def test_a_what_if_of_one_line_goes_through_to_every_table(fan):
    base = {"rooms_sold": fan}
    more = sapa.scenario("more", rooms_sold="+10%")
    both = {"base": base, "more": sapa.apply_scenario(base, more)}
    compared = compare_scenarios(both, "rooms_sold").query("scenario == 'more'")
    assert compared["difference_percent"].tolist() == pytest.approx([10.0] * 3)
    apart = differences(both, "rooms_sold").query("kind == 'percent'")
    assert apart[["median", "lower_80", "upper_80"]].to_numpy() == pytest.approx(10.0)
    shares = split_by_cause(base, more, "rooms_sold")
    assert shares["value"].iloc[1] == pytest.approx(0.1 * shares["value"].iloc[0])
    goal = sapa.target("rooms_sold", 160, by=2021)
    chances = {
        name: sapa.judge_targets(outcomes, goal)["probability"].item() for name, outcomes in both.items()
    }
    assert chances["more"] == pytest.approx((1.1 * fan.paths.loc["2021"].to_numpy() >= 160).mean())
    assert chances["more"] > chances["base"]


@pytest.mark.parametrize(("lang", "named"), [("vi", "chỉ tiêu riêng: 160"), ("en", "own target: 160")])
def test_every_picture_is_drawn(fan, lang, named):
    base, goal = {"rooms_sold": fan}, sapa.target("rooms_sold", 160, by=2021)
    more = sapa.scenario("more", rooms_sold="+10%")
    both = {"base": base, "more": sapa.apply_scenario(base, more)}
    for axes in (
        fan.plot(goal, lang=lang),
        more.plot(base, "rooms_sold", goal, lang=lang),
        sapa.figures.plot_scenarios(
            {name: each["rooms_sold"] for name, each in both.items()}, goal, lang=lang
        ),
    ):
        assert named in [text.get_text() for text in axes.texts]
    waterfall = sapa.figures.plot_waterfall(split_by_cause(base, more, "rooms_sold"), lang=lang)
    assert [tick.get_text() for tick in waterfall.get_yticklabels()][0::2] == ["base", "more"]
    figure = sapa.figures.plot_difference(differences(both, "rooms_sold"), lang=lang)
    assert any(len(line.get_xdata()) >= 3 for axes in figure.axes for line in axes.lines)


@given(
    value=st.floats(1, 1e9),
    by=st.integers(1900, 2200),
    sense=st.sampled_from([sense for sense in SENSES if sense != "between"]),
)
def test_a_target_of_one_line_is_the_target_of_a_table(value, by, sense):
    row = {"id": "mine", "indicator_id": "visits", "area": "town", "measure": "level", "end": by, "sense": sense,
           "value": value, "unit": "visits", "document": "own"}  # fmt: skip
    [wanted] = sapa.core.as_targets(pd.DataFrame([row]))
    made = sapa.target("visits", value, by=by, sense=sense, unit="visits", area="town", name="mine")
    assert made.model_dump(exclude={"where"}) == wanted.model_dump(exclude={"where"})


@pytest.mark.parametrize(
    ("kwargs", "problems"),
    [
        ({"sense": "between"}, ["sense between needs a value_high above value"]),
        ({"value_high": 200}, ["sense at_least takes no value_high"]),
        ({"measure": "term_total"}, ["measure term_total needs a start before its end"]),
        ({"measure": "term_total", "start": 2025}, ["measure term_total needs a start before its end"]),
        ({"value": float("nan")}, ["value: wanted a number; found None"]),
        ({"value": "many"}, ["value: wanted a number; found 'many'"]),
        ({"value": True}, ["value: wanted no yes or no; found True"]),
        ({"by": 1500}, ["by: wanted at least 1900; found 1500"]),
        (
            {"by": "soon", "sense": "over"},
            ["by: wanted a whole number; found 'soon'", 'sense: "over" is unknown'],
        ),
        ({"measure": "levl"}, ['measure: "levl" is unknown; did you mean level?']),
        ({"indicator": " "}, ["indicator: wanted the name of a series or indicator"]),
        ({"indicator": 7}, ["indicator: wanted the name of a series or indicator"]),
    ],
)
def test_what_is_no_target_is_told_in_our_words_all_at_once(kwargs, problems):
    given = {"indicator": "rooms_sold", "value": 180, "by": 2021, **kwargs}
    with pytest.raises(TargetsError) as caught:
        sapa.target(given.pop("indicator"), given.pop("value"), **given)
    said = str(caught.value)
    assert all(problem in said for problem in problems)
    assert "pydantic" not in said
    assert len(caught.value.problems) == len(problems)
    assert caught.value.in_language("vi") != said


def test_an_indicator_of_the_project_lends_its_unit():
    assert sapa.target("tourist_arrivals", 4e6, by=2025).unit == "visits"
    assert sapa.target("tourist_arrivals", 8, by=2025, measure="growth").unit == "percent"
    assert sapa.target("rooms_sold", 160, by=2021).unit == ""


def test_where_there_is_no_project_a_target_has_no_unit_of_its_own(monkeypatch):
    def nowhere():
        raise sapa.SapaError("no project")

    monkeypatch.setattr("sapa_analysis.targets.own_target.project_root", nowhere)
    assert sapa.target("tourist_arrivals", 4e6, by=2025).unit == ""


def test_a_unit_of_another_series_is_refused_and_a_blank_one_is_not(fan):
    priced = replace(fan, observed=replace(fan.observed, unit="rooms", area="town"))
    goal = {"rooms_sold": priced}
    for unit, area in (("", ""), ("rooms", ""), ("rooms", "town")):
        verdict = sapa.judge_targets(
            goal, sapa.target("rooms_sold", 150, by=2021, unit=unit, area=area)
        ).iloc[0]
        assert (verdict["unit"], verdict["area"]) == ("rooms", "town")
    with pytest.raises(TargetsError, match='has "beds", its series "rooms"'):
        sapa.judge_targets(goal, sapa.target("rooms_sold", 150, by=2021, unit="beds"))


def test_a_misspelt_lever_is_told_where_no_project_is_around(fan, monkeypatch):
    def nowhere():
        raise sapa.SapaError("lies in no project")

    monkeypatch.setattr("sapa_analysis.scenarios.effect.project_root", nowhere)
    with pytest.raises(sapa.SapaError, match='"room_sold" is unknown; did you mean rooms_sold'):
        sapa.apply_scenario({"rooms_sold": fan}, sapa.scenario("more", room_sold="+10%"))
