"""Problems in the row of a table that is known by its place."""

from __future__ import annotations

from .errors import Problem, tell


def problem_at(where: str, column: str, message: str) -> Problem:
    """Return a problem in the row that `where` names (`data/areas.csv:4`)."""
    file, _, line = where.rpartition(":")
    return Problem(file, int(line), column, message)


def note(problems: list[Problem], where: str, column: str, message: str) -> None:
    """Add a problem in the row that `where` names, unless its cell already has one.

    Parameters
    ----------
    problems : list of Problem
        Is added to.
    where : str
        File and line of the row, `evidence/sa_pa:12`.
    column : str
        The column of the cell.
    message : str
        What is wrong with it.

    Examples
    --------
    >>> from sapa_analysis.core import note
    >>> problems = []
    >>> note(problems, "data/areas.csv:4", "parent", '"lao_cay" is no area; did you mean lao_cai?')
    >>> print(problems[0].file, problems[0])
    data/areas.csv line 4, parent: "lao_cay" is no area; did you mean lao_cai?
    """
    tell(problems, problem_at(where, column, message))
