"""Shock years belong to an indicator: steady rates of 2020-2022 go on, what broke keeps its gap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import copy_project
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import assess_indicator
from sapa_analysis.core import SapaError, Target, load_params
from sapa_analysis.pipeline import build_area, correlations_of, judge, load_project

pytest_plugins = ["loaded"]

COVID = [2020, 2021, 2022]
#: Figures of the town that stand in the copy of the evidence: a rate that rose evenly, and a turnover that fell.
SCHOOLS = {2018: 52.5, 2019: 57.4, 2020: 62.3, 2021: 67.2, 2022: 72.1}
TURNOVER = {2016: 100.0, 2017: 110.0, 2018: 121.0, 2019: 133.0, 2020: 60.0, 2021: 40.0, 2022: 90.0}
PLANTED = {
    "schools_at_standard": ("percent", SCHOOLS),
    "accommodation_food_revenue": ("billion_vnd", TURNOVER),
}


def rows_of(template, indicator, unit, values):
    """Return rows of the evidence: results of whole years, published ten days after their year."""
    return [
        template
        | {"id": f"{indicator}-{year}", "indicator_id": indicator, "area": "sa_pa", "period": str(year)}
        | {"freq": "A", "value": str(value), "unit": unit, "kind": "actual", "bound": "exact", "digits": "3"}
        | {"through": "", "published": f"{year + 1}-01-10", "grade": "A", "statement": "planted", "note": ""}
        for year, value in values.items()
    ]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return the tables of a folder whose evidence holds the planted figures and none other of them."""
    copy = copy_project(tmp_path_factory.mktemp("planted"))
    for path in (copy.data / "evidence").glob("*.csv"):
        file = f"data/evidence/{path.name}"
        rows = copy.rows(file)
        kept = [row for row in rows if row["area"] != "sa_pa" or row["indicator_id"] not in PLANTED]
        if path.name == "society.csv":
            kept += [row for name, told in PLANTED.items() for row in rows_of(rows[0], name, *told)]
        copy.save(file, kept)
    return load_project(copy.root)


@pytest.fixture(scope="module")
def chosen(root):
    params = load_params(root / "params/baseline.yml")
    assert params.shock_years == COVID
    subjects = {"tourism": ["tourist_arrivals", "tourism_revenue"]}
    return params.with_values(as_of="2023-01-15", n_paths=200, subjects=subjects)


def paths(project, params, indicator, **changed):
    return assess_indicator(project, params.with_values(**changed), indicator).paths


def with_cells(project, **broke):
    """Return the tables with other years in `broke`."""
    table = project.indicators.copy()
    for name, years in broke.items():
        table.loc[name, "broke"] = years
    return replace(project, indicators=table)


# what broke, and what did not -----------------------------------------------------------------------------


def test_a_steady_rate_goes_on_through_the_shock_years(planted, chosen):
    fan = assess_indicator(planted, chosen, "schools_at_standard")
    assert fan.observed.observed_years == [*SCHOOLS]
    assert fan.observed.published.to_list() == [*SCHOOLS.values()]
    medians = [SCHOOLS[2022], *fan.paths.median(axis=1)]
    assert len(medians) == 4
    assert np.diff(medians).min() > 0
    assert fan.without_shocks is None  # no gap was seen, so no new shock has a depth
    named = paths(with_cells(planted, schools_at_standard="2020-2022"), chosen, "schools_at_standard")
    assert named.median(axis=1).iloc[0] > SCHOOLS[2022]  # equal steps tell of no break, whatever is named


def test_what_broke_keeps_its_gap(planted, chosen):
    fan = assess_indicator(planted, chosen, "accommodation_food_revenue")
    assert fan.paths.median(axis=1).iloc[0] > 1.3 * TURNOVER[2022]
    assert fan.without_shocks is not None
    smooth = paths(with_cells(planted, accommodation_food_revenue=""), chosen, "accommodation_food_revenue")
    assert smooth.median(axis=1).iloc[0] < TURNOVER[2022]


def test_arrivals_keep_theirs(tables, chosen):
    fan = assess_indicator(tables, chosen, "tourist_arrivals")
    flat = paths(with_cells(tables, tourist_arrivals=""), chosen, "tourist_arrivals")
    assert (fan.paths.median(axis=1) > 1.1 * flat.median(axis=1)).all()


@settings(max_examples=12)
@given(st.integers(200, 600), st.integers(5, 50), st.integers(4, 8), st.booleans())
def test_a_steadily_rising_rate_that_did_not_break_is_not_forecast_to_fall(
    planted, chosen, start, step, n, up
):
    tenths = [start + step * at for at in range(n)]
    values = {2023 - n + at: (each if up else 1_000 - each) / 10 for at, each in enumerate(tenths)}
    values = {year: value for year, value in values.items() if 5 <= value <= 95}
    mine = planted.evidence["indicator_id"] == "schools_at_standard"
    template = planted.evidence[mine & (planted.evidence["area"] == "sa_pa")].iloc[0].to_dict()
    rows = pd.DataFrame(rows_of(template, "schools_at_standard", "percent", values))
    rows = rows.astype({"value": float, "digits": int}).astype(planted.evidence.dtypes.to_dict())
    steady = replace(planted, evidence=pd.concat([planted.evidence[~mine], rows], ignore_index=True))
    last = values[max(values)]
    ahead = assess_indicator(
        steady, chosen.with_values(as_of=f"{max(values) + 1}-02-15"), "schools_at_standard"
    )
    change = ahead.paths.median(axis=1).iloc[0] - last
    assert change > -0.05 if up else change < 0.05  # half of the last digit printed


# the years that are chosen --------------------------------------------------------------------------------


def test_the_rule_counts_named_years_where_they_are_named_and_new_ones_where_anything_broke(tables):
    years = with_cells(tables, retail_sales="2020-2021").shock_years
    assert years("tourist_arrivals", COVID) == (2020, 2021, 2022)
    assert years("retail_sales", [*COVID, 2024]) == (2020, 2021, 2024)
    assert years("schools_at_standard", [*COVID, 2024]) == ()
    assert years("tourist_arrivals", []) == ()
    assert with_cells(tables, tourist_arrivals="2020-2022;2024").shock_years("retail_sales", [2024]) == ()


def test_an_unknown_indicator_is_refused(tables):
    with pytest.raises(SapaError, match=r'"visits" is no indicator of indicators\.csv'):
        tables.shock_years("visits", COVID)


def test_a_new_shock_year_touches_what_broke_before_and_nothing_else(planted, chosen):
    day = {"as_of": "2025-01-31"}
    for indicator, broke in (("schools_at_standard", False), ("accommodation_food_revenue", True)):
        before = paths(planted, chosen, indicator, **day)
        after = paths(planted, chosen, indicator, **day, shock_years=[*COVID, 2024])
        assert before.equals(after) != broke, indicator


def test_without_chosen_years_the_column_changes_no_bit(planted, chosen):
    bare = replace(planted, indicators=planted.indicators.drop(columns=["broke", "broke_why"]))
    for indicator in (*PLANTED, "tourist_arrivals", "tourism_revenue"):
        asked = {"shock_years": [], "n_paths": 100}
        pd.testing.assert_frame_equal(
            paths(planted, chosen, indicator, **asked), paths(bare, chosen, indicator, **asked)
        )


def test_a_catalogue_that_tells_no_breaks_takes_every_year_for_one(planted, chosen):
    bare = replace(planted, indicators=planted.indicators.drop(columns=["broke", "broke_why"]))
    assert bare.shock_years("schools_at_standard", COVID) == tuple(COVID)
    pd.testing.assert_frame_equal(
        paths(planted, chosen, "accommodation_food_revenue"),
        paths(bare, chosen, "accommodation_food_revenue"),
    )


# one family with different years --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def family(tables, chosen):
    """Return the joint series of visits and spend of the town, both broken, and of spend that went on."""
    few = chosen.with_values(area="sa_pa", n_paths=100)
    return [build_area(project, few)["sa_pa"] for project in (tables, with_cells(tables, spend_per_visit=""))]


def test_members_of_one_family_have_their_own_shock_years(family):
    broken, apart = family
    spread = [each["spend_per_visit"].table["sd"] for each in family]
    assert (spread[1].loc["2020":"2021"] < 0.8 * spread[0].loc["2020":"2021"]).all()
    visits = [each["tourist_arrivals"].table.loc["2020":"2022", "estimate"] for each in family]
    np.testing.assert_allclose(visits[0], visits[1], rtol=0.05)
    assert apart["tourist_arrivals"].origin == broken["tourist_arrivals"].origin == 2022


def test_a_member_ends_with_its_own_figures_or_shock_years(tables, chosen):
    known = tables.evidence
    money = known["indicator_id"].str.contains("revenue") | (known["indicator_id"] == "spend_per_visit")
    fewer = replace(tables, evidence=known[~(money & known["period"].str.contains("202"))])
    broken, apart = (
        build_area(project, chosen.with_values(n_paths=100))["sa_pa"]
        for project in (fewer, with_cells(fewer, spend_per_visit=""))
    )
    assert "spend_per_visit" not in broken  # after three wide steps without a figure it is not determined
    ends = {name: apart[name].origin for name in ("tourist_arrivals", "spend_per_visit", "tourism_revenue")}
    assert ends == {"tourist_arrivals": 2022, "spend_per_visit": 2019, "tourism_revenue": 2019}


def test_steps_are_compared_in_years_normal_for_both(tables, chosen):
    few = chosen.with_values(n_paths=100)
    pair = ["tourist_arrivals", "spend_per_visit"]
    counts = [
        correlations_of(project, few).set_index(["first", "second"]).loc[tuple(pair), "n"]
        for project in (
            tables,
            with_cells(tables, spend_per_visit=""),
            with_cells(tables, **dict.fromkeys(pair, "")),
        )
    ]
    assert counts[0] == counts[1] < counts[2]


# what is said of an own pace ------------------------------------------------------------------------------


def test_an_own_pace_names_the_shock_years_of_its_indicator(planted, chosen):
    for indicator, named in (("schools_at_standard", ""), ("accommodation_food_revenue", "2020–2022")):
        outcome = assess_indicator(planted, chosen, indicator)
        goal = Target(
            id="goal", document="resolution-2023", indicator_id=indicator, area="sa_pa", measure="level",
            sense="at_least", value=95.0, unit=outcome.observed.unit, end=2025,
        )  # fmt: skip
        verdict = judge(planted, {indicator: outcome}, [goal], chosen).iloc[0]
        assert verdict["own_pace_years"]
        assert verdict["own_pace_shocks"] == named
