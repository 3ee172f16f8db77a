from __future__ import annotations

import re
import unicodedata
from datetime import date
from importlib.resources import files
from string import Formatter
from typing import Any

import pandas as pd
import pytest
from factories import target
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.likelihood import FLOORS, STATUSES, word_of
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.table_terms import BOUNDS, KINDS, SENSES
from sapa_analysis.core.types import BASES
from sapa_analysis.reporting.goals import due, goal
from sapa_analysis.reporting.language import (
    day,
    document_name,
    explain_words,
    indicator_name,
    number,
    percent_in_steps,
    quantity,
    reason,
    status,
    texts,
    what_is_needed,
)
from sapa_analysis.reporting.paces import pace_needed
from sapa_analysis.reporting.tagged_numbers import plain

pytest_plugins = ["loaded"]

langs = st.sampled_from(LANGUAGES)
either = pytest.mark.parametrize("lang", LANGUAGES)
REASONS = {
    "no_evidence", "no_yearly_figure", "other_definition", "too_few_years", "yes_no", "outside_years", "no_tolerance",
    "too_wide", "no_year_left",
}  # fmt: skip
#: Numbers that are part of a name, a level or a rule of reading, by the key of the text.
NUMBERS = {
    "units.per_10k_people": {"1", "10,000"},
    "table.under_5": {"5"},
    "table.over_95": {"95"},
    "bands.over_90": {"90"},
    "bands.below": {"90"},
}


def leaves(node: Any, path: str = "") -> dict[str, str]:
    """Return every text of a language by its dotted key."""
    if not isinstance(node, dict):
        return {path: node}
    return {
        key: text
        for name, child in node.items()
        for key, text in leaves(child, f"{path}.{name}".strip(".")).items()
    }


AGAIN = {
    *(f"brief.answer.{tense}.{how}" for tense in ("ahead", "past", "mixed") for how in ("none", "one", "some")),
    "brief.answer.same_none", "brief.answer.same",
}  # fmt: skip


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def source(lang: str) -> str:
    return files("sapa_analysis.reporting").joinpath(f"texts/{lang}.yml").read_text(encoding="utf-8")


def in_figures(text: str, lang: str) -> float:
    """Read a number back from print."""
    words = texts(lang)
    plain = text.replace(words["thousands"], "").replace(words["decimal"], ".").replace("−", "-")
    return float(plain)


# the two files --------------------------------------------------------------------------------------------


def test_the_languages_have_the_same_keys():
    vi, en = (set(leaves(texts(lang))) for lang in ("vi", "en"))
    assert vi ^ en == set()


def test_the_languages_have_the_same_placeholders():
    """But for `due.year`, whose word in English is the year alone, and what is counted in the answer of a briefing,
    which Vietnamese says again, nothing may differ."""
    vi, en = (leaves(texts(lang)) for lang in ("vi", "en"))
    unlike = {key: placeholders(vi[key]) ^ placeholders(en[key]) for key in vi}
    assert {key: names for key, names in unlike.items() if names and key not in AGAIN} == {}
    assert {tuple(unlike[key]) for key in AGAIN} == {("unit",)}


@either
def test_every_text_is_a_text(lang):
    assert {key: text for key, text in leaves(texts(lang)).items() if not isinstance(text, str)} == {}


@either
def test_texts_are_composed_letters(lang):
    assert unicodedata.is_normalized("NFC", source(lang))


def test_vietnamese_never_says_what_offices_never_write():
    said = source("vi").lower()
    assert [words for words in ("không thể đạt", "bất khả thi", "thất bại") if words in said] == []


@either
def test_no_number_is_typed_but_names_levels_and_rules_of_reading(lang):
    typed = {
        key: found - NUMBERS.get(key, set())
        for key, text in leaves(texts(lang)).items()
        if (found := set(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\{.*?\}", "", text))))
    }
    documents = {key for key in typed if key.startswith(("documents.", "brief.names."))}
    assert {key: found for key, found in typed.items() if found and key not in documents} == {}
    years = {number for key in documents for number in typed[key]}
    assert all(re.fullmatch("20[0-9]{2}|[1-9]", year) for year in years)


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match='language "fr" is unknown; write one of vi, en'):
        texts("fr")


# words for everything that can be said --------------------------------------------------------------------


@either
def test_every_unit_has_words(lang, tables):
    used = {*tables.indicators["unit"], *tables.evidence["unit"], *(target.unit for target in tables.targets)}
    assert used - set(texts(lang)["units"]) == set()


@either
@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("status", STATUSES), ("senses", SENSES), ("bases", BASES), ("bounds", BOUNDS), ("kinds", KINDS),
        ("reasons", REASONS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_every_code_has_words_and_no_words_are_left_over(lang, section, names):
    assert set(texts(lang)[section]) == set(names)


@either
def test_every_judged_document_has_a_name(lang, params):
    assert set(params.documents) <= set(texts(lang)["documents"])
    assert document_name("plan-1999", lang) == "plan-1999"


@either
def test_no_known_document_is_shown_by_its_id(lang, tables):
    shown = {document: document_name(document, lang) for document in tables.documents.index}
    assert not [document for document, name in shown.items() if name == document]


@pytest.mark.parametrize(
    ("document", "vi", "en"),
    [
        ("lao_cai.plan-2025", "kế hoạch 2025", "plan 2025"),
        ("a_commune.congress", "NQ đại hội", "congress"),
        ("lao_cai.resolution-11-2021", "nghị quyết 11-2021", "resolution 11-2021"),
        ("lao_cai.tourism-2021-2025", "chỉ tiêu du lịch 2021–2025", "tourism goals 2021–2025"),
        ("lao_cai.plan-2022-expected", "dự kiến 2022", "expected 2022"),
        ("a_commune.roads-2030", "a_commune.roads-2030", "a_commune.roads-2030"),
        ("a_commune.plan-2025-vna", "a_commune.plan-2025-vna", "a_commune.plan-2025-vna"),
    ],
)
def test_a_paper_of_another_area_has_a_name_or_is_named_by_its_kind(document, vi, en):
    assert (document_name(document, "vi"), document_name(document, "en")) == (vi, en)


@either
def test_every_reason_can_be_said(lang):
    for code in REASONS:
        said = plain(reason(code, lang, "x", n=3, needed=5))
        assert "{" not in said
    assert re.findall(r"\d", plain(reason("too_few_years", lang, "x", n=3, needed=5))) == ["3", "5"]


@either
def test_every_name_starts_with_a_capital(lang, tables):
    for _, indicator in tables.indicators.iterrows():
        name = indicator_name(indicator, lang)
        assert not name[0].islower()
        assert name[1:] == indicator[f"name_{lang}"][1:]


# numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (12085, 0, "12.085", "12,085"),
        (13.9, 1, "13,9", "13.9"),
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (-2.5, 1, "−2,5", "−2.5"),
        (0, 0, "0", "0"),
    ],
)
def test_numbers_are_written_as_the_language_does(value, decimals, vi, en):
    assert (number(value, decimals, "vi"), number(value, decimals, "en")) == (vi, en)


@given(st.floats(-1e9, 1e9), st.integers(0, 4), langs)
def test_a_number_can_be_read_back(value, decimals, lang):
    assert in_figures(number(value, decimals, lang), lang) == pytest.approx(
        value, abs=0.5000001 * 10**-decimals
    )


def test_nothing_is_less_than_nothing():
    assert number(-0.04, 1, "vi") == "0,0"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "vi", "en"),
    [
        (3_500_000, "visits", 0, "3,5 triệu lượt", "3.5 million visits"),
        (2_489_374, "visits", 0, "2,49 triệu lượt", "2.49 million visits"),
        (85_000, "visits", 0, "85.000 lượt", "85,000 visits"),
        (14.5, "percent", 2, "14,5%", "14.5%"),
        (100, "percent", 2, "100%", "100%"),
        (12_085, "billion_vnd", 0, "12.085 tỷ đồng", "12,085 billion VND"),
        (118, "million_vnd", 2, "118 triệu đồng", "118 million VND"),
    ],
)
def test_quantities_carry_their_unit(value, unit, decimals, vi, en):
    assert (quantity(value, unit, decimals, "vi"), quantity(value, unit, decimals, "en")) == (vi, en)


@given(st.floats(0, 1e9), st.integers(0, 4), langs)
def test_a_quantity_ends_in_no_idle_zero(value, decimals, lang):
    text = quantity(value, "tonnes", decimals, lang).removesuffix(f" {texts(lang)['units']['tonnes']}")
    assert in_figures(text, lang) == pytest.approx(value, abs=0.5000001 * 10**-decimals)
    if texts(lang)["decimal"] in text:
        assert not text.endswith("0")


def test_days_are_written_day_first():
    assert (day(date(2023, 6, 5), "vi"), day(date(2023, 6, 5), "en")) == ("05/6/2023", "5/6/2023")


# goals, paces, probabilities ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "vi", "en"),
    [
        ({"sense": "more_than", "value": 14.5, "unit": "percent"}, "trên 14,5%", "over 14.5%"),
        ({"sense": "at_least", "value": 118.0, "unit": "percent"}, "118%", "118%"),
        ({"sense": "at_most", "value": 2.0, "unit": "percent"}, "không quá 2%", "at most 2%"),
        (
            {"sense": "between", "value": 40.0, "value_high": 50.0, "unit": "percent"},
            "40% đến 50%",
            "40% to 50%",
        ),
        ({"measure": "yes_no", "value": 1.0, "unit": "yes_no"}, "xếp loại", "rating"),
    ],
)
def test_goals_read_as_a_document_prints_them(row, vi, en):
    goals = [plain(goal(pd.Series(target(**row)), 2, lang)) for lang in ("vi", "en")]
    assert goals == [vi, en]


def test_a_goal_is_due_in_a_year_or_over_a_term():
    assert due(pd.Series(target(end=2025)), "vi") == "năm 2025"
    assert due(pd.Series(target("term_mean_growth", start=2021, end=2025)), "en") == "average 2021–2025"


@pytest.mark.parametrize(
    ("per_year", "unit", "vi"),
    [
        (19.94, "percent_a_year", "19,9%/năm"),
        (1.25, "percentage_points_a_year", "1,25 điểm phần trăm/năm"),
        (1500.0, "visits_a_year", "1.500,0 lượt/năm"),
        (float("nan"), "", ""),
    ],
)
def test_paces_carry_their_unit(per_year, unit, vi):
    verdict = pd.Series({"id": "x", "pace": per_year, "pace_unit": unit, "unit": "visits"})
    assert plain(pace_needed(verdict, "vi")) == vi


@given(st.floats(0, 1), langs)
def test_probabilities_are_printed_in_steps_of_five(probability, lang):
    [printed] = map(int, re.findall(r"\d+", plain(percent_in_steps(probability, lang, "x"))))
    assert printed % 5 == 0
    assert 5 <= printed <= 95
    assert abs(printed - 100 * probability) <= 5


@given(st.floats(0.05, 0.95))
def test_a_printed_probability_has_the_word_of_its_verdict(probability):
    [printed] = map(int, re.findall(r"\d+", plain(percent_in_steps(probability, "vi", "x"))))
    assert word_of(printed / 100) == word_of(probability)


@pytest.mark.parametrize(
    ("probability", "vi"),
    [(0.0, "dưới 5%"), (0.0499, "dưới 5%"), (0.05, "khoảng 5%"), (0.23, "khoảng 25%"), (0.95, "khoảng 95%"),
     (0.951, "trên 95%"), (1.0, "trên 95%")],
)  # fmt: skip
def test_the_ends_of_the_scale_are_open(probability, vi):
    assert plain(percent_in_steps(probability, "vi", "x")) == vi


@either
def test_a_status_says_its_reason_only_when_nothing_is_assessed(lang):
    words = texts(lang)["status"]
    few = pd.Series(
        {
            "indicator_id": "x",
            "status": "not_assessed",
            "reason": "too_few_years",
            "n_years": 2,
            "overdue": False,
        }
    )
    why = reason("too_few_years", lang, "x", n=2, needed=5)
    assert why in status(few, lang, needed=5)
    likely = pd.Series(
        {"indicator_id": "x", "status": "likely", "reason": "", "n_years": 9, "overdue": False}
    )
    assert status(likely, lang) == words["likely"]


@either
def test_of_a_year_that_has_ended_without_a_result_the_words_are_of_the_past(lang):
    words = texts(lang)
    assert list(words["overdue"]) == list(FLOORS)
    late = {"overdue": True, "reason": "", "n_years": 9, "indicator_id": "x", "end": 2023}
    figures = {
        "nothing": {"latest_year": 2022, "latest_basis": "year"},
        "estimate": {"latest_year": 2023, "latest_basis": "year_estimate"},
        "term": {"latest_year": 2023, "latest_basis": "term", "latest_period": "2021/2023", "latest": 9.5,
                 "unit": "percent"},
    }  # fmt: skip
    for word in FLOORS:
        for told, figure in figures.items():
            said = plain(status(pd.Series(late | figure | {"status": word}), lang))
            assert said.startswith(words["overdue"][word])
            assert words["status"][word] not in said
            rest = words["overdue_because"][told].format(word="", value=quantity(9.5, "percent", 2, lang))
            assert said.endswith(rest)
    assert status(pd.Series(late | {"status": "met"}), lang) == words["status"]["met"]


@either
def test_every_reason_says_what_would_be_needed(lang):
    assert set(texts(lang)["needs"]) == REASONS
    for code in REASONS:
        row = pd.Series({"indicator_id": "x", "reason": code, "n_years": 2})
        told = plain(what_is_needed(row, lang, needed=5))
        assert told.startswith(texts(lang)["status"]["not_assessed"])
        assert plain(reason(code, lang, "x", n=2, needed=5)) in told


@either
def test_the_thresholds_explained_are_those_applied(lang):
    said = plain(explain_words(lang))
    assert [int(n) for n in re.findall(r"(\d+)%", said)] == [90, 66, 33, 10, 10]
    assert [texts(lang)["status"][word] in said for word in FLOORS] == [True] * len(FLOORS)
