"""A paper as a Word file: all looks live in the styles of its template, so that an office restyles them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ...core import without_clock
from ..tagged_numbers import plain
from .model import (
    Block,
    Figure,
    Heading,
    Paper,
    Paragraph,
    Points,
    Sources,
    Strip,
    Table,
    Tiles,
    Turn,
)
from .office_template import kept_of, opened_template, parts_beside
from .page_marks import mark_pages
from .word_fields import Ink, element, fields_in, fill_fields, qualified, set_style, words_of
from .word_styles import OF_PARAGRAPH
from .word_tables import EMU, Body, grid, strip_grid, tile_grid
from .word_template import FILES

if TYPE_CHECKING:
    from docx.document import Document

_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
#: Share of the text height that a figure takes at most, and one of figures side by side.
_HIGHEST, _HIGHEST_IN_STRIP = 0.45, 0.25


def word_file(paper: Paper, template: bytes | None = None) -> bytes:
    """Return a paper as the bytes of a .docx file; the same paper on the same template gives the same bytes.

    Parameters
    ----------
    paper : Paper
        What is printed.
    template : bytes, optional
        A .docx file of the office; without it the shipped one of the form.

    Raises
    ------
    SapaError
        When the template cannot be used; everything that it lacks is named at once.
    """
    form = form_of(paper)
    document = opened_template(shipped_template(form) if template is None else template, form)
    written_before = {name for root in kept_of(document) for name in fields_in(root)}
    _fill(document, paper)
    body, ink = Body(document), Ink(document, _numbers_of_sources(paper))
    _write_title(body, ink, paper, written_before)
    for block in paper.blocks:
        if not _is_mark(block, paper):
            _write(body, ink, block)
    if paper.internal:
        mark_pages(document, plain(paper.mark))
    _set_language(document, _LANGUAGES.get(paper.lang, paper.lang))
    _set_properties(document, paper)
    made = io.BytesIO()
    document.save(made)
    return without_clock(made.getvalue())


def form_of(paper: Paper) -> str:
    """Return the form of the template of a paper: of the Party, of a fixed number of pages, or plain."""
    return "party" if paper.form == "party" else "two-pages" if paper.pages else "plain"


def shipped_template(form: str) -> bytes:
    """Return the shipped template of a form; see `word_template`."""
    return files(__package__).joinpath(f"templates/{FILES[form]}").read_bytes()


def _is_mark(block: Block, paper: Paper) -> bool:
    """Return whether a paragraph is the mark of a draft again, which stands above the title."""
    mark = plain(paper.words.get("draft", ""))
    return isinstance(block, Paragraph) and block.style == "draft" and plain(block.text) == mark != ""


def _fill(document: Document, paper: Paper) -> None:
    values = {
        "cut_off": [plain(paper.cut_off)],
        "left": [plain(line) for line in paper.head.left],
        "right": [plain(line) for line in paper.head.right],
        "place": [plain(paper.head.place)],
        "draft": [plain(paper.words.get("draft", ""))],
        "title": [plain(paper.title)],
        "subtitle": [plain(paper.subtitle)],
    }
    page = plain(paper.words.get("page", "{page}/{pages}"))
    for root in (*kept_of(document), *parts_beside(document)):
        fill_fields(root, values, page)
    if issuer := next((line for line in reversed(values["left"]) if line != "*"), ""):
        _mark_issuer(document, issuer)


def _mark_issuer(document: Document, issuer: str) -> None:
    """Give the line of the issuing body, the last of the left head, the style of its own."""
    lines = (line for root in kept_of(document) for line in root.iter(qualified("w:p")))
    for line in lines:
        if words_of(line) == issuer and "Head Issuer" in document.styles:
            set_style(line, document.styles["Head Issuer"].style_id)


def _numbers_of_sources(paper: Paper) -> frozenset[int]:
    lists = [block for block in paper.blocks if isinstance(block, Sources)]
    return frozenset(source.number for block in lists for source in block.items)


def _write_title(body: Body, ink: Ink, paper: Paper, before: set[str]) -> None:
    """Write what the template has no field for."""
    lines = {
        "draft": ("Draft Mark", paper.words.get("draft", "")),
        "title": ("Title", paper.title),
        "subtitle": ("Subtitle", paper.subtitle),
    }
    for name, (style, text) in lines.items():
        if text and name not in before:
            body.add(ink.paragraph(style, text))


def _write(body: Body, ink: Ink, block: Block) -> None:
    match block:
        case Heading(text, level):
            body.add(ink.bookmark(ink.paragraph(f"Heading {level}", text), f"heading_{body.next_heading()}"))
        case Paragraph(text, style):
            body.add(ink.paragraph(OF_PARAGRAPH[style], text))
        case Points(items, numbered):
            _write_points(body, ink, items, numbered)
        case Table():
            _write_table(body, ink, block)
        case Figure():
            _write_figure(body, ink, block)
        case Strip(figures) if figures:
            high = round(body.height * _HIGHEST_IN_STRIP) * EMU
            body.add(strip_grid(ink, block, body.width, high), ink.paragraph("Table End"))
        case Tiles(rows) if rows:
            body.add(tile_grid(ink, block, body.width), ink.paragraph("Table End"))
        case Sources():
            _write_sources(body, ink, block)
        case Turn():
            body.turn(block)


def _write_points(body: Body, ink: Ink, items: Sequence[str], numbered: bool) -> None:
    style = "List Number" if numbered else "List Bullet"
    lines = [ink.paragraph(style, item) for item in items]
    if numbered:
        body.count_from_one(lines, ink.ids[style])
    body.add(*lines)


def _write_table(body: Body, ink: Ink, table: Table) -> None:
    if table.caption:
        body.add(ink.bookmark(ink.paragraph("Caption", table.caption), f"table_{body.next_table()}"))
    notes = [ink.paragraph("Note", note) for note in table.notes]
    body.add(grid(ink, table, body.width), *(notes or [ink.paragraph("Table End")]))


def _write_figure(body: Body, ink: Ink, figure: Figure) -> None:
    high = round(body.height * _HIGHEST) * EMU
    body.add(ink.picture(figure.picture, figure.alt, body.width * EMU, high))
    if figure.caption:
        body.add(ink.paragraph("Caption", figure.caption))
    body.add(*(ink.paragraph("Figure Text", line) for line in figure.lines))


def _write_sources(body: Body, ink: Ink, sources: Sources) -> None:
    for source in sources.items:
        line = ink.paragraph("Source", f"[{source.number}]\t{source.text}")
        if source.url:
            line.append(ink.run(" "))
            line.append(ink.link(source.url))
        body.add(ink.bookmark(line, f"source_{source.number}"))


# what the file says of itself --------------------------------------------------------------------------


def _set_language(document: Document, code: str) -> None:
    """Set the language of every text: of the default, and wherever a template has set another."""
    styles = document.styles.element
    default = styles.xpath("w:docDefaults/w:rPrDefault/w:rPr")
    if default and default[0].find(qualified("w:lang")) is None:
        default[0].append(element("w:lang"))
    parts = (styles, document.element, document.settings.element, *parts_beside(document))
    for root in parts:
        for name in ("w:lang", "w:themeFontLang"):
            for language in root.iter(qualified(name)):
                language.set(qualified("w:val"), code)
                language.set(qualified("w:eastAsia"), code)


def _set_properties(document: Document, paper: Paper) -> None:
    """Leave nothing of the template's own history: title, language, day and maker are all that is told."""
    properties = document.core_properties
    for child in list(properties._element):
        properties._element.remove(child)
    properties.title, properties.author = plain(paper.title)[:255], "sapa-analysis"
    properties.language = paper.lang
    properties.created = properties.modified = datetime(paper.as_of.year, paper.as_of.month, paper.as_of.day)
    _drop(document.part.package, "extended-properties", "custom-properties", "thumbnail")
    settings = document.settings.element
    for name in ("w:attachedTemplate", "w:rsids", "w:docVars"):
        for child in settings.findall(qualified(name)):
            settings.remove(child)
    for part in [rel.target_part for rel in document.part.rels.values() if not rel.is_external]:
        _drop(part, "attachedTemplate")


def _drop(part: Any, *kinds: str) -> None:
    """Drop what a part of a file is related to, by the kind of relation."""
    ends = tuple(f"/{kind}" for kind in kinds)
    for name in [name for name, rel in part.rels.items() if rel.reltype.endswith(ends)]:
        del part.rels[name]
