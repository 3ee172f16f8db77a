"""What is printed is what was published: on every page, in both languages."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import PAPERS
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.reporting import plain, verdicts_table
from sapa_analysis.reporting.cited import citations
from sapa_analysis.reporting.goals import wording
from sapa_analysis.reporting.language import day, forecasts, texts
from sapa_analysis.reporting.paper.model import Paper, Source, Sources, Table, Tiles, texts_in
from sapa_analysis.reporting.published import completion_shown, figure_printed, published_key
from sapa_analysis.reporting.tagged_numbers import numbers_in
from sapa_analysis.reporting.target_row import target_rows
from sapa_analysis.reporting.trace.results_files import results_csv

pytest_plugins = ["loaded"]
EDITIONS = ("2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31")
#: Of which all papers are made: before a deadline, after one, after the end of the town.
MADE = ("2023-06-30", "2024-01-15", "2026-01-31")
#: oà for òa, uỳ for ùy: the tone stands on the first vowel of an open syllable.
LATE_TONE = re.compile(r"(?i)o[àáảãạ](?![a-zà-ỹ])|(?<!q)u[ỳýỷỹỵ](?![a-zà-ỹ])|o[èéẻẽẹ](?![a-zà-ỹ])")


def value_of(text: str, lang: str) -> float:
    """Read a printed number back: "trên 3,68 triệu lượt" is 3,680,000."""
    comma = texts(lang)["decimal"]
    found = re.search(r"[\d.,]*\d", text)
    assert found, text
    thousands = "." if comma == "," else ","
    number = float(found[0].replace(thousands, "").replace(comma, "."))
    return number * (1e6 if re.search("triệu lượt|million visits", text) else 1)


@pytest.mark.parametrize("day", EDITIONS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cell_of_the_latest_figure_prints_a_number_of_the_evidence(tables, results_of, day, lang):
    verdicts = results_of(day).verdicts
    table = plain(verdicts_table(verdicts, tables.indicators, needed=1, lang=lang))
    heads, known = texts(lang)["table"], tables.as_of(day).evidence
    bounds = {bound: word for bound, word in texts(lang)["bounds"].items() if word}
    for row, cell in zip(verdicts.to_dict("records"), table[heads["latest"]], strict=True):
        if not cell:
            continue
        mine = known[(known["indicator_id"] == row["indicator_id"]) & (known["area"] == row["area"])]
        printed = cell.partition(" (")[0]
        bound = next((bound for bound, word in bounds.items() if printed.startswith(word)), "exact")
        values = mine.loc[mine["bound"] == bound, "value"].tolist()
        assert any(value_of(printed, lang) == pytest.approx(value, rel=1e-9) for value in values), cell


@pytest.mark.parametrize("day", MADE)
def test_every_published_number_of_a_paper_has_its_page(papers_of, day):
    papers, ways = papers_of(day)
    for paper in papers.values():
        numbers = {number.key for number in numbers_in(texts_in(paper))}
        published = {key for key in numbers if key.endswith(".published")}
        assert len(published) >= (0 if paper.kind == "period" else 3)
        assert [key for key in published if not ways[key].pages] == []
        listed = {source.number for source in sources_of(paper)}
        marks = re.findall(r"\[(\d+)\]", "".join(plain(list(texts_in(paper)))))
        assert {int(mark) for mark in marks} == listed


def sources_of(paper: Paper) -> list[Source]:
    return [source for block in paper.blocks if isinstance(block, Sources) for source in block.items]


@pytest.mark.parametrize("day", MADE)
@pytest.mark.parametrize("stem", [stem for stem in PAPERS if not stem.startswith("period")])
def test_a_figure_stands_with_the_number_of_its_page_or_with_the_mark_of_one_that_is_not_cited(
    tables, results_of, papers_of, day, stem
):
    """In its cell, or in the column of sources of its row."""
    paper = papers_of(day)[0][stem]
    sources = {source.number: source for source in sources_of(paper)}
    cite = citations(tables, results_of(day))
    pages = {
        published_key(row): row for row in results_of(day).verdicts.to_dict("records") if row["latest_source"]
    }
    tables = [
        block for block in paper.blocks if isinstance(block, Table) and block.name in ("matters", "annex")
    ]
    seen = 0
    for line in (row for table in tables for row in table.rows):
        told = " ".join(plain(cell.text) for cell in line)
        marks = [int(mark) for mark in re.findall(r"\[(\d+)\]", told)]
        for key in {number.key for number in numbers_in(cell.text for cell in line)} & set(pages):
            row, seen = pages[key], seen + 1
            page = cite.pages[cite.page_of(row)]
            if page.cite_ok == "no":
                assert "†" in told
                continue
            cited = [sources[mark] for mark in marks]
            assert any(
                each.url == page.url if each.url else page.title.strip() in plain(each.text) for each in cited
            ), (key, told)
    assert seen


def test_the_goal_of_a_document_stands_in_its_own_words(tables, results):
    for row, verdict in zip(
        target_rows(tables, results, "vi"), results.verdicts.to_dict("records"), strict=True
    ):
        if verdict["printed"]:
            about, goal = plain([row.name, row.goal])
            told = f"{about} {goal}" if wording(verdict["printed"])[1] else about
            assert " ".join(told.split()) == " ".join(verdict["printed"].split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("day", EDITIONS)
def test_no_page_puts_about_into_the_mouth_of_a_document(tables, results_of, day, lang):
    about = texts(lang)["senses"]["about"].format(value="").strip()
    verdicts = results_of(day).verdicts
    table = plain(verdicts_table(verdicts, tables.indicators, needed=1, lang=lang))
    inferred = (verdicts["sense_inferred"] == "yes").to_numpy()
    assert not table.loc[inferred, texts(lang)["table"]["target"]].str.startswith(about).any()


@given(share=st.floats(0.0, 3.0))
def test_a_percentage_of_a_goal_never_rounds_across_100(share):
    shown = completion_shown(share, "en")
    number = float(shown.removesuffix("%"))
    assert (number < 100, number == 100, number > 100) == (share < 1, share == 1, share > 1)
    assert abs(number - 100 * share) <= 0.5 or abs(number - 100) <= 0.1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("day", EDITIONS)
def test_rates_stand_in_points_beside_their_goal_and_never_in_percent_of_it(tables, results_of, day, lang):
    verdicts = results_of(day).verdicts
    table = plain(verdicts_table(verdicts, tables.indicators, needed=1, lang=lang))
    latest = table[texts(lang)["table"]["latest"]]
    rates = verdicts["unit"].str.startswith("percent").to_numpy()
    assert not latest[rates].str.contains("%)", regex=False).any()
    assert latest[rates].str.contains("điểm phần trăm|points").any()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("day", MADE)
def test_after_a_deadline_no_word_speaks_before_it(tables, results_of, papers_of, day, lang):
    results = results_of(day)
    words = texts(lang)
    table = plain(verdicts_table(results.verdicts, tables.indicators, needed=1, lang=lang))
    over = results.verdicts["overdue"].to_numpy()
    said = table.loc[over, words["table"]["verdict"]]
    before = [words["status"][name] for name in words["overdue"]]
    assert not any(cell.startswith(f"{word} (") or cell == word for cell in said for word in before)
    assert (table.loc[over, words["table"]["pace"]] == "").all()
    past = set(results.verdicts.loc[over, "id"])
    ahead = {*before, *(words["short"][name] for name in words["short_overdue"])}
    for kind in ("briefing", "review"):
        for number in numbers_in(texts_in(papers_of(day)[0][f"{kind}-{lang}"])):
            if number.unit == "judgement" and number.key.rpartition(".")[0] in past:
                assert number.text not in ahead, number


@pytest.mark.parametrize("day", MADE)
def test_what_is_counted_adds_up(papers_of, day):
    tiles = [
        tile
        for paper in papers_of(day)[0].values()
        for block in paper.blocks
        if isinstance(block, Tiles)
        for tile in block.rows
    ]
    assert tiles
    for tile in tiles:
        [total] = [number.value for number in numbers_in([tile.title]) if number.unit == "count"]
        assert sum(int(plain(n)) for _, n, _ in tile.counts) == total


@given(
    middle=st.floats(1.0, 1e5), below=st.floats(0.01, 0.9), above=st.floats(0.01, 3.0),
    unit=st.sampled_from(["percent", "billion_vnd", "visits"]),
)  # fmt: skip
def test_a_forecast_is_printed_with_the_digits_it_has_in_one_unit(middle, below, above, unit):
    size = 1e3 if unit == "visits" else 1.0
    values = {
        "lower": size * middle * (1 - below),
        "median": size * middle,
        "upper": size * middle * (1 + above),
    }
    told = plain(list(forecasts(values, unit, 2, "en", keys={name: name for name in values}).values()))
    spread = values["upper"] - values["lower"]
    coarsest = max(spread / 20, 0.005 if unit != "visits" else 5e3)
    decimals = {len(text.split()[0].partition(".")[2].rstrip("%")) for text in told}
    assert len(decimals) == 1
    assert len({text.partition(" ")[2] for text in told}) == 1
    for text, value in zip(told, values.values(), strict=True):
        shown = float(text.split()[0].rstrip("%").replace(",", ""))
        shown *= 1e6 if "million" in text else 1
        assert abs(shown - value) <= coarsest * 1.0001


@pytest.mark.parametrize(
    ("value", "unit", "bound", "lang", "text"),
    [
        (3_680_000, "visits", "over", "vi", "trên 3,68 triệu lượt"),
        (5_000_000, "visits", "under", "vi", "gần 5 triệu lượt"),
        (1200, "persons", "over", "vi", "trên 1.200 người"),
        (2_905_123, "visits", "exact", "en", "2,905,123 visits"),
        (99.36, "million_vnd", "exact", "vi", "99,36 triệu đồng"),
        (58.6, "percent", "exact", "en", "58.6%"),
    ],
)
def test_a_published_number_keeps_every_digit_and_its_bound(value, unit, bound, lang, text):
    assert figure_printed(value, unit, lang, bound=bound) == text


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)))
def test_dates_in_vietnamese_follow_the_decree(when):
    shown = day(when, "vi")
    first, month, year = shown.split("/")
    assert (int(first), int(month), int(year)) == (when.day, when.month, when.year)
    assert len(first) == 2
    assert len(month) == (2 if when.month in (1, 2) or when.month >= 10 else 1)
    assert when + timedelta(0) == when


def _ours(tables) -> list[str]:
    def leaves(node) -> list[str]:
        if isinstance(node, dict):
            return [leaf for value in node.values() for leaf in leaves(value)]
        return [str(node)]

    names = [*tables.indicators["name_vi"], *tables.areas["name_vi"], *tables.documents["name_vi"]]
    names += list(tables.events["name_vi"])
    scenarios = [each.model_dump_json() for each in tables.scenarios.values()]
    return leaves(texts("vi")) + names + [json.loads(f'"{json.dumps(text)[1:-1]}"') for text in scenarios]


def test_one_rule_for_the_place_of_the_tone_in_all_our_own_vietnamese(tables):
    found = [text for text in _ours(tables) if LATE_TONE.search(text)]
    assert found == []


def test_the_rule_of_tones_sees_what_it_should():
    assert all(map(LATE_TONE.search, ["luỹ kế", "văn hoá", "Thị uỷ", "toả sáng"]))
    assert not any(map(LATE_TONE.search, ["quý", "quỹ", "hoàn thành", "thủy sản", "khoản", "huyện", "toàn"]))


@pytest.mark.parametrize("kind", ["briefing", "review"])
def test_the_papers_name_the_bridge_that_they_use(papers_of, kind):
    told = " ".join(plain(list(texts_in(papers_of("2026-01-31")[0][f"{kind}-vi"]))))
    assert "1,08" in told
    assert "phường Sa Pa" in told


def test_results_hold_the_page_of_every_published_number(papers_of):
    rows = pd.read_csv(
        io.StringIO(results_csv(papers_of("2023-06-30")[1]).removeprefix("\ufeff")), keep_default_na=False
    )
    published = rows[rows["key"].str.endswith(".published")]
    assert len(published) > 10
    assert (published["source"] != "").all()
    goals = rows[rows["key"].str.match(r"(resolution|congress).*\.value$")]
    assert (goals["source"] != "").all()
