"""What a paper prints, paragraph by paragraph and cell by cell, with the keys of its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..paper.model import Paper, Sources, texts_in
from ..tagged_numbers import Number, parts


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A paragraph or a cell of a paper: its plain text in one line, and the keys of its numbers in order."""

    text: str
    keys: tuple[str, ...] = ()


def printed_lines(paper: Paper) -> list[PrintedLine]:
    """Return what a paper prints, in order; a cell without letters or digits is left out.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.reporting.paper.model import Paper, Paragraph
    >>> from sapa_analysis.reporting.tagged_numbers import tag
    >>> text = Paragraph(f"Rừng che phủ {tag('66,3%', 'forest_cover.goal', 66.3, 'percent')}")
    >>> printed_lines(Paper("review", "vi", "Báo cáo", "", date(2023, 6, 30), (text,), {}))[1]
    PrintedLine(text='Rừng che phủ 66,3%', keys=('forest_cover.goal',))
    """
    found = (_line(text, paper.kind) for text in _texts(paper))
    return [line for line in found if any(map(str.isalnum, line.text))]


def _texts(paper: Paper) -> Iterator[str]:
    yield from texts_in((paper.title, paper.subtitle, paper.cut_off, paper.head))
    for block in paper.blocks:
        if isinstance(block, Sources):
            for source in block.items:
                yield f"[{source.number}] {source.text} {source.url}"
        else:
            yield from texts_in(block)


def _line(text: str, kind: str) -> PrintedLine:
    pieces = list(parts(text))
    words = "".join(part.text if isinstance(part, Number) else part for part in pieces)
    keys = (part.key for part in pieces if isinstance(part, Number))
    return PrintedLine(one_line(words), tuple(kept_key(key, kind) for key in keys))


def one_line(text: str) -> str:
    """Return a text with one space wherever it has spaces or breaks."""
    return " ".join(text.split())


def kept_key(key: str, kind: str) -> str:
    """Return a key as results files hold it: each kind of paper numbers its own sources."""
    return f"{kind}/{key}" if key.startswith("sources.") else key
