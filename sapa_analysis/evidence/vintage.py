"""Vintages: the tables known on a day, with repeats of one statement merged.

Source: the `as_of` rule of the evidence: only rows published by that day count. An incomplete date counts
as its last day; a row with a blank date is known only to the latest edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, Self

import pandas as pd

from ..core import Definitions, Keyed, SapaError, apart, fingerprint, last_day, untouched
from .correction import DOUBTS
from .definition import with_definitions
from .known_day import as_day
from .national import national_growth
from .repeats import merge_repeats
from .replacement import parted
from .shock_year import shock_years_of

#: The tables from which series are estimated; all that is kept follows what they hold.
_TABLES = ("evidence", "indicators", "areas", "covariates", "definitions", "replaced")


def _no_definitions() -> pd.DataFrame:
    return pd.DataFrame(columns=list(Definitions.to_schema().columns), dtype="str")


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
    replaced : pandas.DataFrame
        Rows that figures of the office known on the day replace, see `parted`: no stage reads them, but on an
        earlier day they may count again. None while the day is open.

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
    replaced: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __repr__(self) -> str:
        known = f"as of {self.day}" if self.day else "all that was published"
        return f"<{type(self).__name__}: {len(self.evidence):,} figures, {known}>"

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
        known = replace(self, day=end, **self._known(end))
        # its tables are those that are kept, until one is changed
        known.__dict__["_seen"] = dict(_narrowed(self._seen_last(), end).__dict__["_seen"])
        return known

    def _known(self, day: date) -> dict[str, Any]:
        """Return the narrowed tables by name."""
        kept = _narrowed(self.keyed(), day)
        return {
            name: apart(getattr(kept, name)) for name in ("evidence", "covariates", "definitions", "replaced")
        }

    def fingerprint(self, *tables: str) -> str:
        """Return what the tables, or some of them, hold as digits; they follow every change of a table.

        A table is hashed anew only when it differs from what it was at the last call.

        Parameters
        ----------
        *tables
            Names of tables; all by default.
        """
        seen: dict[str, tuple[pd.DataFrame, str]] = self.__dict__.setdefault("_seen", {})
        for name in tables or _TABLES:
            table = getattr(self, name)
            if name not in seen or not untouched(table, seen[name][0]):
                # a copy shares its cells until one is changed, and then holds what it was
                seen[name] = (apart(table), fingerprint({name: table}))
        return "".join(seen[name][1] for name in tables or _TABLES)

    def keyed(self, *tables: str) -> Keyed:
        """Return the vintage as the argument of a cached function; its key follows every change of a table.

        Ask once, and for all that is read from the tables as they are now: every question compares them.

        Parameters
        ----------
        *tables
            Names of the tables that are read; all by default.
        """
        return Keyed((self.fingerprint(*tables), self.day), self)

    def _seen_last(self) -> Keyed:
        """Return what `keyed` returned at its last call for all tables."""
        return Keyed(("".join(self.__dict__["_seen"][name][1] for name in _TABLES), self.day), self)

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
        >>> project = sapa.pipeline.load_project()
        >>> [project.shock_years(name, [2020, 2024]) for name in ("tourist_arrivals", "schools_at_standard")]
        [(2020, 2024), ()]
        """
        if indicator not in self.indicators.index:
            raise SapaError(f'"{indicator}" is no indicator of indicators.csv')
        return shock_years_of(self.indicators, indicator, chosen)

    @property
    def statements(self) -> pd.DataFrame:
        """One row per statement, national growth among them; see `merge_repeats`."""
        return apart(_said(self.keyed())[0])

    def statements_on(self, indicators: Sequence[str], area: str) -> pd.DataFrame:
        """Return the statements about some indicators of an area; no rows where there is none.

        Parameters
        ----------
        indicators : sequence of str
            Ids of `indicators.csv`.
        area : str
            An id of `areas.csv`.
        """
        return statements_in(self.keyed(), indicators, area)


def statements_in(vintage: Keyed, indicators: Sequence[str], area: str) -> pd.DataFrame:
    """Return the statements about some indicators of an area, as `Vintage.statements_on` does.

    Parameters
    ----------
    vintage : Keyed
        What `Vintage.keyed` returns: asked once, however many statements are wanted.
    indicators : sequence of str
        Ids of `indicators.csv`.
    area : str
        An id of `areas.csv`.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> asked = sapa.pipeline.load_project().as_of("2013-12-31").keyed()
    >>> sapa.evidence.statements_in(asked, ["tourist_arrivals"], "sa_pa")["value"].tolist()
    [574389.0, 600000.0, 600000.0]
    """
    every, groups, _ = _said(vintage)
    mine = [groups[name, area] for name in indicators if (name, area) in groups]
    if len(mine) == 1:
        return mine[0].copy(deep=False)
    return pd.concat(mine) if mine else every.iloc[:0].copy()


@lru_cache(maxsize=4096)
def content_of(vintage: Keyed, indicators: tuple[str, ...], area: str) -> str:
    """Return 64 digits that follow from what `statements_in` returns, on whatever day it was known.

    Parameters
    ----------
    vintage, indicators, area
        As in `statements_in`.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, asked = sapa.pipeline.load_project(), (("state_budget_revenue",), "sa_pa")
    >>> days = [project.as_of(day).keyed() for day in ("2022-10-31", "2022-11-30", "2026-01-31")]
    >>> len({sapa.evidence.content_of(day, *asked) for day in days})
    2
    """
    _, groups, lines = _said(vintage)
    told = [lines[at] for name in indicators if (name, area) in groups for at in groups[name, area].index]
    return sha256("\n".join([lines[-1], *told]).encode()).hexdigest()


@lru_cache(maxsize=64)
def _narrowed(vintage: Keyed, day: date) -> Vintage:
    """Return the tables of a vintage as they were known on an earlier day."""
    whole: Vintage = vintage.things
    evidence = whole.evidence
    if len(whole.replaced):  # each row where it stood
        evidence = pd.concat([evidence, whole.replaced]).sort_index(kind="stable")
    known = {name: known_by(getattr(whole, name), day) for name in ("covariates", "definitions")}
    counting, replaced = parted(known_by(evidence, day))
    # a definition that is known later marks no figure before
    marked = with_definitions(counting, known["definitions"], whole.indicators, whole.areas)
    same = {name: apart(getattr(whole, name)) for name in ("indicators", "areas")}
    replaced = replaced.drop(columns="definition", errors="ignore")  # it is marked anew with the others
    narrowed = Vintage(day=day, replaced=replaced, **{**same, **known, "evidence": marked})
    narrowed.fingerprint()
    return narrowed


@lru_cache(maxsize=64)
def _said(vintage: Keyed) -> tuple[pd.DataFrame, dict[tuple[str, str], pd.DataFrame], list[str]]:
    """Return the statements of a vintage, by indicator and area, and as text, the names of columns last."""
    known: Vintage = vintage.things
    marks = {"definition", *DOUBTS.values()} & set(known.evidence)
    said = parted(known.evidence)[0].fillna(dict.fromkeys(marks, ""))  # rows of your own may lack them
    rows = [said if "definition" in said else said.assign(definition="")]
    for nation in known.areas.index[known.areas["level"] == "nation"]:
        rows += [
            national_growth(known.covariates, rows[0].columns, rate=rate, nation=nation)
            for rate, level in known.real_rates.items()
            if known.indicators.loc[level, "steps"] == "output"
        ]
    every = merge_repeats(pd.concat(rows, ignore_index=True))
    groups = every.groupby(["indicator_id", "area"], sort=False)
    lines = [repr(cells) for cells in zip(*(every[name].tolist() for name in every), strict=True)]
    named = {(str(name), str(area)): found for (name, area), found in groups}
    return every, named, [*lines, repr([*every.dtypes.astype(str).items()])]


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
    known = [bool(text) and last_day(text) <= day for text in frame["published"].tolist()]
    return frame[pd.Series(known, frame.index, dtype=bool)]
