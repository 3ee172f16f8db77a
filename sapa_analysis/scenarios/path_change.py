"""What an adjustment makes of the paths of an indicator, year by year."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from ..core import Array, SapaError, YearlySeries, years_of
from .adjustment import Adjustment
from .anchor import Step, steps

#: Bounds that every scenario respects: amounts are not negative, rates are between 0 and 100 percent.
_BOUNDS = {"log": (0.0, np.inf), "logit": (0.0, 100.0)}
_Level = Callable[[float], Array]


def adjusted(paths: pd.DataFrame, adjustments: Sequence[Adjustment], observed: YearlySeries) -> pd.DataFrame:
    """Return paths after some adjustments, in the order in which they are written.

    Parameters
    ----------
    paths : pandas.DataFrame
        Years x paths.
    adjustments : sequence of Adjustment
        Of this indicator.
    observed : YearlySeries
        Its past: the origin, the day, and the levels of past years, of which path k takes draw k.

    Raises
    ------
    SapaError
        When growth is asked of a rate, or a past year is not in the series.
    """
    moved = paths.to_numpy(dtype=float, copy=True)
    years, touched = years_of(paths), np.zeros(len(paths), dtype=bool)

    def level(year: float) -> Array:
        return _level_of(year, paths, observed)

    for part in adjustments:
        grows = part.effect in ("growth", "add_growth")
        if grows and observed.scale != "log":
            raise SapaError(f"{part.indicator} is no amount that grows; write points or a level")
        for step in steps(part, observed, int(years[-1])):
            for at in np.flatnonzero((years == step.year) & (years > observed.ended)):
                if grows:
                    _grow(moved, int(at), part, step, level)
                    touched[at:] = True
                else:
                    moved[at] = _changed(moved[at], part, step, level)
                    touched[at] = True
    moved[touched] = np.clip(moved[touched], *_BOUNDS.get(observed.scale, (-np.inf, np.inf)))
    return pd.DataFrame(moved, index=paths.index, columns=paths.columns)


def _changed(now: Array, part: Adjustment, step: Step, level: _Level) -> Array:
    """Return a year of the paths after a change of that year alone."""
    value, share = step.value, step.share
    if part.effect == "multiply":
        return np.asarray(now * (value if share == 1 else 1 + (value - 1) * share))
    if part.effect == "add":
        return np.asarray(now + value * share)
    wanted = np.full_like(now, value)
    if part.effect == "hold":
        assert part.of_year is not None
        wanted = level(part.of_year) * value
    return wanted if share == 1 else now + share * (wanted - now)


def _grow(moved: Array, at: int, part: Adjustment, step: Step, level: _Level) -> None:
    """Change the growth of a year in place; later years keep their own growth, so they move with it."""
    before = moved[at - 1] if at else level(step.year - 1)
    now = moved[at].copy()
    if part.effect == "add_growth":
        moved[at] = now + before * (step.value * step.share / 100)
    else:
        wanted = before * (1 + step.value / 100)
        moved[at] = wanted if step.share == 1 else now + step.share * (wanted - now)
    moved[at + 1 :] *= np.divide(moved[at], now, out=np.ones_like(now), where=now > 0)


def _level_of(year: float, paths: pd.DataFrame, observed: YearlySeries) -> Array:
    """Return the level of a past year in each path: draw k, or that of the baseline after its last figure."""
    for known in (observed.draws, paths):
        at = np.flatnonzero(years_of(known) == year)
        if len(at):
            return np.resize(known.to_numpy(dtype=float)[at[0]], paths.shape[1])
    first = int(years_of(observed.draws)[0])
    raise SapaError(f"the past of {observed.indicator_id} begins in {first}, after {year:.0f}")
