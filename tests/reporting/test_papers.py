"""The papers of a run: every kind and language, every format, and every number known by its key."""

from __future__ import annotations

import csv
import errno
import io
import json
import re
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from sapa_analysis import assess_targets, write_papers
from sapa_analysis.core import FORMATS, PAPERS, USUAL_PAPERS
from sapa_analysis.core.errors import OutputError, SapaError
from sapa_analysis.core.likelihood import OPEN, OUTLOOKS
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.period import last_day
from sapa_analysis.pipeline import known_targets, pages_used
from sapa_analysis.pipeline.known import find_successors, successor_figures
from sapa_analysis.reporting.figures import plot_forecast
from sapa_analysis.reporting.figures.style import draw
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.paper.html import html_page
from sapa_analysis.reporting.paper.model import Sources, Table, texts_in
from sapa_analysis.reporting.papers import briefing_folder, composed
from sapa_analysis.reporting.tagged_numbers import numbers_in, plain, tag
from sapa_analysis.reporting.trace.ways import ways_of
from sapa_analysis.verdicts import group_verdicts

pytest_plugins = ["loaded"]
each_paper = pytest.mark.parametrize("stem", PAPERS)
EDITIONS = ["2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31"]
#: Of which all papers are made: before a deadline, after one, after the end of the town.
MADE = ["2023-06-30", "2024-01-15", "2026-01-31"]
TABLES = {"results.csv", "results.json", "results.xlsx"}
FILES = {
    f"{stem}.{name}" for stem in USUAL_PAPERS for name in FORMATS if name != "xlsx" or "review" in stem
} | TABLES
PRIVATE = re.compile("[\ue000-\uf8ff]")
MARKS = re.compile("[\ue000-\ue002]")
HOSTILE = "</style></title></h1><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


def words_of(docx: bytes, *, part: str = ".xml") -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(part))


@pytest.fixture(scope="module")
def written(tables, results, tmp_path_factory) -> dict[str, bytes]:
    """Return the files of the baseline by name, with its pictures."""
    folder = tmp_path_factory.mktemp("papers")
    return {path.name: path.read_bytes() for path in write_papers(tables, results, folder)}


# what is written ------------------------------------------------------------------------------------------


def test_a_briefing_in_both_languages_and_a_review_in_every_format_and_their_numbers(written):
    assert set(written) == FILES


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"form": "party", "papers": ["briefing-vi"]}, 'the form "party" is that of the Vietnamese review'),
        ({"formats": ["xlsx"], "papers": ["briefing-vi"]}, "a workbook is made of the table of a review"),
        ({"template": "nowhere.docx"}, "nowhere.docx cannot be read"),
        ({"template": "README.md"}, "README.md: the template is no Word file"),
        ({"papers": ["briefing-fr"]}, '"briefing-fr" is unknown'),
        ({"papers": ""}, "papers: names nothing"),
        ({"formats": "pdf, odt", "papers": "review"}, r"has 2 problems(?s:.*)formats: \"odt\" is unknown"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused_before_anything_is_made(tables, results, tmp_path, asked, told):
    with pytest.raises(SapaError, match=told):
        write_papers(tables, results, tmp_path / "out", **asked)
    assert not (tmp_path / "out").exists()


def test_every_key_of_a_paper_is_a_row_of_the_results_with_that_very_text(written, papers):
    rows = {
        row["key"]: row for row in csv.DictReader(io.StringIO(written["results.csv"].decode("utf-8-sig")))
    }
    for stem in USUAL_PAPERS:
        kind, lang = stem.split("-")
        numbers = numbers_in(texts_in(papers[stem]))
        assert len(numbers) > 100
        for number in numbers:
            row = rows.get(number.key) or rows[f"{kind}/{number.key}"]
            assert number.text.strip() in row[f"text_{lang}"]


def test_no_mark_is_left_in_any_file(written):
    for name, content in written.items():
        if name.endswith((".docx", ".xlsx")):
            assert not MARKS.search(words_of(content)), name
        elif not name.endswith(".pdf"):
            assert not PRIVATE.search(content.decode()), name


def test_all_texts_are_of_composed_letters(written):
    for name, content in written.items():
        if not name.endswith(".pdf"):
            text = words_of(content) if name.endswith(("docx", "xlsx")) else content.decode()
            assert unicodedata.is_normalized("NFC", text), name


def test_the_json_says_what_the_run_was(written, params):
    assert json.loads(written["results.json"])["about"] == params.model_dump(mode="json")


@pytest.mark.parametrize("changed", [{"value": 26}, {"unit": "groups"}], ids=str)
def test_one_key_never_stands_for_two_numbers(tables, results, papers, changed):
    number = {"text": "25", "key": "resolution-2023.groups", "value": 25, "unit": "count"} | changed
    conflict = replace(papers["briefing-en"], title=tag(**number))
    with pytest.raises(SapaError, match=r"resolution-2023\.groups"):
        ways_of(tables, results, [papers["briefing-vi"], conflict])


@pytest.mark.parametrize("kind", ["briefing", "review"])
def test_both_languages_tell_the_same_numbers(papers, kind):
    vi, en = (
        {
            (number.key, number.value, number.unit)
            for number in numbers_in(texts_in(papers[f"{kind}-{lang}"]))
            if number.unit != "quoted" and not number.key.startswith("text.")  # told where it is not quoted
        }
        for lang in LANGUAGES
    )
    assert vi == en


@each_paper
def test_the_first_look_counts_every_group_and_goal(papers, results, stem):
    values = {number.key: number.value for number in numbers_in(texts_in(papers[stem]))}
    for name, n in group_verdicts(results.verdicts)["document"].value_counts().items():
        counts = [values.get(f"{name}.groups.{outlook}", 0) for outlook in OUTLOOKS]
        if stem.startswith("briefing"):
            assert sum(counts) == values[f"{name}.groups"] == n


@each_paper
def test_only_pages_that_may_be_cited_are_linked(papers, results, stem):
    pages = pages_used(results)
    refused = set(pages.loc[pages["cite_ok"] == "no", "source_url"]) - {""}
    allowed = set(pages.loc[pages["cite_ok"] == "yes", "source_url"])
    linked = {each.url for block in papers[stem].blocks if isinstance(block, Sources) for each in block.items}
    assert linked or stem.startswith("period")
    assert not linked & (refused - allowed)


@pytest.mark.usefixtures("sketched")
def test_text_from_the_data_is_text_in_every_paper(visits, few):
    hostile = visits.indicators.copy()
    hostile.loc["tourist_arrivals", ["name_vi", "name_en"]] = HOSTILE
    project = replace(visits, indicators=hostile)
    made, _ = composed(project, assess_targets(project, few), ["briefing-vi", "review-en"])
    for paper in made:
        page = html_page(paper)
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# files ----------------------------------------------------------------------------------------------------


def test_the_same_results_give_the_same_bytes(tables, results, written, tmp_path):
    again = write_papers(tables, results, tmp_path)
    assert {path.name: path.read_bytes() for path in again} == written


def test_the_same_picture_is_the_same_bytes_in_every_form(tables, params, outcomes):
    subject = "tourist_arrivals"
    targets, concept = known_targets(tables, params, subject), tables.indicators.loc[subject]
    one, other = (draw("x", plot_forecast, outcomes[subject], targets, concept) for _ in range(2))
    assert one == other
    assert not plt.get_fignums()


@pytest.mark.usefixtures("sketched")
def test_below_a_file_nothing_is_written_and_that_is_one_clear_error(tables, results, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written") as caught:
        write_papers(tables, results, tmp_path / "file" / "below", papers=["briefing-en"], formats=["html"])
    assert "\n" not in str(caught.value)
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


@pytest.mark.usefixtures("sketched")
@pytest.mark.parametrize("before", [False, True], ids=["new folder", "earlier edition"])
def test_on_a_full_disk_all_files_stay_as_they_were(tables, results, tmp_path, monkeypatch, before):
    out, names = tmp_path / "out", {"briefing-en.html", *TABLES}
    if before:
        out.mkdir()
        for name in names:
            (out / name).write_text("earlier")
    write, calls = Path.write_bytes, iter(range(1, 100))

    def fill_up(path: Path, content: bytes) -> int:
        if next(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(OutputError, match="No space left on device"):
        write_papers(tables, results, out, papers=["briefing-en"], formats=["html"])
    assert next(calls) == 4  # the third file was reached
    kept = {path.name: path.read_text() for path in out.iterdir()} if out.exists() else {}
    assert kept == (dict.fromkeys(names, "earlier") if before else {})
    assert out.exists() == before


def test_every_set_of_parameters_has_a_folder_of_its_own(tables, params):
    changes = [
        {},
        {"as_of": "2024-01-15"},
        {"area": "sa_pa_ward"},
        {"seed": 1},
        {"horizon": 4},
        {"seed": 1, "horizon": 4},
        {"as_of": "2024-01-15", "seed": 1},
        {"documents": ["congress-2020"]},
    ]
    folders = [briefing_folder(tables.root, params.with_values(**values)) for values in changes]
    assert len(set(folders)) == len(changes)
    assert folders[0] == tables.root / "build/briefing/sa_pa-2023-06-30"
    assert folders == [briefing_folder(tables.root, params.with_values(**values)) for values in changes]


def test_a_folder_that_is_named_is_taken_from_the_root(tables, params, tmp_path):
    assert briefing_folder(tables.root, params, "build/x") == tables.root / "build/x"
    assert briefing_folder(tables.root, params, str(tmp_path)) == tmp_path


# editions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", MADE)
def test_every_edition_can_be_made_and_tells_the_boundary_only_where_it_has_changed(tables, papers_of, day):
    changed = str(last_day(tables.areas.loc["sa_pa", "valid_to"])) < day
    papers, ways = papers_of(day)
    assert ways
    for lang in LANGUAGES:
        told = " ".join(plain(list(texts_in(papers[f"briefing-{lang}"]))))
        successors = list(find_successors(tables, "sa_pa")[f"name_{lang}"])
        assert all(name in told for name in successors) == changed
        ended = texts(lang)["boundary"]["ended"].partition("{")[0]
        assert ended.strip() in told or not changed


def test_the_boundary_changed_before_the_last_edition_only(tables):
    ended = str(last_day(tables.areas.loc["sa_pa", "valid_to"]))
    assert [day for day in EDITIONS if day > ended] == ["2026-01-31"]


def test_figures_of_successors_stand_apart_in_2026_and_never_before(tables, params):
    shown = {
        day: set(
            successor_figures(tables, params.with_values(as_of=day), list(tables.indicators.index))["area"]
        )
        for day in EDITIONS
    }
    assert shown["2026-01-31"] <= set(find_successors(tables, "sa_pa").index)
    assert shown["2026-01-31"]
    assert [shown[day] for day in EDITIONS[:4]] == [set()] * 4


def test_without_a_bridge_a_figure_of_a_successor_moves_no_verdict(tables, params):
    late = params.with_values(as_of="2026-01-31", n_paths=100, bridges=[])
    ours = tables.evidence[~tables.evidence["area"].isin(["sa_pa", "lao_cai", "viet_nam"])].index
    without = assess_targets(replace(tables, evidence=tables.evidence.drop(index=ours)), late)
    with_them = assess_targets(tables, late)
    assert with_them.verdicts.equals(without.verdicts)


@pytest.mark.usefixtures("sketched")
def test_an_area_without_targets_has_papers_that_say_so(tables, params):
    bare = replace(tables, targets=[])
    results = assess_targets(bare, params.with_values(area="sa_pa_ward", as_of="2026-01-31", n_paths=100))
    assert results.verdicts.empty
    made, _ = composed(bare, results, PAPERS)
    for paper in made:
        assert not [block for block in paper.blocks if isinstance(block, Table) and not block.rows]
        if paper.kind == "review":
            assert texts(paper.lang)["verdicts"]["no_target"] in list(texts_in(paper))


@pytest.mark.usefixtures("sketched")
def test_where_every_target_is_judged_nothing_is_said_to_be_wanted(tables, results):
    judged = results.verdicts[~results.verdicts["status"].isin(OPEN)]
    assert len(judged)
    made, _ = composed(tables, replace(results, verdicts=judged), ["briefing-vi", "review-en"])
    named = {block.name for paper in made for block in paper.blocks if isinstance(block, Table)}
    assert {"matters", "annex"} <= named
    assert not named & {"unknown", "wanted"}


# languages ------------------------------------------------------------------------------------------------

ENGLISH = re.compile(
    r"(?i)\b(the|of|and|with|from|is|are|was|were|not|forecast|targets?|goals?|figures?|years?)\b"
)
VIETNAMESE = re.compile(r"(?i)\b(và|của|các|không|được|theo|chỉ tiêu|chưa|số liệu|mục tiêu|năm|tại|từ|đến)\b")
#: Words that decisions, the glossary and the issue of papers keep out of them.
BANNED = {
    "vi": re.compile(
        r"(?i)trung vị|điểm brier|kiểm nghiệm trên số liệu quá khứ|biến động lớn mới|data/|\.py\b|\.csv\b"
    ),
    "en": re.compile(r"(?i)\bmedians?\b|\bbrier\b|back-?test|\bdata/|\.py\b|\.csv\b"),
}


@pytest.mark.parametrize("day", ["2023-06-30", "2026-01-31"])
@each_paper
def test_each_paper_speaks_one_language_and_says_no_word_of_the_workshop(papers_of, stem, day):
    """Titles of other people's pages stay in their own language."""
    paper = papers_of(day)[0][stem]
    blocks = [block for block in paper.blocks if not isinstance(block, Sources)]
    told = plain([paper.title, paper.subtitle, paper.cut_off, *texts_in(blocks)])
    foreign = ENGLISH if paper.lang == "vi" else VIETNAMESE
    assert [text for text in told if foreign.search(text)] == []
    assert [text for text in told if BANNED[paper.lang].search(text)] == []
