"""Figure of a recovery: other places, the fan of a forecast for the area's gap, and what came of the area."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from ...core import years_of
from ..language import indicator_name, number, quantity, texts
from .axes import mark_cuts
from .beside import Label, along, write_beside
from .foot import letters_across, name_sources, sources_in, write_foot
from .peers import TONES, draw_place, name_lines
from .style import BLUE, axes_of, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BANDS = {95: 0.10, 80: 0.16, 50: 0.24}
_INK, _HEIGHT, _NAME = "#222222", 5.2, 0.2


def plot_recovery(
    fan: pd.DataFrame,
    peers: pd.DataFrame,
    own: pd.DataFrame,
    indicator: pd.Series,
    *,
    level: float,
    base: int,
    start: int,
    area: str,
    as_of: date | None = None,
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw levels after a break in percent of the last normal year: a fan, other places, the area's outcome.

    Fan and outcome are percent of one estimate of that year, other places percent of their own figure of it.

    Parameters
    ----------
    fan : pandas.DataFrame
        Years after the break x (median, lower_50, upper_50, and the same of 80 and 95), in percent of the
        estimate of `base`; it may be empty.
    peers : pandas.DataFrame
        Other places, as `pipeline.peer_recovery` returns them.
    own : pandas.DataFrame
        Results of the area after the break: year, share (percent of the same estimate), after (published
        after the day), and source_url.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    level : float
        Where the fan starts: the estimate of `start` in percent of that of `base`.
    base, start : int
        The last normal year, and the last year of the break.
    area : str
        Name of the area in the language.
    as_of : datetime.date, optional
        The vintage shown at the foot.
    lang : {"vi", "en"}
        Language of all words.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> visits = sapa.assess_indicator(project, params, "tourist_arrivals")
    >>> found = sapa.pipeline.peer_recovery(project, params, "tourist_arrivals", visits)
    >>> axes = sapa.figures.plot_recovery(
    ...     found.fan, found.peers, found.own, project.indicators.loc["tourist_arrivals"], level=found.level,
    ...     base=found.base, start=found.start, area="Sa Pa town", as_of=params.as_of, lang="en")
    >>> axes.get_title(loc="left"), axes.get_ylabel()
    ('Tourist arrivals: recovery after the break', '% of the level of 2019')
    """
    words = texts(lang)["recovery"]
    lines = [rows for _, rows in peers.groupby(["place", "counting"], sort=False)] if len(peers) else []
    lines.sort(key=lambda rows: float(rows["share"].iloc[-1]))
    with style():
        ax = axes_of(ax, figsize=(9.0, max(_HEIGHT, 1.7 + _NAME * (len(lines) + 1))))
        ax.set_title(words["title"].format(indicator=indicator_name(indicator, lang)))
        _draw_fan(ax, fan, start, level, lang)
        colors = [draw_place(ax, rows, TONES[place % len(TONES)]) for place, rows in enumerate(lines)]
        labels = _draw_own(ax, own, area, lang)
        years = [start, *years_of(fan), *own.get("year", []), *peers.get("year", [])]
        _finish_axes(ax, start, max(max(years), start + 1), base, lang)
        _set_height(ax, fan, own, lines, level)
        labels += [*_band_labels(ax, fan, lang), *_name_places(ax, lines, colors, lang)]
        seen = [(float(each), float(share)) for rows in (*lines, own) if len(rows)
                for each, share in zip(rows["year"], rows["share"], strict=True)]  # fmt: skip
        middle = [(float(start), level), *zip(map(float, years_of(fan)), fan.get("median", []), strict=True)]
        write_beside(ax, labels, marks=seen, lines=along(middle))
        drawn = pd.concat([pd.DataFrame(), *lines, own])
        sources = name_sources(sources_in(drawn, lang), as_of, lang, width=letters_across(ax))
        outer, between, inner = _BANDS
        key = words["key"].format(inner=inner, middle=between, outer=outer, base=base)
        write_foot(ax, f"{key}\n{sources}", below=12)
    return ax


def _draw_fan(ax: Axes, fan: pd.DataFrame, start: int, level: float, lang: str) -> None:
    if fan.empty:
        return
    years = [start, *years_of(fan)]
    for share, alpha in _BANDS.items():
        low, high = ([level, *fan[f"{side}_{share}"]] for side in ("lower", "upper"))
        ax.fill_between(years, low, high, color=BLUE, alpha=alpha, linewidth=0, zorder=1)
    ax.plot(years, [level, *fan["median"]], color=BLUE, linewidth=2, zorder=2)


def _band_labels(ax: Axes, fan: pd.DataFrame, lang: str) -> list[Label]:
    """Return the names of median and bands at the last year; mark a band that leaves the picture as cut."""
    if fan.empty:
        return []
    words, high, year = texts(lang)["figure"], ax.get_ylim()[1], int(years_of(fan)[-1])
    first = ((-4.0, "right", -2.0, "top"), (-4.0, "right", 1.0, "bottom"))
    named = {words["median"]: float(fan["median"].iloc[-1])}
    for share in _BANDS:
        upper = fan[f"upper_{share}"]
        last, cut = float(upper.iloc[-1]), upper.to_numpy() > high
        mark_cuts(ax, years_of(fan)[cut], "top")
        told = quantity(last, "percent", 0, lang)
        word = words["band_cut" if last > high else "band"].format(level=share, value=told)
        named[word] = min(last, high)
    return [Label(word, (year, height), BLUE, 8, bold=False, first=first, lead=False)
            for word, height in named.items()]  # fmt: skip


def _draw_own(ax: Axes, own: pd.DataFrame, area: str, lang: str) -> list[Label]:
    """Mark what came of the area: filled if it was published by the day, hollow if after it; no line."""
    words = texts(lang)["recovery"]
    for row in own.to_dict("records"):
        face = "white" if row["after"] else _INK
        ax.plot([row["year"]], [row["share"]], "D", color=_INK, markerfacecolor=face, markersize=9,
                markeredgewidth=1.8, zorder=8)  # fmt: skip
    if own.empty:
        return []
    last = own.iloc[-1]
    form = words["own_after" if last["after"] else "own"]
    word = form.format(area=area, share=number(last["share"], 0, lang))
    return [Label(word, (last["year"], last["share"]), _INK, 8, clear=3.0)]


def _finish_axes(ax: Axes, start: int, last: int, base: int, lang: str) -> None:
    from matplotlib.ticker import FuncFormatter

    words = texts(lang)["recovery"]

    def told(year: float, _: int | None = None) -> str:
        form = words["last_shock_year" if round(year) == start else "years_after"]
        return str(form).format(year=round(year), n=round(year) - start)

    ax.axhline(100, color="#777777", linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    ax.set_xlim(start - 0.15, last + 0.1)
    ax.set_xticks(range(start, last + 1))
    ax.xaxis.set_major_formatter(FuncFormatter(told))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 0, lang)))
    ax.set_ylabel(texts(lang)["peers"]["axis"].format(base=base))


def _set_height(
    ax: Axes, fan: pd.DataFrame, own: pd.DataFrame, lines: list[pd.DataFrame], level: float
) -> None:
    """Start from zero and show every mark and the 80 % interval; the outermost band may exceed the figure."""
    tops = [*fan.get("upper_80", []), *own.get("share", []), level, 100.0]
    tops += [float(rows["share"].max()) for rows in lines]
    ax.set_ylim(0, 1.12 * max(top for top in tops if top == top))


def _name_places(ax: Axes, lines: list[pd.DataFrame], colors: list[str], lang: str) -> list[Label]:
    """Name places right of the axes if they reach the last year shown; return the labels of the others."""
    last = round(ax.get_xlim()[1])
    reach = [int(rows["year"].max()) == last for rows in lines]
    if any(reach):
        kept = [pair for pair, whole in zip(zip(lines, colors, strict=True), reach, strict=True) if whole]
        name_lines(ax, [rows for rows, _ in kept], [color for _, color in kept], lang)
    found = []
    for rows, whole in zip(lines, reach, strict=True):
        if not whole:
            end = rows.iloc[-1]
            share = number(end["share"], 0, lang)
            word = texts(lang)["peers"]["label"].format(name=end[f"name_{lang}"], share=f"{share}%")
            first = ((6.0, "left", 0.0, "middle"), (6.0, "left", 1.0, "bottom"), (6.0, "left", -1.0, "top"))
            found.append(Label(word, (end["year"], end["share"]), "#444444", 7.5, bold=False, first=first))
    return found
