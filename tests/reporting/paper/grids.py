"""Any text and any table, and how the cells of Word and of Excel are read back, place by place."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import docx
from hypothesis import strategies as st
from openpyxl import load_workbook

from sapa_analysis.reporting.language import number
from sapa_analysis.reporting.paper.model import SHADES, Cell, Paper, Table
from sapa_analysis.reporting.paper.sheet import first_row
from sapa_analysis.reporting.tagged_numbers import plain, tag

WORDS = {"page": "Trang {page}/{pages}", "draft": "DỰ THẢO", "sources": "Nguồn"}
SEPARATORS = {"vi": (".", ","), "en": (",", ".")}

#: Any signs, and those that mean something to Word, XML, Excel or the writer's own fields.
anything = st.text(max_size=30) | st.sampled_from(
    [
        "=1+1", "+84 214", "-5", "@SUM(A1)", "\t=cmd|' /C calc'!A0", "#N/A", "<w:p/> & ]]> \"'", "{{cut_off}} {page}",
        "Ba\x00o\u202e Lào\ufeff Cai\ufffe", "một\nhai\r\nba\tbốn", "  hai  đầu  ", "سابا", "‑ – −", "1,5", "2023", "01",
        "HYPERLINK(\"x\")", "\ue000", "%", "&P", "_x000D_",
    ]
)  # fmt: skip


def lines(text):
    """Return a text as it comes back: without what cannot be printed, with one kind of line end."""
    return plain(text).replace("\r\n", "\n").replace("\r", "\n")


def paper_of(*blocks, **given):
    told = {"kind": "review", "lang": "vi", "title": "Tên", "cut_off": "Chốt ngày 30/6/2023",
            "as_of": date(2023, 6, 30), "words": WORDS}  # fmt: skip
    return Paper(blocks=blocks, **told | given)


@st.composite
def numbers(draw, lang="vi"):
    """Return a number as some document prints it, tagged."""
    unit, ending = draw(
        st.sampled_from([("percent", "%"), ("billion_vnd", " tỷ đồng"), ("count", ""), ("rooms", " phòng")])
    )
    value = draw(st.floats(-1e6, 1e6) | st.integers(-10_000, 10**9))
    before = draw(st.sampled_from(["", "trên ", "dưới ", "+"]))
    return tag(before + number(value, draw(st.integers(0, 3)), lang) + ending, "a.value", value, unit)


@st.composite
def rows(draw, columns):
    """Return rows in which cells cover others in any way that fits."""
    n = draw(st.integers(1, 4))
    taken, made = set(), []
    for row in range(n):
        own = []
        for column in range(columns):
            if (row, column) in taken:
                continue
            free = next((c for c in range(column, columns) if (row, c) in taken), columns) - column
            across, down = draw(st.integers(1, free)), draw(st.integers(1, n - row))
            taken |= {(row + d, column + a) for d in range(down) for a in range(across)}
            own.append(
                Cell(draw(anything | numbers()), down, across, draw(st.sampled_from(("left", "right", "middle"))),
                     draw(st.booleans()), draw(st.sampled_from(SHADES)))
            )  # fmt: skip
        made.append(tuple(own))
    return tuple(made)


@st.composite
def tables(draw):
    columns = draw(st.integers(1, 5))
    return Table(
        draw(st.text(max_size=40)), draw(anything), draw(rows(columns)), draw(rows(columns)),
        tuple(draw(st.lists(st.floats(0.01, 1), min_size=columns, max_size=columns))),
        tuple(draw(st.lists(anything, max_size=2))), draw(st.integers(0, columns - 1)), draw(st.booleans()), True,
    )  # fmt: skip


def wanted(table):
    """Return what stands at every place of a table, by the rule of the model told again: the first free place."""
    found = {}
    start = 0
    for part in (table.heads, table.rows):
        for number_, row in enumerate(part, start):
            for cell in row:
                column = next(c for c in range(len(table.widths)) if (number_, c) not in found)
                for down in range(cell.down):
                    for across in range(cell.across):
                        found[number_ + down, column + across] = lines(cell.text)
        start += len(part)
    return found


def in_word(grid):
    """Return the text at every place of a table of Word."""
    return {(r, c): cell.text for r, row in enumerate(grid.rows) for c, cell in enumerate(row.cells)}


def word_grids(content):
    """Return the tables of a Word file but tiles and figures side by side."""
    styles = ("Table Grid", "Table Dense")
    heads = ".//w:tblHeader"
    found = docx.Document(io.BytesIO(content)).tables
    return [grid for grid in found if grid.style.name in styles and grid._tbl.xpath(heads)]


def in_excel(content, table, place=0, lang="vi"):
    """Return what a sheet shows at every place of a table, as Excel of a language shows it."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[place]
    merged = {
        (row, column): sheet.cell(area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row, column in ((r, c) for r in range(area.min_row, area.max_row + 1) for c in range(area.min_col, area.max_col + 1))
    }  # fmt: skip
    first, n = first_row(table), len(table.heads) + len(table.rows)
    return {
        (r, c): shown(merged.get((first + r, c + 1), sheet.cell(first + r, c + 1)), lang)
        for r in range(n)
        for c in range(len(table.widths))
    }


def shown(cell, lang):
    """Return what Excel shows of a cell: its text, or its number in its format."""
    if cell.value is None:
        return ""
    if cell.data_type == "s":
        return cell.value
    return formatted(exact(cell), cell.number_format, lang)


def exact(cell):
    """Return the number of a cell, of a formula that the writer makes too."""
    if cell.data_type != "f":
        return Decimal(f"{cell.value:.15g}")
    times, upper, lower, places = re.fullmatch(
        r"=ROUND\((100\*)?([A-Z]+\d+)/([A-Z]+\d+),(\d+)\)", cell.value
    ).groups()
    quotient = float(exact(cell.parent[upper])) / float(exact(cell.parent[lower]))
    value = Decimal(f"{quotient * (100 if times else 1):.15g}")
    return value.quantize(Decimal(10) ** -int(places), ROUND_HALF_UP)


def formatted(value, form, lang):
    """Return a number in a format of Excel: one or two sections of quoted words around `#,##0.00,,%`."""
    sections = re.findall(r'(?:"[^"]*"|[^;"])+', form)
    section = sections[-1] if value < 0 else sections[0]
    value = abs(value) if len(sections) > 1 else value
    before, whole, places, thousands, percent, after = re.fullmatch(
        r'(?:"([^"]*)")*?(?:"[^"]*")?(#,##0|0)(?:\.(0+))?(,*)(%?)(?:"([^"]*)")?', section
    ).groups()
    before = "".join(re.findall(r'"([^"]*)"', section[: section.index(whole)]))
    scaled = value * (100 if percent else 1) / 1000 ** len(thousands)
    rounded = scaled.quantize(Decimal(10) ** -len(places or ""), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    text = text.translate(str.maketrans(dict(zip(",.", SEPARATORS[lang], strict=True))))
    return f"{before}{text}{percent}{after or ''}"
