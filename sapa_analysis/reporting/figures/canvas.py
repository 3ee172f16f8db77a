"""Figure that is drawn in the style of the package, whoever draws it, and whenever."""

from __future__ import annotations

from typing import Any

from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from .style import settings


class StyledFigure(Figure):
    """A figure in the style of the package, also when a notebook draws it after its `plot_*` has ended.

    matplotlib makes ticks and shapes letters only when it draws, with the settings that hold then.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the figure."""
        with settings():
            super().draw(renderer)

    def get_tightbbox(self, *given: Any, **options: Any) -> Bbox:
        """Return the box around all that is drawn."""
        with settings():
            return super().get_tightbbox(*given, **options)


class FixedFigure(StyledFigure):
    """A styled figure that is saved in its own size, whatever is drawn: several of them stand in line."""

    def get_tightbbox(self, *given: Any, **options: Any) -> Bbox:
        """Return the box of the figure without the margin that saving adds."""
        from matplotlib import rcParams

        return self.bbox_inches.padded(-rcParams["savefig.pad_inches"])
