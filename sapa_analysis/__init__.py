"""Policy analysis for Sa Pa: evidence -> series -> forecasts -> scenarios -> verdicts -> briefing.

Importing the package is cheap: a name below is loaded with its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backtests import accuracy, backtest
    from .batches import read_batch, run_batch, run_briefing
    from .briefing import briefing_folder, write_briefing
    from .catalogue import load_areas, load_covariates, load_documents, load_events, load_indicators
    from .comparisons import compare_documents
    from .consistency import check_documents
    from .documents import check_papers, compare_papers
    from .editions import judge_edition, plan_record, score_editions
    from .errors import SapaError
    from .evidence import coverage, find_conflicts, load_evidence, most_telling_year
    from .figures import (
        as_svg,
        plot_evidence,
        plot_forecast,
        plot_reliability,
        plot_scenarios,
        plot_track_record,
        plot_verdicts,
    )
    from .files import project_root
    from .forecasts import forecast
    from .languages import indicator_name
    from .marks import plain
    from .narrative import (
        describe_comparisons,
        describe_consistency,
        describe_coverage,
        describe_evidence,
        describe_kept,
        describe_record,
        describe_trajectory,
        describe_verdicts,
        headline,
    )
    from .params import load_params
    from .pipeline import (
        assess_indicator,
        assess_targets,
        compare_methods,
        judge,
        known_targets,
        open_project,
        under_scenarios,
        years_needed,
    )
    from .projects import load_project
    from .records import record
    from .registers import issue_verdicts, read_register
    from .relations import load_relations
    from .runs import run_jobs, run_notebook
    from .scenarios import (
        Scenario,
        adjustments_table,
        apply_scenario,
        compare_scenarios,
        comparison_table,
        describe_scenarios,
        load_scenarios,
        needed_factors,
        needed_table,
    )
    from .schema import Forecast, NotAssessed, YearlySeries
    from .series import build_series
    from .sheets import editions_table, kept_table, targets_sheet
    from .tables import conflicts_table, coverage_table, observations_table, verdicts_table, weights_table
    from .tallies import bands_table, groups_table, joint_table
    from .targets import load_targets, required_growth, required_pace
    from .track_records import score_subjects, track_areas, track_record, track_scores, with_ancestors
    from .verdicts import (
        attained_worlds,
        count_outlooks,
        group_verdicts,
        joint_chances,
        judge_targets,
        plan_bias,
        plan_pairs,
        read_rules,
    )
    from .verification import brier_scores, reliability, settle, verdict_record, verdict_scores
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
    "find_conflicts": "evidence",
    "most_telling_year": "evidence",
    "coverage": "evidence",
    "load_params": "params",
    "load_targets": "targets",
    "load_relations": "relations",
    "compare_documents": "comparisons",
    "check_documents": "consistency",
    "required_growth": "targets",
    "required_pace": "targets",
    "known_by": "vintages",
    "merge_repeats": "vintages",
    "build_series": "series",
    "forecast": "forecasts",
    "backtest": "backtests",
    "accuracy": "backtests",
    "judge_targets": "verdicts",
    "group_verdicts": "verdicts",
    "count_outlooks": "verdicts",
    "attained_worlds": "verdicts",
    "joint_chances": "verdicts",
    "plan_bias": "verdicts",
    "plan_pairs": "verdicts",
    "read_rules": "verdicts",
    "Forecast": "schema",
    "NotAssessed": "schema",
    "YearlySeries": "schema",
    "load_project": "projects",
    "assess_indicator": "pipeline",
    "build_area": "areas",
    "condition": "conditionals",
    "correlations_of": "areas",
    "forecast_all": "worlds",
    "forecast_area": "areas",
    "assess_targets": "pipeline",
    "compare_methods": "pipeline",
    "nowcast_year": "months",
    "judge": "pipeline",
    "known_targets": "pipeline",
    "open_project": "pipeline",
    "under_scenarios": "pipeline",
    "years_needed": "pipeline",
    "score_subjects": "track_records",
    "track_record": "track_records",
    "track_areas": "track_records",
    "track_scores": "track_records",
    "with_ancestors": "track_records",
    "check_papers": "documents",
    "compare_papers": "documents",
    "judge_edition": "editions",
    "plan_record": "editions",
    "score_editions": "editions",
    "brier_scores": "verification",
    "issue_verdicts": "registers",
    "read_register": "registers",
    "reliability": "verification",
    "settle": "verification",
    "verdict_record": "verification",
    "verdict_scores": "verification",
    "editions_table": "sheets",
    "bands_table": "tallies",
    "groups_table": "tallies",
    "joint_table": "tallies",
    "kept_table": "sheets",
    "targets_sheet": "sheets",
    "plain": "marks",
    "as_svg": "figures",
    "plot_forecast": "figures",
    "plot_evidence": "figures",
    "plot_verdicts": "figures",
    "plot_scenarios": "figures",
    "plot_reliability": "figures",
    "plot_track_record": "figures",
    "describe_comparisons": "narrative",
    "describe_consistency": "narrative",
    "describe_coverage": "narrative",
    "describe_evidence": "narrative",
    "describe_support": "narrative",
    "describe_record": "narrative",
    "describe_kept": "narrative",
    "describe_trajectory": "narrative",
    "describe_verdicts": "narrative",
    "headline": "narrative",
    "indicator_name": "languages",
    "conflicts_table": "tables",
    "coverage_table": "tables",
    "observations_table": "tables",
    "verdicts_table": "tables",
    "weights_table": "tables",
    "Scenario": "scenarios",
    "adjustments_table": "scenarios",
    "apply_scenario": "scenarios",
    "compare_scenarios": "scenarios",
    "comparison_table": "scenarios",
    "describe_scenarios": "scenarios",
    "load_scenarios": "scenarios",
    "needed_factors": "scenarios",
    "needed_table": "scenarios",
    "record": "records",
    "read_batch": "batches",
    "run_batch": "batches",
    "run_briefing": "batches",
    "run_jobs": "runs",
    "run_notebook": "runs",
    "briefing_folder": "briefing",
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
