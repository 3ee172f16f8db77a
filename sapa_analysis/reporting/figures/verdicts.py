"""Figure of the verdicts: completion of each target, and the word for its probability."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...core import OPEN
from ..goals import due, goal, target_named
from ..language import (
    document_name,
    number,
    status_word,
    texts,
)
from ..published import completion_shown, latest_shown
from ..tagged_numbers import plain
from .style import BLUE, GOAL, axes_of, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Up for likely, down for unlikely, square for met, cross for missed, pentagon where only the plan is known;
#: darker means more certain.
_MARKS = {
    "met": ("s", "#1a1a1a"),
    "missed": ("X", "#1a1a1a"),
    "very_likely": ("^", "#1a1a1a"),
    "likely": ("^", "#9a9a9a"),
    "even": ("D", "#ffffff"),
    "unlikely": ("v", "#9a9a9a"),
    "very_unlikely": ("v", "#1a1a1a"),
    "plan_only": ("p", "#ffffff"),
    "not_assessed": ("_", "#1a1a1a"),
}
#: With this grade the mark has no shade, because the rules disagree too much.
_WITHHELD = "unstable"
#: Higher completion, in percent, is drawn at this edge with its number.
_MOST = 140
_TICKS = (0, 50, 100)
#: Height in inches: of a row, and of the rest of the figure.
_ROW, _REST = 0.44, 0.3
#: Where the columns begin, in axis widths.
_COLUMNS = {"clause": -1.6, "left": -1.5, "middle": 0.0, "share": 1.05, "mark": 1.43, "right": 1.5}
_FAR_LEFT, _FAR_RIGHT = -1.6, 2.6
#: Characters per line: left of the axis, on it, and right of it.
_LEFT, _MIDDLE, _RIGHT = 52, 40, 34
_INK = "#1a1a1a"


def plot_verdicts(
    verdicts: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi", ax: Axes | None = None
) -> Axes:
    """Draw for each target its latest figure in percent of the goal, and the word for its probability.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them, in the order of the rows. Targets without a figure and without a
        probability are counted in a last line, but for plans that are known by themselves only.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language of all words.
    ax : matplotlib Axes, optional
        Where to draw, with room for text on both sides; by default a new figure of suitable height.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting.figures import plot_verdicts
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> output = {"handicraft_output": assess_indicator(project, params, "handicraft_output")}
    >>> verdicts = judge(project, output, known_targets(project, params, "handicraft_output"), params)
    >>> axes = plot_verdicts(verdicts, project.indicators, lang="en")
    >>> [text.get_text() for text in axes.texts[5:8]]
    ['178.6 billion VND (10 months of 2022)', 'very unlikely', 'resolution 2023']
    """
    with style():
        known = verdicts["latest"].notna() | verdicts["probability"].notna()
        known |= verdicts["status"] == "plan_only"
        rows = _place(verdicts[known])
        depth = len(rows) + rows["document"].nunique() + 0.2
        ax = _new_axes(depth) if ax is None else axes_of(ax)
        _draw_scale(ax, depth, lang)
        for _, row in rows.iterrows():
            _draw_row(ax, row, indicators.loc[row["indicator_id"]], lang)
        for document, y in rows.groupby("document", sort=False)["y"].min().items():
            _write(ax, document_name(str(document), lang), "left", y - 0.85, weight="bold")
        _write_notes(ax, rows, int((~known).sum()), depth, lang)
    return ax


def _place(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their y, one free line above each document, and whether a group begins."""
    own = verdicts["document"] + "/" + verdicts["clause"]
    document = verdicts["document"].factorize()[0]
    return verdicts.assign(y=np.arange(len(verdicts)) + document + 1.0, begins=~own.duplicated())


def _new_axes(depth: float) -> Axes:
    figure = new_figure(figsize=(9.0, _ROW * depth + _REST))
    return figure.add_axes((0.4, 0.0, 0.26, 1.0))


def _draw_scale(ax: Axes, depth: float, lang: str) -> None:
    """Set up the axis in percent, its line at the goal, and the heads of the three columns."""
    words = texts(lang)["picture_verdicts"]
    ax.set_xlim(0, _MOST)
    ax.set_ylim(depth, 0)
    ax.set_xticks(list(_TICKS), [f"{number(x, 0, lang)}%" for x in _TICKS])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_yticks([])
    ax.grid(False)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.axvline(100, color=GOAL, linewidth=1.2, zorder=1)
    heads = {"left": words["target"], "middle": words["axis"], "right": words["verdict"]}
    for side, head in heads.items():
        _write(ax, head, side, 0, color="#555555", size=8, lift=22)


def _draw_row(ax: Axes, row: pd.Series, indicator: pd.Series, lang: str) -> None:
    y = row["y"]
    ax.axhline(
        y + 0.5, xmin=_FAR_LEFT, xmax=_FAR_RIGHT, color="#eeeeee", linewidth=0.7, clip_on=False, zorder=0
    )
    if row["begins"] and str(row["clause"]).isdigit():
        _write(ax, str(row["clause"]), "clause", y, color="#555555")
    aim = plain(f"{goal(row, int(indicator['decimals']), lang)}, {due(row, lang)}")
    name = wrap(plain(target_named(row, indicator, lang)), _LEFT)
    _write(ax, "\n".join([*name, aim]), "left", y)
    _draw_completion(ax, row, indicator, lang)
    marker, shade = _MARKS[row["status"]]
    shade = "#ffffff" if row["stability_grade"] == _WITHHELD else shade
    ax.plot(
        [_COLUMNS["mark"]],
        [y],
        marker=marker,
        color=shade,
        markeredgecolor=_INK,
        markersize=8,
        transform=ax.get_yaxis_transform(),
        clip_on=False,
    )
    assessed = row["status"] not in OPEN
    own = row["status"] == "plan_only"  # whose plans were fulfilled stands beside the picture
    word = texts(lang)["status"]["plan_only"] if own else plain(status_word(row, lang))
    word = "\n".join(wrap(word, _RIGHT))
    _write(ax, word, "right", y, color=_INK if assessed else "#777777")


def _draw_completion(ax: Axes, row: pd.Series, indicator: pd.Series, lang: str) -> None:
    """Draw the latest figure in percent of the goal, or write it where a percentage would say nothing."""
    y = row["y"]
    if pd.isna(row["latest"]):
        return
    if pd.isna(row["completion"]) or str(row["unit"]).startswith("percent"):
        shown = plain(latest_shown(row, indicator, lang, with_goal=False))
        told = "\n".join(wrap(shown, _MIDDLE))
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        ax.annotate(told, (3, y), va="center", fontsize=8, color="#555555", annotation_clip=False, bbox=box)
        return
    percent = 100 * row["completion"]
    end = float(np.clip(percent, 0, _MOST))
    ax.hlines(y, 0, end, color=BLUE, alpha=0.35, linewidth=2, zorder=2)
    marker = ">" if percent > _MOST else "o"
    ax.plot([end], [y], marker, color=BLUE, markerfacecolor=BLUE, markersize=7, clip_on=False, zorder=3)
    share = completion_shown(row["completion"], lang)
    _write(ax, f"{share} ({row['latest_year']})", "share", y, size=8)


def _write_notes(ax: Axes, rows: pd.DataFrame, hidden: int, depth: float, lang: str) -> None:
    words = texts(lang)["picture_verdicts"]
    notes = [words["others" if len(rows) else "all_others"].format(n=hidden)] if hidden else []
    notes += [words["withheld"]] if (rows["stability_grade"] == _WITHHELD).any() else []
    _write(ax, "\n".join(notes), "left", depth, color="#555555", style="italic")


def _write(
    ax: Axes, text: str, column: str, y: float, *, size: float = 8.5, lift: float = 0, **look: Any
) -> None:
    """Write a text in a column beside the axis, at the height of a row."""
    ax.annotate(
        text,
        (_COLUMNS[column], y),
        xycoords=ax.get_yaxis_transform(),
        xytext=(0, lift),
        textcoords="offset points",
        va="center",
        fontsize=size,
        annotation_clip=False,
        linespacing=1.15,
        **{"color": _INK, **look},
    )
