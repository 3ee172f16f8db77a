"""The briefing for leaders: two pages, made once from the results, with every number tagged."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ...core import LANGUAGES
from ...pipeline import Project, Results
from ..changes import Changes
from ..cited import Citations, citations, figure_cited
from ..language import day, texts
from ..office import has_own, instead, sign_of
from ..paper.model import Paper
from ..published import Cite, Verdict
from ..tagged_numbers import capital, tag
from ..target_row import TargetRow, target_rows
from .answer import count_all, furthest_behind
from .matters import targets_that_matter
from .names import row_of
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
    given = Given(project, results, count_all(project, results), changes, citations(project, results))
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
        subtitle=instead("subtitle", words["brief"]["subtitle"], lang, own=has_own(results)).format(
            as_of=told
        ),
        cut_off=str(words["paper"]["cut_off"]).format(as_of=told),
        as_of=params.as_of,
        blocks=_sheet(given, lang).blocks(),
        words={name: str(word) for name, word in words["paper"].items()},
        pages=2,
    )


def _sheet(given: Given, lang: str) -> Sheet:
    """Return the pages with as many targets and units as have room in every language."""
    every = targets_that_matter(given.results)
    usual = [Sheet(given, each, _rows(given, each, _some_mark), every, _cited(given, every))
             for each in LANGUAGES]  # fmt: skip
    picked = targets_that_matter(given.results, min(sheet.targets_with_room() for sheet in usual))
    cite = _cited(given, picked)
    units = min(replace(sheet, picked=picked, cite=cite).units_with_room() for sheet in usual)
    return Sheet(given, lang, _rows(given, lang, cite), picked, cite, units)


def _rows(given: Given, lang: str, cite: Cite) -> dict[str, TargetRow]:
    return {row.id: row for row in target_rows(given.project, given.results, lang, cite=cite)}


def _cited(given: Given, picked: pd.DataFrame) -> Citations:
    """Return what marks the pages of all figures that the two pages print."""
    verdicts = given.results.verdicts
    behind = furthest_behind(verdicts)
    bare = behind[behind["expected"].isna()] if len(behind) else behind
    told = [picked, bare, *(goal_told(verdicts, name) for name in pictured(given.results))]
    met = [figure_cited(row) for _, row in given.counted.met.iterrows()]
    return given.pages.of([*met, *(row for table in told for _, row in table.iterrows())])


def _some_mark(verdict: Verdict) -> str:
    """Return a mark of the usual length, while it is not known which pages are cited."""
    return tag(" [1]", "sources.1.mark", 1, "source") + sign_of(verdict["latest_url"])
