"""Figure of a sum by its parts: from one level to another, one bar for each part."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import number, texts
from ..scenario_changes import sign
from .foot import write_foot
from .style import BLUE, GREY, axes_of, axis_unit, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK = "#333333"
#: Height of a bar and of all around them, in inches; letters of a label on one line.
_BAR, _MARGIN, _LETTERS = 0.52, 1.1, 34
#: A part below this share of the largest number moves nothing.
_NOTHING = 1e-9
#: More, less and a level: told apart by shade and hatch, in grey too.
_LOOKS: dict[str, dict[str, Any]] = {
    "more": {"facecolor": BLUE, "edgecolor": BLUE},
    "less": {"facecolor": "white", "edgecolor": BLUE, "hatch": "////"},
    "level": {"facecolor": "#c9c9c9", "edgecolor": GREY},
}


def plot_waterfall(
    parts: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    title: str = "",
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw how parts lead from one level to another: full bars add, hatched bars take away.

    Parameters
    ----------
    parts : pandas.DataFrame
        In the order drawn: part, kind (`level`: a whole; `part`: a step), value, unit, and the 80 % interval
        lower_80, upper_80 if any; as `scenarios.split_gap`, `scenarios.split_by_cause` and, of one target and
        statistic, `pipeline.edition_change` return them. A part that moves nothing in any path is not drawn.
    labels : mapping of part to str, optional
        The name of each row; a part without one stands for itself.
    title : str
        What is split.
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
    >>> from sapa_analysis.reporting.figures import plot_waterfall
    >>> gap = {"part": ["forecast", "visits", "spend", "goal"], "kind": ["level", "part", "part", "level"],
    ...        "value": [373.0, 61, 16, 450], "lower_80": [331.0, 37, -19, 450],
    ...        "upper_80": [421.0, 86, 54, 450], "unit": "billion_vnd"}
    >>> axes = plot_waterfall(pd.DataFrame(gap), lang="en")
    >>> [text.get_text() for text in axes.texts[:4]], axes.get_xlabel()
    (['373', '+61', '+16', '450'], 'billion VND')
    """
    named, parts = dict(labels or {}), parts[parts["value"].notna()]
    if "lower_80" not in parts:
        parts = parts.assign(lower_80=parts["value"], upper_80=parts["value"])
    parts = parts[~_idle(parts)]
    factor, unit = axis_unit(parts.iloc[0])
    values, steps = parts["value"].to_numpy(float) / factor, (parts["kind"] == "part").to_numpy()
    starts = _starts(values, steps)
    with style():
        ax = axes_of(ax, figsize=(9.0, _MARGIN + _BAR * len(parts)))
        ax.grid(visible=False, axis="y")
        ax.grid(visible=True, axis="x")
        ax.set_title(title)
        for place, row in enumerate(parts.to_dict("records")):
            _draw_bar(ax, place, values[place], starts[place], bool(steps[place]))
            if row["lower_80"] < row["upper_80"]:
                ends = [starts[place] + row[name] / factor for name in ("lower_80", "upper_80")]
                for color, width in (("white", 3.4), (_INK, 1.2)):  # an outline, to be seen on the bar
                    ax.plot(ends, [place] * 2, "|-", color=color, linewidth=width, markersize=7,
                            markeredgewidth=width, zorder=4)  # fmt: skip
        ends_of = starts + values
        for place in range(len(parts) - 1):
            ax.plot([ends_of[place]] * 2, [place, place + 1], color=GREY, linewidth=0.9, zorder=1)
        ax.set_yticks(range(len(parts)), [fill(named.get(part, part), _LETTERS) for part in parts["part"]])
        ax.set_ylim(len(parts) - 0.45, -0.55)
        _finish_axis(ax, unit, lang)
        _write_values(ax, parts, values, starts, factor, lang)
        key = "key" if (parts["lower_80"] < parts["upper_80"]).any() else "key_exact"
        write_foot(ax, texts(lang)["picture_waterfall"][key].format(level=80), below=12)
    return ax


def _idle(parts: pd.DataFrame) -> np.ndarray:
    """Return which parts move nothing: zero with their interval, but for the rounding of sums."""
    moves = parts[["value", "lower_80", "upper_80"]].abs().max(axis=1).to_numpy(float)
    return np.asarray((parts["kind"] == "part") & (moves <= _NOTHING * moves.max(initial=0.0)))


def _starts(values: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return where each bar starts: a level at zero, a step where the bar before it ends."""
    starts, reached = np.zeros(len(values)), 0.0
    for place, (value, step) in enumerate(zip(values, steps, strict=True)):
        starts[place] = reached if step else 0.0
        reached = starts[place] + value
    return starts


def _draw_bar(ax: Axes, place: int, value: float, start: float, step: bool) -> None:
    kind = "level" if not step else "more" if value >= 0 else "less"
    ax.barh([place], [value], left=[start], height=0.6, linewidth=1.0, zorder=2, **_LOOKS[kind])


def _finish_axis(ax: Axes, unit: str, lang: str) -> None:
    from matplotlib.ticker import FuncFormatter

    ax.set_xlabel(texts(lang)["units"].get(unit, unit))
    low, high = min(ax.dataLim.x0, 0.0), ax.dataLim.x1
    width = high - low or 1.0
    ax.set_xlim(low - 0.02 * width * (low < 0), high + 0.16 * width)
    ticks = ax.get_xticks()
    decimals = 0 if np.allclose(ticks % 1, 0) else 1 if np.allclose(ticks * 10 % 1, 0) else 2
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals, lang)))
    ax.tick_params(axis="y", length=0)


def _write_values(
    ax: Axes, parts: pd.DataFrame, values: np.ndarray, starts: np.ndarray, factor: float, lang: str
) -> None:
    """Write each value right of its bar and whisker, all rounded alike: the largest has three digits."""
    size = float(np.abs(values).max()) or 1.0
    decimals = min(2 - int(np.floor(np.log10(size))), 2)
    for place, row in enumerate(parts.to_dict("records")):
        shown = sign(values[place], decimals, lang)
        if row["kind"] != "part":
            shown = shown.removeprefix("+")
        tip = max(starts[place] + values[place], starts[place], starts[place] + row["upper_80"] / factor)
        ax.annotate(shown, (tip, place), xytext=(6, 0), va="center",
                    textcoords="offset points", fontsize=9, color=_INK, weight="bold")  # fmt: skip
