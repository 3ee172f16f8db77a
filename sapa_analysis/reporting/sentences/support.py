"""Sentences about the evidence behind a forecast: its own, other indicators, areas above."""

from __future__ import annotations

import pandas as pd

from ...core import Forecast
from ...forecasting import PREMIUM
from ..language import count, percent, texts

#: Maximum number of kinds of figures named per area.
_MOST_CARRIERS = 3


def describe_support(
    forecast: Forecast, places: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi"
) -> list[str]:
    """Return the evidence behind a forecast: its own figures and others, plans, the area above.

    Parameters
    ----------
    forecast : Forecast
        The forecast of a series from the joint smoother; for a single series nothing is returned.
    places, indicators : pandas.DataFrame
        As `load_areas` and `load_indicators` return them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project
    >>> from sapa_analysis.reporting import describe_support, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> growth = assess_indicator(project, params.with_values(n_paths=100), "grdp_growth")
    >>> print(*plain(describe_support(growth, project.areas, project.indicators, lang="en")))
    Its growth is that of Lào Cai province plus a premium of its own. It rests on: Sa Pa town: 7 figures of
    GRDP growth; Viet Nam: 30 figures of GRDP growth; Lào Cai province: 14 figures of GRDP growth, 2 figures
    of GRDP per capita.
    """
    observed, words = forecast.observed, texts(lang)["trajectory"]
    if not observed.support:
        return []
    order = [observed.area, *dict.fromkeys(area for _, area, _ in observed.support if area != observed.area)]
    parts = [_carried(forecast, area, places, indicators, lang) for area in order]
    told = [str(words["carried"]).format(parts="; ".join(part for part in parts if part))]
    above = str(places.loc[observed.area, "parent"])
    if forecast.method == PREMIUM and any(area == above for _, area, _ in observed.support):
        told.insert(0, str(words["premium"]).format(area=places.loc[above, f"name_{lang}"]))
    returning = _returning(forecast)
    if returning:
        names = ", ".join(str(indicators.loc[name, f"name_{lang}"]) for name in returning)
        share = percent(max(returning.values()), lang, f"{observed.indicator_id}.recovery")
        told.append(str(words["recovery"]).format(indicators=names, share=share))
    return told


def _returning(forecast: Forecast) -> dict[str, float]:
    """Return the simulated quantities behind a forecast that return from a break, with the share of paths."""
    if forecast.parts:
        return {name: of for part in forecast.parts.values() for name, of in _returning(part).items()}
    return {forecast.observed.indicator_id: forecast.recovery} if forecast.recovery else {}


def _carried(forecast: Forecast, area: str, places: pd.DataFrame, indicators: pd.DataFrame, lang: str) -> str:
    """Return how many figures of one area support a forecast: its own indicator, then by number."""
    observed, words = forecast.observed, texts(lang)["trajectory"]
    mine = [(name, n) for name, where, n in observed.support if where == area]
    ranked = sorted(mine, key=lambda item: (not item[0].startswith(observed.indicator_id), -item[1]))
    items = []
    for name, n in ranked[:_MOST_CARRIERS]:
        base, _, kind = name.partition(".")
        shown = count(n, lang, f"{observed.indicator_id}.support.{area}.{name}")
        named = {"n": shown, "indicator": str(indicators.loc[base, f"name_{lang}"])}
        items.append(str(words[f"carried_{kind or 'item'}{'_one' * (n == 1)}"]).format(**named))
    place = {"area": places.loc[area, f"name_{lang}"], "items": ", ".join(items)}
    return str(words["carried_area"]).format(**place) if items else ""
