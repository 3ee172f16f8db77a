"""Sentences on what scenarios change: levels of the years due, chances of targets, and what moves nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...scenarios import BASELINE, Scenario
from ..language import texts
from ..scenario_changes import (
    Row,
    chance_in_words,
    difference_in_words,
    inside,
    labels_of,
    level_in_words,
    moving,
)

#: More scenarios than this are told by the two that differ most.
_MOST = 4


def describe_scenarios(
    comparison: pd.DataFrame,
    differences: pd.DataFrame,
    scenarios: Mapping[str, Scenario],
    indicator: pd.Series,
    *,
    chances: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
    lang: str = "vi",
) -> list[str]:
    """Return sentences on what scenarios change; none without a forecast.

    Parameters
    ----------
    comparison, differences : pandas.DataFrame
        As `compare_scenarios` and `differences` return them.
    scenarios : mapping of name to Scenario
        The scenarios, for their labels.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    chances : pandas.DataFrame, optional
        As `pipeline.chances` returns them; their years are told, else the last year.
    names : mapping of target id to str, optional
        The targets in words, as `reporting.target_names` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        Tagged sentences: each year due, each target, the scenarios that change nothing, and a caution.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, scenarios=["base", "high"])
    >>> outcomes = sapa.under_scenarios(project, params, sapa.forecast_area(project, params))
    >>> found = [each(outcomes, "grdp_per_capita")
    ...          for each in (sapa.scenarios.compare_scenarios, sapa.scenarios.differences)]
    >>> of = project.scenarios, project.indicators.loc["grdp_per_capita"]
    >>> len(sapa.reporting.describe_scenarios(*found, *of, lang="en")) >= 1
    True
    """
    if comparison.empty:
        return []
    words = texts(lang)["scenarios"]
    if not any(scenarios[name].adjustments for name in comparison["scenario"].unique()):
        return [str(words["unwritten"])]
    moved = moving(differences)
    still = [name for name in differences["scenario"].unique() if name not in moved]
    told = []
    if moved:
        due = set() if chances is None else set(chances["year"])
        years = sorted(due & set(comparison["year"])) or [comparison["year"].max()]
        told += [_year(year, comparison, differences, moved, scenarios, indicator, lang) for year in years]
        if chances is not None:
            told += [_chance(rows, moved, scenarios, str(dict(names or {}).get(str(target), target)), lang)
                     for target, rows in chances.groupby("target", sort=False)]  # fmt: skip
    if still:
        told.append(_still(still, scenarios, lang))
    return [*told, str(words["caution"])] if moved else told


def _year(
    year: int,
    comparison: pd.DataFrame,
    differences: pd.DataFrame,
    moved: list[str],
    scenarios: Mapping[str, Scenario],
    indicator: pd.Series,
    lang: str,
) -> str:
    words, kind = texts(lang)["scenarios"], "percent" if "percent" in set(differences["kind"]) else "level"
    levels = {row["scenario"]: row for row in comparison[comparison["year"] == year].to_dict("records")}
    mine = differences[(differences["year"] == year) & (differences["kind"] == kind)]
    rows: dict[str, Row] = {
        row["scenario"]: row for row in mine.to_dict("records") if row["scenario"] in moved
    }
    parts = [
        words["part"].format(
            label=inside(scenarios[name].label[lang]),
            median=level_in_words(levels[name], "median", indicator, lang),
            change=difference_in_words({**rows[name], "lower_80": 0.0, "upper_80": 0.0}, indicator, lang),
        )
        for name in _told({name: float(row["median"]) for name, row in rows.items()})
    ]
    base = level_in_words(levels[BASELINE], "median", indicator, lang)
    form = words["year" if len(rows) <= _MOST else "year_extremes"]
    return str(form).format(year=year, base=base, parts="; ".join(parts), n=len(rows))


def _told(by_name: Mapping[str, float]) -> list[str]:
    """Return which scenarios a sentence tells: all of few, else the lowest and the highest."""
    if len(by_name) <= _MOST:
        return list(by_name)
    order = sorted(by_name, key=lambda name: by_name[name])
    return [order[0], order[-1]]


def _chance(
    rows: pd.DataFrame, moved: list[str], scenarios: Mapping[str, Scenario], target: str, lang: str
) -> str:
    words = texts(lang)["scenarios"]
    of = {row["scenario"]: row for row in rows.to_dict("records")}
    base = chance_in_words(of[BASELINE], lang)
    if not (rows["difference"].abs() > 0).any():
        return str(words["chance_same"]).format(target=target, base=base)
    named = _told({name: float(of[name]["probability"]) for name in moved if name in of})
    parts = [
        words["chance_part"].format(
            label=inside(scenarios[name].label[lang]), chance=chance_in_words(of[name], lang)
        )
        for name in named
    ]
    form = words["chance_of" if len(moved) <= _MOST else "chance_extremes"]
    return str(form).format(target=target, base=base, parts="; ".join(parts))


def _still(still: list[str], scenarios: Mapping[str, Scenario], lang: str) -> str:
    words = texts(lang)["scenarios"]
    form = words["still_one" if len(still) == 1 else "still"]
    told = str(form).format(labels=labels_of(still, scenarios, lang))
    return told[:1].upper() + told[1:]
