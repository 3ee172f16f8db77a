"""The two frozen objects that travel between stages: a yearly series and a forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .period import days_of
from .plan_level import PlanLevel
from .plotting import Plottable
from .yearly import last_year_ended, yearly_index, years_of

#: Numbers in an array; its shape stands with each argument.
Array = NDArray[np.float64]

#: How the estimate of a year came about, best first; also the order of the legend.
BASES = ("year", "year_estimate", "part_year", "implied", "interpolated", "carried_forward")
#: Bases that are a figure of the year itself.
OWN_BASES = ("year", "year_estimate", "part_year", "implied")
#: Why there is no forecast after the last year that could be one.
NO_YEAR_LEFT = "no_year_left"
#: With fewer years than this, a forecast is marked thin.
THIN_YEARS = 5


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class YearlySeries(Plottable):
    """The best estimate per year of one indicator, with its uncertainty.

    Attributes
    ----------
    indicator_id, area, unit : str
        What, where, and in which unit.
    scale : {"log", "logit", "level", "growth"}
        Scale of the model.
    as_of : datetime.date or None
        The day whose knowledge this is; None for everything ever published.
    table : pandas.DataFrame
        Years (yearly PeriodIndex) x `estimate, sd, lower_80, upper_80, lower_95, upper_95,
        n_observations, basis, best`; `sd` on the model scale, the rest in `unit`; `best` is the best
        single figure of the year as read, blank where it has none. It runs from the first year that a
        figure speaks of to the origin.
    observations : pandas.DataFrame
        The observations that were known, one row per statement, with `used`, `implied` (the yearly
        value each alone implies, in `unit`), `sd`, `weight` (by how much its year moves with it),
        `residual` (standardised), `wrong` (the chance that it is) and `leads` (it is the one that is shown
        as the figure of its year).
    draws : pandas.DataFrame
        Years to the origin x joint draws, in `unit`; draw k belongs to path k.
    support : tuple of (str, str, int)
        Indicator, area and number of the figures that carry it, where those of others do too.
    running : pandas.DataFrame or None
        The year after the last one that had ended, one row like those of `table`, if part of it has been
        observed.
    decimals : int or None
        Decimals with which the indicator is printed; None: its values are not rounded.
    digest : str
        What a series without a name goes by in the names of random streams; blank if it has one.
    plan_level : PlanLevel or None
        The yearly plans, where no figure tells its level; None where one does, whole year or part of one.
    """

    indicator_id: str
    area: str
    unit: str
    scale: str
    as_of: date | None
    table: pd.DataFrame
    observations: pd.DataFrame
    draws: pd.DataFrame
    support: tuple[tuple[str, str, int], ...] = ()
    running: pd.DataFrame | None = None
    decimals: int | None = None
    digest: str = ""
    plan_level: PlanLevel | None = None

    def __repr__(self) -> str:
        years, n = years_of(self.table), len(self.observed_years)
        known = f"as of {self.as_of}" if self.as_of else "all that was published"
        return (
            f"<YearlySeries {_named(self)}: {years.min()} to {years.max()}, "
            f"{n} year{'s' * (n != 1)} with a figure, {known}>"
        )

    def summary(self) -> pd.DataFrame:
        """Return what is known of each year up to the origin, in `unit`.

        Returns
        -------
        pandas.DataFrame
            Years x (estimate, lower_80, upper_80, basis, best).
        """
        columns = ["estimate", "lower_80", "upper_80", "basis", "best"]
        return self.table[columns]

    def to_frame(self) -> pd.DataFrame:
        """Return the series as a long table, so that several can be stacked and saved.

        Returns
        -------
        pandas.DataFrame
            One row per year: indicator_id, area, unit, year, then the columns of `table`.
        """
        return _long(self, self.with_running())

    def with_running(self) -> pd.DataFrame:
        """Return `table`, followed by the running year if part of it has been observed."""
        return self.table if self.running is None else pd.concat([self.table, self.running])

    @property
    def origin(self) -> int:
        """The last year of the table, the last one that a figure bears on; forecasts start after it.

        Shock years that had ended on `as_of` are in the table even without a figure.
        """
        return int(years_of(self.table)[-1])

    @property
    def ended(self) -> int:
        """The last year that had ended on `as_of`; the origin where no day is given."""
        return self.origin if self.as_of is None else max(self.origin, last_year_ended(self.as_of))

    @property
    def seen(self) -> int:
        """The running year, if part of it has been observed; else the origin."""
        return self.origin if self.running is None else self.ended + 1

    @property
    def running_figures(self) -> pd.DataFrame:
        """The observations of part of the running year."""
        if self.running is None:
            return self.observations.iloc[:0]
        year, basis = self.observations["year"], self.observations["basis"]
        return self.observations[(year == self.ended + 1) & (basis == "part_year")]

    @property
    def published(self) -> pd.Series:
        """The best single figure of each ended year that has one, in `unit`."""
        return self.table.loc[np.isin(years_of(self.table), self.observed_years), "best"]

    def figure(self, year: int) -> pd.Series | None:
        """Return the published statement that leads a year, as it was printed, or None if there is none.

        A year without a figure of its own has none, nor has a series that was made from bare numbers.

        Parameters
        ----------
        year : int
            A calendar year.
        """
        if self.observations.empty:
            return None
        leads = self.observations["leads"].to_numpy(dtype=bool)
        found = np.flatnonzero(leads & (self.observations["year"].to_numpy() == year))
        return self.observations.iloc[found[0]] if len(found) else None

    @property
    def expected(self) -> pd.DataFrame:
        """What the department expects of years that have not ended, the latest statement on each, by year."""
        said = self.observations
        if said.empty:
            return pd.DataFrame({"value": [], "implied": []}, index=yearly_index([]))
        ahead = said[(said["year"] > self.origin) & (said["basis"] == "year")]
        dated = ahead["published"].replace("", "0001")  # an unknown date is not the latest
        last = ahead.loc[days_of(dated).sort_values(kind="stable").index].groupby("year").tail(1)
        return last.sort_values("year").set_axis(yearly_index(sorted(last["year"])))

    @property
    def observed_years(self) -> list[int]:
        """Ended years with a figure of their own, whole or part of the year."""
        bases = zip(years_of(self.table).tolist(), self.table["basis"].tolist(), strict=True)
        return [year for year, basis in bases if basis in OWN_BASES]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Forecast(Plottable):
    """Simulated paths of one indicator.

    Attributes
    ----------
    observed : YearlySeries
        What was known, to its origin.
    paths : pandas.DataFrame
        Years after the origin (yearly PeriodIndex) x paths, in the unit of `observed`.
    method : str
        Name of the model in `forecasting.MODELS`.
    scenario : str
        Name of the scenario; `base` assumes nothing.
    without_shocks : pandas.DataFrame or None
        The same paths without new shocks; None where none may come.
    fit_health : tuple of str
        What the fit warned about; empty when it was quiet.
    parts : mapping of indicator id to Forecast
        What it is computed from in every path; empty where it is simulated itself.
    rule : callable or None
        How: paths of the parts by id to its own paths.
    recovery: float
        Share of the paths that return from a break as other places did; 0 where that law does not apply.
    """

    observed: YearlySeries
    paths: pd.DataFrame
    method: str
    scenario: str = "base"
    without_shocks: pd.DataFrame | None = None
    fit_health: tuple[str, ...] = field(default=())
    parts: Mapping[str, Forecast] = field(default_factory=dict)
    rule: Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame] | None = None
    recovery: float = 0.0

    def __repr__(self) -> str:
        last = self.summary((80,)).iloc[-1]
        years = years_of(self.paths)
        median, lower, upper = (_short(last[name]) for name in ("median", "lower_80", "upper_80"))
        return (
            f"<Forecast {_named(self.observed)}: {years[0]} to {years[-1]}, {self.paths.shape[1]:,} paths, "
            f"{self.method}, scenario {self.scenario}; {years[-1]}: {median} (80 %: {lower} to {upper})>"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the simulated paths as a long table, so that several can be stacked and saved.

        Returns
        -------
        pandas.DataFrame
            One row per path and year: indicator_id, area, unit, scenario, year, path, value (in `unit`).
        """
        values = self.paths.to_numpy(dtype=float)
        n_years, n_paths = values.shape
        table = pd.DataFrame(
            {"path": np.tile(np.arange(n_paths), n_years), "value": values.ravel()},
            index=np.repeat(years_of(self.paths), n_paths),
        )
        long = _long(self.observed, table)
        long.insert(3, "scenario", self.scenario)
        return long

    @property
    def thin(self) -> bool:
        """Whether so few years have a figure that like series say more than the series itself."""
        return len(self.observed.observed_years) < THIN_YEARS

    def summary(self, levels: Sequence[int] = (50, 80, 95)) -> pd.DataFrame:
        """Return the median and central intervals per year.

        Parameters
        ----------
        levels : sequence of int
            Percent of the paths between `lower_<level>` and `upper_<level>`.

        Returns
        -------
        pandas.DataFrame
            Years x (median, lower_50, upper_50, ...), in the unit of `observed`.
        """
        ends: dict[str, float] = {}
        for level in levels:
            tail = (1 - level / 100) / 2
            ends |= {f"lower_{level}": tail, f"upper_{level}": 1 - tail}
        # all in one call: one for each end takes up to three times as long
        quantiles = self.paths.quantile(list(ends.values()), axis=1).set_axis(list(ends))
        return pd.DataFrame({"median": self.paths.median(axis=1), **quantiles.T})


def _short(value: float) -> str:
    """Return a number with four significant digits, written out."""
    return f"{float(f'{value:.4g}'):,.12g}"


def _named(series: YearlySeries) -> str:
    where = f" of {series.area}" if series.area else ""
    return f"{series.indicator_id}{where}" + (f" [{series.unit}]" if series.unit else "")


def _long(series: YearlySeries, table: pd.DataFrame) -> pd.DataFrame:
    """Return a yearly table with its year and what it speaks of as columns."""
    named = {"indicator_id": series.indicator_id, "area": series.area, "unit": series.unit}
    named_rows = pd.DataFrame({**named, "year": years_of(table)}, index=table.index)
    return pd.concat([named_rows, table], axis=1).reset_index(drop=True)


@dataclass(frozen=True, slots=True, eq=False)
class NotAssessed(Plottable):
    """Why there is no forecast of an indicator, with what was known.

    Attributes
    ----------
    observed : YearlySeries or None
        The few figures there are; None when there is no figure at all.
    reason : {"no_evidence", "no_yearly_figure", "other_definition", "too_few_years", "no_year_left"}
        Why; the words are in the texts. With `no_year_left` the past is as well known as for a forecast.
    needed : int
        Years with a figure that a forecast needs.
    """

    observed: YearlySeries | None
    reason: str
    needed: int


#: What there is to say of an indicator: its simulated paths, or why there are none.
Outcome = Forecast | NotAssessed
