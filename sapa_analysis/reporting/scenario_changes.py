"""What scenarios change: levels and differences by year, chances of targets."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from ..core import Target, as_targets, targets_table
from ..scenarios import BASELINE, Scenario
from .goals import due, goal
from .language import (
    IN_MILLIONS,
    chance_shown,
    document_name,
    forecasts,
    level_shown,
    number,
    texts,
    unit_ending,
)
from .tagged_numbers import plain, tag

Row = Mapping[Any, Any]
#: Paths of a difference whose band is narrower than this (percent or points) have one difference.
_SAME = 0.05
#: Units of differences that are printed with one decimal.
_SHARES = ("percent", "points")


def comparison_table(
    comparison: pd.DataFrame,
    differences: pd.DataFrame,
    scenarios: Mapping[str, Scenario],
    indicator: pd.Series,
    *,
    years: Collection[int] | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return levels and differences for print, one row per year and scenario that changes anything.

    Parameters
    ----------
    comparison, differences : pandas.DataFrame
        As `compare_scenarios` and `differences` return them.
    scenarios : mapping of name to Scenario
        The scenarios, for their labels.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    years : collection of int, optional
        Years told beside the first and the last; by default all.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text in every cell: year, scenario, median, interval, and the difference as level, percent and
        growth (of a rate: points), each with the 80 % interval of the difference where it has one.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, scenarios=["base", "high"])
    >>> outcomes = sapa.under_scenarios(project, params, sapa.forecast_area(project, params))
    >>> found = [each(outcomes, "tourist_arrivals")
    ...          for each in (sapa.scenarios.compare_scenarios, sapa.scenarios.differences)]
    >>> indicator = project.indicators.loc["tourist_arrivals"]
    >>> table = sapa.plain(sapa.reporting.comparison_table(*found, project.scenarios, indicator, lang="en"))
    >>> list(table.columns)
    ['Year', 'Scenario', 'Median', '80% interval', 'Difference', 'in percent', 'in growth']
    """
    words = texts(lang)["scenarios"]
    interval = words["interval"].format(level=plain(level_shown(80, lang)))
    kinds = [kind for kind in ("level", "percent", "growth") if kind in set(differences["kind"])]
    of = {(row["scenario"], row["year"], row["kind"]): row for row in differences.to_dict("records")}
    moved = {BASELINE, *moving(differences)}
    ends = {comparison["year"].min(), comparison["year"].max()}
    told = set(comparison["year"]) if years is None else ends | set(years)
    rows = [
        {
            texts(lang)["table"]["year"]: str(row["year"]),
            words["scenario"]: scenarios[row["scenario"]].label[lang],
            words["median"]: level_in_words(row, "median", indicator, lang),
            interval: str(texts(lang)["scenarios_page"]["ends"]).format(
                lower=level_in_words(row, "lower_80", indicator, lang, bare=True),
                upper=level_in_words(row, "upper_80", indicator, lang),
            ),
            **{
                words["differences"][kind]: ""
                if row["scenario"] == BASELINE
                else difference_in_words(of[row["scenario"], row["year"], kind], indicator, lang)
                for kind in kinds
            },
        }
        for row in comparison.sort_values("year", kind="stable").to_dict("records")
        if row["scenario"] in moved and row["year"] in told
    ]
    return pd.DataFrame(rows)


def moving(differences: pd.DataFrame) -> list[str]:
    """Return the scenarios that change anything, in their order."""
    changed = differences[["median", "lower_80", "upper_80"]].fillna(0.0).ne(0.0).any(axis=1)
    return list(dict.fromkeys(differences.loc[changed, "scenario"]))


def level_in_words(row: Row, column: str, indicator: pd.Series, lang: str, *, bare: bool = False) -> str:
    """Return a median or an end of its interval, with the digits that the interval leaves."""
    key = f"{row['scenario']}.{indicator['indicator_id']}.{row['year']}"
    columns = ("lower_80", "median", "upper_80")
    values, keys = ({name: row[name] for name in columns}, {name: f"{key}.{name}" for name in columns})
    without = [column] if bare else []
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    return forecasts(values, unit, decimals, lang, keys=keys, bare=without)[column]


def difference_in_words(row: Row, indicator: pd.Series, lang: str) -> str:
    """Return a signed difference with its unit, and its interval where the paths differ in it."""
    if pd.isna(row["median"]):
        return ""
    key = f"{row['scenario']}.{indicator['indicator_id']}.{row['year']}.{row['kind']}"
    middle, ends = float(row["median"]), [float(row[f"{side}_80"]) for side in ("lower", "upper")]
    if row["unit"] in _SHARES:
        size, places, unit = 1.0, 1, "percent" if row["unit"] == "percent" else "percentage_points"
    else:
        size, places, unit = shared_digits([middle, *ends], indicator)
    each, after = (unit_ending(unit, lang), "") if unit == "percent" else ("", unit_ending(unit, lang))
    shown = [sign(value / size, places, lang) + each for value in (middle, *ends)]
    text = shown[0]
    if not one_difference(row):
        form = texts(lang)["scenarios"]["with_band"]
        text = str(form).format(middle=shown[0], lower=shown[1], upper=shown[2])
    return tag(text + after, key, middle, str(row["unit"]))


def one_difference(row: Row) -> bool:
    """Return whether all paths differ by the same, as far as it is printed."""
    width = float(row["upper_80"]) - float(row["lower_80"])
    return width < _SAME if row["unit"] in _SHARES else width == 0


def shared_digits(values: list[float], indicator: pd.Series) -> tuple[float, int, str]:
    """Return divisor, decimals and unit in which the largest of some changes has three digits."""
    unit, most, size = str(indicator["unit"]), int(indicator["decimals"]), 1.0
    largest = max(abs(value) for value in values)
    if unit == "visits" and largest >= IN_MILLIONS:
        unit, most, size = "million_visits", 2, 1e6
    digits = 2 - math.floor(math.log10(largest / size)) if largest else most
    return size, min(digits, most), unit


def sign(value: float, decimals: int, lang: str) -> str:
    """Return a number with its sign, rounded to decimals; below 0 of them to tens, hundreds and so on."""
    rounded = round(value, decimals)
    text = number(rounded, max(decimals, 0), lang)
    return f"+{text}" if rounded > 0 else text


def signed(value: float, unit: str, decimals: int, lang: str, *, key: str) -> str:
    """Return a change with its sign and unit, tagged."""
    return tag(sign(value, decimals, lang) + unit_ending(unit, lang), key, value, unit)


def chances_table(
    chances: pd.DataFrame,
    targets: pd.DataFrame | Iterable[Target],
    scenarios: Mapping[str, Scenario],
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return for print how likely each target is under each scenario.

    Parameters
    ----------
    chances : pandas.DataFrame
        As `pipeline.chances` returns them.
    targets : iterable of Target, or pandas.DataFrame
        The targets, for their words.
    scenarios : mapping of name to Scenario
        The scenarios, for their labels.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text: target, scenario, chance, difference to the baseline in points, word. A scenario that
        changes no path of a target has no row.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> from sapa_analysis.reporting import chances_table, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> goals = known_targets(project, params, "tourist_arrivals")
    >>> found = {"scenario": ["base", "high"], "target": goals[0].id, "probability": [0.27, 0.32],
    ...          "difference": [0.0, 5.0], "word": "unlikely", "gained": [0, 5], "lost": 0}
    >>> of = project.scenarios, project.indicators
    >>> plain(chances_table(pd.DataFrame(found), goals, *of, lang="en")).iloc[1].to_dict()
    {'Goal': 'resolution 2023: 3.5 million visits (2023)', 'Scenario': 'High scenario', 'Chance': '32%',
     'Against the baseline': '+5 percentage points', 'Likelihood': 'unlikely'}
    """
    words, named = texts(lang)["scenarios"], target_names(targets, indicators, lang)
    rows = [
        {
            words["target"]: named[row["target"]],
            words["scenario"]: scenarios[row["scenario"]].label[lang],
            words["chance"]: chance_in_words(row, lang),
            words["difference"]: ""
            if row["scenario"] == BASELINE
            else signed(row["difference"], "percentage_points", 0, lang, key=_key(row, "difference")),
            texts(lang)["table"]["verdict"]: texts(lang)["status"][row["word"]],
        }
        for row in chances.to_dict("records")
        if row["scenario"] == BASELINE or row["gained"] or row["lost"]
    ]
    return pd.DataFrame(rows)


def chance_in_words(row: Row, lang: str) -> str:
    """Return the chance of a target under a scenario, tagged."""
    return tag(
        chance_shown(row["probability"], lang), _key(row, "probability"), row["probability"], "probability"
    )


def _key(row: Row, name: str) -> str:
    return f"{row['scenario']}.{row['target']}.{name}"


def target_names(
    targets: pd.DataFrame | Iterable[Target], indicators: pd.DataFrame, lang: str
) -> dict[str, str]:
    """Return document, goal and time of each target in words, by its id.

    Parameters
    ----------
    targets : iterable of Target, or pandas.DataFrame
        The targets.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    dict of str to str
        Tagged text.

    Examples
    --------
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> from sapa_analysis.reporting import plain, target_names
    >>> project, params = open_project(as_of="2023-06-30")
    >>> named = target_names(known_targets(project, params, "tourist_arrivals"), project.indicators, "en")
    >>> [plain(words) for words in named.values()]
    ['resolution 2023: 3.5 million visits (2023)', 'XXIII congress: 5.8 million visits (2025)']
    """
    named = {}
    for _, row in targets_table(as_targets(targets)).iterrows():
        decimals = indicators["decimals"].get(row["indicator_id"], 2) if len(indicators) else 2
        words = goal(row, int(decimals), lang)
        named[str(row["id"])] = f"{document_name(row['document'], lang)}: {words} ({due(row, lang)})"
    return named


def labels_of(names: Collection[str], scenarios: Mapping[str, Scenario], lang: str) -> str:
    """Return the labels of scenarios in a row, as inside a sentence."""
    return ", ".join(inside(scenarios[name].label[lang]) for name in names)


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence; an abbreviation keeps its letters."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
