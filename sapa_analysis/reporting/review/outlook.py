"""Outlook to the end of the term: what is still needed, what scenarios change, what is new since last time.

Once all targets are due the part tells results and what is still unknown: no pace, no plan ahead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...pipeline import Project, Results
from ..changes import Changes, describe_changes
from ..language import count, day
from ..paper.model import Block, Heading, Paragraph, Points, Table
from ..tagged_numbers import tag
from ..target_row import TargetRow, target_rows
from .needed_table import needed_table, plans_of, results_table
from .needed_words import conditions, from_plan
from .said import goals_of_term, is_due, left_blank, name_inside, term_of, vary, words_of
from .scenario_effects import scenario_effects
from .subjects import has_ended


def outlook_part(
    project: Project, results: Results, lang: str, changes: Changes | None = None
) -> list[Block]:
    """Return the part on the rest of the term; without `changes` it is the first edition."""
    words, rows = words_of("outlook", lang), target_rows(project, results, lang)
    overdue = [row for row in rows if is_due(row, results)]
    ahead = [row for row in rows if not is_due(row, results)]
    sections: dict[str, list[Block]] = {}
    _, last = term_of(project, results) or (0, 0)
    if overdue:
        shown = [] if ahead else goals_of_term(overdue, last)
        table = [results_table(shown, lang)] if shown else []
        rest = [row for row in overdue if row not in shown]
        sections["past"] = [*_past(overdue, results, lang), *table, *_waiting(rest, lang)]
    if ahead:
        goals = goals_of_term(ahead, last)
        plans = plans_of(project, results, goals, ahead)
        told = [Paragraph(line) for line in from_plan(plans, goals, lang)]
        tables = [needed_table(plans, goals, lang), *_nearer(project, ahead, goals, lang)]
        sections["needed"] = [*tables, *told, *_takes(ahead, goals, results, lang, all_told=len(tables) > 1)]
        if effects := scenario_effects(project, results, rows, lang):
            sections["scenarios"] = [Points(tuple(effects[:-1])), Paragraph(effects[-1])]
    sections["changes"] = _changes(changes, lang)
    sections["proposals"] = [left_blank(words["blank"][addressed(project, results)])]
    blocks: list[Block] = []
    for place, (name, told_blocks) in enumerate(sections.items(), start=1):
        number = tag(str(place), f"outlook.heading.{name}", str(place), "quoted")
        blocks += [Heading(f"{number}. {words['heads'][name]}", 2), *told_blocks]
    return blocks


def _nearer(
    project: Project, ahead: Sequence[TargetRow], goals: Sequence[TargetRow], lang: str
) -> Iterator[Table]:
    """Yield by year due what the other judged goals still need, once the office gave figures of them."""
    judged = [row for row in ahead if row not in goals and row.status != "not_assessed"]
    for end in sorted({row.end for row in judged}) if project.office else ():
        mine = [row for row in judged if row.end == end]
        yield needed_table({}, mine, lang, name=f"needed-{end}")


def addressed(project: Project, results: Results) -> str:
    """Return whom proposals go to, by the level of the area; nobody of an area that has ended."""
    area = results.params.area
    if has_ended(project, area, results.params.as_of):
        return "ended"
    level = str(project.areas.at[area, "level"])
    return level if level in ("province", "nation", "commune") else "district"


def _past(overdue: Sequence[TargetRow], results: Results, lang: str) -> Iterator[Block]:
    """Yield how many goals are due, and how many of them have a result."""
    words = words_of("outlook", lang)
    settled = sum(row.status in ("met", "missed") for row in overdue)
    silent = sum(row.status == "not_assessed" for row in overdue)
    numbers = {"n": len(overdue), "settled": settled, "open": len(overdue) - settled, "silent": silent}
    shown = {name: count(n, lang, f"outlook.due_{name}") for name, n in numbers.items()}
    form = words["past" if settled else "past_none"]
    told = form.format(as_of=day(results.params.as_of, lang), **shown)
    yield Paragraph(f"{told} {words['silent'].format(**shown)}" if silent else told)


def _waiting(overdue: Sequence[TargetRow], lang: str) -> Iterator[Block]:
    """Yield by year the goals whose judgement is an estimate, for want of an official result."""
    words, judged = words_of("outlook", lang), ("met", "missed", "not_assessed")
    waiting = [row for row in overdue if row.status not in judged]
    for place, end in enumerate(sorted({row.end for row in waiting})):
        names = "; ".join(dict.fromkeys(name_inside(row) for row in waiting if row.end == end))
        yield Paragraph(vary(words["waiting"], place).format(end=end, names=names))


def _takes(
    ahead: Sequence[TargetRow], goals: Sequence[TargetRow], results: Results, lang: str, *, all_told: bool
) -> Iterator[Block]:
    """Yield by year due what its goals take; the paces of `goals`, or of all, stand in a table above."""
    words, verdicts = words_of("outlook", lang), results.verdicts.set_index("id")
    for place, end in enumerate(sorted({row.end for row in ahead})):
        mine = [row for row in ahead if row.end == end]
        if told := conditions(mine, verdicts, lang, paces_told=all_told or end == goals[0].end):
            yield Paragraph(vary(words["takes"], place).format(end=end))
            yield Points(tuple(told))


def _changes(changes: Changes | None, lang: str) -> list[Block]:
    if changes is None:
        return [Paragraph(words_of("outlook", lang)["first_edition"])]
    told = [Paragraph(line) for line in describe_changes(changes, lang)]
    return [*told, Paragraph(words_of("outlook", lang)["changes_annex"])]
