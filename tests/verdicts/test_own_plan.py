"""A plan is not judged by a forecast whose only level is that plan; what is known of such plans stands instead."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import observation, target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, assess_indicator, judge_targets
from sapa_analysis.core import OUTLOOKS, STATUSES, PlanLevel, as_targets, years_text
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.evaluation import settle
from sapa_analysis.pipeline import judge, known_targets
from sapa_analysis.reporting import (
    describe_support,
    describe_trajectory,
    describe_verdicts,
    judged_table,
    plain,
    verdicts_table,
)
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.paper.model import Tiles
from sapa_analysis.reporting.sentences.plans import describe_plans
from sapa_analysis.series.plan import plan_outcomes
from sapa_analysis.verdicts import attained_paths, count_outlooks, group_verdicts, joint_chances, read_rules
from sapa_analysis.verdicts.entry import DECISION, entry_table, entry_text

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", ["vi", "en"])
BUDGET, PLAN = "state_budget_revenue", "resolution-2023.06.state_budget_revenue"
TERM = "congress-2020.state_budget_revenue"
BEFORE, AFTER = ("2023-01-15", "2023-06-30", "2024-01-15"), ("2025-06-30", "2026-01-31")
GOALS = [
    target(id="own", value=3.0, end=2023),
    target(id="more", value=3.1, end=2023),
    target(id="later", value=3.0),
]


def of_plans(*kept: bool | None, area: str = "lao_cai") -> PlanLevel:
    """Return a plan of 2023 as the only level, with earlier plans that were fulfilled or not."""
    return PlanLevel(((2023, 3.0),), tuple((area, 2010 + n, each) for n, each in enumerate(kept)))


def fan(level: PlanLevel | None, published: bool = False) -> dict[str, Forecast]:
    basis = "year" if published else "interpolated"
    series = yearly({2021: 2.0, 2022: 2.5}, bases={2021: basis, 2022: basis}, as_of=date(2023, 6, 30))
    paths = pd.DataFrame([np.linspace(2.5, 3.5, 101)] * 3, index=yearly_index([2023, 2024, 2025]))
    return {"tourist_arrivals": Forecast(replace(series, plan_level=level), paths, "naive")}


# laws -----------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([True, False, None]), max_size=9))
def test_only_the_plan_that_is_the_level_itself_goes_without_a_chance(kept):
    level = of_plans(*kept)
    found, before = (judge_targets(fan(each), pd.DataFrame(GOALS)).set_index("id") for each in (level, None))
    own = found.loc["own"]
    assert (own["status"], own["reason"]) == ("plan_only", "own_plan")
    assert own[["probability", "expected", "lower_80", "upper_80", "stability"]].isna().all()
    assert (own["plans_met"], own["plans_known"]) == (kept.count(True), len(kept) - kept.count(None))
    told = [each.split() for each in own["plans_outcomes"].split("; ") if each]
    words = {True: "met", False: "missed", None: "unknown"}
    assert told == [["lao_cai", str(2010 + n), words[each]] for n, each in enumerate(kept)]
    assert found.loc[["more", "later"], ["plans_met", "plans_known"]].isna().all(axis=None)
    assert (found.loc[["more", "later"], "plans_outcomes"] == "").all()
    assert found["level_of_plans"].all()
    assert not before["level_of_plans"].any()
    same = ["probability", "expected", "lower_80", "upper_80", "status", "reason"]
    pd.testing.assert_frame_equal(found.loc[["more", "later"], same], before.loc[["more", "later"], same])


def test_a_plan_without_a_chance_counts_in_no_joint_question_and_in_no_score():
    level, goals = fan(of_plans(True, False, True, None)), pd.DataFrame(GOALS)
    attained = attained_paths(level, goals)
    assert list(attained) == ["more", "later"]
    verdicts = judge_targets(level, goals.assign(field="tourism"))
    joint = joint_chances(verdicts, attained).set_index("field")
    assert joint.loc["tourism", ["n", "n_assessed", "lower"]].tolist() == [3, 2, 0.0]
    issued = entry_table(entry_text(verdicts, read_rules(level, goals))).set_index("id")
    assert issued.loc["own", ["status", "reason", "decision"]].tolist() == ["plan_only", "own_plan", DECISION]
    assert np.isnan(issued.loc["own", "probability"])
    assert issued.loc["own", ["plans_met", "plans_known"]].tolist() == [2, 3]
    assert issued.loc["own", "plans_outcomes"].endswith("lao_cai 2012 met; lao_cai 2013 unknown")
    assert issued.loc[["more", "later"], ["plans_met", "plans_known"]].isna().all(axis=None)
    outcome = pd.DataFrame({"id": ["own", "more"], "status": "met", "measure": "level", "end": 2023,
                            "latest_year": 2023, "latest": 3.2})  # fmt: skip
    assert settle(issued.reset_index(), outcome)["id"].tolist() == ["more"]


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        (["plan_only"], "plan_only"),
        (["met", "plan_only"], "plan_only"),
        (["missed", "plan_only"], "missed"),
        (["unlikely", "plan_only"], "unlikely"),
        (["plan_only", "not_assessed"], "not_assessed"),
    ],
)
def test_a_group_stays_open_with_its_plan(parts, status):
    rows = pd.DataFrame(
        {"id": [str(n) for n in range(len(parts))], "document": "plan", "clause": "6", "status": parts}
    )
    chance = {"met": 1.0, "missed": 0.0, "unlikely": 0.2}
    attained = pd.DataFrame(
        {str(n): np.arange(10) < 10 * chance[part] for n, part in enumerate(parts) if part in chance}
    )
    for table in (attained, None):
        group = group_verdicts(rows, table).iloc[0]
        assert group["status"] == status
        assert group["n_assessed"] == len(attained.columns)
    assert count_outlooks(rows["status"])["plan_only"] == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(2005, 2015), st.floats(0.5, 2.0)), max_size=8))
def test_each_year_is_one_plan_as_it_was_first_published(ratios):
    plans = as_targets(pd.DataFrame([
        target(id=f"plan-{n}", end=year, value=100.0, published=f"{year}-0{1 + n}", indicator_id=BUDGET)
        for n, (year, _) in enumerate(ratios)
    ])) if ratios else []  # fmt: skip
    results = dict(reversed(ratios))
    said = pd.DataFrame(
        {"member": BUDGET, "area": "sa_pa", "year": list(results), "basis": "year",
         "reading": np.log([100 * ratio for ratio in results.values()])}
    )  # fmt: skip
    found = plan_outcomes(plans, said, [BUDGET], 2012)
    assert [(area, year) for area, year, _ in found] == [
        ("sa_pa", year) for year in sorted(results) if year < 2013
    ]
    assert all(kept == (results[year] >= 1 - 1e-9) for _, year, kept in found)
    nothing = plan_outcomes(plans, said.iloc[:0], [BUDGET], 2012)
    assert [kept for *_, kept in nothing] == [None] * len(found)


# the town's budget revenue --------------------------------------------------------------------------------


@pytest.mark.parametrize("day", BEFORE)
def test_the_plan_of_2023_is_known_by_itself_only_until_a_figure_is_published(results_of, day):
    found = results_of(day)
    verdicts = found.verdicts.set_index("id")
    assert verdicts.loc[PLAN, ["status", "reason"]].tolist() == ["plan_only", "own_plan"]
    assert 0 <= verdicts.loc[PLAN, "plans_met"] <= verdicts.loc[PLAN, "plans_known"]
    assert PLAN not in found.attained
    # another year's plan is its level: said, not withheld, unless it may end anywhere
    assert pd.notna(verdicts.loc[TERM, "probability"]) == (verdicts.loc[TERM, "reason"] != "too_wide")
    assert verdicts.loc[TERM, "level_of_plans"]
    assert verdicts["level_of_plans"].sum() == 2
    assert (verdicts["status"] == "plan_only").sum() == 1


@pytest.mark.parametrize("day", AFTER)
def test_with_a_figure_the_plan_is_judged_as_any_target(results_of, day):
    verdicts = results_of(day).verdicts
    assert not verdicts["status"].eq("plan_only").any()
    assert not verdicts["level_of_plans"].any()
    assert verdicts.set_index("id").loc[PLAN, "probability"] > 0.9


@pytest.mark.parametrize(("period", "freq"), [("2023-01/2023-05", "YTD"), ("2021", "A")])
def test_a_figure_of_the_town_whole_or_part_of_a_year_brings_the_chance_back(tables, params, period, freq):
    params = params.with_values(n_paths=100, as_of="2023-06-30", subjects={"budget": [BUDGET]})
    row = observation(period, 300.0, freq, indicator_id=BUDGET, unit="billion_vnd", published="2023-06-10")
    known = tables.as_of("2023-06-30")
    cells = dict.fromkeys(known.evidence.columns, "") | row
    more = pd.concat([known.evidence, pd.DataFrame([cells])[known.evidence.columns]], ignore_index=True)
    for project, own in ((known, True), (replace(known, evidence=more.astype(known.evidence.dtypes)), False)):
        outcome = assess_indicator(project, params, BUDGET)
        verdicts = judge(
            project, {BUDGET: outcome}, known_targets(project, params, BUDGET), params
        ).set_index("id")
        assert (verdicts.loc[PLAN, "status"] == "plan_only") == own
        assert np.isnan(verdicts.loc[PLAN, "probability"]) == own


# what readers meet ----------------------------------------------------------------------------------------


@either
@pytest.mark.parametrize("day", BEFORE)
def test_readers_are_told_how_such_plans_were_fulfilled(tables, results_of, lang, day):
    found, words = results_of(day), texts(lang)
    mine = found.verdicts[found.verdicts["indicator_id"] == BUDGET]
    met, known = mine.iloc[0][["plans_met", "plans_known"]]
    whose, word = words["plans"]["of_above"], words["status"]["plan_only"]
    told = words["plans"]["fulfilled"].format(word=word, whose=whose, met=met, known=known)
    table = plain(verdicts_table(mine, tables.indicators, needed=1, lang=lang))
    assert table.iloc[0, -1] == told
    assert table.iloc[0, 4] == ""
    if mine.iloc[1]["reason"] != "too_wide":
        assert words["plans"]["level"] in table.iloc[1, -1]
        assert words["table"]["few"] not in table.iloc[1, -1]
    page = plain(judged_table(tables, found, lang=lang))
    around = {"places": tables.areas, "indicators": tables.indicators}
    lines = plain(
        describe_trajectory(found.outcomes[BUDGET], mine, tables.indicators.loc[BUDGET], lang=lang, **around)
    )
    of_whom = plain(describe_plans(mine, tables.areas, lang))
    assert len(of_whom) == 1
    assert of_whom[0] in lines
    assert of_whom[0] in page.to_numpy()
    assert any(told in line for line in lines)
    assert words["trajectory"]["plan_level"] in lines
    assert words["trajectory"]["own_plan"].format(year=2023) in lines or day > "2023-12-31"
    assert not any(words["trajectory"]["none"] == line for line in lines)


@either
@pytest.mark.parametrize("day", BEFORE)
def test_the_sentence_says_whose_plans_they_are_of_which_years_and_of_how_many(tables, results_of, lang, day):
    """The five pairs are the province's, none of the last five years; most plans have no known outcome."""
    mine = results_of(day).verdicts.query("status == 'plan_only'")
    sentence, own = plain(describe_plans(mine, tables.areas, lang))[0], tables.areas[f"name_{lang}"]
    plans = [each.split() for each in mine["plans_outcomes"].iloc[0].split("; ")]
    known = [int(year) for area, year, kept in plans if kept != "unknown"]
    assert {area for area, _, kept in plans if kept != "unknown"} == {"lao_cai"}
    assert max(known) == 2017
    of_area = sum(area == "lao_cai" for area, *_ in plans)
    assert of_area > 2 * len(known)
    for part in (own["lao_cai"], years_text(known), f": {of_area}", str(len(known))):
        assert part in sentence
    assert sentence.endswith(texts(lang)["plans"]["not_own"].format(area=own["sa_pa"]))


@either
def test_plans_of_the_area_itself_are_told_as_its_own(tables, lang):
    verdicts = judge_targets(fan(of_plans(True, False, None, area="sa_pa")), pd.DataFrame(GOALS[:1]))
    words, own = texts(lang)["plans"], tables.areas.loc["sa_pa", f"name_{lang}"]
    assert plain(describe_plans(verdicts, tables.areas, lang)) == [
        words["whose"].format(areas=own, first=2010, last=2012, n=3, known=2, years="2010–2011", met=1)
    ]
    assert (
        words["of_own"] in plain(verdicts_table(verdicts, tables.indicators, needed=1, lang=lang)).iloc[0, -1]
    )


@either
def test_without_any_outcome_no_share_is_told(tables, lang):
    words = texts(lang)
    verdicts = judge_targets(fan(of_plans(None)), pd.DataFrame(GOALS[:1]))
    cell = plain(verdicts_table(verdicts, tables.indicators, needed=1, lang=lang)).iloc[0, -1]
    assert cell == words["plans"]["unknown"].format(word=words["status"]["plan_only"])
    assert describe_plans(verdicts, tables.areas, lang) == []


@either
@pytest.mark.parametrize("day", ["2023-06-30", "2026-01-31"])
def test_the_counts_add_up_to_all_targets_and_groups(results_of, papers_of, lang, day):
    found = results_of(day)
    [tiles] = [block for block in papers_of(day)[0][f"briefing-{lang}"].blocks if isinstance(block, Tiles)]
    for tile, (_, mine) in zip(tiles.rows, found.verdicts.groupby("document", sort=False), strict=False):
        groups = group_verdicts(mine, found.attained)
        counts = {outlook: int(plain(n)) for outlook, n, _ in tile.counts}
        assert sum(counts.values()) == len(groups)
        assert counts == {name: n for name, n in count_outlooks(groups["status"]).items() if name in counts}
        assert ("plan_only" in counts) == (day in BEFORE)
    assert set(OUTLOOKS) - set(counts) <= {"plan_only"}
    assert found.verdicts["status"].isin(STATUSES).all()
    told = plain(describe_verdicts(found.verdicts, lang))
    assert any(texts(lang)["status"]["plan_only"] in line for line in told) == (day in BEFORE)


@pytest.mark.parametrize("day", BEFORE)
def test_one_figure_and_one_plan_are_told_in_the_singular(tables, results_of, day):
    outcome = results_of(day).outcomes[BUDGET]
    told = plain(describe_support(outcome, tables.areas, tables.indicators, lang="en"))[-1]
    assert "1 yearly plan;" in told
    assert not re.search(r"\b1 (figures|yearly plans)\b", told)
    assert re.search(r"\b[2-9] figures of\b", told)
