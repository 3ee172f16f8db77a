"""Consistency checks of amounts; each takes `Papers` and yields a `Finding` per case."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ..declared_check import PricesPerHead, Rate
from ..pace import required_growth
from .papers import Finding, Numbers, Papers, Row

_CEILINGS = ("less_than", "at_most")


def rates(papers: Papers) -> Iterator[Finding]:
    """Compare the growth of each declared rate, from published figures and between goals, with its limit."""
    for declared in papers.relations.rates:
        points = [
            (rows, _rate(papers, declared, *(row["value"] for row in rows)))
            for rows in papers.together(declared.amount, declared.count)
        ]
        for rows, rate in points:
            past = _published_rate(papers, declared, rows[0]["area"], before=rows[0]["end"])
            if past:
                yield _moved(papers, declared, past, (rows[0]["end"], rate), rows, "published")
        ordered = sorted(points, key=lambda point: point[0][0]["end"])
        for (early, rate_before), (late, rate) in combinations(ordered, 2):
            if early[0]["area"] == late[0]["area"] and early[0]["end"] < late[0]["end"]:
                before = (early[0]["end"], rate_before)
                yield _moved(papers, declared, before, (late[0]["end"], rate), (*late, *early), "goals")


def _rate(papers: Papers, declared: Rate, amount: float, count: float) -> float:
    return papers.solve(declared.amount, declared.rate, amount, **{declared.count: count})


def _published_rate(papers: Papers, declared: Rate, area: str, *, before: int) -> tuple[int, float] | None:
    """Return the last earlier year with amount and count of one period, and the rate they imply."""
    amounts, counts = papers.published(declared.amount, area), papers.published(declared.count, area)
    periods = [period for period in amounts if period in counts and int(period[:4]) < before]
    if not periods:
        return None
    last = max(periods)
    return int(last[:4]), _rate(papers, declared, amounts[last], counts[last])


def _moved(
    papers: Papers,
    declared: Rate,
    before: tuple[int, float],
    after: tuple[int, float],
    rows: tuple[Row, ...],
    kind: str,
) -> Finding:
    growth = required_growth(before[1], after[1], years=after[0] - before[0])
    limit = papers.relations.limits[declared.limit].value
    finding = "tension" if abs(growth) > limit else "consistent"
    numbers = Numbers(spend_before=before[1], spend=after[1], growth=growth, limit=limit)
    return Finding(finding, rows, numbers, f"{finding}_{kind}", before[0], declared.check)


def within(papers: Papers) -> Iterator[Finding]:
    """Compare each declared amount with the amount within which it should lie, as goals set both."""
    for declared in papers.relations.within:
        for amount, whole in papers.together(declared.amount, declared.whole):
            ratio = amount["value"] / whole["value"]
            numbers = Numbers(revenue=amount["value"], retail=whole["value"], ratio=100 * ratio)
            finding = "tension" if ratio > 1 else "consistent"
            yield Finding(finding, (amount, whole), numbers, check=declared.check)


def within_per_head(papers: Papers) -> Iterator[Finding]:
    """Compare each declared amount with the whole that an amount per head implies for the people.

    An amount above the whole is a tension and not an error: receipts may be compared with value added.
    """
    for declared in papers.relations.within_per_head:
        for amount, per_head in papers.together(declared.amount, declared.per_head):
            people = papers.published(declared.people, amount["area"])
            if not people:
                continue
            nearest = min(people, key=lambda period: abs(int(period[:4]) - amount["end"]))
            given = {declared.people: people[nearest]}
            whole = papers.solve(declared.per_head, declared.whole, per_head["value"], **given)
            ratio = amount["value"] / whole
            numbers = Numbers(revenue=amount["value"], per_head=per_head["value"], population=people[nearest],
                              grdp=whole, ratio=100 * ratio)  # fmt: skip
            finding = "tension" if ratio > 1 else "consistent"
            rows, since = (amount, per_head), int(nearest[:4])
            yield Finding(finding, rows, numbers, since=since, check=declared.check)


def prices_per_head(papers: Papers) -> Iterator[Finding]:
    """Compare two goals per head with the growth goal between them and the limit of price growth.

    Growth is at constant prices, the amount per head at current prices. The people grow at the rate that the
    documents aim at, or not at all.
    """
    for declared in papers.relations.prices_per_head:
        levels = sorted((row for (row,) in papers.together(declared.per_head)), key=lambda row: row["end"])
        for early, late in combinations(levels, 2):
            growth = _growth_between(papers, declared.growth, early, late)
            if early["area"] == late["area"] and early["end"] != late["end"] and growth is not None:
                yield _explained(papers, declared, early, late, growth)


def _explained(papers: Papers, declared: PricesPerHead, early: Row, late: Row, growth: Row) -> Finding:
    """Return how far growth and the people lead from one level to another, and what is left to prices."""
    years = late["end"] - early["end"]
    people = _people_growth(papers, declared.people_growth, early, late)
    implied = early["value"] * (1 + growth["value"] / 100) ** years
    with_people = implied / (1 + people / 100) ** years
    prices = required_growth(with_people, late["value"], years=years)
    limit = papers.relations.limits[declared.limit].value
    numbers = Numbers(
        per_head_before=early["value"], per_head=late["value"], growth=growth["value"],
        implied=implied, population_growth=people, implied_with_population=with_people,
        needed=prices, limit=limit,
        population_limit=required_growth(late["value"], implied, years=years),
    )  # fmt: skip
    finding = "tension" if prices > limit else "consistent"
    note = "consistent_implied" if prices <= 0 else "consistent_prices" if prices <= limit else "tension"
    return Finding(finding, (late, early, growth), numbers, note, early["end"], declared.check)


def _growth_between(papers: Papers, name: str, early: Row, late: Row) -> Row | None:
    """Return the growth goal of a term that contains the years between two levels, else of the first year."""
    first, last = early["end"], late["end"]
    rows = papers.rows(indicator_id=name, area=late["area"])
    terms = [row for row in rows if row["measure"] == "term_mean_growth"]
    held = [row for row in terms if row["start"] <= first + 1 and row["end"] >= last]
    kept = [row for row in rows if row["measure"] == "growth" and row["end"] == first]
    return next(iter([*held, *kept]), None)


def _people_growth(papers: Papers, name: str, early: Row, late: Row) -> float:
    rows = papers.rows(indicator_id=name, area=late["area"], measure="level")
    inside = [float(row["value"]) for row in rows if early["end"] <= row["end"] <= late["end"]]
    return inside[0] if inside else 0.0


def years_of_term(papers: Papers) -> Iterator[Finding]:
    """Compare goals of single years with their term's goal; other years may need no more than the highest."""
    for measure, yearly in (("term_mean_growth", "growth"), ("term_total", "level")):
        for term in papers.rows(measure=measure):
            rows = papers.rows(indicator_id=term["indicator_id"], area=term["area"], measure=yearly)
            single = {row["end"]: row for row in rows if term["start"] <= row["end"] <= term["end"]}
            if single:
                yield _against_term(term, tuple(single.values()))


def _against_term(term: Row, rows: tuple[Row, ...]) -> Finding:
    values = np.array([row["value"] for row in rows], dtype=float)
    left = int(term["end"] - term["start"] + 1 - len(rows))
    reached, rest = _reached(term, values, left)
    extreme = float(values.min() if term["sense"] in _CEILINGS else values.max())
    numbers = Numbers(goal=term["value"], reached=reached, set_years=len(rows), left_years=left,
                      rest=rest, extreme=extreme)  # fmt: skip
    short = term["value"] - reached if left == 0 else rest - extreme
    if term["sense"] in _CEILINGS:
        short = -short
    finding = "tension" if short > 1e-9 * max(1.0, abs(term["value"])) else "consistent"
    return Finding(finding, (term, *rows), numbers, f"{finding}_{'part' if left else 'whole'}")


def _reached(term: Row, values: np.ndarray, left: int) -> tuple[float, float]:
    """Return the mean growth or total of the yearly goals, and what each year without a goal would need."""
    if term["measure"] == "term_total":
        total = float(values.sum())
        return total, (term["value"] - total) / left if left else math.nan
    factors = 1 + values / 100
    mean = 100 * (float(np.prod(factors)) ** (1 / len(values)) - 1)
    still = (1 + term["value"] / 100) ** (len(values) + left) / float(np.prod(factors))
    return mean, 100 * (still ** (1 / left) - 1) if left else math.nan
