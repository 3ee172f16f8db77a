"""Nowcast of the running year: how its forecast narrows as monthly figures are published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from ..core import Forecast, Keyed, Params, apart, kept, row_of, years_of
from .asked import JUDGING, asked_of
from .assess import assess_indicator
from .project import Project


def nowcast_year(project: Project, params: Params, indicator: str, year: int) -> pd.DataFrame:
    """Return the nowcast of a year at the end of each of its months, from the figures published by then.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        All parameters; `as_of` and `horizon` are set here.
    indicator : str
        An id of `indicators.csv`.
    year : int
        The running year.

    Returns
    -------
    pandas.DataFrame
        One row per month: as_of (its last day; for December the last day but one, when the year is still
        running), n_figures (part-year figures known by then), median, lower_80, upper_80 and expected (the
        department's own estimate of the whole year, blank if it has given none) in the unit of the indicator.
        No row without a forecast.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from sapa_analysis.pipeline import nowcast_year, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = project.evidence.query("indicator_id == 'tourist_arrivals' and period >= '2015'")
    >>> small = replace(project, evidence=visits)  # visits alone, to be quick
    >>> params = params.with_values(n_paths=100, subjects={"forest": ["forest_cover"]})
    >>> months = nowcast_year(small, params, "tourist_arrivals", 2022)
    >>> months.iloc[[2, 5, 11], :5].round({"median": -4, "lower_80": -4, "upper_80": -4})
             as_of  n_figures     median   lower_80   upper_80
    2   2022-03-31          0  2320000.0  1420000.0  3370000.0
    5   2022-06-30          1  1590000.0  1290000.0  2010000.0
    11  2022-12-30          3  2460000.0  2140000.0  2540000.0
    """
    then = params.with_values(as_of=date(year, 12, 30))
    return apart(_nowcast(asked_of(project, then, indicator, year, without=JUDGING | {"horizon"})))


@kept(size=16)
def _nowcast(asked: Keyed) -> pd.DataFrame:
    project, params, indicator, year = asked.things
    project = replace(project, store=None)  # of what it is made of only the table is kept
    ends = [date(year, month + 1, 1) - timedelta(days=1) for month in range(1, 12)]
    rows = []
    for day in [*ends, date(year, 12, 30)]:
        outcome = assess_indicator(project, params.with_values(as_of=day, horizon=1), indicator)
        if isinstance(outcome, Forecast):
            rows.append({"as_of": day, **_row(outcome, year)})
    columns = ["as_of", "n_figures", "median", "lower_80", "upper_80", "expected"]
    return pd.DataFrame(rows, columns=columns)


def _row(outcome: Forecast, year: int) -> dict[str, Any]:
    told, observed = row_of(outcome.summary((80,)), year), outcome.observed
    said = observed.observations
    part = (said["year"] == year) & (said["basis"] == "part_year")
    expected = observed.expected
    found = expected[years_of(expected) == year]
    quantiles = {name: float(told[name]) for name in ("median", "lower_80", "upper_80")}
    return {
        "n_figures": int(part.sum()),
        **quantiles,
        "expected": float(found["value"].iloc[-1]) if len(found) else float("nan"),
    }
