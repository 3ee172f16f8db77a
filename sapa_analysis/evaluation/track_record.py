"""Track records: forecasts for the real areas from past vintages of the evidence, scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from ..core import (
    Forecast,
    Keyed,
    NotAssessed,
    Outcome,
    Params,
    SapaError,
    YearlySeries,
    apart,
    days_of,
    kept,
    row_of,
    years_of,
)
from ..evidence import is_office
from ..pipeline import JUDGING, Project, asked_of, assess_indicator, check_names, lineage
from . import scores

#: Years ahead that are forecast from each 31 December; the year just ended is added.
AHEAD = 3
#: What a track record does not depend on: it sets area, horizon and method itself.
TRACKED = JUDGING | {"area", "horizon", "method"}
METHODS = ("headline", "naive", "linear_drift")
#: The columns with the quantiles at `scores.LEVELS`.
QUANTILES = ("lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95")
#: The columns of a track record and their meanings. Amounts are in the unit of the indicator.
COLUMNS = {
    "area": "id of areas.csv",
    "origin": "the year that ended on the day of the forecast",
    "year": "the year forecast",
    "ahead": "years from the origin to that year; 0 is the year just ended",
    "method": "the method as asked for",
    **dict.fromkeys(QUANTILES, "quantile of the paths, or of the draws of the year just ended"),
    "actual": "the best figure of the whole year by `as_of`; blank where there is none",
    "known": "when that figure was published, as printed",
    "source": "host of its page, where an official paper may cite it",
    "scored": "whether it counts: the figure is known, and was not yet out on the day of the forecast",
    "scale": "mean absolute yearly change of the actuals up to the origin; NaN where there is none",
}
_TEXTS, _YEARS = ("area", "method", "known", "source"), ("origin", "year", "ahead")
_TYPES = {name: "str" if name in _TEXTS else "int64" if name in _YEARS else "float64" for name in COLUMNS}
_TYPES |= {"scored": "bool"}


def with_ancestors(project: Project, area: str) -> list[str]:
    """Return an area and the areas that contain it, the smallest first.

    Parameters
    ----------
    project : Project
        The tables.
    area : str
        An id of `areas.csv`.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> sapa.evaluation.with_ancestors(sapa.pipeline.load_project(), "sa_pa")
    ['sa_pa', 'lao_cai', 'viet_nam']
    """
    return lineage(project, area)[::-1]


def track_record(
    project: Project, params: Params, indicator: str, *, first: int = 2012, methods: Sequence[str] = METHODS
) -> pd.DataFrame:
    """Return each method's forecast as of each 31 December, with the actual values.

    A forecast is `assess_indicator` as of that day: no figure, price or month published later enters it, and
    none published after `params.as_of` is used at all. Figures are those that can still be found, with their
    dates; an office may have known more. The method is today's: the list of shock years
    (those after an origin have no effect), the probability of a shock and the pace at which a gap closes, the
    errors pooled over other series, the assumed spreads of figures and steps, and the corrections of the
    evidence.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage and the rest; horizon and method are set here.
    indicator : str
        An id of `indicators.csv`.
    first : int
        The first origin is 31 December of this year; the last one is on or before `params.as_of`.
    methods : sequence of str
        Names of `forecasting.MODELS`, or `headline`. For the year just ended all give the same: the
        posterior distribution of the series.

    Returns
    -------
    pandas.DataFrame
        One row per origin, method and year, with `COLUMNS`; `attrs["refused"]` lists the forecasts that were
        refused as (area, origin, method, reason).

    Raises
    ------
    ParamsError
        When the indicator, the area or a method is unknown.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2020-12-31")
    >>> params = params.with_values(n_paths=100, subjects={"forest": ["forest_cover"]})
    >>> asked = {"first": 2018, "methods": ["headline"]}
    >>> rows = sapa.evaluation.track_record(project, params, "tourist_arrivals", **asked)
    >>> rows.query("scored and ahead > 0")[["origin", "year", "median", "actual"]].round({"median": -4})
       origin  year     median     actual
    1    2018  2019  2680000.0  3250000.0
    """
    return track_areas(project, params, indicator, [params.area], first=first, methods=methods)


def track_areas(
    project: Project,
    params: Params,
    indicator: str,
    areas: Iterable[str],
    *,
    first: int = 2012,
    methods: Sequence[str] = METHODS,
) -> pd.DataFrame:
    """Return the track records of several areas as one table; see `track_record`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        How is forecast; its area and day are left aside.
    indicator : str
        An id of `indicators.csv`.
    areas : iterable of str
        Ids of `areas.csv`.
    first : int
        The first origin, a calendar year.
    methods : sequence of str
        Names of models that are compared.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2019-12-31")
    >>> params = params.with_values(n_paths=100, subjects={"forest": ["forest_cover"]})
    >>> asked = {"areas": ["sa_pa", "lao_cai"], "first": 2019, "methods": ["headline"]}
    >>> rows = sapa.evaluation.track_areas(project, params, "tourist_arrivals", **asked)
    >>> rows.loc[rows["ahead"] == 1, ["area", "origin", "year", "median"]].round({"median": -4})
          area  origin  year     median
    1    sa_pa    2019  2020  2990000.0
    5  lao_cai    2019  2020  6290000.0
    """
    asked = tuple(areas), indicator, first, tuple(methods)
    kept_for = asked_of(project.as_of(params.as_of), params, *asked, without=TRACKED)
    return apart(_tracked(kept_for))


@kept(size=16)
def _tracked(asked: Keyed) -> pd.DataFrame:
    project, params, areas, indicator, first, methods = asked.things
    project = replace(project, store=None)  # of what it is made of only the table is kept
    rows: list[pd.DataFrame] = []
    refused: list[tuple[str, int, str, str]] = []
    for area in areas:
        mine = params.with_values(area=area, horizon=AHEAD)
        for method in methods:
            check_names(project, mine.with_values(method=method), [indicator])
        actuals = whole_years(assess_indicator(project, mine, indicator).observed)
        counted = set(project.as_of(params.as_of).statements_on([indicator], area)["definition"]) - {""}
        for origin in _origins(first, params.as_of):
            known = project.as_of(day := date(origin, 12, 31))
            for method in methods:
                outcome = _answer(known, mine.with_values(as_of=day, method=method), indicator, counted)
                if isinstance(outcome, Forecast):
                    rows.append(_rows(outcome, method, actuals))
                else:
                    reason = outcome.reason if isinstance(outcome, NotAssessed) else outcome
                    refused.append((area, origin, method, reason))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(COLUMNS))
    table = table[list(COLUMNS)].astype(_TYPES)
    table.attrs["refused"] = refused
    return table


def _origins(first: int, as_of: date) -> range:
    return range(first, as_of.year + ((as_of.month, as_of.day) == (12, 31)))


def whole_years(series: YearlySeries | None) -> pd.DataFrame:
    """Return the best figure of each year that has ended: years x (actual, known, source).

    Estimates and part-year figures are excluded. `known` is the first day on which this figure was published.
    """
    columns = ["actual", "known", "source"]
    if series is None:
        return pd.DataFrame(columns=columns)
    table = series.table[series.table["basis"] == "year"]
    years = years_of(table)
    return pd.DataFrame([_published(series, int(y)) for y in years], index=years, columns=columns)


def _published(series: YearlySeries, year: int) -> tuple[float, str, str]:
    best, seen = float(row_of(series.table, year)["best"]), series.observations
    said = seen[(seen["year"] == year) & (seen["basis"] == "year") & (seen["implied"] == best)]
    row = said.sort_values("published", key=days_of, kind="stable").iloc[0]
    address = str(row["source_url"])
    host = address if is_office(address) else urlsplit(address).netloc.removeprefix("www.")
    return best, str(row["published"]), host if row["cite_ok"] == "yes" else ""


def _answer(project: Project, params: Params, indicator: str, counted: set[str]) -> Outcome | str:
    """Return a method's outcome from what was known, or why none can be held against the actuals of today."""
    if not counted <= set(project.definitions["definition"]):
        return "other_definition"  # what was forecast then is not what is counted today
    try:
        return assess_indicator(project, params, indicator)
    except SapaError as refusal:
        return str(refusal)


def _rows(forecast: Forecast, method: str, actuals: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one origin and method."""
    observed, origin = forecast.observed, forecast.observed.ended
    known = [part[years_of(part) >= origin] for part in (observed.draws, forecast.paths)]
    years = np.concatenate([years_of(part) for part in known])
    quantiles = [np.quantile(paths, scores.LEVELS) for part in known for paths in part.to_numpy()]
    out = (years == origin) & (observed.table["basis"].iloc[-1] == "year") & (observed.origin == origin)
    then = actuals.reindex(years)
    row: dict[str, Any] = {"area": observed.area, "origin": origin, "year": years, "ahead": years - origin}
    row |= {"method": method} | dict(zip(QUANTILES, np.transpose(quantiles), strict=True))
    row |= {"actual": then["actual"].to_numpy(dtype=float)}
    row |= {name: then[name].fillna("").to_numpy() for name in ("known", "source")}
    row |= {"scored": then["actual"].notna().to_numpy() & ~out, "scale": _scale(actuals["actual"], origin)}
    return pd.DataFrame(row)


def _scale(actuals: pd.Series, origin: int) -> float:
    """Return the mean absolute yearly change up to an origin; a gap counts once, as change per year.

    Without gaps it equals `scores.mase_scale`.
    """
    past = actuals[actuals.index <= origin].astype(float)
    changes = np.abs(np.diff(past) / np.diff(past.index.to_numpy()))
    return float(changes.mean()) if changes.any() else float("nan")
