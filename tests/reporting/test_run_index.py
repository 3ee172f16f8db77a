"""The page of a batch: failures, then what moved, then every run; whatever a run says, it stays text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from batches import failed, row
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.text import printable
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.run_index import run_index_page

either = pytest.mark.parametrize("lang", LANGUAGES)
words = st.text(min_size=1, max_size=30)


class Page(HTMLParser):
    """The elements, links and words of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def moved(points, half_widths=0.0, *, target="plan.visits", settled=False):
    chance = {"target": target, "from": 0.5, "to": 0.5 + points / 100, "points": points, "settled": settled}
    level = {"target": target, "from": 1e6, "to": 2e6, "unit": "visits", "half_widths": half_widths}
    return {"edition": "2023-06-30", "probability": chance, "expected": level}


@given(words, words, words, words)
def test_whatever_a_run_says_stays_text(error, headline, value, notebook):
    rows = [
        failed("a", error=error),
        row("b", headline=[headline], parameters={"x": value}, notebook=notebook),
    ]
    usual = [failed("a"), row("b", notebook="another", parameters={"y": 1})]
    page, plain = (Page(run_index_page(each, lang="en")) for each in (rows, usual))
    assert sorted(page.tags) == sorted(plain.tags)
    for said in (error, headline, value):
        assert " ".join(printable(said).split()) in page.text


@given(st.text("ab <>&'\"?#%:/ề\\", min_size=1, max_size=20))
def test_a_link_leads_to_the_copy_whatever_its_name(name):
    assert [unquote(link) for link in Page(run_index_page([row("a", copy=name)])).links] == [name]


@given(
    st.permutations(
        [row("a"), failed("b"), row("c", surprise=moved(-20.0)), row("d", notebook="01_evidence")]
    )
)
def test_the_same_rows_give_the_same_page_however_they_were_stored(rows):
    again = [json.loads(json.dumps(each, sort_keys=True)) for each in rows]
    assert run_index_page(rows) == run_index_page(again)


@either
def test_failures_come_first_then_what_moved_then_all_runs(lang):
    page = run_index_page([row("a", surprise=moved(-20.0)), failed("b"), row("c")], lang=lang)
    heads = [texts(lang)["runs"][name] for name in ("failures", "surprises", "all")]
    assert re.findall("<h2>(.*?)</h2>", page) == heads
    assert [Page(page).links.count(name) for name in ("a.ipynb", "b-failed.ipynb", "c.ipynb")] == [2, 2, 1]
    assert [int(n) for n in re.findall('<span class="n">(.*?)</span>', page)] == [3, 2, 1]


@either
def test_the_page_needs_nothing_from_elsewhere(lang):
    page = run_index_page([row("a", surprise=moved(-20.0)), failed("b")], lang=lang)
    assert not {"script", "link", "img", "iframe"} & set(Page(page).tags)
    assert not re.search(r"https?:|url\(|@import", page)


@either
def test_without_failures_and_moves_the_page_says_so(lang):
    told, words = Page(run_index_page([row("a")], lang=lang)).text, texts(lang)["runs"]
    assert words["failures"] not in told
    assert words["no_surprise"] in told
    assert words["no_surprise"] in Page(run_index_page([], lang=lang)).text


@given(st.lists(st.integers(1, 49), min_size=1, max_size=15, unique=True))
def test_the_ten_largest_moves_are_shown_the_largest_first(points):
    rows = [row(f"r{n}", surprise=moved(-float(n), target=f"t{n}.x")) for n in points]
    page = run_index_page(rows, lang="en")
    shown = [int(n) for n in re.findall(r"<strong>t(\d+)\.x</strong>", page)]
    assert shown == sorted(points, reverse=True)[:10]
    assert ("smaller moves" in page) == (len(points) > 10)


def test_what_moved_of_a_target_stands_once_with_a_link_to_each_run_that_tells_it():
    both, other = moved(-20.0, 1.5), moved(-20.0, 2.5)
    other["expected"]["target"] = "plan.rooms"
    rows = [
        row("a", surprise=both),
        row("b", surprise=other),
        row("c", surprise=moved(0.0)),
        row("d", surprise=both),
    ]
    page = Page(run_index_page(rows, lang="en"))
    assert page.text.count("plan.visits") == 1
    assert page.links[:4] == ["a.ipynb", "b.ipynb", "d.ipynb", "b.ipynb"]
    assert "chance of attainment from 50% to 30% (−20.0 percentage points)" in page.text
    assert "median forecast from 1 million visits to 2 million visits (+1.50 half-widths" in page.text
    assert "As published by 15/1/2024, against the verdicts issued for 30/6/2023." in page.text


def test_moves_on_two_days_stand_apart():
    rows = [row(day, surprise=moved(-20.0), resolved={"as_of": day}) for day in ("2024-01-15", "2025-06-30")]
    assert Page(run_index_page(rows, lang="en")).text.count("plan.visits") == 2


def test_parameters_that_all_runs_share_stand_once():
    given = [{"area": "sa_pa", "horizon": 3}, {"area": "sa_pa", "horizon": 4}, {"area": "sa_pa"}]
    page = Page(run_index_page([row("a", parameters=each) for each in given], lang="en")).text
    assert page.count("area sa_pa") == 1
    assert "All runs: area sa_pa" in page
    assert [page.count(words) for words in ("horizon 3", "horizon 4", "as all runs")] == [1, 1, 1]
    assert "default parameters" in Page(run_index_page([row("a", parameters={}), row("b")], lang="en")).text
    assert "All runs:" not in Page(run_index_page([row("a")], lang="en")).text


@either
def test_a_result_is_told_as_a_result(lang):
    for points, word in ((50.0, "met"), (-50.0, "missed")):
        told = Page(run_index_page([row("a", surprise=moved(points, settled=True))], lang=lang)).text
        form = texts(lang)["runs"]["settled"]
        assert form.format(old="50%", result=texts(lang)["runs"][word]) in told


def test_the_language_is_that_of_the_runs_and_vietnamese_where_there_are_several():
    en, vi = ({"resolved": {"lang": lang}} for lang in ("en", "vi"))
    for rows, lang in (
        ([en], "en"),
        ([vi], "vi"),
        ([en, vi], "vi"),
        ([], "vi"),
        ([{"resolved": {"lang": "fr"}}], "vi"),
    ):
        assert f'<html lang="{lang}">' in run_index_page([row("a", **each) for each in rows])


def test_lengths_of_time_are_seconds_or_minutes_and_seconds():
    rows = [row("a", seconds=59.4), row("b", seconds=59.6), row("c", seconds=125.2), row("d", seconds=None)]
    page = run_index_page(rows, lang="en")
    assert re.findall(r"<td>([^<]*)</td></tr>", page) == ["59.4 s", "1 min 0 s", "2 min 5 s", ""]
    assert "run time 4 min 4 s" in page


def test_origins_that_differ_between_runs_are_counted():
    told = Page(run_index_page([row("a"), row("b"), row("c", commit="fff")], lang="en")).text
    assert "abc1234 (runs: 2) fff (runs: 1)" in told
    assert "Version 0.3.0" in told


def test_a_row_with_little_in_it_is_enough():
    assert "04_targets" in run_index_page([{"run": "a", "notebook": "04_targets", "status": "failed"}])
