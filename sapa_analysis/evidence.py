"""The evidence: every published number, checked, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from .catalogue import check_dates, check_known, check_units, note, read_areas, read_indicators
from .corrections import apply_corrections, read_corrections
from .errors import EvidenceError, Problem, tell
from .files import check_frame, label, read_table
from .periods import FORMS, parse_period
from .schema import Observations
from .wordings import contradictions


def load_evidence(data_folder: Path | str, *, overlay: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return all observations of a data folder, checked, without the rows that corrections leave out.

    Parameters
    ----------
    data_folder : path
        Holds `evidence/*.csv`, `indicators.csv`, `areas.csv`, `corrections.yml`.
    overlay : pandas.DataFrame, optional
        Further observations with the same columns (a workbook of the office), checked by the same rules.

    Returns
    -------
    pandas.DataFrame
        The columns of `schema.Observations` plus `where`, sorted by indicator, area and period. Every
        page is a row: `vintages.merge_repeats` counts a statement once.

    Raises
    ------
    EvidenceError
        With every problem of every file.
    """
    problems: list[Problem] = []
    evidence = read_evidence(Path(data_folder), problems, overlay=overlay)
    if problems:
        raise EvidenceError(problems)
    return evidence


def read_evidence(
    data_folder: Path, problems: list[Problem], *, overlay: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the observations of a data folder and add every problem; see `load_evidence`."""
    indicators, areas = read_indicators(data_folder, problems), read_areas(data_folder, problems)
    found: list[Problem] = []
    evidence = _read_tables(data_folder / "evidence", overlay, found)
    rows_are_missing = any(problem.column == "" for problem in found)
    tell(problems, *found)
    _check(evidence, indicators, areas, problems)
    path = data_folder / "corrections.yml"
    corrections = read_corrections(path, problems)
    if not rows_are_missing:  # a guard judges whole evidence only
        evidence = apply_corrections(evidence, corrections, label(path), problems)
    return evidence.sort_values(
        ["indicator_id", "area", "period", "published", "where"], kind="stable", ignore_index=True
    )


def _read_tables(folder: Path, overlay: pd.DataFrame | None, problems: list[Problem]) -> pd.DataFrame:
    frames = [read_table(path, Observations, problems) for path in sorted(folder.glob("*.csv"))]
    if not frames:
        tell(problems, Problem(label(folder), 0, "", "holds no CSV file"))
    extra = pd.DataFrame(columns=list(Observations.to_schema().columns)) if overlay is None else overlay
    return pd.concat([*frames, check_frame(extra, "overlay", Observations, problems)], ignore_index=True)


def _check(
    evidence: pd.DataFrame, indicators: pd.DataFrame, areas: pd.DataFrame, problems: list[Problem]
) -> None:
    check_known(evidence, "indicator_id", indicators.index, problems, "indicator")
    check_known(evidence, "area", areas.index, problems, "area")
    check_dates(evidence, ("published", "through"), problems)
    check_units(evidence, indicators, problems)
    known_areas = areas.to_dict("index")
    for row in evidence[evidence["freq"].isin(list(FORMS))].to_dict("records"):
        if message := _period_problem(row, known_areas.get(row["area"])):
            note(problems, row["where"], "period", message)
    for row in evidence[evidence["value"].notna()].to_dict("records"):
        for message in contradictions({str(name): cell for name, cell in row.items()}):
            column, _, words = message.partition(": ")
            note(problems, row["where"], column, words)


def _period_problem(row: Mapping[Any, Any], area: Mapping[Any, Any] | None) -> str:
    try:
        span = parse_period(row["period"], row["freq"])
    except ValueError as error:
        return str(error)
    if area is None:
        return ""
    valid_from, valid_to = area["valid_from"] or "0001-01-01", area["valid_to"] or "9999-12-31"
    if span.end.isoformat() < valid_from or span.start.isoformat() > valid_to:
        return f"{row['period']} lies outside the time of {row['area']}, {valid_from} to {valid_to}"
    return ""
