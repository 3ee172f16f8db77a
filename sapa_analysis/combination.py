"""The headline: a median of simple forecasts, with the spread that such medians showed on other series.

The centre is the median of five forecasts from the series' own history and a pooled drift, which counts more
the shorter the history is. The spread of year k is z * S[k]: S from the series' yearly steps and from how far
the members disagree, z a quantile of errors so measured, pooled over the yearly series of the M1 and M3
competitions (`error_quantiles.csv`, written by benchmarks/learn_errors.py). A library's own intervals hold 44
to 90 % of outcomes where they promise 80.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .centres import POOLED_GROWTH, members, members_of_levels, members_of_rates, pooled_step
from .scales import Scale

Array = NDArray[np.float64]

_MEMBERS = {"log": members, "growth": members_of_rates}
#: The step that like series take in a year, where the history says little: as a share of the last amount, in
#: logits, in percentage points, as a share of the mean. It counts as one year of the series' own.
PRIOR_STEP = {"log": 0.12, "logit": 0.15, "growth": 3.0, "level": 0.12}
#: Of the mean step of a short history, half is taken for drift and half for noise.
_DRIFT_SHARE = 0.5
#: Fast growth seldom lasts: the spread of amounts is wider by 4 times their yearly growth, up to 0.25. Else
#: 80 % intervals held 86 % of series that grew by less than 3 % a year and 63 % of those beyond 15 %.
_GROWTH_WIDENS, _MOST_GROWTH = 4.0, 0.25
#: The mean of few growth rates is itself uncertain: their variance times 1 + 3 / n.
_MEAN_ERROR = 3.0
#: Rank correlation between the errors of two years in forecasts of growth rates (0.1 to 0.4 on M1 and M3).
_COMMON = 0.25
#: In logs: no world falls below a hundredth of its centre.
_LEAST = np.log(0.01)


@dataclass(frozen=True, slots=True)
class Combined:
    """A centre and its spread.

    Attributes
    ----------
    centre : array of float, shape (horizon, m)
        Per version of the past; amounts in their unit, all else on the scale of the model.
    spread : array of float, shape (horizon,)
        The unit in which errors are counted, S[k].
    """

    centre: Array
    spread: Array


def error_quantiles() -> pd.DataFrame:
    """Return the shipped table: kind (amount, rate), probability of a smaller error, ahead_1 to ahead_6."""
    return _shipped("error_quantiles.csv").copy()


def error_record() -> pd.DataFrame:
    """Return how often such intervals held on other series: kind, years of history, series, held_80, held_95.

    Learned on one of the M1 and M3 yearly sets and counted on the other; percent of outcomes.
    """
    return _shipped("error_record.csv").copy()


def record_like(years: int, scale: str) -> pd.Series:
    """Return the row of `error_record` for the longest history that is no longer than `years`."""
    kind, table = "rate" if scale == "growth" else "amount", error_record()
    like = table[(table["kind"] == kind) & (table["years"] <= max(years, 1))]
    row: pd.Series = like.iloc[-1]
    return row


@lru_cache(maxsize=2)
def _shipped(name: str) -> pd.DataFrame:
    with files("sapa_analysis").joinpath(name).open(encoding="utf-8") as file:
        return pd.read_csv(file)


def combine(path: Array, draws: Array, steps: Array, scale: Scale, horizon: int) -> Combined:
    """Return the median of the members and the unit of its error.

    Parameters
    ----------
    path : array of float, shape (n,)
        The estimate of every year, in the unit of the indicator.
    draws : array of float, shape (n, m)
        Versions of it.
    steps : array of float
        Yearly steps between years with a figure (amounts in their unit, else on the scale of the model);
        for growth rates, the figures themselves.
    scale : Scale
        Of the model.
    horizon : int
        Years ahead.
    """
    past = np.column_stack([path, draws])
    past = past if scale.name == "log" else scale.to_model(past)
    stacked = np.stack(_MEMBERS.get(scale.name, members_of_levels)(past, past[:, 0], horizon))
    disagreement = stacked[:, :, 0].std(axis=0)
    own = _own_variance(steps, past[:, 0], scale.name, horizon)
    spread = np.sqrt(own + disagreement**2) * (_widening(past[:, 0]) if scale.name == "log" else 1.0)
    return Combined(np.median(stacked[:, :, 1:], axis=0), spread)


def _widening(path: Array) -> float:
    growth = abs(pooled_step(np.log(path), POOLED_GROWTH))
    return 1 + _GROWTH_WIDENS * min(float(growth), _MOST_GROWTH)


def _own_variance(steps: Array, path: Array, scale: str, horizon: int) -> Array:
    """Return the variance that the series' own steps give each year ahead, a prior step among them."""
    prior = PRIOR_STEP[scale]
    if scale == "log":
        prior *= path[-1]
    elif scale == "level":
        prior *= np.abs(path).mean()
    n = len(steps)
    if scale == "growth":
        around = ((steps - steps.mean()) ** 2).sum() if n else 0.0
        return np.full(horizon, (prior**2 + around) / max(n, 1) * (1 + _MEAN_ERROR / max(n, 1)))
    centred = steps - _DRIFT_SHARE * steps.mean() if n else steps
    return np.asarray((prior**2 + centred @ centred) / (1 + n) * np.arange(1, horizon + 1))


def worlds_around(combined: Combined, scale: Scale, n_paths: int, rng: np.random.Generator) -> Array:
    """Return worlds on the scale of the model, years x worlds; world k departs from version k of the past.

    Errors of amounts and levels are those of a random walk across the years (on M1 and M3 the rank
    correlation of errors k and l years ahead is sqrt(k / l) to 0.05); those of growth rates share one cause.
    Worlds come in pairs that depart to either side. Above the centre an amount departs in its unit, below it
    in logs: no world is negative.
    """
    kind, scores = ("rate", _rate_scores) if scale.name == "growth" else ("amount", _walk_scores)
    horizon = len(combined.spread)
    half = scores(rng.standard_normal((horizon + 1, -(-n_paths // 2))))
    shift = _errors(np.hstack([half, -half])[:, :n_paths], kind) * combined.spread[:, None]
    centre = combined.centre[:, np.arange(n_paths) % combined.centre.shape[1]]
    if scale.name != "log":
        return np.asarray(centre + shift)
    relative = np.maximum(shift / centre, _LEAST)
    return np.asarray(np.log(centre) + np.where(relative > 0, np.log1p(np.maximum(relative, 0)), relative))


def _walk_scores(noise: Array) -> Array:
    walk = np.cumsum(noise[1:], axis=0)
    return np.asarray(walk / np.sqrt(np.arange(1, len(walk) + 1))[:, None])


def _rate_scores(noise: Array) -> Array:
    return np.asarray(np.sqrt(_COMMON) * noise[0] + np.sqrt(1 - _COMMON) * noise[1:])


def _errors(scores: Array, kind: str) -> Array:
    """Return standard normal scores as errors in units of the spread; beyond the table, as its last row."""
    table = error_quantiles()
    table = table[table["kind"] == kind]
    known = [NormalDist().inv_cdf((1 + p) / 2) for p in table["probability"]]
    ahead = [name for name in table.columns if name.startswith("ahead_")]
    rows = [table[ahead[min(k, len(ahead) - 1)]].to_numpy() for k in range(len(scores))]
    return np.array(
        [np.sign(row) * np.interp(np.abs(row), known, sizes) for row, sizes in zip(scores, rows, strict=True)]
    )
