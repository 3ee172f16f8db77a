"""The forms of the workbook: which columns each sheet has, declared once for the template and its reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    """Return every word of the workbook; see `words.yml`."""
    return dict(yaml.safe_load(files(__package__).joinpath("words.yml").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Form:
    """A table of a sheet.

    Attributes
    ----------
    name : str
        What it holds.
    sheet : str
        The sheet's title.
    columns : tuple of str
        Names of its columns in order; their heads stand in `words.yml`. In the grid the columns of years
        stand where `years` is.
    """

    name: str
    sheet: str
    columns: tuple[str, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns, without those of years."""
        return tuple(words()["heads"][column] for column in self.columns if column != "years")


def _form(name: str, sheet: str, *columns: str) -> Form:
    return Form(name, str(words()["sheets"][sheet]), columns)


_LIST = ("indicator", "unit", "first", "last", "value", "kind", "published", "source", "note")
#: Rows of an indicator: what is public, in grey, and what the office enters, a row for each day.
GRID = _form(
    "grid", "figures", "indicator", "unit", "line", "years", "kind", "published", "source", "note", "secret"
)
#: Below the grid: parts of years, and whatever has a date or a source of its own.
LIST = _form("list", "figures", *_LIST, "secret")
GOALS = _form(
    "goals", "goals", "document", "clause", "indicator", "unit", "due", "measure", "goal", "lead",
    "published", "note", "secret",
)  # fmt: skip
JUDGEMENTS = _form(
    "judgements", "judgements", "indicator", "unit", "year", "estimated_by", "estimate", "estimated_on",
    "judged", "judged_on", "note", "secret",
)  # fmt: skip
CAUSES = _form("causes", "causes", "subject", "what", "text", "published", "note", "secret")
PROJECTS = _form(
    "projects", "projects", "title", "lead", "time", "progress", "obstacles", "published", "note", "secret"
)
#: The rows of a list that stay in the house.
SECRET = _form("secret", "secret", *_LIST)
FORMS = (GOALS, GRID, LIST, JUDGEMENTS, CAUSES, PROJECTS, SECRET)
#: The hidden sheet that says what a template held when it was written.
MEMORY = "_mau"
