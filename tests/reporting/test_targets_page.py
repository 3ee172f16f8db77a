"""The page of targets: each target in one table, the surest first, nothing invented, nothing that breaks it."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, NotAssessed, judge_targets
from sapa_analysis.core.likelihood import OPEN, OUTLOOKS, STATUSES
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.reporting import (
    describe_outlook,
    describe_signs,
    fulfilment_table,
    judged_table,
    plain,
    plans_table,
    reasons_table,
    rules_table,
    show,
    unjudged_table,
)
from sapa_analysis.reporting.language import document_name, indicator_name, texts
from sapa_analysis.reporting.tagged_numbers import Number, parts
from sapa_analysis.verdicts import plan_bias

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
PAST = {year: 1e6 * (1 + (year - 2016) / 10) for year in range(2016, 2023)}
SCRIPT = "<script>alert('&')</script>"
ADDRESS = 'https://www.example.org/?q="><script>x</script>'


def series(values=PAST, **pages):
    """Return figures, and what is changed of the pages that print them."""
    observed = yearly(values)
    return dataclasses.replace(observed, observations=observed.observations.assign(**pages))


def known(params, rows, observed=None, *, paths=(1.5e6, 2.5e6)) -> Results:
    """Return the results of a run on one invented indicator; `retail_sales` has no figure."""
    observed = series() if observed is None else observed
    after = yearly_index(list(range(observed.origin + 1, observed.origin + 4)))
    outcomes = {
        "tourist_arrivals": Forecast(observed, pd.DataFrame([list(paths)] * 3, index=after), "naive"),
        "retail_sales": NotAssessed(None, "no_evidence", 1),
    }
    targets = pd.DataFrame(rows)
    return Results(params, outcomes, judge_targets(outcomes, targets), targets)


def goal(name="a", value=2e6, field="tourism", published="2019-01", **changed):
    return target(id=name, value=value, field=field, published=published, **changed)


def unseen(name="u", **changed):
    return goal(name, indicator_id="retail_sales", unit="billion_vnd", **changed)


def judged(project, results, lang):
    return plain(judged_table(project, results, lang=lang))


def head(lang, name):
    return texts(lang)["targets_page"]["columns"][name]


# every target once ----------------------------------------------------------------------------------------


@either
def test_every_target_stands_in_one_of_the_two_tables(lang, results, tables):
    named = texts(lang)["picture_verdicts"]["target"]
    both = [judged_table(tables, results, lang=lang), unjudged_table(tables, results, lang=lang)]
    told = plain(pd.concat(both))[named]
    assert len(told) == len(results.verdicts)
    assert not told.duplicated().any()
    assert len(both[1]) == (results.verdicts["status"] == "not_assessed").sum()


@settings(max_examples=min(10, settings.default.max_examples))
@given(words=st.lists(st.sampled_from([each for each in STATUSES if each != "not_assessed"]), min_size=1))
def test_targets_stand_from_the_best_prospect_to_the_worst_and_plans_alone_last(tables, params, words):
    results = known(params, [goal(str(place)) for place in range(len(words))])
    said = results.verdicts.assign(status=words, overdue=False)
    shown = judged(tables, dataclasses.replace(results, verdicts=said), "en").iloc[:, 0].to_list()
    order = [*OUTLOOKS["likely"], "even", "unlikely", "very_unlikely", "missed", "plan_only"]
    assert shown == [texts("en")["short"][word] for word in sorted(words, key=order.index)]


def test_of_one_word_the_higher_chance_comes_first(results, tables):
    shown = judged_table(tables, results, lang="en")
    for _, same in shown.groupby(shown.columns[0], sort=False):
        chances = [
            part.value for cell in same[head("en", "chance")] for part in parts(cell)
            if isinstance(part, Number)
        ]  # fmt: skip
        assert chances == sorted(chances, reverse=True)


@either
def test_reasons_and_their_targets_agree_the_commonest_first(lang, results, tables):
    reasons = plain(reasons_table(results.verdicts, needed=1, lang=lang))
    listed = plain(unjudged_table(tables, results, lang=lang)).iloc[:, 0]
    counts = reasons.set_index(reasons.columns[0]).iloc[:, 0].astype(int)
    assert counts.to_dict() == listed.value_counts().to_dict()
    assert counts.is_monotonic_decreasing
    assert list(dict.fromkeys(listed)) == counts.index.to_list()


@either
def test_every_reason_and_every_category_of_a_rule_has_its_words(lang, results):
    words = texts(lang)["targets_page"]
    assert set(words["reasons"]) == set(texts(lang)["verdicts"]["unassessed"])
    assert set(words["reasons"]) - {"rated"} == set(texts(lang)["reasons"])
    assert set(results.readings["label"]) <= set(words["readings"]) | set(texts(lang)["bands"])


# cells ----------------------------------------------------------------------------------------------------


@either
def test_a_row_tells_chance_goal_figure_band_paces_and_what_it_rests_on(lang, tables, params):
    [row] = judged(tables, known(params, [goal()]), lang).to_dict("records")
    words, named = texts(lang), texts(lang)["table"]
    assert row[named["verdict"]] == words["short"]["even"]
    assert "50%" in row[head(lang, "chance")]
    aim = row[words["picture_verdicts"]["target"]]
    assert aim.startswith(indicator_name(tables.indicators.loc["tourist_arrivals"], lang))
    assert re.search(r": 2 .+\(.*2025; plan\)", aim)
    assert "https://example.org/page" in row[named["latest"]]
    assert re.search(r"2[.,]00 .*1[.,]60 .*2[.,]40", row[plain(named["expected"].format(level="80%"))])
    own = words["targets_page"]["own_pace"].partition("{")[0]
    assert re.fullmatch(rf"[\d.,]+%; {own}[\d.,]+% \(.+\)", row[head(lang, "needed")])
    assert words["stability"]["stable"] in row[head(lang, "rests")]


@either
def test_a_year_that_has_ended_is_told_in_the_past(lang, tables, params):
    results = known(params, [goal()])
    late = dataclasses.replace(results, verdicts=results.verdicts.assign(overdue=True))
    assert judged(tables, late, lang).iloc[0, 0] == texts(lang)["short_overdue"]["even"]


@either
def test_nothing_unknown_is_printed_as_a_value_and_empty_columns_are_left_out(lang, tables, params):
    results = known(params, [goal(), unseen()])
    for table in (judged(tables, results, lang), plain(unjudged_table(tables, results, lang=lang))):
        assert not re.search(r"\b(nan|None|NaT)\b|<NA>", table.to_csv())
        assert (table != "").any().all()
    assert texts(lang)["table"]["latest"] not in unjudged_table(tables, results, lang=lang)


def test_what_the_department_expects_stands_beside_its_own_target_only(tables, params):
    observed = series()
    said = observed.observations.iloc[[-1]].assign(
        year=2025, value=1.9e6, published="2022-11-05", kind="estimate", bound="under"
    )
    observed = dataclasses.replace(observed, observations=pd.concat([observed.observations, said]))
    shown = judged(tables, known(params, [goal(), goal("b", end=2024)], observed), "en")
    office = texts("en")["table"]["office"].format(value="nearly 1.9 million visits (5/11/2022)")
    column = plain(texts("en")["table"]["expected"].format(level="80%"))
    assert shown[column].str.endswith(f"; {office}").to_list() == [True, False]


@either
def test_few_years_are_told_beside_the_chance_and_only_there(lang, tables, params):
    few = texts(lang)["targets_page"]["support"]["few"].format(n=2)
    for values, told in (({2021: 1e6, 2022: 1.2e6}, True), (PAST, False)):
        results = known(params, [goal(), goal("due", end=2022), unseen()], series(values))
        cells = judged(tables, results, lang).to_csv() + unjudged_table(tables, results, lang=lang).to_csv()
        assert cells.lower().count(few) == told


@either
def test_a_page_that_may_not_be_cited_is_told_so_and_not_linked(lang, tables, params):
    shown = judged(tables, known(params, [goal()], series(cite_ok="no")), lang)
    assert "example.org" not in shown.to_csv()
    assert texts(lang)["sheet"]["uncited"] in shown.to_csv()


def test_text_of_a_source_is_text_and_no_markup(tables, params):
    observed = series(source_title=SCRIPT, source_url=ADDRESS)
    page = show(judged_table(tables, known(params, [goal()], observed), lang="en"))._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<a " not in page  # an address with a script in it is none


@either
def test_the_office_names_the_unit(lang, tables, params):
    results = known(params, [unseen(unit_in_charge="Phòng Kinh tế")])
    assert unjudged_table(tables, results, lang=lang).iloc[0, -1] == "Phòng Kinh tế"


@either
def test_signs_are_explained_only_where_they_stand(lang, results, tables):
    starred = judged_table(tables, results, lang=lang)
    assert describe_signs(starred, lang=lang) == [texts(lang)["brief"]["matters"]["star"]]
    assert describe_signs(starred.drop(columns=head(lang, "needed")), lang=lang) == []


# the answer -----------------------------------------------------------------------------------------------


@settings(max_examples=min(20, settings.default.max_examples))
@given(words=st.lists(st.sampled_from(STATUSES), min_size=1, max_size=12), lang=st.sampled_from(LANGUAGES))
def test_the_counts_of_the_answer_add_up_to_the_targets(tables, params, words, lang):
    results = known(params, [goal(str(place)) for place in range(len(words))])
    said = results.verdicts.assign(status=words, reason="no_evidence", probability=None)
    told = describe_outlook(said, tables.indicators, lang=lang)
    numbers = {part.key: part.value for part in parts(told[0]) if isinstance(part, Number)}
    outlooks = [numbers.get(f"outlook.{name}", 0) for name in ("likely", "even", "unlikely", "open")]
    assert sum(outlooks) == numbers["outlook.targets"] == len(words)
    assert numbers.get("outlook.open", 0) == sum(word in OPEN for word in words)
    assert len(told) == 1  # one document, and no chance is known


@either
def test_the_answer_is_three_sentences_with_the_surest_targets(lang, results, tables):
    told = plain(describe_outlook(results.verdicts, tables.indicators, lang=lang))
    assert len(told) == 3
    for document in dict.fromkeys(results.verdicts["document"]):
        assert document_name(document, lang).lower() in told[1].lower()
    low = results.verdicts.sort_values("probability").iloc[0]
    assert tables.indicators.loc[low["indicator_id"], f"name_{lang}"] in told[2]
    many = pd.concat([results.verdicts.assign(document=f"plan-{year}") for year in range(2018, 2022)])
    assert len(describe_outlook(many, tables.indicators, lang=lang)) == 2
    none = results.verdicts.iloc[:0]
    assert describe_outlook(none, tables.indicators, lang=lang) == [texts(lang)["verdicts"]["no_target"]]


# rules and plans ------------------------------------------------------------------------------------------


@either
def test_each_target_that_a_rule_reads_has_one_row_with_a_word_of_each_rule(lang, results, tables):
    table = plain(rules_table(results.readings, results.verdicts, tables.indicators, lang=lang))
    assert len(table) == results.readings.query("shift == 0")["id"].nunique() > 0
    assert table.iloc[:, 2:].map(bool).all().all()
    assert not table.map(lambda cell: "_" in cell).any().any()
    nothing = rules_table(results.readings.iloc[:0], results.verdicts, tables.indicators, lang=lang)
    assert nothing.empty


@settings(max_examples=min(10, settings.default.max_examples))
@given(ratios=st.lists(st.floats(0.2, 3), max_size=8), lang=st.sampled_from(LANGUAGES))
def test_plans_are_told_one_by_one_and_a_tendency_only_of_enough(tables, ratios, lang):
    rows = [{"id": f"p{place}", "indicator_id": "tourist_arrivals", "year": 2010 + place, "plan": 1e6,
             "outcome": ratio * 1e6, "ratio": ratio} for place, ratio in enumerate(ratios)]  # fmt: skip
    columns = ["id", "indicator_id", "year", "plan", "outcome", "ratio"]
    pairs = pd.DataFrame(rows, columns=columns)
    listed = plain(plans_table(pairs, tables.indicators, lang=lang))
    assert listed[head(lang, "year")].to_list() == [str(row["year"]) for row in rows]
    told = plain(fulfilment_table(plan_bias(pairs), tables.indicators, lang=lang))
    assert len(told) == (2 if rows else 0)
    few = texts(lang)["targets_page"]["too_few_plans"]
    assert (told[head(lang, "kept")] == few).all() == (len(rows) < 5)
    if len(rows) >= 5:
        assert told.iloc[-1, 0] == texts(lang)["targets_page"]["all_plans"]
        assert told.iloc[-1].str.contains("%").sum() == 3


# how it is shown ------------------------------------------------------------------------------------------


@given(n=st.integers(1, 40), rows=st.integers(1, 20))
def test_a_long_rest_of_sentences_is_folded_and_none_is_lost(n, rows):
    said = [f"Sentence {place}." for place in range(n)]
    page = show(said, lang="en", rows=rows)._repr_markdown_()
    assert [line for line in page.split("\n\n") if line.startswith("Sentence")] == said
    assert ("<details" in page) == (n > rows + 3)
    assert page.partition("<details")[0].count("Sentence") == (rows if n > rows + 3 else n)


def test_a_head_of_numbers_may_wrap_and_its_numbers_may_not():
    page = show(pd.DataFrame({"Targets of a document with a long name": ["1,200"]}))._repr_html_()
    head, cells = page.split("</thead>")
    assert "nowrap" not in head
    assert "nowrap" in cells


def test_with_no_row_open_a_table_is_all_folded():
    page = show(pd.DataFrame({"a": ["x"]}), lang="en", rows=0)._repr_html_()
    assert page.startswith("<details")
    assert page.count("<table") == 1
    assert texts("en")["shown"]["all"].format(n=1) in page


def test_an_address_in_a_cell_is_a_link_with_the_name_of_its_site():
    cell = "Visits, 5/1/2023 (https://www.example.org/a?b=1&c=2), and more"
    page = show(pd.DataFrame({"a": [cell]}))._repr_html_()
    assert '(<a href="https://www.example.org/a?b=1&amp;c=2">example.org</a>), and more' in page
    assert show(pd.DataFrame({"a": ["javascript:x ftp://a.b/c"]}))._repr_html_().count("<a ") == 0
