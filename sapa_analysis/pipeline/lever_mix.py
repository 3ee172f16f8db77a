"""Mixes of two levers that bring a target at a chance, and how far each mix lies from the baseline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..core import Link, Outcome, Params, SapaError, Target
from ..scenarios import Shape, in_points, plausibility
from .known import known_targets
from .lever_search import REFERENCE, Aim, aims_at
from .needed_lever import check_levers, lever_after
from .project import Project

_VISITS_AND_SPEND = ("tourist_arrivals", "spend_per_visit")
_REVENUE = "tourism_revenue"
#: What is told of each of the two levers; the number of the lever follows, as in `factor_1`.
_OF_EACH = ("lever", "factor", "points", "level", "growth", "rarer_than", "shape")
_COLUMNS = (
    "target", "indicator", "year", "value", "chance", "point",
    *(f"{name}_{number}" for number in (1, 2) for name in _OF_EACH),
    "reference", "replayed", "off", "beyond", "entropy", "effective", "word", "likeliest", "reason",
)  # fmt: skip


def frontier(
    project: Project | None,
    params: Params | None,
    outcomes: Mapping[str, Outcome],
    target: Target | str,
    *,
    levers: tuple[str, str] | None = None,
    chance: float = 0.5,
    n: int = 9,
    shape: Shape | None = None,
    links: Iterable[Link] | None = None,
) -> pd.DataFrame:
    """Return mixes of two levers that bring a target at a chance, from the second alone to the first alone.

    Each step raises the first lever by the same share of what it would need alone; the second is solved for.

    Parameters
    ----------
    project, params, outcomes, target, shape, links
        As in `what_it_takes`.
    levers : pair of str, optional
        Two of the levers of the target; by default visits and what a visit spends; a forecast that does not
        follow from these has no mix.
    chance : float
        Chance of the target at every point.
    n : int
        Number of mixes, 2 at least.

    Returns
    -------
    pandas.DataFrame
        One row per mix: target, indicator, year, value, chance, point (0 to n - 1); of each lever (the names
        end in `_1` and `_2`) lever, factor or points, level, growth, rarer_than and shape as in
        `what_it_takes`; reference; replayed (the value at that chance after the scenario), off (its relative
        miss); beyond, entropy, effective and word of both levels together in the target's year
        (`scenarios.plausibility`); likeliest (whether the mix is the one of least entropy); reason (blank,
        or why there is no mix: one of `pipeline.REASONS`).

    Raises
    ------
    SapaError
        When the target or a lever is unknown, the levers are not two, or `n` is below 2.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000)
    >>> base = sapa.forecast_area(project, params)
    >>> mixes = sapa.frontier(project, params, base, "congress-2020.tourism_revenue", n=3)
    >>> mixes[["factor_1", "factor_2", "replayed", "beyond", "entropy", "word", "likeliest"]].round(2)
       factor_1  factor_2  replayed  beyond  entropy     word  likeliest
    0      1.00      1.73   27000.0    0.04     0.79  unusual      False
    1      1.31      1.31   27000.0    0.03     0.67    usual       True
    2      1.73      1.00   27000.0    0.01     1.84  unusual      False
    """
    [aim] = aims_at(project, params, outcomes, target, [chance], links=links, shape=shape)
    goal, given = aim.target, levers
    levers = _VISITS_AND_SPEND if given is None else given
    if len(set(levers)) != 2 or n < 2:
        raise SapaError(f"levers {', '.join(levers)} and n {n}; wanted two levers and 2 points at least")
    head: dict[str, Any] = {"target": goal.id, "indicator": goal.indicator_id, "year": goal.end}
    head |= {"value": goal.value, "chance": chance, "lever_1": levers[0], "lever_2": levers[1]}
    if aim.reason:
        return _table([head | {"reason": aim.reason}])
    if given is None and not set(levers) <= set(aim.levers):
        return _table([head | {"reason": "moves_nothing"}])
    check_levers(aim, levers)
    first, second = levers
    points = in_points(aim.levers[first])
    whole = aim.solve(first)
    if isinstance(whole, str):
        return _table([head | {"reason": whole}])
    rows = []
    for point in range(n):
        share = point / (n - 1)
        turn = whole * share if points else math.exp(math.log(whole) * share)
        other = aim.solve(second, {first: turn})
        row = head | {"point": point}
        if isinstance(other, str):
            rows.append(row | {"reason": other})
        else:
            rows.append(row | {"reason": ""} | _mix(aim, {first: turn, second: other}))
    return _table(rows)


def mixes_wanted(
    project: Project,
    params: Params,
    outcomes: Mapping[str, Outcome],
    indicator: str,
    *,
    n: int = 9,
) -> dict[Target, pd.DataFrame]:
    """Return the mixes of visits and spend for the furthest goal of revenue that the baseline falls short of.

    Parameters
    ----------
    project, params, outcomes
        As in `what_it_takes`; the goals are those of the area that were known on the day.
    indicator : str
        What is looked at: of others than visits, spend and tourism revenue there is no mix.
    n : int
        Number of mixes, 2 at least.

    Returns
    -------
    dict of Target to pandas.DataFrame
        At most one goal, with its mixes as `frontier` returns them; none where the baseline suffices, or
        where the year of every goal has passed.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000)
    >>> base = sapa.forecast_area(project, params)
    >>> mixes = sapa.pipeline.mixes_wanted(project, params, base, "spend_per_visit", n=3)
    >>> [(goal.id, len(table)) for goal, table in mixes.items()]
    [('congress-2020.tourism_revenue', 3)]
    >>> sapa.pipeline.mixes_wanted(project, params, base, "forest_cover")
    {}
    """
    if indicator not in (*_VISITS_AND_SPEND, _REVENUE):
        return {}
    goals = [goal for goal in known_targets(project, params, _REVENUE) if goal.end >= params.as_of.year]
    for goal in sorted(goals, key=lambda goal: goal.end)[::-1]:
        mixes = frontier(project, params, outcomes, goal, n=n)
        if not mixes["reason"].eq("").any():
            continue
        if not (mixes["factor_1"] < 1).any():
            return {goal: mixes}
    return {}


def _mix(aim: Aim, turns: Mapping[str, float]) -> dict[str, Any]:
    """Return where a mix brings both levers and the target, and how far it lies from the baseline."""
    row: dict[str, Any] = {"reference": REFERENCE, "replayed": aim.value(turns)}
    row["off"] = abs(row["replayed"] - aim.target.value) / max(abs(aim.target.value), 1e-300)
    levels = {}
    for number, lever in enumerate(turns, start=1):
        told = lever_after(aim, turns, lever) | {"shape": aim.shape_of(lever)}
        row |= {f"{name}_{number}": told[name] for name in _OF_EACH if name in told}
        levels[lever] = {aim.target.end: told["level"]}
    joint = plausibility({name: aim.levers[name] for name in turns}, levels).iloc[-1]
    return row | {name: joint[name] for name in ("beyond", "entropy", "effective", "word")}


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    entropy = pd.to_numeric(table["entropy"])
    return table.assign(likeliest=entropy.eq(entropy.min()) & np.isfinite(entropy))
