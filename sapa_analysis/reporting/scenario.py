"""What scenarios assume: their adjustments with reasons, and those that do not hold here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import pandas as pd

from ..core import Forecast, Outcome, in_language
from ..scenarios import Adjustment, Scenario
from .language import indicator_name, number, quantity, texts
from .subject import indicator_row
from .tagged_numbers import tag

#: A year of the calendar has four digits; less are years after the origin.
_FIRST = 1000
#: Sections that need no forecast of the indicator.
_WITHOUT_FORECAST = ("since", "far", "said")


def adjustments_table(
    scenarios: Mapping[str, Scenario],
    indicators: pd.DataFrame,
    *,
    ended: int | None = None,
    sources: bool = True,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return every adjustment with its reason and source; one row for a scenario without any.

    Parameters
    ----------
    scenarios : mapping of name to Scenario
        As `load_scenarios` returns them.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    ended : int, optional
        The last year that had ended: years after the origin are then told by the calendar.
    sources : bool
        Whether the sources stand in a column, as the files of the scenarios name them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text in every cell.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> more = sapa.scenario("spend +10 %", spend_per_visit={1: "+10%", 2: "+10%"})
    >>> of = {"more": more}, sapa.pipeline.load_project().indicators
    >>> table = sapa.reporting.adjustments_table(*of, ended=2022, lang="en")
    >>> sapa.plain(table).iloc[0, :3].tolist()
    ['spend +10 %', 'Spend per visit', '2023–2024 (of 2023 what is left): times 1.10']
    """
    words = texts(lang)["scenarios"]
    rows = []
    for scenario in scenarios.values():
        name = scenario.label[lang]
        rows += [
            [name, *_adjustment(part, scenario, indicators, ended, lang)] for part in scenario.adjustments
        ]
        if not scenario.adjustments:
            rows.append([name, "", words["untouched"], scenario.reason[lang], "", "", ""])
    heads = ("scenario", "indicator", "effect", "reason", "source", "quality", "impact")
    table = pd.DataFrame(rows, columns=[words[head] for head in heads])
    return table if sources else table.drop(columns=words["source"])


def _adjustment(
    part: Adjustment, scenario: Scenario, indicators: pd.DataFrame, ended: int | None, lang: str
) -> list[str]:
    words = texts(lang)["scenarios"]
    indicator = indicator_row(part.indicator, indicators)
    effect = "; ".join(_effects(part, scenario, indicator, ended, lang))
    impact = words["impacts"][part.impact] if part.impact else ""
    reason = part.reason[lang] or scenario.reason[lang]
    return [indicator_name(indicator, lang), effect, reason, part.source, part.quality or "", impact]


def _effects(
    part: Adjustment, scenario: Scenario, indicator: pd.Series, ended: int | None, lang: str
) -> Iterator[str]:
    """Yield what is done in which years; years in a row with the same value are told together."""
    words, head = texts(lang)["scenarios"], f"{scenario.name}.{part.indicator}"

    def done(value: float, name: object) -> str:
        shown = _value(part, value, f"{head}.{name}.{part.effect}", indicator, lang)
        return str(words["effects"][part.effect]).format(value=shown, of_year=part.of_year)

    if part.always is not None:
        yield str(words["always"][part.shape]).format(effect=done(part.always, "always"))
    runs = groupby(
        enumerate(sorted(part.values.items())), key=lambda item: (item[1][0] - item[0], item[1][1])
    )
    for (_, value), run in runs:
        years = [year for _, (year, _) in run]
        yield f"{_years(years, part, ended, lang)}: {done(value, years[0])}"


def _years(years: list[int], part: Adjustment, ended: int | None, lang: str) -> str:
    """Return a run of years, by the calendar where it is known, and a year of which only the rest counts."""
    words, offset = texts(lang)["scenarios"], 0 if years[0] >= _FIRST else ended
    ends = [
        f"+{year}" if offset is None else str(offset + year) for year in dict.fromkeys((years[0], years[-1]))
    ]
    if years[0] == 1 and part.effect not in ("replace", "hold"):
        ends[-1] += f" ({words['rest'].format(year=ends[0])})"
    return "–".join(ends)


def _value(part: Adjustment, value: float, key: str, indicator: pd.Series, lang: str) -> str:
    if part.effect == "multiply":
        return tag(number(value, 2, lang), key, value, "factor")
    if part.effect == "hold":
        return tag(f"{number(100 * value, 0, lang)}%", key, value, "share")
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    if part.effect == "growth":
        unit, decimals = "percent", 1
    elif part.effect == "add_growth" or (part.effect == "add" and unit == "percent"):
        unit, decimals = "percentage_points", 1
    return quantity(value, unit, decimals, lang, key=key)


def why_no_rows(section: str, outcome: Outcome, *, lang: str = "vi") -> str:
    """Return why a section on scenarios has nothing to show: no forecast, or a reason of its own.

    Parameters
    ----------
    section : str
        One of `differences`, `causes`, `chances`, `needed`, `path`, `mixes`, `gap`, `leaning`, `since`, `far`
        and `said`.
    outcome : Forecast or NotAssessed
        The baseline of the indicator.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis import NotAssessed
    >>> from sapa_analysis.reporting import why_no_rows
    >>> why_no_rows("differences", NotAssessed(None, "no_evidence", 1), lang="en")
    'On this day there is no forecast of the indicator, so there is nothing to show here.'
    """
    words = texts(lang)["scenarios_page"]["no_rows"]
    forecast = isinstance(outcome, Forecast) or section in _WITHOUT_FORECAST
    return str(words[section if forecast else "no_forecast"])


def describe_left_out(
    left_out: Mapping[str, str], scenarios: Mapping[str, Scenario], *, lang: str = "vi"
) -> list[str]:
    """Return a sentence on each chosen scenario that does not hold here, with the reason.

    Parameters
    ----------
    left_out : mapping of name to str
        As `pipeline.left_out` returns it.
    scenarios : mapping of name to Scenario
        The scenarios, for their labels.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import describe_left_out
    >>> left = {"low": "it speaks of 2030, the forecast of 2024 to 2025"}
    >>> describe_left_out(left, load_project().scenarios, lang="en")
    ['Low scenario does not hold here: it speaks of 2030, the forecast of 2024 to 2025.']
    >>> describe_left_out({}, {}, lang="en")
    ['Every chosen scenario holds here.']
    """
    words = texts(lang)["scenarios"]
    told = [
        words["does_not_hold"].format(label=scenarios[name].label[lang], reason=in_language(why, lang))
        for name, why in left_out.items()
    ]
    return told or [str(words["all_hold"])]


def describe_slips(
    slips: Mapping[str, Sequence[str]], scenarios: Mapping[str, Scenario], *, lang: str = "vi"
) -> list[str]:
    """Return a sentence on each thing that a scenario says to no effect.

    Parameters
    ----------
    slips : mapping of name to sequence of str
        As `pipeline.slips` returns them.
    scenarios, lang
        As in `describe_left_out`.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import describe_slips
    >>> describe_slips({"low": ["no forecast has 2035 ahead"]}, load_project().scenarios, lang="en")
    ['Low scenario: no forecast has 2035 ahead.']
    """
    told = texts(lang)["scenarios"]["slip"]
    return [
        told.format(label=scenarios[name].label[lang], reason=in_language(line, lang))
        for name, lines in slips.items()
        for line in lines
    ]
