"""Sentences about results; every number in them is looked up and tagged, none is typed."""

from __future__ import annotations

import pandas as pd

from ...core import NO_YEAR_LEFT, Forecast, NotAssessed, YearlySeries, row_of
from ...verdicts import latest_figure
from ..goals import due, goal, withheld_years
from ..language import document_name, level_shown, quantity, reason, status_word, texts
from ..paces import pace_needed
from ..published import Cite, latest_shown
from .foundations import banded, beside, foundations_of, own_paces, years_due


def describe_trajectory(
    outcome: Forecast | NotAssessed,
    verdicts: pd.DataFrame,
    indicator: pd.Series,
    *,
    lang: str = "vi",
    places: pd.DataFrame | None = None,
    indicators: pd.DataFrame | None = None,
    cite: Cite | None = None,
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
    cite : callable, optional
        Returns the mark of the page of a figure, such as " [3]".

    Returns
    -------
    list of str

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import describe_trajectory, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> output = assess_indicator(project, params, "handicraft_output")
    >>> goals = known_targets(project, params, "handicraft_output")
    >>> verdicts = judge(project, {"handicraft_output": output}, goals, params)
    >>> told = describe_trajectory(output, verdicts, project.indicators.loc["handicraft_output"], lang="en")
    >>> print(*plain(told))
    Latest figure: 178.6 billion VND (10 months of 2022). For the whole of 2022 the model makes it 216.4
    billion VND. Forecast for 2023: about 222 billion VND; 80% interval 193 to 255 billion VND. Goal for
    2023 (resolution 2023): 260 billion VND – very unlikely. Still needed: 20.2% a year. Own pace a year:
    not enough figures. Few figures (1: 2022): the forecast rests mainly on how far like series usually
    move; its interval is wide, use it with care. Tried on 1,090 other series without a break, each kind
    left out while widths were learned, 80% intervals held from 70% (visits to American parks) to 93% (GDP
    of countries) of the outcomes; series of one kind share the surprises of the same years.
    """
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    sentences = _latest(outcome.observed, indicator, lang, converted=True, cite=cite)
    if isinstance(outcome, Forecast):
        sentences += _ahead(outcome, verdicts, unit, decimals, lang)
    else:
        sentences.append(_no_forecast(outcome, indicator, lang))
    sentences += _targets(verdicts, decimals, lang)
    return sentences + foundations_of(outcome, verdicts, lang, places, indicators)


def headline(
    outcome: Forecast | NotAssessed,
    verdicts: pd.DataFrame,
    indicator: pd.Series,
    *,
    lang: str = "vi",
    cite: Cite | None = None,
) -> list[str]:
    """Return the two or three sentences about a subject for the first screen.

    Parameters
    ----------
    outcome, verdicts, indicator, lang, cite
        As in `describe_trajectory`.

    Returns
    -------
    list of str
        The latest published figure, and each goal with its word.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import headline, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> output = assess_indicator(project, params, "handicraft_output")
    >>> goals = known_targets(project, params, "handicraft_output")
    >>> verdicts = judge(project, {"handicraft_output": output}, goals, params)
    >>> told = headline(output, verdicts, project.indicators.loc["handicraft_output"], lang="en")
    >>> print(*plain(told))
    Latest figure: 178.6 billion VND (10 months of 2022). Goal for 2023 (resolution 2023): 260 billion VND –
    very unlikely. Still needed: 20.2% a year. Own pace a year: not enough figures.
    """
    decimals = int(indicator["decimals"])
    sentences = _latest(outcome.observed, indicator, lang, converted=False, cite=cite)
    if isinstance(outcome, NotAssessed) and outcome.reason != NO_YEAR_LEFT:
        return [*sentences, _no_forecast(outcome, indicator, lang)]
    return sentences + _targets(verdicts, decimals, lang)


def _no_forecast(outcome: NotAssessed, indicator: pd.Series, lang: str) -> str:
    words = texts(lang)["trajectory"]
    if outcome.reason == NO_YEAR_LEFT:
        return str(words["no_year_left"])
    years = len(outcome.observed.observed_years) if outcome.observed else 0
    why = reason(outcome.reason, lang, str(indicator["indicator_id"]), n=years, needed=outcome.needed)
    return str(words["not_assessed"]).format(reason=why)


def _latest(
    observed: YearlySeries | None, indicator: pd.Series, lang: str, *, converted: bool, cite: Cite | None
) -> list[str]:
    """Return the latest published figure, and what we make of it for the whole year."""
    if observed is None:
        return []
    words, own = texts(lang)["trajectory"], observed.indicator_id
    found = latest_figure(observed) | {"indicator_id": own, "unit": str(indicator["unit"]), "id": own}
    shown = latest_shown(found, indicator, lang, cite=cite, with_goal=False)
    told = [words["latest"].format(value=shown)] if shown else []
    if converted and found["whole_year"] is not None:
        year = found["latest_year"]
        decimals, key = int(indicator["decimals"]), f"{own}.{year}.whole_year"
        value = quantity(found["whole_year"], found["unit"], decimals, lang, key=key)
        told.append(words["whole_year"].format(year=year, value=value))
    return told


def _ahead(forecast: Forecast, verdicts: pd.DataFrame, unit: str, decimals: int, lang: str) -> list[str]:
    words, summary = texts(lang)["trajectory"], forecast.summary(levels=(80,))
    own, blank = forecast.observed.indicator_id, withheld_years(verdicts)
    sentences = []
    for year in years_due(forecast, verdicts):
        if year in blank:
            sentences.append(words[blank[year]].format(year=year))
            continue
        shown = banded(row_of(summary, year), unit, decimals, lang, key=f"{own}.{year}")
        sentences.append(words["forecast"].format(year=year, level=level_shown(80, lang), **shown))
    return sentences + beside(forecast, verdicts, unit, decimals, lang)


def _targets(verdicts: pd.DataFrame, decimals: int, lang: str) -> list[str]:
    """Return each goal with its word and the pace it still needs, then the own pace of the figures."""
    words, sentences = texts(lang)["trajectory"], []
    for _, verdict in verdicts.iterrows():
        sentence = words["target"].format(
            document=document_name(verdict["document"], lang),
            due=due(verdict, lang),
            target=goal(verdict, decimals, lang),
            status=status_word(verdict, lang),
        )
        still = pace_needed(verdict, lang) if verdict["measure"] != "growth" else ""
        sentences.append(f"{sentence} {words['pace'].format(pace=still)}" if still else sentence)
    return sentences + own_paces(verdicts, lang)
