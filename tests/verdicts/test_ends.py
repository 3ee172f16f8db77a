"""The ends of a scale: what stays at all or nothing is likely to stay there, from the figure to the verdict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import concepts, observation, target, vintage, yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import Forecast, forecast, judge_targets
from sapa_analysis.core import yearly_index
from sapa_analysis.core.likelihood import STATUSES
from sapa_analysis.reporting import plain, verdicts_table
from sapa_analysis.reporting.language import texts
from sapa_analysis.series import build_series
from sapa_analysis.series.measurement import read_statements
from sapa_analysis.series.statement import statements_of, traits_of
from sapa_analysis.verdicts import attained_paths

YEARS = range(2017, 2023)
UNITS = {"logit": "percent", "level": "communes", "growth": "percent"}


def judged_on(
    value: float, sense: str, goal: float, *, scale: str, decimals: int, digits: int = 3
) -> tuple[pd.Series, pd.DataFrame]:
    """Return the verdict on a goal for 2025 after six years with the same printed figure, and the catalogue."""
    unit = UNITS[scale]
    rows = [observation(str(year), value, digits=digits, unit=unit) for year in YEARS]
    catalogue = concepts(scale, "rate", unit=unit, decimals=decimals)
    known = vintage(*rows, as_of="2023-06-30", indicators=catalogue)
    series = build_series(known, "tourist_arrivals", area="sa_pa", n_draws=500)
    fan = forecast(series, horizon=3, n_paths=500, seed=1)
    row = target("growth" if scale == "growth" else "level", sense, goal, unit=unit, end=2025)
    return judge_targets({"tourist_arrivals": fan}, pd.DataFrame([row])).iloc[0], catalogue


def verdict(value: float, sense: str, goal: float, **known: object) -> tuple[str, float]:
    """Return the word and the chance of such a goal."""
    judged, _ = judged_on(value, sense, goal, **known)
    return judged["status"], judged["probability"]


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize(("value", "sense"), [(100.0, "at_least"), (0.0, "at_most")])
def test_a_share_that_is_all_or_nothing_for_six_years_is_likely_to_stay_so(value, sense, decimals):
    word, chance = verdict(value, sense, value, scale="logit", decimals=decimals)
    assert chance > 0.8, word
    assert STATUSES.index(word) <= STATUSES.index("likely")


@pytest.mark.parametrize(("value", "sense"), [(100.0, "less_than"), (0.0, "more_than")])
def test_and_unlikely_to_turn(value, sense):
    away = 95.0 if value else 5.0
    assert verdict(value, sense, away, scale="logit", decimals=1)[1] < 0.05


def read(value: float, digits: int, decimals: int) -> dict:
    """Return a printed share as a measurement."""
    shares = concepts("logit", "rate", decimals=decimals)
    known = vintage(observation("2020", value, digits=digits), indicators=shares)
    said, traits = statements_of(known, "tourist_arrivals", "sa_pa"), traits_of(known, "tourist_arrivals")
    return read_statements(said, traits, None, given=True).to_dict("records")[0]


@given(st.integers(0, 3), st.integers(1, 6), st.sampled_from([0.0, 100.0]))
def test_a_printed_end_lies_within_half_a_unit_of_it(decimals, digits, value):
    found = read(value, digits, decimals)
    away = abs(value - 100 / (1 + np.exp(-found["reading"])))
    assert 0 < away < 10.0**-decimals / 2
    assert found["implied"] == value
    assert found["sd"] >= 1.0  # how far it is from the end is not known


@given(st.floats(0.5, 99.4), st.integers(2, 5), st.integers(0, 3))
def test_between_the_ends_nothing_is_moved(value, digits, decimals):
    value = float(f"{value:.{digits}g}")
    assert read(value, digits, decimals)["reading"] == pytest.approx(np.log(value / (100 - value)))


def test_a_path_is_judged_as_it_is_printed_and_told_as_it_is():
    series = yearly({2021: 99.9, 2022: 99.9}, scale="logit", unit="percent")
    paths = pd.DataFrame([[99.96, 99.96, 99.94]], index=yearly_index([2023]))
    goal = pd.DataFrame([target("level", "at_least", 100.0, unit="percent", end=2023)])
    for decimals, chance in ((1, 2 / 3), (2, 0.0), (0, 1.0), (None, 0.0)):
        fan = Forecast(replace(series, decimals=decimals), paths, "mine")
        judged = judge_targets({"tourist_arrivals": fan}, goal).iloc[0]
        assert judged["probability"] == pytest.approx(chance)
        assert judged["expected"] == 99.96
        attained = attained_paths({"tourist_arrivals": fan}, goal)
        assert attained.to_numpy().mean() == pytest.approx(chance)


def test_growth_of_a_count_is_judged_in_its_own_digits():
    series = replace(yearly({2021: 100.0, 2022: 100.0}), decimals=0)
    paths = pd.DataFrame([[107.6, 108.0, 108.4]], index=yearly_index([2023]))
    goal = pd.DataFrame([target("growth", "at_least", 8.0, unit="percent", end=2023)])
    attained = attained_paths({"tourist_arrivals": Forecast(series, paths, "mine")}, goal)
    assert attained.iloc[:, 0].tolist() == [False, True, True]


@pytest.mark.parametrize(("value", "sense"), [(3.0, "at_least"), (127.0, "at_least"), (0.0, "at_most")])
def test_a_whole_count_that_stands_still_is_likely_to_stand(value, sense):
    assert verdict(value, sense, value, scale="level", decimals=0)[1] > 0.4


@given(st.sampled_from([0.001, 0.1, 10.0, 1e4, 1e6]), st.sampled_from(["", "2022-05", "2022-Q3"]))
def test_a_level_in_another_unit_is_the_same_level(factor, within):
    values = [3.0, 4.0, 4.0, 6.0]

    def built(by: float):
        rows = [observation(str(2018 + k), by * value, digits=3) for k, value in enumerate(values)]
        if within:
            rows.append(observation(within, by * 6.5, "Q" if "Q" in within else "M", digits=3))
        return build_series(
            vintage(*rows, indicators=concepts("level", "stock")), "tourist_arrivals", area="sa_pa"
        )

    one, other = built(1.0), built(factor)
    np.testing.assert_allclose(other.draws, factor * one.draws, rtol=1e-6)
    np.testing.assert_allclose(other.table["sd"], factor * one.table["sd"], rtol=1e-6)


# to the word on the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("value", "goal", "sense", "scale"),
    [
        (100.0, 100.0, "at_least", "logit"),
        (0.0, 0.0, "at_most", "logit"),
        (17.0, 17.0, "at_least", "level"),
        (0.0, 0.0, "at_most", "level"),
    ],
)
def test_the_page_says_so(value, goal, sense, scale, lang):
    judged, catalogue = judged_on(value, sense, goal, scale=scale, decimals=0)
    shown = word_on_the_page(judged, catalogue, lang)
    assert shown in {texts(lang)["status"][word] for word in ("met", "very_likely", "likely")}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("value", "goal", "sense"), [(100.0, 95.0, "at_most"), (0.0, 5.0, "at_least")])
def test_and_of_the_other_end_too(value, goal, sense, lang):
    judged, catalogue = judged_on(value, sense, goal, scale="logit", decimals=0)
    shown = word_on_the_page(judged, catalogue, lang)
    assert shown == texts(lang)["status"]["very_unlikely"]


def word_on_the_page(judged: pd.Series, catalogue: pd.DataFrame, lang: str) -> str:
    names = {"name_vi": "Tỷ lệ", "name_en": "Share", "short_vi": "", "short_en": ""}
    names["indicator_id"] = "tourist_arrivals"
    table = verdicts_table(pd.DataFrame([judged]), catalogue.assign(**names), needed=1, lang=lang)
    return str(plain(table).iloc[0, -1]).split(" (")[0]
