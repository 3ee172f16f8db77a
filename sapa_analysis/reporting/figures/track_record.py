"""Figure of a track record: forecasts of each 31 December and actual values, one panel per area."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...evidence import is_office
from ..language import indicator_name, number, texts
from .beside import Label, along, write_beside
from .foot import letters_across, name_sources, write_foot
from .style import BLUE, axis_unit, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The axis is logarithmic if the ratio of the largest to the smallest amount is above this.
_SPANS = 6
#: Height of a panel, and of title and foot together, in inches.
_PANEL, _MARGIN = 3.3, 0.9


def plot_track_record(
    records: pd.DataFrame,
    indicator: pd.Series,
    areas: pd.DataFrame,
    *,
    method: str = "headline",
    shock_years: Collection[int] = (),
    as_of: date | None = None,
    lang: str = "vi",
) -> Figure:
    """Draw actuals and, as thin lines, the medians of each 31 December with 80 % intervals at their ends.

    Parameters
    ----------
    records : pandas.DataFrame
        As `evaluation.track_areas` returns them; one panel per area that has any.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    areas : pandas.DataFrame
        As `load_areas` returns them, for the names.
    method : str
        The method whose forecasts are drawn.
    shock_years : collection of int
        Shock years of the indicator (`Vintage.shock_years`), drawn with a grey background.
    as_of : datetime.date, optional
        The vintage shown at the foot.
    lang : {"vi", "en"}
        Language of all words.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from sapa_analysis.evaluation import track_record
    >>> from sapa_analysis.pipeline import open_project
    >>> from sapa_analysis.reporting.figures import plot_track_record
    >>> project, params = open_project(as_of="2020-12-31")
    >>> params = params.with_values(n_paths=100, subjects={"forest": ["forest_cover"]})
    >>> rows = track_record(project, params, "tourist_arrivals", first=2019, methods=["headline"])
    >>> figure = plot_track_record(rows, project.indicators.loc["tourist_arrivals"], project.areas, lang="en")
    >>> figure.axes[0].get_title(loc="left"), [text.get_text() for text in figure.axes[0].texts[:3]]
    ('Tourist arrivals, Sa Pa town', ['2019', '2020', 'actual'])
    """
    mine = records[records["method"] == method]
    names = list(dict.fromkeys(mine["area"]))
    with style():
        size = (9.0, _MARGIN + _PANEL * max(len(names), 1))
        figure = new_figure(figsize=size, layout="constrained")
        panels = figure.subplots(max(len(names), 1), squeeze=False, sharex=True)
        if not names:
            _leave_empty(panels[0, 0], indicator, lang)
        labels = []
        for ax, name in zip(panels[:, 0], names, strict=False):
            labels.append(_draw_panel(ax, mine[mine["area"] == name], indicator, shock_years, lang))
            ax.set_title(f"{indicator_name(indicator, lang)}, {areas.loc[name, f'name_{lang}']}")
        if names:
            _finish(list(panels[:, 0]), mine, as_of, lang)
            figure.draw_without_rendering()  # from here on every panel has its place
            figure.set_layout_engine("none")
            for ax, told in zip(panels[:, 0], labels, strict=True):
                _write_labels(ax, told)
    return figure


def _leave_empty(ax: Axes, indicator: pd.Series, lang: str) -> None:
    ax.set_title(indicator_name(indicator, lang))
    ax.set_axis_off()
    ax.text(0.5, 0.5, texts(lang)["figure"]["no_record"], ha="center", color="#555555", style="italic")


def _draw_panel(
    ax: Axes, mine: pd.DataFrame, indicator: pd.Series, shock_years: Collection[int], lang: str
) -> list[Label]:
    """Draw the forecasts and the actuals of one area, and return their labels."""
    factor, unit = axis_unit(indicator)
    amounts = ["median", "lower_80", "upper_80", "actual"]
    shown = mine.assign(**mine[amounts] / factor)
    ax.set_ylabel(texts(lang)["units"][unit])
    _scale_axis(ax, shown, str(indicator["scale"]))
    labels = [_draw_hair(ax, hair) for _, hair in shown.groupby("origin")]
    labels += _draw_actuals(ax, shown, lang)
    labels += _shade(ax, shown, shock_years, lang)
    _write_numbers(ax, lang)
    return labels


def _write_labels(ax: Axes, labels: list[Label]) -> None:
    """Write the labels where they meet neither each other nor the lines."""
    corners = [np.column_stack(line.get_data()) for line in ax.lines]
    drawn = [[(float(x), float(y)) for x, y in line] for line in corners]
    lines = [point for line in drawn for point in along(line)]
    write_beside(ax, labels, marks=[point for line in drawn for point in line], lines=lines)


def _scale_axis(ax: Axes, shown: pd.DataFrame, scale: str) -> None:
    """Use a logarithmic axis for a wide range of amounts; distant interval ends may exceed the figure."""
    seen = shown[["median", "actual"]].to_numpy()
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    if scale == "log" and low > 0 and high > _SPANS * low:
        ax.set_yscale("log")
        ax.set_ylim(low / 1.8, high * 2.2)
        return
    tips = shown[["lower_80", "upper_80"]].to_numpy()
    low, high = min(low, float(np.nanmin(tips))), max(high, float(np.nanmax(tips)))
    ax.set_ylim(min(0.0, low * 1.1), high * 1.15)


def _shade(ax: Axes, shown: pd.DataFrame, shock_years: Collection[int], lang: str) -> list[Label]:
    years = [year for year in shock_years if shown["year"].min() <= year <= shown["year"].max()]
    for year in years:
        ax.axvspan(year - 0.5, year + 0.5, color="#eeeeee", linewidth=0, zorder=0)
    at = (min(years, default=0) - 0.5, float(ax.get_ylim()[1]))
    word, first = str(texts(lang)["figure"]["unusual"]), ((3.0, "left", -2.0, "top"),)
    return [Label(word, at, "#555555", 8, bold=False, first=first)] if years else []


def _draw_hair(ax: Axes, hair: pd.DataFrame) -> Label:
    """Draw one forecast: a small ring at the year just ended, the medians, the interval of the last year."""
    years, medians, last = hair["year"].tolist(), hair["median"].tolist(), hair.iloc[-1]
    ax.plot(years, medians, color=BLUE, linewidth=1.1, alpha=0.85, zorder=3)
    ax.plot(years[:1], medians[:1], "o", color=BLUE, markersize=4, markerfacecolor="white", zorder=3.2)
    ax.vlines(years[-1], last["lower_80"], last["upper_80"], color=BLUE, linewidth=1.1, alpha=0.55, zorder=2)
    ax.plot([years[-1]] * 2, [last["lower_80"], last["upper_80"]], "_", color=BLUE, markersize=6, alpha=0.7)
    first = ((3.0, "left", 0.0, "middle"), (3.0, "left", 1.0, "bottom"), (3.0, "left", -1.0, "top"))
    return Label(str(int(last["origin"])), (years[-1], medians[-1]), BLUE, 7, bold=False, first=first)


def _draw_actuals(ax: Axes, shown: pd.DataFrame, lang: str) -> list[Label]:
    actual = shown.drop_duplicates("year").set_index("year")["actual"].sort_index()
    known = actual.dropna()
    if known.empty:
        words = texts(lang)["figure"]["no_actual"]
        ax.set_title(words, loc="right", fontsize=9, weight="normal", color="#555555", style="italic")
        return []
    ax.plot(known.index, known, color="black", linewidth=0.8, linestyle=(0, (1, 2)), zorder=4)
    every = actual.reindex(range(int(actual.index.min()), int(actual.index.max()) + 1))
    ax.plot(every.index, every, color="black", linewidth=1.8, marker="o", markersize=6, zorder=5)
    at = (float(known.index[0]), float(known.iloc[0]))
    first = ((0.0, "center", 6.0, "bottom"), (0.0, "center", -6.0, "top"))
    return [Label(str(texts(lang)["figure"]["actual"]), at, "black", 8.5, first=first)]


def _write_numbers(ax: Axes, lang: str) -> None:
    """Write the axis numbers in the format of the language, only a few on the axis of amounts."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    low, high = ax.get_ylim()
    if ax.get_yscale() == "log":
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high < 300 * low else (1.0,)))
        ax.yaxis.set_minor_formatter(NullFormatter())
    ticks = [tick for tick in ax.get_yticks() if low <= tick <= high]
    decimals = next((n for n in (0, 1) if np.allclose(np.round(ticks, n), ticks)), 2)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals, lang)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))


def _finish(panels: Sequence[Axes], mine: pd.DataFrame, as_of: date | None, lang: str) -> None:
    """Write the legend of the forecast lines, the vintage and the sources once, below the last panel."""
    words, figure = texts(lang)["figure"], panels[0].get_figure(root=True)
    assert figure is not None
    panels[0].set_xlim(int(mine["year"].min()) - 0.6, int(mine["year"].max()) + 0.8)
    own = str(texts(lang)["office"]["names"])
    hosts = [own if is_office(host) else host for host in mine["source"].value_counts().index if host]
    write_foot(panels[-1], name_sources(hosts, as_of, lang, width=letters_across(panels[-1])))
    told = str(words["then"]).format(level=words["band"].format(level=80))
    [hair] = panels[-1].plot([], [], color=BLUE, linewidth=1.1, marker="o", markersize=4)
    hair.set_markerfacecolor("white")
    figure.legend([hair], [told], loc="outside lower left", fontsize=8)
