"""The journal: what was appended stands there, whatever is cut off, full or altered after it."""

from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import held
from sapa_analysis.core.errors import OutputError
from sapa_analysis.runs.journal import append, entries_of, tidy, write_tables

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
ROWS = st.dictionaries(
    st.text(max_size=5), LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.text(max_size=3), LEAVES, max_size=2),
    max_size=4,
).map(lambda row: {**row, "run": "x"})  # fmt: skip
NAME = "answers-vi-0123456789ab"


def unsealed(entries):
    return [{name: value for name, value in entry.items() if name != "row"} for entry in entries]


@given(st.lists(ROWS, max_size=4))
def test_rows_come_back_as_they_were_appended(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("journal")
    rows = [{name: value for name, value in row.items() if name != "row"} for row in rows]
    for row in rows:
        append(folder, row)
    assert unsealed(entries_of(folder).entries) == rows


def test_a_journal_cut_anywhere_keeps_its_whole_lines_and_takes_more(tmp_path):
    for name in ("a", "b"):
        append(tmp_path, {"run": name})
    path = tmp_path / "runs.jsonl"
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        kept = ["a"] * (size >= first) + ["b"] * (size == len(whole))
        found = entries_of(tmp_path)
        assert [entry["run"] for entry in found.entries] == kept
        assert bool(found.torn) == (size not in (0, first, len(whole)))
        append(tmp_path, {"run": "c"})
        assert [entry["run"] for entry in entries_of(tmp_path).entries] == [*kept, "c"]
        assert not entries_of(tmp_path).torn


def test_the_files_behind_a_digest_stand_once(tmp_path):
    for run, digest in (("a", "1"), ("b", "1"), ("c", "2"), ("d", "1")):
        append(tmp_path, {"run": run, "inputs": digest, "key": "k"}, {digest: {"data/areas.csv": digest}})
    entries = unsealed(entries_of(tmp_path).entries)
    assert [entry.get("run", entry["inputs"]) for entry in entries] == ["1", "a", "b", "2", "c", "d"]


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("before", [0, 1])
def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path, monkeypatch, call, before):
    for _ in range(before):
        append(tmp_path, {"run": "a"})
    content = (tmp_path / "runs.jsonl").read_bytes() if before else b""
    real = os.write

    def write(handle, text):
        if len(text) > 10:
            return real(handle, text[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fsync(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, {"write": write, "fsync": fsync}[call])
        with pytest.raises(OutputError, match=r"runs\.jsonl cannot be written: No space left on device"):
            append(tmp_path, {"run": "b" * 100})
    assert (tmp_path / "runs.jsonl").read_bytes() == content
    append(tmp_path, {"run": "c"})
    assert len(entries_of(tmp_path).entries) == before + 1


def test_many_at_once_append_whole_lines(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        [*pool.map(lambda number: append(tmp_path, {"run": str(number)}), range(40))]
    found = entries_of(tmp_path)
    assert sorted(int(entry["run"]) for entry in found.entries) == [*range(40)]
    assert (found.altered, found.torn) == ([], 0)
    assert os.listdir(tmp_path) == ["runs.jsonl"]


def test_tables_are_renewed_and_failures_that_are_none_go(tmp_path):
    row = {"run": NAME, "notebook": "answers", "status": "failed", "error": "no good"}
    append(tmp_path, {"plan": [NAME]})
    append(tmp_path, row)
    write_tables(tmp_path)
    assert (tmp_path / "failures.csv").exists()
    append(tmp_path, row | {"status": "ok", "error": "", "copy": ""})
    write_tables(tmp_path)
    assert not (tmp_path / "failures.csv").exists()
    assert (tmp_path / "runs.csv").read_text().splitlines()[1].startswith("1,answers,{},ok,")


def test_what_the_dead_left_goes_and_what_the_living_make_stays(tmp_path):
    alive = "answers-vi-ba9876543210"
    dead = [
        f".{NAME}.x1y2.ipynb",
        f"..{NAME}.x1y2.ipynb.tmp",
        f".{NAME}.ipynb.abc",
        f".{NAME}.lock",
        ".runs.csv.x1",
    ]
    kept = [f".{alive}.x1y2.ipynb", ".lock", ".runs", "notes.csv", f"{NAME}.ipynb"]
    for name in [*dead, *kept]:
        (tmp_path / name).touch()
    with held(tmp_path / f".{alive}.lock", leave=False):
        tidy(tmp_path)
        assert sorted(os.listdir(tmp_path)) == sorted([*kept, f".{alive}.lock"])
    tidy(tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted(kept[1:])


def test_a_lock_whose_file_goes_is_held_by_one_at_a_time(tmp_path):
    inside, most, path = [], [], tmp_path / ".lock"

    def take(number):
        for _ in range(10):
            with held(path, leave=False):
                inside.append(number)
                most.append(len(inside))
                threading.Event().wait(0.0005)
                inside.remove(number)

    with ThreadPoolExecutor(4) as pool:
        [*pool.map(take, range(4))]
    assert (len(most), max(most), os.listdir(tmp_path)) == (40, 1, [])


def test_a_journal_that_is_a_folder_is_one_clear_error(tmp_path):
    (tmp_path / "runs.jsonl").mkdir()
    with pytest.raises(OutputError, match=r"runs\.jsonl cannot be (read|written)"):
        entries_of(tmp_path)
    with pytest.raises(OutputError, match=r"runs\.jsonl cannot be (read|written)"):
        append(tmp_path, {"run": "a"})


def test_a_folder_that_is_none_has_no_entries():
    assert entries_of(Path("/nowhere/at/all")).entries == []
