"""One door for outside text and addresses: what no page, picture or Word file can hold is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

#: Begins the address of a figure of the office: it has no page, its source stands behind these letters.
OFFICE = "office:"
#: Line ends and tabs inside a cell are text; every other control character is a slip of copying.
_WHITE = "\n\r\t"
_KINDS = {
    "Cc": "a control character",
    "Cf": "an invisible character",
    "Co": "a character of one font only",
    "Cs": "half a character",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}
#: Signs that stand for letters where text in TCVN3 is read as Latin: "Kh¸ch du lÞch", "®ång".
_SIGNS = re.compile(r"(?<=[A-Za-z])[¨©ª¬µ¶·¸¹¼½¾×÷](?![^\sA-Za-z])|(?<=[A-Za-z])[«»](?=[A-Za-z])|®(?=[a-z])")
#: Letters of neither Vietnamese nor English inside a word: "Thaønh phoá" is VNI, and so is "ñoàng".
_FOREIGN = re.compile(r"(?i)(?<=[a-z])[ðñøþßæëîïöüåçäûÿ]|[ðñøþßæëîïöüåçäûÿ](?=[a-z])|(?<=[aeouy])[ùõ]")


def text_problem(text: str) -> str:
    r"""Return why a text cannot be printed as it stands, or nothing.

    Refused are control characters but tab and line end, characters that are invisible or turn the direction
    of writing (U+200B, U+202E), private and unassigned ones, and U+FFFD, which stands for a lost letter.

    Parameters
    ----------
    text : str
        Any text.

    Examples
    --------
    >>> from sapa_analysis.core import text_problem
    >>> text_problem("Báo Lào Cai"), text_problem("Ba\x0bo")
    ('', 'U+000B (a control character) cannot be printed; it stands in "Ba?o"')
    """
    for place, sign in enumerate(text):
        if _strange(sign):
            kind = _KINDS.get(unicodedata.category(sign), "no letter")
            near = "".join("?" if _strange(each) else each for each in text[max(place - 12, 0) : place + 13])
            return f'U+{ord(sign):04X} ({kind}) cannot be printed; it stands in "{near}"'
    return ""


def _strange(sign: str) -> bool:
    if sign.isprintable():
        return sign == "\ufffd"
    return sign not in _WHITE and unicodedata.category(sign) != "Zs"


def printable(text: str) -> str:
    r"""Return a text without the characters that cannot be printed.

    Parameters
    ----------
    text : str
        Any text.

    Examples
    --------
    >>> from sapa_analysis.core import printable
    >>> printable("Ba\x0bo Lào Cai")
    'Bao Lào Cai'
    """
    return text if text.isascii() and text.isprintable() else "".join(x for x in text if not _strange(x))


def sound_text(text: str) -> str:
    r"""Return a text as it is.

    Parameters
    ----------
    text : str
        Any text.

    Raises
    ------
    ValueError
        When it cannot be printed; see `text_problem`.

    Examples
    --------
    >>> from sapa_analysis.core import sound_text
    >>> sound_text("US$ 5"), sound_text("U\u200bS$ 5")
    Traceback (most recent call last):
        ...
    ValueError: U+200B (an invisible character) cannot be printed; it stands in "U?S$ 5"
    """
    if problem := text_problem(text):
        raise ValueError(problem)
    return text


def address_problem(address: str) -> str:
    """Return why an address is not that of a web page, or nothing.

    Parameters
    ----------
    address : str
        As a table holds it, such as `https://example.org/page`.

    Examples
    --------
    >>> from sapa_analysis.core import address_problem
    >>> address_problem("https://sapa.laocai.gov.vn/tin-tuc"), address_problem("javascript:alert(1)")
    ('', '"javascript:alert(1)" is no web address; wanted http:// or https:// and the place of the page')
    """
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    if sound and not re.search(r"[\s<>\"\\^`{|}]", address) and not text_problem(address):
        return ""
    return f'"{printable(address)}" is no web address; wanted http:// or https:// and the place of the page'


def old_code(text: str) -> str:
    """Return the first word that looks like Vietnamese in TCVN3 or VNI, the codes before Unicode, or nothing.

    The rule: one sign among the letters of a word, or two words with letters of neither Vietnamese nor
    English. A foreign name can look so; it is a look, not an error.

    Parameters
    ----------
    text : str
        Words of a cell, a page or a file.

    Examples
    --------
    >>> from sapa_analysis.core import old_code
    >>> old_code("Kh¸ch du lÞch"), old_code("Thaønh phoá Laøo Cai"), old_code("Khách sạn Süd")
    ('Kh¸ch', 'Thaønh', '')
    """
    signs = list(_words_at(text, _SIGNS))
    foreign = list(_words_at(text, _FOREIGN))
    return (signs or (foreign if len(set(foreign)) > 1 else []) or [""])[0]


def _words_at(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for found in pattern.finditer(text):
        before, after = text[: found.start()].split(" ")[-1], text[found.start() :].split(" ")[0]
        yield before + after
