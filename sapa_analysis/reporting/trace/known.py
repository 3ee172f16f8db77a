"""Numbers that a document may hold: those of the run, of the evidence of its day, and of the goals."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from ...core import LANGUAGES
from ...evidence import is_office
from ...pipeline import Project
from ..language import texts
from ..published import figure_printed, period_shown
from .keys import Names
from .lines import value_shown
from .printed import Printed, digits_of, figures_in
from .way import Way

#: What one unit of a value is in what the words behind a number count, and what these count.
_SIZES = {
    "million_vnd": (1e6, "vnd"), "billion_vnd": (1e9, "vnd"), "million_vnd_per_ha": (1e6, "vnd"),
    "million_vnd_per_visit": (1e6, "vnd"), "million_usd": (1e6, "usd"), "billion_usd": (1e9, "usd"),
    "visits": (1.0, "visits"), "visits_per_week": (1.0, "visits"), "share": (100.0, "percent"),
    "probability": (100.0, "percent"), "points": (1.0, "percent"),
}  # fmt: skip
#: Digits from which a number may be another rounding of a known one.
ENOUGH = 3
#: Share of the words of a name that must stand around a number that is one of its numbers.
_NAMED = 0.5
_WORD = re.compile(r"[^\W\d_]{2,}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: Words of names that name nothing by themselves.
_COMMON = frozenset({
    "số", "của", "và", "năm", "tỷ", "lệ", "tổng", "giá", "trị", "trên", "địa", "bàn", "được", "các", "theo",
    "the", "of", "in", "and", "to", "rate", "total", "number", "per", "share", "value",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A number that is known.

    Attributes
    ----------
    text, about : str
        How it is told, and what it speaks of.
    full : float
        Its value in single units, without its sign: 118 million VND is 118,000,000.
    bare : tuple of float
        What it can be without its unit, as in a table whose head names it: 118.
    sort : str
        As in `Printed`.
    names : tuple of frozenset of str
        The words of what it speaks of, by language.
    years : frozenset of str
        The years that it speaks of.
    """

    text: str
    about: str
    full: float
    bare: tuple[float, ...]
    sort: str
    names: tuple[frozenset[str], ...] = ()
    years: frozenset[str] = frozenset()

    def is_told_in(self, words: Collection[str], years: Collection[str]) -> bool:
        """Return whether words and years around a number speak of it."""
        if years and self.years and not self.years & set(years):
            return False
        return any(name and len(name & set(words)) >= _NAMED * len(name) for name in self.names)

    def distance(self, figure: Printed) -> float:
        """Return how far a figure lies from it, as a share of the larger; more where they count otherwise."""
        values = (self.full,) if figure.scale != 1 else self.bare
        gaps = [
            abs(value - read * figure.scale) / max(value, read * figure.scale, 1e-12)
            for value in values
            for read, _ in figure.readings
        ]
        other = bool(figure.sort and self.sort and figure.sort != self.sort)
        return min(gaps, default=1.0) + other


class KnownNumbers:
    """Known numbers, against which many figures are compared.

    Parameters
    ----------
    known : iterable of Known
        The numbers.
    printed : collection of str
        Fractions, and numbers of quoted words, that are known as they are printed.
    """

    def __init__(self, known: Iterable[Known], printed: Collection[str]) -> None:
        self.all = list(dict.fromkeys(known))
        self._printed = frozenset(printed)
        self._full = _Values([(each.full, each.sort) for each in self.all])
        bare = [(value, each) for each in self.all for value in (*each.bare, each.full)]
        self._bare = _Values([(value, each.sort) for value, each in bare])
        self._of_bare = [each for _, each in bare]

    def match(self, figure: Printed) -> bool:
        """Return whether a figure can be one of them, as it is or rounded to three digits or more."""
        if figure.is_fraction or figure.text in self._printed:
            return figure.text in self._printed
        values = self._full if figure.scale != 1 else self._bare
        return any(len(values.held(read, step, figure)) for read, step in figure.readings)

    def fits(self, figure: Printed, around: str) -> bool:
        """Return whether a figure can be one of them that the words around it speak of."""
        if figure.is_fraction:
            return figure.text in self._printed
        words, years = words_of(around), frozenset(_YEAR.findall(around))
        values, owners = (self._full, self.all) if figure.scale != 1 else (self._bare, self._of_bare)
        return any(
            owners[place].is_told_in(words, years)
            for read, step in figure.readings
            for place in values.held(read, step, figure)
        )


class _Values:
    """Values with what they count."""

    def __init__(self, values: Sequence[tuple[float, str]]) -> None:
        self._values = np.array([value for value, _ in values], dtype=float)
        self._sorts = np.array([sort for _, sort in values], dtype=object)

    def held(self, read: float, step: float, figure: Printed) -> list[int]:
        """Return the places of those that a reading of a figure can be."""
        wanted = read * figure.scale
        apart = max(1e-12 * wanted, 1e-12)
        if digits_of(read, step) >= ENOUGH:
            apart = max(apart, step * figure.scale * 0.5000001)
        near = np.flatnonzero(np.abs(self._values - wanted) <= apart)
        return [int(place) for place in near if not figure.sort or self._sorts[place] in ("", figure.sort)]


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text that name something, in small letters."""
    return frozenset(map(str.lower, _WORD.findall(text))) - _COMMON


def known_value(text: str, about: str, value: Any, unit: str) -> Known | None:
    """Return a value with its unit as a known number, or None where it is no number."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    size, sort = _SIZES.get(unit, (1.0, "percent" if unit.startswith("percent") else ""))
    plain = abs(float(value))
    bare = [100 * plain] if unit in ("share", "probability") else [plain]
    bare += [plain / 1e6] if unit == "visits" else []
    return Known(text, about, plain * size, tuple(bare), sort)


def _known_text(text: str, about: str, lang: str) -> Iterator[Known]:
    """Yield the figures of a text as they are printed."""
    for figure in figures_in(text, lang):
        for read, _ in figure.readings[:1]:
            yield Known(text, about, read * figure.scale, (read,), figure.sort)


def _of_run(ways: Mapping[str, Way], project: Project, lang: str) -> Iterator[Known]:
    """Yield the numbers of a run: each value, and each text by which it is printed in any language."""
    named = Names.of(project, project.targets)
    targets = {target.id: target.indicator_id for target in project.targets}
    concepts = project.indicators.to_dict("index")
    for way in ways.values():
        subject = named.named_anywhere(way.key)
        indicator = "" if subject is None else targets.get(subject.target, subject.indicator)
        indicator = indicator or next((each.indicator for each in way.measurements if each.own), "")
        row = concepts.get(indicator, {})
        about = way.about.get(lang) or str(row.get(f"name_{lang}", "")) or _said(way, lang)
        names = [str(row[f"name_{each}"]) for each in LANGUAGES] if row else list(way.about.values())
        years = frozenset(_YEAR.findall(" ".join([way.key, *way.about.values()])))
        told = (way.texts.get(lang) or next(iter(way.texts.values())))[0]
        found = [known_value(told, about, way.value, way.unit)] if way.kind != "mark" else []
        for language, printed in way.texts.items():
            found += [known for text in printed for known in _known_text(text, about, language)]
        for known in found:
            if known is not None:
                yield replace(known, names=tuple(map(words_of, names)), years=years)


def _said(way: Way, lang: str) -> str:
    """Return what a number is where it names no goal and no indicator."""
    said = way.said.get(lang, "").rstrip(".")
    return said or str(texts(lang)["trace"]["kinds"][way.kind])


def _of_project(project: Project, lang: str) -> Iterator[Known]:
    """Yield the figures and goals that were known on the day of a project, and the numbers in their words."""
    concepts = project.indicators.to_dict("index")
    names = {str(name): str(row[f"name_{lang}"]) for name, row in concepts.items()}
    words = {
        str(name): tuple(words_of(str(row[f"name_{each}"])) for each in LANGUAGES)
        for name, row in concepts.items()
    }
    for row in project.statements.to_dict("records"):
        yield from _of_figure(row, str(row["indicator_id"]), concepts, lang)
    for target in project.targets:
        name = target.indicator_id
        about = str(texts(lang)["trace"]["goal_of"]).format(name=names[name], end=target.end)
        found = [
            known_value(value_shown(number, target.unit, lang), about, number, target.unit)
            for number in (target.value, target.value_high)
        ]
        for known in (*found, *_known_text(target.printed, about, "vi")):
            if known is not None:
                yield replace(known, names=words[name], years=frozenset({str(target.end)}))
    for language in LANGUAGES:
        for concept, row in concepts.items():
            for known in _known_text(str(row[f"name_{language}"]), names[str(concept)], language):
                yield replace(known, names=words[str(concept)])


def _of_office(ways: Mapping[str, Way], project: Project, lang: str) -> Iterator[Known]:
    """Yield the figures of the office that numbers of a run rest on: the public tables do not hold them."""
    concepts = project.indicators.to_dict("index")
    for each in dict.fromkeys(each for way in ways.values() for each in way.measurements):
        if is_office(each.page.url) and each.indicator in concepts:
            row = {
                name: getattr(each, name) for name in ("period", "freq", "through", "unit", "bound", "value")
            }
            yield from _of_figure(row, each.indicator, concepts, lang)


def _of_figure(
    row: Mapping[Any, Any], name: str, concepts: Mapping[Any, Mapping[Any, Any]], lang: str
) -> Iterator[Known]:
    """Yield a figure of the evidence, unless it is no number."""
    when = period_shown(str(row["period"]), str(row["freq"]), lang, through=str(row["through"]))
    told = figure_printed(row["value"], str(row["unit"]), lang, bound=str(row["bound"]))
    value = known_value(f"{told} ({when})", str(concepts[name][f"name_{lang}"]), row["value"], row["unit"])
    if value is not None:
        words = tuple(words_of(str(concepts[name][f"name_{each}"])) for each in LANGUAGES)
        yield replace(value, names=words, years=frozenset(_YEAR.findall(str(row["period"]))))


def known_numbers(ways: Mapping[str, Way], project: Project, lang: str) -> KnownNumbers:
    """Return all that a document on a run may hold.

    Parameters
    ----------
    ways : mapping of str to Way
        The numbers of the run.
    project : Project
        The tables as they were known on the day of the run.
    lang : {"vi", "en"}
        Language of what is told of them.
    """
    printed = [text for way in ways.values() for told in way.texts.values() for text in told]
    printed += [target.printed for target in project.targets]
    numbers = [*_of_run(ways, project, lang), *_of_project(project, lang), *_of_office(ways, project, lang)]
    return KnownNumbers(numbers, _fractions(ways, printed) | _quoted(ways))


def _quoted(ways: Mapping[str, Way]) -> set[str]:
    """Return the numbers of quoted words that say enough to be known again, whatever follows them."""
    told = (
        text for way in ways.values() if way.kind == "quoted" for each in way.texts.values() for text in each
    )
    return {text for text in told if sum(map(str.isdigit, text)) >= ENOUGH}


def _fractions(ways: Mapping[str, Way], told: Iterable[str]) -> set[str]:
    """Return the fractions that are known: those of some texts, 46/61, and two counts of one thing."""
    found = {figure.text for text in told for figure in figures_in(text) if figure.is_fraction}
    alike: dict[str, list[Any]] = {}
    for key, way in ways.items():
        if way.unit in ("count", "targets", "groups"):
            alike.setdefault(key.rpartition(".")[0], []).append(way.value)
    for counts in alike.values():
        found |= {f"{part}/{whole}" for part, whole in permutations(counts, 2)}
    return found
