"""Published rules that say from two years and a goal whether a target is on track, with one signature.

Ratios are compared after rounding to nine places, so that whoever just holds the required pace is on track
whatever the floating-point noise. No zero is replaced by a small number: the answer would hang on the unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..core import TargetsError

NOT_APPLICABLE = "not_applicable"
#: Bands of the completion of a plan, the best first.
BANDS = ("exceeded", "met", "over_90", "below")


@dataclass(frozen=True, slots=True)
class Course:
    """What a rule sees of a target; nonsense raises one TargetsError with all that is wrong.

    Attributes
    ----------
    values : pandas.Series
        Yearly levels in the unit of the goal; index: years (int), ascending. It may begin before `base` and
        ends with the latest year; blank years count as missing.
    base, due : int
        The year from which progress is counted, and the year in which the target is due.
    goal : float
        The target.
    better : int
        1 where more is better, -1 where less is.
    growth_rate : bool
        Whether the values are themselves rates of growth.
    """

    values: pd.Series
    base: int
    due: int
    goal: float
    better: int = 1
    growth_rate: bool = False

    def __post_init__(self) -> None:
        if faults := "; ".join(_faults(self)):
            raise TargetsError(f"no progress rule can read this course: {faults}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule says of a course.

    Attributes
    ----------
    label : str
        The rule's own category, or `not_applicable`.
    on_track : bool or None
        Its yes or no to "will the target be reached"; None where it does not apply or does not forecast.
    measure : float or None
        Its own number, without unit; None where the category follows without it.
    note : str
        Blank, or a fallback: `later_base` (the first value after a missing base year), `reached` and
        `base_at_goal` (the latest, the base value lies at the goal or beyond), `zero_goal`, `linear_pace`,
        `short_run`. Or why the rule does not apply: `due_reached`, `no_pace` (under two values since the base
        year), `under_4_values`, `growth_rate`, `zero_base`, `mixed_signs`, `no_value_by_due`,
        `goal_not_positive`, `out_of_range` (beyond the numbers of a computer).
    """

    label: str
    on_track: bool | None
    measure: float | None
    note: str = ""


class _Span(NamedTuple):
    start: int
    first: float
    latest: int
    last: float
    note: str


def growth_ratio(course: Course) -> Reading:
    """Divide the observed compound growth by the growth required from the base year.

    R = better x observed / |required|, with the direction flipped where all values are negative. A zero goal
    requires -100 % a year (the source writes 0.001 for zero). From zero, over a change of sign and for rates
    of growth it does not apply. Source: Statistics Canada, after Eurostat, Progress Measurement Methodology
    for the Sustainable Development Goals (2025), open-sdg.readthedocs.io/en/latest/progress-methodology.

    Returns
    -------
    Reading
        `achieved` at the goal; R from 0.95 `on_track`, 0.60 `accelerate`, 0 `limited`, else `deteriorating`.
    """
    if isinstance(span := _span(course, compound=True), Reading):
        return span
    if _reached(course, span.last):
        return Reading("achieved", True, None, "reached")
    if span.first == 0:
        return _silent("zero_base")
    if min(span.last / span.first, course.goal / span.first) < 0:
        return _silent("mixed_signs")
    observed = _power(span.last / span.first, 1 / (span.latest - span.start)) - 1
    required = _power(course.goal / span.first, 1 / (course.due - span.start)) - 1
    if required == 0:
        return Reading("deteriorating", False, None, "base_at_goal")
    ratio = course.better * math.copysign(1, span.first) * observed / abs(required)
    note = "zero_goal" if course.goal == 0 else span.note
    return _graded(ratio, {"on_track": 0.95, "accelerate": 0.6, "limited": 0.0}, "deteriorating", note)


def unsd(course: Course) -> Reading:
    """Project the latest value at the observed compound growth and see how much of the way it will go.

    s = (projected - base) / (goal - base). From zero or over a change of sign the pace is linear (the source
    is silent); rates of growth are left out. Source: UN Statistics Division, SDG Progress Chart 2023,
    Technical Note, unstats.un.org/sdgs/files/report/2023/Progress_Chart_Technical_Note_2023.pdf, as retold
    with its formulas by the Basque office Eustat, github.com/EUSTAT-DES/site, _pages/en/metodologia.md.

    Returns
    -------
    Reading
        `on_track` at the goal whatever the trend; s from 0.95 `on_track`, 0.10 `accelerate`, else
        `stagnation` (or regression).
    """
    if isinstance(span := _span(course, compound=True), Reading):
        return span
    if early := _decided(course, span, "stagnation"):
        return early
    done, ahead = span.latest - span.start, course.due - span.latest
    compounds = span.first != 0 and span.last / span.first >= 0
    if compounds:
        projected = span.last * _power(span.last / span.first, ahead / done)
    else:
        projected = span.last + (span.last - span.first) / done * ahead
    share = (projected - span.first) / (course.goal - span.first)
    note = span.note if compounds else "linear_pace"
    return _graded(share, {"on_track": 0.95, "accelerate": 0.1}, "stagnation", note)


def sdg_index(course: Course) -> Reading:
    """Divide the mean yearly change since the base year by the linear change that was required.

    Source: Sustainable Development Solutions Network, Sustainable Development Report 2024, Methods Summary,
    SDG Trend Dashboards, dashboards.sdgindex.org/chapters/methodology.

    Returns
    -------
    Reading
        `on_track` at the goal, as what happens beyond it is ignored; the share from 1 `on_track`, 0.5
        `improving`, 0 `stagnating`, else `decreasing`.
    """
    if isinstance(span := _span(course, compound=False), Reading):
        return span
    if early := _decided(course, span, "decreasing"):
        return early
    observed = (span.last - span.first) * (course.due - span.start)  # both times the years of the other
    share = observed / ((course.goal - span.first) * (span.latest - span.start))
    return _graded(share, {"on_track": 1.0, "improving": 0.5, "stagnating": 0.0}, "decreasing", span.note)


def germany(course: Course) -> Reading:
    """Carry the mean of the last five yearly changes to the year due and see by how much the goal is missed.

    The miss is a share of what is left from the latest value to the goal; `base` plays no part. Four or five
    values, or missing years among the last six, give the mean of what there is; fewer than four give none.
    Source: Statistisches Bundesamt, Status of indicators - Methodology, dns-indikatoren.de/en/status.

    Returns
    -------
    Reading
        At the goal `sun`, or `slightly_cloudy` where the trend leads away. Else the miss under 0.05 `sun`, to
        0.20 `slightly_cloudy` (both are on track in the source), above `cloud`, or `thunderstorm` where
        nothing moves towards the goal.
    """
    known = course.values.dropna().iloc[-6:]
    latest, last = int(known.index[-1]), float(known.iloc[-1])
    if latest >= course.due:
        return _silent("due_reached")
    if len(known) < 4:
        return _silent("under_4_values")
    years = latest - int(known.index[0])
    pace = course.better * (last - float(known.iloc[0])) / years
    if _reached(course, last):
        return Reading("sun" if pace >= 0 else "slightly_cloudy", True, None, "reached")
    note = "" if len(known) == 6 and years == 5 else "short_run"
    if pace <= 0:
        return Reading("thunderstorm", False, None, note)
    miss = round(max(1 - pace * (course.due - latest) / abs(course.goal - last), 0.0), 9)
    if math.isnan(miss):
        return _silent("out_of_range")
    label = "sun" if miss < 0.05 else "slightly_cloudy" if miss <= 0.2 else "cloud"
    return Reading(label, miss <= 0.2, miss, note)


def plan_completion(course: Course) -> Reading:
    """Divide the latest value, none after the year due, by the plan; 2 less that where less is better.

    It describes, so it has no vote. Source: practice of Vietnamese reports; the Party committee of Sa Pa town
    (2023) counts groups of targets met and over 90 % ("trên 90%") of their goal, sapa.laocai.gov.vn.

    Returns
    -------
    Reading
        The completion: over 1 `exceeded`, 1 `met`, over 0.9 `over_90`, else `below`.
    """
    known = course.values.dropna()
    known = known[known.index <= course.due]
    if known.empty:
        return _silent("no_value_by_due")
    if course.goal <= 0:
        return _silent("goal_not_positive")
    share = float(known.iloc[-1]) / course.goal
    completion = share if course.better == 1 else 2 - share
    return Reading(_band(completion), None, completion)


def count_bands(completions: Iterable[float | None]) -> dict[str, int]:
    """Return how many completions (1 is the whole plan; blanks are not counted) fall into each of BANDS."""
    found = [_band(value) for value in completions if value is not None and not math.isnan(value)]
    return {band: found.count(band) for band in BANDS}


RULES: Mapping[str, Callable[[Course], Reading]] = {
    rule.__name__: rule for rule in (growth_ratio, unsd, sdg_index, germany, plan_completion)
}
#: The rules that foresee something, and so vote.
FORECASTING: tuple[str, ...] = ("growth_ratio", "unsd", "sdg_index", "germany")


def _faults(course: Course) -> Iterator[str]:
    years = course.values.index
    if course.values.dropna().empty:
        yield "it holds no value"
    if np.isinf(course.values.to_numpy(dtype=float)).any() or not math.isfinite(course.goal):
        yield "values and goal must be finite"
    if not (years.is_monotonic_increasing and years.is_unique):
        yield "its years must ascend, each once"
    if course.base >= course.due:
        yield f"base {course.base} does not lie before due {course.due}"
    if course.better not in (1, -1):
        yield f"better is {course.better}, not 1 or -1"


def _span(course: Course, *, compound: bool) -> _Span | Reading:
    """Return the first and the latest value since the base year, or why there is no pace to carry on."""
    known = course.values.dropna()
    since = known[known.index >= course.base]
    if compound and course.growth_rate:
        return _silent("growth_rate")
    if known.index[-1] >= course.due:
        return _silent("due_reached")
    if len(since) < 2:
        return _silent("no_pace")
    start, latest = int(since.index[0]), int(since.index[-1])
    note = "" if start == course.base else "later_base"
    return _Span(start, float(since.iloc[0]), latest, float(since.iloc[-1]), note)


def _decided(course: Course, span: _Span, fallen: str) -> Reading | None:
    if _reached(course, span.last):
        return Reading("on_track", True, None, "reached")
    return Reading(fallen, False, None, "base_at_goal") if _reached(course, span.first) else None


def _reached(course: Course, value: float) -> bool:
    return course.better * (value - course.goal) >= 0


def _silent(note: str) -> Reading:
    return Reading(NOT_APPLICABLE, None, None, note)


def _power(ratio: float, exponent: float) -> float:
    try:
        return float(ratio**exponent)
    except OverflowError:
        return math.inf


def _graded(share: float, floors: Mapping[str, float], lowest: str, note: str) -> Reading:
    if math.isnan(share):
        return _silent("out_of_range")
    share = round(share, 9)
    label = next((label for label, floor in floors.items() if share >= floor), lowest)
    return Reading(label, label == "on_track", share, note)


def _band(completion: float) -> str:
    rounded = round(completion, 9)
    if rounded >= 1:
        return "exceeded" if rounded > 1 else "met"
    return "over_90" if rounded > 0.9 else "below"
