"""Declared checks of amounts: their indicators, and whether these fit each other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..core import SapaError, parse_formula

Sentence = Annotated[str, StringConstraints(min_length=10)]
STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)

#: Rows of `indicators.csv` by id.
Rows = Mapping[str, Mapping[Any, Any]]


class DeclaredCheck(BaseModel, ABC):
    """A check with the indicators it concerns, each in its role; `check` is its name among the findings."""

    model_config = STRICT
    check: str = Field(pattern="^[a-z][a-z0-9_]*$")
    why: Sentence

    def indicators(self) -> dict[str, str]:
        """Return the id of the indicator in each role."""
        return {role: name for role, name in self if role not in ("check", "why", "limit")}

    @abstractmethod
    def misfits(self, rows: Rows) -> Iterator[tuple[str, str]]:
        """Yield a role and what is wrong there, for indicators that cannot be checked against each other."""


class Rate(DeclaredCheck):
    """An amount, a count, and the amount per unit counted, whose yearly change has a limit."""

    amount: str
    count: str
    rate: str
    limit: str

    def misfits(self, rows: Rows) -> Iterator[tuple[str, str]]:
        """Yield a fault when the amount is not computed from the count, in proportion to the rate."""
        yield from _not_in_proportion(rows, "amount", self.amount, self.rate, self.count)


class Within(DeclaredCheck):
    """An amount that should lie within another one, where a document sets goals for both."""

    amount: str
    whole: str

    def misfits(self, rows: Rows) -> Iterator[tuple[str, str]]:
        """Yield a fault when amount and whole differ in unit or prices."""
        yield from _not_alike(rows, self.amount, self.whole)


class WithinPerHead(DeclaredCheck):
    """An amount that should lie within a whole, which is computed from its amount per head and the people."""

    amount: str
    whole: str
    per_head: str
    people: str

    def misfits(self, rows: Rows) -> Iterator[tuple[str, str]]:
        """Yield faults of unit or prices of the whole, and of the formula of the amount per head."""
        yield from _not_alike(rows, self.amount, self.whole)
        yield from _not_in_proportion(rows, "per_head", self.per_head, self.whole, self.people)


class PricesPerHead(DeclaredCheck):
    """An amount per head at current prices, and growth at constant prices: prices explain the rest."""

    per_head: str
    growth: str
    people_growth: str
    limit: str

    def misfits(self, rows: Rows) -> Iterator[tuple[str, str]]:
        """Yield faults of amounts that are not at current prices, and of rates that are no growth."""
        if rows[self.per_head]["prices"] != "current":
            found = rows[self.per_head]["prices"] or "no"
            yield "per_head", f"{self.per_head} is at {found} prices; wanted current prices"
        for role, name in (("growth", self.growth), ("people_growth", self.people_growth)):
            if rows[name]["scale"] != "growth":
                yield role, f"{name} has the scale {rows[name]['scale']}; wanted growth"


def _not_alike(rows: Rows, amount: str, whole: str) -> Iterator[tuple[str, str]]:
    if rows[amount]["unit"] != rows[whole]["unit"]:
        yield "whole", f"{amount} is in {rows[amount]['unit']}, {whole} in {rows[whole]['unit']}"
    elif rows[amount]["prices"] != rows[whole]["prices"]:
        found = [f"{name} is at {rows[name]['prices'] or 'no'} prices" for name in (amount, whole)]
        yield "whole", f"{', '.join(found)}; wanted the same prices"


def _not_in_proportion(
    rows: Rows, role: str, derived: str, unknown: str, given: str
) -> Iterator[tuple[str, str]]:
    text = str(rows[derived]["formula"])
    if not _is_in_proportion(text, unknown, given):
        found = f'has the formula "{text}"' if text else "has no formula in indicators.csv"
        yield role, f"{derived} {found}; wanted one of {unknown} and {given}, in proportion to {unknown}"


def _is_in_proportion(text: str, unknown: str, given: str) -> bool:
    """Return whether a formula has these two ingredients and doubles with the first."""
    try:
        formula = parse_formula(text)
    except SapaError:
        return False
    if set(formula.names) != {unknown, given}:
        return False
    once, twice = (formula({unknown: n, given: 3.0}) for n in (1.0, 2.0))
    return twice == 2 * once
