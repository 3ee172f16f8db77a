"""What a written goal means: a sense, one value or the ends of a range, a tolerance."""

from __future__ import annotations

import re
from typing import Any

from .grammar import Written, read_figure
from .layout import words
from .number_words import CellError, spaced, without_met
from .sheet_cells import Cell
from .spelling import folded, plain
from .told import quoted


def read_goal(cell: Cell, unit: str, better: str) -> dict[str, Any]:
    """Return what a written goal means: sense, value, value_high, tolerance, fraction, sense_inferred.

    Parameters
    ----------
    cell : Cell
        The goal as written.
    unit : str
        Unit of the indicator.
    better : {"more", "less", "none"}
        Which direction is an improvement: the sense of a bare number.

    Raises
    ------
    CellError
        When it is no goal.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.written_goals import read_goal
    >>> from sapa_analysis.evidence.office.sheet_cells import Cell
    >>> goal = read_goal(Cell(1, 1, "text", "từ 8 đến 10%"), "percent", "more")
    >>> goal["sense"], goal["value"], goal["value_high"]
    ('between', 8.0, 10.0)
    >>> read_goal(Cell(1, 1, "text", "98"), "percent", "more")["sense_inferred"]
    'yes'
    """
    text = spaced(without_met(plain(cell.text)) if unit != "yes_no" else plain(cell.text))
    usual = {"more": "at_least", "less": "at_most"}.get(better, "about")
    high: Written | None = None
    tolerance: float | None = None
    inferred = "no"
    if cell.kind == "text" and (ends := _ends(text)):
        low, high = (_part(cell, each, unit) for each in ends)
        if high.value <= low.value:
            raise CellError("goal", text=quoted(text))
        sense = "between"
    elif cell.kind == "text":
        sense, rest = _sense(text)
        rest, _, half = (part.strip() for part in rest.partition("±"))
        low = _part(cell, rest, unit)
        if half:
            if sense not in ("", "about"):
                raise CellError("goal", text=quoted(text))
            sense, tolerance = "about", float(_part(cell, half, unit).value)
        if not sense:
            sense, inferred = usual, "yes"
    else:
        low, sense, inferred = read_figure(cell, unit), usual, "yes"
    if low.bound != "exact" or low.kind:
        raise CellError("goal", text=quoted(text))
    return {
        "sense": sense, "sense_inferred": inferred, "value": float(low.value),
        "value_high": float(high.value) if high else None, "tolerance": tolerance, "fraction": low.fraction,
    }  # fmt: skip


def _part(cell: Cell, text: str, unit: str) -> Written:
    try:
        read = read_figure(cell._replace(text=text), unit)
    except CellError as error:
        if error.key == "number" and not error.holes["hint"]:
            raise CellError("goal", text=quoted(plain(cell.text))) from None
        raise
    if read.bound != "exact" or read.kind or not text:
        raise CellError("goal", text=quoted(cell.text))
    return read


def _ends(text: str) -> tuple[str, str] | None:
    """Return the two ends of a range, or None where it is none."""
    said = re.fullmatch(r"(?i)từ (.+?) đến (.+)", text) or re.fullmatch(r"(\d[\d.,]*)\s*[-–]\s*(\d.*)", text)
    if said is None:
        return None
    low, high = said.groups()
    if re.fullmatch(r"[\d.,]+", low) and (unit := re.sub(r"^[\d.,\s]+", "", high)):
        low = f"{low} {unit}"  # từ 3 đến 4 triệu
    return low, high


def _sense(text: str) -> tuple[str, str]:
    """Return the sense that the words of a goal have, and the rest."""
    if found := re.fullmatch(r"(?i)(?:từ )?(.+) trở lên", text):
        return "at_least", found[1]
    if found := re.fullmatch(r"(?i)(?:từ )?(.+) trở xuống", text):
        return "at_most", found[1]
    known = words()["reader"]["senses"]
    for word in sorted(known, key=len, reverse=True):
        count = len(word.split())
        if folded(" ".join(text.split()[:count])) == folded(word):
            return str(known[word]), " ".join(text.split()[count:])
    return "", text
