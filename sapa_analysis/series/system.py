"""Joint system of the components of a family in nested areas, and its measurements.

The primary quantities of a family (arrivals and spend per visit; output and population) are components of one
system, in constant prices. A derived quantity (revenue, output per head) is a formula of them, linearized
around the last result. A component of an area follows that of its parent with a premium.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import SCALES, Array, NoEvidenceError, Premium, derive, primaries_of
from ..evidence import Vintage
from .family import Family
from .joint_smoother import Component, smooth_jointly
from .measurement import as_measurements, linear_form
from .posterior import Posterior
from .prior import PRIORS, STEADIER, WRONG
from .smoother import Measurements
from .statement import measure

#: An indicator and an area.
Name = tuple[str, str]

#: Number of times that formulas are linearized around the last result.
_ROUNDS = 4
#: Change of a component in the numerical derivative of a formula.
_SHIFT = 1e-4
#: Standard deviation of the error of a wrong growth rate in constant prices, per year.
_WRONG_GROWTH = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """The inputs of a joint series: family, areas, years, prices, statements, components, rates in volume."""

    family: Family
    areas: tuple[str, ...]
    years: NDArray[np.int64]
    indicators: pd.DataFrame
    prices: Array
    statements: pd.DataFrame
    names: tuple[Name, ...]
    real_rates: Mapping[str, str]

    def values(self, area: str, state: Array) -> dict[str, Array]:
        """Return all members of one area in their units, from all components (components x years)."""
        own = {}
        for place, (primary, where) in enumerate(self.names):
            if where == area:
                current = self.indicators.loc[primary, "prices"] == "current"
                shift = self.prices.reshape(-1, *[1] * (state.ndim - 2)) if current else 0.0
                own[primary] = SCALES[str(self.indicators.loc[primary, "scale"])].to_unit(state[place])
                own[primary] = own[primary] * np.exp(shift)
        return derive(own, self.family.formulas)

    def form(self, name: Name, state: Array) -> tuple[Array, Array]:
        """Return a member as a linear form of the components (components x years) and a constant per year."""
        member, area = name
        scale = SCALES[str(self.indicators.loc[member, "scale"])]
        needed = primaries_of([member], self.family.formulas)
        slopes = np.zeros_like(state)
        for place, (primary, where) in enumerate(self.names):
            if where == area and primary in needed:
                ends = []
                for shift in (_SHIFT, -_SHIFT):
                    moved = state.copy()
                    moved[place] += shift
                    ends.append(scale.to_model(self.values(area, moved)[member]))
                slopes[place] = (ends[0] - ends[1]) / (2 * _SHIFT)
        at = scale.to_model(self.values(area, state)[member])
        return slopes, at - (slopes * state).sum(axis=0)


def read_all(
    vintage: Vintage, family: Family, areas: Sequence[str], shock_years: Collection[int]
) -> pd.DataFrame:
    """Return all statements about a family, with `member` (whose level or growth it is) and `area`."""
    tables = [
        measure(vintage, member, area, shock_years=shock_years).assign(member=member)
        for member in [*family.primaries, *family.formulas]
        for area in areas
    ]
    tables = [table for table in tables if len(table)]
    if not tables:
        raise NoEvidenceError(f"no figure of {', '.join(family.members)} was published by {vintage.day}", 0)
    return pd.concat(tables, ignore_index=True)


def leading(statements: pd.DataFrame, family: Family, areas: Sequence[str]) -> list[str]:
    """Return the areas for which the leading quantity of the family is published, and always the last area.

    National visits are not published, so national revenue says nothing about a province's spend per visit.
    """
    spoken = statements.loc[statements["member"] == family.primaries[0], "area"]
    return [area for area in areas if area == areas[-1] or (spoken == area).any()]


def within(statements: pd.DataFrame, years: NDArray[np.int64]) -> pd.DataFrame:
    """Return the statements about the years of the system."""
    said = statements[(statements["form"] != "none") & (statements["year"] <= years[-1])]
    kept: pd.DataFrame = said[said["first"] >= years[0]]
    return kept


def name_components(family: Family, areas: Sequence[str], statements: pd.DataFrame) -> tuple[Name, ...]:
    """Return the components about which there is any statement, the widest area first."""
    said = set(zip(statements["member"], statements["area"], strict=True))
    spoken = {(part, area) for member, area in said for part in primaries_of([member], family.formulas)}
    return tuple((part, area) for area in areas for part in family.primaries if (part, area) in spoken)


def components_of(
    system: System, premiums: Mapping[str, Premium], districts: Collection[str]
) -> list[Component]:
    """Return the components of a system: the distribution of their steps, and what each follows."""
    components: list[Component] = []
    for primary, area in system.names:
        above = [
            place for place, (other, where) in enumerate(system.names[: len(components)]) if other == primary
        ]
        scale = str(system.indicators.loc[primary, "scale"])
        if above and primary in premiums:
            how = premiums[primary]
            bridge = how.bridge if area in districts else 0.0
            components.append(
                Component(how.step, 0.4, 0.0, how.mean_sd, how.shock, how.memory, above[-1], bridge=bridge)
            )
        else:
            own = STEADIER.get(str(system.indicators.loc[primary, "steps"]), PRIORS[scale])
            components.append(Component(own.step, own.step_spread, own.drift, own.drift_sd, own.shock))
    return components


def _measurements(system: System, state: Array) -> Measurements:
    """Return the statements as measurements: linear forms of all components, linearized around a state."""
    n, years = state.shape
    said = system.statements
    forms = {name: system.form(name, state) for name in set(zip(said["member"], said["area"], strict=True))}
    rows, shifts = np.zeros((len(said), n, years)), np.zeros(len(said))
    for i, row in enumerate(said.to_dict("records")):
        slopes, constant = forms[row["member"], row["area"]]
        at = (slopes * state).sum(axis=0) + constant
        if row["form"] == "change" and row["indicator_id"] in system.real_rates:
            constant = constant - system.prices
        weights, shifts[i] = linear_form(row, system.years, at, constant)
        rows[i] = slopes * weights
    return as_measurements(said, rows.reshape(len(said), -1), shifts)


def solve(
    system: System, components: Sequence[Component], shock_years: Mapping[str, Collection[int]]
) -> tuple[Posterior, Array, Measurements]:
    """Return the posterior of all components, the state of the linearization, and the measurements.

    `shock_years` holds those of each primary quantity.
    """
    shock = np.array([np.isin(system.years, list(shock_years[primary])) for primary, _ in system.names])
    said = system.statements
    scales = [str(system.indicators.loc[member, "scale"]) for member in said["member"]]
    wide = np.array([PRIORS[scale].wrong_sd for scale in scales])
    rates = said["indicator_id"].isin(system.real_rates).to_numpy()
    span = (said["year"] - said["first"]).to_numpy(dtype=float)
    wide = np.where(rates, _WRONG_GROWTH * np.maximum(span, 1), wide)
    state = np.zeros((len(components), len(system.years)))
    for _ in range(_ROUNDS):
        measured = _measurements(system, state)
        law = smooth_jointly(measured, components, shock=shock, wrong=0.0, wrong_sd=wide, quick=True)
        state = law.mean.reshape(state.shape)
    measured = _measurements(system, state)
    return smooth_jointly(measured, components, shock=shock, wrong=WRONG, wrong_sd=wide), state, measured
