"""The review with a workbook of the office: the committee's word first, its texts as they are, ours beside."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import figure, office, steady

from sapa_analysis import assess_targets
from sapa_analysis.core import LANGUAGES, Params
from sapa_analysis.evidence import Office
from sapa_analysis.pipeline import Project, Results, load_project
from sapa_analysis.reporting.as_written import written
from sapa_analysis.reporting.briefing.compose import compose_briefing
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.office import SIGN, named, without_marks
from sapa_analysis.reporting.office_said import JUDGED, Committee, Judged, cell_of, committee_of, quoted
from sapa_analysis.reporting.paces import own_is_slower
from sapa_analysis.reporting.paper.html import html_page
from sapa_analysis.reporting.paper.model import Heading, Paper, Paragraph, Points, Table, texts_in
from sapa_analysis.reporting.paper.pdf import check_letters, pdf_file
from sapa_analysis.reporting.paper.sheet import workbook
from sapa_analysis.reporting.paper.word import word_file
from sapa_analysis.reporting.published import figure_printed
from sapa_analysis.reporting.review.annex_cells import columns_of
from sapa_analysis.reporting.review.compose import compose_review
from sapa_analysis.reporting.review.needed_words import conditions
from sapa_analysis.reporting.review.said import name_inside, once
from sapa_analysis.reporting.review.shortcomings import shortcomings_part
from sapa_analysis.reporting.review.subjects import Term, subjects_of
from sapa_analysis.reporting.sentences.verdicts import describe_needs
from sapa_analysis.reporting.tagged_numbers import numbers_in, plain
from sapa_analysis.reporting.target_row import target_rows
from sapa_analysis.reporting.trace.lines import way_lines
from sapa_analysis.reporting.trace.unbound import unbound_in
from sapa_analysis.reporting.trace.way import Way
from sapa_analysis.reporting.trace.ways import ways_of

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
RESOLUTION = "resolution-2023"
#: Texts that an office may paste, and that no format may take for anything but words.
HOSTILE = (
    "=1+1", "+84 214 3", "@SUM(A1)", "-cmd|'/c calc'!A0", "<script>alert(1)</script><b>2 & 3</b>",
    "\u202e12 đảo\u202c ngược \u200f", "a\x00b\x0b7\x1b[31m", "\ue000khóa\ue0011\ue001đơn vị\ue0022\ue002",
    "مرحبا ٣٤", "{name} {0} %s ${x}", "dòng 1\r\ndòng 2\n\n- dòng 3",
)  # fmt: skip


def judgement(target: str, indicator: str, end: int, judged: str, row: int, note: str = "") -> dict[str, Any]:
    return {
        "target": target, "indicator_id": indicator, "end": str(end), "judged": judged, "note": note,
        "published": "2023-06-20", "where": f"so_lieu.xlsx, trang Đánh giá, ô I{row}:{row}", "internal": False,
    }  # fmt: skip


def cause(
    what: str, text: str, row: int, *, field: str = "", indicator: str = "", note: str = ""
) -> dict[str, Any]:
    return {
        "indicator_id": indicator, "field": field, "what": what, "text": text, "note": note,
        "published": "2023-06-15", "where": f"so_lieu.xlsx, trang Nguyên nhân, ô C{row}:{row}", "internal": False,
    }  # fmt: skip


def work(title: str, row: int, *, progress: str = "", note: str = "") -> dict[str, Any]:
    return {
        "title": title, "lead": "Phòng Kinh tế", "time": "2021-2025", "progress": progress,
        "obstacles": "thiếu 1,2 ha mặt bằng", "note": note, "published": "2023-06-15",
        "where": f"so_lieu.xlsx, trang Đề án, ô A{row}:{row}", "internal": False,
    }  # fmt: skip


JUDGEMENTS = [
    judgement(f"{RESOLUTION}.03.forest_cover", "forest_cover", 2023, "hard", 6),
    judgement(
        f"{RESOLUTION}.13.schools_at_standard", "schools_at_standard", 2023, "met", 7, "theo 215-BC/TU"
    ),
    judgement(f"{RESOLUTION}.01.grdp_per_capita", "grdp_per_capita", 2023, "exceeded", 8),
    judgement("congress-2020.tourist_arrivals", "tourist_arrivals", 2025, "open", 9),
    judgement("", "retail_sales", 2019, "met", 10),
]
CAUSES = [
    cause("result", "Thu 6 tháng đạt 312,5 tỷ đồng.\nKhởi công 3 dự án.", 5, field="economy"),
    cause(
        "shortcoming",
        "Còn 15 trường chưa đạt chuẩn.",
        6,
        indicator="schools_at_standard",
        note="xem phụ lục 2",
    ),
    cause("objective", "Giá vật liệu tăng 20%.", 7, field="economy"),
    cause("lesson", "Phân công rõ người, rõ việc.", 8),
]


@dataclass(frozen=True)
class Edition:
    """A run with a workbook, its reviews in both languages, and the ways of their numbers."""

    project: Project
    results: Results
    papers: dict[str, Paper]
    ways: dict[str, Way]


def with_rows(said: Office, **tables: list[dict[str, Any]]) -> Office:
    """Return a workbook with rows in the tables beside figures and goals."""
    return replace(said, **{name: pd.DataFrame(rows) for name, rows in tables.items()})


@pytest.fixture(scope="module")
def judged(tables: Project, params: Params) -> tuple[Project, Results]:
    """Return the project with three steady years of every target, an estimate, and the run of 2023-06-30."""
    expected = figure(
        "schools_at_standard", 2023, 76.0, "percent", kind="estimate", id="office.judgements.E7"
    )
    said = steady()
    figures = pd.concat([said.figures, pd.DataFrame([expected])], ignore_index=True)
    fallen = (figures["indicator_id"] == "schools_at_standard") & (figures["period"] == "2022")
    figures.loc[fallen, ["value", "digits"]] = (70.9, 3)  # so that our word is not the committee's
    said = replace(said, figures=figures)
    project = load_project(tables.root, office=said)
    return project, assess_targets(project, params.with_values(as_of="2023-06-30", n_paths=100))


def edition(judged: tuple[Project, Results], *langs: str, **rows: Any) -> Edition:
    """Return the review with some rows of a workbook, in Vietnamese unless told otherwise."""
    project, results = judged
    assert project.office is not None
    by = rows.pop("by", "")
    project = replace(project, office=with_rows(replace(project.office, by=by), **rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sapa_analysis.reporting.review.compose.pictures_of", lambda *_: [])
        papers = {
            lang: compose_review(project, results, lang=lang, form="party") for lang in langs or ("vi",)
        }
    return Edition(project, results, papers, ways_of(project, results, papers.values()))


@pytest.fixture(scope="module")
def full(judged: tuple[Project, Results]) -> Edition:
    projects = [work("Đề án 05 về du lịch", 5, progress="xong 7/12 nhiệm vụ")]
    return edition(
        judged, *LANGUAGES, judgements=JUDGEMENTS, causes=CAUSES, projects=projects, by="Văn phòng Thị ủy"
    )


@pytest.fixture(scope="module")
def bare(judged: tuple[Project, Results]) -> Paper:
    """Return the review with figures of an office that wrote and judged nothing."""
    return edition(judged).papers["vi"]


def lines(paper: Paper) -> list[str]:
    return [plain(text) for text in texts_in(paper.blocks)]


def table(paper: Paper, name: str) -> Table:
    [found] = [block for block in paper.blocks if isinstance(block, Table) and block.name == name]
    return found


def points(paper: Paper) -> list[str]:
    return [plain(item) for block in paper.blocks if isinstance(block, Points) for item in block.items]


def paragraphs(paper: Paper, style: str = "body") -> list[str]:
    return [plain(b.text) for b in paper.blocks if isinstance(b, Paragraph) and b.style == style]


def row_of(found: Table, name: str) -> list[str]:
    [row] = [row for row in found.rows if any(plain(cell.text) == name for cell in row)]
    return [plain(cell.text) for cell in row]


# the committee first ----------------------------------------------------------------------------------------


def test_the_annex_tells_the_committee_then_the_department_then_us(full):
    annex = table(full.papers["vi"], "annex")
    top = [plain(cell.text) for cell in annex.heads[0]]
    order = [
        "Ban Thường vụ Thị ủy đánh giá",
        "Ước TH 2023",
        "Tính toán (khoảng) 2023",
        "Nhóm phân tích đánh giá",
    ]
    assert [name for name in top if name in order] == order
    assert sum(annex.widths) == pytest.approx(1)
    schools = row_of(annex, "Tỷ lệ trường học đạt chuẩn quốc gia (đạt 46/61 trường)")
    assert schools[schools.index("Đạt") :][2] == f"76{SIGN}"
    assert schools[-3] == ""
    assert schools[-4] in texts("vi")["short"].values()


def test_no_column_of_the_committee_stands_where_it_judged_nothing(bare):
    annex = table(bare, "annex")
    assert not any("Ban Thường vụ" in plain(cell.text) for row in annex.heads for cell in row)
    assert "Đánh giá" in [plain(cell.text) for cell in annex.heads[0]]


def test_a_field_tells_the_committee_s_words_first_then_estimates_then_ours(full):
    told = lines(full.papers["vi"])
    first = next(
        n
        for n, line in enumerate(told)
        if line.startswith("Ban Thường vụ Thị ủy đánh giá – đạt: tỷ lệ trường")
    )
    assert told[first + 1] == (
        "Cơ quan chuyên môn ước thực hiện: tỷ lệ trường học đạt chuẩn quốc gia (2023) 76%§ (15/6/2023)."
    )
    assert told[first + 2].startswith("Nhóm phân tích đánh giá – ")
    assert told[first + 2].endswith(":")


@either
def test_the_committee_s_words_are_counted_apart_from_ours(full, lang):
    words, found = texts(lang)["review_office"]["judged"], table(full.papers[lang], "counts")
    first = [plain(row[0].text) for row in found.rows]
    assert first[1:5] == [words[name] for name in ("exceeded", "met", "hard", "open")]
    mine = {plain(row[0].text): [plain(cell.text) for cell in row[1:]] for row in found.rows[1:5]}
    assert mine[words["met"]] == ["", "1", "0"]
    assert mine[words["open"]] == ["", "45", "9"]
    assert first.index(words["met"]) < first.index(texts(lang)["review"]["counts"]["by_band"])


def test_our_counts_are_those_of_a_review_without_a_committee(full, bare):
    def ours(paper: Paper) -> list[list[str]]:
        rows = [[plain(cell.text) for cell in row] for row in table(paper, "counts").rows]
        start = rows.index([texts("vi")["review"]["counts"]["by_band"]])
        return [row for row in rows[start:] if len(row) > 1]

    assert ours(full.papers["vi"]) == ours(bare)


def test_where_the_committee_and_we_differ_both_are_told_plainly(full):
    [schools] = [note for note in lines(full.papers["vi"]) if note.startswith("– Tỷ lệ trường học")]
    verdict = full.results.verdicts.set_index("id").loc[f"{RESOLUTION}.13.schools_at_standard"]
    assert verdict["status"] in ("unlikely", "very_unlikely")
    assert schools == (
        "– Tỷ lệ trường học đạt chuẩn quốc gia (2023): Ban Thường vụ Thị ủy đánh giá đạt; dự báo của nhóm "
        f"phân tích: {texts('vi')['status']['unlikely']}."
    )
    assert any("ghi chú kèm đánh giá: theo 215-BC/TU" in note for note in lines(full.papers["vi"]))


def test_a_judgement_of_a_year_without_a_goal_is_told(full):
    assert any("còn đánh giá những nội dung không đến hạn" in line and "bán lẻ" in line
               for line in lines(full.papers["vi"]))  # fmt: skip


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(JUDGED)),
    st.sampled_from(("likely", "even", "unlikely", "not_assessed")),
)
def test_every_target_counts_once_and_only_opposite_words_differ(said, outlook):
    committee = Committee(words={name: Judged(word, "2023-06-20", "", "") for name, word in said.items()})
    counted = committee.counted("abcd")
    assert sum(counted.values()) == 4
    assert counted["met"] == sum(word == "met" for word in said.values())
    for name, word in said.items():
        attained = {"exceeded": True, "met": True, "expected": True, "hard": False, "missed": False}.get(word)
        ours = {"likely": True, "unlikely": False}.get(outlook)
        assert committee.opposes(name, outlook) == (None not in (attained, ours) and attained != ours)


def test_of_two_judgements_the_later_counts(judged):
    project, results = judged
    older = {**JUDGEMENTS[0], "published": "2023-01-10", "judged": "met"}
    said = replace(project, office=with_rows(project.office, judgements=[JUDGEMENTS[0], older]))
    assert committee_of(said, results).words[JUDGEMENTS[0]["target"]].word == "hard"


def test_a_judgement_made_after_the_day_is_not_known(judged):
    project, results = judged
    late = {**JUDGEMENTS[0], "published": "2023-07-15"}
    assert not committee_of(replace(project, office=with_rows(project.office, judgements=[late])), results)


@either
def test_the_briefing_has_one_sentence_of_the_committee(full, judged, lang, sketched):
    def said(project: Project) -> list[str]:
        paper = compose_briefing(project, full.results, lang=lang)
        [*ways_of(project, full.results, [paper])]
        return [line for line in lines(paper) if texts(lang)["review_office"]["bodies"]["district"] in line]

    assert len(said(full.project)) == 1
    assert said(judged[0]) == []


# what the office wrote --------------------------------------------------------------------------------------


def test_what_the_office_wrote_stands_where_its_place_was_left(full):
    paper = full.papers["vi"]
    blank = " ".join(paragraphs(paper, "blank"))
    assert "nguyên nhân chủ quan" in blank
    for what in ("hạn chế, khuyết điểm", "nguyên nhân khách quan", "bài học kinh nghiệm"):
        assert f"[Văn phòng bổ sung: {what}" not in blank
    told = paragraphs(paper)
    assert "Tỷ lệ trường học đạt chuẩn quốc gia: Còn 15 trường chưa đạt chuẩn." in told
    assert "Kinh tế: Giá vật liệu tăng 20%." in told
    assert "Phân công rõ người, rõ việc." in told
    assert told.index("Khởi công 3 dự án.") == told.index("Kinh tế: Thu 6 tháng đạt 312,5 tỷ đồng.") + 1
    notes = paragraphs(paper, "note")
    assert "Nội dung do Văn phòng Thị ủy ghi, giữ nguyên văn:" in notes
    assert "Ghi chú: xem phụ lục 2" in notes


@either
def test_projects_stand_in_a_table_with_lead_time_progress_and_obstacles(full, lang):
    [row] = table(full.papers[lang], "projects").rows
    assert [plain(cell.text) for cell in row] == [
        "Đề án 05 về du lịch", "Phòng Kinh tế", "2021-2025", "xong 7/12 nhiệm vụ", "thiếu 1,2 ha mặt bằng",
    ]  # fmt: skip


def test_a_result_of_a_field_without_a_goal_is_not_lost(judged):
    paper = edition(judged, causes=[cause("result", "Được 9 giải.", 5)]).papers["vi"]
    assert "Được 9 giải." in paragraphs(paper)


@either
def test_every_number_of_the_office_s_words_leads_back_to_its_cell(full, lang):
    own = [
        number.key for number in numbers_in(texts_in(full.papers[lang])) if number.key.startswith("office.")
    ]
    assert len(own) >= 9
    for key in own:
        way = full.ways[key]
        row = cell_of(full.project.office, key)
        assert way.kind == "office"
        assert row is not None
        [page] = way.pages
        assert f"{page.title}:" in row["where"]
        assert page.published == row["published"]
        assert page.title in way_lines(way, lang)[-1]
    word = full.ways[f"{RESOLUTION}.13.schools_at_standard.committee"]
    assert (word.value, [page.title for page in word.pages]) == (
        "met",
        ["so_lieu.xlsx, trang Đánh giá, ô I7"],
    )
    assert "xác suất" not in " ".join(way_lines(word, "vi"))


@either
def test_no_number_is_unbound_with_a_workbook(full, lang):
    assert list(unbound_in(full.papers[lang])) == []


@given(st.text(max_size=60))
def test_any_text_is_quoted_whole_and_its_numbers_are_bound(text):
    row = {"text": text, "where": "so_lieu.xlsx, trang Nguyên nhân, ô C5:5"}
    said = quoted(row, "causes", "text")
    kept = [sign for sign in plain(said) if not sign.isspace()]
    asked = [
        sign for sign in without_marks(text) if sign.isprintable() and not sign.isspace() and sign != "\ufffd"
    ]
    assert len(kept) == len(asked)
    assert all(sign in (other, "□", "√", "•") for sign, other in zip(kept, asked, strict=True))
    check_letters([plain(said)])
    assert all(number.key.startswith("office.causes.5.text.") for number in numbers_in([said]))


@given(st.text(alphabet="§†[]3a \n", max_size=30))
def test_no_text_of_the_office_holds_a_mark_of_ours(text):
    row = {"text": text, "where": "so_lieu.xlsx, trang Nguyên nhân, ô C5:5"}
    for said in (plain(quoted(row, "causes", "text")), named(text, "vi")):
        assert not set(said) & set("§†[]")
        assert said.count("3") == text.count("3")
        assert ("mục" in said) == ("§" in text)


def cells(content: bytes) -> Iterator[Any]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        yield from (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_texts_of_the_office_are_printed_harmlessly_in_every_format(judged):
    causes = [cause("result", text, row, field="economy") for row, text in enumerate(HOSTILE, 5)]
    causes.append(cause("lesson", "dài 1 " * 1700 + "x" * 5000, 40))
    projects = [work(text, row, progress=text, note=text) for row, text in enumerate(HOSTILE, 5)]
    paper = edition(judged, causes=causes, projects=projects, by="=Văn phòng <i>1</i>").papers["vi"]
    own = (Paragraph, Heading)
    kept = [b for b in paper.blocks if isinstance(b, own) or (isinstance(b, Table) and b.name == "projects")]
    paper = replace(paper, blocks=tuple(kept))
    page = html_page(paper)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(" in page
    assert not re.search("[\u202a-\u202e\u200f\x00\x0b\x1b\ue000-\ue002]", page)
    with zipfile.ZipFile(io.BytesIO(word_file(paper, None))) as archive:
        body = archive.read("word/document.xml").decode()
    assert "&lt;script&gt;alert(" in body
    assert not re.search("[\u202e\x00\x0b\x1b\ue000]", body)
    assert pdf_file(paper).startswith(b"%PDF")
    found = list(cells(workbook(paper)))
    assert [cell.value for cell in found if cell.data_type == "f"] == []
    assert {cell.data_type for cell in found if cell.value in ("=1+1", "@SUM(A1)")} == {"s"}


# words and paces for all 48 ---------------------------------------------------------------------------------


def test_every_judged_target_has_its_own_and_the_needed_pace_beside_its_word(full):
    tables = [b for b in full.papers["vi"].blocks if isinstance(b, Table) and b.name.startswith("needed")]
    rows = [[plain(cell.text) for cell in row] for each in tables for row in each.rows]
    verdicts = full.results.verdicts
    mine = verdicts[~verdicts["status"].isin(["not_assessed"])]
    assert len(rows) == len(mine) == 53
    for row in rows:
        needed, own, word = row[-3:]
        assert re.search(r"(%|điểm phần trăm|[^\d]+)/năm|vượt mục tiêu", needed), row
        assert re.search(r"/năm \(20\d\d–2022\)$", own), row
        assert word


def test_shares_and_the_rating_have_plain_words_and_no_chance(full):
    annex, told = table(full.papers["vi"], "annex"), " ".join(paragraphs(full.papers["vi"]))
    assert "Chỉ so sánh" in row_of(annex, "Nông lâm nghiệp thủy sản")
    rating = row_of(annex, "Đảng bộ thị xã hoàn thành tốt nhiệm vụ")
    assert [text.replace(SIGN, "") for text in rating].count("đạt") == 2
    assert f"đạt{SIGN} (2020)" in rating
    assert "Năm 2022: đạt" in rating
    assert "kết quả xếp loại năm 2022 là đạt" in told.replace("Kết quả", "kết quả")
    assert "văn bản không nêu được chênh lệch bao nhiêu" in told
    assert any(line.startswith("Chỉ so sánh: văn bản không nêu") for line in lines(full.papers["vi"]))
    silent = full.results.verdicts[full.results.verdicts["status"] == "not_assessed"]
    assert len(silent) == 4
    assert silent["probability"].isna().all()
    assert texts("vi")["review"]["wanted"]["no"] not in told
    assert "Có 3 chỉ tiêu đã có số liệu nhưng chỉ so sánh" in told
    [asked] = [
        line for line in points(full.papers["vi"]) if line.startswith("Chi cục Thống kê khu vực: tỷ trọng")
    ]
    assert asked.count(";") == 2


def test_a_rating_below_the_goal_is_told_as_not_reached(tables, params):
    rating = f"{RESOLUTION}.25.party_committee_rating"
    said = office([figure("party_committee_rating", year, 0.0, "yes_no") for year in (2021, 2022)])
    alone = [target for target in tables.targets if target.id == rating]
    project = replace(load_project(tables.root, office=said), targets=alone)
    results = assess_targets(project, params.with_values(as_of="2023-06-30", n_paths=100))
    verdict = results.verdicts.set_index("id").loc[rating]
    assert (verdict["status"], verdict["latest"]) == ("not_assessed", 0)
    paper = edition((project, results)).papers["vi"]
    assert "Năm 2022: chưa đạt" in row_of(table(paper, "annex"), "Đảng bộ thị xã hoàn thành tốt nhiệm vụ")


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_paces_that_print_alike_are_no_shortcoming(own, needed):
    pace = {"own_pace": own, "pace": needed, "own_pace_unit": "percent_a_year", "pace_unit": "percent_a_year"}
    slower = own_is_slower(pd.Series(pace))
    assert not (slower and f"{own:.1f}" == f"{needed:.1f}" and round(own, 1) == round(needed, 1))
    assert not own_is_slower(pd.Series(pace | {"own_pace": needed}))
    if abs(own - needed) > 0.11:
        assert slower == (own < needed if needed > 0 else own > needed)


def test_known_ratings_and_shares_are_counted_apart_everywhere_and_no_figures_are_asked_for(full, sketched):
    paper = full.papers["vi"]
    own = texts("vi")["review_office"]["counts"]
    counts = {
        plain(row[0].text): [plain(cell.text) for cell in row[1:]] for row in table(paper, "counts").rows
    }
    assert counts[own["compared"]] == ["1", "4", "0"]
    assert counts[texts("vi")["review"]["counts"]["outlooks"]["ahead"]["not_assessed"]] == ["0", "0", "0"]
    assert any("44 chỉ tiêu đánh giá được; 4 chỉ tiêu chỉ so sánh" in line for line in paragraphs(paper))
    brief = compose_briefing(replace(full.project, office=full.project.office), full.results, lang="vi")
    told = " ".join(lines(brief))
    assert "Có 4 trong 57 chỉ tiêu chỉ được so sánh" in told
    asked = table(brief, "unknown")
    assert plain(asked.heads[0][1].text) == own["wanted"]
    assert [plain(cell.text) for cell in asked.rows[0]][1].count("mức chênh lệch được chấp nhận") == 3
    assert len(asked.rows) == 1
    for said in (told, " ".join(lines(paper)), " ".join(plain(describe_needs(full.results.verdicts, "vi")))):
        assert "xếp loại chưa" not in said
        assert "(kết quả xếp loại)" not in said


def test_a_year_with_hardly_any_goal_has_no_column(full):
    subjects = subjects_of(full.project, full.results, "vi")
    ends = [2023] * 30 + [2024, 2025]
    aims = [replace(subjects[0].lead, row=replace(subjects[0].lead.row, end=end)) for end in ends]
    subject = replace(subjects[0], aims=tuple(aims))
    columns = columns_of(full.results, [subject], Term(2021, 2025, 2023, ended=False))
    assert [column.year for column in columns if column.kind == "plan"] == [2023]
    assert all(column.year != 2024 for column in columns)


def test_a_share_is_never_called_slow(full):
    late = [line for line in points(full.papers["vi"]) if line.startswith("Nông lâm nghiệp thủy sản")]
    assert late == []


def test_beside_each_needed_pace_of_the_late_stands_the_own_one(full):
    late = [plain(line) for line in texts_in(shortcomings_part(full.project, full.results, "vi"))]
    needed = [line for line in late if re.search("cần|mức cần đạt", line) and "/năm" in line]
    assert len(needed) > 20
    assert all("thực tế" in line for line in needed)


@given(st.integers(0, 4), st.integers(-(10**7), 10**7))
def test_a_figure_of_the_office_is_printed_with_the_decimals_it_was_written_with(decimals, units):
    value = units / 10**decimals
    digits = len(str(abs(units)))
    row = {"source_url": "office:x", "unit": "ha", "statement": "", "digits": digits}
    told = figure_printed(value, "ha", "vi", written=written(row, 0)).removesuffix(" ha")
    assert float(told.replace(".", "").replace(",", ".").replace("−", "-")) == value
    if units:
        assert len(told.partition(",")[2]) == decimals


@pytest.mark.parametrize(
    ("value", "digits", "statement", "shown"),
    [(100 * 44 / 61, 12, "44/61", "44/61 (72,1%)"), (97.0, 3, "97,0", "97,0%"), (61.73918, 7, "", "61,74%")],
)
def test_fractions_and_noughts_are_printed_as_written_and_tails_of_arithmetic_are_not(
    value, digits, statement, shown
):
    row = {"source_url": "office:x", "unit": "percent", "statement": statement, "digits": digits}
    assert figure_printed(value, "percent", "vi", written=written(row, 1)) == shown


def test_no_unit_stands_behind_a_name_that_holds_it(full):
    assert not any("trên 1 vạn dân§" in line for line in lines(full.papers["vi"]))
    assert any("7,139§" in line for line in lines(full.papers["vi"]))


def test_a_field_of_many_targets_tells_each_in_a_line_under_its_word(bare):
    told = points(bare)
    [line] = [line for line in told if line.startswith("Tỷ lệ hộ gia đình") and "(2023): năm 2022" in line]
    assert re.fullmatch(
        r"Tỷ lệ hộ .+ \(2023\): năm 2022 là 95,06%.*§, thấp hơn 2,94 điểm phần trăm so với mục tiêu năm 2023 "
        r"\(98%\); thực tế 2,94 điểm phần trăm/năm \(2020–2022\), cần 2,94 điểm phần trăm/năm\.",
        line,
    )
    assert max(line.count(";") for line in paragraphs(bare)) <= 8
    assert not any("năm năm 2" in line for line in lines(bare))


def test_the_latest_figures_of_the_running_year_stand_beside_the_last_whole_year(tables, params):
    months = {"period": "2023-01/2023-06", "freq": "YTD", "kind": "estimate"}
    said = steady()
    news = [
        figure("tourism_revenue", 2023, 7200.0, "billion_vnd", id="office.list.E1",
               source_title="Phòng Văn hóa và Thông tin", source_url="office:Phòng Văn hóa", **months),
        figure("jobs_created", 2023, 700.0, "persons", id="office.list.E2", **months),
    ]  # fmt: skip
    said = replace(said, figures=pd.concat([said.figures, pd.DataFrame(news)], ignore_index=True))
    project = load_project(tables.root, office=said)
    results = assess_targets(project, params.with_values(as_of="2023-06-30", n_paths=100))
    made = edition((project, results))
    paper = made.papers["vi"]
    whole = " ".join(lines(paper))
    assert re.search(
        r"6 tháng năm 2023 ước đạt 7\.200 tỷ đồng[^;]*§ \(Phòng Văn hóa và Thông tin ước\)", whole
    )
    assert re.search(r"6 tháng năm 2023 ước đạt 700 người", whole)
    assert f"7.200{SIGN} (6 tháng; ước)" in row_of(table(paper, "annex"), "Doanh thu du lịch")
    assert list(unbound_in(paper)) == []


def test_no_goal_is_called_attained_by_the_forecast_and_unlikely(full):
    rows = target_rows(full.project, full.results, "vi")
    verdicts = full.results.verdicts.set_index("id")
    [*others, there] = conditions([row for row in rows if row.end == 2023], verdicts, "vi")
    named = there.partition(": ")[2].removesuffix(".").split("; ")
    for row in once(rows, verdicts):
        verdict = verdicts.loc[row.id]
        if row.end == 2023 and pd.notna(verdict["expected"]):
            assert (name_inside(row) in named) == (verdict["probability"] >= 0.5)
            assert not (name_inside(row) in named and row.outlook == "unlikely")
    apart = [line for line in map(plain, others) if "mức dự báo" in line]
    assert apart
    assert not any(re.search(r"khoảng 0(,0+)?( |%)", line) for line in apart)


# without a workbook -----------------------------------------------------------------------------------------


def test_the_annex_and_the_counts_are_the_same_with_a_workbook_that_judges_nothing(judged, bare, monkeypatch):
    monkeypatch.setattr("sapa_analysis.reporting.review.compose.pictures_of", lambda *_: [])
    project, results = judged
    before = compose_review(replace(project, office=None), results, lang="vi", form="party")
    assert table(bare, "annex") == table(before, "annex")
    assert table(bare, "counts") == table(before, "counts")
    assert [b.name for b in before.blocks if isinstance(b, Table) and b.name.startswith("needed")] == [
        "needed"
    ]
