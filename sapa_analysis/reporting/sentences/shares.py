"""Sentences on shares of a change: of a scenario by its adjustments, of a chance by what is new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ...scenarios import Scenario
from ..language import chance_shown, day, indicator_name, texts, unit_ending
from ..scenario_changes import Row, inside, shared_digits, sign
from ..subject import indicator_row
from ..tagged_numbers import tag

#: A part of a change of the chance from here on, in points, is told.
_TOLD = 0.5


def describe_causes(
    causes: Mapping[str, pd.DataFrame],
    scenarios: Mapping[str, Scenario],
    indicator: pd.Series,
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> list[str]:
    """Return a sentence for each scenario: how far it moves the median, and the share of each adjustment.

    Parameters
    ----------
    causes : mapping of scenario name to pandas.DataFrame
        As `scenarios.split_by_causes` returns them.
    scenarios : mapping of name to Scenario
        The scenarios, for their labels.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> project = sapa.pipeline.load_project()
    >>> parts = pd.DataFrame({"part": ["base", "1", "2", "high"], "kind": ["level", "part", "part", "level"],
    ...     "of": ["tourism_revenue", "tourist_arrivals", "spend_per_visit", "tourism_revenue"],
    ...     "value": [15500.0, 2300, 1100, 18900], "unit": "billion_vnd", "year": 2025})
    >>> of = project.scenarios, project.indicators.loc["tourism_revenue"], project.indicators
    >>> print(*sapa.plain(sapa.reporting.describe_causes({"high": parts}, *of, lang="en")))
    High scenario, median of 2025: +3,400 billion VND; of this tourist arrivals +2,300 billion VND, spend per
    visit +1,100 billion VND.
    """
    form, told = texts(lang)["scenarios_page"]["causes"], []
    for name, shares in causes.items():
        records = shares.to_dict("records")
        steps = records[1:-1]
        whole = {**records[-1], "value": records[-1]["value"] - records[0]["value"]}
        shown = _changes([whole, *steps], indicator, f"{name}.{indicator['indicator_id']}.causes", lang)
        parts = [
            f"{inside(indicator_name(indicator_row(row['of'], indicators), lang))} {change}"
            for row, change in zip(steps, shown[1:], strict=True)
        ]
        said = {"label": scenarios[name].label[lang], "year": whole["year"], "whole": shown[0]}
        told.append(str(form).format(**said, parts=", ".join(parts)))
    return told


def _changes(rows: list[Row], indicator: pd.Series, key: str, lang: str) -> list[str]:
    """Return changes of an indicator with sign and unit, all with the same digits; of a rate in points."""
    size, places, unit = shared_digits([row["value"] for row in rows], indicator)
    ending = unit_ending("percentage_points" if unit == "percent" else unit, lang)
    return [
        tag(
            sign(row["value"] / size, places, lang) + ending,
            f"{key}.{row['part']}",
            row["value"],
            str(indicator["unit"]),
        )
        for row in rows
    ]


def describe_edition_change(
    changed: pd.DataFrame, names: Mapping[str, str], since: date, *, lang: str = "vi"
) -> list[str]:
    """Return a sentence for each target: its chance at an edition and today, and what changed it.

    Parameters
    ----------
    changed : pandas.DataFrame
        As `pipeline.edition_change` returns them.
    names : mapping of target id to str
        The targets in words, as `reporting.target_names` returns them.
    since : datetime.date
        The day of the edition.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import describe_edition_change, plain
    >>> changed = pd.DataFrame({"target": "visits", "statistic": "probability",
    ...     "part": ["before", "target", "data", "after"], "kind": ["level", "part", "part", "level"],
    ...     "value": [45.0, 0.0, -23.0, 22.0]})
    >>> names = {"visits": "3.5 million visits"}
    >>> told = describe_edition_change(changed, names, date(2023, 1, 15), lang="en")
    >>> print(*plain(told))
    3.5 million visits: the chance was 45% on 15/1/2023 and is 22% now; new figures −23 points.
    """
    words, told = texts(lang)["scenarios_page"], []
    for target, rows in changed[changed["statistic"] == "probability"].groupby("target", sort=False):
        of = {row["part"]: row for row in rows.to_dict("records")}
        said = {"target": names.get(str(target), str(target)), "day": day(since, lang)}
        for name in ("before", "after"):
            chance = of[name]["value"] / 100
            said[name] = tag(chance_shown(chance, lang), f"{target}.since.{name}", chance, "probability")
        parts = [
            str(words["since_part"]).format(
                part=texts(lang)["parts"]["changes"][name],
                points=tag(
                    sign(row["value"], 0, lang), f"{target}.since.{name}", row["value"], "percentage_points"
                ),
            )
            for name, row in of.items()
            if row["kind"] == "part" and abs(row["value"]) >= _TOLD
        ]
        form = words["since" if parts else "since_same"]
        told.append(str(form).format(**said, parts=", ".join(parts)))
    return told
