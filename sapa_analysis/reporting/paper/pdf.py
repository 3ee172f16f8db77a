"""PDF of a paper: the paper goes to a fixed layout as data, so that no text of it is read as a command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from ...core import SapaError
from ..tagged_numbers import plain
from .model import FILLS, Block, Heading, Paper, Picture, Table, Turn

if TYPE_CHECKING:
    from typst import Compiler

#: Scales of the letters that are tried where a paper has to fill a number of pages, from the smallest.
_SCALES = tuple(round(0.8 + 0.01 * step, 2) for step in range(31))
#: Scales that are tried where a paper may have any number of pages: 13 points, a little more or less.
_NEAR_ONE = (1.03, 1.0, 0.975)
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
    if paper.pages:
        scale = _scale_that_fits(compiler, sent, paper)
    else:  # the Party form has its size of letters
        scale = 1.0 if paper.form == "party" else _scale_of_fewest_pages(compiler, sent)
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

    Somewhat smaller letters are taken where a note would else be torn from its table. A paper for the house
    may have more pages.
    """
    low, high = 0, len(_SCALES) - 1
    if _pages(compiler, sent, _SCALES[low]) > paper.pages:
        if paper.internal:
            return _SCALES[low]
        raise SapaError(f'"{paper.stem}" takes more than {paper.pages} pages even in the smallest letters')
    while low < high:
        middle = (low + high + 1) // 2
        fits = _pages(compiler, sent, _SCALES[middle]) <= paper.pages
        low, high = (middle, high) if fits else (low, middle - 1)
    for step in range(low, max(low - _SMALLER, 0), -1):
        if _pages(compiler, sent, _SCALES[step]) == paper.pages and not json.loads(compiler.query("<torn>")):
            return _SCALES[step]
    return _SCALES[low]


def _scale_of_fewest_pages(compiler: Compiler, sent: str) -> float:
    """Return the largest scale near 1 at which no few lines take a page of their own."""
    return min(_NEAR_ONE, key=lambda scale: (_pages(compiler, sent, scale), -scale))


def _pages(compiler: Compiler, sent: str, scale: float) -> int:
    """Return how many pages a paper has at a scale."""
    _compiled(compiler, sent, scale)
    return int(compiler.query("<pages>", field="value", one=True))


#: Files of the font; names of weight and slope are its own.
FACES = tuple(f"LiberationSerif-{face}.ttf" for face in ("Regular", "Bold", "Italic", "BoldItalic"))
#: Signs that are laid out with another one where the font lacks them.
_LIKE = {"\u2011": "\u2010"}
#: How many letters of the text beside a sign that is missing are told.
_NEAR = 12


def font_folder() -> Path:
    """Return the folder with the font.

    Raises
    ------
    SapaError
        Where a file of the font is missing.
    """
    folder = Path(__file__).parent / "fonts"
    for name in FACES:
        if not (folder / name).is_file():
            raise SapaError(f'"{folder}" has no font "{name}"; install the package anew')
    return folder


def check_letters(texts: Iterable[str]) -> None:
    """Refuse texts with letters that the font lacks; blanks and line ends are no letters.

    Raises
    ------
    SapaError
        It names every such letter, with the text where it stands first.
    """
    missing: dict[str, str] = {}
    for text in texts:
        for place, sign in _lacking(text):
            missing.setdefault(sign, text[max(place - _NEAR, 0) : place + _NEAR + 1].strip())
    if missing:
        told = ", ".join(f'U+{ord(sign):04X} "{near}"' for sign, near in missing.items())
        raise SapaError(f"the font of the PDF has no shape for {told}")


def without_shapeless(text: str, like: Mapping[str, str], other: str) -> str:
    """Return a text with a sign for each letter that the font lacks: the one it is `like`, or `other`.

    Examples
    --------
    >>> from sapa_analysis.reporting.paper.pdf import without_shapeless
    >>> without_shapeless("✓ xong ☃", {"✓": "√"}, "□")
    '√ xong □'
    """
    for sign in {sign for _, sign in _lacking(text)}:
        text = text.replace(sign, like.get(sign, other))
    return text


def _lacking(text: str) -> Iterator[tuple[int, str]]:
    if text.isascii():
        return
    known = _letters()
    for place, sign in enumerate(text):
        if ord(_LIKE.get(sign, sign)) not in known and not sign.isspace():
            yield place, sign


@cache
def _letters() -> frozenset[int]:
    """Return the letters of which every face has a shape."""
    from fontTools.ttLib import TTFont

    found = []
    for name in FACES:
        with TTFont(font_folder() / name, lazy=True) as font:
            found.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*found)


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
    names = ("kind", "lang", "title", "subtitle", "cut_off", "form", "head", "pages", "words", "mark")
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
