"""The register: append-only, provable, and scored by what became known later."""

from __future__ import annotations

import errno
import io
import os
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import example, given
from hypothesis import strategies as st
from registers import DAY, GOALS, LATER, PAST, files_of, issue, said

from sapa_analysis import Forecast, judge_targets
from sapa_analysis.core.errors import OutputError, RegisterError
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.evaluation.verification import brier_scores, reliability, settle
from sapa_analysis.verdicts.entry import TOLD, check_entry
from sapa_analysis.verdicts.progress_rules import FORECASTING
from sapa_analysis.verdicts.register import KEPT, issue_verdicts, read_index, read_register


def test_what_is_read_is_what_was_said(register):
    verdicts, readings = said()
    first = read_register(register, area="sa_pa", until=DAY)
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
    assert set(read_register(register, area="sa_pa")["as_of"]) == {DAY, date(2023, 12, 31)}
    assert set(read_register(register, area="lao_cai")["as_of"]) == {DAY}
    assert read_register(register, until=date(2023, 1, 1)).empty


def test_a_later_issue_of_a_day_stands_beside_the_first_which_is_what_counts(register):
    before = read_register(register, until=DAY)
    issue(register, paths=(9.0, 9.5), issued=date(2024, 2, 1))
    assert len(read_index(register)) == 4
    pd.testing.assert_frame_equal(read_register(register, until=DAY), before)
    assert (register / "sa_pa/2023-06-30-2.csv").exists()


def test_an_entry_carries_its_constants_and_entries_of_earlier_columns_are_read_beside_it(register):
    known = ("2020-07-31", "2026-01-31", "")
    constants = pd.DataFrame({"name": ["errors", "recovery", "plans"], "known_from": known})
    verdicts, readings = said()
    told = {"area": "sa_pa", "as_of": LATER, "issued": LATER, "constants": constants}
    issue_verdicts(register, verdicts, readings, **told)
    read = read_register(register).groupby("as_of")["constants"].unique()
    assert read[LATER].tolist() == ["errors 2020-07-31; recovery 2026-01-31; plans"]
    assert read[DAY].tolist() == [""]


def test_entries_of_earlier_decisions_keep_their_columns_and_stay_sound(root):
    """The project's own register: issued with the columns of decisions 53 and 76, byte for byte."""
    old = read_register(root / "register", until=date(2026, 1, 31)).query("entry <= 10")
    assert set(old["entry"]) == set(range(1, 11))
    assert (old["constants"] == "").all()


@pytest.mark.parametrize("lost", ["decision", "constants", "latest_period"])
def test_an_entry_without_one_of_its_columns_is_told(lost, register):
    text = (register / "sa_pa/2023-06-30.csv").read_text()
    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    problems = []
    check_entry(table.drop(columns=lost).to_csv(index=False), "entry", problems)
    left = set(TOLD) & set(table.drop(columns=lost))
    assert [problem.message for problem in problems] == ([f'column "{lost}" is missing'] if left else [])
    assert set(TOLD) <= set(table)


def test_saying_the_same_again_is_refused_and_changes_nothing(register):
    before = files_of(register)
    with pytest.raises(RegisterError, match="stand there already"):
        issue(register, issued=LATER)
    assert files_of(register) == before


def test_nothing_is_issued_before_its_day(tmp_path):
    with pytest.raises(RegisterError, match="before the day"):
        issue(tmp_path, issued=date(2023, 6, 29))
    assert not list(tmp_path.iterdir())


def test_no_day_of_issue_lies_before_that_of_the_entry_above_and_every_reason_is_told(register):
    before = files_of(register)
    with pytest.raises(RegisterError) as caught:
        issue(register, issued=date(2024, 1, 4))
    assert [(problem.file, problem.column) for problem in caught.value.problems] == [
        ("register/index.csv", "issued"),
        ("register/sa_pa/2023-06-30.csv", ""),
    ]
    assert "entry 3 was issued on 2024-01-05; 2024-01-04 lies before that day" in str(caught.value)
    assert "stand there already" in str(caught.value)
    assert files_of(register) == before


def test_days_that_ran_backwards_before_the_rule_stay_valid(register, monkeypatch):
    """An entry whose day lies before that of the entry above, as the package once wrote them."""
    with monkeypatch.context() as once:
        once.setattr("sapa_analysis.verdicts.register._refuse", lambda *_, **__: None)
        issue(register, as_of=date(2023, 9, 30), issued=date(2023, 12, 24))
    assert [row["issued"] for row in read_index(register)][-2:] == ["2024-01-05", "2023-12-24"]
    assert len(read_register(register)) == 4 * len(GOALS)
    issue(register, as_of=date(2023, 10, 31), issued=date(2023, 12, 24))
    assert len(read_index(register)) == 5


@pytest.mark.parametrize("area", ["", "..", "../x", "/x", "a/b", "a\\b", ".x"])
def test_an_area_that_is_no_name_of_a_folder_is_refused_and_nothing_is_written(area, tmp_path):
    with pytest.raises(RegisterError, match="is no area"):
        issue(tmp_path / "register", area=area)
    assert list(tmp_path.iterdir()) == []


@example(["\r\n", 'a\r"b\n\n', unicodedata.normalize("NFD", "Bắc")])
@example(["\r", " ", "\0"])
@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=3, max_size=3))
def test_whatever_the_words_of_a_verdict_its_entry_is_sound(tmp_path_factory, words):
    verdicts, readings = said()
    folder = tmp_path_factory.mktemp("words")
    told = {"area": "sa_pa", "as_of": DAY, "issued": DAY}
    issue_verdicts(folder, verdicts.assign(clause=words), readings, **told)
    assert len(read_register(folder)) == 3
    with pytest.raises(RegisterError, match="stand there already"):
        issue_verdicts(folder, verdicts.assign(clause=words), readings, **told)


def test_a_register_that_cannot_be_written_is_one_clear_error_and_stays_as_it_was(register, monkeypatch):
    before = files_of(register)
    for name in ("head.csv", "index.csv", "2023-06-30-2.csv"):
        with monkeypatch.context() as full:
            real = os.replace

            def refuse(old, new, name=name, real=real):
                if Path(new).name == name and Path(old).stat().st_size:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                real(old, new)

            full.setattr(os, "replace", refuse)
            with pytest.raises(OutputError, match=f"{name} cannot be written: No space left"):
                issue(register, paths=(9.0, 9.5), issued=LATER)
        assert files_of(register) == before


def test_a_register_that_is_a_file_is_one_clear_error(tmp_path):
    (tmp_path / "register").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written: "):
        issue(tmp_path / "register")
    with pytest.raises(RegisterError, match="register has 1 problem\n  cannot be read: "):
        read_index(tmp_path / "register")


def test_the_register_of_the_project_is_sound_and_holds_every_edition(root):
    from sapa_analysis.core import load_params

    issued = read_register(root / "register")
    editions = load_params(root / "params/baseline.yml").editions
    assert set(editions) <= set(issued.loc[issued["area"] == "sa_pa", "as_of"])
    head, *_, last = (root / "register/index.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    assert (root / "register/head.csv").read_text(encoding="utf-8") == head + last


# scores ---------------------------------------------------------------------------------------------------


def _later(value: float) -> pd.DataFrame:
    """Return the verdicts of a day that knows the year."""
    series = yearly(PAST | {2023: value}, as_of=date(2024, 6, 30))
    paths = pd.DataFrame([[value]], index=yearly_index([2024]))
    return judge_targets({"tourist_arrivals": Forecast(series, paths, "naive")}, GOALS)


def test_a_verdict_is_settled_once_its_year_has_a_figure(register):
    cases = settle(read_register(register, area="sa_pa", until=DAY), _later(2.6))
    assert cases["outcome"].to_list() == [1, 1, 0]
    assert cases["result"].to_list() == [2.6] * 3
    np.testing.assert_allclose(cases["brier"], [0, 0.25**2, 0.25**2])
    assert settle(read_register(register), said()[0]).empty


def test_rules_are_scored_as_yes_and_no_where_they_apply(register):
    cases = settle(read_register(register, area="sa_pa", until=DAY), _later(2.6))
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
