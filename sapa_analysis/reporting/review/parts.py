"""The parts of a review that follow each other: their headings, and where a part of another module goes in.

A part is a list of blocks without the heading of its own; headings inside it are of level 3.
"""

from __future__ import annotations

from ..cited import Citations
from ..language import texts
from ..paper.model import Block, Heading, Paragraph
from ..tagged_numbers import tag

#: Letters of headings of level 3, as papers of each language count them.
LETTERS = {"vi": "abcdđeghiklmn", "en": "abcdefghijklmn"}


def chapter(name: str, mark: str, lang: str) -> Heading:
    """Return a heading of level 1: "I. ..."; without a mark for an annex."""
    text = str(texts(lang)["review"]["headings"][name])
    return Heading(f"{mark}. {text}" if mark else text, 1)


def section(name: str, place: int, lang: str) -> Heading:
    """Return a heading of level 2: "1. ..."; its number is tagged like every other."""
    number = tag(str(place), f"review.heading.{name}", str(place), "quoted")
    return Heading(f"{number}. {texts(lang)['review']['headings'][name]}", 2)


def lettered(text: str, place: int, lang: str) -> Heading:
    """Return a heading of level 3: "a) ..."."""
    return Heading(f"{LETTERS[lang][place]}) {text}", 3)


def sources_part(used: Citations, lang: str) -> list[Block]:
    """Return the heading, the numbered list of what was cited, and a line on pages not to be cited."""
    if not used.numbers:
        return []
    intro = Paragraph(str(texts(lang)["review"]["sources"]["intro"]), "note")
    return [chapter("sources", "", lang), intro, used.sources(lang), *used.uncited(lang)]
