"""Results by task: what the documents chose, the targets that belong to it, and room for what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from ...pipeline import Project, Results, documents_of
from ...targets import DocumentText, Listing, Passage
from ..compared import compared_as
from ..language import count, texts
from ..paper.model import Block, Cell, Paragraph, Row, Table
from ..published import rating_word
from ..scenario_changes import inside
from ..tagged_numbers import tag_quoted
from ..target_row import TargetRow, target_rows
from .office_text import projects_table
from .said import left_blank, name_inside, paper_named, verdict_of, words_of

_WIDTHS = (0.06, 0.42, 0.3, 0.22)
#: What a document chose for the whole term, before what it sets as work.
_CHOSEN = ("breakthroughs", "key_tasks", "key_areas", "solutions")
_PROJECTS = ("projects_province", "projects_town")


def tasks_part(project: Project, results: Results, lang: str) -> list[Block]:
    """Return the skeleton of the results by task: one table of all documents known on the day."""
    words = words_of("tasks", lang)
    known = project.as_of(results.params.as_of).texts
    held = [known[name] for name in documents_of(project, results.params) if name in known]
    held.sort(key=lambda text: not text.breakthroughs or not text.breakthroughs.named)  # the term first
    blocks: list[Block] = [Paragraph(told) for text in held for told in _theme(text, lang)]
    projects: list[Block] = [*projects_table(project, results, lang)]
    if not held:
        return [*blocks, Paragraph(words["none"]), *(projects or [left_blank(words["blank"])])]
    verdicts = results.verdicts.set_index("id")
    rows = [
        _with_comparison(row, verdict_of(row, verdicts), lang) for row in target_rows(project, results, lang)
    ]
    table = Table(
        name="tasks",
        caption=words["caption"],
        heads=(tuple(Cell(words["columns"][name], shade="head", strong=True)
                     for name in ("number", "text", "linked", "done")),),
        rows=tuple(row for text in held for row in _rows(text, rows, lang)),
        widths=_WIDTHS,
        notes=tuple(_notes(held, lang)),
        named_by=1,
        dense=True,
    )  # fmt: skip
    return [*blocks, table, *projects]


def _with_comparison(row: TargetRow, verdict: pd.Series, lang: str) -> TargetRow:
    """Return a row that is only compared, or rated, with the word for that."""
    how = compared_as(verdict)
    if not how:
        return row
    word, year = rating_word(verdict["latest"], lang), verdict["latest_year"]
    form = str(texts(lang)["review_office"]["annex"][how])
    return replace(row, status=how, short=inside(form.format(word=word, year=year)))


def _theme(text: DocumentText, lang: str) -> Iterator[str]:
    if text.theme is not None:
        theme = tag_quoted(text.theme.text(lang), f"text.{text.document}.theme.{lang}")
        yield words_of("tasks", lang)["theme"].format(paper=paper_named(text.document, lang), theme=theme)


def _notes(held: Sequence[DocumentText], lang: str) -> Iterator[str]:
    words = words_of("tasks", lang)
    yield words["linked"]
    for text in held:
        if not any(passage.printed for passage in text.passages()):
            yield words["told"].format(paper=paper_named(text.document, lang))


def _rows(text: DocumentText, targets: Sequence[TargetRow], lang: str) -> Iterator[Row]:
    """Yield the rows of a document: what it chose, its tasks, its projects, its milestones.

    What stands in a task is not told again.
    """
    mine = [row for row in targets if row.document == text.document]
    listings = text.listings()
    for part in _CHOSEN:
        if part in listings and listings[part].named:
            yield _subhead(part, text, lang)
            yield from _named(part, listings[part], text, mine, lang)
    if counted := [part for part in _CHOSEN if part in listings and not listings[part].named]:
        yield _subhead("chosen", text, lang)
        yield _row("", _counted(counted, text, lang), "")
    if text.specific_tasks:
        yield _subhead("specific_tasks", text, lang)
    for task in text.specific_tasks:
        linked = "; ".join(filter(None, (_group(link.group, text, mine, lang) for link in task.links)))
        no = tag_quoted(str(task.no), f"text.{text.document}.task.{task.no}.no")
        yield _row(no, _words(task, text, f"task.{task.no}", lang), linked)
    projects = [part for part in _PROJECTS if part in listings]
    if projects:
        yield _subhead("projects", text, lang)
    for part in projects:
        yield from _named(part, listings[part], text, mine, lang)
    milestones = [each for each in text.milestones if each.task is None]
    if milestones:
        yield _subhead("milestones", text, lang)
    for place, each in enumerate(milestones, start=1):
        yield _row(str(each.year), _words(each, text, f"milestone.{place}", lang), "")


def _subhead(part: str, text: DocumentText, lang: str) -> Row:
    words = words_of("tasks", lang)
    told = words["subhead"].format(part=words["parts"][part], paper=paper_named(text.document, lang))
    return (Cell(told, across=len(_WIDTHS), strong=True),)


def _named(
    part: str, listing: Listing, text: DocumentText, targets: Sequence[TargetRow], lang: str
) -> Iterator[Row]:
    """Yield a listing: how many it counts where it does not name them all, then those that it names."""
    key = f"text.{text.document}.{part}"
    if len(listing.named) < listing.count:
        yield _row("", _some(part, listing, key, lang), "")
    for each in listing.named:
        if each.task is not None:
            continue
        goals = [row for row in targets if row.indicator in each.indicators]
        no = tag_quoted(str(each.no), f"{key}.{each.no}.no")
        linked = _goals(goals, text.document, lang)
        yield _row(no, _words(each, text, f"{part}.{each.no}", lang), linked)


def _some(part: str, listing: Listing, key: str, lang: str) -> str:
    """Return how many things a listing counts, and in which tasks those stand that it names."""
    words = words_of("tasks", lang)
    if lang == "vi" and listing.printed:
        told = tag_quoted(listing.printed, f"{key}.printed")
    else:
        n = count(listing.count, lang, f"{key}.count")
        told = words["counted"].format(part=words["parts"][part], n=n)
    inside_tasks = [
        words["in_task"].format(
            no=tag_quoted(str(each.no), f"{key}.{each.no}.no"),
            task=tag_quoted(str(each.task), f"{key}.{each.no}.task"),
        )
        for each in listing.named
        if each.task is not None
    ]
    if inside_tasks:
        return str(words["some"]).format(told=told, named="; ".join(inside_tasks))
    return str(words["some_named" if listing.named else "unnamed"]).format(told=told)


def _words(passage: Passage, text: DocumentText, place: str, lang: str) -> str:
    return tag_quoted(passage.text(lang), f"text.{text.document}.{place}.{lang}")


def _counted(parts: Sequence[str], text: DocumentText, lang: str) -> str:
    words, listings, told = words_of("tasks", lang), text.listings(), []
    for part in parts:
        key = f"text.{text.document}.{part}"
        if lang == "vi" and listings[part].printed:
            told.append(tag_quoted(listings[part].printed, f"{key}.printed"))
        else:
            n = count(listings[part].count, lang, f"{key}.count")
            told.append(words["counted"].format(part=inside(words["parts"][part]), n=n))
    return str(words["only_counted"]).format(parts="; ".join(told))


def _row(number: str, what: str, linked: str) -> Row:
    """Return a row: the number, the words, the targets linked to them, and the cell of the office."""
    return Cell(number, align="middle"), Cell(what), Cell(linked), Cell(shade="blank")


def _group(group: int, text: DocumentText, targets: Sequence[TargetRow], lang: str) -> str:
    """Return a group and its targets with their short words; those not assessed are counted."""
    mine = [row for row in targets if row.clause == str(group)]
    if not mine:
        return ""
    no = tag_quoted(str(group), f"text.{text.document}.group.{group}")
    told = _goals(mine, f"{text.document}.group_{group}", lang)
    return str(words_of("tasks", lang)["group"]).format(no=no, targets=told)


def _goals(rows: Sequence[TargetRow], key: str, lang: str) -> str:
    words = words_of("tasks", lang)
    told = [
        words["target"].format(name=name_inside(row), word=row.short)
        for row in rows
        if row.status != "not_assessed"
    ]
    if silent := len(rows) - len(told):
        form = words["not_assessed" if told else "none_assessed"]
        told.append(form.format(n=count(silent, lang, f"tasks.{key}.not_assessed")))
    return "; ".join(told)
