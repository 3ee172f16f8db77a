"""Figure of the forecast of one indicator: history with its uncertainty, fan chart, goals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
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
    row_of,
    targets_table,
    term_years,
    years_of,
)
from ...evidence import is_doubted
from ..goals import withheld_years
from ..language import forecasts, number, texts
from ..tagged_numbers import plain
from .axes import dense_since, draw_history, draw_targets, finish_axes, mark_cut
from .events import mark_events
from .style import BLUE, GREY, axes_of, axis_unit, draw_foot, spread, style, write
from .subject import subject_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BANDS = {95: 0.14, 80: 0.20, 50: 0.30}
#: Distance between two labels of bands as a share of the height.
_LABEL_ROOM = 0.045


def plot_forecast(
    outcome: Forecast | NotAssessed,
    targets: pd.DataFrame | Iterable[Target] = (),
    indicator: pd.Series | None = None,
    *,
    lang: str = "vi",
    first_year: int | None = None,
    events: pd.DataFrame | None = None,
    verdicts: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the history with its uncertainty, the fan chart, and the goals.

    Where no figure tells the level and yearly plans do, no fan is drawn: a plan is a mark only, and a year of
    another goal has its 80 % interval as a whisker. Where the outermost band leaves the picture, marks at the
    edge say so, and its label how far it goes.

    Parameters
    ----------
    outcome : Forecast or NotAssessed
        Without a forecast, only the available figures and the goals are drawn.
    targets : iterable of Target, or pandas.DataFrame
        Targets of this indicator, one mark each at its year.
    indicator : pandas.Series, optional
        Its row of `indicators.csv`; a series that is not listed there needs none.
    lang : {"vi", "en"}
        Language of all words.
    first_year : int, optional
        First year shown; by default that of `dense_since`: from it, gaps are at most three years.
    events : pandas.DataFrame, optional
        Events known at the vintage, as `pipeline.known_events` returns them. Those that weigh most are marked
        on the time axis; see `figures.events`.
    verdicts : pandas.DataFrame, optional
        Verdicts on them. The fan ends before the first year whose forecast is withheld.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, known_targets, open_project
    >>> from sapa_analysis.reporting.figures import plot_forecast
    >>> project, params = open_project(as_of="2023-06-30")
    >>> cover = assess_indicator(project, params.with_values(n_paths=100), "forest_cover")
    >>> goals = known_targets(project, params, "forest_cover")
    >>> axes = plot_forecast(cover, goals, project.indicators.loc["forest_cover"], lang="en")
    >>> [text.get_text() for text in axes.texts][:-1]
    ['resolution 2023: 66.29%', 'median', '95%', '80%', '50%']
    """
    with style():
        ax = axes_of(ax)
        indicator = subject_of(outcome.observed, indicator)
        factor, unit = axis_unit(indicator)
        goals, key = targets_table(as_targets(targets)), ""
        observed = outcome.observed
        if observed is not None:
            first = first_year or dense_since(observed)
            whole = (
                outcome.reason == NO_YEAR_LEFT
                if isinstance(outcome, NotAssessed)
                else not observed.plan_level
            )
            draw_history(ax, observed, factor, first, lang, filled=whole)
            if observed.scale == "growth":
                _draw_term_averages(ax, observed, goals, first, lang)
        told = years_told(outcome, goals, verdicts) if isinstance(outcome, Forecast) else []
        if isinstance(outcome, Forecast) and told:
            (_draw_whiskers if outcome.observed.plan_level else _draw_fan)(ax, outcome, told, factor, lang)
        if note := _note(outcome, told, lang):
            ax.set_title(note, loc="right", fontsize=9, weight="normal", color="#555555", style="italic")
        _set_heights(ax, outcome, told, goals["value"].max() / factor, factor)
        draw_targets(ax, goals, int(indicator["decimals"]), factor, lang)
        finish_axes(ax, indicator, unit, lang)
        if isinstance(outcome, Forecast) and told and not outcome.observed.plan_level:
            _name_bands(ax, _summary(outcome, told, tuple(_BANDS)), indicator, factor, lang)
        if observed is not None:
            curve = _curve(outcome, observed, first, told) / factor
            key = mark_events(ax, events, observed.indicator_id, curve, lang)
        draw_foot(ax, observed, lang, key=key)
    return ax


def years_told(outcome: Forecast, goals: pd.DataFrame, verdicts: pd.DataFrame | None) -> list[int]:
    """Return the years drawn: those before any that is withheld; on plans only, those of other goals."""
    ahead = [int(year) for year in years_of(outcome.paths)]
    withheld = withheld_years(verdicts) if verdicts is not None else {}
    level = outcome.observed.plan_level
    if level is None:
        return [year for year in ahead if year < min(withheld, default=year + 1)]
    own = withheld if verdicts is not None else [year for year, _ in level.plans]
    return [year for year in ahead if year in set(goals["end"]) and year not in own]


def _note(outcome: Forecast | NotAssessed, told: list[int], lang: str) -> str:
    """Return why there is no fan; blank where there is one."""
    words = texts(lang)
    if isinstance(outcome, NotAssessed):
        return str(words["figure"]["no_year_left" if outcome.reason == NO_YEAR_LEFT else "not_assessed"])
    if outcome.observed.plan_level:
        return str(words["plans"]["level"])
    return "" if told else str(words["reasons"]["too_wide"])


def _curve(outcome: Forecast | NotAssessed, observed: YearlySeries, first: int, told: list[int]) -> pd.Series:
    """Return the estimates from the first year shown to the origin, and then the medians that are drawn."""
    past = observed.table.loc[str(first) : str(observed.origin), "estimate"]
    return pd.concat([past, _summary(outcome, told, ())["median"]]) if isinstance(outcome, Forecast) else past


def _summary(outcome: Forecast, told: list[int], levels: tuple[int, ...]) -> pd.DataFrame:
    summary = outcome.summary(levels)
    return summary[np.isin(years_of(summary), told)]


def _set_heights(
    ax: Axes, outcome: Forecast | NotAssessed, told: list[int], goal_height: float, factor: float
) -> None:
    """Set the vertical limits from zero, with space above; the outermost band may exceed the figure.

    For growth rates that are all above zero the axis starts closer to them.
    """
    low, high = ax.dataLim.y0, ax.dataLim.y1
    if isinstance(outcome, Forecast) and told:
        summary = _summary(outcome, told, (80,)) / factor
        low, high = float(summary["lower_80"].min()), float(summary["upper_80"].max())
        history = outcome.observed.with_running()["upper_80"].loc[str(dense_since(outcome.observed)) :]
        high = max(high, float(history.max()) / factor)
    heights = [height for height in (low, high, goal_height) if np.isfinite(height)] or [0.0]
    rates = outcome.observed is not None and outcome.observed.scale == "growth" and min(heights) > 0
    ax.set_ylim(0.5 * min(heights) if rates else min(0.0, *heights), 1.28 * max(*heights, 0.1))


def _draw_term_averages(
    ax: Axes, observed: YearlySeries, targets: pd.DataFrame, first: int, lang: str
) -> None:
    terms = observed.observations[observed.observations["freq"] == "TERM"]
    doubted = is_doubted(terms)
    for value, period, doubt in zip(terms["value"], terms["period"], doubted, strict=True):
        years = term_years(period)
        if years[0] < first:
            continue
        words = texts(lang)["figure"]["term"]
        shown = words.format(years=f"{years[0]}–{years[-1]}", value=number(value, 1, lang))
        shown += f" ({texts(lang)['doubts']['mark']})" if doubt else ""
        ax.hlines(value, years[0] - 0.4, years[-1] + 0.4, color=GREY, linewidth=2)
        goals = targets.loc[targets["end"].between(years[0], years[-1] + 1), "value"]
        below = bool(((goals >= value) & (goals - value < 0.08 * goals)).any())
        write(ax, shown, (years[0] - 0.4, value), (0, -11 if below else 4), color="#555555")


def _draw_whiskers(ax: Axes, forecast: Forecast, told: list[int], factor: float, lang: str) -> None:
    """Draw median and 80 % interval of single years."""
    summary, words = _summary(forecast, told, (80,)) / factor, texts(lang)["figure"]
    middle = summary["median"].to_numpy()
    error = np.abs(summary[["lower_80", "upper_80"]].to_numpy().T - middle)
    ax.errorbar(told, middle, yerr=error, fmt="_", color=BLUE, markersize=10, elinewidth=1.2, capsize=3)
    write(ax, words["band"].format(level=80), (told[-1], summary["upper_80"].iloc[-1]), (11, -3), color=BLUE)
    write(ax, words["median"], (told[-1], middle[-1]), (11, -3), color=BLUE)


def _draw_fan(ax: Axes, forecast: Forecast, told: list[int], factor: float, lang: str) -> None:
    summary = _summary(forecast, told, tuple(_BANDS)) / factor
    start = row_of(forecast.observed.table, forecast.observed.origin)["estimate"] / factor
    years = [forecast.observed.origin, *years_of(summary)]
    for level, alpha in _BANDS.items():
        lower, upper = [start, *summary[f"lower_{level}"]], [start, *summary[f"upper_{level}"]]
        ax.fill_between(years, lower, upper, color=BLUE, alpha=alpha, linewidth=0)
    if forecast.without_shocks is not None:
        quiet = replace(forecast, paths=forecast.without_shocks)
        without_shocks = _summary(quiet, told, (80,)) / factor
        word = texts(lang)["figure"]["without_shocks"].format(level=80)
        for side, label in (("lower_80", None), ("upper_80", word)):
            ax.plot(
                years, [start, *without_shocks[side]], color=BLUE, linewidth=1.2, linestyle=":", label=label
            )
    ax.plot(years, [start, *summary["median"]], color=BLUE, linewidth=2)


def _name_bands(ax: Axes, summary: pd.DataFrame, indicator: pd.Series, factor: float, lang: str) -> None:
    """Name median and bands at the last year; mark where a band leaves the picture, and say how far."""
    words, years = texts(lang)["figure"], years_of(summary)
    low, high = ax.get_ylim()
    last, names = summary.iloc[-1], [f"{side}_{level}" for level in _BANDS for side in ("lower", "upper")]
    values, unit = {name: float(last[name]) for name in ("median", *names)}, str(indicator["unit"])
    keys = dict.fromkeys(values, "")
    told = forecasts(values, unit, int(indicator["decimals"]), lang, keys=keys, bare=names)
    labels = {words["median"]: last["median"] / factor}
    for level in _BANDS:
        word = words["band"].format(level=level)
        if last[f"upper_{level}"] / factor > high:
            word = words["band_cut"].format(level=level, value=plain(told[f"upper_{level}"]))
        labels[word] = min(last[f"upper_{level}"] / factor, high)
        if last[f"lower_{level}"] / factor < low:
            labels[words["band_cut"].format(level=level, value=plain(told[f"lower_{level}"]))] = low
        for edge, beyond in (("top", summary[f"upper_{level}"] / factor > high),
                             ("bottom", summary[f"lower_{level}"] / factor < low)):  # fmt: skip
            for year in years[beyond.to_numpy()]:
                mark_cut(ax, year, edge)
    for word, height in zip(labels, spread(list(labels.values()), _LABEL_ROOM * (high - low)), strict=True):
        write(ax, word, (years[-1], height), (11, -3), color=BLUE)
