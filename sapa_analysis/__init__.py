"""Policy analysis for Sa Pa: published figures, forecasts, scenarios and verdicts on targets.

Start with these; `?` behind a name tells its parameters and an example.

=========  ==========================================================  =====================================
open       ``project, params = sapa.open_project(area=, as_of=)``      tables and choices, known on a day
forecast   ``sapa.forecast_area(project, params)``                     a forecast of each indicator
scenario   ``sapa.under_scenarios(project, params, forecasts)``        the same under other assumptions
judge      ``sapa.assess_targets(project, params)``                    how likely is each target?
take away  ``sapa.key_results(params, forecasts.values()).to_csv()``   every number with unit, area and day
=========  ==========================================================  =====================================

A series of your own needs none of them; then `sapa.scenario`, `sapa.target`, `sapa.cite`.
>>> import pandas as pd
>>> import sapa_analysis as sapa
>>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
>>> sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)
<Forecast visits: 2020 to 2021, 2,000 paths, exponential_smoothing, scenario base; 2021: 157.8 (80 %: 135.7
to 181.7)>
"""

from functools import partial
from importlib import import_module

import lazy_loader

from .core import attach_plot

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.2.0"


def _drawn(function: str, thing: object, *args: object, **options: object) -> object:
    figures = import_module(".reporting.figures.accessor", __name__)
    return getattr(figures, function)(thing, *args, **options)


_DRAWN = {"YearlySeries": "series", "Forecast": "forecast", "NotAssessed": "forecast", "Scenario": "scenario"}
for _type in _DRAWN:
    attach_plot(_type, partial(_drawn, f"draw_{_DRAWN[_type]}"))
