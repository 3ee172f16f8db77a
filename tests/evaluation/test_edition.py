"""Editions: what the register of the project said, and how it turned out by the end of the term."""

from __future__ import annotations

import csv
import dataclasses
import re
from datetime import date

import pandas as pd
import pytest
from click.testing import CliRunner
from factories import target, yearly

from sapa_analysis import NotAssessed, judge_targets
from sapa_analysis.cli import main
from sapa_analysis.core import targets_table
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.evaluation.edition import missing_editions, plan_record, score_editions
from sapa_analysis.evidence import known_by
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.reporting import describe_kept, kept_table
from sapa_analysis.reporting.language import day as written_day
from sapa_analysis.reporting.language import number, texts
from sapa_analysis.reporting.tagged_numbers import plain
from sapa_analysis.verdicts import read_index, read_register

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
START, END = date(2023, 1, 15), date(2026, 1, 31)
ARRIVALS, REVENUE = "resolution-2023.09.tourist_arrivals", "resolution-2023.09.tourism_revenue"


@pytest.fixture(scope="module")
def score(tables, late, judged):
    """Return how the register fares up to a day, settled by what is known at the end of the term."""

    def run(as_of=END, project=tables):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sapa_analysis.evaluation.edition.judge_edition", lambda *_: judged)
            return score_editions(project, late.with_values(as_of=as_of))

    return run


@pytest.fixture(scope="module")
def kept(score):
    return score()


def told_on(root, day: date, name: str) -> float:
    """Return the probability that the file of a day holds."""
    with (root / f"register/sa_pa/{day}.csv").open(encoding="utf-8") as file:
        [row] = [row for row in csv.DictReader(file) if row["id"] == name]
    return float(row["probability"])


# what was said and what came ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "least", "most"), [(ARRIVALS, 3.675e6, 3.69e6), (REVENUE, 12707, 12707)])
def test_the_plan_of_2023_was_met_and_what_was_said_at_its_start_is_scored(name, least, most, kept, root):
    [case] = kept.cases[(kept.cases["id"] == name) & (kept.cases["as_of"] == START)].to_dict("records")
    said = told_on(root, START, name)
    assert 0 < said < 1
    assert case["outcome"] == 1
    assert least <= case["result"] <= most
    assert case["result"] >= case["value"]
    assert case["brier"] == pytest.approx((1 - said) ** 2, abs=1e-12)


def test_each_verdict_is_scored_by_what_was_said_on_its_own_day(kept, root):
    cases = kept.cases
    assert not cases.duplicated(["id", "as_of"]).any()
    for case in cases.to_dict("records"):
        assert case["probability"] == told_on(root, case["as_of"], case["id"])
        assert case["brier"] == pytest.approx((case["probability"] - case["outcome"]) ** 2)


def test_what_is_scored_was_open_then_and_is_known_now(kept, judged):
    now = judged.verdicts.set_index("id")["status"]
    assert len(kept.cases)
    assert {now[name] for name in kept.cases["id"]} <= {"met", "missed"}
    assert ((now[kept.cases["id"]] == "met").to_numpy() == (kept.cases["outcome"] == 1)).all()
    said = kept.issued[kept.issued["probability"].notna()]
    left = said.merge(kept.cases[["id", "as_of"]], how="left", indicator=True)
    assert not now.reindex(left.loc[left["_merge"] == "left_only", "id"]).isin(["met", "missed"]).any()


@pytest.mark.parametrize("as_of", [date(2022, 12, 31), START, date(2023, 6, 30), date(2024, 1, 14)])
def test_verdicts_of_later_days_are_not_read(as_of, score, params):
    found = score(as_of)
    days = {day for day in params.editions if day <= as_of}
    assert set(found.issued["as_of"]) == days
    assert set(found.cases["as_of"]) <= days


def test_the_scores_and_the_bins_are_of_these_cases(kept):
    scores = kept.scores.set_index("forecaster")
    assert scores.loc["probability", "brier"] == pytest.approx(kept.cases["brier"].mean())
    assert scores.loc["probability", "n"] == len(kept.cases) == kept.bins["n"].sum()
    assert scores.loc["coin", "brier"] == 0.25
    votes = kept.cases["germany"].isin(["yes", "no"])
    assert scores.loc["germany", "n"] == votes.sum() > 0
    assert scores.loc["germany", "ours"] == pytest.approx(kept.cases.loc[votes, "brier"].mean())


def test_an_edition_holds_every_target_of_the_area_that_was_known(judged, tables, params):
    targets = targets_table(tables.targets)
    mine = known_by(targets[targets["area"] == "sa_pa"], END)
    assert sorted(judged.verdicts["id"]) == sorted(mine["id"])
    first = list(dict.fromkeys(judged.verdicts["document"]))[: len(params.documents)]
    assert first == params.documents


# in words -------------------------------------------------------------------------------------------------


def sentences(kept, lang, **changed) -> list[str]:
    parts = {"issued": kept.issued, "cases": kept.cases, "scores": kept.scores} | changed
    return plain(describe_kept(**parts, area="Sa Pa", as_of=END, lang=lang))


def numbers_of(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)?", text))


@either
def test_every_number_of_the_sentences_is_in_the_scores(kept, lang):
    scores = kept.scores.set_index("forecaster")
    scored, worse, unknown, rules, hindsight, *_ = sentences(kept, lang)
    wanted = {number(scores.loc[name, "brier"], 2, lang) for name in ("probability", "base_rate", "coin")}
    wanted |= {
        str(n) for n in (len(kept.cases), kept.cases["id"].nunique(), kept.issued["probability"].count())
    }
    assert numbers_of(scored.replace(written_day(date(2026, 1, 31), lang), "")) == wanted
    names = texts(lang)["rules"]
    for name, row in scores.drop(["probability", "base_rate", "coin"]).iterrows():
        assert f"{names[name]} {number(row['brier'], 2, lang)} ({row['n']:g})" in rules
    assert str(len(kept.cases)) in numbers_of(hindsight)
    assert worse == texts(lang)["kept"]["worse"]  # 0.34 against 0.25
    last = kept.issued[kept.issued["as_of"] == kept.issued["as_of"].max()]
    assert numbers_of(unknown) == {str((last["overdue"] & last["probability"].notna()).sum())}


def test_only_who_does_worse_than_one_half_is_told_so(kept):
    better = kept.scores.assign(
        brier=kept.scores["brier"].mask(kept.scores["forecaster"] == "probability", 0.1)
    )
    assert texts("vi")["kept"]["worse"] not in sentences(kept, "vi", scores=better)


@either
def test_only_what_was_issued_late_is_told_to_be_in_hindsight(kept, lang):
    early = kept.cases.assign(hindsight=False)
    assert len(sentences(kept, lang, cases=early)) == len(sentences(kept, lang)) - 1
    late = early["as_of"] == START
    mixed = early.assign(hindsight=late, issued=[date(2026, 11, 24) if x else date(2027, 1, 1) for x in late])
    told = sentences(kept, lang, cases=mixed)[4]
    assert str(late.sum()) in numbers_of(told)
    assert "2027" not in told


@either
def test_few_targets_are_told_to_tell_little(kept, lang):
    few = texts(lang)["kept"]["few"]
    many = pd.concat([kept.cases.assign(id=kept.cases["id"] + str(copy)) for copy in range(20)])
    assert few in sentences(kept, lang)
    assert few not in sentences(kept, lang, cases=many)


@either
def test_without_an_outcome_that_is_all_that_is_said(score, lang, tables, tmp_path):
    empty = score(project=dataclasses.replace(tables, root=tmp_path))
    assert empty.issued.empty
    assert empty.bins.empty
    assert sentences(empty, lang) == [texts(lang)["kept"]["none"].format(
        area="Sa Pa", as_of=written_day(date(2026, 1, 31), lang))]  # fmt: skip


def test_every_case_has_its_row_for_the_reader(kept, tables):
    assert len(kept_table(kept.cases, tables)) == len(kept.cases)


# plans ----------------------------------------------------------------------------------------------------


def test_the_yearly_plans_of_the_town_and_what_came_of_them(tables, late, judged):
    pairs = plan_record(tables, late, known=judged.outcomes).set_index("id")
    plans = {ARRIVALS: 3.5e6, REVENUE: 12085, "plan-2024.tourist_arrivals": 4.5e6,
             "plan-2024.tourism_revenue": 15500, "plan-2018.tourist_arrivals": 2.5e6}  # fmt: skip
    assert pairs["plan"].to_dict() == plans
    assert pairs["year"].to_dict() == {name: int(re.findall(r"20\d\d", name)[0]) for name in plans}
    assert (pairs["ratio"] * pairs["plan"]).to_dict() == pytest.approx(pairs["outcome"].to_dict())
    assert pairs.loc[REVENUE, "outcome"] == 12707


def test_an_area_without_yearly_plans_has_no_pair(tables, late):
    assert plan_record(tables, late.with_values(area="sa_pa_ward")).empty


# issuing --------------------------------------------------------------------------------------------------


def test_no_edition_is_missing(tables, params):
    for area in ("sa_pa", "lao_cai"):
        assert missing_editions(tables, params.with_values(area=area)) == []


def test_without_a_register_all_editions_are_missing(tables, params, tmp_path):
    assert missing_editions(dataclasses.replace(tables, root=tmp_path), params) == params.editions


@pytest.fixture
def desk(tables, params, tmp_path, monkeypatch):
    """Return a folder in which the command issues verdicts on one invented target."""

    def stand_in(project, chosen):
        known = {"tourist_arrivals": NotAssessed(yearly({2021: 2.0, 2022: 2.5}), "too_few_years", 5)}
        targets = pd.DataFrame([target(end=2022, value=chosen.as_of.year / 1000)])
        return Results(chosen, known, judge_targets(known, targets), targets)

    monkeypatch.setattr("sapa_analysis.evaluation.edition.judge_edition", stand_in)
    monkeypatch.setattr(
        "sapa_analysis.pipeline.open_project",
        lambda **values: (dataclasses.replace(tables, root=tmp_path), params.with_values(**values)),
    )
    return tmp_path


def sapa(*words):
    return CliRunner().invoke(main, list(words))


def test_issue_writes_the_missing_editions_and_then_none(desk, params):
    result = sapa("issue", str(END))
    assert (result.exit_code, result.output) == (0, f"issued register/sa_pa/{END}.csv\n")
    result = sapa("issue")
    assert result.output.splitlines() == [
        f"issued register/sa_pa/{day}.csv" for day in params.editions if day != END
    ]
    assert sapa("issue").output == ""
    issued = read_register(desk / "register", area="sa_pa")
    assert sorted(set(issued["as_of"])) == params.editions
    assert set(issued["status"]) == {"met"}


def test_issue_again_is_one_clear_error_and_changes_nothing(desk):
    sapa("issue", str(END))
    before = {path: path.read_bytes() for path in desk.rglob("*.csv")}
    result = sapa("issue", str(END))
    assert result.exit_code == 1
    assert "stand there already" in result.output
    assert "Traceback" not in result.output
    assert {path: path.read_bytes() for path in desk.rglob("*.csv")} == before


@pytest.mark.parametrize(("word", "message"), [("June", "found 'June'"), ("2199-01-31", "before the day")])
def test_a_day_that_is_none_or_has_not_come_is_one_clear_error(word, message, desk):
    result = sapa("issue", word)
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
    assert list(desk.iterdir()) == []


def test_the_day_of_an_issue_is_that_of_viet_nam(desk, monkeypatch):
    monkeypatch.setattr("sapa_analysis.core.today", lambda: date(2026, 11, 29), raising=False)
    assert sapa("issue", str(END)).exit_code == 0
    assert [row["issued"] for row in read_index(desk / "register")] == ["2026-11-29"]


def test_a_day_that_is_none_is_refused_before_any_is_issued_and_a_day_counts_once(desk):
    result = sapa("issue", "2023-06-30", "2023-02-30", str(END))
    assert result.exit_code == 1
    assert "2023-02-30" in result.output
    assert list(desk.iterdir()) == []
    result = sapa("issue", "2023-06-30", "2023-06-30")
    assert (result.exit_code, result.output) == (0, "issued register/sa_pa/2023-06-30.csv\n")


def test_issue_completes_first_what_was_cut_off(desk):
    sapa("issue", "2023-06-30")
    sapa("issue", str(END))
    index = desk / "register/index.csv"
    sound = index.read_bytes()
    index.write_bytes(b"".join(sound.splitlines(keepends=True)[:-1]))
    (desk / f"register/sa_pa/{END}.csv").rename(desk / "register/.pending.csv")
    result = sapa("issue", str(END))
    assert result.exit_code == 1
    assert f"completed register/sa_pa/{END}.csv, whose issue had been cut off\n" in result.output
    assert "stand there already" in result.output
    assert index.read_bytes() == sound
    assert sorted(path.name for path in (desk / "register").iterdir()) == [
        ".lock",
        "head.csv",
        "index.csv",
        "sa_pa",
    ]


def test_an_area_that_is_younger_than_the_baseline_can_be_issued(tables, monkeypatch):
    asked = []
    monkeypatch.setattr("sapa_analysis.pipeline.open.load_project", lambda root, **_: tables)
    monkeypatch.setattr("sapa_analysis.evaluation.issue_edition", lambda project, params, **_: asked.append(params)
                        or project.root / "register/x.csv")  # fmt: skip
    result = sapa("issue", str(END), "--area", "sa_pa_ward")
    assert result.exit_code == 0, result.output
    assert [(params.area, params.as_of) for params in asked] == [("sa_pa_ward", END)]
