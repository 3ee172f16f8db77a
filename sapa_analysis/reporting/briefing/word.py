"""The briefing as a Word file with real headings and tables, in the page format of the town office."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ...core import without_clock
from ..language import texts
from ..tagged_numbers import plain
from .parts import Contents, Item, Row, Table

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

#: A4 with the margins of Vietnamese administrative papers (top, bottom, left, right), in millimetres.
_PAGE, _MARGINS = (210, 297), (20, 20, 30, 15)
_FONT = "Times New Roman"
#: Text width between the margins, in millimetres.
_WIDTH = _PAGE[0] - _MARGINS[2] - _MARGINS[3]
#: Shares of the text width for the columns of a table, by number of columns.
_SHARES = {6: (0.17, 0.25, 0.12, 0.17, 0.12, 0.17), 8: (0.07, 0.17, 0.12, 0.14, 0.13, 0.14, 0.1, 0.13)}
_SHADES = {"likely": "DCE9F5", "even": "F3F3F3", "unlikely": "FBE5D6"}


def document(contents: Contents, *, as_of: date) -> bytes:
    """Return the briefing as the bytes of a .docx file; the same contents give the same bytes.

    Parameters
    ----------
    contents : Contents
        The contents of the briefing.
    as_of : datetime.date
        The vintage; it is written into the file's properties instead of the current time.
    """
    import docx  # heavy: loaded when first needed

    words, paper = texts(contents.lang), docx.Document()
    _set_page(paper, contents, as_of)
    _write_first_page(paper, contents, words)
    for subject in contents.subjects:
        paper.add_heading(plain(subject.title), level=1)
        _write_items(paper, subject.items)
    if contents.scenarios:
        paper.add_heading(words["page"]["scenarios"], level=1)
        _write_items(paper, contents.scenarios)
    if contents.overview or contents.tables:
        paper.add_heading(words["page"]["groups"], level=1)
    _write_items(paper, contents.overview)
    for table in contents.tables:
        _write_table(paper, table)
    _write_end(paper, contents, words)
    written = io.BytesIO()
    paper.save(written)
    return without_clock(written.getvalue())


def _set_page(paper: Document, contents: Contents, as_of: date) -> None:
    from docx.shared import Mm

    section = paper.sections[0]
    section.page_width, section.page_height = Mm(_PAGE[0]), Mm(_PAGE[1])
    top, bottom, left, right = map(Mm, _MARGINS)
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right
    _set_styles(paper, contents.lang)
    _number_pages(section)
    properties = paper.core_properties
    properties.title, properties.author = plain(contents.title), "sapa-analysis"
    properties.language = contents.lang
    properties.created = properties.modified = datetime(as_of.year, as_of.month, as_of.day)
    properties.comments, properties.last_modified_by = "", ""


def _set_styles(paper: Document, lang: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    sizes = {"Normal": 13, "Title": 16, "Heading 1": 15, "Heading 2": 13, "Caption": 10, "List Number": 10}
    for name, size in sizes.items():
        style = paper.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = RGBColor(0x1C, 0x1C, 0x1C)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), _FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
    paper.styles["Normal"].paragraph_format.space_after = Pt(6)
    _set_language(paper, {"vi": "vi-VN", "en": "en-GB"}[lang])


def _set_language(paper: Document, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paper.styles["Normal"].element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), code)
    language.set(qn("w:eastAsia"), code)
    run.append(language)


def _number_pages(section: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = 1
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _write_first_page(paper: Document, contents: Contents, words: dict[str, Any]) -> None:
    paper.add_paragraph(words["page"]["draft"]).runs[0].italic = True
    paper.add_paragraph(plain(contents.title), style="Title").runs[0].bold = True
    paper.add_paragraph(plain(contents.as_of_line))
    for notice in contents.notices:
        paper.add_paragraph(plain(notice)).runs[0].bold = True
    paper.add_heading(words["page"]["at_a_glance"], level=1)
    _write_boxes(paper, contents)
    for sentence in (*contents.met, *contents.needed):
        paper.add_paragraph(plain(sentence))
    for title, text in contents.headlines:
        paragraph = paper.add_paragraph(style="List Bullet")
        paragraph.add_run(f"{plain(title)}. ").bold = True
        paragraph.add_run(plain(text))


def _write_boxes(paper: Document, contents: Contents) -> None:
    if not contents.boxes:
        return
    columns = len(contents.boxes[0].counts)
    grid = paper.add_table(rows=0, cols=1 + columns, style="Table Grid")
    for box in contents.boxes:
        cells = grid.add_row().cells
        _fill(cells[0], box.title, bold=True, size=11)
        for cell, (outlook, word, n) in zip(cells[1:], box.counts, strict=True):
            _fill(cell, n, bold=True, size=18, shade=_SHADES.get(outlook, ""))
            cell.add_paragraph()
            _fill(cell, word, size=9, line=1)
            for paragraph in cell.paragraphs:
                paragraph.alignment = 1
    _set_widths(grid, (0.28, *[0.72 / columns] * columns))
    paper.add_paragraph()


def _write_items(paper: Document, items: list[Item]) -> None:
    from docx.shared import Mm

    for item in items:
        paper.add_heading(plain(item.title), level=2)
        if item.picture is not None:
            picture = paper.add_picture(io.BytesIO(item.picture.png), width=Mm(_WIDTH))
            picture._inline.docPr.set("descr", plain(item.title))
        for sentence in item.sentences:
            paper.add_paragraph(plain(sentence))


def _write_table(paper: Document, table: Table) -> None:
    paper.add_heading(plain(table.title), level=2)
    grid = paper.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    for cell, head in zip(grid.rows[0].cells, table.heads, strict=True):
        _fill(cell, head, bold=True, size=9, shade="EDEDED")
    _repeat(grid.rows[0])
    for row in table.rows:
        _write_row(grid, row)
    _set_widths(grid, _SHARES[len(table.heads)])
    for note in table.notes:
        paper.add_paragraph(plain(note), style="Caption")


def _write_row(grid: Any, row: Row) -> None:
    added = grid.add_row()
    _keep_whole(added)
    cells = added.cells
    for cell, text in zip(cells[1:], row.cells, strict=True):
        _fill(cell, text, size=9)
    if row.span == 0:
        cells[0].merge(grid.rows[-2].cells[0])
    else:
        _fill(cells[0], row.first, size=9, bold=True)
    if shade := _SHADES.get(row.outlook, ""):
        _shade(cells[-1], shade)


def _fill(cell: _Cell, text: str, *, size: int, bold: bool = False, shade: str = "", line: int = 0) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[line]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(plain(text))
    run.font.size, run.bold = Pt(size), bold
    if shade:
        _shade(cell, shade)


def _shade(cell: _Cell, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _set_widths(grid: Any, shares: tuple[float, ...]) -> None:
    from docx.shared import Mm

    grid.autofit = False
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = Mm(_WIDTH * share)
    for row in grid.rows:
        for cell, share in zip(row._tr.tc_lst, shares, strict=True):
            cell.width = Mm(_WIDTH * share)


def _write_end(paper: Document, contents: Contents, words: dict[str, Any]) -> None:
    paper.add_heading(words["page"]["how"], level=1)
    for sentence in contents.reading:
        paper.add_paragraph(plain(sentence))
    paper.add_heading(words["page"]["sources"], level=1)
    paper.add_paragraph(f"{words['page']['sources_text']} {plain(contents.uncited)}".strip())
    for source in contents.sources:
        published = f" ({source.published})" if source.published else ""
        paper.add_paragraph(f"{plain(source.title)}{published}. {source.url}", style="List Number")
    paper.add_paragraph(words["page"]["made"], style="Caption")
