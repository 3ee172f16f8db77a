"""Tables for a notebook's reader: each target in one row, nothing invented, nothing that breaks the page."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from html import unescape

import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import Forecast, NotAssessed, judge_targets
from sapa_analysis.core.likelihood import STATUSES
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.table_terms import FIELDS
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.pipeline import known_targets, years_needed
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.reporting import editions_table, groups_table, joint_table, kept_table, targets_sheet
from sapa_analysis.reporting.language import day, document_name, indicator_name, texts
from sapa_analysis.reporting.tagged_numbers import plain
from sapa_analysis.verdicts import read_register

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


def column(lang, head):
    return texts(lang)["sheet"][head]


def tints(styled) -> list[str]:
    """Return the tint of each row, blank for none."""
    styled._compute()
    found = {place[0]: dict(css)["background-color"] for place, css in styled.ctx.items()
             if "background-color" in dict(css)}  # fmt: skip
    return [found.get(row, "") for row in range(len(styled.data))]


# targets by field -----------------------------------------------------------------------------------------


@settings(max_examples=4)
@given(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=6))
def test_each_target_of_the_document_has_one_row_by_field_and_keeps_its_order_within(tables, params, fields):
    rows = [goal(f"t{place}", field=field, clause=str(place)) for place, field in enumerate(fields)]
    shown = targets_sheet(tables, known(params, [*rows, goal("x", document="other")]), "plan", lang="en").data
    wanted = sorted(range(len(fields)), key=lambda place: FIELDS.index(fields[place]))
    assert shown[texts("en")["table"]["group"]].to_list() == [str(place) for place in wanted]
    words = texts("en")["fields"]
    assert shown[column("en", "field")].to_list() == [words[fields[place]] for place in wanted]


@either
def test_the_office_names_the_unit_and_what_it_writes_cannot_break_the_page(lang, tables, params):
    rows = [goal(unit_in_charge="Phòng Kinh tế"), goal("b", unit_in_charge=SCRIPT)]
    shown = targets_sheet(tables, known(params, rows), "plan", lang=lang).data
    first, second = shown[texts(lang)["table"]["indicator"]]
    assert first.endswith(f"<small>{texts(lang)['led']['office'].format(unit='Phòng Kinh tế')}</small>")
    assert "<script>" not in second
    assert "&lt;script&gt;" in second


@either
def test_a_row_tells_course_chance_stability_pace_and_source(lang, tables, params):
    [row] = targets_sheet(tables, known(params, [goal()]), "plan", lang=lang).data.to_dict("records")
    words = texts(lang)
    name, _, led = row[words["table"]["indicator"]].partition("<br><small>")
    assert name == indicator_name(tables.indicators.loc["tourist_arrivals"], lang)
    unit = tables.units.leading("tourist_arrivals", "tourism", "district")
    assert led == words["led"]["custom"].format(unit=getattr(unit, lang)) + "</small>"
    assert row[column(lang, "trend")].startswith("<svg ")
    assert "50%" in row[words["table"]["verdict"]]
    assert words["stability"]["stable"] in row[column(lang, "stability")]
    assert row[column(lang, "source")].startswith(
        '<a href="https://example.org/page" title="A page">example.org</a>'
    )
    assert re.search(r"\d", row[column(lang, "rarity")])


@either
def test_what_is_not_assessed_says_why_and_what_it_takes(lang, tables, params):
    results = known(params, [goal(), unseen()])
    shown = targets_sheet(tables, results, "plan", lang=lang).data
    cell = shown[texts(lang)["table"]["verdict"]].iloc[1]
    words = texts(lang)
    assert cell.startswith(words["status"]["not_assessed"])
    assert words["office"]["lacking"]["no_evidence"] in cell
    assert words["office"]["lacking"]["request"].partition("{unit}")[2] in cell
    assert words["needs"]["no_evidence"].split("{")[0] in cell


@either
def test_nothing_unknown_is_printed_as_a_value(lang, tables, params):
    shown = targets_sheet(tables, known(params, [goal(), unseen()]), "plan", lang=lang)
    own = [column(lang, head) for head in ("trend", "rarity", "stability", "source")]
    assert (shown.data.loc[1, own] == "").all()
    assert not re.search(r"\b(nan|None|NaT)\b|<NA>", shown.to_html())


def test_what_the_department_expects_stands_with_its_date_beside_its_own_target_only(tables, params):
    observed = series()
    said = observed.observations.iloc[[-1]].assign(
        year=2025, value=1.9e6, published="2022-11-05", kind="estimate", bound="under"
    )
    observed = dataclasses.replace(observed, observations=pd.concat([observed.observations, said]))
    shown = targets_sheet(
        tables, known(params, [goal(), goal("b", end=2024)], observed), "plan", lang="en"
    ).data
    head = plain(texts("en")["table"]["expected"].format(level="80%"))
    office = texts("en")["table"]["office"].format(value="nearly 1.9 million visits (5/11/2022)")
    own, other = (unescape(cell) for cell in shown[head])
    assert own.endswith(f"; {office}")
    assert office.partition(":")[0] not in other


def test_columns_without_a_cell_are_left_out(tables, params):
    whole = targets_sheet(tables, known(params, [goal(clause="3")]), "plan", lang="en").data
    bare = targets_sheet(tables, known(params, [unseen(clause="")]), "plan", lang="en").data
    assert texts("en")["table"]["whole_year"] not in whole
    assert column("en", "source") in whole
    words = texts("en")["table"]
    own = [words[name] for name in ("indicator", "target", "verdict")]
    assert list(bare) == [column("en", "field"), *own]


def test_a_table_that_is_made_again_is_the_same_page(tables, params):
    pages = [targets_sheet(tables, known(params, [goal()]), "plan").to_html() for _ in range(2)]
    assert pages[0] == pages[1]


@either
def test_a_document_without_targets_gives_an_empty_table(lang, tables, params):
    shown = targets_sheet(tables, known(params, [goal()]), "congress-2020", lang=lang)
    assert shown.data.empty
    assert document_name("congress-2020", lang) in shown.to_html()


def test_text_of_a_source_is_text_and_no_markup(tables, params):
    observed = series(source_title=SCRIPT, source_url=ADDRESS)
    html = targets_sheet(tables, known(params, [goal()], observed), "plan", lang="en").to_html()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<a " not in html  # an address with a script in it is none


@either
def test_a_page_that_may_not_be_cited_is_not_linked(lang, tables, params):
    results = known(params, [goal()], series(cite_ok="no"))
    html = targets_sheet(tables, results, "plan", lang=lang).to_html()
    assert "href" not in html
    assert "example.org" not in html
    assert column(lang, "uncited") in html


@either
def test_few_years_are_told_beside_the_chance_and_only_there(lang, tables, params):
    few = texts(lang)["table"]["few"]
    for values, told in (({2021: 1e6, 2022: 1.2e6}, True), (PAST, False)):
        rows = [goal(), goal("due", end=2022), unseen()]
        html = targets_sheet(tables, known(params, rows, series(values)), "plan", lang=lang).to_html()
        assert html.count(few) == told


# tints ----------------------------------------------------------------------------------------------------


def test_a_chance_is_tinted_only_where_the_rules_agree_and_a_result_always(tables, params):
    results = known(
        params, [goal("open"), goal("met", end=2022, value=1.0), goal("missed", end=2022), unseen()]
    )
    for grade, shown in (("stable", True), ("fairly_stable", True), ("unstable", False), ("", False)):
        graded = results.verdicts.assign(stability_grade=grade)
        found = tints(targets_sheet(tables, dataclasses.replace(results, verdicts=graded), "plan"))
        assert [bool(tint) for tint in found] == [shown, True, True, False]
        assert found[1] != found[2]


@pytest.mark.parametrize("status", STATUSES)
def test_the_tint_is_that_of_the_outlook(status, tables, params):
    likely, unlikely, even = "#cfe2f3", "#fbe0c8", "#f3f3f3"
    wanted = {"met": likely, "very_likely": likely, "likely": likely, "even": even, "not_assessed": "",
              "plan_only": "", "unlikely": unlikely, "very_unlikely": unlikely, "missed": unlikely}  # fmt: skip
    results = known(params, [goal()])
    said = results.verdicts.assign(status=status, stability_grade="stable", reason="no_evidence")
    assert tints(targets_sheet(tables, dataclasses.replace(results, verdicts=said), "plan")) == [
        wanted[status]
    ]


# editions side by side ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def issued(root) -> pd.DataFrame:
    return read_register(root / "register", area="sa_pa")


@pytest.fixture(scope="module", params=LANGUAGES)
def side_by_side(request, tables, params, issued):
    """Return a language and the five editions of the project's register side by side."""
    shown = {"documents": params.documents, "editions": params.editions, "needed": years_needed(params)}
    return request.param, editions_table(tables, issued, lang=request.param, **shown)


@pytest.fixture(scope="module")
def held(tables, params) -> dict[date, list[str]]:
    """Return the targets that were known on each day, in the order of the documents."""
    return {
        edition: [target.id for target in known_targets(tables, params.with_values(as_of=edition))]
        for edition in params.editions
    }


def fragments(form: str) -> list[str]:
    """Return the words of a text around its numbers."""
    return [part for part in re.split(r"\{\w+\}", form) if part.strip()]


def test_every_target_is_judged_or_says_why_not_in_all_five_editions(side_by_side, held, params, issued):
    lang, table = side_by_side
    words = texts(lang)
    assert list(table.columns[3:]) == [day(edition, lang) for edition in params.editions]
    assert len(params.editions) == 5
    assert len(table) == len(held[params.editions[-1]]) == 58
    assert table.iloc[:, :3].duplicated().sum() == 0
    verdicts = issued[issued["document"].isin(params.documents)]
    for edition, mine in verdicts.groupby("as_of"):
        said = mine.set_index("id").to_dict("index")
        assert set(said) == set(held[edition])
        for name, cell in zip(held[params.editions[-1]], table[day(edition, lang)], strict=True):
            assert (cell != "") == (name in said)
            if cell:
                assert_told(said[name], cell, words)


def assert_told(verdict, cell, words):
    """Check that a cell says what a verdict does: a word and a chance, or why not and what it takes."""
    if verdict["status"] == "not_assessed":
        why = words["office"]["lacking"].get(verdict["reason"], words["reasons"][verdict["reason"]])
        told = [words["status"]["not_assessed"], *fragments(why)]
        assert [
            part for part in told + fragments(words["needs"][verdict["reason"]]) if part not in cell
        ] == []
        return
    assert verdict["reason"] == ""
    told = {words["status"][verdict["status"]], words["overdue"].get(verdict["status"], "?")}
    known = verdict["status"] in ("met", "missed")
    assert cell.startswith(tuple(told))
    assert ("%" in cell) != known


def test_a_blank_cell_is_a_document_that_was_not_known_yet(side_by_side, params):
    lang, table = side_by_side
    [restated] = table.loc[table[day(date(2023, 1, 15), lang)] == "", texts(lang)["table"]["target"]]
    assert "27900" in re.sub(r"[.,]", "", restated)
    assert (table[day(params.editions[-1], lang)] != "").all()


def test_editions_and_documents_stand_in_the_order_asked_for(tables, params, issued):
    asked = {"editions": params.editions[::-2], "documents": params.documents[::-1]}
    table = editions_table(tables, issued, needed=1, lang="en", **asked)
    assert list(table.columns[3:]) == [day(edition, "en") for edition in params.editions[::-2]]
    assert "27,900" in table["Goal"].iloc[0]
    assert table["Group"].iloc[-1] == "25"


def test_of_an_empty_register_the_table_is_empty(tables, params, tmp_path):
    none = read_register(tmp_path)
    assert editions_table(tables, none, documents=params.documents, editions=params.editions, needed=1).empty


# counts ---------------------------------------------------------------------------------------------------


@settings(max_examples=min(15, settings.default.max_examples))
@given(
    st.lists(
        st.tuples(st.sampled_from(["plan-2018", "congress-2020"]), st.sampled_from(STATUSES)), min_size=1
    )
)
def test_every_group_is_counted_once_in_the_order_of_the_words(groups):
    frame = pd.DataFrame(groups, columns=["document", "status"])
    table = groups_table(frame, lang="en")
    words = texts("en")["status"]
    assert table.to_numpy().sum() == len(groups)
    assert list(table.index) == [words[status] for status in STATUSES if status in set(frame["status"])]
    for (document, status), n in frame.value_counts().items():
        assert table.loc[words[status], document_name(document, "en")] == n


def asked(question="all", field="party", lower=0.5, upper=0.5, **changed):
    row = {"document": "congress-2020", "question": question, "field": field, "n": 25, "wanted": 20,
           "n_assessed": 12, "lower": lower, "upper": upper}  # fmt: skip
    return pd.DataFrame([row | changed])


@pytest.mark.parametrize(
    ("lower", "upper", "shown"),
    [(0.5, 0.5, "50%"), (0.0, 0.5, "0% đến 50%"), (0.0, 0.001, "0% đến <1%"), (0.999, 1.0, ">99% đến 100%"),
     (0.123, 0.124, "12%")],
)  # fmt: skip
def test_a_joint_chance_is_one_number_or_two_bounds_and_never_a_false_certainty(lower, upper, shown):
    [row] = joint_table(asked(lower=lower, upper=upper)).to_dict("records")
    assert row[column("vi", "chance")] == shown


@either
def test_a_joint_question_names_its_field_or_its_counts(lang):
    questions = pd.concat([asked(), asked(field="economic"), asked("most", "")], ignore_index=True)
    table = joint_table(questions, lang=lang)
    party, economic, most = table[column(lang, "question")]
    assert texts(lang)["fields"]["party"] in party  # the Party keeps its capital
    assert texts(lang)["fields"]["economic"] in economic
    assert {"20", "25"} == set(re.findall(r"\d+", most))
    assert table[column(lang, "n_assessed")].to_list() == [12, 12, 12]


# what was said and what came ------------------------------------------------------------------------------


def case(probability=0.4, outcome=1.0, result=2.2e6, **changed):
    row = goal(value=2e6, end=2023, document="plan-2018")
    row |= {"as_of": date(2023, 1, 15), "probability": probability, "outcome": outcome, "result": result}
    row |= {"expected": 2.1e6, "office": np.nan}
    return row | {"brier": (probability - outcome) ** 2} | changed


@either
def test_what_was_said_stands_beside_what_came(lang, tables):
    [row] = kept_table(pd.DataFrame([case()]), tables, lang=lang).to_dict("records")
    heads = texts(lang)["kept"]["columns"]
    assert row[heads["probability"]] == "40%"
    assert row[heads["outcome"]] == texts(lang)["status"]["met"]
    assert re.sub(r"\D", "", row[heads["result"]]) == "22"
    assert re.sub(r"\D", "", row[heads["expected"]]) == "21"
    assert row[heads["office"]] == ""
    assert row[heads["brier"]].replace(",", ".") == "0.36"
    assert row[heads["as_of"]] == day(date(2023, 1, 15), lang)


@pytest.mark.parametrize(
    ("probability", "shown"), [(0.001, "<1%"), (0.0, "0%"), (0.999, ">99%"), (1.0, "100%")]
)
def test_what_was_said_never_reads_as_a_certainty_that_it_was_not(probability, shown, tables):
    [row] = kept_table(pd.DataFrame([case(probability)]), tables).to_dict("records")
    assert row[texts("vi")["kept"]["columns"]["probability"]] == shown


def test_a_result_of_a_term_is_left_blank_and_no_case_keeps_the_heads(tables):
    heads = texts("vi")["kept"]["columns"]
    [row] = kept_table(pd.DataFrame([case(result=np.nan, outcome=0.0)]), tables).to_dict("records")
    assert (row[heads["result"]], row[heads["outcome"]]) == ("", texts("vi")["status"]["missed"])
    empty = kept_table(pd.DataFrame([case()]).iloc[:0], tables)
    assert empty.empty
    assert set(heads.values()) <= set(empty.columns)
