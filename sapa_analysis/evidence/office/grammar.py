"""What is written in a cell of a figure: number, bound, kind, how many digits; as an office writes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ...core import unit_words
from .layout import words
from .number_words import (
    CellError,
    hint_of,
    hint_of_change,
    hint_of_sum,
    in_words,
    read_number,
    tidy_number,
    without_met,
)  # fmt: skip
from .sheet_cells import Cell
from .spelling import folded, plain
from .told import quoted, shown_number
from .unit_scale import known_units, scale_of

#: Digits that a figure can have in the evidence, and decimals that someone writes: longer tails are computed.
MOST_DIGITS, _MOST_DECIMALS = 12, 4
_FRACTION = re.compile(r"([0-9][0-9.]*)\s*/\s*([0-9][0-9.]*)")
_LEADING = re.compile(r"-?[0-9][0-9.,]*(?:\s[0-9]{3}(?![0-9])(?:[.,][0-9]+)?)*")
_SMALLEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Written:
    """A figure as written.

    Attributes
    ----------
    value : decimal.Decimal
        In the unit of the indicator.
    bound : str
        exact, over, under or about.
    kind : str
        actual or estimate where the cell says so; else blank.
    decimals : int
        Decimals as written, in the unit of the indicator.
    digits : int
        Significant digits as written; 0 where they follow from the decimals of the row.
    words : str
        What is written.
    fraction : str
        The fraction, or blank.
    """

    value: Decimal
    bound: str = "exact"
    kind: str = ""
    decimals: int = 0
    digits: int = 0
    words: str = ""
    fraction: str = ""


def read_figure(cell: Cell, unit: str) -> Written:
    """Return the figure of a cell, in the unit of its indicator.

    Raises
    ------
    CellError
        When it is none.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.grammar import read_figure
    >>> from sapa_analysis.evidence.office.sheet_cells import Cell
    >>> read = read_figure(Cell(1, 1, "text", "ước trên 3,68 triệu lượt"), "visits")
    >>> read.value, read.bound, read.kind, read.digits
    (Decimal('3680000'), 'over', 'estimate', 3)
    >>> float(read_figure(Cell(1, 1, "text", "46/61"), "percent").value)
    75.40983606557377
    """
    if cell.kind == "number":
        return _of_number(cell, unit)
    if cell.kind != "text":
        raise CellError({"formula": "formula", "error": "error_value", "boolean": "boolean"}[cell.kind],
                        text=quoted(cell.text))  # fmt: skip
    _refuse_none(cell)
    written = plain(cell.text)
    kind, rest = _kind(written)
    if unit != "yes_no":
        rest = without_met(rest)
        signed, rest = rest, in_words(rest)
        written = written.replace(signed, rest)
    bound, rest = _head(rest, words()["reader"]["bounds"])
    if unit == "yes_no":
        return _rating(rest, kind, bound, cell.text)
    tidy = plain(unicodedata.normalize("NFKC", rest))
    if found := _FRACTION.fullmatch(tidy.rstrip("% ")) if unit == "percent" else _FRACTION.fullmatch(tidy):
        return _of_fraction(found, unit, bound, kind, written)
    value, decimals, scale = _scaled(rest, unit, written)
    digits = len(str(abs(int(value.scaleb(decimals))))) if scale != 1 and value else 0
    if scale != 1:
        value = Decimal(f"{(value * scale).normalize():f}")
    return _sound(Written(value, bound or "exact", kind, _decimals(value), digits, written))


def _refuse_none(cell: Cell) -> None:
    """Refuse a sign or a word that says that there is no figure."""
    said = folded(unicodedata.normalize("NFKC", plain(cell.text))).replace("-", "").strip(" .")
    if not said or said in map(folded, words()["reader"]["no_figure"]):
        raise CellError("no_figure", text=quoted(cell.text))


def _kind(text: str) -> tuple[str, str]:
    """Return the kind that words before a figure, or behind it in brackets, say; and the rest."""
    kind, rest = _head(text, _kinds())
    behind = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", rest)
    if behind and not kind:
        kind, left = _head(behind[2], _kinds())
        if kind and not left:
            return kind, behind[1]
        return "", text
    return kind, rest


def _sound(read: Written) -> Written:
    if read.value and abs(read.value) < _SMALLEST:
        raise CellError("too_small", text=quoted(read.words))
    if abs(read.value) >= 10**12:
        raise CellError("number", text=quoted(read.words), hint="")
    return read


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _of_number(cell: Cell, unit: str) -> Written:
    value = cell.number
    if cell.shown in ("day", "month"):
        raise CellError("day_as_number", day=_day_words(value))
    value = _as_shown(cell)
    decimals = _decimals(value)
    written = shown_number(value)
    if cell.shown == "percent":
        written += "%"
        if unit not in ("percent", "percentage_points"):
            raise CellError("percent_format", text=written, unit=unit_words("vi")[unit])
    if unit == "yes_no" and value not in (0, 1):
        raise CellError("yes_no", text=written)
    return _sound(Written(value, decimals=decimals, words=written))


def _as_shown(cell: Cell) -> Decimal:
    """Return a number with the decimals that its format shows; else as typed, without a computed tail."""
    value = cell.number * (100 if cell.shown == "percent" else 1)
    if cell.places is None:
        return Decimal(f"{Decimal(f'{value:.{MOST_DIGITS}g}').normalize():f}") + 0
    least, most = cell.places
    value = value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP) + 0
    while _decimals(value) > least and not value.as_tuple().digits[-1]:
        value = value.quantize(Decimal(1).scaleb(1 - _decimals(value)))
    return value


def _day_words(value: Decimal) -> str:
    from .periods import day_of_serial  # it reads numbers of this module

    day = day_of_serial(value)
    return day.strftime("%d/%m/%Y") if day else shown_number(value)


def _kinds() -> dict[str, str]:
    return {**words()["kinds"], **words()["reader"]["kinds"]}


def _head(text: str, known: Mapping[str, str]) -> tuple[str, str]:
    """Return what the first words of a text mean, the longest first, and the rest of it."""
    for word in sorted(known, key=len, reverse=True):
        count = len(word.split())
        if folded(" ".join(text.split()[:count])) == folded(word):
            return known[word], " ".join(text.split()[count:])
    return "", text


def _rating(rest: str, kind: str, bound: str, text: str) -> Written:
    said = {
        folded(word): value
        for value, name in ((1, "rated_yes"), (0, "rated_no"))
        for word in words()["reader"][name]
    }
    said |= {"1": 1, "0": 0}
    if bound or folded(rest) not in said:
        raise CellError("yes_no", text=quoted(text))
    return Written(Decimal(said[folded(rest)]), kind=kind, words=plain(text))


def _of_fraction(found: re.Match[str], unit: str, bound: str, kind: str, written: str) -> Written:
    if unit != "percent":
        raise CellError("fraction_unit", text=quoted(written))
    if bound:
        raise CellError("fraction_bound", text=quoted(written))
    part, whole = (read_number(each)[0] for each in found.groups())
    if not 0 <= part <= whole or whole == 0:
        raise CellError("fraction", text=quoted(written))
    value = Decimal(repr(100 * int(part) / int(whole)))
    fraction = f"{int(part)}/{int(whole)}"
    return _sound(Written(value, "exact", kind, 0, MOST_DIGITS, written, fraction))


def _scaled(text: str, unit: str, written: str) -> tuple[Decimal, int, Decimal]:
    """Return the number of a text, its decimals, and what it is to be multiplied with."""
    tidy = tidy_number(text)
    found = _LEADING.match(tidy)
    rest = folded(tidy[found.end() :]) if found else ""
    if found is None or (rest and not re.match(r"[^\d.,]", rest)):
        raise CellError("number", text=quoted(written), hint=hint_of(tidy) or hint_of_change(tidy))
    if not rest:
        value, decimals = read_number(tidy)
        return value, decimals, Decimal(1)
    scale = scale_of(rest, unit)
    if scale is None:
        known = rest.startswith((*map(folded, words()["reader"]["scales"]), *known_units()))
        if known and not (hint := hint_of_sum(tidy, unit)):
            raise CellError("unit_in_cell", text=quoted(written), unit=unit_words("vi")[unit])
        raise CellError("number", text=quoted(written), hint=hint if known else "")
    value, decimals = read_number(found[0])
    return value, decimals, scale


def digits_of(read: Written, decimals: int) -> int:
    """Return the significant digits of a figure in a row with so many decimals, as the evidence counts them.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from sapa_analysis.evidence.office.grammar import Written, digits_of
    >>> digits_of(Written(Decimal(97)), 1), digits_of(Written(Decimal(3500000)), 0)
    (3, 2)
    """
    value = f"{float(read.value):.12g}"
    whole, _, part = value.lstrip("-0").partition(".")
    least = len((whole + part).strip("0"))
    most = max(1, len(whole) + max(len(part), 2 if len(whole) < 3 else 0))
    wanted = read.digits or len(whole) + max(decimals, read.decimals)
    if not whole and not read.digits:
        wanted = len(part.lstrip("0")) + max(decimals - len(part), 0)
    if not read.digits and not decimals and not part and len(whole) > 3:
        wanted = least
    return max(1, min(max(wanted, least), most, MOST_DIGITS))


def row_decimals(figures: Iterable[Written]) -> int:
    """Return the most decimals that someone wrote in a row; long tails are results of arithmetic."""
    return max((f.decimals for f in figures if f.decimals <= _MOST_DECIMALS and not f.digits), default=0)
