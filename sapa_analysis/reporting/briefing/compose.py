"""The briefing for leaders: two pages, made once from the results, with every number tagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ...pipeline import Project, Results, find_successors
from ..changes import Changes, describe_changes
from ..language import day, texts
from ..paper.model import Block, Heading, Paper, Paragraph, Points
from ..published import Cite, Verdict
from ..sentences.boundary import describe_boundary
from ..tagged_numbers import tag
from ..target_row import TargetRow, target_rows
from .answer import answer_blocks, count_all
from .cited import cited_pages, mark_of, sources
from .matters import matters_table, targets_with_room
from .names import capital, row_of
from .origins import bridges_used
from .pictures import goal_told, pictured, pictures
from .room import room_left, room_on_first
from .tense import tense_of
from .unknown import asked, unknown_table

#: Lines of what changed at most.
MOST_CHANGES = 5
_PLACES = ("I", "II", "III", "IV", "V")


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
        blocks=_blocks(project, results, lang, changes),
        words={name: str(word) for name, word in words["paper"].items()},
        pages=2,
    )


def _blocks(project: Project, results: Results, lang: str, changes: Changes | None) -> tuple[Block, ...]:
    bare = {row.id: row for row in target_rows(project, results, lang, cite=_some_mark)}
    notices = [Paragraph(notice, "notice") for notice in _boundary(project, results, lang)]
    counted = count_all(project, results)
    answer = answer_blocks(project, results, counted, bare, None, "V", lang)
    picked = targets_with_room(results, bare, room_on_first([*notices, *answer], headings=2), lang)
    drawn = [goal_told(results.verdicts, name) for name in pictured(results)]
    pages = cited_pages(counted.met, pd.concat([picked, *drawn]))
    rows = {row.id: row for row in target_rows(project, results, lang, cite=_citing(pages))}
    units = asked(project, results, rows, lang)
    parts: dict[str, list[Block]] = {
        "answer": [],
        "matters": [*matters_table(results, picked, rows, lang)],
        "pictures": [*pictures(project, results, rows, lang)],
        "changes": _changes(changes, lang),
        "unknown": [*unknown_table(units, 0, lang)],
    }
    held = [name for name, blocks in parts.items() if blocks or name == "answer"]
    places = dict(zip(held, _PLACES, strict=False))
    parts["answer"] = answer_blocks(project, results, counted, rows, pages, places.get("unknown", ""), lang)
    heads: dict[str, Block] = {name: _heading(name, places[name], lang) for name in held}
    end = _sources(pages, lang)
    room = room_left(
        [*notices, *_shown(("answer", "matters"), heads, parts)],
        _shown(("pictures",), heads, parts),
        [*_shown(("changes",), heads, parts), *[heads[name] for name in held if name == "unknown"], *end],
    )
    parts["unknown"] = [*unknown_table(units, room, lang)]
    return (*notices, *_shown(held, heads, parts), *end)


def _shown(names: Iterable[str], heads: Mapping[str, Block], parts: Mapping[str, list[Block]]) -> list[Block]:
    """Return the blocks of some parts with their headings."""
    return [block for name in names if name in heads for block in (heads[name], *parts[name])]


def _sources(pages: pd.DataFrame, lang: str) -> list[Block]:
    return [Heading(str(texts(lang)["paper"]["sources"])), sources(pages, lang)] if len(pages) else []


def _some_mark(_: Verdict) -> str:
    """Return a mark of the usual length, while it is not known which pages are cited."""
    return tag(" [1]", "sources.1.mark", 1, "source")


def _citing(pages: pd.DataFrame) -> Cite:
    def cite(verdict: Verdict) -> str:
        return mark_of(pages, str(verdict["latest_source"]), str(verdict["latest_url"]))

    return cite


def _heading(name: str, place: str, lang: str) -> Heading:
    words = texts(lang)["brief"]
    return Heading(str(words["head"]).format(place=place, title=words["heads"][name]))


def _boundary(project: Project, results: Results, lang: str) -> list[str]:
    area, params = row_of(project.areas, results.params.area), results.params
    successors = find_successors(project, params.area)
    bridged = bridges_used(project, results, lang)
    told = describe_boundary(area, successors, params.as_of, lang=lang, bridged=bridged)
    return [" ".join(told)] if told else []


def _changes(changes: Changes | None, lang: str) -> list[Block]:
    if changes is None:
        return [Paragraph(str(texts(lang)["brief"]["changes"]["first"]))]
    return [Points(tuple(describe_changes(changes, lang, MOST_CHANGES)))]
