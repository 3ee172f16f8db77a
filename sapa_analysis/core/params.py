"""What we chose: every parameter with its value, reason and source, validated once, at the door."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from .errors import ParamsError, Problem, nearest, tell
from .field_docs import described
from .files import label
from .link import Links
from .premium import Bridge, Premium
from .wording import in_words
from .written_values import Day, Words, Yaml, read_words, read_years
from .yaml_files import Lines, read_yaml, tell_invalid

#: Parameters that once had another name; the old one is accepted, and one line says the new one.
_RENAMED = {"worlds": "n_paths"}
#: Languages of words and pictures; each has its file of texts.
LANGUAGES = ("vi", "en")


def _current_names(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return values under the names of today; of a name given in both forms, both stay and are refused."""
    current = dict(values)
    for old, new in _RENAMED.items():
        if old in current and new not in current:
            warnings.warn(f'parameter "{old}" is now called "{new}"', FutureWarning, stacklevel=3)
            current[new] = current.pop(old)
    return current


@described
class Params(BaseModel):
    """The choices of one run; `params/baseline.yml` says why each is as it is.

    `params/schema.json` is generated from its declarations too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    area: str = Field(description="area whose evidence is read: an id of areas.csv")
    as_of: Day = Field(description="the day whose knowledge counts, YYYY-MM-DD")
    horizon: int = Field(
        ge=0,
        le=30,
        description="years after the last one that had ended; 0: to the last year due",
        json_schema_extra={"unit": "years"},
    )
    seed: int = Field(ge=0, description="same seed, same paths")
    n_paths: int = Field(ge=100, le=100_000, description="simulated paths")
    method: str = Field(description="forecasting model: a name of forecasting.MODELS, or headline")
    min_years: int = Field(ge=1, le=20, description="years with a figure below which nothing is forecast")
    shock_years: Annotated[list[Annotated[int, Field(ge=1900, le=2100)]], BeforeValidator(read_years)] = (
        Field(description="years not normal for what they broke: `broke` in indicators.csv")
    )
    gap_closing: float = Field(gt=0, lt=1, description="share of the gap after a shock that closes in a year")
    shock_chance: float = Field(ge=0, le=1, description="chance that a new shock begins in a year")
    premiums: Yaml[dict[str, Premium]] = Field(
        description="indicators in which an area follows the area it lies in, and with which premium"
    )
    bridges: Yaml[list[Bridge]] = Field(
        description="where figures of one boundary may inform those of another; else areas never mix"
    )
    links: Yaml[Links] = Field(
        description="what follows another quantity of an area under a scenario, and how far"
    )
    plans_inform: Words = Field(
        description="indicators so seldom published that the plan of a year informs them"
    )
    about_relative: float = Field(ge=0, lt=1, description="half width of `about` for amounts, as a share")
    widest_points: float = Field(
        gt=0, le=100, description="points of the widest 80 % band told of few figures"
    )
    widest_factor: float = Field(gt=1, le=1000, description="of amounts: upper over lower end of that band")
    subjects: Yaml[dict[str, list[str]]] = Field(
        min_length=1, description="subjects of the briefing in its order, and the indicators of each"
    )
    documents: Words = Field(min_length=1, description="documents whose targets are judged, in this order")
    editions: Annotated[list[Day], BeforeValidator(read_words)] = Field(
        min_length=1, description="official dates, in order, whose verdicts are issued into the register"
    )
    scenarios: Words = Field(
        description="compared: names in params/scenarios, paths of own files; base always is"
    )

    @field_validator("documents", "scenarios", "editions", "shock_years", "plans_inform")
    @classmethod
    def _each_once(cls, names: list[Any]) -> list[Any]:
        if twice := [str(name) for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise ValueError(f"{', '.join(twice)} stands more than once")
        return names

    @field_validator("subjects")
    @classmethod
    def _name_indicators(cls, subjects: dict[str, list[str]]) -> dict[str, list[str]]:
        names = [name for indicators in subjects.values() for name in indicators]
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise ValueError(f"{', '.join(twice)} stands more than once")
        if empty := [subject for subject, indicators in subjects.items() if not indicators]:
            raise ValueError(f"{', '.join(empty)} holds no indicator")
        return subjects

    @field_validator("editions")
    @classmethod
    def _in_order(cls, days: list[dt.date]) -> list[dt.date]:
        if days != sorted(days):
            raise ValueError("the days do not follow one another")
        return days

    @field_validator("scenarios")
    @classmethod
    def _with_the_baseline(cls, names: list[str]) -> list[str]:
        """Return the scenarios and the baseline, which all others are compared to."""
        return names if "base" in names else ["base", *names]

    def __repr__(self) -> str:
        ahead = f"horizon {self.horizon}, seed {self.seed}, {self.n_paths:,} paths"
        return f"<Params {self.area} as of {self.as_of}: {ahead}, {self.method}>"

    @property
    def core(self) -> list[str]:
        """The indicators of all subjects, in the order of the briefing."""
        return [indicator for indicators in self.subjects.values() for indicator in indicators]

    def with_values(self, **values: Any) -> Self:
        """Return a copy with some values replaced, validated like the file.

        Parameters
        ----------
        **values
            New values by name, in the units of the attributes.

        Raises
        ------
        ParamsError
            With every unknown name and every value out of range.

        Examples
        --------
        >>> from sapa_analysis.core import load_params, project_root
        >>> params = load_params(project_root() / "params/baseline.yml")
        >>> params.with_values(as_of="2023", horizon=3).as_of
        datetime.date(2023, 12, 31)
        >>> params.with_values(horison=3)
        Traceback (most recent call last):
        sapa_analysis.core.errors.ParamsError: parameters has 1 problem
          horison: unknown; did you mean horizon?
        """
        values = _current_names(values)
        problems = [
            Problem("parameters", 0, name, f"unknown; {nearest(name, type(self).model_fields)}")
            for name in values
            if name not in type(self).model_fields
        ]
        problems += [
            Problem("parameters", 0, name, f"wanted no yes or no; found {value}")
            for name, value in values.items()
            if isinstance(value, bool)
        ]
        try:
            if not problems:
                return type(self).model_validate({**self.model_dump(), **values})
        except ValidationError as error:
            problems = [
                Problem("parameters", 0, ".".join(map(str, item["loc"])), in_words(item))
                for item in error.errors()
            ]
        raise ParamsError(problems)


def load_params(path: Path | str) -> Params:
    """Return the parameters of a YAML file.

    Each entry holds `value`, `reason` and, where there is one, `source`.

    Parameters
    ----------
    path : path
        The file, such as `params/baseline.yml`.

    Raises
    ------
    ParamsError
        With every problem: unknown or missing keys, values out of range, choices without a reason.

    Examples
    --------
    >>> from sapa_analysis.core import load_params, project_root
    >>> load_params(project_root() / "params/baseline.yml").shock_years
    [2020, 2021, 2022]
    """
    problems: list[Problem] = []
    params = read_params(Path(path), problems)
    if params is None:
        raise ParamsError(problems)
    return params


def read_params(path: Path, problems: list[Problem]) -> Params | None:
    """Return the parameters of a file, or None and every problem; see `load_params`.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    problems : list of Problem
        Is added to.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sapa_analysis.core import read_params
    >>> problems = []
    >>> read_params(Path("params/baselin.yml"), problems) is None
    True
    >>> print(problems[0].file, problems[0])
    params/baselin.yml cannot be read: No such file or directory
    """
    found: list[Problem] = []
    entries, lines = read_yaml(path, found)
    if not found and not isinstance(entries, dict):
        tell(found, Problem(label(path), 1, "", "wanted a mapping of parameters"))
    params = _params(entries, lines, label(path), found) if isinstance(entries, dict) else None
    tell(problems, *found)
    return None if found else params


def _params(entries: dict[Any, Any], lines: Lines, file: str, found: list[Problem]) -> Params | None:
    entries = _current_names(entries)
    lines |= {
        (_RENAMED[str(key[0])], *key[1:]): line for key, line in lines.items() if key and key[0] in _RENAMED
    }
    values = _values(entries, lines, file, found)
    try:
        return Params.model_validate(values, strict=True)
    except ValidationError as error:
        tell_invalid(error, found, file=file, lines=lines, known=Params.model_fields)
    return None


def _values(entries: dict[Any, Any], lines: Lines, file: str, found: list[Problem]) -> dict[str, Any]:
    values = {}
    for name, entry in entries.items():
        line = lines[(str(name),)]
        if name not in Params.model_fields:
            hint = nearest(str(name), Params.model_fields)
            tell(found, Problem(file, line, str(name), f"unknown; {hint}"))
        elif (
            not isinstance(entry, dict) or "value" not in entry or not str(entry.get("reason") or "").strip()
        ):
            tell(found, Problem(file, line, name, "wanted value and reason (and source)"))
        else:
            for key in set(entry) - {"value", "reason", "source"}:
                hint = nearest(str(key), ["value", "reason", "source"])
                tell(found, Problem(file, lines[(name, str(key))], name, f'"{key}" is unknown; {hint}'))
            values[name] = entry["value"]
    return values


def params_schema() -> dict[str, Any]:
    """Return the JSON schema of a parameters file, for editors; generated from `Params`.

    Examples
    --------
    >>> from sapa_analysis.core import params_schema
    >>> horizon = params_schema()["properties"]["horizon"]["properties"]["value"]
    >>> horizon["minimum"], horizon["maximum"]
    (0, 30)
    """
    values = Params.model_json_schema()
    note = {"type": "string", "minLength": 1}
    properties = {
        name: {
            "type": "object",
            "description": value.pop("description"),
            "properties": {"value": value, "reason": note, "source": note},
            "required": ["value", "reason"],
            "additionalProperties": False,
        }
        for name, value in values["properties"].items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parameters of a run",
        "type": "object",
        "properties": properties,
        "required": values["required"],
        "additionalProperties": False,
    }
