"""What comes from the store is what is computed anew, to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pandas as pd
import pytest

from sapa_analysis.core import SapaError, Store
from sapa_analysis.pipeline import (
    area,
    assess,
    assess_targets,
    build_area,
    correlations_of,
    load_project,
    project,
)

pytest_plugins = ["loaded"]
pytestmark = pytest.mark.slow


def forget() -> None:
    """Let memory know nothing, as a new process does."""
    for function in (area._built, area._foreseen, area._correlated, assess._alone, project._tables):
        function.cache_clear()


def same(one, other) -> None:
    """Hold two answers against each other, down to the types and the last bit of every table."""
    assert type(one) is type(other)
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, check_freq=False)
        assert one.attrs == other.attrs
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_exact=True)
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes()
    elif isinstance(one, Mapping):
        assert list(one) == list(other)
        for name in one:
            same(one[name], other[name])
    elif is_dataclass(one):
        for field in fields(one):
            same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, list | tuple):
        for left, right in zip(one, other, strict=True):
            same(left, right)
    else:
        assert repr(one) == repr(other)


def answers(tables, params) -> list:
    """Return the series, forecasts and verdicts of one edition."""
    results = assess_targets(tables, params)
    return [results.outcomes, results.verdicts, build_area(tables, params), correlations_of(tables, params)]


def test_stored_and_fresh_are_the_same_bits(params, tmp_path, monkeypatch):
    few, store = params.with_values(n_paths=100), Store(tmp_path, b"mine")
    monkeypatch.setenv("SAPA_STORE", "off")
    found = {}
    for way, kept_in in (("fresh", None), ("written", store), ("read", store)):
        forget()
        entries = {entry: entry.read_bytes() for entry in tmp_path.iterdir()}
        found[way] = answers(replace(load_project(), store=kept_in), few)
    assert len(entries) > 40  # the last round wrote nothing anew
    assert {entry: entry.read_bytes() for entry in tmp_path.iterdir()} == entries
    same(found["written"], found["fresh"])
    same(found["read"], found["fresh"])


def test_tables_read_from_the_store_are_those_of_the_files(project, monkeypatch, tmp_path):
    forget()
    with monkeypatch.context() as patch:
        patch.setenv("SAPA_STORE", "off")
        fresh = load_project(project.root)
    stores = [Store(tmp_path / "cache", b"mine")] * 2
    monkeypatch.setattr("sapa_analysis.pipeline.project.open_store", lambda root: stores.pop())
    for _ in range(2):
        forget()
        same(replace(load_project(project.root), store=None), fresh)
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert not stores


def test_a_table_edited_on_disk_is_read_anew(project):
    before = load_project(project.root)
    path = project.root / "data/evidence/tourism.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    assert len(load_project(project.root).evidence) == len(before.evidence) - 1
    path.write_text("".join(lines).replace("visits", "vists"), encoding="utf-8")
    said = []
    for _ in range(2):
        forget()
        with pytest.raises(SapaError, match=r"vists.* is unknown") as caught:
            load_project(project.root)
        said.append(str(caught.value))
    assert said[0] == said[1]
