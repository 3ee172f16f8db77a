"""Texts as they are compared: what is said counts, not how it is typed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: Signs that are typed for a minus.
MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-"})
_WORD = re.compile(r"[^\W\d_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def plain(text: str) -> str:
    r"""Return a text in NFC, of one line, with single spaces.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.spelling import plain
    >>> plain("  trên\u00a0 98 ")
    'trên 98'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


@cache
def folded(text: str) -> str:
    """Return a text in which only what is said counts: no case, tones at the end of a word, `tỉ` as `tỷ`.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.spelling import folded
    >>> folded("Tỉ lệ  hoá học") == folded("tỷ lệ hóa học"), folded("lệ") == folded("lề")
    (True, False)
    """
    return _WORD.sub(_folded_word, plain(text).casefold().translate(MINUS))


def _folded_word(found: re.Match[str]) -> str:
    marked = unicodedata.normalize("NFD", "tỷ" if found[0] == "tỉ" else found[0])
    tones = "".join(sign for sign in marked if sign in _TONES)
    return "".join(sign for sign in marked if sign not in _TONES) + tones
