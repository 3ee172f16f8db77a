"""Aggregation over areas: forecasts of parts that sum to the whole in every path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ..core import Forecast, NotAssessed, SapaError
from .derivation import derive_forecast

#: A visitor is counted in each place, so the visits of the parts sum to more than those of the whole.
_COUNTED_TWICE = ("visits", "nights")


def adds(indicator: pd.Series) -> bool:
    """Return whether the parts sum to the whole: true for amounts and counts, not for visits or rates.

    Parameters
    ----------
    indicator : pandas.Series
        A row of `indicators.csv`.
    """
    amount = (
        indicator["scale"] == "log" and indicator["nature"] != "rate" and "_per_" not in indicator["unit"]
    )
    return bool(amount and not indicator["unit"].startswith(("per_", *_COUNTED_TWICE)))


def add_up(
    parts: Mapping[str, Forecast | NotAssessed],
    indicator: pd.Series,
    *,
    whole: Forecast | NotAssessed | None = None,
) -> dict[str, Forecast]:
    """Return the forecasts of the parts of an area such that they sum to the whole in every path.

    Parameters
    ----------
    parts : mapping of area to Forecast or NotAssessed
        One indicator, one set of paths; all the areas that make up the whole, such as the successors of a
        dissolved area.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    whole : Forecast, optional
        Forecast of the whole. The parts are then scaled to it and keep their proportions in every path.

    Returns
    -------
    dict of str to Forecast
        The parts by area.

    Raises
    ------
    SapaError
        With every part (and the whole) that has no forecast; when the indicator does not add over areas, or
        years or number of paths differ.
    """
    if not adds(indicator):
        raise SapaError(f"{indicator['indicator_id']} does not add over areas ({indicator['unit']})")
    asked: dict[str, Forecast | NotAssessed | None] = {
        **parts,
        **({} if whole is None else {"the whole": whole}),
    }
    missing = [
        f"{area} ({each.reason if isinstance(each, NotAssessed) else 'none'})"
        for area, each in asked.items()
        if not isinstance(each, Forecast)
    ]
    if missing or not parts:
        raise SapaError(f"no forecast of {indicator['indicator_id']} for {', '.join(missing) or 'any part'}")
    found = {area: each for area, each in parts.items() if isinstance(each, Forecast)}
    frames = [each.paths for each in asked.values() if isinstance(each, Forecast)]
    if not all(frame.index.equals(frames[0].index) and frame.shape == frames[0].shape for frame in frames):
        raise SapaError(f"the parts of {indicator['indicator_id']} do not have the same years and paths")
    if not isinstance(whole, Forecast):
        return found
    scale = whole.paths / sum(each.paths for each in found.values())
    return {
        area: replace(each, paths=each.paths * scale, without_shocks=None) for area, each in found.items()
    }


def total_of(parts: Mapping[str, Forecast], whole: Forecast) -> Forecast:
    """Return the whole as the sum of its parts in every path.

    Parameters
    ----------
    parts : mapping of area to Forecast
        As `add_up` returns them.
    whole : Forecast
        Forecast whose observed series is used for the whole.
    """
    return derive_forecast(whole.observed, dict(parts), _summed)


def _summed(values: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    frames = list(values.values())
    total = frames[0].copy()
    for frame in frames[1:]:
        total += frame
    return total
