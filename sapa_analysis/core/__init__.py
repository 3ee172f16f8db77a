"""What every room shares: errors, periods, scales, formulas, types, declared tables, parameters.

It imports nothing of the package.

>>> from sapa_analysis.core import parse_formula, parse_period
>>> period = parse_period("2023-01/2023-06", "YTD")
>>> str(period.start), str(period.end)
('2023-01-01', '2023-06-30')
>>> revenue = parse_formula("tourist_arrivals * spend_per_visit / 1000")
>>> revenue({"tourist_arrivals": 3.5e6, "spend_per_visit": 3.4})
11900.0
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
