"""Random streams: no two alike, none unmoved by the seed, and no other source of chance."""

from __future__ import annotations

import ast
from collections import Counter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sapa_analysis as sapa
from sapa_analysis.core import stream

pytest_plugins = ["loaded"]
ROOT = Path(sapa.__file__).parent
#: Purposes for which all areas and indicators share one stream: prices and shocks are those of the whole country.
SHARED = {"prices", "shocks"}
USERS = ("series.single", "series.joint", "series.prices", "forecasting.single", "forecasting.simulation",
         "forecasting.correlation", "forecasting.nowcast")  # fmt: skip
names = st.tuples(*[st.text("ab+_/\u00e9", max_size=4)] * 3)


def first(seed: int, *name: str) -> tuple[float, ...]:
    return tuple(stream(seed, *name).random(4))


@given(st.integers(0, 2**64), names, names)
def test_another_name_is_another_stream(seed, one, other):
    assert (first(seed, *one) == first(seed, *other)) == (one == other)


@given(st.integers(0, 2**64), st.integers(0, 2**64), names)
def test_another_seed_is_another_stream(one, other, name):
    assert (first(one, *name) == first(other, *name)) == (one == other)


def test_nothing_else_makes_chance():
    for file in ROOT.rglob("*.py"):
        made = [
            node
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and node.attr in ("default_rng", "SeedSequence", "RandomState")
        ]
        assert len(made) == (file.name == "streams.py"), file


@pytest.fixture
def register(monkeypatch) -> list[tuple[int, str, str, str]]:
    """Return the names of all streams that a test has opened."""
    opened: list[tuple[int, str, str, str]] = []

    def registered(*name: object) -> np.random.Generator:
        opened.append(name)
        return stream(*name)

    for user in USERS:
        monkeypatch.setattr(import_module(f"sapa_analysis.{user}"), "stream", registered)
    return opened


def test_a_run_of_two_areas_opens_no_stream_twice_and_every_one_with_its_seed(register, tables, params):
    for area in ("lao_cai", "sa_pa"):
        before = len(register)
        asked = params.with_values(
            area=area, n_paths=100, seed=7, as_of="2023-10-31", documents=["resolution-2023"]
        )
        project = sapa.load_project(tables.root)  # nothing is solved yet
        sapa.assess_targets(project, asked)
        twice = [name for name, n in Counter(register[before:]).items() if n > 1]
        # those of an area are also what the areas within it go by
        assert {purpose for _, purpose, _, _ in twice} <= SHARED | {"innovations"}
    purposes = Counter(purpose for _, purpose, _, _ in register)
    assert {"series", "joint series", "combination", "gap", "premium", "innovations", "part-year figures",
            *SHARED} <= purposes.keys()  # fmt: skip
    assert {seed for seed, *_ in register} == {7}
    for _, purpose, area, indicator in register:
        assert (area == indicator == "") == (purpose in SHARED)
    assert len({first(*name) for name in register}) == len(set(register))
    assert not {first(8, *name) for _, *name in register} & {first(*name) for name in register}
