"""What a review speaks of: each indicator once, with all the goals that documents set for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from ...core import last_day
from ...pipeline import Project, Results
from ..goals import wording
from ..language import document_name, name_shown, texts
from ..published import Cite
from ..tagged_numbers import capital, tag_quoted
from ..target_row import TargetRow, target_rows
from .running import running_figure, running_told

#: Results of a year are final some months after it: until then the year that has ended is under review.
_UNTIL_FINAL = timedelta(days=90)
#: Years of the term of a congress.
_TERM = 5
#: What ends the wording of a goal's name, and what begins that of its number.
_ENDS, _BEGINS = (":", " là"), ("đạt tỷ lệ ", "đạt ")


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """One goal of a subject: its cells in words, its verdict, and the kind of its document."""

    row: TargetRow
    verdict: pd.Series
    kind: str

    @property
    def bare_goal(self) -> str:
        """Its goal without the verb before the number: "trên 14,5%"."""
        goal = self.row.goal
        start = next((words for words in _BEGINS if goal.startswith(words)), "")
        return goal.removeprefix(start)

    @property
    def known(self) -> bool:
        """Whether a figure of it has been published."""
        return bool(pd.notna(self.verdict["latest"]))

    @property
    def over(self) -> str:
        """What it takes over several years: `term` for a mean, `total` for a sum; blank for a year."""
        measure = str(self.verdict["measure"])
        if not measure.startswith("term") or pd.isna(self.verdict["start"]):
            return ""
        return "total" if measure == "term_total" else "term"

    @property
    def outrun(self) -> bool:
        """Whether its figure is of a later year than the one in which it was due."""
        return self.known and bool(self.verdict["latest_year"] > self.row.end)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """An indicator with its goals, in the order in which they are due.

    `newest` is its latest figure of part of the running year, `running` that figure as a clause.
    """

    indicator: pd.Series
    name: str
    aims: tuple[Aim, ...]
    newest: pd.Series | None = None
    running: str = ""

    @property
    def lead(self) -> Aim:
        """The goal that its sentence is about: the last one due without a later figure, else the next one."""
        ahead = [aim for aim in self.aims if not aim.verdict["overdue"]]
        past = [aim for aim in self.aims if aim.verdict["overdue"] and not aim.outrun]
        return past[-1] if past else (ahead or list(self.aims))[0]

    @property
    def known(self) -> bool:
        """Whether a figure of it has been published."""
        return any(aim.known for aim in self.aims)

    def by_figure(self) -> list[Subject]:
        """Return the subject once for each figure that its goals are compared with."""
        found: dict[tuple[str, float], list[Aim]] = {}
        for aim in self.aims:
            value = float(aim.verdict["latest"]) if aim.known else 0.0
            found.setdefault((str(aim.verdict["latest_period"]), value), []).append(aim)
        first, *others = [replace(self, aims=tuple(aims)) for aims in found.values()]
        return [first, *(replace(other, newest=None, running="") for other in others)]


@dataclass(frozen=True, slots=True)
class Term:
    """The years of a review: the term, the year under review on the day, and whether the term has ended."""

    start: int
    end: int
    focus: int
    ended: bool


def term_of(project: Project, results: Results) -> Term:
    """Return the term of the congress, or five years to the next year in which goals are due."""
    as_of, verdicts = results.params.as_of, results.verdicts
    congress = [name for name in verdicts["document"].unique() if kind_of(project, name) == "congress"]
    mine = verdicts[verdicts["document"].isin(congress)] if congress else verdicts
    ends = sorted(int(end) for end in mine["end"])
    later = [end for end in ends if end >= as_of.year]
    end = max(ends) if congress else (later or ends[-1:] or [as_of.year])[0]
    focus = min((as_of - _UNTIL_FINAL).year, end)
    return Term(end - _TERM + 1, end, max(focus, end - _TERM + 1), as_of > date(end, 12, 30))


def kind_of(project: Project, document: str) -> str:
    """Return the kind of a document; blank for one that is not listed."""
    papers = project.documents
    return str(papers.at[document, "kind"]) if document in papers.index else ""


def subjects_of(project: Project, results: Results, lang: str, *, cite: Cite | None = None) -> list[Subject]:
    """Return every indicator that has a goal, in the order of its first goal in the documents."""
    rows = target_rows(project, results, lang, cite=cite)
    aims: dict[str, list[Aim]] = {}
    for row, (_, verdict) in zip(rows, results.verdicts.iterrows(), strict=True):
        aims.setdefault(row.indicator, []).append(Aim(row, verdict, kind_of(project, row.document)))
    return [_subject(project, results, name, mine, lang, cite) for name, mine in aims.items()]


def _subject(
    project: Project, results: Results, name: str, aims: list[Aim], lang: str, cite: Cite | None
) -> Subject:
    indicator: pd.Series = project.indicators.loc[name]  # type: ignore[assignment]  # ids are unique
    newest = running_figure(results, name)
    if newest is not None and any(aim.verdict["latest_year"] == newest["year"] for aim in aims):
        newest = None  # it is told as the latest figure
    running = "" if newest is None else running_told(newest, indicator, lang, cite)
    ordered = tuple(sorted(aims, key=lambda aim: aim.row.end))
    return Subject(indicator, name_within(indicator, lang), ordered, newest, running)


def name_within(indicator: pd.Series, lang: str) -> str:
    """Return the name of an indicator as it stands within a sentence; its numbers are tagged."""
    own = str(indicator[f"name_{lang}"])[:1]
    return own + name_shown(indicator, lang)[1:] if own.isalpha() else name_shown(indicator, lang)


def printed_name(aim: Aim, lang: str) -> str:
    """Return what a goal is about as its document words it, without what only led to its number."""
    text = aim.row.name
    if lang == "vi" and wording(str(aim.verdict["printed"]))[1]:
        for end in _ENDS:
            text = text.removesuffix(end)
    return capital(text)


def paper_named(document: str, lang: str) -> str:
    """Return the title of a document in full, as it stands within a sentence."""
    words, title = texts(lang)["review"]["papers"], document_name(document, lang)
    short, full = str(words["short"]), str(words["full"])
    article = "" if lang == "vi" else "the "
    title = title.replace("resolution 20", "resolution of 20")
    title = full + title.removeprefix(short) if title.startswith(short) else title
    return article + tag_quoted(title, f"{document}.title.{lang}")


def has_ended(project: Project, area: str, as_of: date) -> bool:
    """Return whether an area no longer exists on a day."""
    until = str(project.areas.at[area, "valid_to"] or "")
    return bool(until) and last_day(until) < as_of
