"""Events on the time axis of a figure: numbered marks below the axis, and their key for the foot."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...core import first_day, last_day, years_of
from ...evidence import affecting
from ..language import texts
from .foot import EVENT_STRIP, letters_across
from .style import spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Most events marked in one figure.
MOST_EVENTS = 6
#: Width, in years, over which the months of a year are spread around its mark.
_YEAR_WIDTH = 0.7
#: Least distance of two marks, and distance of the years from the strip, in typographic points.
_APART, _TICK_PAD = 11.0, 3.5
_INK, _THREAD = "#1a1a1a", "#8a8a8a"
_CIRCLED_ONE = ord("①")


def day_in_year(day: date) -> float:
    """Return where a day stands on an axis of whole years; a year spans 0.7 around its mark."""
    return day.year + _YEAR_WIDTH * (day.timetuple().tm_yday / 366 - 0.5)


def choose_events(
    events: pd.DataFrame, indicator: str, *, first: float, last: float, lang: str, most: int = MOST_EVENTS
) -> pd.DataFrame:
    """Return the events of an indicator that a figure marks.

    Rows whose names agree up to a colon are one event, from its first to its last date; where it has several
    names, what stands before the colon is its name. Of more than `most` events those that name the indicator
    come before those that affect all, then those of more rows, then the later ones.

    Parameters
    ----------
    events : pandas.DataFrame
        Rows of `core.Events`, known at the vintage.
    indicator : str
        An id of `indicators.csv`.
    first, last : float
        Span of time, in years on the axis: an event outside it is left out.
    lang : {"vi", "en"}
        Language of the names.
    most : int
        Number of events returned at most.

    Returns
    -------
    pandas.DataFrame
        In the order of time: name, since, until (dates as written), start, end (years on the axis).
    """
    rows = affecting(events, indicator)
    table = pd.DataFrame(
        {
            "name": rows[f"name_{lang}"].to_list(),
            "head": [name.split(":")[0] for name in rows[f"name_{lang}"]],
            "date": rows["date"].to_list(),
            "start": [_middle(text) for text in rows["date"]],
            "own": [indicator in text.split(";") for text in rows["indicator_affected"]],
        }
    ).sort_values(["start", "date", "name"], kind="stable")
    groups = table.groupby("head", sort=False)
    found = groups.agg(
        name=("name", "first"),
        n_names=("name", "nunique"),
        since=("date", "first"),
        until=("date", "last"),
        start=("start", "min"),
        end=("start", "max"),
        own=("own", "max"),
        rows=("own", "size"),
    ).reset_index()
    found["name"] = found["name"].where(found["n_names"] == 1, found["head"])
    seen = found[(found["end"] >= first) & (found["start"] <= last)]
    ranked = seen.sort_values(["own", "rows", "end"], ascending=False, kind="stable").head(most)
    chosen = ranked.sort_values("start", kind="stable", ignore_index=True)
    return chosen[["name", "since", "until", "start", "end"]]


def _middle(text: str) -> float:
    """Return where a date stands on the axis; an incomplete one in the middle of its month or year."""
    return (day_in_year(first_day(text)) + day_in_year(last_day(text))) / 2


def mark_events(ax: Axes, events: pd.DataFrame | None, indicator: str, curve: pd.Series, lang: str) -> str:
    """Mark events below the time axis and return their key, or an empty text.

    Each event is a number in a circle, with a bar as long as it lasted and a thin line up to the series.
    Limits and size of the figure must be final.

    Parameters
    ----------
    ax : matplotlib Axes
        The axes.
    events : pandas.DataFrame or None
        As in `choose_events`.
    indicator : str
        Id of the indicator drawn.
    curve : pandas.Series
        Its yearly values as drawn, by year. Only events of these years are marked.
    lang : {"vi", "en"}
        Language of the key.
    """
    if events is None or curve.empty:
        return ""
    years = years_of(curve)
    first, last = years.min() - 0.5, years.max() + 0.5
    chosen = choose_events(events, indicator, first=first, last=last, lang=lang)
    if chosen.empty:
        return ""
    chosen = chosen.assign(start=chosen["start"].clip(lower=first), end=chosen["end"].clip(upper=last))
    heights = np.interp(chosen["start"], years, curve)
    ax.vlines(chosen["start"], ax.get_ylim()[0], heights, color=_THREAD, linestyle=":", linewidth=1, zorder=2)
    _draw(ax, chosen)
    return _key(chosen, lang, letters_across(ax))


def _draw(ax: Axes, chosen: pd.DataFrame) -> None:
    """Draw bars and numbers in the strip below the axis, and move the years below it."""
    from matplotlib.lines import Line2D
    from matplotlib.transforms import ScaledTranslation

    figure = ax.get_figure(root=True)
    assert figure is not None
    across, points = ax.get_xaxis_transform(), ax.get_window_extent().width * 72 / figure.dpi
    strip = across + ScaledTranslation(0, -EVENT_STRIP / 2 / 72, figure.dpi_scale_trans)
    ax.tick_params(axis="x", pad=_TICK_PAD + EVENT_STRIP)
    lasted = chosen[chosen["end"] > chosen["start"]]
    for start, end in zip(lasted["start"], lasted["end"], strict=True):
        ax.add_artist(Line2D([start, end], [0, 0], color=_INK, linewidth=2.2, transform=strip, clip_on=False))
    circle = {"boxstyle": "circle,pad=0.18", "facecolor": "white", "edgecolor": _INK, "linewidth": 0.8}
    places = spread(chosen["start"].tolist(), _APART / points * float(np.ptp(ax.get_xlim())))
    for number, at in enumerate(places, start=1):
        ax.text(at, 0, str(number), transform=strip, fontsize=6.5, color=_INK, ha="center", va="center",
                bbox=circle, zorder=6)  # fmt: skip


def _key(chosen: pd.DataFrame, lang: str, width: int) -> str:
    """Return the numbered names with their months, in lines of the width of the axes."""
    words = texts(lang)["figure"]
    items = [
        words["event"].format(
            number=chr(_CIRCLED_ONE + place), name=row["name"], when=_when(row["since"], row["until"], lang)
        )
        for place, row in enumerate(chosen.to_dict("records"))
    ]
    lines = [""]
    for item in words["events"].format(events=";\n".join(items)).split("\n"):
        longer = f"{lines[-1]} {item}".strip()
        lines[-1:] = [longer] if not lines[-1] or len(longer) <= width else [lines[-1], item]
    return "\n".join(lines)


def _when(since: str, until: str, lang: str) -> str:
    """Return the months, or years, from one date to another, as a key writes them."""
    form = str(texts(lang)["figure"]["month"])
    first, last = (
        form.format(month=int(text[5:7]), year=text[:4]) if len(text) > 4 else text for text in (since, until)
    )
    if first == last:
        return first
    same_year = since[:4] == until[:4] and len(since) > 4 and len(until) > 4
    return f"{int(since[5:7]) if same_year else first}–{last}"
