"""What the panel computes: the outcomes of the choices, the scenario that is set, and what it brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar, cast

import pandas as pd

from ...core import Forecast, Outcome, Params, ParamsError, Problem, Target, nearest, years_of
from ...pipeline import (
    Project,
    assess_targets,
    chances,
    check_names,
    forecast_area,
    judge,
    known_targets,
    what_it_takes,
)
from ...scenarios import (
    BASELINE,
    Scenario,
    apply_scenario,
    compare_scenarios,
    differences,
    does_not_hold,
    in_points,
    lever_positions,
    levers_of,
    levers_offered,
    plausibility,
    turn_levers,
)
from .state import State, not_offered

_Made = TypeVar("_Made")
#: Turns that differ by less are the same position.
_SAME = 1e-9
#: The name of what is set where it is no scenario as it stands in a file.
OWN = "own"


@dataclass(frozen=True, eq=False)
class Seen:
    """What is set, and what it brings: the tables behind the words and the picture."""

    scenario: Scenario
    by_scenario: Mapping[str, Outcome]
    comparison: pd.DataFrame
    differences: pd.DataFrame
    chances: pd.DataFrame
    far: pd.DataFrame

    @property
    def name(self) -> str:
        """Its name among the scenarios compared."""
        return list(self.by_scenario)[-1]


class Desk:
    """The project, its outcomes under some choices, and what is asked of them."""

    def __init__(self, project: Project, params: Params, outcomes: Mapping[str, Outcome]) -> None:
        self.project, self.params = project, params
        self.outcomes = dict(outcomes)
        self.given: dict[str, Scenario] = {}
        self._kept: dict[tuple[Any, ...], Any] = {}

    def _once(self, *asked: Any, make: Callable[[], _Made]) -> _Made:
        """Return what does not change while a lever moves: found once."""
        if asked not in self._kept:
            self._kept[asked] = make()
        return cast("_Made", self._kept[asked])

    def solved(self, choices: Mapping[str, Any]) -> Desk:
        """Return the desk under other choices: everything is forecast anew, which takes seconds.

        Raises
        ------
        ParamsError
            With every choice that is out of bounds or unknown.
        """
        params = self.params.with_values(**choices)
        check_names(self.project, params, [])
        known = forecast_area(self.project, params)
        found = assess_targets(self.project, params, known=known).outcomes
        desk = Desk(self.project, params, {**known, **found})
        desk.given = dict(self.given)
        return desk

    def offered(self) -> list[str]:
        """Return the indicators that are forecast, those of a field together, in the order of the tables."""
        ahead = {name for name, fan in self.outcomes.items() if isinstance(fan, Forecast) and _ahead(fan)}
        fields = list(dict.fromkeys(self.project.indicators["field"]))
        known = [str(name) for name in self.project.indicators.index if name in ahead]
        return sorted(known, key=lambda name: fields.index(self.project.indicators["field"][name]))

    def fan(self, indicator: str) -> Forecast:
        """Return the forecast of an indicator that is offered."""
        fan = self.outcomes[indicator]
        assert isinstance(fan, Forecast)
        return fan

    def levers(self, indicator: str) -> dict[str, Forecast]:
        """Return the levers of an indicator that is offered."""
        return levers_offered(self.fan(indicator), self.outcomes, self.params.links)

    def _linked(self, own: Mapping[str, Forecast]) -> list[Forecast]:
        here = ("", self.params.area)
        found = [
            self.outcomes.get(link.of) for link in self.params.links if link.to in own and link.area in here
        ]
        return [fan for fan in found if isinstance(fan, Forecast)]

    def scenarios(self) -> dict[str, Scenario]:
        """Return the scenarios that hold here, the baseline first: those of the project, and those opened."""
        known = {**self.project.scenarios, **self.given}
        base = known.pop(BASELINE)
        held = {
            name: each
            for name, each in known.items()
            if not self._once("why_not", name, make=partial(self.why_not, each))
        }
        return {BASELINE: base, **held}

    def give(self, name: str, scenario: Scenario) -> None:
        """Offer a scenario of a file beside those of the project."""
        self.given[name] = scenario.model_copy(update={"name": name})
        self._kept.pop(("why_not", name), None)

    def why_not(self, scenario: Scenario) -> str:
        """Return why a scenario does not hold here, or nothing."""
        return does_not_hold(self.outcomes, scenario, area=self.params.area)

    def goals(self, indicator: str) -> list[Target]:
        """Return the targets of an indicator that are judged."""
        return self._once(
            "goals", indicator, make=lambda: known_targets(self.project, self.params, indicator)
        )

    def checked(self, state: State, where: str, default: str) -> State:
        """Return a state whose names and turns are known here, its turns those that turn anything.

        Without an indicator it is that of a default; `where` is what messages call the place of the state.

        Raises
        ------
        ParamsError
            With every indicator, scenario, lever and turn that is not offered.
        """
        problems, offered = list[Problem](), self.offered()
        state = state if state.indicator else replace(state, indicator=default)
        if state.indicator not in offered:
            message = f'"{state.indicator}" is unknown; {nearest(state.indicator, offered)}'
            raise ParamsError([Problem(where, 0, "indicator", message)])
        if state.scenario not in self.scenarios():
            message = f'"{state.scenario}" is unknown; {nearest(state.scenario, self.scenarios())}'
            problems.append(Problem(where, 0, "scenario", message))
        levers, turns = self.levers(state.indicator), {}
        for lever, turn in state.turns.items():
            if lever not in levers:
                message = f'"{lever}" is unknown; {nearest(lever, levers)}'
                problems.append(Problem(where, 0, f"l.{lever}", message))
                continue
            positions = lever_positions(levers[lever])
            place = min(positions, key=lambda each: abs(each - turn))
            if not abs(place - turn) < _SAME:
                problems.append(Problem(where, 0, f"l.{lever}", not_offered(turn, positions)))
            turns[lever] = place
        if problems:
            raise ParamsError(problems)
        return replace(state, turns=moved(levers, turns))

    def scenario_of(self, state: State, name: str = OWN) -> Scenario:
        """Return what is set as one scenario: the chosen one, and upon it the turned levers in every year."""
        chosen, levers = self.scenarios()[state.scenario], self.levers(state.indicator)
        last = max(int(years_of(self.fan(state.indicator).paths)[-1]), *map(last_year, levers.values()))
        turned = turn_levers(levers, state.turns, shape="step", until=last).adjustments if state.turns else ()
        if not chosen.adjustments:
            return Scenario(name=name, adjustments=turned)
        if not turned:
            return chosen
        # years of the calendar do not mix with years after the origin: a turn then says every year ahead
        always = [
            part.model_copy(update={"values": {}, "always": state.turns[part.indicator]}) for part in turned
        ]
        told = {"area": chosen.area, "judged_on": chosen.judged_on}
        return Scenario(name=name, adjustments=(*chosen.adjustments, *always), **told)

    def seen(self, state: State) -> Seen:
        """Return what a state brings."""
        indicator, scenario = state.indicator, self.scenario_of(state)
        fan, levers = self.fan(indicator), self.levers(indicator)
        linked = {of.observed.indicator_id: of for of in self._linked(levers_of(fan))}
        base: dict[str, Outcome] = {**levers, **linked, indicator: fan}
        name = scenario.name if scenario.adjustments else BASELINE
        after = apply_scenario(base, scenario, links=self.params.links) if scenario.adjustments else base
        both = {BASELINE: base, name: after}
        return Seen(
            scenario,
            {each: outcomes[indicator] for each, outcomes in both.items()},
            compare_scenarios(both, indicator),
            differences(both, indicator),
            chances(self.project, self.params, both, self._told(indicator)),
            plausibility(base, scenario),
        )

    def _told(self, indicator: str) -> list[Target]:
        """Return the goals of an indicator whose chance is told: of some the verdict withholds it."""
        judged = self.verdicts(indicator)
        told = set(judged.loc[judged["probability"].notna(), "id"])
        return [goal for goal in self.goals(indicator) if goal.id in told]

    def verdicts(self, indicator: str) -> pd.DataFrame:
        """Return the verdicts on the goals of an indicator in the baseline."""
        given = {indicator: self.outcomes[indicator]}, self.goals(indicator), self.params
        return self._once("verdicts", indicator, make=lambda: judge(self.project, *given))

    def needed(self, indicator: str, chance: int) -> list[pd.DataFrame]:
        """Return what each goal of an indicator takes; the levers that are set do not matter."""
        asked, goals = (self.project, self.params, self.outcomes), self.goals(indicator)
        return self._once(
            "needed",
            indicator,
            chance,
            make=lambda: [what_it_takes(*asked, goal, chances=[chance / 100]) for goal in goals],
        )


def last_year(fan: Forecast) -> int:
    """Return the last year of a forecast."""
    return int(years_of(fan.paths)[-1])


def _ahead(fan: Forecast) -> bool:
    return last_year(fan) > fan.observed.ended


def at_rest(fan: Forecast) -> float:
    """Return the position of a lever that is not turned."""
    return 0.0 if in_points(fan) else 1.0


def moved(levers: Mapping[str, Forecast], turns: Mapping[str, float]) -> dict[str, float]:
    """Return the turns that turn anything."""
    return {name: turn for name, turn in turns.items() if turn != at_rest(levers[name])}


def turns_in(scenario: Scenario, levers: Mapping[str, Forecast]) -> dict[str, float] | None:
    """Return the turns of levers that a scenario is, or None where it is anything else."""
    turns: dict[str, float] = {}
    for part in scenario.adjustments:
        fan = levers.get(part.indicator)
        if fan is None or part.indicator in turns or part.shape != "step":
            return None
        years = {int(year) for year in years_of(fan.paths) if year > fan.observed.ended}
        values = set(part.values.values()) if set(part.values) == years else {part.always}
        [turn] = values if len(values) == 1 else [None]
        place = [each for each in lever_positions(fan) if turn is not None and abs(each - turn) < _SAME]
        if part.effect != ("add" if in_points(fan) else "multiply") or not place:
            return None
        turns[part.indicator] = place[0]
    return turns
