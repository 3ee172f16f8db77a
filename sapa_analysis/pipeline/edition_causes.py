"""Change of a verdict since an earlier edition, shared out among its causes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from math import isclose
from typing import Any

import numpy as np
import pandas as pd

from ..core import Array, Params, SapaError, Target
from ..evidence import as_day
from ..scenarios import fair_shares
from ..verdicts import REGISTER, read_register
from .assess import assess_indicator
from .judged import SETTLED, judged
from .known import known_targets
from .project import Project, check_names

#: What changes from one edition to the next, in the order in which it is told; what is new can only be known
#: after the days have passed.
_CAUSES = ("target", "horizon", "data")
_AFTER = (("horizon", "data"),)
_STATISTICS = ("probability", "expected")
_COLUMNS = ["target", "document", "indicator_id", "year", "statistic", "part", "kind", "value", "unit"]
#: What the name of a document ends with that prints the targets of another one anew.
_RESTATED = "-restated"
#: Relative difference of numbers as the register writes them, with six digits.
_SIX_DIGITS = 1e-5


def edition_change(
    project: Project,
    params: Params,
    *,
    since: date | str | None = None,
    indicators: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return how the chance and the median of each target changed since an edition, by cause.

    Causes are `method` (today's package on the day of the edition, less what was issued into the register
    then), `target` (it was printed otherwise, or restated), `horizon` (days have passed, nothing new was
    published: fewer years lie ahead), and `data` (what was published since). The last three are Shapley
    values, over the orders in which the days pass before what is new is known. All sum to the change.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, day, documents and the rest.
    since : date or str, optional
        The day of the edition; by default the last of `params.editions` before the day.
    indicators : iterable of str, optional
        Those whose targets are told; the core by default.

    Returns
    -------
    pandas.DataFrame
        Six rows per target and statistic: target (its id), document, indicator_id, year, statistic
        (`probability` or `expected`, the median of what is judged), part (`before`, the four causes,
        `after`), kind (`level` or `part`), value and unit (probabilities in percent, their parts in points).
        A result that is known is a probability of 0 or 100. What was not issued has no `method`: there
        `before` is today's answer for that day, and the value of `method` is blank. Targets without an answer
        on either day are left out.

    Raises
    ------
    SapaError
        When there is no earlier edition, or it is not earlier than the day.

    Examples
    --------
    >>> from sapa_analysis.pipeline import edition_change, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> changed = edition_change(project, params.with_values(n_paths=100), indicators=["tourist_arrivals"])
    >>> goal = changed[(changed["year"] == 2025) & (changed["statistic"] == "probability")]
    >>> goal.set_index("part")["value"].round(1).to_dict()
    {'before': 33.7, 'method': -30.6, 'target': 0.0, 'horizon': 0.0, 'data': -1.0, 'after': 2.0}
    """
    day = day_of(params, since)
    names = tuple(params.core if indicators is None else indicators)
    check_names(project, params, names)
    then = params.with_values(as_of=day)
    old = project.as_of(day)
    known = {goal.id: goal for goal in known_targets(old, then)}
    issued = read_register(project.root / REGISTER, area=params.area, until=day)
    issued = issued[issued["as_of"] == day].set_index("id")
    now = [goal for goal in known_targets(project, params) if goal.indicator_id in names]
    was = {goal.id: before_of(goal, known) for goal in now}
    pairs = [(_as_issued(was[goal.id], goal, issued), goal) for goal in now if was[goal.id]]
    if not pairs:
        return pd.DataFrame(columns=_COLUMNS)
    for name in names:  # the paths of today are asked for on every page: these are kept
        assess_indicator(project, params, name)

    def answer(at_work: frozenset[str]) -> pd.DataFrame:
        tables = project if "data" in at_work else old
        if at_work & {"horizon", "data"} == {"horizon"}:  # the days have passed, and nothing was published
            tables = replace(old, day=params.as_of)
        chosen = tuple(pair["target" in at_work] for pair in pairs)
        table = judged(tables, params if "horizon" in at_work else then, names, chosen)
        return table[table["target"] != ""].set_index("target")[list(_STATISTICS)]

    found: dict[frozenset[str], pd.DataFrame] = {}

    def numbers(at_work: frozenset[str]) -> Array:
        found[at_work] = answer(at_work)
        return np.asarray(found[at_work], dtype=float)

    shares = fair_shares(_CAUSES, numbers, after=_AFTER)
    first, last = np.asarray(found[frozenset()]), np.asarray(found[frozenset(_CAUSES)])
    rows = []
    for place, (_, goal) in enumerate(pairs):
        for column, statistic in enumerate(_STATISTICS):
            parts = {cause: float(shares[cause][place, column]) for cause in _CAUSES}
            ends = float(first[place, column]), float(last[place, column])
            rows += _told(goal, statistic, parts, ends, _issued(was[goal.id], statistic, issued))
    return pd.DataFrame(rows, columns=_COLUMNS)


def day_of(params: Params, since: date | str | None) -> date:
    """Return the day of the earlier edition."""
    if since is None:
        earlier = [day for day in params.editions if day < params.as_of]
        if not earlier:
            raise SapaError(f"no edition lies before {params.as_of}; name the day with since")
        return earlier[-1]
    day = as_day(since)
    if day is None or day >= params.as_of:
        raise SapaError(f"since {day} does not lie before {params.as_of}")
    return day


def before_of(goal: Target, known: dict[str, Target]) -> Target | None:
    """Return the target as it was known then: itself, or the one that its document restates."""
    return known.get(goal.id) or known.get(goal.id.replace(f"{_RESTATED}.", ".", 1))


def _as_issued(before: Target | None, goal: Target, issued: pd.DataFrame) -> Target:
    """Return a target as it was judged then, under its name of today; the register has six digits."""
    assert before is not None
    update: dict[str, Any] = {"id": goal.id, "document": goal.document}
    if before.id not in issued.index:
        return before.model_copy(update=update)
    row = _row(before.id, issued)
    for name in ("value", "value_high"):
        was, own = row[name], getattr(before, name)
        if pd.isna(was) != (own is None) or (own is not None and not isclose(was, own, rel_tol=_SIX_DIGITS)):
            update[name] = None if pd.isna(was) else float(was)
    for name in ("sense", "measure"):
        if row[name] != getattr(before, name):
            update[name] = str(row[name])
    return before.model_copy(update=update)


def _row(target: str, issued: pd.DataFrame) -> dict[str, Any]:
    return {str(name): value for name, value in issued.loc[target].items()}


def _issued(before: Target | None, statistic: str, issued: pd.DataFrame) -> float | None:
    """Return what was issued of a target: its probability, or its median; None where nothing was."""
    if before is None or before.id not in issued.index:
        return None
    row = _row(before.id, issued)
    if row["status"] in SETTLED:
        value = float(row["status"] == "met") if statistic == "probability" else row["latest"]
    else:
        value = row[statistic]
    return None if pd.isna(value) else float(value)


def _told(
    goal: Target, statistic: str, parts: dict[str, float], ends: tuple[float, float], issued: float | None
) -> list[dict[str, Any]]:
    """Return the rows of one target and statistic; none where a number is missing."""
    if any(pd.isna(value) for value in (*ends, *parts.values())):
        return []
    size, units = (
        (100.0, ("percent", "points")) if statistic == "probability" else (1.0, (goal.unit, goal.unit))
    )
    method = None if issued is None else ends[0] - issued
    levels = {"before": ends[0] if issued is None else issued, "method": method, **parts, "after": ends[1]}
    about = {
        "target": goal.id,
        "document": goal.document,
        "indicator_id": goal.indicator_id,
        "year": goal.end,
    }
    return [
        {
            **about, "statistic": statistic, "part": part, "value": None if value is None else size * value,
            "kind": "level" if part in ("before", "after") else "part",
            "unit": units[part not in ("before", "after")],
        }
        for part, value in levels.items()
    ]  # fmt: skip
