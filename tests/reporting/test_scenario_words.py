"""Tables and sentences of scenarios: what is assumed, changed, needed, leaned on, and how plausible."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import apply_scenario, plain, scenario, what_it_takes
from sapa_analysis.core import NotAssessed
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import REASONS, chances, known_targets
from sapa_analysis.reporting import (
    adjustments_table,
    cause_labels,
    chances_table,
    comparison_table,
    describe_gap,
    describe_left_out,
    describe_needed,
    describe_plausibility,
    describe_scenarios,
    describe_sensitivity,
    gap_labels,
    mixes_table,
    needed_table,
    path_table,
    plausibility_table,
    sensitivity_table,
    show,
    target_names,
)
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.leaning import choice_in_words
from sapa_analysis.reporting.scenario_changes import inside, moving, sign
from sapa_analysis.reporting.tagged_numbers import numbers_in
from sapa_analysis.scenarios import compare_scenarios, differences, plausibility, split_by_cause, split_gap

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


def words_of(table: pd.DataFrame) -> list[str]:
    return [str(cell) for cell in plain(table).to_numpy().ravel()]


def is_finished(told: list[str], lang: str) -> None:
    """Check that no place of a text is left open, and that numbers are written as the language writes them."""
    assert told
    assert not [text for text in told if re.search(r"[{}]|nan|None", text)]
    mark = texts(lang)["decimal"]
    other = "." if mark == "," else ","
    assert not [text for text in told if re.search(rf"\d{re.escape(other)}\d(?!\d\d)", text)]


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


# what it takes --------------------------------------------------------------------------------------------


@either
def test_what_a_target_takes_is_told_as_a_table_and_in_sentences(lang, fans, tables, params):
    goals = known_targets(tables, params, REVENUE)
    needed = [what_it_takes(tables, params, fans, goal) for goal in goals]
    table = plain(needed_table(needed, goals, tables.indicators, lang=lang))
    assert len(table) == 2 * 2 * len(goals)  # two levers, two chances
    told = describe_needed(needed, goals, tables.indicators, lang=lang)
    assert len(told) == 2 * len(goals)
    is_finished([*plain(told), *words_of(table)], lang)
    factors = {number.value for number in numbers_in(told) if number.unit == "factor"}
    assert factors == set(pd.concat(needed)["factor"])


@either
@pytest.mark.parametrize("reason", sorted(REASONS))
def test_why_nothing_is_told_has_words_and_no_digit(lang, reason, tables, params):
    [goal, *_] = known_targets(tables, params, VISITS)
    row = {"target": goal.id, "indicator": VISITS, "year": 2023, "value": 1.0, "lever": "", "chance": 0.5,
           "reason": reason}  # fmt: skip
    blank = dict.fromkeys(("factor", "points", "level", "growth", "baseline_growth", "rarer_than"), np.nan)
    needed = [pd.DataFrame([row | blank])]
    table = plain(needed_table(needed, [goal], tables.indicators, lang=lang))
    [told] = plain(describe_needed(needed, [goal], tables.indicators, lang=lang))
    why = texts(lang)["needed"]["reasons"][reason]
    assert table.iloc[0, 3] == why
    assert told.endswith(f"{why}.")


def needed_row(**changed):
    row = {"target": "t", "lever": "pots", "chance": 0.5, "factor": 1.2, "points": np.nan, "level": 12.0, "year": 2025,
           "growth": 5.0, "baseline_growth": 3.0, "rarer_than": 80.0, "reason": ""}  # fmt: skip
    return row | changed


@pytest.mark.parametrize(
    ("sense", "factor", "met"),
    [("at_least", 1.2, False), ("at_least", 0.9, True), ("more_than", 1.0, True), ("at_most", 0.9, False),
     ("at_most", 1.2, True), ("less_than", 1.1, True)],
)  # fmt: skip
def test_a_target_that_has_its_chance_needs_nothing_more(sense, factor, met):
    from sapa_analysis.reporting.needed import is_met

    assert is_met(needed_row(factor=factor), sense) == met
    assert is_met(needed_row(factor=np.nan, points=factor - 1), sense) == met


@pytest.mark.parametrize(
    ("of", "shown"), [(99.0, "over 99%"), (1.0, "under 1%"), (97.4, "97%"), (np.nan, "")]
)
def test_beyond_what_is_known_a_rarity_has_only_a_bound(of, shown):
    from sapa_analysis.reporting.needed import rarity

    assert plain(rarity(needed_row(rarer_than=of), "en")) == shown


@either
def test_a_long_path_is_told_every_fifth_year(lang, tables):
    years = range(2023, 2042)
    rows = [needed_row(year=year, baseline=10.0, pace=4.0) for year in years]
    table = plain(path_table([pd.DataFrame(rows)], [], tables.indicators, lang=lang))
    assert table.iloc[:, 1].tolist() == [str(y) for y in (*range(2023, 2028), 2030, 2035, 2040, 2041)]
    assert path_table([pd.DataFrame([needed_row(reason="ended")])], [], tables.indicators, lang=lang).empty


@either
def test_the_nearest_mix_is_marked(lang, tables):
    row = {"target": "t", "reason": "", "word": "usual", "beyond": 0.03, "chance": 0.5,
           "lever_1": VISITS, "lever_2": "spend_per_visit", "points_1": np.nan, "points_2": np.nan,
           "level_1": 4e6, "level_2": 5.0, "factor_1": 1.1, "factor_2": 1.5, "growth_1": 5.0, "growth_2": np.nan}  # fmt: skip
    mixes = pd.DataFrame([row | {"point": 0, "likeliest": False}, row | {"point": 1, "likeliest": True}])
    table = plain(mixes_table(mixes, tables.indicators, lang=lang))
    usual = texts(lang)["plausibility"]["words"]["usual"]
    assert table.iloc[:, 3].tolist() == [usual, texts(lang)["needed"]["nearest"].format(word=usual)]
    is_finished(words_of(table), lang)
    assert mixes_table(mixes.assign(reason="ended"), tables.indicators, lang=lang).empty


# parts ----------------------------------------------------------------------------------------------------


@either
@pytest.mark.parametrize("stated", [True, False])
def test_a_gap_says_its_parts_and_who_states_them(lang, stated, fans, tables, params):
    goals = known_targets(tables, params)
    [goal] = [each for each in goals if each.indicator_id == REVENUE and each.end == 2025]
    wanted = goals if stated else None
    parts = split_gap(fans, goal, volume=VISITS, price="spend_per_visit", wanted=wanted)
    told = plain(describe_gap(parts, goal, goals, tables.indicators, lang=lang))
    assert len(told) == 2
    form = texts(lang)["parts"]["stated" if stated else "equal"]
    assert told[1].startswith(form.partition("{")[0])
    is_finished(told, lang)
    labels = gap_labels(parts, goal, tables.indicators, lang=lang)
    assert list(labels) == list(parts["part"])
    assert "27" in labels["target"]


@either
def test_causes_are_named_by_what_they_adjust(lang, outcomes, tables):
    both = scenario("both", tourist_arrivals={2: "+5%"}, spend_per_visit={2: "+5%"})
    parts = split_by_cause({REVENUE: outcomes[REVENUE]}, both, REVENUE)
    labels = cause_labels(parts, both, tables.indicators, lang=lang)
    assert [label[:2] for label in labels.values()][1:3] == ["1.", "2."]
    assert labels["both"] == both.label[lang]


# what it leans on -----------------------------------------------------------------------------------------

LEANS = pd.DataFrame(
    {"choice": ["baseline", "seed", "shock_years", "method"], "value": ["", "2", "2020, 2021", "theta"],
     "target": "t", "indicator_id": VISITS, "probability": [0.26, 0.25, 0.45, 0.17], "difference": [0.0, -1, 19, -9],
     "word": ["unlikely", "unlikely", "even", "unlikely"], "word_before": "unlikely", "reason": "",
     "moved": [0.0, 0.1, 9.0, -4.0]}
)  # fmt: skip


@either
def test_the_choices_as_they_are_come_first_then_the_largest_change(lang, tables):
    table = plain(sensitivity_table(LEANS, [], tables.indicators, lang=lang))
    assert table.iloc[0, 1] == texts(lang)["leaning"]["as_chosen"]
    assert table.iloc[:, 2].tolist() == ["26%", "45%", "17%", "25%"]
    assert "→" in table.iloc[1, 4]
    assert "→" not in table.iloc[2, 4]
    is_finished(words_of(table), lang)


@either
def test_why_there_is_no_chance_is_told_without_a_number_that_is_not_known(lang, tables):
    for code in texts(lang)["reasons"]:
        rows = LEANS.assign(probability=np.nan, difference=np.nan, moved=np.nan, reason=code)
        told = plain(sensitivity_table(rows, [], tables.indicators, lang=lang)).iloc[:, 2]
        assert told.str.len().gt(3).all(), code
        assert not told.str.contains("[{}]").any(), code


@either
def test_the_sentence_names_the_choice_that_moves_most(lang, tables):
    [told] = plain(describe_sensitivity(LEANS, [], tables.indicators, lang=lang))
    assert choice_in_words("shock_years", "2020, 2021", lang) in told
    assert "45%" in told
    still = LEANS.assign(probability=0.26, difference=0.0)
    [steady] = plain(describe_sensitivity(still, [], tables.indicators, lang=lang))
    assert "26%" in steady
    assert "45%" not in steady
    unknown = LEANS.assign(probability=np.nan)
    assert describe_sensitivity(unknown, [], tables.indicators, lang=lang) == []


@either
@given(
    choice=st.sampled_from(["links", "n_paths", "seed", "gap_closing", "odd"]),
    value=st.sampled_from(["1", "0.5", "x"]),
)
def test_every_choice_has_words(lang, choice, value):
    assert choice_in_words(choice, value, lang)


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
    assert show(["One.", "Two & three."])._repr_html_().count("<p class") == 2


@given(st.floats(-1e6, 1e6), st.integers(-2, 2))
def test_a_sign_says_what_the_number_shows(value, decimals):
    shown = sign(value, decimals, "en")
    assert shown.startswith("+") == (round(value, decimals) > 0)
    assert shown.startswith("−") == (round(value, decimals) < 0)


def test_what_moves_only_in_its_band_moves():
    rows = {"scenario": ["a", "b"], "median": 0.0, "lower_80": [0.0, -1.0], "upper_80": 0.0}
    assert moving(pd.DataFrame(rows)) == ["b"]


def test_a_notebook_without_a_forecast_tells_why(outcomes, tables, params):
    series = outcomes[VISITS].observed
    none = {VISITS: NotAssessed(replace(series), "too_few_years", 5)}
    [goal, *_] = known_targets(tables, params, VISITS)
    needed = [what_it_takes(tables, params, none, goal)]
    told = plain(describe_needed(needed, [goal], tables.indicators, lang="en"))
    assert all(words.endswith("there is no forecast on this day.") for words in told)
    assert not COUNT.search(told[0].rpartition(":")[2])
