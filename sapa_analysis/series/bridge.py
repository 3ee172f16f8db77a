"""Statements about another boundary, used only through a declared bridge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..core import Bridge
from ..evidence import Vintage
from .measurement import read_statements
from .statement import statements_of, traits_of

#: The suffix that distinguishes such a statement from one about the area itself.
BRIDGE = ".bridge"


def read_bridges(
    vintage: Vintage, bridges: Sequence[Bridge], members: Sequence[str], area: str
) -> pd.DataFrame:
    """Return whole-year statements about other areas as statements about this area.

    Each value is multiplied by the factor of its bridge; all statements of a year share the bridge's error.

    Parameters
    ----------
    vintage : Vintage
        What was known, of all areas.
    bridges : sequence of Bridge
        The bridges declared in the parameters.
    members : sequence of str
        Indicators of the family.
    area : str
        The area to which the bridges lead.
    """
    tables = []
    for bridge in bridges:
        if bridge.to != area or bridge.indicator not in members:
            continue
        traits = traits_of(vintage, bridge.indicator)
        known = statements_of(vintage, bridge.indicator, bridge.of)
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
