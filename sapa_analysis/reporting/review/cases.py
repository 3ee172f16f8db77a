"""The case of a subject: what kind of sentence its figures and goals call for."""

from __future__ import annotations

import pandas as pd

from ..compared import compared_as
from .phrases import compared, pace_ratio
from .subjects import Aim, Subject

#: From here on the pace needed is far beyond the own one.
_FAR = 0.5
#: Figures that lie more years than this before the last year that ended are old.
_RECENT = 2
#: Why a goal with a figure is not assessed, where its sentence says so.
_UNJUDGED = {"no_tolerance": "no_tolerance", "too_wide": "too_few", "too_few_years": "too_few"}
#: Cases of which several in one field are told in one sentence.
JOINED = ("old", "too_few", "overdue")
#: And of those in which the office gave figures of nearly every target; tables tell their paces.
JOINED_OF_OFFICE = ("on_pace", "behind", "far_behind", "estimate", "share")


def case_of(subject: Subject, ended: int) -> str:
    """Return the case of a subject, a key of the texts `review.sentences`; blank if nothing can be said.

    Parameters
    ----------
    subject : Subject
        An indicator with its goals.
    ended : int
        The last year that had ended.
    """
    aim = subject.lead
    if not subject.known:
        return _without_figure(subject)
    verdict = aim.verdict
    if verdict["status"] in ("met", "missed"):
        return str(verdict["status"])
    if verdict["latest_doubt"]:
        return "doubted"
    if (only := compared_only(aim)) and not _judged(subject):
        return only
    if verdict["reason"] in _UNJUDGED and not _judged(subject):
        return _UNJUDGED[str(verdict["reason"])]
    return _of_figure(aim, ended)


def compared_only(aim: Aim) -> str:
    """Return `share` or `rating` for a goal with a figure of the office but no chance; blank for others."""
    return compared_as(aim.verdict)


def judged(aim: Aim) -> bool:
    """Return whether a goal has a word that says how likely it is, or that it was met or missed."""
    return aim.row.status not in ("not_assessed", "plan_only")


def _judged(subject: Subject) -> bool:
    return any(judged(aim) for aim in subject.aims)


def _without_figure(subject: Subject) -> str:
    if any(pd.notna(aim.verdict["expected"]) and judged(aim) for aim in subject.aims):
        return "model_only"
    return "plan_only" if any(aim.row.status == "plan_only" for aim in subject.aims) else ""


def _of_figure(aim: Aim, ended: int) -> str:
    verdict = aim.verdict
    if _few_months(aim):
        return "running"
    if verdict["overdue"]:
        if verdict["latest_year"] != aim.row.end:
            return "overdue"
        return "estimate" if verdict["latest_kind"] == "estimate" else "part_year"
    if verdict["passed"]:
        return "passed"
    if ended - int(verdict["latest_year"]) > _RECENT:
        return "old"
    if verdict["latest_kind"] == "estimate" and verdict["latest_basis"] == "year_estimate":
        return "estimate"
    return _of_pace(aim)


def _few_months(aim: Aim) -> bool:
    """Return whether the figure is of so few months that nothing can be set beside a goal."""
    verdict = aim.verdict
    return bool(verdict["latest_basis"] == "part_year" and not compared(aim) and not verdict["latest_doubt"])


def _of_pace(aim: Aim) -> str:
    ratio = pace_ratio(aim)
    if ratio is not None:
        return "on_pace" if ratio >= 1 else "behind" if ratio >= _FAR else "far_behind"
    if aim.verdict["latest_basis"] == "part_year":
        return "part_year"
    return "recent" if pd.notna(aim.verdict["pace"]) else "alone"
