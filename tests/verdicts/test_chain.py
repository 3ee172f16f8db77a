"""The chain: whatever is done to a register, folder and index, is told; what a checkout does to it is not."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import LATER, files_of, issue

from sapa_analysis.core.errors import RegisterError
from sapa_analysis.pipeline import check_project
from sapa_analysis.verdicts.chain import COLUMNS, HEAD, INDEX, index_text, link
from sapa_analysis.verdicts.entry import digest
from sapa_analysis.verdicts.register import complete_register, read_index, read_register

FIRST, SECOND, THIRD = "sa_pa/2023-06-30.csv", "sa_pa/2023-12-31.csv", "lao_cai/2023-06-30.csv"
STRAY = "sa_pa/2099-01-01.csv"


def told(folder: Path) -> list[tuple[str, int, str, str]]:
    """Return every problem of a register; issuing and completing are refused for the same ones."""
    problems = []
    read_index(folder, problems)
    found = sorted((problem.file, problem.line, problem.column, problem.message) for problem in problems)
    if found:
        before = files_of(folder)
        with pytest.raises(RegisterError) as caught:
            issue(folder, paths=(8.0, 8.5), issued=LATER)
        assert sorted(caught.value.problems) == sorted(problems)
        assert files_of(folder) == before
    return found


def alter(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def rows_of(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / INDEX).read_text(encoding="utf-8"))))


def lines(folder: Path, *numbers: int) -> None:
    """Leave these lines of the index only, in this order."""
    all_lines = (folder / INDEX).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / INDEX).write_text("".join(all_lines[number - 1] for number in numbers), encoding="utf-8")


def forge(folder: Path, place: int, **cells: str) -> None:
    """Change a row and every hash after it, as somebody would who knows how they are made."""
    rows, before = rows_of(folder), ""
    rows[place] |= cells
    for row in rows:
        row["chain"] = before = link(row, before)
    (folder / INDEX).write_text(index_text(rows), encoding="utf-8")
    (folder / HEAD).write_text(index_text(rows[-1:]), encoding="utf-8")


def forge_entry(folder: Path, old: str, new: str) -> None:
    alter(folder, FIRST, old, new)
    forge(folder, 0, sha256=digest((folder / FIRST).read_text(encoding="utf-8")))


def move(folder: Path, old: str, new: str) -> None:
    (folder / new).parent.mkdir(exist_ok=True)
    (folder / old).rename(folder / new)


CASES = {
    "verdict altered": (lambda f: alter(f, FIRST, "0.7500", "0.9500"), [(INDEX, 2, "sha256", f"{FIRST} was altered")]),
    "file emptied": (lambda f: (f / FIRST).write_text(""), [(INDEX, 2, "file", f"{FIRST} the file is empty")]),
    "file lost": (lambda f: (f / FIRST).unlink(), [(INDEX, 2, "file", f"{FIRST} cannot be read")]),
    "file moved": (lambda f: move(f, FIRST, "ward/2023-06-30.csv"),
                   [(INDEX, 2, "file", f"{FIRST} cannot be read"), ("ward/2023-06-30.csv", 0, "", "no line of")]),
    "files swapped": (lambda f: (move(f, FIRST, "x.csv"), move(f, SECOND, FIRST), move(f, "x.csv", SECOND)),
                      [(INDEX, 2, "sha256", f"{FIRST} was altered"), (INDEX, 3, "sha256", f"{SECOND} was altered")]),
    "stray file": (lambda f: (f / STRAY).write_text("x"), [(STRAY, 0, "", "no line of register/index.csv names")]),
    "stray files": (lambda f: [move(f, FIRST, STRAY), shutil.copy(f / STRAY, f / FIRST), (f / "notes.txt").touch()],
                    [("notes.txt", 0, "", "no line of"), (STRAY, 0, "", "no line of")]),
    "day of issue altered": (lambda f: alter(f, INDEX, "2023-07-01", "2023-06-30"), [(INDEX, 2, "chain", "one of them was altered")]),
    "day of the last altered": (lambda f: alter(f, INDEX, "2023-06-30,2024-01-05", "2023-06-30,2024-01-06"),
                                [(INDEX, 4, "chain", "one of them was altered")]),
    "entry renumbered": (lambda f: alter(f, INDEX, "\n1,", "\n3,"), [(INDEX, 2, "entry", "was dropped or moved")]),
    "index deleted": (lambda f: (f / INDEX).unlink(), [(INDEX, 0, "", "is missing, while 3 files of entries stand")]),
    "index and head deleted": (lambda f: [(f / INDEX).unlink(), (f / HEAD).unlink()], [(INDEX, 0, "", "is missing, while 3 files")]),
    "only the head left": (lambda f: [(f / INDEX).unlink(), [(f / name).unlink() for name in (FIRST, SECOND, THIRD)]],
                           [(INDEX, 0, "", "is missing, while 0 files")]),
    "index emptied": (lambda f: (f / INDEX).write_text(""), [(INDEX, 0, "", "the file is empty")]),
    "index cut to its header": (lambda f: lines(f, 1), [(INDEX, 0, "", "ends with entry 0, register/head.csv with 3"), *[(x, 0, "", "no line of") for x in (FIRST, SECOND)]]),
    "head deleted": (lambda f: (f / HEAD).unlink(), [(HEAD, 0, "", "is missing, so last entries could")]),
    "head cut to its header": (lambda f: (f / HEAD).write_text(",".join(COLUMNS) + "\n"), [(HEAD, 0, "", "holds 0 entries and not one")]),
    "head altered": (lambda f: alter(f, HEAD, "2024-01-05", "2024-01-06"), [(HEAD, 2, "", "is not entry 3 of register/index.csv")]),
    "first line dropped": (lambda f: lines(f, 1, 3, 4), [(INDEX, 2, "entry", '"2" stands where 1 was'), (FIRST, 0, "", "no line of")]),
    "middle line dropped with its file": (lambda f: [lines(f, 1, 2, 4), (f / SECOND).unlink()], [(INDEX, 3, "entry", '"3" stands where 2 was')]),
    "last line dropped with its file": (lambda f: [lines(f, 1, 2, 3), (f / THIRD).unlink()],
                                        [(INDEX, 0, "", "ends with entry 2, register/head.csv with 3: some were dropped")]),
    "last lines dropped": (lambda f: lines(f, 1, 2), [(INDEX, 0, "", "ends with entry 1, register/head.csv with 3"), (SECOND, 0, "", "no line of")]),
    "last lines dropped with their files": (lambda f: [lines(f, 1, 2), (f / SECOND).unlink(), (f / THIRD).unlink()],
                                            [(INDEX, 0, "", "ends with entry 1, register/head.csv with 3")]),
    "lines swapped": (lambda f: lines(f, 1, 3, 2, 4), [(INDEX, 2, "entry", '"2" stands where 1 was'), (INDEX, 3, "entry", '"1" stands where 2 was')]),
    "line repeated": (lambda f: lines(f, 1, 2, 3, 3, 4), [(INDEX, 4, "entry", '"2" stands on line 3 already; delete')]),
    "last line repeated": (lambda f: lines(f, 1, 2, 3, 4, 4), [(INDEX, 5, "entry", '"3" stands on line 4 already')]),
    "column missing": (lambda f: alter(f, INDEX, ",sha256,", ",sha,"), [(INDEX, 1, "", 'column "sha" is unknown; did you mean sha256?'), (INDEX, 1, "", 'column "sha256" is missing')]),
    "column twice": (lambda f: alter(f, INDEX, ",issued,", ",as_of,"), [(INDEX, 1, "", 'column "as_of" stands twice'), (INDEX, 1, "", 'column "issued" is missing')]),
    "cell too few": (lambda f: alter(f, INDEX, "\n1,sa_pa,", "\n1,"), [(INDEX, 2, "", "6 cells under 7 columns")]),
    "last cell too many": (lambda f: alter(f, INDEX, "\n3,", "\n3,x,"), [(INDEX, 4, "", "8 cells under 7 columns")]),
    "quote left open": (lambda f: alter(f, INDEX, "\n2,", '\n"2,'), [(INDEX, 3, "", "the row that starts here is no CSV row")]),
    "index a folder": (lambda f: [(f / INDEX).unlink(), (f / INDEX).mkdir()], [(INDEX, 0, "", "is missing, while 3 files")]),
    "no date": (lambda f: forge(f, 0, issued="20230701"), [(INDEX, 2, "issued", '"20230701" is not a date; write YYYY-MM-DD')]),
    "no dates": (lambda f: forge(f, 2, as_of="soon", issued="later"), [(INDEX, 4, "as_of", '"soon" is not a date'), (INDEX, 4, "issued", '"later" is not'),
                                                                        ]),
    "file above": (lambda f: [shutil.copy(f / FIRST, f.parent / "x.csv"), forge(f, 0, file="../x.csv")],
                   [(INDEX, 2, "file", 'found "../x.csv"; wanted a file of the register'), (FIRST, 0, "", "no line of")]),
    "file elsewhere": (lambda f: forge(f, 0, file=str(f / FIRST)), [(INDEX, 2, "file", "wanted a file of the register"), (FIRST, 0, "", "no line of")]),
    "area above": (lambda f: forge(f, 0, area="..", file="../2023-06-30.csv"), [(INDEX, 2, "file", "wanted a file of the register"), (FIRST, 0, "", "no line of")]),
    "two lines for a file": (lambda f: forge(f, 1, as_of="2023-06-30", file=FIRST), [(INDEX, 3, "file", f'"{FIRST}" stands on line 2 already'), (SECOND, 0, "", "no line of")]),
    "entry without a column": (lambda f: forge_entry(f, ",clause,", ",klause,"), [(FIRST, 1, "", 'column "clause" is missing'), (FIRST, 1, "", 'column "klause" is unknown')]),
    "entry that is no table": (lambda f: forge_entry(f, "\nplan.2.0", '\n"plan.2.0'), [(FIRST, 2, "", "the row that starts here is no CSV row")]),
    "entry with a word for a number": (lambda f: forge_entry(f, "0.7500", "often"), [(FIRST, 3, "probability", '"often" is not a number')]),
    "two faults": (lambda f: [alter(f, FIRST, "0.7500", "0.9500"), alter(f, INDEX, "\n2,sa_pa", "\n2,sapa"), (f / STRAY).touch()],
                   [(INDEX, 2, "sha256", "was altered"), (INDEX, 3, "file", "wanted a file"), (STRAY, 0, "", "no line of")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_done_to_a_register_is_told_once_each_with_its_place(register, case):
    damage, wanted = CASES[case]
    damage(register)
    found = told(register)
    places = [(f"register/{file}", line, column) for file, line, column, _ in wanted]
    assert [problem[:3] for problem in found] == sorted(places), found
    for file, line, column, message in wanted:
        said = [problem[3] for problem in found if problem[:3] == (f"register/{file}", line, column)]
        assert any(message in text for text in said), said


@given(st.data())
def test_dropping_any_lines_with_their_files_is_noticed(issued, tmp_path_factory, data):
    register = Path(shutil.copytree(issued, tmp_path_factory.mktemp("dropped") / "register"))
    gone = data.draw(st.sets(st.integers(0, 2), min_size=1))
    for place in gone:
        (register / rows_of(register)[place]["file"]).unlink()
    lines(register, 1, *(place + 2 for place in range(3) if place not in gone))
    if data.draw(st.booleans()) and len(gone) == 3:
        (register / INDEX).unlink()
    assert told(register)


@given(
    st.sampled_from([INDEX, HEAD, FIRST, THIRD]),
    st.floats(0, 1),
    st.integers(0, 3),
    st.sampled_from(["", "0", "9", "x", "ê", ",", '"', "\n", "\r", "\0", " ", "../", "\ufeff", "\n\n"]),
)
def test_any_other_text_is_told_or_means_the_same_and_nothing_crashes(issued, file, place, cut, new):
    """Put into the file and, in the end, back again."""
    sound, before = (issued / file).read_bytes(), (read_index(issued), read_register(issued))
    text = sound.decode()
    start = int(place * len(text))
    try:
        (issued / file).write_bytes((text[:start] + new + text[start + cut :]).encode())
        problems = []
        rows = read_index(issued, problems)
        if not problems:
            assert rows == before[0]
            pd.testing.assert_frame_equal(read_register(issued), before[1])
    finally:
        (issued / file).write_bytes(sound)


@pytest.mark.parametrize("file", [INDEX, HEAD, FIRST, THIRD])
@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n") + b"\r\n",
        lambda text: text + b"\n",
        lambda text: text.removesuffix(b"\n"),
    ],
    ids=["mark", "CRLF", "all three", "blank last line", "no last line end"],
)
def test_what_editors_and_systems_do_to_a_file_is_sound(register, file, rewrite):
    before = read_register(register)
    (register / file).write_bytes(rewrite((register / file).read_bytes()))
    assert told(register) == []
    pd.testing.assert_frame_equal(read_register(register), before)


def test_a_clone_with_line_ends_of_windows_is_sound_and_goes_on(register, tmp_path):
    def git(*words):
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        me = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *me, *words], cwd=tmp_path, check=True, capture_output=True, env=os.environ | quiet)  # fmt: skip

    git("init", "here")
    shutil.copytree(register, tmp_path / "here/register")
    git("-C", "here", "add", ".")
    git("-C", "here", "commit", "-m", "x")
    git("clone", "-c", "core.autocrlf=true", "here", "there")
    there = tmp_path / "there/register"
    assert all(b"\r\n" in content for content in files_of(there).values())
    assert told(there) == []
    pd.testing.assert_frame_equal(read_register(there), read_register(register))
    issue(there, paths=(9.0, 9.5), issued=LATER)
    issue(register, paths=(9.0, 9.5), issued=LATER)
    assert read_index(there) == read_index(register)


@pytest.mark.parametrize(
    "name", [".DS_Store", "sa_pa/.2023-06-30.csv.swp", ".ipynb_checkpoints/x.csv", "README.md"]
)
def test_files_of_systems_and_the_page_of_the_folder_are_no_entries(register, name):
    (register / name).parent.mkdir(exist_ok=True)
    (register / name).write_text("x")
    assert told(register) == []
    files = files_of(register)
    shutil.rmtree(register)
    (register / name).parent.mkdir(parents=True)
    (register / name).write_text("x")
    assert told(register) == []
    assert files


def test_a_folder_that_cannot_be_read_is_a_problem_beside_the_others(register, monkeypatch):
    alter(register, THIRD, "0.7500", "0.9500")
    real, closed = os.scandir, "sa_pa"

    def refuse(place):
        if Path(place).name == closed:
            raise PermissionError(13, os.strerror(13), str(place))
        return real(place)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [problem[:3] for problem in told(register)] == [
        ("register/index.csv", 4, "sha256"),
        ("register/sa_pa", 0, ""),
    ]
    closed = "register"
    assert told(register) == [("register", 0, "", "cannot be read: Permission denied")]


def test_an_index_that_goes_on_after_the_head_is_told_and_the_head_brought_up(register):
    """As entries that were issued before there was a head."""
    sound = files_of(register)
    (register / HEAD).write_text(index_text(rows_of(register)[:1]), encoding="utf-8")
    problems = []
    read_index(register, problems)
    assert "`sapa issue` brings it up" in problems[0].message
    assert complete_register(register) == [THIRD]
    assert files_of(register) == sound


def test_sapa_check_lists_the_problems_of_the_register_with_all_others(project, issued):
    register = Path(shutil.copytree(issued, project.root / "register"))
    alter(register, FIRST, "0.7500", "0.9500")
    (register / STRAY).touch()
    project.change("data/targets.csv", 3, sense="")
    project.replace("params/baseline.yml", "horizon:", "horizn:")
    problems = check_project(project.root).problems
    assert {"data/targets.csv", "params/baseline.yml", "register/index.csv", f"register/{STRAY}"} <= {
        problem.file for problem in problems
    }
