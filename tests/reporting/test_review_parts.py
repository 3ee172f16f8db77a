"""The told parts of a review: what they tell on each day, in both languages, and that each number has its key."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.reporting.paper.model import Block, Paragraph, Points, Table, texts_in
from sapa_analysis.reporting.review.context import MOST, SIDES, chosen_events, context_part
from sapa_analysis.reporting.review.outlook import outlook_part
from sapa_analysis.reporting.review.part_keys import KEYS
from sapa_analysis.reporting.review.said import alone, term_of, vary
from sapa_analysis.reporting.review.scenario_effects import LEAST_POINTS, scenario_effects, tells
from sapa_analysis.reporting.review.shortcomings import is_behind, shortcomings_part
from sapa_analysis.reporting.review.tasks import tasks_part
from sapa_analysis.reporting.tagged_numbers import numbers_in, parts, plain
from sapa_analysis.reporting.target_row import target_rows

pytest_plugins = ["loaded"]
PARTS = {
    "context": context_part, "tasks": tasks_part, "shortcomings": shortcomings_part, "outlook": outlook_part,
}  # fmt: skip
EDITIONS = ("2023-06-30", "2024-01-15", "2026-01-31")
#: What may stand untagged: a day, a month, a year, a span of years.
DATE = re.compile(r"(?:\d{1,2}/)?(?:\d{1,2}/)?(?:19|20)\d\d(?!\d)")
Told = Callable[[str, str, str], list[Block]]


@pytest.fixture(scope="module")
def results_on(quick):
    return quick


@pytest.fixture(scope="module")
def told(tables, results_on) -> Told:
    return cache(lambda part, day, lang: PARTS[part](tables, results_on(day), lang))


def lines(blocks: list[Block]) -> list[str]:
    return [plain(text) for text in texts_in(blocks)]


def untagged(text: str) -> str:
    return DATE.sub("", "".join(part for part in parts(text) if isinstance(part, str)))


# laws -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("day", EDITIONS)
def test_only_dates_stand_untagged(told, day, lang):
    for part in PARTS:
        for text in texts_in(told(part, day, lang)):
            assert not re.search(r"\d", untagged(text)), plain(text)


@pytest.mark.parametrize("day", EDITIONS)
def test_a_key_has_one_value_and_one_unit_in_both_languages(told, day):
    seen: dict[str, tuple[object, str]] = {}
    for lang in LANGUAGES:
        for number in numbers_in(texts_in([told(part, day, lang) for part in PARTS])):
            assert seen.setdefault(number.key, (number.value, number.unit)) == (number.value, number.unit)


def test_every_family_of_keys_is_met_and_explained(told):
    keys = {
        number.key
        for day in EDITIONS
        for number in numbers_in(texts_in([told(part, day, "vi") for part in PARTS]))
    }
    patterns = {name: re.compile(re.escape(name).replace(r"\*", ".+")) for name in KEYS}
    assert all(any(pattern.match(key) for key in keys) for pattern in patterns.values())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("day", EDITIONS)
def test_tables_are_whole_and_shares_of_their_width_sum_to_one(told, day, lang):
    for part in PARTS:
        for table in (block for block in told(part, day, lang) if isinstance(block, Table)):
            assert sum(table.widths) == pytest.approx(1)
            for row in (*table.heads, *table.rows):
                assert sum(cell.across for cell in row) == len(table.widths)


@pytest.mark.parametrize("day", EDITIONS)
def test_vietnamese_says_neither_median_nor_shortened_papers(told, day):
    for part in PARTS:
        for line in lines(told(part, day, "vi")):
            assert not re.search(r"trung vị|tứ phân vị|\bNQ\s", line), line


@pytest.mark.parametrize("day", EDITIONS)
def test_no_sentence_is_said_twice_in_a_row(told, day):
    for part in PARTS:
        for block in told(part, day, "vi"):
            if isinstance(block, Points):
                shapes = [re.sub(r"\d[\d.,]*", "#", plain(item)) for item in block.items]
                assert all(a != b for a, b in pairwise(shapes))


@pytest.mark.parametrize("part", PARTS)
def test_a_province_has_the_same_parts(tables, results_on, part):
    blocks = PARTS[part](tables, results_on("2023-06-30", "lao_cai"), "vi")
    assert blocks
    for text in texts_in(blocks):
        assert not re.search(r"\d", untagged(text)), plain(text)


# context --------------------------------------------------------------------------------------------------


def test_every_kind_of_event_stands_on_a_side(tables):
    assert set(tables.events["kind"]) <= {kind for kinds in SIDES.values() for kind in kinds}


@pytest.mark.parametrize("day", EDITIONS)
def test_events_are_of_the_term_known_and_few_of_a_kind(tables, results_on, day):
    events = chosen_events(tables, results_on(day))
    assert events["date"].str[:4].astype(int).between(2020, 2025).all()
    assert set(events["area"]) <= {"sa_pa", "lao_cai", "viet_nam"}
    assert events["published"].index.isin(tables.as_of(day).events.index).all()
    heads = events["name_vi"].str.partition(":")[0]
    assert events.groupby(["kind", heads]).size().max() <= MOST


def test_the_context_tells_the_way_out_of_the_epidemic_and_no_later_storm(told):
    text = " ".join(lines(told("context", "2023-06-30", "vi")))
    assert "ngày 15/3/2022, Việt Nam mở cửa lại hoàn toàn hoạt động du lịch quốc tế" in text
    assert "Dịch COVID-19 nhiều lần làm gián đoạn" in text
    assert "Yagi" not in text
    assert "sắp xếp đơn vị hành chính" not in text


def test_after_the_end_of_the_town_the_context_tells_storms_and_the_new_boundary(told):
    text = " ".join(lines(told("context", "2026-01-31", "vi")))
    assert "Bão Yagi làm giảm mạnh" in text
    assert "ngày 01/7/2025" in text
    assert "cùng ngày, thị xã Sa Pa kết thúc hoạt động" in text


def test_without_targets_the_context_is_left_to_the_office(tables, results_on):
    results = replace(results_on("2023-06-30"), targets=[])
    assert term_of(tables, results) is None
    assert {block.style for block in context_part(tables, results, "vi") if isinstance(block, Paragraph)} == {
        "blank"
    }


# tasks ----------------------------------------------------------------------------------------------------


def rows_of(blocks: list[Block]) -> list[list[str]]:
    table = next(block for block in blocks if isinstance(block, Table))
    return [[plain(cell.text) for cell in row] for row in table.rows]


def test_every_task_stands_in_the_words_of_its_document(tables, told):
    shown = {row[1] for row in rows_of(told("tasks", "2023-06-30", "vi")) if len(row) > 1}
    text = tables.texts["resolution-2023"]
    assert {task.printed for task in text.specific_tasks} <= shown
    assert {each.told_vi for each in tables.texts["congress-2020"].breakthroughs.named} <= shown


def test_a_task_has_its_targets_with_their_words(told):
    linked = {row[1]: row[2] for row in rows_of(told("tasks", "2023-06-30", "vi")) if len(row) > 1}
    assert linked["Phát triển du lịch"].startswith("tổng lượt khách du lịch – ")
    growth = next(cell for what, cell in linked.items() if "phục hồi sản xuất" in what)
    assert growth.startswith("Nhóm 1: tốc độ tăng trưởng kinh tế (GRDP) – ")
    education = next(cell for what, cell in linked.items() if "Đề án 05 của Thị ủy" in what)
    assert education == "Nhóm 13: chưa đủ cơ sở (2 chỉ tiêu)"


def test_the_office_fills_in_every_row(told):
    table = next(block for block in told("tasks", "2023-06-30", "vi") if isinstance(block, Table))
    assert all(row[-1].shade == "blank" and not row[-1].text for row in table.rows if len(row) > 1)


# shortcomings ---------------------------------------------------------------------------------------------


def test_nothing_is_made_up_of_shortcomings_causes_and_lessons(told):
    blocks = told("shortcomings", "2023-06-30", "vi")
    blank = [plain(block.text) for block in blocks if isinstance(block, Paragraph) and block.style == "blank"]
    assert [line.partition(":")[0] for line in blank] == ["[Văn phòng bổ sung"] * 4


@pytest.mark.parametrize("day", EDITIONS)
def test_every_unlikely_target_is_named_once(tables, results_on, told, day):
    items = [
        item for block in told("shortcomings", day, "vi") if isinstance(block, Points) for item in block.items
    ]
    late = [row for row in target_rows(tables, results_on(day), "vi") if row.outlook == "unlikely"]
    items = [item for item in items if ".with_" not in item]  # those tell what a doubted figure would move
    for row in late:
        assert (
            sum(plain(row.goal).split()[-1] in plain(item) and f"{row.id}.value" in item for item in items)
            == 1
        )


PACE = {"passed": False, "own_pace_unit": "percent_a_year", "pace_unit": "percent_a_year"}


@given(own=st.floats(-50, 50), needed=st.floats(-50, 50))
def test_a_pace_is_behind_only_on_the_way_to_its_goal(own, needed):
    behind = is_behind(pd.Series(PACE | {"own_pace": own, "pace": needed}))
    mirrored = is_behind(pd.Series(PACE | {"own_pace": -own, "pace": -needed}))
    alike = round(own, 1) == round(needed, 1) or math.isclose(own, needed)
    assert behind == (not alike and (own < needed if needed > 0 else own > needed))
    assert mirrored == behind or needed == 0


def test_without_both_paces_nothing_is_behind():
    assert not is_behind(pd.Series(PACE | {"own_pace": float("nan"), "pace": 3.0}))
    assert not is_behind(pd.Series(PACE | {"own_pace": 1.0, "pace": 3.0, "passed": True}))
    assert not is_behind(pd.Series(PACE | {"own_pace": 1.0, "pace": 3.0, "pace_unit": "points_a_year"}))


def test_a_doubted_figure_and_a_year_with_two_figures_are_told(told):
    text = "\n".join(lines(told("shortcomings", "2026-01-31", "vi")))
    assert "số 13,8% (bình quân 2021–2025) còn nghi vấn" in text
    assert "năm 2019: các nguồn ghi từ 3,2 triệu lượt đến 3,5 triệu lượt" in text


# outlook --------------------------------------------------------------------------------------------------


def test_the_outlook_tells_what_is_needed_from_the_plan_and_from_the_latest_figure(told):
    rows = {row[0]: row for row in rows_of(told("outlook", "2023-06-30", "vi"))}
    assert rows["Thu ngân sách nhà nước trên địa bàn"][2:5] == ["570,3 tỷ đồng", "1.500 tỷ đồng", "62,2%/năm"]
    assert rows["GRDP bình quân đầu người"][4:6] == ["10,9%/năm", "13,4%/năm"]


def test_the_outlook_says_how_far_a_goal_lies_from_the_forecast(told):
    text = "\n".join(lines(told("outlook", "2023-06-30", "vi")))
    assert "năm 2023 phải tăng 18,8% so với năm 2022" in text
    assert re.search(r"muốn đạt 118 triệu đồng/năm, kết quả phải cao hơn mức dự báo khoảng [56]%", text)


def test_the_distance_of_a_mean_is_told_of_the_mean_and_not_of_its_last_year(told):
    text = "\n".join(lines(told("outlook", "2023-06-30", "vi")))
    assert "muốn đạt trên 14,5%, mức bình quân 2021–2025 phải cao hơn mức dự báo khoảng" in text
    assert "kết quả năm 2025 phải cao hơn mức dự báo khoảng 3,6 điểm" not in text


def test_a_pace_that_starts_from_an_estimate_names_it(told):
    blocks = told("outlook", "2023-06-30", "vi")
    assert "cần tăng 40,3% so với năm 2022 (ước 2,495 triệu lượt)" in "\n".join(lines(blocks))
    table = next(block for block in blocks if isinstance(block, Table))
    assert "tổng lượt khách du lịch cả năm 2022 ước 2,495 triệu lượt" in plain(table.notes[-1])
    rows = {row[0]: row for row in rows_of(blocks)}
    assert rows["Lượt khách quốc tế"][6] == "34,2%/năm (2014–2019)"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_after_the_last_deadline_no_pace_and_no_scenario_is_told(told, lang):
    blocks = told("outlook", "2026-01-31", lang)
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [table.name for table in tables] == ["results-due"]
    text = "\n".join(lines(blocks))
    assert not re.search(r"/năm|a year\b|Kịch bản|scenario", text)


def test_between_two_deadlines_the_plan_of_the_past_year_is_gone(told):
    blocks = told("outlook", "2024-01-15", "vi")
    table = next(block for block in blocks if isinstance(block, Table))
    assert table.name == "needed"
    assert len(table.widths) == 6
    assert any("chưa chỉ tiêu nào có kết quả chính thức" in line for line in lines(blocks))


@given(change=st.floats(-60, 60), word=st.sampled_from(["even", "unlikely"]))
def test_a_scenario_is_told_by_a_word_or_by_enough_points(change, word):
    verdicts = pd.DataFrame({"n_years": [9]}, index=["mine"])
    row = pd.Series({"target": "mine", "word": word, "difference": change})
    base = pd.Series({"target": "mine", "word": "even"})
    assert tells(row, base, verdicts) == (word != "even" or abs(change) >= LEAST_POINTS)


def test_scenarios_that_move_nothing_are_told_in_one_line(tables, results_on):
    results = results_on("2023-06-30")
    still = {name: value for name, value in results.outcomes.items() if name == "forest_cover"}
    forest = [target for target in results.targets if target.indicator_id == "forest_cover"]
    alone_ = replace(results, outcomes=still, targets=forest)
    assert scenario_effects(tables, alone_, target_rows(tables, results, "vi"), "vi") == []


@given(place=st.integers(0, 30), n=st.integers(2, 5))
def test_neighbours_are_told_in_other_words(place, n):
    forms = {str(number): f"form {number}" for number in range(n)}
    assert vary(forms, place) != vary(forms, place + 1)


def test_a_pace_stands_alone_without_its_years():
    assert alone("8,0%/năm (2018–2023; 2023 chưa chính thức)") == "8,0%/năm"
    assert alone("17,0%/năm; nếu là bình quân cộng: 16,9%/năm") == "17,0%/năm"
