"""What all paths of a run have in common, checked at the door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .shocks import GAP_CLOSING, SHOCK_CHANCE

#: A longer horizon has no meaning for yearly series with a dozen observed years.
MAX_HORIZON = 30
#: More paths than this need more memory than machines have.
_MOST_PATHS = 1_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What all paths of a run have in common; the attributes are the arguments of `forecast`."""

    horizon: int
    n_paths: int
    seed: int
    shock_years: tuple[int, ...] = ()
    gap_closing: float = GAP_CLOSING
    shock_chance: float = SHOCK_CHANCE
    reopened: int | None = None

    def problems(self, origin: int) -> list[str]:
        """Return what is out of range."""
        found = []
        if not (is_whole(self.horizon) and 1 <= self.horizon <= MAX_HORIZON):
            found.append(f"horizon is {self.horizon!r}; wanted 1 to {MAX_HORIZON} years after {origin}")
        if not (is_whole(self.n_paths) and 1 <= self.n_paths <= _MOST_PATHS):
            found.append(f"n_paths is {self.n_paths!r}; wanted 1 to {_MOST_PATHS:,}")
        if not (is_whole(self.seed) and self.seed >= 0):
            found.append(f"seed is {self.seed!r}; wanted a whole number, zero or more")
        if strange := [year for year in self.shock_years if not (is_whole(year) and 1900 <= year <= 2100)]:
            found.append(f"shock_years holds {strange[0]!r}; wanted a list of years")
        if not (isinstance(self.gap_closing, float) and 0 < self.gap_closing < 1):
            found.append(f"gap_closing is {self.gap_closing!r}; wanted a share above 0 and below 1")
        if not (isinstance(self.shock_chance, float | int) and 0 <= self.shock_chance <= 1):
            found.append(f"shock_chance is {self.shock_chance!r}; wanted a chance from 0 to 1")
        if self.reopened is not None and not (is_whole(self.reopened) and 1900 <= self.reopened <= 2100):
            found.append(f"reopened is {self.reopened!r}; wanted a year")
        return found


def is_whole(value: object) -> bool:
    """Return whether a value is a whole number, and no truth value."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
