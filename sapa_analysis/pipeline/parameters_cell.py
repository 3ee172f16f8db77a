"""The parameters cell of a notebook: what it assigns, and what papermill put in its place."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from ..core import Problem, SapaError, label, read_text

#: A line that a merge leaves in a file where two versions disagree, also inside a cell.
_MERGE_MARK = re.compile(r'\s*"?(<<<<<<<|>>>>>>>)( |$)')
#: The comment with which papermill marks the cell that it inserts after the parameters cell.
_INJECTED = "# Parameters"


class _Metadata(BaseModel):
    tags: list[str] = []


class _Cell(BaseModel):
    cell_type: Literal["code", "markdown", "raw"]
    metadata: _Metadata
    source: str | list[str]


class _Notebook(BaseModel):
    """What a notebook must hold for us and for papermill; the rest is its own."""

    nbformat: Literal[4]
    metadata: dict[str, Any]
    cells: list[_Cell]


def names_of(notebook: Path) -> list[str]:
    """Return the names that the parameters cell of a notebook assigns, in order; see `defaults_of`.

    Parameters
    ----------
    notebook : pathlib.Path
        The file.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.pipeline import names_of
    >>> names_of(project_root() / "notebooks/02_trajectory.ipynb")[:7]
    ['indicator', 'area', 'as_of', 'horizon', 'seed', 'lang', 'office']
    """
    return list(defaults_of(notebook))


def defaults_of(notebook: Path) -> dict[str, Any]:
    """Return the names that the parameters cell of a notebook assigns, and their values.

    A value that is not written out is given as its text.

    Parameters
    ----------
    notebook : pathlib.Path
        The file.

    Raises
    ------
    SapaError
        When the file is no notebook, holds marks of a merge, or its parameters cell is not Python.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.pipeline import defaults_of
    >>> list(defaults_of(project_root() / "notebooks/04_targets.ipynb").items())[2:6]
    [('horizon', 0), ('seed', 20230115), ('lang', 'vi'), ('office', '')]
    """
    problems: list[Problem] = []
    cells = _cells(notebook, problems)
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    source = "".join(tagged[0]["source"]) if tagged else ""
    if source.lstrip().startswith("%%"):
        said = f"{source.split()[0]} hides the names below it; take it away"
        problems.append(Problem(label(notebook), 0, "parameters cell", said))
    try:
        values = _assigned(source)
    except (SyntaxError, ValueError) as error:  # ValueError: a character NUL
        said = f"is not Python in its line {getattr(error, 'lineno', None) or 1}"
        problems.append(Problem(label(notebook), 0, "parameters cell", said))
    if problems:
        raise SapaError(problems)
    return values


def _cells(notebook: Path, problems: list[Problem]) -> list[dict[str, Any]]:
    """Return the cells of a notebook, or none and what is wrong with the file."""
    file, text = label(notebook), read_text(notebook, problems)
    if text is None:
        return []
    marks = [number for number, line in enumerate(text.splitlines(), 1) if _MERGE_MARK.match(line)]
    if marks:
        said = "a mark of a merge; choose one of the two versions and take the marks away"
        problems += [Problem(file, number, "", said) for number in marks]
        return []
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        problems.append(
            Problem(file, error.lineno, "", "is no notebook: its JSON breaks off or is wrong here")
        )
        return []
    except RecursionError:
        content = None
    try:
        return _Notebook.model_validate(content).model_dump()["cells"]  # type: ignore[no-any-return]
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        what = f": {place} is missing or wrong" if place else ""
        said = f"is no notebook of format 4{what}"
        problems.append(Problem(file, 0, "", said))
        return []


def _assigned(source: str) -> dict[str, Any]:
    """Return what a cell assigns, by name; a magic (`%matplotlib inline`, `!ls`) is no name."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        python = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
        statements = ast.parse(python).body
    values = {}
    for statement in statements:
        if isinstance(statement, ast.AnnAssign):
            values[ast.unparse(statement.target)] = _written(statement.value)
        elif isinstance(statement, ast.Assign):
            values |= {ast.unparse(target): _written(statement.value) for target in statement.targets}
    return values


def _written(value: ast.expr | None) -> Any:
    try:
        return None if value is None else ast.literal_eval(value)
    except (ValueError, TypeError):
        return ast.unparse(value) if value else None


def injected_names() -> list[str]:
    """Return the names that papermill set in the running notebook; none outside a kernel."""
    if "IPython" not in sys.modules:
        return []
    from IPython import get_ipython

    shell = get_ipython()
    cells = [cell for cell in shell.user_ns.get("In", []) if cell.startswith(_INJECTED)] if shell else []
    return list(_assigned(cells[-1])) if cells else []
