"""What a table or figure is of: a row of `indicators.csv`, or its like for what is not listed there."""

from __future__ import annotations

import pandas as pd


def indicator_row(name: str, indicators: pd.DataFrame, *, unit: str = "") -> pd.Series:
    """Return the row of an indicator; one that is not listed goes by its id, with two decimals at most.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting.subject import indicator_row
    >>> indicator_row("pots", pd.DataFrame(), unit="pots")[["name_en", "unit", "decimals"]].to_dict()
    {'name_en': 'pots', 'unit': 'pots', 'decimals': 2}
    """
    if name in indicators.index:
        return indicators.loc[[name]].iloc[0]
    made = {"indicator_id": name, "name_vi": name, "name_en": name, "unit": unit, "decimals": 2}
    return pd.Series(made, name=name)
