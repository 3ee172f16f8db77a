"""A project with small notebooks; a test module asks for it by `pytest_plugins`."""

from __future__ import annotations

from pathlib import Path

import pytest
from cheap import furnish
from conftest import Copy, copy_project


@pytest.fixture(scope="module")
def workshop(module_project: Copy) -> Path:
    """Return a project with small notebooks for all tests of a module, for reading only."""
    return furnish(module_project)


@pytest.fixture
def own_workshop(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Return a project with small notebooks that a test may change."""
    project = copy_project(tmp_path_factory.mktemp("own"))
    furnish(project)
    return project
