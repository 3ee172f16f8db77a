"""The review of a term as one paper: what was reached, what stands in the way, what is left to do."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...pipeline import Project, Results, find_successors
from ..briefing.notice import bridges_used
from ..changes import Changes, changes_table
from ..cited import citations
from ..language import day, texts
from ..office import front_note
from ..office_said import committee_of
from ..paper.model import Block, Head, Paper, Paragraph
from ..published import Cite
from ..sentences.boundary import describe_boundary
from .annex import annex_part
from .context import context_part
from .counts import counted_elsewhere, counts_part
from .fields import fields_part
from .head import head_of, subtitle_of, title_of
from .method import method_part
from .office_text import results_written
from .outlook import outlook_part
from .parts import chapter, section, sources_part
from .pictures import pictures_of
from .said import all_due
from .shortcomings import shortcomings_part
from .subjects import Term, has_ended, subjects_of, term_of
from .tasks import tasks_part
from .wanted import wanted_part


def compose_review(
    project: Project,
    results: Results,
    *,
    lang: str,
    form: str = "plain",
    changes: Changes | None = None,
) -> Paper:
    """Return the review of a term in one language.

    What cites pages is made twice: first to see which are cited, then with their numbers by rank.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        The results of the run.
    lang : {"vi", "en"}
        Language.
    form : {"plain", "party"}
        The form of administrative papers, or that of guide 36-HD/VPTW.
    changes : Changes, optional
        What changed since the last edition; None where there is none.

    Returns
    -------
    Paper
        Where no target of the area had been published by the day, a page that says so.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project
    >>> from sapa_analysis.reporting import plain
    >>> from sapa_analysis.reporting.review.compose import compose_review
    >>> project, params = open_project(as_of="2023-06-30")
    >>> results = assess_targets(project, params.with_values(n_paths=100))
    >>> paper = compose_review(project, results, lang="en")
    >>> paper.stem, plain(paper.subtitle)
    ('review-en', 'Results of 2021–2022 and forecast to 2025')
    """
    term = term_of(project, results)
    if results.verdicts.empty:
        nothing = Paragraph(str(texts(lang)["verdicts"]["no_target"]))
        return _paper(project, results, term, [*_notices(project, results, lang), nothing], lang, form)
    recorded = citations(project, results)
    told = _told(project, results, lang, changes)
    counted_elsewhere(project, results, lang, recorded)
    _annex(project, results, lang, recorded, term)
    cite = recorded.numbered()
    pictures = pictures_of(project, results, lang)
    blocks = [
        *_notices(project, results, lang),
        chapter("results", "I", lang),
        section("context", 1, lang),
        *told["context"],
        section("targets", 2, lang),
        *_targets(project, results, lang, cite, pictures),
        section("tasks", 3, lang),
        *told["tasks"],
        section("shortcomings", 4, lang),
        *told["shortcomings"],
        chapter("outlook_past" if all_due(results) else "outlook", "II", lang),
        *told["outlook"],
        *_annex(project, results, lang, cite, term),
        *([] if changes is None else [changes_table(changes, lang)]),
        *sources_part(cite, lang),
        *method_part(results, lang, constants=form != "party"),
    ]
    return _paper(project, results, term, blocks, lang, form)


def _paper(
    project: Project, results: Results, term: Term, blocks: Sequence[Block], lang: str, form: str
) -> Paper:
    cut_off = str(texts(lang)["paper"]["cut_off"]).format(as_of=day(results.params.as_of, lang))
    return Paper(
        kind="review",
        lang=lang,
        title=title_of(project, results, term, lang),
        subtitle=subtitle_of(results, term, lang),
        cut_off=cut_off,
        as_of=results.params.as_of,
        blocks=tuple(blocks),
        words=_words(lang, form),
        form=form,
        head=head_of(project, results.params.area, results.params.as_of, lang) if form == "party" else Head(),
    )


def _told(project: Project, results: Results, lang: str, changes: Changes | None) -> dict[str, list[Block]]:
    """Return the parts that cite nothing, by the name of their heading."""
    return {
        "context": context_part(project, results, lang),
        "tasks": tasks_part(project, results, lang),
        "shortcomings": shortcomings_part(project, results, lang),
        "outlook": outlook_part(project, results, lang, changes),
    }


def _targets(
    project: Project, results: Results, lang: str, cite: Cite, pictures: Sequence[Block]
) -> list[Block]:
    subjects = subjects_of(project, results, lang, cite=cite)
    told = [*counts_part(project, results, lang, cite), *pictures]
    ended = has_ended(project, results.params.area, results.params.as_of)
    fields = fields_part(
        results, subjects, lang, committee=committee_of(project, results) if project.office else None,
        told_by_office=results_written(project, results, lang),
    )  # fmt: skip
    return [*told, *fields, *wanted_part(subjects, lang, ended=ended)]


def _annex(project: Project, results: Results, lang: str, cite: Cite, term: Term) -> list[Block]:
    """Return the annex across the page."""
    subjects = subjects_of(project, results, lang, cite=cite)
    return annex_part(project, results, subjects, term, lang, cite)


def _notices(project: Project, results: Results, lang: str) -> list[Block]:
    """Return what must be known first: that the area has ended, whose figures are used, and the office's."""
    area, as_of = results.params.area, results.params.as_of
    place: pd.Series = project.areas.loc[area]  # type: ignore[assignment]  # ids are unique
    bridged = bridges_used(project, results, lang)
    told = describe_boundary(place, find_successors(project, area), as_of, lang=lang, bridged=bridged)
    return [*(Paragraph(line, "notice") for line in told), *front_note(project, results, lang)]


def _words(lang: str, form: str) -> dict[str, str]:
    words = {name: str(text) for name, text in texts(lang)["paper"].items()}
    return words | {"draft": words["draft_party"]} if form == "party" else words
