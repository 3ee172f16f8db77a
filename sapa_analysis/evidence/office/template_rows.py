"""The rows of each form of a template: what is public first, what the office has entered, room for more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core import Target
from .carried import Row, goal_cells
from .layout import CAUSES, GOALS, JUDGEMENTS, PROJECTS, SECRET, Form, words
from .public_figures import goal_told
from .template_looks import Entry
from .template_memory import Memory
from .written import named

if TYPE_CHECKING:
    from .template import Content

#: Columns of a goal that are public; those by which it is known.
_PUBLIC = ("document", "clause", "indicator", "unit", "due", "measure", "goal")
_KEY = ("document", "clause", "indicator", "due")
#: Rows left free in each form.
_FREE = {"goals": 20, "judgements": 12, "causes": 34, "projects": 30, "secret": 60, "list": 60}


def rows_of(form: Form, content: Content, memory: Memory) -> list[Row]:
    """Return the rows of a form, the free ones last."""
    own = content.own
    rows: list[Row] = {
        GOALS.name: lambda: _goals(content, memory),
        JUDGEMENTS.name: lambda: _judgements(content),
        CAUSES.name: lambda: own.causes,
        PROJECTS.name: lambda: own.projects,
        SECRET.name: lambda: own.secret,
        "list": lambda: own.figures,
    }[form.name]()
    return [*rows, *({} for _ in range(_FREE[form.name]))]


def _goals(content: Content, memory: Memory) -> list[Row]:
    corrected = {goal.id for goal in content.goals if _is_corrected(goal, content)}
    public = [_public_goal(goal, content, memory) for goal in content.goals]
    return [*public, *(row for name, row in content.own.goals.items() if name not in corrected)]


def _is_corrected(goal: Target, content: Content) -> bool:
    """Return whether the office has corrected a public goal in its row; else it wrote a row of its own."""
    row, cells = content.own.goals.get(goal.id), goal_cells(goal, content.tables)
    return row is not None and all(
        row.get(name, Entry("")).value == cells[name] for name in _KEY if name != "due"
    )


def _public_goal(goal: Target, content: Content, memory: Memory) -> Row:
    """Return a public goal in grey; what the office has corrected stands in white over it."""
    cells, told = goal_cells(goal, content.tables), goal_told(goal)
    key = "|".join(str(cells[name]) for name in _KEY)
    for name in _PUBLIC:
        if cells[name] != "":
            memory.remember("goal", key, words()["heads"][name], str(cells[name]))
    row: Row = {name: Entry(cells[name], public=True) for name in _PUBLIC}
    row["goal"] = Entry(told.text, public=True, told=told.told)
    corrected = content.own.goals[goal.id] if _is_corrected(goal, content) else {}
    for column, entry in corrected.items():
        if column not in _PUBLIC or entry.value != cells[str(column)]:
            row[column] = Entry(entry.value, told=row[column].told if column in row else "")
    if lead := content.own.leads.get(goal.id):
        row["lead"] = Entry(lead)
    return row


def _judgements(content: Content) -> list[Row]:
    """Return a row for every indicator and year in which a goal is due, and what the office has said."""
    wanted = dict.fromkeys((goal.indicator_id, goal.end) for goal in content.goals)
    own = content.own.judged
    rows = []
    for indicator, year in [*wanted, *(key for key in own if key not in wanted)]:
        name, unit = named(content.tables, indicator)
        public = (indicator, year) in wanted
        cells: dict[str, Any] = {"indicator": name, "unit": unit, "year": year}
        head: Row = {column: Entry(value, public=public) for column, value in cells.items()}
        rows += [{**head, **entry} for entry in own.get((indicator, year), [{}])]
    return rows
