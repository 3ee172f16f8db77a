from __future__ import annotations

import unicodedata

import pandas as pd
import pytest
from conftest import Copy

from sapa_analysis.core.errors import EvidenceError, Problem
from sapa_analysis.core.period import parse_period
from sapa_analysis.core.table_files import read_table
from sapa_analysis.core.tables import Observations
from sapa_analysis.evidence.load import left_out, load_evidence
from sapa_analysis.pipeline.check import check_project

TOURISM = "data/evidence/tourism.csv"
#: Generated files have tests of their own.
GENERATED = ("data/datapackage.json", "params/schema.json")
COUNTS = {
    "agriculture": 35, "budget": 45, "environment": 18, "governance": 15, "holidays": 67, "lodging": 25,
    "output": 169, "society": 92, "tourism": 334, "tourism_national": 287,
}  # fmt: skip


def told(project, **options) -> list[tuple[str, int, str]]:
    with pytest.raises(EvidenceError) as caught:
        load_evidence(project.data, **options)
    return [(problem.file, problem.line, problem.column) for problem in caught.value.problems]


def find_plain_row(project) -> int:
    """Return the line of a town's yearly figure whose words say nothing about its bound."""
    return project.find(
        TOURISM, indicator_id="tourist_arrivals", area="sa_pa", freq="A", bound="exact", period="2019"
    )


@pytest.fixture
def one_file(project) -> Copy:
    """Return a project with one file of evidence, and the corrections that speak of it: it is read sooner."""
    for path in (project.data / "evidence").glob("*.csv"):
        if not TOURISM.endswith(path.name):
            path.unlink()
    corrections = project.read("data/corrections.yml")
    project.write("data/corrections.yml", corrections.partition("- id: poverty")[0])
    return project


@pytest.fixture(scope="module")
def evidence(root) -> pd.DataFrame:
    return load_evidence(root / "data")


# what is in the repository --------------------------------------------------------------------------------


def test_the_evidence_is_complete_and_corrections_leave_three_rows_out(root, evidence):
    problems: list[Problem] = []
    files = {
        path.stem: read_table(path, Observations, problems) for path in (root / "data/evidence").glob("*.csv")
    }
    assert problems == []
    assert sum(COUNTS.values()) == 1087
    assert [name for name, least in COUNTS.items() if len(files[name]) < least] == []
    printed = {where for table in files.values() for where in table["where"]}
    assert len(evidence) == sum(map(len, files.values())) - 3
    assert len(printed - set(evidence["where"])) == 3
    assert set(evidence["where"]) < printed


def test_every_evidence_file_is_sorted_by_indicator_area_period_and_date(root):
    for path in sorted((root / "data/evidence").glob("*.csv")):
        table = read_table(path, Observations, [])
        order = table.sort_values(["indicator_id", "area", "period", "published"], kind="stable").index
        assert list(order) == list(range(len(table))), path.name


def test_the_loaded_evidence_is_sorted_and_every_row_has_its_place(evidence):
    keys = ["indicator_id", "area", "period", "published"]
    pd.testing.assert_frame_equal(evidence, evidence.sort_values(keys, kind="stable"))
    assert list(evidence.columns) == [*Observations.to_schema().columns, "where", "doubt_vi", "doubt_en"]
    assert evidence["where"].is_unique


def test_a_result_was_not_published_before_its_period_began(evidence):
    dated = evidence[(evidence["kind"] == "actual") & (evidence["published"] != "")]
    for row in dated.to_dict("records"):
        start = parse_period(row["period"], row["freq"]).start
        assert row["published"] >= f"{start}"[: len(row["published"])], row["where"]


def test_every_row_names_its_source(evidence):
    assert (evidence["source_title"].str.len() > 3).all()
    assert evidence["source_url"].str.match(r"https?://\S+$").all()


# bad input ------------------------------------------------------------------------------------------------

BAD_CELLS = [
    ({"indicator_id": "tourist_arrival"}, "indicator_id", "is no indicator; did you mean tourist_arrivals?"),
    ({"area": "sapa"}, "area", '"sapa" is no area; did you mean sa_pa?'),
    ({"unit": "people"}, "unit", '"people" is unknown for tourist_arrivals; write "visits"'),
    ({"kind": "aktual"}, "kind", '"aktual" is unknown; did you mean actual?'),
    ({"freq": "Y"}, "freq", '"Y" is unknown; write one of A, EVENT, M, Q, TERM, YTD'),
    ({"grade": "D"}, "grade", '"D" is unknown; write one of A, B, C'),
    ({"bound": "more"}, "bound", '"more" is unknown; write one of about, exact, over, under'),
    ({"cite_ok": "có"}, "cite_ok", '"có" is unknown; write one of no, yes'),
    ({"value": "12.085"}, "value", "write 12085, or 12.0850 when the decimal is meant"),
    ({"value": "13,9"}, "value", '"13,9" is not a number; write 13.9'),
    ({"value": ""}, "value", "a number is missing"),
    ({"value": "1000000000", "digits": "1"}, "value", "1,000,000,000 is implausible for tourist_arrivals"),
    ({"digits": "2.5"}, "digits", '"2.5" is not a whole number'),
    ({"digits": "13"}, "digits", '"13" does not fit; wanted '),
    ({"period": "2019-13"}, "period", '"2019-13" does not fit freq A; write YYYY'),
    ({"period": "2019-13", "freq": "M"}, "period", '"2019-13" is not a date'),
    ({"period": "2019/2015", "freq": "TERM"}, "period", '"2019/2015" ends before it starts'),
    ({"area": "sa_pa_ward"}, "period", "2019 lies outside the time of sa_pa_ward, 2025-07-01 to 9999-12-31"),
    ({"period": "2026"}, "period", "2026 lies outside the time of sa_pa, 0001-01-01 to 2025-06-30"),
    ({"published": "2021-02-30"}, "published", '"2021-02-30" is not a date; write YYYY, YYYY-MM'),
    ({"published": "5/1/2020"}, "published", '"5/1/2020" does not fit; wanted '),
    ({"through": "2019-12-16"}, "through", "but only a cumulative row (freq YTD) has a cut-off day"),
    ({"through": "2019-02-30"}, "through", '"2019-02-30" is not a date'),
    ({"note": "rounding: over"}, "bound", '"exact", but the words say "over"'),
    ({"digits": "9"}, "digits", "9, but "),
]


def find_problems(rows: list[int], load, file: str) -> dict[int, list[Problem]]:
    with pytest.raises(EvidenceError) as caught:
        load()
    assert {problem.file for problem in caught.value.problems} == {file}
    assert {problem.line for problem in caught.value.problems} <= set(rows)
    return {line: [problem for problem in caught.value.problems if problem.line == line] for line in rows}


@pytest.fixture(scope="module")
def problems_of_file(module_project) -> list[list[Problem]]:
    rows = module_project.rows(TOURISM)
    plain, first = rows[find_plain_row(module_project) - 2], len(rows) + 2
    bad = [plain | cells for cells, _, _ in BAD_CELLS]
    added = [row | {"id": f"e{9000 + n}"} for n, row in enumerate([*bad, plain])]
    module_project.save(TOURISM, [*rows, *added])
    lines = list(range(first, first + len(BAD_CELLS)))
    return list(find_problems(lines, lambda: load_evidence(module_project.data), TOURISM).values())


@pytest.fixture(scope="module")
def problems_of_overlay(root, evidence) -> list[list[Problem]]:
    plain = evidence[evidence["where"] == f"{TOURISM}:{find_plain_row(Copy(root))}"].to_dict("records")[0]
    overlay = pd.DataFrame([*(plain | cells for cells, _, _ in BAD_CELLS), plain])
    lines = list(range(2, 2 + len(BAD_CELLS)))
    return list(
        find_problems(lines, lambda: load_evidence(root / "data", overlay=overlay), "overlay").values()
    )


@pytest.mark.parametrize("source", ["problems_of_file", "problems_of_overlay"])
@pytest.mark.parametrize("place", range(len(BAD_CELLS)), ids=lambda place: str(BAD_CELLS[place][0]))
def test_a_bad_cell_is_one_problem_that_says_what_was_found_and_what_is_wanted(request, source, place):
    _, column, message = BAD_CELLS[place]
    problems = request.getfixturevalue(source)[place]
    assert [problem.column for problem in problems] == [column]
    assert message in problems[0].message


def test_the_error_reads_as_a_list_for_a_person(one_file):
    line = find_plain_row(one_file)
    one_file.change(TOURISM, line, unit="people", published="2021-02-30")
    with pytest.raises(EvidenceError) as caught:
        load_evidence(one_file.data)
    assert str(caught.value) == (
        f"{TOURISM} has 2 problems\n"
        f'  line {line}, published: "2021-02-30" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD\n'
        f'  line {line}, unit: "people" is unknown for tourist_arrivals; write "visits"'
    )


def test_a_share_that_cannot_be_is_refused(project):
    line = project.find("data/evidence/society.csv", indicator_id="poverty_rate", bound="exact")
    project.change("data/evidence/society.csv", line, value="114.5", digits="4")
    assert told(project) == [("data/evidence/society.csv", line, "value")]


def test_every_bad_cell_of_every_file_comes_out_in_one_error_in_order(project):
    wanted = []
    for line, file in enumerate((f"data/evidence/{name}.csv" for name in COUNTS), start=2):
        project.change(file, line, grade="D", unit="nothing")
        wanted += [(file, line, "grade"), (file, line, "unit")]
    project.change("data/indicators.csv", 2, decimals="9")
    project.change("data/areas.csv", 2, name_en="")
    wanted += [("data/areas.csv", 2, "name_en"), ("data/indicators.csv", 2, "decimals")]
    assert told(project) == sorted(wanted)


def test_one_list_holds_every_problem_of_evidence_targets_and_parameters(project):
    project.change(TOURISM, 2, grade="D", kind="x", value="13,9")
    project.change("data/targets.csv", 3, sense="")
    project.change("data/indicators.csv", 2, decimals="9")
    project.change("data/documents.csv", 2, kind="x")
    project.change("data/events.csv", 2, date="2014-02-30")
    project.change("data/covariates/viet_nam_cpi_index_annual.csv", 2, value="")
    key = project.replace("params/baseline.yml", "horizon:", "horizn:")
    project.replace("data/corrections.yml", "value: 4480000", "value: 4480001")
    guard = project.replace("data/corrections.yml", "- id: arrivals-2022", "- id: arrivals-2022")
    problems = [p for p in check_project(project.root)[1] if p.file not in GENERATED]
    assert sorted((problem.file, problem.line, problem.column) for problem in problems) == [
        ("data/corrections.yml", guard, "match"),
        ("data/covariates/viet_nam_cpi_index_annual.csv", 2, "value"),
        ("data/documents.csv", 2, "kind"),
        ("data/events.csv", 2, "date"),
        (TOURISM, 2, "grade"),
        (TOURISM, 2, "kind"),
        (TOURISM, 2, "value"),
        ("data/indicators.csv", 2, "decimals"),
        ("data/targets.csv", 3, "sense"),
        ("params/baseline.yml", 0, "horizon"),
        ("params/baseline.yml", key, "horizn"),
    ]


def test_the_repository_has_no_problem(root):
    counts, problems, looks = check_project(root)
    assert {look.column for look in looks} <= {"published", "value"}
    assert [problem for problem in problems if problem.file not in GENERATED] == []
    least = {"observations": 1084, "targets": 208, "covariates": 1171, "events": 27}
    assert [name for name in least if counts[name] < least[name]] == []


def test_lines_stay_right_after_cells_of_several_lines(one_file):
    line = find_plain_row(one_file)
    rows = one_file.rows(TOURISM)
    rows[0]["note"] = 'one\n\ntwo, and "three"'
    rows[line - 2]["unit"] = "people"
    one_file.save(TOURISM, rows)
    assert one_file.read(TOURISM).split("\n")[line + 1].count(",people,") == 1
    assert told(one_file) == [(TOURISM, line + 2, "unit")]


def damage_line(text: str, line: int, old: str, new: str) -> str:
    lines = text.split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("damage", "line", "message"),
    [
        (lambda text: b"", 0, "the file is empty"),
        (lambda text: text.encode("cp1252", "replace"), None, "is not UTF-8; save the file as UTF-8"),
        (lambda text: text.replace(",grade,", ",graed,").encode(), 1, '"graed" is unknown; did you mean gra'),
        (lambda text: damage_line(text, 9, ",", ',"').encode(), 9, "the row that starts here is no CSV row"),
        (lambda text: damage_line(text, 9, ",", "").encode(), 9, "cells under 18 columns"),
    ],
    ids=["empty", "windows", "column", "quote", "comma"],
)  # fmt: skip
def test_a_broken_file_is_told_alone_and_no_guard_trips_over_it(one_file, damage, line, message):
    one_file.write(TOURISM, damage(one_file.read(TOURISM)))
    with pytest.raises(EvidenceError) as caught:
        load_evidence(one_file.data)
    assert {problem.file for problem in caught.value.problems} == {TOURISM}
    assert len({problem.line for problem in caught.value.problems}) == 1
    assert line in (None, caught.value.problems[0].line)
    assert any(message in problem.message for problem in caught.value.problems)


def test_a_byte_order_mark_is_accepted(project, evidence):
    project.write(TOURISM, b"\xef\xbb\xbf" + project.read(TOURISM).encode())
    pd.testing.assert_frame_equal(load_evidence(project.data), evidence)


def test_decomposed_letters_are_loaded_composed(project, evidence):
    decomposed = unicodedata.normalize("NFD", project.read(TOURISM))
    assert decomposed != project.read(TOURISM)
    project.write(TOURISM, decomposed)
    pd.testing.assert_frame_equal(load_evidence(project.data), evidence)


def test_a_folder_without_evidence_is_a_problem(project):
    for path in (project.data / "evidence").glob("*.csv"):
        path.unlink()
    assert told(project) == [("data/evidence", 0, "")]


def test_a_missing_catalogue_is_one_problem_not_one_a_row(project):
    (project.data / "indicators.csv").unlink()
    (project.data / "areas.csv").unlink()
    assert told(project) == [("data/areas.csv", 0, ""), ("data/indicators.csv", 0, "")]


def test_a_bad_row_of_the_catalogue_does_not_make_its_observations_unknown(one_file):
    line = one_file.find("data/indicators.csv", indicator_id="tourist_arrivals")
    one_file.change("data/indicators.csv", line, lower="12.085", name_vi="")
    assert told(one_file) == [
        ("data/indicators.csv", line, "lower"),
        ("data/indicators.csv", line, "name_vi"),
    ]


def test_a_repeated_id_of_the_catalogue_is_told_on_both_lines(project):
    project.change("data/indicators.csv", 3, indicator_id="grdp_growth")
    project.change("data/areas.csv", 3, area="viet_nam")
    places = told(project)
    for file, column in (("data/indicators.csv", "indicator_id"), ("data/areas.csv", "area")):
        assert {(file, 2, column), (file, 3, column)} <= set(places)


def test_reading_keeps_bad_rows_for_further_checks_but_never_a_bad_number(one_file):
    line = find_plain_row(one_file)
    one_file.change(TOURISM, line, value="12.085", digits="x")
    problems: list[Problem] = []
    table = load_evidence(one_file.data, problems)
    row = table[table["where"] == f"{TOURISM}:{line}"]
    assert len(problems) == 2
    assert len(row) == 1
    assert row[["value", "digits"]].isna().all(axis=None)


# overlay --------------------------------------------------------------------------------------------------


@pytest.fixture
def overlay(evidence) -> pd.DataFrame:
    chosen = evidence[(evidence["indicator_id"] == "tourist_arrivals") & (evidence["bound"] == "exact")]
    return chosen[chosen["freq"] == "A"].head(2).assign(note="from the office's workbook")


def test_rows_of_the_office_are_appended_and_nothing_else_changes(root, evidence, overlay):
    both = load_evidence(root / "data", overlay=overlay)
    added = both["where"].str.startswith("overlay:")
    assert sorted(both.loc[added, "where"]) == ["overlay:2", "overlay:3"]
    assert set(both.loc[added, "note"]) == {"from the office's workbook"}
    pd.testing.assert_frame_equal(both[~added].reset_index(drop=True), evidence)
    pd.testing.assert_series_equal(both.dtypes, evidence.dtypes)


def test_an_empty_overlay_changes_nothing(root, evidence, overlay):
    pd.testing.assert_frame_equal(load_evidence(root / "data", overlay=overlay.head(0)), evidence)


def test_the_overlay_is_not_changed(root, overlay):
    before = overlay.copy()
    load_evidence(root / "data", overlay=overlay)
    pd.testing.assert_frame_equal(overlay, before)


def test_a_misspelt_column_of_the_office_names_the_nearest(root, overlay):
    with pytest.raises(EvidenceError, match=r'column "publishd" is unknown; did you mean published\?'):
        load_evidence(root / "data", overlay=overlay.rename(columns={"published": "publishd"}))


def test_faults_of_files_and_overlay_come_out_together(one_file, overlay):
    one_file.change(TOURISM, 2, grade="D")
    assert told(one_file, overlay=overlay.assign(area="sapa")) == [
        (TOURISM, 2, "grade"), ("overlay", 2, "area"), ("overlay", 3, "area")
    ]  # fmt: skip


# ids ------------------------------------------------------------------------------------------------------


def test_every_row_has_an_id_of_its_own(evidence):
    assert evidence["id"].str.fullmatch(r"e\d{4,}").all()
    assert evidence["id"].is_unique


def test_a_row_without_an_id_of_its_own_is_told_the_next_free_one(one_file):
    rows = one_file.rows(TOURISM)
    free = max(int(row["id"][1:]) for row in rows) + 1
    one_file.change(TOURISM, 5, id="")
    one_file.change(TOURISM, 7, id=rows[0]["id"])
    with pytest.raises(EvidenceError) as caught:
        load_evidence(one_file.data)
    said = [(problem.line, problem.column, problem.message) for problem in caught.value.problems]
    assert (5, "id", f"is blank; the next free one is e{free:04d}") in said
    assert [line for line, column, message in said if "stands more than once" in message]


def test_what_corrections_leave_out_can_be_read_with_its_reason(root, evidence):
    gone = left_out(root / "data")
    assert len(gone) == 3
    assert not set(gone["id"]) & set(evidence["id"])
    assert (gone["why"].str.len() > 20).all()
