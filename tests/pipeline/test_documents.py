"""The documents of the parameters, as far as a day knew them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from sapa_analysis.core import Forecast, targets_table
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import (
    check_papers,
    compare_papers,
    documents_of,
    known_targets,
    scenarios_of,
    under_scenarios,
)
from sapa_analysis.reporting import describe_comparisons, describe_consistency

pytest_plugins = ["loaded"]
BEFORE, AFTER = date(2024, 3, 31), date(2024, 4, 30)
REVENUE = "resolution-2023.09.tourism_revenue"


@pytest.fixture(scope="module")
def on(params):
    return {day: params.with_values(as_of=day) for day in (BEFORE, AFTER)}


def revenue_goals(compared: pd.DataFrame) -> list[float]:
    return compared.loc[compared["id_one"] == REVENUE, "value_other"].to_list()


def test_before_april_2024_one_goal_of_revenue_is_compared_and_then_both(tables, on):
    assert revenue_goals(compare_papers(tables, on[BEFORE])) == [27000]
    assert revenue_goals(compare_papers(tables, on[AFTER])) == [27000, 27900]


def test_the_restated_goal_leaves_a_steeper_pace_and_every_other_row_as_it_was(tables, on):
    before, after = (compare_papers(tables, on[day]) for day in (BEFORE, AFTER))
    old = after[after["document_other"] != "congress-2020-restated"].reset_index(drop=True)
    pd.testing.assert_frame_equal(before, old)
    paces = after.loc[after["id_one"] == REVENUE, "pace"].to_list()
    assert paces == pytest.approx([100 * ((goal / 12085) ** 0.5 - 1) for goal in (27000, 27900)])


def test_the_first_document_stands_beside_all_others_that_were_known(tables, on):
    compared = compare_papers(tables, on[AFTER])
    known = targets_table(known_targets(tables, on[AFTER]))
    assert set(compared["document_one"].dropna()) == {"resolution-2023"}
    assert set(compared["id_one"].dropna()) == set(known.loc[known["document"] == "resolution-2023", "id"])
    others = known.loc[known["document"] != "resolution-2023", "id"]
    assert set(compared["id_other"].dropna()) == set(others)


def test_a_check_sees_only_what_the_day_knew(tables, on):
    before, after = (check_papers(tables, on[day]) for day in (BEFORE, AFTER))
    named = [set(";".join(found["documents"]).split(";")) for found in (before, after)]
    assert "congress-2020-restated" not in named[0]
    assert "congress-2020-restated" in named[1]
    known = {target.id for target in known_targets(tables, on[BEFORE])}
    assert set(";".join(before["targets"]).split(";")) <= known
    assert before["since"].dropna().le(2025).all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_area_without_documents_gives_empty_tables(lang, tables, params):
    there = params.with_values(area="viet_nam")
    compared, found = compare_papers(tables, there), check_papers(tables, there)
    assert compared.empty
    assert found.empty
    assert describe_comparisons(compared, tables.indicators, lang=lang).empty
    assert describe_consistency(found, tables.indicators, lang=lang).empty


def test_one_document_alone_is_compared_with_none(tables, params):
    alone = params.with_values(documents=["resolution-2023"])
    assert compare_papers(tables, alone).empty
    assert len(check_papers(tables, alone))


@pytest.mark.parametrize("day", ["2014-01-01", "2023-06-30", "2026-01-31"])
@pytest.mark.parametrize("chosen", [["resolution-2023"], ["congress-2020", "resolution-2023"]])
def test_an_area_of_a_chosen_document_is_judged_by_the_chosen_alone(day, chosen, tables, params):
    """Also on a day that knew none of them: no other paper of the town steps in."""
    asked = params.with_values(as_of=day, documents=chosen)
    for project in (tables, tables.as_of(asked.as_of)):
        assert documents_of(project, asked) == chosen
        assert {target.document for target in known_targets(project, asked)} <= set(chosen)


@pytest.mark.parametrize("day", ["2014-06-30", "2018-06-30", "2023-06-30", "2024-12-31"])
def test_another_area_is_judged_by_its_own_papers_with_a_goal_still_due(day, tables, params):
    asked = params.with_values(area="lao_cai", as_of=day)
    named, last = (
        documents_of(tables, asked),
        asked.as_of.year - (asked.as_of < date(asked.as_of.year, 12, 31)),
    )
    assert named == [name for name in tables.documents.index if name in named]
    known = [goal for goal in tables.as_of(asked.as_of).targets if goal.area == "lao_cai"]
    for name in {goal.document for goal in known}:
        assert (name in named) == any(goal.end >= last for goal in known if goal.document == name)
    assert set(known_targets(tables, asked)) == {goal for goal in known if goal.document in named}


def test_a_document_chosen_by_name_is_judged_for_another_area_too(tables, params):
    asked = params.with_values(area="lao_cai", documents=["lao_cai.congress-2020"])
    assert documents_of(tables, asked) == ["lao_cai.congress-2020"]


def test_scenarios_of_the_town_say_nothing_of_another_area(tables, params, outcomes):
    assert list(scenarios_of(tables, params)) == ["low", "base", "high"]
    there = params.with_values(area="lao_cai")
    assert list(scenarios_of(tables, there)) == ["lao_cai_low", "base", "lao_cai_high"]
    there = there.with_values(scenarios=["low", "base", "high"])
    assert list(scenarios_of(tables, there)) == ["base"]
    under = under_scenarios(tables, there, outcomes)
    assert list(under) == ["base"]
    ahead = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Forecast)}
    assert ahead
    assert all(under["base"][name].paths.equals(outcome.paths) for name, outcome in ahead.items())
