"""Joint questions: chances of groups and of many targets are counts over the same paths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, NotAssessed, judge_targets
from sapa_analysis.core.likelihood import FROM_WORST, word_of
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.verdicts.attainment import attained_paths
from sapa_analysis.verdicts.group import final_completions, group_verdicts, joint_chances
from sapa_analysis.verdicts.plan_outcome import plan_bias, plan_pairs
from sapa_analysis.verdicts.progress_rules import count_bands

pytest_plugins = ["loaded"]

few = settings(max_examples=min(20, settings.default.max_examples))
PAST = {2020: 1.0, 2021: 1.5, 2022: 2.0, 2023: 2.5}
ONE, OTHER = [1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]


def outcomes(one=ONE, other=OTHER):
    """Return two indicators: in the first paths one is low and the other high."""
    found = {}
    for name, values in (("tourist_arrivals", one), ("tourism_revenue", other)):
        paths = pd.DataFrame([list(values)], index=yearly_index([2024]))
        found[name] = Forecast(yearly(PAST, indicator=name), paths, "naive")
    return found


def rows(*goals, field="tourism", clause="1"):
    """Return a target of each indicator, or of one that nobody forecasts."""
    names = ["tourist_arrivals", "tourism_revenue", "retail_sales"]
    return pd.DataFrame(
        [
            target(id=name, indicator_id=name, value=goal, end=2024, field=field, clause=clause)
            for name, goal in zip(names, goals, strict=False)
        ]
    )


def both(found, targets):
    return judge_targets(found, targets), attained_paths(found, targets)


@few
@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=20), st.floats(0.1, 10))
def test_the_probability_of_a_target_is_the_share_of_paths_that_attain_it(values, goal):
    verdicts, attained = both(outcomes(values, values), rows(goal, goal))
    np.testing.assert_allclose(attained.mean(), verdicts.set_index("id")["probability"])


def test_a_group_is_reached_in_the_paths_that_attain_all_its_parts():
    [group] = group_verdicts(*both(outcomes(), rows(2.0, 2.0))).to_dict("records")
    assert group["probability"] == group["at_most"] == 0.5  # each alone has 3 of 4, but not the same three
    assert group["status"] == word_of(0.5)


@few
@given(st.permutations(ONE), st.permutations(OTHER), st.floats(0.5, 4.5), st.floats(0.5, 4.5))
def test_a_group_is_never_likelier_than_its_weakest_part(one, other, goal, second):
    verdicts, attained = both(outcomes(one, other), rows(goal, second))
    [group] = group_verdicts(verdicts, attained).to_dict("records")
    assert group["probability"] <= verdicts["probability"].min() + 1e-12
    weakest = min(verdicts["status"], key=FROM_WORST.index)
    assert FROM_WORST.index(group["status"]) <= FROM_WORST.index(weakest)


@pytest.mark.parametrize(
    ("goal", "status"), [(1.0, "not_assessed"), (3.5, "unlikely"), (9.0, "very_unlikely")]
)
def test_a_part_that_is_not_assessed_leaves_a_bound_and_no_chance(goal, status):
    found = {"tourist_arrivals": outcomes()["tourist_arrivals"]}
    [group] = group_verdicts(*both(found, rows(goal, 1.0))).to_dict("records")
    assert np.isnan(group["probability"])
    assert group["at_most"] == np.mean([value >= goal for value in ONE])
    assert group["status"] == status


def test_known_parts_are_met_or_missed_in_all_paths():
    known = rows(1.0, 1.0).assign(end=2023)
    verdicts, attained = both(outcomes(), known)
    assert attained.all(axis=None)
    assert group_verdicts(verdicts, attained)["status"].to_list() == ["met"]
    verdicts, attained = both(outcomes(), rows(9.0, 1.0).assign(end=[2023, 2024]))
    assert group_verdicts(verdicts, attained)["status"].to_list() == ["missed"]


FINAL = {"completion": 1.05, "latest_basis": "year", "latest_kind": "actual", "latest_doubt": ""}
NOT_FINAL = [
    {"latest_basis": "year_estimate", "latest_kind": "estimate"}, {"latest_basis": "part_year"},
    {"latest_basis": "term"}, {"latest_doubt": "not_fitted"}, {"completion": None},
]  # fmt: skip


def completed(*parts):
    """Return the completion of a group of such parts, and the bands that its targets count in."""
    rows = pd.DataFrame([{"document": "d", "clause": "1", "status": "even"} | part for part in parts])
    rows["id"] = rows.index.astype(str)
    [group] = group_verdicts(rows).to_dict("records")
    return group["completion"], count_bands(final_completions(rows))


@pytest.mark.parametrize("other", NOT_FINAL, ids=str)
def test_a_figure_that_is_not_final_counts_in_no_band_and_leaves_its_group_unknown(other):
    completion, bands = completed(FINAL, FINAL | other)
    assert np.isnan(completion)
    assert bands == {"exceeded": 1, "met": 0, "over_90": 0, "below": 0}


@pytest.mark.parametrize(("share", "known"), [(0.9, True), (0.95, False)])
def test_a_part_missed_in_the_lowest_band_decides_the_completion_of_its_group(share, known):
    missed, unknown = FINAL | {"completion": share, "status": "missed"}, FINAL | NOT_FINAL[0]
    completion, _ = completed(missed, unknown, FINAL)
    assert (completion == share) == known
    assert np.isnan(completion) != known
    assert np.isnan(completed(missed | {"status": "even"}, unknown)[0])


@pytest.mark.parametrize("lower", [0.5, 0.97, 1.2])
def test_the_completion_of_a_group_with_final_figures_is_the_lowest(lower):
    assert completed(FINAL, FINAL | {"completion": lower})[0] == min(lower, 1.05)


def test_groups_of_the_project_with_an_open_part_are_in_no_band(results_of):
    found = results_of("2024-01-15")
    groups = group_verdicts(found.verdicts, found.attained)
    mine = groups[groups["document"] == "resolution-2023"].set_index("clause")["completion"]
    assert mine[["9", "11", "18"]].isna().all()  # an estimate beside two months; half a year; one of four
    assert mine["1"] == pytest.approx(99.36 / 118)


def test_questions_about_a_field_are_bounded_by_what_is_not_assessed():
    table = joint_chances(*both(outcomes(), rows(2.0, 2.0))).set_index(["question", "field"])
    assert table.loc[("all", "tourism"), ["lower", "upper"]].to_list() == [0.5, 0.5]
    assert table.loc[("all", "economic"), ["lower", "upper"]].to_list() == [0.5, 0.5]
    table = joint_chances(*both(outcomes(), rows(2.0, 2.0, 2.0))).set_index(["question", "field"])
    assert table.loc[("all", "tourism"), ["n", "n_assessed", "lower", "upper"]].to_list() == [3, 2, 0, 0.5]


@few
@given(st.permutations(ONE), st.permutations(OTHER), st.floats(0.05, 1), st.floats(0.5, 4.5))
def test_most_groups_is_a_count_over_paths(one, other, share, goal):
    targets = rows(goal, goal, goal).assign(clause=["1", "2", "3"])
    table = joint_chances(*both(outcomes(one, other), targets), share=share)
    [most] = table[table["question"] == "most"].to_dict("records")
    reached = np.add(np.array(one) >= goal, np.array(other) >= goal, dtype=int)
    assert most["wanted"] == int(np.ceil(3 * share - 1e-9))
    assert most["lower"] == pytest.approx(np.mean(reached >= most["wanted"]))
    assert most["upper"] == pytest.approx(np.mean(reached + 1 >= most["wanted"]))


def test_at_least_20_of_25_groups():
    targets = pd.concat([rows(1.0).assign(clause=str(n), id=f"t{n}") for n in range(25)], ignore_index=True)
    table = joint_chances(*both(outcomes(), targets))
    [most] = table[table["question"] == "most"].to_dict("records")
    assert (most["n"], most["wanted"], most["lower"]) == (25, 20, 1.0)


def test_forecasts_of_different_numbers_of_paths_do_not_meet():
    with pytest.raises(ValueError, match="in common"):
        attained_paths(outcomes(ONE, OTHER[:3]), rows(1.0, 1.0))


# plans ----------------------------------------------------------------------------------------------------

DOCUMENTS = pd.DataFrame({"kind": ["plan", "statement"]}, index=["plan", "talk"])


def fulfilled(n, ratio=1.1, **changed):
    """Return plans of n years, each fulfilled by the same ratio, and their verdicts."""
    years = range(2024 - n, 2024)
    found = {"tourist_arrivals": NotAssessed(yearly(dict.fromkeys(years, 2.0 * ratio)), "too_few_years", 5)}
    plans = pd.DataFrame(
        [target(id=f"p{year}", value=2.0, end=year, published=f"{year}-01", **changed) for year in years]
    )
    return plan_pairs(judge_targets(found, plans), plans, DOCUMENTS)


@pytest.mark.parametrize(("n", "told"), [(4, False), (5, True)])
def test_a_bias_is_told_from_five_pairs_on(n, told):
    table = plan_bias(fulfilled(n)).set_index("indicator_id")
    assert table["n"].to_list() == [n, n]
    assert table["ratio"].notna().all() == told
    if told:
        assert table.loc["all", ["met", "ratio", "lower"]].to_list() == pytest.approx([1, 1.1, 1.1])


def test_only_yearly_plans_of_amounts_are_pairs():
    assert len(fulfilled(2)) == 2
    assert fulfilled(2, document="talk").empty
    assert fulfilled(2, sense="less_than").empty
    late = rows(2.0).assign(end=2023, published="2020-06")
    assert plan_pairs(judge_targets(outcomes(), late), late, DOCUMENTS).empty


def test_a_plan_that_was_raised_counts_once_as_first_published():
    plans = pd.DataFrame(
        [target(id=f"p{month}", value=2.0 + month, end=2023, published=f"2023-0{month}") for month in (5, 1)]
    )
    found = {"tourist_arrivals": NotAssessed(yearly(PAST), "too_few_years", 5)}
    assert plan_pairs(judge_targets(found, plans), plans, DOCUMENTS)["plan"].to_list() == [3.0]
