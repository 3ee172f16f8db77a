"""Tables that lie beside their readers in the package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files as resources

import pandas as pd


@cache
def _shipped(place: str) -> pd.DataFrame:
    with (resources("sapa_analysis") / place).open(encoding="utf-8") as file:
        return pd.read_csv(file)


def shipped_table(room: str, name: str) -> pd.DataFrame:
    """Return a copy of a table that lies beside its reader, in the folder `data` of a room of the package.

    Parameters
    ----------
    room : str
        A room of the package, such as `forecasting`.
    name : str
        The name of its file without `.csv`.

    Examples
    --------
    >>> from sapa_analysis.core import shipped_table
    >>> table = shipped_table("forecasting", "error_record.csv")
    >>> table[["kind", "set", "held_80"]].head(2)
         kind            set  held_80
    0  amount  business_1982     77.1
    1  amount  business_2000     81.5
    """
    return _shipped(f"{room}/data/{name}").copy()
