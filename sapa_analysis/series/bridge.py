"""Statements about another boundary, used only through a declared bridge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from ..core import Bridge
from .measurement import read_statements
from .statement import known_statements, traits_of

#: The suffix that distinguishes such a statement from one about the area itself.
BRIDGE = ".bridge"


def read_bridges(
    evidence: pd.DataFrame,
    bridges: Sequence[Bridge],
    members: Sequence[str],
    *,
    area: str,
    as_of: date | None,
    indicators: pd.DataFrame,
) -> pd.DataFrame:
    """Return whole-year statements about other areas as statements about this area.

    Each value is multiplied by the factor of its bridge; all statements of a year share the bridge's error.

    Parameters
    ----------
    evidence : pandas.DataFrame
        Observations of all areas.
    bridges : sequence of Bridge
        The bridges declared in the parameters.
    members : sequence of str
        Indicators of the family.
    area : str
        The area to which the bridges lead.
    as_of : datetime.date or None
        The day whose knowledge counts.
    indicators : pandas.DataFrame
        As loaded.
    """
    tables = []
    for bridge in bridges:
        if bridge.to != area or bridge.indicator not in members:
            continue
        traits = traits_of(evidence, bridge.indicator, indicators)
        known = known_statements(evidence, bridge.indicator, bridge.of, as_of, indicators, own=False)
        known = known[(known["freq"] == "A") & (known["indicator_id"] == bridge.indicator)]
        if known.empty:
            continue
        read = read_statements(known, traits, None, given=True)
        name = bridge.indicator + BRIDGE
        tables.append(
            read.assign(
                indicator_id=name,
                member=bridge.indicator,
                area=area,
                basis="",
                reading=read["reading"] + np.log(bridge.factor),
                shared_sd=bridge.sd,
                sd=np.hypot(read["own_sd"], bridge.sd),
                cause=[f"{name}/{year}" for year in read["year"]],
            )
        )
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
