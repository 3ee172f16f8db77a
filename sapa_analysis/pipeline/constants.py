"""The constants of the method on a day: what each rests on, and since when it could be known.

`data/constants.csv` holds one row per shipped table and per constant that figures informed. Where its value
stands is named, never copied. What rests on nothing published is no constant here: tolerances, thresholds of
words, limits of the page.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from ..core import shipped_table


def constants_used(as_of: date, *, shown: bool = False) -> pd.DataFrame:
    """Return the constants of the method on a day, and which of them could not have been known on it.

    A constant that no number of an edition happens to use counts too.

    Parameters
    ----------
    as_of : datetime.date
        The day of the edition.
    shown : bool
        Whether tables that are only shown (records of past errors) count too; they move no number.

    Returns
    -------
    pandas.DataFrame
        name, where (a file of the package, a module and its constant, or a parameter), use (figures or
        shown), basis (learned or judged), learned_on, known_from (the day on which the latest figure that it
        rests on had been published; blank if it rests on none), hindsight (whether that is after the day).

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.pipeline import constants_used
    >>> used = constants_used(date(2023, 6, 30)).set_index("name")
    >>> used.loc[["forecast_errors", "premium_spend"], ["known_from", "hindsight"]].to_numpy().tolist()
    [['2020-07-31', False], ['2026-01-31', True]]
    """
    table = shipped_table("pipeline", "constants.csv")
    days = table[["known_from", "used_from"]].fillna("").astype(str)
    used = days["used_from"] <= str(as_of)
    chosen = table[used if shown else used & (table["use"] == "figures")]
    found = chosen.assign(known_from=days["known_from"], hindsight=days["known_from"] > str(as_of))
    return found.drop(columns="used_from").reset_index(drop=True)
