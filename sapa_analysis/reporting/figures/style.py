"""Common style of all figures: style file, colours, axis units, texts beside points."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...evidence import is_office
from ..paper.model import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation

#: Blue for values, vermilion for goals: distinguishable in print, in grey and by colour-blind readers.
BLUE, GOAL, GREY = "#0b5394", "#c8500a", "#8a8a8a"
#: The font of all pictures, as the style file names it.
FONT = "DejaVu Sans"
#: Amounts are divided by these factors so that axes have short numbers.
_SCALED = {"visits": (1e6, "million_visits")}


def style() -> AbstractContextManager[None]:
    """Return a context in which figures have the style of the package.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sapa_analysis.reporting.figures import style
    >>> with style():
    ...     plt.rcParams["axes.spines.top"], plt.rcParams["svg.hashsalt"]
    (False, 'sapa')
    """
    import matplotlib.pyplot as plt

    from .fonts import check_font

    check_font(FONT)
    _appear_in_notebooks()
    # a notebook's backend turns interactive drawing on when it loads; the context would undo that at its end
    plt.draw_if_interactive()  # type: ignore[no-untyped-call]
    return settings()


def _appear_in_notebooks() -> None:
    """Let pictures appear in a notebook where the environment names a backend that shows none.

    Servers set `MPLBACKEND=agg` for programs without a screen. A notebook that uses agg elsewhere is obeyed.
    """
    import matplotlib

    shell: Any = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    named = os.environ.get("MPLBACKEND", "").lower()
    if hasattr(shell, "kernel") and named == "agg" == matplotlib.get_backend().lower():
        shell.enable_matplotlib("inline")


def settings() -> AbstractContextManager[None]:
    """Return a context with matplotlib's defaults and our style upon them, whatever the user's machine sets.

    Of the user's settings only those count that are no style: the backend, windows, folders.
    """
    import matplotlib.pyplot as plt

    with as_file(files("sapa_analysis.reporting") / "sapa.mplstyle") as path:
        return plt.style.context(["default", str(path)])


def new_figure(**options: Any) -> Figure:
    """Return a new figure that keeps the style of the package whenever it is drawn."""
    import matplotlib.pyplot as plt

    from .canvas import StyledFigure

    return plt.figure(FigureClass=StyledFigure, **options)


def small_figure(size: tuple[float, float]) -> Axes:
    """Return axes in a figure of some width and height in millimetres, which it has also when it is saved."""
    import matplotlib.pyplot as plt

    from .canvas import FixedFigure

    width, height = (length / 25.4 for length in size)
    figure = plt.figure(FigureClass=FixedFigure, figsize=(width, height))
    ax = figure.subplots()
    ax.tick_params(labelsize=7, length=2, pad=2)
    return ax


def axes_of(ax: Axes | None, **options: Any) -> Axes:
    """Return given axes, or those of a new figure; no text on them is read as a formula.

    The style file says so for texts that we make; title and labels of given axes were made before.
    """
    from matplotlib.text import Text

    if ax is None:
        return new_figure(**options).subplots()
    for text in ax.findobj(Text):
        text.set(parse_math=False, usetex=False)
    return ax


def axis_unit(indicator: pd.Series) -> tuple[float, str]:
    """Return the divisor of an indicator's values on an axis, and the unit shown there."""
    return _SCALED.get(str(indicator["unit"]), (1.0, str(indicator["unit"])))


def write(
    ax: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float],
    *,
    color: str,
    size: float = 8,
    side: str = "left",
    bold: bool = False,
    coords: Any = "data",
) -> Annotation:
    """Write a text beside a point, with a white outline so that it stays readable over lines.

    Parameters
    ----------
    ax : matplotlib Axes
        The axes.
    text : str
        The text.
    at : tuple of float
        The point, in data coordinates unless `coords` says otherwise.
    offset : tuple of float
        Offset from the point, in typographic points.
    color, size, side, bold
        Look of the text; `side` is its horizontal alignment.
    coords
        Coordinates of the point, as matplotlib names them.
    """
    from matplotlib.patheffects import withStroke

    return ax.annotate(
        text,
        at,
        xycoords=coords,
        xytext=offset,
        textcoords="offset points",
        fontsize=size,
        color=color,
        ha=side,
        weight="bold" if bold else "normal",
        path_effects=[withStroke(linewidth=2.5, foreground="white", alpha=0.85)],
        annotation_clip=False,
        zorder=6,
    )


def own_of(observations: pd.DataFrame) -> pd.Series:
    """Return which figures are the office's."""
    if "source_url" not in observations:
        return pd.Series(False, observations.index)
    return observations["source_url"].map(is_office).astype(bool)


def frame(ax: Axes, years: Any, heights: Any, size: float, *, label: str | None = None) -> None:
    """Draw a square frame around the marks of figures of the office: it is told apart without colour."""
    ax.plot(years, heights, **frame_look(size), label=label)


def frame_look(size: float) -> dict[str, Any]:
    """Return the look of the frame around marks of a size."""
    return {"linestyle": "none", "marker": "s", "markersize": 2.1 * size, "markerfacecolor": "none",
            "markeredgecolor": "#1a1a1a", "markeredgewidth": 0.9, "zorder": 5.5}  # fmt: skip


def as_svg(figure: Figure) -> str:
    """Return a figure as SVG text, reproducible byte for byte.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What a function of this room drew.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.forecasting import forecast
    >>> from sapa_analysis.reporting.figures import as_svg
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> axes = forecast(visits, horizon=2, n_paths=200, seed=1).plot(lang="en")
    >>> svg = as_svg(axes.get_figure())
    >>> svg[:5], svg.rstrip()[-6:], svg == as_svg(axes.get_figure())
    ('<?xml', '</svg>', True)
    """
    with style():
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def draw(title: str, plot: Callable[..., Axes | Figure], *args: Any, **options: Any) -> Picture:
    """Return the figure of a `plot_*` function as a `Picture`, and close it.

    Parameters
    ----------
    title : str
        Text alternative for readers who cannot see it.
    plot : callable
        A `plot_*` function of this package.
    *args, **options
        Its arguments.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting.figures import draw, plot_reliability
    >>> bins = pd.DataFrame({"n": [2, 2], "said": [0.15, 0.75], "attained": [0.0, 0.5]})
    >>> picture = draw("Reliability of two bins", plot_reliability, bins, lang="en")
    >>> picture.title, picture.svg[:5], picture.png[1:4]
    ('Reliability of two bins', '<?xml', b'PNG')
    """
    import matplotlib.pyplot as plt

    figure = plot(*args, **options).get_figure(root=True)
    assert figure is not None
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format="png", dpi=170, metadata={"Software": None})
        svg = as_svg(figure)
    plt.close(figure)
    return Picture(title, svg, buffer.getvalue())


def draw_svg(plot: Callable[..., Axes | Figure], *args: Any, **options: Any) -> str:
    """Return the figure of a `plot_*` function as SVG text, and close it."""
    import matplotlib.pyplot as plt

    figure = plot(*args, **options).get_figure(root=True)
    assert figure is not None
    svg = as_svg(figure)
    plt.close(figure)
    return svg


def spread(heights: list[float], room: float) -> list[float]:
    """Return heights at least `room` apart, in the same order, with the same mean."""
    order = np.argsort(heights, kind="stable")
    wanted = np.asarray(heights)[order]
    steps = room * np.arange(len(wanted))
    # pool neighbours that are too close, as in isotonic regression
    blocks: list[list[float]] = []
    for value in wanted - steps:
        blocks.append([value])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    level = np.array([np.mean(block) for block in blocks for _ in block]) + steps
    result = np.empty(len(level))
    result[order] = level
    return [float(value) for value in result]
