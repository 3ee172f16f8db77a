"""Text of a Word file, paragraph by paragraph, as a reader sees it; what is no sound file is refused."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ...core import SapaError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, EOFError, NotImplementedError,
    RecursionError, ValueError,
)  # fmt: skip
#: What a reader does not see: what was deleted, and the second form of a text box.
_UNSEEN = (f"{_W}del", f"{_W}moveFrom", _FALLBACK)
#: Parts of a file that hold text, and where that stands.
_PARTS = (
    (re.compile(r"word/document\d*\.xml"), "body"),
    (re.compile(r"word/header\d*\.xml"), "header"),
    (re.compile(r"word/footer\d*\.xml"), "footer"),
    (re.compile(r"word/(foot|end)notes\.xml"), "footnote"),
)
#: Most bytes of one part, unpacked, and of all together; a long report with its pictures has a tenth.
_MOST_OF_A_PART, _MOST = 64 * 2**20, 512 * 2**20
#: Fields whose result Word counts itself: pages, contents, numbers of captions.
_COUNTED = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES|PAGEREF|TOC|SEQ|REF|NUMWORDS|SAVEDATE|DATE|TIME)\b")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a document.

    Attributes
    ----------
    text : str
        What a reader sees, without what was deleted and without what Word counts.
    place : {"body", "table", "header", "footer", "footnote"}
        Where it stands.
    first : bool
        Whether it is the whole of the first cell of a row of a table.
    row : str
        The text of the whole row, in a table.
    """

    text: str
    place: str
    first: bool = False
    row: str = ""


def document_lines(path: Path) -> list[Line]:
    """Return the paragraphs of a Word file.

    Raises
    ------
    SapaError
        When it is no file, no sound .docx, one with macros, or one that unpacks to far more than a report.
    """
    if not path.is_file():
        raise SapaError(f'"{path}" is no file; give the path of a .docx')
    if path.suffix.lower() in (".doc", ".docm", ".dotm", ".odt", ".pdf", ".rtf"):
        raise SapaError(f'"{path.name}" is not read; save it in Word as .docx')
    try:
        with zipfile.ZipFile(path) as archive:
            return list(_lines(archive, path.name))
    except _DAMAGED as error:
        raise SapaError(f'"{path.name}" is damaged or no .docx; open it in Word and save it again') from error
    except (OSError, RuntimeError) as error:
        raise SapaError(f'"{path.name}" cannot be read; it may be open elsewhere or locked') from error


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[Line]:
    entries = archive.infolist()
    big = any(entry.file_size > _MOST_OF_A_PART for entry in entries)
    if big or sum(entry.file_size for entry in entries) > _MOST:
        raise SapaError(f'"{name}" is not read; it unpacks to far more than any report holds')
    names = [entry.filename for entry in entries]
    if any(each.lower().endswith("vbaproject.bin") for each in names):
        raise SapaError(f'"{name}" holds macros and is not read; save it in Word as .docx')
    if "word/document.xml" not in names:
        raise KeyError("word/document.xml")
    for form, place in _PARTS:
        for part in sorted(filter(form.fullmatch, names)):
            yield from _of_part(archive, part, place, name)


def _of_part(archive: zipfile.ZipFile, part: str, place: str, name: str) -> Iterator[Line]:
    with archive.open(part) as file:
        content = file.read(_MOST_OF_A_PART + 1)  # a size in the list of contents may lie
    if len(content) > _MOST_OF_A_PART:
        raise SapaError(f'"{name}" is not read; it unpacks to far more than any report holds')
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise SapaError(f'"{name}" is damaged or no .docx; open it in Word and save it again')
    yield from _paragraphs(ElementTree.fromstring(content), place, [])


def _paragraphs(root: Element, place: str, fields: list[str]) -> Iterator[Line]:
    """Yield the paragraphs below an element, those of text boxes after the one that holds them.

    `fields` holds the fields that are open, by what they compute: one may run over several paragraphs.
    """
    for child in root:
        if child.tag == f"{_W}p":
            yield Line("".join(_pieces(child, fields)).strip(), place)
            yield from _boxes(child, place)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child, place, fields)
        elif child.tag not in _UNSEEN:
            yield from _paragraphs(child, place, fields)


def _boxes(paragraph: Element, place: str) -> Iterator[Line]:
    for child in paragraph:
        if child.tag == f"{_W}txbxContent":
            yield from _paragraphs(child, place, [])
        elif child.tag not in _UNSEEN:
            yield from _boxes(child, place)


def _rows(table: Element, place: str, fields: list[str]) -> Iterator[Line]:
    where = "table" if place == "body" else place
    for row in _below(table, f"{_W}tr"):
        if row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = [list(_paragraphs(cell, where, fields)) for cell in _below(row, f"{_W}tc")]
        told = " ".join(line.text for lines in cells for line in lines)
        for number, lines in enumerate(cells):
            alone = number == 0 and sum(bool(line.text) for line in lines) == 1
            yield from (Line(line.text, line.place, alone, told) for line in lines)


def _below(part: Element, tag: str) -> Iterator[Element]:
    """Yield the elements of a table with a tag, not those of a table inside it."""
    for child in part:
        if child.tag == tag:
            yield child
        elif child.tag not in (f"{_W}tc", f"{_W}p", *_UNSEEN):
            yield from _below(child, tag)


def _pieces(part: Element, fields: list[str]) -> Iterator[str]:
    """Yield the text of a paragraph, without what Word counts itself."""
    for child in part:
        tag = child.tag
        if tag == f"{_W}fldChar":
            _turn(fields, child.get(f"{_W}fldCharType", ""))
        elif tag == f"{_W}instrText" and fields:
            fields[-1] += child.text or ""
        elif tag == f"{_W}fldSimple" and _COUNTED.match(child.get(f"{_W}instr", "")):
            continue
        elif tag in (f"{_W}t", f"{_M}t"):
            yield "" if any(map(_COUNTED.match, fields)) else child.text or ""
        elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            yield " "
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag not in (*_UNSEEN, f"{_W}txbxContent", f"{_W}pPr", f"{_W}rPr"):
            yield from _pieces(child, fields)


def _turn(fields: list[str], turn: str) -> None:
    if turn == "begin":
        fields.append("")
    elif turn == "end" and fields:
        fields.pop()
