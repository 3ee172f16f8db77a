"""The standing committee's judgements in a review: first in every place, then the department's, then ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from ...pipeline import Project
from ..language import count, name_shown
from ..office_said import JUDGED, Committee, counts_told, quoted, words_of
from ..paper.model import Cell, Row
from ..published import day_shown, rating_word
from ..scenario_changes import inside
from ..tagged_numbers import capital
from .cases import compared_only
from .said import paper_named
from .subjects import Aim, Subject

#: The colour of the committee's word: that of our outlook of the same side.
_SHADES = {
    "exceeded": "likely",
    "met": "likely",
    "expected": "likely",
    "hard": "unlikely",
    "missed": "unlikely",
}
Said = Sequence[tuple[Subject, Aim]]


def committee_cell(aim: Aim | None, committee: Committee, lang: str) -> Cell:
    """Return the committee's word on a goal; blank where it has none."""
    if aim is None or aim.row.id not in committee.words:
        return Cell()
    shade = _SHADES.get(committee.words[aim.row.id].word, "")
    return Cell(committee.word(aim.row.id, lang), align="middle", strong=bool(shade), shade=shade)


def committee_points(aims: Said, committee: Committee, lang: str) -> list[str]:
    """Return the goals of a field by the committee's word, then what departments expect of them."""
    words, told = words_of(lang), []
    for word in (word for word in JUDGED if word != "open"):
        mine = [(subject, aim) for subject, aim in aims
                if aim.row.id in committee.words and committee.words[aim.row.id].word == word]  # fmt: skip
        if mine:
            names = "; ".join(named_with_year(subject, aim, lang) for subject, aim in mine)
            said = committee.word(mine[0][1].row.id, lang, inside=True)
            told.append(
                str(words["points"]["committee"]).format(body=committee.named(lang), word=said, names=names)
            )
    estimates = [
        str(words["points"]["estimate"]).format(
            name=named_with_year(subject, aim, lang), value=aim.row.office
        )
        for subject, aim in aims
        if aim.row.office
    ]
    if estimates:
        told.append(str(words["points"]["estimates"]).format(items="; ".join(estimates)))
    return told


def named_with_year(subject: Subject, aim: Aim, lang: str) -> str:
    """Return a goal by its name and the year in which it is due."""
    return str(words_of(lang)["name"]).format(name=subject.name, end=aim.row.end)


def compared_points(aims: Said, lang: str) -> list[str]:
    """Return the goals that are only set beside a figure of the office: shares, and a rating by its year."""
    words, found = words_of(lang)["points"], dict[str, list[str]]()
    for subject, aim in aims:
        if kind := compared_only(aim):
            form = str(words[kind])
            head = form.format(year=aim.verdict["latest_year"], word=rating_word(aim.verdict["latest"], lang))
            found.setdefault(head, []).append(named_with_year(subject, aim, lang))
    return [f"{capital(head)}: {'; '.join(names)}." for head, names in found.items()]


# counts ---------------------------------------------------------------------------------------------------


def committee_intro(committee: Committee, verdicts: pd.DataFrame, papers: Sequence[str], lang: str) -> str:
    """Return how many targets of each document the committee judged, and that ours are counted apart."""
    words, told = words_of(lang)["counts"], []
    for paper in papers:
        targets = [str(name) for name in verdicts.loc[verdicts["document"] == paper, "id"]]
        if said := counts_told(committee, targets, paper, lang):
            told.append(str(words["of_paper"]).format(paper=paper_named(paper, lang), counts=said))
    if not told:
        return ""
    intro = str(words["intro"]).format(body=committee.named(lang), papers="; ".join(told))
    n = int(verdicts["office"].notna().sum())
    expected = str(words["estimates"]).format(n=count(n, lang, "committee.estimates")) if n else ""
    return " ".join(filter(None, (intro, expected, str(words["apart"]))))


def committee_rows(
    committee: Committee, columns: Sequence[tuple[str, Sequence[str]]], lang: str
) -> Iterator[Row]:
    """Yield the rows of the committee's words under a head of their own.

    `columns` holds for each column its document and the targets that it counts; none for one of groups.
    """
    words = words_of(lang)
    yield (
        Cell(
            str(words["counts"]["head"]).format(body=committee.named(lang)),
            across=len(columns) + 1,
            strong=True,
        ),
    )
    counted = [committee.counted(targets) for _, targets in columns]
    for word in JUDGED:
        if any(each[word] for each in counted):
            cells = [
                Cell(count(each[word], lang, f"committee.{paper}.{word}"), align="middle")
                if targets
                else Cell()
                for (paper, targets), each in zip(columns, counted, strict=True)
            ]
            yield (Cell(str(words["judged"][word]), shade=_SHADES.get(word, "")), *cells)


# notes ----------------------------------------------------------------------------------------------------


def committee_notes(
    project: Project, subjects: Sequence[Subject], committee: Committee, lang: str
) -> Iterator[str]:
    """Yield as of when the committee judged, where it and we differ, its notes, and what has no row."""
    if not committee and not committee.others:
        return
    words, body = words_of(lang)["notes"], committee.named(lang)
    aims = [(subject, aim) for subject in subjects for aim in subject.aims if aim.row.id in committee.words]
    if committee:
        last = max(said.published for said in committee.words.values())
        yield str(words["known"]).format(body=body, day=day_shown(last, lang))
        yield from _differences(aims, committee, lang)
    for subject, aim in aims:
        said = committee.words[aim.row.id]
        if said.note:
            note = quoted({"note": said.note, "where": said.where}, "judgements", "note")
            yield str(words["note"]).format(name=capital(named_with_year(subject, aim, lang)), note=note)
    if committee.others:
        names = "; ".join(inside(name_shown(_indicator(project, name), lang)) for name in committee.others)
        yield str(words["others"]).format(body=body, names=names)


def _differences(aims: Said, committee: Committee, lang: str) -> Iterator[str]:
    words, body = words_of(lang)["notes"], committee.named(lang)
    apart = [(subject, aim) for subject, aim in aims if committee.opposes(aim.row.id, aim.row.outlook)]
    if not apart:
        yield str(words["agree"]).format(body=body)
        return
    yield str(words["differ"]).format(body=body, n=count(len(apart), lang, "committee.apart"))
    for subject, aim in apart:
        form = words["result" if aim.row.status in ("met", "missed") else "forecast"]
        yield str(form).format(
            name=capital(named_with_year(subject, aim, lang)), body=body,
            committee=committee.word(aim.row.id, lang, inside=True), word=aim.row.word,
        )  # fmt: skip


def _indicator(project: Project, name: str) -> pd.Series:
    row: pd.Series = project.indicators.loc[name]  # type: ignore[assignment]  # ids are unique
    return row
