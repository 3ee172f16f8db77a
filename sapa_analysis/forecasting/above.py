"""What an area is given of the area in which it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..core import Forecast, YearlySeries


@dataclass(frozen=True, slots=True)
class Above:
    """Series and forecasts of the area in which an area lies, by indicator, from one joint system.

    Attributes
    ----------
    series : mapping of str to YearlySeries
        By indicator id.
    forecasts : mapping of str to Forecast
        By indicator id.
    """

    series: Mapping[str, YearlySeries]
    forecasts: Mapping[str, Forecast]
