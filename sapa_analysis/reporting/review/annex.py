"""The annex of a review: every target in one row, with its yearly results, its goals and its judgement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from ...evidence import is_office
from ...pipeline import Project, Results
from ..cited import figure_cited
from ..language import count, day, texts
from ..office import has_own, instead, notes
from ..office_said import Committee, committee_of
from ..office_said import words_of as office_words
from ..paper.model import Block, Cell, Row, Table, Turn
from ..published import Cite, day_shown
from ..tagged_numbers import capital, tag_quoted
from .annex_cells import (
    Column,
    against_cell,
    band_cell,
    columns_of,
    figure_cell,
    figures_of,
    goal_cell,
    in_conflict,
    judged_cell,
    office_cell,
    restated,
    slots_of,
    unit_shown,
    with_newest,
)
from .cases import compared_only
from .committee import committee_cell, committee_notes
from .parts import chapter
from .phrases import share_of_goal, words_of
from .subjects import Aim, Subject, Term, has_ended, kind_of, paper_named, printed_name

#: Columns that stand under one head.
_TOGETHER = ("against", "committee", "judged")
#: An older figure than one of the term before stands in the row only if there is no later one.
_BEFORE = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Annex:
    """What every row of the annex needs."""

    project: Project
    results: Results
    columns: list[Column]
    term: Term
    lang: str
    cite: Cite
    committee: Committee


def annex_part(
    project: Project, results: Results, subjects: Sequence[Subject], term: Term, lang: str, cite: Cite
) -> list[Block]:
    """Return the annex: a turn of the page, its heading, and one table."""
    committee = committee_of(project, results)
    columns = columns_of(results, subjects, term, committee)
    annex = _Annex(project, results, columns, term, lang, cite, committee)
    words = words_of(lang)["annex"]
    rows = tuple(_rows(annex, subjects))
    total = sum(column.width for column in columns)
    table = Table(
        "annex",
        str(words["caption"]).format(as_of=day(results.params.as_of, lang)),
        _heads(annex),
        rows,
        tuple(column.width / total for column in columns),
        tuple(_notes(annex, subjects, rows)),
        named_by=1,
        dense=True,
        sheet=True,
    )
    return [Turn(landscape=True), chapter("annex", "", lang), table]


def _heads(annex: _Annex) -> tuple[Row, ...]:
    """Return the two rows of heads: the goals compared with, and the judgements, each under one head."""
    top, below, seen = [], [], set()
    for column in annex.columns:
        if column.kind not in _TOGETHER:
            top.append(Cell(_head(column, annex), down=2, align="middle", strong=True))
            continue
        same = [each for each in annex.columns if each.kind == column.kind]
        if column.kind not in seen:
            top.append(Cell(_together(column, annex), across=len(same), align="middle", strong=True))
        seen.add(column.kind)
        below.append(Cell(str(column.year), align="middle", strong=True))
    return tuple(top), tuple(below)


def _together(column: Column, annex: _Annex) -> str:
    own = office_words(annex.lang)["annex"]
    if column.kind == "committee":
        return str(own["committee"]).format(body=annex.committee.named(annex.lang))
    return str(
        own["judged"]
        if column.kind == "judged" and annex.committee
        else words_of(annex.lang)["annex"][column.kind]
    )


def _head(column: Column, annex: _Annex) -> str:
    words, name = words_of(annex.lang)["annex"], column.kind
    if name == "goal" and _is_congress(annex):
        name = "congress"
    if name == "done" and column.year == annex.term.focus:
        name = "ended"
    if name == "lead" and has_ended(annex.project, annex.results.params.area, annex.results.params.as_of):
        name = "lead_ended"
    return str(words[name]).format(end=column.year, year=column.year)


def _is_congress(annex: _Annex) -> bool:
    papers = annex.results.verdicts["document"].unique()
    return any(kind_of(annex.project, str(paper)) == "congress" for paper in papers)


def _rows(annex: _Annex, subjects: Sequence[Subject]) -> Iterator[Row]:
    """Yield the rows in the order of the documents, with subheadings for documents and for wider groups."""
    order = list(dict.fromkeys(annex.results.verdicts["document"]))
    first = {
        subject: min(subject.aims, key=lambda aim: order.index(aim.row.document)) for subject in subjects
    }
    for place, paper in enumerate(order):
        mine = [subject for subject in subjects if first[subject].row.document == paper]
        if any(_has_row(annex, subject) for subject in mine) and len(order) > 1:
            form = str(words_of(annex.lang)["annex"]["only" if place else "of"])
            yield _across(form.format(paper=paper_named(paper, annex.lang)), annex)
        yield from _of_paper(annex, mine, first)


def _of_paper(annex: _Annex, subjects: Sequence[Subject], first: dict[Subject, Aim]) -> Iterator[Row]:
    clauses = [first[subject].row.clause for subject in subjects]
    inside: dict[str, int] = {}
    headed: set[str] = set()
    for place, (subject, clause) in enumerate(zip(subjects, clauses, strict=True), start=1):
        wide = bool(clause) and clauses.count(clause) > 1
        if wide and clause not in headed and _has_row(annex, subject):
            headed.add(clause)
            yield _across(_group(clause, first[subject], annex), annex)
        inside[clause] = inside.get(clause, 0) + 1
        if not _has_row(annex, subject):
            continue
        number = f"{clause}.{inside[clause]}" if wide else clause or str(place)
        for aims in slots_of(subject, annex.columns):
            yield tuple(_cells(annex, subject, aims, first[subject], number))


def is_told(subject: Subject) -> bool:
    """Return whether a row says anything: a figure of it is published, or one of its goals can be judged."""
    return subject.known or any(aim.row.status != "not_assessed" for aim in subject.aims)


def _has_row(annex: _Annex, subject: Subject) -> bool:
    return is_told(subject) or any(aim.row.id in annex.committee.words for aim in subject.aims)


def _across(text: str, annex: _Annex) -> Row:
    return (Cell(text, across=len(annex.columns), strong=True),)


def _group(clause: str, aim: Aim, annex: _Annex) -> str:
    """Return the subheading of a group, with what its wording says before its first target."""
    words, document = words_of(annex.lang)["annex"], aim.row.document
    shown = tag_quoted(clause, f"{document}.{clause}.number")
    paper = annex.project.texts.get(document) if annex.lang == "vi" else None
    printed = {str(group.no): group.printed for group in paper.target_groups} if paper else {}
    name, colon, _ = printed.get(clause, "").partition(":")
    if not colon or any(letter.isdigit() for letter in name):
        name = str(texts(annex.lang)["fields"].get(aim.row.field, aim.row.field))
    return str(words["group_named"]).format(clause=shown, name=name)


def _cells(annex: _Annex, subject: Subject, aims: dict[int, Aim], named: Aim, number: str) -> Iterator[Cell]:
    """Yield the cells of a row, one for each column."""
    lang, figures = annex.lang, figures_of(annex.results, subject)
    row: dict[str, Callable[[Column], Cell]] = {
        "number": lambda _: Cell(tag_quoted(number, f"review.annex.{named.row.id}"), align="middle"),
        "name": lambda _: Cell(printed_name(named, lang)),
        "unit": lambda _: Cell(unit_shown(subject, lang), align="middle"),
        "goal": lambda column: goal_cell(aims.get(column.year), column.year, subject, lang),
        "plan": lambda column: goal_cell(aims.get(column.year), column.year, subject, lang),
        "before": lambda column: _figure(annex, subject, figures, column),
        "done": lambda column: _figure(annex, subject, figures, column),
        "office": lambda column: with_newest(
            office_cell(aims.get(column.year), subject, lang), subject, column.year, lang
        ),
        "band": lambda column: band_cell(aims, column.year, subject, lang),
        "against": lambda column: _against(annex, aims.get(column.year), figures, column.year),
        "committee": lambda column: committee_cell(aims.get(column.year), annex.committee, lang),
        "judged": lambda column: judged_cell(aims.get(column.year), lang),
        "lead": lambda _: Cell(next((aim.row.lead for aim in aims.values()), "")),
        "source": lambda _: Cell(_sources(annex, figures, _newest(annex, subject)), align="middle"),
    }
    for column in annex.columns:
        yield row[column.kind](column)


def _shown(annex: _Annex, figures: dict[int, pd.Series]) -> dict[int, pd.Series]:
    """Return the figures that stand in the row, by year: those of the term, and the last one before it."""
    years = [column.year for column in annex.columns if column.kind == "done"]
    before = [year for year in figures if year < annex.term.start][-1:]
    if before and before[0] < annex.term.start - _BEFORE and before[0] != max(figures):
        before = []
    return {year: said for year, said in figures.items() if year in [*years, *before]}


def _figure(annex: _Annex, subject: Subject, figures: dict[int, pd.Series], column: Column) -> Cell:
    shown = _shown(annex, figures)
    if column.kind == "before":
        early = [said for year, said in shown.items() if year < annex.term.start]
        return figure_cell(early[-1], subject, annex.lang) if early else Cell()
    if column.year not in shown:
        return Cell()
    mark = "*" if in_conflict(annex.results, subject, column.year) else ""
    return figure_cell(shown[column.year], subject, annex.lang, year=column.year, mark=mark)


def _against(annex: _Annex, aim: Aim | None, figures: dict[int, pd.Series], year: int) -> Cell:
    """Return the comparison with a goal; as a quotient of two cells where both stand in the row."""
    if aim is None:
        return Cell()
    share, ratio = share_of_goal(aim, annex.lang), None
    shown = _shown(annex, figures)
    last = aim.verdict["latest_year"]
    if share and last in shown and shown[last]["value"] == aim.verdict["latest"]:
        kinds = [(column.kind, column.year) for column in annex.columns]
        goal = next(
            place for place, (kind, of) in enumerate(kinds) if kind in ("goal", "plan") and of == year
        )
        figure = ("before", 0) if last < annex.term.start else ("done", int(last))
        ratio = (kinds.index(figure), goal)
    return against_cell(aim, ratio, share, annex.lang)


def _sources(annex: _Annex, figures: dict[int, pd.Series], newest: pd.Series | None) -> str:
    """Return the marks of the pages of the figures of a row, each once."""
    shown = [*_shown(annex, figures).values(), *([] if newest is None else [newest])]
    marks = [annex.cite(figure_cited(said)).strip() for said in shown]
    return " ".join(dict.fromkeys(mark for mark in marks if mark))


def _newest(annex: _Annex, subject: Subject) -> pd.Series | None:
    """Return the figure of the running year that stands in the row, in the column of estimates."""
    years = [column.year for column in annex.columns if column.kind == "office"]
    return subject.newest if subject.newest is not None and subject.newest["year"] in years else None


def _notes(annex: _Annex, subjects: Sequence[Subject], rows: Sequence[Row]) -> Iterator[str]:
    words, lang = words_of(annex.lang)["annex"]["notes"], annex.lang
    own = has_own(annex.results)
    yield instead("annex_reading", words["reading"], lang, own=own)
    yield from committee_notes(annex.project, subjects, annex.committee, lang)
    if left := sum(not _has_row(annex, subject) for subject in subjects):
        yield str(words["left"]).format(n=count(left, lang, "review.annex.left"))
    every = [aim for subject in subjects for aim in subject.aims]
    for kind in dict.fromkeys(filter(None, map(compared_only, every))):
        yield str(office_words(lang)["notes"][kind])
    if any(aim.row.status == "not_assessed" and not compared_only(aim) for aim in every):
        yield str(words["blank"])
    if any("*" in cell.text for row in rows for cell in row):
        yield instead("annex_conflict", words["conflict"], lang, own=own)
    yield from notes((cell.text for row in rows for cell in row), lang)
    for subject in subjects:
        for aim in restated(subject):
            published = day_shown(_published(annex, aim), lang)
            yield str(words["restated"]).format(
                name=capital(subject.name), end=aim.row.end, goal=aim.row.goal, published=published
            )
    yield str(words["goals"]).format(papers="; ".join(_papers(annex)))


def _published(annex: _Annex, aim: Aim) -> str:
    return next(target.published for target in annex.results.targets if target.id == aim.row.id)


def _papers(annex: _Annex) -> Iterator[str]:
    """Yield each document with the mark of the page that prints its goals."""
    form = str(words_of(annex.lang)["annex"]["notes"]["goal_paper"])
    for paper in dict.fromkeys(annex.results.verdicts["document"]):
        mine = [target for target in annex.results.targets if target.document == paper]
        target = min(
            mine, key=lambda each: is_office(each.source_url)
        )  # the office's page is the last choice
        mark = annex.cite({"latest_source": target.source_title, "latest_url": target.source_url})
        yield form.format(paper=capital(paper_named(str(paper), annex.lang)), mark=mark)
