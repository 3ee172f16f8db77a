"""Reference tables: indicators, areas, events, covariates and documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import (
    Areas,
    CircleError,
    Covariates,
    DataError,
    Documents,
    Events,
    Indicators,
    Problem,
    SapaError,
    in_order,
    last_day,
    loader,
    nearest,
    note,
    parse_formula,
    parse_period,
    read_table,
)


@loader(DataError)
def load_indicators(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return `data/indicators.csv`, one concept per row, indexed by `indicator_id`.

    Parameters
    ----------
    folder : path
        Holds the file.
    problems : list of Problem, optional
        Receives every problem; when not given, a `DataError` with all of them is raised.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> sapa.evidence.load_indicators(sapa.core.project_root() / "data").loc["tourism_revenue", "unit"]
    'billion_vnd'
    """
    frame = _by_id(read_table(folder / "indicators.csv", Indicators, problems), "indicator_id")
    for row in frame.to_dict("records"):
        for column, message in _indicator_problems(row, frame.index):
            note(problems, row["where"], column, message)
    _check_circles(frame, problems)
    return frame


def _check_circles(frame: pd.DataFrame, problems: list[Problem]) -> None:
    """Add a problem for a circular derivation, at its first formula, and for invalid formulas."""
    formulas = {}
    for row in frame[frame["formula"] != ""].to_dict("records"):
        try:
            formulas[row["indicator_id"]] = parse_formula(row["formula"])
        except SapaError as error:
            note(problems, row["where"], "formula", str(error))
    try:
        in_order(formulas)
    except CircleError as error:
        note(problems, str(frame.loc[error.names[0], "where"]), "formula", str(error))


def _by_id(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.drop_duplicates(column).set_index(column, drop=False)


def _indicator_problems(row: Mapping[Any, Any], known: pd.Index) -> Iterator[tuple[str, str]]:
    words = [("formula", word) for word in re.findall(r"[a-z]\w+", row["formula"])]
    for column, word in [*words, *([("growth_of", row["growth_of"])] if row["growth_of"] else [])]:
        if word not in known:
            yield column, f'"{word}" is no indicator; {nearest(word, known)}'
    if bool(row["formula"]) != (row["role"] == "derived"):
        yield "formula", f"role {row['role']} and formula do not fit together"
    if row["lower"] >= row["upper"]:
        yield "upper", f"{row['upper']:g} is not above lower, {row['lower']:g}"
    real_growth = row["growth_of"] and row["prices"] == "constant"
    if bool(row["prices"]) != ("vnd" in row["unit"]) and not real_growth:
        found = row["prices"] or "blank"
        yield (
            "prices",
            f"{found} does not fit unit {row['unit']}; only amounts of VND are current or constant",
        )
    if row["scale"] == "log" and row["lower"] <= 0:
        yield "lower", f"{row['lower']:g} has no logarithm; scale log needs a lower above 0"


@loader(DataError)
def load_areas(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return `data/areas.csv`, one territory per row, indexed by `area`.

    Parameters
    ----------
    folder : path
        Holds the file.
    problems : list of Problem, optional
        Receives every problem; when not given, a `DataError` with all of them is raised.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> sapa.evidence.load_areas(sapa.core.project_root() / "data").loc["sa_pa", "parent"]
    'lao_cai'
    """
    frame = _by_id(read_table(folder / "areas.csv", Areas, problems), "area")
    check_dates(frame, ("valid_from", "valid_to"), problems)
    for row in frame.to_dict("records"):
        for column, message in _area_problems(row, frame.index):
            note(problems, row["where"], column, message)
    return frame


def _area_problems(row: Mapping[Any, Any], known: pd.Index) -> Iterator[tuple[str, str]]:
    for column in ("parent", "predecessors"):
        for word in filter(None, row[column].split(";")):
            if word not in known:
                yield column, f'"{word}" is no area; {nearest(word, known)}'
    if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
        yield "valid_to", f"{row['valid_to']} lies before valid_from, {row['valid_from']}"


@loader(DataError)
def load_events(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return `data/events.csv`, one dated event per row.

    Parameters
    ----------
    folder : path
        Holds the file.
    problems : list of Problem, optional
        Receives every problem; when not given, a `DataError` with all of them is raised.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> sapa.evidence.load_events(sapa.core.project_root() / "data").loc[0, "date"]
    '2014-09-21'
    """
    frame = read_table(folder / "events.csv", Events, problems)
    check_dates(frame, ("date", "published"), problems)
    return frame


@loader(DataError)
def load_covariates(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return all files of `data/covariates` as one table, with the file name in `series`.

    Parameters
    ----------
    folder : path
        Holds `covariates/*.csv`.
    problems : list of Problem, optional
        Receives every problem; when not given, a `DataError` with all of them is raised.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> sapa.evidence.load_covariates(sapa.core.project_root() / "data").loc[0, "value"].item()
    43.80741
    """
    frames = []
    for path in sorted((folder / "covariates").glob("*.csv")):
        frame = read_table(path, Covariates, problems).assign(series=path.stem)
        for where, period in zip(frame["where"], frame["period"], strict=True):
            freq = "Q" if "Q" in period else "M" if "-" in period else "A"
            _check(parse_period, period, freq, where=where, column="period", problems=problems)
        check_dates(frame, ("published",), problems)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["series"])


@loader(DataError)
def load_documents(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return `data/documents.csv`, one document per row, indexed by `document`.

    Parameters
    ----------
    folder : path
        Holds the file.
    problems : list of Problem, optional
        Receives every problem; when not given, a `DataError` with all of them is raised.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> sapa.evidence.load_documents(sapa.core.project_root() / "data").loc["congress-2020", "published"]
    '2020-06-30'
    """
    frame = _by_id(read_table(folder / "documents.csv", Documents, problems), "document")
    check_dates(frame, ("published",), problems)
    return frame


def check_dates(frame: pd.DataFrame, columns: Collection[str], problems: list[Problem]) -> None:
    """Add a problem for every text in `columns` that is not a calendar date; blanks are allowed.

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
                _check(last_day, text, where=where, column=column, problems=problems)


def _check(
    read: Callable[..., object], *cells: str, where: str, column: str, problems: list[Problem]
) -> None:
    try:
        read(*cells)
    except ValueError as error:
        note(problems, where, column, str(error))


def check_known(
    frame: pd.DataFrame, column: str, known: Collection[str], problems: list[Problem], what: str
) -> pd.Series:
    """Add a problem for every word of `column` that is not in `known`; return which rows are valid.

    If the table of ids could not be read, `known` is empty: that is one problem, not one per row.

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
    for row in frame[~sound & bool(len(known))].to_dict("records"):
        word = str(row[column])
        note(problems, row["where"], column, f'"{word}" is no {what}; {nearest(word, known)}')
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
    for row in frame[frame["indicator_id"].isin(indicators.index)].to_dict("records"):
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
