from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date

import pandas as pd
import pytest

from sapa_analysis.core.errors import DataError, Problem
from sapa_analysis.core.tables import FILE_TABLES
from sapa_analysis.evidence.catalogue import (
    load_areas,
    load_covariates,
    load_documents,
    load_events,
    load_indicators,
)
from sapa_analysis.evidence.row_check import check_known, check_units

LOADERS = {
    "indicators.csv": load_indicators,
    "areas.csv": load_areas,
    "documents.csv": load_documents,
    "events.csv": load_events,
    "covariates/viet_nam_cpi_monthly_gso.csv": load_covariates,
}


def told(load, data) -> list[str]:
    with pytest.raises(DataError) as caught:
        load(data)
    return [
        f"{problem.file}:{problem.line} {problem.column}: {problem.message}"
        for problem in caught.value.problems
    ]


# what is in the repository --------------------------------------------------------------------------------


def test_every_data_file_is_nfc_with_unix_line_ends_and_no_byte_order_mark(root):
    files = [path for path in (root / "data").rglob("*") if path.is_file()]
    assert len(files) > 30
    for path in files:
        content = path.read_bytes()
        assert content.decode("utf-8") == unicodedata.normalize("NFC", content.decode("utf-8")), path
        assert b"\r" not in content, path
        assert not content.startswith(b"\xef\xbb\xbf"), path
        assert content.endswith(b"\n"), path
        assert not content.endswith(b"\n\n"), path


def test_every_table_is_written_as_the_csv_module_writes_it_with_the_declared_columns(root):
    data = root / "data"
    tables = list(data.rglob("*.csv"))
    assert len(tables) >= 38
    for path in tables:
        kind = path.relative_to(data).with_suffix("").as_posix()
        kind = kind if kind in FILE_TABLES else path.parent.name
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
        assert rows[0] == list(FILE_TABLES[kind].to_schema().columns), path
        assert all(cell == cell.strip() for row in rows for cell in row), path
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        assert path.read_bytes().decode() == text.getvalue(), path


def test_the_catalogue_is_complete(root):
    data = root / "data"
    counts = {name: len(load(data)) for name, load in LOADERS.items()}
    assert counts == {
        "indicators.csv": 168,
        "areas.csv": 17,
        "documents.csv": 63,
        "events.csv": 27,
        "covariates/viet_nam_cpi_monthly_gso.csv": 1171,
    }


def test_covariates_carry_their_file_as_series_and_are_sorted(root):
    covariates = load_covariates(root / "data")
    assert set(covariates["series"]) == {path.stem for path in (root / "data/covariates").glob("*.csv")}
    order = covariates.sort_values(["series", "period"], kind="stable").index
    assert list(order) == list(range(len(covariates)))
    assert not covariates.duplicated(["series", "period", "published"]).any()


def test_areas_follow_one_another_without_gap_or_overlap(root):
    areas = load_areas(root / "data")
    for area in areas[areas["predecessors"] != ""].to_dict("records"):
        for before in area["predecessors"].split(";"):
            ended = date.fromisoformat(areas.loc[before, "valid_to"])
            assert date.fromisoformat(area["valid_from"]).toordinal() - ended.toordinal() == 1, area["area"]


def test_every_indicator_is_named_once_in_both_languages(root):
    indicators = load_indicators(root / "data")
    for name in ("name_vi", "name_en"):
        assert not indicators[name].duplicated().any()
    assert list(indicators.index) == list(indicators["indicator_id"])
    words = {word for formula in indicators["formula"] for word in re.findall(r"[a-z]\w+", formula)}
    assert words <= set(indicators.index)


def test_events_speak_of_known_indicators_and_areas(root):
    indicators, areas = load_indicators(root / "data"), load_areas(root / "data")
    for event in load_events(root / "data").to_dict("records"):
        assert set(event["indicator_affected"].split(";")) <= {"all", *indicators.index}, event["where"]
        assert event["area"] in areas.index, event["where"]


def test_the_rows_that_are_one_event_are_the_same_in_both_languages(root):
    events = load_events(root / "data")
    for part in (lambda name: name.split(":")[0], str):
        names = events[["name_vi", "name_en"]].map(part)
        pairs = names.drop_duplicates()
        assert not pairs["name_vi"].duplicated().any()
        assert not pairs["name_en"].duplicated().any()


def test_every_event_is_told_in_vietnamese_with_its_marks(root):
    events = load_events(root / "data")
    rows = (root / "data/events.csv").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", rows)
    assert events["event_vi"].is_unique
    for row in events.to_dict("records"):
        assert re.search("[ăâđêôơưàảãáạếềệộốứữợ]", row["event_vi"]), row["where"]


# bad input ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", LOADERS)
@pytest.mark.parametrize(
    ("damage", "line", "message"),
    [
        (lambda content: b"", 0, "the file is empty"),
        (lambda content: content.split(b"\n")[0] + b"\n", 0, "the file holds no row under its header"),
        (
            lambda content: content + b"\xff",
            None,
            'byte 0xff is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")',
        ),
        (lambda content: b'x"' + content[1:], 1, None),
    ],
    ids=["empty", "header_only", "not_utf8", "header"],
)
def test_a_broken_file_is_reported_under_its_name(project, file, damage, line, message):
    path = project.data / file
    last = path.read_bytes().count(b"\n") + 1
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError) as caught:
        LOADERS[file](project.data)
    assert {problem.file for problem in caught.value.problems} == {f"data/{file}"}
    assert {problem.line for problem in caught.value.problems} == {last if line is None else line}
    assert message is None or [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize("file", list(LOADERS)[:-1])
def test_a_missing_file_is_reported_under_its_name(project, file):
    (project.data / file).unlink()
    assert told(LOADERS[file], project.data) == [f"data/{file}:0 : cannot be read: No such file or directory"]


@pytest.mark.parametrize(
    ("file", "cells", "problem"),
    [
        ("indicators.csv", {"scale": "logs"}, 'scale: "logs" is unknown; did you mean log?'),
        ("indicators.csv", {"scale": ""}, 'scale: "" is unknown; write one of growth, level, log, logit'),
        ("indicators.csv", {"field": "tourist"}, 'field: "tourist" is unknown; did you mean tourism?'),
        ("indicators.csv", {"growth_of": "grpd"}, 'growth_of: "grpd" is no indicator; did you mean grdp?'),
        ("indicators.csv", {"formula": "grdp / x"}, "formula: role primary and formula do not fit together"),
        ("indicators.csv", {"upper": "-99"}, "upper: -99 is not above lower, -30"),
        ("indicators.csv", {"scale": "log"}, "lower: -30 has no logarithm; scale log needs a lower above 0"),
        ("indicators.csv", {"lower": "1.000"}, 'lower: "1.000" may have a thousands mark; write 1000'),
        ("indicators.csv", {"decimals": "1.5"}, 'decimals: "1.5" is not a whole number'),
        ("indicators.csv", {"group": "26"}, 'group: "26" does not fit; wanted group of targets'),
        (
            "indicators.csv",
            {"indicator_id": "accommodation_rooms"},
            'indicator_id: "accommodation_rooms" stands more than once',
        ),
        ("areas.csv", {"parent": "viet_nan"}, 'parent: "viet_nan" is no area; did you mean viet_nam?'),
        ("areas.csv", {"predecessors": "sa_paa"}, 'predecessors: "sa_paa" is no area; did you mean sa_pa'),
        ("areas.csv", {"valid_from": "2021-02-30"}, 'valid_from: "2021-02-30" is not a date'),
        ("areas.csv", {"valid_from": "2025", "valid_to": ""}, 'valid_from: "2025" does not fit'),
        (
            "areas.csv",
            {"valid_from": "2025-07-02", "valid_to": "2025-07-01"},
            "valid_to: 2025-07-01 lies before valid_from, 2025-07-02",
        ),
        ("documents.csv", {"kind": "plans"}, 'kind: "plans" is unknown; did you mean plan?'),
        ("documents.csv", {"document": "plan-2023"}, 'document: "plan-2023" stands more than once'),
        (
            "events.csv",
            {"date": "2020-13"},
            'date: "2020-13" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD',
        ),
        (
            "events.csv",
            {"published": ""},
            "published: a blank cell does not fit; wanted when the page was published",
        ),
        ("events.csv", {"name_vi": "x" * 46}, f'name_vi: "{"x" * 46}" does not fit; wanted short name'),
        ("events.csv", {"area": "Sa Pa"}, 'area: "Sa Pa" does not fit; wanted where'),
        ("covariates/viet_nam_cpi_monthly_gso.csv", {"period": "2022-13"}, 'period: "2022-13" is not a date'),
        (
            "covariates/viet_nam_cpi_monthly_gso.csv",
            {"value": "13,9"},
            'value: "13,9" is not a number; write 13.9',
        ),
        (
            "covariates/viet_nam_cpi_monthly_gso.csv",
            {"published": "5/1/2023"},
            'published: "5/1/2023" does not fit',
        ),
    ],
)
def test_a_bad_cell_is_one_problem_at_its_line(project, file, cells, problem):
    project.change(f"data/{file}", 2, **cells)
    problems = [text for text in told(LOADERS[file], project.data) if text.startswith(f"data/{file}:2 ")]
    assert len(problems) == 1
    assert problems[0].removeprefix(f"data/{file}:2 ").startswith(problem)


def test_a_repeated_id_is_reported_on_both_lines(project):
    project.change("data/areas.csv", 3, area="viet_nam")
    lines = [text.split(" ")[0] for text in told(load_areas, project.data) if "more than once" in text]
    assert lines == ["data/areas.csv:2", "data/areas.csv:3"]


def test_a_formula_names_indicators_only(project):
    line = project.find("data/indicators.csv", indicator_id="grdp_per_capita")
    project.change("data/indicators.csv", line, formula="grdp / populatoin")
    assert told(load_indicators, project.data) == [
        f'data/indicators.csv:{line} formula: "populatoin" is no indicator; did you mean population?'
    ]


# rules shared by evidence and targets ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def indicators(root) -> pd.DataFrame:
    return load_indicators(root / "data")


def check_values(indicators: pd.DataFrame, rows: list[tuple[str, float, str]]) -> list[str]:
    problems: list[Problem] = []
    frame = pd.DataFrame(rows, columns=["indicator_id", "value", "unit"])
    check_units(
        frame.assign(where=[f"x.csv:{line}" for line in range(2, len(rows) + 2)]), indicators, problems
    )
    return [str(problem) for problem in problems]


def test_every_bound_of_an_indicator_is_itself_plausible_and_what_lies_beyond_is_not(indicators):
    ids, units = indicators["indicator_id"], indicators["unit"]
    margin = 1 + 0.01 * (indicators["upper"] - indicators["lower"])
    for bounds, beyond in (
        (indicators["lower"], indicators["lower"] - margin),
        (indicators["upper"], indicators["upper"] + margin),
    ):
        assert check_values(indicators, list(zip(ids, bounds, units, strict=True))) == []
        said = check_values(indicators, list(zip(ids, beyond, units, strict=True)))
        assert [text.partition(": ")[0] for text in said] == [
            f"line {line}, value" for line in range(2, len(indicators) + 2)
        ]


@pytest.mark.parametrize(
    ("indicator", "value", "unit", "said"),
    [
        (
            "poverty_rate",
            100.5,
            "percent",
            ["line 2, value: 100.5 cannot be a share in percent; wanted 0 to 100"],
        ),
        ("poverty_rate", -1, "percent", ["line 2, value: -1 cannot be a share in percent; wanted 0 to 100"]),
        ("grdp_growth", -5, "percent", []),
        (
            "tourist_arrivals",
            1e6,
            "people",
            ['line 2, unit: "people" is unknown for tourist_arrivals; write "visits"'],
        ),
        ("tourist_arrivals", float("nan"), "visits", []),
        ("no_such_indicator", -1e99, "people", []),
    ],
)
def test_unit_and_range_are_the_indicators(indicators, indicator, value, unit, said):
    assert check_values(indicators, [(indicator, value, unit)]) == said


def test_nothing_is_called_unknown_when_the_ids_could_not_be_read():
    frame = pd.DataFrame({"area": ["sa_pa", "sa_paa"], "where": ["x.csv:2", "x.csv:3"]})
    problems: list[Problem] = []
    assert check_known(frame, "area", [], problems, "area").tolist() == [False, False]
    assert problems == []
    assert check_known(frame, "area", ["sa_pa"], problems, "area").tolist() == [True, False]
    assert [str(problem) for problem in problems] == [
        'line 3, area: "sa_paa" is no area; did you mean sa_pa?'
    ]


def test_a_loader_takes_its_folder_by_name_and_its_problems_where_they_are_collected(project):
    line = project.find("data/areas.csv", area="sa_pa")
    project.change("data/areas.csv", line, parent="lao_cay")
    problems: list[Problem] = []
    assert "sa_pa" in load_areas(folder=project.data, problems=problems).index
    assert [(problem.file, problem.line, problem.column) for problem in problems] == [
        ("data/areas.csv", line, "parent")
    ]
    with pytest.raises(DataError, match="lao_cay"):
        load_areas(project.data)
