"""Joint system of the components of a family in nested areas, and its measurements.

The primary quantities of a family (arrivals and spend per visit; output and population) are components of one
system, in constant prices. A derived quantity (revenue, output per head) is a formula of them, linearized
around the last result. A component of an area follows that of its parent with a premium.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import SCALES, Array, Formula, Keyed, NoEvidenceError, Premium, Scale, derive, primaries_of
from ..evidence import Vintage
from .family import Family
from .joint_smoother import Component, smooth_jointly
from .measurement import as_measurements, linear_form
from .posterior import Posterior
from .prior import PRIORS, STEADIER, WRONG
from .smoother import Measurements
from .statement import ask, measured

#: An indicator and an area.
Name = tuple[str, str]

#: Number of times that formulas are linearized around the last result.
_ROUNDS = 4
#: Change of a component in the numerical derivative of a formula.
_SHIFT = 1e-4
#: Standard deviation of the error of a wrong growth rate in constant prices, per year.
_WRONG_GROWTH = 0.03


@dataclass(frozen=True, eq=False)
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

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """The scale of every member."""
        return {name: SCALES[str(self.indicators.loc[name, "scale"])] for name in self.family.members}

    @cached_property
    def _current(self) -> set[str]:
        """The primary quantities in current prices."""
        named = self.family.primaries
        return {name for name in named if self.indicators.loc[name, "prices"] == "current"}

    def values(self, area: str, state: Array) -> dict[str, Array]:
        """Return all members of one area in their units, from all components (components x years)."""
        return derive(self._primaries(area, state, self.family.primaries), self.family.formulas)

    def _primaries(self, area: str, state: Array, needed: Collection[str]) -> dict[str, Array]:
        own = {}
        for place, (primary, where) in enumerate(self.names):
            if where == area and primary in needed:
                shift = self.prices.reshape(-1, *[1] * (state.ndim - 2)) if primary in self._current else 0.0
                own[primary] = self.scales[primary].to_unit(state[place])
                own[primary] = own[primary] * np.exp(shift)
        return own

    def form(self, name: Name, state: Array) -> tuple[Array, Array]:
        """Return a member as a linear form of the components (components x years) and a constant per year."""
        member, area = name
        scale, formulas = self.scales[member], self.family.formulas
        needed = primaries_of([member], formulas)
        used = {} if member not in formulas else _below(member, formulas)

        def at(state: Array) -> Array:
            return np.asarray(scale.to_model(derive(self._primaries(area, state, needed), used)[member]))

        slopes = np.zeros_like(state)
        for place, (primary, where) in enumerate(self.names):
            if where == area and primary in needed:
                ends = []
                for shift in (_SHIFT, -_SHIFT):
                    moved = state.copy()
                    moved[place] += shift
                    ends.append(at(moved))
                slopes[place] = (ends[0] - ends[1]) / (2 * _SHIFT)
        return slopes, at(state) - (slopes * state).sum(axis=0)


def _below(member: str, formulas: Mapping[str, Formula]) -> dict[str, Formula]:
    """Return the formulas from which a member is computed, its own among them."""
    found = {member: formulas[member]}
    for part in formulas[member].names:
        found |= _below(part, formulas) if part in formulas else {}
    return found


def read_all(
    vintage: Vintage, family: Family, areas: Sequence[str], shock_years: Collection[int]
) -> pd.DataFrame:
    """Return all statements about a family, with `member` (whose level or growth it is) and `area`."""
    return read_answers(vintage, family, ask_all(vintage.keyed(), family, areas, shock_years))


def read_answers(vintage: Vintage, family: Family, questions: Sequence[Keyed]) -> pd.DataFrame:
    """Return what `read_all` does, given the questions of `ask_all`."""
    read = [(question.things[0], measured(question)) for question in questions]
    tables = [table for _, table in read if len(table)]
    if not tables:
        raise NoEvidenceError(f"no figure of {', '.join(family.members)} was published by {vintage.day}", 0)
    members = np.repeat([member for member, _ in read], [len(table) for _, table in read])
    return pd.concat(tables, ignore_index=True).assign(member=members)


def ask_all(asked: Keyed, family: Family, areas: Sequence[str], shock_years: Collection[int]) -> list[Keyed]:
    """Return the questions for the statements about a family, member by member; see `statement.ask`."""
    members, years = [*family.primaries, *family.formulas], tuple(shock_years)
    return [ask(asked, member, area, years) for member in members for area in areas]


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


def _measurements(
    system: System, state: Array, rows: Sequence[Mapping[Any, Any]], named: Collection[Name]
) -> Measurements:
    """Return the statements as measurements: linear forms of all components, linearized around a state."""
    n, years = state.shape
    forms = {name: system.form(name, state) for name in named}
    middles = {name: (slopes * state).sum(axis=0) + constant for name, (slopes, constant) in forms.items()}
    design, shifts = np.zeros((len(rows), n, years)), np.zeros(len(rows))
    for i, row in enumerate(rows):
        name = (row["member"], row["area"])
        slopes, constant = forms[name]
        if row["form"] == "change" and row["indicator_id"] in system.real_rates:
            constant = constant - system.prices
        weights, shifts[i] = linear_form(row, system.years, middles[name], constant)
        design[i] = slopes * weights
    return as_measurements(system.statements, design.reshape(len(rows), -1), shifts)


def solve(
    system: System, components: Sequence[Component], shock_years: Mapping[str, Collection[int]]
) -> tuple[Posterior, Array, Measurements]:
    """Return the posterior of all components, the state of the linearization, and the measurements.

    `shock_years` holds those of each primary quantity.
    """
    shock = np.array([np.isin(system.years, list(shock_years[primary])) for primary, _ in system.names])
    said = system.statements
    rows = said[["member", "area", "form", "indicator_id", "year", "first"]].to_dict("records")
    named = {(row["member"], row["area"]) for row in rows}
    wide = np.array([PRIORS[system.scales[row["member"]].name].wrong_sd for row in rows])
    rates = said["indicator_id"].isin(system.real_rates).to_numpy()
    span = (said["year"] - said["first"]).to_numpy(dtype=float)
    wide = np.where(rates, _WRONG_GROWTH * np.maximum(span, 1), wide)
    state = np.zeros((len(components), len(system.years)))
    for _ in range(_ROUNDS):
        measured = _measurements(system, state, rows, named)
        law = smooth_jointly(measured, components, shock=shock, wrong=0.0, wrong_sd=wide, quick=True)
        state = law.mean.reshape(state.shape)
    measured = _measurements(system, state, rows, named)
    return smooth_jointly(measured, components, shock=shock, wrong=WRONG, wrong_sd=wide), state, measured
