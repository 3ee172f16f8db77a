from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.statespace.structural import UnobservedComponents

from sapa_analysis import SapaError
from sapa_analysis.core.scale import SCALES
from sapa_analysis.forecasting.models import HEADLINE, MODELS, History

few = settings(max_examples=min(25, settings.default.max_examples))
#: Models that are quick; the others are fitted on the model's scale, take a second each and get fewer examples.
QUICK = ["exponential_smoothing", "linear_drift", "naive", "theta"]
FITTED = sorted(set(MODELS) - set(QUICK))
names = st.sampled_from(QUICK)
values = st.lists(st.floats(50, 5_000), min_size=8, max_size=14, unique=True)
#: Paths for claims about medians and widths; their sampling error is computed where it counts.
MANY = 4_000


def history(values: list[float], scale: str = "log", years: list[int] | None = None) -> History:
    """Return a history whose gaps, if any, are filled with straight lines."""
    own = np.array(years or range(2023 - len(values), 2023))
    path = np.interp(np.arange(own[0], own[-1] + 1), own, values)
    return History(own, np.array(values), path, SCALES[scale])


PAST = [100.0, 120, 115, 140, 150, 145, 170, 190, 185, 200]


def simulate(name: str, past: History, horizon: int, n_paths: int = MANY, seed: int = 0) -> np.ndarray:
    return MODELS[name].simulate(past, horizon, n_paths, np.random.default_rng(seed)).paths


def median_error(paths: np.ndarray) -> np.ndarray:
    """Return four standard errors of the median of each year, as for a bell curve (1.25 s.d. / sqrt n)."""
    return 4 * 1.25 * paths.std(axis=1) / np.sqrt(paths.shape[1])


@few
@given(names, values, st.integers(1, 6), st.integers(1, 40))
def test_paths_are_years_by_paths_and_finite(name, past, horizon, n_paths):
    paths = simulate(name, history(past), horizon, n_paths)
    assert paths.shape == (horizon, n_paths)
    assert np.isfinite(paths).all()


@few
@given(names, values, st.integers(0, 1_000))
def test_the_same_seed_gives_the_same_paths(name, past, seed):
    first, second, other = (simulate(name, history(past), 3, 10, s) for s in (seed, seed, seed + 1))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


@few
@given(names, values)
def test_a_model_leaves_the_past_untouched(name, past):
    given_to_it = history(past)
    simulate(name, given_to_it, 2, 10)
    assert np.array_equal(given_to_it.estimate, past)
    assert np.array_equal(given_to_it.values, past)


@few
@given(values)
def test_the_naive_median_stays_at_the_origin(past):
    paths = simulate("naive", history(past), 4)
    assert (np.abs(np.median(paths, axis=1) - np.log(past[-1])) < median_error(paths)).all()


@few
@given(st.lists(st.floats(500, 1_000), min_size=5, max_size=14, unique=True))
def test_the_median_of_linear_drift_lies_on_the_straight_line(past):
    ahead = np.arange(1, 5)
    line = past[-1] + ahead * (past[-1] - past[0]) / (len(past) - 1)
    paths = simulate("linear_drift", history(past, "level"), 4)
    assert (np.abs(np.median(paths, axis=1) - line) < median_error(paths)).all()


@few
@given(st.floats(100, 1_000), st.floats(1, 50), st.integers(4, 12))
def test_a_straight_past_goes_on_straight_in_every_path(first, step, n):
    past = [first + step * year for year in range(n)]
    paths = simulate("linear_drift", history(past, "level"), 5, 20)
    assert paths == pytest.approx(past[-1] + step * np.arange(1, 6)[:, None] * np.ones(20))


@pytest.mark.parametrize("name", QUICK)
@few
@given(past=values)
def test_the_spread_grows_with_the_horizon(name, past):
    # widths of walks double in four years; their sampling error at 4,000 paths is some 2 %
    widths = np.ptp(np.percentile(simulate(name, history(past), 5), [10, 90], axis=1), axis=0)
    assert (np.diff(widths) > 0).all()


def test_a_gap_in_the_past_counts_as_its_years():
    """Steps over gaps are scaled by the root of their years: the line is the same, with or without them."""
    dense = history([100.0, 110, 120, 130, 140, 150, 160], "level")
    sparse = history([100.0, 110, 140, 160], "level", years=[2016, 2017, 2020, 2022])
    for past in (dense, sparse):
        assert simulate("linear_drift", past, 3, 5)[:, 0] == pytest.approx([170, 180, 190])


def test_an_amount_that_falls_does_not_fall_below_a_tenth():
    paths = simulate("linear_drift", history([1_000.0, 700, 420, 100]), 10, 50)
    assert np.exp(np.median(paths, axis=1))[-1] == pytest.approx(10, rel=1.5)
    assert np.isfinite(paths).all()


@pytest.mark.parametrize("scale", ["log", "level"])
def test_80_percent_intervals_of_linear_drift_hold_80_percent(scale):
    """Over 400 walks of ten years: the standard error of the share is 2 points, the tolerance four of them.

    The paths are steps of 5 % and a drift of 2 % of the level: on the log scale, the straight line then
    differs little from the curve.
    """
    rng, inside = np.random.default_rng(7), []
    for seed in range(400):
        walk = np.cumsum(rng.normal(0.02, 0.05, 13))
        path = 1_000 * (np.exp(walk) if scale == "log" else 10 + walk)
        paths = simulate("linear_drift", history(list(path[:10]), scale), 3, 500, seed)
        lower, upper = np.percentile(paths[-1], [10, 90])
        inside.append(lower <= SCALES[scale].to_model(path[-1]) <= upper)
    assert np.mean(inside) == pytest.approx(0.80, abs=0.08)


@pytest.mark.parametrize("name", FITTED)
@pytest.mark.parametrize("past", [PAST, [5.0, 5, 5, 5, 5, 5, 5, 5.001], [1.0, 900, 2, 800, 3, 700, 4, 600]])
def test_what_a_fit_warns_about_is_a_value_and_no_warning(name, past):
    """Warnings are errors in these tests: one that escaped would fail here."""
    fit = MODELS[name].simulate(history(past), 3, 10, np.random.default_rng(0))
    assert fit.paths.shape == (3, 10)
    assert np.isfinite(fit.paths).all()
    assert all(isinstance(word, str) and word for word in fit.health)
    assert "\n" not in "".join(fit.health)


@pytest.mark.parametrize("name", FITTED)
def test_a_fitted_model_gives_the_same_paths_for_the_same_seed(name):
    first, second, other = (simulate(name, history(PAST), 3, 10, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("arima_011_drift", lambda z: SARIMAX(z, order=(0, 1, 1), trend="c")),
        ("local_level", lambda z: UnobservedComponents(z, "llevel")),
        ("local_linear_trend", lambda z: UnobservedComponents(z, "lltrend")),
    ],
)
def test_the_median_of_a_fitted_model_is_the_forecast_of_statsmodels(name, build):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        point = build(np.log(PAST)).fit(disp=False).forecast(4)
    paths = simulate(name, history(PAST), 4)
    assert (np.abs(np.median(paths, axis=1) - point) < median_error(paths)).all()


def test_a_fit_that_breaks_is_refused_with_a_reason(monkeypatch):
    monkeypatch.setattr("statsmodels.tsa.statespace.sarimax.SARIMAX.fit", _break)
    with pytest.raises(SapaError, match="statsmodels cannot fit this series: singular"):
        simulate("arima_011_drift", history(PAST), 3, 10)


def _break(*_, **__):
    raise np.linalg.LinAlgError("singular")


@few
@given(values)
def test_the_point_of_theta_is_the_forecast_of_statsmodels(past):
    """In every path: theta departs from its point forecast as linear drift from its line, draw by draw."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        point = np.asarray(ThetaModel(np.array(past), deseasonalize=False).fit().forecast(4, theta=2))
    paths = simulate("theta", history(past, "level"), 4, 20)
    line = past[-1] + np.arange(1, 5) * (past[-1] - past[0]) / (len(past) - 1)
    departures = simulate("linear_drift", history(past, "level"), 4, 20) - line[:, None]
    assert paths - departures == pytest.approx(np.tile(point[:, None], 20))


@few
@given(st.floats(100, 1_000), st.floats(1, 50), st.integers(6, 12))
def test_theta_carries_half_the_drift_of_a_straight_past(first, step, n):
    """From the last level on, since smoothing then follows the data (alpha is 1 but for the optimiser)."""
    paths = simulate("theta", history([first + step * year for year in range(n)], "level"), 5, 20)
    last = first + step * (n - 1)
    line = last + step / 2 * np.arange(1, 6)[:, None] * np.ones(20)
    assert paths == pytest.approx(line, abs=step / 100)


@few
@given(st.floats(1, 1_000), st.integers(4, 12))
def test_theta_finds_no_trend_in_a_constant(level, n):
    fit = MODELS["theta"].simulate(history([level] * n), 3, 5, np.random.default_rng(0))
    assert np.exp(fit.paths) == pytest.approx(level)
    assert fit.health == ()


def test_theta_is_computed_in_the_unit_whatever_the_scale():
    """Where nothing departs from the line; on logs, half the trend of a line would be no line."""
    past = [100.0 + 10 * year for year in range(8)]
    by_scale = [np.median(simulate("theta", history(past, scale), 3), axis=1) for scale in ("level", "log")]
    assert np.exp(by_scale[1]) == pytest.approx(by_scale[0], rel=0.01)


def test_models_without_a_fit_are_always_healthy():
    for name in sorted({*QUICK} - {"theta"}):
        assert MODELS[name].simulate(history([1.0, 2, 4, 3]), 2, 5, np.random.default_rng(0)).health == ()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_model_works_with_the_fewest_years_it_asks_for(name):
    past = history(PAST[: MODELS[name].min_years])
    assert np.isfinite(simulate(name, past, 3, 20)).all()
    assert MODELS[name].assumes
    assert MODELS[name].needs


def test_the_headline_is_a_model():
    assert HEADLINE in MODELS
