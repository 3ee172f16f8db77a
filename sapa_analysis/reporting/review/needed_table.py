"""Tables of an outlook: what each goal of the term still needs, or its result once it is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ...pipeline import Project, Results, compare_papers
from ..paces import pace_needed
from ..paper.model import Cell, Row, Table
from ..target_row import TargetRow
from .said import alone, name_of, paper_named, words_of


def needed_table(project: Project, results: Results, rows: Sequence[TargetRow], lang: str) -> Table:
    """Return what the goals due last still need, beside the nearer goal of the yearly resolution."""
    words, goals, plans = words_of("needed_table", lang), last_goals(rows), plans_of(project, results, rows)
    first, last = goals[0].document, goals[0].end
    papers = {"goal": paper_named(first, lang)}
    columns = ["name", "latest"]
    if plans:
        plan = next(iter(plans.values()))[0]
        papers["plan"] = paper_named(plan.document, lang)
        columns += ["plan", "goal", "from_plan"]
    else:
        columns += ["goal"]
    columns += ["from_latest", "own", "forecast"]
    years = {"year": last} | ({"plan_year": plan.end} if plans else {})
    heads = {name: words["columns"][name].format(**papers, **years) for name in columns}
    cells = [_cells(row, plans.get(row.id), first, lang) for row in goals]
    widths = _WIDE if plans else _NARROW
    return Table(
        name="needed",
        caption=words["caption"].format(year=last),
        heads=(tuple(Cell(heads[name], strong=True, shade="head") for name in columns),),
        rows=tuple(tuple(each[name] for name in columns) for each in cells),
        widths=widths,
        notes=tuple(words["notes"] if plans else words["notes"][1:]),
        dense=True,
        sheet=True,
    )


_WIDE = (0.19, 0.15, 0.1, 0.1, 0.1, 0.1, 0.09, 0.17)
_NARROW = (0.24, 0.19, 0.13, 0.13, 0.12, 0.19)


def last_goals(rows: Sequence[TargetRow]) -> list[TargetRow]:
    """Return the targets that are due last."""
    last = max(row.end for row in rows)
    return [row for row in rows if row.end == last]


def plans_of(
    project: Project, results: Results, rows: Sequence[TargetRow]
) -> dict[str, tuple[TargetRow, str, pd.Series]]:
    """Return by goal the nearer goal that another document sets, and the comparison; only those still ahead."""
    compared, by_id = compare_papers(project, results.params), {row.id: row for row in rows}
    if compared.empty:
        return {}
    found = {}
    for _, pair in compared[compared["pace"].notna()].iterrows():
        sides = sorted((pair["id_one"], pair["id_other"]), key=lambda id: pair[f"end_{'one' if id == pair['id_one'] else 'other'}"])
    return found
