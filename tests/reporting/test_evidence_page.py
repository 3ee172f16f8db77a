"""What a notebook says of published figures: the answer in three sentences, tables in words, pages as links."""

from __future__ import annotations

import re
from html import unescape

import pandas as pd
import pytest
from factories import evidence, observation, yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import forecast
from sapa_analysis.core import LANGUAGES, Problem
from sapa_analysis.evidence import coverage, known_by, merge_repeats
from sapa_analysis.reporting import (
    conflicts_table,
    coverage_table,
    describe_looks,
    describe_published,
    describe_telling,
    events_table,
    missing_table,
    observations_table,
    plain,
    show,
    weighed_table,
)
from sapa_analysis.reporting.language import indicator_name, number, texts
from sapa_analysis.reporting.tables.evidence import span
from sapa_analysis.reporting.tagged_numbers import numbers_in
from sapa_analysis.series import find_conflicts

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
VISITS = "tourist_arrivals"
CELLS = st.text(st.characters(max_codepoint=0x1EFF, exclude_categories=["C"]), max_size=30)


def said(project, area, indicator, lang, outcome=None):
    """Return the answer for an indicator of an area, and the figures and coverage that it speaks of."""
    known = project.as_of("2023-06-30")
    mine = known.evidence[(known.evidence["indicator_id"] == indicator) & (known.evidence["area"] == area)]
    covered = coverage(known, known.targets, area=area)
    observed = outcome.observed if outcome else None
    conflicts = find_conflicts(observed) if observed else None
    rows = project.indicators.loc[indicator], project.areas.loc[area]
    told = describe_published(mine, covered, *rows, observed=observed, conflicts=conflicts, lang=lang)
    return told, mine, covered


@either
def test_the_answer_counts_figures_grades_pages_conflicts_and_what_has_no_figure(tables, outcomes, lang):
    told, mine, covered = said(tables, "sa_pa", VISITS, lang, outcomes[VISITS])
    counts = {number.key.removeprefix(f"{VISITS}."): number.value for number in numbers_in(told)}
    grades = merge_repeats(mine)["grade"].value_counts().to_dict()
    assert len(told) == 3
    assert counts["statements"] == sum(grades.values()) == covered.at[VISITS, "n_statements"]
    assert counts["pages"] == covered.at[VISITS, "n_pages"]
    assert {grade: counts[f"grade_{grade}"] for grade in grades} == grades
    goals = covered[covered["n_targets"] > 0]
    assert (counts["coverage.n"], counts["coverage.none"]) == (
        len(goals), (goals["n_statements"] == 0).sum()
    )  # fmt: skip
    assert "2019" in told[1]
    assert "2013–2016" in told[1]


@either
def test_of_an_indicator_without_a_figure_the_answer_says_so_and_counts_the_area(tables, lang):
    told, _, covered = said(tables, "sa_pa", "upper_secondary_attainment", lang)
    assert len(told) == 2
    name = indicator_name(tables.indicators.loc["upper_secondary_attainment"], lang)
    assert told[0] == texts(lang)["evidence_page"]["nothing"].format(name=name)
    assert number((covered["n_targets"] > 0).sum(), 0, lang) in plain(told[1])


@either
def test_the_first_year_is_that_in_which_the_earliest_period_begins(tables, lang):
    told, *_ = said(tables, "sa_pa", "grdp_growth", lang)
    words = texts(lang)["evidence_page"]["counted"]
    assert words["years"].format(first=1991, last=2022) in told[0]


@either
def test_one_figure_is_told_in_the_singular(tables, lang):
    told = plain(said(tables, "sa_pa", "income_per_capita", lang)[0])[0]
    words = texts(lang)["evidence_page"]["counted"]
    assert all(words[name].format(n=1, first=2020) in told for name in ("figure", "page", "year"))
    assert lang == "vi" or not re.search("figures|pages", told)


@either
def test_without_a_series_the_answer_says_that_no_figure_gives_the_level_of_a_year(tables, lang):
    told, *_ = said(tables, "sa_pa", VISITS, lang)
    assert told[1] == texts(lang)["evidence_page"]["not_yearly"]


@either
@given(none=st.integers(0, 3), some=st.integers(0, 3), aimless=st.integers(0, 2))
def test_indicators_without_a_target_are_not_counted_as_missing(none, some, aimless, lang):
    covered = pd.DataFrame(
        {
            "n_targets": [1] * (none + some) + [0] * aimless,
            "n_statements": [0] * none + [2] * (some + aimless),
        }
    )
    area = pd.Series({"name_vi": "thị xã", "name_en": "town"})
    concept = pd.Series({"indicator_id": "x", "name_vi": "x", "name_en": "x"})
    nothing = pd.DataFrame()
    told = describe_published(nothing, covered, concept, area, lang=lang)[-1]
    counts = {number.key: number.value for number in numbers_in([told])}
    assert counts.get("coverage.none", 0) == none
    assert counts.get("coverage.n", 0) == none + some


def conflicting(n):
    """Return a series of ten years, and a table of n of them that disagree."""
    observed = forecast(
        yearly(dict.fromkeys(range(2010, 2020), 10.0)), horizon=1, n_paths=20, seed=1
    ).observed
    years = [2010 + place for place in range(n)]
    return observed, pd.DataFrame({"year": years, "lowest": 1.0, "highest": 2.0, "n_statements": 2})


@either
@pytest.mark.parametrize("n", [0, 1, 3, 4])
def test_the_years_that_disagree_are_told_with_their_ends_as_long_as_they_are_few(lang, n):
    observed, conflicts = conflicting(n)
    concept = pd.Series({
        "indicator_id": VISITS, "unit": "tonnes", "decimals": 0, "name_vi": "x", "name_en": "x"
    })  # fmt: skip
    area, covered = (
        pd.Series({"name_vi": "x", "name_en": "x"}),
        pd.DataFrame({"n_targets": [], "n_statements": []}),
    )
    rows = evidence(observation("2010", 10.0))
    told = plain(
        describe_published(rows, covered, concept, area, observed=observed, conflicts=conflicts, lang=lang)
    )[1]
    words = texts(lang)["evidence_page"]
    assert (words["agree"] in told) == (n == 0)
    assert told.count(words["complete"].format(first=2010, last=2019)) == 1
    ends = [words["disagreement"].format(year=2010, lowest=f"1 {u}", highest=f"2 {u}")
            for u in [texts(lang)["units"].get("tonnes", "tonnes")]]  # fmt: skip
    assert (ends[0] in told) == (0 < n <= 3)
    assert ("2010–2013" in told) == (n > 3)


@either
def test_of_a_series_of_one_year_that_year_is_told(tables, lang):
    mine = tables.evidence.query("indicator_id == 'forest_cover' and area == 'sa_pa'")
    covered = pd.DataFrame({"n_targets": [1], "n_statements": [3]})
    rows = tables.indicators.loc["forest_cover"], tables.areas.loc["sa_pa"]
    told = describe_published(mine, covered, *rows, observed=yearly({2022: 66.5}), lang=lang)
    assert told[1].endswith(texts(lang)["evidence_page"]["only"].format(first=2022))


@either
def test_the_most_telling_year_is_told_or_nothing(lang):
    assert describe_telling(None, VISITS, lang=lang) == []
    [told] = plain(describe_telling((2015, 0.364), VISITS, lang=lang))
    assert "2015" in told
    assert "36%" in told


@either
def test_every_indicator_of_the_area_stands_in_one_of_two_tables(tables, lang):
    covered, names = said(tables, "sa_pa", VISITS, lang)[2], tables.indicators
    found, missing = (make(covered, names, lang=lang) for make in (coverage_table, missing_table))
    known = covered.index[covered["n_statements"] > 0]
    lacking = covered.index[(covered["n_statements"] == 0) & (covered["n_targets"] > 0)]
    assert set(found.iloc[:, 0]) == {indicator_name(names.loc[id], lang) for id in known}
    told = [name for cell in missing.iloc[:, 2] for name in cell.split("; ")]
    assert sorted(told) == sorted(indicator_name(names.loc[id], lang) for id in lacking)
    assert sum(int(cell.split()[0]) for cell in missing.iloc[:, 1]) == len(lacking) == 43
    counts = found.iloc[:, 3].map(int)
    assert counts.is_monotonic_decreasing
    assert not any("_" in cell or "nan" in cell for row in found.to_numpy() for cell in row)


@either
def test_no_period_or_date_of_the_project_stands_as_a_code(tables, lang):
    table = observations_table(merge_repeats(known_by(tables.evidence, None)), lang=lang)
    heads = texts(lang)["table"]
    assert not [cell for name in ("period", "published") for cell in table[heads[name]]
                if re.search(r"\d{4}-|/\d{4}-|→", cell)]  # fmt: skip


def test_figures_of_one_year_stand_in_the_order_in_which_their_periods_end(tables):
    known = merge_repeats(known_by(tables.evidence, None)).query(
        "indicator_id == @VISITS and area == 'lao_cai'"
    )
    ends = sorted(span(*row)[1] for row in known[["period", "freq"]].itertuples(index=False))
    table = observations_table(known, lang="en")
    years = [re.findall(r"\d{4}", cell)[-1] for cell in table["Period"]]
    assert years == [str(end.year) for end in ends]


@either
def test_a_conflict_names_the_pages_of_both_ends(tables, outcomes, lang):
    observed, concept = outcomes[VISITS].observed, tables.indicators.loc[VISITS]
    conflicts = find_conflicts(observed)
    table, words = conflicts_table(conflicts, concept, observed=observed, lang=lang), texts(lang)
    seen = observed.observations
    for end in ("lowest", "highest"):
        [cell] = table[words["evidence_page"][end]]
        value = conflicts[end].iloc[0]
        titles = seen.loc[(seen["year"] == 2019) & (seen["value"] == value), "source_title"]
        assert any(cell.startswith(title) for title in titles)
    assert conflicts_table(conflicts.iloc[:0], concept, observed=observed, lang=lang).empty


@either
def test_an_event_names_the_site_of_its_page(lang):
    event = {"date": "2014-09-21", f"name_{lang}": "x", "event": "y", "event_vi": "y", "published": "2014-10"}
    table = events_table(pd.DataFrame([event | {"source_url": "https://www.example.org/a?b=1"}]), lang=lang)
    assert table.iloc[0, -1] == "example.org <https://www.example.org/a?b=1>"
    assert "-" not in table.iloc[0, 0] + table.iloc[0, 3]


def looked(
    lang, column="value", message="2,700,000.5 is a jump from 1,500,000 in 2015", file="data/tourism.csv"
):
    return describe_looks([Problem(file, 174, column, message)], lang=lang)[0]


def test_what_is_worth_a_look_is_told_with_numbers_of_the_language_and_its_row():
    assert looked("en") == "2,700,000.5 is a jump from 1,500,000 in 2015 (tourism.csv, row 174)."
    assert looked("vi").startswith("2.700.000,5 ")
    assert looked("vi").endswith("(tourism.csv, dòng 174).")
    cell = looked("vi", file="ngay.xlsx, trang Số liệu, ô K21")
    assert cell.endswith("(ngay.xlsx, trang Số liệu, ô K21).")


@either
def test_a_figure_without_a_date_is_told_with_the_name_of_its_column(lang):
    told = looked(lang, "published", "is blank: no edition of a day knows this figure")
    name = texts(lang)["evidence_page"]["looks"]["columns"]["published"]
    assert told.lower().startswith(name)
    assert "published" not in told


@pytest.fixture
def weighed():
    """Return three goals: one that a doubted figure hardly moves, one that it moves, one that it settles."""
    goal = {"document": "congress-2020", "sense": "at_least", "indicator_id": "grdp_growth",
            "measure": "term_mean_growth", "value": 14.5, "value_high": None, "unit": "percent",
            "start": 2021, "end": 2025, "figure": "e0260", "of": "grdp_growth", "period": "2020/2025",
            "freq": "TERM", "figure_value": 13.8, "figure_unit": "percent", "bound": "exact",
            "expected": 9.6, "expected_with": 13.7, "probability": 0.2, "status_with": "unlikely"}  # fmt: skip
    changes = [("a", 0.21, "unlikely"), ("b", 0.7, "likely"), ("c", float("nan"), "met")]
    rows = [goal | {"id": id, "probability_with": p, "status_with": word} for id, p, word in changes]
    return pd.DataFrame(rows)


@either
def test_the_goal_that_a_doubted_figure_moves_most_stands_first(tables, weighed, lang):
    table = weighed_table(weighed, tables.indicators, lang=lang)
    ends = [texts(lang)["status"]["met"], "70%", "21%"]
    assert table.iloc[:, -1].to_list() == [f"20% → {end}" for end in ends]
    assert weighed_table(weighed.iloc[:0], tables.indicators, lang=lang).columns.equals(table.columns)


@given(CELLS.filter(str.strip), CELLS)
def test_a_page_is_a_link_and_every_other_cell_is_text(title, query):
    address = f"https://example.org/{''.join(query.split())}".replace("<", "").replace(">", "")
    shown = show(pd.DataFrame({"Page": [f"{title} <{address}>"]}))._repr_html_()
    found = re.search(r'<a href="([^"]*)">([^<]*)</a>', shown)
    assert (unescape(found[1]), unescape(found[2])) == (address, plain(title))
    harmless = show(pd.DataFrame({"Page": [f"{title} <javascript:{address}>"]}))._repr_html_()
    assert not re.search(r'href="(?!https?://)', harmless)


@either
def test_numbers_with_and_without_a_bound_stand_right(lang):
    words = texts(lang)["bounds"]
    cells = [f"{words[name]}5" for name in ("over", "exact", "about", "under")]
    html = show(pd.DataFrame({"x": ["a", "b", "c", "d"], "n": cells}), lang=lang)._repr_html_()
    assert html.count("text-align:right") == 5
