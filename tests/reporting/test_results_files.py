"""Files beside the papers: every number once, for tables, for programs and for Excel."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest

from sapa_analysis.core import PAPERS, SapaError
from sapa_analysis.reporting.trace.kept import Kept
from sapa_analysis.reporting.trace.lines import way_lines
from sapa_analysis.reporting.trace.merged import kept_with
from sapa_analysis.reporting.trace.printed_lines import printed_lines
from sapa_analysis.reporting.trace.results_files import (
    COLUMNS,
    printed_from,
    results_csv,
    results_json,
    results_rows,
    rounding_told,
    ways_from,
)
from sapa_analysis.reporting.trace.results_workbook import results_xlsx
from sapa_analysis.reporting.trace.way import Page, Place, Rounding, Way

pytest_plugins = ["loaded"]
DAY = "2023-06-30"
EVIL = ("=HYPERLINK(A1)", "+cmd|calc", "-2+3+cmd", "@SUM(A1)", "\tx")


@pytest.fixture(scope="module")
def ways(papers_of):
    return papers_of(DAY)[1]


@pytest.fixture(scope="module")
def content(ways, params):
    return results_json(ways, params.model_dump(mode="json"))


@pytest.fixture(scope="module")
def book(ways):
    return openpyxl.load_workbook(io.BytesIO(results_xlsx(ways)))


def way_of(text, title="Trang"):
    page = Page(title, "https://a.vn", "2023-01", "yes", (("briefing", 1),))
    return Way("mine.n", 3.5, "percent", "published", {"vi": (text,)}, ("briefing-vi",), Rounding("as_printed"),
               Place("evidence", "mine"), pages=(page,))  # fmt: skip


def test_the_table_has_one_row_a_key_with_its_page_and_begins_with_a_mark_for_excel(ways):
    written = results_csv(ways)
    assert written.encode().startswith(
        b"\xef\xbb\xbfkey,value,unit,text_vi,text_en,kind,rounding,source,papers\n"
    )
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert [row["key"] for row in rows] == sorted(ways) == list(ways)
    assert tuple(rows[0]) == COLUMNS
    for row, way in zip(rows, ways.values(), strict=True):
        assert row["papers"].split("; ") == list(way.papers)
        assert all(page.title in row["source"] and page.url in row["source"] for page in way.pages)
        if isinstance(way.value, float) and way.value == way.value:
            assert float(row["value"]) == way.value


def test_a_program_reads_every_way_back_as_it_was(ways, content, params):
    read = json.loads(content)
    assert read["about"] == params.model_dump(mode="json")
    assert read["papers"] == sorted(PAPERS)
    back = ways_from(read)
    assert list(back) == list(ways)
    for key, way in ways.items():
        assert back[key].evidence == way.evidence
        assert [way_lines(back[key], lang) for lang in ("vi", "en")] == [
            way_lines(way, lang) for lang in ("vi", "en")
        ]
    assert results_json(back, read["about"]) == content


def test_a_workbook_holds_numbers_as_numbers_and_every_page(ways, book):
    assert book.sheetnames == ["numbers", "sources"]
    rows = list(book["numbers"].iter_rows(values_only=True))
    assert rows[0] == COLUMNS
    assert len(rows) == len(ways) + 1
    for row, way in zip(rows[1:], ways.values(), strict=True):
        assert row[0] == way.key
        assert type(row[1]) is type(way.value) or row[1] == way.value or way.value != way.value
    named = {(row[2], row[5] or "") for row in book["sources"].iter_rows(min_row=2, values_only=True)}
    assert named == {(page.title, page.url) for way in ways.values() for page in way.pages}


def test_the_same_results_give_the_same_bytes_without_a_clock(ways):
    assert results_xlsx(ways) == results_xlsx(ways)
    made = openpyxl.load_workbook(io.BytesIO(results_xlsx(ways))).properties
    assert made.created.year == made.modified.year == 1980


@pytest.mark.parametrize("evil", EVIL)
def test_text_that_a_spreadsheet_would_compute_stays_text(evil):
    way = replace(way_of(evil, evil), about={"vi": evil})
    sheet = openpyxl.load_workbook(io.BytesIO(results_xlsx({way.key: way})))
    cell, title = sheet["numbers"]["D2"], sheet["sources"]["C2"]
    assert (cell.data_type, cell.quotePrefix, cell.value) == ("s", True, evil)
    assert (title.data_type, title.quotePrefix) == ("s", True)
    [row] = csv.DictReader(io.StringIO(results_csv({way.key: way}).removeprefix("\ufeff")))
    assert row["text_vi"] == f"'{evil}" or evil[1].isdigit()
    assert row["source"].startswith("'") or evil[1].isdigit()


def test_a_sign_before_a_number_stays_a_number_in_the_table():
    [row] = csv.DictReader(io.StringIO(results_csv({"a": way_of("+0,4%")}).removeprefix("\ufeff")))
    assert row["text_vi"] == "+0,4%"


def test_every_text_of_a_key_is_kept_and_what_is_unknown_is_blank():
    way = replace(way_of("2,7"), texts={"vi": ("2,7", "2,7 triệu lượt")}, value=float("nan"), pages=())
    [row] = results_rows({way.key: way})
    assert (row["text_vi"], row["text_en"], row["value"], row["source"]) == (
        "2,7 | 2,7 triệu lượt",
        "",
        None,
        "",
    )


def test_roundings_are_told_in_words():
    told = [
        rounding_told(each) for each in (Rounding("as_printed"), Rounding("five_points"), Rounding("exact"))
    ]
    assert told == ["as printed", "in steps of five points", "exact"]
    assert rounding_told(Rounding("to", 100.0, "billion_vnd")) == "to 100 billion vnd"


# papers that stay in the folder ---------------------------------------------------------------------------


@pytest.fixture
def run(papers_of, params, tmp_path):
    """Return the run with all papers, a part of it, and a folder in which all of them lie."""
    papers, ways = papers_of(DAY)
    printed = {stem: printed_lines(paper) for stem, paper in papers.items()}
    everything = Kept(params.model_dump(mode="json"), ways, printed)
    for stem in printed:
        (tmp_path / f"{stem}.docx").write_bytes(b"")
    (tmp_path / "results.json").write_text(written(everything), encoding="utf-8")
    mine = {
        key: replace(way, papers=("review-vi",)) for key, way in ways.items() if "review-vi" in way.papers
    }
    mine = {key: replace(way, texts={"vi": way.texts["vi"]}) for key, way in mine.items()}
    return everything, Kept(everything.about, mine, {"review-vi": printed["review-vi"]}), tmp_path


def written(kept):
    return results_json(kept.ways, kept.about, kept.printed)


def test_papers_that_stay_keep_their_ways_when_others_are_written_again(run):
    everything, part, folder = run
    assert written(kept_with(folder, part, ["review-vi.docx"])) == written(everything)


def test_of_papers_that_are_gone_nothing_is_kept(run):
    _, part, folder = run
    for file in folder.glob("*.docx"):
        file.unlink()
    assert kept_with(folder, part, ["review-vi.docx"]) is part


def test_papers_of_another_run_or_of_other_figures_are_not_mixed(run):
    everything, part, folder = run
    key = next(key for key, way in everything.ways.items() if {"briefing-vi", "review-vi"} <= set(way.papers))
    moved = part.ways | {key: replace(part.ways[key], value=-12345)}
    for other in (replace(part, about={"as_of": "2020-01-01"}), replace(part, ways=moved)):
        with pytest.raises(SapaError, match=r"briefing-en\.docx, briefing-vi\.docx.* of another run") as told:
            kept_with(folder, other, ["review-vi.docx"])
        assert str(folder) in str(told.value)
        assert "của một lần tính khác" in told.value.in_language("vi")
        names = [path.name for path in folder.glob("*.docx")]
        assert kept_with(folder, other, names) is other


def test_what_a_paper_prints_is_read_as_it_was(run):
    everything, _, _ = run
    assert printed_from(json.loads(written(everything))) == everything.printed
