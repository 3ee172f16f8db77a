"""The choice among the forms of a sentence, so that a paper does not repeat one pattern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ..tagged_numbers import plain
from .subjects import capital

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
