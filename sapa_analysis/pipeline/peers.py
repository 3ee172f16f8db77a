"""An area beside the places of the reference class: the share of a normal year that each year reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..core import Outcome, YearlySeries
from ..evidence import reference_years
from .project import Project

#: The last year before the pandemic, to which shares are taken, and the years that are shown.
_BASE, _FIRST, _LAST = 2019, 2018, 2025
#: A running count of at least this share of a normal year stands for the year, as a lower bound.
_NEARLY_WHOLE = 0.9
_COLUMNS = ["place", "name_vi", "name_en", "own", "counting", "year", "value", "base", "base_year", "share",
            "bound", "estimate", "derived", "published", "source_url"]  # fmt: skip


def peer_shares(project: Project, outcome: Outcome) -> pd.DataFrame:
    """Return what percentage of its 2019 level an area and each place of the reference class reached.

    Only whole years of one place on one counting are compared: no share goes across a break.

    Parameters
    ----------
    project : Project
        The tables; the reference class is narrowed to the day of the outcome.
    outcome : Forecast or NotAssessed
        Of the area; its series has the day, the area and the indicator.

    Returns
    -------
    pandas.DataFrame
        One row per place and year, 2018 to 2025, 2019 among them, the area first: place, name_vi, name_en,
        own (true for the area), counting, year, value, base (the figure of 2019, in the unit, as value is),
        base_year, share (percent), bound (of the share: exact, over, under, about), estimate and derived
        (true where one of the two figures is), published and source_url of the year's figure. Empty where no
        other place has a figure of the indicator; peers only where the area has no figure of 2019.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project, peer_shares
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = assess_indicator(project, params.with_values(n_paths=100), "tourist_arrivals")
    >>> shares = peer_shares(project, visits).query("year == 2022").set_index("place")
    >>> shares.loc[["sa_pa", "phu_quoc", "ninh_binh"], ["share", "bound"]].round(1).to_numpy().tolist()
    [[69.4, 'over'], [99.9, 'exact'], [48.7, 'about']]
    """
    observed = outcome.observed
    tables = [] if observed is None else [*_of_peers(project, observed)]
    if observed is None or not tables:
        return pd.DataFrame(columns=_COLUMNS)
    names = project.areas.loc[observed.area]
    own = pd.DataFrame(figures_of_area(observed)).assign(place=observed.area, own=True)
    own = own.assign(name_vi=names["name_vi"], name_en=names["name_en"])
    return pd.concat([*_shares(own), *tables], ignore_index=True)[_COLUMNS]


def _of_peers(project: Project, observed: YearlySeries) -> Iterator[pd.DataFrame]:
    known = project.as_of(observed.as_of).reference
    years = reference_years(known[known["indicator_id"] == observed.indicator_id])
    for _, rows in years.assign(own=False).groupby(["place", "counting", "series"]):
        yield from _shares(rows)


def figures_of_area(observed: YearlySeries) -> Iterator[dict[str, Any]]:
    """Yield the printed figure that leads each year, if it is of the whole year, or all but a few weeks."""
    for year in observed.observed_years:
        figure = observed.figure(year)
        if figure is None or figure["area"] != observed.area:
            continue
        part = figure["basis"] == "part_year"
        if not part or figure["share"] >= _NEARLY_WHOLE:
            bound = "over" if part else figure["bound"]
            named = {name: figure[name] for name in ("value", "kind", "published", "source_url")}
            yield {**named, "bound": bound, "year": year, "counting": "", "derived": False}


def _shares(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the shares of one quantity, if it has a figure of the base year and one of another year."""
    shown = rows[rows["year"].between(_FIRST, _LAST)] if len(rows) else rows
    base = shown[shown["year"] == _BASE] if len(shown) else shown
    if len(shown) > 1 and len(base) and base.iloc[0]["value"] > 0:
        first = base.iloc[0]
        of_year = [_compared(row, first) for row in shown.to_dict("records")]
        yield shown.assign(
            base=first["value"], base_year=_BASE, share=100 * shown["value"] / first["value"]
        ).assign(**pd.DataFrame(of_year, shown.index))


def _compared(row: dict[Any, Any], base: pd.Series) -> dict[str, Any]:
    """Return how sure a share is: 2019 against itself is exact."""
    if row["year"] == base["year"]:
        return {"bound": "exact", "estimate": False, "derived": False}
    return {
        "bound": _bound(str(row["bound"]), str(base["bound"])),
        "estimate": "estimate" in (row["kind"], base["kind"]),
        "derived": bool(row["derived"] or base["derived"]),
    }


def _bound(above: str, below: str) -> str:
    """Return the bound of a ratio of two numbers."""
    turned = {"over": "under", "under": "over"}.get(below, below)
    if "exact" in (above, turned):
        return turned if above == "exact" else above
    return above if above == turned else "about"
