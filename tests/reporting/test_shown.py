"""What a notebook shows: sentences read as they are, no cell is lost, numbers stand on the right, no exponent."""

from __future__ import annotations

import re
from html import unescape

import mistune
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.reporting import page_style, show

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
SIGNS = st.sampled_from(
    ["1. ", "- ", "# ", "**", "~3,2", "[a](b)", "$5", "<b>", "2023) ", "> ", "|", "=", "+ ", "&amp;", "_x_"]
)
SENTENCES = st.lists(st.one_of(WORDS, SIGNS), min_size=1, max_size=6).map("".join)
CELLS = st.one_of(
    st.none(), st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=90)
)


def words_in(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@given(st.lists(SENTENCES, min_size=1, max_size=4), st.booleans())
def test_a_sentence_reads_as_it_is(sentences, lead):
    shown = show(sentences, lead=lead)
    read = words_in(mistune.html(shown._repr_markdown_()))
    assert read.replace(" ", "") == "".join(" ".join(sentences).split())
    assert shown._repr_html_() is None


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=30), st.integers(1, 20))
def test_a_table_keeps_every_cell_and_its_first_rows_open(rows, shown):
    table = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=object)
    page = show(table, rows=shown, lang="en")._repr_html_()
    for _, _, cell in rows:
        assert " ".join((cell or "").split()) in words_in(page)
    opened = page.split("<details")[0]
    assert opened.count("<tr") - 1 == (len(rows) if len(rows) <= shown + 3 else shown)
    assert page.count("<tr") - page.count("<thead") == len(rows)
    assert ("more rows" in page) == (len(rows) > shown + 3)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=5))
def test_a_raw_number_has_no_exponent_and_stands_on_the_right(values):
    page = show(pd.DataFrame({"Chỉ tiêu": ["a"] * len(values), "Mức": values}))._repr_html_()
    assert not re.search(r"\d[eE][+-]?\d", page)
    assert page.count("text-align:right") == len(values) + 1


@pytest.mark.parametrize(
    ("value", "lang", "shown"),
    [(4904052.0, "vi", "4.904.052"), (0.31759, "en", "0.318"), (12.345678, "vi", "12,35"), (3, "en", "3"), (float("nan"), "en", ""),
     (True, "vi", "có"), (0.0, "en", "0"), (-2.5, "en", "−2.500")],
)  # fmt: skip
def test_raw_values(value, lang, shown):
    page = show(pd.DataFrame({"a": pd.Series([value], dtype=object)}), lang=lang)._repr_html_()
    assert words_in(page.split("<tbody>")[1]) == shown


def test_the_answer_stands_first_and_a_reason_is_wide():
    table = pd.DataFrame({"Goal": ["Visits"], "Chance": ["unlikely"], "Reason": ["so " * 40]})
    page = show(table, answer="Chance")._repr_html_()
    assert re.findall(r"<th[^>]*>(\w+)<", page) == ["Chance", "Goal", "Reason"]
    assert page.count('class="answer"') == 2
    assert page.count('class="long"') == 2


def test_what_repeats_stands_once():
    page = show(pd.DataFrame({"a": ["x", "x", "y"], "b": ["1", "2", "3"]}))._repr_html_()
    assert page.count(">x<") == 1
    assert page.count('rowspan="2"') == 1


def test_nothing_is_said_in_words():
    assert "no conflict" in show(pd.DataFrame({"a": []}), empty="no conflict")._repr_html_()
    assert show([], empty="no conflict")._repr_markdown_() == "no conflict"
    assert repr(show([], empty="no conflict")) == "no conflict"


def test_the_page_hides_the_other_language():
    assert 'div[lang="vi"] {display: none;}' in page_style("en")._repr_html_()
    assert 'div[lang="en"] {display: none;}' in page_style("vi")._repr_html_()
    assert repr(page_style("vi")) == ""
