from __future__ import annotations

import re

import pandas as pd
import pytest
from factories import evidence, observation
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.evidence import known_by, merge_repeats
from sapa_analysis.reporting import observations_table, verdicts_table, weights_table
from sapa_analysis.reporting.language import forecasts, percent_in_steps, texts, unit_ending
from sapa_analysis.reporting.published import completion_shown, period_shown
from sapa_analysis.reporting.tagged_numbers import numbers_in, plain

pytest_plugins = ["loaded"]
HEADS = ["group", "indicator", "target", "latest", "expected", "own_pace", "pace", "verdict"]
either = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture(params=LANGUAGES)
def printed(request, results, tables):
    """Return a language, its heads, and every verdict beside its printed row, without marks."""
    lang = request.param
    table = plain(verdicts_table(results.verdicts, tables.indicators, needed=5, lang=lang))
    verdicts = [row for _, row in results.verdicts.iterrows()]
    heads = {name: head.format(level="80%") for name, head in texts(lang)["table"].items() if name in HEADS}
    table = table.rename(columns=plain)
    return lang, heads, list(zip(verdicts, table.to_dict("records"), strict=True))


def test_every_target_has_one_row_of_text(printed):
    _, heads, rows = printed
    for _, row in rows:
        assert list(row) == [heads[name] for name in HEADS]
        assert all(isinstance(cell, str) and "{" not in cell and "nan" not in cell for cell in row.values())


def test_the_latest_figure_stands_with_its_period(printed):
    lang, heads, rows = printed
    seen = set()
    for verdict, row in rows:
        cell = row[heads["latest"]]
        assert (cell == "") == pd.isna(verdict["latest"])
        if cell:
            seen.add(verdict["latest_basis"])
            stock = verdict["indicator_id"] == "new_rural_criteria"
            period = verdict["latest_period"], verdict["latest_freq"]
            when = period_shown(*period, lang, through=verdict["latest_through"], stock=stock)
            assert f" ({when}" in cell
    assert len(seen) > 1


def test_how_much_of_the_target_is_reached_stands_behind_the_year(printed):
    lang, heads, rows = printed
    told = 0
    for verdict, row in rows:
        cell = row[heads["latest"]]
        if pd.notna(verdict["completion"]) and not verdict["unit"].startswith("percent"):
            told += 1
            assert cell.endswith(f"; {completion_shown(verdict['completion'], lang)})")
        else:
            assert "%)" not in cell
    assert told


@either
def test_every_number_of_a_cell_knows_its_target(lang, results, tables):
    table = verdicts_table(results.verdicts, tables.indicators, needed=5, lang=lang)
    for verdict, cells in zip(results.verdicts.to_dict("records"), table.to_numpy().tolist(), strict=True):
        own = (verdict["id"], verdict["indicator_id"], "years_needed")
        numbers = numbers_in(cells)
        assert all(number.key.startswith(own) for number in numbers)
        goals = [number.value for number in numbers if number.key == f"{verdict['id']}.value"]
        assert goals == ([] if verdict["unit"] == "yes_no" else [verdict["value"]])


def test_a_probability_stands_where_there_is_one(printed):
    lang, heads, rows = printed
    seen = 0
    for verdict, row in rows:
        cell = row[heads["verdict"]]
        open_end = verdict["status"] == "not_assessed"
        assert cell.startswith("– " if open_end else texts(lang)["status"][verdict["status"]])
        if pd.notna(verdict["probability"]):
            seen += 1
            words = texts(lang)
            support = words["plans"]["level"] if verdict["level_of_plans"] else words["table"]["few"]
            few = f"; {support}" if verdict["n_years"] < 5 else ""
            if verdict["stability_grade"]:
                few += f"; {texts(lang)['stability'][verdict['stability_grade']]}"
            assert cell.endswith(f"({plain(percent_in_steps(verdict['probability'], lang, 'x'))}{few})")
            assert row[heads["expected"]]
        else:
            assert row[heads["expected"]] == ""
    assert seen


def test_the_forecast_is_the_median_between_its_bounds(printed, tables):
    lang, heads, rows = printed
    for verdict, row in rows:
        if pd.notna(verdict["expected"]):
            decimals = int(tables.indicators.loc[verdict["indicator_id"], "decimals"])
            columns = {"middle": "expected", "lower": "lower_80", "upper": "upper_80"}
            values = {name: verdict[column] for name, column in columns.items()}
            told = forecasts(values, verdict["unit"], decimals, lang, keys=columns, bare=("lower", "upper"))
            assert row[heads["expected"]] == plain(texts(lang)["table"]["range"].format(**told))


def test_the_own_pace_stands_beside_the_needed_one_with_its_years_or_is_told_to_be_unknown(printed):
    lang, heads, rows = printed
    unknown = texts(lang)["table"]["own_pace_unknown"]
    told = {True: 0, False: 0}
    for verdict, row in rows:
        cell = row[heads["own_pace"]]
        if verdict["measure"] == "yes_no" or verdict["reason"] == "no_evidence":  # the verdict says so
            assert cell == ""
            continue
        known = pd.notna(verdict["own_pace"])
        told[known] += 1
        assert (cell == unknown) != known
        if known:
            assert f"({verdict['own_pace_years']}" in cell
            shocks = texts(lang)["table"]["own_pace_shocks"].format(years=verdict["own_pace_shocks"])
            assert (shocks in cell) == bool(verdict["own_pace_shocks"])
            assert row[heads["pace"]]
    assert all(told.values())


def test_the_counts_of_arrivals_until_2016_never_enter_the_own_pace(results, tables):
    """They follow another definition: 1.0 million of 2016 beside 2.55 million of 2017 would be growth."""
    visits = results.verdicts[results.verdicts["indicator_id"] == "tourist_arrivals"]
    assert set(visits["own_pace_years"]) == {"2017–2022"}
    marks = tables.evidence.query("indicator_id == 'tourist_arrivals' and area == 'sa_pa'")
    assert (marks.loc[marks["period"] == "2016", "definition"] == "arrivals-to-2016").all()


def test_a_group_is_a_number_of_the_resolution_or_nothing(printed):
    _, heads, rows = printed
    assert {row[heads["group"]] for _, row in rows} <= {"", *map(str, range(1, 26))}


@settings(max_examples=min(25, settings.default.max_examples))
@given(st.integers(1, 10**8), st.integers(0, 3), st.sampled_from(LANGUAGES))
def test_a_published_value_is_printed_whole(digits, decimals, lang):
    value = digits / 10**decimals
    words = texts(lang)
    cell = observations_table(evidence(observation("2022", value, unit="percent")), lang=lang)[
        words["table"]["value"]
    ].iloc[0]
    assert (
        float(cell.removesuffix("%").replace(words["thousands"], "").replace(words["decimal"], ".")) == value
    )


@either
def test_figures_stand_by_period_with_qualifier_kind_and_source(lang):
    rows = evidence(
        observation("2023-01/2023-06", 50, "YTD", through="2023-06-15", bound="over", published=""),
        observation("2022", 100, kind="estimate", source_url=""),
        observation("2020-04-28/2020-05-15", 80, "EVENT"),
        observation("2021", 90, "YTD"),
        observation("2015/2020", 70, "TERM"),
    )
    table, words = observations_table(rows, lang=lang), texts(lang)
    linked = "A page <https://example.org/page>"
    heads, unit = words["table"], unit_ending("visits", lang)
    running = heads["running"].format(year=2021)
    until = words["periods"]["to_day"].format(day="15/6/2023")
    assert table[heads["period"]].to_list() == ["28/4/2020–15/5/2020", "2016–2020", running, "2022", until]
    assert table[heads["kind"]].to_list() == [
        words["kinds"][kind] for kind in ("actual", "actual", "actual", "estimate", "actual")
    ]
    assert table[heads["value"]].to_list()[2:] == [
        f"90{unit}", f"100{unit}", f"{words['bounds']['over']}50{unit}"
    ]  # fmt: skip
    assert table[heads["published"]].iloc[4] == "–"
    assert table[heads["source"]].to_list() == [linked, linked, linked, "A page", linked]


@either
def test_a_figure_of_another_definition_and_a_doubted_one_are_told_in_words(lang):
    rows = evidence(observation("2021", 90)).assign(definition="other", doubt_en="x")
    words = texts(lang)
    [kind] = observations_table(rows, lang=lang)[words["table"]["kind"]]
    assert kind == f"{words['kinds']['actual']}, {words['doubts']['mark']}, {words['evidence']['apart']}"


@either
def test_every_published_figure_of_the_project_can_be_printed(lang, tables):
    table = observations_table(merge_repeats(known_by(tables.evidence, None)), lang=lang)
    assert not table.isna().any(axis=None)
    assert all(re.search(r"\d", value) for value in table[texts(lang)["table"]["value"]])


def test_what_the_series_made_of_each_figure_is_told(tables, outcomes):
    observed = outcomes["tourist_arrivals"].observed
    told = weights_table(observed.observations, tables.indicators.loc["tourist_arrivals"], lang="en")
    assert len(told) == int(observed.observations["used"].sum())
    assert list(told.columns)[-3:] == ["Weight", "Standardised residual", "Chance to be wrong"]
    assert told["Weight"].map(float).between(-0.5, 1.01).all()
