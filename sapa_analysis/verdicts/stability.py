"""Stability of verdicts: readings of the published progress rules from three base years.

Most rules use two years and a goal. Moving the base year by one changes the label of half of all open cases
(method note, section 4). So all rules are reported side by side, and their agreement grades the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from ..core import Outcome, Target, YearlySeries, as_targets, last_day, years_of
from .attainment import growth_of, term_of
from .progress_rules import FORECASTING, RULES, Course

#: Shifts of the base year that are tried, in years.
SHIFTS = (-1, 0, 1)
#: Base year of a target without its own: this many years before the latest figure.
YEARS_BACK = 3
#: The lowest share of agreeing votes for each grade; source: method note, section 4.
GRADES = {"stable": 0.90, "fairly_stable": 0.80, "unstable": 0.0}
#: What a rule sees of a year: a figure of the whole of it. Between them it sees nothing.
_PUBLISHED = ("year", "year_estimate")
#: With fewer votes no stability is computed.
_LEAST_VOTES = 4
#: Direction of improvement by sense; `about` and `between` have none.
_DIRECTION = {"more_than": 1, "at_least": 1, "less_than": -1, "at_most": -1}


def read_rules(outcomes: Mapping[str, Outcome], targets: pd.DataFrame | Iterable[Target]) -> pd.DataFrame:
    """Return the reading of each open target by each published rule, from three base years.

    Parameters
    ----------
    outcomes, targets
        As in `judge_targets`. The base year is the year in which the target was published; if no figure of a
        later year is known, it is three years before the latest figure.

    Returns
    -------
    pandas.DataFrame
        One row per target, rule and base year: id, rule, base, shift (-1, 0, 1), label, on_track (yes, no, or
        blank where the rule does not apply), measure (the rule's own number) and note.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> outcomes = {"visits": sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)}
    >>> goals = pd.DataFrame([{"id": "plan.visits", "indicator_id": "visits", "area": "town",
    ...                        "unit": "visits", "measure": "level", "sense": "at_least", "end": 2021,
    ...                        "value": 160.0}])
    >>> readings = sapa.verdicts.read_rules(outcomes, goals)
    >>> readings[readings["shift"] == 0][["rule", "base", "label", "on_track", "measure"]].round(2)
                  rule  base     label  on_track  measure
    5     growth_ratio  2016  on_track      True     1.08
    6             unsd  2016  on_track      True     1.09
    7        sdg_index  2016  on_track      True     1.00
    8          germany  2016       sun      True     0.00
    9  plan_completion  2016     below      <NA>     0.88
    """
    rows = [
        {"id": target.id, **reading}
        for target in as_targets(targets)
        for reading in target_readings(target, outcomes.get(target.indicator_id))
    ]
    columns = ["id", "rule", "base", "shift", "label", "on_track", "measure", "note"]
    return pd.DataFrame(rows, columns=columns).astype({"on_track": "boolean", "measure": float})


def target_readings(target: Target, outcome: Outcome | None) -> list[dict[str, Any]]:
    """Return the readings of one target, in the form of `read_rules`; empty if the rules do not fit it."""
    observed = outcome.observed if outcome else None
    if observed is None or not observed.observed_years:
        return []
    values, goal = _course(target, observed)
    if values is None or target.end <= values.index[-1]:
        return []
    base, better = _base_year(target.published, values), _DIRECTION[target.sense]
    rates = target.measure == "growth"
    kept = [shift for shift in SHIFTS if base + shift in values.index[:-1]]
    courses = {shift: Course(values, base + shift, target.end, goal, better, rates) for shift in kept}
    return [
        {"rule": name, "base": course.base, "shift": shift, **asdict(rule(course))}
        for shift, course in courses.items()
        for name, rule in RULES.items()
    ]


def _base_year(published: str, values: pd.Series) -> int:
    latest = int(values.index[-1])
    year = last_day(published).year if published else latest
    return year if year < latest else latest - YEARS_BACK


def _course(target: Target, observed: YearlySeries) -> tuple[pd.Series | None, float]:
    """Return the yearly values that the rules use, and the goal on their scale; None if no rule fits."""
    if target.sense not in _DIRECTION or target.measure in ("term_total", "yes_no"):
        return None, 0.0
    table = observed.table.loc[: str(observed.observed_years[-1])]
    values = table[["best"]].where(table["basis"].isin(_PUBLISHED).to_numpy()[:, None])
    if target.measure == "growth":
        values = growth_of(values, observed.scale)
    elif target.measure == "term_mean_growth" and observed.scale == "growth":
        values = _index(values)
    found = pd.Series(values.to_numpy(dtype=float)[:, 0], index=years_of(values))
    found = found[np.isfinite(found)]  # growth from a level of zero is not finite
    if target.measure != "term_mean_growth":
        return (found, target.value) if len(found) else (None, 0.0)
    term = term_of(target)
    if term[0] - 1 not in found.index:
        return None, 0.0
    return found, float(found[term[0] - 1] * (1 + target.value / 100) ** len(term))


def _index(growth: pd.DataFrame) -> pd.DataFrame:
    """Return levels from yearly growth in percent; the year before the first one is 100."""
    levels = 100 * (1 + growth / 100).cumprod(skipna=False)
    start = pd.DataFrame(100.0, index=growth.index[:1] - 1, columns=growth.columns)
    return pd.concat([start, levels])


def grade_stability(readings: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how strongly the forecasting rules agree on one target.

    Parameters
    ----------
    readings : list of dict
        The readings of one target, as `target_readings` returns them.

    Returns
    -------
    dict
        stability (the share of votes with the majority, rules x base years; None with fewer than four votes),
        stability_grade (a key of `GRADES`, or blank), flips (the dissenting votes: rule and base year).
    """
    cast = [row for row in readings if row["rule"] in FORECASTING and row["on_track"] is not None]
    if len(cast) < _LEAST_VOTES:
        return {"stability": None, "stability_grade": "", "flips": ""}
    yes = sum(row["on_track"] for row in cast)
    share, majority = max(yes, len(cast) - yes) / len(cast), 2 * yes >= len(cast)
    against = [f"{row['rule']} {row['base']}" for row in cast if row["on_track"] != majority]
    grade = next(name for name, floor in GRADES.items() if share >= floor)
    return {"stability": share, "stability_grade": grade, "flips": "; ".join(against)}
