"""Lines the size of a word: what is drawn, and that it stays inside its box."""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, judge_targets
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.reporting.figures.sparkline import sparkline
from sapa_analysis.reporting.figures.style import BLUE, GOAL, GREY

few = settings(max_examples=min(25, settings.default.max_examples))
PAST = {2018: 2.0, 2019: 2.2, 2020: 1.5, 2021: 1.8, 2022: 2.4}


def drawn(values=PAST, *, scale="log", bases=None, title="", paths=None, **row):
    """Return the picture of a target, or None where there is none; `paths` are the ends of the interval."""
    low, high = paths or (float("nan"), float("nan"))
    asked = {"measure": "level", "value": 3.0, "end": 2024, "lower_80": low, "upper_80": high} | row
    text = sparkline(yearly(values, scale=scale, bases=bases), pd.Series(asked), title=title)
    return ElementTree.fromstring(text) if text else None


def lines(picture, color):
    """Return the points of each line of a colour."""
    found = [line for line in picture.iter("polyline") if line.get("stroke") == color]
    return [[tuple(map(float, point.split(","))) for point in line.get("points").split()] for line in found]


def dots(picture):
    return [(float(dot.get("cx")), float(dot.get("cy"))) for dot in picture.iter("circle")]


def places(picture):
    every = [*dots(picture)]
    for color in (BLUE, GOAL, GREY):
        every += [point for line in lines(picture, color) for point in line]
    return every


numbers = st.floats(-1e9, 1e9)


@few
@given(
    st.dictionaries(st.integers(2015, 2022), numbers, min_size=1, max_size=5),
    numbers,
    st.integers(2012, 2030),
    st.none() | st.tuples(numbers, numbers),
    st.sampled_from(["level", "growth"]),
)
def test_everything_lies_inside_the_box(values, goal, end, paths, measure):
    values = dict(sorted(values.items()))
    picture = drawn(values, scale="growth", paths=paths, value=goal, end=end, measure=measure)
    width, height = (float(picture.get(name)) for name in ("width", "height"))
    assert picture.get("viewBox") == f"0 0 {width:g} {height:g}"
    assert len(places(picture)) >= len(dots(picture)) + 2 + 2 * bool(paths)
    assert all(0 <= x <= width and 0 <= y <= height for x, y in places(picture))


@few
@given(st.sets(st.integers(2005, 2022), min_size=1))
def test_each_figure_of_the_last_twelve_years_is_a_dot_and_a_gap_breaks_the_line(years):
    picture = drawn({year: float(year % 7 + 1) for year in sorted(years)}, end=2022)
    seen = sorted(year for year in years if year > max(years) - 12)
    runs = [[year for year in seen if year - seen.index(year) == start] for start in
            dict.fromkeys(year - seen.index(year) for year in seen)]  # fmt: skip
    assert len(dots(picture)) == len(seen)
    assert [len(line) for line in lines(picture, BLUE)] == [len(run) for run in runs if len(run) > 1]


def test_only_a_figure_of_its_own_is_a_dot():
    assert len(dots(drawn(bases={2020: "interpolated"}))) == 4
    assert [len(line) for line in lines(drawn(bases={2020: "interpolated"}), BLUE)] == [2, 2]


def test_without_a_figure_there_is_no_picture():
    assert drawn(bases=dict.fromkeys(PAST, "interpolated")) is None
    assert sparkline(None, pd.Series({"measure": "level", "value": 1.0, "end": 2025})) == ""


def test_later_and_higher_stand_further_right_and_up():
    points = dots(drawn(value=5.0))
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    heights = dict(zip(PAST.values(), [y for _, y in points], strict=True))
    assert sorted(heights, key=heights.get) == sorted(heights, reverse=True)
    [[left, right]] = lines(drawn(value=5.0), GOAL)
    assert left[1] == right[1] < min(y for _, y in points)
    assert right[0] > points[-1][0]  # the year due lies ahead


def test_the_whisker_is_the_interval_of_the_year_due_and_needs_a_forecast():
    assert lines(drawn(), GREY) == []
    picture = drawn(paths=(1.0, 5.0), value=3.0)
    [[low, high]] = lines(picture, GREY)
    [[_, goal]] = lines(picture, GOAL)
    assert low[0] == high[0] == goal[0]
    assert low[1] > goal[1] > high[1]


def test_a_result_that_is_known_has_no_whisker():
    paths = pd.DataFrame([[1.0, 5.0]] * 2, index=yearly_index([2023, 2024]))
    outcome = Forecast(yearly(PAST), paths, "naive")
    rows = pd.DataFrame([target(id="due", end=2022), target(id="open", end=2024)])
    verdicts = judge_targets({"tourist_arrivals": outcome}, rows)
    counts = [
        len(lines(ElementTree.fromstring(sparkline(outcome.observed, row)), GREY))
        for _, row in verdicts.iterrows()
    ]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"measure": "term_total", "start": 2021}, False),
        ({"measure": "term_mean_growth", "start": 2021}, False),
        ({"measure": "growth"}, False),
        ({"measure": "level"}, True),
    ],
)
def test_a_goal_on_another_scale_than_the_figures_is_not_drawn(row, shown):
    picture = drawn(paths=(1.0, 5.0), value=3.0, **row)
    assert (len(lines(picture, GOAL)), len(lines(picture, GREY))) == (shown, shown)
    assert len(dots(picture)) == len(PAST)


def test_the_title_is_read_aloud_and_breaks_no_markup():
    title = 'Lượt khách <b> & "doanh thu"'
    assert drawn(title=title).findtext("title") == title
