"""A workbook as sheets of cells: which part holds which sheet, its styles, texts, comments and objects."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from .archive import MOST_CELLS, MOST_ROWS, counted, read_parts
from .sheet_cells import Sheet, SheetWalk, Shown, shared_texts
from .strict_xml import MAIN, RELATIONS, BrokenError, EntityError, LinkError, StrictError, Walk, names
from .told import Told, shown_number, split_cell

_WORKBOOK = "xl/workbook.xml"
_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
#: Formats of days and of months that have numbers of their own.
_DAYS, _MONTHS, _PERCENT = {14, 15, 16, 22, *range(27, 37), *range(50, 59)}, {17}, {9, 10}
#: What stands in a format beside its letters: texts, colours, escapes.
_PLAIN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
#: Kinds of parts of a sheet that hold what is no cell.
_OBJECTS = ("/drawing", "/chart", "/oleObject", "/package", "/control", "/pivotTable", "/image", "/slicer")


def read_workbook(path: Path, told: Told) -> list[Sheet]:
    """Return the sheets of a workbook in order; nothing of a file in which a problem was told.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    told : Told
        Receives the problems, and the titles of the sheets.
    """
    parts = read_parts(path, told)
    if not parts:
        return []
    try:
        return _sheets(parts, told)
    except LinkError:
        told.whole("links")
    except EntityError as error:
        told.whole("entities", part=error)
    except StrictError:
        told.whole("strict_workbook")
    except BrokenError as error:
        told.whole("broken", part=error)
    return []


def _sheets(parts: Mapping[str, bytes], told: Told) -> list[Sheet]:
    for part, content in parts.items():
        if part.endswith((".xml", ".rels", ".vml")) and b"<!DOCTYPE" in content:
            raise EntityError(part)
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        told.whole("macros")
    listed, since_1904 = _listed(parts[_WORKBOOK])
    if since_1904:
        told.whole("since_1904")
        return []
    targets = {own: target for own, _, target in _relations(parts, _WORKBOOK)}
    texts = next((shared_texts(p, parts[p]) for p in _of(parts, _WORKBOOK, "/sharedStrings")), [])
    shown = next((_styles(p, parts[p]) for p in _of(parts, _WORKBOOK, "/styles")), [])
    told.sheets[:] = [title for title, _, _ in listed]
    found = []
    for title, state, own in listed:
        part = targets.get(own, "")
        if part not in parts:
            raise BrokenError(part or _WORKBOOK)
        sheet = Sheet(title, state != "visible")
        if part.startswith("xl/worksheets/"):
            _fill(sheet, part, parts, texts, shown, told)
        else:
            sheet.has_objects = True
        found.append(sheet)
    return found


def _fill(
    sheet: Sheet, part: str, parts: Mapping[str, bytes], texts: list[str], shown: list[Shown], told: Told
) -> None:
    rows, cells = counted(parts[part])
    if rows > MOST_ROWS:
        told.whole(
            "many_rows",
            sheet.title,
            count=shown_number(Decimal(rows)),
            limit=shown_number(Decimal(MOST_ROWS)),
        )
        return
    if cells > MOST_CELLS:
        told.whole(
            "many_cells",
            sheet.title,
            count=shown_number(Decimal(cells)),
            limit=shown_number(Decimal(MOST_CELLS)),
        )
        return
    SheetWalk(part, sheet, texts, shown).run(parts[part])
    for _, kind, target in _relations(parts, part):
        if kind.endswith("/comments"):
            if target not in parts:
                raise BrokenError(target)
            sheet.comments |= _commented(target, parts[target])
        elif kind.endswith(_OBJECTS) and not _blank_drawing(parts.get(target, b"")):
            sheet.has_objects = True


def _blank_drawing(content: bytes) -> bool:
    """Return whether a part of drawings holds none, as LibreOffice writes it beside comments."""
    return b"wsDr" in content and b"Anchor" not in content


def _listed(content: bytes) -> tuple[list[tuple[str, str, str]], bool]:
    """Return title, state and relation of each sheet, and whether days are counted from 1904."""
    found: list[tuple[str, str, str]] = []
    since_1904 = False
    of_sheet = names("name sheetId state id")
    walk = Walk(_WORKBOOK, MAIN, {"sheets": names("sheet")}, {"sheet": of_sheet})

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if name == "sheet" and walk.path[-2:-1] == ["sheets"]:
            state = attributes.get("state", "visible")
            if "name" not in attributes or _ID not in attributes:
                raise BrokenError(_WORKBOOK)
            if state not in ("visible", "hidden", "veryHidden"):
                raise BrokenError(_WORKBOOK)
            found.append((attributes["name"], state, attributes[_ID]))
        if name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            since_1904 = True

    walk.begin = begin
    walk.run(content)
    if not found or len({title for title, _, _ in found}) < len(found):
        raise BrokenError(_WORKBOOK)
    return found, since_1904


def _relations(parts: Mapping[str, bytes], part: str) -> list[tuple[str, str, str]]:
    """Return id, kind and target of each relation of a part, those to other files left out."""
    folder, _, name = part.rpartition("/")
    own = f"{folder}/_rels/{name}.rels"
    found: list[tuple[str, str, str]] = []
    walk = Walk(own, RELATIONS, {"Relationships": names("Relationship")},
                {"Relationship": names("Id Type Target TargetMode")})  # fmt: skip

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        if not {"Id", "Type", "Target"} <= set(attributes):
            raise BrokenError(own)
        if attributes.get("TargetMode") == "External":
            if not attributes["Type"].endswith("/hyperlink"):
                raise LinkError(own)
            return
        target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
        found.append((attributes["Id"], attributes["Type"], target))

    walk.begin = begin
    if own in parts:
        walk.run(parts[own])
    return found


def _of(parts: Mapping[str, bytes], part: str, kind: str) -> list[str]:
    found = [target for _, own, target in _relations(parts, part) if own.endswith(kind)]
    if any(target not in parts for target in found):
        raise BrokenError(found[0])
    return found


def _styles(part: str, content: bytes) -> list[Shown]:
    """Return how numbers are shown, by the number of the style."""
    codes: dict[int, str] = {}
    ids: list[int] = []
    walk = Walk(part, MAIN, {"cellXfs": names("xf"), "numFmts": names("numFmt")}, {})

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and walk.path[-2:-1] == ["numFmts"]:
            codes[_number(attributes.get("numFmtId", ""), part)] = attributes.get("formatCode", "")
        elif name == "xf" and walk.path[-2:-1] == ["cellXfs"]:
            ids.append(_number(attributes.get("numFmtId", "0"), part))

    walk.begin = begin
    walk.run(content)
    return [_shown(number, codes.get(number, "")) for number in ids]


def _number(text: str, part: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text):
        raise BrokenError(part)
    return int(text)


def _shown(number: int, code: str) -> Shown:
    letters = _PLAIN.sub("", code.split(";")[0]).lower()
    if number in _PERCENT or "%" in letters:
        return "percent"
    if number in _DAYS or "d" in letters:
        return "day"
    if number in _MONTHS or ("m" in letters and "y" in letters) or (letters and set(letters) <= set("y")):
        return "month"
    return ""


def _commented(part: str, content: bytes) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    walk = Walk(
        part, MAIN, {"comments": names("authors commentList extLst"), "commentList": names("comment")}, {}
    )

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name == "comment":
            place = split_cell(attributes.get("ref", ""))
            if place is None:
                raise BrokenError(part)
            found.add(place)

    walk.begin = begin
    walk.run(content)
    return found
