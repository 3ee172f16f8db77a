"""Nowcast: paths conditioned on part-year observations of the running year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ..core import (
    SCALES,
    Array,
    Forecast,
    Formula,
    SapaError,
    YearlySeries,
    derive,
    evenly,
    primaries_of,
    stratified,
    stream,
)
from ..series import PRIORS, error_mixture, size_of
from .conditioning import Errors, shift_paths

#: A smaller variance of paths is taken for rounding: no shock is seen in it.
_LEAST_SPREAD = 1e-8


def observe_running_year(
    found: Mapping[str, Forecast],
    series: Mapping[str, YearlySeries],
    formulas: Mapping[str, Formula],
    *,
    seed: int,
    shock_chance: float = 0.0,
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
    shock_chance : float
        Probability that the running year is a shock year, as unlike the others as one; then a figure that
        surprises is news, not wrong. 0 if every year is normal.
    """
    if all(known.running is None for known in series.values()):
        return dict(found)
    figures = pd.concat([_figures(known).assign(member=name) for name, known in series.items()])
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
        rows = [
            scales[name].to_model(values[name]) / size
            for name, size in zip(figures["member"], figures["size"], strict=True)
        ]
        return np.array(rows)

    area = next(iter(series.values())).area
    rng = stream(seed, "part-year figures", area, "+".join(figures["indicator_id"].unique()))
    seen = look(states)
    if seen.shape[1] < 2:
        raise SapaError("n_paths is 1; wanted 2 or more, since part of the running year has been observed")
    errors = _errors(figures, seen, rng, shock_chance)
    moved = shift_paths(states, look, figures["reading"].to_numpy(dtype=float), errors=errors)
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


def _figures(known: YearlySeries) -> pd.DataFrame:
    """Return the part-year figures of a series; of a level in units of its size, as the smoother."""
    figures = known.running_figures
    if figures.empty:
        return figures
    size = size_of(known.observations["value"]) if known.scale == "level" else 1.0
    spoken = ["reading", "own_sd", "shared_sd"]
    prior = PRIORS[known.scale]
    return figures.assign(**figures[spoken] / size, size=size, wrong_sd=prior.wrong_sd, shock=prior.shock)


def _errors(figures: pd.DataFrame, seen: Array, rng: np.random.Generator, shock_chance: float) -> Errors:
    """Return errors of the figures: in each path a set is wrong, in its share of the paths.

    A shock year has a larger variance, so that its figures count almost as they are.
    """
    wrong_sd, shock = (figures[name].to_numpy(dtype=float) for name in ("wrong_sd", "shock"))
    mean, spread = seen.mean(axis=1), np.atleast_2d(np.cov(seen))
    years = {1.0: 1 - shock_chance}
    if shock_chance:
        years[1 + 1 / float(np.mean(np.maximum(np.diag(spread), _LEAST_SPREAD) / shock**2))] = shock_chance
    laws = [error_mixture(figures, mean, factor * spread, wrong_sd=wrong_sd) for factor in years]
    evidence = np.array([law[2] for law in laws])
    chances = np.array(list(years.values())) * np.exp(evidence - evidence.max())
    weights = np.concatenate([chance * law[0] for chance, law in zip(chances, laws, strict=True)])
    covariances = np.concatenate([law[1] for law in laws])
    inflation = np.repeat(list(years), [len(law[0]) for law in laws])
    noise = stratified(rng.standard_normal(seen.shape), seen)
    places = evenly(rng.random((1, seen.shape[1])))[0]  # every set has its share of the paths, rounded
    law = np.searchsorted(np.cumsum(weights)[:-1] / weights.sum(), places)
    for used in np.unique(law):
        at = law == used
        noise[:, at] = np.linalg.cholesky(covariances[used]) @ noise[:, at]
    return Errors(noise, covariances, inflation, law)
