"""Input and output of the consistency checks: `Papers` and `Finding`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...core import Target, parse_formula
from ..relation import Relations

Row = Mapping[Any, Any]

#: The possible findings on numbers that are compared.
FINDINGS = ("consistent", "tension", "cannot_both_hold")

#: The numbers of a finding: unit and decimals; a blank unit means the unit of the indicator.
NUMBERS: dict[str, tuple[str, int]] = {
    "printed": ("percent", 2),
    "total": ("percent", 2),
    "gap": ("percentage_points", 2),
    "part": ("count", 0),
    "whole": ("count", 0),
    "units": ("units", 0),
    "all_units": ("units", 0),
    "units_below": ("units", 0),
    "share": ("percent", 2),
    "share_below": ("percent", 2),
    "part_value": ("", 2),
    "whole_value": ("", 2),
    "spend_before": ("million_vnd_per_visit", 2),
    "spend": ("million_vnd_per_visit", 2),
    "revenue": ("billion_vnd", 0),
    "retail": ("billion_vnd", 0),
    "grdp": ("billion_vnd", 0),
    "population": ("persons", 0),
    "ratio": ("percent", 0),
    "per_head_before": ("million_vnd", 2),
    "per_head": ("million_vnd", 2),
    "implied": ("million_vnd", 1),
    "implied_with_population": ("million_vnd", 1),
    "growth": ("percent", 1),
    "population_growth": ("percent", 1),
    "population_limit": ("percent", 1),
    "needed": ("percent", 1),
    "limit": ("percent", 0),
    "goal": ("", 2),
    "reached": ("", 2),
    "rest": ("", 2),
    "extreme": ("", 2),
    "set_years": ("count", 0),
    "left_years": ("count", 0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """The result of one check on some targets.

    Attributes
    ----------
    finding : str
        One of `FINDINGS`.
    targets : tuple of rows
        The targets whose numbers were compared; the first gives the indicator.
    numbers : mapping of str to float
        Names of `NUMBERS`.
    note : str
        Key of the sentence that explains it; blank where the check has one sentence per finding.
    since : int or None
        The year of the figure or goal they were compared with, where that differs.
    """

    finding: str
    targets: tuple[Row, ...]
    numbers: Mapping[str, float]
    note: str = ""
    since: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Papers:
    """The targets to check and the data they are compared with.

    Attributes
    ----------
    targets : sequence of rows
        The fields of each `Target`.
    levels : mapping of (document, area, year) to rows by indicator
        The goals of a level; a document that restates some goals of another includes the rest too.
    figures : sequence of rows
        Rows of `load_evidence` for a whole year, or for January to December.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    relations : Relations
        As `load_relations` returns them.
    """

    targets: Sequence[Row]
    levels: Mapping[tuple[str, str, int], Mapping[str, Row]]
    figures: Sequence[Row]
    indicators: pd.DataFrame
    relations: Relations

    def rows(self, **wanted: object) -> list[Row]:
        """Return the targets that have these values in these columns."""
        return [row for row in self.targets if all(row[name] == value for name, value in wanted.items())]

    def together(self, *names: str) -> Iterator[tuple[Row, ...]]:
        """Yield the levels that a document sets for all these indicators in one area and year.

        At least one of them is the document's own goal.
        """
        for (document, _, _), goals in self.levels.items():
            found = tuple(goals[name] for name in names if name in goals)
            if len(found) == len(names) and document in {row["document"] for row in found}:
                yield found

    def published(self, indicator: str, area: str) -> dict[str, float]:
        """Return one published figure a year, by period: of the whole year, else of January to December.

        Of several figures of a year, an actual comes before an estimate, then grade and date decide.
        """
        seen = [row for row in self.figures if (row["indicator_id"], row["area"]) == (indicator, area)]
        seen.sort(key=lambda row: [row["freq"], row["kind"], row["grade"], row["published"] or "9999"])
        best: dict[str, Row] = {}
        for row in seen:
            best.setdefault(row["period"][:4], row)
        return {str(best[year]["period"]): float(best[year]["value"]) for year in sorted(best)}

    def solve(self, derived: str, unknown: str, value: float, **given: float) -> float:
        """Return the input that gives a derived indicator its value; the formula is proportional to it."""
        formula = parse_formula(str(self.indicators.loc[derived, "formula"]))
        return value / formula({**given, unknown: 1.0})


def read_papers(
    targets: Sequence[Target], figures: pd.DataFrame, indicators: pd.DataFrame, relations: Relations
) -> Papers:
    """Return the tables in the form that the checks use; see `Papers`."""
    rows = [target.model_dump() for target in targets]
    counted = (figures["freq"] == "YTD") & figures["period"].str.endswith("-12")
    whole = figures[(figures["freq"] == "A") | counted]
    return Papers(rows, _levels_of(rows, relations), list(whole.to_dict("records")), indicators, relations)


def _levels_of(rows: Sequence[Row], relations: Relations) -> dict[tuple[str, str, int], dict[str, Row]]:
    levels: dict[tuple[str, str, int], dict[str, Row]] = {}
    for row in (row for row in rows if row["measure"] == "level"):
        key = (str(row["document"]), str(row["area"]), int(row["end"]))
        levels.setdefault(key, {}).setdefault(str(row["indicator_id"]), row)
    for pair in relations.restatements:
        for (document, area, year), goals in list(levels.items()):
            if document == pair.document:
                levels[document, area, year] = levels.get((pair.of, area, year), {}) | goals
    return levels
