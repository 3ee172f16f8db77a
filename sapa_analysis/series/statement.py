"""Statements about one indicator of one area, the best value of each year, and the yearly table."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ..core import EvidenceError, NoEvidenceError, SapaError, Scale, last_day, last_year_ended, yearly_index
from ..evidence import known_by, merge_repeats
from .posterior import Posterior


def traits_of(evidence: pd.DataFrame, indicator: str, indicators: pd.DataFrame | None) -> dict[str, str]:
    """Return indicator_id, scale, nature, field and unit; without a catalogue, those of visits.

    Raises
    ------
    SapaError
        When the catalogue does not contain the indicator.
    """
    if indicators is None:
        units = evidence.loc[evidence["indicator_id"] == indicator, "unit"]
        unit = str(units.iloc[0]) if len(units) else ""
        return {"indicator_id": indicator, "scale": "log", "nature": "flow", "field": "tourism", "unit": unit}
    if indicator not in indicators.index:
        raise SapaError(f'"{indicator}" is no indicator of indicators.csv')
    row = indicators.loc[indicator]
    named = {name: str(row[name]) for name in ("scale", "nature", "field", "unit")}
    return {"indicator_id": indicator, **named}


def known_statements(
    evidence: pd.DataFrame,
    indicator: str,
    area: str,
    day: date | None,
    indicators: pd.DataFrame | None,
    *,
    own: bool = True,
) -> pd.DataFrame:
    """Return the statements about an indicator, including its growth rates, in a fixed order.

    Raises
    ------
    NoEvidenceError
        When `own` is true and only growth rates, or nothing, were published by then.
    EvidenceError
        When a value is not possible on the scale (zero or less, on logs).
    """
    mine = evidence["indicator_id"].isin(_spoken_of(indicator, indicators)) & (evidence["area"] == area)
    known = merge_repeats(known_by(evidence[mine], day))
    if own and not (known["indicator_id"] == indicator).any():
        raise NoEvidenceError(f"no figure of {indicator} for {area} was published by {day or 'any day'}", 0)
    return _in_order(known, indicator, traits_of(evidence, indicator, indicators)["scale"])


def split_statements(
    merged: pd.DataFrame, indicator: str, area: str, indicators: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows about one indicator of one area from jointly merged statements."""
    mine = merged["indicator_id"].isin(_spoken_of(indicator, indicators)) & (merged["area"] == area)
    return _in_order(merged[mine], indicator, str(indicators.loc[indicator, "scale"]))


def _spoken_of(indicator: str, indicators: pd.DataFrame | None) -> list[str]:
    """Return the ids whose statements inform an indicator: its own and, on logs, its growth rates."""
    if indicators is None or indicators.loc[indicator, "scale"] != "log":
        return [indicator]
    return [indicator, *indicators.index[indicators["growth_of"] == indicator]]


def _in_order(known: pd.DataFrame, indicator: str, scale: str) -> pd.DataFrame:
    """Return statements in a fixed order; refuse values that are not possible on the scale."""
    _refuse_impossible(known, indicator, scale)
    order = ["indicator_id", "period", "freq", "value", "kind", "grade", "published", "source_url"]
    return known.sort_values(order, kind="stable")


def _refuse_impossible(known: pd.DataFrame, indicator: str, scale: str) -> None:
    impossible = known[(known["indicator_id"] == indicator) & (known["value"] <= 0)]
    if scale == "log" and len(impossible):
        found = ", ".join(f"{row['value']:g} ({row['period']})" for row in impossible.to_dict("records"))
        raise EvidenceError(f"{indicator} is modelled on logs, and these figures have none: {found}")


def best_per_year(statements: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """Return the best single value of each year: best (in the unit), basis, n_observations.

    Whole-year statements come before part-year ones, actuals before estimates, better grades before worse,
    later pages before earlier. A department's estimate of a whole year that has not ended is not used.
    """
    usable = statements[statements["basis"] != ""]
    if day is not None:
        ended = last_year_ended(day)
        partial = (usable["year"] == ended + 1) & (usable["basis"] == "part_year")
        usable = usable[(usable["year"] <= ended) | partial]
    ranked = usable.assign(
        _part=usable["basis"] == "part_year",
        _short=-usable["share"].round(6),
        _known=[last_day(text or "0001") for text in usable["published"]],
    ).sort_values(
        ["year", "_part", "_short", "kind", "grade", "_known"],
        ascending=[True, True, True, True, True, False],
        kind="stable",
    )
    first = ranked.groupby("year").head(1).set_index("year")
    expected = (first["basis"] == "year") & (first["kind"] == "estimate")
    return pd.DataFrame(
        {
            "best": first["implied"],
            "basis": first["basis"].mask(expected, "year_estimate"),
            "n_observations": usable.groupby("year").size(),
        }
    )


def yearly_table(law: Posterior, scale: Scale, years: list[int], best: pd.DataFrame) -> pd.DataFrame:
    """Return the yearly table of a series; see `YearlySeries`."""
    own = best.reindex(years)
    levels = {"estimate": 0.5, "lower_80": 0.1, "upper_80": 0.9, "lower_95": 0.025, "upper_95": 0.975}
    found = dict(zip(levels, scale.to_unit(law.quantiles(list(levels.values()))), strict=True))
    filled = np.where(np.asarray(years) > best.index.max(), "carried_forward", "interpolated")
    columns = {
        "estimate": found.pop("estimate"),
        "sd": law.sd,
        **found,
        "n_observations": own["n_observations"].fillna(0).astype(int),
        "basis": own["basis"].where(own["basis"].notna(), filled),
        "best": own["best"],
    }
    return pd.DataFrame(
        {name: np.asarray(column) for name, column in columns.items()}, index=yearly_index(years)
    )
