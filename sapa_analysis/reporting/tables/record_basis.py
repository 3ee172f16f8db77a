"""What stands behind a track record, for print: forecasts not made, constants, other scores."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby

import pandas as pd

from ..language import day, number, texts
from ..tagged_numbers import capital
from .record import method_named, place_named

#: Why a calculation was not possible, by what its message says.
_MESSAGES = (
    (re.compile(r"profile of the months|a profile needs"), "profile"),
    (re.compile(r"^consumer prices are known for"), "prices"),
    (re.compile(r": figures of \d+ .*years?; \w+ needs"), "too_few_years"),
)


def refused_table(
    refused: Iterable[tuple[str, int, str, str]], areas: pd.DataFrame, *, lang: str = "vi"
) -> pd.DataFrame:
    """Return which forecasts of earlier years could not be made as a table for print, and why.

    Parameters
    ----------
    refused : iterable of tuple
        (area, origin, method, reason), as `attrs["refused"]` of `evaluation.track_areas` lists them.
    areas : pandas.DataFrame
        As `load_areas` returns them, for the names.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text: area, the years at whose end no forecast was possible, why, and by which methods.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import refused_table
    >>> refused = [("sa_pa", year, "naive", "no_evidence") for year in (2012, 2013, 2015)]
    >>> refused_table(refused, load_project().areas, lang="en").iloc[0].tolist()
    ['Sa Pa town', '2012–2013, 2015', 'no figure has been published', 'Last figure stays']
    """
    words = texts(lang)["record_page"]
    table = pd.DataFrame(list(refused), columns=["area", "origin", "method", "reason"])
    table["reason"] = [reason_in_words(reason, lang) for reason in table["reason"]]
    every = table["method"].nunique()
    rows = []
    for (area, reason), group in table.groupby(["area", "reason"], sort=False):
        of_method = {method: spans(mine["origin"]) for method, mine in group.groupby("method", sort=False)}
        for years in dict.fromkeys(of_method.values()):
            who = [str(method) for method, theirs in of_method.items() if theirs == years]
            named = words["every"] if len(who) == every > 1 else "; ".join(method_named(m, lang) for m in who)
            rows.append([place_named(str(area), areas, lang), years, reason, named])
    return pd.DataFrame(rows, columns=list(words["refused"].values()))


def reason_in_words(reason: str, lang: str) -> str:
    """Return why there is no forecast: of a code of `NotAssessed`, or of the message of an error.

    Examples
    --------
    >>> from sapa_analysis.reporting.tables.record_basis import reason_in_words
    >>> reason_in_words("too_few_years", "en"), reason_in_words("one series is odd", "en")
    ('too few years with a figure', 'what was known then did not allow the calculation')
    """
    own: dict[str, str] = texts(lang)["record_page"]["reasons"]
    code = next((name for form, name in _MESSAGES if form.search(reason)), reason)
    return own.get(code) or str(texts(lang)["reasons"].get(code, own["other"]))


def spans(years: Iterable[int]) -> str:
    """Return years as spans.

    Examples
    --------
    >>> from sapa_analysis.reporting.tables.record_basis import spans
    >>> spans([2013, 2012, 2015])
    '2012–2013, 2015'
    """
    ordered = sorted({int(year) for year in years})
    runs = [
        [year for _, year in run] for _, run in groupby(enumerate(ordered), lambda each: each[1] - each[0])
    ]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def constants_table(constants: pd.DataFrame, *, as_of: date, lang: str = "vi") -> pd.DataFrame:
    """Return the constants of the method as a table for print, those known too late first.

    Parameters
    ----------
    constants : pandas.DataFrame
        As `pipeline.constants_used` returns them.
    as_of : datetime.date
        The day of the edition.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text: whether it could be known on the day, what it is, since when it could be known (blank where it
        rests on no figure), whether it is learned or judged, whether a forecast uses it.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.pipeline import constants_used
    >>> from sapa_analysis.reporting import constants_table
    >>> day = date(2025, 6, 30)
    >>> constants_table(constants_used(day), as_of=day, lang="en").iloc[0].tolist()
    ['no', 'how visits come back after a break', '31/1/2026', 'other places and series', 'forecasts']
    """
    words, names = texts(lang)["record_page"], texts(lang)["constants"]["names"]
    heads = [str(head).format(as_of=day(as_of, lang)) for head in words["constants"].values()]
    ordered = constants.sort_values("hindsight", ascending=False, kind="stable")
    rows = [
        [
            texts(lang)["shown"]["no" if row["hindsight"] else "yes"],
            names[row["name"]],
            day(date.fromisoformat(row["known_from"]), lang) if row["known_from"] else "",
            words["basis"][row["basis"]],
            words["use"][row["use"]],
        ]
        for row in ordered.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=heads)


def verdict_scores_table(scores: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return Brier scores on artificial targets as a table for print, the best first.

    Parameters
    ----------
    scores : pandas.DataFrame
        As `evaluation.verdict_scores` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text: forecaster, Brier score, how much worse than ours on the same targets with its standard error,
        number of targets.

    Examples
    --------
    >>> from sapa_analysis.evaluation import verdict_scores
    >>> from sapa_analysis.reporting import verdict_scores_table
    >>> verdict_scores_table(verdict_scores(cases="open"), lang="en").iloc[1].tolist()
    ['SDG Index, by how often it was right elsewhere', '0.089', '+0.010 ± 0.001', '60,897']
    """
    words = texts(lang)["record_page"]
    rows = [
        [
            _forecaster(row["forecaster"], lang),
            number(row["brier"], 3, lang),
            _worse(row["brier"] - row["ours"], row["standard_error"], lang),
            number(row["n"], 0, lang),
        ]
        for row in scores.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(words["verdict_scores"].values()))


def _forecaster(name: str, lang: str) -> str:
    words, rules = texts(lang)["record_page"], texts(lang)["rules"]
    rule = name.removesuffix("_hit_rate_elsewhere")
    if rule in rules:
        form = words["rule_as_said"] if rule == name else words["rule_by_hits"]
        return capital(str(form).format(rule=rules[rule]))
    return str(words["forecasters"][name])


def _worse(difference: float, error: float, lang: str) -> str:
    if not error:
        return ""
    sign = "+" if difference > 0 else ""
    return f"{sign}{number(difference, 3, lang)} ± {number(error, 3, lang)}"
