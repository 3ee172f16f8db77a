"""The page of a paper: text stays text, every number keeps its key, nothing is fetched, rows become cards."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from reporting.paper.sample import WORDS, figure, sample_paper

from sapa_analysis.core import printable
from sapa_analysis.reporting.paper.grid import covering, label, labels, placed
from sapa_analysis.reporting.paper.html import css_string, html_page, json_island
from sapa_analysis.reporting.paper.model import (
    Cell,
    Figure,
    Head,
    Heading,
    Paper,
    Paragraph,
    Picture,
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
from sapa_analysis.reporting.tagged_numbers import Number, parts, plain, tag

VOID = {"meta", "col", "br", "link", "img", "input", "hr"}
PAPERS = [("review", "plain"), ("review", "party"), ("briefing", "plain")]
#: Any text but one that forges a tag: those three characters are refused at the door (`core.sound_text`).
anything = st.text(st.characters(exclude_characters="\ue000\ue001\ue002"), min_size=1, max_size=60)


class Page(HTMLParser):
    """The elements of a page in order, and its words; it fails on tags that do not match."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tokens, self.data, self.inside = [], [], [], {}
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tokens.append((tag, tuple(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.tokens.append((tag, tuple(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        where = self.open[-1] if self.open else ("", {})
        self.inside.setdefault(where[1].get("id") or where[0], []).append(data)
        if where[0] not in ("style", "script") and data.strip("\n"):
            merged = self.tokens and isinstance(self.tokens[-1], str)
            self.tokens[-1:] = [self.tokens[-1] + data] if merged else [*self.tokens[-1:], data]

    def elements(self, tag):
        return [dict(token[1]) for token in self.tokens if not isinstance(token, str) and token[0] == tag]


def paper_of(*blocks, **options):
    given = {"title": "Tên", "cut_off": "30/6/2023", "words": WORDS} | options
    return Paper("review", "vi", as_of=date(2023, 6, 30), blocks=blocks, **given)


def everywhere(text):
    """Return a paper with a text in every place that holds one."""
    picture = Picture(text, "<svg><g/></svg>", b"")
    drawn = Figure(picture, text, text, (text,))
    cells = (Cell(text, down=2), Cell(text, strong=True), Cell(text, shade="likely"))
    return paper_of(
        Heading(text),
        Paragraph(text),
        Points((text, text)),
        Table("t", text, ((Cell(text), *cells[1:]),), (cells, cells[1:], (Cell(text, across=3),)), (0.3, 0.3, 0.4), (text,), 1),
        drawn,
        Strip((drawn,)),
        Tiles((Tile(text, (("even", text, text),)),)),
        Turn(landscape=True),
        Sources((Source(1, text), Source(2, text, "https://x.vn/a"))),
        title=text,
        subtitle=text,
        cut_off=text,
        head=Head((text,), (text,), text),
        words=dict.fromkeys(WORDS, text),
    )  # fmt: skip


def as_printed(text):
    return unicodedata.normalize("NFC", printable(text)).replace("\r\n", "\n").replace("\r", "\n")


USUAL = "§usual§"


@pytest.fixture(params=PAPERS, ids="-".join, scope="module")
def paper(request):
    return sample_paper(*request.param)


@settings(max_examples=40)
@given(anything)
@example("</script></style><script>alert(1)</script>")
@example('"><img src=x onerror=alert(1)>&amp;<!--')
@example("\u202eABC\u2066 \u0338x {{ 7 * 7 }} =1+1")
@example("x" * 10_000)
def test_whatever_is_written_stays_that_text_in_every_place(text):
    said = as_printed(text)
    assume(said.strip())
    page = html_page(everywhere(text))
    assert unicodedata.is_normalized("NFC", page)
    tokens = [token for token in Page(page).tokens if token != ("span", (("class", "long"),))]
    assert _same(tokens, said) == _same(Page(html_page(everywhere(USUAL))).tokens, said)


def _same(tokens, said):
    """Return tokens with the usual text replaced; a table's own line ends are no words."""
    found = []
    for token in tokens:
        if isinstance(token, str):
            found.append(token.replace(USUAL, said))
        else:
            found.append(
                (token[0], tuple((name, (value or "").replace(USUAL, said)) for name, value in token[1]))
            )
    return found


@given(st.lists(anything, min_size=1, max_size=4), anything)
@example(["</script><script>alert(1)</script>", "<!--<script>"], "__proto__")
def test_ways_are_read_back_as_they_were_told(lines, key):
    paper = paper_of(Paragraph(tag("5", key, 5, "count")), ways={key: tuple(lines), "elsewhere": ("x",)})
    page = Page(html_page(paper))
    told = json.loads("".join(page.inside["way-lines"]))
    assert {key: [told["lines"][place] for place in places] for key, places in told["ways"].items()} == {
        as_printed(key): [as_printed(line) for line in lines]
    }
    assert [token[0] for token in page.tokens if not isinstance(token, str)].count("script") == 2


def test_every_number_is_an_element_once_for_each_time_it_is_printed(paper):
    printed = (part for text in texts_in(paper) for part in parts(text) if isinstance(part, Number))
    shown = Page(html_page(paper)).elements("data")
    assert Counter((each["data-key"], each["value"]) for each in shown) == Counter(
        (number.key, str(number.value)) for number in printed
    )


def policy(page):
    [found] = [each["content"] for each in Page(page).elements("meta") if "http-equiv" in each]
    return found


def test_a_page_asks_for_nothing(paper):
    page = html_page(paper)
    tokens = [token for token in Page(page).tokens if not isinstance(token, str)]
    assert not {"link", "img", "iframe", "object", "base", "form"} & {tag for tag, _ in tokens}
    links = [
        (tag, value)
        for tag, attrs in tokens
        for name, value in attrs
        if name in ("href", "src", "xlink:href")
    ]
    assert all(value.startswith("#") or tag == "a" for tag, value in links)
    assert all(inside.startswith("#") for inside in re.findall(r"url\(['\"]?(.)", page))
    assert "@import" not in page
    assert "default-src 'none'" in policy(page)


def test_names_are_unique_and_every_reference_has_its_place(paper):
    page = Page(html_page(paper))
    attributes = [dict(token[1]) for token in page.tokens if not isinstance(token, str)]
    ids = [each["id"] for each in attributes if "id" in each]
    assert len(ids) == len(set(ids))
    wanted = {
        each[name][1:]
        for each in attributes
        for name in ("href", "xlink:href")
        if each.get(name, "").startswith("#")
    }
    assert wanted <= set(ids)
    assert "source-1" in wanted


def test_the_same_paper_gives_the_same_bytes():
    assert html_page(sample_paper()) == html_page(replace(sample_paper()))


def test_a_page_without_ways_has_no_script():
    page = html_page(replace(sample_paper(), ways={}))
    assert "<script" not in page
    assert "script-src 'none'" in policy(page)


def test_headings_leave_no_level_out():
    page = Page(
        html_page(paper_of(Heading("a", 3), Heading("b", 1), Heading("c", 3), Paragraph("d"), Sources(())))
    )
    assert [token[0] for token in page.tokens if re.fullmatch("h[1-6]", token[0])] == [
        "h1",
        "h2",
        "h2",
        "h3",
        "h2",
    ]


def cells_of(paper, name):
    """Return the rows of a table of a page: their own attributes, and each cell's element, attributes, words."""
    page, rows, inside, body = Page(html_page(paper)), [], False, False
    for token in page.tokens:
        if isinstance(token, str):
            if inside and body and rows and rows[-1][1]:
                rows[-1][1][-1][2] += token
            continue
        tag_, attrs = token[0], dict(token[1])
        if tag_ == "div" and "table" in attrs.get("class", "").split():
            inside = attrs["id"] == name
        body = tag_ == "tbody" or (body and tag_ not in ("thead", "p", "div"))
        if inside and body and tag_ == "tr":
            rows.append((attrs, []))
        if inside and body and tag_ in ("th", "td"):
            rows[-1][1].append([tag_, attrs, ""])
    return rows


def test_a_row_of_a_wide_table_can_stand_as_a_card():
    rows = cells_of(sample_paper(), "phu-luc-1")
    subheadings = [cells[0] for row, cells in rows if row.get("class") == "sub"]
    assert [cell[1]["scope"] for cell in subheadings] == ["rowgroup"] * 3
    for _, cells in (row for row in rows if row[0].get("class") != "sub"):
        [name] = [cell for cell in cells if cell[1].get("scope") == "row"]
        assert name[2]
        assert all(cell[1]["data-label"] for cell in cells if cell is not name)
    said = [cell[1].get("data-label") for cell in rows[1][1]]
    assert said[:6] == ["TT", None, "Đơn vị tính", "Mục tiêu Đại hội", "Thực hiện – 2019", "Thực hiện – 2020"]
    assert "Thực hiện – 2019, 2020, 2021, 2022" in [
        cell[1].get("data-label") for _, cells in rows for cell in cells
    ]


def test_the_group_of_rows_is_said_on_each_card():
    rows = cells_of(sample_paper(), "chi-tieu-2023")
    assert [row["data-above"] for row, _ in rows] == ["Nhóm: 1"] * 5 + ["Nhóm: 2"] * 4 + ["Nhóm: 3"] * 2
    assert "over" in rows[0][1][0][1]["class"].split()


def test_a_blank_cell_has_nothing_inside_so_that_its_card_leaves_it_out():
    assert not [
        cell
        for _, cells in cells_of(sample_paper(), "phu-luc-1")
        for cell in cells
        if cell[2] != cell[2].strip()
    ]
    assert re.search(r'<td data-label="Ghi chú"></td>', html_page(sample_paper()))


def test_a_dash_is_left_out_of_a_card_too():
    table = Table("t", "", ((Cell("Tên"), Cell("Số")),), ((Cell("Khách"), Cell("–")),), (0.5, 0.5))
    assert '<td class="nil" data-label="Số"><span>–</span></td>' in html_page(paper_of(table))
    assert "tbody td:is(:empty, .over, .nil)" in html_page(paper_of(table))


def test_the_script_finds_what_it_looks_for():
    page = html_page(sample_paper())
    asked = set(re.findall(r"getElementById\(\"([^\"]+)\"\)", page))
    assert asked == {"way-lines", "way-card", "way-toggle"}
    assert all(f'id="{name}"' in page for name in asked)


def test_a_name_over_several_rows_names_each_of_their_cards():
    heads = ((Cell("Tên"), Cell("Năm"), Cell("Số")),)
    rows = ((Cell("Khách", down=2), Cell("2021"), Cell("1")), (Cell("2022"), Cell("2")))
    found = cells_of(paper_of(Table("t", "", heads, rows, (0.4, 0.3, 0.3))), "t")
    assert [row.get("data-above") for row, _ in found] == [None, "Khách"]


def test_print_has_named_pages_and_a_foot_of_every_page():
    page = html_page(sample_paper())
    assert '<section class="across">' in page
    assert "@page across { size: A4 landscape;" in page
    assert '@bottom-right { content: "Trang " counter(page) "\\2f " counter(pages) "";' in page
    assert '@bottom-left { content: "Số liệu chốt đến ngày 30\\2f 6\\2f 2023";' in page
    assert "margin: 20mm 15mm 20mm 30mm" in page
    assert "@page :first" not in page
    assert "@page :first" in html_page(sample_paper("review", "party"))


@given(anything)
def test_no_text_ends_a_string_of_the_style_sheet(text):
    inner = str(css_string(text))[1:-1]
    assert not set('"<>\n;{}') & set(inner)
    read = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), inner)
    assert read == as_printed(text)


def test_json_in_a_page_has_no_sign_that_markup_knows():
    assert not set("<>&") & set(json_island({"<a>": ["</script>", "&amp;"]}))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://[", "//x.vn", "ftp://x.vn", "data:text/html,x", ""]
)
def test_only_an_address_of_a_page_is_a_link(url):
    assert not Page(html_page(paper_of(Sources((Source(1, "x", url),))))).elements("a")


def test_a_mark_leads_to_its_source():
    mark = tag("[2]", "sources.2.mark", 2, "source")
    page = html_page(paper_of(Paragraph(mark), Sources((Source(2, "x"),))))
    assert '<a class="mark" href="#source-2"><data value="2" data-key="sources.2.mark">[2]</data></a>' in page
    assert "<a " not in html_page(paper_of(Paragraph(mark), Sources((Source(1, "x"),))))


def test_a_tall_cell_covers_the_rows_below_its_own():
    rows = ((Cell("a", down=3), Cell("b")), (Cell("c", down=2),), ())
    found = covering(placed(rows, 2), len(rows))
    assert [[place.cell.text for place in above] for above in found] == [[], ["a"], ["a", "c"]]


def test_the_head_of_a_cell_is_said_from_the_outside_in():
    heads = ((Cell("Thực hiện", across=2), Cell("Ghi chú", down=2)), (Cell("2021"), Cell("2022")))
    rows = ((Cell(figure(1.0, "a", "")), Cell("2"), Cell("3")), (Cell("x", across=2), Cell("")))
    table = Table("t", "", heads, rows, (0.4, 0.4, 0.2))
    said = [label(labels(table), each) for each in placed(rows, 3)]
    assert said == [
        "Thực hiện – 2021",
        "Thực hiện – 2022",
        "Ghi chú",
        "Thực hiện – 2021, 2022",
        "Ghi chú",
    ]
    assert plain(rows[0][0].text) == "1"
