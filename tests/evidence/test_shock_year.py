"""Which of the chosen shock years broke an indicator: the rule, the column, and what the repository's holds."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import DataError, SapaError, load_params, parse_formula, primaries_of
from sapa_analysis.evidence import find_jumps, load_indicators
from sapa_analysis.evidence.shock_year import read_years, shock_years_of

#: Rising years in spans, first and last of each.
spans = st.lists(st.integers(1900, 2100), min_size=2, max_size=8, unique=True).map(
    lambda years: [tuple(sorted(years)[at : at + 2]) for at in range(0, len(years) - 1, 2)]
)
years = st.lists(st.integers(2000, 2030), max_size=6, unique=True)


def catalogue(**broke: str) -> pd.DataFrame:
    return pd.DataFrame({"broke": broke})


# the cell -------------------------------------------------------------------------------------------------


@given(spans)
def test_spans_are_read_as_every_year_in_them(told):
    text = ";".join(f"{first}-{last}" for first, last in told)
    assert read_years(text) == tuple(year for first, last in told for year in range(first, last + 1))
    assert read_years(";".join(str(year) for pair in told for year in pair)) == tuple(sum(told, ()))


def test_a_blank_cell_holds_no_year():
    assert read_years("") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2022-2020", '"2022-2020" does not rise from 1900 to 2100; write the earlier year first'),
        ("2020-2022;2021", '"2020-2022;2021" does not rise from 1900 to 2100; write the earlier year first'),
        ("0020", '"0020" does not rise from 1900 to 2100; write the earlier year first'),
        ("20", '"20" are no years; write 2020, 2020-2022 or 2020-2021;2024'),
        ("COVID", '"COVID" are no years; write 2020, 2020-2022 or 2020-2021;2024'),
        ("2020, 2021", '"2020, 2021" are no years; write 2020, 2020-2022 or 2020-2021;2024'),
        ("2020;", '"2020;" are no years; write 2020, 2020-2022 or 2020-2021;2024'),
        ("2020–2022", '"2020–2022" are no years; write 2020, 2020-2022 or 2020-2021;2024'),
    ],
)
def test_a_bad_cell_is_told_with_its_file_line_and_what_is_wanted(project, text, message):
    with pytest.raises(SapaError) as caught:
        read_years(text)
    assert str(caught.value) == message
    line = project.find("data/indicators.csv", indicator_id="retail_sales")
    project.change("data/indicators.csv", line, broke=text)
    with pytest.raises(DataError) as caught:
        load_indicators(project.data)
    told = [(each.file, each.line, each.column, each.message) for each in caught.value.problems]
    assert told == [("data/indicators.csv", line, "broke", message)]


def test_a_missing_reason_is_told(project):
    line = project.find("data/indicators.csv", indicator_id="forest_cover")
    project.change("data/indicators.csv", line, broke_why="")
    with pytest.raises(DataError) as caught:
        load_indicators(project.data)
    assert [(each.line, each.column) for each in caught.value.problems] == [(line, "broke_why")]


# the rule -------------------------------------------------------------------------------------------------


@given(years, years, years)
def test_a_chosen_year_counts_where_it_is_named_and_a_new_one_where_anything_broke(own, other, chosen):
    texts = {name: ";".join(map(str, sorted(told))) for name, told in {"own": own, "other": other}.items()}
    table = catalogue(**texts, steady="")
    assert shock_years_of(table, "steady", chosen) == ()
    found = shock_years_of(table, "own", chosen)
    assert set(found) == (set(chosen) - (set(other) - set(own)) if own else set())
    assert list(found) == [year for year in chosen if year in found]


@given(years, years)
def test_more_chosen_years_never_take_one_away(chosen, more):
    table = catalogue(visits="2020-2022", sales="2020-2021", steady="")
    for name in table.index:
        assert set(shock_years_of(table, name, chosen)) <= set(shock_years_of(table, name, [*chosen, *more]))


# jumps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("broke", "told"), [("2016", 0), ("", 1)])
def test_a_jump_in_a_shock_year_is_told_of_what_did_not_break(broke, told):
    indicators = catalogue(visits=broke, rooms="2016").assign(scale="log")
    values = [100, 108, 121, 133, 146, 161, 500, 560, 610]
    rows = [
        {"indicator_id": "visits", "area": "sa_pa", "freq": "A", "kind": "actual", "period": str(2010 + n)}
        | {"value": float(value), "where": f"sa_pa.csv:{n + 2}"}
        for n, value in enumerate(values)
    ]
    areas = pd.DataFrame({"parent": [""]}, index=["sa_pa"])
    jumps = find_jumps(pd.DataFrame(rows), indicators, areas, shock_years=[2016])
    assert len(jumps) == told


# what the repository holds --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def indicators(root):
    return load_indicators(root / "data")


def test_every_indicator_has_its_reason(indicators):
    assert (indicators["broke_why"].str.len() > 10).all()
    assert (indicators["broke"] == "").sum() > 80
    assert (indicators["broke"] != "").sum() > 50
    told = indicators[indicators["broke"] == ""]
    assert set(told["field"]) >= {"society", "environment", "government", "party", "agriculture"}


def test_visits_broke_and_what_is_built_or_counted_did_not(indicators):
    for name in ("tourist_arrivals", "tourism_revenue", "grdp_growth", "retail_sales"):
        assert read_years(indicators.loc[name, "broke"]) == (2020, 2021, 2022), name
    for name in (
        "schools_at_standard", "grid_electricity_households", "health_insurance_coverage", "forest_cover",
        "child_stunting", "new_rural_criteria", "poverty_reduction", "population",
    ):  # fmt: skip
        assert indicators.loc[name, "broke"] == "", name


def test_the_chosen_years_are_those_that_broke_anything(root, indicators):
    chosen = load_params(root / "params/baseline.yml").shock_years
    named = {year for text in indicators["broke"] for year in read_years(text)}
    assert named == set(chosen)


def test_what_is_derived_breaks_where_its_parts_do_and_growth_where_its_level_does(indicators):
    broke = {name: set(read_years(text)) for name, text in indicators["broke"].items()}
    formulas = {name: parse_formula(text) for name, text in indicators["formula"].items() if text}
    assert len(formulas) > 3
    for name in formulas:
        parts = primaries_of([name], formulas)
        assert broke[name] == set().union(*(broke[part] for part in parts)), name
    of = indicators.loc[indicators["growth_of"] != "", "growth_of"]
    assert len(of) > 3
    for rate, level in of.items():
        assert broke[rate] == broke[level], rate
    for whole, parts in indicators[indicators["part_of"] != ""].groupby("part_of"):
        assert parts["broke"].nunique() == 1, whole
