"""Statements about one indicator of one area, the best value of each year, and the yearly table."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from ..core import EvidenceError, SapaError, Scale, last_day, last_year_ended, yearly_index
from ..evidence import Vintage
from .measurement import read_statements, widen_disputed
from .posterior import Posterior
from .prior import PRIORS
from .seasonality import seasonal_profile
from .smoother import Prior


def traits_of(vintage: Vintage, indicator: str) -> dict[str, str]:
    """Return indicator_id, scale, nature, field and unit of an indicator, and the id of its growth in volume.

    Raises
    ------
    SapaError
        When the catalogue does not contain the indicator.
    """
    if indicator not in vintage.indicators.index:
        raise SapaError(f'"{indicator}" is no indicator of indicators.csv')
    row = vintage.indicators.loc[indicator]
    named = {name: str(row[name]) for name in ("scale", "nature", "field", "unit")}
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
    mine = [vintage.by_indicator[name, area] for name in spoken if (name, area) in vintage.by_indicator]
    if not mine:
        return vintage.statements.iloc[:0]
    known = pd.concat(mine)
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
        Years left out of the seasonal profile.
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
    prior = prior or PRIORS[traits["scale"]]
    if prior.wrong:
        read = widen_disputed(read, wrong_variance=prior.wrong * prior.wrong_sd**2)
    return read


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
