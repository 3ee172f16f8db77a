"""Check of all tables and parameters of a project, with every problem at once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..core import Problem, Problems, SapaError, project_root, read_params, read_yaml, targets_table
from ..evidence import (
    load_areas,
    load_covariates,
    load_documents,
    load_events,
    load_evidence,
    load_indicators,
    load_reference,
    look_at_text,
    look_over,
    look_over_reference,
    package_text,
)
from ..scenarios import load_scenarios
from ..targets import load_relations, load_targets
from ..verdicts import REGISTER, read_index
from .assess import check_names
from .project import load_project

#: The file of the parameters, as a reader knows it.
PARAMS = "params/baseline.yml"


class Checked(NamedTuple):
    """What a check of a project found.

    Attributes
    ----------
    counts : dict of str to int
        Rows read, by table.
    problems : list of Problem
        What is wrong; any of it stops every run.
    looks : list of Problem
        What is worth a look in sound evidence; see `evidence.look_over`. None while anything is wrong.
    """

    counts: dict[str, int]
    problems: list[Problem]
    looks: list[Problem]


def check_project(root: Path | str | None = None) -> Checked:
    """Return the numbers of rows read, every problem of data, parameters and register, and what to look at.

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
    load_relations(data, problems)
    reference = load_reference(data, problems)
    params = read_params(folder / PARAMS, problems)
    counts = {"observations": len(evidence), "targets": len(targets), "covariates": len(covariates)}
    load_scenarios(folder / "params/scenarios", problems, indicators=load_indicators(data, problems))
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
    others = [load_indicators(data, []), load_areas(data, []), load_documents(data, []), events, covariates]
    others.append(targets_table(targets))
    looks = [*look_over(evidence), *look_over_reference(reference, shock_years=params.shock_years)]
    looks += [look for table in [*others, reference] for look in look_at_text(table)]
    return Checked(counts | {"events": len(events)}, problems, looks)


def _package_problems(data: Path) -> list[Problem]:
    path = data / "datapackage.json"
    if path.is_file() and path.read_bytes().replace(b"\r\n", b"\n") == package_text(data).encode():
        return []
    return [Problem("data/datapackage.json", 0, "", "is not in step with the tables; run `sapa schema`")]
