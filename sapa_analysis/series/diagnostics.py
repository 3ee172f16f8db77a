"""Diagnostics of a series: conflicting statements, and the year whose exact value would help most."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..core import SCALES, YearlySeries, one_thread, years_of
from .measurement import disagree

#: Number of years up to the origin whose variance counts.
_RECENT = 10


def find_conflicts(observed: YearlySeries) -> pd.DataFrame:
    """Return the years in which statements about the whole year disagree.

    Two statements disagree when the values they imply differ, on the model's scale, by more than two
    combined standard deviations of their rounding, kind and grade.

    Parameters
    ----------
    observed : YearlySeries
        As `build_series` returns it, with the statements known on its `as_of` date.

    Returns
    -------
    pandas.DataFrame
        One row per year, ascending: year, lowest and highest (as printed), n_statements (of the whole
        year), difference (highest against lowest) with its difference_unit (percent for amounts, the unit
        itself otherwise), used (the estimate of the series, in its unit).

    Examples
    --------
    >>> from dataclasses import replace
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> said = pd.DataFrame({"year": 2019, "basis": "year", "value": [3.2e6, 2.4e6], "sd": 0.02})
    >>> known = sapa.forecasting.exact_series(pd.Series({2019: 3.0e6}))
    >>> known = replace(known, observations=said.assign(implied=said["value"]))
    >>> sapa.series.find_conflicts(known)[["year", "lowest", "highest", "difference"]].round(1)
       year     lowest    highest  difference
    0  2019  2400000.0  3200000.0        33.3
    """
    seen = observed.observations
    whole, scale = seen[seen["basis"] == "year"], SCALES[observed.scale]
    rows = [
        {"year": year, **_range(figures, observed)}
        for year, figures in whole.groupby("year")
        if disagree(scale.to_model(figures["implied"].to_numpy()), figures["sd"].to_numpy())
    ]
    names = ["year", "lowest", "highest", "n_statements", "difference", "difference_unit", "used"]
    return pd.DataFrame(rows, columns=names)


def _range(figures: pd.DataFrame, observed: YearlySeries) -> dict[str, Any]:
    lowest, highest = float(figures["value"].min()), float(figures["value"].max())
    relative = observed.scale == "log"
    points = "percentage_points" if observed.unit == "percent" else observed.unit
    table = observed.with_running()
    own = table["estimate"][years_of(table) == figures["year"].iloc[0]]
    return {
        "lowest": lowest,
        "highest": highest,
        "n_statements": len(figures),
        "difference": 100 * (highest / lowest - 1) if relative else highest - lowest,
        "difference_unit": "percent" if relative else points,
        "used": float(own.iloc[0]) if len(own) else np.nan,
    }


@one_thread
def most_telling_year(observed: YearlySeries) -> tuple[int, float] | None:
    """Return the year whose exact value would reduce the variance of the last ten years most, and its share.

    Computed from the covariance of the draws on the model's scale: knowing one year removes from every other
    year the variance that the two have in common.

    Parameters
    ----------
    observed : YearlySeries
        As `build_series` returns it.

    Returns
    -------
    tuple of int and float, or None
        The year, and the share of the variance of the ten years up to the origin that it would remove; None
        if nothing is uncertain.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> known = sapa.forecasting.exact_series(pd.Series({2023: 100.0, 2024: 100.0}))
    >>> draws = pd.DataFrame([[90, 110, 90, 110], [50, 50, 200, 200]], index=known.table.index)
    >>> year, share = sapa.series.most_telling_year(replace(known, draws=draws))
    >>> year, round(share, 2)
    (2024, 0.98)
    """
    past = observed.draws.tail(_RECENT)
    law = np.atleast_2d(np.cov(SCALES[observed.scale].to_model(past.to_numpy())))
    total = float(np.trace(law))
    if total < 1e-12:
        return None
    gone = (law**2).sum(axis=0) / np.maximum(np.diag(law), np.finfo(float).tiny)
    best = int(gone.argmax())
    return int(years_of(past)[best]), float(gone[best]) / total
