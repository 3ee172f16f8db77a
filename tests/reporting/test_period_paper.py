"""The report of a part of a year: figures of its months beside plan, the same months before, and what is left."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.reporting.paper.model import Paragraph, Table, texts_in
from sapa_analysis.reporting.period.compose import compose_period
from sapa_analysis.reporting.period.figures import left_a_month, so_far
from sapa_analysis.reporting.period.keys import KEYS
from sapa_analysis.reporting.tagged_numbers import numbers_in, parts, plain

pytest_plugins = ["loaded"]
DATE = re.compile(r"(?:\d{1,2}/)?(?:\d{1,2}/)?(?:19|20)\d\d(?!\d)")


@pytest.fixture(scope="module")
def results_then(quick):
    return quick("2023-06-30")


@pytest.fixture(scope="module")
def papers(tables, results_then):
    return {lang: compose_period(tables, results_then, lang=lang) for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_dates_stand_untagged(papers, lang):
    for text in texts_in(papers[lang]):
        loose = "".join(part for part in parts(text) if isinstance(part, str))
        assert not re.search(r"\d", DATE.sub("", loose)), plain(text)


def test_a_key_has_one_value_in_both_languages(papers):
    seen = {}
    for number in numbers_in(texts_in(list(papers.values()))):
        assert seen.setdefault(number.key, (number.value, number.unit)) == (number.value, number.unit)
    assert all(any(key.startswith(own) for own in KEYS) for key in seen if key.startswith("period."))


def test_what_was_done_is_told_against_the_plan_and_by_month(papers):
    told = [plain(block.text) for block in papers["vi"].blocks if isinstance(block, Paragraph)]
    assert told[1].startswith(
        "Tổng lượt khách du lịch đến địa bàn 2 tháng năm 2023 đạt trên 534.000 lượt [1], "
        "bằng 15,3% kế hoạch năm; "
    )
    assert told[1].endswith("tính từ sau tháng 2, bình quân mỗi tháng phải đạt 0,3 triệu lượt.")
    assert told[2].startswith("Lũy kế 2 tháng năm 2023 (ước), doanh thu du lịch đạt 1.847 tỷ đồng")


def test_the_months_left_are_counted_where_the_figure_is_as_new_as_the_day(tables, results_then, monkeypatch):
    """A figure of January leaves eleven months while January is the last month that has ended."""
    params = results_then.params.with_values(as_of="2023-02-28")
    monkeypatch.setattr("sapa_analysis.reporting.period.compose._months_ended", lambda _: 1)
    paper = compose_period(tables, replace(results_then, params=params), lang="vi")
    told = [plain(block.text) for block in paper.blocks if isinstance(block, Paragraph)]
    assert told[1].endswith("11 tháng còn lại bình quân mỗi tháng phải đạt 0,29 triệu lượt.")


def test_every_goal_of_the_year_has_its_row_or_stands_in_the_line_of_those_that_nobody_told_of(papers):
    table = next(block for block in papers["vi"].blocks if isinstance(block, Table))
    rows = [row for row in table.rows if len(row) > 1]
    assert len([row for row in rows if row[2].shade == "blank"]) == len(rows) - 2
    told = [block.text for block in papers["vi"].blocks if isinstance(block, Paragraph)]
    [line] = [text for text in told if "period.counts.silent" in text]
    [silent] = [number for number in numbers_in([line]) if number.key == "period.counts.silent"]
    assert len(rows) + silent.value == 48
    assert "Chưa đủ cơ sở" not in plain([cell.text for row in rows for cell in row])
    assert "tỷ lệ phủ BHYT (98%)" in plain(line)
    assert sum(table.widths) == pytest.approx(1)


def test_a_year_without_a_goal_says_so(tables, quick):
    paper = compose_period(tables, quick("2024-01-15"), lang="vi")
    assert plain(paper.title) == "Tình hình thực hiện chỉ tiêu năm 2024"
    assert plain(paper.blocks[0].text) == "Các văn bản được xét không đặt chỉ tiêu nào cho năm 2024."


def test_the_same_months_before_are_compared_and_no_others(tables):
    found = so_far(tables.as_of("2025-12-31"), "tourism_revenue", "lao_cai", 2025)
    assert found is not None
    if found.before is not None:
        assert found.before["period"][:4] == "2024"
        assert found.before["month"] == found.month
        assert found.growth == pytest.approx(100 * (found.row["value"] / found.before["value"] - 1))
    assert so_far(tables.as_of("2023-06-30"), "forest_cover", "sa_pa", 2023) is None


@given(goal=st.floats(1, 1e9), done=st.floats(0, 1e9), month=st.integers(1, 12))
def test_what_is_left_brings_the_goal_in_the_months_that_are_left(goal, done, month):
    left = left_a_month(goal, done, month)
    if left is None:
        assert done >= goal or month == 12
    else:
        assert done + left * (12 - month) == pytest.approx(goal)


def test_the_later_page_counts_where_two_tell_of_the_same_months(tables):
    known = tables.as_of("2022-12-31")
    found = so_far(known, "tourist_arrivals", "sa_pa", 2022)
    assert (found.row["period"], found.row["value"]) == ("2022-01/2022-12", 2_430_000)
    assert isinstance(found.row, pd.Series)
