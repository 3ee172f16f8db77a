"""Scenarios that a run names by the path of a file, beside those of `params/scenarios`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ..core import Keyed, Params, ParamsError, Problem, digest_of, kept, open_store
from ..evidence import load_areas, load_indicators
from ..scenarios import Scenario, load_scenario_file
from .project import Project

#: What a file of scenarios ends in.
_ENDINGS = (".yml", ".yaml", ".csv", ".xlsx")
#: The tables against which a scenario is checked.
_TABLES = ("indicators.csv", "areas.csv")


def own_files(names: Iterable[str]) -> list[str]:
    """Return those of the compared scenarios that are paths of files.

    Parameters
    ----------
    names : iterable of str
        As the parameter `scenarios` holds them.

    Examples
    --------
    >>> from sapa_analysis.pipeline.own_scenarios import own_files
    >>> own_files(["base", "low", "build/scenarios/mine.yml", "mix.xlsx"])
    ['build/scenarios/mine.yml', 'mix.xlsx']
    """
    return [name for name in names if "/" in name or "\\" in name or name.lower().endswith(_ENDINGS)]


def read_own(root: Path, names: Iterable[str], problems: list[Problem]) -> dict[str, dict[str, Scenario]]:
    """Return the scenarios of files, by path and name, and add what is wrong with them.

    Parameters
    ----------
    root : pathlib.Path
        The project, in which the files lie and to which their paths are relative.
    names : iterable of str
        As a run names its scenarios; those that are no paths are passed over.
    problems : list of Problem
        Receives the problems.
    """
    found: dict[str, dict[str, Scenario]] = {}
    for name in own_files(names):
        path = (root / name.replace("\\", "/")).resolve()
        if not path.is_relative_to(root.resolve()):
            said = f'"{name}" lies outside the project; copy it into a folder of it, such as build/scenarios'
            problems.append(Problem("parameters", 0, "scenarios", said))
            continue
        try:
            content = path.read_bytes()
        except OSError as error:
            said = f'"{name}" cannot be read: {error.strerror or error}'
            problems.append(Problem("parameters", 0, "scenarios", said))
            continue
        tables = [(table, (root / "data" / table).read_bytes()) for table in _TABLES]
        key = digest_of([*tables, (name, content)])
        try:
            found[name] = _read(Keyed(key, (root, path), open_store(root)))
        except ParamsError as error:
            problems += error.problems
    return found


@kept(size=16)  # a batch asks for each of its runs
def _read(asked: Keyed) -> dict[str, Scenario]:
    root, path = asked.things
    indicators, areas = load_indicators(root / "data"), load_areas(root / "data")
    return load_scenario_file(path, indicators=indicators, areas=areas)


def with_own(project: Project, params: Params) -> tuple[Project, Params]:
    """Return project and parameters in which scenarios named by a path have been read and bear their names.

    Raises
    ------
    ParamsError
        With everything that is wrong with the files, two scenarios of one name among it.
    """
    problems: list[Problem] = []
    read = read_own(project.root, params.scenarios, problems)
    known = dict(project.scenarios)
    for path, scenarios in read.items():
        for name, scenario in scenarios.items():
            if known.setdefault(name, scenario) != scenario:
                said = f'"{path}" has a scenario "{name}", and so has another file; rename one'
                problems.append(Problem("parameters", 0, "scenarios", said))
    if problems:
        raise ParamsError(problems)
    names = dict.fromkeys(each for name in params.scenarios for each in read.get(name, [name]))
    return replace(project, scenarios=known), params.with_values(scenarios=[*names])
