"""Formulas that derive indicators from others, and the order of computation."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from .errors import SapaError

Values = TypeVar("Values")
#: Characters of a formula; the longest of a yearbook has a tenth of them, and deep nesting breaks parsers.
_LONGEST = 500

_OPERATORS: dict[type, Callable[[object, object], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class CircleError(SapaError):
    """A circular derivation: some indicators depend on themselves."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"circular derivation: {' -> '.join(names)}")
        self.names = tuple(names)


@dataclass(frozen=True, slots=True)
class Formula:
    """Formula of a derived indicator: sums, differences, products and quotients of ids and numbers.

    Attributes
    ----------
    text : str
        As `indicators.csv` has it.
    names : tuple of str
        The ids in it, each once.
    """

    text: str
    names: tuple[str, ...]

    def __call__(self, values: Mapping[str, Values]) -> Values:
        """Return the derived values; `values` holds arrays or frames of one shape by id."""
        result: Values = _computed(_tree(self.text), values)  # type: ignore[assignment]
        return result


@cache
def _tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@cache
def parse_formula(text: str) -> Formula:
    """Parse a formula of `indicators.csv`; `names` of the result holds each id once, in no promised order.

    Parameters
    ----------
    text : str
        Such as `tourism_revenue / tourist_arrivals * 1000`.

    Returns
    -------
    Formula

    Raises
    ------
    SapaError
        When the text is not a sum, difference, product or quotient of ids and numbers, is longer than 500
        characters, or divides by zero.

    Examples
    --------
    >>> from sapa_analysis.core import parse_formula
    >>> per_head = parse_formula("1000 * grdp / population")
    >>> per_head.names, per_head({"grdp": 6000.0, "population": 60_000})
    (('population', 'grdp'), 100.0)
    """
    if len(text) > _LONGEST:
        raise SapaError(f"a formula of {len(text):,} characters; wanted at most {_LONGEST}")
    try:
        tree = _tree(text if text.isascii() else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SapaError(f'"{text}" is no formula') from None
    nodes = [node for node in ast.walk(tree) if not isinstance(node, (ast.operator, ast.expr_context))]
    strange = [node for node in nodes if not _is_arithmetic(node)]
    if strange:
        raise SapaError(f'"{text}" is no formula; wanted ids and numbers with + - * /')
    names = tuple(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name)))
    if any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_zero(node.right)
        for node in nodes
    ):
        raise SapaError(f'"{text}" divides by zero')
    return Formula(text, names)


def _is_arithmetic(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return type(node.op) in _OPERATORS
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return type(node.value) is not bool and abs(node.value) < math.inf
    return isinstance(node, ast.Name)


def _is_zero(node: ast.expr) -> bool:
    """Return whether a part without ids is zero, or cannot be computed."""
    if any(isinstance(part, ast.Name) for part in ast.walk(node)):
        return False
    try:
        return _computed(node, {}) == 0
    except (ZeroDivisionError, OverflowError):
        return True


def _computed(node: ast.expr, values: Mapping[str, object]) -> object:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_computed(node.left, values), _computed(node.right, values))
    return values[node.id] if isinstance(node, ast.Name) else node.value  # type: ignore[attr-defined]


def in_order(formulas: Mapping[str, Formula]) -> list[str]:
    """Return the derived ids, each after the ids on which it depends.

    Parameters
    ----------
    formulas : mapping of str to Formula
        Formulas by the id that each computes.

    Raises
    ------
    CircleError
        When some ids depend on themselves, directly or through others; the error names one circle.

    Examples
    --------
    >>> from sapa_analysis.core import in_order, parse_formula
    >>> texts = {"receipts_per_room": "receipts / rooms", "receipts": "visits * spend"}
    >>> in_order({name: parse_formula(text) for name, text in texts.items()})
    ['receipts', 'receipts_per_room']
    """
    order: list[str] = []
    left = dict(formulas)
    while left:
        ready = [name for name, formula in left.items() if not set(formula.names) & set(left)]
        if not ready:
            raise CircleError(_circle(left))
        order += ready
        left = {name: formula for name, formula in left.items() if name not in ready}
    return order


def _circle(left: Mapping[str, Formula]) -> list[str]:
    walked = [next(iter(left))]
    while walked[-1] not in walked[:-1]:
        walked.append(next(name for name in left[walked[-1]].names if name in left))
    return walked[walked.index(walked[-1]) :]


def derive(values: Mapping[str, Values], formulas: Mapping[str, Formula]) -> dict[str, Values]:
    """Return the primary values and all derived values that can be computed from them.

    Given values of derived ids are discarded and recomputed.

    Parameters
    ----------
    values : mapping of id to array or frame
        All of one shape.
    formulas : mapping of id to Formula
        A formula is computed only if all its ingredients are available.

    Examples
    --------
    >>> from sapa_analysis.core import derive, parse_formula
    >>> formulas = {"receipts": parse_formula("visits * spend"), "density": parse_formula("people / land")}
    >>> derive({"visits": 4.0, "spend": 2.5, "receipts": 9.0}, formulas)
    {'visits': 4.0, 'spend': 2.5, 'receipts': 10.0}
    """
    found = {name: value for name, value in values.items() if name not in formulas}
    for name in in_order(formulas):
        if all(part in found for part in formulas[name].names):
            found[name] = formulas[name](found)
    return found


def primaries_of(names: Iterable[str], formulas: Mapping[str, Formula]) -> list[str]:
    """Return the primary ids from which the given ids are computed.

    Parameters
    ----------
    names : iterable of str
        Ids, primary and derived.
    formulas : mapping of str to Formula
        Formulas by the id that each computes.

    Examples
    --------
    >>> from sapa_analysis.core import parse_formula, primaries_of
    >>> texts = {"receipts": "visits * spend", "receipts_per_room": "receipts / rooms"}
    >>> formulas = {name: parse_formula(text) for name, text in texts.items()}
    >>> primaries_of(["receipts_per_room", "visits"], formulas)
    ['visits', 'spend', 'rooms']
    """
    found: dict[str, None] = {}
    for name in names:
        parts = primaries_of(formulas[name].names, formulas) if name in formulas else [name]
        found |= dict.fromkeys(parts)
    return list(found)
