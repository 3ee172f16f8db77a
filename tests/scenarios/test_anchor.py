"""Where a scenario holds: its area, its day, its years; elsewhere it says why not."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import scenario
from sapa_analysis.core import Forecast, NotAssessed, last_year_ended, yearly_index
from sapa_analysis.forecasting import derive_forecast
from sapa_analysis.scenarios import does_not_hold, ignored_years, unseen_changes

JUDGED = date(2023, 6, 30)
#: Changes by calendar year, those that lean on the baseline first.
LEANING = ["+5%", "+50000", "growth +2", "growth = 8"]
LEVELS = ["= 2e6", "= 80% of 2021"]
days = st.dates(date(2022, 12, 31), date(2026, 12, 31))


def base(day=JUDGED, *, area="sa_pa", value=2e6, n_years=4):
    ended = last_year_ended(day)
    observed = yearly({ended - 2: value, ended - 1: value, ended: value}, area=area, as_of=day)
    ahead = yearly_index(range(ended + 1, ended + 1 + n_years))
    paths = pd.DataFrame(np.full((n_years, 50), value), index=ahead)
    return {"tourist_arrivals": Forecast(observed, paths, "naive")}


def of(change, **more):
    return scenario("tried", tourist_arrivals=change, judged_on=JUDGED, **more)


@given(days, st.sampled_from([*LEANING, "= 2e6"]), st.integers(1, 4))
def test_years_after_the_origin_hold_on_every_day_from_the_judgement_on(day, change, year):
    held = does_not_hold(base(day), of({year: change}))
    assert (held == "") == (day >= JUDGED)


@given(days, st.sampled_from(LEANING))
def test_what_leans_on_the_baseline_is_void_once_another_year_has_ended(day, change):
    held = does_not_hold(base(day), of({last_year_ended(day) + 1: change}))
    if day < JUDGED:
        assert held == f"its reasons were known on 2023-06-30, not yet on {day}"
    elif last_year_ended(day) > 2022:
        assert held.startswith("its changes by calendar year were judged on 2023-06-30, against a forecast")
        assert f"did not know {last_year_ended(day)}" in held
    else:
        assert held == ""


@given(st.dates(JUDGED, date(2026, 12, 30)))
def test_levels_by_calendar_year_stay(day):
    year = last_year_ended(day) + 1
    assert does_not_hold(base(day), of({year: "= 2e6"})) == ""
    assert does_not_hold(base(day), of({year: f"= 80% of {year - 2}"})) == ""


def test_one_leaning_change_makes_the_scenario_void():
    mixed = scenario("tried", tourist_arrivals={2024: "= 2e6", 2025: "+5%"}, judged_on=JUDGED)
    assert does_not_hold(base(JUDGED), mixed) == ""
    assert does_not_hold(base(date(2024, 1, 1)), mixed).startswith("its changes by calendar year")


@given(days)
def test_a_scenario_that_argues_from_no_day_holds_on_every_day(day):
    assert does_not_hold(base(day), scenario("tried", tourist_arrivals="+5%")) == ""
    assert (
        does_not_hold(base(day), scenario("tried", tourist_arrivals={last_year_ended(day) + 1: "+5%"})) == ""
    )


@pytest.mark.parametrize(("area", "holds"), [("", True), ("any", True), ("sa_pa", True), ("lao_cai", False)])
def test_a_scenario_holds_in_its_own_area(area, holds):
    words = does_not_hold(base(), scenario("tried", area=area, tourist_arrivals="+5%"))
    assert words == ("" if holds else "it argues from the numbers of lao_cai, not of sa_pa")


def test_where_the_series_names_no_area_every_scenario_holds():
    assert does_not_hold(base(area=""), scenario("tried", area="lao_cai", tourist_arrivals="+5%")) == ""


def test_the_area_asked_about_counts_where_nothing_is_forecast():
    nothing = {"tourist_arrivals": NotAssessed(None, "no_evidence", 5)}
    there = scenario("tried", area="lao_cai", tourist_arrivals="+5%")
    assert does_not_hold(nothing, there) == ""
    assert (
        does_not_hold(nothing, there, area="sa_pa") == "it argues from the numbers of lao_cai, not of sa_pa"
    )


def test_where_no_year_is_left_of_what_it_changes_it_does_not_hold():
    known = base()["tourist_arrivals"].observed
    over = {"tourist_arrivals": NotAssessed(known, "no_year_left", 1)}
    told = f"no year after {known.ended} is forecast here"
    assert does_not_hold(over, of("+5%")) == told
    assert not does_not_hold({"tourist_arrivals": NotAssessed(known, "too_few_years", 1)}, of("+5%"))


def test_the_baseline_holds_everywhere():
    assert does_not_hold(base(), scenario("base", judged_on=JUDGED + timedelta(days=1))) == ""


def test_an_indicator_inside_a_derived_one_is_found():
    [visits] = base().values()
    from dataclasses import replace

    nights = derive_forecast(replace(visits.observed, indicator_id="nights"), {"tourist_arrivals": visits},
                             lambda at: 2 * at["tourist_arrivals"])  # fmt: skip
    assert (
        does_not_hold({"nights": nights}, of({2040: "= 2e6"}))
        == "it speaks of 2040, the forecast of 2023 to 2026"
    )


@pytest.mark.parametrize(
    ("change", "factor"),
    [("= 5e6", "2.5"), ("= 0.5e6", "0.25"), ("+2500000", "2.25"), ("-1500000", "0.25")],
)  # fmt: skip
def test_an_amount_or_a_level_far_from_the_baseline_is_told_unless_it_is_bold(change, factor):
    far = of({2024: change})
    assert does_not_hold(base(), far) == (
        f"it takes tourist_arrivals of 2024 to {factor} times the baseline; plausible are 0.5 to 2, or say bold"
    )
    assert does_not_hold(base(), of({2024: change}, bold=True)) == ""


@given(st.sets(st.sampled_from([1995, 2020, 2022, 2023, 2024, 2026, 2028, 2040]), min_size=1))
def test_years_are_ignored_where_nothing_is_ahead_and_the_run_goes_not_on(years):
    found = ignored_years(base(), of(dict.fromkeys(years, "= 2e6")))
    assert found == sorted(years - {2023, 2024, 2026})


def test_a_run_of_years_that_goes_on_beyond_the_forecast_is_no_slip():
    on = scenario("tried", tourist_arrivals=dict.fromkeys(range(2024, 2031), "+5%"))
    assert ignored_years(base(), on) == []
    apart = scenario("tried", tourist_arrivals=dict.fromkeys([2024, 2027, 2028], "+5%"))
    assert ignored_years(base(), apart) == [2027, 2028]


@given(st.floats(-4000, 4000).filter(lambda size: abs(size) > 1e-3 and abs(abs(size) - 2000) > 1e-3))
def test_a_change_below_a_thousandth_is_told(size):
    """At the edge itself the last bit of the quotient decides, so the edge is left out."""
    told = unseen_changes(base(), scenario("tried", tourist_arrivals={2024: f"{size:+.6f}"}))
    assert len(told) == (abs(size) < 2000)


def test_no_change_at_all_is_not_told_as_too_small():
    assert unseen_changes(base(), scenario("tried", tourist_arrivals={2024: "+0", 2025: "+0%"})) == []
