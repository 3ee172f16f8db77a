from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from sapa_analysis import SapaError, YearlySeries, forecast
from sapa_analysis.core.yearly import years_of
from sapa_analysis.forecasting.models import HEADLINE, MODELS
from sapa_analysis.series.prior import PRIORS

few = settings(max_examples=min(25, settings.default.max_examples))
#: Models that are quick; the others take a second each and have tests of their own in test_models.
QUICK = ["exponential_smoothing", "linear_drift", "naive", "theta"]
PAST = {
    2016: 100.0,
    2017: 130.0,
    2018: 120.0,
    2019: 150.0,
    2020: 140.0,
    2021: 170.0,
    2022: 180.0,
    2023: 200.0,
}
pasts = st.lists(st.floats(50, 5_000), min_size=8, max_size=12, unique=True).map(
    lambda values: dict(enumerate(values, start=2024 - len(values)))
)


def with_running_year(seen: float, sd: float) -> YearlySeries:
    """Return the past and what the running year 2024 has shown by its middle."""
    return yearly(PAST | {2024: seen}, bases={2024: "part_year"}, sd={2024: sd}, as_of=date(2024, 6, 30))


@few
@given(pasts, st.integers(1, 6), st.integers(1, 40), st.sampled_from(QUICK))
def test_paths_are_the_years_after_the_origin_by_paths(past, horizon, n_paths, method):
    result = forecast(yearly(past), method, horizon=horizon, n_paths=n_paths, seed=1)
    assert list(years_of(result.paths)) == list(range(2024, 2024 + horizon))
    assert result.paths.shape == (horizon, n_paths)
    assert (result.method, result.scenario) == (method, "base")


@few
@given(pasts, st.sampled_from(QUICK))
def test_paths_on_the_log_scale_stay_above_zero(past, method):
    assert (forecast(yearly(past), method, horizon=10, n_paths=100, seed=1).paths > 0).all(axis=None)


@few
@given(pasts, st.integers(0, 10_000))
def test_the_same_seed_gives_the_same_paths(past, seed):
    first, second, other = (
        forecast(yearly(past), horizon=3, n_paths=20, seed=s).paths for s in (seed, seed, seed + 1)
    )
    pd.testing.assert_frame_equal(first, second)
    assert not first.equals(other)


@few
@given(pasts, st.floats(0.01, 1_000))
def test_paths_follow_the_unit(past, factor):
    scaled = yearly({year: value * factor for year, value in past.items()})
    first, second = (
        forecast(series, horizon=3, n_paths=30, seed=1).paths for series in (yearly(past), scaled)
    )
    pd.testing.assert_frame_equal(first * factor, second, rtol=1e-9)


@few
@given(pasts, st.sampled_from(QUICK))
def test_the_intervals_lie_one_inside_the_other(past, method):
    summary = forecast(yearly(past), method, horizon=4, n_paths=200, seed=1).summary()
    columns = ["lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95"]
    assert (np.diff(summary[columns].to_numpy(), axis=1) >= 0).all()


def test_a_summary_is_counted_from_the_paths():
    paths = pd.DataFrame([np.arange(101.0)], index=pd.PeriodIndex(["2024"], freq="Y"))
    summary = replace(forecast(yearly(PAST), horizon=1, n_paths=5, seed=0), paths=paths).summary((80,))
    assert list(summary.columns) == ["median", "lower_80", "upper_80"]
    assert summary.iloc[0].to_list() == pytest.approx([50, 10, 90])


def test_the_headline_is_its_model_by_name():
    headline, named = (
        forecast(yearly(PAST), name, horizon=3, n_paths=20, seed=1) for name in ("headline", HEADLINE)
    )
    assert headline.method == HEADLINE
    pd.testing.assert_frame_equal(headline.paths, named.paths)


def test_indicators_have_paths_of_their_own():
    one, other = (
        forecast(yearly(PAST, indicator=name), horizon=3, n_paths=20, seed=1).paths
        for name in ("grdp", "visits")
    )
    assert not one.equals(other)


# the uncertain origin -------------------------------------------------------------------------------------


def test_path_k_starts_from_draw_k():
    """A past that is a straight line has no noise: what is left of each path is its own start."""
    past = {2018: 100.0, 2019: 110.0, 2020: 120.0, 2021: 130.0, 2022: 140.0}
    draws = {year: [value] * 3 for year, value in past.items()} | {2022: [130.0, 140.0, 160.0]}
    series = yearly(past, draws=draws, scale="level")
    paths = forecast(series, "linear_drift", horizon=2, n_paths=6, seed=1).paths.to_numpy()
    assert paths == pytest.approx(np.array([[140, 150, 170, 140, 150, 170], [150, 160, 180, 150, 160, 180]]))


def test_the_headline_of_path_k_follows_draw_k_of_the_whole_past():
    """Path k departs from the forecast of draw k; the departures are those of the estimate, in another order.

    Nearly so: how steady the figures are is told by the figures, not by each draw.
    """
    pasts = [[v * f for v, f in zip(PAST.values(), factors, strict=True)] for factors in (
        np.linspace(0.9, 1, 8), np.linspace(1, 1.1, 8))]  # fmt: skip
    draws = {year: [past[n] for past in pasts] for n, year in enumerate(PAST)}
    vague, sure, *alone = (
        forecast(series, horizon=3, n_paths=2_000, seed=1).paths.to_numpy()
        for series in (
            yearly(PAST, draws=draws),
            yearly(PAST),
            *(yearly(dict(zip(PAST, past, strict=True))) for past in pasts),
        )
    )
    point = np.column_stack([np.median(paths, axis=1) for paths in alone])
    away = vague - point[:, np.arange(2_000) % 2]
    expected = sure - np.median(sure, axis=1)[:, None]
    # downwards amounts depart in logs, so by more from a higher point
    assert np.sort(away, axis=1)[:, 1_000:] == pytest.approx(np.sort(expected, axis=1)[:, 1_000:], abs=0.05)
    assert (away > 0.05).mean() == pytest.approx((expected > 0.05).mean(), abs=0.01)


def test_an_uncertain_origin_widens_the_paths():
    rng = np.random.default_rng(0)
    draws = {year: list(np.full(500, value)) for year, value in PAST.items()}
    vague = yearly(PAST, draws=draws | {2023: list(200 * np.exp(rng.normal(0, 0.3, 500)))})
    sure = yearly(PAST, draws=draws)
    widths = [
        np.log(forecast(s, horizon=1, n_paths=500, seed=1).paths).std(axis=1).iloc[0] for s in (vague, sure)
    ]
    assert widths[0] > 1.3 * widths[1]


# the running year -----------------------------------------------------------------------------------------


@few
@given(st.floats(100, 400))
def test_a_precise_figure_of_the_running_year_is_believed_as_far_as_it_may_be_right(seen):
    free = forecast(yearly(PAST), horizon=1, n_paths=20_000, seed=1)
    told = forecast(with_running_year(seen, 0.001), horizon=1, n_paths=20_000, seed=1)
    first, before = np.log(told.paths.iloc[0]), np.log(free.paths.iloc[0])
    # by the textbook: a precise figure may still be a wrong one
    prior, away, spread = PRIORS["log"], np.log(seen) - before.mean(), before.var()
    errors = np.array([0.001**2, 0.001**2 + prior.wrong_sd**2])
    sure = np.array([1 - prior.wrong, prior.wrong]) * norm.pdf(away, scale=np.sqrt(spread + errors))
    gains, sure = spread / (spread + errors), sure / sure.sum()
    mean = sure @ gains * away
    variance = sure @ (spread * (1 - gains) + (gains * away - mean) ** 2)
    assert first.mean() - before.mean() == pytest.approx(mean, abs=0.015)
    assert first.std() == pytest.approx(np.sqrt(variance), rel=0.1, abs=0.002)


def test_news_of_the_running_year_is_carried_into_the_following():
    low, high = (
        forecast(with_running_year(seen, 0.01), horizon=3, n_paths=2_000, seed=1) for seen in (200, 230)
    )
    ratio = np.log(high.paths).median(axis=1) - np.log(low.paths).median(axis=1)
    # with the slope uncertain too, a surprise in the first year moves the later ones at least as far
    assert ratio.iloc[0] > 0.9 * np.log(230 / 200)
    assert (ratio.iloc[1:] > 0.95 * ratio.iloc[0]).all()


def test_a_figure_far_from_all_paths_is_believed_only_where_shocks_come():
    low, free = with_running_year(90, 0.02), forecast(yearly(PAST), horizon=1, seed=1).paths.iloc[0].median()
    quiet = forecast(low, horizon=1, seed=1).paths.iloc[0].median()
    shaken = forecast(low, horizon=1, seed=1, shock_years=[2020], shock_chance=0.5).paths.iloc[0].median()
    assert shaken < 100 < 150 < quiet < free


def test_a_single_path_is_refused_where_the_running_year_has_figures():
    """It has no spread to be conditioned with."""
    with pytest.raises(SapaError, match="n_paths is 1; wanted 2 or more"):
        forecast(with_running_year(200, 0.01), horizon=1, n_paths=1, seed=1)


def test_a_vague_running_year_changes_next_to_nothing():
    free = forecast(yearly(PAST), horizon=3, n_paths=2_000, seed=1).summary((80,))
    told = forecast(with_running_year(400, 100.0), horizon=3, n_paths=2_000, seed=1).summary((80,))
    assert told.to_numpy() == pytest.approx(free.to_numpy(), rel=0.01)


def test_a_count_stays_at_or_above_zero_whatever_the_running_year_shows():
    falling = dict(zip(range(2015, 2023), (9, 7, 6, 5, 4, 3, 2.5, 2.0), strict=True))
    running = yearly(
        falling | {2023: 1.0}, scale="level", bases={2023: "part_year"}, sd={2023: 0.5}, as_of=date(2023, 6, 30)
    )  # fmt: skip
    told = forecast(running, horizon=4, seed=1, shock_years=[2020], shock_chance=0.2)
    assert (told.paths >= 0).all(axis=None)
    assert (told.without_shocks >= 0).all(axis=None)


def test_the_running_year_alone_can_be_conditioned_on():
    free = forecast(yearly(PAST), horizon=1, n_paths=500, seed=1).paths.iloc[0].median()
    told = forecast(with_running_year(250, 0.001), horizon=1, n_paths=500, seed=1).paths.iloc[0].median()
    assert abs(told - 250) < 0.3 * abs(free - 250)


# what is refused, and what is accepted --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"method": "naiv"}, r'"naiv" is unknown; did you mean naive\?'),
        (
            {"method": "prophet"},
            "is unknown; write one of arima_011_drift, damped_trend, exponential_smoothing",
        ),
        ({"horizon": 0}, "horizon is 0; wanted 1 to 30 years after 2023"),
        ({"horizon": 31}, "horizon is 31; wanted 1 to 30 years after 2023"),
        ({"n_paths": 0}, "n_paths is 0; wanted 1 to 1,000,000"),
        ({"gap_closing": 1.0}, "gap_closing is 1.0; wanted a share above 0 and below 1"),
        ({"shock_chance": -0.1}, "shock_chance is -0.1; wanted a chance from 0 to 1"),
        ({"horizon": 0, "method": "x"}, '"x" is unknown.*; horizon is 0'),
        ({"horizon": "2"}, "horizon is '2'; wanted 1 to 30"),
        ({"horizon": True}, "horizon is True; wanted 1 to 30"),
        ({"n_paths": 10**12}, "n_paths is 1000000000000; wanted 1 to 1,000,000"),
        ({"seed": -1}, "seed is -1; wanted a whole number"),
        ({"seed": None}, "seed is None; wanted a whole number"),
        ({"method": None}, '"None" is unknown'),
        ({"gap_closing": None}, "gap_closing is None; wanted a share"),
        ({"shock_chance": "0"}, "shock_chance is '0'; wanted a chance"),
        ({"shock_years": 2020}, "shock_years holds '2020'; wanted a list of years"),
        ({"shock_years": ["2020"]}, "shock_years holds '2020'; wanted a list of years"),
        ({"parent": "lao_cai"}, "parent is 'lao_cai'; wanted a forecast"),
    ],
)
def test_a_method_or_horizon_out_of_range_is_refused(asked, says):
    with pytest.raises(SapaError, match=says):
        forecast(yearly(PAST), **{"horizon": 3, "seed": 0} | asked)


@pytest.mark.parametrize("method", sorted(set(MODELS) - {HEADLINE}))
def test_a_series_too_short_for_the_method_is_refused(method):
    needed = MODELS[method].min_years
    short = yearly({2020 + n: 100.0 + n * n for n in range(needed - 1)})
    with pytest.raises(SapaError, match=rf"figures of {needed - 1} years; {method} needs {needed} \(\w+"):
        forecast(short, method, horizon=1, seed=0)


def test_interpolated_years_do_not_count_as_figures():
    bases = dict.fromkeys(range(2018, 2024), "interpolated")
    with pytest.raises(SapaError, match="figures of 2 years; linear_drift needs 4"):
        forecast(yearly(PAST, bases=bases), "linear_drift", horizon=1, seed=0)
    assert forecast(yearly(PAST, bases=bases), horizon=1, seed=0).thin


@pytest.mark.parametrize("index", [list(PAST), pd.PeriodIndex([str(year) for year in PAST], freq="Y")])
def test_a_bare_series_counts_as_exact(index):
    bare = pd.Series(list(PAST.values()), index=index, name="tourist_arrivals")
    result = forecast(bare, horizon=3, n_paths=40, seed=1)
    assert (result.observed.scale, result.observed.origin) == ("log", 2023)
    assert list(years_of(result.paths)) == [2024, 2025, 2026]


def test_a_bare_series_that_touches_zero_is_not_put_on_logs():
    bare = pd.Series([-1.0, 0.5, 2.0, 1.0, 3.0], index=range(2019, 2024))
    assert forecast(bare, horizon=2, n_paths=10, seed=1).observed.scale == "level"


def test_the_health_of_a_fit_travels_with_the_forecast():
    result = forecast(yearly(PAST), "arima_011_drift", horizon=2, n_paths=10, seed=1)
    assert all(isinstance(word, str) for word in result.fit_health)
    assert forecast(yearly(PAST), "naive", horizon=2, n_paths=10, seed=1).fit_health == ()


@pytest.mark.parametrize("years", [1, 2, 3, 4])
def test_a_thin_series_is_forecast_wide_and_marked(years):
    past = dict(list(PAST.items())[-years:])
    thin, whole = (forecast(yearly(values), horizon=3, seed=1) for values in (past, PAST))
    assert (thin.thin, whole.thin) == (True, False)
    width = thin.summary((80,)).eval("upper_80 - lower_80") / 200
    assert (width > 0.15).all()  # like series move by 12 % a year


def test_nothing_of_a_thin_series_is_taken_for_certain():
    """One figure after another of the same value is no proof that nothing ever changes."""
    flat = forecast(pd.Series([50.0] * 3, index=range(2020, 2023)), horizon=3, seed=1).summary((95,))
    assert (flat["lower_95"] < 46).all()
    assert (flat["upper_95"] > 55).all()


@few
@given(st.lists(st.floats(0, 50), min_size=1, max_size=12), st.integers(0, 1_000))
def test_counts_are_never_negative(past, seed):
    """Zero among them or not: what was never below zero is not forecast there."""
    bare = pd.Series(past, index=range(2024 - len(past), 2024))
    assert (forecast(bare, horizon=4, n_paths=200, seed=seed).paths >= 0).all(axis=None)


def test_a_level_that_was_negative_may_be_so_again():
    bare = pd.Series([1.0, -2, 0.5, -1, 2, -1.5], index=range(2018, 2024))
    assert (forecast(bare, horizon=2, n_paths=200, seed=1).paths < 0).any(axis=None)


# breaks ---------------------------------------------------------------------------------------------------

BROKEN = PAST | {2020: 60.0}


def test_a_bridged_shock_year_changes_little_after_it_is_past():
    broken, whole = (
        forecast(yearly(values), horizon=3, seed=1, shock_years=[2020], shock_chance=0).summary((80,))
        for values in (BROKEN, PAST)
    )
    # the years after still carry the end of the closing gap: 0.4 of it in 2021, 0.16 in 2022
    assert broken["median"].to_numpy() == pytest.approx(whole["median"].to_numpy(), rel=0.2)
    raw = forecast(yearly(BROKEN), horizon=3, seed=1).summary((80,))
    width = lambda table: table["upper_80"] - table["lower_80"]  # noqa: E731
    assert (width(broken) < width(raw)).all()


def test_from_inside_a_break_paths_return_to_the_path_without_it():
    until = {year: value for year, value in BROKEN.items() if year <= 2020}
    before = {year: value for year, value in PAST.items() if year <= 2019}
    asked = {"horizon": 5, "seed": 1, "shock_years": [2020], "shock_chance": 0, "reopened": 2021}
    broken = forecast(yearly(until), **asked).summary((80,))["median"].to_numpy()
    normal = forecast(yearly(before), **(asked | {"horizon": 6})).summary((80,))["median"].to_numpy()[1:]
    gaps = np.log(broken / normal)
    assert (np.diff(gaps) > 0).all()
    assert gaps[0] == pytest.approx(0.4 * np.log(60 / normal[0] * 1.02), abs=0.08)
    assert gaps[-1] == pytest.approx(0, abs=0.06)  # rates differ by path


def test_the_faster_a_gap_closes_the_higher_the_next_year():
    until = {year: value for year, value in BROKEN.items() if year <= 2020}
    medians = [
        forecast(yearly(until), horizon=1, seed=1, shock_years=[2020], gap_closing=rate)
        .paths.iloc[0]
        .median()
        for rate in (0.3, 0.6, 0.9)
    ]
    assert np.diff(medians).min() > 5


def test_new_shocks_widen_the_fan_downwards_and_without_new_shocks_paths_are_without_them():
    result = forecast(yearly(BROKEN), horizon=3, seed=1, shock_years=[2020], shock_chance=0.2)
    none = forecast(yearly(BROKEN), horizon=3, seed=1, shock_years=[2020], shock_chance=0)
    assert none.without_shocks is None
    pd.testing.assert_frame_equal(result.without_shocks, none.paths)
    assert (result.paths <= result.without_shocks + 1e-9).all(axis=None)
    lower = [paths.quantile(0.1, axis=1).iloc[-1] for paths in (result.paths, result.without_shocks)]
    assert lower[0] < 0.9 * lower[1]


def test_without_shock_years_no_new_shock_is_imagined():
    assert forecast(yearly(BROKEN), horizon=3, seed=1).without_shocks is None


def test_a_running_year_under_observation_has_no_new_shock():
    running = yearly(
        BROKEN | {2024: 210.0}, bases={2024: "part_year"}, sd={2024: 0.01}, as_of=date(2024, 6, 30)
    )
    result = forecast(running, horizon=3, seed=1, shock_years=[2020], shock_chance=1.0)
    assert result.paths.iloc[0].to_numpy() == pytest.approx(result.without_shocks.iloc[0].to_numpy())
    assert (result.paths.iloc[1] < result.without_shocks.iloc[1]).all()


def test_figures_of_shock_years_do_not_count_for_a_model_that_needs_others():
    with pytest.raises(SapaError, match="figures of 3 normal years; linear_drift needs 4"):
        forecast(yearly(PAST), "linear_drift", horizon=1, seed=0, shock_years=range(2017, 2022))
