from __future__ import annotations

import re

import pandas as pd
import pytest
from factories import evidence, observation
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import known_by, merge_repeats, observations_table, verdicts_table
from sapa_analysis.languages import LANGUAGES, percent_in_steps, quantity, texts

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture(params=LANGUAGES)
def printed(request, results, tables):
    """Return a language, its heads, and every verdict beside its printed row."""
    lang = request.param
    table = verdicts_table(results.verdicts, tables.indicators, needed=5, lang=lang)
    verdicts = [row for _, row in results.verdicts.iterrows()]
    return lang, texts(lang)["table"], list(zip(verdicts, table.to_dict("records"), strict=True))


def test_every_target_has_one_row_of_text(printed):
    _, heads, rows = printed
    columns = ["group", "indicator", "target", "latest", "expected", "pace", "verdict"]
    for _, row in rows:
        assert list(row) == [heads[name] for name in columns]
        assert all(isinstance(cell, str) and "{" not in cell and "nan" not in cell for cell in row.values())


def test_the_latest_figure_stands_with_its_year_and_a_mark_when_it_is_part_of_one(printed):
    _, heads, rows = printed
    for verdict, row in rows:
        cell = row[heads["latest"]]
        assert (cell == "") == pd.isna(verdict["latest"])
        if cell:
            assert cell.endswith(f"({verdict['latest_year']})")
            assert ("*" in cell) == (verdict["latest_basis"] == "part_year")


def test_a_probability_stands_where_there_is_one(printed):
    lang, heads, rows = printed
    seen = 0
    for verdict, row in rows:
        cell = row[heads["verdict"]]
        assert cell.startswith(texts(lang)["status"][verdict["status"]])
        if pd.notna(verdict["probability"]):
            seen += 1
            assert cell.endswith(f"({percent_in_steps(verdict['probability'], lang)})")
            assert row[heads["expected"]]
        else:
            assert row[heads["expected"]] == ""
    assert seen


def test_the_forecast_is_the_median_between_its_bounds(printed, tables):
    lang, heads, rows = printed
    for verdict, row in rows:
        if pd.notna(verdict["expected"]):
            decimals = int(tables.indicators.loc[verdict["indicator_id"], "decimals"])
            columns = ("expected", "lower_80", "upper_80")
            numbers = [quantity(verdict[name], verdict["unit"], decimals, lang) for name in columns]
            assert row[heads["expected"]] == "{} ({} – {})".format(*numbers)


def test_a_group_is_a_number_of_the_resolution_or_nothing(printed):
    _, heads, rows = printed
    assert {row[heads["group"]] for _, row in rows} <= {"", *map(str, range(1, 26))}


@settings(max_examples=25)
@given(st.integers(1, 10**8), st.integers(0, 3), st.sampled_from(LANGUAGES))
def test_a_published_value_is_printed_whole(digits, decimals, lang):
    value = digits / 10**decimals
    cell = observations_table(evidence(observation("2022", value)), lang=lang)[
        texts(lang)["table"]["value"]
    ].iloc[0]
    words = texts(lang)
    assert float(cell.replace(words["thousands"], "").replace(words["decimal"], ".")) == value


@either
def test_figures_stand_by_period_with_qualifier_kind_and_source(lang):
    rows = evidence(
        observation("2023-01/2023-06", 50, "YTD", through="2023-06-15", bound="over", published=""),
        observation("2022", 100, kind="estimate", source_url=""),
        observation("2021", 90, "YTD"),
    )
    table, words = observations_table(rows, lang=lang), texts(lang)
    linked = "A page <https://example.org/page>"
    heads = words["table"]
    running = heads["running"].format(year=2021)
    assert table[heads["period"]].to_list() == [running, "2022", "2023-01/2023-06 (→ 2023-06-15)"]
    assert table[heads["kind"]].to_list() == [
        words["kinds"][kind] for kind in ("actual", "estimate", "actual")
    ]
    assert table[heads["value"]].to_list() == ["90", "100", f"{words['bounds']['over']}50"]
    assert table[heads["published"]].iloc[2] == "–"
    assert table[heads["source"]].to_list() == [linked, "A page", linked]


@either
def test_every_published_figure_of_the_project_can_be_printed(lang, tables):
    table = observations_table(merge_repeats(known_by(tables.evidence, None)), lang=lang)
    assert not table.isna().any(axis=None)
    assert all(re.search(r"\d", value) for value in table[texts(lang)["table"]["value"]])
