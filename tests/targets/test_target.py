from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import yaml
from factories import target as goal_row
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sapa_analysis.core import as_targets, targets_table
from sapa_analysis.core.errors import TargetsError
from sapa_analysis.core.table_terms import MEASURES, SENSES
from sapa_analysis.core.tables import Targets as TargetsTable
from sapa_analysis.core.target import Target
from sapa_analysis.evidence.catalogue import load_documents, load_indicators
from sapa_analysis.targets.load import load_targets
from sapa_analysis.targets.pace import required_growth, required_pace

FILE = "data/targets.csv"


def make_target(**changed: object) -> Target:
    fields = {
        "id": "x", "indicator_id": "tourist_arrivals", "area": "sa_pa", "measure": "level",
        "sense": "at_least", "value": 5_800_000.0, "unit": "visits", "start": None, "end": 2025,
    }  # fmt: skip
    return Target.model_validate(fields | changed)


def make_observed(first: int, values: list[float], *, periods: bool = False) -> pd.Series:
    years = range(first, first + len(values))
    index = pd.PeriodIndex([str(year) for year in years], freq="Y") if periods else list(years)
    return pd.Series(values, index=index, dtype=float)


@pytest.fixture(scope="module")
def targets(root) -> pd.DataFrame:
    return targets_table(load_targets(root / "data"))


@pytest.fixture(scope="module")
def resolution(targets) -> pd.DataFrame:
    return targets[targets["document"] == "resolution-2023"]


@pytest.fixture(scope="module")
def groups(root) -> list[dict]:
    return yaml.safe_load((root / "data/documents/resolution-2023.yml").read_text(encoding="utf-8"))[
        "target_groups"
    ]


# the pace that is still needed ----------------------------------------------------------------------------

levels = st.floats(1, 1e6)
rates = st.floats(-60, 150)
any_sense = st.sampled_from(["more_than", "less_than", "at_least", "at_most", "about"])


@given(growth=st.floats(-20, 40), years=st.integers(1, 10), current=levels)
def test_required_growth_undoes_compounding(growth, years, current):
    target = current * (1 + growth / 100) ** years
    assert required_growth(current, target, years=years) == pytest.approx(growth, abs=1e-9)


@pytest.mark.parametrize(
    ("current", "target", "years"), [(0, 1, 1), (-1, 1, 1), (1, 0, 1), (1, -2, 2), (1, 2, 0)]
)
def test_no_growth_leads_from_or_to_nothing(current, target, years):
    with pytest.raises(ValueError, match="no growth leads from"):
        required_growth(current, target, years=years)


@given(latest=levels, value=levels, end=st.integers(2001, 2020), sense=any_sense, periods=st.booleans())
def test_compounding_the_pace_of_a_level_attains_it(latest, value, end, sense, periods):
    observed = make_observed(1999, [latest / 3, latest], periods=periods)
    pace = required_pace(make_target(value=value, end=end, sense=sense), observed)
    assert (pace.unit, pace.years, pace.arithmetic) == ("percent_a_year", end - 2000, None)
    reached = latest
    for _ in range(pace.years):
        reached *= 1 + pace.per_year / 100
    assert reached == pytest.approx(value, rel=1e-9)


@given(latest=st.floats(0, 100), value=st.floats(0, 100), end=st.integers(2001, 2020), sense=any_sense)
@pytest.mark.parametrize("unit", ["percent", "percentage_points"])
def test_adding_the_pace_of_a_rate_attains_it(unit, latest, value, end, sense):
    target = make_target(value=value, end=end, sense=sense, unit=unit)
    pace = required_pace(target, make_observed(2000, [latest]))
    assert (pace.unit, pace.years) == ("percentage_points_a_year", end - 2000)
    assert latest + pace.years * pace.per_year == pytest.approx(value, abs=1e-9)


@given(latest=st.floats(-1e6, 0), value=st.floats(-1e6, 1e6), left=st.integers(1, 9), turned=st.booleans())
def test_from_or_to_nothing_the_gap_is_absolute(latest, value, left, turned):
    latest, value = (value, latest) if turned else (latest, value)
    pace = required_pace(make_target(value=value, end=2000 + left), make_observed(2000, [latest]))
    assert pace.unit == "visits_a_year"
    assert latest + left * pace.per_year == pytest.approx(value, abs=1e-9 * max(1, abs(latest), abs(value)))


@given(value=rates, observed=st.lists(rates, min_size=1, max_size=4), sense=any_sense)
def test_the_pace_of_a_growth_target_is_its_own_value(value, observed, sense):
    target = make_target(measure="growth", value=value, sense=sense, unit="percent", end=2023)
    pace = required_pace(target, make_observed(2022 - len(observed) + 1, observed))
    assert (pace.per_year, pace.unit, pace.years) == (value, "percent_a_year", 1)
    assert required_pace(target, make_observed(2023 - len(observed) + 1, observed)) is None


@given(
    length=st.integers(2, 8),
    value=st.floats(-20, 40),
    sense=any_sense,
    before=st.lists(rates, max_size=3),
    data=st.data(),
)
def test_growing_at_the_pace_attains_a_mean_growth_in_both_readings(length, value, sense, before, data):
    done = data.draw(st.lists(st.floats(-30, 60), min_size=0 if before else 1, max_size=length - 1))
    target = make_target(
        measure="term_mean_growth", value=value, sense=sense, unit="percent", start=2021, end=2020 + length
    )
    pace = required_pace(target, make_observed(2021 - len(before), [*before, *done]))
    assert (pace.unit, pace.years) == ("percent_a_year", length - len(done))
    geometric = [*done, *[pace.per_year] * pace.years]
    mean = 100 * (math.prod(1 + rate / 100 for rate in geometric) ** (1 / length) - 1)
    assert mean == pytest.approx(value, abs=1e-9)
    arithmetic = [*done, *[pace.arithmetic] * pace.years]
    assert sum(arithmetic) / length == pytest.approx(value, abs=1e-9)


@given(
    length=st.integers(2, 8),
    value=st.floats(-1e6, 1e9),
    sense=any_sense,
    before=st.lists(levels, max_size=3),
    data=st.data(),
)
def test_adding_up_the_pace_attains_a_total(length, value, sense, before, data):
    done = data.draw(st.lists(st.floats(0, 1e8), min_size=0 if before else 1, max_size=length - 1))
    target = make_target(measure="term_total", value=value, sense=sense, start=2021, end=2020 + length)
    pace = required_pace(target, make_observed(2021 - len(before), [*before, *done]))
    assert (pace.unit, pace.years, pace.arithmetic) == ("visits_a_year", length - len(done), None)
    assert sum(done) + pace.years * pace.per_year == pytest.approx(
        value, rel=1e-9, abs=1e-9 * max(1, sum(done))
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_there_is_no_pace_once_the_year_has_come_or_without_any_figure(measure):
    target = make_target(measure=measure, start=2021, end=2025)
    for observed in (make_observed(2021, [1.0] * 5), make_observed(2021, [1.0] * 7), make_observed(2021, [])):
        assert required_pace(target, observed) is None


def test_yes_or_no_has_no_pace():
    assert required_pace(make_target(measure="yes_no", value=1), make_observed(2021, [1.0])) is None


@given(
    gap=st.integers(0, 1), measure=st.sampled_from(["term_mean_growth", "term_total"]), stated=st.booleans()
)
def test_there_is_no_pace_when_a_year_of_the_term_lacks_its_figure(gap, measure, stated):
    observed = make_observed(2021, [10.0, 12.0, 14.0])
    observed = observed.where(observed.index != 2021 + gap) if stated else observed.drop(2021 + gap)
    assert required_pace(make_target(measure=measure, start=2021, end=2025), observed) is None


@given(st.permutations([2020, 2021, 2022]), st.integers(0, 3))
def test_order_and_blank_years_at_the_end_change_no_pace(order, blanks):
    observed = pd.Series(
        {year: 100.0 + year - 2020 for year in order} | dict.fromkeys(range(2023, 2023 + blanks), np.nan)
    )
    for target in (make_target(), make_target(measure="term_total", start=2021, end=2025)):
        assert required_pace(target, observed) == required_pace(target, make_observed(2020, [100, 101, 102]))


@given(latest=levels, low=levels, width=st.floats(1, 1e6), end=st.integers(2001, 2010))
def test_the_pace_of_a_range_leads_to_its_nearest_end_and_keeps_a_level_that_lies_inside(
    latest, low, width, end
):
    high = low + width
    target = make_target(sense="between", value=low, value_high=high, end=end)
    pace = required_pace(target, make_observed(2000, [latest]))
    reached = latest * (1 + pace.per_year / 100) ** pace.years
    assert reached == pytest.approx(low if latest < low else high if latest > high else latest)
    assert (pace.per_year == 0) == (low <= latest <= high)


# when a path attains a target ----------------------------------------------------------------------------

TESTS = {
    "more_than": lambda value, target: value > target.value,
    "less_than": lambda value, target: value < target.value,
    "at_least": lambda value, target: value >= target.value,
    "at_most": lambda value, target: value <= target.value,
    "between": lambda value, target: target.value <= value <= target.value_high,
    "about": lambda value, target: abs(value - target.value) <= target.tolerance,
}
values = st.integers(-9, 9).map(float)


@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("value", range(-3, 4))
@pytest.mark.parametrize("sense", TESTS)
def test_each_sense_means_what_it_says_edges_included(sense, value, width):
    paths = [float(path) for path in range(-9, 10)]
    extra = {"between": {"value_high": value + width}, "about": {"tolerance": float(width)}}.get(sense, {})
    target = make_target(sense=sense, value=value, **extra)
    assert target.attained(np.array(paths)).tolist() == [TESTS[sense](path, target) for path in paths]
    assert bool(target.attained(paths[0])) == TESTS[sense](paths[0], target)


def test_every_sense_of_the_table_is_tested():
    assert set(TESTS) == set(SENSES)


@given(values, st.integers(0, 4), values)
def test_about_uses_our_half_width_only_where_the_document_prints_none(value, half, path):
    bare, printed = (
        make_target(sense="about", value=value),
        make_target(sense="about", value=value, tolerance=1),
    )
    assert bool(bare.attained(path, about=half)) == (abs(path - value) <= half)
    assert bool(printed.attained(path, about=half)) == (abs(path - value) <= 1)


@given(values)
def test_an_unknown_value_attains_nothing(value):
    for sense in ("more_than", "less_than", "at_least", "at_most", "about"):
        assert not make_target(sense=sense, value=value).attained(np.nan, about=99)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sense": "between"}, "sense between needs a value_high above value"),
        ({"sense": "between", "value": 4, "value_high": 3}, "sense between needs a value_high above value"),
        ({"value_high": 9e6}, "sense at_least takes no value_high"),
        ({"tolerance": 1}, "sense at_least takes no tolerance"),
        ({"sense": "about", "tolerance": -1}, "tolerance -1 lies below 0"),
        ({"measure": "term_total"}, "measure term_total needs a start before its end"),
        (
            {"measure": "term_mean_growth", "start": 2025},
            "measure term_mean_growth needs a start before its end",
        ),
        ({"start": 2026}, "start 2026 lies after end 2025"),
        ({"sense": None}, "Input should be 'more_than'"),
        ({"sense": "trên"}, "Input should be 'more_than'"),
        ({"value": None}, "Input should be a valid number"),
    ],
)
def test_a_target_whose_fields_do_not_fit_is_refused(fields, message):
    with pytest.raises(ValidationError, match=re.escape(message)):
        make_target(**fields)


@pytest.mark.parametrize("blank", [None, "", float("nan"), pd.NA])
def test_a_blank_cell_is_no_value(blank):
    target = make_target(value_high=blank, tolerance=blank, start=blank)
    assert (target.value_high, target.tolerance, target.start) == (None, None, None)


# the documents' own numbers -------------------------------------------------------------------------------


def test_the_targets_are_complete(root, targets):
    assert len(targets) == 208
    assert set(targets["document"]) == set(load_documents(root / "data").index)
    assert targets["id"].is_unique
    assert list(targets.columns) == [*TargetsTable.to_schema().columns, "where"]
    assert targets["where"].tolist() == [f"{FILE}:{line}" for line in range(2, 210)]


def test_every_target_of_the_repository_obeys_the_grammar(targets):
    for row in targets.to_dict("records"):
        assert Target.model_validate(row).id == row["id"]


def test_the_resolution_has_48_targets_in_25_groups(resolution, groups):
    counts = [2, 3, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1, 2, 4, 1, 1, 1, 4, 2, 2, 5, 2, 2, 2, 3]
    assert sum(counts) == len(resolution) == 48
    found = Counter(resolution["clause"].astype(int))
    assert [found[group] for group in range(1, 26)] == counts
    assert [len(group["indicators"]) for group in groups] == counts


def test_every_target_of_the_resolution_is_printed_in_its_group(resolution, groups):
    printed = {group["no"]: group["printed"] for group in groups}
    for row in resolution.to_dict("records"):
        assert row["printed"]
        assert row["printed"] in printed[int(row["clause"])], row["id"]


def test_the_indicators_of_a_group_are_the_same_everywhere(root, resolution, groups):
    indicators = load_indicators(root / "data")
    by_table = indicators.dropna(subset="group").groupby("group")["indicator_id"].agg(set)
    by_target = resolution.groupby(resolution["clause"].astype(int))["indicator_id"].agg(list)
    for group in groups:
        assert by_target[group["no"]] == group["indicators"]
        assert set(group["indicators"]) == by_table[group["no"]]
    assert set(indicators.loc[resolution["indicator_id"], "goal"]) == {"yes"}


def read_printed(text: str) -> tuple[str, float] | None:
    """Return the word before the last number of a Vietnamese text, and the number."""
    found = re.search(r"(\S+) (\d[\d.,]*)(?=\D*$)", text)
    return found and (found[1], float(found[2].replace(".", "").replace(",", ".")))


def test_senses_and_values_are_exactly_as_printed(resolution):
    words = {"trên": "more_than", "dưới": "less_than"}
    printed = {row["id"]: (row, read_printed(row["printed"])) for row in resolution.to_dict("records")}
    assert [name for name, (_, found) in printed.items() if found is None] == [
        "resolution-2023.25.party_committee_rating"
    ]
    for row, found in printed.values():
        if found is None:
            assert (row["measure"], row["value"]) == ("yes_no", 1)
            continue
        word, number = found
        assert row["value"] / number in (1, 1_000, 1_000_000), row["id"]
        assert row["sense"] == words.get(word, "about" if row["clause"] == "2" else "at_least"), row["id"]
        assert row["sense_inferred"] == ("no" if word in words else "yes"), row["id"]
    assert Counter(resolution["sense"]) == {"at_least": 34, "more_than": 7, "less_than": 4, "about": 3}


def test_a_bare_number_is_read_as_the_indicator_improves(root, targets):
    indicators = load_indicators(root / "data")
    better = targets["indicator_id"].map(indicators["better"])
    bare = targets["sense_inferred"] == "yes"
    assert set(better[bare & (targets["sense"] == "at_least")]) == {"more"}
    assert set(better[bare & (targets["sense"] == "at_most")]) == {"less"}
    assert set(targets.loc[bare, "sense"]) == {"at_least", "at_most", "about"}


def test_46_of_61_schools_are_the_percentage_that_is_printed(resolution):
    row = resolution.set_index("indicator_id").loc["schools_at_standard"]
    part, whole = map(int, row["fraction"].split("/"))
    assert (part, whole) == (46, 61)
    assert round(100 * part / whole, 1) == row["value"] == 75.4


def test_the_sector_shares_sum_to_100(resolution):
    shares = resolution[resolution["clause"] == "2"]
    assert list(shares["value"]) == [16.58, 30.91, 52.51]
    assert shares["value"].sum() == pytest.approx(100, abs=1e-9)
    assert set(shares["sense"]) == {"about"}


@pytest.mark.parametrize(
    ("indicator", "percent"),
    [
        ("tourist_arrivals", 29),
        ("tourism_revenue", 49.5),
        ("state_budget_revenue", 62),
        ("grdp_per_capita", 11),
    ],
)
def test_the_plan_of_2023_leaves_this_growth_a_year_to_the_goal_of_2025(targets, indicator, percent):
    by_id = targets.set_index("id")
    goal = by_id.loc[f"congress-2020.{indicator}"]
    (plan,) = resolution_rows(targets, indicator)
    assert (plan["end"], goal["end"], plan["unit"]) == (2023, 2025, goal["unit"])
    growth = required_growth(plan["value"], goal["value"], years=2)
    assert growth == pytest.approx(percent, abs=0.05 if percent % 1 else 0.5)
    assert required_pace(
        Target.model_validate(goal.to_dict() | {"id": "goal"}), make_observed(2023, [plan["value"]])
    ).per_year == pytest.approx(growth, abs=1e-9)


def resolution_rows(targets: pd.DataFrame, indicator: str) -> list[dict]:
    chosen = (targets["document"] == "resolution-2023") & (targets["indicator_id"] == indicator)
    return targets[chosen].to_dict("records")


def test_from_two_and_a_half_to_5_8_million_visits_takes_32_percent_a_year(targets):
    row = targets.set_index("id", drop=False).loc["congress-2020.tourist_arrivals"].to_dict()
    pace = required_pace(Target.model_validate(row), make_observed(2022, [2_500_000]))
    assert (pace.unit, pace.years) == ("percent_a_year", 3)
    assert pace.per_year == pytest.approx(100 * (2.32 ** (1 / 3) - 1), abs=1e-9)
    assert pace.per_year == pytest.approx(32.4, abs=0.05)


def test_the_congress_asks_for_14_5_percent_a_year_on_average_of_2021_to_2025(targets):
    row = targets.set_index("id", drop=False).loc["congress-2020.grdp_growth"].to_dict()
    goal = Target.model_validate(row)
    assert (goal.measure, goal.sense, goal.value, goal.start, goal.end) == (
        "term_mean_growth", "more_than", 14.5, 2021, 2025
    )  # fmt: skip
    untouched = required_pace(goal, make_observed(2020, [3.0]))
    assert (untouched.years, untouched.arithmetic) == (5, pytest.approx(14.5))
    assert untouched.per_year == pytest.approx(14.5)
    halfway = required_pace(goal, make_observed(2021, [5.0, 10.0]))
    assert halfway.years == 3
    assert halfway.arithmetic == pytest.approx((5 * 14.5 - 15) / 3)
    assert halfway.per_year == pytest.approx(100 * ((1.145**5 / (1.05 * 1.1)) ** (1 / 3) - 1))
    assert not goal.attained(14.5)
    assert goal.attained(14.51)


# bad input ------------------------------------------------------------------------------------------------


def told(project, **options) -> list[tuple[str, int, str, str]]:
    with pytest.raises(TargetsError) as caught:
        load_targets(project.data, **options)
    return [
        (problem.file, problem.line, problem.column, problem.message) for problem in caught.value.problems
    ]


BAD_CELLS = [
    ({"sense": ""}, "sense", '"" is unknown; write one of about, at_least, at_most, between'),
    ({"sense": "atleast"}, "sense", '"atleast" is unknown; did you mean at_least?'),
    ({"measure": "levels"}, "measure", '"levels" is unknown; did you mean level?'),
    ({"indicator_id": "grdp_percapita"}, "indicator_id", "is no indicator; did you mean grdp_per_capita?"),
    ({"area": "sapa"}, "area", '"sapa" is no area; did you mean sa_pa?'),
    ({"document": "resolution-2032"}, "document", "is no document; did you mean resolution-202"),
    ({"unit": "billion_vnd"}, "unit", '"billion_vnd" is unknown for grdp_per_capita; write "million_vnd"'),
    ({"value": "12.085"}, "value", '"12.085" may have a thousands mark; write 12085'),
    ({"value": "13,9"}, "value", '"13,9" is not a number; write 13.9'),
    ({"value": ""}, "value", "a number is missing"),
    ({"value": "118000"}, "value", "118,000 is implausible for grdp_per_capita; wanted 1 to 1,000"),
    ({"end": "2023.5"}, "end", '"2023.5" is not a whole number'),
    ({"end": "2203"}, "end", '"2203" does not fit; wanted '),
    ({"start": "2024"}, "", "start 2024 lies after end 2023"),
    ({"value_high": "120"}, "", "sense at_least takes no value_high"),
    ({"measure": "term_total"}, "", "measure term_total needs a start before its end"),
    ({"fraction": "61/46"}, "fraction", "61/46 is not 118 percent"),
    ({"fraction": "1/0"}, "fraction", "1/0 is not 118 percent"),
    ({"fraction": "46 of 61"}, "fraction", '"46 of 61" does not fit; wanted '),
    ({"published": "2023-02-30"}, "published", '"2023-02-30" is not a date'),
    ({"grade": "E"}, "grade", '"E" is unknown; write one of A, B, C'),
    ({"id": "resolution-2023.03.forest_cover"}, "id", "stands more than once"),
]  # fmt: skip


@pytest.fixture(scope="module")
def problems_of_file(module_project) -> dict[int, list[tuple[str, str]]]:
    rows = module_project.rows(FILE)
    plain = rows[module_project.find(FILE, id="resolution-2023.01.grdp_per_capita") - 2]
    bad = [plain | {"id": f"bad-{place}"} | cells for place, (cells, _, _) in enumerate(BAD_CELLS)]
    module_project.save(FILE, [*rows, *bad, plain | {"id": "good"}])
    found = told(module_project)
    assert {file for file, *_ in found} == {FILE}
    return {
        place: [(column, text) for _, line, column, text in found if line == place] for place in range(2, 300)
    }


@pytest.fixture(scope="module")
def problems_of_overlay(root, targets) -> dict[int, list[tuple[str, str]]]:
    plain = targets[targets["id"] == "resolution-2023.01.grdp_per_capita"].to_dict("records")[0]
    bad = [plain | {"id": f"bad-{place}"} | cells for place, (cells, _, _) in enumerate(BAD_CELLS)]
    with pytest.raises(TargetsError) as caught:
        load_targets(root / "data", overlay=pd.DataFrame([*bad, plain | {"id": "good"}]))
    found = caught.value.problems
    assert {problem.file for problem in found} == {"overlay"}
    return {place: [(p.column, p.message) for p in found if p.line == place] for place in range(2, 300)}


#: An id of the documents is no fault of the office's: its goal stands in that one's place.
CASES = [("problems_of_file", 210, place) for place in range(len(BAD_CELLS))]
CASES += [
    ("problems_of_overlay", 2, place) for place, (cells, _, _) in enumerate(BAD_CELLS) if "id" not in cells
]


@pytest.mark.parametrize(("source", "first", "place"), CASES)
def test_a_bad_target_is_one_problem_that_says_what_was_found_and_what_is_wanted(
    request, source, first, place
):
    _, column, message = BAD_CELLS[place]
    problems = request.getfixturevalue(source)[first + place]
    assert [name for name, _ in problems] == [column]
    assert message in problems[0][1]


def test_a_good_target_beside_bad_ones_is_not_blamed(problems_of_file, problems_of_overlay):
    assert problems_of_file[210 + len(BAD_CELLS)] == problems_of_overlay[2 + len(BAD_CELLS)] == []


@pytest.mark.parametrize("measure", ["level", "growth"])
def test_a_goal_of_every_year_is_one_target_a_year(project, measure):
    plain = targets_table(load_targets(project.data))
    line = project.find(FILE, id="resolution-2023.09.tourist_arrivals")
    project.change(FILE, line, measure=measure, start="2023", end="2025")
    found = targets_table(load_targets(project.data))
    assert len(found) == len(plain) + 2
    years = found[found["id"].str.startswith("resolution-2023.09.tourist_arrivals")]
    assert years["id"].to_list() == [
        f"resolution-2023.09.tourist_arrivals.{year}" for year in (2023, 2024, 2025)
    ]
    assert years["end"].to_list() == [2023, 2024, 2025]
    assert years["start"].isna().all()
    assert set(years["value"]) == {3_500_000}
    assert set(years["where"]) == {f"{FILE}:{line}"}
    others = found.drop(years.index).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        others, plain[plain["id"] != "resolution-2023.09.tourist_arrivals"].reset_index(drop=True)
    )


def test_a_goal_of_one_year_keeps_its_id(project):
    line = project.find(FILE, id="resolution-2023.09.tourist_arrivals")
    project.change(FILE, line, start="2023")
    assert "resolution-2023.09.tourist_arrivals" in {target.id for target in load_targets(project.data)}


def test_the_id_of_a_year_may_not_repeat_another(project):
    line = project.find(FILE, id="resolution-2023.09.tourist_arrivals")
    other = project.find(FILE, id="plan-2024.tourist_arrivals")
    project.change(FILE, line, start="2023", end="2025")
    project.change(FILE, other, id="resolution-2023.09.tourist_arrivals.2024")
    assert told(project) == [
        (FILE, other, "id", '"resolution-2023.09.tourist_arrivals.2024" stands more than once')
    ]


def test_a_share_that_cannot_be_is_refused(project):
    line = project.find(FILE, indicator_id="forest_cover")
    project.change(FILE, line, value="166.29")
    assert told(project) == [(FILE, line, "value", "166.29 cannot be a share in percent; wanted 0 to 100")]


def test_a_target_may_lie_outside_the_time_of_its_area(project):
    line = project.find(FILE, id="resolution-2023.09.tourist_arrivals")
    project.change(FILE, line, end="2049")
    assert len(load_targets(project.data)) == 208


def test_a_target_is_measured_in_the_unit_of_its_indicator_whatever_the_measure(project):
    line = project.find(FILE, id="congress-2020.grdp_growth")
    project.change(FILE, line, unit="percentage_points")
    assert told(project) == [
        (FILE, line, "unit", '"percentage_points" is unknown for grdp_growth; write "percent"')
    ]


def test_faults_of_all_files_come_out_in_one_error_in_order(project):
    project.change(FILE, 9, sense="", grade="Z")
    project.change(FILE, 3, value="13,9")
    project.change("data/documents.csv", 4, kind="x")
    project.change("data/indicators.csv", 5, role="x")
    assert [problem[:3] for problem in told(project)] == [
        ("data/documents.csv", 4, "kind"),
        ("data/indicators.csv", 5, "role"),
        (FILE, 3, "value"),
        (FILE, 9, "grade"),
        (FILE, 9, "sense"),
    ]


@pytest.mark.parametrize("file", ["targets.csv", "documents.csv", "indicators.csv", "areas.csv"])
def test_a_missing_file_is_one_problem_not_one_a_row(project, file):
    (project.data / file).unlink()
    assert told(project) == [(f"data/{file}", 0, "", "cannot be read: No such file or directory")]


def test_targets_of_the_office_are_appended_and_nothing_else_changes(root, targets):
    extra = targets.head(2).assign(id=["office.1", "office.2"])
    both = targets_table(load_targets(root / "data", overlay=extra))
    pd.testing.assert_frame_equal(both.head(208), targets)
    assert both.tail(2)[["id", "where"]].to_numpy().tolist() == [
        ["office.1", "overlay:2"],
        ["office.2", "overlay:3"],
    ]


def test_a_goal_of_the_office_stands_in_the_place_of_the_public_one(root, targets):
    own = targets.iloc[[3]].assign(value=targets["value"][3] + 1)
    both = targets_table(load_targets(root / "data", overlay=own))
    assert both["id"].tolist() == targets["id"].tolist()
    assert both.loc[3, ["value", "where"]].tolist() == [targets["value"][3] + 1, "overlay:2"]
    pd.testing.assert_frame_equal(both.drop(3), targets.drop(3))


def test_an_id_stands_once_among_those_of_the_office(root, targets):
    for own in (targets.iloc[[0, 0]], targets.iloc[[0, 0]].assign(id="office.1")):
        with pytest.raises(TargetsError) as caught:
            load_targets(root / "data", overlay=own)
        name = own["id"].iloc[0]
        assert str(caught.value) == (
            f'overlay has 2 problems\n  line 2, id: "{name}" stands more than once\n'
            f'  line 3, id: "{name}" stands more than once'
        )


# arithmetic is no reason to miss a goal -------------------------------------------------------------------


@given(
    st.integers(-500, 2_000), st.integers(0, 3), st.sampled_from(["at_least", "at_most", "between", "about"])
)
def test_a_result_equal_to_the_goal_attains_it_however_it_was_computed(printed, decimals, sense):
    goal = printed / 10**decimals
    more = {"value_high": goal + 1} if sense == "between" else {}
    made = make_target(sense=sense, value=goal, unit="percent", measure="growth", **more)
    computed = 100 * ((100 + goal) / 100 - 1)
    assert made.attained([computed, goal]).all()
    for strict in ("more_than", "less_than"):
        assert not make_target(sense=strict, value=goal, unit="percent").attained([computed, goal]).any()


@given(st.integers(1, 500), st.integers(1, 30))
def test_both_edges_of_a_tolerance_attain_alike(tenths, half):
    goal = make_target(sense="about", value=tenths / 10, tolerance=half / 10, unit="percent")
    edges = [(tenths - half) / 10, (tenths + half) / 10]
    beyond = [(tenths - half) / 10 - 1e-6, (tenths + half) / 10 + 1e-6]
    assert goal.attained(edges).all()
    assert not goal.attained(beyond).any()


def test_a_printed_tolerance_of_nothing_is_kept():
    exact = make_target(sense="about", value=4.0, tolerance=0.0, unit="percent")
    assert exact.attained([3.9, 4.0, 4.1], about=0.5).tolist() == [False, True, False]


@pytest.mark.parametrize("given", [None, 5, "goal", [None], [{"id": "x"}]])
def test_what_is_no_table_and_no_target_is_refused(given):
    with pytest.raises(TargetsError, match="wanted a table or objects of class Target"):
        as_targets(given)


@pytest.mark.parametrize("cells", [{"value": float("inf")}, {"value": float("-inf")}])
def test_a_goal_without_end_is_no_goal(cells):
    row = goal_row("level", "at_least", 3.0) | cells
    with pytest.raises(TargetsError, match="wanted a finite number"):
        as_targets(pd.DataFrame([row]))
