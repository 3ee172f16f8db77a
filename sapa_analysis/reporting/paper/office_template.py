"""A template of an office: opened and checked as a whole before anything is written on it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...core import SapaError
from .word_fields import field_of, fields_in, has_page_number, qualified
from .word_styles import CHARACTERS, FIELDS, FREE_FIELDS, PARTY_FIELDS, TABLES, needed_styles

if TYPE_CHECKING:
    from docx.document import Document

#: What a template may hold when unpacked, in bytes.
_LARGEST = 50_000_000


def opened_template(content: bytes, form: str) -> Document:
    """Return a template as a document.

    Parameters
    ----------
    content : bytes
        A .docx file.
    form : str
        `plain`, `party` or `two-pages`.

    Raises
    ------
    SapaError
        When it is no .docx file, holds macros, cannot be read, or lacks styles or fields: all are named.
    """
    _check_file(content)
    document = _read(content)
    told = [*_style_problems(document, form), *_field_problems(document, form)]
    if told:
        raise SapaError("; ".join(told))
    return document


def parts_beside(document: Document) -> list[Any]:
    """Return the headers and footers of a document."""
    kinds = ("/header", "/footer")
    rels = document.part.rels.values()
    return [rel.target_part.element for rel in rels if not rel.is_external and rel.reltype.endswith(kinds)]


def content_mark(document: Document) -> Any | None:
    """Return the paragraph of the body from which on the paper is written: `{{content}}`."""
    paragraphs = document.element.body.iterchildren(qualified("w:p"))
    return next((each for each in paragraphs if field_of(each) == "content"), None)


def kept_of(document: Document) -> list[Any]:
    """Return what stands before the contents and stays; the whole body where no mark parts it."""
    mark = content_mark(document)
    return list(document.element.body if mark is None else mark.itersiblings(preceding=True))


def _check_file(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            kinds = (
                archive.read("[Content_Types].xml") if "[Content_Types].xml" in archive.namelist() else b""
            )
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, NotImplementedError):
        raise SapaError("the template is no Word file (.docx)") from None
    if b"macroEnabled" in kinds or any(entry.filename.endswith("vbaProject.bin") for entry in entries):
        raise SapaError("the template holds macros; save it in Word as .docx, which has none")
    if b"wordprocessingml.document.main" not in kinds:
        raise SapaError("the template is no Word file (.docx)")
    if sum(entry.file_size for entry in entries) > _LARGEST:
        raise SapaError("the template is too large; take the pictures out of it")


def _read(content: bytes) -> Document:
    import docx

    try:
        document = docx.Document(io.BytesIO(content))
        _measure(document)
    except Exception:  # whatever python-docx, lxml or zipfile stumbles over
        message = "the template cannot be read; open it in Word and save it again as .docx"
        raise SapaError(message) from None
    return document


def _measure(document: Document) -> None:
    """Stumble where a document has no styles, or no page to write on."""
    section = document.sections[-1]
    measures = (section.page_width, section.page_height, section.left_margin, section.right_margin,
                section.top_margin, section.bottom_margin)  # fmt: skip
    if not len(document.styles) or None in measures:
        raise ValueError(measures)


def _style_problems(document: Document, form: str) -> list[str]:
    kinds = dict.fromkeys(CHARACTERS, 2) | dict.fromkeys(TABLES, 3)  # of Word: 1 a paragraph
    known = {(style.name, int(style.type)) for style in document.styles}
    missing = [name for name in needed_styles(form) if (name, kinds.get(name, 1)) not in known]
    return [f"the template lacks the styles {_listed(missing)}"] if missing else []


def _field_problems(document: Document, form: str) -> list[str]:
    beside = parts_beside(document)
    found = {name for root in (*kept_of(document), *beside) for name in fields_in(root)}
    found = found - {"content"} if content_mark(document) is None else found | {"content"}
    found |= {"page"} if any(map(has_page_number, beside)) else set()
    needed = (*FIELDS, *(PARTY_FIELDS if form == "party" else ()))
    missing = [name for name in needed if name not in found]
    strange = sorted(found - {*FIELDS, *PARTY_FIELDS, *FREE_FIELDS})
    told = [f"the template lacks the fields {_listed(map(_braced, missing))}"] if missing else []
    return told + ([f"the template has unknown fields {_listed(map(_braced, strange))}"] if strange else [])


def _braced(name: str) -> str:
    return f"{{{{{name}}}}}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
