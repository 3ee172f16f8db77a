"""Definitions: figures that were counted another way stand apart from the series.

A figure of another definition is shown with its page, and says nothing about level, growth or spread of a
series: two old points of another definition make no trend. `data/definitions.csv` declares each, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import DataError, Definitions, Problem, loader, note, parse_period, read_table, term_years
from .catalogue import load_areas, load_indicators
from .row_check import check_dates, check_known


@loader(DataError)
def load_definitions(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return `data/definitions.csv`, one other definition per row; no rows where the file is missing.

    Parameters
    ----------
    folder : path
        Holds the file; a folder without it declares none.
    problems : list of Problem, optional
        Receives every problem; when not given, a `DataError` with all of them is raised.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> known = sapa.evidence.load_definitions(sapa.core.project_root() / "data").set_index("definition")
    >>> known.loc["arrivals-to-2016", ["indicator_id", "until", "basis"]].tolist()
    ['tourist_arrivals', '2016', 'inferred']
    """
    path = folder / "definitions.csv"
    if not path.exists():
        return pd.DataFrame(columns=[*Definitions.to_schema().columns, "where"], dtype="str")
    frame = read_table(path, Definitions, problems)
    check_known(frame, "indicator_id", load_indicators(folder, problems).index, problems, "indicator")
    check_known(frame, "area", load_areas(folder, problems).index, problems, "area")
    check_dates(frame, ("published",), problems)
    for row in frame.to_dict("records"):
        if bool(row["until"]) == bool(row["only_at"]):
            note(problems, row["where"], "until", "wanted a last year or only_at, the one page: one of them")
    return frame


def with_definitions(
    evidence: pd.DataFrame, definitions: pd.DataFrame, indicators: pd.DataFrame, areas: pd.DataFrame
) -> pd.DataFrame:
    """Return observations with the column `definition`: the id of another definition, blank for today's.

    A growth rate belongs to another definition when the year before its first one does: growth across a
    change of counting is none.

    Parameters
    ----------
    evidence : pandas.DataFrame
        Observations (the columns of `core.Observations`).
    definitions : pandas.DataFrame
        As `load_definitions` returns them, or those known on a day.
    indicators, areas : pandas.DataFrame
        As `load_indicators` and `load_areas` return them.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> project = sapa.pipeline.load_project()
    >>> page = {"indicator_id": "tourist_arrivals", "area": "sa_pa", "freq": "A", "source_url": "a page"}
    >>> pages = pd.DataFrame([page | {"period": year} for year in ("2015", "2016", "2017")])
    >>> tables = (project.definitions, project.indicators, project.areas)
    >>> sapa.evidence.with_definitions(pages, *tables)["definition"].tolist()
    ['arrivals-to-2016', 'arrivals-to-2016', '']
    """
    marks = pd.Series("", index=evidence.index, dtype="str")
    for definition in definitions.to_dict("records"):
        marks[_counted_so(evidence, definition, indicators, areas)] = definition["definition"]
    return evidence.assign(definition=marks)


def _counted_so(
    evidence: pd.DataFrame, definition: Mapping[Any, Any], indicators: pd.DataFrame, areas: pd.DataFrame
) -> pd.Series:
    level = definition["indicator_id"]
    rates = set(indicators.index[indicators["growth_of"] == level])
    mine: pd.Series = evidence["indicator_id"].isin([level, *rates])
    mine &= evidence["area"].isin(_within(definition["area"], areas))
    if definition["only_at"]:
        mine &= evidence["source_url"] == definition["only_at"]
        return mine
    first = [_first_year(row, row["indicator_id"] in rates) for row in evidence[mine].to_dict("records")]
    covered = pd.Series(first, index=evidence.index[mine], dtype="int64").reindex(evidence.index)
    counted: pd.Series = mine & (covered <= int(definition["until"]))
    return counted


def _within(area: str, areas: pd.DataFrame) -> set[str]:
    """Return an area and all that lie in it."""
    found = {area}
    while more := set(areas.index[areas["parent"].isin(found)]) - found:
        found |= more
    return found


def _first_year(row: Mapping[Any, Any], is_growth: bool) -> int:
    """Return the first year that a figure covers; growth covers the year before too."""
    if row["freq"] == "TERM":
        first = term_years(row["period"])[0]
    else:
        first = parse_period(row["period"], row["freq"]).start.year
    return first - is_growth
