"""Kinds of damage for `office_damage.py`: in the cells of a workbook and in its bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import openpyxl
from openpyxl.comments import Comment

_FORMS = ("Chỉ tiêu", "Số liệu", "Đánh giá", "Nguyên nhân", "Đề án", "Mật")
#: What people and programs type.
TYPED: tuple[Any, ...] = (
    "96.8", "96,8", "1.234,5", "1,234.5", "1.234.567", "1 234,5", "９６,８", "'96,8", "-3,5", "(3,5)", "#N/A",
    "#REF!", "=1+1", "=SUM(A1:A9)", "=HYPERLINK(\"http://x\")", "=cmd|'/c calc'!A1", True, False, 0.968,
    96.8, 0, -5, 1e15, 1e-9, 44926, date(2022, 5, 1), "trên 96,8", "khoảng", "gần 5 triệu", "ước",
    "ước 97,5%", "46/61", "61/46", "1/0", "3,5 triệu lượt", "7 tỷ", "tỷ đồng", "x", "X", "không", " ",
    "\u00a0", "Kh¸ch du lÞch", "Thaønh phoá Laøo Cai", "a\u200bb", "dài " * 800, "2022", 2022, "năm 2022",
    "quý II/2022", "6 tháng 2022", "13/2022", "31/02/2022", "05/2022", "2021-2025", "2025-2021",
    "15/06/2023", "12/31/2022", "Du lịch", "doanh thu du lịch", "Tổng lượt khách", "thực hiện",
    "ước thực hiện", "đã kiểm tra", "Phòng Kinh tế", "%", "tỷ", "Đạt", "Vượt", "Hạn chế",
    "ghi chú dài hơn hai mươi chữ",
)  # fmt: skip


def _used(book: Any, random: Random) -> tuple[Any, int, int]:
    """Return a sheet, and a random row and column near its filled cells."""
    sheet = book[random.choice(_FORMS)]
    filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    cell = random.choice(filled)
    return sheet, max(1, cell.row + random.choice((0, 0, 0, 1))), cell.column + random.choice((0, 0, 0, 1))


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    cell = sheet.cell(row, column)
    if type(cell).__name__ != "MergedCell":
        cell.value = value


def _swap(book: Any, random: Random) -> None:
    sheet, row, column = _used(book, random)
    _, other, beside = _used(book, random)
    one, two = sheet.cell(row, column).value, sheet.cell(other, beside).value
    _put(sheet, row, column, two)
    _put(sheet, other, beside, one)


def _delete(book: Any, random: Random) -> None:
    _put(*_used(book, random), None)


def _type(book: Any, random: Random) -> None:
    for _ in range(random.choice((1, 1, 1, 3, 10))):
        _put(*_used(book, random), random.choice(TYPED))


def _type_in_grid(book: Any, random: Random) -> None:
    sheet = book["Số liệu"]
    rows = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 3).value == "cơ quan"]
    _put(sheet, random.choice(rows), random.randint(4, 16), random.choice(TYPED))


def _number(book: Any, random: Random) -> None:
    sheet, row, column = _used(book, random)
    value = sheet.cell(row, column).value
    if isinstance(value, int | float) and not isinstance(value, bool):
        _put(sheet, row, column, value * random.choice((0.01, 0.1, 10, 100, 1000, -1, 1.02)))


def _format(book: Any, random: Random) -> None:
    sheet, row, column = _used(book, random)
    sheet.cell(row, column).number_format = random.choice(
        ("0%", "0.0%", "dd/mm/yyyy", "mm/yyyy", "@", "0.00", "General")
    )


def _move_rows(book: Any, random: Random) -> None:
    sheet, row, _ = _used(book, random)
    act = random.choice((sheet.insert_rows, sheet.delete_rows))
    act(row, random.choice((1, 1, 2, 5)))


def _move_columns(book: Any, random: Random) -> None:
    sheet, _, column = _used(book, random)
    act = random.choice((sheet.insert_cols, sheet.delete_cols))
    act(column)


def _copy_row(book: Any, random: Random) -> None:
    sheet, row, _ = _used(book, random)
    _, other, _ = _used(book, random)
    for column in range(1, sheet.max_column + 1):
        _put(sheet, other, column, sheet.cell(row, column).value)


def _sort(book: Any, random: Random) -> None:
    sheet, row, _ = _used(book, random)
    rows = list(range(row, min(row + random.randint(2, 12), sheet.max_row)))
    values = [[sheet.cell(at, column).value for column in range(1, sheet.max_column + 1)] for at in rows]
    random.shuffle(values)
    for at, cells in zip(rows, values, strict=True):
        for column, value in enumerate(cells, 1):
            _put(sheet, at, column, value)


def _merge(book: Any, random: Random) -> None:
    sheet, row, column = _used(book, random)
    sheet.merge_cells(start_row=row, start_column=column, end_row=row + random.randint(0, 3),
                      end_column=column + random.randint(0, 3))  # fmt: skip


def _hide(book: Any, random: Random) -> None:
    sheet, row, column = _used(book, random)
    what = random.choice("srrcc")
    if what == "s":
        sheet.sheet_state = random.choice(("hidden", "veryHidden"))
    elif what == "r":
        for at in range(row, row + random.choice((1, 5, 50))):
            sheet.row_dimensions[at].hidden = True
    else:
        sheet.column_dimensions[sheet.cell(1, column).column_letter].hidden = True


def _heads(book: Any, random: Random) -> None:
    sheet = book[random.choice(_FORMS)]
    rows = [
        row
        for row in range(1, sheet.max_row + 1)
        if sheet.cell(row, 2).value in ("Đơn vị tính", "Nhóm", "Loại")
    ]
    row = random.choice(rows or [3])
    column = random.randint(1, sheet.max_column)
    value = sheet.cell(row, column).value
    typed = (
        None,
        f"{value} ",
        str(value).upper(),
        str(value)[:-1],
        "Cột mới",
        random.choice(TYPED),
        2016,
        1850,
    )
    _put(sheet, row, column, random.choice(typed))


def _sheets(book: Any, random: Random) -> None:
    what = random.choice(("delete", "rename", "add", "add_blank", "order", "copy"))
    sheet = book[random.choice((*_FORMS, "Hướng dẫn", "_mau"))]
    if what == "delete":
        book.remove(sheet)
    elif what == "rename":
        sheet.title = random.choice((sheet.title.upper(), sheet.title + " 2", "Trang1", "So lieu"))
    elif what.startswith("add"):
        more = book.create_sheet("Bảng tính")
        more["B2"] = None if what == "add_blank" else "ghi thêm"
    elif what == "order":
        book.move_sheet(sheet, random.randint(-3, 3))
    else:
        book.copy_worksheet(sheet)


def _comment(book: Any, random: Random) -> None:
    sheet, row, column = _used(book, random)
    cell = sheet.cell(row, column)
    if type(cell).__name__ != "MergedCell":
        cell.comment = Comment("hỏi lại phòng Kinh tế", "an")


def _guide(book: Any, random: Random) -> None:
    _put(book["Hướng dẫn"], random.randint(1, 12), random.randint(1, 3), random.choice(TYPED))


def _memory(book: Any, random: Random) -> None:
    sheet = book["_mau"]
    _put(sheet, random.randint(1, sheet.max_row), random.randint(1, 4), random.choice((None, *TYPED)))


CELLS: dict[str, Callable[[Any, Random], None]] = {
    "cells swapped": _swap, "cell deleted": _delete, "text typed": _type, "typed in the grid": _type_in_grid,
    "number changed": _number, "format changed": _format, "rows moved": _move_rows,
    "columns moved": _move_columns, "row copied": _copy_row, "rows sorted": _sort, "cells merged": _merge,
    "hidden": _hide, "heads changed": _heads, "sheets changed": _sheets, "comment": _comment,
    "guide changed": _guide, "memory changed": _memory,
}  # fmt: skip


def damaged_cells(whole: bytes, kind: str, random: Random) -> bytes:
    """Return a workbook damaged in its cells."""
    book = openpyxl.load_workbook(io.BytesIO(whole))
    CELLS[kind](book, random)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def damaged_bytes(whole: bytes, random: Random) -> tuple[str, bytes]:
    """Return the kind of a damage in bytes, and the workbook: of the file, or of a part packed again."""
    change = random.choice((_flip, _cut, _insert, _repeat))
    name = change.__name__.strip("_")
    if random.random() < 0.3:
        return f"file: {name}", change(whole, random)
    parts = _unpacked(whole)
    part = random.choices(list(parts), [_weight(each) for each in parts])[0]
    parts[part] = change(parts[part], random)
    return f"part: {name}", _packed(parts)


def _weight(part: str) -> int:
    """Return how often a part is damaged: what holds cells most."""
    return 8 if "worksheets/sheet" in part or "sharedStrings" in part else 1 if "theme" in part else 3


def _unpacked(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _flip(content: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 8))):
        at = random.randrange(len(changed))
        # a letter for a letter and a digit for a digit keep most parts well formed
        changed[at] = random.choice((changed[at] ^ (1 << random.randrange(8)), *b"019azAZ"))
    return bytes(changed)


def _cut(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + content[at + random.choice((1, 1, 2, 10, 100, 5000)) :]


def _insert(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    more = random.choice(
        (b"0", b"9", b"a", b" ", b"<", b"&", b"\x00", b"<x/>", b"<!-- -->", b"&amp;", random.randbytes(9))
    )
    return content[:at] + more + content[at:]


def _repeat(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    end = at + random.choice((1, 5, 40, 400))
    return content[:end] + content[at:]
