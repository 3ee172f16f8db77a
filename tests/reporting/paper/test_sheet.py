"""The workbook of a paper: the very cells of Word, numbers as numbers, nothing that a program would run."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from reporting.paper.grids import (
    anything,
    formatted,
    in_excel,
    in_word,
    lines,
    numbers,
    paper_of,
    shown,
    tables,
    wanted,
    word_grids,
)
from reporting.paper.sample import sample_paper

from sapa_analysis import SapaError
from sapa_analysis.reporting.language import forecasts, percent, percent_in_steps, quantity
from sapa_analysis.reporting.paper.long_sources import with_short_sources
from sapa_analysis.reporting.paper.model import Cell, Source, Sources, Table
from sapa_analysis.reporting.paper.number_formats import as_number, rendered
from sapa_analysis.reporting.paper.sheet import has_sheets, sheet_names, workbook
from sapa_analysis.reporting.paper.word import word_file
from sapa_analysis.reporting.tagged_numbers import numbers_in, plain, tag


def table_of(*rows, heads=(), **given):
    columns = sum(cell.across for cell in rows[0])
    told = {"name": "bang", "caption": "", "widths": (1 / columns,) * columns, "sheet": True}
    return Table(heads=heads, rows=rows, **told | given)


def book_of(*blocks, **given):
    return load_workbook(io.BytesIO(workbook(paper_of(*blocks, **given))))


def cell_of(text, lang="vi", **given):
    return book_of(table_of((Cell(text, **given),)), lang=lang).worksheets[0]["A1"]


def sheets_of(paper):
    return [block for block in paper.blocks if isinstance(block, Table) and block.sheet]


# the same cells as in Word ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["review", "briefing"])
def test_every_cell_shows_what_word_shows(kind):
    paper = sample_paper(kind)
    book, grids = workbook(paper), word_grids(word_file(paper))
    assert len(grids) == len(sheets_of(paper))
    for place, (table, grid) in enumerate(zip(sheets_of(paper), grids, strict=True)):
        assert in_excel(book, table, place) == in_word(grid) == wanted(table)


@given(tables())
def test_any_table_shows_what_word_shows(table):
    paper = paper_of(table)
    [grid] = word_grids(word_file(paper))
    assert in_excel(workbook(paper), table) == in_word(grid) == wanted(table)


def test_figures_of_the_sample_are_numbers_and_its_percentages_formulas():
    sheet = load_workbook(io.BytesIO(workbook(sample_paper()))).worksheets[1]
    assert (sheet["D5"].value, sheet["D5"].number_format) == (3.5, "#,##0.00")
    assert (sheet["I5"].value, sheet["I5"].number_format) == ("=ROUND(100*H5/D5,0)", "#,##0")
    assert sheet["E3"].value == 2019


def test_a_formula_has_its_result_with_it_for_programs_that_do_not_compute():
    sheet = load_workbook(io.BytesIO(workbook(sample_paper())), data_only=True).worksheets[1]
    assert sheet["I5"].value == 71


# numbers ---------------------------------------------------------------------------------------------------


@given(numbers() | numbers().map(lambda text: f" {text}".strip()))
def test_a_number_that_stands_alone_is_a_number_that_shows_as_printed(text):
    cell = cell_of(text)
    assert cell.data_type == "n"
    assert shown(cell, "vi") == plain(text)


@given(numbers("en"))
def test_so_it_is_in_english(text):
    cell = cell_of(text, lang="en")
    assert cell.data_type == "n"
    assert shown(cell, "en") == plain(text)


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        (quantity(3_512_000, "visits", 0, "vi", key="a"), 3_512_000, '#,##0.00,," triệu lượt"'),
        (quantity(82_646, "visits", 0, "vi", key="a"), 82_646, '#,##0" lượt"'),
        (quantity(-4.8, "percent", 1, "vi", key="a"), -4.8, '#,##0.0"%";"−"#,##0.0"%"'),
        (percent(0.714, "vi", "a"), 0.714, "#,##0%"),
        (percent_in_steps(0.123, "vi", "a"), 0.1, '"khoảng "#,##0%'),
        (forecasts({"m": 1212.5, "l": 582.4, "u": 2604.0}, "billion_vnd", 1, "vi", keys={name: name for name in "mlu"})["m"],
         1200, '#,##0" tỷ đồng"'),
        (tag("2023", "year", 2023, "years"), 2023, "0"),
        (tag("trên 3,68 triệu lượt", "a", 3_680_000, "visits"), 3_680_000, '"trên "#,##0.00,," triệu lượt"'),
    ],
)  # fmt: skip
def test_a_number_keeps_its_own_size_where_the_format_can_show_it(text, value, form):
    cell = cell_of(text)
    assert (cell.value, cell.number_format) == (value, form)
    assert formatted(Decimal(str(cell.value)), cell.number_format, "vi") == plain(text)


@pytest.mark.parametrize(
    "text",
    [
        tag("2,7", "a", 2.7, "visits") + "–" + tag("3,8", "b", 3.8, "visits"),
        tag("12.085", "a", 12085, "billion_vnd") + " " + tag("[3]", "sources.3.mark", 3, "source"),
        tag("[3]", "sources.3.mark", 3, "source"),
        tag("<1%", "a", 0.3, "percent"),
        tag("05", "a", 5, "count"),
        tag("12 con \"bò\"", "a", 12, "count"),
        tag("9.999", "a", 3.2, "visits"),
        "1,5",
        "khoảng " + tag("5%", "a", 5, "percent"),
    ],
)  # fmt: skip
def test_what_no_number_shows_stays_text(text):
    cell = cell_of(text)
    assert (cell.data_type, cell.value) == ("s", plain(text))


@given(numbers(), st.sampled_from(["vi", "en"]))
def test_both_ways_to_tell_what_excel_shows_agree(text, lang):
    [number] = numbers_in([text])
    known = as_number(number, "vi")
    assert rendered(known.value, known.format, lang) == formatted(
        Decimal(f"{known.value:.15g}"), known.format, lang
    )


@pytest.mark.parametrize(
    ("printed", "formula"),
    [
        ("71,4%", "=ROUND(A1/B1,3)"),
        ("71", "=ROUND(100*A1/B1,0)"),
        ("71,43", "=ROUND(100*A1/B1,2)"),
        ("đạt 71%", "=ROUND(A1/B1,2)"),
        ("75%", 0.75),  # not what the two come to
    ],
)
def test_a_percentage_is_a_formula_where_it_comes_to_what_is_printed(printed, formula):
    upper, lower = (tag(text, "a", value, "visits") for text, value in (("2,5", 2.5), ("3,5", 3.5)))
    told = Cell(tag(printed, "c", 0.714 if formula != 0.75 else 0.75, "share"), ratio=(0, 1))
    sheet = book_of(table_of((Cell(upper), Cell(lower), told))).worksheets[0]
    assert sheet["C1"].value == formula
    assert shown(sheet["C1"], "vi") == printed


def test_a_percentage_of_text_is_no_formula():
    told = Cell(tag("71%", "c", 0.714, "share"), ratio=(0, 1))
    sheet = book_of(table_of((Cell("chưa có"), Cell(tag("3,5", "b", 3.5, "visits")), told))).worksheets[0]
    assert sheet["C1"].value == 0.714


# text is only text -------------------------------------------------------------------------------------------


@given(anything)
def test_no_text_is_run(text):
    cell = cell_of(text)
    assert cell.data_type in ("s", "n")
    assert cell.data_type == "s" or cell.value is None or re.fullmatch("[1-9][0-9]{0,3}", plain(text))
    assert shown(cell, "vi") == lines(text)


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5 cộng", "@SUM(A1)", "\t=1"])
def test_what_begins_like_a_formula_is_marked_as_text(text):
    cell = cell_of(text)
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", True)


def test_a_text_longer_than_a_cell_takes_is_cut_and_one_of_ten_thousand_is_not():
    assert cell_of("a" * 10_000).value == "a" * 10_000
    assert cell_of("a" * 40_000).value == "a" * 32_766 + "…"


def test_captions_notes_and_sources_are_text_too():
    table = table_of((Cell("a"),), caption="=1", notes=("@b",))
    book = book_of(table, Sources((Source(1, "=2", "=3"),)))
    cells = [
        book.worksheets[0]["A1"],
        book.worksheets[0]["A3"],
        book.worksheets[1]["B2"],
        book.worksheets[1]["C2"],
    ]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1", "s"),
        ("@b", "s"),
        ("=2", "s"),
        ("=3", "s"),
    ]


# how it looks and prints -------------------------------------------------------------------------------------


def test_a_sheet_prints_across_a4_one_page_wide_with_its_head_on_every_page():
    sheet = load_workbook(io.BytesIO(workbook(sample_paper()))).worksheets[1]
    page = sheet.page_setup
    assert (page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight) == ("landscape", 9, 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$2:$3", "C4")
    assert sheet.oddFooter.left.text == "Số liệu chốt đến ngày 30/6/2023"
    assert sheet.oddFooter.right.text == "Trang &P/&N"


def test_words_of_a_foot_are_no_codes():
    content = workbook(paper_of(table_of((Cell("a"),)), cut_off="Sở T&T, 50% &P\n2023"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = unescape(archive.read("xl/worksheets/sheet1.xml").decode())
    assert "<oddFooter>&LSở T&&T, 50% &&P 2023&RTrang &P/&N</oddFooter>" in sheet


def test_columns_have_their_shares_of_the_width_and_break_no_word():
    sheet = load_workbook(io.BytesIO(workbook(sample_paper()))).worksheets[0]
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEFGH"]
    assert 139 < sum(widths) < 141
    assert widths[1] == max(widths)
    assert widths[0] >= len("Nhóm") + 2


@pytest.mark.parametrize("text", ["a", "chữ " * 60, "một\nhai\nba", "x" * 300])
def test_rows_are_high_enough_for_their_text(text):
    sheet = book_of(table_of((Cell(text, down=2), Cell("b")), (Cell("c"),))).worksheets[0]
    wide = sheet.column_dimensions["A"].width
    lines_needed = max(len(text) / (wide * 1.6), text.count("\n") + 1)
    assert sheet.row_dimensions[1].height + sheet.row_dimensions[2].height >= lines_needed * 11


@given(st.lists(st.text(max_size=40), max_size=5))
def test_every_table_has_a_sheet_whose_name_excel_takes(names):
    found = sheet_names(names)
    assert len({name.lower() for name in found}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in found)


def test_a_sheet_has_the_caption_of_its_table_as_its_title():
    named = [
        table_of((Cell("a"),), caption=text) for text in ("Mục tiêu đến năm 2025: kết quả và dự báo", "")
    ]
    assert book_of(*named).sheetnames == ["Mục tiêu đến năm 2025", "bang"]


def test_a_column_has_room_for_its_numbers():
    text = tag("1.234.567 triệu đồng một năm", "a", 1_234_567, "million_vnd")
    sheet = book_of(table_of((Cell(text), Cell("chữ " * 60)), widths=(0.05, 0.95))).worksheets[0]
    assert sheet["A1"].data_type == "n"
    assert sheet.column_dimensions["A"].width > len(plain(text)) * 0.9


def test_a_long_source_is_cut_in_its_middle_in_a_list_and_keeps_its_day():
    title = tag("12", "a", 12, "quoted") + " chỉ tiêu " * 900 + "(laocai.gov.vn; 30/01/2023)"
    paper = with_short_sources(paper_of(Sources((Source(1, title), Source(2, "ngắn")))))
    long, short = (plain(source.text) for source in paper.blocks[0].items)
    assert (len(long) <= 300, long[:8], long[-12:], short) == (True, "12 chỉ t", " 30/01/2023)", "ngắn")


def test_tables_that_are_no_sheets_are_left_out_and_a_paper_without_any_is_refused():
    plain_table = replace(table_of((Cell("a"),)), sheet=False)
    assert not has_sheets(paper_of(plain_table))
    with pytest.raises(SapaError, match="the paper review-vi has no table for Excel"):
        workbook(paper_of(plain_table))
    assert book_of(plain_table, table_of((Cell("b"),), name="hai")).sheetnames == ["hai"]


# the file ------------------------------------------------------------------------------------------------------


def test_equal_papers_are_equal_bytes_without_a_clock():
    content = workbook(sample_paper())
    assert workbook(sample_paper()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_tells_its_title_language_day_and_maker_only():
    own = load_workbook(io.BytesIO(workbook(sample_paper()))).properties
    assert (own.title, own.creator, own.language) == ("BÁO CÁO SƠ KẾT GIỮA NHIỆM KỲ", "sapa-analysis", "vi")
    assert own.created == own.modified == datetime(2023, 6, 30)
    assert {own.lastModifiedBy, own.description, own.keywords, own.subject} == {None}
