"""Published rules that judge whether a target is on track, with one signature.

Most use two years and a goal. Ratios are rounded to nine decimals before they are compared, so that a series
that just keeps the required pace is on track despite floating-point noise. No zero is replaced by a small
number, because the answer would then depend on the unit.
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
#: Bands of plan completion, the best first.
BANDS = ("exceeded", "met", "over_90", "below")


@dataclass(frozen=True, slots=True)
class Course:
    """The input of a rule for one target; invalid input raises one TargetsError with every fault.

    Attributes
    ----------
    values : pandas.Series
        Yearly values in the unit of the goal; index: years (int), ascending. They may begin before `base` and
        end with the latest year; blank years count as missing.
    base, due : int
        The year from which progress is counted, and the year in which the target is due.
    goal : float
        The target.
    better : int
        1 where more is better, -1 where less is better.
    growth_rate : bool
        Whether the values are themselves growth rates.
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
    """The result of a rule for a course.

    Attributes
    ----------
    label : str
        The rule's own category, or `not_applicable`.
    on_track : bool or None
        The rule's answer to "will the target be reached"; None if it does not apply or does not forecast.
    measure : float or None
        The rule's own number, without unit; None if the category does not need it.
    note : str
        Blank, or a fallback: `later_base` (the first value after a missing base year), `reached` and
        `base_at_goal` (the latest or the base value is at the goal or beyond), `zero_goal`, `linear_pace`,
        `short_run`. Or the reason why the rule does not apply: `due_reached`, `no_pace` (fewer than two
        values since the base year), `under_4_values`, `growth_rate`, `zero_base`, `mixed_signs`,
        `no_value_by_due`, `goal_not_positive`, `out_of_range` (floating-point overflow).
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

    R = better x observed / |required|, with the sign reversed where all values are negative. A zero goal
    requires -100 % a year (the source replaces zero by 0.001). The rule does not apply from a zero base,
    across a change of sign, or to growth rates. Source: Statistics Canada, after Eurostat, Progress
    Measurement Methodology for the Sustainable Development Goals (2025),
    open-sdg.readthedocs.io/en/latest/progress-methodology.

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
    """Project the latest value at the observed compound growth and compute the share of the way covered.

    s = (projected - base) / (goal - base). From a zero base or across a change of sign the pace is linear
    (the source does not say); the rule does not apply to growth rates. Source: UN Statistics Division, SDG
    Progress Chart 2023, Technical Note,
    unstats.un.org/sdgs/files/report/2023/Progress_Chart_Technical_Note_2023.pdf, as reported with its
    formulas by the Basque office Eustat, github.com/EUSTAT-DES/site, _pages/en/metodologia.md.

    Returns
    -------
    Reading
        `on_track` at the goal, whatever the trend; s from 0.95 `on_track`, from 0.10 `accelerate`, else
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
    """Divide the mean yearly change since the base year by the required linear change.

    Source: Sustainable Development Solutions Network, Sustainable Development Report 2024, Methods Summary,
    SDG Trend Dashboards, dashboards.sdgindex.org/chapters/methodology.

    Returns
    -------
    Reading
        `on_track` at the goal or beyond, whatever the trend; the share from 1 `on_track`, from 0.5
        `improving`, from 0 `stagnating`, else `decreasing`.
    """
    if isinstance(span := _span(course, compound=False), Reading):
        return span
    if early := _decided(course, span, "decreasing"):
        return early
    observed = (span.last - span.first) * (course.due - span.start)  # rates cross-multiplied by their years
    share = observed / ((course.goal - span.first) * (span.latest - span.start))
    return _graded(share, {"on_track": 1.0, "improving": 0.5, "stagnating": 0.0}, "decreasing", span.note)


def germany(course: Course) -> Reading:
    """Extrapolate the mean of the last five yearly changes to the year due and compute the miss.

    The miss is a share of the distance from the latest value to the goal; `base` is not used. With four or
    five values, or missing years among the last six values, the mean uses those available; with fewer than
    four the rule does not apply. Source: Statistisches Bundesamt, Status of indicators - Methodology,
    dns-indikatoren.de/en/status.

    Returns
    -------
    Reading
        At the goal `sun`, or `slightly_cloudy` if the trend leads away from it. Otherwise a miss under 0.05
        is `sun`, up to 0.20 `slightly_cloudy` (both are on track in the source), above that `cloud`; without
        a trend towards the goal `thunderstorm`.
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
    """Divide the latest value up to the year due by the plan; where less is better, 2 minus that ratio.

    The rule only describes, so it has no vote. Source: practice of Vietnamese reports; the Party committee of
    Sa Pa town (2023) counts groups of targets met and over 90 % ("trên 90%") of their goal,
    sapa.laocai.gov.vn.

    Returns
    -------
    Reading
        The completion: above 1 `exceeded`, 1 `met`, above 0.9 `over_90`, else `below`.
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
    """Return how many completions (1 is the whole plan; blanks do not count) are in each of `BANDS`.

    Parameters
    ----------
    completions : iterable of float
        Shares of the plan: 1 is all of it.

    Examples
    --------
    >>> from sapa_analysis.verdicts import count_bands
    >>> count_bands([1.2, 1.0, 0.95, 0.4, None])
    {'exceeded': 1, 'met': 1, 'over_90': 1, 'below': 1}
    """
    found = [_band(value) for value in completions if value is not None and not math.isnan(value)]
    return {band: found.count(band) for band in BANDS}


RULES: Mapping[str, Callable[[Course], Reading]] = {
    rule.__name__: rule for rule in (growth_ratio, unsd, sdg_index, germany, plan_completion)
}
#: The rules that forecast, and so vote.
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
    """Return the first and the latest value since the base year, or the reason why there is no pace."""
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
