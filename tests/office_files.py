"""Workbooks of an office, filled in by a script on the template of the project."""

import io
import re
import zipfile
from datetime import date
from functools import cache
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils import get_column_letter

from sapa_analysis.evidence import Tables, template_file
from sapa_analysis.pipeline import known_targets, open_project

DAY = date(2023, 6, 30)
INSURANCE = "Tỷ lệ dân số tham gia bảo hiểm y tế"
SCHOOLS = "Tỷ lệ trường học đạt chuẩn quốc gia"
VISITS = "Tổng lượt khách du lịch"
REVENUE = "Doanh thu du lịch"
JOBS = "Số lao động được tạo việc làm mới"
RESOLUTION = "Nghị quyết của Ban Chấp hành Đảng bộ thị xã Sa Pa về phương hướng, nhiệm vụ năm 2023"


@cache
def tables():
    """Return the tables of the project as of the day of the template."""
    project, params = open_project(as_of=DAY.isoformat())
    return Tables(
        evidence=project.evidence, indicators=project.indicators, areas=project.areas,
        documents=project.documents, targets=known_targets(project, params), area="sa_pa",
    )  # fmt: skip


@cache
def template():
    """Return the bytes of an untouched template."""
    return template_file(tables(), day=DAY)


@cache
def _places():
    """Return the row of the first cell that holds a text, by sheet, and heads by sheet and row."""
    book = openpyxl.load_workbook(io.BytesIO(template()))
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
    }


def head_row(sheet, *heads):
    """Return the number of the row that holds heads."""
    rows = _places()[sheet]
    return next(at for at, row in enumerate(rows, 1) if all(head in row for head in heads))


def column(sheet, head, *others):
    """Return the number of the column under a head."""
    return _places()[sheet][head_row(sheet, head, *others) - 1].index(head) + 1


def own_row(indicator):
    """Return the white row of an indicator in the grid."""
    rows = _places()["Số liệu"]
    return next(at for at, row in enumerate(rows, 1) if row[0] == indicator and row[2] == "cơ quan")


def grid(indicator, year):
    """Return sheet, row and column of the office's cell of a year."""
    return "Số liệu", own_row(indicator), column("Số liệu", year, "Dòng")


def grid_more(indicator, head):
    """Return sheet, row and column of a cell beside the years."""
    return "Số liệu", own_row(indicator), column("Số liệu", head, "Dòng")


def listed(number, head, sheet="Số liệu"):
    """Return a cell of the list, or of the sheet of secret rows: its rows count from 1."""
    return sheet, head_row(sheet, "Từ", "Đến") + number, column(sheet, head, "Từ")


def in_form(sheet, number, head):
    """Return a cell of a sheet of one form, so many rows below its heads."""
    return sheet, head_row(sheet, head) + number, column(sheet, head)


def in_places(sheet, number):
    """Return the first and the last but one cell of the template in a row so many below the first heads."""
    rows = _places()[sheet]
    head = next(at for at, row in enumerate(rows, 1) if "Chỉ tiêu" in row and "Ghi chú" in row)
    row = rows[head + number - 1]
    return row[0], row[2]


def list_row(number, sheet="Số liệu", **cells):
    """Return the cells of a row of a list, by the names of heads without spaces or accents."""
    heads = {
        "indicator": "Chỉ tiêu", "unit": "Đơn vị tính", "first": "Từ", "last": "Đến", "value": "Số liệu",
        "kind": "Loại số", "published": "Ngày báo cáo", "source": "Nguồn", "note": "Ghi chú", "secret": "Mật",
    }  # fmt: skip
    return {listed(number, heads[name], sheet): value for name, value in cells.items()}


def free_goal():
    """Return how many rows below the heads of goals the first free one is."""
    rows = _places()["Chỉ tiêu"]
    head = head_row("Chỉ tiêu", "Văn kiện")
    return next(at for at, row in enumerate(rows[head:], 1) if row[0] is None)


def grey_goal(indicator, due):
    """Return how many rows below the heads of goals the first public one of an indicator and year is."""
    rows, head = _places()["Chỉ tiêu"], head_row("Chỉ tiêu", "Văn kiện")
    of = [column("Chỉ tiêu", name) - 1 for name in ("Chỉ tiêu", "Năm hoặc giai đoạn")]
    return next(at for at, row in enumerate(rows[head:], 1) if [row[each] for each in of] == [indicator, due])


def goal_row(number, **cells):
    """Return the cells of a row of goals."""
    heads = {
        "document": "Văn kiện", "clause": "Nhóm", "indicator": "Chỉ tiêu", "unit": "Đơn vị tính",
        "due": "Năm hoặc giai đoạn", "measure": "Cách tính", "goal": "Mục tiêu", "lead": "Đơn vị chủ trì",
        "published": "Ngày báo cáo", "note": "Ghi chú", "secret": "Mật",
    }  # fmt: skip
    return {in_form("Chỉ tiêu", number, heads[name]): value for name, value in cells.items()}


def filled(cells=(), change=None):
    """Return the bytes of a template with cells filled in, and changed as a whole."""
    cells = dict(cells)
    if change is None and all(type(value) in (str, int, float) for value in cells.values()):
        return _written_into(cells)
    book = openpyxl.load_workbook(io.BytesIO(template()))
    for (sheet, row, at), value in cells.items():
        book[sheet].cell(row, at).value = value
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def parts():
    """Return the parts of a template by name, and the part of each sheet by its title."""
    with zipfile.ZipFile(io.BytesIO(template())) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    titles = [
        sheet.title for sheet in openpyxl.load_workbook(io.BytesIO(template()), read_only=True).worksheets
    ]
    return content, {title: f"xl/worksheets/sheet{number}.xml" for number, title in enumerate(titles, 1)}


def packed(content):
    """Return parts as the bytes of a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return out.getvalue()


def _written_into(cells):
    """Write texts and numbers into the parts of the template: much faster than by openpyxl."""
    content, of = dict(parts()[0]), parts()[1]
    for (sheet, row, at), value in cells.items():
        name = f"{get_column_letter(at)}{row}"
        if isinstance(value, str):
            inner = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
            kind = ' t="inlineStr"'
        else:
            inner, kind = f"<v>{value!r}</v>", ""
        text = content[of[sheet]].decode()
        old = re.search(rf'<c r="{name}"( s="\d+")?(?: t="\w+")?(?:/>|>.*?</c>)', text)
        if old is None:
            raise KeyError(f"{sheet} {name} is no cell of the template")
        text = text.replace(old[0], f'<c r="{name}"{old[1] or ""}{kind}>{inner}</c>', 1)
        content[of[sheet]] = text.encode()
    return packed(content)


def everything():
    """Return the cells of a workbook with something in every form."""
    return {
        grid(INSURANCE, 2021): 96.1, grid(INSURANCE, 2022): "trên 96,8", grid_more(INSURANCE, "Nguồn"): "Báo cáo số 215-BC/TU",
        grid(SCHOOLS, 2022): "44/61", grid(JOBS, 2022): 1310, grid_more(JOBS, "Ghi chú"): "Phòng Lao động báo cáo",
        **list_row(1, indicator=VISITS, unit="lượt", first="6 tháng 2022", value="1,3 triệu", source="Phòng Văn hóa và Thông tin"),
        **list_row(2, indicator=REVENUE, first=date(2022, 1, 1), last=date(2022, 10, 15), value=5200, published=date(2022, 10, 20)),
        **list_row(3, indicator=REVENUE, first=2023, value="ước 12.100", note="số ước đầu năm"),
        **list_row(1, "Mật", indicator=REVENUE, first="quý I/2023", value=3187, note="chưa công bố"),
        **goal_row(1, lead="Chi cục Thống kê"),
        **goal_row(grey_goal(REVENUE, 2023), goal="từ 12.000 đến 12.500 tỷ đồng", lead="Phòng Văn hóa"),
        in_form("Đánh giá", 1, "Ước thực hiện"): 14.9, in_form("Đánh giá", 1, "Đơn vị ước"): "Chi cục Thống kê",
        in_form("Đánh giá", 1, "Đánh giá của Ban Thường vụ"): "Dự kiến đạt",
        in_form("Nguyên nhân", 1, "Lĩnh vực hoặc chỉ tiêu"): "Du lịch", in_form("Nguyên nhân", 1, "Loại"): "Hạn chế",
        in_form("Nguyên nhân", 1, "Nội dung"): "Khách lưu trú còn ngắn ngày",
        in_form("Đề án", 1, "Tên đề án, nhiệm vụ"): "Đề án 05", in_form("Đề án", 1, "Tiến độ, kết quả"): "Đã trình",
        ("Hướng dẫn", 7, 2): "Văn phòng Thị ủy Sa Pa",
    }  # fmt: skip
