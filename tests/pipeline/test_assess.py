"""The whole flow; the published verdicts stand in a golden file."""

import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sapa_analysis.core import targets_table
from sapa_analysis.core.errors import ParamsError
from sapa_analysis.core.period import last_day
from sapa_analysis.core.types import Forecast, NotAssessed
from sapa_analysis.forecasting.models import HEADLINE, MODELS
from sapa_analysis.pipeline.assess import (
    Results,
    assess_indicator,
    compare_methods,
    under_scenarios,
    years_needed,
)
from sapa_analysis.pipeline.known import find_successors, known_events, known_targets, successor_figures
from sapa_analysis.pipeline.pages import pages_used

pytest_plugins = ["loaded"]
GOLDEN = Path(__file__).parents[1] / "golden" / "verdicts-2023-06-30.csv"
EDITIONS = ["2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31"]


# that nothing published later is seen: test_as_of


def test_altering_what_was_known_does_change_the_forecast(tables, params):
    doubled = tables.evidence["value"].where(
        tables.evidence["period"] != "2019", tables.evidence["value"] * 2
    )
    ours = assess_indicator(tables, params, "tourist_arrivals")
    theirs = assess_indicator(
        replace(tables, evidence=tables.evidence.assign(value=doubled)), params, "tourist_arrivals"
    )
    assert not ours.paths.equals(theirs.paths)


def rounded(verdicts):
    kept = verdicts[["id", "latest_year", "latest", "expected", "probability", "status", "reason"]].copy()
    for column in ("latest", "expected"):
        kept[column] = [f"{value:.3g}" if pd.notna(value) else "" for value in kept[column]]
    kept["probability"] = [f"{value:.2f}" if pd.notna(value) else "" for value in kept["probability"]]
    return kept.astype(object).where(kept.notna(), "").astype(str)


def test_the_published_verdicts_are_those_of_the_golden_file(results):
    found = rounded(results.verdicts)
    if os.environ.get("SAPA_RENEW"):
        GOLDEN.write_text(found.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    wanted = pd.read_csv(GOLDEN, dtype=str, keep_default_na=False)
    changed = [
        f"{row['id']}: {column} was {old}, is {new}"
        for row, was in zip(found.to_dict("records"), wanted.to_dict("records"), strict=False)
        for column, old in was.items()
        if (new := row[column]) != old
    ]
    assert not changed, "\n".join([*changed, "If this is meant: SAPA_RENEW=1 pytest tests/pipeline"])
    assert len(found) == len(wanted)


def test_the_49_and_more_targets_are_those_of_the_chosen_documents_in_their_order(tables, params):
    targets = targets_table(known_targets(tables, params))
    assert targets["document"].value_counts().to_dict() == {"resolution-2023": 48, "congress-2020": 9}
    assert list(dict.fromkeys(targets["document"])) == params.documents[:2]


def test_a_target_restated_later_is_not_known_before(tables, params):
    params = params.with_values(documents=["congress-2020", "congress-2020-restated"])
    early = targets_table(known_targets(tables, params, "tourism_revenue"))
    later = params.with_values(as_of="2024-04-30")
    late = targets_table(known_targets(tables, later, "tourism_revenue"))
    assert early["value"].tolist() == [27_000]
    assert late["value"].tolist() == [27_000, 27_900]


@pytest.mark.parametrize("indicator", ["tourist_arrivals", "grdp_growth"])
def test_a_later_day_knows_every_event_of_an_earlier_one(tables, params, indicator):
    known = [set(known_events(tables, params.with_values(as_of=day), indicator).index) for day in EDITIONS]
    assert known[0]
    assert all(early <= late for early, late in pairwise(known))


def test_an_event_counts_for_its_area_and_those_within_it_once_its_page_was_out(tables, params):
    def events(area, as_of):
        return set(known_events(tables, params.with_values(area=area, as_of=as_of), "grdp_growth")["date"])

    assert events("viet_nam", "2026-01-31") == set()
    assert events("lao_cai", "2026-01-31") == {"2025-07-01"}
    assert events("sa_pa", "2018-05-04") == set()
    assert events("sa_pa", "2018-05-05") == {"2018-05-04"}


@pytest.mark.parametrize(
    ("indicator", "reason"),
    [
        ("upper_secondary_attainment", "no_evidence"),
        ("total_investment", "no_yearly_figure"),
    ],
)
def test_too_little_evidence_is_said_not_forecast(tables, params, indicator, reason):
    outcome = assess_indicator(tables, params, indicator)
    assert isinstance(outcome, NotAssessed)
    assert outcome.reason == reason


def test_a_model_of_choice_says_how_many_years_it_needs(tables, params):
    outcome = assess_indicator(tables, params.with_values(method="linear_drift"), "grdp_growth")
    assert isinstance(outcome, NotAssessed)
    assert (outcome.reason, outcome.needed) == ("too_few_years", 4)


@pytest.mark.parametrize(("indicator", "years"), [("grdp_growth", 4), ("grdp_per_capita", 1)])
def test_few_figures_give_a_forecast_marked_thin(tables, params, indicator, years):
    outcome = assess_indicator(tables, params, indicator)
    assert isinstance(outcome, Forecast)
    assert outcome.thin
    assert len(outcome.observed.observed_years) == years


def test_methods_stand_side_by_side_and_say_why_they_refuse(tables, params):
    table = compare_methods(tables, params, "grdp_growth", ["headline", "naive", "damped_trend"])
    assert (
        table.loc["headline", "lower_80"]
        < table.loc["headline", "median"]
        < table.loc["headline", "upper_80"]
    )
    assert table.loc["damped_trend", "refused"] == "too_few_years, needs 8"
    assert np.isnan(table.loc["damped_trend", "median"])
    alone = assess_indicator(tables, params, "grdp_growth")
    assert table.loc["headline", "median"] == alone.paths.median(axis=1).iloc[-1]


def test_no_path_leaves_the_bounds_of_its_indicator(tables, params):
    outcome = assess_indicator(tables, params, "new_rural_criteria")
    assert isinstance(outcome, Forecast)
    assert (outcome.paths >= 0).all(axis=None)
    assert (outcome.paths <= 19).all(axis=None)
    assert outcome.paths.max(axis=None) == 19  # so the bound is at work here


def test_money_is_forecast_at_constant_prices_and_shown_at_current_ones(tables, params):
    """Were prices to stand still from the origin on, the same paths would end lower by their rise."""
    still = tables.covariates[~tables.covariates["series"].str.contains("cpi")]
    current = assess_indicator(tables, params, "tourism_revenue")
    nominal = assess_indicator(replace(tables, covariates=still), params, "tourism_revenue")
    assert not np.allclose(current.paths, nominal.paths, rtol=0.01)
    counts = [
        assess_indicator(replace(tables, covariates=c), params, "jobs_created")
        for c in (tables.covariates, still)
    ]
    pd.testing.assert_frame_equal(counts[0].paths, counts[1].paths)


@pytest.mark.parametrize(
    ("values", "indicator", "message"),
    [
        ({}, "tourist_arrival", '"tourist_arrival" is unknown; did you mean tourist_arrivals?'),
        ({"area": "sapa"}, "tourist_arrivals", '"sapa" is unknown; did you mean sa_pa?'),
        ({"method": "linear_drif"}, "tourist_arrivals", "did you mean linear_drift?"),
        ({"documents": ["congress-202"]}, "tourist_arrivals", "did you mean congress-2020?"),
    ],
)
def test_an_unknown_name_is_one_clear_error(tables, params, values, indicator, message):
    with pytest.raises(ParamsError) as caught:
        assess_indicator(tables, params.with_values(**values), indicator)
    assert message in str(caught.value)


# pages, needs, successors ---------------------------------------------------------------------------------


def test_the_pages_used_are_those_of_the_figures_used_each_once(results, params):
    pages = pages_used(results)
    assert not pages.duplicated(["source_title", "source_url"]).any()
    used = {
        (row["source_title"], row["source_url"])
        for outcome in results.outcomes.values()
        if outcome.observed is not None
        for row in outcome.observed.observations.to_dict("records")
        if row["used"]
    }
    assert set(zip(pages["source_title"], pages["source_url"], strict=True)) == used
    assert pages["published"].map(lambda text: not text or last_day(text) <= params.as_of).all()


def test_without_outcomes_no_page_is_used(params):
    pages = pages_used(Results(params, {}, pd.DataFrame(), pd.DataFrame()))
    assert list(pages.columns) == ["source_title", "source_url", "published", "cite_ok"]
    assert pages.empty


@pytest.mark.parametrize("method", [*MODELS, "headline"])
def test_a_forecast_needs_what_is_chosen_and_what_its_model_needs(params, method):
    own = MODELS[HEADLINE if method == "headline" else method].min_years
    for chosen in (1, 5, 20):
        params = params.with_values(method=method, min_years=chosen)
        assert years_needed(params) == max(chosen, own)


def test_successors_are_the_areas_that_name_the_area_and_no_area_succeeds_itself(tables):
    for area in tables.areas.index:
        found = find_successors(tables, area)
        assert area not in found.index
        assert all(area in row.split(";") for row in found["predecessors"])
    assert len(find_successors(tables, "sa_pa")) == 6
    assert find_successors(tables, "sa_pa_ward").empty


def test_no_area_is_taken_for_another_whose_name_it_begins(tables):
    areas = tables.areas.assign(predecessors="sa_pa_ward")
    assert find_successors(replace(tables, areas=areas), "sa_pa").empty


@pytest.mark.parametrize("day", EDITIONS)
def test_figures_of_successors_are_of_whole_years_known_on_the_day(tables, params, day):
    params = params.with_values(as_of=day)
    found = successor_figures(tables, params, list(tables.indicators.index))
    assert set(found["area"]) <= set(find_successors(tables, "sa_pa").index)
    assert set(found["freq"]) <= {"A"}
    assert all(last_day(text) <= params.as_of for text in found["published"] if text)
    assert found[["name_vi", "name_en"]].notna().all(axis=None)
    assert not found.empty or day != EDITIONS[-1]


def test_no_indicator_asked_no_figure_of_a_successor(tables, params):
    assert successor_figures(tables, params.with_values(as_of=EDITIONS[-1]), []).empty


def test_a_scenario_made_in_python_with_a_misspelt_indicator_is_refused(tables, params):
    base = tables.scenarios["base"]
    low = tables.scenarios["low"]
    typo = low.adjustments[0].model_copy(update={"indicator": "tourist_arrival"})
    named = {"base": base, "mine": low.model_copy(update={"name": "mine", "adjustments": (typo,)})}
    project = replace(tables, scenarios=named)
    with pytest.raises(ParamsError, match='"tourist_arrival" is unknown; did you mean tourist_arrivals'):
        under_scenarios(project, params.model_copy(update={"scenarios": ["base", "mine"]}), {})


def test_a_misspelt_scenario_is_refused(tables, params):
    with pytest.raises(ParamsError, match='"hihg" is unknown; did you mean high'):
        under_scenarios(tables, params.with_values(scenarios=["base", "hihg"]), {})
