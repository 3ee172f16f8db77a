"""The font of all pictures holds every Vietnamese letter, or a picture says that it does not."""

from __future__ import annotations

import unicodedata
from functools import cache

from ...core import SapaError

_BASES, _TONES = "aăâeêioôơuưy", "\u0300\u0301\u0303\u0309\u0323"
#: Signs that pictures write beside letters and digits.
_SIGNS = "đĐ–−§~≥≤×·%→①②③④⑤⑥"


def wanted_letters() -> str:
    """Return every letter of Vietnamese, with each tone and in both cases, and the signs of pictures.

    Examples
    --------
    >>> from sapa_analysis.reporting.figures.fonts import wanted_letters
    >>> len(wanted_letters()), [letter in wanted_letters() for letter in "ậỮẳ≥"]
    (212, [True, True, True, True])
    """
    toned = [unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in ("", *_TONES)]
    plain = "bcdfghjklmnpqrstvwxz0123456789"
    return "".join(dict.fromkeys("".join([*toned, plain]) + "".join([*toned, plain]).upper() + _SIGNS))


def lacking_letters(family: str) -> str:
    """Return the wanted letters that a font lacks: that which matplotlib finds under this name.

    Examples
    --------
    >>> from sapa_analysis.reporting.figures.fonts import lacking_letters
    >>> lacking_letters("DejaVu Sans"), lacking_letters("cmr10")[:3]
    ('', 'àáã')
    """
    from matplotlib.font_manager import FontProperties, findfont, get_font

    path = findfont(FontProperties(family=family))
    held = get_font(path).get_charmap()
    return "".join(letter for letter in wanted_letters() if ord(letter) not in held)


@cache
def check_font(family: str) -> None:
    """Refuse a font that lacks Vietnamese letters; checked once for each name.

    Raises
    ------
    SapaError
        Which letters are lacking, and what to do.
    """
    lacking = lacking_letters(family)
    if lacking:
        raise SapaError(
            f'no font for the pictures: what matplotlib finds as "{family}" lacks {len(lacking)} letters or '
            f"signs, among them {' '.join(lacking[:6])}; DejaVu Sans has them all and comes with matplotlib: "
            "install matplotlib anew, or the system's package of DejaVu fonts, and delete matplotlib's "
            "font cache"
        )
