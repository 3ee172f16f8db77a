"""Random streams: no two alike, none unmoved by the seed, and no other source of chance; and even numbers."""

from __future__ import annotations

import ast
from collections import Counter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

import sapa_analysis as sapa
from sapa_analysis.core import evenly, stratified, stream

pytest_plugins = ["loaded"]
ROOT = Path(sapa.__file__).parent
#: Purposes for which all areas and indicators share one stream: prices and shocks are those of the whole country.
SHARED = {"prices", "shocks", "closing", "country", "law"}
USERS = ("series.single", "series.joint", "series.prices", "forecasting.single", "forecasting.simulation",
         "forecasting.correlation", "forecasting.nowcast", "forecasting.recovery")  # fmt: skip
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
        project = sapa.pipeline.load_project(tables.root)  # nothing is solved yet
        sapa.assess_targets(project, asked)
        twice = [name for name, n in Counter(register[before:]).items() if n > 1]
        # those of an area are also what the areas within it go by
        assert {purpose for _, purpose, _, _ in twice} <= SHARED | {"innovations"}
    purposes = Counter(purpose for _, purpose, _, _ in register)
    assert {"series", "joint series", "exponential_smoothing", "premium", "innovations", "part-year figures",
            *SHARED} <= purposes.keys()  # fmt: skip
    assert {seed for seed, *_ in register} == {7}
    for _, purpose, area, indicator in register:
        assert (area == indicator == "") == (purpose in SHARED)
    assert len({first(*name) for name in register}) == len(set(register))
    assert not {first(8, *name) for _, *name in register} & {first(*name) for name in register}


# numbers from equally likely parts ------------------------------------------------------------------------

few = settings(max_examples=min(25, settings.default.max_examples))
rows, sizes, seeds = st.integers(1, 4), st.integers(1, 60), st.integers(0, 99)


def numbers(n_rows: int, n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n_rows, n))


@few
@given(rows, sizes, seeds)
def test_even_shares_are_the_middles_of_equal_parts_in_the_order_drawn(n_rows, n, seed):
    drawn = numbers(n_rows, n, seed)
    shares = evenly(drawn)
    assert np.array_equal(np.sort(shares, axis=1), np.tile((np.arange(n) + 0.5) / n, (n_rows, 1)))
    assert np.array_equal(np.argsort(shares, axis=1), np.argsort(drawn, axis=1))
    assert np.array_equal(evenly(np.exp(drawn)), shares)
    assert np.array_equal(evenly(drawn[0]), shares[0])


@few
@given(rows, sizes, seeds, st.booleans())
def test_a_row_of_strata_holds_the_same_scores_symmetric_around_zero(n_rows, n, seed, beside):
    drawn = numbers(n_rows, n, seed)
    found = np.sort(stratified(drawn, numbers(n_rows, n, seed + 1) if beside else None), axis=1)
    expected = norm.ppf((np.arange(n) + 0.5) / n)
    if n >= 10:
        expected[(n - 1) // 2 : n // 2 + 1] = 0
    assert found == pytest.approx(np.tile(expected, (n_rows, 1)), abs=1e-12)
    assert np.array_equal(found, -found[:, ::-1])
    assert np.median(found, axis=1).tolist() == [0.0] * n_rows


@few
@given(sizes, seeds)
def test_strata_keep_the_order_drawn_unless_they_stand_beside_something(n, seed):
    drawn = numbers(2, n, seed)
    assert (np.diff(np.take_along_axis(stratified(drawn), np.argsort(drawn), axis=1)) >= 0).all()
    assert stratified(drawn, np.zeros((2, n))).shape == (2, n)


@pytest.mark.parametrize("n", [400, 2_000])
def test_strata_beside_something_have_nothing_to_do_with_it(n):
    """Correlations of independent numbers would vary by 1 / sqrt(n); these by less than a quarter of that."""
    pairs = [(numbers(1, n, seed), numbers(1, n, 1_000 + seed)) for seed in range(40)]
    found = [np.corrcoef(stratified(drawn, beside), beside)[0, 1] for drawn, beside in pairs]
    assert np.sqrt(np.mean(np.square(found))) < 0.25 / np.sqrt(n)


@few
@given(st.sampled_from([100, 400, 900]), seeds)
def test_every_block_of_neighbours_holds_even_strata(n, seed):
    """Of n places in sqrt(n) blocks, each has one score of every sqrt(n) neighbouring ones."""
    drawn, beside = numbers(1, n, seed), numbers(1, n, seed + 1)
    side = round(n**0.5)
    scores = np.sort(stratified(drawn, beside)[0][np.argsort(beside[0])].reshape(side, side), axis=1)
    edges = norm.ppf(np.arange(side + 1) / side)
    assert (scores >= edges[:-1] - 1e-12).all()
    assert (scores <= edges[1:] + 1e-12).all()


@few
@given(st.integers(400, 2_000), seeds)
def test_strata_beside_something_nearly_keep_the_order_drawn(n, seed):
    """So that what was drawn to go together still does."""
    drawn = numbers(1, n, seed)
    found = stratified(drawn, numbers(1, n, seed + 1))[0]
    assert np.corrcoef(found, drawn[0])[0, 1] > 0.95


@given(st.integers(0, 2**32), st.integers(1, 300), st.integers(0, 4))
def test_numbers_are_spread_as_two_stable_sorts_spread_them_also_where_some_are_equal(seed, n, digits):
    rng = np.random.default_rng(seed)
    drawn, beside = rng.standard_normal((2, 1, n)).round(digits)
    block = np.empty(n, dtype=np.int64)
    block[np.argsort(beside[0], kind="stable")] = np.arange(n) // max(round(n**0.5), 1)
    order = np.lexsort((drawn[0], block))
    within = np.empty(n)
    within[order] = np.concatenate([(np.arange(size) + 0.5) / size for size in np.bincount(block)])
    ranks = np.empty(n, dtype=np.int64)
    ranks[np.lexsort((drawn[0], within))] = np.arange(n)
    even = np.argsort(np.argsort(drawn, kind="stable"), kind="stable")
    wanted = even[0] if not np.ptp(beside) else ranks
    assert np.array_equal(stratified(drawn, beside)[0], stratified(np.arange(n)[None])[0][wanted])
    assert np.array_equal(evenly(drawn), (even + 0.5) / n)
