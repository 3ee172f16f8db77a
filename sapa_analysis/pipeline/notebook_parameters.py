"""The parameters of the notebooks: one declaration for each, and the check in the first cell."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from copy import copy
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import ConfigDict, Field, ValidationError, ValidationInfo, create_model, field_validator
from pydantic.fields import FieldInfo

from ..core import (
    FORMATS,
    PAPERS,
    USUAL_PAPERS,
    Params,
    ParamsError,
    Problem,
    Words,
    field_bounds,
    field_kind,
    field_lines,
    in_words,
    nearest,
)
from .names import names_in, unknown_names
from .office_file import office_problem
from .own_scenarios import own_files, read_own


class Parameters(Params):
    """All notebook parameters; each notebook takes some. Those of the file are as `Params` declares them."""

    model_config = ConfigDict(strict=True)

    indicator: str = Field(default="", description="what is looked at: an id of indicators.csv")
    lang: Literal["vi", "en"] = Field(default="vi", description="language of words and pictures")
    office: str = Field(
        default="", description="workbook of the office, whose figures and goals count too; empty for none"
    )
    out: str = Field(
        default="", description="folder of the results; empty for one below build/ named after what it holds"
    )
    papers: Words = Field(
        default=list(USUAL_PAPERS), min_length=1, description="briefing, review or period, -vi or -en"
    )
    formats: Words = Field(
        default=list(FORMATS), min_length=1, description="of the papers; no workbook of a briefing"
    )
    form: Literal["plain", "party"] = Field(
        default="plain", description="form of the Vietnamese review: of an office, or of guide 36-HD/VPTW"
    )
    template: str = Field(
        default="",
        description="Word file of the office, whose styles a review takes; empty for the shipped one",
    )

    @field_validator("papers", "formats")
    @classmethod
    def _known_once(cls, names: list[str], info: ValidationInfo) -> list[str]:
        known = PAPERS if info.field_name == "papers" else FORMATS
        if unknown := [f'"{name}" is unknown; {nearest(name, known)}' for name in names if name not in known]:
            raise ValueError("; ".join(unknown))
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise ValueError(f"{', '.join(twice)} stands more than once")
        return names


def _optional(field: FieldInfo) -> tuple[Any, FieldInfo]:
    field = copy(field)
    field.default = None
    return field.annotation, field


#: Some of the parameters: none of the file need be given.
_Given: type[Parameters] = create_model(
    "_Given", __base__=Parameters, **{name: _optional(field) for name, field in Params.model_fields.items()}
)  # type: ignore[call-overload]
#: The parameters in the order of a parameters cell: first what every reader chooses, then `CHOICES`.
_FIRST = (
    "indicator", "area", "as_of", "horizon", "seed", "lang", "office", "out", "papers", "formats", "form",
    "template",
)  # fmt: skip
#: What a notebook leaves as it is in `baseline.yml` where its parameter is None.
CHOICES = tuple(name for name in Params.model_fields if name not in _FIRST)
NAMES = (*_FIRST, *CHOICES)
_TYPES = {"str": str, "int": int, "float": float, "list": list, "dict": dict}
Opened = TypeVar("Opened")


class _OfTheFile:
    """What a signature shows as the default of a parameter that the file has."""

    def __repr__(self) -> str:
        return "<as in params/baseline.yml>"


_OF_THE_FILE = _OfTheFile()


def declaration(name: str) -> tuple[str, str]:
    """Return a parameter's type, and its bounds, unit and meaning, as the parameters cell shows them.

    Raises
    ------
    KeyError
        When no notebook has this parameter.
    """
    field = Parameters.model_fields[name]
    bounds = field_bounds(field)
    return field_kind(field)[0], f"{bounds}: {field.description}" if bounds else str(field.description)


def by_name(opener: Callable[..., Opened]) -> Callable[..., Opened]:
    """Return a function of `**values` that shows the parameters of notebooks: to completion and to help.

    Its docstring has a line `{parameters}` where they are described. It is called as before.

    Parameters
    ----------
    opener : callable
        The function.

    Examples
    --------
    >>> import inspect
    >>> from sapa_analysis.pipeline.notebook_parameters import by_name
    >>> @by_name
    ... def horizon_of(**values):
    ...     "{parameters}"
    ...     return values["horizon"]
    >>> horizon_of(horizon=3), [*inspect.signature(horizon_of).parameters][:4]
    (3, ['indicator', 'area', 'as_of', 'horizon'])
    """
    fields = {name: Parameters.model_fields[name] for name in NAMES}
    told = [line for name, field in fields.items() for line in field_lines(name, field, optional=True)]
    opener.__doc__ = inspect.cleandoc(opener.__doc__ or "").replace("{parameters}", "\n".join(told))
    shown = [_argument(name, field) for name, field in fields.items()]
    opener.__signature__ = inspect.signature(opener).replace(parameters=shown)  # type: ignore[attr-defined]
    return opener


def _argument(name: str, field: FieldInfo) -> inspect.Parameter:
    kind: Any = _TYPES[field_kind(field)[0]]
    default = None if name in CHOICES else _OF_THE_FILE if name in Params.model_fields else field.default
    shown = kind | None if name in CHOICES else kind
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=shown)


def given_choices(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values without those that leave a choice of `baseline.yml` as it is.

    Parameters
    ----------
    values : mapping of str to object
        Values by the name of their parameter.

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
        if given.office and (problem := office_problem(root, given.office)):
            problems.append(Problem("parameters", 0, "office", problem))
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
    wanted = ", ".join(filter(None, [field_kind(field)[1], field_bounds(field)]))
    return Problem("parameters", 0, name, f"found {item['input']!r}; wanted {wanted}")
