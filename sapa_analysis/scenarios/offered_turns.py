"""Levers and their positions as they are offered to a hand, where any name and number could be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..core import Forecast, Link, Outcome, years_of
from .anchor import PLAUSIBLE
from .turned_lever import in_points, levers_of

#: Steps that a reader can name: 5 % of an amount, half a point of a rate; and how far a rate goes.
_STEP, _POINT, _POINTS = 0.05, 0.5, 10


def lever_positions(fan: Forecast) -> list[float]:
    """Return the turns in which a lever is offered: factors of an amount, points of a rate or a growth.

    Amounts go in steps of 5 % from half to twice the baseline, as far as is plausible in a year; rates in
    steps of half a point, ten points either way.

    Parameters
    ----------
    fan : Forecast
        The forecast of the lever.

    Returns
    -------
    list of float
        In rising order; the baseline (1 of factors, 0 of points) is among them.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> turns = sapa.scenarios.lever_positions(sapa.forecast(visits, horizon=2, n_paths=100, seed=1))
    >>> turns[0], turns[9:13], turns[-1], len(turns)
    (0.5, [0.95, 1.0, 1.05, 1.1], 2.0, 31)
    """
    if in_points(fan):
        n = round(_POINTS / _POINT)
        return [step * _POINT for step in range(-n, n + 1)]
    low, high = (round(bound / _STEP) for bound in PLAUSIBLE)
    return [round(step * _STEP, 10) for step in range(low, high + 1)]


def levers_offered(
    fan: Forecast, outcomes: Mapping[str, Outcome], links: Iterable[Link]
) -> dict[str, Forecast]:
    """Return the levers that are offered for a forecast: its own, and those behind what it follows by a link.

    The lever that a link moves comes first, then those behind the link, then the others.

    Parameters
    ----------
    fan : Forecast
        The forecast.
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    links : iterable of Link
        As in `apply_scenario`, such as `params.links`.

    Returns
    -------
    dict of str to Forecast
        By indicator id. What has no year ahead cannot be turned and is left out.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> base = sapa.forecast_area(project, params.with_values(n_paths=100))
    >>> list(sapa.scenarios.levers_offered(base["tourism_revenue"], base, params.links))
    ['tourist_arrivals', 'spend_per_visit']
    >>> list(sapa.scenarios.levers_offered(base["grdp_per_capita"], base, params.links))
    ['grdp_growth', 'tourist_arrivals', 'spend_per_visit', 'population']
    """
    own, area = levers_of(fan), fan.observed.area
    here = [link for link in links if link.to in own and link.area in ("", area)]
    behind = [of for link in here if isinstance(of := outcomes.get(link.of), Forecast)]
    found = {link.to: own[link.to] for link in here} if behind else {}
    found |= {name: each for of in behind for name, each in levers_of(of).items()} | own
    return {name: each for name, each in found.items() if _ahead(each)} if _ahead(fan) else {}


def _ahead(fan: Forecast) -> bool:
    """Return whether a forecast has a year that has not ended: what has passed cannot be turned."""
    return bool((years_of(fan.paths) > fan.observed.ended).any())
