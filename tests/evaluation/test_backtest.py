from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import SapaError, forecast
from sapa_analysis.evaluation import accuracy, backtest, scores
from sapa_analysis.evaluation.backtest import COLUMNS

few = settings(max_examples=min(15, settings.default.max_examples))
METHODS = ("naive", "linear_drift")
PAST = [100.0, 130, 120, 150, 140, 170, 180, 200, 190, 240, 230, 260]
#: What the paths alone decide.
FORECAST = ["series", "method", "origin", "year", "ahead", "scale", "health", "reason",
            *(f"{end}_{level}" for level in (50, 80, 95) for end in ("lower", "upper")), "median"]  # fmt: skip
pasts = st.lists(st.integers(50, 500), min_size=7, max_size=8)

#: The module: its door shows the function of the same name.
backtests = import_module("sapa_analysis.evaluation.backtest")


def yearly(values, start=2010, name="visits"):
    return pd.Series(list(values), index=range(start, start + len(values)), name=name, dtype=float)


def run(series, methods=METHODS, **changed):
    asked = {"horizon": 3, "min_train": 5, "seed": 1, "n_paths": 50} | changed
    return backtest(series, methods, **asked)


def until(table, origin):
    return table.loc[table["origin"] <= origin, FORECAST].reset_index(drop=True)


# one row per series, method, origin and year -------------------------------------------------------------


def test_every_origin_forecasts_the_years_that_the_series_still_holds():
    table = run({"a": yearly(PAST), "b": yearly(PAST[:7], 2001)})
    expected = [
        (name, method, origin, year)
        for name, first, last in (("a", 2010, 2021), ("b", 2001, 2007))
        for method in METHODS
        for origin in range(first + 4, last)
        for year in range(origin + 1, min(origin + 3, last) + 1)
    ]
    assert list(table[["series", "method", "origin", "year"]].itertuples(index=False, name=None)) == expected
    assert (table["ahead"] == table["year"] - table["origin"]).all()
    assert list(table.columns) == list(COLUMNS)
    assert {str(table[name].dtype) for name in ("origin", "year", "ahead")} == {"int64"}
    numbers = ["actual", "scale", "crps", "wis", "pit", *FORECAST[8:]]
    assert {str(table[name].dtype) for name in numbers} == {"float64"}


def test_a_row_is_the_forecast_of_its_origin_scored(monkeypatch):
    kept = []

    def keeping(*given, **asked):
        kept.append((given, forecast(*given, **asked)))
        return kept[-1][1]

    monkeypatch.setattr(backtests, "forecast", keeping)
    table = run(yearly(PAST), ["naive"], min_train=6, shock_years=[2012, 2018])
    rows = table[table["origin"] == 2015]
    [((past, method), result)] = [(given, one) for given, one in kept if one.observed.origin == 2015]
    summary, paths, actual = result.summary(), result.paths.to_numpy(), np.array(PAST[6:9])
    assert method == "naive"
    assert list(past) == PAST[:6]
    assert rows["actual"].to_numpy() == pytest.approx(actual)
    for name in FORECAST[8:]:
        assert rows[name].to_numpy() == pytest.approx(summary[name].to_numpy())
    quantiles = np.quantile(paths, scores.LEVELS, axis=1).T
    assert rows["wis"].to_numpy() == pytest.approx(scores.wis(actual, quantiles))
    assert rows["crps"].to_numpy() == pytest.approx(scores.crps(actual, paths))
    assert rows["pit"].to_numpy() == pytest.approx(scores.pit(actual, paths))
    assert (rows["scale"] == scores.mase_scale(PAST[:6])).all()


def test_years_may_be_numbers_or_periods_and_values_whole():
    bare = yearly(PAST)
    periods = bare.set_axis(pd.period_range("2010", periods=len(PAST), freq="Y")).astype(int)
    pd.testing.assert_frame_equal(run(bare), run(periods))


def test_a_bare_series_is_a_mapping_of_one():
    pd.testing.assert_frame_equal(run(yearly(PAST)), run({"visits": yearly(PAST, name="other")}))
    assert set(run(yearly(PAST, name=None))["series"]) == {"series"}


def test_the_series_given_stay_as_they_were():
    given_series = yearly(PAST)
    run({"a": given_series})
    pd.testing.assert_series_equal(given_series, yearly(PAST))


# nothing from after the origin ----------------------------------------------------------------------------


@few
@given(pasts, st.data())
def test_nothing_after_an_origin_moves_its_forecast_or_an_earlier_one(values, data):
    n = data.draw(st.integers(5, len(values) - 1), label="values up to the origin")
    after = data.draw(st.lists(st.integers(0, 500), min_size=1, max_size=6), label="what follows instead")
    asked = {"methods": [*METHODS, "headline"], "shock_years": [2011, 2009 + n, 2010 + n, 2012 + n]}
    before, altered = (
        until(run(yearly(whole), **asked), 2009 + n) for whole in (values, [*values[:n], *after])
    )
    keys = ["series", "method", "origin", "year"]
    both = before[keys].merge(altered[keys])
    assert len(both) >= len(asked["methods"])
    # the longer of the two has rows of years that the other does not reach
    first, second = (both.merge(table, on=keys) for table in (before, altered))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_a_shock_that_comes_later_is_not_known_at_the_origin(monkeypatch):
    seen = {}

    def keeping(past, method, *, shock_years, **asked):
        seen[int(past.index[-1])] = sorted(shock_years)
        return forecast(past, method, shock_years=shock_years, **asked)

    monkeypatch.setattr(backtests, "forecast", keeping)
    run(yearly(PAST), ["naive"], min_train=9, shock_years={2019, 2020})
    assert seen == {2018: [], 2019: [2019], 2020: [2019, 2020]}


@few
@given(pasts, st.integers(5, 6))
def test_an_origin_does_not_depend_on_which_other_origins_series_and_methods_there_are(values, min_train):
    whole = run({"a": yearly(values), "b": yearly(PAST[:7])})
    alone = run({"a": yearly(values)}, ["linear_drift"], min_train=min_train)
    same = whole[
        (whole["series"] == "a") & (whole["method"] == "linear_drift") & (whole["origin"] >= 2009 + min_train)
    ]
    pd.testing.assert_frame_equal(same.reset_index(drop=True), alone, check_exact=True)


def test_the_seed_decides_the_paths():
    first, again, other = (run(yearly(PAST), seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    assert (first["median"] != other["median"]).any()


def test_origins_have_paths_of_their_own():
    table = run(yearly([100.0, 110] * 8), ["naive"], horizon=1, min_train=10, n_paths=200)
    assert table["pit"].round(2).nunique() > 2


# refusals and warnings ------------------------------------------------------------------------------------


def test_a_method_that_refuses_says_why_in_its_rows():
    table = run(yearly(PAST[:6]), min_train=3)
    refused = table[table["reason"] != ""]
    assert set(zip(refused["method"], refused["origin"], strict=True)) == {("linear_drift", 2012)}
    assert refused["reason"].str.contains("linear_drift needs 4").all()
    assert refused[[*FORECAST[8:], "crps", "wis", "pit"]].isna().all(axis=None)
    assert list(refused["actual"]) == PAST[3:6]
    assert table.drop(refused.index)[[*FORECAST[8:], "crps", "wis", "pit"]].notna().all(axis=None)


def test_what_a_fit_warned_about_stands_in_its_rows(monkeypatch):
    def warned(*given, **asked):
        result = forecast(*given, **asked)
        return type(result)(result.observed, result.paths, result.method, fit_health=("one", "two"))

    monkeypatch.setattr(backtests, "forecast", warned)
    assert set(run(yearly(PAST))["health"]) == {"one;two"}


def test_every_problem_is_told_at_once():
    series = {
        "twice": pd.Series(PAST[:7], index=[2010, 2011, 2012, 2012, 2013, 2014, 2015]),
        "unsorted": pd.Series(PAST[:6], index=[2010, 2011, 2013, 2012, 2014, 2015]),
        "gappy": pd.Series(PAST[:6], index=[2010, 2011, 2012, 2014, 2015, 2017]),
        "empty_cell": yearly([1, 2, np.nan, 4, 5, np.inf]),
        "short": yearly(PAST[:5]),
        "quarters": pd.Series(PAST[:6], index=pd.period_range("2020Q1", periods=6, freq="Q")),
        "words": pd.Series(["1"] * 6, index=range(2010, 2016)),
        "nothing": pd.Series(dtype=float),
    }
    with pytest.raises(SapaError) as caught:
        backtest(series, ["naiv", "naive", "naive"], horizon=0, min_train=5, n_paths=0, seed=1)
    said = str(caught.value).split("\n")
    assert said[0] == "backtest has 12 problems"
    for line in (
        'methods: "naiv" is unknown; did you mean naive?',
        'methods: "naive" is given more than once',
        "horizon: is 0; wanted at least 1",
        "n_paths: is 0; wanted at least 1",
        "series twice: more than one value in 2012",
        "series unsorted: the years are not in ascending order",
        "series gappy: no value in 2013, 2016; a backtest needs consecutive years",
        "series empty_cell: no finite value in 2012, 2015",
        "series short: values of 5 years leave no origin; wanted at least 6",
        "series quarters: the index is period[Q-DEC]; wanted years, as whole numbers or a yearly PeriodIndex",
        "series words: values are str; wanted numbers",
        "series nothing: values of 0 years leave no origin; wanted at least 6",
    ):
        assert f"  {line}" in said


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"horizon": 31}, "horizon: is 31; wanted at most 30"),
        ({"min_train": 0}, "min_train: is 0; wanted at least 1"),
        ({"methods": []}, "methods: none is given"),
        ({"series": {}}, "series: none is given"),
    ],
)
def test_what_cannot_be_run_is_refused(asked, says):
    with pytest.raises(SapaError, match=says):
        run(**{"series": yearly(PAST)} | asked)


# accuracy -------------------------------------------------------------------------------------------------


def scored(rows):
    """Return a backtest of these (series, method, origin, ahead, actual, median), intervals 2, 4 and 6 wide."""
    table = pd.DataFrame(rows, columns=["series", "method", "origin", "ahead", "actual", "median"])
    for half, level in ((1, 50), (2, 80), (3, 95)):
        table[f"lower_{level}"], table[f"upper_{level}"] = table["median"] - half, table["median"] + half
    return table.assign(year=table["origin"] + table["ahead"], crps=3.0, wis=4.0, pit=0.5, scale=2.0,
                        health="", reason="")  # fmt: skip


def test_the_mean_is_taken_within_an_origin_and_then_over_origins():
    rows = [("a", "m", 2010, 1, 10, 10), ("a", "m", 2010, 2, 10, 14), ("a", "m", 2011, 1, 10, 12.5)]
    found = accuracy(scored(rows))
    assert list(found.index) == ["m"]
    assert found.loc["m"].to_dict() == pytest.approx(
        {"n": 3, "refused": 0, "MASE": ((0 + 4) / 2 + 2.5) / 2 / 2,
         "sMAPE": ((0 + 200 * 4 / 24) / 2 + 200 * 2.5 / 22.5) / 2, "WIS": 2, "CRPS": 1.5,
         "coverage_50": 25, "coverage_80": 25, "coverage_95": 75}
    )  # fmt: skip


def test_groups_are_the_columns_asked_for_in_the_order_of_the_rows():
    rows = [(s, m, 2010, h, 10, 10 + h) for s in "ba" for m in ("y", "x") for h in (1, 2)]
    table = accuracy(scored(rows).assign(region="north"), ("region", "method", "ahead"))
    assert list(table.index) == [("north", m, h) for m in ("y", "x") for h in (1, 2)]
    assert list(table["MASE"]) == [0.5, 1.0, 0.5, 1.0]
    assert list(table["n"]) == [2, 2, 2, 2]


def test_rows_refused_are_counted_and_not_scored():
    table = scored(
        [("a", "m", 2010, 1, 10, 11), ("a", "m", 2011, 1, 10, np.nan), ("a", "q", 2010, 1, 10, np.nan)]
    )
    blank = table["median"].isna()
    table = table.assign(reason=blank.map({True: "no", False: ""}), wis=table["wis"].mask(blank))
    found = accuracy(table)
    assert list(found["n"]) == [1, 0]
    assert list(found["refused"]) == [1, 1]
    assert list(found["MASE"]) == pytest.approx([0.5, np.nan], nan_ok=True)
    assert list(found["coverage_50"]) == pytest.approx([100, np.nan], nan_ok=True)


def test_an_origin_without_a_scale_is_left_out_of_what_is_scaled():
    table = scored([("a", "m", 2010, 1, 10, 11), ("b", "m", 2010, 1, 10, 14)])
    table.loc[1, "scale"] = np.nan
    found = accuracy(table).loc["m"]
    assert found["MASE"] == 0.5
    assert found["n"] == 2
    assert found["coverage_50"] == 50


@few
@given(pasts, st.floats(0.01, 1_000))
def test_accuracy_has_no_unit(values, factor):
    one, scaled = (
        accuracy(run(yearly(np.array(values) * by), n_paths=100)).drop(
            columns=[f"coverage_{x}" for x in (50, 80, 95)]
        )
        for by in (1, factor)
    )
    pd.testing.assert_frame_equal(one, scaled, rtol=1e-6)


def test_a_series_that_never_moves_is_held_by_intervals_of_no_width():
    found = accuracy(run(yearly([7.1] * 8), ["naive"])).loc["naive"]
    assert found["coverage_95"] == 100
    assert np.isnan(found["MASE"])


def test_the_right_model_is_calibrated():
    steps = np.random.default_rng(0).normal(0, 0.1, (12, 20)).cumsum(axis=1)
    walks = {f"walk{k}": yearly(100 * np.exp(row)) for k, row in enumerate(steps)}
    found = accuracy(run(walks, ["naive"], min_train=10, n_paths=200)).loc["naive"]
    # 12 walks with 10 overlapping origins each: about 40 independent forecasts, so 80 % gives or takes 7
    assert 60 <= found["coverage_80"] <= 95


def test_unknown_groups_are_refused_with_the_nearest_name():
    table = scored([("a", "m", 2010, 1, 10, 11)])
    with pytest.raises(SapaError, match=r'"metod" is no column; did you mean method\?'):
        accuracy(table, ("metod", "series"))
    with pytest.raises(SapaError, match="by: is empty"):
        accuracy(table, ())
