"""The same simulated paths under named assumptions, and what that changes.

>>> import pandas as pd
>>> from sapa_analysis.forecasting import forecast
>>> from sapa_analysis.scenarios import Scenario, apply_scenario, compare_scenarios
>>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
>>> words = {"en": "Fewer foreign visitors", "vi": "Ít khách quốc tế hơn"}
>>> fewer = Scenario.model_validate({"name": "fewer", "label": words, "reason": words, "adjustments": [
...     {"indicator": "visits", "effect": "multiply", "values": {2021: 0.97}, "reason": words,
...      "source": "analyst judgement", "quality": "C", "impact": "medium"}]})
>>> fewer
<Scenario fewer: multiply visits 2021 to 2021>
>>> base = {"visits": forecast(visits, horizon=2, n_paths=2_000, seed=1)}
>>> changed = compare_scenarios({"base": base, "fewer": apply_scenario(base, fewer)}, "visits")
>>> changed[["scenario", "year", "difference_percent"]].round(1)
  scenario  year  difference_percent
0     base  2020                 0.0
1     base  2021                 0.0
2    fewer  2020                 0.0
3    fewer  2021                -3.0
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
