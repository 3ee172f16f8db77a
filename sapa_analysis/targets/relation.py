"""Declared relations between numbers of the documents: `data/relations.yml`, loaded and checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, Self

import pandas as pd
from pydantic import BaseModel, Field, ValidationError, model_validator

from ..core import DataError, Lines, Problem, label, last_day, loader, nearest, read_yaml, tell, tell_invalid
from ..evidence import load_areas, load_documents, load_indicators
from .declared_check import STRICT, DeclaredCheck, PricesPerHead, Rate, Sentence, Within, WithinPerHead


class Related(BaseModel):
    """Two indicators with similar names or meanings that are different statistics."""

    model_config = STRICT
    indicators: list[str] = Field(min_length=2, max_length=2)
    why: Sentence


class Part(BaseModel):
    """An indicator that is a part of another one, in the same unit."""

    model_config = STRICT
    part: str
    whole: str
    why: Sentence


class Count(BaseModel):
    """The number of units behind a percentage; `assumed` where no page prints it."""

    model_config = STRICT
    indicator_id: str
    area: str
    count: int = Field(ge=1)
    basis: Literal["published", "assumed"]
    published: str
    source_title: str
    source_url: str
    note: Sentence

    @model_validator(mode="after")
    def _source_fits(self) -> Self:
        if (self.basis == "published") != bool(self.published and self.source_title):
            raise ValueError("basis published needs a date and a source, basis assumed has neither")
        if self.published:
            last_day(self.published)
        return self


class MetCount(BaseModel):
    """A published count of targets met, by the id of its row of the evidence, and of how many."""

    model_config = STRICT
    figure: str
    of: int = Field(ge=1)
    why: Sentence


class Restatement(BaseModel):
    """A document that changes some goals of another document and keeps the rest."""

    model_config = STRICT
    document: str
    of: str
    why: Sentence


class Limit(BaseModel):
    """A pace above which two goals are reported as in tension, with the reason for the limit."""

    model_config = STRICT
    value: float = Field(gt=0)
    unit: Literal["percent"]
    why: Sentence


class Relations(BaseModel):
    """All of `data/relations.yml`; if empty, nothing is related and no amount is checked.

    Attributes
    ----------
    related : list of Related
        Two indicators with similar names that are different statistics.
    parts : list of Part
        An indicator and the whole of which it is a part.
    counts : list of Count
        The number of units behind a percentage.
    met : list of MetCount
        Published counts of targets met, and of how many.
    restatements : list of Restatement
        A document that changes some goals of another and keeps the rest.
    limits : dict of str to Limit
        A pace, in percent a year, above which two goals are reported as in tension.
    rates, within, within_per_head, prices_per_head : list
        Checks between numbers of one document, each with its reason.
    """

    model_config = STRICT
    related: list[Related] = []
    parts: list[Part] = []
    counts: list[Count] = []
    met: list[MetCount] = []
    restatements: list[Restatement] = []
    limits: dict[str, Limit] = {}
    rates: list[Rate] = []
    within: list[Within] = []
    within_per_head: list[WithinPerHead] = []
    prices_per_head: list[PricesPerHead] = []

    def are_akin(self, one: str, other: str) -> bool:
        """Return whether two different indicators are declared as related, or as part and whole.

        Parameters
        ----------
        one : str
            An id of `indicators.csv`.
        other : str
            Another one.
        """
        pairs = [set(pair.indicators) for pair in self.related]
        return {one, other} in pairs + [{part.part, part.whole} for part in self.parts]

    def declared(self) -> Iterator[tuple[str, int, DeclaredCheck]]:
        """Yield the declared checks: the section that contains each, its position there, the check."""
        sections: dict[str, Sequence[DeclaredCheck]] = {
            "rates": self.rates,
            "within": self.within,
            "within_per_head": self.within_per_head,
            "prices_per_head": self.prices_per_head,
        }
        for section, checks in sections.items():
            yield from ((section, n, check) for n, check in enumerate(checks))

    def known_by(self, day: date | None) -> Self:
        """Return the relations without the counts published after a date; assumed ones have no date.

        Parameters
        ----------
        day : datetime.date
            The last day whose publications count; None: all.
        """
        if day is None:
            return self
        known = [count for count in self.counts if not count.published or last_day(count.published) <= day]
        return self.model_copy(update={"counts": known})


@loader(DataError)
def load_relations(
    folder: Path, problems: list[Problem], *, figures: pd.DataFrame | None = None
) -> Relations:
    """Return the relations of a data folder, checked against its indicators, areas and documents.

    Parameters
    ----------
    folder : path
        Holds `relations.yml`, `indicators.csv`, `areas.csv`, `documents.csv`.
    problems : list of Problem, optional
        Receives every problem, instead of an error.
    figures : pandas.DataFrame, optional
        As `load_evidence` returns them; with them, published counts of targets met are checked too.

    Raises
    ------
    DataError
        With every problem of these files.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.targets import load_relations
    >>> relations = load_relations(project_root() / "data")
    >>> relations.are_akin("grdp_per_capita", "income_per_capita"), relations.limits["spend_growth"].value
    (True, 10.0)
    """
    indicators, documents = load_indicators(folder, problems), load_documents(folder, problems)
    areas = load_areas(folder, problems)
    path = folder / "relations.yml"
    entries, lines = read_yaml(path, problems)
    try:
        relations = Relations.model_validate({} if entries is None else entries)
    except ValidationError as error:
        known = [name for model in _MODELS for name in model.model_fields]
        tell_invalid(error, problems, file=label(path), lines=lines, known=known)
        return Relations()
    for words, ids in ((indicators.index, "indicator"), (areas.index, "area"), (documents.index, "document")):
        tell(problems, *_unknown(relations, ids, words, label(path), lines))
    tell(problems, *_unlike(relations, indicators, label(path), lines))
    faults = [*_itself(relations), *_unnamed(relations), *_unfit(relations, indicators)]
    faults += [] if figures is None else _miscounted(relations, figures)
    for place, message in faults:
        tell(problems, Problem(label(path), lines[place], str(place[0]), message))
    return relations


_MODELS: tuple[type[BaseModel], ...] = (
    Relations, Related, Part, Count, MetCount, Restatement, Limit, Rate, Within, WithinPerHead, PricesPerHead,
)  # fmt: skip

#: The place of a key or list entry in the file, from the top.
Place = tuple[str | int, ...]


def _named(relations: Relations, kind: str) -> Iterator[tuple[Place, str]]:
    """Yield the place of every id of a kind, and the id."""
    if kind == "indicator":
        for n, pair in enumerate(relations.related):
            yield from ((("related", n), name) for name in pair.indicators)
        for n, part in enumerate(relations.parts):
            yield from ((("parts", n), name) for name in (part.part, part.whole))
        yield from ((("counts", n), count.indicator_id) for n, count in enumerate(relations.counts))
        for section, n, check in relations.declared():
            yield from (((section, n, role), name) for role, name in check.indicators().items())
    elif kind == "area":
        yield from ((("counts", n), count.area) for n, count in enumerate(relations.counts))
    else:
        for n, restated in enumerate(relations.restatements):
            yield from ((("restatements", n), name) for name in (restated.document, restated.of))


def _unknown(
    relations: Relations, kind: str, known: Collection[str], file: str, lines: Lines
) -> Iterator[Problem]:
    for place, name in _named(relations, kind):
        if len(known) and name not in known:
            message = f'"{name}" is no {kind}; {nearest(name, known)}'
            yield Problem(file, lines[place], str(place[0]), message)


def _unlike(relations: Relations, indicators: pd.DataFrame, file: str, lines: Lines) -> Iterator[Problem]:
    """Yield problems: parts with another unit than their whole, and counts of a non-percentage."""
    units = dict(zip(indicators.index, indicators["unit"], strict=True))
    for place, part in enumerate(relations.parts):
        if units.get(part.part) != units.get(part.whole):
            message = f"{part.part} is in {units.get(part.part)}, {part.whole} in {units.get(part.whole)}"
            yield Problem(file, lines[("parts", place)], "parts", message)
    for place, count in enumerate(relations.counts):
        if units.get(count.indicator_id, "percent") != "percent":
            message = f"{count.indicator_id} is in {units[count.indicator_id]}, no share of units"
            yield Problem(file, lines[("counts", place)], "counts", message)


def _itself(relations: Relations) -> Iterator[tuple[Place, str]]:
    """Yield the place and fault of relations of a thing with itself."""
    sides: list[tuple[Place, list[str]]] = [
        *((("related", n), pair.indicators) for n, pair in enumerate(relations.related)),
        *((("parts", n), [part.part, part.whole]) for n, part in enumerate(relations.parts)),
        *((("restatements", n), [new.document, new.of]) for n, new in enumerate(relations.restatements)),
        *(((section, n), list(check.indicators().values())) for section, n, check in relations.declared()),
    ]
    for place, names in sides:
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        yield from ((place, f'"{name}" stands on both sides') for name in twice)


def _unnamed(relations: Relations) -> Iterator[tuple[Place, str]]:
    """Yield the place and fault of declared checks with the name of another, or a limit that is not there."""
    seen: set[str] = set()
    for section, n, check in relations.declared():
        if check.check in seen:
            yield (section, n, "check"), f'the check "{check.check}" stands twice; give each its own name'
        seen.add(check.check)
        if isinstance(check, Rate | PricesPerHead) and check.limit not in relations.limits:
            message = f'"{check.limit}" is no limit; {nearest(check.limit, relations.limits)}'
            yield (section, n, "limit"), message


def _unfit(relations: Relations, indicators: pd.DataFrame) -> Iterator[tuple[Place, str]]:
    """Yield the place and fault of declared checks whose indicators do not fit each other."""
    rows = {row["indicator_id"]: row for row in indicators.to_dict("records")}
    for section, n, check in relations.declared():
        if rows.keys() >= set(check.indicators().values()):
            yield from (((section, n, role), message) for role, message in check.misfits(rows))


def _miscounted(relations: Relations, figures: pd.DataFrame) -> Iterator[tuple[Place, str]]:
    """Yield the place and fault of counts of targets met that no row of the evidence bears."""
    rows = {row["id"]: row for row in figures.to_dict("records")}
    seen: set[str] = set()
    for n, count in enumerate(relations.met):
        row, place = rows.get(count.figure), ("met", n, "figure")
        if count.figure in seen:
            yield place, f'"{count.figure}" stands twice'
        elif row is None:
            yield place, f'"{count.figure}" is no row of the evidence; {nearest(count.figure, rows)}'
        elif row["unit"] not in ("targets", "groups"):
            yield place, f"{count.figure} is in {row['unit']}, no count of targets or of groups of targets"
        elif row["value"] > count.of:
            yield ("met", n, "of"), f"{count.figure} counts {row['value']:g} of {count.of}"
        seen.add(count.figure)
