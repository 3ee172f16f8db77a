"""Targets of documents: the pace still needed, two documents compared, the arithmetic of documents.

>>> import pandas as pd
>>> from sapa_analysis.core import Target
>>> from sapa_analysis.targets import required_growth, required_pace
>>> round(required_growth(2.5, 3.5, years=1), 1)
40.0
>>> goal = Target(id="congress.visits", indicator_id="tourist_arrivals", area="sa_pa", measure="level",
...               sense="at_least", value=5.8e6, unit="visits", end=2025)
>>> pace = required_pace(goal, pd.Series({2022: 2.5e6}))
>>> round(pace.per_year, 1), pace.unit, pace.years
(32.4, 'percent_a_year', 3)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
