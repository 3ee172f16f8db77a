"""The published figures behind the results of a run."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import pandas as pd

from ...core import Forecast, Outcome, YearlySeries
from ...evidence import is_office, statements_in
from ...pipeline import Project, Results
from .sources import Pages
from .way import Measurement

#: What marks the names of other kinds of figures among those that carry a series.
_MARKS = (".plan", ".bridge")
#: A year, or the first and last of some in a row.
_SPAN = re.compile(r"(\d{4})(?:–(\d{4}))?")


class Measured:
    """The figures of a run, looked up by indicator; each is made once.

    Parameters
    ----------
    project : Project
        The tables as they were known on the day of the run.
    results : Results
        The run.
    pages : Pages
        The sources of its papers.
    """

    def __init__(self, project: Project, results: Results, pages: Pages) -> None:
        self._project, self._results, self._pages = project, results, pages
        self._known = project.keyed()
        self._series: dict[str, tuple[Measurement, ...]] = {}
        self._said: dict[tuple[str, str, bool], tuple[Measurement, ...]] = {}
        self._every: tuple[Measurement, ...] = ()
        self._documents: dict[str, tuple[Measurement, ...]] = {}

    def series(self, indicator: str, *others: str) -> tuple[Measurement, ...]:
        """Return the figures that an indicator's results rest on: its own first, then those of others."""
        asked = " ".join(dict.fromkeys((indicator, *others)))
        if asked not in self._series:
            own = self._of(indicator)
            beside = (replace(each, own=False) for name in others for each in self.series(name))
            self._series[asked] = _once(chain(own, beside))
        return self._series[asked]

    def _of(self, indicator: str) -> Iterator[Measurement]:
        outcome, area = self._results.outcomes.get(indicator), self._results.params.area
        for series, own in _all_series(outcome):
            rows = series.observations.to_dict("records")
            yield from (self._made(row, used=bool(row["used"]), own=own) for row in rows)
        observed = outcome.observed if outcome is not None else None
        if observed is None:
            yield from self.said(indicator, area)
            return
        for name, place, _ in observed.support:
            plain = next((name.removesuffix(mark) for mark in _MARKS if name.endswith(mark)), name)
            yield from self.said(plain, place, used=True)
        for name in self._joint_with(indicator):
            yield from self.said(name, area, used=True)

    def _joint_with(self, indicator: str) -> Iterator[str]:
        """Yield the indicators that figures of this one carry too: they are forecast jointly."""
        area = self._results.params.area
        for name, outcome in self._results.outcomes.items():
            support = outcome.observed.support if outcome.observed is not None else ()
            if name != indicator and any((of, place) == (indicator, area) for of, place, _ in support):
                yield name

    def said(self, indicator: str, area: str, *, used: bool = False) -> tuple[Measurement, ...]:
        """Return all that was said of an indicator and area by the day."""
        if (indicator, area, used) not in self._said:
            rows = statements_in(self._known, [indicator], area).to_dict("records")
            self._said[indicator, area, used] = tuple(self._made(row, used=used, own=False) for row in rows)
        return self._said[indicator, area, used]

    def figure(self, indicator: str, area: str, period: str, value: Any = None) -> tuple[Measurement, ...]:
        """Return what was said of a period, of one value where it is known; those used first."""
        where = area or self._results.params.area
        found = [each for each in self._candidates(indicator, where) if each.period == period]
        same = [each for each in found if value is None or _same(each.value, value)]
        return tuple(sorted(same or found, key=lambda each: not each.used))

    def _candidates(self, indicator: str, area: str) -> Iterable[Measurement]:
        own = [each for each in self.series(indicator) if (each.indicator, each.area) == (indicator, area)]
        return own or self.said(indicator, area)

    def years(self, indicator: str, told: str = "") -> tuple[Measurement, ...]:
        """Return the figures that lead the years of a list such as 2018–2022, or all years with a figure."""
        outcome = self._results.outcomes.get(indicator)
        observed = outcome.observed if outcome is not None else None
        if observed is None:
            return ()
        spans = [(int(first), int(last or first)) for first, last in _SPAN.findall(told)]
        years = {year for first, last in spans for year in range(first, last + 1)}
        said = observed.observations
        leading = said["leads"] & said["year"].isin(years or observed.observed_years)
        chosen = set(said.loc[leading, "id"])
        return tuple(each for each in self.series(indicator) if each.id in chosen)

    def document(self, document: str, verdicts: Mapping[str, Mapping[Any, Any]]) -> tuple[Measurement, ...]:
        """Return the figures of all targets of a document; of all documents if it is blank."""
        if document not in self._documents:
            indicators = dict.fromkeys(
                row["indicator_id"] for row in verdicts.values() if document in ("", row["document"])
            )
            self._documents[document] = _once(each for name in indicators for each in self.series(name))
        return self._documents[document]

    def every(self) -> tuple[Measurement, ...]:
        """Return all that was said of any indicator and area by the day."""
        if not self._every:
            rows = self._project.statements.to_dict("records")
            self._every = tuple(self._made(row, used=False, own=False) for row in rows)
        return self._every

    def _made(self, row: Mapping[Any, Any], *, used: bool, own: bool) -> Measurement:
        page = self._pages.page(row["source_title"], row["source_url"], row["published"], row["cite_ok"])
        own_id = str(row["id"]) or f"{row['area']}.{row['indicator_id']}.{row['period']}"
        names = ("period", "freq", "unit", "kind", "bound", "through", "area")
        return Measurement(
            id=own_id,
            **{name: str(row[name]) for name in names},
            indicator=str(row["indicator_id"]), value=float(row["value"]), own=own, used=used, page=page,
            where=str(row["where"]) if is_office(row["source_url"]) else "",
        )  # fmt: skip


def _all_series(outcome: Outcome | None) -> Iterator[tuple[YearlySeries, bool]]:
    """Yield the series of an outcome, then those of what it is computed from."""
    if outcome is None or outcome.observed is None:
        return
    yield outcome.observed, True
    if isinstance(outcome, Forecast):
        for part in outcome.parts.values():
            yield from ((series, False) for series, _ in _all_series(part))


def _once(found: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Return each figure once, as it came first: those used before the others, own ones before those."""
    by_id: dict[str, Measurement] = {}
    for each in found:
        by_id.setdefault(each.id, each)
    return tuple(sorted(by_id.values(), key=lambda each: (not each.used, not each.own)))


def _same(one: float, other: Any) -> bool:
    return isinstance(other, int | float) and math.isclose(one, float(other), rel_tol=1e-9)


def is_known(value: Any) -> bool:
    """Return whether a cell holds anything."""
    return value is not None and value != "" and not pd.isna(value)
