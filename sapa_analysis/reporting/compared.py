"""Goals with a figure of the office that have no chance: they are only compared, or told by their rating."""

from __future__ import annotations

import pandas as pd

from ..evidence import is_office

#: By why a goal is not assessed.
_COMPARED = {"no_tolerance": "share", "yes_no": "rating"}


def compared_as(verdict: pd.Series) -> str:
    """Return how a verdict without a chance is told: `share`, `rating`, or blank.

    Of a share no document says how far from it is still good; of a rating only that of its year is known.
    """
    if verdict.get("status") != "not_assessed" or pd.isna(verdict.get("latest")):
        return ""
    return _COMPARED.get(str(verdict["reason"]), "") if is_office(verdict["latest_url"]) else ""


def only_compared(verdicts: pd.DataFrame, groups: pd.DataFrame | None = None) -> int:
    """Return how many goals are only compared or rated, or how many open groups lack nothing else."""
    marks = [bool(compared_as(row)) for _, row in verdicts.iterrows()]
    if groups is None:
        return sum(marks)
    marked = verdicts.assign(compared=marks)
    silent = marked[marked["status"] == "not_assessed"].groupby("clause")["compared"].all()
    open_ = groups.loc[groups["status"] == "not_assessed", "clause"]
    return sum(bool(clause and silent.get(clause, False)) for clause in open_)
