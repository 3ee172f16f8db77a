"""What is new since an edition: judgements, their causes, and the figures behind them."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from sapa_analysis.pipeline import assess_targets, changes_since
from sapa_analysis.series import find_family
from sapa_analysis.verdicts import REGISTER, read_register

pytest_plugins = ["loaded"]
VISITS, PLAN, GOAL = (
    "tourist_arrivals",
    "resolution-2023.09.tourist_arrivals",
    "congress-2020.tourist_arrivals",
)
AREAS = ("sa_pa", "lao_cai")
FOREST = "resolution-2023.03.forest_cover"


@pytest.fixture(scope="module")
def small(tables):
    """Return the project with what is aimed at and known of visits and forest cover, and figures of pupils."""
    goals = [goal for goal in tables.targets if goal.indicator_id in (VISITS, "forest_cover")]
    known = tables.evidence
    mine = known["indicator_id"].isin([VISITS, "forest_cover", "pupils"]) & known["area"].isin(AREAS)
    return replace(tables, targets=goals, evidence=known[mine].reset_index(drop=True))


@pytest.fixture(scope="module")
def brief(params):
    return params.with_values(n_paths=100, subjects={"tourism": [VISITS]})


def told(project, params, **of):
    return changes_since(project, params, assess_targets(project, params), **of)


@pytest.fixture(scope="module")
def late(small, brief):
    return told(small, brief.with_values(as_of="2025-06-30"))


def test_before_the_first_edition_there_is_nothing_to_compare(small, brief):
    assert told(small, brief.with_values(as_of="2023-01-15")) is None


def test_the_targets_named_are_those_with_another_status_than_in_the_register(small, late):
    assert late.since == date(2024, 1, 15)
    issued = read_register(small.root / REGISTER, area="sa_pa", until=late.since)
    was = issued[issued["as_of"] == late.since].set_index("id")["status"]
    now = late.results.verdicts.set_index("id")["status"]
    assert set(late.judgements["target"]) == {name for name in now.index if now[name] != was[name]}
    for row in late.judgements.to_dict("records"):
        assert (row["old_status"], row["status"]) == (was[row["target"]], now[row["target"]])


def test_a_result_that_came_in_names_its_figure_first(late):
    row = late.judgements.set_index("target").loc[PLAN]
    assert (row["status"], row["cause"]) == ("met", "result")
    figure = late.figures.loc[int(row["figures"].split(";")[0])]
    assert (figure["period"], figure["new_value"], figure["ids"]) == ("2023", 3_680_000, "e0769;e0770")


def test_the_parts_sum_to_the_change_of_every_middle(late):
    wide = late.moves.pivot(index=["statistic", "target"], columns="part", values="value")
    parts = wide[["before", "method", "target", "horizon", "data"]].sum(axis=1)
    pd.testing.assert_series_equal(parts, wide["after"], check_names=False, rtol=1e-9)
    assert set(late.moves["target"]) == {PLAN, GOAL, FOREST}  # the core, and what is judged otherwise


def test_the_figures_came_between_the_days_and_bear_on_the_targets(small, late):
    known = small.evidence.set_index("id")
    assert len(late.figures) > 10
    for row in late.figures.to_dict("records"):
        rows = known.loc[row["ids"].split(";")]
        assert (rows["value"] == row["new_value"]).all()
        assert row["change"] == "corrected" or (rows["published"] >= "2024").all()
        family = find_family(VISITS, small.indicators).members
        if row["area"] == "sa_pa" and row["indicator_id"] in family:
            assert {PLAN, GOAL} <= set(row["targets"].split(";"))


def test_a_figure_of_nothing_that_is_judged_is_left_out(late):
    assert "pupils" in set(late.project.evidence["indicator_id"])
    assert not set(late.figures["indicator_id"]) & {"pupils"}


def said_otherwise(monkeypatch, small, status, **of):
    real = read_register(small.root / REGISTER, area="sa_pa", until=date(2023, 6, 30))
    mine = real["id"] == GOAL
    other = real.assign(status=real["status"].where(~mine, status))
    for name, value in of.items():
        other[name] = other[name].where(~mine, value)
    for module in ("edition_causes", "changed_judgements"):
        monkeypatch.setattr(f"sapa_analysis.pipeline.{module}.read_register", lambda *_, **__: other)


def test_where_nothing_was_published_the_method_is_the_cause(small, brief, monkeypatch):
    said_otherwise(monkeypatch, small, "likely", probability=0.7)
    found = told(small, brief.with_values(as_of="2023-07-01"), since="2023-06-30").judgements
    row = found.set_index("target").loc[GOAL]
    assert row["method_status"] == row["status"]
    assert (row["old_status"], row["cause"]) == ("likely", "method")


def published(small, **row):
    """Return the project with one more figure of the town, published in July 2023."""
    page = small.evidence[small.evidence["id"] == "e0768"].assign(published="2023-07-01", id="new", **row)
    return replace(small, evidence=pd.concat([small.evidence, page], ignore_index=True))


def test_a_new_figure_is_the_cause_and_is_named(small, brief):
    project = published(
        small, value=3.4e6, period="2023-01/2023-06", freq="YTD", kind="actual", bound="exact"
    )
    found = told(project, brief.with_values(as_of="2023-07-02"), since="2023-06-30")
    row = found.judgements.set_index("target").loc[PLAN]
    assert row["cause"] == "data"
    assert found.figures.loc[int(row["figures"].split(";")[0]), "ids"] == "new"


def test_a_figure_of_another_definition_is_no_news(small, brief):
    """The page of November 2023 counts the arrivals of 2013 in the way of the years to 2016."""
    found = told(small, brief.with_values(as_of="2024-01-15"))
    assert "e0732" in set(small.as_of("2024-01-15").evidence["id"])
    assert not found.figures["ids"].str.contains("e0732").any()


def test_an_area_has_no_edition_before_it_existed(small, brief):
    """The ward began on 1 July 2025, after every edition."""
    goals = [goal.model_copy(update={"area": "sa_pa_ward"}) for goal in small.targets]
    ward = brief.with_values(area="sa_pa_ward", as_of="2026-01-31")
    assert told(replace(small, targets=goals), ward) is None
    later = ward.with_values(editions=[date(2025, 6, 30), date(2025, 12, 31)])
    assert told(replace(small, targets=goals), later).since == date(2025, 12, 31)


def test_an_edition_that_was_never_issued_is_judged_by_today_s_package(small, brief):
    found = told(small, brief.with_values(as_of="2025-06-30"), since="2024-02-01")
    assert set(found.judgements["method_status"]) == {""}
    assert "method" not in set(found.judgements["cause"])
