"""Tables of an outlook: what each goal of the term still needs, or its result once it is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ...pipeline import Project, Results, compare_papers
from ..office import SIGN, instead, notes
from ..paces import pace_needed
from ..paper.model import Cell, Table
from ..target_row import TargetRow
from .said import alone, name_inside, name_of, paper_named, words_of


@dataclass(frozen=True, slots=True)
class Plan:
    """A nearer goal for the same indicator, and the pace from it to the later one."""

    row: TargetRow
    pace: pd.Series


def needed_table(
    plans: Mapping[str, Plan], goals: Sequence[TargetRow], lang: str, *, name: str = "needed"
) -> Table:
    """Return what goals of one year still need, beside the nearer goal of another document.

    Under another `name` it is one of many rates: its paces have more room.
    """
    words = words_of("needed_table", lang)
    first, last = goals[0].document, goals[0].end
    papers = {"goal": paper_named(first, lang)}
    columns, years = ["name", "latest", "goal", "from_latest", "own", "forecast"], {"year": last}
    if plans:
        plan = next(iter(plans.values())).row
        papers["plan"], years["plan_year"] = paper_named(plan.document, lang), plan.end
        columns[2:3] = ["plan", "goal", "from_plan"]
    heads = {name: words["columns"][name].format(**papers, **years) for name in columns}
    cells = [_cells(row, plans.get(row.id), first, lang) for row in goals]
    widths = _WIDE if plans else _NARROW if name == "needed" else _OF_RATES
    return Table(
        name=name,
        caption=words["caption"].format(year=last),
        heads=(tuple(Cell(heads[name], strong=True, shade="head") for name in columns),),
        rows=tuple(tuple(each[name] for name in columns) for each in cells),
        widths=widths,
        notes=(*tuple(words["notes"].values())[0 if plans else 1 :], *_bases(goals, lang)),
        dense=True,
        sheet=True,
    )


_WIDE = (0.17, 0.145, 0.105, 0.105, 0.105, 0.11, 0.105, 0.155)
_NARROW = (0.24, 0.19, 0.13, 0.13, 0.12, 0.19)
_OF_RATES = (0.22, 0.13, 0.12, 0.165, 0.18, 0.185)


def _bases(goals: Sequence[TargetRow], lang: str) -> Iterator[str]:
    """Yield the notes on paces that start from another figure than the published one, and on the sign."""
    yield from notes((row.latest + row.goal for row in goals), lang)
    words = words_of("needed_table", lang)
    parts = dict[str, str]()
    for row in goals:
        if row.pace_base and row.needed_pace:
            told = words["base"].format(name=name_inside(row), base=row.pace_base)
            parts.setdefault(row.indicator, told)
    if parts:
        own = any(SIGN in row.latest for row in goals)
        yield instead("needed_bases", words["bases"], lang, own=own).format(parts="; ".join(parts.values()))


def plans_of(
    project: Project, results: Results, goals: Sequence[TargetRow], ahead: Sequence[TargetRow]
) -> dict[str, Plan]:
    """Return by goal the nearer goal of the first judged document, where both are still ahead."""
    compared = compare_papers(project, results.params)
    if compared.empty:
        return {}
    mine, by_id = {row.id for row in goals}, {row.id: row for row in ahead}
    found: dict[str, Plan] = {}
    for _, pair in compared[compared["pace"].notna()].iterrows():
        near, late = str(pair["id_one"]), str(pair["id_other"])
        if near in by_id and late in mine and by_id[near].end < by_id[late].end:
            told = {"id": f"{near}.to.{late}", "pace": pair["pace"], "pace_unit": pair["pace_unit"]}
            found.setdefault(late, Plan(by_id[near], pd.Series(told | {"unit": pair["unit_one"]})))
    first = min((plan.row.end for plan in found.values()), default=0)
    return {goal: plan for goal, plan in found.items() if plan.row.end == first}


def _cells(row: TargetRow, plan: Plan | None, first: str, lang: str) -> dict[str, Cell]:
    words = words_of("needed_table", lang)
    name = name_of(row)
    if row.document != first:
        name = words["restated"].format(name=name, paper=paper_named(row.document, lang))
    latest = words["dated"].format(value=row.latest, when=row.latest_when) if row.latest else words["none"]
    forecast = words["judged"].format(band=row.band, word=row.short) if row.band else row.short
    return {
        "name": Cell(name),
        "latest": Cell(latest),
        "plan": Cell(plan.row.goal if plan else "", align="right"),
        "goal": Cell(row.goal, align="right"),
        "from_plan": Cell(pace_needed(plan.pace, lang) if plan else "", align="right"),
        "from_latest": Cell(alone(row.needed_pace), align="right"),
        "own": Cell(_with_years(row.own_pace), align="right"),
        "forecast": Cell(forecast, shade=row.outlook),
    }


def _with_years(pace: str) -> str:
    """Return a pace shown with the years of its figures, without what is said of them."""
    told, _, more = pace.partition("; ")
    return f"{told})" if more and "(" in told else told


def results_table(rows: Sequence[TargetRow], lang: str) -> Table:
    """Return what is known of goals that are due: result, how it stands to the goal, and the word."""
    words = words_of("results_table", lang)
    columns = ("name", "goal", "latest", "against", "model", "word")
    last = max(row.end for row in rows)
    first = rows[0].document
    return Table(
        name="results-due",
        caption=words["caption"].format(year=last),
        heads=(tuple(Cell(words["columns"][name], strong=True, shade="head") for name in columns),),
        rows=tuple(tuple(_due_cells(row, first, lang)[name] for name in columns) for row in rows),
        widths=(0.25, 0.13, 0.2, 0.14, 0.14, 0.14),
        notes=tuple(words["notes"].values()),
        dense=True,
        sheet=True,
    )


def _due_cells(row: TargetRow, first: str, lang: str) -> dict[str, Cell]:
    cells = _cells(row, None, first, lang)
    settled = row.status in ("met", "missed")
    model = "" if settled else row.band
    return cells | {
        "against": Cell(row.against),
        "model": Cell(model, align="right"),
        "word": Cell(row.short, shade=row.outlook),
    }
