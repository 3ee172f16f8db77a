"""The year in progress: drawn apart from the forecast, as a box in a strip of its own, before the fan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...core import Forecast, Outcome, YearlySeries, years_of
from ..language import texts
from .beside import Label, Place
from .style import BLUE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Shade of the strip, and half the width of a year.
STRIP, _HALF = "#efede6", 0.5
#: Where the words of the strip stand first: just below its upper end.
_ON_TOP: tuple[Place, ...] = tuple(
    (across, side, -down, "top")
    for down in (2.0, 12.0)
    for across, side in ((0.0, "center"), (6.0, "right"), (-6.0, "left"))
)
#: Width of the box, in years, and at least as a share of the axes.
_BOX, _LEAST = 0.34, 0.014
#: Percent of the paths in the box, and between the ends of its whisker.
INNER, OUTER = 50, 80
#: Colour of the words on the strip.
STRIP_INK = "#555555"


def running_year(observed: YearlySeries | None) -> int | None:
    """Return the year in progress on the day of a series; None where the series tells no day."""
    return None if observed is None or observed.as_of is None else observed.ended + 1


def shows_running(outcome: Outcome) -> bool:
    """Return whether the pictures of an outcome draw the year in progress apart."""
    if not isinstance(outcome, Forecast) or outcome.observed.plan_level is not None:
        return False
    return running_year(outcome.observed) in years_of(outcome.paths)


def split_fan(fan: pd.DataFrame, running: int | None) -> list[pd.DataFrame]:
    """Return the parts of a fan outside the strip of the year in progress: before and after it.

    `fan` has years as its index, the first of them that from which the fan opens. Without a year in progress
    among the others the fan is whole.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting.figures.running import split_fan
    >>> fan = pd.DataFrame({"upper_80": [10.0, 12, 16, 18]}, index=[2022, 2023, 2024, 2025])
    >>> [part["upper_80"].to_dict() for part in split_fan(fan, 2023)]
    [{2023.5: 14.0, 2024.0: 16.0, 2025.0: 18.0}]
    """
    fan = fan.set_axis(fan.index.astype(float))
    years = fan.index.to_numpy()
    if running is None or running not in years[1:]:
        return [fan]
    before, after = fan[years < running], fan[years > running]
    parts = []
    if len(before) > 1:
        parts.append(pd.concat([before, _between(fan, running - _HALF)]))
    if len(after):
        parts.append(pd.concat([_between(fan, running + _HALF), after]))
    return parts


def _between(fan: pd.DataFrame, at: float) -> pd.DataFrame:
    values = {name: float(np.interp(at, fan.index, fan[name])) for name in fan}
    return pd.DataFrame(values, index=[at])


def draw_strip(ax: Axes, running: int) -> None:
    """Shade the year in progress."""
    ax.axvspan(running - _HALF, running + _HALF, color=STRIP, linewidth=0, zorder=0).set_gid("running")


def draw_box(ax: Axes, running: int, row: pd.Series, *, color: str = BLUE, size: float = 1.0) -> None:
    """Draw median, 50 % (box), 80 % (whisker) and 95 % (dotted, if `row` has it) of the year in progress."""
    from matplotlib.patches import Rectangle

    width = min(max(_BOX, _LEAST * float(np.ptp(ax.get_xlim()))), 2 * _HALF)
    left, right = running - width / 2, running + width / 2
    if "lower_95" in row:
        ax.vlines(running, row["lower_95"], row["upper_95"], color=color, linewidth=0.8 * size, linestyle=":",
                  zorder=3.7)  # fmt: skip
    ax.vlines(running, row["lower_80"], row["upper_80"], color=color, linewidth=1.3 * size, zorder=3.8)
    for name in ("lower_80", "upper_80"):
        ax.plot([running], [row[name]], "_", color=color, markersize=7 * size, markeredgewidth=1.3 * size,
                zorder=3.8)  # fmt: skip
    low, high = row["lower_50"], row["upper_50"]
    box = Rectangle((left, low), right - left, high - low, facecolor="white", edgecolor=color,
                    linewidth=1.3 * size, zorder=4.2)  # fmt: skip
    box.set_gid("running box")
    ax.add_patch(box)
    [line] = ax.plot([left, right], [row["median"]] * 2, color=color, linewidth=2.2 * size, zorder=4.3)
    line.set_gid("running median")


def box_key(observed: YearlySeries, running: int, lang: str) -> tuple[Any, str]:
    """Return the sign and the words of the box for the legend: nowcast, or nothing known of the year yet."""
    from matplotlib.lines import Line2D

    whisker = Line2D([], [], linestyle="none", marker="|", markersize=13, color=BLUE, markeredgewidth=1.3)
    box = Line2D([], [], linestyle="none", marker="s", markersize=7, color=BLUE, markerfacecolor="white",
                 markeredgewidth=1.3)  # fmt: skip
    word = "nowcast" if observed.running is not None else "not_seen"
    form = str(texts(lang)["picture_marks"][word])
    return (whisker, box), form.format(year=running, inner=INNER, level=OUTER)


def strip_label(ax: Axes, running: int, lang: str, *, short: bool = False, size: float = 8.0) -> Label:
    """Return what is written on the strip, at its upper end; `short` is without the year."""
    form = str(texts(lang)["picture_marks"]["in_progress_short" if short else "in_progress"])
    at = (float(running), float(ax.get_ylim()[1]))
    return Label(form.format(year=running), at, STRIP_INK, size, bold=False, first=_ON_TOP, lead=False)
