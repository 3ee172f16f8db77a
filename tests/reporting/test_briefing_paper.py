"""The briefing for leaders as a paper: two pages, every number tagged, nothing past that speaks before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from factories import one_point

from sapa_analysis import assess_targets
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.reporting.briefing import room
from sapa_analysis.reporting.briefing.answer import count_all, furthest_behind
from sapa_analysis.reporting.briefing.compose import compose_briefing
from sapa_analysis.reporting.briefing.keys import KEYS
from sapa_analysis.reporting.briefing.matters import MOST_TARGETS, targets_that_matter
from sapa_analysis.reporting.language import day as day_told
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.paces import base_told, pace_base, pace_needed, pace_own
from sapa_analysis.reporting.paper.model import (
    Cell,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Points,
    Sources,
    Strip,
    Table,
    Tiles,
    texts_in,
)
from sapa_analysis.reporting.tagged_numbers import Number, numbers_in, parts, plain

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
EDITIONS = ["2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31"]
CASES = [(day, "sa_pa") for day in EDITIONS] + [("2026-01-31", "lao_cai")]
#: What may be a number without a key: days, months and years.
DATES = re.compile(r"\b\d{1,2}/(?:\d{1,2}/)?(?:19|20)\d\d\b|\b(?:19|20)\d\d\b")
#: Words that no reader of the briefing should meet.
BANNED = ("trung vị", "median", "brier", "back-test", "kiểm nghiệm", "data/", ".csv", "nhánh", "xác suất",
          "probability", "50/50", "thất bại", "NQ ")  # fmt: skip
#: Words that speak before a deadline, in each language.
BEFORE = {"vi": ("cần phấn đấu", "có khả năng hoàn thành", "dự báo", "khả năng hoàn thành", "cần đạt"),
          "en": ("about as likely as not", "likely to be met", "forecast", "even chance", "needed")}  # fmt: skip


@pytest.fixture(scope="module")
def run(quick) -> Callable[..., Results]:
    return quick


@pytest.fixture(scope="module")
def composed(tables, run) -> Callable[[str, str, str], Paper]:
    """Return what gives the briefing of a day, an area and a language, its pictures points."""

    def compose_once(day: str, area: str, lang: str) -> Paper:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "sapa_analysis.reporting.briefing.pictures.draw",
                lambda title, *_, **__: Picture(title, "<svg/>", one_point()),
            )
            return compose_briefing(tables, run(day, area), lang=lang)

    return cache(compose_once)


@pytest.fixture(params=CASES, ids=lambda case: "-".join(case))
def case(request) -> tuple[str, str]:
    return request.param


def untagged(text: str) -> str:
    return " ".join(part for part in parts(text) if isinstance(part, str))


def of_kind(paper: Paper, kind: type) -> list:
    return [block for block in paper.blocks if isinstance(block, kind)]


def told(paper: Paper) -> str:
    return plain(" | ".join(texts_in(paper)))


# the laws -------------------------------------------------------------------------------------------------


@either
def test_every_number_outside_of_dates_is_tagged(composed, case, lang):
    for text in texts_in(composed(*case, lang)):
        assert not re.search(r"\d", DATES.sub("", untagged(text))), untagged(text)


def test_both_languages_tell_the_same_numbers(composed, case):
    vi, en = (
        {(each.key, each.value, each.unit) for each in numbers_in(texts_in(composed(*case, lang)))
         if each.unit != "quoted"}
        for lang in LANGUAGES
    )  # fmt: skip
    assert vi == en


@either
def test_one_key_stands_for_one_number(composed, case, lang):
    values: dict[str, tuple[object, str]] = {}
    for number in numbers_in(texts_in(composed(*case, lang))):
        if number.unit != "quoted":
            assert values.setdefault(number.key, (number.value, number.unit)) == (number.value, number.unit)


@either
def test_nothing_of_the_method_is_told(composed, case, lang):
    paper = composed(*case, lang)
    text = told(paper).lower()
    assert [word for word in BANNED if word.lower() in text] == []
    assert "probability" not in {number.unit for number in numbers_in(texts_in(paper))}


@either
@pytest.mark.parametrize("area", ["sa_pa", "lao_cai"])
def test_after_the_deadline_nothing_speaks_before_it(composed, lang, area):
    paper = composed("2026-01-31", area, lang)
    (table,) = (block for block in of_kind(paper, Table) if block.name == "matters")
    front = (paper.title, of_kind(paper, Tiles), of_kind(paper, Paragraph), table)
    text = plain(" | ".join(texts_in(front))).lower().replace(texts(lang)["published"]["not_fitted"], "")
    assert [word for word in BEFORE[lang] if word in text] == []
    assert all(cell.text not in ("", None) for row in table.rows for cell in row[-1:])


@either
def test_a_year_ahead_is_forecast_and_a_year_past_is_estimated(composed, lang):
    words = texts(lang)["brief"]["matters"]
    heads = {}
    for day in ("2023-06-30", "2024-01-15", "2026-01-31"):
        (table,) = (
            block for block in of_kind(composed(day, "sa_pa", lang), Table) if block.name == "matters"
        )
        heads[day] = {cell.text for row in table.heads for cell in row}
    assert words["band"] in heads["2023-06-30"]
    assert words["band_mixed"] in heads["2024-01-15"]
    assert words["band_past"] in heads["2026-01-31"]
    assert words["paces"] in heads["2024-01-15"]
    assert words["paces"] not in heads["2026-01-31"]


@either
def test_the_parts_stand_in_order_and_are_numbered_so(composed, case, lang):
    headings = [block.text for block in of_kind(composed(*case, lang), Heading)]
    words = texts(lang)["brief"]
    numbered = [
        words["head"].format(place=place, title=title)
        for place, title in zip(("I", "II", "III", "IV", "V"), words["heads"].values(), strict=True)
    ]
    assert headings == [*numbered, texts(lang)["paper"]["sources"]]


@either
def test_the_paper_has_room_on_two_pages(composed, case, lang):
    paper = composed(*case, lang)
    assert paper.pages == 2
    assert room.TITLE + room.height(paper.blocks) <= 2 * room.PAGE + room.SPARE
    asked = of_kind(paper, Table)[-1]
    assert len(asked.rows) >= 2


@either
def test_it_fills_its_pages(composed, lang):
    for day in EDITIONS:
        paper = composed(day, "sa_pa", lang)
        assert room.TITLE + room.height(paper.blocks) >= 0.92 * 2 * room.PAGE


@either
def test_no_line_repeats_another(composed, case, lang):
    lines = [plain(block.text) for block in of_kind(composed(*case, lang), Paragraph)]
    assert len(lines) == len(set(lines))
    for line in lines:
        assert not re.search(r"\b(\w+ \w+ \w+)[,;:.]? \1\b", line), line


def test_own_families_of_keys_are_listed(composed):
    keys = {number.key for number in numbers_in(texts_in(composed("2026-01-31", "lao_cai", "vi")))}
    own = {key for key in keys if key.startswith("brief.")}
    assert own
    assert {key for key in own if not key.startswith(tuple(KEYS))} == set()


# the answer -----------------------------------------------------------------------------------------------


def test_tiles_count_the_groups_of_each_document(tables, composed, run):
    (tiles,) = of_kind(composed("2023-06-30", "sa_pa", "en"), Tiles)
    for tile, n in zip(tiles.rows, (25, 9), strict=True):
        numbers = [number for _, text, _ in tile.counts for number in numbers_in([text])]
        assert sum(int(number.value) for number in numbers) == n
        assert numbers_in([tile.title])[-1].value == n
    counted = count_all(tables, run("2023-06-30", "sa_pa")).documents
    assert [each.total for each in counted] == [25, 9]


def test_a_document_of_one_goal_has_no_row_of_its_own(composed):
    (tiles,) = of_kind(composed("2026-01-31", "sa_pa", "vi"), Tiles)
    assert len(tiles.rows) == 2
    assert "bản nêu lại" not in told(composed("2026-01-31", "sa_pa", "vi"))


def test_the_furthest_behind_are_of_years_ahead(run):
    worst = furthest_behind(run("2024-01-15", "sa_pa").verdicts)
    assert len(worst) == 3
    assert not worst["overdue"].any()
    assert worst["indicator_id"].is_unique
    assert set(furthest_behind(run("2026-01-31", "sa_pa").verdicts)["end"]) == {2025}


def test_what_cannot_be_judged_is_counted(composed, run):
    verdicts = run("2023-06-30", "sa_pa").verdicts
    numbers = {
        number.key: number.value for number in numbers_in(texts_in(composed("2023-06-30", "sa_pa", "vi")))
    }
    assert numbers["brief.unjudged.n"] == (verdicts["status"] == "not_assessed").sum()
    assert numbers["brief.unjudged.total"] == len(verdicts)
    assert numbers["brief.unjudged.silent"] == (verdicts["reason"] == "no_evidence").sum()


# the table ------------------------------------------------------------------------------------------------


def test_the_core_stands_first_in_the_order_of_the_subjects(run):
    results = run("2023-06-30", "sa_pa")
    picked = targets_that_matter(results)
    assert len(picked) == MOST_TARGETS
    core = list(results.params.core)
    for _, mine in picked.groupby("document", sort=False):
        names = mine["indicator_id"].to_list()
        inside = [name for name in names if name in core]
        assert names[: len(inside)] == inside == sorted(inside, key=core.index)
    assert "not_assessed" not in set(picked["status"])


def test_with_less_room_the_last_ones_go_and_the_core_stays(run):
    results = run("2023-06-30", "sa_pa")
    assert set(targets_that_matter(results, 8)["id"]) < set(targets_that_matter(results, 12)["id"])
    assert set(targets_that_matter(results, 8)["indicator_id"]) <= set(results.params.core)


@either
def test_every_row_has_a_cell_for_every_column(composed, case, lang):
    for table in of_kind(composed(*case, lang), Table):
        assert sum(table.widths) == pytest.approx(1)
        for row in table.rows:
            assert sum(cell.across for cell in row) == len(table.widths)


def test_what_a_department_expects_is_not_told_as_carried_out(composed, run):
    (table,) = (b for b in of_kind(composed("2026-01-31", "sa_pa", "en"), Table) if b.name == "matters")
    words = texts("en")["brief"]["matters"]
    heads = [cell.text for cell in table.heads[0]]
    row = next(row for row in table.rows if "congress-2020.tourist_arrivals.value" in row_keys(row))
    assert row[heads.index(words["latest"])].text == words["estimated"]
    assert plain(row[heads.index(words["office"])].text).startswith("nearly 5 million visits [")


def row_keys(row: tuple[Cell, ...]) -> set[str]:
    return {number.key for number in numbers_in(cell.text for cell in row)}


def test_brief_paces_are_short(run):
    verdicts = run("2023-06-30", "sa_pa").verdicts.set_index("id", drop=False)
    arrivals = verdicts.loc["resolution-2023.09.tourist_arrivals"]
    assert plain(pace_own(arrivals, "vi", brief=True)) == "−0,4%* (2017–2022)"
    assert plain(pace_needed(arrivals, "vi", brief=True)) == "40,3%"
    assert plain(pace_needed(verdicts.loc["congress-2020.grdp_growth"], "en", brief=True)) == "17.0%"
    assert pace_own(verdicts.loc["resolution-2023.12.grid_electricity_households"], "vi", brief=True) == ""


def test_a_needed_pace_is_found_again_from_its_base(run):
    """Of every goal of a level: either the published figure or the base told leads to the pace printed."""
    verdicts = run("2023-06-30", "sa_pa").verdicts
    levels = verdicts[(verdicts["measure"] == "level") & (verdicts["pace_unit"] == "percent_a_year")]
    told = 0
    for _, verdict in levels[levels["pace"].notna()].iterrows():
        base, years, start = pace_base(verdict, 1, "vi"), int(verdict["pace_years"]), verdict["latest"]
        if base is not None:
            [number] = numbers_in([base.value])
            assert (number.key, number.unit) == (f"{verdict['id']}.pace_base", verdict["unit"])
            start, told = number.value, told + 1
        again = 100 * ((verdict["value"] / start) ** (1 / years) - 1)
        assert round(again, 1) == pytest.approx(round(verdict["pace"], 1), abs=0.101)
    assert told > 3
    growth = verdicts.set_index("id", drop=False).loc["congress-2020.grdp_growth"]
    base = pace_base(growth, 1, "vi")
    assert plain(base_told(growth, base, "vi")) == "bình quân 2021–2022 ước 10,8%/năm"
    [number] = numbers_in([base.value])
    left = (1.145**5 / (1 + number.value / 100) ** 2) ** (1 / 3)
    assert 100 * (left - 1) == pytest.approx(growth["pace"])


# sources --------------------------------------------------------------------------------------------------


@either
def test_every_mark_has_its_source_and_every_source_its_mark(composed, case, lang):
    paper = composed(*case, lang)
    marks = {int(n.value) for n in numbers_in(texts_in(paper)) if n.key.endswith(".mark")}
    (listed,) = of_kind(paper, Sources)
    assert [source.number for source in listed.items] == list(range(1, len(listed.items) + 1))
    assert marks == {source.number for source in listed.items}


# pictures, changes, and what may be missing ---------------------------------------------------------------


@either
def test_three_pictures_stand_side_by_side_with_two_lines(composed, lang):
    for day in EDITIONS:
        (strip,) = of_kind(composed(day, "sa_pa", lang), Strip)
        assert len(strip.figures) == 3
        assert all(len(figure.lines) == 2 and figure.alt for figure in strip.figures)


def test_pictures_are_drawn(tables, run):
    paper = compose_briefing(tables, run("2023-06-30", "sa_pa"), lang="vi")
    (strip,) = of_kind(paper, Strip)
    assert all(figure.picture.svg.startswith("<?xml") for figure in strip.figures)
    assert paper == compose_briefing(tables, run("2023-06-30", "sa_pa"), lang="vi")


@either
def test_what_changed_stands_under_its_day(tables, run, lang, monkeypatch):
    monkeypatch.setattr("sapa_analysis.reporting.briefing.sheet.changes_title", lambda *_: "Since then")
    monkeypatch.setattr(
        "sapa_analysis.reporting.briefing.sheet.describe_changes", lambda _, lang, most: ["one", "two"]
    )
    monkeypatch.setattr(
        "sapa_analysis.reporting.briefing.pictures.draw", lambda title, *_, **__: Picture(title, "", b"")
    )
    paper = compose_briefing(tables, run("2023-06-30", "sa_pa"), lang=lang, changes=object())  # type: ignore[arg-type]
    assert of_kind(paper, Points) == [Points(("one", "two"))]
    assert "IV. Since then" in [block.text for block in of_kind(paper, Heading)]


@either
def test_an_area_without_targets_has_a_briefing_too(tables, params, lang, monkeypatch):
    monkeypatch.setattr(
        "sapa_analysis.reporting.briefing.pictures.draw", lambda title, *_, **__: Picture(title, "", b"")
    )
    bare = replace(tables, targets=[])
    ward = params.with_values(area="sa_pa_ward", as_of="2026-01-31", n_paths=100)
    paper = compose_briefing(bare, assess_targets(bare, ward), lang=lang)
    no_target = texts(lang)["brief"]["answer"]["no_target"].format(as_of=day_told(ward.as_of, lang))
    assert no_target in told(paper)
    assert of_kind(paper, Tiles) == of_kind(paper, Table) == []


def test_where_every_target_is_judged_no_one_is_asked(tables, run, monkeypatch):
    monkeypatch.setattr(
        "sapa_analysis.reporting.briefing.pictures.draw", lambda title, *_, **__: Picture(title, "", b"")
    )
    results = run("2023-06-30", "sa_pa")
    judged = results.verdicts[results.verdicts["status"] != "not_assessed"]
    paper = compose_briefing(tables, replace(results, verdicts=judged), lang="en")
    assert [table.name for table in of_kind(paper, Table)] == ["matters"]


def test_a_number_is_told_as_it_was_published(composed, run):
    """What stands as carried out equals a figure of the evidence, bound and period included."""
    results = run("2023-06-30", "sa_pa")
    latest = {
        f"{row['indicator_id']}.{row['latest_period']}.published": row["latest"]
        for row in results.verdicts.to_dict("records")
        if pd.notna(row["latest"])
    }
    shown = [
        number
        for number in numbers_in(texts_in(composed("2023-06-30", "sa_pa", "vi")))
        if number.key.endswith(".published")
    ]
    assert shown
    assert all(isinstance(number, Number) and latest[number.key] == number.value for number in shown)
