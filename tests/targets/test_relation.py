from __future__ import annotations

from datetime import date

import pytest

from sapa_analysis.core.errors import DataError, Problem
from sapa_analysis.evidence.catalogue import load_events
from sapa_analysis.evidence.load import load_evidence
from sapa_analysis.pipeline.check import check_project
from sapa_analysis.targets.relation import Relations, load_relations

FILE = "data/relations.yml"


@pytest.fixture(scope="module")
def relations(root) -> Relations:
    return load_relations(root / "data")


def told(data) -> list[tuple[str, int, str, str]]:
    problems: list[Problem] = []
    load_relations(data, problems)
    return [(problem.file, problem.line, problem.column, problem.message) for problem in problems]


def test_the_file_of_the_project_is_sound(root, relations):
    assert told(root / "data") == []
    assert relations.limits["spend_growth"].value > 0


def test_the_number_of_communes_and_wards_is_that_of_the_founding_of_the_town(root, relations):
    [count] = [count for count in relations.counts if count.basis == "published"]
    events = load_events(root / "data")
    [founded] = events.loc[events["source_url"] == count.source_url, "event"]
    assert "6 wards and 10 communes" in founded
    assert (count.count, count.indicator_id) == (16, "security_movement_communes")


def test_a_number_that_no_page_prints_is_marked_as_assumed(relations):
    assert [(count.count, count.published) for count in relations.counts if count.basis == "assumed"] == [
        (26, "")
    ]


def test_a_day_knows_only_the_counts_that_were_published_by_then_and_what_we_assume(relations):
    days = (date(2019, 12, 31), date(2020, 1, 31), None)
    assert [[count.count for count in relations.known_by(day).counts] for day in days] == [
        [26],
        [16, 26],
        [16, 26],
    ]
    assert relations.known_by(days[0]).parts == relations.parts


def test_indicators_are_akin_when_declared_near_or_part_and_whole_in_either_order(relations):
    assert relations.are_akin("income_per_capita", "grdp_per_capita")
    assert relations.are_akin("tourist_arrivals", "international_arrivals")
    assert not relations.are_akin("tourist_arrivals", "tourism_revenue")
    assert not relations.are_akin("tourist_arrivals", "tourist_arrivals")


def test_every_declared_check_has_a_name_of_its_own_and_its_indicators_by_role(relations):
    declared = list(relations.declared())
    assert len({check.check for _, _, check in declared}) == len(declared)
    [spend] = relations.rates
    assert spend.indicators() == {
        "amount": "tourism_revenue", "count": "tourist_arrivals", "rate": "spend_per_visit",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("[grdp_per_capita, income", "[grdp_per_captia, income", "related",
         '"grdp_per_captia" is no indicator; did you mean grdp_per_capita?'),
        ("part: domestic_arrivals", "part: tourism_revenue", "parts",
         "tourism_revenue is in billion_vnd, tourist_arrivals in visits"),
        ("indicator_id: strong_militia_units", "indicator_id: jobs_created", "counts",
         "jobs_created is in persons, no share of units"),
        ("area: sa_pa\n  count: 16", "area: sapa\n  count: 16", "counts",
         '"sapa" is no area; did you mean sa_pa?'),
        ("of: congress-2020", "of: congress-2021", "restatements",
         '"congress-2021" is no document; did you mean congress-2020?'),
        ("count: 16", "count: 0", "counts.0.count", "wanted at least 1; found 0"),
        ("published: 2020-01", "published: 2020-13", "counts.0", "2020-13"),
        ("basis: assumed", "basis: published", "counts.1",
         "basis published needs a date and a source, basis assumed has neither"),
        ("  spend_growth:", "  spend_grwth:", "rates",
         '"spend_growth" is no limit; did you mean spend_grwth?'),
        ("rate: spend_per_visit", "rate: spend_per_vist", "rates",
         '"spend_per_vist" is no indicator; did you mean spend_per_visit?'),
        ("count: tourist_arrivals", "count: tourism_workers", "rates",
         'tourism_revenue has the formula "tourist_arrivals * spend_per_visit / 1000"; wanted one of '
         "spend_per_visit and tourism_workers, in proportion to spend_per_visit"),
        ("  amount: tourism_revenue\n  count: tourist_arrivals\n  rate: spend_per_visit",
         "  amount: domestic_arrivals\n  count: international_arrivals\n  rate: tourist_arrivals", "rates",
         'domestic_arrivals has the formula "tourist_arrivals - international_arrivals"; wanted one of '
         "tourist_arrivals and international_arrivals, in proportion to tourist_arrivals"),
        ("  amount: tourism_revenue\n  count:", "  amount: grdp\n  count:", "rates",
         "grdp has no formula in indicators.csv; wanted one of spend_per_visit and tourist_arrivals"),
        ("whole: retail_sales", "whole: population", "within",
         "tourism_revenue is in billion_vnd, population in persons"),
        ("amount: tourism_revenue\n  whole: retail", "amount: handicraft_output\n  whole: retail", "within",
         "handicraft_output is at constant prices, retail_sales is at current prices; wanted the same prices"),
        ("per_head: grdp_per_capita\n  people:", "per_head: income_per_capita\n  people:", "within_per_head",
         "income_per_capita has no formula in indicators.csv; wanted one of grdp and population"),
        ("per_head: grdp_per_capita\n  growth:", "per_head: population\n  growth:", "prices_per_head",
         "population is at no prices; wanted current prices"),
        ("  growth: grdp_growth", "  growth: grdp", "prices_per_head",
         "grdp has the scale log; wanted growth"),
        ("check: revenue_in_grdp", "check: revenue_in_retail", "within_per_head",
         'the check "revenue_in_retail" stands twice; give each its own name'),
        ("check: revenue_in_grdp", "check: Revenue in GRDP", "within_per_head.0.check",
         "wanted small letters, digits and _"),
        ("  whole: retail_sales\n", "", "within.0.whole", "is missing"),
        ("whole: tourist_arrivals", "whole: international_arrivals", "parts",
         '"international_arrivals" stands on both sides'),
        ("of: congress-2020", "of: congress-2020-restated", "restatements",
         '"congress-2020-restated" stands on both sides'),
        ("whole: retail_sales", "whole: tourism_revenue", "within", '"tourism_revenue" stands on both sides'),
        ("restatements:", "restatments:", "restatments", "unknown; did you mean restatements?"),
        ("    value: 10", "    value: -10", "limits.spend_growth.value", "wanted more than 0"),
    ],
    ids=lambda text: text.strip()[:20],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(project, old, new, column, message):
    project.replace(FILE, old, new)
    [(file, line, found, text)] = told(project.data)
    assert (file, found) == (FILE, column)
    assert line > 1
    assert message in text
    with pytest.raises(DataError):
        load_relations(project.data)


@pytest.mark.parametrize(
    ("old", "new"),
    [("rate: spend_per_visit", "rate: spend_per_vist"), ("limit: price_growth", "limit: price_grwth"),
     ("whole: retail_sales", "whole: population")],
)  # fmt: skip
def test_a_fault_of_a_declared_check_is_told_at_the_line_of_its_indicator(project, old, new):
    project.replace(FILE, old, new)
    [(_, line, _, _)] = told(project.data)
    assert new in (project.root / FILE).read_text(encoding="utf-8").splitlines()[line - 1]


def test_a_formula_that_is_none_is_told_once_where_it_stands(project):
    project.replace("data/indicators.csv", "1000 * grdp / population", "1000 * grdp / / population")
    assert "is no formula" in " ".join(message for *_, message in told(project.data))


def test_a_missing_file_is_one_problem(project):
    (project.data / "relations.yml").unlink()
    assert told(project.data) == [(FILE, 0, "", "cannot be read: No such file or directory")]


def test_the_check_of_the_project_reads_it_too(project):
    project.replace(FILE, "of: congress-2020", "of: congress-2021")
    assert [problem.file for problem in check_project(project.root)[1]] == [FILE]


def test_the_published_counts_of_targets_met_are_those_that_their_pages_print(root, relations):
    rows = load_evidence(root / "data").set_index("id")
    shown = {count.figure: f"{rows.loc[count.figure, 'value']:g} of {count.of}" for count in relations.met}
    assert shown == {"e0108": "18 of 25", "e0112": "51 of 52", "e0113": "63 of 65", "e0107": "22 of 25"}
    for figure in ("e0108", "e0112", "e0113"):
        assert shown[figure] in rows.loc[figure, "statement"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("figure: e0108", "figure: x0108", '"x0108" is no row of the evidence; did you mean e0108?'),
        ("e0113, of: 65", "e0112, of: 52", '"e0112" stands twice'),
        (
            "figure: e0108",
            "figure: e0105",
            "e0105 is in persons, no count of targets or of groups of targets",
        ),
        ("e0108, of: 25", "e0108, of: 17", "e0108 counts 18 of 17"),
    ],
    ids=["unknown", "twice", "unit", "more than all"],
)
def test_a_count_that_no_row_bears_is_told_by_the_check_of_the_project(project, old, new, message):
    project.replace(FILE, old, new)
    [problem] = check_project(project.root)[1]
    assert (problem.file, problem.column) == (FILE, "met")
    assert problem.line > 1
    assert message in problem.message
