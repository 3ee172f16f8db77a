"""What was done to a value before it was printed, read from the printed text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from .printed import Printed, figures_in
from .way import Rounding

#: By unit: what one printed unit holds of the value; a share of 0.712 is printed as 71%.
_PRINTED_AS = {"share": 0.01, "probability": 0.01}
#: Half a step, and the error of a division.
_HALF = 0.5000001
#: Kinds of which a paper repeats the words of another text.
_REPEATED = ("published", "own", "goal", "quoted")


def rounding_of(kind: str, value: Any, unit: str, text: str, lang: str) -> Rounding:
    """Return what was done to a value of a kind.

    A probability with words, "about 25%", is the nearest step of five points.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.rounding import rounding_of
    >>> rounding_of("forecast", 3176254.4, "visits", "3,2 triệu lượt", "vi")
    Rounding(how='to', to=0.1, unit='million_visits')
    >>> rounding_of("forecast", 0.27, "probability", "khoảng 25%", "vi").how
    'five_points'
    """
    if kind == "office":
        return Rounding("as_printed")
    if kind == "judgement" or unit == "judgement":
        return Rounding("word")
    if not isinstance(value, int | float) or isinstance(value, bool) or kind in ("quoted", "mark"):
        return Rounding("as_printed")
    found = figures_in(text, lang)
    if not found:
        return Rounding("as_printed")
    if unit == "probability" and any(sign.isalpha() for sign in text):
        return Rounding("five_points")
    step, size = _step(value, unit, found[0])
    if step is None:
        return Rounding("as_printed")
    if step == 0:
        return Rounding("as_printed" if kind in _REPEATED else "exact")
    if unit in _PRINTED_AS or unit.startswith("percent"):
        return Rounding("to", step, "percentage_points")
    return Rounding("to", step, "million_visits" if size == 1e6 and unit == "visits" else unit)


def _step(value: float, unit: str, figure: Printed) -> tuple[float | None, float]:
    """Return the step to which a value was rounded, and what a printed unit holds of it.

    The step is 0 where it was not rounded, and None where the text tells another number.
    """
    sizes = [_PRINTED_AS.get(unit, 1.0), *([1e6] if unit == "visits" else [])]
    if figure.scale != 1 and unit != "visits":
        sizes = [1.0, figure.scale, *(figure.scale / size for size in (1e6, 1e9))]
    for size in sizes:
        for read, last in figure.readings:
            shown = abs(value) / size
            if math.isclose(shown, read, rel_tol=1e-9, abs_tol=1e-12):
                return 0.0, size
            fitting = [step for step in _steps(read, last) if abs(shown - read) <= step * _HALF]
            if fitting:
                return fitting[0], size
    return None, 1.0


def _steps(read: float, last: float) -> Iterator[float]:
    """Yield the steps of which a printed number is a multiple: that of its last digit, then of its zeros."""
    step = last
    while step <= max(read, last) * 1.0000001:
        if math.isclose(read / step, round(read / step), abs_tol=1e-6):
            yield float(f"{step:.0e}")
        step *= 10
