"""The running year: what its months tell narrows it, and the department's expectation stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import evidence, observation, yearly

from sapa_analysis.core.types import Forecast
from sapa_analysis.core.yearly import yearly_index, years_of
from sapa_analysis.forecasting.nowcast import (
    move_paths,
    observe_running_year,
)
from sapa_analysis.pipeline import build_area, nowcast_year

pytest_plugins = ["loaded"]

#: The ends of months that are computed; each takes the joint series of its day anew.
DAYS = (date(2024, 6, 30), date(2024, 11, 30), date(2024, 12, 30))


@pytest.fixture(scope="module")
def months_of_2024(tables, params, said_in):
    """Return three of the twelve rows of 2024, of one subject: on the other days nothing is said."""
    alone = params.with_values(subjects={"tourism": ["tourist_arrivals"]})
    with said_in(*DAYS):
        return nowcast_year(tables, alone, "tourist_arrivals", 2024).set_index("as_of")


def test_a_row_is_the_end_of_a_month_and_nothing_forecast_is_no_row(months_of_2024):
    assert tuple(months_of_2024.index) == DAYS
    assert list(months_of_2024) == ["n_figures", "median", "lower_80", "upper_80", "expected"]


def test_by_november_the_year_is_held_and_narrower_than_by_june(months_of_2024):
    june, november = (months_of_2024.loc[day] for day in DAYS[:2])
    assert november["lower_80"] < 4.4e6 < 4.6e6 < november["upper_80"]
    width = {day: row["upper_80"] - row["lower_80"] for day, row in months_of_2024.iterrows()}
    assert width[DAYS[1]] < width[DAYS[0]]
    assert june["lower_80"] < november["median"] < june["upper_80"]


def test_figures_come_in_and_none_goes(months_of_2024):
    found = months_of_2024["n_figures"].tolist()
    # the first of the year was printed in September
    assert found[0] == 0 < found[1] <= found[2]


def test_the_department_is_quoted_only_once_it_has_spoken(months_of_2024):
    expected = months_of_2024["expected"]
    # printed on 2024-12-24
    assert expected[list(DAYS[:2])].isna().all()
    assert expected[DAYS[2]] == pytest.approx(4.4e6)


def test_an_expectation_is_quoted_and_not_believed(months_of_2024):
    november, december = (months_of_2024.loc[day] for day in DAYS[1:])
    assert december["n_figures"] == november["n_figures"]
    for name in ("median", "lower_80", "upper_80"):
        # what else was out by then moves it by less than a thousandth; the expectation lies five percent below
        assert december[name] == pytest.approx(november[name], rel=1e-3)
    assert december["expected"] < 0.96 * december["median"]


# part of a year moves the paths --------------------------------------------------------------------------


def known(*, reading=None, sd=0.02, indicator="tourist_arrivals", cause="") -> object:
    """Return an exact series to 2022, of the running year one figure of its part (in logs)."""
    series = yearly({2021: 90.0, 2022: 100.0}, indicator=indicator, as_of=date(2023, 6, 30))
    rows = [
        evidence(observation("2022", 100.0, indicator_id=indicator)).assign(
            year=2022, basis="year", reading=np.log(100.0), own_sd=0.01, shared_sd=0.0, cause=""
        )
    ]
    if reading is not None:
        rows.append(
            evidence(observation("2023-01/2023-05", 1.0, "YTD", indicator_id=indicator)).assign(
                year=2023, basis="part_year", reading=reading, own_sd=sd, shared_sd=0.0, cause=cause
            )
        )
    running = None if reading is None else yearly({2023: np.exp(reading)}, bases={2023: "part_year"}).table
    return replace(series, observations=pd.concat(rows, ignore_index=True), running=running)


def fan(series, seed, *, shocks=None) -> Forecast:
    """Return two years of paths, a walk of a tenth a year from 100."""
    steps = 0.1 * np.random.default_rng(seed).standard_normal((2, 4_000))
    without_shocks = pd.DataFrame(
        np.exp(np.log(100.0) + steps.cumsum(axis=0)), index=yearly_index([2023, 2024])
    )
    if shocks is None:
        return Forecast(series, without_shocks, "naive")
    return Forecast(series, without_shocks * np.exp(shocks), "naive", without_shocks=without_shocks)


#: The variance that a figure has because it may be wrong (`series.prior`).
MAYBE_WRONG = 0.08 * 0.18**2


def observed(series, fans):
    return observe_running_year(fans, series, {}, seed=1)


def test_without_a_figure_of_the_running_year_nothing_moves():
    series = {"tourist_arrivals": known()}
    fans = {"tourist_arrivals": fan(series["tourist_arrivals"], 1)}
    assert observed(series, fans)["tourist_arrivals"] is fans["tourist_arrivals"]


def test_a_figure_of_the_running_year_moves_it_and_the_next_by_the_textbook():
    series = {"tourist_arrivals": known(reading=np.log(120.0))}
    found = np.log(
        observed(series, {"tourist_arrivals": fan(series["tourist_arrivals"], 1)})["tourist_arrivals"].paths
    )
    error = 0.02**2 + MAYBE_WRONG
    share = 0.1**2 / (0.1**2 + error)
    centre = np.log(100.0) + share * np.log(1.2)
    # five standard errors of a mean of 4,000 paths; a walk keeps the surprise
    np.testing.assert_allclose(found.mean(axis=1), centre, atol=5 * 0.14 / np.sqrt(4_000))
    assert found.iloc[0].std() == pytest.approx(0.1 * np.sqrt(1 - share), rel=0.06)


def test_a_surer_figure_narrows_the_year_more():
    width = {}
    for sd in (0.01, 0.05, 0.2):
        series = {"tourist_arrivals": known(reading=np.log(110.0), sd=sd)}
        found = observed(series, {"tourist_arrivals": fan(series["tourist_arrivals"], 1)})
        width[sd] = float(np.log(found["tourist_arrivals"].paths).iloc[0].std())
    assert width[0.01] < width[0.05] < width[0.2] < 0.1


def test_new_shocks_come_on_top_of_moved_paths_as_before():
    shocks = np.zeros((2, 4_000))
    shocks[1, ::50] = -0.5
    series = {"tourist_arrivals": known(reading=np.log(120.0))}
    before = fan(series["tourist_arrivals"], 1, shocks=shocks)
    after = observed(series, {"tourist_arrivals": before})["tourist_arrivals"]
    np.testing.assert_allclose(np.log(after.paths / after.without_shocks), shocks, atol=1e-12)


def test_what_goes_with_a_watched_indicator_moves_with_it_and_what_does_not_stays():
    series = {
        "tourist_arrivals": known(reading=np.log(120.0)),
        "spend_per_visit": known(indicator="spend_per_visit"),
        "population": known(indicator="population"),
    }
    fans = {
        "tourist_arrivals": fan(series["tourist_arrivals"], 1),
        "spend_per_visit": fan(series["spend_per_visit"], 1),
        "population": fan(series["population"], 2),
    }
    after = observed(series, fans)
    assert (after["spend_per_visit"].paths > fans["spend_per_visit"].paths).to_numpy().mean() > 0.9
    np.testing.assert_allclose(after["population"].paths, fans["population"].paths, rtol=1e-12)


def test_moving_paths_nowhere_leaves_them():
    series = known()
    before = fan(series, 1)
    states = np.log(before.paths.to_numpy())
    np.testing.assert_allclose(move_paths(before, states, states).paths, before.paths, rtol=1e-12)


def test_only_the_running_year_is_running(tables, params):
    town = build_area(tables, params)["sa_pa"]
    watched = {name for name, series in town.items() if series.running is not None}
    assert "tourist_arrivals" in watched
    for series in town.values():
        assert (series.running_figures["year"] == series.origin + 1).all()
        assert len(series.running_figures) > 0 or series.running is None
        assert years_of(series.table).max() == years_of(series.draws).max() == series.origin
        assert series.running is None or list(years_of(series.running)) == [series.origin + 1]
