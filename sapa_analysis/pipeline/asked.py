"""What a kept function is asked: tables known on a day, parameters, and the key that follows from both."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from ..core import Keyed, Params
from .project import Project

#: Choices on which no forecast depends: they are about targets, scenarios and pages.
JUDGING = {
    "documents", "scenarios", "links", "editions", "about_relative", "widest_points", "widest_factor",
    "subjects",
}  # fmt: skip
#: Choices on which no series depends: they are about the years ahead.
AHEAD = {"horizon", "method", "min_years", "gap_closing", "shock_chance"}


def asked_of(project: Project, params: Params, *more: Any, without: Set[str]) -> Keyed:
    """Return what a kept function is asked; the key holds the content of the tables known on the day.

    Parameters
    ----------
    project : Project
        The tables, narrowed to the day of the parameters.
    params : Params
        Area, day and the rest.
    *more
        Further arguments, with a `repr` that says all of them.
    without : set of str
        The parameters on which the answer does not depend.

    Examples
    --------
    >>> from sapa_analysis.pipeline import asked_of, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> asked = asked_of(project, params, "tourist_arrivals", without=set())
    >>> asked == asked_of(project, params, "tourist_arrivals", without=set())
    True
    >>> asked == asked_of(project, params.with_values(seed=1), "tourist_arrivals", without=set())
    False
    """
    known = project.as_of(params.as_of)
    plans = tuple(target for target in known.targets if target.indicator_id in params.plans_inform)
    chosen = params.model_dump_json(exclude=set(without))
    key = (known.fingerprint(), plans, tuple(params.core), chosen, *more)
    return Keyed(key, (known, params, *more), known.store)
