"""The targets of a field as points, one line each by their word, where they are too many for a paragraph."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..office_said import words_of as office_words
from ..paper.model import Block, Paragraph, Points
from ..tagged_numbers import capital, plain, tag
from .cases import judged
from .phrases import against, goals_told, when, words_of
from .said import alone
from .subjects import Aim, Subject

#: From more targets with figures than these on, a field is told in points.
MOST_IN_A_PARAGRAPH = 5

Aims = Sequence[tuple[Subject, Aim]]


def in_points(subjects: Sequence[Subject]) -> bool:
    """Return whether a field has more targets with figures than a paragraph holds."""
    return sum(subject.known for subject in subjects) > MOST_IN_A_PARAGRAPH


def unjudged(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return the subjects that no point tells: those of which no goal has a word."""
    return tuple(subject for subject in subjects if not any(map(judged, subject.aims)))


def by_word(aims: Aims, said: Sequence[str], lang: str, *, ours: bool) -> list[Block]:
    """Return for each word (`said`, the best first) its head and a line for each goal."""
    words, blocks = office_words(lang)["points"], list[Block]()
    running: set[str] = set()
    for word in said:
        mine = [(subject, aim) for subject, aim in aims if plain(aim.row.word) == word]
        row = mine[0][1].row
        shown = tag(word if ours else capital(word), f"{row.id}.word", row.status, "judgement")
        blocks.append(Paragraph(str(words["ours_head" if ours else "head"]).format(word=shown)))
        lines = []
        for subject, aim in mine:
            lines.append(_line(subject, aim, lang, newest=subject.name not in running))
            running.add(subject.name)
        blocks.append(Points(tuple(lines)))
    return blocks


def _line(subject: Subject, aim: Aim, lang: str, *, newest: bool) -> str:
    """Return a goal: its name and year, the figure against it, both paces, what is newest."""
    words = office_words(lang)["line"]
    told = [_figure(subject, aim, lang), *_paces(aim, lang)]
    told += [subject.running] if newest and subject.running else []
    named = str(words_of(lang)["judged"]["name"]).format(name=subject.name, due=due_told(aim, lang))
    return capital(str(words["whole"]).format(name=named, told="; ".join(told)))


def _figure(subject: Subject, aim: Aim, lang: str) -> str:
    words, verdict = office_words(lang)["line"], aim.verdict
    if not aim.known:
        form = words["model" if aim.row.band else "goal"]
        return str(form).format(band=aim.row.band, goals=goals_told([aim], lang))
    form = words["estimate" if verdict["latest_kind"] == "estimate" else "figure"]
    doubt = words_of(lang)["doubt"].get(str(verdict["latest_doubt"]), "")
    told = str(form).format(
        when=when(aim, subject.indicator, lang), value=aim.row.latest, against=against([aim], lang)
    )
    return f"{told} ({doubt})" if doubt else told


def _paces(aim: Aim, lang: str) -> list[str]:
    words, verdict = office_words(lang)["line"], aim.verdict
    if not aim.known or verdict["overdue"]:
        return []
    told = []
    if pd.notna(verdict["own_pace"]) and verdict["own_pace_years"] != str(verdict["latest_year"]):
        told.append(
            str(words["own"]).format(pace=alone(aim.row.own_pace), years=str(verdict["own_pace_years"]))
        )
    if verdict["passed"]:
        return [*told, aim.row.needed_pace]
    if pd.notna(verdict["pace"]):
        told.append(str(words["needed"]).format(pace=alone(aim.row.needed_pace)))
    return [", ".join(told)] if told else []


def due_told(aim: Aim, lang: str) -> str:
    """Return when a goal is due, bound to its judgement."""
    words = words_of(lang)["judged"]["due"]
    form = words["statement" if aim.kind == "statement" else aim.over or "year"]
    start = int(aim.verdict["start"]) if aim.over and aim.kind != "statement" else ""
    due = str(form).format(start=start, end=aim.row.end)
    return tag(due, f"{aim.row.id}.judged", aim.row.status, "judgement")
