from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import SapaError
from sapa_analysis.evidence import known_by
from sapa_analysis.series.seasonality import PROFILE_SERIES, seasonal_profile, share_of_year

visits = st.lists(
    st.lists(st.floats(1, 1000), min_size=12, max_size=12), min_size=2, max_size=5
)  # years x months


def make_months(table: list[list[float]], first: int = 2013, field: str = "tourism") -> pd.DataFrame:
    """Return monthly values, each published in the next month."""
    rows = [
        {"series": PROFILE_SERIES[field], "period": f"{year}-{month:02d}", "value": value,
         "published": str(date(year, month, 1) + timedelta(days=36))}
        for year, months in enumerate(table, start=first)
        for month, value in enumerate(months, start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def profile_of(covariates: pd.DataFrame, **options: object) -> pd.DataFrame:
    known = known_by(covariates, options.pop("as_of", None))
    return seasonal_profile(known, **{"field": "tourism", "shock_years": ()} | options)


def flat_profile(sd: float = 0.01) -> pd.DataFrame:
    return pd.DataFrame({"share": 1 / 12, "sd": sd}, index=pd.RangeIndex(1, 13, name="month"))


# a normal year --------------------------------------------------------------------------------------------


@given(visits)
def test_the_shares_of_twelve_months_sum_to_one(table):
    profile = profile_of(make_months(table))
    assert list(profile.index) == list(range(1, 13))
    assert profile["share"].sum() == pytest.approx(1)
    assert (profile["share"] > 0).all()


@given(visits, st.floats(0.01, 100))
def test_the_shares_do_not_depend_on_the_unit(table, factor):
    scaled = [[value * factor for value in months] for months in table]
    pd.testing.assert_frame_equal(
        profile_of(make_months(table)), profile_of(make_months(scaled)), atol=1e-12, rtol=1e-9
    )


@given(visits, st.lists(st.floats(1, 1000), min_size=12, max_size=12))
def test_a_shock_year_leaves_no_trace(table, shock):
    normal, shaken = make_months(table), make_months([*table, shock])
    pd.testing.assert_frame_equal(
        profile_of(shaken, shock_years=[2013 + len(table)]), profile_of(normal), atol=1e-12
    )


@given(visits, st.lists(st.floats(1, 1000), min_size=12, max_size=12))
def test_months_published_later_leave_no_trace(table, later):
    known, all_of_it = make_months(table), make_months([*table, later])
    day = date(2013 + len(table), 3, 1)
    pd.testing.assert_frame_equal(profile_of(all_of_it, as_of=day), profile_of(known), atol=1e-12)


def test_a_year_of_eleven_months_does_not_count():
    rng = np.random.default_rng(0)
    months = make_months(rng.uniform(1, 2, (3, 12)).tolist())
    pd.testing.assert_frame_equal(profile_of(months.iloc[:-1]), profile_of(months.iloc[:24]))


def test_quarters_are_spread_evenly_over_their_months():
    quarters = [(year, quarter) for year in (2018, 2019) for quarter in (1, 2, 3, 4)]
    covariates = pd.DataFrame(
        [{"series": PROFILE_SERIES[""], "period": f"{year}-Q{quarter}", "value": 3.0 * quarter,
          "published": f"{year + 1}-02-01"} for year, quarter in quarters]
    )  # fmt: skip
    profile = profile_of(covariates, field="economy")
    assert profile["share"].to_list() == pytest.approx(
        [quarter / 30 for quarter in (1, 2, 3, 4) for _ in "abc"]
    )


@pytest.mark.parametrize(
    ("covariates", "says"),
    [
        (make_months([[1.0] * 12]).iloc[:0], "need a profile of the months, or covariates"),
        (make_months([[1.0] * 12]), "holds 1 complete normal years by then; a profile needs 2"),
    ],
)
def test_without_two_normal_years_there_is_no_profile(covariates, says):
    with pytest.raises(SapaError, match=says):
        profile_of(covariates)


# part of a year -------------------------------------------------------------------------------------------


@given(visits, st.integers(0, 363), st.sampled_from([2019, 2020]))
def test_the_shares_of_two_parts_of_a_year_add_up_to_one(table, days, year):
    profile, cut = profile_of(make_months(table)), date(year, 1, 1) + timedelta(days=days)
    before, _ = share_of_year(profile, date(year, 1, 1), cut)
    after, _ = share_of_year(profile, cut + timedelta(days=1), date(year, 12, 31))
    assert before + after == pytest.approx(1)


@given(visits)
def test_the_whole_year_is_certain(table):
    share, sd = share_of_year(profile_of(make_months(table)), date(2019, 1, 1), date(2019, 12, 31))
    assert (share, sd) == (pytest.approx(1), pytest.approx(0, abs=1e-9))


@given(st.integers(1, 11), st.floats(0.001, 0.05))
def test_the_longer_the_part_the_surer_its_share(month, sd):
    profile = flat_profile(sd)
    shorter = share_of_year(profile, date(2021, 1, 1), date(2021, month, 28))
    longer = share_of_year(profile, date(2021, 1, 1), date(2021, month + 1, 28))
    assert longer[0] > shorter[0]
    assert longer[1] < shorter[1]
