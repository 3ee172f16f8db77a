"""Weighted scenarios together: each path follows one of them, as often as its weight says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..core import Forecast, Link, Outcome, SapaError, stream
from .adjustment import Scenario
from .effect import apply_scenario

#: The name of what several scenarios give together.
MIXTURE = "mixture"
#: Room for the rounding of weights that sum to one.
_ROUNDING = 1e-9


def combine_scenarios(
    outcomes: Mapping[str, Outcome],
    scenarios: Iterable[Scenario],
    *,
    seed: int = 0,
    links: Sequence[Link] = (),
) -> dict[str, Outcome]:
    """Return the paths of several weighted scenarios: each path follows one, the others the baseline.

    The number of paths of each scenario is its weight to the nearest path; which they are is drawn. All
    indicators of a path follow the same scenario, so what is computed from others stays so.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    scenarios : iterable of Scenario
        Each with a weight; they sum to at most one, the rest is the baseline.
    seed : int
        Of the draw.
    links : sequence of Link
        As in `apply_scenario`.

    Raises
    ------
    SapaError
        With every scenario that has no weight; when weights sum to more than one; when one does not hold.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=1, n_paths=1_000, seed=1)}
    >>> wave = sapa.scenario("another wave", visits={2020: "-40%"}, weight=0.1)
    >>> crowd = sapa.scenario("a new road", visits={2020: "+15%"}, weight=0.25)
    >>> mixed = sapa.scenarios.combine_scenarios(base, [wave, crowd])["visits"]
    >>> (mixed.paths / base["visits"].paths).round(2).iloc[0].value_counts().to_dict()
    {1.0: 650, 1.15: 250, 0.6: 100}
    """
    chosen = list(scenarios)
    weights = _weights(chosen)
    under = [dict(outcomes), *(apply_scenario(outcomes, each, links=links) for each in chosen)]
    names = "+".join(each.name for each in chosen)
    found = dict(outcomes)
    for indicator, outcome in outcomes.items():
        fans = [each[indicator] for each in under]
        if isinstance(outcome, Forecast) and all(isinstance(fan, Forecast) for fan in fans):
            whose = _whose(weights, outcome.paths.shape[1], seed, names)
            found[indicator] = _mixed([fan for fan in fans if isinstance(fan, Forecast)], whose)
    return found


def _weights(scenarios: Sequence[Scenario]) -> list[float]:
    """Return the weights, that of the baseline first."""
    problems = [f"scenario {each.name} has no weight" for each in scenarios if each.weight is None]
    names = [each.name for each in scenarios]
    problems += [f"scenario {name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    weights = [each.weight or 0.0 for each in scenarios]
    if sum(weights) > 1 + _ROUNDING:
        problems.append(f"the weights sum to {sum(weights):g}; wanted at most 1")
    if problems:
        raise SapaError("; ".join(problems))
    return [max(1 - sum(weights), 0.0), *weights]


def _whose(weights: Sequence[float], n_paths: int, seed: int, names: str) -> np.ndarray:
    """Return the place of the scenario that each path follows; counts are the weights to the nearest path."""
    wanted = np.array(weights) * n_paths
    counts = np.floor(wanted + _ROUNDING).astype(int)
    missing = n_paths - counts.sum()
    counts[np.argsort(counts - wanted, kind="stable")[:missing]] += 1
    places = np.repeat(np.arange(len(counts)), counts)
    return stream(seed, MIXTURE, "", names).permutation(places)


def _mixed(fans: Sequence[Forecast], whose: np.ndarray) -> Forecast:
    """Return a forecast of which each path is that of one of several, with what it is computed from."""
    first = fans[0]
    quiet = [fan.without_shocks for fan in fans if fan.without_shocks is not None]
    return replace(
        first,
        paths=_picked([fan.paths for fan in fans], whose),
        without_shocks=_picked(quiet, whose) if len(quiet) == len(fans) else None,
        parts={name: _mixed([fan.parts[name] for fan in fans], whose) for name in first.parts},
        rule=None if first.rule is None else _MixedRule(tuple(fans), whose),
        scenario=MIXTURE,
    )


def _picked(tables: Sequence[pd.DataFrame], whose: np.ndarray) -> pd.DataFrame:
    stacked = np.stack([table.to_numpy() for table in tables])
    return pd.DataFrame(
        stacked[whose, :, np.arange(len(whose))].T, index=tables[0].index, columns=tables[0].columns
    )


@dataclass(frozen=True, slots=True, eq=False)
class _MixedRule:
    """How a mixed forecast follows from its parts: each path by the rule of its scenario."""

    fans: tuple[Forecast, ...]
    whose: np.ndarray

    def __call__(self, raw: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        tables = [fan.rule(raw) for fan in self.fans if fan.rule is not None]
        return _picked(tables, self.whose)
