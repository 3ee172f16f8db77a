"""The answer of the scenarios: the largest rise and fall they bring, the baseline, the nearest open goal."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...core import Forecast, NotAssessed, Outcome
from ...scenarios import BASELINE, Scenario
from ..goals import withheld_years
from ..language import forecasts, indicator_name, level_shown, reason, texts
from ..scenario_changes import chance_in_words, difference_in_words, moving, one_difference
from ..tagged_numbers import tag_quoted

_COLUMNS = ("lower_80", "median", "upper_80")


def scenarios_headline(
    outcome: Outcome,
    comparison: pd.DataFrame,
    differences: pd.DataFrame,
    scenarios: Mapping[str, Scenario],
    indicator: pd.Series,
    *,
    chances: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
    verdicts: pd.DataFrame | None = None,
    lang: str = "vi",
) -> list[str]:
    """Return in two or three sentences how far the scenarios change an indicator in the last year due.

    Parameters
    ----------
    outcome : Forecast or NotAssessed
        The baseline of the indicator.
    comparison, differences : pandas.DataFrame
        As `compare_scenarios` and `differences` return them.
    scenarios : mapping of name to Scenario
        The scenarios, for their labels.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    chances : pandas.DataFrame, optional
        As `pipeline.chances` returns them; their last year is told, else the last of the forecast.
    names : mapping of target id to str, optional
        The targets in words, as `reporting.target_names` returns them.
    verdicts : pandas.DataFrame, optional
        Verdicts of the baseline: the level of a year that they withhold is not told.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        Tagged sentences: the largest rise and the largest fall against the baseline, with the band of the
        difference (or that no scenario changes the indicator, or why there is no forecast); the median of
        the baseline with its 80 % band; the chance of the nearest open goal.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000, scenarios=["base", "low", "high"])
    >>> outcomes = {name: sapa.assess_indicator(project, params, name)
    ...             for name in ("tourist_arrivals", "spend_per_visit")}
    >>> by_scenario = sapa.under_scenarios(project, params, outcomes)
    >>> found = [each(by_scenario, "tourist_arrivals")
    ...          for each in (sapa.scenarios.compare_scenarios, sapa.scenarios.differences)]
    >>> of = *found, project.scenarios, project.indicators.loc["tourist_arrivals"]
    >>> told = sapa.reporting.scenarios_headline(outcomes["tourist_arrivals"], *of, lang="en")
    >>> print(*sapa.plain(told))
    Tourist arrivals, 2025, against the baseline: “High scenario” brings the largest rise, +14.9% (+13.4% to
    +17.2%); “Low scenario” brings the largest fall, −10.9% (−12.4% to −9.9%); in brackets stands the 80% band
    of the difference. Baseline of 2025: median 3.5 million visits, 80% band 2.6 to 4.7 million visits, which
    is wider than the scenarios lie apart.
    """
    words, name = texts(lang)["scenarios_page"], indicator_name(indicator, lang)
    if not isinstance(outcome, Forecast):
        return [_no_forecast(outcome, indicator, lang)]
    odds = pd.DataFrame(columns=["year", "target"]) if chances is None else chances
    open_ = odds[odds["year"].isin(set(comparison["year"]))]
    year = int((open_ if len(open_) else comparison)["year"].max())
    told = [_largest(year, differences, scenarios, indicator, lang)]
    if not any(scenarios[each].adjustments for each in comparison["scenario"].unique()):
        told = [str(texts(lang)["scenarios"]["unwritten"])]
    blank = {} if verdicts is None else withheld_years(verdicts)
    told.append(
        str(texts(lang)["trajectory"][blank[year]]).format(year=year)
        if year in blank
        else _base(year, comparison, indicator, lang)
    )
    if chances is None:
        return told
    if open_.empty:
        return [*told, str(words["no_goal"]).format(name=name)]
    return [*told, _chance(open_, scenarios, dict(names or {}), lang)]


def _no_forecast(outcome: NotAssessed, indicator: pd.Series, lang: str) -> str:
    years = len(outcome.observed.observed_years) if outcome.observed else 0
    why = reason(outcome.reason, lang, str(indicator["indicator_id"]), n=years, needed=outcome.needed)
    form = texts(lang)["scenarios_page"]["no_forecast"]
    return str(form).format(name=indicator_name(indicator, lang), reason=why)


def _largest(
    year: int, differences: pd.DataFrame, scenarios: Mapping[str, Scenario], indicator: pd.Series, lang: str
) -> str:
    """Return which scenario raises the indicator most in a year, and which lowers it most."""
    words = texts(lang)["scenarios_page"]
    mine = differences[(differences["year"] == year) & differences["median"].notna()]
    kind = "percent" if "percent" in set(mine["kind"]) else "level"
    mine = mine[mine["kind"] == kind]
    facts = {"name": indicator_name(indicator, lang), "year": year}
    if not moving(mine):
        return str(words["still"]).format(**facts)
    rows = mine.to_dict("records")
    most = {
        "rise": max(rows, key=lambda row: row["median"]),
        "fall": min(rows, key=lambda row: row["median"]),
    }
    told = {
        way: row for way, row in most.items() if (row["median"] > 0 if way == "rise" else row["median"] < 0)
    }
    if not told:
        return str(words["median_still"]).format(**facts)
    parts = [
        str(words[way]).format(
            label=tag_quoted(scenarios[row["scenario"]].label[lang], f"{row['scenario']}.label.{lang}"),
            change=difference_in_words(row, indicator, lang),
        )
        for way, row in told.items()
    ]
    form = words["largest" if all(map(one_difference, told.values())) else "largest_banded"]
    return str(form).format(**facts, parts="; ".join(parts), level=level_shown(80, lang))


def _base(year: int, comparison: pd.DataFrame, indicator: pd.Series, lang: str) -> str:
    """Return the median of the baseline with its band, and whether the scenarios differ by less."""
    medians = comparison.loc[comparison["year"] == year, "median"]
    [row] = comparison[(comparison["year"] == year) & (comparison["scenario"] == BASELINE)].to_dict("records")
    key = f"{BASELINE}.{indicator['indicator_id']}.{year}"
    shown = forecasts(
        {name: row[name] for name in _COLUMNS},
        str(indicator["unit"]),
        int(indicator["decimals"]),
        lang,
        keys={name: f"{key}.{name}" for name in _COLUMNS},
        bare=["lower_80"],
    )
    apart = float(medians.max() - medians.min())
    wider = apart > 0 and float(row["upper_80"] - row["lower_80"]) > apart
    form = texts(lang)["scenarios_page"]["base_wider" if wider else "base"]
    return str(form).format(**shown, year=year, level=level_shown(80, lang))


def _chance(
    chances: pd.DataFrame, scenarios: Mapping[str, Scenario], names: Mapping[str, str], lang: str
) -> str:
    """Return the chance of the nearest open goal in the baseline, and its lowest and highest elsewhere."""
    words = texts(lang)["scenarios_page"]
    nearest = chances.loc[chances["year"] == chances["year"].min(), "target"].iloc[0]
    rows = chances[chances["target"] == nearest].to_dict("records")
    [base] = [row for row in rows if row["scenario"] == BASELINE]
    low, high = (way(rows, key=lambda row: row["probability"]) for way in (min, max))
    said = {name: chance_in_words(row, lang) for name, row in (("base", base), ("low", low), ("high", high))}
    form = words["chance" if low["probability"] < high["probability"] else "chance_same"]
    if len(rows) == 1:
        form = words["chance_base"]
    return str(form).format(target=names.get(str(nearest), str(nearest)), **said)
