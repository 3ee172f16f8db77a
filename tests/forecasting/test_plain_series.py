from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sapa_analysis import SapaError, YearlySeries, forecast
from sapa_analysis.core.yearly import years_of
from sapa_analysis.forecasting.models import MODELS
from sapa_analysis.forecasting.plain_series import exact_series

few = settings(max_examples=min(25, settings.default.max_examples))
NAN, INF = float("nan"), float("inf")
amounts = st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=12)
#: Models that statsmodels fits take 0.1 to 2 seconds a series.
SLOW = ("arima_011_drift", "damped_trend", "local_level", "local_linear_trend")
QUICK = sorted(set(MODELS) - set(SLOW))


def bare(values, first=2010, **asked):
    return pd.Series(list(values), index=range(first, first + len(values)), **asked)


def told(values):
    """Return what a series is refused for."""
    with pytest.raises(SapaError) as refused:
        exact_series(values)
    start, _, problems = str(refused.value).partition(": ")
    assert start == "the series cannot be forecast"
    return problems


# what is taken --------------------------------------------------------------------------------------------


@few
@given(amounts, st.integers(1, 5_000))
def test_figures_are_taken_as_they_are_and_as_exact(values, first):
    series = exact_series(bare(values, first))
    assert isinstance(series, YearlySeries)
    assert years_of(series.table).tolist() == list(range(first, first + len(values)))
    assert series.table["estimate"].tolist() == series.table["best"].tolist() == values
    assert series.draws.to_numpy().tolist() == [[value] for value in values]
    assert (series.table["sd"] == 0).all()
    assert (series.table["basis"] == "year").all()
    assert (series.origin, series.as_of) == (first + len(values) - 1, None)


@pytest.mark.parametrize(
    "index",
    [
        range(2019, 2022),
        [2019, 2020, 2021],
        np.array([2019, 2020, 2021], dtype="int32"),
        np.array([2019, 2020, 2021], dtype="uint64"),
        [2019.0, 2020.0, 2021.0],
        pd.Index([2019, 2020, 2021], dtype=object),
        pd.Index([2019, 2020, 2021], dtype="Int64"),
        pd.period_range("2019", periods=3, freq="Y"),
        pd.period_range("2019", periods=3, freq="Y-JUN"),
        pd.to_datetime(["2019-12-31", "2020-12-31", "2021-12-31"]),
        pd.to_datetime(["2019-01-01", "2020-07-01", "2021-12-31"]),
        pd.to_datetime(["2019-12-31", "2020-12-31", "2021-12-31"]).tz_localize("Asia/Ho_Chi_Minh"),
    ],
)
def test_years_may_be_numbers_periods_or_dates(index):
    series = exact_series(pd.Series([1.0, 2, 4], index=index))
    assert isinstance(series.table.index, pd.PeriodIndex)
    assert years_of(series.table).tolist() == [2019, 2020, 2021]
    assert series.table["estimate"].tolist() == [1, 2, 4]


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "float32", "float64", "Int64", "Float64"])
def test_values_may_be_any_numbers(dtype):
    assert exact_series(bare([1, 2, 4], dtype=dtype)).published.tolist() == [1, 2, 4]


@pytest.mark.parametrize("dtype", ["Int64", "Float64"])
def test_what_a_nullable_column_lacks_is_a_gap(dtype):
    series = exact_series(bare([1, None, 4], dtype=dtype))
    assert series.table["estimate"].tolist() == pytest.approx([1, 2, 4])
    assert series.observed_years == [2010, 2012]


def test_a_single_value_is_a_series():
    series = exact_series(bare([7]))
    assert (series.origin, series.scale, series.published.tolist()) == (2010, "log", [7])


@pytest.mark.parametrize(("name", "told_as"), [("visits", "visits"), (None, "series"), (5, "5")])
def test_a_series_keeps_its_name(name, told_as):
    assert exact_series(bare([1.0], name=name)).indicator_id == told_as


@few
@given(st.lists(st.one_of(st.just(NAN), st.floats(-1e6, 1e6)), min_size=1, max_size=12), st.booleans())
def test_a_series_is_left_as_it_is(values, whole_years):
    series = (
        bare(values)
        if whole_years
        else bare(values).set_axis(pd.period_range("2010", periods=len(values), freq="Y"))
    )
    kept = series.copy()
    if not np.isnan(values).all():
        exact_series(series)
    pd.testing.assert_series_equal(series, kept)


# streams ----------------------------------------------------------------------------------------------------


def paths_of(values, seed=1, **asked):
    return forecast(bare(values, **asked), horizon=2, n_paths=20, seed=seed).paths


def ups_and_downs(values, **asked):
    """Return the paths of a series around their median, in their own spread: what chance alone brings."""
    logs = np.log(paths_of(values, **asked).to_numpy())
    away = logs - np.median(logs, axis=1, keepdims=True)
    return away / away.std(axis=1, keepdims=True)


PLAIN = [100.0, 110, 119, 132, 140]


def test_unnamed_series_have_streams_of_their_own_and_the_same_series_the_same():
    np.testing.assert_array_equal(paths_of(PLAIN), paths_of(list(PLAIN)))
    for other in ([100.0, 110, 119, 132, 140.1], PLAIN[1:], PLAIN[::-1]):
        assert np.abs(np.corrcoef(ups_and_downs(PLAIN)[0], ups_and_downs(other)[0])[0, 1]) < 0.9
    assert not np.allclose(paths_of(PLAIN), paths_of(PLAIN, first=2011))
    # named alike they share their streams
    one, other = (ups_and_downs(values, name="visits")[0] for values in (PLAIN, [50.0, 55, 59, 66, 70.1]))
    assert np.corrcoef(one, other)[0, 1] > 0.9


@few
@given(amounts, st.integers(-100, 100), st.integers(1, 10**6))
def test_the_streams_of_an_unnamed_series_do_not_depend_on_its_unit(values, tens, factor):
    known, told = (exact_series(bare(found)) for found in (values, np.array(values) * factor * 10.0**tens))
    assert known.digest == told.digest != ""
    assert (known.indicator_id, known.area) == ("series", "")
    whole = exact_series(bare([round(value) for value in values], name="visits"))
    assert whole.digest == ""


# gaps and ends --------------------------------------------------------------------------------------------


@few
@given(st.floats(0.1, 1_000), st.floats(0.5, 2), st.sets(st.integers(1, 8), min_size=1), st.booleans())
def test_a_gap_is_interpolated_by_its_growth_and_is_no_figure(first, growth, gaps, dropped):
    """Of amounts; whether its year is there without a value, or not there."""
    whole = first * growth ** np.arange(10)
    holed = bare([NAN if year in gaps else value for year, value in enumerate(whole)])
    series = exact_series(holed.dropna() if dropped else holed)
    assert series.table["estimate"].tolist() == pytest.approx(list(whole))
    assert series.observed_years == [2010 + year for year in range(10) if year not in gaps]
    assert series.table["best"].isna().to_numpy().nonzero()[0].tolist() == sorted(gaps)
    assert (series.table["basis"] == "interpolated").to_numpy().nonzero()[0].tolist() == sorted(gaps)
    assert len(series.published) == 10 - len(gaps)


def test_a_gap_between_100_and_400_is_200_and_between_minus_100_and_400_is_150():
    assert exact_series(bare([100, NAN, 400])).table["estimate"].tolist() == pytest.approx([100, 200, 400])
    assert exact_series(bare([-100, NAN, 400])).table["estimate"].tolist() == pytest.approx([-100, 150, 400])


@few
@given(amounts, st.integers(0, 4), st.integers(0, 4))
def test_years_without_a_value_before_and_after_are_no_part_of_it(values, before, after):
    """The origin is the last year with a figure."""
    series = exact_series(bare([NAN] * before + values + [NAN] * after, 2010 - before))
    pd.testing.assert_frame_equal(series.table, exact_series(bare(values)).table)


@few
@given(st.integers(1, 150), st.integers(1, 150))
@example(99, 99)
@example(100, 100)
@example(101, 101)
def test_the_last_100_years_count(n, other):
    series = exact_series(bare(range(1, n + 1), 1800))
    assert len(series.table) == min(n, 100)
    assert series.origin == 1799 + n
    # figures of years long gone leave nothing behind, nor a gap up to the first that counts
    sparse = exact_series(pd.Series([1.0, 2, 3], index=[1700, 2000 - other, 2000]))
    assert sparse.observed_years == ([2000 - other, 2000] if other < 100 else [2000])
    assert len(sparse.table) == (other + 1 if other < 100 else 1)


# the scale ------------------------------------------------------------------------------------------------


@few
@given(amounts, st.integers(0, 11), st.sampled_from([0.0, -1.0, -1e-300]))
def test_amounts_are_modelled_on_logs_and_all_else_as_levels(values, place, low):
    assert exact_series(bare(values)).scale == "log"
    lower = list(values)
    lower[place % len(values)] = low
    assert exact_series(bare(lower)).scale == "level"


@pytest.mark.parametrize(
    ("values", "scale"),
    [([1, 0.99e12], "log"), ([1, 1.01e12], "level"), ([1e13, 5, 1], "level"), ([1e-300, 1e280], "level"),
     ([1e-300, 2e-300], "log"), ([1e280, 2e280], "log"), ([NAN, 1e-9, NAN, 1e9], "level")],
)  # fmt: skip
def test_what_spans_more_than_12_powers_of_ten_is_a_level(values, scale):
    assert exact_series(bare(values, dtype=float)).scale == scale


# what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "problem"),
    [
        (pd.Series([1.0, 2, 3], [2000, 2000, 2001]), "repeated year 2000"),
        (pd.Series([1.0, 2, 3], [2002, 2000, 2001]), "unsorted year 2000"),
        (pd.Series([1.0, 2], pd.PeriodIndex(["2001", "2001"], freq="Y")), "repeated year 2001"),
        (pd.Series([1.0, 2], pd.to_datetime(["2001-01-01", "2001-12-31"])), "repeated year 2001"),
        (bare(["a", "b"]), "values are str; wanted numbers"),
        (bare(["1", "2"]), "values are str; wanted numbers"),
        (bare(["a", 1], dtype=object), "values are object; wanted numbers"),
        (bare([1.0, 2.0], dtype=object), "values are object; wanted numbers"),
        (bare([1 + 2j, 1]), "values are complex128; wanted numbers"),
        (bare([1, 2], dtype="category"), "values are category; wanted numbers"),
        (bare(pd.to_datetime(["2001", "2002"])), "values are datetime64[us]; wanted numbers"),
        (pd.Series([], dtype=float), "it has no value; wanted one or more"),
        (bare([NAN, NAN]), "it has no value; wanted one or more"),
        (pd.Series([True, False], [2000, 2001]), "values are bool; wanted numbers"),
        (pd.Series([1.0, 2, 3], [-5, 2020, 12_000]), "the index holds -5, 12000; wanted years (2019, 2020, ...)"),
        (pd.Series([1.0, 2], [2019.0, NAN]), "the index holds nan; wanted years (2019, 2020, ...)"),
        (pd.Series([1.0, 2], [2019.0, INF]), "the index holds inf; wanted years (2019, 2020, ...)"),
        (pd.Series([1.0, 2], pd.PeriodIndex(["2019", pd.NaT], freq="Y")), "the index holds NaT; wanted years (2019, 2020, ...)"),
        (pd.Series([1.0, 2], pd.PeriodIndex(["2019Q4", "2020Q1"], freq="Q")),
         "the index holds periods of Q-DEC; wanted years (2019, 2020, ...)"),
        (bare([1, INF]), "values beyond 1e+290: inf (2011)"),
        (bare([-INF, 1]), "values beyond 1e+290: -inf (2010)"),
        (bare([1, 1e300, -1e300]), "values beyond 1e+290: 1e+300 (2011), -1e+300 (2012)"),
        (pd.Series([1.0, 2]), "the index holds 0; wanted years (2019, 2020, ...)"),
        (pd.Series([1.0, 2], [2000, 12_000]), "the index holds 12000; wanted years (2019, 2020, ...)"),
    ],
)  # fmt: skip
def test_a_bad_series_is_refused_with_its_reason(series, problem):
    assert told(series) == problem


@pytest.mark.parametrize(
    "index",
    [
        [2019.5, 2020.5],
        ["2019", "2020"],
        ["a", "b"],
        pd.MultiIndex.from_tuples([("sa_pa", 2019), ("sa_pa", 2020)]),
        pd.MultiIndex.from_tuples([(1, 2019), (1, 2020)]),
        pd.interval_range(2019, 2021),
    ],
)
def test_an_index_that_holds_no_years_is_refused(index):
    problem = told(pd.Series([1.0, 2], index=index))
    assert problem.startswith("the index holds ")
    assert problem.endswith("; wanted years (2019, 2020, ...)")
    assert problem.count(";") == 1


@pytest.mark.parametrize(
    "found", [[1.0, 2.0], (1,), {2019: 1.0}, np.array([1.0, 2]), pd.DataFrame({"a": [1]}), None, 5.0]
)
def test_what_is_no_series_is_refused_by_its_kind(found):
    assert told(found) == f"found {type(found).__name__}; wanted a pandas.Series of years x values"


@pytest.mark.parametrize(
    ("series", "problems"),
    [
        (pd.Series([1, INF, 3, 1e300], [2002, 2000, 2000, 2001]),
         "repeated year 2000; unsorted year 2000; values beyond 1e+290: inf (2000), 1e+300 (2001)"),
        (pd.Series([1.0, 2, 3], [2002, 2001, 2000]), "unsorted year 2001; unsorted year 2000"),
        (pd.Series([NAN, NAN], [2000, 2000]), "repeated year 2000; it has no value; wanted one or more"),
        (pd.Series(["a", "b"], [2001, 2000]), "unsorted year 2000; values are str; wanted numbers"),
        (pd.Series([INF, 1.0], ["a", "b"]),
         "the index holds a, b; wanted years (2019, 2020, ...); values beyond 1e+290: inf (a)"),
        (pd.Series([1.0, 2, -INF], [2003, 2003, -4]),
         "the index holds -4; wanted years (2019, 2020, ...); values beyond 1e+290: -inf (-4)"),
    ],
)  # fmt: skip
def test_every_problem_is_told_at_once(series, problems):
    assert told(series) == problems


@few
@given(st.lists(st.integers(1990, 2020), min_size=2, max_size=8))
def test_every_year_out_of_order_is_told(years):
    series = pd.Series(np.arange(1.0, len(years) + 1), years)
    steps = np.diff(years)
    problems = [f"repeated year {years[at + 1]}" for at in np.flatnonzero(steps == 0)]
    problems += [f"unsorted year {years[at + 1]}" for at in np.flatnonzero(steps < 0)]
    if problems:
        assert told(series) == "; ".join(problems)
    else:
        assert exact_series(series).observed_years == years


def test_a_forecast_refuses_a_bad_series_in_the_same_words():
    with pytest.raises(
        SapaError, match=r"^the series cannot be forecast: unsorted year 2000; values beyond 1e\+290"
    ):
        forecast(pd.Series([1.0, INF], [2001, 2000]), horizon=1, seed=1)


# torture --------------------------------------------------------------------------------------------------

#: Series that no one would forecast: each has figures enough for every model.
TORTURE = {
    "gaps": [1, NAN, NAN, 3, 4, NAN, 5, 6, 7, 8, 9, 10],
    "gaps of decades": [1, *[NAN] * 40, 3, 4, *[NAN] * 30, 6, 7, 8, 9, 10, 9],
    "zeros": [0, 0, 3, 4, 0, 5, 6, 0, 9],
    "a zero at the end": [4, 5, 3, 4, 5, 6, 5, 4, 0],
    "constant": [5.0] * 9,
    "all zero": [0.0] * 9,
    "negatives": [-5, -3, -4, -6, -7, -8, -9, -10, -12],
    "a spike": [1, 1, 1, 1, 1e6, 1, 1, 1, 1],
    "a spike at the start": [1e6, 1, 1, 1, 1, 1, 1, 1, 1],
    "a spike at the end": [1, 1, 1, 1, 1, 1, 1, 1, 1e6],
    "tiny": [1e-300, 2e-300, 3e-300, 2e-300, 4e-300, 5e-300, 6e-300, 5e-300, 7e-300],
    "constant and tiny": [1e-300] * 9,
    "huge": [1e280, 2e280, 3e280, 2e280, 4e280, 5e280, 6e280, 5e280, 7e280],
    "huge and falling": [7e280, 6e280, 5e280, 4e280, 3e280, 2e280, 2e280, 1e280, 1e280],
    "tiny and huge": [1e-300, 1e280] * 5,
    "tiny after huge": [1e280, *[1e-300] * 9],
    "tiny and huge of both signs": [-1e-300, 1e280, 1e-300, -1e280, 1e-300, 1e280, -1e-300, 1e280, 1e-300],
    "alternating": [1, -1] * 5,
    "alternating and huge": [1e280, -1e280] * 5,
    "eleven powers up and down": [1, 1e11] * 5,
    "eleven powers down": [1e11, 1e9, 1e7, 1e5, 1e3, 1e2, 10, 1, 1],
    "eleven powers up": [1, 1, 10, 1e2, 1e3, 1e5, 1e7, 1e9, 1e11],
    "a straight line": [1, 2, 3, 4, 5, 6, 7, 8, 9],
    "doubling": [1, 2, 4, 8, 16, 32, 64, 128, 256],
    "a single figure": [5],
    "a single zero": [0],
    "two figures": [1e-300, 1e-290],
    "a century": list(range(1, 151)),
}


def endures(series, method):
    """Hold that a forecast is finite and whole, or refused; warnings are errors in these tests."""
    try:
        paths = forecast(series, method, horizon=3, n_paths=50, seed=1).paths
    except SapaError:
        return
    assert paths.shape == (3, 50)
    assert np.isfinite(paths.to_numpy()).all()


@pytest.mark.parametrize("method", ["headline", *QUICK])
@pytest.mark.parametrize("name", TORTURE)
def test_a_forecast_is_finite_or_refused(name, method):
    endures(bare(TORTURE[name], 1800, dtype=float), method)


@pytest.mark.parametrize("method", SLOW)
@pytest.mark.parametrize("name", ["a spike", "tiny and huge", "alternating and huge", "eleven powers up"])
def test_what_statsmodels_fits_is_finite_or_refused(name, method):
    endures(bare(TORTURE[name], 1800, dtype=float), method)


@pytest.mark.parametrize("name", sorted(set(TORTURE) - {"a single figure", "a single zero", "two figures"}))
def test_the_headline_refuses_no_series_of_figures(name):
    paths = forecast(bare(TORTURE[name], 1800, dtype=float), horizon=3, n_paths=50, seed=1).paths
    assert np.isfinite(paths.to_numpy()).all()


@settings(max_examples=min(25, settings.default.max_examples))
@given(
    st.lists(
        st.one_of(st.sampled_from([NAN, 0.0, 1.0, 1e6, 1e-300, 1e280]), st.floats(-1e280, 1e280)),
        min_size=1,
        max_size=14,
    ),
    st.sampled_from(["headline", *QUICK]),
)
def test_any_series_is_forecast_or_refused(values, method):
    endures(bare(values, dtype=float), method)


@pytest.mark.parametrize(("values", "horizon"), [([1e250, 1e260] * 3, 3), ([1, 1e11] * 3, 30)])
@pytest.mark.parametrize("method", ["linear_drift", "theta"])
def test_paths_beyond_every_number_are_refused(values, horizon, method):
    with pytest.raises(SapaError, match=f"{method} runs beyond every number within {horizon} years"):
        forecast(bare(values), method, horizon=horizon, n_paths=200, seed=1)
