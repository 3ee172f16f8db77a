"""Check of all tables and parameters of a project, with every problem at once."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..core import (
    Params,
    Problem,
    Problems,
    SapaError,
    note,
    project_root,
    read_params,
    read_yaml,
    targets_table,
    tell,
)
from ..evidence import (
    find_jumps,
    load_areas,
    load_covariates,
    load_definitions,
    load_events,
    load_evidence,
    load_indicators,
    load_reference,
    load_whereabouts,
    look_at_text,
    look_over,
    look_over_reference,
    package_text,
    parted,
)
from ..scenarios import load_scenarios
from ..targets import load_document_texts, load_relations, load_targets, load_units
from ..verdicts import REGISTER, read_index
from .office_file import office_at
from .project import Project, check_names, load_project

#: The file of the parameters, as a reader knows it.
PARAMS = "params/baseline.yml"
#: The tables of a workbook of the office, in the words of a count.
_OF_OFFICE = {
    "figures": "figures of the office",
    "goals": "goals of the office",
    "judgements": "judgements of the office",
    "causes": "causes of the office",
    "projects": "projects of the office",
}


class Checked(NamedTuple):
    """What a check of a project found.

    Attributes
    ----------
    counts : dict of str to int
        Rows read, by table.
    problems : list of Problem
        What is wrong; any of it stops every run.
    looks : list of Problem
        What is worth a look in sound evidence; see `evidence.look_over` and `evidence.find_jumps`. None while
        anything is wrong.
    """

    counts: dict[str, int]
    problems: list[Problem]
    looks: list[Problem]


def check_project(
    root: Path | str | None = None, *, office: str = "", allow_internal: bool = False
) -> Checked:
    """Return the numbers of rows read, every problem of data, parameters and register, and what to look at.

    Parameters
    ----------
    root : path, optional
        A folder of the project.
    office : str
        A workbook of the office, checked with the project once that is sound.
    allow_internal : bool
        Whether it may hold rows that must stay in the house; they are counted, and not looked at.

    Raises
    ------
    OfficeError
        With all that is wrong in the workbook.

    Examples
    --------
    >>> from sapa_analysis.pipeline import check_project
    >>> counts, problems, looks = check_project()
    >>> sorted(counts), problems
    (['covariates', 'events', 'observations', 'targets'], [])
    >>> sorted({look.column for look in looks})
    ['published', 'value']
    """
    folder, problems = project_root(root), Problems()
    data = folder / "data"
    evidence, targets = load_evidence(data, problems), load_targets(data, problems)
    covariates, events = load_covariates(data, problems), load_events(data, problems)
    load_relations(data, problems, figures=evidence)
    load_definitions(data, problems)
    load_whereabouts(data, problems)
    load_document_texts(data, problems)
    reference = load_reference(data, problems)
    params = read_params(folder / PARAMS, problems)
    counts = {"observations": len(evidence), "targets": len(targets), "covariates": len(covariates)}
    indicators, areas = load_indicators(data, problems), load_areas(data, problems)
    load_scenarios(folder / "params/scenarios", problems, indicators=indicators, areas=areas)
    load_units(folder / "params", problems, indicators=indicators)
    problems += _package_problems(data)
    read_index(folder / REGISTER, problems)
    if not problems and params is not None:
        try:
            check_names(load_project(folder), params, params.core)
        except SapaError as error:
            _, lines = read_yaml(folder / PARAMS, [])
            for each in error.problems:
                key = "subjects" if each.column == "indicator" else each.column
                problems.tell(Problem(PARAMS, lines.get((key, "value"), 0), key, each.message))
    if problems or params is None:  # a look reads what is sound
        return Checked(counts | {"events": len(events)}, problems, [])
    own = office_at(office, area=params.area, root=folder, allow_internal=allow_internal) if office else None
    if own:
        told = [name for name, count in own.counts.items() if count] or ["figures"]
        counts |= {_OF_OFFICE[name]: own.counts[name] for name in told}
    project = load_project(folder, office=own and own.public())
    looks = _looks(parted(project.evidence)[0], project.indicators, project.areas, params.shock_years)
    looks += look_over_reference(reference, shock_years=params.shock_years)
    others = [project.indicators, project.areas, project.definitions, project.documents, events, covariates]
    others += [targets_table(targets), reference, project.whereabouts]
    looks += [look for table in others for look in look_at_text(table)]
    unused = project.definitions[~project.definitions["definition"].isin(project.evidence["definition"])]
    for where in unused["where"]:
        note(looks, where, "definition", "marks no figure of the evidence")
    return Checked(counts | {"events": len(events)}, problems, looks)


def look_at(project: Project, params: Params, indicator: str) -> list[Problem]:
    """Return what is worth a look in the known figures of an indicator of the area; see `look_over`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage and shock years.
    indicator : str
        An id of `indicators.csv`.

    Returns
    -------
    list of Problem
        Each with its line; `evidence.looks_in_words` writes them for print. Empty for an unknown indicator.

    Examples
    --------
    >>> from sapa_analysis.pipeline import look_at, open_project
    >>> project, params = open_project(as_of="2026-01-31")
    >>> print(*look_at(project, params, "tourism_revenue"))
    line 132, value: 9,300 is a jump from 4,000 in 2018
    """
    known = project.as_of(params.as_of).evidence
    mine = known[(known["indicator_id"] == indicator) & (known["area"] == params.area)]
    looks = _looks(known, project.indicators, project.areas, params.shock_years)
    return [look for look in looks if f"{look.file}:{look.line}" in set(mine["where"])]


def _looks(
    evidence: pd.DataFrame, indicators: pd.DataFrame, areas: pd.DataFrame, shock_years: Collection[int]
) -> list[Problem]:
    """Return what is worth a look, a figure once: a slip of the point is a jump too."""
    found = Problems()
    tell(found, *look_over(evidence), *find_jumps(evidence, indicators, areas, shock_years=shock_years))
    return [*found]


def _package_problems(data: Path) -> list[Problem]:
    path = data / "datapackage.json"
    if path.is_file() and path.read_bytes().replace(b"\r\n", b"\n") == package_text(data).encode():
        return []
    return [Problem("data/datapackage.json", 0, "", "is not in step with the tables; run `sapa schema`")]
