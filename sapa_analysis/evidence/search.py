"""Search of published figures by any word of their indicator's names, their statement, note or source."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import pandas as pd

from ..core import Keyed
from .vintage import Vintage


def find_figures(vintage: Vintage, words: str) -> pd.DataFrame:
    """Return the observations in which words begin like each of these, in capitals or not.

    A word with diacritics is found as it is, one without also where the text has some.

    Parameters
    ----------
    vintage : Vintage
        What was known.
    words : str
        Words or beginnings of words, between spaces; each in the indicator's names, or in the row's id,
        statement, note or source.

    Returns
    -------
    pandas.DataFrame
        Rows of the evidence, in their order.

    Examples
    --------
    >>> from sapa_analysis.evidence import find_figures
    >>> from sapa_analysis.pipeline import load_project
    >>> project = load_project()
    >>> rows = [find_figures(project, words) for words in ("che phủ rừng", "che phu rung", "forest cover")]
    >>> [sorted(set(found["indicator_id"])) for found in rows]
    [['forest_cover'], ['forest_cover'], ['forest_cover']]
    """
    texts, plain = _texts(vintage.keyed("evidence", "indicators"))
    found = pd.Series(True, index=vintage.evidence.index)
    for word in unicodedata.normalize("NFC", words).lower().split():
        among = plain if word == _plain(word) else texts
        found &= among.str.contains(rf"(?<!\w){re.escape(word)}")
    return vintage.evidence[found]


@lru_cache(maxsize=4)
def _texts(asked: Keyed) -> tuple[pd.Series, pd.Series]:
    """Return what is searched of each row, in small letters, and the same without diacritics."""
    evidence, concepts = asked.things.evidence, asked.things.indicators
    names = concepts["name_vi"] + " " + concepts["name_en"]
    texts = evidence["indicator_id"].map(names).fillna("")
    for column in ("id", "statement", "note", "source_title", "source_url"):
        texts = texts + " " + evidence[column]
    texts = texts.str.normalize("NFC").str.lower()
    return texts, texts.map(_plain)


def _plain(text: str) -> str:
    """Return a text in small letters without diacritics."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).lower()
