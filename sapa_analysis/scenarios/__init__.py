"""Scenarios: the same worlds under other, named assumptions."""

from .adjustments import Adjustment, Scenario, load_scenarios, read_scenarios
from .effects import BASELINE, apply_scenario, compare_scenarios, needed_factors
from .words import adjustments_table, comparison_table, describe_scenarios, needed_table

__all__ = [
    "BASELINE",
    "Adjustment",
    "Scenario",
    "adjustments_table",
    "apply_scenario",
    "compare_scenarios",
    "comparison_table",
    "describe_scenarios",
    "load_scenarios",
    "needed_factors",
    "needed_table",
    "read_scenarios",
]
