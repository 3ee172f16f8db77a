"""Policy analysis for Sa Pa: evidence -> series -> forecasts -> scenarios -> verdicts -> briefing.

Importing the package is cheap: a name below is loaded with its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .briefing import write_briefing
    from .catalogue import load_areas, load_covariates, load_documents, load_events, load_indicators
    from .errors import SapaError
    from .evidence import load_evidence
    from .figures import as_svg, plot_forecast
    from .files import project_root
    from .forecasts import forecast
    from .languages import indicator_name
    from .narrative import describe_trajectory, describe_verdicts, headline
    from .params import load_params
    from .pipeline import assess_indicator, assess_targets, judge, known_targets, load_project
    from .records import record
    from .runs import run_briefing, run_notebook
    from .schema import Forecast, NotAssessed, YearlySeries
    from .series import build_series
    from .tables import observations_table, verdicts_table
    from .targets import load_targets, required_growth, required_pace
    from .verdicts import judge_targets
    from .vintages import known_by, merge_repeats

_HOMES = {
    "SapaError": "errors",
    "project_root": "files",
    "load_areas": "catalogue",
    "load_covariates": "catalogue",
    "load_documents": "catalogue",
    "load_events": "catalogue",
    "load_indicators": "catalogue",
    "load_evidence": "evidence",
    "load_params": "params",
    "load_targets": "targets",
    "required_growth": "targets",
    "required_pace": "targets",
    "known_by": "vintages",
    "merge_repeats": "vintages",
    "build_series": "series",
    "forecast": "forecasts",
    "judge_targets": "verdicts",
    "Forecast": "schema",
    "NotAssessed": "schema",
    "YearlySeries": "schema",
    "load_project": "pipeline",
    "assess_indicator": "pipeline",
    "assess_targets": "pipeline",
    "judge": "pipeline",
    "known_targets": "pipeline",
    "as_svg": "figures",
    "plot_forecast": "figures",
    "describe_trajectory": "narrative",
    "describe_verdicts": "narrative",
    "headline": "narrative",
    "indicator_name": "languages",
    "observations_table": "tables",
    "verdicts_table": "tables",
    "record": "records",
    "run_briefing": "runs",
    "run_notebook": "runs",
    "write_briefing": "briefing",
}
__all__ = [*_HOMES]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
