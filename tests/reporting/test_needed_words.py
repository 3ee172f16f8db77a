"""Tables and sentences of what targets take, what a gap is made of, and what verdicts lean on."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from finished import is_finished, words_of
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import plain, scenario, what_it_takes
from sapa_analysis.core import NotAssessed
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import REASONS, known_targets
from sapa_analysis.reporting import (
    cause_labels,
    describe_gap,
    describe_needed,
    describe_sensitivity,
    gap_labels,
    mixes_table,
    needed_table,
    path_table,
    sensitivity_table,
)
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.leaning import choice_in_words
from sapa_analysis.reporting.tagged_numbers import numbers_in
from sapa_analysis.scenarios import split_by_cause, split_gap

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
VISITS, REVENUE = "tourist_arrivals", "tourism_revenue"
COUNT = re.compile(r"[1-9]")


@pytest.fixture(scope="module")
def fans(outcomes):
    """Return the baseline with the quantities that it is computed from."""
    return {**outcomes[REVENUE].parts, **outcomes}


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
    assert table.iloc[:, 2].tolist() == [str(y) for y in (*range(2023, 2028), 2030, 2035, 2040, 2041)]
    assert path_table([pd.DataFrame([needed_row(reason="ended")])], [], tables.indicators, lang=lang).empty


@either
def test_a_target_that_has_its_chance_already_has_no_path(lang, tables):
    path = pd.DataFrame([needed_row(year=2025, baseline=10.0, pace=4.0, factor=0.9)])
    assert path_table([path], [], tables.indicators, lang=lang).empty


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


def test_a_notebook_without_a_forecast_tells_why(outcomes, tables, params):
    series = outcomes[VISITS].observed
    none = {VISITS: NotAssessed(replace(series), "too_few_years", 5)}
    [goal, *_] = known_targets(tables, params, VISITS)
    needed = [what_it_takes(tables, params, none, goal)]
    told = plain(describe_needed(needed, [goal], tables.indicators, lang="en"))
    assert all(words.endswith("there is no forecast on this day.") for words in told)
    assert not COUNT.search(told[0].rpartition(":")[2])
