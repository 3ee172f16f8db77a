"""Links: what a scenario does to a quantity because another one moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from ..core import Array, Forecast, Link, Outcome, SapaError, evenly, stream, years_of
from ..forecasting import recompute
from .adjustment import Scenario
from .anchor import simulated, steps

#: Scales of what can follow: an amount moves by the factor itself, a growth rate as the amount behind it.
_AMOUNT, _GROWTH = "log", "growth"
#: Effects that state what a year comes to; the others lean on the baseline.
_STATING = ("replace", "hold", "growth")


def follow(
    before: Mapping[str, Outcome],
    after: Mapping[str, Outcome],
    links: Iterable[Link],
    *,
    stated: Mapping[str, Collection[int]] | None = None,
    copies: int = 1,
) -> dict[str, Outcome]:
    """Return outcomes under a scenario in which what is linked has followed.

    In every path and year the quantity that follows moves by the ratio in which the other one has moved, to
    the power of the path's elasticity. The growth rate of an amount moves as that amount does. What has not
    moved stays as it is, bit for bit; what derives from the quantity is computed again in every path.

    Parameters
    ----------
    before : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    after : mapping of indicator id to Forecast or NotAssessed
        The same paths after the adjustments of a scenario.
    links : iterable of Link
        Those of other areas, and those whose quantities are not among the outcomes, do nothing.
    stated : mapping of indicator id to years, optional
        Years in which what follows is itself stated; they stay, see `stated_years`.
    copies : int
        How often the paths stand side by side (`side_by_side`): every time with the same elasticities.

    Returns
    -------
    dict
        As `after`.

    Raises
    ------
    SapaError
        When what follows is derived from other quantities, or is neither an amount nor a growth rate.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> years = range(2015, 2020)
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=years, name="visits", dtype=float)
    >>> output = pd.Series([50, 53, 56, 60, 63], index=years, name="output", dtype=float)
    >>> base = {one.name: sapa.forecast(one, horizon=2, n_paths=2_000, seed=1) for one in (visits, output)}
    >>> link = sapa.core.Link(of="visits", to="output", elasticity=0.2, sd=0.1, low=0.0, high=0.6)
    >>> from dataclasses import replace
    >>> moved = base | {"visits": replace(base["visits"], paths=base["visits"].paths * 1.1)}
    >>> linked = sapa.scenarios.follow(base, moved, [link])
    >>> percent = 100 * (linked["output"].paths / base["output"].paths - 1)
    >>> percent.iloc[-1].quantile([0.1, 0.5, 0.9]).round(1).tolist()
    [0.7, 1.8, 3.3]
    """
    found = dict(after)
    for link in links:
        of = before.get(link.of), after.get(link.of)
        if not (isinstance(of[0], Forecast) and isinstance(of[1], Forecast)):
            continue
        if link.area in ("", of[0].observed.area) and not of[0].paths.equals(of[1].paths):
            found = _followed(found, link, of[0], of[1], (stated or {}).get(link.to, ()), copies)
    return found


def stated_years(outcomes: Mapping[str, Outcome], scenario: Scenario) -> dict[str, set[int]]:
    """Return the years in which a scenario states what an indicator comes to, whatever the baseline says.

    Parameters
    ----------
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline.
    scenario : Scenario
        Its levels, shares of past years and growth rates are stated; factors and amounts are not.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119], index=range(2017, 2020), name="visits", dtype=float)
    >>> base = {"visits": sapa.forecast(visits, horizon=3, n_paths=100)}
    >>> mine = sapa.scenario("mine", visits={2020: "+5%", 2021: "growth = 8", 2022: "= 140"})
    >>> sapa.scenarios.stated_years(base, mine)
    {'visits': {2021, 2022}}
    """
    stating = [part for part in scenario.adjustments if part.effect in _STATING]
    fans, found = simulated(outcomes) if stating else {}, dict[str, set[int]]()
    for part in stating:
        fan = fans.get(part.indicator)
        ahead = [] if fan is None else steps(part, fan.observed, int(years_of(fan.paths)[-1]))
        found.setdefault(part.indicator, set()).update(step.year for step in ahead if step.share == 1)
    return {name: years for name, years in found.items() if years}


@lru_cache(maxsize=64)
def elasticities(link: Link, n_paths: int) -> Array:
    """Return the elasticity of each path: the same in every scenario, whatever the seed of the paths.

    They cover the law evenly, and are drawn apart from all else: a high elasticity tells nothing else of a
    path.

    Parameters
    ----------
    link : Link
        The law.
    n_paths : int
        Number of paths.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> link = sapa.core.Link(of="tourism_revenue", to="grdp_growth", elasticity=0.2, sd=0.1, low=0, high=0.6)
    >>> drawn = sapa.scenarios.elasticities(link, 5_000)
    >>> [round(float(value), 3) for value in (drawn.mean(), drawn.std(), drawn.min(), drawn.max())]
    [0.2, 0.1, 0.003, 0.547]
    """
    found = np.full(n_paths, link.elasticity)
    if link.sd:
        from scipy.special import betaincinv  # heavy: loaded when first needed

        span = link.high - link.low
        mean, spread = (link.elasticity - link.low) / span, link.sd / span
        size = mean * (1 - mean) / spread**2 - 1
        shares = evenly(stream(0, "elasticity", link.area, f"{link.of}+{link.to}").random((1, n_paths)))[0]
        found = link.low + span * betaincinv(mean * size, (1 - mean) * size, shares)
    found.flags.writeable = False  # one array for all who ask
    return found


def _followed(
    outcomes: Mapping[str, Outcome],
    link: Link,
    before: Forecast,
    after: Forecast,
    stated: Collection[int],
    copies: int,
) -> dict[str, Outcome]:
    """Return outcomes after one link; those that do not lean on what follows are the same objects."""
    drawn = np.tile(elasticities(link, after.paths.shape[1] // copies), copies)
    factors = _factors(before.paths, after.paths, drawn)
    quiet = factors
    if before.without_shocks is not None and after.without_shocks is not None:
        quiet = _factors(before.without_shocks, after.without_shocks, drawn)

    def moved(fan: Forecast) -> Forecast | None:
        if fan.observed.indicator_id != link.to or link.to in fan.parts:
            return None if fan.parts else fan
        if fan.parts:
            raise SapaError(f"{link.to} follows from {', '.join(fan.parts)}; link {link.of} to one of these")
        without = fan.without_shocks
        return replace(
            fan,
            paths=_moved(fan.paths, factors, fan, stated),
            without_shocks=None if without is None else _moved(without, quiet, fan, stated),
        )

    return {
        name: recompute(outcome, moved)
        if isinstance(outcome, Forecast) and _leans_on(outcome, link.to)
        else outcome
        for name, outcome in outcomes.items()
    }


def _leans_on(fan: Forecast, name: str) -> bool:
    return fan.observed.indicator_id == name or any(_leans_on(part, name) for part in fan.parts.values())


def _factors(before: pd.DataFrame, after: pd.DataFrame, drawn: Array) -> pd.DataFrame:
    """Return the factor by year and path: exactly 1 where nothing moved, or where there was nothing."""
    ratio = after.div(before).where((after != before) & (before > 0), 1.0)
    return pd.DataFrame(ratio.to_numpy() ** drawn, index=after.index, columns=after.columns)


def _moved(
    paths: pd.DataFrame, factors: pd.DataFrame, fan: Forecast, stated: Collection[int]
) -> pd.DataFrame:
    """Return an amount times the factors, or its growth rate after the amount has moved by them."""
    name, scale, years = fan.observed.indicator_id, fan.observed.scale, years_of(paths)
    if scale not in (_AMOUNT, _GROWTH):
        raise SapaError(f"{name} cannot follow another quantity: it is neither an amount nor a growth rate")
    by = np.ones(paths.shape)
    by[np.isin(years, years_of(factors))] = factors.to_numpy()[np.isin(years_of(factors), years)]
    if scale == _GROWTH:
        past = np.vstack([np.ones((1, by.shape[1])), by[:-1]])
        by = np.divide(by, past, out=np.ones_like(by), where=past > 0)  # an amount of zero stays zero
    by[np.isin(years, list(stated))] = 1.0
    values = paths.to_numpy()
    moved = values * by if scale == _AMOUNT else (100 + values) * by - 100
    return pd.DataFrame(np.where(by == 1, values, moved), index=paths.index, columns=paths.columns)
