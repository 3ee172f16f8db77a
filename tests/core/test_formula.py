"""Formulas: only arithmetic is read, each is computed after its parts, and no circle goes unnoticed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.errors import DataError, SapaError
from sapa_analysis.core.formula import (
    CircleError,
    derive,
    in_order,
    parse_formula,
    primaries_of,
)
from sapa_analysis.evidence.catalogue import load_indicators

NAMES = ("alpha", "beta", "gamma")
#: Values away from zero, so that no quotient overflows.
amounts = st.floats(0.5, 2.0)
atoms = st.one_of(st.sampled_from(NAMES), st.integers(1, 9).map(str), st.just("0.25"))


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return sums, differences and products of anything, and quotients by one id or number."""
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: "({} {} {})".format(*parts)),
        st.tuples(inner, atoms).map(lambda parts: "({} / {})".format(*parts)),
    )


formulas = st.recursive(atoms, compound, max_leaves=8)


@st.composite
def derivations(draw: st.DrawFn) -> dict[str, str]:
    """Return formulas without a circle, in any order: each id follows from those of lower number."""
    n = draw(st.integers(1, 7))
    texts = {
        f"x{at}": " + ".join(
            f"x{part}" for part in draw(st.lists(st.integers(-2, at - 1), min_size=1, max_size=3))
        ).replace("x-", "p")
        for at in range(n)
    }
    return {name: texts[name] for name in draw(st.permutations(list(texts)))}


def parsed(texts):
    return {name: parse_formula(text) for name, text in texts.items()}


# what a formula is ----------------------------------------------------------------------------------------


@given(formulas, st.lists(st.tuples(amounts, amounts, amounts), min_size=2, max_size=4))
def test_a_formula_is_what_python_makes_of_it(text, rows):
    values = dict(zip(NAMES, np.array(rows).T, strict=True))
    np.testing.assert_array_equal(parse_formula(text)(values), eval(text, {}, dict(values)))


@given(formulas)
def test_the_ids_of_a_formula_are_those_written_each_once(text):
    names = parse_formula(text).names
    assert len(set(names)) == len(names)
    assert set(names) == {name for name in NAMES if name in text}


@pytest.mark.parametrize(
    "text",
    [
        "", "alpha +", "alpha beta", "alpha = beta", "(alpha", "alpha ** 2", "alpha // 2", "alpha % 2",
        "alpha @ beta", "alpha < beta", "alpha and beta", "not alpha", "log(alpha)", "alpha.real", "alpha[0]",
        "'alpha'", "True", "None", "1j", "alpha, beta", "[alpha]", "{alpha}", "lambda: alpha",
        "alpha if beta else gamma", "(alpha := 1)", "f'{alpha}'", "...", "alpha; beta", "import os",
        "__import__('os').system('true')", "alpha | beta", "~alpha", "alpha\nbeta",
    ],
)  # fmt: skip
def test_nothing_but_ids_and_numbers_with_four_operators_is_a_formula(text):
    with pytest.raises(SapaError) as caught:
        parse_formula(text)
    assert str(caught.value).startswith(f'"{text}" is no formula')
    assert str(caught.value).count("is no formula") == 1


# order and circles ----------------------------------------------------------------------------------------


@given(derivations())
def test_every_id_comes_after_its_parts_and_none_is_lost(texts):
    order = in_order(parsed(texts))
    assert sorted(order) == sorted(texts)
    for name in texts:
        parts = [part for part in parse_formula(texts[name]).names if part in texts]
        assert all(order.index(part) < order.index(name) for part in parts)


@given(derivations(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_circle_is_named_whole_whatever_hangs_on_it(texts, length, random):
    ring = [f"c{at}" for at in range(length)]
    circle = {name: f"{after} / 2 + p1" for name, after in zip(ring, [*ring[1:], ring[0]], strict=True)}
    hanging = {"top": f"{random.choice(ring)} * x0", "higher": "top + 1"}
    items = list((texts | circle | hanging).items())
    random.shuffle(items)
    with pytest.raises(CircleError) as caught:
        in_order(parsed(dict(items)))
    names = caught.value.names
    assert names[0] == names[-1]
    assert sorted(names[:-1]) == sorted(ring)
    assert all(after in parse_formula(circle[name]).names for name, after in pairwise(names))
    assert str(caught.value) == f"circular derivation: {' -> '.join(names)}"


def test_what_follows_from_itself_is_a_circle_of_one():
    with pytest.raises(CircleError, match=r"^circular derivation: alpha -> alpha$"):
        in_order(parsed({"alpha": "alpha + beta"}))


# derivation -----------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(amounts, amounts, amounts, amounts), min_size=2, max_size=4))
def test_derived_values_are_those_of_the_hand(rows):
    visits, spend, share, people = np.array(rows).T
    found = derive(
        {"visits": visits, "spend": spend, "share": share, "people": people},
        parsed(
            {
                "per_head": "1000 * revenue / people",
                "domestic": "visits - foreign",
                "foreign": "visits * share / 100",
                "revenue": "visits * spend / 1000",
            }
        ),
    )
    np.testing.assert_array_equal(found["revenue"], visits * spend / 1000)
    np.testing.assert_array_equal(found["foreign"], visits * share / 100)
    np.testing.assert_array_equal(found["domestic"], visits - visits * share / 100)
    np.testing.assert_array_equal(found["per_head"], 1000 * (visits * spend / 1000) / people)
    # identities hold in the values themselves
    np.testing.assert_allclose(found["domestic"] + found["foreign"], visits, rtol=1e-12)


def test_what_was_given_for_a_derived_id_is_computed_anew_and_the_input_stays():
    given_values = {"alpha": np.ones(2), "beta": np.full(2, 99.0)}
    found = derive(given_values, parsed({"beta": "2 * alpha"}))
    np.testing.assert_array_equal(found["beta"], [2.0, 2.0])
    np.testing.assert_array_equal(given_values["beta"], [99.0, 99.0])


def test_what_lacks_a_part_is_left_out_with_all_that_rests_on_it_though_it_was_given():
    rules = parsed({"beta": "alpha + gone", "gamma": "beta * 2", "delta": "alpha"})
    assert sorted(derive({"alpha": np.ones(1), "beta": np.ones(1)}, rules)) == ["alpha", "delta"]


@given(derivations())
def test_primary_ids_are_never_derived_and_suffice(texts):
    rules = parsed(texts)
    primary = primaries_of(texts, rules)
    assert not set(primary) & set(texts)
    assert len(set(primary)) == len(primary)
    assert set(texts) <= set(derive({name: np.ones(1) for name in primary}, rules))


def test_an_id_without_a_formula_is_its_own_primary():
    rules = parsed({"revenue": "visits * spend / 1000", "per_bed": "revenue / beds"})
    assert primaries_of(["beds"], rules) == ["beds"]
    assert primaries_of(["per_bed", "spend"], rules) == ["visits", "spend", "beds"]


# the catalogue --------------------------------------------------------------------------------------------


def problems_of(project) -> list[tuple[str, int, str, str]]:
    with pytest.raises(DataError) as caught:
        load_indicators(project.data)
    return [
        (problem.file, problem.line, problem.column, problem.message) for problem in caught.value.problems
    ]


def test_a_circle_of_formulas_in_the_catalogue_is_one_problem_at_its_line(project):
    lines = {
        name: project.find("data/indicators.csv", indicator_id=name)
        for name in ("international_arrivals", "domestic_arrivals")
    }
    project.change(
        "data/indicators.csv", lines["international_arrivals"], formula="tourist_arrivals - domestic_arrivals"
    )
    circle = ["international_arrivals", "domestic_arrivals", "international_arrivals"]
    assert problems_of(project) == [
        (
            "data/indicators.csv",
            lines["international_arrivals"],
            "formula",
            f"circular derivation: {' -> '.join(circle)}",
        )
    ]


def test_a_formula_of_itself_in_the_catalogue_is_one_problem_at_its_line(project):
    line = project.find("data/indicators.csv", indicator_id="tourism_revenue")
    project.change("data/indicators.csv", line, formula="tourism_revenue * spend_per_visit / 1000")
    assert problems_of(project) == [
        ("data/indicators.csv", line, "formula", "circular derivation: tourism_revenue -> tourism_revenue")
    ]


def test_what_is_no_arithmetic_in_the_catalogue_is_one_problem_at_its_line(project):
    line = project.find("data/indicators.csv", indicator_id="tourism_revenue")
    project.change("data/indicators.csv", line, formula="tourist_arrivals ** spend_per_visit")
    assert problems_of(project) == [
        (
            "data/indicators.csv",
            line,
            "formula",
            '"tourist_arrivals ** spend_per_visit" is no formula; wanted ids and numbers with + - * /',
        )
    ]
