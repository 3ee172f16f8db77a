"""Statements about one indicator of one area, the best value of each year, and the yearly table."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..core import EvidenceError, SapaError, Scale, last_day, last_year_ended, yearly_index
from ..evidence import Vintage
from .measurement import read_statements, widen_disputed
from .part_years import growth_of_the_rest, spread_of_parts
from .posterior import Posterior
from .prior import prior_of
from .seasonality import seasonal_profile
from .smoother import Prior

#: Basis of a year whose best statement is about the whole of it, by the kind of the statement.
_WHOLE_YEAR = {"actual": "year", "estimate": "year_estimate"}


def traits_of(vintage: Vintage, indicator: str) -> dict[str, str]:
    """Return indicator_id, scale, nature, field, unit and decimals of an indicator, and its growth in volume.

    Raises
    ------
    SapaError
        When the catalogue does not contain the indicator.
    """
    if indicator not in vintage.indicators.index:
        raise SapaError(f'"{indicator}" is no indicator of indicators.csv')
    row = vintage.indicators.loc[indicator]
    named = {name: str(row[name]) for name in ("scale", "nature", "field", "unit", "decimals")}
    real = [rate for rate, level in vintage.real_rates.items() if level == indicator]
    return {"indicator_id": indicator, **named, "real_growth": "".join(real[:1])}


def statements_of(vintage: Vintage, indicator: str, area: str) -> pd.DataFrame:
    """Return the statements about an indicator of an area, on logs with its growth rates, in a fixed order.

    Raises
    ------
    EvidenceError
        When a value is not possible on the scale (zero or less, on logs).
    """
    scale, spoken = traits_of(vintage, indicator)["scale"], [indicator]
    if scale == "log":
        spoken += list(vintage.indicators.index[vintage.indicators["growth_of"] == indicator])
    known = vintage.statements_on(spoken, area)
    _refuse_impossible(known, indicator, scale)
    order = ["indicator_id", "period", "freq", "value", "kind", "grade", "published", "source_url"]
    return known.sort_values(order, kind="stable")


def _refuse_impossible(known: pd.DataFrame, indicator: str, scale: str) -> None:
    impossible = known[(known["indicator_id"] == indicator) & (known["value"] <= 0)]
    if scale == "log" and len(impossible):
        found = ", ".join(f"{row['value']:g} ({row['period']})" for row in impossible.to_dict("records"))
        raise EvidenceError(f"{indicator} is modelled on logs, and these figures have none: {found}")


def measure(
    vintage: Vintage,
    indicator: str,
    area: str,
    *,
    shock_years: Collection[int],
    profile: pd.DataFrame | None = None,
    prior: Prior | None = None,
) -> pd.DataFrame:
    """Return the statements about an indicator of an area as measurements; see `read_statements`.

    Parameters
    ----------
    vintage : Vintage
        What was known.
    indicator, area : str
        Of which the statements speak.
    shock_years : collection of int
        The chosen ones: all are left out of the national profile of the months. Parts of years are parts of
        recovering ones only after those in which the indicator broke (`Vintage.shock_years`).
    profile : pandas.DataFrame, optional
        The indicator's own profile, months 1 to 12 x (share, sd); else the national one of its field.
    prior : Prior, optional
        Says how much a wrong statement is off; by default that of the scale.
    """
    known, traits = statements_of(vintage, indicator, area), traits_of(vintage, indicator)
    if known.empty:
        return known
    given = profile is not None
    if traits["nature"] == "flow" and not given and known["freq"].isin(["YTD", "Q", "M"]).any():
        profile = seasonal_profile(vintage.covariates, field=traits["field"], shock_years=shock_years)
    read = read_statements(known, traits, profile, given=given)
    if traits["nature"] == "flow" and traits["scale"] == "log" and (read["basis"] == "part_year").any():
        best, broken = best_per_year(read, vintage.day), vintage.shock_years(indicator, shock_years)
        spread = None if given else spread_of_parts(read, best, broken)
        later = growth_of_the_rest(read, best["best"], broken)
        read = read_statements(known, traits, profile, given=given, spread=spread, later=later)
    prior = prior or prior_of(traits["scale"], known["value"])
    if prior.wrong:
        read = widen_disputed(read, wrong_variance=prior.wrong * prior.wrong_sd**2)
    return read


def last_known(said: pd.DataFrame, ended: int, shock_years: Collection[int]) -> int:
    """Return the last year of a series: the last ended one that a statement is about, or a later shock year.

    Ended years after it are forecast, so that their distribution is the same before and after a New Year. A
    break is known without a figure: its gap is drawn in its last year and closes in the forecast.
    """
    years = said.loc[said["form"] != "none", "year"]
    found = [int(year) for year in {*years, *shock_years} if year <= ended]
    return max(found, default=ended)


def best_per_year(statements: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """Return the best single value of each year: best (in the unit), basis, n_observations, label.

    Whole-year statements come before part-year ones, actuals before estimates, better grades before worse,
    later pages before earlier. A department's estimate of a whole year that has not ended is not used.
    """
    names = ["year", "basis", "share", "kind", "grade", "published", "implied"]
    ended = None if day is None else last_year_ended(day)
    ranks: dict[int, list[tuple[Any, ...]]] = {}
    for label, year, basis, share, kind, grade, published, implied in zip(
        statements.index, *(statements[name].tolist() for name in names), strict=True
    ):
        part = basis == "part_year"
        if basis and (ended is None or year <= ended or (part and year == ended + 1)):
            known = last_day(published or "0001").toordinal()
            place = len(ranks.setdefault(year, []))  # of equals the first
            ranks[year].append((part, -round(share, 6), kind, grade, -known, place, implied, label))
    years = sorted(ranks)
    first = [min(ranks[year]) for year in years]
    columns = {
        "best": np.array([rank[-2] for rank in first], dtype=float),
        "basis": ["part_year" if rank[0] else _WHOLE_YEAR[rank[2]] for rank in first],
        "n_observations": np.array([len(ranks[year]) for year in years], dtype=int),
        "label": [rank[-1] for rank in first],
    }
    return pd.DataFrame(columns, index=pd.Index(years, dtype="int64", name="year"))


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
