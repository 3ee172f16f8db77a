"""Laws of the published figure: what is called published was printed, and what is converted stands apart."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly

from sapa_analysis import assess_indicator, judge_targets
from sapa_analysis.core import Forecast, NotAssessed, parse_period
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.evidence import is_doubted
from sapa_analysis.verdicts import latest_figure

pytest_plugins = ["loaded"]
EDITIONS = ("2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31")
SAME = ["period", "freq", "through", "bound", "source_title", "source_url", "published"]


def evidence_of(tables, day: str, indicator: str, area: str) -> pd.DataFrame:
    known = tables.as_of(day).evidence
    return known[(known["indicator_id"] == indicator) & (known["area"] == area)]


@pytest.mark.parametrize("day", EDITIONS)
def test_every_latest_figure_is_a_row_of_the_evidence_with_its_bound_and_period(tables, results_of, day):
    told = 0
    for row in results_of(day).verdicts.to_dict("records"):
        if pd.isna(row["latest"]):
            continue
        mine = evidence_of(tables, day, row["indicator_id"], row["area"])
        names = {
            "period": "latest_period", "freq": "latest_freq", "through": "latest_through",
            "bound": "latest_bound", "value": "latest",
        }  # fmt: skip
        fits = np.logical_and.reduce([mine[name] == row[column] for name, column in names.items()])
        assert fits.any(), row["id"]
        assert row["latest_url"] in set(mine.loc[fits, "source_url"]), row["id"]
        told += 1
    assert told >= 15


@pytest.mark.parametrize("day", EDITIONS)
def test_a_target_of_which_the_day_knew_a_figure_has_a_latest_one(results_of, day):
    found, known = results_of(day), 0
    for row in found.verdicts.to_dict("records"):
        outcome = found.outcomes.get(row["indicator_id"])
        if outcome is None or outcome.observed is None or outcome.observed.observations.empty:
            continue
        seen = outcome.observed.observations
        own = (seen["indicator_id"] == row["indicator_id"]) & (seen["area"] == row["area"]) & seen["used"]
        usable = seen[own & (seen["form"] == "level") & ~is_doubted(seen) & (seen["definition"] == "")]
        if len(usable):
            known += 1
            assert pd.notna(row["latest"]), row["id"]
    assert known >= 15


def test_a_figure_that_the_yearly_table_does_not_hold_is_told_with_its_goal(results_of):
    early = results_of("2023-01-15").verdicts.set_index("id")
    row = early.loc["resolution-2023.01.grdp_per_capita"]
    assert (row["latest"], row["latest_period"], row["latest_basis"]) == (99.36, "2022", "year")
    assert row["completion"] == pytest.approx(99.36 / 118)
    for day in ("2024-01-15", "2025-06-30"):
        row = results_of(day).verdicts.set_index("id").loc["congress-2020.international_arrivals"]
        assert (row["latest"], row["latest_bound"], row["latest_period"]) == (450_000, "over", "2019")
        assert (row["completion"], np.isnan(row["whole_year"])) == (0.45, True)


@pytest.mark.parametrize("day", EDITIONS)
def test_a_department_is_quoted_with_the_number_that_it_gave(tables, results_of, day):
    for row in results_of(day).verdicts.to_dict("records"):
        if pd.notna(row["office"]):
            mine = evidence_of(tables, day, row["indicator_id"], row["area"])
            same = (mine["value"] == row["office"]) & (mine["bound"] == row["office_bound"])
            assert (same & (mine["kind"] == "estimate")).any(), row["id"]


@pytest.mark.parametrize("day", EDITIONS)
def test_nothing_is_converted_beside_a_whole_year_nor_from_less_than_six_months(results_of, day):
    for row in results_of(day).verdicts.to_dict("records"):
        if pd.isna(row["whole_year"]):
            continue
        assert row["latest_basis"] == "part_year"
        span = parse_period(row["latest_period"], row["latest_freq"])
        end = date.fromisoformat(row["latest_through"]) if row["latest_through"] else span.end
        assert (end - span.start).days >= 180
        assert row["whole_year"] > row["latest"]


def test_two_months_are_told_as_two_months_and_never_as_a_year(results_of):
    verdicts = results_of("2024-01-15").verdicts.set_index("id")
    row = verdicts.loc["resolution-2023.09.tourism_revenue"]
    assert (row["latest"], row["latest_period"]) == (1847, "2023-01/2023-02")
    assert np.isnan(row["whole_year"])
    assert np.isnan(row["completion"])


def test_bounds_are_kept(results_of):
    verdicts = results_of("2026-01-31").verdicts.set_index("id")
    found = verdicts.loc[
        ["resolution-2023.09.tourist_arrivals", "congress-2020.tourist_arrivals",
         "resolution-2023.18.jobs_created"],
        ["latest", "latest_bound"],
    ]  # fmt: skip
    assert found.to_numpy().tolist() == [[3.68e6, "over"], [5e6, "under"], [1200, "over"]]


def test_the_figure_of_a_term_is_the_one_published_for_that_term_and_its_doubt_is_told(results_of):
    growth = results_of("2026-01-31").verdicts.set_index("id").loc["congress-2020.grdp_growth"]
    assert (growth["latest"], growth["latest_period"], growth["latest_basis"]) == (13.8, "2020/2025", "term")
    assert growth["latest_doubt"] == "not_fitted"
    before = results_of("2024-01-15").verdicts.set_index("id").loc["congress-2020.grdp_growth"]
    assert (before["latest_period"], before["latest_doubt"]) == ("2022", "")


@pytest.mark.parametrize("day", EDITIONS)
def test_no_pace_is_asked_of_a_year_that_is_over_or_of_a_goal_that_is_passed(results_of, day):
    verdicts = results_of(day).verdicts
    paced = verdicts[verdicts["pace"].notna()]
    assert not paced["overdue"].any()
    assert not (paced["passed"]).any()
    level = paced[(paced["measure"] == "level") & paced["sense"].isin(["at_least", "more_than"])]
    assert (level["pace"] > 0).all()


def test_a_goal_that_is_passed_early_says_so_instead_of_a_negative_pace():
    series = yearly({2020: 90.0, 2021: 98.0, 2022: 104.0}, as_of=date(2023, 6, 30))
    goals = pd.DataFrame([target(id="up", value=100.0, end=2025), target(id="on", value=120.0, end=2025)])
    verdicts = judge_targets({"tourist_arrivals": NotAssessed(series, "too_few_years", 9)}, goals)
    assert verdicts["passed"].tolist() == [True, False]
    assert verdicts["pace"].round(1).tolist()[1] == 4.9
    assert np.isnan(verdicts["pace"].iloc[0])


def test_a_share_printed_without_sense_and_tolerance_gets_no_word_but_one_with_a_tolerance_does():
    series = yearly({2020: 50.0, 2021: 51.0, 2022: 52.0}, scale="logit", unit="percent")
    paths = pd.DataFrame([np.full(100, 53.0)], index=yearly_index([2023]))
    shared = {"unit": "percent", "end": 2023, "sense": "about"}
    goals = pd.DataFrame([
        target(id="bare", value=52.5, **shared), target(id="told", value=52.5, tolerance=1.0, **shared),
    ])  # fmt: skip
    verdicts = judge_targets({"tourist_arrivals": Forecast(series, paths, "naive")}, goals).set_index("id")
    assert verdicts["status"].to_dict() == {"bare": "not_assessed", "told": "very_likely"}
    assert verdicts.loc["bare", "reason"] == "no_tolerance"


@pytest.mark.parametrize(
    ("unit", "scale", "wide", "narrow"),
    [("percent", "logit", (40.0, 70.0), (50.0, 60.0)), ("visits", "log", (10.0, 100.0), (20.0, 80.0))],
)
def test_a_band_that_says_nothing_gives_no_word_unless_many_figures_stand_behind_it(
    unit, scale, wide, narrow
):
    def judged(ends, years):
        series = yearly(dict.fromkeys(range(2023 - years, 2023), 50.0), scale=scale, unit=unit)
        paths = pd.DataFrame([np.linspace(*ends, 101)], index=yearly_index([2023]))
        fan = {"tourist_arrivals": Forecast(series, paths, "naive")}
        goal = pd.DataFrame([target(value=55.0, unit=unit, end=2023)])
        return judge_targets(fan, goal, widest_points=20.0, widest_factor=4.0).iloc[0]

    few = judged(wide, 3)
    assert (few["status"], few["reason"]) == ("not_assessed", "too_wide")
    assert few[["expected", "lower_80", "upper_80", "probability"]].isna().all()
    assert judged(narrow, 3)["reason"] == ""
    assert judged(wide, 8)["reason"] == ""


def test_bare_numbers_are_their_own_figures():
    import sapa_analysis as sapa

    visits = pd.Series([100.0, 110.0, 119.0], index=range(2017, 2020), name="visits")
    known = sapa.forecast(visits, horizon=1, n_paths=100, seed=1).observed
    assert latest_figure(known)["latest"] == 119.0
    assert latest_figure(known, by=2018)["latest"] == 110.0


def test_a_value_that_others_imply_is_not_called_published(tables, params):
    spend = assess_indicator(tables, params.with_values(n_paths=100), "spend_per_visit").observed
    years = spend.table.index[spend.table["basis"] == "implied"]
    assert len(years) > 0
    assert all(spend.figure(int(str(year))) is None for year in years)


@pytest.mark.parametrize("area", ["sa_pa", "viet_nam"])  # with statements about it, and with none at all
def test_a_value_that_others_imply_is_not_the_latest_figure(tables, params, area):
    here = params.with_values(n_paths=100, area=area)
    indicator = "tourist_arrivals" if area == "viet_nam" else "spend_per_visit"
    known = assess_indicator(tables, here, indicator).observed
    assert known.observations.empty == (area == "viet_nam")
    implied = known.table.index[known.table["basis"] == "implied"].year
    assert len(implied) > 0
    assert all(latest_figure(known, by=year)["latest"] is None for year in implied)
