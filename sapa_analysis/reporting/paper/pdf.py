"""PDF of a paper: the paper goes to a fixed layout as data, so that no text of it is read as a command."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core import SapaError
from .glyphs import check_letters, font_folder
from .model import Paper
from .plain_data import paper_data, printed

if TYPE_CHECKING:
    from typst import Compiler

#: Scales of the letters that are tried where a paper has to fill a number of pages, from the smallest.
_SCALES = tuple(round(0.8 + 0.01 * step, 2) for step in range(31))
#: How many of them are given up so that a note stands on the page of its table.
_SMALLER = 6


def pdf_file(paper: Paper) -> bytes:
    """Return a paper as PDF: tagged for readers who listen (PDF/UA-1), the same bytes for the same paper.

    Raises
    ------
    SapaError
        Where the shipped font lacks a letter or is missing, or where the paper does not fit on its pages.
    """
    data = paper_data(paper)
    check_letters(printed(data))
    day = datetime(paper.as_of.year, paper.as_of.month, paper.as_of.day, tzinfo=UTC)
    options: dict[str, Any] = {"pdf_standards": ["ua-1"], "timestamp": int(day.timestamp())}
    compiler, sent = _compiler(), json.dumps(data, ensure_ascii=False)
    scale = _scale_that_fits(compiler, sent, paper) if paper.pages else 1.0
    return _compiled(compiler, sent, scale, **options)


def _compiler() -> Compiler:
    """Return a compiler of the layout that knows no font but the shipped one."""
    from typst import Compiler, Fonts

    folder = str(font_folder())
    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    layout = Path(__file__).parent / "templates" / "paper.typ"
    return Compiler(str(layout), font_paths=fonts, ignore_system_fonts=True)


def _compiled(compiler: Compiler, sent: str, scale: float, **options: Any) -> bytes:
    made = compiler.compile(format="pdf", sys_inputs={"paper": sent, "scale": f"{scale:g}"}, **options)
    assert isinstance(made, bytes)
    return made


def _scale_that_fits(compiler: Compiler, sent: str, paper: Paper) -> float:
    """Return the largest scale at which a paper has no more pages than it may.

    Somewhat smaller letters are taken where a note would else be torn from its table.
    """
    low, high = 0, len(_SCALES) - 1
    if _pages(compiler, sent, _SCALES[low]) > paper.pages:
        raise SapaError(f'"{paper.stem}" takes more than {paper.pages} pages even in the smallest letters')
    while low < high:
        middle = (low + high + 1) // 2
        fits = _pages(compiler, sent, _SCALES[middle]) <= paper.pages
        low, high = (middle, high) if fits else (low, middle - 1)
    for step in range(low, max(low - _SMALLER, 0), -1):
        if _pages(compiler, sent, _SCALES[step]) == paper.pages and not json.loads(compiler.query("<torn>")):
            return _SCALES[step]
    return _SCALES[low]


def _pages(compiler: Compiler, sent: str, scale: float) -> int:
    """Return how many pages a paper has at a scale."""
    _compiled(compiler, sent, scale)
    return int(compiler.query("<pages>", field="value", one=True))
