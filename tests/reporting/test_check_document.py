"""Check of an edited document: exactly the numbers that nothing known explains."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import SapaError
from sapa_analysis.reporting.language import number
from sapa_analysis.reporting.paper.word import word_file
from sapa_analysis.reporting.trace import check
from sapa_analysis.reporting.trace.check import check_document, check_lines
from sapa_analysis.reporting.trace.document_text import Line, _lines, document_lines
from sapa_analysis.reporting.trace.edits import edited_figures
from sapa_analysis.reporting.trace.known import known_numbers
from sapa_analysis.reporting.trace.printed import figures_in
from sapa_analysis.reporting.trace.printed_lines import printed_lines
from sapa_analysis.reporting.trace.results_files import results_json

pytest_plugins = ["loaded"]
DAY = "2023-06-30"


@pytest.fixture(scope="module")
def known(papers_of, tables):
    return known_numbers(papers_of(DAY)[1], tables.as_of(DAY), "vi")


@pytest.fixture(scope="module")
def written(papers_of):
    """Return what gives the lines of a Word file of the day, as they are read."""
    papers, _ = papers_of(DAY)
    return cache(lambda stem: lines_of(word_file(papers[stem])))


@pytest.fixture(scope="module")
def ways(papers_of):
    return papers_of(DAY)[1]


@pytest.fixture(scope="module")
def printed(papers_of):
    return {stem: printed_lines(paper) for stem, paper in papers_of(DAY)[0].items()}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("documents")


def lines_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return list(_lines(archive, "mine.docx"))


def saved(paper, place, name="mine.docx"):
    paper.save(place / name)
    return place / name


@pytest.mark.parametrize("stem", ["briefing-vi", "briefing-en", "review-vi"])
def test_an_unedited_paper_has_nothing_to_tell(written, known, printed, ways, stem):
    for checked in (check_lines(written(stem), known), check_lines(written(stem), known, printed, ways)):
        assert [each.around for each in checked.unmatched] == []
        assert checked.compared > 70
    assert checked.paper == stem


def edited(lines, place, old, new):
    return [
        *lines[:place],
        replace(lines[place], text=lines[place].text.replace(old, new, 1)),
        *lines[place + 1 :],
    ]


def swapped(text):
    """Return a number with another last digit."""
    last = max(place for place, sign in enumerate(text) if sign.isdigit())
    return text[:last] + str((int(text[last]) + 3) % 10) + text[last + 1 :]


@pytest.mark.parametrize("stem", ["briefing-vi", "briefing-en", "review-vi"])
def test_a_number_changed_in_its_place_is_told_with_what_stood_there(written, known, printed, ways, stem):
    lines, lang = written(stem), stem[-2:]
    places = [
        (place, figure.text)
        for place, line in enumerate(lines)
        if not line.first and "http" not in line.text
        for figure in figures_in(line.text, lang)
        if re.fullmatch(r"\d+([.,]\d+)?", figure.text) and line.text.count(figure.text) == 1
    ]
    assert len(places) > 60
    for place, text in places[:: len(places) // 6]:
        changed = check_lines(edited(lines, place, text, swapped(text)), known, printed, ways)
        assert [each.text.startswith(swapped(text)) for each in changed.unmatched] == [True]
        assert changed.unmatched[0].stood.startswith(text)


def test_a_paper_edited_in_words_moved_and_cut_has_nothing_to_tell(written, known, printed, ways):
    lines = [
        replace(line, text=line.text.replace("mục tiêu", "chỉ tiêu phấn đấu"))
        for line in written("review-vi")
    ]
    body = [place for place, line in enumerate(lines) if line.place == "body" and len(line.text) > 60]
    lines.insert(body[2], lines.pop(body[20]))
    del lines[body[5] : body[6]]
    checked = check_lines(lines, known, printed, ways)
    assert ([each.around for each in checked.unmatched], checked.paper) == ([], "review-vi")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Năm 2023 thị xã phấn đấu đón 3,5 triệu lượt khách du lịch.", []),
        ("Mục tiêu GRDP bình quân đầu người năm 2023 là 118 triệu đồng.", []),
        ("Tỷ lệ che phủ rừng năm 2023 là 118 triệu đồng.", ["118 triệu đồng"]),
        ("Số lượt khách du lịch năm 2019 là 3,5 tỷ đồng.", ["3,5 tỷ đồng"]),
    ],
)
def test_in_new_text_unit_and_words_must_fit_too(written, known, printed, ways, text, told):
    lines = [*written("briefing-vi"), Line(text, "body")]
    assert [each.text for each in check_lines(lines, known, printed, ways).unmatched] == told


def test_a_number_that_another_place_has_is_told(written, known, printed, ways):
    lines = written("review-vi")
    place = next(n for n, line in enumerate(lines) if "99,36" in line.text and line.place == "body")
    other = "118"
    assert known.match(figures_in(f"{other} triệu đồng")[0])
    [told] = check_lines(edited(lines, place, "99,36", other), known, printed, ways).unmatched
    assert told.stood.startswith("99,36")


def test_a_document_of_no_paper_is_compared_by_value_and_says_so(known, printed, ways):
    checked = check_lines([Line("Doanh thu 12.085 tỷ đồng và 12.345 tỷ đồng", "body")], known, printed, ways)
    assert ([each.text for each in checked.unmatched], checked.paper) == (["12.345 tỷ đồng"], "")
    assert checked.lines("vi")[-1].startswith("Tệp không phát sinh từ văn bản nào")


def test_what_is_nearest_is_named_once_and_by_no_key(known):
    [told] = check_lines([Line("GRDP bình quân đầu người đạt 99,97 triệu đồng", "body")], known).unmatched
    assert len({(round(each.full), each.sort) for each in told.nearest}) == len(told.nearest) == 2
    assert not [each.about for each in known.all if re.search(r"\w\.\w+\.", each.about)]


@pytest.mark.parametrize(
    ("text", "old", "told"),
    [
        ("đạt 84%, tăng 12%", "tăng 12%, đạt 84%", []),
        ("từ 15 lên 12", "từ 12 lên 15", ["15", "12"]),
        ("đón 3,5 tỷ lượt", "đón 3,5 triệu lượt", ["3,5"]),
        ("đạt 99,4 triệu đồng", "đạt 99,36 triệu đồng", []),
        ("đạt 3.500.000 lượt", "đạt 3,5 triệu lượt", []),
        ("giảm 0,4 điểm", "thay đổi −0,4 điểm", []),
        ("+0,4", "−0,4", ["+0,4"]),
        ("đạt 47/61", "đạt 46/61", ["47/61"]),
    ],
)
def test_numbers_of_an_edited_text_are_set_against_those_of_the_old(text, old, told):
    assert [each.figure.text for each in edited_figures(text, old, "vi")] == told


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.integers(10**9 + 1, 10**10 - 1),
            st.integers(0, 3),
            st.sampled_from(["vi", "en"]),
            st.integers(0, 59),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda plant: plant[0],
    )
)
def test_exactly_the_planted_numbers_are_found(written, known, plants):
    lines = written("briefing-vi")[:60]
    planted = []
    for whole, decimals, lang, at in plants:
        text = number(whole / 10**decimals, decimals, lang)
        lines[at] = replace(lines[at], text=f"{lines[at].text} Bổ sung: {text}.", first=False)
        planted.append(text)
    assert sorted(each.text for each in check_lines(lines, known).unmatched) == sorted(planted)


@pytest.mark.parametrize(
    "text",
    [
        "Mục tiêu 3,5 triệu lượt", "Goal of 3.5 million visits", "12.085 tỷ đồng", "12,085 billion VND",
        "đạt 46/61 trường", "Doanh thu 12.085", "đến ngày 15/01/2024, năm 2023, giai đoạn 2020-2025",
        "1. Tăng trưởng", "II. Kết quả", "nguồn [3], [12]", "Nghị quyết 09-NQ/TU", "trên 1 vạn dân",
        "118 triệu đồng/người", "khách quý I/2023 và 9 tháng",
    ],
)  # fmt: skip
def test_what_is_known_or_no_figure_is_not_told(known, text):
    assert check_lines([Line(text, "body")], known).unmatched == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mục tiêu 3,57 triệu lượt", "3,57 triệu lượt"), ("đạt 47/61 trường", "47/61 trường"),
        ("tăng 14,57%", "14,57%"), ("119.999 lượt khách", "119.999 lượt khách"), ("giảm −0,4321 điểm", "−0,4321 điểm"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_told_with_its_unit(known, text, found):
    [unmatched] = check_lines([Line(text, "body")], known).unmatched
    assert unmatched.text == found


def test_the_nearest_are_told_by_value_and_by_words(known):
    line = Line("Tổng lượt khách du lịch năm 2023, mục tiêu 3,57 triệu lượt", "body")
    [unmatched] = check_lines([line], known).unmatched
    assert "lượt khách du lịch" in unmatched.nearest[0].about.lower()
    assert min(abs(each.full - 3.57e6) for each in unmatched.nearest) < 0.1e6


def test_a_number_may_be_rounded_otherwise_from_three_digits_on(known, results):
    middle = results.verdicts.set_index("id").loc["resolution-2023.09.tourist_arrivals", "upper_80"]
    exact = number(middle / 1e6, 3, "vi")
    assert check_lines([Line(f"đón {exact} triệu lượt", "body")], known).unmatched == ()


# documents ------------------------------------------------------------------------------------------------


def test_every_part_of_a_document_is_read_and_what_word_counts_is_not(place):
    paper = docx.Document()
    paper.add_paragraph("nội dung 111")
    table = paper.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 0).text = "1", "bảng 222", "12"
    inner = table.cell(1, 1).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "trong 333"
    section = paper.sections[0]
    section.header.paragraphs[0].text = "đầu 444"
    footer = section.footer.paragraphs[0]
    footer.add_run("chân 555, trang ")
    for kind, text in (("begin", None), (None, " PAGE "), ("separate", None), ("end", None)):
        run = footer.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
        if kind == "separate":
            footer.add_run("777")
    lines = document_lines(saved(paper, place))
    told = {(line.place, number) for line in lines for number in re.findall(r"\d{3}", line.text)}
    assert told == {("body", "111"), ("table", "222"), ("table", "333"), ("header", "444"), ("footer", "555")}
    assert [line.text for line in lines if line.first] == ["1", "12"]


def test_what_was_deleted_is_not_read_and_what_was_added_is(place):
    paper = docx.Document()
    paragraph = paper.add_paragraph("cũ ")
    for tag, inner, text in (("del", "delText", "111"), ("ins", "t", "222")):
        xml = f"<w:{tag} {nsdecls('w')}><w:r><w:{inner}>{text}</w:{inner}></w:r></w:{tag}>"
        paragraph._p.append(parse_xml(xml))
    assert [line.text for line in document_lines(saved(paper, place))] == ["cũ 222"]


def test_footnotes_are_read(place):
    path = saved(docx.Document(), place)
    notes = f"<w:footnotes {nsdecls('w')}><w:footnote><w:p><w:r><w:t>chú 888</w:t></w:r></w:p></w:footnote></w:footnotes>"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    assert Line("chú 888", "footnote") in document_lines(path)


def test_a_folder_of_papers_is_what_a_document_is_checked_against(
    papers_of, params, place, monkeypatch, tables
):
    monkeypatch.setattr(check, "load_project", lambda _: tables)
    about = params.with_values(as_of=DAY).model_dump(mode="json")
    (place / "results.json").write_text(results_json(papers_of(DAY)[1], about), encoding="utf-8")
    paper = docx.Document(io.BytesIO(word_file(papers_of(DAY)[0]["briefing-vi"])))
    paper.add_paragraph("Bổ sung: 4,4444 triệu lượt khách.")
    checked = check_document(saved(paper, place), place, lang="vi")
    assert [each.text for each in checked.unmatched] == ["4,4444 triệu lượt"]
    told = checked.lines("vi")
    assert told[0].startswith(f"1 trong {checked.compared} số không khớp")
    assert told[1].startswith("  4,4444 triệu lượt (nội dung): Bổ sung")
    assert told[2].startswith("    gần nhất: ")


# what is no document --------------------------------------------------------------------------------------


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


BODY = f"<w:document {nsdecls('w')}><w:body/></w:document>"
LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>' + BODY
REFUSED = {
    "text.docx": (b"no zip", "is damaged or no .docx"),
    "empty.docx": (b"", "is damaged or no .docx"),
    "other.docx": (zipped({"a.txt": "3"}), "is damaged or no .docx"),
    "half.docx": (zipped({"word/document.xml": BODY})[:-30], "is damaged or no .docx"),
    "xml.docx": (zipped({"word/document.xml": BODY[:-9]}), "is damaged or no .docx"),
    "laughs.docx": (zipped({"word/document.xml": LAUGHS}), "is damaged or no .docx"),
    "deep.docx": (zipped({"word/document.xml": "<a>" * 9000 + "</a>" * 9000}), "is damaged or no .docx"),
    "macro.docx": (zipped({"word/document.xml": BODY, "word/vbaProject.bin": b"1"}), "holds macros"),
    "bomb.docx": (zipped({"word/document.xml": b" " * (65 * 2**20)}), "unpacks to far more"),
    "macro.docm": (zipped({"word/document.xml": BODY}), "save it in Word as .docx"),
    "old.doc": (b"\xd0\xcf\x11\xe0", "save it in Word as .docx"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_sound_document_is_one_clear_message(place, name):
    content, message = REFUSED[name]
    (place / name).write_bytes(content)
    with pytest.raises(SapaError, match=re.escape(message)) as told:
        document_lines(place / name)
    assert str(told.value).count("\n") == 0
    assert not re.search(r"\b(is|the|and)\b", told.value.in_language("vi"))


def test_a_folder_or_nothing_is_no_file(place):
    for path in (place, place / "none.docx"):
        with pytest.raises(SapaError, match=r"is no file; give the path of a \.docx"):
            document_lines(path)
