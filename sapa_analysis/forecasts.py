"""Series to forecasts: simulated worlds, conditioned on what the running year has shown."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pandas as pd

from .errors import SapaError, nearest
from .models import HEADLINE, MODELS, History
from .scales import SCALES
from .schema import Forecast, YearlySeries, yearly_index, years_of

#: A horizon beyond this has no meaning for yearly series of a dozen figures.
MAX_HORIZON = 30


def forecast(
    series: YearlySeries | pd.Series,
    method: str = "headline",
    *,
    horizon: int,
    n_paths: int = 2_000,
    seed: int,
) -> Forecast:
    """Simulate the years after the origin.

    World k starts from draw k of the past, so the past's uncertainty is counted once and in the same
    world. Where the running year has been observed in part, every world is conditioned on it.

    Parameters
    ----------
    series : YearlySeries or pandas.Series
        What was known; a bare series (years x values, at least three) counts as exact.
    method : str
        A name of `models.MODELS`, or `headline`.
    horizon : int
        Years after the origin, 1 to 30.
    n_paths : int
        Worlds.
    seed : int
        Same seed, same worlds.

    Returns
    -------
    Forecast
        Paths in the unit of the series.

    Raises
    ------
    SapaError
        When the method is unknown, the horizon out of range, or the series too short for the method.
    """
    observed = series if isinstance(series, YearlySeries) else _exact(series, n_paths)
    name = HEADLINE if method == "headline" else method
    _check(observed, name, horizon)
    rng = np.random.default_rng([seed, crc32(f"{observed.indicator_id}/{observed.area}/{name}".encode())])
    scale = SCALES[observed.scale]
    fit = MODELS[name].simulate(_history(observed), horizon, n_paths, rng)
    worlds = fit.worlds + _origin_error(observed, n_paths)
    worlds = _condition_on_running_year(worlds, observed, rng)
    years = yearly_index(range(observed.origin + 1, observed.origin + horizon + 1))
    return Forecast(observed, pd.DataFrame(scale.to_unit(worlds), index=years), name, fit_health=fit.health)


def _check(observed: YearlySeries, name: str, horizon: int) -> None:
    if name not in MODELS:
        raise SapaError(f'method "{name}" is unknown; {nearest(name, [*MODELS, "headline"])}')
    if not 1 <= horizon <= MAX_HORIZON:
        raise SapaError(f"horizon is {horizon}; wanted 1 to {MAX_HORIZON} years after {observed.origin}")
    years, needed = len(observed.observed_years), MODELS[name].min_years
    if years < needed:
        raise SapaError(
            f"{observed.indicator_id} of {observed.area}: figures of {years} years; {name} needs {needed}"
        )


def _exact(values: pd.Series, n_paths: int) -> YearlySeries:
    years = yearly_index(years_of(values))
    exact = values.to_numpy(dtype=float)
    table = pd.DataFrame({"estimate": exact, "sd": 0.0, "basis": "year", "best": exact}, index=years)
    draws = pd.DataFrame(np.repeat(table[["estimate"]].to_numpy(), n_paths, axis=1), index=years)
    scale = "log" if (values > 0).all() else "level"
    return YearlySeries(str(values.name or "series"), "", "", scale, None, table, pd.DataFrame(), draws)


def _history(observed: YearlySeries) -> History:
    estimate = observed.table["estimate"].loc[: str(observed.origin)]
    own = np.array(observed.observed_years)
    values = estimate[np.isin(years_of(estimate), own)].to_numpy()
    return History(own, values, estimate.to_numpy(), SCALES[observed.scale])


def _origin_error(observed: YearlySeries, n_paths: int) -> np.ndarray:
    """Return how far each draw of the origin lies from its estimate, on the model's scale."""
    to_model, origin = SCALES[observed.scale].to_model, str(observed.origin)
    draws = to_model(observed.draws.loc[origin].to_numpy().ravel())
    return np.asarray(
        np.resize(draws, n_paths) - to_model(observed.table["estimate"].loc[[origin]].to_numpy())
    )


def _condition_on_running_year(
    worlds: np.ndarray, observed: YearlySeries, rng: np.random.Generator
) -> np.ndarray:
    """Shift each world towards the observation of the running year (Matheron's rule).

    Exact where worlds and error are Gaussian on the model's scale: the covariance of every year with
    the first one carries the surprise forward.
    """
    running = observed.table[years_of(observed.table) == observed.origin + 1]
    if running.empty:
        return worlds
    seen = float(SCALES[observed.scale].to_model(running["estimate"].iloc[0]))
    variance = float(running["sd"].iloc[0]) ** 2
    first = worlds[0]
    gain = np.cov(worlds, rowvar=True)[:, [0]] if len(worlds) > 1 else np.array([[first.var(ddof=1)]])
    noise = rng.standard_normal(first.shape) * np.sqrt(variance)
    return np.asarray(worlds + gain / (first.var(ddof=1) + variance) * (seen + noise - first))
