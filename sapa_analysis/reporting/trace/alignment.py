"""Which paragraph or cell of a written paper each line of an edited document comes from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from difflib import SequenceMatcher
from typing import Any

from .printed_lines import PrintedLine, one_line

#: Signs from which a line is known by its words.
_LONG = 25
#: Share of a document's phrases that must come from a paper; of a line's words that must come from another.
_OURS, _PART = 0.2, 0.7
#: Phrases that prove nothing.
_FEW = 10
#: How alike two texts must be to be one, edited.
_ALIKE = 0.5
_DIGITS = re.compile(r"\d+(?:[.,/]\d+)*")

Pairs = dict[int, int]


def paper_of(lines: Sequence[str], papers: Mapping[str, Sequence[PrintedLine]]) -> str:
    """Return the paper that a document was made from, or blank where it comes from none of them."""
    asked = _phrases(lines)
    shares = {stem: _share(asked, _phrases(line.text for line in own)) for stem, own in papers.items()}
    best = max(shares, key=shares.__getitem__, default="")
    return best if shares.get(best, 0.0) * len(asked) >= max(_OURS * len(asked), _FEW) else ""


def _phrases(lines: Iterable[str]) -> Set[tuple[str, ...]]:
    """Return each run of three words of some lines, whatever their numbers."""
    words = (masked(line).casefold().split() for line in lines)
    return {run for each in words for run in zip(each, each[1:], each[2:], strict=False)}


def _share(asked: Set[Any], known: Set[Any]) -> float:
    return len(asked & known) / len(asked) if asked else 0.0


def aligned(lines: Sequence[str], printed: Sequence[PrintedLine]) -> list[PrintedLine | None]:
    """Return for each line of a document the line of the paper that it was, or None for what is new.

    Lines in their place come first, then those between the same neighbours, then those that were moved.
    """
    edited, old = list(map(one_line, lines)), [line.text for line in printed]
    pairs: Pairs = {}
    gaps = []
    for how, i, i_end, j, j_end in SequenceMatcher(None, edited, old, autojunk=False).get_opcodes():
        if how == "equal":
            pairs |= zip(range(i, i_end), range(j, j_end), strict=True)
        elif how == "replace":
            gaps.append((range(i, i_end), range(j, j_end)))
    for here, there in gaps:
        pairs |= _between(here, there, edited, old)
    pairs |= _moved(edited, old, pairs)
    pairs |= _repeated(edited, old, pairs)
    return [printed[pairs[place]] if place in pairs else None for place in range(len(edited))]


def masked(text: str) -> str:
    """Return a text with one sign for every number."""
    return _DIGITS.sub("#", one_line(text))


def _between(here: range, there: range, edited: Sequence[str], old: Sequence[str]) -> Pairs:
    """Return the pairs of a stretch that was edited."""
    pairs: Pairs = {}
    one, other = [masked(edited[i]) for i in here], [masked(old[j]) for j in there]
    for how, i, i_end, j, j_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        mine, theirs = here[i:i_end], there[j:j_end]
        if how == "equal":
            pairs |= zip(mine, theirs, strict=True)
        elif how == "replace":
            pairs |= _likest(mine, theirs, edited, old)
    return pairs


def _likest(mine: range, theirs: range, edited: Sequence[str], old: Sequence[str]) -> Pairs:
    if len(mine) == len(theirs):
        return {i: j for i, j in zip(mine, theirs, strict=True) if _is_one(edited[i], old[j])}
    graded = sorted(
        ((_alike(edited[i], old[j]), i, j) for i in mine for j in theirs), key=lambda each: -each[0]
    )
    pairs: Pairs = {}
    for alike, i, j in graded:
        if alike >= _ALIKE and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _is_one(edited: str, old: str) -> bool:
    """Return whether a line can be another, edited; a cell with a few words need only have its place."""
    return min(len(edited), len(old)) < _LONG or _alike(edited, old) >= _ALIKE


def _alike(edited: str, old: str) -> float:
    one, other = masked(edited).split(), masked(old).split()
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _moved(edited: Sequence[str], old: Sequence[str], pairs: Pairs) -> Pairs:
    """Return the pairs of lines that stand elsewhere now: the same ones, then long ones but for numbers."""
    left = Counter(range(len(old))) - Counter(pairs.values())
    found: Pairs = {}
    for form in (str, masked):
        places = defaultdict(list)
        for j in sorted(left, reverse=True):
            places[form(old[j])].append(j)
        for i in _unpaired(edited, pairs | found):
            same = places[form(edited[i])]
            if same and (form is str or len(edited[i]) >= _LONG):
                found[i] = same.pop()
                del left[found[i]]
    return found


def _repeated(edited: Sequence[str], old: Sequence[str], pairs: Pairs) -> Pairs:
    """Return the pairs of long lines that repeat another, or a part of it."""
    known = [
        (j, frozenset(masked(text).casefold().split())) for j, text in enumerate(old) if len(text) >= _LONG
    ]
    found = {}
    for i in _unpaired(edited, pairs):
        words = frozenset(masked(edited[i]).casefold().split())
        graded = ((_share(words, own), -len(own), j) for j, own in known)
        share, _, j = max(graded, default=(0.0, 0, 0))
        if len(edited[i]) >= _LONG and share >= _PART:
            found[i] = j
    return found


def _unpaired(edited: Sequence[str], pairs: Pairs) -> Iterator[int]:
    return (place for place, text in enumerate(edited) if place not in pairs and text)
