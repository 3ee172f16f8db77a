"""The notebook of the scenarios: its answer, shares of a change in sentences, why a section is empty."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from finished import is_finished
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import Forecast, NotAssessed, plain, scenario
from sapa_analysis.core import yearly_index
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import known_targets, mixes_wanted
from sapa_analysis.reporting import (
    describe_causes,
    describe_edition_change,
    needed_table,
    scenarios_headline,
    why_no_rows,
)
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.tagged_numbers import numbers_in
from sapa_analysis.scenarios import split_by_causes

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
VISITS, REVENUE = "tourist_arrivals", "tourism_revenue"
NAMES = ("first", "second", "third")
SCENARIOS = {"base": scenario("base")} | {name: scenario(name, tourist_arrivals="+5%") for name in NAMES}
YEAR, MEDIAN, HALF = 2025, 4e6, 1e6
#: Differences in percent that print apart, with one decimal.
apart = st.lists(st.integers(-400, 400).map(lambda n: n / 10), min_size=3, max_size=3, unique=True)


def frames(by_name, *, half=HALF, width=0.0):
    """Return comparison and differences of scenarios that move the median of visits by percentages."""
    rows = [
        {"scenario": name, "year": YEAR, "median": MEDIAN * (1 + each / 100), "lower_80": MEDIAN - half,
         "upper_80": MEDIAN + half}
        for name, each in {"base": 0.0, **by_name}.items()
    ]  # fmt: skip
    moved = [
        {"scenario": name, "indicator": VISITS, "year": YEAR, "kind": "percent", "median": each,
         "lower_80": each - width, "upper_80": each + width, "unit": "percent"}
        for name, each in by_name.items()
    ]  # fmt: skip
    columns = ["scenario", "indicator", "year", "kind", "median", "lower_80", "upper_80", "unit"]
    return pd.DataFrame(rows), pd.DataFrame(moved, columns=columns)


def odds(by_name, target="goal", year=YEAR):
    return pd.DataFrame(
        [{"scenario": name, "target": target, "year": year, "probability": p} for name, p in by_name.items()]
    )


@pytest.fixture(scope="module")
def fan():
    return Forecast(yearly({YEAR - 1: MEDIAN}), pd.DataFrame([[MEDIAN]], index=yearly_index([YEAR])), "naive")


@pytest.fixture(scope="module")
def visits(tables):
    return tables.indicators.loc[VISITS]


# the answer -----------------------------------------------------------------------------------------------


@given(moved=apart, lang=st.sampled_from(LANGUAGES))
def test_the_largest_rise_and_the_largest_fall_are_told_and_no_other(moved, lang, fan, visits):
    by_name = dict(zip(NAMES, moved, strict=True))
    [first, *_] = scenarios_headline(fan, *frames(by_name), SCENARIOS, visits, lang=lang)
    shown = {number.value for number in numbers_in([first]) if number.unit == "percent"}
    assert shown == {
        each for each in (max(moved), min(moved)) if each == max(moved) > 0 or each == min(moved) < 0
    }
    is_finished(plain([first]), lang)


@given(moved=apart, half=st.floats(1e4, 3e6))
def test_the_band_is_called_wider_only_where_the_scenarios_differ_by_less(moved, half, fan, visits):
    by_name = dict(zip(NAMES, moved, strict=True))
    _, base = plain(scenarios_headline(fan, *frames(by_name, half=half), SCENARIOS, visits, lang="en"))
    spread = max(0.0, *moved) - min(0.0, *moved)
    assert ("wider" in base) == (2 * half > MEDIAN * spread / 100)


@either
def test_the_answer_in_full(lang, fan, visits):
    found = frames({"first": 14.9, "second": -10.9}, width=1.5)
    chances = odds({"base": 0.22, "first": 0.28, "second": 0.18})
    told = plain(
        scenarios_headline(fan, *found, SCENARIOS, visits, chances=chances, names={"goal": "3.5"}, lang=lang)
    )
    said = {
        "en": [
            "Tourist arrivals, 2025, against the baseline: “first” brings the largest rise, +14.9% (+13.4% to "
            "+16.4%); “second” brings the largest fall, −10.9% (−12.4% to −9.4%); in brackets stands the 80% "
            "band of the difference.",
            "Baseline of 2025: median 4.0 million visits, 80% band 3.0 to 5.0 million visits, which is wider "
            "than the scenarios lie apart.",
            "The nearest open goal, 3.5: its chance is 22% in the baseline, and 18% to 28% over the scenarios.",
        ],
        "vi": [
            "Tổng lượt khách du lịch năm 2025, so với kịch bản cơ sở: “first” làm tăng nhiều nhất, +14,9% "
            "(+13,4% đến +16,4%); “second” làm giảm nhiều nhất, −10,9% (−12,4% đến −9,4%); trong ngoặc là "
            "khoảng 80% của chênh lệch.",
            "Kịch bản cơ sở năm 2025: trung vị 4,0 triệu lượt, khoảng dự báo 80% từ 3,0 đến 5,0 triệu lượt, "
            "rộng hơn chênh lệch giữa các kịch bản.",
            "Mục tiêu gần nhất còn mở, 3.5: khả năng đạt là 22% theo kịch bản cơ sở, từ 18% đến 28% theo các "
            "kịch bản.",
        ],
    }
    assert told == said[lang]


@either
@pytest.mark.parametrize(
    ("moved", "form"), [({"first": 0.0}, "still"), ({"first": float("nan")}, "still"), ({}, "")]
)
def test_where_nothing_moves_the_first_sentence_says_so(lang, moved, form, fan, visits):
    [first, base] = plain(scenarios_headline(fan, *frames(moved), SCENARIOS, visits, lang=lang))
    words = texts(lang)
    if form:
        assert first.endswith(words["scenarios_page"][form].rpartition("}")[2])
    else:
        assert first == words["scenarios"]["unwritten"]
    assert "80%" in base


@either
def test_a_scenario_that_moves_few_paths_leaves_the_median(lang, fan, visits):
    [first, _] = plain(
        scenarios_headline(fan, *frames({"first": 0.0}, width=2), SCENARIOS, visits, lang=lang)
    )
    assert first.endswith(texts(lang)["scenarios_page"]["median_still"].rpartition("}")[2])


@either
def test_without_a_forecast_the_answer_is_why(lang, visits):
    empty = pd.DataFrame(columns=["scenario", "year"])
    [told] = plain(
        scenarios_headline(NotAssessed(None, "no_evidence", 1), empty, empty, SCENARIOS, visits, lang=lang)
    )
    assert texts(lang)["reasons"]["no_evidence"] in told
    is_finished([told], lang)


@either
def test_a_year_whose_band_is_withheld_has_no_level(lang, fan, visits):
    verdicts = pd.DataFrame({"end": [YEAR], "reason": ["too_wide"]})
    found = frames({"first": 5.0})
    _, base = plain(scenarios_headline(fan, *found, SCENARIOS, visits, verdicts=verdicts, lang=lang))
    assert base == texts(lang)["trajectory"]["too_wide"].format(year=YEAR)


@either
def test_the_goal_is_the_nearest_that_is_open(lang, fan, visits):
    earlier = odds({"base": 1.0, "first": 1.0}, target="over", year=YEAR - 9)  # its year is not forecast
    mine = odds({"base": 0.5, "first": 0.5}, target="mine")
    of = {"names": {"over": "OVER", "mine": "MINE"}, "lang": lang}
    found = frames({"first": 5.0})
    told = scenarios_headline(fan, *found, SCENARIOS, visits, chances=pd.concat([earlier, mine]), **of)
    assert "MINE" in plain(told)[2]
    assert "50%" in plain(told)[2]
    told = scenarios_headline(fan, *found, SCENARIOS, visits, chances=earlier, **of)
    assert plain(told)[2].endswith(texts(lang)["scenarios_page"]["no_goal"].rpartition("}")[2])


# shares of a change ---------------------------------------------------------------------------------------


@either
def test_the_shares_of_a_scenario_sum_to_what_it_moves(lang, outcomes, tables):
    both = scenario("both", tourist_arrivals={3: "+5%"}, spend_per_visit={3: "+5%"})
    one = scenario("one", tourist_arrivals={3: "+5%"})
    many = scenario("many", tourist_arrivals={3: "+5%"}, grdp_growth={3: "growth +1"})
    given = {each.name: each for each in (both, one, many)}
    causes = split_by_causes({REVENUE: outcomes[REVENUE]}, given, REVENUE)
    assert set(causes) == {"both"}  # growth of output does not move revenue
    [told] = describe_causes(causes, given, tables.indicators.loc[REVENUE], tables.indicators, lang=lang)
    whole, *shares = (number.value for number in numbers_in([told]))
    assert whole == pytest.approx(sum(shares))
    is_finished(plain([told]), lang)
    assert split_by_causes({REVENUE: NotAssessed(None, "no_evidence", 1)}, given, REVENUE) == {}


@either
@pytest.mark.parametrize("method", [None, np.nan, -12.0])
def test_a_change_since_an_edition_tells_only_what_can_be_seen(lang, method, tables):
    parts = {"before": 45.0, "method": method, "target": 0.0, "horizon": 0.2, "data": -23.0, "after": 22.0}
    changed = pd.DataFrame({"target": "t", "statistic": "probability", "part": list(parts),
                            "kind": ["level", *["part"] * 4, "level"], "value": list(parts.values())})  # fmt: skip
    [told] = plain(describe_edition_change(changed, {"t": "T"}, date(2023, 1, 15), lang=lang))
    words = texts(lang)["parts"]["changes"]
    assert (words["method"] in told) == (method == -12.0)
    assert words["data"] in told
    assert words["horizon"] not in told
    is_finished([told], lang)
    same = changed.assign(value=[22.0, 0, 0, 0, 0, 22.0])
    [told] = plain(describe_edition_change(same, {}, date(2023, 1, 15), lang=lang))
    assert words["data"] not in told


# sections -------------------------------------------------------------------------------------------------


@either
def test_an_empty_section_says_why_and_none_is_without_words(lang, fan):
    none = NotAssessed(None, "no_evidence", 1)
    words = texts(lang)["scenarios_page"]["no_rows"]
    for section in set(words) - {"no_forecast"}:
        assert why_no_rows(section, fan, lang=lang) == words[section]
        own = section in ("since", "far", "said")
        assert why_no_rows(section, none, lang=lang) == words[section if own else "no_forecast"]
    with pytest.raises(KeyError):
        why_no_rows("weather", fan, lang=lang)


def test_a_goal_that_nothing_can_bring_has_one_row(tables, params):
    [goal, *_] = known_targets(tables, params, VISITS)
    blank = dict.fromkeys(("factor", "points", "level", "growth", "baseline_growth", "rarer_than"), np.nan)
    row = {"target": goal.id, "year": 2023, "lever": "", "reason": "ended", **blank}
    needed = pd.DataFrame([row | {"chance": 0.5}, row | {"chance": 0.8}])
    assert len(needed_table([needed], [goal], tables.indicators)) == 1


def test_mixes_are_for_the_furthest_goal_that_the_baseline_falls_short_of(tables, params, outcomes):
    few = params.with_values(n_paths=100)
    [(goal, mixes)] = mixes_wanted(tables, few, outcomes, REVENUE, n=3).items()
    assert goal.end == max(each.end for each in known_targets(tables, params, REVENUE))
    assert (mixes["factor_1"] >= 1).all()
    assert mixes_wanted(tables, few, outcomes, "forest_cover") == {}
