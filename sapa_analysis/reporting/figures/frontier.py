"""Figure of mixes of two levers that bring a target, with the baseline and its paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...core import Forecast, Outcome, Target, as_targets, years_of
from ..language import document_name, indicator_name, number, texts
from ..subject import indicator_row
from .beside import Label, Place, along, write_beside
from .foot import write_foot
from .style import BLUE, GOAL, GREY, axes_of, axis_unit, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How a mix is marked by how far it lies from the baseline: filled near it, hollow far from it.
_MARKS: dict[str, dict[str, Any]] = {
    "usual": {"marker": "o", "markerfacecolor": BLUE},
    "unusual": {"marker": "s", "markerfacecolor": BLUE},
    "rare": {"marker": "^", "markerfacecolor": "white"},
    "very_rare": {"marker": "D", "markerfacecolor": "white"},
    "outside": {"marker": "X", "markerfacecolor": "white"},
}
#: Paths drawn at most.
_PATHS = 400
_INK = "#333333"


def plot_frontier(
    mixes: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    outcomes: Mapping[str, Outcome] | None = None,
    targets: pd.DataFrame | Iterable[Target] = (),
    title: str = "",
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw the mixes of two levers that bring a target, from the second alone to the first alone.

    Parameters
    ----------
    mixes : pandas.DataFrame
        One target, as `pipeline.frontier` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them, for names and units; a lever that is not among them goes by its id.
    outcomes : mapping of indicator id to Forecast or NotAssessed, optional
        The baseline: some of its paths are drawn as dots.
    targets : iterable of Target, or pandas.DataFrame
        Goals for the levers in the same year are drawn as lines.
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
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting.figures import plot_frontier
    >>> mixes = {"year": 2025, "lever_1": "tourist_arrivals", "lever_2": "spend_per_visit", "reason": "",
    ...          "level_1": [3.5e6, 4.4e6, 5.8e6], "level_2": [5.0, 4.0, 3.0], "factor_1": [1.0, 1.26, 1.66],
    ...          "factor_2": [1.67, 1.33, 1.0], "points_1": None, "points_2": None,
    ...          "word": ["rare", "unusual", "rare"], "likeliest": [False, True, False]}
    >>> axes = plot_frontier(pd.DataFrame(mixes), load_project().indicators, lang="en")
    >>> axes.get_xlabel(), axes.texts[0].get_text()
    ('Tourist arrivals 2025, million visits', 'baseline')
    """
    words = texts(lang)["picture_frontier"]
    found = mixes[mixes["reason"] == ""]
    with style():
        ax = axes_of(ax, figsize=(9.0, 4.8 if len(found) else 1.4))
        ax.set_title(title)
        if found.empty:
            ax.set_axis_off()
            ax.text(0.5, 0.5, _why_none(mixes, lang), ha="center", color="#555555", style="italic")
            return ax
        names = [str(found[f"lever_{number}"].iloc[0]) for number in (1, 2)]
        rows = [_row(name, indicators, outcomes) for name in names]
        factors, units = zip(*(axis_unit(row) for row in rows), strict=True)
        x, y = (found[f"level_{place}"].to_numpy(float) / factors[place - 1] for place in (1, 2))
        year = int(found["year"].iloc[0])
        base = float(x[0]), float(y[-1])
        _draw_paths(ax, outcomes or {}, names, factors, year)
        ax.plot(x, y, color=BLUE, linewidth=1.8, zorder=3)
        for place, word in enumerate(found["word"]):
            ax.plot(x[place], y[place], color=BLUE, markersize=7, markeredgewidth=1.5, linestyle="none",
                    zorder=5, **_MARKS[word])  # fmt: skip
        ax.plot(*base, "o", color=_INK, markersize=8, zorder=5)
        first = ((-8.0, "right", -4.0, "top"),)
        labels = [Label(words["baseline"], base, _INK, 8, first=first)]
        _set_limits(ax, x, y, base)
        labels += _name_mixes(ax, found, x, y, lang)
        labels += _draw_goals(ax, targets, names, factors, year, lang)
        for axis, row, unit in zip((ax.xaxis, ax.yaxis), rows, units, strict=True):
            shown = texts(lang)["units"].get(unit, unit)
            _finish_axis(axis, f"{indicator_name(row, lang)} {year}, {shown}".rstrip(", "), lang)
        ax.grid(visible=True, axis="x")
        corners = [(float(at), float(height)) for at, height in zip(x, y, strict=True)]
        write_beside(ax, labels, marks=corners, lines=along(sorted(corners)))
        _write_key(ax, list(dict.fromkeys(found["word"])), bool(outcomes), lang)
    return ax


def _why_none(mixes: pd.DataFrame, lang: str) -> str:
    """Return in words why no mix is drawn: the reason where all have the same one."""
    reasons = set(mixes["reason"])
    if len(reasons) != 1:
        return str(texts(lang)["picture_frontier"]["nothing"])
    told = str(texts(lang)["needed"]["reasons"][reasons.pop()])
    return told[:1].upper() + told[1:]


def _row(name: str, indicators: pd.DataFrame, outcomes: Mapping[str, Outcome] | None) -> pd.Series:
    outcome = (outcomes or {}).get(name)
    unit = outcome.observed.unit if outcome is not None and outcome.observed is not None else ""
    return indicator_row(name, indicators, unit=unit)


def _draw_paths(
    ax: Axes, outcomes: Mapping[str, Outcome], names: list[str], factors: tuple[float, ...], year: int
) -> None:
    fans = [outcomes.get(name) for name in names]
    values = [
        fan.paths.to_numpy(float)[years_of(fan.paths) == year][0][:_PATHS] / factor
        for fan, factor in zip(fans, factors, strict=True)
        if isinstance(fan, Forecast)
    ]
    if len(values) == len(names):
        ax.plot(*values, ".", color=GREY, markersize=3, alpha=0.5, zorder=1, scalex=False, scaley=False)


def _set_limits(ax: Axes, x: np.ndarray, y: np.ndarray, base: tuple[float, float]) -> None:
    """Show the mixes and as much around the baseline; a path further off leaves the picture."""
    for set_limits, values, start in ((ax.set_xlim, x, base[0]), (ax.set_ylim, y, base[1])):
        reach = float(np.abs(values - start).max()) or abs(start) or 1.0
        set_limits(max(start - 0.6 * reach, min(0.0, start)), start + 1.22 * reach)


def _draw_goals(
    ax: Axes,
    targets: pd.DataFrame | Iterable[Target],
    names: list[str],
    factors: tuple[float, ...],
    year: int,
    lang: str,
) -> list[Label]:
    """Draw the goals for the levers as lines, and return their labels."""
    labels = []
    for target in as_targets(targets):
        if (target.measure, target.end) != ("level", year) or target.indicator_id not in names:
            continue
        place = names.index(target.indicator_id)
        value, word = target.value / factors[place], document_name(target.document, lang)
        line: dict[str, Any] = {"color": GOAL, "linewidth": 1.3, "linestyle": (0, (5, 3)), "zorder": 2}
        if place == 0:
            ax.axvline(value, **line)
            first: tuple[Place, ...] = ((-4.0, "right", 4.0, "bottom"), (4.0, "left", 4.0, "bottom"))
            labels.append(Label(word, (value, ax.get_ylim()[0]), GOAL, 8, first=first, lead=False))
        else:
            ax.axhline(value, **line)
            first = ((-4.0, "right", 3.0, "bottom"), (-4.0, "right", -3.0, "top"))
            labels.append(Label(word, (ax.get_xlim()[1], value), GOAL, 8, first=first, lead=False))
    return labels


def _name_mixes(ax: Axes, found: pd.DataFrame, x: np.ndarray, y: np.ndarray, lang: str) -> list[Label]:
    """Return the factors of both ends and of the mix nearest to the baseline, which is ringed."""
    labels, first = [], ((10.0, "left", 3.0, "bottom"),)
    words = texts(lang)["picture_frontier"]
    for place, row in enumerate(found.to_dict("records")):
        nearest = bool(row["likeliest"])
        if place not in (0, len(found) - 1) and not nearest:
            continue
        turns = " · ".join(_turn(row, number, lang) for number in (1, 2))
        label = words["nearest"].format(turns=turns) if nearest else turns
        labels.append(Label(label, (float(x[place]), float(y[place])), BLUE, 8, bold=nearest, first=first))
        if nearest:
            ax.plot(x[place], y[place], "o", color=BLUE, markersize=15, markerfacecolor="none", zorder=4)
    return labels


def _turn(row: Mapping[Any, Any], place: int, lang: str) -> str:
    points = pd.isna(row[f"factor_{place}"])
    value = row[f"points_{place}"] if points else row[f"factor_{place}"]
    return f"+{number(value, 1, lang)}" if points else f"×{number(value, 2, lang)}"


def _finish_axis(axis: Any, label: str, lang: str) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.set_label_text(label)
    ticks = np.asarray(axis.get_majorticklocs())
    decimals = 0 if np.allclose(ticks % 1, 0) else 1 if np.allclose(ticks * 10 % 1, 0) else 2
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals, lang)))


def _write_key(ax: Axes, found: list[str], paths: bool, lang: str) -> None:
    from matplotlib.lines import Line2D

    words = texts(lang)["picture_frontier"]
    handles = [Line2D([], [], color=BLUE, linestyle="none", markersize=7, markeredgewidth=1.5,
                      label=texts(lang)["plausibility"]["words"][word], **_MARKS[word])
               for word in _MARKS if word in found]  # fmt: skip
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8,
              title=words["how_far"], title_fontsize=8, alignment="left")  # fmt: skip
    write_foot(ax, words["key_paths" if paths else "key"], below=12)
