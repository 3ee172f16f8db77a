"""Repeats: one statement on several pages is one row."""

from __future__ import annotations

import pandas as pd

from ..core import last_day

#: Rows that agree in these columns are one statement, on whichever pages they are printed; of two definitions
#: they are two, and so are a page that is doubted and one that is not.
STATEMENT = ["indicator_id", "area", "period", "freq", "unit", "value"]


def merge_repeats(observations: pd.DataFrame) -> pd.DataFrame:
    """Return one row per statement, with the number of pages that print it.

    Call `known_by` first, so that only rows known on the day are merged. A statement keeps its firmest kind
    (an estimate that the outcome confirms with the same number is one statement), the best grade and the
    earliest date among the pages of that kind, and the first qualifier (over, under, about) on any page.

    Parameters
    ----------
    observations : pandas.DataFrame
        Rows of the evidence.

    Returns
    -------
    pandas.DataFrame
        The merged rows, plus `n_pages`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import merge_repeats
    >>> page = {"indicator_id": "rooms", "area": "sa_pa", "period": "2019", "freq": "A", "unit": "rooms",
    ...         "value": 700.0, "kind": "actual", "bound": "exact", "grade": "B", "published": "2020-02"}
    >>> pages = [page | {"source_url": "one"}, page | {"source_url": "two", "published": "2020-01"}]
    >>> merge_repeats(pd.DataFrame(pages))[["value", "published", "n_pages"]]
       value published  n_pages
    0  700.0   2020-01        2
    """
    if observations.empty:
        return observations.assign(n_pages=pd.Series(dtype="int64"))
    dated = observations.assign(_known=[last_day(text or "9999") for text in observations["published"]])
    rank = ["kind", "grade", "_known", "source_url"]
    # the remaining columns break ties, the id last, so that the order of the rows never matters
    rest = observations.columns.difference([*rank, "id"], sort=False)
    ties = [*rank, *rest, *(["id"] if "id" in observations else [])]
    ranked = dated.sort_values(ties, kind="stable")
    same = [*STATEMENT, *(name for name in ("definition", "doubt_en") if name in observations)]
    groups = ranked.groupby(same, sort=False)
    merged = groups.head(1).set_index(same)
    merged["n_pages"] = groups.size()
    firmest = ranked[ranked["kind"] == groups["kind"].transform("first")].sort_values("_known", kind="stable")
    merged["published"] = firmest.groupby(same)["published"].first()
    qualified = ranked[ranked["bound"] != "exact"].groupby(same)["bound"].first()
    merged["bound"] = qualified.reindex(merged.index).fillna(merged["bound"])
    merged = merged.reset_index()[[*observations.columns, "n_pages"]]
    order = ["indicator_id", "area", "period", "published", "value"]
    return merged.sort_values(order, kind="stable", ignore_index=True)
