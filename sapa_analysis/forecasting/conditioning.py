"""Conditional forecasts: paths given fixed future values of some indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import SCALES, Array, Forecast, SapaError, nearest, one_thread, years_of
from .derivation import recompute

#: Largest number of rounds until paths meet a value exactly, if it is not linear in the simulated ones.
_ROUNDS = 1_000
_MET = 1e-11
#: A correlation over n paths below so many standard errors counts as chance: it moves nothing.
_CHANCE = 4.0


@one_thread
def condition(
    forecasts: Mapping[str, Forecast], fixed: Mapping[str, Mapping[int, float]]
) -> dict[str, Forecast]:
    """Return the same paths given future values of some indicators.

    Every simulated quantity moves according to its correlation with the fixed values. Derived quantities are
    recomputed, so identities hold. Indicators that are not related stay exactly as they are, bit for bit.

    Parameters
    ----------
    forecasts : mapping of indicator id to Forecast
        One set of paths, as `forecast_all` returns them.
    fixed : mapping of indicator id to mapping of year to float
        Values in the unit of the indicator, for one year or several.

    Returns
    -------
    dict
        As `forecasts`; every path meets the fixed values.

    Raises
    ------
    SapaError
        With every unknown indicator and year, and every value that lies outside all paths; or when no path
        can meet all values together, because they contradict an identity.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> fan = sapa.forecast(visits, horizon=2, n_paths=100, seed=1)
    >>> given = sapa.forecasting.condition({"visits": fan}, {"visits": {2020: 155.0}})["visits"]
    >>> [of.paths.median(axis=1).round(0).tolist() for of in (fan, given)]
    [[149.0, 158.0], [155.0, 164.0]]
    """
    _check(forecasts, fixed)
    wanted = [(name, year, value) for name, years in fixed.items() for year, value in years.items()]
    if not wanted:
        return dict(forecasts)
    free = {name: each for fan in forecasts.values() for name, each in _simulated(fan).items()}
    moved = _shifted(forecasts, free, wanted)
    any_without = any(fan.without_shocks is not None for fan in forecasts.values())
    quiet = _shifted(forecasts, free, wanted, held=moved) if any_without else {}
    done = {
        name: replace(
            fan,
            paths=moved[name],
            without_shocks=None if fan.without_shocks is None else quiet[name],
        )
        for name, fan in free.items()
    }
    return {name: _with_simulated(fan, done) for name, fan in forecasts.items()}


def _check(forecasts: Mapping[str, Forecast], fixed: Mapping[str, Mapping[int, float]]) -> None:
    problems = []
    for name, years in fixed.items():
        if name not in forecasts:
            problems.append(f'"{name}" is not forecast; {nearest(name, forecasts)}')
            continue
        paths = forecasts[name].paths
        for year, value in years.items():
            if year not in years_of(paths):
                problems.append(
                    f"{name}: {year} is not forecast; {years_of(paths)[0]} to {years_of(paths)[-1]} are"
                )
                continue
            if not isinstance(value, Real):
                problems.append(f"{name}: wanted a number in {year}; found {value!r}")
                continue
            reached = paths.to_numpy()[years_of(paths) == year][0]
            if not reached.min() <= value <= reached.max():
                found = f"{_written_out(value)} in {year} lies outside every path"
                least, most = _written_out(reached.min()), _written_out(reached.max())
                problems.append(f"{name}: {found}, {least} to {most}")
    if problems:
        raise SapaError(f"no such condition: {'; '.join(problems)}")


def _written_out(value: float) -> str:
    """Return a number with six significant digits, without a power of ten."""
    return f"{float(f'{value:.6g}'):,.15g}"


def _simulated(fan: Forecast) -> dict[str, Forecast]:
    """Return the simulated quantities from which a forecast is computed, or the forecast itself."""
    if not fan.parts:
        return {fan.observed.indicator_id: fan}
    return {name: each for part in fan.parts.values() for name, each in _simulated(part).items()}


def _with_simulated(fan: Forecast, simulated: Mapping[str, Forecast]) -> Forecast:
    """Return a forecast computed from other simulated quantities."""
    return recompute(fan, lambda part: None if part.parts else simulated[part.observed.indicator_id])


def _shifted(
    forecasts: Mapping[str, Forecast],
    free: Mapping[str, Forecast],
    wanted: list[tuple[str, int, float]],
    *,
    held: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the paths of all simulated quantities, moved to meet the values.

    With `held`, the paths without new shocks are moved; quantities without such paths stay as in `held`.
    """
    fixed = (
        {} if held is None else {name: held[name] for name, fan in free.items() if fan.without_shocks is None}
    )
    frames = {
        name: fan.paths if held is None or fan.without_shocks is None else fan.without_shocks
        for name, fan in free.items()
        if name not in fixed
    }
    states = {name: SCALES[free[name].observed.scale].to_model(frame) for name, frame in frames.items()}

    def look(moved: Mapping[str, Array]) -> Array:
        paths = fixed | {name: _in_unit(free[name], state) for name, state in moved.items()}
        now = {name: replace(free[name], paths=frame, without_shocks=None) for name, frame in paths.items()}
        rows = []
        for name, year, _ in wanted:
            frame = _with_simulated(forecasts[name], now).paths
            row = frame.to_numpy()[years_of(frame) == year][0]
            rows.append(SCALES[forecasts[name].observed.scale].to_model(row))
        return np.array(rows)

    scales = [SCALES[forecasts[name].observed.scale] for name, _, _ in wanted]
    values = [float(scale.to_model(value)) for scale, (_, _, value) in zip(scales, wanted, strict=True)]
    moved = shift_paths(states, look, np.array(values))
    return fixed | {
        name: frame if moved[name] is states[name] else _in_unit(free[name], moved[name])
        for name, frame in frames.items()
    }


def _in_unit(fan: Forecast, state: Array) -> pd.DataFrame:
    return pd.DataFrame(SCALES[fan.observed.scale].to_unit(state), index=fan.paths.index)


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of figures, one draw per path; not every path has errors of the same size.

    Attributes
    ----------
    noise : array of float, shape (figures, paths)
        The draws.
    covariances : array of float, shape (laws, figures, figures)
        The covariances that errors may have.
    inflation : array of float, shape (laws,)
        With each of them, the factor by which the variance of what is observed is larger than in the paths.
    law : array of int, shape (paths,)
        Which of them the errors of each path have.
    """

    noise: Array
    covariances: Array
    inflation: Array
    law: NDArray[np.int64]


def shift_paths(
    states: Mapping[str, Array],
    look: Callable[[Mapping[str, Array]], Array],
    values: Array,
    *,
    errors: Errors | None = None,
) -> dict[str, Array]:
    """Return states moved so that the observed quantities have given values (Matheron's rule, ensemble).

    Exact if everything is Gaussian: the covariance of every state with the observed quantities carries the
    surprise over.

    Parameters
    ----------
    states : mapping of name to array of float, shape (years, paths)
        On the scale of the model.
    look : callable
        Returns the observed quantities in given states, figures x paths, on the scale of the model.
    values : array of float, shape (figures,)
        The published or assumed values.
    errors : Errors, optional
        Errors of the values. Without them the values are met exactly.

    Raises
    ------
    SapaError
        When the values cannot all be met.
    """
    seen = look(states)
    spread = np.atleast_2d(np.cov(seen))
    reach = {name: _reach(state, seen) for name, state in states.items()}
    if errors is not None:
        return _updated(states, reach, spread, values[:, None] + errors.noise - seen, errors)
    back = np.linalg.pinv(spread, hermitian=True)
    pull = {name: of @ back for name, of in reach.items()}
    moved = dict(states)
    for _ in range(_ROUNDS):
        surprise = values[:, None] - look(moved)
        if float(np.abs(surprise).max()) < _MET:
            return moved
        moved = {
            name: state + pull[name] @ surprise if pull[name].any() else state
            for name, state in moved.items()
        }
    raise SapaError("no path can meet these values together")


def _updated(
    states: Mapping[str, Array], reach: Mapping[str, Array], spread: Array, surprise: Array, errors: Errors
) -> dict[str, Array]:
    """Return the states after one update, each path by the covariance of its own errors."""
    moved = {name: state.copy() if reach[name].any() else state for name, state in states.items()}
    for law in np.unique(errors.law):
        at = np.flatnonzero(errors.law == law)
        factor = errors.inflation[law]
        back = np.linalg.pinv(factor * spread + errors.covariances[law], hermitian=True)
        for name, of in reach.items():
            if of.any():
                moved[name][:, at] += factor * of @ back @ surprise.take(at, axis=1)
    return moved


def _reach(state: Array, seen: Array) -> Array:
    """Return the covariance of each year of a state with the observed quantities; zero if possibly chance."""
    n = state.shape[1]
    around = seen - seen.mean(axis=1, keepdims=True)
    own = state - state.mean(axis=1, keepdims=True)
    covariance = own @ around.T / (n - 1)
    sizes = np.outer(own.std(axis=1, ddof=1), around.std(axis=1, ddof=1))
    related = np.abs(covariance) > _CHANCE / np.sqrt(n) * sizes
    return np.asarray(covariance * related.any(axis=1, keepdims=True))
