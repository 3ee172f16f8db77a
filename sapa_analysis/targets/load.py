"""Loading of `targets.csv`, with the checks of the target grammar.

Source of the grammar: the method note of the project, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from ..core import Problem, Target, Targets, TargetsError, check_frame, note, read_table
from ..evidence import check_dates, check_known, check_units, read_areas, read_documents, read_indicators


def load_targets(data_folder: Path | str, *, overlay: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return all targets of a data folder, checked.

    Parameters
    ----------
    data_folder : path
        Holds `targets.csv`, `documents.csv`, `indicators.csv`, `areas.csv`.
    overlay : pandas.DataFrame, optional
        Further targets with the same columns, checked by the same rules.

    Returns
    -------
    pandas.DataFrame
        The columns of `core.Targets` plus `where`, in the order of the file.

    Raises
    ------
    TargetsError
        With every problem of every file.
    """
    problems: list[Problem] = []
    targets = read_targets(Path(data_folder), problems, overlay=overlay)
    if problems:
        raise TargetsError(problems)
    return targets


def read_targets(
    data_folder: Path, problems: list[Problem], *, overlay: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the targets of a data folder and add every problem; see `load_targets`."""
    indicators, areas = read_indicators(data_folder, problems), read_areas(data_folder, problems)
    documents = read_documents(data_folder, problems)
    targets = read_table(data_folder / "targets.csv", Targets, problems)
    if overlay is not None:
        extra = check_frame(overlay, "overlay", Targets, problems)
        targets = pd.concat([targets, extra], ignore_index=True)
    check_known(targets, "indicator_id", indicators.index, problems, "indicator")
    check_known(targets, "area", areas.index, problems, "area")
    check_known(targets, "document", documents.index, problems, "document")
    check_dates(targets, ("published",), problems)
    check_units(targets, indicators, problems)
    for row in targets.to_dict("records"):
        for column, message in _grammar_problems(row):
            note(problems, row["where"], column, message)
    targets = targets if problems else _one_per_year(targets)
    for row in targets[targets["id"].duplicated()].to_dict("records"):
        note(problems, row["where"], "id", f'"{row["id"]}" stands more than once')
    return targets


def _one_per_year(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the targets with each yearly goal ("hằng năm") as one target per year, the year in its id."""
    yearly = targets["measure"].isin(["level", "growth"]) & (targets["start"] < targets["end"]).fillna(False)
    years = [
        list(range(start, end + 1)) if repeated else [end]
        for repeated, start, end in zip(yearly, targets["start"], targets["end"], strict=True)
    ]
    long = targets.assign(year=pd.Series(years, targets.index, dtype=object), repeated=yearly).explode(
        "year", ignore_index=True
    )
    repeated, year = long["repeated"].astype(bool), long["year"].astype("int64")
    long["id"] = long["id"].where(~repeated, long["id"] + "." + year.astype(str))
    long["start"] = long["start"].where(~repeated, pd.NA)
    long["end"] = year.astype(targets["end"].dtype)
    return long[list(targets.columns)]


def _grammar_problems(row: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    try:
        Target.model_validate(row)
    except ValidationError as error:
        for item in error.errors():
            yield str((*item["loc"], "")[0]), item["msg"].removeprefix("Value error, ")
    part, _, whole = row["fraction"].partition("/")
    # a percentage is printed with one decimal or none
    if whole and not abs(100 * int(part) - row["value"] * int(whole)) <= 0.5 * int(whole):
        yield "fraction", f"{row['fraction']} is not {row['value']:g} percent"
