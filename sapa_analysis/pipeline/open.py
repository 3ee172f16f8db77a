"""Opening of the project for one notebook: tables and parameters, checked together."""

from __future__ import annotations

import warnings
from typing import Any

from ..core import (
    Params,
    ParamsError,
    Problem,
    last_day,
    load_params,
    project_root,
)
from .assess import assess_indicator
from .kept_scenarios import left_out
from .notebook_parameters import NAMES, by_name, check_values, given_choices
from .office_file import known_later, office_at
from .own_scenarios import with_own
from .parameters_cell import injected_names
from .project import Project, load_project


@by_name
def open_project(**values: Any) -> tuple[Project, Params]:
    """Return the tables and the parameters of a notebook, or report every invalid value.

    What is not given is as `params/baseline.yml` has it, a choice from `n_paths` on also where it is None.
    Names that papermill set in the notebook are checked too.

    Parameters
    ----------
    {parameters}

    Returns
    -------
    tuple of Project and Params
        The tables, and `params/baseline.yml` with the given values.

    Raises
    ------
    ParamsError
        With every unknown name, every value of a wrong type or out of bounds, and every unknown id; when no
        figure of the area had been published by `as_of`; or with every scenario among those given that does
        not hold for the area and the day.
    OfficeError
        With all that is wrong in the workbook that `office` names, and when a row must stay in the house.

    Warns
    -----
    UserWarning
        When rows of that workbook are dated after `as_of`: they have no effect.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project
    >>> project, params = open_project(as_of="2023-06-30", horizon=2)
    >>> project.areas.loc[params.area, "name_en"], params.horizon
    ('Sa Pa town', 2)
    >>> open_project(as_of="2023-06-31", horizon=31)
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 2 problems
      as_of: "2023-06-31" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD
      horizon: found 31; wanted a whole number, 0 to 30 years
    """
    root = project_root()
    injected = {name: None for name in injected_names() if name not in values}
    check_values({**injected, **values}, values if injected else NAMES, root=root)
    shared = {name: value for name, value in given_choices(values).items() if name in Params.model_fields}
    params = load_params(root / "params/baseline.yml").with_values(**shared)
    office = office_at(values["office"], area=params.area, root=root) if values.get("office") else None
    if office and (late := known_later(office, params.as_of)):
        warnings.warn(late, stacklevel=2)
    project = load_project(root, office=office)
    _check_anything_known(project, params)
    project, params = with_own(project, params)
    if "scenarios" in shared:
        _check_holding(project, params)
    return project, params


def _check_anything_known(project: Project, params: Params) -> None:
    mine = project.evidence[project.evidence["area"] == params.area]
    if mine.empty:
        areas = ", ".join(sorted(set(project.evidence["area"])))
        message = f'no figure of "{params.area}" has been published; areas with figures: {areas}'
        raise ParamsError([Problem("parameters", 0, "area", message)])
    first = min((last_day(text) for text in mine["published"] if text), default=None)
    if first is None or params.as_of < first:
        known = f"the first is of {first}" if first else "no page of it bears a date"
        message = f"no figure of {params.area} had been published by {params.as_of}; {known}"
        raise ParamsError([Problem("parameters", 0, "as_of", message)])


def _check_holding(project: Project, params: Params) -> None:
    """Raise an error with every scenario that was asked for and does not hold for the area and the day.

    What the scenarios change is forecast for it, as a notebook that compares them does too.
    """
    asked = [project.scenarios[name] for name in params.scenarios]
    changed = dict.fromkeys(part.indicator for scenario in asked for part in scenario.adjustments)
    outcomes = {name: assess_indicator(project, params, name) for name in changed}
    problems = [
        Problem("parameters", 0, "scenarios", f'"{name}" does not hold here: {why}')
        for name, why in left_out(project, params, outcomes, elsewhere=True).items()
    ]
    if problems:
        raise ParamsError(problems)
