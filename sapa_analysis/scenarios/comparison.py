"""Comparison of scenarios in the same paths: levels, and differences with their bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ..core import Forecast, Outcome, SapaError, nearest, years_of
from ..forecasting import reach_back
from .effect import BASELINE

_COLUMNS = ("scenario", "year", "median", "lower_80", "upper_80", "difference", "difference_percent")
_DIFFERENCES = ["scenario", "indicator", "year", "kind", "median", "lower_80", "upper_80", "unit"]


def compare_scenarios(
    by_scenario: Mapping[str, Mapping[str, Outcome]], indicator: str, *, baseline: str = BASELINE
) -> pd.DataFrame:
    """Return an indicator under each scenario, and its difference from the baseline.

    Parameters
    ----------
    by_scenario : mapping of scenario name to outcomes
        As `apply_scenario` returns them, all from the same paths.
    indicator : str
        The indicator to compare.
    baseline : str
        The scenario with which the others are compared.

    Returns
    -------
    pandas.DataFrame
        One row per scenario and year: scenario, year, median, lower_80, upper_80, and the median over
        paths of the difference from the same path of the baseline, in the unit of the indicator
        (`difference`) and in percent (`difference_percent`; blank where only the baseline is zero). No row
        without a forecast.

    Raises
    ------
    SapaError
        When the baseline is missing or a scenario has other paths.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)}
    >>> words = {"en": "Fewer foreign visitors", "vi": "Ít khách quốc tế hơn"}
    >>> fewer = sapa.Scenario.model_validate({"name": "fewer", "label": words, "reason": words,
    ...     "adjustments": [{"indicator": "visits", "effect": "multiply", "values": {2021: 0.97},
    ...                      "reason": words, "source": "judgement", "quality": "C", "impact": "medium"}]})
    >>> both = {"base": base, "fewer": sapa.apply_scenario(base, fewer)}
    >>> sapa.scenarios.compare_scenarios(both, "visits")[["scenario", "year", "difference_percent"]].round(1)
      scenario  year  difference_percent
    0     base  2020                 0.0
    1     base  2021                 0.0
    2    fewer  2020                 0.0
    3    fewer  2021                -3.0
    """
    frames = [_compared(name, fan, base) for name, fan, base in _pairs(by_scenario, indicator, baseline)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(_COLUMNS))


def _pairs(
    by_scenario: Mapping[str, Mapping[str, Outcome]], indicator: str, baseline: str
) -> Iterator[tuple[str, Forecast, Forecast]]:
    """Yield the name, the forecast and that of the baseline of each scenario that has one."""
    if baseline not in by_scenario:
        raise SapaError(
            f'the baseline "{baseline}" is not among the scenarios; {nearest(baseline, by_scenario)}'
        )
    if indicator not in by_scenario[baseline]:
        raise SapaError(f'"{indicator}" has no outcome; {nearest(indicator, by_scenario[baseline])}')
    base = by_scenario[baseline][indicator]
    for name, outcomes in by_scenario.items():
        outcome = outcomes[indicator]
        if not isinstance(outcome, Forecast):
            continue
        if not isinstance(base, Forecast) or not _same_paths(outcome.paths, base.paths):
            raise SapaError(f'scenario "{name}" does not hold the paths of the baseline')
        yield name, outcome, base


def _compared(name: str, outcome: Forecast, base: Forecast) -> pd.DataFrame:
    change = outcome.paths - base.paths
    percent = (100 * change / base.paths.abs()).where(base.paths != 0, change.where(change == 0))
    summary = outcome.summary((80,))[["median", "lower_80", "upper_80"]]
    table = summary.assign(
        scenario=name,
        year=years_of(summary),
        difference=change.median(axis=1),
        difference_percent=percent.median(axis=1),
    )
    return table[list(_COLUMNS)].reset_index(drop=True)


def _same_paths(paths: pd.DataFrame, base: pd.DataFrame) -> bool:
    """Return whether two forecasts have the same years and paths."""
    return paths.index.equals(base.index) and paths.columns.equals(base.columns)


def differences(
    by_scenario: Mapping[str, Mapping[str, Outcome]], indicator: str, *, baseline: str = BASELINE
) -> pd.DataFrame:
    """Return by how much each scenario differs from the baseline, with bands of the difference.

    Differences are taken path by path, so their bands hold only what the assumptions do: a scenario that
    multiplies every path by 0.97 differs by 3.0 percent in all of them.

    Parameters
    ----------
    by_scenario : mapping of scenario name to outcomes
        As `apply_scenario` returns them, all from the same paths.
    indicator : str
        The indicator to compare.
    baseline : str
        The scenario with which the others are compared.

    Returns
    -------
    pandas.DataFrame
        One row per scenario but the baseline, year and kind: scenario, indicator, year, kind, median,
        lower_80, upper_80, unit. Kinds are `level` (in the unit of the indicator, of a rate in points),
        `percent` (of the baseline) and `growth` (of the yearly growth, in points); a rate has only `level`.
        No row without a forecast.

    Raises
    ------
    SapaError
        When the baseline is missing or a scenario has other paths.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=400, seed=1)}
    >>> both = {"base": base, "road": sapa.apply_scenario(base, sapa.scenario("road", visits={2021: "+20"}))}
    >>> apart = sapa.scenarios.differences(both, "visits").query("year == 2021")
    >>> apart[["kind", "median", "lower_80", "upper_80", "unit"]].round(1)
          kind  median  lower_80  upper_80     unit
    3    level    20.0      20.0      20.0
    4  percent    12.7      11.0      14.7  percent
    5   growth    13.4      12.3      14.7   points
    """
    frames = [
        _summary(each, kind, unit, name)
        for name, fan, base in _pairs(by_scenario, indicator, baseline)
        if name != baseline
        for kind, unit, each in _kinds(fan, base)
    ]
    if not frames:
        return pd.DataFrame(columns=_DIFFERENCES)
    table = pd.concat(frames).assign(indicator=indicator)
    order = {name: place for place, name in enumerate(by_scenario)}
    keys = table["scenario"].map(order)
    return table.assign(place=keys).sort_values(["place", "year"], kind="stable", ignore_index=True)[
        _DIFFERENCES
    ]


def _kinds(outcome: Forecast, base: Forecast) -> Iterator[tuple[str, str, pd.DataFrame]]:
    rate = base.observed.scale in ("growth", "logit")
    yield "level", "points" if rate else base.observed.unit, outcome.paths - base.paths
    if rate:
        return
    change = 100 * (outcome.paths - base.paths) / base.paths.abs()
    yield "percent", "percent", change.where(base.paths != 0)
    yield "growth", "points", _growth(outcome) - _growth(base)


def _growth(fan: Forecast) -> pd.DataFrame:
    """Return the yearly growth in percent; that of the first year counts from the path's own past."""
    paths = reach_back(fan.paths, fan.observed, fan.observed.origin)
    return paths.pct_change(fill_method=None).loc[fan.paths.index] * 100


def _summary(values: pd.DataFrame, kind: str, unit: str, name: str) -> pd.DataFrame:
    """Return median and band per year; a year in which some paths have no number is blank."""
    numbers = values.to_numpy(dtype=float)
    numbers = np.where(np.isfinite(numbers).all(axis=1, keepdims=True), numbers, np.nan)
    lower, median, upper = np.percentile(numbers, [10, 50, 90], axis=1)
    columns = {"median": median, "lower_80": lower, "upper_80": upper}
    return pd.DataFrame({"scenario": name, "year": years_of(values), "kind": kind, **columns, "unit": unit})
