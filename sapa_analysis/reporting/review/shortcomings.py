"""Shortcomings, causes and lessons: heads for the office to fill in, and as a prompt what the figures show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from ...pipeline import Project, Results
from ..language import count
from ..paper.model import Block, Paragraph, Points
from ..target_row import TargetRow, target_rows
from .contradictions import contradictions
from .said import alone, headed, left_blank, name_of, paper_named, vary, words_of


def shortcomings_part(project: Project, results: Results, lang: str) -> list[Block]:
    """Return the heads of shortcomings, causes and lessons, each with room, and first what the figures show.

    Named are the targets whose outlook is unlikely, and those whose own pace lies behind the pace needed; then
    the figures that contradict each other. No shortcoming, cause or lesson is made up.
    """
    words = words_of("shortcomings", lang)
    heads = headed([words["heads"][name] for name in ("seen", "doubted", "why", "lessons")], lang)
    late = list(_late(project, results, lang))
    doubted = contradictions(project, results, lang)
    return [
        heads[0],
        *([Paragraph(words["prompt"]), *late] if late else []),
        left_blank(words["blank"]["seen"]),
        heads[1],
        *([Paragraph(words["doubted"]), Points(tuple(doubted))] if doubted else [Paragraph(words["clear"])]),
        heads[2],
        Paragraph(words["objective"]),
        left_blank(words["blank"]["objective"]),
        Paragraph(words["subjective"]),
        left_blank(words["blank"]["subjective"]),
        heads[3],
        left_blank(words["blank"]["lessons"]),
    ]


def _late(project: Project, results: Results, lang: str) -> Iterator[Block]:
    """Yield by document the targets that are late, those already due apart from those ahead."""
    words, verdicts = words_of("shortcomings", lang), results.verdicts.set_index("id")
    rows = target_rows(project, results, lang)
    for document in dict.fromkeys(row.document for row in rows):
        mine = [row for row in rows if row.document == document]
        for group in ("past", "unlikely", "slow"):
            late = [row for row in mine if group_of(row, verdicts.loc[row.id]) == group]
            if not late:
                continue
            n = count(len(late), lang, f"shortcomings.{document}.{group}")
            paper = paper_named(document, lang)
            yield Paragraph(words["groups"][group].format(paper=paper[:1].upper() + paper[1:], n=n))
            yield Points(tuple(_items(late, words["items"])))


def group_of(row: TargetRow, verdict: pd.Series) -> str:
    """Return where a target stands: `past` due and not attained as far as known, `unlikely`, `slow`, or blank."""
    if verdict["overdue"]:
        return "past" if row.outlook == "unlikely" else ""
    if row.outlook == "unlikely":
        return "unlikely"
    return "slow" if is_behind(verdict) else ""


def is_behind(verdict: pd.Series) -> bool:
    """Return whether the own pace of a target lies behind the pace that it needs."""
    own, needed = verdict["own_pace"], verdict["pace"]
    if pd.isna(own) or pd.isna(needed) or verdict["passed"] or verdict["own_pace_unit"] != verdict["pace_unit"]:
        return False
    return bool(own < needed if needed > 0 else own > needed)


def _items(rows: Sequence[TargetRow], forms: dict[str, list[str]]) -> Iterator[str]:
    """Yield a sentence for each target; those of one form in a row are told in turn in other words."""
    seen: dict[str, int] = {}
    for row in rows:
        form = _form(row)
        place = seen[form] = seen.get(form, -1) + 1
        yield vary(forms[form], place).format(
            name=name_of(row), goal=row.goal, due=row.due, latest=row.latest, when=row.latest_when,
            against=row.against, band=row.band, own=alone(row.own_pace), needed=alone(row.needed_pace),
            word=row.short,
        )  # fmt: skip


def _form(row: TargetRow) -> str:
    if row.own_pace and row.needed_pace:
        return "paces"
    if not row.latest:
        return "no_figure"
    if row.needed_pace:
        return "needed" if row.against else "needed_part"
    return "result" if row.against else "result_part"
