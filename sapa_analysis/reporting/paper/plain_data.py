"""A paper as plain data, without tags and ways: what a layout outside of Python is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import count
from typing import Any
from unicodedata import normalize

from ..tagged_numbers import plain
from .colours import FILLS
from .model import Block, Heading, Paper, Picture, Table, Turn

#: Tabs, and spaces of another width than the usual one; those at which no line breaks stay.
_SPACES = re.compile(r"[^\S\n\u00a0\u202f]")
_LINE_END = re.compile(r"\r\n?")
#: What is not printed: names inside the data, addresses, what is said in place of a picture.
_NOT_PRINTED = {
    "type",
    "fills",
    "name",
    "shade",
    "style",
    "align",
    "url",
    "alt",
    "picture",
    "kind",
    "lang",
    "form",
}


def paper_data(paper: Paper) -> dict[str, Any]:
    """Return a paper as numbers, texts, lists and mappings.

    Its blocks come in stretches of pages that lie the same way. A heading has the level that it looks like,
    and its depth below the headings before it, in which none is left out.
    """
    names = ("kind", "lang", "title", "subtitle", "cut_off", "form", "head", "pages", "words")
    day = paper.as_of
    return {name: _data(getattr(paper, name)) for name in names} | {
        "fills": FILLS,
        "date": [day.year, day.month, day.day],
        "stretches": list(_stretches(paper.blocks)),
    }


def printed(data: Any) -> Iterator[str]:
    """Yield every text of such data that is printed."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for name, value in data.items():
            if name not in _NOT_PRINTED:
                yield from printed(value)
    elif isinstance(data, list):
        for value in data:
            yield from printed(value)


def _stretches(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    landscape, depth = False, 0
    told: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Turn):
            if told:
                yield {"landscape": landscape, "blocks": told}
            landscape, told = block.landscape, []
            continue
        one = _data(block)
        if isinstance(block, Heading):
            depth = min(block.level, depth + 1)
            one["depth"] = depth
        if isinstance(block, Table):
            _add_shares(one["heads"], block.widths)
            _add_shares(one["rows"], block.widths)
        told.append(one)
    yield {"landscape": landscape, "blocks": told}


def _add_shares(rows: list[list[dict[str, Any]]], widths: Sequence[float]) -> None:
    """Tell every cell of a table which share of its width it has."""
    covered: dict[int, int] = {}  # by column: the row from which it is free again
    for number, row in enumerate(rows):
        free = (column for column in count() if covered.get(column, 0) <= number)
        for cell in row:
            first = next(free)
            columns = range(first, first + cell["across"])
            covered |= dict.fromkeys(columns, number + cell["down"])
            cell["share"] = sum(widths[column] for column in columns if column < len(widths))


def _data(part: Any) -> Any:
    if isinstance(part, str):
        text = _LINE_END.sub("\n", plain(part))
        return _SPACES.sub(" ", normalize("NFC", text))
    if isinstance(part, Picture):
        return {"svg": part.svg}
    if isinstance(part, Mapping):
        return {name: _data(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_data(item) for item in part]
    if is_dataclass(part):
        told = {each.name: _data(getattr(part, each.name)) for each in fields(part)}
        return {"type": type(part).__name__, **told}
    return part
