"""Shock years: the bridged history, the gap to it, the closing of the gap, and new shocks.

Before a break the history does not change. The shock years are replaced by the line between the years around
them, and the remaining gap is subtracted from the years after. If the origin itself is in the break, the
history ends before the break and is forecast across it. All values are on the scale of the model.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core import SCALES, Array, YearlySeries, evenly, years_of
from .rate_trend import Figures, last_digit, prior_variance
from .smoothing import steady_slope
from .steadiness import steadiness

#: Mean share of a gap that closes in a year where nothing more is known of a place, from visitors to 123
#: countries (method note, section 2: 50 to 70 %), and its standard deviation over the paths, as a share of
#: sqrt(mean (1 - mean)): 0.2 at the mean.
GAP_CLOSING, CLOSING_SPREAD = 0.6, 6**-0.5
#: Probability that a new shock begins in a year: one such break of tourism in about 25 years (2020; the fall
#: of 2003 was a tenth of it).
SHOCK_CHANCE = 0.04
#: The depth of a new shock is half to all of the deepest gap in the series' history.
_LEAST_DEPTH = 0.5
#: From this share of its own slope on, a path of figures is steady through its shock years.
_UNBROKEN = 0.5


@dataclass(frozen=True, slots=True)
class Bridged:
    """A history without its breaks.

    Attributes
    ----------
    normal : array of float, shape (n, m)
        The years on which the forecast is based, per version of the past; the first version is the estimate.
    lead : int
        Years between the last of them and the origin; 0 unless the origin is in a break.
    end : array of float, shape (m,)
        The value at the origin, not bridged.
    gap : array of float, shape (m,)
        The remainder of all gaps at the origin; 0 if `lead` is above 0, when the paths determine the gap.
    gaps : array of float, shape (years to the origin,)
        Gaps of the bridged shock years, for the estimate; 0 in every other year.
    """

    normal: Array
    lead: int
    end: Array
    gap: Array
    gaps: Array


def bridge(
    history: Array, years: NDArray[np.int64], shock_years: Collection[int], *, closing: float
) -> Bridged:
    """Return a history whose shock years are bridged.

    Parameters
    ----------
    history : array of float, shape (n, m)
        Yearly values on the scale of the model, one column per version; the first is the estimate.
    years : array of int, shape (n,)
        Their years.
    shock_years : collection of int
        Years that are not normal. Before the first normal year they cannot be distinguished from normal ones.
    closing : float
        Share of a gap that closes in a year.
    """
    clean, gap, gaps = history.copy(), np.zeros(history.shape[1]), np.zeros(len(years))
    for first, last in _runs(years, shock_years):
        if last == len(years) - 1:
            return Bridged(clean[:first], len(years) - first, history[-1], gap * 0, gaps)
        opened = _bridge_run(clean, first, last, 1 - closing)
        gaps[first : last + 1] = history[first : last + 1, 0] - clean[first : last + 1, 0]
        gap = gap + opened * (1 - closing) ** (len(years) - 1 - last)
    return Bridged(clean, 0, history[-1], gap, gaps)


def bridged_years(years: NDArray[np.int64], shock_years: Collection[int]) -> NDArray[np.bool_]:
    """Return which years are bridged: the shock years after the first normal year."""
    shock: NDArray[np.bool_] = np.isin(years, list(shock_years))
    leading = len(shock) if shock.all() else int(np.argmin(shock))
    shock[:leading] = False
    return shock


def normal_years(observed: YearlySeries, shock_years: Collection[int]) -> list[int]:
    """Return the ended years with a published figure, without shock years that follow a normal year.

    Parameters
    ----------
    observed : YearlySeries
        The known series.
    shock_years : collection of int
        Years that are not normal.
    """
    years = years_of(observed.table)
    normal = years[~bridged_years(years, shock_years)]
    return [int(year) for year in normal[np.isin(normal, observed.observed_years)]]


def told_breaks(observed: YearlySeries, shock_years: Collection[int]) -> tuple[int, ...]:
    """Return the shock years of a series, or none if its figures tell of no break.

    Without a figure of a normal year a break has no beginning. Figures that advance in equal steps through
    the shock years lie where they would without any: what was gained in these years is no gap that closes.

    Parameters
    ----------
    observed : YearlySeries
        The known series.
    shock_years : collection of int
        Years that are not normal.
    """
    scale, years = SCALES[observed.scale], np.array(observed.observed_years, dtype=np.int64)
    if not bridged_years(years_of(observed.table), shock_years).any():
        return tuple(shock_years)
    if not normal_years(observed, shock_years):
        return ()
    values = observed.published.to_numpy(dtype=float)
    if scale.name in ("log", "growth"):
        steady = steady_slope(scale.name, years, values).weight
    else:
        unit = max(float(np.abs(values).max()), 1.0)  # squares of large levels stay finite
        figures = Figures(years, values / unit, last_digit(values) / unit)
        steady = steadiness(years, figures.values, float(np.sqrt(prior_variance(figures, scale))))
    return () if steady >= _UNBROKEN else tuple(shock_years)


def breaks_of(observed: YearlySeries, shock_years: Collection[int]) -> set[int]:
    """Return the shock years and, of a plain series, the years without a figure just before them.

    Such a year is interpolated between a normal year and a shock year: it is no normal year.
    """
    breaks, own = set(shock_years), {*observed.observed_years}
    if not observed.area:
        for year in reversed(years_of(observed.table).tolist()):
            if year + 1 in breaks and year not in own:
                breaks.add(year)
    return breaks


def _runs(years: NDArray[np.int64], shock_years: Collection[int]) -> list[tuple[int, int]]:
    """Return the first and last position of each run of bridged years."""
    shock = bridged_years(years, shock_years)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], shock, [False]]).astype(int)))
    return [(int(first), int(after) - 1) for first, after in zip(edges[::2], edges[1::2], strict=True)]


def _bridge_run(clean: Array, first: int, last: int, left: float) -> Array:
    """Bridge a run of shock years in place, subtract the closing gap from later years, return the gap.

    The gap of the last shock year is its distance to the line between the years around the run. The later of
    these is first reduced by what is left of that gap: one linear equation.
    """
    before, after, span = clean[first - 1], clean[last + 1], last - first + 2
    share = (span - 1) / span
    gap = (clean[last] - before - share * (after - before)) / (1 - share * left)
    clean[last + 1 :] -= gap * left ** np.arange(1, len(clean) - last)[:, None]
    steps = np.arange(1, span)[:, None] / span
    clean[first : last + 1] = before + steps * (clean[last + 1] - before)
    return np.asarray(gap)


def close_gap(paths: Array, bridged: Bridged, rates: Array) -> Array:
    """Return the paths after the origin plus the gap at the origin, which closes at the rate of each path.

    Path k has the gap of draw k, which is version k + 1.

    Parameters
    ----------
    paths : array of float, shape (lead + horizon, n_paths)
        Paths without a break, from the year after the bridged history on.
    bridged : Bridged
        The bridged history.
    rates : array of float, shape (n_paths,)
        Share of the gap that closes in a year.
    """
    ahead = paths[bridged.lead :]
    if not bridged.lead and not bridged.gap.any():
        return ahead
    drawn = bridged.end[1:] if bridged.lead else bridged.gap[1:]
    gap = np.resize(drawn, paths.shape[1]) - (paths[bridged.lead - 1] if bridged.lead else 0.0)
    return np.asarray(ahead + gap * (1 - rates) ** np.arange(1, len(ahead) + 1)[:, None])


def deepest_gap(
    paths: Array, history: Array, bridged: Bridged, *, figures: NDArray[np.bool_], scale: str
) -> float:
    """Return the deepest gap of a shock year, including a break that is still open at the origin.

    Parameters
    ----------
    paths : array of float, shape (lead + horizon, n_paths)
        Paths without a break.
    history : array of float, shape (n, m)
        The history before bridging.
    bridged : Bridged
        The bridged history.
    figures : array of bool, shape (n,)
        Years with a published figure: an interpolated shock year has no gap.
    scale : str
        Amounts and growth fall in a shock; elsewhere the sign is that of the largest gap.
    """
    gaps = bridged.gaps.copy()
    if bridged.lead:
        gaps[-bridged.lead :] = history[-bridged.lead :, 0] - np.median(paths[: bridged.lead], axis=1)
    gaps = gaps[figures]
    if scale in ("log", "growth"):
        return float(min([0.0, *gaps]))
    return float(max(gaps, default=0.0, key=abs))


def new_shocks(
    shape: tuple[int, int],
    depth: float,
    *,
    chance: float,
    closing: float,
    rng: np.random.Generator,
    ended: int = 0,
) -> Array:
    """Return the effect of new shocks on each path: random start and depth, then closing.

    Parameters
    ----------
    shape : tuple of int
        Years ahead and paths.
    depth : float
        The deepest gap seen, with its sign.
    chance : float
        Probability that a shock begins in a given year.
    closing : float
        Share of the shock that closes in a year.
    rng : numpy.random.Generator
        Generator of years and depths.
    ended : int
        How many of the first years have ended, without a figure.
    """
    if not depth:
        return np.zeros(shape)
    # year by year, forwards and backwards from the last year that ended: neither changes another year
    earlier = rng.spawn(1)[0]
    before = [earlier.random((2, shape[1])) for _ in range(ended)]
    drawn = np.array([*before[::-1], *(rng.random((2, shape[1])) for _ in range(shape[0] - ended))])
    drawn = evenly(drawn.reshape(shape[0], 2, shape[1]))
    begun = (drawn[:, 0] < chance) * (_LEAST_DEPTH + (1 - _LEAST_DEPTH) * drawn[:, 1]) * depth
    for year in range(1, shape[0]):
        begun[year] += (1 - closing) * begun[year - 1]
    return np.asarray(begun)
