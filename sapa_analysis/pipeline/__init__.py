"""The whole flow for one set of parameters: the project's tables, outcomes, verdicts.

>>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
>>> project, params = open_project(as_of="2023-06-30")
>>> output = assess_indicator(project, params, "handicraft_output")
>>> goals = known_targets(project, params, "handicraft_output")
>>> verdicts = judge(project, {"handicraft_output": output}, goals, params)
>>> verdicts[["end", "value", "expected", "status"]].round(1)
    end  value  expected         status
0  2023  260.0     223.0  very_unlikely
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
