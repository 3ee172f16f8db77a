"""A store gives back what this user has written, and nothing else."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import (
    Keyed,
    NoEvidenceError,
    OutputError,
    ParamsError,
    Problem,
    Store,
    file_digests,
    kept,
    open_store,
    source_digest,
    store,
)

VALUES = st.recursive(
    st.one_of(st.none(), st.text(max_size=5), st.floats(allow_nan=False), st.integers()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
SECRET = b"mine"


class Trap:
    """What runs code when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("sprung",)


def entry_of(kept_in: Store) -> Path:
    (entry,) = kept_in.folder.iterdir()
    return entry


@given(st.text(max_size=20), VALUES)
def test_what_is_written_is_read(key, value):
    with TemporaryDirectory() as folder:
        Store(Path(folder) / "new", SECRET).write(key, value)
        assert Store(Path(folder) / "new", SECRET).read(key) == value


@given(st.data())
def test_an_entry_with_one_bit_changed_or_cut_off_anywhere_is_absent(data):
    with TemporaryDirectory() as folder:
        mine = Store(Path(folder), SECRET)
        mine.write("visits", {"2019": 3.2e6})
        content = bytearray(entry_of(mine).read_bytes())
        if data.draw(st.booleans()):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place] ^= 1 << data.draw(st.integers(0, 7))
        else:
            content = content[: data.draw(st.integers(0, len(content) - 1))]
        entry_of(mine).write_bytes(content)
        with pytest.raises(KeyError):
            mine.read("visits")
        mine.write("visits", 1.0)
        assert mine.read("visits") == 1.0


def test_what_another_user_has_written_is_never_unpickled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    theirs = Store(tmp_path / "cache", b"theirs")
    theirs.write("visits", Trap())
    mine = Store(tmp_path / "cache", SECRET)
    with pytest.raises(KeyError):
        mine.read("visits")
    body = pickle.dumps(Trap())
    for content in (body, b"sapa-store 1\n" + bytes(32) + body):
        entry_of(theirs).write_bytes(content)
        with pytest.raises(KeyError):
            mine.read("visits")
    assert not (tmp_path / "sprung").exists()


def test_an_entry_under_another_name_is_absent(tmp_path):
    mine = Store(tmp_path, SECRET)
    mine.write("visits", 1.0)
    mine.write("revenue", 2.0)
    one, other = sorted(tmp_path.iterdir())
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    for key in ("visits", "revenue"):
        with pytest.raises(KeyError):
            mine.read(key)


def test_another_version_of_the_package_or_another_processor_has_entries_of_its_own(tmp_path, monkeypatch):
    mine = Store(tmp_path, SECRET)
    mine.write("visits", 1.0)
    for name in ("source_digest", "machine_digest"):
        with monkeypatch.context() as patch:
            patch.setattr(store, name, lambda: "another")
            with pytest.raises(KeyError):
                mine.read("visits")
    assert mine.read("visits") == 1.0


def test_the_entries_not_used_for_the_longest_time_go_first(tmp_path):
    mine = Store(tmp_path, SECRET, most_bytes=5000)
    for number in range(4):
        mine.write(str(number), bytes(1000))
        os.utime(max(tmp_path.iterdir(), key=os.path.getmtime), (number, number))
    assert mine.read("0") == bytes(1000)  # used just now
    for number in range(4, 6):
        mine.write(str(number), bytes(1000))
    held = []
    for number in range(6):
        try:
            held.append(len(mine.read(str(number))) and number)
        except KeyError:
            continue
    assert held == [0, 3, 4, 5]
    assert sum(entry.stat().st_size for entry in tmp_path.iterdir()) <= 5000


def test_what_is_larger_than_the_store_is_not_kept(tmp_path):
    mine = Store(tmp_path / "cache", SECRET, most_bytes=5000)
    mine.write("large", bytes(9000))
    assert not (tmp_path / "cache").exists()


def test_a_store_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path, monkeypatch):
    (tmp_path / "build").write_text("a file where the folder should be")
    mine = Store(tmp_path / "build/cache", SECRET)
    mine.write("visits", 1.0)
    with pytest.raises(KeyError):
        mine.read("visits")

    def full(*_):
        raise OSError(28, "No space left on device")

    full_one = Store(tmp_path / "full", SECRET)
    monkeypatch.setattr(os, "replace", full)
    full_one.write("visits", 1.0)
    assert list((tmp_path / "full").iterdir()) == []


def test_two_processes_that_begin_at_once_have_one_secret_that_only_the_user_can_read(tmp_path):
    told = "from sapa_analysis.core.store import _secret; print(_secret().hex())"
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    runs = [
        subprocess.Popen([sys.executable, "-c", told], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert len({run.communicate()[0] for run in runs}) == 1
    (secret,) = (tmp_path / "sapa-analysis").iterdir()
    assert os.name == "nt" or secret.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("where", ["/proc", "a file"])
def test_without_a_folder_of_the_user_there_is_no_store(tmp_path, monkeypatch, where):
    place = Path(where) if where.startswith("/") else tmp_path / where
    if not place.exists():
        place.touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(place))
    monkeypatch.delenv("SAPA_STORE")
    store._secret.cache_clear()
    try:
        assert open_store(tmp_path) is None
    finally:
        store._secret.cache_clear()


def test_a_store_lies_in_the_project_or_where_it_is_asked_to(tmp_path, monkeypatch):
    monkeypatch.delenv("SAPA_STORE")
    assert open_store(tmp_path).folder == tmp_path / "build/cache"
    monkeypatch.setenv("SAPA_STORE", str(tmp_path / "elsewhere"))
    assert open_store(tmp_path / "project").folder == tmp_path / "elsewhere"


def test_a_store_can_be_switched_off_and_travels_without_its_secret(tmp_path, monkeypatch):
    monkeypatch.delenv("SAPA_STORE")
    mine = Store(tmp_path / "build/cache", b"a secret of this user")
    packed = pickle.dumps(mine)
    assert b"a secret" not in packed
    assert pickle.loads(packed).folder == mine.folder
    monkeypatch.setenv("SAPA_STORE", "off")
    assert open_store(tmp_path) is None


# kept functions -------------------------------------------------------------------------------------------


@pytest.fixture
def counted(tmp_path):
    """Return a kept function, what it was asked, and a way to ask it as another process would."""
    asked = []

    @kept(size=4)
    def found(what: Keyed) -> pd.DataFrame:
        asked.append(what.key)
        if what.key == "refused":
            raise ParamsError([Problem("parameters", 0, "horizon", "found 31")])
        if what.key == "unknown":
            raise NoEvidenceError("no figure", 3)
        return pd.DataFrame({"visits": [3.2e6]}, index=pd.Index(["2019"], name="year"))

    def ask(key: str, *, anew: bool = True):
        if anew:
            found.cache_clear()
        return found(Keyed(key, None, Store(tmp_path, SECRET)))

    return ask, asked


def test_a_kept_answer_is_found_in_memory_and_on_disk(counted):
    ask, asked = counted
    first = ask("visits")
    assert ask("visits", anew=False) is first
    pd.testing.assert_frame_equal(ask("visits"), first, check_exact=True)
    assert asked == ["visits"]


def test_two_processes_that_need_the_same_compute_it_once(tmp_path):
    told = """
import sys, time
from pathlib import Path
from sapa_analysis.core import Keyed, Store, kept

@kept(size=1)
def found(asked):
    print("computed", flush=True)
    time.sleep(1)
    return 3.2e6

print(found(Keyed("visits", None, Store(Path(sys.argv[1]), b"mine"))))
"""
    runs = [
        subprocess.Popen([sys.executable, "-c", told, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted(run.communicate()[0].split() for run in runs)
    assert said == [["3200000.0"], ["computed", "3200000.0"]]
    assert len(list(tmp_path.iterdir())) == 1


def test_where_nothing_can_be_locked_the_answer_is_the_same(counted, monkeypatch):
    ask, asked = counted

    def refuse(*_, **__):
        raise OutputError("no locks here")

    monkeypatch.setattr(store, "held", refuse)
    assert ask("visits").loc["2019", "visits"] == 3.2e6
    assert asked == ["visits"]


@pytest.mark.parametrize(("key", "kind"), [("refused", ParamsError), ("unknown", NoEvidenceError)])
def test_a_refusal_is_remembered_with_all_that_it_says(counted, key, kind):
    ask, asked = counted
    said = []
    for anew in (True, False, True):
        with pytest.raises(kind) as caught:
            ask(key, anew=anew)
        said.append(caught.value)
    assert asked == [key]
    assert len({(str(error), error.problems, getattr(error, "n_known", None)) for error in said}) == 1
    assert said[0] is not said[1]


@given(st.lists(st.tuples(st.text(max_size=5), st.integers(0, 9)), max_size=3), st.text(max_size=5))
def test_errors_survive_being_copied(problems, word):
    told = ParamsError([Problem("parameters", line, name, word) for name, line in problems])
    for error in (told, NoEvidenceError(word, 2)):
        for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
            assert (type(other), str(other), other.__dict__) == (type(error), str(error), error.__dict__)


# digests --------------------------------------------------------------------------------------------------


def test_the_digests_follow_every_file_that_notebooks_read_and_no_other(tmp_path):
    for name in ("data/evidence/a.csv", "params/baseline.yml", "params/batches/core.yml", "register/sa_pa/1.csv",
                 "params/schema.json", "data/.hidden", "docs/walk.md"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("3,2")
    before = file_digests(tmp_path)
    assert list(before) == ["data/evidence/a.csv", "params/baseline.yml", "register/sa_pa/1.csv"]
    (tmp_path / "data/evidence/a.csv").write_text("3,3")
    after = file_digests(tmp_path)
    assert [name for name in after if after[name] != before[name]] == ["data/evidence/a.csv"]


def test_the_digest_of_the_package_is_the_same_in_every_process():
    told = "from sapa_analysis.core import source_digest; print(source_digest())"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == source_digest()


def test_tables_come_back_to_the_bit(tmp_path):
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"unit": pd.array(["visits", None], dtype="str"), "value": rng.normal(size=2)})
    table.attrs["refused"] = [("sa_pa", 2012)]
    mine = Store(tmp_path, SECRET)
    mine.write("table", table)
    found = mine.read("table")
    pd.testing.assert_frame_equal(found, table, check_exact=True)
    assert found.attrs == table.attrs
