"""Recovery of an amount from a break: how its gap to the last normal level closes, learned on other places.

A place that has reopened lies r = log(level / last normal level) away from its normal level. h years later
its level is, in logs, `a + d (h - 1) + phi^h r`, with a spread that shrinks as the gap closes. What a place
grew before the break says nothing about the level after it, so it is not carried through. Constants:
`recovery.csv`, made by benchmarks/learn_recoveries.py from provinces of one country and from countries.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import betaincinv, expit, logit

from ..core import Array, YearlySeries, apart, evenly, run_around, shipped_table, stratified, stream
from .error_law import both_signs
from .settings import Settings
from .shocks import CLOSING_SPREAD, GAP_CLOSING, Bridged

#: The law holds for amounts at least so far below their last normal level: parks and GDP that fell by less in
#: 2020 follow their own past better.
LEAST_GAP = 0.18
#: And for series with so many figures.
_LEAST_FIGURES = 3
#: Levels that differ by less, in logs, are the same in floating point.
_SAME = 1e-9
#: Rates that hardly differ: a narrower beta law has no quantiles in floating point.
_LEAST_SPREAD = 1e-3


def recovery_table() -> pd.DataFrame:
    """Return the shipped constants of the law of recovery, one row.

    Returns
    -------
    pandas.DataFrame
        `closing`, mean share of the gap that closes in a year, and `closing_sd`, its standard deviation over
        the paths; `level`, log of the level returned to over the last normal one, and `drift`, its change a
        year; `level_sd` and `step_sd`, in logs, the spread of that level and of its yearly steps; `common`,
        the share of the variance of the level that places of one country have in common; `weight`, the share
        of the paths that follow the law; how many `provinces` and `countries` it was learned on. Learned on
        all visits to provinces of Thailand, those of residents and their revenue, and on foreign arrivals of
        countries; the four count alike.

    Examples
    --------
    >>> from sapa_analysis.forecasting import recovery_table
    >>> recovery_table().loc[0, ["closing", "weight"]].round(1).tolist()
    [0.7, 0.8]
    """
    return shipped_table("forecasting", "recovery.csv")


@dataclass(frozen=True, slots=True)
class _Law:
    """The constants, as `recovery_table` names them."""

    closing: float
    closing_sd: float
    level: float
    drift: float
    level_sd: float
    step_sd: float
    common: float
    weight: float


def _law() -> _Law:
    row = recovery_table().iloc[0]
    return _Law(**{field.name: float(row[field.name]) for field in fields(_Law)})


def recovers(observed: YearlySeries, history: Array, bridged: Bridged, how: Settings) -> bool:
    """Return whether the law speaks of a series: an amount, reopened, deep below its last normal level.

    Parameters
    ----------
    observed : YearlySeries
        The known series.
    history : array of float, shape (n, m)
        Its values in logs, not bridged; the first column is the estimate.
    bridged : Bridged
        The same without its breaks.
    how : Settings
        Shock years, and the year of reopening if it is not the last of them.
    """
    if observed.scale != "log" or not bridged.lead or len(observed.observed_years) < _LEAST_FIGURES:
        return False
    if observed.origin < (how.reopened or run_around(observed.origin, how.shock_years)[1]):
        return False
    gap = history[-1, 0] - _last_normal(history, bridged)[0]
    return bool(gap <= np.log1p(-LEAST_GAP) + _SAME)


def _last_normal(history: Array, bridged: Bridged) -> Array:
    """Return the level of the last normal year as it was, whatever gap of an earlier break was left in it."""
    return np.asarray(history[len(bridged.normal) - 1])


def recover(
    history: Array, bridged: Bridged, years: int, how: Settings, of: tuple[str, str], noise: Array | None
) -> Array:
    """Return the paths of the law after the origin, in logs, years x paths.

    Path k starts from draw k of the past. Its closing rate and what its country has in common are those of
    path k of every series of the run.

    Parameters
    ----------
    history : array of float, shape (n, m)
        The values in logs, not bridged; the first column is the estimate.
    bridged : Bridged
        The same without its breaks; it ends with the last normal year.
    years : int
        Years ahead.
    how : Settings
        Paths, seed and the mean share of the gap that closes in a year.
    of : tuple of str
        Area and indicator, which name the random stream.
    noise : array of float, shape (years, half the paths), optional
        Standard normal innovations that are used instead of its own in the last years.
    """
    law, n = _law(), how.n_paths
    before, now = (np.resize(level[1:], n) for level in (_last_normal(history, bridged), bridged.end))
    ahead = np.arange(years)[:, None]
    left = 1 - _learned_rates(law, how)
    middle = before + law.level + law.drift * ahead + left ** (ahead + 1) * (now - before)
    drawn = stream(how.seed, "recovery", *of).standard_normal((years, -(-n // 2)))
    if noise is not None:
        drawn[-len(noise) :] = noise[-years:]
    country = stratified(stream(how.seed, "country", "", "").standard_normal((1, n)))
    own = both_signs(drawn, n)
    away = law.level_sd * (np.sqrt(law.common) * country + np.sqrt(1 - law.common) * own[:1])
    away = away + law.step_sd * np.vstack([np.zeros((1, n)), np.cumsum(own[1:], axis=0)])
    size = np.sqrt(law.level_sd**2 + law.step_sd**2 * ahead)
    return np.asarray(middle + size * stratified(away, middle))


def closing_rates(how: Settings, mean: float | None = None, spread: float = CLOSING_SPREAD) -> Array:
    """Return the share of a gap that closes in a year, per path: one order of the paths in every series.

    They have a beta distribution with mean `how.gap_closing`, or another, and standard deviation `spread`
    times sqrt(mean (1 - mean)).
    """
    return _rates(how.seed, how.n_paths, how.gap_closing if mean is None else mean, spread)


@lru_cache(maxsize=16)
def _rates(seed: int, n_paths: int, mean: float, spread: float) -> Array:
    shares = evenly(stream(seed, "closing", "", "").random((1, n_paths)))[0]
    certainty = 1 / max(spread, _LEAST_SPREAD) ** 2 - 1
    return apart(np.asarray(betaincinv(mean * certainty, (1 - mean) * certainty, shares)))


def _learned_rates(law: _Law, how: Settings) -> Array:
    """Return the rates of the law; another `gap_closing` moves their mean as far, in logits."""
    mean = float(expit(logit(law.closing) + logit(how.gap_closing) - logit(GAP_CLOSING)))
    return closing_rates(how, mean, law.closing_sd / np.sqrt(law.closing * (1 - law.closing)))


def mixed(law: Array, general: Array, how: Settings) -> Array:
    """Return paths of which a share follows the law and the rest the general forecast.

    The same paths follow it in every series, so what holds between series holds in every path.
    """
    chosen = evenly(stream(how.seed, "law", "", "").random((1, how.n_paths)))[0] < law_share()
    return np.where(chosen, law, general)


def law_share() -> float:
    """Return the share of the paths that follow the law."""
    return _law().weight
