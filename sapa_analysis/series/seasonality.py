"""Seasonal profile: the share of a normal year in each month, and in a part of the year."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
import pandas as pd

from ..core import SapaError, parse_period

#: The covariate from which the shares of the months are computed, by field of the indicator. No source prints
#: residents' months of town, province or nation: foreign arrivals stand in for them (decision 86).
PROFILE_SERIES = {
    "tourism": "viet_nam_international_arrivals_monthly",
    "": "viet_nam_gdp_current_vnd_quarterly_gso",
}


def seasonal_profile(covariates: pd.DataFrame, *, field: str, shock_years: Collection[int]) -> pd.DataFrame:
    """Return the seasonal profile of a normal year.

    Parameters
    ----------
    covariates : pandas.DataFrame
        Of one vintage.
    field : str
        Field of the indicator: foreign arrivals by month for tourism, GDP by quarter for all others.
    shock_years : collection of int
        Years that do not count as normal.

    Returns
    -------
    pandas.DataFrame
        Months 1 to 12 x (share, summing to 1; sd over the normal years).

    Raises
    ------
    SapaError
        When there are no covariates, or fewer than two complete normal years.
    """
    name = PROFILE_SERIES.get(field, PROFILE_SERIES[""])
    if covariates.empty:
        raise SapaError("part-year figures need a profile of the months, or covariates to make one")
    shares = _yearly_shares(covariates[covariates["series"] == name], shock_years)
    if len(shares) < 2:
        raise SapaError(f"{name} holds {len(shares)} complete normal years by then; a profile needs 2")
    return pd.DataFrame({"share": shares.mean(), "sd": shares.std(ddof=1)}).rename_axis("month")


def _yearly_shares(values: pd.DataFrame, shock_years: Collection[int]) -> pd.DataFrame:
    """Return complete normal years x months, each row summing to one; quarters are split evenly."""
    parts = []
    for period, value in zip(values["period"], values["value"], strict=True):
        span = parse_period(period, "Q" if "Q" in period else "M")
        months = range(span.start.month, span.end.month + 1)
        parts += [(span.start.year, month, value / len(months)) for month in months]
    table = pd.DataFrame(parts, columns=["year", "month", "value"]).pivot(
        index="year", columns="month", values="value"
    )
    normal = table[~table.index.isin(list(shock_years))].dropna()
    return normal.div(normal.sum(axis=1), axis=0)


def share_of_year(profile: pd.DataFrame, start: date, end: date) -> tuple[float, float]:
    """Return the share of the year from `start` to `end`, and its standard deviation in logs.

    Parameters
    ----------
    profile : pandas.DataFrame
        Months 1 to 12 x (share, sd), as `seasonal_profile` returns them.
    start, end : datetime.date
        First and last day, of one year.

    Returns
    -------
    tuple of float
        The share, between 0 and 1, and the standard deviation of its logarithm.

    Notes
    -----
    The variance is that of a sum of monthly shares given that all twelve sum to one (method note,
    section 1), `[(1-S)^2 sum_in sd^2 + S^2 sum_out sd^2] / S^2`.
    """
    covered = np.array([_covered(month, start, end) for month in profile.index])
    share = float(profile["share"] @ covered)
    variance = profile["sd"].to_numpy() ** 2
    inside, outside = float(variance @ covered), float(variance @ (1 - covered))
    return share, float(np.sqrt((1 - share) ** 2 * inside + share**2 * outside) / share)


def _covered(month: int, start: date, end: date) -> float:
    """Return the part of a month that lies between two days of one year."""
    first = date(start.year, month, 1)
    following = date(start.year + month // 12, month % 12 + 1, 1)
    days = (min(following, end + timedelta(days=1)) - max(first, start)).days
    return max(0, days) / (following - first).days
