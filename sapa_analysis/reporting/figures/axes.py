"""Common elements of figures with a time axis: history, goals, axes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...core import YearlySeries, row_of, term_years, years_of
from ...evidence import is_office
from ..goals import goal
from ..language import (
    document_name,
    indicator_name,
    number,
    texts,
)
from ..office import instead
from ..tagged_numbers import plain
from .style import BLUE, GOAL, GREY, frame, own_of, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKS = {"year": "o", "year_estimate": "o", "part_year": "D"}


#: Minimum number of years that a figure spans, so that its labels have room.
LEAST_YEARS = 6
#: Decimals of the labels of an axis, at most; more than one only where two ticks would read the same.
_MOST_DECIMALS = 4
#: Width of the label of a target, as a share of the years shown.
_LABEL_WIDTH = 0.4


def dense_since(observed: YearlySeries, *, also: Iterable[int] = ()) -> int:
    """Return the year from which gaps between figures are at most three years; `also` years count too."""
    terms: list[str] = (
        observed.observations.query("freq == 'TERM'")["period"].tolist() if observed.scale == "growth" else []
    )
    years = sorted({*observed.observed_years, *also, *(year for term in terms for year in term_years(term))})
    years = [year for year in years if year <= observed.origin] or [observed.origin]
    first = years[-1]
    for earlier, later in zip(years[-2::-1], years[:0:-1], strict=True):
        if later - earlier > 3:
            break
        first = earlier
    return first


def draw_history(
    ax: Axes, observed: YearlySeries, factor: float, first: int, lang: str, *, filled: bool = True
) -> None:
    """Draw the yearly values with 80 % error bars; estimated years between them are a dashed line."""
    table = observed.table.loc[str(first) :]
    years, values = years_of(table), table["estimate"].to_numpy() / factor
    own = table["basis"].isin(_MARKS).to_numpy()
    if filled:
        ax.plot(years, values, color=BLUE, linewidth=1.0, linestyle=(0, (3, 2)), alpha=0.55)
    joined = np.where(own, values, np.nan)
    ax.plot(years, joined, color=BLUE, linewidth=1.6)
    band = table[["lower_80", "upper_80"]].to_numpy() / factor
    for basis, mark in _MARKS.items():
        at = (table["basis"] == basis).to_numpy()
        if not at.any():
            continue
        error = np.abs(band[at].T - values[at])
        ax.errorbar(
            years[at],
            values[at],
            yerr=error,
            fmt=mark,
            color=BLUE,
            markersize=6,
            elinewidth=1,
            capsize=2.5,
            markerfacecolor=BLUE if basis == "year" else "white",
            label=texts(lang)["bases"][basis],
            zorder=4,
        )
    _draw_others(ax, observed, factor, first, lang)
    _frame_own(ax, observed, factor, first, lang)


def _frame_own(ax: Axes, observed: YearlySeries, factor: float, first: int, lang: str) -> None:
    """Frame the years whose figure is the office's, and name the frame."""
    figures = [(year, observed.figure(year)) for year in observed.observed_years if year >= first]
    years = [year for year, said in figures if said is not None and is_office(said.get("source_url", ""))]
    if years:
        heights = [row_of(observed.table, year)["estimate"] / factor for year in years]
        frame(ax, years, heights, 5.0, label=str(texts(lang)["office"]["names"]))


def _draw_others(ax: Axes, observed: YearlySeries, factor: float, first: int, lang: str) -> None:
    seen = observed.observations
    if seen.empty:  # a plain series has its values only
        return
    whole = seen[(seen["basis"] == "year") & seen["year"].between(first, observed.origin)]
    others = whole[whole["year"].duplicated(keep=False)]
    if len(others):
        ax.plot(
            others["year"],
            others["implied"] / factor,
            "x",
            color=GREY,
            markersize=6,
            zorder=3,
            label=instead("others", texts(lang)["figure"]["others"], lang, own=bool(own_of(others).any())),
        )
    expected = observed.expected
    if len(expected):
        ax.plot(
            years_of(expected),
            expected["value"].to_numpy() / factor,
            "s",
            color=GREY,
            markersize=6,
            markerfacecolor="white",
            zorder=5,
            label=texts(lang)["figure"]["expected"],
        )


def draw_targets(ax: Axes, targets: pd.DataFrame, decimals: int, factor: float, lang: str) -> None:
    """Mark each target at its year, or over its term, with document and goal in words.

    The words stand above left of the mark; near the left end of the axis, below right of it.
    """
    room = 0.09 * float(np.ptp(ax.get_ylim()))
    last = max(ax.dataLim.x1, targets["end"].max()) if len(targets) else 0.0
    first = min(ax.dataLim.x0, last - LEAST_YEARS)
    written: dict[bool, list[float]] = {True: [], False: []}
    for _, target in targets.sort_values(["end", "value"], ascending=False).iterrows():
        value, end = target["value"] / factor, int(target["end"])
        near = end - first < _LABEL_WIDTH * (last - first)  # no room for the label on the left of its mark
        crowd = sum(abs(value - other) < room for other in written[near])
        written[near].append(value)
        label = plain(f"{document_name(target['document'], lang)}: {goal(target, decimals, lang)}")
        if target["measure"].startswith("term"):
            ax.hlines(value, int(target["start"]) - 0.4, end + 0.4, color=GOAL, linewidth=2.5)
        else:
            ax.plot([end], [value], marker="*", markersize=13, color=GOAL, linestyle="none", zorder=5)
        at, side = ((8, -15 - 13 * crowd), "left") if near else ((-8, 7 + 13 * crowd), "right")
        write(ax, label, (end, value), at, color=GOAL, size=8.5, side=side, bold=True)


def mark_cut(ax: Axes, at: float, side: str, *, color: str = BLUE) -> None:
    """Mark at the edge of the axes, `top` or `bottom`, that a band or whisker goes on beyond it."""
    mark, height = {"top": ("^", 1.0), "bottom": ("v", 0.0)}[side]
    [line] = ax.plot([at], [height], mark, transform=ax.get_xaxis_transform(), color=color, markersize=6,
                     markerfacecolor="white", markeredgewidth=1.3, clip_on=False, zorder=7,
                     scalex=False, scaley=False)  # fmt: skip
    line.set_gid("cut")


def finish_axes(ax: Axes, indicator: pd.Series, unit: str, lang: str) -> None:
    """Write title, units, years and legend; limits and ticks are then final."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.set_title(indicator_name(indicator, lang))
    ax.set_ylabel(texts(lang)["units"].get(unit, unit))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    first, last = ax.dataLim.x0, ax.dataLim.x1
    if np.isfinite([first, last]).all():
        first = min(first, last - LEAST_YEARS)
        ax.set_xlim(first - 0.6, last + 0.09 * (last - first) + 0.4)  # room for the labels of the fan chart
    else:
        ax.set(xticks=[], yticks=[])  # nothing is drawn: no scale is invented
    ticks = ax.get_yticks()
    decimals = 0 if np.allclose(ticks % 1, 0) else 1
    while decimals < _MOST_DECIMALS and len(np.unique(ticks.round(decimals))) < len(ticks):
        decimals += 1
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals, lang)))
    handles, _ = ax.get_legend_handles_labels()
    if handles:
        ax.legend(loc="upper left", fontsize=8)
