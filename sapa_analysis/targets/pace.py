"""The pace still needed to attain a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..core import Target


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
        For a mean growth over a term: the pace needed if the document means the plain average of the
        yearly rates; `per_year` is then the geometric reading.
    """

    per_year: float
    unit: str
    years: int
    arithmetic: float | None = None


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


def _as_years(index: pd.Index) -> list[int]:
    return [int(year) for year in (index.year if isinstance(index, pd.PeriodIndex) else index)]


def _level_pace(target: Target, done: pd.Series) -> Pace | None:
    latest, left = float(done.iloc[-1]), target.end - int(done.index[-1])
    if left < 1:
        return None
    aim = target.aim(latest)
    if target.unit.startswith("percent") or latest <= 0 or aim <= 0:
        unit = "percentage_points_a_year" if target.unit.startswith("percent") else f"{target.unit}_a_year"
        return Pace((aim - latest) / left, unit, left)
    return Pace(required_growth(latest, aim, years=left), "percent_a_year", left)


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
