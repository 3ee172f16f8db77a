"""Yearly values with their uncertainty, estimated from many published figures, some perhaps wrong.

>>> import pandas as pd
>>> from sapa_analysis.evidence import Vintage
>>> from sapa_analysis.series import build_series
>>> page = {"indicator_id": "tourist_arrivals", "area": "sa_pa", "freq": "A", "unit": "visits", "digits": 3,
...         "kind": "actual", "bound": "exact", "grade": "B", "cite_ok": "yes", "through": "", "note": "",
...         "source_title": "A page", "source_url": "", "statement": ""}
>>> evidence = pd.DataFrame([{**page, "period": str(year), "value": value, "published": f"{year + 1}-02-01"}
...                          for year, value in {2016: 1.08e6, 2017: 1.72e6, 2018: 2.5e6}.items()])
>>> concept = {"scale": "log", "nature": "flow", "field": "tourism", "unit": "visits", "growth_of": "",
...            "prices": "", "steps": "", "decimals": 0}
>>> concepts = pd.DataFrame([concept], index=["tourist_arrivals"])
>>> nothing = pd.DataFrame(columns=["series", "period", "value", "published", "level"])
>>> tables = Vintage(evidence=evidence, indicators=concepts, areas=nothing, covariates=nothing)
>>> series = build_series(tables, "tourist_arrivals", area="sa_pa", n_draws=100)
>>> series.summary()[["estimate", "lower_80", "upper_80"]].round(-3)
       estimate   lower_80   upper_80
year
2016  1087000.0  1056000.0  1211000.0
2017  1719000.0  1671000.0  1767000.0
2018  2489000.0  2397000.0  2560000.0
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
