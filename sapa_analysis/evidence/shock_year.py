"""Shock years of an indicator: those of the chosen years that broke it.

Which years are shocks at all is chosen in the parameters; what each of them broke stands in `broke` of
`indicators.csv`, with its reason. A year that no indicator names is new: it breaks what has broken before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

import pandas as pd

from ..core import SapaError

#: A year, or a first and a last one.
_SPAN = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")
#: Years that may break a series, as in the parameters.
_FIRST, _LAST = 1900, 2100


@cache
def read_years(text: str) -> tuple[int, ...]:
    """Return the years of a text such as 2020-2022 or 2020-2021;2024; none of a blank one.

    Raises
    ------
    SapaError
        When it holds anything else, or years that do not rise.
    """
    years: list[int] = []
    for span in text.split(";") if text else ():
        found = _SPAN.fullmatch(span)
        if found is None:
            raise SapaError(f'"{text}" are no years; write 2020, 2020-2022 or 2020-2021;2024')
        first, last = int(found[1]), int(found[2] or found[1])
        if not max([_FIRST - 1, *years]) < first <= last <= _LAST:
            raise SapaError(f'"{text}" does not rise from {_FIRST} to {_LAST}; write the earlier year first')
        years += range(first, last + 1)
    return tuple(years)


def shock_years_of(indicators: pd.DataFrame, indicator: str, chosen: Iterable[int]) -> tuple[int, ...]:
    """Return those of the chosen shock years that broke an indicator; see `Vintage.shock_years`.

    A catalogue without the column says nothing of breaks: every chosen year counts.
    """
    if "broke" not in indicators:
        return tuple(chosen)
    own, texts = read_years(indicators.at[indicator, "broke"]), indicators["broke"].unique()
    named = {year for text in texts for year in read_years(text)}
    return tuple(year for year in chosen if year in own or (own and year not in named))


def shock_steps(steps: pd.DataFrame, indicators: pd.DataFrame, chosen: Collection[int]) -> pd.Series:
    """Return which steps (indicator_id, first, year) lead into or out of a shock year of their indicator."""
    own = {name: set(shock_years_of(indicators, name, chosen)) for name in steps["indicator_id"].unique()}
    ends = zip(steps["indicator_id"], steps["first"], steps["year"], strict=True)
    return pd.Series([bool(own[name] & {first, year}) for name, first, year in ends], steps.index, dtype=bool)
