from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import evidence, observation, target, vintage, yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import YearlySeries
from sapa_analysis.core import as_targets, targets_table
from sapa_analysis.core.errors import NoEvidenceError
from sapa_analysis.core.scale import SCALES
from sapa_analysis.evidence import coverage, known_by
from sapa_analysis.pipeline.project import Project
from sapa_analysis.series import build_series, find_conflicts, most_telling_year

pytest_plugins = ["loaded"]

levels = st.floats(20, 80)
#: A spread below 0.001 is no spread of any page; on the log scale it would call rounding a conflict.
spreads = st.floats(0.01, 0.5)
figures = st.lists(st.tuples(st.integers(2018, 2020), levels, spreads), min_size=1, max_size=8)
scales = st.sampled_from(sorted(SCALES))


def seen(figures: list[tuple[int, float, float]], scale: str = "log", basis: str = "year") -> YearlySeries:
    """Return a series that holds these figures (year, value, sd on the model's scale)."""
    rows = [observation(str(year), value) for year, value, _ in figures]
    years, values, sd = (list(column) for column in zip(*figures, strict=True))
    observations = evidence(*rows).assign(year=years, basis=basis, implied=values, sd=sd, used=False)
    table = pd.DataFrame({"estimate": 50.0}, index=pd.period_range("2018", "2020", freq="Y"))
    return YearlySeries("x", "sa_pa", "percent", scale, None, table, observations, table)


def built(*rows: dict, as_of: str | None = None) -> YearlySeries:
    return build_series(vintage(*rows, as_of=as_of), "tourist_arrivals", area="sa_pa")


@given(levels, levels, spreads, spreads, scales)
def test_two_figures_conflict_iff_they_lie_beyond_two_combined_deviations(a, b, sd_a, sd_b, scale):
    observed = seen([(2019, a, sd_a), (2019, b, sd_b)], scale)
    z = SCALES[scale].to_model([a, b])
    assert len(find_conflicts(observed)) == (abs(z[0] - z[1]) > 2 * np.sqrt(sd_a**2 + sd_b**2))


@given(figures, scales)
def test_repeating_every_figure_makes_no_conflict(figures, scale):
    once, twice = (find_conflicts(seen(some, scale)) for some in (figures, figures * 2))
    pd.testing.assert_frame_equal(once.drop(columns="n_statements"), twice.drop(columns="n_statements"))


@given(figures, scales, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(figures, scale, random):
    shuffled = random.sample(figures, len(figures))
    pd.testing.assert_frame_equal(
        find_conflicts(seen(figures, scale)), find_conflicts(seen(shuffled, scale)), rtol=1e-12
    )


@given(figures, scales, levels, spreads)
def test_another_figure_never_settles_a_conflict(figures, scale, value, sd):
    before, after = (find_conflicts(seen(some, scale)) for some in (figures, [*figures, (2019, value, sd)]))
    assert set(before["year"]) <= set(after["year"])


@given(figures, scales)
def test_a_figure_of_a_part_of_the_year_contradicts_nobody(figures, scale):
    assert find_conflicts(seen(figures, scale, basis="part_year")).empty


def test_a_conflict_tells_what_was_printed_and_what_is_used():
    observed = built(observation("2013", 950_000), observation("2013", 500_000, grade="C"))
    [row] = find_conflicts(observed).to_dict("records")
    assert 500_000 < row["used"] < 950_000
    assert row == {
        "year": 2013, "lowest": 500_000, "highest": 950_000, "n_statements": 2,
        "difference": pytest.approx(90), "difference_unit": "percent", "used": observed.table["estimate"].iloc[0],
    }  # fmt: skip


def test_the_most_telling_year_is_the_gap_not_the_years_that_are_known():
    rows = [observation(str(year), 100_000 + year) for year in (2016, 2017, 2021, 2022)]
    year, share = most_telling_year(built(*rows))
    assert year in (2018, 2019, 2020)
    assert 0.4 < share <= 1.0


def test_where_nothing_is_uncertain_no_year_tells_more():
    exact = yearly({2020: 10.0, 2021: 11.0, 2022: 12.0})
    assert most_telling_year(exact) is None


@pytest.mark.parametrize(
    ("scale", "unit", "difference", "in_unit"),
    [
        ("log", "percent", 50, "percent"),
        ("logit", "percent", 20, "percentage_points"),
        ("growth", "percent", 20, "percentage_points"),
        ("level", "criteria", 20, "criteria"),
    ],
)
def test_amounts_differ_in_percent_and_rates_in_points(scale, unit, difference, in_unit):
    observed = replace(seen([(2019, 40.0, 0.01), (2019, 60.0, 0.01)], scale), unit=unit)
    [row] = find_conflicts(observed).to_dict("records")
    assert (row["difference"], row["difference_unit"]) == (pytest.approx(difference), in_unit)


def test_a_conflict_is_not_known_before_its_second_figure():
    rows = observation("2013", 950_000), observation("2013", 500_000, published="2020-05-01")
    assert find_conflicts(built(*rows, as_of="2020-04-30")).empty
    assert len(find_conflicts(built(*rows, as_of="2020-05-01"))) == 1


CONCEPTS = pd.DataFrame(
    {"field": ["tourism", "economy", "economy"], "group": pd.array([9, 6, 1], dtype="Int64")},
    index=pd.Index(["tourist_arrivals", "budget", "grdp"], name="indicator_id"),
)


def goals(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame([target(published="2020-06-30"), *rows]).iloc[1:]


def cover(rows: pd.DataFrame, targets: pd.DataFrame, as_of: str | None = None) -> pd.DataFrame:
    known = replace(vintage(indicators=CONCEPTS), evidence=rows).as_of(as_of)
    return coverage(known, as_targets(known_by(targets, as_of)), area="sa_pa")


def test_a_goal_without_a_figure_is_what_is_missing():
    table = cover(evidence(), goals(target(indicator_id="budget", published="2020-06-30")))
    [row] = table.to_dict("records")
    assert [row[name] for name in ("n_targets", "n_statements", "n_pages", "n_years")] == [1, 0, 0, 0]
    assert pd.isna(row["first_year"])
    assert row["best_grade"] == row["kinds"] == ""


def test_coverage_counts_statements_pages_and_years_with_a_figure():
    rows = evidence(
        observation("2018", 5.0, grade="C"),
        observation("2018", 5.0, source_url="https://example.org/copy"),
        observation("2020", 6.0, kind="estimate"),
        observation("2021-01/2021-06", 3.0, "YTD"),
        observation("2019", 9.0, area="lao_cai"),
    )
    row = cover(rows, goals()).loc["tourist_arrivals"]
    assert row.drop(["field", "group"]).to_dict() == {
        "n_targets": 0, "n_statements": 3, "n_pages": 2, "n_years": 2,
        "first_year": 2018, "last_year": 2020, "best_grade": "B", "kinds": "actual;estimate",
    }  # fmt: skip


def test_coverage_stands_in_the_order_of_field_and_group():
    ids = ["tourist_arrivals", "budget", "grdp"]
    rows = evidence(*(observation("2020", 1.0, indicator_id=name) for name in ids))
    for some in (rows, rows.iloc[::-1]):
        assert list(cover(some, goals()).index) == ["grdp", "budget", "tourist_arrivals"]


@given(st.integers(2015, 2026))
def test_coverage_on_a_day_is_the_coverage_of_what_was_published_by_then(year):
    rows = evidence(*(observation(str(past), 1.0 + past) for past in range(2014, 2025)))
    targets = goals(target(published="2020-06-30"))
    known = rows[rows["published"] <= f"{year}-06-30"]
    table = cover(rows, targets, f"{year}-06-30")
    assert table["n_statements"].sum() == len(known)
    assert table["n_targets"].sum() == (year >= 2020)


def test_an_expectation_for_the_running_year_is_no_year_with_a_figure():
    rows = evidence(observation("2023", 4.0, kind="estimate", published="2023-03"))
    assert cover(rows, goals(), "2023-06-30").loc["tourist_arrivals", "n_years"] == 0
    assert cover(rows, goals(), "2024-01-15").loc["tourist_arrivals", "n_years"] == 1


def test_nothing_known_is_an_empty_table():
    assert cover(evidence(observation("2020", 1.0)), goals(), "1990-01-01").empty


def test_every_target_and_every_figure_of_the_town_is_covered(tables: Project):
    table, targets = coverage(tables, tables.targets, area="sa_pa"), targets_table(tables.targets)
    for source in (tables.evidence, targets):
        assert set(source.loc[source["area"] == "sa_pa", "indicator_id"]) <= set(table.index)
    assert table["n_targets"].sum() == (targets["area"] == "sa_pa").sum()


def test_the_disagreement_about_2019_is_found_in_the_project(tables: Project):
    observed = build_series(tables, "tourist_arrivals", area="sa_pa")
    row = find_conflicts(observed).set_index("year").loc[2019]
    assert (row["lowest"], row["highest"], row["n_statements"]) == (3_200_000, 3_500_000, 3)


def test_every_series_of_the_project_can_be_searched(tables: Project):
    whole = tables.evidence.query("freq == 'A'")
    again = whole[whole.duplicated(["indicator_id", "area", "period"])]
    pairs = list(again[["indicator_id", "area"]].drop_duplicates().itertuples(index=False))
    assert len(pairs) > 20
    for indicator, area in pairs:
        try:
            observed = build_series(tables, indicator, area=area, n_draws=2)
        except NoEvidenceError:
            continue
        assert (find_conflicts(observed)["n_statements"] >= 2).all()
