"""What all pictures share: the style file, colours, units of axes, the foot with the sources."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pandas as pd

from ..languages import day, texts
from ..schema import YearlySeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Blue for what was and will be, vermilion for goals: apart in print, in grey and for the colour-blind.
BLUE, GOAL, GREY = "#0b5394", "#c8500a", "#8a8a8a"
#: Amounts are drawn in these multiples so that axes carry short numbers.
_SCALED = {"visits": (1e6, "million_visits")}
_SHOWN_SOURCES = 5


def style() -> AbstractContextManager[None]:
    """Return a context in which pictures have the style of the suite."""
    import matplotlib.pyplot as plt

    with as_file(files("sapa_analysis") / "sapa.mplstyle") as path:
        return plt.style.context(str(path))


def axis_unit(indicator: pd.Series) -> tuple[float, str]:
    """Return by what an indicator's values are divided on an axis, and the unit that stands there."""
    return _SCALED.get(str(indicator["unit"]), (1.0, str(indicator["unit"])))


def draw_foot(ax: Axes, observed: YearlySeries | None, lang: str) -> None:
    """Write the day and the sources below the axes."""
    ax.annotate(
        _foot(observed, lang),
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -32),
        textcoords="offset points",
        fontsize=7.5,
        color="#666666",
        va="top",
        annotation_clip=False,
    )


def _foot(observed: YearlySeries | None, lang: str) -> str:
    words = texts(lang)["figure"]
    if observed is None:
        return str(words["no_figures"])
    used = observed.observations
    citable = used[used["cite_ok"] == "yes"] if "cite_ok" in used else used
    hosts = list(
        dict.fromkeys(urlsplit(url).netloc.removeprefix("www.") for url in citable.get("source_url", []))
    )
    more = f", {words['more']}" if len(hosts) > _SHOWN_SOURCES else ""
    sources = words["sources"].format(sources=", ".join(hosts[:_SHOWN_SOURCES]) + more)
    known = words["as_of"].format(as_of=day(observed.as_of, lang)) + ". " if observed.as_of else ""
    return f"{known}{sources}."


def as_svg(figure: Figure) -> str:
    """Return a figure as SVG text, the same bytes for the same picture."""
    with style():
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
