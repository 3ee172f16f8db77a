"""Pages that papers cite: one choice, one name and one date of a page, whichever paper cites it."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.reporting.cited import MOST_LETTERS, Citations, Cited, citations, figure_cited, named
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.paper.model import Sources
from sapa_analysis.reporting.tagged_numbers import plain

pytest_plugins = ["loaded"]
DAYS = ["2023-06-30", "2024-01-15", "2026-01-31"]


def page(title: str, url: str, published: str = "2024", cite_ok: str = "yes", grade: str = "B") -> Cited:
    return Cited(title, url, published, grade, cite_ok)


def citing(*pages: Cited) -> Citations:
    """Return citations over pages that all print one statement."""
    said = {"indicator_id": "pots", "area": "sa_pa", "unit": "pots", "kind": "actual", "bound": "exact",
            "definition": "", "doubt_en": "", "period": "2024", "freq": "A", "value": 5.0}  # fmt: skip
    rows = [said | {"source_title": each.title, "source_url": each.url} for each in pages]
    return Citations({each.url: each for each in pages}, {("2024", "A", 5.0): rows})


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_papers_name_a_page_alike(papers_of, day, lang):
    listed = [
        {item.url: plain(item.text) for block in paper.blocks if isinstance(block, Sources)
         for item in block.items if item.url}
        for paper in papers_of(day)[0].values() if paper.lang == lang
    ]  # fmt: skip
    for one, other in combinations(listed, 2):
        assert {url: one[url] for url in one.keys() & other.keys()} == {
            url: other[url] for url in one.keys() & other.keys()
        }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_that_may_be_cited_has_a_publisher_with_a_name(tables, lang):
    known = tables.evidence.query("cite_ok == 'yes'")
    for row in known.drop_duplicates("source_url").to_dict("records"):
        mine = Cited(*(row[name] for name in ("source_title", "source_url", "published", "grade", "cite_ok")))
        office, title = named(mine, lang)
        assert office
        assert title
        assert office != mine.host, mine.url
        assert not title.startswith(f"{office}: ")


def test_a_copy_or_translation_is_cited_only_where_no_other_page_prints_the_same():
    arabic = page("Thu ngân sách (vietnam.vn, Arabic)", "https://www.vietnam.vn/ar/a")
    thesis = page("Luận văn", "https://123docz.net/a", grade="C")
    press = page("Thu ngân sách", "https://baolaocai.vn/a")
    barred = page("Thu ngân sách", "https://laocai24h.com/a", cite_ok="no")
    for own in (arabic, thesis, barred):
        asked = figure_cited({"source_title": own.title, "source_url": own.url, "period": "2024", "freq": "A",
                              "value": 5.0})  # fmt: skip
        assert citing(own, press).page_of(asked) == press.url
        assert citing(own).page_of(asked) == own.url
        assert citing(own, press).page_of(asked | {"latest": 6.0}) == own.url


def test_a_good_page_is_cited_itself():
    first, other = (
        page("Thu ngân sách", "https://baotintuc.vn/a"),
        page("Thu", "https://sapa.laocai.gov.vn/a"),
    )
    asked = {"latest_source": first.title, "latest_url": first.url, "latest_period": "2024", "latest_freq": "A",
             "latest": 5.0}  # fmt: skip
    assert citing(other, first).page_of(pd.Series(asked)) == first.url


def test_a_page_that_should_not_be_cited_is_marked_and_is_no_source():
    barred = page("Thu", "https://laocai24h.com/a", cite_ok="no")
    cite = citing(barred).of([{"latest_source": barred.title, "latest_url": barred.url}])
    assert cite({"latest_source": barred.title, "latest_url": barred.url}) == "†"
    assert cite({"latest_source": "a page that is not known", "latest_url": "https://example.org"}) == "†"
    assert cite({"latest_source": "", "latest_url": ""}) == ""
    assert cite.sources("vi").items == ()
    assert len(cite.uncited("vi")) == 1


def test_a_source_names_the_office_first_and_a_long_title_is_cut():
    odd = page("word " * 99 + "(Đài X)", "javascript:alert")
    town = page("Báo cáo", "https://sapa.laocai.gov.vn/1")
    cite = citing(odd, town).of(
        [{"latest_source": each.title, "latest_url": each.url} for each in (odd, town)]
    )
    other, first = cite.sources("vi").items
    assert plain(first.text).startswith("Đài X: word word")
    assert len(plain(first.text)) < MOST_LETTERS + 30
    assert first.url == ""
    assert plain(other.text) == "Cổng thông tin điện tử thị xã Sa Pa: Báo cáo (2024)"


def test_a_page_has_the_date_that_the_evidence_gives_it(tables, results_of):
    late = citations(tables, results_of("2026-01-31"))
    own = tables.evidence.groupby("source_url")["published"].agg(set)
    assert all(late.pages[url].published in own[url] for url in late.pages if url in own.index and url)


def test_both_languages_name_the_same_editions():
    assert texts("vi")["cited"]["editions"].keys() == texts("en")["cited"]["editions"].keys()
