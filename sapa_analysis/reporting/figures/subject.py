"""What a figure is of: a row of `indicators.csv`, or its equivalent for a series that is not listed there."""

from __future__ import annotations

import pandas as pd

from ...core import SapaError, YearlySeries, project_root
from ...evidence import load_indicators


def subject_of(series: YearlySeries | None, indicator: pd.Series | None = None) -> pd.Series:
    """Return the row of an indicator: the given one, else the project's, else one made of the series."""
    if indicator is not None:
        return indicator
    name, unit = ("", "") if series is None else (series.indicator_id, series.unit)
    try:
        indicators = load_indicators(project_root() / "data")
    except SapaError:
        indicators = pd.DataFrame()
    if name in indicators.index:
        return indicators.loc[[name]].iloc[0]
    made = {"indicator_id": name, "name_vi": name, "name_en": name, "unit": unit, "decimals": 2}
    return pd.Series(made, name=name)
