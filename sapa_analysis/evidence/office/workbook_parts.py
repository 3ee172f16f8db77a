"""A workbook as sheets of cells: which part holds which sheet, its styles, texts, comments and objects."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from .archive import MOST_CELLS, MOST_ROWS, counted, read_parts
from .sheet_cells import Look, Sheet, SheetWalk, Shown, shared_texts
from .strict_xml import MAIN, RELATIONS, BrokenError, EntityError, LinkError, StrictError, Walk, names
from .told import Told, shown_number, split_cell

_WORKBOOK = "xl/workbook.xml"
_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
#: Formats of days and of months that have numbers of their own.
_DAYS, _MONTHS, _PERCENT = {14, 15, 16, 22, *range(27, 37), *range(50, 59)}, {17}, {9, 10}
#: Formats of numbers that Excel keeps without their codes.
_CODES = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00",
}  # fmt: skip
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
    looks = next((_styles(p, parts[p]) for p in _of(parts, _WORKBOOK, "/styles")), [])
    told.sheets[:] = [title for title, _, _ in listed]
    found = []
    for title, state, own in listed:
        part = targets.get(own, "")
        if part not in parts:
            raise BrokenError(part or _WORKBOOK)
        sheet = Sheet(title, state != "visible")
        if part.startswith("xl/worksheets/"):
            _fill(sheet, part, parts, texts, looks, told)
        else:
            sheet.has_objects = True
        found.append(sheet)
    return found


def _fill(
    sheet: Sheet, part: str, parts: Mapping[str, bytes], texts: list[tuple[str, bool]], looks: list[Look],
    told: Told,
) -> None:  # fmt: skip
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
    SheetWalk(part, sheet, texts, looks).run(parts[part])
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


def _styles(part: str, content: bytes) -> list[Look]:
    """Return how cells are shown, by the number of the style."""
    codes: dict[int, str] = {}
    ids: list[tuple[int, int]] = []
    fonts: list[bool] = []
    walk = Walk(part, MAIN, {"cellXfs": names("xf"), "numFmts": names("numFmt")}, {})

    def begin(name: str, attributes: dict[str, str]) -> None:
        within = walk.path[-3:-1]
        if name == "numFmt" and within[-1:] == ["numFmts"]:
            codes[_number(attributes.get("numFmtId", ""), part)] = attributes.get("formatCode", "")
        elif name == "font" and within[-1:] == ["fonts"]:
            fonts.append(False)
        elif name == "strike" and within == ["fonts", "font"]:
            fonts[-1] = attributes.get("val", "1") in ("1", "true")
        elif name == "xf" and within[-1:] == ["cellXfs"]:
            ids.append(tuple(_number(attributes.get(of, "0"), part) for of in ("numFmtId", "fontId")))  # type: ignore[arg-type]

    walk.begin = begin
    walk.run(content)
    return [
        look_of(number, codes.get(number, ""), struck=font < len(fonts) and fonts[font])
        for number, font in ids
    ]


def _number(text: str, part: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text):
        raise BrokenError(part)
    return int(text)


def look_of(number: int, code: str, *, struck: bool = False) -> Look:
    """Return how a format shows a number.

    Parameters
    ----------
    number : int
        Of the format; some of Excel have no code.
    code : str
        Its code, or blank.
    struck : bool
        Whether the style strikes through.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.workbook_parts import look_of
    >>> look_of(9, ""), look_of(164, "#,##0.0#").places, look_of(165, ";;;").shown
    (Look(shown='percent', places=(0, 0), struck=False), (1, 2), 'nothing')
    """
    return Look(_shown(number, code), _places(_CODES.get(number, code)), struck)


def _shown(number: int, code: str) -> Shown:
    first = code.split(";")[0]
    letters = _PLAIN.sub("", first).lower()
    if ";" in code and not _PLAIN.sub(_quoted, code).replace(";", "").strip():
        return "nothing"
    if number in _PERCENT or "%" in letters:
        return "percent"
    if number in _DAYS or "d" in letters:
        return "day"
    if number in _MONTHS or ("m" in letters and "y" in letters) or (letters and set(letters) <= set("y")):
        return "month"
    return ""


def _quoted(found: re.Match[str]) -> str:
    """Return the letters that a format shows itself; colours, spaces and what fills a cell are none."""
    return found[0].strip('"\\') if found[0][0] in '"\\' else ""


def _places(code: str) -> tuple[int, int] | None:
    """Return the least and the most decimals of a format; None where it does not fix them."""
    letters = _PLAIN.sub("", code.split(";")[0]).replace(" ", "").rstrip("%")
    found = re.fullmatch(r"[#?0,]*[0#?](?:\.(0*)([#?]*))?", letters)
    if found is None:
        return None
    least = len(found[1] or "")
    return least, least + len(found[2] or "")


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
