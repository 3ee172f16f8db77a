"""Figures behind the `.plot()` methods of series, forecasts and scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from ...core import Outcome, SapaError, Target, YearlySeries, nearest
from ...scenarios import BASELINE, Scenario, apply_scenario
from ..language import texts
from .evidence import plot_evidence
from .forecast import plot_forecast
from .scenarios import plot_scenarios
from .subject import subject_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_series(series: YearlySeries, *, lang: str = "vi", ax: Axes | None = None) -> Axes:
    """Draw the published figures and the estimate of the series; see `plot_evidence`."""
    return plot_evidence(_drawable(series), subject_of(series), lang=lang, ax=ax)


def draw_forecast(
    forecast: Outcome,
    targets: pd.DataFrame | Iterable[Target] = (),
    *,
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw history, fan chart where there is one, and targets where given; see `plot_forecast`."""
    return plot_forecast(forecast, targets, lang=lang, ax=ax)


def draw_scenario(
    scenario: Scenario,
    outcomes: Mapping[str, Outcome],
    indicator: str,
    targets: pd.DataFrame | Iterable[Target] = (),
    *,
    lang: str = "vi",
    ax: Axes | None = None,
) -> Axes:
    """Draw one indicator under a scenario beside the baseline; see `plot_scenarios`.

    Parameters
    ----------
    scenario : Scenario
        The assumptions.
    outcomes : mapping of indicator id to Forecast or NotAssessed
        The baseline, as `assess_targets(...).outcomes` or `forecast_area` return it.
    indicator : str
        The indicator to draw.
    targets : iterable of Target, or pandas.DataFrame
        Targets of the indicator.
    lang : {"vi", "en"}
        Language of all words.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Raises
    ------
    SapaError
        When the indicator has no outcome.
    """
    if indicator not in outcomes:
        raise SapaError(f'"{indicator}" has no outcome; {nearest(indicator, outcomes)}')
    base = outcomes[indicator]
    pair = {BASELINE: base, scenario.name: apply_scenario(outcomes, scenario)[indicator]}
    labels = {BASELINE: texts(lang)["scenarios"]["baseline"], scenario.name: scenario.label[lang]}
    return plot_scenarios(pair, targets, labels=labels, lang=lang, ax=ax)


def _drawable(series: YearlySeries) -> YearlySeries:
    """Return a plain series with its values as observations; any other series unchanged."""
    if not series.observations.empty:
        return series
    years = series.observed_years
    values = series.published.to_numpy()
    said: dict[str, object] = {
        "indicator_id": series.indicator_id,
        "area": series.area,
        "unit": series.unit,
        "statement": "",
    }
    said |= {"freq": "A", "kind": "actual", "grade": "A", "bound": "exact", "basis": "year", "used": True}
    blank = dict.fromkeys(["through", "published", "source_title", "source_url", "definition"], "")
    table = {"period": list(map(str, years)), "year": years, "value": values, "implied": values, "sd": 0.0}
    return replace(series, observations=pd.DataFrame({**table, **said, **blank}))
