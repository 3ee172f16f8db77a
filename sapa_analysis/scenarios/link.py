"""Links: what a scenario does to a quantity because another one moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from ..core import Array, Forecast, Link, Outcome, SapaError, evenly, stream, years_of
from ..forecasting import recompute

#: Scales of what can follow: an amount moves by the factor itself, a growth rate as the amount behind it.
_AMOUNT, _GROWTH = "log", "growth"


def follow(
    before: Mapping[str, Outcome], after: Mapping[str, Outcome], links: Iterable[Link]
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
            found = _followed(found, link, of[0], of[1])
    return found


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
    outcomes: Mapping[str, Outcome], link: Link, before: Forecast, after: Forecast
) -> dict[str, Outcome]:
    """Return outcomes after one link; those that do not lean on what follows are the same objects."""
    drawn = elasticities(link, after.paths.shape[1])
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
            paths=_moved(fan.paths, factors, fan.observed.scale, link.to),
            without_shocks=None if without is None else _moved(without, quiet, fan.observed.scale, link.to),
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


def _moved(paths: pd.DataFrame, factors: pd.DataFrame, scale: str, name: str) -> pd.DataFrame:
    """Return an amount times the factors, or its growth rate after the amount has moved by them."""
    if scale not in (_AMOUNT, _GROWTH):
        raise SapaError(f"{name} cannot follow another quantity: it is neither an amount nor a growth rate")
    by = factors.to_numpy()[np.isin(years_of(factors), years_of(paths))]
    full = np.ones(paths.shape)
    full[np.isin(years_of(paths), years_of(factors))] = by
    if scale == _AMOUNT:
        return paths * full
    yearly = full / np.vstack([np.ones((1, full.shape[1])), full[:-1]])
    values = paths.to_numpy()
    return pd.DataFrame(
        np.where(yearly == 1, values, (100 + values) * yearly - 100), index=paths.index, columns=paths.columns
    )
