"""Positions of a lever: the turns that are offered to a hand, where any number could be written."""

from __future__ import annotations

from ..core import Forecast
from .anchor import PLAUSIBLE
from .turned_lever import in_points

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
