"""Scenarios of which several adjustments move an indicator, each with the share of every adjustment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ..core import Forecast, Link, Outcome
from .adjustment import Scenario
from .attribution import split_by_cause
from .shapley import MOST_CAUSES


def split_by_causes(
    outcomes: Mapping[str, Outcome],
    scenarios: Mapping[str, Scenario],
    indicator: str,
    *,
    links: Iterable[Link] = (),
) -> dict[str, pd.DataFrame]:
    """Share out what scenarios change among their adjustments, where two or more move the indicator.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    scenarios : mapping of name to Scenario
        Those that hold here. One of more than 8 adjustments is left out.
    indicator : str
        The indicator whose difference is shared out, in the last year of its forecast.
    links : iterable of Link
        By which the indicator follows others that a scenario moves.

    Returns
    -------
    dict of str to pandas.DataFrame
        By the name of the scenario, as `split_by_cause` returns it. Empty without a forecast.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> known = {"visits": [100.0, 110, 119, 132, 140], "spend": [2.0, 2.1, 2.2, 2.2, 2.3]}
    >>> series = {name: pd.Series(said, index=range(2015, 2020), name=name) for name, said in known.items()}
    >>> fans = {name: sapa.forecast(each, horizon=2, n_paths=400, seed=1) for name, each in series.items()}
    >>> twice = sapa.scenario("twice", visits={2020: "+10%", 2021: "+20%"}, spend={2021: "+10%"})
    >>> sapa.scenarios.split_by_causes(fans, {"twice": twice}, "visits")  # spend does not move visits
    {}
    >>> revenue = sapa.forecasting.exact_series((series["visits"] * series["spend"]).rename("revenue"))
    >>> product = lambda at: at["visits"] * at["spend"]
    >>> fans["revenue"] = sapa.forecasting.derive_forecast(revenue, fans, product)
    >>> shared = sapa.scenarios.split_by_causes(fans, {"twice": twice}, "revenue")
    >>> shared["twice"].set_index("part")["value"].round(1).to_dict()
    {'base': 385.0, '1': 80.8, '2': 42.3, 'twice': 508.2}
    """
    if not isinstance(outcomes.get(indicator), Forecast):
        return {}
    links, found = tuple(links), {}
    for name, scenario in scenarios.items():
        if 1 < len(scenario.adjustments) <= MOST_CAUSES:
            shares = split_by_cause(outcomes, scenario, indicator, links=links)
            if (shares.loc[shares["kind"] == "part", "value"] != 0).sum() > 1:
                found[name] = shares
    return found
