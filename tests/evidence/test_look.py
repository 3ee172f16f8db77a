"""What is worth a look: seen where it is, and nowhere else."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import Problem
from sapa_analysis.evidence import load_evidence, look_over, looks_in_words

ROW = {"indicator_id": "health_insurance", "area": "sa_pa", "freq": "A", "published": "2022", "source_title": "Báo Lào Cai",
       "statement": "Tỷ lệ bao phủ", "note": ""}  # fmt: skip


def rows(*values: float, **changed: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            ROW | {"period": str(2015 + n), "value": value, "where": f"a.csv:{n + 2}"} | changed
            for n, value in enumerate(values)
        ]
    )


def seen(table: pd.DataFrame) -> list[tuple[int, str]]:
    return [(look.line, look.column) for look in look_over(table)]


@given(st.lists(st.floats(90, 99), min_size=3, max_size=8), st.data())
def test_a_slip_of_the_point_is_seen_and_nothing_else(values, data):
    assert seen(rows(*values)) == []
    slip = data.draw(st.integers(0, len(values) - 1))
    for factor in (0.1, 10.0):
        slipped = [value * factor if place == slip else value for place, value in enumerate(values)]
        assert seen(rows(*slipped)) == [(slip + 2, "value")]


def test_two_years_apart_by_ten_times_are_both_worth_a_look():
    assert seen(rows(96.8, 9.68)) == [(2, "value"), (3, "value")]


@pytest.mark.parametrize("values", [(5.0,), (1.0, 6.9), (1.0, 15.1), (0.0, 3.0, 4.0)])
def test_one_figure_or_another_ratio_is_none(values):
    assert seen(rows(*values)) == []


def test_figures_of_parts_of_years_and_of_other_places_are_no_neighbours():
    assert seen(rows(96.8, 9.68, freq="YTD")) == []
    assert seen(pd.concat([rows(96.8), rows(9.68, area="lao_cai")])) == []


def test_a_blank_date_a_repeated_row_and_an_old_code_are_seen():
    assert seen(rows(96.0, published="")) == [(2, "published")]
    twice = pd.concat([rows(96.0), rows(96.0, where="a.csv:9")], ignore_index=True)
    assert [(look.line, look.message) for look in look_over(twice)] == [(9, "is the same as a.csv:2")]
    assert seen(rows(96.0, source_title="Kh¸ch du lÞch")) == [(2, "source_title")]


@given(st.floats(1.0, 1.6), st.integers(3, 8), st.data())
def test_a_slip_is_seen_in_a_series_that_grows(growth, n, data):
    values = [100.0 * growth**year for year in range(n)]
    assert seen(rows(*values)) == []
    inner = data.draw(st.integers(1, n - 2))
    slipped = [value * 10 if place == inner else value for place, value in enumerate(values)]
    assert (inner + 2, "value") in seen(rows(*slipped))


def test_another_page_on_the_same_year_tells_a_slip_alone():
    twice = pd.concat([rows(3.3e6), rows(33e6, where="a.csv:9", source_title="Báo khác")], ignore_index=True)
    assert seen(twice) == [(2, "value"), (9, "value")]


def test_most_slips_in_the_figures_of_the_repository_are_seen(root):
    evidence = load_evidence(root / "data")
    visits = evidence.query("indicator_id == 'tourist_arrivals' and area == 'sa_pa' and freq == 'A'")
    assert [look for look in look_over(visits) if look.column == "value"] == []
    found = []
    for place in visits.index:
        slipped = visits.copy()
        slipped.loc[place, "value"] *= 10
        found.append(
            visits.loc[place, "where"] in {f"{each.file}:{each.line}" for each in look_over(slipped)}
        )
    assert sum(found) > 0.8 * len(found)


def test_a_look_at_a_workbook_of_the_office_names_sheet_and_cell_and_no_column_of_ours():
    cell = "day.xlsx, trang Số liệu, ô K{0}"
    looks = [
        Problem(cell.format(21), 21, "value", "95.1 is a jump from 94 in 2021"),
        Problem(cell.format(22), 22, "value", "12,085.5 is a tenth of 120,900, as others let expect"),
        Problem(cell.format(23), 23, "row", f"is the same as {cell.format(21)}:21"),
        Problem("data/evidence/tourism.csv", 132, "value", "9,300.5 is a jump from 4,000 in 2018"),
    ]
    assert looks_in_words(looks, "vi") == [
        "  tourism 132, value: 9\xa0300.5 thay đổi đột ngột so với 4\xa0000 năm 2018",
        "  day.xlsx, trang Số liệu, ô K21: 95,1 thay đổi đột ngột so với 94 năm 2021",
        "  day.xlsx, trang Số liệu, ô K22: 12.085,5 chỉ bằng khoảng một phần mười của 120.900, là mức suy ra từ "
        "các số liệu khác",
        "  day.xlsx, trang Số liệu, ô K23: trùng với day.xlsx, trang Số liệu, ô K21",
    ]
    assert "  day.xlsx, trang Số liệu, ô K21: 95.1 is a jump from 94 in 2021" in looks_in_words(looks)
    same = [Problem(cell.format(n), n, "row", f"is the same as {cell.format(9)}:9") for n in range(10, 15)]
    [line] = looks_in_words(same, "vi")
    assert line.endswith("; 5 dòng, day.xlsx, trang Số liệu, ô K10 đến day.xlsx, trang Số liệu, ô K14")
