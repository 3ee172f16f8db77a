"""An area after a break beside its peers and beside the forecast that starts where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ..core import NoEvidenceError, Outcome, Params, YearlySeries, last_day, row_of, years_of
from ..forecasting import MAX_HORIZON, forecast
from ..series import build_series
from .peers import figures_of_area, peer_shares
from .project import Project

#: Where the law of recovery was learned (benchmarks/learn_recoveries.py): provinces of Thailand, over several
#: years, and countries, one year ahead.
LEARNED_ON = {"provinces": 37, "countries": 60}
#: The last year shown.
_LAST = 2025
_OWN = ["year", "value", "share", "published", "after", "source_url"]


@dataclass(frozen=True, slots=True, eq=False)
class Recovery:
    """How an area came out of a break, how other places did, and what the forecast said. All in percent.

    Attributes
    ----------
    as_of : datetime.date
        The day whose knowledge counts.
    base, start : int
        The last normal year before the break, and the last year of it.
    peers : pandas.DataFrame
        As `peer_shares` returns them, without the area, the years from `start` on: published by the day.
    fan : pandas.DataFrame
        Years after `start` x (median, lower and upper end of the 50, 80 and 95 % intervals), percent of the
        level of `base`; empty where there is none to show.
    level : float
        The level of `start` in percent of that of `base`, as estimated; NaN where it is not known.
    own : pandas.DataFrame
        What came of the area, the years after `start`: year, value, share, published, after (whether it was
        published after the day), source_url. It changes nothing.
    reason : str
        Why there is no fan: `too_early`, `no_gap`, `no_figure`, `no_break`, or blank.
    """

    as_of: date
    base: int
    start: int
    peers: pd.DataFrame
    fan: pd.DataFrame
    level: float
    own: pd.DataFrame
    reason: str


def peer_recovery(project: Project, params: Params, outcome: Outcome) -> Recovery:
    """Return the recovery of an area and of other places after the shock years, and the forecast beside them.

    The forecast starts in the last shock year from what was known of the area on the day. What the area
    reached is shown too, whenever it was published; nothing is computed from it.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Shock years, number of paths and seed.
    outcome : Forecast or NotAssessed
        Of the area; its series has the day, the area and the indicator.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project, peer_recovery
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> found = peer_recovery(project, params, assess_indicator(project, params, "tourist_arrivals"))
    >>> found.base, found.start, found.reason, [int(str(year)) for year in found.fan.index]
    (2019, 2022, '', [2023, 2024, 2025])
    >>> found.own[["year", "after"]].to_numpy().tolist()
    [[2023, True], [2024, True]]
    """
    observed, nothing = outcome.observed, pd.DataFrame()
    name = "" if observed is None else observed.indicator_id
    breaks = sorted(project.shock_years(name, params.shock_years)) if name else [*params.shock_years]
    if observed is None or observed.as_of is None or not breaks:
        reason = "no_figure" if breaks else "no_break"
        return Recovery(params.as_of, 0, 0, nothing, nothing, float("nan"), nothing, reason)
    base, start = breaks[0] - 1, breaks[-1]
    shares = peer_shares(project, outcome)
    peers = shares[~shares["own"].astype(bool) & shares["year"].ge(start)] if len(shares) else shares
    level, reason = _level(observed, base, start)
    fan = pd.DataFrame() if reason else _fan(observed, params, breaks)
    own = _own(project, params, observed, base, start)
    return Recovery(observed.as_of, base, start, peers, fan, level, own, reason)


def _level(observed: YearlySeries, base: int, start: int) -> tuple[float, str]:
    """Return the level of the last year of the break in percent, and why it leaves nothing to forecast."""
    known = set(years_of(observed.table))
    if observed.scale != "log" or base not in known:
        return float("nan"), "no_figure"
    if start not in known:
        return float("nan"), "too_early"
    ends = [float(row_of(observed.table, year)["estimate"]) for year in (base, start)]
    return 100 * ends[1] / ends[0], "" if ends[1] < ends[0] else "no_gap"


def _fan(observed: YearlySeries, params: Params, breaks: list[int]) -> pd.DataFrame:
    base, start = breaks[0] - 1, breaks[-1]
    past = observed.table.loc[: str(start), "estimate"]
    plain = pd.Series(past.to_numpy(), index=years_of(past.to_frame()), name=observed.indicator_id)
    fan = forecast(
        plain,
        horizon=min(max(_LAST - start, 1), MAX_HORIZON),
        n_paths=params.n_paths,
        seed=params.seed,
        shock_years=breaks,
        gap_closing=params.gap_closing,
        shock_chance=params.shock_chance,
    )
    return 100 * fan.summary((50, 80, 95)) / float(plain.loc[base])


def _own(project: Project, params: Params, observed: YearlySeries, base: int, start: int) -> pd.DataFrame:
    """Return the results of the years after the break, published on whichever day, against the base year.

    What a page expected before December is no result.
    """
    everything, about = project.as_of(date.max), (observed.indicator_id, observed.area)
    try:
        whole = build_series(
            everything, about[0], area=about[1], shock_years=params.shock_years, n_draws=1, seed=params.seed
        )
    except NoEvidenceError:
        return pd.DataFrame(columns=_OWN)
    figures = pd.DataFrame(figures_of_area(whole))
    if figures.empty or base not in set(figures["year"]):
        return pd.DataFrame(columns=_OWN)
    first = float(figures.loc[figures["year"] == base, "value"].iloc[0])
    published = figures["published"].map(last_day)
    expected = [day < date(year, 12, 1) for day, year in zip(published, figures["year"], strict=True)]
    after = published > (observed.as_of or date.max)
    found = figures.assign(share=100 * figures["value"] / first, after=after)
    chosen = found["year"].between(start + 1, _LAST) & ~pd.Series(expected, found.index)
    return found.loc[chosen, _OWN].reset_index(drop=True)
