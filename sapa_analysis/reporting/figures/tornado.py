"""Figure of what a verdict leans on: its probability under other choices, the largest change on top."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...core import FLOORS
from ..language import chance_shown, texts
from ..leaning import tornado_rows
from ..scenario_changes import sign
from .foot import write_foot
from .style import BLUE, GREY, axes_of, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK = "#333333"
#: Height of a bar and of all around them, in inches; letters of a label on one line.
_BAR, _MARGIN, _LETTERS = 0.34, 1.2, 46
#: Room on each side, in points of probability.
_ROOM = 7.0


def plot_tornado(
    sensitivity: pd.DataFrame,
    target: str | None = None,
    *,
    title: str = "",
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw the probability of one target under other choices, one bar each from the probability as issued.

    Parameters
    ----------
    sensitivity : pandas.DataFrame
        As `pipeline.sensitivity` returns it.
    target : str, optional
        Its id; by default the first one with a probability.
    title : str
        What the target is.
    lang : {"vi", "en"}
        Language of all other words.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting.figures import plot_tornado
    >>> leans = {"choice": ["baseline", "seed", "shock_chance"], "value": ["", "2", "none"], "target": "plan",
    ...          "probability": [0.26, 0.25, 0.45], "difference": [0.0, -1.0, 19]}
    >>> axes = plot_tornado(pd.DataFrame(leans), lang="en")
    >>> [tick.get_text() for tick in axes.get_yticklabels()], axes.texts[0].get_text()
    (['no new shock', 'another seed (2)'], '45% (+19)')
    """
    from matplotlib.patheffects import withStroke

    words = texts(lang)["picture_tornado"]
    own, rows = tornado_rows(sensitivity, target, lang)
    with style():
        ax = axes_of(ax, figsize=(9.0, _MARGIN + _BAR * len(rows)))
        ax.set_title(title, pad=24)
        if not rows:
            ax.set_axis_off()
            ax.text(0.5, 0.5, words["nothing"], ha="center", color="#555555", style="italic")
            return ax
        ax.grid(visible=False, axis="y")
        base = 100 * own
        for place, row in enumerate(rows):
            _draw_bar(ax, place, base, row["difference"])
            tip = base + row["difference"]
            shown = f"{chance_shown(row['probability'], lang)} ({sign(row['difference'], 0, lang)})"
            up = row["difference"] >= 0
            ax.annotate(shown, (tip, place), xytext=(5 if up else -5, 0), textcoords="offset points",
                        fontsize=8.5, color=_INK, va="center", ha="left" if up else "right",
                        path_effects=[withStroke(linewidth=2.5, foreground="white")])  # fmt: skip
        ax.axvline(base, color=_INK, linewidth=1.2, zorder=3)
        ax.set_yticks(range(len(rows)), [fill(str(row["label"]), _LETTERS) for row in rows])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        tips = [base, *(base + row["difference"] for row in rows)]
        ax.set_xlim(max(0.0, min(tips) - _ROOM) - 0.01, min(100.0, max(tips) + _ROOM) + 0.01)
        ax.set_xlabel(words["axis"])
        _mark_words(ax, lang)
        write_foot(ax, words["key"].format(base=chance_shown(own, lang)), below=12)
    return ax


def _draw_bar(ax: Axes, place: int, base: float, change: float) -> None:
    look: dict[str, Any] = {"facecolor": BLUE} if change >= 0 else {"facecolor": "white", "hatch": "////"}
    ax.barh([place], [change], left=[base], height=0.62, edgecolor=BLUE, linewidth=1.0, zorder=2, **look)


def _mark_words(ax: Axes, lang: str) -> None:
    """Write above the axes which word each probability has, and mark where it changes."""
    words, (low, high) = texts(lang)["status"], ax.get_xlim()
    above = 100.0
    for word, floor in FLOORS.items():
        edges = np.clip([100 * (floor or 0.0), above], low, high)
        if low < edges[0] < high:
            ax.axvline(edges[0], color=GREY, linewidth=0.9, linestyle=(0, (3, 3)), zorder=1)
        if np.ptp(edges) > 0.08 * (high - low):
            told = ax.annotate(
                words[word], (np.mean(edges), 1), xycoords=("data", "axes fraction"), xytext=(0, 4),
                textcoords="offset points", fontsize=8, color="#666666", ha="center",
            )  # fmt: skip
            if told.get_window_extent().width > 0.98 * np.ptp(edges) / (high - low) * ax.bbox.width:
                told.remove()  # it would meet its neighbour
        above = edges[0] if low <= edges[0] <= high else 100 * (floor or 0.0)
