"""Figure of the evidence for one indicator: every published figure, and the conflicts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...core import YearlySeries, last_day, parse_period, term_years, years_of
from ...evidence import is_doubted
from ..language import indicator_name, level_shown, number, texts
from ..tagged_numbers import plain
from .axes import dense_since
from .events import day_in_year, mark_events
from .foot import draw_foot
from .style import BLUE, GREY, axes_of, axis_unit, frame, frame_look, own_of, style, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Shape by grade, distinguishable without colour.
_GRADES = {"A": "o", "B": "s", "C": "^"}
_INK, _LIGHT = "#1a1a1a", "#7d9fc4"
#: Look of a figure of another definition.
_APART: dict[str, Any] = {"linestyle": "none", "marker": "+", "markersize": 8, "color": GREY, "zorder": 3.5}
#: Look of a figure that is doubted.
_DOUBTED: dict[str, Any] = _APART | {"marker": "x", "markersize": 7}
#: Size of the mark that a frame of the office's figures goes around.
_FRAMED = 5.0
#: Looks of figures that are no part of the series, and of the frame around figures of the office.
_OUTSIDE = {"apart": _APART, "doubted": _DOUBTED}
_ASIDE_LOOKS = {**_OUTSIDE, "own": frame_look(_FRAMED)}
#: Width, in years, over which several figures of one whole year are placed side by side.
_ASIDE = 0.3
#: Figures before a long gap are left out if they are at most this share of all.
_MOST_HIDDEN = 0.25
#: Space above the highest mark, as a share of the height.
_ROOM = 0.10
#: Minimum number of years that a figure spans.
_LEAST_YEARS = 6


def plot_evidence(
    observed: YearlySeries,
    indicator: pd.Series,
    *,
    conflicts: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw every published figure in front of the estimate of the series.

    The shape of a mark shows the grade of its page; a filled mark is an actual, a hollow mark an estimate.
    A part-year figure is a small mark at the end of its part, with a stem to the yearly value it implies. A
    yearly average over a term is a bar. A figure of another definition is a grey plus, a doubted one a grey
    cross: no parts of the series. A figure of the office has a square frame.
    Totals over several years, and the few figures before a long gap, are counted in a corner and not drawn.

    Parameters
    ----------
    observed : YearlySeries
        As `build_series` returns it.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    conflicts : pandas.DataFrame, optional
        As `find_conflicts` returns them: each gets a bracket with its lowest and highest figure.
    events : pandas.DataFrame, optional
        As in `plot_forecast`.
    lang : {"vi", "en"}
        Language of all words.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from sapa_analysis.pipeline import build_area, open_project
    >>> from sapa_analysis.reporting.figures import plot_evidence
    >>> from sapa_analysis.series import find_conflicts
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = build_area(project, params.with_values(n_paths=100))["sa_pa"]["tourist_arrivals"]
    >>> indicator, conflicts = project.indicators.loc["tourist_arrivals"], find_conflicts(visits)
    >>> axes = plot_evidence(visits, indicator, conflicts=conflicts, lang="en")
    >>> axes.get_title(loc="left"), axes.get_ylabel(), axes.texts[0].get_text()
    ('Tourist arrivals', 'million visits', '3.2–3.5')
    """
    with style():
        ax = axes_of(ax)
        factor, unit = axis_unit(indicator)
        first = _first_year(observed)
        marks, terms = _marks(observed, factor, first), _terms(observed, factor, first)
        _draw_estimate(ax, observed, factor, first)
        _draw_marks(ax, marks)
        _draw_terms(ax, terms, lang)
        if conflicts is not None:
            _draw_conflicts(ax, conflicts[conflicts["year"] >= first], factor, lang)
        _finish(ax, indicator, unit, lang)
        apart = {name: marks[name].any() or terms.get(name, marks[name]).any() for name in _ASIDE_LOOKS}
        _draw_legend(ax, has_terms=len(terms) > 0, apart=[name for name in apart if apart[name]], lang=lang)
        _write_hidden(ax, observed, first, lang)
        curve = observed.table.loc[str(first) :, "estimate"] / factor
        own = observed.observations["indicator_id"] == observed.indicator_id
        drawn = replace(observed, observations=observed.observations[own])
        draw_foot(ax, drawn, lang, key=mark_events(ax, events, observed.indicator_id, curve, lang))
    return ax


def _own(observed: YearlySeries) -> pd.DataFrame:
    """Return the figures of the indicator itself; its growth rates do not fit the axis and are excluded."""
    seen = observed.observations
    return seen[seen["indicator_id"] == observed.indicator_id]


def _apart(seen: pd.DataFrame) -> pd.Series:
    """Return which figures follow another definition."""
    return seen["definition"] != ""


def _first_year(observed: YearlySeries) -> int:
    """Return the first dense year, or the first year of all if the dense year hides too many figures."""
    own = _own(observed)
    dense, years = (
        dense_since(observed, also=own.loc[_apart(own) & (own["freq"] == "A"), "year"]),
        own["year"],
    )
    earliest = min([*years.astype(int), int(years_of(observed.table)[0])])
    return dense if (years < dense).mean() <= _MOST_HIDDEN else earliest


def _marks(observed: YearlySeries, factor: float, first: int) -> pd.DataFrame:
    """Return the position of each figure: x, y, top (of its stem, if any), part, kind, grade, mark."""
    seen = _own(observed).query("freq != 'TERM' and year >= @first")
    whole = seen["freq"] == "A"
    ends = [_end_in_year(row) for row in seen[["period", "freq", "through"]].to_dict("records")]
    return pd.DataFrame(
        {
            "x": np.where(whole, seen["year"] + _aside(seen[whole]).reindex(seen.index), ends),
            "y": seen["value"] / factor,
            "top": seen["implied"].where(~whole) / factor,
            "part": ~whole,
            "kind": seen["kind"],
            "grade": seen["grade"],
            "apart": _apart(seen),
            "doubted": is_doubted(seen) & ~_apart(seen),
            "own": own_of(seen),
        }
    )


def _aside(whole: pd.DataFrame) -> pd.Series:
    """Return the horizontal offset, in years, of each figure of one year, the lowest to the left."""
    years = whole.groupby("year")["value"]
    last = years.transform("size") - 1
    return _ASIDE * (years.rank(method="first") - 1 - last / 2) / last.clip(lower=1)


def _terms(observed: YearlySeries, factor: float, first: int) -> pd.DataFrame:
    """Return the averages over terms: first, last (years), y, kind, grade, doubted; totals are excluded."""
    terms = _own(observed).query("freq == 'TERM' and year >= @first")
    if observed.scale != "growth":
        terms = terms.iloc[:0]
    years = [term_years(period) for period in terms["period"]]
    return pd.DataFrame(
        {
            "first": [span[0] for span in years],
            "last": [span[-1] for span in years],
            "y": (terms["value"] / factor).to_list(),
            "kind": terms["kind"].to_list(),
            "grade": terms["grade"].to_list(),
            "doubted": is_doubted(terms).to_list(),
            "own": own_of(terms).to_list(),
        }
    )


def _end_in_year(row: dict[Any, Any]) -> float:
    end = last_day(row["through"]) if row["through"] else parse_period(row["period"], row["freq"]).end
    return day_in_year(end)


def _draw_estimate(ax: Axes, observed: YearlySeries, factor: float, first: int) -> None:
    table = observed.with_running()
    table = table[years_of(table) >= first]
    estimate, years = table["estimate"] / factor, years_of(table)
    ax.plot(years, estimate, color=BLUE, alpha=0.45, linewidth=1.2, zorder=1.6)
    low, high = table["lower_80"] / factor, table["upper_80"] / factor
    ax.fill_between(years, low, high, color=BLUE, alpha=0.10, linewidth=0)


def _draw_marks(ax: Axes, marks: pd.DataFrame) -> None:
    parts = marks[marks["part"]]
    stems = parts[parts["top"].notna() & ~np.isclose(parts["top"], parts["y"])]
    ax.vlines(stems["x"], stems["y"], stems["top"], color=_LIGHT, linewidth=0.8, zorder=2.5)
    ax.plot(stems["x"], stems["top"], "_", color=_LIGHT, markersize=6, zorder=2.5)
    for name, look in _OUTSIDE.items():
        ax.plot(marks.loc[marks[name], "x"], marks.loc[marks[name], "y"], **look)
    used = marks[~marks["apart"] & ~marks["doubted"]]
    for (part, kind, grade), group in used.groupby(["part", "kind", "grade"]):
        ax.plot(group["x"], group["y"], **_look(str(grade), str(kind), part=bool(part)))
    own = marks[marks["own"]]
    if len(own):
        frame(ax, own["x"], own["y"], _FRAMED)


def _look(grade: str, kind: str, *, part: bool = False) -> dict[str, Any]:
    """Return the style of a figure's mark."""
    colour = _LIGHT if part else BLUE
    return {
        "linestyle": "none",
        "marker": _GRADES[grade],
        "markersize": 5 if part else 7,
        "color": colour,
        "markerfacecolor": colour if kind == "actual" else "white",
        "markeredgecolor": "white" if kind == "actual" else colour,
        "markeredgewidth": 0.5 if kind == "actual" else 0.9 if part else 1.4,
        "zorder": 3 if part else 4,
    }


def _draw_terms(ax: Axes, terms: pd.DataFrame, lang: str) -> None:
    for row in terms.to_dict("records"):
        first, last, y = row["first"], row["last"], row["y"]
        color = GREY if row["doubted"] else BLUE
        look = _DOUBTED if row["doubted"] else _look(row["grade"], row["kind"])
        ax.hlines(y, first - 0.4, last + 0.4, color=color, linewidth=2.2, alpha=0.6)
        ax.plot([(first + last) / 2], [y], **look)
        if row["own"]:
            frame(ax, [(first + last) / 2], [y], _FRAMED)
        write(ax, _short(y, lang), (first - 0.4, y), (0, 4), color=color, size=8)


def _set_heights(ax: Axes) -> None:
    """Set the limits to include every mark, stem and bar, and zero; the band may exceed them."""
    from matplotlib.collections import LineCollection

    drawn = [line.get_ydata() for line in ax.lines]
    for item in ax.collections:
        if isinstance(item, LineCollection):
            drawn += [np.asarray(segment)[:, 1] for segment in item.get_segments()]
    heights = np.concatenate([[0.0], *(np.asarray(ys, dtype=float) for ys in drawn)])
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    room = _ROOM * (high - low or 1.0)
    ax.set_ylim(low - (room if low < 0 else 0), high + room)


def _draw_conflicts(ax: Axes, conflicts: pd.DataFrame, factor: float, lang: str) -> None:
    for row in conflicts.to_dict("records"):
        low, high = row["lowest"] / factor, row["highest"] / factor
        at = row["year"] - 0.4
        ax.plot([at + 0.12, at, at, at + 0.12], [low, low, high, high], color=_INK, linewidth=1.1, zorder=5)
        shown = "–".join(_short(value, lang) for value in (low, high))
        write(ax, shown, (at, high), (-3, 3), color=_INK, size=8, side="right", bold=True)


def _short(value: float, lang: str) -> str:
    """Return a number with at most two decimals and no trailing zeros."""
    text, comma = number(value, 2, lang), texts(lang)["decimal"]
    return text.rstrip("0").rstrip(comma)


def _finish(ax: Axes, indicator: pd.Series, unit: str, lang: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    _set_heights(ax)
    ax.set_title(indicator_name(indicator, lang), pad=38)
    ax.set_ylabel(texts(lang)["units"].get(unit, unit))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value, lang)))
    middle = (ax.dataLim.x0 + ax.dataLim.x1) / 2
    half = max(ax.dataLim.x1 - ax.dataLim.x0, _LEAST_YEARS) / 2 + 0.6
    ax.set_xlim(middle - half, middle + half)


def _draw_legend(ax: Axes, *, has_terms: bool, apart: list[str], lang: str) -> None:
    """Draw the legend above the figure: grades and part-years, below them kinds and the series."""
    from matplotlib.lines import Line2D

    words = texts(lang)
    line: dict[str, Any] = {"color": BLUE, "alpha": 0.45, "linewidth": 1.2}
    bar: dict[str, Any] = {"color": BLUE, "alpha": 0.6, "linewidth": 2.2}
    nothing: dict[str, Any] = {"linestyle": "none"}
    grades = [(words["evidence"]["grade"].format(grade=grade), _look(grade, "actual")) for grade in _GRADES]
    kinds = [(words["kinds"][kind], _look("A", kind)) for kind in words["kinds"]]
    term = (words["evidence"]["term"], bar) if has_terms else ("", nothing)
    part = (words["evidence"]["part_year"], _look("B", "actual", part=True))
    series = (plain(words["evidence"]["estimate"].format(level=level_shown(80, lang))), line)
    above, below = [*grades, part], [*kinds, term, series]
    names = {"apart": words["evidence"]["apart"], "doubted": words["doubts"]["mark"]}
    names["own"] = words["office"]["names"]
    for place, name in enumerate(apart):
        (below if place else above).append((names[name], _ASIDE_LOOKS[name]))
    below += [("", nothing)] * (len(above) - len(below))
    pairs = [pair for column in zip(above, below, strict=True) for pair in column]
    ax.legend(
        handles=[Line2D([], [], label=label, **look) for label, look in pairs],
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncols=len(above),
        fontsize=8,
        columnspacing=1.4,
        handletextpad=0.5,
        borderpad=0.2,
    )


def _write_hidden(ax: Axes, observed: YearlySeries, first: int, lang: str) -> None:
    """Write in a corner how many figures are not drawn."""
    seen, words = _own(observed), texts(lang)["evidence"]
    totals = (seen["freq"] == "TERM") & (observed.scale != "growth")
    counts = {"earlier": (~totals & (seen["year"] < first)).sum(), "totals": totals.sum()}
    hidden = [words[name].format(n=n, year=first) for name, n in counts.items() if n]
    if hidden:
        text = words["not_drawn"].format(parts="; ".join(hidden))
        ax.annotate(text, (0.01, 0.98), xycoords="axes fraction", va="top", fontsize=7.5, color=GREY)
