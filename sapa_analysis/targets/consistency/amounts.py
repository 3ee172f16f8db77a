"""Consistency checks of amounts; each takes `Papers` and yields a `Finding` per case."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ..pace import required_growth
from .papers import Finding, Papers, Row

_REVENUE, _ARRIVALS = "tourism_revenue", "tourist_arrivals"
_CEILINGS = ("less_than", "at_most")


def spend_per_visit(papers: Papers) -> Iterator[Finding]:
    """Compare the growth of spend per visit, from published figures and between goals, with its limit."""
    points = [
        ((revenue, arrivals), _spend(papers, revenue["value"], arrivals["value"]))
        for revenue, arrivals in papers.together(_REVENUE, _ARRIVALS)
    ]
    for rows, spend in points:
        past = _published_spend(papers, rows[0]["area"], before=rows[0]["end"])
        if past:
            yield _moved(papers, past, (rows[0]["end"], spend), rows, "published")
    ordered = sorted(points, key=lambda point: point[0][0]["end"])
    for (early, spend_before), (late, spend) in combinations(ordered, 2):
        if early[0]["area"] == late[0]["area"] and early[0]["end"] < late[0]["end"]:
            before = (early[0]["end"], spend_before)
            yield _moved(papers, before, (late[0]["end"], spend), (*late, *early), "goals")


def _spend(papers: Papers, revenue: float, arrivals: float) -> float:
    return papers.solve(_REVENUE, "spend_per_visit", revenue, tourist_arrivals=arrivals)


def _published_spend(papers: Papers, area: str, *, before: int) -> tuple[int, float] | None:
    """Return the last earlier year with revenue and arrivals of one period, and the spend they imply."""
    revenue, arrivals = papers.published(_REVENUE, area), papers.published(_ARRIVALS, area)
    periods = [period for period in revenue if period in arrivals and int(period[:4]) < before]
    if not periods:
        return None
    last = max(periods)
    return int(last[:4]), _spend(papers, revenue[last], arrivals[last])


def _moved(
    papers: Papers, before: tuple[int, float], after: tuple[int, float], rows: tuple[Row, ...], kind: str
) -> Finding:
    growth = required_growth(before[1], after[1], years=after[0] - before[0])
    limit = papers.relations.limit("spend_growth")
    finding = "tension" if abs(growth) > limit else "consistent"
    numbers = {"spend_before": before[1], "spend": after[1], "growth": growth, "limit": limit}
    return Finding(finding, rows, numbers, f"{finding}_{kind}", before[0])


def revenue_in_retail(papers: Papers) -> Iterator[Finding]:
    """Compare tourism revenue with retail sales and services, which include most visitor spending."""
    for revenue, retail in papers.together(_REVENUE, "retail_sales"):
        ratio = revenue["value"] / retail["value"]
        numbers = {"revenue": revenue["value"], "retail": retail["value"], "ratio": 100 * ratio}
        yield Finding("tension" if ratio > 1 else "consistent", (revenue, retail), numbers)


def revenue_in_grdp(papers: Papers) -> Iterator[Finding]:
    """Compare tourism revenue with the GRDP that the GRDP per capita implies for the residents.

    Revenue above GRDP is a tension and not an error: revenue counts receipts, GRDP counts value added.
    """
    for revenue, per_head in papers.together(_REVENUE, "grdp_per_capita"):
        people = papers.published("population", revenue["area"])
        if not people:
            continue
        nearest = min(people, key=lambda period: abs(int(period[:4]) - revenue["end"]))
        residents = people[nearest]
        grdp = papers.solve("grdp_per_capita", "grdp", per_head["value"], population=residents)
        ratio = revenue["value"] / grdp
        numbers = {"revenue": revenue["value"], "per_head": per_head["value"], "population": residents,
                   "grdp": grdp, "ratio": 100 * ratio}  # fmt: skip
        finding = "tension" if ratio > 1 else "consistent"
        yield Finding(finding, (revenue, per_head), numbers, since=int(nearest[:4]))


def growth_per_head(papers: Papers) -> Iterator[Finding]:
    """Compare two goals of GRDP per capita with the growth goal between them and the limit of price growth.

    Growth is at constant prices, GRDP per capita at current prices. The population grows at the natural rate
    that the documents aim at, or not at all.
    """
    levels = sorted((row for (row,) in papers.together("grdp_per_capita")), key=lambda row: row["end"])
    for early, late in combinations(levels, 2):
        growth = _growth_between(papers, early, late)
        if early["area"] != late["area"] or early["end"] == late["end"] or growth is None:
            continue
        years, people = late["end"] - early["end"], _population_growth(papers, early, late)
        implied = early["value"] * (1 + growth["value"] / 100) ** years
        with_people = implied / (1 + people / 100) ** years
        prices = required_growth(with_people, late["value"], years=years)
        limit = papers.relations.limit("price_growth")
        numbers = {
            "per_head_before": early["value"], "per_head": late["value"], "growth": growth["value"],
            "implied": implied, "population_growth": people, "implied_with_population": with_people,
            "needed": prices, "limit": limit,
            "population_limit": required_growth(late["value"], implied, years=years),
        }  # fmt: skip
        finding = "tension" if prices > limit else "consistent"
        note = "consistent_implied" if prices <= 0 else "consistent_prices" if prices <= limit else "tension"
        yield Finding(finding, (late, early, growth), numbers, note, early["end"])


def _growth_between(papers: Papers, early: Row, late: Row) -> Row | None:
    """Return the growth goal of a term that contains the years between two levels, else of the first year."""
    first, last = early["end"], late["end"]
    rows = papers.rows(indicator_id="grdp_growth", area=late["area"])
    terms = [row for row in rows if row["measure"] == "term_mean_growth"]
    held = [row for row in terms if row["start"] <= first + 1 and row["end"] >= last]
    kept = [row for row in rows if row["measure"] == "growth" and row["end"] == first]
    return next(iter([*held, *kept]), None)


def _population_growth(papers: Papers, early: Row, late: Row) -> float:
    rows = papers.rows(indicator_id="natural_population_growth", area=late["area"], measure="level")
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
    numbers = {"goal": term["value"], "reached": reached, "set_years": len(rows), "left_years": left,
               "rest": rest, "extreme": extreme}  # fmt: skip
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
