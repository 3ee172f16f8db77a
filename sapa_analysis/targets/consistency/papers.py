"""Input and output of the consistency checks: `Papers` and `Finding`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, TypedDict, get_type_hints

import pandas as pd

from ...core import Target, last_day, parse_formula
from ..relation import Relations

Row = Mapping[Any, Any]

#: The possible findings on numbers that are compared.
FINDINGS = ("consistent", "tension", "cannot_both_hold")


class Printed(NamedTuple):
    """How a number of a finding is printed.

    Attributes
    ----------
    unit : str
        Its unit; blank for the unit of the first target.
    decimals : int
        Decimals in print.
    role : str
        Where the check is declared in `data/relations.yml`: the role there of the indicator that gives the
        unit instead; blank where none does.
    """

    unit: str
    decimals: int
    role: str = ""


class Numbers(TypedDict, total=False):
    """The numbers of a finding, by name.

    Of a declared check, whatever its indicators: `spend` is the rate, `revenue` the amount, `retail` a whole
    as a goal sets it, `grdp` a whole computed from an amount per head, `population` the people.
    """

    printed: Annotated[float, Printed("percent", 2)]
    total: Annotated[float, Printed("percent", 2)]
    gap: Annotated[float, Printed("percentage_points", 2)]
    part: Annotated[float, Printed("count", 0)]
    whole: Annotated[float, Printed("count", 0)]
    units: Annotated[float, Printed("units", 0)]
    all_units: Annotated[float, Printed("units", 0)]
    units_below: Annotated[float, Printed("units", 0)]
    share: Annotated[float, Printed("percent", 2)]
    share_below: Annotated[float, Printed("percent", 2)]
    part_value: Annotated[float, Printed("", 2)]
    whole_value: Annotated[float, Printed("", 2)]
    spend_before: Annotated[float, Printed("million_vnd_per_visit", 2, "rate")]
    spend: Annotated[float, Printed("million_vnd_per_visit", 2, "rate")]
    revenue: Annotated[float, Printed("billion_vnd", 0, "amount")]
    retail: Annotated[float, Printed("billion_vnd", 0, "whole")]
    grdp: Annotated[float, Printed("billion_vnd", 0, "whole")]
    population: Annotated[float, Printed("persons", 0, "people")]
    ratio: Annotated[float, Printed("percent", 0)]
    per_head_before: Annotated[float, Printed("million_vnd", 2, "per_head")]
    per_head: Annotated[float, Printed("million_vnd", 2, "per_head")]
    implied: Annotated[float, Printed("million_vnd", 1, "per_head")]
    implied_with_population: Annotated[float, Printed("million_vnd", 1, "per_head")]
    growth: Annotated[float, Printed("percent", 1)]
    population_growth: Annotated[float, Printed("percent", 1)]
    population_limit: Annotated[float, Printed("percent", 1)]
    needed: Annotated[float, Printed("percent", 1)]
    limit: Annotated[float, Printed("percent", 0)]
    goal: Annotated[float, Printed("", 2)]
    reached: Annotated[float, Printed("", 2)]
    rest: Annotated[float, Printed("", 2)]
    extreme: Annotated[float, Printed("", 2)]
    set_years: Annotated[float, Printed("count", 0)]
    left_years: Annotated[float, Printed("count", 0)]


#: How each number of a finding is printed.
NUMBERS: dict[str, Printed] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Numbers, include_extras=True).items()
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
    numbers : Numbers
        The numbers that were compared.
    note : str
        Key of the sentence that explains it; blank where the check has one sentence per finding.
    since : int or None
        The year of the figure or goal they were compared with, where that differs.
    check : str
        The name of the check where it is declared; blank where the code has only one.
    """

    finding: str
    targets: tuple[Row, ...]
    numbers: Numbers
    note: str = ""
    since: int | None = None
    check: str = ""


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
        seen.sort(
            key=lambda row: [row["freq"], row["kind"], row["grade"], last_day(row["published"] or "9999")]
        )
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
