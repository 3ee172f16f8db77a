"""Calendar years as the index of yearly tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd


def last_year_ended(day: date) -> int:
    """Return the last calendar year that had ended at the close of `day`.

    Parameters
    ----------
    day : datetime.date
        The day whose knowledge counts.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.core import last_year_ended
    >>> last_year_ended(date(2024, 12, 30)), last_year_ended(date(2024, 12, 31))
    (2023, 2024)
    """
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def yearly_index(years: Sequence[int] | np.ndarray) -> pd.PeriodIndex:
    """Return whole calendar years as the index that every yearly table has.

    Parameters
    ----------
    years : sequence of int
        Calendar years, in the order of the rows.

    Examples
    --------
    >>> from sapa_analysis.core import yearly_index
    >>> [str(year) for year in yearly_index([2024, 2025])]
    ['2024', '2025']
    """
    return _yearly_index(tuple(int(year) for year in years)).copy()


@lru_cache(maxsize=256)
def _yearly_index(years: tuple[int, ...]) -> pd.PeriodIndex:
    return pd.PeriodIndex(
        [pd.Period(year=year, freq="Y") for year in years], dtype="period[Y-DEC]", name="year"
    )


def _calendar_years(index: pd.PeriodIndex) -> np.ndarray:
    """Return the years of periods; whole years are numbered from 1970."""
    whole = index.freqstr == "Y-DEC"
    return np.asarray(index.asi8 + 1970 if whole else index.year)


def years_of(table: pd.DataFrame | pd.Series) -> np.ndarray:
    """Return the calendar years of a yearly table (PeriodIndex, or whole numbers) as integers.

    Parameters
    ----------
    table : pandas.DataFrame or pandas.Series
        A table or column by year.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import years_of
    >>> years_of(pd.Series({2024: 4.4e6, 2025: 5.0e6})).tolist()
    [2024, 2025]
    """
    index = table.index
    if isinstance(index, pd.PeriodIndex):
        return np.asarray(_calendar_years(index), dtype=np.int64)
    return np.asarray(index, dtype=np.int64)


def run_around(year: int, years: Collection[int]) -> tuple[int, int]:
    """Return the first and the last of the years that follow each other around one of them.

    Parameters
    ----------
    year : int
        One of the years.
    years : collection of int
        Years, such as shock years, in any order.

    Examples
    --------
    >>> from sapa_analysis.core import run_around
    >>> run_around(2021, [2009, 2020, 2022, 2021]), run_around(2009, [2009, 2020])
    ((2020, 2022), (2009, 2009))
    """
    first = last = year
    while first - 1 in years:
        first -= 1
    while last + 1 in years:
        last += 1
    return first, last


def years_text(years: Iterable[int]) -> str:
    """Return years for print, those that follow each other as a span; the same in every language.

    Parameters
    ----------
    years : iterable of int
        Calendar years, in order.

    Examples
    --------
    >>> from sapa_analysis.core import years_text
    >>> years_text([2019, 2021, 2022]), years_text([])
    ('2019, 2021–2022', '')
    """
    spans: list[list[int]] = []
    for year in sorted(set(years)):
        if spans and year == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], year]
        else:
            spans.append([year])
    return ", ".join("–".join(map(str, span)) for span in spans)


def row_of(table: pd.DataFrame, year: int) -> pd.Series:
    """Return the row of one year of a yearly table.

    Parameters
    ----------
    table : pandas.DataFrame
        Its index holds years.
    year : int
        A calendar year of it.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import row_of, yearly_index
    >>> table = pd.DataFrame({"estimate": [4.4e6, 5.0e6]}, index=yearly_index([2024, 2025]))
    >>> row_of(table, 2025).to_dict()
    {'estimate': 5000000.0}
    """
    row: pd.Series = table.iloc[np.flatnonzero(years_of(table) == year)[0]]
    return row
