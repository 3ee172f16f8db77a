"""Levers: the indicators that a user can turn, and the scenario that turns them by given amounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from ..core import Forecast, YearlySeries, row_of, years_of
from .adjustment import Adjustment, Effect, Scenario
from .anchor import share_left

#: In which years a lever is turned: whole in every year ahead; each year by as much more, whole in the last
#: one; in the last one only.
Shape = Literal["step", "ramp", "year"]


def levers_of(fan: Forecast) -> dict[str, Forecast]:
    """Return the simulated quantities from which a forecast is computed; itself if it is simulated.

    A share of a whole is a lever itself: the others give way.

    Parameters
    ----------
    fan : Forecast
        The forecast, with its parts.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> fan = sapa.forecast(visits, horizon=2, n_paths=100, seed=1)
    >>> nights = sapa.forecasting.derive_forecast(fan.observed, {"visits": fan}, lambda of: 2 * of["visits"])
    >>> list(sapa.scenarios.levers_of(nights))
    ['visits']
    """
    own = fan.observed.indicator_id
    if not fan.parts or own in fan.parts:
        return {own: fan}
    return {name: each for part in fan.parts.values() for name, each in levers_of(part).items()}


def in_points(fan: Forecast) -> bool:
    """Return whether a lever is turned by points: a rate or a growth; amounts are turned by a factor.

    Parameters
    ----------
    fan : Forecast
        The forecast of the lever.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> sapa.scenarios.in_points(sapa.forecast(visits, horizon=2, n_paths=100, seed=1))
    False
    """
    return fan.observed.scale in ("logit", "growth")


def shares_of(shape: Shape, years: list[int], ended: int) -> dict[int, float]:
    """Return how much of the whole turn each year up to the last of `years` has.

    Examples
    --------
    >>> from sapa_analysis.scenarios.turned_lever import shares_of
    >>> [shares_of(shape, [2023, 2024, 2025, 2026], 2022) for shape in ("step", "year")]
    [{2023: 1.0, 2024: 1.0, 2025: 1.0, 2026: 1.0}, {2026: 1.0}]
    >>> shares_of("ramp", [2023, 2024, 2025, 2026], 2022)
    {2023: 0.25, 2024: 0.5, 2025: 0.75, 2026: 1.0}
    """
    last = max(years)
    if shape == "year":
        return {last: 1.0}
    return {year: 1.0 if shape == "step" else (year - ended) / (last - ended) for year in years}


def turn_levers(
    levers: Mapping[str, Forecast],
    turns: Mapping[str, float],
    *,
    shape: Shape | Mapping[str, Shape],
    until: int,
    name: str = "",
) -> Scenario:
    """Return the scenario that turns levers by given amounts up to a year.

    Parameters
    ----------
    levers : mapping of indicator id to Forecast
        Baseline fans.
    turns : mapping of indicator id to float
        The factor of an amount, the points of a rate.
    shape : {"step", "ramp", "year"}, or mapping of indicator id to it
        In which years: whole in every year ahead, growing linearly from the last year that had ended, or in
        the last year only.
    until : int
        The last year that is turned; a year that had ended is not, even where no figure of it is known.
    name : str
        Of the scenario; by default it says what is turned.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=100, seed=1)}
    >>> sapa.scenarios.turn_levers(base, {"visits": 1.2}, shape="ramp", until=2021).adjustments[0].values
    {2020: 1.1, 2021: 1.2}
    """
    adjustments, said = [], []
    for lever, turn in turns.items():
        fan = levers[lever]
        years = [int(year) for year in years_of(fan.paths) if fan.observed.ended < year <= until]
        its = shape if isinstance(shape, str) else shape[lever]
        shares, points = shares_of(its, years, fan.observed.ended), in_points(fan)
        values = {year: turn * share if points else 1 + (turn - 1) * share for year, share in shares.items()}
        effect: Effect = "add" if points else "multiply"
        # what a target takes may be far off; its rarity is told beside it
        adjustments.append(Adjustment(indicator=lever, effect=effect, values=values, bold=True))
        said.append(f"{lever} {'+' if points else 'x '}{turn:.12g}")
    return Scenario(name=name or ", ".join(said), adjustments=tuple(adjustments))


def rest_of_year(fan: Forecast, year: int, turn: float) -> float:
    """Return the turn that the rest of the running year needs, if the part that has passed cannot change.

    A turn of another year has none.

    Parameters
    ----------
    fan : Forecast
        The forecast of the lever.
    year : int
        The calendar year that is turned.
    turn : float
        Of the whole year: a factor for an amount, points for a rate or a growth.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> fan = sapa.assess_indicator(*sapa.open_project(as_of="2023-06-30"), "tourist_arrivals")
    >>> [round(sapa.scenarios.rest_of_year(fan, year, 1.1), 3) for year in (2023, 2025)]
    [1.198, nan]
    """
    known = fan.observed
    if year != known.ended + 1 or known.as_of is None or known.as_of.year != year:
        return np.nan
    left = share_left(known.as_of, known.ended)
    return turn / left if in_points(fan) else 1 + (turn - 1) / left


def figure_at(fan: Forecast, year: int) -> float:
    """Return the figure of a year, else its estimate; after the origin the median of the paths.

    Parameters
    ----------
    fan : Forecast
        The forecast, with what was observed.
    year : int
        A calendar year of either.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> fan = sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)
    >>> [round(sapa.scenarios.figure_at(fan, year)) for year in (2019, 2021)]
    [140, 158]
    """
    known: YearlySeries = fan.observed
    if year > known.origin:
        return float(np.median(fan.paths.to_numpy(dtype=float)[years_of(fan.paths) == year]))
    row = row_of(known.table, year)
    best = float(row["best"])
    return best if np.isfinite(best) else float(row["estimate"])
