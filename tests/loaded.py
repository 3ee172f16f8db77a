"""The project's own tables, read once for all tests; a test module asks for them by `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from factories import one_point

from sapa_analysis import Forecast, NotAssessed, assess_indicator, assess_targets
from sapa_analysis.core import PAPERS, load_params
from sapa_analysis.core.params import Params
from sapa_analysis.evaluation.edition import judge_edition
from sapa_analysis.pipeline import load_project, running_year
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.pipeline.project import Project
from sapa_analysis.reporting.paper.model import Paper, Picture
from sapa_analysis.reporting.papers import composed
from sapa_analysis.reporting.trace.way import Way

pytest_plugins = ["shell"]
Papers = tuple[dict[str, Paper], dict[str, Way]]


@pytest.fixture(scope="session")
def tables() -> Project:
    return load_project()


@pytest.fixture
def opened(tables: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `open_project` give the tables that are read already, where it is asked for the project itself."""
    monkeypatch.setattr(
        "sapa_analysis.pipeline.open.load_project",
        lambda root, *, office=None: (
            tables if root == tables.root and office is None else load_project(root, office=office)
        ),
    )


@pytest.fixture
def in_process(opened: None, no_kernel: None) -> None:
    """Let notebooks run without a kernel, those of the project itself on the tables that are read already."""


@pytest.fixture(scope="session")
def said_in() -> Callable[..., AbstractContextManager[None]]:
    """Return a context in which a nowcast speaks of some days only; each takes joint series of its own."""

    @contextmanager
    def only(*days: date) -> Iterator[None]:
        def assess(project: Project, params: Params, indicator: str) -> Forecast | NotAssessed:
            if params.as_of in days:
                return assess_indicator(project, params, indicator)
            return NotAssessed(None, "no_evidence", 1)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(running_year, "assess_indicator", assess)
            patch.setattr(running_year, "_nowcast", running_year._nowcast.__wrapped__)  # kept nowhere
            yield

    return only


@pytest.fixture(scope="session")
def params(tables: Project) -> Params:
    return load_params(tables.root / "params" / "baseline.yml")


@pytest.fixture(scope="session")
def outcomes(tables: Project, params: Params) -> dict[str, Forecast | NotAssessed]:
    """Return the outcome of every subject of the briefing on the day of the parameters."""
    return {subject: assess_indicator(tables, params, subject) for subject in params.core}


@pytest.fixture(scope="session")
def results_of(tables: Project, params: Params) -> Callable[[str], Results]:
    """Return what gives the results of a day; each day is computed once for all tests."""
    return cache(lambda day: assess_targets(tables, params.with_values(as_of=day)))


@pytest.fixture(scope="session")
def results(results_of: Callable[[str], Results], params: Params) -> Results:
    return results_of(str(params.as_of))


@pytest.fixture(scope="session")
def quick(tables: Project, params: Params) -> Callable[..., Results]:
    """Return what gives the results of a day and an area on few paths; each is computed once for all tests."""
    fast = params.with_values(n_paths=100)
    return cache(lambda day, area="sa_pa": assess_targets(tables, fast.with_values(as_of=day, area=area)))


@pytest.fixture(scope="session")
def late(params: Params) -> Params:
    """Return the parameters of the end of the term."""
    return params.with_values(as_of="2026-01-31")


@pytest.fixture(scope="session")
def judged(tables: Project, late: Params) -> Results:
    """Return the verdicts of the end of the term on all targets of the town."""
    return judge_edition(tables, late)


@pytest.fixture(scope="session")
def few(params: Params) -> Params:
    """Return the parameters with few paths and one subject, on a day that has seen the pandemic begin."""
    return params.with_values(n_paths=100, as_of="2021-06-30", subjects={"tourism": ["tourist_arrivals"]})


@pytest.fixture(scope="session")
def visits(tables: Project) -> Project:
    """Return the project with what was published on visits to the town and its province, and nothing else."""
    known = tables.evidence
    mine = known["indicator_id"].eq("tourist_arrivals") & known["area"].isin(["sa_pa", "lao_cai"])
    return replace(tables, evidence=known[mine].reset_index(drop=True))


def _sketch(title: str, *_: object, **__: object) -> Picture:
    """Stand in for `figures.draw`, which takes most of the time of a paper."""
    return Picture(
        title, '<?xml version="1.0"?>\n<svg viewBox="0 0 1 1"><text>1234</text></svg>', one_point()
    )


def _sketching(patch: pytest.MonkeyPatch) -> None:
    for kind in ("briefing", "review"):
        patch.setattr(f"sapa_analysis.reporting.{kind}.pictures.draw", _sketch)


@pytest.fixture
def sketched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every picture of a paper be a point, for one test."""
    _sketching(monkeypatch)


@pytest.fixture(scope="session")
def papers_of(tables: Project, results_of: Callable[[str], Results]) -> Callable[[str], Papers]:
    """Return what gives all papers of a day by their stem, with the ways of their numbers; pictures are points."""

    def compose_once(day: str) -> Papers:
        with pytest.MonkeyPatch.context() as patch:
            _sketching(patch)
            made, ways = composed(tables, results_of(day), PAPERS)
        return {paper.stem: paper for paper in made}, ways

    return cache(compose_once)


@pytest.fixture(scope="session")
def papers(papers_of: Callable[[str], Papers], params: Params) -> dict[str, Paper]:
    """Return all papers of the day of the parameters by their stem, pictures points."""
    return papers_of(str(params.as_of))[0]
