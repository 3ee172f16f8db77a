"""The sheet of guidance: what is asked of the office, how it writes numbers, how the workbook is used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .layout import words
from .template_looks import (
    frame,
    keep_as_typed,
    needed_height,
    set_print,
    set_widths,
    write_lines,
    write_text,
)
from .template_memory import Memory

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from .template import Content

_WIDTHS = (44.0, 100.0)


def write_guide(sheet: Worksheet, content: Content, memory: Memory) -> None:
    """Write the guidance, and below it the names and units of all indicators."""
    told = words()["template"]
    guide, sheets = told["guide"], words()["sheets"]
    set_widths(sheet, _WIDTHS)
    row = write_lines(sheet, 1, [told["titles"]["guide"]], "title")
    row = _about(sheet, row + 1, content)
    for part, pairs in (
        ("sheets", [(sheets[name], text) for name, text in told["guide_sheets"].items()]),
        ("numbers", told["guide_numbers"]),
        ("colours", [(guide[name], text) for name, text in told["guide_colours"].items()]),
        ("run", [(line.format(file=told["file"]), text) for line, text in told["guide_run"]]),
    ):
        first = write_lines(sheet, row + 1, [guide[part]], "part")
        row = _pairs(sheet, first, pairs)
        if part == "colours":
            for at, fill in enumerate(("grey", "", "red"), first):
                frame(sheet, at, 1, fill)
    row = write_lines(sheet, row + 1, [guide["rules"]], "part")
    row = write_lines(sheet, row, told["guide_rules"], "plain")
    end = row - 1
    row = write_lines(sheet, row + 1, [guide["catalogue"]], "part")
    _pairs(sheet, row, memory.catalogue, look="plain")
    sheet.sheet_view.showGridLines = False
    set_print(sheet, 0, (end, 2), day=content.day, one_page=True)


def _about(sheet: Worksheet, row: int, content: Content) -> int:
    """Write the cells that are read: the area, the day, the office."""
    told, guide = words()["about"], words()["template"]["guide"]
    area = str(content.tables.areas.loc[content.tables.area, "name_vi"])
    row = write_lines(sheet, row, [guide["about"]], "part")
    row = write_lines(sheet, row, [guide["about_note"]], "help")
    for label, value in (
        (told["area"], area),
        (told["day"], content.day),
        (told["by"], content.by or None),
    ):
        write_text(sheet, row, 1, label, "strong")
        write_text(sheet, row, 2, value, "grey" if label == told["area"] else "plain")
        keep_as_typed(sheet, range(row, row + 1), 2)
        frame(sheet, row, 1)
        frame(sheet, row, 2, "grey" if label == told["area"] else "")
        row += 1
    return row


def _pairs(sheet: Worksheet, row: int, pairs: Iterable[Any], look: str = "strong") -> int:
    for left, right in pairs:
        write_text(sheet, row, 1, left, look)
        write_text(sheet, row, 2, right, "plain")
        texts = dict(zip((left, right), _WIDTHS, strict=True))
        sheet.row_dimensions[row].height = needed_height(texts)
        row += 1
    return row
