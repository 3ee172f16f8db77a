"""Statements about one indicator of one area, the best value of each year, and the yearly table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from ..core import (
    EvidenceError,
    Keyed,
    SapaError,
    Scale,
    last_day,
    last_year_ended,
    yearly_index,
)
from ..evidence import Vintage, content_of, statements_in
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
    return dict(_traits(vintage.keyed(), indicator))


@lru_cache(maxsize=1024)
def _traits(asked: Keyed, indicator: str) -> dict[str, str]:
    vintage: Vintage = asked.things
    if indicator not in vintage.indicators.index:
        raise SapaError(f'"{indicator}" is no indicator of indicators.csv')
    row = vintage.indicators.loc[indicator]
    named = {name: str(row[name]) for name in ("scale", "nature", "field", "unit", "decimals")}
    real = [rate for rate, level in vintage.real_rates.items() if level == indicator]
    return {"indicator_id": indicator, **named, "real_growth": "".join(real[:1])}


@lru_cache(maxsize=1024)
def spoken_of(asked: Keyed, indicator: str) -> tuple[str, ...]:
    """Return the indicators whose statements speak of one: itself, and on logs its growth rates."""
    indicators = asked.things.indicators
    rates = indicators.index[indicators["growth_of"] == indicator]
    return (indicator, *(rates if _traits(asked, indicator)["scale"] == "log" else ()))


def statements_of(vintage: Vintage, indicator: str, area: str) -> pd.DataFrame:
    """Return the statements about an indicator of an area, on logs with its growth rates, in a fixed order.

    Raises
    ------
    EvidenceError
        When a value is not possible on the scale (zero or less, on logs).
    """
    asked = vintage.keyed()
    spoken, scale = spoken_of(asked, indicator), _traits(asked, indicator)["scale"]
    return _in_order(statements_in(asked, spoken, area), indicator, scale)


def _in_order(known: pd.DataFrame, indicator: str, scale: str) -> pd.DataFrame:
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
    given = profile is not None
    if not given and _needs_profile(known, traits):
        profile, _ = _profile(vintage.keyed(), traits["field"], tuple(shock_years))
    how = (traits, vintage.day, vintage.shock_years(indicator, shock_years))
    return _read(known, how, profile, given=given, prior=prior)


def ask(asked: Keyed, indicator: str, area: str, shock_years: tuple[int, ...]) -> Keyed:
    """Return the question for `measured`, given `Vintage.keyed`; the key holds all that the answer needs.

    On another day it is the same, unless something about the indicator was published between.
    """
    vintage, traits, spoken = asked.things, _traits(asked, indicator), spoken_of(asked, indicator)
    about = (indicator, area, traits["scale"], content_of(asked, spoken, area))
    known = _numbered(Keyed(about, (asked, spoken, indicator, area, traits["scale"])))
    profile, of_months = None, ""
    if needed := _needs_profile(known, traits):
        profile, of_months = _profile(asked, traits["field"], shock_years)
    # only parts of years are read by the light of the years that had ended
    ended = last_year_ended(vintage.day) if needed and vintage.day else None
    broken = vintage.shock_years(indicator, shock_years)
    key = (*about, tuple(traits.items()), of_months, ended, broken)
    return Keyed(key, (indicator, known, (traits, vintage.day, broken), profile))


@lru_cache(maxsize=1024)
def measured(question: Keyed) -> pd.DataFrame:
    """Return what `measure` does, numbered from 0; to be read only."""
    return _read(*question.things[1:], given=False, prior=None)


@lru_cache(maxsize=1024)
def _numbered(about: Keyed) -> pd.DataFrame:
    asked, spoken, indicator, area, scale = about.things
    return _in_order(statements_in(asked, spoken, area), indicator, scale).reset_index(drop=True)


def _needs_profile(known: pd.DataFrame, traits: Mapping[str, str]) -> bool:
    return traits["nature"] == "flow" and not {"YTD", "Q", "M"}.isdisjoint(known["freq"].tolist())


@lru_cache(maxsize=64)
def _profile(asked: Keyed, field: str, shock_years: tuple[int, ...]) -> tuple[pd.DataFrame, str]:
    """Return the national profile of a field, and what it holds as text."""
    found = seasonal_profile(asked.things.covariates, field=field, shock_years=shock_years)
    return found, repr(found.to_dict())


def _read(
    known: pd.DataFrame,
    how: tuple[dict[str, str], date | None, tuple[int, ...]],
    profile: pd.DataFrame | None,
    *,
    given: bool,
    prior: Prior | None,
) -> pd.DataFrame:
    """Read statements, given traits, day and shock years of their indicator."""
    if known.empty:
        return known
    traits, day, broken = how
    read = read_statements(known, traits, profile, given=given)
    if traits["nature"] == "flow" and traits["scale"] == "log" and (read["basis"] == "part_year").any():
        best = best_per_year(read, day)
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
    levels = {"estimate": 0.5, "lower_80": 0.1, "upper_80": 0.9, "lower_95": 0.025, "upper_95": 0.975}
    found = dict(zip(levels, scale.to_unit(law.quantiles(list(levels.values()))), strict=True))
    place = best.index.get_indexer(pd.Index(years, dtype="int64"))
    own, at = place >= 0, place[place >= 0]
    last = best.index.max() if len(best) else np.inf
    numbers, basis = np.zeros(len(years), dtype=int), np.full(len(years), "interpolated", dtype=object)
    basis[np.asarray(years) > last] = "carried_forward"
    figures = np.full(len(years), np.nan)
    numbers[own], basis[own] = best["n_observations"].to_numpy()[at], best["basis"].to_numpy()[at]
    figures[own] = best["best"].to_numpy()[at]
    columns = {
        "estimate": found.pop("estimate"),
        "sd": law.sd,
        **found,
        "n_observations": numbers,
        "basis": basis,
        "best": figures,
    }
    return pd.DataFrame(columns, index=yearly_index(years))
