"""What was known on a day, and which pages repeat one statement.

Source: the `as_of` rule of the evidence: only what was published by then; an incomplete date counts
as its last day, a blank one is known to the latest edition only.
"""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from ..core import last_day

#: Rows that agree in these say the same thing, wherever they were printed.
STATEMENT = ["indicator_id", "area", "period", "freq", "unit", "value"]


def as_day(day: date | str | None) -> date | None:
    """Return a day, given as a date or as YYYY, YYYY-MM, YYYY-MM-DD; None stays None.

    Raises
    ------
    ValueError
        When the text is no date.
    """
    if isinstance(day, datetime):
        return day.date()
    return last_day(day) if isinstance(day, str) else day


def known_by(frame: pd.DataFrame, as_of: date | str | None) -> pd.DataFrame:
    """Return the rows published by the end of a day.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table with a `published` column of text.
    as_of : date, str or None
        The day; None returns every row, also those without a date.

    Returns
    -------
    pandas.DataFrame
        The rows, in their order.
    """
    day = as_day(as_of)
    if day is None:
        return frame
    known = [bool(text) and last_day(text) <= day for text in frame["published"]]
    return frame[pd.Series(known, frame.index, dtype=bool)]


def merge_repeats(observations: pd.DataFrame) -> pd.DataFrame:
    """Return one row per statement, however many pages print it.

    Merge only what a day knew: call `known_by` first. The firmest kind stands (an estimate that the
    outcome confirms with the same number is one statement), with the best grade and the earliest date
    among the pages of that kind, and the first qualifier (over, under, about) that any of them prints.

    Parameters
    ----------
    observations : pandas.DataFrame
        Rows of the evidence.

    Returns
    -------
    pandas.DataFrame
        The rows that stand, plus `n_pages`.
    """
    if observations.empty:
        return observations.assign(n_pages=pd.Series(dtype="int64"))
    dated = observations.assign(_known=[last_day(text or "9999") for text in observations["published"]])
    rank = ["kind", "grade", "_known", "source_url"]
    # the remaining columns break ties, so that the order of the rows never matters
    ranked = dated.sort_values([*rank, *observations.columns.difference(rank, sort=False)], kind="stable")
    groups = ranked.groupby(STATEMENT, sort=False)
    merged = groups.head(1).set_index(STATEMENT)
    merged["n_pages"] = groups.size()
    firmest = ranked[ranked["kind"] == groups["kind"].transform("first")].sort_values("_known", kind="stable")
    merged["published"] = firmest.groupby(STATEMENT)["published"].first()
    qualified = ranked[ranked["bound"] != "exact"].groupby(STATEMENT)["bound"].first()
    merged["bound"] = qualified.reindex(merged.index).fillna(merged["bound"])
    merged = merged.reset_index()[[*observations.columns, "n_pages"]]
    order = ["indicator_id", "area", "period", "published", "value"]
    return merged.sort_values(order, kind="stable", ignore_index=True)
