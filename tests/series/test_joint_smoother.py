"""The joint law of several quantities: it holds the law of one, and borrows only what a component follows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.series.joint_smoother import Component, smooth_jointly
from sapa_analysis.series.smoother import Measurements, Prior, smooth

#: How vague the level of the first year is (`systems._ANYWHERE`): told to `smooth` as one more figure.
ANYWHERE = 20.0
#: Two routes through the same algebra, variances from 1e-8 to 400.
CLOSE = {"rtol": 1e-6, "atol": 1e-6}
#: The least variance of a figure (`reconcile._EXACT`), by which a parent known exactly still moves.
EXACT = 1e-8


def figures(rows, *, years: int, components: int) -> Measurements:
    """Return figures of levels: (component, year, value, standard deviation) each."""
    design = np.zeros((len(rows), components * years))
    for i, (component, year, _, _) in enumerate(rows):
        design[i, component * years + year] = 1.0
    values, sds = (np.array([row[k] for row in rows], dtype=float) for k in (2, 3))
    return Measurements(design, values, sds**2, np.zeros((len(rows), 0)))


def solved(rows, components, *, years, shock=None, wrong=0.0, quick=True):
    shock = np.zeros(years, dtype=bool) if shock is None else np.array(shock)
    return smooth_jointly(
        figures(rows, years=years, components=len(components)),
        components,
        shock=shock,
        wrong=wrong,
        wrong_sd=np.full(len(rows), 0.18),
        quick=quick,
    )


@st.composite
def steps(draw: st.DrawFn, **fixed: object) -> Component:
    sizes = st.integers(1, 30).map(lambda percent: percent / 100)
    told = {
        "step": draw(sizes), "step_spread": 0.0, "drift": draw(st.integers(-10, 10)) / 100,
        "drift_sd": draw(sizes), "shock": draw(sizes), "memory": draw(st.sampled_from([0.0, 0.3, 0.7])),
        "bridge": draw(st.sampled_from([0.0, 0.15])),
    }  # fmt: skip
    return Component(**told | fixed)


@st.composite
def statements(draw: st.DrawFn, components: int, years: int, least: int = 1) -> list[tuple]:
    row = st.tuples(
        st.integers(0, components - 1),
        st.integers(0, years - 1),
        st.integers(-60, 60).map(lambda value: value / 100),
        st.integers(1, 20).map(lambda value: value / 100),
    )
    return draw(st.lists(row, min_size=least, max_size=7))


# one component -----------------------------------------------------------------------------------------------


@given(steps(memory=0.0, bridge=0.0), statements(1, 5), st.lists(st.booleans(), min_size=5, max_size=5))
def test_one_component_that_follows_nothing_is_the_reconciled_law(component, rows, shock):
    prior = Prior(
        component.step, 0.0, component.drift, component.drift_sd, component.shock, wrong=0.0, wrong_sd=0.18
    )
    anywhere = figures([*rows, (0, 0, 0.0, ANYWHERE)], years=5, components=1)
    law = smooth(anywhere, prior, shock=np.array(shock))
    for quick in (True, False):
        joint = solved(rows, [component], years=5, shock=shock, quick=quick)
        np.testing.assert_allclose(joint.mean, law.mean, **CLOSE)
        np.testing.assert_allclose(joint.sd, law.sd, **CLOSE)


@given(steps(), steps(), statements(1, 4), statements(1, 4))
def test_components_that_follow_nothing_do_not_speak_to_one_another(one, other, first, second):
    moved = [(1, *row[1:]) for row in second]
    joint = solved([*first, *moved], [one, other], years=4)
    alone = [solved(rows, [component], years=4) for component, rows in ((one, first), (other, second))]
    np.testing.assert_allclose(joint.mean, np.concatenate([law.mean for law in alone]), **CLOSE)
    np.testing.assert_allclose(joint.sd, np.concatenate([law.sd for law in alone]), **CLOSE)


@given(steps(), steps(), statements(2, 4), st.lists(st.booleans(), min_size=8, max_size=8), st.booleans())
def test_each_component_has_its_own_shock_years(one, other, rows, flags, quick):
    shock, components = np.reshape(flags, (2, 4)), [one, other]
    joint = solved(rows, components, years=4, shock=shock, quick=quick)
    # two that follow nothing: each as where its years are those of both
    for place in range(2):
        same = solved(rows, components, years=4, shock=shock[place], quick=quick)
        mine = slice(4 * place, 4 * place + 4)
        np.testing.assert_allclose(joint.mean[mine], same.mean[mine], **CLOSE)
        np.testing.assert_allclose(joint.sd[mine], same.sd[mine], **CLOSE)


# a child after its parent ---------------------------------------------------------------------------------

PARENT = Component(0.1, 0.0, 0.0, 0.05, 0.0)
paths = st.lists(st.integers(-60, 60).map(lambda value: value / 100), min_size=6, max_size=6)


@given(paths, st.integers(0, 5), steps(follows=0))
def test_a_child_with_one_figure_takes_the_steps_of_a_parent_known_exactly_plus_its_drift(path, year, child):
    rows = [(0, at, value, 0.0) for at, value in enumerate(path)] + [(1, year, 0.5, 0.01)]
    law = solved(rows, [PARENT, child], years=6)
    wanted = 0.5 + np.array(path) - path[year] + child.drift * (np.arange(6) - year)
    # one figure tells nothing of the premium; the first year is vague, not free: of a value of two with a
    # variance of three, which is the widest here, 2 * 3 / 20 ** 2 is lost
    np.testing.assert_allclose(law.mean[6:], wanted, atol=0.02)


@given(paths, st.integers(0, 5), steps(follows=0))
def test_its_spread_is_that_of_the_premium_cumulated_from_its_figure(path, year, child):
    rows = [(0, at, value, 0.0) for at, value in enumerate(path)] + [(1, year, 0.0, 0.01)]
    sd = solved(rows, [PARENT, child], years=6).sd[6:]
    apart = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    premium = child.step**2 * child.memory**apart + child.bridge**2 * np.eye(5) + child.drift_sd**2
    between = [np.arange(min(at, year), max(at, year)) for at in range(6)]
    wanted = [0.01**2 + premium[np.ix_(span, span)].sum() for span in between]
    # the vague first year takes off up to its own share, sd ** 2 / 20 ** 2
    np.testing.assert_allclose(sd, np.sqrt(wanted), rtol=0.02, atol=4 * np.sqrt(EXACT))
    assert (np.diff(sd[year:]) > 0).all()
    assert (np.diff(sd[: year + 1]) < 0).all()


@given(steps(follows=0), st.integers(0, 5))
def test_a_shock_year_widens_the_child_beyond_it_only(child, year):
    rows = [(0, at, 0.0, 0.0) for at in range(6)] + [(1, 0, 0.0, 0.01)]
    without_shocks, shaken = (
        solved(rows, [PARENT, child], years=6, shock=np.arange(6) == at).sd[6:] for at in (-1, year)
    )
    # the step into the first year is none
    beyond = np.arange(6) >= year if year else np.zeros(6, dtype=bool)
    assert (shaken[beyond] > without_shocks[beyond]).all()
    np.testing.assert_allclose(shaken[~beyond], without_shocks[~beyond], rtol=1e-6)


@given(steps(), steps(follows=0), statements(2, 4, least=2))
def test_more_figures_never_widen_any_component(parent, child, rows):
    fewer, more = (solved(given_rows, [parent, child], years=4).sd for given_rows in (rows[:-1], rows))
    # the vague first year has a variance of 400: its rounding is what is allowed for
    assert (more <= fewer * (1 + 1e-7) + 1e-7).all()


# order ----------------------------------------------------------------------------------------------------


@settings(max_examples=8)
@given(statements(2, 4, least=2), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_statements_never_matters(rows, random, quick):
    components = [replace(PARENT, step_spread=0.5), Component(0.08, 0.4, 0.0, 0.03, 0.2, 0.5, follows=0)]
    order = random.sample(range(len(rows)), len(rows))
    law, other = (
        solved(given_rows, components, years=4, wrong=0.08, quick=quick)
        for given_rows in (rows, [rows[at] for at in order])
    )
    np.testing.assert_allclose(other.mean, law.mean, **CLOSE)
    np.testing.assert_allclose(other.sd, law.sd, **CLOSE)
    np.testing.assert_allclose(other.wrong, law.wrong[order], atol=1e-6)


def test_the_size_of_the_steps_is_learned_from_the_figures():
    component = Component(0.1, 0.55, 0.0, 0.02, 0.0)
    walks = {"still": [0.0] * 8, "rough": [0.0, 0.5, -0.1, 0.4, -0.2, 0.5, 0.0, 0.4]}
    laws = {
        name: solved(
            [(0, at, value, 0.01) for at, value in enumerate(walk)], [component], years=9, quick=False
        )
        for name, walk in walks.items()
    }
    assert laws["still"].sd[8] < 0.1 < laws["rough"].sd[8]
    for law in laws.values():
        assert law.weights.sum() == pytest.approx(1)


def test_a_figure_far_off_the_others_is_told_as_wrong():
    rows = [(0, at, 0.0, 0.01) for at in range(5)] + [(0, 2, 1.0, 0.01)]
    law = solved(rows, [Component(0.05, 0.3, 0.0, 0.02, 0.0)], years=5, wrong=0.08, quick=False)
    assert law.wrong.argmax() == 5
    assert law.wrong[5] > 0.9
    assert abs(law.mean[2]) < 0.02
