"""What the figures of a series tell of themselves: where they disagree, which year would tell most."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..core import (
    SCALES,
    YearlySeries,
    years_of,
)

#: Two figures disagree when they lie further apart than so many of their combined standard deviations.
_APART = 2.0


#: What an answer rests on: so many years up to the origin.
_RECENT = 10


def find_conflicts(observed: YearlySeries) -> pd.DataFrame:
    """Return the years in which figures of the whole year disagree.

    Two figures disagree when what they stand for lies further apart, on the model's scale, than two
    combined standard deviations of their rounding, kind and grade.

    Parameters
    ----------
    observed : YearlySeries
        As `build_series` returns it; it holds what was known on its day.

    Returns
    -------
    pandas.DataFrame
        One row per year, ascending: year, lowest and highest (as printed), n_statements (of the whole
        year), difference (highest against lowest) with its difference_unit (percent for amounts, the unit
        itself otherwise), used (the estimate of the series, in its unit).
    """
    seen = observed.observations
    whole = seen[seen["basis"] == "year"]
    rows = [
        {"year": year, **_range(figures, observed)}
        for year, figures in whole.groupby("year")
        if _disagree(figures, observed.scale)
    ]
    names = ["year", "lowest", "highest", "n_statements", "difference", "difference_unit", "used"]
    return pd.DataFrame(rows, columns=names)


def _disagree(figures: pd.DataFrame, scale: str) -> bool:
    z, sd = SCALES[scale].to_model(figures["implied"].to_numpy()), figures["sd"].to_numpy()
    return bool((np.abs(z[:, None] - z) > _APART * np.hypot(sd[:, None], sd)).any())


def _range(figures: pd.DataFrame, observed: YearlySeries) -> dict[str, Any]:
    lowest, highest = float(figures["value"].min()), float(figures["value"].max())
    relative = observed.scale == "log"
    points = "percentage_points" if observed.unit == "percent" else observed.unit
    own = observed.table["estimate"][years_of(observed.table) == figures["year"].iloc[0]]
    return {
        "lowest": lowest,
        "highest": highest,
        "n_statements": len(figures),
        "difference": 100 * (highest / lowest - 1) if relative else highest - lowest,
        "difference_unit": "percent" if relative else points,
        "used": float(own.iloc[0]) if len(own) else np.nan,
    }


def most_telling_year(observed: YearlySeries) -> tuple[int, float] | None:
    """Return the year whose exact figure would narrow the last ten years most, and by how much.

    By the covariance of the draws on the scale of the model: knowing one year takes from every other what
    the two have in common.

    Parameters
    ----------
    observed : YearlySeries
        As `build_series` returns it.

    Returns
    -------
    tuple of int and float, or None
        The year, and the share of the variance of the ten years up to the origin that would go; None where
        nothing is uncertain.
    """
    past = observed.draws.loc[: str(observed.origin)].tail(_RECENT)
    law = np.atleast_2d(np.cov(SCALES[observed.scale].to_model(past.to_numpy())))
    total = float(np.trace(law))
    if total < 1e-12:
        return None
    gone = (law**2).sum(axis=0) / np.maximum(np.diag(law), np.finfo(float).tiny)
    best = int(gone.argmax())
    return int(years_of(past)[best]), float(gone[best]) / total
