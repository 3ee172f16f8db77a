"""What was run can be proved: a bit that differs anywhere names its file, and nothing else is called damage."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from batches import failed, renew, row, sha256, write_batch
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.cli import main
from sapa_analysis.core import SapaError, package_digests
from sapa_analysis.runs.journal_line import JOURNAL, current_rows, is_sealed, read_journal, seal
from sapa_analysis.runs.verify import verify_runs

ROWS = [row("02_trajectory-a"), failed("02_trajectory-b"), row("04_targets-c", notebook="04_targets"),
        row("07_briefing-d", files={"../briefing-vi.html": "", "../results.csv": ""})]  # fmt: skip
INPUTS = {"inputs": "d" * 64, "files": {"data/areas.csv": "1" * 64}}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def briefing(folder: Path) -> Path:
    """Write a briefing with four runs: two good ones, a failed one, and the one that wrote two files."""
    write_batch(folder / "notebooks", ROWS, more=[INPUTS])
    return folder


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return briefing(tmp_path_factory.mktemp("sound") / "briefing")


def told(folder):
    return {(problem.file, str(problem)) for problem in verify_runs(folder).problems}


# lines ----------------------------------------------------------------------------------------------------


@given(st.dictionaries(st.text(max_size=8), json_values, max_size=4))
def test_a_sealed_line_is_sound_and_one_line(entry):
    line = seal(entry)
    assert is_sealed(line)
    assert "\n" not in line
    assert read_journal(f"{line}\n".encode()).altered == []


@given(st.data())
def test_no_bit_of_a_journal_can_change_unseen(data):
    content = "".join(f"{seal(each)}\n" for each in (INPUTS, *ROWS)).encode()
    place = data.draw(st.integers(0, 8 * len(content) - 1))
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    assert read_journal(bytes(changed)).altered


@given(st.integers(1, 10_000))
def test_a_cut_tears_the_last_line_at_most_and_alters_none(kept):
    content = "".join(f"{seal(each)}\n" for each in ROWS).encode()
    journal = read_journal(content[: min(kept, len(content))])
    assert journal.altered == []
    assert content[: journal.size].count(b"\n") == len(journal.entries)
    assert journal.torn in (0, len(journal.entries) + 1)
    assert journal.size <= kept


def test_the_newest_row_of_each_run_of_the_last_plan_counts_in_its_order():
    entries = [{"plan": ["a", "b"]}, row("a", seconds=1), row("b"), {"plan": ["c", "a"]}, row("a", seconds=2)]
    assert [(each["run"], each["seconds"]) for each in current_rows(entries)] == [("a", 2)]


# files ----------------------------------------------------------------------------------------------------


def test_a_sound_briefing_has_no_problem(sound):
    found = verify_runs(sound)
    assert found.problems == []
    assert (found.runs, found.files) == (4, 12)


@given(st.data())
def test_one_bit_flipped_anywhere_names_the_file(data):
    with TemporaryDirectory() as place:
        folder = briefing(Path(place, "briefing"))
        path = data.draw(st.sampled_from(sorted(path for path in folder.rglob("*") if path.is_file())))
        content = bytearray(path.read_bytes())
        bit = data.draw(st.integers(0, 8 * len(content) - 1))
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        named = {problem.file for problem in verify_runs(folder).problems}
    assert path.relative_to(folder).as_posix() in named
    assert len(named) == 1


@given(st.data())
def test_a_file_that_is_gone_is_named(data):
    with TemporaryDirectory() as place:
        folder = briefing(Path(place, "briefing"))
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != JOURNAL)
        path = data.draw(st.sampled_from(files))
        path.unlink()
        assert told(folder) == {(path.relative_to(folder).as_posix(), "is missing")}


@pytest.mark.parametrize("name", ["notebooks/04_targets-x.ipynb", "mine.txt", "notebooks/below/more.csv"])
def test_what_lies_there_in_no_row_is_named_and_hidden_files_are_not(sound, tmp_path, name):
    folder = Path(shutil.copytree(sound, tmp_path / "briefing"))
    for each in (name, "notebooks/.lock", ".hidden/file"):
        (folder / each).parent.mkdir(exist_ok=True)
        (folder / each).write_text("x")
    assert told(folder) == {(name, "lies here and is in no row of the journal")}


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_checked(sound, tmp_path, monkeypatch):
    folder, honest = Path(shutil.copytree(sound, tmp_path / "briefing")), Path.read_bytes

    def read(path):
        if path.name in ("02_trajectory-a.ipynb", "index.html"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return honest(path)

    (folder / "briefing-vi.html").write_text("changed")
    monkeypatch.setattr(Path, "read_bytes", read)
    assert told(folder) == {
        ("notebooks/02_trajectory-a.ipynb", "cannot be read: Input/output error"),
        ("notebooks/index.html", "cannot be read: Input/output error"),
        ("briefing-vi.html", "is not as it was written"),
    }


@pytest.mark.parametrize("kind", range(len(ROWS)))
def test_a_row_that_is_taken_out_is_noticed_by_what_it_wrote(sound, tmp_path, kind):
    folder = Path(shutil.copytree(sound, tmp_path / "briefing"))
    journal = folder / "notebooks" / JOURNAL
    lines = journal.read_bytes().splitlines(keepends=True)
    plan = seal({"plan": [each["run"] for each in ROWS if each is not ROWS[kind]]}).encode() + b"\n"
    journal.write_bytes(b"".join([lines[0], plan, *lines[2 : kind + 2], *lines[kind + 3 :]]))
    own = {ROWS[kind]["copy"] or ROWS[kind]["partial"], *ROWS[kind]["files"]}
    named = {file for file, _ in told(folder)}
    assert {os.path.normpath(f"notebooks/{name}") for name in own} <= named
    assert "notebooks/runs.csv" in named


def test_tables_of_other_runs_are_told_even_where_their_hashes_would_fit(sound, tmp_path):
    folder = Path(shutil.copytree(sound, tmp_path / "briefing"))
    other = write_batch(tmp_path / "other", ROWS[:1])
    for name in ("runs.csv", "results.csv", "index.html"):
        shutil.copy(other / name, folder / "notebooks" / name)
    assert {file for file, _ in told(folder)} == {
        f"notebooks/{name}" for name in ("runs.csv", "results.csv", "index.html")
    }


def test_failures_without_a_failed_run_are_in_no_row(tmp_path):
    write_batch(tmp_path, ROWS[:1])
    (tmp_path / "failures.csv").write_text("run\n")
    assert told(tmp_path) == {("failures.csv", "lies here and is in no row of the journal")}


def test_a_line_that_was_cut_off_is_told_and_is_no_damage(tmp_path):
    write_batch(tmp_path, ROWS[:2])
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(seal(ROWS[2]).encode()[:100])
    found = verify_runs(tmp_path)
    assert found.problems == []
    assert [(notice.file, notice.line) for notice in found.notices] == [(JOURNAL, 4)]
    assert "was cut off" in str(found.notices[0])


def test_what_a_killed_batch_leaves_is_no_damage(tmp_path):
    """The process died when the copy of the second run stood there, and neither its row nor the page."""
    write_batch(tmp_path, ROWS[:1])
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(
            f"{seal({'plan': [each['run'] for each in ROWS[:3]]})}\n{seal({**ROWS[0], 'copy_sha256': sha256(tmp_path / ROWS[0]['copy'])})}\n".encode()
        )
    (tmp_path / ROWS[2]["copy"]).write_text("{}")
    (tmp_path / "index.html").write_text("older")
    found = verify_runs(tmp_path)
    assert found.problems == []
    assert {notice.file for notice in found.notices} == {"index.html", ROWS[2]["copy"]}
    (tmp_path / "04_targets-other.ipynb").write_text("{}")
    assert {file for file, _ in told(tmp_path)} == {"04_targets-other.ipynb"}


def test_a_partial_copy_without_a_hash_is_told_to_be_unchecked(tmp_path):
    write_batch(tmp_path, ROWS[1:2])
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(f"{seal({**ROWS[1], 'copy_sha256': ''})}\n".encode())
    found = verify_runs(tmp_path)
    assert (found.problems, [notice.file for notice in found.notices]) == ([], [ROWS[1]["partial"]])


def test_a_run_done_again_is_held_against_its_newest_row(tmp_path):
    write_batch(tmp_path, ROWS[:1])
    copy = tmp_path / ROWS[0]["copy"]
    copy.write_text("done again")
    assert told(tmp_path) == {(copy.name, "is not as it was written")}
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(f"{seal({**ROWS[0], 'copy_sha256': sha256(copy)})}\n".encode())
    renew(tmp_path)
    assert told(tmp_path) == set()


def test_a_copy_of_an_earlier_batch_may_go_but_not_change(tmp_path):
    write_batch(tmp_path, ROWS[:1])
    before = (tmp_path / JOURNAL).read_bytes()
    write_batch(tmp_path, ROWS[2:3])
    (tmp_path / JOURNAL).write_bytes(before + (tmp_path / JOURNAL).read_bytes())
    assert told(tmp_path) == set()
    (tmp_path / ROWS[0]["copy"]).write_text("changed")
    assert told(tmp_path) == {(ROWS[0]["copy"], "is not as it was written")}
    (tmp_path / ROWS[0]["copy"]).unlink()
    found = verify_runs(tmp_path)
    assert (found.problems, [notice.file for notice in found.notices]) == ([], [ROWS[0]["copy"]])


def test_a_folder_moved_elsewhere_stays_sound(sound, tmp_path):
    assert told(shutil.copytree(sound, tmp_path / "nơi khác")) == set()


# inputs ---------------------------------------------------------------------------------------------------


def test_inputs_that_have_changed_since_are_told_apart(project, tmp_path):
    areas, targets = (project.root / "data" / name for name in ("areas.csv", "targets.csv"))
    files = {"data/areas.csv": sha256(areas), "data/targets.csv": sha256(targets), "data/gone.csv": "1" * 64}
    code = {**package_digests(), "sapa_analysis/core/files.py": "1" * 64}
    more = [{"inputs": "d" * 64, "files": files}, {"inputs": "a" * 64, "files": code}]
    rows = [row("02_trajectory-a", inputs="d" * 64, files={"out.txt": ""})]
    folder = write_batch(tmp_path / "batch", rows, more=[*more, {"inputs": "9" * 64, "files": {"x": "1"}}])
    with targets.open("a") as file:
        file.write("\n")
    found = verify_runs(folder, root=project.root)
    said = {notice.file: str(notice) for notice in found.notices}
    assert found.problems == []
    assert said["data/targets.csv"] == "has changed since the runs"
    assert said["data/gone.csv"] == "is gone since the runs"
    assert said["data/documents.csv"] == "is new since the runs"
    assert said["sapa_analysis/core/files.py"] == "has changed since the runs"
    assert said["notebooks/02_trajectory.ipynb"] == "is gone since the runs"
    assert "data/areas.csv" not in said
    assert not [name for name in said if name.startswith(("params/", "x", "out.txt"))]


def test_libraries_that_have_changed_since_are_told_where_the_package_is_the_same(project, tmp_path):
    more = [{"inputs": "a" * 64, "files": package_digests()}]
    folder = write_batch(tmp_path / "batch", ROWS[:1], more=more)
    said = {notice.file: str(notice) for notice in verify_runs(folder, root=project.root).notices}
    assert said["sapa_analysis"].startswith("runs with other libraries")


# the command ----------------------------------------------------------------------------------------------


def sapa(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_command_ends_well_only_where_every_folder_is_sound(sound, tmp_path):
    other = write_batch(tmp_path / "other", ROWS[:1])
    done = sapa("verify", sound, other)
    assert done.exit_code == 0, done.output
    assert f"{other}: sound: runs: 1, files: 6" in done.output
    (other / "runs.csv").write_text("run\n")
    done = sapa("--lang", "vi", "verify", other, sound)
    assert done.exit_code == 1
    assert "runs.csv có 1 lỗi" in done.output
    assert f"{sound}: đạt yêu cầu" in done.output


def test_a_folder_without_a_journal_is_one_clear_message(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(SapaError, match=f"{folder.name} holds no journal: runs.jsonl lies neither in it"):
            verify_runs(folder)
        done = sapa("verify", folder)
        assert (done.exit_code, done.output.count("\n")) == (1, 1)
