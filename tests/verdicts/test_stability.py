"""What the published rules say of a target, from which base years, and how far they agree."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, NotAssessed, judge_targets
from sapa_analysis.core import Target
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.verdicts.progress_rules import FORECASTING, RULES, Course
from sapa_analysis.verdicts.stability import GRADES, grade_stability, read_rules, target_readings

few = settings(max_examples=min(15, settings.default.max_examples))
PAST = {2016: 1.0, 2017: 1.2, 2018: 1.5, 2019: 1.7, 2020: 1.6, 2021: 2.0, 2022: 2.4}
LEVEL = {"unit": "visits", "end": 2025}
levels = st.lists(st.floats(0.5, 100), min_size=4, max_size=8)
goals = st.floats(0.5, 100)
ways = st.sampled_from(["at_least", "more_than", "at_most", "less_than"])


def outcome(values=None, **changed) -> NotAssessed:
    """Return figures without a forecast: the rules look at nothing else."""
    return NotAssessed(yearly(values or PAST, **changed), "too_few_years", 5)


def readings(values=None, *, scale="log", bases=None, **row) -> list[dict]:
    return target_readings(
        a_target(**({"published": "2019"} | row)), outcome(values, scale=scale, bases=bases)
    )


def a_target(**row) -> Target:
    return Target.model_validate(target(**row))


def bases_of(found: list[dict]) -> dict[int, int]:
    return {row["shift"]: row["base"] for row in found}


def votes(found: list[dict]) -> list[tuple]:
    """Return the votes by rule and shift, without the year they were cast from."""
    return [(row["rule"], row["shift"], row["on_track"]) for row in found if row["rule"] in FORECASTING]


def run(values: list[float], last: int = 2022) -> dict[int, float]:
    return dict(zip(range(last + 1 - len(values), last + 1), values, strict=True))


# the base year --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "base"),
    [("2018-03-01", 2018), ("2018", 2018), ("2021-12", 2021),
     ("2022-01-15", 2019), ("2024", 2019), ("", 2019)],
)  # fmt: skip
def test_the_base_is_the_year_of_publication_or_three_before_the_latest_figure(published, base):
    assert bases_of(readings(published=published))[0] == base


def test_a_base_year_is_moved_to_years_with_a_figure_before_the_latest_only():
    assert bases_of(readings()) == {-1: 2018, 0: 2019, 1: 2020}
    assert bases_of(readings(published="2016")) == {0: 2016, 1: 2017}
    assert bases_of(readings(published="2015")) == {1: 2016}
    assert bases_of(readings(published="2014")) == {}
    assert bases_of(readings(published="2021")) == {-1: 2020, 0: 2021}


@few
@given(levels, goals, ways)
def test_every_rule_reads_every_base_year_once_and_as_a_rule_alone_would(values, goal, sense):
    found = readings(run(values), value=goal, sense=sense, **LEVEL)
    better = 1 if sense in ("at_least", "more_than") else -1
    shifts = [shift for shift in (-1, 0, 1) if 2023 - len(values) <= 2019 + shift < 2022]
    alone = {
        (name, shift): rule(Course(pd.Series(run(values)), 2019 + shift, 2025, goal, better))
        for shift in shifts
        for name, rule in RULES.items()
    }
    assert {(row["rule"], row["shift"]): row["on_track"] for row in found} == {
        place: reading.on_track for place, reading in alone.items()
    }
    assert [row["label"] for row in found] == [reading.label for reading in alone.values()]


@given(
    st.sets(st.sampled_from([*PAST][:-1])), st.sampled_from(["interpolated", "part_year", "implied"]), levels
)
def test_rules_see_published_years_only(hidden, basis, invented):
    made_up = dict(zip(hidden, invented, strict=False))
    known = {year: value for year, value in PAST.items() if year not in made_up}
    seen = readings(PAST | made_up, bases=dict.fromkeys(made_up, basis), value=3.0, **LEVEL)
    assert seen == readings(known, value=3.0, **LEVEL)
    assert set(bases_of(seen).values()) <= set(known)


def test_one_published_figure_has_no_stability():
    bases = dict.fromkeys([*PAST][:-1], "interpolated")
    found = readings(bases=bases, value=3.0, **LEVEL)
    assert grade_stability(found) == {"stability": None, "stability_grade": "", "flips": ""}


@pytest.mark.parametrize("measure", ["growth", "term_mean_growth"])
def test_growth_needs_both_of_its_years(measure):
    rates = {year: 10.0 + year % 3 for year in range(2016, 2023)}
    row = {
        "measure": measure,
        "value": 12.0,
        "unit": "percent",
        "start": 2021 if measure != "growth" else None,
    }
    for scale, values in (("log", PAST), ("growth", rates)):
        whole = readings(values, scale=scale, end=2025, **row)
        gap = readings(values, scale=scale, bases={2018: "interpolated"}, end=2025, **row)
        assert whole
        assert [known for known in gap if known["base"] <= 2018] == []


# what is read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        {"sense": "about"},
        {"sense": "between", "value_high": 4.0},
        {"measure": "yes_no"},
        {"measure": "term_total", "start": 2021},
        {"end": 2022},
        {"end": 2020},
    ],
    ids=["about", "between", "yes or no", "total", "due now", "ended"],
)
def test_what_no_rule_fits_or_has_ended_has_no_reading(row):
    assert readings(**row) == []
    assert grade_stability([]) == {"stability": None, "stability_grade": "", "flips": ""}


def test_without_a_figure_there_is_no_reading():
    for none in (
        None,
        NotAssessed(None, "no_evidence", 5),
        outcome(bases=dict.fromkeys(PAST, "interpolated")),
    ):
        assert target_readings(a_target(published="2019"), none) == []


@few
@given(st.lists(st.floats(-30, 40), min_size=3, max_size=6), st.floats(-20, 40), st.integers(2024, 2027))
def test_a_mean_growth_is_read_alike_from_growth_and_from_levels(growth, mean, end):
    start = 2023 - len(growth)
    values = [7.0]
    for rate in growth:
        values.append(values[-1] * (1 + rate / 100))
    row = {"measure": "term_mean_growth", "value": mean, "start": start, "end": end, "published": "2020"}
    said = [
        readings(run(growth), scale="growth", unit="percent", **row),
        readings(run(values), unit="visits", **row),
    ]
    assert votes(said[0]) == votes(said[1])
    goal = run(values)[start - 1] * (1 + mean / 100) ** (end - start + 1)
    assert votes(said[1]) == votes(readings(run(values), value=goal, end=end, published="2020")) != []


def test_a_mean_over_a_term_that_began_before_the_figures_has_no_reading():
    row = {"measure": "term_mean_growth", "value": 10.0, "end": 2025}
    assert readings(start=2017, **row)
    assert readings(start=2016, **row) == []  # the level of 2015 is unknown
    assert readings(start=2016, scale="growth", **row)  # growth of 2016 starts from it
    assert readings(start=2015, scale="growth", **row) == []


def test_a_goal_of_growth_is_read_as_a_rate():
    found = readings(measure="growth", value=20.0, **LEVEL)
    marked = {
        row["rule"]: row["note"] for row in found if row["on_track"] is None and row["rule"] in FORECASTING
    }
    assert marked["unsd"] == "growth_rate"
    assert {row["rule"] for row in found if row["on_track"] is not None} >= {"sdg_index", "germany"}
    assert all(row["note"] != "growth_rate" for row in readings(value=3.0, **LEVEL))


def test_the_growth_of_levels_is_read_off_them():
    rates = {year: 100 * (PAST[year] / PAST[year - 1] - 1) for year in list(PAST)[1:]}
    row = {"measure": "growth", "value": 30.0, "end": 2025}
    from_rates = readings(rates, scale="growth", unit="percent", **row)
    from_levels = readings(unit="visits", **row)
    assert votes(from_rates) == votes(from_levels) != []


def test_a_growth_from_nothing_has_no_number_and_stops_no_reading():
    found = readings({2018: 0.0, 2019: 0.0} | {year: PAST[year] for year in (2020, 2021, 2022)},
                     scale="level", measure="growth", value=5.0, published="2021", **LEVEL)  # fmt: skip
    assert bases_of(found) == {0: 2021}
    assert all(math.isfinite(row["measure"]) for row in found if row["measure"] is not None)


# laws of the votes ----------------------------------------------------------------------------------------


@few
@given(levels, goals, ways, st.integers(-6, 6))
def test_units_do_not_matter(values, goal, sense, power):
    factor = 2.0**power  # exact in binary
    plain = readings(run(values), value=goal, sense=sense, **LEVEL)
    scaled = readings(run([value * factor for value in values]), value=goal * factor, sense=sense, **LEVEL)
    assert votes(plain) == votes(scaled)
    assert grade_stability(plain) == grade_stability(scaled)


@few
@given(levels, goals, st.sampled_from([("at_least", "at_most"), ("more_than", "less_than")]))
def test_turned_upside_down_linear_rules_vote_as_before(values, goal, senses):
    up, down = (
        [vote for vote in votes(found) if vote[0] in ("sdg_index", "germany")]
        for found in (
            readings(run(values), value=goal, sense=senses[0], scale="level", **LEVEL),
            readings(run([-x for x in values]), value=-goal, sense=senses[1], scale="level", **LEVEL),
        )
    )
    assert up == down != []


def test_a_floor_out_of_reach_is_a_ceiling_that_is_kept():
    cast = {sense: votes(readings(value=9.0, sense=sense, **LEVEL)) for sense in ("at_least", "at_most")}
    assert {vote for *_, vote in cast["at_least"]} == {False}
    assert {vote for *_, vote in cast["at_most"]} == {True}


@few
@given(levels, goals, ways)
def test_the_share_is_that_of_the_majority_and_the_flips_are_all_other_votes(values, goal, sense):
    found = readings(run(values), value=goal, sense=sense, **LEVEL)
    cast = [row for row in found if row["rule"] in FORECASTING and row["on_track"] is not None]
    told = grade_stability(found)
    if len(cast) < 4:
        assert told["stability"] is None
        return
    assert 0.5 <= told["stability"] <= 1
    flips = [tuple(flip.split()) for flip in told["flips"].split("; ") if flip]
    assert len(flips) == pytest.approx((1 - told["stability"]) * len(cast))
    against = {row["on_track"] for row in cast if (row["rule"], str(row["base"])) in flips}
    kept = {row["on_track"] for row in cast if (row["rule"], str(row["base"])) not in flips}
    assert len(kept) == 1
    assert against in (set(), {not kept.pop()})


# grades by hand -------------------------------------------------------------------------------------------


def ballot(*says: bool | None) -> list[dict]:
    """Return votes of four rules from three base years, one base year after another."""
    return [
        {"rule": FORECASTING[place % 4], "base": 2018 + place // 4, "shift": place // 4 - 1, "on_track": say}
        for place, say in enumerate(says)
    ]


@pytest.mark.parametrize(
    ("yes", "no", "share", "grade"),
    [
        (12, 0, 1.0, "stable"), (0, 12, 1.0, "stable"), (9, 1, 0.9, "stable"), (11, 1, 11 / 12, "stable"),
        (8, 1, 8 / 9, "fairly_stable"), (2, 10, 10 / 12, "fairly_stable"), (8, 2, 0.8, "fairly_stable"),
        (7, 2, 7 / 9, "unstable"), (3, 9, 0.75, "unstable"), (6, 6, 0.5, "unstable"), (4, 0, 1.0, "stable"),
        (3, 0, None, ""), (0, 0, None, ""),
    ],
)  # fmt: skip
def test_grades_have_their_floors_and_too_few_votes_none(yes, no, share, grade):
    told = grade_stability(ballot(*[True] * yes, *[False] * no))
    assert told["stability"] == (None if share is None else pytest.approx(share))
    assert told["stability_grade"] == grade
    assert (told["flips"].count(";") + 1 if told["flips"] else 0) == (min(yes, no) if share else 0)
    assert {"", *GRADES} >= {grade}


def test_flips_name_the_rule_and_the_base_year_of_each_vote_against():
    told = grade_stability(ballot(True, True, True, True, True, False, True, True, None, True, True, False))
    assert told["flips"] == "unsd 2019; germany 2020"
    assert told["stability"] == pytest.approx(9 / 11)
    turned = grade_stability(ballot(False, False, True, False))
    assert turned["flips"] == "sdg_index 2018"


def test_a_description_and_a_rule_that_does_not_apply_cast_no_vote():
    silent = [{"rule": "plan_completion", "base": 2018, "shift": 0, "on_track": True}]
    assert grade_stability(ballot(True, True, True, None) + silent)["stability"] is None
    assert grade_stability(ballot(True, True, True, True) + silent)["stability"] == 1


# tables ---------------------------------------------------------------------------------------------------


def both() -> tuple[dict, pd.DataFrame]:
    paths = pd.DataFrame([[2.6, 3.1]] * 3, index=yearly_index([2023, 2024, 2025]))
    rows = [target(id="open", value=3.0, published="2019"), target(id="over", end=2021, published="2019")]
    return {"tourist_arrivals": Forecast(yearly(PAST), paths, "naive")}, pd.DataFrame(rows)


def test_verdicts_carry_the_stability_of_their_own_readings():
    outcomes, rows = both()
    verdicts, table = judge_targets(outcomes, rows).set_index("id"), read_rules(outcomes, rows)
    assert set(table["id"]) == {"open"}
    told = grade_stability(
        target_readings(a_target(id="open", value=3.0, published="2019"), outcomes["tourist_arrivals"])
    )
    assert verdicts.loc["open", list(told)].to_dict() == told
    assert verdicts.loc["over", "stability_grade"] == ""


def test_the_table_of_readings_is_whole_even_when_empty():
    outcomes, rows = both()
    for table in (read_rules(outcomes, rows), read_rules({}, rows), read_rules(outcomes, rows.iloc[:0])):
        assert list(table) == ["id", "rule", "base", "shift", "label", "on_track", "measure", "note"]
        assert table["on_track"].dtype == "boolean"
