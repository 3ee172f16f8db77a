"""An outcome in a few sentences: each goal with its chance, the latest figure, the forecast."""

from __future__ import annotations

import pandas as pd

from ...core import NO_YEAR_LEFT, Forecast, Outcome, row_of
from ..figures.subject import subject_of
from ..goals import due, goal, withheld_years
from ..language import document_name, indicator_name, level_shown, percent_in_steps, status_word, texts
from ..tagged_numbers import capital, tag_quoted
from .foundations import banded, years_due
from .results import headline


def describe_outcome(
    outcome: Outcome, verdicts: pd.DataFrame, indicator: pd.Series | None = None, *, lang: str = "vi"
) -> list[str]:
    """Return an outcome in a few sentences; of a series and a target of one's own too.

    Parameters
    ----------
    outcome : Forecast or NotAssessed
        What is told.
    verdicts : pandas.DataFrame
        Verdicts on its targets, as `judge_targets` returns them.
    indicator : pandas.Series, optional
        Its row of `indicators.csv`; a series that is not listed there needs none.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        Tagged text: each goal with its word and its chance in steps of 5 %; the latest figure; the forecast
        of the last year due (without a goal: of the last year), with its 80 % interval. Where nothing is
        forecast, the latest figure and why.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="pots", dtype=float)
    >>> fan = sapa.forecast(visits, n_paths=2_000, unit="pots")
    >>> verdict = sapa.judge_targets({"pots": fan}, sapa.target("pots", 160, by=2021))
    >>> print(*sapa.plain(sapa.reporting.describe_outcome(fan, verdict, lang="en")))
    Pots, goal for 2021 (own target): 160 pots – about as likely as not (about 45%). Latest figure: 140 pots
    (2019). Forecast for 2021: about 158 pots; 80% interval 136 to 182 pots.
    """
    row = subject_of(outcome.observed, indicator)
    latest = headline(outcome, verdicts.iloc[:0], row, lang=lang)
    if isinstance(outcome, Forecast):
        latest += _ahead(outcome, verdicts, row, lang)
    elif outcome.reason != NO_YEAR_LEFT:
        return latest
    return [*(_judged(verdict, row, lang) for _, verdict in verdicts.iterrows()), *latest]


def _judged(verdict: pd.Series, indicator: pd.Series, lang: str) -> str:
    """Return a goal with its word, and its chance where it has one."""
    word = status_word(verdict, lang)
    if pd.notna(verdict["probability"]):
        word += f" ({percent_in_steps(verdict['probability'], lang, verdict['id'] + '.probability')})"
    own, name = indicator["indicator_id"], capital(indicator_name(indicator, lang))
    return str(texts(lang)["tutorial"]["goal"]).format(
        name=tag_quoted(name, f"{own}.name.{lang}"), document=document_name(verdict["document"], lang),
        due=due(verdict, lang), target=goal(verdict, int(indicator["decimals"]), lang), status=word,
    )  # fmt: skip


def _ahead(forecast: Forecast, verdicts: pd.DataFrame, indicator: pd.Series, lang: str) -> list[str]:
    """Return the forecast of the last year due, or why it is withheld."""
    words, year = texts(lang)["trajectory"], years_due(forecast, verdicts)[-1]
    if why := withheld_years(verdicts).get(year):
        return [str(words[why]).format(year=year)]
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    row = row_of(forecast.summary((80,)), year)
    shown = banded(row, unit, decimals, lang, key=f"{indicator['indicator_id']}.{year}")
    return [str(words["forecast"]).format(year=year, level=level_shown(80, lang), **shown)]
