"""Workbooks of an office with rows that must stay in the house, and the search for what stands in them."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from dataclasses import fields
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
from office import figure
from pypdf import PdfReader

from sapa_analysis.evidence import template_file
from sapa_analysis.evidence.office.layout import (
    CAUSES,
    GOALS,
    GRID,
    JUDGEMENTS,
    LIST,
    PROJECTS,
    SECRET,
    words,
)
from sapa_analysis.pipeline import load_project, tables_of

#: A title and a number that stand in no public row.
TITLE, NUMBER = "Chim hoàng yến", 1739846
#: Workbooks as they were made, by project and content.
_MADE: dict[tuple[object, ...], bytes] = {}


def visits(year, value, **other):
    return figure("tourist_arrivals", year, value, "visits", **other)


def public_rows():
    return [visits(year, value) for year, value in ((2020, 1.31e6), (2021, 1.52e6), (2022, 2.63e6))]


def write(path, root, own):
    """Write what an office holds as a workbook; many tests ask for the same one."""
    held = [getattr(own, each.name) for each in fields(own)]
    key = root, *(each.to_json() if isinstance(each, pd.DataFrame) else repr(each) for each in held)
    if key not in _MADE:
        _MADE[key] = template_file(tables_of(load_project(root), own.area), day=own.day, office=own)
    path.write_bytes(_MADE[key])
    return str(path)


# a workbook with a marked row in every form ---------------------------------------------------------------


def columns_of(sheet, form):
    """Return the row of the heads of a form, and its columns by head."""
    for row in sheet.iter_rows():
        heads = {cell.value: cell.column for cell in reversed(row) if cell.value is not None}
        if row[0].value == form.heads[0] and set(form.heads) <= set(heads):
            return row[0].row, heads
    raise AssertionError(form.name)


def enter(book, form, **cells):
    """Fill the first row of a form in which nothing stands."""
    sheet = book[form.sheet]
    row, heads = columns_of(sheet, form)
    while any(sheet.cell(row, column).value not in (None, "") for column in heads.values()):
        row += 1
    for name, value in cells.items():
        sheet.cell(row, heads[words()["heads"][name]], value)


def mark_grid(book, indicator, year, value):
    sheet = book[GRID.sheet]
    row, heads = columns_of(sheet, GRID)
    while sheet.cell(row, 1).value != indicator or sheet.cell(row, heads["Dòng"]).value != "cơ quan":
        row += 1
    for head, cell in ((year, value), ("Nguồn", TITLE), ("Mật", "x")):
        sheet.cell(row, heads[head], cell)


def with_secrets(path):
    """Add to a workbook a row for the house in every form."""
    book = openpyxl.load_workbook(path)
    arrivals, forest = "Tổng lượt khách du lịch", "Tỷ lệ che phủ rừng"
    about = {"unit": "lượt", "source": TITLE, "note": TITLE}
    enter(book, SECRET, indicator=arrivals, first=2019, value=NUMBER, **about)
    enter(book, LIST, indicator=arrivals, first="6 tháng 2022", value=NUMBER, secret="x", **about)
    mark_grid(book, forest, 2021, 73.91846)
    due = {"indicator": arrivals, "unit": "lượt", "due": 2024, "measure": "mức của năm"}
    document = book[GOALS.sheet].cell(columns_of(book[GOALS.sheet], GOALS)[0] + 1, 1).value
    enter(book, GOALS, document=document, **due, goal=f"trên {NUMBER}", lead=TITLE, note=TITLE, secret="x")
    told = {"estimated_by": TITLE, "estimate": NUMBER, "estimated_on": date(2023, 6, 1), "judged": "Khó đạt"}
    enter(book, JUDGEMENTS, indicator=arrivals, unit="lượt", year=2023, **told, note=TITLE, secret="x")
    enter(book, CAUSES, subject=arrivals, what="Hạn chế", text=f"{TITLE} {NUMBER}", secret="x")
    enter(book, PROJECTS, title=TITLE, lead=TITLE, progress=f"{NUMBER} lượt", secret="x")
    book.save(path)
    return str(path)


# what stands in a file ------------------------------------------------------------------------------------


def unpacked(name, content):
    """Yield the bytes of a file and of all that is packed in it."""
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.namelist():
                yield from unpacked(f"{name}!{member}", packed.read(member))
    for place in (found.start() for found in re.finditer(rb"\x1f\x8b|x\x9c|x\xda|x\x01", content[: 1 << 24])):
        loose = zlib.decompressobj(47)
        try:
            yield f"{name}@{place}", loose.decompress(content[place:], 1 << 24)
        except zlib.error:
            continue
    if content.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(content)).pages
        yield f"{name}:text", "\n".join(page.extract_text() for page in pages).encode()


def forms_of(number, title):
    """Return the bytes in which a number and a title may stand."""
    text = str(number).rstrip("0").rstrip(".")
    words = {title, title.replace(" ", "%20"), json.dumps(title)[1:-1], title.upper(), text}
    words |= {f"{int(number):,}".replace(",", mark) for mark in ".,\u00a0\u202f "} if number > 1000 else set()
    words |= {text.replace(".", ",")} if "." in text else {f"{number / 1e6:.2f}".replace(".", ",") + " triệu"}
    found = {each.encode(code) for each in words for code in ("utf-8", "utf-16-le")}
    return found | {struct.pack("<d", float(number)), struct.pack(">d", float(number))}


CANARIES = forms_of(NUMBER, TITLE) | forms_of(73.91846, TITLE)
TITLES = {
    each.encode(code) for each in (TITLE, TITLE.upper()) for code in ("utf-8", "utf-16-le", "utf-16-be")
}


def sought(name):
    """Return what is looked for in a part of a file: a page of a PDF is drawn with thousands of numbers."""
    return TITLES if ".pdf@" in name else CANARIES


def leaks(folder, aside=()):
    """Return the files below a folder in which a canary stands, and what stands there."""
    return sorted({
        (name, canary)
        for path in Path(folder).rglob("*")
        if path.is_file() and not any(path.is_relative_to(place) for place in aside)
        for name, content in unpacked(str(path), path.read_bytes())
        for canary in sought(name)
        if canary in content
    })  # fmt: skip
