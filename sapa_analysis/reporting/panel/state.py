"""What a reader has set in the panel, and the same as the query of an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ...core import ParamsError, Problem, nearest
from ...scenarios import BASELINE

#: Model choices that a reader varies in the panel; each is solved anew.
CHOICES = ("area", "as_of", "horizon", "method", "gap_closing", "shock_chance")
#: Chances of a goal that can be asked for, in percent.
CHANCES = tuple(range(5, 100, 5))
#: Letters of a query beyond which nobody wrote it by hand or took it from the panel.
_LONGEST = 2_000
_LEVER = "l."


@dataclass(frozen=True)
class State:
    """Everything that is set.

    Attributes
    ----------
    indicator : str
        What is looked at.
    scenario : str
        The scenario under the turned levers.
    turns : mapping of indicator id to float
        The levers that are turned: the factor of an amount, the points of a rate.
    chance : int
        The chance of a goal that is asked for, in percent.
    choices : mapping of str to object
        Model choices that differ from those of the notebook.
    """

    indicator: str
    scenario: str = BASELINE
    turns: Mapping[str, float] = field(default_factory=dict)
    chance: int = 50
    choices: Mapping[str, Any] = field(default_factory=dict)


def as_query(state: State) -> str:
    """Return the state as the query of an address.

    Examples
    --------
    >>> from sapa_analysis.reporting.panel.state import State, as_query
    >>> as_query(State("visits", turns={"visits": 1.1}, choices={"horizon": 3}))
    'indicator=visits&l.visits=1.1&horizon=3'
    """
    said: dict[str, Any] = {"indicator": state.indicator}
    said |= {} if state.scenario == BASELINE else {"scenario": state.scenario}
    said |= {f"{_LEVER}{lever}": f"{turn:.12g}" for lever, turn in state.turns.items()}
    said |= {} if state.chance == State("").chance else {"chance": state.chance}
    return urlencode({**said, **state.choices})


def from_query(query: str, where: str) -> State:
    """Return what a query asks for; names and positions are checked where they are known.

    Parameters
    ----------
    query : str
        What follows the question mark; `lang` is passed over. An indicator left out is blank.
    where : str
        What messages call the address.

    Raises
    ------
    ParamsError
        With every unknown name, every name given twice, and every value that is no number where one is
        wanted.

    Examples
    --------
    >>> from sapa_analysis.reporting.panel.state import from_query
    >>> from_query("indicator=visits&l.visits=1.1&lang=en", "address").turns
    {'visits': 1.1}
    """
    if len(query) > _LONGEST:
        raise ParamsError(
            [Problem(where, 0, "", f"has {len(query):,} characters; wanted at most {_LONGEST:,}")]
        )
    given, problems, turns = parse_qsl(query, keep_blank_values=True), list[Problem](), dict[str, float]()
    for name in dict.fromkeys(name for name, _ in given):
        if [each for each, _ in given].count(name) > 1:
            problems.append(Problem(where, 0, name, f"{name} stands more than once"))
    said, known = dict(given), ("indicator", "scenario", "chance", "lang", *CHOICES)
    for name, text in said.items():
        if name.startswith(_LEVER):
            turns[name.removeprefix(_LEVER)] = _number(name, text, where, problems)
        elif name not in known:
            problems.append(Problem(where, 0, name, f"unknown; {nearest(name, known)}"))
    chance = _number("chance", said["chance"], where, problems) if "chance" in said else State("").chance
    if not problems and chance not in CHANCES:
        problems.append(Problem(where, 0, "chance", not_offered(chance, CHANCES)))
    if problems:
        raise ParamsError(problems)
    choices = {name: _value(said[name]) for name in CHOICES if name in said}
    return State(said.get("indicator", ""), said.get("scenario", BASELINE), turns, int(chance), choices)


def not_offered(value: float, offered: Sequence[float]) -> str:
    """Return what is wrong with a value that is none of those offered, which are in order.

    Examples
    --------
    >>> from sapa_analysis.reporting.panel.state import not_offered
    >>> not_offered(1.17, [1.0, 1.1, 1.15, 1.2]), not_offered(10, [0.5, 1.0, 2.0])
    ('"1.17" is unknown; did you mean 1.15?', 'found 10; wanted 0.5 to 2')
    """
    if not offered[0] <= value <= offered[-1]:
        return f"found {value:g}; wanted {offered[0]:g} to {offered[-1]:g}"
    return f'"{value:g}" is unknown; did you mean {min(offered, key=lambda each: abs(each - value)):g}?'


def _number(name: str, text: str, where: str, problems: list[Problem]) -> float:
    try:
        return float(text)
    except ValueError:
        problems.append(Problem(where, 0, name, f'"{text}" is no number; write 4200000 or 0.9'))
        return 0.0


def _value(text: str) -> Any:
    """Return a whole number, a number or the text; the declaration says what is wanted."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
