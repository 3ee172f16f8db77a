"""What a target takes: the turn of one lever, or its yearly path, that brings the target at a chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..core import Forecast, Link, Outcome, Params, SapaError, Target, nearest, years_of
from ..scenarios import Shape, figure_at, in_points, plausibility, rest_of_year
from .lever_search import REFERENCE, Aim, aims_at, growth_to, rarity_of
from .project import Project

_COLUMNS = (
    "target", "indicator", "year", "value", "lever", "chance", "factor", "points", "level", "growth",
    "baseline_growth", "rest_of_year", "rarer_than", "reference", "beyond", "word", "replayed", "shape",
    "reason",
)  # fmt: skip
_PATH = (
    "target", "lever", "chance", "year", "factor", "points", "level", "baseline", "growth", "pace",
    "rarer_than", "reference", "replayed", "reason",
)  # fmt: skip


def what_it_takes(
    project: Project | None,
    params: Params | None,
    outcomes: Mapping[str, Outcome],
    target: Target | str,
    *,
    chances: Iterable[float] = (0.5, 0.8),
    levers: Sequence[str] | None = None,
    shape: Shape | None = None,
    links: Iterable[Link] | None = None,
) -> pd.DataFrame:
    """Return by how much each lever alone must be turned to bring a target at given chances.

    A lever is a simulated quantity from which the target's indicator is computed, or the indicator itself.
    Budget revenue is a lever of itself only: no evidence ties it to visits or to what visitors spend.
    The answer is exact where the measure moves in proportion, else the root of its quantile; the scenario is
    then applied, and `replayed` is what it brings.

    Parameters
    ----------
    project, params
        As in `assess_indicator`: they say which targets are known, and which links there are. None for
        series and targets of your own.
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    target : Target or str
        A target, or the id of a known one.
    chances : iterable of float
        Chances of the target, each above 0 and below 1.
    levers : sequence of str, optional
        Which levers; by default those of the indicator that raise it (fewer people raise GRDP per head, but
        nobody plans for it). Those by which it follows another indicator by a link can be asked for too.
    shape : {"step", "ramp", "year"}, optional
        In which years a lever is turned: in every year ahead up to the target's; each year by as much more;
        in the target's year only. By default `step`; `year` for a growth and `ramp` for a mean growth of
        levels, which a step leaves as they are.
    links : iterable of Link, optional
        By default those of the parameters.

    Returns
    -------
    pandas.DataFrame
        One row per lever and chance: target, indicator, year, value, lever, chance, factor (of an amount) or
        points (of a rate), level (median of the lever in the target's year after the turn, in its unit),
        growth (percent a year from the last year that had ended to that level), baseline_growth (without the
        turn), rest_of_year (where the target's year is the running one, the turn that the rest of it needs),
        rarer_than (percentage of past episodes elsewhere with less growth over as many years),
        reference (of which series; `verdicts.pace_percentile`), beyond and word (how far the level lies from
        the baseline: `scenarios.plausibility`; `outside`: no path goes so far), replayed (the value at that
        chance after the scenario), shape, reason (blank, or why there is no answer: one of
        `pipeline.REASONS`).

    Raises
    ------
    SapaError
        When the target or a lever is unknown, or a chance is none.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000)
    >>> base = sapa.forecast_area(project, params)
    >>> needed = sapa.what_it_takes(project, params, base, "congress-2020.tourism_revenue")
    >>> needed[["lever", "chance", "factor", "growth", "rarer_than", "replayed"]].round(2)
                  lever  chance  factor  growth  rarer_than  replayed
    0  tourist_arrivals     0.5    1.73   34.58       98.35   27000.0
    1  tourist_arrivals     0.8    2.71   56.35       99.00   27000.0
    2   spend_per_visit     0.5    1.73   37.68       98.71   27000.0
    3   spend_per_visit     0.8    2.71   59.96       99.00   27000.0
    """
    rows = []
    for aim in aims_at(project, params, outcomes, target, chances, links=links, shape=shape):
        goal = aim.target
        head = {"target": goal.id, "indicator": goal.indicator_id, "year": goal.end, "value": goal.value}
        head |= {"chance": aim.chance}
        if aim.reason:
            rows.append(head | {"lever": "", "reason": aim.reason})
        else:
            rows += [head | _turned(aim, lever) for lever in check_levers(aim, levers)]
    places = {lever: place for place, lever in enumerate(dict.fromkeys(row["lever"] for row in rows))}
    rows.sort(key=lambda row: places[row["lever"]])
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def check_levers(aim: Aim, levers: Sequence[str] | None) -> list[str]:
    """Return the levers to turn, by default those of the indicator that raise it."""
    if levers is None:
        return aim.own_levers
    known = aim.levers
    if unknown := [name for name in levers if name not in known]:
        own = aim.target.indicator_id
        if list(known) == [own]:
            raise SapaError(f'"{unknown[0]}" does not move {aim.target.id}: {own} has no lever but itself')
        offered = f"{own} follows from {', '.join(known)}"
        raise SapaError(
            f'"{unknown[0]}" does not move {aim.target.id}: {offered}; {nearest(unknown[0], known)}'
        )
    return list(levers)


def _turned(aim: Aim, lever: str) -> dict[str, Any]:
    """Return the turn of a lever, and where it brings the lever and the target."""
    fan = aim.levers[lever]
    row = {"lever": lever, "shape": aim.shape_of(lever), "baseline_growth": growth_to(fan, aim.target.end)}
    turn = aim.solve(lever)
    if isinstance(turn, str):
        return row | {"reason": turn}
    replayed = {"reason": "", "replayed": aim.value({lever: turn})}
    return row | replayed | lever_after(aim, {lever: turn}, lever)


def lever_after(aim: Aim, turns: Mapping[str, float], lever: str) -> dict[str, Any]:
    """Return where turns bring one of the levers: factor or points, level, growth and how rare that is."""
    fan, end, turn = aim.levers[lever], aim.target.end, turns[lever]
    moved = aim.after(turns)[lever]
    assert isinstance(moved, Forecast)
    points, growth, level = in_points(fan), growth_to(moved, end), figure_at(moved, end)
    [seen] = plausibility(fan, {lever: {end: level}}).to_dict("records")
    return {
        "factor": math.nan if points else turn,
        "points": turn if points else math.nan,
        "level": level,
        "growth": growth,
        "rest_of_year": rest_of_year(fan, end, turn),
        "rarer_than": rarity_of(growth, end - fan.observed.ended, aim.better(lever)),
        "reference": REFERENCE,
        "beyond": seen["beyond"],
        "word": seen["word"],
    }


def path_to(
    project: Project | None,
    params: Params | None,
    outcomes: Mapping[str, Outcome],
    target: Target | str,
    *,
    lever: str | None = None,
    chance: float = 0.5,
    links: Iterable[Link] | None = None,
) -> pd.DataFrame:
    """Return the yearly path of a lever, turned a little more each year, that brings a target at a chance.

    Parameters
    ----------
    project, params, outcomes, target, links
        As in `what_it_takes`.
    lever : str, optional
        Which lever; by default the first one.
    chance : float
        Chance of the target.

    Returns
    -------
    pandas.DataFrame
        One row per year ahead up to the target's: target, lever, chance, year, factor or points, level
        (median of the lever after the turn), baseline (before it), growth (percent on the year before), pace
        (percent a year since the last year that had ended), rarer_than (percentage of past episodes
        elsewhere with less than this pace over as many years), reference, replayed (the target's value at
        that chance after the scenario), reason (as in `what_it_takes`; then the only row).

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000)
    >>> base = sapa.forecast_area(project, params)
    >>> path = sapa.path_to(project, params, base, "congress-2020.tourist_arrivals")
    >>> path[["year", "factor", "level", "growth", "pace", "rarer_than"]].round(2)
       year  factor       level  growth   pace  rarer_than
    0  2023    1.22  3852913.48   54.42  54.42       98.12
    1  2024    1.43  4850890.75   25.90  39.43       98.20
    2  2025    1.65  5800000.00   19.57  32.47       98.10
    """
    [aim] = aims_at(project, params, outcomes, target, [chance], links=links, shape="ramp")
    head = {"target": aim.target.id, "chance": chance}
    if aim.reason:
        return pd.DataFrame([head | {"lever": lever or "", "reason": aim.reason}], columns=list(_PATH))
    name = check_levers(aim, None if lever is None else [lever])[0]
    turn = aim.solve(name)
    head |= {"lever": name}
    if isinstance(turn, str):
        return pd.DataFrame([head | {"reason": turn}], columns=list(_PATH))
    rows = _years(aim, name, turn)
    replayed = aim.value({name: turn})
    told = [head | row | {"replayed": replayed, "reference": REFERENCE, "reason": ""} for row in rows]
    return pd.DataFrame(told, columns=list(_PATH))


def _years(aim: Aim, lever: str, turn: float) -> list[dict[str, Any]]:
    """Return the years of a ramp of a lever."""
    fan, end = aim.levers[lever], aim.target.end
    moved = aim.after({lever: turn})[lever]
    assert isinstance(moved, Forecast)
    ended, points, better = fan.observed.ended, in_points(fan), aim.better(lever)
    rows, before = [], figure_at(moved, ended)
    for year in (int(year) for year in years_of(fan.paths) if ended < year <= end):
        level, share = figure_at(moved, year), (year - ended) / (end - ended)
        pace = growth_to(moved, year)
        grown = {"log": 100 * (level / before - 1) if before > 0 else math.nan, "growth": level}
        rows.append({
            "year": year,
            "factor": math.nan if points else 1 + (turn - 1) * share,
            "points": turn * share if points else math.nan,
            "level": level,
            "baseline": figure_at(fan, year),
            "growth": grown.get(fan.observed.scale, math.nan),
            "pace": pace,
            "rarer_than": rarity_of(pace, year - ended, better),
        })  # fmt: skip
        before = level
    return rows
