"""How far ahead a run looks, and what it says when no year is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sapa_analysis.core import Forecast, NotAssessed, years_of
from sapa_analysis.forecasting import recompute
from sapa_analysis.pipeline import assess_indicator, forecast_area, known_targets, years_ahead
from sapa_analysis.pipeline.horizon import until

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


def test_where_no_year_is_left_only_ended_years_without_a_figure_are_forecast(tables, results_of):
    results = results_of("2026-01-31")
    growth = results.outcomes["grdp_growth"]
    assert isinstance(growth, NotAssessed)
    assert (growth.reason, growth.observed.origin) == ("no_year_left", 2025)
    verdicts = results.verdicts.set_index("id")
    assert verdicts.loc["congress-2020.state_budget_revenue", "probability"] > 0
    ahead = [outcome for outcome in results.outcomes.values() if isinstance(outcome, Forecast)]
    assert ahead
    for fan in ahead:
        assert list(years_of(fan.paths)) == list(range(fan.observed.origin + 1, 2026))
    joint = forecast_area(tables, results.params)
    assert all(years_of(fan.paths)[-1] == 2025 for fan in joint.values())
    assert "grdp_growth" not in joint


def test_a_forecast_that_ends_earlier_can_still_be_computed_again_from_its_parts(tables, params):
    fans = forecast_area(tables, params.with_values(n_paths=100, as_of="2023-06-30", horizon=3))
    derived = {name: fan for name, fan in fans.items() if fan.parts}
    assert {"tourism_revenue", "tourist_arrivals_growth", "grdp"} <= set(derived)
    for fan in derived.values():
        short = until(fan, 2024)
        again = recompute(short, lambda each: None if each.parts else each)
        assert years_of(short.paths)[-1] == 2024
        pd.testing.assert_frame_equal(again.paths, fan.paths.loc[:"2024"], rtol=1e-12)


def test_an_area_without_judged_targets_is_forecast_for_three_years(tables, params):
    nation = params.with_values(area="viet_nam")
    assert known_targets(tables, nation) == []
    assert years_ahead(tables, nation) == 3


def test_a_longer_horizon_changes_no_verdict(tables, params, results_of):
    few = params.with_values(n_paths=100, as_of="2024-01-15")
    short = assess_indicator(tables, few, "tourist_arrivals").paths
    long = assess_indicator(tables, few.with_values(horizon=3), "tourist_arrivals").paths
    pd.testing.assert_frame_equal(long.iloc[: len(short)], short, rtol=1e-9)


#: Days between which nothing new was published of these: before and after a New Year, and a year on.
NO_NEWS = [
    ("sa_pa", "retail_sales", "2023-06-30", "2025-06-30"),
    ("sa_pa", "accommodation_rooms", "2023-12-30", "2024-01-15"),
    ("sa_pa", "forest_cover", "2023-12-30", "2023-12-31"),
    ("sa_pa", "share_trade_services_change", "2023-12-30", "2024-12-31"),
    ("sa_pa", "product_value_per_ha", "2025-06-30", "2026-01-31"),
    ("sa_pa", "state_budget_revenue", "2023-12-30", "2023-12-31"),
    ("lao_cai", "retail_sales", "2023-06-30", "2024-01-15"),
    ("lao_cai", "near_poor_rate", "2025-12-30", "2025-12-31"),
]


@pytest.mark.parametrize(("area", "indicator", "before", "after"), NO_NEWS)
def test_with_the_same_evidence_a_year_has_the_same_law_on_both_days(
    tables, params, area, indicator, before, after
):
    asked = params.with_values(area=area, n_paths=1_000)
    one, other = (
        assess_indicator(tables, asked.with_values(as_of=day), indicator) for day in (before, after)
    )
    common = one.paths.index.intersection(other.paths.index)
    assert one.observed.origin == other.observed.origin
    assert len(common)
    share = np.array([0.1, 0.5, 0.9])
    sampling = 6 * np.sqrt(2 * share * (1 - share) / 1_000)  # six standard errors of the share below
    for year in common:
        ends = np.quantile(one.paths.loc[year], share)
        low, high = ((other.paths.loc[year].to_numpy()[:, None] < end).mean(axis=0) for end in
                     (ends * (1 - 1e-9), ends * (1 + 1e-9)))  # fmt: skip
        assert (low < share + sampling).all(), year
        assert (high > share - sampling).all(), year


def test_a_member_of_a_system_ends_with_its_own_last_figure(tables, params):
    """The share of foreign visitors is known to 2019, arrivals to 2022 and, in part, 2023: New Year is no news."""
    known = set(tables.as_of(date(2023, 12, 30)).evidence["id"])
    frozen = replace(tables, evidence=tables.evidence[tables.evidence["id"].isin(known)])
    fans = [
        forecast_area(frozen, params.with_values(as_of=day))["international_share"]
        for day in (date(2023, 12, 30), date(2024, 1, 2))
    ]
    assert [fan.observed.origin for fan in fans] == [2022, 2022]  # the last year of the break
    first, then = (fan.paths.loc["2024"].quantile([0.1, 0.5, 0.9]).to_numpy() for fan in fans)
    assert then == pytest.approx(first, rel=0.03)


def test_people_of_a_single_year_go_on_with_the_step_of_the_params(tables, params):
    ward = params.with_values(area="sa_pa_ward", as_of=date(2026, 1, 31))
    fan = forecast_area(tables, ward)["population"]
    assert len(fan.observed.table) == 1
    spread = np.log(fan.paths.iloc[0] / fan.observed.draws.iloc[0].to_numpy()).std()
    premium = params.premiums["population"]
    first = premium.step * np.sqrt(1 - premium.memory**2)  # nothing tells the step of the year before
    assert spread == pytest.approx(np.hypot(first, premium.mean_sd), rel=0.1)


def test_growth_known_for_one_year_spreads_by_the_premium_of_the_params(tables, params):
    merged = params.with_values(area="lao_cai_2025", as_of=date(2026, 1, 31))
    fan = forecast_area(tables, merged)["grdp_growth"]
    assert len(fan.observed.table) == 1
    assert np.log1p(fan.paths.iloc[0] / 100).std() > params.premiums["grdp"].step
