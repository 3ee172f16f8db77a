"""Tables of what a series makes of its figures, for print: where they disagree, and how each weighs."""

from __future__ import annotations

import pandas as pd

from ...core import YearlySeries, printable
from ..language import chance_shown, number, quantity, texts
from ..office import end_sign
from ..published import figure_printed
from .evidence import period_cell, source_cell


def conflicts_table(
    conflicts: pd.DataFrame,
    indicator: pd.Series,
    *,
    observed: YearlySeries | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the years in which figures disagree as a table for print.

    Parameters
    ----------
    conflicts : pandas.DataFrame
        As `series.find_conflicts` returns them; it may be empty.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    observed : YearlySeries, optional
        Their series: by it the pages of the lowest and highest figure are named, and one that only the
        office gives has its sign.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import build_area, open_project
    >>> from sapa_analysis.reporting import conflicts_table
    >>> from sapa_analysis.series import find_conflicts
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = build_area(project, params.with_values(n_paths=100))["sa_pa"]["tourist_arrivals"]
    >>> table = conflicts_table(find_conflicts(visits), project.indicators.loc["tourist_arrivals"], lang="en")
    >>> table[["Year", "Lowest", "Highest", "Difference"]]
       Year              Lowest             Highest Difference
    0  2019  3.2 million visits  3.5 million visits       9.4%
    """
    heads, words = texts(lang)["evidence"]["columns"], texts(lang)["evidence_page"]
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    rows = []
    for row in conflicts.to_dict("records"):
        cells = {heads["year"]: row["year"]}
        for end in ("lowest", "highest"):
            cells[heads[end]] = quantity(row[end], unit, decimals, lang)
            if observed is not None:
                cells[heads[end]] += end_sign(observed, row["year"], row[end])
                cells[words[end]] = _page_of(observed, row["year"], row[end], lang)
        cells[heads["used"]] = quantity(row["used"], unit, decimals, lang)
        cells[heads["difference"]] = quantity(row["difference"], row["difference_unit"], 1, lang)
        rows.append(cells)
    return pd.DataFrame(rows)


def _page_of(observed: YearlySeries, year: int, value: float, lang: str) -> str:
    """Return the page that gives a figure of a whole year: the earliest of the best grade."""
    seen = observed.observations
    same = seen[(seen["year"] == year) & (seen["value"] == value)]
    if same.empty or "source_title" not in same:
        return ""
    return printable(source_cell(same.sort_values("grade", kind="stable").iloc[0].to_dict(), lang))


def weights_table(observations: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi") -> pd.DataFrame:
    """Return the weight and residual of each statement in the series as a table for print.

    Parameters
    ----------
    observations : pandas.DataFrame
        As in `YearlySeries`.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project
    >>> from sapa_analysis.reporting import weights_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> cover = assess_indicator(project, params.with_values(n_paths=100), "forest_cover").observed
    >>> table = weights_table(cover.observations, project.indicators.loc["forest_cover"], lang="en")
    >>> table[["Period", "Value", "Grade", "Weight", "Chance to be wrong"]]
      Period   Value Grade Weight Chance to be wrong
    0   2022  66.53%     A   1.00                 8%
    """
    heads, own = texts(lang)["evidence"]["columns"], texts(lang)["table"]
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    used = observations[observations["used"]].sort_values(["year", "period"], kind="stable")
    rows = [
        {
            own["period"]: period_cell(row, lang),
            own["value"]: figure_printed(row["value"], str(row["unit"]), lang, bound=str(row["bound"])),
            own["grade"]: row["grade"],
            heads["implied"]: quantity(row["implied"], unit, decimals, lang) if row["basis"] else "",
            heads["weight"]: number(row["weight"], 2, lang),
            heads["residual"]: number(row["residual"], 1, lang),
            heads["wrong"]: chance_shown(row["wrong"], lang),
        }
        for row in used.to_dict("records")
    ]
    return pd.DataFrame(rows)
