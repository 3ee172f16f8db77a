"""Figure of reliability: stated probabilities and the shares attained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..language import number, texts
from .foot import write_foot
from .style import BLUE, GREY, axes_of, style, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Area in square points of a mark that holds all cases.
_MOST = 900


def plot_reliability(
    bins: pd.DataFrame, *, source: str = "", lang: str = "vi", ax: Axes | None = None
) -> Axes:
    """Draw the share attained against the stated probability; on the diagonal the two agree.

    Parameters
    ----------
    bins : pandas.DataFrame
        As `evaluation.reliability` returns them: n, said, attained.
    source : str
        A line below the figure that says which cases these are.
    lang : {"vi", "en"}
        Language.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting.figures import plot_reliability
    >>> bins = pd.DataFrame({"n": [2, 6], "said": [0.15, 0.75], "attained": [0.0, 0.5]})
    >>> axes = plot_reliability(bins, lang="en")
    >>> axes.get_xlabel(), axes.get_ylabel(), axes.collections[0].get_offsets().tolist()
    ('chance that was said', 'share that was met', [[0.15, 0.0], [0.75, 0.5]])
    """
    words = texts(lang)["kept"]
    with style():
        ax = axes_of(ax, figsize=(4.6, 4.4))
        ax.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        if len(bins):
            sizes = 25 + _MOST * bins["n"] / bins["n"].sum()
            ax.scatter(bins["said"], bins["attained"], s=sizes, color=BLUE, alpha=0.75, zorder=2)
        for row in bins.to_dict("records"):
            side = (-10, "right") if row["said"] > 0.9 else (10, "left")
            label = number(row["n"], 0, lang)
            write(ax, label, (row["said"], row["attained"]), (side[0], -12), color="#333333", side=side[1])
        ticks = [0, 0.25, 0.5, 0.75, 1]
        labels = [f"{number(100 * tick, 0, lang)}%" for tick in ticks]
        ax.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), xlabel=words["said"], ylabel=words["attained"])
        ax.set_xticks(ticks, labels)
        ax.set_yticks(ticks, labels)
        ax.set_aspect("equal")
        if not len(bins):
            write(ax, words["no_case"], (0.1, 0.5), (0, 0), color="#333333")
        write_foot(ax, source)
    return ax
