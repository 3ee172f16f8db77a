"""Comparison of two documents: their targets, which is stricter, and the pace between them.

A target is the set of values that attain it. One target is stricter than another of the same indicator, area,
unit and time when every value that attains it also attains the other, but not the reverse.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from ..core import Problem, Target, TargetsError, as_targets, nearest
from .pace import Pace, required_pace
from .relation import Relations

#: How the first document's target relates to the second's.
RELATIONS = (
    "same", "stricter", "looser", "neither",
    "other_year", "other_unit", "other_definition", "other_area", "only_one", "only_other",
)  # fmt: skip
#: Keys of the explanatory sentences, for relations that have more than one.
NOTES = {
    "other_year": ("later_year", "year_of_term", "other_year"),
    "other_definition": ("other_definition", "other_measure"),
}
#: Columns given for each of the two targets, with the suffix `_one` or `_other`.
FIELDS = [
    "document", "id", "indicator_id", "area", "measure", "start", "end", "sense", "value", "value_high",
    "tolerance", "unit",
]  # fmt: skip
_NUMBERS = ["value", "value_high", "tolerance"]
COLUMNS = ["relation", "note", *(f"{name}_{side}" for name in FIELDS for side in ("one", "other")),
           "pace", "pace_unit", "years"]  # fmt: skip


def compare_documents(
    targets: pd.DataFrame | Iterable[Target],
    one: str | Sequence[str],
    other: str | Sequence[str],
    *,
    indicators: pd.DataFrame,
    relations: Relations | None = None,
) -> pd.DataFrame:
    """Return the targets of two documents, paired where they concern the same or a related indicator.

    Parameters
    ----------
    targets : iterable of Target, or pandas.DataFrame
        As `load_targets` returns them, or rows of `core.Targets`.
    one, other : str or sequence of str
        Ids of documents; several count as one side (a congress, and goals restated later).
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    relations : Relations, optional
        As `load_relations` returns them; they say which indicators are related but different.

    Returns
    -------
    pandas.DataFrame
        One row per pair of targets of the same or of related indicators, in the order of the first
        document, then one row per target that only the second has. `relation` is one of `RELATIONS` and
        describes the first: `stricter` means that it asks more. `note` is the key of the sentence that
        explains it. `FIELDS` are given for both targets. `pace` is the change needed in each of the `years`
        between two levels, from the earlier to the later, in `pace_unit`: percent a year, or for rates
        percentage points a year.

    Raises
    ------
    TargetsError
        When a document has no target or is on both sides, or when an indicator is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> goal = {"indicator_id": "tourist_arrivals", "area": "sa_pa", "measure": "level", "end": 2025,
    ...         "sense": "at_least", "unit": "visits"}
    >>> goals = pd.DataFrame([goal | {"id": "a.1", "document": "a", "value": 8e6},
    ...                       goal | {"id": "b.1", "document": "b", "value": 5.8e6}])
    >>> known = sapa.evidence.load_indicators(sapa.core.project_root() / "data")
    >>> compared = sapa.targets.compare_documents(goals, "a", "b", indicators=known)
    >>> compared[["relation", "value_one", "value_other"]]
       relation  value_one  value_other
    0  stricter  8000000.0    5800000.0
    """
    names = [[side] if isinstance(side, str) else list(side) for side in (one, other)]
    rows_of = as_targets(targets)
    _check_names(rows_of, names, indicators)
    first, second = (
        [target for name in side for target in rows_of if target.document == name] for side in names
    )
    akin = relations or Relations()
    rows = [row for mine in first for row in _beside(mine, second, akin)]
    paired = {row["id_other"] for row in rows if "id_other" in row}
    rows += [
        {"relation": "only_other", "note": "only_other", **_told(target, "other")}
        for target in second
        if target.id not in paired
    ]
    whole = dict.fromkeys(["start_one", "start_other", "end_one", "end_other", "years"], "Int64")
    amounts = dict.fromkeys([f"{name}_{side}" for name in _NUMBERS for side in ("one", "other")], "float64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(whole | amounts)


def _check_names(targets: Sequence[Target], names: list[list[str]], indicators: pd.DataFrame) -> None:
    known = {target.document for target in targets}
    asked = [name for side in names for name in side]
    problems = [
        Problem("documents", 0, "", f'"{name}" has no target; {nearest(name, known)}')
        for name in asked
        if name not in known
    ]
    twice = sorted({name for name in asked if asked.count(name) > 1})
    problems += [Problem("documents", 0, "", f'"{name}" would be compared with itself') for name in twice]
    used = {target.indicator_id for target in targets if target.document in asked}
    problems += [
        Problem("targets", 0, "indicator_id", f'"{name}" is no indicator; {nearest(name, indicators.index)}')
        for name in sorted(used - set(indicators.index))
    ]
    if problems:
        raise TargetsError(problems)


def _beside(mine: Target, second: list[Target], relations: Relations) -> Iterator[dict[str, Any]]:
    """Yield one row per target of the same or a related indicator, or a single row that there is none."""
    own = mine.indicator_id
    others = [
        other for other in second if own == other.indicator_id or relations.are_akin(own, other.indicator_id)
    ]
    for other in others:
        yield _pair(mine, other)
    if not others:
        yield {"relation": "only_one", "note": "only_one", **_told(mine, "one")}


def _pair(mine: Target, other: Target) -> dict[str, Any]:
    relation = relate(mine, other)
    pace = _pace_between(mine, other) if relation == "other_year" else None
    told: dict[str, Any] = {"relation": relation, "note": _note(relation, mine, other, pace)}
    if pace:
        told |= {"pace": pace.per_year, "pace_unit": pace.unit, "years": pace.years}
    return told | _told(mine, "one") | _told(other, "other")


def _told(target: Target, side: str) -> dict[str, Any]:
    return {f"{name}_{side}": getattr(target, name) for name in FIELDS}


def relate(one: Target, other: Target) -> str:
    """Return how one target relates to another.

    The first difference is reported, in the order statistic, area, unit, time. The growth of a year and the
    mean growth of a term are one statistic over different times. `about` without a printed tolerance equals
    only itself, because the values that attain it are not defined.

    Parameters
    ----------
    one, other : Target
        The targets.

    Returns
    -------
    str
        A word of `RELATIONS`, except the last two; it describes the first target.
    """
    if (one.indicator_id, _kind(one)) != (other.indicator_id, _kind(other)):
        return "other_definition"
    if one.area != other.area:
        return "other_area"
    if one.unit != other.unit:
        return "other_unit"
    if _years(one) != _years(other):
        return "other_year"
    return _stricter(one, other)


def _kind(target: Target) -> str:
    return "growth" if target.measure == "term_mean_growth" else target.measure


def _years(target: Target) -> tuple[int, int]:
    first = target.start if target.measure.startswith("term") else target.end
    return (target.end if first is None else first), target.end


def _stricter(one: Target, other: Target) -> str:
    vague = [target.sense == "about" and target.tolerance is None for target in (one, other)]
    if any(vague):
        return "same" if all(vague) and one.value == other.value else "neither"
    (low, high), (other_low, other_high) = _ends(one), _ends(other)
    inside = low >= other_low and high <= other_high
    outside = low <= other_low and high >= other_high
    return "same" if inside and outside else "stricter" if inside else "looser" if outside else "neither"


def _ends(target: Target) -> tuple[tuple[float, int], tuple[float, int]]:
    """Return the lower and upper end of the values that attain a target; an open end sorts further in."""
    value, half = target.value, target.tolerance or 0.0
    high = math.nan if target.value_high is None else target.value_high
    ends = {
        "more_than": ((value, 1), (math.inf, 0)),
        "at_least": ((value, 0), (math.inf, 0)),
        "less_than": ((-math.inf, 0), (value, -1)),
        "at_most": ((-math.inf, 0), (value, 0)),
        "between": ((value, 0), (high, 0)),
        "about": ((value - half, 0), (value + half, 0)),
    }
    return ends[target.sense]


def _pace_between(one: Target, other: Target) -> Pace | None:
    if {one.measure, other.measure} != {"level"}:
        return None
    early, late = sorted((one, other), key=lambda target: target.end)
    return required_pace(late, pd.Series([early.value], index=[early.end]))


def _note(relation: str, one: Target, other: Target, pace: Pace | None) -> str:
    if relation == "other_definition":
        return "other_definition" if one.indicator_id != other.indicator_id else "other_measure"
    if relation != "other_year":
        return relation
    if pace:
        return "later_year"
    (first, last), (other_first, other_last) = _years(one), _years(other)
    within = (other_first <= first and last <= other_last) or (first <= other_first and other_last <= last)
    return "year_of_term" if within else "other_year"
