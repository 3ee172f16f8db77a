from __future__ import annotations

import re
import shutil
import unicodedata
from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.errors import Problem
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.period import last_day
from sapa_analysis.evidence.catalogue import load_documents
from sapa_analysis.pipeline.check import check_project
from sapa_analysis.pipeline.project import Project, load_project
from sapa_analysis.targets.document_load import load_document_texts
from sapa_analysis.targets.load import load_targets

FILE = "data/documents/resolution-2023.yml"
LISTINGS = ("breakthroughs", "key_tasks", "key_areas", "solutions", "projects_province", "projects_town")


@pytest.fixture(scope="module")
def tables(root) -> Project:
    return load_project(root)


@pytest.fixture(scope="module")
def texts(tables):
    return tables.texts


def told(data) -> list[tuple[str, int, str, str]]:
    problems: list[Problem] = []
    load_document_texts(data, problems)
    return [(problem.file, problem.line, problem.column, problem.message) for problem in problems]


# when it is known -----------------------------------------------------------------------------------------


@given(st.dates(date(2019, 1, 1), date(2026, 12, 31)))
def test_no_dated_edition_knows_a_text_before_its_day(tables, day):
    known = tables.as_of(day).texts
    assert set(known) == {
        name for name, text in tables.texts.items() if last_day(text.source.published) <= day
    }


def test_a_text_appears_on_its_day_and_not_the_day_before(tables):
    for name, text in tables.texts.items():
        day = last_day(text.source.published)
        assert name in tables.as_of(day).texts
        assert name not in tables.as_of(day - timedelta(days=1)).texts


def test_a_text_is_not_known_before_its_document(root, texts):
    documents = load_documents(root / "data")
    for name, text in texts.items():
        assert last_day(text.source.published) >= last_day(documents.loc[name, "published"])


# what it holds --------------------------------------------------------------------------------------------


def test_the_files_are_sound_and_in_nfc(root, texts):
    assert told(root / "data") == []
    assert set(texts) == {"resolution-2023", "congress-2020"}
    for path in [*(root / "data/documents").glob("*.yml"), root / "params/units.yml"]:
        assert unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8")), path


def test_groups_and_targets_are_the_same_both_ways(root, texts):
    for name, text in texts.items():
        mine = [target for target in load_targets(root / "data") if target.document == name]
        by_group = {group.no: group for group in text.target_groups}
        assert {target.clause for target in mine} - {""} == {str(number) for number in by_group}
        found = [(int(target.clause), target.indicator_id) for target in mine if target.clause]
        assert found == [(group.no, each) for group in text.target_groups for each in group.indicators]
        for target in mine:
            assert not target.clause or target.printed in by_group[int(target.clause)].printed


def test_the_resolution_counts_what_it_does_not_name(texts):
    text = texts["resolution-2023"]
    counts = {name: (listing.count, len(listing.named)) for name, listing in text.listings().items()}
    assert counts == dict(zip(LISTINGS, [(3, 0), (4, 0), (5, 0), (6, 0), (18, 0), (15, 1)], strict=True))
    assert [task.no for task in text.specific_tasks] == list(range(1, 16))
    for listing in text.listings().values():
        assert int(re.match(r"\d+", listing.printed)[0]) == listing.count
        assert listing.printed in listing.sentence


def test_the_congress_names_three_breakthroughs_and_three_key_tasks_in_our_words(texts):
    text = texts["congress-2020"]
    assert list(text.listings()) == ["breakthroughs", "key_tasks"]
    for listing in text.listings().values():
        assert (listing.count, len(listing.named), listing.printed) == (3, 3, "")
        for each in listing.named:
            assert each.printed == ""
            assert each.text("vi") != each.text("en")
    assert "paraphrase" in text.source.note
    assert "bnews.vn" in text.source.url


def test_a_task_is_linked_only_where_both_texts_hold_the_words(texts):
    text = texts["resolution-2023"]
    printed = {group.no: group.printed for group in text.target_groups}
    linked = {task.no: [link.group for link in task.links] for task in text.specific_tasks if task.links}
    for task in text.specific_tasks:
        for link in task.links:
            assert link.task_words in task.printed
            assert link.group_words in printed[link.group]
    assert linked == {
        2: [25],
        6: [21],
        7: [25],
        8: [25],
        9: [1],
        10: [13],
        12: [9],
        13: [11, 17],
        14: [22, 23],
        15: [5],
    }
    for group in printed:
        assert [task.no for task in text.tasks_of(group)] == [
            no for no, groups in linked.items() if group in groups
        ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_passage_has_words_in_each_language(texts, lang):
    for text in texts.values():
        passages = text.passages()
        assert passages
        for passage in passages:
            assert passage.text(lang)
            assert lang == "en" or passage.text(lang) == passage.printed or not passage.printed


# faults ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("document: resolution-2023", "document: resolution-2022", "document",
         '"resolution-2022" is not the name of the file; write resolution-2023'),
        ("published: '2023-01-15'", "published: '2023-01-14'", "source.published",
         "2023-01-14 lies before the day of the document, 2023-01-15"),
        ("published: '2023-01-15'", "published: '2023-13'", "source",
         '"2023-13" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD'),
        ("- forest_cover", "- forest_cove", "target_groups.2.indicators", "group 3, but targets.csv has forest_cover"),
        ("'no': 3\n  printed: 'T", "'no': 4\n  printed: 'T", "target_groups.2.no", "4 is out of turn; wanted 3"),
        ("'Tỉ lệ che phủ rừng: 66,29%'", "'Tỉ lệ che phủ rừng: 66,3%'", "target_groups.2.printed",
         'does not hold "Tỉ lệ che phủ rừng: 66,29%" of targets.csv'),
        ("count: 3\n", "count: 2\n", "breakthroughs.count", '2 does not stand in "3 lĩnh vực đột phá"'),
        ("printed: 4 nhiệm vụ trọng tâm", "printed: 4 nhiệm vụ", "", ""),
        ("printed: 4 nhiệm vụ trọng tâm", "printed: 4 nhiệm vụ chính", "key_tasks.printed",
         '"4 nhiệm vụ chính" does not stand in the sentence'),
        ("- 'no': 15\n  printed: Tă", "- 'no': 16\n  printed: Tă", "specific_tasks.14.no", "16 is out of turn; wanted 15"),
        ("group: 21\n", "group: 26\n", "specific_tasks.5.links.0.group", '"26" is no group'),
        ("task_words: giáo dục", "task_words: y tế", "specific_tasks.9.links.0.task_words",
         '"y tế" does not stand in task 10'),
        ("group_words: giáo dục", "group_words: y tế", "specific_tasks.9.links.0.group_words",
         '"y tế" does not stand in group 13'),
        ("    task: 10\n", "    task: 9\n", "projects_town.named.0.printed", "does not stand in task 9"),
        ("    task: 10\n", "    task: 19\n", "projects_town.named.0.task", '"19" is no task'),
        ("theme:\n  printed:", "theme:\n  prnted:", "theme.prnted", "unknown; did you mean printed?"),
        ("theme:\n  printed:", "theme:\n  told_vi: a\n  printed:", "theme",
         "wanted printed, or told_vi where the words are not held"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(project, old, new, column, message):
    line = project.replace(FILE, old, new)
    found = told(project.data)
    if not message:
        assert found == []
        return
    [fault] = [each for each in found if each[2] == column]
    assert fault[0] == FILE
    assert abs(fault[1] - line) <= 4 or column in ("theme", "target_groups.2.indicators")
    assert message in fault[3]


def test_all_faults_of_a_file_are_told_at_once(project):
    project.replace(FILE, "group: 21\n", "group: 26\n")
    project.replace(FILE, "- 'no': 15\n  printed: Tă", "- 'no': 16\n  printed: Tă")
    project.replace(FILE, "count: 5\n", "count: 7\n")
    faults = [(each.file, each.column) for each in check_project(project.root).problems]
    wanted = ("key_areas.count", "specific_tasks.14.no", "specific_tasks.5.links.0.group")
    assert {(FILE, column) for column in wanted} <= set(faults)


def test_a_named_entry_is_about_targets_of_its_document_only(project):
    file = "data/documents/congress-2020.yml"
    project.replace(file, "indicators: [tourist_arrivals", "indicators: [forest_cover")
    [fault] = told(project.data)
    assert (fault[0], fault[2]) == (file, "breakthroughs.named.0.indicators.0")
    assert fault[3].startswith('"forest_cover" has no target of the document; ')


def test_a_group_that_the_file_leaves_out_is_told(project):
    entries = yaml.safe_load(project.read(FILE))
    entries["target_groups"] = entries["target_groups"][:-1]
    for task in entries["specific_tasks"]:
        task["links"] = [link for link in task.get("links", []) if link["group"] != 25]
    project.write(FILE, yaml.safe_dump(entries, allow_unicode=True))
    assert [each[3] for each in told(project.data)] == ["group 25 of targets.csv is missing"]


def test_a_text_without_a_document_is_told(project):
    shutil.copy(project.data / "documents/congress-2020.yml", project.data / "documents/congress-2019.yml")
    project.replace("data/documents/congress-2019.yml", "congress-2020", "congress-2019")
    [(file, line, column, message)] = told(project.data)
    assert (file, line, column) == ("data/documents/congress-2019.yml", 2, "document")
    assert message.startswith('"congress-2019" is no document; ')


def test_a_project_without_texts_has_none(project):
    shutil.rmtree(project.data / "documents")
    assert load_project(project.root).texts == {}
    assert not [each for each in check_project(project.root).problems if "documents/" in each.file]
