"""From one edition to the next: causes that sum to the change."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from sapa_analysis.core import SapaError
from sapa_analysis.pipeline import assess_targets, edition_change
from sapa_analysis.verdicts import REGISTER, read_register

pytest_plugins = ["loaded"]
VISITS, GOAL = "tourist_arrivals", "congress-2020.tourist_arrivals"


@pytest.fixture(scope="module")
def brief(params):
    return params.with_values(n_paths=100, as_of="2024-01-15", subjects={"tourism": [VISITS]})


@pytest.fixture(scope="module")
def changed(visits, brief):
    return edition_change(visits, brief)


def wide(changed):
    return changed.pivot(index=["statistic", "target"], columns="part", values="value")


def test_the_causes_sum_to_the_change(changed):
    table = wide(changed)
    parts = table[["before", "method", "target", "horizon", "data"]].sum(axis=1)
    pd.testing.assert_series_equal(parts, table["after"], check_names=False, rtol=1e-9)


def test_before_is_what_was_issued_and_after_is_what_is_judged_now(visits, brief, changed):
    issued = read_register(visits.root / REGISTER, area="sa_pa", until=date(2023, 6, 30))
    issued = issued[issued["as_of"] == date(2023, 6, 30)].set_index("id")
    now = assess_targets(visits, brief).verdicts.set_index("id")
    table = wide(changed)
    for statistic, size in (("probability", 100), ("expected", 1)):
        row = table.loc[(statistic, GOAL)]
        assert row["before"] == pytest.approx(size * issued.loc[GOAL, statistic])
        assert row["after"] == pytest.approx(size * now.loc[GOAL, statistic])


def test_method_is_today_s_answer_for_that_day_less_what_was_issued(visits, brief, changed):
    then = assess_targets(visits, brief.with_values(as_of="2023-06-30")).verdicts.set_index("id")
    row = wide(changed).loc[("probability", GOAL)]
    assert row["before"] + row["method"] == pytest.approx(100 * then.loc[GOAL, "probability"])


def test_without_a_new_figure_and_without_days_nothing_changes(visits, brief):
    """The day before, nothing was published in between, and no year ended: only the method may differ."""
    found = wide(edition_change(visits, brief.with_values(as_of="2023-07-01"), since="2023-06-30"))
    assert (found[["target", "horizon"]] == 0).all(axis=None)
    fresh = visits.evidence["published"].between("2023-06-30", "2023-07-01", inclusive="right")
    assert (found["data"] == 0).all() or fresh.any()


def test_only_the_days_pass_where_nothing_new_is_known(visits, brief):
    old = visits.as_of("2023-06-30")
    still = replace(visits, evidence=old.evidence, covariates=old.covariates)
    found = wide(edition_change(still, brief))
    assert (found["data"] == 0).all()
    assert (found.loc["probability", "horizon"] != 0).any()


def test_a_target_that_is_printed_otherwise_is_a_cause_of_its_own(visits, brief, monkeypatch):
    """The same data and days; what was issued spoke of another number."""
    real = read_register(visits.root / REGISTER, area="sa_pa", until=date(2023, 6, 30))
    other = real.assign(value=real["value"].where(real["id"] != GOAL, 3e6))
    monkeypatch.setattr("sapa_analysis.pipeline.edition_causes.read_register", lambda *_, **__: other)
    table = wide(edition_change(visits, brief.with_values(as_of="2023-07-01"), since="2023-06-30"))
    assert table.loc[("probability", GOAL), "target"] < -10  # 5.8 million are reached less often than 3
    others = table.loc["probability"].drop(GOAL)
    assert (others["target"] == 0).all()
    row = table.loc[("probability", GOAL)]
    assert row[["before", "method", "target", "horizon", "data"]].sum() == pytest.approx(row["after"])


def test_a_restated_target_is_compared_with_the_one_that_it_restates(tables, brief):
    """27,000 billion until April 2024, 27,900 from then on: the same forecast, a higher goal."""
    late = brief.with_values(as_of="2025-06-30", subjects={"tourism": ["tourism_revenue"]})
    table = wide(edition_change(tables, late)).loc["probability"]
    first, anew = (f"congress-2020{which}.tourism_revenue" for which in ("", "-restated"))
    assert table.loc[first, "target"] == 0
    assert table.loc[anew, "target"] < 0
    assert table.loc[anew, "before"] == table.loc[first, "before"]
    parts = table[["before", "method", "target", "horizon", "data"]].sum(axis=1)
    pd.testing.assert_series_equal(parts, table["after"], check_names=False, rtol=1e-9)


def test_what_was_not_issued_has_no_method(visits, brief):
    found = wide(edition_change(visits, brief, since="2023-06-29"))
    assert found["method"].isna().all()
    parts = found[["before", "target", "horizon", "data"]].sum(axis=1)
    pd.testing.assert_series_equal(parts, found["after"], check_names=False, rtol=1e-9)


def test_a_result_that_is_known_is_a_chance_of_none_or_all(visits, brief):
    found = edition_change(visits, brief.with_values(as_of="2026-01-31"), since="2023-06-30")
    plan = found[(found["year"] == 2023) & (found["statistic"] == "probability")].set_index("part")["value"]
    assert plan["after"] == 100  # 3.5 million were planned for 2023, 3.68 came


@pytest.mark.parametrize(
    ("day", "since", "words"),
    [
        ("2023-01-15", None, "no edition lies before 2023-01-15; name the day with since"),
        ("2023-06-30", "2023-06-30", "since 2023-06-30 does not lie before 2023-06-30"),
    ],
)
def test_an_edition_that_is_not_earlier_is_refused(visits, brief, day, since, words):
    with pytest.raises(SapaError, match=words):
        edition_change(visits, brief.with_values(as_of=day), since=since)
