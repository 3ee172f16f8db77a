"""A number as an office writes it, words and signs around it, and how a wrong one should be written."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from .layout import words
from .spelling import MINUS, folded, plain
from .told import quoted, shown_number
from .unit_scale import bare_units, scale_of

_NUMBER = re.compile(r"-?([1-9][0-9]{0,2}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?")


class CellError(ValueError):
    """What a cell holds cannot be read; `key` is its kind in `words.yml`, `holes` what its words name."""

    def __init__(self, key: str, **holes: object) -> None:
        super().__init__(key)
        self.key, self.holes = key, holes


def read_number(text: str) -> tuple[Decimal, int]:
    """Return a number written the Vietnamese way, and its decimals.

    Raises
    ------
    CellError
        When it is none, with the way to write it where one can be guessed.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.number_words import read_number
    >>> read_number("1.234,50"), read_number("-3")
    ((Decimal('1234.50'), 2), (Decimal('-3'), 0))
    """
    tidy = tidy_number(text)
    if _NUMBER.fullmatch(tidy) and len(tidy) <= 40:
        whole, _, part = tidy.partition(",")
        return Decimal(whole.replace(".", "") + ("." + part if part else "")), len(part)
    raise CellError("number", text=quoted(text), hint=hint_of(tidy))


def tidy_number(text: str) -> str:
    """Return a number without what says nothing: full-width digits, an apostrophe, spaces of thousands.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.number_words import tidy_number
    >>> tidy_number("'1 234 567")
    '1.234.567'
    """
    tidy = plain(unicodedata.normalize("NFKC", text)).translate(MINUS).lstrip("'’‘+")
    tidy = re.sub(r"^- ", "-", tidy)
    if re.fullmatch(r"-?[1-9][0-9]{0,2}( [0-9]{3})+(,[0-9]+)?", tidy):
        tidy = tidy.replace(" ", ".")
    return tidy


def hint_of(tidy: str) -> str:
    """Return how a number should be written, where that can be guessed.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.number_words import hint_of
    >>> hint_of("1,234.5")
    '; viết 1.234,5'
    """
    bare = tidy.replace(" ", "")
    if found := re.fullmatch(r"\((.+)\)", bare):
        bare = "-" + found[1]
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|-?[0-9]{1,3}(,[0-9]{3}){2,}", bare):
        bare = bare.replace(",", "")  # the English way
    elif bare.count(".") == 1 and "," not in bare:
        pass
    elif re.fullmatch(r"-?[0-9.]*,[0-9]+", bare):
        bare = bare.replace(".", "").replace(",", ".")
    if re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", bare):
        return str(words()["errors"]["write"]).format(number=shown_number(Decimal(bare)))
    return ""


def without_met(text: str) -> str:
    """Return a text without the word for reached that may stand before a number.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.number_words import without_met
    >>> without_met("đạt 97,6%"), without_met("đạt")
    ('97,6%', 'đạt')
    """
    first, _, rest = text.partition(" ")
    return rest if rest and folded(first) == folded(words()["reader"]["met"]) else text


def spaced(text: str) -> str:
    """Return a text with a space behind a sign of comparison at its begin.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.number_words import spaced
    >>> spaced(">=97"), spaced("~ 97")
    ('≥ 97', '~ 97')
    """
    signs = {">=": "≥", "=>": "≥", "<=": "≤", "=<": "≤"}
    found = re.match(r"(>=|=>|<=|=<|[<>≤≥~≈])\s*(?=\d)", text)
    return f"{signs.get(found[1], found[1])} {text[found.end() :]}" if found else text


def in_words(text: str) -> str:
    """Return a text with the word for a sign of comparison at its begin.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.number_words import in_words
    >>> in_words(">97,6"), in_words("97,6")
    ('trên 97,6', '97,6')
    """
    sign, _, rest = spaced(text).partition(" ")
    word = words()["reader"]["signs"].get(sign)
    return f"{word} {rest}" if word else text


def hint_of_change(tidy: str) -> str:
    """Return how a rise or a fall that is told in words is written, where the rest is a number.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.number_words import hint_of_change
    >>> hint_of_change("giảm 5,2%")
    '; viết -5,2'
    """
    first, _, rest = tidy.partition(" ")
    sign = {folded(word): sign for word, sign in words()["reader"]["changes"].items()}.get(folded(first))
    if sign is None:
        return ""
    try:
        number = read_number(rest.rstrip("% "))[0]
    except CellError:
        return ""
    return str(words()["errors"]["write"]).format(number=f"{sign}{shown_number(number)}")


def hint_of_sum(tidy: str, unit: str) -> str:
    """Return how a number of several parts is written.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.number_words import hint_of_sum
    >>> hint_of_sum("2 triệu 600 nghìn", "visits")
    '; viết 2.600.000'
    """
    units = [word for word in bare_units(unit) if folded(tidy).endswith(f" {word}")]
    if units:
        tidy = " ".join(tidy.split()[: -max(len(word.split()) for word in units)])
    parts = re.findall(r"([0-9][0-9.,]*)\s*([^\W\d_]+)", tidy)
    if len(parts) < 2 or " ".join(f"{number} {word}" for number, word in parts) != tidy:
        return ""
    total = Decimal(0)
    for number, word in parts:
        scale = scale_of(word, unit)
        if scale is None:
            return ""
        total += read_number(number)[0] * scale
    return str(words()["errors"]["write"]).format(number=shown_number(Decimal(f"{total.normalize():f}")))
