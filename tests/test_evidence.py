from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from sapa_analysis.errors import EvidenceError, Problem
from sapa_analysis.evidence import load_evidence, read_evidence
from sapa_analysis.files import read_table
from sapa_analysis.periods import parse_period
from sapa_analysis.pipeline import check_project
from sapa_analysis.schema import Observations

TOURISM = "data/evidence/tourism.csv"
COUNTS = {
    "agriculture": 34, "budget": 42, "environment": 11, "governance": 12, "holidays": 67, "lodging": 23,
    "output": 165, "society": 71, "tourism": 309, "tourism_national": 287,
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


@pytest.fixture(scope="module")
def evidence(root) -> pd.DataFrame:
    return load_evidence(root / "data")


# what is in the repository --------------------------------------------------------------------------------


def test_the_evidence_is_complete_and_corrections_leave_two_rows_out(root, evidence):
    problems: list[Problem] = []
    files = {
        path.stem: read_table(path, Observations, problems) for path in (root / "data/evidence").glob("*.csv")
    }
    assert problems == []
    assert {name: len(table) for name, table in files.items()} == COUNTS
    assert sum(COUNTS.values()) == 1021
    printed = {where for table in files.values() for where in table["where"]}
    assert len(evidence) == 1019
    assert len(printed - set(evidence["where"])) == 2
    assert set(evidence["where"]) < printed


def test_every_evidence_file_is_sorted_by_indicator_area_period_and_date(root):
    for path in sorted((root / "data/evidence").glob("*.csv")):
        table = read_table(path, Observations, [])
        order = table.sort_values(["indicator_id", "area", "period", "published"], kind="stable").index
        assert list(order) == list(range(len(table))), path.name


def test_the_loaded_evidence_is_sorted_and_every_row_has_its_place(evidence):
    keys = ["indicator_id", "area", "period", "published"]
    pd.testing.assert_frame_equal(evidence, evidence.sort_values(keys, kind="stable"))
    assert list(evidence.columns) == [*Observations.to_schema().columns, "where"]
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

BAD_CELLS = {
    "indicator": ({"indicator_id": "tourist_arrival"}, "indicator_id", "is no indicator; did you mean tourist_arrivals?"),
    "area": ({"area": "sapa"}, "area", '"sapa" is no area; did you mean sa_pa?'),
    "unit": ({"unit": "people"}, "unit", '"people" is unknown for tourist_arrivals; write "visits"'),
    "kind": ({"kind": "aktual"}, "kind", '"aktual" is unknown; did you mean actual?'),
    "freq": ({"freq": "Y"}, "freq", '"Y" is unknown; write one of A, EVENT, M, Q, TERM, YTD'),
    "grade": ({"grade": "D"}, "grade", '"D" is unknown; write one of A, B, C'),
    "bound": ({"bound": "more"}, "bound", '"more" is unknown; write one of about, exact, over, under'),
    "cite_ok": ({"cite_ok": "có"}, "cite_ok", '"có" is unknown; write one of no, yes'),
    "thousands": ({"value": "12.085"}, "value", "write 12085, or 12.0850 when the decimal is meant"),
    "comma": ({"value": "13,9"}, "value", '"13,9" is not a number; write 13.9'),
    "blank": ({"value": ""}, "value", "a number is missing"),
    "digits": ({"digits": "2.5"}, "digits", '"2.5" is not a whole number'),
    "period": ({"period": "2019-13"}, "period", '"2019-13" does not fit freq A; write YYYY'),
    "month": ({"period": "2019-13", "freq": "M"}, "period", '"2019-13" is not a date'),
    "backwards": ({"period": "2019/2015", "freq": "TERM"}, "period", '"2019/2015" ends before it starts'),
    "implausible": ({"value": "1000000000", "digits": "1"}, "value", "1,000,000,000 is implausible for tourist_arrivals"),
    "published": ({"published": "2021-02-30"}, "published", '"2021-02-30" is not a date; write YYYY, YYYY-MM'),
    "written date": ({"published": "5/1/2020"}, "published", '"5/1/2020" does not fit; wanted when the page was'),
    "through": ({"through": "2019-12-16"}, "through", "but only a cumulative row (freq YTD) has a cut-off day"),
    "through date": ({"through": "2019-02-30"}, "through", '"2019-02-30" is not a date'),
    "words": ({"statement": "Over 3,276,000 visits", "value": "3276000", "digits": "4"}, "bound", '"exact", but the words say "over"'),
    "after its area": ({"area": "sa_pa_ward"}, "period", "2019 lies outside the time of sa_pa_ward, 2025-07-01 to 9999-12-31"),
    "before its area": ({"area": "sa_pa", "period": "1850"}, "period", "1850 lies outside the time of sa_pa, "),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_CELLS)
def test_a_bad_cell_is_one_problem_with_file_line_and_what_is_wanted(project, name):
    cells, column, message = BAD_CELLS[name]
    line = find_plain_row(project)
    project.change(TOURISM, line, **cells)
    with pytest.raises(EvidenceError) as caught:
        load_evidence(project.data)
    problems = caught.value.problems
    assert [(problem.file, problem.line, problem.column) for problem in problems] == [(TOURISM, line, column)]
    assert message in problems[0].message
    assert f"{TOURISM} has 1 problem\n  line {line}, {column}: " in str(caught.value)


def test_a_share_that_cannot_be_is_refused(project):
    line = project.find("data/evidence/society.csv", indicator_id="poverty_rate", bound="exact")
    project.change("data/evidence/society.csv", line, value="114.5", digits="4")
    assert told(project) == [("data/evidence/society.csv", line, "value")]


def test_every_bad_cell_of_every_file_comes_out_in_one_error_in_order(project):
    wanted = []
    for place, (name, file) in enumerate(
        (name, file) for name in COUNTS for file in [f"data/evidence/{name}.csv"]
    ):
        line = 2 + place
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
    guard = project.replace("data/corrections.yml", "value: 4480000", "value: 4480001") - 4
    _, problems = check_project(project.root)
    assert sorted((problem.file, problem.line, problem.column) for problem in problems) == [
        ("data/corrections.yml", guard - 1, "match"),
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
    counts, problems = check_project(root)
    assert problems == []
    assert counts == {"observations": 1019, "targets": 185, "covariates": 1171, "events": 27}


def test_lines_stay_right_after_cells_of_several_lines(project):
    text = project.read(TOURISM)
    first = text.splitlines()[1]
    note = first.rpartition(",")[0]
    project.write(TOURISM, text.replace(first, f'{note},"one\n\ntwo, and ""three"""', 1))
    project.replace(TOURISM, "2,,2013-12-18", "2,,2013-12-18") if "2,,2013-12-18" in text else None
    line = find_plain_row(project)
    project.write(TOURISM, damage_line(project.read(TOURISM), line + 2, ",visits,", ",people,"))
    assert told(project) == [(TOURISM, line + 2, "unit")]


def damage_line(text: str, line: int, old: str, new: str) -> str:
    lines = text.split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("damage", "line", "message"),
    [
        (lambda text: b"", 0, "the file is empty"),
        (lambda text: text.encode("utf-16"), 1, "byte 0xff is not UTF-8"),
        (lambda text: text.encode("cp1258", "replace"), None, "is not UTF-8; save the file as UTF-8"),
        (lambda text: text.replace(",grade,", ",graed,").encode(), 1, 'column "graed" is unknown; did you mean grade?'),
        (lambda text: text.replace(",", ";").encode(), 1, "is unknown"),
        (lambda text: damage_line(text, 9, ",", ',"').encode(), 9, "the row that starts here is no CSV row"),
        (lambda text: damage_line(text, 9, ",", "").encode(), 9, "cells under 17 columns"),
    ],
    ids=["empty", "utf16", "windows", "column", "semicolons", "quote", "comma"],
)  # fmt: skip
def test_a_broken_file_is_told_alone_and_no_guard_trips_over_it(project, damage, line, message):
    project.write(TOURISM, damage(project.read(TOURISM)))
    with pytest.raises(EvidenceError) as caught:
        load_evidence(project.data)
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


def test_a_bad_row_of_the_catalogue_does_not_make_its_observations_unknown(project):
    line = project.find("data/indicators.csv", indicator_id="tourist_arrivals")
    project.change("data/indicators.csv", line, lower="12.085", name_vi="")
    assert told(project) == [("data/indicators.csv", line, "lower"), ("data/indicators.csv", line, "name_vi")]


def test_reading_keeps_bad_rows_for_further_checks_but_never_a_bad_number(project):
    line = find_plain_row(project)
    project.change(TOURISM, line, value="12.085", digits="x")
    problems: list[Problem] = []
    table = read_evidence(project.data, problems)
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


@pytest.mark.parametrize("name", BAD_CELLS)
def test_the_office_is_held_to_the_same_rules(root, evidence, name):
    cells, column, message = BAD_CELLS[name]
    plain = evidence[
        (evidence["indicator_id"] == "tourist_arrivals") & (evidence["area"] == "sa_pa")
        & (evidence["freq"] == "A") & (evidence["bound"] == "exact") & (evidence["period"] == "2019")
    ].head(1)  # fmt: skip
    frame = plain.astype(object).assign(**cells)
    with pytest.raises(EvidenceError) as caught:
        load_evidence(root / "data", overlay=frame)
    assert [(problem.file, problem.line, problem.column) for problem in caught.value.problems] == [
        ("overlay", 2, column)
    ]
    assert message in caught.value.problems[0].message


def test_a_misspelt_column_of_the_office_names_the_nearest(root, overlay):
    with pytest.raises(EvidenceError, match='column "publishd" is unknown; did you mean published?'):
        load_evidence(root / "data", overlay=overlay.rename(columns={"published": "publishd"}))


def test_faults_of_files_and_overlay_come_out_together(project, overlay):
    project.change(TOURISM, 2, grade="D")
    assert told(project, overlay=overlay.assign(area="sapa")) == [
        (TOURISM, 2, "grade"), ("overlay", 2, "area"), ("overlay", 3, "area")
    ]  # fmt: skip
