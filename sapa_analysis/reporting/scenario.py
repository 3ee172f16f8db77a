"""Tables and sentences about scenarios: adjustments with reasons, effects, factors still needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from ..scenarios import BASELINE, Adjustment, Scenario
from .language import document_name, forecasts, indicator_name, level_shown, number, quantity, texts
from .tagged_numbers import plain, tag


def adjustments_table(
    scenarios: Mapping[str, Scenario], indicators: pd.DataFrame, *, lang: str = "vi"
) -> pd.DataFrame:
    """Return every adjustment with its reason and source; one row for a scenario without any.

    Parameters
    ----------
    scenarios : mapping of name to Scenario
        As `load_scenarios` returns them.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text in every cell.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import adjustments_table, plain
    >>> project = load_project()
    >>> table = plain(adjustments_table(project.scenarios, project.indicators, lang="en"))
    >>> table.iloc[:3, [0, 1, 5, 6]]
                Scenario         Indicator Foundation  Weight
    0  Baseline scenario
    1      High scenario  Tourist arrivals          B  medium
    2      High scenario  Tourist arrivals          C    high
    """
    words = texts(lang)["scenarios"]
    rows = []
    for scenario in scenarios.values():
        name = scenario.label[lang]
        rows += [[name, *_adjustment(part, scenario, indicators, lang)] for part in scenario.adjustments]
        if not scenario.adjustments:
            rows.append([name, "", words["untouched"], scenario.reason[lang], "", "", ""])
    heads = ("scenario", "indicator", "effect", "reason", "source", "quality", "impact")
    return pd.DataFrame(rows, columns=[words[head] for head in heads])


def _adjustment(part: Adjustment, scenario: Scenario, indicators: pd.DataFrame, lang: str) -> list[str]:
    words = texts(lang)["scenarios"]
    indicator = indicators.loc[[part.indicator]].iloc[0]
    shown = (f"{year}: {_value(part, year, scenario, indicator, lang)}" for year in part.values)
    effect = words["effects"][part.effect].format(value="; ".join(shown))
    name, reason = indicator_name(indicator, lang), part.reason[lang]
    return [name, effect, reason, part.source, part.quality, words["impacts"][part.impact]]


def _value(part: Adjustment, year: int, scenario: Scenario, indicator: pd.Series, lang: str) -> str:
    key, value = f"{scenario.name}.{part.indicator}.{year}.{part.effect}", part.values[year]
    if part.effect == "multiply":
        return tag(number(value, 2, lang), key, value, "factor")
    return quantity(value, str(indicator["unit"]), int(indicator["decimals"]), lang, key=key)


def comparison_table(
    comparison: pd.DataFrame, scenarios: Mapping[str, Scenario], indicator: pd.Series, *, lang: str = "vi"
) -> pd.DataFrame:
    """Return a comparison of scenarios for print, one row per year and scenario.

    Parameters
    ----------
    comparison : pandas.DataFrame
        As `compare_scenarios` returns it.
    scenarios : mapping of name to Scenario
        The scenarios, for their labels.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text in every cell.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> outcomes = sapa.under_scenarios(project, params, sapa.forecast_area(project, params))
    >>> compared = sapa.scenarios.compare_scenarios(outcomes, "tourist_arrivals")
    >>> indicator = project.indicators.loc["tourist_arrivals"]
    >>> table = sapa.reporting.comparison_table(compared, project.scenarios, indicator, lang="en")
    >>> sapa.plain(table).iloc[-3:, [0, 1, 2, 4]]
       Year           Scenario              Median Against the baseline
    6  2025       Low scenario  3.1 million visits               −13.7%
    7  2025  Baseline scenario  3.5 million visits
    8  2025      High scenario  4.4 million visits               +24.2%
    """
    words = texts(lang)["scenarios"]
    interval = words["interval"].format(level=plain(level_shown(80, lang)))
    rows = [
        {
            texts(lang)["table"]["year"]: str(row["year"]),
            words["scenario"]: scenarios[row["scenario"]].label[lang],
            words["median"]: _shown(row, "median", indicator, lang),
            interval: (
                f"{_shown(row, 'lower_80', indicator, lang)} – {_shown(row, 'upper_80', indicator, lang)}"
            ),
            words["difference"]: "" if row["scenario"] == BASELINE else _percent(row, indicator, lang),
        }
        for row in comparison.sort_values("year", kind="stable").to_dict("records")
    ]
    return pd.DataFrame(rows)


def _shown(row: Mapping[Any, Any], column: str, indicator: pd.Series, lang: str) -> str:
    """Return a median or an end of its interval, with the digits that the interval leaves."""
    key = f"{row['scenario']}.{indicator['indicator_id']}.{row['year']}"
    columns = ("lower_80", "median", "upper_80")
    values, keys = ({name: row[name] for name in columns}, {name: f"{key}.{name}" for name in columns})
    return forecasts(values, str(indicator["unit"]), int(indicator["decimals"]), lang, keys=keys)[column]


def _percent(row: Mapping[Any, Any], indicator: pd.Series, lang: str) -> str:
    """Return a signed difference: in percent, or in percentage points for rates."""
    points = indicator["unit"] == "percent"
    column, unit = ("difference", "percentage_points") if points else ("difference_percent", "percent")
    value = row[column]
    if pd.isna(value):
        return ""
    key = f"{row['scenario']}.{indicator['indicator_id']}.{row['year']}.{column}"
    sign = "+" if round(value, 1) > 0 else ""
    return f"{sign}{quantity(value, unit, 1, lang, key=key)}"


def needed_table(
    needed: pd.DataFrame, scenarios: Mapping[str, Scenario], indicator: pd.Series, *, lang: str = "vi"
) -> pd.DataFrame:
    """Return for print the factor by which each median must rise: rows are targets, columns scenarios.

    Parameters
    ----------
    needed : pandas.DataFrame
        As `needed_factors` returns it.
    scenarios, indicator, lang
        As in `comparison_table`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import needed_table, plain
    >>> needed = pd.DataFrame({"id": "congress-2020.tourist_arrivals", "document": "congress-2020",
    ...                        "year": 2025, "value": 5.8e6, "scenario": ["base", "high"],
    ...                        "factor": [1.49, 1.20]})
    >>> project = load_project()
    >>> table = needed_table(needed, project.scenarios, project.indicators.loc["tourist_arrivals"], lang="en")
    >>> plain(table).iloc[0].to_dict()
    {'Goal': 'XXIII congress, 2025: 5.8 million visits', 'Baseline scenario': '1.49 times',
     'High scenario': '1.20 times'}
    """
    words = texts(lang)["scenarios"]
    rows = []
    for _, rows_of_target in needed.groupby("id", sort=False):
        first = rows_of_target.iloc[0]
        head = f"{document_name(first['document'], lang)}, {first['year']}: {_goal(first, indicator, lang)}"
        factors = {
            scenarios[row["scenario"]].label[lang]: _times(row, lang)
            for row in rows_of_target.to_dict("records")
        }
        rows.append({words["target"]: head, **factors})
    return pd.DataFrame(rows)


def _goal(row: pd.Series, indicator: pd.Series, lang: str) -> str:
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    return quantity(row["value"], unit, decimals, lang, key=f"{row['id']}.value")


def _factor(row: Mapping[Any, Any], lang: str) -> str:
    return tag(
        number(row["factor"], 2, lang), f"{row['scenario']}.{row['id']}.factor", row["factor"], "factor"
    )


def _times(row: Mapping[Any, Any], lang: str) -> str:
    words = texts(lang)["scenarios"]
    return str(words["reached"]) if row["factor"] <= 1 else words["times"].format(factor=_factor(row, lang))


def describe_scenarios(
    comparison: pd.DataFrame,
    needed: pd.DataFrame,
    scenarios: Mapping[str, Scenario],
    indicator: pd.Series,
    *,
    lang: str = "vi",
) -> list[str]:
    """Return sentences on the effects of scenarios and on factors needed; none without a forecast.

    Parameters
    ----------
    comparison, needed : pandas.DataFrame
        As `compare_scenarios` and `needed_factors` return them.
    scenarios, indicator, lang
        As in `comparison_table`.

    Returns
    -------
    list of str
        Tagged sentences: the years of the targets (or the last year), each target, and a caution.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> outcomes = sapa.under_scenarios(project, params, sapa.forecast_area(project, params))
    >>> compared = sapa.scenarios.compare_scenarios(outcomes, "tourist_arrivals")
    >>> needed = sapa.scenarios.needed_factors({}, [])  # no targets
    >>> of = project.scenarios, project.indicators.loc["tourist_arrivals"]
    >>> print(*sapa.plain(sapa.reporting.describe_scenarios(compared, needed, *of, lang="en")))
    In 2025: low scenario: about 3.1 million visits (−13.7% against the baseline scenario); baseline
    scenario: about 3.5 million visits; high scenario: about 4.4 million visits (+24.2% against the baseline
    scenario). Scenarios are assumptions to compare, without a probability; all of them use the same
    simulated paths, so the differences come from the assumptions and not from chance.
    """
    if comparison.empty:
        return []
    words = texts(lang)["scenarios"]
    due = set(needed["year"]) or {comparison["year"].max()}
    sentences = [_year(rows, scenarios, indicator, lang)
                 for year, rows in comparison.groupby("year") if year in due]  # fmt: skip
    sentences += [_needed(rows, scenarios, indicator, lang) for _, rows in needed.groupby("id", sort=False)]
    apart = _of_other_years(comparison, scenarios, lang)
    if not any(scenario.adjustments for scenario in scenarios.values()):
        return [*sentences, words["unwritten"]]
    same = bool((comparison["difference"] == 0).all()) and comparison["scenario"].nunique() > 1
    return [*sentences, *(apart or ([words["unaffected"]] if same else [])), words["caution"]]


def _of_other_years(comparison: pd.DataFrame, scenarios: Mapping[str, Scenario], lang: str) -> list[str]:
    """Return a sentence about each scenario of which no year lies in the forecast."""
    ahead = {int(year) for year in comparison["year"]}
    found = [scenarios[name] for name in comparison["scenario"].unique()]
    return [
        texts(lang)["scenarios"]["other_years"].format(
            label=scenario.label[lang], years=_span(scenario.years), ahead=_span(ahead)
        )
        for scenario in found
        if scenario.years and not scenario.years & ahead
    ]


def _span(years: Collection[int]) -> str:
    return f"{min(years)}–{max(years)}" if len(years) > 1 else str(min(years))


def _year(rows: pd.DataFrame, scenarios: Mapping[str, Scenario], indicator: pd.Series, lang: str) -> str:
    words, parts = texts(lang)["scenarios"], []
    for row in rows.to_dict("records"):
        percent = "" if row["scenario"] == BASELINE else _percent(row, indicator, lang)
        baseline = _inside(scenarios[BASELINE].label[lang])
        change = words["change"].format(percent=percent, baseline=baseline) if percent else ""
        label = _inside(scenarios[row["scenario"]].label[lang])
        median = _shown(row, "median", indicator, lang)
        parts.append(words["part"].format(label=label, median=median, change=change))
    return str(words["year"]).format(year=rows["year"].iloc[0], parts=_joined(parts))


def _needed(rows: pd.DataFrame, scenarios: Mapping[str, Scenario], indicator: pd.Series, lang: str) -> str:
    words, first = texts(lang)["scenarios"], rows.iloc[0]
    facts = {
        "document": document_name(first["document"], lang),
        "year": first["year"],
        "value": _goal(first, indicator, lang),
    }
    parts = [
        words["needed_part"].format(
            factor=_factor(row, lang), label=_inside(scenarios[row["scenario"]].label[lang])
        )
        for row in rows.to_dict("records")
        if row["factor"] > 1
    ]
    return str(words["needed" if parts else "attained"]).format(**facts, parts=_joined(parts))


def _inside(label: str) -> str:
    return label[:1].lower() + label[1:]


def _joined(parts: Sequence[str]) -> str:
    return "; ".join(parts)
