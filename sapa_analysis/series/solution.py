"""Series from a solved joint system: posterior distribution, draws and table of each member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import Array, PlanLevel, Scale, YearlySeries, primaries_of, years_of
from .measurement import as_measurements, read_statements
from .plan import PLAN
from .posterior import Posterior
from .prior import prior_of
from .smoother import Measurements, smooth
from .statement import best_per_year, yearly_table
from .system import Name, System

#: A year is shown only if its standard deviation on the model's scale is below this; `rate` for growth rates.
_UNSURE = {"log": 0.6, "logit": 1.5, "rate": 0.15}
#: A level with a larger standard deviation counts as unknown.
_UNKNOWN = 2.0
#: An unpublished quantity has a best value where others determine it to within this standard deviation.
_IMPLIED = 0.12
#: A statement that moves no year of a series by more than this share of its own change does not support it.
_LEAST_INFLUENCE = 0.02
#: Growth rates in percent as steps of logarithms.
_STEPS = Scale("growth", lambda rate: np.log1p(np.asarray(rate) / 100), lambda step: 100 * np.expm1(step))


@dataclass(frozen=True, eq=False)
class Solved:
    """A solved system, with the posterior distribution and the measurements of its members.

    `ended` is the last year that had ended on the day, `breaks` the last shock year of those, or an earlier
    year, by primary quantity; `kept` which yearly plans were fulfilled (`plan_outcomes`).
    """

    system: System
    statements: pd.DataFrame
    law: Posterior
    state: Array
    measured: Measurements
    day: date | None
    ended: int
    breaks: Mapping[str, int]
    kept: tuple[tuple[str, int, bool | None], ...] = ()

    def series(self, name: Name) -> YearlySeries | None:
        """Return the series of one member, or None if the statements do not determine it."""
        member, area = name
        if any((part, area) not in self.system.names for part in self._primaries(member)):
            return None
        slopes, scale = self._slopes(name)
        law = _projected(self.law, *slopes)
        kind = "rate" if member in self.system.family.growth_of else scale.name
        sure = law.sd < _UNSURE[kind]
        known = self.system.years <= self._until(name)
        sure, n = sure[known], int(known.sum())
        start = n - int(np.argmin(np.append(sure[::-1], False)))
        if start == n and member in self.system.family.formulas and law.sd[n - 1] < _UNKNOWN:
            start = n - 1  # other quantities need it, however uncertain
        if start == n:
            return None
        shown = np.arange(start, n)
        return self._as_series(name, law, scale, shown, slopes[0])

    def _until(self, name: Name) -> int:
        """Return the last year of a member: a figure bears on all its primaries, or it is a shock year."""
        member, area = name
        if self.day is None:
            return self.ended
        return min(max(self._reached[part, area], self.breaks[part]) for part in self._primaries(member))

    @cached_property
    def _reached(self) -> dict[Name, int]:
        """Per component the last ended year whose step moves with a figure of it or of a later year."""
        said, years = self.system.statements, self.system.years
        figures = ~said["indicator_id"].str.endswith(PLAN).to_numpy()
        speaks = (said["year"].to_numpy()[:, None] >= years) & figures[:, None]
        found = {}
        for name in self.system.names:
            slopes = self._slopes(name)[0][0]
            steps = np.abs(self.law.influence @ np.diff(slopes, axis=0, prepend=0.0).T)
            told = ((steps > _LEAST_INFLUENCE) & speaks).any(axis=0) & (years <= self.ended)
            found[name] = int(years[told].max(initial=years[0]))
        return found

    @cached_property
    def _columns(self) -> dict[str, NDArray[Any]]:
        """The columns of the statements that are looked through once for each member."""
        names = ("indicator_id", "member", "area", "form", "year")
        told = {name: self.statements[name].to_numpy() for name in names}
        plans = [str(name).endswith(PLAN) for name in told["indicator_id"]]
        return told | {"is_plan": np.array(plans, dtype=bool)}

    def _primaries(self, member: str) -> list[str]:
        family = self.system.family
        return primaries_of([family.growth_of.get(member, member)], family.formulas)

    def _slopes(self, name: Name) -> tuple[tuple[Array, Array], Scale]:
        """Return a member as linear forms of all unknowns (years x unknowns, constants), and its scale."""
        member, area = name
        system, growth = self.system, self.system.family.growth_of
        slopes, constant = system.form((growth.get(member, member), area), self.state)
        n, years = slopes.shape
        whole = np.einsum("bt,ts->tbs", slopes, np.eye(years)).reshape(years, n * years)
        if member not in growth:
            return (whole, constant), system.scales[member]
        constant = constant - (system.prices if member in system.real_rates else 0.0)
        steps = np.vstack([whole[:1] * np.nan, np.diff(whole, axis=0)])
        return (steps, np.concatenate([[np.nan], np.diff(constant)])), _STEPS

    def draws(
        self, found: Mapping[Name, YearlySeries], n: int, rng: np.random.Generator
    ) -> dict[Name, pd.DataFrame]:
        """Return n joint draws of the members that were found, in the years that they show."""
        system = self.system
        drawn = self.law.draws(n, rng).reshape(len(system.names), len(system.years), n)
        values = {area: system.values(area, drawn) for area in system.areas}
        whole = {name: self._drawn(name, values[name[1]]) for name in found}
        index = {name: series.table.index for name, series in found.items()}
        first = {name: years_of(series.table)[0] - system.years[0] for name, series in found.items()}
        return {
            name: pd.DataFrame(whole[name][first[name] : first[name] + len(index[name])], index=index[name])
            for name in found
        }

    def _drawn(self, name: Name, drawn: Mapping[str, Array]) -> Array:
        """Return the draws of a member in its unit, years x draws, from those of its area."""
        member, _ = name
        growth, system = self.system.family.growth_of, self.system
        values = drawn[growth.get(member, member)]
        if member not in growth:
            return values
        prices = system.prices[:, None] if member in system.real_rates else 0.0
        steps = np.diff(np.log(values) - prices, axis=0)
        return np.vstack([steps[:1] * np.nan, 100 * np.expm1(steps)])

    def _as_series(
        self, name: Name, law: Posterior, scale: Scale, shown: NDArray[np.int64], slopes: Array
    ) -> YearlySeries:
        member, area = name
        system, unit = self.system, str(self.system.indicators.loc[member, "unit"])
        names = [member, *(rate for rate, of in system.family.growth_of.items() if of == member)]
        mine = np.isin(self._columns["indicator_id"], names) & (self._columns["area"] == area)
        own = self.statements[mine]
        if member in system.family.growth_of:
            own = _as_rates(own, unit)
        years = [int(year) for year in system.years[shown]]
        part = Posterior(law.weights, law.means[:, shown], law.roots[:, shown], law.wrong, law.influence)
        best = best_per_year(own, self.day)
        table = self._table(member, yearly_table(part, scale, years, best), scale)
        draws = pd.DataFrame(index=table.index)
        reach = np.abs(self.law.influence @ slopes[shown].T).max(axis=1)
        support = _support(system.statements, reach > _LEAST_INFLUENCE)
        named = str(system.indicators.loc[member, "scale"])
        return YearlySeries(
            member, area, unit, named, self.day, table, self._judged(own, slopes, best), draws, support,
            self._running(own, scale), int(str(system.indicators.loc[member, "decimals"])),
            plan_level=self._plan_level(name),
        )  # fmt: skip

    def _plan_level(self, name: Name) -> PlanLevel | None:
        """Return the yearly plans of a quantity where no figure tells its level, or that of a part of it."""
        member, area = name
        if member in self.system.family.growth_of:
            return None
        told, formulas, parts = self._columns, self.system.family.formulas, set(self._primaries(member))
        mine = (told["area"] == area) & np.isin(told["form"], ["level", "total"])
        mine &= told["year"] >= self.system.years[0]
        bears = {
            other: not parts.isdisjoint(primaries_of([other], formulas)) for other in set(told["member"])
        }
        mine &= np.array([bears[other] for other in told["member"]], dtype=bool)
        if not mine.any() or not told["is_plan"][mine].all():
            return None
        own = self.statements[mine & (told["member"] == member)]
        return PlanLevel(tuple(zip(own["year"].tolist(), own["value"].tolist(), strict=True)), self.kept)

    def _table(self, member: str, table: pd.DataFrame, scale: Scale) -> pd.DataFrame:
        """Return a table with implied values of an unpublished quantity, or a growth rate's sd in points."""
        if scale is _STEPS:
            return table.assign(sd=table["sd"] * (100 + table["estimate"]))
        if member not in self.system.family.primaries or table["best"].notna().any():
            return table
        sure = table["sd"] < _IMPLIED
        basis = table["basis"].mask(sure, "implied")
        return table.assign(basis=basis, best=table["best"].mask(sure, table["estimate"]))

    def _running(self, own: pd.DataFrame, scale: Scale) -> pd.DataFrame | None:
        """Return the yearly table of the running year, if it has been partly observed."""
        now = (own["year"] == self.ended + 1).to_numpy() & (own["basis"] == "part_year").to_numpy()
        if self.day is None or not now.any():
            return None
        running = own[now]
        figures = as_measurements(running, np.ones((len(running), 1)), np.zeros(len(running)))
        law = smooth(figures, prior_of(scale.name, own["value"]), shock=np.zeros(1, dtype=bool))
        year = [int(running["year"].iloc[0])]
        return yearly_table(law, scale, year, best_per_year(own, self.day))

    def _judged(self, own: pd.DataFrame, slopes: Array, best: pd.DataFrame) -> pd.DataFrame:
        """Return the observations of a member with weight, residual, chance of being wrong, used, leads."""
        used = self.system.statements
        at = own.index.get_indexer(used.index)
        place = np.flatnonzero(at >= 0)
        years = np.searchsorted(self.system.years, used["year"].to_numpy()[place])
        judged = np.full((3, len(own)), np.nan)
        judged[0, at[place]] = [
            float(self.law.influence[i] @ np.nan_to_num(slopes[year]))
            for i, year in zip(place, years, strict=True)
        ]
        residual = self.measured.values - self.measured.design @ self.law.mean
        judged[1, at[place]] = residual[place] / used["sd"].to_numpy(dtype=float)[place]
        judged[2, at[place]] = self.law.wrong[place]
        leads = own.index.isin(best["label"])
        is_used = np.isin(np.arange(len(own)), at[place])
        return own.assign(weight=judged[0], residual=judged[1], wrong=judged[2], used=is_used, leads=leads)


def _projected(law: Posterior, rows: Array, constant: Array) -> Posterior:
    """Return the posterior distribution of linear forms of the unknowns."""
    means = law.means @ rows.T + constant
    return Posterior(law.weights, means, rows @ law.roots, law.wrong, law.influence)


def _as_rates(own: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return statements of growth rates as measurements of their years, in percent."""
    if own.empty:
        return own
    traits = {
        "indicator_id": str(own["indicator_id"].iloc[0]),
        "scale": "growth",
        "nature": "rate",
        "unit": unit,
        "real_growth": "",
        "decimals": "0",
    }
    return read_statements(own, traits, None, given=True)


def _support(statements: pd.DataFrame, chosen: NDArray[np.bool_]) -> tuple[tuple[str, str, int], ...]:
    """Return the number of periods that the chosen statements cover, by indicator and area."""
    columns = (statements[name].to_numpy()[chosen] for name in ("indicator_id", "area", "period"))
    spoken = Counter(
        (str(indicator), str(area)) for indicator, area, _ in dict.fromkeys(zip(*columns, strict=True))
    )
    return tuple((*name, n) for name, n in spoken.items())
