"""Joint forecasts of all indicators of an area: one set of paths in which every identity holds.

The primary quantities are simulated with correlated innovations; derived ones are computed in each path. If
an area publishes too little, its quantity follows that of the area it lies in, with a premium. A part-year
observation of any quantity shifts all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from ..core import (
    Forecast,
    Formula,
    Params,
    SapaError,
    YearlySeries,
    in_order,
    one_thread,
    parse_formula,
    row_of,
    years_of,
)
from ..evidence import Vintage
from ..series import prices_known
from .above import Above
from .derivation import Closed, Grown, derive_forecast, reach_back
from .nowcast import observe_running_year
from .simulation import Simulation, within_bounds

__all__ = ["Above", "forecast_all"]

#: Shares count as those of a whole if their sum is within so many points of 100 percent.
_WHOLE = 5.0


@one_thread
def forecast_all(
    series: Mapping[str, YearlySeries],
    params: Params,
    vintage: Vintage,
    *,
    correlations: pd.DataFrame | None = None,
    above: Above | None = None,
    seen: int | None = None,
) -> dict[str, Forecast]:
    """Return forecasts of many indicators of one area in one set of paths.

    Parameters
    ----------
    series : mapping of indicator id to YearlySeries
        Series of one area and one day, with joint draws (`build_joint`) or single ones.
    params : Params
        Horizon, paths, seed, method, shock years and the rest.
    vintage : Vintage
        What was known: formulas and prices.
    correlations : pandas.DataFrame, optional
        As `correlate_steps` returns them; without them indicators have only prices and shocks in common.
    above : Above, optional
        Series and forecasts of the area it lies in.
    seen : int, optional
        The last year of which a figure speaks, here or in an area of the same paths: no new shock begins up
        to it. Taken from the series when not given.

    Returns
    -------
    dict
        Forecasts by indicator id, in the order of `series`, of those that can be simulated or derived. Path k
        is the same path in all; `parts` and `rule` of a derived quantity say how it was computed.

    Raises
    ------
    SapaError
        When series differ in area or in the last year that had ended, or when derivations are circular.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([3.0e6, 3.2e6, 3.4e6, 3.7e6], index=range(2016, 2020), name="tourist_arrivals")
    >>> spend = pd.Series([2.1, 2.3, 2.4, 2.5], index=visits.index, name="spend_per_visit")
    >>> revenue = (visits * spend / 1000).rename("tourism_revenue")
    >>> series = {known.name: sapa.forecasting.exact_series(known) for known in (visits, spend, revenue)}
    >>> root, nothing = sapa.core.project_root(), pd.DataFrame()
    >>> known = sapa.evidence.load_indicators(root / "data")
    >>> tables = sapa.evidence.Vintage(evidence=nothing, indicators=known, areas=nothing, covariates=nothing)
    >>> params = sapa.core.load_params(root / "params/baseline.yml").with_values(n_paths=100, horizon=2)
    >>> fans = sapa.forecasting.forecast_all(series, params, tables)
    >>> visits, spend, revenue = (fan.paths for fan in fans.values())
    >>> revenue.shape, round(float((revenue - visits * spend / 1000).abs().max(axis=None)), 6)
    ((2, 100), 0.0)
    """
    _check_alike(series)
    seen = max((known.seen for known in series.values()), default=0) if seen is None else seen
    indicators = vintage.indicators
    by_level = {level: rate for rate, level in vintage.real_rates.items()}
    prices = prices_known(vintage.keyed("covariates"))
    broken = {name: vintage.shock_years(name, params.shock_years) for name in series}
    run = Simulation(series, params, indicators, prices, above, seen, by_level, broken)
    able = [name for name in series if run.able(name)]
    formulas = _formulas_of(series, able, indicators)
    order = in_order(formulas)
    led = {level: rate for level, rate in run.rates.items() if rate in able}
    rates = {name: of for name, of in _growth_rates(series, indicators).items() if of not in run.rates}
    later = {*order, *rates, *led}
    found = run.simulate([name for name in able if name not in later], correlations)
    chance = params.shock_chance if any(broken.values()) else 0.0
    found = observe_running_year(found, series, formulas, seed=params.seed, shock_chance=chance)
    found = {name: within_bounds(fan, indicators) for name, fan in found.items()}
    found |= {level: run.cumulate(level, found[rate]) for level, rate in led.items() if level in series}
    for name in order:
        parts = {part: found[part] for part in formulas[name].names}
        found[name] = derive_forecast(series[name], parts, formulas[name])
    found |= _closed(found, indicators)
    for name, of in rates.items():
        if of not in found:
            continue
        before = max(min(series[name].origin, series[of].origin), int(years_of(series[of].draws)[0]))
        last = reach_back(found[of].paths, series[of], before).iloc[:1]
        found[name] = derive_forecast(series[name], {of: found[of]}, Grown(of, last))
    return {name: found[name] for name in series if name in found}


def _closed(found: Mapping[str, Forecast], indicators: pd.DataFrame) -> dict[str, Forecast]:
    """Return the shares of each whole, rescaled to sum to 100 in every path, if they are complete."""
    closed: dict[str, Forecast] = {}
    wholes = indicators["part_of"].reindex(list(found))
    for whole in dict.fromkeys(wholes[wholes != ""]):
        parts = {name: found[name] for name in wholes.index[wholes == whole]}
        total = sum(
            float(row_of(part.observed.table, part.observed.origin)["estimate"]) for part in parts.values()
        )
        if abs(total - 100) <= _WHOLE:
            closed |= {name: derive_forecast(parts[name].observed, parts, Closed(name)) for name in parts}
    return closed


def _formulas_of(
    series: Collection[str], able: Collection[str], indicators: pd.DataFrame
) -> dict[str, Formula]:
    """Return the formulas of the series that can be derived from primary quantities among the able."""
    formulas = {str(name): parse_formula(text) for name, text in indicators["formula"].items() if text}
    found: dict[str, Formula] = {}
    for name in in_order(formulas):
        parts = formulas[name].names
        ready = all(part in found or (part in able and part not in formulas) for part in parts)
        if ready and name in series:
            found[name] = formulas[name]
    return found


def _growth_rates(names: Collection[str], indicators: pd.DataFrame) -> dict[str, str]:
    """Return the growth rates among the given ids whose level is also among them, with that level."""
    found = {name: str(indicators.loc[name, "growth_of"]) for name in names}
    return {name: of for name, of in found.items() if of in names}


def _check_alike(series: Mapping[str, YearlySeries]) -> None:
    areas = {known.area for known in series.values()}
    ended = {known.ended for known in series.values()}
    if len(areas) > 1 or len(ended) > 1:
        found = ", ".join(f"{name} {known.area} {known.ended}" for name, known in series.items())
        raise SapaError(f"one set of paths needs one area and one origin; found {found}")
