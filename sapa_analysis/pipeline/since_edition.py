"""What is new since the last edition: judgements that changed, what moved each middle, and new figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ..core import Params
from .assess import Results
from .project import Project


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What changed between an edition and a run on a later day.

    Attributes
    ----------
    since : datetime.date
        The day of the edition.
    project : Project
        The tables of the run.
    results : Results
        The run.
    judgements : pandas.DataFrame
        Targets that stand otherwise than at the edition, in the order of the verdicts: target (its id),
        indicator_id, end, old_status, old_overdue, old_n_years (years with a figure), old_probability,
        method_status (today's package on the day of the edition), status, overdue, cause (of the new status:
        `result`, a result that was published; `data`, new figures; `horizon`, days passed; `target`, it was
        printed otherwise; or `method`), and figures (places of `figures` that bear on it, the most telling
        first, a ;-list).
    moves : pandas.DataFrame
        How chance and middle of each core target moved, by cause; see `edition_change`. `before` and its four
        causes sum to `after`; a `method` that is blank counts as none.
    figures : pandas.DataFrame
        Figures added, corrected or withdrawn since that bear on a target: the columns of `changed_figures`,
        ids (of the evidence, a ;-list) and targets (a ;-list), those of the area first.
    """

    since: date
    project: Project
    results: Results
    judgements: pd.DataFrame
    moves: pd.DataFrame
    figures: pd.DataFrame


def changes_since(
    project: Project, params: Params, results: Results, *, since: date | str | None = None
) -> Changes | None:
    """Return what changed since the last edition before the day, or None where there is none.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, day, documents and the rest.
    results : Results
        The run of these parameters, as `assess_targets` returns it.
    since : date or str, optional
        The day of the edition; by default the last of `params.editions` before the day.

    Returns
    -------
    Changes or None

    Raises
    ------
    SapaError
        When `since` is not earlier than the day.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, changes_since, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, subjects={"output": ["handicraft_output"]})
    >>> changes = changes_since(project, params, assess_targets(project, params))
    >>> told = changes.judgements.set_index("target").loc["resolution-2023.08.handicraft_output"]
    >>> told[["old_status", "status", "cause"]].to_list()
    ['not_assessed', 'very_unlikely', 'data']
    """
    raise NotImplementedError
