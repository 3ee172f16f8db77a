"""Sentences about doubted figures: each with its reason, and what it would move if it were fitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd

from ...core import YearlySeries, last_year_ended
from ...evidence import is_doubted, is_office
from ..goals import due, goal
from ..language import chance_shown, document_name, forecasts, name_shown, texts
from ..office import named as office_named
from ..published import day_shown, figure_printed, period_shown
from ..tagged_numbers import tag, tag_quoted


def describe_doubts(observed: YearlySeries | None, lang: str = "vi") -> list[str]:
    """Return each doubted figure of a series as it was printed, with its page and the reason of the doubt.

    Parameters
    ----------
    observed : YearlySeries or None
        The series; none if no year has a figure.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        One sentence for each doubted figure of the indicator itself, its numbers tagged.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project
    >>> from sapa_analysis.reporting import describe_doubts, plain
    >>> project, params = open_project(as_of="2026-01-31", n_paths=100)
    >>> growth = assess_indicator(project, params, "grdp_growth").observed
    >>> told = plain(describe_doubts(growth, "en"))
    >>> len(told), told[0][:68]
    (1, 'Doubtful, so printed and not used in the forecast: 13.8% (average 20')
    """
    if observed is None or observed.observations.empty:
        return []
    seen = observed.observations
    doubted = seen[is_doubted(seen) & (seen["indicator_id"] == observed.indicator_id)]
    return [_told(row, f"{observed.indicator_id}.{row['period']}", lang) for _, row in doubted.iterrows()]


def _told(row: pd.Series, key: str, lang: str) -> str:
    words = texts(lang)
    cited = str(row["cite_ok"]) == "yes"
    title = str(row["source_title"])
    told = office_named(title, lang) if is_office(row["source_url"]) else title
    source = tag_quoted(told, f"{key}.page") if cited else words["sheet"]["uncited"]
    when = period_shown(str(row["period"]), str(row["freq"]), lang)
    value = figure_printed(
        row["value"], str(row["unit"]), lang, bound=str(row["bound"]), key=f"{key}.published"
    )
    return str(words["doubts"]["told"]).format(
        value=value,
        period=when if row["freq"] == "A" else tag_quoted(when, f"{key}.published.period"),
        source=source,
        date=day_shown(str(row["published"]), lang),
        reason=tag_quoted(str(row[f"doubt_{lang}"]), f"{key}.doubt.{lang}"),
    )


def describe_weighed(
    weighed: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
    named: Callable[[str, str], str] = document_name,
    as_of: date | None = None,
) -> list[str]:
    """Return what each doubted figure would move if it were fitted: medians and chances, target by target.

    Parameters
    ----------
    weighed : pandas.DataFrame
        As `weigh_doubts` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.
    named : callable
        Returns the name of a document in a language; by default the short one.
    as_of : datetime.date, optional
        If given, the words of that day stand in place of the chances.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import describe_weighed, plain
    >>> goal = {"id": "congress-2020.grdp_growth", "document": "congress-2020", "sense": "at_least",
    ...         "indicator_id": "grdp_growth", "measure": "term_mean_growth", "value": 14.5,
    ...         "value_high": None, "unit": "percent", "start": 2021, "end": 2025}
    >>> row = goal | {"figure": "e0260", "of": "grdp_growth", "period": "2020/2025", "freq": "TERM",
    ...               "figure_value": 13.8, "figure_unit": "percent", "bound": "exact", "expected": 9.6,
    ...               "expected_with": 13.7, "probability": 0.001, "probability_with": 0.0,
    ...               "status_with": "very_unlikely"}
    >>> print(*plain(describe_weighed(pd.DataFrame([row]), load_project().indicators, lang="en")))
    If 13.8% (GRDP growth, average 2021–2025) were used: GRDP growth, goal for average 2021–2025 (XXIII
    congress): 14.5% – middle of the forecast 13.7% instead of 9.6%, chance 0% instead of <1%.
    """
    return [_moved(row, indicators, lang, named, as_of) for _, row in weighed.iterrows()]


def weighed_last(weighed: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return of what doubted figures would move the goals of one indicator that are due last."""
    mine = weighed[weighed["indicator_id"] == indicator]
    last: pd.DataFrame = mine.loc[mine["end"] == mine["end"].max()]
    return last


def _moved(
    row: pd.Series,
    indicators: pd.DataFrame,
    lang: str,
    named: Callable[[str, str], str],
    as_of: date | None,
) -> str:
    words, shown = texts(lang)["doubts"], moved_parts(row, indicators, lang, named)
    if as_of is not None:
        return _in_words(row, shown, f"{row['id']}.with_{row['figure']}", as_of, lang)
    return str(words["settled" if is_settled(row) else "moved"]).format(**shown)


def is_settled(row: pd.Series) -> bool:
    """Return whether a goal would be met or missed already, if the doubted figure were used."""
    return str(row["status_with"]) in ("met", "missed")


def moved_parts(
    row: pd.Series, indicators: pd.DataFrame, lang: str, named: Callable[[str, str], str] = document_name
) -> dict[str, str]:
    """Return the goal, the doubted figure, and median and chance with it and without it; tagged."""
    words, concept = texts(lang)["doubts"], pd.Series(indicators.loc[row["indicator_id"]])
    decimals, key = int(concept["decimals"]), f"{row['id']}.with_{row['figure']}"
    bound, unit = str(row["bound"]), str(row["figure_unit"])
    figure = figure_printed(row["figure_value"], unit, lang, bound=bound, key=f"{key}.figure")
    shown = {"value": figure, "period": period_shown(str(row["period"]), str(row["freq"]), lang)}
    shown["of"] = tag_quoted(str(indicators.loc[row["of"], f"name_{lang}"]), f"{row['of']}.name.{lang}")
    shown |= {"name": name_shown(concept, lang), "document": named(str(row["document"]), lang)}
    shown |= {"due": due(row, lang), "target": goal(row, decimals, lang)}
    nothing = dict.fromkeys(["with", "without", "chance_with", "chance_without"], str(words["nothing"]))
    medians = {"with": row["expected_with"], "without": row["expected"]}
    medians = {place: value for place, value in medians.items() if pd.notna(value)}
    keys = {place: f"{key}.median_{place}" for place in medians}
    shown = nothing | shown | forecasts(medians, str(row["unit"]), decimals, lang, keys=keys)
    for place, chance in (("with", row["probability_with"]), ("without", row["probability"])):
        if pd.notna(chance):
            text = chance_shown(chance, lang)
            shown[f"chance_{place}"] = tag(text, f"{key}.chance_{place}", chance, "probability")
    shown["word"] = str(texts(lang)["status"][row["status_with"]])
    return shown


def _in_words(row: pd.Series, shown: Mapping[str, str], key: str, as_of: date, lang: str) -> str:
    """Return the sentence with the words of a day in place of chances."""
    words, over = texts(lang)["doubts"], row["end"] <= last_year_ended(as_of)
    said = texts(lang)["status"] | (texts(lang)["overdue"] if over else {})
    told = {
        f"word_{place}": tag(str(said[status]), f"{key}.word_{place}", status, "judgement")
        for place, status in (("with", row["status_with"]), ("without", row["status"]))
    }
    same = row["status_with"] == row["status"]
    return str(words["moved_words" if not same else "moved_no_word"]).format(**shown, **told)
