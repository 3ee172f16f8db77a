"""Where a scenario holds: its area, its day, and the years of the forecast that it speaks of."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..core import Forecast, NotAssessed, Outcome, YearlySeries, last_year_ended, years_of
from .adjustment import LEANING, Adjustment, Scenario, is_calendar

#: Half and twice the baseline in a year: no shock or boom in our evidence but the pandemic went further.
PLAUSIBLE = (0.5, 2.0)
#: A change below this share of the baseline is not seen in any printed figure.
_SEEN = 0.001


@dataclass(frozen=True, slots=True)
class Step:
    """What an adjustment does in one calendar year.

    Attributes
    ----------
    year : int
        The year.
    value : float
        In the terms of the effect.
    share : float
        The share of the change that counts: less than one in a year that has partly passed, and on a ramp.
    """

    year: int
    value: float
    share: float


def steps(adjustment: Adjustment, observed: YearlySeries, last: int) -> list[Step]:
    """Return what an adjustment does by calendar year, for a series and the last year of its forecast."""
    origin, value = observed.ended, adjustment.always
    if value is not None:
        ahead = range(origin + 1, last + 1)
        ramp = adjustment.shape == "ramp"
        return [Step(year, value, (year - origin) / len(ahead) if ramp else 1.0) for year in ahead]
    found = []
    for year, each in sorted(adjustment.values.items()):
        partly = year == 1 and adjustment.effect in LEANING
        found.append(
            Step(
                year if is_calendar(year) else origin + year,
                each,
                share_left(observed.as_of, origin) if partly else 1.0,
            )
        )
    return found


def share_left(as_of: dt.date | None, origin: int) -> float:
    """Return the share of the year after the origin that is still to come on a day; all without a day."""
    if as_of is None or as_of <= dt.date(origin, 12, 31):
        return 1.0
    left = (dt.date(origin + 1, 12, 31) - as_of).days
    return max(left / (366 if calendar.isleap(origin + 1) else 365), 0.0)


def simulated(outcomes: Mapping[str, Outcome] | Iterable[Outcome]) -> dict[str, Forecast]:
    """Return every forecast that an adjustment can name: those given, and those they are computed from.

    Parameters
    ----------
    outcomes : mapping of indicator id to outcome, or iterable of outcomes
        What has no forecast is left out.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> fan = sapa.forecast(visits, horizon=2, n_paths=100, seed=1)
    >>> nights = sapa.forecasting.exact_series((2 * visits).rename("nights"))
    >>> both = sapa.forecasting.derive_forecast(nights, {"visits": fan}, lambda of: 2 * of["visits"])
    >>> list(sapa.scenarios.simulated({"nights": both}))
    ['visits', 'nights']
    """
    given = outcomes.values() if isinstance(outcomes, Mapping) else outcomes
    found: dict[str, Forecast] = {}
    for outcome in given:
        if isinstance(outcome, Forecast):
            found.setdefault(outcome.observed.indicator_id, outcome)
            others = {
                name: fan for name, fan in outcome.parts.items() if name != outcome.observed.indicator_id
            }
            found = {**simulated(others), **found}
    return found


def does_not_hold(outcomes: Mapping[str, Outcome], scenario: Scenario, *, area: str = "") -> str:
    """Return why a scenario does not hold for a forecast, or nothing where it does.

    It does not hold in another area than its own, on a day before its reasons were known, where no year is
    ahead, with calendar years that all lie outside the forecast, or when it leans on a baseline that did not
    know what is known by now: factors, amounts and growth by calendar year are void as soon as another year
    has ended since `judged_on`; levels (`replace`, `hold`) and years after the origin stay. Nor does it hold
    when it takes a quantity to less than half or more than twice the baseline, unless that adjustment is
    `bold`.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    scenario : Scenario
        The assumptions.
    area : str
        The area that is asked about; by default that of the outcomes.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119], index=range(2015, 2018), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=100, seed=1)}
    >>> late, soon = (sapa.scenario("more", visits={year: "+10%"}) for year in (2030, 2018))
    >>> sapa.scenarios.does_not_hold(base, late), sapa.scenarios.does_not_hold(base, soon)
    ('it speaks of 2030, the forecast of 2018 to 2019', '')
    """
    fans = simulated(outcomes)
    named = {part.indicator: fans[part.indicator] for part in scenario.adjustments if part.indicator in fans}
    known = [fan.observed for fan in (named or fans).values()]
    elsewhere = _elsewhere(scenario, ({area} if area else {series.area for series in known}) - {""})
    if elsewhere or not scenario.adjustments:
        return elsewhere
    if not known:
        return _all_over(outcomes, scenario)
    return (
        _too_early(scenario, [series.as_of for series in known if series.as_of])
        or _stale(scenario, max(series.ended for series in known))
        or _none_ahead(named or fans)
        or _other_years(scenario, named)
        or _too_bold(scenario, named)
    )


def _elsewhere(scenario: Scenario, areas: set[str]) -> str:
    if not scenario.area or not areas or scenario.area in areas:
        return ""
    return f"it argues from the numbers of {scenario.area}, not of {' or '.join(sorted(areas))}"


def _too_early(scenario: Scenario, days: list[dt.date]) -> str:
    if scenario.judged_on is None or not days or scenario.judged_on <= min(days):
        return ""
    return f"its reasons were known on {scenario.judged_on}, not yet on {min(days)}"


def _stale(scenario: Scenario, ended: int) -> str:
    leaning = [part for part in scenario.adjustments if part.effect in LEANING]
    by_calendar = any(is_calendar(year) for part in leaning for year in part.values)
    if scenario.judged_on is None or not by_calendar or ended <= last_year_ended(scenario.judged_on):
        return ""
    return (
        f"its changes by calendar year were judged on {scenario.judged_on}, against a forecast that did not "
        f"know {ended}; judge them again, or write years after the origin"
    )


def _ahead(fan: Forecast) -> set[int]:
    """Return the years of a forecast that had not ended: what has passed is no matter of a scenario."""
    return {int(year) for year in years_of(fan.paths) if year > fan.observed.ended}


def _none_ahead(fans: Mapping[str, Forecast]) -> str:
    if any(_ahead(fan) for fan in fans.values()):
        return ""
    return f"no year after {max(fan.observed.ended for fan in fans.values())} is forecast here"


def _all_over(outcomes: Mapping[str, Outcome], scenario: Scenario) -> str:
    """Return that no year is left, where that is why what a scenario changes has no forecast."""
    named = [outcomes.get(part.indicator) for part in scenario.adjustments]
    over = [
        one.observed.ended
        for one in named
        if isinstance(one, NotAssessed) and one.reason == "no_year_left" and one.observed is not None
    ]
    return f"no year after {max(over)} is forecast here" if over else ""


def _other_years(scenario: Scenario, named: Mapping[str, Forecast]) -> str:
    ahead = {year for fan in named.values() for year in _ahead(fan)}
    asked = {step.year for _, _, step in _named_steps(scenario, named)}
    if not ahead or asked & ahead:
        return ""
    return f"it speaks of {_span(asked)}, the forecast of {_span(ahead)}"


def _span(years: set[int]) -> str:
    return f"{min(years)} to {max(years)}" if len(years) > 1 else f"{min(years)}"


def _named_steps(
    scenario: Scenario, named: Mapping[str, Forecast]
) -> Iterator[tuple[Adjustment, Forecast, Step]]:
    for part in scenario.adjustments:
        if fan := named.get(part.indicator):
            last = max(_ahead(fan), default=fan.observed.ended)
            yield from ((part, fan, step) for step in steps(part, fan.observed, last))


def _changes(
    scenario: Scenario, named: Mapping[str, Forecast]
) -> Iterator[tuple[Adjustment, Step, float, float]]:
    """Yield what each adjustment makes of the median of each year: adjustment, step, median, factor."""
    for part, fan, step in _named_steps(scenario, named):
        at = np.flatnonzero(years_of(fan.paths) == step.year)
        if len(at) and step.year > fan.observed.ended:
            median = float(np.median(fan.paths.to_numpy()[at[0]]))
            yield part, step, median, _factor(part, step, median, fan.observed.scale)


def _factor(part: Adjustment, step: Step, median: float, scale: str) -> float:
    """Return by which factor a step takes the median; for growth rates, the factor of that year's growth."""
    if part.effect == "multiply":
        return 1 + (step.value - 1) * step.share
    if part.effect in ("growth", "add_growth"):
        return 1 + step.value * step.share / 100
    if part.effect == "hold" or scale == "level":
        return 1.0
    moved = median + step.value * step.share if part.effect == "add" else step.value
    if scale == "growth":
        return 1 + moved / 100
    return moved / median if median > 0 else 1.0


def _too_bold(scenario: Scenario, named: Mapping[str, Forecast]) -> str:
    low, high = PLAUSIBLE
    for part, step, _, factor in _changes(scenario, named):
        if not part.bold and not low <= factor <= high:
            return (
                f"it takes {part.indicator} of {step.year} to {factor:.3g} times the baseline; plausible are "
                f"{low:g} to {high:g}, or say bold"
            )
    return ""


def ignored_years(outcomes: Mapping[str, Outcome], scenario: Scenario) -> list[int]:
    """Return the calendar years that a scenario names and no forecast of its indicators has still ahead.

    Not told are years that follow on from the last one of the forecast: a file may go on longer.

    Parameters
    ----------
    outcomes : mapping of str to Outcome
        Baselines by indicator.
    scenario : Scenario
        What may name such years.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119], index=range(2015, 2018), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=100, seed=1)}
    >>> years = dict.fromkeys([2011, 2018, 2019, 2020, 2035], "+10%")
    >>> sapa.scenarios.ignored_years(base, sapa.scenario("more", visits=years))
    [2011, 2035]
    """
    found: set[int] = set()
    fans = simulated(outcomes)
    for part in scenario.adjustments:
        fan = fans.get(part.indicator)
        if fan and (ahead := _ahead(fan)):
            named = {step.year for step in steps(part, fan.observed, max(ahead))}
            on = max(ahead)
            while on in named and on + 1 in named:
                on += 1
            found |= {year for year in named - ahead if not max(ahead) < year <= on}
    return sorted(found)


def unseen_changes(outcomes: Mapping[str, Outcome], scenario: Scenario) -> list[str]:
    """Return a line about each change that is too small to be seen: below a thousandth of the baseline.

    Parameters
    ----------
    outcomes : mapping of str to Outcome
        Baselines by indicator.
    scenario : Scenario
        What changes them.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([1.0e6, 1.1e6, 1.2e6], index=range(2015, 2018), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=1, n_paths=1_000, seed=1)}
    >>> sapa.scenarios.unseen_changes(base, sapa.scenario("more", visits={2018: "+500"}))
    ['visits of 2018 changes by 0.04 percent: no printed figure shows it']
    """
    return [
        f"{part.indicator} of {step.year} changes by {100 * abs(factor - 1):.1g} percent: no printed figure "
        f"shows it"
        for part, step, _, factor in _changes(scenario, simulated(outcomes))
        if part.effect != "hold" and 0 < abs(factor - 1) < _SEEN
    ]
