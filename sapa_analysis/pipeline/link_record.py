"""What no link reaches, and what is known of it beside the quantity that would move it."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from ..core import Params, YearlySeries, parse_formula, years_of
from .area import build_area
from .project import Project

#: Bases of a year with a figure of its own, which says something of that year alone.
_OWN = ("year", "year_estimate", "part_year")
_COLUMNS = ["indicator_id", "of", "n_own", "area", "start", "end", "of_ratio", "to_ratio"]


def unlinked_record(project: Project, params: Params) -> pd.DataFrame:
    """Return the core indicators that no link of the area reaches, and how they moved beside what is linked.

    Parameters
    ----------
    project, params
        As in `assess_indicator`; `params.links` says what is linked.

    Returns
    -------
    pandas.DataFrame
        One row per indicator and step: indicator_id, of (the quantity that a scenario moves), n_own (years
        with a figure of the area itself), then the area whose figures are compared, the nearest one that has
        two years with a figure of both, start and end of the step, and by how much each moved, as a ratio.
        One row with a blank area where no area has; none where no link is set for the area.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, unlinked_record
    >>> project, params = open_project(as_of="2023-06-30")
    >>> record = unlinked_record(project, params.with_values(n_paths=100))
    >>> record[["indicator_id", "n_own", "area", "start", "end", "of_ratio", "to_ratio"]].round(2)
               indicator_id  n_own     area  start   end  of_ratio  to_ratio
    0  state_budget_revenue      0  lao_cai   2017  2018      1.32      1.14
    1  state_budget_revenue      0  lao_cai   2018  2019      1.51      1.10
    2  state_budget_revenue      0  lao_cai   2019  2022      0.85      1.13
    """
    links = [link for link in params.links if link.area in ("", params.area)]
    linked = {name for link in links for name in (link.of, link.to)}
    reached = _reached(project.indicators, linked)
    left = [name for name in params.core if name not in reached]
    built = build_area(project, params) if links and left else {}
    rows = [
        row
        for name in left
        for of in dict.fromkeys(link.of for link in links)
        for row in _steps(built, params.area, of, name)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _reached(indicators: pd.DataFrame, linked: set[str]) -> set[str]:
    """Return all that moves with what is linked: what it is computed from, and what is computed from it."""
    parts = {
        str(name): set(parse_formula(text).names) for name, text in indicators["formula"].items() if text
    }
    levels = {str(name): str(level) for name, level in indicators["growth_of"].items() if level}
    found = set(linked)
    for _ in range(len(indicators)):
        more = found | {part for name in found for part in parts.get(name, ())}
        more |= {name for name, of in parts.items() if of & more}
        more |= {name for name, level in levels.items() if level in more}
        more |= {level for name, level in levels.items() if name in more}
        if more == found:
            break
        found = more
    return found


def _steps(
    built: dict[str, dict[str, YearlySeries]], area: str, of: str, name: str
) -> list[tuple[object, ...]]:
    """Return the steps of the nearest area that has figures of both in the same years."""
    own = built.get(area, {}).get(name)
    n_own = len(_known(own)) if own is not None else 0
    for where, series in reversed(built.items()):
        both = [_known(series[each]) for each in (of, name) if each in series]
        years = sorted(set.intersection(*(set(each.index) for each in both))) if len(both) == 2 else []
        if len(years) > 1:
            return [
                (name, of, n_own, where, start, end, *(each[end] / each[start] for each in both))
                for start, end in pairwise(years)
            ]
    return [(name, of, n_own, "", pd.NA, pd.NA, float("nan"), float("nan"))]


def _known(series: YearlySeries) -> pd.Series:
    """Return the estimates of the years with a figure of their own, by year."""
    table = series.table[series.table["basis"].isin(_OWN)]
    return pd.Series(table["estimate"].to_numpy(), [int(year) for year in years_of(table)], dtype=float)
