"""What a scenario is: named adjustments of the baseline, each with its years, and the reason for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from ..core import LANGUAGES, Plottable, last_day, sound_text

Effect = Literal["multiply", "add", "replace", "growth", "add_growth", "hold"]
#: Effects that lean on what the baseline says of a year; a level does not.
LEANING = ("multiply", "add", "growth", "add_growth")
#: Years as a calendar counts them, and as years after the origin; the first are those of `data/`.
CALENDAR, AHEAD = (1990, 2060), (1, 30)
YEARS_WANTED = f"write {CALENDAR[0]} to {CALENDAR[1]}, or {AHEAD[0]} to {AHEAD[1]} for years after the origin"
#: What files write for a scenario that holds in every area, or on every day; objects leave it blank.
ANYWHERE = "any"


def is_calendar(year: int) -> bool:
    """Return whether a year is one of the calendar, and not a number of years after the origin."""
    return year > AHEAD[1]


def _year(year: int) -> int:
    if not any(first <= year <= last for first, last in (CALENDAR, AHEAD)):
        raise ValueError(f"{year} is no year; {YEARS_WANTED}")
    return year


def _fits_effect(value: float | None, info: ValidationInfo) -> float | None:
    effect = info.data.get("effect")
    if value is not None and effect == "multiply" and value <= 0:
        raise ValueError("multiply needs a factor above zero")
    if value is not None and effect == "hold" and value < 0:
        raise ValueError("hold needs a share of zero or more")
    if value is not None and effect == "growth" and value <= -100:
        raise ValueError("growth needs more than -100 percent")
    return value


def _in_each_language(words: Any) -> Any:
    return dict.fromkeys(LANGUAGES, words) if isinstance(words, str) else words


def _in_every_language(words: dict[str, str]) -> dict[str, str]:
    if set(words) != set(LANGUAGES):
        raise ValueError(f"wanted {' and '.join(LANGUAGES)}, each once")
    return words


def _nowhere_named(area: Any) -> Any:
    return "" if area == ANYWHERE else area


def _day(day: Any) -> Any:
    if day == ANYWHERE:
        return None
    return last_day(day) if isinstance(day, str) else day


_Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(sound_text)]
_Name = Annotated[_Text, StringConstraints(min_length=1)]
_Words = Annotated[dict[str, _Text], BeforeValidator(_in_each_language), AfterValidator(_in_every_language)]
_Year = Annotated[int, AfterValidator(_year)]
_Value = Annotated[FiniteFloat, AfterValidator(_fits_effect)]
_NO_WORDS = dict.fromkeys(LANGUAGES, "")


class Adjustment(BaseModel):
    """What a scenario does to one indicator, and why.

    Parameters
    ----------
    indicator : str
        An id of `indicators.csv`, or the name of a series of your own.
    effect : str
        `multiply` (by a factor), `add` (in the unit of the indicator; points for rates), `replace` (a level),
        `growth` (the growth of the year is this, in percent), `add_growth` (points more of it; later years
        move with it), `hold` (at a share of the level of a past year, `of_year`).
    values : mapping of int to float
        By year: of the calendar (2024), or after the origin (1: the running year, in which only the part that
        is left can still change).
    always : float
        In place of `values`: the same in every year ahead, the running one as a whole.
    shape : {"step", "ramp"}
        With `always`: whole from the first year, or growing evenly to the whole in the last.
    of_year : int
        With `hold`: the year of which it is a share.
    bold : bool
        Whether a change to less than half or more than twice the baseline is meant.
    reason : str or mapping of language to str
        Why these values.
    source, quality, impact : str
        Where the reason can be looked up; A official, B computed, C judged; high, medium or low: how far the
        result leans on it. Files demand them; not given in play.

    Examples
    --------
    >>> from sapa_analysis.scenarios import Adjustment
    >>> Adjustment(indicator="tourist_arrivals", effect="multiply", values={2024: 1.05, 2025: 0.97})
    <multiply tourist_arrivals 2024 to 2025>
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: _Name
    effect: Effect
    values: dict[_Year, _Value] = {}
    always: _Value | None = None
    shape: Literal["step", "ramp"] = "step"
    of_year: Annotated[int, Field(ge=CALENDAR[0], le=CALENDAR[1])] | None = None
    bold: bool = False
    reason: _Words = _NO_WORDS
    source: _Text = ""
    quality: Literal["A", "B", "C"] | None = None
    impact: Literal["high", "medium", "low"] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.values) == (self.always is not None):
            raise ValueError("wanted either values by year, or always for every year ahead")
        if self.shape == "ramp" and self.always is None:
            raise ValueError("a ramp leads to the value of always; values by year have no shape")
        if (self.effect == "hold") != (self.of_year is not None):
            raise ValueError("hold, and no other effect, says of which year: of_year")
        return self

    def __repr__(self) -> str:
        if self.always is not None:
            ramp = ", as a ramp" if self.shape == "ramp" else ""
            return f"<{self.effect} {self.indicator} in every year ahead{ramp}>"
        first, last = min(self.values), max(self.values)
        after = "" if is_calendar(first) else " years after the origin"
        return f"<{self.effect} {self.indicator} {first} to {last}{after}>"

    __str__ = __repr__


class Scenario(Plottable, BaseModel):
    """One scenario: a name, a reason to look at it, and its adjustments in the order of their effect.

    Parameters
    ----------
    name : str
        Of a file: its name.
    label, reason : str or mapping of language to str
        What readers call it (by default its name), and why it is looked at.
    area : str
        The area whose numbers it argues from; blank: any area.
    judged_on : date
        The day up to which its reasons were known; none: it argues from no knowledge.
    weight : float
        The share of the paths that it stands for in `combine_scenarios`, above 0 and at most 1.
    adjustments : sequence of Adjustment
        None: the baseline. Years of the calendar and years after the origin do not mix.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> part = sapa.scenarios.Adjustment(indicator="spend_per_visit", effect="multiply", always=1.1)
    >>> sapa.Scenario(name="spend more", adjustments=[part])
    <Scenario spend more: multiply spend_per_visit in every year ahead>
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Name
    label: _Words = _NO_WORDS
    reason: _Words = _NO_WORDS
    area: Annotated[_Text, BeforeValidator(_nowhere_named)] = ""
    judged_on: Annotated[dt.date | None, BeforeValidator(_day)] = None
    weight: Annotated[FiniteFloat, Field(gt=0, le=1)] | None = None
    adjustments: tuple[Adjustment, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        return {"label": given["name"], **given} if isinstance(given, Mapping) and "name" in given else given

    @model_validator(mode="after")
    def _counts_one_way(self) -> Self:
        if len({is_calendar(year) for year in self.years}) > 1:
            raise ValueError("years of the calendar and years after the origin do not mix in a scenario")
        return self

    def __repr__(self) -> str:
        changed = [repr(part)[1:-1] for part in self.adjustments]
        return f"<Scenario {self.name}: {'; '.join(changed) or 'no adjustment'}>"

    __str__ = __repr__

    @property
    def years(self) -> frozenset[int]:
        """The years that its adjustments name, of the calendar or after the origin."""
        return frozenset(year for part in self.adjustments for year in part.values)

    def summary(self) -> pd.DataFrame:
        """Return the adjustments in the order of their effect.

        Returns
        -------
        pandas.DataFrame
            One row per adjustment: indicator, effect, first_year, last_year (blank for every year ahead),
            quality, impact.
        """
        rows = [
            {
                **part.model_dump(include={"indicator", "effect", "quality", "impact"}),
                "first_year": min(part.values, default=pd.NA),
                "last_year": max(part.values, default=pd.NA),
            }
            for part in self.adjustments
        ]
        columns = ["indicator", "effect", "first_year", "last_year", "quality", "impact"]
        return pd.DataFrame(rows, columns=columns).astype({"first_year": "Int64", "last_year": "Int64"})

    def to_frame(self) -> pd.DataFrame:
        """Return the adjustments as a long table, so that several scenarios can be stacked and saved.

        Returns
        -------
        pandas.DataFrame
            One row per adjustment and year: scenario, indicator, effect, year (blank for every year ahead),
            value (a factor, a share, percent or points of growth, or in the unit of the indicator), source,
            quality, impact.
        """
        rows = [
            {"scenario": self.name, **part.model_dump(), "year": year, "value": value}
            for part in self.adjustments
            for year, value in [*part.values.items(), *([] if part.values else [(pd.NA, part.always)])]
        ]
        columns = ["scenario", "indicator", "effect", "year", "value", "source", "quality", "impact"]
        return pd.DataFrame(rows, columns=columns).astype({"year": "Int64"})
