"""Simulated paths from series: point forecasts, shocks, correlation, conditioning, nowcast.

The headline is statsmodels' exponential smoothing with learned weights (docs/headline.md).

>>> import pandas as pd
>>> from sapa_analysis.forecasting import forecast
>>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
>>> forecast(visits, horizon=2, n_paths=2_000, seed=1).summary(levels=[80]).round(0).reset_index()
   year  median  lower_80  upper_80
0  2020   149.0     136.0     162.0
1  2021   158.0     136.0     182.0
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
