"""Verdicts on targets: latest figure, required pace, probability, stability; the register of issued verdicts.

>>> import pandas as pd
>>> from sapa_analysis.core import Target
>>> from sapa_analysis.forecasting import forecast
>>> from sapa_analysis.verdicts import judge_targets
>>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
>>> goal = {"id": "plan.visits", "document": "plan", "clause": "1", "indicator_id": "visits", "area": "town",
...         "measure": "level", "sense": "at_least", "value": 150.0, "value_high": None, "tolerance": None,
...         "unit": "visits", "start": None, "end": 2020, "field": "tourism"}
>>> outcomes = {"visits": forecast(visits, horizon=2, n_paths=2_000, seed=1)}
>>> judge_targets(outcomes, pd.DataFrame([goal]))[["expected", "pace", "probability", "status"]].round(2)
   expected  pace  probability status
0    148.87  7.14         0.43   even
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
