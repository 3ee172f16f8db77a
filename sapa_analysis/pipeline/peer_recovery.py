"""An area after a break beside its peers and beside the forecast that starts where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ..core import (
    Array,
    Forecast,
    NoEvidenceError,
    Outcome,
    Params,
    YearlySeries,
    last_day,
    last_year_ended,
    row_of,
    run_around,
    years_of,
)
from ..forecasting import forecast
from ..series import build_series
from .peers import figures_of_area, peer_shares
from .project import Project

#: Years after the break that are shown: as many as the law of recovery was learned on.
_YEARS = 3
_OWN = ["year", "value", "share", "published", "after", "source_url"]


@dataclass(frozen=True, slots=True, eq=False)
class Recovery:
    """How an area came out of a break, how other places did, and what the forecast said. All in percent.

    Attributes
    ----------
    as_of : datetime.date
        The day whose knowledge counts.
    base, start : int
        The last normal year before the break that had begun last, and the last year of that break; 0 where no
        shock year broke the indicator.
    peers : pandas.DataFrame
        As `peer_shares` returns them, without the area, the years from `start` on: published by the day, in
        percent of the figure of `base` that each place printed.
    fan : pandas.DataFrame
        Years after `start` x (median, lower and upper end of the 50, 80 and 95 % intervals), percent of the
        estimate of `base` as known on the day; empty where there is none to show.
    law : float
        Share of the paths of the fan that follow the law of recovery; 0 where it does not apply.
    level : float
        The estimate of `start` in percent of that of `base`; NaN where either year has no figure.
    own : pandas.DataFrame
        What came of the area, the years after `start`: year, value, share (percent of the same estimate of
        `base` as the fan), published, after (whether it was published after the day), source_url. What came
        after the day changes nothing else; what was known by then bears on the estimates.
    reason : str
        Why there is no fan: `no_break` (no shock year broke the indicator), `rate` (it is no amount),
        `too_early` (the break had not ended), `no_figure` (`base` or `start` has none), `no_gap`, or blank.
    """

    as_of: date
    base: int
    start: int
    peers: pd.DataFrame
    fan: pd.DataFrame
    law: float
    level: float
    own: pd.DataFrame
    reason: str


def peer_recovery(project: Project, params: Params, indicator: str, outcome: Outcome) -> Recovery:
    """Return the recovery of an area and of other places after a break, and the forecast beside them.

    The break is the run of shock years that had begun last. The forecast starts in its last year from what
    was known of the area on the day. What the area reached is shown too, whenever it was published;
    what came after the day changes nothing else.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Day, shock years, number of paths and seed.
    indicator : str
        An id of `indicators.csv`.
    outcome : Forecast or NotAssessed
        Of the indicator in the area; its series has the day and the area.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project, peer_recovery
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> visits = assess_indicator(project, params, "tourist_arrivals")
    >>> found = peer_recovery(project, params, "tourist_arrivals", visits)
    >>> found.base, found.start, found.reason, [int(str(year)) for year in found.fan.index]
    (2019, 2022, '', [2023, 2024, 2025])
    >>> found.own[["year", "after"]].to_numpy().tolist()
    [[2023, True], [2024, True]]
    """
    observed, nothing = outcome.observed, pd.DataFrame()
    breaks = sorted(project.shock_years(indicator, params.shock_years))
    last = last_year_ended(params.as_of) if observed is None else observed.origin
    first, start = _break(breaks, last) if breaks else (1, 0)
    base, level = first - 1, float("nan")
    reason = "" if breaks else "no_break"
    if not reason and project.indicators.loc[indicator, "scale"] != "log":
        reason = "rate"
    if reason or observed is None or observed.as_of is None:
        return Recovery(
            params.as_of, base, start, nothing, nothing, 0.0, level, nothing, reason or "no_figure"
        )
    level, reason = _level(observed, base, start)
    made = None if reason else _forecast(observed, params, [year for year in breaks if year <= start])
    estimate = float("nan") if made is None else float(row_of(observed.table, base)["estimate"])
    fan = nothing if made is None else 100 * made.summary((50, 80, 95)) / estimate
    own = nothing if made is None else _own(project, params, observed, years_of(fan), estimate)
    peers = _peers(project, outcome, base, start)
    law = 0.0 if made is None else made.recovery
    return Recovery(observed.as_of, base, start, peers, fan, law, level, own, reason)


def _break(breaks: list[int], last: int) -> tuple[int, int]:
    """Return the run of shock years that had begun last by a year, or the first run if none had."""
    return run_around(max((year for year in breaks if year <= last), default=breaks[0]), breaks)


def _peers(project: Project, outcome: Outcome, base: int, start: int) -> pd.DataFrame:
    """Return the shares of the other places from the end of the break on, if they are shares of its base."""
    shares = peer_shares(project, outcome)
    if shares.empty:
        return shares
    return shares[~shares["own"].astype(bool) & shares["year"].ge(start) & shares["base_year"].eq(base)]


def _level(observed: YearlySeries, base: int, start: int) -> tuple[float, str]:
    """Return the level of the last year of the break in percent, and why it leaves nothing to forecast.

    What was carried over from other years is no level that was known.
    """
    if observed.ended < start:
        return float("nan"), "too_early"
    if not {base, start} <= set(observed.observed_years):
        return float("nan"), "no_figure"
    ends = [float(row_of(observed.table, year)["estimate"]) for year in (base, start)]
    return 100 * ends[1] / ends[0], "" if ends[1] < ends[0] else "no_gap"


def _forecast(observed: YearlySeries, params: Params, breaks: list[int]) -> Forecast:
    """Return the forecast from the years with a figure up to the last of the breaks, as estimated."""
    past = observed.table.loc[: str(breaks[-1]), "estimate"]
    past = past[[year in observed.observed_years for year in years_of(past.to_frame())]]
    return forecast(
        pd.Series(past.to_numpy(), index=years_of(past.to_frame()), name=observed.indicator_id),
        horizon=_YEARS,
        n_paths=params.n_paths,
        seed=params.seed,
        shock_years=breaks,
        gap_closing=params.gap_closing,
        shock_chance=params.shock_chance,
    )


def _own(
    project: Project, params: Params, observed: YearlySeries, years: Array, estimate: float
) -> pd.DataFrame:
    """Return the results of some years, published on whichever day, in percent of an estimate.

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
    if figures.empty:
        return pd.DataFrame(columns=_OWN)
    published = figures["published"].map(last_day)
    expected = [day < date(year, 12, 1) for day, year in zip(published, figures["year"], strict=True)]
    after = published > (observed.as_of or date.max)
    found = figures.assign(share=100 * figures["value"] / estimate, after=after)
    chosen = found["year"].isin(years) & ~pd.Series(expected, found.index)
    return found.loc[chosen, _OWN].reset_index(drop=True)
