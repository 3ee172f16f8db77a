"""Joint series of the project's own figures: identities in every draw, borrowed figures, one day's knowledge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import forecast_area
from sapa_analysis.core import Target, as_targets
from sapa_analysis.core.formula import derive
from sapa_analysis.core.period import last_day
from sapa_analysis.core.yearly import row_of, years_of
from sapa_analysis.evidence import known_by
from sapa_analysis.pipeline import build_area
from sapa_analysis.pipeline.area import families_of
from sapa_analysis.pipeline.known import lineage
from sapa_analysis.series.family import find_family
from sapa_analysis.series.plan import PLAN, read_plans

pytest_plugins = ["loaded"]

#: The day of a year with a figure of revenue but none of spend per visit, 2020, behind it.
LATER = date(2026, 1, 31)
#: What products and quotients of the same draws may differ by.
SAME = 1e-9


@pytest.fixture(scope="module", params=["baseline", "later"])
def built(request, tables, params):
    return build_area(tables, params if request.param == "baseline" else params.with_values(as_of=LATER))


@pytest.fixture(scope="module")
def later(tables, params):
    return build_area(tables, params.with_values(as_of=LATER))


def drawn(series, *names: str) -> list[pd.DataFrame]:
    """Return the draws of some indicators in the years that all of them have."""
    shared = set.intersection(*(set(years_of(series[name].draws)) for name in names))
    assert shared
    return [series[name].draws[np.isin(years_of(series[name].draws), list(shared))] for name in names]


def ended(series):
    """Return series without the running year: part of it says nothing of the other indicators."""
    return {
        name: replace(known, draws=known.draws[years_of(known.draws) <= known.origin])
        for name, known in series.items()
    }


# identities -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("area", ["sa_pa", "lao_cai"])
def test_visits_times_spend_is_revenue_in_every_draw(built, area):
    visits, spend, revenue = drawn(
        ended(built[area]), "tourist_arrivals", "spend_per_visit", "tourism_revenue"
    )
    np.testing.assert_allclose(visits * spend / 1000, revenue, rtol=SAME)


@pytest.mark.parametrize("area", ["sa_pa", "lao_cai"])
def test_foreign_and_domestic_visits_are_all_visits_in_every_draw(built, area):
    visits, share, domestic = drawn(
        ended(built[area]), "tourist_arrivals", "international_share", "domestic_arrivals"
    )
    np.testing.assert_allclose(visits * (1 - share / 100), domestic, rtol=SAME)
    if "international_arrivals" in built[area]:
        parts = drawn(ended(built[area]), "tourist_arrivals", "international_arrivals", "domestic_arrivals")
        np.testing.assert_allclose(parts[1] + parts[2], parts[0], rtol=SAME)


@pytest.mark.parametrize("area", ["sa_pa", "lao_cai"])
def test_output_over_people_is_output_a_person_in_every_draw(built, area):
    output, people, each = drawn(ended(built[area]), "grdp", "population", "grdp_per_capita")
    np.testing.assert_allclose(1000 * output / people, each, rtol=SAME)


@pytest.mark.parametrize("area", ["sa_pa", "lao_cai"])
def test_growth_of_visits_is_that_of_their_draws(built, area):
    visits, growth = drawn(ended(built[area]), "tourist_arrivals", "tourist_arrivals_growth")
    wanted = 100 * visits.pct_change().iloc[1:]
    # of a growth near zero the digits after the hundred are left
    np.testing.assert_allclose(growth.iloc[1:], wanted, rtol=SAME, atol=1e-9)


def test_every_series_has_one_draw_a_path_and_positive_spreads(built, params):
    for series in (known for area in built.values() for known in area.values()):
        assert series.draws.shape[1] == params.n_paths
        assert np.isfinite(series.draws.to_numpy()).all()
        assert (series.table["sd"] > 0).all()
        assert list(years_of(series.table)) == list(
            range(years_of(series.table)[0], years_of(series.table)[-1] + 1)
        )


def test_the_draws_have_the_median_and_the_spread_of_the_table(later):
    for known in later["sa_pa"].values():
        if known.scale != "log":
            continue
        shown = years_of(known.table) <= known.origin
        logs = np.log(known.draws[shown].to_numpy())
        sd = known.table["sd"][shown].to_numpy()
        off = np.median(logs, axis=1) - np.log(known.table["estimate"][shown].to_numpy())
        # the table of a derived quantity is linear around the last result; its draws are not
        assert (np.abs(off) < 0.3 * sd + 0.01).all(), known.indicator_id


# what is borrowed -----------------------------------------------------------------------------------------


def test_revenue_of_a_year_with_visits_only_is_told_by_what_goes_with_it(later):
    revenue = row_of(later["sa_pa"]["tourism_revenue"].table, 2020)
    assert pd.isna(revenue["best"])
    # alone, between the figures of 2019 and 2022, it was 0.55
    assert 0 < revenue["sd"] < 0.35


def test_growth_of_the_town_rests_on_the_province_too(built):
    support = built["sa_pa"]["grdp_growth"].support
    assert {("grdp_growth", "lao_cai"), ("grdp_growth", "sa_pa")} <= {said[:2] for said in support}
    assert all(n >= 1 for _, _, n in support)


def test_the_province_says_nothing_of_the_nation(later, tables, params):
    assert set(later) == set(lineage(tables, params.area)) == {"viet_nam", "lao_cai", "sa_pa"}
    assert {area for _, area, _ in later["viet_nam"]["grdp_growth"].support} == {"viet_nam"}


# one day's knowledge --------------------------------------------------------------------------------------


def _changed(table: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return a table without every second row published after a day, the others with another value."""
    after = np.array([not text or last_day(text) > day for text in table["published"]])
    assert after.any()
    gone = after & (np.cumsum(after) % 2 == 0)
    values = table["value"].mask(pd.Series(after, table.index), 3 * table["value"] + 1)
    return table.assign(value=values)[~gone]


def _other_targets(targets: list[Target], day: date) -> list[Target]:
    """Return targets without every second one published after a day, and one more plan of the town's budget."""
    after = np.array([last_day(target.published) > day for target in targets])
    assert after.any()
    kept = [
        target.model_copy(update={"value": 3 * target.value + 1}) if late else target
        for target, late, n in zip(targets, after, np.cumsum(after), strict=True)
        if not late or n % 2
    ]
    plan = next(t for t in targets if (t.indicator_id, t.area) == ("state_budget_revenue", "sa_pa"))
    late = {"measure": "level", "end": day.year, "value": 5_000.0, "published": f"{day.year}-07-15"}
    return [*kept, plan.model_copy(update=late)]


def test_nothing_published_later_changes_a_series_or_a_path(tables, params):
    changed = {name: _changed(getattr(tables, name), params.as_of) for name in ("evidence", "covariates")}
    other = replace(tables, targets=_other_targets(tables.targets, params.as_of), **changed)
    for area, series in build_area(tables, params).items():
        again = build_area(other, params)[area]
        assert list(again) == list(series)
        for name, known in series.items():
            pd.testing.assert_frame_equal(again[name].table, known.table, check_exact=True)
            pd.testing.assert_frame_equal(again[name].draws.T, known.draws.T, check_exact=True)
            assert again[name].support == known.support
    paths, others = forecast_area(tables, params), forecast_area(other, params)
    assert list(paths) == list(others)
    for name, fan in paths.items():
        # the second run computed all of it anew: the same seed gives the same paths
        np.testing.assert_array_equal(others[name].paths, fan.paths)


# families -------------------------------------------------------------------------------------------------


def test_every_member_of_a_family_finds_the_same_family(tables, params):
    families = families_of(tables, params)
    assert families
    for family in families:
        for member in family.members:
            assert find_family(member, tables.indicators) == family
        assert len(set(family.members)) == len(family.members)


def test_the_primaries_of_a_family_suffice_for_its_levels(tables, params):
    for family in families_of(tables, params):
        found = derive({name: np.ones(1) for name in family.primaries}, family.formulas)
        assert set(found) | set(family.growth_of) == set(family.members)


# plans ----------------------------------------------------------------------------------------------------


def plans(*rows, **changed):
    """Return plans: (year, value, published) each."""
    return pd.DataFrame(
        [
            {
                "id": f"plan.{year}", "sense": "at_least", "unit": "billion_vnd",
                "indicator_id": "state_budget_revenue", "area": "sa_pa", "measure": "level", "end": year,
                "value": value, "published": published, "source_title": "A plan",
                "source_url": "https://example.org/plan",
            } | changed
            for year, value, published in rows
        ]
    )  # fmt: skip


def outcomes(**values):
    rows = [("state_budget_revenue", "sa_pa", int(year[1:]), np.log(value)) for year, value in values.items()]
    frame = pd.DataFrame(rows, columns=["member", "area", "year", "reading"])
    return frame.assign(basis="year", indicator_id="state_budget_revenue", form="level")


def read(planned, said, day=None):
    return read_plans(as_targets(known_by(planned, day)), said, ["state_budget_revenue"])


def test_without_a_pair_a_plan_is_met_give_or_take_what_is_assumed():
    found = read(plans((2022, 100.0, "2022-01-15")), outcomes(y2010=5.0))
    assert found["reading"].tolist() == [pytest.approx(np.log(100))]
    # a quarter, and as much for the mean of two pairs assumed
    assert found["sd"].tolist() == [pytest.approx(0.25 * np.sqrt(1 + 1 / 2))]


def test_the_ratio_of_outcome_to_plan_is_that_of_the_hand():
    planned = plans((2020, 100.0, "2020-01-15"), (2021, 200.0, "2020-12-20"), (2022, 300.0, "2022-01-15"))
    found = read(planned, outcomes(y2020=120.0, y2021=220.0)).set_index("year")
    logs = [np.log(1.2), np.log(1.1)]
    mean = (logs[0] + logs[1] + 0 + 0) / 4
    # two pairs seen and two assumed: zero give or take a quarter
    square = ((logs[0] - mean) ** 2 + (logs[1] - mean) ** 2 + 2 * (mean**2 + 0.25**2)) / 4
    assert found.loc[2022, "reading"] == pytest.approx(np.log(300) + mean)
    assert found.loc[2022, "sd"] == pytest.approx(np.sqrt(square * (1 + 1 / 4)))
    assert set(found["indicator_id"]) == {"state_budget_revenue" + PLAN}
    assert set(found["member"]) == {"state_budget_revenue"}


@given(st.lists(st.floats(0.5, 2.0), min_size=1, max_size=6))
def test_fulfilment_is_shrunk_towards_a_plan_that_is_met(ratios):
    years = range(2010, 2010 + len(ratios))
    planned = plans(*((year, 100.0, f"{year}-01-15") for year in years), (2022, 100.0, "2022-01-15"))
    said = outcomes(**{f"y{year}": 100 * ratio for year, ratio in zip(years, ratios, strict=True)})
    last = read(planned, said).iloc[-1]
    mean = np.mean(np.log(ratios))
    wanted = mean * len(ratios) / (len(ratios) + 2)
    assert last["reading"] - np.log(100) == pytest.approx(wanted, abs=1e-12)


@given(st.dates(date(2019, 6, 1), date(2023, 6, 1)))
def test_a_plan_never_informs_before_it_is_published(day):
    published = {2020: "2020-01-15", 2021: "2020-12-20", 2022: "2022-01"}
    planned = plans(*((year, 100.0, text) for year, text in published.items()))
    found = read(planned, outcomes(y2018=1.0), day)
    assert set(found["year"]) == {year for year, text in published.items() if last_day(text) <= day}


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        ((2025, 100.0, "2020-06-15"), {}),
        ((2022, 100.0, "2021-09-30"), {}),
        ((2021, 100.0, "2022-02-01"), {}),
        ((2022, 100.0, ""), {}),
        ((2022, 0.0, "2022-01-15"), {}),
        ((2022, 100.0, "2022-01-15"), {"measure": "growth"}),
        ((2022, 100.0, "2022-01-15"), {"indicator_id": "population"}),
    ],
    ids=["of_a_term", "too_early", "after_the_year", "undated", "zero", "a_growth_rate", "another_indicator"],
)
def test_what_is_no_plan_of_a_year_informs_nothing(row, changed):
    assert read(plans(row, **changed), outcomes(y2018=1.0)).empty


def test_plans_of_the_budget_carry_the_budget_of_the_town_and_no_other_family(built):
    def planned(name):
        return {said[0] for said in built["sa_pa"][name].support if said[0].endswith(PLAN)}

    assert planned("state_budget_revenue") == {"state_budget_revenue" + PLAN}
    assert not planned("tourist_arrivals")
    assert not planned("grdp_growth")
