"""Sentences about results; every number in them is looked up and tagged, none is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from ...core import STATUSES, Forecast, NotAssessed, YearlySeries, last_day, row_of, years_of
from ...forecasting import HEADLINE, PREMIUM, record_like
from ..language import (
    count,
    day,
    document_name,
    due,
    explain_words,
    goal,
    level_shown,
    pace,
    percent,
    quantity,
    reason,
    status_word,
    texts,
)
from .support import describe_support

#: The key of these numbers in `results.csv` since its first edition: readers may rely on it.
_QUIET = "calm"


def describe_trajectory(
    outcome: Forecast | NotAssessed,
    verdicts: pd.DataFrame,
    indicator: pd.Series,
    *,
    lang: str = "vi",
    places: pd.DataFrame | None = None,
    indicators: pd.DataFrame | None = None,
) -> list[str]:
    """Return sentences that describe the figure of one indicator.

    Parameters
    ----------
    outcome : Forecast or NotAssessed
        The outcome that the figure shows.
    verdicts : pandas.DataFrame
        Verdicts on the targets of this indicator.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.
    places, indicators : pandas.DataFrame, optional
        As `load_areas` and `load_indicators` return them. With both, the last sentences describe the evidence
        behind the forecast.

    Returns
    -------
    list of str

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import describe_trajectory, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> cover = assess_indicator(project, params, "forest_cover")
    >>> verdicts = judge({"forest_cover": cover}, known_targets(project, params, "forest_cover"), params)
    >>> told = describe_trajectory(cover, verdicts, project.indicators.loc["forest_cover"], lang="en")
    >>> print(*plain(told))
    Latest figure: 66.02% (2015; whole year). Forecast for 2023: about 70.3%; 80% interval 52.64% to
    82.21%. Goal for 2023 (resolution 2023): 66.29% – likely. Still needed: 0.03 points a year. Few
    figures (2: 2005, 2015): the forecast rests mainly on how far like series usually move; its interval
    is wide, use it with care.
    """
    unit, decimals, words = str(indicator["unit"]), int(indicator["decimals"]), texts(lang)["trajectory"]
    sentences = _latest(outcome.observed, unit, decimals, lang) if outcome.observed else []
    if isinstance(outcome, Forecast):
        sentences += _ahead(outcome, verdicts, unit, decimals, lang)
    else:
        years = len(outcome.observed.observed_years) if outcome.observed else 0
        why = reason(outcome.reason, lang, str(indicator["indicator_id"]), n=years, needed=outcome.needed)
        sentences.append(words["not_assessed"].format(reason=why))
    for _, verdict in verdicts.iterrows():
        sentences.append(_target(verdict, decimals, lang))
    if isinstance(outcome, Forecast):
        sentences += _reliability(outcome, lang)
        if places is not None and indicators is not None:
            sentences += describe_support(outcome, places, indicators, lang=lang)
    return sentences


def headline(
    outcome: Forecast | NotAssessed, verdicts: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi"
) -> list[str]:
    """Return the two or three sentences about a subject for the first screen.

    Parameters
    ----------
    outcome, verdicts, indicator, lang
        As in `describe_trajectory`.

    Returns
    -------
    list of str
        The latest figure, the forecast of the first year due, and the words for the targets.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import headline, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> cover = assess_indicator(project, params, "forest_cover")
    >>> verdicts = judge({"forest_cover": cover}, known_targets(project, params, "forest_cover"), params)
    >>> told = headline(cover, verdicts, project.indicators.loc["forest_cover"], lang="en")
    >>> print(*plain(told))
    Latest figure: 66.02% (2015; whole year). Goal for 2023 (resolution 2023): 66.29% – likely.
    """
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    sentences = _latest(outcome.observed, unit, decimals, lang) if outcome.observed else []
    if isinstance(outcome, NotAssessed):
        years = len(outcome.observed.observed_years) if outcome.observed else 0
        why = reason(outcome.reason, lang, str(indicator["indicator_id"]), n=years, needed=outcome.needed)
        return [*sentences, texts(lang)["trajectory"]["not_assessed"].format(reason=why)]
    words = texts(lang)["trajectory"]["target"]
    return sentences + [
        words.format(
            document=document_name(verdict["document"], lang),
            due=due(verdict, lang),
            target=goal(verdict, decimals, lang),
            status=status_word(verdict, lang),
        )
        for _, verdict in verdicts.iterrows()
    ]


def _latest(observed: YearlySeries, unit: str, decimals: int, lang: str) -> list[str]:
    if not observed.observed_years:
        return []
    year = observed.observed_years[-1]
    row = row_of(observed.table, year)
    words = texts(lang)
    value = quantity(row["best"], unit, decimals, lang, key=f"{observed.indicator_id}.{year}.best")
    return [words["trajectory"]["latest"].format(value=value, year=year, basis=words["bases"][row["basis"]])]


def _ahead(forecast: Forecast, verdicts: pd.DataFrame, unit: str, decimals: int, lang: str) -> list[str]:
    words, summary = texts(lang)["trajectory"], forecast.summary(levels=(80,))
    own = forecast.observed.indicator_id
    years = [year for year in sorted(set(verdicts["end"])) if year in years_of(summary)]
    years = years or [int(years_of(summary)[-1])]
    sentences = []
    for year in years:
        row = row_of(summary, year)
        shown = {
            name: quantity(row[column], unit, decimals, lang, key=f"{own}.{year}.{column}")
            for name, column in (("median", "median"), ("lower", "lower_80"), ("upper", "upper_80"))
        }
        sentences.append(words["forecast"].format(year=year, level=level_shown(80, lang), **shown))
    sentences += _without_shocks(forecast, years[-1], unit, decimals, lang)
    for year, value in zip(years_of(forecast.observed.expected), forecast.observed.expected, strict=True):
        shown = {"value": quantity(value, unit, decimals, lang, key=f"{own}.{year}.expected")}
        sentences.append(words["expected"].format(year=year, **shown))
    if forecast.observed.running is not None:
        sentences.append(words["running"].format(year=forecast.observed.origin + 1))
    return sentences


def _without_shocks(forecast: Forecast, year: int, unit: str, decimals: int, lang: str) -> list[str]:
    """Return the interval of a year without a new shock; empty if the forecast has no shocks."""
    if forecast.without_shocks is None:
        return []
    row = row_of(replace(forecast, paths=forecast.without_shocks).summary((80,)), year)
    own = forecast.observed.indicator_id
    shown = {
        side: quantity(row[f"{side}_80"], unit, decimals, lang, key=f"{own}.{year}.{_QUIET}.{side}_80")
        for side in ("lower", "upper")
    }
    return [
        texts(lang)["trajectory"]["without_shocks"].format(year=year, level=level_shown(80, lang), **shown)
    ]


def _target(verdict: pd.Series, decimals: int, lang: str) -> str:
    words = texts(lang)["trajectory"]
    sentence = words["target"].format(
        document=document_name(verdict["document"], lang),
        due=due(verdict, lang),
        target=goal(verdict, decimals, lang),
        status=status_word(verdict, lang),
    )
    still = pace(verdict, lang)
    return (
        f"{sentence} {words['pace'].format(pace=still)}"
        if still and verdict["measure"] == "level"
        else sentence
    )


def _reliability(forecast: Forecast, lang: str) -> list[str]:
    """Return how many figures support the forecast, and the coverage of such intervals on other series."""
    words, observed = texts(lang)["trajectory"], forecast.observed
    years = observed.observed_years
    if not years:
        return [str(words["none"])]
    n = count(len(years), lang, f"{observed.indicator_id}.n_years")
    follows = forecast.method == PREMIUM
    form = words["few" if forecast.thin and follows else "thin" if forecast.thin else "short"]
    told = [str(form).format(n=n, years=", ".join(map(str, years)), first=years[0], last=years[-1])]
    if forecast.method != HEADLINE or forecast.parts or observed.scale not in ("log", "growth"):
        return told  # not tested on similar series
    record = record_like(len(years), observed.scale)
    key = f"{observed.indicator_id}.record"
    shown = {
        "series": count(int(record["series"]), lang, f"{key}.series"),
        "held": percent(record["held_80"] / 100, lang, f"{key}.held_80"),
    }
    return [*told, str(words["record"]).format(level=level_shown(80, lang), **shown)]


def describe_verdicts(verdicts: pd.DataFrame, lang: str = "vi") -> list[str]:
    """Return the counts of verdicts by document, and what is needed to judge the other targets.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import describe_verdicts, plain
    >>> verdicts = pd.DataFrame({"document": "congress-2020", "status": ["likely", "likely", "not_assessed"],
    ...                          "reason": ["", "", "no_evidence"]})
    >>> print(*plain(describe_verdicts(verdicts, "en")))
    Of the 3 targets of the XXIII congress: 2 likely; 1 not assessed. To assess the rest, yearly results are
    needed: of 1 targets no figure has been published, of 0 there are too few years.
    """
    sentences = [
        _summary(verdicts[verdicts["document"] == document], document, lang)
        for document in dict.fromkeys(verdicts["document"])
    ]
    return [*sentences, *describe_needs(verdicts, lang)]


def describe_needs(verdicts: pd.DataFrame, lang: str = "vi") -> list[str]:
    """Return what is needed to judge the targets that are not assessed; empty if there are none."""
    none = int(verdicts["reason"].eq("no_evidence").sum())
    few = int(verdicts["reason"].isin(["too_few_years", "no_yearly_figure"]).sum())
    if none + few == 0:
        return []
    shown = {"none": count(none, lang, "needed.none"), "few": count(few, lang, "needed.few")}
    return [texts(lang)["verdicts"]["needed"].format(**shown)]


def _summary(verdicts: pd.DataFrame, document: str, lang: str) -> str:
    words = texts(lang)
    counts = verdicts["status"].value_counts()
    parts = [
        words["verdicts"]["count"].format(
            n=count(counts[word], lang, f"{document}.{word}"), status=words["status"][word]
        )
        for word in STATUSES
        if word in counts
    ]
    total = count(len(verdicts), lang, f"{document}.targets")
    return str(words["verdicts"]["summary"]).format(
        n=total, document=document_name(document, lang), counts="; ".join(parts)
    )


def describe_boundary(
    area: pd.Series, successors: pd.DataFrame, as_of: date, *, lang: str = "vi"
) -> list[str]:
    """Return a sentence if the area no longer exists at a date, with its successors; otherwise empty.

    Parameters
    ----------
    area : pandas.Series
        A row of `areas.csv`.
    successors : pandas.DataFrame
        The rows of its successors.
    as_of : datetime.date
        The vintage.
    lang : {"vi", "en"}
        Language.
    """
    if not area["valid_to"] or last_day(area["valid_to"]) >= as_of:
        return []
    words = texts(lang)["boundary"]
    names = ", ".join(successors[f"name_{lang}"])
    ended = day(last_day(area["valid_to"]), lang)
    return [str(words["ended"]).format(area=area[f"name_{lang}"], ended=ended, successors=names)]


def explain_reading(lang: str) -> list[str]:
    """Return sentences that explain the words, the intervals and the figures."""
    words = texts(lang)
    levels = {name: level_shown(level, lang) for name, level in (("inner", 50), ("level", 80), ("outer", 95))}
    told = [words["trajectory"]["assumption"], words["page"]["how_text"]]
    return [explain_words(lang), *(form.format(**levels) for form in told)]
