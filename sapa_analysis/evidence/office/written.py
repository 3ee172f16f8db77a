"""How an office writes a number, a date, a goal."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from ...core import Target, unit_words
from .layout import words
from .tables import Tables

#: Unit of an answer: yes is 1.
_RATING = "yes_no"
#: Share of a percentage by which arithmetic alone may change it.
_NOISE = 1e-9
#: Digits beyond which a number is noise of its calculation.
_MOST_DIGITS = 12


def number_text(value: float, digits: int = 1) -> str:
    """Return a number in Vietnamese form, with as many decimals as its digits ask for, and never fewer.

    Parameters
    ----------
    value : float
        In any unit.
    digits : int
        Significant digits that were printed.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.written import number_text
    >>> number_text(3_680_000, 3), number_text(97, 3), number_text(96.85, 3), number_text(-0.5)
    ('3.680.000', '97,0', '96,85', '-0,5')
    """
    exact = Decimal(f"{value:.{_MOST_DIGITS}g}").normalize()
    needed = max(-int(exact.as_tuple().exponent), 0)
    whole = math.floor(math.log10(abs(value))) + 1 if value else 1
    text = f"{exact:,.{max(needed, digits - whole, 0)}f}"
    return text.translate(str.maketrans(",.", ".,"))


def scaled_text(value: float, digits: int) -> str:
    """Return a whole number with a word of scale where it was printed with noughts that count; else nothing.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.written import scaled_text
    >>> scaled_text(3_680_000, 4), scaled_text(3_680_000, 3)
    ('3,680 triệu', '')
    """
    whole = f"{value:.0f}"
    if value % 1 or abs(value) < 1000 or digits <= len(whole.lstrip("-").rstrip("0")):
        return ""
    size, word = next(each for each in words()["template"]["scales"].items() if abs(value) >= each[0])
    return f"{number_text(value / size, digits)} {word}"


def figure_text(figure: Any) -> str:
    """Return a row of the evidence as a cell of the workbook: "ước trên 3.680.000".

    Examples
    --------
    >>> from sapa_analysis.evidence.office.written import figure_text
    >>> row = {"value": 3.68e6, "digits": 3, "bound": "over", "kind": "actual", "unit": "visits"}
    >>> figure_text(row), figure_text(row | {"kind": "estimate", "bound": "exact"})
    ('trên 3.680.000', 'ước 3.680.000')
    """
    told = words()["template"]
    value = float(figure["value"])
    rating = told["yes_no"].get(int(value)) if figure["unit"] == _RATING else None
    parts = [
        told["estimate"] if figure["kind"] == "estimate" else "",
        told["bounds"].get(figure["bound"], ""),
        rating or number_text(value, int(figure["digits"])),
    ]
    return " ".join(filter(None, parts))


def day_text(day: str) -> str:
    """Return a date of the evidence in the order of Vietnam; a part of it where no more is known.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.written import day_text
    >>> [day_text(day) for day in ("2023-01-05", "2023-01", "2023", "")]
    ['05/01/2023', 'tháng 01/2023', 'năm 2023', 'không ghi ngày']
    """
    told = words()["template"]
    year, month, last = [*day.split("-"), "", ""][:3]
    if last:
        return f"{last}/{month}/{year}"
    if month:
        return str(told["month"]).format(month=month, year=year)
    return str(told["year"]).format(year=year) if year else str(told["comment"]["no_date"])


def goal_text(goal: Target) -> str:
    """Return the goal of a target as it was printed: a bare number where the document has no more.

    Examples
    --------
    >>> from sapa_analysis.core import Target
    >>> from sapa_analysis.evidence.office.written import goal_text
    >>> goal = Target(id="mine", indicator_id="grdp_growth", area="sa_pa", measure="growth", end=2023,
    ...               sense="more_than", value=14.5, unit="percent")
    >>> goal_text(goal), goal_text(goal.model_copy(update={"sense_inferred": "yes"}))
    ('trên 14,5', '14,5')
    """
    told = words()["template"]
    if goal.unit == _RATING:
        return str(told["yes_no"][int(goal.value)])
    value = _fraction(goal) or number_text(goal.value)
    if goal.sense_inferred == "yes" and goal.tolerance is None:
        return value
    sense = "tolerance" if goal.tolerance is not None else goal.sense
    return str(told["senses"][sense]).format(
        value=value,
        high=number_text(goal.value_high or 0.0),
        tolerance=number_text(goal.tolerance or 0.0),
    )


def _fraction(goal: Target) -> str:
    """Return the fraction that a goal was written as; nothing where its percentage is printed too."""
    part, _, whole = goal.fraction.partition("/")
    exact = whole and abs(100 * int(part) - goal.value * int(whole)) <= _NOISE * int(whole)
    return goal.fraction if exact else ""


def due_text(goal: Target) -> str:
    """Return the year or the years of a target.

    Examples
    --------
    >>> from sapa_analysis.core import Target
    >>> from sapa_analysis.evidence.office.written import due_text
    >>> due_text(Target(id="mine", indicator_id="grdp_growth", area="sa_pa", measure="term_mean_growth",
    ...                 start=2021, end=2025, sense="more_than", value=14.5, unit="percent"))
    '2021-2025'
    """
    return f"{goal.start}-{goal.end}" if goal.measure.startswith("term") else str(goal.end)


def shown_name(name: str) -> str:
    """Return the name of an indicator with a capital, as it begins a row.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.written import shown_name
    >>> shown_name("tỷ lệ hộ nghèo")
    'Tỷ lệ hộ nghèo'
    """
    return name[:1].upper() + name[1:]


def named(tables: Tables, indicator: str) -> tuple[str, str]:
    """Return the name and the unit of an indicator, as a workbook shows them."""
    concept = tables.indicators.loc[indicator]
    return shown_name(str(concept["name_vi"])), unit_words("vi")[str(concept["unit"])]
