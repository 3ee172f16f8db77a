"""How far ahead a run looks: to the last year in which a judged target is due, in the life of the area."""

from __future__ import annotations

from ..core import Params, last_day, last_year_ended
from ..forecasting import MAX_HORIZON
from .known import known_targets
from .project import Project

#: Years ahead where no horizon is given and no target of the area is judged.
_WITHOUT_TARGETS = 3


def years_ahead(project: Project, params: Params) -> int:
    """Return how many years after the last one that had ended a run forecasts; 0 where none is left.

    Without a horizon it is the last year in which a judged target falls due. Once an area is known to have
    ended, no year beyond its last one is forecast, whatever the horizon.

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
    origin = last_year_ended(params.as_of)
    due = [target.end for target in known_targets(project, params)]
    last = origin + params.horizon if params.horizon else max(due, default=origin + _WITHOUT_TARGETS)
    if params.area in project.areas.index:
        ended = str(project.areas.loc[params.area, "valid_to"])
        if ended and last_day(ended) <= params.as_of:
            last = min(last, last_day(ended).year)
    return min(max(last - origin, 0), MAX_HORIZON)


def with_horizon(project: Project, params: Params) -> Params:
    """Return parameters whose horizon is the years that a run forecasts, one at least."""
    return params.with_values(horizon=max(years_ahead(project, params), 1))
