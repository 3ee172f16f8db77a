"""Sweeps: many scenarios on one set of paths, told as one long table."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from ..core import Array, Forecast, Link, Outcome, SapaError, Target, as_targets, nearest, years_of
from ..scenarios import Scenario, Shape, apply_scenario, distinct_for, grid_scenarios, side_by_side
from ..verdicts import attained_paths

#: Columns of the table, those of `key_results`; one column for each lever of a grid follows.
_COLUMNS = (
    "area", "as_of", "scenario", "indicator", "target", "document", "year", "statistic", "value", "unit",
)  # fmt: skip
#: What is told of a year of an indicator, and the quantile that it is.
_STATISTICS = {"median": 0.5, "lower_80": 0.1, "upper_80": 0.9}


def sweep(
    outcomes: Mapping[str, Outcome],
    grid: Mapping[str, Sequence[float | str]] | Iterable[Scenario],
    *,
    indicators: str | Sequence[str],
    targets: pd.DataFrame | Iterable[Target] | None = None,
    shape: Shape = "step",
    links: Iterable[Link] = (),
    about_relative: float = 0.02,
) -> pd.DataFrame:
    """Return indicators and chances of targets under many scenarios, on the same paths, without a new fit.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    grid : mapping of indicator id to sequence of float or str, or iterable of Scenario
        For each lever factors of an amount or points of a rate, or changes in short form ("+10%"; see
        `scenario`), of which every combination is tried; or scenarios.
    indicators : str or sequence of str
        What is told.
    targets : iterable of Target, or pandas.DataFrame, optional
        Targets whose chance is told. Of those that cannot be judged there is no row.
    shape : {"step", "ramp", "year"}
        In which years the levers of a grid are turned: whole in every year ahead; growing linearly to the
        last; in the last only.
    links : iterable of Link, optional
        As in `apply_scenario`, such as `params.links`.
    about_relative : float
        Half width of `about` for amounts, as a share of the target's value.

    Returns
    -------
    pandas.DataFrame
        One row per number: area, as_of, scenario, indicator, target, document, year, statistic (median,
        lower_80, upper_80; beyond, the share of the baseline paths at or beyond the median, seen from theirs:
        0 lies outside all paths; of a target probability), value, unit. Of a grid, each lever has a column
        more, with its factor, points or text.

    Raises
    ------
    SapaError
        When an indicator has no forecast or a scenario does not hold.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=2, n_paths=2_000, seed=1)}
    >>> goal = {"id": "plan", "indicator_id": "visits", "area": "town", "measure": "level", "end": 2021,
    ...         "sense": "at_least", "value": 160.0, "unit": "visits"}
    >>> table = sapa.sweep(base, {"visits": [1.0, 1.1, 1.2]}, indicators="visits",
    ...                    targets=pd.DataFrame([goal]))
    >>> table.loc[table["statistic"] == "probability", ["scenario", "year", "value", "visits"]].round(2)
            scenario  year  value  visits
    24    visits x 1  2021   0.43     1.0
    25  visits x 1.1  2021   0.80     1.1
    26  visits x 1.2  2021   0.92     1.2
    """
    names = [indicators] if isinstance(indicators, str) else list(indicators)
    levers = dict(grid) if isinstance(grid, Mapping) else {}
    scenarios = grid_scenarios(outcomes, levers, shape=shape) if isinstance(grid, Mapping) else _named(grid)
    _check(outcomes, names, scenarios)
    wanted = [] if targets is None else as_targets(targets)
    followed = tuple(links)
    judged = [target for target in wanted if isinstance(outcomes.get(target.indicator_id), Forecast)]
    found = [
        frame
        for name in dict.fromkeys([*names, *(target.indicator_id for target in judged)])
        for frame in _swept(
            outcomes,
            name,
            list(scenarios.values()),
            links=followed,
            told=name in names,
            targets=[target for target in judged if target.indicator_id == name],
            about_relative=about_relative,
        )
    ]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(_COLUMNS))
    points = pd.DataFrame(list(product(*levers.values())), columns=list(levers), index=list(scenarios))
    return table.join(points.infer_objects(), on="scenario") if levers else table


def _named(scenarios: Iterable[Scenario]) -> dict[str, Scenario]:
    found: dict[str, Scenario] = {}
    for scenario in scenarios:
        if scenario.name in found:
            raise SapaError(f'two scenarios are called "{scenario.name}"')
        found[scenario.name] = scenario
    return found


def _check(outcomes: Mapping[str, Outcome], names: Sequence[str], scenarios: Mapping[str, Scenario]) -> None:
    """Raise if an indicator has no forecast, or a scenario does not hold in one of the forecasts."""
    fans = {name: fan for name, fan in outcomes.items() if isinstance(fan, Forecast)}
    if unknown := [name for name in names if name not in fans]:
        raise SapaError(f'"{unknown[0]}" is not forecast; {nearest(unknown[0], fans)}')
    tried = set[Hashable]()
    for scenario in scenarios.values():
        # how far bold changes go is not asked, so of those of the same years one tells for all
        turned = {(part.indicator, part.effect, tuple(part.values)) for part in scenario.adjustments}
        bold = all(part.bold for part in scenario.adjustments)
        same = (scenario.area, scenario.judged_on, frozenset(turned), None if bold else scenario.name)
        if same not in tried:
            tried.add(same)
            apply_scenario({part[0]: fans[part[0]] for part in turned if part[0] in fans}, scenario)


def _swept(
    outcomes: Mapping[str, Outcome],
    name: str,
    scenarios: Sequence[Scenario],
    *,
    links: Sequence[Link],
    told: bool,
    targets: list[Target],
    about_relative: float,
) -> list[pd.DataFrame]:
    """Return the rows of one indicator, and of its targets, under all scenarios."""
    fan = outcomes[name]
    assert isinstance(fan, Forecast)
    differing, which = distinct_for(fan, scenarios, outcomes=outcomes, links=links)
    quantiles, chances = [], []
    for wide in side_by_side(fan, differing, outcomes=outcomes, links=links):
        n = wide.paths.shape[1] // fan.paths.shape[1]
        if told:
            quantiles.append(_quantiles(wide.paths.to_numpy(), n))
        if targets:
            chances.append(_chances(wide, targets, n, about_relative))
    names = [scenario.name for scenario in scenarios]
    frames = []
    if told:
        values = np.concatenate(quantiles, axis=1)[:, which]  # statistics x scenarios x years
        frames.append(_level_rows(fan, names, values))
    if targets:
        table = pd.concat(chances, ignore_index=True).iloc[which]
        frames += [_target_rows(fan, names, one, table[one.id]) for one in targets if one.id in table]
    return frames


def _quantiles(paths: Array, n: int) -> Array:
    """Return the told quantiles of n scenarios side by side: statistics x scenarios x years."""
    years = paths.reshape(len(paths), n, -1)
    return np.swapaxes(np.quantile(years, list(_STATISTICS.values()), axis=-1), 1, 2)


def _chances(wide: Forecast, targets: list[Target], n: int, about_relative: float) -> pd.DataFrame:
    """Return the share of the paths of each of n scenarios that attain each target."""
    first = min(min(target.start or target.end, target.end) for target in targets) - 1
    past = wide.observed.draws  # older years would only be copied n times
    known = replace(wide.observed, draws=past[years_of(past) >= first])
    wide = replace(wide, observed=known)
    attained = attained_paths({wide.observed.indicator_id: wide}, targets, about_relative=about_relative)
    found = {name: attained[name].to_numpy().reshape(n, -1).mean(axis=1) for name in attained}
    return pd.DataFrame(found, index=range(n))


def _level_rows(fan: Forecast, names: Sequence[str], values: Array) -> pd.DataFrame:
    values = np.concatenate([values, _beyond(fan, values[0])[None]])
    years, statistics = years_of(fan.paths), [*_STATISTICS, "beyond"]
    each, told = len(years) * len(statistics), len(names)
    rows: dict[str, Any] = {
        "scenario": np.repeat(np.array(names, dtype=object), each),
        "year": np.tile(np.repeat(years, len(statistics)), told),
        "statistic": np.tile(np.array(statistics, dtype=object), told * len(years)),
        "value": values.transpose(1, 2, 0).ravel(),
        "unit": np.tile(np.array([*[fan.observed.unit] * len(_STATISTICS), "share"]), told * len(years)),
    }
    return _table(fan, rows, target="", document="")


def _beyond(fan: Forecast, medians: Array) -> Array:
    """Return the share of the baseline paths at or beyond medians: scenarios x years, seen from theirs."""
    paths = np.sort(fan.paths.to_numpy(), axis=1)
    found = np.empty_like(medians)
    for year, (own, levels) in enumerate(zip(paths, medians.T, strict=True)):
        above, below = (own.searchsorted(levels, side) for side in ("left", "right"))
        found[:, year] = np.where(levels >= np.median(own), len(own) - above, below) / len(own)
    return found


def _target_rows(fan: Forecast, names: Sequence[str], target: Target, chances: pd.Series) -> pd.DataFrame:
    rows = {
        "scenario": list(names),
        "year": target.end,
        "statistic": "probability",
        "value": chances.to_numpy(),
    }
    return _table(fan, rows, target=target.id, document=target.document, unit="probability")


def _table(fan: Forecast, rows: Mapping[str, Any], **same: str) -> pd.DataFrame:
    known = fan.observed
    about = {"area": known.area, "as_of": str(known.as_of or ""), "indicator": known.indicator_id, **same}
    return pd.DataFrame({**rows, **about}, columns=list(_COLUMNS))
