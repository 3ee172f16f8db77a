"""The figure that a reader sees beside a target: what was printed, never what was made of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from ..core import Target, YearlySeries, days_of, last_year_ended, parse_period, row_of, years_of
from ..evidence import is_doubted

#: A part of a year is read as a whole one on a page only from this many days on (six months).
_LEAST_DAYS = 181
#: A figure that is more likely wrong than not is doubted.
_DOUBTED = 0.5
#: Columns of a verdict that are blank where nothing was published.
_TEXTS = {
    "latest_period": "period", "latest_freq": "freq", "latest_through": "through", "latest_bound": "bound",
    "latest_kind": "kind", "latest_source": "source_title", "latest_url": "source_url",
    "latest_published": "published", "latest_cite_ok": "cite_ok",
}  # fmt: skip
_NUMBERS = ("latest_year", "latest", "whole_year")


def latest_figure(observed: YearlySeries | None, *, by: int | None = None) -> dict[str, Any]:
    """Return the published figure of the last ended year that has one, as it was printed.

    Parameters
    ----------
    observed : YearlySeries or None
        The series.
    by : int, optional
        The last year that counts; if no year up to it has a figure, that of the last year of all is returned.

    Returns
    -------
    dict
        The columns `latest...` and `whole_year` of `core.Verdicts`; blank where nothing was published.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project
    >>> from sapa_analysis.verdicts import latest_figure
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = assess_indicator(project, params.with_values(n_paths=100), "tourist_arrivals").observed
    >>> found = latest_figure(visits)
    >>> found["latest"], found["latest_period"], found["latest_through"]
    (2430000.0, '2022-01/2022-12', '2022-12-23')
    """
    nothing = dict.fromkeys(_NUMBERS) | dict.fromkeys([*_TEXTS, "latest_basis", "latest_doubt"], "")
    years = [] if observed is None else _years_with_a_figure(observed)
    if observed is None or not years:
        return nothing
    year = max((year for year in years if by is None or year <= by), default=years[-1])
    said = observed.figure(year)
    if (
        said is not None and year not in observed.observed_years
    ):  # what is not in the table was not converted either
        return nothing | _as_printed(said, _basis_of(said), observed)
    row = row_of(observed.table, year)
    own = nothing | {"latest_year": year, "latest_basis": str(row["basis"])}
    if said is None:  # bare numbers are figures; a value that others imply was never printed
        bare = observed.observations.empty and row["basis"] != "implied"
        return own | {"latest": float(row["best"]) if bare else None}
    found = nothing | _as_printed(said, str(row["basis"]), observed)
    return found | ({"whole_year": float(row["best"])} if _most_of_a_year(said) else {})


def _years_with_a_figure(observed: YearlySeries) -> list[int]:
    """Return the ended years that a figure of its own leads, also those that its yearly table does not hold.

    The table of a joint series begins and ends with what bears on it there: the day may know more.
    """
    seen = observed.observations
    if seen.empty:
        return observed.observed_years
    own = (seen["indicator_id"].to_numpy() == observed.indicator_id) & (
        seen["area"].to_numpy() == observed.area
    )
    led = seen["year"].to_numpy()[own & (seen["used"] & seen["leads"]).to_numpy(dtype=bool)]
    ended = last_year_ended(observed.as_of) if observed.as_of else observed.origin
    return sorted({*observed.observed_years, *(int(year) for year in led if year <= ended)})


def _basis_of(said: pd.Series) -> str:
    if said["basis"] == "part_year":
        return "part_year"
    return "year_estimate" if said["kind"] == "estimate" else "year"


def published_figure(target: Target, observed: YearlySeries | None) -> dict[str, Any]:
    """Return what was published for a target: the figure as printed, and what follows from it at once.

    Of a target for a term it is the figure of that term, if one was published, also one that is doubted; of
    any other that of the year due, also a doubted one where no other is known. Else it is that of the last
    year up to the year due with a figure; if there is none, of the last year at all.

    Returns
    -------
    dict
        The columns `latest...`, `whole_year`, `n_years`, `gap` and `completion` of `core.Verdicts`.
    """
    empty = {"gap": None, "completion": None, "n_years": len(observed.observed_years) if observed else 0}
    said = None if observed is None else _of_term(target, observed)
    if said is not None and observed is not None:
        found = latest_figure(None) | _as_printed(said, "term", observed)
        return found | empty | {"gap": float(said["value"]) - target.value}
    doubted = None if observed is None else _doubted_of_year(target, observed)
    if doubted is not None and observed is not None:
        return latest_figure(None) | _as_printed(doubted, _basis_of(doubted), observed) | empty
    found = latest_figure(observed, by=target.end)
    return found | empty | (_against_goal(target, observed, found) if observed else {})


def _of_term(target: Target, observed: YearlySeries) -> pd.Series | None:
    if not target.measure.startswith("term") or observed.observations.empty:
        return None
    seen = observed.observations
    own = (seen["freq"] == "TERM") & (seen["indicator_id"] == observed.indicator_id)
    doubted = is_doubted(seen)
    fits = own & (seen["first"] == target.start) & (seen["year"] == target.end)
    said = seen[fits & ((seen["form"] != "none") | doubted)]
    said = said.sort_values("published", key=days_of, kind="stable")
    firm = said[~doubted[said.index]]
    return None if said.empty else (said if firm.empty else firm).iloc[-1]


def _doubted_of_year(target: Target, observed: YearlySeries) -> pd.Series | None:
    """Return the doubted figure of the whole year due, where that is all that was published of the year."""
    own_scale = target.measure == "level" or (target.measure == "growth" and observed.scale == "growth")
    if not own_scale or observed.observations.empty or observed.figure(target.end) is not None:
        return None
    seen = observed.observations
    own = (seen["indicator_id"] == observed.indicator_id) & (seen["area"] == observed.area)
    said = seen[own & (seen["freq"] == "A") & (seen["year"] == target.end) & is_doubted(seen)]
    return None if said.empty else said.sort_values("published", key=days_of, kind="stable").iloc[-1]


def _as_printed(said: pd.Series, basis: str, observed: YearlySeries) -> dict[str, Any]:
    """Return a figure as it was printed, with the first page that printed it so."""
    seen = observed.observations
    same = np.ones(len(seen), dtype=bool)
    for name in ("indicator_id", "area", "period", "freq", "value", "bound"):
        same &= np.asarray(seen[name].to_numpy() == said[name])
    days = days_of(seen["published"]).tolist()
    said = seen.iloc[min(np.flatnonzero(same), key=days.__getitem__)]
    return {
        "latest_year": int(said["year"]),
        "latest": float(said["value"]),
        "latest_basis": basis,
        "latest_doubt": _doubt(said, observed),
        **{new: str(said[old]) for new, old in _TEXTS.items()},
    }


def _doubt(said: pd.Series, observed: YearlySeries) -> str:
    """Return why a figure is doubted: a correction says so, others contradict it, or it repeats a year's."""
    if said.get("doubt_en"):
        return "not_fitted"
    if pd.notna(said["wrong"]) and said["wrong"] > _DOUBTED:
        return "contradicted"
    if said["freq"] == "TERM":
        seen = observed.observations
        within = (seen["freq"] == "A") & seen["year"].between(said["first"], said["year"])
        if (within & (seen["value"] == said["value"])).any():
            return "repeats_a_year"
    return ""


def _most_of_a_year(said: pd.Series) -> bool:
    if said["basis"] != "part_year" or said["share"] == 1:
        return False
    span = parse_period(str(said["period"]), str(said["freq"]))
    end = date.fromisoformat(str(said["through"])) if said["through"] else span.end
    return end - span.start + timedelta(days=1) >= timedelta(days=_LEAST_DAYS)


def _against_goal(target: Target, observed: YearlySeries, found: dict[str, Any]) -> dict[str, Any]:
    """Return gap and completion of a figure that speaks of a whole year, or of a stock on a day."""
    if found["latest"] is None or found["latest_year"] > target.end:
        return {}
    said = observed.figure(found["latest_year"])
    if found["latest_basis"] not in ("year", "year_estimate") and (said is None or said["share"] != 1):
        return {}
    if target.measure == "term_total":
        return {"completion": _of_total(target, observed)}
    if not (target.measure == "level" or (target.measure == "growth" and observed.scale == "growth")):
        return {}
    stands = {"gap": found["latest"] - target.value}
    if target.value <= 0 or target.sense in ("about", "between"):
        return stands
    share = found["latest"] / target.value
    fewer = target.sense in ("less_than", "at_most")
    return stands | {"completion": max(0.0, 2 - share) if fewer else share}


def _of_total(target: Target, observed: YearlySeries) -> float | None:
    """Return the share of a term's total that the years of the term with a whole-year figure make up."""
    if target.value <= 0:
        return None
    whole = observed.table[observed.table["basis"].isin(["year", "year_estimate"])]
    term = (years_of(whole) >= (target.start or 0)) & (years_of(whole) <= target.end)
    return float(whole.loc[term, "best"].sum()) / target.value if term.any() else None
