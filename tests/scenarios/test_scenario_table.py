"""Scenarios of a spreadsheet: rows become what they say, and every wrong cell is told at its row."""

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sapa_analysis import scenario
from sapa_analysis.core import ParamsError, project_root
from sapa_analysis.evidence import load_areas, load_indicators
from sapa_analysis.scenarios import load_scenario_file, read_scenario_table

TABLES = {
    "indicators": load_indicators(project_root() / "data"),
    "areas": load_areas(project_root() / "data"),
}
HEADS = ["scenario", "indicator", "change", "start", "end", "shape"]


def write(path, rows, *, sign=","):
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def read(tmp_path, *rows, heads=HEADS, sign=","):
    return read_scenario_table(write(tmp_path / "mine.csv", [heads, *rows], sign=sign), **TABLES)


def values(made, place=0):
    return dict(made.adjustments[place].values)


def test_rows_of_one_name_are_one_scenario_in_their_order(tmp_path):
    found = read(
        tmp_path,
        ["wave", "tourist_arrivals", "-40%", "1", "1", ""],
        ["", "", "", "", "", ""],
        ["road", "tourist_arrivals", "+12%", "2024", "2026", "linear"],
        ["wave", "spend_per_visit", "growth +2", "", "", "step"],
    )
    assert list(found) == ["wave", "road"]
    assert found["wave"] == scenario("wave", tourist_arrivals={1: "-40%"}, spend_per_visit="growth +2")
    assert found["road"].label == {"vi": "road", "en": "road"}


def test_shapes_run_to_their_end_or_to_the_last_year(tmp_path):
    rows = [
        ["constant", "tourist_arrivals", "+500000", "2024", "2026", "constant"],
        ["on", "tourist_arrivals", "+500000", "2058", "", ""],
        ["step", "tourist_arrivals", "x 1.5", "28", "", "step"],
        ["linear", "tourist_arrivals", "+30%", "2056", "2058", "linear"],
        ["points", "grdp_growth", "+3 points", "1", "3", "linear"],
    ]
    found = read(tmp_path, *rows)
    assert values(found["constant"]) == dict.fromkeys((2024, 2025, 2026), 5e5)
    assert values(found["on"]) == dict.fromkeys((2058, 2059, 2060), 5e5)
    assert values(found["step"]) == dict.fromkeys((28, 29, 30), 1.5)
    assert values(found["linear"]) == pytest.approx({2056: 1.1, 2057: 1.2, 2058: 1.3, 2059: 1.3, 2060: 1.3})
    assert {year: values(found["points"])[year] for year in (1, 2, 3, 30)} == {
        1: 1.0,
        2: 2.0,
        3: 3.0,
        30: 3.0,
    }


@given(st.integers(1990, 2050), st.integers(0, 9), st.floats(0.5, 2))
def test_a_linear_change_is_whole_in_its_last_year_and_grows_by_equal_steps(
    tmp_path_factory, start, more, factor
):
    row = ["road", "tourist_arrivals", f"x {factor!r}", str(start), str(start + more), "linear"]
    found = values(read(tmp_path_factory.mktemp("table"), row)["road"])
    assert found[start + more] == found[2060] == factor
    steps = [
        found[year] - (found[year - 1] if year > start else 1) for year in range(start, start + more + 1)
    ]
    assert steps == pytest.approx([(factor - 1) / (more + 1)] * (more + 1), abs=1e-12)


def test_blank_years_are_every_year_ahead(tmp_path):
    found = read(
        tmp_path,
        ["one", "spend_per_visit", "+10%", "", "", ""],
        ["other", "spend_per_visit", "= 4", "", "", "linear"],
    )
    assert found["one"] == scenario("one", spend_per_visit="+10%")
    assert found["other"] == scenario("other", spend_per_visit="= 4", shape="ramp")


def test_what_is_said_of_a_scenario_stands_in_one_row_and_need_not_stand_in_others(tmp_path):
    heads = [*HEADS[:3], "area", "judged_on", "weight", "label", "reason", "source"]
    found = read(
        tmp_path,
        [
            "road",
            "tourist_arrivals",
            "+5%",
            "sa_pa",
            "2023-06-30",
            "25%",
            "A new road",
            "It opens.",
            "a page",
        ],
        ["road", "spend_per_visit", "+1%", "", "", "0,25", "", "", ""],
        heads=heads,
    )["road"]
    assert (found.area, found.judged_on, found.weight) == ("sa_pa", date(2023, 6, 30), 0.25)
    assert (found.label["vi"], found.reason["en"], found.adjustments[0].source) == (
        "A new road",
        "It opens.",
        "a page",
    )


def test_what_is_bold_is_meant(tmp_path):
    found = read(tmp_path, ["wave", "tourist_arrivals", "-80%", "yes"], heads=[*HEADS[:3], "bold"])["wave"]
    assert (found.adjustments[0].always, found.adjustments[0].bold) == (pytest.approx(0.2), True)


def test_semicolons_and_decimal_commas_are_read(tmp_path):
    found = read(tmp_path, ["one", "spend_per_visit", "-2,5%", "2024", "2024", ""], sign=";")
    assert values(found["one"]) == {2024: 0.975}


def test_a_workbook_is_read_as_its_table(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append([*HEADS, "judged_on"])
    sheet.append(["road", "tourist_arrivals", 0.12, 2024, 2026, "constant", datetime(2023, 6, 30)])
    sheet.append(["road", "spend_per_visit", "x 1.05", None, None, None, None])
    sheet.append([None] * 7)
    sheet.cell(row=2, column=3).number_format = "0%"
    book.save(tmp_path / "mine.xlsx")
    [made] = load_scenario_file(tmp_path / "mine.xlsx", **TABLES).values()
    assert values(made) == pytest.approx(dict.fromkeys((2024, 2025, 2026), 1.12))
    assert made.judged_on == date(2023, 6, 30)
    assert made.adjustments[1].always == 1.05


def test_every_wrong_cell_is_told_at_its_row(tmp_path):
    heads = [*HEADS, "area", "weight"]
    with pytest.raises(ParamsError) as caught:
        read(
            tmp_path,
            ["a", "arrivals", "90%", "2024", "2023", "", "sa_pha", "much"],
            ["a", "tourism_revenue", "x 10", "20245", "", "curved", "lao_cai", ""],
            ["b", "tourist_arrivals", "= 5e6", "2024", "2026", "linear", "", ""],
            ["b", "tourist_arrivals", "+5%", "", "2026", "", "", ""],
            ["b", "tourist_arrivals", "+5%", "2024", "2026", "step", "", ""],
            ["b", "tourist_arrivals", "+5%", "2024", "", "linear", "", ""],
            ["", "tourist_arrivals", "", "2024", "2", "", "", ""],
            heads=heads,
        )
    told = [(each.line, each.column, each.message.partition(";")[0]) for each in caught.value.problems]
    assert told == [
        (2, "area", '"sa_pha" is unknown'),
        (2, "change", '"90%" may be so much more or so much of it'),
        (2, "end", "2023 does not follow 2024"),
        (2, "indicator", '"arrivals" is unknown'),
        (2, "weight", '"much" is no number'),
        (3, "area", '"lao_cai" is not what an earlier row says'),
        (3, "change", "10 is no plausible factor: 0.5 to 2"),
        (3, "indicator", "tourism_revenue is derived"),
        (3, "shape", '"curved" is no shape'),
        (3, "start", "20245 is no year"),
        (4, "shape", "a level grows evenly only where the years are blank"),
        (5, "start", "is blank"),
        (6, "end", "a step has no end"),
        (7, "end", "linear wants the year in which the whole is reached"),
        (8, "change", "is blank"),
        (8, "scenario", "is blank"),
    ]
    assert not set(caught.value.in_language("vi").splitlines()) & set(str(caught.value).splitlines())


@pytest.mark.parametrize(
    ("heads", "told"),
    [
        (["scenario", "indicator", "chnge"], [("change", "is missing"), ("chnge", '"chnge" is no column')]),
        (["scenario", "indicator", "change", "change"], [("change", "the column stands twice")]),
    ],
)
def test_a_wrong_column_is_told(tmp_path, heads, told):
    with pytest.raises(ParamsError) as caught:
        read(tmp_path, ["a", "tourist_arrivals", "+5%"], heads=heads)
    assert [(each.column, each.message.partition(";")[0]) for each in caught.value.problems] == told


def test_a_comma_that_makes_one_cell_more_is_told(tmp_path):
    (tmp_path / "mine.csv").write_text("scenario,indicator,change\na,tourist_arrivals,-2,5%\n")
    with pytest.raises(
        ParamsError, match="line 2: more cells than columns; a value with a comma stands in quotes"
    ):
        read_scenario_table(tmp_path / "mine.csv", **TABLES)


def test_years_that_do_not_mix_are_told_by_the_name_of_the_scenario(tmp_path):
    rows = [
        ["a", "tourist_arrivals", "+5%", "2024", "2024", ""],
        ["a", "tourist_arrivals", "+5%", "2", "2", ""],
    ]
    with pytest.raises(ParamsError, match='scenario "a": years of the calendar and years after the origin'):
        read(tmp_path, *rows)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("mine.xlsx", b"scenario,indicator\n", "is no workbook; save it as XLSX or CSV"),
        ("mine.csv", b"", "the file is empty"),
        ("none.csv", None, "cannot be read"),
        ("none.xlsx", None, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path, name, content, told):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ParamsError) as caught:
        load_scenario_file(tmp_path / name, **TABLES)
    assert told in str(caught.value)


def test_what_an_adjustment_cannot_be_is_told_at_its_row(tmp_path):
    with pytest.raises(ParamsError) as caught:
        read(
            tmp_path,
            ["a", "", "+5%", "", "", ""],
            ["a", "tourist_arrivals", "-100%", "2024", "", ""],
            ["a", "tourist_arrivals", "= 80% of 1950", "", "", ""],
        )
    told = [(problem.line, problem.column) for problem in caught.value.problems]
    assert sorted(told) == [(2, "indicator"), (3, "change"), (4, "change")]


def test_a_table_without_a_row_is_told(tmp_path):
    with pytest.raises(ParamsError, match="has no row"):
        read(tmp_path)
