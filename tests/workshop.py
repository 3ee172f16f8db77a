"""Small projects with notebooks; a test module asks for them by `pytest_plugins`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from cheap import furnish
from conftest import ROOT, Copy, copy_project

#: Rows that `relations.yml` names as published counts.
MET = {entry["figure"] for entry in yaml.safe_load((ROOT / "data/relations.yml").read_text("utf-8"))["met"]}


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


@pytest.fixture(scope="module")
def small(module_project: Copy) -> Path:
    """Return a copy of the project with one core indicator, few figures of it, and a row in every other file."""
    shutil.copytree(ROOT / "notebooks", module_project.root / "notebooks")
    module_project.replace("params/baseline.yml", "    growth: [grdp_growth, grdp_per_capita]\n", "")
    module_project.replace("params/baseline.yml", "    budget: [state_budget_revenue]\n", "")
    module_project.replace("params/baseline.yml", "[tourist_arrivals, tourism_revenue]", "[tourist_arrivals]")
    module_project.write("data/corrections.yml", "[]\n")
    wanted = {"indicator_id": "tourist_arrivals", "area": "sa_pa"}
    for path in (module_project.data / "evidence").glob("*.csv"):
        file = f"data/evidence/{path.name}"
        rows = module_project.rows(file)
        kept = [row for row in rows if wanted.items() <= row.items() and row["period"] >= "2018"]
        kept += [row for row in rows if row["id"] in MET]
        module_project.save(file, kept or rows[:1])
    return module_project.root
