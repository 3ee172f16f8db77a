"""How far ahead a run looks, and what it says when no year is left."""

from __future__ import annotations

import pandas as pd
import pytest

from sapa_analysis.core import Forecast, NotAssessed, years_of
from sapa_analysis.pipeline import assess_indicator, forecast_area, known_targets, years_ahead

pytest_plugins = ["loaded"]
EDITIONS = ("2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31")


@pytest.mark.parametrize("day", EDITIONS)
def test_without_a_horizon_the_forecast_ends_with_the_last_year_due(results_of, day):
    results = results_of(day)
    due = max(target.end for target in results.targets)
    for outcome in results.outcomes.values():
        if isinstance(outcome, Forecast):
            assert years_of(outcome.paths)[-1] == due


def test_a_town_that_ended_is_not_forecast_beyond_its_last_year(tables, params):
    late = params.with_values(n_paths=100, as_of="2025-06-30", horizon=5)
    assert years_ahead(tables, late) == 1
    [year] = years_of(assess_indicator(tables, late, "tourist_arrivals").paths)
    assert year == 2025


def test_nobody_knew_in_2023_that_the_town_would_end(tables, params):
    assert years_ahead(tables, params.with_values(as_of="2023-06-30", horizon=5)) == 5


def test_where_no_year_is_left_there_is_no_forecast_and_the_past_is_judged_all_the_same(tables, results_of):
    results = results_of("2026-01-31")
    growth = results.outcomes["grdp_growth"]
    assert isinstance(growth, NotAssessed)
    assert growth.reason == "no_year_left"
    verdicts = results.verdicts.set_index("id")
    assert verdicts.loc["congress-2020.state_budget_revenue", "probability"] > 0
    assert not any(isinstance(outcome, Forecast) for outcome in results.outcomes.values())
    assert forecast_area(tables, results.params) == {}


def test_an_area_without_judged_targets_is_forecast_for_three_years(tables, params):
    nation = params.with_values(area="viet_nam")
    assert known_targets(tables, nation) == []
    assert years_ahead(tables, nation) == 3


def test_a_longer_horizon_changes_no_verdict(tables, params, results_of):
    few = params.with_values(n_paths=100, as_of="2024-01-15")
    short = assess_indicator(tables, few, "tourist_arrivals").paths
    long = assess_indicator(tables, few.with_values(horizon=3), "tourist_arrivals").paths
    pd.testing.assert_frame_equal(long.iloc[: len(short)], short, rtol=1e-9)
