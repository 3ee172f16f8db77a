"""Steady figures of an office get steady words: a pace above the one needed is not called unlikely."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office import figure

import sapa_analysis as sapa
from sapa_analysis.core import FROM_WORST
from sapa_analysis.pipeline import assess_indicator, judge, open_project

few = settings(max_examples=min(8, settings.default.max_examples))
LAST = 2022
#: Indicators of each scale: the last figure, the pace needed a year (points, or a share), better more or less.
SLOWEST, FASTEST = {"points": 0.4, "share": 0.02}, {"points": 3.0, "share": 0.1}
PLANTED = {
    "grid_electricity_households": (93.0, "points", 1),
    "zoning_plan_coverage": (50.0, "points", 1),
    "child_stunting": (27.0, "points", -1),
    "hospital_beds_per_10k": (24.8, "share", 1),
    "high_tech_agriculture_area": (380.0, "share", 1),
    "jobs_created": (1300.0, "share", 1),
}


@cache
def opened():
    """Return the project as known on 30 June 2023, and parameters for few paths."""
    project, params = open_project(as_of="2023-06-30")
    return project, params.with_values(n_paths=400)


def planted(figures, indicators):
    """Return figures of an office as rows of the evidence."""
    rows = [
        figure(name, year, value, str(indicators.loc[name, "unit"])) | {"definition": ""}
        for name, values in figures.items()
        for year, value in values.items()
    ]
    return pd.DataFrame(rows).reindex(columns=opened()[0].evidence.columns, fill_value="")


def judged(values, indicator, goal, *, by, sense="at_least"):
    """Return the verdict on a goal from the whole-year figures of an office, as known on 30 June 2023."""
    project, params = opened()
    rows = planted({indicator: values}, project.indicators)
    others = project.evidence[project.evidence["indicator_id"] != indicator]
    known = replace(project, evidence=pd.concat([others, rows.astype(others.dtypes.to_dict())]), store=None)
    outcome = assess_indicator(known, params, indicator)
    wanted = sapa.target(indicator, goal, by=by, sense=sense, area="sa_pa")
    return judge(known, {indicator: outcome}, [wanted], params).iloc[0]


def below(word, floor):
    return FROM_WORST.index(word) < FROM_WORST.index(floor)


@st.composite
def cases(draw, ratio):
    """Return steady figures, the indicator and a goal, with a given ratio of own pace to pace needed."""
    indicator = draw(st.sampled_from([*PLANTED]))
    last, kind, sign = PLANTED[indicator]
    pace, years = draw(st.floats(SLOWEST[kind], FASTEST[kind])), draw(st.integers(1, 3))
    back = np.arange(draw(st.integers(3, 5)) - 1, -1, -1)
    times = draw(ratio)
    if kind == "points":
        years = min(years, int((100 - last) / pace)) if sign > 0 else years
        values, goal = last - sign * times * pace * back, last + sign * pace * years
    else:
        values, goal = last * (1 + times * pace) ** -back, last * (1 + pace) ** years
    figures = dict(zip((LAST - back).tolist(), np.round(values, 3).tolist(), strict=True))
    sense = "at_least" if sign > 0 else "at_most"
    return figures, indicator, float(goal), LAST + max(years, 1), sense


@few
@given(cases(st.floats(1.31, 2.5)))
def test_a_pace_well_above_the_one_needed_is_never_called_unlikely(case):
    figures, indicator, goal, by, sense = case
    verdict = judged(figures, indicator, goal, by=by, sense=sense)
    assert verdict["own_pace"] / verdict["pace"] >= 1.3
    assert not below(verdict["status"], "even"), verdict["probability"]


@few
@given(cases(st.floats(0.0, 0.49)))
def test_half_the_pace_needed_is_never_called_likely(case):
    figures, indicator, goal, by, sense = case
    verdict = judged(figures, indicator, goal, by=by, sense=sense)
    assert verdict["own_pace"] / verdict["pace"] <= 0.5
    assert not below("even", verdict["status"]), verdict["probability"]


def test_households_with_electricity_that_are_on_their_way_are_not_expected_to_stop():
    """96.5, 97.0, 97.6 % and a goal of 98: the product once said that it would not be met."""
    verdict = judged({2020: 96.5, 2021: 97.0, 2022: 97.6}, "grid_electricity_households", 98, by=2023)
    assert not below(verdict["status"], "even")
    assert (verdict["own_pace"], verdict["pace"]) == pytest.approx((0.55, 0.4))
    assert (verdict["own_pace_unit"], verdict["pace_unit"]) == ("percentage_points_a_year",) * 2


def test_the_last_point_of_a_programme_can_be_reached():
    verdict = judged({2020: 92.0, 2021: 95.0, 2022: 98.0}, "centre_plan_coverage", 100, by=2023)
    assert verdict["own_pace"] / verdict["pace"] == pytest.approx(1.5)
    assert not below(verdict["status"], "even")


@pytest.mark.parametrize("first", [2020, 2019, 2018])
def test_what_rose_steadily_through_the_shock_years_broke_nothing(first):
    """Jobs broke in 2020 and 2021 as a rule; an office whose figures rose by a tenth every year saw no break."""
    figures = {year: round(1000 * 1.1 ** (year - 2018)) for year in range(first, 2023)}
    verdict = judged(figures, "jobs_created", 1.07 * figures[2022], by=2023)
    assert not below(verdict["status"], "even")


def test_a_figure_of_long_before_tells_nothing_of_the_pace():
    goal = {"goal": 82.0, "by": 2023}
    steady = {2020: 72.0, 2021: 76.0, 2022: 80.0}
    alone = judged(steady, "cultural_families", **goal)
    after_a_gap = judged({2015: 67.0, **steady}, "cultural_families", **goal)
    assert {alone["status"], after_a_gap["status"]} <= {"likely", "very_likely", "even"}
