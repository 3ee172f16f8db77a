"""The mark of a paper that must stay in the house, at the top of every page of a Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section


def mark_pages(document: Document, mark: str) -> None:
    """Write a mark first into every header that any page of a document shows, whatever its template has."""
    for place, section in enumerate(document.sections):
        for header in _headers(document, section):
            if place == 0 or not header.is_linked_to_previous:
                _write(header, mark)


def _headers(document: Document, section: Section) -> list[Any]:
    """Return the headers of a section: of all pages, and of first and even ones where they differ."""
    found: list[Any] = [section.header]
    if section.different_first_page_header_footer:
        found.append(section.first_page_header)
    if document.settings.odd_and_even_pages_header_footer:
        found.append(section.even_page_header)
    return found


def _write(header: Any, mark: str) -> None:
    """Write the mark above what a header holds; bold in its own right, so that no style can hide it."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    if header.is_linked_to_previous:
        header.is_linked_to_previous = False
    lines = header.paragraphs
    bare = len(lines) == 1 and not lines[0].text and not lines[0]._p.xpath(".//w:fldSimple|.//w:drawing")
    if bare:
        line = lines[0]
    elif lines:
        line = lines[0].insert_paragraph_before()
    else:
        line = header.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(mark)
    run.bold, run.font.size = True, Pt(10)
