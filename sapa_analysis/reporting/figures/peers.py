"""Figure of an area beside its peers: the share of its 2019 level that each place reached, by year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import indicator_name, number, quantity, texts
from .foot import letters_across, name_sources, sources_in, write_foot
from .style import BLUE, axes_of, spread, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Tones of the peers in turn: neighbours differ in grey.
TONES = ("#4d4d4d", "#8a8a8a", "#6b6b6b", "#a3a3a3")
_INK, _DASHED = "#444444", (0, (3, 2))
#: Where a leader ends right of the axes, as a share of their width.
_GAP = 0.025
#: Height of a name, and of title, years and foot together, in inches.
_NAME, _MARGIN = 0.2, 1.5
_LEAST_HEIGHT = 4.2


def plot_peers(
    shares: pd.DataFrame,
    indicator: pd.Series,
    *,
    as_of: date | None = None,
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of its 2019 level that an area and other places reached, each named where its line ends.

    Parameters
    ----------
    shares : pandas.DataFrame
        As `pipeline.peer_shares` returns them; places without a figure after the base year are not drawn.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    as_of : datetime.date, optional
        The vintage shown at the foot.
    lang : {"vi", "en"}
        Language of all words.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        Without a place to draw, axes that say so.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> visits = sapa.assess_indicator(project, params.with_values(n_paths=100), "tourist_arrivals")
    >>> shares, of = sapa.pipeline.peer_shares(project, visits), project.indicators.loc["tourist_arrivals"]
    >>> [text.get_text() for text in sapa.figures.plot_peers(shares, of, lang="en").texts[:3]]
    ['Khánh Hòa province 20% (2020)', 'Ninh Bình province 49%', 'Sa Pa town 69%']
    """
    every = [rows for _, rows in shares.groupby(["place", "counting"], sort=False)]
    lines = [rows for rows in every if rows["year"].max() > rows["base_year"].iloc[0]]
    lines.sort(key=lambda rows: float(rows["share"].iloc[-1]))
    with style():
        ax = axes_of(ax, figsize=(9.0, max(_LEAST_HEIGHT, _MARGIN + _NAME * len(lines))))
        words = texts(lang)["peers"]
        base = shares["base_year"].max()
        ax.set_title(words["title"].format(indicator=indicator_name(indicator, lang), base=base))
        if not lines:
            ax.set_axis_off()
            ax.text(0.5, 0.5, words["nothing"], ha="center", color="#555555", style="italic")
            return ax
        colors = [draw_place(ax, rows, TONES[place % len(TONES)]) for place, rows in enumerate(lines)]
        _finish_axes(ax, lines, lang)
        name_lines(ax, lines, colors, lang)
        drawn = pd.concat(lines).sort_index()
        sources = name_sources(sources_in(drawn, lang), as_of, lang, width=letters_across(ax))
        write_foot(ax, f"{words['key']}\n{sources}")
    return ax


def draw_place(ax: Axes, rows: pd.DataFrame, tone: str) -> str:
    """Draw one place, dashed over years without a figure; return its colour."""
    own = bool(rows["own"].iloc[0])
    color, width = (BLUE, 2.8) if own else (tone, 1.1)
    over = 5.0 if own else 3.0
    years, heights = rows["year"].to_numpy(), rows["share"].to_numpy()
    for start in range(len(rows) - 1):
        gap = years[start + 1] > years[start] + 1
        ax.plot(years[start : start + 2], heights[start : start + 2], color=color, linewidth=width,
                linestyle=_DASHED if gap else "solid", zorder=over)  # fmt: skip
    hollow = (rows["estimate"] | rows["derived"]).to_numpy(dtype=bool)
    for some, face in ((hollow, "white"), (~hollow, color)):
        ax.plot(years[some], heights[some], "o", color=color, markerfacecolor=face,
                markersize=7 if own else 4.5, zorder=over + 0.5)  # fmt: skip
    return color


def _finish_axes(ax: Axes, lines: list[pd.DataFrame], lang: str) -> None:
    from matplotlib.ticker import FuncFormatter

    drawn = pd.concat(lines)
    first, last = int(drawn["year"].min()), int(drawn["year"].max())
    ax.axhline(100, color="#bbbbbb", linewidth=1.0, zorder=1)
    ax.set_xlim(first - 0.25, last + 0.1)
    ax.set_xticks(range(first, last + 1))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    ax.set_ylim(0, 1.08 * float(drawn["share"].max()))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 0, lang)))
    ax.set_ylabel(texts(lang)["peers"]["axis"].format(base=drawn["base_year"].max()))


def name_lines(ax: Axes, lines: list[pd.DataFrame], colors: list[str], lang: str) -> None:
    """Write each name right of the axes, as near as it can be to the last figure, with a leader."""
    words, last = texts(lang)["peers"], max(int(rows["year"].max()) for rows in lines)
    figure = ax.get_figure(root=True)
    assert figure is not None
    low, high = ax.get_ylim()
    inches = ax.get_position().height * figure.get_figheight()
    room = (high - low) * 0.75 * _NAME / inches
    ends = [rows.iloc[-1] for rows in lines]
    heights = spread([float(end["share"]) for end in ends], room)
    heights = [height + max(0.0, low - min(heights)) for height in heights]
    right = ax.get_xlim()[1]
    gap = _GAP * (right - ax.get_xlim()[0])
    for end, height, color in zip(ends, heights, colors, strict=True):
        form = words["label" if end["year"] == last else "label_of_year"]
        share = quantity(end["share"], "percent", 0, lang)
        word = form.format(name=end[f"name_{lang}"], share=share, year=end["year"])
        look: dict[str, Any] = {"color": BLUE, "weight": "bold"} if end["own"] else {"color": _INK}
        ax.annotate(
            word, (right + 1.3 * gap, height), fontsize=8.5, va="center", annotation_clip=False, **look
        )
        ax.plot([end["year"], right + gap], [end["share"], height], color=color, linewidth=0.7,
                linestyle=(0, (1, 2)), clip_on=False, zorder=2)  # fmt: skip
