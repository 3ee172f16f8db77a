"""What an office fills in comes back whole: figures, goals, leads, judgements, causes, projects."""

import io
import math
from dataclasses import fields
from datetime import date

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import figure, office, steady
from office_files import (
    DAY,
    INSURANCE,
    JOBS,
    RESOLUTION,
    REVENUE,
    SCHOOLS,
    VISITS,
    everything,
    filled,
    free_goal,
    goal_row,
    grid,
    grid_more,
    head_row,
    in_form,
    list_row,
    listed,
    own_row,
    tables,
    template,
)
from openpyxl.utils import get_column_letter

from sapa_analysis.core import Observations, OfficeError, Target, Targets, check_frame
from sapa_analysis.evidence import Office, contradictions, is_office, read_office, template_file

FREE = free_goal()


def read(folder, content, name="so_lieu.xlsx", **options):
    path = folder / name
    path.write_bytes(content)
    return read_office(path, tables(), **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return what is read of a workbook with something in every form."""
    return read(
        tmp_path_factory.mktemp("whole"), filled(everything(), change=lambda book: None), allow_internal=True
    )


def test_an_untouched_template_holds_nothing(tmp_path):
    found = read(tmp_path, template())
    assert (found.name, found.area, found.day, found.by, dict(found.leads)) == (
        "so_lieu.xlsx",
        "sa_pa",
        DAY,
        "",
        {},
    )
    for name in ("figures", "goals", "judgements", "causes", "projects"):
        assert getattr(found, name).empty
    empty = office([])
    assert [field.name for field in fields(Office)] == [field.name for field in fields(type(found))]
    for name in ("figures", "goals", "judgements", "causes", "projects"):
        assert list(getattr(found, name).columns) == list(getattr(empty, name).columns)


def test_figures_of_the_grid_and_the_list_are_rows_of_the_evidence(whole):
    rows = whole.figures.set_index("id")
    assert len(rows) == 9
    bound = rows.loc["office.grid.K55"]
    assert bound[["indicator_id", "area", "period", "freq", "value", "unit", "kind", "bound", "digits"]].tolist() == [
        "health_insurance_coverage", "sa_pa", "2022", "A", 96.8, "percent", "actual", "over", 3,
    ]  # fmt: skip
    assert bound[["source_title", "source_url", "statement", "published", "grade", "cite_ok"]].tolist() == [
        "Báo cáo số 215-BC/TU", "office:Báo cáo số 215-BC/TU", "trên 96,8", "2023-06-30", "A", "yes",
    ]  # fmt: skip
    assert bound["where"] == "so_lieu.xlsx, trang Số liệu, ô K55:55"
    by_statement = whole.figures.set_index("statement")
    assert by_statement.loc["44/61", "value"] == pytest.approx(100 * 44 / 61)
    assert by_statement.loc["1,3 triệu", ["period", "freq", "value", "digits"]].tolist() == [
        "2022-01/2022-06",
        "YTD",
        1.3e6,
        2,
    ]
    assert by_statement.loc["5.200", ["period", "through", "published"]].tolist() == [
        "2022-01/2022-10",
        "2022-10-15",
        "2022-10-20",
    ]
    assert by_statement.loc["ước 12.100", ["kind", "period", "note"]].tolist() == [
        "estimate",
        "2023",
        "số ước đầu năm",
    ]
    assert by_statement.loc["3.187", ["freq", "internal"]].tolist() == ["Q", True]
    assert by_statement.loc["14,9", ["kind", "source_title", "period"]].tolist() == [
        "estimate",
        "Chi cục Thống kê",
        "2023",
    ]
    assert whole.figures["source_url"].map(is_office).all()


def test_the_evidence_takes_every_figure(whole):
    problems = []
    columns = list(Observations.to_schema().columns)
    checked = check_frame(
        whole.figures[columns].assign(source_url="https://example.org"), "office", Observations, problems
    )
    assert (problems, checked["value"].tolist()) == ([], whole.figures["value"].tolist())
    for row in whole.figures.to_dict("records"):
        assert contradictions(row) == []


def test_goals_leads_judgements_causes_and_projects_are_read(whole):
    [goal] = whole.goals.to_dict("records")
    assert list(whole.goals.columns) == [*Targets.to_schema().columns, "where", "internal"]
    assert goal["id"] == "resolution-2023.09.tourism_revenue"  # it corrects a public one
    assert (goal["sense"], goal["value"], goal["value_high"], goal["end"]) == ("between", 12000, 12500, 2023)
    assert Target.model_validate(goal).unit_in_charge == "Phòng Văn hóa"
    assert dict(whole.leads) == {
        "resolution-2023.01.grdp_growth": "Chi cục Thống kê",
        goal["id"]: "Phòng Văn hóa",
    }
    [judged] = whole.judgements.to_dict("records")
    assert (judged["target"], judged["end"], judged["judged"]) == (
        "resolution-2023.01.grdp_growth",
        "2023",
        "expected",
    )
    [cause] = whole.causes.to_dict("records")
    assert (cause["field"], cause["indicator_id"], cause["what"], cause["text"]) == (
        "tourism",
        "",
        "shortcoming",
        "Khách lưu trú còn ngắn ngày",
    )
    [project] = whole.projects.to_dict("records")
    assert (project["title"], project["progress"]) == ("Đề án 05", "Đã trình")
    assert whole.by == "Văn phòng Thị ủy Sa Pa"


def test_what_a_template_writes_is_read_as_it_was(tmp_path):
    given_ = steady()
    found = read(tmp_path, template_file(tables(), day=DAY, office=given_))
    same = ["indicator_id", "period", "freq", "value", "unit", "kind", "bound"]  # digits follow the row
    order = ["indicator_id", "period"]
    one, two = (each.figures.sort_values(order)[same].reset_index(drop=True) for each in (given_, found))
    pd.testing.assert_frame_equal(one, two, check_dtype=False)


def test_a_template_of_what_was_read_is_read_the_same(tmp_path, whole):
    again = read(tmp_path, template_file(tables(), day=DAY, office=whole), allow_internal=True)
    assert dict(again.leads) == dict(whole.leads)
    for name in ("figures", "goals", "judgements", "causes", "projects"):
        one, two = getattr(whole, name), getattr(again, name)
        left = [column for column in one.columns if column not in ("id", "where", "statement")]
        assert sorted(map(repr, one[left].to_numpy().tolist())) == sorted(
            map(repr, two[left].to_numpy().tolist())
        ), name


def test_the_digest_follows_from_the_content_alone(tmp_path):
    one = read(tmp_path, filled({grid(JOBS, 2022): 1310}))
    assert read(tmp_path, filled({grid(JOBS, 2022): 1310}), "khac.xlsx").digest == one.digest
    assert read(tmp_path, filled({grid(JOBS, 2022): 1311})).digest != one.digest
    assert len(one.digest) == 64


def test_rows_that_say_the_same_are_one(tmp_path):
    row = {"indicator": REVENUE, "first": "quý I/2022", "value": 1500}
    cause = {in_form("Nguyên nhân", n, head): text for n in (1, 2) for head, text in
             (("Lĩnh vực hoặc chỉ tiêu", "Du lịch"), ("Loại", "Bài học"), ("Nội dung", "Làm sớm"))}  # fmt: skip
    goals = {place: value for n in (0, 1) for place, value in
             goal_row(FREE + n, document=RESOLUTION, indicator=VISITS, due=2023, goal="trên 3,6 triệu").items()}  # fmt: skip
    found = read(tmp_path, filled({**list_row(1, **row), **list_row(5, **row), **cause, **goals}))
    assert (len(found.figures), len(found.causes), len(found.goals)) == (1, 1, 1)
    said = f"{listed(1, 'Số liệu')[1]}"
    assert found.figures.loc[0, "where"].endswith(f":{said}")  # the first


def test_a_checked_jump_passes(tmp_path):
    odd = {grid(VISITS, 2021): 23_000_000, grid("Tỷ lệ lao động qua đào tạo", 2022): 0.581}
    with pytest.raises(OfficeError):
        read(tmp_path, filled(odd))
    notes = {
        grid_more(name, "Ghi chú"): "Đã kiểm tra, đúng" for name in (VISITS, "Tỷ lệ lao động qua đào tạo")
    }
    assert read(tmp_path, filled(odd | notes)).figures["value"].tolist() == [23e6, 0.581]


def test_a_white_row_takes_its_name_from_the_grey_row_above(tmp_path):
    def change(book):
        row = own_row(JOBS)
        book["Số liệu"].merge_cells(start_row=row - 1, end_row=row, start_column=1, end_column=1)

    assert read(tmp_path, filled({grid(JOBS, 2022): 1310}, change=change)).figures[
        "indicator_id"
    ].tolist() == ["jobs_created"]


def test_names_are_read_however_they_are_typed(tmp_path):
    cells = {**list_row(1, indicator="DOANH  THU du lịch", unit="Tỷ Đồng", first=2022, value=7294, kind="Chính thức"),
             **list_row(2, indicator="tỉ lệ che phủ rừng", first=2022, value="66,2")}  # fmt: skip
    found = read(tmp_path, filled(cells)).figures
    assert found["indicator_id"].tolist() == ["tourism_revenue", "forest_cover"]


def test_a_new_goal_has_an_id_of_its_own_and_a_usual_measure(tmp_path):
    cells = {**goal_row(FREE, document=RESOLUTION, indicator=VISITS, due=2025, goal=5_800_000, published="15/02/2023", note="bổ sung"),
             **goal_row(FREE + 1, document=RESOLUTION, indicator="Tốc độ tăng tổng sản phẩm trên địa bàn (GRDP)", due="2021-2025", goal="trên 14,5"),
             **goal_row(FREE + 2, document=RESOLUTION, indicator=SCHOOLS, due=2025, goal="50/61")}  # fmt: skip
    goals = read(tmp_path, filled(cells)).goals
    assert goals["measure"].tolist() == ["level", "term_mean_growth", "level"]
    assert goals["id"].str.startswith("office.goals.").all()
    assert goals.loc[0, ["sense", "sense_inferred", "value", "published", "note", "source_url"]].tolist() == [
        "at_least", "yes", 5.8e6, "2023-02-15", "bổ sung", "office:Số liệu của cơ quan",
    ]  # fmt: skip
    assert (goals.loc[1, "start"], goals.loc[1, "end"]) == (2021, 2025)
    assert goals.loc[2, "fraction"] == "50/61"
    for row in goals.to_dict("records"):
        assert math.isfinite(Target.model_validate(row).value)


def test_a_grey_goal_that_is_written_over_corrects_its_target(tmp_path):
    found = read(tmp_path, filled({in_form("Chỉ tiêu", 1, "Mục tiêu"): "trên 15"})).goals
    assert found[["id", "value", "sense"]].to_numpy().tolist() == [
        ["resolution-2023.01.grdp_growth", 15.0, "more_than"]
    ]


def test_a_goal_that_is_only_repeated_is_none_of_the_office(tmp_path):
    row = goal_row(
        FREE, document=RESOLUTION, indicator=REVENUE, due=2023, goal="12.085", lead="Phòng Văn hóa"
    )
    found = read(tmp_path, filled(row))
    assert found.goals.empty
    assert dict(found.leads) == {"resolution-2023.09.tourism_revenue": "Phòng Văn hóa"}


def test_what_was_known_earlier_is_known_earlier(whole):
    assert whole.as_of(date(2022, 12, 31)).figures["statement"].tolist() == ["5.200"]
    assert figure("jobs_created", 2022, 1310.0, "persons")["unit"] == "persons"


#: White cells of the grid, one an indicator and year, in which anything is typed.
WHITE = [
    grid(name, year)
    for name in (INSURANCE, SCHOOLS, VISITS, REVENUE, JOBS)
    for year in (2018, 2019, 2020, 2021, 2022)
]
LINES = [*WHITE, *(listed(n, head) for n in (1, 2) for head in ("Chỉ tiêu", "Từ", "Số liệu", "Ghi chú", "Nguồn")),
         *(in_form("Đề án", n, head) for n in (1, 2) for head in ("Tên đề án, nhiệm vụ", "Vướng mắc"))]  # fmt: skip
ANYTHING = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), min_size=1, max_size=30),
    st.integers(-(10**6), 10**9), st.floats(-100, 10**6, allow_nan=False).map(lambda x: round(x, 2)),
    st.sampled_from(["trên 96,8", "96.8", "46/61", "ước 97,5%", "1.310", "quý I/2022", REVENUE, JOBS]),
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(LINES), ANYTHING, max_size=6))
def test_every_filled_cell_is_held_or_told(tmp_path, typed):
    typed = {place: value for place, value in typed.items() if not isinstance(value, str) or value.strip()}
    try:
        found = read(tmp_path, filled(typed))
    except OfficeError as error:
        problems = error.problems
    else:
        problems = ()
    if problems:
        assert all(problem.file == "so_lieu.xlsx" and problem.message for problem in problems)
        return
    held = {row for name in ("figures", "projects") for row in getattr(found, name)["where"]}
    rows = {where.split(", ")[1].removeprefix("trang ") + where.rpartition(":")[2] for where in held}
    cells = {where.rpartition(":")[0].rpartition(" ")[2] for where in found.figures["where"]}
    for place in typed:
        assert f"{place[0]}{place[1]}" in rows
        if place in WHITE:
            assert f"{get_column_letter(place[2])}{place[1]}" in cells


# judgements on goals of the office, and years to come -------------------------------------------------------


def judged_row(indicator, year):
    """Return how many rows below the heads of judgements an indicator and a year stand."""
    sheet = openpyxl.load_workbook(io.BytesIO(template()))["Đánh giá"]
    head = head_row("Đánh giá", "Năm")
    return next(
        row - head
        for row in range(head + 1, sheet.max_row)
        if (sheet.cell(row, 1).value, sheet.cell(row, 3).value) == (indicator, year)
    )


def public_goal(indicator, year):
    sheet = openpyxl.load_workbook(io.BytesIO(template()))["Chỉ tiêu"]
    head = head_row("Chỉ tiêu", "Văn kiện")
    return next(
        row - head
        for row in range(head + 1, sheet.max_row)
        if (sheet.cell(row, 3).value, sheet.cell(row, 5).value) == (indicator, year)
    )


def test_a_goal_that_the_office_corrects_or_adds_may_be_judged_on_an_earlier_day(tmp_path):
    at = judged_row(INSURANCE, 2023)
    rows = openpyxl.load_workbook(io.BytesIO(template()))["Đánh giá"]
    blank = next(row for row in range(5, rows.max_row) if rows.cell(row, 1).value is None) - head_row(
        "Đánh giá", "Năm"
    )
    found = read(tmp_path, filled({
        **goal_row(public_goal(INSURANCE, 2023), goal="98,5"),
        **goal_row(FREE, document=RESOLUTION, indicator="Số hộ nghèo", due=2023, goal="1.200"),
        in_form("Đánh giá", at, "Đánh giá của Ban Thường vụ"): "Khó đạt",
        in_form("Đánh giá", at, "Ngày đánh giá"): "20/06/2023",
        in_form("Đánh giá", blank, "Chỉ tiêu"): "Số hộ nghèo", in_form("Đánh giá", blank, "Năm"): 2023,
        in_form("Đánh giá", blank, "Đánh giá của Ban Thường vụ"): "Đạt",
        in_form("Đánh giá", blank, "Ngày đánh giá"): "20/06/2023",
        in_form("Đánh giá", blank, "Ước thực hiện"): "1.150",
    }))  # fmt: skip
    by_word = found.judgements.set_index("judged")["target"]
    corrected, added = found.goals.set_index("indicator_id")["id"][
        ["health_insurance_coverage", "poor_households"]
    ]
    assert dict(by_word) == {"hard": corrected, "met": added}
    assert corrected in {target.id for target in tables().targets}
    assert found.figures["value"].tolist() == [1150]


def test_an_estimate_of_a_year_to_come_is_refused_at_its_own_cell(tmp_path):
    row = judged_row(VISITS, 2025)
    cell = in_form("Đánh giá", row, "Ước thực hiện")
    with pytest.raises(OfficeError, match="chưa nhận số ước của năm chưa bắt đầu") as caught:
        read(tmp_path, filled({cell: "5.000.000"}))
    assert f"trang Đánh giá, ô {get_column_letter(cell[2])}{cell[1]}" in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Tỷ lệ bao phủ BHYT", "bảo hiểm y tế"), ("Thu NSNN", "ngân sách nhà nước"), ("Tỷ lệ che phủ rưng", "che phủ rừng"),
     ("Số tiêu chí NTM", "nông thôn mới")],
)  # fmt: skip
def test_an_unknown_name_is_answered_with_the_one_that_shares_its_words(typed, meant, tmp_path):
    with pytest.raises(OfficeError, match=f'có phải là ".*{meant}'):
        read(tmp_path, filled(list_row(1, indicator=typed, first=2022, value="97,2")))
