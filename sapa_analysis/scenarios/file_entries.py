"""The entries of a scenario file, read one by one: each problem is told at its line, in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import pandas as pd
from pydantic import ValidationError

from ..core import LANGUAGES, Lines, Problem, tell, tell_invalid
from .adjustment import LEANING, Adjustment, Scenario
from .lever import hint
from .short_form import plausible_problem, read_change, read_number, year_problem

#: What a file states and an object need not.
_DEMANDED = ("label", "reason", "area", "adjustments")
_DEMANDED_OF_PARTS = ("reason", "source", "quality", "impact")
_SHAPE = "wanted a value for each year, as 2024: 0.9, or always: 0.9 for every year ahead"


class Entries:
    """One scenario file: its raw entries become a scenario, and every problem is told at its line."""

    def __init__(self, file: str, lines: Lines, indicators: pd.DataFrame, found: list[Problem]) -> None:
        self.file, self.lines, self.indicators, self.found = file, lines, indicators, found

    def tell(self, place: tuple[str | int, ...], column: str, message: str) -> None:
        """Note a problem at the line of the nearest entry above that has one."""
        line = next((self.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.lines), 1)
        tell(self.found, Problem(self.file, line, column, message))

    def scenario(self, raw: dict[Any, Any]) -> Scenario | None:
        """Return the scenario of a file; None where it has a problem that hides it."""
        whole, parts = dict(raw), raw.get("adjustments", ())
        for name in ("label", "reason"):
            self.words(raw, (), name)
        if not isinstance(parts, list):
            if "adjustments" in raw:
                self.tell(("adjustments",), "adjustments", "wanted a list; [] for none")
            parts = []
        demanded = [*_DEMANDED, *(["judged_on"] if parts else [])]
        for name in demanded:
            if name not in raw and not _misspelt(raw, name, Scenario.model_fields):
                self.tell((), name, "is missing")
            elif name in raw and raw[name] in ("", None):
                self.tell((name,), name, f"wanted text; found {raw[name]!r}")
        made = [self.adjustment(part, place) for place, part in enumerate(parts)]
        whole["adjustments"] = tuple(part for part in made if part)
        try:
            return Scenario.model_validate(whole, strict=True)
        except ValidationError as error:
            tell_invalid(error, self.found, file=self.file, lines=self.lines, known=Scenario.model_fields)
        return None

    def words(self, raw: Mapping[Any, Any], within: tuple[str | int, ...], name: str) -> None:
        """Tell what is wrong with a text in both languages."""
        place, said = (*within, name), raw.get(name)
        if name not in raw or said in ("", None):
            return
        if not isinstance(said, dict):
            self.tell(place, name, f"wanted a text in each language, under vi and en; found {said!r:.40}")
            return
        for key, text in said.items():
            if text is None and key not in LANGUAGES:
                cut = f'a text with a comma stands in quotes; "{key}" was cut off'
                self.tell((*place, str(key)), f"{name}.{key}", cut)
            elif not isinstance(text, str) or not text.strip():
                self.tell((*place, str(key)), f"{name}.{key}", f"wanted text; found {text!r}")

    def adjustment(self, part: Any, place: int) -> Adjustment | None:
        """Return one adjustment; None where it has a problem."""
        within: tuple[str | int, ...] = ("adjustments", place)
        if not isinstance(part, dict):
            self.tell(
                within,
                f"adjustments.{place}",
                f"wanted an adjustment with indicator, effect, values and the rest; found {part!s:.40}",
            )
            return None
        self.words(part, within, "reason")
        for name in _DEMANDED_OF_PARTS:
            if name not in part and not _misspelt(part, name, Adjustment.model_fields):
                self.tell(within, name, "is missing")
            elif name in part and part[name] in ("", None):
                self.tell((*within, name), name, f"wanted text; found {part[name]!r}")
        self.indicator(part, within)
        before, read = len(self.found), self.changes(part, within)
        try:
            made = Adjustment.model_validate({**part, **read}, strict=True)
        except ValidationError as error:
            told = len(self.found) > before
            kept = [] if told else self.found
            known = Adjustment.model_fields
            tell_invalid(error, kept, file=self.file, lines=self.lines, known=known, within=within)
            if told:  # what is wrong with the values is told already
                values = ("values", "always", "effect")
                tell(self.found, *(each for each in kept if each.column.split(".")[0] not in (*values, "")))
            return None
        return made

    def indicator(self, part: Mapping[Any, Any], within: tuple[str | int, ...]) -> None:
        """Tell an indicator that is unknown, or follows from others."""
        name = part.get("indicator")
        if not isinstance(name, str) or not name.strip():
            return
        if name not in self.indicators.index:
            message = f'"{name}" is unknown; {hint(name, self.indicators)}'
            self.tell((*within, "indicator"), "indicator", message)
        elif self.indicators.loc[name, "role"] == "derived":
            formula = str(self.indicators.loc[name, "formula"])
            message = f"{name} is derived ({formula}); adjust what it follows from"
            self.tell((*within, "indicator"), "indicator", message)

    def changes(self, part: Mapping[Any, Any], within: tuple[str | int, ...]) -> dict[str, Any]:
        """Return effect, values and past year with numbers in place of texts; tell what cannot be read."""
        read: dict[str, Any] = {}
        if "always" in part:
            said = list(self.numbers({None: part["always"]}, part, (*within, "always"), "always", read))
            read["always"] = said[0][1] if said else part["always"]
        values = part.get("values")
        if "values" not in part:
            return read
        if not isinstance(values, dict) or not values:
            self.tell((*within, "values"), "values", f"{_SHAPE}; found {values!r:.40}")
            return read
        read["values"] = dict(self.numbers(values, part, (*within, "values"), "values", read))
        return read

    def numbers(
        self,
        values: Mapping[Any, Any],
        part: Mapping[Any, Any],
        within: tuple[str | int, ...],
        column: str,
        read: dict[str, Any],
    ) -> Iterator[tuple[Any, Any]]:
        """Yield years and numbers; the effect that the texts say is noted in `read`."""
        cut = [
            key for key, value in values.items() if value is None and isinstance(key, int) and len(values) > 1
        ]
        for key, said in values.items():
            year = int(key) if isinstance(key, str) and key.isdecimal() else key
            own = column if year is None else f"{column}.{year}"
            place = within if year is None else (*within, str(year))
            if year in cut:
                self.tell(
                    place, own, f'a comma was read as the end of a value; write 0.{year}, or "0,{year}"'
                )
                continue
            if year is not None and (why := year_problem(year)):
                self.tell(place, own, why)
                continue
            try:
                value = self.number(said, part, read)
            except ValueError as error:
                self.tell(place, own, str(error))
                continue
            if why := self.implausible(part, read.get("effect", part.get("effect")), value):
                self.tell(place, own, why)
            yield year, value

    def number(self, said: Any, part: Mapping[Any, Any], read: dict[str, Any]) -> float:
        """Return one value of an adjustment as a number."""
        if isinstance(said, int | float) and not isinstance(said, bool):
            return said
        if not isinstance(said, str):
            raise ValueError(f"wanted a number; found {said!r}")
        effect = part.get("effect")
        try:
            if effect == "hold" and said.strip().endswith("%"):
                return read_number(said.strip(" %")) / 100
            if effect is not None:
                return read_number(said.strip())
        except ValueError:
            pass
        change = read_change(said)
        known = read.get("effect", effect)
        if known not in (None, change.effect) or read.get("of_year", change.of_year) != change.of_year:
            raise ValueError(f'"{said}" is {change.effect}, not {known}; write an adjustment of its own')
        read |= {"effect": change.effect} | ({"of_year": change.of_year} if change.of_year else {})
        return change.value

    def implausible(self, part: Mapping[Any, Any], effect: Any, value: float) -> str:
        """Return why a value is none that can be, or that hardly anybody means."""
        name = str(part.get("indicator"))
        known = self.indicators.loc[name] if name in self.indicators.index else None
        if effect == "replace" and known is not None:
            low, high = known["lower"], known["upper"]
            fits = low <= value <= high
            return "" if fits else f"{value:g} is no possible level of {name}: {low:g} to {high:g}"
        if effect in ("growth", "add_growth") and known is not None and known["scale"] != "log":
            return f"{name} is no amount that grows; write points or a level"
        return plausible_problem(effect, value) if effect in LEANING and not part.get("bold") else ""


def _misspelt(raw: Mapping[Any, Any], name: str, known: Mapping[str, Any]) -> bool:
    """Return whether a key that nobody knows is meant for a name: it is told as such."""
    return any(get_close_matches(str(key), [name]) for key in raw if key not in known)
