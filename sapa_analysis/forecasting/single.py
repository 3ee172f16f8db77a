"""Forecast of one series: simulated paths, conditioned on observations of the running year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import (
    SCALES,
    Array,
    Forecast,
    NotAssessed,
    SapaError,
    Scale,
    YearlySeries,
    nearest,
    one_thread,
    stream,
    yearly_index,
    years_of,
)
from .borrowing import like_parent
from .models import HEADLINE, MODELS, Fit, History
from .nowcast import observe_running_year
from .plain_series import yearly_series
from .rate_trend import Figures, last_digit
from .recovery import closing_rates, law_share, mixed, recover, recovers
from .settings import Settings, is_whole
from .shocks import (
    GAP_CLOSING,
    SHOCK_CHANCE,
    Bridged,
    breaks_of,
    bridge,
    bridged_years,
    close_gap,
    deepest_gap,
    new_shocks,
    normal_years,
    told_breaks,
)
from .smoothing import Like


@one_thread
def forecast(
    series: YearlySeries | pd.Series,
    method: str = "headline",
    *,
    horizon: int = 3,
    n_paths: int = 5_000,
    seed: int = 1,
    shock_years: Collection[int] = (),
    gap_closing: float = GAP_CLOSING,
    shock_chance: float = SHOCK_CHANCE,
    reopened: int | None = None,
    parent: Forecast | NotAssessed | None = None,
    noise: Array | None = None,
    watched: bool = False,
    unit: str = "",
) -> Forecast:
    """Simulate the years after the origin, which is the last year that a figure bears on.

    Path k starts from draw k of the past, so the past's uncertainty is counted once and in the same
    path. If the running year has been partly observed, every path is conditioned on it.

    Parameters
    ----------
    series : YearlySeries or pandas.Series
        The known series; a plain series (years x values, one to 100) counts as exact.
    method : str
        A name of `forecasting.MODELS`, or `headline`.
    horizon : int
        Years after the last one that had ended on the day of the series, 1 to 30.
    n_paths : int
        Number of paths.
    seed : int
        Same seed, same paths; any number will do.
    shock_years : collection of int
        Years that are not normal: the forecast is made from the others, the gap to it closes, and new
        shocks may occur. If empty, every year is normal. From reopening to the last of them, most paths of an
        amount that lies 18 % or more below its last normal year return as other places did (headline, three
        figures or more; see `recovery_table`).
    gap_closing : float
        Mean share of a gap that closes in a year, above 0 and below 1; in path k the same for every series.
    shock_chance : float
        Probability that a new shock begins in a year, from 0 to 1; its depth is half to all of the deepest so
        far. With the same seed it begins in the same years of the same paths for every series.
    reopened : int, optional
        The year in which what had been closed opened again; by default the last of the shock years that
        follow each other.
    parent : Forecast, optional
        Forecast of an area that contains this one (its province, its country, all countries), of the same
        day for at least as many years, both amounts. A short history borrows from it (headline only).
    noise : array of float, shape (years, half the paths), optional
        Standard normal innovations that the headline uses instead of its own in the last years.
    watched : bool
        Whether another indicator has partly observed the running year: then no new shock begins in it.
    unit : str
        Of a plain series, for words and axes: `visits`, `percent` and the like, or a word of yours.

    Returns
    -------
    Forecast
        Paths in the unit of the series; `without_shocks`, the same paths without new shocks, if any path has
        one.

    Raises
    ------
    SapaError
        With every problem of the arguments, or of a plain series; or when the series is too short for the
        method or cannot be fitted.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.forecasting import forecast
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> forecast(visits, horizon=2, n_paths=100, seed=1).paths.median(axis=1).round(0).tolist()
    [149.0, 158.0]
    """
    observed = yearly_series(series, unit)
    listed = isinstance(shock_years, Collection) and not isinstance(shock_years, str)
    years: Any = tuple(shock_years) if listed else (str(shock_years),)  # told by its settings
    how = Settings(horizon, n_paths, seed, years, gap_closing, shock_chance, reopened)
    seen = observed.ended + 1 if watched else observed.seen
    made = simulate(observed, method, how, parent=parent, noise=noise, seen=seen)
    chance = shock_chance if years else 0.0
    now = observe_running_year({"": made}, {"": observed}, {}, seed=seed, shock_chance=chance)
    return _floored(now[""])


def simulate(
    observed: YearlySeries,
    method: str,
    how: Settings,
    *,
    parent: Forecast | NotAssessed | None = None,
    noise: Array | None = None,
    seen: int,
) -> Forecast:
    """Return the paths of a series from its own past, before any condition; see `forecast`.

    `seen` is the last year of which a figure of the run speaks: no new shock begins up to it.
    """
    name = HEADLINE if method == "headline" else str(method)
    _check(observed, name, how, parent)
    _check_length(observed, name, how.shock_years)
    how = replace(how, shock_years=told_breaks(observed, how.shock_years))
    past = _past(observed, how)
    like = _like(parent, observed, past.bridged.lead, how) if isinstance(parent, Forecast) else None
    ahead = _years_after(past.bridged.lead, observed, how)
    history = replace(past.history, noise=noise, like=like)
    of = (observed.area, observed.digest or observed.indicator_id)
    fit = MODELS[name].simulate(history, ahead, how.n_paths, stream(how.seed, name, *of))
    normal = fit.paths if fit.from_draws else fit.paths + _start_error(past, how.n_paths)
    without_shocks = close_gap(normal, past.bridged, closing_rates(how))
    reopened = name == HEADLINE and recovers(observed, past.actual, past.bridged, how)
    if reopened:
        law = recover(past.actual, past.bridged, len(without_shocks), how, of, noise)
        without_shocks = mixed(law, without_shocks, how)
    depth = deepest_gap(normal, past.actual, past.bridged, figures=past.figures, scale=observed.scale)
    # path k of every indicator has new shocks in the same years
    common, shocks = stream(how.seed, "shocks", "", ""), np.zeros(without_shocks.shape)
    first = max(seen, observed.seen)
    open_years, ended = shocks[first - observed.origin :], max(observed.ended - first, 0)
    open_years += new_shocks(
        open_years.shape, depth, chance=how.shock_chance, closing=how.gap_closing, rng=common, ended=ended
    )
    made = _as_forecast(observed, past, without_shocks, shocks, name, fit)
    return replace(made, recovery=law_share()) if reopened else made


def _years_after(lead: int, observed: YearlySeries, how: Settings) -> int:
    """Return the number of years from the one after the bridged history to the last one of the forecast."""
    return lead + observed.ended - observed.origin + how.horizon


def _check(observed: YearlySeries, name: str, how: Settings, parent: Forecast | NotAssessed | None) -> None:
    problems = []
    if isinstance(parent, Forecast | NotAssessed) and is_whole(how.horizon):
        problems = _parent_problems(observed, name, how.horizon, parent)
    elif parent is not None:
        problems = [f"parent is {parent!r}; wanted a forecast"]
    if name not in MODELS:
        problems.append(f'method "{name}" is unknown; {nearest(name, [*MODELS, "headline"])}')
    if problems := problems + how.problems(observed.ended):
        raise SapaError("; ".join(problems))


def _parent_problems(
    observed: YearlySeries, name: str, horizon: int, parent: Forecast | NotAssessed
) -> list[str]:
    """Return the reasons why a series cannot borrow from this parent."""
    problems = []
    if name != HEADLINE:
        problems.append(f"{name} borrows from no parent; only the headline does")
    if observed.scale != "log":
        problems.append(f"the series has scale {observed.scale}; only amounts (log) borrow from a parent")
    if isinstance(parent, NotAssessed):
        return [*problems, f"parent has no forecast ({parent.reason})"]
    if not parent.observed.observed_years:
        problems.append("parent has no figure of its own")
    if parent.observed.scale != "log":
        problems.append(f"parent has scale {parent.observed.scale}; wanted amounts (log)")
    if parent.observed.ended != observed.ended:
        problems.append(f"parent has origin {parent.observed.ended}; wanted {observed.ended}")
    if (years := parent.observed.origin + len(parent.paths) - parent.observed.ended) < horizon:
        problems.append(f"parent is forecast for {years} years; wanted {horizon} or more")
    return problems


def _like(parent: Forecast, observed: YearlySeries, lead: int, how: Settings) -> Like:
    """Return the parent's growth and step to the child's last normal year, with its breaks bridged."""
    table = parent.observed.table
    years, start = years_of(table), observed.origin - lead
    if years[0] > start:
        raise SapaError(f"parent begins in {years[0]}; wanted {start}, before the break, or earlier")
    actual = np.log(table["estimate"].to_numpy(dtype=float)[:, None])
    bridged = bridge(actual, years, how.shock_years, closing=how.gap_closing)
    return like_parent(bridged.normal[: start - int(years[0]) + 1, 0])


def _check_length(observed: YearlySeries, name: str, shock_years: Collection[int]) -> None:
    model, found = MODELS[name], len(normal_years(observed, shock_years))
    if found < model.min_years and not (name == HEADLINE and observed.observed_years):
        what = f"{observed.indicator_id} of {observed.area}" if observed.area else observed.indicator_id
        years = "normal years" if shock_years else "years"
        raise SapaError(f"{what}: figures of {found} {years}; {name} needs {model.min_years} ({model.needs})")


@dataclass(frozen=True, slots=True)
class _Past:
    """The history that models use, in units of its largest value, and its connection to the origin."""

    history: History
    bridged: Bridged
    actual: Array
    figures: NDArray[np.bool_]
    unit: float


def _past(observed: YearlySeries, how: Settings) -> _Past:
    """Return estimate and draws up to the origin, with breaks bridged, independent of the unit."""
    scale, table = SCALES[observed.scale], observed.table
    estimate = table["estimate"].to_numpy(dtype=float)
    unit = _unit(estimate, scale)
    actual = scale.to_model(np.column_stack([estimate, observed.draws.to_numpy(dtype=float)]) / unit)
    years = years_of(table)
    bridged = bridge(actual, years, breaks_of(observed, how.shock_years), closing=how.gap_closing)
    clean = scale.to_unit(bridged.normal)
    kept = years[: len(clean)]
    own = np.isin(kept, normal_years(observed, how.shock_years))
    published = _published(observed, how, kept[own], unit)
    history = History(kept[own], clean[own, 0], clean[:, 0], scale, clean[:, 1:], published)
    figures = np.isin(years, observed.observed_years)
    return _Past(history, bridged, actual, figures, unit)


def _published(observed: YearlySeries, how: Settings, years: NDArray[np.int64], unit: float) -> Figures:
    """Return the published figures of these years, in units of `unit`, with breaks bridged.

    They are as they were printed: the estimate shrinks them a little, and rounding would be lost.
    """
    table, every, scale = observed.table, years_of(observed.table), SCALES[observed.scale]
    printed = table["best"].fillna(table["estimate"]).to_numpy(dtype=float)
    exact = observed.observations.empty  # a plain series, in whatever unit
    digit, wanted = 0.0 if exact else last_digit(printed[np.isin(every, years)]), printed / unit
    if bridged_years(every, how.shock_years).any():
        past = scale.to_model(wanted[:, None])
        breaks = breaks_of(observed, how.shock_years)
        wanted = scale.to_unit(bridge(past, every, breaks, closing=how.gap_closing).normal[:, 0])
    return Figures(years, wanted[np.isin(every[: len(wanted)], years)], digit / unit)


def _unit(estimate: Array, scale: Scale) -> float:
    """Return the divisor of amounts and levels, so that no model depends on their unit."""
    largest = float(np.abs(estimate).max())
    return largest if scale.name in ("log", "level") and largest > 0 else 1.0


def _start_error(past: _Past, n_paths: int) -> Array:
    """Return the difference between each draw and the estimate in the last year, on the model's scale."""
    last = past.bridged.normal[-1]
    error: Array = np.resize(last[1:], n_paths) - last[0]
    return error


def _as_forecast(
    observed: YearlySeries, past: _Past, without_shocks: Array, shocks: Array, name: str, fit: Fit
) -> Forecast:
    index = yearly_index(range(observed.origin + 1, observed.origin + len(without_shocks) + 1))
    scale = SCALES[observed.scale]
    with np.errstate(over="ignore", invalid="ignore"):
        shaken, quiet = (
            scale.to_unit(values) * past.unit for values in (without_shocks + shocks, without_shocks)
        )
    if not (np.isfinite(shaken).all() and np.isfinite(quiet).all()):
        raise SapaError(f"{name} runs beyond every number within {len(without_shocks)} years of this series")
    paths, without = (pd.DataFrame(values, index=index) for values in (shaken, quiet))
    made = Forecast(
        observed, paths, name, without_shocks=without if shocks.any() else None, fit_health=fit.health
    )
    return _floored(made)


def _floored(fan: Forecast) -> Forecast:
    """Return a forecast in which a level that was never below zero stays at or above zero."""
    observed = fan.observed
    if observed.scale != "level" or bool((observed.table["estimate"] < 0).any()):
        return fan
    quiet = None if fan.without_shocks is None else fan.without_shocks.clip(lower=0.0)
    return replace(fan, paths=fan.paths.clip(lower=0.0), without_shocks=quiet)
