"""The briefing for leaders: two pages, made once from the results, with every number tagged."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ...core import LANGUAGES
from ...pipeline import Project, Results
from ..changes import Changes
from ..language import day, texts
from ..paper.model import Paper
from ..published import Cite, Verdict
from ..tagged_numbers import tag
from ..target_row import TargetRow, target_rows
from .answer import count_all
from .cited import cited_pages, mark_of
from .matters import targets_that_matter
from .names import capital, row_of
from .pictures import goal_told, pictured
from .sheet import Given, Sheet
from .tense import tense_of


def compose_briefing(
    project: Project, results: Results, *, lang: str, changes: Changes | None = None
) -> Paper:
    """Return the briefing for leaders in one language.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        The results of the run.
    lang : {"vi", "en"}
        Language.
    changes : Changes, optional
        What changed since the last edition; see `changes_since`.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> from sapa_analysis.reporting import plain
    >>> from sapa_analysis.reporting.briefing.compose import compose_briefing
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> results = sapa.assess_targets(project, params.with_values(n_paths=100))
    >>> paper = compose_briefing(project, results, lang="en")
    >>> plain(paper.title), paper.pages
    ('Sa Pa town: where the targets stand and what is likely', 2)
    """
    given = Given(project, results, count_all(project, results), changes)
    words, params = texts(lang), results.params
    area = row_of(project.areas, params.area)
    told = day(params.as_of, lang)
    over = tense_of(results.verdicts) == "past"
    return Paper(
        kind="briefing",
        lang=lang,
        title=str(words["brief"]["title_past" if over else "title"]).format(
            area=capital(str(area[f"name_{lang}"]))
        ),
        subtitle=str(words["brief"]["subtitle"]).format(as_of=told),
        cut_off=str(words["paper"]["cut_off"]).format(as_of=told),
        as_of=params.as_of,
        blocks=_sheet(given, lang).blocks(),
        words={name: str(word) for name, word in words["paper"].items()},
        pages=2,
    )


def _sheet(given: Given, lang: str) -> Sheet:
    """Return the pages with as many targets and units as have room in every language."""
    every = targets_that_matter(given.results)
    usual = [Sheet(given, each, _rows(given, each, _some_mark), every, _pages(given, every))
             for each in LANGUAGES]  # fmt: skip
    picked = targets_that_matter(given.results, min(sheet.targets_with_room() for sheet in usual))
    pages = _pages(given, picked)
    units = min(replace(sheet, picked=picked, pages=pages).units_with_room() for sheet in usual)
    return Sheet(given, lang, _rows(given, lang, _citing(pages)), picked, pages, units)


def _rows(given: Given, lang: str, cite: Cite) -> dict[str, TargetRow]:
    return {row.id: row for row in target_rows(given.project, given.results, lang, cite=cite)}


def _pages(given: Given, picked: pd.DataFrame) -> pd.DataFrame:
    results = given.results
    drawn = [goal_told(results.verdicts, name) for name in pictured(results)]
    return cited_pages(given.counted.met, pd.concat([picked, *drawn]))


def _some_mark(_: Verdict) -> str:
    """Return a mark of the usual length, while it is not known which pages are cited."""
    return tag(" [1]", "sources.1.mark", 1, "source")


def _citing(pages: pd.DataFrame) -> Cite:
    def cite(verdict: Verdict) -> str:
        return mark_of(pages, str(verdict["latest_source"]), str(verdict["latest_url"]))

    return cite
