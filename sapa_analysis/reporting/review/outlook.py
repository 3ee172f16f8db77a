"""Outlook to the end of the term: what is still needed, what scenarios change, and what is new since last time.

Once all targets are due the part tells results and what is still unknown: no pace, no plan ahead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...pipeline import Project, Results
from ..changes import Changes, changes_table, describe_changes
from ..language import count, day
from ..paper.model import Block, Paragraph, Points
from ..target_row import TargetRow, target_rows
from .needed_table import needed_table, results_table
from .needed_words import conditions
from .said import headed, left_blank, name_inside, words_of
from .scenario_effects import scenario_effects


def outlook_part(
    project: Project, results: Results, lang: str, changes: Changes | None = None
) -> list[Block]:
    """Return the part on the rest of the term; `changes` are those since the last edition, None for the first."""
    words, verdicts = words_of("outlook", lang), results.verdicts.set_index("id")
    rows = target_rows(project, results, lang)
    overdue = [row for row in rows if verdicts.at[row.id, "overdue"]]
    ahead = [row for row in rows if not verdicts.at[row.id, "overdue"]]
    sections: dict[str, list[Block]] = {}
    if overdue:
        sections["past"] = list(_past(overdue, ahead, results, lang))
    if ahead:
        sections["needed"] = list(_ahead(project, results, ahead, lang))
        if effects := scenario_effects(project, results, rows, lang):
            sections["scenarios"] = [Points(tuple(effects[:-1])), Paragraph(effects[-1])]
    sections["changes"] = _changes(changes, lang)
    sections["proposals"] = [left_blank(words["blank"]["proposals"])]
    titles = [words["heads"][name] for name in sections]
    return [
        block
        for heading, (_, blocks) in zip(headed(titles, lang), sections.items(), strict=True)
        for block in (heading, *blocks)
    ]
