"""National yearly growth, from the covariates, as observations."""

from __future__ import annotations

import pandas as pd

#: National growth: of GDP at constant prices after its base year 2010, before that the World Bank rate.
_NATION_LEVEL, _NATION_RATE = "viet_nam_gdp_constant_2010_vnd_annual_gso", "viet_nam_gdp_growth_annual"
_NATION_FROM = "2009"


def national_growth(covariates: pd.DataFrame, columns: pd.Index, *, rate: str, nation: str) -> pd.DataFrame:
    """Return national yearly growth as observations: of GDP at constant prices, else the World Bank rate.

    Parameters
    ----------
    covariates : pandas.DataFrame
        Of one vintage.
    columns : pandas.Index
        The columns of the observations.
    rate, nation : str
        Ids of the growth rate and of the area.
    """
    rates = covariates[covariates["series"] == _NATION_RATE]
    level = covariates[(covariates["series"] == _NATION_LEVEL) & (covariates["period"] > _NATION_FROM)]
    level = level.sort_values(["period", "published"]).drop_duplicates("period", keep="last")
    next_to = level["period"].astype(int).diff() == 1
    grown = level.assign(value=100 * level["value"].pct_change())[next_to]
    found = pd.concat([rates[~rates["period"].isin(grown["period"])], grown], ignore_index=True)
    given = {
        "indicator_id": rate,
        "area": nation,
        "period": found["period"],
        "freq": "A",
        "value": found["value"],
        "unit": "percent",
        "kind": "actual",
        "bound": "exact",
        "digits": 4,
        "published": found["published"],
        "grade": "A",
        "cite_ok": "yes",
        "source_title": found["series"],
    }
    return pd.DataFrame({name: given.get(name, "") for name in columns}, index=found.index)
