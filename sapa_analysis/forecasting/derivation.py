"""Derived forecasts: rules that compute them from other forecasts in every path, and again after a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..core import Forecast, YearlySeries, years_of


def derive_forecast(
    observed: YearlySeries,
    parts: Mapping[str, Forecast],
    rule: Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame],
) -> Forecast:
    """Return what follows from other forecasts in every path, the paths without new shocks too.

    Its years start after its own origin. A part that is known for longer enters with its draws.

    Parameters
    ----------
    observed : YearlySeries
        The series of the derived quantity.
    parts : mapping of indicator id to Forecast
        What it is computed from: forecasts in one set of paths.
    rule : callable
        Paths of the parts by id to its own paths.

    Returns
    -------
    Forecast
        With `parts` and `rule`, so that `recompute` can compute it again.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits, nights = (sapa.forecasting.exact_series(pd.Series({2024: value})) for value in (3.0, 6.0))
    >>> paths = pd.DataFrame([[4.0, 5.0]], index=sapa.core.yearly_index([2025]))
    >>> parts = {"visits": sapa.Forecast(visits, paths, "mine")}
    >>> fan = sapa.forecasting.derive_forecast(nights, parts, lambda values: 2 * values["visits"])
    >>> fan.paths.loc["2025"].tolist()
    [8.0, 10.0]
    """
    without_shocks = None
    if any(part.without_shocks is not None for part in parts.values()):
        quiet = {
            name: part.paths if part.without_shocks is None else part.without_shocks
            for name, part in parts.items()
        }
        without_shocks = _computed(observed, parts, quiet, rule)
    first = next(iter(parts.values()))
    paths = _computed(observed, parts, {name: part.paths for name, part in parts.items()}, rule)
    return Forecast(
        observed, paths, first.method, first.scenario, without_shocks, parts=dict(parts), rule=rule
    )


def _computed(
    observed: YearlySeries,
    parts: Mapping[str, Forecast],
    paths: Mapping[str, pd.DataFrame],
    rule: Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame],
) -> pd.DataFrame:
    """Return the values by a rule after the origin, from those of the parts in all years that it needs."""
    first = 1 + min([observed.origin, *(part.observed.origin for part in parts.values())])
    values = {name: reach_back(paths[name], part.observed, first) for name, part in parts.items()}
    if any(each.empty for each in values.values()):  # all of it is known
        return next(each for each in values.values() if each.empty)
    first = max(int(years_of(each)[0]) for each in values.values())
    found = rule({name: each[years_of(each) >= first] for name, each in values.items()})
    after: pd.DataFrame = found[years_of(found) > observed.origin]
    return after


def reach_back(paths: pd.DataFrame, observed: YearlySeries, first: int) -> pd.DataFrame:
    """Return paths from the year `first` on: years up to the origin are the draws, draw k in path k.

    Parameters
    ----------
    paths : pandas.DataFrame
        Years after the origin x paths.
    observed : YearlySeries
        The series that the paths continue.
    first : int
        The first year wanted; years before the draws begin are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import yearly_index
    >>> from sapa_analysis.forecasting import exact_series, reach_back
    >>> ahead = pd.DataFrame([[150.0, 160.0]], index=yearly_index([2020]))
    >>> known = exact_series(pd.Series({2018: 132.0, 2019: 140.0}))
    >>> reach_back(ahead, known, 2019).to_numpy().tolist()
    [[140.0, 140.0], [150.0, 160.0]]
    """
    if first > observed.origin:
        return paths
    known = observed.draws[years_of(observed.draws) >= first]
    at = np.resize(np.arange(known.shape[1]), paths.shape[1])
    return pd.concat([known.iloc[:, at].set_axis(paths.columns, axis=1), paths])


def recompute(forecast: Forecast, change: Callable[[Forecast], Forecast | None]) -> Forecast:
    """Return a forecast after a change of some of the forecasts from which it is computed.

    The one rule by which scenarios and conditions reach derived quantities, with and without new shocks.

    Parameters
    ----------
    forecast : Forecast
        A simulated or a derived quantity.
    change : callable
        Returns the changed forecast, or None where it follows from its parts.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import Forecast, YearlySeries, yearly_index
    >>> from sapa_analysis.forecasting import derive_forecast, recompute
    >>> one = pd.DataFrame({"estimate": [3.0]}, index=yearly_index([2024]))
    >>> named = lambda name: YearlySeries(name, "", "", "log", None, one, pd.DataFrame(), one)
    >>> visits = Forecast(named("visits"), pd.DataFrame([[4.0, 5.0]], index=yearly_index([2025])), "naive")
    >>> nights = derive_forecast(named("nights"), {"visits": visits}, lambda values: 2 * values["visits"])
    >>> from dataclasses import replace
    >>> more = recompute(nights, lambda fan: None if fan.parts else replace(fan, paths=fan.paths + 1))
    >>> more.paths.loc["2025"].to_list()
    [10.0, 12.0]
    """
    changed = change(forecast)
    if changed is not None:
        return changed
    assert forecast.rule is not None
    parts = {name: recompute(part, change) for name, part in forecast.parts.items()}
    return replace(derive_forecast(forecast.observed, parts, forecast.rule), method=forecast.method)


@dataclass(frozen=True, slots=True, eq=False)
class Cumulated:
    """A level computed as its value at the origin times later growth and price changes.

    Attributes
    ----------
    rate : str
        The id of the growth rate, in percent a year.
    base : pandas.DataFrame
        Years after the origin of the level x paths: the level at the origin, in the prices of each year.
    """

    rate: str
    base: pd.DataFrame

    def __call__(self, values: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Return the level in every year and path."""
        rate = values[self.rate]
        rate = rate[rate.index.isin(self.base.index)]
        return self.base.loc[rate.index] * (1 + rate / 100).cumprod()


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """The growth rate of a level, in percent a year.

    Attributes
    ----------
    level : str
        The id of the level.
    last : pandas.DataFrame
        Its values in the year before the first rate: one year x paths.
    """

    level: str
    last: pd.DataFrame

    def __call__(self, values: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Return the rate in every year and path."""
        level = values[self.level]
        level = level[level.index > self.last.index[0]]
        before = np.vstack([self.last.to_numpy(), level.to_numpy()[:-1]])
        rate: pd.DataFrame = level.div(before).sub(1).mul(100)
        return rate


@dataclass(frozen=True, slots=True, eq=False)
class Closed:
    """One of several shares of a whole, rescaled so that they sum to 100 percent in every path.

    Attributes
    ----------
    name : str
        The id of the share.
    """

    name: str

    def __call__(self, values: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Return the rescaled share, from shares that were simulated separately."""
        shares = list(values.values())
        total = shares[0].copy()
        for share in shares[1:]:
            total += share
        return values[self.name].div(total).mul(100)
