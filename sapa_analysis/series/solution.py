"""Series from a solved joint system: posterior distribution, draws and table of each member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import SCALES, Array, PlanLevel, Scale, YearlySeries, primaries_of, yearly_index
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


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved system, with the posterior distribution, the measurements and the draws of its members.

    `ended` is the last year that had ended on the day, `breaks` the last shock year of those, or an earlier
    year, by primary quantity; `kept` which yearly plans were fulfilled (`plan_outcomes`).
    """

    system: System
    statements: pd.DataFrame
    law: Posterior
    state: Array
    measured: Measurements
    drawn: dict[str, dict[str, Array]]
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
        return min(max(self._told(part, area), self.breaks[part]) for part in self._primaries(member))

    def _told(self, primary: str, area: str) -> int:
        """Return the last ended year whose step moves with a figure that speaks of it or of a later year."""
        slopes = self._slopes((primary, area))[0][0]
        steps = np.abs(self.law.influence @ np.diff(slopes, axis=0, prepend=0.0).T)
        said = self.system.statements
        figures = ~said["indicator_id"].str.endswith(PLAN).to_numpy()
        speaks = (said["year"].to_numpy()[:, None] >= self.system.years) & figures[:, None]
        told = ((steps > _LEAST_INFLUENCE) & speaks).any(axis=0) & (self.system.years <= self.ended)
        return int(self.system.years[told].max(initial=self.system.years[0]))

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
            return (whole, constant), SCALES[str(system.indicators.loc[member, "scale"])]
        constant = constant - (system.prices if member in system.real_rates else 0.0)
        steps = np.vstack([whole[:1] * np.nan, np.diff(whole, axis=0)])
        return (steps, np.concatenate([[np.nan], np.diff(constant)])), _STEPS

    def _drawn(self, name: Name) -> Array:
        """Return the draws of a member in its unit, years x draws."""
        member, area = name
        growth, system = self.system.family.growth_of, self.system
        values = self.drawn[area][growth.get(member, member)]
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
        mine = self.statements["indicator_id"].isin(names) & (self.statements["area"] == area)
        own = self.statements[mine]
        if member in system.family.growth_of:
            own = _as_rates(own, unit)
        years = [int(year) for year in system.years[shown]]
        part = Posterior(law.weights, law.means[:, shown], law.roots[:, shown], law.wrong, law.influence)
        best = best_per_year(own, self.day)
        table = self._table(member, yearly_table(part, scale, years, best), scale)
        draws = pd.DataFrame(self._drawn(name)[shown], index=yearly_index(years))
        reach = np.abs(self.law.influence @ slopes[shown].T).max(axis=1)
        support = _support(system.statements[reach > _LEAST_INFLUENCE])
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
        said = self.statements
        said = said[(said["area"] == area) & said["form"].isin(["level", "total"])]
        said = said[said["year"] >= self.system.years[0]]
        formulas, parts = self.system.family.formulas, set(self._primaries(member))
        bears = [bool(parts & set(primaries_of([other], formulas))) for other in said["member"]]
        said = said[np.array(bears, dtype=bool)]
        plans = said[said["indicator_id"].str.endswith(PLAN)]
        if plans.empty or len(plans) < len(said):
            return None
        own = plans[plans["member"] == member]
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
        running = own[(own["year"] == self.ended + 1) & (own["basis"] == "part_year")]
        if self.day is None or running.empty:
            return None
        figures = as_measurements(running, np.ones((len(running), 1)), np.zeros(len(running)))
        law = smooth(figures, prior_of(scale.name, own["value"]), shock=np.zeros(1, dtype=bool))
        year = [int(running["year"].iloc[0])]
        return yearly_table(law, scale, year, best_per_year(own, self.day))

    def _judged(self, own: pd.DataFrame, slopes: Array, best: pd.DataFrame) -> pd.DataFrame:
        """Return the observations of a member with weight, residual, chance of being wrong, used, leads."""
        used = self.system.statements
        place = [int(at) for at in np.flatnonzero(used.index.isin(own.index))]
        years = np.searchsorted(self.system.years, used["year"].iloc[place])
        weight = [
            float(self.law.influence[at] @ np.nan_to_num(slopes[year]))
            for at, year in zip(place, years, strict=True)
        ]
        residual = self.measured.values - self.measured.design @ self.law.mean
        judged = pd.DataFrame(
            {
                "weight": weight,
                "residual": residual[place] / used["sd"].to_numpy(dtype=float)[place],
                "wrong": self.law.wrong[place],
            },
            index=used.index[place],
        )
        leads = own.index.isin(best["label"])
        return own.join(judged).assign(used=own.index.isin(judged.index), leads=leads)


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


def _support(statements: pd.DataFrame) -> tuple[tuple[str, str, int], ...]:
    """Return the number of periods that the statements cover, by indicator and area."""
    columns = (statements[name].astype(str) for name in ("indicator_id", "area", "period"))
    spoken = Counter((indicator, area) for indicator, area, _ in dict.fromkeys(zip(*columns, strict=True)))
    return tuple((*name, n) for name, n in spoken.items())
