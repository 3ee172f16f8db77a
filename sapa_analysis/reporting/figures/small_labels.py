"""The words of the small figure: its goals, its last figure, the year in progress, and a band that is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..language import forecasts, number, texts
from ..tagged_numbers import plain
from .beside import Label, along, figure_of, write_beside
from .running import strip_label
from .style import BLUE, GOAL, axis_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

#: Letters of numbers in points; decimals of a number, at most.
SMALL, _DECIMALS = 7.0, 6


def write_numbers(
    ax: Axes,
    points: pd.DataFrame,
    fan: pd.DataFrame,
    goals: pd.DataFrame,
    running: int | None,
    indicator: pd.Series,
    lang: str,
) -> None:
    """Name every goal once, the last ones first, then the last figure, the year in progress, a cut band."""
    words = texts(lang)
    labels: dict[str, Label] = {}
    for _, goal in goals.sort_values(["end", "value"], ascending=False).iterrows():
        form = words["senses"]["at_least" if goal["sense"] == "about" else goal["sense"]]
        text = form.format(value=shown(goal["value"], lang), high=shown(goal["value_high"], lang))
        labels.setdefault(text, Label(text, (float(goal["end"]), float(goal["value"])), GOAL))
    told = list(labels.values())
    seen = [(float(year), float(value)) for year, value in points["value"].items()]  # type: ignore[arg-type]
    if seen:
        bound = words["bounds"][points["bound"].iloc[-1] or "exact"]
        told.append(Label(f"{bound}{shown(seen[-1][1], lang)}", seen[-1], BLUE))
    marks = [*zip(goals["end"].astype(float), goals["value"].astype(float), strict=True), *seen]
    terms = goals[goals["measure"].astype(str).str.startswith("term")]
    lines = [along([(float(term["start"]), term["value"]), (float(term["end"]), term["value"])])
             for _, term in terms.iterrows()]  # fmt: skip
    middle = list(zip(map(float, fan.index), fan["median"], strict=True)) if len(fan) else []
    lines.append(along([*seen, *middle]))
    if running is not None:
        lower, upper = (float(fan[name][running]) for name in ("lower_80", "upper_80"))
        lines.append(along([(running - 0.01, lower), (running, upper)]))
        told.append(strip_label(ax, running, lang, short=True, size=SMALL))
    told += _cut_label(ax, fan, indicator, lang)
    points_along = [point for line in lines for point in line]
    write_beside(ax, told, marks=marks, lines=points_along, room=_room(ax))


def _cut_label(ax: Axes, fan: pd.DataFrame, indicator: pd.Series, lang: str) -> list[Label]:
    """Return how far the band goes in the last year, where it leaves the picture."""
    edge = ax.get_ylim()[1]
    if fan.empty or fan["upper_80"].iloc[-1] <= edge:
        return []
    factor, _ = axis_unit(indicator)
    ends = {name: float(fan[name].iloc[-1]) * factor for name in ("median", "lower_80", "upper_80")}
    keys = dict.fromkeys(ends, "")
    ends_told = forecasts(
        ends, str(indicator["unit"]), int(indicator["decimals"]), lang, keys=keys, bare=[*ends]
    )
    word = str(texts(lang)["figure"]["band_cut"]).format(level=80, value=plain(ends_told["upper_80"]))
    return [Label(word, (float(fan.index[-1]), edge), BLUE, bold=False)]


def _room(ax: Axes) -> Bbox:
    """Return where numbers may stand: on the axes, and to the right edge of the figure."""
    from matplotlib.transforms import Bbox

    figure, inside = figure_of(ax), ax.bbox
    return Bbox.from_extents(inside.x0, inside.y0, figure.bbox.x1 - 1, inside.y1 + figure.dpi / 72)


def shown(value: float, lang: str) -> str:
    """Return a number with the digits that it was printed with."""
    if pd.isna(value):
        return ""
    text, decimal = number(float(value), _DECIMALS, lang), str(texts(lang)["decimal"])
    return text.rstrip("0").removesuffix(decimal)
