"""The consistency checks of the documents: whether their printed numbers agree with each other.

A finding is about the printed numbers, not about whether a goal will be reached. `consistent`: they agree
within rounding and the declared limits. `tension`: both can be right only if they count different things or
if something changes unusually fast; the statistical office should say which. `cannot_both_hold`: as printed,
one of them is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import pandas as pd

from ...core import Observations, Problem, Target, TargetsError, as_targets
from ..relation import Relations
from .amounts import prices_per_head, rates, within, within_per_head, years_of_term
from .counts import fractions, least_units, part_of_whole, share_of_units, shares_of_whole
from .papers import NUMBERS, Finding, Papers, read_papers

#: Every check by its name, or by the section of `data/relations.yml` that declares and names checks of its
#: kind, in the order of the report.
CHECKS: dict[str, Callable[[Papers], Iterator[Finding]]] = {
    "shares_of_whole": shares_of_whole,
    "fractions": fractions,
    "share_of_units": share_of_units,
    "least_units": least_units,
    "part_of_whole": part_of_whole,
    "rates": rates,
    "within": within,
    "within_per_head": within_per_head,
    "prices_per_head": prices_per_head,
    "years_of_term": years_of_term,
}
COLUMNS = [
    "check", "finding", "note", "indicator_id", "area", "unit", "documents", "targets", "since", "year",
    *NUMBERS,
]  # fmt: skip


def check_documents(
    targets: pd.DataFrame | Iterable[Target],
    *,
    indicators: pd.DataFrame,
    figures: pd.DataFrame | None = None,
    relations: Relations | None = None,
) -> pd.DataFrame:
    """Return the findings of every check on the numbers that documents print.

    Parameters
    ----------
    targets : iterable of Target, or pandas.DataFrame
        As `load_targets` returns them, or rows of `core.Targets`; all are compared with each
        other within an area.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    figures : pandas.DataFrame, optional
        Evidence as known at the vintage: published amounts, counts and people.
    relations : Relations, optional
        As `load_relations` returns them: parts, counts of units, restated goals, limits, declared checks.

    Returns
    -------
    pandas.DataFrame
        One row per case that a check reports: `check` (its name), `finding` (one of `FINDINGS`),
        `note` (key of the sentence that explains it), the indicator, area and unit of the first target,
        `documents` and `targets` (;-lists), the `year` for which the first is set, `since` (the year of the
        figure or goal compared with it, where that differs), and the columns `NUMBERS`, NaN where a check
        has no such number.

    Raises
    ------
    TargetsError
        When the unit of a target is not that of its indicator.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> goal = {"document": "a", "area": "sa_pa", "measure": "level", "end": 2025, "sense": "about",
    ...         "unit": "percent"}
    >>> parts = {"share_agriculture": 12, "share_industry_construction": 28, "share_trade_services": 65}
    >>> goals = [goal | {"id": name, "indicator_id": name, "value": share} for name, share in parts.items()]
    >>> known = sapa.evidence.load_indicators(sapa.core.project_root() / "data")
    >>> found = sapa.targets.check_documents(pd.DataFrame(goals), indicators=known)
    >>> found[["check", "finding", "total", "gap"]]
                 check           finding  total  gap
    0  shares_of_whole  cannot_both_hold  105.0  5.0
    """
    rows_of = as_targets(targets)
    _refuse_other_units(rows_of, indicators)
    seen = pd.DataFrame(columns=list(Observations.to_schema().columns)) if figures is None else figures
    papers = read_papers(rows_of, seen, indicators, relations or Relations())
    rows = [_as_row(name, finding) for name, check in CHECKS.items() for finding in check(papers)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(since=table["since"].astype("Int64"))


def _refuse_other_units(targets: Sequence[Target], indicators: pd.DataFrame) -> None:
    own = indicators["unit"].to_dict()
    problems = [
        Problem(
            "targets",
            0,
            "unit",
            f'{target.id} is in "{target.unit}", its indicator in "{own.get(target.indicator_id)}"',
        )
        for target in targets
        if target.unit != own.get(target.indicator_id)
    ]
    if problems:
        raise TargetsError(problems)


def _as_row(check: str, finding: Finding) -> dict[str, Any]:
    first, numbers = finding.targets[0], cast("Mapping[str, float]", finding.numbers)
    return {
        "check": finding.check or check,
        "finding": finding.finding,
        "note": finding.note or finding.finding,
        **{name: first[name] for name in ("indicator_id", "area", "unit")},
        "documents": ";".join(dict.fromkeys(str(row["document"]) for row in finding.targets)),
        "targets": ";".join(str(row["id"]) for row in finding.targets),
        "since": finding.since,
        "year": int(first["end"]),
        **{name: float(numbers.get(name, math.nan)) for name in NUMBERS},
    }
