"""Events that bear on an indicator of an area."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

#: The word of `indicator_affected` that stands for every indicator.
EVERY = "all"


def affecting(events: pd.DataFrame, indicator: str, *, areas: Collection[str] | None = None) -> pd.DataFrame:
    """Return the events that affect an indicator.

    Parameters
    ----------
    events : pandas.DataFrame
        Rows of `core.Events`.
    indicator : str
        An id of `indicators.csv`.
    areas : collection of str, optional
        An area and those it lies in: only events of these; by default events of any area. What happened in
        a part of an area says nothing of the whole.

    Returns
    -------
    pandas.DataFrame
        The rows that name the indicator, and those that name all, in their original order.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import affecting
    >>> affected = ["tourist_arrivals;hotel_rooms", "all", "grdp"]
    >>> events = pd.DataFrame({"date": ["2014-09-21", "2020-01-01", "2021"], "indicator_affected": affected})
    >>> affecting(events, "tourist_arrivals")["date"].tolist()
    ['2014-09-21', '2020-01-01']
    """
    chosen = [bool({indicator, EVERY} & set(text.split(";"))) for text in events["indicator_affected"]]
    found = events[pd.Series(chosen, events.index, dtype=bool)]
    return found if areas is None else found[found["area"].isin(list(areas))]
