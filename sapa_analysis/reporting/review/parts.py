"""The parts of a review that follow each other: their headings, and where a part of another module goes in.

A part is a list of blocks without the heading of its own; headings inside it are of level 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ...evidence import is_office
from ..cited import Citations
from ..language import texts
from ..office import instead
from ..paper.model import Block, Heading, Paragraph
from ..tagged_numbers import capital, plain, tag

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
    words, own = texts(lang)["review"]["sources"], any(map(is_office, used.numbers))
    intro = Paragraph(instead("sources_intro", words["intro"], lang, own=own), "note")
    return [chapter("sources", "", lang), intro, used.sources(lang), *used.uncited(lang)]


#: So many words at the beginning of a sentence must differ from those of the one before.
_WORDS = 3


class Variety:
    """The forms used so far in a paper, and how its last sentence began."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._began: tuple[str, ...] = ()

    def say(self, case: str, forms: Mapping[str, str], told: Mapping[str, object]) -> str:
        """Return the sentence in the form used least that does not begin like the one before.

        Parameters
        ----------
        case : str
            What the forms are for; forms count by case and name.
        forms : mapping of str to str
            The forms to choose from, by name.
        told : mapping of str to object
            What goes into them.
        """
        ranked = sorted(forms, key=lambda name: self._used[f"{case}.{name}"])
        said = {name: capital(str(forms[name]).format(**told)) for name in ranked}
        name = next((name for name in ranked if beginning(said[name]) != self._began), ranked[0])
        self._used[f"{case}.{name}"] += 1
        return self.note(said[name])

    def note(self, sentence: str) -> str:
        """Return a sentence as it is, and remember how it began."""
        self._began = beginning(sentence)
        return sentence


def beginning(sentence: str) -> tuple[str, ...]:
    """Return the first words of a sentence, as a reader sees them."""
    return tuple(plain(sentence).lower().split()[:_WORDS])
