"""The project's own tables, read once for all tests; a test module asks for them by `pytest_plugins`."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from sapa_analysis import Forecast, NotAssessed, assess_indicator, assess_targets, load_params, load_project
from sapa_analysis.core.params import LANGUAGES, Params
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.pipeline.project import Project
from sapa_analysis.reporting.briefing.contents import compose
from sapa_analysis.reporting.briefing.parts import Contents
from sapa_analysis.reporting.figures.style import Picture


@pytest.fixture(scope="session")
def tables() -> Project:
    return load_project()


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


def _png() -> bytes:
    """Return a picture of one black point."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def _sketch(title: str, *_: object, **__: object) -> Picture:
    """Stand in for `figures.draw`, which takes most of the time of a briefing."""
    return Picture(title, '<?xml version="1.0"?>\n<svg viewBox="0 0 1 1"><text>1234</text></svg>', _png())


@pytest.fixture
def sketched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every picture of a briefing be a point, for one test."""
    monkeypatch.setattr("sapa_analysis.reporting.briefing.contents.draw", _sketch)


@pytest.fixture(scope="session")
def briefings(tables: Project, results: Results) -> Iterator[dict[str, Contents]]:
    """Return the contents of the briefing in each language, its pictures points."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sapa_analysis.reporting.briefing.contents.draw", _sketch)
        yield {lang: compose(tables, results, lang=lang) for lang in LANGUAGES}
