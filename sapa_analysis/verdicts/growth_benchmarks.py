"""Growth benchmarks: how often other yearly series kept a given pace for one to seven years.

The paces come from windows of one to seven years of yearly series of other places and subjects
(`growth_quantiles.csv`, written by benchmarks/learn_growth_benchmarks.py). A percentile among them says how
often such a pace was kept. It does not say how likely a town is to keep it; the forecast says that.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ..core import SapaError, nearest, shipped_table

#: The classes of series and their contents. Sets within a class, and series within a set, have equal weight;
#: the tourist towns (data/reference) are not among the four sets, and no target is judged by them.
REFERENCES = {
    "all": "the four sets together, each weighing a quarter",
    "business_and_industry": "826 yearly series of the M1 and M3 competitions: firms, industries, economies",
    "park_visits": "visits to 60 American national parks, 1996-2019",
    "countries_gdp": "GDP of 204 countries in current US dollars, 1996-2019",
    "tourist_towns": "visits to 12 Vietnamese tourist places, 2013-2019, one year only: 18 windows",
}
#: The longest window, in years.
MOST_YEARS = 7
#: A class offers a length of window only if it has this many; fewer say nothing of how often.
LEAST_WINDOWS = 10


def growth_quantiles() -> pd.DataFrame:
    """Return the shipped table: one row per class and window length.

    Returns
    -------
    pandas.DataFrame
        reference, years, series, windows (how many), and p1 to p99: the compound growth in percent a year
        below which that percentage of the windows lies; NA where few windows do not tell. A length of which a
        class has fewer than `LEAST_WINDOWS` windows has no row.
    """
    return shipped_table("verdicts", "growth_quantiles.csv")


def pace_percentile(per_year: float, *, years: int, reference: str = "all", better: int = 1) -> float:
    """Return the percentage of past episodes with less than a given pace; higher means rarer.

    Interpolated between the quantiles of `growth_quantiles`; beyond those of a row, its ends (1 and 99; 2.5
    and 97.5 where windows are few). `all` has no fast-growing tourist towns: visits to old parks hardly grow,
    GDP growth in dollars includes inflation and exchange rates, and the business series were collected before
    2000. So a town's pace looks rarer than it is: among 518 yearly tourism series (method notes, section 4)
    one five-year window in twenty grew by 28 % a year or more, in `all` one in twenty by 18 %.
    `tourist_towns` errs the other way: it rests on few windows, and on years that were printed because they
    rose. The sets end before the pandemic, so no class covers recovery from a fall.

    Parameters
    ----------
    per_year : float
        The pace, compound growth in percent a year.
    years : int
        Number of years for which the pace must be kept, 1 to 7; of `tourist_towns` 1 only.
    reference : str
        A name of `REFERENCES`. Use `all` where no class resembles the indicator, as for the visits, the
        amounts of money and the GRDP of a town.
    better : int
        1 where more is better: the percentage of episodes below the pace. -1 where less is better: the
        percentage above it, which fell less or grew.

    Returns
    -------
    float
        1 to 99.

    Raises
    ------
    SapaError
        With every invalid argument.

    Examples
    --------
    >>> from sapa_analysis.verdicts import pace_percentile
    >>> [round(pace_percentile(pace, years=3)) for pace in (0.0, 10.0, 30.0)]
    [29, 81, 98]
    """
    _check(per_year, years, reference, better)
    table = growth_quantiles()
    row = table[(table["reference"] == reference) & (table["years"] == years)].filter(regex=r"^p\d")
    quantiles = row.iloc[0].astype("float64").dropna()
    known = [float(str(name).removeprefix("p")) for name in quantiles.index]
    below = float(np.interp(per_year, quantiles.to_numpy(), known))
    return below if better == 1 else 100 - below


def _check(per_year: float, years: int, reference: str, better: int) -> None:
    problems = []
    if not (math.isfinite(per_year) and per_year > -100):
        problems.append(f"per_year is {per_year}; wanted percent a year above -100")
    if years not in range(1, MOST_YEARS + 1):
        problems.append(f"years is {years}; wanted a whole number from 1 to {MOST_YEARS}")
    if reference not in REFERENCES:
        problems.append(f'reference "{reference}" is unknown; {nearest(reference, REFERENCES)}')
    elif years in range(1, MOST_YEARS + 1) and years not in (offered := _lengths(reference)):
        shown = ", ".join(map(str, offered))
        few = f"{reference} has fewer than {LEAST_WINDOWS} windows of {years} years"
        problems.append(f"{few}; wanted a length that it offers: {shown}")
    if better not in (1, -1):
        problems.append(f"better is {better}; wanted 1 (more is better) or -1 (less is better)")
    if problems:
        raise SapaError("; ".join(problems))


def _lengths(reference: str) -> list[int]:
    """Return the lengths of window of which a class has enough."""
    table = growth_quantiles()
    return [int(years) for years in table.loc[table["reference"] == reference, "years"]]
