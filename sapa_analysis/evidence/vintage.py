"""Vintages: the tables known on a day, with repeats of one statement merged.

Source: the `as_of` rule of the evidence: only rows published by that day count. An incomplete date counts
as its last day; a row with a blank date is known only to the latest edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self

import pandas as pd

from ..core import DateError, Definitions, Keyed, SapaError, apart, fingerprint, last_day
from .correction import DOUBTS
from .definition import with_definitions
from .national import national_growth
from .shock_year import shock_years_of

#: Rows that agree in these columns are one statement, on whichever pages they are printed; of two definitions
#: they are two, and so are a page that is doubted and one that is not.
STATEMENT = ["indicator_id", "area", "period", "freq", "unit", "value"]


def _no_definitions() -> pd.DataFrame:
    return pd.DataFrame(columns=list(Definitions.to_schema().columns), dtype="str")


def as_day(day: date | str | None) -> date | None:
    """Convert a day, given as a date or as YYYY, YYYY-MM or YYYY-MM-DD, to a date; None stays None.

    Raises
    ------
    DateError
        When it is not a date.

    Examples
    --------
    >>> from sapa_analysis.evidence import as_day
    >>> [str(as_day(day)) for day in ("2023", "2024-02", "2024-02-05", None)]
    ['2023-12-31', '2024-02-29', '2024-02-05', 'None']
    """
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    if not isinstance(day, str):
        raise DateError(f'"{day}" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD')
    return last_day(day)


@dataclass(frozen=True, eq=False, kw_only=True)
class Vintage:
    """The tables from which series are estimated, as they were known on a day.

    Narrowed once by `as_of`, it goes from stage to stage, so none can forget the day.

    Attributes
    ----------
    evidence : pandas.DataFrame
        Observations (the columns of `core.Observations`).
    indicators, areas : pandas.DataFrame
        As `load_indicators` and `load_areas` return them.
    covariates : pandas.DataFrame
        As `load_covariates` returns them.
    day : datetime.date or None
        The day; None for everything ever published.
    definitions : pandas.DataFrame
        As `load_definitions` returns them; none by default.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import Vintage
    >>> page = {"indicator_id": "tourist_arrivals", "published": "2020-01-15"}
    >>> pages = pd.DataFrame([page, page | {"published": "2021-01-15"}])
    >>> nothing = pd.DataFrame({"published": []})
    >>> whole = Vintage(evidence=pages, indicators=nothing, areas=nothing, covariates=nothing)
    >>> [len(whole.as_of(day).evidence) for day in ("2019", "2020", None)]
    [0, 1, 2]
    """

    evidence: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    covariates: pd.DataFrame
    day: date | None = None
    definitions: pd.DataFrame = field(default_factory=_no_definitions)

    def as_of(self, day: date | str | None) -> Self:
        """Return the tables with only the rows published by the end of a day.

        Parameters
        ----------
        day : date, str or None
            The day; None, or a day that is not earlier than that of this vintage, changes nothing.
        """
        end = as_day(day)
        if end is None or (self.day is not None and end >= self.day):
            return self
        return replace(self, day=end, **self._known(end))

    def _known(self, day: date) -> dict[str, Any]:
        """Return the narrowed tables by name."""
        tables = ("evidence", "covariates", "definitions")
        known = {name: known_by(getattr(self, name), day) for name in tables}
        # a definition that is known later marks no figure before
        marked = with_definitions(known["evidence"], known["definitions"], self.indicators, self.areas)
        return known | {"evidence": marked}

    def fingerprint(self) -> str:
        """Return what the tables hold as 64 digits; they follow every change of a table.

        Tables are hashed anew only when one differs from what it was at the last call.
        """
        tables = {name: getattr(self, name) for name in ("evidence", "indicators", "areas", "covariates")}
        seen: dict[str, pd.DataFrame]
        digits: str
        seen, digits = self.__dict__.get("_seen", ({}, ""))
        if not seen or not all(table.equals(seen[name]) for name, table in tables.items()):
            digits = fingerprint(tables)
            # a copy shares its cells until one is changed, and then holds what it was
            self.__dict__["_seen"] = (apart(tables), digits)
        return digits

    @property
    def real_rates(self) -> dict[str, str]:
        """The growth rates at constant prices, each with the amount at current prices whose growth it is.

        Such an amount is forecast from its rate: its level at the origin, growth in volume, and prices.
        """
        known = self.indicators
        rates = known.loc[(known["growth_of"] != "") & (known["prices"] == "constant"), "growth_of"]
        return {str(rate): str(level) for rate, level in rates.items()}

    def shock_years(self, indicator: str, chosen: Iterable[int]) -> tuple[int, ...]:
        """Return those of the chosen shock years that broke an indicator.

        They are the years in its `broke` (`indicators.csv`), and years that no indicator names, such as a
        new storm, if the indicator broke before: what steady figures gained in a shock year is no gap.

        Parameters
        ----------
        indicator : str
            An id of `indicators.csv`.
        chosen : iterable of int
            Years that are shocks at all: `shock_years` of the parameters.

        Raises
        ------
        SapaError
            When the catalogue does not contain the indicator.

        Examples
        --------
        >>> import sapa_analysis as sapa
        >>> project = sapa.load_project()
        >>> [project.shock_years(name, [2020, 2024]) for name in ("tourist_arrivals", "schools_at_standard")]
        [(2020, 2024), ()]
        """
        if indicator not in self.indicators.index:
            raise SapaError(f'"{indicator}" is no indicator of indicators.csv')
        return shock_years_of(self.indicators, indicator, chosen)

    @property
    def statements(self) -> pd.DataFrame:
        """One row per statement, national growth among them; see `merge_repeats`."""
        return apart(_said(Keyed(self.fingerprint(), self))[0])

    def statements_on(self, indicators: Sequence[str], area: str) -> pd.DataFrame:
        """Return the statements about some indicators of an area; no rows where there is none."""
        every, groups = _said(Keyed(self.fingerprint(), self))
        mine = [groups[name, area] for name in indicators if (name, area) in groups]
        return pd.concat(mine) if mine else every.iloc[:0].copy()


@lru_cache(maxsize=64)
def _said(vintage: Keyed) -> tuple[pd.DataFrame, dict[tuple[str, str], pd.DataFrame]]:
    """Return the statements of a vintage, all of them and by indicator and area."""
    known: Vintage = vintage.things
    marks = {"definition", *DOUBTS.values()} & set(known.evidence)
    said = known.evidence.fillna(dict.fromkeys(marks, ""))  # rows of your own may lack them
    rows = [said if "definition" in said else said.assign(definition="")]
    for nation in known.areas.index[known.areas["level"] == "nation"]:
        rows += [
            national_growth(known.covariates, rows[0].columns, rate=rate, nation=nation)
            for rate, level in known.real_rates.items()
            if known.indicators.loc[level, "steps"] == "output"
        ]
    every = merge_repeats(pd.concat(rows, ignore_index=True))
    groups = every.groupby(["indicator_id", "area"], sort=False)
    return every, {(str(name), str(area)): found for (name, area), found in groups}


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
        The rows, in their original order.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import known_by
    >>> pages = pd.DataFrame({"value": [3.2e6, 3.5e6, 3.3e6], "published": ["2020", "2021-06", ""]})
    >>> [known_by(pages, day)["value"].tolist() for day in ("2020-12-30", "2020-12-31", None)]
    [[], [3200000.0], [3200000.0, 3500000.0, 3300000.0]]
    """
    day = as_day(as_of)
    if day is None:
        return frame
    known = [bool(text) and last_day(text) <= day for text in frame["published"]]
    return frame[pd.Series(known, frame.index, dtype=bool)]


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
