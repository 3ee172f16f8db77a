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
from .axes import dense_since, draw_history, draw_targets, finish_axes, goals_left, mark_cuts
from .beside import Label, along, stacked, write_beside
from .events import mark_events
from .foot import draw_foot
from .running import box_key, draw_box, draw_strip, running_year, split_fan, strip_label
from .style import BLUE, GREY, axes_of, axis_unit, style, write
from .subject import subject_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BANDS = {95: 0.14, 80: 0.20, 50: 0.30}
#: A band is cut at this multiple of the highest median, goal or figure.
_MOST = 1.7


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
    edge say so, and its label how far it goes. The year in progress on the day of the series stands apart, as
    a box (50 %) with a whisker (80 %) in a grey strip, and the fan begins after it.

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
    ['median', '95%', '80%', '50%', '2023: year in progress', 'resolution 2023: 66.29%']
    """
    with style():
        ax = axes_of(ax)
        indicator = subject_of(outcome.observed, indicator)
        factor, unit = axis_unit(indicator)
        goals, terms = targets_table(as_targets(targets)), list[Label]()
        observed = outcome.observed
        first = 0 if observed is None else first_year or dense_since(observed)
        if observed is not None:
            whole = (
                outcome.reason == NO_YEAR_LEFT
                if isinstance(outcome, NotAssessed)
                else not observed.plan_level
            )
            draw_history(ax, observed, factor, first, lang, filled=whole)
            if observed.scale == "growth":
                terms = _draw_term_averages(ax, observed, first, factor, lang)
        told = years_told(outcome, goals, verdicts) if isinstance(outcome, Forecast) else []
        fan = _fan(outcome, told) / factor
        running = running_year(observed) if running_year(observed) in told else None
        whiskers = bool(observed is not None and observed.plan_level)
        if len(fan):
            assert isinstance(outcome, Forecast)
            (_draw_whiskers if whiskers else _draw_fan)(ax, outcome, fan, running, factor, lang)
        if note := _note(outcome, told, lang):
            ax.set_title(note, loc="right", fontsize=9, weight="normal", color="#555555", style="italic")
        heights = [*goals["value"] / factor, *([fan.loc[running, "upper_80"]] if running else [])]
        _set_heights(ax, observed, fan, heights, factor)
        labels, marks = draw_targets(ax, goals, int(indicator["decimals"]), factor, lang)
        boxed = observed if observed is not None and running is not None and not whiskers else None
        keys = [box_key(boxed, running, lang)] if boxed is not None and running is not None else []
        finish_axes(ax, indicator, unit, lang, keys=keys)
        curve = _curve(outcome, observed, first, told) / factor
        if len(fan):
            _name_bands(ax, fan, indicator, factor, lang, levels=(80,) if whiskers else tuple(_BANDS))
        if boxed is not None and running is not None:
            draw_box(ax, running, fan.loc[[running]].iloc[0])
            terms = [strip_label(ax, running, lang), *terms]
        left = write_beside(ax, [*terms, *labels], marks=[*marks, *_dots(curve)], lines=along(_dots(curve)))
        key = mark_events(ax, events, observed.indicator_id, curve, lang) if observed is not None else ""
        draw_foot(ax, observed, lang, key=key, note=goals_left(left, lang))
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


def _curve(
    outcome: Forecast | NotAssessed, observed: YearlySeries | None, first: int, told: list[int]
) -> pd.Series:
    """Return the estimates from the first year shown to the origin, and then the medians that are drawn."""
    if observed is None:
        return pd.Series(dtype=float)
    past = observed.table.loc[str(first) : str(observed.origin), "estimate"]
    if not isinstance(outcome, Forecast):
        return past
    middle = outcome.summary(())["median"]
    whole: pd.Series = pd.concat([past, middle[np.isin(years_of(middle), told)]])
    return whole


def _dots(curve: pd.Series) -> list[tuple[float, float]]:
    return list(zip(map(float, years_of(curve)), curve, strict=True)) if len(curve) else []


def _fan(outcome: Forecast | NotAssessed, told: list[int]) -> pd.DataFrame:
    """Return median and bands of the years that are drawn, by year."""
    if not isinstance(outcome, Forecast):
        return pd.DataFrame()
    summary = outcome.summary(tuple(_BANDS))
    return summary.set_axis(years_of(summary)).loc[told]


def _set_heights(
    ax: Axes, observed: YearlySeries | None, fan: pd.DataFrame, others: Iterable[float], factor: float
) -> None:
    """Set the vertical limits from zero, with space above; the outer bands may exceed the figure.

    For growth rates that are all above zero the axis starts closer to them.
    """
    low, high = [ax.dataLim.y0, *others], [ax.dataLim.y1, *others]
    if observed is not None and len(fan):
        history = observed.with_running()["upper_80"].loc[str(dense_since(observed)) :]
        fixed = [*others, float(history.max()) / factor, float(fan["median"].max())]
        most = _MOST * max(height for height in fixed if np.isfinite(height))
        low, high = [*others, float(fan["lower_80"].min())], [*fixed, float(fan["upper_95"].max())]
        high = [min(height, most) if most > 0 else height for height in high]
    lowest, highest = (pick([each for each in side if np.isfinite(each)], default=0.0)
                       for pick, side in ((min, low), (max, high)))  # fmt: skip
    rates = observed is not None and observed.scale == "growth" and lowest > 0
    ax.set_ylim(0.5 * lowest if rates else min(0.0, lowest), 1.14 * max(highest, 0.1))


def _draw_term_averages(
    ax: Axes, observed: YearlySeries, first: int, factor: float, lang: str
) -> list[Label]:
    """Draw the averages over terms as bars, and return their labels."""
    terms = observed.observations[observed.observations["freq"] == "TERM"]
    doubted, labels = is_doubted(terms), []
    for value, period, doubt in zip(terms["value"], terms["period"], doubted, strict=True):
        years = term_years(period)
        if years[0] < first:
            continue
        words = texts(lang)["figure"]["term"]
        shown = words.format(years=f"{years[0]}–{years[-1]}", value=number(value, 1, lang))
        shown += f" ({texts(lang)['doubts']['mark']})" if doubt else ""
        ax.hlines(value / factor, years[0] - 0.4, years[-1] + 0.4, color=GREY, linewidth=2)
        labels.append(Label(shown, (years[0] + 0.6, value / factor), "#555555", 8, bold=False))
    return labels


def _draw_whiskers(
    ax: Axes, forecast: Forecast, fan: pd.DataFrame, running: int | None, factor: float, lang: str
) -> None:
    """Draw median and 80 % interval of single years."""
    middle = fan["median"].to_numpy()
    error = np.abs(fan[["lower_80", "upper_80"]].to_numpy().T - middle)
    ax.errorbar(fan.index, middle, yerr=error, fmt="_", color=BLUE, markersize=10, elinewidth=1.2, capsize=3)
    if running is not None:
        draw_strip(ax, running)


def _draw_fan(
    ax: Axes, forecast: Forecast, fan: pd.DataFrame, running: int | None, factor: float, lang: str
) -> None:
    """Draw the bands outside the strip of the year in progress, and the medians."""
    origin = forecast.observed.origin
    start = row_of(forecast.observed.table, origin)["estimate"] / factor

    def whole(of: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([pd.DataFrame(start, index=[origin], columns=of.columns), of])

    for part in split_fan(whole(fan), running):
        for level, alpha in _BANDS.items():
            lower, upper = part[f"lower_{level}"], part[f"upper_{level}"]
            ax.fill_between(part.index, lower, upper, color=BLUE, alpha=alpha, linewidth=0)
    if forecast.without_shocks is not None:
        quiet = _fan(replace(forecast, paths=forecast.without_shocks), list(fan.index)) / factor
        word: str | None = texts(lang)["figure"]["without_shocks"].format(level=80)
        for part in split_fan(whole(quiet), running):
            for side in ("lower_80", "upper_80"):
                ax.plot(part.index, part[side], color=BLUE, linewidth=1.2, linestyle=":", label=word)
                word = None
    middle = whole(fan)["median"]
    if running is not None:
        draw_strip(ax, running)
        lived = middle[middle.index <= running]
        ax.plot(lived.index, lived, color=BLUE, linewidth=1.0, linestyle=(0, (4, 2)))
        middle = middle[middle.index >= running]
    ax.plot(middle.index, middle, color=BLUE, linewidth=2)


def _name_bands(
    ax: Axes, fan: pd.DataFrame, indicator: pd.Series, factor: float, lang: str, *, levels: tuple[int, ...]
) -> None:
    """Name median and bands at the last year; mark where a band leaves the picture, and say how far."""
    words, (low, high) = texts(lang)["figure"], ax.get_ylim()
    last, names = fan.iloc[-1], [f"{side}_{level}" for level in levels for side in ("lower", "upper")]
    values = {name: float(last[name]) * factor for name in ("median", *names)}
    keys = dict.fromkeys(values, "")
    told = forecasts(values, str(indicator["unit"]), int(indicator["decimals"]), lang, keys=keys)
    labels = {words["median"]: last["median"]}
    for level in levels:
        word = words["band"].format(level=level)
        if last[f"upper_{level}"] > high:
            word = words["band_cut"].format(level=level, value=plain(told[f"upper_{level}"]))
        labels[word] = min(last[f"upper_{level}"], high)
        if last[f"lower_{level}"] < low:
            labels[words["band_cut"].format(level=level, value=plain(told[f"lower_{level}"]))] = low
        for edge, beyond in (("top", fan[f"upper_{level}"] > high), ("bottom", fan[f"lower_{level}"] < low)):
            mark_cuts(ax, fan.index[beyond], edge)
    across = ax.get_xaxis_transform()
    for word, share in zip(labels, stacked(ax, list(labels.values()), 8), strict=True):
        write(ax, word, (fan.index[-1], share), (11, 0), color=BLUE, coords=across).set_verticalalignment(
            "center"
        )
