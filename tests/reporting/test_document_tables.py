"""Documents in full: nothing before its day, nothing invented, every part in both languages."""

from __future__ import annotations

import html
import re

import pandas as pd
import pytest

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline.project import Project, load_project
from sapa_analysis.reporting import document_table, show, verdicts_table
from sapa_analysis.reporting.goals import units_of
from sapa_analysis.reporting.lacking import request
from sapa_analysis.reporting.language import document_name, texts
from sapa_analysis.reporting.tagged_numbers import plain

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
DAYS = {"resolution-2023": ("2023-01-14", "2023-01-15"), "congress-2020": ("2020-06-29", "2020-06-30")}


@pytest.fixture(scope="module")
def whole(root) -> Project:
    return load_project(root)


def said(project: Project, document: str, lang: str) -> pd.DataFrame:
    """Return the table with columns of fixed names; one without a cell is blank."""
    names = ["part", "number", "text", "linked"]
    table = document_table(project.texts, document, lang=lang)
    table = table.rename(columns={texts(lang)["document"][name]: name for name in names})
    return table.reindex(columns=names, fill_value="")


@either
@pytest.mark.parametrize("document", DAYS)
def test_a_day_before_the_document_shows_nothing_and_says_so(whole, document, lang):
    before, after = DAYS[document]
    shown = document_table(whole.as_of(before).texts, document, lang=lang)
    [[_, told]] = shown.to_numpy().tolist()
    assert told == texts(lang)["document"]["none"].format(document=document_name(document, lang))
    assert len(document_table(whole.as_of(after).texts, document, lang=lang)) > 1


@either
@pytest.mark.parametrize("document", DAYS)
def test_every_passage_and_group_of_the_document_stands_in_the_table(whole, document, lang):
    told = said(whole, document, lang)["text"].str.cat(sep=" ")
    text = whole.texts[document]
    for passage in text.passages():
        assert passage.text(lang) in told
        assert passage.printed in told or lang == "en"
    for group in text.target_groups:
        assert group.printed in told
    assert not re.search(r"[{}<>]|None", told)


@either
def test_of_what_is_only_counted_the_number_stands_and_that_it_is_all(whole, lang):
    words, shown = texts(lang)["document"], said(whole, "resolution-2023", lang)
    for name, listing in whole.texts["resolution-2023"].listings().items():
        rows = shown[shown["part"] == words["parts"][name]]
        form = words["some_named" if listing.named else "only_the_number"]
        first = form.format(n=listing.count, named=len(listing.named))
        assert rows["text"].iloc[0].startswith(first)
        assert len(rows) == 1 + len(listing.named)


def test_the_page_of_a_document_is_a_link(whole):
    address = whole.texts["congress-2020"].source.url
    shown = show(document_table(whole.texts, "congress-2020"))._repr_html_()
    assert address
    assert f'<a href="{html.escape(address)}">' in shown


@either
def test_a_task_and_its_group_name_each_other(whole, lang):
    words, shown = texts(lang)["document"], said(whole, "resolution-2023", lang)
    tasks = shown[shown["part"] == words["parts"]["specific_tasks"]].set_index("number")["linked"]
    groups = shown[shown["part"] == words["parts"]["target_groups"]].set_index("number")["linked"]
    assert (len(tasks), len(groups)) == (15, 25)
    for no, task in enumerate(whole.texts["resolution-2023"].specific_tasks, start=1):
        assert (tasks[str(no)] == "") == (not task.links)
        for link in task.links:
            assert words["group"].format(no=link.group, words=link.task_words) in tasks[str(no)]
            assert words["task"].format(no=no) in groups[str(link.group)].split(", ")


@either
def test_words_that_are_ours_are_marked_as_ours(whole, lang):
    words = texts(lang)["document"]
    assert said(whole, "congress-2020", lang)["text"].iloc[0].endswith(words["ours"])
    assert said(whole, "resolution-2023", lang)["text"].iloc[0].endswith(words["as_printed"])


# who is asked ------------------------------------------------------------------------------------------------


@either
def test_the_unit_in_charge_is_asked_only_where_no_figure_is_known(lang, results, tables):
    units = units_of(tables, results.targets, lang)
    assert set(units) == {target.id for target in results.targets}
    shown = plain(verdicts_table(results.verdicts, tables.indicators, needed=1, lang=lang, units=units))
    shown = shown.iloc[:, -1]
    seen = set()
    for (_, verdict), cell in zip(results.verdicts.iterrows(), shown, strict=True):
        without = verdict["reason"] in ("no_evidence", "yes_no")
        assert cell.endswith(plain(request(units[verdict["id"]], lang))) == without
        seen.add(without)
    assert seen == {True, False}
