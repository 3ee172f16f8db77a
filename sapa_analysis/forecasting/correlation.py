"""Correlation of the yearly steps of indicators, shrunk, and innovations with that correlation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from ..core import SCALES, Array, YearlySeries, one_thread, stream, years_of

#: A correlation over n years is multiplied by n / (n + 10): of four years little is known.
_SHRINK = 10
#: A year is used only if both standard deviations are below this, on the scale of the model (percentage
#: points for growth rates): values filled in by a model would only show the model.
_SURE, _SURE_RATE = 0.1, 1.0
#: Largest correlation: no two indicators are treated as one.
_MOST = 0.9


@one_thread
def correlate_steps(
    areas: Sequence[Mapping[str, YearlySeries]],
    names: Sequence[str],
    *,
    shock_years: Collection[int] | Mapping[str, Collection[int]],
) -> pd.DataFrame:
    """Return the correlation of the yearly steps of indicators, one row per pair.

    Steps of normal years less their mean, pooled over the areas. Growth rates are steps themselves. Areas
    share what happens in a year, so a year counts once, however many areas have it.

    Parameters
    ----------
    areas : sequence of mapping of indicator id to YearlySeries
        One mapping per area.
    names : sequence of str
        The indicators, in the order in which innovations are made.
    shock_years : collection of int, or mapping of indicator id to it
        Years that are not normal, of all indicators or of each: their common movement is the shock, which
        all paths share anyway.

    Returns
    -------
    pandas.DataFrame
        first, second, n (years), raw (blank under three years) and correlation (raw * n / (n + 10)).

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.forecasting import correlate_steps, exact_series
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), dtype=float)
    >>> area = {"visits": exact_series(visits), "nights": exact_series(2 * visits)}
    >>> correlate_steps([area], ["visits", "nights"], shock_years=[]).round(2)
        first  second  n  raw  correlation
    0  visits  nights  4  1.0         0.29
    """
    broken = shock_years if isinstance(shock_years, Mapping) else dict.fromkeys(names, shock_years)
    steps = [{name: _steps(area[name], broken[name]) for name in names if name in area} for area in areas]
    rows = []
    for first, second in combinations(names, 2):
        both = [
            pd.concat([of[first], of[second]], axis=1).dropna() for of in steps if {first, second} <= set(of)
        ]
        pairs = np.vstack([pair - pair.mean() for pair in both]) if both else np.empty((0, 2))
        n = len({year for pair in both for year in pair.index})
        known = n >= 3 and bool((pairs.std(axis=0) > 0).all())
        raw = float(np.corrcoef(pairs.T)[0, 1]) if known else np.nan
        rows.append((first, second, n, raw, raw * n / (n + _SHRINK) if known else 0.0))
    return pd.DataFrame(rows, columns=["first", "second", "n", "raw", "correlation"])


def _steps(series: YearlySeries, shock_years: Collection[int]) -> pd.Series:
    """Return the yearly steps between normal years with a small standard deviation, by year."""
    table = series.table
    years = years_of(table)
    sure = (table["sd"] < (_SURE_RATE if series.scale == "growth" else _SURE)).to_numpy()
    values = pd.Series(SCALES[series.scale].to_model(table["estimate"]), years)
    values = values.where(sure & ~np.isin(years, list(shock_years)))
    return values if series.scale == "growth" else values.diff()


def matrix_of(correlations: pd.DataFrame, names: Sequence[str]) -> Array:
    """Return the correlations as a valid correlation matrix, with small eigenvalues clipped."""
    matrix = np.eye(len(names))
    if not names:
        return matrix
    known = correlations[correlations["first"].isin(names) & correlations["second"].isin(names)]
    for row in known.to_dict("records"):
        i, j = names.index(row["first"]), names.index(row["second"])
        matrix[i, j] = matrix[j, i] = np.clip(row["correlation"], -_MOST, _MOST)
    values, vectors = np.linalg.eigh(matrix)
    if values.min() < 1 - _MOST:
        matrix = (vectors * np.maximum(values, 1 - _MOST)) @ vectors.T
        sizes = np.sqrt(np.diag(matrix))
        matrix = matrix / np.outer(sizes, sizes)
    return matrix


def common_noise(
    matrix: Array, names: Sequence[str], *, area: str, horizon: int, n_paths: int, seed: int, ended: int = 0
) -> dict[str, Array]:
    """Return standard normal innovations with the given correlations.

    Each indicator has its own random stream, mixed with those before it: a longer horizon, or one more
    indicator at the end, changes no earlier number.

    Parameters
    ----------
    matrix : array of float, shape (n, n)
        Correlations.
    names : sequence of str
        The indicators.
    area : str
        The area: another area has other innovations.
    horizon, n_paths, seed : int
        Years ahead, number of paths, and seed.
    ended : int
        Years before them that have ended without a figure of some indicator.

    Returns
    -------
    dict of str to array of float, shape (ended + horizon, half the paths)
    """
    own = [_own_noise(stream(seed, "innovations", area, name), horizon, ended, n_paths) for name in names]
    mixed = np.einsum("ij,jhk->ihk", np.linalg.cholesky(matrix), _unrelated(np.stack(own))) if own else []
    return dict(zip(names, mixed, strict=True))


def _unrelated(drawn: Array) -> Array:
    """Return indicators x years x paths without the correlations that chance gives them in a year.

    Each indicator loses what it shares with those before it; its mean square becomes one.
    """
    names, _, half = drawn.shape
    if names >= half:
        return drawn
    basis, triangle = np.linalg.qr(np.moveaxis(drawn, 0, -1))
    signs = np.sign(np.diagonal(triangle, axis1=-2, axis2=-1))
    return np.asarray(np.moveaxis(basis * signs[:, None, :], -1, 0) * np.sqrt(half))


def _own_noise(rng: np.random.Generator, horizon: int, ended: int, n_paths: int) -> Array:
    """Return innovations of years ahead after those of ended years, which are drawn backwards."""
    half = -(-n_paths // 2)
    before = rng.spawn(1)[0].standard_normal((ended, half))[::-1]
    return np.vstack([before, rng.standard_normal((horizon, half))])
