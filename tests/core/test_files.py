from __future__ import annotations

import errno
import os
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core.errors import OutputError, Problem, SapaError
from sapa_analysis.core.files import label, project_root, read_text, write_whole
from sapa_analysis.core.shipped import shipped_table
from sapa_analysis.core.table_files import check_frame, read_table


class Visits(pa.DataFrameModel):
    """A small table with every kind of column."""

    place: str = pa.Field(unique=True, description="name of the place")
    grade: str = pa.Field(isin=("A", "B", "C"), description="grade")
    visits: float = pa.Field(description="visits")
    share: float = pa.Field(nullable=True, description="share")
    year: int = pa.Field(in_range={"min_value": 1990, "max_value": 2050}, description="year")

    class Config:
        strict = True


HEADER = "place,grade,visits,share,year\n"
SOUND = HEADER + "Sa Pa,A,2430000,13.9,2022\nBắc Hà,B,500000,,2022\n"


def read(tmp_path: Path, content: str | bytes) -> tuple[pd.DataFrame, list[Problem]]:
    path = tmp_path / "data" / "visits.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    problems: list[Problem] = []
    return read_table(path, Visits, problems), problems


def read_cell(tmp_path: Path, column: str, cell: str) -> tuple[object, str]:
    """Return the value of one cell, and what is said of it."""
    cells = {"place": "Sa Pa", "grade": "A", "visits": "1", "share": "1", "year": "2022"} | {
        column: f'"{cell}"'
    }
    table, problems = read(tmp_path, HEADER + ",".join(cells.values()) + "\n")
    assert [(problem.file, problem.line, problem.column) for problem in problems] in (
        [],
        [("data/visits.csv", 2, column)],
    )
    return table[column].iloc[0], problems[0].message if problems else ""


# tables ---------------------------------------------------------------------------------------------------


def test_a_sound_file_is_typed_and_every_row_knows_its_place(tmp_path):
    table, problems = read(tmp_path, SOUND)
    assert problems == []
    assert table["visits"].tolist() == [2_430_000.0, 500_000.0]
    assert table["share"].isna().tolist() == [False, True]
    assert table["year"].tolist() == [2022, 2022]
    assert table["where"].tolist() == ["data/visits.csv:2", "data/visits.csv:3"]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path):
    plain, _ = read(tmp_path, SOUND)
    marked, problems = read(tmp_path, b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    assert problems == []
    pd.testing.assert_frame_equal(plain, marked)


def test_decomposed_letters_are_loaded_composed(tmp_path):
    decomposed = unicodedata.normalize("NFD", SOUND)
    assert decomposed != SOUND
    table, _ = read(tmp_path, decomposed)
    assert table["place"].tolist() == ["Sa Pa", "Bắc Hà"]


@given(
    names=st.lists(st.text('ab,"\n\r é', min_size=1, max_size=9), min_size=1, max_size=6, unique_by=str.strip)
)
def test_every_row_knows_the_line_of_the_file_on_which_it_starts(tmp_path_factory, names):
    tmp_path = tmp_path_factory.mktemp("lines")
    names = [f"x{name}x".replace("\r", "") for name in names]
    text, starts = HEADER, []
    for name in names:
        starts.append(text.count("\n") + 1)
        quoted = name.replace('"', '""')
        text += f'"{quoted}",A,1,1,2022\n'
    table, problems = read(tmp_path, text)
    assert problems == []
    assert table["where"].tolist() == [f"data/visits.csv:{line}" for line in starts]
    assert table["place"].tolist() == names


def test_a_fault_after_cells_of_several_lines_is_shown_on_its_own_line(tmp_path):
    _, problems = read(tmp_path, HEADER + '"Sa\nPa",A,1,,2022\n\n"Bắc\n\nHà",D,1,,2022\n')
    assert [(problem.line, problem.column) for problem in problems] == [(5, "grade")]


def test_every_fault_of_a_file_comes_out_also_two_in_one_row(tmp_path):
    _, problems = read(
        tmp_path, HEADER + 'Sa Pa,D,"13,9",,2022\nSa Pa,A,1,,1066\nBắc Hà,A,1,,20.5\nMường Khương,A,1\n'
    )
    assert [(problem.line, problem.column) for problem in sorted(problems)] == [
        (2, "grade"), (2, "place"), (2, "visits"), (3, "place"), (3, "year"), (4, "year"), (5, "")
    ]  # fmt: skip


@given(st.floats(-1e15, 1e15))
def test_a_number_of_a_frame_is_read_back_exactly(number):
    problems: list[Problem] = []
    frame = pd.DataFrame(
        [{"place": "Sa Pa", "grade": "A", "visits": number, "share": np.nan, "year": 2022.0}]
    )
    table = check_frame(frame, "overlay", Visits, problems)
    assert problems == []
    assert table["visits"].tolist() == [number]
    assert table["share"].isna().all()


def test_a_frame_may_hold_dates_and_decomposed_letters():
    places = [pd.Timestamp("2023-01-05"), date(2023, 1, 6), 2022.0, unicodedata.normalize("NFD", "Bắc Hà")]
    shares, years = [None, pd.NA, "", pd.NaT], [2022, "2022", 2022.0, np.int64(2022)]
    frame = pd.DataFrame({"place": places, "grade": "A", "visits": 1, "share": shares, "year": years})
    problems: list[Problem] = []
    table = check_frame(frame, "overlay", Visits, problems)
    assert problems == []
    assert table["place"].tolist() == ["2023-01-05", "2023-01-06", "2022", "Bắc Hà"]
    assert table["year"].tolist() == [2022, 2022, 2022, 2022]
    assert table["where"].tolist() == ["overlay:2", "overlay:3", "overlay:4", "overlay:5"]


def test_a_frame_is_held_to_the_columns_of_the_table():
    problems: list[Problem] = []
    frame = pd.DataFrame(
        [{"place": "Sa Pa", "grad": "A", "visits": 1, "share": 1, "year": 2022, "where": "x:1"}]
    )
    assert check_frame(frame, "overlay", Visits, problems).empty
    assert [str(problem) for problem in problems] == [
        'line 1: column "grad" is unknown; did you mean grade?',
        'line 1: column "grade" is missing',
    ]


# numbers --------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_a_number_as_vietnam_prints_it_is_refused_and_written_out(tmp_path_factory, whole, hundredths):
    printed = f"{whole:,}".replace(",", ".") + f",{hundredths:02d}"
    _, said = read_cell(tmp_path_factory.mktemp("vi"), "visits", printed)
    assert said == (
        f'"{printed}" is not a number; write {whole}.{hundredths:02d} (decimal point, no thousands mark)'
    )


@given(st.integers(1000, 10**9), st.sampled_from(".,"))
def test_a_thousands_mark_is_refused_and_the_whole_number_is_offered(tmp_path_factory, whole, mark):
    printed = f"{whole:,}".replace(",", mark)
    _, said = read_cell(tmp_path_factory.mktemp("mark"), "visits", printed)
    assert said.startswith(f'"{printed}" may have a thousands mark; write {whole}')
    assert ("when the decimal is meant" in said) == (whole < 10**6)


@settings(max_examples=min(30, settings.default.max_examples))
@given(st.floats(-1e9, 1e9) | st.integers(-9999, 9999))
def test_whatever_a_refusal_tells_to_write_is_accepted(tmp_path_factory, number):
    for printed in (f"{number:,.3f}", f"{number:,.2f}".translate(str.maketrans(",.", ".,")), f"{number:.3f}"):
        tmp_path = tmp_path_factory.mktemp("told")
        _, said = read_cell(tmp_path, "visits", printed)
        if "write " in said:
            told = said.split("write ")[1].split(" (")[0].removesuffix(" when the decimal is meant")
            assert all(read_cell(tmp_path, "visits", reading)[1] == "" for reading in told.split(", or "))
        else:
            assert said == "" or "is not a number" in said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("12.085", '"12.085" may have a thousands mark; write 12085, or 12.0850 when the decimal is meant'),
        ("1.234.567", '"1.234.567" may have a thousands mark; write 1234567'),
        ("13,9", '"13,9" is not a number; write 13.9 (decimal point, no thousands mark)'),
        ("12.085,5", '"12.085,5" is not a number; write 12085.5 (decimal point, no thousands mark)'),
        ("12,085.5", '"12,085.5" is not a number; write 12085.5 (decimal point, no thousands mark)'),
        ("12 085", '"12 085" is not a number; write 12085 (decimal point, no thousands mark)'),
        ("3,5 triệu", '"3,5 triệu" is not a number'),
        ("１２", '"１２" is not a number'),
        ("nan", '"nan" is not a number'),
        ("1e999", '"1e999" is not a number'),
        ("", "a number is missing"),
    ],
)
def test_what_is_no_number_is_refused(tmp_path, cell, said):
    assert read_cell(tmp_path, "visits", cell)[1] == said


@pytest.mark.parametrize(
    ("cell", "value"), [("12085", 12085), ("12.0850", 12.085), ("0.085", 0.085), ("-2.5", -2.5), (" 7 ", 7)]
)
def test_a_plain_number_is_read(tmp_path, cell, value):
    assert read_cell(tmp_path, "visits", cell) == (value, "")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2022.5", '"2022.5" is not a whole number'),
        ("1e30", '"1e30" is not a whole number'),
        ("2.022", '"2.022" may have a thousands mark; write 2022, or 2.0220 when the decimal is meant'),
        ("", "a number is missing"),
    ],
)
def test_a_year_is_a_whole_number(tmp_path, cell, said):
    assert read_cell(tmp_path, "year", cell)[1] == said


# files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 0, "the file is empty"),
        (b"\xef\xbb\xbf", 0, "the file is empty"),
        (b" \n\n", 0, "the file is empty"),
        (HEADER.encode(), 0, "the file holds no row under its header"),
        (
            SOUND.encode() + b"L\xe0o Cai,A,1,1,2022\n",
            4,
            'byte 0xe0 is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")',
        ),
        (SOUND.encode() + b'"Lao Cai,A,1,1,2022\n\n', 4, "the row that starts here is no CSV row"),
        (
            SOUND.encode() + b"Lao Cai,A,13,9,1,2022\n",
            4,
            "6 cells under 5 columns; quote cells that hold a comma",
        ),
        (SOUND.replace("place", "plaec").encode(), 1, 'column "plaec" is unknown; did you mean place?'),
        (SOUND.replace("share", "place").encode(), 1, 'column "place" stands twice'),
    ],
)
def test_a_broken_file_is_one_problem_with_its_line(tmp_path, content, line, said):
    _, problems = read(tmp_path, content)
    assert (problems[0].line, problems[0].message[: len(said)]) == (line, said)
    assert all(problem.line == line and "is missing" in problem.message for problem in problems[1:])


def test_a_missing_file_is_a_problem_not_a_crash(tmp_path):
    problems: list[Problem] = []
    assert read_text(tmp_path / "data" / "none.csv", problems) is None
    assert [str(problem) for problem in problems] == ["cannot be read: No such file or directory"]
    assert problems[0].file == "data/none.csv"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/data/project/params/baseline.yml", "params/baseline.yml"),
        ("/home/params/project/data/evidence/tourism.csv", "data/evidence/tourism.csv"),
        ("data/areas.csv", "data/areas.csv"),
        ("/tmp/results.csv", "results.csv"),
        (".", "."),
    ],
)
def test_a_file_is_called_as_the_reader_knows_it(path, name):
    assert label(Path(path)) == name


def test_the_project_is_found_from_any_folder_inside_it(project, tmp_path_factory, monkeypatch, root):
    assert project_root(project.data / "evidence") == project.root.resolve()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with pytest.raises(SapaError, match="lies in no project"):
        project_root(elsewhere)
    monkeypatch.chdir(elsewhere)
    assert project_root() == root


# writing --------------------------------------------------------------------------------------------------


def list_files(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_all_files_are_written_with_unix_line_ends_and_nothing_beside_them(tmp_path):
    one, two = tmp_path / "new" / "deep" / "one.txt", tmp_path / "two.bin"
    assert write_whole({one: "a\r\nb\n", two: b"\r\n"}) == [one, two]
    assert one.read_bytes() == b"a\nb\n"
    assert two.read_bytes() == b"\r\n"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["deep", "new", "one.txt", "two.bin"]


def fail_on_call(number: int, code: int, function):
    calls = []

    def failing(*args, **options):
        calls.append(args)
        if len(calls) == number:
            raise OSError(code, os.strerror(code))
        return function(*args, **options)

    return failing


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(
    ("owner", "name"), [(Path, "write_bytes"), (os, "replace"), (os, "chmod"), (Path, "mkdir")]
)
def test_an_error_at_any_step_leaves_everything_as_it_was(tmp_path, monkeypatch, owner, name, number, code):
    old = tmp_path / "b" / "old.txt"
    old.parent.mkdir()
    old.write_text("old")
    before = list_files(tmp_path)
    wanted = {tmp_path / "a" / "x" / "y" / "new.txt": "new", old: "newer", tmp_path / "c.txt": "new"}
    monkeypatch.setattr(owner, name, fail_on_call(number, code, getattr(owner, name)))
    with pytest.raises(OutputError, match=os.strerror(code)):
        write_whole(wanted)
    assert list_files(tmp_path) == before


def test_a_path_below_a_file_or_onto_a_folder_leaves_everything_as_it_was(tmp_path):
    (tmp_path / "file").write_text("a file")
    (tmp_path / "folder").mkdir()
    before = list_files(tmp_path)
    for impossible in ("file/x.txt", "file/deep/x.txt", "folder"):
        for contents in (
            [tmp_path / "new.txt", tmp_path / impossible],
            [tmp_path / impossible, tmp_path / "n.txt"],
        ):
            with pytest.raises(OutputError, match=f"{impossible} cannot be written: "):
                write_whole(dict.fromkeys(contents, "new"))
            assert list_files(tmp_path) == before


def test_a_shipped_table_belongs_to_the_caller():
    mine = shipped_table("forecasting", "error_record.csv")
    kept = mine.copy(deep=True)
    mine[["held_80", "held_95"]] = 0.0
    pd.testing.assert_frame_equal(shipped_table("forecasting", "error_record.csv"), kept)
