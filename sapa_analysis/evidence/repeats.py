"""Repeats: one statement on several pages is one row."""

from __future__ import annotations

from datetime import date
from typing import Any

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
    cells = {str(name): observations[name].tolist() for name in observations}
    known = [last_day(text or "9999") for text in cells["published"]]
    same = [*STATEMENT, *(name for name in ("definition", "doubt_en") if name in cells)]
    groups: dict[tuple[Any, ...], list[int]] = {}
    statements = list(zip(*(cells[name] for name in same), strict=True))
    blank = observations.isna()
    says_nothing = blank[same].any(axis=1).tolist()
    for place in _ranked(blank, cells, known):
        if not says_nothing[place]:
            groups.setdefault(statements[place], []).append(place)
    merged = [_merged(places, cells, known) for places in groups.values()]
    order = ("indicator_id", "area", "period")
    merged.sort(key=lambda row: (*(cells[name][row[0]] for name in order), row[1], cells["value"][row[0]]))
    found = observations.iloc[[row[0] for row in merged]].reset_index(drop=True)
    for place, name in ((1, "published"), (2, "bound")):
        found[name] = pd.Series([row[place] for row in merged], dtype=observations[name].dtype)
    return found.assign(n_pages=pd.Series([row[3] for row in merged], dtype="int64"))


def _ranked(blank: pd.DataFrame, cells: dict[str, list[Any]], known: list[date]) -> list[int]:
    """Return the places of the rows, the firmest, best and earliest first, blank cells last.

    All columns break ties, the id last, so that the order of the rows never matters.
    """
    ranks: dict[str, list[Any]] = dict(cells)
    for name in blank.columns[blank.any()]:
        gaps = blank[name].tolist()
        ranks[name] = [(gap, "" if gap else cell) for gap, cell in zip(gaps, cells[name], strict=True)]
    last = [ranks.pop("id")] if "id" in ranks else []
    first = [ranks.pop("kind"), ranks.pop("grade"), known, ranks.pop("source_url")]
    keys = list(zip(*first, *ranks.values(), *last, strict=True))
    return sorted(range(len(keys)), key=keys.__getitem__)


def _merged(places: list[int], cells: dict[str, list[Any]], known: list[date]) -> tuple[int, str, str, int]:
    """Return the row that stands for a statement, its date, its qualifier and how many pages print it."""
    first = places[0]
    firmest = [place for place in places if cells["kind"][place] == cells["kind"][first]]
    earliest = min(firmest, key=known.__getitem__)
    qualified = (cells["bound"][place] for place in places if cells["bound"][place] != "exact")
    return first, cells["published"][earliest], next(qualified, "exact"), len(places)
