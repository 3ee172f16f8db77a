"""Backtests of forecasting methods: rolling origins over yearly series."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from zlib import crc32

import numpy as np
import pandas as pd

from ..core import Forecast, Problem, SapaError, nearest, run_around, years_of
from ..forecasting import MAX_HORIZON, MODELS, forecast
from . import scores

#: The columns of a backtest and their meanings. Amounts are in the unit of the series.
COLUMNS = {
    "series": "id of the series",
    "method": "the method as asked for",
    "origin": "last year that the method saw",
    "year": "the year forecast",
    "ahead": "years from the origin to that year",
    "actual": "the value of the series given",
    "median": "median of the paths",
    "lower_50": "25 % of the paths lie below",
    "upper_50": "25 % of the paths lie above",
    "lower_80": "10 % of the paths lie below",
    "upper_80": "10 % of the paths lie above",
    "lower_95": "2.5 % of the paths lie below",
    "upper_95": "2.5 % of the paths lie above",
    "crps": "continuous ranked probability score of the paths",
    "wis": "weighted interval score of the median and the intervals",
    "pit": "rank of the actual among the paths, 0 to 1",
    "scale": "mean absolute yearly step up to the origin; NaN where there is none",
    "health": ";-list of what the fit warned about",
    "reason": "why the method refused; the forecast and its scores are then NaN",
}
#: The columns with the quantiles at `scores.LEVELS`.
_QUANTILES = ("lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95")
#: The columns computed from the paths; NaN where the method refused.
_MEASURES = (*_QUANTILES, "crps", "wis", "pit")
_INTERVALS = (50, 80, 95)


def backtest(
    series: pd.Series | Mapping[str, pd.Series],
    methods: Sequence[str],
    *,
    horizon: int,
    min_train: int,
    seed: int,
    n_paths: int = 5_000,
    shock_years: Collection[int] = (),
) -> pd.DataFrame:
    """Forecast from every past origin and score the forecasts.

    An origin is a year with at least `min_train` values up to it and at least one after it. A method sees
    only the values and the shock years up to the origin, not even how many years follow. Its input and the
    actual values are those of the given series: today's vintage, not the figures first published. This
    flatters every method where figures were revised.

    Parameters
    ----------
    series : pandas.Series or mapping of str to pandas.Series
        Consecutive years (whole numbers or a yearly PeriodIndex) x values; several series by id.
    methods : sequence of str
        Names of `forecasting.MODELS`, or `headline`.
    horizon : int
        Years to forecast after each origin; the years present in the series are scored.
    min_train : int
        Minimum number of values up to an origin.
    seed : int
        Same seed, same paths; the paths of one origin do not depend on the other origins.
    n_paths : int
        Number of paths.
    shock_years : collection of int
        Shock years.

    Returns
    -------
    pandas.DataFrame
        One row per series, method, origin and year, with `COLUMNS`. If a method refuses an origin, its rows
        give the reason.

    Raises
    ------
    SapaError
        When a method is unknown or repeated, a number is out of range, or a series has gaps, unsorted or
        repeated years, missing values or no origin. Lists every problem.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evaluation import backtest
    >>> visits = pd.Series([100, 110, 119, 132, 140, 155, 160, 178], index=range(2012, 2020), dtype=float)
    >>> rows = backtest(visits, ["linear_drift"], horizon=1, min_train=5, n_paths=500, seed=1)
    >>> rows[["origin", "year", "actual", "median", "lower_80", "upper_80"]].round(1)
       origin  year  actual  median  lower_80  upper_80
    0    2016  2017   155.0   149.7     144.9     154.4
    1    2017  2018   160.0   166.0     160.9     171.1
    2    2018  2019   178.0   170.4     162.8     178.6
    """
    by_id = {str(series.name or "series"): series} if isinstance(series, pd.Series) else dict(series)
    numbers = _number_problems(horizon=horizon, min_train=min_train, n_paths=n_paths)
    _refuse([*_method_problems(methods), *numbers, *_all_series_problems(by_id, min_train)])
    ask = partial(_forecast_then, horizon=horizon, n_paths=n_paths, seed=seed, shock_years=shock_years)
    rows = [
        _score(past, after, method, ask)
        for name, values in by_id.items()
        for method in methods
        for past, after in _splits(values.astype(float).rename(name), horizon, min_train)
    ]
    return pd.concat(rows, ignore_index=True)


def accuracy(backtest: pd.DataFrame, by: Sequence[str] = ("method",)) -> pd.DataFrame:
    """Return the mean scores of each group.

    Scores are averaged over the years ahead within each series, method and origin, then over these means, as
    in forecasting competitions: an origin near the end of a series, with fewer years to score, has the same
    weight as any other. Refused rows are counted and not scored, so a comparison of methods is fair only if
    all refused equally often. An origin with a constant history has no scale and is left out of MASE, WIS and
    CRPS. The actual is the value in the series given to `backtest`: today's vintage, not the figure first
    published.

    Parameters
    ----------
    backtest : pandas.DataFrame
        As `backtest` returns it, with additional columns if wanted.
    by : sequence of str
        Columns that define the groups.

    Returns
    -------
    pandas.DataFrame
        Groups x (n: scored rows, refused: refused rows, MASE, sMAPE in percent, WIS and CRPS divided by
        the scale like MASE, coverage_50, coverage_80 and coverage_95 in percent).

    Raises
    ------
    SapaError
        When a column of `by` is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evaluation import accuracy, backtest
    >>> visits = pd.Series([100, 110, 119, 132, 140, 155, 160, 178], index=range(2012, 2020), dtype=float)
    >>> rows = backtest(visits, ["naive", "linear_drift"], horizon=1, min_train=5, n_paths=500, seed=1)
    >>> accuracy(rows)[["n", "MASE", "coverage_80"]].round(2)
                  n  MASE  coverage_80
    method
    naive         3  1.15       100.00
    linear_drift  3  0.61        33.33
    """
    keys = list(dict.fromkeys(by))
    _refuse(_group_problems(keys, list(backtest.columns)))
    refused = backtest["reason"] != ""
    each = list(dict.fromkeys([*keys, "series", "method", "origin"]))
    counts = backtest[each].assign(n=~refused, refused=refused).groupby(keys, sort=False)[["n", "refused"]]
    scored = pd.concat([backtest[each], _row_scores(backtest)], axis=1)
    of_origins = scored.groupby(each, sort=False).mean()
    return counts.sum().join(of_origins.groupby(keys, sort=False).mean())


def _splits(values: pd.Series, horizon: int, min_train: int) -> Iterator[tuple[pd.Series, pd.Series]]:
    """Yield the values up to each origin, and the values with which its forecast is compared."""
    for n in range(min_train, len(values)):
        yield values.iloc[:n].copy(), values.iloc[n : n + horizon]


def _forecast_then(
    past: pd.Series, method: str, *, horizon: int, n_paths: int, seed: int, shock_years: Collection[int]
) -> Forecast:
    """Forecast with the values and shock years known at the origin, and whether the break was over by then.

    The whole horizon is simulated even if fewer years follow, because that number is not known at the origin.
    """
    origin = int(years_of(past)[-1])
    return forecast(
        past,
        method,
        horizon=horizon,
        n_paths=n_paths,
        seed=crc32(f"{seed}/{origin}".encode()),
        shock_years=[year for year in shock_years if year <= origin],
        reopened=run_around(origin, shock_years)[1],
    )


def _score(
    past: pd.Series, after: pd.Series, method: str, ask: Callable[[pd.Series, str], Forecast]
) -> pd.DataFrame:
    """Return the rows of one series, method and origin."""
    origin, years, actual = int(years_of(past)[-1]), years_of(after), after.to_numpy()
    row: dict[str, object] = {"series": past.name, "method": method, "origin": origin, "year": years}
    row |= {"ahead": years - origin, "actual": actual, "scale": scores.mase_scale(past)}
    try:
        result = ask(past, method)
    except SapaError as refusal:
        row |= {"health": "", "reason": str(refusal)} | dict.fromkeys(_MEASURES, np.nan)
    else:
        row |= {"health": ";".join(result.fit_health), "reason": ""}
        row |= _measures(actual, result.paths.to_numpy())
    return pd.DataFrame(row)[list(COLUMNS)]


def _measures(actual: np.ndarray, paths: np.ndarray) -> dict[str, np.ndarray]:
    """Return the quantiles and scores of the years with an actual value."""
    paths = paths[: len(actual)]
    quantiles = np.quantile(paths, scores.LEVELS, axis=1)
    measured = [scores.crps(actual, paths), scores.wis(actual, quantiles.T), scores.pit(actual, paths)]
    return dict(zip(_MEASURES, [*quantiles, *measured], strict=True))


def _row_scores(backtest: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of each row, named as in `accuracy`."""
    actual, median, scale = backtest["actual"], backtest["median"], backtest["scale"]
    found = {
        "MASE": (actual - median).abs() / scale,
        "sMAPE": scores.smape(actual, median),
        "WIS": backtest["wis"] / scale,
        "CRPS": backtest["crps"] / scale,
    }
    for level in _INTERVALS:
        lower, upper = backtest[f"lower_{level}"], backtest[f"upper_{level}"]
        found[f"coverage_{level}"] = 100 * scores.coverage(actual, lower, upper)
    return pd.DataFrame(found, index=backtest.index)


def _problem(what: str, message: str) -> Problem:
    return Problem("backtest", 0, what, message)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise SapaError(problems)


def _method_problems(methods: Sequence[str]) -> Iterator[Problem]:
    known = [*MODELS, "headline"]
    if not methods:
        yield _problem("methods", "none is given")
    for method in dict.fromkeys(methods):
        if method not in known:
            yield _problem("methods", f'"{method}" is unknown; {nearest(method, known)}')
        if list(methods).count(method) > 1:
            yield _problem("methods", f'"{method}" is given more than once')


def _number_problems(**numbers: int) -> Iterator[Problem]:
    for name, value in numbers.items():
        if value < 1:
            yield _problem(name, f"is {value}; wanted at least 1")
        if name == "horizon" and value > MAX_HORIZON:
            yield _problem(name, f"is {value}; wanted at most {MAX_HORIZON}")


def _all_series_problems(by_id: Mapping[str, pd.Series], min_train: int) -> Iterator[Problem]:
    if not by_id:
        yield _problem("series", "none is given")
    for name, values in by_id.items():
        for message in _series_problems(values, min_train):
            yield _problem(f"series {name}", message)


def _series_problems(values: pd.Series, min_train: int) -> Iterator[str]:
    if len(values) <= max(min_train, 1):
        yield f"values of {len(values)} years leave no origin; wanted at least {max(min_train, 1) + 1}"
    if not pd.api.types.is_numeric_dtype(values):
        yield f"values are {values.dtype}; wanted numbers"
    elif not_finite := list(values.index[~np.isfinite(values.to_numpy(dtype=float, na_value=np.nan))]):
        yield f"no finite value in {_listed(not_finite)}"
    if _is_yearly(values.index):
        yield from _year_problems(years_of(values))
    elif len(values):
        yield f"the index is {values.index.dtype}; wanted years, as whole numbers or a yearly PeriodIndex"


def _is_yearly(index: pd.Index) -> bool:
    if isinstance(index, pd.PeriodIndex):
        return index.freqstr.startswith("Y")
    return pd.api.types.is_integer_dtype(index)


def _year_problems(years: np.ndarray) -> Iterator[str]:
    unique, counts = np.unique(years, return_counts=True)
    if (counts > 1).any():
        yield f"more than one value in {_listed(unique[counts > 1])}"
    if (np.diff(years) < 0).any():
        yield "the years are not in ascending order"
    if gaps := sorted(set(range(int(unique[0]), int(unique[-1]))) - set(unique)) if len(unique) else []:
        yield f"no value in {_listed(gaps)}; a backtest needs consecutive years"


def _listed(years: Iterable[object]) -> str:
    return ", ".join(str(year) for year in years)


def _group_problems(keys: list[str], columns: list[str]) -> list[Problem]:
    if not keys:
        return [Problem("accuracy", 0, "by", "is empty; wanted at least one column")]
    unknown = [key for key in keys if key not in columns]
    return [Problem("accuracy", 0, "by", f'"{key}" is no column; {nearest(key, columns)}') for key in unknown]
