"""Sentences on what stands behind a forecast: its figures, its doubts, how like intervals held."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ...core import Forecast, NotAssessed, row_of, years_of
from ...forecasting import HEADLINE, PREMIUM, record_like
from ..goals import withheld_years
from ..language import count, forecasts, level_shown, percent, texts
from ..paces import pace_own
from ..published import day_shown, figure_printed
from ..tagged_numbers import plain
from .doubt import describe_doubts
from .plans import describe_plans
from .support import describe_support

#: The key of these numbers in `results.csv` since its first edition: readers may rely on it.
_QUIET = "calm"


def describe_foundations(
    outcome: Forecast | NotAssessed,
    verdicts: pd.DataFrame,
    indicator: pd.Series,
    *,
    places: pd.DataFrame,
    indicators: pd.DataFrame,
    lang: str = "vi",
) -> list[str]:
    """Return what stands behind a forecast: its evidence, doubts, like intervals, its own pace.

    Parameters
    ----------
    outcome, verdicts, indicator, lang
        As in `describe_trajectory`, whose sentences on figures and goals are left out.
    places, indicators : pandas.DataFrame
        As `load_areas` and `load_indicators` return them.

    Returns
    -------
    list of str
        Sentences, their numbers tagged; none where there is no forecast and no doubt.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import describe_foundations, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> output = assess_indicator(project, params.with_values(n_paths=100), "handicraft_output")
    >>> goals = known_targets(project, params, "handicraft_output")
    >>> verdicts = judge(project, {"handicraft_output": output}, goals, params)
    >>> tables = {"places": project.areas, "indicators": project.indicators}
    >>> concept = project.indicators.loc["handicraft_output"]
    >>> print(plain(describe_foundations(output, verdicts, concept, **tables, lang="en"))[0])
    Few figures (1: 2022): the forecast rests mainly on how far like series usually move; its interval is
    wide, use it with care.
    """
    sentences = foundations_of(outcome, verdicts, lang, places, indicators)
    if isinstance(outcome, Forecast):
        sentences += beside(outcome, verdicts, str(indicator["unit"]), int(indicator["decimals"]), lang)
    return sentences + (own_paces(verdicts, lang) if outcome.observed else [])


def own_paces(verdicts: pd.DataFrame, lang: str) -> list[str]:
    """Return the pace that the figures have shown, each once."""
    own = {pace: plain(pace) for _, verdict in verdicts.iterrows() if (pace := pace_own(verdict, lang))}
    told = {shown: pace for pace, shown in reversed(own.items())}  # two goals of one series share their pace
    words = texts(lang)["trajectory"]
    return [words["own_pace"].format(pace=pace) for pace in reversed(told.values())]


def foundations_of(
    outcome: Forecast | NotAssessed,
    verdicts: pd.DataFrame,
    lang: str,
    places: pd.DataFrame | None,
    indicators: pd.DataFrame | None,
) -> list[str]:
    """Return what `describe_foundations` tells, without what is told beside a forecast."""
    sentences = describe_plans(verdicts, places, lang) if places is not None else []
    sentences += describe_doubts(outcome.observed, lang)
    if isinstance(outcome, Forecast):
        sentences += _reliability(outcome, lang)
        if places is not None and indicators is not None:
            sentences += describe_support(outcome, places, indicators, lang=lang)
    return sentences


def years_due(forecast: Forecast, verdicts: pd.DataFrame) -> list[int]:
    """Return the years of a forecast in which a target is due; without any, its last year."""
    ahead = [int(year) for year in years_of(forecast.paths)]
    return [year for year in sorted(set(verdicts["end"])) if year in ahead] or ahead[-1:]


def beside(forecast: Forecast, verdicts: pd.DataFrame, unit: str, decimals: int, lang: str) -> list[str]:
    """Return what is told beside a forecast: without a shock, by the department, of the running year."""
    words, own = texts(lang)["trajectory"], forecast.observed.indicator_id
    years, sentences = years_due(forecast, verdicts), []
    if years and years[-1] not in withheld_years(verdicts):
        sentences += _without_shocks(forecast, years[-1], unit, decimals, lang)
    for row in forecast.observed.expected.to_dict("records"):
        key = f"{own}.{row['year']}.expected"
        value = figure_printed(row["value"], unit, lang, bound=row["bound"], key=key)
        dated = f" ({day_shown(row['published'], lang)})" if row["published"] else ""
        sentences.append(words["expected"].format(year=row["year"], value=value, dated=dated))
    if forecast.observed.running is not None:
        sentences.append(words["running"].format(year=forecast.observed.ended + 1))
    return sentences


def banded(
    row: pd.Series, unit: str, decimals: int, lang: str, *, key: str, middle: str = "median"
) -> dict[str, str]:
    """Return the median and the ends of the 80 % interval in one unit, with the digits that they have."""
    columns = {"median": middle, "lower": "lower_80", "upper": "upper_80"}
    keys = {name: f"{key}.{column}" for name, column in columns.items()}
    values = {name: row[column] for name, column in columns.items()}
    return forecasts(values, unit, decimals, lang, keys=keys, bare=["lower"])


def _without_shocks(forecast: Forecast, year: int, unit: str, decimals: int, lang: str) -> list[str]:
    """Return the interval of a year without a new shock; empty if the forecast has no shocks."""
    if forecast.without_shocks is None:
        return []
    row = row_of(replace(forecast, paths=forecast.without_shocks).summary((80,)), year)
    own = forecast.observed.indicator_id
    shown = banded(row, unit, decimals, lang, key=f"{own}.{year}.{_QUIET}")
    return [
        texts(lang)["trajectory"]["without_shocks"].format(year=year, level=level_shown(80, lang), **shown)
    ]


def _reliability(forecast: Forecast, lang: str) -> list[str]:
    """Return how many figures support the forecast, and the coverage of such intervals on other series."""
    words, observed = texts(lang)["trajectory"], forecast.observed
    years = observed.observed_years
    if not years:
        return [str(words["plan_level" if observed.plan_level else "none"])]
    n = count(len(years), lang, f"{observed.indicator_id}.n_years")
    follows = forecast.method == PREMIUM
    form = words["few" if forecast.thin and follows else "thin" if forecast.thin else "short"]
    told = [str(form).format(n=n, years=", ".join(map(str, years)), first=years[0], last=years[-1])]
    if forecast.method != HEADLINE or forecast.parts or observed.scale not in ("log", "growth"):
        return told  # not tested on similar series
    return [*told, _record(record_like(len(years), observed.scale), observed.indicator_id, lang)]


def _record(record: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return how often such intervals held on kinds of series that were left out when they were learned."""
    words, key = texts(lang)["trajectory"], f"{indicator}.record"
    ordered = record.sort_values("held_80")
    shown = {"series": count(int(record["series"].sum()), lang, f"{key}.series")}
    for place, row in (("least", ordered.iloc[0]), ("most", ordered.iloc[-1])):
        shown[place] = percent(row["held_80"] / 100, lang, f"{key}.{place}")
        shown[f"{place}_set"] = str(words["sets"][row["set"]])
    return str(words["record"]).format(level=level_shown(80, lang), **shown)
