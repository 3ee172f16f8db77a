from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest
from factories import target, yearly

from sapa_analysis import Forecast, NotAssessed, forecast, judge_targets, under_scenarios
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.yearly import row_of, years_of
from sapa_analysis.forecasting.error_law import record_like
from sapa_analysis.pipeline.known import find_successors, met_counts, scenarios_of
from sapa_analysis.reporting import (
    describe_met_counts,
    describe_scenarios,
    describe_trajectory,
    describe_verdicts,
    headline,
)
from sapa_analysis.reporting.goals import due, goal
from sapa_analysis.reporting.language import document_name, forecasts, quantity, reason, texts
from sapa_analysis.reporting.sentences.boundary import describe_boundary
from sapa_analysis.reporting.tagged_numbers import Number, numbers_in, parts, plain
from sapa_analysis.scenarios import compare_scenarios, differences

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
CONCEPT = pd.Series(
    {
        "indicator_id": "tourist_arrivals",
        "unit": "tonnes",
        "decimals": 1,
        "name_vi": "sản lượng",
        "name_en": "output",
    }
)
PAST = {2016: 10.0, 2017: 13.0, 2018: 12.0, 2019: 15.0, 2020: 14.0, 2021: 17.0, 2022: 18.5}


def told(lang: str, **row: object) -> tuple[Forecast, pd.DataFrame, list[str]]:
    """Return a forecast, the verdict on one target, and the plain sentences about them."""
    outcome = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=200, seed=1)
    goals = pd.DataFrame([target(value=25.0, unit="tonnes", **row)])
    verdicts = judge_targets({"tourist_arrivals": outcome}, goals)
    return outcome, verdicts, plain(describe_trajectory(outcome, verdicts, CONCEPT, lang=lang))


def in_the_fan(outcome: Forecast, lang: str) -> list[str]:
    """Return median and interval of 2025 as they are written, the lower end without its unit."""
    summary = row_of(outcome.summary((80,)), 2025)
    values = {name: summary[name] for name in ("median", "lower_80", "upper_80")}
    keys = {name: name for name in values}
    return plain(list(forecasts(values, "tonnes", 1, lang, keys=keys, bare=["lower_80"]).values()))


@either
def test_the_sentences_carry_the_numbers_of_the_results(lang):
    outcome, verdicts, sentences = told(lang)
    said = " ".join(sentences)
    for words in (
        *in_the_fan(outcome, lang),
        *(quantity(value, "tonnes", 1, lang) for value in (18.5, 25.0)),
    ):
        assert words in said
    assert texts(lang)["status"][verdicts["status"].iloc[0]] in said
    for year in ("2016", "2022", "2025"):
        assert year in said


def record_shown() -> list[str]:
    """Return the numbers of the sentence on other series, as shown: how many, and how many percent held."""
    record = record_like(len(PAST), "log")
    held = record["held_80"]
    return [*f"{record['series'].sum():,}".split(","), f"{held.min():.0f}", f"{held.max():.0f}"]


@either
def test_every_number_said_is_a_number_of_the_results(lang):
    """Whatever digits a sentence holds come from the series, the forecast, the verdict or its own text."""
    outcome, verdicts, sentences = told(lang)
    decimal = texts(lang)["decimal"]
    values = [18.5, 25.0, verdicts["pace"].iloc[0], verdicts["own_pace"].iloc[0]]
    values += [float(words.split()[0].replace(decimal, ".")) for words in in_the_fan(outcome, lang)]
    known = {f"{value:.1f}".removesuffix(".0") for value in values} | {
        "2016",
        "2017",
        "2022",
        "2025",
        "7",
        "80",
        "19",
        *record_shown(),
    }
    said = {
        text.replace(decimal, ".")
        for text in re.findall(rf"\d+(?:{re.escape(decimal)}\d+)?", " ".join(sentences))
    }
    assert said <= known


@either
def test_the_pace_is_told_for_levels_only(lang):
    start = texts(lang)["trajectory"]["pace"].split("{")[0]
    assert any(start in sentence for sentence in told(lang)[2])
    assert not any(start in sentence for sentence in told(lang, measure="growth")[2])


@either
def test_the_own_pace_is_told_once_however_many_goals_it_stands_beside(lang):
    outcome, verdicts, _ = told(lang)
    twice = pd.concat([verdicts, verdicts.assign(id="plan.other", document="other", value=30.0)])
    for tell in (describe_trajectory, headline):
        said = plain(tell(outcome, twice, CONCEPT, lang=lang))
        start = texts(lang)["trajectory"]["own_pace"].split("{")[0]
        assert len([sentence for sentence in said if sentence.startswith(start)]) == 1
    over = verdicts.assign(overdue=True, pace=float("nan"), own_pace=float("nan"))
    assert start not in " ".join(describe_trajectory(outcome, over, CONCEPT, lang=lang))


@either
def test_too_few_figures_for_a_pace_are_told_in_words(lang):
    outcome = forecast(yearly({2022: 18.5}, unit="tonnes"), horizon=3, n_paths=50, seed=1)
    verdicts = judge_targets({"tourist_arrivals": outcome}, pd.DataFrame([target(unit="tonnes", value=25.0)]))
    words = texts(lang)
    wanted = words["trajectory"]["own_pace"].format(pace=words["table"]["own_pace_unknown"])
    assert wanted in describe_trajectory(outcome, verdicts, CONCEPT, lang=lang)


@either
def test_what_the_department_expects_is_told_with_the_day_of_its_page(lang):
    seen = yearly(PAST, unit="tonnes")
    said = seen.observations.iloc[[-1]].assign(
        year=2023, value=20.0, bound="about", published="2022-11-05", kind="estimate", leads=False
    )
    seen = dataclasses.replace(seen, observations=pd.concat([seen.observations, said]))
    outcome = dataclasses.replace(
        forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=50, seed=1), observed=seen
    )
    sentences = plain(describe_trajectory(outcome, told(lang)[1], CONCEPT, lang=lang))
    assert [text for text in sentences if "(05/11/2022)" in text or "(5/11/2022)" in text]


@either
def test_a_goal_beyond_the_fan_leaves_the_last_year_to_tell(lang):
    outcome, _, sentences = told(lang, end=2040)
    last = int(years_of(outcome.paths)[-1])
    assert any(str(last) in sentence for sentence in sentences)


@either
@pytest.mark.parametrize("seen", [None, yearly({2022: 18.5}, unit="tonnes")], ids=["nothing", "one figure"])
def test_what_is_not_assessed_is_told_with_its_reason(lang, seen):
    outcome = NotAssessed(seen, "too_few_years" if seen else "no_evidence", 5)
    verdicts = judge_targets({"tourist_arrivals": outcome}, pd.DataFrame([target(unit="tonnes")]))
    why = plain(reason(outcome.reason, lang, "x", n=1, needed=5))
    for sentences in (
        plain(describe_trajectory(outcome, verdicts, CONCEPT, lang=lang)),
        plain(headline(outcome, verdicts, CONCEPT, lang=lang)),
    ):
        assert any(why in sentence for sentence in sentences)
        assert any(quantity(18.5, "tonnes", 1, lang) in sentence for sentence in sentences) == (
            seen is not None
        )


@either
def test_the_headline_names_document_year_goal_and_word(lang):
    outcome, verdicts, _ = told(lang)
    said = " ".join(headline(outcome, verdicts, CONCEPT, lang=lang))
    row = verdicts.iloc[0]
    for words in (
        document_name("plan", lang),
        due(row, lang),
        goal(row, 1, lang),
        texts(lang)["status"][row["status"]],
    ):
        assert words in said


@either
def test_every_subject_can_be_told_whole(lang, outcomes, results, tables):
    for subject, outcome in outcomes.items():
        verdicts = results.verdicts[results.verdicts["indicator_id"] == subject]
        concept = tables.indicators.loc[subject]
        for tell in (describe_trajectory, headline):
            sentences = plain(tell(outcome, verdicts, concept, lang=lang))
            assert sentences
            assert all(sentence.endswith(".") for sentence in sentences)
            assert not any(mark in sentence for sentence in sentences for mark in ("{", "nan", "<NA>"))


@either
def test_the_running_year_is_told_when_it_was_seen(lang):
    running = yearly(
        PAST | {2023: 19.0}, bases={2023: "part_year"}, unit="tonnes", as_of=pd.Timestamp("2023-06-30").date()
    )
    outcome = forecast(running, horizon=3, n_paths=50, seed=1)
    sentences = describe_trajectory(outcome, told(lang)[1], CONCEPT, lang=lang)
    assert texts(lang)["trajectory"]["running"].format(year=2023) in sentences


def test_only_a_series_that_holds_the_covid_years_is_told_to_hold_them():
    before = yearly({year - 10: value for year, value in PAST.items()}, unit="tonnes")
    outcome = forecast(before, horizon=3, n_paths=50, seed=1)
    sentences = describe_trajectory(outcome, told("en")[1].iloc[:0], CONCEPT, lang="en")
    assert not any("COVID" in sentence for sentence in sentences)


@either
def test_the_counts_of_a_document_add_up_to_its_targets(lang, results):
    sentences = plain(describe_verdicts(results.verdicts, lang))
    for document, verdicts in results.verdicts.groupby("document"):
        [said] = [sentence for sentence in sentences if f"{document_name(document, lang)}:" in sentence]
        counts = [int(n) for n in re.findall(r"(?:: |; )(\d+) ", said)]
        assert sum(counts) == len(verdicts)
        assert len(counts) == verdicts["status"].nunique()


@either
def test_what_is_needed_is_told_only_when_something_is(lang, results):
    assessed = results.verdicts[results.verdicts["status"] != "not_assessed"]
    assert len(describe_verdicts(assessed, lang)) == assessed["document"].nunique()
    assert len(describe_verdicts(results.verdicts, lang)) == results.verdicts["document"].nunique() + 1


YEARS = re.compile(r"\b(?:19|20)\d\d\b")


@either
def test_every_number_but_years_knows_its_key(lang, outcomes, results, tables):
    """No digit stands outside a mark; document names and terms hold years."""
    for subject, outcome in outcomes.items():
        verdicts = results.verdicts[results.verdicts["indicator_id"] == subject]
        concept = tables.indicators.loc[subject]
        for tell in (describe_trajectory, headline):
            pieces = [part for text in tell(outcome, verdicts, concept, lang=lang) for part in parts(text)]
            loose = [part for part in pieces if not isinstance(part, Number)]
            assert [part for part in loose if re.search(r"\d", YEARS.sub("", part))] == []
            assert all(part.key for part in pieces if isinstance(part, Number))


@either
def test_the_numbers_told_are_those_of_the_results_to_the_last_digit(lang):
    outcome = told(lang)[0]
    verdicts = told(lang)[1]
    sentences = describe_trajectory(outcome, verdicts, CONCEPT, lang=lang)
    values = {number.key: number.value for number in numbers_in(sentences)}
    summary, own = row_of(outcome.summary((80,)), 2025), "tourist_arrivals.2025"
    wanted = {f"{own}.{name}": summary[name] for name in ("median", "lower_80", "upper_80")}
    wanted |= {"tourist_arrivals.2022.published": 18.5, "plan.tourist_arrivals.value": 25.0}
    wanted |= {f"plan.tourist_arrivals.{name}": verdicts[name].iloc[0] for name in ("pace", "own_pace")}
    wanted |= {"tourist_arrivals.n_years": len(PAST)}
    record = record_like(len(PAST), "log")
    wanted |= {"tourist_arrivals.record.series": record["series"].sum()}
    wanted |= {"tourist_arrivals.record.least": record["held_80"].min() / 100}
    wanted |= {"tourist_arrivals.record.most": record["held_80"].max() / 100}
    assert values == wanted | {"interval_80.level": 80}


@either
def test_another_model_than_the_headline_claims_no_record(lang):
    outcome = forecast(yearly(PAST, unit="tonnes"), "linear_drift", horizon=3, n_paths=200, seed=1)
    keys = {
        number.key for number in numbers_in(describe_trajectory(outcome, told(lang)[1], CONCEPT, lang=lang))
    }
    assert not [key for key in keys if "record" in key]


@either
@pytest.mark.parametrize("scale", ["logit", "level"])
def test_no_record_is_claimed_where_none_was_measured(lang, scale):
    outcome = forecast(yearly(PAST, unit="tonnes", scale=scale), horizon=3, n_paths=200, seed=1)
    keys = {
        number.key for number in numbers_in(describe_trajectory(outcome, told(lang)[1], CONCEPT, lang=lang))
    }
    assert not [key for key in keys if "record" in key]


@either
def test_few_figures_are_told_with_their_years(lang):
    thin = forecast(yearly({2021: 10.0, 2022: 12.0}, unit="tonnes"), horizon=3, n_paths=200, seed=1)
    said = plain(describe_trajectory(thin, told(lang)[1], CONCEPT, lang=lang))
    assert [sentence for sentence in said if "2021, 2022" in sentence]


@either
def test_the_interval_without_a_new_shock_stands_beside_the_one_with_it(lang):
    past = PAST | {2020: 4.0}
    broken = forecast(yearly(past, unit="tonnes"), horizon=3, n_paths=2_000, seed=1, shock_years=[2020])
    values = {
        n.key: n.value for n in numbers_in(describe_trajectory(broken, told(lang)[1], CONCEPT, lang=lang))
    }
    without_shocks, shaken = (values[f"tourist_arrivals.2025.{key}lower_80"] for key in ("calm.", ""))
    assert shaken < without_shocks == pytest.approx(broken.without_shocks.quantile(0.1, axis=1).iloc[-1])


@either
def test_published_counts_of_targets_met_appear_from_the_day_of_their_page_on(lang, tables, params):
    told = {}
    for day in ("2023-01-04", "2023-01-05", "2023-12-30", "2023-12-31"):
        mine = params.with_values(as_of=day)
        counts = met_counts(tables, mine)
        numbers = numbers_in(describe_met_counts(counts, tables.indicators, lang=lang))
        told[day] = [number.value for number in numbers if number.unit in ("targets", "groups")]
    late = [51, 52, 63, 65]  # the page of 18 of 25 is of 2023, so it is known from its last day on
    assert list(told.values()) == [[], late, late, [18, 25, *late]]


@either
def test_a_published_count_is_told_with_its_year_page_and_day_and_only_of_its_own_area(lang, tables, params):
    counts = met_counts(tables, params.with_values(as_of="2024-01-15"))
    [said] = plain(describe_met_counts(counts, tables.indicators, lang=lang))
    for row in counts.to_dict("records"):
        for words in (
            tables.indicators.loc[row["indicator_id"], f"name_{lang}"],
            row["source_title"],
            row["period"],
        ):
            assert words in said
    assert said.count("5/1/2023" if lang == "en" else "05/01/2023") == 1
    [hidden] = plain(describe_met_counts(counts.assign(cite_ok="no"), tables.indicators, lang=lang))
    assert texts(lang)["sheet"]["uncited"] in hidden
    assert not [title for title in counts["source_title"] if title in hidden]
    [merged] = plain(
        describe_met_counts(
            met_counts(tables, params.with_values(as_of="2026-01-31", area="lao_cai_2025")),
            tables.indicators,
            lang=lang,
        )
    )
    assert texts(lang)["published"]["estimate"] in merged
    assert met_counts(tables, params.with_values(area="sa_pa_ward")).empty


# boundary and reading -------------------------------------------------------------------------------------


@either
@pytest.mark.parametrize(
    ("day", "told"), [("2023-06-30", 0), ("2025-06-30", 0), ("2025-07-01", 1), ("2026-01-31", 1)]
)
def test_the_boundary_is_told_from_the_day_after_its_last(lang, tables, day, told):
    area, successors = tables.areas.loc["sa_pa"], find_successors(tables, "sa_pa")
    notices = describe_boundary(area, successors, pd.Timestamp(day).date(), lang=lang)
    assert len(notices) == told
    for notice in notices:
        assert "30/6/2025" in notice
        assert area[f"name_{lang}"] in notice
        assert [name for name in successors[f"name_{lang}"] if name not in notice] == []


@either
def test_a_boundary_that_still_holds_is_never_told(lang, tables):
    area = tables.areas.loc["sa_pa_ward"]
    assert not area["valid_to"]
    late = pd.Timestamp("2099-12-31").date()
    assert describe_boundary(area, find_successors(tables, "sa_pa_ward"), late, lang=lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_any_target_the_summary_says_so(lang, results):
    assert describe_verdicts(results.verdicts.iloc[:0], lang) == [texts(lang)["verdicts"]["no_target"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_area_without_scenarios_of_its_own_is_told_so(lang, tables, params, outcomes):
    there = params.with_values(area="yen_bai")
    ahead = under_scenarios(tables, there, outcomes)
    compared = [each(ahead, "tourist_arrivals") for each in (compare_scenarios, differences)]
    concept, mine = tables.indicators.loc["tourist_arrivals"], scenarios_of(tables, there)
    told = describe_scenarios(*compared, mine, concept, lang=lang)
    assert told[-1] == texts(lang)["scenarios"]["unwritten"]
    assert texts(lang)["scenarios"]["caution"] not in told
