"""Figures of the months of a running year, and what they leave to do."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...core import last_day, parse_period
from ...evidence import is_doubted
from ...pipeline import Project


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was published of the first months of a year.

    Attributes
    ----------
    row : pandas.Series
        The row of the evidence.
    month : int
        The last of its months.
    before : pandas.Series, optional
        The row of the same months of the year before.
    """

    row: pd.Series
    month: int
    before: pd.Series | None = None

    @property
    def growth(self) -> float | None:
        """The change against the same months of the year before, in percent."""
        if self.before is None or self.before["value"] <= 0:
            return None
        return float(100 * (self.row["value"] / self.before["value"] - 1))


def so_far(project: Project, indicator: str, area: str, year: int) -> SoFar | None:
    """Return the figure of most months of a year, and of those the one published last.

    Parameters
    ----------
    project : Project
        The tables, narrowed to a day.
    indicator, area : str
        Ids of `indicators.csv` and `areas.csv`.
    year : int
        The year.
    """
    known = _months(project, indicator, area, year)
    if known.empty:
        return None
    last = known.iloc[-1]
    before = _months(project, indicator, area, year - 1)
    before = before[before["month"] == last["month"]]
    return SoFar(last, int(last["month"]), None if before.empty else before.iloc[-1])


def _months(project: Project, indicator: str, area: str, year: int) -> pd.DataFrame:
    """Return the cumulative figures of a year by its last month, then by the day of their page."""
    rows = project.evidence
    mine = rows[(rows["indicator_id"] == indicator) & (rows["area"] == area) & (rows["definition"] == "")]
    mine = mine[mine["freq"].isin(["YTD", "M", "Q"]) & mine["period"].str.startswith(str(year))]
    mine = mine[~is_doubted(mine)]
    spans = [parse_period(period, freq) for period, freq in zip(mine["period"], mine["freq"], strict=True)]
    mine = mine.assign(
        first=[span.start.month for span in spans],
        month=[span.end.month for span in spans],
        day=[last_day(text).isoformat() if text else "" for text in mine["published"]],
    )
    found: pd.DataFrame = mine[mine["first"] == 1].sort_values(["month", "day"], kind="stable")
    return found


def left_a_month(goal: float, done: float, month: int) -> float | None:
    """Return what each month that is left must bring; None where the goal is reached or no month is left.

    Examples
    --------
    >>> left_a_month(3_500_000, 500_000, 2), left_a_month(100, 120, 6)
    (300000.0, None)
    """
    return (goal - done) / (12 - month) if done < goal and month < 12 else None
