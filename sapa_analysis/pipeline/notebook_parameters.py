"""The parameters of the notebooks: one declaration for each, and the check in the first cell."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Collection, Mapping
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.fields import FieldInfo

from ..core import Params, ParamsError, Problem, SapaError, in_words, label, nearest, read_text
from .names import names_in, unknown_names
from .own_scenarios import own_files, read_own

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


class Parameters(Params):
    """All notebook parameters; each notebook takes some. Those of the file are as `Params` declares them."""

    model_config = ConfigDict(strict=True)

    indicator: str = Field(default="", description="what is looked at: an id of indicators.csv")
    lang: Literal["vi", "en"] = Field(default="vi", description="language of words and pictures")
    out: str = Field(
        default="", description="folder of the results; empty for one below build/ named after what it holds"
    )


def _optional(field: FieldInfo) -> tuple[Any, FieldInfo]:
    field = copy(field)
    field.default = None
    return field.annotation, field


#: Some of the parameters: none of the file need be given.
_Given: type[Parameters] = create_model(
    "_Given", __base__=Parameters, **{name: _optional(field) for name, field in Params.model_fields.items()}
)  # type: ignore[call-overload]
#: The parameters in the order of a parameters cell: first what every reader chooses, then `CHOICES`.
_FIRST = ("indicator", "area", "as_of", "horizon", "seed", "lang", "out")
#: What a notebook leaves as it is in `baseline.yml` where its parameter is None.
CHOICES = tuple(name for name in Params.model_fields if name not in _FIRST)
NAMES = (*_FIRST, *CHOICES)
#: The types of parameters, as a parameters cell and as a message names them.
_KINDS = {int: ("int", "a whole number"), float: ("float", "a number"), list: ("list", "a list"),
          dict: ("dict", "names with values")}  # fmt: skip
#: Lists of simple values, by what they hold.
_LISTS = {int: "a list of whole numbers", str: "a list of names", date: "a list of days"}


def declaration(name: str) -> tuple[str, str]:
    """Return a parameter's type, and its bounds, unit and meaning, as the parameters cell shows them.

    Raises
    ------
    KeyError
        When no notebook has this parameter.
    """
    field = Parameters.model_fields[name]
    bounds = _bounds(field)
    return _kind(field)[0], f"{bounds}: {field.description}" if bounds else str(field.description)


def _kind(field: FieldInfo) -> tuple[str, str]:
    kind: Any = get_origin(field.annotation) or field.annotation
    written, words = _KINDS.get(kind, ("str", "text"))
    if kind is not list:
        return written, words
    of: Any = get_args(field.annotation)[0]
    return written, _LISTS.get(getattr(of, "__origin__", of), words)


def _bounds(field: FieldInfo) -> str:
    inner = get_args(field.annotation)
    if get_origin(field.annotation) is Literal:
        return " or ".join(inner)
    of_each = getattr(inner[0], "__metadata__", ()) if get_origin(field.annotation) is list else ()
    metadata = [limit for each in of_each for limit in getattr(each, "metadata", ())] or field.metadata
    ends = {
        end: getattr(item, end) for item in metadata for end in ("ge", "gt", "le", "lt") if hasattr(item, end)
    }
    extra = field.json_schema_extra
    unit = f" {extra['unit']}" if isinstance(extra, dict) and "unit" in extra else ""
    if {"ge", "le"} <= ends.keys():
        return f"{_number(ends['ge'])} to {_number(ends['le'])}{unit}"
    return ", ".join(_end(end, _number(value), unit) for end, value in ends.items())


def _end(kind: str, number: str, unit: str) -> str:
    words = {"ge": f"{number} or more{unit}", "gt": f"more than {number}", "le": f"at most {number}",
             "lt": f"less than {number}"}  # fmt: skip
    return words[kind]


def _number(value: float) -> str:
    return f"{value:,}" if value >= 10_000 else f"{value:g}"


def names_of(notebook: Path) -> list[str]:
    """Return the names that the parameters cell of a notebook assigns, in order; see `defaults_of`.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.pipeline import names_of
    >>> names_of(project_root() / "notebooks/02_trajectory.ipynb")[:7]
    ['indicator', 'area', 'as_of', 'horizon', 'seed', 'lang', 'n_paths']
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
    >>> list(defaults_of(project_root() / "notebooks/04_targets.ipynb").items())[2:6]
    [('horizon', 0), ('seed', 20230115), ('lang', 'vi'), ('n_paths', None)]
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


def given_choices(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values without those that leave a choice of `baseline.yml` as it is.

    Examples
    --------
    >>> from sapa_analysis.pipeline.notebook_parameters import given_choices
    >>> given_choices({"as_of": "2023", "method": None, "shock_years": []})
    {'as_of': '2023', 'shock_years': []}
    """
    return {name: value for name, value in values.items() if value is not None or name not in CHOICES}


def check_values(
    values: Mapping[str, Any], known: Collection[str], *, root: Path | None = None
) -> Parameters:
    """Return validated values for a notebook's parameters, or report every problem at once.

    Parameters
    ----------
    values : mapping
        Name to value; missing names keep their default. A list may be written as text, `a, b`, and anything
        as YAML.
    known : collection of str
        The names that the notebook takes.
    root : path, optional
        The project; if given, what is named must stand in its tables.

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
    taken = [name for name in known if name in NAMES]
    problems = [
        Problem("parameters", 0, name, f"unknown; {nearest(name, taken or NAMES)}")
        for name in values
        if name not in taken
    ]
    chosen = {name: value for name, value in given_choices(values).items() if name in taken}
    try:
        given = _Given.model_validate(chosen)
    except ValidationError as error:
        problems += map(_problem, error.errors())
        wrong = {item["loc"][0] for item in error.errors()}
        given = _Given.model_validate({name: chosen[name] for name in chosen if name not in wrong})
    if root:
        sound = {name: getattr(given, name) for name in given.model_fields_set}
        own = own_files(sound.get("scenarios", ()))
        read_own(root, own, problems)
        sound["scenarios"] = [name for name in sound.get("scenarios", ()) if name not in own]
        problems = unknown_names(sound, names_in(root)) + problems
    if problems:
        raise ParamsError(problems)
    return given


def _problem(item: Any) -> Problem:
    name, *inner = map(str, item["loc"])
    field = Parameters.model_fields[name]
    if item["type"] == "value_error":
        return Problem("parameters", 0, name, str(item["msg"]).removeprefix("Value error, "))
    column = ".".join([name, *(part for part in inner if not part.isdigit())])
    if column != name or item["type"] == "too_short":
        return Problem("parameters", 0, column, in_words(item))
    wanted = ", ".join(filter(None, [_kind(field)[1], _bounds(field)]))
    return Problem("parameters", 0, name, f"found {item['input']!r}; wanted {wanted}")


def injected_names() -> list[str]:
    """Return the names that papermill set in the running notebook; none outside a kernel."""
    if "IPython" not in sys.modules:
        return []
    from IPython import get_ipython

    shell = get_ipython()
    cells = [cell for cell in shell.user_ns.get("In", []) if cell.startswith(_INJECTED)] if shell else []
    return list(_assigned(cells[-1])) if cells else []
