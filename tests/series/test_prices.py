"""Money without inflation, and back."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import vintage, yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import SapaError
from sapa_analysis.core.types import Forecast, YearlySeries
from sapa_analysis.core.yearly import yearly_index, years_of
from sapa_analysis.evidence import known_by
from sapa_analysis.evidence.catalogue import load_covariates, load_indicators
from sapa_analysis.series.prices import (
    INDEX_SERIES,
    MONTHLY_SERIES,
    RATE_SERIES,
    RECENT_CHANGES,
    consumer_prices,
    deflate,
    inflate,
)

FIRST = 2010
#: Yearly log rates of inflation: from falling prices to those of 2008 and beyond.
rates = st.lists(st.floats(-0.05, 0.3), min_size=2, max_size=12)
#: Changes of amounts, in logs.
steps = st.lists(st.floats(-1, 1), min_size=3, max_size=10)


def prices_of(log_rates: list[float], first: int = FIRST) -> pd.Series:
    levels = 100 * np.exp(np.cumsum([0.0, *log_rates]))
    return pd.Series(levels, index=range(first, first + len(levels)))


def money(log_steps: list[float], *, first: int = FIRST, origin: int | None = None) -> YearlySeries:
    """Return amounts with an error and 5 draws a year; the origin is the last year unless named."""
    values = dict(enumerate(np.exp(np.cumsum(log_steps)), start=first))
    draws = {year: [value * factor for factor in (0.8, 0.9, 1.0, 1.1, 1.3)] for year, value in values.items()}
    sd = dict.fromkeys(values, 0.1)
    as_of = None if origin is None else date(origin, 12, 31)
    return yearly(values, sd=sd, draws=draws, indicator="tourism_revenue", unit="billion_vnd", as_of=as_of)


def a_forecast(
    years: range, *, n_paths: int = 400, value: float = 1.0
) -> tuple[YearlySeries, Forecast]:  # origin: the year before
    observed = money([0.0] * 4, first=years.start - 4)
    paths = pd.DataFrame(value, index=yearly_index(years), columns=range(n_paths))
    return observed, Forecast(observed, paths, "linear_drift")


def covariate(series: str, period: str, value: float, published: str) -> dict[str, object]:
    return {"series": series, "period": period, "value": value, "published": published}


def months_of(year: int, value: float, count: int = 12) -> list[dict[str, object]]:
    return [covariate(MONTHLY_SERIES, f"{year}-{month:02d}", value, f"{year + month // 12}-{month % 12 + 1:02d}-06")
            for month in range(1, count + 1)]  # fmt: skip


# there and back -------------------------------------------------------------------------------------------


@given(rates, steps, st.data())
def test_deflating_then_inflating_is_the_identity_where_prices_are_known(log_rates, log_steps, data):
    prices = prices_of(log_rates)
    last = int(prices.index.max())
    first = data.draw(st.integers(FIRST - 3, last - 1))
    whole = money(log_steps[: last - first + 1], first=first)
    origin = data.draw(st.integers(first, whole.origin))
    series = money(log_steps[: last - first + 1], first=first, origin=origin)
    real = deflate(series, prices)
    ahead = years_of(real.draws) > origin
    forecast = Forecast(real, real.draws[ahead], "linear_drift", without_shocks=real.draws[ahead])
    back = inflate(forecast, prices, observed=series, seed=1)
    for paths in (back.paths, back.without_shocks):
        pd.testing.assert_frame_equal(paths, series.draws[ahead], rtol=1e-12, atol=0)


@given(rates, steps)
def test_steady_inflation_comes_back_beyond_the_known_prices_too(log_rates, log_steps):
    prices = prices_of([log_rates[0]] * len(log_rates))
    series = money(log_steps, first=FIRST + 1, origin=FIRST + 1)
    real = deflate(series, prices)
    back = inflate(Forecast(real, real.draws.iloc[1:], "linear_drift"), prices, observed=series, seed=1)
    # a rate that never changed has no spread, up to rounding of the logarithms
    pd.testing.assert_frame_equal(back.paths, series.draws.iloc[1:], rtol=1e-9, atol=0)


# constant prices ------------------------------------------------------------------------------------------


@given(rates, steps, st.integers(-5, 15))
def test_the_values_of_the_origin_stay_and_all_amounts_of_a_year_move_by_one_factor(
    log_rates, log_steps, shift
):
    series = money(log_steps, first=FIRST + shift)
    real = deflate(series, prices_of(log_rates))
    amounts = ["estimate", "lower_80", "upper_80", "lower_95", "upper_95", "best"]
    factors = real.table[amounts] / series.table[amounts]
    np.testing.assert_array_equal(factors.iloc[-1], 1.0)
    paths = (real.draws / series.draws).to_numpy()
    np.testing.assert_allclose(factors, np.tile(factors[["estimate"]], len(amounts)), rtol=1e-12)
    np.testing.assert_allclose(paths, np.tile(factors[["estimate"]], paths.shape[1]), rtol=1e-12)
    rest = series.table.columns.difference(amounts)
    pd.testing.assert_frame_equal(real.table[rest], series.table[rest])
    pd.testing.assert_frame_equal(real.observations, series.observations)
    assert list(real.table.columns) == list(series.table.columns)


@given(rates, st.floats(0.01, 100))
def test_amounts_that_grow_with_prices_are_constant_whatever_the_base_of_the_index(log_rates, base):
    prices = prices_of(log_rates)
    real = deflate(yearly(prices.to_dict()), base * prices)
    np.testing.assert_allclose(real.table["estimate"], prices.iloc[-1], rtol=1e-12)


@given(rates, st.integers(1, 5), st.integers(1, 5))
def test_beyond_either_end_of_the_prices_the_nearest_rate_goes_on(log_rates, before, after):
    extended = prices_of([log_rates[0]] * before + log_rates + [log_rates[-1]] * after, FIRST - before)
    nominal = yearly(extended.to_dict())
    np.testing.assert_allclose(
        deflate(nominal, prices_of(log_rates)).table["estimate"], extended.iloc[-1], rtol=1e-12
    )


@given(rates, steps, st.randoms())
def test_the_order_of_the_prices_does_not_matter(log_rates, log_steps, random):
    prices, series = prices_of(log_rates), money(log_steps)
    shuffled = prices.loc[random.sample(list(prices.index), len(prices))]
    pd.testing.assert_frame_equal(deflate(series, shuffled).table, deflate(series, prices).table)


def test_inputs_are_untouched():
    prices, series = prices_of([0.1, 0.03, 0.05]), money([0.5] * 4)
    before = [prices.copy(), series.table.copy(), series.draws.copy()]
    observed, forecast = a_forecast(range(2014, 2018))
    paths = forecast.paths.copy()
    deflate(series, prices)
    inflate(forecast, prices, observed=observed, seed=1)
    pd.testing.assert_series_equal(prices, before[0])
    for now, then in zip((series.table, series.draws, forecast.paths), [*before[1:], paths], strict=True):
        pd.testing.assert_frame_equal(now, then)


@pytest.mark.parametrize("count", [0, 1])
def test_one_year_of_prices_is_too_few_to_deflate(count):
    said = f"consumer prices are known for {count} years; constant prices need 2"
    with pytest.raises(SapaError, match=re.escape(said)):
        deflate(money([0.1] * 3), prices_of([0.1]).iloc[:count])


def test_two_years_of_prices_say_nothing_about_the_spread_of_inflation():
    observed, forecast = a_forecast(range(2014, 2018))
    with pytest.raises(SapaError, match="known for 2 years; a spread of inflation needs 3"):
        inflate(forecast, prices_of([0.1]), observed=observed, seed=1)


# paths of prices -----------------------------------------------------------------------------------------


def inflation(years: range, prices: pd.Series, *, seed: int = 1, n_paths: int = 400) -> pd.DataFrame:
    """Return the log rate of each year in each path; the origin is the year before the first."""
    observed, forecast = a_forecast(years, n_paths=n_paths)
    logs = np.log(inflate(forecast, prices, observed=observed, seed=seed).paths)
    return logs.diff().fillna(logs)


@given(rates, st.integers(0, 4), st.integers(0, 4), st.integers(0, 99))
def test_path_k_has_one_inflation_whatever_the_indicator_its_origin_or_its_horizon(
    log_rates, later, longer, seed
):
    prices = prices_of(log_rates)
    start = int(prices.index.max())
    one = inflation(range(start, start + 6), prices, seed=seed, n_paths=20)
    other = inflation(range(start + later, start + 6 + longer), prices, seed=seed, n_paths=20)
    both = one.index.intersection(other.index)
    # the levels are taken in logs and differenced again: rounding only
    pd.testing.assert_frame_equal(one.loc[both], other.loc[both], rtol=0, atol=1e-12)


def test_the_seed_alone_makes_the_paths():
    prices = prices_of([0.1, 0.03, 0.05])
    years = range(2014, 2018)
    pd.testing.assert_frame_equal(inflation(years, prices, seed=5), inflation(years, prices, seed=5))
    assert not inflation(years, prices, seed=5).equals(inflation(years, prices, seed=6))


@given(rates)
def test_published_prices_are_the_same_in_every_path(log_rates):
    prices = prices_of(log_rates)
    observed, forecast = a_forecast(range(FIRST + 1, FIRST + len(prices)), n_paths=7)
    paths = inflate(forecast, prices, observed=observed, seed=1).paths
    expected = (prices / prices[FIRST]).iloc[1:].to_numpy()[:, None]
    np.testing.assert_allclose(paths, np.tile(expected, 7), rtol=1e-12)


def test_beyond_the_published_prices_the_rate_walks_at_random_from_its_last_value():
    log_rates = [0.2, 0.02, 0.05, 0.03, 0.04]
    prices = prices_of(log_rates)
    last = int(prices.index.max())
    walk = inflation(range(last + 1, last + 6), prices, n_paths=20_000)
    step = np.sqrt(np.mean(np.diff(log_rates) ** 2))
    # 20,000 paths: 2 % is four standard errors of a standard deviation
    np.testing.assert_allclose(walk.diff().iloc[1:].std(axis=1), step, rtol=0.02)
    np.testing.assert_allclose(walk.std(axis=1), step * np.sqrt(np.arange(1, 6)), rtol=0.02)
    spread = step * np.sqrt(np.arange(1, 6))
    np.testing.assert_array_less(abs(walk.mean(axis=1) - log_rates[-1]), 4 * spread / np.sqrt(20_000))


def test_the_error_of_the_level_cumulates():
    prices = prices_of([0.02, 0.05, 0.03, 0.04])
    last = int(prices.index.max())
    observed, forecast = a_forecast(range(last + 1, last + 7), n_paths=20_000)
    spread = np.log(inflate(forecast, prices, observed=observed, seed=1).paths).std(axis=1)
    step = np.sqrt(np.mean(np.diff([0.02, 0.05, 0.03, 0.04]) ** 2))
    j = np.arange(1, 7)
    # the sum of j rates that walk: variance 1 + 4 + ... + j^2 steps; 2 % as above
    np.testing.assert_allclose(spread, step * np.sqrt(j * (j + 1) * (2 * j + 1) / 6), rtol=0.02)


@given(st.lists(st.floats(-0.05, 0.5), max_size=5))
def test_inflation_of_more_than_a_decade_ago_has_no_say(old):
    recent = [0.03, 0.04] * (RECENT_CHANGES // 2) + [0.035]
    last = 2020
    spreads = [
        inflation(range(last + 1, last + 4), prices_of(log_rates, last - len(log_rates)), n_paths=20)
        for log_rates in (recent, [*old, *recent])
    ]
    pd.testing.assert_frame_equal(*spreads, rtol=0, atol=1e-9)


def test_what_else_a_forecast_holds_stays():
    _, forecast = a_forecast(range(2014, 2018))
    series = money([0.2] * 4, first=2010)
    out = inflate(forecast, prices_of([0.1, 0.03, 0.05]), observed=series, seed=1)
    assert out.observed is series
    assert out.without_shocks is None
    assert (out.method, out.scenario, out.fit_health) == (
        forecast.method,
        forecast.scenario,
        forecast.fit_health,
    )
    assert out.paths.index.equals(forecast.paths.index)
    assert out.paths.columns.equals(forecast.paths.columns)


# what was published ---------------------------------------------------------------------------------------


@given(st.dates(date(1998, 1, 1), date(2026, 12, 31)), st.sampled_from(["delete", "alter"]))
def test_what_was_published_later_leaves_no_trace(covariates, day, deed):
    later = covariates["published"] > day.isoformat()
    assert covariates["published"].str.len().eq(10).all()
    changed = (
        covariates[~later] if deed == "delete" else covariates.assign(value=covariates["value"] * (1 + later))
    )
    pd.testing.assert_series_equal(
        consumer_prices(known_by(changed, day)), consumer_prices(known_by(covariates, day))
    )


@pytest.fixture(scope="module")
def covariates(root) -> pd.DataFrame:
    table = load_covariates(root / "data")
    return table[table["series"].isin([INDEX_SERIES, RATE_SERIES, MONTHLY_SERIES])]


@pytest.mark.parametrize(
    ("day", "last", "rate"),
    [(date(2023, 1, 5), 2021, 1.83), (date(2023, 6, 30), 2022, 3.16), (date(2026, 1, 31), 2024, 3.62), (None, 2024, 3.62)],
)  # fmt: skip
def test_the_last_year_known_is_the_last_one_published(covariates, day, last, rate):
    prices = consumer_prices(known_by(covariates, day))
    assert list(prices.index) == list(range(1997, last + 1))
    assert 100 * (prices.iloc[-1] / prices.iloc[-2] - 1) == pytest.approx(rate, abs=0.005)  # as rounded


@pytest.mark.parametrize("kept", [[INDEX_SERIES, RATE_SERIES], [INDEX_SERIES, MONTHLY_SERIES]])
def test_the_three_series_tell_one_story(covariates, kept):
    cut = covariates["series"].eq(INDEX_SERIES) & (covariates["period"] > "2021")
    chained = consumer_prices(covariates[covariates["series"].isin(kept) & ~cut])
    # the World Bank prints five decimals
    pd.testing.assert_series_equal(chained, consumer_prices(known_by(covariates, None)), rtol=1e-6)


def chain(*rows: dict[str, object], as_of: date | None = None) -> dict[int, float]:
    index = [covariate(INDEX_SERIES, str(year), 100.0, f"{year + 1}-01-06") for year in (2019, 2020)]
    return consumer_prices(known_by(pd.DataFrame([*index, *rows]), as_of)).round(9).to_dict()


def test_beyond_the_index_the_yearly_rate_goes_before_the_months():
    months = [*months_of(2020, 50.0), *months_of(2021, 60.0), *months_of(2022, 90.0)]
    rate = covariate(RATE_SERIES, "2021", 10.0, "2022-01-06")
    assert chain(rate) == {2019: 100, 2020: 100, 2021: 110}
    assert chain(rate, *months) == {2019: 100, 2020: 100, 2021: 110, 2022: 165}
    assert chain(rate, *months, as_of=date(2022, 1, 5)) == {2019: 100, 2020: 100}


@pytest.mark.parametrize(("before", "year"), [(11, 12), (12, 11)])
def test_a_year_without_one_of_its_months_has_no_mean(before, year):
    assert chain(*months_of(2020, 50.0, before), *months_of(2021, 60.0, year)) == {2019: 100, 2020: 100}


def test_a_missing_year_ends_the_chain():
    assert chain(covariate(RATE_SERIES, "2022", 10.0, "2023-01-06")) == {2019: 100, 2020: 100}


def test_of_two_vintages_the_later_known_counts():
    first = covariate(RATE_SERIES, "2021", 10.0, "2022-01-06")
    revised = covariate(RATE_SERIES, "2021", 20.0, "2022-06")  # counts as the last of June
    assert chain(revised, first)[2021] == 120
    assert chain(revised, first, as_of=date(2022, 6, 29))[2021] == 110


def test_without_an_index_there_are_no_prices(covariates):
    assert consumer_prices(known_by(covariates, date(1990, 1, 1))).empty
    assert consumer_prices(covariates[covariates["series"] == RATE_SERIES]).empty
    assert consumer_prices(pd.DataFrame(columns=["series"])).empty  # as read from an empty folder


# which amounts --------------------------------------------------------------------------------------------


def test_amounts_of_vnd_and_growth_in_volume_say_in_which_prices_they_stand(root):
    indicators = load_indicators(root / "data")
    in_vnd = indicators["unit"].str.contains("vnd")
    assert set(indicators.loc[in_vnd, "prices"]) == {"current", "constant"}
    assert vintage(indicators=indicators).real_rates == {"grdp_growth": "grdp"}
    assert set(indicators.loc[~in_vnd, "prices"].drop("grdp_growth")) == {""}
    assert set(indicators.loc[in_vnd, "scale"]) == {"log"}


def test_a_note_that_states_the_prices_is_followed(root):
    indicators = load_indicators(root / "data")
    stated = indicators[indicators["prices"] != ""]
    assert set(stated.loc[stated["note"].str.match("current prices"), "prices"]) == {"current"}
    assert set(stated.loc[stated["note"].str.match("constant prices"), "prices"]) == {"constant"}
