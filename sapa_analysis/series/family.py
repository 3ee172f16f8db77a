"""Families: indicators that are tied by formulas or growth rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd

from ..core import Formula, in_order, parse_formula


@dataclass(frozen=True)
class Family:
    """Indicators tied by formulas: primary quantities, derived quantities and growth rates.

    Attributes
    ----------
    primaries : tuple of str
        Ids of what is estimated itself.
    formulas : mapping of str to Formula
        How each derived quantity is computed, by its id.
    growth_of : mapping of str to str
        The amount of which a rate is the yearly growth, by the id of the rate.
    """

    primaries: tuple[str, ...]
    formulas: Mapping[str, Formula]
    growth_of: Mapping[str, str]

    @cached_property
    def members(self) -> tuple[str, ...]:
        """All members, growth rates last."""
        return (*self.primaries, *in_order(self.formulas), *self.growth_of)


def find_family(indicator: str, indicators: pd.DataFrame) -> Family:
    """Return the family of an indicator: all indicators tied to it by formulas or growth rates.

    Parameters
    ----------
    indicator : str
        The id of the indicator.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import load_indicators
    >>> from sapa_analysis.series import find_family
    >>> family = find_family("grdp_per_capita", load_indicators(project_root() / "data"))
    >>> family.primaries, family.growth_of
    (('grdp', 'population'), {'grdp_growth': 'grdp'})
    """
    columns = (indicators.index, indicators["formula"], indicators["growth_of"])
    names, formulas, growth = (tuple(map(str, column.tolist())) for column in columns)
    return _found(indicator, names, formulas, growth)


@lru_cache(maxsize=256)
def _found(
    indicator: str, names: tuple[str, ...], texts: tuple[str, ...], growth_of: tuple[str, ...]
) -> Family:
    """Return the family of an indicator, given the columns of the catalogue."""
    formulas = {name: parse_formula(text) for name, text in zip(names, texts, strict=True) if text}
    growth = {name: of for name, of in zip(names, growth_of, strict=True) if of}
    links = [(name, part) for name, formula in formulas.items() for part in formula.names]
    links += list(growth.items())
    found = {indicator}
    while more := {name for link in links if found & set(link) for name in link} - found:
        found |= more
    derived = {name: formulas[name] for name in names if name in found and name in formulas}
    rates = {name: of for name, of in growth.items() if name in found}
    primaries = [name for name in names if name in found and name not in {*derived, *rates}]
    return Family(tuple(primaries), derived, rates)
