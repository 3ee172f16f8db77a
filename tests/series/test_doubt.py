"""Laws of doubted figures: they stay among the observations and say nothing of the series."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from factories import observation, vintage
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.evidence import is_doubted
from sapa_analysis.series import build_series

KNOWN = [
    observation(str(year), value)
    for year, value in [(2017, 2.4e6), (2018, 2.5e6), (2019, 3.3e6), (2021, 9e5)]
]
DOUBT = {"doubt_vi": "có thể là số khác được dùng lại", "doubt_en": "may be another one used again"}
doubted = st.builds(
    lambda period, value: observation(period[0], value, period[1]),
    st.sampled_from([("2016", "A"), ("2019", "A"), ("2020", "A"), ("2022", "A"), ("2017/2019", "TERM")]),
    st.floats(1e4, 1e8).map(lambda value: float(f"{value:.6g}")),
)


def series_of(*rows, **doubts):
    tables = vintage(*KNOWN, *rows, as_of="2023-06-30")
    marked = tables.evidence.assign(
        **{
            name: [""] * len(KNOWN) + [text] * (len(tables.evidence) - len(KNOWN))
            for name, text in doubts.items()
        }
    )
    tables.evidence[list(doubts)] = marked[list(doubts)]
    return build_series(tables, "tourist_arrivals", area="sa_pa", n_draws=20)


@settings(max_examples=15, deadline=None)
@given(doubted)
def test_a_doubted_figure_moves_no_year_and_is_still_told(row):
    without, series = series_of(), series_of(row, **DOUBT)
    pd.testing.assert_frame_equal(series.table, without.table)
    pd.testing.assert_frame_equal(series.draws, without.draws)
    assert series.observed_years == without.observed_years
    [told] = series.observations[is_doubted(series.observations)].to_dict("records")
    assert (told["period"], told["value"], told["form"]) == (row["period"], row["value"], "none")
    assert not told["used"]
    assert not told["leads"]


def test_the_same_figure_without_its_doubt_is_fitted():
    row = observation("2020", 1.2e6)
    fitted = series_of(row, doubt_vi="", doubt_en="")
    assert 2020 in fitted.observed_years
    assert 2020 not in series_of(row, **DOUBT).observed_years


def test_a_page_that_is_doubted_and_one_that_is_not_are_two_statements():
    row = observation("2020", 1.2e6)
    again = row | {"source_url": "https://example.org/again"}
    tables = vintage(row, again, as_of="2023-06-30")
    tables.evidence["doubt_en"] = ["may be another one used again", ""]
    assert len(tables.statements) == 2
    assert build_series(tables, "tourist_arrivals", area="sa_pa", n_draws=20).observed_years == [2020]


def test_rows_of_your_own_without_the_column_are_not_doubted():
    tables = vintage(*KNOWN, as_of="2023-06-30")
    marked = tables.evidence.assign(doubt_vi="", doubt_en="")
    more = pd.concat([marked, pd.DataFrame([observation("2020", 1.2e6)])], ignore_index=True)
    assert not is_doubted(more).any()
    series = build_series(replace(tables, evidence=more), "tourist_arrivals", area="sa_pa", n_draws=20)
    assert 2020 in series.observed_years
