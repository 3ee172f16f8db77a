"""Figure of what scenarios change: the difference from the baseline and its interval, a panel for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...scenarios import BASELINE
from ..language import indicator_name, number, texts
from ..scenario_changes import sign
from .foot import letters_across, name_sources, write_foot
from .running import draw_strip, split_fan
from .scenario_style import SAMPLE, ScenarioStyle, draw_sample, scenario_styles
from .style import axis_unit, new_figure, style
from .subject import row_named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS, _PANEL, _EMPTY, _MARGIN = 3, 2.2, 0.6, 1.0
#: Letters of a label on one line, in figures of one, two and three columns.
_LETTERS = (90, 46, 27)
_INK = "#444444"
#: Percent of the paths between the ends of the band.
_LEVEL = 80


def plot_difference(
    differences: pd.DataFrame,
    indicator: pd.Series | None = None,
    labels: Mapping[str, str] | None = None,
    *,
    kind: str | None = None,
    as_of: date | None = None,
    lang: str = "vi",
) -> Figure:
    """Draw by year the difference of each scenario from the baseline, with its 80 % interval.

    All panels share their axes. Scenarios that change nothing are named at the foot.

    Parameters
    ----------
    differences : pandas.DataFrame
        One indicator, as `scenarios.differences` returns it: scenario, year, kind, median, lower_80,
        upper_80.
    indicator : pandas.Series, optional
        Its row of `indicators.csv`; by default that of the name in `differences`.
    labels : mapping of scenario name to str, optional
        The title of each panel; a name without one stands for itself.
    kind : {"percent", "level", "growth"}, optional
        What is drawn; by default percent, and for rates the level, in points.
    as_of : datetime.date, optional
        The vintage: its year, the one in progress, is drawn apart, and the day stands at the foot.
    lang : {"vi", "en"}
        Language of all other words.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting.figures import plot_difference
    >>> rows = {"scenario": "high", "year": [2024, 2025], "kind": "percent", "median": [10.0, 24.0],
    ...         "lower_80": [9.0, 20.0], "upper_80": [11.0, 28.0], "unit": "percent"}
    >>> visits = load_project().indicators.loc["tourist_arrivals"]
    >>> figure = plot_difference(pd.DataFrame(rows), visits, {"high": "High"}, lang="en")
    >>> [text.get_text() for text in figure.axes[0].texts[1:3]], figure.axes[0].get_ylabel()
    (['2025: +24.0 (+20.0 to +28.0)', 'High'], '% of the baseline')
    """
    if indicator is None:
        indicator = _subject(differences)
    kind = kind or ("level" if indicator["unit"] == "percent" else "percent")
    words, named = texts(lang)["picture_difference"], dict(labels or {})
    rows = differences[(differences["kind"] == kind) & (differences["scenario"] != BASELINE)]
    every = list(dict.fromkeys(rows["scenario"]))
    still = rows[["median", "lower_80", "upper_80"]].eq(0).all(axis=1).groupby(rows["scenario"]).all()
    moved = [name for name in every if not still[name]]
    factor, unit = axis_unit(indicator) if kind == "level" else (1.0, "percent")
    with style():
        across = min(_COLUMNS, max(len(moved), 1))
        figure, panels = _grid(across, -(-len(moved) // across))
        title = words["title"].format(indicator=indicator_name(indicator, lang))
        panels[0, 0].annotate(title, (0, 1), xycoords="axes fraction", xytext=(0, 34), weight="bold",
                              fontsize=12, textcoords="offset points", annotation_clip=False)  # fmt: skip
        styles = scenario_styles(every)
        for panel, name in zip(panels.flat, moved, strict=False):
            _draw_panel(panel, rows[rows["scenario"] == name], factor, styles[name], as_of, lang)
            _name_panel(panel, fill(named.get(name, name), _LETTERS[across - 1]), styles[name])
        for panel in panels.flat[len(moved) :]:
            panel.set_axis_off()
        nothing = words["nothing"] if every else words["none"]
        _finish(panels, moved, _axis(kind, unit, lang), nothing, lang)
        notes = [words["key"].format(level=_LEVEL)] if moved else []
        if as_of is not None and moved and as_of.year in set(rows["year"]):
            notes.append(str(texts(lang)["picture_marks"]["strip"]).format(year=as_of.year, level=_LEVEL))
        if moved and len(moved) < len(every):
            told = ", ".join(named.get(name, name) for name in every if name not in moved)
            notes.append(str(texts(lang)["figure"]["same_as"]).format(scenarios=told))
        if as_of is not None:
            notes.append(name_sources([], as_of, lang))
        write_foot(panels[-1, 0], "\n".join(notes), width=letters_across(panels[-1, 0]) * across)
    return figure


def _subject(differences: pd.DataFrame) -> pd.Series:
    """Return what is drawn: the indicator that the differences name, in the unit of its levels."""
    levels = differences[differences["kind"] == "level"]
    said = levels.iloc[0] if len(levels) else {"indicator": "", "unit": ""}
    unit = str(said["unit"])
    return row_named(str(said["indicator"]), "percent" if unit == "points" else unit)


def _grid(across: int, down: int) -> tuple[Figure, np.ndarray]:
    """Return a figure with panels of one height, whatever their number."""
    height = (_PANEL * down if down else _EMPTY) + _MARGIN
    room = {"left": 0.08, "right": 0.99, "top": 1 - _MARGIN / 2 / height, "bottom": _MARGIN / 2 / height}
    figure = new_figure(figsize=(9.0, height))
    between = {"wspace": 0.06, "hspace": 0.42}
    return figure, figure.subplots(
        max(down, 1), across, squeeze=False, sharex=True, sharey=True, gridspec_kw=room | between
    )


def _name_panel(panel: Axes, label: str, look: ScenarioStyle) -> None:
    """Write the label of a scenario above its panel, behind a sample of its line and mark."""
    draw_sample(panel, (0, 1), (0, 9), look, coords=panel.transAxes)
    panel.annotate(label, (0, 1), xycoords="axes fraction", xytext=(SAMPLE + 5, 5), fontsize=9, weight="bold",
                   textcoords="offset points", color=look.color, annotation_clip=False)  # fmt: skip


def _axis(kind: str, unit: str, lang: str) -> str:
    words = texts(lang)["picture_difference"]
    if kind == "level":
        return str(words["points"] if unit == "percent" else texts(lang)["units"].get(unit, unit))
    return str(words[kind])


def _draw_panel(
    panel: Axes, rows: pd.DataFrame, factor: float, look: ScenarioStyle, as_of: date | None, lang: str
) -> None:
    years = [int(rows["year"].min()) - 1, *rows["year"]]
    middle, lower, upper = ([0.0, *rows[name] / factor] for name in ("median", "lower_80", "upper_80"))
    panel.axhline(0, color=_INK, linewidth=1.0, zorder=2)
    running = as_of.year if as_of is not None and as_of.year in years[1:] else None
    fan = pd.DataFrame({"median": middle, "lower": lower, "upper": upper}, index=years)
    for part in split_fan(fan, running):
        panel.fill_between(
            part.index, part["lower"], part["upper"], color=look.color, alpha=0.22, linewidth=0, zorder=1
        )
    if running is not None:
        draw_strip(panel, running)
        at, ends = fan["median"][running], fan.loc[running, ["lower", "upper"]].to_numpy(dtype=float)
        reach = np.abs(ends - at).reshape(2, 1)
        panel.errorbar([running], [at], yerr=reach, color=look.color, capsize=3, fmt="none")
    panel.plot(years, middle, markevery=slice(1, None), zorder=3, **look.line())
    shown = [sign(values[-1], 1 if abs(values[-1]) < 100 else 0, lang) for values in (middle, lower, upper)]
    told = shown[0]
    if shown[1] != shown[2]:
        form = texts(lang)["scenarios"]["with_band"]
        told = str(form).format(middle=shown[0], lower=shown[1], upper=shown[2])
    panel.text(
        0.03, 0.97, f"{years[-1]}: {told}", transform=panel.transAxes, fontsize=8, va="top", color=_INK
    )


def _finish(panels: np.ndarray, moved: list[str], unit: str, nothing: str, lang: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    first: Axes = panels[0, 0]
    if not moved:
        first.set_axis_off()
        first.text(0.5, 0.5, nothing, ha="center", color="#555555",
                   style="italic")  # fmt: skip
        return
    low, high = first.get_ylim()
    first.set_ylim(low, high + 0.18 * (high - low))  # room for the words of the last year
    first.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, steps=[1, 2, 5, 10]))
    first.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    ticks = first.get_yticks()
    decimals = 0 if np.allclose(ticks % 1, 0) else 1 if np.allclose(ticks * 10 % 1, 0) else 2
    first.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals, lang)))
    for row in panels:
        row[0].set_ylabel(unit)
    for panel in panels.flat[: len(moved)][-panels.shape[1] :]:
        panel.tick_params(axis="x", labelbottom=True)  # the lowest of its column
