"""What a figure is of: a row of `indicators.csv`, or its like for a series that is not listed there."""

from __future__ import annotations

import pandas as pd

from ...core import SapaError, YearlySeries, project_root
from ...evidence import load_indicators
from ..subject import indicator_row


def subject_of(series: YearlySeries | None, indicator: pd.Series | None = None) -> pd.Series:
    """Return the row of an indicator: the given one, else the project's, else one made of the series."""
    if indicator is not None:
        return indicator
    return row_named("", "") if series is None else row_named(series.indicator_id, series.unit)


def row_named(name: str, unit: str) -> pd.Series:
    """Return the row of an indicator of the project, or its like for another name."""
    try:
        indicators = load_indicators(project_root() / "data")
    except SapaError:
        indicators = pd.DataFrame()
    return indicator_row(name, indicators, unit=unit)
