"""Figure of one indicator under several scenarios: history, one line per scenario, goals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...core import Forecast, Outcome, Target, as_targets, row_of, targets_table, years_of
from ..language import texts
from .axes import LEAST_YEARS, dense_since, draw_history, draw_targets, finish_axes
from .forecast import plot_forecast
from .style import BLUE, axes_of, axis_unit, draw_foot, spread, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: Colour, line and mark of each scenario in turn: distinguishable in grey by line and mark, and by readers
#: who cannot tell red from green (Okabe and Ito 2008, without the vermilion used for goals).
_STYLES: tuple[tuple[str, Any, str], ...] = (
    ("#4d4d4d", (0, (4, 2)), "v"),
    (BLUE, "solid", "o"),
    ("#007a5e", (0, (6, 2, 1, 2)), "^"),
    ("#a0508c", (0, (1, 1.5)), "s"),
    ("#7a6a00", (0, (8, 2)), "D"),
)
#: Distance between two whiskers as a share of the width, and between two labels as a share of the height.
_APART, _LABEL_ROOM = 0.028, 0.055


def plot_scenarios(
    by_scenario: Mapping[str, Outcome],
    targets: pd.DataFrame | Iterable[Target],
    indicator: pd.Series,
    labels: Mapping[str, str],
    *,
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw history and goals, and the median of each scenario with its 80 % interval in the last year.

    Parameters
    ----------
    by_scenario : mapping of scenario name to Forecast or NotAssessed
        One indicator; any order.
    targets : iterable of Target, or pandas.DataFrame
        Targets of this indicator, one mark each at its year.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    labels : mapping of scenario name to str
        The label at the end of each line.
    lang : {"vi", "en"}
        Language of all other words.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        Without any forecast, the figure of `plot_forecast`.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> ahead = sapa.forecast_area(project, params.with_values(n_paths=100))
    >>> outcomes = sapa.under_scenarios(project, params, ahead)
    >>> visits = {name: outcomes[name]["tourist_arrivals"] for name in outcomes}
    >>> labels = {name: project.scenarios[name].label["en"] for name in outcomes}
    >>> of = project.indicators.loc["tourist_arrivals"]
    >>> [text.get_text() for text in sapa.figures.plot_scenarios(visits, [], of, labels, lang="en").texts[1:]]
    ['Low scenario', 'Baseline scenario', 'High scenario', '80% (2025)']
    """
    lines = {name: item for name, item in by_scenario.items() if isinstance(item, Forecast)}
    if not lines:
        outcome = next(iter(by_scenario.values()))
        return plot_forecast(outcome, targets, indicator, lang=lang, ax=ax)
    with style():
        ax = axes_of(ax)
        factor, unit = axis_unit(indicator)
        observed = next(iter(lines.values())).observed
        first = dense_since(observed)
        draw_history(ax, observed, factor, first, lang)
        ends = _draw_lines(ax, lines, factor, first)
        goals = targets_table(as_targets(targets))
        _set_heights(ax, lines, goals["value"].max() / factor, factor, first)
        draw_targets(ax, goals, int(indicator["decimals"]), factor, lang)
        finish_axes(ax, indicator, unit, lang)
        draw_foot(ax, observed, lang)
        _label_ends(ax, ends, labels)
        _label_interval(ax, lines, ends, factor, lang)
    return ax


def _draw_lines(
    ax: Axes, lines: Mapping[str, Forecast], factor: float, first: int
) -> dict[str, tuple[float, float, str]]:
    """Draw lines and whiskers; return the position, median and colour of each whisker."""
    ends = {}
    for place, (name, forecast) in enumerate(lines.items()):
        color, line, marker = _STYLES[place % len(_STYLES)]
        summary, origin = forecast.summary((80,)) / factor, forecast.observed.origin
        start = row_of(forecast.observed.table, origin)["estimate"] / factor
        medians, last = summary["median"].tolist(), summary.iloc[-1]
        years = [origin, *years_of(summary)]
        ax.plot(years, [start, *medians], color=color, linestyle=line, linewidth=2, zorder=3.5)
        at = years[-1] + _APART * (years[-1] - min(first, years[-1] - LEAST_YEARS)) * (1.5 + place)
        reach = [[medians[-1] - last["lower_80"]], [last["upper_80"] - medians[-1]]]
        ax.errorbar([at], medians[-1:], yerr=reach, fmt=marker, color=color,
                    markersize=6, elinewidth=1.4, capsize=3, zorder=4)  # fmt: skip
        ends[name] = (at, medians[-1], color)
    return ends


def _set_heights(
    ax: Axes, lines: Mapping[str, Forecast], goal_height: float, factor: float, first: int
) -> None:
    summaries = [item.summary((80,)) / factor for item in lines.values()]
    history = next(iter(lines.values())).observed.with_running()["upper_80"].loc[str(first) :]
    heights = [goal_height, float(history.max()) / factor, 0.1]
    heights += [float(summary["median"].max()) for summary in summaries]
    heights += [float(summary["upper_80"].iloc[-1]) for summary in summaries]
    low = min(float(summary["lower_80"].iloc[-1]) for summary in summaries)
    ax.set_ylim(min(0.0, low), 1.12 * np.nanmax(heights))


def _label_ends(ax: Axes, ends: Mapping[str, tuple[float, float, str]], labels: Mapping[str, str]) -> None:
    """Write each label right of the whiskers, at the height of its median or as near as possible."""
    right = max(at for at, _, _ in ends.values())
    room = _LABEL_ROOM * float(np.ptp(ax.get_ylim()))
    heights = spread([height for _, height, _ in ends.values()], room)
    for (name, (_, _, color)), height in zip(ends.items(), heights, strict=True):
        ax.annotate(labels[name], (right, height), xytext=(8, 0), textcoords="offset points", fontsize=9,
                    color=color, va="center", weight="bold", annotation_clip=False)  # fmt: skip
    ax.set_xlim(ax.get_xlim()[0], right + 0.1)


def _label_interval(
    ax: Axes,
    lines: Mapping[str, Forecast],
    ends: Mapping[str, tuple[float, float, str]],
    factor: float,
    lang: str,
) -> None:
    """Label the highest whisker with its interval and year, and remove the ticks below the whiskers."""
    tops = {name: float(item.summary((80,))["upper_80"].iloc[-1]) / factor for name, item in lines.items()}
    highest = max(tops, key=lambda name: tops[name])
    at, _, color = ends[highest]
    last = int(years_of(lines[highest].paths)[-1])
    word = f"{texts(lang)['figure']['band'].format(level=80)} ({last})"
    ax.set_xticks([year for year in ax.get_xticks() if ax.get_xlim()[0] <= year <= last])
    ax.annotate(word, (at, tops[highest]), xytext=(0, 5), textcoords="offset points", fontsize=8,
                color=color, ha="center", annotation_clip=False)  # fmt: skip
