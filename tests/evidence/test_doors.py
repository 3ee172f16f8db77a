"""The doors of the tables: what Excel saves, what a folder holds, what rows say of other rows."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from sapa_analysis.core import Covariates, Observations, Problem, SapaError, listed, read_table, report
from sapa_analysis.evidence import (
    check_references,
    load_areas,
    load_covariates,
    load_documents,
    load_events,
    load_evidence,
    load_indicators,
)
from sapa_analysis.pipeline import check_project
from sapa_analysis.targets import load_targets

BUDGET = "data/evidence/budget.csv"


def told(load, *asked) -> list[str]:
    with pytest.raises(SapaError) as caught:
        load(*asked)
    return [
        f"{each.file.removeprefix('data/')}:{each.line} {each.column}: {each.message}"
        for each in caught.value.problems
    ]


def plain(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns="where")


def read(project) -> pd.DataFrame:
    problems: list[Problem] = []
    table = read_table(project.root / BUDGET, Observations, problems)
    assert problems == []
    return plain(table)


# what Excel saves -----------------------------------------------------------------------------------------


def as_excel_in_vietnam(text: str) -> str:
    """Return a table with semicolons, decimal commas and cells quoted as Excel does."""
    rows = pd.read_csv(pd.io.common.StringIO(text), dtype=str, keep_default_na=False)
    rows["value"] = rows["value"].str.replace(".", ",")
    return rows.to_csv(sep=";", index=False, lineterminator="\r\n")


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: unicodedata.normalize("NFD", text).encode(),
        lambda text: (text + "," * 16 + "\n" + " ," * 16 + "\n").encode(),
        lambda text: as_excel_in_vietnam(text).encode("utf-8-sig"),
    ],
    ids=["mark", "crlf", "utf16", "utf16-be", "nfd", "blank rows", "semicolons"],
)
def test_a_table_is_the_same_however_it_was_saved(project, saved):
    before, text = read(project), project.read(BUDGET)
    project.write(BUDGET, saved(text))
    pd.testing.assert_frame_equal(read(project), before)


def in_code_page(text: str) -> bytes:
    """Return text in Windows-1258: vowels with their hooks whole, tones apart."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    parted = []
    for sign in text:
        whole = unicodedata.normalize("NFD", sign)
        tone = [part for part in whole if part in tones]
        parted += [unicodedata.normalize("NFC", "".join(part for part in whole if part not in tones)), *tone]
    return "".join(parted).encode("cp1258")


def test_windows_1258_is_read_where_nothing_else_can_be_meant(project):
    before, text = read(project), project.read(BUDGET)
    project.write(BUDGET, in_code_page(text))
    pd.testing.assert_frame_equal(read(project), before)


@pytest.mark.parametrize("content", ["Báo điện tử", "Kh¸ch du lÞch", "Süddeutsche"])
def test_other_codes_are_refused_with_what_to_do(project, content):
    text = project.read(BUDGET).encode("ascii", "ignore") + content.encode("cp1252", "replace")
    project.write(BUDGET, text)
    [problem] = [each for each in told(load_evidence, project.data) if "budget" in each]
    assert problem.endswith('is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")')


@pytest.mark.parametrize(
    ("cell", "value"),
    [("96,8", 96.8), ("1.234,5", 1234.5), ("1.234.567", 1_234_567), ("0,085", 0.085), ("12", 12)],
)
def test_a_decimal_comma_between_semicolons_has_one_reading(tmp_path, cell, value):
    (tmp_path / "a.csv").write_text(
        f"period;value;unit;published;source_url;licence;note\n2020;{cell};percent;2021;https://a.vn;CC BY 4.0;\n"
    )
    problems: list[Problem] = []
    assert read_table(tmp_path / "a.csv", Covariates, problems)["value"].tolist() == [value]
    assert problems == []


@pytest.mark.parametrize("cell", ["12.085", "3,200"])
def test_what_may_be_thousands_is_refused_between_semicolons_too(tmp_path, cell):
    (tmp_path / "a.csv").write_text(
        f"period;value;unit;published;source_url;licence;note\n2020;{cell};percent;2021;https://a.vn;CC BY 4.0;\n"
    )
    problems: list[Problem] = []
    read_table(tmp_path / "a.csv", Covariates, problems)
    assert [problem.message.split(";")[0] for problem in problems] == [f'"{cell}" may have a thousands mark']


# what a folder holds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["new.xlsx", "new.txt", "new.csv.bak", "new.ods", "2024/new.csv"])
@pytest.mark.parametrize("folder", ["evidence", "covariates"])
def test_what_is_not_read_is_named(project, folder, name):
    path = project.data / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")
    problems = [each for each in check_project(project.root).problems if each.file != "data/datapackage.json"]
    assert [each.file for each in problems] == [f"data/{folder}/{name.split('/')[0]}"]
    assert "is not read" in problems[0].message


def test_an_ending_in_capitals_is_read_and_papers_about_the_folder_are_passed_over(project, tmp_path):
    before = load_evidence(project.data)
    (project.root / BUDGET).rename(project.data / "evidence/BUDGET.CSV")
    for name in ("README.md", ".DS_Store", "~$new.xlsx", "Thumbs.db"):
        (project.data / "evidence" / name).write_text("x")
    assert len(load_evidence(project.data)) == len(before)
    assert listed(tmp_path / "none", ".csv", [], what="evidence") == []


# cells ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"source_url": "javascript:alert(1)"}, '"javascript:alert(1)" is no web address'),
        ({"source_url": ""}, "a blank cell does not fit; wanted address of the page (at least 1 letters)"),
        ({"source_title": ""}, "a blank cell does not fit; wanted title of the page (at least 1 letters)"),
        ({"source_title": "Ba\x0bo"}, "U+000B (a control character) cannot be printed"),
        ({"statement": "đạt \u202e5 %"}, "U+202E (an invisible character) cannot be printed"),
        ({"published": "2022.01"}, '"2022.01" does not fit; wanted date of the page'),
    ],
)
def test_a_cell_that_no_page_can_hold_is_told(project, cells, said):
    project.change(BUDGET, 3, **cells)
    [problem] = [each for each in told(load_evidence, project.data) if "evidence/budget" in each]
    assert problem.startswith(f"evidence/budget.csv:3 {next(iter(cells))}: {said}")


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("data/evidence/budget.csv", "statement"),
        ("data/events.csv", "statement"),
        ("data/events.csv", "event_vi"),
        ("data/events.csv", "source_url"),
        ("data/documents.csv", "source_title"),
        ("data/targets.csv", "source_title"),
        ("data/covariates/viet_nam_gdp_growth_annual.csv", "source_url"),
    ],
)
def test_what_a_page_says_and_where_is_never_blank(project, file, column):
    project.change(file, 3, **{column: ""})
    _, problems, _ = check_project(project.root)
    assert any((each.file, each.line, each.column) == (file, 3, column) for each in problems)


def test_no_message_shows_a_pattern_of_the_code(project):
    names = ("indicator_id", "area", "unit", "published", "through")
    for column in names:
        project.change(BUDGET, 3, **dict.fromkeys(names, "x") | {column: "Ngày 5!"})
        assert not [
            each
            for each in told(load_evidence, project.data)
            if "^" in each or "str_" in each or "\\" in each
        ]


def test_thousands_of_bad_rows_are_told_once_with_a_count(project):
    first = project.rows(BUDGET)[0]
    rows = [first | {"id": f"e{9000 + n}", "unit": f"vnd{n}", "area": f"sapa{n}"} for n in range(5_000)]
    project.save(BUDGET, rows)
    with pytest.raises(SapaError) as caught:
        load_evidence(project.data)
    mine = [each for each in caught.value.problems if each.file == BUDGET]
    lines = report(mine).split("\n")
    assert len(mine) == 10_000
    assert len(lines) < 20
    assert any("lines 5 to 5001, unit: 4,997 more of this kind" in line for line in lines)


# rows that name rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "key", "column", "cell", "said"),
    [
        ("areas.csv", "viet_nam", "parent", "viet_nam", '"viet_nam" names itself'),
        (
            "areas.csv",
            "viet_nam",
            "parent",
            "sa_pa",
            "goes in a circle: viet_nam -> sa_pa -> lao_cai -> viet_nam",
        ),
        (
            "areas.csv",
            "lao_cai",
            "predecessors",
            "lao_cai_2025",
            "goes in a circle: lao_cai -> lao_cai_2025 -> lao_cai",
        ),
        ("areas.csv", "sa_pa", "predecessors", "sa_pax", '"sa_pax" is no area; did you mean sa_pa?'),
        (
            "indicators.csv",
            "share_agriculture",
            "part_of",
            "gdrp",
            '"gdrp" is no indicator; did you mean grdp?',
        ),
        ("indicators.csv", "grdp_growth", "growth_of", "grdp_growth", '"grdp_growth" names itself'),
        (
            "indicators.csv",
            "grdp",
            "growth_of",
            "grdp_growth",
            "goes in a circle: grdp_growth -> grdp -> grdp_growth",
        ),
        ("documents.csv", "congress-2020", "area", "sapa", '"sapa" is no area; did you mean sa_pa?'),
    ],
)
def test_a_row_that_names_no_row_or_itself_is_told(project, file, key, column, cell, said):
    path = f"data/{file}"
    own = next(iter(project.rows(path)[0]))
    project.change(path, project.find(path, **{own: key}), **{column: cell})
    load = {"areas.csv": load_areas, "indicators.csv": load_indicators, "documents.csv": load_documents}[file]
    problems = told(load, project.data)
    assert [each.split(": ", 1)[1] for each in problems if f" {column}:" in each] == [said]


def test_an_event_names_known_areas_and_indicators(project):
    project.change("data/events.csv", 3, area="sapa", indicator_affected="tourist_arrival")
    assert told(load_events, project.data) == [
        'events.csv:3 area: "sapa" is no area; did you mean sa_pa?',
        'events.csv:3 indicator_affected: "tourist_arrival" is no indicator; did you mean tourist_arrivals?',
    ]


def linked(**links: str) -> list[str]:
    """Return what is told of rows that name rows."""
    frame = pd.DataFrame({"parent": links, "where": {name: f"a.csv:{n}" for n, name in enumerate(links, 2)}})
    problems: list[Problem] = []
    check_references(frame, "parent", problems, "area")
    return [f"{problem.line}: {problem.message}" for problem in problems]


def test_every_circle_is_told_once_from_its_first_row():
    assert linked(a="b", b="c", c="a", d="e", e="d", f="a", g="") == [
        "2: goes in a circle: a -> b -> c -> a",
        "5: goes in a circle: d -> e -> d",
    ]


def test_many_ways_to_one_row_are_no_circle_and_take_no_time():
    layers = 60
    links = {"top0": "", "top1": ""}
    for n in range(layers):
        above = ("top0;top1") if n == 0 else f"x{n - 1};y{n - 1}"
        links |= {f"x{n}": above, f"y{n}": above}
    assert linked(**links) == []


def test_a_long_chain_is_no_circle():
    n = 400
    frame = pd.DataFrame(
        {"parent": ["", *(f"a{k}" for k in range(n))], "where": [f"a.csv:{k}" for k in range(n + 1)]}
    )
    problems: list[Problem] = []
    check_references(frame.set_axis([f"a{k}" for k in range(n + 1)]), "parent", problems, "area")
    assert problems == []


# formulas -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("1000 * GRDP / population", '"GRDP" is no indicator'),
        ("1000 * grdp / populations", '"populations" is no indicator; did you mean population?'),
        ("1000 * 2", '"1000 * 2" names no indicator'),
        ("grdp / 0", '"grdp / 0" divides by zero'),
        ("grdp / (2 - 2)", '"grdp / (2 - 2)" divides by zero'),
        ("grdp * 1e999", "is no formula; wanted ids and numbers"),
        ("grdp ** 2", "is no formula; wanted ids and numbers"),
        (" + ".join(["grdp"] * 10_000), "a formula of 69,997 characters; wanted at most 500"),
        ("(" * 240 + "grdp" + ")" * 240, "is no formula"),
        ("grdp_per_capita / population", "circular derivation: grdp_per_capita -> grdp_per_capita"),
    ],
    ids=range(10),
)
def test_a_formula_that_cannot_be_computed_is_told(project, formula, said):
    line = project.find("data/indicators.csv", indicator_id="grdp_per_capita")
    project.change("data/indicators.csv", line, formula=formula)
    [problem] = told(load_indicators, project.data)
    assert problem.startswith(f"indicators.csv:{line} formula: ")
    assert said in problem


def test_a_cell_without_end_is_told_with_its_line(project):
    line = project.find("data/indicators.csv", indicator_id="grdp_per_capita")
    project.change("data/indicators.csv", line, formula=" + ".join(["grdp"] * 20_000))
    said = [each for each in told(load_indicators, project.data) if "a cell is longer than 100,000" in each]
    assert [each.split(" ")[0] for each in said] == [f"indicators.csv:{line}"]


def test_covariates_with_an_ending_in_capitals_are_read(project):
    before = len(load_covariates(project.data))
    path = next((project.data / "covariates").glob("*.csv"))
    path.rename(path.with_suffix(".CSV"))
    assert len(load_covariates(project.data)) == before


@pytest.mark.parametrize("page", ["javascript:alert(1)", "www.sapa.vn/tin", "https:// (2024)"])
def test_other_pages_of_a_target_are_addresses_too(project, page):
    project.change("data/targets.csv", 3, also_at=f"https://sapa.vn/a (2024-01);{page}")
    [problem] = told(load_targets, project.data)
    assert problem.startswith("targets.csv:3 also_at: ")
    assert "is no web address" in problem
