"""The whole flow: nothing published later is seen, and the published verdicts stand in a golden file."""

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sapa_analysis.errors import ParamsError
from sapa_analysis.params import load_params
from sapa_analysis.pipeline import assess_indicator, assess_targets, known_targets, load_project
from sapa_analysis.schema import Forecast, NotAssessed
from sapa_analysis.vintages import known_by

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden" / "verdicts-2023-06-30.csv"
EDITIONS = ["2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31"]


@pytest.fixture(scope="module")
def whole():
    return load_project(ROOT)


@pytest.fixture(scope="module")
def baseline():
    return load_params(ROOT / "params/baseline.yml")


def same_results(project, other, params):
    ours, theirs = assess_targets(project, params), assess_targets(other, params)
    pd.testing.assert_frame_equal(ours.verdicts, theirs.verdicts)
    for indicator, outcome in ours.outcomes.items():
        if outcome.observed is not None:
            pd.testing.assert_frame_equal(outcome.observed.table, theirs.outcomes[indicator].observed.table)
        if isinstance(outcome, Forecast):
            pd.testing.assert_frame_equal(outcome.paths, theirs.outcomes[indicator].paths)
    return ours


@pytest.mark.parametrize("day", EDITIONS)
def test_deleting_everything_published_later_changes_nothing(whole, baseline, day):
    past = replace(
        whole,
        evidence=known_by(whole.evidence, day),
        covariates=known_by(whole.covariates, day),
        targets=known_by(whole.targets, day),
    )
    assert len(past.evidence) < len(whole.evidence)
    same_results(whole, past, baseline.with_values(as_of=day))


@pytest.mark.parametrize("day", EDITIONS[1:3])
def test_altering_everything_published_later_changes_nothing(whole, baseline, day):
    late = ~whole.evidence.index.isin(known_by(whole.evidence, day).index)
    altered = whole.evidence.assign(value=whole.evidence["value"].where(~late, whole.evidence["value"] * 1.7))
    later = ~whole.covariates.index.isin(known_by(whole.covariates, day).index)
    covariates = whole.covariates.assign(value=whole.covariates["value"].where(~later, 1.0))
    assert late.any()
    assert later.any()
    same_results(
        whole, replace(whole, evidence=altered, covariates=covariates), baseline.with_values(as_of=day)
    )


def test_altering_what_was_known_does_change_the_forecast(whole, baseline):
    doubled = whole.evidence["value"].where(whole.evidence["period"] != "2019", whole.evidence["value"] * 2)
    ours = assess_indicator(whole, baseline, "tourist_arrivals")
    theirs = assess_indicator(
        replace(whole, evidence=whole.evidence.assign(value=doubled)), baseline, "tourist_arrivals"
    )
    assert not ours.paths.equals(theirs.paths)


def rounded(verdicts):
    kept = verdicts[["id", "latest_year", "latest", "expected", "probability", "status", "reason"]].copy()
    for column in ("latest", "expected"):
        kept[column] = [f"{value:.3g}" if pd.notna(value) else "" for value in kept[column]]
    kept["probability"] = [f"{value:.2f}" if pd.notna(value) else "" for value in kept["probability"]]
    return kept.astype(object).where(kept.notna(), "").astype(str)


def test_the_published_verdicts_are_those_of_the_golden_file(whole, baseline):
    found = rounded(assess_targets(whole, baseline).verdicts)
    if os.environ.get("SAPA_RENEW"):
        GOLDEN.write_text(found.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    wanted = pd.read_csv(GOLDEN, dtype=str, keep_default_na=False)
    changed = [
        f"{row['id']}: {column} was {old}, is {new}"
        for row, was in zip(found.to_dict("records"), wanted.to_dict("records"), strict=False)
        for column, old in was.items()
        if (new := row[column]) != old
    ]
    assert not changed, "\n".join([*changed, "If this is meant: SAPA_RENEW=1 pytest tests/test_pipeline.py"])
    assert len(found) == len(wanted)


def test_the_49_and_more_targets_are_those_of_the_chosen_documents_in_their_order(whole, baseline):
    targets = known_targets(whole, baseline)
    assert targets["document"].value_counts().to_dict() == {"resolution-2023": 48, "congress-2020": 9}
    assert list(dict.fromkeys(targets["document"])) == baseline.documents


def test_a_target_restated_later_is_not_known_before(whole, baseline):
    params = baseline.with_values(documents=["congress-2020", "congress-2020-restated"])
    early = known_targets(whole, params, "tourism_revenue")
    late = known_targets(whole, params.with_values(as_of="2024-04-30"), "tourism_revenue")
    assert early["value"].tolist() == [27_000]
    assert late["value"].tolist() == [27_000, 27_900]


@pytest.mark.parametrize(
    ("indicator", "reason"),
    [
        ("state_budget_revenue", "no_evidence"),
        ("total_investment", "no_yearly_figure"),
        ("grdp_growth", "too_few_years"),
    ],
)
def test_too_little_evidence_is_said_not_forecast(whole, baseline, indicator, reason):
    outcome = assess_indicator(whole, baseline, indicator)
    assert isinstance(outcome, NotAssessed)
    assert outcome.reason == reason


@pytest.mark.parametrize(
    ("values", "indicator", "message"),
    [
        ({}, "tourist_arrival", '"tourist_arrival" is unknown; did you mean tourist_arrivals?'),
        ({"area": "sapa"}, "tourist_arrivals", '"sapa" is unknown; did you mean sa_pa?'),
        ({"method": "linear_drif"}, "tourist_arrivals", "did you mean linear_drift?"),
        ({"documents": ["congress-202"]}, "tourist_arrivals", "did you mean congress-2020?"),
    ],
)
def test_an_unknown_name_is_one_clear_error(whole, baseline, values, indicator, message):
    with pytest.raises(ParamsError) as caught:
        assess_indicator(whole, baseline.with_values(**values), indicator)
    assert message in str(caught.value)
