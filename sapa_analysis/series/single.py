"""Estimation of one yearly series from all statements about it.

Whole years, parts of years scaled by their share, growth rates, averages and totals of terms: each is a
measurement with the error of its grade, kind, rounding and share of the year. Statements that disagree make
their year less certain, because either may be wrong. Years without a statement are estimated from the others.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from ..core import (
    SCALES,
    NoEvidenceError,
    Scale,
    YearlySeries,
    in_units_of,
    last_year_ended,
    one_thread,
    stream,
    yearly_index,
)
from ..evidence import Vintage
from .measurement import as_measurements, linear_form
from .posterior import Posterior
from .prior import prior_of, size_of, sized
from .smoother import Measurements, Prior, smooth
from .statement import best_per_year, last_known, measure, traits_of, yearly_table

#: A total over several years is not linear in logs: it is linearized so many times, around the last result.
_ROUNDS = 4


@one_thread
def build_series(
    vintage: Vintage,
    indicator: str,
    *,
    area: str,
    shock_years: Collection[int] = (),
    profile: pd.DataFrame | None = None,
    prior: Prior | None = None,
    n_draws: int = 5_000,
    seed: int = 0,
) -> YearlySeries:
    """Return the yearly values of one indicator of one area, with their distribution, as known on a day.

    Parameters
    ----------
    vintage : Vintage
        What was known: a project narrowed by `as_of`, or tables of your own.
    indicator, area : str
        The indicator and the area.
    shock_years : collection of int
        Years that are not normal: left out of the profile. Those that broke the indicator, as
        `Vintage.shock_years` tells, have a larger step variance.
    profile : pandas.DataFrame, optional
        Months 1 to 12 x (share, sd): the seasonal profile of this indicator. If not given, it is computed
        from the covariates and has a larger error.
    prior : Prior, optional
        Prior of the steps; that of `prior_of` when not given.
    n_draws : int
        Joint draws of the whole history; draw k belongs to path k.
    seed : int
        Same seed, same draws.

    Returns
    -------
    YearlySeries
        Every year from the first with a statement to the last one, or to a later shock year that has ended;
        `running`, if part of the running year was observed.

    Raises
    ------
    NoEvidenceError
        When nothing usable was published by then.
    EvidenceError
        When a value is not possible on the scale (zero or less, on logs).
    SapaError
        When there are part-year statements, but neither a profile nor covariates.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> page = dict.fromkeys(sapa.core.Observations.to_schema().columns, "") | {
    ...     "indicator_id": "accommodation_rooms", "area": "sa_pa", "freq": "A", "unit": "rooms", "digits": 2,
    ...     "kind": "actual", "bound": "exact", "grade": "B", "published": "2023-02-01"}
    >>> rooms = {"2020": 4_000.0, "2022": 5_000.0}
    >>> pages = pd.DataFrame([page | {"period": year, "value": value} for year, value in rooms.items()])
    >>> known = sapa.evidence.load_indicators(sapa.core.project_root() / "data")
    >>> nothing = pd.DataFrame(columns=["series", "level"])
    >>> tables = sapa.evidence.Vintage(evidence=pages, indicators=known, areas=nothing, covariates=nothing)
    >>> sapa.series.build_series(tables, "accommodation_rooms", area="sa_pa", n_draws=100).summary().round(-2)
          estimate  lower_80  upper_80         basis    best
    year
    2020    4000.0    3900.0    4100.0          year  4000.0
    2021    4500.0    4000.0    5000.0  interpolated     NaN
    2022    5000.0    4800.0    5100.0          year  5000.0
    """
    day, traits = vintage.day, traits_of(vintage, indicator)
    scale, broken = SCALES[traits["scale"]], vintage.shock_years(indicator, shock_years)
    statements = measure(vintage, indicator, area, shock_years=shock_years, profile=profile, prior=prior)
    if not (statements["indicator_id"] == indicator).any():
        raise NoEvidenceError(f"no figure of {indicator} for {area} was published by {day or 'any day'}", 0)
    prior = prior or prior_of(scale.name, statements["value"])
    best = best_per_year(statements, day)
    ended = _ended(best, statements, indicator, area, day)
    origin = ended if day is None else last_known(_until(statements, ended), ended, broken)
    rng = stream(seed, "series", area, indicator)
    past = _until(statements, origin)
    years = list(range(int(past["first"].min()), origin + 1))
    table, draws, judged = _solve(past, years, best, (prior, scale), broken, n_draws, rng)
    part = statements[(statements["year"] == ended + 1) & (statements["basis"] == "part_year")]
    running = None
    if day is not None and len(part):
        running, _, ahead = _solve(part, [ended + 1], best, (prior, scale), (), 1, rng)
        judged = pd.concat([judged, ahead])
    used, leads = statements.index.isin(judged.index), statements.index.isin(best["label"])
    observations = statements.join(judged).assign(used=used, leads=leads)
    return YearlySeries(
        indicator,
        area,
        traits["unit"],
        traits["scale"],
        day,
        table,
        observations,
        draws,
        running=running,
        decimals=int(traits["decimals"]),
    )


def _ended(best: pd.DataFrame, statements: pd.DataFrame, indicator: str, area: str, day: date | None) -> int:
    said = f"no figure of {indicator} for {area} known by {day} speaks of"
    if best.empty:
        raise NoEvidenceError(f"{said} a single year", len(statements))
    ended = int(best.index.max()) if day is None else last_year_ended(day)
    if not (best.index <= ended).any():
        raise NoEvidenceError(f"{said} a year that has ended", len(statements))
    return ended


def _until(statements: pd.DataFrame, origin: int) -> pd.DataFrame:
    """Return the statements about years up to the origin, without growth from before the first level."""
    said: pd.DataFrame = statements[(statements["form"] != "none") & (statements["year"] <= origin)]
    first = said.loc[said["form"] != "change", "first"].min()
    kept: pd.DataFrame = said[said["first"] >= first]
    return kept


def _solve(
    statements: pd.DataFrame,
    years: list[int],
    best: pd.DataFrame,
    assumed: tuple[Prior, Scale],
    shock_years: Collection[int],
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the yearly table, the draws, and weight, residual and chance of being wrong per statement."""
    prior, scale = assumed
    size = size_of(statements["value"]) if scale.name == "level" else 1.0
    if size != 1.0:  # the smoother takes values of about ten: so small a variance is none
        spoken = ["reading", "own_sd", "shared_sd", "sd"]
        statements = statements.assign(**statements[spoken] / size)
        prior, scale = sized(prior, 1 / size), in_units_of(size)
    shock = np.isin(years, list(shock_years))
    measured = _measurements(statements, years, None)
    law = smooth(measured, prior, shock=shock)
    for _ in range(_ROUNDS if (statements["form"] == "total").any() else 0):
        measured = _measurements(statements, years, law.mean)
        law = smooth(measured, prior, shock=shock)
    index = yearly_index(years)
    draws = pd.DataFrame(scale.to_unit(law.draws(n_draws, rng)), index=index)
    table = yearly_table(law, scale, years, best)
    return table.assign(sd=table["sd"] * size), draws, _judged(statements, measured, law, years)


def _measurements(statements: pd.DataFrame, years: list[int], at: np.ndarray | None) -> Measurements:
    """Return the statements as measurements; totals are linearized around `at`, or around constant values."""
    path = np.zeros(len(years)) if at is None else at
    forms = [
        linear_form(row, np.asarray(years), path, np.zeros(len(years)))
        for row in statements.to_dict("records")
    ]
    return as_measurements(statements, np.array([row for row, _ in forms]), [shift for _, shift in forms])


def _judged(
    statements: pd.DataFrame, measured: Measurements, law: Posterior, years: list[int]
) -> pd.DataFrame:
    """Return per statement its weight in its last year, standardised residual, and chance of being wrong."""
    place = np.searchsorted(np.asarray(years), statements["year"])
    weight = law.influence[np.arange(len(statements)), place]
    residual = (measured.values - measured.design @ law.mean) / statements["sd"]
    return pd.DataFrame({"weight": weight, "residual": residual, "wrong": law.wrong}, index=statements.index)
