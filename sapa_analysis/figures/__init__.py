"""Pictures: one `plot_*` each, one style file, labels on the things themselves."""

from .evidence import plot_evidence
from .forecasts import plot_forecast
from .reliability import plot_reliability
from .scenarios import plot_scenarios
from .sparklines import sparkline
from .style import Picture, as_svg, draw, style
from .track_records import plot_track_record
from .verdicts import plot_verdicts

__all__ = [
    "Picture",
    "as_svg",
    "draw",
    "plot_evidence",
    "plot_forecast",
    "plot_reliability",
    "plot_scenarios",
    "plot_track_record",
    "plot_verdicts",
    "sparkline",
    "style",
]
