"""What a workbook is written from and checked against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ...core import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class Tables:
    """The tables of a project that a workbook of its office speaks of.

    Attributes
    ----------
    evidence, indicators, areas, documents : pandas.DataFrame
        As the loaders of the same names return them.
    targets : sequence of Target
        All targets; a workbook shows those of its area.
    area : str
        The area: an id of `areas.csv`.
    """

    evidence: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    documents: pd.DataFrame
    targets: Sequence[Target]
    area: str
