"""Tables and sentences of scenarios: what is assumed, changed, needed, leaned on, and how plausible."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from finished import is_finished, words_of
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import apply_scenario, plain, scenario
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import chances, known_targets
from sapa_analysis.reporting import (
    adjustments_table,
    chances_table,
    comparison_table,
    describe_left_out,
    describe_plausibility,
    describe_scenarios,
    plausibility_table,
    show,
    target_names,
)
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.scenario_changes import inside, moving, sign
from sapa_analysis.reporting.tagged_numbers import numbers_in
from sapa_analysis.scenarios import compare_scenarios, differences, plausibility

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
VISITS, REVENUE = "tourist_arrivals", "tourism_revenue"
FEWER = scenario(
    "fewer", tourist_arrivals={1: "-10%", 2: "-10%", 3: "-10%"}, label={"vi": "Ít khách", "en": "Fewer"}
)
DEARER = scenario("dearer", spend_per_visit={1: "+5%", 2: "+5%", 3: "+5%"})
SCENARIOS = {"base": scenario("base"), "fewer": FEWER, "dearer": DEARER}
COUNT = re.compile(r"[1-9]")


@pytest.fixture(scope="module")
def fans(outcomes):
    """Return the baseline with the quantities that it is computed from."""
    return {**outcomes[REVENUE].parts, **outcomes}


@pytest.fixture(scope="module")
def by_scenario(outcomes):
    core = {name: outcomes[name] for name in (VISITS, REVENUE, "grdp_growth")}
    return {"base": core, **{each.name: apply_scenario(core, each) for each in (FEWER, DEARER)}}


# what is assumed ------------------------------------------------------------------------------------------


@either
def test_an_adjustment_says_its_years_by_the_calendar_and_which_only_counts_in_part(lang, tables):
    table = plain(adjustments_table(SCENARIOS, tables.indicators, ended=2022, lang=lang))
    done = table.iloc[:, 2].tolist()
    assert done[0] == texts(lang)["scenarios"]["untouched"]
    assert done[1].startswith("2023–2025 (")
    assert "0,90" in done[1] if lang == "vi" else "0.90" in done[1]
    assert table.iloc[1, 0] == {"vi": "Ít khách", "en": "Fewer"}[lang]


@either
@pytest.mark.parametrize("change", ["+10%", "+500", "= 4.2e6", "growth +2", "growth = 8", "= 80% of 2019"])
def test_every_effect_has_words(lang, change, tables):
    one = scenario("one", tourist_arrivals={2: change})
    [done] = plain(adjustments_table({"one": one}, tables.indicators, ended=2022, lang=lang)).iloc[:, 2]
    assert done.startswith("2024: ")
    is_finished([done], lang)


@either
def test_what_holds_in_every_year_says_so_and_years_without_an_origin_count_from_it(lang, tables):
    always = scenario("always", tourist_arrivals="+10%", shape="ramp")
    later = scenario("later", tourist_arrivals={2: "+10%"})
    [first, second] = plain(adjustments_table({"a": always, "b": later}, tables.indicators, lang=lang)).iloc[
        :, 2
    ]
    assert first.startswith(texts(lang)["scenarios"]["always"]["ramp"].partition("{")[0])
    assert second.startswith("+2: ")


@either
def test_a_scenario_of_ones_own_series_needs_no_row_of_indicators(lang, tables):
    own = scenario("own", pots="+10%")
    assert plain(adjustments_table({"own": own}, tables.indicators, lang=lang)).iloc[0, 1] == "Pots"


@either
def test_what_does_not_hold_is_named_with_its_reason(lang):
    left = {"fewer": "it speaks of 2030, the forecast of 2024 to 2025"}
    [told] = describe_left_out(left, SCENARIOS, lang=lang)
    assert told.startswith({"vi": "Ít khách", "en": "Fewer"}[lang])
    assert "2030" in told
    assert lang == "en" or "it speaks" not in told
    assert describe_left_out({}, SCENARIOS, lang=lang) == [texts(lang)["scenarios"]["all_hold"]]


# what changes ---------------------------------------------------------------------------------------------


@either
def test_only_what_changes_anything_has_rows(lang, by_scenario, tables):
    found = compare_scenarios(by_scenario, VISITS), differences(by_scenario, VISITS)
    table = plain(comparison_table(*found, SCENARIOS, tables.indicators.loc[VISITS], lang=lang))
    labels = {each.label[lang] for name, each in SCENARIOS.items() if name != "dearer"}
    assert set(table.iloc[:, 1]) == labels  # spend does not move visits
    assert list(table.columns[4:]) == list(texts(lang)["scenarios"]["differences"].values())
    ten = {"vi": "−10,0%", "en": "−10.0%"}[lang]
    assert table.iloc[-1, 5] == ten  # every path moves by the same share
    is_finished(words_of(table), lang)


@either
def test_a_table_of_some_years_keeps_the_first_and_the_last(lang, by_scenario, tables):
    found = compare_scenarios(by_scenario, VISITS), differences(by_scenario, VISITS)
    table = comparison_table(*found, SCENARIOS, tables.indicators.loc[VISITS], years=[], lang=lang)
    years = sorted(found[0]["year"].unique())
    assert sorted(table.iloc[:, 0].unique()) == [str(years[0]), str(years[-1])]


@either
def test_a_rate_differs_in_points_only(lang, outcomes, tables):
    base = {"grdp_growth": outcomes["grdp_growth"]}
    more = scenario("more", grdp_growth={2: "+0.5 points"})
    ahead = {"base": base, "more": apply_scenario(base, more)}
    found = compare_scenarios(ahead, "grdp_growth"), differences(ahead, "grdp_growth")
    of = {"base": scenario("base"), "more": more}
    table = plain(comparison_table(*found, of, tables.indicators.loc["grdp_growth"], lang=lang))
    assert len(table.columns) == 5
    assert f"{sign(0.5, 1, lang)} {texts(lang)['units']['percentage_points']}" in set(table.iloc[:, 4])


@either
def test_a_chance_that_no_path_changes_has_no_row(lang, by_scenario, tables, params):
    goals = known_targets(tables, params, VISITS)
    odds = chances(tables, params, by_scenario, goals)
    table = plain(chances_table(odds, goals, SCENARIOS, tables.indicators, lang=lang))
    assert DEARER.label[lang] not in set(table.iloc[:, 1])
    assert len(table) == 2 * len(goals)
    is_finished(words_of(table), lang)


@either
def test_the_sentences_tell_years_due_targets_and_what_moves_nothing(lang, by_scenario, tables, params):
    goals = known_targets(tables, params, VISITS)
    odds = chances(tables, params, by_scenario, goals)
    names = target_names(goals, tables.indicators, lang)
    found = compare_scenarios(by_scenario, VISITS), differences(by_scenario, VISITS)
    concept = tables.indicators.loc[VISITS]
    told = describe_scenarios(*found, SCENARIOS, concept, chances=odds, names=names, lang=lang)
    assert len(told) == 2 * len(goals) + 2
    assert plain(told[-2]).startswith("Dearer")
    assert told[-1] == texts(lang)["scenarios"]["caution"]
    is_finished(plain(told), lang)
    values = {number.value for number in numbers_in(told)}
    assert set(odds.loc[odds["scenario"] == "fewer", "probability"]) <= values


@either
def test_where_nothing_changes_one_line_says_so(lang, by_scenario, tables):
    found = compare_scenarios(by_scenario, "grdp_growth"), differences(by_scenario, "grdp_growth")
    told = describe_scenarios(*found, SCENARIOS, tables.indicators.loc["grdp_growth"], lang=lang)
    assert len(told) == 1
    assert all(inside(each.label[lang]).lower() in told[0].lower() for each in (FEWER, DEARER))


@either
def test_without_scenarios_or_forecast_nothing_is_made_up(lang, by_scenario, tables):
    concept, alone = tables.indicators.loc[VISITS], {"base": by_scenario["base"]}
    found = compare_scenarios(alone, VISITS), differences(alone, VISITS)
    unwritten = [texts(lang)["scenarios"]["unwritten"]]
    assert describe_scenarios(*found, SCENARIOS, concept, lang=lang) == unwritten
    nothing = found[0].iloc[:0], found[1].iloc[:0]
    assert describe_scenarios(*nothing, SCENARIOS, concept, lang=lang) == []
    assert comparison_table(*nothing, SCENARIOS, concept, lang=lang).empty


@either
def test_of_many_scenarios_the_lowest_and_the_highest_are_told(lang, by_scenario, tables):
    base = {VISITS: by_scenario["base"][VISITS]}
    many = {f"s{n}": scenario(f"s{n}", tourist_arrivals={2: f"+{n}%"}) for n in range(1, 7)}
    ahead = {"base": base} | {name: apply_scenario(base, each) for name, each in many.items()}
    found = compare_scenarios(ahead, VISITS), differences(ahead, VISITS)
    of = {"base": scenario("base"), **many}
    [last, *_] = plain(describe_scenarios(*found, of, tables.indicators.loc[VISITS], lang=lang))
    # 2025 is the last year; only 2024 moves in these
    assert last
    year = found[1]["year"].min() + 1
    odds = pd.DataFrame(
        {"scenario": "base", "target": "t", "year": [year], "probability": 0.5, "difference": 0.0}
    )
    told = plain(describe_scenarios(*found, of, tables.indicators.loc[VISITS], chances=odds, lang=lang))
    assert "s1" in told[0]
    assert "s6" in told[0]
    assert "s3" not in told[0]


# how plausible --------------------------------------------------------------------------------------------


@either
def test_the_scenarios_are_ranked_by_how_far_they_lie(lang, fans, tables):
    far = scenario("far", tourist_arrivals={3: "x 1.9"})
    found = [plausibility(fans, each) for each in (FEWER, far)]
    of = {**SCENARIOS, "far": far}
    table = plain(plausibility_table(found, of, tables.indicators, lang=lang))
    assert set(table.iloc[:, 0]) == {FEWER.label[lang], "far"}
    words = list(texts(lang)["plausibility"]["words"].values())
    order = [words.index(word) for word in table.iloc[:, -1]]
    assert order[-1] > order[0]
    [told, *_] = describe_plausibility(found, of, lang=lang)
    assert told.index(inside(FEWER.label[lang])) < told.index("far")
    assert describe_plausibility([], of, lang=lang) == []


@either
def test_what_no_path_reaches_is_said(lang, fans, tables):
    none = pd.DataFrame({"scenario": ["fewer"], "indicator": VISITS, "year": 2025, "level": 58e6, "beyond": 0.0,
                         "entropy": np.inf, "effective": 0.0, "word": "outside"})  # fmt: skip
    row = plain(plausibility_table([none], SCENARIOS, tables.indicators, lang=lang)).iloc[0].tolist()
    assert row[3:] == ["0%", "∞", "0%", texts(lang)["plausibility"]["words"]["outside"]]
    assert describe_plausibility([none], SCENARIOS, lang=lang)[1] == texts(lang)["plausibility"]["beyond_all"]


# how a notebook shows it ----------------------------------------------------------------------------------


def test_what_the_first_column_repeats_stands_once():
    page = show(pd.DataFrame({"a": ["x", "x", "y"], "b": ["1", "2", "<3"]}))._repr_html_()
    assert page.count(">x</td>") == 1
    assert 'rowspan="2"' in page
    assert "&lt;3" in page


def test_an_empty_table_is_a_dash_and_sentences_are_paragraphs():
    assert repr(show(pd.DataFrame())) == "–"
    assert ">–</p>" in show(pd.DataFrame())._repr_html_()
    assert show(["One.", "Two & three."])._repr_markdown_().split("\n\n") == ["One.", "Two \\& three."]


@given(st.floats(-1e6, 1e6), st.integers(-2, 2))
def test_a_sign_says_what_the_number_shows(value, decimals):
    shown = sign(value, decimals, "en")
    assert shown.startswith("+") == (round(value, decimals) > 0)
    assert shown.startswith("−") == (round(value, decimals) < 0)


def test_what_moves_only_in_its_band_moves():
    rows = {"scenario": ["a", "b"], "median": 0.0, "lower_80": [0.0, -1.0], "upper_80": 0.0}
    assert moving(pd.DataFrame(rows)) == ["b"]
