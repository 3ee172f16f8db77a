"""What stands below a picture: the key of its events, notes, the day of its figures, and its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pandas as pd

from ...core import YearlySeries
from ...evidence import is_office
from ..language import day, texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Height, in typographic points, of the strip between the axis and its years where events are marked.
EVENT_STRIP = 12.0
#: Size of the letters of the foot, and their mean width, in typographic points.
_SIZE, _LETTER = 7.5, 4.0
#: Lines of the sources at most, and letters of a line at least.
_LINES, _LEAST = 2, 40
_INK = "#666666"


def letters_across(ax: Axes) -> int:
    """Return how many letters of the foot stand on a line as wide as the axes."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return max(_LEAST, int(ax.get_window_extent().width * 72 / figure.dpi / _LETTER))


def draw_foot(ax: Axes, observed: YearlySeries | None, lang: str, *, key: str = "", note: str = "") -> None:
    """Write vintage and sources below the axes; above them the key of the events and a note, if any."""
    width = letters_across(ax)
    noted = "\n".join(wrap(note, width))
    lines = [line for line in (key, noted, _sources_of(observed, lang, width)) if line]
    write_foot(ax, "\n".join(lines), below=EVENT_STRIP if key else 0.0)


def write_foot(ax: Axes, text: str, *, below: float = 0.0, width: int = 0) -> None:
    """Write lines below the axes, lower by `below` typographic points, none with more letters than `width`.

    By default none is wider than the axes.
    """
    if not text:
        return
    width = width or letters_across(ax)
    lines = [
        part for line in text.split("\n") for part in (wrap(line, width, break_on_hyphens=False) or [""])
    ]
    ax.annotate(
        "\n".join(lines),
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -32 - below),
        textcoords="offset points",
        fontsize=_SIZE,
        color=_INK,
        va="top",
        annotation_clip=False,
    )


def _sources_of(observed: YearlySeries | None, lang: str, width: int) -> str:
    if observed is None:
        return str(texts(lang)["figure"]["no_figures"])
    used = observed.observations
    citable = used[used["cite_ok"] == "yes"] if "cite_ok" in used else used
    return name_sources(sources_in(citable, lang), observed.as_of, lang, width=width)


def sources_in(rows: pd.DataFrame, lang: str) -> list[str]:
    r"""Return the sites of the pages of some figures with the years of the pages, the most used ones first.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting.figures.foot import sources_in
    >>> rows = {"source_url": ["https://a.vn/1", "https://b.vn/1", "https://b.vn/2"],
    ...         "published": ["2019-02", "2021", "2023-06-30"]}
    >>> sources_in(pd.DataFrame(rows), "en")
    ['b.vn\xa0(2021–2023)', 'a.vn\xa0(2019)']
    """
    if "source_url" not in rows:
        return []
    told = rows[rows["source_url"].fillna("") != ""]
    dates = told["published"].astype(str) if "published" in told else [""] * len(told)
    named = [(site_of(url, lang), str(date)[:4]) for url, date in zip(told["source_url"], dates, strict=True)]
    often = Counter(site for site, _ in named)
    found = []
    for site in sorted(often, key=lambda name: -often[name]):  # sorted is stable: else in their order
        years = sorted({year for name, year in named if name == site and year.isdigit()})
        span = "–".join(dict.fromkeys([years[0], years[-1]])) if years else ""
        found.append(f"{site}\u00a0({span})" if span else site)
    return found


def site_of(address: object, lang: str) -> str:
    """Return the site of a page for the foot of a figure; of the office's figures that they are its own."""
    if is_office(address):
        return str(texts(lang)["office"]["names"])
    return urlsplit(str(address)).netloc.removeprefix("www.")


def name_sources(names: Iterable[str], as_of: date | None, lang: str, *, width: int = 120) -> str:
    r"""Return the vintage and the sources in at most two lines of a width in letters; the rest is counted.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.reporting.figures.foot import name_sources
    >>> sites = ["laocai.gov.vn (2022)", "vtv.vn (2023)", "a.vn (2019)"]
    >>> name_sources(sites, date(2023, 6, 30), "en", width=40)
    'As known on 30/6/2023. Sources:\nlaocai.gov.vn (2022) and 2 more.'
    """
    words, names = texts(lang), list(names)
    known = words["figure"]["as_of"].format(as_of=day(as_of, lang)) + "." if as_of else ""
    for kept in range(len(names), 0, -1):
        told, left = ", ".join(names[:kept]), len(names) - kept
        if left:
            told += " " + str(words["picture_marks"]["more_sources"]).format(n=left)
        told = words["figure"]["sources"].format(sources=told) + "."
        joined = f"{known} {told}".strip()
        lines = wrap(joined, width, break_long_words=False, break_on_hyphens=False)
        if len(lines) <= _LINES and max(map(len, lines)) <= width:
            return "\n".join(lines)
    return known
