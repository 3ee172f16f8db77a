"""Tagged numbers: numbers inside text that keep their key, value and unit.

A tagged number is its key, value, unit and printed text, delimited by three private characters that no other
text uses. It passes through `format`, `join` and tables like any text. A page turns it into an element, a
notebook into plain words, a list of results into rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from ..core import printable

_START, _SEPARATOR, _END = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"{_START}([^{_END}]*){_SEPARATOR}([^{_END}]*){_SEPARATOR}([^{_END}]*)"
                     f"{_SEPARATOR}([^{_END}]*){_END}")  # fmt: skip
_DIGITS = re.compile(r"\d[\d.,:/]*\d|\d")

Text = TypeVar("Text", str, list[str], pd.DataFrame)


@dataclass(frozen=True, slots=True)
class Number:
    """A tagged number.

    Attributes
    ----------
    key : str
        Its name: `tourist_arrivals.2025.median`, `resolution-2023.09.tourist_arrivals.value`.
    value : int, float or str
        In `unit`; the printed text itself if the number is quoted from another text.
    unit : str
        A unit of `indicators.csv`, `probability`, `count`, `years` or `quoted`.
    text : str
        The printed text.
    """

    key: str
    value: int | float | str
    unit: str
    text: str


def tag(text: str, key: str, value: Any, unit: str) -> str:
    """Return a printed number as tagged text.

    Parameters
    ----------
    text : str
        The printed text.
    key, unit : str
        As in `Number`.
    value : int, float or str
        Any JSON value.
    """
    fields = (key, json.dumps(_plain_value(value)), unit, text)
    return f"{_START}{_SEPARATOR.join(fields)}{_END}"


def _plain_value(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def tag_quoted(text: str, key: str) -> str:
    """Return a quoted text with every number in it tagged as quoted, without what cannot be printed."""
    text = printable(text)
    count = iter(range(1, len(text) + 1))
    return _DIGITS.sub(lambda found: tag(found[0], f"{key}.{next(count)}", found[0], "quoted"), text)


def parts(text: str) -> Iterator[str | Number]:
    """Yield the pieces of a tagged text in order, words and numbers; every page is made of them."""
    end = 0
    for found in _MARKED.finditer(text):
        if found.start() > end:
            yield printable(text[end : found.start()])
        yield Number(found[1], json.loads(found[2]), found[3], printable(found[4]))
        end = found.end()
    if end < len(text):
        yield printable(text[end:])


def plain(text: Text) -> Text:
    """Return a text, a list of texts or a table of texts without tags.

    Parameters
    ----------
    text : str, list of str, or pandas.DataFrame
        Cells that are not text stay unchanged; column heads are treated as text.

    Examples
    --------
    >>> from sapa_analysis.reporting import plain
    >>> from sapa_analysis.reporting.tagged_numbers import tag
    >>> text = f"The town expects {tag('3.5 million visits', 'plan.visits', 3_500_000, 'visits')} in 2023."
    >>> len(text) > len(plain(text)), plain(text)
    (True, 'The town expects 3.5 million visits in 2023.')
    """
    if isinstance(text, str):
        return "".join(part if isinstance(part, str) else part.text for part in parts(text))
    if isinstance(text, list):
        return [plain(line) for line in text]
    return text.map(_plain_cell).rename(columns=_plain_cell)


def _plain_cell(cell: Any) -> Any:
    return plain(cell) if isinstance(cell, str) else cell


def numbers_in(texts: Iterable[str]) -> list[Number]:
    """Return every tagged number of some texts once, in order of appearance."""
    found = (part for text in texts for part in parts(text) if isinstance(part, Number))
    return list(dict.fromkeys(found))


def capital(text: str) -> str:
    """Return a tagged text with a capital first letter, also where a number opens it."""
    return text[:1].upper() + text[1:]
