"""Tables for a notebook's reader: each target in one row, nothing invented, nothing that breaks the page."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import target
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core.likelihood import STATUSES
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import known_targets, years_needed
from sapa_analysis.reporting import bands_table, editions_table, groups_table, joint_table, kept_table
from sapa_analysis.reporting.language import day, document_name, texts
from sapa_analysis.verdicts import BANDS, read_register

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
PAST = {year: 1e6 * (1 + (year - 2016) / 10) for year in range(2016, 2023)}
SCRIPT = "<script>alert('&')</script>"
ADDRESS = 'https://www.example.org/?q="><script>x</script>'


def goal(name="a", value=2e6, field="tourism", published="2019-01", **changed):
    return target(id=name, value=value, field=field, published=published, **changed)


def column(lang, head):
    return texts(lang)["sheet"][head]


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
    told = table.set_index(texts("en")["table"]["verdict"])
    assert told.to_numpy().sum() == len(groups)
    assert list(told.index) == [words[status] for status in STATUSES if status in set(frame["status"])]
    assert list(told.columns) == [document_name(name, "en") for name in dict.fromkeys(frame["document"])]
    for (document, status), n in frame.value_counts().items():
        assert told.loc[words[status], document_name(document, "en")] == n


def test_bands_stand_from_the_best_to_the_worst_with_their_documents():
    groups = pd.DataFrame({"document": ["plan-2018", "congress-2020"], "completion": [1.2, 0.5]})
    table = bands_table(groups, lang="vi")
    assert table.iloc[:, 0].to_list() == [texts("vi")["bands"][band] for band in BANDS]
    assert table.iloc[:, 1:].to_numpy().tolist() == [[1, 0], [0, 0], [0, 0], [0, 1]]


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
