"""The way back of every number and judgement on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from sapa_analysis import SapaError, assess_targets
from sapa_analysis.reporting.briefing.compose import compose_briefing
from sapa_analysis.reporting.paper.model import Cell, Paper, Paragraph, Source, Sources, Table, texts_in
from sapa_analysis.reporting.tagged_numbers import numbers_in, tag
from sapa_analysis.reporting.trace.families import said_of
from sapa_analysis.reporting.trace.kept import find_ways
from sapa_analysis.reporting.trace.lines import way_lines
from sapa_analysis.reporting.trace.printed import figures_in, loose_digits
from sapa_analysis.reporting.trace.rounding import rounding_of
from sapa_analysis.reporting.trace.way import KINDS, ROUNDINGS
from sapa_analysis.reporting.trace.ways import ways_in, ways_of

pytest_plugins = ["loaded"]
DAY = "2023-06-30"
VISITS = "resolution-2023.09.tourist_arrivals"


@pytest.fixture(scope="module")
def ways(papers_of):
    return papers_of(DAY)[1]


@pytest.fixture(scope="module")
def narrow(tables, params):
    """Return three targets, and what judges them in a moment."""
    wanted = ("forest_cover", "handicraft_output", "cultural_villages")
    targets = [each for each in tables.targets if each.indicator_id in wanted and each.area == "sa_pa"]
    own = params.with_values(as_of=DAY, n_paths=100, subjects={"output": ["handicraft_output"]}, scenarios=[])
    return replace(tables, targets=targets), own


def paper_of(*blocks, lang="vi"):
    return Paper("briefing", lang, "Báo cáo", "", date(2023, 6, 30), blocks, {})


def test_every_number_and_judgement_of_every_paper_has_its_way(papers, ways):
    for paper in papers.values():
        own = ways_in(paper, ways)
        assert {number.key for number in numbers_in(texts_in(paper))} == set(own)
        assert all(paper.stem in way.papers for way in own.values())


def test_ways_hold_the_value_of_the_run_and_every_printed_text(papers, ways):
    for paper in papers.values():
        own = ways_in(paper, ways)
        for number in numbers_in(texts_in(paper)):
            way = own[number.key]
            assert (way.value, way.unit) == (number.value, number.unit)
            assert number.text in way.texts[paper.lang]


def test_each_kind_and_rounding_is_declared_and_lines_are_few(ways):
    assert {way.kind for way in ways.values()} <= set(KINDS)
    assert {way.rounding.how for way in ways.values()} <= set(ROUNDINGS)
    for lang in ("vi", "en"):
        lines = [way_lines(way, lang) for way in ways.values()]
        assert all(2 <= len(told) <= 6 for told in lines)
        assert not [line for told in lines for line in told if not line.strip() or "{" in line]


def test_no_key_of_a_run_and_no_english_stands_in_vietnamese_lines(ways):
    said = "\n".join(line for way in ways.values() for line in way_lines(way, "vi", "review"))
    assert not re.search(r"published figure|\bmedian\b|trung vị|resolution-\d|tourist_arrivals", said)


def test_a_goal_comes_from_its_document_and_a_figure_from_its_page(ways, results):
    target = next(each for each in results.targets if each.id == VISITS)
    goal = ways[f"{VISITS}.value"]
    assert (goal.kind, goal.paths, goal.rounding.how) == ("goal", None, "as_printed")
    assert (goal.pages[0].title, goal.pages[0].published) == (target.source_title, target.published)
    row = results.verdicts.set_index("id").loc[VISITS]
    latest = ways[f"tourist_arrivals.{row['latest_period']}.published"]
    assert latest.kind == "published"
    assert [each.value for each in latest.measurements] == [row["latest"]]
    assert latest.pages[0].url == row["latest_url"]


def test_a_forecast_names_paths_figures_and_what_was_not_used(ways, results):
    way, params = ways[f"{VISITS}.upper_80"], results.params
    assert (way.paths.number, way.paths.seed, way.paths.last) == (params.n_paths, params.seed, 2025)
    known = results.outcomes["tourist_arrivals"].observed.observations
    own = {each.id for each in way.measurements if each.own}
    assert own == set(known["id"])
    assert {each.id for each in way.used if each.own} == set(known.loc[known["used"], "id"])
    assert {each.area for each in way.used} == {"sa_pa", "lao_cai"}
    assert way.rounding.unit == "million_visits"


def test_a_judgement_has_its_probability_and_a_result_has_none(ways, results):
    chances = results.verdicts.set_index("id")["probability"]
    judged = {
        key: way for key, way in ways.items() if key.endswith(".word") and way.place.table == "verdicts"
    }
    assert judged
    for key, way in judged.items():
        chance = chances[key.removesuffix(".word")]
        assert way.chance == (None if chance != chance else chance)
        assert way.rounding.how == "word"


def test_a_mark_leads_to_the_page_that_the_list_of_sources_names(papers, ways):
    for stem in ("briefing-vi", "review-vi"):
        paper = papers[stem]
        listed = {
            each.number: each for block in paper.blocks if isinstance(block, Sources) for each in block.items
        }
        marks = {
            key: way for key, way in ways_in(paper, ways).items() if re.fullmatch(r"sources\.\d+\.mark", key)
        }
        assert marks
        for way in marks.values():
            source, page = listed[way.value], way.pages[0]
            assert source.url in ("", page.url)
            assert (paper.kind, way.value) in page.marks


def test_a_count_rests_on_the_figures_of_all_targets_of_its_document(ways, results):
    way = ways["resolution-2023.groups"]
    mine = results.verdicts.query("document == 'resolution-2023'")["indicator_id"]
    named = {
        each
        for name in mine
        if (series := results.outcomes[name].observed)
        for each in series.observations.id
    }
    assert way.kind == "count"
    assert named <= way.evidence


def test_a_count_says_what_it_counts_and_only_words_of_chance_come_from_paths(ways):
    assert ways["resolution-2023.groups"].about["en"].startswith("Groups of goals, ")
    assert ways["congress-2020.groups"].about["en"].startswith("Goals, ")  # its goals are in no groups
    for key in ("resolution-2023.groups", "resolution-2023.groups.not_assessed", "congress-2020.groups"):
        assert ways[key].paths is None
        assert "quỹ đạo" not in " ".join(way_lines(ways[key], "vi"))
    assert ways["resolution-2023.groups.unlikely"].paths is not None
    assert ways["review.wanted"].about["vi"] == "Số mục tiêu chưa đánh giá được"


def test_two_numbers_printed_as_one_are_found_and_nothing_is_refused(ways):
    one, of = (f"sa_pa.targets_met_province.2022.{end}" for end in ("met", "of"))
    if one in ways:
        printed = "/".join(ways[key].texts["vi"][0] for key in (one, of))
        assert [way.key for way in find_ways(ways, printed)] == [one, of]
    for sought in ("", "  ", "[3]"):
        with pytest.raises(SapaError, match="nothing was named"):
            find_ways(ways, sought)


def test_a_change_of_one_figure_changes_only_ways_that_name_it(narrow, sketched):
    project, params = narrow
    row = project.evidence.index[project.evidence["id"] == "e0364"]
    before = project.evidence.query("indicator_id == 'handicraft_output' and area == 'sa_pa'")
    row = before.index[(before["published"] > "2022-10") & (before["published"] < "2023-06")][:1]
    changed = project.evidence.copy()
    changed.loc[row, "value"] *= 1.05
    [name] = project.evidence.loc[row, "id"]
    old, new = (told(replace(project, evidence=each), params) for each in (project.evidence, changed))
    moved = {key for key in old | new if old.get(key) != new.get(key)}
    assert len(moved) > 5
    assert not {
        key for key in moved for way in (old.get(key), new.get(key)) if way and name not in way.evidence
    }


def told(project, params):
    results = assess_targets(project, params)
    return ways_of(project, results, [compose_briefing(project, results, lang="vi")])


# what stops a build ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(narrow):
    return narrow[0], assess_targets(*narrow)


def test_every_key_without_a_family_is_told_at_once(run):
    texts = [tag("12", f"nowhere.{name}", 12, "count") for name in ("one", "two", "three", "four", "five")]
    with pytest.raises(SapaError) as told:
        ways_of(*run, [paper_of(Paragraph(" ".join(texts)))])
    assert [problem.column for problem in told.value.problems] == sorted(
        f"nowhere.{name}" for name in ("one", "two", "three", "four", "five")
    )
    assert all(f"nowhere.{name}:" in str(told.value) for name in ("one", "five"))
    assert "chưa có cách truy nguồn" in told.value.in_language("vi")


def test_a_composer_answers_for_its_own_keys(run):
    paper = paper_of(Paragraph(tag("12", "mine.forest_cover.n", 12, "count")))
    [way] = ways_of(*run, [paper], families=[{"mine.*.n": "Counted by hand."}]).values()
    assert (way.kind, way.said) == ("count", {"en": "Counted by hand."})
    assert {each.indicator for each in way.measurements} == {"forest_cover"}
    assert said_of("mined.n", [{"mine.": "No."}]) == ""


def test_a_key_with_two_values_is_told_with_both(run):
    papers = [
        paper_of(Paragraph(tag("5", "years_needed", n, "count")), lang=lang)
        for n, lang in ((5, "vi"), (6, "en"))
    ]
    with pytest.raises(SapaError, match='years_needed: it stands for "5 count" and for "6 count"'):
        ways_of(*run, papers)


def test_sources_are_numbered_by_each_paper_for_itself(run):
    mark = Paragraph(tag("[1]", "sources.1.mark", 1, "source"))
    papers = [
        replace(paper_of(mark, Sources((Source(1, title, f"https://{title}.vn"),))), kind=title)
        for title in ("briefing", "review")
    ]
    found = ways_of(*run, papers)
    assert [way.pages[0].url for way in found.values()] == ["https://briefing.vn", "https://review.vn"]
    assert list(ways_in(papers[1], found)) == ["sources.1.mark"]


@pytest.mark.parametrize("text", ["tăng 14,5%", "đạt 46/61", "là 12 xã", "12.085 tỷ đồng", "có 3 đợt"])
def test_a_number_outside_tags_is_told_with_its_words(run, text):
    with pytest.raises(SapaError) as told:
        ways_of(*run, [paper_of(Paragraph(f"Kết quả năm 2022 {text}"))])
    [problem] = told.value.problems
    assert problem.file == "briefing-vi"
    assert text in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 15/01/2024, tháng 12/2023, quý I/2023, 2020–2025, nhiệm kỳ 2020 - 2025",
        "nghị quyết 11-2021", "2.1. Tăng trưởng sau dịch COVID-19", "1) Du lịch", "15 January 2024", "ngày 05 tháng 01 năm 2023",
        "Số giường bệnh (trên 1 vạn dân)", "theo https://example.vn/tin-12345.html",
    ],
)  # fmt: skip
def test_days_years_orders_names_and_units_need_no_tag(run, text):
    assert ways_of(*run, [paper_of(Paragraph(text))]) == {}


def test_the_number_of_a_row_needs_no_tag_but_only_in_the_first_column(run):
    def table(*cells):
        return Table("t", "", (), (tuple(map(Cell, cells)),), (0.5, 0.5))

    assert ways_of(*run, [paper_of(table("1", "Du lịch"))]) == {}
    with pytest.raises(SapaError, match='"12"'):
        ways_of(*run, [paper_of(table("Du lịch", "12"))])
    spanned = Table("t", "", (), ((Cell("1", down=2), Cell("a")), (Cell("12"),)), (0.5, 0.5))
    with pytest.raises(SapaError, match='"12"'):
        ways_of(*run, [paper_of(spanned)])


# how numbers are printed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "unit", "text", "lang", "how", "to"),
    [
        ("forecast", 3_176_254.4, "visits", "3,2 triệu lượt", "vi", "to", 0.1),
        ("forecast", 3_176_254.4, "visits", "3.2", "en", "to", 0.1),
        ("forecast", 7916.6, "billion_vnd", "7.900", "vi", "to", 100),
        ("forecast", 140.0, "million_vnd", "140 triệu đồng", "vi", "exact", 0),
        ("difference", 0.712, "share", "71%", "vi", "to", 1),
        ("difference", -6.09, "percentage_points", "6,09", "vi", "exact", 0),
        ("pace", -0.434, "percent_a_year", "−0,4%/năm", "vi", "to", 0.1),
        ("forecast", 0.27, "probability", "khoảng 25%", "vi", "five_points", 0),
        ("goal", 11_000.0, "billion_vnd", "11 nghìn tỷ đồng", "vi", "as_printed", 0),
        ("published", 99.36, "million_vnd", "99.36 million VND", "en", "as_printed", 0),
        ("judgement", "unlikely", "judgement", "Khó", "vi", "word", 0),
        ("quoted", "01", "quoted", "01", "vi", "as_printed", 0),
    ],
)
def test_what_was_done_to_a_value_is_read_from_its_text(kind, value, unit, text, lang, how, to):
    found = rounding_of(kind, value, unit, text, lang)
    assert (found.how, found.to) == (how, to)


@pytest.mark.parametrize(
    ("text", "readings", "scale", "sort"),
    [
        ("12.085 tỷ đồng", [12085, 12.085], 1e9, "vnd"),
        ("12,085 billion VND", [12.085, 12085], 1e9, "vnd"),
        ("1.234.567 lượt", [1234567], 1, "visits"),
        ("3\u00a0185\u00a0000", [3185000], 1, ""),
        ("12.085,5", [12085.5], 1, ""),
        ("12,085.5", [12085.5], 1, ""),
        ("−0,4 điểm phần trăm", [0.4], 1, "percent"),
        ("11 nghìn tỷ đồng", [11], 1e12, "vnd"),
        ("0,875 triệu lượt", [0.875], 1e6, "visits"),
    ],
)
def test_numbers_are_read_in_both_forms(text, readings, scale, sort):
    [figure] = figures_in(text)
    assert [read for read, _ in figure.readings] == pytest.approx(readings)
    assert (figure.scale, figure.sort) == (scale, sort)


def test_a_range_is_two_figures_and_a_span_of_years_is_none():
    assert [figure.text for figure in figures_in("2,7–3,8 triệu lượt, giai đoạn 2020–2025")] == ["2,7", "3,8"]
    assert loose_digits("4.7 million visits") == ["4.7"]
