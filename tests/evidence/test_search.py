"""Search of figures: by names in both languages, by words of a statement, by the id of a row."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.evidence import find_figures
from sapa_analysis.pipeline import Project

pytest_plugins = ["loaded"]


@pytest.fixture(scope="module")
def rows(tables: Project) -> list[dict]:
    return tables.evidence.to_dict("records")


@given(data=st.data())
def test_a_row_is_found_by_its_id_by_its_names_and_by_any_word_of_its_statement(tables: Project, rows, data):
    row = data.draw(st.sampled_from(rows))
    concept = tables.indicators.loc[row["indicator_id"]]
    word = data.draw(st.sampled_from(str(row["statement"]).split()))
    for words in (
        row["id"],
        concept["name_vi"],
        concept["name_en"],
        word.strip('.,;:()"'),
    ):
        assert row["id"] in set(find_figures(tables, words)["id"]), words


@given(data=st.data())
def test_capitals_composition_and_missing_diacritics_do_not_matter(tables: Project, data):
    name = data.draw(st.sampled_from(sorted(tables.indicators["name_vi"])))
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
        if not unicodedata.combining(sign)
    )
    found = [set(find_figures(tables, words)["id"]) for words in (name, name.upper(), bare)]
    assert set(find_figures(tables, unicodedata.normalize("NFD", name))["id"]) == found[0] == found[1]
    assert found[0] <= found[2]


def test_a_word_with_diacritics_finds_no_other(tables: Project):
    assert find_figures(tables, "rừng")["id"].size < find_figures(tables, "rung")["id"].size + 1
    assert find_figures(tables, "rứng").empty


@pytest.mark.parametrize("words", ["zzz", "forest zzz", "(", "[a"])
def test_what_stands_nowhere_is_not_found(tables: Project, words: str):
    found = find_figures(tables, words)
    assert found.empty or "(" in words
