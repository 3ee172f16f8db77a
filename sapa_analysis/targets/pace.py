"""The pace still needed to attain a target, and the own pace of its figures beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..core import Target

#: Years back from the latest figure over which an own pace is measured: the length of a term of congresses
#: and plans (2020-2025; data/documents.csv).
OWN_PACE_YEARS = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """The change that each remaining year still needs.

    Attributes
    ----------
    per_year : float
        In `unit`.
    unit : str
        `percent_a_year` (compounding), or the unit of the target a year (`percentage_points_a_year`
        for rates).
    years : int
        Years that remain.
    arithmetic : float or None
        For a mean growth over a term: the pace needed, in percent a year, if the document means the plain
        average of the yearly rates; `per_year` is then the geometric reading.
    """

    per_year: float
    unit: str
    years: int
    arithmetic: float | None = None


@dataclass(frozen=True, slots=True)
class OwnPace:
    """The change a year that the figures of an indicator show.

    Attributes
    ----------
    per_year : float
        In `unit`, the one of the required pace.
    unit : str
        As in `Pace`.
    years : tuple of int
        The years whose figures make it: the first and the last of a change between two levels, else all.
    between : bool
        Whether it is such a change, so that the years between lie in it too.
    """

    per_year: float
    unit: str
    years: tuple[int, ...]
    between: bool


def required_pace(target: Target, observed: pd.Series) -> Pace | None:
    """Return the constant pace over the remaining years that attains the target exactly.

    Parameters
    ----------
    target : Target
        The target.
    observed : pandas.Series
        By year (int or yearly PeriodIndex): levels for `level` and `term_total`, yearly growth in
        percent for `growth` and `term_mean_growth`.

    Returns
    -------
    Pace or None
        None when no year remains, when a past year of the term has no value, or when the target is yes or no.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import Target
    >>> from sapa_analysis.targets import required_pace
    >>> goal = Target(id="mine", indicator_id="poverty_rate", area="sa_pa", measure="level", end=2025,
    ...               sense="at_most", value=4.0, unit="percent")
    >>> pace = required_pace(goal, pd.Series({2021: 12.0, 2022: 10.0}))
    >>> pace.per_year, pace.unit, pace.years
    (-2.0, 'percentage_points_a_year', 3)
    """
    done = pd.Series(observed.to_numpy(dtype=float), index=_as_years(observed.index)).dropna().sort_index()
    if done.empty or target.measure == "yes_no":
        return None
    if target.measure == "growth":
        return Pace(target.value, "percent_a_year", 1) if done.index[-1] < target.end else None
    if target.measure == "level":
        return _level_pace(target, done)
    term = range(target.start or target.end, target.end + 1)
    inside = done[done.index.isin(term)]
    left = target.end - max(int(done.index[-1]), term[0] - 1)
    if left < 1 or len(inside) != len(term) - left:
        return None
    if target.measure == "term_total":
        return Pace((target.value - inside.sum()) / left, f"{target.unit}_a_year", left)
    return _growth_pace(target.value, inside.to_numpy(), len(term), left)


def own_pace(target: Target, observed: pd.Series, *, rates: bool = False) -> OwnPace | None:
    """Return the pace of the last observed years in the unit of the pace that the target needs.

    Of levels it is the change from the first figure of the last `OWN_PACE_YEARS` years to the latest one: a
    compound growth, or points a year for percentages. Of growth rates it is their mean (compounding), for a
    total the mean amount of a year; both over the years that have a figure.

    Parameters
    ----------
    target : Target
        The target.
    observed : pandas.Series
        The figures by year (int or yearly PeriodIndex), without years that have none.
    rates : bool
        Whether they are yearly growth in percent, and not levels.

    Returns
    -------
    OwnPace or None
        None with fewer than two years of levels or amounts, or without any growth rate (one tells of two
        years), and for a target of yes or no.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import Target
    >>> from sapa_analysis.targets import own_pace
    >>> goal = Target(id="mine", indicator_id="poverty_rate", area="sa_pa", measure="level", end=2025,
    ...               sense="at_most", value=4.0, unit="percent")
    >>> own_pace(goal, pd.Series({2012: 30.0, 2020: 13.0, 2022: 10.0}))
    OwnPace(per_year=-1.5, unit='percentage_points_a_year', years=(2020, 2022), between=True)
    """
    known = pd.Series(observed.to_numpy(dtype=float), index=_as_years(observed.index)).dropna().sort_index()
    if known.empty or target.measure == "yes_no":
        return None
    latest = int(known.index[-1])
    if target.measure == "term_total" or (rates and target.measure != "level"):
        recent = known[known.index > latest - OWN_PACE_YEARS]
        values, years = recent.to_numpy(), tuple(recent.index)
        if target.measure != "term_total":
            mean = 100 * (float(np.prod(1 + values / 100)) ** (1 / len(values)) - 1)
            return OwnPace(mean, "percent_a_year", years, between=False)
        mean = float(values.mean())
        return OwnPace(mean, f"{target.unit}_a_year", years, between=False) if len(years) > 1 else None
    recent, unit = known[known.index >= latest - OWN_PACE_YEARS], "percent_a_year"
    if target.measure == "level":
        unit = _level_unit(target, float(known.iloc[-1]))
    if unit == "percent_a_year":
        recent = recent[recent > 0]  # no growth begins or ends at zero
    if len(recent) < 2:
        return None
    first, last = int(recent.index[0]), int(recent.index[-1])
    start, end = float(recent.iloc[0]), float(recent.iloc[-1])
    change = (end - start) / (last - first)
    grown = required_growth(start, end, years=last - first) if unit == "percent_a_year" else change
    return OwnPace(grown, unit, (first, last), between=True)


def _as_years(index: pd.Index) -> list[int]:
    return [int(year) for year in (index.year if isinstance(index, pd.PeriodIndex) else index)]


def _level_pace(target: Target, done: pd.Series) -> Pace | None:
    latest, left = float(done.iloc[-1]), target.end - int(done.index[-1])
    if left < 1:
        return None
    aim, unit = target.aim(latest), _level_unit(target, latest)
    if unit != "percent_a_year":
        return Pace((aim - latest) / left, unit, left)
    return Pace(required_growth(latest, aim, years=left), "percent_a_year", left)


def _level_unit(target: Target, latest: float) -> str:
    if target.unit.startswith("percent"):
        return "percentage_points_a_year"
    return "percent_a_year" if min(latest, target.aim(latest)) > 0 else f"{target.unit}_a_year"


def _growth_pace(mean: float, done: np.ndarray, years: int, left: int) -> Pace:
    still = (1 + mean / 100) ** years / float(np.prod(1 + done / 100))
    arithmetic = (years * mean - float(done.sum())) / left
    return Pace(100 * (still ** (1 / left) - 1), "percent_a_year", left, arithmetic)


def required_growth(current: float, target: float, *, years: int) -> float:
    """Return the constant yearly growth that turns `current` into `target`.

    Parameters
    ----------
    current, target : float
        Levels in one unit, both above zero.
    years : int
        Whole years between them, at least 1.

    Returns
    -------
    float
        Percent per year: 8.0 means 8 % a year.

    Raises
    ------
    ValueError
        When a level is not above zero or `years` is below 1.

    Examples
    --------
    >>> from sapa_analysis.targets import required_growth
    >>> round(required_growth(2.5e6, 5.8e6, years=2), 1)
    52.3
    """
    if current <= 0 or target <= 0 or years < 1:
        raise ValueError(f"no growth leads from {current} to {target} in {years} years")
    return float(100 * ((target / current) ** (1 / years) - 1))
