"""How far ahead a run looks: to the last year in which a judged target is due, in the life of the area."""

from __future__ import annotations

from dataclasses import replace

from ..core import Forecast, Params, last_day, last_year_ended
from ..forecasting import MAX_HORIZON
from .known import known_targets
from .project import Project

#: Years ahead where no horizon is given and no target of the area is judged.
_WITHOUT_TARGETS = 3


def years_ahead(project: Project, params: Params) -> int:
    """Return how many years after the last one that had ended a run forecasts; 0 where none is left.

    Without a horizon it is the last year in which a judged target falls due. Once an area is known to have
    ended, no year beyond its last one is forecast, whatever the horizon.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        The area, the day, the documents, and `horizon` in years.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, years_ahead
    >>> project, params = open_project()
    >>> days = ("2023-06-30", "2024-01-15", "2026-01-31")
    >>> [years_ahead(project, params.with_values(as_of=day)) for day in days]
    [3, 2, 0]
    >>> [years_ahead(project, params.with_values(as_of=day, horizon=5)) for day in days]
    [5, 5, 0]
    """
    ended = last_year_ended(params.as_of)
    return min(max(last_year_ahead(project, params) - ended, 0), MAX_HORIZON)


def last_year_ahead(project: Project, params: Params) -> int:
    """Return the last year that a run forecasts; it may have ended, where no figure of it is known."""
    ended = last_year_ended(params.as_of)
    due = [target.end for target in known_targets(project, params)]
    last = ended + params.horizon if params.horizon else max(due, default=ended + _WITHOUT_TARGETS)
    if params.area in project.areas.index:
        life = str(project.areas.loc[params.area, "valid_to"])
        if life and last_day(life) <= params.as_of:
            last = min(last, last_day(life).year)
    return min(last, ended + MAX_HORIZON)


def with_horizon(project: Project, params: Params) -> Params:
    """Return parameters whose horizon is the years that a run forecasts, one at least."""
    return params.with_values(horizon=max(years_ahead(project, params), 1))


def until(forecast: Forecast, last: int) -> Forecast:
    """Return a forecast, and those from which it is computed, up to a year."""
    without = forecast.without_shocks
    return replace(
        forecast,
        paths=forecast.paths.loc[: str(last)],
        without_shocks=None if without is None else without.loc[: str(last)],
        parts={name: until(part, last) for name, part in forecast.parts.items()},
    )
