"""Checks of the rows of a table: dates, ids, units, and references from row to row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pandas as pd

from ..core import Problem, last_day, nearest, note

#: Unknown words of one column to which the nearest known one is told.
_HINTS = 100


def check_dates(frame: pd.DataFrame, columns: Collection[str], problems: list[Problem]) -> None:
    """Add a problem for every text in `columns` that is not a calendar date; blanks are allowed.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    columns : collection of str
        Those that hold dates.
    problems : list of Problem
        Is added to.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import check_dates
    >>> problems = []
    >>> check_dates(pd.DataFrame({"date": ["2024-02-30"], "where": "events.csv:3"}), ["date"], problems)
    >>> print(*problems)
    line 3, date: "2024-02-30" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD
    """
    for column in columns:
        for where, text in zip(frame["where"], frame[column], strict=True):
            if text:
                check_cells(last_day, text, where=where, column=column, problems=problems)


def check_cells(
    read: Callable[..., object], *cells: str, where: str, column: str, problems: list[Problem]
) -> None:
    """Add a problem when cells of a row cannot be read."""
    try:
        read(*cells)
    except ValueError as error:
        note(problems, where, column, str(error))


def check_known(
    frame: pd.DataFrame, column: str, known: Collection[str], problems: list[Problem], what: str
) -> pd.Series:
    """Add a problem for every word of `column` that is not in `known`; return which rows are valid.

    If the table of ids could not be read, `known` is empty: that is one problem, not one per row.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    column : str
        The one that holds ids.
    known : collection of str
        The ids there are.
    problems : list of Problem
        Is added to.
    what : str
        What messages call such an id, `indicator`.

    Returns
    -------
    pandas.Series of bool
        Which rows are valid.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import check_known
    >>> frame = pd.DataFrame({"area": ["sa_pa", "lao_cay"], "where": ["a.csv:2", "a.csv:3"]})
    >>> problems = []
    >>> check_known(frame, "area", ["lao_cai", "sa_pa"], problems, "area").tolist()
    [True, False]
    >>> print(*problems)
    line 3, area: "lao_cay" is no area; did you mean lao_cai?
    """
    sound = frame[column].isin(list(known))
    hints: dict[str, str] = {}
    for row in frame[~sound & bool(len(known))].to_dict("records"):
        word = str(row[column])
        if word not in hints:  # a hint costs milliseconds, and only the first of a kind are printed
            hints[word] = f"; {nearest(word, known)}" if len(hints) < _HINTS else ""
        note(problems, row["where"], column, f'"{word}" is no {what}{hints[word]}')
    return sound


def check_units(frame: pd.DataFrame, indicators: pd.DataFrame, problems: list[Problem]) -> None:
    """Add a problem for every row whose unit or value (range, percentage) its indicator does not allow.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows with `indicator_id`, `unit`, `value`, `where`; unknown indicators are skipped.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    problems : list of Problem
        Receives the problems.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> row = {"where": ["a.csv:14"], "indicator_id": "tourist_arrivals", "unit": "people", "value": 3.2e6}
    >>> known, problems = sapa.evidence.load_indicators(sapa.core.project_root() / "data"), []
    >>> sapa.evidence.check_units(pd.DataFrame(row), known, problems)
    >>> print(*problems)
    line 14, unit: "people" is unknown for tourist_arrivals; write "visits"
    """
    known = indicators.to_dict("index")
    for row in records_of(frame[frame["indicator_id"].isin(indicators.index)]):
        indicator = known[row["indicator_id"]]
        if row["unit"] != indicator["unit"]:
            message = f'"{row["unit"]}" is unknown for {row["indicator_id"]}; write "{indicator["unit"]}"'
            note(problems, row["where"], "unit", message)
        elif message := _value_problem(float(row["value"]), indicator):
            note(problems, row["where"], "value", message)


def _value_problem(value: float, indicator: Mapping[Any, Any]) -> str:
    """Return why a value is impossible or implausible; an unreadable (NaN) value or bound passes."""
    lower, upper = indicator["lower"], indicator["upper"]
    if indicator["scale"] == "logit" and (value < 0 or value > 100):
        return f"{value:g} cannot be a share in percent; wanted 0 to 100"
    if value < lower or value > upper:
        wanted = f"{lower:,.10g} to {upper:,.10g} {indicator['unit']}"
        return f"{value:,.10g} is implausible for {indicator['indicator_id']}; wanted {wanted}"
    return ""


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values by column, ten times as fast as pandas does.

    Parameters
    ----------
    frame : pandas.DataFrame
        No two columns bear one name.
    """
    names = [str(name) for name in frame]
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(frame[name].tolist() for name in frame), strict=True)
    ]


def check_references(frame: pd.DataFrame, column: str, problems: list[Problem], what: str) -> None:
    r"""Add a problem for every reference to another row that leads to no row, to itself or in a circle.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows by id, with `where`.
    column : str
        Its cells are blank, an id, or a ;-list of ids of the same table.
    problems : list of Problem
        Receives the problems.
    what : str
        What a row is, for messages.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import check_references
    >>> rows = {"parent": ["lao_cai", "viet_nam", "lao_cay"], "where": ["a:2", "a:3", "a:4"]}
    >>> problems = []
    >>> frame = pd.DataFrame(rows, index=["viet_nam", "lao_cai", "sa_pa"])
    >>> check_references(frame, "parent", problems, "area")
    >>> print(*problems, sep="\n")
    line 4, parent: "lao_cay" is no area; did you mean lao_cai?
    line 2, parent: goes in a circle: viet_nam -> lao_cai -> viet_nam
    """
    links: dict[str, list[str]] = {}
    for own, cell, where in zip(frame.index, frame[column].tolist(), frame["where"].tolist(), strict=True):
        links[str(own)] = words = [word for word in str(cell).split(";") if word]
        for word in words:
            if words.count(word) > 1:
                note(problems, where, column, f'"{word}" stands twice')
            elif word not in frame.index:
                note(problems, where, column, f'"{word}" is no {what}; {nearest(word, frame.index)}')
            elif word == own:
                note(problems, where, column, f'"{word}" names itself')
    for walk in _circles(links):
        message = f"goes in a circle: {' -> '.join([*walk, walk[0]])}"
        note(problems, str(frame.loc[walk[0], "where"]), column, message)


def _circles(links: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Yield circles of more than one row until none is left, each from the row that stands first."""
    left = {own: [word for word in words if word != own] for own, words in links.items()}
    while left:
        try:
            TopologicalSorter(left).prepare()
            return
        except CycleError as error:
            # each name in it is one of the links of the next
            walk = error.args[1][:0:-1]
        first = min(walk, key=list(links).index)
        yield walk[walk.index(first) :] + walk[: walk.index(first)]
        left = {own: words for own, words in left.items() if own not in walk}
