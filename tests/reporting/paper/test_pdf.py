"""The PDF of a paper: every text comes back as it is, in the shipped font, on the pages that were asked for."""

import io
import unicodedata
from dataclasses import replace
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reporting.paper.sample import WORDS, bar_picture, sample_paper

from sapa_analysis import SapaError
from sapa_analysis.reporting.paper import pdf
from sapa_analysis.reporting.paper.model import (
    SHADES,
    Cell,
    Figure,
    Heading,
    Paper,
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
from sapa_analysis.reporting.paper.pdf import pdf_file
from sapa_analysis.reporting.tagged_numbers import plain, tag

FONTS = Path(str(files("sapa_analysis.reporting.paper") / "fonts"))
HOSTILE = [
    '#eval("1 + 1") #panic() #sys.inputs.paper #{',
    "$x^2$ \\ \\u{41} \\# *đậm* _nghiêng_ `mã` ~ -- --- ... 'một' \"hai\"",
    "= Đầu đề\n+ một\n- hai\n/ ba: bốn",
    "<nhãn> @dẫn // ghi chú /* ghi chú */ https://sapa.vn/#a?b=1&c=%20",
    "{page}/{pages} %s {0} </svg> &amp; ]] }} ))",
]


def paper_of(*blocks, **given):
    told = {
        "kind": "review",
        "lang": "vi",
        "title": "Tên",
        "cut_off": "",
        "as_of": date(2023, 6, 30),
        "words": {},
    }
    return Paper(blocks=blocks, **told | given)


def read(paper):
    return PdfReader(io.BytesIO(pdf_file(paper)))


def said(paper):
    return "\n".join(page.extract_text() for page in read(paper).pages)


def bare(text):
    """Return a text without what a layout moves: blanks and line ends."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def review():
    return read(sample_paper(form="party"))


def test_every_text_of_a_paper_is_there_and_composed(review):
    paper = sample_paper(form="party")
    text = "\n".join(page.extract_text() for page in review.pages)
    assert text == unicodedata.normalize("NFC", text)
    alts = {part.alt for part in paper.blocks if isinstance(part, Figure)}
    alts |= {each.alt for part in paper.blocks if isinstance(part, Strip) for each in part.figures}
    loud, printed = bare(paper.title.upper()), bare(text)
    wanted = [bare(plain(each)) for each in texts_in(paper.blocks) if each not in {*alts, *SHADES}]
    assert len(wanted) > 150
    assert [each for each in [loud, bare(paper.subtitle), *wanted] if each not in printed] == []
    assert "\ue000" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_command(text):
    cell = Cell(text)
    paper = paper_of(
        Heading(text), Paragraph(text), Points((text,)), Paragraph(text, "notice"),
        Table("t", text, ((cell, cell),), ((cell, cell),), (0.5, 0.5), notes=(text,)),
        Tiles((Tile(text, (("likely", text, text),)),)), Figure(bar_picture(), text, text, (text,)),
        Sources((Source(1, text, "https://sapa.vn/#)]"),)),
        title=text, subtitle=text, cut_off=text,
    )  # fmt: skip
    printed = bare(said(paper))
    assert printed.count(bare(text)) + printed.count(bare(text.upper())) >= 15
    assert read(paper).metadata.title == text.replace("\n", " ")


@settings(max_examples=min(25, settings.default.max_examples))
@given(
    st.text(
        st.sampled_from([chr(x) for x in sorted(pdf._letters()) if 32 < x < 0x590 and not 0x2FF < x < 0x370]),
        min_size=1,
    )
)
def test_any_text_of_the_font_comes_back(text):
    wanted = bare(unicodedata.normalize("NFC", plain(text)))
    printed = bare(said(paper_of(Paragraph(text), Table("t", "", (), ((Cell(text),),), (1.0,)))))
    assert printed.count(wanted) >= 2


def test_ten_thousand_letters_without_a_blank_stay_on_the_page():
    long = "quyhoạch" * 1250
    narrow = Table("t", "", ((Cell("a"), Cell("b")),), ((Cell(long[:2000]), Cell("b")),), (0.1, 0.9))
    document = read(paper_of(Paragraph(long), narrow))
    assert len(document.pages) > 3
    for page in document.pages:
        starts: list[float] = []
        page.extract_text(visitor_text=lambda text, on, at, *_: starts.append(on[4] + at[4]))  # noqa: B023
        assert max(starts) < page.mediabox.width - 30


def test_marks_of_direction_are_left_out_and_letters_with_marks_are_composed():
    paper = paper_of(Paragraph("a\u202eb\u200fc\tTiê\u0301ng Viê\u0323t\r\nhai"))
    assert "abc Tiếng Việt" in said(paper)


@pytest.mark.parametrize("form", ["plain", "party"])
def test_the_same_paper_gives_the_same_bytes(form):
    assert pdf_file(sample_paper(form=form)) == pdf_file(sample_paper(form=form))
    assert pdf_file(sample_paper("briefing")) == pdf_file(sample_paper("briefing"))


def test_a_file_tells_its_title_language_and_day(review):
    assert review.metadata.title == "BÁO CÁO SƠ KẾT GIỮA NHIỆM KỲ"
    assert review.metadata.creation_date.date() == date(2023, 6, 30)
    assert review.trailer["/Root"]["/Lang"] == "vi"
    assert read(paper_of(Heading("One"), lang="en")).trailer["/Root"]["/Lang"] == "en"


def test_readers_who_listen_have_tags_and_words_for_pictures(review):
    root = review.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    kinds, alts, todo = set(), [], [root["/StructTreeRoot"]]
    while todo:
        node = todo.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            kinds.add(node.get("/S"))
            alts += [node["/Alt"]] if "/Alt" in node else []
            todo += [node[key] for key in ("/K",) if key in node]
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= kinds
    assert len(alts) == 4
    assert all(alts)


def test_a_level_left_out_leaves_no_hole_for_readers_who_listen():
    assert "Ba" in said(paper_of(Heading("Ba", 3), Heading("Một", 1), Heading("Ba", 3)))


def test_pages_are_a4_and_lie_as_asked(review):
    sizes = [(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in review.pages]
    assert set(sizes) == {(595, 842), (842, 595)}
    assert sizes[0] == sizes[-1] == (595, 842)


def test_a_turn_before_anything_leaves_no_blank_page():
    [page] = read(paper_of(Turn(True), Heading("Phụ lục"))).pages
    assert page.mediabox.width > page.mediabox.height
    assert len(read(paper_of(Heading("Một"), Turn(True), Turn(), Heading("Hai"), Turn())).pages) == 2


def test_the_foot_tells_day_and_page_but_on_the_first_page_of_a_review(review):
    pages = [page.extract_text() for page in review.pages]
    assert all("Số liệu chốt đến ngày 30/6/2023" in page for page in pages)
    marked = [WORDS["draft"] in " ".join(page.split()) for page in pages]  # under the head
    assert marked == [True] + [False] * (len(pages) - 1)
    assert all(WORDS["draft"] in page.extract_text() for page in read(sample_paper("briefing")).pages)
    assert [f"Trang {at}/{len(pages)}" in page for at, page in enumerate(pages, 1)] == [
        False, *[True] * (len(pages) - 1)
    ]  # fmt: skip
    assert "Trang 1/2" in read(sample_paper("briefing")).pages[0].extract_text()


def test_a_head_of_a_table_is_said_on_every_page():
    rows = tuple((Cell(f"dòng {row}"), Cell("x")) for row in range(120))
    pages = read(paper_of(Table("t", "", ((Cell("Đầu bảng"), Cell("b")),), rows, (0.5, 0.5)))).pages
    assert len(pages) > 2
    assert all("Đầu bảng" in page.extract_text() for page in pages)


def test_a_group_of_many_rows_goes_on_overleaf():
    rows = [(Cell("Nhóm", down=90), Cell("dòng 1"))] + [(Cell(f"dòng {row}"),) for row in range(2, 91)]
    pages = read(paper_of(Table("t", "", (), tuple(rows), (0.3, 0.7)))).pages
    assert len(pages) >= 2
    assert "dòng 90" in pages[-1].extract_text()


def test_a_subheading_of_a_table_stays_with_its_first_row():
    def row(text):
        return (Cell(text), Cell("b"))

    for before in range(32, 47, 2):
        rows = [row("đầu")] * before + [
            (Cell("Nhóm A", across=2),),
            (Cell("Nhóm B", across=2),),
            row("sau"),
        ] * 2
        table = Table("t", "", ((Cell("x"), Cell("y")),), tuple(rows), (0.5, 0.5))
        for page in read(paper_of(table)).pages:
            text = page.extract_text()
            assert text.count("Nhóm A") == text.count("Nhóm B") == text.count("sau")


@st.composite
def tables(draw):
    """Draw a table of four columns with subheadings, groups over several rows, and long cells."""
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        heads = draw(st.integers(0, 2))
        rows += [(Cell("Nhóm", across=4),)] * heads
        sizes = draw(st.lists(st.integers(1, 90), max_size=7))
        group = draw(st.booleans())
        for at, size in enumerate(sizes):
            first = (Cell("g", down=len(sizes) if group else 1),) if at == 0 or not group else ()
            rows.append(
                (*first, Cell("x " * size), Cell("b " * draw(st.sampled_from([1, 1, 1, 300]))), Cell("c"))
            )
    heads = (
        (Cell("A", down=2), Cell("B", down=2), Cell("C", across=2)), (Cell("c1"), Cell("c2"))
    )  # fmt: skip
    return Table(
        "t",
        "Bảng",
        draw(st.sampled_from([(), heads])),
        tuple(rows),
        (0.1, 0.4, 0.2, 0.3),
        dense=draw(st.booleans()),
    )


@settings(max_examples=min(15, settings.default.max_examples))
@given(tables(), st.integers(0, 500))
def test_any_table_can_be_laid_out_anywhere_on_a_page(table, before):
    assert pdf_file(paper_of(Paragraph("đoạn " * before), table))


def test_a_briefing_fills_its_two_pages_or_says_that_it_cannot():
    brief = sample_paper("briefing")
    assert len(read(brief).pages) == 2
    more = Paragraph(
        "Số liệu của thị xã được đối chiếu với số liệu của tỉnh và của cơ quan chuyên môn. " * 12
    )
    fuller = replace(brief, blocks=(*brief.blocks, *[more] * 3))
    assert len(read(replace(fuller, pages=0)).pages) > 2
    assert len(read(fuller).pages) == 2
    with pytest.raises(SapaError, match='"briefing-vi" takes more than 2 pages') as caught:
        pdf_file(replace(brief, blocks=(*brief.blocks, *[more] * 30)))
    assert "dài hơn 2 trang" in caught.value.in_language("vi")


def letters(document, text):
    """Return the size of the letters of a text on the first page."""
    sizes = {}
    document.pages[0].extract_text(visitor_text=lambda text, _, at, font, size: sizes.update({text: size}))
    return sizes[text]


def test_a_fuller_paper_has_smaller_letters():
    few, many = (paper_of(*[Paragraph("Một đoạn văn. " * 40)] * n, pages=1) for n in (4, 12))
    assert letters(read(few), "Tên") > letters(read(many), "Tên")


def test_a_note_stands_on_the_page_of_its_table():
    def torn(lines):
        rows = ((Cell("a"), Cell("b")),) * 40
        table = Table("t", "", (), rows, (0.5, 0.5), notes=("Ghi chú dưới bảng. " * 20,))
        blocks = (Paragraph("Một dòng. " * 8 * lines), table, Paragraph("Sau bảng. " * 400))
        pages = [page.extract_text() for page in read(paper_of(*blocks, pages=2)).pages]
        assert len(pages) == 2
        return "Ghi chú" in pages[1] and "a b" not in pages[1].replace("\n", " ")

    assert not [lines for lines in range(7, 12) if torn(lines)]


def test_every_letter_is_of_the_shipped_font(review):
    named = {
        str(font.get_object()["/BaseFont"]).split("+")[1]
        for page in review.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert named == {f"LiberationSerif{face}" for face in ("", "-Bold", "-Italic", "-BoldItalic")}


def test_the_shipped_font_has_all_that_we_write():
    vietnamese = {chr(x) for x in range(0x1EA0, 0x1EFA)} | set("ĂăÂâĐđÊêÔôƠơƯưÀàÁáÃãÈèÉéÌìÍíĨĩÒòÓóÕõÙùÚúŨũÝý")
    assert all(unicodedata.normalize("NFC", sign) == sign for sign in vietnamese)
    pdf.check_letters(
        ["".join(vietnamese), "–−—×≥≤±≈†‡→←↑↓↔§•…“”‘’₫€°½²³‰▲▼●○■□", "\u2011\u00a0\u202f\u2009"]
    )


def test_the_shipped_font_is_the_published_one():
    for name in pdf.FACES:
        with TTFont(FONTS / name) as font:
            assert font["name"].getDebugName(1) == "Liberation Serif"
            assert font["name"].getDebugName(5) == "Version 2.1.5"
    sums = [sha256((FONTS / name).read_bytes()).hexdigest()[:8] for name in pdf.FACES]
    assert sums == ["29d12439", "446a4421", "c1830c43", "36dd6965"]
    assert "SIL OPEN FONT LICENSE" in (FONTS / "LICENSE").read_text(encoding="utf-8")


def test_letters_that_the_font_lacks_are_named_with_their_places():
    paper = paper_of(Paragraph("Lượt khách 😀 tăng"), Table("t", "", (), ((Cell("từ 漢 đến"),),), (1.0,)))
    with pytest.raises(SapaError) as caught:
        pdf_file(paper)
    assert str(caught.value) == (
        'the font of the PDF has no shape for U+1F600 "Lượt khách 😀 tăng", U+6F22 "từ 漢 đến"'
    )
    assert caught.value.in_language("vi").startswith("phông chữ của tệp PDF không có chữ: U+1F600")


def test_words_for_a_picture_may_have_any_letter():
    assert pdf_file(paper_of(Figure(bar_picture(), "Hình", "Biểu đồ 😀")))


def test_a_missing_font_is_said(monkeypatch):
    monkeypatch.setattr(pdf, "FACES", ("LiberationSerif-Thin.ttf",))
    with pytest.raises(SapaError, match=r'has no font "LiberationSerif-Thin\.ttf"'):
        pdf_file(paper_of(Paragraph("a")))


@pytest.mark.parametrize(
    "block",
    [Points(()), Strip(()), Sources(()), Tiles(()), Tiles((Tile("a", ()),)), Table("t", "", (), (), (1.0,)),
     Table("t", "", ((Cell("a"),),), (), (1.0,)), Paragraph(""), Heading("")],
)  # fmt: skip
def test_a_block_without_contents_does_no_harm(block):
    assert pdf_file(paper_of(block))


@pytest.mark.parametrize(
    "shade", ["", "likely", "even", "unlikely", "plan_only", "not_assessed", "head", "blank"]
)
def test_every_shade_is_known(shade):
    cell = tag("7", "a.b", 7, "count")
    paper = paper_of(
        Table("t", "", (), ((Cell("a", shade=shade),),), (1.0,)), Tiles((Tile("b", ((shade, cell, "c"),)),))
    )
    assert "7" in said(paper)
