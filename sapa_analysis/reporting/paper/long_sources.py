"""Lists of sources without what no list has room for: a title of a page long is cut in the middle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..tagged_numbers import Number, parts, tag
from .model import Block, Paper, Sources

#: Signs of a source from which it is cut, and those that stay of its beginning and of its end, with its day.
_LONGEST, _BEGINNING, _END = 300, 220, 70


def with_short_sources(paper: Paper) -> Paper:
    """Return a paper whose sources are cut where they are longer than a list has room for."""
    return replace(paper, blocks=tuple(map(_short, paper.blocks)))


def _short(block: Block) -> Block:
    if not isinstance(block, Sources):
        return block
    return Sources(tuple(replace(source, text=shortened(source.text)) for source in block.items))


def shortened(text: str) -> str:
    """Return a tagged text, with an ellipsis in its middle where it is long.

    Examples
    --------
    >>> from sapa_analysis.reporting.paper.long_sources import shortened
    >>> short = shortened(f"Report {'of the year ' * 100}(laocai.gov.vn; 2023)")
    >>> len(short) <= 300, short[:8], short[-21:]
    (True, 'Report o', '(laocai.gov.vn; 2023)')
    """
    pieces = list(parts(text))
    if sum(len(_words(piece)) for piece in pieces) <= _LONGEST:
        return text
    end = list(_taken(reversed(pieces), _END, last=True))
    return "".join([*_taken(pieces, _BEGINNING), " … ", *reversed(end)])


def _taken(pieces: Iterable[str | Number], room: int, *, last: bool = False) -> Iterator[str]:
    """Yield the first pieces, or the last, for which there is room; a number is never cut."""
    for piece in pieces:
        words = _words(piece)
        if len(words) > room:
            if isinstance(piece, str) and room:
                cut = words[-room:] if last else words[:room]
                yield (cut.partition(" ")[2] if last else cut.rpartition(" ")[0]) or cut
            return
        yield piece if isinstance(piece, str) else tag(piece.text, piece.key, piece.value, piece.unit)
        room -= len(words)


def _words(piece: str | Number) -> str:
    return piece if isinstance(piece, str) else piece.text
