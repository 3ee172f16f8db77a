"""Consumer prices: series deflated to the prices of the origin, and forecasts inflated again.

Source: the national consumer price index, yearly means; there is none for single places.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import (
    Array,
    Forecast,
    Keyed,
    SapaError,
    YearlySeries,
    apart,
    days_of,
    stratified,
    stream,
    years_of,
)

#: The covariates that hold consumer prices, in the order in which they are used.
INDEX_SERIES = "viet_nam_cpi_index_annual"
RATE_SERIES = "viet_nam_inflation_cpi_annual"
MONTHLY_SERIES = "viet_nam_cpi_monthly_gso"
#: Number of yearly changes that give the spread of the inflation rate: a decade, which leaves out 2008.
RECENT_CHANGES = 10
#: Years with a price needed for the rate and the spread of inflation.
PRICES_NEEDED = 3
#: All indicators of a run have the same price paths, which depend only on the seed and this name.
#: Columns of a yearly table that are amounts.
_AMOUNTS = r"^(estimate|best|(lower|upper)_\d+)$"


def consumer_prices(covariates: pd.DataFrame) -> pd.Series:
    """Return the national consumer price index, from the latest value of each period.

    Parameters
    ----------
    covariates : pandas.DataFrame
        Of one vintage.

    Returns
    -------
    pandas.Series
        Yearly means by calendar year (whole numbers), in the base of the index; empty if none was published.

    Notes
    -----
    The yearly index (World Bank) comes first. After its last year it is extended with the yearly inflation
    rate, or else with the monthly index of the statistics office, as long as either has the next year.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.series import consumer_prices
    >>> known = {"series": ["viet_nam_cpi_index_annual", "viet_nam_inflation_cpi_annual"],
    ...          "period": ["2023", "2024"], "value": [200.0, 3.5], "published": ["2024", "2025"]}
    >>> consumer_prices(pd.DataFrame(known)).round(1).to_dict()
    {2023: 200.0, 2024: 207.0}
    """
    levels = dict(_by_year(_latest(covariates, INDEX_SERIES)))
    rates = _by_year(_latest(covariates, RATE_SERIES))
    growth = (1 + rates / 100).combine_first(_monthly_growth(_latest(covariates, MONTHLY_SERIES)))
    while levels and (year := max(levels) + 1) in growth.index:
        levels[year] = levels[year - 1] * growth[year]
    return pd.Series(levels, dtype="float64", name="consumer_prices").rename_axis("year")


@lru_cache(maxsize=64)
def prices_known(asked: Keyed) -> pd.Series:
    """Return `consumer_prices` of a vintage, computed once; to be read only.

    Parameters
    ----------
    asked : Keyed
        What `Vintage.keyed` returns, for all tables or for the covariates.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> known = sapa.pipeline.load_project().as_of("2023-06-30")
    >>> sapa.series.prices_known(known.keyed("covariates")).loc[2021:].round(1).to_dict()
    {2021: 171.9, 2022: 177.3}
    """
    return consumer_prices(asked.things.covariates)


def _latest(covariates: pd.DataFrame, name: str) -> pd.Series:
    """Return the latest published value of each period, by period."""
    if covariates.empty:
        return pd.Series(index=pd.Index([], dtype="str"), dtype="float64")
    known = covariates[covariates["series"] == name]
    known = known.sort_values("published", key=days_of, kind="stable")
    values: pd.Series = known.drop_duplicates("period", keep="last").set_index("period")["value"]
    return values.astype("float64").sort_index()


def _by_year(values: pd.Series) -> pd.Series:
    return values.set_axis(values.index.astype("int64"))


def _monthly_growth(months: pd.Series) -> pd.Series:
    """Return the ratio of each yearly mean to the one before, if both years have all twelve months."""
    years = months.groupby(months.index.str[:4].astype("int64"))
    means = years.mean()[years.size() == 12]
    before = means.set_axis(means.index + 1)
    return (means / before).dropna()


def deflate(series: YearlySeries, prices: pd.Series) -> YearlySeries:
    """Return a series in the prices of its origin.

    Parameters
    ----------
    series : YearlySeries
        Amounts in current prices, on the log scale.
    prices : pandas.Series
        Consumer prices by calendar year, as `consumer_prices` returns them.

    Returns
    -------
    YearlySeries
        The amounts of the table and the draws, in `unit` at the prices of the origin. The values of the
        origin, `sd` (on the log scale) and the observations (as read) do not change; `running` is dropped.

    Raises
    ------
    SapaError
        When fewer than two years have a price.

    Notes
    -----
    Years outside the known prices are extrapolated with the yearly rate of the nearest end.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> receipts = sapa.forecasting.exact_series(pd.Series({2023: 100.0, 2024: 132.0}))
    >>> real = sapa.series.deflate(receipts, pd.Series({2023: 200.0, 2024: 220.0}))
    >>> real.table["estimate"].round(1).tolist()
    [110.0, 132.0]
    """
    years = years_of(series.table)
    factors = np.exp(log_prices(prices, years) - log_prices(prices, [series.origin]))
    columns = series.table.filter(regex=_AMOUNTS).columns
    table = series.table.assign(**{name: series.table[name] / factors for name in columns})
    by_year = pd.Series(factors, series.table.index)
    return replace(
        series, table=table, draws=series.draws.div(by_year[series.draws.index], axis=0), running=None
    )


def inflate(forecast: Forecast, prices: pd.Series, *, observed: YearlySeries, seed: int) -> Forecast:
    """Return a forecast in the prices of each year.

    Parameters
    ----------
    forecast : Forecast
        Paths in the prices of the origin: a forecast of the series that `deflate` returned.
    prices : pandas.Series
        The prices with which the series was deflated.
    observed : YearlySeries
        The series in current prices, before `deflate`.
    seed : int
        The same seed gives path k the same inflation for every indicator, origin and horizon.

    Returns
    -------
    Forecast
        `observed`, and the paths (also those without new shocks, if any) in its unit at current prices.

    Raises
    ------
    SapaError
        When fewer than three years have a price.

    Notes
    -----
    Published prices are used as they are. After them the log rate of inflation is a random walk without drift
    from its last value; the standard deviation of a step is the root mean square of the last `RECENT_CHANGES`
    yearly changes of the rate. The error of the price level is the sum of these rates, so it cumulates.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> prices = pd.Series({2022: 100.0, 2023: 110.0, 2024: 121.0, 2025: 133.1})
    >>> receipts = sapa.forecasting.exact_series(pd.Series({2023: 100.0, 2024: 132.0}))
    >>> paths = pd.DataFrame([[140.0, 150.0]], index=sapa.core.yearly_index([2025]))
    >>> real = sapa.Forecast(sapa.series.deflate(receipts, prices), paths, "mine")
    >>> sapa.series.inflate(real, prices, observed=receipts, seed=1).paths.round(1).to_numpy().tolist()
    [[154.0, 165.0]]
    """
    factors = price_factors(prices, observed.origin, forecast.paths, seed)
    without_shocks = None if forecast.without_shocks is None else forecast.without_shocks * factors
    return replace(forecast, paths=forecast.paths * factors, without_shocks=without_shocks, observed=observed)


def price_factors(prices: pd.Series, origin: int, paths: pd.DataFrame, seed: int) -> Array:
    """Return the ratio of the prices of each year and path to those of the origin; see `inflate`.

    Parameters
    ----------
    prices : pandas.Series
        Growth of prices in each year, in percent, by calendar year.
    origin : int
        The year whose prices are 1.
    paths : pandas.DataFrame
        Years x paths that the factors go with.
    seed : int
        Same seed, same factors; a whole number.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> prices = pd.Series({2022: 100.0, 2023: 110.0, 2024: 121.0})
    >>> paths = pd.DataFrame([[140.0, 150.0], [160.0, 170.0]], index=sapa.core.yearly_index([2025, 2026]))
    >>> sapa.series.price_factors(prices, 2024, paths, seed=1).round(2).tolist()
    [[1.1, 1.1], [1.21, 1.21]]
    """
    logs = _price_paths(prices, np.array([origin, *years_of(paths)]), paths.shape[1], seed)
    factors: Array = np.exp(logs[1:] - logs[0])
    return factors


def _price_paths(prices: pd.Series, years: NDArray[np.int64], n_paths: int, seed: int) -> Array:
    """Return log prices, years x paths; years with a published price are equal in all paths."""
    last = int(prices.index.max())
    ahead = max(int(years.max()) - last, 0)
    errors = np.vstack([np.zeros(n_paths), _rate_step(prices) * _price_walk(seed, ahead, n_paths)])
    known: Array = log_prices(prices, years)[:, None]
    return known + errors[np.clip(years - last, 0, None)]


@lru_cache(maxsize=16)
def _price_walk(seed: int, ahead: int, n_paths: int) -> Array:
    """Return the sum of a random walk; one row per year: a longer horizon adds rows and changes none."""
    walk = stratified(stream(seed, "prices", "", "").standard_normal((ahead, n_paths))).cumsum(axis=0)
    return apart(np.asarray(walk.cumsum(axis=0)))


def _rate_step(prices: pd.Series) -> float:
    """Return the standard deviation of the yearly change of the log inflation rate."""
    years = np.arange(prices.index.min(), prices.index.max() + 1)
    if len(prices) < PRICES_NEEDED:
        found = f"consumer prices are known for {len(prices)} years"
        raise SapaError(f"{found}; a spread of inflation needs {PRICES_NEEDED}")
    changes = np.diff(log_prices(prices, years), n=2)[-RECENT_CHANGES:]
    return float(np.sqrt(np.mean(changes**2)))


def log_prices(prices: pd.Series, years: NDArray[np.int64] | list[int]) -> Array:
    """Return log prices of any years; beyond either end the nearest yearly rate continues.

    Raises
    ------
    SapaError
        When fewer than two years have a price.
    """
    if len(prices) < 2:
        raise SapaError(f"consumer prices are known for {len(prices)} years; constant prices need 2")
    ordered = prices.sort_index()
    known, logs = ordered.index.to_numpy(dtype=np.float64), np.log(ordered.to_numpy(dtype=np.float64))
    rates = np.diff(logs) / np.diff(known)
    beyond = np.asarray(years) - np.clip(years, known[0], known[-1])
    reached: Array = np.interp(years, known, logs) + np.where(beyond < 0, rates[0], rates[-1]) * beyond
    return reached
