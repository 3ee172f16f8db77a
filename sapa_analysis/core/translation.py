"""Errors in the language asked for: a catalogue gives, for each English text with places to fill, the words.

A text is taken apart by the texts that it was made of, whose words stand in the catalogue. What a place holds
is such a text again, or a value: a name, a number, a path, anything in quotes. Where a place holds other
words, the text does not fit, and one that fits nowhere stays English as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

#: What is told as it stands, and what no value holds outside it: two words in a row, or a semicolon and more.
_QUOTED = re.compile(r"\"[^\"]*\"?|(?<!\w)'[^']*'?")
_WORDS = re.compile(r"(?<!\S)[A-Za-z]+ [a-z]+(?![^\s,;:)?])|; ")
#: 12,085 as our English writes it: a comma is the mark of decimals in Vietnam, and a point that of the files.
_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])")
#: Letters of a text that only joins others.
_FEW = 3
#: Texts that one sentence joins; more of them are a list of the reader.
_MOST_JOINED = 20
#: A line of a report: the place of a problem, and what it is.
_PLACED = re.compile(r"( +)(lines? [\d to]*\d|)(|, [^:]+|[\w.]+): (.+)")
#: An error that another one tells of, with its class.
_HEADED = re.compile(r"(\w+Error): (.+)")
_HOLE = re.compile(r"\{(\d+)\}")


class Pattern(NamedTuple):
    """A text with places to fill.

    Attributes
    ----------
    between : tuple of str
        What stands before, between and after the places.
    words : str
        The text in another language, its places numbered as in English.
    longest : str
        The longest stretch between places: a text without it does not fit.
    says_much : bool
        Whether it has words of its own, more than `or`, `and`, `to` or `of` between its places.
    """

    between: tuple[str, ...]
    words: str
    longest: str
    says_much: bool

    def held(self, place: int, text: str, lang: str) -> str | None:
        """Return the words of what a place holds; as it stands in quotes and in `{1!s}`, a name of a file."""
        if self.between[place].endswith('"') and self.between[place + 1].startswith('"'):
            return text
        if f"{{{place + 1}!s}}" in self.words:
            return None if _is_prose(text) else text
        return _filled(text, lang)


@cache
def patterns(lang: str) -> tuple[Pattern, ...]:
    """Return the catalogue of a language: the longest texts first, those of hardly a word last."""
    import yaml  # only who asks for another language waits for it

    content = (files(__package__) / f"texts/errors_{lang}.yml").read_text(encoding="utf-8")
    known = yaml.safe_load(content).items()
    found = [_pattern(text, words) for text, words in known]
    return tuple(sorted(found, key=lambda pattern: -len("".join(pattern.between)) * pattern.says_much))


def _pattern(text: str, words: str) -> Pattern:
    between = tuple(_HOLE.split(text)[::2])
    letters = sum(sign.isalpha() for sign in "".join(between))
    return Pattern(between, words, max(between, key=len), letters > _FEW)


def in_language(text: str, lang: str) -> str:
    """Return an error, line by line, in a language; a line made of unknown words stays as it is.

    Parameters
    ----------
    text : str
        English, as errors are made.
    lang : str
        Language of the words: `en`, or one with a catalogue, `texts/errors_<lang>.yml`.

    Examples
    --------
    >>> from sapa_analysis.core import in_language
    >>> in_language('line 3, unit: "vists" is unknown; did you mean visits?', "vi")
    'dòng 3, unit: "vists" không có trong danh mục; có phải là visits?'
    >>> in_language("wanted at most 12; found 13", "vi"), in_language("12 moons are full", "vi")
    ('cần nhiều nhất 12; thấy 13', '12 moons are full')
    """
    if lang == "en":
        return text
    return "\n".join(_line(line, lang) for line in text.split("\n"))


def _line(text: str, lang: str) -> str:
    if (placed := _PLACED.fullmatch(text)) and (said := _said(placed[4], lang)):
        return f"{placed[1]}{_filled(placed[2] or '', lang)}{placed[3]}: {said}"
    return _filled(text, lang) or text


def _filled(text: str, lang: str) -> str | None:
    """Return a text or value with the space around it, or None where it is neither."""
    plain = text.strip()
    said = _said(plain, lang)
    if said is None:
        said = None if _is_prose(plain) else _THOUSANDS.sub(_spaced, plain)
    return None if said is None else text.replace(plain, said, 1) if plain else text


def _is_prose(text: str) -> bool:
    return bool(_WORDS.search(_QUOTED.sub('""', text)))


def _spaced(number: re.Match[str]) -> str:
    return number[0].replace(",", "\xa0")


@lru_cache(maxsize=4096)
def _said(text: str, lang: str) -> str | None:
    """Return the words of a text, or None where no pattern fits."""
    if (headed := _HEADED.fullmatch(text)) and (head := _said(headed[1], lang)):
        return f"{head}: {_said(headed[2], lang) or headed[2]}"
    return _fitting(text, lang, much=True) or _joined(text, lang) or _fitting(text, lang, much=False)


def _fitting(text: str, lang: str, *, much: bool) -> str | None:
    """Return the words of a text by the first pattern that fits, of those that say much or of the others."""
    for pattern in patterns(lang):
        fits = pattern.says_much == much and pattern.longest in text and text.startswith(pattern.between[0])
        places = _places(pattern, 0, text, lang) if fits else None
        if places is not None and (much or not _is_prose(_bare(pattern, places))):
            return pattern.words.format("", *(words for _, words in places))
    return None


def _joined(text: str, lang: str) -> str | None:
    """Return the words of two texts with a semicolon between them."""
    ends = [found.start() for found in re.finditer("; ", text)]
    for end in ends if len(ends) < _MOST_JOINED else []:
        parts = (text[:end], text[end + 2 :])
        told = [said for part in parts if (said := _said(part, lang)) not in (None, part)]
        if len(told) == len(parts):
            return "; ".join(map(str, told))
    return None


def _bare(pattern: Pattern, places: list[tuple[str, str]]) -> str:
    """Return a text that only joins, without the words that are known."""
    held = [text if text == words else '""' for text, words in places]
    between = [re.sub("[a-z;]+", ' "" ', text) for text in pattern.between]
    return "".join(part for pair in zip(between, [*held, ""], strict=True) for part in pair)


def _places(pattern: Pattern, number: int, text: str, lang: str) -> list[tuple[str, str]] | None:
    """Return what each place from one on holds, and its words; None where the text does not fit."""
    rest = text[len(pattern.between[number]) :]
    if number == len(pattern.between) - 1:
        return [] if not rest else None
    for end in _ends(pattern, number, rest, lang):
        held = pattern.held(number, rest[:end], lang)
        if held is not None and (others := _places(pattern, number + 1, rest[end:], lang)) is not None:
            return [(rest[:end], held), *others]
    return None


def _ends(pattern: Pattern, number: int, rest: str, lang: str) -> Iterator[int]:
    after = pattern.between[number + 1]
    if number == len(pattern.between) - 2:
        yield from [len(rest) - len(after)] if rest.endswith(after) else []
    elif after:
        yield from (found.start() for found in re.finditer(re.escape(after), rest))
    else:  # two places side by side: the second holds a text or nothing
        yield from (end for end in range(len(rest)) if _said(rest[end:].strip(), lang))
        yield len(rest)
