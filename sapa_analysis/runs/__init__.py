"""Notebooks run by papermill: one, or a batch side by side, and the results that each records.

A run is named by its key (`key`): what stands in its folder already is not run again (`resume`). `kernel` is
the only door to papermill, `pool` the only one to executors, `remote` to Dask.

>>> from sapa_analysis.core import project_root
>>> from sapa_analysis.runs import read_batch
>>> jobs = read_batch(project_root() / "params/batches/core.yml", root=project_root())
>>> len(jobs), jobs[0]
(30, ('02_trajectory', {'as_of': '2023-01-15', 'indicator': 'grdp_growth'}))
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
