"""The project's own tables, read once for all tests; a test module asks for them by `pytest_plugins`."""

from __future__ import annotations

import pytest

from sapa_analysis import Forecast, NotAssessed, assess_indicator, assess_targets, load_params, load_project
from sapa_analysis.params import Params
from sapa_analysis.pipeline import Project, Results


@pytest.fixture(scope="session")
def tables() -> Project:
    return load_project()


@pytest.fixture(scope="session")
def params(tables: Project) -> Params:
    return load_params(tables.root / "params" / "baseline.yml")


@pytest.fixture(scope="session")
def outcomes(tables: Project, params: Params) -> dict[str, Forecast | NotAssessed]:
    """Return the outcome of every subject of the briefing on the day of the parameters."""
    return {subject: assess_indicator(tables, params, subject) for subject in params.subjects}


@pytest.fixture(scope="session")
def results(tables: Project, params: Params) -> Results:
    return assess_targets(tables, params)
