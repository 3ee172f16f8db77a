"""The way back of one number or judgement, as frozen parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: What a number can be; the words stand in the texts.
KINDS = (
    "published", "own", "goal", "forecast", "judgement", "pace", "count", "difference", "chosen", "quoted",
    "mark", "date", "office",
)  # fmt: skip
#: What was done to a value before it was printed.
ROUNDINGS = ("as_printed", "exact", "to", "five_points", "word")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that published a figure or a goal.

    Attributes
    ----------
    title, url, published : str
        As in the evidence; the day may be known to the month or year only.
    cite_ok : str
        Whether an official paper may cite it: yes or no.
    marks : tuple of (str, int)
        Kind of paper and the number of the page among its sources, where it has one.
    """

    title: str
    url: str
    published: str
    cite_ok: str
    marks: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Measurement:
    """A published statement that a result rests on.

    Attributes
    ----------
    id : str
        Its row of the evidence; of a figure of the reference tables its area, indicator and period.
    indicator, area, period, freq, unit, kind, bound, through : str
        As in the evidence.
    value : float
        As printed.
    own : bool
        Whether it speaks of the indicator and area of the result itself.
    used : bool
        Whether the result was computed with it.
    page : Page
        The page that printed it first.
    where : str
        Of a figure of the office: workbook, sheet and cell; blank of a public one.
    """

    id: str
    indicator: str
    area: str
    period: str
    freq: str
    value: float
    unit: str
    kind: str
    bound: str
    through: str
    own: bool
    used: bool
    page: Page
    where: str = ""


@dataclass(frozen=True, slots=True)
class Rounding:
    """What was done to a value: one of `ROUNDINGS`; `to` is the step it was rounded to, in `unit`."""

    how: str
    to: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in the run: table, row and column."""

    table: str
    row: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Paths:
    """The simulated paths of the run: how many, from which seed, for which horizon, and to which year.

    A horizon of 0 is that of the targets; the last year is 0 where there are several.
    """

    number: int
    seed: int
    horizon: int
    last: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """The way back of one number or judgement.

    Attributes
    ----------
    key, unit : str
        As in `tagged_numbers.Number`.
    value : int, float or str
        The value of the run, not rounded.
    kind : str
        One of `KINDS`.
    texts : mapping of str to tuple of str
        By language: how it is printed, in the order of the papers.
    papers : tuple of str
        The papers in which it stands, by the name of their files: `briefing-vi`.
    rounding : Rounding
        What was done to the value.
    place : Place
        The result of the run.
    paths : Paths or None
        None for what was not simulated.
    chance : float or None
        The probability behind a judgement.
    about : mapping of str to str
        By language: what it speaks of.
    said : mapping of str to str
        By language: how it was made, of those that a composer makes.
    measurements : tuple of Measurement
        The figures that it rests on.
    pages : tuple of Page
        The pages that printed the number itself, or else those of its own figures; first the one that leads.
    """

    key: str
    value: Any
    unit: str
    kind: str
    texts: Mapping[str, tuple[str, ...]]
    papers: tuple[str, ...]
    rounding: Rounding
    place: Place
    paths: Paths | None = None
    chance: float | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    measurements: tuple[Measurement, ...] = ()
    pages: tuple[Page, ...] = ()

    @property
    def used(self) -> tuple[Measurement, ...]:
        """The figures with which it was computed."""
        return tuple(each for each in self.measurements if each.used)

    @property
    def evidence(self) -> frozenset[str]:
        """The rows of the evidence that it names."""
        return frozenset(each.id for each in self.measurements)
