"""A copy of the project that a test may damage."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

#: Two workers whose linear algebra runs in two threads each would fight over two cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

#: jsonschema works without it; importing it builds a grammar of addresses, five seconds in every worker.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

#: The same examples on every machine, and no clock: a test fails for what it says only.
settings.register_profile("sapa", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("sapa")

ROOT = Path(__file__).parents[1]

#: The files that take longest, the longest first: two workers that begin with them end together.
LONGEST = (
    "runs/test_briefing_run.py", "test_notebooks.py", "reporting/test_briefing.py", "evaluation/test_track_record.py",
    "pipeline/test_as_of.py", "runs/test_batch.py", "test_cli.py", "series/test_single.py",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; put on one worker what shares the project's own series, else each file.

    Slow is what solves these series and what the longest files hold.
    """
    tests = Path(__file__).parent
    rank = {str(tests / name): place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(str(item.path), len(rank)))
    for item in items:
        solves = "tables" in getattr(item, "fixturenames", ())
        if solves or str(item.path) in rank:
            item.add_marker("slow")
        file = "_".join(item.path.relative_to(tests).with_suffix("").parts)
        item.add_marker(pytest.mark.xdist_group("project" if solves else file))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name a test as one would call it, without the group that xdist has written behind its name."""
    report.nodeid = re.sub(r"@\w+$", "", report.nodeid)


@dataclass(frozen=True)
class Copy:
    """A copy of `data/` and `params/`; files are named as in messages, from `data/` or `params/` on."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    def read(self, file: str) -> str:
        return (self.root / file).read_bytes().decode()

    def write(self, file: str, content: str | bytes) -> None:
        (self.root / file).write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, file: str, old: str, new: str) -> int:
        """Replace one stretch of text; return its line."""
        before, found, after = self.read(file).partition(old)
        assert found, f"{file} does not hold {old!r}"
        self.write(file, before + new + after)
        return before.count("\n") + 1

    def rows(self, file: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.read(file), newline="")))

    def change(self, file: str, line: int, **cells: str) -> None:
        """Change cells of the row on a line (2 is the first row; no cell of the file holds a line break)."""
        rows = self.rows(file)
        assert set(cells) <= set(rows[0])
        rows[line - 2] |= cells
        self.save(file, rows)

    def find(self, file: str, **cells: str) -> int:
        """Return the line of the first row with these cells."""
        rows = enumerate(self.rows(file), start=2)
        return next(line for line, row in rows if cells.items() <= row.items())

    def save(self, file: str, rows: list[dict[str, str]]) -> None:
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        self.write(file, text.getvalue())


def copy_project(place: Path) -> Copy:
    for folder in ("data", "params"):
        shutil.copytree(ROOT / folder, place / folder)
    return Copy(place)


@pytest.fixture
def project(tmp_path: Path) -> Copy:
    return copy_project(tmp_path)


@pytest.fixture(scope="module")
def module_project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Return one copy for all tests of a module: damage it once, in a fixture."""
    return copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project itself, for reading only."""
    return ROOT
