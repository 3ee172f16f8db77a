"""The evidence: every published number, checked, with its source."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .catalogue import check_dates, check_known, check_units, problem_at, read_areas, read_indicators
from .corrections import apply_corrections, read_corrections
from .errors import EvidenceError, Problem
from .files import check_rows, label, read_table
from .periods import parse_period
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
    """Return the sound observations of a data folder and add every problem; see `load_evidence`."""
    indicators, areas = read_indicators(data_folder, problems), read_areas(data_folder, problems)
    frames = [read_table(path, Observations, problems) for path in sorted((data_folder / "evidence").glob("*.csv"))]
    if not frames:
        problems.append(Problem(f"{label(data_folder / 'evidence')}", 0, "", "holds no CSV file"))
    if overlay is not None:
        frames.append(check_rows(_rows_of_text(overlay), "overlay", Observations, problems))
    evidence = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if evidence.empty:
        return evidence
    _check(evidence, indicators, areas, problems)
    path = data_folder / "corrections.yml"
    evidence = apply_corrections(evidence, read_corrections(path, problems), label(path), problems)
    return evidence.sort_values(
        ["indicator_id", "area", "period", "published", "where"], kind="stable", ignore_index=True
    )


def _rows_of_text(overlay: pd.DataFrame) -> dict[int, dict[str, str]]:
    text = overlay.astype(object).where(overlay.notna(), "").astype(str)
    return dict(enumerate(text.to_dict("records"), start=2))


def _check(
    evidence: pd.DataFrame, indicators: pd.DataFrame, areas: pd.DataFrame, problems: list[Problem]
) -> None:
    check_known(evidence, "indicator_id", indicators.index, problems, "indicator")
    known_area = check_known(evidence, "area", areas.index, problems, "area")
    check_dates(evidence, ("published", "through"), problems)
    check_units(evidence, indicators, problems)
    _check_periods(evidence[known_area], areas, problems)
    for row in evidence.to_dict("records"):
        problems += [problem_at(str(row["where"]), "", message) for message in contradictions(row)]


def _check_periods(evidence: pd.DataFrame, areas: pd.DataFrame, problems: list[Problem]) -> None:
    for row in evidence.itertuples():
        try:
            span = parse_period(row.period, row.freq)
        except ValueError as error:
            problems.append(problem_at(row.where, "period", str(error)))
            continue
        area = areas.loc[row.area]
        valid_from, valid_to = area["valid_from"] or "0001-01-01", area["valid_to"] or "9999-12-31"
        if span.end.isoformat() < valid_from or span.start.isoformat() > valid_to:
            message = f"{row.period} lies outside the time of {row.area}, {valid_from} to {valid_to}"
            problems.append(problem_at(row.where, "period", message))
