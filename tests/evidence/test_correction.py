from __future__ import annotations

import pandas as pd
import pytest

from sapa_analysis.core import in_language
from sapa_analysis.core.errors import EvidenceError, Problem
from sapa_analysis.evidence.correction import apply_corrections, is_doubted, read_corrections
from sapa_analysis.evidence.load import load_evidence

FILE, TOURISM = "data/corrections.yml", "data/evidence/tourism.csv"
ENTRY = """\
- id: a-correction
  why: The page prints another place's figure.
  match:
    indicator_id: tourist_arrivals
    area: sa_pa
    period: "2014"
    value: 1500000
    source_url: https://example.org/a
  action: leave_out
  until: the source mends itself
  believed: the figure of the province
"""
DOUBT = ENTRY.replace("leave_out", "doubt").replace(
    "  match:", "  why_vi: Trang này in số của nơi khác.\n  match:"
)


def read(tmp_path, text: str) -> tuple[list, list[tuple[int, str, str]]]:
    path = tmp_path / "corrections.yml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    found = read_corrections(path, problems)
    return found, [(problem.line, problem.column, problem.message) for problem in problems]


def make_evidence(*values: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"indicator_id": "tourist_arrivals", "area": "sa_pa", "period": "2014", "value": values,
         "source_url": "https://example.org/a"}
    )  # fmt: skip


def test_a_correction_is_read_with_its_line(tmp_path):
    found, problems = read(tmp_path, "# why\n" + ENTRY)
    assert problems == []
    assert [(correction.id, correction.match.value, line) for correction, line in found] == [
        ("a-correction", 1_500_000, 2)
    ]


def test_there_may_be_no_corrections_at_all(tmp_path):
    assert read(tmp_path, "# none at present\n") == ([], [])
    assert read(tmp_path, "[]\n") == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message"),
    [
        ("  why:", "  wyh:", 2, "wyh", "unknown; did you mean why?"),
        ("    period:", "    peroid:", 6, "match.peroid", "unknown; did you mean period?"),
        ("action: leave_out", "action: drop", 9, "action", "wanted 'leave_out' or 'doubt'; found 'drop'"),
        ('"2014"', "2014", 6, "match.period", "wanted text; found 2014"),
        ("1500000", "1,5 triệu", 7, "match.value", "wanted a number; found '1,5 triệu'"),
        (
            "the source mends itself",
            "later",
            10,
            "until",
            "wanted text of at least 10 characters; found 'later'",
        ),
    ],
)
def test_a_fault_is_shown_at_its_key(tmp_path, old, new, line, column, message):
    found, problems = read(tmp_path, ENTRY.replace(old, new))
    assert found == []
    assert (line, column) in [(where, name) for where, name, _ in problems]
    assert any(text.startswith(message) for _, _, text in problems)
    assert all(text == "is missing" for where, name, text in problems if name != column)


def test_a_missing_key_is_shown_at_its_entry(tmp_path):
    without = "\n".join(line for line in ENTRY.splitlines() if "until" not in line and "area" not in line)
    assert read(tmp_path, ENTRY + without)[1] == [
        (14, "match.area", "is missing"),
        (12, "until", "is missing"),
    ]


@pytest.mark.parametrize("text", ["id: x\n", "just words\n", "12\n"])
def test_anything_but_a_list_is_refused(tmp_path, text):
    assert read(tmp_path, text) == ([], [(1, "", "wanted a list of corrections")])


def test_an_entry_that_is_no_mapping_is_refused(tmp_path):
    assert [problem[0] for problem in read(tmp_path, ENTRY + "- words\n")[1]] == [12]


def test_an_id_stands_once(tmp_path):
    assert read(tmp_path, ENTRY + ENTRY)[1] == [
        (1, "id", '"a-correction" stands more than once'),
        (12, "id", '"a-correction" stands more than once'),
    ]


@pytest.mark.parametrize("entry", [ENTRY, DOUBT], ids=["leave_out", "doubt"])
@pytest.mark.parametrize("values", [(), (1_400_000,), (1_500_000, 1_500_000)])
def test_a_guard_trips_unless_exactly_one_row_fits(tmp_path, values, entry):
    corrections, _ = read(tmp_path, entry)
    problems: list[Problem] = []
    apply_corrections(make_evidence(*values), corrections, FILE, problems)
    fitting = values.count(1_500_000)
    assert [str(problem) for problem in problems] == [
        f"line 1, match: guard tripped: a-correction fits {fitting} rows of the evidence, wanted 1; "
        "take it out or mend it"
    ]


@pytest.mark.parametrize("one", [ENTRY, DOUBT], ids=["leave_out", "doubt"])
@pytest.mark.parametrize("other", [ENTRY, DOUBT], ids=["leave_out", "doubt"])
def test_two_corrections_of_one_row_are_refused_with_both_ids(tmp_path, one, other):
    corrections, problems = read(tmp_path, one + other.replace("a-correction", "another"))
    assert problems == []
    apply_corrections(make_evidence(1_400_000, 1_500_000), corrections, FILE, problems)
    assert [(each.file, each.line) for each in problems] == [(FILE, 1 + one.count("\n"))]
    said = '"a-correction" and "another" correct one row; keep one of them'
    assert [each.message for each in problems] == [said]
    assert "cùng đính chính một dòng" in in_language(f"line 1, match: {said}", "vi")


def test_a_reason_that_is_too_short_is_told_its_length(tmp_path):
    found, problems = read(tmp_path, DOUBT.replace("Trang này in số của nơi khác.", "Số khác"))
    assert found == []
    assert [(name, text) for _, name, text in problems] == [
        ("why_vi", "wanted text of at least 10 characters; found 'Số khác'")
    ]
    said = in_language(f"line 3, why_vi: {problems[0][2]}", "vi")
    assert said == "dòng 3, why_vi: cần văn bản có ít nhất 10 ký tự; thấy 'Số khác'"


def test_exactly_the_row_that_fits_is_left_out(tmp_path):
    corrections, _ = read(tmp_path, ENTRY)
    evidence, problems = make_evidence(1_400_000, 1_500_000, 1_600_000), []
    kept = apply_corrections(evidence, corrections, FILE, problems)
    assert problems == []
    pd.testing.assert_frame_equal(kept.drop(columns=["doubt_vi", "doubt_en"]), evidence.drop(index=1))
    assert not is_doubted(kept).any()
    assert len(evidence) == 3


def test_exactly_the_row_that_fits_is_doubted_and_stays(tmp_path):
    corrections, problems = read(tmp_path, DOUBT)
    assert problems == []
    evidence = make_evidence(1_400_000, 1_500_000, 1_600_000)
    marked = apply_corrections(evidence, corrections, FILE, problems)
    assert problems == []
    pd.testing.assert_frame_equal(marked.drop(columns=["doubt_vi", "doubt_en"]), evidence)
    assert is_doubted(marked).tolist() == [False, True, False]
    assert marked["doubt_vi"].tolist() == ["", "Trang này in số của nơi khác.", ""]
    assert marked["doubt_en"].tolist() == ["", "The page prints another place's figure.", ""]


def test_a_doubt_that_readers_of_vietnamese_cannot_read_is_refused(tmp_path):
    found, problems = read(tmp_path, DOUBT.replace("  why_vi: Trang này in số của nơi khác.\n", ""))
    assert found == []
    assert problems == [(1, "", "action doubt needs why_vi: the figure is printed with its doubt")]
    said = in_language(f"line 1: {problems[0][2]}", "vi")
    assert said == "dòng 1: action doubt cần why_vi: số liệu được in kèm lý do nghi vấn"


def test_a_table_that_never_met_corrections_is_not_doubted():
    assert is_doubted(make_evidence(1.0, 2.0)).tolist() == [False, False]


def test_doubts_of_the_project_stay_in_the_evidence_with_reasons_in_both_languages(root):
    evidence = load_evidence(root / "data")
    doubted = evidence[is_doubted(evidence)]
    corrections = read_corrections(root / FILE, [])
    declared = [each.match.value for each, _ in corrections if each.action == "doubt"]
    assert sorted(doubted["value"]) == sorted(declared)
    assert 13.8 in declared
    for name in ("doubt_vi", "doubt_en"):
        assert (doubted[name].str.len() > 40).all()
    assert (doubted["doubt_vi"] != doubted["doubt_en"]).all()
    # the row itself says why: nothing is doubted on our word alone
    assert doubted["note"].str.contains("re-use|look like goals|town not separated").all()


@pytest.mark.parametrize("column", ["indicator_id", "area", "period", "source_url"])
def test_every_part_of_a_match_counts(tmp_path, column):
    corrections, _ = read(tmp_path, ENTRY)
    problems: list[Problem] = []
    apply_corrections(make_evidence(1_500_000).assign(**{column: "other"}), corrections, FILE, problems)
    assert len(problems) == 1


def test_loading_fails_once_the_source_has_mended_itself(project):
    line = project.find(TOURISM, period="2022", value="4480000")
    project.change(TOURISM, line, value="2430000")
    with pytest.raises(
        EvidenceError, match="guard tripped: arrivals-2022-of-the-province fits 0 rows"
    ) as caught:
        load_evidence(project.data)
    assert {problem.file for problem in caught.value.problems} == {FILE}


def test_loading_fails_when_a_second_row_fits(project, root):
    evidence_row = {"period": "2022", "value": "4480000", "area": "sa_pa"}
    rows = project.rows(TOURISM)
    twin = rows[project.find(TOURISM, **evidence_row) - 2]
    project.save(TOURISM, [*rows, twin])
    with pytest.raises(EvidenceError, match="fits 2 rows"):
        load_evidence(project.data)


def test_without_corrections_every_printed_row_is_loaded(project):
    project.write(FILE, "[]\n")
    assert len(load_evidence(project.data)) == 1087


def test_a_missing_file_of_corrections_is_a_problem(project):
    (project.root / FILE).unlink()
    with pytest.raises(EvidenceError, match="1 problem\n  cannot be read"):
        load_evidence(project.data)
