"""Evidence to series: the best single observation of each year, with an honest spread.

Precedence within a year, stated once: figures of the whole year before part-year ones, actuals before
estimates, better grades before worse, later pages before earlier. Part-year flows are divided by the
share of the year that covariates of normal years show. Years between figures are interpolated, years
after the last figure carry it forward; both are drawn with the spread of a random walk.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from .errors import NoEvidenceError, SapaError
from .periods import last_day, parse_period
from .profiles import month_profile, share_of_year
from .scales import SCALES, Scale
from .schema import YearlySeries, last_year_ended, yearly_index
from .vintages import as_day, known_by, merge_repeats

#: Spread of a figure around the truth by grade, on the log scale (method note, section 1); growth
#: rates in percentage points are taken ten times as large.
GRADE_SD = {"A": 0.012, "B": 0.02, "C": 0.06}
_GROWTH_FACTOR = 10
#: An estimate made before the books closed adds this much.
ESTIMATE_SD = 0.03
#: "Over" and "nearly" hide at most this share of the number, however few its digits: where the exact figure
#: is known too (the province's 6.07m behind "over 6 million", 2.905m behind "nearly 3 million", 0.715m
#: behind "over 700,000", 3,276 behind "over 3,200") they hid 1 to 3 percent.
_MOST_HIDDEN = 0.06
#: "About" leaves twice the room that a bare number of the same digits does.
_ABOUT = 2
#: Least yearly step of the random walk between figures: in normal years, and in shock years (Sa Pa's
#: arrivals moved by -1.0, -0.1 and +0.8 in logs in 2020 to 2022).
_LEAST_STEP, _SHOCK_STEP = 0.05, 0.6


def build_series(
    evidence: pd.DataFrame,
    indicator: str,
    *,
    area: str,
    as_of: date | str | None = None,
    profile: pd.DataFrame | None = None,
    shock_years: Collection[int] = (),
    indicators: pd.DataFrame | None = None,
    covariates: pd.DataFrame | None = None,
    n_draws: int = 2_000,
    seed: int = 0,
) -> YearlySeries:
    """Return the best estimate per year of one indicator of one area, as known on a day.

    Parameters
    ----------
    evidence : pandas.DataFrame
        Observations (the columns of `schema.Observations`).
    indicator, area : str
        What and where.
    as_of : date, str or None
        The day whose knowledge counts; None for everything.
    profile : pandas.DataFrame, optional
        Months 1 to 12 x (share, sd): how a normal year is spread. From `covariates` when not given.
    shock_years : collection of int
        Years that are not normal: left out of the profile, and free to jump.
    indicators, covariates : pandas.DataFrame, optional
        As loaded; without `indicators` the scale is log and values add up over the year.
    n_draws : int
        Joint draws of the whole history.
    seed : int
        Same seed, same draws.

    Returns
    -------
    YearlySeries
        Every year from the first figure to the origin, plus the running year if observed.

    Raises
    ------
    NoEvidenceError
        When nothing usable was published by then.
    SapaError
        When part-year figures meet neither a profile nor covariates.
    """
    day = as_day(as_of)
    mine = evidence[(evidence["indicator_id"] == indicator) & (evidence["area"] == area)]
    known = merge_repeats(known_by(mine, day))
    if known.empty:
        raise NoEvidenceError(f"no figure of {indicator} for {area} was published by {day or 'any day'}", 0)
    traits = _traits(known, indicator, indicators)
    if traits["nature"] == "flow" and profile is None and _needs_profile(known):
        profile = month_profile(covariates, field=traits["field"], as_of=day, shock_years=shock_years)
    candidates = _candidates(known, traits, profile)
    best = _best_per_year(candidates, day)
    if best.empty:
        raise NoEvidenceError(
            f"no figure of {indicator} for {area} known by {day} speaks of a single year", len(candidates)
        )
    rng = np.random.default_rng([seed, crc32(f"{indicator}/{area}".encode())])
    origin = int(best.index.max()) if day is None else last_year_ended(day)
    scale, ended = SCALES[traits["scale"]], best[best.index <= origin]
    if ended.empty:
        raise NoEvidenceError(
            f"no figure of {indicator} for {area} known by {day} speaks of a year that has ended",
            len(candidates),
        )
    table, draws = _fill(ended, scale, origin, shock_years, n_draws, rng)
    if origin + 1 in best.index:
        running, running_draws = _fill(best.loc[[origin + 1]], scale, origin + 1, shock_years, n_draws, rng)
        table, draws = pd.concat([table, running]), pd.concat([draws, running_draws])
    observations = candidates.assign(used=candidates.index.isin(best["candidate"]))
    return YearlySeries(indicator, area, traits["unit"], traits["scale"], day, table, observations, draws)


def _traits(known: pd.DataFrame, indicator: str, indicators: pd.DataFrame | None) -> dict[str, str]:
    if indicators is None:
        return {"scale": "log", "nature": "flow", "field": "tourism", "unit": str(known["unit"].iloc[0])}
    if indicator not in indicators.index:
        raise SapaError(f'"{indicator}" is no indicator of indicators.csv')
    row = indicators.loc[indicator]
    return {name: str(row[name]) for name in ("scale", "nature", "field", "unit")}


def _needs_profile(known: pd.DataFrame) -> bool:
    return bool(known["freq"].isin(["YTD", "Q", "M"]).any())


def _candidates(known: pd.DataFrame, traits: dict[str, str], profile: pd.DataFrame | None) -> pd.DataFrame:
    """Return the statements with what each alone implies for its year (NaN where it implies nothing)."""
    scale = SCALES[traits["scale"]]
    records: list[dict[str, Any]] = known.to_dict("records")  # type: ignore[assignment]
    rows = [_candidate(row, traits["nature"], scale, profile) for row in records]
    return known.assign(
        **pd.DataFrame(rows, index=known.index, columns=["year", "basis", "share", "implied", "sd"])
    )


def _candidate(
    row: dict[str, Any], nature: str, scale: Scale, profile: pd.DataFrame | None
) -> tuple[int, str, float, float, float]:
    freq, span = str(row["freq"]), parse_period(str(row["period"]), str(row["freq"]))
    year, nothing = span.end.year, (span.end.year, "", np.nan, np.nan, np.nan)
    value, sd = _reading(row, scale)
    if freq == "A":
        return year, "year", 1.0, value, sd
    if nature == "stock" and freq in ("M", "Q", "YTD"):
        return year, "part_year", 1.0, value, sd
    if nature != "flow" or freq not in ("YTD", "Q", "M") or (freq == "YTD" and "/" not in str(row["period"])):
        return nothing
    assert profile is not None
    share, share_sd = share_of_year(profile, span.start, _cut_off(row, span.end))
    return year, "part_year", share, value / share, float(np.hypot(sd, share_sd))


def _cut_off(row: dict[str, Any], end: date) -> date:
    return date.fromisoformat(str(row["through"])) if row["through"] else end


def _reading(row: dict[str, Any], scale: Scale) -> tuple[float, float]:
    """Return the value that a printed number stands for, and its spread on the model's scale.

    Rounding leaves a uniform spread of one unit of the last printed digit: around a bare number, above
    "over", below "nearly".
    """
    value = float(str(row["value"]))
    digits = int(str(row["digits"]))
    unit = 10.0 ** (np.floor(np.log10(abs(value))) - digits + 1) if value else 0.0
    unit = min(unit, abs(value) * (_MOST_HIDDEN if row["bound"] in ("over", "under") else 1))
    value += {"over": unit / 2, "under": -unit / 2}.get(str(row["bound"]), 0.0)
    half = unit / np.sqrt(12) * (_ABOUT if row["bound"] == "about" else 1)
    rounding = float(scale.to_model(value + half) - scale.to_model(value - half)) / 2
    factor = _GROWTH_FACTOR if scale.name in ("growth", "level") else 1
    base = GRADE_SD[str(row["grade"])] + (ESTIMATE_SD if row["kind"] == "estimate" else 0)
    return value, float(np.hypot(base * factor, rounding))


def _best_per_year(candidates: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """Return one row per year: implied, sd (widened by conflict), basis, n_observations, candidate."""
    usable = candidates[candidates["implied"].notna()]
    if day is not None:
        origin = last_year_ended(day)
        usable = usable[
            (usable["year"] <= origin) | ((usable["year"] == origin + 1) & (usable["basis"] == "part_year"))
        ]
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
    return first[["implied", "sd"]].assign(
        basis=first["basis"].mask(expected, "year_estimate"),
        n_observations=usable.groupby("year").size(),
        candidate=ranked.groupby("year").head(1).index,
        conflict=pd.Series(
            {year: _conflict(ranked[ranked["year"] == year]) for year in first.index}, dtype=object
        ),
    )


def _conflict(ranked: pd.DataFrame) -> list[float]:
    """Return the other figures of the whole year that a figure of the whole year has to live with."""
    whole = ranked[ranked["basis"] == "year"]
    peers = whole[whole["kind"] == whole["kind"].iloc[0]] if len(whole) else whole
    return peers["implied"].tolist()


def _fill(
    best: pd.DataFrame,
    scale: Scale,
    last: int,
    shock_years: Collection[int],
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the yearly table and the joint draws, gaps filled by a bridged random walk."""
    known = best.index.to_numpy()
    z = scale.to_model(best["implied"].to_numpy())
    spread = [
        np.sqrt(np.mean((scale.to_model(peers) - own) ** 2)) if len(peers) > 1 else 0.0
        for peers, own in zip(best["conflict"], z, strict=True)
    ]
    sd = np.hypot(best["sd"].to_numpy(), spread)
    years = np.arange(known[0], last + 1)
    step_sd = _step_sd(known, z, scale, np.isin(years, list(shock_years)))
    clock = np.concatenate([[0.0], np.cumsum(step_sd[1:] ** 2)])
    at = clock[known - known[0]]
    walk = np.concatenate(
        [
            np.zeros((1, n_draws)),
            np.cumsum(step_sd[1:, None] * rng.standard_normal((len(years) - 1, n_draws)), axis=0),
        ]
    )
    ends = z[:, None] + sd[:, None] * rng.standard_normal((len(z), n_draws))
    draws = walk + _interpolate(clock, at, ends - walk[known - known[0]])
    estimate = np.interp(clock, at, z)
    table = _table(scale, years, estimate, draws, best, sd)
    return table, pd.DataFrame(scale.to_unit(draws), index=table.index)


def _step_sd(known: np.ndarray, z: np.ndarray, scale: Scale, shock: np.ndarray) -> np.ndarray:
    """Return the yearly step of the random walk, year by year: the median step seen, more in shocks."""
    factor = _GROWTH_FACTOR if scale.name in ("growth", "level") else 1
    seen = float(np.median(np.abs(np.diff(z)) / np.sqrt(np.diff(known)))) if len(known) > 1 else 0.0
    normal = max(_LEAST_STEP * factor, seen)
    return np.where(shock, max(_SHOCK_STEP * factor, normal), normal)


def _interpolate(clock: np.ndarray, at: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return each column of `values` (known at `at`) on `clock`, linear between and flat beyond."""
    left = np.clip(np.searchsorted(at, clock, side="right") - 1, 0, len(at) - 1)
    right = np.minimum(left + 1, len(at) - 1)
    width = np.where(right > left, at[right] - at[left], 1.0)
    weight = np.where(right > left, (clock - at[left]) / width, 0.0)[:, None]
    return np.asarray((1 - weight) * values[left] + weight * values[right])


def _table(
    scale: Scale,
    years: np.ndarray,
    estimate: np.ndarray,
    draws: np.ndarray,
    best: pd.DataFrame,
    sd: np.ndarray,
) -> pd.DataFrame:
    own = pd.DataFrame(
        {"basis": best["basis"], "n_observations": best["n_observations"], "own_sd": sd}, index=best.index
    )
    own = own.reindex(years)
    filled = np.where(years > best.index.max(), "carried_forward", "interpolated")
    columns = {
        "estimate": scale.to_unit(estimate),
        "sd": own["own_sd"].fillna(pd.Series(draws.std(axis=1), years)),
    }
    for level in (80, 95):
        columns[f"lower_{level}"], columns[f"upper_{level}"] = scale.to_unit(
            np.percentile(draws, [50 - level / 2, 50 + level / 2], axis=1)
        )
    columns["n_observations"] = own["n_observations"].fillna(0).astype(int)
    columns["basis"] = own["basis"].where(own["basis"].notna(), filled)
    return pd.DataFrame(
        {name: np.asarray(column) for name, column in columns.items()}, index=yearly_index(years)
    )
