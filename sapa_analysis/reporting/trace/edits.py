"""Numbers of a text that was edited, set against those that its paper prints in that place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .known import ENOUGH
from .printed import Printed, digits_of, figures_in

#: Words on one side of a number by which it is known again, with one on the other.
_FAR = 3
_WORD = re.compile(r"\w+|[^\w\s]")
#: Words that say what a minus says.
_LESS = re.compile(
    r"giảm|thấp hơn|thiếu|kém|hụt|âm\b|fell|fall|lower|less|below|short|down|minus", re.IGNORECASE
)

Token = tuple[str, float, str] | str


@dataclass(frozen=True, slots=True)
class Edited:
    """A number of an edited text that is not what stood there; `stood` is None where no number did."""

    figure: Printed
    stood: Printed | None


def edited_figures(text: str, old: str, lang: str) -> list[Edited]:
    """Return the numbers of an edited text that differ from those of the old one, or that are new in it.

    A number may stand elsewhere in the text, in other words, or rounded to three digits or more.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.edits import edited_figures
    >>> found = edited_figures("Ước đón 3,6 triệu lượt, đạt 84%", "Đón 3,5 triệu lượt, đạt 84%.", "vi")
    >>> [(each.figure.text, each.stood.text) for each in found]
    [('3,6', '3,5')]
    """
    mine, theirs = _tokens(text, figures_in(text, lang)), _tokens(old, figures_in(old, lang))
    if _masked(mine) == _masked(theirs):  # the very same words: each number stands where one stood
        alike = zip(_figures(mine), _figures(theirs), strict=True)
        return [Edited(figure, stood) for figure, stood in alike if not is_same(figure, stood, text)]
    matcher = SequenceMatcher(
        None, [token for token, _ in theirs], [token for token, _ in mine], autojunk=False
    )
    gone: list[Printed] = []
    found: list[Edited] = []
    for how, j, j_end, i, i_end in matcher.get_opcodes():
        if how == "equal":
            continue
        here, there = _figures(mine[i:i_end]), _figures(theirs[j:j_end])
        if len(here) == len(there) == i_end - i == j_end - j:  # numbers alone, each in the place of one
            pairs = list(zip(here, there, strict=True))
            found += [Edited(figure, stood) for figure, stood in pairs if not is_same(figure, stood, text)]
        else:
            found += _of_stretch(here, there, text)
            gone += [stood for stood in there if not any(is_same(each, stood, text) for each in here)]
    return [each for each in found if not _came_from(each, gone, text)]


def _of_stretch(here: Sequence[Printed], there: Sequence[Printed], text: str) -> list[Edited]:
    """Return the numbers of a stretch that are none of its old ones, with those in whose place they stand."""
    left, new = list(there), []
    for figure in here:
        same = next((stood for stood in left if is_same(figure, stood, text)), None)
        if same is None:
            new.append(figure)
        else:
            left.remove(same)
    return [Edited(figure, left[place] if place < len(left) else None) for place, figure in enumerate(new)]


def _came_from(edited: Edited, gone: list[Printed], text: str) -> bool:
    """Return whether a number that stands where none or another did was moved from elsewhere in the text."""
    moved = next((stood for stood in gone if is_same(edited.figure, stood, text)), None)
    if moved is None:
        return False
    gone.remove(moved)
    return True


def is_same(figure: Printed, stood: Printed, text: str = "") -> bool:
    """Return whether a number tells what another told, in another form or rounded to three digits or more."""
    if figure.is_fraction or stood.is_fraction:
        return figure.text == stood.text
    if figure.sort and stood.sort and figure.sort != stood.sort:
        return False
    if not _signs_agree(figure, stood, text):
        return False
    both = figure.scale != 1 and stood.scale != 1
    return any(_is_near(figure, scale, value) for scale, value in _values(figure, stood, both=both))


def _values(figure: Printed, stood: Printed, *, both: bool) -> Iterator[tuple[float, float]]:
    read = stood.readings[0][0]
    yield figure.scale, read * stood.scale
    if not both:  # one of the two leaves its "million" to the head of a column
        yield 1.0, read


def _is_near(figure: Printed, scale: float, value: float) -> bool:
    read, step = figure.readings[0]
    apart = step * scale * 0.5000001 if digits_of(read, step) >= ENOUGH else 1e-9 * abs(value)
    return abs(read * scale - value) <= max(apart, 1e-12)


def _signs_agree(figure: Printed, stood: Printed, text: str) -> bool:
    minus = [each.text[:1] in "−-" for each in (figure, stood)]
    return minus[0] == minus[1] or _LESS.search(text) is not None


def phrases(text: str, lang: str) -> Iterator[tuple[Printed, frozenset[tuple[Token, ...]]]]:
    """Yield each number of a text with its phrases: one with most words before it, one with most behind."""
    tokens = _tokens(text, figures_in(text, lang))
    words = [token for token, _ in tokens]
    for place, (_, figure) in enumerate(tokens):
        if figure is not None:
            around = (words[max(place - _FAR, 0) : place + 2], words[max(place - 1, 0) : place + _FAR + 1])
            yield figure, frozenset(tuple(each) for each in around if len(each) == _FAR + 2)


def _tokens(text: str, figures: Sequence[Printed]) -> list[tuple[Token, Printed | None]]:
    """Return the words and numbers of a text; a number counts with its scale and what it counts."""
    found: list[tuple[Token, Printed | None]] = []
    end = 0
    for figure in figures:
        found += [(word, None) for word in _WORD.findall(text[end : figure.start].casefold())]
        found.append(((figure.text, figure.scale, figure.sort), figure))
        end = figure.end
    return found + [(word, None) for word in _WORD.findall(text[end:].casefold())]


def _masked(tokens: Sequence[tuple[Token, Printed | None]]) -> list[str]:
    return [token if isinstance(token, str) else "#" for token, _ in tokens]


def _figures(tokens: Sequence[tuple[Token, Printed | None]]) -> list[Printed]:
    return [figure for _, figure in tokens if figure is not None]
