from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import Forecast
from sapa_analysis.core.yearly import yearly_index, years_of

PAST = {2018: 2.5e6, 2019: 3.3e6, 2020: 1.2e6}


def paths(values, first=2021) -> pd.DataFrame:
    return pd.DataFrame(values, index=yearly_index(range(first, first + len(values))))


def test_a_forecast_says_in_one_line_what_it_is():
    fan = Forecast(yearly(PAST), paths([[1.0e6, 3.0e6], [2.0e6, 4.0e6]]), "headline", "low")
    assert repr(fan) == (
        "<Forecast tourist_arrivals of sa_pa [visits]: 2021 to 2022, 2 paths, headline, scenario low; "
        "2022: 3,000,000 (80 %: 2,200,000 to 3,800,000)>"
    )


def test_a_series_says_in_one_line_what_it_is():
    series = yearly(PAST, as_of=date(2021, 6, 30), bases={2020: "interpolated"})
    assert repr(series) == (
        "<YearlySeries tourist_arrivals of sa_pa [visits]: 2018 to 2020, "
        "2 years with a figure, as of 2021-06-30>"
    )


@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 99))
def test_a_long_table_of_paths_can_be_turned_back(years, n_paths, seed):
    values = np.random.default_rng(seed).normal(size=(years, n_paths))
    fan = Forecast(yearly(PAST), paths(values), "naive")
    long = fan.to_frame()
    assert set(long.columns) == {"indicator_id", "area", "unit", "scenario", "year", "path", "value"}
    back = long.pivot(index="year", columns="path", values="value").to_numpy()
    assert np.array_equal(back, values)


@given(
    st.integers(1, 4),
    st.integers(1, 60),
    st.integers(0, 99),
    st.lists(st.integers(1, 99), max_size=4, unique=True),
)
def test_a_summary_has_the_bits_of_one_quantile_at_a_time(years, n_paths, seed, levels):
    frame = paths(np.exp(3 * np.random.default_rng(seed).normal(size=(years, n_paths))))
    summary = Forecast(yearly(PAST), frame, "naive").summary(levels)
    assert list(summary) == ["median", *(f"{end}_{level}" for level in levels for end in ("lower", "upper"))]
    assert summary["median"].equals(frame.median(axis=1).rename("median"))
    for level in levels:
        tail = (1 - level / 100) / 2
        for end, share in (("lower", tail), ("upper", 1 - tail)):
            one = frame.quantile(share, axis=1)
            assert summary[f"{end}_{level}"].to_numpy().tobytes() == one.to_numpy().tobytes()


def test_a_long_table_of_a_series_has_its_years_and_what_they_speak_of():
    table = yearly(PAST).to_frame()
    assert table["year"].tolist() == list(PAST)
    assert table["best"].tolist() == list(PAST.values())
    assert (table[["indicator_id", "area", "unit"]] == ["tourist_arrivals", "sa_pa", "visits"]).all(axis=None)


def test_a_summary_of_a_series_ends_at_the_origin():
    series = yearly({**PAST, 2021: 0.5e6}, as_of=date(2021, 6, 30))
    summary = series.summary()
    assert years_of(summary).tolist() == list(PAST)
    assert list(summary) == ["estimate", "lower_80", "upper_80", "basis", "best"]


def test_a_plot_that_nobody_attached_cannot_be_drawn(monkeypatch):
    monkeypatch.setattr("sapa_analysis.core.plotting._DRAWERS", {})
    with pytest.raises(KeyError):
        yearly(PAST).plot()
