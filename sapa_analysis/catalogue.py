"""What the other tables refer to: indicators, areas, events, covariates, documents."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from .errors import DataError, Problem, nearest
from .files import read_table
from .periods import first_day, last_day
from .schema import Areas, Covariates, Documents, Events, Indicators


def load_indicators(data_folder: Path | str) -> pd.DataFrame:
    """Return `data/indicators.csv`, one concept a row, indexed by `indicator_id`.

    Raises
    ------
    DataError
        With every problem of the file.
    """
    problems: list[Problem] = []
    return _sound(read_indicators(Path(data_folder), problems), problems)


def load_areas(data_folder: Path | str) -> pd.DataFrame:
    """Return `data/areas.csv`, one territory a row, indexed by `area`.

    Raises
    ------
    DataError
        With every problem of the file.
    """
    problems: list[Problem] = []
    return _sound(read_areas(Path(data_folder), problems), problems)


def load_covariates(data_folder: Path | str) -> pd.DataFrame:
    """Return every file of `data/covariates`, stacked, with the file's name as `series`.

    Raises
    ------
    DataError
        With every problem of the files.
    """
    problems: list[Problem] = []
    return _sound(read_covariates(Path(data_folder), problems), problems)


def load_events(data_folder: Path | str) -> pd.DataFrame:
    """Return `data/events.csv`, one dated event a row.

    Raises
    ------
    DataError
        With every problem of the file.
    """
    problems: list[Problem] = []
    return _sound(read_events(Path(data_folder), problems), problems)


def load_documents(data_folder: Path | str) -> pd.DataFrame:
    """Return `data/documents.csv`, one paper a row, indexed by `document`.

    Raises
    ------
    DataError
        With every problem of the file.
    """
    problems: list[Problem] = []
    return _sound(read_documents(Path(data_folder), problems), problems)


def _sound(frame: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    if problems:
        raise DataError(problems)
    return frame


def read_indicators(data_folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return the sound rows of `indicators.csv`; see `load_indicators`."""
    frame = read_table(data_folder / "indicators.csv", Indicators, problems).set_index("indicator_id", drop=False)
    for row in frame.itertuples():
        refers = [("growth_of", row.growth_of)] if row.growth_of else []
        refers += [("formula", word) for word in re.findall(r"[a-z]\w+", row.formula)]
        for column, word in refers:
            if word not in frame.index:
                problems.append(problem_at(row.where, column, f'"{word}" is no indicator; {nearest(word, frame.index)}'))
        if row.lower >= row.upper:
            problems.append(problem_at(row.where, "upper", f"{row.upper:g} is not above lower, {row.lower:g}"))
        if bool(row.formula) != (row.role == "derived"):
            problems.append(problem_at(row.where, "formula", f"role {row.role} and formula do not fit together"))
    return frame


def read_areas(data_folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return the sound rows of `areas.csv`; see `load_areas`."""
    frame = read_table(data_folder / "areas.csv", Areas, problems).set_index("area", drop=False)
    for row in frame.itertuples():
        for column, words in (("parent", [row.parent]), ("predecessors", row.predecessors.split(";"))):
            for word in words:
                if word and word not in frame.index:
                    problems.append(problem_at(row.where, column, f'"{word}" is no area; {nearest(word, frame.index)}'))
        for column in ("valid_from", "valid_to"):
            _check_date(row.where, column, getattr(row, column), problems)
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            problems.append(problem_at(row.where, "valid_to", f"{row.valid_to} lies before valid_from, {row.valid_from}"))
    return frame


def read_events(data_folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return the sound rows of `events.csv`; see `load_events`."""
    frame = read_table(data_folder / "events.csv", Events, problems)
    check_dates(frame, ("date", "published"), problems)
    return frame


def read_covariates(data_folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return the sound rows of all covariate files; see `load_covariates`."""
    frames = []
    for path in sorted((data_folder / "covariates").glob("*.csv")):
        frame = read_table(path, Covariates, problems).assign(series=path.stem)
        check_dates(frame, ("published",), problems)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["series"])


def read_documents(data_folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return the sound rows of `documents.csv`; see `load_documents`."""
    frame = read_table(data_folder / "documents.csv", Documents, problems).set_index("document", drop=False)
    check_dates(frame, ("published",), problems)
    return frame


def check_dates(frame: pd.DataFrame, columns: Collection[str], problems: list[Problem]) -> None:
    """Add a problem for every text in `columns` that is no day of the calendar; blanks pass."""
    for column in columns:
        for where, text in zip(frame["where"], frame[column], strict=True):
            _check_date(where, column, text, problems)


def _check_date(where: str, column: str, text: str, problems: list[Problem]) -> None:
    if not text:
        return
    try:
        first_day(text), last_day(text)
    except ValueError as error:
        problems.append(problem_at(where, column, str(error)))


def problem_at(where: str, column: str, message: str) -> Problem:
    file, _, line = where.rpartition(":")
    return Problem(file, int(line), column, message)


def problemproblem_at(where: str, column: str, message: str) -> Problem:
    """Return a problem of the row that `where` names (`data/areas.csv:4`)."""
    return problem_at(where, column, message)


def check_known(
    frame: pd.DataFrame, column: str, known: Collection[str], problems: list[Problem], what: str
) -> pd.Series:
    """Add a problem for every word of `column` that is not in `known`; return which rows are sound."""
    sound = frame[column].isin(list(known))
    for row in frame[~sound].to_dict("records"):
        word = str(row[column])
        problems.append(problem_at(str(row["where"]), column, f'"{word}" is no {what}; {nearest(word, known)}'))
    return sound


def check_units(frame: pd.DataFrame, indicators: pd.DataFrame, problems: list[Problem]) -> None:
    """Add a problem for every row whose unit, range or percentage its indicator does not allow.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows with `indicator_id`, `unit`, `value`, `where`; unknown indicators are passed over.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    problems : list of Problem
        Receives what is wrong.
    """
    for row in frame[frame["indicator_id"].isin(indicators.index)].to_dict("records"):
        indicator = indicators.loc[row["indicator_id"]]
        where, value = str(row["where"]), float(row["value"])
        if row["unit"] != indicator["unit"]:
            message = f'"{row["unit"]}" is unknown for {row["indicator_id"]}; write "{indicator["unit"]}"'
            problems.append(problem_at(where, "unit", message))
        elif indicator["scale"] == "logit" and not 0 <= value <= 100:
            problems.append(problem_at(where, "value", f"{value:g} cannot be a share in percent; wanted 0 to 100"))
        elif not indicator["lower"] <= value <= indicator["upper"]:
            bounds = f"{indicator['lower']:,.10g} to {indicator['upper']:,.10g} {indicator['unit']}"
            problems.append(problem_at(where, "value", f"{value:,.10g} is implausible for {row['indicator_id']}; wanted {bounds}"))
