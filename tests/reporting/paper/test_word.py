"""The Word file of a paper: every text where it belongs, all looks in the styles of a template anyone may restyle."""

import io
import re
import zipfile
from datetime import UTC, datetime
from importlib.resources import files

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given
from hypothesis import strategies as st
from reporting.paper.grids import WORDS, anything, in_word, lines, paper_of, tables, wanted, word_grids
from reporting.paper.sample import line_picture, sample_paper

from sapa_analysis import SapaError
from sapa_analysis.reporting.paper.grid import fitted, placed, word_width
from sapa_analysis.reporting.paper.model import (
    FILLS,
    PARAGRAPHS,
    SHADES,
    Cell,
    Figure,
    Heading,
    Paragraph,
    Points,
    Source,
    Sources,
    Strip,
    Table,
    Tile,
    Tiles,
    Turn,
    texts_in,
)
from sapa_analysis.reporting.paper.word import form_of, shipped_template, word_file
from sapa_analysis.reporting.paper.word_styles import FORMS, OF_PARAGRAPH, needed_styles
from sapa_analysis.reporting.paper.word_template import FILES, template_file
from sapa_analysis.reporting.tagged_numbers import plain, tag

MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def opened(content):
    return docx.Document(io.BytesIO(content))


def document(*blocks, **given):
    return opened(word_file(paper_of(*blocks, **given)))


def contents(*blocks):
    """Return the paragraphs after the mark of a draft and the title."""
    return document(*blocks).paragraphs[2:]


def edited(form="plain", change=lambda document: None):
    """Return a shipped template after an office has changed it."""
    template = opened(template_file(form))
    change(template)
    made = io.BytesIO()
    template.save(made)
    return made.getvalue()


def repacked(content, change):
    """Return a file whose parts, by name, have been changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = change({name: archive.read(name) for name in archive.namelist()})
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def all_words(content):
    """Return the text of the body and of the foot, a line a paragraph."""
    file = opened(content)
    lines_of_body = [line.text for line in file.element.body.iter(qn("w:p"))]
    return "\n".join([*lines_of_body, *(line.text for line in file.sections[0].footer.paragraphs)])


@pytest.fixture(scope="module")
def review():
    return opened(word_file(sample_paper()))


@pytest.fixture(scope="module")
def party():
    return opened(word_file(sample_paper(form="party")))


# every text comes back -----------------------------------------------------------------------------------------


@given(anything, st.sampled_from(PARAGRAPHS))
def test_any_text_comes_back_in_its_style(text, style):
    [line] = contents(Paragraph(text, style))
    assert (line.text, line.style.name) == (lines(text), OF_PARAGRAPH[style])


@given(st.lists(anything, min_size=1, max_size=3), st.booleans())
def test_any_points_come_back(items, numbered):
    found = contents(Points(tuple(items), numbered))
    assert [line.text for line in found] == [lines(item) for item in items]
    assert {line.style.name for line in found} == {"List Number" if numbered else "List Bullet"}


@given(anything, anything, anything)
def test_any_heading_and_source_come_back(title, text, url):
    found = contents(Heading(title, 2), Sources((Source(7, text, url),)))
    assert found[0].text == lines(title)
    assert found[1].text == f"[7]\t{lines(text)}" + (f" {lines(url)}" if url else "")


@given(tables())
def test_any_table_stands_place_by_place(table):
    file = document(table)
    [grid] = [grid for grid in file.tables if grid._tbl.xpath(".//w:tblHeader")]
    assert in_word(grid) == wanted(table)
    found = [line.text for line in file.paragraphs[2:] if line.style.name in ("Caption", "Note")]
    assert found == [lines(text) for text in (*([table.caption] if table.caption else []), *table.notes)]


@pytest.mark.parametrize(("kind", "form"), [("review", "plain"), ("briefing", "plain"), ("review", "party")])
def test_every_text_of_the_sample_is_in_the_file(kind, form):
    paper = sample_paper(kind, form)
    told = all_words(word_file(paper)) + " ".join(SHADES)
    figures = [figure for block in paper.blocks for figure in getattr(block, "figures", (block,))]
    alts = {figure.alt for figure in figures if isinstance(figure, Figure)}
    assert {text for text in map(plain, texts_in(paper)) if text not in told} <= alts


def test_ten_thousand_letters_are_one_paragraph_and_their_row_may_break():
    long = "chữ " * 2500
    table = Table("a", "", (), ((Cell(long), Cell("b")), (Cell("c"), Cell("d"))), (0.1, 0.9))
    file = document(Paragraph(long), table)
    assert file.paragraphs[2].text == long
    whole = [bool(row._tr.xpath("w:trPr/w:cantSplit")) for row in file.tables[0].rows]
    assert whole == [False, True]


# structure -----------------------------------------------------------------------------------------------------


def test_headings_are_real_and_bookmarked(review):
    found = [line for line in review.paragraphs if line.style.name.startswith("Heading")]
    assert [(line.text, line.style.name) for line in found][:2] == [
        ("I. KẾT QUẢ THỰC HIỆN MỤC TIÊU", "Heading 1"),
        ("1. Du lịch", "Heading 2"),
    ]
    marks = [line._p.xpath("w:bookmarkStart/@w:name") for line in found]
    assert marks == [[f"heading_{n}"] for n in range(1, len(found) + 1)]
    ids = review.element.xpath("//w:bookmarkStart/@w:id")
    assert len(ids) == len(set(ids))
    assert ids == review.element.xpath("//w:bookmarkEnd/@w:id")


def test_each_numbered_list_counts_from_one():
    file = document(*[Points(("a", "b"), numbered=True), Paragraph("x"), Points(("c",), numbered=True)])
    used = [
        line._p.xpath("w:pPr/w:numPr/w:numId/@w:val")
        for line in file.paragraphs
        if line.style.name == "List Number"
    ]
    assert used[0] == used[1] != used[2]
    for [number] in used:
        own = file.part.numbering_part.element.num_having_numId(int(number))
        assert own.xpath("w:lvlOverride/w:startOverride/@w:val") == ["1"]


def test_heads_come_again_on_every_page_and_rows_stay_whole(review):
    grid = next(grid for grid in review.tables if grid.style.name == "Table Dense")
    heads = [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in grid.rows]
    assert heads == [True, True] + [False] * (len(grid.rows) - 2)
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in grid.rows)


def test_a_row_of_one_cell_is_a_subheading(review):
    grid = next(grid for grid in review.tables if grid.style.name == "Table Dense")
    assert [row.cells[0].paragraphs[0].style.name for row in grid.rows][1:4] == [
        "Table Head Small", "Table Subhead Small", "Table Small"
    ]  # fmt: skip


def test_marks_lead_to_their_source_and_sources_to_their_page(review):
    anchors = set(review.element.xpath("//w:hyperlink/@w:anchor"))
    assert anchors == {"source_1", "source_2", "source_3"}
    assert anchors <= set(review.element.xpath("//w:bookmarkStart/@w:name"))
    targets = {rel.target_ref for rel in review.part.rels.values() if rel.is_external}
    assert targets == {
        "https://baolaocai.vn/sa-pa-don-khach?y=2022&m=12",
        "https://sapa.laocai.gov.vn/nghi-quyet",
    }


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "http://", "https://a@b.vn/", "mailto:a@b.vn", "x" * 50],
)
def test_what_is_no_page_of_the_web_is_plain_text(url):
    file = document(Sources((Source(1, "a", url),)))
    assert file.paragraphs[-1].text == f"[1]\ta {url}"
    assert not [rel for rel in file.part.rels.values() if rel.is_external]


def test_an_address_with_strange_signs_is_one_that_word_opens():
    file = document(Sources((Source(1, "a", "https://vi.dụ/a b?c=<d>|é"),)))
    [target] = [rel.target_ref for rel in file.part.rels.values() if rel.is_external]
    assert re.fullmatch(r"[!-~]+", target)


def test_pictures_have_their_text_alternative_and_fit_the_text(review):
    told = review.element.xpath("//wp:docPr/@descr")
    assert told[0].startswith("Lượt khách giảm trong các năm 2020")
    assert len(told) == 4
    assert len(set(review.element.xpath("//wp:docPr/@id"))) == 4
    assert max(shape.width for shape in review.inline_shapes) <= Mm(165.1)


@given(st.integers(1, 3), st.sampled_from(("landscape", "upright")))
def test_a_turn_is_a_new_page_that_lies_as_it_is_told(n, way):
    table = Table("a", "", (), ((Cell("b"),),), (1.0,))
    turns = [Turn(way == "landscape")] * n
    file = document(Paragraph("a"), *turns, table, Turn(), Paragraph("c"), Turn(True))
    assert [section.orientation == WD_ORIENT.LANDSCAPE for section in file.sections] == [
        False,
        way == "landscape",
        False,
    ]
    width = 252 if way == "landscape" else 165
    assert abs(sum(cell.width for cell in file.tables[0].rows[0].cells) - Mm(width)) < Mm(0.5)


def test_a_section_that_lies_across_has_the_page_turned_and_the_footer_of_all(review):
    upright, across, last = review.sections
    assert (across.page_width, across.page_height) == (upright.page_height, upright.page_width)
    assert last.page_width == upright.page_width
    assert across.footer.is_linked_to_previous
    assert abs(across.left_margin - Mm(30)) < Mm(0.1)


def test_after_a_table_stands_a_paragraph_so_that_two_stay_two():
    table = Table("a", "", (), ((Cell("b"),),), (1.0,))
    assert len(document(table, table).tables) == 2


def test_a_paper_without_anything_can_be_written():
    assert [line.text for line in document(words={}, title="").paragraphs] == []
    assert document(Turn(), Turn(True), words={}).paragraphs[0].text == "Tên"
    empty = document(Tiles(()), Strip(()), Points(()), Sources(()), Tiles((Tile("a", ()),)))
    assert [[cell.text for cell in row.cells] for grid in empty.tables for row in grid.rows] == [["a"]]


def test_a_cell_without_room_is_refused():
    with pytest.raises(ValueError, match="row 0, column 1: the cell has no room"):
        placed([(Cell("a"), Cell("b", across=2))], 2)
    with pytest.raises(ValueError, match="row 0 has 1 cells too many"):
        placed([(Cell("a"), Cell("b"))], 1)
    assert [place.cell.text for place in placed([(Cell("a"),)], 2)] == ["a", ""]


# looks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "form"), [("review", "plain"), ("briefing", "plain"), ("review", "party")])
def test_all_looks_are_in_the_styles(kind, form):
    body = opened(word_file(sample_paper(kind, form))).element.body
    for name in (
        "w:sz",
        "w:rFonts",
        "w:color",
        "w:b",
        "w:i",
        "w:spacing",
        "w:ind",
        "w:lang",
        "w:highlight",
        "w:pBdr",
    ):
        assert not list(body.iter(qn(name))), name
    used = set(body.xpath(".//w:pStyle/@w:val"))
    assert used <= {name.replace(" ", "") for name in needed_styles(form_of(sample_paper(kind, form)))}


@pytest.mark.parametrize(("form", "size"), [("plain", 13), ("party", 14), ("two-pages", 10.5)])
def test_the_type_is_times_of_the_size_of_the_form(form, size):
    template = opened(template_file(form))
    assert template.styles["Normal"].font.size == Pt(size)
    default = template.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:rFonts")[0]
    assert {default.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Times New Roman"
    }
    assert len(template.styles.element.xpath("//w:rFonts")) == 1


def test_text_is_justified_with_an_indented_first_line():
    look = opened(template_file("plain")).styles["Body Text"].paragraph_format
    assert look.alignment == 3
    assert Mm(9.9) < look.first_line_indent < Mm(12.8)


@pytest.mark.parametrize(("kind", "margins"), [("review", (20, 20, 30, 15)), ("briefing", (15, 12, 18, 12))])
def test_the_page_is_a4_with_the_margins_of_the_form(kind, margins):
    section = opened(word_file(sample_paper(kind))).sections[0]
    found = (section.page_width, section.page_height, section.top_margin, section.bottom_margin,
             section.left_margin, section.right_margin)  # fmt: skip
    assert [round(length.mm) for length in found] == [210, 297, *margins]


def test_the_worse_the_outlook_the_darker_so_that_it_shows_in_black_and_white():
    def light(fill):
        red, green, blue = (int(fill[place : place + 2], 16) for place in (0, 2, 4))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    likely, even, unlikely = (light(FILLS[name]) for name in ("likely", "even", "unlikely"))
    assert likely - even > 12
    assert even - unlikely > 12
    assert unlikely > 180  # black text on it can be read


def test_the_colour_behind_a_cell_is_that_of_a_style():
    def restyle(template):
        template.styles["Shade Unlikely"].element.xpath("w:pPr/w:shd")[0].set(qn("w:fill"), "ABCDEF")

    table = Table("a", "", (), ((Cell("b", shade="unlikely"), Cell("c", shade="likely")),), (0.5, 0.5))
    file = opened(word_file(paper_of(table), edited(change=restyle)))
    assert file.element.xpath("//w:tc/w:tcPr/w:shd/@w:fill") == ["ABCDEF", FILLS["likely"]]


def test_counts_are_tiles_with_their_colours():
    tiles = Tiles(
        (Tile("Nhóm", (("likely", tag("6", "n", 6, "count"), "có"), ("even", "2", "cần"))), Tile("x", ()))
    )
    [grid] = document(tiles).tables
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["Nhóm", "6\ncó", "2\ncần"],
        ["x", "\n", "\n"],
    ]


def test_no_column_breaks_a_word_where_others_have_room():
    heads = tuple(Cell(text) for text in ("Nhóm", "Nội dung thực hiện"))
    [grid] = word_grids(
        word_file(paper_of(Table("a", "", (heads,), ((Cell("1"), Cell("a b")),), (0.02, 0.98))))
    )
    first, second = (cell.width for cell in grid.rows[0].cells)
    assert first >= Pt(word_width("Nhóm", bold=True) * 10.5)
    assert abs(first + second - Mm(165)) < Mm(0.5)


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0, 60)), min_size=1, max_size=8))
def test_widths_always_fill_the_table_and_no_more_is_taken_than_there_is(columns):
    shares, needed = zip(*columns, strict=True)
    found = fitted(100, shares, needed)
    assert sum(found) == pytest.approx(100)
    assert min(found) > 0


# head, foot and what the file tells of itself -------------------------------------------------------------------


def test_the_foot_tells_the_cut_off_and_the_page_of_pages(review):
    [line] = review.sections[0].footer.paragraphs
    assert line._p.xpath("w:fldSimple/@w:instr") == [" PAGE ", " NUMPAGES "]
    assert "".join(line._p.xpath(".//w:t/text()")) == "Số liệu chốt đến ngày 30/6/2023 · Trang 1/1"


def test_the_party_form_has_its_head_and_hides_the_first_number(party):
    left, right = party.tables[0].rows[0].cells
    assert [(line.text, line.style.name) for line in left.paragraphs] == [
        ("ĐẢNG BỘ TỈNH LÀO CAI", "Head Left"),
        ("THỊ UỶ SA PA", "Head Issuer"),
        ("*", "Head Left"),
        ("Bản làm việc, chưa phải văn bản phát hành", "Draft Mark"),
    ]
    assert [(line.text, line.style.name) for line in right.paragraphs] == [
        ("ĐẢNG CỘNG SẢN VIỆT NAM", "Head Right"),
        ("Sa Pa, ngày      tháng      năm 2023", "Place And Date"),
    ]
    first = party.sections[0]
    assert first.different_first_page_header_footer
    assert first.header.paragraphs[0]._p.xpath("w:fldSimple/@w:instr") == [" PAGE "]
    assert not first.first_page_header.paragraphs[0]._p.xpath(".//w:fldSimple")
    assert first.first_page_footer.paragraphs[0].text == "Số liệu chốt đến ngày 30/6/2023"
    assert not any(section.different_first_page_header_footer for section in list(party.sections)[1:])
    assert [line.style.name for line in party.paragraphs][:2] == ["Title", "Subtitle"]


def test_the_party_form_has_its_sizes():
    styles = opened(template_file("party")).styles
    sizes = {
        name: styles[name].font.size.pt for name in ("Head Right", "Place And Date", "Title", "Subtitle")
    }
    assert sizes == {"Head Right": 15, "Place And Date": 14, "Title": 16, "Subtitle": 14}
    assert styles["Title"].font.all_caps
    assert styles["Place And Date"].font.italic


@pytest.mark.parametrize(("lang", "code"), [("vi", "vi-VN"), ("en", "en-GB")])
def test_every_default_tells_the_language_of_the_text(lang, code):
    def spoil(template):
        for name in ("Body Text", "Caption"):
            language = (
                template.styles[name]
                .element.get_or_add_rPr()
                .makeelement(qn("w:lang"), {qn("w:val"): "en-US"})
            )
            template.styles[name].element.rPr.append(language)

    for template in (None, edited(change=spoil)):
        file = opened(word_file(paper_of(Paragraph("a"), lang=lang), template))
        assert set(file.styles.element.xpath("//w:lang/@w:val")) == {code}
        assert file.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val") == [code]
        assert file.settings.element.xpath("w:themeFontLang/@w:val") == [code]


def test_it_tells_its_title_language_day_and_maker_only():
    def spoil(template):
        own = template.core_properties
        own.comments, own.last_modified_by, own.keywords, own.category = "bí mật", "Nguyễn Văn A", "k", "c"

    content = word_file(sample_paper(), edited(change=spoil))
    own = opened(content).core_properties
    assert (own.title, own.author, own.language) == ("BÁO CÁO SƠ KẾT GIỮA NHIỆM KỲ", "sapa-analysis", "vi")
    assert own.created == own.modified == datetime(2023, 6, 30, tzinfo=UTC)
    assert len(own._element) == 5
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [name for name in archive.namelist() if name.startswith("docProps")] == ["docProps/core.xml"]


def test_equal_papers_are_equal_bytes_without_a_clock():
    content = word_file(sample_paper())
    assert word_file(sample_paper()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# templates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_template_is_the_one_that_is_made(form):
    kept = files("sapa_analysis.reporting.paper").joinpath(f"templates/{FILES[form]}").read_bytes()
    assert kept == template_file(form), "run python -m sapa_analysis.reporting.paper.word_template"
    assert shipped_template(form) == kept


@pytest.mark.parametrize("form", FORMS)
def test_a_template_shows_a_line_of_each_style_by_its_name(form):
    template = opened(template_file(form))
    shown = {line.style.name: line.text for line in template.paragraphs}
    names = [style.name for style in template.styles if style.type == 1]
    assert [shown[name].partition(":")[0] for name in names] == names


def test_what_an_office_restyles_and_adds_is_kept():
    def restyle(template):
        template.styles["Body Text"].font.size = Pt(20)
        template.paragraphs[0].insert_paragraph_before("UBND THỊ XÃ SA PA {{subtitle}}")

    file = opened(word_file(paper_of(Paragraph("a"), subtitle="trích yếu"), edited(change=restyle)))
    assert [line.text for line in file.paragraphs] == ["UBND THỊ XÃ SA PA trích yếu", "DỰ THẢO", "Tên", "a"]
    assert file.paragraphs[-1].style.font.size == Pt(20)


def test_a_field_that_word_has_cut_into_runs_is_filled_in():
    def cut(template):
        line = template.sections[0].footer.paragraphs[0]
        for run in line.runs:
            run.text = ""
        for piece in ("Chốt: {{cut", "_off}}", "; {{", "page}}."):
            line.add_run(piece)

    file = opened(word_file(paper_of(cut_off="30/6/2023"), edited(change=cut)))
    [line] = file.sections[0].footer.paragraphs
    assert "".join(line._p.xpath(".//w:t/text()")) == "Chốt: 30/6/2023; Trang 1/1."
    assert line._p.xpath("w:fldSimple/@w:instr") == [" PAGE ", " NUMPAGES "]


def test_braces_in_the_text_of_a_paper_are_no_fields():
    file = document(Paragraph("{{cut_off}} {page}"), cut_off="{{page}} {pages}")
    assert file.paragraphs[2].text == "{{cut_off}} {page}"
    assert file.sections[0].footer.paragraphs[0]._p.xpath(".//w:t/text()")[0] == "{{page}} {pages}"


@given(
    st.sets(st.sampled_from(needed_styles("party")[1:]), min_size=1),
    st.sets(st.sampled_from(["cut_off", "page", "left", "content"])),
)
def test_a_template_is_refused_with_everything_that_it_lacks(styles, fields):
    def spoil(template):
        for name in styles:
            template.styles[name].delete()
        parts = [
            template.element,
            *(
                rel.target_part.element
                for rel in template.part.rels.values()
                if rel.reltype.endswith(("header", "footer"))
            ),
        ]
        for text in (text for part in parts for text in part.iter(qn("w:t"))):
            text.text = re.sub(
                r"\{\{(\w+)\}\}", lambda found: "" if found[1] in fields else found[0], text.text
            )
        for field in [field for part in parts for field in part.iter(qn("w:fldSimple"))]:
            field.getparent().remove(field)

    with pytest.raises(SapaError) as raised:
        word_file(sample_paper(form="party"), edited("party", spoil))
    told = set(re.findall('"([^"]*)"', str(raised.value)))
    assert told == styles | {f"{{{{{name}}}}}" for name in fields}
    assert raised.value.in_language("vi").startswith("tệp mẫu thiếu các kiểu (Styles) ")


def test_an_unknown_field_is_refused_before_it_is_printed():
    content = edited(change=lambda template: template.paragraphs[0].insert_paragraph_before("Số {{number}}"))
    with pytest.raises(SapaError, match=r'^the template has unknown fields "\{\{number\}\}"$'):
        word_file(paper_of(), content)


def test_a_mark_of_the_contents_inside_a_table_is_none():
    def move(template):
        template.paragraphs[0].text = ""
        template.add_table(1, 1).cell(0, 0).text = "{{ content }}"

    with pytest.raises(SapaError, match=r'^the template lacks the fields "\{\{content\}\}"$'):
        word_file(paper_of(), edited(change=move))


def test_a_style_of_another_kind_is_missing():
    def spoil(template):
        template.styles["Lead"].delete()
        template.styles.add_style("Lead", WD_STYLE_TYPE.CHARACTER)

    with pytest.raises(SapaError, match=r'^the template lacks the styles "Lead"$'):
        word_file(paper_of(), edited(change=spoil))


def test_what_a_template_tells_of_its_office_is_left_out():
    relation = ('<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                'extended-properties" Target="docProps/app.xml"/></Relationships>')  # fmt: skip
    attached = relation.replace("extended-properties", "attachedTemplate").replace(
        '"docProps/app.xml"', '"file:///C:/Users/nguyen.van.a/x.dotx" TargetMode="External"'
    )

    def spoil(parts):
        package, types = parts["_rels/.rels"].decode(), parts["[Content_Types].xml"].decode()
        kind = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
        override = f'<Override PartName="/docProps/app.xml" ContentType="{kind}"/></Types>'
        head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        settings = parts["word/settings.xml"].decode()
        told = (
            '<w:attachedTemplate r:id="rId77"/><w:rsids><w:rsid w:val="00B47730"/></w:rsids><w:defaultTabStop'
        )
        return parts | {
            "_rels/.rels": package.replace("</Relationships>", relation),
            "[Content_Types].xml": types.replace("</Types>", override),
            "docProps/app.xml": "<Properties><Company>Phòng bí mật</Company></Properties>",
            "word/_rels/settings.xml.rels": head + attached,
            "word/settings.xml": settings.replace("<w:defaultTabStop", told),
        }

    content = word_file(paper_of(), repacked(template_file("plain"), spoil))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist())
    for secret in ("nguyen.van.a", "Phòng bí mật", "attachedTemplate", "00B47730"):
        assert secret.encode() not in told, secret


NO_WORD_FILE = "the template is no Word file (.docx)"
BROKEN = "the template cannot be read; open it in Word and save it again as .docx"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", NO_WORD_FILE),
        (b"{\\rtf1 a}", NO_WORD_FILE),
        (template_file("plain")[:-30], NO_WORD_FILE),
        (repacked(template_file("plain"), lambda parts: {"a.txt": b"a"}), NO_WORD_FILE),
        (repacked(template_file("plain"), lambda parts: parts | {"word/vbaProject.bin": b"x"}),
         "the template holds macros; save it in Word as .docx, which has none"),
        (repacked(template_file("plain"), lambda parts: parts | {
            "[Content_Types].xml": parts["[Content_Types].xml"].replace(MAIN.encode(), MACRO.encode())}),
         "the template holds macros; save it in Word as .docx, which has none"),
        (repacked(template_file("plain"), lambda parts: parts | {"word/document.xml": b"<broken"}), BROKEN),
        (repacked(template_file("plain"), lambda parts: {k: v for k, v in parts.items() if k != "word/styles.xml"}), BROKEN),
        (repacked(template_file("plain"), lambda parts: parts | {
            "word/document.xml": re.sub(rb"<w:pgSz.*?/>", b"", parts["word/document.xml"])}), BROKEN),
        (repacked(template_file("plain"), lambda parts: parts | {"word/media/a.bin": bytes(51_000_000)}),
         "the template is too large; take the pictures out of it"),
    ],
    ids=["empty", "rtf", "cut off", "another zip", "macros", "docm", "broken", "no styles", "no page", "large"],
)  # fmt: skip
def test_a_file_that_is_no_template_is_refused_with_one_message(content, message):
    with pytest.raises(SapaError) as raised:
        word_file(paper_of(), content)
    assert str(raised.value) == message
    assert raised.value.in_language("vi") != message


def test_the_form_of_the_template_follows_from_the_paper():
    assert form_of(sample_paper()) == "plain"
    assert form_of(sample_paper(form="party")) == "party"
    assert form_of(sample_paper("briefing")) == "two-pages"


def test_the_mark_of_a_draft_is_left_out_where_a_paper_has_none():
    words = {key: word for key, word in WORDS.items() if key != "draft"}
    assert [line.text for line in document(words=words).paragraphs] == ["Tên"]


def test_the_mark_of_a_draft_is_not_told_twice():
    file = document(Paragraph("DỰ THẢO", "draft"), Paragraph("Gợi ý", "draft"))
    assert [line.text for line in file.paragraphs] == ["DỰ THẢO", "Tên", "Gợi ý"]


def test_a_head_has_its_colour_where_none_is_asked_for():
    table = Table("a", "", ((Cell("b"), Cell("c", shade="blank")),), ((Cell("d"), Cell("e")),), (0.5, 0.5))
    file = document(table)
    assert file.element.xpath("//w:tc/w:tcPr/w:shd/@w:fill") == [FILLS["head"], FILLS["blank"]]


def test_a_picture_stays_in_its_proportions():
    [shape] = document(Figure(line_picture(), "", "a")).inline_shapes
    assert shape.width / shape.height == pytest.approx(9.0 / 3.6, rel=0.15)
