"""Common elements of figures with a time axis: history, goals, axes."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

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
from .beside import Label
from .style import BLUE, GOAL, GREY, frame, own_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKS = {"year": "o", "year_estimate": "o", "part_year": "D"}


#: Minimum number of years that a figure spans, so that its labels have room.
LEAST_YEARS = 6
#: Decimals of the labels of an axis, at most; more than one only where two ticks would read the same.
_MOST_DECIMALS = 4
#: Columns of a legend at most; room above the axes for the title and for a line of the legend, in points.
_MOST_COLUMNS, _TITLE_PAD, _LEGEND_LINE = 4, 12.0, 13.0
#: Letters of a line of the title at least.
_LEAST_TITLE = 20


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


def draw_targets(
    ax: Axes, targets: pd.DataFrame, decimals: int, factor: float, lang: str
) -> tuple[list[Label], list[tuple[float, float]]]:
    """Mark each target at its year, or over its term; return labels with document and goal, and the marks."""
    labels, marks = [], []
    for _, target in targets.sort_values(["end", "value"], ascending=False).iterrows():
        value, end = float(target["value"]) / factor, int(target["end"])
        label = plain(f"{document_name(target['document'], lang)}: {goal(target, decimals, lang)}")
        if target["measure"].startswith("term"):
            ax.hlines(value, int(target["start"]) - 0.4, end + 0.4, color=GOAL, linewidth=2.5)
            marks += [(year / 4, value) for year in range(4 * int(target["start"]), 4 * end + 1)]
        else:
            ax.plot([end], [value], marker="*", markersize=13, color=GOAL, linestyle="none", zorder=5)
            marks.append((end, value))
        labels.append(Label(label, (end, value), GOAL, size=8.5, clear=4.0))
    return labels, marks


def goals_left(labels: list[Label], lang: str) -> str:
    """Return a line for the foot with the goals for whose labels there was no room."""
    told = "; ".join(dict.fromkeys(label.text for label in labels))
    return str(texts(lang)["picture_marks"]["other_goals"]).format(goals=told) if told else ""


def mark_cut(ax: Axes, at: float, side: str, *, color: str = BLUE) -> None:
    """Mark at the edge of the axes, `top` or `bottom`, that a band or whisker goes on beyond it."""
    mark, height = {"top": ("^", 1.0), "bottom": ("v", 0.0)}[side]
    [line] = ax.plot([at], [height], mark, transform=ax.get_xaxis_transform(), color=color, markersize=6,
                     markerfacecolor="white", markeredgewidth=1.3, clip_on=False, zorder=7,
                     scalex=False, scaley=False)  # fmt: skip
    line.set_gid("cut")


def mark_cuts(ax: Axes, years: Iterable[float], side: str) -> None:
    """Mark the first and the last of the years in which a band goes on beyond the edge of the axes."""
    beyond = sorted(years)
    for year in sorted({*beyond[:1], *beyond[-1:]}):
        mark_cut(ax, year, side)


def finish_axes(
    ax: Axes, indicator: pd.Series, unit: str, lang: str, *, keys: Iterable[tuple[Any, str]] = ()
) -> None:
    """Write title, units, years and legend, `keys` as its last entries; limits and ticks are then final."""
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
    if len(ax.get_yticks()):
        ax.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    ticks = ax.get_yticks()
    decimals = 0 if np.allclose(ticks % 1, 0) else 1
    while decimals < _MOST_DECIMALS and len(np.unique(ticks.round(decimals))) < len(ticks):
        decimals += 1
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals, lang)))
    legend_above(ax, keys)


def legend_above(ax: Axes, keys: Iterable[tuple[Any, str]] = ()) -> None:
    """Write the legend between title and axes, in as few lines as its width allows, and make room for it."""
    handles, labels = ax.get_legend_handles_labels()
    for handle, label in keys:
        handles, labels = [*handles, handle], [*labels, label]
    title, rows = ax.get_title(loc="left"), 0
    for columns in range(min(len(handles), _MOST_COLUMNS), 0, -1):
        legend = ax.legend(handles, labels, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns,
                           fontsize=8, columnspacing=1.6, handletextpad=0.6, borderpad=0.2)  # fmt: skip
        rows = -(-len(handles) // columns)
        if legend.get_window_extent().width <= 1.02 * ax.bbox.width:
            break
    ax.set_title(title, pad=_TITLE_PAD + _LEGEND_LINE * rows)
    fit_titles(ax)


def fit_titles(ax: Axes) -> None:
    """Break the title into lines until it meets neither the note at its right nor the edge of the axes."""
    title, note = ax._left_title, ax._right_title  # type: ignore[attr-defined]
    whole, width = title.get_text(), len(title.get_text())
    while width > _LEAST_TITLE:
        limit = note.get_window_extent().x0 - 8 if note.get_text() else ax.bbox.x1 + 0.12 * ax.bbox.width
        if title.get_window_extent().x1 < limit:
            break
        width -= 3
        title.set_text("\n".join(wrap(whole, width)))
