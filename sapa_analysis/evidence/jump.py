"""Jumps: yearly figures out of line with the years before and after, or with the area that holds theirs.

A step is the yearly change between two figures at most three years apart, on the scale of the indicator. It
is a jump where it lies more than 3.5 robust deviations from the usual step (1.4826 times the median absolute
deviation; Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). Usual is what the indicator does in
all areas and years without a shock; where it has few steps, what all indicators of its scale do.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from ..core import SCALES, Problem, Problems, note

#: Robust deviations from the usual step beyond which a step is a jump.
_FAR = 3.5
#: Turns a median absolute deviation into the standard deviation of a normal law.
_NORMAL = 1.4826
#: Years between two figures over which a change still tells of one step.
_NEAR = 3
#: Fewer steps say nothing of what is usual.
_LEAST_STEPS = 5
#: The least deviation by scale, about what rounding and "over" do to a figure: 5 % of an amount, 0.1 in
#: logits (2.5 points near the middle), half a point of growth. A level has its own units: none.
_LEAST = {"log": 0.05, "logit": 0.1, "growth": 0.5, "level": 0.0}

_OF = ["indicator_id", "area", "year"]


def find_jumps(
    evidence: pd.DataFrame,
    indicators: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    shock_years: Collection[int] = (),
) -> list[Problem]:
    """Return the yearly figures that jump, each with its line: a look, not an error.

    A figure jumps against those of the years around it, or moves otherwise than the area that holds its own.
    A jump that the wider area makes too is none; of steps into, within and out of shock years only the wider
    area tells.
    A figure out of line with both neighbours is told once, not its way back.

    Parameters
    ----------
    evidence : pandas.DataFrame
        As `load_evidence` or `with_definitions` returns it; figures of whole years count, and of them those
        of today's definition: a declared change of counting is no jump.
    indicators, areas : pandas.DataFrame
        As `load_indicators` and `load_areas` return them: the scale of a step, and the area above.
    shock_years : collection of int
        Years in which figures may jump.

    Returns
    -------
    list of Problem
        In the order of indicator, area and year.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import find_jumps, load_areas, load_indicators
    >>> page = {"indicator_id": "tourist_arrivals", "area": "sa_pa", "freq": "A", "kind": "actual"}
    >>> visits = [1e6, 1.2e6, 1.4e6, 1.7e6, 4.2e6, 4.9e6, 5.9e6]
    >>> rows = [page | {"period": f"{2012 + n}", "value": each, "where": f"a.csv:{n + 2}"}
    ...         for n, each in enumerate(visits)]
    >>> data = project_root() / "data"
    >>> print(*find_jumps(pd.DataFrame(rows), load_indicators(data), load_areas(data)))
    line 6, value: 4,200,000 is a jump from 1,700,000 in 2015
    """
    figures = _figures(evidence.assign(scale=evidence["indicator_id"].map(indicators["scale"])))
    beside = _beside_wider(figures, areas)
    steps = _steps(figures)
    shaken = steps["first"].isin(shock_years) | steps["year"].isin(shock_years)
    steps["far"] = ~shaken & _far(steps, steps[~shaken], by=["indicator_id", "scale"])
    agreed = _keys(steps).isin(_keys(beside[~beside["far"]]))
    told = pd.concat([beside[beside["far"]], steps[steps["far"] & ~agreed & ~_way_back(steps)]])
    found = Problems()
    for row in told.sort_values(_OF, kind="stable").to_dict("records"):
        note(found, row["where"], "value", _said({str(name): cell for name, cell in row.items()}))
    return [*found]


def _figures(evidence: pd.DataFrame) -> pd.DataFrame:
    """Return one figure a year: the middle of the firmest kind, with the line of the page nearest to it."""
    whole = evidence["freq"].eq("A") | (evidence["freq"].eq("YTD") & evidence["period"].str.endswith("-12"))
    whole &= evidence["value"].notna() & ((evidence["value"] > 0) | (evidence["scale"] != "log"))
    if "definition" in evidence:
        whole &= evidence["definition"] == ""
    rows = evidence[whole]
    rows = rows.assign(year=rows["period"].str[:4].astype("int64"))
    firmest = rows[rows["kind"] == rows.groupby(_OF)["kind"].transform("min")]  # actual before estimate
    off = (firmest["value"] - firmest.groupby(_OF)["value"].transform("median")).abs()
    ranked = firmest.assign(off=off).sort_values([*_OF, "off"], kind="stable")
    nearest = ranked.groupby(_OF).head(1).reset_index(drop=True)
    reading = pd.Series(np.nan, nearest.index)
    for scale, rows in nearest.groupby("scale"):
        reading[rows.index] = SCALES[str(scale)].to_model(rows["value"].to_numpy(dtype=float))
    return nearest.assign(reading=reading)[[*_OF, "scale", "value", "reading", "where"]]


def _steps(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that follow another closely, with its year and value and the yearly change."""
    before = figures.groupby(_OF[:2])[["year", "value", "reading"]].shift()
    years = figures["year"] - before["year"]
    change = (figures["reading"] - before["reading"]) / years
    steps = figures.assign(first=before["year"], old=before["value"], change=change)
    return steps[years <= _NEAR].astype({"first": "int64"})


def _beside_wider(figures: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the steps less those of the area above, over years of which it has figures too."""
    wider = figures.rename(columns={"area": "above", "value": "new_above", "reading": "reading_above"})
    mine = figures.assign(above=figures["area"].map(areas["parent"]))
    named = ["indicator_id", "above", "year"]
    both = mine.merge(wider[[*named, "new_above", "reading_above"]], on=named).sort_values(
        _OF, ignore_index=True
    )
    steps = _steps(both.assign(reading=both["reading"] - both["reading_above"]))
    steps["old_above"] = both.groupby(_OF[:2])["new_above"].shift()[steps.index]
    return steps.assign(far=_far(steps, steps, by=["scale"]))


def _far(steps: pd.DataFrame, known: pd.DataFrame, *, by: list[str]) -> pd.Series:
    """Return which changes lie far from those usual by the first of some columns with enough known steps."""
    middle = deviation = pd.Series(np.nan, steps.index)
    for column in by:
        usual = _usual(known, column).drop(index="level", errors="ignore")  # levels have no unit in common
        middle = middle.fillna(steps[column].map(usual["middle"]))
        deviation = deviation.fillna(steps[column].map(usual["deviation"]))
    least = steps["scale"].map(_LEAST)
    return (steps["change"] - middle).abs() > _FAR * np.maximum(deviation, least)


def _usual(known: pd.DataFrame, column: str) -> pd.DataFrame:
    groups = known.groupby(column)["change"]
    off = (known["change"] - groups.transform("median")).abs()
    usual = pd.DataFrame(
        {"middle": groups.median(), "deviation": _NORMAL * off.groupby(known[column]).median()}
    )
    return usual[groups.size() >= _LEAST_STEPS]


def _way_back(steps: pd.DataFrame) -> pd.Series:
    """Return which far steps only lead back from a figure that is told already."""
    before = steps.groupby(_OF[:2])[["year", "far", "change"]].shift()
    back = (before["year"] == steps["first"]) & before["far"].eq(True)
    return back & (before["change"] * steps["change"] < 0)


def _keys(steps: pd.DataFrame) -> pd.Index:
    return pd.MultiIndex.from_frame(steps[[*_OF, "first"]])


def _said(row: dict[str, Any]) -> str:
    new, old, year = _short(row["value"]), _short(row["old"]), row["first"]
    if pd.isna(row.get("old_above")):
        return f"{new} is a jump from {old} in {year}"
    above = f"{row['above']} from {_short(row['old_above'])} to {_short(row['new_above'])}"
    return f"{new} after {old} in {year} moves otherwise than {above}"


def _short(value: float) -> str:
    return f"{value:,.10g}"
