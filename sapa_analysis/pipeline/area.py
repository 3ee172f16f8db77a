"""Joint series and joint paths of an area and the areas that contain it, computed once and kept.

Every question about one indicator is answered from the joint paths of the families of the core indicators,
in the area, its province and the nation.
"""

from __future__ import annotations

import pandas as pd

from ..core import Forecast, Keyed, NoEvidenceError, Params, YearlySeries, apart, kept
from ..forecasting import Above, correlate_steps, forecast_all
from ..series import Family, build_joint, find_family
from .asked import AHEAD, JUDGING, asked_of
from .horizon import last_year_ahead, until, with_horizon
from .known import lineage
from .project import Project

#: Number of cached runs; a run holds an area, its province and the nation at one vintage.
_KEPT = 24


def families_of(project: Project, params: Params) -> tuple[Family, ...]:
    """Return the families of the core indicators, each once, in their order."""
    found: list[Family] = []
    for indicator in params.core:
        if not any(indicator in family.members for family in found):
            found.append(find_family(indicator, project.indicators))
    return tuple(family for family in found if len(family.members) > 1)


def build_area(project: Project, params: Params) -> dict[str, dict[str, YearlySeries]]:
    """Return the joint series of an area and the areas that contain it, by area and indicator.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage and the rest.

    Examples
    --------
    >>> from sapa_analysis.pipeline import build_area, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> built = build_area(project, params.with_values(n_paths=100))
    >>> list(built)
    ['viet_nam', 'lao_cai', 'sa_pa']
    >>> visits = built["sa_pa"]["tourist_arrivals"].table
    >>> visits.loc["2019":, ["estimate", "lower_80", "upper_80"]].round(-3).astype(int)
          estimate  lower_80  upper_80
    year
    2019   3225000   3050000   3409000
    2020   1238000   1197000   1280000
    2021   1026000    917000   1148000
    2022   2479000   2413000   2547000
    """
    return apart(_built(asked_of(project, params, without=JUDGING | AHEAD)))


@kept(size=_KEPT)
def _built(asked: Keyed) -> dict[str, dict[str, YearlySeries]]:
    known, params = asked.things
    areas = lineage(known, params.area)
    found: dict[str, dict[str, YearlySeries]] = {area: {} for area in areas}
    for family in families_of(known, params):
        try:
            built = build_joint(known, family, areas, params, targets=known.targets)
        except NoEvidenceError:
            continue
        for (indicator, area), series in built.items():
            found[area][indicator] = series
    return found


def correlations_of(project: Project, params: Params) -> pd.DataFrame:
    """Return the correlations of the yearly steps of the core's primary quantities; see `correlate_steps`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        The area, the day, and the core: the indicators of all subjects.

    Examples
    --------
    >>> from sapa_analysis.pipeline import correlations_of, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> table = correlations_of(project, params.with_values(n_paths=100)).set_index(["first", "second"])
    >>> table.loc[("tourist_arrivals", "spend_per_visit")].round(2).to_dict()
    {'n': 6.0, 'raw': -0.86, 'correlation': -0.32}
    """
    return apart(_correlated(asked_of(project, params, without=JUDGING | AHEAD)))


@kept(size=_KEPT)
def _correlated(asked: Keyed) -> pd.DataFrame:
    project, params = asked.things
    built = _built(asked)
    names = [name for family in families_of(project, params) for name in family.primaries]
    led = {level: rate for rate, level in project.real_rates.items()}
    names = [led.get(name, name) for name in names]
    places = [built[area] for area in built if area != next(iter(built)) or len(built) == 1]
    broken = {name: project.shock_years(name, params.shock_years) for name in names}
    return correlate_steps(places, names, shock_years=broken)


def forecast_area(project: Project, params: Params) -> dict[str, Forecast]:
    """Return the joint forecasts of the core families of an area, by indicator.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage, horizon, method and the rest.

    Examples
    --------
    >>> from sapa_analysis.pipeline import forecast_area, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> ahead = forecast_area(project, params.with_values(n_paths=100))
    >>> "tourism_revenue" in ahead, "child_stunting" in ahead
    (True, False)
    >>> ahead["grdp_per_capita"].summary((80,))[["median", "lower_80", "upper_80"]].round(1)
          median  lower_80  upper_80
    year
    2023   110.8     104.6     118.0
    2024   124.3     110.0     136.6
    2025   139.4     118.7     161.6
    """
    found = apart(_foreseen(asked_of(project, with_horizon(project, params), without=JUDGING)))
    last = last_year_ahead(project, params)
    return {name: until(fan, last) for name, fan in found.items() if fan.observed.origin < last}


def forecast_member(project: Project, params: Params, indicator: str) -> Forecast | None:
    """Return the joint forecast of one indicator; None where its family has none for the area.

    The horizon must be one year at least.
    """
    return apart(_foreseen(asked_of(project, params, without=JUDGING)).get(indicator))


@kept(size=_KEPT)
def _foreseen(asked: Keyed) -> dict[str, Forecast]:
    known, params = asked.things
    without_years_ahead = asked_of(known, params, without=JUDGING | AHEAD)
    built, correlations = _built(without_years_ahead), _correlated(without_years_ahead)
    found: dict[str, Forecast] = {}
    above: Above | None = None
    seen = max((each.seen for series in built.values() for each in series.values()), default=0)
    for series in built.values():
        found = {}
        if series:
            found = forecast_all(series, params, known, correlations=correlations, above=above, seen=seen)
            above = Above(series, found)
    return found
