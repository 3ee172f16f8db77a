"""Policy analysis for Sa Pa: evidence -> series -> forecasting -> scenarios -> verdicts -> reporting.

What a researcher types first is here; the rest is in the rooms (`sapa.targets`, `sapa.figures`, ...).
Importing the package is cheap: a name is loaded with its module when it is first used.

>>> import pandas as pd
>>> import sapa_analysis as sapa
>>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
>>> sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)
<Forecast visits: 2020 to 2021, 2,000 paths, exponential_smoothing, scenario base; 2021: 157.8 (80 %: 135.7
to 181.7)>
"""

from importlib import import_module
from typing import Any

import lazy_loader

from .core import attach_plot

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.2.0"


def _attach(type_name: str, function: str) -> None:
    def draw(thing: Any, *args: Any, **options: Any) -> Any:
        figures = import_module(".reporting.figures.accessor", __name__)
        return getattr(figures, function)(thing, *args, **options)

    attach_plot(type_name, draw)


_attach("YearlySeries", "draw_series")
_attach("Forecast", "draw_forecast")
_attach("NotAssessed", "draw_forecast")
_attach("Scenario", "draw_scenario")
