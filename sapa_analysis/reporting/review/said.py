"""What the told parts of a review share: their words, the papers in full, the term, and names in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core import last_day
from ...pipeline import Project, Results
from ..language import document_name, texts
from ..paper.model import Heading, Paragraph
from ..scenario_changes import inside
from ..target_row import TargetRow


#: Letters of headings inside a part, as papers of each language count them.
_LETTERS = {"vi": "abcdđeghik", "en": "abcdefghik"}


def words_of(part: str, lang: str) -> dict[str, Any]:
    """Return the words of a part."""
    return dict(texts(lang)["review_parts"][part])


def paper_named(document: str, lang: str) -> str:
    """Return a document in full, as headings and sentences name it."""
    named: dict[str, str] = texts(lang)["review_parts"]["papers"]
    return named.get(document) or document_name(document, lang)


def headed(titles: Sequence[str], lang: str) -> list[Heading]:
    """Return headings inside a part: "a) ...", "b) ..."."""
    return [Heading(f"{letter}) {text}", 3) for letter, text in zip(_LETTERS[lang], titles, strict=False)]


def left_blank(what: str) -> Paragraph:
    """Return a paragraph that the office fills in."""
    return Paragraph(what, "blank")


def name_of(row: TargetRow) -> str:
    """Return what a target is about, as a sentence begins with it."""
    name = row.name.rstrip(": ")
    return name[:1].upper() + name[1:]


def name_inside(row: TargetRow) -> str:
    """Return what a target is about, as it stands inside a sentence."""
    return inside(row.name.rstrip(": "))


def term_of(project: Project, results: Results) -> tuple[int, int] | None:
    """Return the first and last year of the term: from the congress, else from the judged targets on."""
    targets = results.targets
    if not targets:
        return None
    last = max(target.end for target in targets)
    papers = project.documents
    of = list(dict.fromkeys(target.document for target in targets if target.document in papers.index))
    congresses = [name for name in of if papers.at[name, "kind"] == "congress"]
    if congresses:
        return min(last_day(str(papers.at[name, "published"])).year for name in congresses), last
    return min(target.start or target.end for target in targets), last


def vary(forms: Sequence[str], place: int) -> str:
    """Return the form for a place in a list: neighbours are told in other words."""
    return str(forms[place % len(forms)])


def alone(pace: str) -> str:
    """Return a pace without the years and readings that stand behind it."""
    return pace.partition(" (")[0].partition("; ")[0]
