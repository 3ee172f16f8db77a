from __future__ import annotations

import re
from datetime import date
from html import escape
from html.parser import HTMLParser
from importlib.resources import files

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from sapa_analysis import (
    as_svg,
    describe_trajectory,
    describe_verdicts,
    headline,
    indicator_name,
    known_by,
    known_targets,
    merge_repeats,
    plot_forecast,
    verdicts_table,
    write_briefing,
)
from sapa_analysis.briefing import briefing_page
from sapa_analysis.errors import OutputError
from sapa_analysis.languages import LANGUAGES, document_name, texts

pytest_plugins = ["loaded"]
DAY = date(2023, 6, 30)


class Page(HTMLParser):
    """What a browser would see: every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request, tables, params, outcomes, results):
    """Return a language and the records that the notebooks would hand on."""
    lang, trajectories = request.param, []
    mpl.use("Agg")
    for subject, outcome in outcomes.items():
        concept = tables.indicators.loc[subject]
        verdicts = results.verdicts[results.verdicts["indicator_id"] == subject]
        mine = tables.evidence.query("indicator_id == @subject and area == 'sa_pa'")
        picture = plot_forecast(outcome, known_targets(tables, params, subject), concept, lang=lang)
        trajectories.append(
            {
                "title": indicator_name(concept, lang),
                "headline": headline(outcome, verdicts, concept, lang=lang),
                "sentences": describe_trajectory(outcome, verdicts, concept, lang=lang),
                "svg": as_svg(picture.figure),
                "sources": merge_repeats(known_by(mine, DAY)),
            }
        )
        plt.close(picture.figure)
    targets = {
        "summary": describe_verdicts(results.verdicts, lang),
        "table": verdicts_table(results.verdicts, tables.indicators, needed=params.min_years, lang=lang),
        "verdicts": results.verdicts,
    }
    return lang, trajectories, targets


@pytest.fixture(scope="module")
def html(told) -> str:
    lang, trajectories, targets = told
    return briefing_page(trajectories, targets, as_of=DAY, lang=lang)


def test_the_page_fetches_nothing(html):
    page = Page(html)
    assert not {"script", "link", "iframe", "img", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    fetched = [
        (tag, value)
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "href", "xlink:href", "srcset", "data", "action", "poster")
        and not (value or "").startswith("#")
    ]
    assert {tag for tag, _ in fetched} <= {"a"}
    assert not re.search(r"@import|url\((?!['\"]?#)", html)


def test_the_page_says_its_language_and_day(html, told):
    page, lang = Page(html), told[0]
    assert page.all("html") == [{"lang": lang}]
    assert texts(lang)["page"]["as_of"].format(as_of="30/6/2023") in html
    assert escape(texts(lang)["page"]["title"]) in html


def test_every_subject_has_its_picture_and_its_sentences(html, told):
    _, trajectories, _ = told
    assert html.count("<svg") == len(trajectories) == 5
    for record in trajectories:
        for sentence in [*record["headline"], *record["sentences"]]:
            assert escape(sentence, quote=False) in html.replace("&#34;", '"').replace("&#39;", "'")


def test_pictures_have_no_prologue_of_a_file_of_their_own(html):
    assert "<?xml" not in html
    assert "<!DOCTYPE svg" not in html


def test_a_name_used_by_two_pictures_means_the_same_in_both(told):
    """Pictures on one page share their names (glyphs, marks, clips): the first definition serves all."""
    meanings: dict[str, set[str]] = {}
    for record in told[1]:
        svg = record["svg"]
        used = set(re.findall(r"(?:xlink:href=\"#|url\(#)([^\")]+)", svg))
        for name in used:
            place = svg.index(f'id="{name}"')
            end = (
                svg.index("</clipPath>", place)
                if svg[:place].endswith("<clipPath ")
                else svg.index("/>", place)
            )
            meanings.setdefault(name, set()).add(" ".join(svg[place:end].split()))
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


def test_every_target_has_its_row_under_its_document(html, told):
    lang, _, targets = told
    rows = [row for row in Page(html).all("tr") if row.get("class") not in (None, "doc")]
    assert [row["class"] for row in rows] == targets["verdicts"]["status"].to_list()
    for document in targets["verdicts"]["document"].unique():
        assert f">{document_name(document, lang)}</td>" in html


def test_the_counts_stand_at_the_top(html, told):
    _, _, targets = told
    top = html[: html.index("<svg")]
    for sentence in targets["summary"]:
        assert escape(sentence, quote=False) in top


def test_only_pages_that_may_be_cited_are_linked(html, told):
    _, trajectories, _ = told
    pages = {
        (row["source_url"], row["cite_ok"])
        for record in trajectories
        for row in record["sources"].to_dict("records")
    }
    linked = {link["href"] for link in Page(html).all("a")}
    assert linked == {url for url, cite_ok in pages if cite_ok == "yes" and url}


def test_how_many_pages_are_not_cited_is_told(html, told):
    lang, trajectories, _ = told
    n = sum(int((record["sources"]["cite_ok"] == "no").sum()) for record in trajectories)
    assert n
    assert texts(lang)["page"]["uncited"].format(n=n) in html


def test_text_from_the_data_is_no_markup(told):
    lang, trajectories, targets = told
    hostile = [{**trajectories[0], "title": "<script>alert(1)</script>"}]
    assert "<script" not in briefing_page(hostile, targets, as_of=DAY, lang=lang)


def test_the_same_records_give_the_same_page(html, told):
    lang, trajectories, targets = told
    assert briefing_page(trajectories, targets, as_of=DAY, lang=lang) == html


def test_no_number_is_typed_in_the_template():
    template = files("sapa_analysis").joinpath("templates/briefing.html.j2").read_text(encoding="utf-8")
    text = re.sub(r"<style>.*?</style>|\{[{%].*?[%}]\}|<[^>]*>", "", template, flags=re.DOTALL)
    assert re.findall(r"\d", text) == []


def test_the_page_is_written_whole_under_its_day_and_language(told, html, tmp_path):
    lang, trajectories, targets = told
    [path] = write_briefing(trajectories, targets, tmp_path / "new" / "folder", as_of=DAY, lang=lang)
    assert path.name == f"briefing-2023-06-30-{lang}.html"
    assert path.read_bytes() == html.encode()
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_a_page_that_cannot_be_written_is_one_clear_error_and_leaves_nothing(told, tmp_path):
    lang, trajectories, targets = told
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written") as caught:
        write_briefing(trajectories, targets, tmp_path / "file" / "below", as_of=DAY, lang=lang)
    assert "\n" not in str(caught.value)
    assert [item.name for item in tmp_path.iterdir()] == ["file"]
