"""What the told parts of a review share: their words, papers in full, the term, names in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...core import last_day, last_year_ended
from ...pipeline import Project, Results
from ..language import document_name, texts
from ..paper.model import Heading, Paragraph
from ..scenario_changes import inside
from ..tagged_numbers import tag_quoted
from ..target_row import TargetRow

#: The verb with which the goal of a printed wording begins.
_VERB = re.compile(r"^(?:đạt (?:tỷ lệ )?|là )")
#: From the year of its congress to the last of a term.
_TERM = 5
#: Letters of headings inside a part, as papers of each language count them.
_LETTERS = {"vi": "abcdđeghik", "en": "abcdefghik"}


def words_of(part: str, lang: str) -> dict[str, Any]:
    """Return the words of a part."""
    return dict(texts(lang)["review_parts"][part])


def paper_named(document: str, lang: str) -> str:
    """Return a document in full, as headings and sentences name it."""
    name = document_name(document, lang)
    for short, full in texts(lang)["review_parts"]["in_full"].items():
        name = re.sub(rf"^{short}\b", str(full), name)
    name = name.replace("resolution 20", "resolution of 20")
    return tag_quoted(name, f"{document}.name.{lang}")


def headed(titles: Sequence[str], lang: str) -> list[Heading]:
    """Return headings inside a part: "a) ...", "b) ..."."""
    return [Heading(f"{letter}) {text}", 3) for letter, text in zip(_LETTERS[lang], titles, strict=False)]


def left_blank(what: str) -> Paragraph:
    """Return a paragraph that the office fills in."""
    return Paragraph(what, "blank")


def name_of(row: TargetRow) -> str:
    """Return what a target is about, as a sentence begins with it."""
    name = _own(row.name)
    return name[:1].upper() + name[1:]


def name_inside(row: TargetRow) -> str:
    """Return what a target is about, as it stands inside a sentence."""
    return inside(_own(row.name))


def _own(name: str) -> str:
    """Return a printed name as sentences of the paper spell it."""
    return name.rstrip(": ").removesuffix(" là").replace("ỉ lệ", "ỷ lệ")


def bare_goal(row: TargetRow) -> str:
    """Return a goal without the verb with which its wording begins."""
    return _VERB.sub("", row.goal)


def aim_of(row: TargetRow) -> str:
    """Return a goal as it stands inside a sentence: without its verb; of a term, with its years."""
    goal = bare_goal(row)
    return goal if row.due.split()[-1] == str(row.end) else f"{goal} ({row.due})"


def is_due(row: TargetRow, results: Results) -> bool:
    """Return whether the year by which a target is due has ended."""
    return row.end <= last_year_ended(results.params.as_of)


def all_due(results: Results) -> bool:
    """Return whether every target of a run is due, also those of which nothing is known."""
    return bool((results.verdicts["end"] <= last_year_ended(results.params.as_of)).all())


def once(rows: Sequence[TargetRow], verdicts: pd.DataFrame) -> list[TargetRow]:
    """Return targets without those that another document sets alike: the same indicator, year and value."""
    first: dict[tuple[str, int, float], TargetRow] = {}
    for row in rows:
        first.setdefault((row.indicator, row.end, float(verdict_of(row, verdicts)["value"])), row)
    return list(first.values())


def verdict_of(row: TargetRow, verdicts: pd.DataFrame) -> pd.Series:
    """Return the verdict of a row, from verdicts by id."""
    return pd.Series(verdicts.loc[row.id])


def term_of(project: Project, results: Results) -> tuple[int, int] | None:
    """Return the first and last year of the term: of the congress, else to the year most targets have."""
    targets, papers = results.targets, project.documents
    if not targets:
        return None
    kind = papers["kind"].reindex([target.document for target in targets])
    chosen = [target for target, of in zip(targets, kind, strict=True) if of == "congress"]
    if chosen:
        days = papers["published"].reindex([target.document for target in chosen])
        last, first = max(target.end for target in chosen), min(last_day(str(day)).year for day in days)
        return min(first, last - _TERM), last  # goals may have been published late in the term
    ends = pd.Series([target.end for target in targets])
    last = int(ends.mode().min())
    return min(target.start or target.end for target in targets if target.end <= last), last


def goals_of_term(rows: Sequence[TargetRow], last: int) -> list[TargetRow]:
    """Return the targets due at the end of the term, or the next ones once it is over."""
    ends = {row.end for row in rows}
    end = max((end for end in ends if end <= last), default=min(ends))
    return [row for row in rows if row.end == end]


def vary(forms: Mapping[str, str], place: int) -> str:
    """Return the form for a place in a list: neighbours are told in other words."""
    return str(list(forms.values())[place % len(forms)])


def alone(pace: str) -> str:
    """Return a pace without the years and readings that stand behind it."""
    return pace.partition(" (")[0].partition("; ")[0]
