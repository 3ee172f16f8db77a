"""What tells the level of a series that has no figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanLevel:
    """Yearly plans as the only level of a series.

    Attributes
    ----------
    plans : tuple of (int, float)
        Year and value of each, in the unit of the series.
    outcomes : tuple of (str, int, bool or None)
        Area and year of each such plan of an ended year, and whether it was fulfilled; None: not known.
    """

    plans: tuple[tuple[int, float], ...]
    outcomes: tuple[tuple[str, int, bool | None], ...] = ()
