"""Figures of the office as they were written: their digits, and percentages written as a fraction."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..evidence import is_office
from ..pipeline import Results

#: A percentage as a fraction: "44/61", "ước 44/61".
_FRACTION = re.compile(r"(?:^|\s)([0-9][0-9.]*)\s*/\s*([0-9][0-9.]*)(?:\s|$)")
#: Decimals of a percentage that stands beside its fraction, at least.
_LEAST = 1
#: More decimals than these are the tail of a calculation.
_MOST = 4

Row = Mapping[Any, Any] | pd.Series


@dataclass(frozen=True, slots=True)
class Written:
    """How a figure was written.

    Attributes
    ----------
    digits : int
        Its significant digits; 0 where all that the number has are printed.
    decimals : int
        Decimals of its indicator: those of a percentage beside its fraction, and one more of a long tail.
    fraction : str
        That fraction, or blank.
    """

    digits: int = 0
    decimals: int = 0
    fraction: str = ""

    def places(self, shown: float) -> int | None:
        """Return the decimals of the number as it is shown, in its own unit or in millions; None if all.

        Examples
        --------
        >>> from sapa_analysis.reporting.as_written import Written
        >>> Written(3).places(97.0), Written(4).places(3.395), Written().places(97.0)
        (1, 3, None)
        """
        if self.fraction:
            return self.decimals
        if not self.digits:
            return None
        whole = math.floor(math.log10(abs(shown))) + 1 if shown else 1
        places = max(self.digits - whole, 0)
        return places if places <= _MOST else min(places, self.decimals + 1)


AS_IT_IS = Written()


def written(said: Row, decimals: int) -> Written:
    """Return how a row of the evidence was written; of a page every digit is printed.

    Parameters
    ----------
    said : mapping
        A row of the evidence.
    decimals : int
        Decimals of its indicator.

    Examples
    --------
    >>> from sapa_analysis.reporting.as_written import written
    >>> row = {"source_url": "office:x", "unit": "percent", "statement": "44/61", "digits": 12}
    >>> written(row, 1), written(row | {"source_url": "https://sapa.laocai.gov.vn"}, 1)
    (Written(digits=0, decimals=1, fraction='44/61'), Written(digits=0, decimals=0, fraction=''))
    """
    if not is_office(said.get("source_url", "")):
        return AS_IT_IS
    found = _FRACTION.search(str(said.get("statement", ""))) if said["unit"] == "percent" else None
    if found:
        return Written(decimals=max(decimals, _LEAST), fraction=f"{found[1]}/{found[2]}")
    return Written(digits=int(said.get("digits", 0) or 0), decimals=decimals)


def latest_written(results: Results, verdict: Row, decimals: int) -> Written:
    """Return how the latest figure of a verdict was written."""
    outcome = results.outcomes.get(str(verdict["indicator_id"]))
    if not is_office(verdict["latest_url"]) or outcome is None or outcome.observed is None:
        return AS_IT_IS
    seen = outcome.observed.observations
    period = str(verdict["latest_period"]) or str(verdict["latest_year"])
    same = (seen["value"] == verdict["latest"]) & (seen["period"] == period)
    mine = seen[same & (seen["indicator_id"] == verdict["indicator_id"])]
    own = [place for place, url in enumerate(mine["source_url"]) if is_office(url)]
    return written(mine.iloc[own[-1]], decimals) if own else AS_IT_IS
