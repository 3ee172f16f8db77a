"""What is worth a look in evidence that is sound: no error, for each of these may be right.

The rules: a blank publication date, or one of a year to come; a row that stands twice in all its cells; a
figure of a year about ten times, or a tenth of, what other pages say of that year or the years around it let
expect; Vietnamese text that seems to be in TCVN3 or VNI.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from ..core import Problem, Problems, by_kind, in_language, note, old_code, today

#: Years on each side that count as near.
_NEAR = 3
#: Ratios that look like a slip of the point: to a known figure, and to one between two that may be far apart.
_KNOWN, _BETWEEN = (7.0, 15.0), (5.0, 20.0)
#: Looks of one kind of which each has a line of its own.
_SINGLE = 3
#: How the place of a figure in a workbook of the office ends; its row behind that; a decimal point.
_IN_WORKBOOK = re.compile(r", ô [A-Z]+\d+$")
_LINE_BEHIND, _POINT = re.compile(r"(?<=\d):\d+$"), re.compile(r"(?<=\d)\.(?=\d)")
#: Looks in this column speak of one figure each: all of them have a line of their own.
_OWN = "value"


def look_over(evidence: pd.DataFrame) -> list[Problem]:
    """Return what is worth a look in checked observations, each with its line.

    Parameters
    ----------
    evidence : pandas.DataFrame
        As `load_evidence` returns it.

    Returns
    -------
    list of Problem
        In the order of the rules; `sapa check` prints them and succeeds all the same.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import look_over
    >>> row = {"indicator_id": "health_insurance", "area": "sa_pa", "freq": "A", "published": "2022",
    ...        "source_title": "Báo Lào Cai", "statement": "", "note": ""}
    >>> rows = [row | {"period": f"{2018 + n}", "value": value, "where": f"a.csv:{n + 2}"}
    ...         for n, value in enumerate([95.2, 96.1, 9.68, 97.0])]
    >>> print(*look_over(pd.DataFrame(rows)))
    line 4, value: 9.68 is a tenth of 96.55, as others let expect
    """
    found = Problems()
    now = today()
    for where, published in zip(evidence["where"], evidence["published"], strict=True):
        if published == "":
            note(found, where, "published", "is blank: no edition of a day knows this figure")
        elif int(published[:4]) > now.year:
            note(found, where, "published", f"{published} has not come yet")
    for where, message in _slips(evidence):
        note(found, where, "value", message)
    return [*found, *look_at_text(evidence)]


def look_at_text(table: pd.DataFrame) -> list[Problem]:
    """Return the rows of any table that stand twice, and text that seems to be in an old code.

    Parameters
    ----------
    table : pandas.DataFrame
        A table with `where`, file and line of each row.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import look_at_text
    >>> areas = pd.DataFrame({"name_vi": ["Sa Pa", "L·o Cai"], "where": ["a.csv:2", "a.csv:3"]})
    >>> print(*look_at_text(areas))
    line 3, name_vi: "L·o" looks like TCVN3 or VNI; write it in Unicode
    """
    found = Problems()
    for where, first in _repeats(table):
        note(found, where, "row", f"is the same as {first}")
    for column in map(str, table.select_dtypes("str").columns):
        for where, text in zip(table["where"], table[column], strict=True):
            if word := "" if text.isascii() else old_code(text):
                note(found, where, column, f'"{word}" looks like TCVN3 or VNI; write it in Unicode')
    return found


def looks_in_words(looks: Iterable[Problem], lang: str = "en") -> list[str]:
    """Return what is worth a look as lines for print, each kind once.

    Of a workbook of the office the sheet and the cell are named, and no column of our tables.

    Parameters
    ----------
    looks : iterable of Problem
        As `look_over` returns them.
    lang : {"en", "vi"}
        Language of the words.

    Examples
    --------
    >>> from sapa_analysis.core import Problem
    >>> from sapa_analysis.evidence import looks_in_words
    >>> blank = "is blank: no edition of a day knows this figure"
    >>> looks = [Problem("data/evidence/budget.csv", line, "published", blank) for line in range(10, 15)]
    >>> print(*looks_in_words(looks))
      published is blank: no edition of a day knows this figure; 5 rows, budget 10 to budget 14
    """
    lines, found = [], sorted(looks)
    own = [look for look in found if _IN_WORKBOOK.search(look.file)]
    for alike in [*by_kind(look for look in found if look not in own), *by_kind(own)]:
        places = [_place(look) for look in alike]
        if len(alike) <= _SINGLE or alike[0].column == _OWN:
            lines += [f"  {place}: {_told(look, lang)}" for place, look in zip(places, alike, strict=True)]
        else:
            ends = [place.removesuffix(f", {alike[0].column}") for place in (places[0], places[-1])]
            told = f"{'' if alike[0] in own else alike[0].column} {_told(alike[0], lang)}".strip()
            rows = in_language(f"{len(alike)} rows, {ends[0]} to {ends[1]}", lang)
            lines.append(f"  {told}; {rows}")
    return lines


def _place(look: Problem) -> str:
    """Return where a look is: the line and the column of a table, or the cell of a workbook."""
    if _IN_WORKBOOK.search(look.file):
        return look.file
    return f"{Path(look.file).stem} {look.line}, {look.column}"


def _told(look: Problem, lang: str) -> str:
    """Return what a look says; of a workbook with numbers as its language writes them."""
    told = in_language(look.message, lang)
    if not _IN_WORKBOOK.search(look.file):
        return told
    told = _LINE_BEHIND.sub("", told)
    if lang == "vi" and look.column == _OWN:
        told = _POINT.sub(",", told).replace("\xa0", ".")
    return told


def _repeats(evidence: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the place of each row that stands twice, and that of the first."""
    cells = evidence.drop(columns=["where", "id"], errors="ignore")
    twice = evidence[cells.duplicated(keep=False)]
    first: dict[tuple[object, ...], str] = {}
    for where, row in zip(
        twice["where"], twice[cells.columns].astype("str").itertuples(index=False), strict=True
    ):
        if tuple(row) in first:
            yield where, first[tuple(row)]
        first.setdefault(tuple(row), where)


def _slips(evidence: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the places of figures of a year about ten times what others let expect, or a tenth of it."""
    yearly = evidence[(evidence["freq"] == "A") & (evidence["value"] > 0)]
    for _, rows in yearly.groupby(["indicator_id", "area"], sort=False):
        years, values = [int(period) for period in rows["period"]], rows["value"].tolist()
        said: dict[int, list[float]] = {}
        for year, value in zip(years, values, strict=True):
            said.setdefault(year, []).append(value)
        typical = {year: median(said[year]) for year in sorted(said)}
        for where, year, value in zip(rows["where"].tolist(), years, values, strict=True):
            same = list(said[year])
            same.remove(value)
            if beside := tenfold(value, same, typical, year):
                near = f"{float(f'{beside:.4g}'):,.10g}"
                expected = f"ten times {near}" if value > beside else f"a tenth of {near}"
                yield where, f"{value:,.10g} is {expected}, as others let expect"


def tenfold(value: float, same: Sequence[float], typical: Mapping[int, float], year: int) -> float:
    """Return what others let expect where a figure is about ten times it or a tenth of it, else 0.

    Others are the pages on the same year; else the nearest years on both sides, on a line in logs between
    them; else the two nearest on one side.

    Parameters
    ----------
    value : float
        The figure, above zero.
    same : sequence of float
        What others say of the same year.
    typical : mapping of int to float
        The middle of what is known of each year.
    year : int
        The year of the figure.

    Examples
    --------
    >>> from sapa_analysis.evidence.look import tenfold
    >>> tenfold(9.68, [], {2020: 96.0, 2021: 96.4}, 2022), tenfold(96.8, [], {2021: 96.4}, 2022)
    (96.2, 0.0)
    """
    near = range(1, _NEAR + 1)
    before = [(year - back, typical[year - back]) for back in near if year - back in typical]
    after = [(year + on, typical[year + on]) for on in near if year + on in typical]
    span, others = _KNOWN, [other for _, other in (*before[:2], *after[:2])]
    if same:
        others = [float(np.median(same))]
    elif before and after:
        ends = [before[0][0], after[0][0]]
        span, others = _BETWEEN, [float(np.exp(np.interp(year, ends, np.log([before[0][1], after[0][1]]))))]
    ratios = [value / other for other in others]
    high = all(span[0] <= ratio <= span[1] for ratio in ratios)
    low = all(span[0] <= 1 / ratio <= span[1] for ratio in ratios)
    return float(np.median(others)) if others and (high or low) else 0.0
