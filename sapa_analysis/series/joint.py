"""Joint estimation of all series of a family in an area and the areas it lies in.

The primary quantities of a family (arrivals and spend per visit; output and population) are components of one
system, in constant prices. A derived quantity (revenue, output per head) is a formula of them, linearized
around the last result. A component of an area follows that of the area it lies in, with a premium.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from zlib import crc32

import numpy as np
import pandas as pd

from ..core import Bridge, NoEvidenceError, Premium, YearlySeries, last_year_ended
from .bridge import read_bridges
from .family import Family
from .plan import PLAN, read_plans
from .prices import PRICES_NEEDED, consumer_prices, log_prices
from .solution import Solved
from .system import Name, System, components_of, leading, name_components, read_all, solve, within

#: Largest number of years before the origin in a system: older statements say little about today.
_SPAN = 30


def build_joint(
    evidence: pd.DataFrame,
    family: Family,
    *,
    areas: Sequence[str],
    as_of: date | None,
    shock_years: Collection[int],
    indicators: pd.DataFrame,
    covariates: pd.DataFrame,
    premiums: Mapping[str, Premium],
    districts: Collection[str] = (),
    bridges: Sequence[Bridge] = (),
    targets: pd.DataFrame | None = None,
    plans_inform: Collection[str] = (),
    n_draws: int = 2_000,
    seed: int = 0,
) -> dict[Name, YearlySeries]:
    """Return the yearly values of all members of a family in an area and those it lies in, jointly.

    Parameters
    ----------
    evidence : pandas.DataFrame
        Observations (the columns of `core.Observations`).
    family : Family
        As `find_family` returns it.
    areas : sequence of str
        An area and those it lies in: the widest first, the requested area last.
    as_of : date or None
        The day whose knowledge counts.
    shock_years : collection of int
        Years that are not normal.
    indicators, covariates : pandas.DataFrame
        As loaded.
    premiums : mapping of indicator id to Premium
        How an area's primary quantity follows that of the area it lies in.
    districts : collection of str
        Areas whose own way of measuring growth needs a bridge.
    bridges : sequence of Bridge
        Bridges through which statements of other boundaries inform the last area.
    targets : pandas.DataFrame, optional
        As `load_targets` returns them: the yearly plans among them.
    plans_inform : collection of str
        Primary quantities that the plan of a year informs; see `plan.read_plans`.
    n_draws : int
        Joint draws; draw k belongs to path k.
    seed : int
        Same seed, same draws.

    Returns
    -------
    dict
        By indicator and area; only those series that the statements determine.

    Raises
    ------
    NoEvidenceError
        When nothing of the family was published for the last of the areas by then.
    """
    statements = read_all(evidence, family, areas, as_of, shock_years, indicators, covariates)
    areas = leading(statements, family, areas)
    statements = statements[statements["area"].isin(areas)]
    planned = set(plans_inform) & set(family.primaries)
    if targets is not None and planned:
        known = targets[targets["area"].isin(areas)]
        statements = pd.concat([statements, read_plans(known, statements, planned, as_of=as_of)])
    across = read_bridges(
        evidence, bridges, family.members, area=areas[-1], as_of=as_of, indicators=indicators
    )
    statements = pd.concat([statements, across], ignore_index=True)
    own = statements[(statements["area"] == areas[-1]) & (statements["form"] != "none")]
    if own.empty:
        raise NoEvidenceError(f"no figure of {', '.join(family.primaries)} for {areas[-1]} by {as_of}", 0)
    origin = int(own["year"].max()) if as_of is None else last_year_ended(as_of)
    ahead = own["indicator_id"].str.endswith(PLAN) & (own["year"] == origin + 1)
    first = int(np.clip(own["first"].min(), origin - _SPAN, origin - 1))
    years = np.arange(first, origin + 1 + int(ahead.any()), dtype=np.int64)
    prices = consumer_prices(covariates, as_of=as_of)
    logs = np.zeros(len(years))
    if len(prices) >= PRICES_NEEDED:
        logs = log_prices(prices, years) - log_prices(prices, [origin])
    used = within(statements, years)
    system = System(family, tuple(areas), years, indicators, logs, used, name_components(family, areas, used))
    components = components_of(system, premiums, districts)
    law, state, measured = solve(system, components, shock_years)
    rng = np.random.default_rng([seed, crc32("/".join([*family.primaries, *areas]).encode())])
    draws = law.draws(n_draws, rng).reshape(len(components), len(years), n_draws)
    drawn = {area: system.values(area, draws) for area in areas}
    solved = Solved(system, statements, law, state, measured, drawn, as_of, origin)
    members = [(member, area) for area in areas for member in family.members]
    found = {name: solved.series(name) for name in members}
    return {name: series for name, series in found.items() if series is not None}
