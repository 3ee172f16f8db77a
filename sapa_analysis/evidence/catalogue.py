"""Reference tables: indicators, areas, events, covariates and documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    Whereabouts,
    in_order,
    listed,
    loader,
    nearest,
    note,
    parse_formula,
    parse_period,
    read_table,
)
from .event import EVERY
from .row_check import check_cells, check_dates, check_known, check_references
from .shock_year import read_years


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
        for column, message in _indicator_problems(row):
            note(problems, row["where"], column, message)
    _check_formulas(frame, problems)
    for column in ("growth_of", "part_of"):
        check_references(frame, column, problems, "indicator")
    return frame


def _check_formulas(frame: pd.DataFrame, problems: list[Problem]) -> None:
    """Add a problem for every formula that is none or names no indicator, and for circular derivations."""
    formulas = {}
    for row in frame[frame["formula"] != ""].to_dict("records"):
        try:
            formula = parse_formula(row["formula"])
        except SapaError as error:
            note(problems, row["where"], "formula", str(error))
            continue
        formulas[row["indicator_id"]] = formula
        if not formula.names:
            note(problems, row["where"], "formula", f'"{formula.text}" names no indicator')
        for word in formula.names:
            if word not in frame.index:
                message = f'"{word}" is no indicator; {nearest(word, frame.index)}'
                note(problems, row["where"], "formula", message)
    try:
        in_order(formulas)
    except CircleError as error:
        note(problems, str(frame.loc[error.names[0], "where"]), "formula", str(error))


def _by_id(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.drop_duplicates(column).set_index(column, drop=False)


def _indicator_problems(row: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
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
    try:
        read_years(row["broke"])
    except SapaError as error:
        yield "broke", str(error)
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
    for column in ("parent", "predecessors"):
        check_references(frame, column, problems, "area")
    for row in frame.to_dict("records"):
        if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
            message = f"{row['valid_to']} lies before valid_from, {row['valid_from']}"
            note(problems, row["where"], "valid_to", message)
    return frame


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
    check_known(frame, "area", load_areas(folder, problems).index, problems, "area")
    _check_listed(frame, "indicator_affected", load_indicators(folder, problems).index, problems)
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
    for path in listed(folder / "covariates", ".csv", problems, what="covariates"):
        frame = read_table(path, Covariates, problems).assign(series=path.stem)
        for where, period in zip(frame["where"], frame["period"], strict=True):
            freq = "Q" if "Q" in period else "M" if "-" in period else "A"
            check_cells(parse_period, period, freq, where=where, column="period", problems=problems)
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
    check_known(frame, "area", load_areas(folder, problems).index, problems, "area")
    return frame


@loader(DataError)
def load_whereabouts(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return `data/whereabouts.csv`, one document or page a row; no rows where the file is missing.

    Parameters
    ----------
    folder : path
        Holds the file.
    problems : list of Problem, optional
        Receives every problem; when not given, a `DataError` with all of them is raised.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> pages = sapa.evidence.load_whereabouts(sapa.core.project_root() / "data")
    >>> pages.query("indicators == 'forest_cover'")["published"].iloc[0]
    '2020-03-09'
    """
    path = folder / "whereabouts.csv"
    if not path.exists():
        return pd.DataFrame(columns=[*Whereabouts.to_schema().columns, "where"], dtype="str")
    frame = read_table(path, Whereabouts, problems)
    check_dates(frame, ("published",), problems)
    check_known(frame, "area", load_areas(folder, problems).index, problems, "area")
    _check_listed(frame, "indicators", load_indicators(folder, problems).index, problems)
    for row in frame.dropna(subset=["first_year", "last_year"]).to_dict("records"):
        if row["last_year"] < row["first_year"]:
            note(problems, row["where"], "last_year", f"{row['last_year']} is before first_year")
    return frame


def _check_listed(frame: pd.DataFrame, column: str, known: pd.Index, problems: list[Problem]) -> None:
    """Add a problem for every word of a ;-list that is no indicator; the word for all of them is one."""
    for row in frame.to_dict("records"):
        for word in row[column].split(";") if len(known) else ():
            if word != EVERY and word not in known:
                note(
                    problems,
                    row["where"],
                    column,
                    f'"{word}" is no indicator; {nearest(word, [*known, EVERY])}',
                )
