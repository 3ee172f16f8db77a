"""Error law of the headline: quantiles of errors pooled over other series, and the paths drawn from them.

The error of year k is z * S[k]. S is the spread that the outlook states; z is a quantile of errors in units
of S, learned on four sets of other series that count alike, and wider by what separates the sets
(`error_quantiles.csv`, written by benchmarks/learn_errors.py): the next kind of series is one more draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from statistics import NormalDist

import numpy as np
import pandas as pd

from ..core import Array, Scale, shipped_table, stratified
from .smoothing import Outlook

#: Rank correlation between the errors of two years in forecasts of growth rates (0.1 to 0.4 on M1 and M3).
_COMMON = 0.25
#: In logs: no path falls below a hundredth of its point forecast.
_LEAST = np.log(0.01)


def error_quantiles() -> pd.DataFrame:
    """Return the shipped table: kind (amount, rate), probability of a smaller error, ahead_1 to ahead_6."""
    return shipped_table("forecasting", "error_quantiles.csv")


def error_record() -> pd.DataFrame:
    """Return the coverage of such intervals on sets of series that were left out when they were learned.

    Returns
    -------
    pandas.DataFrame
        kind (amount, rate), set (the kind of series), years of history (100: all of it), series, and the
        percent of outcomes that 80 and 95 % intervals held (held_80, held_95).

    Examples
    --------
    >>> from sapa_analysis.forecasting import error_record
    >>> error_record().query("kind == 'amount' and years == 8").set_index("set")["held_80"].round(1).to_dict()
    {'business_1982': 81.3, 'business_2000': 86.1, 'parks': 71.7, 'countries': 92.4}
    """
    return shipped_table("forecasting", "error_record.csv")


def record_like(years: int, scale: str) -> pd.DataFrame:
    """Return the rows of `error_record` for the longest history of at most `years` years, one per set.

    Parameters
    ----------
    years : int
        Years with a figure of the series asked about.
    scale : str
        `log`, `logit`, `level` or `growth`.

    Examples
    --------
    >>> from sapa_analysis.forecasting import record_like
    >>> record_like(5, "log").set_index("set")["held_80"].round(1).to_dict()
    {'business_1982': 80.1, 'business_2000': 85.2, 'parks': 70.4, 'countries': 89.3}
    """
    kind, table = "rate" if scale == "growth" else "amount", error_record()
    like: pd.DataFrame = table[(table["kind"] == kind) & (table["years"] <= max(years, 1))]
    longest: pd.DataFrame = like[like["years"] == like["years"].max()]
    return longest


def paths_around(
    outlook: Outlook,
    scale: Scale,
    n_paths: int,
    rng: np.random.Generator,
    *,
    noise: Array | None = None,
) -> Array:
    """Return paths on the scale of the model, years x paths; path k starts from version k of the past.

    Above the point forecast an amount deviates in its unit, below it in logs, so no path is negative. A
    growth rate deviates in points. See `draw_scores` for `noise`.
    """
    kind = "rate" if scale.name == "growth" else "amount"
    scores = draw_scores(kind, outlook.point, n_paths, rng, noise=noise)
    shift = _errors(scores, kind) * outlook.spread[:, None]
    point = _per_path(outlook.point, n_paths)
    if kind == "rate":
        return np.asarray(point + shift)
    relative = np.maximum(shift / point, _LEAST)
    return np.asarray(np.log(point) + np.where(relative > 0, np.log1p(np.maximum(relative, 0)), relative))


def draw_scores(
    kind: str,
    point: Array,
    n_paths: int,
    rng: np.random.Generator,
    *,
    noise: Array | None = None,
) -> Array:
    """Return standard normal scores of errors, years x paths.

    Those of growth rates (`rate`) have a common factor; all others follow a random walk across the years (on
    M1 and M3 the rank correlation of errors k and l years ahead is sqrt(k / l) to 0.05). In every year they
    are one from each of n equally likely strata, spread evenly over the paths by their point.

    Parameters
    ----------
    kind : {"amount", "rate"}
        As in the table of errors.
    point : array of float, shape (years, m)
        The point forecast; path k has version k.
    n_paths : int
        Number of paths.
    rng : numpy.random.Generator
        Generator of the innovations.
    noise : array of float, shape (fewer years, half the paths), optional
        Innovations of the last years, used instead.
    """
    drawn = rng.standard_normal((len(point) + 1, -(-n_paths // 2)))
    if noise is not None:
        drawn[-len(noise) :] = noise
    half = _rate_scores(drawn) if kind == "rate" else _walk_scores(drawn)
    return stratified(both_signs(half, n_paths), _per_path(point, n_paths))


def _per_path(point: Array, n_paths: int) -> Array:
    return np.asarray(point[:, np.arange(n_paths) % point.shape[1]])


def both_signs(half: Array, n_paths: int) -> Array:
    """Return rows of n paths of which the second half has the opposite sign of the first."""
    return np.hstack([half, -half])[:, :n_paths]


def _walk_scores(noise: Array) -> Array:
    """Return a random walk across the years, each year scaled to variance one; the first row is not used."""
    walk = np.cumsum(noise[1:], axis=0)
    return np.asarray(walk / np.sqrt(np.arange(1, len(walk) + 1))[:, None])


def _rate_scores(noise: Array) -> Array:
    return np.asarray(np.sqrt(_COMMON) * noise[0] + np.sqrt(1 - _COMMON) * noise[1:])


def _errors(scores: Array, kind: str) -> Array:
    """Convert standard normal scores to errors in units of the spread; beyond the table, use its last row."""
    known, sizes = _quantiles_of(kind)
    rows = zip(scores, [sizes[min(k, len(sizes) - 1)] for k in range(len(scores))], strict=True)
    return np.array([_errors_at(row, known, size) for row, size in rows])


@cache
def _quantiles_of(kind: str) -> tuple[list[float], list[Array]]:
    """Return normal scores, and the error of each score so many years ahead."""
    table = error_quantiles()
    table = table[table["kind"] == kind]
    ahead = [name for name in table.columns if name.startswith("ahead_")]
    return _scores_of(table["probability"]), [table[name].to_numpy() for name in ahead]


def _scores_of(probability: Iterable[float]) -> list[float]:
    return [NormalDist().inv_cdf((1 + share) / 2) for share in probability]


def errors_at(scores: Array, probability: pd.Series, size: pd.Series) -> Array:
    """Convert standard normal scores to errors, given how large an error is with each probability."""
    return _errors_at(scores, _scores_of(probability), size.to_numpy())


def _errors_at(scores: Array, known: Sequence[float], size: Array) -> Array:
    return np.asarray(np.sign(scores) * np.interp(np.abs(scores), known, size))
