"""Measurements from published statements: years, form, value and error of each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray

from ..core import SCALES, Array, Scale, parse_period, term_years
from .part_years import lift_share, part_year_table
from .prior import size_of
from .seasonality import share_of_year
from .smoother import Measurements

#: Standard deviation of a statement by grade, log scale (method note, section 1); growth rates times ten.
GRADE_SD = {"A": 0.012, "B": 0.02, "C": 0.06}
_GROWTH_FACTOR = 10
#: Additional standard deviation of an estimate made before the books closed.
ESTIMATE_SD = 0.03
#: "Over" and "nearly" hide at most this share of the number, however few its digits: where the exact number
#: is also known (the province's 6.07m behind "over 6 million", 2.905m behind "nearly 3 million", 0.715m
#: behind "over 700,000", 3,276 behind "over 3,200") they hid 1 to 3 percent.
_MOST_HIDDEN = 0.06
#: A share printed as 0 or 100 percent lies within half a unit of its last digit (at most of the indicator) of
#: the end. The logarithm of a uniform distance has its mean at 1/e of the largest one, and this deviation.
_AT_THE_END = 1.0
#: "About" has twice the rounding error of a bare number with the same digits.
_ABOUT = 2
#: Standard deviation of the change of a stock from a date to the end of the year, on the model's scale, per
#: square root of the part of the year that is left.
_STATE_DRIFT = {"log": 0.05, "logit": 0.10, "level": 0.5, "growth": 0.5}
#: Two statements disagree when they differ by more than this many combined standard deviations.
_APART = 2.0
#: Statements that disagree are together a little less certain than one of them.
_NO_SURER = 1.05
#: Growth in the rest of a year differs from growth so far: in points, times the part that is left. National
#: growth in the first half was 1.1 points off the year (root mean square, 2011 to 2024; 3.2 in 2021).
_REST_OF_YEAR = 3.0
#: A seasonal profile has an error of its spread in each single year, and an equal error common to all years:
#: over 57 monthly series, shares of 2006-2019 differed 1.6 times as much from those of the ten years before.
_PROFILE_DRIFT = 1.0

_COLUMNS = ("year", "first", "form", "basis", "share", "implied", "reading", "own_sd", "shared_sd", "cause")


class Measured(pa.DataFrameModel):
    """The table between evidence and smoother: each statement as a measurement of the yearly values."""

    indicator_id: str = pa.Field(description="what it speaks of; .plan and .bridge mark other kinds")
    area: str = pa.Field(description="of which area")
    period: str = pa.Field(description="period as printed")
    value: float = pa.Field(description="number as printed, in the unit of the indicator")
    published: str = pa.Field(description="date of the page; blank if unknown")
    year: int = pa.Field(description="last year covered")
    first: int = pa.Field(description="first year covered; of a change, the year before it")
    form: str = pa.Field(
        isin=("level", "change", "mean", "total", "none"),
        description="linear form of the yearly values; none: no information, as of a doubted one",
    )
    basis: str = pa.Field(
        isin=("year", "part_year", ""), description="whether it is about a whole year, a part, or neither"
    )
    reading: float = pa.Field(nullable=True, description="value on the scale of the model")
    own_sd: float = pa.Field(nullable=True, ge=0, description="standard deviation of its own error")
    shared_sd: float = pa.Field(ge=0, description="standard deviation of the error that others share")
    cause: str = pa.Field(description="what they share, such as 01-01/06-30; blank if nothing")
    sd: float = pa.Field(nullable=True, ge=0, description="standard deviation of both errors together")

    @pa.dataframe_check(description="first is not after year")
    def _years_ascend(cls, table: pd.DataFrame) -> Any:
        return table["first"] <= table["year"]

    @pa.dataframe_check(description="whatever informs has a reading and an error")
    def _informs(cls, table: pd.DataFrame) -> Any:
        return (table["form"] == "none") | (table["reading"].notna() & table["own_sd"].notna())


def read_statements(
    known: pd.DataFrame,
    traits: dict[str, str],
    profile: pd.DataFrame | None,
    *,
    given: bool,
    spread: float | None = None,
    later: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the statements as measurements of the yearly values.

    Parameters
    ----------
    known : pandas.DataFrame
        Statements, one row each (`evidence.merge_repeats`), including those of the growth rate.
    traits : dict
        `scale`, `nature`, `indicator_id`, `decimals` and `real_growth` of the indicator.
    profile : pandas.DataFrame or None
        Months 1 to 12 x (share, sd).
    given : bool
        Whether the profile is the indicator's own; else it is the national one, with a larger error.
    spread : float, optional
        Log error of a profile that is not the own, per unit of the year missing; else that of other places.
    later : pandas.Series, optional
        Per statement, by how much the rest of its year lies above the months seen (`growth_of_the_rest`).

    Returns
    -------
    pandas.DataFrame
        A table that fits `Measured`: `known` with `year` and `first` (the last and first year it covers),
        `form` (level, change, mean, total, or none if it gives no information), `basis` (year or part_year,
        empty if it is not about one year), `share`, `implied` (the yearly value that it implies alone, in the
        unit), `reading` (its value on the model's scale), `sd` (of its error), `own_sd` and `shared_sd` with
        `cause` (the part of the error that is its own, and the part that it has in common with others).
    """
    if traits["scale"] == "level":
        traits = traits | {"size": str(size_of(known["value"]))}
    records: list[dict[str, Any]] = known.to_dict("records")  # type: ignore[assignment]
    lifts = np.zeros(len(known)) if later is None else later.to_numpy(dtype=float)
    unlike = float(part_year_table()["spread"].item()) if spread is None else spread
    # the line of a recovering year is learned elsewhere, whosever the profile
    unlikes = np.where(given & (lifts == 0), 0.0, unlike)
    rows = [_read(*row, traits, profile) for row in zip(records, unlikes, lifts, strict=True)]
    table = pd.DataFrame(rows, index=known.index, columns=list(_COLUMNS))
    return known.assign(**table, sd=np.hypot(table["own_sd"], table["shared_sd"]))


def widen_disputed(statements: pd.DataFrame, *, wrong_variance: float) -> pd.DataFrame:
    """Return the statements with a larger own error where statements of one whole year disagree.

    If there are only two, or if two wrong ones cannot explain the disagreement, the errors are scaled to the
    observed scatter (the ratio of Birge 1932: chi squared over its degrees of freedom). Else the smoother can
    find the wrong ones. All errors grow at least until together they are no more certain than one of them.

    Parameters
    ----------
    statements : pandas.DataFrame
        As `read_statements` returns them.
    wrong_variance : float
        Variance of a single statement because it may be wrong.
    """
    factor = pd.Series(1.0, statements.index)
    for _, figures in statements[statements["basis"] == "year"].groupby("year"):
        z, sd = figures["reading"].to_numpy(dtype=float), figures["sd"].to_numpy(dtype=float)
        if disagree(z, sd):
            factor[figures.index] = _inflation(z, sd, wrong_variance)
    return statements.assign(own_sd=statements["own_sd"] * factor)


def linear_form(
    row: Mapping[Any, Any], years: NDArray[np.int64], path: Array, constant: Array
) -> tuple[Array, float]:
    """Return the weights of the yearly values in a statement, and a constant to subtract from its reading.

    Parameters
    ----------
    row : mapping
        A row of `Measured`.
    years : array, shape (years,)
        The calendar years.
    path : array, shape (years,)
        The values around which a total, which is not linear in logs, is linearized.
    constant : array, shape (years,)
        What the yearly values hold that is not estimated; zeros for a quantity that is estimated itself.
    """
    last, term = years == row["year"], (years >= row["first"]) & (years <= row["year"])
    if row["form"] == "change":
        weights = last.astype(float) - (years == row["first"])
        return weights, float(weights @ constant)
    if row["form"] == "mean":
        weights = term / term.sum()
        return weights, float(weights @ constant)
    if row["form"] == "total":
        weights = np.exp(path - path[term].max()) * term
        total = np.log(weights.sum()) + path[term].max()
        weights = weights / weights.sum()
        return weights, float(total - weights @ path + weights @ constant)
    return last.astype(float), float(constant[last][0])


def as_measurements(statements: pd.DataFrame, design: Array, shifts: Array | Sequence[float]) -> Measurements:
    """Return statements as the smoother takes them, given their linear forms and constants."""
    own, causes = statements["own_sd"].to_numpy(dtype=float), sorted(set(statements["cause"]) - {""})
    shared = statements["shared_sd"].to_numpy(dtype=float)[:, None] * [
        [cause == other for other in causes] for cause in statements["cause"]
    ]
    values = statements["reading"].to_numpy(dtype=float) - shifts
    return Measurements(
        design, values, own**2, np.asarray(shared, dtype=float).reshape(len(own), len(causes))
    )


def disagree(z: np.ndarray, sd: np.ndarray) -> bool:
    """Return whether any two values lie further apart than their errors explain."""
    return bool((np.abs(z[:, None] - z) > _APART * np.hypot(sd[:, None], sd)).any())


def _inflation(z: np.ndarray, sd: np.ndarray, wrong_variance: float) -> float:
    mean = np.average(z, weights=sd**-2)
    birge = np.sqrt(np.sum(((z - mean) / sd) ** 2) / (len(z) - 1))
    explained = len(z) > 2 and not all(
        disagree(z[rest], sd[rest]) for rest in map(list, combinations(range(len(z)), len(z) - 2))
    )
    if explained:
        return float(_NO_SURER * np.sqrt(len(z)))
    return float(max(birge, _NO_SURER * np.sqrt(len(z) * (1 + wrong_variance / sd.min() ** 2))))


def _read(
    row: dict[str, Any], unlike: float, later: float, traits: dict[str, str], profile: pd.DataFrame | None
) -> tuple[Any, ...]:
    scale, freq = SCALES[traits["scale"]], str(row["freq"])
    span = parse_period(str(row["period"]), freq)
    year = span.end.year
    if row.get("definition") or row.get("doubt_en"):
        return _nothing(year, term_years(str(row["period"]))[0] if freq == "TERM" else year)
    if str(row["indicator_id"]) != traits["indicator_id"]:
        return _change(row, year, traits)
    value, reading, sd = _value(row, scale, traits)
    if freq == "A":
        return year, year, "level", "year", 1.0, value, reading, sd, 0.0, ""
    if freq == "TERM":
        return _term(traits, value, sd, term_years(str(row["period"]))[0], year)
    if traits["nature"] == "stock" and freq in ("M", "Q", "YTD"):
        left = (date(year, 12, 31) - _cut_off(row, span.end)).days / 365
        drift = _STATE_DRIFT[scale.name] * float(traits.get("size", 1))
        sd = float(np.hypot(sd, drift * np.sqrt(max(left, 0.0))))
        return year, year, "level", "part_year", 1.0, value, reading, sd, 0.0, ""
    of_months = freq in ("Q", "M") or (freq == "YTD" and "/" in str(row["period"]))
    if traits["nature"] != "flow" or not of_months:
        return _nothing(year)
    assert profile is not None
    return _part(value, sd, profile, (span.start, _cut_off(row, span.end)), scale, (unlike, later))


def _nothing(year: int, first: int | None = None) -> tuple[Any, ...]:
    return year, first or year, "none", "", np.nan, np.nan, np.nan, np.nan, 0.0, ""


def _part(
    value: float,
    sd: float,
    profile: pd.DataFrame,
    days: tuple[date, date],
    scale: Scale,
    how: tuple[float, float],
) -> tuple[Any, ...]:
    (start, end), (unlike, later) = days, how
    share, spread = share_of_year(profile, start, end)
    if later:
        normal, share = share, float(lift_share(share, later))
        spread *= float(np.exp(later)) * share / normal
    own = np.hypot(sd, np.hypot(spread, unlike * (1 - share) / np.sqrt(2)))
    shared = np.hypot(_PROFILE_DRIFT * spread, unlike * (1 - share) / np.sqrt(2))
    implied = value / share
    cause = f"{start:%m-%d}/{end:%m-%d}"
    reading = float(scale.to_model(implied))
    return end.year, end.year, "level", "part_year", share, implied, reading, float(own), float(shared), cause


def _term(traits: dict[str, str], value: float, sd: float, first: int, last: int) -> tuple[Any, ...]:
    """Read a term: growth as the mean of its years, a flow as their total; else it gives no information."""
    if traits["scale"] == "growth":
        return last, first, "mean", "", np.nan, np.nan, value, sd, 0.0, ""
    if traits["scale"] == "log" and traits["nature"] == "flow":
        return last, first, "total", "", np.nan, np.nan, float(np.log(value)), sd, 0.0, ""
    return _nothing(last)


def _change(row: dict[str, Any], year: int, traits: Mapping[str, str]) -> tuple[Any, ...]:
    """Read a growth rate as a change of logarithms: of one year, or over the years of a term.

    Growth of output since January predicts that of the year, whose remaining part may differ.
    """
    so_far = (
        row["freq"] == "YTD" and "/" in str(row["period"]) and row["indicator_id"] == traits["real_growth"]
    )
    if not (row["freq"] in ("A", "TERM") or so_far) or float(row["value"]) <= -100:
        return _nothing(year)
    value, _, sd = _value(row, SCALES["growth"], traits)
    if so_far:
        left = (date(year, 12, 31) - _cut_off(row, parse_period(str(row["period"]), "YTD").end)).days / 365
        sd = float(np.hypot(sd, _REST_OF_YEAR * left))
    first = year if row["freq"] != "TERM" else term_years(str(row["period"]))[0]
    steps = year - first + 1
    change = steps * float(np.log1p(value / 100))
    return year, first - 1, "change", "", np.nan, np.nan, change, steps * sd / (100 + value), 0.0, ""


def _cut_off(row: dict[str, Any], end: date) -> date:
    return date.fromisoformat(str(row["through"])) if row["through"] else end


def _value(row: dict[str, Any], scale: Scale, traits: Mapping[str, str]) -> tuple[float, float, float]:
    """Return the value that a printed number stands for, its reading, and the standard deviation of that.

    Rounding gives a uniform error of one unit of the last printed digit: around a bare number, above
    "over", below "nearly".
    """
    value = float(str(row["value"]))
    digits = int(str(row["digits"]))
    unit = 10.0 ** (np.floor(np.log10(abs(value))) - digits + 1) if value else 0.0
    unit = min(unit, abs(value) * (_MOST_HIDDEN if row["bound"] in ("over", "under") else 1))
    value += {"over": unit / 2, "under": -unit / 2}.get(str(row["bound"]), 0.0)
    half = unit / np.sqrt(12) * (_ABOUT if row["bound"] == "about" else 1)
    finest = 10.0 ** -int(traits["decimals"])
    edge = min(unit or finest, finest) / 2 / math.e
    low, reading, high = scale.to_model(
        np.clip([value - half, value, value + half], scale.lower + edge, scale.upper - edge)
    )
    rounding = (high - low) / 2 if scale.lower + edge < value < scale.upper - edge else _AT_THE_END
    factor = {"growth": _GROWTH_FACTOR, "level": _GROWTH_FACTOR * float(traits.get("size", 1))}.get(
        scale.name, 1.0
    )
    base = GRADE_SD[str(row["grade"])] + (ESTIMATE_SD if row["kind"] == "estimate" else 0)
    return value, float(reading), float(np.hypot(base * factor, rounding))
