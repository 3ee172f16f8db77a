"""Scenario files: named adjustments of the baseline, each with its reason, checked once, at the door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from ..core import (
    Lines,
    ParamsError,
    Problem,
    label,
    listed,
    loader,
    nearest,
    project_root,
    read_yaml,
    tell,
)
from ..evidence import load_areas, load_indicators
from .adjustment import ANYWHERE, Scenario
from .file_entries import Entries
from .scenario_table import read_scenario_table


@loader(ParamsError)
def load_scenarios(
    folder: Path,
    problems: list[Problem],
    *,
    indicators: pd.DataFrame | None = None,
    areas: pd.DataFrame | None = None,
) -> dict[str, Scenario]:
    """Return the scenarios of a folder, sorted by name.

    Parameters
    ----------
    folder : path
        Holds one YAML file per scenario.
    problems : list of Problem, optional
        Receives every problem, instead of an error.
    indicators, areas : pandas.DataFrame, optional
        As `load_indicators` and `load_areas` return them, against which ids and levels are checked; by
        default those of the project in which the folder lies.

    Raises
    ------
    ParamsError
        With every problem of every file.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.scenarios import load_scenarios
    >>> scenarios = load_scenarios(project_root() / "params/scenarios")
    >>> scenarios["high"].label["en"], scenarios["base"]
    ('High scenario', <Scenario base: no adjustment>)
    """
    files = listed(folder, ".yml", problems, what="scenarios")
    if not files:
        tell(problems, Problem(label(folder), 0, "", "holds no scenario (a file .yml)"))
        return {}
    known = load_indicators(project_root(folder) / "data") if indicators is None else indicators
    places = load_areas(project_root(folder) / "data") if areas is None else areas
    read = (_read(path, problems, known, places) for path in files)
    return {scenario.name: scenario for scenario in read if scenario}


@loader(ParamsError)
def load_scenario_file(
    path: Path,
    problems: list[Problem],
    *,
    indicators: pd.DataFrame | None = None,
    areas: pd.DataFrame | None = None,
) -> dict[str, Scenario]:
    """Return the scenarios of one file of your own, by name: one of a YAML file, all of a CSV or XLSX table.

    Parameters
    ----------
    path : path
        The file, anywhere.
    problems, indicators, areas
        As in `load_scenarios`; by default those of the project at hand.

    Raises
    ------
    ParamsError
        With every problem of the file.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.scenarios import load_scenario_file
    >>> load_scenario_file(project_root() / "params/scenarios/base.yml")
    {'base': <Scenario base: no adjustment>}
    """
    known = load_indicators(project_root() / "data") if indicators is None else indicators
    places = load_areas(project_root() / "data") if areas is None else areas
    if path.suffix.lower() in (".csv", ".xlsx"):
        return read_scenario_table(path, problems, indicators=known, areas=places)
    scenario = _read(path, problems, known, places)
    return {scenario.name: scenario} if scenario else {}


def _read(
    path: Path, problems: list[Problem], indicators: pd.DataFrame, areas: pd.DataFrame
) -> Scenario | None:
    found: list[Problem] = []
    raw, lines = read_yaml(path, found)
    scenario = None
    if isinstance(raw, dict):
        scenario = checked(raw, path, found, indicators=indicators, areas=areas, lines=lines)
    elif not found:
        tell(found, Problem(label(path), 1, "", "wanted a scenario: name, label, reason, adjustments"))
    tell(problems, *found)
    return None if found else scenario


def checked(
    raw: dict[Any, Any],
    path: Path,
    problems: list[Problem],
    *,
    indicators: pd.DataFrame,
    areas: pd.DataFrame,
    lines: Lines | None = None,
) -> Scenario | None:
    """Return the scenario of the entries of a file; every problem is added to a list."""
    lines = _with_years(lines or {(): 0})
    scenario = Entries(label(path), lines, indicators, problems).scenario(raw)
    if scenario and scenario.name != path.stem:
        message = f'"{scenario.name}" is not the name of the file; write {path.stem}'
        tell(problems, Problem(label(path), lines.get(("name",), 0), "name", message))
    # a table of areas that is wrong itself holds none
    if scenario and scenario.area and len(areas) and scenario.area not in areas.index:
        message = f'"{scenario.area}" is unknown; {nearest(scenario.area, [*areas.index, ANYWHERE])}'
        tell(problems, Problem(label(path), lines.get(("area",), 0), "area", message))
    return scenario


def _with_years(lines: Lines) -> Lines:
    """Return the lines also under years as whole numbers, as pydantic names them."""
    as_number = {
        tuple(int(part) if str(part).isdecimal() else part for part in path): line
        for path, line in lines.items()
    }
    return lines | as_number
