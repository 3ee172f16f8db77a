"""The law of recovery: when it speaks, what it says, and what all series of a run have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sapa_analysis as sapa
from sapa_analysis.forecasting import recovery_table
from sapa_analysis.forecasting.recovery import closing_rates, mixed, recover, recovers
from sapa_analysis.forecasting.settings import Settings
from sapa_analysis.forecasting.shocks import Bridged, bridge

few = settings(max_examples=min(20, settings.default.max_examples))
LAW = recovery_table().loc[0]
RUN = (2020, 2021, 2022)
#: Five normal years and three of a break, a quarter below at its end.
CLOSED = pd.Series([80.0, 88, 95, 104, 110, 40, 25, 80], index=range(2015, 2023), name="visits")


def ask(values=CLOSED, **changed):
    asked = {"horizon": 3, "n_paths": 500, "seed": 0, "shock_years": RUN}
    return sapa.forecast(values, **(asked | changed))


def without_the_law(values=CLOSED, **changed):
    return ask(values, reopened=2099, **changed)


def in_2025(fan):
    return fan.paths.to_numpy()[fan.paths.index.year == 2025][0]


def paths_of(gap, *, n_paths=400, years=3, seed=0, noise=None, closing=0.6):
    """Return paths of the law from a last normal level of 0 (in logs) and this gap."""
    exact = Bridged(np.zeros((5, 2)), 3, np.full(2, gap), np.zeros(2), np.zeros(8))
    how = Settings(years, n_paths, seed, RUN, closing)
    return recover(np.zeros((8, 2)), exact, years, how, ("", "visits"), noise)


# when it speaks -------------------------------------------------------------------------------------------


def test_it_speaks_inside_the_break_from_reopening_on():
    assert ask().recovery == LAW["weight"]
    assert ask(CLOSED.loc[:2021]).recovery == 0
    assert ask(CLOSED.loc[:2021], reopened=2021).recovery == LAW["weight"]
    assert ask(CLOSED.loc[:2021], shock_years=(2020, 2021)).recovery == LAW["weight"]
    assert ask(reopened=2023).recovery == 0
    assert ask(CLOSED.loc[:2019]).recovery == 0
    after = pd.concat([CLOSED, pd.Series({2023: 90.0})]).rename("visits")
    assert ask(after).recovery == 0
    assert ask(shock_years=()).recovery == 0


@pytest.mark.parametrize(("share", "speaks"), [(0.2, True), (0.8199, True), (0.8201, False), (1.2, False)])
def test_it_speaks_where_the_last_level_is_eighteen_percent_below_or_more(share, speaks):
    values = CLOSED.copy()
    values[2022] = share * values[2019]
    assert (ask(values).recovery > 0) is speaks
    assert ask(values).paths.equals(without_the_law(values).paths) is not speaks


@few
@given(st.floats(1e-12, 1e12))
def test_the_edge_of_eighteen_percent_has_no_unit(unit):
    values = CLOSED.copy()
    values[2022] = 0.82 * values[2019]
    assert ask(values * unit, n_paths=20).recovery > 0


def test_a_year_interpolated_into_the_break_is_no_normal_year():
    """2019 has no figure: what the line to 2020 says of it is no level to return to."""
    known = ask()
    gap = ask(CLOSED.drop(2019))
    assert gap.recovery > 0
    assert np.median(in_2025(gap)) == pytest.approx(
        np.median(in_2025(known)) * CLOSED[2018] / CLOSED[2019], rel=0.05
    )
    general = without_the_law(CLOSED.drop(2019))
    assert np.median(in_2025(general)) > 0.8 * np.median(in_2025(without_the_law()))


def test_after_a_second_break_the_last_normal_year_is_the_one_before_it():
    values = pd.Series([96.0, 97, 98, 99, 100, 40, 30, 50, 90, 80], index=range(2015, 2025), name="visits")
    shocks = (2020, 2021, 2022, 2024)
    assert ask(values, shock_years=shocks).recovery == 0  # 11 % below 2023
    values[2024] = 60.0
    again = ask(values, shock_years=shocks)
    assert again.recovery > 0
    first = again.paths.iloc[0].median()
    assert first == pytest.approx(
        90 * np.exp(LAW["level"] + (1 - LAW["closing"]) * np.log(60 / 90)), rel=0.05
    )


@pytest.mark.parametrize("rows", [1, 2, 3, 6])
def test_innovations_of_the_last_years_may_be_given(rows):
    noise = np.random.default_rng(0).standard_normal((rows, 250))
    assert ask(noise=noise).paths.shape == (3, 500)


@pytest.mark.parametrize("figures", [[110.0, 80.0], [110.0, 40.0, 80.0]])
def test_it_needs_three_figures(figures):
    years = [2019, 2022] if len(figures) == 2 else [2019, 2020, 2022]
    values = pd.Series(figures, index=years, name="visits")
    assert (ask(values).recovery > 0) is (len(figures) == 3)


def test_only_amounts_and_only_the_headline_follow_it():
    rates = CLOSED - 200  # below zero: a level
    assert ask(rates).recovery == 0
    assert ask(method="naive").recovery == 0
    assert ask(method="exponential_smoothing").recovery == LAW["weight"]


@few
@given(st.integers(2010, 2030), st.sets(st.integers(2012, 2024)))
def test_it_never_speaks_outside_a_run_of_shock_years(reopened, shocks):
    known = sapa.forecasting.exact_series(CLOSED)
    history = np.log(np.column_stack([CLOSED, CLOSED]))
    bridged = bridge(history, CLOSED.index.to_numpy(), shocks, closing=0.6)
    how = Settings(3, 10, 0, tuple(shocks), reopened=reopened)
    if recovers(known, history, bridged, how):
        assert 2022 in shocks
        assert reopened <= 2022
        assert CLOSED[2022] <= 0.82 * np.exp(bridged.normal[-1, 0]) * (1 + 1e-9)


@pytest.mark.parametrize("wrong", [True, "2022", 22, 2022.0, 3000])
def test_a_year_of_reopening_is_a_year(wrong):
    with pytest.raises(sapa.SapaError, match=r"reopened is .*; wanted a year"):
        ask(reopened=wrong)


# what it says ---------------------------------------------------------------------------------------------


@few
@given(st.floats(-3, -0.2))
def test_the_median_is_that_of_the_formula(gap):
    h = np.arange(1, 4)
    expected = LAW["level"] + LAW["drift"] * (h - 1) + (1 - LAW["closing"]) ** h * gap
    size = np.abs(gap) * LAW["closing_sd"]
    assert np.median(paths_of(gap), axis=1) == pytest.approx(expected, abs=0.01 + 0.2 * size)


@few
@given(st.floats(-3, -0.2))
def test_the_spread_is_that_of_the_formula(gap):
    ahead, left = np.arange(3), 1 - LAW["closing"]
    closing = LAW["closing_sd"] * (ahead + 1) * left**ahead * gap
    expected = np.sqrt(LAW["level_sd"] ** 2 + LAW["step_sd"] ** 2 * ahead + closing**2)
    assert paths_of(gap, n_paths=4_000).std(axis=1) == pytest.approx(expected, rel=0.12)


def test_the_spread_shrinks_with_the_gap():
    widths = [paths_of(gap)[0].std() for gap in (-3, -1.5, -0.2)]
    assert widths == sorted(widths, reverse=True)


@few
@given(st.floats(0.01, 1e6))
def test_it_has_no_unit(unit):
    one, other = ask(), ask(CLOSED * unit)
    assert (other.paths / unit).to_numpy() == pytest.approx(one.paths.to_numpy(), rel=1e-6)


def test_the_boom_before_the_break_is_not_carried_through():
    """Three histories with one last normal level: that of the law is alike, the general forecast is not."""
    booms = {
        growth: pd.concat(
            [
                pd.Series({year: 110.0 * (1 + growth) ** (year - 2019) for year in range(2010, 2020)}),
                CLOSED.loc[2020:],
            ]
        )
        for growth in (-0.05, 0.0, 0.3)
    }
    named = {growth: values.rename("visits") for growth, values in booms.items()}
    law = [np.median(in_2025(ask(values))) for values in named.values()]
    general = [np.median(in_2025(without_the_law(values))) for values in named.values()]
    assert max(law) / min(law) < 1.15
    assert max(general) / min(general) > 1.5


def test_a_level_seen_is_rarely_left_behind_or_doubled():
    """Of a level 27 % below 2019 at the end of a boom: the third year is hardly below it, or twice 2019."""
    boom = pd.concat(
        [pd.Series({y: 110.0 * 1.2 ** (y - 2019) for y in range(2012, 2020)}), CLOSED.loc[2020:]]
    )
    law, general = (in_2025(make(boom.rename("visits"), shock_chance=0)) for make in (ask, without_the_law))
    low, high = (
        [float(far.mean()) for far in fars] for fars in ((law < 80, general < 80), (law > 220, general > 220))
    )
    assert low[0] < 0.1
    assert high[0] < min(0.1, high[1])


@pytest.mark.parametrize("closing", [0.3, 0.6, 0.9])
def test_another_closing_rate_moves_the_law_too(closing):
    medians = [np.median(paths_of(-1.0, closing=rate)[0]) for rate in (closing - 0.1, closing)]
    assert medians[0] < medians[1]


# what series have in common -------------------------------------------------------------------------------


def test_one_closing_rate_per_path_for_all_series():
    how = Settings(3, 100, 0, RUN)
    assert np.array_equal(closing_rates(how), closing_rates(how))
    slow = closing_rates(how, 0.3, 0.2)
    assert (np.argsort(slow) == np.argsort(closing_rates(how))).all()


def test_the_same_paths_follow_the_law_in_every_series():
    how = Settings(3, 1_000, 0, RUN)
    chosen = mixed(np.ones((3, 1_000)), np.zeros((3, 1_000)), how)
    assert (chosen == chosen[0]).all()
    assert chosen[0].mean() == pytest.approx(LAW["weight"], abs=0.001)


def test_places_of_one_country_share_what_the_table_says():
    """Two series with one gap and no noise in common: their correlation is the share, or a little more."""
    exact = Bridged(np.zeros((5, 2)), 3, np.full(2, -0.3), np.zeros(2), np.zeros(8))
    how = Settings(1, 20_000, 0, RUN)
    one, other = (
        recover(np.zeros((8, 2)), exact, 1, how, ("", name), None)[0] for name in ("visits", "nights")
    )
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(LAW["common"], abs=0.04)


@few
@given(st.integers(1, 6), st.integers(0, 99))
def test_a_longer_horizon_changes_no_earlier_year_of_given_innovations(more, seed):
    noise = np.random.default_rng(seed).standard_normal((3 + more, 20))
    short, long = (paths_of(-0.5, n_paths=40, years=len(rows), noise=rows) for rows in (noise[:3], noise))
    assert long[:3] == pytest.approx(short)


def test_the_table_is_what_the_formula_can_take():
    assert len(recovery_table()) == 1
    assert 0 < LAW["closing"] < 1
    assert 0 <= LAW["common"] < 1
    assert 0 < LAW["weight"] <= 1
    assert (LAW[["closing_sd", "level_sd", "step_sd"]] > 0).all()
