"""What is new since the last edition: judgements that changed, what moved each middle, and new figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ..core import Params
from ..evidence import as_day, is_doubted
from ..series import find_family
from .assess import Results
from .changed_figures import ABOUT, changed_figures
from .changed_judgements import changed_pairs, judgements_of
from .edition_causes import day_of, edition_change
from .known import lineage
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
        method_status, method_n_years (today's package on the day of the edition), status, overdue, cause (of
        the new status, after what the method moved: `result`, a result that was published; `data`, new
        figures; `horizon`, days passed; `target`, it was printed otherwise; or `method` alone), and figures
        (places of `figures` that bear on it, the most telling first, a ;-list).
    moves : pandas.DataFrame
        How chance and middle moved by cause, of the targets of the core and of those indicators with a
        changed judgement; see `edition_change`. `before` and the four causes sum to `after`; a `method` that
        is blank counts as none.
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
        The day of the edition; by default the last of `params.editions` before the day. Days before the area
        existed are none of its editions.

    Returns
    -------
    Changes or None

    Raises
    ------
    SapaError
        When `since` is not earlier than the day.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from sapa_analysis.pipeline import assess_targets, changes_since, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, subjects={"output": ["handicraft_output"]})
    >>> goals = [goal for goal in project.targets if goal.indicator_id == "handicraft_output"]
    >>> project = replace(project, targets=goals)  # one indicator, to be quick
    >>> changes = changes_since(project, params, assess_targets(project, params))
    >>> told = changes.judgements.set_index("target").loc["resolution-2023.08.handicraft_output"]
    >>> told[["old_status", "status", "cause"]].to_list()
    ['not_assessed', 'very_unlikely', 'data']
    """
    if since is None:
        since = _last_edition(project, params)
    if since is None:
        return None
    day = day_of(params, since)
    pairs = changed_pairs(project, params, results, day)
    names = dict.fromkeys([*params.core, *(pair.goal.indicator_id for pair in pairs)])
    moves = edition_change(project, params, since=day, indicators=names)
    figures = _new_figures(project, params, results, day)
    judgements = judgements_of(pairs, moves, figures, params.area)
    return Changes(day, project, results, judgements, moves, figures)


def _last_edition(project: Project, params: Params) -> date | None:
    """Return the last edition before the day, or None where the area has had none since it exists."""
    begun = as_day(str(project.areas.loc[params.area, "valid_from"]) or None)
    return max(
        (day for day in params.editions if day < params.as_of and (begun is None or day >= begun)),
        default=None,
    )


def _new_figures(project: Project, params: Params, results: Results, day: date) -> pd.DataFrame:
    """Return the figures that came, went or were corrected since a day and bear on a target of the run."""
    old, new = (_firm(project.as_of(when).evidence) for when in (day, params.as_of))
    held = lineage(project, params.area)
    areas = [*reversed(held), *(bridge.of for bridge in params.bridges if bridge.to in held)]
    found = changed_figures(old, new, areas)
    found = found[~_same_number(found)]
    bearing = _bearing(project, params, results)
    about = list(zip(found["indicator_id"], found["area"], strict=True))
    found["targets"] = [";".join(bearing.get(each, [])) for each in about]
    ids = _ids(new, old)
    said = found[ABOUT].assign(value=found["new_value"].fillna(found["old_value"]))
    found["ids"] = [ids[tuple(row)] for row in said.itertuples(index=False)]
    order = found["area"].map({area: place for place, area in enumerate(dict.fromkeys(areas))})
    found = found[found["targets"] != ""].assign(order=order)
    return found.sort_values("order", kind="stable", ignore_index=True).drop(columns="order")


def _same_number(figures: pd.DataFrame) -> pd.Series:
    """Return which corrections leave the number as it was and change its page or date only."""
    sides = [figures[[f"{side}_{name}" for name in ("value", "bound", "kind")]] for side in ("old", "new")]
    return pd.Series((sides[0].to_numpy() == sides[1].to_numpy()).all(axis=1), figures.index)


def _firm(evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that may enter a series: nobody doubts them, and they count what others count."""
    counted = evidence["definition"].fillna("") == "" if "definition" in evidence else True
    return evidence[~is_doubted(evidence) & counted]


def _bearing(project: Project, params: Params, results: Results) -> dict[tuple[str, str], list[str]]:
    """Return the targets on which the figures of an indicator and area bear.

    They are those of its family, and those whose series was found together with its own.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for goal in results.targets:
        members = find_family(goal.indicator_id, project.indicators).members
        observed = results.outcomes[goal.indicator_id].observed
        together = {(name, area) for name, area, *_ in observed.support} if observed is not None else set()
        for each in {(name, params.area) for name in members} | together:
            found.setdefault(each, []).append(goal.id)
    return found


def _ids(new: pd.DataFrame, old: pd.DataFrame) -> dict[tuple[Any, ...], str]:
    """Return the rows of the evidence behind each statement that only one side has, else all of the new."""
    found: dict[tuple[Any, ...], list[str]] = {}
    sides = [side.assign(id="") if "id" not in side else side for side in (new, old)]
    apart = [sides[0][~sides[0]["id"].isin(sides[1]["id"])], sides[0], sides[1]]
    for side in reversed(apart):
        rows = side[[*ABOUT, "value"]].itertuples(index=False)
        told: dict[tuple[Any, ...], list[str]] = {}
        for row, name in zip(rows, side["id"], strict=True):
            told.setdefault(tuple(row), []).append(str(name))
        found |= told
    return {statement: ";".join(names) for statement, names in found.items()}
