"""Nowcast: paths conditioned on part-year observations of the running year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ..core import SCALES, Array, Forecast, Formula, YearlySeries, derive, primaries_of, stream
from ..series import PRIORS
from .conditioning import shift_paths


def observe_running_year(
    found: Mapping[str, Forecast],
    series: Mapping[str, YearlySeries],
    formulas: Mapping[str, Formula],
    *,
    seed: int,
) -> dict[str, Forecast]:
    """Condition primary quantities on part-year observations of themselves and of derived quantities.

    Parameters
    ----------
    found : mapping of id to Forecast
        Forecasts of primary quantities, in one set of paths.
    series : mapping of id to YearlySeries
        Series of primary and derived quantities.
    formulas : mapping of id to Formula
        Formulas of the derived quantities.
    seed : int
        Seed of the errors of the observations.
    """
    figures = pd.concat([known.running_figures.assign(member=name) for name, known in series.items()])
    free = {name: fan for name, fan in found.items() if not fan.parts}
    told = [set(primaries_of([name], formulas)) <= set(free) for name in figures["member"]]
    figures = figures[told]
    if figures.empty:
        return dict(found)
    scales = {name: SCALES[known.scale] for name, known in series.items()}
    states = {name: scales[name].to_model(_without_shocks(fan)) for name, fan in free.items()}
    running = {name: fan.observed.ended - fan.observed.origin for name, fan in free.items()}

    def look(moved: Mapping[str, Array]) -> Array:
        values = {name: scales[name].to_unit(state[running[name]]) for name, state in moved.items()}
        values = derive(values, formulas)
        return np.array([scales[name].to_model(values[name]) for name in figures["member"]])

    covariance = _error_law(figures)
    area = next(iter(series.values())).area
    rng = stream(seed, "part-year figures", area, "+".join(figures["indicator_id"].unique()))
    shape = (len(figures), next(iter(states.values())).shape[1])
    noise = np.linalg.cholesky(covariance) @ rng.standard_normal(shape)
    values = figures["reading"].to_numpy(dtype=float)
    moved = shift_paths(states, look, values, noise=noise, covariance=covariance)
    return dict(found) | {
        name: move_paths(fan, states[name], moved[name])
        for name, fan in free.items()
        if moved[name] is not states[name]
    }


def move_paths(fan: Forecast, before: Array, after: Array) -> Forecast:
    """Return a forecast whose paths without new shocks are replaced; the same new shocks are added again."""
    scale = SCALES[fan.observed.scale]
    shocks = scale.to_model(fan.paths) - before
    paths, without_shocks = (
        pd.DataFrame(scale.to_unit(values), index=fan.paths.index) for values in (after + shocks, after)
    )
    return replace(fan, paths=paths, without_shocks=None if fan.without_shocks is None else without_shocks)


def _without_shocks(fan: Forecast) -> Array:
    return (fan.paths if fan.without_shocks is None else fan.without_shocks).to_numpy(dtype=float)


def _error_law(figures: pd.DataFrame) -> Array:
    """Return the error covariance of part-year figures: any may be wrong, some share a cause."""
    own, shared = (figures[name].to_numpy(dtype=float) for name in ("own_sd", "shared_sd"))
    causes = figures["cause"].to_numpy()
    together = np.outer(shared, shared) * (causes[:, None] == causes)
    return np.asarray(together + np.diag(own**2 + PRIORS["log"].wrong * PRIORS["log"].wrong_sd ** 2))
