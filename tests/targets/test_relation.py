from __future__ import annotations

from datetime import date

import pytest

from sapa_analysis.core.errors import DataError, Problem
from sapa_analysis.evidence.catalogue import load_events
from sapa_analysis.pipeline.check import check_project
from sapa_analysis.targets.relation import Relations, load_relations, read_relations

FILE = "data/relations.yml"


@pytest.fixture(scope="module")
def relations(root) -> Relations:
    return load_relations(root / "data")


def told(data) -> list[tuple[str, int, str, str]]:
    problems: list[Problem] = []
    read_relations(data, problems)
    return [(problem.file, problem.line, problem.column, problem.message) for problem in problems]


def test_the_file_of_the_project_is_sound(root, relations):
    assert told(root / "data") == []
    assert relations.limit("spend_growth") > 0


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


def test_without_a_file_of_limits_no_pace_is_too_high():
    assert Relations().limit("spend_growth") == float("inf")


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
        ("count: 16", "count: 0", "counts.0.count", "Input should be greater than or equal to 1; found 0"),
        ("published: 2020-01", "published: 2020-13", "counts.0", "2020-13"),
        ("basis: assumed", "basis: published", "counts.1",
         "basis published needs a date and a source, basis assumed has neither"),
        ("spend_growth:", "spend_grwth:", "limits.spend_grwth.[key]", "Input should be "),
        ("restatements:", "restatments:", "restatments", "unknown; did you mean restatements?"),
        ("    value: 10", "    value: -10", "limits.spend_growth.value", "Input should be greater than 0"),
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


def test_a_missing_file_is_one_problem(project):
    (project.data / "relations.yml").unlink()
    assert told(project.data) == [(FILE, 0, "", "cannot be read: No such file or directory")]


def test_the_check_of_the_project_reads_it_too(project):
    project.replace(FILE, "of: congress-2020", "of: congress-2021")
    assert [problem.file for problem in check_project(project.root)[1]] == [FILE]
