"""Sentences about results: every number in them is looked up, none is typed."""

from __future__ import annotations

import pandas as pd

from .languages import document_name, due, goal, pace, quantity, reason, texts
from .schema import STATUSES, Forecast, NotAssessed, YearlySeries, row_of, years_of


def describe_trajectory(
    outcome: Forecast | NotAssessed,
    verdicts: pd.DataFrame,
    indicator: pd.Series,
    *,
    lang: str = "vi",
) -> list[str]:
    """Return what one picture says, as sentences.

    Parameters
    ----------
    outcome : Forecast or NotAssessed
        What the picture shows.
    verdicts : pandas.DataFrame
        Verdicts on the targets of this indicator.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
    """
    unit, decimals, words = str(indicator["unit"]), int(indicator["decimals"]), texts(lang)["trajectory"]
    sentences = _latest(outcome.observed, unit, decimals, lang) if outcome.observed else []
    if isinstance(outcome, Forecast):
        sentences += _ahead(outcome, verdicts, unit, decimals, lang)
    else:
        years = len(outcome.observed.observed_years) if outcome.observed else 0
        why = reason(outcome.reason, lang, n=years, needed=outcome.needed)
        sentences.append(words["not_assessed"].format(reason=why))
    for _, verdict in verdicts.iterrows():
        sentences.append(_target(verdict, decimals, lang))
    if isinstance(outcome, Forecast):
        sentences.append(_thin(outcome.observed, lang))
    return sentences


def headline(
    outcome: Forecast | NotAssessed, verdicts: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi"
) -> list[str]:
    """Return the two or three sentences of a subject that the first screen carries.

    Parameters
    ----------
    outcome, verdicts, indicator, lang
        As in `describe_trajectory`.

    Returns
    -------
    list of str
        The latest figure, the forecast of the first year due, and the words for the targets.
    """
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    sentences = _latest(outcome.observed, unit, decimals, lang) if outcome.observed else []
    if isinstance(outcome, NotAssessed):
        years = len(outcome.observed.observed_years) if outcome.observed else 0
        why = reason(outcome.reason, lang, n=years, needed=outcome.needed)
        return [*sentences, texts(lang)["trajectory"]["not_assessed"].format(reason=why)]
    words = texts(lang)["trajectory"]["target"]
    return sentences + [
        words.format(
            document=document_name(verdict["document"], lang),
            due=due(verdict, lang),
            target=goal(verdict, decimals, lang),
            status=texts(lang)["status"][verdict["status"]],
        )
        for _, verdict in verdicts.iterrows()
    ]


def _latest(observed: YearlySeries, unit: str, decimals: int, lang: str) -> list[str]:
    if not observed.observed_years:
        return []
    year = observed.observed_years[-1]
    row = row_of(observed.table, year)
    words = texts(lang)
    value = quantity(row["estimate"], unit, decimals, lang)
    return [words["trajectory"]["latest"].format(value=value, year=year, basis=words["bases"][row["basis"]])]


def _ahead(forecast: Forecast, verdicts: pd.DataFrame, unit: str, decimals: int, lang: str) -> list[str]:
    words, summary = texts(lang)["trajectory"], forecast.summary(levels=(80,))
    years = [year for year in sorted(set(verdicts["end"])) if year in years_of(summary)]
    years = years or [int(years_of(summary)[-1])]
    sentences = []
    for year in years:
        row = row_of(summary, year)
        shown = {
            name: quantity(row[column], unit, decimals, lang)
            for name, column in (("median", "median"), ("lower", "lower_80"), ("upper", "upper_80"))
        }
        sentences.append(words["forecast"].format(year=year, **shown))
    running = forecast.observed.origin + 1
    if running in years_of(forecast.observed.table):
        sentences.append(words["running"].format(year=running))
    return sentences


def _target(verdict: pd.Series, decimals: int, lang: str) -> str:
    words = texts(lang)["trajectory"]
    sentence = words["target"].format(
        document=document_name(verdict["document"], lang),
        due=due(verdict, lang),
        target=goal(verdict, decimals, lang),
        status=str(texts(lang)["status"][verdict["status"]]),
    )
    still = pace(verdict, lang)
    return (
        f"{sentence} {words['pace'].format(pace=still)}"
        if still and verdict["measure"] == "level"
        else sentence
    )


def _thin(observed: YearlySeries, lang: str) -> str:
    years = observed.observed_years
    words = texts(lang)["trajectory"]
    form = words["thin" if years[0] <= 2022 and years[-1] >= 2020 else "short"]
    return str(form).format(n=len(years), first=years[0], last=years[-1])


def describe_verdicts(verdicts: pd.DataFrame, lang: str = "vi") -> list[str]:
    """Return how many targets of each document stand where, and what is needed to judge the rest."""
    words = texts(lang)["verdicts"]
    sentences = [
        _summary(verdicts[verdicts["document"] == document], document, lang)
        for document in dict.fromkeys(verdicts["document"])
    ]
    none = int(verdicts["reason"].eq("no_evidence").sum())
    few = int(verdicts["reason"].isin(["too_few_years", "no_yearly_figure"]).sum())
    return [*sentences, words["needed"].format(none=none, few=few)] if none + few else sentences


def _summary(verdicts: pd.DataFrame, document: str, lang: str) -> str:
    words = texts(lang)
    counts = verdicts["status"].value_counts()
    parts = [
        words["verdicts"]["count"].format(n=counts[word], status=words["status"][word])
        for word in STATUSES
        if word in counts
    ]
    return str(words["verdicts"]["summary"]).format(
        n=len(verdicts), document=document_name(document, lang), counts="; ".join(parts)
    )
