"""One indicator: history with its uncertainty, fan, goals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..languages import document_name, goal, indicator_name, number, texts
from ..marks import plain
from ..periods import term_years
from ..schema import Forecast, NotAssessed, YearlySeries, row_of, years_of
from .style import BLUE, GOAL, GREY, axis_unit, draw_foot, style, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BANDS = {95: 0.14, 80: 0.20, 50: 0.30}
_MARKS = {"year": "o", "year_estimate": "o", "part_year": "D"}
#: A picture spans at least so many years, so that the words on it find room.
_LEAST_YEARS = 6


def plot_forecast(
    outcome: Forecast | NotAssessed,
    targets: pd.DataFrame,
    indicator: pd.Series,
    *,
    lang: str = "vi",
    first_year: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the history with its uncertainty, the fan, and the goals on it.

    Parameters
    ----------
    outcome : Forecast or NotAssessed
        Without a forecast, the few figures and the goals are drawn all the same.
    targets : pandas.DataFrame
        Targets of this indicator: a mark each at its year.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language of all words.
    first_year : int, optional
        First year shown; by default the years that carry at least every third figure.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
    """
    import matplotlib.pyplot as plt

    with style():
        ax = ax or plt.subplots()[1]
        factor, unit = axis_unit(indicator)
        observed = outcome.observed
        if observed is not None:
            first = first_year or _dense_since(observed)
            _draw_history(ax, observed, factor, first, lang, filled=isinstance(outcome, Forecast))
            if observed.scale == "growth":
                _draw_term_averages(ax, observed, targets, first, lang)
        if isinstance(outcome, Forecast):
            _draw_fan(ax, outcome, factor, lang)
        else:
            ax.set_title(
                texts(lang)["figure"]["not_assessed"],
                loc="right",
                fontsize=9,
                weight="normal",
                color="#555555",
                style="italic",
            )
        _set_heights(ax, outcome, targets["value"].max() / factor, factor)
        _draw_targets(ax, targets, int(indicator["decimals"]), factor, lang)
        _finish(ax, indicator, unit, observed, lang)
    return ax


def _set_heights(ax: Axes, outcome: Forecast | NotAssessed, goal_height: float, factor: float) -> None:
    """Start at zero and leave room above; the outermost band is let run out of the picture.

    Rates of growth that lie far above zero start nearer to them.
    """
    low, high = ax.dataLim.y0, ax.dataLim.y1
    if isinstance(outcome, Forecast):
        summary = outcome.summary((80,)) / factor
        low, high = float(summary["lower_80"].min()), float(summary["upper_80"].max())
        history = outcome.observed.table["upper_80"].loc[str(_dense_since(outcome.observed)) :]
        high = max(high, float(history.max()) / factor)
    heights = [height for height in (low, high, goal_height) if np.isfinite(height)] or [0.0]
    rates = outcome.observed is not None and outcome.observed.scale == "growth" and min(heights) > 0
    ax.set_ylim(0.5 * min(heights) if rates else min(0.0, *heights), 1.28 * max(*heights, 0.1))


def _dense_since(observed: YearlySeries) -> int:
    """Return the year from which gaps between figures are at most three years."""
    terms: list[str] = (
        observed.observations.query("freq == 'TERM'")["period"].tolist() if observed.scale == "growth" else []
    )
    years = sorted({*observed.observed_years, *(year for term in terms for year in term_years(term))})
    years = [year for year in years if year <= observed.origin] or [observed.origin]
    first = years[-1]
    for earlier, later in zip(years[-2::-1], years[:0:-1], strict=True):
        if later - earlier > 3:
            break
        first = earlier
    return first


def _draw_history(
    ax: Axes, observed: YearlySeries, factor: float, first: int, lang: str, *, filled: bool = True
) -> None:
    table = observed.table.loc[str(first) : str(observed.origin)]
    years, values = years_of(table), table["estimate"].to_numpy() / factor
    own = table["basis"].isin(_MARKS).to_numpy()
    if filled:
        ax.plot(years, values, color=BLUE, linewidth=1.0, linestyle=(0, (3, 2)), alpha=0.55)
    joined = np.where(own, values, np.nan)
    ax.plot(years, joined, color=BLUE, linewidth=1.6)
    band = table[["lower_80", "upper_80"]].to_numpy() / factor
    for basis, mark in _MARKS.items():
        at = (table["basis"] == basis).to_numpy()
        if not at.any():
            continue
        error = np.abs(band[at].T - values[at])
        ax.errorbar(
            years[at],
            values[at],
            yerr=error,
            fmt=mark,
            color=BLUE,
            markersize=6,
            elinewidth=1,
            capsize=2.5,
            markerfacecolor=BLUE if basis == "year" else "white",
            label=texts(lang)["bases"][basis],
            zorder=4,
        )
    _draw_others(ax, observed, factor, first, lang)


def _draw_others(ax: Axes, observed: YearlySeries, factor: float, first: int, lang: str) -> None:
    seen = observed.observations
    whole = seen[(seen["basis"] == "year") & seen["year"].between(first, observed.origin)]
    others = whole[whole["year"].duplicated(keep=False)]
    if len(others):
        ax.plot(
            others["year"],
            others["implied"] / factor,
            "x",
            color=GREY,
            markersize=6,
            zorder=3,
            label=texts(lang)["figure"]["others"],
        )
    expected = observed.expected
    if len(expected):
        ax.plot(
            years_of(expected),
            expected.to_numpy() / factor,
            "s",
            color=GREY,
            markersize=6,
            markerfacecolor="white",
            zorder=5,
            label=texts(lang)["figure"]["expected"],
        )


def _draw_term_averages(
    ax: Axes, observed: YearlySeries, targets: pd.DataFrame, first: int, lang: str
) -> None:
    terms = observed.observations[observed.observations["freq"] == "TERM"]
    for value, period in zip(terms["value"], terms["period"], strict=True):
        years = term_years(period)
        if years[0] < first:
            continue
        words = texts(lang)["figure"]["term"]
        shown = words.format(years=f"{years[0]}–{years[-1]}", value=number(value, 1, lang))
        ax.hlines(value, years[0] - 0.4, years[-1] + 0.4, color=GREY, linewidth=2)
        goals = targets.loc[targets["end"].between(years[0], years[-1] + 1), "value"]
        below = bool(((goals >= value) & (goals - value < 0.08 * goals)).any())
        write(ax, shown, (years[0] - 0.4, value), (0, -11 if below else 4), color="#555555")


def _draw_fan(ax: Axes, forecast: Forecast, factor: float, lang: str) -> None:
    summary = forecast.summary(tuple(_BANDS)) / factor
    start = row_of(forecast.observed.table, forecast.observed.origin)["estimate"] / factor
    years = [forecast.observed.origin, *years_of(summary)]
    for level, alpha in _BANDS.items():
        lower, upper = [start, *summary[f"lower_{level}"]], [start, *summary[f"upper_{level}"]]
        ax.fill_between(years, lower, upper, color=BLUE, alpha=alpha, linewidth=0)
    if forecast.calm is not None:
        calm = replace(forecast, paths=forecast.calm).summary((80,)) / factor
        word = texts(lang)["figure"]["calm"].format(level=80)
        for side, label in (("lower_80", None), ("upper_80", word)):
            ax.plot(years, [start, *calm[side]], color=BLUE, linewidth=1.2, linestyle=":", label=label)
    ax.plot(years, [start, *summary["median"]], color=BLUE, linewidth=2)
    for level in (80, 50):
        word = texts(lang)["figure"]["band"].format(level=level)
        write(ax, word, (years[-1], summary[f"upper_{level}"].iloc[-1]), (11, -3), color=BLUE)
    write(ax, texts(lang)["figure"]["median"], (years[-1], summary["median"].iloc[-1]), (11, -3), color=BLUE)


def _draw_targets(ax: Axes, targets: pd.DataFrame, decimals: int, factor: float, lang: str) -> None:
    room = 0.09 * float(np.ptp(ax.get_ylim()))
    above: list[float] = []
    for _, target in targets.sort_values(["end", "value"], ascending=False).iterrows():
        value, end = target["value"] / factor, int(target["end"])
        crowd = sum(abs(value - other) < room for other in above)
        above.append(value)
        label = plain(f"{document_name(target['document'], lang)}: {goal(target, decimals, lang)}")
        if target["measure"].startswith("term"):
            ax.hlines(value, int(target["start"]) - 0.4, end + 0.4, color=GOAL, linewidth=2.5)
        else:
            ax.plot([end], [value], marker="*", markersize=13, color=GOAL, linestyle="none", zorder=5)
        write(ax, label, (end, value), (-8, 7 + 13 * crowd), color=GOAL, size=8.5, side="right", bold=True)


def _finish(ax: Axes, indicator: pd.Series, unit: str, observed: YearlySeries | None, lang: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.set_title(indicator_name(indicator, lang))
    ax.set_ylabel(texts(lang)["units"][unit])
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    first, last = ax.dataLim.x0, ax.dataLim.x1
    if np.isfinite([first, last]).all():
        first = min(first, last - _LEAST_YEARS)
        ax.set_xlim(first - 0.6, last + 0.09 * (last - first) + 0.4)  # room for the words at the fan
    decimals = 0 if np.allclose(ax.get_yticks() % 1, 0) else 1
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals, lang)))
    handles, _ = ax.get_legend_handles_labels()
    if handles:
        ax.legend(loc="upper left", fontsize=8)
    draw_foot(ax, observed, lang)
