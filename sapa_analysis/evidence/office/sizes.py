"""Whether figures and goals have the size that others let expect: slips of the point and of units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

import pandas as pd

from ..look import tenfold
from .entered_figures import Figure
from .entered_goals import Goal
from .layout import words
from .reading import Reading
from .told import quoted, shown_number

#: A percentage up to one among values of tens, ten at least, was meant as a share of one.
_TENS = 10.0
#: Slips of the point, of units and of thousands: ten times, a hundred times and so on.
_SLIPS = (1, 10, 100, 10_000, 100_000)
#: How many times an amount or a count may differ from that of the year before or after, and how much more
#: for each year between them; and from that of a year of the epidemic, where it broke.
_JUMP, _MORE_A_YEAR, _BROKEN_JUMP = 6.0, 1.3, 30.0
#: Counts below this jump as they like.
_FEW = 20.0
#: How many times a goal in percent may differ from others.
_TENFOLD = 7.0


@dataclass(frozen=True)
class _Value:
    """A value of a year; `secret` where it stays in the house, `mine` where the office entered it."""

    year: int
    value: float
    secret: bool = False
    mine: bool = False


def check_sizes(figures: list[Figure], goals: list[Goal], reading: Reading) -> None:
    """Tell figures and goals that seem a percentage as a fraction, or many times what others let expect.

    Parameters
    ----------
    figures, goals : list of Figure, list of Goal
        Of the office.
    reading : Reading
        Holds what is public, and receives the problems.
    """
    known = _public(reading)
    mine: dict[str, list[Figure]] = {}
    for figure in figures:
        mine.setdefault(figure.row["indicator_id"], []).append(figure)
    for indicator, own in mine.items():
        concept, public = reading.indicator(indicator), known.get(indicator, [])
        aims = [target.value for target in reading.goals() if target.indicator_id == indicator]
        aims += [g.row["value"] for g in goals if g.row["indicator_id"] == indicator and not g.entry.secret]
        odd = [figure for figure in own if not figure.entry.is_checked() and not figure.written.fraction]
        shares = _shares(odd, own, public, aims) if concept["scale"] == "logit" else []
        if concept["scale"] != "growth":
            _check_years([f for f in odd if f not in shares], [f for f in own if f not in shares], public)
    for goal in goals:
        _check_goal(goal, reading, known.get(goal.row["indicator_id"], []))


def _check_years(odd: Sequence[Figure], own: Sequence[Figure], public: Sequence[_Value]) -> None:
    """Tell figures of years that are odd beside the others; secret ones last, without those that are told."""
    told: list[Figure] = []
    for figure in sorted(odd, key=lambda figure: figure.entry.secret):
        without = [figure, *told] if figure.entry.secret else [figure]
        others = [_value(each) for each in own if each not in without and each.row["freq"] == "A"]
        if figure.row["freq"] == "A" and _is_told(figure, [*public, *others]):
            told.append(figure)


def _shares(
    odd: Sequence[Figure], own: Sequence[Figure], public: Sequence[_Value], aims: Sequence[float]
) -> list[Figure]:
    """Return percentages that seem shares of one, and tell them, without what secret ones say."""
    found = []
    for figure in odd:
        value = figure.row["value"]
        others = [each.row for each in own if each is not figure]
        known = [each.value for each in public] + [*aims]
        shown = known + [row["value"] for row in others if figure.entry.secret or not row["internal"]]
        if figure.written.words.endswith("%"):
            continue
        if _is_share_of_one(value, shown):
            _tell_share(figure.entry, figure.column, figure.written.value)
        elif _is_share_of_one(value, known + [row["value"] for row in others]):
            figure.entry.tell(figure.column, "odd_beside_secret", checked=words()["reader"]["checked"])
        else:
            continue
        found.append(figure)
    return found


def _value(figure: Figure) -> _Value:
    return _Value(int(figure.row["period"]), figure.row["value"], figure.entry.secret, mine=True)


def _public(reading: Reading) -> dict[str, list[_Value]]:
    """Return the public figures of whole years of the area, by indicator."""
    tables = reading.tables
    mine = tables.evidence[(tables.evidence["area"] == tables.area) & (tables.evidence["freq"] == "A")]
    found: dict[str, list[_Value]] = {}
    for name, period, value in zip(mine["indicator_id"], mine["period"], mine["value"], strict=True):
        if not math.isnan(value):
            found.setdefault(str(name), []).append(_Value(int(period), float(value)))
    return found


def _is_share_of_one(value: float, others: Iterable[float]) -> bool:
    others = [other for other in others if other > 1]
    return 0 < value <= 1 and bool(others) and median(others) >= _TENS


def _tell_share(entry: Any, column: Any, value: Decimal) -> None:
    percent = Decimal(f"{(value * 100).normalize():f}")
    said = {"text": shown_number(value), "percent": shown_number(percent)}
    entry.tell(column, "percent_as_fraction", checked=words()["reader"]["checked"], **said)


# jumps --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Odd:
    """A value that is many times what others let expect (`near`), or a small part of it."""

    near: float
    times: float

    @property
    def key(self) -> str:
        return "tenfold" if self.times > 1 else "tenth"


def _is_told(figure: Figure, others: Sequence[_Value]) -> bool:
    """Tell a figure that is odd beside others, without what secret ones say; return whether it is."""
    concept = figure.entry.reading.indicator(figure.row["indicator_id"])
    year, value, secret = int(figure.row["period"]), figure.row["value"], figure.entry.secret
    shown = [other for other in others if secret or not other.secret]
    if found := _odd(value, year, concept, shown):
        _tell_odd(figure.entry, figure.column, figure.written.words, found)
    elif len(shown) < len(others) and _odd(value, year, concept, others):
        figure.entry.tell(figure.column, "odd_beside_secret", checked=words()["reader"]["checked"])
    else:
        return False
    return True


def _tell_odd(entry: Any, column: Any, text: str, odd: _Odd) -> None:
    near, times = (
        shown_number(Decimal(f"{Decimal(f'{number:.{digits}g}'):f}"))
        for number, digits in ((odd.near, 4), (max(odd.times, 1 / odd.times), 2))
    )
    checked = words()["reader"]["checked"]
    entry.tell(column, odd.key, text=quoted(text), times=times, near=near, checked=checked)


def _odd(value: float, year: int, concept: pd.Series, others: Sequence[_Value]) -> _Odd | None:
    """Return how odd a value is beside all others, or beside those alone that are public."""
    if value <= 0:
        return None
    broken = _broken(concept) if concept["scale"] == "log" else set[int]()
    for beside in (others, [other for other in others if not other.mine]):
        found = _slipped(value, year, beside, broken)
        if found is None and concept["scale"] == "log":
            found = _jumped(value, year, beside, broken)
        if found is not None:
            return found
    return None


def _by_year(others: Iterable[_Value]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for other in others:
        if other.value > 0:
            found.setdefault(other.year, []).append(other.value)
    return found


def _slipped(value: float, year: int, others: Iterable[_Value], broken: set[int]) -> _Odd | None:
    """Return how odd a value is where it is near ten times what others let expect, a hundred and so on.

    A tenth in a year that broke may be a slump: it is told only beside others of the same year.
    """
    by_year = _by_year(others)
    typical = {at: median(values) for at, values in by_year.items()}
    for times in _SLIPS:
        for is_high, slipped in ((True, value / times), (False, value * times)):
            if times == 1 and not is_high and year in broken and year not in by_year:
                continue
            near = tenfold(slipped, by_year.get(year, []), typical, year)
            if near and (slipped > near) == is_high:
                return _Odd(near, 10.0 * times if is_high else 0.1 / times)
    return None


def _jumped(value: float, year: int, others: Iterable[_Value], broken: set[int]) -> _Odd | None:
    """Return how odd an amount or a count is beside its own year and the nearest on both sides."""
    typical = {at: median(values) for at, values in _by_year(others).items()}
    near = [at for at in (max((y for y in typical if y < year), default=None), year,
                          min((y for y in typical if y > year), default=None)) if at in typical]  # fmt: skip
    ratios = [(value / typical[at], _limit(year, at, broken)) for at in near if at is not None]
    high = all(ratio > limit for ratio, limit in ratios)
    low = all(1 / ratio > limit for ratio, limit in ratios)
    if not ratios or not (high or low) or max(value, *(value / ratio for ratio, _ in ratios)) < _FEW:
        return None
    ratio = min((ratio for ratio, _ in ratios), key=lambda ratio: abs(math.log(ratio)))
    return _Odd(value / ratio, ratio)


def _limit(year: int, other: int, broken: set[int]) -> float:
    if other != year and broken & {year, other}:
        return _BROKEN_JUMP
    return _JUMP * float(_MORE_A_YEAR ** max(abs(year - other) - 1, 0))


def _broken(concept: pd.Series) -> set[int]:
    """Return the years in which a wave of the epidemic broke a series."""
    first, _, last = str(concept["broke"] or "").partition("-")
    return set(range(int(first), int(last or first) + 1)) if first.isdecimal() else set()


# goals --------------------------------------------------------------------------------------------------


def _check_goal(goal: Goal, reading: Reading, known: Sequence[_Value]) -> None:
    """Tell a goal that seems a percentage as a fraction, or many times other goals and figures."""
    row, entry = goal.row, goal.entry
    if row["measure"] == "yes_no" or row["fraction"] or entry.is_checked():
        return
    concept = reading.indicator(row["indicator_id"])
    same = [_Value(target.end, target.value) for target in reading.goals()
            if (target.indicator_id, target.measure) == (row["indicator_id"], row["measure"])]  # fmt: skip
    figures = list(known) if row["measure"] == "level" else []
    is_percent = "%" in entry.cells["goal"].text or entry.cells["goal"].shown == "percent"
    for value in filter(None, (row["value"], row["value_high"])):
        others = [each.value for each in (same or figures)]
        if concept["unit"] == "percent" and not is_percent and _is_share_of_one(value, others):
            return _tell_share(entry, "goal", Decimal(f"{value:.12g}"))
        if odd := _odd_goal(value, row["end"], concept, same, figures):
            return _tell_odd(entry, "goal", shown_number(Decimal(f"{value:.12g}")), odd)
    return None


def _odd_goal(
    value: float, end: int, concept: pd.Series, same: Sequence[_Value], figures: Sequence[_Value]
) -> _Odd | None:
    """Return how odd a goal is beside public goals, of its year if there are any, else the latest figures."""
    latest = sorted({each.year for each in figures if each.year <= end})[-2:]
    known = [each for each in figures if each.year in latest]
    near = [each.value for each in [o for o in same if o.year == end] or same or known if each.value > 0]
    if not near or concept["scale"] == "level":
        return None
    limit = _JUMP if concept["scale"] == "log" else _TENFOLD
    ratios = [value / other for other in near]
    if not (all(ratio > limit for ratio in ratios) or all(ratio < 1 / limit for ratio in ratios)):
        return None
    ratio = min(ratios, key=lambda ratio: abs(math.log(ratio)))
    return _Odd(value / ratio, ratio)
