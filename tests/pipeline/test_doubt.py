"""Doubted figures through the front door: printed with their reason, not fitted, and weighed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sapa_analysis import assess_indicator, assess_targets
from sapa_analysis.evidence import DOUBTS, is_doubted, merge_repeats
from sapa_analysis.pipeline import build_area, judge, known_targets, pages_used, weigh_doubts
from sapa_analysis.reporting import (
    describe_figures,
    describe_trajectory,
    describe_weighed,
    judged_table,
    observations_table,
    plain,
    verdicts_table,
)
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.paper.model import texts_in
from sapa_analysis.reporting.review.said import paper_named
from sapa_analysis.series import find_family

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", ["vi", "en"])
GROWTH, TERM = "grdp_growth", "congress-2020.grdp_growth"


@pytest.fixture(scope="module")
def grown(params):
    return params.with_values(
        n_paths=100, as_of="2026-01-31", subjects={"growth": [GROWTH, "grdp_per_capita"]},
        documents=["congress-2020", "congress-2020-restated"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def known(tables, grown):
    """Return what the end of the term knows of output and population: one family, to be quick."""
    members = find_family(GROWTH, tables.indicators).members
    project = tables.as_of(grown.as_of)
    goals = [goal for goal in project.targets if goal.indicator_id in members]
    evidence = project.evidence[project.evidence["indicator_id"].isin(members)].reset_index(drop=True)
    return replace(project, evidence=evidence, targets=goals)


@pytest.fixture(scope="module")
def weighed(known, grown):
    return weigh_doubts(known, grown)


def without_doubts(project):
    return replace(project, evidence=project.evidence.assign(**dict.fromkeys(DOUBTS.values(), "")))


def test_a_doubted_figure_moves_no_series_of_its_family(known, grown):
    gone = replace(known, evidence=known.evidence[~is_doubted(known.evidence)].reset_index(drop=True))
    built, rest = (build_area(project, grown) for project in (known, gone))
    assert is_doubted(known.evidence).sum() == 1
    for area in rest:
        assert built[area].keys() == rest[area].keys()
        for name, series in rest[area].items():
            pd.testing.assert_frame_equal(built[area][name].table, series.table)
            pd.testing.assert_frame_equal(built[area][name].draws, series.draws)
            assert built[area][name].support == series.support


def test_what_it_would_move_is_what_the_run_without_the_doubt_gives(known, grown, weighed):
    goals = known_targets(known, grown)
    names = dict.fromkeys(goal.indicator_id for goal in goals)
    for project, suffix in ((known, ""), (without_doubts(known), "_with")):
        verdicts = judge(
            project, {name: assess_indicator(project, grown, name) for name in names}, goals, grown
        ).set_index("id")
        for name in ("expected", "probability"):
            found = weighed.set_index("id")[f"{name}{suffix}"]
            np.testing.assert_array_equal(found.to_numpy(), verdicts.loc[found.index, name].to_numpy())
    assert set(weighed["id"]) == {TERM, "congress-2020.grdp_per_capita"}
    assert (weighed["expected_with"] > weighed["expected"]).all()


def test_before_its_page_nothing_is_weighed(tables, grown):
    for day in ("2023-06-30", "2025-06-30"):
        assert weigh_doubts(tables, grown.with_values(as_of=day)).empty
    assert weigh_doubts(tables, grown, indicator="forest_cover").empty


def test_it_is_printed_as_published_with_its_page_and_against_its_goal(known, grown):
    results = assess_targets(known, grown)
    row = results.verdicts.set_index("id").loc[TERM]
    printed = ["latest", "latest_period", "latest_freq", "latest_bound", "latest_basis", "latest_doubt"]
    assert row[printed].tolist() == [13.8, "2020/2025", "TERM", "exact", "term", "not_fitted"]
    assert round(row["gap"], 6) == -0.7
    assert row["latest_url"] in set(pages_used(results)["source_url"])


def test_a_firm_figure_of_the_term_comes_before_a_doubted_one(known, grown):
    doubted = known.evidence[is_doubted(known.evidence)]
    firm = doubted.assign(value=10.1, published="2025-07-01", doubt_vi="", doubt_en="")
    project = replace(known, evidence=pd.concat([known.evidence, firm], ignore_index=True))
    row = assess_targets(project, grown).verdicts.set_index("id").loc[TERM]
    assert (row["latest"], row["latest_doubt"]) == (10.1, "")


@either
def test_readers_see_the_mark_and_the_reason_wherever_the_figure_stands(known, grown, lang):
    results, words = assess_targets(known, grown), texts(lang)
    mine = results.verdicts[results.verdicts["indicator_id"] == GROWTH]
    concept, mark = known.indicators.loc[GROWTH], words["published"]["not_fitted"]
    table = plain(verdicts_table(mine, known.indicators, needed=1, lang=lang))
    assert mark in table.iloc[0, 3]
    assert "†" not in table.iloc[0, 3]
    assert any(mark in cell for cell in plain(judged_table(known, results, lang=lang)).to_numpy().ravel())
    doubted = known.evidence[is_doubted(known.evidence)].iloc[0]
    lines = plain(describe_trajectory(results.outcomes[GROWTH], mine, concept, lang=lang))
    assert sum(doubted[f"doubt_{lang}"] in line for line in lines) == 1
    said = merge_repeats(known.evidence[known.evidence["indicator_id"] == GROWTH])
    kinds = observations_table(said, lang=lang)[words["table"]["kind"]]
    assert kinds.str.contains(words["doubts"]["mark"]).sum() == 1
    told = describe_figures(known, GROWTH, "sa_pa", lang=lang)
    assert words["lines"]["doubted"] in told
    assert any(doubted[f"doubt_{lang}"] in line for line in told)


@either
def test_what_it_would_move_is_told_target_by_target(known, weighed, lang):
    lines = plain(describe_weighed(weighed, known.indicators, lang=lang))
    assert len(lines) == len(weighed) == 2
    value = {"vi": "13,8%", "en": "13.8%"}[lang]
    for line, row in zip(lines, weighed.to_dict("records"), strict=True):
        assert value in line
        assert str(row["end"]) in line
        assert f"{100 * row['probability_with']:.0f}%" in line.replace(",", ".")
    assert describe_weighed(weighed.iloc[:0], known.indicators, lang=lang) == []


@either
@pytest.mark.parametrize("word", ["met", "missed"])
def test_a_goal_that_the_figure_would_settle_is_told_by_its_word(known, weighed, lang, word):
    row = weighed.iloc[:1].assign(status_with=word, expected_with=np.nan, probability_with=np.nan)
    [line] = plain(describe_weighed(row, known.indicators, lang=lang))
    assert f"– {texts(lang)['status'][word]}" in line
    assert texts(lang)["doubts"]["nothing"] not in line


def test_a_median_that_is_missing_on_one_side_is_told_as_none(known, weighed):
    row = weighed.iloc[:1].assign(expected=np.nan, probability=np.nan)
    [line] = plain(describe_weighed(row, known.indicators, lang="en"))
    assert "instead of none" in line


@either
@pytest.mark.parametrize("day", ["2023-06-30", "2026-01-31"])
def test_the_page_tells_what_a_doubted_figure_would_move_once_it_is_published(
    tables, params, papers_of, lang, day
):
    weighed = weigh_doubts(tables, params.with_values(as_of=day))
    assert weighed.empty == (day < "2026")
    last = weighed[weighed["end"] == weighed["end"].max()]
    on = date.fromisoformat(day)
    told = plain(describe_weighed(last, tables.indicators, lang=lang, named=paper_named, as_of=on))
    lines = plain(list(texts_in(papers_of(day)[0][f"review-{lang}"])))
    words = texts(lang)["status"] | texts(lang)["overdue"]
    for (_, row), sentence in zip(last.iterrows(), told, strict=True):
        assert sentence in lines
        assert words[row["status_with"]] in sentence
    told_of = [text for text in texts_in(papers_of(day)[0][f"review-{lang}"]) if ".with_" in text]
    assert len(told_of) == len(last)


def test_a_doubted_figure_of_the_year_due_is_told_and_decides_nothing(judged):
    row = judged.verdicts.set_index("id").loc["congress-2020.income_per_capita"]
    assert row[["latest", "latest_period", "latest_doubt"]].tolist() == [91.72, "2025", "not_fitted"]
    assert row[["gap", "completion"]].isna().all()  # a figure of another area says nothing of the goal
    assert (row["status"], row["reason"]) == ("not_assessed", "too_wide")
