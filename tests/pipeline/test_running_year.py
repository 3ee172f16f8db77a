"""The running year: what its months tell narrows it, and the department's expectation stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest
from factories import evidence, observation, vintage, yearly

from sapa_analysis.core import SCALES, stratified, stream
from sapa_analysis.core.types import Forecast
from sapa_analysis.core.yearly import yearly_index, years_of
from sapa_analysis.forecasting.nowcast import (
    move_paths,
    observe_running_year,
)
from sapa_analysis.pipeline import build_area, nowcast_year
from sapa_analysis.series import build_joint, build_series, find_family
from sapa_analysis.series.measurement import as_measurements
from sapa_analysis.series.mixture import error_mixture
from sapa_analysis.series.prior import PRIORS, WRONG, size_of
from sapa_analysis.series.smoother import law_of_steps, mix

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


def fan(series, seed, *, shocks=None, n_paths=4_000) -> Forecast:
    """Return two years of paths, a walk of a tenth a year from 100."""
    steps = 0.1 * np.random.default_rng(seed).standard_normal((2, n_paths))
    without_shocks = pd.DataFrame(
        np.exp(np.log(100.0) + steps.cumsum(axis=0)), index=yearly_index([2023, 2024])
    )
    if shocks is None:
        return Forecast(series, without_shocks, "naive")
    return Forecast(series, without_shocks * np.exp(shocks), "naive", without_shocks=without_shocks)


def observed(series, fans):
    return observe_running_year(fans, series, {}, seed=1)


def test_without_a_figure_of_the_running_year_nothing_moves():
    series = {"tourist_arrivals": known()}
    fans = {"tourist_arrivals": fan(series["tourist_arrivals"], 1)}
    assert observed(series, fans)["tourist_arrivals"] is fans["tourist_arrivals"]


#: The walk of `fan` from 100 on, over two years, as a prior of the smoother.
WALK = law_of_steps(np.array([[1.0, 0.0], [-1.0, 1.0]]), np.array([np.log(100.0), 0.0]), 0.1**2 * np.eye(2))


def smoothed(figures, scale="log", law=WALK, wrong=WRONG):
    """Return what the smoother says of both years, given figures of the first."""
    design = np.tile([1.0, 0.0], (len(figures), 1))
    measured = as_measurements(figures, design, np.zeros(len(figures)))
    return mix(measured, [law], wrong=wrong, wrong_sd=PRIORS[scale].wrong_sd)


def seen(*figures):
    """Return a series with these figures of the running year: reading, own and shared error, cause."""
    series = known(reading=figures[0][0])
    part = series.observations.iloc[[1] * len(figures)].reset_index(drop=True)
    told = pd.DataFrame(figures, columns=["reading", "own_sd", "shared_sd", "cause"])
    observations = pd.concat([series.observations.iloc[:1], part.assign(**told)], ignore_index=True)
    return replace(series, observations=observations)


H, HALF, NINE = np.log(100.0), "01-01/06-30", "01-01/09-30"
FIGURES = {
    "as expected": [(H + 0.02, 0.02, 0.0, "")],
    "a surprise": [(H + 0.25, 0.02, 0.0, "")],
    "a vague one": [(H + 0.25, 0.1, 0.1, HALF)],
    "two sources that agree": [(H + 0.25, 0.02, 0.0, ""), (H + 0.24, 0.06, 0.0, "")],
    "two sources that do not": [(H + 0.25, 0.02, 0.0, ""), (H - 0.1, 0.02, 0.0, "")],
    "one cause": [(H + 0.2, 0.02, 0.05, HALF), (H + 0.22, 0.03, 0.05, HALF), (H - 0.05, 0.06, 0.0, "")],
    "two causes": [(H - 0.2, 0.1, 0.1, HALF), (H + 0.1, 0.03, 0.03, NINE)],
}


@pytest.mark.parametrize("figures", FIGURES.values(), ids=list(FIGURES))
def test_the_running_year_has_the_law_of_the_smoother_given_the_same_figures(figures):
    series = {"tourist_arrivals": seen(*figures)}
    before = fan(series["tourist_arrivals"], 1, n_paths=40_000)
    found = np.log(observed(series, {"tourist_arrivals": before})["tourist_arrivals"].paths.to_numpy())
    law = smoothed(series["tourist_arrivals"].running_figures)
    # five standard errors of a mean and a spread of paths from a prior that itself is drawn
    np.testing.assert_allclose(found.mean(axis=1), law.mean, atol=5 * 0.14 / np.sqrt(40_000))
    np.testing.assert_allclose(found.std(axis=1), law.sd, rtol=0.05)
    levels = [0.025, 0.1, 0.5, 0.9, 0.975]
    np.testing.assert_allclose(np.quantile(found, levels, axis=1), law.quantiles(levels), atol=0.012)


@pytest.mark.parametrize("figures", FIGURES.values(), ids=list(FIGURES))
def test_sets_of_wrong_figures_weigh_as_in_the_smoother(figures):
    table = seen(*figures).running_figures
    n = len(table)
    weights, covariances, _ = error_mixture(
        table, np.full(n, np.log(100.0)), np.full((n, n), 0.01), wrong_sd=np.full(n, 0.18)
    )
    law = smoothed(table)
    wider = np.array([np.diag(each) > np.diag(covariances[0]) + 1e-12 for each in covariances])
    np.testing.assert_allclose(weights @ wider, law.wrong, atol=2e-3)  # the smoother leaves out a thousandth
    assert weights.sum() == pytest.approx(1)


def test_where_no_figure_is_wrong_paths_move_by_one_linear_update(monkeypatch):
    never = partial(error_mixture, wrong=0.0)
    monkeypatch.setattr("sapa_analysis.forecasting.nowcast.error_mixture", never)
    series = {"tourist_arrivals": seen(*FIGURES["one cause"])}
    before = fan(series["tourist_arrivals"], 1)
    states = np.log(before.paths.to_numpy())
    figures = series["tourist_arrivals"].running_figures
    own, shared, values = (figures[name].to_numpy() for name in ("own_sd", "shared_sd", "reading"))
    errors = np.outer(shared, shared) * np.equal.outer(
        figures["cause"].to_numpy(), figures["cause"].to_numpy()
    )
    errors = errors + np.diag(own**2)
    rng = stream(1, "part-year figures", "sa_pa", "tourist_arrivals")
    rows = states[[0, 0, 0]]
    noise = np.linalg.cholesky(errors) @ stratified(rng.standard_normal((3, 4_000)), rows)
    gain = np.cov(states, rows)[:2, 2:] @ np.linalg.inv(np.cov(rows) + errors)
    expected = states + gain @ (values[:, None] + noise - rows)
    found = observed(series, {"tourist_arrivals": before})["tourist_arrivals"]
    np.testing.assert_allclose(np.log(found.paths), expected, atol=1e-9)


@pytest.mark.parametrize("scale", ["log", "logit", "growth", "level"])
def test_how_far_a_figure_may_be_wrong_is_that_of_its_scale(scale):
    middle = {"log": 100.0, "logit": 60.0, "growth": 8.0, "level": 40.0}[scale]
    sd = PRIORS[scale].wrong_sd / 2 * (size_of([middle, middle]) if scale == "level" else 1.0)
    start = float(SCALES[scale].to_model(middle))
    series = yearly(
        {2022: middle, 2023: float(SCALES[scale].to_unit(start + 1.5 * sd))},
        scale=scale, bases={2023: "part_year"}, sd={2023: sd / 10}, as_of=date(2023, 6, 30),
    )  # fmt: skip
    series.observations["value"] = middle
    walk = start + sd * np.random.default_rng(1).standard_normal((1, 40_000))
    paths = pd.DataFrame(SCALES[scale].to_unit(walk), index=yearly_index([2023]))
    moved = observed({"x": series}, {"x": Forecast(series, paths, "naive")})["x"].paths
    found = SCALES[scale].to_model(moved.to_numpy()[0])
    law = mix(
        as_measurements(series.running_figures, np.ones((1, 1)), np.zeros(1)),
        [law_of_steps(np.ones((1, 1)), np.array([start]), np.array([[sd**2]]))],
        wrong=WRONG,
        wrong_sd=2 * sd,
    )
    assert found.mean() == pytest.approx(law.mean[0], abs=5 * sd / np.sqrt(40_000))
    assert found.std() == pytest.approx(law.sd[0], rel=0.05)


def test_a_shock_year_is_another_reason_for_a_surprise():
    series = {"tourist_arrivals": seen((H - 0.8, 0.05, 0.0, ""))}
    before = {"tourist_arrivals": fan(series["tourist_arrivals"], 1)}
    middles = [
        float(np.log(observe_running_year(before, series, {}, seed=1, shock_chance=chance)
                     ["tourist_arrivals"].paths.iloc[0]).median() - H)
        for chance in (0.0, 0.04, 1.0)
    ]  # fmt: skip
    assert middles[0] > -0.4  # a figure three paths' spreads away from all paths is rather wrong
    assert middles[1] < -0.7
    assert middles[2] == pytest.approx(-0.8, abs=0.03)


def test_paths_without_any_spread_stay_whatever_the_figure():
    series = {"tourist_arrivals": seen((H + 0.2, 0.02, 0.0, ""))}
    flat = pd.DataFrame(np.full((2, 200), 100.0), index=yearly_index([2023, 2024]))
    before = Forecast(series["tourist_arrivals"], flat, "naive")
    after = observe_running_year(
        {"a": before}, {"a": series["tourist_arrivals"]}, {}, seed=1, shock_chance=0.1
    )
    np.testing.assert_allclose(after["a"].paths, 100.0, rtol=1e-9)


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


def test_figures_of_the_running_year_share_the_errors_of_their_own_cause_only(tables, params):
    halves = [
        observation("2022", 100_000.0, published="2023-02-01"),
        observation("2023-01/2023-06", 70_000.0, "YTD", published="2023-07-05"),
        observation("2023-01/2023-09", 90_000.0, "YTD", published="2023-10-05"),
    ]
    known_then = vintage(
        *halves, as_of="2023-11-30", indicators=tables.indicators, covariates=tables.covariates
    )
    family = find_family("tourist_arrivals", tables.indicators)
    joint = build_joint(known_then, family, ["sa_pa"], params.with_values(n_paths=100))
    alone = build_series(known_then, "tourist_arrivals", area="sa_pa", shock_years=params.shock_years)
    assert alone.running_figures["cause"].nunique() == 2
    columns = ["estimate", "sd", "lower_95", "upper_95"]
    of_both = joint["tourist_arrivals", "sa_pa"].running[columns]
    np.testing.assert_allclose(of_both, alone.running[columns], rtol=1e-6)


def test_only_the_running_year_is_running(tables, params):
    town = build_area(tables, params)["sa_pa"]
    watched = {name for name, series in town.items() if series.running is not None}
    assert "tourist_arrivals" in watched
    for series in town.values():
        assert (series.running_figures["year"] == series.origin + 1).all()
        assert len(series.running_figures) > 0 or series.running is None
        assert years_of(series.table).max() == years_of(series.draws).max() == series.origin
        assert series.running is None or list(years_of(series.running)) == [series.origin + 1]
