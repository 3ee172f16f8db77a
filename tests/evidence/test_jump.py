"""Jumps: told where a figure is out of line with its neighbours or the wider area, and nowhere else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.evidence import (
    find_jumps,
    load_areas,
    load_definitions,
    load_evidence,
    load_indicators,
    with_definitions,
)

STEPS = [1.08, 1.12, 1.1, 1.15, 1.05, 1.11, 1.09, 1.13]
AREAS = pd.DataFrame({"parent": ["", "lao_cai"]}, index=["lao_cai", "sa_pa"])
INDICATORS = pd.DataFrame({"scale": ["log", "log", "growth"]}, index=["visits", "rooms", "growth"])


def figures(values, area="sa_pa", first=2010, **changed):
    row = {"indicator_id": "visits", "area": area, "freq": "A", "kind": "actual"}
    rows = [
        row | {"period": str(first + n), "value": value, "where": f"{area}.csv:{n + 2}"} | changed
        for n, value in enumerate(values)
    ]
    return pd.DataFrame(rows)


def grown(*steps, start=100.0):
    return start * np.cumprod([1.0, *steps])


def seen(*tables, **options):
    evidence = pd.concat(tables, ignore_index=True)
    return [
        (look.file, look.line, look.message) for look in find_jumps(evidence, INDICATORS, AREAS, **options)
    ]


def lines(*tables, **options):
    return [(file, line) for file, line, _ in seen(*tables, **options)]


@given(st.permutations(STEPS), st.integers(0, 7), st.sampled_from([0.3, 3.0]))
def test_one_step_out_of_line_is_told_at_the_figure_it_leads_to(steps, place, factor):
    assert lines(figures(grown(*steps))) == []
    jumped = [step * factor if n == place else step for n, step in enumerate(steps)]
    assert lines(figures(grown(*jumped))) == [("sa_pa.csv", place + 3)]


@given(st.permutations(STEPS), st.integers(1, 7))
def test_a_figure_out_of_line_with_both_neighbours_is_told_once(steps, place):
    values = grown(*steps)
    values[place] *= 3
    assert lines(figures(values)) == [("sa_pa.csv", place + 2)]


@given(st.permutations(STEPS), st.floats(0.001, 1000))
def test_the_unit_of_an_amount_does_not_matter(steps, factor):
    values = grown(*steps[:4], 3.0, *steps[4:])
    assert lines(figures(values)) == lines(figures(values * factor)) == [("sa_pa.csv", 7)]


@given(st.permutations(STEPS), st.integers(0, 7))
def test_a_jump_that_the_wider_area_makes_too_is_none(steps, place):
    jumped = [step * 3 if n == place else step for n, step in enumerate(steps)]
    wider = figures(grown(*STEPS[:place], 3.3, *STEPS[place + 1 :], start=1000.0), "lao_cai")
    assert ("sa_pa.csv", place + 3) not in lines(figures(grown(*jumped)), wider)


def test_a_year_that_moves_otherwise_than_the_wider_area_is_told_with_both():
    mine = figures(grown(1.1, 1.1, 2.5, 1.1, 1.1, 1.1))
    wider = figures(grown(1.1, 1.1, 1.3, 1.1, 1.1, 1.1, start=1000.0), "lao_cai")
    told = seen(mine, wider)
    assert (
        "sa_pa.csv",
        5,
        "302.5 after 121 in 2012 moves otherwise than lao_cai from 1,210 to 1,573",
    ) in told


def test_a_shock_is_told_only_where_the_wider_area_does_not_share_it():
    mine = grown(1.1, 1.1, 1.1, 0.3, 3.0, 1.1, 1.1, 1.1, 1.1)
    shared = figures(mine * 10, "lao_cai")
    apart = figures(grown(*[1.1] * 9, start=1000.0), "lao_cai")
    assert lines(figures(mine), shock_years=[2014]) == []
    assert lines(figures(mine), shared, shock_years=[2014]) == []
    assert ("sa_pa.csv", 6) in lines(figures(mine), apart, shock_years=[2014])
    assert ("sa_pa.csv", 6) in lines(figures(mine))


def test_few_steps_say_nothing_and_those_of_the_scale_help_out():
    assert lines(figures([100.0, 300.0])) == []
    rooms = figures(grown(*STEPS), indicator_id="rooms")
    assert lines(figures([100.0, 300.0], "lao_cai"), rooms) == [("lao_cai.csv", 3)]
    rates = figures([5.0, 25.0], indicator_id="growth")
    assert lines(rates, rooms) == []


@pytest.mark.parametrize("changed", [{"freq": "M"}, {"freq": "YTD"}, {"value": np.nan}])
def test_parts_of_years_and_blanks_are_no_figures(changed):
    values = grown(*STEPS)
    odd = figures([900.0], first=2014, **changed).assign(where="odd.csv:2")
    whole = figures(values)
    assert lines(pd.concat([whole, odd])) == []


def test_a_count_to_december_is_a_figure_of_the_year():
    whole = figures(grown(*STEPS)).drop(index=4)
    december = figures([900.0], freq="YTD", period="2014-01/2014-12").assign(where="odd.csv:2")
    assert lines(whole, december) == [("odd.csv", 2)]


def test_an_outcome_counts_and_not_the_estimate_before_it():
    estimate = figures([900.0], first=2014, kind="estimate").assign(where="odd.csv:2")
    assert lines(figures(grown(*STEPS)), estimate) == []


def test_the_figures_of_the_repository_have_few_jumps_and_none_of_the_pandemic(root):
    data = root / "data"
    indicators, areas = load_indicators(data), load_areas(data)
    evidence = with_definitions(load_evidence(data), load_definitions(data), indicators, areas)
    jumps = find_jumps(evidence, indicators, areas, shock_years=[2020, 2021, 2022])
    assert 0 < len(jumps) < 40
    told = evidence[evidence["where"].isin([f"{each.file}:{each.line}" for each in jumps])]
    assert not set(told["period"].str[:4]) & {"2020", "2021", "2022"}


def test_a_declared_change_of_counting_is_no_jump():
    values = [*grown(*STEPS[:4]), *grown(*STEPS[4:7], start=500.0)]
    table = figures(values)
    assert lines(table) == [("sa_pa.csv", 7)]
    counted = np.where(table["period"] < "2015", "old", "")
    assert lines(table.assign(definition=counted)) == []
