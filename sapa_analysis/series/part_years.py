"""Parts of years: how unlike a profile of the months a place is, and what follows in a recovering year.

A place's months differ from those of a profile that is not its own. How much, was learned on other places,
and counts as two years of the place's own parts of normal years, as known on the day.

The rest of a recovering year lies above the months seen, by more the deeper the gap. With y0 the figure of
the last normal year, s the share of a normal year in the months seen, and x the logarithm of those months
over s y0, the year is y = y0 (s e^x + (1 - s) e^(x + d)). So the months seen are s / (s + (1 - s) e^d) of it,
and d = slope times the gap -x. The slope was learned on residents' visits to 37 provinces of Thailand in 2022
and 2023 (benchmarks/learn_part_years.py): one country stands behind it.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from ..core import Array, run_around, shipped_table


def part_year_table() -> pd.DataFrame:
    """Return what was learned about parts of years on months of other places, in one row.

    Returns
    -------
    pandas.DataFrame
        `slope`: by how much the rest of a recovering year lies above the months seen (a difference of
        logarithms), per unit of the gap. `spread`: how unlike the months of a place are to a profile that is
        not its own, as the log error of a share of the year per unit of the year that is missing. `years`:
        so many years of a place's own parts of years does that spread count as.

    Examples
    --------
    >>> from sapa_analysis.series.part_years import part_year_table
    >>> part_year_table()
       slope  spread  years
    0   0.27    0.21      2
    """
    return shipped_table("series", "part_years.csv")


def lift_share(share: Array | float, later: Array | float) -> Array:
    """Return the share of a year in the months seen, when the rest of it lies above them.

    Parameters
    ----------
    share : array of float
        The share of those months in a normal year, 0 to 1.
    later : array of float
        By how much the rest lies above a normal year's rest, given the months seen: a difference of logs.

    Examples
    --------
    Half of a normal year, seen at half of its level (a gap of log 2), is 45 percent of a recovering one.

    >>> import numpy as np
    >>> from sapa_analysis.series.part_years import lift_share, part_year_table
    >>> later = part_year_table()["slope"].item() * np.log(2)
    >>> round(float(later), 3), round(float(lift_share(0.5, later)), 3)
    (0.187, 0.453)
    """
    share = np.asarray(share, dtype=float)
    return np.asarray(share / (share + (1 - share) * np.exp(later)))


def spread_of_parts(read: pd.DataFrame, best: pd.DataFrame, shock_years: Collection[int]) -> float:
    """Return how unlike a series is to the profile, from its own normal years as far as known.

    Each year in which a part and the whole are known, shock years and recovering ones aside, gives the square
    by which the part missed the whole, beyond the errors of both figures, per square of the part of the year
    that was missing.

    Parameters
    ----------
    read : pandas.DataFrame
        Figures of a flow on the log scale, scaled by a normal year (`read_statements`).
    best : pandas.DataFrame
        The best figure of each year and its label (`best_per_year`).
    shock_years : collection of int
        Years that are not normal.
    """
    learned = part_year_table().iloc[0]
    shocks, level = set(shock_years), best["best"]
    normal = [year not in shocks and _normal_year(year, level, shocks) is None for year in best.index]
    whole = best[np.array(normal, dtype=bool) & best["basis"].ne("part_year")]
    parts = read[(read["basis"] == "part_year") & read["year"].isin(whole.index)]
    if parts.empty:
        return float(learned["spread"])
    lead, year = read.loc[whole["label"]].set_index("year"), parts["year"]
    wholes = read[read["basis"] == "year"]
    disputed = ((wholes["reading"] - wholes["year"].map(lead["reading"])) ** 2).groupby(wholes["year"]).mean()
    missing = (1 - parts["share"]) ** 2
    of_figures = parts["sd"] ** 2 - learned["spread"] ** 2 * missing + year.map(lead["sd"]) ** 2
    beyond = (parts["reading"] - year.map(lead["reading"])) ** 2 - of_figures - year.map(disputed)
    by_year = pd.DataFrame({"beyond": beyond, "missing": missing}).groupby(year).sum()
    own = (by_year["beyond"] / by_year["missing"])[by_year["missing"] > 0].clip(lower=0)
    total = learned["years"] * learned["spread"] ** 2 + own.sum()
    return float(np.sqrt(total / (learned["years"] + len(own))))


def growth_of_the_rest(read: pd.DataFrame, best: pd.Series, shock_years: Collection[int]) -> pd.Series:
    """Return by how much the rest of its year lies above each part-year figure; 0 where it does not.

    Parameters
    ----------
    read : pandas.DataFrame
        Figures of a flow on the log scale, scaled by a normal year (`read_statements`).
    best : pandas.Series
        The best figure of each year (`best_per_year`).
    shock_years : collection of int
        Years that are not normal. The line counts in the last year of a run of them, the reopening, and
        afterwards until a year has reached the level of the last year before the run; not in the first year
        of a run, in which the break falls, nor between: there it fails.

    Returns
    -------
    pandas.Series
        A difference of logarithms, zero or more.
    """
    slope = float(part_year_table()["slope"].item())
    later = []
    for basis, year, implied in zip(read["basis"], read["year"], read["implied"], strict=True):
        normal = _normal_year(int(year), best, shock_years) if basis == "part_year" else None
        later.append(0.0 if normal is None else slope * max(float(np.log(normal / implied)), 0.0))
    return pd.Series(later, index=read.index, dtype=float)


def _normal_year(year: int, best: pd.Series, shock_years: Collection[int]) -> float | None:
    """Return the figure of the last normal year, if the given year still recovers from a break after it."""
    shocks = set(shock_years)
    if year in shocks and (year + 1 in shocks or year - 1 not in shocks):
        return None
    last = max((shock for shock in shocks if shock <= year), default=None)
    if last is None:
        return None
    before = run_around(last, shocks)[0] - 1
    if before not in best.index:
        return None
    normal = float(best[before])
    return None if (best[(best.index >= last) & (best.index < year)] >= normal).any() else normal
