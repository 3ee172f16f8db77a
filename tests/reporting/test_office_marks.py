"""Marks of the office's own figures: wherever one is printed it says so, and no public one does."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, replace

import docx
import matplotlib.pyplot as plt
import openpyxl
import pandas as pd
import pytest
from factories import one_point
from hypothesis import given
from hypothesis import strategies as st
from office import steady
from pypdf import PdfReader
from reporting.paper.sample import sample_paper

from sapa_analysis.core import LANGUAGES
from sapa_analysis.evidence import is_office
from sapa_analysis.pipeline import Project, Results, assess_targets, load_project
from sapa_analysis.reporting import (
    check_document,
    conflicts_table,
    describe_figures,
    describe_signs,
    judged_table,
    list_figures,
    plain,
    trace_number,
    unjudged_table,
)
from sapa_analysis.reporting.figures import plot_evidence, plot_forecast
from sapa_analysis.reporting.figures.small import plot_small
from sapa_analysis.reporting.lacking import WITHOUT_A_FIGURE, figures_asked
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.office import SIGN, notes, place_told, used_rows
from sapa_analysis.reporting.paper.html import html_page
from sapa_analysis.reporting.paper.model import Paper, Paragraph, Picture, Sources, Strip, Table, texts_in
from sapa_analysis.reporting.paper.pdf import pdf_file
from sapa_analysis.reporting.paper.sheet import workbook
from sapa_analysis.reporting.paper.sheet_cells import number_in
from sapa_analysis.reporting.paper.word import shipped_template, word_file
from sapa_analysis.reporting.papers import composed
from sapa_analysis.reporting.tagged_numbers import Number, parts, tag
from sapa_analysis.reporting.trace.kept import read_results, trace_lines
from sapa_analysis.reporting.trace.printed_lines import printed_lines
from sapa_analysis.reporting.trace.results_files import OWN, results_csv, results_json, results_rows
from sapa_analysis.reporting.trace.results_workbook import results_xlsx
from sapa_analysis.reporting.trace.way import Way

pytest_plugins = ["loaded"]
DAY = "2023-06-30"
STEMS = ("briefing-en", "review-vi", "period-vi")
CITING = STEMS[:2]
either = pytest.mark.parametrize("lang", LANGUAGES)
every = pytest.mark.parametrize("stem", STEMS)
#: What may stand between a figure and its sign: the mark of its source.
_SIGNED = re.compile(rf"^(?: \[\d+\])?{SIGN}")


@dataclass(frozen=True)
class Run:
    """A run with figures of an office: project, results, papers by name, and the ways of their numbers."""

    project: Project
    results: Results
    papers: dict[str, Paper]
    ways: dict[str, Way]


def _point(title, *_, **__):
    """Stand in for `figures.draw`, which takes most of the time of a paper."""
    return Picture(title, '<?xml version="1.0"?>\n<svg viewBox="0 0 1 1"></svg>', one_point())


@pytest.fixture(scope="module")
def run(tables, params):
    """Return a run with three steady years of the office for every indicator; pictures are points."""
    project = load_project(tables.root, office=steady()).as_of(DAY)
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("briefing", "review"):
            patch.setattr(f"sapa_analysis.reporting.{kind}.pictures.draw", _point)
        results = assess_targets(project, params.with_values(as_of=DAY, n_paths=100))
        made, ways = composed(project, results, STEMS)
    return Run(project, results, {paper.stem: paper for paper in made}, ways)


def followed(text):
    """Yield every number of a text with the words that follow it."""
    pieces = list(parts(text))
    for place, piece in enumerate(pieces):
        if isinstance(piece, Number):
            rest = (each if isinstance(each, str) else each.text for each in pieces[place + 1 :])
            yield piece, "".join(rest)


# the sign ------------------------------------------------------------------------------------------------------


@every
def test_every_figure_of_the_office_has_its_sign_and_no_public_one_has(run, stem):
    signed = public = 0
    for text in texts_in(run.papers[stem].blocks):
        for number, rest in followed(text):
            way = run.ways.get(number.key)
            if way is None or number.key.startswith("changes."):
                continue
            if way.kind == "own":
                assert _SIGNED.match(rest), (number, rest[:40], plain(text))
                signed += 1
            elif way.kind not in ("mark", "quoted"):
                assert not _SIGNED.match(rest), (number, plain(text))
                public += way.kind == "published"
    assert signed + public > 0
    assert signed > 10 or stem == "period-vi"


def test_without_figures_of_the_office_nothing_speaks_of_them(papers_of, results_of):
    papers, ways = papers_of(DAY)
    assert len(used_rows(results_of(DAY))) == 0
    for paper in papers.values():
        told = " ".join(map(plain, texts_in(paper)))
        for words in (SIGN, "của cơ quan cung cấp", "office's own", MARKS["vi"], MARKS["en"]):
            assert words not in told
    assert {way.kind for way in ways.values()}.isdisjoint({"own"})


@every
def test_how_many_figures_of_the_office_are_used_stands_once_before_the_first_heading(run, stem):
    blocks, used = run.papers[stem].blocks, len(used_rows(run.results))
    front = [
        block for block in blocks if isinstance(block, Paragraph) and "so_lieu.xlsx" in plain(block.text)
    ]
    assert len(front) == 1
    first = next(place for place, block in enumerate(blocks) if not isinstance(block, Paragraph))
    assert blocks.index(front[0]) < first
    for part in (f"{used} ", "15/6/2023", SIGN):
        assert part in plain(front[0].text)
    assert run.ways["own.used"].value == used == len(steady().figures)


@pytest.mark.parametrize("stem", CITING)
def test_a_table_with_the_sign_says_what_it_means(run, stem):
    lang, seen = stem[-2:], 0
    for block in run.papers[stem].blocks:
        if isinstance(block, Table) and block.name != "changes":
            signed = any(SIGN in cell.text for row in block.rows for cell in row)
            assert signed == any(notes([SIGN], lang)[0] in each for each in block.notes), block.name
            seen += signed
    assert seen > 0


@pytest.mark.parametrize("stem", CITING)
def test_the_office_is_the_first_source_with_file_sheet_and_no_address(run, stem):
    [listed] = [block for block in run.papers[stem].blocks if isinstance(block, Sources)]
    first, *others = listed.items
    assert first.url == ""
    assert not any("so_lieu" in plain(other.text) for other in others)
    words = texts(stem[-2:])["office"]
    for part in ("Số liệu của cơ quan", "so_lieu.xlsx", "F20, F21, F22", "15/6/2023", words["unpublished"]):
        assert part in plain(first.text)
    assert texts(stem[-2:])["cited"]["undated"] not in plain(first.text)


@every
def test_no_page_shows_the_address_of_what_has_none(run, stem):
    paper = run.papers[stem]
    address = steady().figures["source_url"].iloc[0]
    assert address not in " ".join(map(plain, texts_in(paper)))
    assert not any(address in line for lines in paper.ways.values() for line in lines)
    assert address not in html_page(paper)


@pytest.mark.parametrize("stem", CITING)
def test_no_sentence_says_that_a_figure_of_the_office_was_published(run, stem):
    seen = 0
    for block in run.papers[stem].blocks:
        for text in texts_in(block) if isinstance(block, Paragraph | Strip) else ():
            for sentence in re.split(r"(?<=\.) ", text):
                if SIGN in sentence:
                    seen += 1
                    told = re.sub("chưa công bố|not published", "", plain(sentence))
                    assert not re.search("công bố|publish", told, re.IGNORECASE), told
    assert seen > 3


# in a workbook, beside the papers ------------------------------------------------------------------------------


def test_a_figure_with_the_sign_is_a_number_for_excel_that_shows_it(run):
    text = tag("14,2", "grdp_growth.2022.published", 14.2, "percent") + SIGN
    shown = number_in(text, "vi")
    assert shown.value == 14.2
    assert SIGN in shown.format
    secret = number_in(text + SIGN, "vi")
    assert secret.value == 14.2
    assert 2 * SIGN in secret.format
    assert number_in(text + "*", "vi") is None
    book = openpyxl.load_workbook(io.BytesIO(workbook(run.papers["review-vi"])))
    cells = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if SIGN in cell.number_format
    ]
    assert len(cells) > 50
    assert all(isinstance(cell.value, int | float) for cell in cells)


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    """Return a folder with the review in Word and what lies beside it."""
    place, paper = tmp_path_factory.mktemp("office"), run.papers["review-vi"]
    about, printed = run.results.params.model_dump(mode="json"), {paper.stem: printed_lines(paper)}
    (place / "review-vi.docx").write_bytes(word_file(paper))
    (place / "results.json").write_text(results_json(run.ways, about, printed), encoding="utf-8")
    return place


@either
def test_the_way_back_leads_to_sheet_and_cell(folder, lang):
    told = "\n".join(trace_number("forest_cover.2021.published", folder, lang=lang))
    assert place_told(["so_lieu.xlsx, trang Số liệu, ô F21:21"], lang) in told
    assert texts(lang)["trace"]["kinds"]["own"] in told
    assert "office:" not in told
    assert trace_number(f"64,3%{SIGN}", folder, lang=lang) == trace_number("64,3%", folder, lang=lang)
    assert trace_number(f"64,3% [1]{SIGN}", folder, lang=lang) == trace_number("64,3%", folder, lang=lang)


def test_the_files_of_results_say_whose_a_figure_is_and_where_it_stands(run, folder):
    rows = {row["key"]: row for row in results_rows(run.ways)}
    row = rows["forest_cover.2021.published"]
    assert row["kind"] == "own"
    assert row["source"].endswith("so_lieu.xlsx, trang Số liệu, ô F21")
    assert {row["kind"] for row in rows.values()} >= {"own", "published"}
    assert "office:" not in results_csv(run.ways)
    content = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    own = {name for name, each in content["evidence"].items() if "where" in each}
    assert own == set(steady().figures["id"])
    assert read_results(folder).ways == run.ways
    book = openpyxl.load_workbook(io.BytesIO(results_xlsx(run.ways)))
    addresses = [str(cell.value) for cell in book["sources"]["F"]]
    assert OWN in addresses
    assert not any(map(is_office, addresses))


def test_a_word_file_with_two_numbers_changed_and_one_invented_has_exactly_these_told(folder, tmp_path):
    assert check_document(folder / "review-vi.docx", folder, lang="vi").unmatched == ()
    paper = docx.Document(folder / "review-vi.docx")
    cells = [cell for table in paper.tables for row in table.rows for cell in row.cells]
    assert _swap(paper.paragraphs, "64,3%", "64,8%")
    assert _swap([line for cell in cells for line in cell.paragraphs], f"62,31{SIGN}", f"62,91{SIGN}")
    paper.add_paragraph("Năm 2022, tỷ lệ che phủ rừng của thị xã đạt 71,37%.")
    paper.save(tmp_path / "mine.docx")
    told = check_document(tmp_path / "mine.docx", folder, lang="vi").unmatched
    assert sorted(each.text for each in told) == ["62,91", "64,8%", "71,37%"]
    stood = {each.text: each.stood for each in told}
    assert (stood["62,91"], stood["64,8%"]) == ("62,31", "64,3%")


def test_a_document_of_ones_own_may_hold_any_figure_of_the_office_that_the_run_used(run, folder, tmp_path):
    mine, paper = run.project.office.figures, docx.Document()
    rows = mine[(mine["indicator_id"] == "forest_cover") & (mine["period"] == "2021")]
    value = f"{rows['value'].item():.12g}".replace(".", ",")
    paper.add_paragraph(f"Năm 2021, tỷ lệ che phủ rừng của thị xã đạt {value}%, không phải 71,37%.")
    paper.save(tmp_path / "own.docx")
    checked = check_document(tmp_path / "own.docx", folder, lang="vi")
    assert [each.text for each in checked.unmatched] == ["71,37%"]
    assert checked.lines("vi")[-1] == texts("vi")["office"]["compared"]


@pytest.mark.parametrize("stem", STEMS)
def test_no_way_of_a_figure_of_the_office_says_that_it_was_published(run, stem):
    own = set(run.project.office.figures["id"])
    for way in run.ways.values():
        if way.key.startswith("changes.figures.office."):
            assert way.key.removeprefix("changes.figures.") in own
            assert way.kind == ("quoted" if way.unit == "quoted" else "own")
            assert trace_lines(way, stem[-2:])
        if way.kind == "published" and way.pages:
            assert not any(is_office(page.url) for page in way.pages), way.key
    assert {way.kind for way in run.ways.values() if way.key.endswith(".2022.published")} == {"own"}


def _swap(lines, old, new):
    """Write another text over the first run that holds one."""
    for line in lines:
        for piece in line.runs:
            if old in piece.text:
                piece.text = piece.text.replace(old, new, 1)
                return True
    return False


# words of notebooks and commands -------------------------------------------------------------------------------


@either
def test_lines_of_the_evidence_name_the_cell_and_no_address(run, lang):
    project = run.project
    lines = describe_figures(project, "forest_cover", "sa_pa", lang=lang)
    own = [line for line in lines if line.startswith("office.")]
    assert len(own) == 3
    assert all("so_lieu.xlsx" in line for line in own)
    assert f"; 3 {'là số liệu của cơ quan' if lang == 'vi' else 'of the statements'}" in lines[0]
    found = project.evidence[project.evidence["indicator_id"] == "forest_cover"]
    assert "office:" not in "\n".join([*lines, *list_figures(project, found, lang=lang)])


def test_conflicts_sign_the_ends_that_only_the_office_gives(run):
    known = {"indicator_id": "tourist_arrivals", "year": [2019] * 4, "value": [3.2e6, 3.5e6, 3.5e6, 2.4e6]}
    addresses = ["office:a", "office:b", "https://sapa.laocai.gov.vn", "office::c"]
    seen = pd.DataFrame(known).assign(source_url=addresses)
    observed = run.results.outcomes["tourist_arrivals"].observed
    observed = replace(observed, observations=seen)
    row = {"year": 2019, "used": 3.1e6, "n_statements": 2, "difference": 9.4, "difference_unit": "percent"}
    concept = run.project.indicators.loc["tourist_arrivals"]
    table = pd.DataFrame([row | {"lowest": low, "highest": 3.5e6} for low in (3.2e6, 2.4e6)])
    shown = conflicts_table(table, concept, observed=observed, lang="vi")
    heads = texts("vi")["evidence"]["columns"]
    assert [re.search("§*$", each)[0] for each in shown[heads["lowest"]]] == ["§", "§§"]
    assert "§" not in "".join([*shown[heads["highest"]], *shown[heads["used"]]])
    assert "§" not in "".join(map(str, conflicts_table(table, concept, lang="vi").to_numpy().ravel()))


@either
def test_the_page_of_targets_names_the_office_in_place_of_a_site(run, lang):
    table = plain(judged_table(run.project, run.results, lang=lang))
    latest = table[texts(lang)["table"]["latest"]]
    assert latest.str.contains("Số liệu của cơ quan").sum() > 30
    assert not latest.str.contains("office:").any()
    assert notes([SIGN], lang)[0] in describe_signs(table, lang=lang)


def test_new_figures_of_the_office_are_told_as_its_own(run):
    told = " ".join(plain(text) for text in texts_in(run.papers["briefing-en"].blocks))
    assert texts("en")["office"]["by_figures"].split("{")[0] in told
    assert "published 15/6/2023" not in told
    table = next(block for block in run.papers["review-vi"].blocks if getattr(block, "name", "") == "changes")
    cells = [plain(cell.text) for row in table.rows for cell in row if "15/6/2023" in cell.text]
    assert len(cells) > 5
    assert all("số liệu của cơ quan, 15/6/2023" in cell for cell in cells)


# pictures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "own"), [("vi", True), ("en", True), ("vi", False)])
def test_pictures_frame_figures_of_the_office_and_name_the_frame_only_where_there_is_one(
    run, results_of, lang, own
):
    results = run.results if own else results_of(DAY)
    outcome, concept = results.outcomes["forest_cover"], run.project.indicators.loc["forest_cover"]
    goals = [goal for goal in results.targets if goal.indicator_id == "forest_cover"]
    name = texts(lang)["office"]["names"]
    drawn = [
        plot_evidence(outcome.observed, concept, lang=lang),
        plot_forecast(outcome, goals, concept, lang=lang),
    ]
    for ax in drawn:
        labels = [text.get_text() for text in ax.get_legend().get_texts()] if ax.get_legend() else []
        assert labels.count(name) == own
        assert (name in ax.texts[-1].get_text()) == own
    for ax in (*drawn, plot_small(outcome, goals, concept, lang=lang)):
        assert framed(ax) == (3 if own else 0)
        plt.close(ax.figure)


def framed(ax):
    """Return how many marks have a frame: an open square larger than any mark inside it."""
    lines = [line for line in ax.lines if line.get_marker() == "s" and line.get_markerfacecolor() == "none"]
    return sum(len(line.get_xdata()) for line in lines)


# what is lacking -----------------------------------------------------------------------------------------------


@given(
    unit=st.sampled_from(["", "Hạt Kiểm lâm", "Chi cục Thống kê khu vực"]),
    reason=st.sampled_from(WITHOUT_A_FIGURE),
)
def test_a_target_without_a_figure_asks_its_unit_or_else_the_department(unit, reason):
    told = figures_asked(reason, unit, "vi")
    assert told.endswith(f"đề nghị {unit or 'cơ quan chuyên môn'} cung cấp")
    assert told.startswith("chưa có ")
    assert figures_asked(reason, unit, "en").startswith("no ")


def test_the_words_for_a_target_without_a_figure_are_those_of_the_office(tables, results_of):
    assert (
        figures_asked("no_evidence", "Hạt Kiểm lâm", "vi") == "chưa có số liệu; đề nghị Hạt Kiểm lâm cung cấp"
    )
    results = results_of(DAY)
    shown = plain(unjudged_table(tables, results, lang="vi"))
    assert (shown.iloc[0, 0], shown.iloc[:, -1].all()) == ("Chưa có số liệu", True)


# internal papers -----------------------------------------------------------------------------------------------

MARKS = {"vi": "NỘI BỘ - KHÔNG PHỔ BIẾN", "en": "INTERNAL - NOT FOR CIRCULATION"}


def house(kind="review", form="plain", lang="vi"):
    """Return a sample paper and its like that must stay in the house."""
    paper = replace(sample_paper(kind, form), lang=lang)
    return paper, replace(paper, internal=True)


@pytest.mark.parametrize(("kind", "lang"), [("review", "vi"), ("briefing", "en")])
def test_an_internal_paper_says_so_on_every_page_of_its_pdf(kind, lang):
    public, internal = (PdfReader(io.BytesIO(pdf_file(paper))) for paper in house(kind, lang=lang))
    assert all(MARKS[lang] in page.extract_text() for page in internal.pages)
    assert not any(MARKS[lang] in page.extract_text() for page in public.pages)
    assert len(internal.pages) == len(public.pages)
    assert MARKS[lang] not in str(internal.metadata)
    assert internal.metadata.title == public.metadata.title


@pytest.mark.parametrize(("kind", "form"), [("review", "plain"), ("review", "party"), ("briefing", "plain")])
def test_an_internal_paper_says_so_in_every_header_of_its_word_file(kind, form):
    public, internal = (docx.Document(io.BytesIO(word_file(paper))) for paper in house(kind, form))
    assert not any(MARKS["vi"] in text for text in headers(public))
    assert headers(internal)
    assert all(text.startswith(MARKS["vi"]) for text in headers(internal))
    assert internal.core_properties.title == public.core_properties.title
    if form == "party":
        assert internal.sections[0].different_first_page_header_footer
        assert any("PAGE" in part._element.xml for part in shown_headers(internal))


def shown_headers(document):
    """Return the headers that the pages of a document show, whichever section they come from."""
    found = []
    for section in document.sections:
        found.append(section.header)
        if section.different_first_page_header_footer:
            found.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            found.append(section.even_page_header)
    return found


def headers(document):
    return ["\n".join(line.text for line in header.paragraphs) for header in shown_headers(document)]


def test_a_template_of_the_office_with_headers_of_its_own_bears_the_mark_on_even_pages_too():
    own = docx.Document(io.BytesIO(shipped_template("plain")))
    own.settings.odd_and_even_pages_header_footer = True
    own.sections[0].header.paragraphs[0].text = "VĂN PHÒNG THỊ ỦY"
    own.sections[0].even_page_header.paragraphs[0].text = "trang chẵn"
    made = io.BytesIO()
    own.save(made)
    written = docx.Document(io.BytesIO(word_file(house()[1], made.getvalue())))
    told = headers(written)
    assert all(text.startswith(MARKS["vi"]) for text in told)
    assert any("VĂN PHÒNG THỊ ỦY" in text for text in told)
    assert any("trang chẵn" in text for text in told)


@either
def test_an_internal_paper_says_so_on_its_page_on_screen_and_in_print(lang):
    public, internal = map(html_page, house(lang=lang))
    assert internal.count(f'<p class="internal">{MARKS[lang]}</p>') == 1
    assert "@top-center" in internal
    for words in ("@top-center", MARKS[lang], 'class="internal"'):
        assert words not in public
    assert f"<title>{MARKS[lang]}" not in internal


@either
def test_an_internal_paper_says_so_on_every_sheet_of_its_workbook(lang):
    public, internal = (openpyxl.load_workbook(io.BytesIO(workbook(paper))) for paper in house(lang=lang))
    assert internal.sheetnames == public.sheetnames
    for sheet in internal:
        assert MARKS[lang] in sheet.oddHeader.center.text
        assert MARKS[lang] in str(sheet["A1"].value)
    for sheet in public:
        assert not sheet.oddHeader.center.text
        assert MARKS[lang] not in str(sheet["A1"].value)
    assert internal.properties.title == public.properties.title
