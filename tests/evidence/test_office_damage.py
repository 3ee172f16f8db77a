"""The kinds of damage that a workbook of an office meets: each is read right, or refused with what to do."""

import io
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from office_files import (
    INSURANCE,
    JOBS,
    RESOLUTION,
    REVENUE,
    SCHOOLS,
    VISITS,
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
    packed,
    parts,
    tables,
    template,
)
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from sapa_analysis.core import OfficeError, today
from sapa_analysis.evidence import read_office


def read(tmp_path, content, name="so_lieu.xlsx", **options):
    path = tmp_path / name
    path.write_bytes(content)
    return read_office(path, tables(), **options)


def refusal(tmp_path, content, name="so_lieu.xlsx", **options):
    with pytest.raises(OfficeError) as found:
        read(tmp_path, content, name, **options)
    return str(found.value)


def name_of(place):
    sheet, row, column = place
    return f"trang {sheet}, ô {get_column_letter(column)}{row}: "


FREE = free_goal()
#: What is typed, the cell that is told, and words of the error.
TYPED = {
    "a point for a comma": (grid(INSURANCE, 2020), "96.8", '"96.8" không phải là số viết theo cách của Việt Nam; viết 96,8'),
    "a sentence": (grid(INSURANCE, 2022), "chưa có số liệu", "không phải là số"),
    "a share above one hundred": (grid(SCHOOLS, 2020), 172.1, "nằm ngoài mức có thể có của chỉ tiêu (0 đến 100 %)"),
    "a share below zero": (grid(SCHOOLS, 2021), -72.1, "nằm ngoài mức có thể có"),
    "a fraction above one": (grid(SCHOOLS, 2022), "61/44", "không phải là phần của một tổng"),
    "a year that has not ended": (grid(JOBS, 2023), 1400, "năm 2023 chưa kết thúc vào ngày 30/06/2023; nếu là số ước"),
    "a boolean": (grid(JOBS, 2022), True, "ĐÚNG/SAI"),
    "a unit of another kind": (grid(JOBS, 2021), "1,3 tỷ đồng", 'đơn vị không khớp; chỉ tiêu này tính bằng "người"'),
    "a percentage as a fraction": (grid("Tỷ lệ lao động qua đào tạo", 2022), 0.581, "viết 58,1"),
    "ten times the neighbours": (grid(VISITS, 2021), 23_000_000, "gấp khoảng 10 lần các số khác"),
    "a thousandth of the neighbours": (grid(REVENUE, 2019), 9.4, "chỉ bằng khoảng 1/1.000 các số khác"),
    "a formula": (grid("Tỷ lệ thu gom rác thải đô thị", 2022), "=B1+1", "công thức chưa có kết quả lưu trong tệp"),
    "text in TCVN3": (grid_more("Tỷ lệ thu gom rác thải đô thị", "Nguồn"), "B¸o c¸o cña phßng", "bảng mã cũ (TCVN3, VNI)"),
    "an invisible character": (grid_more(JOBS, "Ghi chú"), "số\u200bliệu", "có ký tự không in được (U+200B)"),
    "text without end": (grid_more(JOBS, "Nguồn"), "rất dài " * 200, "ô dài 1.600 ký tự, quá 1.000"),
    "an unknown kind": (grid_more(INSURANCE, "Loại số"), "thực hiên", 'có phải là "thực hiện"?'),
    "a changed grey figure": (("Số liệu", own_row(REVENUE) - 1, 8), "12.000", "ô xám là số đã công bố"),
    "a note to the right": (("Số liệu", own_row(REVENUE), 25), "xem lại", "nằm ngoài các bảng của mẫu"),
    "a mark of another kind": (grid_more("Tỷ lệ che phủ rừng", "Mật"), "có", "cột Mật chỉ ghi x hoặc để trống"),
    "an unknown indicator": (listed(1, "Chỉ tiêu"), "doanh thu du lịh", 'có phải là "doanh thu du lịch"?'),
    "a unit that is not its own": (listed(2, "Đơn vị tính"), "triệu đồng", '"triệu đồng" không phải đơn vị tính của chỉ tiêu này; ghi "tỷ đồng"'),
    "a month that is none": (listed(3, "Từ"), "13/2022", '"13/2022" không phải là thời gian'),
    "an American day": (listed(4, "Ngày báo cáo"), "12/31/2022", '"12/31/2022" không phải là ngày; viết 31/12/2022'),
    "a day after the day": (listed(6, "Ngày báo cáo"), "01/07/2023", "sau ngày số liệu của tệp (30/06/2023)"),
    "a figure without a time": (listed(7, "Từ"), None, 'thiếu "Từ"'),
    "another result of one time": (listed(8, "Số liệu"), 5300, "khác với ô E"),
    "a goal that is none": (in_form("Chỉ tiêu", FREE, "Mục tiêu"), "cao hơn năm trước", "không phải là mục tiêu"),
    "an unknown document": (in_form("Chỉ tiêu", FREE + 1, "Văn kiện"), "Nghị quyết năm 2023 của thị xã", "không có trong danh mục văn kiện"),
    "a blank grey goal": (in_form("Chỉ tiêu", 3, "Mục tiêu"), None, "thuộc mục tiêu đã công bố"),
    "an unknown judgement": (in_form("Đánh giá", 2, "Đánh giá của Ban Thường vụ"), "Tốt", "ghi một trong: Vượt, Đạt"),
    "a cause without words": (in_form("Nguyên nhân", 1, "Nội dung"), None, 'thiếu "Nội dung"'),
    "a project without a name": (in_form("Đề án", 1, "Tên đề án, nhiệm vụ"), None, 'thiếu "Tên đề án, nhiệm vụ"'),
    "another area": (("Hướng dẫn", 5, 2), "phường Sa Pa", 'địa bàn phải là "thị xã Sa Pa"'),
}  # fmt: skip
AROUND = {
    **list_row(1, first=2022, value=1), **list_row(2, indicator=REVENUE, first="quý I/2022", value=1),
    **list_row(3, indicator=REVENUE, value=1), **list_row(4, indicator=REVENUE, first="quý II/2022", value=2),
    **list_row(5, indicator=REVENUE, first="quý III/2022", value=3), **list_row(6, indicator=REVENUE, first="quý IV/2022", value=4),
    **list_row(7, indicator=VISITS, value=5), **list_row(8, indicator=REVENUE, first="9 tháng 2022"),
    **list_row(9, indicator=REVENUE, first="9 tháng 2022", value=5200),
    **goal_row(FREE, document=RESOLUTION, indicator=VISITS, due=2024), **goal_row(FREE + 1, indicator=VISITS, due=2024, goal=1),
    grid("Tỷ lệ lao động qua đào tạo", 2021): 56.2,
    in_form("Nguyên nhân", 1, "Lĩnh vực hoặc chỉ tiêu"): "Du lịch", in_form("Nguyên nhân", 1, "Loại"): "Hạn chế",
    in_form("Đề án", 1, "Thời hạn"): "2025",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return the error of one workbook with all that may be typed wrong."""
    cells = {**AROUND, **{place: value for place, value, _ in TYPED.values()}}
    return refusal(
        tmp_path_factory.mktemp("typed"), filled(cells, change=lambda book: None), allow_internal=True
    )


@pytest.mark.parametrize("kind", TYPED)
def test_what_is_typed_wrong_is_told_with_its_cell_and_what_to_do(told, kind):
    place, _, words = TYPED[kind]
    at = name_of(listed(9, "Số liệu")) if kind == "another result of one time" else name_of(place)
    lines = [line for line in told.splitlines() if line.startswith(f"  {at}")]
    assert len(lines) == 1, told
    assert words in lines[0]


def test_every_problem_is_told_at_once_in_the_order_of_sheets_and_rows(told):
    head, *lines = told.splitlines()
    assert head == f"so_lieu.xlsx có {len(TYPED)} lỗi"
    sheets = [line.split(",")[0].removeprefix("  trang ") for line in lines]
    order = ["Hướng dẫn", "Chỉ tiêu", "Số liệu", "Đánh giá", "Nguyên nhân", "Đề án"]
    assert sheets == sorted(sheets, key=order.index)


def test_an_error_is_vietnamese_in_every_language(tmp_path):
    with pytest.raises(OfficeError) as found:
        read(tmp_path, b"")
    assert (
        found.value.in_language("en")
        == found.value.in_language("vi")
        == "so_lieu.xlsx có 1 lỗi\n  tệp rỗng, không có nội dung"
    )


def test_many_problems_of_a_kind_are_told_once_with_all_cells(tmp_path):
    cells = {
        listed(row, name): value
        for row in range(1, 31)
        for name, value in (("Chỉ tiêu", REVENUE), ("Từ", "quý I/2022"), ("Số liệu", f"{row}.5"))
    }
    said = refusal(tmp_path, filled(cells))
    assert said.splitlines()[0] == "so_lieu.xlsx có 30 lỗi"
    assert len(said.splitlines()) == 5
    assert "27 ô nữa có lỗi cùng loại: E" in said


# the file -----------------------------------------------------------------------------------------------


def with_parts(**more):
    content = dict(parts()[0])
    for name, part in more.items():
        content[name] = part
    return packed(content)


def changed(part, old, new):
    content = dict(parts()[0])
    assert old in content[part]
    content[part] = content[part].replace(old, new, 1)
    return packed(content)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
SHEET = "xl/worksheets/sheet3.xml"
FILES = {
    "a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
    "Excel before 2007": (lambda: OLE + "Workbook".encode("utf-16-le"), "kiểu cũ (.xls)"),
    "a CSV": (lambda: b"Ch\xe1\xbb\x89 ti\xc3\xaau;2022\n", "không phải là tệp Excel"),
    "a Word file": (lambda: packed({"word/document.xml": b"<w/>"}), "tệp Word, không phải Excel"),
    "OpenDocument": (lambda: packed({"content.xml": b"<w/>", "mimetype": b"x"}), "tệp OpenDocument, không phải Excel"),
    "binary Excel": (lambda: packed({"xl/workbook.bin": b"x"}), "Excel nhị phân"),
    "macros": (lambda: with_parts(**{"xl/vbaProject.bin": b"x"}), "tệp có macro"),
    "macros by type": (lambda: changed("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"), "tệp có macro"),
    "external links": (lambda: with_parts(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "liên kết với tệp hoặc nguồn dữ liệu bên ngoài"),
    "a data connection": (lambda: with_parts(**{"xl/connections.xml": b"<x/>"}), "liên kết với tệp hoặc nguồn"),
    "an embedded object": (lambda: with_parts(**{"xl/embeddings/oleObject1.bin": b"x"}), "đối tượng nhúng (xl/embeddings"),
    "ActiveX": (lambda: with_parts(**{"xl/activeX/activeX1.xml": b"<x/>"}), "đối tượng nhúng"),
    "a zip bomb": (lambda: with_parts(**{"xl/media/a.bin": b"\0" * 30_000_000}), "tệp nén quá mức"),
    "many parts": (lambda: with_parts(**{f"xl/a{n}.xml": b"<x/>" for n in range(600)}), "quá 500"),
    "entities": (lambda: changed(SHEET, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'), "khai báo kiểu tài liệu"),
    "a broken part": (lambda: changed(SHEET, b"</sheetData>", b"</sheetDat>"), "tệp bị hỏng (xl/worksheets/sheet3.xml)"),
    "an unknown element": (lambda: changed(SHEET, b"<v>", b"<w/><v>"), "tệp bị hỏng"),
    "a cell twice": (lambda: changed(SHEET, b'r="B8"', b'r="A8"'), "tệp bị hỏng"),
    "a part that is lost": (lambda: packed({name: part for name, part in parts()[0].items() if name != SHEET}), "tệp bị hỏng"),
    "half a file": (lambda: template()[:-2000], "tệp bị hỏng (zip)"),
    "days since 1904": (lambda: changed("xl/workbook.xml", b"<workbookPr", b'<workbookPr date1904="1"'), "từ năm 1904"),
    "strict names": (lambda: changed(SHEET, b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"), "Strict Open XML"),
    "no template": (lambda: filled({}, change=lambda book: book.remove(book["_mau"])), "thiếu trang ẩn _mau"),
    "another version": (lambda: filled({("_mau", 1, 2): 2}), "phiên bản khác (2, cần 1)"),
    "another area": (lambda: filled({("_mau", 1, 3): "sa_pa_ward"}), "địa bàn khác (phường Sa Pa); đang xét thị xã Sa Pa"),
    "a changed memory": (lambda: filled({("_mau", 3, 1): "gird"}), "trang ẩn _mau đã bị sửa"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_plain_workbook_of_ours_is_refused_in_words(tmp_path, kind):
    make, words = FILES[kind]
    said = refusal(tmp_path, make())
    assert said.startswith("so_lieu.xlsx có 1 lỗi\n  ")
    assert words in said


def test_a_million_rows_are_counted_and_refused(tmp_path):
    rows = b"".join(b'<row r="%d"/>' % row for row in range(400, 60_400))
    said = refusal(tmp_path, changed(SHEET, b"</sheetData>", rows + b"</sheetData>"))
    assert "trang Số liệu: trang có 60." in said
    assert "dòng, quá 20.000" in said


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path):
    for path, words in ((tmp_path / "nothing.xlsx", "không tìm thấy tệp này"), (tmp_path, "một thư mục")):
        with pytest.raises(OfficeError, match=words):
            read_office(path, tables())


def test_a_huge_merged_area_is_no_bomb(tmp_path):
    said = refusal(
        tmp_path,
        changed(
            SHEET,
            b"</sheetData>",
            b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        ),
    )
    assert "các ô A1:XFD1048576 bị gộp" in said


# sheets, heads, rows --------------------------------------------------------------------------------------

HEAD = head_row("Số liệu", "Dòng")
LIST_HEAD = head_row("Số liệu", "Từ", "Đến")


def _hide_row(book):
    book["Số liệu"].row_dimensions[own_row(JOBS)].hidden = True


def _hide_column(book):
    book["Số liệu"].column_dimensions[get_column_letter(grid(JOBS, 2022)[2])].hidden = True


def _extra(book):
    book.create_sheet("Bảng phụ")["A1"] = 5


def _object(book):
    from openpyxl.chart import BarChart

    book["Đề án"].add_chart(BarChart(), "H3")


CHANGES = {
    "a hidden row": (_hide_row, f"ô {get_column_letter(grid(JOBS, 2022)[2])}{own_row(JOBS)}: dòng này bị ẩn"),
    "a hidden column": (_hide_column, "cột này bị ẩn mà có nội dung"),
    "a hidden sheet": (lambda book: setattr(book["Số liệu"], "sheet_state", "hidden"), "trang bị ẩn mà có nội dung của cơ quan"),
    "merged cells": (lambda book: book["Số liệu"].merge_cells(start_row=own_row(JOBS), end_row=own_row(JOBS), start_column=11, end_column=12), "bị gộp; bỏ gộp ô rồi ghi từng ô"),
    "a comment": (lambda book: setattr(book["Số liệu"].cell(own_row(JOBS), 11), "comment", Comment("hỏi lại", "an")), "lời ghi chú gắn vào ô không được đọc"),
    "a lost sheet": (lambda book: book.remove(book["Đề án"]), "trang Đề án: thiếu trang này"),
    "a renamed sheet": (lambda book: setattr(book["Đề án"], "title", "De an"), 'trang De an: tên trang đã đổi; đổi lại thành "Đề án"'),
    "a sheet of its own": (_extra, "trang Bảng phụ: trang không thuộc mẫu mà có nội dung"),
    "a chart": (_object, "trang Đề án: trang có hình, biểu đồ"),
    "a changed head": (lambda book: book["Số liệu"].cell(HEAD, 2, "Đơn vị"), f'ô B{HEAD}: đầu cột đã bị đổi; ghi lại đúng là "Đơn vị tính"'),
    "a lost column": (lambda book: book["Đánh giá"].delete_cols(5), 'trang Đánh giá: thiếu cột "Ước thực hiện"'),
    "a column of its own": (lambda book: book["Đề án"].cell(head_row("Đề án", "Tiến độ, kết quả"), 9, "Kinh phí"), "cột không thuộc mẫu"),
    "a head twice": (lambda book: book["Số liệu"].cell(HEAD, 5, book["Số liệu"].cell(HEAD, 4).value), "hai cột cùng tên"),
    "lost heads": (lambda book: book["Số liệu"].delete_rows(LIST_HEAD), 'không thấy dòng đầu bảng (bắt đầu bằng "Chỉ tiêu"'),
    "heads twice": (lambda book: [book["Đề án"].cell(9, at, head) for at, head in enumerate(("Tên đề án, nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Tiến độ, kết quả"), 1)], "dòng đầu bảng lặp lại"),
    "a changed line": (lambda book: book["Số liệu"].cell(own_row(JOBS), 3, "dự kiến"), 'cột Dòng phải là "đã công bố" hoặc "cơ quan"'),
    "no day": (lambda book: None, "thiếu ngày"),
    "a day to come": (lambda book: book["Hướng dẫn"].cell(6, 2, today() + timedelta(days=2)), "chưa đến"),
    "words in the guidance": (lambda book: book["Hướng dẫn"].cell(20, 4, "12,5"), "trang Hướng dẫn, ô D20: ô có nội dung nằm ngoài các bảng"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_form_is_told(tmp_path, kind):
    change, words = CHANGES[kind]

    def made(book):
        if kind == "no day":  # a cell is not blanked by `cell(row, column, None)`
            book["Hướng dẫn"]["B6"] = None
        else:
            change(book)

    assert words in refusal(tmp_path, filled({grid(JOBS, 2022): 1310}, change=made))


def test_what_changes_nothing_is_read_all_the_same(tmp_path):
    def change(book):
        book.create_sheet("Trang trống")
        book.move_sheet("Mật", -4)
        sheet = book["Số liệu"]
        sheet.row_dimensions[own_row(JOBS) - 1].hidden = True  # what is public may be hidden
        sheet.cell(HEAD, 2, "ĐƠN VỊ  TÍNH")
        sheet.insert_rows(own_row(JOBS) + 1)
        goals = book["Chỉ tiêu"]
        for row in range(1, goals.max_row + 1):  # two columns change places
            one, two = goals.cell(row, 10), goals.cell(row, 8)
            one.value, two.value = two.value, one.value

    office = read(
        tmp_path,
        filled(
            {grid(JOBS, 2022): 1310, in_form("Chỉ tiêu", 1, "Đơn vị chủ trì"): "Chi cục Thống kê"},
            change=change,
        ),
    )
    assert office.figures["value"].tolist() == [1310]
    assert list(office.leads.values()) == ["Chi cục Thống kê"]


def test_a_formula_counts_with_its_stored_result_and_nothing_is_computed(tmp_path):
    row, column = grid(JOBS, 2022)[1:]
    name = f"{get_column_letter(column)}{row}"
    content = filled({grid(JOBS, 2022): 1310})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        every = {part: archive.read(part) for part in archive.namelist()}
    every[SHEET] = every[SHEET].replace(
        b"<v>1310</v>", b'<f>WEBSERVICE("http://example.org")+1</f><v>1310</v>'
    )
    assert read(tmp_path, packed(every)).figures["value"].tolist() == [1310]
    every[SHEET] = every[SHEET].replace(b"<v>1310</v>", b"")
    assert f"ô {name}: công thức chưa có kết quả" in refusal(tmp_path, packed(every))
    every[SHEET] = every[SHEET].replace(b"<f>WEBSERVICE(\"http://example.org\")+1</f>", b"<v>#N/A</v>").replace(
        f'<c r="{name}"'.encode(), f'<c t="e" r="{name}"'.encode())  # fmt: skip
    assert f"ô {name}: ô có giá trị lỗi của Excel (#N/A)" in refusal(tmp_path, packed(every))


# rows that stay in the house ------------------------------------------------------------------------------

CANARY = {"value": "98.765.432", "name": "Đề án Chim Hoàng Yến", "note": "việc Hoàng Yến"}


def test_rows_that_stay_in_the_house_are_refused_unless_they_are_allowed(tmp_path):
    cells = {
        **list_row(1, "Mật", indicator=REVENUE, first="quý I/2022", value=2345, note=CANARY["note"]),
        grid(JOBS, 2022): 1310, grid_more(JOBS, "Mật"): "x",
    }  # fmt: skip
    said = refusal(tmp_path, filled(cells))
    assert (
        f"trang Số liệu: có 1 dòng đánh dấu Mật (dòng {own_row(JOBS)}); chỉ đọc khi thêm --allow-internal"
        in said
    )
    assert "trang Mật: có 1 dòng" in said
    office = read(tmp_path, filled(cells), allow_internal=True)
    assert office.figures["internal"].tolist() == [True, True]
    assert office.public().figures.empty


def test_an_error_tells_nothing_of_what_a_secret_row_holds(tmp_path):
    wrong = {"indicator": CANARY["name"], "unit": CANARY["name"], "first": CANARY["name"], "value": CANARY["value"] + "x",
             "kind": CANARY["name"], "published": CANARY["name"], "source": "B¸o c¸o Yến", "note": CANARY["note"] + "\u200b"}  # fmt: skip
    cells = {**list_row(1, "Mật", **wrong), **list_row(1, **wrong, secret="x")}
    cells |= list_row(2, "Mật", indicator=VISITS, first="2022", value=CANARY["value"])
    cells |= list_row(3, "Mật", indicator=REVENUE, first="2022", value=CANARY["value"])
    cells |= goal_row(
        FREE,
        document=CANARY["name"],
        indicator=CANARY["name"],
        due=CANARY["name"],
        goal=CANARY["value"] + "?",
        measure=CANARY["name"],
        secret="x",
    )
    cells |= {
        in_form("Đề án", 1, "Tên đề án, nhiệm vụ"): CANARY["name"] + "\u200b",
        in_form("Đề án", 1, "Mật"): "x",
    }
    cells |= {
        in_form("Nguyên nhân", 1, "Lĩnh vực hoặc chỉ tiêu"): CANARY["name"],
        in_form("Nguyên nhân", 1, "Mật"): "đúng",
    }
    cells |= {
        grid(INSURANCE, 2022): CANARY["value"],
        grid(INSURANCE, 2021): 0.9,
        ("Số liệu", own_row(INSURANCE) - 1, grid_more(INSURANCE, "Mật")[2]): "x",
    }
    for allow in (False, True):
        said = refusal(tmp_path, filled(cells), allow_internal=allow)
        assert "Hoàng Yến" not in said
        assert "Yến" not in said
        assert "98.765" not in said
        assert "0,9" not in said
        assert "trang Mật, ô A6" in said


def test_a_secret_neighbour_is_not_told_beside_a_public_figure(tmp_path):
    cells = {
        **list_row(1, "Mật", indicator=JOBS, first=2021, value=77),
        grid(JOBS, 2021): 1310,
        grid(JOBS, 2022): 140000,
    }
    said = refusal(tmp_path, filled(cells), allow_internal=True)
    assert "77" not in said.replace("trang", "")
    assert "khác với ô" in said


def test_a_lead_of_a_public_goal_cannot_be_secret(tmp_path):
    said = refusal(tmp_path, filled(goal_row(1, lead="Công an", secret="x")), allow_internal=True)
    assert "không đánh dấu Mật cho mục tiêu đã công bố" in said


def test_the_library_that_writes_sees_the_same_cells():
    book = openpyxl.load_workbook(
        io.BytesIO(filled({grid(JOBS, 2022): 1310, grid(INSURANCE, 2021): "trên 96,1"}))
    )
    assert book["Số liệu"].cell(*grid(JOBS, 2022)[1:]).value == 1310
    assert book["Số liệu"].cell(*grid(INSURANCE, 2021)[1:]).value == "trên 96,1"
    assert date(2023, 6, 30) == book["Hướng dẫn"]["B6"].value.date()
