from __future__ import annotations

import hashlib
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core.errors import SapaError
from sapa_analysis.evidence import load_reference
from sapa_analysis.verdicts import growth_benchmarks
from sapa_analysis.verdicts.growth_benchmarks import MOST_YEARS, REFERENCES, growth_quantiles, pace_percentile

ROOT = Path(__file__).parents[2]
few = settings()
pace = st.floats(-99, 300)
lengths = st.integers(1, MOST_YEARS)
#: The classes of whole series, which offer every length; the towns offer one.
WHOLE = [name for name in REFERENCES if name != "tourist_towns"]
references = st.sampled_from(sorted(WHOLE))
better = st.sampled_from([1, -1])
QUANTILES = [name for name in growth_quantiles() if name.startswith("p")]
PERCENT = np.array([float(name[1:]) for name in QUANTILES])


# laws -----------------------------------------------------------------------------------------------------


@few
@given(pace, pace, lengths, references)
def test_a_harder_pace_is_never_less_rare(one, other, years, reference):
    slow, fast = sorted([one, other])
    up = [pace_percentile(rate, years=years, reference=reference) for rate in (slow, fast)]
    down = [pace_percentile(rate, years=years, reference=reference, better=-1) for rate in (slow, fast)]
    assert up[0] <= up[1]
    assert down[0] >= down[1]


@few
@given(pace, lengths, references)
def test_an_episode_falls_short_of_a_pace_in_one_of_two_directions(rate, years, reference):
    up, down = (pace_percentile(rate, years=years, reference=reference, better=way) for way in (1, -1))
    assert up + down == pytest.approx(100)


@few
@given(pace, lengths, references, better)
def test_percentiles_stay_within_the_table(rate, years, reference, way):
    assert 1 <= pace_percentile(rate, years=years, reference=reference, better=way) <= 99


@pytest.mark.parametrize("reference", WHOLE)
@pytest.mark.parametrize("years", range(1, MOST_YEARS + 1))
def test_each_quantile_of_the_table_returns_its_own_probability(reference, years):
    table = growth_quantiles().set_index(["reference", "years"])
    for name, percent in zip(QUANTILES, PERCENT, strict=True):
        rate = table.loc[(reference, years), name]
        assert pace_percentile(rate, years=years, reference=reference) == pytest.approx(percent)


@few
@given(st.floats(0, 1), lengths, references)
def test_between_two_quantiles_the_percentile_is_on_the_straight_line(share, years, reference):
    row = growth_quantiles().set_index(["reference", "years"]).loc[(reference, years)]
    rate = row["p50"] + share * (row["p60"] - row["p50"])
    assert pace_percentile(rate, years=years, reference=reference) == pytest.approx(50 + 10 * share)


def test_beyond_the_table_its_ends_are_told():
    assert pace_percentile(1e6, years=3) == 99
    assert pace_percentile(-99, years=3) == 1
    assert pace_percentile(-99, years=3, better=-1) == 99


# the table ------------------------------------------------------------------------------------------------


def test_the_table_has_every_class_and_every_length_once():
    table = growth_quantiles()
    assert list(table)[:4] == ["reference", "years", "series", "windows"]
    pairs = [(reference, years) for reference in WHOLE for years in range(1, MOST_YEARS + 1)]
    assert list(zip(table["reference"], table["years"], strict=True)) == [*pairs, ("tourist_towns", 1)]
    assert table[table["reference"] != "tourist_towns"].notna().all(axis=None)


def test_quantiles_rise_strictly_so_that_each_pace_has_one_percentile():
    assert (np.diff(PERCENT) > 0).all()
    for _, row in growth_quantiles()[QUANTILES].iterrows():
        assert (np.diff(row.dropna()) > 0).all()


def test_a_pace_of_a_fifth_is_rarer_the_longer_it_is_kept():
    found = [pace_percentile(20, years=years) for years in range(1, MOST_YEARS + 1)]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_the_shipped_table_cannot_be_changed_by_its_reader():
    table = growth_quantiles()
    table["p50"] = 0.0
    assert (growth_quantiles()["p50"] > 0).all()


def test_the_description_of_a_class_has_its_number_of_series():
    series = growth_quantiles().groupby("reference")["series"].first()
    for reference in ("business_and_industry", "park_visits", "countries_gdp"):
        assert f" {series[reference]} " in f" {REFERENCES[reference]} "
    assert series["all"] == series[["business_and_industry", "park_visits", "countries_gdp"]].sum()


def test_the_class_of_all_series_has_not_moved_by_a_digit():
    path = Path(growth_benchmarks.__file__).parent / "data/growth_quantiles.csv"
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("tourist_towns,")
    ]
    digits = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert digits.startswith("7a49057cc100a0e4")


# the tourist towns ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learner():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield import_module("learn_growth_benchmarks")


def test_the_towns_are_learned_from_the_reference_class_as_it_stands(learner):
    towns = learner.learn_towns(load_reference(ROOT / "data")).astype(str)
    shipped = growth_quantiles()
    shipped = shipped[shipped["reference"] == "tourist_towns"]
    assert [float(cell or "nan") for cell in towns[QUANTILES].iloc[0]] == pytest.approx(
        shipped[QUANTILES].iloc[0].tolist(), nan_ok=True
    )
    assert towns[["series", "windows"]].astype(int).iloc[0].tolist() == [12, 18]


def test_a_class_with_few_windows_offers_no_length_that_it_cannot_tell():
    assert 50 < pace_percentile(20, years=1, reference="tourist_towns") < 90
    with pytest.raises(
        SapaError, match="fewer than 10 windows of 3 years; wanted a length that it offers: 1"
    ):
        pace_percentile(20, years=3, reference="tourist_towns")


def test_beyond_the_told_quantiles_of_few_windows_their_ends_stand():
    ends = [pace_percentile(pace, years=1, reference="tourist_towns") for pace in (-90.0, 900.0)]
    assert ends == [2.5, 97.5]


places = st.dictionaries(st.integers(2008, 2024), st.integers(100, 10_000), min_size=1, max_size=12)


@given(st.lists(places, min_size=1, max_size=4), st.integers(2010, 2022), st.integers(1, 7))
def test_no_window_crosses_a_break_or_the_last_normal_year(learner, values, broken, length):
    rows = [
        {"place": f"p{n}", "indicator_id": "visits", "counting": "visits", "year": year, "value": value * 1000.0,
         "series": int(year >= broken), "period": str(year), "freq": "A", "kind": "actual", "bound": "exact",
         "digits": 9, "derived": False, "published": "2020", "source_url": ""}
        for n, of in enumerate(values) for year, value in of.items()
    ]  # fmt: skip
    found = learner.town_windows(learner.towns_to_learn_from(pd.DataFrame(rows)), length)
    wanted = [
        sum(
            year - length in of and year <= learner.LAST_YEAR and not year - length < broken <= year
            for year in of
        )
        for of in values
    ]
    assert sorted(map(len, found)) == sorted(filter(None, wanted))


# the reader of the table, on an invented one -------------------------------------------------------------


def test_the_percentile_by_hand(monkeypatch):
    invented = growth_quantiles().head(1)[["reference", "years"]].assign(p10=-5.0, p50=3.0, p90=20.0)
    monkeypatch.setattr(growth_benchmarks, "growth_quantiles", lambda: invented)
    asked = {-5.0: 10, -1.0: 30, 3.0: 50, 11.5: 70, 20.0: 90, 90.0: 90, -50.0: 10}
    assert {rate: pace_percentile(rate, years=1) for rate in asked} == pytest.approx(asked)
    assert pace_percentile(-1.0, years=1, better=-1) == pytest.approx(70)


# bad input ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -100.0])
def test_a_pace_that_is_none_is_refused(rate):
    with pytest.raises(SapaError, match="percent a year above -100"):
        pace_percentile(rate, years=2)


@pytest.mark.parametrize("years", [0, 8, 2.5])
def test_windows_that_were_not_measured_are_refused(years):
    with pytest.raises(SapaError, match=f"years is {years}; wanted a whole number from 1 to 7"):
        pace_percentile(5, years=years)


def test_every_problem_is_told_at_once():
    with pytest.raises(SapaError) as found:
        pace_percentile(float("nan"), years=0, reference="park_visit", better=0)
    told = str(found.value)
    assert "per_year is nan" in told
    assert "years is 0" in told
    assert "did you mean park_visits?" in told
    assert "better is 0" in told
