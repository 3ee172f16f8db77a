"""How far a scenario lies from the baseline: the least that the weights of its paths must change to meet it.

Among all weights of the paths whose mean meets the scenario, those nearest to equal ones in relative entropy
are exponential in the values (Csiszár 1975); the relative entropy is the distance. In a Gaussian fan a shift
by k standard deviations costs k^2 / 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..core import SCALES, Array, Forecast, Outcome, SapaError, nearest, years_of
from .adjustment import Scenario
from .effect import apply_scenario

#: How far out a scenario lies; the last: no path, or no weights of the paths, reach it.
WORDS = ("usual", "unusual", "rare", "very_rare", "outside")
#: A level has the next word if fewer baseline paths than this share go so far: its median lies outside the
#: 80, 95, 99 % band of the fan.
_SHARES = (0.1, 0.025, 0.005)
#: Several levels together have it also if their entropy (nats) is more than a Gaussian fan asks for a shift
#: to the end of that band: normal quantiles 1.2816, 1.9600, 2.5758, squared and halved.
_COSTS = (0.8212, 1.9207, 3.3174)
#: The joint row of several levels.
JOINT = "all"
_COLUMNS = ("scenario", "indicator", "year", "level", "beyond", "entropy", "effective", "word")
#: Newton's rounds, and the miss of the mean (standard deviations) at which they end.
_ROUNDS, _MET = 200, 1e-10
#: A mean that is nearer than this is met already; one that is missed by more at the end is out of reach.
_EQUAL, _MISSED = 1e-13, 1e-6


@dataclass(frozen=True, slots=True)
class Tilt:
    """The weights of paths nearest to equal ones that meet a mean.

    Attributes
    ----------
    entropy : float
        Relative entropy to equal weights, in nats; infinite where no weights meet the mean.
    effective : float
        Effective number of paths, as a share of all (Kish): 1 for equal weights, 0 where there are none.
    """

    entropy: float
    effective: float


def tilt(values: Array, wanted: Array) -> Tilt:
    """Return the tilt of equal weights that moves the mean of values to what is wanted.

    Parameters
    ----------
    values : array of float, shape (quantities, paths)
    wanted : array of float, shape (quantities,)

    Examples
    --------
    >>> import numpy as np
    >>> from sapa_analysis.scenarios.entropy import tilt
    >>> coin = np.array([[0.0, 0.0, 1.0, 1.0]])
    >>> tilt(coin, np.array([0.5])), tilt(coin, np.array([1.5]))
    (Tilt(entropy=0.0, effective=1.0), Tilt(entropy=inf, effective=0.0))
    >>> found = tilt(coin, np.array([0.75]))  # weights 1/8, 1/8, 3/8, 3/8
    >>> round(found.entropy, 4), round(found.effective, 4)
    (0.1308, 0.8)
    """
    outside = Tilt(np.inf, 0.0)
    around = np.asarray(values, dtype=float) - np.asarray(wanted, dtype=float)[:, None]
    if not np.isfinite(around).all():
        return outside
    size, off = around.std(axis=1), around.mean(axis=1)
    still = size <= 1e-12 * np.maximum(1.0, np.abs(values).max(axis=1))
    if (np.abs(off[still]) > 1e-9).any():
        return outside
    around = around[~still] / size[~still, None]
    if np.abs(around.mean(axis=1)).max(initial=0.0) < _EQUAL:
        return Tilt(0.0, 1.0)
    if (around.min(axis=1) >= 0).any() or (around.max(axis=1) <= 0).any():
        return outside
    value, weights = _least(around)
    if np.abs(around @ weights).max() > _MISSED:
        return outside
    return Tilt(max(0.0, -value), float(1 / (len(weights) * (weights**2).sum())))


def _least(around: Array) -> tuple[float, Array]:
    """Return the least log of the mean of exponentials of values around zero, and the weights there."""
    push = np.zeros(len(around))
    value, weights = _dual(push, around)
    for _ in range(_ROUNDS):
        slope = around @ weights
        # no weights of n paths are farther from equal ones than all on one: then there are none
        if np.abs(slope).max() < _MET or -value > np.log(around.shape[1]):
            break
        centred = around - slope[:, None]
        step = np.linalg.lstsq((centred * weights) @ centred.T, -slope, rcond=1e-12)[0]
        length, falls = 1.0, float(slope @ step)
        while length > _MET and _dual(push + length * step, around)[0] > value + 1e-4 * length * falls:
            length /= 2
        if length <= _MET:
            break
        push = push + length * step
        value, weights = _dual(push, around)
    return value, weights


def _dual(push: Array, around: Array) -> tuple[float, Array]:
    """Return the log of the mean of exponentials, and the weights in their proportion."""
    power = push @ around
    top = power.max()
    raised = np.exp(power - top)
    total = raised.sum()
    return float(top + np.log(total / around.shape[1])), raised / total


def plausibility(
    outcomes: Mapping[str, Outcome] | Forecast,
    scenario: Scenario | Mapping[str, Mapping[int, float]],
) -> pd.DataFrame:
    """Return how far the levels of a scenario lie from the baseline paths.

    It compares with what the forecast holds possible; it says nothing of how the levels would come about.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed, or Forecast
        The baseline.
    scenario : Scenario, or mapping of indicator id to mapping of year to float
        What is assumed; of a scenario the indicators and years that it adjusts, else levels as such, each
        read as a median.

    Returns
    -------
    pandas.DataFrame
        One row per indicator and year, and one for all of them together (`indicator` is `all`) where there
        are several: scenario (blank for levels), indicator, year (of the joint row the last), level (median
        under the scenario), beyond (share of the baseline paths at or beyond the level, seen from the
        median; of the joint row beyond all), entropy (nats: of the weights of the baseline paths nearest to
        equal ones whose mean, on the model scale, meets the scenario), effective (effective number of paths
        under these weights, as a share of all), word (usual; unusual, rare, very_rare: the level lies outside
        the 80, 95, 99 % band; outside: no path goes so far. All together are as far out as the farthest of
        them, or farther if their entropy is more than a Gaussian fan asks for a shift to the end of the next
        band).

    Raises
    ------
    SapaError
        When an indicator or a year is not forecast, or the scenario does not hold.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> fan = sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)
    >>> found = sapa.scenarios.plausibility(fan, {"visits": {2020: 160.0, 2021: 180.0}})
    >>> found[["indicator", "year", "beyond", "entropy", "word"]].round(2)
      indicator  year  beyond  entropy   word
    0    visits  2020    0.13     0.35  usual
    1    visits  2021    0.11     0.43  usual
    2       all  2021    0.05     0.50  usual
    """
    base = {outcomes.observed.indicator_id: outcomes} if isinstance(outcomes, Forecast) else outcomes
    if isinstance(scenario, Scenario):
        points, name = _adjusted_points(base, scenario), scenario.name
    else:
        points, name = _level_points(base, scenario), ""
    if not points:
        return pd.DataFrame(columns=list(_COLUMNS))
    rows = [{**_told([point]), "indicator": point.indicator, "level": point.level} for point in points]
    if len(points) > 1:
        rows.append({**_told(points), "indicator": JOINT, "level": np.nan})
    return pd.DataFrame([{"scenario": name, **row} for row in rows], columns=list(_COLUMNS))


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """One assumed level: where the baseline paths stand, and by how much their mean must move."""

    indicator: str
    year: int
    values: Array
    level: float
    scale: str
    shift: float

    @property
    def beyond(self) -> np.ndarray:
        return self.values >= self.level if self.shift >= 0 else self.values <= self.level


def _told(points: list[_Point]) -> dict[str, Any]:
    """Return how far one level lies, or several together."""
    with np.errstate(divide="ignore"):
        states = np.array([SCALES[point.scale].to_model(point.values) for point in points])
    found = tilt(states, states.mean(axis=1) + np.array([point.shift for point in points]))
    gone = [point.beyond for point in points]
    least = min(float(paths.mean()) for paths in gone)
    together = float(np.all(gone, axis=0).mean())
    out = sum(least < share for share in _SHARES)
    if len(points) > 1:
        out = max(out, sum(found.entropy > cost for cost in _COSTS))
    if least == 0 or not np.isfinite(found.entropy):
        out = len(_SHARES) + 1
    return {
        "year": max(point.year for point in points),
        "beyond": together,
        "entropy": found.entropy,
        "effective": found.effective,
        "word": WORDS[out],
    }


def _adjusted_points(base: Mapping[str, Outcome], scenario: Scenario) -> list[_Point]:
    moved, points = apply_scenario(base, scenario), []
    for name in dict.fromkeys(part.indicator for part in scenario.adjustments):
        fan, after = base.get(name), moved.get(name)
        if not isinstance(fan, Forecast) or not isinstance(after, Forecast):
            continue
        scale = SCALES[fan.observed.scale]
        for row, year in enumerate(years_of(fan.paths)):
            before, then = fan.paths.to_numpy()[row], after.paths.to_numpy()[row]
            if (before != then).any():
                with np.errstate(divide="ignore", invalid="ignore"):
                    shift = float((scale.to_model(then) - scale.to_model(before)).mean())
                points.append(_Point(name, int(year), before, float(np.median(then)), scale.name, shift))
    return points


def _level_points(base: Mapping[str, Outcome], levels: Mapping[str, Mapping[int, float]]) -> list[_Point]:
    problems, points = [], []
    for name, by_year in levels.items():
        fan = base.get(name)
        if not isinstance(fan, Forecast):
            forecast = [known for known, one in base.items() if isinstance(one, Forecast)]
            problems.append(f'"{name}" is not forecast; {nearest(name, forecast)}')
            continue
        scale, ahead = SCALES[fan.observed.scale], years_of(fan.paths).tolist()
        for year, level in by_year.items():
            if year not in ahead:
                problems.append(f"{name}: {year} is not forecast; {ahead[0]} to {ahead[-1]} are")
                continue
            values = fan.paths.to_numpy(dtype=float)[ahead.index(year)]
            middle = float(np.median(values))
            with np.errstate(divide="ignore", invalid="ignore"):
                shift = float(scale.to_model(level) - scale.to_model(middle))
            points.append(_Point(name, year, values, float(level), scale.name, shift))
    if problems:
        raise SapaError("; ".join(problems))
    return points
