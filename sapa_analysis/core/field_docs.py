"""The docstring of a model from the declarations of its fields, and the words that tell a field."""

from __future__ import annotations

import inspect
from datetime import date
from textwrap import fill
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Model = TypeVar("Model", bound=BaseModel)

#: The types of fields, as a parameters cell and as a message names them.
_KINDS = {int: ("int", "a whole number"), float: ("float", "a number"), list: ("list", "a list"),
          dict: ("dict", "names with values")}  # fmt: skip
#: Lists of simple values, by what they hold.
_LISTS = {int: "a list of whole numbers", str: "a list of names", date: "a list of days"}
#: Characters of a line of a docstring.
_WIDTH = 100


def described(model: type[Model]) -> type[Model]:
    """Return a model whose docstring lists its fields under Attributes: meaning, bounds and unit.

    Parameters
    ----------
    model : type of pydantic.BaseModel
        Each of its fields is declared with a description.

    Returns
    -------
    type of pydantic.BaseModel
        The model itself.

    Examples
    --------
    >>> from pydantic import BaseModel, Field
    >>> from sapa_analysis.core import described
    >>> @described
    ... class Pace(BaseModel):
    ...     "How fast something grows."
    ...     rate: float = Field(ge=-50, le=50, description="growth in a year, in percent")
    >>> Pace.__doc__.splitlines()[-2:]
    ['rate : float', '    Growth in a year, in percent (-50 to 50).']
    """
    told = [line for name, field in model.model_fields.items() for line in field_lines(name, field)]
    head = inspect.cleandoc(model.__doc__ or "")
    model.__doc__ = "\n".join([head, "", "Attributes", "----------", *told])
    return model


def field_lines(name: str, field: FieldInfo, *, optional: bool = False) -> list[str]:
    """Return what a docstring says of a field: its name and type, then its meaning, bounds and unit.

    Parameters
    ----------
    name : str
        Of the field.
    field : pydantic.fields.FieldInfo
        Its declaration.
    optional : bool
        Whether it is an argument that need not be given; a day is then text.

    Returns
    -------
    list of str
        Lines as numpydoc writes them.

    Examples
    --------
    >>> from sapa_analysis.core import Params, field_lines
    >>> field_lines("n_paths", Params.model_fields["n_paths"])
    ['n_paths : int', '    Simulated paths (100 to 100,000).']
    """
    kind, bounds = field_kind(field)[0], field_bounds(field)
    kind = (
        ", ".join((kind, "optional")) if optional else "datetime.date" if field.annotation is date else kind
    )
    said = str(field.description)
    said = f"{said[:1].upper()}{said[1:]} ({bounds})." if bounds else f"{said[:1].upper()}{said[1:]}."
    text = fill(said, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return [f"{name} : {kind}", *text.split("\n")]


def field_kind(field: FieldInfo) -> tuple[str, str]:
    """Return the type of a field as Python writes it, and in words.

    Parameters
    ----------
    field : pydantic.fields.FieldInfo
        Its declaration.

    Examples
    --------
    >>> from sapa_analysis.core import Params, field_kind
    >>> [field_kind(Params.model_fields[name]) for name in ("horizon", "shock_years")]
    [('int', 'a whole number'), ('list', 'a list of whole numbers')]
    """
    kind: Any = get_origin(field.annotation) or field.annotation
    written, words = _KINDS.get(kind, ("str", "text"))
    if kind is not list:
        return written, words
    of: Any = get_args(field.annotation)[0]
    return written, _LISTS.get(getattr(of, "__origin__", of), words)


def field_bounds(field: FieldInfo) -> str:
    """Return what a field may be, with its unit; blank where it has no bounds.

    Parameters
    ----------
    field : pydantic.fields.FieldInfo
        Its declaration.

    Examples
    --------
    >>> from sapa_analysis.core import Params, field_bounds
    >>> [field_bounds(Params.model_fields[name]) for name in ("horizon", "gap_closing", "area")]
    ['0 to 30 years', 'more than 0, less than 1', '']
    """
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
