"""The reconciled law: what must hold whatever the figures, and a slow twin in statsmodels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import elementwise
from scipy.special import ndtr
from statsmodels.tsa.statespace.initialization import Initialization
from statsmodels.tsa.statespace.mlemodel import MLEModel

from sapa_analysis.series import smoother as module
from sapa_analysis.series.posterior import Posterior
from sapa_analysis.series.smoother import Measurements, Prior, smooth

#: A prior like that of the project: steps of a tenth, one figure in twelve wrong by a fifth.
USUAL = Prior(step=0.11, step_spread=0.55, drift=0.045, drift_sd=0.04, shock=0.6, wrong=0.08, wrong_sd=0.18)
#: The size of the steps fixed and no figure wrong: the law is one Gaussian.
GAUSSIAN = replace(USUAL, step_spread=0.0, wrong=0.0)
#: The twins agree to the rounding of two unlike routes through the same algebra.
CLOSE = {"rtol": 1e-6, "atol": 1e-6}
#: What two sums in another order may differ by, with variances down to 1e-4.
SAME = {"rtol": 1e-9, "atol": 1e-9}
#: How much of the weight is kept when no test changes it.
HELD = module._HELD
#: A twin filters once for every set of wrong figures and size of the steps.
slow = settings(max_examples=4)


@pytest.fixture(autouse=True, scope="module")
def every_component():
    """Keep also what is too light to matter, so that a law holds to the last digits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_HELD", 1.0)
        patch.setattr(module, "_MOST_COMPONENTS", 10**6)
        yield


@dataclass(frozen=True)
class Case:
    """Figures, shock years, and how to ask for their law."""

    measured: Measurements
    shock: np.ndarray

    def law(self, prior: Prior) -> Posterior:
        return smooth(self.measured, prior, shock=self.shock)

    def change(self, **fields: np.ndarray) -> Case:
        return replace(self, measured=replace(self.measured, **fields))

    def take(self, which: list[int]) -> Case:
        parts = {name: getattr(self.measured, name)[which] for name in Measurements.__slots__}
        return self.change(**parts)


def levels(years: list[int], values: list[float], sds: list[float] | float, n_years: int) -> Case:
    """Return figures of single years, without shared causes or shock years."""
    variance = np.broadcast_to(np.asarray(sds, dtype=float) ** 2, len(values))
    measured = Measurements(np.eye(n_years)[years], np.array(values), variance, np.zeros((len(values), 0)))
    return Case(measured, np.zeros(n_years, dtype=bool))


def form(kind: str, first: int, last: int, n_years: int) -> np.ndarray:
    """Return the linear form of a figure: a year, a change over years, or the mean of years."""
    years = np.eye(n_years)
    return {
        "level": years[last],
        "change": years[last] - years[first],
        "mean": years[first : last + 1].mean(axis=0),
    }[kind]


@st.composite
def a_form(draw: st.DrawFn, n_years: int) -> np.ndarray:
    first, last = sorted(draw(st.tuples(*[st.integers(0, n_years - 1)] * 2)))
    kinds = ["level", "change", "mean"] if first < last else ["level"]
    return form(draw(st.sampled_from(kinds)), first, last, n_years)


@st.composite
def cases(draw: st.DrawFn, min_figures: int = 1, max_figures: int = 5) -> Case:
    """Return up to five years and figures of all kinds, the first one of a level."""
    n_years, n, causes = (draw(st.integers(*at)) for at in ((1, 5), (min_figures, max_figures), (0, 2)))
    forms = [form("level", 0, draw(st.integers(0, n_years - 1)), n_years)]
    forms += [draw(a_form(n_years)) for _ in range(n - 1)]

    def numbers(low: int, high: int, size: int) -> np.ndarray:
        return np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size))) / 100

    shared = numbers(0, 10, n * causes).reshape(n, causes)
    measured = Measurements(np.array(forms), numbers(-60, 60, n), numbers(1, 20, n) ** 2, shared)
    return Case(measured, np.array(draw(st.lists(st.booleans(), min_size=n_years, max_size=n_years))))


# laws -----------------------------------------------------------------------------------------------------


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_figures_never_matters(case, random):
    order = random.sample(range(len(case.measured.values)), len(case.measured.values))
    law, other = case.law(USUAL), case.take(order).law(USUAL)
    np.testing.assert_allclose(other.mean, law.mean, **SAME)
    np.testing.assert_allclose(other.sd, law.sd, **SAME)
    np.testing.assert_allclose(other.wrong, law.wrong[order], **SAME)
    np.testing.assert_allclose(other.influence, law.influence[order], **SAME)


@given(st.integers(0, 4), st.floats(-20, 20), st.sampled_from([USUAL, GAUSSIAN]))
def test_one_exact_figure_is_reproduced_unless_it_is_wrong(year, value, prior):
    law = levels([year], [value], 0.0, 5).law(prior)
    # an exact figure still has a least variance
    assert law.mean[year] == pytest.approx(value, abs=1e-5)
    # a figure alone has nothing to contradict it, so it is as likely wrong as any
    assert law.sd[year] == pytest.approx(np.sqrt(prior.wrong) * prior.wrong_sd, abs=2e-4)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3), st.floats(-20, 20))
def test_exact_figures_are_weighed_as_figures_almost_exact(values, level):
    # two figures of a year that differ by about the deviation of the almost exact are another case for each
    assume(values[0] == values[1] or abs(values[0] - values[1]) > 0.02)
    years, exact_values = [0, 1, 1, 3], [level, *(level + value for value in values)]
    exact, almost = (levels(years, exact_values, sd, 5).law(USUAL) for sd in (0.0, 1e-3))
    np.testing.assert_allclose(exact.mean, almost.mean, atol=5e-3)
    np.testing.assert_allclose(exact.sd, almost.sd, atol=5e-3)
    np.testing.assert_allclose(exact.wrong, almost.wrong, atol=5e-3)


@given(cases(min_figures=2))
def test_more_figures_never_widen_any_year(case):
    fewer = case.take(list(range(len(case.measured.values) - 1)))
    assert (case.law(GAUSSIAN).sd <= fewer.law(GAUSSIAN).sd + 1e-9).all()


@given(cases(), st.floats(0.01, 1), st.data())
def test_a_smaller_variance_never_widens_any_year(case, factor, data):
    at = data.draw(st.integers(0, len(case.measured.values) - 1))
    variance = case.measured.variance.copy()
    variance[at] *= factor
    assert (case.change(variance=variance).law(GAUSSIAN).sd <= case.law(GAUSSIAN).sd + 1e-9).all()


@given(st.floats(-0.5, 0.5), st.floats(0.25, 2), st.floats(0.01, 0.03), st.sampled_from([-1, 1]))
def test_two_figures_far_apart_leave_the_year_wider_than_one_alone(value, gap, sd, sign):
    one = levels([1], [value], sd, 3).law(USUAL)
    two = levels([1, 1], [value, value + sign * gap], sd, 3).law(USUAL)
    assert two.sd[1] > one.sd[1]


@given(st.floats(-0.5, 0.5), st.floats(0.25, 2), st.floats(0.01, 0.03), st.integers(0, 2))
def test_the_lone_dissenter_among_three_is_the_likeliest_to_be_wrong(value, gap, sd, place):
    values = [value + gap * (i == place) for i in range(3)]
    wrong = levels([1, 1, 1], values, sd, 3).law(USUAL).wrong
    assert wrong.argmax() == place
    assert wrong[place] > 0.5 > np.delete(wrong, place).max()


@given(cases(), st.floats(-20, 20))
def test_another_unit_shifts_every_year_alike_and_nothing_else(case, shift):
    values = case.measured.values + case.measured.design.sum(axis=1) * shift
    law, other = case.law(USUAL), case.change(values=values).law(USUAL)
    # what a shift of 20 costs at a precision of 1e4
    np.testing.assert_allclose(other.mean, law.mean + shift, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(other.sd, law.sd, rtol=1e-7)
    np.testing.assert_allclose(other.wrong, law.wrong, atol=1e-7)


@given(cases(), st.data())
def test_influence_is_the_derivative_of_the_mean(case, data):
    at, step = data.draw(st.integers(0, len(case.measured.values) - 1)), 0.01
    nudge = step * (np.arange(len(case.measured.values)) == at)
    law, moved = case.law(GAUSSIAN), case.change(values=case.measured.values + nudge).law(GAUSSIAN)
    # the mean is linear in the values, so the step need not be small
    np.testing.assert_allclose((moved.mean - law.mean) / step, law.influence[at], atol=1e-8)


@given(cases())
def test_the_weights_are_chances(case):
    law = case.law(USUAL)
    assert law.weights.sum() == pytest.approx(1)
    assert (law.weights > 0).all()
    assert ((law.wrong >= 0) & (law.wrong <= 1)).all()


@settings(max_examples=min(10, settings.default.max_examples))
@given(cases())
def test_draws_have_the_mean_and_spread_of_the_law(case):
    law, n = case.law(USUAL), 20_000
    draws = law.draws(n, np.random.default_rng(0))
    assert draws.shape == (len(case.shock), n)
    # five standard errors of the mean; of the spread as much again for the heavy tails
    assert (np.abs(draws.mean(axis=1) - law.mean) < 5 * law.sd / np.sqrt(n)).all()
    np.testing.assert_allclose(draws.std(axis=1), law.sd, rtol=0.05)


def test_the_same_generator_gives_the_same_draws():
    law = levels([0, 2, 2], [0.0, 0.1, 0.4], 0.02, 4).law(USUAL)
    one, other = (law.draws(50, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, other)


@given(st.floats(-0.5, 0.5), st.floats(0.01, 0.1), st.integers(1, 4))
def test_a_shock_year_between_figures_is_wider_than_the_same_year_without(value, sd, year):
    without_shocks = levels([0, 5], [0.0, value], sd, 6)
    shaken = replace(without_shocks, shock=np.arange(6) == year)
    assert shaken.law(GAUSSIAN).sd[year] > without_shocks.law(GAUSSIAN).sd[year]


# the slow twin --------------------------------------------------------------------------------------------


class Walk(MLEModel):
    """The same model as a state space: the year's value and all before it, the drift, the shared errors."""

    def __init__(self, case: Case, prior: Prior, step: float, variance: np.ndarray):
        measured, years, causes = case.measured, len(case.shock), case.measured.shared.shape[1]
        last = [int(np.flatnonzero(row)[-1]) for row in measured.design]
        width = max(last.count(year) for year in last)
        super().__init__(np.full((years, width), np.nan), k_states=years + 1 + causes, k_posdef=1)
        self["design"] = np.zeros((width, self.k_states, years))
        self["obs_cov"] = np.repeat(np.eye(width)[:, :, None], years, axis=2)
        for i, year in enumerate(last):
            slot = last[:i].count(year)
            self.ssm.endog.base[year, slot] = measured.values[i]
            self["design", slot, : year + 1, year] = measured.design[i, year::-1]
            self["design", slot, years + 1 :, year] = measured.shared[i]
            self["obs_cov", slot, slot, year] = variance[i]
        self._move(prior, step, case.shock)
        self.ssm.initialize(self._start(prior, years, causes))

    def _move(self, prior: Prior, step: float, shock: np.ndarray) -> None:
        years = len(shock)
        self["transition"] = np.eye(self.k_states)
        self["transition", :years, :years] = np.eye(years, k=-1)
        self["transition", 0, 0] = self["transition", 0, years] = 1.0
        self["selection", 0, 0] = 1.0
        into = np.append(shock[1:], False)
        self["state_cov"] = (step**2 + prior.shock**2 * into)[None, None, :]

    def _start(self, prior: Prior, years: int, causes: int) -> Initialization:
        start = Initialization(self.k_states)
        start.set(0, "diffuse")
        mean = np.append(np.zeros(years - 1), [prior.drift, *np.zeros(causes)])
        variance = np.append(np.zeros(years - 1), [prior.drift_sd**2, *np.ones(causes)])
        start.set((1, self.k_states), "known", constant=mean, stationary_cov=np.diag(variance))
        return start


def twin(case: Case, prior: Prior, step: float, variance: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Return log likelihood, mean and covariance of the years, one filter and smoother each."""
    smoothed, years = Walk(case, prior, step, variance).ssm.smooth(), len(case.shock)
    back = np.arange(years)[::-1]  # in the last year the state holds every year, the latest first
    mean, covariance = smoothed.smoothed_state[back, -1], smoothed.smoothed_state_cov[:, :, -1]
    return float(smoothed.llf), mean, covariance[np.ix_(back, back)]


def enumerate_twins(case: Case, prior: Prior, grid: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return weights, mean, sd, and chance of each to be wrong: every set of at most two filtered anew."""
    n, parts = len(case.measured.values), []
    for z in grid:
        for which in [set(chosen) for k in range(3) for chosen in combinations(range(n), k)]:
            bad = np.array([i in which for i in range(n)])
            fit = twin(case, prior, prior.step * np.exp(prior.step_spread * z),
                       case.measured.variance + prior.wrong_sd**2 * bad)  # fmt: skip
            chance = bad.sum() * np.log(prior.wrong) + (~bad).sum() * np.log(1 - prior.wrong)
            parts.append((fit[0] + chance - z**2 / 2, fit[1], np.diag(fit[2]), bad))
    logs, means, variances, bads = (np.array(column) for column in zip(*parts, strict=True))
    weights = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    mean = weights @ means
    return weights, mean, np.sqrt(weights @ (variances + (means - mean) ** 2)), weights @ bads


@given(cases(max_figures=8))
def test_mean_and_covariance_are_those_of_the_exact_diffuse_smoother(case):
    law = case.law(GAUSSIAN)
    _, mean, covariance = twin(case, GAUSSIAN, GAUSSIAN.step, case.measured.variance)
    np.testing.assert_allclose(law.mean, mean, **CLOSE)
    np.testing.assert_allclose(law.roots[0] @ law.roots[0].T, covariance, **CLOSE)


@given(cases(max_figures=8), st.floats(0.01, 1), st.floats(0.01, 1))
def test_sizes_of_the_steps_weigh_as_their_exact_diffuse_likelihoods(case, one, other):
    variance = case.measured.variance
    laws = [module._walk(GAUSSIAN, step, case.shock, 0.0) for step in (one, other)]
    fits = [module._fit(case.measured, law, variance).log_weight for law in laws]
    likelihoods = [twin(case, GAUSSIAN, step, variance)[0] for step in (one, other)]
    assert fits[0] - fits[1] == pytest.approx(likelihoods[0] - likelihoods[1], **{"rel": 1e-6, "abs": 1e-6})


def assert_twins(case: Case, prior: Prior, grid: np.ndarray) -> None:
    law = case.law(prior)
    weights, mean, sd, wrong = enumerate_twins(case, prior, grid)
    # components too light for a float are left out by one and zero for the other
    padded = np.append(law.weights, np.zeros(len(weights) - len(law.weights)))
    np.testing.assert_allclose(np.sort(padded), np.sort(weights), **CLOSE)
    np.testing.assert_allclose(law.mean, mean, **CLOSE)
    np.testing.assert_allclose(law.sd, sd, **CLOSE)
    np.testing.assert_allclose(law.wrong, wrong, **CLOSE)


@settings(max_examples=min(25, settings.default.max_examples))
@given(cases(), st.floats(0.01, 0.5), st.floats(0.05, 1))
def test_figures_that_may_be_wrong_are_summed_as_if_each_set_were_filtered(case, wrong, wrong_sd):
    assert_twins(case, replace(USUAL, step_spread=0.0, wrong=wrong, wrong_sd=wrong_sd), np.zeros(1))


@slow
@given(cases())
def test_so_are_the_sizes_of_the_steps(case):
    assert_twins(case, USUAL, module._GRID)


def below(law: Posterior, points: np.ndarray) -> np.ndarray:
    """Return the chance that each year lies below each of the points, points x years."""
    sds = np.sqrt(law.variances)
    return np.einsum("k,pky->py", law.weights, ndtr((points[:, None] - law.means) / sds))


# two figures that agree exactly: the law is narrow, and the case that both are wrong is light and wide
@example(levels([0, 0], [0.0, 0.0], 0.01, 1))
@given(cases())
def test_what_is_left_out_is_too_light_to_be_seen(case):
    full = case.law(USUAL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_HELD", HELD)
        law = case.law(USUAL)
    assert len(law.weights) <= len(full.weights)
    # no chance moves by more than the weight left out; by Cauchy and Schwarz, no mean by more than its root in
    # standard deviations; a light component may be much wider than the rest, so the variance can only shrink
    left = 1 - HELD
    points = full.mean + full.sd * np.linspace(-4, 4, 33)[:, None]
    np.testing.assert_allclose(below(law, points), below(full, points), rtol=0, atol=left / HELD + 1e-9)
    assert (np.abs(law.mean - full.mean) <= np.sqrt(left / HELD) * full.sd + 1e-9).all()
    assert (law.sd <= full.sd / np.sqrt(HELD) + 1e-9).all()
    np.testing.assert_allclose(law.wrong, full.wrong, rtol=0, atol=left / HELD + 1e-9)


@given(st.floats(-20, 20), st.integers(2, 6))
def test_what_is_left_out_does_not_depend_on_rounding(shift, n_years):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_HELD", HELD)
        law, other = (levels([0], [value], 0.01, n_years).law(USUAL) for value in (0.0, shift))
    # one figure tells nothing of the size of the steps: the two ends of the grid weigh the same
    np.testing.assert_allclose(other.sd, law.sd, rtol=1e-7)


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 12), st.floats(-6, 1))
def test_quantiles_are_those_that_scipy_finds_to_the_last_bit(seed, parts, years, size):
    rng = np.random.default_rng(seed)
    weights, means = rng.dirichlet(np.ones(parts)), rng.standard_normal((parts, years))
    roots = rng.standard_normal((parts, years, 3)) * 10**size
    law = Posterior(weights, means, roots, np.zeros(0), np.zeros((0, years)))
    levels, sds = [0.5, 0.1, 0.975], np.sqrt(np.maximum(law.variances, 1e-8))
    level, year = np.repeat(levels, years), np.tile(np.arange(years), len(levels))

    def below(value, level, year):
        return weights @ ndtr((value - means[:, year]) / sds[:, year]) - level

    span = ((means - 9 * sds).min(axis=0)[year], (means + 9 * sds).max(axis=0)[year])
    wanted = elementwise.find_root(below, span, args=(level, year)).x
    assert np.array_equal(law.quantiles(levels).ravel(), wanted)
