"""Changes as text: what is written is what is read, in English and Vietnamese; what may mean two things is not."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import scenario
from sapa_analysis.core import ParamsError
from sapa_analysis.scenarios import Adjustment, Scenario
from sapa_analysis.scenarios.short_form import Change, read_change, read_number

numbers = st.floats(0.001, 1e9).map(lambda value: float(f"{value:.6g}"))
signs = st.sampled_from(["+", "-", "−"])


@pytest.mark.parametrize(
    ("text", "effect", "value", "of_year"),
    [
        ("+10%", "multiply", 1.1, None),
        ("-3 %", "multiply", 0.97, None),
        ("−2,5%", "multiply", 0.975, None),
        ("x 1.1", "multiply", 1.1, None),
        ("×1,1", "multiply", 1.1, None),
        ("* 0.9", "multiply", 0.9, None),
        ("+10 percent", "multiply", 1.1, None),
        ("tăng 2,5 phần trăm", "multiply", 1.025, None),
        ("giảm 3%", "multiply", 0.97, None),
        ("down by 3 points", "add", -3, None),
        ("+500", "add", 500, None),
        ("-3 points", "add", -3, None),
        ("+1 point", "add", 1, None),
        ("-2,5 điểm", "add", -2.5, None),
        ("+2 điểm phần trăm", "add", 2, None),
        ("= 4.2e6", "replace", 4.2e6, None),
        ("=-5", "replace", -5, None),
        ("= 4,200,000", "replace", 4.2e6, None),
        ("= 4.200.000", "replace", 4.2e6, None),
        ("growth +2", "add_growth", 2, None),
        ("Growth -1.5 points a year", "add_growth", -1.5, None),
        ("tăng trưởng +2 điểm", "add_growth", 2, None),
        ("growth = 8", "growth", 8, None),
        ("growth = -3%/year", "growth", -3, None),
        ("tăng trưởng = 8%/năm", "growth", 8, None),
        ("= 80% of 2019", "hold", 0.8, 2019),
        ("80 % của năm 2019", "hold", 0.8, 2019),
    ],
)
def test_what_is_written_is_read(text, effect, value, of_year):
    assert read_change(text) == Change(effect, pytest.approx(value, rel=1e-15), of_year)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("90%", 'may be so much more or so much of it; write "+90%" or "x 0.9"'),
        ("0.9", 'may be a factor or a level; write "x 0.9", "= 0.9" or "+0.9"'),
        ("growth 8", 'may be growth of so much or so much more of it; write "growth = 8" or "growth +2"'),
        ("= 80%", 'does not say of which year: write "= 80% of 2019"; a rate is "= 80"'),
        ("+27,000", '"+27,000" may be +27000 or +27.000; write it without a comma'),
        ("more", '"more" is no change; write "+10%"'),
        ("+1.2.3", '"+1.2.3" is no number; write 4200000 or 0.9'),
        ("", '"" is no change'),
    ],
)
def test_what_may_mean_two_things_is_refused_with_both(text, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        read_change(text)


@given(numbers)
def test_a_decimal_comma_is_a_decimal_point(value):
    point = f"{value:.2f}"
    assert read_number(point.replace(".", ",")) == float(point)


@given(signs, numbers)
def test_percent_amount_and_points_are_signed(sign, value):
    signed = value if sign == "+" else -value
    assert read_change(f"{sign}{value!r}%") == Change("multiply", (100 + signed) / 100)
    assert read_change(f"{sign} {value!r}") == read_change(f"{sign}{value!r} points") == Change("add", signed)
    assert read_change(f"growth {sign}{value!r}") == Change("add_growth", signed)


@given(numbers)
def test_a_factor_and_a_level_are_not_signed(value):
    assert read_change(f"x {value!r}") == Change("multiply", value)
    assert read_change(f"= {value!r}") == Change("replace", value)


@given(st.dictionaries(st.integers(1, 30), st.floats(-40, 90).map(lambda size: round(size, 3)), min_size=1))
def test_the_short_form_and_the_long_one_are_the_same_scenario(sizes):
    short = scenario(
        "tried", visits={year: f"{size:+}%" for year, size in sizes.items()}, weight=0.2, area="sa_pa"
    )
    part = Adjustment(
        indicator="visits", effect="multiply", values={y: (100 + s) / 100 for y, s in sizes.items()}
    )
    assert short == Scenario(name="tried", weight=0.2, area="sa_pa", adjustments=[part])


def test_effects_of_one_indicator_stand_in_the_order_in_which_they_are_written():
    mixed = scenario("tried", visits={2024: "+5%", 2025: "growth +2", 2026: "-3%", 2027: "= 80% of 2019"})
    assert [(part.effect, dict(part.values)) for part in mixed.adjustments] == [
        ("multiply", {2024: 1.05, 2026: 0.97}),
        ("add_growth", {2025: 2.0}),
        ("hold", {2027: 0.8}),
    ]


def test_in_play_reasons_are_blank_and_the_label_is_the_name():
    made = scenario("spend +10 %", spend_per_visit="+10%", shape="ramp")
    [part] = made.adjustments
    assert made.label == {"vi": "spend +10 %", "en": "spend +10 %"}
    assert made.reason == part.reason == {"vi": "", "en": ""}
    assert (part.always, part.shape, part.source, part.quality) == (1.1, "ramp", "", None)
    assert repr(made) == "<Scenario spend +10 %: multiply spend_per_visit in every year ahead, as a ramp>"


@pytest.mark.parametrize(
    ("given", "column", "words"),
    [
        ({"visits": {2024: "+5%", 1: "+5%"}}, "", "years of the calendar and years after the origin do not mix"),
        ({"visits": {2024: "+5%"}, "shape": "ramp"}, "shape", "a ramp leads to a change without years"),
        ({"visits": "+5%", "weight": 1.5}, "weight", "wanted at most 1"),
        ({"visits": "+5%", "weight": 0}, "weight", "wanted more than 0"),
        ({"visits": "+5%", "judged_on": "soon"}, "judged_on", ""),
        ({"visits": "+5%", "label": {"en": "More"}}, "label", "wanted vi and en, each once"),
        ({"visits": "growth = 120"}, "visits", "120 is no plausible growth in percent: -50 to 100, or say bold"),
    ],
)  # fmt: skip
def test_what_a_scenario_cannot_be_is_told_in_our_words(given, column, words):
    with pytest.raises(ParamsError) as caught:
        scenario("slip", **given)
    [problem] = caught.value.problems
    assert problem.column == column
    assert words in problem.message
    assert "pydantic" not in str(caught.value)


@pytest.mark.parametrize("year", ["2024", 2024.0, np.int64(2024), np.float32(2024)])
def test_a_year_may_be_any_whole_number(year):
    assert scenario("a", visits={year: "+5%"}) == scenario("a", visits={2024: "+5%"})


def test_what_an_effect_cannot_be_is_told_at_its_indicator():
    with pytest.raises(ParamsError) as caught:
        scenario("a", visits="-100%", spend={2024: "x 0", 2025: "+1%"}, rooms="= 80% of 1950")
    assert [problem.column for problem in caught.value.problems] == ["rooms", "spend.2024", "visits"]
