"""Conversion of a plain yearly series into a `YearlySeries`, or refusal with every problem."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pandas as pd

from ..core import SCALES, SapaError, YearlySeries, yearly_index

#: Only the last century of a yearly series is used: earlier years say little of today.
MAX_YEARS = 100
#: Amounts with a larger ratio of maximum to minimum are not steady growth: they are modelled as levels.
_MOST_SPAN = 1e12
#: Largest magnitude; below it, squares and their ratios stay finite once values are divided by the largest.
_MOST = 1e290
#: Significant digits of a value that its random streams depend on, and a factor that makes round values none.
_DIGITS, _OFF_ROUND = 9, np.pi


def exact_series(values: pd.Series, *, unit: str = "") -> YearlySeries:
    """Convert a plain series to a `YearlySeries` with exact values.

    Parameters
    ----------
    values : pandas.Series
        Years (yearly PeriodIndex, dates, or whole numbers, ascending) x values. Years that are missing or
        NaN between others are interpolated on the scale of the model, and do not count as observed; only the
        last 100 years are used.
    unit : str
        Their unit, for words and axes.

    Returns
    -------
    YearlySeries
        On logs if all values are above zero and their ratios below 1e12, else on their own scale.

    Raises
    ------
    SapaError
        With every problem: no value, infinite or too large values, an index that is not ascending years.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.forecasting import exact_series
    >>> known = exact_series(pd.Series({2019: 100.0, 2021: 144.0}, name="visits"))
    >>> known.table[["estimate", "basis"]].round(1)
          estimate         basis
    year
    2019     100.0          year
    2020     120.0  interpolated
    2021     144.0          year
    >>> known.observed_years
    [2019, 2021]
    """
    problems = _problems(values)
    if problems:
        raise SapaError(f"the series cannot be forecast: {'; '.join(problems)}")
    years = _years(values.index)
    figures = pd.Series(values.to_numpy(dtype=float), index=years).dropna()
    figures = figures[figures.index > figures.index[-1] - MAX_YEARS]
    every = np.arange(figures.index[0], figures.index[-1] + 1)
    scale = SCALES["log" if figures.min() > 0 and figures.max() < figures.min() * _MOST_SPAN else "level"]
    path = scale.to_unit(np.interp(every, figures.index, scale.to_model(figures)))
    own = np.isin(every, figures.index)
    path[own] = figures
    table = pd.DataFrame(
        {
            "estimate": path,
            "sd": 0.0,
            **dict.fromkeys(["lower_80", "upper_80", "lower_95", "upper_95"], path),
            "n_observations": own.astype(int),
            "basis": np.where(own, "year", "interpolated"),
            "best": np.where(own, path, np.nan),
        },
        index=yearly_index(every),
    )
    draws = table[["estimate"]].set_axis([0], axis=1)
    name, digest = str(values.name or "series"), "" if values.name else _digest(figures)
    nothing = pd.DataFrame()
    return YearlySeries(name, "", unit, scale.name, None, table, nothing, draws, digest=digest)


def yearly_series(series: YearlySeries | pd.Series, unit: str = "") -> YearlySeries:
    """Return a series as it is, a plain one as exact; `unit` is that of a plain one.

    Raises
    ------
    SapaError
        As `exact_series`; or when the series has another unit.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.forecasting.plain_series import yearly_series
    >>> yearly_series(pd.Series({2019: 100.0, 2021: 144.0}, name="pots"), "pots")
    <YearlySeries pots [pots]: 2019 to 2021, 2 years with a figure, all that was published>
    """
    if not isinstance(series, YearlySeries):
        return exact_series(series, unit=unit)
    if unit not in ("", series.unit):
        raise SapaError(f'the series has unit "{series.unit}"; wanted that or none, found "{unit}"')
    return series


def _digest(figures: pd.Series) -> str:
    """Return a short name of years and values: another for another series, the same in any unit."""
    largest = figures.abs().max()
    # round numbers, where another unit may be rounded the other way, lie nowhere near half a digit
    shares = _OFF_ROUND * figures / largest if largest else figures
    lines = [f"{year} {share:.{_DIGITS}g}" for year, share in shares.items()]
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def _problems(values: pd.Series) -> list[str]:
    if not isinstance(values, pd.Series):
        return [f"found {type(values).__name__}; wanted a pandas.Series of years x values"]
    problems = _problems_of_index(values.index) if len(values) else []
    kinds = pd.api.types
    if not kinds.is_numeric_dtype(values) or kinds.is_complex_dtype(values) or kinds.is_bool_dtype(values):
        return [*problems, f"values are {values.dtype}; wanted numbers"]
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(numbers).all():
        problems.append("it has no value; wanted one or more")
    over = np.abs(numbers) > _MOST
    if over.any():
        named = ", ".join(
            f"{number:g} ({year})" for number, year in zip(numbers[over], values.index[over], strict=True)
        )
        problems.append(f"values beyond {_MOST:g}: {named}")
    return problems


def _problems_of_index(index: pd.Index) -> list[str]:
    if isinstance(index, pd.PeriodIndex) and not index.freqstr.startswith("Y"):
        return [f"the index holds periods of {index.freqstr}; wanted years (2019, 2020, ...)"]
    strange = [str(label) for label in index if not _is_year(label)]
    if strange or isinstance(index, pd.MultiIndex):
        return [f"the index holds {', '.join(strange or map(str, index))}; wanted years (2019, 2020, ...)"]
    years = _years(index)
    steps = np.diff(years)
    problems = [f"repeated year {year}" for year in years[1:][steps == 0]]
    return problems + [f"unsorted year {year}" for year in years[1:][steps < 0]]


def _is_year(label: object) -> bool:
    """Return whether a label of an index is a date, a period, or a whole number from 1 to 9999."""
    if isinstance(label, (pd.Period, pd.Timestamp)):
        return True
    whole = isinstance(label, (int, float, np.integer, np.floating)) and not isinstance(label, bool)
    return whole and 0 < label < 10_000 and label == int(label)  # type: ignore[operator,call-overload]


def _years(index: pd.Index) -> np.ndarray:
    if isinstance(index, (pd.PeriodIndex, pd.DatetimeIndex)):
        return np.asarray(index.year, dtype=np.int64)
    return np.asarray(index, dtype=np.int64)
