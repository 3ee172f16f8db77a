"""Pictures: one `plot_*` each, one style file, labels on the things themselves."""

from .forecasts import plot_forecast
from .style import as_svg, style

__all__ = ["as_svg", "plot_forecast", "style"]
