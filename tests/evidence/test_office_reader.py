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
    grey_goal,
    grid,
    grid_more,
    head_row,
    in_form,
    in_places,
    list_row,
    listed,
    own_row,
    tables,
    template,
)
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from sapa_analysis.core import Observations, OfficeError, Target, Targets, check_frame
from sapa_analysis.evidence import Office, contradictions, is_office, read_office, template_file

FREE = free_goal()
FOREST = "Tỷ lệ che phủ rừng"


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
             goal_row(FREE + n, document=RESOLUTION, indicator=VISITS, due=2024, goal="trên 3,6 triệu").items()}  # fmt: skip
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


def test_short_spellings_are_the_same_when_they_are_written_into_a_template_again(tmp_path):
    spelt = {grid(INSURANCE, 2019): ">96", grid(INSURANCE, 2020): "~96,2", grid(INSURANCE, 2021): "96,5 (ước)",
             grid(INSURANCE, 2022): "đạt 96,6%", grid(VISITS, 2022): "2,5tr", grid(JOBS, 2022): "≥1.310",
             **list_row(1, indicator=VISITS, first="9T/2022", value="đạt 1,9tr lượt"),
             **list_row(2, indicator=VISITS, first="1/1/22", last="15/10/22", value="<2tr")}  # fmt: skip
    found = read(tmp_path, filled(spelt))
    again = read(tmp_path, template_file(tables(), day=DAY, office=found))
    same = ["indicator_id", "period", "freq", "through", "value", "kind", "bound"]
    one, two = (each.figures[same].sort_values(same, ignore_index=True) for each in (found, again))
    pd.testing.assert_frame_equal(one, two)


# goals ------------------------------------------------------------------------------------------------------


def refusal(folder, cells, **options):
    with pytest.raises(OfficeError) as found:
        read(folder, filled(cells), **options)
    return str(found.value)


def test_another_year_over_a_grey_goal_corrects_its_target(tmp_path):
    found = read(tmp_path, filled(goal_row(grey_goal(VISITS, 2023), due=2024)))
    assert found.goals[["id", "end", "value"]].to_numpy().tolist() == [
        ["resolution-2023.09.tourist_arrivals", 2024, 3.5e6]
    ]
    again = read(tmp_path, template_file(tables(), day=DAY, office=found))
    assert again.goals["id"].tolist() == found.goals["id"].tolist()
    assert again.digest == found.digest


def test_a_new_row_on_a_public_goal_is_refused_with_the_grey_cell(tmp_path):
    row = {"document": RESOLUTION, "indicator": VISITS, "due": 2023, "goal": "4.000.000"}
    for clause in ({}, {"clause": 9}, {"clause": "khác"}):
        said = refusal(tmp_path, goal_row(FREE, **row, **clause))
        assert "văn kiện đã có mục tiêu 3.500.000 cho chỉ tiêu và năm này" in said
        assert f"(ô G{head_row('Chỉ tiêu', 'Văn kiện') + grey_goal(VISITS, 2023)})" in said


def test_a_goal_due_before_its_document_is_refused(tmp_path):
    said = refusal(tmp_path, goal_row(FREE, document=RESOLUTION, indicator=VISITS, due=2021, goal="3 triệu"))
    assert "năm 2021 trước ngày ban hành văn kiện (15/01/2023)" in said
    said = refusal(tmp_path, goal_row(grey_goal(VISITS, 2023), due=2022))
    assert "năm 2022 trước ngày ban hành văn kiện" in said


@pytest.mark.parametrize(
    ("indicator", "goal", "said"),
    [(VISITS, 4000, "4.000 chỉ bằng khoảng 1/870"), (VISITS, "40.000.000", "40.000.000 gấp khoảng 11 lần"), (FOREST, "6,629", "chỉ bằng khoảng 1/10"),
     (INSURANCE, 0.98, "phần trăm viết dưới dạng thập phân; viết 98"), (INSURANCE, "trên 0,98", "viết 98"), (INSURANCE, 101, "nằm ngoài mức có thể có"),
     (FOREST, "6.629", "nằm ngoài mức có thể có"), (VISITS, "từ 3.500 đến 4.000", "3.500 chỉ bằng")],
)  # fmt: skip
def test_a_goal_of_another_size_is_told_unless_it_was_checked(tmp_path, indicator, goal, said):
    cells = goal_row(grey_goal(indicator, 2023), goal=goal)
    assert said in refusal(tmp_path, cells)
    if "nằm ngoài" not in said:
        cells |= goal_row(grey_goal(indicator, 2023), note="đã kiểm tra")
        assert len(read(tmp_path, filled(cells)).goals) == 1


def test_two_words_of_one_day_on_one_target_are_told_and_of_two_days_both_held(tmp_path):
    def row(number, **cells):
        heads = {
            "indicator": "Chỉ tiêu",
            "year": "Năm",
            "word": "Đánh giá của Ban Thường vụ",
            "on": "Ngày đánh giá",
        }
        return {in_form("Đánh giá", number, heads[name]): value for name, value in cells.items()}

    free = 70
    same = {"indicator": VISITS, "year": 2023}
    at = next(n for n in range(1, free) if in_places("Đánh giá", n) == (None, None))
    two = {
        **row(at, **same, word="Đạt", on="15/05/2023"),
        **row(at + 1, **same, word="Khó đạt", on="15/05/2023"),
    }
    assert "khác với ô" in refusal(tmp_path, two)
    later = two | row(at + 1, on="15/06/2023")
    assert sorted(read(tmp_path, filled(later)).judgements["judged"]) == ["hard", "met"]
    assert len(read(tmp_path, filled(two | row(at + 1, word="Đạt"))).judgements) == 1


# sizes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1 / 2000, 1 / 300, 1 / 80, 80, 300, 2000])
def test_a_figure_far_from_all_others_is_told(tmp_path, times):
    for name, year, value in ((VISITS, 2022, 2.5e6), (REVENUE, 2022, 7294)):
        odd = {grid(name, year): round(value * times)}
        said = refusal(tmp_path, odd)
        assert "các số khác của chỉ tiêu" in said or "nằm ngoài mức có thể có" in said
        if "nằm ngoài" not in said:
            odd[grid_more(name, "Ghi chú")] = "đã kiểm tra"
            assert len(read(tmp_path, filled(odd)).figures) == 1


@pytest.mark.parametrize("times", [7, 30, 1 / 7, 1 / 30])
def test_a_jump_of_a_count_without_an_epidemic_is_told(tmp_path, times):
    steady_years = {grid(JOBS, year): 1300 + year - 2018 for year in (2015, 2016, 2017, 2019)}
    assert "các số khác của chỉ tiêu" in refusal(
        tmp_path, steady_years | {grid(JOBS, 2018): round(1300 * times)}
    )


def test_a_slump_to_a_fifth_in_a_year_that_broke_is_no_slip_of_the_point(tmp_path):
    found = read(tmp_path, filled({grid(REVENUE, 2021): 1890, grid(REVENUE, 2022): 8350}))
    assert found.figures["value"].tolist() == [1890.0, 8350.0]


def test_the_epidemic_and_the_recovery_are_no_slips(tmp_path):
    years = {2019: 3.3e6, 2020: 950e3, 2021: 500e3, 2022: 2.5e6}
    found = read(tmp_path, filled({grid(VISITS, year): int(value) for year, value in years.items()}))
    assert found.figures["value"].tolist() == [*years.values()]
    only = {year: value for year, value in years.items() if year != 2021}
    assert (
        len(read(tmp_path, filled({grid(VISITS, year): int(value) for year, value in only.items()})).figures)
        == 3
    )


def test_a_count_has_no_decimals(tmp_path):
    said = refusal(tmp_path, {grid(VISITS, 2022): "2.500.000,5", grid(JOBS, 2022): 1310.5})
    assert said.count("có phần thập phân") == 2
    assert "viết 2.500.000" in said


def test_a_public_figure_is_told_beside_secret_ones_without_what_they_say(tmp_path):
    secret = [list_row(n, "Mật", indicator="Số học sinh", first=2019 + n, value=16317) for n in (1, 2)]
    public = list_row(1, indicator="Số học sinh", first=2022, value=1_400_000)
    cells = {**secret[0], **secret[1], **public}
    said = refusal(tmp_path, cells, allow_internal=True)
    assert "số này lệch nhiều lần so với các số khác" in said
    assert "16.317" not in said
    assert "trang Mật" not in said
    share = {grid(INSURANCE, 2022): 0.98, **list_row(1, "Mật", indicator=INSURANCE, first=2021, value=97.3)}
    assert "97,3" not in refusal(tmp_path, share, allow_internal=True)


def test_half_a_year_in_days_is_half_a_year_for_an_indicator_of_holidays(tmp_path):
    days = list_row(1, indicator=VISITS, first="1/1/2022", last="30/6/2022", value="1,3 triệu")
    assert read(tmp_path, filled(days)).figures[["freq", "period"]].to_numpy().tolist() == [
        ["YTD", "2022-01/2022-06"]
    ]
    both = days | list_row(2, indicator=VISITS, first="6 tháng 2022", value="1,4 triệu")
    assert "khác với ô" in refusal(tmp_path, both)
    holiday = list_row(1, indicator=VISITS, first="30/4/2022", last="3/5/2022", value=90000)
    assert read(tmp_path, filled(holiday)).figures["freq"].tolist() == ["EVENT"]


def test_a_cell_that_is_struck_through_or_does_not_show_is_told(tmp_path):
    def change(book):
        for place, style in (
            (grid(JOBS, 2022), "struck"),
            (grid(JOBS, 2021), "hidden"),
            (grid(JOBS, 2020), "part"),
        ):
            cell = book[place[0]].cell(*place[1:])
            cell.value = 1310
            if style == "struck":
                cell.font = Font(strike=True)
            elif style == "hidden":
                cell.number_format = ";;;"
            else:
                cell.value = CellRichText("13", TextBlock(InlineFont(strike=True), "10"))

    with pytest.raises(OfficeError) as error:
        read(tmp_path, filled(change=change))
    assert str(error.value).count("gạch ngang") == 2
    assert "không hiện ra" in str(error.value)


def test_a_number_of_a_cell_counts_as_it_is_shown(tmp_path):
    def change(book):
        for year, value, code in ((2021, 97.6493827, "0.0"), (2022, 0.96137, "0%")):
            place = grid(INSURANCE, year)
            cell = book[place[0]].cell(*place[1:])
            cell.value, cell.number_format = value, code

    found = read(tmp_path, filled(change=change)).figures
    assert found[["value", "statement"]].to_numpy().tolist() == [[97.6, "97,6"], [96.0, "96%"]]
    assert read(tmp_path, filled({grid(INSURANCE, 2022): "97,0"})).figures["digits"].tolist() == [3]


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
