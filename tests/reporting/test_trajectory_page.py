"""The page of one indicator: its answer, and the tables of its goals, years, methods and correlations."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from finished import is_finished, words_of
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import NotAssessed, forecast, judge_targets
from sapa_analysis.core import NO_YEAR_LEFT, Forecast
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.forecasting import MODELS
from sapa_analysis.pipeline import compare_methods, correlations_of
from sapa_analysis.reporting import (
    answer_trajectory,
    correlations_table,
    describe_foundations,
    describe_trajectory,
    indicator_goals_table,
    indicator_name,
    methods_table,
    plain,
    said_table,
    show,
    why_empty,
    years_table,
)
from sapa_analysis.reporting.goals import withheld_years
from sapa_analysis.reporting.language import reason, texts
from sapa_analysis.reporting.sentences.answer import in_order
from sapa_analysis.reporting.sentences.foundations import years_due

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
langs = st.sampled_from(LANGUAGES)
VISITS, NOTEBOOK = "tourist_arrivals", Path(__file__).parents[2] / "notebooks/02_trajectory.ipynb"
PAST = {2016: 10.0, 2017: 13.0, 2018: 12.0, 2019: 15.0, 2020: 14.0, 2021: 17.0, 2022: 18.5}
WORDS = {"indicator_id": VISITS, "unit": "tonnes", "decimals": 1, "name_vi": "sản lượng", "name_en": "output"}
CONCEPT, PLACE = pd.Series(WORDS), pd.Series({"name_vi": "thị xã", "name_en": "the town"})
NUMBER = re.compile(r"\d[\d.,]*")


def read(text: str, lang: str) -> float:
    """Read the first number of a cell back from print."""
    words, found = texts(lang), NUMBER.search(text)
    assert found, text
    return float(found[0].replace(words["thousands"], "").replace(words["decimal"], "."))


def of_goals(*goals: dict[str, object]) -> tuple[Forecast, pd.DataFrame]:
    fan = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=200, seed=1)
    rows = [target(unit="tonnes", id=f"plan-{place}", **goal) for place, goal in enumerate(goals)]
    return fan, judge_targets({VISITS: fan}, pd.DataFrame(rows))


# each year ------------------------------------------------------------------------------------------------


@given(
    st.lists(st.floats(0.01, 1e7), min_size=1, max_size=8),
    st.floats(0.001, 1),
    st.sampled_from(["tonnes", "visits"]),
    langs,
)
def test_every_year_stands_once_the_last_first_its_estimate_within_its_interval(values, sd, unit, lang):
    past = dict(enumerate(values, start=2010))
    series = yearly(past, unit=unit, sd=dict.fromkeys(past, sd))
    table = years_table(series, CONCEPT.replace("tonnes", unit), lang=lang)
    year, estimate, interval, basis = table.columns
    assert [int(cell) for cell in table[year]] == sorted(past, reverse=True)
    for cell, ends in zip(table[estimate], table[interval], strict=True):
        lower, upper = (read(end, lang) for end in re.findall(NUMBER, ends))
        assert lower <= read(cell, lang) <= upper
        assert " " not in ends  # no line breaks within
    assert set(table[basis]) <= set(texts(lang)["bases"].values())
    assert not re.search(r"\de[+−-]?\d", table.to_string())


@either
def test_the_year_that_is_not_over_stands_first_and_says_so(lang, outcomes, tables):
    observed = outcomes[VISITS].observed
    assert observed.running is not None
    table = years_table(observed, tables.indicators.loc[VISITS], lang=lang)
    rest = years_table(replace(observed, running=None), tables.indicators.loc[VISITS], lang=lang)
    assert table.iloc[0, 0] == str(observed.ended + 1)
    assert table.iloc[1:].to_numpy().tolist() == rest.to_numpy().tolist()
    said = texts(lang)["trajectory_page"]["running"].format(basis="")
    assert [said in cell for cell in table.iloc[:, 3]] == [True] + [False] * len(rest)


def test_without_a_series_there_is_no_year():
    assert years_table(None, CONCEPT).empty


# methods --------------------------------------------------------------------------------------------------

rows_of_methods = st.fixed_dictionaries(
    {
        "median": st.floats(0.1, 1e6),
        "fit_health": st.sampled_from(["", "failed to converge. Check", "Using zeros as starting", "odd"]),
        "refused": st.sampled_from(["", "", "too_few_years, needs 4", "no_evidence, needs 1"]),
    }
)


@given(st.dictionaries(st.sampled_from(["headline", *MODELS]), rows_of_methods, min_size=1), langs)
def test_every_method_has_a_name_and_either_a_forecast_or_a_reason(drawn, lang):
    methods = pd.DataFrame.from_dict(drawn, orient="index").assign(year=2025)
    refused = methods["refused"] != ""
    methods.loc[refused, "median"] = np.nan
    methods = methods.assign(lower_80=methods["median"] / 2, upper_80=methods["median"] * 2)
    table = methods_table(methods, CONCEPT, lang=lang)
    if refused.all():
        assert table.empty
        return
    words = texts(lang)["trajectory_page"]
    assert table.iloc[:, 0].tolist() == [words["methods"][name] for name in methods.index]
    assert (table.iloc[:, 1] == "").tolist() == refused.tolist()
    assert "2025" in table.columns[1]
    remarked = refused | (methods["fit_health"] != "")
    remark = words["columns"]["remark"]
    assert (remark in table) == remarked.any()
    if remarked.any():
        assert (table[remark] != "").tolist() == remarked.tolist()
        assert not table[remark].str.contains("too_few|no_evidence").any()


@either
def test_methods_are_compared_for_the_last_year_of_their_horizon(lang, tables, few):
    compared = compare_methods(
        tables, few.with_values(as_of="2019-06-30"), VISITS, ["headline", "damped_trend"]
    )
    table = methods_table(compared, tables.indicators.loc[VISITS], lang=lang)
    assert len(table) == 2
    assert str(compared.loc["headline", "year"]) in table.columns[1]
    is_finished(words_of(table), lang)


# correlations ---------------------------------------------------------------------------------------------


@given(st.data(), langs)
def test_correlations_are_those_of_the_indicator_each_once_the_closest_first(tables, data, lang):
    names = ["grdp_growth", "population", VISITS, "spend_per_visit", "international_share"]
    pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    found = pd.DataFrame(pairs, columns=["first", "second"])
    found["correlation"] = data.draw(
        st.lists(st.floats(-1, 1), min_size=len(pairs), max_size=len(pairs)), "correlations"
    )
    found = found.assign(n=5, raw=found["correlation"])
    of = data.draw(st.sampled_from(names), "of")
    table = correlations_table(found, tables.indicators, of=of, lang=lang)
    mine = found[(found["first"] == of) | (found["second"] == of)]
    assert set(table.iloc[:, 0]) == {indicator_name(tables.indicators.loc[of], lang)}
    assert len(table) == len(mine) == table.iloc[:, 1].nunique()
    sizes = [read(cell, lang) for cell in table.iloc[:, 2]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes == pytest.approx(sorted(mine["correlation"].abs(), reverse=True), abs=0.00501)


@either
@pytest.mark.parametrize(
    ("of", "seen"),
    [
        ("tourism_revenue", {VISITS, "spend_per_visit"}),
        ("grdp_per_capita", {"grdp_growth", "population"}),
        ("forest_cover", set()),
        ("pots", set()),
    ],
)
def test_what_is_computed_from_others_moves_as_they_do(lang, of, seen, tables, params):
    found = correlations_of(tables, params)
    table = correlations_table(found, tables.indicators, of=of, lang=lang)
    assert set(table.iloc[:, 0]) == {indicator_name(tables.indicators.loc[name], lang) for name in seen}
    assert not table.duplicated().any()


@either
def test_too_few_years_tell_of_no_correlation(lang, tables):
    found = pd.DataFrame(
        {"first": [VISITS], "second": ["population"], "n": [2], "raw": [np.nan], "correlation": [0.0]}
    )
    [cell] = correlations_table(found, tables.indicators, of=VISITS, lang=lang).iloc[:, 2]
    assert cell == texts(lang)["trajectory_page"]["unmeasured"].format(zero="0")


# goals ----------------------------------------------------------------------------------------------------


@either
@pytest.mark.parametrize("day", ["2023-06-30", "2026-01-31"])
def test_every_goal_of_every_indicator_is_told_with_its_word_first(lang, day, quick, tables):
    results, words = quick(day), texts(lang)
    for _, verdicts in results.verdicts.groupby("indicator_id"):
        table = indicator_goals_table(verdicts, tables.indicators, needed=1, lang=lang)
        assert table.columns[0] == words["table"]["verdict"]
        said = table.iloc[:, 0].str.replace("\N{NO-BREAK SPACE}", " ")
        assert not said.str.startswith("–").any()
        unassessed = said.str.startswith(words["status"]["not_assessed"])
        assert unassessed.any() == verdicts["status"].eq("not_assessed").any()
        assert unassessed.tolist() == sorted(unassessed)  # those that are assessed stand first
        setters = ", ".join(table[words["trajectory_page"]["columns"]["set_by"]]).split(", ")
        assert len(setters) == len(verdicts)
        assert (table != "").any().all()
        is_finished(words_of(table), lang)


def test_no_line_breaks_within_an_interval(results, tables):
    verdicts = results.verdicts[results.verdicts["indicator_id"] == VISITS]
    table = indicator_goals_table(verdicts, tables.indicators, needed=1, lang="en")
    cells = table["Forecast (80% interval)"]
    assert len(cells) == 2
    assert [cell.count(" ") for cell in cells] == [1, 1]  # before the bracket


@pytest.mark.parametrize(("other", "rows"), [({}, 1), ({"value": 16.0}, 2), ({"end": 2024}, 2)])
def test_goals_that_differ_only_by_who_set_them_are_one_row(other, rows):
    _, verdicts = of_goals(
        {"value": 15.0, "document": "plan-2021"}, {"value": 15.0, "document": "plan-2023"} | other
    )
    table = indicator_goals_table(
        verdicts, CONCEPT.to_frame().T.set_index("indicator_id", drop=False), needed=1
    )
    assert len(table) == rows


@either
def test_the_latest_figure_stands_at_goals_that_are_due_and_a_pace_is_a_number_only(lang, quick, tables):
    heads, seen = texts(lang)["table"], set()
    for day in ("2023-06-30", "2026-01-31"):
        for _, verdicts in quick(day).verdicts.groupby("indicator_id"):
            table = indicator_goals_table(verdicts, tables.indicators, needed=1, lang=lang)
            due = verdicts["overdue"] | verdicts["status"].isin(["met", "missed"])
            seen.add((due.any(), heads["latest"] in table))
            assert not [cell for cell in words_of(table) if heads["office"].partition("{")[0] in cell]
            assert not table.filter([heads["own_pace"]]).map(lambda cell: "(" in cell).any(axis=None)
    assert seen == {(False, False), (True, True)}


def test_without_a_goal_there_is_no_row(results, tables):
    assert indicator_goals_table(results.verdicts[:0], tables.indicators, needed=1).empty


said = st.sampled_from(["", "likely", "even", "met"])


@given(st.lists(st.lists(said, min_size=3, max_size=3), max_size=4), langs)
def test_what_was_said_stands_once_below_its_goal_the_last_day_first(spoken, lang):
    days = ["15/1/2023", "30/6/2023", "15/1/2024"]
    rows = [["9", "Visits", f"goal {place // 2}", *words] for place, words in enumerate(spoken)]
    table = said_table(pd.DataFrame(rows, columns=["Group", "Target", "Goal", *days]), lang=lang)
    told = [tuple(row) for row in table.to_numpy().tolist()]
    held = {(row[2], day, word) for row in rows for day, word in zip(days, row[3:], strict=True) if word}
    assert len(told) == len(held)
    assert set(told) == held
    if len({goal for goal, *_ in told}) == len(rows):
        places = [days.index(day) for goal, day, _ in told if goal == told[0][0]]
        assert places == sorted(places, reverse=True)


def test_before_any_edition_nothing_was_said():
    assert said_table(pd.DataFrame()).empty


# the answer -----------------------------------------------------------------------------------------------


@either
@pytest.mark.parametrize("day", ["2023-06-30", "2026-01-31"])
def test_every_indicator_has_an_answer_of_three_lines_at_most(lang, day, quick, tables):
    results, seen = quick(day), set()
    place = tables.areas.loc["sa_pa"]
    for name, outcome in results.outcomes.items():
        verdicts = results.verdicts[results.verdicts["indicator_id"] == name]
        concept = tables.indicators.loc[name]
        lines = plain(answer_trajectory(outcome, verdicts, concept, place, lang=lang))
        assert 2 <= len(lines) <= 3
        assert lines[0].startswith(f"{indicator_name(concept, lang)}, {place[f'name_{lang}']}: ")
        assert all(line.endswith(".") and ".." not in line and "  " not in line for line in lines)
        is_finished(lines, lang)
        seen.add(outcome.reason if isinstance(outcome, NotAssessed) else "")
    assert "no_evidence" in seen
    assert len(seen) > 1


@either
def test_the_answer_tells_the_last_year_due_that_is_told(lang, results, tables):
    told = 0
    for name, outcome in results.outcomes.items():
        verdicts = results.verdicts[results.verdicts["indicator_id"] == name]
        if not isinstance(outcome, Forecast):
            continue
        [first, *_] = plain(
            answer_trajectory(
                outcome, verdicts, tables.indicators.loc[name], tables.areas.loc["sa_pa"], lang=lang
            )
        )
        full = plain(describe_trajectory(outcome, verdicts, tables.indicators.loc[name], lang=lang))
        years, blank = years_due(outcome, verdicts), withheld_years(verdicts)
        [last] = [year for year in years if year not in blank][-1:] or years[-1:]
        same = [line for line in full if first.endswith(line)]
        assert [str(last) in line for line in same] == [True]
        told += last not in blank
    assert told > 5


@either
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("why", ["too_few_years", NO_YEAR_LEFT])
def test_without_a_forecast_the_answer_says_why(lang, known, why):
    fan, verdicts = of_goals({"value": 25.0})
    outcome = NotAssessed(fan.observed if known else None, why, 9)
    first, *_, goals = plain(answer_trajectory(outcome, verdicts, CONCEPT, PLACE, lang=lang))
    said = plain(reason(why, lang, "", n=len(PAST) if known else 0, needed=9)).split(",")[0].split("(")[0]
    full = texts(lang)["trajectory"]["no_year_left"]
    assert (full if why == NO_YEAR_LEFT else said) in first
    assert ("18" in first) == known
    assert "25" in goals


@either
def test_each_goal_is_told_once_and_many_are_counted(lang):
    fan, verdicts = of_goals(*[{"value": value} for value in (15.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0)])
    *_, goals = plain(answer_trajectory(fan, verdicts, CONCEPT, PLACE, lang=lang))
    assert [goals.count(f"{value} ") for value in (15, 16, 17, 18)] == [1, 1, 1, 1]
    assert texts(lang)["trajectory_page"]["more"].format(n=2) in goals


@given(st.lists(st.tuples(st.sampled_from(["met", "not_assessed", "even"]), st.integers(2019, 2030))))
def test_goals_that_are_assessed_stand_first_by_the_year_due(drawn):
    verdicts = pd.DataFrame(drawn, columns=["status", "end"])
    ordered = in_order(verdicts)
    keys = [(status == "not_assessed", end) for status, end in ordered.to_numpy().tolist()]
    assert keys == sorted(keys)
    assert sorted(ordered.index) == list(verdicts.index)
    assert list(ordered.columns) == list(verdicts.columns)


@either
def test_the_estimate_of_a_year_is_told_where_a_part_of_it_was_published(lang, results, tables):
    place = tables.areas.loc["sa_pa"]
    for name, whole in ((VISITS, False), ("forest_cover", True)):
        outcome, mine = results.outcomes[name], results.verdicts["indicator_id"] == name
        concept = tables.indicators.loc[name]
        lines = plain(answer_trajectory(outcome, results.verdicts[mine], concept, place, lang=lang))
        assert len(lines) == (2 if whole else 3)
        if not whole:
            row = years_table(outcome.observed, concept, lang=lang).set_index(texts(lang)["table"]["year"])
            assert row.loc["2022"].iloc[0] in lines[1]


@either
def test_where_no_year_is_left_the_answer_ends_with_the_estimate_of_the_last_year(lang):
    series = yearly(PAST, unit="tonnes", bases={2022: "carried_forward"}, sd={2022: 0.1})
    left = NotAssessed(series, NO_YEAR_LEFT, 1)
    verdicts = judge_targets({VISITS: left}, pd.DataFrame([target(unit="tonnes", value=9.0, end=2022)]))
    [_, estimate, _] = plain(answer_trajectory(left, verdicts, CONCEPT, PLACE, lang=lang))
    assert years_table(series, CONCEPT, lang=lang).iloc[0, 1] in estimate
    wide = verdicts.assign(reason="too_wide")
    assert len(answer_trajectory(left, wide, CONCEPT, PLACE, lang=lang)) == 2


# what stands behind it ------------------------------------------------------------------------------------


@either
@pytest.mark.parametrize("day", ["2023-06-30", "2026-01-31"])
def test_what_stands_behind_a_forecast_is_what_the_trajectory_says_beside_figures_and_goals(
    lang, day, quick, tables
):
    results = quick(day)
    both = {"places": tables.areas, "indicators": tables.indicators, "lang": lang}
    for name, outcome in results.outcomes.items():
        verdicts = results.verdicts[results.verdicts["indicator_id"] == name]
        concept = tables.indicators.loc[name]
        behind = describe_foundations(outcome, verdicts, concept, **both)
        assert set(behind) <= set(describe_trajectory(outcome, verdicts, concept, **both))
        assert bool(behind) or isinstance(outcome, NotAssessed)
        word = texts(lang)["trajectory"]["latest"].partition("{")[0]
        assert not [line for line in behind if line.startswith(word)]


# words ----------------------------------------------------------------------------------------------------


@given(st.integers(0, 30), st.integers(1, 30), langs)
def test_no_reason_says_that_enough_years_are_too_few(n, needed, lang):
    said = plain(reason("too_few_years", lang, "x", n=n, needed=needed))
    only = plain(texts(lang)["reasons"]["too_few_years"].format(n=n, needed=needed))
    assert (said == only) == (n < needed)
    assert {int(number) for number in re.findall(r"\d+", said)} == {n, needed}


@either
def test_every_table_of_the_notebook_has_words_for_no_row(lang):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    asked = re.findall(r'why_empty\("(\w+)"', "".join("".join(cell["source"]) for cell in cells))
    assert set(asked) == set(texts(lang)["trajectory_page"]["empty"])
    for what in asked:
        said = show([], empty=why_empty(what, lang=lang))
        assert repr(said).endswith(".")
        assert repr(said) in str(said._repr_markdown_())


@either
def test_every_model_has_a_name(lang):
    assert set(texts(lang)["trajectory_page"]["methods"]) == {"headline", *MODELS}
