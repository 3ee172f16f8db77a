"""Application of scenarios to paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..core import (
    Forecast,
    Link,
    NotAssessed,
    Outcome,
    SapaError,
    YearlySeries,
    project_root,
)
from ..forecasting import Closed, derive_forecast, recompute
from .adjustment import Adjustment, Scenario
from .anchor import does_not_hold, simulated
from .lever import hint, known_indicators
from .link import follow, stated_years
from .path_change import adjusted

#: The scenario with which all others are compared.
BASELINE = "base"


def apply_scenario(
    outcomes: Mapping[str, Outcome], scenario: Scenario, *, links: Iterable[Link] = ()
) -> dict[str, Outcome]:
    """Return the same paths under the assumptions of a scenario.

    Adjustments apply in the order in which they are written, in the years they name; every other year and
    indicator stays identical, bit for bit (after a change of growth, later years move with it). Years after
    the origin count from the last year that had ended, and in the running one only the part that is left
    changes. Adjusted values are kept within the physical bounds of their scale, and quantities derived from
    them are recomputed in every path.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    scenario : Scenario
        The assumptions.
    links : iterable of Link, optional
        What follows another quantity after the adjustments, such as `params.links`; see `follow`. A year for
        which the scenario states what follows (a level, a share of a past year, a growth) stays as stated.

    Returns
    -------
    dict
        As `outcomes`; an indicator without a forecast has none under a scenario either.

    Raises
    ------
    SapaError
        When the scenario does not hold here (`does_not_hold` says why), names an unknown indicator or a
        derived quantity, or sets shares of a whole that cannot sum to 100.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)}
    >>> road = sapa.scenario("a new road", visits={2021: "+20"})
    >>> changed = sapa.apply_scenario(base, road)["visits"]
    >>> (changed.paths - base["visits"].paths).median(axis=1).round(6).tolist()
    [0.0, 20.0]
    """
    if why := does_not_hold(outcomes, scenario):
        raise SapaError(f"scenario {scenario.name} does not hold here: {why}")
    _check_names(outcomes, scenario)
    moved = {
        indicator: outcome
        if isinstance(outcome, NotAssessed)
        else recompute(outcome, lambda fan: _changed(fan, scenario))
        for indicator, outcome in outcomes.items()
    }
    return follow(outcomes, moved, links, stated=stated_years(outcomes, scenario))


def _check_names(outcomes: Mapping[str, Outcome], scenario: Scenario) -> None:
    """Refuse an indicator that nobody knows; one that is known and not among the outcomes is left alone."""
    here = set(simulated(outcomes)) | set(outcomes)
    named = dict.fromkeys(part.indicator for part in scenario.adjustments)
    absent = [name for name in named if name not in here]
    if not absent:
        return
    known = _indicators_at_hand()
    unknown = [
        f'"{name}" is unknown; {hint(name, known, here)}'
        for name in absent
        if known is None or name not in known.index
    ]
    if unknown:
        raise SapaError(f"scenario {scenario.name}: {'; '.join(unknown)}")


def _indicators_at_hand() -> pd.DataFrame | None:
    """Return the indicators of the project at hand; None where the package is used outside of any."""
    try:
        project_root()
    except SapaError:
        return None
    return known_indicators()


def _changed(fan: Forecast, scenario: Scenario) -> Forecast | None:
    """Return an adjusted quantity or share of a whole; None for a quantity that follows from its parts."""
    own = fan.observed.indicator_id
    adjustments = [part for part in scenario.adjustments if part.indicator == own]
    if own in fan.parts:
        return _closed(fan, scenario)
    if fan.parts and adjustments:
        raise SapaError(
            f"scenario {scenario.name}: {own} follows from {', '.join(fan.parts)}; adjust one of these"
        )
    if fan.parts:
        return None
    paths, without_shocks = (
        None if values is None else adjusted(values, adjustments, fan.observed)
        for values in (fan.paths, fan.without_shocks)
    )
    assert paths is not None
    return replace(fan, paths=paths, without_shocks=without_shocks, scenario=scenario.name)


def _closed(fan: Forecast, scenario: Scenario) -> Forecast:
    """Return a share of a whole: adjusted shares are kept, the others divide the remainder."""
    said = {name: [part for part in scenario.adjustments if part.indicator == name] for name in fan.parts}
    if any(said.values()):
        past = {name: part.observed for name, part in fan.parts.items()}
        held = _Held(fan.observed.indicator_id, said, past, scenario.name)
        fan = derive_forecast(fan.observed, fan.parts, held)
    return replace(fan, scenario=scenario.name)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """One of several shares of a whole of which some are adjusted: these are kept, the others give way."""

    name: str
    said: Mapping[str, Sequence[Adjustment]]
    past: Mapping[str, YearlySeries]
    scenario: str

    def __call__(self, raw: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        shares = {name: Closed(name)(raw) for name in raw}
        held = {
            name: adjusted(shares[name], said, self.past[name]) for name, said in self.said.items() if said
        }
        taken = np.sum([frame.to_numpy() for frame in held.values()], axis=0)
        if (taken > 100).any() or (len(held) == len(raw) and not np.allclose(taken, 100)):
            raise SapaError(f"scenario {self.scenario}: {' and '.join(held)} cannot sum to 100 in every path")
        free = np.sum([frame.to_numpy() for name, frame in shares.items() if name not in held], axis=0)
        return held[self.name] if self.name in held else shares[self.name] * ((100 - taken) / free)
