"""Parts of a sum in words: a gap by volume and price, a difference by cause, a change by what brought it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..core import Target
from ..scenarios import BASELINE, Scenario
from .language import indicator_name, quantity, texts, unit_ending
from .scenario_changes import inside, shared_digits, sign, target_names
from .subject import indicator_row
from .tagged_numbers import plain, tag

Row = Mapping[Any, Any]


def gap_labels(
    parts: pd.DataFrame,
    target: Target,
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> dict[str, str]:
    """Return the names of the parts of a gap, for `plot_waterfall`.

    Parameters
    ----------
    parts : pandas.DataFrame
        As `scenarios.split_gap` returns them.
    target : Target
        The target.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> from sapa_analysis.reporting import gap_labels
    >>> project, params = open_project(as_of="2023-06-30")
    >>> goal = known_targets(project, params, "tourism_revenue")[1]
    >>> parts = pd.DataFrame({"part": ["forecast", "tourist_arrivals", "target"]})
    >>> gap_labels(parts, goal, project.indicators, lang="en")
    {'forecast': 'median of 2025', 'tourist_arrivals': 'Tourist arrivals',
     'target': 'XXIII congress: 27,000 billion VND (2025)'}
    """
    words = texts(lang)["parts"]
    ends = {"forecast": words["median"].format(year=target.end),
            "target": plain(target_names([target], indicators, lang)[target.id])}  # fmt: skip
    return {
        part: ends[part] if part in ends else indicator_name(indicator_row(part, indicators), lang)
        for part in parts["part"]
    }


def describe_gap(
    parts: pd.DataFrame,
    target: Target,
    targets: pd.DataFrame | Iterable[Target],
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> list[str]:
    """Return a sentence on the gap to a target and its parts, and one on where the parts come from.

    Parameters
    ----------
    parts : pandas.DataFrame
        As `scenarios.split_gap` returns them.
    target : Target
        The target.
    targets : iterable of Target, or pandas.DataFrame
        Those that may state volume or price, for their words.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> from sapa_analysis.reporting import describe_gap, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> goal = known_targets(project, params, "tourism_revenue")[1]
    >>> parts = pd.DataFrame({"part": ["forecast", "tourist_arrivals", "spend_per_visit", "target"],
    ...     "kind": ["level", "part", "part", "level"], "value": [15000.0, 9000, 3000, 27000],
    ...     "unit": "billion_vnd", "wanted": [None, 5.8e6, 4.66, None],
    ...     "wanted_by": ["", "equal", "equal", ""]})
    >>> print(*plain(describe_gap(parts, goal, [], project.indicators, lang="en")))
    XXIII congress: 27,000 billion VND (2025): from the median of 15,000 billion VND the gap is +12,000
    billion VND; tourist arrivals +9,000 billion VND, spend per visit +3,000 billion VND. Both are raised in
    equal proportion: tourist arrivals to 5.8 million visits, spend per visit to 4.66 million VND a visit.
    """
    words, records = texts(lang)["parts"], parts.to_dict("records")
    named = target_names([target], indicators, lang)
    own = indicator_row(target.indicator_id, indicators, unit=target.unit)
    start, steps, end = records[0], records[1:-1], records[-1]
    gap, key = end["value"] - start["value"], f"{target.id}.gap"
    size, places, unit = shared_digits([row["value"] for row in records], own)

    def change(value: float, name: str) -> str:
        return tag(
            sign(value / size, places, lang) + unit_ending(unit, lang), f"{key}.{name}", value, target.unit
        )

    first = words["gap"].format(
        target=named[target.id],
        median=change(start["value"], "forecast").replace("+", "", 1),
        gap=change(gap, "whole"),
        parts=", ".join(
            f"{_name(row, indicators, lang)} {change(row['value'], row['part'])}" for row in steps
        ),
    )
    return [first, _whence(steps, targets, indicators, key, lang)]


def _name(row: Row, indicators: pd.DataFrame, lang: str) -> str:
    return inside(indicator_name(indicator_row(row["part"], indicators), lang))


def _whence(
    steps: list[dict[Any, Any]],
    targets: pd.DataFrame | Iterable[Target],
    indicators: pd.DataFrame,
    key: str,
    lang: str,
) -> str:
    """Return where volume and price of the target come from: a document, given, or in equal proportion."""
    words, levels = texts(lang)["parts"], []
    for row in steps:
        lever = indicator_row(row["part"], indicators)
        level = quantity(
            row["wanted"], str(lever["unit"]), int(lever["decimals"]), lang, key=f"{key}.{row['part']}.wanted"
        )
        levels.append(words["to"].format(name=_name(row, indicators, lang), level=level))
    stated = [row["wanted_by"] for row in steps if row["wanted_by"] not in ("equal", "follows")]
    named = target_names(targets, indicators, lang) if stated and stated[0] != "given" else {}
    form = "equal" if not stated else "given" if stated[0] == "given" else "stated"
    return str(words[form]).format(
        parts=", ".join(levels), document=named.get(stated[0], stated[0]) if stated else ""
    )


def cause_labels(
    parts: pd.DataFrame, scenario: Scenario, indicators: pd.DataFrame, *, lang: str = "vi"
) -> dict[str, str]:
    """Return the names of the causes of a difference, for `plot_waterfall`.

    Parameters
    ----------
    parts : pandas.DataFrame
        As `scenarios.split_by_cause` returns them.
    scenario : Scenario
        The scenario whose adjustments are the causes.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> more = sapa.scenario("spend more", spend_per_visit="+10%")
    >>> parts = pd.DataFrame({"part": ["base", "1", "spend more"], "of": ["", "spend_per_visit", ""]})
    >>> sapa.reporting.cause_labels(parts, more, sapa.pipeline.load_project().indicators, lang="en")
    {'base': 'Baseline', '1': '1. Spend per visit', 'spend more': 'spend more'}
    """
    ends = {BASELINE: str(texts(lang)["scenarios"]["baseline"]), scenario.name: scenario.label[lang]}
    return {
        row["part"]: ends[row["part"]]
        if row["part"] in ends
        else f"{row['part']}. {indicator_name(indicator_row(row['of'], indicators), lang)}"
        for row in parts.to_dict("records")
    }


def change_labels(changed: pd.DataFrame, *, lang: str = "vi") -> dict[str, str]:
    """Return the names of what changed an answer since an edition, for `plot_waterfall`.

    Parameters
    ----------
    changed : pandas.DataFrame
        One target and statistic, as `pipeline.edition_change` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import change_labels
    >>> change_labels(pd.DataFrame({"part": ["before", "data", "after"]}), lang="en")
    {'before': 'last edition', 'data': 'new figures', 'after': 'today'}
    """
    words = texts(lang)["parts"]["changes"]
    return {part: str(words[part]) for part in changed["part"]}
