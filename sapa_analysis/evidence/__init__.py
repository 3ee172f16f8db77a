"""Published figures, each with its page, checked, as known on a day.

>>> from sapa_analysis.core import project_root
>>> from sapa_analysis.evidence import known_by, load_evidence, merge_repeats
>>> evidence = load_evidence(project_root() / "data")
>>> visits = evidence.query("indicator_id == 'tourist_arrivals' and area == 'sa_pa' and period == '2019'")
>>> merge_repeats(known_by(visits, "2020-12-31"))[["value", "published", "n_pages"]]
       value published  n_pages
0  3200000.0      2020        1
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
