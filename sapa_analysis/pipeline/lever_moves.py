"""What each lever does to every path of a forecast, on top of a scenario; and all levers together.

Turned levers multiply: a path under several is the path under none times what each alone makes of it (a
growth in percent as 100 plus it). That holds for products, for links and for what compounds; it is tried at
the ends of the levers, and where it fails every point is computed by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from ..core import Array, Forecast, Link, Outcome, Target
from ..scenarios import Adjustment, Scenario, in_points, lever_positions, side_by_side
from ..verdicts import attained_paths
from .lever_grid import Axis, neutral

#: A product of levers is taken for the paths themselves within this share.
_SAME = 1e-9
#: A lever has one factor for all paths within this share.
_ONE = 1e-12
#: Of three levers together every second position of the first is told, and every fourth of the others.
_COARSE = (2, 4, 4)


def topped(
    scenario: Scenario, turns: Mapping[str, float], points: Mapping[str, bool], name: str = ""
) -> Scenario:
    """Return a scenario with levers turned on top of it, the whole turn in every year ahead."""
    more = tuple(
        Adjustment(indicator=lever, effect="add" if points[lever] else "multiply", always=turn, bold=True)
        for lever, turn in turns.items()
    )
    parts = (*scenario.adjustments, *more)
    return scenario.model_copy(update={"name": name or scenario.name, "adjustments": parts})


@dataclass(frozen=True, eq=False)
class Moves:
    """A forecast under a scenario, and what its levers do to it.

    Attributes
    ----------
    fan : Forecast
        The baseline.
    scenario : Scenario
        On top of which the levers are turned.
    levers : dict of str to Forecast
        The levers.
    outcomes, links
        As in `side_by_side`.
    """

    fan: Forecast
    scenario: Scenario
    levers: Mapping[str, Forecast]
    outcomes: Mapping[str, Outcome]
    links: Sequence[Link] = ()

    @cached_property
    def turns(self) -> dict[str, list[float]]:
        """The positions of each lever."""
        return {name: lever_positions(fan) for name, fan in self.levers.items()}

    def axes(self, levers: Sequence[str]) -> tuple[Axis, ...]:
        """Return axes of some levers: all positions, or of three together some around the baseline."""
        steps = _COARSE if len(levers) == len(_COARSE) else (1,) * len(levers)
        found = []
        for lever, step in zip(levers, steps, strict=True):
            turns = self.turns[lever]
            start = turns.index(neutral(turns)) % step
            found.append(Axis(lever, tuple(turns), tuple(range(start, len(turns), step))))
        return tuple(found)

    @property
    def shift(self) -> float:
        """What is added to a value before levers multiply it."""
        return 100.0 if self.fan.observed.scale == "growth" else 0.0

    @cached_property
    def _alone(self) -> tuple[Forecast, dict[str, Array]]:
        # the first of three levers is never told at all its positions
        known = {axis.lever: axis.at for axis in self.axes(list(self.levers))[:1]}
        at = {lever: known.get(lever, range(len(turns))) for lever, turns in self.turns.items()}
        asked = [(lever, place) for lever, places in at.items() for place in places]
        points: list[dict[str, float]] = [{}]
        points += [{lever: self.turns[lever][place]} for lever, place in asked]
        under, *rest = (paths for block in self._computed(points) for paths in block)
        own = self.shift + under
        found = {lever: np.full((len(turns), *own.shape), np.nan) for lever, turns in self.turns.items()}
        for (lever, place), paths in zip(asked, rest, strict=True):
            np.divide(self.shift + paths, own, out=found[lever][place], where=own != 0)
            found[lever][place][own == 0] = 1.0
        frame = pd.DataFrame(under, index=self.fan.paths.index, columns=self.fan.paths.columns)
        return replace(self.fan, paths=frame, without_shocks=None, parts={}, rule=None), found

    @property
    def under(self) -> Forecast:
        """The forecast under the scenario, without any turn."""
        return self._alone[0]

    @property
    def by(self) -> dict[str, Array]:
        """What each lever alone multiplies by: positions x years x paths."""
        return self._alone[1]

    @cached_property
    def same_for_all(self) -> dict[str, Array]:
        """Levers with one factor for all paths, if levers multiply: positions x years."""
        if not self.multiplies:
            return {}
        return {lever: by[:, :, 0] for lever, by in self.by.items() if (np.ptp(by, axis=2) <= _ONE).all()}

    @cached_property
    def multiplies(self) -> bool:
        """Whether the product of single turns is what all of them together make, tried at their ends."""
        if len(self.levers) < 2:
            return True
        every = product(*map(_ends, self.turns.values()))
        ends = [dict(zip(self.turns, each, strict=True)) for each in every]
        whole = np.concatenate(list(self._computed(ends)))
        for turns, paths in zip(ends, whole, strict=True):
            found = self._product(turns)
            if not np.allclose(found, paths, rtol=_SAME, atol=_SAME * max(1.0, self.shift)):
                return False
        return True

    def paths_at(self, points: Sequence[Mapping[str, float]]) -> Iterator[Array]:
        """Yield the paths at points, years x paths each."""
        if self.multiplies:
            yield from (self._product(turns) for turns in points)
        else:
            for block in self._computed(points):
                yield from block

    def attained_at(self, target: Target, turns: Mapping[str, float], about_relative: float) -> int:
        """Return how many paths attain a target where levers are turned."""
        [paths] = self.paths_at([turns])
        frame = pd.DataFrame(paths, index=self.fan.paths.index, columns=self.fan.paths.columns)
        moved = {target.indicator_id: replace(self.under, paths=frame)}
        return int(attained_paths(moved, [target], about_relative=about_relative)[target.id].sum())

    def _product(self, turns: Mapping[str, float]) -> Array:
        found = self.shift + self.under.paths.to_numpy()
        for lever, turn in turns.items():
            found = found * self.by[lever][self.turns[lever].index(turn)]
        return np.asarray(found - self.shift)

    def _computed(self, points: Sequence[Mapping[str, float]]) -> Iterator[Array]:
        """Yield blocks of points, as `apply_scenario` computes them: points x years x paths."""
        rates = {name: in_points(fan) for name, fan in self.levers.items()}
        asked = [topped(self.scenario, turns, rates, f"{n}") for n, turns in enumerate(points)]
        years, paths = self.fan.paths.shape
        for wide in side_by_side(self.fan, asked, outcomes=self.outcomes, links=self.links):
            yield np.swapaxes(wide.paths.to_numpy().reshape(years, -1, paths), 0, 1)


def _ends(turns: Sequence[float]) -> list[float]:
    return [turns[0], turns[-1]]
