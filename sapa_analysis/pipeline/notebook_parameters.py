"""The parameters of the notebooks: one declaration for each, and the check in the first cell."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from ..core import (
    Area,
    Day,
    Horizon,
    Keyed,
    ParamsError,
    Problem,
    SapaError,
    Seed,
    digest_of,
    kept,
    label,
    nearest,
    open_store,
    read_text,
)
from ..evidence import load_areas, load_indicators

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


class Parameters(BaseModel):
    """All notebook parameters; each notebook takes some of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    indicator: Annotated[str, Field(description="what is looked at: an id of indicators.csv")] = ""
    area: Area = ""
    as_of: Day = Field(default=None, validate_default=False)  # type: ignore[assignment]
    horizon: Horizon = 0
    seed: Seed = 0
    lang: Annotated[Literal["vi", "en"], Field(description="language of words and pictures")] = "vi"
    out: Annotated[
        str, Field(description="folder of the results; empty for one below build/ named after what it holds")
    ] = ""


def declaration(name: str) -> tuple[str, str]:
    """Return a parameter's type, and its bounds, unit and meaning, as the parameters cell shows them.

    Raises
    ------
    KeyError
        When no notebook has this parameter.
    """
    field = Parameters.model_fields[name]
    kind = "int" if field.annotation is int else "str"
    bounds = _bounds(field)
    return kind, f"{bounds}: {field.description}" if bounds else str(field.description)


def _bounds(field: FieldInfo) -> str:
    if getattr(field.annotation, "__args__", None):
        return " or ".join(field.annotation.__args__)  # type: ignore[union-attr]
    low = next((item.ge for item in field.metadata if hasattr(item, "ge")), None)
    high = next((item.le for item in field.metadata if hasattr(item, "le")), None)
    extra = field.json_schema_extra
    unit = f" {extra['unit']}" if isinstance(extra, dict) and "unit" in extra else ""
    if low is None:
        return ""
    return f"{low} to {high}{unit}" if high is not None else f"{low} or more{unit}"


def names_of(notebook: Path) -> list[str]:
    """Return the names that the parameters cell of a notebook assigns, in order; see `defaults_of`.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.pipeline import names_of
    >>> names_of(project_root() / "notebooks/02_trajectory.ipynb")
    ['indicator', 'area', 'as_of', 'horizon', 'seed', 'lang']
    """
    return list(defaults_of(notebook))


def defaults_of(notebook: Path) -> dict[str, Any]:
    """Return the names that the parameters cell of a notebook assigns, and their values.

    A value that is not written out is given as its text.

    Raises
    ------
    SapaError
        When the file is no notebook, holds marks of a merge, or its parameters cell is not Python.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.pipeline import defaults_of
    >>> list(defaults_of(project_root() / "notebooks/04_targets.ipynb").items())[2:]
    [('horizon', 0), ('seed', 20230115), ('lang', 'vi')]
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


def check_values(
    values: Mapping[str, Any], known: Collection[str], *, root: Path | None = None
) -> Parameters:
    """Return validated values for a notebook's parameters, or report every problem at once.

    Parameters
    ----------
    values : mapping
        Name to value; missing names keep their default.
    known : collection of str
        The names that the notebook takes.
    root : path, optional
        The project; if given, indicator and area must be ids of its tables.

    Raises
    ------
    ParamsError
        With every unknown name (and the nearest known one) and every value that has a wrong type, is out of
        bounds or is unknown.

    Examples
    --------
    >>> from sapa_analysis.pipeline import check_values
    >>> check_values({"indicator": "grdp_growth", "horizon": 3}, ["indicator", "horizon", "lang"]).horizon
    3
    >>> check_values({"horizont": 3, "lang": "fr"}, ["indicator", "horizon", "lang"])
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 2 problems
      horizont: unknown; did you mean horizon?
      lang: found 'fr'; wanted text, vi or en
    """
    taken = [name for name in known if name in Parameters.model_fields]
    problems = [
        Problem("parameters", 0, name, f"unknown; {nearest(name, taken or Parameters.model_fields)}")
        for name in values
        if name not in taken
    ]
    chosen = {name: values[name] for name in values if name in taken}
    problems += _unknown_ids(chosen, root) if root else []
    try:
        given = Parameters.model_validate(chosen)
    except ValidationError as error:
        raise ParamsError([*problems, *map(_problem, error.errors())]) from None
    if problems:
        raise ParamsError(problems)
    return given


def _unknown_ids(values: Mapping[str, Any], root: Path) -> list[Problem]:
    data = root / "data"
    read = [(name, _bytes(data / name)) for name in ("indicators.csv", "areas.csv")]
    ids = _ids(Keyed(digest_of(read), data, open_store(root)))
    return [
        Problem("parameters", 0, name, f'"{values[name]}" is unknown; {nearest(values[name], known)}')
        for name, known in ids.items()
        if isinstance(values.get(name), str) and values[name] not in known
    ]


@kept(size=4)  # a batch asks for each of its runs
def _ids(asked: Keyed) -> dict[str, tuple[str, ...]]:
    data = asked.things
    return {"indicator": tuple(load_indicators(data).index), "area": tuple(load_areas(data).index)}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _problem(item: Any) -> Problem:
    name = str(item["loc"][0])
    if item["type"] == "value_error":
        return Problem("parameters", 0, name, str(item["msg"]).removeprefix("Value error, "))
    field = Parameters.model_fields[name]
    kind = "a whole number" if field.annotation is int else "text"
    wanted = ", ".join(filter(None, [kind, _bounds(field)]))
    return Problem("parameters", 0, name, f"found {item['input']!r}; wanted {wanted}")


def injected_names() -> list[str]:
    """Return the names that papermill set in the running notebook; none outside a kernel."""
    if "IPython" not in sys.modules:
        return []
    from IPython import get_ipython

    shell = get_ipython()
    cells = [cell for cell in shell.user_ns.get("In", []) if cell.startswith(_INJECTED)] if shell else []
    return list(_assigned(cells[-1])) if cells else []
