"""The briefing: one set of contents, two languages, two forms, and every number known by its key."""

from __future__ import annotations

import csv
import errno
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
from factories import one_point
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sapa_analysis import assess_targets, write_briefing
from sapa_analysis.core.errors import OutputError, SapaError
from sapa_analysis.core.likelihood import OUTLOOKS
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.period import last_day
from sapa_analysis.evaluation import track_record, track_scores
from sapa_analysis.pipeline import known_targets
from sapa_analysis.pipeline.assess import Results, pages_used
from sapa_analysis.pipeline.known import find_successors, successor_figures
from sapa_analysis.reporting.briefing.contents import compose
from sapa_analysis.reporting.briefing.numbers import rows_of
from sapa_analysis.reporting.briefing.page import page
from sapa_analysis.reporting.briefing.parts import Contents, texts_in
from sapa_analysis.reporting.briefing.word import document
from sapa_analysis.reporting.briefing.write import briefing_folder
from sapa_analysis.reporting.figures import as_svg, plot_forecast
from sapa_analysis.reporting.figures.style import draw
from sapa_analysis.reporting.language import indicator_name, texts
from sapa_analysis.reporting.paper.model import Picture
from sapa_analysis.reporting.tagged_numbers import numbers_in, plain, tag
from sapa_analysis.verdicts import group_verdicts

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
EDITIONS = ["2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31"]
FILES = {f"briefing-{lang}.{form}" for lang in LANGUAGES for form in ("html", "docx")} | {
    "results.csv",
    "results.json",
}
PRIVATE = re.compile("[\ue000-\uf8ff]")
MARKS = re.compile("[\ue000-\ue002]")
#: What may be a number without a key: days, months and years.
DATES = re.compile(
    r"\b\d{1,2}/(?:\d{1,2}/)?(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b"
    r"|\b(?:19|20)\d\d\b"
)
VOID = {"meta", "br", "hr", "img", "link", "input", "base", "embed", "source"}
HOSTILE = "</style></title></h1><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, keyed numbers, and all other visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: list[tuple[str, str, str]] = []
        self.loose: list[str] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append((tag, dict(attrs)))
        if tag == "data":
            self.numbers.append((str(dict(attrs)["data-key"]), str(dict(attrs)["value"]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self._open}
        group = any(tag == "th" and attributes.get("scope") == "rowgroup" for tag, attributes in self._open)
        if "data" in inside:
            key, value, text = self.numbers[-1]
            self.numbers[-1] = (key, value, text + data)
        elif not inside & {"svg", "style"} and not group:
            self.loose.append(data)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def texts_changed(part: Any, change: Callable[[str], str]) -> Any:
    """Return contents with every text but language and addresses changed."""
    if isinstance(part, str):
        return change(part)
    if isinstance(part, list | tuple):
        return type(part)(texts_changed(item, change) for item in part)
    if is_dataclass(part) and not isinstance(part, Picture | type):
        kept = ("lang", "url", "outlook")
        changed = {
            field.name: texts_changed(getattr(part, field.name), change)
            for field in fields(part)
            if field.name not in kept
        }
        return replace(part, **changed)
    return part


def words_of(docx: bytes, *, part: str = ".xml") -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(part))


def drawn_for_the_page(title: str, plot: Callable[..., Axes | Figure], *args: Any, **options: Any) -> Picture:
    """Stand in for `draw`: the picture of the page in earnest, that of the Word file a point."""
    figure = plot(*args, **options).get_figure(root=True)
    picture = Picture(title, as_svg(figure), one_point())
    plt.close(figure)
    return picture


@pytest.fixture(scope="module")
def written(tables, results, visits, few, tmp_path_factory) -> dict[str, bytes]:
    """Return the files of the baseline by name, with the track record of one subject."""
    record = track_record(visits, few, "tourist_arrivals", first=2019, methods=["headline", "naive"])
    folder, scores = tmp_path_factory.mktemp("briefing"), {"tourist_arrivals": track_scores(record)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sapa_analysis.reporting.briefing.contents.draw", drawn_for_the_page)
        paths = write_briefing(tables, results, folder, scores=scores)
    return {path.name: path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def rows(written) -> dict[str, dict[str, Any]]:
    numbers = json.loads(written["results.json"])["numbers"]
    assert len({row["key"] for row in numbers}) == len(numbers)
    return {row["key"]: row for row in numbers}


@pytest.fixture(scope="module")
def seen(written) -> dict[str, Page]:
    return {lang: Page(written[f"briefing-{lang}.html"].decode()) for lang in LANGUAGES}


# the page -------------------------------------------------------------------------------------------------


def test_a_briefing_is_a_page_and_a_word_file_in_every_language_and_its_numbers(written):
    assert set(written) == FILES


@either
def test_the_page_fetches_nothing(written, seen, lang):
    html, page = written[f"briefing-{lang}.html"].decode(), seen[lang]
    fetching = {"script", "link", "iframe", "img", "object", "embed", "base"}
    assert not fetching & {tag for tag, _ in page.tags}
    fetched = {
        tag
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "href", "xlink:href", "srcset", "data", "action", "poster")
        and not (value or "").startswith("#")
    }
    assert fetched <= {"a"}
    assert not re.search(r"@import|url\((?!['\"]?#)", html)


@either
def test_the_page_declares_its_language_and_day(seen, lang):
    assert seen[lang].all("html") == [{"lang": lang}]
    assert texts(lang)["page"]["as_of"].format(as_of="30/6/2023") in "".join(seen[lang].loose)


@either
def test_every_visible_number_is_a_row_of_the_results_with_that_very_text(seen, rows, lang):
    loose = {
        text: found for text in seen[lang].loose if (found := re.findall(r"\S*\d\S*", DATES.sub("", text)))
    }
    assert loose == {}
    assert len(seen[lang].numbers) > 100
    for key, value, text in seen[lang].numbers:
        assert (str(rows[key]["value"]), rows[key][f"text_{lang}"]) == (value, text)


@either
def test_every_row_of_the_results_is_on_the_page(seen, rows, lang):
    assert {key for key, _, _ in seen[lang].numbers} == {
        key for key, row in rows.items() if f"text_{lang}" in row
    }


@either
def test_the_first_screen_counts_every_group_and_goal(written, seen, results, lang):
    html = written[f"briefing-{lang}.html"].decode()
    shown = dict.fromkeys(re.findall(r'data-key="([^"]+)"', html[: html.index("<svg")]))
    values = {key: value for key, value, _ in seen[lang].numbers}
    groups = group_verdicts(results.verdicts)["document"].value_counts()
    assert groups.to_dict() == {"resolution-2023": 25, "congress-2020": 9}
    for name, n in groups.items():
        counts = [f"{name}.groups.{outlook}" for outlook in OUTLOOKS]
        assert {f"{name}.groups", *counts} <= set(shown)
        assert sum(int(values[key]) for key in counts) == int(values[f"{name}.groups"]) == n


@either
def test_every_subject_has_its_picture_and_its_sentences(written, briefings, lang):
    html = written[f"briefing-{lang}.html"].decode()
    visible = re.sub(r"</?data[^>]*>", "", html)
    brief = briefings[lang]
    items = [item for subject in brief.subjects for item in subject.items] + brief.scenarios + brief.overview
    drawn = [item.picture.title for item in items if item.picture]
    assert re.findall(r'<figure role="img" aria-label="([^"]*)"><svg', html) == drawn
    for item in items:
        for sentence in item.sentences:
            assert f"<p>{plain(sentence)}</p>" in visible


@either
def test_the_track_record_is_told_under_its_picture_and_nowhere_else(written, seen, rows, lang):
    told = [key for key, _, _ in seen[lang].numbers if ".track." in key]
    assert {key.split(".track.")[0] for key in told} == {"tourist_arrivals.sa_pa"}
    assert rows["tourist_arrivals.sa_pa.track.made"]["value"] > 0
    html = written[f"briefing-{lang}.html"].decode()
    article = next(part for part in html.split("<article>") if told[0] in part)
    assert 'data-key="tourist_arrivals.n_years"' in article.split("</article>")[0]
    assert f'data-key="{told[0]}"' in article.split("</article>")[0]


def test_the_subjects_are_those_of_the_parameters_in_their_order(briefings, tables, params):
    for lang, brief in briefings.items():
        told = {subject.title: [item.title for item in subject.items] for subject in brief.subjects}
        assert list(told.items()) == [
            (
                texts(lang)["subjects"][name],
                [indicator_name(tables.indicators.loc[indicator], lang) for indicator in indicators],
            )
            for name, indicators in params.subjects.items()
        ]


@either
def test_every_target_has_its_row_under_its_document(seen, results, lang):
    outlook = {status: name for name, statuses in OUTLOOKS.items() for status in statuses}
    shaded = [row["class"] for row in seen[lang].all("tr") if row.get("class")]
    assert shaded == results.verdicts["status"].map(outlook).to_list()


def test_a_group_cell_spans_as_many_rows_as_share_it(briefings):
    for brief in briefings.values():
        for table in brief.tables:
            spans = [row.span for row in table.rows]
            place = 0
            while place < len(spans):
                assert spans[place] >= 1
                assert spans[place + 1 : place + spans[place]] == [0] * (spans[place] - 1)
                place += spans[place]
            assert place == len(spans)


@either
def test_pictures_have_no_prologue_of_a_file_of_their_own(written, lang):
    html = written[f"briefing-{lang}.html"].decode()
    assert html.count("<svg") > 1
    assert "<?xml" not in html
    assert "<!DOCTYPE svg" not in html


@either
def test_a_name_used_by_two_pictures_means_the_same_in_both(written, lang):
    """Pictures on one page share their names (glyphs, marks, clips): the first definition serves all."""
    html = written[f"briefing-{lang}.html"].decode()
    meanings: dict[str, set[str]] = {}
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        for name in set(re.findall(r"(?:xlink:href=\"#|url\(#)([^\")]+)", svg)):
            place = svg.index(f'id="{name}"')
            clip = svg[:place].endswith("<clipPath ")
            end = svg.index("</clipPath>" if clip else "/>", place)
            meanings.setdefault(name, set()).add(" ".join(svg[place:end].split()))
    assert meanings
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


@either
def test_only_pages_that_may_be_cited_are_linked(written, seen, results, lang):
    pages = pages_used(results)
    allowed, refused = (
        set(pages.loc[pages["cite_ok"] == word, "source_url"]) - {""} for word in ("yes", "no")
    )
    assert {link["href"] for link in seen[lang].all("a")} == allowed
    assert refused - allowed
    docx = words_of(written[f"briefing-{lang}.docx"])
    assert [url for url in refused - allowed if f"{url}<" in docx] == []


def test_how_many_pages_are_not_cited_is_told(briefings, results):
    n = int((pages_used(results)["cite_ok"] == "no").sum())
    assert n
    assert {brief.uncited for brief in briefings.values()} == {
        texts(lang)["page"]["uncited"].format(n=tag(str(n), "sources.uncited", n, "count"))
        for lang in LANGUAGES
    }


@either
def test_text_from_the_data_is_no_markup(briefings, lang):
    hostile = texts_changed(briefings[lang], lambda text: f"{HOSTILE}{text}")
    seen = Page(page(replace(hostile, subjects=[])))
    assert HOSTILE in "".join(seen.loose)
    assert not {"script", "img"} & {tag for tag, _ in seen.tags}
    assert not [name for _, attributes in seen.tags for name in attributes if name.startswith("on")]


def test_a_title_of_a_picture_stays_inside_its_attribute(briefings):
    subject = briefings["en"].subjects[0]
    picture = replace(subject.items[0].picture, title=HOSTILE)
    hostile = replace(subject, items=[replace(subject.items[0], picture=picture)])
    seen = Page(page(replace(briefings["en"], subjects=[hostile], scenarios=[], overview=[])))
    assert [figure["aria-label"] for figure in seen.all("figure")] == [HOSTILE]
    assert not {"script", "img"} & {tag for tag, _ in seen.tags}


def test_no_number_is_typed_in_the_template():
    template = (
        files("sapa_analysis.reporting").joinpath("templates/briefing.html.j2").read_text(encoding="utf-8")
    )
    text = re.sub(r"<style>.*?</style>|\{[{%].*?[%}]\}|<[^>]*>", "", template, flags=re.DOTALL)
    assert re.findall(r"\d", text) == []


# the numbers ----------------------------------------------------------------------------------------------


def test_no_mark_is_left_in_any_file(written):
    for name, content in written.items():
        if name.endswith(".docx"):
            # python-docx's own bullets are of a private range of the font Symbol
            assert not PRIVATE.search(words_of(content, part="word/document.xml"))
            assert not MARKS.search(words_of(content))
        else:
            assert not PRIVATE.search(content.decode()), name


def test_the_csv_and_the_json_hold_the_same_rows(written, rows):
    listed = list(csv.DictReader(io.StringIO(written["results.csv"].decode(), newline="")))
    assert [row["key"] for row in listed] == sorted(rows)
    for row in listed:
        wanted = rows[row["key"]]
        assert row == {name: str(wanted.get(name, "")) for name in row}
        assert row["unit"] == "quoted" or all(row[f"text_{lang}"] for lang in LANGUAGES)


def test_the_json_says_what_the_run_was(written, params):
    assert json.loads(written["results.json"])["about"] == params.model_dump(mode="json")


@pytest.mark.parametrize("changed", [{"value": 26}, {"unit": "groups"}], ids=str)
def test_one_key_never_stands_for_two_numbers(briefings, changed):
    number = {"text": "25", "key": "resolution-2023.groups", "value": 25, "unit": "count"} | changed
    conflict = replace(briefings["en"], title=tag(**number))
    for told in ([conflict], [briefings["vi"], conflict]):
        with pytest.raises(SapaError, match=r"resolution-2023\.groups stands for"):
            rows_of(told)


def test_both_languages_tell_the_same_numbers(briefings):
    vi, en = (
        {
            (number.key, number.value, number.unit)
            for number in numbers_in(texts_in(brief))
            if number.unit != "quoted"
        }
        for brief in briefings.values()
    )
    assert vi == en


# files ----------------------------------------------------------------------------------------------------


@pytest.fixture
def composed(briefings, monkeypatch) -> None:
    """Let a briefing be written from contents that are composed already."""
    monkeypatch.setattr(
        "sapa_analysis.reporting.briefing.write.compose", lambda *_, lang, scores: briefings[lang]
    )


@pytest.mark.usefixtures("sketched")
def test_the_same_results_give_the_same_bytes(tables, results, tmp_path, request):
    one = write_briefing(tables, results, tmp_path / "a")
    request.getfixturevalue("composed")  # the same once more, composed apart
    other = write_briefing(tables, results, tmp_path / "b")
    assert {path.name: path.read_bytes() for path in one} == {path.name: path.read_bytes() for path in other}
    assert {path.name for path in one} == FILES


def test_the_same_picture_is_the_same_bytes_in_every_form(tables, params, outcomes):
    subject = "tourist_arrivals"
    targets, concept = known_targets(tables, params, subject), tables.indicators.loc[subject]
    assert draw("x", plot_forecast, outcomes[subject], targets, concept) == draw(
        "x", plot_forecast, outcomes[subject], targets, concept
    )


@pytest.mark.usefixtures("composed")
def test_below_a_file_nothing_is_written_and_that_is_one_clear_error(tables, results, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written") as caught:
        write_briefing(tables, results, tmp_path / "file" / "below")
    assert "\n" not in str(caught.value)
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


@pytest.mark.usefixtures("composed")
@pytest.mark.parametrize("before", [False, True], ids=["new folder", "earlier edition"])
def test_on_a_full_disk_all_files_stay_as_they_were(tables, results, tmp_path, monkeypatch, before):
    out = tmp_path / "out"
    if before:
        out.mkdir()
        for name in FILES:
            (out / name).write_text("earlier")
    write, calls = Path.write_bytes, iter(range(1, 100))

    def fill_up(path: Path, content: bytes) -> int:
        if next(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(OutputError, match="No space left on device"):
        write_briefing(tables, results, out)
    assert next(calls) == 4  # the third file was reached
    kept = {path.name: path.read_text() for path in out.iterdir()} if out.exists() else {}
    assert kept == (dict.fromkeys(FILES, "earlier") if before else {})
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


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request, results_of) -> Results:
    """Return the results of one day."""
    return results_of(request.param)


@pytest.mark.usefixtures("sketched")
def test_every_edition_can_be_made_and_tells_the_boundary_only_where_it_has_changed(tables, edition):
    day, area = edition.params.as_of, tables.areas.loc["sa_pa"]
    changed = last_day(area["valid_to"]) < day
    figures = successor_figures(tables, edition.params, edition.verdicts["indicator_id"].unique())
    told: list[Contents] = []
    for lang in LANGUAGES:
        brief = compose(tables, edition, lang=lang)
        assert Page(page(brief)).all("html") == [{"lang": lang}]
        assert document(brief, as_of=day).startswith(b"PK")
        assert len(brief.notices) == 2 * changed  # the boundary, and the bridges over it
        for notice in brief.notices[:1]:
            for name in find_successors(tables, "sa_pa")[f"name_{lang}"]:
                assert name in notice
        title = texts(lang)["boundary"]["table"]
        apart = [table for table in brief.tables if table.title == title]
        assert sum(len(table.rows) for table in apart) == len(figures)
        assert all(table.notes == [texts(lang)["boundary"]["apart_but"]] for table in apart)
        assert brief.tables[len(brief.tables) - len(apart) :] == apart
        told.append(brief)
    assert rows_of(told)


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
@either
def test_an_area_without_targets_has_a_briefing_too(tables, params, lang):
    bare = replace(tables, targets=[])
    results = assess_targets(bare, params.with_values(area="sa_pa_ward", as_of="2026-01-31", n_paths=100))
    assert results.verdicts.empty
    brief = compose(bare, results, lang=lang)
    assert (brief.boxes, brief.tables, brief.notices) == ([], [], [])
    assert brief.needed == [texts(lang)["verdicts"]["no_target"]]
    assert Page(page(brief)).all("html") == [{"lang": lang}]
    assert document(brief, as_of=results.params.as_of).startswith(b"PK")


@pytest.mark.usefixtures("sketched")
def test_where_every_target_is_judged_nothing_is_said_to_be_needed(tables, results):
    judged = results.verdicts[results.verdicts["status"] != "not_assessed"]
    assert len(judged)
    brief = compose(tables, replace(results, verdicts=judged), lang="en")
    assert [sentence for sentence in brief.needed if sentence] == []
