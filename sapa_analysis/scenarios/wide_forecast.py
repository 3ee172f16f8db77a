"""Many scenarios at once: the paths under all of them side by side, computed as one wide forecast."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import Forecast, Link, Outcome, SapaError, nearest, years_of
from ..forecasting import recompute
from .adjustment import Adjustment, Scenario
from .effect import apply_scenario
from .link import follow, stated_years
from .path_change import adjusted
from .short_form import scenario
from .turned_lever import Shape, in_points, turn_levers

#: Numbers computed at once: few enough for the caches of a processor (8 MB), enough to be worth a call.
_AT_ONCE = 1_000_000


def grid_scenarios(
    outcomes: Mapping[str, Outcome], grid: Mapping[str, Sequence[float | str]], *, shape: Shape = "step"
) -> dict[str, Scenario]:
    """Return the scenario of each point of a grid of levers, by name.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    grid : mapping of indicator id to sequence of float or str
        For each lever factors of an amount or points of a rate, or changes in short form ("+10%", "growth
        +2"; see `scenario`); every combination is a scenario.
    shape : {"step", "ramp", "year"}
        In which years, up to the last of the forecast; see `turn_levers`.

    Raises
    ------
    SapaError
        When a lever has no forecast, no values or one twice, or a text is no change.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=100, seed=1)}
    >>> list(sapa.scenarios.grid_scenarios(base, {"visits": [0.9, 1.1, "growth +2"]}))
    ['visits x 0.9', 'visits x 1.1', 'visits growth +2']
    """
    fans = {name: fan for name, fan in outcomes.items() if isinstance(fan, Forecast)}
    if unknown := [name for name in grid if name not in fans]:
        raise SapaError(f'"{unknown[0]}" is not forecast; {nearest(unknown[0], fans)}')
    if not grid:
        raise SapaError("the grid has no lever; wanted one at least, with its values")
    for name, values in grid.items():
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise SapaError(f"{name}: wanted a list of factors, points or changes; found {values!r}")
        if not len(values):
            raise SapaError(f"{name} has no values; wanted factors, or points of a rate")
    turned: dict[str, list[Scenario]] = {}
    for lever, values in grid.items():
        turned[lever] = [_turned(fans, lever, one, shape) for one in values]
        names = [one.name for one in turned[lever]]
        if twice := [name for name in names if names.count(name) > 1]:
            raise SapaError(f'"{twice[0]}" stands twice in the grid')
    made = (_together(points) for points in product(*turned.values()))
    return {one.name: one for one in made}


def _turned(fans: Mapping[str, Forecast], lever: str, turn: float | str, shape: Shape) -> Scenario:
    last = int(years_of(fans[lever].paths)[-1])
    if not isinstance(turn, str):
        if not np.isfinite(turn) or (turn <= 0 and not in_points(fans[lever])):
            raise SapaError(f"{lever}: {turn:g} is no factor above zero, nor points of a rate")
        return turn_levers(fans, {lever: float(turn)}, shape=shape, until=last)
    if shape == "year":
        in_a_year: dict[str, Any] = {lever: {last: turn}}
        return scenario(f"{lever} {turn}", bold=True, **in_a_year)
    changes: dict[str, Any] = {lever: turn}
    return scenario(f"{lever} {turn}", bold=True, shape=shape, **changes)


def _together(points: Sequence[Scenario]) -> Scenario:
    name = ", ".join(point.name for point in points)
    parts = tuple(part for point in points for part in point.adjustments)
    return points[0].model_copy(update={"name": name, "adjustments": parts})


def distinct_for(
    fan: Forecast,
    scenarios: Sequence[Scenario],
    *,
    outcomes: Mapping[str, Outcome] | None = None,
    links: Iterable[Link] = (),
) -> tuple[list[Scenario], NDArray[np.int64]]:
    """Return the scenarios that differ for a forecast, and for each scenario which of them it is.

    Parameters
    ----------
    fan : Forecast
        The baseline.
    scenarios : sequence of Scenario
        They differ if they adjust what the forecast follows from in different ways.
    outcomes, links
        As in `side_by_side`.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=100, seed=1)}
    >>> base["rooms"] = sapa.forecast(visits.rename("rooms"), horizon=2, n_paths=100, seed=1)
    >>> grid = sapa.scenarios.grid_scenarios(base, {"visits": [0.9, 1.1], "rooms": [1.0, 1.2]})
    >>> differing, which = sapa.scenarios.distinct_for(base["visits"], list(grid.values()))
    >>> [one.name for one in differing], which.tolist()
    (['visits x 0.9, rooms x 1', 'visits x 1.1, rooms x 1'], [0, 0, 1, 1])
    """
    moved, found = _moved_by(fan), dict[Hashable, int]()
    for of in _followed(fan, outcomes, links).values():
        moved |= _moved_by(of)
    differing: list[Scenario] = []
    which: list[int] = []
    for one in scenarios:
        key = tuple(_key(part) for part in one.adjustments if part.indicator in moved)
        if key not in found:
            found[key] = len(differing)
            differing.append(one)
        which.append(found[key])
    return differing, np.array(which, dtype=np.int64)


def _key(part: Adjustment) -> Hashable:
    return tuple(
        tuple(value.items()) if isinstance(value, dict) else value
        for name in type(part).model_fields
        if name not in ("reason", "source", "quality", "impact")
        for value in [getattr(part, name)]
    )


def _moved_by(fan: Forecast) -> set[str]:
    """Return the indicators whose adjustment moves a forecast."""
    if not fan.parts:
        return {fan.observed.indicator_id}
    if fan.observed.indicator_id in fan.parts:
        return set(fan.parts)
    return set().union(*(_moved_by(part) for part in fan.parts.values()))


def side_by_side(
    fan: Forecast,
    scenarios: Sequence[Scenario],
    *,
    outcomes: Mapping[str, Outcome] | None = None,
    links: Iterable[Link] = (),
) -> Iterator[Forecast]:
    """Yield a forecast under scenarios, several of them at once: their paths one after the other as columns.

    All together have the paths of the first scenario, then those of the second, and so on, as
    `apply_scenario` computes them. Paths without new shocks are left out.

    Parameters
    ----------
    fan : Forecast
        The baseline.
    scenarios : sequence of Scenario
        They must hold; see `apply_scenario`.
    outcomes : mapping of indicator id to Forecast or NotAssessed, optional
        The baseline of what it follows by links.
    links : iterable of Link, optional
        As in `apply_scenario`.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> fan = sapa.forecast(visits, horizon=2, n_paths=100, seed=1)
    >>> grid = sapa.scenarios.grid_scenarios({"visits": fan}, {"visits": [0.5, 1.0]})
    >>> [wide] = sapa.scenarios.side_by_side(fan, list(grid.values()))
    >>> halved, same = wide.paths.to_numpy()[:, :100], wide.paths.to_numpy()[:, 100:]
    >>> wide.paths.shape, bool((halved == same / 2).all()), bool((same == fan.paths).all(axis=None))
    ((2, 200), True, True)
    """
    n_years, n_paths = fan.paths.shape
    links, others = list(links), outcomes or {}
    followed = _followed(fan, others, links)
    repeats = all(_repeats(one) for one in (fan, *followed.values()))
    many = max(1, _AT_ONCE // (n_years * n_paths)) if repeats else 1
    for first in range(0, len(scenarios), many):
        block = scenarios[first : first + many]
        yield _linked(fan, block, others, links) if followed else _wide(fan, block)


def _followed(
    fan: Forecast, outcomes: Mapping[str, Outcome] | None, links: Iterable[Link]
) -> dict[str, Forecast]:
    """Return what a forecast follows by links."""
    moved, area = _moved_by(fan), fan.observed.area
    here = {link.of for link in links if link.to in moved and link.area in ("", area)}
    return {name: of for name, of in (outcomes or {}).items() if name in here and isinstance(of, Forecast)}


def _linked(
    fan: Forecast, scenarios: Sequence[Scenario], outcomes: Mapping[str, Outcome], links: Sequence[Link]
) -> Forecast:
    """Return a forecast that follows others, under scenarios."""
    name, n = fan.observed.indicator_id, len(scenarios)
    ends = _followed(fan, outcomes, links)
    stating = [one for one in scenarios if stated_years({name: fan}, one)]
    if not stating:
        before = {
            end: replace(of, paths=_beside([of.paths] * n), without_shocks=None) for end, of in ends.items()
        }
        after = {end: _wide(of, scenarios) for end, of in ends.items()} | {name: _wide(fan, scenarios)}
        linked = follow(before, after, links, copies=n)[name]
        assert isinstance(linked, Forecast)
        return linked
    found = [apply_scenario({**ends, name: fan}, one, links=links)[name] for one in scenarios]
    paths = _beside([one.paths for one in found if isinstance(one, Forecast)])
    return replace(fan, paths=paths, without_shocks=None, parts={}, rule=None)


def _repeats(fan: Forecast) -> bool:
    """Return whether draw k still belongs to path k where the paths stand several times side by side."""
    whole = fan.paths.shape[1] % fan.observed.draws.shape[1] == 0
    return whole and all(_repeats(part) for part in fan.parts.values())


def _wide(fan: Forecast, scenarios: Sequence[Scenario]) -> Forecast:
    def changed(part: Forecast) -> Forecast | None:
        name = part.observed.indicator_id
        if part.parts and name not in part.parts:
            return None
        differing, which = distinct_for(part, scenarios)
        found = [_under(part, one) for one in differing]
        return replace(part, paths=_beside([found[k] for k in which]), parts={}, rule=None)

    return recompute(_made_wide(fan, len(scenarios)), changed)


def _under(fan: Forecast, under: Scenario) -> pd.DataFrame:
    """Return the paths of a lever under a scenario."""
    moved, name = _moved_by(fan), fan.observed.indicator_id
    mine = tuple(part for part in under.adjustments if part.indicator in moved)
    if not mine:
        return fan.paths
    if not fan.parts:
        return adjusted(fan.paths, mine, fan.observed)
    after = apply_scenario({name: fan}, under.model_copy(update={"adjustments": mine}))[name]
    assert isinstance(after, Forecast)
    return after.paths


def _beside(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    values = np.concatenate([frame.to_numpy(dtype=float) for frame in frames], axis=1)
    columns = pd.RangeIndex(values.shape[1], name=frames[0].columns.name)
    return pd.DataFrame(values, index=frames[0].index, columns=columns)


def _made_wide(fan: Forecast, n: int) -> Forecast:
    """Return a derived forecast whose rule fits paths that stand n times side by side."""
    if not fan.parts or fan.observed.indicator_id in fan.parts:
        return replace(fan, without_shocks=None)
    parts = {name: _made_wide(part, n) for name, part in fan.parts.items()}
    return replace(fan, without_shocks=None, parts=parts, rule=_wide_rule(fan.rule, n))


def _wide_rule(rule: Any, n: int) -> Any:
    if not is_dataclass(rule) or isinstance(rule, type):
        return rule
    held = {field.name: getattr(rule, field.name) for field in fields(rule)}
    tables = {name: _beside([one] * n) for name, one in held.items() if isinstance(one, pd.DataFrame)}
    return replace(rule, **tables) if tables else rule
