"""Printed numbers as numbers of Excel: a value and a format that shows the very same signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..tagged_numbers import Number

#: Sign of thousands and of decimals; a format has the English ones, a program shows those of its language.
SIGNS = {"vi": (".", ","), "en": (",", ".")}
_MINUS = "−-"
#: How many times larger the value is than what is printed of it: of a share, the value is a hundredth.
_SCALES = {0: 1.0, 1: 1e3, 2: 1e6, 3: 1e9}
#: Units of a share, and by how much a rounded forecast may differ from its value.
_SHARES, _NEAR = ("share", "probability"), 0.15
_LONGEST_FORMAT, _DIGITS = 200, 15
_CORE = re.compile(r'("[^"]*")|((?:#,##0|0)(?:\.0+)?)(,*)(%?)')


@dataclass(frozen=True, slots=True)
class Shown:
    """A value and the number format by which Excel shows it."""

    value: float | int
    format: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A formula, what it comes to, and the number format by which Excel shows it."""

    formula: str
    value: float
    format: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """A printed text taken apart: words around its only number, the number, and how it is written."""

    before: str
    after: str
    value: Decimal
    decimals: int
    grouped: bool
    minus: str

    @classmethod
    def of(cls, text: str, lang: str) -> Numeral | None:
        """Return a text taken apart, or None where it has not exactly one number."""
        thousands, decimal = map(re.escape, SIGNS[lang])
        digits = rf"(\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)(?:{decimal}(\d+))?"
        found = re.fullmatch(rf"([^\d\"]*?)([{_MINUS}]?){digits}([^\d\"]*)", text)
        whole = re.sub(thousands, "", found[3]) if found else ""
        if not found or re.match(r"0\d", whole) or len(whole + (found[4] or "")) > _DIGITS:
            return None
        value = Decimal(f"{whole}.{found[4] or '0'}") * (-1 if found[2] else 1)
        return cls(found[1], found[5], value, len(found[4] or ""), whole != found[3], found[2])

    def format(self, *, thousands: int = 0, percent: bool = False) -> str:
        """Return a number format that writes like this one, scaled down by thousands or up to percent."""
        whole = "#,##0" if self.grouped or abs(self.value) < 1000 else "0"
        core = whole + ("." + "0" * self.decimals if self.decimals else "") + "," * thousands
        after = self.after
        if percent:
            core, after = core + "%", after.removeprefix("%")
        section = f"{_literal(self.before)}{{}}{core}{_literal(after)}"
        positive = section.format("")
        return f"{positive};{section.format(_literal(self.minus))}" if self.minus else positive


def as_number(number: Number, lang: str) -> Shown | None:
    """Return a tagged number as a number of Excel, or None where only text shows the same.

    The value is the exact one where the format shows it as printed, else the printed one in the same unit.

    Examples
    --------
    >>> as_number(Number("visits", 3_512_000, "visits", "3,5 triệu lượt"), "vi")
    Shown(value=3512000, format='#,##0.0,," triệu lượt"')
    >>> as_number(Number("visits", 3_512_000, "visits", "trên 3 triệu"), "vi")
    Shown(value=3000000, format='"trên "#,##0,," triệu"')
    """
    value, numeral = number.value, Numeral.of(number.text, lang)
    if numeral is None or isinstance(value, str | bool) or value is None or not -1e15 < value < 1e15:
        return None
    for scale, form in _forms(numeral, number.unit):
        if not _fits(numeral, value / scale, number.unit):
            continue
        printed = float(numeral.value) * scale
        for each in (value, round(printed) if scale > 1 or printed.is_integer() else round(printed, 12)):
            if len(form) <= _LONGEST_FORMAT and rendered(each, form, lang) == number.text:
                return Shown(each, form)
    return None


def _forms(numeral: Numeral, unit: str) -> list[tuple[float, str]]:
    """Return by how much a value is larger than what is printed, and the format for it."""
    if unit in _SHARES and numeral.after.startswith("%"):
        return [(0.01, numeral.format(percent=True))]
    if unit in _SHARES:
        return [(1.0, numeral.format())]
    return [(scale, numeral.format(thousands=times)) for times, scale in _SCALES.items()]


def _fits(numeral: Numeral, value: float, unit: str) -> bool:
    if unit in _SHARES:
        return True
    away = abs(float(numeral.value) - value)
    return away <= max(0.51 * 10.0**-numeral.decimals, _NEAR * abs(value))


def as_ratio(text: str, values: tuple[float, float], cells: tuple[str, str], lang: str) -> Ratio | None:
    """Return the formula of a printed percentage of two cells, or None where it shows something else.

    Examples
    --------
    >>> as_ratio("71,4%", (2.5, 3.5), ("H5", "D5"), "vi")
    Ratio(formula='=ROUND(H5/D5,3)', value=0.714, format='#,##0.0%')
    >>> as_ratio("71", (2.5, 3.5), ("H5", "D5"), "vi").formula, as_ratio("72", (2.5, 3.5), ("H5", "D5"), "vi")
    ('=ROUND(100*H5/D5,0)', None)
    """
    upper, lower = values
    numeral = Numeral.of(text, lang)
    if numeral is None or not lower:
        return None
    percent = numeral.after.startswith("%")
    form = numeral.format(percent=percent)
    quotient = Decimal(f"{upper / lower:.{_DIGITS}g}") * (1 if percent else 100)
    places = numeral.decimals + (2 if percent else 0)
    value = float(quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    if rendered(value, form, lang) != text:
        return None
    ratio = "/".join(cells) if percent else f"100*{'/'.join(cells)}"
    return Ratio(f"=ROUND({ratio},{places})", value, form)


def rendered(value: float | int, form: str, lang: str) -> str:
    """Return what Excel shows of a number in a language.

    Examples
    --------
    >>> rendered(12085.4, '#,##0" tỷ đồng"', "vi"), rendered(0.712, "0%", "en")
    ('12.085 tỷ đồng', '71%')
    """
    positive, _, negative = form.partition(";")
    section, number = (negative, -value) if negative and value < 0 else (positive, value)
    return _CORE.sub(lambda found: found[1][1:-1] if found[1] else _core(number, found, lang), section)


def _core(value: float | int, found: re.Match[str], lang: str) -> str:
    exact = Decimal(f"{value:.{_DIGITS}g}") / 1000 ** len(found[3]) * (100 if found[4] else 1)
    places = len(found[2].partition(".")[2])
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,f}" if found[2].startswith("#") else f"{rounded:f}"
    thousands, decimal = SIGNS[lang]
    return text.translate({ord(","): thousands, ord("."): decimal}) + found[4]


def _literal(text: str) -> str:
    return f'"{text}"' if text else ""
