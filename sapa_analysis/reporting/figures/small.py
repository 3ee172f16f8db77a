"""Small figure of one indicator, for three side by side: what was published, the forecast, the goals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...core import (
    NO_YEAR_LEFT,
    Forecast,
    NotAssessed,
    Target,
    YearlySeries,
    as_targets,
    targets_table,
    years_of,
)
from ...evidence import is_office
from ..goals import withheld_years
from ..language import indicator_name, texts
from .axes import dense_since, mark_cuts
from .forecast import years_told
from .running import draw_box, draw_strip, running_year, split_fan
from .small_labels import SMALL, shown, write_numbers
from .style import BLUE, GOAL, axis_unit, frame, small_figure, style
from .subject import subject_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Width and height in millimetres: three stand side by side on A4.
SIZE = (58.0, 42.0)
#: Letters of titles in points, at that size.
_TITLE = 7.5
_BANDS = {80: 0.22, 50: 0.34}
#: A figure of part of a year is drawn from this share of the year on; what is less tells no year.
_WHOLE_ENOUGH = 0.9
#: Years before the last one drawn, at most; letters in a line of the title.
_YEARS, _LINE = 9, 36
#: Share of the height, at the upper edge, where no number of the axis stands.
_TOP = 0.045
#: How far the band may go beyond all else that is drawn, as a factor.
_HIGHEST = 1.9
#: The axis starts above zero where the lowest value is above this share of the highest.
_FAR_FROM_ZERO = 0.75


def plot_small(
    outcome: Forecast | NotAssessed,
    targets: pd.DataFrame | Iterable[Target] = (),
    indicator: pd.Series | None = None,
    *,
    lang: str = "vi",
    verdicts: pd.DataFrame | None = None,
) -> Axes:
    """Draw one indicator 58 mm wide: the published figures, what is forecast, and the goals.

    The figures of whole years are points, open where a figure is of most of a year only, in a frame if the
    office's. Years after the last
    of them have the middle and the 80 % and 50 % bands, also those that have ended without a figure. Last
    figure and goals are named by their numbers, in the unit of the title. Where yearly plans alone tell the
    level, the goals stand alone.

    Parameters
    ----------
    outcome : Forecast or NotAssessed
        Without a forecast, only figures and goals are drawn.
    targets : iterable of Target, or pandas.DataFrame
        Targets of this indicator, one mark each at its year.
    indicator : pandas.Series, optional
        Its row of `indicators.csv`; a series that is not listed there needs none.
    lang : {"vi", "en"}
        Language of all words.
    verdicts : pandas.DataFrame, optional
        Verdicts on them. The band ends before the first year whose forecast is withheld.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, known_targets, open_project
    >>> from sapa_analysis.reporting.figures import plot_small
    >>> project, params = open_project(as_of="2023-06-30")
    >>> cover = assess_indicator(project, params.with_values(n_paths=100), "forest_cover")
    >>> goals = known_targets(project, params, "forest_cover")
    >>> axes = plot_small(cover, goals, project.indicators.loc["forest_cover"], lang="en")
    >>> axes.get_title(loc="left"), [text.get_text() for text in axes.texts]
    ('Forest cover (%)', ['66.29', '66.53', 'year in progress'])
    """
    with style():
        indicator = subject_of(outcome.observed, indicator)
        factor, unit = axis_unit(indicator)
        goals = _comparable(targets_table(as_targets(targets)), outcome.observed)
        points = _points(outcome.observed, indicator) if outcome.observed is not None else _no_points()
        fan = _fan(outcome, goals, verdicts, points) / factor
        points, goals = points.assign(value=points["value"] / factor), _scaled(goals, factor)
        ax = small_figure(SIZE)
        running = running_year(outcome.observed) if running_year(outcome.observed) in fan.index else None
        _draw_fan(ax, fan, points, running)
        _draw_points(ax, points)
        _set_years(ax, points, fan, goals)
        _set_heights(ax, points, fan, goals, lang)
        _draw_goals(ax, goals)
        _say_why(ax, outcome, points, fan, lang)
        _lay_out(ax, _named(indicator, unit, lang))
        if running is not None:
            draw_box(ax, running, fan.loc[[running]].iloc[0], size=0.75)
        write_numbers(ax, points, fan, goals, running, indicator, lang)
    return ax


def _named(indicator: pd.Series, unit: str, lang: str) -> str:
    shown = str(texts(lang)["units"].get(unit, unit)).replace(" ", "\u00a0")  # stays in one line
    return indicator_name(indicator, lang) + (f" ({shown})" if shown else "")


def _comparable(goals: pd.DataFrame, observed: YearlySeries | None) -> pd.DataFrame:
    """Return the goals that can be compared with a year of the series: levels, or growth of a growth rate."""
    rates, levels = ["growth", "term_mean_growth"], ["level"]
    scale = observed.scale if observed is not None else ""
    return goals[goals["measure"].isin(rates if scale == "growth" else levels if scale else rates + levels)]


def _scaled(goals: pd.DataFrame, factor: float) -> pd.DataFrame:
    return goals.assign(value=goals["value"] / factor, value_high=goals["value_high"] / factor)


def _no_points() -> pd.DataFrame:
    return pd.DataFrame({"value": [], "bound": [], "whole": [], "own": []}, index=pd.Index([], dtype=int))


def _points(observed: YearlySeries, indicator: pd.Series) -> pd.DataFrame:
    """Return the published figures as printed, by year: those of whole years, or nearly so."""
    found = {}
    for year, value in zip(observed.observed_years, observed.published, strict=True):
        figure = observed.figure(year)
        if figure is None:
            found[year] = (float(value), "exact", True, False)
            continue
        whole = figure["basis"] != "part_year"
        if whole or figure["share"] >= _WHOLE_ENOUGH or indicator.get("nature") == "stock":
            own = is_office(figure.get("source_url", ""))
            found[year] = (float(figure["value"]), str(figure["bound"]), whole, own)
    if not found:
        return _no_points()
    first = dense_since(observed, also=[max(found)])
    points = pd.DataFrame.from_dict(found, orient="index", columns=["value", "bound", "whole", "own"])
    return points.loc[max(first, max(found) - _YEARS) :]


def _fan(
    outcome: Forecast | NotAssessed, goals: pd.DataFrame, verdicts: pd.DataFrame | None, points: pd.DataFrame
) -> pd.DataFrame:
    """Return middle and bands of the years after the last point: those that ended, then those ahead."""
    observed = outcome.observed
    if observed is None or observed.plan_level or not (len(points) or isinstance(outcome, Forecast)):
        return pd.DataFrame()
    last = points.index[-1] if len(points) else observed.origin
    withheld = withheld_years(verdicts) if verdicts is not None else {}
    drawn = observed.draws.loc[str(last + 1) : str(min([observed.origin, *(y - 1 for y in withheld)]))]
    drawn = drawn.set_axis(range(drawn.shape[1]), axis=1)
    if isinstance(outcome, Forecast):
        told = years_told(outcome, goals, verdicts)
        paths = outcome.paths[np.isin(years_of(outcome.paths), told)]
        drawn = pd.concat([drawn, paths.set_axis(range(paths.shape[1]), axis=1)])
    if drawn.empty or (isinstance(outcome, NotAssessed) and outcome.reason != NO_YEAR_LEFT):
        return pd.DataFrame()
    fan = {"median": drawn.median(axis=1)}
    for level in _BANDS:
        tail = (1 - level / 100) / 2
        for side, share in (("lower", tail), ("upper", 1 - tail)):
            fan[f"{side}_{level}"] = drawn.quantile(share, axis=1)
    return pd.DataFrame(fan).set_axis(years_of(drawn))


def _draw_fan(ax: Axes, fan: pd.DataFrame, points: pd.DataFrame, running: int | None) -> None:
    """Draw the bands from the last point on, where there is one; the year in progress has none."""
    if fan.empty:
        return
    if len(points):
        start = pd.DataFrame(points["value"].iloc[-1], index=[points.index[-1]], columns=fan.columns)
        fan = pd.concat([start, fan])
    if len(fan) == 1 and running is None:  # a single year without a figure before it is a bar
        fan = pd.concat([fan, fan]).set_axis([fan.index[0] - 0.2, fan.index[0] + 0.2])
    for part in split_fan(fan, running):
        for level, alpha in _BANDS.items():
            lower, upper = part[f"lower_{level}"], part[f"upper_{level}"]
            ax.fill_between(part.index, lower, upper, color=BLUE, alpha=alpha, linewidth=0)
    if running is not None:
        draw_strip(ax, running)
    ax.plot(fan.index, fan["median"], color=BLUE, linewidth=1.2, linestyle=(0, (4, 1.5)))


def _draw_points(ax: Axes, points: pd.DataFrame) -> None:
    """Draw the published figures; a dotted line leads over years without one."""
    if points.empty:
        return
    years, values = points.index.to_numpy(), points["value"].to_numpy(dtype=float)
    ax.plot(years, values, color=BLUE, linewidth=0.9, linestyle=":")
    every = pd.Series(values, years).reindex(range(years[0], years[-1] + 1))
    ax.plot(every.index, every, color=BLUE, linewidth=1.3)
    for whole, face in ((True, BLUE), (False, "white")):
        at = points["whole"].to_numpy(dtype=bool) == whole
        ax.plot(years[at], values[at], "o", color=BLUE, markersize=3.6, markerfacecolor=face, zorder=5)
    own = points["own"].to_numpy(dtype=bool)
    if own.any():
        frame(ax, years[own], values[own], 3.3)


def _draw_goals(ax: Axes, goals: pd.DataFrame) -> None:
    """Mark every goal at its year; a mean over a term also has a line over its years."""
    for _, goal in goals.iterrows():
        if str(goal["measure"]).startswith("term"):
            ax.hlines(goal["value"], int(goal["start"]), goal["end"], color=GOAL, linewidth=1.0)
        ax.plot(goal["end"], goal["value"], "D", color=GOAL, markersize=4.8, markeredgecolor="white",
                markeredgewidth=0.6, zorder=7)  # fmt: skip


def _set_years(ax: Axes, points: pd.DataFrame, fan: pd.DataFrame, goals: pd.DataFrame) -> None:
    """Set the years that are drawn, and name at most five of them, the last one too."""
    seen = [int(year) for year in (*points.index, *fan.index, *goals["end"])]
    if not seen:
        ax.set(xticks=[], xlim=(0, 1))
        return
    last, first = max(seen), min([*seen, max(seen) - 4])
    ticks = range(first + (last - first) % (step := -(-(last - first) // 4)), last + 1, step)
    ax.set_xlim(first - 0.5, last + max(0.6, 0.08 * (last - first)))  # room for half of the last year's name
    ax.set_xticks(list(ticks), [str(year) for year in ticks])


def _set_heights(ax: Axes, points: pd.DataFrame, fan: pd.DataFrame, goals: pd.DataFrame, lang: str) -> None:
    """Set the heights from zero, or closer to what is drawn where all of it is far from zero."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ends = [fan["lower_80"], fan["upper_80"], fan["median"]] if len(fan) else []
    fixed = pd.concat([points["value"], goals["value"], *ends[2:]])
    if fixed.empty:
        ax.set(yticks=[], ylim=(0, 1))
        return
    every = pd.concat([fixed, *ends])
    high = min(float(every.max()), _HIGHEST * float(fixed.max())) if fixed.max() > 0 else float(every.max())
    near = every.min() > _FAR_FROM_ZERO * high
    low = float(every.min()) - 0.4 * (high - float(every.min())) if near else min(0.0, float(every.min()))
    ax.set_ylim(low, (max(high, 0.0) if not near else high) + 0.16 * ((high - low) or 1.0))
    if len(fan):
        mark_cuts(ax, fan.index[fan["upper_80"] > ax.get_ylim()[1]], "top")
    bottom, top = ax.get_ylim()
    edge = top - _TOP * (top - bottom)  # a number at the upper edge would meet the title
    choices = (MaxNLocator(n, steps=[1, 2, 5, 10]).tick_values(bottom, top) for n in (4, 6, 9))
    kept = [[tick for tick in ticks if bottom <= tick <= edge] for ticks in choices]
    ax.set_yticks(next((ticks for ticks in kept if len(ticks) > 1), kept[-1]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: shown(value, lang)))


def _lay_out(ax: Axes, named: str) -> None:
    """Write the title from the left edge of the figure, and leave room for it and for the axis."""
    from textwrap import wrap

    width, height = SIZE
    lines = wrap(named, _LINE)
    numbers = max((len(tick.get_text()) for tick in ax.get_yticklabels()), default=0)
    left, top = max(7.0, 2.0 + 1.6 * numbers), height - 1.5 - 3.3 * max(len(lines), 2)
    ax.set_position((left / width, 5.0 / height, (width - left - 1.0) / width, (top - 5.0) / height))
    ax.set_title("\n".join(lines), x=-left / (width - left - 1.0), fontsize=_TITLE, pad=5, linespacing=1.1)


def _say_why(
    ax: Axes, outcome: Forecast | NotAssessed, points: pd.DataFrame, fan: pd.DataFrame, lang: str
) -> None:
    """Say in words that nothing was published, or that there is no forecast."""
    words = texts(lang)["figure"]
    done = isinstance(outcome, NotAssessed) and outcome.reason == NO_YEAR_LEFT
    why = words["no_figures"] if points.empty else "" if len(fan) or done else words["not_assessed"]
    if why:
        ax.annotate(why, (0.02, 0.03), xycoords="axes fraction", fontsize=SMALL, color="#555555",
                    style="italic")  # fmt: skip
