"""Shortcomings, causes, lessons: heads for the office to fill in, and a prompt of what the figures show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from ...pipeline import Project, Results
from ..language import count
from ..paces import own_is_slower
from ..paper.model import Block, Paragraph, Points
from ..target_row import TargetRow, target_rows
from .contradictions import contradictions
from .office_text import written
from .said import aim_of, alone, headed, left_blank, name_of, paper_named, vary, verdict_of, words_of


def shortcomings_part(project: Project, results: Results, lang: str) -> list[Block]:
    """Return the heads of shortcomings, causes and lessons, each with room, and first what the figures show.

    What the office wrote stands word for word where its place was left. Named are the targets whose outlook
    is unlikely, and those whose own pace lies behind the pace needed; then the figures that contradict each
    other. No shortcoming, cause or lesson is made up.
    """
    words = words_of("shortcomings", lang)
    heads = headed([words["heads"][name] for name in ("seen", "doubted", "why", "lessons")], lang)
    late = list(_late(project, results, lang))
    doubted = contradictions(project, results, lang)
    seen, lessons = (written(project, results, what, lang) for what in ("shortcoming", "lesson"))
    causes = [written(project, results, what, lang) for what in ("objective", "subjective")]
    told = next((lines[:1] for lines in causes if lines), [])
    objective, subjective = (lines[1:] for lines in causes)
    return [
        heads[0],
        *seen,
        *([Paragraph(words["prompt"]), *late] if late else []),
        *([] if seen else [left_blank(words["blank"]["seen"])]),
        heads[1],
        *([Paragraph(words["doubted"]), Points(tuple(doubted))] if doubted else [Paragraph(words["clear"])]),
        heads[2],
        *told,
        Paragraph(words["objective"]),
        *(objective or [left_blank(words["blank"]["objective"])]),
        Paragraph(words["subjective"]),
        *(subjective or [left_blank(words["blank"]["subjective"])]),
        heads[3],
        *(lessons or [left_blank(words["blank"]["lessons"])]),
    ]


def _late(project: Project, results: Results, lang: str) -> Iterator[Block]:
    """Yield by document the targets that are late, those already due apart from those ahead."""
    words, verdicts = words_of("shortcomings", lang), results.verdicts.set_index("id")
    rows = target_rows(project, results, lang)
    for document in dict.fromkeys(row.document for row in rows):
        mine = [row for row in rows if row.document == document]
        for group in ("past", "unlikely", "slow"):
            late = [row for row in mine if group_of(row, verdict_of(row, verdicts)) == group]
            if not late:
                continue
            n = count(len(late), lang, f"shortcomings.{document}.{group}")
            paper = paper_named(document, lang)
            told = str(words["groups"][group]).format(paper=paper, n=n)
            yield Paragraph(told[:1].upper() + told[1:])
            yield Points(tuple(_items(late, verdicts, lang)))


def group_of(row: TargetRow, verdict: pd.Series) -> str:
    """Return where a target stands: `past` (due, hardly attained), `unlikely`, `slow`, or blank."""
    if verdict["overdue"]:
        return "past" if row.outlook == "unlikely" else ""
    if verdict["reason"] == "no_tolerance":
        return ""  # whether more or less is wanted is not said
    if row.outlook == "unlikely":
        return "unlikely"
    return "slow" if is_behind(verdict) else ""


def is_behind(verdict: pd.Series) -> bool:
    """Return whether the own pace of a target lies behind the pace that it needs."""
    return own_is_slower(verdict) and not verdict["passed"]


def _items(rows: Sequence[TargetRow], verdicts: pd.DataFrame, lang: str) -> Iterator[str]:
    """Yield a sentence for each target; those of one form are told in turn in other words."""
    words, seen = words_of("shortcomings", lang), dict[str, int]()
    for row in rows:
        verdict = verdict_of(row, verdicts)
        form = _form(row, verdict)
        place = seen[form] = seen.get(form, -1) + 1
        yield vary(words["items"][form], place).format(
            name=name_of(row), goal=aim_of(row), latest=row.latest, when=row.latest_when, band=row.band,
            standing=_standing(row, verdict, words["standing"]), own=alone(row.own_pace),
            needed=alone(row.needed_pace), word=row.word,
        )  # fmt: skip


def _standing(row: TargetRow, verdict: pd.Series, forms: dict[str, str]) -> str:
    """Return how the latest figure stands to the goal, as words that follow it; blank for a doubted one."""
    if verdict["latest_doubt"]:
        return ""
    if not row.against:
        return forms["part"] if verdict["latest_basis"] == "part_year" else ""
    form = "points" if str(verdict["unit"]).startswith("percent") else "share"
    return forms[form].format(against=row.against)


def _form(row: TargetRow, verdict: pd.Series) -> str:
    if verdict["overdue"]:
        return "result" if row.latest else "past_no_figure"
    shown = pd.notna(verdict["own_pace"]) and row.own_pace
    own = "_own" if shown and verdict["own_pace_years"] != str(verdict["latest_year"]) else ""
    if verdict["measure"] == "growth" and row.latest:
        return f"growth{own}"
    if is_behind(verdict):
        return "paces"
    if not row.latest:
        return "no_figure"
    return (
        f"needed{own}" if row.needed_pace else f"growth{own}"
    )  # which sets the figure beside the goal, without a pace
