"""The shipped font of a PDF: its files, and what of a text it has no letter for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from ...core import SapaError

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
