"""Search for the turn of a lever that brings a target at a given chance; every answer is replayed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import brentq

from ..core import Forecast, Link, NotAssessed, Outcome, Params, SapaError, Target, nearest, years_of
from ..scenarios import Shape, apply_scenario, figure_at, in_points, levers_of, turn_levers
from ..verdicts import MOST_YEARS, has_no_sense, pace_percentile, values_in_paths
from .known import known_targets
from .project import Project

#: Why no turn of a lever is told; `needed.reasons` of the texts has the words. Its indicator has no forecast;
#: its year has ended, so nothing can be turned; the forecast does not reach its year; a range or a value
#: without a tolerance is met from both sides; it is answered by yes or no; the lever does not move it; the
#: measure stops short.
REASONS = (
    "no_forecast", "ended", "outside_years", "two_sided", "yes_no", "moves_nothing", "out_of_reach",
)  # fmt: skip
#: The class of series whose paces say how rare a growth is; see `verdicts.pace_percentile`.
REFERENCE = "all"
#: Turns that are tried on both sides until the value lies between: logs of factors, or points.
_LOGS = (0.02, 0.1, 0.3, 0.7, 1.5, 3.0, 6.0)
_POINTS = (0.2, 1.0, 5.0, 20.0, 60.0, 150.0)
#: A replay meets a value within this share of it.
_MET = 1e-10
#: A measure that a turn changes by less than this share has not moved: arithmetic alone does as much.
_STILL = 1e-9


@dataclass(frozen=True, eq=False)
class Aim:
    """A target to be brought at a chance, in given outcomes, with what follows other quantities."""

    outcomes: Mapping[str, Outcome]
    target: Target
    chance: float
    links: Sequence[Link] = ()
    shape: Shape | None = None

    @cached_property
    def fan(self) -> Forecast:
        """The forecast of the target's indicator; only where `reason` is blank."""
        fan = self.outcomes[self.target.indicator_id]
        assert isinstance(fan, Forecast)
        return fan

    @cached_property
    def reason(self) -> str:
        """Why no lever can be told for it: one of `REASONS`, or blank."""
        target, outcome = self.target, self.outcomes.get(self.target.indicator_id)
        if target.measure == "yes_no":
            return "yes_no"
        if target.sense in ("about", "between") or has_no_sense(target):
            return "two_sided"
        if outcome is not None and outcome.observed is not None and target.end <= outcome.observed.ended:
            return "ended"
        if outcome is None or isinstance(outcome, NotAssessed):
            return "no_forecast"
        return "" if values_in_paths(target, outcome) is not None else "outside_years"

    @property
    def sense(self) -> int:
        """1 where more is better, -1 where less is."""
        return -1 if self.target.sense in ("at_most", "less_than") else 1

    def shape_of(self, lever: str) -> Shape:
        """Return in which years a lever is turned: as is said, else so that the measure can move.

        A growth moves if its year moves and the year before does not, a mean growth over a term if its end
        moves; the rate of growth itself is turned in every year.
        """
        if self.shape is not None:
            return self.shape
        if "growth" not in self.target.measure or self.levers[lever].observed.scale == "growth":
            return "step"
        return "year" if self.target.measure == "growth" else "ramp"

    @cached_property
    def _raising(self) -> dict[str, bool]:
        """What `raises` has found."""
        return {}

    @cached_property
    def followed(self) -> list[Link]:
        """The links by which its forecast follows another one."""
        own, area = levers_of(self.fan), self.fan.observed.area
        return [
            link
            for link in self.links
            if link.to in own
            and link.area in ("", area)
            and isinstance(self.outcomes.get(link.of), Forecast)
            and link.to in self.outcomes
        ]

    @cached_property
    def levers(self) -> dict[str, Forecast]:
        """What can be turned for it: the simulated quantities behind its forecast, and behind its links."""
        fans = [self.fan, *(self.outcomes[link.of] for link in self.followed)]
        found = [levers_of(fan) for fan in fans if isinstance(fan, Forecast)]
        return {name: fan for each in reversed(found) for name, fan in each.items()}

    @cached_property
    def own_levers(self) -> list[str]:
        """The levers behind its own forecast that raise it; all, where none does."""
        own = list(levers_of(self.fan))
        return [name for name in own if self.raises(name)] or own

    def after(self, turns: Mapping[str, float]) -> dict[str, Outcome]:
        """Return the target's indicator and the levers after turns, as `apply_scenario` computes them."""
        ends = {name for link in self.followed for name in (link.of, link.to)}
        fans: dict[str, Outcome] = {name: self.outcomes[name] for name in sorted(ends)}
        fans |= {name: self.levers[name] for name in turns} | {self.target.indicator_id: self.fan}
        shapes = {name: self.shape_of(name) for name in turns}
        scenario = turn_levers(self.levers, turns, shape=shapes, until=self.target.end)
        return apply_scenario(fans, scenario, links=self.followed)

    def value(self, turns: Mapping[str, float]) -> float:
        """Return the value that the measure reaches at the chance after turns of levers."""
        moved = self.after(turns) if turns else self.outcomes
        values = values_in_paths(self.target, moved[self.target.indicator_id])
        assert values is not None
        return float(np.quantile(values, 1 - self.chance if self.sense == 1 else self.chance))

    def raises(self, lever: str) -> bool:
        """Return whether more of a lever raises the measure, or leaves it; else more lowers it."""
        if lever not in self._raising:
            little, start = 0.01 if in_points(self.levers[lever]) else 1.01, self.value({})
            self._raising[lever] = self.value({lever: little}) - start >= -_STILL * max(1.0, abs(start))
        return self._raising[lever]

    def better(self, lever: str) -> int:
        """Return 1 if more of a lever brings the target nearer, -1 if less does."""
        return self.sense if self.raises(lever) else -self.sense

    def met(self, value: float) -> bool:
        """Return whether a replayed value is the target's."""
        return abs(value - self.target.value) <= _MET * max(1.0, abs(self.target.value))

    def solve(self, lever: str, held: Mapping[str, float] | None = None) -> float | str:
        """Return the turn of a lever, beside turns of others, that brings the target, or a reason."""
        points, held = in_points(self.levers[lever]), held or {}
        start = self.value(held)
        if self.met(start):
            return 0.0 if points else 1.0

        def off(turn: float) -> float:
            return self.value({**held, lever: turn if points else math.exp(turn)}) - self.target.value

        for guess in self._guesses(start, points):
            if self.met(off(guess) + self.target.value):
                return guess if points else math.exp(guess)
        around = self._bracket(off, start - self.target.value, _POINTS if points else _LOGS)
        if isinstance(around, str):
            return around
        turn = float(brentq(off, *around, xtol=1e-13, rtol=1e-14, maxiter=200))
        return turn if points else math.exp(turn)

    def _guesses(self, start: float, points: bool) -> list[float]:
        """Return the turns that are right if the measure moves in proportion, or inversely, or by points."""
        if points:
            return [self.target.value - start]
        if start <= 0 or self.target.value <= 0:
            return []
        ratio = math.log(self.target.value / start)
        return [ratio, -ratio] if abs(ratio) < max(_LOGS) else []

    @staticmethod
    def _bracket(
        off: Callable[[float], float], start: float, sizes: Iterable[float]
    ) -> tuple[float, float] | str:
        """Return two turns between which the value lies, or why there are none."""
        before, moved = {1: 0.0, -1: 0.0}, False
        for size in sizes:
            for side in (1, -1):
                found = off(side * size)
                moved = moved or abs(found - start) > _STILL * max(1.0, abs(start))
                if math.isfinite(found) and (found > 0) != (start > 0):
                    return (before[side], side * size) if side > 0 else (side * size, before[side])
                before[side] = side * size
        return "out_of_reach" if moved else "moves_nothing"


def target_of(project: Project | None, params: Params | None, target: Target | str) -> Target:
    """Return a target as it is, or the known one with an id."""
    if isinstance(target, Target):
        return target
    if project is None or params is None:
        raise SapaError(f'"{target}" is the id of a target of a project; without one give a Target')
    known = {one.id: one for one in known_targets(project, params)}
    if target not in known:
        raise SapaError(f'no known target "{target}" of {params.area}; {nearest(target, known)}')
    return known[target]


def aims_at(
    project: Project | None,
    params: Params | None,
    outcomes: Mapping[str, Outcome],
    target: Target | str,
    chances: Iterable[float],
    *,
    links: Iterable[Link] | None,
    shape: Shape | None,
) -> list[Aim]:
    """Return the aim at a target for each chance; without links those of the parameters count."""
    goal = target_of(project, params, target)
    followed = tuple((params.links if params else ()) if links is None else links)
    return [Aim(outcomes, goal, chance, followed, shape) for chance in check_chances(chances)]


def check_chances(chances: Iterable[float]) -> list[float]:
    """Return chances as a list, or raise with those that are none."""
    found = [float(chance) for chance in chances]
    if wrong := [chance for chance in found if not 0 < chance < 1]:
        raise SapaError(f"a chance of {', '.join(f'{one:g}' for one in wrong)}; wanted above 0 and below 1")
    return found


def growth_to(fan: Forecast, year: int) -> float:
    """Return the growth in percent a year from the last year that had ended to the median of a year.

    Of growth rates it is their mean, compounding; a rate between 0 and 100 percent has none.
    """
    ended, scale = fan.observed.ended, fan.observed.scale
    if year <= ended or scale == "logit":
        return math.nan
    if scale == "growth":
        ahead = (years_of(fan.paths) > ended) & (years_of(fan.paths) <= year)
        rates = np.median(fan.paths.to_numpy(dtype=float)[ahead], axis=1)
        return float(100 * (np.prod(1 + rates / 100) ** (1 / len(rates)) - 1))
    ratio = figure_at(fan, year) / figure_at(fan, ended)
    return float(100 * (ratio ** (1 / (year - ended)) - 1)) if ratio > 0 else math.nan


def rarity_of(growth: float, years: int, better: int) -> float:
    """Return the percentage of past episodes elsewhere with less than a growth; blank where none compare."""
    if not (math.isfinite(growth) and growth > -100 and 1 <= years <= MOST_YEARS):
        return math.nan
    return pace_percentile(growth, years=years, reference=REFERENCE, better=better)
