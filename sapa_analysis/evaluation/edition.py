"""Editions: verdicts of official dates, issued into the register and scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from ..core import Outcome, Params
from ..pipeline import Project, Results, assess_targets, judge
from ..verdicts import PLAN_KINDS, REGISTER, issue_verdicts, plan_pairs, read_register
from .verification import brier_scores, reliability, settle


def judge_edition(project: Project, params: Params) -> Results:
    """Return the verdicts on every target of the area known at the vintage, from all documents.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area and vintage; the documents of `params` come first.
    """
    mine = [target.document for target in project.targets if target.area == params.area]
    documents = list(dict.fromkeys([*params.documents, *mine]))
    return assess_targets(project, params.with_values(documents=documents))


def plan_record(
    project: Project, params: Params, *, known: Mapping[str, Outcome] | None = None
) -> pd.DataFrame:
    """Return the yearly plans of the area with their known outcomes; see `verdicts.plan_pairs`.

    Parameters
    ----------
    project, params, known
        As in `assess_targets`.
    """
    setters = project.documents[project.documents["kind"].isin(PLAN_KINDS)].index
    mine = [
        target.document
        for target in project.targets
        if target.area == params.area and target.document in setters
    ]
    if not mine:
        return plan_pairs(judge({}, [], params), [], project.documents)
    plans = params.with_values(documents=list(dict.fromkeys(mine)))
    results = assess_targets(project, plans, known=known)
    return plan_pairs(results.verdicts, results.targets, project.documents)


def missing_editions(project: Project, params: Params) -> list[date]:
    """Return the editions of the parameters that are missing in the register for the area."""
    issued = read_register(project.root / REGISTER, area=params.area)
    return [day for day in params.editions if day not in set(issued["as_of"])]


def issue_edition(project: Project, params: Params, *, issued: date) -> Path:
    """Append the verdicts of one vintage to the project's register; see `verdicts.issue_verdicts`."""
    results = judge_edition(project, params)
    return issue_verdicts(
        project.root / REGISTER,
        results.verdicts,
        results.readings,
        area=params.area,
        as_of=params.as_of,
        issued=issued,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The verdicts issued up to a date, with their outcomes and scores.

    Attributes
    ----------
    issued : pandas.DataFrame
        Every verdict of the register up to the date; see `verdicts.read_register`.
    cases : pandas.DataFrame
        Those with a probability and an outcome known by the date; see `evaluation.settle`.
    scores : pandas.DataFrame
        Their Brier scores; see `evaluation.brier_scores`.
    bins : pandas.DataFrame
        Share attained by stated probability; see `evaluation.reliability`.
    """

    issued: pd.DataFrame
    cases: pd.DataFrame
    scores: pd.DataFrame
    bins: pd.DataFrame


def score_editions(project: Project, params: Params) -> Kept:
    """Return the verdicts issued for an area up to a date, scored by the outcomes known then.

    Parameters
    ----------
    project : Project
        The tables; the register is in its root folder.
    params : Params
        Area and date (`as_of`).
    """
    issued = read_register(project.root / REGISTER, area=params.area, until=params.as_of)
    cases = settle(issued, judge_edition(project, params).verdicts)
    return Kept(issued, cases, brier_scores(cases), reliability(cases))
