"""Loading of `targets.csv`, with the checks of the target grammar.

Source of the grammar: the method note of the project, section 3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from ..core import (
    Problem,
    Target,
    Targets,
    TargetsError,
    address_problem,
    in_words,
    loader,
    note,
    own_frame,
    read_table,
)
from ..evidence import check_dates, check_known, check_units, load_areas, load_documents, load_indicators


@loader(TargetsError)
def load_targets(
    folder: Path, problems: list[Problem], *, overlay: pd.DataFrame | None = None
) -> list[Target]:
    """Return all targets of a data folder, checked.

    Parameters
    ----------
    folder : path
        Holds `targets.csv`, `documents.csv`, `indicators.csv`, `areas.csv`.
    problems : list of Problem, optional
        Receives every problem, instead of an error.
    overlay : pandas.DataFrame, optional
        Further targets with the same columns, checked by the same rules. One with the id of a target of the
        file stands in its place. Those of a workbook of the office (`Office.goals`) keep their `where`.

    Returns
    -------
    list of Target
        In the order of the file; a goal for every year of a term is one target per year.

    Raises
    ------
    TargetsError
        With every problem of every file.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.targets import load_targets
    >>> goals = {target.id: target for target in load_targets(project_root() / "data")}
    >>> goal = goals["resolution-2023.01.grdp_growth"]
    >>> goal.sense, goal.value, goal.end
    ('more_than', 14.5, 2023)
    """
    indicators, areas = load_indicators(folder, problems), load_areas(folder, problems)
    documents = load_documents(folder, problems)
    targets, own = read_table(folder / "targets.csv", Targets, problems), set[str]()
    if overlay is not None:
        extra = own_frame(overlay, Targets, problems)
        own = set(extra["where"])
        targets = pd.concat([targets, extra], ignore_index=True)
    check_known(targets, "indicator_id", indicators.index, problems, "indicator")
    check_known(targets, "area", areas.index, problems, "area")
    check_known(targets, "document", documents.index, problems, "document")
    check_dates(targets, ("published",), problems)
    check_units(targets, indicators, problems)
    for row in targets.to_dict("records"):
        for page in filter(None, row["also_at"].split(";")):
            if message := address_problem(page.partition(" (")[0].strip()):
                note(problems, row["where"], "also_at", message)
    found = [_read(row, problems) for row in targets.to_dict("records")]
    sound = [target for target in found if target is not None]
    yearly = sound if problems else [each for target in sound for each in _one_per_year(target)]
    yearly = _in_place(yearly, own) if own else yearly
    ids = [target.id for target in yearly]
    for target in yearly:
        if ids.count(target.id) > 1 and ids.index(target.id) != yearly.index(target):
            note(problems, target.where, "id", f'"{target.id}" stands more than once')
    return yearly


def _in_place(targets: list[Target], own: Collection[str]) -> list[Target]:
    """Return targets of which the first of the office's of an id stands in the place of the public one."""
    corrected = {target.id: target for target in reversed(targets) if target.where in own}
    public = {target.id for target in targets if target.where not in own}
    first = [corrected.get(target.id, target) for target in targets if target.where not in own]
    rest = [target for target in targets if target.where in own]
    return first + [each for each in rest if not (each.id in public and each is corrected[each.id])]


def _one_per_year(target: Target) -> list[Target]:
    """Return a yearly goal ("hằng năm") as one target per year, the year in its id; any other as it is."""
    if target.measure not in ("level", "growth") or target.start is None or target.start >= target.end:
        return [target]
    return [
        target.model_copy(update={"id": f"{target.id}.{year}", "start": None, "end": year})
        for year in range(target.start, target.end + 1)
    ]


def _read(row: Mapping[Any, Any], problems: list[Problem]) -> Target | None:
    """Return one row as a target, or None and every problem."""
    target = None
    try:
        target = Target.model_validate(row)
    except ValidationError as error:
        for item in error.errors():
            column = str((*item["loc"], "")[0])
            note(problems, row["where"], column, in_words(item))
    part, _, whole = row["fraction"].partition("/")
    if not (part.isdecimal() and whole.isdecimal()):  # a fraction of another form is told by its column
        return target
    # a percentage is printed with one decimal or none
    if not int(whole) or not abs(100 * int(part) - row["value"] * int(whole)) <= 0.5 * int(whole):
        note(problems, row["where"], "fraction", f"{row['fraction']} is not {row['value']:g} percent")
    return target
