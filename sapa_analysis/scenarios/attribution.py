"""Causes of a gap and of a difference: volume and price, and the adjustments of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from ..core import Array, Forecast, Link, Outcome, SapaError, Target, nearest, years_of
from .adjustment import Scenario
from .anchor import does_not_hold, simulated
from .effect import BASELINE, apply_scenario
from .shapley import fair_shares

#: Share of the paths around the median from which its parts are read, by a straight line through them.
_AROUND = 0.2
#: By how much the amount over volume times price may differ between paths, as a share: rounding.
_SAME = 1e-9
_GAP = ["part", "kind", "value", "lower_80", "upper_80", "unit", "wanted", "wanted_by"]
_CAUSE = ["scenario", "indicator", "year", "part", "kind", "of", "value", "lower_80", "upper_80", "unit"]


def split_gap(
    outcomes: Mapping[str, Outcome],
    target: Target,
    *,
    volume: str,
    price: str,
    wanted: Mapping[str, float] | Iterable[Target] | None = None,
) -> pd.DataFrame:
    """Split the gap between the forecast and a target for an amount into volume and price.

    In every path the gap is split by the logarithmic mean Divisia index (Ang 2004, Energy Policy 32): the
    parts sum to the gap, and do not depend on which is taken first.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        Those of the amount, the volume and the price.
    target : Target
        A level of the amount, with one value.
    volume, price : str
        Indicators whose product is the amount, but for a constant factor.
    wanted : mapping of indicator id to level, or iterable of Target, optional
        The volume (or else the price) that belongs to the target; of targets, a level in the same year, that
        of the same document first. The other one follows. Without either, both grow in equal proportion.

    Returns
    -------
    pandas.DataFrame
        Four rows: `forecast` and `target` (kind `level`), between them volume and price (kind `part`).
        Columns: part, kind, value, lower_80, upper_80 (80 % of the paths), unit (of the amount), wanted (the
        level of volume and price that belongs to the target), wanted_by (id of the target that states it,
        `given`, `equal`, `follows` or `none`). `value` of a part is what it is where the amount is at its
        median, so that forecast, volume and price sum to the target.

    Raises
    ------
    SapaError
        When the target is of another kind, an indicator has no forecast of its year, values are not above
        zero, or the amount is not volume times price.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> known = {"visits": [100.0, 110, 119, 132, 140], "spend": [2.0, 2.1, 2.2, 2.2, 2.3]}
    >>> series = {name: pd.Series(said, index=range(2015, 2020), name=name) for name, said in known.items()}
    >>> fans = {name: sapa.forecast(each, horizon=2, n_paths=400, seed=1) for name, each in series.items()}
    >>> revenue = sapa.forecasting.exact_series((series["visits"] * series["spend"]).rename("revenue"))
    >>> product = lambda at: at["visits"] * at["spend"]
    >>> fans["revenue"] = sapa.forecasting.derive_forecast(revenue, fans, product)
    >>> goal = sapa.target("revenue", 450, by=2021)
    >>> split = sapa.scenarios.split_gap(fans, goal, volume="visits", price="spend", wanted={"visits": 180})
    >>> split[["part", "value", "lower_80", "upper_80", "wanted", "wanted_by"]].round(1)
           part  value  lower_80  upper_80  wanted wanted_by
    0  forecast  385.0     311.1     467.4     NaN      none
    1    visits   55.3      -4.0     109.0   180.0     given
    2     spend    9.7     -36.0      54.7     2.5   follows
    3    target  450.0     450.0     450.0     NaN      none
    """
    amount, volumes, prices = _in_paths(outcomes, target, (target.indicator_id, volume, price))
    factor = amount / (volumes * prices)
    if np.ptp(factor) > _SAME * abs(factor[0]):
        raise SapaError(f"{target.indicator_id} is not {volume} times {price} in every path")
    found = _wanted(target, volume, price, wanted)
    whole = np.log(target.value / amount)
    if found is None:
        logs, said = {volume: whole / 2, price: whole / 2}, {volume: "equal", price: "equal"}
    else:
        stated, level, by = found
        other = price if stated == volume else volume
        own = np.log(level / (volumes if stated == volume else prices))
        logs, said = {stated: own, other: whole - own}, {stated: by, other: "follows"}
    mean = _log_mean(target.value, amount)
    parts = {name: mean * logs[name] for name in (volume, price)}
    levels = {name: np.exp(logs[name]) * own for name, own in ((volume, volumes), (price, prices))}
    typical = at_median(
        target.value - amount, {**parts, **{f"wanted {n}": each for n, each in levels.items()}}
    )
    unit = _unit(outcomes, target.indicator_id)
    start, end = _ends("forecast", float(np.median(amount)), amount), _ends("target", target.value, None)
    rows = [
        {**start, "wanted": np.nan, "wanted_by": "none"},
        *(
            {
                "part": name, "kind": "part", "value": typical[name], **_band(parts[name]),
                "wanted": typical[f"wanted {name}"], "wanted_by": said[name],
            }
            for name in (volume, price)
        ),
        {**end, "wanted": np.nan, "wanted_by": "none"},
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(unit=unit)[_GAP]


def _in_paths(outcomes: Mapping[str, Outcome], target: Target, names: Sequence[str]) -> list[Array]:
    """Return the paths of indicators in the year of a target, all above zero."""
    if target.measure != "level" or target.sense in ("between", "about"):
        raise SapaError(
            f"{target.id}: only a level with one value has a gap; it is {target.measure} {target.sense}"
        )
    found = [_year_of(outcomes, name, target.end) for name in names]
    if low := [name for name, each in zip(names, found, strict=True) if not (each > 0).all()]:
        raise SapaError(f"{', '.join(low)}: not above zero in every path, so no split into factors")
    if target.value <= 0:
        raise SapaError(f"{target.id}: {target.value:g} is not above zero, so no split into factors")
    return found


def _year_of(outcomes: Mapping[str, Outcome], name: str, year: int) -> Array:
    if name not in outcomes:
        raise SapaError(f'"{name}" has no outcome; {nearest(name, outcomes)}')
    outcome = outcomes[name]
    if not isinstance(outcome, Forecast):
        raise SapaError(f"{name} has no forecast ({outcome.reason})")
    years = years_of(outcome.paths)
    if year not in years:
        raise SapaError(f"{name} is forecast for {years[0]} to {years[-1]}, not for {year}")
    return np.asarray(outcome.paths.to_numpy(dtype=float)[years == year][0])


def _wanted(
    target: Target, volume: str, price: str, wanted: Mapping[str, float] | Iterable[Target] | None
) -> tuple[str, float, str] | None:
    """Return volume or price, its level that belongs to the target, and who says so."""
    if wanted is None:
        return None
    if isinstance(wanted, Mapping):
        if strange := [name for name in wanted if name not in (volume, price)]:
            raise SapaError(
                f'"{strange[0]}" is neither volume nor price; {nearest(strange[0], (volume, price))}'
            )
        given = [(name, float(wanted[name]), "given") for name in (volume, price) if name in wanted]
    else:
        goals = sorted(wanted, key=lambda goal: goal.document != target.document)
        given = [
            (name, goal.value, goal.id)
            for name in (volume, price)
            for goal in goals
            if (goal.indicator_id, goal.measure, goal.end) == (name, "level", target.end)
        ]
    if not given:
        return None
    if given[0][1] <= 0:
        raise SapaError(f"{given[0][0]}: a wanted level of {given[0][1]:g} is not above zero")
    return given[0]


def _log_mean(value: float, of: Array) -> Array:
    """Return the logarithmic mean of a value and others, (a - b) / log(a / b)."""
    step = np.log(value / of)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(of * np.where(step == 0, 1.0, np.expm1(step) / step))


def at_median(whole: Array, parts: Mapping[str, Array]) -> dict[str, float]:
    """Return what parts are where the whole is at its median, so that parts of it sum to its median.

    A straight line through the paths around the median gives them: it takes all of the paths' parts alike.
    """
    order = np.argsort(whole, kind="stable")
    middle, half = (len(whole) - 1) / 2, max(_AROUND * len(whole) / 2, 1.0)
    around = order[max(int(np.ceil(middle - half)), 0) : int(np.floor(middle + half)) + 1]
    off = whole[around] - np.median(whole)
    mean, spread = off.mean(), off - off.mean()
    square = float(spread @ spread)
    weights = np.full(len(around), 1 / len(around))
    if square > 0:
        weights -= mean * spread / square
    return {name: float(weights @ each[around]) for name, each in parts.items()}


def _band(values: Array) -> dict[str, float]:
    lower, upper = np.percentile(values, [10, 90])
    return {"lower_80": float(lower), "upper_80": float(upper)}


def _ends(part: str, value: float, paths: Array | None) -> dict[str, object]:
    band = {"lower_80": value, "upper_80": value} if paths is None else _band(paths)
    return {"part": part, "kind": "level", "value": value, **band}


def _unit(outcomes: Mapping[str, Outcome], indicator: str) -> str:
    observed = outcomes[indicator].observed
    return observed.unit if observed is not None else ""


def split_by_cause(
    outcomes: Mapping[str, Outcome],
    scenario: Scenario,
    indicator: str,
    *,
    year: int | None = None,
    links: Iterable[Link] = (),
) -> pd.DataFrame:
    """Share out what a scenario changes among its adjustments.

    The shares are Shapley values, of the median and in every path: they sum to the change and do not depend
    on the order in which adjustments that commute are written.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    scenario : Scenario
        The assumptions, of 8 adjustments at most.
    indicator : str
        The indicator whose difference is shared out.
    year : int, optional
        The last year of its forecast by default.
    links : iterable of Link
        By which the indicator follows others that the scenario moves.

    Returns
    -------
    pandas.DataFrame
        The row `base`, one row per adjustment (kind `part`), and the row of the scenario. Columns: scenario,
        indicator, year, part (`1`, `2` and so on, the place of the adjustment in the scenario), kind, of (the
        adjusted indicator), value (the median, and the shares in its change), lower_80, upper_80 (80 % of the
        paths), unit. Where a scenario changes the order of the paths, the change of the median is not the
        median of the changes that `compare_scenarios` tells.

    Raises
    ------
    SapaError
        When the indicator has no forecast of the year, or the scenario does not hold here or has more than 8
        adjustments.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> known = {"visits": [100.0, 110, 119, 132, 140], "spend": [2.0, 2.1, 2.2, 2.2, 2.3]}
    >>> series = {name: pd.Series(said, index=range(2015, 2020), name=name) for name, said in known.items()}
    >>> fans = {name: sapa.forecast(each, horizon=2, n_paths=400, seed=1) for name, each in series.items()}
    >>> revenue = sapa.forecasting.exact_series((series["visits"] * series["spend"]).rename("revenue"))
    >>> product = lambda at: at["visits"] * at["spend"]
    >>> fans["revenue"] = sapa.forecasting.derive_forecast(revenue, fans, product)
    >>> more = sapa.scenario("more", visits={2021: "+20%"}, spend={2021: "+10%"})
    >>> shares = sapa.scenarios.split_by_cause(fans, more, "revenue")
    >>> shares[["part", "of", "value", "lower_80", "upper_80"]].round(1)
       part       of  value  lower_80  upper_80
    0  base  revenue  385.0     311.1     467.4
    1     1   visits   80.8      65.3      98.2
    2     2    spend   42.3      34.2      51.4
    3  more  revenue  508.2     410.7     617.0
    """
    fan = outcomes.get(indicator)
    last = int(years_of(fan.paths)[-1]) if isinstance(fan, Forecast) and year is None else year
    before = _year_of(outcomes, indicator, last or 0)
    places = {str(place): part for place, part in enumerate(scenario.adjustments, start=1)}
    if why := does_not_hold(outcomes, scenario):
        raise SapaError(f"scenario {scenario.name} does not hold here: {why}")
    links = tuple(links)
    mine = dict(outcomes) if links else {indicator: outcomes[indicator]}
    here = simulated(mine)

    def under(at_work: frozenset[str]) -> Array:
        some = tuple(part for place, part in places.items() if place in at_work and part.indicator in here)
        chosen = scenario.model_copy(update={"adjustments": some})
        if not some or does_not_hold(mine, chosen):
            return before
        return _year_of(apply_scenario(mine, chosen, links=links), indicator, last or 0)

    found: dict[frozenset[str], Array] = {}

    def asked(at_work: frozenset[str]) -> Array:
        found[at_work] = under(at_work)
        return np.append(np.median(found[at_work]), found[at_work])  # the median is shared out like a path

    shares = fair_shares(list(places), asked)
    after = found[frozenset(places)]
    rows = [
        _ends(BASELINE, float(np.median(before)), before) | {"of": indicator},
        *(
            {"part": place, "kind": "part", "of": part.indicator, "value": float(shares[place][0])}
            | _band(shares[place][1:])
            for place, part in places.items()
        ),
        _ends(scenario.name, float(np.median(after)), after) | {"of": indicator},
    ]
    told = {"scenario": scenario.name, "indicator": indicator, "year": last}
    return pd.DataFrame(rows).assign(**told, unit=_unit(outcomes, indicator))[_CAUSE]
