"""The Word file: what the contents say, as an office may go on writing it."""

from __future__ import annotations

import datetime as dt
import io
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table
from docx.text.paragraph import Paragraph

from sapa_analysis.core.likelihood import OUTLOOKS
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.reporting.briefing.parts import Contents, texts_in
from sapa_analysis.reporting.briefing.word import document
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.tagged_numbers import plain

pytest_plugins = ["loaded"]
AS_OF = dt.date(2023, 6, 30)
CODES = {"vi": "vi-VN", "en": "en-GB"}


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def files(briefings) -> dict[str, bytes]:
    return {lang: document(brief, as_of=AS_OF) for lang, brief in briefings.items()}


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request, briefings, files) -> tuple[Contents, Document]:
    """Return the contents in a language, and the Word file made from them."""
    return briefings[request.param], opened(files[request.param])


def headings(paper: Document) -> list[tuple[str, str]]:
    styles = ("Title", "Heading 1", "Heading 2")
    return [(part.style.name, part.text) for part in paper.paragraphs if part.style.name in styles]


def lines(paper: Document) -> Iterator[str]:
    """Yield every paragraph and every cell, in order."""
    for part in paper.iter_inner_content():
        if isinstance(part, Paragraph):
            yield part.text
        else:
            yield from (cell.text for row in part.rows for cell in row.cells)


def after_heading(paper: Document, title: str) -> list[Paragraph | Table]:
    """Return what stands between a heading and the next one."""
    parts = list(paper.iter_inner_content())
    start = next(i for i, part in enumerate(parts) if isinstance(part, Paragraph) and part.text == title)
    end = next(
        (
            i
            for i, part in enumerate(parts[start + 1 :], start + 1)
            if isinstance(part, Paragraph) and part.style.name.startswith("Heading")
        ),
        len(parts),
    )
    return parts[start + 1 : end]


def readable(brief: Contents) -> list[str]:
    """Return every text but codes, and the hosts that stand in the full address anyway."""
    hosts = {plain(source.host) for source in brief.sources}
    wanted = {plain(text) for text in texts_in(brief)} - hosts - {brief.lang, *OUTLOOKS}
    assert len(wanted) > 100
    return sorted(wanted)


# what it says ---------------------------------------------------------------------------------------------


def test_the_headings_are_real_ones_in_the_order_of_the_contents(told):
    brief, paper = told
    words = texts(brief.lang)["page"]
    wanted = [("Title", brief.title), ("Heading 1", words["at_a_glance"])]
    for subject in brief.subjects:
        wanted += [("Heading 1", subject.title), *(("Heading 2", item.title) for item in subject.items)]
    if brief.scenarios:
        wanted += [("Heading 1", words["scenarios"])]
        wanted += [("Heading 2", item.title) for item in brief.scenarios]
    wanted += [("Heading 1", words["groups"]), *(("Heading 2", item.title) for item in brief.overview)]
    wanted += [("Heading 2", table.title) for table in brief.tables]
    wanted += [("Heading 1", words["how"]), ("Heading 1", words["sources"])]
    assert headings(paper) == [(style, plain(title)) for style, title in wanted]


def test_without_scenarios_no_heading_speaks_of_them(briefings):
    brief = replace(briefings["en"], scenarios=[])
    paper = opened(document(brief, as_of=AS_OF))
    assert texts("en")["page"]["scenarios"] not in [text for _, text in headings(paper)]


def test_every_text_of_the_contents_is_in_the_file(told):
    brief, paper = told
    said = "\n".join(lines(paper))
    assert [text for text in readable(brief) if text not in said] == []


def test_every_table_is_a_real_one_whose_cells_are_the_rows_of_the_contents(told):
    brief, paper = told
    for table in brief.tables:
        [grid] = [part for part in after_heading(paper, plain(table.title)) if isinstance(part, Table)]
        first, wanted = "", [[plain(head) for head in table.heads]]
        for row in table.rows:
            first = plain(row.first) if row.span else first
            wanted.append([first, *map(plain, row.cells)])
        assert [[cell.text for cell in row.cells] for row in grid.rows] == wanted


def test_a_group_cell_is_one_cell_over_its_rows(told):
    brief, paper = told
    for table in brief.tables:
        [grid] = [part for part in after_heading(paper, plain(table.title)) if isinstance(part, Table)]
        firsts = [row.cells[0]._tc for row in grid.rows[1:]]
        assert len({id(cell) for cell in firsts}) == sum(row.span > 0 for row in table.rows)
        for above, below, row in zip(firsts, firsts[1:], table.rows[1:], strict=False):
            assert (above is below) == (row.span == 0)


def test_the_head_of_a_table_comes_again_on_every_page_and_no_row_is_torn(told):
    brief, paper = told
    grids = [after_heading(paper, plain(table.title))[0] for table in brief.tables]
    for grid in grids:
        heads = [row._tr.find(qn("w:trPr") + "/" + qn("w:tblHeader")) is not None for row in grid.rows]
        assert heads == [True] + [False] * (len(grid.rows) - 1)
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in grid.rows[1:])


def test_the_first_page_counts_as_the_contents_do(told):
    brief, paper = told
    start = after_heading(paper, texts(brief.lang)["page"]["at_a_glance"])
    [grid] = [part for part in start if isinstance(part, Table)]
    shown = [[cell.text for cell in row.cells] for row in grid.rows]
    assert shown == [
        [plain(box.title), *(f"{plain(n)}\n{word}" for _, word, n in box.counts)] for box in brief.boxes
    ]


def test_the_notes_of_a_table_stand_below_it(told):
    brief, paper = told
    for table in brief.tables:
        grid, *notes = after_heading(paper, plain(table.title))
        assert isinstance(grid, Table)
        assert [(note.style.name, note.text) for note in notes] == [
            ("Caption", plain(note)) for note in table.notes
        ]


def test_a_notice_stands_before_everything_else_is_told(briefings):
    paper = opened(document(replace(briefings["en"], notices=["Mind the boundary."]), as_of=AS_OF))
    said = [part.text for part in paper.paragraphs]
    assert said.index("Mind the boundary.") < said.index(texts("en")["page"]["at_a_glance"])


def test_what_no_page_can_hold_is_left_out(briefings):
    strange = "Ba\x0bo La\u202eo \uf0b7Cai"
    brief = replace(briefings["en"], notices=[strange], title=strange)
    said = [part.text for part in opened(document(brief, as_of=AS_OF)).paragraphs]
    assert said.count("Bao Lao Cai") == 2


def test_contents_without_targets_can_be_written(briefings):
    bare = replace(briefings["en"], boxes=[], tables=[], needed=[""], subjects=[], sources=[])
    assert opened(document(bare, as_of=AS_OF)).tables == []


# how it looks ---------------------------------------------------------------------------------------------


def test_the_page_is_a4_with_the_margins_of_the_offices(told):
    [section] = told[1].sections
    twip = 635  # the unit in which Word keeps lengths
    for found, wanted in (
        (section.page_width, 210), (section.page_height, 297), (section.top_margin, 20),
        (section.bottom_margin, 20), (section.left_margin, 30), (section.right_margin, 15),
    ):  # fmt: skip
        assert abs(found - Mm(wanted)) <= twip


def test_no_picture_and_no_table_is_wider_than_the_text(told):
    _, paper = told
    assert paper.inline_shapes
    assert {shape.width for shape in paper.inline_shapes} == {Mm(165)}
    for grid in paper.tables:
        widths = [cell.width for cell in grid.rows[0].cells]
        assert abs(sum(widths) - Mm(165)) < Mm(1)


def test_every_picture_is_told_to_those_who_cannot_see_it(told):
    brief, paper = told
    items = [item for subject in brief.subjects for item in subject.items] + brief.scenarios + brief.overview
    told_of = [shape._inline.docPr.get("descr") for shape in paper.inline_shapes]
    assert told_of == [plain(item.title) for item in items if item.picture]
    assert all(told_of)


def test_pages_are_numbered_from_the_second_on(told):
    [section] = told[1].sections
    assert section.different_first_page_header_footer
    fields = section.header._element.findall(f".//{qn('w:fldSimple')}")
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE"]
    assert not section.first_page_header.paragraphs[0]._p.findall(f".//{qn('w:fldSimple')}")


@pytest.mark.parametrize("script", ["ascii", "hAnsi", "eastAsia", "cs"])
def test_the_font_of_every_style_in_use_is_times_new_roman(told, script):
    _, paper = told
    used = {part.style.name for part in paper.paragraphs}
    used |= {line.style.name for grid in paper.tables for row in grid.rows for cell in row.cells for line in cell.paragraphs}  # fmt: skip
    assert {"Normal", "Title", "Heading 1", "Heading 2"} <= used
    for name in used:
        style, found = paper.styles[name], None
        while style is not None and found is None:
            fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            if fonts is not None:
                assert not [key for key in fonts.attrib if key.lower().endswith("theme")]
                found = fonts.get(qn(f"w:{script}"))
            style = style.base_style
        assert found == "Times New Roman", name
    assert not paper.element.body.findall(f".//{qn('w:rFonts')}")


def test_the_spelling_is_checked_in_the_language_of_the_text(told):
    brief, paper = told
    found = paper.styles["Normal"].element.findall(f"{qn('w:rPr')}/{qn('w:lang')}")
    assert [language.get(qn("w:val")) for language in found] == [CODES[brief.lang]]
    assert not paper.element.body.findall(f".//{qn('w:lang')}")


# letters and bytes ----------------------------------------------------------------------------------------


def test_text_is_of_composed_letters_and_no_letter_of_the_contents_is_lost(told):
    brief, paper = told
    said = "\n".join(lines(paper))
    assert unicodedata.is_normalized("NFC", said)
    wanted = {letter for text in readable(brief) for letter in text}
    assert wanted - set(said) == set()
    if brief.lang == "vi":
        assert set("ăâđêôơưạảấầậắặếềểệịọốồộớờợụứừửự") <= set(said)


def test_the_file_carries_the_day_it_speaks_of_and_not_the_clock(told):
    brief, paper = told
    own = paper.core_properties
    midnight = dt.datetime(2023, 6, 30, tzinfo=dt.UTC)
    assert {own.created.replace(tzinfo=dt.UTC), own.modified.replace(tzinfo=dt.UTC)} == {midnight}
    assert own.title == plain(brief.title)
    assert own.language == brief.lang
    assert (own.comments, own.last_modified_by) == ("", "")


def test_every_entry_of_the_file_is_dated_alike(files):
    for content in files.values():
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert parts.testzip() is None
            assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_equal_contents_are_equal_bytes_at_any_hour(briefings, files, monkeypatch):
    later = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    for lang, brief in briefings.items():
        assert document(replace(brief), as_of=AS_OF) == files[lang]


def test_another_day_or_another_word_is_another_file(briefings, files):
    assert document(briefings["en"], as_of=dt.date(2024, 1, 15)) != files["en"]
    assert document(replace(briefings["en"], title="Another"), as_of=AS_OF) != files["en"]
