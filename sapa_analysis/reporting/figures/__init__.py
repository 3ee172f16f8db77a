"""Figures: one `plot_*` each, one style file, words on the things themselves.

>>> import pandas as pd
>>> from sapa_analysis.forecasting import forecast
>>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
>>> axes = forecast(visits, horizon=2, n_paths=200, seed=1).plot(lang="en")
>>> axes.get_title(loc="left"), [float(year) for year in axes.lines[0].get_xdata()]
('Visits', [2015.0, 2016.0, 2017.0, 2018.0, 2019.0])
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
