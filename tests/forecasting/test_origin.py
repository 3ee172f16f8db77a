"""Forecasts start after the last observed year: with the same evidence the law of a year is the same on any day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import concepts, observation, vintage, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, forecast
from sapa_analysis.core.yearly import years_of
from sapa_analysis.evidence import Vintage, load_indicators
from sapa_analysis.forecasting import forecast_all
from sapa_analysis.series import build_series

pytest_plugins = ["loaded"]
#: A law that fails does so on most histories; one of them takes some hundredths of a second.
few = settings(max_examples=min(25, settings.default.max_examples), deadline=None)
#: The last figures are of this year, and the last year forecast is this one, whatever the day.
LAST, DUE = 2018, 2026
COVID = (2019, 2020)
PATHS = 2_000
#: Values that fit each scale, as multiples of a first one.
FIRST = {"log": 40_000.0, "logit": 40.0, "level": 12.0, "growth": 6.0}
steps = st.lists(st.floats(0.9, 1.15), min_size=1, max_size=7)


def known_on(day: date, scale: str, multiples: list[float], shock_years: tuple[int, ...] = ()):
    values = FIRST[scale] * np.cumprod(multiples)
    rows = [
        observation(str(LAST - back), round(value, 3), published="2019-02-01", unit="percent")
        for back, value in enumerate(values)
    ]
    known = vintage(*rows, as_of=day, indicators=concepts(scale, "rate", "society"))
    return build_series(
        known, "tourist_arrivals", area="sa_pa", shock_years=shock_years, n_draws=PATHS, seed=1
    )


def fan_on(day: date, scale: str, multiples: list[float], shock_years: tuple[int, ...] = ()) -> Forecast:
    series = known_on(day, scale, multiples, shock_years)
    ahead = DUE - series.ended
    return forecast(series, horizon=ahead, n_paths=PATHS, seed=1, shock_years=shock_years)


def assert_same_law(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Hold deciles of each common year against each other, to six standard errors of the share below them."""
    common = one.index.intersection(other.index)
    assert len(common)
    share = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    sampling = 6 * np.sqrt(2 * share * (1 - share) / min(one.shape[1], other.shape[1]))
    for year in common:
        ends = np.quantile(one.loc[year], share)
        slack = 1e-9 * np.abs(ends)  # rounding
        low = (other.loc[year].to_numpy()[:, None] < ends - slack).mean(axis=0)
        high = (other.loc[year].to_numpy()[:, None] <= ends + slack).mean(axis=0)
        assert (low < share + sampling).all(), year
        assert (high > share - sampling).all(), year


# one series -----------------------------------------------------------------------------------------------


@few
@given(st.sampled_from(list(FIRST)), steps, st.integers(1, 6))
def test_a_new_year_without_news_changes_no_law(scale, multiples, later):
    first, then = (fan_on(date(year, 6, 30), scale, multiples) for year in (LAST + 1, LAST + 1 + later))
    assert list(years_of(first.paths)) == list(years_of(then.paths)) == list(range(LAST + 1, DUE + 1))
    pd.testing.assert_frame_equal(then.paths, first.paths)  # without shock years no chance of a new one


@few
@given(st.sampled_from(list(FIRST)), steps, st.integers(1, 4))
def test_nor_does_it_after_a_break_that_no_figure_followed(scale, multiples, later):
    first, then = (
        fan_on(date(year, 6, 30), scale, multiples, COVID) for year in (COVID[-1] + 1, COVID[-1] + 1 + later)
    )
    assert list(years_of(first.paths)) == list(years_of(then.paths)) == list(range(COVID[-1] + 1, DUE + 1))
    pd.testing.assert_frame_equal(then.paths, first.paths)


@few
@given(steps, st.integers(1, 4))
def test_new_shocks_are_as_likely_in_a_year_that_has_ended_without_a_figure(multiples, later):
    long_ago = tuple(range(LAST - 4, LAST - 2))  # a break with figures, so that new shocks have a depth
    deep = [*multiples, 1.1, 1.1, 1.1, 0.2, 1.0, 5.0, 1.0, 1.0][-8:]
    first, then = (fan_on(date(year, 6, 30), "log", deep, long_ago) for year in (LAST + 1, LAST + 1 + later))
    assert first.without_shocks is not None
    pd.testing.assert_frame_equal(then.without_shocks, first.without_shocks)
    assert_same_law(first.paths, then.paths)
    begun = [(fan.paths != fan.without_shocks).mean(axis=1).iloc[0] for fan in (first, then)]
    # with 4 % of 2,000 paths the standard error is 0.4 points
    assert begun == pytest.approx([0.04, 0.04], abs=0.025)


def test_a_figure_of_the_year_moves_the_start():
    rows = [observation(str(year), 40_000 * 1.05 ** (year - 2014)) for year in range(2014, 2024)]
    for day, last in (("2023-06-30", 2022), ("2024-01-15", 2022), ("2024-02-01", 2023), ("2025-01-15", 2023)):
        series = build_series(vintage(*rows, as_of=day, indicators=concepts(nature="stock")),
                              "tourist_arrivals", area="sa_pa", n_draws=50)  # fmt: skip
        fan = forecast(series, horizon=2, n_paths=50, seed=1)
        assert series.origin == series.observed_years[-1] == last
        assert years_of(fan.paths)[[0, -1]].tolist() == [last + 1, series.ended + 2]


def test_a_longer_horizon_changes_no_earlier_year_of_a_series_that_lags():
    series = lagging("tourist_arrivals", 2018)
    asked = {"n_paths": 200, "seed": 1, "shock_years": (2014,), "shock_chance": 0.5}
    short, long = (forecast(series, horizon=ahead, **asked) for ahead in (1, 4))
    assert long.without_shocks is not None
    pd.testing.assert_frame_equal(long.paths.iloc[: len(short.paths)], short.paths)


def test_a_part_of_the_running_year_moves_that_year_and_not_the_first_one_ahead():
    rows = [observation(str(year), 40_000 * 1.05 ** (year - 2014)) for year in range(2014, 2020)]
    part = observation("2022-01/2022-06", 31_000, "YTD", published="2022-07-01")
    flat = pd.DataFrame({"share": 1 / 12, "sd": 0.01}, index=pd.RangeIndex(1, 13, name="month"))
    fans = [
        forecast(
            build_series(vintage(*said, as_of="2022-07-15"), "tourist_arrivals", area="sa_pa", profile=flat),
            horizon=2,
            n_paths=PATHS,
            seed=1,
        )
        for said in (rows, [*rows, part])
    ]
    before, after = (fan.summary((80,)) for fan in fans)
    assert fans[1].observed.origin == 2019
    assert list(years_of(after)) == [2020, 2021, 2022, 2023]
    assert after["median"].iloc[2] == pytest.approx(62_000, rel=0.1)
    width = [np.log(table["upper_80"] / table["lower_80"]).to_numpy() for table in (before, after)]
    assert (width[1] / width[0])[2] < 0.6
    assert (width[1] / width[0])[0] > 0.6


# many series in one set of paths --------------------------------------------------------------------------


def lagging(indicator: str, last: int, *, dip: float = 0.3):
    """Return a series from 2010 to a year, with a break in 2014."""
    values = {
        year: 3.0 * 1.05 ** (year - 2010) * (dip if year == 2014 else 1.0) for year in range(2010, last + 1)
    }
    drawn = np.random.default_rng(last).normal(0, 0.02, (len(values), 200))
    draws = {
        year: list(value * np.exp(row)) for (year, value), row in zip(values.items(), drawn, strict=True)
    }
    return yearly(values, indicator=indicator, as_of=date(2022, 6, 30), draws=draws)


@pytest.fixture(scope="module")
def catalogue(tables) -> Vintage:
    nothing = pd.DataFrame()
    known = load_indicators(tables.root / "data")
    return Vintage(evidence=nothing, indicators=known, areas=nothing, covariates=nothing)


def together(catalogue, params, **last: int) -> dict[str, Forecast]:
    series = {name: lagging(name, year) for name, year in last.items()}
    few_paths = params.with_values(n_paths=200, horizon=3, shock_years=[2014], shock_chance=0.2)
    return forecast_all(series, few_paths, catalogue)


@given(st.integers(2016, 2021), st.integers(2016, 2021), st.integers(2016, 2021))
@settings(max_examples=8, deadline=None)
def test_parts_that_start_in_different_years_meet_in_every_path(catalogue, params, visits, spend, revenue):
    fans = together(
        catalogue, params, tourist_arrivals=visits, spend_per_visit=spend, tourism_revenue=revenue
    )
    whole = fans["tourism_revenue"]
    assert list(years_of(whole.paths)) == list(range(revenue + 1, 2025))
    product = 1.0
    for name in ("tourist_arrivals", "spend_per_visit"):
        fan = fans[name]
        known = fan.observed.draws.set_axis(fan.paths.columns, axis=1)
        product = product * pd.concat([known, fan.paths]).loc[whole.paths.index]
    np.testing.assert_allclose(whole.paths, product / 1000, rtol=1e-12)


@given(st.integers(2016, 2021), st.integers(2016, 2021))
@settings(max_examples=8, deadline=None)
def test_growth_follows_its_level_from_its_own_start(catalogue, params, level, rate):
    fans = together(catalogue, params, tourist_arrivals=level, tourist_arrivals_growth=rate)
    fan, grown = fans["tourist_arrivals"], fans["tourist_arrivals_growth"].paths
    known = fan.observed.draws.set_axis(fan.paths.columns, axis=1)
    wanted = 100 * pd.concat([known, fan.paths]).pct_change(fill_method=None)
    assert list(years_of(grown)) == list(range(rate + 1, 2025))
    np.testing.assert_allclose(grown, wanted.loc[grown.index], rtol=1e-9, atol=1e-9)


def test_new_shocks_begin_in_the_same_years_after_the_last_that_any_figure_speaks_of(catalogue, params):
    both = together(catalogue, params, tourism_workers=2017, tourism_businesses=2019, pupils=2019)
    assert both.pop("pupils").without_shocks is None  # pupils did not break: their gap is none
    begun = {
        name: (fan.paths - fan.without_shocks).abs().gt(1e-12).loc["2020":] for name, fan in both.items()
    }
    pd.testing.assert_frame_equal(begun["tourism_businesses"], begun["tourism_workers"])
    assert begun["tourism_businesses"].to_numpy().any()
    quiet = both["tourism_workers"]
    pd.testing.assert_frame_equal(quiet.paths.loc[:"2019"], quiet.without_shocks.loc[:"2019"])
