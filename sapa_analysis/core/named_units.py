"""The words of units, in each language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def unit_words(lang: str) -> dict[str, str]:
    """Return the words of every unit in a language, by its id.

    Parameters
    ----------
    lang : str
        `vi` or `en`.

    Examples
    --------
    >>> from sapa_analysis.core import unit_words
    >>> unit_words("vi")["billion_vnd"], unit_words("en")["percent"]
    ('tỷ đồng', '%')
    """
    import yaml  # only who prints waits for it

    known = yaml.safe_load((files(__package__) / "texts/units.yml").read_text(encoding="utf-8"))
    return {unit: str(words[lang]) for unit, words in known.items()}
