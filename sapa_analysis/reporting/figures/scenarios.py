"""Figure of one indicator under several scenarios: history, one line per scenario, goals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...core import Forecast, Outcome, Target, as_targets, row_of, targets_table, years_of
from ...scenarios import BASELINE
from ..language import forecasts, texts
from ..tagged_numbers import plain
from .axes import LEAST_YEARS, dense_since, draw_history, draw_targets, finish_axes, goals_left, mark_cut
from .beside import along, stacked, write_beside
from .foot import draw_foot
from .forecast import plot_forecast
from .running import box_key, draw_box, draw_strip, running_year, strip_label
from .scenario_style import ScenarioStyle, name_line, scenario_styles
from .style import axes_of, axis_unit, style
from .subject import subject_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D


#: Distance between two whiskers, and most that all of them take, as shares of the width.
_APART, _ROOM = 0.028, 0.25
#: A whisker is cut at this multiple of the highest median, goal or figure.
_CUT = 2.0
#: Ink of the words on all whiskers together: lighter than that of any scenario.
INK = "#7b7b7b"


def plot_scenarios(
    by_scenario: Mapping[str, Outcome],
    targets: pd.DataFrame | Iterable[Target] = (),
    indicator: pd.Series | None = None,
    labels: Mapping[str, str] | None = None,
    *,
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw history and goals, and the median of each scenario with its 80 % interval in the last year.

    Each scenario has its own colour, dash and mark wherever it stands; see `scenario_styles.yml`. One whose
    paths are those of the baseline is named below the axes and not drawn. Whiskers far above all else are
    cut, with a mark that says so.

    Parameters
    ----------
    by_scenario : mapping of scenario name to Forecast or NotAssessed
        One indicator; any order.
    targets : iterable of Target, or pandas.DataFrame
        Targets of this indicator, one mark each at its year.
    indicator : pandas.Series, optional
        Its row of `indicators.csv`; a series that is not listed there needs none.
    labels : mapping of scenario name to str, optional
        The label at the end of each line; a name without one stands for itself.
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
    >>> visits = {name: outcomes[name]["tourist_arrivals"] for name in ("base", "high")}
    >>> labels = {name: project.scenarios[name].label["en"] for name in outcomes}
    >>> of = project.indicators.loc["tourist_arrivals"]
    >>> axes = sapa.figures.plot_scenarios(visits, [], of, labels, lang="en")
    >>> [text.get_text() for text in axes.texts[:4]]
    ['Baseline scenario', 'High scenario', '80% interval, 2025', '2023: year in progress']
    """
    fans = {name: item for name, item in by_scenario.items() if isinstance(item, Forecast)}
    if not fans:
        outcome = next(iter(by_scenario.values()))
        return plot_forecast(outcome, targets, indicator, lang=lang, ax=ax)
    same = _same_as_baseline(fans)
    lines = {name: item for name, item in fans.items() if name not in same}
    styles, named = scenario_styles(fans), {name: name for name in fans} | dict(labels or {})
    with style():
        ax = axes_of(ax)
        observed = next(iter(lines.values())).observed
        of = subject_of(observed, indicator)
        factor, unit = axis_unit(of)
        first = dense_since(observed)
        draw_history(ax, observed, factor, first, lang)
        ends = _draw_lines(ax, lines, styles, factor, first)
        goals = targets_table(as_targets(targets))
        _set_heights(ax, lines, goals["value"].max() / factor, factor, first)
        goal_labels, marks = draw_targets(ax, goals, int(of["decimals"]), factor, lang)
        base = lines.get(BASELINE, next(iter(lines.values())))
        running = running_year(observed)
        boxed = running is not None and running in years_of(base.paths)
        keys = [box_key(observed, running, lang)] if boxed and running is not None else []
        finish_axes(ax, of, unit, lang, keys=keys)
        _label_ends(ax, ends, named, styles)
        cut = _finish_whiskers(ax, lines, ends, factor, lang)
        if boxed and running is not None:
            summary = base.summary((50, 80)) / factor
            draw_strip(ax, running)
            draw_box(ax, running, summary[years_of(summary) == running].iloc[0])
            goal_labels = [strip_label(ax, running, lang), *goal_labels]
        lined = [_corners(line) for line in ax.lines if line.get_gid() == "scenario"]
        bars = [[(at, low), (at, high)] for at, low, high in _reach(lines, ends, factor)]
        crossed = [point for line in (*lined, *bars) for point in along(line)]
        marks += [point for line in lined for point in line]
        left = write_beside(ax, goal_labels, marks=marks, lines=crossed)
        told = str(texts(lang)["figure"]["same_as"]).format(scenarios=", ".join(named[name] for name in same))
        over = _cut_told(cut, named, of, lang)
        notes = [told if same else "", over, goals_left(left, lang)]
        draw_foot(ax, observed, lang, note=" ".join(note for note in notes if note))
    return ax


def _corners(line: Line2D) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in np.column_stack(line.get_data())]


def _same_as_baseline(fans: Mapping[str, Forecast]) -> list[str]:
    base = fans.get(BASELINE)
    others = (name for name in fans if name != BASELINE)
    return [] if base is None else [name for name in others if fans[name].paths.equals(base.paths)]


def _draw_lines(
    ax: Axes, lines: Mapping[str, Forecast], styles: Mapping[str, ScenarioStyle], factor: float, first: int
) -> dict[str, tuple[float, float]]:
    """Draw lines and whiskers; return the position and median of each whisker."""
    ends = {}
    apart = min(_APART, _ROOM / len(lines))
    for place, (name, forecast) in enumerate(lines.items()):
        look = styles[name].line()
        summary, origin = forecast.summary((80,)) / factor, forecast.observed.origin
        start = row_of(forecast.observed.table, origin)["estimate"] / factor
        medians, last = summary["median"].tolist(), summary.iloc[-1]
        years = [origin, *years_of(summary)]
        over = 3.5 if name == BASELINE else 3.6
        [line] = ax.plot(years, [start, *medians], zorder=over, markevery=slice(1, None), **look)
        line.set_gid("scenario")
        at = years[-1] + apart * (years[-1] - min(first, years[-1] - LEAST_YEARS)) * (1.5 + place)
        reach = [[medians[-1] - last["lower_80"]], [last["upper_80"] - medians[-1]]]
        ax.errorbar([at], medians[-1:], yerr=reach, elinewidth=1.4, capsize=3, zorder=4,
                    **look | {"linestyle": "none"})  # fmt: skip
        ends[name] = (at, medians[-1])
    return ends


def _set_heights(
    ax: Axes, lines: Mapping[str, Forecast], goal_height: float, factor: float, first: int
) -> None:
    summaries = [item.summary((80,)) / factor for item in lines.values()]
    history = next(iter(lines.values())).observed.with_running()["upper_80"].loc[str(first) :]
    heights = [goal_height, float(history.max()) / factor, 0.1]
    heights += [float(summary["median"].max()) for summary in summaries]
    tips = [float(summary["upper_80"].iloc[-1]) for summary in summaries]
    low = min(min(summary["lower_80"].iloc[-1], summary["median"].min()) for summary in summaries)
    most = float(np.nanmax(heights))
    ax.set_ylim(1.08 * min(0.0, low), 1.12 * min(max(most, *tips), _CUT * most))


def _label_ends(
    ax: Axes,
    ends: Mapping[str, tuple[float, float]],
    labels: Mapping[str, str],
    styles: Mapping[str, ScenarioStyle],
) -> None:
    """Write each label right of the whiskers, at the height of its median or as near as possible."""
    right = max(at for at, _ in ends.values())
    ax.set_xlim(ax.get_xlim()[0], right + 0.1)
    shares = stacked(ax, [height for _, height in ends.values()], 9)
    for name, share in zip(ends, shares, strict=True):
        name_line(ax, labels[name], (right, share), styles[name], coords=ax.get_xaxis_transform())


def _reach(
    lines: Mapping[str, Forecast], ends: Mapping[str, tuple[float, float]], factor: float
) -> list[tuple[float, float, float]]:
    """Return where each whisker stands, its lower and its upper end."""
    found = []
    for name, item in lines.items():
        last = item.summary((80,)).iloc[-1] / factor
        found.append((ends[name][0], float(last["lower_80"]), float(last["upper_80"])))
    return found


def _finish_whiskers(
    ax: Axes,
    lines: Mapping[str, Forecast],
    ends: Mapping[str, tuple[float, float]],
    factor: float,
    lang: str,
) -> dict[str, float]:
    """Name the interval and its year below the whiskers, and return the upper ends of those that are cut."""
    edge, cut = ax.get_ylim()[1], {}
    for (at, _, top), name in zip(_reach(lines, ends, factor), lines, strict=True):
        if top > edge:
            mark_cut(ax, at, "top", color=INK)
            cut[name] = top * factor
    last = int(years_of(next(iter(lines.values())).paths)[-1])
    word = str(texts(lang)["picture_marks"]["interval"]).format(level=80, year=last)
    ax.set_xticks([year for year in ax.get_xticks() if ax.get_xlim()[0] <= year <= last])
    across, places = ax.get_xaxis_transform(), [at for at, _ in ends.values()]
    half = 0.3 * _APART * float(np.ptp(ax.get_xlim()))
    bracket: dict[str, Any] = {"color": INK, "linewidth": 2.2, "transform": across, "clip_on": False}
    ax.plot([min(places) - half, max(places) + half], [-0.02] * 2, scalex=False, scaley=False, **bracket)
    ax.annotate(word, (last, 0), xycoords=across, xytext=(18, -8), textcoords="offset points",
                fontsize=8, color=INK, va="top", annotation_clip=False)  # fmt: skip
    return cut


def _cut_told(cut: Mapping[str, float], named: Mapping[str, str], indicator: pd.Series, lang: str) -> str:
    """Return a line for the foot with the ends of the whiskers that are cut."""
    if not cut:
        return ""
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    shown = forecasts({**cut} | {"": 0.0}, unit, decimals, lang, keys=dict.fromkeys([*cut, ""], ""))
    told = "; ".join(f"{named[name]} {plain(shown[name])}" for name in cut)
    return str(texts(lang)["picture_marks"]["cut_whiskers"]).format(level=80, ends=told)
