"""What is worth a look in evidence that is sound: no error, for each of these may be right.

The rules: a blank publication date, or one of a year to come; a row that stands twice in all its cells; a
figure of a year seven to fifteen times those of the nearest years on both sides, at most three away, or that
part of them; Vietnamese text that seems to be in TCVN3 or VNI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from ..core import Problem, Problems, by_kind, note, old_code, today

#: Years on each side that are neighbours, and the ratios to them that look like a slip of the point.
_NEAR, _LEAST, _MOST = 3, 7.0, 15.0
#: Looks of one kind of which each has a line of its own.
_SINGLE = 3


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
    line 4, value: 9.68 is a tenth of its neighbours, 96.55; is the point right?
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


def looks_in_words(looks: Iterable[Problem]) -> list[str]:
    """Return what is worth a look as lines for print, each kind once.

    Examples
    --------
    >>> from sapa_analysis.core import Problem
    >>> from sapa_analysis.evidence import looks_in_words
    >>> blank = "is blank: no edition of a day knows this figure"
    >>> looks = [Problem("data/evidence/budget.csv", line, "published", blank) for line in range(10, 15)]
    >>> print(*looks_in_words(looks))
      published is blank: no edition of a day knows this figure; 5 rows, budget 10 to budget 14
    """
    lines = []
    for alike in by_kind(sorted(looks)):
        places = [f"{Path(look.file).stem} {look.line}" for look in alike]
        if len(alike) <= _SINGLE:
            lines += [
                f"  {place}, {look.column}: {look.message}" for place, look in zip(places, alike, strict=True)
            ]
        else:
            told = f"{alike[0].column} {alike[0].message}".strip()
            lines.append(f"  {told}; {len(alike)} rows, {places[0]} to {places[-1]}")
    return lines


def _repeats(evidence: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the place of each row that stands twice, and that of the first."""
    cells = evidence.drop(columns="where")
    twice = evidence[cells.duplicated(keep=False)]
    first: dict[tuple[object, ...], str] = {}
    for where, row in zip(
        twice["where"], twice[cells.columns].astype("str").itertuples(index=False), strict=True
    ):
        if tuple(row) in first:
            yield where, first[tuple(row)]
        first.setdefault(tuple(row), where)


def _slips(evidence: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the places of figures of a year about ten times their neighbours, or a tenth of them."""
    yearly = evidence[(evidence["freq"] == "A") & (evidence["value"] > 0)]
    for _, rows in yearly.groupby(["indicator_id", "area"], sort=False):
        years = rows["period"].astype("int64")
        typical = rows["value"].groupby(years).median()
        for place, year, value in zip(rows["where"], years, rows["value"], strict=True):
            near = _nearest_years(typical, year)
            high = [_LEAST <= value / other <= _MOST for other in near]
            low = [_LEAST <= other / value <= _MOST for other in near]
            if near and (all(high) or all(low)):
                size = "ten times" if all(high) else "a tenth of"
                around = f"{float(f'{np.exp(np.log(near).mean()):.4g}'):,.10g}"
                yield place, f"{value:,.10g} is {size} its neighbours, {around}; is the point right?"


def _nearest_years(typical: pd.Series, year: int) -> list[float]:
    """Return the figures of the nearest year on each side, or of the two nearest where one side has none."""
    before = typical[(typical.index < year) & (typical.index >= year - _NEAR)].iloc[::-1]
    after = typical[(typical.index > year) & (typical.index <= year + _NEAR)]
    near = (
        [before.iloc[:1], after.iloc[:1]] if len(before) and len(after) else [before.iloc[:2], after.iloc[:2]]
    )
    return [float(value) for side in near for value in side]
