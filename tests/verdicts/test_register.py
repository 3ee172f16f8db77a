"""The register: append-only, provable, and scored by what became known later."""

from __future__ import annotations

import shutil
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import Forecast, judge_targets
from sapa_analysis.core.errors import RegisterError
from sapa_analysis.core.types import yearly_index
from sapa_analysis.evaluation.verification import brier_scores, reliability, settle
from sapa_analysis.verdicts.progress_rules import FORECASTING
from sapa_analysis.verdicts.register import KEPT, issue_verdicts, read_index, read_register
from sapa_analysis.verdicts.stability import read_rules

PAST = {2018: 2.0, 2019: 2.2, 2020: 1.5, 2021: 1.8, 2022: 2.4}
DAY, ISSUED = date(2023, 6, 30), date(2023, 7, 1)
GOALS = pd.DataFrame(
    [
        target(id=f"plan.{goal}", value=goal, end=2023, field="tourism", published="2020-06")
        for goal in (2.0, 2.5, 3.0)
    ]
)


def said(paths=(2.2, 2.6, 2.8, 3.2), past=PAST):
    """Return verdicts and readings of three goals of 2023."""
    outcomes = {
        "tourist_arrivals": Forecast(
            yearly(past, as_of=DAY), pd.DataFrame([list(paths)], index=yearly_index([2023])), "naive"
        )
    }
    return judge_targets(outcomes, GOALS), read_rules(outcomes, GOALS)


def issue(folder, *, as_of=DAY, issued=ISSUED, area="sa_pa", **changed):
    verdicts, readings = said(**changed)
    return issue_verdicts(folder, verdicts, readings, area=area, as_of=as_of, issued=issued)


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    folder = tmp_path_factory.mktemp("register")
    issue(folder)
    issue(folder, as_of=date(2023, 12, 31), issued=date(2024, 1, 5), paths=(2.9, 3.1))
    return folder


@pytest.fixture
def register(issued, tmp_path):
    return shutil.copytree(issued, tmp_path, dirs_exist_ok=True)


def test_what_is_read_is_what_was_said(register):
    verdicts, readings = said()
    first = read_register(register, until=DAY)
    assert first["id"].to_list() == verdicts["id"].to_list()
    np.testing.assert_allclose(first["probability"], verdicts["probability"], atol=5e-5)
    np.testing.assert_allclose(first["expected"], verdicts["expected"], rtol=1e-5)
    votes = readings.query("shift == 0 and rule == 'germany'").set_index("id")["on_track"]
    assert (first.set_index("id")["germany"] == "yes").to_dict() == votes.to_dict()
    assert set(KEPT) <= set(first.columns)
    assert not first["hindsight"].any()


def test_a_verdict_issued_long_after_its_day_is_in_hindsight(tmp_path):
    issue(tmp_path, issued=date(2026, 11, 24))
    assert read_register(tmp_path)["hindsight"].all()


def test_an_absent_register_is_empty(tmp_path):
    assert read_register(tmp_path / "none").empty
    assert read_index(tmp_path / "none") == []


def test_only_days_and_areas_asked_for_are_read(register):
    issue(register, area="lao_cai")
    assert set(read_register(register, area="sa_pa")["as_of"]) == {DAY, date(2023, 12, 31)}
    assert set(read_register(register, area="lao_cai")["as_of"]) == {DAY}
    assert read_register(register, until=date(2023, 1, 1)).empty


def test_a_later_issue_of_a_day_stands_beside_the_first_which_is_what_counts(register):
    before = read_register(register, until=DAY)
    issue(register, paths=(9.0, 9.5), issued=date(2024, 2, 1))
    assert len(read_index(register)) == 3
    pd.testing.assert_frame_equal(read_register(register, until=DAY), before)
    assert (register / "sa_pa/2023-06-30-2.csv").exists()


def test_saying_the_same_again_is_refused_and_changes_nothing(register):
    before = (register / "index.csv").read_bytes()
    with pytest.raises(RegisterError, match="stand there already"):
        issue(register)
    assert (register / "index.csv").read_bytes() == before


def test_nothing_is_issued_before_its_day(tmp_path):
    with pytest.raises(RegisterError, match="before the day"):
        issue(tmp_path, issued=date(2023, 6, 29))
    assert not list(tmp_path.iterdir())


def _alter(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "column", "message"),
    [
        (lambda folder: _alter(folder / "sa_pa/2023-06-30.csv", "0.7500", "0.9500"), "sha256", "was altered after"),
        (lambda folder: (folder / "sa_pa/2023-06-30.csv").unlink(), "file", "cannot be read"),
        (lambda folder: _alter(folder / "index.csv", "2023-07-01", "2023-06-30"), "chain", "one of them was altered"),
        (lambda folder: _alter(folder / "index.csv", "\n1,", "\n3,"), "entry", "was dropped or moved"),
    ],
    ids=["verdict altered", "file lost", "day of issue altered", "entry renumbered"],
)  # fmt: skip
def test_whoever_alters_what_was_said_is_found_out(register, damage, column, message):
    damage(register)
    with pytest.raises(RegisterError) as caught:
        read_register(register)
    found = [problem for problem in caught.value.problems if problem.column == column]
    assert found
    assert message in found[0].message


def test_a_dropped_entry_breaks_the_chain(register):
    index = register / "index.csv"
    head, _, *rest = index.read_text(encoding="utf-8").splitlines(keepends=True)
    index.write_text(head + "".join(rest), encoding="utf-8")
    with pytest.raises(RegisterError, match="dropped or moved"):
        read_index(register)


def test_the_register_of_the_project_is_sound_and_holds_every_edition(root):
    from sapa_analysis import load_params

    issued = read_register(root / "register")
    editions = load_params(root / "params/baseline.yml").editions
    assert set(editions) <= set(issued.loc[issued["area"] == "sa_pa", "as_of"])


# scores ---------------------------------------------------------------------------------------------------


def _later(value: float) -> pd.DataFrame:
    """Return the verdicts of a day that knows the year."""
    series = yearly(PAST | {2023: value}, as_of=date(2024, 6, 30))
    paths = pd.DataFrame([[value]], index=yearly_index([2024]))
    return judge_targets({"tourist_arrivals": Forecast(series, paths, "naive")}, GOALS)


def test_a_verdict_is_settled_once_its_year_has_a_figure(register):
    cases = settle(read_register(register, until=DAY), _later(2.6))
    assert cases["outcome"].to_list() == [1, 1, 0]
    assert cases["result"].to_list() == [2.6] * 3
    np.testing.assert_allclose(cases["brier"], [0, 0.25**2, 0.25**2])
    assert settle(read_register(register), said()[0]).empty


def test_rules_are_scored_as_yes_and_no_where_they_apply(register):
    cases = settle(read_register(register, until=DAY), _later(2.6))
    for rule in FORECASTING:
        wrong = (cases[rule] == "yes") != (cases["outcome"] == 1)
        by_hand = wrong.astype(float).where(cases[rule] != "")
        np.testing.assert_array_equal(cases[f"brier_{rule}"], by_hand)


def _cases(probabilities, outcomes):
    table = pd.DataFrame({"probability": probabilities, "outcome": outcomes})
    table["id"] = [str(place) for place in range(len(table))]
    table["brier"] = (table["probability"] - table["outcome"]) ** 2
    return table.assign(**{f"brier_{rule}": np.nan for rule in FORECASTING})


def test_the_base_rate_of_a_case_is_the_share_of_the_others():
    scores = brier_scores(_cases([1.0, 0.0, 0.0], [1.0, 1.0, 0.0])).set_index("forecaster")["brier"]
    assert scores["probability"] == pytest.approx(1 / 3)
    assert scores["base_rate"] == pytest.approx((0.5**2 + 0.5**2 + 1) / 3)
    assert scores["coin"] == 0.25


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=1, max_size=30))
def test_every_case_falls_into_one_bin_and_the_bins_keep_the_means(pairs):
    cases = _cases(*map(list, zip(*pairs, strict=True)))
    bins = reliability(cases)
    assert bins["n"].sum() == len(cases)
    assert ((bins["said"] >= bins["lower"] - 1e-12) & (bins["said"] <= bins["upper"] + 1e-12)).all()
    assert (bins["n"] * bins["attained"]).sum() == pytest.approx(cases["outcome"].sum())
    assert (bins["n"] * bins["said"]).sum() == pytest.approx(cases["probability"].sum())
