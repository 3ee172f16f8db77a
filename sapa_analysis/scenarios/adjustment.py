"""Scenario files: named adjustments of the baseline, each with its reason, checked once, at the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    ValidationError,
    ValidationInfo,
)

from ..core import (
    LANGUAGES,
    Lines,
    ParamsError,
    Plottable,
    Problem,
    label,
    listed,
    loader,
    nearest,
    project_root,
    read_yaml,
    sound_text,
    tell,
    tell_invalid,
)
from ..evidence import load_areas, load_indicators

#: A factor outside this span is a slip: more than any shock of the past has done to a quantity.
_PLAUSIBLE = (0.1, 5.0)


def _fits_effect(value: float, info: ValidationInfo) -> float:
    if info.data.get("effect") == "multiply" and value <= 0:
        raise ValueError("multiply needs a factor above zero")
    return value


def _in_every_language(words: dict[str, str]) -> dict[str, str]:
    if set(words) != set(LANGUAGES):
        raise ValueError(f"wanted {' and '.join(LANGUAGES)}, each once")
    return words


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(sound_text)]
_Words = Annotated[dict[str, _Text], AfterValidator(_in_every_language)]
_Year = Annotated[int, Field(ge=1990, le=2060)]
_Value = Annotated[FiniteFloat, AfterValidator(_fits_effect)]


class Adjustment(BaseModel):
    """What a scenario does to one indicator, and why.

    Attributes are described where they are declared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: _Text = Field(description="id of indicators.csv")
    effect: Literal["multiply", "add", "replace"] = Field(description="what is done with the baseline path")
    values: dict[_Year, _Value] = Field(min_length=1, description="factor, amount or level by year")
    reason: _Words = Field(description="why these values, in both languages")
    source: _Text = Field(description="where the reason can be looked up")
    quality: Literal["A", "B", "C"] = Field(description="how well founded: A official, B computed, C judged")
    impact: Literal["high", "medium", "low"] = Field(description="how far the result leans on it")


class Scenario(Plottable, BaseModel):
    """One scenario: a name, a reason to look at it, and its adjustments in the order of their effect.

    Attributes are described where they are declared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Text = Field(description="the name of its file")
    label: _Words = Field(description="what readers call it")
    reason: _Words = Field(description="why it is looked at")
    area: str = Field(default="", description="the area whose numbers it argues from; blank: for any area")
    adjustments: tuple[Adjustment, ...] = Field(description="may be empty: the baseline")

    def __repr__(self) -> str:
        changed = [f"{a.effect} {a.indicator} {min(a.values)} to {max(a.values)}" for a in self.adjustments]
        return f"<Scenario {self.name}: {'; '.join(changed) or 'no adjustment'}>"

    __str__ = __repr__

    @property
    def years(self) -> frozenset[int]:
        """The years that its adjustments name."""
        return frozenset(year for part in self.adjustments for year in part.values)

    def summary(self) -> pd.DataFrame:
        """Return the adjustments in the order of their effect.

        Returns
        -------
        pandas.DataFrame
            One row per adjustment: indicator, effect, first_year, last_year, quality, impact.
        """
        rows = [
            {
                **adjustment.model_dump(include={"indicator", "effect", "quality", "impact"}),
                "first_year": min(adjustment.values),
                "last_year": max(adjustment.values),
            }
            for adjustment in self.adjustments
        ]
        columns = ["indicator", "effect", "first_year", "last_year", "quality", "impact"]
        return pd.DataFrame(rows, columns=columns)

    def to_frame(self) -> pd.DataFrame:
        """Return the adjustments as a long table, so that several scenarios can be stacked and saved.

        Returns
        -------
        pandas.DataFrame
            One row per adjustment and year: scenario, indicator, effect, year, value (a factor, or in the
            unit of the indicator), source, quality, impact.
        """
        rows = [
            {"scenario": self.name, **adjustment.model_dump(), "year": year, "value": value}
            for adjustment in self.adjustments
            for year, value in adjustment.values.items()
        ]
        columns = ["scenario", "indicator", "effect", "year", "value", "source", "quality", "impact"]
        return pd.DataFrame(rows, columns=columns)


@loader(ParamsError)
def load_scenarios(
    folder: Path,
    problems: list[Problem],
    *,
    indicators: pd.DataFrame | None = None,
    areas: pd.DataFrame | None = None,
) -> dict[str, Scenario]:
    """Return the scenarios of a folder, sorted by name.

    Parameters
    ----------
    folder : path
        Holds one YAML file per scenario.
    problems : list of Problem, optional
        Receives every problem, instead of an error.
    indicators, areas : pandas.DataFrame, optional
        As `load_indicators` and `load_areas` return them, against which ids and levels are checked; by
        default those of the project in which the folder lies.

    Raises
    ------
    ParamsError
        With every problem of every file.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.scenarios import load_scenarios
    >>> scenarios = load_scenarios(project_root() / "params/scenarios")
    >>> list(scenarios), scenarios["high"].label["en"], scenarios["base"]
    (['base', 'high', 'low'], 'High scenario', <Scenario base: no adjustment>)
    """
    files = listed(folder, ".yml", problems, what="scenarios")
    if not files:
        tell(problems, Problem(label(folder), 0, "", "holds no scenario (a file .yml)"))
        return {}
    known = load_indicators(project_root(folder) / "data") if indicators is None else indicators
    places = load_areas(project_root(folder) / "data") if areas is None else areas
    read = (_read(path, problems, known, places) for path in files)
    return {scenario.name: scenario for scenario in read if scenario}


def _read(
    path: Path, problems: list[Problem], indicators: pd.DataFrame, areas: pd.DataFrame
) -> Scenario | None:
    found: list[Problem] = []
    raw, lines = read_yaml(path, found)
    scenario = None
    if isinstance(raw, dict):
        scenario = _scenario(raw, _with_years(lines), label(path), found)
    elif not found:
        tell(found, Problem(label(path), 1, "", "wanted a scenario: name, label, reason, adjustments"))
    if scenario and scenario.name != path.stem:
        message = f'"{scenario.name}" is not the name of the file; write {path.stem}'
        tell(found, Problem(label(path), lines[("name",)], "name", message))
    # a table of areas that is wrong itself holds none
    if scenario and scenario.area and len(areas) and scenario.area not in areas.index:
        message = f'"{scenario.area}" is unknown; {nearest(scenario.area, areas.index)}'
        tell(found, Problem(label(path), lines[("area",)], "area", message))
    if isinstance(raw, dict):
        tell(found, *_against_indicators(raw, _with_years(lines), label(path), indicators))
    tell(problems, *found)
    return None if found else scenario


def _with_years(lines: Lines) -> Lines:
    """Return the lines also under years as whole numbers, as pydantic names them."""
    as_number = {
        tuple(int(part) if str(part).isdecimal() else part for part in path): line
        for path, line in lines.items()
    }
    return lines | as_number


def _scenario(raw: dict[Any, Any], lines: Lines, file: str, found: list[Problem]) -> Scenario | None:
    whole, parts = dict(raw), raw.get("adjustments", ())
    if not isinstance(parts, list):
        if "adjustments" in raw:
            tell(found, Problem(file, lines[("adjustments",)], "adjustments", "wanted a list; [] for none"))
        parts = []
    if "adjustments" in raw:
        whole["adjustments"] = tuple(_adjustments(parts, lines, file, found))
    try:
        return Scenario.model_validate(whole, strict=True)
    except ValidationError as error:
        tell_invalid(error, found, file=file, lines=lines, known=Scenario.model_fields)
    return None


def _adjustments(parts: list[Any], lines: Lines, file: str, found: list[Problem]) -> Iterator[Adjustment]:
    for place, part in enumerate(parts):
        try:
            yield Adjustment.model_validate(part, strict=True)
        except ValidationError as error:
            known, within = Adjustment.model_fields, ("adjustments", place)
            tell_invalid(error, found, file=file, lines=lines, known=known, within=within)


def _against_indicators(
    raw: dict[Any, Any], lines: Lines, file: str, indicators: pd.DataFrame
) -> Iterator[Problem]:
    parts = raw.get("adjustments")
    for place, part in enumerate(parts if isinstance(parts, list) else []):
        indicator = part.get("indicator") if isinstance(part, dict) else None
        if not isinstance(indicator, str):
            continue
        if indicator not in indicators.index:
            line = lines[("adjustments", place, "indicator")]
            hint = nearest(indicator, indicators.index)
            yield Problem(file, line, "indicator", f'"{indicator}" is unknown; {hint}')
        elif indicators.loc[indicator, "role"] == "derived":
            line, formula = (
                lines[("adjustments", place, "indicator")],
                str(indicators.loc[indicator, "formula"]),
            )
            message = f"{indicator} is derived ({formula}); adjust what it follows from"
            yield Problem(file, line, "indicator", message)
        elif part.get("effect") == "replace" and isinstance(part.get("values"), dict):
            yield from _levels(part["values"], indicators.loc[[indicator]].iloc[0], lines, file, place)
        elif part.get("effect") == "multiply" and isinstance(part.get("values"), dict):
            yield from _factors(part["values"], lines, file, place)


def _factors(values: dict[Any, Any], lines: Lines, file: str, place: int) -> Iterator[Problem]:
    """Yield the factors that nobody means: a percentage, or a level written as a factor."""
    low, high = _PLAUSIBLE
    for year, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and (0 < value < low or value > high):
            line = lines[("adjustments", place, "values", str(year))]
            message = f"{value:g} is no plausible factor: {low:g} to {high:g}; write 1.1 for 10 percent more"
            yield Problem(file, line, f"values.{year}", message)


def _levels(
    values: dict[Any, Any], indicator: pd.Series, lines: Lines, file: str, place: int
) -> Iterator[Problem]:
    """Yield the levels that lie outside what an indicator can be."""
    low, high = indicator["lower"], indicator["upper"]
    for year, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and (value < low or value > high):
            line = lines[("adjustments", place, "values", str(year))]
            message = f"{value:g} is no possible level of {indicator.name}: {low:g} to {high:g}"
            yield Problem(file, line, f"values.{year}", message)
