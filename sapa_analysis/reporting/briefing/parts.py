"""Data classes of the briefing's contents; all text in them is tagged (see `tagged_numbers`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ..paper.model import Picture


@dataclass(frozen=True, slots=True)
class Box:
    """The number of a document's groups or goals with each outlook."""

    title: str
    counts: list[tuple[str, str, str]]  # outlook, its word, tagged count


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator or question: a title, a figure, and sentences that explain it."""

    title: str
    picture: Picture | None
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the briefing and its indicators."""

    title: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `span` rows share the first cell, 0 if it belongs to an earlier row."""

    first: str
    span: int
    cells: list[str]
    outlook: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title, column heads (the first for the shared cells) and remarks."""

    title: str
    heads: list[str]
    rows: list[Row]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A page that may be cited."""

    title: str
    url: str
    host: str
    published: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole briefing in one language."""

    lang: str
    title: str
    as_of_line: str
    notices: list[str]
    boxes: list[Box]
    met: list[str]  # what the authorities published of targets met
    needed: list[str]
    headlines: list[tuple[str, str]]
    subjects: list[Subject]
    scenarios: list[Item]
    overview: list[Item]
    tables: list[Table]
    reading: list[str]
    uncited: str
    sources: list[Source]
    origins: dict[str, str]  # of a number by its key: the page that printed it


def texts_in(part: Any) -> Iterator[str]:
    """Yield every text of some contents, in order."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | tuple):
        for item in part:
            yield from texts_in(item)
    elif is_dataclass(part) and not isinstance(part, Picture):
        for field in fields(part):
            yield from texts_in(getattr(part, field.name))
