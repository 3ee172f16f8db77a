"""Loader of the evidence: every published number with its source, checked; and its coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import (
    FORMS,
    EvidenceError,
    Observations,
    Problem,
    Problems,
    Target,
    label,
    last_year_ended,
    listed,
    loader,
    note,
    own_frame,
    parse_period,
    read_table,
    tell,
)
from .catalogue import load_areas, load_indicators
from .correction import DOUBTS, apply_corrections, fits, read_corrections
from .repeats import merge_repeats
from .row_check import check_dates, check_known, check_units, records_of
from .statement_text import contradictions
from .vintage import Vintage


@loader(EvidenceError)
def load_evidence(
    folder: Path, problems: list[Problem], *, overlay: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return all checked observations of a data folder, corrected: rows left out are missing.

    Parameters
    ----------
    folder : path
        Holds `evidence/*.csv`, `indicators.csv`, `areas.csv`, `corrections.yml`.
    problems : list of Problem, optional
        Receives every problem, instead of an error.
    overlay : pandas.DataFrame, optional
        Further observations with the same columns, checked by the same rules; their ids may be blank, and
        no correction meets them. Those of a workbook of the office (`Office.figures`) keep their `where`.

    Returns
    -------
    pandas.DataFrame
        The columns of `core.Observations` plus `where`, `doubt_vi` and `doubt_en` (why a correction doubts
        the row), sorted by indicator, area and period. Each page has its own row; `evidence.merge_repeats`
        merges the repeats of a statement.

    Raises
    ------
    EvidenceError
        With every problem of every file.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import load_evidence
    >>> visits = load_evidence(project_root() / "data").query("indicator_id == 'tourist_arrivals'")
    >>> visits.query("area == 'sa_pa' and period == '2020' and freq == 'A'")["value"].unique().tolist()
    [1200000.0]
    """
    indicators, areas = load_indicators(folder, problems), load_areas(folder, problems)
    found = Problems()
    evidence = _read_tables(folder / "evidence", found)
    rows_are_missing = any(problem.column == "" for problem in found)
    tell(problems, *found)
    extra = evidence.iloc[:0]
    if overlay is not None:
        extra = own_frame(overlay.drop(columns=[*DOUBTS.values()], errors="ignore"), Observations, problems)
    _check(pd.concat([evidence, extra], ignore_index=True), indicators, areas, problems)
    path = folder / "corrections.yml"
    corrections = read_corrections(path, problems)
    told = Problems() if rows_are_missing else problems  # guards need the complete evidence
    evidence = apply_corrections(evidence, corrections, label(path), told)
    extra = extra.assign(**dict.fromkeys(DOUBTS.values(), "")).astype(evidence.dtypes)
    evidence = pd.concat([evidence, extra])
    return evidence.sort_values(
        ["indicator_id", "area", "period", "published", "where"], kind="stable", ignore_index=True
    )


def left_out(folder: Path | str) -> pd.DataFrame:
    """Return the observations that corrections leave out of a sound data folder, with `correction` and `why`.

    Parameters
    ----------
    folder : path
        As in `load_evidence`.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import left_out
    >>> left_out(project_root() / "data")[["correction", "period", "published"]].iloc[-1].tolist()
    ['poverty-2024-rounded', '2024', '2025']
    """
    printed = _read_tables(Path(folder) / "evidence", Problems())
    found = [
        printed[fits(printed, each.match.model_dump())].assign(correction=each.id, why=each.why)
        for each, _ in read_corrections(Path(folder) / "corrections.yml", Problems())
        if each.action == "leave_out"
    ]
    return pd.concat(found or [printed.iloc[:0].assign(correction="", why="")], ignore_index=True)


def _read_tables(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    paths = listed(folder, ".csv", problems, what="evidence")
    frames = [read_table(path, Observations, problems) for path in paths]
    if not frames:
        tell(problems, Problem(label(folder), 0, "", "holds no CSV file"))
        return own_frame(pd.DataFrame(columns=[*Observations.to_schema().columns]), Observations, [])
    table = pd.concat(frames, ignore_index=True)
    _check_ids(table, problems)
    return table


def _check_ids(rows: pd.DataFrame, problems: list[Problem]) -> None:
    """Add a problem for every row without an id of its own; of a row that cannot be read it is unknown."""
    unread = {f"{problem.file}:{problem.line}" for problem in problems if problem.column == ""}
    rows = rows[~rows["where"].isin(unread)]
    numbers = pd.to_numeric(rows["id"].str.removeprefix("e"), errors="coerce")
    free = f"the next free one is e{int(numbers.max()) + 1 if numbers.notna().any() else 1:04d}"
    twice = rows["id"].duplicated() & (rows["id"] != "")
    for where, own, again in zip(rows["where"], rows["id"], twice, strict=True):
        if own == "":
            note(problems, where, "id", f"is blank; {free}")
        elif again:
            note(problems, where, "id", f'"{own}" stands more than once; {free}')


def _check(
    evidence: pd.DataFrame, indicators: pd.DataFrame, areas: pd.DataFrame, problems: list[Problem]
) -> None:
    check_known(evidence, "indicator_id", indicators.index, problems, "indicator")
    check_known(evidence, "area", areas.index, problems, "area")
    check_dates(evidence, ("published", "through"), problems)
    check_units(evidence, indicators, problems)
    known_areas, rows = areas.to_dict("index"), records_of(evidence)
    for row in rows:
        known = row["freq"] in FORMS
        if known and (message := _period_problem(row, known_areas.get(row["area"]))):
            note(problems, row["where"], "period", message)
    for row in rows:
        for message in contradictions(row) if pd.notna(row["value"]) else ():
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


def coverage(vintage: Vintage, targets: Iterable[Target], *, area: str) -> pd.DataFrame:
    """Return how much has been published on each indicator that has a target or observation in an area.

    Parameters
    ----------
    vintage : Vintage
        What was known: a project narrowed by `as_of`.
    targets : iterable of Target
        The targets known then.
    area : str
        The area of observations and targets.

    Returns
    -------
    pandas.DataFrame
        Indexed by indicator_id, in the order of field and group: field, group, n_targets, n_statements,
        n_pages, n_years (ended years with a published figure of the whole year) with first_year and
        last_year, best_grade, kinds (a ;-list). An indicator with targets only has zeros.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import Vintage, coverage
    >>> page = {"indicator_id": "rooms", "area": "sa_pa", "period": "2019", "freq": "A", "unit": "rooms",
    ...         "value": 700.0, "kind": "actual", "bound": "exact", "grade": "B", "published": "2020-02"}
    >>> pages = pd.DataFrame([page | {"source_url": "page one"}, page | {"source_url": "page two"}])
    >>> concept = pd.DataFrame({"indicator_id": ["rooms"], "field": "tourism", "group": 9})
    >>> concept = concept.set_index("indicator_id")
    >>> tables = Vintage(evidence=pages, indicators=concept, areas=concept, covariates=concept)
    >>> coverage(tables, [], area="sa_pa")[["n_statements", "n_pages", "n_years"]].iloc[0].tolist()
    [1, 2, 1]
    """
    known, indicators, as_of = vintage.evidence, vintage.indicators, vintage.day
    known = known[known["area"] == area]
    goals = pd.Series([t.indicator_id for t in targets if t.area == area], dtype="str").value_counts()
    found = pd.concat([_published(known), _whole_years(known, as_of)], axis=1)
    table = found.reindex(indicators.index[indicators.index.isin(goals.index.union(found.index))])
    table.insert(0, "n_targets", goals.reindex(table.index))
    counts = ["n_targets", "n_statements", "n_pages", "n_years"]
    table = table.astype(dict.fromkeys([*counts, "first_year", "last_year"], "Int64"))
    filled = table.fillna({**dict.fromkeys(counts, 0), "best_grade": "", "kinds": ""})
    ordered = indicators[["field", "group"]].join(filled, how="inner")
    return ordered.sort_values(["field", "group", "indicator_id"], kind="stable")


def _published(known: pd.DataFrame) -> pd.DataFrame:
    pages = known.groupby("indicator_id")
    return pd.DataFrame(
        {
            "n_statements": merge_repeats(known).groupby("indicator_id").size(),
            "n_pages": pages["source_url"].nunique(),
            "best_grade": pages["grade"].min(),
            "kinds": pages["kind"].agg(lambda kinds: ";".join(sorted(set(kinds)))),
        }
    )


def _whole_years(known: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """Return count, first and last of the ended years with a published figure of the whole year."""
    yearly = known[known["freq"] == "A"]
    years = yearly["period"].astype("int64")
    ended = years <= (last_year_ended(day) if day else years.max())
    grouped = years[ended].groupby(yearly.loc[ended, "indicator_id"])
    return pd.DataFrame(
        {"n_years": grouped.nunique(), "first_year": grouped.min(), "last_year": grouped.max()}
    )
