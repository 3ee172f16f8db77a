"""Words after a number: the unit of its indicator, and what the number is to be multiplied with."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from ...core import unit_words
from .layout import words
from .spelling import folded

#: Beside a unit of these, a scale word makes no sense: 3 triệu %.
_UNSCALED = {
    "percent", "percentage_points", "per_10k_people", "criteria_per_commune", "criteria", "yes_no", "days",
}  # fmt: skip


#: Beside a larger unit a bare million is one of the same money: 8.500 triệu is 8,5 tỷ đồng.
_MILLION = Decimal(1_000_000)


@cache
def known_units() -> tuple[str, ...]:
    """Return the words of every unit, and those without their scale, folded."""
    more = [word for each in words()["reader"]["units"].values() for word in each]
    named = [folded(word) for word in (*unit_words("vi").values(), *more)]
    return tuple({*named, *filter(None, (_magnitude(word)[1].partition("/")[0] for word in named))})


def bare_units(unit: str) -> set[str]:
    """Return the words of a unit, folded."""
    return {folded(word) for word in (unit_words("vi")[unit], *words()["reader"]["units"].get(unit, ()))}


def scale_of(rest: str, unit: str) -> Decimal | None:
    """Return what a number is multiplied with for the words after it, or None where they do not fit the unit.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.unit_scale import scale_of
    >>> scale_of("nghìn tỷ đồng", "billion_vnd"), scale_of("hộ", "visits")
    (Decimal('1000'), None)
    """
    rest = folded(rest)
    if rest in bare_units(unit):
        return Decimal(1)
    own, base = _magnitude(folded(unit_words("vi")[unit]))
    said, left = _magnitude(rest)
    if said == 1 or unit in _UNSCALED:
        return Decimal(1) if said == own and not left else None
    if own == 1:
        return said if not left or left in bare_units(unit) else None
    bases = {base} | {_magnitude(word)[1] for word in bare_units(unit)} | {base.partition("/")[0]}
    if left in bases or (not left and said >= min(own, _MILLION)):
        return said / own
    return None


def _magnitude(text: str) -> tuple[Decimal, str]:
    """Return the product of the scale words that begin a text, and the rest."""
    scales = {folded(word): Decimal(scale) for word, scale in words()["reader"]["scales"].items()}
    product, parts = Decimal(1), text.split()
    while parts and parts[0] in scales:
        product *= scales[parts.pop(0)]
    return product, " ".join(parts)
