"""Published progress rules, side by side: what offices call a target from two years and a goal.

As forecasts they are worse than quoting the base rate (benchmarks/verdicts.py), so none of them is a verdict
here: they show how a target would be coloured elsewhere, and how stable that colour is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

#: Changes that the German rule looks back on: "the last five annual changes", from six figures.
_CHANGES = 5
#: Projections stop at this growth in logs, far beyond any meaning.
_MOST_GROWTH = 100.0


@dataclass(frozen=True, slots=True)
class Course:
    """What a rule sees of a target.

    Attributes
    ----------
    values : pandas.Series
        Yearly values in the unit of the target, years (int) ascending, none blank; it may begin before
        `base`, and ends with the latest year.
    base : int
        The year from which progress is counted; a year of `values` before the latest.
    due : int
        The year in which the target is due.
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
        problems = []
        if self.better not in (1, -1):
            problems.append(f"better is {self.better}; wanted 1 or -1")
        if self.values.empty or not self.values.index.is_monotonic_increasing or self.values.isna().any():
            problems.append("values must be figures of ascending years, at least one")
        elif self.base not in self.values.index:
            problems.append(f"values have no base year {self.base}")
        elif self.due <= self.base:
            problems.append(f"due {self.due} does not lie after the base year {self.base}")
        if problems:
            raise ValueError("; ".join(problems))

    @property
    def start(self) -> float:
        """The value of the base year."""
        return float(self.values[self.base])

    @property
    def latest(self) -> float:
        """The latest value."""
        return float(self.values.iloc[-1])

    @property
    def now(self) -> int:
        """The latest year."""
        return int(self.values.index[-1])

    @property
    def attained(self) -> bool:
        """Whether the latest value is at the goal or beyond."""
        return self.better * (self.latest - self.goal) >= 0

    @property
    def compounds(self) -> bool:
        """Whether rates of compound growth have a meaning: all values have one sign, and none is zero."""
        return min(self.start, self.latest, self.goal) > 0 or max(self.start, self.latest, self.goal) < 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule says.

    Attributes
    ----------
    label : str
        The rule's own category, or `not_applicable`.
    on_track : bool or None
        Its yes or no to "will the target be reached"; None where it does not apply.
    measure : float or None
        Its own number.
    note : str
        Which fallback was used, or why it does not apply; blank otherwise.
    """

    label: str
    on_track: bool | None = None
    measure: float | None = None
    note: str = ""


Rule = Callable[[Course], Reading]


def growth_ratio(course: Course) -> Reading:
    """Compare the observed compound growth with the growth required from the base year.

    R = d x observed / |required|: 0.95 and more is on track, 0.60 and more needs acceleration, 0 and more is
    limited progress, less is deterioration; a goal already reached is achieved.

    Fallbacks: with a zero or a change of sign the same ratio of linear changes (`linear`), where the source
    puts 0.001 in place of a zero; negative values count with the direction flipped, as the source has it. A
    goal equal to the base value requires no growth: kept it is achieved, else deteriorating (`goal_is_base`).

    Source: Statistics Canada, after Eurostat, in Open SDG, docs/progress-methodology.md (github.com/open-sdg/
    open-sdg), "Indicators with quantitative targets".
    """
    if early := _early(course):
        return early
    if course.attained:
        return Reading("achieved", True, None)
    if course.goal == course.start:
        return Reading("deteriorating", False, None, "goal_is_base")
    needed, made = course.goal - course.start, course.latest - course.start
    years = course.now - course.base
    if course.compounds:
        sign = 1.0 if course.start > 0 else -1.0
        needed = sign * _compound(course.start, course.goal, course.due - course.base)
        made = sign * _compound(course.start, course.latest, years)
    else:
        needed, made = needed / (course.due - course.base), made / years
    ratio = _share(course.better * made, abs(needed))
    label = _band(ratio, {"on_track": 0.95, "accelerate": 0.60, "limited": 0.0}, "deteriorating")
    return Reading(label, label == "on_track", ratio, "" if course.compounds else "linear")


def unsd(course: Course) -> Reading:
    """Project the latest value at the observed compound growth and see how much of the way it goes.

    s = (projected - base) / (goal - base): 0.95 and more is on track, 0.10 and more needs acceleration, less
    is stagnation or regression. Indicators that are themselves rates of growth are excluded.

    Fallbacks: with a zero or a change of sign the projection is linear (`linear`). From a base value at the
    goal or beyond there is no way to go: kept it is achieved, else stagnation (`goal_is_behind`).

    Source: United Nations Statistics Division, Sustainable Development Goals Progress Chart 2023, Technical
    Note (unstats.un.org/sdgs), indicators with a numerical target; thresholds as the project's method note
    has them.
    """
    if course.growth_rate:
        return Reading("not_applicable", note="growth_rate")
    if early := _early(course):
        return early
    if course.attained:
        return Reading("achieved", True, None)
    if course.better * (course.goal - course.start) <= 0:
        return Reading("stagnation", False, None, "goal_is_behind")
    ahead, years = course.due - course.now, course.now - course.base
    if course.compounds:
        growth = ahead / years * math.log(course.latest / course.start)
        projected = course.latest * math.exp(min(growth, _MOST_GROWTH))
    else:
        projected = course.latest + ahead * (course.latest - course.start) / years
    share = _share(projected - course.start, course.goal - course.start)
    label = _band(share, {"on_track": 0.95, "accelerate": 0.10}, "stagnation")
    return Reading(label, label == "on_track", share, "" if course.compounds else "linear")


def sdg_index(course: Course) -> Reading:
    """Compare the mean yearly change since the base year with the linear change that was required.

    1 and more is on track, half and more is moderately improving, 0 and more is stagnating, less is
    decreasing; a goal already reached is on track or maintaining.

    Fallback: a goal equal to the base value that is not kept is decreasing (`goal_is_base`).

    Source: Sustainable Development Solutions Network, Sustainable Development Report, Methods Summary, SDG
    Trend Dashboards (dashboards.sdgindex.org/chapters/methodology).
    """
    if early := _early(course):
        return early
    if course.attained:
        return Reading("on_track", True, None)
    if course.goal == course.start:
        return Reading("decreasing", False, None, "goal_is_base")
    made = (course.latest - course.start) / (course.now - course.base)
    share = _share(course.better * made, abs(course.goal - course.start) / (course.due - course.base))
    label = _band(share, {"on_track": 1.0, "improving": 0.5, "stagnating": 0.0}, "decreasing")
    return Reading(label, label == "on_track", share)


def germany(course: Course) -> Reading:
    """Carry the mean of the last five yearly changes to the year due and see by how much the goal is missed.

    The miss is relative to what is left from the latest value to the goal: under 5 % is sun, 5 to 20 %
    slightly cloudy, both "on track" in the source; more is cloudy; no movement towards the goal is a
    thunderstorm. The rule has no base year: it looks at the five changes before the latest year.

    Fallbacks: with fewer than five changes the mean of those there are (`few_changes`); a goal already
    reached is sun.

    Source: Statistisches Bundesamt, Status of indicators - Methodology (dns-indikatoren.de/en/status).
    """
    if early := _early(course):
        return early
    if course.attained:
        return Reading("sun", True, 0.0)
    first = max(course.now - _CHANGES, int(course.values.index[0]))
    years = course.now - first
    change = (course.latest - float(course.values[course.values.index >= first].iloc[0])) / years
    note = "few_changes" if years < _CHANGES else ""
    if course.better * change <= 0:
        return Reading("thunderstorm", False, None, note)
    miss = 1 - _share((course.due - course.now) * course.better * change, abs(course.goal - course.latest))
    label = "sun" if miss < 0.05 else "slightly_cloudy" if miss <= 0.20 else "cloudy"
    return Reading(label, label != "cloudy", miss, note)


def plan_completion(course: Course) -> Reading:
    """Divide the latest value by the plan, or 2 less that where less is better.

    Over 1 is exceeded, 1 is met, over 0.9 is over 90 %, the rest is below. It casts no vote on what will be.
    Fallback: a plan of zero or below has no share (`no_share`).

    Source: practice of Vietnamese reports on the plan of a year ("đạt 95% kế hoạch"), with counts by band.
    """
    if course.goal <= 0:
        return Reading("not_applicable", note="no_share")
    share = course.latest / course.goal
    share = share if course.better > 0 else 2 - share
    return Reading(completion_band(share), None, share)


RULES: Mapping[str, Rule] = {
    "growth_ratio": growth_ratio,
    "unsd": unsd,
    "sdg_index": sdg_index,
    "germany": germany,
    "plan_completion": plan_completion,
}
#: Those that foresee something, and so can be right or wrong.
FORECASTING = ("growth_ratio", "unsd", "sdg_index", "germany")
#: Bands of the completion of a plan, from the best.
BANDS = ("exceeded", "met", "over_90", "below")


def completion_band(share: float) -> str:
    """Return the band of a share of the plan: 1.02 is exceeded, 0.95 is over_90.

    Parameters
    ----------
    share : float
        Completion, 1 is the whole plan. Within a billionth of 1 it is the whole.
    """
    if math.isclose(share, 1.0, abs_tol=1e-9):
        return "met"
    return "exceeded" if share > 1 else "over_90" if share > 0.9 else "below"


def count_bands(shares: Iterable[float]) -> dict[str, int]:
    """Return how many completions fall into each band; blanks are not counted.

    Parameters
    ----------
    shares : iterable of float
        Completions, 1 is the whole plan; of a group, that of its weakest part.
    """
    bands = [completion_band(share) for share in shares if not pd.isna(share)]
    return {band: bands.count(band) for band in BANDS}


def _early(course: Course) -> Reading | None:
    """Return why no rule can look ahead: no year observed since the base year, or none left."""
    if course.now <= course.base:
        return Reading("not_applicable", note="no_observed_pace")
    if course.now >= course.due:
        return Reading("not_applicable", note="due_has_come")
    return None


def _compound(start: float, end: float, years: int) -> float:
    return math.expm1(math.log(end / start) / years)


def _share(part: float, whole: float) -> float:
    """Return a ratio rounded to twelve digits, so that 0.95 of the way is 0.95 in any unit."""
    with_digits = part / whole if whole else math.copysign(math.inf, part) if part else 1.0
    return float(f"{with_digits:.12g}")


def _band(share: float, floors: Mapping[str, float], lowest: str) -> str:
    return next((label for label, floor in floors.items() if share >= floor), lowest)
