"""Accuracy of past forecasts and verdicts: scores, back-tests, track records, verification.

>>> import pandas as pd
>>> from sapa_analysis.evaluation import accuracy, backtest
>>> visits = pd.Series([100, 110, 119, 132, 140, 155, 160, 178], index=range(2012, 2020), name="visits",
...                    dtype=float)
>>> rows = backtest(visits, ["naive", "linear_drift"], horizon=1, min_train=5, n_paths=500, seed=1)
>>> accuracy(rows)[["n", "MASE", "WIS", "coverage_80"]].round(2)
              n  MASE   WIS  coverage_80
method
naive         3  1.26  0.60        100.0
linear_drift  3  0.65  0.29          0.0
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
