"""What a chance leans on: one choice at a time, kept for all indicators of an area."""

import pandas as pd
import pytest

from sapa_analysis.core import ParamsError
from sapa_analysis.pipeline import assess_indicator, judge, known_targets, sensitivity
from sapa_analysis.pipeline.variation import AS_CHOSEN, _default, _varied

pytest_plugins = ["loaded"]
VISITS = "tourist_arrivals"


@pytest.fixture(scope="module")
def brief(params):
    return params.with_values(n_paths=100, subjects={"tourism": [VISITS, "tourism_revenue"]})


@pytest.fixture(scope="module")
def leans(tables, brief):
    return sensitivity(tables, brief, VISITS)


def test_the_choices_as_they_are_come_first_and_differ_by_nothing(leans):
    first = leans.groupby("target", sort=False).first()
    assert (first["choice"] == AS_CHOSEN).all()
    assert (first[["difference", "moved"]] == 0).all(axis=None)
    assert (first["word"] == first["word_before"]).all()


def test_each_row_is_what_the_project_judges_with_that_choice(tables, brief, leans):
    """Recomputed by hand: paths, then the verdicts, with one parameter changed."""
    goals = known_targets(tables, brief, VISITS)
    for choice, value, other in _varied(tables, brief, None):
        verdicts = judge(tables, {VISITS: assess_indicator(tables, other, VISITS)}, goals, other)
        rows = leans[(leans["choice"] == choice) & (leans["value"] == value)]
        assert rows["target"].tolist() == verdicts["id"].tolist(), (choice, value)
        pd.testing.assert_series_equal(
            rows["probability"].reset_index(drop=True), verdicts["probability"], check_dtype=False
        )
        assert rows["word"].tolist() == verdicts["status"].tolist()


def test_differences_are_points_from_the_choices_as_they_are(leans):
    for _, rows in leans.groupby("target"):
        base = rows.loc[rows["choice"] == AS_CHOSEN, "probability"].item()
        wanted = 100 * (rows["probability"] - base)
        pd.testing.assert_series_equal(rows["difference"], wanted, check_names=False)


def test_without_2022_among_the_shock_years_the_plan_of_2023_is_likelier(leans):
    """Measured by hand in a review: the chance of 3.5 million rose by a fifth and more, and the word with it."""
    row = leans[(leans["value"] == "2020, 2021") & (leans["year"] == 2023)].iloc[0]
    assert row["difference"] > 15
    assert row["word"] != row["word_before"]


def test_what_cannot_be_forecast_says_why(leans):
    rows = leans[leans["value"] == "theta"]
    assert rows["probability"].isna().all()
    assert set(rows["reason"]) == {"too_few_years"}
    assert set(rows["word"]) == {"not_assessed"}


def test_a_second_indicator_of_the_area_is_answered_from_what_was_kept(tables, brief, leans, monkeypatch):
    def refuse(*_):
        raise AssertionError("computed once more")

    monkeypatch.setattr("sapa_analysis.pipeline.judged.assess_indicator", refuse)
    assert set(sensitivity(tables, brief, "tourism_revenue")["indicator_id"]) == {"tourism_revenue"}


def test_own_values_stand_in_place_of_the_default_ones(tables, brief):
    found = sensitivity(tables, brief, VISITS, choices={"gap_closing": [0.4, 0.9], "seed": [brief.seed, 11]})
    told = found.loc[found["year"] == 2023, ["choice", "value"]].to_numpy().tolist()
    assert told == [[AS_CHOSEN, ""], ["gap_closing", "0.4"], ["gap_closing", "0.9"], ["seed", "11"]]


def test_the_default_set_is_modest_and_says_nothing_twice(tables, params, late):
    varied = [(name, value) for name, value, _ in _default(tables, late)]
    assert len(varied) == len(set(varied)) == 13
    assert len(_varied(tables, late, None)) == 12  # the headline is the method already
    assert len(_varied(tables, params, None)) == 11  # no figure of the ward was known by then
    assert {name for name, _ in varied} == {
        "shock_years", "gap_closing", "shock_chance", "method", "premiums", "bridges", "seed",
    }  # fmt: skip


def test_a_choice_that_is_as_chosen_is_left_out(tables, params):
    still = params.with_values(shock_years=[], premiums={}, bridges=[], shock_chance=0.0, method="naive")
    names = [(name, value) for name, value, _ in _varied(tables, still, None)]
    assert names == [("gap_closing", "0.5"), ("gap_closing", "0.7"), ("method", "headline"), ("method", "theta"),
                     ("seed", str(params.seed + 1))]  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"gap_closin": [0.4]}, "gap_closin: unknown; did you mean gap_closing"),
        ({"area": ["lao_cai"]}, "area: decides what is asked, not the answer"),
        ({"gap_closing": 0.4}, "gap_closing: wanted a list of other values; found 0.4"),
        ({"gap_closing": [1.4]}, "gap_closing: wanted less than 1"),
        ({"method": "theta"}, "method: wanted a list of other values; found 'theta'"),
    ],
)
def test_a_choice_that_is_none_is_refused_in_words(tables, brief, choices, words):
    with pytest.raises(ParamsError, match=words):
        sensitivity(tables, brief, VISITS, choices=choices)


def test_where_no_target_is_open_the_last_year_is_told(tables, brief):
    nation = brief.with_values(area="viet_nam", subjects={"growth": ["grdp_growth"]})
    found = sensitivity(tables, nation, "grdp_growth", choices={"gap_closing": [0.9], "shock_chance": [0.0]})
    assert found["target"].tolist() == [""] * 3
    assert found["probability"].isna().all()
    fan = assess_indicator(tables, nation, "grdp_growth")
    assert found["expected"].iloc[0] == pytest.approx(fan.paths.iloc[-1].median())
