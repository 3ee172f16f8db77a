"""Tagged text as markup: each number an element with its key and value, all else escaped words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from html import escape
from typing import TYPE_CHECKING

from ...core import printable
from ..tagged_numbers import Number, parts, plain

if TYPE_CHECKING:
    from markupsafe import Markup

#: A word that fits no column.
_LONG = re.compile(r"\S{40}")

Shown = Callable[[str], "Markup"]


def words_of(text: str) -> str:
    """Return words as a page shows them: printable, composed (NFC), with one kind of line end."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", printable(text)).replace("\r\n", "\n").replace("\r", "\n")


def plain_words(text: str) -> str:
    """Return a tagged text without tags, for an attribute or a title."""
    return words_of(plain(text))


def escaped(text: str) -> str:
    """Return words as markup.

    A stroke that would melt into the ">" before it is written as a reference: the page stays composed. Words
    as no language has them may break anywhere.
    """
    words = escape(words_of(text))
    words = f"&#x338;{words[1:]}" if words.startswith("\u0338") else words
    return f'<span class="long">{words}</span>' if _LONG.search(text) else words


def shown_with(numbers: Collection[int]) -> Shown:
    """Return how a tagged text is shown: marks of the sources with these numbers lead to them."""
    from markupsafe import Markup

    marks = {f"sources.{number}.mark": number for number in numbers}

    def element(number: Number) -> str:
        value, key = escape(words_of(str(number.value))), escape(words_of(number.key))
        data = f'<data value="{value}" data-key="{key}">{escaped(number.text)}</data>'
        place = marks.get(number.key)
        return data if place is None else f'<a class="mark" href="#source-{place}">{data}</a>'

    def shown(text: str) -> Markup:
        return Markup(
            "".join(escaped(part) if isinstance(part, str) else element(part) for part in parts(text))
        )

    return shown
