"""Consistency checks of shares, fractions, units and parts.

Each takes `Papers` and yields a `Finding` per case. Percentages are compared with whole numbers exactly,
within half a unit of the last printed digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from ..relation import Count
from .papers import Finding, Numbers, Papers, Row


def _printed(value: float) -> tuple[Fraction, Fraction]:
    """Return a number as printed, and half a unit of its last digit."""
    text = f"{value:.10g}"
    return Fraction(text), Fraction(1, 2 * 10 ** len(text.partition(".")[2]))


def _agree(share: Fraction, value: float) -> bool:
    printed, half = _printed(value)
    return abs(share - printed) <= half


def shares_of_whole(papers: Papers) -> Iterator[Finding]:
    """Compare the sum of the shares of a whole with 100; less than 100 leaves room for an unprinted part."""
    known = papers.indicators
    for _, shares in known[(known["part_of"] != "") & (known["goal"] == "yes")].groupby("part_of"):
        for rows in papers.together(*shares.index):
            printed = [_printed(row["value"]) for row in rows]
            total = sum((value for value, _ in printed), Fraction(0))
            within = abs(total - 100) <= sum(half for _, half in printed)
            finding = "consistent" if within else "tension" if total < 100 else "cannot_both_hold"
            yield Finding(finding, rows, {"total": float(total), "gap": float(abs(total - 100))})


def fractions(papers: Papers) -> Iterator[Finding]:
    """Compare a fraction with the percentage printed beside it."""
    for row in papers.rows(unit="percent"):
        part, _, whole = row["fraction"].partition("/")
        if whole:
            share = Fraction(100 * int(part), int(whole))
            numbers = Numbers(part=int(part), whole=int(whole), share=float(share), printed=row["value"])
            finding = "consistent" if _agree(share, row["value"]) else "cannot_both_hold"
            yield Finding(finding, (row,), numbers)


def _counted(papers: Papers) -> Iterator[tuple[Count, Row]]:
    """Yield every percentage of a known number of units."""
    for count in papers.relations.counts:
        for row in papers.rows(indicator_id=count.indicator_id, area=count.area, measure="level"):
            yield count, row


def share_of_units(papers: Papers) -> Iterator[Finding]:
    """Compare a percentage of units with the nearest whole number of units; the count may be assumed."""
    for count, row in _counted(papers):
        if row["sense_inferred"] == "no":
            continue
        units = round(Fraction(f"{row['value']:.10g}") * count.count / 100)
        share, assumed = Fraction(100 * units, count.count), count.basis == "assumed"
        numbers = Numbers(units=units, all_units=count.count, share=float(share), printed=row["value"])
        if _agree(share, row["value"]):
            yield Finding("consistent", (row,), numbers, "consistent_assumed" if assumed else "")
        else:
            yield Finding("tension" if assumed else "cannot_both_hold", (row,), numbers)


def least_units(papers: Papers) -> Iterator[Finding]:
    """Compute how many whole units a lower bound in percent needs, and compare them with the total."""
    for count, row in _counted(papers):
        if row["sense_inferred"] == "yes" or row["sense"] not in ("more_than", "at_least"):
            continue
        exact = Fraction(f"{row['value']:.10g}") * count.count / 100
        least = math.floor(exact) + 1 if row["sense"] == "more_than" else math.ceil(exact)
        numbers = Numbers(
            all_units=count.count, units=least, units_below=least - 1, printed=row["value"],
            share=100 * least / count.count, share_below=100 * (least - 1) / count.count,
        )  # fmt: skip
        finding = "consistent" if least <= count.count else "cannot_both_hold"
        yield Finding(finding, (row,), numbers)


def part_of_whole(papers: Papers) -> Iterator[Finding]:
    """Compare a part with its whole, both as printed by one document for one year."""
    for pair in papers.relations.parts:
        for part, whole in papers.together(pair.part, pair.whole):
            ratio = part["value"] / whole["value"] if whole["value"] else math.nan
            numbers = Numbers(part_value=part["value"], whole_value=whole["value"], share=100 * ratio)
            finding = "consistent" if part["value"] <= whole["value"] else "cannot_both_hold"
            yield Finding(finding, (part, whole), numbers)
