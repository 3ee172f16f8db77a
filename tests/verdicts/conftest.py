"""A small register of invented verdicts, and a copy of it that a test may damage."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from registers import LATER, issue


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a register of three entries: two days of the town, and one of the province."""
    folder = tmp_path_factory.mktemp("issued") / "register"
    issue(folder)
    issue(folder, as_of=date(2023, 12, 31), issued=LATER, paths=(2.9, 3.1))
    issue(folder, area="lao_cai", issued=LATER)
    (folder / ".lock").unlink()
    return folder


@pytest.fixture
def register(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "register"))
