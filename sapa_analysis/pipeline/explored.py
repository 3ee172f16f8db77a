"""All that can be played with on one day: fans and chances at every position of every lever."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from ..core import Array, Forecast, Outcome, Params, Target
from ..scenarios import BASELINE, Scenario, lever_positions, levers_of, levers_offered
from .area import forecast_area
from .assess import assess_targets, under_scenarios
from .lever_grid import Grid
from .lever_moves import Moves
from .lever_tables import chance_grid, fan_grid
from .needed_lever import what_it_takes
from .project import Project

#: Levers of an indicator at most: a grid of four would be too large to send.
_MOST = 3
#: Verdicts that are no probability.
_SETTLED = ("met", "missed", "plan_only", "not_assessed")
#: Shares of the baseline paths beyond a level at which it is unusual, rare, very rare, and outside all.
_SHARES = (0.1, 0.025, 0.005, 0.0)


@dataclass(frozen=True, eq=False)
class Explored:
    """One area on one day, at every position of the levers.

    Attributes
    ----------
    project, params
        As in `assess_indicator`.
    outcomes : dict of str to Forecast or NotAssessed
        The baseline.
    verdicts : pandas.DataFrame
        On every target; see `judge_targets`.
    targets : list of Target
        The targets of the area.
    scenarios : dict of str to Scenario
        Those that hold, the baseline first.
    levers : dict of str to list of str
        The levers of each indicator that is forecast.
    positions : dict of str to list of float
        The positions of each lever.
    fans : dict of (str, str) to Grid
        By indicator and scenario: ends and middle of each year, five quantiles x years in a row.
    chances : dict of (str, str) to list of Grid
        By target and scenario: the chance at all positions of all levers; where these are coarse, another
        one without the first lever.
    needed : dict of str to pandas.DataFrame
        What each open target takes; see `what_it_takes`.
    """

    project: Project
    params: Params
    outcomes: dict[str, Outcome]
    verdicts: pd.DataFrame
    targets: list[Target]
    scenarios: dict[str, Scenario]
    levers: dict[str, list[str]]
    positions: dict[str, list[float]]
    fans: dict[tuple[str, str], Grid]
    chances: dict[tuple[str, str], list[Grid]]
    needed: dict[str, pd.DataFrame]

    def limits(self, indicator: str) -> Array:
        """Return where levels become unusual, rare, very rare and outside all paths, seen from the baseline.

        Parameters
        ----------
        indicator : str
            One that is forecast.

        Returns
        -------
        numpy.ndarray
            Lower ends of the four, then upper ends: 8 x years; a level beyond one has the word.
        """
        fan = self.outcomes[indicator]
        assert isinstance(fan, Forecast)
        ranked = np.sort(fan.paths.to_numpy(dtype=float), axis=1)
        n = ranked.shape[1]
        # fewer than this share of n paths go so far if the k-th from the end does not
        ends = [max(1, int(np.ceil(share * n - 1e-9))) for share in _SHARES]
        return np.array([ranked[:, k - 1] for k in ends] + [ranked[:, n - k] for k in ends])


def explore(project: Project, params: Params) -> Explored:
    """Return fans and chances of an area at every position of the levers, under each scenario that holds.

    Parameters
    ----------
    project, params
        As in `assess_indicator`.

    Returns
    -------
    Explored

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, scenarios=["base"], documents=["congress-2020"])
    >>> found = sapa.pipeline.explore(project, params)
    >>> found.levers["tourism_revenue"]
    ['tourist_arrivals', 'spend_per_visit']
    >>> [grid] = found.chances["congress-2020.tourist_arrivals", "base"]
    >>> [float(grid.at({"tourist_arrivals": turn}).round(2)[0]) for turn in (1.0, 1.5, 2.0)]
    [0.02, 0.32, 0.83]
    """
    area = forecast_area(project, params)
    results = assess_targets(project, params, known=area)
    outcomes: dict[str, Outcome] = {**results.outcomes, **area}
    under = under_scenarios(project, params, outcomes)
    names = [BASELINE, *(name for name in under if name != BASELINE)]
    scenarios = {name: project.scenarios.get(name, Scenario(name=name)) for name in names}
    fans = {name: fan for name, fan in outcomes.items() if isinstance(fan, Forecast)}
    levers = {name: [*levers_offered(fan, outcomes, params.links)][:_MOST] for name, fan in fans.items()}
    known = {lever: each for fan in fans.values() for lever, each in levers_of(fan).items()}
    told = results.verdicts.set_index("id")["status"].to_dict() if len(results.verdicts) else {}
    open_ = [
        one
        for one in results.targets
        if one.indicator_id in fans and told.get(one.id, "not_assessed") not in _SETTLED
    ]
    grids: dict[tuple[str, str], Grid] = {}
    chances: dict[tuple[str, str], list[Grid]] = {}
    for name, fan in fans.items():
        mine = [one for one in open_ if one.indicator_id == name]
        decimals = int(project.indicators["decimals"].get(name, 2))
        for each, scenario in scenarios.items():
            if each != BASELINE and _stays(fan, under[each].get(name), scenario, levers[name]):
                grids[name, each] = grids[name, BASELINE]
                chances |= {(one.id, each): chances[one.id, BASELINE] for one in mine}
                continue
            moves = Moves(
                fan, scenario, {lever: known[lever] for lever in levers[name]}, outcomes, params.links
            )
            grids[name, each] = fan_grid(moves, decimals)
            for one in mine:
                whole = [chance_grid(moves, one, params.about_relative)]
                if any(len(axis.at) < len(axis.turns) for axis in whole[0].axes):
                    whole.append(chance_grid(moves, one, params.about_relative, without=levers[name][:1]))
                chances[one.id, each] = whole
    return Explored(
        project, params, outcomes, results.verdicts, results.targets, scenarios, levers,
        {lever: lever_positions(known[lever]) for lever in dict.fromkeys(chain(*levers.values()))},
        grids, chances, {one.id: what_it_takes(project, params, outcomes, one) for one in open_},
    )  # fmt: skip


def explore_editions(project: Project, params: Params) -> list[Explored]:
    """Return what can be played with on the day of the parameters and in every edition before it.

    Parameters
    ----------
    project, params
        As in `assess_indicator`; the editions are those of the parameters. On a day on which nothing of the
        area had been published there is none.

    Returns
    -------
    list of Explored
        By day.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2026-01-31")
    >>> params = params.with_values(n_paths=100, scenarios=["base"], editions=["2025-06-30"])
    >>> editions = sapa.pipeline.explore_editions(project, params)
    >>> [(str(one.params.as_of), one.levers.get("tourist_arrivals", [])) for one in editions]
    [('2025-06-30', ['tourist_arrivals']), ('2026-01-31', [])]
    """
    days = sorted({day for day in (*params.editions, params.as_of) if day <= params.as_of})
    known = [params.with_values(as_of=day) for day in days if _published(project, params.area, day)]
    return [explore(project, each) for each in known]


def _published(project: Project, area: str, day: dt.date) -> bool:
    known = project.as_of(day).evidence
    return bool((known["area"] == area).any())


def _stays(fan: Forecast, under: Outcome | None, scenario: Scenario, levers: list[str]) -> bool:
    """Return whether a scenario changes neither a forecast nor what its levers do."""
    turned = {part.indicator for part in scenario.adjustments}
    return isinstance(under, Forecast) and under.paths.equals(fan.paths) and not turned & set(levers)
