"""The answer for one indicator: how far it has come, how far it can go, and what becomes of its goals."""

from __future__ import annotations

import pandas as pd

from ...core import NO_YEAR_LEFT, Forecast, NotAssessed, YearlySeries, row_of
from ...verdicts import latest_figure
from ..goals import due, goal, withheld_years
from ..language import indicator_name, level_shown, percent_in_steps, reason, texts
from ..published import latest_shown
from ..tagged_numbers import plain
from .foundations import banded, years_due

#: Goals that are told one by one.
_MOST = 4


def answer_trajectory(
    outcome: Forecast | NotAssessed,
    verdicts: pd.DataFrame,
    indicator: pd.Series,
    place: pd.Series,
    *,
    lang: str = "vi",
) -> list[str]:
    r"""Return how far an indicator has come and how far it can go, in two or three lines.

    Parameters
    ----------
    outcome : Forecast or NotAssessed
        The outcome of the indicator.
    verdicts : pandas.DataFrame
        Verdicts on its targets.
    indicator, place : pandas.Series
        Its row of `indicators.csv`, and that of its area in `areas.csv`.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        First the latest figure and the forecast of the last year due of which one is told, or why there is
        none; then the estimate of a year of which only a part is published, or of the last where no year is
        left to forecast; then every goal with its word. Tagged.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import answer_trajectory, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> output = assess_indicator(project, params, "handicraft_output")
    >>> goals = known_targets(project, params, "handicraft_output")
    >>> verdicts = judge(project, {"handicraft_output": output}, goals, params)
    >>> concept, place = project.indicators.loc["handicraft_output"], project.areas.loc["sa_pa"]
    >>> print(*plain(answer_trajectory(output, verdicts, concept, place, lang="en")), sep="\n")
    Handicraft output (2010 prices), Sa Pa town: the latest figure is 178.6 billion VND (10 months of 2022).
    Forecast for 2023: about 222 billion VND; 80% interval 193 to 255 billion VND.
    Estimate for the whole of 2022: 216 billion VND; 80% interval 204 to 230 billion VND.
    Goals: 260 billion VND (2023) – very unlikely (about 5%).
    """
    words, own = texts(lang)["trajectory_page"], _latest(outcome.observed, indicator, lang)
    form = "latest" if own else "none" if isinstance(outcome, Forecast) else ""
    named = {"name": indicator_name(indicator, lang), "area": place[f"name_{lang}"]}
    if isinstance(outcome, Forecast):
        ahead = _ahead(outcome, verdicts, indicator, lang)
    elif outcome.reason == NO_YEAR_LEFT:
        ahead, form = str(texts(lang)["trajectory"]["no_year_left"]), form or "none"
    else:
        ahead = words["refused" if own else "refused_only"].format(
            reason=_why(outcome, indicator, lang), **named
        )
    first = words[form].format(value=own, **named) if form else ""
    lines = [f"{first} {ahead}".strip(), _whole_year(outcome, verdicts, indicator, lang)]
    return [line for line in (*lines, _goals(verdicts, indicator, lang)) if line]


def _latest(observed: YearlySeries | None, indicator: pd.Series, lang: str) -> str:
    """Return the latest published figure with its period; blank where there is none."""
    if observed is None:
        return ""
    name, unit = str(indicator["indicator_id"]), str(indicator["unit"])
    found = latest_figure(observed) | {"indicator_id": name, "unit": unit, "id": name}
    return latest_shown(found, indicator, lang, with_goal=False)


def _ahead(forecast: Forecast, verdicts: pd.DataFrame, indicator: pd.Series, lang: str) -> str:
    """Return the forecast of the last year due of which one is told, or why none is."""
    words, blank = texts(lang)["trajectory"], withheld_years(verdicts)
    years = years_due(forecast, verdicts)
    told = [year for year in years if year not in blank]
    if not told:
        return str(words[blank[years[-1]]]).format(year=years[-1])
    summary, year = forecast.summary(levels=(80,)), told[-1]
    key = f"{forecast.observed.indicator_id}.{year}"
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    shown = banded(row_of(summary, year), unit, decimals, lang, key=key)
    return str(words["forecast"]).format(year=year, level=level_shown(80, lang), **shown)


def _why(outcome: NotAssessed, indicator: pd.Series, lang: str) -> str:
    years = len(outcome.observed.observed_years) if outcome.observed else 0
    return reason(outcome.reason, lang, str(indicator["indicator_id"]), n=years, needed=outcome.needed)


def _whole_year(
    outcome: Forecast | NotAssessed, verdicts: pd.DataFrame, indicator: pd.Series, lang: str
) -> str:
    """Return the estimate of a year of which a part is published; where no year is left, of the last."""
    observed, over = outcome.observed, isinstance(outcome, NotAssessed) and outcome.reason == NO_YEAR_LEFT
    year = observed.origin if observed and over else latest_figure(observed)["latest_year"]
    if observed is None or year is None or year in withheld_years(verdicts):
        return ""
    row = row_of(observed.table, year)
    if row["basis"] == "year" or (row["basis"] != "part_year" and not over):
        return ""
    key, unit = f"{observed.indicator_id}.{year}", str(indicator["unit"])
    shown = banded(row, unit, int(indicator["decimals"]), lang, key=key, middle="estimate")
    form = str(texts(lang)["trajectory_page"]["whole_year"])
    return form.format(year=year, level=level_shown(80, lang), **shown)


def in_order(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return verdicts by the year due, those that are assessed first."""
    last = verdicts.assign(last=verdicts["status"].eq("not_assessed"))
    return last.sort_values(["last", "end"], kind="stable").drop(columns="last")


def _goals(verdicts: pd.DataFrame, indicator: pd.Series, lang: str) -> str:
    """Return the goals with their words, by the year due, those that are assessed first; each once."""
    words = texts(lang)["trajectory_page"]
    if verdicts.empty:
        return str(words["no_goal"])
    parts = [_goal(verdict, indicator, lang) for _, verdict in in_order(verdicts).iterrows()]
    once = list({plain(part): part for part in reversed(parts)}.values())[::-1]
    more = [words["more"].format(n=len(once) - _MOST)] if len(once) > _MOST else []
    return str(words["goals"]).format(parts="; ".join([*once[:_MOST], *more]))


def _goal(verdict: pd.Series, indicator: pd.Series, lang: str) -> str:
    words, said = texts(lang), verdict["status"]
    word = words["overdue"].get(said, "") if verdict["overdue"] else ""
    word = word or words["status"][said]
    if pd.notna(verdict["probability"]):
        chance = percent_in_steps(verdict["probability"], lang, f"{verdict['id']}.probability")
        word = str(words["trajectory_page"]["with_chance"]).format(word=word, chance=chance)
    shown = {"target": goal(verdict, int(indicator["decimals"]), lang), "due": due(verdict, lang)}
    return str(words["trajectory_page"]["goal"]).format(word=word, **shown)


def why_empty(what: str, *, lang: str = "vi") -> str:
    """Return what a page about one indicator says where a table of it has no row.

    Parameters
    ----------
    what : {"published", "years", "peers", "goals", "methods", "correlations", "editions", "foundations"}
        The table, or the sentences.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> from sapa_analysis.reporting import why_empty
    >>> why_empty("peers", lang="en")
    'No other place has a figure of it to compare with.'
    """
    return str(texts(lang)["trajectory_page"]["empty"][what])
